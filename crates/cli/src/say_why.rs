//! Why a question is as it is, in the words of the window.

use tianye_desk::view::{WhyBecause, WhyOutcome, WhyPart, WhyRead, WhySection, WhyView};

use crate::words::Words;

/// Each rule that bears on a question, taken apart, with the answers it read. A star marks what decided.
pub fn why(told: &WhyView, words: &Words) -> String {
    let mut lines = vec![format!("{} {}", told.number, told.label).trim().to_owned()];
    for section in &told.sections {
        lines.push(String::new());
        lines.push(state(section, words));
        let found = words.maybe(&format!("problem-{}", section.check), []);
        lines.push(format!("  {}", found.unwrap_or_else(|| words.say(because(section.because), &[]))));
        for rule in &section.rules {
            lines.push(format!("  {}", words.say("why-rule", &[("label", &rule.label), ("part", &rule.part)])));
            for line in &rule.lines {
                let mark = if line.decided { "*" } else { " " };
                let indent = "  ".repeat(line.depth as usize);
                let gave = gave(&line.outcome, words);
                lines.push(format!("  {mark} {indent}{} → {gave}", line.source.trim()));
                lines.extend(line.reads.iter().map(|one| format!("      {indent}{}", read(one, words))));
            }
        }
    }
    lines.join("\n")
}

fn state(section: &WhySection, words: &Words) -> String {
    let yes = section.outcome == WhyOutcome::Truth { yes: true };
    let either = |word: &str, other: &str| words.say(if yes { word } else { other }, &[]);
    match section.part {
        WhyPart::Relevant => either("why-shown", "why-hidden"),
        WhyPart::Required => either("why-required", "why-optional"),
        WhyPart::ReadOnly => either("why-locked", "why-open"),
        WhyPart::Valid => either("why-valid", "why-invalid"),
        WhyPart::Value => match &section.outcome {
            WhyOutcome::Text { text } if !text.is_empty() => words.say("why-value", &[("value", text)]),
            _ => words.say("why-no-value", &[]),
        },
    }
}

fn because(because: WhyBecause) -> &'static str {
    match because {
        WhyBecause::NoRule => "why-because-no-rule",
        WhyBecause::OwnRule => "why-because-own-rule",
        WhyBecause::OuterRule => "why-because-outer-rule",
        WhyBecause::NotRelevant => "why-because-not-relevant",
        WhyBecause::Empty => "why-because-empty",
        WhyBecause::NotOffered => "why-because-not-offered",
        WhyBecause::Answered => "why-because-answered",
        WhyBecause::Default => "why-because-default",
        WhyBecause::Failed => "why-because-failed",
    }
}

fn gave(outcome: &WhyOutcome, words: &Words) -> String {
    match outcome {
        WhyOutcome::Truth { yes } => words.say(if *yes { "why-true" } else { "why-false" }, &[]),
        WhyOutcome::Text { text } => format!("“{text}”"),
        WhyOutcome::Nodes { count } => words.say("why-nodes", &[("count", &count.to_string())]),
        WhyOutcome::Failed { detail } => format!("{}: {detail}", words.say("why-failed", &[])),
    }
}

fn read(read: &WhyRead, words: &Words) -> String {
    let label = ("label", read.label.as_str());
    if !read.relevant {
        words.say("why-read-hidden", &[label])
    } else if read.display.is_empty() {
        words.say("why-read-blank", &[label])
    } else {
        words.say("why-read", &[label, ("value", &read.display)])
    }
}
