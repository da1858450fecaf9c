//! The same .xlsx files read by this crate and by calamine: the same text in every cell.

use crate::read_rows::Extent;
use crate::read_spreadsheet::read_sheets;
use crate::read_xlsx;
use crate::workbook::Sheet;
use calamine::{Reader as _, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

#[track_caller]
fn check(bytes: &[u8]) -> Vec<Sheet> {
    let own = read_xlsx::read(bytes, Extent::Form).unwrap();
    let other =
        read_sheets(&mut Xlsx::new(Cursor::new(bytes)).unwrap(), "an Excel file (.xlsx)", Extent::Form).unwrap();
    assert_eq!(own, other);
    own
}

/// The texts of a sheet's rows, one line each.
fn lines(sheet: &Sheet) -> Vec<String> {
    sheet.rows.iter().map(|row| format!("{} {}", row.number, row.cells.join("|"))).collect()
}

/// A package with these shared strings, number formats (style 1 and on) and one sheet with these rows.
fn package(strings: &str, formats: &[String], rows: &str, from_1904: bool) -> Vec<u8> {
    let mut codes = String::new();
    let mut styles = "<xf numFmtId=\"0\"/>".to_owned();
    for (id, code) in (164..).zip(formats) {
        let code = code.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let _ = write!(codes, "<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>");
        let _ = write!(styles, "<xf numFmtId=\"{id}\"/>");
    }
    for id in 0..60 {
        let _ = write!(styles, "<xf numFmtId=\"{id}\"/>");
    }
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns:r=\"{kind}\"><workbookPr date1904=\"{}\"/><sheets><sheet name=\"a &amp; b\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
                u8::from(from_1904)
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{kind}/worksheet\" Target=\"/xl/worksheets/Sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("\u{feff}<?xml version=\"1.0\"?><sst>{strings}</sst>")),
        ("xl/styles.xml", format!("<styleSheet><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>")),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
    ];
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        file.start_file(name, SimpleFileOptions::default()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }
    file.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_of_a_spreadsheet_program() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("survey").unwrap();
    for (column, header) in (0..).zip(["text", "number", "date", "formula", "rich", "bool", "", "far"]) {
        sheet.write(0, column, header).unwrap();
    }
    let bold = Format::new().set_bold();
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let time = Format::new().set_num_format("[h]:mm");
    for (row, number) in (1..).zip([0.0_f64, -0.0, 1.0, 1.5, -2.25, 1e15, 123_456_789_012_345_678.0, 1e-7, 0.1 + 0.2]) {
        sheet.write(row, 0, format!(" 第 {row} 行 <&>\" \n_x0041_\u{a0}")).unwrap();
        sheet.write(row, 1, number).unwrap();
        sheet.write_with_format(row, 2, number.abs().min(2e6), if row % 2 == 0 { &date } else { &time }).unwrap();
        sheet.write(row, 3, Formula::new("A1&\"x\"").set_result(format!("结果 & {row}"))).unwrap();
        sheet.write_rich_string(row, 4, &[(&bold, "粗 "), (&Format::new(), " 细 &")]).unwrap();
        sheet.write(row, 5, row % 2 == 0).unwrap();
    }
    let moment = ExcelDateTime::from_ymd(2017, 4, 12).unwrap().and_hms(10, 42, 1.0).unwrap();
    sheet.write_with_format(12, 2, &moment, &Format::new().set_num_format("yyyy-mm-dd hh:mm")).unwrap();
    sheet.write(12, 3, Formula::new("NA()").set_result("#N/A")).unwrap();
    sheet.merge_range(14, 0, 15, 2, "merged", &bold).unwrap();
    sheet.write(80, 0, "after a long run of empty rows").unwrap();
    book.add_worksheet().set_name("空").unwrap();
    let hidden = book.add_worksheet().set_hidden(true).set_name("choices").unwrap();
    hidden.write(3, 2, "late").unwrap();
    hidden.write(4, 2, "below").unwrap();
    let sheets = check(&book.save_to_buffer().unwrap());
    assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["survey", "空", "choices"]);
    assert_eq!(lines(&sheets[0])[1], "2 第 1 行 <&>\" \n_x0041_|0|00:00:00|结果 & 1|粗  细 &|FALSE||");
    assert_eq!(lines(&sheets[0]).last().unwrap(), "15 merged|||||||");
    assert_eq!(lines(&sheets[2]), ["4 ||late", "5 ||below"]);
}

