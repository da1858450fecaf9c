//! A sheet as records: headers resolved by alias and split at `::`, cells cleaned and grouped under them.

use crate::codes::Code;
use crate::near::nearest;
use crate::problem::{Place, Problem, Report};
use crate::workbook::Sheet;
use std::sync::Arc;

/// The name of a column, or a part of it; every row of a sheet has the same ones.
pub(crate) type Key = Arc<str>;

/// A cell's text and its column, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub text: String,
    pub column: u32,
}

/// A cell, or cells grouped by the next part of their header (`label::中文` under `label`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Cell(Cell),
    Map(Map),
}

impl Value {
    /// The cell, or all cells below.
    pub fn cells(&self) -> Vec<&Cell> {
        match self {
            Self::Cell(cell) => vec![cell],
            Self::Map(map) => map.0.iter().flat_map(|(_, v)| v.cells()).collect(),
        }
    }
}

/// Values by header, in the order of the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Map(pub Vec<(Key, Value)>);

impl Map {
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| **k == *key).map(|(_, v)| v)
    }

    pub fn cell(&self, key: &str) -> Option<&Cell> {
        match self.get(key) {
            Some(Value::Cell(cell)) => Some(cell),
            _ => None,
        }
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.cell(key).map(|c| c.text.as_str())
    }

    pub fn map(&self, key: &str) -> Option<&Self> {
        match self.get(key) {
            Some(Value::Map(map)) => Some(map),
            _ => None,
        }
    }

    /// Takes a value out of the map.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(k, _)| **k == *key)?;
        Some(self.0.remove(at).1)
    }

    fn put(&mut self, key: &Key, value: Value) {
        match self.0.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.clone(), value)),
        }
    }

    /// Puts a cell below a path of keys; a plain cell that stands in the way moves under `default`.
    fn put_at(&mut self, path: &[Key], cell: Cell, default: &Key) {
        match path {
            [] => {}
            [key] => match self.0.iter_mut().find(|(k, _)| k == key) {
                Some((_, Value::Map(inner))) if inner.get(default).is_none() => inner.put(default, Value::Cell(cell)),
                Some((_, Value::Map(_))) => {}
                _ => self.put(key, Value::Cell(cell)),
            },
            [key, rest @ ..] => {
                let at = self.0.iter().position(|(k, _)| k == key).unwrap_or_else(|| {
                    self.0.push((key.clone(), Value::Map(Self::default())));
                    self.0.len() - 1
                });
                let value = &mut self.0[at].1;
                if let Value::Cell(old) = value {
                    let mut inner = Self::default();
                    if rest != std::slice::from_ref(default) {
                        inner.put(default, Value::Cell(old.clone()));
                    }
                    *value = Value::Map(inner);
                }
                if let Value::Map(inner) = value {
                    inner.put_at(rest, cell, default);
                }
            }
        }
    }
}

/// One column of a sheet.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub text: String,
    /// The canonical column and what stands after `::`; empty for a column without a header.
    pub tokens: Vec<Key>,
}

/// One row below the header.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub place: Place,
    pub values: Map,
}

/// A sheet, read.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub headers: Vec<Header>,
    pub records: Vec<Record>,
}

impl Table {
    /// The cell of a record below the first of these headers that the sheet has: where something is missing.
    pub fn place_in(&self, record: &Record, columns: &[&[&str]]) -> Place {
        record.place.cell(column_of(&self.headers, columns))
    }
}

/// The column, from 1, of the first of these headers that is there. A header is given by its first tokens.
pub(crate) fn column_of(headers: &[Header], columns: &[&[&str]]) -> Option<u32> {
    let is = |header: &Header, tokens: &[&str]| {
        header.tokens.len() >= tokens.len() && header.tokens.iter().zip(tokens).all(|(a, b)| **a == **b)
    };
    let index = columns.iter().find_map(|tokens| headers.iter().position(|h| is(h, tokens)))?;
    u32::try_from(index + 1).ok()
}

/// What the columns of a kind of sheet may be called.
pub(crate) struct Columns {
    /// Names that need no alias.
    pub known: &'static [&'static str],
    /// Names with no meaning of their own that pyxform also finds whatever their case, because its own fields have them.
    pub recased: &'static [&'static str],
    /// Other names, snake_case, and the tokens they stand for.
    pub aliases: &'static [(&'static str, &'static [&'static str])],
    /// Columns that hold text for people.
    pub is_text: fn(&[Key]) -> bool,
    /// Collapse runs of spaces in cells.
    pub strip: bool,
    pub further: Further,
}

/// What becomes of columns that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Further {
    /// They are remarks, and said to be.
    Remarks,
    /// They have a use of their own (choices).
    Used,
    /// Text in them is refused.
    Refused,
}

/// How cells are cleaned.
#[derive(Clone, Copy)]
pub(crate) struct Cleaning<'a> {
    pub keep_curly_quotes: bool,
    pub default_language: &'a str,
}

