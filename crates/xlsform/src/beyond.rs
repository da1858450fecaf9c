//! Columns beyond the form language. Other converters pass over them; where they need a form to run elsewhere, it is
//! written here in the form language, next to them.

use std::collections::BTreeMap;

use crate::codes::Code;
use crate::names::is_ncname;
use crate::problem::{Problem, Report};
use crate::tree::{Id, Kind, Node, ROOT, Tree};

/// Words of the column `non_answers`.
const NON_ANSWERS: [&str; 2] = ["dont_know", "refused"];

/// Words of the column `check`, and a constraint that checks roughly the same elsewhere. What the exact check takes, the
/// constraint takes too.
const CHECKS: [(&str, &str); 3] = [
    ("cn_identity_number", "regex(., '^[1-8][0-9]{5}(19|20)[0-9]{9}[0-9Xx]$')"),
    ("cn_mobile", "regex(., '^1[3-9][0-9]{9}$')"),
    ("cn_phone", "regex(., '^(1[3-9][0-9]{9}|(0[0-9]{2,3}-?)?[2-9][0-9]{6,7})$')"),
];

/// Words of the column `tianye::identifying`.
const IDENTIFYING: [&str; 8] = ["yes", "no", "quasi", "county", "township", "village", "school", "class"];

/// The most seconds of the column `min_seconds`.
const MAX_SECONDS: u32 = 3600;

/// Checks the words of the columns; what cannot be understood is told and left out. Writes what other engines need.
pub(crate) fn settle_beyond(tree: &mut Tree, report: &mut Report) {
    let mut claimed = BTreeMap::new();
    for id in tree.descendants(ROOT) {
        hand_down(tree, id);
        let node = &mut tree.nodes[id];
        if node.kind == Kind::Form {
            continue;
        }
        words(node, report);
        checks(node, report);
        seconds(node, report);
        identifying(node, report);
        risk(node);
        old_names(node, &mut claimed, report);
    }
}

/// What a group says of the scale it holds is said of each of its questions.
fn hand_down(tree: &mut Tree, id: Id) {
    for name in ["tianye:scale", "tianye:permission"] {
        let Some(text) = tree.nodes[id].bind_text(name).map(str::to_owned) else { continue };
        for child in tree.nodes[id].children.clone() {
            if tree.nodes[child].bind_text(name).is_none() {
                tree.nodes[child].set_bind(name, text.clone());
            }
        }
    }
}

/// The number of rows of a repeat over choices, for engines that know rows by their number.
pub(crate) fn count_chosen(node: &mut Node) {
    if let Some(over) = node.bind_text("tianye:repeat_over").map(str::to_owned)
        && node.control_text("jr:count").is_none()
    {
        node.set_control("jr:count", format!("count-selected({over})"));
    }
}

fn words(node: &mut Node, report: &mut Report) {
    let Some(text) = node.bind_text("tianye:non_answers").map(str::to_owned) else { return };
    let known = |word: &&str| NON_ANSWERS.contains(word);
    let (right, wrong): (Vec<&str>, Vec<&str>) =
        text.split([' ', ',']).filter(|word| !word.is_empty()).partition(known);
    for word in wrong {
        refuse(node, "non_answers", &NON_ANSWERS.join(" "), word, report);
    }
    node.set_bind("tianye:non_answers", right.join(" "));
}

fn checks(node: &mut Node, report: &mut Report) {
    let Some(text) = node.bind_text("tianye:check").map(str::to_owned) else { return };
    match CHECKS.iter().find(|(word, _)| *word == text) {
        None => {
            let words = CHECKS.map(|(word, _)| word).join(", ");
            refuse(node, "check", &words, &text, report);
            node.unset_bind("tianye:check");
        }
        Some((_, constraint)) if node.bind_text("constraint").is_none() => node.set_bind("constraint", *constraint),
        Some(_) => {}
    }
}

fn seconds(node: &mut Node, report: &mut Report) {
    let Some(text) = node.bind_text("tianye:min_seconds").map(str::to_owned) else { return };
    // Spreadsheet programs write 5 as 5.0.
    let whole = text.strip_suffix(".0").unwrap_or(&text);
    if whole.parse::<u32>().is_ok_and(|seconds| (1..=MAX_SECONDS).contains(&seconds)) {
        node.set_bind("tianye:min_seconds", whole);
    } else {
        refuse(node, "min_seconds", &format!("1–{MAX_SECONDS}"), &text, report);
        node.unset_bind("tianye:min_seconds");
    }
}

/// What a question says of who is asked.
fn identifying(node: &mut Node, report: &mut Report) {
    const ATTRIBUTE: &str = "tianye:identifying";
    let Some(text) = node.bind_text(ATTRIBUTE).map(str::to_owned) else { return };
    if !IDENTIFYING.contains(&text.as_str()) {
        let at = node.place_of("tianye::identifying");
        let problem = Problem::warning(Code::ExtraWord).at(&at).arg("column", "tianye::identifying");
        report.add(problem.arg("expected", IDENTIFYING.join(", ")).arg("found", text));
        // What its author had something to say of is not let out by a slip of the pen.
        node.set_bind(ATTRIBUTE, "yes");
    }
}

/// Which answers carry risk: an expression, or of a question with choices their codes, which become one.
fn risk(node: &mut Node) {
    const ATTRIBUTE: &str = "tianye:risk";
    let Some(text) = node.bind_text(ATTRIBUTE).map(str::to_owned) else { return };
    let is_code = |word: &str| word.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '-'));
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    if node.question_type.starts_with("select") && words.iter().all(|word| is_code(word)) {
        let chosen = words.iter().map(|code| format!("selected(., '{code}')"));
        node.set_bind(ATTRIBUTE, chosen.collect::<Vec<_>>().join(" or "));
    }
}

/// Names that a question, group or repeat had in earlier versions, the last one first. `claimed` says in which row a name
/// was claimed before.
fn old_names(node: &mut Node, claimed: &mut BTreeMap<String, Option<u32>>, report: &mut Report) {
    const COLUMN: &str = "renamed_from";
    let Some(text) = node.bind_text("tianye:renamed_from").map(str::to_owned) else { return };
    let is_name = |word: &str| word.strip_prefix('/').unwrap_or(word).split('/').all(is_ncname);
    let mut right: Vec<&str> = Vec::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        if !is_name(word) {
            refuse(node, COLUMN, "a name or /group/name", word, report);
        } else if let Some(row) = claimed.get(word) {
            let at = node.place_of("bind::tianye:renamed_from");
            let row = row.map_or_else(String::new, |row| row.to_string());
            report.add(Problem::error(Code::RenamedTwice).at(&at).arg("found", word).arg("row", row));
        } else {
            right.push(word);
        }
    }
    claimed.extend(right.iter().map(|word| ((*word).to_owned(), node.place.row)));
    let right = right.join(" ");
    if right.is_empty() {
        node.unset_bind("tianye:renamed_from");
    } else {
        node.set_bind("tianye:renamed_from", right);
    }
}

fn refuse(node: &Node, column: &str, expected: &str, found: &str, report: &mut Report) {
    let at = node.place_of(&format!("bind::tianye:{column}"));
    let problem = Problem::warning(Code::ExtraWord).at(&at).arg("column", column).arg("expected", expected);
    report.add(problem.arg("found", found));
}
