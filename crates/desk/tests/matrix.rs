//! Role, kind and field: what exports really hold and what desks really read, against the one table (`survey::exports`).
//!
//! Each role makes each export, with and without identifiers. Every column of every file must be listed here with what it holds, and the
//! columns that were found must be those that the table lets out. Of every kind, written by every role that a desk lets write it, each
//! role's store must open what the table says (`matrix/reading.rs`, after the day in `matrix/day.rs`). To write the snapshot anew:
//! `UPDATE_EXPECT=1 cargo test -p tianye-desk --test matrix`.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;
#[path = "matrix/day.rs"]
mod day;
#[path = "matrix/page.rs"]
mod page;
#[path = "matrix/reading.rs"]
mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use common::{begin, join_as, laptop, say, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{ConsentInput, ConsentWord, ExportInput, Role as DeskRole};
use tianye_export::{FrameColumn, Words};
use tianye_survey::exports::{Column, FIELDS, exported, goes_out, reads_of};
use tianye_survey::rights::Export;
use tianye_survey::{Role, kind};

/// Something of everything that an export may tell.
const FORM: &str = "
| survey | | | | | | |
| | type | name | label | calculation | tianye::identifying | soft_constraint | soft_constraint_message |
| | start | start | | | | | |
| | deviceid | deviceid | | | | | |
| | audit | audit | | | | | |
| | text | say | A1 Say | | | | |
| | text | street | A2 Street | | yes | | |
| | text | guardian_name | A3 Guardian | | | | |
| | date | birth_date | A4 Birth | | | | |
| | select_one sex | sex | A5 Sex | | | | |
| | select_one village | hamlet | A6 Village | | village | | |
| | integer | friends | A7 Friends | | | . < 20 | So many? |
| | geopoint | home | A8 Home | | | | |
| | geotrace | way | A9 Way | | | | |
| | image | photo | A10 Photo | | | | |
| | begin_repeat | roster | B Roster | | | | |
| | text | who | B1 Who | | | | |
| | integer | years | B2 Years | | | | |
| | end_repeat | | | | | | |
| choices | | | |
| | list_name | name | label |
| | sex | f | girl |
| | village | baimu | Baimu |
| entities | | |
| | list_name | label |
| | trees | ${say} |
| settings | | | |
| | form_title | form_id | version |
| | Pupil | pupil | 9 |
";

/// What each question's column holds where it is told as it was given.
const QUESTIONS: [(&str, Column); 15] = [
    ("start", Column::Date),
    ("deviceid", Column::Device),
    ("instanceID", Column::Device),
    ("say", Column::FreeText),
    ("street", Column::Marked),
    ("guardian_name", Column::Contact),
    ("birth_date", Column::BirthDate),
    ("sex", Column::Answer),
    ("hamlet", Column::FinePlace),
    ("friends", Column::Answer),
    ("home", Column::Point),
    ("way", Column::Way),
    ("photo", Column::File),
    ("who", Column::FreeText),
    ("years", Column::Answer),
];

const ROLES: [(&str, Role, DeskRole); 5] = [
    ("administrator", Role::Administrator, DeskRole::Administrator),
    ("lead", Role::Lead, DeskRole::Lead),
    ("interviewer", Role::Interviewer, DeskRole::Interviewer),
    ("analyst", Role::Analyst, DeskRole::Analyst),
    ("safeguarding lead", Role::SafeguardingLead, DeskRole::Safeguarding),
];

/// What the column of a table holds; none: nobody has said.
fn column_of(file: &str, heading: &str) -> Option<Column> {
    let words = Words::for_language("en");
    if file.starts_with("entities/") {
        return Some(Column::Entities);
    }
    if file.starts_with("audit/") {
        return Some(Column::Log);
    }
    if heading == words.practice.0 {
        return Some(Column::Practice);
    }
    if heading == words.interview {
        return Some(Column::Interview);
    }
    if file.ends_with("_codebook.csv") {
        return words.codebook.contains(&heading).then_some(Column::Form);
    }
    if file.ends_with("_remarks.csv") {
        return Some(match words.remarks.iter().position(|known| *known == heading)? {
            0 | 1 => Column::Form,
            2 => Column::Row,
            3 | 8 | 9 => Column::Remark,
            _ => Column::RemarkWords,
        });
    }
    if heading.starts_with(words.row) {
        return Some(Column::Row);
    }
    if let Some(at) = words.study_codes.iter().position(|known| *known == heading) {
        return Some([Column::Code, Column::Interviewer][at]);
    }
    let frame = FrameColumn::ALL.into_iter().find(|column| words.heading(*column) == heading);
    if let Some(frame) = frame {
        return Some(match frame {
            FrameColumn::Code => Column::Code,
            FrameColumn::Name => Column::Name,
            FrameColumn::County | FrameColumn::Township | FrameColumn::School | FrameColumn::Village => Column::Place,
            FrameColumn::Class => Column::FinePlace,
            FrameColumn::Interviewer => Column::Interviewer,
            FrameColumn::State | FrameColumn::Conflicts => Column::State,
            FrameColumn::FormVersion => Column::FormVersion,
        });
    }
    let name = heading.split(['.', '/']).next().unwrap_or_default();
    QUESTIONS.iter().find(|(known, _)| *known == name).map(|(_, column)| *column)
}

/// What stands in the files of an export, with the headings under which it does.
fn found(folder: &Path) -> Columns {
    let mut found = Columns::new();
    let mut files = Vec::new();
    list(folder, folder, &mut files);
    for file in files {
        let beside = match file.as_str() {
            // Keys of rows and names of files, which stand in the tables too.
            "export.json" => continue,
            _ if file.contains("_files/") => Some(Column::File),
            _ if file.contains("/instances/") => Some(Column::Submission),
            _ => None,
        };
        if let Some(column) = beside {
            found.entry(column).or_default().insert("(files)".into());
            continue;
        }
        let text = std::fs::read_to_string(folder.join(&file)).unwrap();
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(cells);
        let head = lines.next().unwrap();
        let rows: Vec<Vec<String>> = lines.collect();
        for (at, heading) in head.iter().enumerate() {
            let column = column_of(&file, heading.as_str());
            let column = column.unwrap_or_else(|| panic!("nobody has said what the column {heading} of {file} holds"));
            if rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty())) {
                let (name, _) = heading.split_once(['.', '/']).unwrap_or((heading, ""));
                let shown = if heading.starts_with("home.") && heading != "home.area" { name } else { heading };
                found.entry(column).or_default().insert(shown.to_owned());
            }
        }
    }
    found
}

