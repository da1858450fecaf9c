//! Which cell each node of a form comes from, so that what is found in the form can be told in the workbook.

use crate::tree::{ROOT, Tree};
use std::collections::HashMap;

/// Which cell each node of a form comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    rows: HashMap<String, Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    sheet: String,
    row: u32,
    line: Option<u32>,
    name: String,
    columns: Vec<(String, u32)>,
}

/// A row of a sheet, or a cell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source<'a> {
    /// The sheet, as the author named it.
    pub sheet: &'a str,
    /// The row, from 1.
    pub row: u32,
    /// The line of the file, for workbooks that are text.
    pub line: Option<u32>,
    /// The name of the question, group or repeat.
    pub name: &'a str,
    /// The column, from 1, of the part asked for.
    pub column: Option<u32>,
}

impl Sources {
    pub(crate) fn of(tree: &Tree) -> Self {
        let mut rows = HashMap::new();
        for id in tree.descendants(ROOT) {
            let node = &tree.nodes[id];
            let Some(row) = node.place.row else { continue };
            let columns = node.columns.iter().map(|(path, column)| (path.clone(), *column)).collect();
            let (sheet, line, name) = (node.place.sheet.clone(), node.place.line, node.name.clone());
            rows.insert(tree.path_below(id, Some(ROOT)), Row { sheet: sheet.to_string(), row, line, name, columns });
        }
        Self { rows }
    }

    /// The source of the node at a path below the root element (`/family/age`), and of a part of it: the name of a bind's
    /// attribute (`relevant`), `label`, `hint`.
    #[must_use]
    pub fn get(&self, path: &str, part: Option<&str>) -> Option<Source<'_>> {
        let row = self.rows.get(path)?;
        let column = part.and_then(|part| {
            let is = |path: &str| path.split("::").any(|step| step == part);
            row.columns.iter().find(|(path, _)| is(path)).map(|(_, column)| *column)
        });
        Some(Source { sheet: &row.sheet, row: row.row, line: row.line, name: &row.name, column })
    }

    /// The path, below the root element, of the node that a row of a sheet makes; the outermost where it makes several.
    #[must_use]
    pub fn path_of_row(&self, sheet: &str, row: u32) -> Option<&str> {
        let made = self.rows.iter().filter(|(_, made)| made.row == row && made.sheet == sheet);
        made.map(|(path, _)| path.as_str()).min_by_key(|path| (path.len(), *path))
    }
}
