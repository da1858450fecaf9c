//! What can be seen in the sheets without any expression: texts that are missing, too long or twice, lists that nobody
//! uses, numbers that Excel has cut, columns that have no effect.

use crate::codes::Code;
use crate::convert::text_column;
use crate::problem::{Place, Problem, Report};
use crate::read_choices::{Choice, ChoiceList, Choices};
use crate::read_settings::{Settings, yes};
use crate::read_survey::Survey;
use crate::table::Key;
use crate::tree::{Id, Kind, Node, ROOT, Text, Tree};
use crate::types::rule;
use crate::workbook::{Sheet, Workbook};
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use unicode_width::UnicodeWidthStr as _;

/// The longest label of a question, in half-width columns (a Chinese character has two). The question stands in 1.5 rem
/// in a column of 46 rem, 61 half-width columns a line; at 1366×768 eight lines of it leave room for a hint and four
/// options.
const LONGEST_LABEL: usize = 8 * 61;

/// The longest label of a note, below which nothing is answered: sixteen lines fill the screen.
const LONGEST_NOTE: usize = 16 * 61;

/// The longest label of a choice: two lines of 70 half-width columns in 1.125 rem, beside number and tick.
const LONGEST_CHOICE: usize = 2 * 70;

pub(crate) fn check_sheets(
    workbook: &Workbook,
    survey: &Survey,
    choices: &Choices,
    settings: &Settings,
    report: &mut Report,
) {
    check_survey_texts(survey, settings, report);
    check_choice_texts(choices, settings, report);
    for id in survey.tree.descendants(ROOT) {
        check_columns(&survey.tree.nodes[id], report);
        check_group(&survey.tree, id, report);
    }
    check_used_lists(workbook, survey, choices, report);
    for sheet in &workbook.sheets {
        check_digits(sheet, report);
    }
    for list in &choices.lists {
        check_labels_twice(list, report);
    }
    if let Some(sheet) = workbook.sheet("choices") {
        check_column_names(sheet, choices, report);
    }
}

/// Texts of one column and language that some rows lack.
struct Gap {
    column: String,
    language: String,
    /// Column counted from 1.
    at: u32,
    place: Place,
    names: Vec<String>,
}

/// Which languages a translatable column has, and where: (column, language, column counted from 1).
fn translated<'a>(headers: impl Iterator<Item = &'a Vec<Key>>, default: &str) -> Vec<(String, String, u32)> {
    let found = headers.enumerate().filter_map(|(index, tokens)| {
        let (column, language) = text_column(tokens)?;
        Some((column, language.unwrap_or(default).to_owned(), u32::try_from(index + 1).ok()?))
    });
    found.collect()
}

/// Notes the languages that a text lacks although other rows have them.
fn note_gaps(
    text: &Text,
    column: &str,
    columns: &[(String, String, u32)],
    place: &Place,
    name: &str,
    gaps: &mut Vec<Gap>,
) {
    let Text::Translated(pieces) = text else { return };
    for (_, language, at) in columns.iter().filter(|(c, ..)| c == column) {
        if pieces.iter().any(|(l, t)| **l == **language && !t.is_empty()) {
            continue;
        }
        match gaps.iter_mut().find(|g| g.at == *at) {
            Some(gap) => gap.names.push(name.to_owned()),
            None => gaps.push(Gap {
                column: column.to_owned(),
                language: language.clone(),
                at: *at,
                place: place.cell(Some(*at)),
                names: vec![name.to_owned()],
            }),
        }
    }
}

/// As many names are told.
const MOST_NAMES: usize = 6;

fn report_gaps(gaps: Vec<Gap>, report: &mut Report) {
    for gap in gaps {
        let mut names = gap.names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(" ");
        if gap.names.len() > MOST_NAMES {
            names.push_str(" …");
        }
        let problem = Problem::warning(Code::TextsMissing).at(&gap.place.cell(Some(gap.at)));
        let problem = problem.arg("column", gap.column).arg("language", gap.language).arg("found", names);
        report.add(problem.arg("count", gap.names.len().to_string()));
    }
}

