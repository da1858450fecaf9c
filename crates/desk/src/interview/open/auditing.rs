//! The audit log while an interview is open, for forms that ask for one.
//!
//! An event of an answer is kept in one step with it. That a page was left, or the interview, is kept when it happens.

use chrono::{DateTime, FixedOffset};
use tianye_survey::AuditEvent;
use tianye_xform::{self as xform, Audit, FieldPath, NonAnswer};

use super::{Keep, OpenInterview};
use crate::interview::page::Place;
use crate::interview::remarks::Kept;
use crate::refusal::{Result, refuse};
use crate::view::{Move, PageKind};
use crate::world::{self, World};

/// What is logged, and since when the page is shown.
pub(super) struct Log {
    audit: Audit,
    user: Option<String>,
    since: DateTime<FixedOffset>,
    /// An event told of this page already.
    told: bool,
    /// Events told in this sitting.
    count: u32,
    /// Events of the act under way: kept in one step with what it writes.
    waiting: Vec<AuditEvent>,
}

impl Log {
    /// A log, if the form asks for one.
    pub fn of(form: &xform::Form, user: &str, now: DateTime<FixedOffset>) -> Option<Self> {
        let audit = form.audit()?.clone();
        let user = audit.identify_user.then(|| user.to_owned());
        Some(Self { audit, user, since: now, told: false, count: 0, waiting: Vec::new() })
    }

    fn event(&self, event: &str, node: String, start: DateTime<FixedOffset>) -> AuditEvent {
        let start = start.timestamp_millis();
        AuditEvent { event: event.to_owned(), node, start, user: self.user.clone(), ..AuditEvent::default() }
    }

    /// Events as the draft log has them.
    fn written(&mut self, events: &[AuditEvent], world: &dyn World) -> Vec<(String, Kept)> {
        let mut written = Vec::new();
        for event in events {
            self.count += 1;
            let field = event.field(self.count, world::random_u64(world));
            written.push((field.as_str().to_owned(), Kept::plain(event.answer())));
        }
        written
    }
}

/// A finished interview that is corrected, of a form that asks why.
pub(super) struct Correction {
    /// What stood when this sitting began; none if something was corrected before it already.
    before: Option<Vec<(FieldPath, xform::Given)>>,
    /// What was said in this sitting.
    reason: String,
}

impl Correction {
    /// None for a form that does not ask.
    pub fn of(session: &xform::Session, corrected: bool) -> Option<Self> {
        session.form().audit().filter(|audit| audit.reason_on_edit)?;
        Some(Self { before: (!corrected).then(|| answered(session)), reason: String::new() })
    }
}

/// What people answered.
fn answered(session: &xform::Session) -> Vec<(FieldPath, xform::Given)> {
    let said = |field: &xform::Field| matches!(field.origin, xform::Origin::Answered | xform::Origin::RowPresence);
    session.fields().into_iter().filter(said).map(|field| (field.path, field.given)).collect()
}

impl OpenInterview {
    /// Why it is corrected, if that is asked: something was changed, and the form wants to know. Blank until it is said.
    pub(super) fn reason(&self) -> Option<&str> {
        let correction = self.correction.as_ref()?;
        let changed = correction.before.as_ref().is_none_or(|before| *before != answered(&self.session));
        changed.then_some(&*correction.reason)
    }

    /// It was said why the interview is corrected.
    pub(super) fn log_reason(&mut self, reason: &str, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let (Some(log), Some(correction)) = (&self.log, &self.correction) else {
            return Err(refuse("change-reason-unasked", "expected a correction whose form asks why, found another"));
        };
        if correction.reason == reason {
            return Ok(());
        }
        let mut event = log.event("change reason", String::new(), world.now());
        event.reason = Some(reason.to_owned());
        self.keep_events(&[event], keep, world)?;
        if let Some(correction) = &mut self.correction {
            reason.clone_into(&mut correction.reason);
        }
        Ok(())
    }

    /// A page could not be left, since something on it must be put right first.
    pub(super) fn log_refused(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let wrong = self.shown.page.items.iter().find(|item| item.problem.is_some()).map(|item| item.field.clone());
        let node = wrong.map(|field| self.node_of_key(&field)).unwrap_or_default();
        let Some(log) = &self.log else { return Ok(()) };
        let event = log.event("constraint error", node, world.now());
        self.keep_events(&[event], keep, world)
    }

    /// What is kept of a confirmation in the log.
    pub(super) fn confirmation_event(
        &mut self,
        field: &FieldPath,
        reason: &str,
        world: &dyn World,
    ) -> Vec<(String, Kept)> {
        let node = self.node_of(field);
        let Some(log) = &mut self.log else { return Vec::new() };
        let mut event = log.event("check confirmed", node, world.now());
        event.reason = Some(reason.to_owned());
        log.written(&[event], world)
    }

