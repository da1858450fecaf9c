//! How a question is answered on the screen.
//!
//! The form's control, its type and the words of its appearance make one [`Control`]; what a laptop does in another way
//! than the form asks is told by notices. A word that is not known changes nothing.

use tianye_xform::{self as xform, NodeView, Session, ValueKind};

use super::{appearance, markup};
use crate::view::{
    Capture, CaptureKind, Choice, Control, DateParts, MediaFile, MediaKind, PlaceShape, Range, RangeLook, SelectLook,
    TextForm, Unasked,
};

/// Lists longer than this are found by typing.
const LONG_LIST: usize = 12;

/// Longest row of numbers for a rating; a longer one is a scale.
const LONGEST_RATING: f64 = 20.0;

/// The control for a node; options carry their label in the peek's language too, so that both can be searched.
#[must_use]
pub fn control(session: &Session, node: &NodeView, peek: Option<&str>) -> Control {
    if let Some(what) = unasked(&node.control, &node.appearance) {
        return Control::Unsupported { what };
    }
    match &node.control {
        xform::Control::Note => Control::Note,
        xform::Control::None => Control::Shown,
        xform::Control::Trigger => Control::Acknowledge,
        xform::Control::SelectOne if has(node, "label") => {
            Control::OptionLabels { options: choices(session, node, peek) }
        }
        xform::Control::SelectMultiple if has(node, "label") => {
            Control::OptionLabels { options: choices(session, node, peek) }
        }
        xform::Control::SelectOne => Control::SelectOne {
            options: choices(session, node, peek),
            look: look(node),
            quick: node.appearance.iter().any(|word| word == "quick" || word.starts_with("quickcompact")),
        },
        xform::Control::SelectMultiple => {
            Control::SelectMany { options: choices(session, node, peek), look: look(node) }
        }
        xform::Control::Rank => Control::Rank { options: choices(session, node, peek) },
        xform::Control::Range { start, end, step } => range(session, node, [start, end, step], peek),
        xform::Control::Input if node.readonly && node.kind != ValueKind::Text => Control::Shown,
        xform::Control::Group => Control::Heading,
        xform::Control::Input => input(node),
        xform::Control::Upload { mediatype } => Control::Capture(capture(node, mediatype)),
        xform::Control::Repeat | xform::Control::Row => Control::Unsupported { what: Unasked::Other },
    }
}

/// Whether a control asks something: notes and what is only computed do not.
#[must_use]
pub fn asks(control: &xform::Control) -> bool {
    use xform::Control::{Group, None, Note, Repeat, Row};
    !matches!(control, Note | None | Group | Repeat | Row)
}

/// What this version cannot ask, though the form does.
#[must_use]
pub fn unasked(control: &xform::Control, appearance: &[String]) -> Option<Unasked> {
    match control {
        xform::Control::Input if appearance.iter().any(|word| word == "printer" || word.starts_with("printer:")) => {
            Some(Unasked::Printing)
        }
        _ => None,
    }
}

/// What a question for a file asks for. The file itself and what was cut off are the interview's, and come with it.
#[must_use]
pub fn capture(node: &NodeView, mediatype: &str) -> Capture {
    let of = match mediatype.split('/').next().unwrap_or_default() {
        "image" if has(node, "signature") => CaptureKind::Signature,
        "image" if has(node, "draw") => CaptureKind::Drawing,
        "image" if has(node, "annotate") => CaptureKind::Annotation,
        "image" => CaptureKind::Photograph,
        "audio" => CaptureKind::Recording,
        "video" => CaptureKind::Film,
        _ => CaptureKind::File,
    };
    let bits = bits_of(attribute(node, "quality").unwrap_or_default());
    let max_pixels = attribute(node, "max-pixels").and_then(|pixels| pixels.parse().ok()).unwrap_or(0);
    let front = has(node, "selfie") || has(node, "new-front");
    Capture { of, front, largest: largest(of), max_pixels, bits, file: None, unfinished: None, withheld: String::new() }
}

