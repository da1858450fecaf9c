//! How long an interview takes, as far as its form can tell: an estimate to plan a school day with, not a measurement.

use std::time::Duration;

use tianye_xform::{Control, ItemKind, NodeView, Session, ValueKind};

/// Chinese characters that are read aloud in a second, slowly, to a child or an old person.
const CHARACTERS_A_SECOND: f64 = 3.5;
/// Words of other languages read aloud in a second.
const WORDS_A_SECOND: f64 = 2.3;
/// So many options are read aloud; of a longer list the interviewer chooses by what is said.
const MOST_READ: usize = 10;
/// Greeting, sitting down, and thanks at the end.
const AROUND: f64 = 120.0;

/// How long the interview took that a session holds, if its questions were read aloud and answered at an ordinary pace:
/// the label (notes too) and the options of a short list, and the time to think and answer by the kind of answer. A
/// question's own `min_seconds` is the least. What is not relevant is not read.
#[must_use]
pub fn expected(session: &Session) -> Duration {
    let outline = session.outline();
    let pages = outline.sections.iter().flat_map(|section| &section.pages).filter(|page| page.relevant);
    let items = pages.flat_map(|page| page.items.iter().chain(page.rows.iter().flat_map(|row| &row.items)));
    let items = items.filter(|item| item.relevant && item.kind != ItemKind::Roster);
    let seconds: f64 = items.filter_map(|item| session.view(&item.path)).map(|node| on(&node)).sum();
    Duration::from_secs_f64(AROUND + seconds)
}

/// Seconds on one question, note or heading.
fn on(node: &NodeView) -> f64 {
    let list = node.appearance.iter().any(|word| word == "minimal" || word.contains("autocomplete"));
    let options = if list || node.options.len() > MOST_READ { &[] } else { node.options.as_slice() };
    let read = reading(&node.label) + options.iter().map(|option| reading(&option.label)).sum::<f64>();
    let least = node.min_seconds.map_or(0.0, f64::from);
    (read + answering(node)).max(least)
}

/// Seconds to think and to write the answer down.
fn answering(node: &NodeView) -> f64 {
    if node.readonly || matches!(node.control, Control::Note | Control::Group | Control::None) {
        return 0.0;
    }
    if node.value.is_empty() {
        return 2.0;
    }
    match (&node.control, node.kind) {
        (Control::SelectOne | Control::Trigger, _) => 3.0,
        (Control::SelectMultiple | Control::Rank, _) => 6.0,
        (Control::Upload { .. }, _) => 30.0,
        (_, ValueKind::Text | ValueKind::Intent) => 25.0,
        (_, ValueKind::Date | ValueKind::DateTime) => 8.0,
        _ => 5.0,
    }
}

/// Seconds to read a text aloud.
fn reading(text: &str) -> f64 {
    let chinese = text.chars().filter(|letter| ('\u{3400}'..='\u{9fff}').contains(letter)).count();
    let other = text.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() > 1).count();
    chinese as f64 / CHARACTERS_A_SECOND + other as f64 / WORDS_A_SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: f64) {
        assert!((reading(text) - expect).abs() < 1e-9, "{text}: {}", reading(text));
    }

    #[test]
    fn texts_take_as_long_as_they_are() {
        check("", 0.0);
        check("你喜欢上学吗？", 6.0 / CHARACTERS_A_SECOND);
        check("Do you like school?", 4.0 / WORDS_A_SECOND);
        check("A1 几岁", 2.0 / CHARACTERS_A_SECOND);
    }
}
