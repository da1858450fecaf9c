//! Sound that the form wishes while the interview is open (`background-audio`, `odk:recordaudio`).
//!
//! Nothing is recorded by itself: the screen asks those in the room first. What they say is noted at the node, and in the
//! audit log if the form has one; “not now” stands until the interview is opened again. The recording is a file like any
//! other. A node that has one already, from an earlier sitting, keeps it: nothing is recorded over it.

use std::collections::BTreeSet;

use tianye_xform::{FieldPath, Wish, WishKind};

use super::{Keep, OpenInterview, parse};
use crate::interview::control::{bits_of, largest};
use crate::refusal::{Result, refuse};
use crate::view::{Capture, CaptureKind, SoundState, SoundWish, Step};
use crate::world::World;

/// What became of wishes in this sitting.
#[derive(Debug, Clone, Default)]
pub(super) struct Sound {
    /// Nodes for which nothing is to be recorded.
    declined: BTreeSet<FieldPath>,
    /// The node that got its recording last.
    kept: Option<FieldPath>,
}

impl Sound {
    /// A node got its recording.
    pub(super) fn keep(&mut self, path: &FieldPath) {
        self.kept = Some(path.clone());
    }
}

impl OpenInterview {
    /// What the form wishes now, and how far it is; the first, if there are several. Where recording was not agreed to, it says
    /// why.
    pub(super) fn sound_wish(&self) -> Option<SoundWish> {
        if self.readonly || self.heading.trial {
            return None;
        }
        let withheld = self.withheld.audio.map(|standing| standing.code().to_owned()).unwrap_or_default();
        let held = |path: &FieldPath| self.session.value(path).is_some_and(|value| !value.is_empty());
        let wished = self.sounds_wished().next().map(|(wish, quality)| (wish.path, bits_of(&quality)));
        let (path, bits) = wished.or_else(|| Some((self.sound.kept.clone().filter(held)?, 0)))?;
        let state = if held(&path) {
            SoundState::Kept
        } else if self.sound.declined.contains(&path) {
            SoundState::Declined
        } else {
            SoundState::Wished
        };
        let unfinished = self.unfinished.iter().find(|(field, _)| field == path.as_str()).map(|(_, cut)| cut.clone());
        // What was cut off before the word was taken back is not offered either.
        let unfinished = unfinished.filter(|_| withheld.is_empty());
        Some(SoundWish { field: path.as_str().to_owned(), bits, state, unfinished, withheld })
    }

    /// Takes what those in the room say to being recorded, with a note that says it; durable when this returns.
    ///
    /// # Errors
    /// `answer-unknown-field` where the form wishes no sound; as [`Self::set_note`].
    pub fn answer_sound_wish(
        &mut self,
        field: &str,
        agreed: bool,
        note: &str,
        keep: &dyn Keep,
        world: &dyn World,
    ) -> Result<Step> {
        self.writable()?;
        let path = parse(field)?;
        if self.wished_sound(&path).is_none() {
            return Err(refuse("answer-unknown-field", "expected a node for which sound is wished, found another"));
        }
        let before = self.notes.get(field).cloned().unwrap_or_default();
        if before.lines().next_back() != Some(note) {
            let note = if before.is_empty() { note.to_owned() } else { format!("{before}\n{note}") };
            self.set_note(field, &note, keep, world)?;
        }
        // The names that ODK gives these moments.
        let moment = if agreed { "background audio enabled" } else { "background audio disabled" };
        self.log_moment(&[moment], keep, world)?;
        if agreed {
            self.sound.declined.remove(&path);
        } else {
            self.sound.declined.insert(path);
        }
        Ok(self.step())
    }

    /// What is asked for where sound is wished; none where a recording is there already.
    pub(super) fn wished_sound(&self, path: &FieldPath) -> Option<Capture> {
        if self.withheld.audio.is_some() {
            return None;
        }
        let (_, quality) = self.sounds_wished().find(|(wish, _)| wish.path == *path)?;
        if self.session.value(path).is_some_and(|value| !value.is_empty()) {
            return None;
        }
        Some(Capture {
            of: CaptureKind::Recording,
            front: false,
            largest: largest(CaptureKind::Recording),
            max_pixels: 0,
            bits: bits_of(&quality),
            file: None,
            unfinished: None,
            withheld: String::new(),
        })
    }

    /// Whether the form wishes sound here, there or not.
    pub(super) fn wishes_sound(&self, path: &FieldPath) -> bool {
        self.sounds_wished().any(|(wish, _)| wish.path == *path) || self.sound.kept.as_ref() == Some(path)
    }

    fn sounds_wished(&self) -> impl Iterator<Item = (Wish, String)> {
        self.session.wishes().into_iter().filter_map(|wish| match &wish.what {
            WishKind::Recording { quality } => {
                let quality = quality.clone();
                Some((wish, quality))
            }
            // A laptop has no place to tell: whoever wants one asks for it.
            WishKind::Place => None,
        })
    }
}