/// Bits a second of a recording of this quality; 0 for what the program usually takes.
#[must_use]
pub fn bits_of(quality: &str) -> u32 {
    match quality {
        "voice-only" => 16_000,
        "low" => 32_000,
        "normal" => 64_000,
        _ => 0,
    }
}

/// Most bytes of a file. A picture is read as a whole; the others go through in parts.
#[must_use]
pub fn largest(kind: CaptureKind) -> u32 {
    const MIB: u32 = 1 << 20;
    match kind {
        CaptureKind::Photograph | CaptureKind::Drawing | CaptureKind::Annotation | CaptureKind::Signature => 32 * MIB,
        CaptureKind::Recording | CaptureKind::File => 256 * MIB,
        CaptureKind::Film => 1024 * MIB,
    }
}

/// Whether a question has an answer of its own: not what cannot be asked, and not the head of a table.
#[must_use]
pub fn answerable(control: &xform::Control, appearance: &[String]) -> bool {
    let select = matches!(control, xform::Control::SelectOne | xform::Control::SelectMultiple);
    let head = select && appearance.iter().any(|word| word == "label");
    asks(control) && !head && unasked(control, appearance).is_none()
}

/// Whether the answer is hidden on the screen once it was given.
#[must_use]
pub fn masked(node: &NodeView) -> bool {
    ["masked", "hidden-answer"].iter().any(|word| has(node, word))
}

/// What the form asks for and a laptop does in another way.
#[must_use]
pub fn notices(node: &NodeView) -> Vec<String> {
    const CALENDARS: &[&str] = &["ethiopian", "coptic", "islamic", "bikram-sambat", "myanmar", "persian"];
    if !asks(&node.control) || unasked(&node.control, &node.appearance).is_some() {
        return Vec::new();
    }
    let any = |words: &[&str]| words.iter().any(|word| has(node, word));
    let place = matches!(node.kind, ValueKind::GeoPoint | ValueKind::GeoTrace | ValueKind::GeoShape);
    let select = matches!(node.control, xform::Control::SelectOne | xform::Control::SelectMultiple);
    let mut notices = Vec::new();
    let mut say = |when: bool, code: &str| {
        if when {
            notices.push(code.to_owned());
        }
    };
    say(place, "place");
    say(select && any(&["map"]), "map-list");
    say(select && any(&["image-map"]), "image-map");
    say(matches!(node.kind, ValueKind::Date | ValueKind::DateTime) && any(CALENDARS), "calendar");
    say(any(&["bearing"]), "bearing");
    say(node.kind == ValueKind::Barcode, "barcode");
    say(node.appearance.iter().any(|word| word.starts_with("ex:")), "other-program");
    notices
}

/// The files of a label, as the screen asks for them.
#[must_use]
pub fn media(files: &[xform::MediaRef]) -> Vec<MediaFile> {
    let file = |file: &xform::MediaRef| {
        let kind = match file.kind.as_str() {
            "image" => MediaKind::Image,
            "big-image" => MediaKind::BigImage,
            "audio" => MediaKind::Audio,
            "video" => MediaKind::Video,
            _ => return None,
        };
        Some(MediaFile { kind, file: file.file.clone() })
    };
    files.iter().filter_map(file).collect()
}

fn has(node: &NodeView, word: &str) -> bool {
    node.appearance.iter().any(|other| other == word)
}

fn input(node: &NodeView) -> Control {
    let thousands = has(node, "thousands-sep");
    match node.kind {
        ValueKind::Integer => Control::Integer { thousands, counter: has(node, "counter") },
        ValueKind::Decimal => Control::Decimal { thousands },
        ValueKind::Date => Control::Date { parts: date_parts(node) },
        ValueKind::Time => Control::Time,
        ValueKind::DateTime => Control::DateTime,
        ValueKind::Barcode => Control::Code { front: has(node, "front"), masked: masked(node) },
        ValueKind::GeoPoint => Control::Place { shape: PlaceShape::Point },
        ValueKind::GeoTrace => Control::Place { shape: PlaceShape::Trace },
        ValueKind::GeoShape => Control::Place { shape: PlaceShape::Shape },
        _ => {
            let rows = attribute(node, "rows").and_then(|rows| rows.parse::<u32>().ok()).unwrap_or(0).min(20);
            let form = if masked(node) {
                TextForm::Masked
            } else if has(node, "url") {
                TextForm::Url
            } else if has(node, "numbers") {
                TextForm::Digits
            } else {
                TextForm::Plain
            };
            let multiline = form == TextForm::Plain && (has(node, "multiline") || rows > 1);
            Control::Text { multiline, rows, form }
        }
    }
}