fn check_survey_texts(survey: &Survey, settings: &Settings, report: &mut Report) {
    let columns = translated(survey.headers.iter().map(|h| &h.tokens), &settings.default_language);
    let mut gaps = Vec::new();
    for id in survey.tree.descendants(ROOT) {
        let node = &survey.tree.nodes[id];
        let bind = |name: &str| node.bind.iter().flatten().find(|(n, _)| n == name).map(|(_, t)| t);
        let texts = [
            ("label", Some(&node.label)),
            ("hint", Some(&node.hint)),
            ("guidance_hint", Some(&node.guidance)),
            ("constraint_message", bind("jr:constraintMsg")),
            ("required_message", bind("jr:requiredMsg")),
        ];
        for (column, text) in texts {
            if let Some(text) = text {
                note_gaps(text, column, &columns, &node.place, &node.name, &mut gaps);
            }
        }
        if node.kind == Kind::Question {
            let limit = if node.question_type == "note" { LONGEST_NOTE } else { LONGEST_LABEL };
            check_length(
                &node.label,
                limit,
                |language| node.place_of(&language.map_or_else(|| "label".to_owned(), |l| format!("label::{l}"))),
                report,
            );
        }
    }
    report_gaps(gaps, report);
}

fn check_choice_texts(choices: &Choices, settings: &Settings, report: &mut Report) {
    let columns = translated(choices.headers.iter(), &settings.default_language);
    let at = |language: Option<&str>| {
        let is = |c: &&(String, String, u32)| c.0 == "label" && language.is_none_or(|l| c.1 == l);
        columns.iter().find(is).map(|(.., at)| *at)
    };
    let mut gaps = Vec::new();
    for choice in choices.lists.iter().flat_map(|list| &list.choices) {
        if choice.place.sheet.is_empty() {
            continue;
        }
        note_gaps(&choice.label, "label", &columns, &choice.place, &choice.name, &mut gaps);
        check_length(&choice.label, LONGEST_CHOICE, |language| choice.place.cell(at(language)), report);
    }
    report_gaps(gaps, report);
}

/// Inserted values count as they are written.
fn check_length(text: &Text, limit: usize, place: impl Fn(Option<&str>) -> Place, report: &mut Report) {
    let is_translated = text.is_translated();
    for (language, text) in text.pieces("") {
        // No character is wider than its bytes are many.
        if text.len() <= limit {
            continue;
        }
        let language = Some(language).filter(|_| is_translated);
        let width = text.width();
        if width > limit {
            let problem = Problem::warning(Code::LabelTooLong).at(&place(language));
            report.add(problem.arg("count", width.div_ceil(2).to_string()).arg("limit", (limit / 2).to_string()));
        }
    }
}

/// A group on the screen with nothing in it that could be seen.
fn check_group(tree: &Tree, id: Id, report: &mut Report) {
    let node = &tree.nodes[id];
    let inside = tree.descendants(id);
    let is_shown = |inner: &&Node| rule(&inner.question_type).is_none_or(|rule| !rule.tag.is_empty());
    let mut questions =
        inside.iter().map(|id| &tree.nodes[*id]).filter(|inner| inner.kind == Kind::Question).peekable();
    if node.kind == Kind::Group
        && !node.bodyless
        && questions.peek().is_some()
        && !questions.any(|inner| is_shown(&inner))
    {
        report.add(Problem::warning(Code::GroupWithoutQuestions).at(&node.place).arg("found", &node.name));
    }
}

/// Columns that have no effect, or not the one that was meant.
fn check_columns(node: &Node, report: &mut Report) {
    if node.kind != Kind::Question {
        return;
    }
    let asked = node.question_type != "note" && rule(&node.question_type).is_none_or(|rule| !rule.tag.is_empty());
    let required = node.bind_text("required").filter(|r| yes(r) != Some(false));
    if !asked && required.is_some() && node.columns.contains_key("bind::required") {
        let problem = Problem::warning(Code::RequiredNotAsked).at(&node.place_of("bind::required"));
        report.add(problem.arg("found", &node.name));
    }
    let has_message = node.bind.iter().flatten().any(|(n, _)| n == "jr:constraintMsg");
    if node.columns.contains_key("bind::constraint") && !has_message {
        let problem = Problem::warning(Code::ConstraintWithoutMessage).at(&node.place_of("bind::constraint"));
        report.add(problem.arg("found", &node.name));
    }
}

