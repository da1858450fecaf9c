//! Remarks beside answers: confirmations of soft checks, and questions left sooner than the form asks for.

use tianye_survey::{AUDIT, Answer, Confirmation, Haste};
use tianye_xform::FieldPath;

use super::acts::LONGEST_NOTE;
use super::{Keep, OpenInterview, given, parse};
use crate::interview::remarks::{Kept, Remarked};
use crate::refusal::{Result, refuse};
use crate::view::{InterviewView, Step};
use crate::world::{self, World};

impl OpenInterview {
    /// Says why a finished interview is corrected. It is durable when this returns, and holds until the interview is left
    /// or finalised.
    ///
    /// # Errors
    /// `reason-missing`; a reason that is too long; no reason is asked for; the store's refusal.
    pub fn give_reason(&mut self, reason: &str, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        self.writable()?;
        let reason = checked(reason)?;
        self.log_reason(reason, keep, world)?;
        self.saved = Some(world::iso(world.now()));
        self.draw();
        Ok(self.view())
    }

    /// Confirms that an answer stands though the form's soft check asks about it.
    ///
    /// # Errors
    /// `doubt-gone` where no soft check asks; `reason-missing`; a reason that is too long; the store's refusal.
    pub fn confirm(&mut self, field: &str, reason: &str, keep: &dyn Keep, world: &dyn World) -> Result<Step> {
        self.writable()?;
        let path = parse(field)?;
        let reason = checked(reason)?;
        let doubted = self.session.view(&path).filter(|node| node.doubt.is_some());
        let Some(node) = doubted else {
            return Err(refuse("doubt-gone", "expected an answer that a soft check asks about, found none"));
        };
        let answer = Answer::of(&node.value);
        let mut kept = self.kept(answer.clone(), self.remarked(field));
        kept.remarked.confirmed = Some(Confirmation { of: answer, reason: reason.into() });
        let mut kept = vec![(field.to_owned(), kept)];
        kept.extend(self.confirmation_event(&path, reason, world));
        self.remark(kept, keep, world)?;
        Ok(self.step())
    }

    /// Ends the time on the page: questions that were answered sooner than the form asks for are remarked.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn leave_page(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let alone = match self.shown.page.items.as_slice() {
            [only] => Some(only.field.clone()),
            _ => None,
        };
        let spent = self.watch.leave(alone.as_deref(), world.now());
        if self.readonly {
            return Ok(());
        }
        let mut changed = Vec::new();
        for (field, seconds) in spent {
            let Some(node) = FieldPath::parse(&field).ok().and_then(|path| self.session.view(&path)) else { continue };
            let given = given(&node);
            let Some(wanted) = node.min_seconds.filter(|_| node.relevant && !given.is_blank()) else { continue };
            let before = self.remarked(&field);
            let haste = (seconds < wanted).then_some(Haste { seconds, wanted });
            if haste != before.haste {
                let remarked = Remarked { haste, ..before };
                changed.push((field, self.kept(Answer::from(&given), remarked)));
            }
        }
        if changed.is_empty() { Ok(()) } else { self.remark(changed, keep, world) }
    }

    pub(super) fn remarked(&self, field: &str) -> Remarked {
        self.remarks.get(field).cloned().unwrap_or_default()
    }

    fn remark(&mut self, kept: Vec<(String, Kept)>, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        keep.keep(self.record, &kept)?;
        self.saved = Some(world::iso(world.now()));
        let remarks = kept.into_iter().filter(|(field, _)| !field.starts_with(AUDIT));
        self.remarks.extend(remarks.map(|(field, kept)| (field, kept.remarked)));
        Ok(())
    }
}

/// A reason as it is kept.
fn checked(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(refuse("reason-missing", "expected a reason, found none"));
    }
    let found = reason.chars().count();
    if found > LONGEST_NOTE {
        return Err(refuse("too-long", format!("expected at most {LONGEST_NOTE} characters, found {found}"))
            .with("limit", LONGEST_NOTE.to_string()));
    }
    Ok(reason)
}
