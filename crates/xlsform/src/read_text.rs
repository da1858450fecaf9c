//! Workbooks that are plain text: their decoding, and comma-separated ones.

use crate::workbook::{ReadError, Row, Sheet, Workbook};

/// UTF-8 text without its byte order mark.
pub(crate) fn utf8<'a>(bytes: &'a [u8], expected: &'static str) -> Result<&'a str, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|e| ReadError::Unreadable {
        expected,
        reason: format!("the text is not UTF-8 at byte {}", e.valid_up_to()),
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// A row with text in its first column opens a sheet; its other columns, if any, are the header.
pub(crate) fn read_csv(text: &str) -> Workbook {
    let mut sheets: Vec<Sheet> = Vec::new();
    for (line, mut fields) in csv_rows(text, ',') {
        if fields.is_empty() {
            continue;
        }
        let name = fields.remove(0).trim().to_owned();
        if !name.is_empty() {
            sheets.push(Sheet { name, rows: Vec::new() });
        }
        let cells: Vec<String> = fields.iter().map(|f| f.trim().to_owned()).collect();
        if let Some(sheet) = sheets.last_mut().filter(|_| cells.iter().any(|c| !c.is_empty())) {
            let number = u32::try_from(sheet.rows.len() + 1).unwrap_or(u32::MAX);
            sheet.rows.push(Row { number, line: Some(line), cells });
        }
    }
    Workbook { sheets }
}

/// A plain table as one sheet: text in UTF-8, in UTF-16 with a byte order mark, or in GB 18030, which Excel writes on Chinese
/// computers; between the fields stands whichever of comma, semicolon and tab the first line has most of.
pub(crate) fn read_table(bytes: &[u8]) -> Result<Workbook, ReadError> {
    let text = decoded(bytes)?;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: char| first.matches(sign).count();
    let between = [',', ';', '\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(',');
    let rows = csv_rows(&text, between).into_iter().zip(1..);
    let row = |((line, fields), number): ((u32, Vec<String>), u32)| Row {
        number,
        line: Some(line),
        cells: fields.iter().map(|field| field.trim().to_owned()).collect(),
    };
    let rows = rows.map(row).filter(|row| row.cells.iter().any(|cell| !cell.is_empty())).collect();
    Ok(Workbook { sheets: vec![Sheet { name: String::new(), rows }] })
}

fn decoded(bytes: &[u8]) -> Result<std::borrow::Cow<'_, str>, ReadError> {
    let marked = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let tried = match marked {
        Some(encoding) => encoding.decode_with_bom_removal(bytes),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(text.into()),
            Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes),
        },
    };
    match tried {
        (text, false) => Ok(text),
        (_, true) => Err(ReadError::Unreadable {
            expected: "comma-separated text",
            reason: "the text is neither UTF-8 nor GB 18030".to_owned(),
        }),
    }
}

/// RFC 4180 rows, with any sign between the fields, each with the line it begins on.
fn csv_rows(text: &str, between: char) -> Vec<(u32, Vec<String>)> {
    let mut rows = Vec::new();
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let (mut line, mut begins) = (1, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            c if c == between && !quoted => fields.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                fields.push(std::mem::take(&mut field));
                rows.push((begins, std::mem::take(&mut fields)));
                line += 1;
                begins = line;
            }
            _ => {
                line += u32::from(c == '\n');
                field.push(c);
            }
        }
    }
    if !field.is_empty() || !fields.is_empty() {
        fields.push(field);
        rows.push((begins, fields));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_opened_by_their_name() {
        let book =
            read_csv("survey\r\n,type,name,label\r\n,text,q1,\"一, \"\"二\"\"\"\r\n\r\nchoices,,\n,list_name,name\n");
        assert_eq!(book.sheets.len(), 2);
        assert_eq!(book.sheets[0].rows[1].cells, ["text", "q1", "一, \"二\""]);
        assert_eq!((book.sheets[0].rows[1].number, book.sheets[0].rows[1].line), (2, Some(3)));
        assert_eq!(book.sheets[1].rows[0].cells, ["list_name", "name"]);
        assert_eq!(book.sheets[1].rows[0].line, Some(6));
    }

    #[track_caller]
    fn check(bytes: &[u8], expect: &[&[&str]]) {
        let book = read_table(bytes).expect("a table");
        let rows: Vec<Vec<&str>> =
            book.sheets[0].rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect();
        assert_eq!(rows, expect);
    }

    #[test]
    fn plain_tables_are_one_sheet() {
        let expect: &[&[&str]] = &[&["姓名", "班级"], &["小满", "四,1"]];
        let text = "姓名,班级\r\n\r\n小满,\"四,1\"\r\n";
        check(text.as_bytes(), expect);
        check(format!("\u{feff}{text}").as_bytes(), expect);
        check(&encoding_rs::GB18030.encode(text).0, expect);
        let tabs: Vec<u8> = "\u{feff}姓名\t班级\n小满\t四,1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&tabs, expect);
        check("姓名;班级\n小满;四,1".as_bytes(), expect);
        check(b"", &[]);
        assert_eq!(read_table(&[0x81, 0xff, 0xff]).unwrap_err().code(), "workbook-unreadable");
    }

    #[test]
    fn other_encodings_are_refused_with_the_place() {
        let error = utf8(b"ab\xff", "markdown tables").unwrap_err();
        assert_eq!(error.code(), "workbook-unreadable");
        assert!(error.to_string().contains("byte 2"), "{error}");
    }
}
