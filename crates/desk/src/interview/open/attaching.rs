//! Answers that are files.

use tianye_survey::{Answer, Attachment};
use tianye_xform::{self as xform, Delta};

use super::{Keep, OpenInterview, parse, with_context};
use crate::interview::attachment::Files;
use crate::interview::control;
use crate::interview::remarks::{Kept, Remarked};
use crate::refusal::{Result, refuse};
use crate::view::{Capture, Control, Step, Unfinished};
use crate::world::{self, World};

/// Most chunks of all files of one interview (about 3 GB): more would not fit in what one entry may say.
const MOST_CHUNKS: usize = 3000;

impl OpenInterview {
    /// What a question for a file asks for.
    ///
    /// # Errors
    /// `readonly`; `answer-unknown-field` for a question that asks for no file, or that is not asked now.
    pub fn asked_file(&self, field: &str) -> Result<Capture> {
        self.writable()?;
        let path = parse(field)?;
        if let Some(sound) = self.wished_sound(&path) {
            return Ok(sound);
        }
        let node = self.session.view(&path).filter(|node| node.relevant && !node.readonly);
        if let Some(why) = node.as_ref().and_then(|node| self.withheld.of(&node.control, &node.appearance)) {
            return Err(refuse(why.code(), "expected what was agreed to, found a recording or a picture that was not"));
        }
        match node.map(|node| control::control(&self.session, &node, None)) {
            Some(Control::Capture(capture)) => Ok(capture),
            _ => Err(refuse("answer-unknown-field", "expected a question that asks for a file, found another")),
        }
    }

    /// Takes a sealed file as an answer. File and answer are durable when this returns; the chunks were before.
    ///
    /// # Errors
    /// As [`Self::asked_file`]; `attachments-too-many`; the store's refusal. The interview then stands as before.
    pub fn attach(
        &mut self,
        field: &str,
        file: &Attachment,
        recording: Option<i64>,
        keep: &dyn Keep,
        world: &dyn World,
    ) -> Result<Step> {
        self.asked_file(field)?;
        let found = self.files.chunks() + file.chunks.len();
        if found > MOST_CHUNKS {
            let detail = format!("expected files of at most {MOST_CHUNKS} parts in one interview, found {found}");
            return Err(refuse("attachments-too-many", detail));
        }
        let path = parse(field)?;
        let before = self.logged(&path);
        let wished = self.wished_sound(&path).is_some();
        let session = &mut self.session;
        let delta = with_context(world, &self.properties, |context| match wished {
            true => session.grant(&path, &file.name, context),
            false => session.answer(&path, &file.name, context),
        })?;
        if wished {
            self.sound.keep(&path);
        } else {
            self.watch.answered(path.as_str(), world.now());
        }
        self.log_answer(&path, before, world);
        self.files.insert(file.clone(), true);
        let mut kept = self.kept_of(&delta);
        kept.extend(self.waiting_events(world));
        let done = keep.keep_attached(self.record, &kept, file, recording);
        self.unfinished.retain(|(_, cut)| Some(i64::from(cut.id)) != recording || done.is_err());
        self.settle(&delta, done, keep, world)
    }

    /// A name is no answer to a question for a file: only what was attached is.
    pub(super) fn must_not_be_typed(&self, field: &str, value: &str) -> Result<()> {
        let path = parse(field)?;
        let node = self.session.view(&path);
        let asked = node.is_some_and(|node| matches!(node.control, xform::Control::Upload { .. }));
        let file = asked || self.wishes_sound(&path);
        if file && !value.is_empty() && self.files.get(value).is_none() {
            return Err(refuse("answer-needs-file", "expected a file that was attached, found a text"));
        }
        Ok(())
    }

    /// The files that answers of this interview name or named.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Tells of recordings that are no answer, and draws them.
    pub(crate) fn set_unfinished(&mut self, unfinished: Vec<(String, Unfinished)>) -> Step {
        self.unfinished = unfinished;
        self.step()
    }

    /// What an act wrote, as the draft log keeps it. What was remarked on an answer says nothing of the one that takes
    /// its place.
    pub(super) fn kept_of(&self, delta: &Delta) -> Vec<(String, Kept)> {
        let writes = delta.writes();
        let kept = |write: &xform::Field| {
            let answer = Answer::from(&write.given);
            (write.path.as_str().to_owned(), self.kept(answer, Remarked::default()))
        };
        writes.iter().map(kept).collect()
    }

    /// An answer with its file and what is remarked on it.
    pub(super) fn kept(&self, answer: Answer, remarked: Remarked) -> Kept {
        let file = self.files.named_by(&answer).cloned();
        Kept { answer, file, remarked }
    }

    /// After an act: what was kept is said, and what could not be kept is taken back.
    pub(super) fn settle(
        &mut self,
        delta: &Delta,
        done: Result<()>,
        keep: &dyn Keep,
        world: &dyn World,
    ) -> Result<Step> {
        if let Err(refusal) = done {
            self.rebuild(keep, world)?;
            self.draw();
            return Err(refusal);
        }
        for write in delta.writes() {
            self.remarks.remove(write.path.as_str());
        }
        self.saved = Some(world::iso(world.now()));
        Ok(self.step())
    }
}
