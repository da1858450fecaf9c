//! The choices sheet, and the external_choices and osm sheets that look like it.

use crate::codes::Code;
use crate::names::{has_reference, is_ncname};
use crate::problem::{Place, Problem, Report};
use crate::read_settings::Settings;
use crate::table::{Cleaning, Columns, Further, Key, Record, Table, Value, column_of, read_table};
use crate::tree::{Text, texts};
use crate::workbook::Workbook;
use std::collections::HashSet;

#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub name: String,
    pub label: Text,
    pub media: Vec<(String, Text)>,
    /// Further columns, for filters and look-ups.
    pub extra: Vec<(Key, String)>,
    pub place: Place,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct ChoiceList {
    pub name: String,
    /// The name's first cell.
    pub place: Place,
    pub choices: Vec<Choice>,
    /// The further columns that its choices fill.
    pub further: Vec<Key>,
    pub used_by_search: bool,
}

impl ChoiceList {
    /// Labels in several languages, with media or with values in them live in the itext block.
    pub fn requires_itext(&self) -> bool {
        self.choices.iter().any(|c| {
            !c.media.is_empty()
                || c.label.is_translated()
                || matches!(&c.label, Text::Plain(text) if has_reference(text))
        })
    }

    pub fn column_names(&self) -> impl Iterator<Item = &str> + Clone {
        ["name", "label"].into_iter().chain(self.further.iter().map(|name| &**name))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Choices {
    pub lists: Vec<ChoiceList>,
    /// Labels and media that refer to questions.
    pub referring: Vec<(Place, String)>,
    /// Languages and text columns that the sheet has, for the check of missing translations.
    pub headers: Vec<Vec<Key>>,
}

impl Choices {
    pub fn get(&self, name: &str) -> Option<&ChoiceList> {
        self.lists.iter().find(|l| l.name == name)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut ChoiceList> {
        self.lists.iter_mut().find(|l| l.name == name)
    }
}

pub(crate) const COLUMNS: Columns = Columns {
    known: &["name", "label", "media", "sms_option"],
    recased: &["parent", "extra_data", "_choice_itext_ref"],
    aliases: &[
        ("caption", &["label"]),
        ("list_name", &["list name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
    ],
    is_text: |tokens| tokens.first().is_some_and(|t| **t == *"label"),
    strip: false,
    further: Further::Used,
};

/// Reads one of the sheets of choices. A missing sheet has no lists.
pub(crate) fn read_choices(
    workbook: &Workbook,
    sheet_name: &str,
    settings: &Settings,
    keep_curly_quotes: bool,
    report: &mut Report,
) -> Choices {
    let Some(sheet) = workbook.sheet(sheet_name) else { return Choices::default() };
    let cleaning = Cleaning { keep_curly_quotes, default_language: &settings.default_language };
    let table = read_table(sheet, &COLUMNS, cleaning, report);
    let headers: Vec<Vec<Key>> = table.headers.iter().map(|h| h.tokens.clone()).collect();
    let has = |name: &str| headers.iter().any(|t| t.first().is_some_and(|f| **f == *name));
    for (column, shown) in [("list name", "list_name"), ("name", "name")] {
        if !has(column) && !table.records.is_empty() {
            let at = Place { row: sheet.rows.first().map(|r| r.number), ..Place::sheet(&sheet.name) };
            // A sheet whose choices belong to no list may be a remark: whoever wants one is told that it is not there.
            let problem = if column == "list name" { Problem::warning } else { Problem::error };
            report.add(problem(Code::MissingColumn).at(&at).arg("expected", shown));
            return Choices { headers, ..Choices::default() };
        }
    }
    let bad: HashSet<&str> = headers
        .iter()
        .filter_map(|t| t.first().map(|name| &**name))
        .filter(|name| *name != "list name" && !is_ncname(name))
        .collect();
    for (index, header) in table.headers.iter().enumerate() {
        if header.tokens.first().is_some_and(|t| bad.contains(&**t)) {
            let at = Place { row: sheet.rows.first().map(|r| r.number), ..Place::sheet(&sheet.name) }.column(index);
            report.add(Problem::warning(Code::ChoiceColumnName).at(&at).arg("found", &header.text));
        }
    }
    let mut lists: Vec<ChoiceList> = Vec::new();
    let mut referring = Vec::new();
    let Table { headers: columns, records } = table;
    for Record { place, mut values } in records {
        let missing = |column: &[&[&str]]| place.cell(column_of(&columns, column));
        let Some(Value::Cell(list)) = values.take("list name") else {
            if values.text("name").is_some() {
                report.add(Problem::warning(Code::ChoiceWithoutList).at(&missing(&[&["list name"]])));
            }
            continue;
        };
        let Some(Value::Cell(name)) = values.take("name") else {
            report.add(Problem::error(Code::ChoiceWithoutName).at(&missing(&[&["name"]])).arg("list", list.text));
            continue;
        };
        for cell in ["label", "media"].iter().filter_map(|k| values.get(k)).flat_map(Value::cells) {
            if cell.text.contains("${") {
                referring.push((place.cell(Some(cell.column)), cell.text.clone()));
            }
        }
        let label = Text::from_value(values.take("label"));
        if label.is_none() && sheet_name != "external_choices" {
            let at = missing(&[&["label"], &["name"]]);
            report.add(Problem::warning(Code::ChoiceWithoutLabel).at(&at).arg("found", &name.text));
        }
        let media = texts(values.map("media"));
        // Choices of a list mostly stand together.
        let last = lists.len().checked_sub(1).filter(|at| lists[*at].name == list.text);
        let at = last.or_else(|| lists.iter().position(|l| l.name == list.text)).unwrap_or_else(|| {
            let place = place.cell(Some(list.column));
            lists.push(ChoiceList { name: list.text, place, ..ChoiceList::default() });
            lists.len() - 1
        });
        let mut extra = Vec::with_capacity(values.0.len());
        for (key, value) in values.0 {
            let Value::Cell(cell) = value else { continue };
            if bad.is_empty() || !bad.contains(&*key) {
                if !lists[at].further.contains(&key) {
                    lists[at].further.push(key.clone());
                }
                extra.push((key, cell.text));
            }
        }
        lists[at].choices.push(Choice { name: name.text, label, media, extra, place: place.cell(Some(name.column)) });
    }
    if !settings.allow_choice_duplicates && sheet_name == "choices" {
        report_duplicates(&lists, report);
    }
    Choices { lists, referring, headers }
}

fn report_duplicates(lists: &[ChoiceList], report: &mut Report) {
    for list in lists {
        let mut seen = std::collections::HashMap::with_capacity(list.choices.len());
        for choice in &list.choices {
            if let Some(first) = seen.insert(choice.name.as_str(), choice.place.row) {
                let problem = Problem::error(Code::DuplicateChoice)
                    .at(&choice.place)
                    .arg("found", &choice.name)
                    .arg("list", &list.name)
                    .arg("row", first.map_or_else(String::new, |r| r.to_string()));
                report.add(problem);
            }
        }
    }
}
