//! From cells with a place to rows, for every kind of spreadsheet.

use crate::workbook::{ReadError, Row, limits, within};
use std::borrow::Cow;

/// pyxform stops at as many empty header cells, and at as many empty rows.
const EMPTY_COLUMNS: u32 = 20;
const EMPTY_ROWS: u32 = 60;

/// A cell that has a value, with its place counted from 0. Its text may be empty all the same.
#[derive(Debug, Clone)]
pub(crate) struct Placed<'a> {
    pub row: u32,
    pub column: u32,
    pub text: Cow<'a, str>,
}

/// How far a sheet is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Extent {
    /// As pyxform reads a form: the first row is the header and tells how many columns there are, and a long run of empty rows
    /// is the end.
    #[default]
    Form,
    /// All of it: a list may have a title of one cell above its headings, and gaps.
    Table,
}

/// What was read of the sheets so far, so that no small file becomes a large workbook.
#[derive(Debug, Default)]
pub(crate) struct Size {
    cells: u64,
    bytes: u64,
    extent: Extent,
}

impl Size {
    /// Nothing was read yet.
    pub fn of(extent: Extent) -> Self {
        Self { extent, ..Self::default() }
    }

    fn add(&mut self, cells: usize, bytes: usize) -> Result<(), ReadError> {
        self.cells += cells as u64;
        self.bytes += bytes as u64;
        within("cells", self.cells, limits::CELLS)?;
        within("bytes of text", self.bytes, limits::UNPACKED_BYTES)
    }
}

/// The rows that hold anything, as far as the [`Extent`] goes. Of two cells in one place the later counts.
pub(crate) fn rows_of(mut cells: Vec<Placed<'_>>, size: &mut Size) -> Result<Vec<Row>, ReadError> {
    if !cells.is_sorted_by_key(|cell| (cell.row, cell.column)) {
        cells.sort_by_key(|cell| (cell.row, cell.column));
    }
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return Ok(Vec::new()) };
    let (first, last) = (first.row, last.row);
    within("rows", u64::from(last - first) + 1, limits::ROWS)?;
    let header = &cells[..cells.partition_point(|cell| cell.row == first)];
    let left = cells.iter().map(|cell| cell.column).min().unwrap_or(0);
    let width = match size.extent {
        Extent::Form => header_width(header, left),
        Extent::Table => {
            let filled = cells.iter().filter(|cell| !cell.text.is_empty());
            filled.map(|cell| cell.column.saturating_add(1)).max().unwrap_or(0)
        }
    };
    within("columns", width.into(), limits::COLUMNS)?;
    let mut rows = Vec::new();
    let mut row_before = first;
    let mut empty = 0;
    let mut cells = cells.into_iter().peekable();
    while let Some(number) = cells.peek().map(|cell| cell.row) {
        empty += (number - row_before).saturating_sub(1);
        row_before = number;
        if empty > EMPTY_ROWS && size.extent == Extent::Form {
            break;
        }
        let mut texts = vec![String::new(); width as usize];
        let mut bytes = 0;
        while let Some(cell) = cells.next_if(|cell| cell.row == number) {
            if let Some(text) = texts.get_mut(cell.column as usize) {
                *text = cell.text.into_owned();
                bytes += text.len();
            }
        }
        size.add(texts.len(), bytes)?;
        if texts.iter().all(String::is_empty) {
            empty += 1;
        } else {
            empty = 0;
            rows.push(Row { number: number + 1, line: None, cells: texts });
        }
    }
    Ok(rows)
}

/// Columns up to the last header before a run of empty ones. Columns before `left` are empty in the whole sheet.
fn header_width(header: &[Placed<'_>], left: u32) -> u32 {
    let mut width = 0;
    let mut next = left;
    let mut filled = header.iter().enumerate().filter(|(at, cell)| {
        // The last of several in one place.
        header.get(at + 1).is_none_or(|after| after.column != cell.column) && !cell.text.is_empty()
    });
    for (_, cell) in &mut filled {
        if cell.column - next > EMPTY_COLUMNS {
            break;
        }
        next = cell.column + 1;
        width = next;
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &[(u32, u32, &str)], expect: &[(u32, &[&str])]) {
        check_of(Extent::Form, cells, expect);
    }

    #[track_caller]
    fn check_of(extent: Extent, cells: &[(u32, u32, &str)], expect: &[(u32, &[&str])]) {
        let cells = cells.iter().map(|&(row, column, text)| Placed { row, column, text: text.into() }).collect();
        let rows = rows_of(cells, &mut Size::of(extent)).unwrap();
        let found: Vec<(u32, Vec<&str>)> =
            rows.iter().map(|row| (row.number, row.cells.iter().map(String::as_str).collect())).collect();
        let expect: Vec<(u32, Vec<&str>)> = expect.iter().map(|(number, cells)| (*number, cells.to_vec())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn rows_are_as_wide_as_the_header() {
        check(&[(1, 1, "h"), (3, 0, "a"), (3, 1, "b"), (3, 2, "c")], &[(2, &["", "h"]), (4, &["a", "b"])]);
        check(
            &[(0, 0, "h"), (0, 21, "far")],
            &[(1, &["h", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "far"])],
        );
        check(&[(0, 0, "h"), (0, 22, "too far")], &[(1, &["h"])]);
        check(&[(0, 0, "")], &[]);
    }

    #[test]
    fn a_table_is_read_to_its_end() {
        let table: &[(u32, u32, &str)] = &[(0, 0, "title"), (1, 0, "a"), (1, 2, "c"), (90, 1, "far"), (90, 40, "")];
        check_of(Extent::Table, table, &[(1, &["title", "", ""]), (2, &["a", "", "c"]), (91, &["", "far", ""])]);
        check(table, &[(1, &["title"]), (2, &["a"])]);
        let wide = Placed { row: 0, column: 1_000, text: "x".into() };
        assert_eq!(rows_of(vec![wide], &mut Size::of(Extent::Table)).unwrap_err().code(), "workbook-too-large");
    }

    #[test]
    fn places_come_in_any_order_and_the_later_cell_counts() {
        check(&[(2, 0, "b"), (0, 0, "x"), (0, 0, "h")], &[(1, &["h"]), (3, &["b"])]);
    }

    #[test]
    fn a_long_run_of_empty_rows_ends_the_sheet() {
        check(&[(0, 0, "h"), (61, 0, "a")], &[(1, &["h"]), (62, &["a"])]);
        check(&[(0, 0, "h"), (62, 0, "a")], &[(1, &["h"])]);
        check(&[(0, 0, "h"), (30, 1, "beyond"), (62, 0, "a")], &[(1, &["h"])]);
    }

    #[test]
    fn a_small_file_does_not_become_a_large_workbook() {
        for (cells_before, bytes) in [(limits::CELLS - 3, 0), (0, limits::UNPACKED_BYTES - 3)] {
            let size = || Size { cells: cells_before, bytes, ..Size::default() };
            let cells = (0..4).map(|row| Placed { row, column: 0, text: Cow::Borrowed("x") });
            assert_eq!(rows_of(cells.clone().take(3).collect(), &mut size()).unwrap().len(), 3);
            assert_eq!(rows_of(cells.collect(), &mut size()).unwrap_err().code(), "workbook-too-large");
        }
    }
}
