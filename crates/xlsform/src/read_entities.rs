//! The entities sheet: one row for each list of entities that the records of this form create or update.

use crate::codes::Code;
use crate::names::is_xml_name;
use crate::problem::{Place, Problem, Report};
use crate::table::{Cell, Cleaning, Columns, Further, Record, Table, read_table};
use crate::workbook::Workbook;

/// A list of entities as its row declares it. Which columns are filled decides what a record does: without `id` it
/// creates an entity, with `id` it updates one, with `id` and both conditions it does either.
#[derive(Debug, Clone)]
pub(crate) struct EntityList {
    pub name: String,
    pub label: Option<Cell>,
    pub id: Option<Cell>,
    pub create_if: Option<Cell>,
    pub update_if: Option<Cell>,
    /// The cell with the name.
    pub place: Place,
}

impl EntityList {
    /// The cells that hold expressions, with the names of their columns.
    pub fn expressions(&self) -> impl Iterator<Item = (&'static str, &Cell)> {
        [
            ("label", &self.label),
            ("entity_id", &self.id),
            ("create_if", &self.create_if),
            ("update_if", &self.update_if),
        ]
        .into_iter()
        .filter_map(|(column, cell)| cell.as_ref().map(|cell| (column, cell)))
    }
}

pub(crate) const COLUMNS: Columns = Columns {
    known: &["dataset", "entity_id", "create_if", "update_if", "repeat", "label"],
    recased: &[],
    aliases: &[("list_name", &["dataset"])],
    is_text: |_| false,
    strip: false,
    further: Further::Refused,
};

/// Begins the names that servers keep for themselves.
const RESERVED: &str = "__";

/// Reads the lists; a workbook without the sheet has none. `None` when a row is refused: where the others stand in the
/// form depends on it.
pub(crate) fn read_entities(workbook: &Workbook, report: &mut Report) -> Option<Vec<EntityList>> {
    let Some(sheet) = workbook.sheet("entities") else { return Some(Vec::new()) };
    let cleaning = Cleaning { keep_curly_quotes: false, default_language: "default" };
    let table = read_table(sheet, &COLUMNS, cleaning, report);
    let mut lists: Vec<EntityList> = Vec::new();
    let mut whole = true;
    for record in table.records.iter().filter(|r| !r.values.0.is_empty()) {
        let Some(list) = read_list(record, &table, report) else {
            whole = false;
            continue;
        };
        if let Some(first) = lists.iter().find(|l| l.name == list.name) {
            let problem = Problem::error(Code::DuplicateEntityList)
                .at(&table.place_in(record, &[&["dataset"]]))
                .arg("found", &list.name)
                .arg("row", first.place.row.unwrap_or_default().to_string());
            report.add(problem);
            whole = false;
            continue;
        }
        lists.push(list);
    }
    whole.then_some(lists)
}

fn read_list(record: &Record, table: &Table, report: &mut Report) -> Option<EntityList> {
    let at = |column: &str| table.place_in(record, &[&[column], &["dataset"]]);
    let cell = |column: &str| record.values.cell(column).cloned();
    let Some(name) = cell("dataset") else {
        report.add(Problem::error(Code::EntityWithoutList).at(&at("dataset")));
        return None;
    };
    let name = name.text;
    if name.contains('.') || !is_entity_name(&name) {
        report.add(Problem::error(Code::EntityListName).at(&at("dataset")).arg("found", &name));
        return None;
    }
    let list = EntityList {
        label: cell("label"),
        id: cell("entity_id"),
        create_if: cell("create_if"),
        update_if: cell("update_if"),
        place: at("dataset"),
        name,
    };
    let missing = match (&list.id, &list.create_if, &list.update_if) {
        (None, _, Some(_)) => Some((Code::EntityWithoutId, "entity_id")),
        (Some(_), Some(_), None) => Some((Code::EntityWithoutUpdateIf, "update_if")),
        (None, _, None) if list.label.is_none() => Some((Code::EntityWithoutLabel, "label")),
        _ => None,
    };
    if let Some((code, column)) = missing {
        report.add(Problem::error(code).at(&at(column)).arg("found", &list.name));
        return None;
    }
    Some(list)
}

/// Whether a list or a property may have this name.
pub(crate) fn is_entity_name(name: &str) -> bool {
    is_xml_name(name) && !name.starts_with(RESERVED)
}
