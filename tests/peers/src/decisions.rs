//! Where we differ from a reference engine on purpose: by rule, never by seed.
//!
//! Authority: the ODK XForms specification, then XPath 1.0, then JavaRosa. A decision that no difference falls under any
//! more fails the run of the fixed seeds: then it is to be struck off here.

use crate::state::{Difference, Node, State, name_of};
use crate::survey::Survey;

/// A reference engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// JavaRosa, in ODK Validate.
    JavaRosa,
    /// The engine of ODK Web Forms.
    WebForms,
}

/// A difference that is meant.
#[derive(Debug)]
pub struct Decision {
    /// What it is called in the output.
    pub code: &'static str,
    /// Whom we differ from.
    pub engine: Engine,
    /// Why.
    pub reason: &'static str,
    /// Whether a difference falls under it.
    pub holds: fn(&Found<'_>) -> bool,
}

/// A difference with what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The difference.
    pub difference: &'a Difference,
    /// The workbook.
    pub survey: &'a Survey,
    /// The name whose line of the survey made the node.
    pub name: &'a str,
    /// Our state.
    pub state: &'a State,
}

use Engine::{JavaRosa, WebForms};

/// The decisions. The first that holds is counted.
pub const DECISIONS: &[Decision] = &[
    Decision {
        code: "moment-of-filling",
        engine: JavaRosa,
        reason: "each engine has its own clock: both say a moment, not the same one",
        holds: moment,
    },
    Decision {
        code: "moment-of-filling",
        engine: WebForms,
        reason: "each engine has its own clock: both say a moment, not the same one",
        holds: moment,
    },
    Decision {
        code: "number-spelling",
        engine: JavaRosa,
        reason: "the same number: a decimal stays as it was given (8), where it would be written 8.0",
        holds: same_number,
    },
    Decision {
        code: "number-spelling",
        engine: WebForms,
        reason: "the same number: a decimal stays as it was given (8), where it would be written 8.0",
        holds: same_number,
    },
    Decision {
        code: "read-only-required",
        engine: JavaRosa,
        reason: "what nobody can answer is not reported as missing: a filling could never be closed",
        holds: read_only_required,
    },
    Decision {
        code: "read-only-required",
        engine: WebForms,
        reason: "what nobody can answer is not reported as missing: a filling could never be closed",
        holds: read_only_required,
    },
    Decision {
        code: "first-values-early",
        engine: JavaRosa,
        reason: "first values that read a calculation, a condition or counted rows are taken when the form is computed, as in Web \
                 Forms; JavaRosa takes them before, when none of these is known",
        holds: |found| {
            let survey = found.survey;
            let calculated = |name: &String| survey.get(name).cells.contains_key("calculation");
            let late = survey.all_read(found.name).iter().any(|name| calculated(name) || survey.is_conditional(name))
                || survey.touches_repeat(found.name);
            found.difference.what == "value" && found.dynamic_default() && late
        },
    },
    Decision {
        code: "once-early",
        engine: JavaRosa,
        reason: "once() is taken when the node is first relevant; JavaRosa takes it before, and also over rows that the \
                 count does not ask for",
        holds: |found| {
            let once = found.survey.get(found.name).cells.get("calculation").is_some_and(|rule| rule.contains("once("));
            once && (found.survey.is_conditional(found.name) || found.survey.touches_repeat(found.name))
        },
    },
    Decision {
        code: "sum-of-unanswered",
        engine: JavaRosa,
        reason: "an unanswered question makes a sum, a least or a greatest number NaN (XPath 1.0); JavaRosa passes over it",
        holds: |found| {
            let answered = |name: &String| {
                found.state.iter().any(|(path, node)| name_of(path) == name && node.relevant && !node.value.is_empty())
            };
            found.reads_through(&["sum(", "min(", "max("], |node| node.relevant && node.value.is_empty())
                || found.arguments(&["min(", "max("]).iter().any(|name| !answered(name))
        },
    },
    Decision {
        code: "nodes-of-irrelevant",
        engine: WebForms,
        reason: "what is not relevant is no part of a set of nodes, as in JavaRosa; Web Forms counts and sums it",
        holds: |found| {
            found.reads_through(&["sum(", "min(", "max(", "count(", "count-non-empty(", "join("], |node| !node.relevant)
        },
    },
    Decision {
        code: "sum-of-nothing",
        engine: WebForms,
        reason: "the sum over no rows, or over none with an answer, is 0 (XPath 1.0, JavaRosa); Web Forms says NaN",
        holds: |found| {
            let row = found.difference.path.rfind(']').map_or("", |end| &found.difference.path[..=end]);
            let wanted = found.arguments(&["sum("]);
            // `[. != '']` leaves those without an answer out.
            let answered = found.survey.expressions(found.name).contains("[. != '']");
            let counts = |node: &Node| !answered || !node.value.is_empty();
            let here = |name: &String| {
                found.state.iter().any(|(path, node)| path.starts_with(row) && name_of(path) == name && counts(node))
            };
            wanted.iter().any(|name| !here(name))
        },
    },
    Decision {
        code: "pattern-anywhere",
        engine: WebForms,
        reason: "regex() asks for the whole text (ODK docs, JavaRosa); Web Forms finds it anywhere",
        holds: |found| found.survey.expressions(found.name).contains("regex("),
    },
    Decision {
        code: "first-value-of-irrelevant",
        engine: WebForms,
        reason: "a first value is set though the question is not relevant yet (XForms setvalue, JavaRosa)",
        holds: |found| {
            found.difference.what == "value"
                && found.difference.theirs.is_empty()
                && found.dynamic_default()
                && found.survey.is_conditional(found.name)
        },
    },
    Decision {
        code: "nan-as-text",
        engine: WebForms,
        reason: "what is not a number reads NaN as a text (XPath 1.0), as in JavaRosa; in Web Forms it is empty",
        holds: |found| {
            let ours = &found.difference.ours;
            ours.contains("NaN") && ours.replace("NaN", "") == found.difference.theirs
        },
    },
    Decision {
        code: "new-row-values-late",
        engine: WebForms,
        reason: "first values of a new row are taken before it is computed (ODK specification, odk-new-repeat)",
        holds: |found| {
            let survey = found.survey;
            let calculated = |name: &String| survey.get(name).cells.contains_key("calculation");
            found.difference.what == "value"
                && found.dynamic_default()
                && survey.in_repeat(found.name)
                && survey.all_read(found.name).iter().any(calculated)
        },
    },
    Decision {
        code: "first-values-over-rows",
        engine: WebForms,
        reason: "a first value that reads rows is taken when these are computed; in Web Forms it is empty",
        holds: |found| {
            let late = found.survey.touches_repeat(found.name);
            found.difference.what == "value" && found.difference.theirs.is_empty() && found.dynamic_default() && late
        },
    },
    Decision {
        code: "choice-name-early",
        engine: WebForms,
        reason: "an action of the first load finds the labels of choices; in Web Forms they are still empty",
        holds: |found| {
            let cells = found.survey.get(found.name).cells;
            found.difference.theirs.is_empty()
                && cells.contains_key("trigger")
                && cells.get("calculation").is_some_and(|rule| rule.contains("jr:choice-name("))
        },
    },
    Decision {
        code: "absent-row",
        engine: WebForms,
        reason: "a question in a row that is not there compares as unanswered, as in JavaRosa; in Web Forms with nothing",
        holds: |found| found.survey.expressions(found.name).contains("indexed-repeat("),
    },
    Decision {
        code: "unanswered-count",
        engine: WebForms,
        reason: "an unanswered count asks for no rows (they are set aside); Web Forms keeps those that are there",
        holds: |found| {
            let counted = found.survey.get(found.name).cells.contains_key("repeat_count");
            found.difference.what == "there" && found.difference.ours == "false" && counted
        },
    },
];

