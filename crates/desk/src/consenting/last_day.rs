//! People of whom nothing may be kept any longer, since the last day is over or everything was taken back: their cards, with
//! ties, consents, what shows those, and assignments.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::RecordId;
use tianye_survey::{self as survey, Due, rights};

use super::due::reason_of;

use crate::desk::Desk;
use crate::filling::Extra;
use crate::refusal::Result;

impl Desk {
    /// The respondents whose cards may be kept no longer, by their leading cards. Nothing of theirs is kept beside: interviews are
    /// erased or among those that go, and what they said in a group is erased, since others may keep it.
    pub(super) fn people_due(&self, going: &BTreeSet<RecordId>) -> Result<Vec<(RecordId, Due)>> {
        // Who does not read what colleagues collect cannot know that nothing of it is kept.
        if !rights::reads(&self.who.survey_role(), &survey::Role::Interviewer) {
            return Ok(Vec::new());
        }
        let (project, today) = (&self.book.project, self.today());
        let (identities, gate) = (project.identities(), self.gate(&today)?);
        let mut due: BTreeMap<RecordId, Due> = BTreeMap::new();
        for (record, _) in project.subjects.iter().filter(|(_, state)| state.card.is_some()) {
            let person = identities.leading(record);
            let standing = |purpose: &survey::Purpose| gate.consents.standing(&person, purpose);
            // A group is not its member who took everything back.
            let taken_back =
                if self.is_group(&person) { None } else { survey::everything_taken_back(project, &standing) };
            if let Some(over) = taken_back.or_else(|| survey::due_of_person(project, &today, &standing)) {
                due.insert(person, over);
            }
        }
        if due.is_empty() {
            return Ok(Vec::new());
        }
        for (record, brief) in &self.book.interviews {
            let subject = brief.subject.map(|subject| identities.leading(&subject));
            let own = subject.filter(|person| due.contains_key(person) && !going.contains(record));
            let now = brief.subject.map(|group| project.members_of(&group)).unwrap_or_default();
            let members = if brief.with.is_empty() { now } else { &brief.with };
            let members = members.iter().map(|member| identities.leading(member)).filter(|one| due.contains_key(one));
            let people: Vec<RecordId> = own.into_iter().chain(members).collect();
            if !people.is_empty() && self.holds_answers(*record)? {
                people.iter().for_each(|person| _ = due.remove(person));
            }
        }
        // What is begun and in no entry yet, here or with a colleague, is kept.
        let drafts = self.store.read(|view| view.drafts())?;
        let drafts = drafts.iter().filter(|draft| !self.book.interviews.contains_key(&draft.record));
        let begun = drafts.flat_map(|draft| draft.subject.into_iter().chain(Extra::of(draft).with));
        for subject in begun.chain(self.told_begun().filter_map(|(_, one)| one.subject)) {
            due.remove(&identities.leading(&subject));
        }
        Ok(due.into_iter().collect())
    }

    /// Erases these respondents, each as an act with a certificate of its own.
    pub(super) fn erase_people_due(&mut self, people: &[(RecordId, Due)]) -> Result<()> {
        for (person, due) in people {
            let erasures = self.erasures_of_person(*person, &reason_of(due.why), "")?;
            self.erase_as_one(erasures)?;
        }
        Ok(())
    }
}
