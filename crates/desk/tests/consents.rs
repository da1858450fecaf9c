//! Consent as a gate on real stores: what is refused and why, stopping, and taking it back on every laptop and in exports.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::{Field, PASSPHRASE, laptop, say, set_up};
use std::io::Cursor;
use tianye_desk::Desk;
use tianye_desk::view::{
    Capture, ChecklistInput, ConsentInput, ConsentSheet, ConsentWord, ContactView, ContactsInput, Control,
    DecisionInput, ExportInput, InterviewState, NewInterview, NotedView, Refusal, RetentionView, Role, WithdrawInput,
};

/// A form of talk, with sound and pictures.
const TALK: &str = "
| survey | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | required | appearance |
| | text | say | A1 孩子说什么？ | A1 What does the child say? | | |
| | audio | voice | A2 录音 | A2 Recording | yes | |
| | image | photo | A3 照片 | A3 Photograph | yes | |
| | image | drawing | A4 画一画 | A4 Drawing | | draw |
| settings | | | | |
| | form_title | form_id | default_language | tianye::purpose |
| | 访谈 | talk | 中文 (zh) | interview |
";

/// Pictures on one page: of the two only the photograph needs consent of its own.
const PICTURES: &str = "
| survey | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | appearance |
| | begin_group | all | 一页 | One page | field-list |
| | text | say | A1 孩子说什么？ | A1 What does the child say? | |
| | image | photo | A2 照片 | A2 Photograph | |
| | image | drawing | A3 画一画 | A3 Drawing | draw |
| | end_group | | | | |
| settings | | | | |
| | form_title | form_id | default_language | tianye::purpose |
| | 图 | pictures | 中文 (zh) | interview |
";

/// The team of [`set_up`], with a form of talk, in a project that asks for consent.
fn gated() -> (Field, Desk, Desk, Desk) {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    assert!(lead.check_form("talk.md", TALK.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted }).unwrap();
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
    }
    (field, lead, chen, zhou)
}

fn new(code: &str, form: &str) -> NewInterview {
    NewInterview {
        form: form.into(),
        assignment: None,
        code: code.into(),
        name: "小满".into(),
        site: String::new(),
        subject: String::new(),
        kind: String::new(),
        answered_by: String::new(),
        anyway: false,
    }
}

fn words(text: &str) -> Vec<ConsentWord> {
    let word = |one: &str| {
        let (purpose, said) = one.split_once('=').unwrap();
        ConsentWord { purpose: purpose.into(), said: said.into() }
    };
    text.split(' ').map(word).collect()
}

fn says(desk: &mut Desk, person: &str, standing: &str, said: &str) {
    let name = if standing == "own" { "" } else { "王桂英" };
    let input = ConsentInput {
        person: person.into(),
        standing: standing.into(),
        name: name.into(),
        relation: String::new(),
        how: "oral".into(),
        on: "2017-04-11".into(),
        witness: "李老师".into(),
        note: String::new(),
        words: words(said),
    };
    desk.record_consent(&input).unwrap();
}

/// Tries to begin; the person whom the refusal names, and its code.
fn refused(desk: &mut Desk, code: &str, form: &str) -> (String, String) {
    let why = desk.start_interview(&new(code, form), "zh-CN").map(|_| ()).unwrap_err();
    (why.args["person"].clone(), why.code)
}

#[track_caller]
fn code<T>(result: Result<T, Refusal>) -> String {
    result.map(|_| ()).unwrap_err().code
}

fn standing(sheet: &ConsentSheet, purpose: &str) -> (String, bool) {
    let found = sheet.purposes.iter().find(|one| one.purpose == purpose).unwrap();
    (found.standing.clone(), found.may)
}

fn codes(desk: &Desk) -> Vec<String> {
    let mut codes: Vec<String> = desk.records("zh-CN").unwrap().into_iter().map(|card| card.code).collect();
    codes.sort_unstable();
    codes
}

/// How many interviews wait for a word; who took everything back may wait too, by the card.
fn interviews_due(lead: &Desk) -> usize {
    lead.due("zh-CN").unwrap().iter().filter(|one| !one.person).count()
}

fn withdrawal(person: &str, standing: &str, purposes: &[&str]) -> WithdrawInput {
    WithdrawInput {
        person: person.into(),
        standing: standing.into(),
        name: if standing == "own" { "" } else { "王桂英" }.into(),
        relation: String::new(),
        purposes: purposes.iter().map(|one| (*one).to_owned()).collect(),
        note: String::new(),
    }
}

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_fn(40, 20, |x, y| image::Rgb([(x * 6) as u8, (y * 9) as u8, 90]));
    image::DynamicImage::from(image).write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_fn(40, 20, |x, y| image::Rgb([(x * 6) as u8, (y * 9) as u8, 90]));
    image::DynamicImage::from(image).write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg).unwrap();
    bytes
}

