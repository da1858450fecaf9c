//! Workbooks as markdown tables.

use crate::workbook::{Row, Sheet, Workbook};

/// Never fails: text outside tables is skipped. See [`Workbook::read`] for the two layouts.
pub(crate) fn read(text: &str) -> Workbook {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut heading: Option<String> = None;
    let mut plain = false;
    for (index, text) in text.lines().enumerate() {
        let trimmed = text.trim();
        if trimmed.starts_with('#') {
            let name = trimmed.trim_matches(|c| matches!(c, '#' | ' ' | '`'));
            if is_sheet_name(name) {
                heading = Some(name.to_owned());
                plain = false;
            }
            continue;
        }
        let Some(mut cells) = split(trimmed) else { continue };
        if cells.iter().all(|c| is_separator(c)) {
            continue;
        }
        if let Some(name) = heading.take().filter(|_| !cells[0].is_empty() && !is_sheet_name(&cells[0])) {
            sheets.push(Sheet { name, rows: Vec::new() });
            plain = true;
        }
        if !plain {
            let name = cells.remove(0);
            if !name.is_empty() {
                sheets.push(Sheet { name, rows: Vec::new() });
            }
        }
        if let Some(sheet) = sheets.last_mut().filter(|_| cells.iter().any(|c| !c.is_empty())) {
            let number = u32::try_from(sheet.rows.len() + 1).unwrap_or(u32::MAX);
            sheet.rows.push(Row { number, line: u32::try_from(index + 1).ok(), cells });
        }
    }
    Workbook { sheets }
}

fn is_sheet_name(text: &str) -> bool {
    const NAMES: [&str; 6] = ["survey", "choices", "settings", "external_choices", "entities", "osm"];
    NAMES.iter().any(|n| n.eq_ignore_ascii_case(text))
}

/// The cells between the first and the last pipe; `\|` is a pipe in a cell, `<br>` a line break, `\<br>` those four
/// characters. `None` for a line that is no table row.
fn split(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|')?;
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                chars.next();
                cell.push('|');
            }
            '|' => {
                cells.push(with_breaks(cell.trim()));
                cell.clear();
            }
            _ => cell.push(c),
        }
    }
    // What stands after the last pipe is a remark.
    (!cells.is_empty()).then_some(cells)
}

/// The line break of tables that are read by programs for markdown. Behind a backslash it is no line break; of backslashes
/// before it every second counts.
pub(crate) const BREAK: &str = "<br>";

fn with_breaks(cell: &str) -> String {
    if !cell.contains(BREAK) {
        return cell.to_owned();
    }
    let mut parts = cell.split(BREAK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let before = out.trim_end_matches('\\').len();
        let slashes = out.len() - before;
        out.truncate(before + slashes / 2);
        out.push_str(if slashes % 2 == 1 { BREAK } else { "\n" });
        out.push_str(part);
    }
    out
}

fn is_separator(cell: &str) -> bool {
    !cell.is_empty() && cell.contains("--") && cell.chars().all(|c| matches!(c, '-' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, &[&[&str]])]) {
        let book = read(text);
        let found: Vec<(&str, Vec<Vec<&str>>)> = book
            .sheets
            .iter()
            .map(|s| (s.name.as_str(), s.rows.iter().map(|r| r.cells.iter().map(String::as_str).collect()).collect()))
            .collect();
        let expect: Vec<(&str, Vec<Vec<&str>>)> =
            expect.iter().map(|(n, rows)| (*n, rows.iter().map(|r| r.to_vec()).collect())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn sheets_by_first_column() {
        check(
            "# 留守儿童\n\ntext\n| survey |\n| | type | name |\n| | text | a\\|b | remark\n| choices | | |\n| | x | |\n",
            &[("survey", &[&["type", "name"], &["text", "a|b"]]), ("choices", &[&["x", ""]])],
        );
        check(
            "| survey | type | name |\n|---|---|---|\n| | text | q |",
            &[("survey", &[&["type", "name"], &["text", "q"]])],
        );
    }

    #[test]
    fn line_breaks_in_cells() {
        check(
            "| survey | type |\n| | 一<br>二 |\n| | a\\<br>b |\n",
            &[("survey", &[&["type"], &["一\n二"], &["a<br>b"]])],
        );
    }

    #[test]
    fn sheets_by_heading() {
        check(
            "## survey\n| type | name |\n| :-- | --: |\n| text | a |\n\n## `choices`\n\n| list_name |\n| x |\n",
            &[("survey", &[&["type", "name"], &["text", "a"]]), ("choices", &[&["list_name"], &["x"]])],
        );
        check("## survey\n| survey |\n| | type |\n| | text |", &[("survey", &[&["type"], &["text"]])]);
    }

    #[test]
    fn rows_know_their_line() {
        let book = read("x\n| survey |\n\n| | type |\n| | |\n| | text |");
        let lines: Vec<_> = book.sheets[0].rows.iter().map(|r| (r.number, r.line)).collect();
        assert_eq!(lines, [(1, Some(4)), (2, Some(6))]);
    }
}
