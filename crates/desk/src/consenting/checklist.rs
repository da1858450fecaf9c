//! What a lead notes before a real project begins, and beginning it.

use std::collections::{BTreeMap, BTreeSet};

use tianye_survey::{self as survey, Noted, Project, Purpose, kind};

use super::purpose;
use super::texts::usual;
use crate::desk::Desk;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::scales;
use crate::view::{Checklist, ChecklistInput, ChecklistItem, NotedView, RetentionView};

impl Desk {
    /// The checklist before a real project begins, and what is noted so far.
    #[must_use]
    pub fn checklist(&self) -> Checklist {
        let project = &self.book.project;
        let empty = Project { practice: true, ..Project::default() };
        let card = project.project().unwrap_or(&empty);
        let noted = |noted: &Option<Noted>| {
            noted
                .as_ref()
                .map(|noted| NotedView { on: noted.on.clone(), note: noted.note.to_string() })
                .unwrap_or_default()
        };
        let items = survey::readiness(project, self.held_by()).into_iter().map(|item| ChecklistItem {
            what: item.what.as_str().to_owned(),
            done: item.done,
            lacking: item.lacking.iter().map(|purpose| purpose.as_str().to_owned()).collect(),
            count: match item.what {
                // The program's own text is shown while the project has none.
                survey::Ready::Texts if project.text().is_none() => small(usual().blanks().len()),
                _ => small(item.count),
            },
        });
        let retention = card.retention.iter();
        Checklist {
            begun: !card.practice,
            practice: project.is_practice(),
            asked: project.asks_consent(),
            practised: self.count_practice(),
            items: items.collect(),
            noted: ChecklistInput {
                gate: card.consent_gate,
                purposes: card.purposes.iter().map(|purpose| purpose.as_str().to_owned()).collect(),
                retention: retention
                    .map(|(purpose, until)| RetentionView {
                        purpose: purpose.as_str().to_owned(),
                        until: until.clone(),
                    })
                    .collect(),
                ethics: noted(&card.ethics),
                passphrases: noted(&card.passphrases),
                recovery: noted(&card.recovery_tried),
                carers: noted(&card.carer_consents),
            },
        }
    }

    /// Notes what the checklist asks for on the project's card.
    ///
    /// # Errors
    /// `no-right`; `not-a-day`; `consent-unknown-purpose`; `noted-half` for a day without a word or the other way round; the
    /// store's refusal.
    pub fn note_checklist(&mut self, input: &ChecklistInput) -> Result<Checklist> {
        self.must_write(kind::PROJECT)?;
        let mut purposes: Vec<Purpose> = Vec::new();
        for word in &input.purposes {
            let purpose = purpose(word)?;
            if !purposes.contains(&purpose) {
                purposes.push(purpose);
            }
        }
        let mut retention = BTreeMap::new();
        for one in input.retention.iter().filter(|one| !one.until.trim().is_empty()) {
            retention.insert(purpose(&one.purpose)?, day(&one.until)?);
        }
        let noted = [&input.ethics, &input.passphrases, &input.recovery, &input.carers].map(noted);
        let [ethics, passphrases, recovery, carers] = noted;
        let (ethics, passphrases, recovery, carers) = (ethics?, passphrases?, recovery?, carers?);
        let body = self.project_body(&|card| Project {
            consent_gate: input.gate,
            purposes: purposes.clone(),
            retention: retention.clone(),
            ethics: ethics.clone(),
            passphrases: passphrases.clone(),
            recovery_tried: recovery.clone(),
            carer_consents: carers.clone(),
            ..card
        })?;
        if let Some(body) = body {
            self.append_all(&[body])?;
        }
        Ok(self.checklist())
    }

    /// Begins the real project: from now on nothing is done without consent. What was practised stays practice.
    ///
    /// # Errors
    /// `no-right`; `not-ready` while something on the checklist is not done; `scale-permission`; the store's refusal.
    pub fn begin_real(&mut self) -> Result<Checklist> {
        self.must_write(kind::PROJECT)?;
        let open: Vec<&str> = survey::readiness(&self.book.project, self.held_by())
            .into_iter()
            .filter(|item| !item.done)
            .map(|item| item.what.as_str())
            .collect();
        if let Some(first) = open.first() {
            let detail =
                format!("expected everything on the checklist, found {} open: {}", open.len(), open.join(", "));
            return Err(refuse("not-ready", detail).with("count", open.len().to_string()).with("first", *first));
        }
        // A scale that came in for practice may not go on with real children.
        self.newest_forms().iter().try_for_each(|form| scales::must_be_permitted(form))?;
        if let Some(body) = self.project_body(&|card| Project { practice: false, ..card })? {
            self.append_all(&[body])?;
        }
        self.note_practice()?;
        Ok(self.checklist())
    }

    /// How many people on laptops of their own can open a report of harm.
    fn held_by(&self) -> usize {
        let holders = self.holders().unwrap_or_default();
        match survey::safeguarding::enough_holders(&holders) {
            Ok(()) => holders.iter().map(|holder| holder.person).collect::<BTreeSet<_>>().len(),
            Err(few) => few.found,
        }
    }

    /// Says on the card that is read before unlocking whether the project is one for practice.
    pub(crate) fn note_practice(&self) -> Result<()> {
        let practice = self.book.project.is_practice();
        if self.store.card().practice != practice {
            self.store.set_card(|card| card.practice = practice)?;
        }
        Ok(())
    }
}

fn day(text: &str) -> Result<String> {
    let text = text.trim();
    if survey::is_day(text) {
        return Ok(text.to_owned());
    }
    Err(refuse("not-a-day", "expected a day as YYYY-MM-DD, found another text"))
}

fn noted(view: &NotedView) -> Result<Option<Noted>> {
    let note = view.note.trim();
    match (view.on.trim(), note) {
        ("", "") => Ok(None),
        ("", _) | (_, "") => Err(refuse("noted-half", "expected a day and what was decided, found one of them")),
        (on, note) => Ok(Some(Noted { on: day(on)?, note: note.into() })),
    }
}
