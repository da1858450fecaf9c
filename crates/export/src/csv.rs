//! CSV as spreadsheet programs read it.
//!
//! Why these bytes, and no others:
//!
//! - **UTF-8 with its mark** (`EF BB BF`). Without the mark a Chinese Windows opens the file as GBK and shows rubbish. R
//!   (`fileEncoding = "UTF-8-BOM"`), pandas (`utf-8-sig`), Stata and SPSS know the mark. It also keeps a first heading
//!   `ID` from being taken for another format (SYLK).
//! - **CRLF and comma, quotes where needed** (RFC 4180): a cell with a comma, a quote or a line break is quoted, a quote
//!   in it doubled. A line break in a cell stays in the cell.
//! - **No formulas.** A cell that begins as a formula does (`=`, `+`, `-`, `@`, a tab, a line break, the full-width
//!   signs) gets an apostrophe in front and is text (OWASP, *CSV Injection*); the apostrophe stays to be seen. Numbers
//!   with a sign are numbers.
//!
//! What no CSV can say is that a cell is text: a spreadsheet program that *opens* the file drops leading zeros and the
//! last digits of long numbers in what it shows. The file holds them; import the columns as text.

use std::io::Write;

use crate::{Error, Table};

/// Marks the file as UTF-8 for spreadsheet programs.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Writes a table as CSV: UTF-8 with mark, CRLF, quotes where needed (RFC 4180), nothing that runs as a formula.
///
/// # Errors
/// [`Error::Write`] from the output, [`Error::Shape`] if a row has not as many cells as the heading; what was written
/// until then is not a whole table.
pub fn write(table: &Table, mut output: impl Write) -> Result<(), Error> {
    output.write_all(BOM)?;
    write_unmarked(table, output)
}

/// The same without the mark, for programs that take it for a part of the first heading.
///
/// # Errors
/// As [`write`].
pub fn write_unmarked(table: &Table, output: impl Write) -> Result<(), Error> {
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(output);
    for row in std::iter::once(&table.head).chain(&table.rows) {
        let cells = row.iter().map(|cell| harmless(cell));
        csv.write_record(cells.map(String::into_bytes)).map_err(|why| refused(why, table, row.len()))?;
    }
    csv.flush()?;
    Ok(())
}

fn refused(why: ::csv::Error, table: &Table, found: usize) -> Error {
    match why.into_kind() {
        ::csv::ErrorKind::Io(why) => Error::Write(why),
        _ => Error::Shape { name: table.name.clone(), expected: table.head.len(), found },
    }
}

/// A cell as it was before [`harmless`].
pub(crate) fn plain(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if harmless(rest) == cell => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// A cell that no spreadsheet program takes for a formula.
fn harmless(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let number = cell.parse::<f64>().is_ok_and(f64::is_finite);
    if risky && !number { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expect: &str) {
        assert_eq!(harmless(cell), expect);
    }

    #[test]
    fn formulas_are_defused() {
        check("=1+1", "'=1+1");
        check("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0");
        check("@SUM(A1)", "'@SUM(A1)");
        check("+86 139", "'+86 139");
        check("-爸爸", "'-爸爸");
        check("-2+3", "'-2+3");
        check("-", "'-");
        check("\t=1", "'\t=1");
        check("\r=1", "'\r=1");
        check("\n=1", "'\n=1");
        check("＝1＋1", "'＝1＋1");
        check("＠SUM", "'＠SUM");
        check("－3", "'－3");
        check("-inf", "'-inf");
        check("+nan", "'+nan");
    }

    #[test]
    fn what_is_no_formula_stays() {
        check("-3", "-3");
        check("+3", "+3");
        check("-3.5", "-3.5");
        check("-1.5e-7", "-1.5e-7");
        check("妈妈", "妈妈");
        check("a=b", "a=b");
        check("'已有", "'已有");
        check("007", "007");
        check("", "");
    }

    #[track_caller]
    fn bytes(head: &[&str], rows: &[&[&str]]) -> Result<Vec<u8>, Error> {
        let own = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        let table = Table { name: "t".into(), head: own(head), rows: rows.iter().map(|row| own(row)).collect() };
        let mut bytes = Vec::new();
        write(&table, &mut bytes)?;
        Ok(bytes)
    }

    #[track_caller]
    fn check_bytes(head: &[&str], rows: &[&[&str]], expect: &str) {
        let bytes = bytes(head, rows).unwrap();
        assert_eq!(bytes[..3], [0xef, 0xbb, 0xbf]);
        assert_eq!(std::str::from_utf8(&bytes[3..]).unwrap(), expect);
    }

    #[test]
    fn the_file_is_utf8_with_mark_and_crlf() {
        check_bytes(&["编号", "说明"], &[&["217", "好"]], "编号,说明\r\n217,好\r\n");
        check_bytes(&["编号"], &[], "编号\r\n");
    }

    #[test]
    fn commas_quotes_and_line_breaks_stay_in_their_cell() {
        check_bytes(&["a", "b"], &[&["一,二", "他说\"走\""]], "a,b\r\n\"一,二\",\"他说\"\"走\"\"\"\r\n");
        check_bytes(&["a", "b"], &[&["一\n二", "三\r四"]], "a,b\r\n\"一\n二\",\"三\r四\"\r\n");
        check_bytes(&["a", "b"], &[&["他说“走”，再见", "一；二"]], "a,b\r\n他说“走”，再见,一；二\r\n");
    }

    #[test]
    fn a_row_of_one_blank_cell_is_a_row() {
        check_bytes(&["a"], &[&[""], &["1"]], "a\r\n\"\"\r\n1\r\n");
    }

    #[test]
    fn headings_are_defused_too() {
        check_bytes(&["=1+1", "b"], &[], "'=1+1,b\r\n");
    }

    #[test]
    fn a_row_of_another_length_is_refused() {
        let error = bytes(&["a", "b"], &[&["1", "2"], &["1"]]).unwrap_err();
        assert_eq!(error.to_string(), "the table t could not be written: a row has 1 cells, the heading 2");
    }

    #[test]
    fn an_output_that_is_full_says_so() {
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                let taken = bytes.len().min(self.0);
                self.0 -= taken;
                if taken == 0 { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        // A cell longer than the writer's buffer meets the end with its row, a short one with the last flush.
        let (long, short) = ("字".repeat(10_000), "字".to_owned());
        for (cell, room) in
            [(&long, 0), (&long, 2), (&long, 3), (&long, 100), (&long, 50_000), (&short, 3), (&short, 7)]
        {
            let row = vec![cell.clone()];
            let table = Table { name: "t".into(), head: vec!["a".into()], rows: vec![row.clone(), row] };
            let error = write(&table, Full(room)).unwrap_err();
            assert!(matches!(&error, Error::Write(why) if why.kind() == std::io::ErrorKind::StorageFull), "{error}");
            assert_eq!(error.code(), "export-failed");
        }
    }
}