/// The cells of a line; none of them holds a line break or a quote.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            letter => cells.last_mut().unwrap().push(letter),
        }
    }
    cells
}

fn list(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            list(root, &path, files);
        } else {
            files.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
        }
    }
}

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::DynamicImage::from(image::RgbImage::new(4, 4));
    image.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

/// A filled interview with everything in it, and what the family said.
fn fill(desk: &mut Desk, code: &str) -> String {
    let view = begin(desk, code);
    for (field, value) in [
        ("/say", "camphor"),
        ("/street", "street 5"),
        ("/guardian_name", "Wang"),
        ("/birth_date", "2007-03-01"),
        ("/sex", "f"),
        ("/hamlet", "baimu"),
        ("/friends", "40"),
        ("/home", "28.8912 119.8123 0 0"),
        ("/way", "28.8912 119.8123 0 0;28.8913 119.8123 0 0"),
    ] {
        say(desk, field, value);
    }
    let sealed = desk.sealer("/photo").unwrap().bytes(&png(), "").unwrap();
    desk.attach(sealed).unwrap();
    say(desk, "/roster[~1]/who", "Li");
    say(desk, "/roster[~1]/years", "61");
    desk.confirm("/friends", "she counts the whole school").unwrap();
    desk.finalise("en").unwrap();
    view.id
}

