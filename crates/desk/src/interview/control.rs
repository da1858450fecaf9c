//! How a question is answered on the screen.

use tianye_xform::{self as xform, NodeView, Session, ValueKind};

use crate::view::{Choice, Control};

/// Lists longer than this are found by typing.
const LONG_LIST: usize = 12;

/// The control for a node; options carry their label in the peek's language too, so that both can be searched.
#[must_use]
pub fn control(session: &Session, node: &NodeView, peek: Option<&str>) -> Control {
    match &node.control {
        xform::Control::Note => Control::Note,
        xform::Control::None => Control::Shown,
        xform::Control::Trigger => Control::Acknowledge,
        xform::Control::SelectOne => Control::SelectOne { options: choices(session, node, peek), search: search(node) },
        xform::Control::SelectMultiple => {
            Control::SelectMany { options: choices(session, node, peek), search: search(node) }
        }
        xform::Control::Input if node.readonly && node.kind != ValueKind::Text => Control::Shown,
        xform::Control::Input => input(node),
        xform::Control::Range { .. } => {
            if node.kind == ValueKind::Integer {
                Control::Integer
            } else {
                Control::Decimal
            }
        }
        xform::Control::Rank => Control::Unsupported { what: "rank".into() },
        xform::Control::Upload { mediatype } => Control::Unsupported { what: mediatype.clone() },
        xform::Control::Group | xform::Control::Repeat | xform::Control::Row => {
            Control::Unsupported { what: node.name.clone() }
        }
    }
}

/// Whether a control asks something: notes and what is only computed do not.
#[must_use]
pub fn asks(control: &xform::Control) -> bool {
    use xform::Control::{Group, None, Note, Repeat, Row};
    !matches!(control, Note | None | Group | Repeat | Row)
}

fn input(node: &NodeView) -> Control {
    match node.kind {
        ValueKind::Integer => Control::Integer,
        ValueKind::Decimal => Control::Decimal,
        ValueKind::Date => Control::Date,
        ValueKind::Time => Control::Time,
        ValueKind::DateTime => Control::DateTime,
        ValueKind::GeoTrace | ValueKind::GeoShape => Control::Unsupported { what: "geo".into() },
        _ => Control::Text { multiline: node.appearance.iter().any(|word| word == "multiline") },
    }
}

fn search(node: &NodeView) -> bool {
    let asked = ["minimal", "autocomplete", "search"];
    node.options.len() > LONG_LIST || node.appearance.iter().any(|word| asked.contains(&word.as_str()))
}

fn choices(session: &Session, node: &NodeView, peek: Option<&str>) -> Vec<Choice> {
    let others = peek.map(|language| session.options_in(&node.path, language)).unwrap_or_default();
    let choice = |(at, option): (usize, &xform::OptionView)| {
        let peek = others.get(at).filter(|other| other.value == option.value).map(|other| other.label.clone());
        Choice { value: option.value.clone(), label: option.label.clone(), peek: peek.unwrap_or_default() }
    };
    node.options.iter().enumerate().map(choice).collect()
}
