use std::path::Path;
use tianye_survey::exports::{FIELDS, Telling, exported, goes_out, is_on_the_page, page, reading, reads_of};
use tianye_survey::rights::{Export, Reach, exports, reach};
use tianye_survey::*;

/// The page says what the table says. To write it anew: `UPDATE_EXPECT=1 cargo test -p tianye-survey --test survey exports`.
#[test]
fn the_page_of_rights_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms/guide/RIGHTS.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), page());
}

/// A kind that somebody may write has a row, and no row is of a kind that nobody may write.
#[test]
fn the_page_has_every_kind_that_somebody_writes() {
    for number in 0..1000 {
        let written = Role::ALL.iter().any(|role| reach(role, number) != Reach::Nothing);
        assert_eq!(is_on_the_page(number), written, "kind {number}");
    }
}

/// Reports of harm are read by who holds them and by who wrote them, whatever else a role reads.
#[test]
fn a_report_is_read_by_its_holders_alone() {
    let of = |kind: u16| Role::ALL.iter().map(|role| reading(role, kind)).collect::<Vec<_>>();
    assert_eq!(of(kind::REPORT), ["own", "own", "own", "own", "all"]);
    assert_eq!(of(kind::CONTACTS), ["all"; 5]);
    assert_eq!(of(kind::MEMBER), ["team", "all", "team", "all", "team"]);
    assert_eq!(of(kind::TIE), ["team", "all", "team", "all", "team"]);
    assert_eq!(of(kind::BEGINNINGS), ["team", "all", "team", "all", "team"]);
    assert_eq!(of(kind::INTERVIEW), ["leads", "all", "leads", "all", "leads"]);
}

/// An analyst's card opens no chain for the team.
#[test]
fn an_analysts_card_is_read_by_leads_and_analysts() {
    for writer in Role::ALL {
        let readers = Role::ALL.iter().filter(|reader| !reads_of(reader, writer, kind::MEMBER)).map(Role::as_str);
        let expect: &[&str] = match writer {
            Role::Analyst => &["administrator", "interviewer", "safeguarding-lead"],
            _ => &[],
        };
        assert_eq!(readers.collect::<Vec<_>>(), expect, "cards of {}", writer.as_str());
    }
}

#[test]
fn who_exports_what() {
    let rights: Vec<Export> = Role::ALL.iter().map(exports).collect();
    use Export::{Deidentified, Identified, Nothing};
    assert_eq!(rights, [Nothing, Identified, Nothing, Deidentified, Nothing]);
    assert_eq!(exports(&Role::from("king")), Nothing);
    for field in FIELDS {
        for role in Role::ALL {
            let expect = match (role, field.told) {
                (Role::Lead, _) => Identified,
                (Role::Analyst, Telling::Plain | Telling::Coarse(..)) => Deidentified,
                _ => Nothing,
            };
            assert_eq!(exported(role, field), expect, "{} {}", role.as_str(), field.field);
        }
        // The exports ask for a column by what it holds: each has one row.
        assert_eq!(FIELDS.iter().filter(|other| other.column == field.column).count(), 1, "{}", field.field);
        assert!(goes_out(field.column, true));
        assert_eq!(goes_out(field.column, false), field.told != Telling::Identified, "{}", field.field);
    }
}

/// Nothing about consents, links and assignments, and no birth date, note or guardian of a card, is in any table.
#[test]
fn cards_are_told_by_code_and_name_only() {
    let of =
        |wanted: u16| FIELDS.iter().filter(|field| field.kind == wanted).map(|field| field.field).collect::<Vec<_>>();
    assert_eq!(of(kind::SUBJECT), ["code", "display_name"]);
    let nothing = [kind::CONSENT, kind::ASSIGNMENT, kind::LINK, kind::ERASURE, kind::GRANT];
    for nothing in nothing.into_iter().chain([kind::TIE, kind::REPORT, kind::CONTACTS, kind::CONSENT_TEXT]) {
        assert!(of(nothing).is_empty());
    }
    let keys: Vec<String> = Card::whole(&Subject::new(SubjectKind::Pupil, "217")).keys().map(str::to_owned).collect();
    assert!(of(kind::SUBJECT).iter().all(|field| keys.iter().any(|key| key == field)));
}