/// Two seconds of a tone, as the web view of Linux hands them over: samples behind the head of a WAV file.
fn wav() -> Vec<u8> {
    let rate = 16_000u32;
    let mut bytes = Vec::from(*b"RIFF\xFF\xFF\xFF\xFFWAVEfmt ");
    bytes.extend([16, 0, 0, 0, 1, 0, 1, 0]);
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * 2).to_le_bytes());
    bytes.extend([2, 0, 16, 0]);
    bytes.extend(b"data\xFF\xFF\xFF\xFF");
    let sample = |at: u32| i16::try_from(at * 37 % 18_000).unwrap_or_default() - 9_000;
    bytes.extend((0..rate * 2).flat_map(|at| sample(at).to_le_bytes()));
    bytes
}

fn attach(desk: &mut Desk, field: &str) {
    let sealed = desk.sealer(field).unwrap().bytes(&png(), "").unwrap();
    desk.attach(sealed).unwrap();
}

#[test]
fn nothing_begins_without_consent_and_the_respondent_is_known_all_the_same() {
    let (_field, _lead, mut chen, _zhou) = gated();
    let (person, why) = refused(&mut chen, "217", "pupil");
    assert_eq!(why, "consent-missing");
    assert_eq!(refused(&mut chen, "217", "pupil"), (person.clone(), why), "asked again, it is the same respondent");

    says(&mut chen, &person, "legal-guardian", "questionnaire=not-yet");
    assert_eq!(code(chen.start_with(&person, "pupil", "zh-CN")), "consent-not-yet");
    says(&mut chen, &person, "entrusted-carer", "questionnaire=given");
    assert_eq!(code(chen.start_with(&person, "pupil", "zh-CN")), "consent-not-yet");
    says(&mut chen, &person, "legal-guardian", "questionnaire=given audio=refused");
    assert_eq!(code(chen.start_with(&person, "pupil", "zh-CN")), "consent-child-not-asked");
    says(&mut chen, &person, "own", "questionnaire=refused");
    assert_eq!(code(chen.start_with(&person, "pupil", "zh-CN")), "consent-child-refused");
    // The child may say something else later; the card is the same.
    says(&mut chen, &person, "own", "questionnaire=given");
    let sheet = chen.consent_sheet(&person, "pupil", "zh-CN").unwrap();
    assert_eq!(sheet.cards.len(), 3);
    assert_eq!(sheet.speaks, "guardian-and-child");
    assert_eq!(standing(&sheet, "questionnaire"), ("consent-complete".into(), true));
    assert_eq!(standing(&sheet, "audio"), ("consent-refused".into(), false));
    assert_eq!(standing(&sheet, "photo"), ("consent-other-purpose".into(), false));
    assert!(sheet.purposes.iter().all(|one| one.needed == (one.purpose == "questionnaire")));
    assert_eq!(chen.start_with(&person, "pupil", "zh-CN").unwrap().code, "217");
    // Another form is for another purpose.
    assert_eq!(code(chen.start_with(&person, "talk", "zh-CN")), "consent-other-purpose");
}

#[test]
fn sound_and_pictures_are_offered_only_where_they_were_agreed_to() {
    let (_field, _lead, mut chen, _zhou) = gated();
    let (person, _) = refused(&mut chen, "217", "talk");
    says(&mut chen, &person, "legal-guardian", "interview=given audio=given photo=refused");
    says(&mut chen, &person, "own", "interview=given photo=given audio=not-yet");
    let view = chen.start_with(&person, "talk", "zh-CN").unwrap();
    let all = [view.page.items[0].field.clone()];
    assert_eq!(all, ["/say"]);
    assert_eq!(code(chen.start_recording("/voice")), "consent-child-not-asked");
    assert_eq!(code(chen.sealer("/photo")), "consent-refused");
    // A drawing is an answer and no photograph.
    attach(&mut chen, "/drawing");
    say(&mut chen, "/say", "想妈妈");
    // What was not agreed to keeps nobody from ending, though the form requires it.
    chen.finalise("zh-CN").unwrap();
}