impl Found<'_> {
    /// The first value of the node is computed.
    fn dynamic_default(&self) -> bool {
        self.survey.get(self.name).cells.get("default").is_some_and(|value| value.contains('(') || value.contains("${"))
    }

    /// An expression of the node gives such nodes to one of some functions.
    fn reads_through(&self, functions: &[&str], such: impl Fn(&Node) -> bool) -> bool {
        let wanted = self.arguments(functions);
        self.state.iter().any(|(path, node)| wanted.iter().any(|name| name == name_of(path)) && such(node))
    }

    /// The questions that the node's expressions give to some functions.
    fn arguments(&self, functions: &[&str]) -> Vec<String> {
        let text = self.survey.expressions(self.name);
        let names = functions.iter().flat_map(|function| text.split(function).skip(1)).filter_map(|rest| {
            let argument = rest.split(')').next()?;
            Some(argument.split("${").nth(1)?.split_once('}')?.0.to_owned())
        });
        names.collect()
    }
}

fn same_number(found: &Found<'_>) -> bool {
    let numbers = |text: &str| text.split(' ').map(|part| part.parse::<f64>().ok()).collect::<Option<Vec<_>>>();
    found.difference.what == "value"
        && numbers(&found.difference.ours).is_some_and(|ours| Some(ours) == numbers(&found.difference.theirs))
}

fn read_only_required(found: &Found<'_>) -> bool {
    let line = found.survey.get(found.name);
    let closed = |name: &String| found.survey.get(name).cells.contains_key("read_only");
    found.difference.what == "fault"
        && found.difference.ours.is_empty()
        && found.difference.theirs == "missing"
        && (line.cells.contains_key("read_only") || line.groups.iter().any(closed))
}

fn moment(found: &Found<'_>) -> bool {
    let says_moment = |text: &str| text.len() >= 19 && text.as_bytes()[10] == b'T';
    let line = found.survey.get(found.name);
    (matches!(line.kind.as_str(), "start" | "end") || found.survey.expressions(found.name).contains("now()"))
        && found.difference.what == "value"
        && says_moment(&found.difference.ours)
        && says_moment(&found.difference.theirs)
}
