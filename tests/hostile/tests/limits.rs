//! `forms/guide/LIMITS.md` says the numbers that are in the code, all of them and no others.

#![allow(clippy::unwrap_used, reason = "a page that cannot be read fails the test")]

use std::path::Path;

/// As people read it: `1,000,000`, `64 MiB`.
fn written(number: u64) -> String {
    for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] {
        if number >= size && number.is_multiple_of(size) {
            return format!("{} {unit}", number / size);
        }
    }
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut out = digits[..first].to_owned();
    for chunk in digits.as_bytes()[first..].chunks(3) {
        if !out.is_empty() {
            out.push(',');
        }
        out.push_str(std::str::from_utf8(chunk).unwrap());
    }
    out
}

#[test]
fn the_page_says_what_the_code_does() {
    use tianye_xform as xform;
    use tianye_xlsform::limits;
    use tianye_xpath as xpath;
    #[cfg_attr(not(feature = "desk"), expect(unused_mut, reason = "the desk has more"))]
    let mut numbers = vec![
        ("Bytes of a workbook", limits::BYTES),
        ("Bytes of an xlsx or ods file once unpacked", limits::UNPACKED_BYTES),
        ("Sheets of a workbook", limits::SHEETS),
        ("Rows of a sheet", limits::ROWS),
        ("Columns of a sheet", limits::COLUMNS),
        ("Cells of a spreadsheet", limits::CELLS),
        ("Characters of a cell", limits::CELL),
        ("Bytes of the questions that become of KoboToolbox's scores, rankings and matrices", limits::KOBO_BYTES),
        ("Bytes of an XForm or a submission", xform::MAX_FORM_BYTES as u64),
        ("Elements, texts and comments of an XForm", u64::from(xform::MAX_FORM_NODES)),
        ("Elements inside elements", xform::MAX_FORM_DEPTH as u64),
        ("Cells of a list or attached table", xform::MAX_TABLE_CELLS as u64),
        ("Bytes of an attached table", xform::MAX_TABLE_BYTES as u64),
        ("Bytes of an expression", xpath::MAX_LENGTH as u64),
        ("Brackets inside brackets of an expression", xpath::MAX_DEPTH as u64),
        ("Nodes that one evaluation looks at", xpath::MAX_WORK),
        ("Bytes of a text that concat() or join() makes", xpath::MAX_TEXT as u64),
        ("Bytes of a pattern of regex()", xpath::MAX_PATTERN as u64),
        ("Steps back that regex() takes on one text", xpath::MAX_BACKTRACKS as u64),
        ("Rows of a repeat", xform::MAX_ROWS as u64),
        ("Nodes of a filled form, rows and all", xform::MAX_NODES as u64),
        ("Computations after one act", u64::from(xform::MAX_STEPS)),
        ("Nodes looked at after one act", xform::MAX_ACT_WORK),
        ("Bytes of an answer", xform::MAX_ANSWER_BYTES as u64),
        ("Bytes of an address of a field", xform::MAX_PATH_BYTES as u64),
    ];
    #[cfg(feature = "desk")]
    {
        use tianye_desk::instances;
        use tianye_desk::view::CaptureKind as Kind;
        let largest = |kind| u64::from(tianye_desk::interview::control::largest(kind));
        numbers.extend([
            ("Rows of a roster", tianye_survey::roster::MOST_ROWS as u64),
            ("Characters of a cell that goes on a card", tianye_survey::roster::LONGEST as u64),
            ("Characters of a note in a roster", tianye_survey::roster::LONGEST_NOTE as u64),
            ("Lines of a sheet of tests", tianye_desk::form_tests::MOST_LINES as u64),
            ("Bytes of the XML of a submission", instances::MOST_XML_BYTES),
            ("Submissions taken in at once", instances::MOST_SUBMISSIONS as u64),
            ("Files and folders looked through for them", instances::MOST_FILES as u64),
            ("Folders inside folders", instances::MOST_DEPTH as u64),
            ("Bytes of an answer's file in an archive", instances::MOST_ANSWER_BYTES),
            ("Bytes unpacked from archives at once", instances::MOST_ZIPPED_BYTES),
            ("Bytes of a picture: photograph, drawing, signature", largest(Kind::Photograph)),
            ("Bytes of a recording, or of any file", largest(Kind::File)),
            ("Bytes of a film", largest(Kind::Film)),
            ("Bytes of a map tile", tianye_desk::MAX_TILE as u64),
            ("Deepest zoom of a map", u64::from(tianye_desk::MAX_ZOOM)),
        ]);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms/guide/LIMITS.md");
    let page = std::fs::read_to_string(path).unwrap();
    let mut rows: Vec<(&str, &str)> = page.lines().filter_map(row).collect();
    for (what, number) in numbers {
        let number = written(number);
        let at = rows.iter().position(|row| *row == (what, &number));
        assert!(at.is_some(), "expected the row “{what}” with {number} on the page, found {rows:?}");
        rows.remove(at.unwrap());
    }
    #[cfg(feature = "desk")]
    assert!(rows.is_empty(), "the page has numbers that nothing is measured with: {rows:?}");
}

/// What and how much of a table row.
fn row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let (what, number) = (cells.next()?, cells.next()?);
    (!what.is_empty() && number.starts_with(|first: char| first.is_ascii_digit())).then_some((what, number))
}

#[test]
fn numbers_are_written_as_people_read_them() {
    for (number, expect) in
        [(64 << 20, "64 MiB"), (1_000_000, "1,000,000"), (100, "100"), (32_767, "32,767"), (1 << 20, "1 MiB")]
    {
        assert_eq!(written(number), expect);
    }
}