#[test]
fn consent_is_shown_with_what_shows_it_and_asked_again_under_another_text() {
    let (_field, mut lead, mut chen, _zhou) = gated();
    let (person, _) = refused(&mut chen, "217", "pupil");
    let added = chen.add_evidence("signature", &[BASE64.encode(png())]).unwrap();
    assert_eq!((added.len(), added[0].kind.as_str()), (1, "signature"));
    assert_eq!(code(chen.add_evidence("signature", &[BASE64.encode(b"no picture at all")])), "attachment-no-picture");
    // Twelve MiB and one byte are too much, whatever they are; what was added before stands.
    let large: Vec<String> = [[jpeg(), vec![7; 1 << 20]].concat()[..1 << 20].to_vec()]
        .into_iter()
        .chain((1..12).map(|_| vec![7; 1 << 20]))
        .chain([vec![7]])
        .map(|part| BASE64.encode(part))
        .collect();
    assert_eq!(code(chen.add_evidence("paper", &large)), "evidence-too-large");
    // A photograph of the paper leaves without where it was taken, and a recording is kept as sound.
    let located = [&jpeg()[..2], &[0xFF, 0xE1, 0, 22], b"Exif\0\0", b"29.123N 120.5E", &jpeg()[2..]].concat();
    chen.add_evidence("paper", &[BASE64.encode(&located)]).unwrap();
    let added = chen.add_evidence("recording", &[BASE64.encode(wav())]).unwrap();
    assert_eq!(added.len(), 3);
    assert_eq!((added[1].file.media_type.as_str(), added[2].file.media_type.as_str()), ("image/jpeg", "audio/flac"));
    says(&mut chen, &person, "legal-guardian", "questionnaire=given");
    says(&mut chen, &person, "own", "questionnaire=given");
    chen.sync().unwrap();
    lead.sync().unwrap();
    let sheet = lead.consent_sheet(&person, "pupil", "zh-CN").unwrap();
    let guardian = sheet.cards.iter().find(|card| card.standing == "legal-guardian").unwrap();
    assert_eq!(
        (guardian.name.as_str(), guardian.witness.as_str(), guardian.on.as_str()),
        ("王桂英", "李老师", "2017-04-11")
    );
    let file = &guardian.evidence[0].file;
    let part = lead.evidence_part(&guardian.id, &file.name, 0).unwrap();
    assert_eq!(BASE64.decode(part.base64).unwrap(), png());
    let paper = lead.evidence_part(&guardian.id, &guardian.evidence[1].file.name, 0).unwrap();
    assert_eq!(BASE64.decode(paper.base64).unwrap(), jpeg());
    assert!(guardian.may_see && guardian.evidence.iter().all(|one| one.file.here));

    // The project gets a text of its own: what was said to none before is asked again.
    let mut text = lead.consent_text();
    assert_eq!(text.version, "");
    text.activity.zh = "2017 年春季问卷".into();
    let first = lead.publish_text(&text, false).unwrap();
    assert_eq!(first.version.len(), 8);
    assert_eq!(lead.publish_text(&text, false).unwrap().version, first.version, "the same words are the same version");
    let of = |desk: &Desk| standing(&desk.consent_sheet(&person, "pupil", "zh-CN").unwrap(), "questionnaire");
    assert_eq!(of(&lead), ("consent-ask-again".into(), false));
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(code(chen.start_with(&person, "pupil", "zh-CN")), "consent-ask-again");
    says(&mut chen, &person, "legal-guardian", "questionnaire=given");
    assert_eq!(code(chen.start_with(&person, "pupil", "zh-CN")), "consent-ask-again");
    says(&mut chen, &person, "own", "questionnaire=given");
    chen.start_with(&person, "pupil", "zh-CN").unwrap();
    say(&mut chen, "/family/say", "想妈妈");
    chen.leave().unwrap();
    // A new activity asks everybody again; what was begun under the old one may be ended.
    text.activity.zh = "2017 年秋季走访".into();
    lead.publish_text(&text, true).unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(code(chen.start_with(&person, "pupil", "zh-CN")), "consent-ask-again");
    let id = chen.records("zh-CN").unwrap()[0].id.clone();
    assert!(chen.open_interview(&id, "zh-CN").is_ok());
    assert_eq!(code(chen.publish_text(&text, true)), "no-right");
}

#[test]
fn a_child_stops_and_the_answers_may_be_kept() {
    let (_field, mut lead, mut chen, _zhou) = set_up();
    let id = chen.start_interview(&new("217", "pupil"), "zh-CN").unwrap().id;
    say(&mut chen, "/family/say", "想妈妈");
    let home = chen.stop_interview(true, "zh-CN").unwrap();
    let row = &home.places[0].rows[0];
    assert_eq!((row.id.as_str(), row.state, row.answered > 0), (id.as_str(), InterviewState::Stopped, true));
    assert!(chen.open_interview(&id, "zh-CN").unwrap().page.items[0].readonly, "it is read, and not gone on with");
    assert_eq!(code(chen.correct_interview(&id, "zh-CN")), "stopped-by-respondent");
    chen.open_interview(&id, "zh-CN").unwrap();
    assert_eq!(code(chen.stop_interview(true, "zh-CN")), "readonly");
    chen.sync().unwrap();
    lead.sync().unwrap();
    let state = |desk: &Desk| desk.records("zh-CN").unwrap()[0].state;
    assert_eq!(state(&lead), InterviewState::Stopped);
    assert!(lead.due("zh-CN").unwrap().is_empty());
}

