//! From filled forms to tables.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use tianye_xform::{Control, Field, Form, Given, Labels, NonAnswer, Origin, Question, Repeat, ValueKind};

use crate::deidentify::Done;
use crate::heading::unique;
use crate::past::{Past, PastKind, Versions, note_table};
use crate::plain::plain;
use crate::remarks::{Remark, has_remarks, remark_table};
use crate::words::{FrameColumn, Words};

/// A table: every row has as many cells as the head. It holds answers: its `Debug` shows none.
#[derive(Clone, PartialEq, Eq)]
pub struct Table {
    /// The form's id, or the repeat's name; no two tables of an export have the same.
    pub name: String,
    /// Column headings, no two alike.
    pub head: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({}, {} columns, {} rows)", self.name, self.head.len(), self.rows.len())
    }
}

/// One interview as it is exported.
///
/// A blank cell says that there is no answer: the question was not to be asked, was left out, or waits for a decision.
/// A non-answer that a person declared ("does not know", "refused") is not blank: its cells say so by a word of [`Words`]
/// in a table with labels, and by a missing code in one without (`.d`, `.r`, as Stata writes a missing value's kind), so
/// that none passes for a choice or a number. In a select-multiple each choice's column has it too.
#[derive(Clone)]
pub struct Filled {
    /// Random id of the interview: the key that joins the tables.
    pub interview: String,
    /// Cells of the frame columns, as many as [`Layout::frame`] and in its order.
    pub frame: Vec<String>,
    /// The fields of its session, in its order; those that do not count (not relevant) are left blank.
    pub fields: Vec<Field>,
    /// What is remarked on its answers, in form order.
    pub remarks: Vec<Remark>,
}

impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filled({}, {} fields)", self.interview, self.fields.len())
    }
}

/// How tables are laid out.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Language of headings and labels, as the form names it.
    pub language: String,
    /// Whether headings are question labels and choices their labels; otherwise names as in the workbook.
    pub labels: bool,
    /// Headings of the frame columns.
    pub frame: Vec<String>,
    /// Heading of the column with the interview's id.
    pub interview: String,
    /// Heading of the column with a row's number in its repeat; `/` and the repeat's name are added.
    pub row: String,
    /// Text of the practice mark's heading and cells; none for a real project.
    pub practice: Option<(String, String)>,
    /// What a ticked column of a select-multiple says, and what an unticked one says.
    pub ticked: (String, String),
    /// What the cells of the non-answers say, in the order of [`NonAnswer::ALL`].
    pub non_answers: [String; NonAnswer::ALL.len()],
    /// What was done to questions of a de-identified table, by template path.
    pub done: BTreeMap<String, Done>,
    /// Template paths of questions that have no column.
    pub left_out: BTreeSet<String>,
    /// The words of the table of remarks.
    pub words: &'static Words,
}

impl Layout {
    /// A layout in the words of a language with these frame columns ([`FrameColumn::list`]). `language` is the language
    /// of the form's labels, as the form names it.
    #[must_use]
    pub fn new(words: &'static Words, columns: &[FrameColumn], language: &str, labels: bool, practice: bool) -> Self {
        let both = |(one, other): (&str, &str)| (one.to_owned(), other.to_owned());
        Self {
            language: language.to_owned(),
            labels,
            frame: columns.iter().map(|column| words.heading(*column).to_owned()).collect(),
            interview: words.interview.to_owned(),
            row: words.row.to_owned(),
            practice: practice.then(|| both(words.practice)),
            ticked: both(words.ticked),
            non_answers: if labels { words.non_answers } else { MISSING }.map(str::to_owned),
            done: BTreeMap::new(),
            left_out: BTreeSet::new(),
            words,
        }
    }

    /// Whether a question has a column.
    fn tells(&self, path: &str) -> bool {
        !self.left_out.contains(path)
    }
}

/// What the cells of non-answers say in a table without labels, in the order of [`NonAnswer::ALL`].
const MISSING: [&str; NonAnswer::ALL.len()] = [".d", ".r"];

