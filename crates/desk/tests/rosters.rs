//! One class list, as LibreOffice writes it for Excel, for old Excel and for itself, and as our own writer does: the same
//! children, the same bad rows, and a second file adds nobody. The list has a title above its headings, days and numbers as
//! spreadsheets keep them, an identity number that Excel has rounded, and an empty sheet. The people are invented.

#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

mod common;

use common::set_up;
use tianye_desk::Desk;
use tianye_desk::view::{PersonQuery, RosterEdit, RosterInput, RosterView};
use tianye_xlsform::{Format, Workbook};

const ZH: &str = "zh-CN";

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let xlsx = include_bytes!("rosters/class.xlsx").to_vec();
    let xls = include_bytes!("rosters/class.xls").to_vec();
    let ods = include_bytes!("rosters/class.ods").to_vec();
    let own = Workbook::read_table(&ods, Format::Ods).unwrap().to_xlsx().unwrap();
    vec![("四五年级.xlsx", xlsx), ("四五年级.xls", xls), ("四五年级.ods", ods), ("own.XLSX", own)]
}

fn input(desk: &Desk) -> RosterInput {
    let site = desk.site_named("桃溪小学（示例）").unwrap();
    RosterInput { site, kind: "pupil".into(), ..RosterInput::default() }
}

fn counts(view: &RosterView) -> [u32; 5] {
    [view.new, view.changed, view.same, view.left_out, view.guardians]
}

/// Row and code of what is wrong, and whether the row is left out for it.
fn wrong(view: &RosterView) -> Vec<String> {
    let of = |line: &tianye_desk::view::RosterLine| {
        let number = line.number;
        let told = line.problems.iter().map(move |one| {
            format!("{number} {} {}{}", one.column, one.code, if one.leaves_out { " out" } else { "" })
        });
        told.collect::<Vec<_>>()
    };
    view.lines.iter().flat_map(of).collect()
}

#[test]
fn every_kind_of_spreadsheet_comes_to_the_same_children() {
    let (_field, mut lead, ..) = set_up();
    let wanted = input(&lead);
    for (name, bytes) in files() {
        let view = lead.open_roster(name, &bytes, &wanted, ZH).unwrap();
        assert_eq!(view.file, name);
        assert_eq!(
            view.columns,
            [
                "name",
                "class",
                "number",
                "id-number",
                "sex",
                "birth",
                "guardian",
                "guardian-relation",
                "guardian-contact"
            ],
            "{name}"
        );
        assert_eq!(
            wrong(&view),
            [
                "5 class class-unknown out",
                "5 birth date-impossible out",
                "6 name name-missing out",
                "7 id-number id-number-rounded out"
            ],
            "{name}"
        );
        assert_eq!(counts(&view), [2, 0, 0, 3, 1], "{name}");
    }
}

#[test]
fn bad_rows_are_mended_and_the_same_list_in_another_format_adds_nobody() {
    let (_field, mut lead, ..) = set_up();
    let edit = |row, column, text: &str| RosterEdit { row, column, text: text.into() };
    let mended = RosterInput {
        edits: vec![edit(5, 1, "五1班"), edit(5, 5, "2008年2月29日"), edit(7, 3, "")],
        ..input(&lead)
    };
    let before = lead.people(&PersonQuery::default(), ZH).unwrap().total;
    for (at, (name, bytes)) in files().into_iter().enumerate() {
        lead.open_roster(name, &bytes, &mended, ZH).unwrap();
        let done = lead.import_roster(&mended, ZH).unwrap();
        let expect = if at == 0 { [4, 0, 0, 1, 1] } else { [0, 0, 4, 1, 0] };
        assert_eq!((done.imported, counts(&done)), (true, expect), "{name}");
        assert_eq!(
            lead.people(&PersonQuery::default(), ZH).unwrap().total,
            before + 5,
            "{name}: a child or carer too many"
        );
    }
    // A day, a number in a cell of numbers and a telephone come as people read them.
    let page = |text: &str| {
        let query = PersonQuery { text: text.into(), ..PersonQuery::default() };
        let people = lead.people(&query, ZH).unwrap().people;
        assert_eq!(people.len(), 1, "{text}");
        lead.person_page(&people[0].id, ZH).unwrap()
    };
    assert_eq!(page("孙小桔").student_number, "330002");
    assert_eq!(page("孙小桔").birth, "2008-03-12");
    assert_eq!(page("单小满").birth, "2007-03-14");
    assert_eq!(page("周念").birth, "2007-03-14");
    assert_eq!(page("王秀英").contact, "13911110001");
}