fn date_parts(node: &NodeView) -> DateParts {
    if has(node, "month-year") {
        DateParts::Month
    } else if has(node, "year") {
        DateParts::Year
    } else {
        DateParts::Day
    }
}

fn attribute<'n>(node: &'n NodeView, name: &str) -> Option<&'n str> {
    let local = |key: &str| key.rsplit(':').next().map(str::to_owned);
    let found = node.attributes.iter().find(|(key, _)| local(key).as_deref() == Some(name));
    found.map(|(_, value)| value.trim())
}

fn range(session: &Session, node: &NodeView, [start, end, step]: [&String; 3], peek: Option<&str>) -> Control {
    let whole = node.kind == ValueKind::Integer;
    let bounds = [start, end, step].map(|text| text.parse::<f64>().ok().filter(|number| number.is_finite()));
    let [Some(from), Some(to), Some(by)] = bounds else {
        // Without bounds there is no scale: the number is typed.
        return if whole {
            Control::Integer { thousands: false, counter: false }
        } else {
            Control::Decimal { thousands: false }
        };
    };
    let by = by.abs();
    let short = by > 0.0 && (to - from).abs() / by <= LONGEST_RATING;
    let look = if has(node, "rating") && short {
        RangeLook::Rating
    } else if has(node, "picker") {
        RangeLook::Picker
    } else if has(node, "vertical") || has(node, "distress") {
        RangeLook::Vertical
    } else {
        RangeLook::Scale
    };
    Control::Range(Range {
        start: start.clone(),
        end: end.clone(),
        step: by.to_string(),
        whole,
        look,
        ticks: !has(node, "no-ticks"),
        tick_interval: attribute(node, "tick-interval").unwrap_or_default().to_owned(),
        labels: choices(session, node, peek),
        placeholder: attribute(node, "placeholder").unwrap_or_default().to_owned(),
    })
}

fn look(node: &NodeView) -> SelectLook {
    let find = |words: &[&str]| words.iter().any(|word| has(node, word));
    let columns = node.appearance.iter().find_map(|word| appearance::columns(word));
    if find(&["list-nolabel"]) {
        SelectLook::Bare
    } else if find(&["minimal", "autocomplete", "search"])
        || node.appearance.iter().any(|word| word.starts_with("search("))
    {
        SelectLook::Search
    } else if find(&["likert"]) {
        SelectLook::Likert
    } else if find(&["list"]) {
        SelectLook::Row
    } else if let Some(columns) = columns {
        SelectLook::Columns(columns)
    } else if find(&["columns-pack", "horizontal-compact", "compact", "quickcompact"]) {
        SelectLook::Pack
    } else if find(&["columns", "horizontal"]) {
        SelectLook::Columns(0)
    } else if node.options.len() > LONG_LIST {
        SelectLook::Search
    } else {
        SelectLook::List
    }
}

fn choices(session: &Session, node: &NodeView, peek: Option<&str>) -> Vec<Choice> {
    let others = peek.map(|language| session.options_in(&node.path, language)).unwrap_or_default();
    let choice = |(at, option): (usize, &xform::OptionView)| {
        let peek = others.get(at).filter(|other| other.value == option.value);
        Choice {
            value: option.value.clone(),
            label: markup::plain(&option.label),
            words: markup::words(&option.label),
            peek: peek.map(|other| markup::plain(&other.label)).unwrap_or_default(),
            media: media(&option.media),
        }
    };
    node.options.iter().enumerate().map(choice).collect()
}
