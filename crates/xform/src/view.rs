//! What a session shows: plain structs in the words of the person who fills the form in.
//!
//! Labels are text as the form has it (Markdown and all), values inserted. Types that hold answers do not show them in
//! `Debug`.

use std::fmt;

use crate::beyond::{Given, NonAnswer};
use crate::checks::CheckFault;
use crate::{FieldPath, RowId};

/// What kind of value a question takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A time of day, `hh:mm:ss` with optional fraction and offset.
    Time,
    /// A moment, `YYYY-MM-DDThh:mm:ss` with optional fraction and offset.
    DateTime,
    /// Latitude, longitude, and optionally altitude and accuracy, separated by spaces.
    GeoPoint,
    /// Points separated by `;`, a line.
    GeoTrace,
    /// Points separated by `;`, the last one equal to the first.
    GeoShape,
    /// The name of an attached file.
    Binary,
    /// The text of a barcode.
    Barcode,
    /// One choice value.
    SelectOne,
    /// Choice values separated by single spaces, in the order of the options.
    SelectMultiple,
    /// All choice values in the order of preference.
    Rank,
    /// `OK` once acknowledged.
    Acknowledge,
    /// An intent of a mobile client; text here.
    Intent,
}

/// How a question is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Control {
    /// Typing: text, numbers, dates, places, by [`ValueKind`].
    Input,
    /// Nothing to answer: a note (an input whose node is read-only and has no calculation and no type).
    Note,
    /// One of the options.
    SelectOne,
    /// Any of the options.
    SelectMultiple,
    /// All options in an order.
    Rank,
    /// A number between two bounds.
    Range {
        /// The least number.
        start: String,
        /// The greatest number.
        end: String,
        /// The distance between two numbers.
        step: String,
    },
    /// A box to tick.
    Trigger,
    /// A file.
    Upload {
        /// `image/*`, `audio/*`, …
        mediatype: String,
    },
    /// A group.
    Group,
    /// A repeat, its rows together.
    Repeat,
    /// One row of a repeat.
    Row,
    /// No control: calculated, metadata or hidden.
    None,
}

/// A file that goes with a label: `kind` is `image`, `big-image`, `audio` or `video`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MediaRef {
    /// `image`, `big-image`, `audio`, `video`.
    pub kind: String,
    /// The file name, without the `jr://images/` before it.
    pub file: String,
}

/// One option of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionView {
    /// The value that is stored.
    pub value: String,
    /// The label in the language asked for; the value itself if the form has none.
    pub label: String,
    /// Pictures and sound.
    pub media: Vec<MediaRef>,
}

/// Why an answer, or its absence, is not all right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Required and empty.
    Missing,
    /// The constraint does not hold.
    Constraint,
    /// The named check finds something.
    Check(CheckFault),
}

impl Fault {
    /// The stable kebab-case code: the key in the catalogue of messages.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "answer-missing",
            Self::Constraint => "answer-constraint",
            Self::Check(fault) => fault.code(),
        }
    }
}

/// An answer that is not all right, with the form's own message about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invalid {
    /// The question.
    pub path: FieldPath,
    /// What is wrong.
    pub fault: Fault,
    /// What the form says about it, in the active language. None: the screen says it in its own words.
    pub message: Option<String>,
    /// The question's label in the active language.
    pub label: String,
}

/// An answer that should be looked at again: it is kept as it is, and nothing waits for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// The question.
    pub path: FieldPath,
    /// What the form says about it, in the active language. None: the screen says it in its own words.
    pub message: Option<String>,
    /// The question's label in the active language.
    pub label: String,
}

/// A node as it is now.
#[derive(Clone, PartialEq, Eq)]
pub struct NodeView {
    /// Its address.
    pub path: FieldPath,
    /// Its name in the form.
    pub name: String,
    /// How it is asked.
    pub control: Control,
    /// What it takes.
    pub kind: ValueKind,
    /// Its label, empty if it has none.
    pub label: String,
    /// The short form of its label, for narrow places; empty if it has none beside the label.
    pub short: String,
    /// Its hint, empty if it has none.
    pub hint: String,
    /// Guidance for the interviewer, empty if it has none.
    pub guidance: String,
    /// Pictures, sound and film of the label.
    pub media: Vec<MediaRef>,
    /// The words of the appearance attribute.
    pub appearance: Vec<String>,
    /// Further attributes of the control and the bind by their names (`rows`, `accuracyThreshold`, `tianye:…`).
    pub attributes: Vec<(String, String)>,
    /// False: hidden now; its value is kept and counts as empty.
    pub relevant: bool,
    /// An answer is needed.
    pub required: bool,
    /// No answer is taken.
    pub readonly: bool,
    /// The value, empty if there is none or the node is not relevant.
    pub value: String,
    /// The value for reading: labels of chosen options joined, else the value.
    pub display: String,
    /// The options, for questions with options.
    pub options: Vec<OptionView>,
    /// What is not all right now. `Missing` stands here from the start; the screen decides when to speak of it.
    pub problem: Option<Invalid>,
    /// The soft check that does not hold now.
    pub doubt: Option<Doubt>,
    /// The answer carries risk, as the form says it (`tianye:risk`).
    pub risk: bool,
    /// The non-answer that stands here now; the value is empty then.
    pub non_answer: Option<NonAnswer>,
    /// The non-answers that the form declares here.
    pub non_answers: Vec<NonAnswer>,
    /// So many seconds should pass before the question is left.
    pub min_seconds: Option<u32>,
}

