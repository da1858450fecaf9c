//! `select_one_external` (XLSForm documentation, “External selects”): `<input query="instance('list')/root/item[…]">`, whose
//! lists stand together in a table that travels with the form, `itemsets.csv`.

use roxmltree::Node;

use super::Reader;
use super::text::quoted;
use crate::Media;
use crate::expression::Position;
use crate::form::{DefId, Itemset, OptionsDef};
use crate::problem::{ProblemKind, Severity};
use crate::secondary::Secondary;

/// The table of all external lists: the columns `list_name`, `name`, `label` and those of the filters. A form with several
/// languages has a column of labels for each, `label::English (en)`.
const TABLE: &str = "itemsets.csv";

impl Reader<'_, '_> {
    /// Reads the lists that queries ask for. A list that the form has itself is left as it is.
    pub(super) fn read_external_lists(&mut self, root: Node<'_, '_>, media: &Media) {
        let inputs = root.descendants().filter(|element| element.tag_name().name() == "input");
        for element in inputs.filter(|element| element.has_attribute("query")) {
            let Some(list) = element.attribute("query").and_then(list_of) else { continue };
            if self.instance_ids.contains_key(list) {
                continue;
            }
            let read = match media.get(TABLE) {
                Some(bytes) => rows_of(list, bytes)
                    .and_then(|rows| Secondary::from_rows(list, &rows, &mut self.names))
                    .map_err(|reason| (Severity::Error, ProblemKind::BadMedia { name: TABLE.to_owned(), reason })),
                None => Err((Severity::Warning, ProblemKind::MissingMedia { found: TABLE.to_owned() })),
            };
            let table = read.unwrap_or_else(|(severity, kind)| {
                let place = self.place(element, None, "query");
                if !self.problems.iter().any(|known| known.kind == kind) {
                    self.problem(severity, kind, place);
                }
                Secondary::empty(list, &mut self.names)
            });
            self.instance_ids.insert(list.to_owned(), self.instances.len());
            self.instances.push(table);
        }
    }

    /// The options of a field with a query.
    pub(super) fn read_query(&mut self, element: Node<'_, '_>, def: DefId) -> Option<OptionsDef> {
        let place = self.place(element, Some(def), "query");
        let nodes = self.expression(element.attribute("query")?, Position::At(def), &place)?;
        let value = self.expression("name", Position::Elsewhere, &place)?;
        let label = self.expression("label", Position::Elsewhere, &place);
        let value_child = Some(self.names.intern("name"));
        let languages = self.languages.iter();
        let label_columns = languages.map(|language| self.names.intern(&format!("label::{language}"))).collect();
        Some(OptionsDef::Itemset(Itemset {
            before: Vec::new(),
            nodes,
            value,
            label,
            label_is_itext: false,
            label_columns,
            value_child,
            randomized: false,
        }))
    }
}

/// The list that a query begins with.
fn list_of(query: &str) -> Option<&str> {
    let inside = query.trim().strip_prefix("instance(")?;
    quoted(inside.split_once(')')?.0.trim())
}

/// The rows of one list.
fn rows_of(list: &str, bytes: &[u8]) -> Result<Vec<Vec<(String, String)>>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let is_list = |name: &str| matches!(name.trim(), "list_name" | "list name");
    let at = headers.iter().position(is_list).ok_or("expected a column list_name, found none")?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        if record.get(at).map(str::trim) == Some(list) {
            let cells = headers.iter().zip(record.iter()).enumerate().filter(|(column, _)| *column != at);
            rows.push(cells.map(|(_, (name, value))| (name.trim().to_owned(), value.to_owned())).collect());
        }
    }
    Ok(rows)
}
