//! What a person does in an open interview: answering, rows, notes, going about, taking back, finishing.

use tianye_xform::{self as xform, FieldPath, RowId};

use super::{Keep, OpenInterview, given, parse, with_context};
use crate::interview::page::{self, Place};
use crate::refusal::{Result, refuse};
use crate::view::{AnswerInput, InterviewView, Move, NonAnswer, Step};
use crate::world::{self, World};

/// Longest note, in characters.
pub(super) const LONGEST_NOTE: usize = 4000;

impl OpenInterview {
    /// Takes an answer. It is durable when this returns.
    ///
    /// # Errors
    /// `not-an-integer` and the like when the text is no value of that type; the store's refusal. In both cases the
    /// interview stands as before.
    pub fn answer(&mut self, input: &AnswerInput, keep: &dyn Keep, world: &dyn World) -> Result<Step> {
        self.writable()?;
        self.must_not_be_typed(&input.field, &input.value)?;
        let field = parse(&input.field)?;
        let before = self.logged(&field);
        let session = &mut self.session;
        let delta = with_context(world, &self.properties, |context| session.answer(&field, &input.value, context))?;
        self.log_answer(&field, before, world);
        self.watch.answered(field.as_str(), world.now());
        self.durably(&delta, keep, world)
    }

    /// Gives a declared non-answer. It is durable when this returns.
    ///
    /// # Errors
    /// `answer-not-declared` where the form does not have it; the store's refusal. The interview then stands as before.
    pub fn give_non_answer(
        &mut self,
        field: &str,
        non_answer: NonAnswer,
        keep: &dyn Keep,
        world: &dyn World,
    ) -> Result<Step> {
        self.writable()?;
        let field = parse(field)?;
        let before = self.logged(&field);
        let (session, non_answer) = (&mut self.session, non_answer.into());
        let give = |context: &xform::Context<'_>| session.give_non_answer(&field, non_answer, context);
        let delta = with_context(world, &self.properties, give)?;
        self.log_answer(&field, before, world);
        self.watch.answered(field.as_str(), world.now());
        self.durably(&delta, keep, world)
    }

    /// Adds a row to a repeat.
    ///
    /// # Errors
    /// A closed repeat; the store's refusal.
    pub fn add_row(&mut self, repeat: &str, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        self.writable()?;
        let repeat = parse(repeat)?;
        let id = RowId::random(world::random_u128(world));
        let row = repeat.with_row(&id);
        let session = &mut self.session;
        let delta = with_context(world, &self.properties, |context| session.add_row(&repeat, id, context))?;
        self.log_row("add repeat", &row, world);
        self.durably(&delta, keep, world)?;
        let first = self.shown.page.rows.iter().find(|shown| shown.path == row.as_str());
        let focus = first.and_then(|row| row.fields.first()).cloned().unwrap_or_default();
        if let Place::Page { focus: place, .. } = &mut self.place {
            *place = focus;
        }
        self.draw();
        Ok(self.view())
    }

    /// Removes a row of a repeat.
    ///
    /// # Errors
    /// A row the form made; the store's refusal.
    pub fn remove_row(&mut self, row: &str, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        self.writable()?;
        let row = parse(row)?;
        self.log_row("delete repeat", &row, world);
        let session = &mut self.session;
        let removed = with_context(world, &self.properties, |context| session.remove_row(&row, context));
        let delta = removed.inspect_err(|_| drop(self.waiting_events(world)))?;
        self.durably(&delta, keep, world)?;
        Ok(self.view())
    }

    /// Attaches the interviewer's note to a question.
    ///
    /// # Errors
    /// A note that is too long; the store's refusal.
    pub fn set_note(&mut self, field: &str, note: &str, keep: &dyn Keep, world: &dyn World) -> Result<Step> {
        self.writable()?;
        let found = note.chars().count();
        if found > LONGEST_NOTE {
            return Err(refuse("too-long", format!("expected at most {LONGEST_NOTE} characters, found {found}"))
                .with("limit", LONGEST_NOTE.to_string()));
        }
        let field = parse(field)?;
        keep.keep_note(self.record, field.as_str(), note.trim())?;
        self.notes.insert(field.as_str().to_owned(), note.trim().to_owned());
        self.saved = Some(world::iso(world.now()));
        Ok(self.step())
    }

