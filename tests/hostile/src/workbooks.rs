//! Workbooks, in every kind of file.
//!
//! A fuzzer gets nowhere with packed bytes, whose checksums it cannot guess. So a packed workbook may also be given as
//! *parts*: text in which a line `--- name` begins a part of the archive, and `--- name * 100` one whose text is repeated
//! so often. The corpus can be read by people that way.

use std::io::{Cursor, Write};

use tianye_xform::{Form, Media};
use tianye_xlsform::{Format, Options, Workbook, convert};
use zip::write::SimpleFileOptions;

/// The most that parts are repeated to.
const MOST: usize = 4 << 20;

/// Excel 2007 and later: packed bytes or parts.
pub fn xlsx(bytes: &[u8]) {
    workbook(&packed(bytes), Format::Xlsx);
}

/// OpenDocument: packed bytes or parts.
pub fn ods(bytes: &[u8]) {
    workbook(&packed(bytes), Format::Ods);
}

/// Excel 97 to 2003.
pub fn xls(bytes: &[u8]) {
    workbook(bytes, Format::Xls);
}

/// Comma-separated.
pub fn csv(bytes: &[u8]) {
    workbook(bytes, Format::Csv);
}

/// Markdown tables.
pub fn markdown(bytes: &[u8]) {
    workbook(bytes, Format::Markdown);
}

/// Reads, converts and fills in. What is read can be written and read again.
fn workbook(bytes: &[u8], format: Format) {
    let Ok(workbook) = Workbook::read(bytes, format) else { return };
    let _ = workbook.to_xlsx();
    let again = Workbook::read(workbook.to_markdown().as_bytes(), Format::Markdown);
    assert!(again.is_ok() || format != Format::Markdown, "markdown is not read back: {again:?}");
    let (converted, _) = convert(&workbook, &Options::default());
    let Some(converted) = converted else { return };
    let (form, problems) = Form::parse(&converted.xform, &Media::none());
    let broken = problems.iter().find(|problem| matches!(problem.code(), "form-not-xml" | "form-missing-part"));
    assert!(broken.is_none(), "the converter wrote {}: {}", broken.unwrap(), converted.xform);
    if let Some(form) = form {
        crate::stage::live(form);
    }
}

/// The bytes of an archive; what is one already stays so.
#[must_use]
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.to_vec() };
    if !text.starts_with("--- ") {
        return bytes.to_vec();
    }
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut left = MOST;
    for part in format!("\n{text}").split("\n--- ").skip(1) {
        let (head, inside) = part.split_once('\n').unwrap_or((part, ""));
        let (name, times) = match head.split_once(" * ") {
            Some((name, times)) => (name, times.trim().parse().unwrap_or(1)),
            None => (head, 1_usize),
        };
        let times = times.min(left / inside.len().max(1));
        left = left.saturating_sub(times * inside.len());
        let options = SimpleFileOptions::default().compression_method(if times > 1 {
            zip::CompressionMethod::Deflated
        } else {
            zip::CompressionMethod::Stored
        });
        // A second part of the same name is no archive of anybody's.
        if archive.start_file(name.trim(), options).is_ok() {
            archive.write_all(inside.repeat(times).as_bytes()).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}
