//! What the desk reads itself: tests in workbooks, the marks in labels, and rosters.

use std::sync::Arc;

use tianye_desk::{form_tests, interview::markup};
use tianye_journal::RecordId;
use tianye_survey::roster::{Line, Reading, RowAct, guess, header, plan};
use tianye_survey::{Content, ProjectState, SubjectKind};
use tianye_xform::{Form, Media};
use tianye_xlsform::{Format, Options, Workbook, convert};

/// A workbook in markdown whose tests are run.
pub fn form_tests(bytes: &[u8]) {
    let Ok(workbook) = Workbook::read(bytes, Format::Markdown) else { return };
    let (tests, _) = form_tests::read(&workbook);
    let Some(converted) = convert(&workbook, &Options::default()).0 else { return };
    let (Some(form), _) = Form::parse(&converted.xform, &Media::none()) else { return };
    let outcomes = form_tests::run(&Arc::new(form), &tests);
    assert_eq!(outcomes.len(), tests.len());
}

/// A label.
pub fn markup(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = (markup::words(text), markup::blocks(text), markup::plain(text));
}

/// A roster: parts of an xlsx or ods archive, or a csv. Every row has one fate, nobody is left out and written, and the same
/// file read twice comes to the same.
pub fn roster(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let format = match text.strip_prefix("--- ") {
        Some(parts) if parts.contains("--- xl/") || parts.starts_with("xl/") => Format::Xlsx,
        Some(_) => Format::Ods,
        None => Format::Csv,
    };
    let bytes = if format == Format::Csv { bytes.to_vec() } else { crate::workbooks::packed(bytes) };
    let Ok(workbook) = Workbook::read_table(&bytes, format) else { return };
    for sheet in &workbook.sheets {
        let lines: Vec<Line> =
            sheet.rows.iter().map(|row| Line { number: row.number, cells: row.cells.clone() }).collect();
        let at = header(&lines).min(lines.len().saturating_sub(1));
        let Some(headings) = lines.get(at) else { continue };
        let below = &lines[at + 1..];
        let reading = Reading {
            columns: guess(&headings.cells),
            kind: SubjectKind::Pupil,
            site: None,
            makes_sites: true,
            today: "2017-04-12".into(),
        };
        let once = || {
            let mut made = 0_u64;
            let mut new = || {
                made += 1;
                let mut id = [0; 16];
                id[..8].copy_from_slice(&made.to_be_bytes());
                RecordId::from_bytes(id)
            };
            plan(below, &reading, &ProjectState::default(), &mut new)
        };
        let (planned, problems) = once();
        assert!(planned.rows.len() <= below.len(), "more rows than the sheet has");
        let written = |wanted: &RecordId| {
            planned.writes.iter().any(|(record, content)| record == wanted && matches!(content, Content::Subject(_)))
        };
        for row in &planned.rows {
            assert!(row.act != RowAct::LeftOut || row.record.is_none(), "a row that is left out has a card");
            assert!(row.act != RowAct::New || row.record.as_ref().is_some_and(written), "a new person has no card");
        }
        assert!(
            problems.iter().all(|problem| problem.row.is_none_or(|row| below.iter().any(|line| line.number == row)))
        );
        assert!(once() == (planned, problems), "the same roster came to something else");
    }
}