/// One table for the form, then one for each repeat, in form order; where the form has soft checks or times, the remarks
/// come last.
///
/// The form's table begins with the practice mark, the interview's id and the frame columns; a repeat's with the mark,
/// the id, the numbers of the rows around its row from the outermost in, and the row's own number. Numbers have the same
/// heading in every table, so that tables are joined over the columns they share.
#[must_use]
pub fn tables(form: &Form, filled: &[Filled], layout: &Layout) -> Vec<Table> {
    tables_of_versions(form, &Versions::default(), filled, layout)
}

/// As [`tables`], for interviews of several versions of the form: the columns of the newest one, then those of what it
/// does not have any more and of answers that read differently in it; at the end a table that says which these are.
#[must_use]
pub fn tables_of_versions(form: &Form, versions: &Versions, filled: &[Filled], layout: &Layout) -> Vec<Table> {
    let questions: Vec<Question> = form.questions().into_iter().filter(exported).collect();
    let columns = |repeat: Option<&str>| {
        let own = questions.iter().filter(|question| question.repeat.as_deref() == repeat);
        let own = own.filter(|question| layout.tells(&question.path));
        let own = own.map(|question| Column::new(question, None, layout));
        let past = versions.questions.iter().filter(|past| past.question.repeat.as_deref() == repeat);
        let past = past.filter(|past| layout.tells(&past.question.path));
        let past = past.filter(|past| past.kind == PastKind::AsGiven || exported(&past.question));
        own.chain(past.map(|past| Column::new(&past.question, Some(past), layout))).collect::<Vec<_>>()
    };
    let repeats: Vec<Repeat> = form.repeats().into_iter().chain(versions.repeats.iter().cloned()).collect();
    let names = names_of(form, &repeats, layout);
    let indexed: Vec<Index<'_>> = filled.iter().map(Index::new).collect();
    let mut tables = vec![form_table(form, &columns(None), filled, &indexed, layout)];
    for (repeat, name) in repeats.iter().zip(&names) {
        let around = around(repeat, &repeats, &names);
        let key = around.iter().map(|name| format!("{}/{name}", layout.row)).collect();
        let rows = filled.iter().zip(&indexed);
        tables.push(repeat_table(&repeat.path, name, key, &columns(Some(&repeat.path)), rows, layout));
    }
    if has_remarks(&questions) {
        tables.push(remark_table(form, filled, &indexed, layout.words, layout));
    }
    if !versions.notes.is_empty() {
        tables.push(note_table(&versions.notes, layout));
    }
    tables
}

/// Notes and what the form keeps for itself (its instance name may hold a person's) are no data.
pub(crate) fn exported(question: &Question) -> bool {
    let first = question.path.split('/').nth(1).unwrap_or_default();
    let meta = first == "meta" || first.ends_with(":meta");
    let instance_id = question.name == "instanceID" || question.name.ends_with(":instanceID");
    // The heading row of a table of questions: a select that asks nothing.
    let heading = question.name.starts_with("reserved_name_for_field_list_labels");
    question.control != Control::Note && !heading && (!meta || instance_id)
}

/// The names of the tables of repeats.
fn names_of(form: &Form, repeats: &[Repeat], layout: &Layout) -> Vec<String> {
    let mut candidates = vec![vec![form.id().to_owned()]];
    candidates.extend(repeats.iter().map(|repeat| called(&repeat.labels, &repeat.name, &repeat.path, layout)));
    unique(&candidates).split_off(1)
}

/// The names of the repeats around a repeat and its own, outermost first.
fn around<'n>(repeat: &Repeat, repeats: &[Repeat], names: &'n [String]) -> Vec<&'n str> {
    let mut around = Vec::new();
    let mut path = Some(&repeat.path);
    while let Some(at) = path.and_then(|path| repeats.iter().position(|repeat| repeat.path == *path)) {
        around.push(names[at].as_str());
        path = repeats[at].parent.as_ref();
    }
    around.reverse();
    around
}

fn form_table(form: &Form, columns: &[Column<'_>], filled: &[Filled], indexed: &[Index<'_>], layout: &Layout) -> Table {
    let mut frame = start_of_head(layout);
    frame.extend(layout.frame.iter().cloned());
    let rows = filled.iter().zip(indexed).map(|(one, index)| {
        let mut row = start_of_row(one, layout);
        row.extend(one.frame.iter().cloned());
        row.extend(index.cells("", columns, layout));
        row
    });
    Table { name: form.id().to_owned(), head: head(frame, columns), rows: rows.collect() }
}