#[test]
fn what_spreadsheet_programs_seldom_write() {
    let strings = "<si><t>h</t></si><si><t xml:space=\"preserve\"> a </t></si><si><r><t>b </t></r><r><t xml:space=\"preserve\"> c</t></r></si>\
                   <si><t>課題</t><rPh sb=\"0\" eb=\"1\"><t>カダイ</t></rPh></si><si/><si><t>d&amp;&#x4e00;</t></si>";
    let rows = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c></row>\
                <row r=\"3\" spans=\"1:4\"><c t=\"s\" r=\"B3\"><v>1</v></c><c t=\"s\"><v>2</v></c></row>\
                <row/><row><c/><c t=\"s\"><v>3</v></c><c t=\"s\"><v>4</v></c><c t=\"s\"><v>5</v></c></row>\
                <row r=\"9\"><c r=\"A9\" t=\"inlineStr\"><is><t> in </t></is></c><c r=\"D9\" t=\"str\"><f>A1</f><v>x_x000A_y\r\n z&lt;</v></c></row>\
                <row r=\"8\"><c r=\"A8\" t=\"b\"><v>true</v></c><c r=\"B8\" t=\"e\"><v>#REF!</v></c><c r=\"C8\" t=\"n\"><v/></c><c t=\"d\"><v>2017-04-12T10:42:00</v></c></row>\
                <row r=\"10\"><c r=\"A10\" t=\"str\"/><c r=\"A10\"><v>12</v></c><c r=\"C10\"><f>1+</f><v>0012</v></c></row>";
    let sheets = check(&package(strings, &[], rows, false));
    assert_eq!(sheets[0].name, "a & b");
    assert_eq!(
        lines(&sheets[0]),
        ["1 h|h|h|h", "3 |a|b c|", "5 |課題||d&一", "8 TRUE|||2017-04-12T10:42:00", "9 in|||x\ny\n z<", "10 12||12|"]
    );
}

#[test]
fn every_built_in_format() {
    let mut rows = "<row><c><v>1</v></c></row>".to_owned();
    for style in 0..70 {
        let _ = write!(rows, "<row><c s=\"{style}\"><v>42837.4459</v></c></row>");
    }
    check(&package("", &[], &rows, false));
    check(&package("", &[], &rows, true));
}

fn format_code() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "yyyy", "m", "d", "h", ":mm", "ss", "0", "#,##0", ".00", "\"d\"", "\"年\"", "\\d", "_d", "*d", "[h]", "[mm]",
        "[sS]", "[hm]", "[Red]", "[$-804]", "[>=100]", ";", "@", "AM/PM", "a/p", "General", "aaaa", "e", " ", "%",
        "E+00", "[", "]", "\\",
    ]);
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        (-1_000_000_i64..1_000_000).prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| format!("{n:e}")),
        (0.0..3e6).prop_map(|n: f64| n.to_string()),
        "[0-9]{1,18}(\\.[0-9]{0,17})?(E[+-][0-9]{1,3})?",
        "-?[0-9]{0,5}[.a ]{0,2}[0-9]{0,5}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 64 } else { 1024 }))]

    #[test]
    fn any_number_in_any_format(code in format_code(), numbers in prop::collection::vec(number(), 1..8), from_1904: bool) {
        let mut rows = "<row><c><v>1</v></c></row>".to_owned();
        for (at, number) in numbers.iter().enumerate() {
            let _ = write!(rows, "<row><c s=\"{}\"><v>{number}</v></c></row>", at % 2);
        }
        check(&package("", &[code], &rows, from_1904));
    }

    #[test]
    fn any_text_in_any_place(texts in prop::collection::vec(("[ \u{a0}\\t\\n_x0-9A-F一二&<>😀]{0,12}", 0..4_u32, 0..100_u32, any::<bool>()), 1..12)) {
        let (mut strings, mut rows) = ("<si><t>h</t></si>".to_owned(), String::new());
        let _ = write!(rows, "<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(4));
        for (index, (text, column, row, preserve)) in texts.iter().enumerate() {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let space = if *preserve { " xml:space=\"preserve\"" } else { "" };
            let _ = write!(strings, "<si><r><t{space}>{text}</t></r><r><t>.</t></r><rPh><t>no</t></rPh></si>");
            let name = format!("{}{}", char::from(b'A' + u8::try_from(*column).unwrap()), row + 2);
            let _ = write!(rows, "<row r=\"{}\"><c r=\"{name}\" t=\"s\"><v>{}</v></c></row>", row + 2, index + 1);
        }
        check(&package(&strings, &[], &rows, false));
    }
}
