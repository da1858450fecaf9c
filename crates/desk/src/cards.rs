//! What two laptops wrote differently on one card: shown, and decided by a lead.

use tianye_journal::{EntryHash, RecordId};
use tianye_survey::{
    self as survey, Answer, Assignment, CardState, Conflict, Consent, Content, Decision, Field, Member, Opened,
    Project, Site, Subject, Tie, Write, kind,
};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::record_id;
use crate::merging::reasoned;
use crate::refusal::{Result, refuse};
use crate::view::{CardConflict, CardDecision, TakeBackInput};
use crate::world;

impl Desk {
    /// What is to be decided on cards, by whom or what it is about.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn card_conflicts(&self, language: &str) -> Result<Vec<CardConflict>> {
        let mut views = Vec::new();
        for (record, of, conflict) in self.book.project.conflicts() {
            views.push(self.card_conflict(record, of, conflict, language)?);
        }
        views.sort_by(|a, b| (&a.card, &a.about, &a.record, &a.field).cmp(&(&b.card, &b.about, &b.record, &b.field)));
        Ok(views)
    }

    /// What was decided on cards and holds, the last decision first: to be looked at again, and taken back.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn cards_decided(&self, language: &str) -> Result<Vec<CardConflict>> {
        let mut views = Vec::new();
        for record in self.store.read(|view| view.records_of_kind(kind::DECISION))? {
            let entries = entries_of(&self.store, record)?;
            let Some(of) = survey::record_kind(&entries, &self.book.team).filter(|of| *of != kind::INTERVIEW) else {
                continue;
            };
            let keys = self.keys_of(record, of, &entries);
            for (field, state) in &keys.fields {
                let Some(decision) = state.decided() else { continue };
                let over = entries.iter().find_map(|entry| match &entry.content {
                    Content::Decision(one) if entry.hash == decision.entry => Some(&one.over),
                    _ => None,
                });
                let between =
                    state.writes().iter().filter(|write| over.is_some_and(|over| over.contains(&write.entry)));
                let writes: Vec<&Write> = between.collect();
                let decided = world::iso_of(decision.at.ms, decision.at.offset).unwrap_or_default();
                let view = self.card_view(record, of, &keys, field, &writes, language);
                views.push((decision.at.ms, CardConflict { decided, ..view }));
            }
        }
        views.sort_by(|(one, a), (other, b)| {
            other.cmp(one).then_with(|| (&a.record, &a.field).cmp(&(&b.record, &b.field)))
        });
        Ok(views.into_iter().map(|(_, view)| view).collect())
    }

    /// Those on a person's card and ties.
    pub(crate) fn conflicts_of_person(&self, cards: &[RecordId], language: &str) -> Result<Vec<CardConflict>> {
        let mut meant: Vec<RecordId> = cards.to_vec();
        for card in cards {
            meant.extend(self.book.project.ties_of(card).into_iter().map(|(record, _)| record));
        }
        meant.extend(self.papers_of(cards).into_iter().flatten());
        let open = self.book.project.conflicts().into_iter().filter(|(record, ..)| meant.contains(record));
        open.map(|(record, of, conflict)| self.card_conflict(record, of, conflict, language)).collect()
    }

    fn card_conflict(&self, record: RecordId, of: u16, conflict: &Conflict, language: &str) -> Result<CardConflict> {
        let keys = self.keys_of(record, of, &entries_of(&self.store, record)?);
        let writes: Vec<&Write> = conflict.writes.iter().collect();
        Ok(self.card_view(record, of, &keys, &conflict.field, &writes, language))
    }

    /// The keys of a card, whatever card it is.
    fn keys_of(&self, record: RecordId, of: u16, entries: &[Opened]) -> CardState<()> {
        let team = &self.book.team;
        match of {
            kind::PROJECT => survey::card::<Project>(record, entries, team).keys(),
            kind::MEMBER => survey::card::<Member>(record, entries, team).keys(),
            kind::SITE => survey::card::<Site>(record, entries, team).keys(),
            kind::ASSIGNMENT => survey::card::<Assignment>(record, entries, team).keys(),
            kind::CONSENT => survey::card::<Consent>(record, entries, team).keys(),
            kind::TIE => survey::card::<Tie>(record, entries, team).keys(),
            _ => survey::card::<Subject>(record, entries, team).keys(),
        }
    }

    fn card_view(
        &self,
        record: RecordId,
        of: u16,
        keys: &CardState<()>,
        field: &Field,
        sides: &[&Write],
        language: &str,
    ) -> CardConflict {
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
        let write = |write: &Write| self.bare_write(write, self.shown_on_card(field.as_str(), &write.answer, language));
        CardConflict {
            record: record.to_string(),
            card: card.to_owned(),
            about,
            person: person.map(|person| person.to_string()).unwrap_or_default(),
            field: field.as_str().to_owned(),
            sides: sides.iter().map(|side| write(side)).collect(),
            history: self.steps_view(&keys.history(field), &write),
            free: TEXTS.contains(&field.as_str()),
            decided: String::new(),
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

    /// Decides a conflict on a card, as a lead: one of the words that were written stands, or another.
    ///
    /// # Errors
    /// Not the lead; no reason; `conflict-gone`, `conflict-changed` where the card says something else by now; `card-not-text`
    /// for another word where none can be written; the store's refusal.
    pub fn decide_card(&mut self, input: &CardDecision) -> Result<()> {
        let (record, decision, heads) = self.card_decision(input)?;
        self.append(record, heads, &Content::from(decision))?;
        Ok(())
    }

    /// What a decision on a card would be written as.
    pub(crate) fn card_decision(&self, input: &CardDecision) -> Result<(RecordId, Decision, Vec<EntryHash>)> {
        self.must_lead()?;
        reasoned(&input.reason)?;
        let record = record_id(&input.record)?;
        let of = self.book.project.conflicts().into_iter().find(|(one, ..)| *one == record).map(|(_, of, _)| of);
        let gone = || refuse("conflict-gone", "expected an open conflict on this field, found none: it was decided");
        let state = self.keys_of(record, of.ok_or_else(gone)?, &entries_of(&self.store, record)?);
        let conflict = state.conflicts.iter().find(|conflict| conflict.field.as_str() == input.field);
        let conflict = conflict.ok_or_else(gone)?;
        let another = input.value.trim();
        let chosen = match input.entry.as_str() {
            "" if !TEXTS.contains(&input.field.as_str()) => {
                return Err(refuse("card-not-text", "expected one of the words that were written, found another"));
            }
            "" if another.is_empty() => {
                return Err(
                    refuse("field-empty", "expected a word that shall stand, found none").with("field", "value")
                );
            }
            "" => Answer::of(another),
            entry => {
                let side = conflict.writes.iter().find(|write| write.entry.to_string() == entry);
                let side = side.ok_or_else(|| {
                    refuse("conflict-changed", "expected the writes that were shown, found another: look again")
                })?;
                side.answer.clone()
            }
        };
        let decision = state.decide(conflict, chosen, input.reason.trim());
        Ok((record, decision, state.heads()))
    }

    /// Takes the decision on a card back, if the record is a card; whether it is.
    pub(crate) fn take_back_on_card(&mut self, input: &TakeBackInput) -> Result<bool> {
        let record = record_id(&input.record)?;
        let entries = entries_of(&self.store, record)?;
        let of = survey::record_kind(&entries, &self.book.team).filter(|of| *of != kind::INTERVIEW);
        let Some(of) = of else { return Ok(false) };
        let state = self.keys_of(record, of, &entries);
        let taking = state.take_back(&Field::new(input.field.as_str()), input.reason.trim());
        let taking = taking.ok_or_else(|| refuse("decision-gone", "expected a decision that holds, found none"))?;
        self.append(record, state.heads(), &Content::from(taking))?;
        Ok(true)
    }
}

/// Keys of cards that hold plain text: there a lead may write another word than those in conflict. Everything else (dates, places,
/// ties …) is checked where the card is edited.
const TEXTS: [&str; 7] = ["code", "display_name", "student_number", "grade", "contact", "note", "title"];
