//! Who belongs to whom, and who is to see whom.

use crate::kinds::{Assignment, Begun, SubjectKind, Tie};
use crate::project::ProjectState;
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{PersonId, RecordId};

/// A filling that was begun, as far as a laptop knows: the form, the respondent, who, and the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BegunFilling {
    /// `form_id`.
    pub form_id: String,
    /// The respondent.
    pub subject: RecordId,
    /// Who.
    pub by: PersonId,
    /// The day, `YYYY-MM-DD`.
    pub on: String,
}

/// Something that speaks against beginning a filling without a second look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Somebody has begun it, on that day.
    Begun(PersonId, String),
    /// Somebody else is to do it, perhaps by a day.
    Assigned(PersonId, Option<String>),
}

impl ProjectState {
    /// Assignments that stand: neither withdrawn nor taken over by another one that stands.
    pub fn standing_assignments(&self) -> BTreeMap<RecordId, &Assignment> {
        let cards = self.assignments.iter().filter_map(|(record, state)| Some((*record, state.card.as_ref()?)));
        let mut standing: BTreeMap<RecordId, &Assignment> = cards.filter(|(_, card)| !card.withdrawn).collect();
        // Of two that take each other over, which nobody should write, both are passed over rather than both done.
        let over: BTreeSet<RecordId> =
            standing.iter().filter_map(|(of, card)| card.takes_over.filter(|o| o != of)).collect();
        standing.retain(|record, _| !over.contains(record));
        standing
    }

    /// What speaks against this person's beginning a form with a respondent: begun fillings and assignments of others,
    /// where linked respondents are one. `fillings` are those that can be read here.
    pub fn in_the_way(
        &self,
        form_id: &str,
        subject: &RecordId,
        me: &PersonId,
        fillings: &[BegunFilling],
    ) -> Vec<Standing> {
        let meant = self.identities().all_of(subject);
        let same = |form: &str, of: &RecordId| form == form_id && meant.contains(of);
        let mut found: Vec<Standing> = fillings
            .iter()
            .filter(|one| same(&one.form_id, &one.subject))
            .map(|one| Standing::Begun(one.by, one.on.clone()))
            .collect();
        for assignment in self.standing_assignments().into_values() {
            if !assignment.subject.is_some_and(|of| same(&assignment.form_id, &of)) || assignment.interview.is_some() {
                continue;
            }
            let told = self.told_of(assignment).map(|begun| Standing::Begun(begun.by, begun.on.clone()));
            if let Some(one) = told {
                let known = |other: &Standing| matches!((other, &one), (Standing::Begun(a, _), Standing::Begun(b, _)) if a == b);
                if !found.iter().any(known) {
                    found.push(one);
                }
            }
            let mine = assignment.interviewer.is_none_or(|person| person == *me);
            if !mine && self.told_of(assignment).is_none() {
                found.extend(assignment.interviewer.map(|person| Standing::Assigned(person, assignment.due.clone())));
            }
        }
        found
    }

    /// What an assignment says was begun: not what was practised before the project began.
    pub fn told_of<'a>(&self, assignment: &'a Assignment) -> Option<&'a Begun> {
        assignment.begun.as_ref().filter(|begun| !begun.practice || self.is_called_practice())
    }

    /// The ties of a respondent, linked ones included, in either direction; those taken back are left out. Those that began
    /// first come first.
    pub fn ties_of(&self, person: &RecordId) -> Vec<(RecordId, &Tie)> {
        let meant = self.identities().all_of(person);
        let cards = self.ties.iter().filter_map(|(record, state)| Some((*record, state.card.as_ref()?)));
        let mut ties: Vec<(RecordId, &Tie)> = cards
            .filter(|(_, tie)| !tie.taken_back && (meant.contains(&tie.person) || meant.contains(&tie.to)))
            .collect();
        ties.sort_by(|(a, one), (b, other)| (&one.since, a).cmp(&(&other.since, b)));
        ties
    }

    /// Whether a site is another, or stands in it.
    pub fn is_within(&self, site: &RecordId, outer: &RecordId) -> bool {
        self.site_path(site).iter().any(|(record, _)| record == outer)
    }

    /// A code that no respondent has yet: the next number for a pupil; with a letter in front for others (`T04`).
    pub fn next_code(&self, kind: &SubjectKind, taken: &BTreeSet<String>) -> String {
        let letter = match kind {
            SubjectKind::Teacher => "T",
            SubjectKind::Guardian => "G",
            SubjectKind::Cadre => "C",
            SubjectKind::Group => "S",
            SubjectKind::Pupil | SubjectKind::Other(_) => "",
        };
        let used = self.subjects.values().filter_map(|state| state.card.as_ref()).map(|card| card.code.as_str());
        let number =
            |code: &str| code.strip_prefix(letter)?.get(..).filter(|rest| rest.len() <= 6)?.parse::<u32>().ok();
        let highest = used.chain(taken.iter().map(String::as_str)).filter_map(number).max().unwrap_or(0);
        let width = if letter.is_empty() { 3 } else { 2 };
        format!("{letter}{:0width$}", highest + 1)
    }
}
