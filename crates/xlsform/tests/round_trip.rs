//! A workbook that is written and read again is the same workbook.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use proptest::prelude::*;
use tianye_xlsform::{Format, Options, Row, Sheet, Workbook, convert};

/// What people write into cells, and what has a meaning to one of the formats.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        "[0-9]{1,20}",
        Just("0571".to_owned()),
        Just("330723201704123510".to_owned()),
        "[一-龥𠮷“”（）]{1,8}",
        Just("\n".to_owned()),
        Just("|".to_owned()),
        Just("\\".to_owned()),
        Just("\\|".to_owned()),
        Just("<br>".to_owned()),
        Just("\\<br>".to_owned()),
        Just("---".to_owned()),
        Just("=1+1".to_owned()),
        Just("#".to_owned()),
        Just("${a} < 'b' & \"c\" > .".to_owned()),
        Just("TRUE".to_owned()),
        Just("2017-04-12".to_owned()),
        Just("_x0041_".to_owned()),
        Just(" ".to_owned()),
    ]
}

/// A cell, without the space around it that no format keeps.
fn cell() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..5).prop_map(|pieces| pieces.concat().trim().to_owned())
}

fn sheet() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..6).prop_flat_map(|width| {
        let heading = prop::collection::vec("[a-z一-龥:]{1,12}", width);
        let row = prop::collection::vec(cell(), width);
        (heading, prop::collection::vec(row, 0..6)).prop_map(|(heading, rows)| {
            let filled = rows.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty()));
            std::iter::once(heading).chain(filled).collect()
        })
    })
}

fn workbook() -> impl Strategy<Value = Workbook> {
    let names = ["survey", "choices", "settings", "词典 1", "_备注"];
    prop::collection::vec(sheet(), 1..5).prop_map(move |sheets| Workbook {
        sheets: sheets
            .into_iter()
            .zip(names)
            .map(|(rows, name)| Sheet {
                name: name.to_owned(),
                rows: (1..).zip(rows).map(|(number, cells)| Row { number, line: None, cells }).collect(),
            })
            .collect(),
    })
}

fn without_lines(mut workbook: Workbook) -> Workbook {
    for row in workbook.sheets.iter_mut().flat_map(|sheet| &mut sheet.rows) {
        row.line = None;
    }
    workbook
}

proptest! {
    #[test]
    fn as_excel_file(workbook in workbook()) {
        let bytes = workbook.to_xlsx().unwrap();
        prop_assert_eq!(Workbook::read(&bytes, Format::Xlsx).unwrap(), workbook.clone());
        prop_assert_eq!(workbook.to_xlsx().unwrap(), bytes, "the same workbook gives the same bytes");
    }

    #[test]
    fn as_markdown(workbook in workbook()) {
        let text = workbook.to_markdown();
        prop_assert_eq!(without_lines(Workbook::read(text.as_bytes(), Format::Markdown).unwrap()), workbook);
    }
}

/// Our own instruments, through Excel and back: the same form.
#[test]
fn the_projects_forms_come_back_from_excel() {
    for name in ["pupil.md", "every-type.md"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms").join(name);
        let workbook = Workbook::read(&std::fs::read(path).unwrap(), Format::Markdown).unwrap();
        let back = Workbook::read(&workbook.to_xlsx().unwrap(), Format::Xlsx).unwrap();
        let form = |workbook: &Workbook| convert(workbook, &Options::default()).0.unwrap().xform;
        assert!(form(&back) == form(&workbook), "{name} comes back as another form");
        let again = Workbook::read(back.to_markdown().as_bytes(), Format::Markdown).unwrap();
        assert!(form(&again) == form(&workbook), "{name} comes back as another form");
    }
}

/// Excel shows rows at their numbers; gaps stay.
#[test]
fn empty_rows_stay_where_they_are() {
    let rows = [(1, "type"), (4, "text")].map(|(number, cell)| Row { number, line: None, cells: vec![cell.into()] });
    let workbook = Workbook { sheets: vec![Sheet { name: "survey".into(), rows: rows.into() }] };
    assert_eq!(Workbook::read(&workbook.to_xlsx().unwrap(), Format::Xlsx).unwrap(), workbook);
}

#[test]
fn what_excel_cannot_hold_is_refused() {
    let named = |name: &str| Workbook { sheets: vec![Sheet { name: name.into(), rows: Vec::new() }] };
    for name in ["a/b", "", &"长".repeat(32)] {
        assert_eq!(named(name).to_xlsx().unwrap_err().code(), "workbook-not-for-excel", "{name}");
    }
}