#[test]
fn a_child_stops_and_nothing_is_kept() {
    let (field, mut lead, mut chen, mut zhou) = gated();
    let (person, _) = refused(&mut chen, "217", "talk");
    for who in ["legal-guardian", "own"] {
        says(&mut chen, &person, who, "interview=given audio=given photo=given");
    }
    let id = chen.start_with(&person, "talk", "zh-CN").unwrap().id;
    say(&mut chen, "/say", "标记甲乙丙");
    attach(&mut chen, "/photo");
    chen.leave().unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(codes(&lead), ["217"]);
    chen.open_interview(&id, "zh-CN").unwrap();
    say(&mut chen, "/say", "标记甲乙丙丁");
    let recording = chen.start_recording("/voice").unwrap();
    chen.put_piece(recording, &BASE64.encode([7; 5000])).unwrap();
    let home = chen.stop_interview(false, "zh-CN").unwrap();
    let row = &home.places[0].rows[0];
    assert_eq!((row.state, row.answered, row.code.as_str()), (InterviewState::Stopped, 0, "217"));
    assert_ne!(row.id, id, "what is kept is only that somebody stopped");
    assert_eq!(code(chen.open_interview(&id, "zh-CN")), "erased-here");

    for desk in [&mut chen, &mut lead, &mut zhou] {
        desk.sync().unwrap();
    }
    lead.sync().unwrap();
    assert_eq!(lead.records("zh-CN").unwrap()[0].state, InterviewState::Stopped);
    assert_eq!(code(lead.open_interview(&id, "zh-CN")), "erased-here");
    let history = lead.person_page(&person, "zh-CN").unwrap().history;
    assert!(history.iter().any(|event| event.what == "stopped-not-kept"), "{history:?}");
    let certificate = &lead.erasures("zh-CN").unwrap()[0];
    assert_eq!((certificate.interviews, certificate.by.as_str()), (1, "陈禾"));
    assert!(!certificate.on_hub, "the hub was told by the lead's laptop");
    assert!(lead.due("zh-CN").unwrap().is_empty());
    let out = field.folder.path().join("out");
    let report = lead.export_csv(&tables("talk"), &out, "zh-CN").unwrap();
    assert_eq!((report.files[0].rows, report.withheld), (0, 1));

    // After all, it is the same on a store that is opened again.
    let store = field.wuyi.start().unwrap().stores[0].id.clone();
    drop(chen);
    let chen = field.wuyi.unlock(&store, PASSPHRASE).unwrap();
    assert_eq!(chen.records("zh-CN").unwrap().len(), 1);
}

fn tables(form: &str) -> ExportInput {
    ExportInput {
        form: form.into(),
        labels: true,
        names: true,
        files: true,
        entities: true,
        instances: true,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    }
}

/// A family and a child agree, and the child's interview is begun: the respondent, and the interview.
fn begun(desk: &mut Desk) -> (String, String) {
    let (person, _) = refused(desk, "217", "pupil");
    for who in ["legal-guardian", "own"] {
        says(desk, &person, who, "questionnaire=given");
    }
    let id = desk.start_with(&person, "pupil", "zh-CN").unwrap().id;
    say(desk, "/family/say", "想妈妈");
    (person, id)
}

/// As [`begun`], and finished.
fn filled(desk: &mut Desk) -> (String, String) {
    let begun = begun(desk);
    desk.finalise("zh-CN").unwrap();
    begun
}

fn correct(lead: &mut Desk, id: &str) {
    lead.correct_interview(id, "zh-CN").unwrap();
    say(lead, "/family/say", "想爸爸妈妈");
    lead.finalise("zh-CN").unwrap();
    lead.sync().unwrap();
}

#[test]
fn what_another_person_wrote_is_erased_by_a_lead() {
    let (_field, mut lead, mut chen, _zhou) = set_up();
    let id = chen.start_interview(&new("217", "pupil"), "zh-CN").unwrap().id;
    say(&mut chen, "/family/say", "想妈妈");
    chen.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    // The lead corrected it, so it is no longer only of the one who wrote it down.
    correct(&mut lead, &id);
    chen.sync().unwrap();
    chen.correct_interview(&id, "zh-CN").unwrap();
    say(&mut chen, "/family/say", "不想说了");
    chen.stop_interview(false, "zh-CN").unwrap();
    assert_eq!(code(chen.open_interview(&id, "zh-CN")), "stopped-by-respondent");
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(code(lead.open_interview(&id, "zh-CN")), "erased-here");
    chen.sync().unwrap();
    assert_eq!(code(chen.open_interview(&id, "zh-CN")), "erased-here");
    let rows = lead.records("zh-CN").unwrap();
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [InterviewState::Stopped]);
}

