//! Workbooks of Excel 2007 and later (.xlsx): the package of parts (ECMA-376 part 2) and the sheets in it.
//!
//! Only what the text of cells takes is unpacked: the list of sheets, shared strings, number formats, cells. Sheets are
//! held in memory one at a time.

use crate::read_rows::{Extent, Size, rows_of};
use crate::workbook::{ReadError, Sheet, limits, within};
use crate::xlsx_cells::{Shared, read_cells};
use crate::xlsx_formats::Formats;
use crate::xlsx_scan::{Piece, Scanner};
use crate::xlsx_text::SharedStrings;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The sheets in the order of the workbook, hidden ones too.
pub(crate) fn read(bytes: &[u8], extent: Extent) -> Result<Vec<Sheet>, ReadError> {
    let mut package = Package::open(bytes)?;
    let office = package.relations("")?.into_iter().find(|relation| relation.kind == "officeDocument");
    let path = office.ok_or_else(|| broken("the file names no workbook"))?.target;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let relations = package.relations(&path)?;
    let part_of = |kind: &str, usual: &str| {
        relations.iter().find(|r| r.kind == kind).map_or_else(|| resolve(folder, usual), |r| r.target.clone())
    };
    let mut shared = Shared::default();
    if let Some(xml) = package.text(&part_of("sharedStrings", "sharedStrings.xml"))? {
        shared.strings = SharedStrings::read(&xml)?;
    }
    if let Some(xml) = package.text(&part_of("styles", "styles.xml"))? {
        shared.formats = Formats::read(&xml)?;
    }
    let book = package.text(&path)?.ok_or_else(|| broken(format!("the part {path} is missing")))?;
    let (names, from_1904) = read_book(&book)?;
    within("sheets", names.len() as u64, limits::SHEETS)?;
    shared.from_1904 = from_1904;
    let mut size = Size::of(extent);
    let mut sheets = Vec::with_capacity(names.len());
    for (name, id) in names {
        let relation = relations.iter().find(|relation| relation.id == id);
        let xml = relation.map(|relation| package.text(&relation.target)).transpose()?.flatten();
        let xml = xml.ok_or_else(|| broken(format!("the part of the sheet “{name}” is missing")))?;
        let rows = rows_of(read_cells(&xml, &shared)?, &mut size)?;
        sheets.push(Sheet { name, rows });
    }
    Ok(sheets)
}

/// The file is no .xlsx file, for this reason.
pub(crate) fn broken(reason: impl std::fmt::Display) -> ReadError {
    ReadError::Unreadable { expected: "an Excel file (.xlsx)", reason: reason.to_string() }
}

/// Names and relations of the sheets, and whether days count from 1904 on.
fn read_book(xml: &str) -> Result<(Vec<(String, String)>, bool), ReadError> {
    let mut names = Vec::new();
    let mut from_1904 = false;
    let mut scanner = Scanner::new(xml);
    loop {
        match scanner.next()? {
            Piece::Start(tag) if tag.name == "sheet" => {
                let name = tag.attribute("name")?.unwrap_or_default().into_owned();
                names.push((name, tag.attribute("id")?.unwrap_or_default().into_owned()));
            }
            Piece::Start(tag) if tag.name == "workbookPr" => {
                let date = tag.attribute("date1904")?;
                from_1904 = date.map_or(from_1904, |date| matches!(date.as_ref(), "1" | "true"));
            }
            Piece::End("workbook") => return Ok((names, from_1904)),
            _ => {}
        }
    }
}

/// The parts of a packed file. Names are compared without case, as the format wants.
struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    places: HashMap<String, usize>,
    unpacked: u64,
}

/// From one part to another.
#[derive(Debug, PartialEq, Eq)]
struct Relation {
    id: String,
    /// The last word of the type: `worksheet`, `styles`, …
    kind: String,
    /// Path of the other part in the package.
    target: String,
}

impl<'a> Package<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        let mut places = HashMap::new();
        let mut told = 0_u64;
        for index in 0..archive.len() {
            let part = archive.by_index_raw(index).map_err(broken)?;
            told = told.saturating_add(part.size());
            places.insert(part.name().map_err(broken)?.replace('\\', "/").to_lowercase(), index);
        }
        within("unpacked bytes", told, limits::UNPACKED_BYTES)?;
        Ok(Self { archive, places, unpacked: 0 })
    }

    /// A part as text; `None` when the package has none of this name. What a file says about its size is not trusted.
    fn text(&mut self, path: &str) -> Result<Option<String>, ReadError> {
        /// No part asks for more before it is there.
        const AT_ONCE: u64 = 16 << 20;
        let Some(&index) = self.places.get(&path.to_lowercase()) else { return Ok(None) };
        let part = self.archive.by_index(index).map_err(broken)?;
        let left = limits::UNPACKED_BYTES - self.unpacked;
        let mut bytes = Vec::with_capacity(usize::try_from(part.size().min(AT_ONCE)).unwrap_or(0));
        part.take(left + 1).read_to_end(&mut bytes).map_err(broken)?;
        self.unpacked += bytes.len() as u64;
        within("unpacked bytes", self.unpacked, limits::UNPACKED_BYTES)?;
        decode(bytes).map(Some)
    }

    /// The relations of a part; those of the package for the empty path.
    fn relations(&mut self, path: &str) -> Result<Vec<Relation>, ReadError> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let list = resolve(folder, &format!("_rels/{name}.rels"));
        let xml = self.text(&list)?.ok_or_else(|| broken(format!("the part {list} is missing")))?;
        let mut relations = Vec::new();
        let mut scanner = Scanner::new(&xml);
        loop {
            match scanner.next()? {
                Piece::Start(tag) if tag.name == "Relationship" => {
                    let kind = tag.attribute("Type")?.unwrap_or_default();
                    relations.push(Relation {
                        id: tag.attribute("Id")?.unwrap_or_default().into_owned(),
                        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                        target: resolve(folder, &tag.attribute("Target")?.unwrap_or_default()),
                    });
                }
                Piece::End("Relationships") => return Ok(relations),
                _ => {}
            }
        }
    }
}

/// The path of a part that is named from a folder: `xl` and `worksheets/sheet1.xml`, or `/xl/worksheets/sheet1.xml`.
fn resolve(folder: &str, target: &str) -> String {
    let (folder, target) = target.strip_prefix('/').map_or((folder, target), |target| ("", target));
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

/// Parts are UTF-8, or UTF-16 with a byte order mark.
fn decode(bytes: Vec<u8>) -> Result<String, ReadError> {
    let unit: fn([u8; 2]) -> u16 = match bytes.as_slice() {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8(bytes).map_err(broken),
    };
    let units: Vec<u16> = bytes[2..].as_chunks().0.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_from_where_they_are_meant() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/worksheets", "../styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("", "_rels/.rels"), "_rels/.rels");
        assert_eq!(resolve("", "../../x"), "x");
    }

    #[test]
    fn parts_may_be_utf_16() {
        assert_eq!(decode("村".as_bytes().to_vec()).unwrap(), "村");
        assert_eq!(decode(vec![0xff, 0xfe, 0x51, 0x67]).unwrap(), "村");
        assert_eq!(decode(vec![0xfe, 0xff, 0x67, 0x51]).unwrap(), "村");
        assert!(decode(vec![0xd4, 0xde]).is_err());
    }
}