/// A list counts as used when its name stands anywhere in the survey sheet, as in `instance('list')` or `search('list')`.
fn check_used_lists(workbook: &Workbook, survey: &Survey, choices: &Choices, report: &mut Report) {
    let Some(sheet) = workbook.sheet("survey") else { return };
    if report.problems.iter().any(|p| p.code == Code::UnknownList) {
        return; // The one that is not used may well be the one that was meant.
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let itemsets: HashSet<&str> = survey.tree.nodes.iter().filter_map(|node| node.itemset.as_deref()).collect();
    let unused = choices.lists.iter().filter(|list| !itemsets.contains(list.name.as_str()));
    let mut unused: Vec<&ChoiceList> = unused.collect();
    if unused.is_empty() {
        return;
    }
    let cells = || sheet.rows.iter().skip(1).flat_map(|row| &row.cells);
    let words: HashSet<&str> = cells().flat_map(|cell| cell.split(|c| !is_name(c))).collect();
    unused.retain(|list| {
        // A name of other characters is no word, but may stand between quotation marks.
        let quoted = || cells().any(|cell| cell.contains(&format!("'{}'", list.name)));
        !words.contains(list.name.as_str()) && (list.name.chars().all(is_name) || !quoted())
    });
    for list in unused {
        if let Some(first) = list.choices.first() {
            let place = Place { column: None, ..first.place.clone() };
            report.add(Problem::warning(Code::ListNotUsed).at(&place).arg("found", &list.name));
        }
    }
}

/// Excel keeps fifteen digits of a number and writes zeros for the others; longer ones it may show as 3.3E+17.
fn check_digits(sheet: &Sheet, report: &mut Report) {
    if sheet.name.starts_with('_') {
        return;
    }
    for row in &sheet.rows {
        for (index, cell) in row.cells.iter().enumerate() {
            if !cell.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let digits = cell.len() > 15 && cell.bytes().all(|b| b.is_ascii_digit());
            let cut = digits && cell.bytes().skip(15).all(|b| b == b'0');
            let exponent = cell.split_once("E+").is_some_and(|(before, after)| {
                before.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                    && !after.is_empty()
                    && after.bytes().all(|b| b.is_ascii_digit())
            });
            if cut || exponent {
                let place =
                    Place { sheet: sheet.name.as_str().into(), row: Some(row.number), line: row.line, column: None };
                report.add(Problem::warning(Code::DigitsLost).at(&place.column(index)).arg("found", cell));
            }
        }
    }
}

/// Choices that nobody can tell apart. Those that differ in a column may well be offered at different times.
fn check_labels_twice(list: &ChoiceList, report: &mut Report) {
    let mut seen = HashMap::with_capacity(list.choices.len());
    for choice in list.choices.iter().filter(|c| c.media.is_empty()) {
        let Some((_, first)) = choice.label.pieces("").next() else { continue };
        if first.trim().is_empty() {
            continue;
        }
        match seen.entry(Looks(choice)) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(choice.place.row);
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                let row = entry.get().map_or_else(String::new, |row| row.to_string());
                let place = Place { column: None, ..choice.place.clone() };
                let problem = Problem::warning(Code::ChoiceLabelTwice).at(&place);
                report.add(problem.arg("list", &list.name).arg("found", first).arg("row", row));
            }
        }
    }
}

/// What an interviewer can tell a choice by: its label, and when it is offered.
struct Looks<'a>(&'a Choice);

impl PartialEq for Looks<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.label == other.0.label && self.0.extra == other.0.extra
    }
}

impl Eq for Looks<'_> {}

impl Hash for Looks<'_> {
    /// The names of languages and columns are the same for most.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.label.pieces("").for_each(|(_, text)| text.hash(state));
        self.0.extra.iter().for_each(|(_, text)| text.hash(state));
    }
}

/// Columns for filters become names in the form.
fn check_column_names(sheet: &Sheet, choices: &Choices, report: &mut Report) {
    let row = sheet.rows.first();
    for (index, tokens) in choices.headers.iter().enumerate() {
        let [name] = tokens.as_slice() else { continue };
        let used = choices.lists.iter().any(|l| l.further.contains(name));
        if !name.is_ascii() && used {
            let place =
                Place { row: row.map(|r| r.number), line: row.and_then(|r| r.line), ..Place::sheet(&sheet.name) };
            report.add(Problem::note(Code::ChoiceColumnNotPortable).at(&place.column(index)).arg("found", &**name));
        }
    }
}