#[test]
fn what_is_taken_back_leaves_two_other_laptops_and_an_export() {
    let (field, mut lead, mut chen, mut zhou) = gated();
    let (person, _) = refused(&mut chen, "217", "talk");
    for who in ["legal-guardian", "own"] {
        says(&mut chen, &person, who, "interview=given questionnaire=given audio=given photo=given");
    }
    chen.start_with(&person, "talk", "zh-CN").unwrap();
    say(&mut chen, "/say", "想妈妈");
    attach(&mut chen, "/photo");
    chen.leave().unwrap();
    chen.start_with(&person, "pupil", "zh-CN").unwrap();
    say(&mut chen, "/family/say", "爸爸在外省");
    chen.leave().unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    zhou.sync().unwrap();
    let out = |name: &str| field.folder.path().join(name);
    let report = lead.export_csv(&tables("talk"), &out("1"), "zh-CN").unwrap();
    assert_eq!((report.files[0].rows, report.attached, report.withheld), (1, 1, 0));

    // The child takes the photograph back: at once here, with the file; the talk stays.
    let done = chen.withdraw_consent(&withdrawal(&person, "own", &["photo"])).unwrap();
    assert_eq!((done.erased, done.waiting), (1, 0));
    assert_eq!(codes(&chen), ["217", "217"]);
    chen.sync().unwrap();
    lead.sync().unwrap();
    let report = lead.export_csv(&tables("talk"), &out("2"), "zh-CN").unwrap();
    assert_eq!((report.files[0].rows, report.attached, report.withheld), (1, 0, 0));
    assert_eq!(lead.erasures("zh-CN").unwrap().len(), 1);

    // The guardian takes everything back on the lead's laptop.
    let done = lead.withdraw_consent(&withdrawal(&person, "legal-guardian", &[])).unwrap();
    assert_eq!((done.erased, done.waiting), (2, 0));
    assert!(codes(&lead).is_empty());
    let report = lead.export_csv(&tables("talk"), &out("3"), "zh-CN").unwrap();
    assert_eq!(report.files[0].rows, 0);
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
        desk.sync().unwrap();
    }
    lead.sync().unwrap();
    assert!(codes(&chen).is_empty() && codes(&zhou).is_empty());
    let certificates = lead.erasures("zh-CN").unwrap();
    let waiting: Vec<_> = certificates.iter().map(|one| (one.by.as_str(), one.waiting.len())).collect();
    assert_eq!(waiting, [("陈禾", 0), ("沈一帆", 0)], "what an interviewer erased, a colleague has heard of too");
    let last = certificates.iter().find(|one| one.by == "沈一帆").unwrap();
    assert_eq!((last.interviews, last.waiting.len(), last.on_hub), (2, 0, false));
    // The person's page tells of it, and what was said before.
    let told: Vec<(String, String)> = lead
        .person_page(&person, "zh-CN")
        .unwrap()
        .history
        .into_iter()
        .filter(|event| event.what.starts_with("consent-"))
        .map(|event| (event.what, event.args["purposes"].clone()))
        .collect();
    let all = "questionnaire interview audio photo";
    let expected =
        [("consent-withdrawn", ""), ("consent-withdrawn", "photo"), ("consent-given", all), ("consent-given", all)];
    assert_eq!(told, expected.map(|(what, of)| (what.to_owned(), of.to_owned())));
    // The sheet says so, and nothing begins.
    assert_eq!(code(zhou.start_with(&person, "pupil", "zh-CN")), "consent-withdrawn");
    assert_eq!(code(chen.start_with(&person, "pupil", "zh-CN")), "consent-withdrawn");
}