fn repeat_table<'a>(
    path: &str,
    name: &str,
    key: Vec<String>,
    columns: &[Column<'_>],
    filled: impl Iterator<Item = (&'a Filled, &'a Index<'a>)>,
    layout: &Layout,
) -> Table {
    let mut frame = start_of_head(layout);
    frame.extend(key);
    let mut rows = Vec::new();
    for (one, index) in filled {
        for at in index.rows.get(path).into_iter().flatten() {
            let mut row = start_of_row(one, layout);
            row.extend(index.numbers_of(at));
            row.extend(index.cells(at, columns, layout));
            rows.push(row);
        }
    }
    Table { name: name.to_owned(), head: head(frame, columns), rows }
}

pub(crate) fn start_of_head(layout: &Layout) -> Vec<String> {
    layout.practice.iter().map(|(head, _)| head.clone()).chain([layout.interview.clone()]).collect()
}

pub(crate) fn start_of_row(one: &Filled, layout: &Layout) -> Vec<String> {
    layout.practice.iter().map(|(_, cell)| cell.clone()).chain([one.interview.clone()]).collect()
}

/// What counts in an interview, by row.
pub(crate) struct Index<'f> {
    /// Address of a row (empty: outside all repeats) → template path → value.
    values: HashMap<&'f str, HashMap<String, &'f Given>>,
    /// Template path of a repeat → addresses of its rows, in order.
    rows: HashMap<String, Vec<&'f str>>,
    /// Address of a row → its place among its siblings, from 1.
    numbers: HashMap<&'f str, usize>,
}

impl<'f> Index<'f> {
    fn new(one: &'f Filled) -> Self {
        let mut index = Self { values: HashMap::new(), rows: HashMap::new(), numbers: HashMap::new() };
        let mut siblings: HashMap<String, usize> = HashMap::new();
        for field in one.fields.iter().filter(|field| field.counts && !field.given.is_blank()) {
            let path = field.path.as_str();
            if field.origin == Origin::RowPresence {
                let number = siblings.entry(field.path.without_row().as_str().to_owned()).or_default();
                *number += 1;
                index.numbers.insert(path, *number);
                index.rows.entry(field.path.template()).or_default().push(path);
            } else {
                let row = &path[..path.rfind(']').map_or(0, |end| end + 1)];
                index.values.entry(row).or_default().insert(field.path.template(), &field.given);
            }
        }
        index
    }

    /// The numbers of the rows around a row and its own, outermost first.
    pub(crate) fn numbers_of(&self, row: &str) -> Vec<String> {
        let ends = row.match_indices(']').map(|(at, _)| &row[..=at]);
        ends.map(|row| self.numbers.get(row).map_or_else(String::new, ToString::to_string)).collect()
    }

    fn cells(&self, row: &str, columns: &[Column<'_>], layout: &Layout) -> Vec<String> {
        let values = self.values.get(row);
        let value = |path: &str| values.and_then(|values| values.get(path)).copied().unwrap_or(&Given::Blank);
        columns.iter().flat_map(|column| column.cells(value(&column.question.path), layout)).collect()
    }
}

/// A question as a column, and for a select-multiple one more for each choice.
struct Column<'q> {
    question: &'q Question,
    /// What it could be called, best first.
    called: Vec<String>,
    /// The choices of a select-multiple.
    ticks: Vec<&'q str>,
    /// Labels of choices by value. None: choices with this value are called differently (which was meant depends on
    /// other answers), so only the value is sure.
    labels: HashMap<&'q str, Option<String>>,
    /// What stands between the labels of several choices.
    separator: &'static str,
}

