//! From filled forms to tables.

use std::collections::BTreeMap;
use std::fmt;

use tianye_xform::{Control, Field, FieldPath, Form, Origin, Question, ValueKind};

/// A table: every row has as many cells as the head.
#[derive(Clone, PartialEq, Eq)]
pub struct Table {
    /// The form's id, or the repeat's name.
    pub name: String,
    /// Column headings.
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
#[derive(Clone)]
pub struct Filled {
    /// Random id of the interview: the key that joins the tables.
    pub interview: String,
    /// Frame columns in the order of [`Layout::frame`].
    pub frame: Vec<String>,
    /// The fields of its session; those that do not count (not relevant) are left blank.
    pub fields: Vec<Field>,
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
    /// Heading of the column with a row's number in its repeat.
    pub row: String,
    /// Text of the practice mark's heading and cells; none for a real project.
    pub practice: Option<(String, String)>,
    /// What a ticked column of a select-multiple says, and what an unticked one says.
    pub ticked: (String, String),
}

/// One table for the form, then one for each repeat, in form order.
#[must_use]
pub fn tables(form: &Form, filled: &[Filled], layout: &Layout) -> Vec<Table> {
    let questions: Vec<Question> = form.questions().into_iter().filter(exported).collect();
    let mut tables = vec![form_table(form, &questions, filled, layout)];
    for repeat in form.repeats() {
        let inside: Vec<&Question> =
            questions.iter().filter(|question| question.repeat.as_ref() == Some(&repeat.path)).collect();
        let name = if layout.labels { label(&repeat.labels, layout, &repeat.name) } else { repeat.name.clone() };
        tables.push(repeat_table(&repeat.path, &name, &inside, filled, layout));
    }
    tables
}

/// Notes and what the form keeps for itself are no data.
fn exported(question: &Question) -> bool {
    let internal = question.path.starts_with("/meta/") && question.name != "instanceID";
    let generated = question.name.ends_with("_count") && question.control == Control::None && question.labels.is_empty();
    question.control != Control::Note && !internal && !generated
}

fn form_table(form: &Form, questions: &[Question], filled: &[Filled], layout: &Layout) -> Table {
    let own: Vec<&Question> = questions.iter().filter(|question| question.repeat.is_none()).collect();
    let mut head = start_of_head(layout);
    head.extend(layout.frame.iter().cloned());
    head.extend(own.iter().flat_map(|question| headings(question, layout)));
    let rows = filled.iter().map(|one| {
        let values: BTreeMap<&str, &Field> =
            one.fields.iter().filter(|field| field.counts).map(|field| (field.path.as_str(), field)).collect();
        let mut row = start_of_row(one, layout);
        row.extend(one.frame.iter().cloned());
        for question in &own {
            row.extend(cells(question, values.get(question.path.as_str()).map_or("", |field| &field.value), layout));
        }
        row
    });
    Table { name: form.id().to_owned(), head, rows: rows.collect() }
}

fn repeat_table(path: &str, name: &str, inside: &[&Question], filled: &[Filled], layout: &Layout) -> Table {
    let depth = path.split('/').filter(|step| !step.is_empty()).count();
    let mut head = start_of_head(layout);
    head.push(layout.row.clone());
    head.extend(inside.iter().flat_map(|question| headings(question, layout)));
    let mut rows = Vec::new();
    for one in filled {
        let mut found: Vec<(Vec<(u64, &str)>, &FieldPath)> = one
            .fields
            .iter()
            .filter(|field| field.origin == Origin::RowPresence && field.counts && !field.value.is_empty())
            .filter(|field| field.path.template() == path)
            .map(|field| (place(field, &one.fields), &field.path))
            .collect();
        found.sort();
        for (_, row_path) in found {
            let values: BTreeMap<String, &Field> = one
                .fields
                .iter()
                .filter(|field| field.counts && row_path.contains(&field.path))
                .filter(|field| field.path.steps().skip(depth).all(|step| step.row.is_none()))
                .map(|field| (field.path.template(), field))
                .collect();
            let mut row = start_of_row(one, layout);
            row.push(number_of(row_path, one));
            for question in inside {
                row.extend(cells(question, values.get(&question.path).map_or("", |field| &field.value), layout));
            }
            rows.push(row);
        }
    }
    Table { name: name.to_owned(), head, rows }
}

/// Order keys of a row and of the rows around it, outermost first; ties by identity.
fn place<'f>(row: &'f Field, fields: &'f [Field]) -> Vec<(u64, &'f str)> {
    let around = fields.iter().filter(|field| field.origin == Origin::RowPresence && field.path.contains(&row.path));
    let mut keys: Vec<_> = around.map(|field| (field.path.as_str().len(), order(field), field.path.as_str())).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, order, path)| (order, path)).collect()
}

