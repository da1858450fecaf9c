//! Trying a checked form: an interview of nobody, kept in memory and nowhere else.
//!
//! The screens and every rule are those of a real interview. When the author has mended the workbook and it is checked
//! again, the trial goes on with the answers given so far.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tianye_journal::RecordId;
use tianye_survey::{Attachment, FormHash};
use tianye_xform::Form;

use crate::desk::Desk;
use crate::forms::Checked;
use crate::interview::open::{Heading, Keep, OpenInterview, Opening, Stop};
use crate::interview::page::Notes;
use crate::interview::remarks::Kept;
use crate::refusal::{Result, refuse};
use crate::view::{InterviewState, InterviewView, VersionsView};

/// A form that is tried, and what was answered.
pub(crate) struct Trial {
    record: RecordId,
    form: Arc<Form>,
    media: Vec<(String, Vec<u8>)>,
    memory: Mutex<Memory>,
}

/// What a draft in the store holds, in memory.
#[derive(Clone, Default)]
struct Memory {
    fields: Vec<(String, Kept)>,
    notes: Notes,
    place: Option<Stop>,
    language: String,
    /// Each change with what stood before.
    changes: Vec<(String, Option<Kept>)>,
}

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trial({})", self.form.id())
    }
}

impl Desk {
    /// Opens the form that was checked last for trying: nothing of it is stored, sealed or sent. A trial that is open
    /// goes on in the form as it is now.
    ///
    /// # Errors
    /// No usable form was checked; the store's refusal while the interview open before is left.
    pub fn try_form(&mut self) -> Result<InterviewView> {
        let Some(checked) = &self.checked else {
            return Err(refuse("form-unusable", "expected a form that was checked and can be used, found none"));
        };
        let before = self.trial.as_ref().map(|trial| trial.memory().clone());
        let trial = Arc::new(Trial::of(checked, self.new_record(), before.unwrap_or_default()));
        let version = FormHash(*blake3::hash(checked.converted.xform.as_bytes()).as_bytes());
        self.leave_quietly()?;
        let Memory { fields, notes, place, language, .. } = trial.memory().clone();
        let opening = Opening {
            record: trial.record,
            heading: Heading {
                code: String::new(),
                name: String::new(),
                site: String::new(),
                state: InterviewState::Draft,
                answered_by: String::new(),
                practice: false,
                trial: true,
            },
            withheld: crate::consenting::Withheld::default(),
            unusable: crate::consenting::Withheld::default(),
            form: Arc::clone(&trial.form),
            version,
            versions: VersionsView::default(),
            apart: Vec::new(),
            corrected: false,
            torn: BTreeSet::new(),
            properties: self.properties(),
            fields: (!fields.is_empty()).then_some(fields),
            notes,
            unfinished: Vec::new(),
            place: place.map(|stop| stop.place()),
            language,
            readonly: false,
            saved: None,
        };
        let open = OpenInterview::open(opening, &*trial, &*self.world)?;
        let view = open.view();
        (self.open, self.erased_open) = (Some(open), false);
        self.trial = Some(trial);
        Ok(view)
    }
}

impl Trial {
    fn of(checked: &Checked, record: RecordId, memory: Memory) -> Self {
        let (form, media) = (Arc::clone(&checked.form), checked.media.clone());
        Self { record, form, media, memory: Mutex::new(memory) }
    }

    /// A file beside the form.
    pub(crate) fn media(&self, name: &str) -> Option<&[u8]> {
        self.media.iter().find(|(file, _)| file == name).map(|(_, bytes)| bytes.as_slice())
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn put(&mut self, field: &str, kept: Option<Kept>) -> Option<Kept> {
        let at = self.fields.iter().position(|(path, _)| path == field);
        match (at, kept) {
            (Some(at), Some(kept)) => Some(std::mem::replace(&mut self.fields[at].1, kept)),
            (Some(at), None) => Some(self.fields.remove(at).1),
            (None, Some(kept)) => {
                self.fields.push((field.to_owned(), kept));
                None
            }
            (None, None) => None,
        }
    }

    fn change(&mut self, field: &str, kept: Kept) {
        let before = self.put(field, Some(kept));
        self.changes.push((field.to_owned(), before));
    }
}

impl Keep for Trial {
    // Nothing names the chunks of a trial's file: they are swept when the store is unlocked again, and their key is only
    // here.
    fn keep_attached(&self, record: RecordId, kept: &[(String, Kept)], _: &Attachment, _: Option<i64>) -> Result<()> {
        self.keep(record, kept)
    }

    fn holds(&self, _: &Attachment) -> bool {
        true
    }

    fn keep(&self, _: RecordId, kept: &[(String, Kept)]) -> Result<()> {
        let mut memory = self.memory();
        for (field, kept) in kept {
            memory.change(field, kept.clone());
        }
        Ok(())
    }

    fn keep_note(&self, _: RecordId, field: &str, note: &str) -> Result<()> {
        self.memory().notes.insert(field.to_owned(), note.to_owned());
        Ok(())
    }

    fn keep_place(&self, _: RecordId, place: &Stop) -> Result<()> {
        self.memory().place = Some(place.clone());
        Ok(())
    }

    fn keep_language(&self, _: RecordId, language: &str) -> Result<()> {
        language.clone_into(&mut self.memory().language);
        Ok(())
    }

    fn take_back(&self, _: RecordId) -> Result<Option<String>> {
        let mut memory = self.memory();
        let Some((field, before)) = memory.changes.pop() else { return Ok(None) };
        memory.put(&field, before);
        Ok(Some(field))
    }

    fn fields(&self, _: RecordId) -> Result<Vec<(String, Kept)>> {
        Ok(self.memory().fields.clone())
    }
}
