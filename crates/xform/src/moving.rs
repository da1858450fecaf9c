//! What becomes of the answers of a filling when it goes on in another version of its form.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::carry::Carry;
use crate::{Context, Field, FieldPath, Form, Given, Leftover, LeftoverReason, Session};

/// One kept answer, or row, and what becomes of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its address in the old form.
    pub from: FieldPath,
    /// What was kept there.
    pub was: Given,
    /// Its address in the new form; of one that has no place there, an address that no question has.
    pub to: FieldPath,
    /// What it is there, in the codes and the writing of the new form.
    pub becomes: Given,
    /// What becomes of it.
    pub fate: Fate,
}

impl fmt::Debug for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Moved({} → {} {:?})", self.from, self.to, self.fate)
    }
}

/// What becomes of a kept answer. Each has one of these.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fate {
    /// It has no place. It stays in the record's history.
    Dropped(LeftoverReason),
    /// It is kept, and the new form finds fault with it or does not offer its choice: a person should look.
    Invalid,
    /// It is kept, and the new form does not ask the question: it does not count.
    NotAsked,
    /// It is kept and written differently: a code that is called differently, `007` in a question that takes numbers now.
    Recoded,
    /// It is kept under another name or in another place.
    Renamed,
    /// It is kept as it is.
    Kept,
}

impl Fate {
    /// The stable kebab-case code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dropped(_) => "dropped",
            Self::Invalid => "invalid",
            Self::NotAsked => "not-asked",
            Self::Recoded => "recoded",
            Self::Renamed => "renamed",
            Self::Kept => "kept",
        }
    }
}

/// The address and value of something kept, carried over several versions, oldest first.
#[must_use]
pub fn carried<'c>(steps: impl IntoIterator<Item = &'c Carry>, path: FieldPath, given: Given) -> (FieldPath, Given) {
    steps.into_iter().fold((path, given), |(path, given), step| (step.path(&path), step.given(&path, &given)))
}

/// Moves kept fields over to a later version: the filling as it is there, and what becomes of each field that is not
/// blank. `steps` lead from the old version to the new one.
#[must_use]
pub fn moved(
    steps: &[&Carry],
    new: &Arc<Form>,
    fields: impl IntoIterator<Item = (FieldPath, Given)>,
    context: &Context<'_>,
) -> (Session, Vec<Moved>) {
    let kept: Vec<(FieldPath, Given, FieldPath, Given)> = fields
        .into_iter()
        .map(|(from, was)| {
            let (to, becomes) = carried(steps.iter().copied(), from.clone(), was.clone());
            (from, was, to, becomes)
        })
        .collect();
    let carried = kept.iter().map(|(_, _, to, becomes)| (to.clone(), becomes.clone()));
    let (session, leftovers) = Session::resume(Arc::clone(new), carried, context);
    let reasons: HashMap<&FieldPath, LeftoverReason> =
        leftovers.iter().map(|Leftover { path, reason, .. }| (path, *reason)).collect();
    let stands: HashMap<FieldPath, Field> =
        session.fields().into_iter().map(|field| (field.path.clone(), field)).collect();
    let moved = kept
        .iter()
        .filter(|(_, was, ..)| !was.is_blank())
        .map(|(from, was, to, becomes)| {
            let stands = stands.get(to);
            let given = stands.map(|field| &field.given).filter(|given| to.row().is_none() && !given.is_blank());
            let now = given.unwrap_or(becomes);
            let fate = match reasons.get(to) {
                Some(reason) => Fate::Dropped(*reason),
                // In a row whose choice is not chosen: it has no view.
                None if stands.is_some_and(|field| !field.counts) && session.view(to).is_none() => Fate::NotAsked,
                None => fate(&session, (from, was), (to, now)),
            };
            let becomes = if matches!(fate, Fate::Dropped(_)) { becomes } else { now };
            Moved { from: from.clone(), was: was.clone(), to: to.clone(), becomes: becomes.clone(), fate }
        })
        .collect();
    (session, moved)
}

fn fate(session: &Session, (from, was): (&FieldPath, &Given), (to, becomes): (&FieldPath, &Given)) -> Fate {
    let unchanged = || match (was == becomes, from == to) {
        (false, _) => Fate::Recoded,
        (true, false) => Fate::Renamed,
        (true, true) => Fate::Kept,
    };
    if to.row().is_some() {
        return unchanged();
    }
    let template = to.template();
    let computed = session.form().find_def(&template).is_some_and(|def| {
        let def = session.form().def(def);
        def.bind.calculate.is_some()
    });
    if computed {
        return Fate::Dropped(LeftoverReason::Calculated);
    }
    let Some(node) = session.view(to) else { return unchanged() };
    if !node.relevant {
        return Fate::NotAsked;
    }
    // A choice that is not offered is kept and counts as none.
    let set_aside = matches!(becomes, Given::Value(_)) && node.value.is_empty();
    if set_aside || node.problem.is_some() { Fate::Invalid } else { unchanged() }
}
