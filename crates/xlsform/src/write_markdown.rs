//! Workbooks as markdown tables, one row a line, so that versions can be compared line by line.

use crate::read_markdown::BREAK;
use crate::workbook::{Sheet, Workbook};

pub(crate) fn write(workbook: &Workbook) -> String {
    workbook.sheets.iter().map(write_sheet).collect::<Vec<_>>().join("\n")
}

fn write_sheet(sheet: &Sheet) -> String {
    let mut out = format!("| {} |\n", escape(&sheet.name));
    let width = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    for row in &sheet.rows {
        out.push_str("|  |");
        for at in 0..width {
            let cell = row.cells.get(at).map_or("", String::as_str);
            out.push(' ');
            out.push_str(&escape(cell));
            out.push_str(" |");
        }
        out.push('\n');
    }
    out
}

fn escape(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(first) = rest.chars().next() {
        let (length, written) = match first {
            _ if rest.starts_with(BREAK) => (BREAK.len(), "\\<br>"),
            '\r' if rest.starts_with("\r\n") => (2, BREAK),
            '\n' | '\r' => (1, BREAK),
            '|' => (1, "\\|"),
            _ => (first.len_utf8(), &rest[..first.len_utf8()]),
        };
        if written.ends_with(BREAK) {
            // Backslashes before a break count twice when they are read.
            let slashes = out.len() - out.trim_end_matches('\\').len();
            out.push_str(&"\\".repeat(slashes));
        }
        out.push_str(written);
        rest = &rest[length..];
    }
    out
}