pub(crate) fn read_table(sheet: &Sheet, columns: &Columns, cleaning: Cleaning<'_>, report: &mut Report) -> Table {
    let Some(header_row) = sheet.rows.first() else { return Table::default() };
    let place =
        Place { sheet: sheet.name.as_str().into(), row: Some(header_row.number), line: header_row.line, column: None };
    let double = header_row.cells.iter().any(|h| h.contains("::"));
    let mut headers: Vec<Header> = Vec::new();
    for (index, cell) in header_row.cells.iter().enumerate() {
        let text = collapse(cell);
        let tokens = tokens_of(cell, double, columns);
        let place = place.column(index);
        if let Some(other) = headers.iter().find(|h| !tokens.is_empty() && h.tokens == tokens) {
            report.add(Problem::error(Code::DuplicateColumn).at(&place).arg("found", &text).arg("other", &other.text));
        } else {
            let is_used = || sheet.rows[1..].iter().any(|r| r.cells.get(index).is_some_and(|c| !c.trim().is_empty()));
            report_unknown(&text, &tokens, columns, is_used, &place, report);
        }
        headers.push(Header { text, tokens });
    }
    let is_text: Vec<bool> = headers.iter().map(|header| (columns.is_text)(&header.tokens)).collect();
    let default = Key::from(cleaning.default_language);
    let mut records = Vec::with_capacity(sheet.rows.len() - 1);
    for row in &sheet.rows[1..] {
        let place = Place { sheet: place.sheet.clone(), row: Some(row.number), line: row.line, column: None };
        let mut values = Map::default();
        values.0.reserve(row.cells.len());
        for (index, cell) in row.cells.iter().enumerate().filter(|(_, c)| !c.trim().is_empty()) {
            let Some(header) = headers.get(index).filter(|h| !h.tokens.is_empty()) else {
                report.add(Problem::warning(Code::CellWithoutHeader).at(&place.column(index)).arg("found", cell));
                continue;
            };
            let keep = cleaning.keep_curly_quotes && is_text[index];
            let text = clean(cell, columns.strip, keep);
            let cell = Cell { text, column: u32::try_from(index + 1).unwrap_or(u32::MAX) };
            values.put_at(&header.tokens, cell, &default);
        }
        records.push(Record { place, values });
    }
    Table { headers, records }
}

fn clean(cell: &str, strip: bool, keep_curly_quotes: bool) -> String {
    let text = if strip { collapse(cell) } else { cell.to_owned() };
    if keep_curly_quotes { text } else { straighten(text) }
}

fn collapse(text: &str) -> String {
    let text = text.trim();
    if !text.contains("  ") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// The first byte of all curly quotes.
const CURLY: u8 = 0xe2;

/// Word processors curl quotes in formulas; there only straight ones are quotes.
fn straighten(text: String) -> String {
    if !text.as_bytes().contains(&CURLY) {
        return text;
    }
    text.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\"")
}

fn snake_case(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

/// What a heading stands for: the canonical column and what stands after `::`, or after `:` in a sheet that has no `::`
/// (`double`). Empty for an empty one.
pub(crate) fn tokens_of(heading: &str, double: bool, columns: &Columns) -> Vec<Key> {
    let text = collapse(heading);
    if text.is_empty() { Vec::new() } else { split(&text, double, columns).into_iter().map(Key::from).collect() }
}

fn split(text: &str, double: bool, columns: &Columns) -> Vec<String> {
    let is_field = |name: &str| columns.known.contains(&name) || columns.recased.contains(&name);
    let is_known = |name: &str| is_field(name) && !columns.aliases.iter().any(|(a, _)| *a == name);
    if is_known(text) {
        return vec![text.to_owned()];
    }
    let snake = snake_case(text);
    if is_known(&snake) {
        return vec![snake];
    }
    let mut parts: Vec<String> = if double || text.contains("::") {
        text.split("::").map(|p| p.trim().to_owned()).collect()
    } else {
        // The old way to write groups, `label:English`; `jr:count` is one name.
        let mut parts: Vec<String> = text.split(':').map(|p| p.trim().to_owned()).collect();
        if let Some(at) = parts.iter().position(|p| p == "jr").filter(|at| at + 1 < parts.len()) {
            let joined = format!("jr:{}", parts[at + 1]);
            parts.splice(at..=at + 1, [joined]);
        }
        parts
    };
    let first = snake_case(&parts[0]);
    if let Some((_, tokens)) = columns.aliases.iter().find(|(alias, _)| *alias == first) {
        parts.splice(0..1, tokens.iter().map(|&t| t.to_owned()));
    } else if is_field(&first) {
        parts[0] = first;
    }
    parts
}

/// Prefixes of other programs' columns; their owners know what they mean.
const FOREIGN: [&str; 6] = ["tianye", "hxl", "kobo", "$given_name", "$kuid", "$autoname"];
/// How columns of KoboToolbox begin that are not named above.
const KOBO: &str = "kobo--";

fn report_unknown(
    text: &str,
    tokens: &[Key],
    columns: &Columns,
    is_used: impl Fn() -> bool,
    place: &Place,
    report: &mut Report,
) {
    let Some(first) = tokens.first() else { return };
    let aliased = |name: &str| columns.aliases.iter().any(|(_, t)| t.first() == Some(&name));
    let foreign = FOREIGN.contains(&&**first) || first.starts_with(KOBO);
    if columns.known.contains(&&**first) || aliased(first) || foreign {
        return;
    }
    if columns.further == Further::Refused && is_used() {
        report.add(Problem::error(Code::ColumnRefused).at(place).arg("found", text));
        return;
    }
    let names = columns.known.iter().copied().chain(columns.aliases.iter().map(|(alias, _)| *alias));
    if let Some(near) = nearest(first, names.filter(|n| !n.starts_with('_'))) {
        report.add(Problem::warning(Code::UnknownColumn).at(place).arg("found", text).arg("near", near));
    } else if columns.further != Further::Used {
        report.add(Problem::note(Code::ColumnNotUsed).at(place).arg("found", text));
    }
}