    /// Goes to another page.
    ///
    /// # Errors
    /// `must-fix` when the page has a hard problem and the move is "next"; the store's refusal.
    pub fn go(&mut self, to: &Move, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        let after = match self.place_after(to) {
            Ok(after) => after,
            Err(refusal) => {
                self.log_refused(keep, world)?;
                return Err(refusal);
            }
        };
        if after != self.place {
            self.leave_page(keep, world)?;
            self.log_leaving(Some(to), keep, world)?;
        }
        let before = std::mem::replace(&mut self.place, after);
        self.draw();
        if !self.readonly
            && let Err(refusal) = keep.keep_place(self.record, &self.stop())
        {
            self.place = before;
            self.draw();
            return Err(refusal);
        }
        Ok(self.view())
    }

    /// Shows the form in another of its languages.
    ///
    /// # Errors
    /// A language the form does not have; the store's refusal.
    pub fn set_language(&mut self, index: u32, keep: &dyn Keep) -> Result<InterviewView> {
        let languages = self.form.languages();
        let Some(language) = languages.get(index as usize).cloned() else {
            let detail = format!("expected a language below {}, found {index}", languages.len());
            return Err(refuse("internal", detail));
        };
        if !self.readonly {
            keep.keep_language(self.record, &language)?;
        }
        self.session.set_language(&language);
        self.draw();
        Ok(self.view())
    }

    /// Takes the last change back.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn undo(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<InterviewView> {
        self.writable()?;
        while let Some(field) = keep.take_back(self.record)? {
            let taken = field.clone();
            let before = (self.given(&field), self.remarked(&field).haste);
            let logged = FieldPath::parse(&field).ok().map(|path| (self.logged(&path), path));
            self.rebuild(keep, world)?;
            if let Some((old, path)) = logged {
                self.log_answer(&path, old, world);
                self.keep_waiting(keep, world)?;
            }
            self.saved = Some(world::iso(world.now()));
            if let Ok(field) = FieldPath::parse(&field)
                && let Some(page) = page::page_of(&self.outline(), &field)
            {
                self.place = Place::Page { key: page.path.as_str().to_owned(), focus: field.as_str().to_owned() };
            }
            // That a question was left too soon was no act of the interviewer: the one before it is meant.
            let haste_only = before.1.is_some() && self.remarked(&taken).haste.is_none();
            if !haste_only || before.0 != self.given(&taken) {
                break;
            }
        }
        self.draw();
        Ok(self.view())
    }

    /// Writes the closing metadata when nothing must be put right.
    ///
    /// # Errors
    /// `must-fix` with the number of problems; `change-reason-missing`; the store's refusal.
    pub fn finish(&mut self, keep: &dyn Keep, world: &dyn World) -> Result<()> {
        self.writable()?;
        let wrong = self.unanswerable.must_fix(&self.session).len();
        if wrong > 0 {
            self.log_moment(&["constraint error"], keep, world)?;
            self.place = Place::Completion;
            self.draw();
            return Err(
                refuse("must-fix", format!("expected no problem, found {wrong}")).with("count", wrong.to_string())
            );
        }
        if self.reason().is_some_and(str::is_empty) {
            return Err(refuse("change-reason-missing", "expected why the interview is corrected, found nothing"));
        }
        let session = &mut self.session;
        let delta = with_context(world, &self.properties, |context| session.finalise(context));
        self.log_leaving(None, keep, world)?;
        self.log_moment(&["form save", "form finalize"], keep, world)?;
        keep.keep(self.record, &self.kept_of(&delta))
    }

    pub(super) fn given(&self, field: &str) -> xform::Given {
        let node = FieldPath::parse(field).ok().and_then(|path| self.session.view(&path));
        node.map(|node| given(&node)).unwrap_or_default()
    }
}