fn order(field: &Field) -> u64 {
    field.value.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(u64::MAX)
}

/// The row's place among its siblings, from 1.
fn number_of(row: &FieldPath, one: &Filled) -> String {
    let siblings = row.without_row();
    let mut all: Vec<_> = one
        .fields
        .iter()
        .filter(|field| field.origin == Origin::RowPresence && field.counts && !field.value.is_empty())
        .filter(|field| field.path.without_row() == siblings)
        .map(|field| (order(field), &field.path))
        .collect();
    all.sort();
    all.iter().position(|(_, path)| *path == row).map_or_else(String::new, |at| (at + 1).to_string())
}

fn start_of_head(layout: &Layout) -> Vec<String> {
    layout.practice.iter().map(|(head, _)| head.clone()).chain([layout.interview.clone()]).collect()
}

fn start_of_row(one: &Filled, layout: &Layout) -> Vec<String> {
    layout.practice.iter().map(|(_, cell)| cell.clone()).chain([one.interview.clone()]).collect()
}

/// The headings of a question: one, and for a select-multiple one more for each choice.
fn headings(question: &Question, layout: &Layout) -> Vec<String> {
    let own = if layout.labels { label(&question.labels, layout, &question.name) } else { question.name.clone() };
    let mut headings = vec![own.clone()];
    if question.kind == ValueKind::SelectMultiple {
        headings.extend(question.choices.iter().map(|choice| {
            let name = if layout.labels { label(&choice.labels, layout, &choice.value) } else { choice.value.clone() };
            format!("{own}/{name}")
        }));
    }
    headings
}

fn cells(question: &Question, value: &str, layout: &Layout) -> Vec<String> {
    let name_of = |value: &str| {
        let choice = question.choices.iter().find(|choice| choice.value == value).filter(|_| layout.labels);
        choice.map_or_else(|| value.to_owned(), |choice| label(&choice.labels, layout, value))
    };
    match question.kind {
        ValueKind::SelectMultiple => {
            let chosen: Vec<&str> = value.split_whitespace().collect();
            let separator = if layout.labels { "；" } else { " " };
            let mut cells = vec![chosen.iter().map(|value| name_of(value)).collect::<Vec<_>>().join(separator)];
            let (ticked, unticked) = &layout.ticked;
            cells.extend(question.choices.iter().map(|choice| {
                // A question that was not answered says nothing about its choices.
                if chosen.is_empty() {
                    String::new()
                } else if chosen.contains(&choice.value.as_str()) {
                    ticked.clone()
                } else {
                    unticked.clone()
                }
            }));
            cells
        }
        ValueKind::SelectOne => vec![name_of(value)],
        _ => vec![value.to_owned()],
    }
}

fn label(labels: &[(String, String)], layout: &Layout, fallback: &str) -> String {
    let wanted = labels.iter().find(|(language, _)| *language == layout.language);
    let text = wanted.or_else(|| labels.first()).map_or("", |(_, text)| text.trim());
    // A heading is one line.
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { fallback.to_owned() } else { line }
}
