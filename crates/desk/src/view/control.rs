//! How a question is answered: one variant for each kind, with how it is drawn.

use serde::Serialize;
use specta::Type;

use super::{Block, Capture, MediaFile, quiet};

quiet!(Choice, Control);

/// How a question is answered.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Control {
    /// Words.
    Text {
        /// Several lines.
        multiline: bool,
        /// Lines of the text area; 0 if the form does not say.
        rows: u32,
        /// What kind of words.
        form: TextForm,
    },
    /// A whole number.
    Integer {
        /// Digits stand in threes.
        thousands: bool,
        /// Buttons to count up and down.
        counter: bool,
    },
    /// A number.
    Decimal {
        /// Digits stand in threes.
        thousands: bool,
    },
    /// A number between two bounds.
    Range(Range),
    /// A date, or a part of one.
    Date {
        /// Which parts are asked; the others are stored as 1.
        parts: DateParts,
    },
    /// A time of day.
    Time,
    /// A date and a time of day.
    DateTime,
    /// One of the options.
    SelectOne {
        /// Options now available.
        options: Vec<Choice>,
        /// How they are drawn.
        look: SelectLook,
        /// Choosing goes on to the next page.
        quick: bool,
    },
    /// Some of the options.
    SelectMany {
        /// Options now available.
        options: Vec<Choice>,
        /// How they are drawn.
        look: SelectLook,
    },
    /// The options in an order.
    Rank {
        /// Options now available.
        options: Vec<Choice>,
    },
    /// A place, a line of places, or an area.
    Place {
        /// Which of the three.
        shape: PlaceShape,
    },
    /// A bar code: typed, scanned, or read from a picture.
    Code {
        /// Whether the camera towards the person at the screen is meant.
        front: bool,
        /// Whether it is not to be read by others on the screen.
        masked: bool,
    },
    /// A file: a photograph, a drawing, a recording.
    Capture(Capture),
    /// Text to read, nothing to answer.
    Note,
    /// The label of a group inside a page.
    Heading,
    /// Labels of options, as the head of the table of the questions that follow.
    OptionLabels {
        /// The options.
        options: Vec<Choice>,
    },
    /// A tick that it was read or done.
    Acknowledge,
    /// A value that the form computed, shown only.
    Shown,
    /// A kind that this version cannot ask; the interviewer goes on.
    Unsupported {
        /// What it would be: `unsupported-<what>` in the catalogue.
        what: Unasked,
    },
}

/// What kind of words a text takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TextForm {
    /// Any.
    Plain,
    /// Digits, kept as text: a telephone number, a code.
    Digits,
    /// An address of the web, shown as text.
    Url,
    /// Not to be read by others on the screen.
    Masked,
}

/// A number between two bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Range {
    /// The number it begins with, as the form writes it; may be above `end`.
    pub start: String,
    /// The number it ends with.
    pub end: String,
    /// The distance between two numbers, above 0.
    pub step: String,
    /// Whether only whole numbers stand between them.
    pub whole: bool,
    /// How it is drawn.
    pub look: RangeLook,
    /// Whether the scale has marks.
    pub ticks: bool,
    /// Distance between two marks; empty for each step.
    pub tick_interval: String,
    /// Words below some numbers: the option's value is the number.
    pub labels: Vec<Choice>,
    /// Where the steps begin while there is no answer; empty for `start`.
    pub placeholder: String,
}

/// How a range is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RangeLook {
    /// A scale from left to right.
    Scale,
    /// A scale from the bottom up.
    Vertical,
    /// A list of the numbers, found by typing.
    Picker,
    /// The numbers in a row, one digit each.
    Rating,
}

/// The parts of a date that are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DateParts {
    /// The day.
    Day,
    /// The month and the year.
    Month,
    /// The year.
    Year,
}

/// How the options of a select are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SelectLook {
    /// Below one another.
    List,
    /// Found by typing.
    Search,
    /// In a row, as a scale of agreement.
    Likert,
    /// In this many columns of equal width; 0 for as many as fit.
    Columns(u32),
    /// Beside one another, each as wide as it needs.
    Pack,
    /// In a row with their labels above.
    Row,
    /// A row of a table whose head stands elsewhere.
    Bare,
}

/// The shape of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PlaceShape {
    /// One point.
    Point,
    /// A line of points.
    Trace,
    /// A closed line of points.
    Shape,
}

/// What this version cannot ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Unasked {
    /// Printing on a label printer.
    Printing,
    /// A control that this version does not know.
    Other,
}

/// An option of a select.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Choice {
    /// Name in the data.
    pub value: String,
    /// Label in the shown language, without markup.
    pub label: String,
    /// The label with its weight and colour; empty if it has none.
    pub words: Vec<Block>,
    /// Label in the other language, or empty: searched too.
    pub peek: String,
    /// Pictures and sound.
    pub media: Vec<MediaFile>,
}
