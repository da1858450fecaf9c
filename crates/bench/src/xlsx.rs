//! Sheets to the bytes of an .xlsx file, as spreadsheet programs write it: shared strings, one sheet a part.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::workbook::Sheet;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// The bytes of the workbook.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, String> {
    let mut shared: HashMap<&str, usize> = HashMap::new();
    let mut strings = String::new();
    let mut parts = Vec::new();
    let (mut names, mut links, mut types) = (String::new(), String::new(), String::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let number = at + 1;
        let mut body = String::new();
        for (at, row) in sheet.rows.iter().enumerate() {
            let _ = write!(body, "<row r=\"{}\">", at + 1);
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let next = shared.len();
                let index = *shared.entry(cell).or_insert_with(|| {
                    let _ = write!(strings, "<si><t xml:space=\"preserve\">{}</t></si>", escaped(cell));
                    next
                });
                let letter = char::from(b'A' + u8::try_from(column).map_err(|_| "more columns than letters")?);
                let _ = write!(body, "<c r=\"{letter}{}\" t=\"s\"><v>{index}</v></c>", at + 1);
            }
            body.push_str("</row>");
        }
        let _ = write!(names, "<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>", sheet.name);
        let _ = write!(
            links,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
        let _ = write!(
            types,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        );
        let text = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{body}</sheetData></worksheet>");
        parts.push((format!("xl/worksheets/sheet{number}.xml"), text));
    }
    let last = sheets.len() + 1;
    parts.push(("xl/sharedStrings.xml".into(), format!("<sst xmlns=\"{MAIN}\">{strings}</sst>")));
    parts.push((
        "xl/workbook.xml".into(),
        format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{names}</sheets></workbook>"),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\">{links}<Relationship Id=\"rId{last}\" \
             Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
        ),
    ));
    parts.push((
        "_rels/.rels".into(),
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    ));
    parts.push((
        "[Content_Types].xml".into(),
        format!(
            "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
             ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
             <Override PartName=\"/xl/sharedStrings.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/>\
             {types}</Types>"
        ),
    ));
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{text}");
        file.start_file(name, SimpleFileOptions::default()).map_err(|why| why.to_string())?;
        file.write_all(text.as_bytes()).map_err(|why| why.to_string())?;
    }
    Ok(file.finish().map_err(|why| why.to_string())?.into_inner())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
