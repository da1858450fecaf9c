use std::path::Path;
use tianye_survey::exports::{FIELDS, KEPT, Telling, exported, goes_out, is_on_the_page, page, reading, reads_of};
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

/// Every key of a card, and of a report, stands on the page: it goes out in a column, or never. A key that is added to one of these
/// must be said here before this is built.
#[test]
fn the_page_has_every_key_of_cards_and_reports() {
    let noted = || Noted { on: String::new(), note: "".into() };
    let id = || tianye_journal::RecordId::from_bytes([7; 16]);
    let person = tianye_journal::PersonId::from_bytes([8; 16]);
    let (key, text) = (|| "".into(), String::new);
    let project = Project {
        title: Names::default(),
        practice: true,
        languages: vec![text()],
        consent_document: Some(text()),
        study: Some(text()),
        consent_gate: true,
        activity: Some(id()),
        carer_consents: Some(noted()),
        purposes: vec![Purpose::Audio],
        retention: [(Purpose::Audio, text())].into(),
        ethics: Some(noted()),
        passphrases: Some(noted()),
        recovery_tried: Some(noted()),
    };
    let member = Member {
        person,
        name: key(),
        role: Role::Lead,
        group: Some(text()),
        device_name: Some(text()),
        signing_key: Some(text()),
        certificate: Some(1),
        details: Some(text()),
        holder: Some(text()),
        team_keys: vec![TeamKey { key: key(), after: vec![1] }],
        for_team: true,
    };
    let site = Site { kind: SiteKind::Class, name: Names::default(), parent: Some(id()), code: Some(text()) };
    let subject = Subject {
        kind: SubjectKind::Pupil,
        code: text(),
        display_name: key(),
        site: Some(id()),
        birth_date: Some(key()),
        sex: Some(key()),
        student_number: Some(key()),
        id_number: Some(key()),
        grade: Some(text()),
        contact: Some(key()),
        of: vec![id()],
        note: Some(key()),
    };
    let assignment = Assignment {
        form_id: text(),
        subject: Some(id()),
        site: Some(id()),
        interviewer: Some(person),
        called: Some(key()),
        interview: Some(id()),
        besides: vec![id()],
        due: Some(text()),
        agreed: Some(text()),
        takes_over: Some(id()),
        because: Some(key()),
        begun: None,
        withdrawn: true,
        note: Some(key()),
    };
    let consent = Consent {
        subject: id(),
        act: ConsentAct::Given,
        by: None,
        purposes: vec![Purpose::Audio],
        words: [(Purpose::Audio, Word::Given)].into(),
        how: Some(How::Oral),
        on: Some(text()),
        document: Some(text()),
        assent: None,
        evidence: vec![],
        witness: Some(key()),
        note: Some(key()),
    };
    let tie = Tie {
        person: id(),
        to: id(),
        relation: Relation::Mother,
        custody: None,
        since: Some(key()),
        until: Some(key()),
        taken_back: true,
        note: Some(key()),
    };
    let report = Disclosure {
        words: key(),
        when: key(),
        place: key(),
        present: key(),
        seen: key(),
        safety: Some(Safety::Safe),
        about: key(),
        practice: true,
        interview: Some(id()),
        subject: Some(id()),
        site: Some(id()),
    };
    let cards = [
        (kind::PROJECT, serde_json::to_value(project)),
        (kind::MEMBER, serde_json::to_value(member)),
        (kind::SITE, serde_json::to_value(site)),
        (kind::SUBJECT, serde_json::to_value(subject)),
        (kind::ASSIGNMENT, serde_json::to_value(assignment)),
        (kind::CONSENT, serde_json::to_value(consent)),
        (kind::TIE, serde_json::to_value(tie)),
        (kind::CONTACTS, serde_json::to_value(Contacts { site: Some(id()), people: vec![] })),
        (kind::EXPORTED, serde_json::to_value(Exported { sealed: text() })),
        (kind::REPORT, serde_json::to_value(report)),
    ];
    for (number, card) in cards {
        let goes_out = |key: &str| FIELDS.iter().any(|field| field.kind == number && field.field == key);
        let kept = KEPT.iter().find(|(of, _)| *of == number).map(|(_, keys)| *keys).unwrap_or_default();
        let card = card.unwrap();
        let keys: Vec<&str> = card.as_object().unwrap().keys().map(String::as_str).collect();
        for key in &keys {
            let is_place = (number, *key) == (kind::SUBJECT, "site");
            assert!(is_place || goes_out(key) != kept.contains(key), "kind {number}: {key}");
        }
        // What is left out where it says nothing need not be here; what is no key at all is wrong.
        let empty = ["evidence", "custody", "people", "begun", "by", "assent"];
        for key in kept {
            assert!(keys.contains(key) || empty.contains(key), "kind {number} has no {key}");
        }
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
