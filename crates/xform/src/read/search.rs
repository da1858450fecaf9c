//! `search()` in an appearance: choices from a table that travels with the form (ODK documentation, “Dynamic selects from
//! pre-loaded data”). It becomes an itemset like any other.

use std::collections::BTreeSet;

use roxmltree::Node;
use tianye_xpath::Base;

use super::text::{itext_argument, quoted};
use super::{Reader, child, children, text_of};
use crate::Media;
use crate::expression::Position;
use crate::form::{DefId, FixedOption, Itemset, OptionsDef};
use crate::problem::{ProblemKind, Severity};
use crate::secondary::Secondary;

impl Reader<'_, '_> {
    /// Reads the tables that only `search()` and `pulldata()` name: `fruits` is the file `fruits.csv`.
    pub(super) fn read_named_tables(&mut self, root: Node<'_, '_>, media: &Media) {
        let mut named = BTreeSet::new();
        for element in root.descendants() {
            for attribute in element.attributes() {
                let searched = attribute.name() == "appearance";
                let call = if searched { "search(" } else { "pulldata(" };
                let files = calls(attribute.value(), call)
                    .into_iter()
                    .filter_map(|arguments| arguments.first().and_then(|first| quoted(first)).map(str::to_owned));
                named.extend(files.map(|file| (file, searched)));
            }
        }
        for (id, searched) in named {
            let file = format!("{id}.csv");
            let bytes = media.get(&file).or_else(|| media.get(&id));
            if self.instance_ids.contains_key(&id) || (bytes.is_none() && !searched) {
                continue;
            }
            let read = match bytes {
                Some(bytes) => Secondary::from_csv(&id, bytes, &mut self.names)
                    .map_err(|reason| (Severity::Error, ProblemKind::BadMedia { name: file.clone(), reason })),
                None => Err((Severity::Warning, ProblemKind::MissingMedia { found: file })),
            };
            let table = read.unwrap_or_else(|(severity, kind)| {
                let place = self.place(root, None, "instance");
                self.problem(severity, kind, place);
                Secondary::empty(&id, &mut self.names)
            });
            self.tables.push((id.clone(), self.instances.len()));
            self.instance_ids.insert(id, self.instances.len());
            self.instances.push(table);
        }
    }

    /// The options of a select whose appearance has `search()`: of its items, those with a whole number for a value are
    /// offered as they are, and the other one names the columns of the table. None: it has none.
    pub(super) fn read_search(&mut self, element: Node<'_, '_>, def: DefId) -> Option<OptionsDef> {
        let arguments = calls(element.attribute("appearance")?, "search(").into_iter().next()?;
        let is_number = |item: &Node<'_, '_>| {
            let value = child(*item, "value").map(|value| text_of(value).trim().to_owned()).unwrap_or_default();
            !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
        };
        let (fixed, columns): (Vec<_>, Vec<_>) = children(element, "item").partition(is_number);
        let before = fixed.into_iter().map(|item| self.read_item(item, def)).collect();
        let place = self.place(element, Some(def), "appearance");
        let Some((item, source)) = columns.first().copied().zip(search_nodes(&arguments)) else {
            let found = "a search() without table, or without an item that names its columns".to_owned();
            self.problem(Severity::Error, ProblemKind::Unsupported { found }, place);
            return Some(OptionsDef::Fixed(before));
        };
        let nodes = self.expression(&source, Position::At(def), &place)?;
        let value_source = text_of(child(item, "value")?).trim().to_owned();
        let value = self.expression(&value_source, Position::Elsewhere, &place)?;
        let label = child(item, "label").map(label_source);
        let label = label.and_then(|source| self.expression(&source, Position::Elsewhere, &place));
        Some(OptionsDef::Itemset(Itemset {
            before,
            nodes,
            value,
            label,
            label_is_itext: false,
            label_columns: Vec::new(),
            value_child: Some(self.names.intern(&value_source)),
            randomized: false,
        }))
    }

    fn read_item(&mut self, item: Node<'_, '_>, def: DefId) -> FixedOption {
        let value = child(item, "value").map(|value| text_of(value).trim().to_owned()).unwrap_or_default();
        let label = child(item, "label").map(|label| self.text(label, def, "item label"));
        FixedOption { value: value.into(), label }
    }
}

/// The column, or columns, that a label names; a translated label names one for each language.
fn label_source(label: Node<'_, '_>) -> String {
    if let Some(id) = label.attribute("ref").and_then(itext_argument) {
        return format!("*[name() = normalize-space(jr:itext({id}))]");
    }
    let text = text_of(label);
    let columns: Vec<&str> = text.split(',').map(str::trim).filter(|column| !column.is_empty()).collect();
    match columns.as_slice() {
        [only] => (*only).to_owned(),
        several => format!("join(', ', {})", several.join(", ")),
    }
}

/// The rows that `search(table)`, `search(table, how, columns, value)` or `search(table, how, columns, value, column,
/// value)` finds.
fn search_nodes(arguments: &[&str]) -> Option<String> {
    let (table, rest) = arguments.split_first()?;
    let table = quoted(table)?;
    let mut conditions = Vec::new();
    let mut rest = rest;
    if let [how, columns, value, more @ ..] = rest {
        let value = from_here(value)?;
        let columns = quoted(columns)?.split(',').map(str::trim).filter(|column| !column.is_empty());
        let tests: Vec<String> = columns
            .map(|column| match quoted(how).unwrap_or_default() {
                "contains" => format!("contains({column}, {value})"),
                "startswith" => format!("starts-with({column}, {value})"),
                "endswith" => format!("ends-with({column}, {value})"),
                _ => format!("{column} = {value}"),
            })
            .collect();
        conditions.push(format!("({})", tests.join(" or ")));
        rest = more;
    }
    if let [column, value] = rest {
        conditions.push(format!("{} = {}", quoted(column)?, from_here(value)?));
    }
    let filter = if conditions.is_empty() { String::new() } else { format!("[{}]", conditions.join(" and ")) };
    Some(format!("instance('{table}')/root/item{filter}"))
}

/// An expression of the question, to be asked inside a predicate: its own paths then begin at the question.
fn from_here(source: &str) -> Option<String> {
    let source = source.trim();
    let parsed = tianye_xpath::parse(source).ok()?;
    let mut starts: Vec<usize> = parsed
        .references()
        .into_iter()
        .filter(|reference| reference.base == Base::Context && !reference.in_predicate)
        .map(|reference| reference.span.start)
        .filter(|start| source.get(*start..).is_some_and(|text| !text.starts_with("current()")))
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let mut text = source.to_owned();
    for start in starts.into_iter().rev() {
        text.insert_str(start, "current()/");
    }
    Some(text)
}

/// The arguments of each call in a text.
fn calls<'t>(text: &'t str, call: &str) -> Vec<Vec<&'t str>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(call) {
        let inside = &text[at + call.len()..];
        let (mut depth, mut quote, mut from) = (0_u32, None, 0);
        let mut arguments = Vec::new();
        for (index, c) in inside.char_indices() {
            match (quote, c) {
                (Some(mark), c) if mark == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '(' | '[') => depth += 1,
                (None, ')') if depth == 0 => {
                    arguments.push(inside[from..index].trim());
                    found.push(std::mem::take(&mut arguments));
                    break;
                }
                (None, ')' | ']') => depth = depth.saturating_sub(1),
                (None, ',') if depth == 0 => {
                    arguments.push(inside[from..index].trim());
                    from = index + 1;
                }
                _ => {}
            }
        }
    }
    found
}
