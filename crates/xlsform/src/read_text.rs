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
    for (line, mut fields) in csv_rows(text) {
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

/// RFC 4180 rows, each with the line it begins on.
fn csv_rows(text: &str) -> Vec<(u32, Vec<String>)> {
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
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
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

    #[test]
    fn other_encodings_are_refused_with_the_place() {
        let error = utf8(b"ab\xff", "markdown tables").unwrap_err();
        assert_eq!(error.code(), "workbook-unreadable");
        assert!(error.to_string().contains("byte 2"), "{error}");
    }
}