impl fmt::Debug for NodeView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeView")
            .field("path", &self.path)
            .field("control", &self.control)
            .field("kind", &self.kind)
            .field("relevant", &self.relevant)
            .field("required", &self.required)
            .field("readonly", &self.readonly)
            .field("answered", &(!self.value.is_empty() || self.non_answer.is_some()))
            .finish_non_exhaustive()
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// A person gave it, or blanked it.
    Answered,
    /// The form put it there as a starting value: a default, a `setvalue`.
    Default,
    /// The form computes it; a resumed session computes it again.
    Calculated,
    /// Start, end, today, device, instance id.
    Metadata,
    /// Not a value: the row exists. The value is its order key, blank when the row was removed.
    RowPresence,
}

/// Something that a form wishes from the device (ODK XForms specification, “Actions”).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum WishKind {
    /// The place where it is now (`odk:setgeopoint`).
    Place,
    /// Sound, recorded while the form is open (`odk:recordaudio`).
    Recording {
        /// `voice-only`, `low`, `normal`; empty for the client's own choice.
        quality: String,
    },
}

/// A wish, and for which node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish {
    /// The node that is to hold it.
    pub path: FieldPath,
    /// What is wished.
    pub what: WishKind,
}

/// A value to keep.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// Its address; the address of the row for [`Origin::RowPresence`].
    pub path: FieldPath,
    /// What stands there; blank if it was blanked. For a row its order key.
    pub given: Given,
    /// Where it comes from.
    pub origin: Origin,
    /// False while the node is not relevant, or the chosen option is not offered: keep it, but it counts as empty.
    pub counts: bool,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({} {:?} {:?})", self.path, self.origin, self.given)
    }
}

/// What one act changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    /// The changes. A node stands here once for each thing that changed.
    pub changed: Vec<Change>,
}

impl Delta {
    /// The values that must be kept so that nothing is lost: those given by people and those the form set. Calculated
    /// ones are left out, they come again by themselves.
    #[must_use]
    pub fn writes(&self) -> Vec<Field> {
        self.changed
            .iter()
            .filter_map(|change| match &change.what {
                What::Value { given, origin } if *origin != Origin::Calculated => {
                    Some(Field { path: change.path.clone(), given: given.clone(), origin: *origin, counts: true })
                }
                What::RowAdded { order, .. } | What::RowMoved { order, .. } => Some(Field {
                    path: change.path.clone(),
                    given: Given::Value(order.clone()),
                    origin: Origin::RowPresence,
                    counts: true,
                }),
                What::RowRemoved { kept: false } => Some(Field {
                    path: change.path.clone(),
                    given: Given::Blank,
                    origin: Origin::RowPresence,
                    counts: true,
                }),
                _ => None,
            })
            .collect()
    }

    /// True if nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }
}

/// One change of one node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The node.
    pub path: FieldPath,
    /// What changed.
    pub what: What,
}

