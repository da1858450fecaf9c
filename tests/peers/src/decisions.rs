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
            let late = survey.all_read(found.name).iter().any(|name| calculated(name) || survey.is_conditional(name));
            // Of rows only where we have the value: a first value that is missing here would be a fault.
            let in_rows = survey.touches_repeat(found.name) && !found.difference.ours.is_empty();
            found.difference.what == "value" && found.dynamic_default() && (late || in_rows)
        },
    },
    Decision {
        code: "once-early",
        engine: JavaRosa,
        reason: "once() is taken when the form is computed and the node relevant; JavaRosa takes it before, and also over rows \
                 that the count does not ask for",
        holds: |found| {
            let late = |name: &String| found.survey.is_conditional(name) || found.survey.touches_repeat(name);
            found.takes_once() && found.survey.all_read(found.name).iter().any(late)
        },
    },
    Decision {
        code: "once-early",
        engine: WebForms,
        reason: "once() is taken when what it reads is computed; Web Forms takes it before",
        holds: |found| found.takes_once() && found.reads_calculations(),
    },
    Decision {
        code: "trigger-early",
        engine: JavaRosa,
        reason: "what a first value fires reads calculations as they are then, as in a filling; in JavaRosa none is known yet",
        holds: |found| {
            let computed = |name: &String| found.survey.has_dynamic_default(name);
            found.difference.what == "value" && found.triggers().iter().any(computed) && found.reads_calculations()
        },
    },
    Decision {
        code: "greatest-of-negatives",
        engine: JavaRosa,
        reason: "the greatest of negative numbers is negative; JavaRosa says 4.9E-324",
        holds: |found| {
            let negative = |node: &Node| node.value.starts_with('-');
            found.survey.expressions(found.name).contains("max(") && found.reads_any(negative)
        },
    },
    Decision {
        code: "no-choice-left",
        engine: JavaRosa,
        reason: "a question of which no choice is left is unanswered; JavaRosa holds an empty list and does not miss an answer",
        holds: |found| {
            let line = found.survey.get(found.name);
            found.difference.what == "fault"
                && (found.difference.ours.as_str(), found.difference.theirs.as_str()) == ("missing", "")
                && line.kind == "select_multiple"
                && line.cells.contains_key("choice_filter")
        },
    },
    Decision {
        code: "half-of-negatives",
        engine: WebForms,
        reason: "a half is rounded up (XPath 1.0), as in JavaRosa: -0.375 to -0.37; in Web Forms away from 0",
        holds: |found| {
            let number = |text: &str| text.parse::<f64>().ok();
            let apart = number(&found.difference.ours).zip(number(&found.difference.theirs));
            let unit = |apart: f64| (0..6).any(|digits| (apart * 10f64.powi(digits) - 1.0).abs() < 1e-6);
            found.survey.expressions(found.name).contains("round(")
                && apart.is_some_and(|(ours, theirs)| unit(ours - theirs))
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
        code: "metadata-of-rows",
        engine: WebForms,
        reason: "metadata in a row is filled when the row comes, as in JavaRosa; Web Forms fills only what stands in no repeat",
        holds: |found| {
            let difference = found.difference;
            let metadata = found.survey.get(found.name).kind == "username" && found.survey.in_repeat(found.name);
            difference.what == "value" && metadata && difference.theirs.is_empty()
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
        code: "trigger-out-of-sight",
        engine: WebForms,
        reason: "a question that is no longer asked was not answered anew and fires nothing, as in JavaRosa; Web Forms empties \
                 it, which fires its actions",
        holds: |found| {
            let unasked =
                |name: &String| found.state.iter().any(|(path, node)| name_of(path) == name && !node.relevant);
            found.difference.what == "value" && found.triggers().iter().any(unasked)
        },
    },
    Decision {
        code: "first-values-fire",
        engine: WebForms,
        reason: "a first value is a change and fires what waits for it, as in JavaRosa; in Web Forms it fires nothing",
        holds: |found| {
            let computed = |name: &String| found.survey.has_dynamic_default(name);
            found.difference.what == "value"
                && found.difference.theirs.is_empty()
                && found.triggers().iter().any(computed)
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
    Decision {
        code: "trigger-early",
        engine: WebForms,
        reason: "what an answer fires reads calculations that follow from it, as in JavaRosa; Web Forms reads those from before",
        holds: |found| found.difference.what == "value" && !found.triggers().is_empty() && found.reads_calculations(),
    },
    Decision {
        code: "rows-of-choices",
        engine: JavaRosa,
        reason: "rows that are tied to the choices selected stay with their choice (a column of ours); elsewhere they are \
                 counted, and a choice that is put in or taken out moves the answers of others",
        holds: in_rows_of_choices,
    },
    Decision {
        code: "rows-of-choices",
        engine: WebForms,
        reason: "rows that are tied to the choices selected stay with their choice (a column of ours); elsewhere they are \
                 counted, and a choice that is put in or taken out moves the answers of others",
        holds: in_rows_of_choices,
    },
];

impl Found<'_> {
    /// The first value of the node is computed.
    fn dynamic_default(&self) -> bool {
        self.survey.has_dynamic_default(self.name)
    }

    /// The node is a calculation that keeps what it says first.
    fn takes_once(&self) -> bool {
        self.survey.get(self.name).cells.get("calculation").is_some_and(|rule| rule.contains("once("))
    }

    /// The node reads, directly or not, something that is calculated.
    fn reads_calculations(&self) -> bool {
        let read = self.survey.all_read(self.name);
        read.iter().any(|name| name != self.name && self.survey.get(name).cells.contains_key("calculation"))
    }

    /// The node reads, directly or not, such a node.
    fn reads_any(&self, such: impl Fn(&Node) -> bool) -> bool {
        let read = self.survey.all_read(self.name);
        self.state.iter().any(|(path, node)| read.contains(name_of(path)) && such(node))
    }

    /// The questions whose changes the node waits for.
    fn triggers(&self) -> Vec<String> {
        let cells = self.survey.get(self.name).cells;
        let names = cells.get("trigger").map(String::as_str).unwrap_or_default().split("${").skip(1);
        names.filter_map(|rest| Some(rest.split_once('}')?.0.trim().to_owned())).collect()
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

/// Last in the list: in such rows anything may stand that belonged to another choice.
fn in_rows_of_choices(found: &Found<'_>) -> bool {
    let tied = |name: &String| found.survey.get(name).cells.contains_key("repeat_over");
    found.survey.get(found.name).groups.iter().any(tied)
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
