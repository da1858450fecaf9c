//! What every question about consent is asked of: what was agreed to as of today, and what was begun before.

use std::collections::BTreeMap;

use tianye_journal::RecordId;
use tianye_survey::{Consents, FormHash, Purpose, Round, Rounds, SubjectKind};

use crate::book::Brief;
use crate::desk::Desk;
use crate::refusal::Result;

/// What was agreed to, and what was begun with whom on which day.
pub(crate) struct Gate<'a> {
    /// As of today.
    pub consents: Consents<'a>,
    today: &'a str,
    rounds: Rounds,
    /// The day on which each interview was begun that is here, drafts too.
    begun: BTreeMap<RecordId, String>,
}

impl Gate<'_> {
    /// The day on which a record was begun; what is not begun yet is begun today. One that is the same filling as another is as old.
    fn day(&self, desk: &Desk, record: Option<&RecordId>) -> &str {
        let day = |record: &RecordId| self.begun.get(record).filter(|day| !day.is_empty());
        let found = record.and_then(|record| day(&desk.book.project.identities().leading(record)).or(day(record)));
        found.map_or(self.today, String::as_str)
    }
}

impl Desk {
    /// The gate as of a day.
    pub(crate) fn gate<'a>(&'a self, today: &'a str) -> Result<Gate<'a>> {
        let identities = self.book.project.identities();
        let (mut rounds, mut begun) = (Rounds::default(), BTreeMap::new());
        for (record, brief) in &self.book.interviews {
            let Some(subject) = brief.subject else { continue };
            let day = brief.day();
            rounds.note(&self.form_words(brief.form, "").1, identities.leading(&subject), &day);
            begun.insert(*record, day);
        }
        for draft in self.store.read(|view| view.drafts())? {
            let Some(subject) = draft.subject.filter(|_| !begun.contains_key(&draft.record)) else { continue };
            let day = self.draft_on(&draft);
            rounds.note(&self.form_words(Some(FormHash(draft.form)), "").1, identities.leading(&subject), &day);
            begun.insert(draft.record, day);
        }
        for (_, one) in self.told_begun() {
            if let Some(subject) = one.subject {
                rounds.note(&one.form_id, identities.leading(&subject), &one.on);
            }
        }
        Ok(Gate { consents: Consents::of(&self.book.project, today), today, rounds, begun })
    }

    /// Which round of a form with somebody a record is, or, of one that is not there yet, would be.
    pub(crate) fn round(&self, gate: &Gate<'_>, record: Option<&RecordId>, form_id: &str, subject: &RecordId) -> Round {
        if self.is_group(subject) {
            return Round::First;
        }
        let leading = self.book.project.identities().leading(subject);
        gate.rounds.on(form_id, leading, gate.day(self, record))
    }

    /// To what must be agreed for a form with somebody, in the round that a record is, or would be.
    pub(crate) fn purposes_with(
        &self,
        gate: &Gate<'_>,
        record: Option<&RecordId>,
        form: &FormHash,
        subject: &RecordId,
    ) -> Vec<Purpose> {
        let round = self.round(gate, record, &self.form_words(Some(*form), "").1, subject);
        round.asks(self.purposes_of(form))
    }

    /// To what had to be agreed for an interview; nothing where nobody was asked.
    pub(crate) fn purposes_for(&self, gate: &Gate<'_>, record: &RecordId, brief: &Brief) -> Vec<Purpose> {
        let (Some(subject), Some(form)) = (brief.subject, brief.form) else { return Vec::new() };
        self.purposes_with(gate, Some(record), &form, &subject)
    }

    pub(super) fn is_group(&self, subject: &RecordId) -> bool {
        self.book.project.subject(subject).is_some_and(|card| card.kind == SubjectKind::Group)
    }
}
