//! What two laptops wrote differently on one card: shown, and decided by a lead.

use tianye_journal::{EntryHash, RecordId};
use tianye_survey::{
    self as survey, Answer, Assignment, CardState, Conflict, Consent, Content, Decision, Member, OnCard, Project, Site,
    Subject, Tie, Write, kind,
};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::{record_id, unknown};
use crate::merging::reasoned;
use crate::refusal::{Result, refuse};
use crate::view::{CardConflict, CardDecision, CardSide};
use crate::world;

impl Desk {
    /// What is to be decided on cards, by whom or what it is about.
    #[must_use]
    pub fn card_conflicts(&self, language: &str) -> Vec<CardConflict> {
        let open = self.book.project.conflicts();
        let mut views: Vec<CardConflict> =
            open.into_iter().map(|(record, of, conflict)| self.card_conflict(record, of, conflict, language)).collect();
        views.sort_by(|a, b| (&a.card, &a.about, &a.record, &a.field).cmp(&(&b.card, &b.about, &b.record, &b.field)));
        views
    }

    /// Those on a person's card and ties.
    pub(crate) fn conflicts_of_person(&self, cards: &[RecordId], language: &str) -> Vec<CardConflict> {
        let mut meant: Vec<RecordId> = cards.to_vec();
        for card in cards {
            meant.extend(self.book.project.ties_of(card).into_iter().map(|(record, _)| record));
        }
        meant.extend(self.papers_of(cards).into_iter().flatten());
        let open = self.book.project.conflicts().into_iter().filter(|(record, ..)| meant.contains(record));
        open.map(|(record, of, conflict)| self.card_conflict(record, of, conflict, language)).collect()
    }

    fn card_conflict(&self, record: RecordId, of: u16, conflict: &Conflict, language: &str) -> CardConflict {
        let project = &self.book.project;
        let called = |subject: &RecordId| {
            let card = project.subject(subject);
            card.map(|card| format!("{} {}", card.code, &*card.display_name).trim().to_owned()).unwrap_or_default()
        };
        let consent = || project.consents.get(&record).and_then(|state| state.card.as_ref()).map(|card| card.subject);
        let assigned = || project.assignment(&record).and_then(|card| card.subject);
        let tied = || project.ties.get(&record).and_then(|state| state.card.as_ref()).map(|tie| tie.to);
        let (card, person) = match of {
            kind::PROJECT => ("project", None),
            kind::MEMBER => ("member", None),
            kind::SITE => ("site", None),
            kind::ASSIGNMENT => ("assignment", assigned()),
            kind::CONSENT => ("consent", consent()),
            kind::TIE => ("tie", tied().filter(|to| project.subject(to).is_some())),
            _ => ("subject", Some(record)),
        };
        let about = match of {
            kind::SITE => self.book.site_name(Some(record), language),
            kind::MEMBER => {
                let member = project.members.get(&record).and_then(|state| state.card.as_ref());
                member.map(|member| member.name.to_string()).unwrap_or_default()
            }
            _ => person.as_ref().map(called).unwrap_or_default(),
        };
        let side = |write: &Write| CardSide {
            entry: write.entry.to_string(),
            display: self.shown_on_card(conflict.field.as_str(), &write.answer, language),
            author: self.book.name(&write.author),
            device: self.book.device(&write.chain),
            at: world::iso_of(write.at.ms, write.at.offset).unwrap_or_default(),
        };
        CardConflict {
            record: record.to_string(),
            card: card.to_owned(),
            about,
            person: person.map(|person| person.to_string()).unwrap_or_default(),
            field: conflict.field.as_str().to_owned(),
            sides: conflict.writes.iter().map(side).collect(),
        }
    }

    /// What stands under a key of a card, as a person reads it: names for ids.
    fn shown_on_card(&self, field: &str, answer: &Answer, language: &str) -> String {
        let text = answer.value().unwrap_or_default();
        let record = || text.parse::<RecordId>().ok();
        match field {
            "site" | "parent" => self.book.site_name(record(), language),
            "subject" | "person" | "to" => {
                let card = record().and_then(|record| self.book.project.subject(&record));
                card.map_or_else(|| text.to_owned(), |card| format!("{} {}", card.code, &*card.display_name))
            }
            "interviewer" => text.parse().map_or_else(|_| text.to_owned(), |person| self.book.name(&person)),
            _ => text.to_owned(),
        }
    }

    /// Decides a conflict on a card, as a lead: one of the words that were written stands.
    ///
    /// # Errors
    /// Not the lead; no reason; `conflict-gone`, `conflict-changed` where the card says something else by now; the store's
    /// refusal.
    pub fn decide_card(&mut self, input: &CardDecision) -> Result<()> {
        self.must_lead()?;
        reasoned(&input.reason)?;
        let record = record_id(&input.record)?;
        let of = self.book.project.conflicts().into_iter().find(|(one, ..)| *one == record).map(|(_, of, _)| of);
        let of = of.ok_or_else(|| unknown(&input.record))?;
        let (decision, heads) = match of {
            kind::PROJECT => self.decision_on::<Project>(record, input)?,
            kind::MEMBER => self.decision_on::<Member>(record, input)?,
            kind::SITE => self.decision_on::<Site>(record, input)?,
            kind::ASSIGNMENT => self.decision_on::<Assignment>(record, input)?,
            kind::CONSENT => self.decision_on::<Consent>(record, input)?,
            kind::TIE => self.decision_on::<Tie>(record, input)?,
            _ => self.decision_on::<Subject>(record, input)?,
        };
        self.append(record, heads, &Content::from(decision))?;
        Ok(())
    }

    fn decision_on<T: OnCard>(&self, record: RecordId, input: &CardDecision) -> Result<(Decision, Vec<EntryHash>)> {
        let entries = entries_of(&self.store, record)?;
        let state: CardState<T> = survey::card(record, &entries, &self.book.team);
        let conflict = state.conflicts.iter().find(|conflict| conflict.field.as_str() == input.field);
        let conflict = conflict.ok_or_else(|| {
            refuse("conflict-gone", "expected an open conflict on this field, found none: it was decided")
        })?;
        let chosen = conflict.writes.iter().find(|write| write.entry.to_string() == input.entry);
        let chosen = chosen.ok_or_else(|| {
            refuse("conflict-changed", "expected the writes that were shown, found another: look again")
        })?;
        Ok((state.decide(conflict, chosen.answer.clone(), input.reason.trim()), state.heads()))
    }
}