    /// The interview was opened.
    pub(super) fn log_opening(&mut self, new: bool, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let Some(log) = &mut self.log else { return Ok(()) };
        log.since = world.now();
        let name = if new { "form start" } else { "form resume" };
        let mut events = vec![log.event(name, String::new(), log.since)];
        if log.audit.location.is_some() {
            // A laptop has no place to tell.
            events.push(log.event("location providers disabled", String::new(), log.since));
        }
        self.keep_events(&events, keep, world)
    }

    /// What stands at a question, as the log writes it.
    pub(super) fn logged(&self, field: &FieldPath) -> Option<String> {
        self.log.as_ref().filter(|log| log.audit.track_changes)?;
        let node = self.session.view(field)?;
        Some(node.non_answer.map_or(node.value, |non_answer: NonAnswer| non_answer.code().to_owned()))
    }

    /// A question was answered; `old` is what [`Self::logged`] said before.
    pub(super) fn log_answer(&mut self, field: &FieldPath, old: Option<String>, world: &dyn World) {
        let (node, new) = (self.node_of(field), self.logged(field));
        let Some(log) = &mut self.log else { return };
        let mut event = log.event("question", node, log.since);
        event.end = Some(world.now().timestamp_millis());
        if old != new {
            (event.old, event.new) = (old, new);
        }
        (log.since, log.told) = (world.now(), true);
        log.waiting.push(event);
    }

    /// A row came or goes.
    pub(super) fn log_row(&mut self, event: &str, row: &FieldPath, world: &dyn World) {
        let node = self.node_of(row);
        let Some(log) = &mut self.log else { return };
        log.since = world.now();
        log.waiting.push(log.event(event, node, log.since));
    }

    /// What the act under way adds to what it writes.
    pub(super) fn waiting_events(&mut self, world: &dyn World) -> Vec<(String, Kept)> {
        let Some(log) = &mut self.log else { return Vec::new() };
        let waiting = std::mem::take(&mut log.waiting);
        log.written(&waiting, world)
    }

    /// Keeps what waits, of an act that wrote its answers elsewhere.
    pub(super) fn keep_waiting(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let events = self.waiting_events(world);
        if events.is_empty() { Ok(()) } else { keep.keep(self.record, &events) }
    }

    /// The page shown is left.
    pub(super) fn log_leaving(&mut self, to: Option<&Move>, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let page = &self.shown.page;
        let (name, node) = match (&self.place, page.kind) {
            (Place::Completion, _) => ("end screen", String::new()),
            (Place::Page { .. }, PageKind::Question) => ("question", self.node_of_key(&page.key)),
            (Place::Page { .. }, _) => ("group questions", self.node_of_key(&page.key)),
        };
        let now = world.now();
        let Some(log) = &mut self.log else { return Ok(()) };
        let mut events = Vec::new();
        if !log.told {
            let mut event = log.event(name, node, log.since);
            event.end = Some(now.timestamp_millis());
            events.push(event);
        }
        if matches!(to, Some(Move::Field { .. } | Move::Page { .. } | Move::NextOpen)) {
            events.push(log.event("jump", String::new(), now));
        }
        (log.since, log.told) = (now, false);
        self.keep_events(&events, keep, world)
    }

    /// The interview is left for later.
    pub(crate) fn log_exit(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        self.log_leaving(None, keep, world)?;
        self.log_moment(&["form save", "form exit"], keep, world)
    }

    /// Something that takes no time and writes no answer.
    pub(crate) fn log_moment(&mut self, names: &[&str], keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        let events: Vec<_> = names.iter().map(|name| log.event(name, String::new(), world.now())).collect();
        self.keep_events(&events, keep, world)
    }

    fn keep_events(&mut self, events: &[AuditEvent], keep: &dyn Keep, world: &dyn World) -> Result<()> {
        let kept = self.log.as_mut().map(|log| log.written(events, world)).unwrap_or_default();
        if kept.is_empty() { Ok(()) } else { keep.keep(self.record, &kept) }
    }

    fn node_of_key(&self, key: &str) -> String {
        FieldPath::parse(key).map(|path| self.node_of(&path)).unwrap_or_default()
    }

    /// An address as ODK writes it: from the root on, rows by their place.
    fn node_of(&self, path: &FieldPath) -> String {
        if self.log.is_none() {
            return String::new();
        }
        let (mut node, mut at) = (format!("/{}", self.form.root_name()), String::new());
        for step in path.steps() {
            for text in [&mut node, &mut at] {
                text.push('/');
                text.push_str(step.name);
            }
            let Some(row) = step.row else { continue };
            let rows = FieldPath::parse(&at).map(|repeat| self.session.roster(&repeat)).unwrap_or_default();
            let place = rows.iter().find(|one| one.id.as_str() == row).map_or(1, |one| one.position);
            node.push_str(&format!("[{place}]"));
            at.push_str(&format!("[{row}]"));
        }
        node
    }
}
