//! From the engine's explanation to what the screen draws.

use tianye_xform::{self as xform, FieldPath, Session, Why};

use super::page::{small, split_number};
use crate::view::{WhyBecause, WhyLine, WhyOutcome, WhyPart, WhyRead, WhyRule, WhySection, WhyView};

/// A rule is taken apart into at most so many lines.
const MOST_LINES: usize = 60;

/// Why a question is as it is; none if there is no such question.
#[must_use]
pub fn why(session: &Session, path: &FieldPath) -> Option<WhyView> {
    let node = session.view(path)?;
    let (number, label) = split_number(&node.label);
    let tell = |part, why| session.explain(path, why).map(|told| section(part, &told));
    let mut sections: Vec<WhySection> = tell(WhyPart::Relevant, Why::Relevant).into_iter().collect();
    if node.relevant {
        let rest = [
            (WhyPart::Required, Why::Required),
            (WhyPart::ReadOnly, Why::ReadOnly),
            (WhyPart::Valid, Why::Valid),
            (WhyPart::Value, Why::Value),
        ];
        // What no rule speaks of, and what a person gave, needs no telling.
        let worth = |section: &WhySection| {
            let begun = section.because == WhyBecause::Default && !node.value.is_empty();
            !section.rules.is_empty() || begun || !section.check.is_empty() || section.because == WhyBecause::NotOffered
        };
        sections.extend(rest.into_iter().filter_map(|(part, why)| tell(part, why)).filter(worth));
    }
    Some(WhyView { field: path.as_str().to_owned(), number: number.to_owned(), label: named(label, path), sections })
}

fn named(label: &str, path: &FieldPath) -> String {
    if label.is_empty() { path.name().to_owned() } else { label.to_owned() }
}

/// The name of a node with the places of its rows: `Age [2]`.
fn placed(subject: &xform::Subject) -> String {
    let mut text = named(&subject.label, &subject.path);
    for (number, row) in subject.rows.iter().enumerate() {
        text.push_str(if number == 0 { " " } else { "" });
        text.push_str(&format!("[{row}]"));
    }
    text
}

fn section(part: WhyPart, told: &xform::Explanation) -> WhySection {
    let because = match told.because {
        xform::Because::NoRule => WhyBecause::NoRule,
        xform::Because::OwnRule | xform::Because::Checked(_) => WhyBecause::OwnRule,
        xform::Because::OuterRule => WhyBecause::OuterRule,
        xform::Because::NotRelevant => WhyBecause::NotRelevant,
        xform::Because::Empty => WhyBecause::Empty,
        xform::Because::NotOffered => WhyBecause::NotOffered,
        xform::Because::Given(xform::Origin::Answered) => WhyBecause::Answered,
        xform::Because::Given(_) => WhyBecause::Default,
        xform::Because::Failed => WhyBecause::Failed,
    };
    let check = match told.because {
        xform::Because::Checked(fault) => fault.code().to_owned(),
        _ => String::new(),
    };
    WhySection { part, outcome: outcome(&told.outcome), because, check, rules: told.rules.iter().map(rule).collect() }
}

fn rule(rule: &xform::Rule) -> WhyRule {
    let mut lines = Vec::new();
    line(&rule.step, 0, &mut lines);
    WhyRule {
        field: rule.at.path.as_str().to_owned(),
        label: placed(&rule.at),
        part: rule.part.to_owned(),
        source: rule.source.clone(),
        lines,
    }
}

/// A part of a rule and its own parts. Texts and numbers of the rule itself say nothing new; a plain path says what it
/// read, beside the part that reads it.
fn line(step: &xform::Explained, depth: u32, lines: &mut Vec<WhyLine>) {
    let plain_path = |part: &xform::Explained| part.kind == xform::TraceKind::Path && part.parts.is_empty();
    if step.kind == xform::TraceKind::Literal || lines.len() == MOST_LINES {
        return;
    }
    let mut reads: Vec<WhyRead> = Vec::new();
    let paths = step.parts.iter().filter(|part| plain_path(part)).flat_map(|part| &part.reads);
    for one in step.reads.iter().chain(paths).map(read) {
        if !reads.contains(&one) {
            reads.push(one);
        }
    }
    let decided = step.decided || depth == 0;
    lines.push(WhyLine { depth, source: step.source.clone(), outcome: outcome(&step.outcome), decided, reads });
    for part in step.parts.iter().filter(|part| !plain_path(part)) {
        line(part, depth + 1, lines);
    }
}

fn read(read: &xform::Read) -> WhyRead {
    match read {
        xform::Read::Field { subject, display, value, relevant } => WhyRead {
            field: subject.path.as_str().to_owned(),
            label: placed(subject),
            display: if display.is_empty() { value.clone() } else { display.clone() },
            relevant: *relevant,
        },
        xform::Read::Item { list, value } => {
            WhyRead { field: String::new(), label: list.clone(), display: value.clone(), relevant: true }
        }
    }
}

fn outcome(outcome: &xform::Outcome) -> WhyOutcome {
    match outcome {
        xform::Outcome::Truth(yes) => WhyOutcome::Truth { yes: *yes },
        xform::Outcome::Number(text) | xform::Outcome::Text(text) => WhyOutcome::Text { text: text.clone() },
        xform::Outcome::Nodes(count) => WhyOutcome::Nodes { count: small(*count) },
        xform::Outcome::Failed { message, .. } => WhyOutcome::Failed { detail: message.clone() },
    }
}
