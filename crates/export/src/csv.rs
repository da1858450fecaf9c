//! CSV as spreadsheet programs read it.

use std::io::Write;

use crate::{Error, Table};

/// Marks the file as UTF-8 for spreadsheet programs.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Writes a table as CSV: UTF-8 with mark, CRLF, quotes where needed (RFC 4180).
///
/// A cell that a spreadsheet program would run as a formula is written with a leading apostrophe, which such programs
/// hide; numbers with a sign stay numbers.
///
/// # Errors
/// [`Error::Write`] from the output.
pub fn write(table: &Table, mut output: impl Write) -> Result<(), Error> {
    output.write_all(BOM)?;
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(output);
    let shape = |why: ::csv::Error| Error::Shape { name: table.name.clone(), why: why.to_string() };
    let safe = |cells: &[String]| cells.iter().map(|cell| harmless(cell)).collect::<Vec<_>>();
    csv.write_record(safe(&table.head)).map_err(shape)?;
    for row in &table.rows {
        csv.write_record(safe(row)).map_err(shape)?;
    }
    csv.flush()?;
    Ok(())
}

/// A cell that no spreadsheet program takes for a formula (OWASP, *CSV Injection*).
fn harmless(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let number = cell.parse::<f64>().is_ok_and(f64::is_finite);
    if risky && !number { format!("'{cell}") } else { cell.to_owned() }
}

/// A file name that every system takes: letters and digits of any script, `-` and `_`.
#[must_use]
pub fn file_name(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).take(80).collect();
    let reserved = ["con", "prn", "aux", "nul"].contains(&kept.to_lowercase().as_str());
    if kept.is_empty() || reserved { format!("table_{kept}") } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expect: &str) {
        assert_eq!(harmless(cell), expect);
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        check("=1+1", "'=1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("-3", "-3");
        check("-3.5", "-3.5");
        check("-爸爸", "'-爸爸");
        check("+86 139", "'+86 139");
        check("妈妈", "妈妈");
        check("", "");
    }

    #[test]
    fn files_have_names_that_every_system_takes() {
        assert_eq!(file_name("留守儿童/学生 问卷"), "留守儿童_学生_问卷");
        assert_eq!(file_name("CON"), "table_CON");
        assert_eq!(file_name(""), "table_");
    }

    #[test]
    fn the_file_is_utf8_with_mark_and_crlf() {
        let table = Table {
            name: "t".into(),
            head: vec!["编号".into(), "说明".into()],
            rows: vec![vec!["217".into(), "他说“走，\n再见”".into()]],
        };
        let mut bytes = Vec::new();
        write(&table, &mut bytes).unwrap();
        assert_eq!(&bytes[..3], BOM);
        assert_eq!(std::str::from_utf8(&bytes[3..]).unwrap(), "编号,说明\r\n217,\"他说“走，\n再见”\"\r\n");
    }
}