/// What changed about a node.
#[derive(Clone, PartialEq, Eq)]
pub enum What {
    /// What is kept: the stored value or non-answer.
    Value {
        /// The new one.
        given: Given,
        /// Where it comes from.
        origin: Origin,
    },
    /// The value that counts, while the stored one stayed: an option went away or came back.
    Counts(bool),
    /// It is to be shown, or hidden.
    Relevant(bool),
    /// An answer is needed, or not.
    Required(bool),
    /// Answers are taken no more, or again.
    ReadOnly(bool),
    /// It became wrong, or right again (None).
    Validity(Option<Fault>),
    /// Its soft check stopped holding, or holds again.
    Doubtful(bool),
    /// Its label or hint may read differently.
    Label,
    /// Its options may be others.
    Options,
    /// A row came.
    RowAdded {
        /// Its place among its siblings, from 1.
        position: u32,
        /// Its order key.
        order: String,
    },
    /// A row stands elsewhere among its siblings, or its order key had to make room.
    RowMoved {
        /// Its place among its siblings, from 1.
        position: u32,
        /// Its order key.
        order: String,
    },
    /// A row went.
    RowRemoved {
        /// Its values are kept: the count may ask for it again.
        kept: bool,
    },
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value { given, origin } => write!(f, "Value({origin:?}, {given:?})"),
            Self::Counts(now) => write!(f, "Counts({now})"),
            Self::Relevant(now) => write!(f, "Relevant({now})"),
            Self::Required(now) => write!(f, "Required({now})"),
            Self::ReadOnly(now) => write!(f, "ReadOnly({now})"),
            Self::Validity(now) => write!(f, "Validity({now:?})"),
            Self::Doubtful(now) => write!(f, "Doubtful({now})"),
            Self::Label => f.write_str("Label"),
            Self::Options => f.write_str("Options"),
            Self::RowAdded { position, .. } => write!(f, "RowAdded({position})"),
            Self::RowMoved { position, .. } => write!(f, "RowMoved({position})"),
            Self::RowRemoved { kept } => write!(f, "RowRemoved(kept {kept})"),
        }
    }
}

/// How far a part of the form is. Only relevant questions count; notes, calculated and read-only ones do not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Questions with an answer or a non-answer.
    pub answered: u32,
    /// Questions in all.
    pub total: u32,
    /// Required questions without an answer.
    pub missing: u32,
    /// Answers that break a constraint.
    pub broken: u32,
}

impl Progress {
    /// Adds the counts of another part.
    pub fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.total += other.total;
        self.missing += other.missing;
        self.broken += other.broken;
    }
}

/// The form as a person walks through it: sections (the top groups) with pages.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outline {
    /// The sections in order.
    pub sections: Vec<Section>,
    /// How far the whole is.
    pub progress: Progress,
}

impl Outline {
    /// All pages in order.
    pub fn pages(&self) -> impl Iterator<Item = &Page> {
        self.sections.iter().flat_map(|section| &section.pages)
    }
}

/// A part of the case tree: a group at the top of the form, or a run of questions that stand in no group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// The group, None for questions that stand in no group.
    pub path: Option<FieldPath>,
    /// Its label, empty if it has none.
    pub title: String,
    /// False: the whole section is not to be asked.
    pub relevant: bool,
    /// How far it is.
    pub progress: Progress,
    /// Its pages in order, also those not relevant now.
    pub pages: Vec<Page>,
}

/// What a page is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PageKind {
    /// One question.
    Question,
    /// Several questions together: a group with the appearance `field-list`.
    FieldList,
    /// A repeat with its rows.
    Roster,
}

/// What one screen shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// The question, the group or the repeat: the page's identity.
    pub path: FieldPath,
    /// What it is.
    pub kind: PageKind,
    /// The label of the question, group or repeat.
    pub title: String,
    /// Titles of the groups between section and page, outermost first.
    pub trail: Vec<String>,
    /// False: nothing on it is to be asked.
    pub relevant: bool,
    /// How far it is.
    pub progress: Progress,
    /// What stands on it in order: questions and notes, also those not relevant now; inner group titles as items of
    /// their own; a roster inside a field list as one item. Empty for a roster.
    pub items: Vec<Item>,
    /// The rows of a roster. Empty for other pages.
    pub rows: Vec<RowView>,
    /// A roster: the paths of its questions without rows, in order, the columns.
    pub columns: Vec<String>,
    /// A roster: a person may add a row now (no fixed count, add and remove not forbidden).
    pub can_add: bool,
}

/// One thing on a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// The node.
    pub path: FieldPath,
    /// What it is.
    pub kind: ItemKind,
    /// False: hidden now.
    pub relevant: bool,
}

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    /// A question or a note.
    Question,
    /// The title of an inner group; its questions follow as items.
    Heading,
    /// A repeat; its rows are not listed, ask [`crate::Session::roster`].
    Roster,
}

/// One row of a roster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowView {
    /// The row's address.
    pub path: FieldPath,
    /// Its identity.
    pub id: RowId,
    /// Its place, from 1.
    pub position: u32,
    /// The label of its first inner group or of the repeat, in the active language.
    pub title: String,
    /// False: not to be asked.
    pub relevant: bool,
    /// How far it is.
    pub progress: Progress,
    /// A person may remove it.
    pub can_remove: bool,
    /// What stands in it, in order.
    pub items: Vec<Item>,
}
