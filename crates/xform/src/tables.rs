//! The tables beside a form (`jr://file-csv/NAME.csv`), and the form with other rows in them: so entities come on top of
//! the file that the form's author attached.

use std::sync::Arc;

use crate::Form;
use crate::secondary::{NONE, Secondary};

/// Rows of a table: of each its cells, by their columns.
pub type TableRows = Vec<Vec<(String, String)>>;

/// Rows that a table cannot take.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected rows that fit into the table {table}, found {reason}")]
pub struct TableError {
    /// The table.
    pub table: String,
    /// What is too much.
    pub reason: String,
}

impl TableError {
    /// Key of the message in the catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "table-too-large"
    }
}

impl Form {
    /// The tables that choices and look-ups of the form read: of `villages.csv`, `villages`. Also those whose file was
    /// missing.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(|(name, _)| name.as_str())
    }

    /// The rows of a table, in order; none for one that the form does not have.
    #[must_use]
    pub fn table_rows(&self, name: &str) -> TableRows {
        let Some((_, index)) = self.tables.iter().find(|(table, _)| table == name) else { return Vec::new() };
        let table = &self.instances[*index];
        let next = |at: &u32| table.next_sibling(*at).filter(|next| *next != NONE);
        let below = |parent: u32| std::iter::successors(table.first_child(parent), next);
        let root = table.first_child(0);
        let rows = root.into_iter().flat_map(below);
        let cell = |cell: u32| (self.names.text(table.symbol(cell)).to_owned(), table.text(cell).into_owned());
        rows.map(|row| below(row).map(cell).collect()).collect()
    }

    /// The form with these rows in place of a table's own, wherever it reads that table. Fillings that were begun keep
    /// the form they were begun with.
    ///
    /// # Errors
    /// [`TableError`] for more rows than a table holds.
    pub fn with_table(&self, name: &str, rows: &TableRows) -> Result<Self, TableError> {
        let mut form = self.clone();
        for (_, index) in self.tables.iter().filter(|(table, _)| table == name) {
            let id = &self.instances[*index].id;
            let table = Secondary::from_rows(id, rows, &mut form.names)
                .map_err(|reason| TableError { table: name.to_owned(), reason })?;
            form.instances[*index] = Arc::new(table);
        }
        Ok(form)
    }
}