impl<'q> Column<'q> {
    fn new(question: &'q Question, past: Option<&Past>, layout: &Layout) -> Self {
        let mut labels: HashMap<&str, Option<String>> = HashMap::new();
        for choice in question.choices.iter().filter(|_| layout.labels) {
            let own = label(&choice.labels, layout).unwrap_or_else(|| choice.value.clone());
            let known = labels.entry(&choice.value).or_insert_with(|| Some(own.clone()));
            if known.as_ref() != Some(&own) {
                *known = None;
            }
        }
        let chinese = labels.values().flatten().flat_map(|label| label.chars()).any(|c| ('一'..='鿿').contains(&c));
        let mut ticks = Vec::new();
        if question.kind == ValueKind::SelectMultiple {
            let mut seen = HashSet::new();
            ticks.extend(
                question.choices.iter().map(|choice| choice.value.as_str()).filter(|value| seen.insert(*value)),
            );
        }
        let separator = match (layout.labels, chinese) {
            (false, _) => " ",
            (true, false) => "; ",
            (true, true) => "；",
        };
        let mut called = called(&question.labels, &question.name, &question.path, layout);
        if let Some(past) = past {
            called = called.iter().map(|heading| past.heading(heading, layout)).collect();
        }
        if let Some(done) = layout.done.get(&question.path).filter(|done| **done != Done::Kept) {
            let what = layout.words.suffix(*done, layout.labels);
            called = called.iter().map(|heading| format!("{heading}{what}")).collect();
        }
        Self { question, called, ticks, labels, separator }
    }

    /// What the column of a choice could be called under its question's heading.
    fn tick_called(&self, own: &str, value: &str) -> Vec<String> {
        let name = self.name_of(value);
        let mut called = vec![format!("{own}/{name}")];
        if name != value {
            called.push(format!("{own}/{name} [{value}]"));
        }
        called
    }

    fn name_of<'n>(&'n self, value: &'n str) -> &'n str {
        self.labels.get(value).and_then(Option::as_deref).unwrap_or(value)
    }

    fn cells(&self, given: &Given, layout: &Layout) -> Vec<String> {
        if let Given::NonAnswer(non_answer) = given {
            let at = NonAnswer::ALL.iter().position(|known| known == non_answer).unwrap_or_default();
            return vec![layout.non_answers[at].clone(); 1 + self.ticks.len()];
        }
        let value = given.text();
        match self.question.kind {
            ValueKind::SelectOne => vec![self.name_of(value).to_owned()],
            ValueKind::SelectMultiple | ValueKind::Rank => {
                let chosen: Vec<&str> = value.split_whitespace().collect();
                let names: Vec<&str> = chosen.iter().map(|value| self.name_of(value)).collect();
                let (ticked, unticked) = &layout.ticked;
                let tick = |value: &&str| match chosen.contains(value) {
                    // A question that was not answered says nothing about its choices.
                    _ if chosen.is_empty() => String::new(),
                    true => ticked.clone(),
                    false => unticked.clone(),
                };
                [names.join(self.separator)].into_iter().chain(self.ticks.iter().map(tick)).collect()
            }
            _ => vec![value.to_owned()],
        }
    }
}

/// The whole heading: the frame as it is, questions told apart from it and from each other.
fn head(frame: Vec<String>, columns: &[Column<'_>]) -> Vec<String> {
    let frame_width = frame.len();
    let mut candidates: Vec<Vec<String>> = frame.into_iter().map(|heading| vec![heading]).collect();
    candidates.extend(columns.iter().map(|column| column.called.clone()));
    let own = unique(&candidates);
    let mut all: Vec<Vec<String>> = own[..frame_width].iter().map(|heading| vec![heading.clone()]).collect();
    for (column, own) in columns.iter().zip(&own[frame_width..]) {
        all.push(vec![own.clone()]);
        all.extend(column.ticks.iter().map(|value| column.tick_called(own, value)));
    }
    unique(&all)
}

/// What a question or repeat could be called, best first: its label or name; with the name in brackets; its path.
fn called(labels: &Labels, name: &str, path: &str, layout: &Layout) -> Vec<String> {
    let path = path.trim_start_matches('/');
    match label(labels, layout).filter(|_| layout.labels) {
        Some(label) => vec![label.clone(), format!("{label} [{name}]"), format!("{label} [{path}]")],
        None => vec![name.to_owned(), path.to_owned()],
    }
}

/// The label in the layout's language, or else in the form's first, as plain text on one line.
pub(crate) fn label(labels: &Labels, layout: &Layout) -> Option<String> {
    let wanted = labels.iter().find(|(language, _)| *language == layout.language);
    let (_, text) = wanted.or_else(|| labels.first())?;
    Some(plain(text)).filter(|line| !line.is_empty())
}