#[test]
fn what_others_wrote_is_out_of_use_until_the_lead_hears_of_it() {
    let (_field, mut lead, mut chen, _zhou) = gated();
    let (person, id) = filled(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    correct(&mut lead, &id);
    chen.sync().unwrap();
    let done = chen.withdraw_consent(&withdrawal(&person, "own", &["questionnaire"])).unwrap();
    assert_eq!((done.erased, done.waiting), (0, 1));
    assert!(codes(&chen).is_empty(), "it is listed nowhere");
    assert_eq!(code(chen.open_interview(&id, "zh-CN")), "consent-withdrawn");
    assert_eq!(code(chen.due("zh-CN")), "no-right");
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert!(codes(&lead).is_empty() && interviews_due(&lead) == 0, "it is erased as it is heard of");
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(code(chen.open_interview(&id, "zh-CN")), "erased-here");
}

/// Two answers of it that differ go out of use with their interview: they are listed, shown, decided and written out no more, whether it
/// waits for a lead since others wrote in it, or for the lead's own confirmation.
#[test]
fn two_answers_that_differ_are_out_of_use_with_their_interview() {
    let (_field, mut lead, mut chen, _zhou) = gated();
    let (person, id) = filled(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    chen.correct_interview(&id, "zh-CN").unwrap();
    say(&mut chen, "/family/say", "想爸爸");
    chen.finalise("zh-CN").unwrap();
    correct(&mut lead, &id);
    chen.sync().unwrap();
    lead.sync().unwrap();
    let file = std::path::Path::new("out/sheet.csv");
    let shown = |desk: &Desk| {
        let (views, cards) = (desk.conflicts("zh-CN").unwrap(), desk.conflict_cards("zh-CN").unwrap());
        (views.len(), cards.len(), desk.count_conflicts().unwrap())
    };
    assert_eq!((shown(&lead), shown(&chen)), ((1, 1, 1), (1, 1, 1)));
    assert_eq!(lead.decision_sheet("电话里问", file, "zh-CN").unwrap().len(), 1);
    let conflict = lead.conflicts("zh-CN").unwrap().remove(0);
    let decision = DecisionInput {
        record: id.clone(),
        field: conflict.field.clone(),
        value: "想爸爸".into(),
        non_answer: None,
        names: conflict.sides.iter().map(|side| side.entry.clone()).collect(),
        reason: "当面更正".into(),
    };

    // The child says no to it afterwards, on the lead's laptop: nothing is erased before the lead confirms.
    says(&mut lead, &person, "own", "questionnaire=refused");
    assert_eq!(interviews_due(&lead), 1);
    // On the author's laptop it is taken back, and waits for a lead.
    let done = chen.withdraw_consent(&withdrawal(&person, "own", &["questionnaire"])).unwrap();
    assert_eq!((done.erased, done.waiting), (0, 1));
    for (desk, why) in [(&lead, "consent-child-refused"), (&chen, "consent-withdrawn")] {
        assert_eq!(shown(desk), (0, 0, 0), "{why}");
        assert_eq!(code(desk.conflicts_of(&id, "zh-CN")), why);
        assert_eq!(code(desk.decided(&id, &conflict.field, "zh-CN")), why);
    }
    assert!(lead.decision_sheet("电话里问", file, "zh-CN").unwrap().is_empty());
    assert_eq!(code(lead.decide(&decision)), "consent-child-refused");
    // The sheet that was written says which rows go.
    let sheet = lead.export_log().unwrap().remove(0);
    assert_eq!((sheet.form.as_str(), sheet.interviews, sheet.drops), ("decisions", 1, 1));
    let drops: Vec<_> =
        lead.to_drop(&sheet.id).unwrap().into_iter().map(|row| (row.file, row.column, row.key)).collect();
    assert_eq!(drops, [("sheet.csv".to_owned(), "record".to_owned(), id)]);
}

/// A draft goes out of use with its consent: nobody reads it by way of a newer version of its form.
#[test]
fn a_draft_that_was_said_no_to_is_neither_previewed_nor_moved() {
    let (_field, mut lead, mut chen, _zhou) = gated();
    let (person, id) = begun(&mut chen);
    chen.leave().unwrap();
    let newer = common::FORM.replace("| pupil | 1 |", "| pupil | 2 |");
    assert!(lead.check_form("pupil.md", newer.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    for desk in [&mut lead, &mut chen] {
        desk.sync().unwrap();
    }
    assert_eq!(chen.preview_move(&id, "zh-CN").unwrap().kept, 1);
    says(&mut chen, &person, "own", "questionnaire=refused");
    assert_eq!(code(chen.preview_move(&id, "zh-CN")), "consent-child-refused");
    assert_eq!(code(chen.move_interview(&id, "zh-CN")), "consent-child-refused");
    // Who thinks better of it goes on where they were.
    says(&mut chen, &person, "own", "questionnaire=given");
    assert_eq!(chen.preview_move(&id, "zh-CN").unwrap().kept, 1);
    chen.move_interview(&id, "zh-CN").unwrap();
}

/// A photograph that may not be used any more, though the talk stays, is not shown, nor read from the store.
#[test]
fn a_photograph_that_was_taken_back_is_not_shown_while_it_waits_for_a_lead() {
    let (_field, mut lead, mut chen, _zhou) = gated();
    assert!(lead.check_form("pictures.md", PICTURES.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    let (person, _) = refused(&mut chen, "217", "pictures");
    for who in ["legal-guardian", "own"] {
        says(&mut chen, &person, who, "interview=given photo=given");
    }
    let id = chen.start_with(&person, "pictures", "zh-CN").unwrap().id;
    say(&mut chen, "/all/say", "想妈妈");
    attach(&mut chen, "/all/photo");
    attach(&mut chen, "/all/drawing");
    chen.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    lead.correct_interview(&id, "zh-CN").unwrap();
    say(&mut lead, "/all/say", "想爸爸妈妈");
    lead.finalise("zh-CN").unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();

    let captures = |desk: &mut Desk| {
        let view = desk.open_interview(&id, "zh-CN").unwrap();
        let items = view.page.items.into_iter();
        let captures: Vec<(String, Capture)> = items
            .filter_map(|item| match item.control {
                Control::Capture(capture) => Some((item.field, capture)),
                _ => None,
            })
            .collect();
        desk.leave().unwrap();
        captures
    };
    let file = |captures: &[(String, Capture)], field: &str| {
        let (_, capture) = captures.iter().find(|(found, _)| found == field).unwrap();
        (capture.file.as_ref().map(|file| file.name.clone()), capture.withheld.clone())
    };
    let before = captures(&mut chen);
    let (photo, _) = file(&before, "/all/photo");
    let (drawing, _) = file(&before, "/all/drawing");
    let [photo, drawing] = [photo, drawing].map(Option::unwrap);
    chen.file_part(&id, &photo, 0).unwrap();

    let done = chen.withdraw_consent(&withdrawal(&person, "own", &["photo"])).unwrap();
    assert_eq!((done.erased, done.waiting), (0, 1), "the lead wrote in it too");
    let after = captures(&mut chen);
    assert_eq!(file(&after, "/all/photo"), (None, "consent-withdrawn".to_owned()));
    assert_eq!(file(&after, "/all/drawing"), (Some(drawing.clone()), String::new()), "what a child draws is an answer");
    let why = chen.file_part(&id, &photo, 0).map(|_| ()).unwrap_err();
    assert_eq!((why.code.as_str(), why.args["purpose"].as_str()), ("consent-withdrawn", "photo"));
    chen.file_part(&id, &drawing, 0).unwrap();

    // Nothing of the talk is given out once the talk itself was taken back.
    let done = chen.withdraw_consent(&withdrawal(&person, "own", &["interview"])).unwrap();
    assert_eq!(done.waiting, 1);
    let why = chen.file_part(&id, &drawing, 0).map(|_| ()).unwrap_err();
    assert_eq!((why.code.as_str(), why.args["purpose"].as_str()), ("consent-withdrawn", "interview"));
}

#[test]
fn what_a_colleague_writes_down_as_taken_back_is_erased_where_it_was_written() {
    let (_field, mut lead, mut chen, mut zhou) = gated();
    let (person, id) = filled(&mut chen);
    // Begun once more, and not sealed yet when the word comes.
    let draft = chen.start_with(&person, "pupil", "zh-CN").unwrap().id;
    say(&mut chen, "/family/say", "想爸爸");
    chen.leave().unwrap();
    for desk in [&mut chen, &mut lead, &mut zhou] {
        desk.sync().unwrap();
    }
    let done = zhou.withdraw_consent(&withdrawal(&person, "legal-guardian", &[])).unwrap();
    assert_eq!(done.erased, 0, "a colleague holds none of it");
    zhou.sync().unwrap();
    chen.sync().unwrap();
    for id in [&id, &draft] {
        assert_eq!(code(chen.open_interview(id, "zh-CN")), "erased-here", "with no lead between");
    }
    assert!(chen.erasures("zh-CN").unwrap().iter().all(|one| one.by == "陈禾"));
    lead.sync().unwrap();
    assert!(codes(&lead).is_empty() && interviews_due(&lead) == 0);
}

fn noted(note: &str) -> NotedView {
    NotedView { on: "2017-03-01".into(), note: note.into() }
}

#[test]
fn a_real_project_begins_when_everything_is_done() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let open = |desk: &Desk| {
        let items = desk.checklist().items.into_iter();
        items.filter(|item| !item.done).map(|item| item.what).collect::<Vec<_>>()
    };
    assert!(open(&lead).len() >= 7);
    let why = lead.begin_real().map(|_| ()).unwrap_err();
    assert_eq!((why.code.as_str(), why.args["first"].as_str()), ("not-ready", "purposes"));
    let until = |purpose: &str, until: &str| RetentionView { purpose: purpose.into(), until: until.into() };
    let input = ChecklistInput {
        gate: false,
        purposes: vec!["questionnaire".into(), "audio".into()],
        retention: vec![until("questionnaire", "2090-12-31"), until("audio", "2018-12-31")],
        ethics: noted("2017-12 号"),
        passphrases: noted("三月例会"),
        recovery: noted("用恢复词打开过"),
        carers: NotedView::default(),
    };
    assert_eq!(code(chen.note_checklist(&input)), "no-right");
    let half = ChecklistInput { ethics: NotedView { on: String::new(), note: "x".into() }, ..input.clone() };
    assert_eq!(code(lead.note_checklist(&half)), "noted-half");
    let day = ChecklistInput { ethics: NotedView { on: "三月".into(), note: "x".into() }, ..input.clone() };
    assert_eq!(code(lead.note_checklist(&day)), "not-a-day");
    lead.note_checklist(&input).unwrap();
    let mut text = lead.consent_text();
    text.activity.zh = "2017 年春季问卷".into();
    lead.publish_text(&text, false).unwrap();
    assert!(open(&lead).contains(&"texts".to_owned()), "it has blanks");
    lead.publish_text(&common::own_text(&lead, "2017 年春季问卷"), false).unwrap();
    assert!(!open(&lead).contains(&"texts".to_owned()) && open(&lead).contains(&"holders".to_owned()));
    for (at, name) in ["苏宁", "马莉"].into_iter().enumerate() {
        join_as(&mut lead, &laptop(field.folder.path(), &format!("保护 {at}")), name, Role::Safeguarding);
    }
    lead.sync().unwrap();
    ready_for_begin(&mut lead);
    assert_eq!(open(&lead), Vec::<String>::new());
    assert!(lead.home("zh-CN").unwrap().practice);
    // A scale that came in for practice and needs permission holds it up.
    let slot = tianye_desk::scales::library().unwrap().into_iter().find(|one| one.needs_permission()).unwrap().id;
    let text = tianye_desk::scales::ALL.iter().find(|(id, _)| *id == slot).unwrap().1;
    assert!(lead.check_form("scale.md", text.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    assert_eq!(code(lead.begin_real()), "scale-permission");
    assert!(lead.home("zh-CN").unwrap().practice);
    let with = text.replace("| tianye::scale |", "| tianye::permission | tianye::scale |");
    let with =
        with.replace(&format!("| field-list | {slot} |"), &format!("| field-list | letter of 2017-03-01 | {slot} |"));
    assert!(lead.check_form("scale.md", with.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    let begun = lead.begin_real().unwrap();
    assert!(begun.begun && begun.asked && !begun.practice);
    lead.sync().unwrap();
    chen.sync().unwrap();
    let home = chen.home("zh-CN").unwrap();
    assert!(!home.practice);
    assert_eq!(refused(&mut chen, "217", "pupil").1, "consent-missing");
    // One that has no evidence of it is warned of, and the real project does not take it.
    let checked = lead.check_form("scale.md", text.as_bytes(), &|_| None).unwrap();
    assert!(checked.usable && checked.problems.iter().any(|one| one.code == "scale-permission"));
    let why = lead.add_form().map(|_| ()).unwrap_err();
    assert_eq!((why.code.as_str(), why.args["found"].as_str()), ("scale-permission", slot.as_str()));
    // With evidence it does.
    let newer = with.replace("letter of 2017-03-01", "letter of 2017-04-01");
    assert!(lead.check_form("scale.md", newer.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    // What is missing later makes it look like practice again, and consent is asked for all the same.
    lead.note_checklist(&ChecklistInput { ethics: NotedView::default(), ..input }).unwrap();
    assert!(lead.home("zh-CN").unwrap().practice && lead.checklist().asked);
}

/// What other parts of the checklist ask for.
fn ready_for_begin(lead: &mut Desk) {
    let contact = |role: &str, number: &str| ContactView {
        role: role.into(),
        name: String::new(),
        number: number.into(),
        hours: String::new(),
        note: String::new(),
    };
    let mut card = ContactsInput { site: String::new(), people: vec![contact("police", "110")] };
    lead.set_contacts(&card, "zh-CN").unwrap();
    let open = lead.checklist().items.into_iter().filter(|item| !item.done).map(|item| item.what);
    assert_eq!(open.collect::<Vec<_>>(), ["contacts"], "the numbers of the country are no preparation");
    card.people.push(contact("holder", "0579 0000"));
    lead.set_contacts(&card, "zh-CN").unwrap();
}

fn join_as(lead: &mut Desk, laptop: &tianye_desk::Laptop, name: &str, role: Role) -> Desk {
    let invitation = lead.invite(name, "第一组", role).unwrap();
    let view = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&view.id, PASSPHRASE, "示例电脑").unwrap();
    let team = lead.team().unwrap();
    let request = team.requests.iter().find(|request| request.name == name).unwrap();
    lead.approve(&request.id).unwrap();
    let mut desk = laptop.unlock(&waiting.id, PASSPHRASE).unwrap();
    desk.sync().unwrap();
    desk
}

#[test]
fn what_may_be_kept_no_longer_is_due_and_a_person_confirms() {
    let (_field, mut lead, mut chen, _zhou) = set_up();
    let id = chen.start_interview(&new("217", "pupil"), "zh-CN").unwrap().id;
    say(&mut chen, "/family/say", "想妈妈");
    chen.finalise("zh-CN").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    let noted = lead.checklist().noted;
    let retention = vec![RetentionView { purpose: "questionnaire".into(), until: "2018-12-31".into() }];
    lead.note_checklist(&ChecklistInput { retention, ..noted }).unwrap();
    let due: Vec<_> = lead.due("zh-CN").unwrap().into_iter().filter(|one| !one.person).collect();
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].why.as_str(), due[0].until.as_str(), due[0].code.as_str()), ("retention", "2018-12-31", "217"));
    assert_eq!(codes(&lead), ["217"], "nothing goes by itself");
    assert_eq!(lead.erase_due(std::slice::from_ref(&id)).unwrap(), 1);
    lead.sync().unwrap();
    chen.sync().unwrap();
    assert_eq!(code(chen.open_interview(&id, "zh-CN")), "erased-here");
}

/// What a child let us keep can be looked at again, and is as it was.
#[test]
fn looking_at_an_interview_that_was_stopped_changes_nothing_in_the_list() {
    let (field, _lead, mut chen, _zhou) = set_up();
    let id = chen.start_interview(&new("217", "pupil"), "zh-CN").unwrap().id;
    say(&mut chen, "/family/say", "想妈妈");
    chen.stop_interview(true, "zh-CN").unwrap();
    let rows = |desk: &Desk| {
        let records = desk.records("zh-CN").unwrap();
        records.into_iter().map(|card| (card.id, card.state, card.answered)).collect::<Vec<_>>()
    };
    let before = rows(&chen);
    assert!(before[0].2 > 0, "{before:?}");
    chen.open_interview(&id, "zh-CN").unwrap();
    chen.pause_interview("zh-CN").unwrap();
    assert_eq!(rows(&chen), before);
    drop(chen);
    let store = field.wuyi.start().unwrap().stores.remove(0).id;
    assert_eq!(rows(&field.wuyi.unlock(&store, PASSPHRASE).unwrap()), before);
}