/// What a guardian says, so that there is a card of a consent.
fn consents(desk: &mut Desk, person: &str) {
    let input = ConsentInput {
        person: person.into(),
        standing: "legal-guardian".into(),
        name: "Wang".into(),
        relation: String::new(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        witness: String::new(),
        note: String::new(),
        words: vec![ConsentWord { purpose: "questionnaire".into(), said: "given".into() }],
    };
    desk.record_consent(&input).unwrap();
}

/// The columns that an export holds, or the code of its refusal.
fn exports(desk: &Desk, folder: &Path, identified: bool) -> Result<Columns, String> {
    let input = ExportInput {
        form: "pupil".into(),
        names: identified,
        files: identified,
        instances: identified,
        entities: identified,
        identified,
        reason: if identified { "to find the child" } else { "" }.into(),
        ..ExportInput::default()
    };
    if let Err(why) = desk.export_csv(&input, folder, "en") {
        assert!(!folder.exists(), "nothing is written");
        return Err(why.code);
    }
    Ok(found(folder))
}

/// What the table and the rights say of the same: the columns, or the code of the refusal.
fn expected(role: &Role, identified: bool) -> Result<BTreeSet<Column>, String> {
    let right = FIELDS.iter().map(|row| exported(role, row)).max().unwrap();
    match (right, identified) {
        (Export::Nothing, _) => Err("export-no-right".into()),
        (Export::Deidentified, true) => Err("export-identified-no-right".into()),
        _ => Ok(FIELDS.iter().map(|row| row.column).filter(|column| goes_out(*column, identified)).collect()),
    }
}

#[test]
fn exports_and_readings_of_each_role_are_what_the_table_says() {
    let read_by = std::thread::spawn(reading::read);
    let (field, mut lead, mut chen, zhou) = set_up();
    assert!(lead.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    let of_lead = fill(&mut lead, "217");
    let of_chen = fill(&mut chen, "218");
    let person = |desk: &Desk, code: &str| {
        let people = desk.respondents();
        people.into_iter().find(|one| desk.person_page(one, "en").unwrap().code == code).unwrap()
    };
    let child = person(&chen, "218");
    consents(&mut chen, &child);
    chen.sync().unwrap();
    lead.sync().unwrap();
    let mut desks = vec![zhou];
    for (name, role) in [("admin", DeskRole::Administrator), ("lead", DeskRole::Lead), ("he", DeskRole::Analyst)] {
        desks.push(join_as(&mut lead, &laptop(field.folder.path(), name), name, role));
    }
    desks.push(join_as(&mut lead, &laptop(field.folder.path(), "fang"), "fang", DeskRole::Safeguarding));
    for _ in 0..2 {
        for desk in desks.iter_mut().chain([&mut lead, &mut chen]) {
            desk.sync().unwrap();
        }
    }

    let mut exported_by = BTreeMap::new();
    for (name, role, desk_role) in ROLES {
        let desk = desks.iter_mut().find(|desk| desk.role() == desk_role).unwrap();
        for identified in [false, true] {
            let found = exports(desk, &field.folder.path().join(format!("{name} {identified}")), identified);
            let columns = found.as_ref().map(|found| found.keys().copied().collect()).map_err(Clone::clone);
            assert_eq!(columns, expected(&role, identified), "{name}, identified: {identified}");
            exported_by.insert((name, identified), found.ok());
        }
        let sees = [
            (kind::INTERVIEW, desk.open_interview(&of_lead, "en").is_ok(), desk.open_interview(&of_chen, "en").is_ok()),
            (
                kind::SUBJECT,
                desk.person_page(&person(&lead, "217"), "en").is_ok(),
                desk.person_page(&child, "en").is_ok(),
            ),
            (kind::CONSENT, true, desk.consent_sheet(&child, "pupil", "en").is_ok_and(|sheet| !sheet.cards.is_empty())),
        ];
        for (kind, leads, colleagues) in sees {
            let expect = reads_of(&role, &Role::Interviewer, kind);
            assert_eq!((leads, colleagues), (true, expect), "{name} reads kind {kind}");
        }
    }
    page::check(&exported_by, &read_by.join().unwrap());
}

type Columns = BTreeMap<Column, BTreeSet<String>>;
