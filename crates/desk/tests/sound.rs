//! What a form wishes from the laptop by itself: sound in the background, and its place, which a laptop does not have.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tempfile::TempDir;
use tianye_desk::view::{
    AnswerInput, ExportInput, InterviewView, NewInterview, NewProject, SoundState, SoundWish, Step,
};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop, Result};

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

const FORM: &str = "
| survey | | | | | | |
| | type | name | label | required | parameters | trigger |
| | audit | audit | | | | |
| | background-audio | sound | | yes | quality=voice-only | |
| | start-geopoint | here | | yes | | |
| | text | words | A1 Words | | | |
| | background-geopoint | then | | | | ${words} |
| settings | | |
| | form_title | form_id |
| | Talk | talk |
";

fn laptop(folder: &Path) -> Laptop {
    Laptop::new(&folder.join("lead"), Arc::new(Machine), KdfCost::insecure_for_tests())
}

fn begin(folder: &Path) -> (Desk, InterviewView) {
    let new = NewProject {
        title: "浙江留守儿童 2017".into(),
        person: "沈一帆".into(),
        device: "组长电脑".into(),
        passphrase: PASSPHRASE.into(),
        hub_card: None,
    };
    let mut desk = laptop(folder).create_project(&new).unwrap();
    assert!(desk.check_form("form.md", FORM.as_bytes(), &|_| None).unwrap().usable);
    desk.add_form().unwrap();
    let (assignment, name, site) = (None, String::new(), String::new());
    let new = NewInterview { form: "talk".into(), assignment, code: "1".into(), name, site, ..NewInterview::default() };
    let view = desk.start_interview(&new, "en").unwrap();
    (desk, view)
}

/// Again after the program ended.
fn again(folder: &Path, desk: Desk) -> Desk {
    drop(desk);
    let laptop = laptop(folder);
    let store = laptop.start().unwrap().stores.remove(0).id;
    laptop.unlock(&store, PASSPHRASE).unwrap()
}

fn record(desk: &mut Desk, bytes: &[u8]) -> u32 {
    let id = desk.start_recording("/sound").unwrap();
    for piece in bytes.chunks(40_000) {
        desk.put_piece(id, &BASE64.encode(piece)).unwrap();
    }
    id
}

fn finish(desk: &mut Desk, recording: u32) -> Result<Step> {
    let sealed = desk.sealer("/sound")?.recording(recording)?;
    desk.attach(sealed)
}

fn ogg(length: usize) -> Vec<u8> {
    b"OggS\0\x02".iter().copied().chain((0..length).map(|at| (at % 251) as u8)).collect()
}

#[track_caller]
fn check(wish: Option<&SoundWish>, state: SoundState, bits: u32) {
    let wish = wish.unwrap();
    assert_eq!((wish.field.as_str(), wish.state, wish.bits), ("/sound", state, bits));
}

/// The log of the only interview: names of the events.
fn events(desk: &Desk, folder: &Path) -> Vec<String> {
    let input = ExportInput {
        form: "talk".into(),
        labels: false,
        names: false,
        files: false,
        instances: false,
        entities: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = desk.export_csv(&input, folder, "en").unwrap();
    let file = report.files.iter().find(|file| file.name.ends_with("audit.csv")).unwrap();
    let text = std::fs::read_to_string(folder.join(&file.name)).unwrap();
    text.lines().skip(1).map(|line| line.split(',').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn wished_sound_becomes_the_answer_and_a_later_sitting_keeps_it() {
    let folder = TempDir::new().unwrap();
    let (mut desk, view) = begin(folder.path());
    check(view.status.sound.as_ref(), SoundState::Wished, 16_000);
    let step = desk.answer_sound_wish("/sound", true, "All agree.").unwrap();
    check(step.status.sound.as_ref(), SoundState::Wished, 16_000);
    // The interview goes on meanwhile; a name is no recording.
    let recording = record(&mut desk, &ogg(100_000));
    desk.answer(&AnswerInput { field: "/words".into(), value: "妈妈".into() }).unwrap();
    assert!(desk.answer(&AnswerInput { field: "/sound".into(), value: "typed.ogg".into() }).is_err());
    // The laptop dies: what is there is offered.
    let mut desk = again(folder.path(), desk);
    let view = desk.open_interview(&view.id, "en").unwrap();
    check(view.status.sound.as_ref(), SoundState::Wished, 16_000);
    assert_eq!(view.status.sound.unwrap().unfinished.map(|cut| (cut.id, cut.length)), Some((recording, 100_006)));
    let step = finish(&mut desk, recording).unwrap();
    check(step.status.sound.as_ref(), SoundState::Kept, 0);
    assert_eq!(step.status.sound.unwrap().unfinished, None);
    desk.pause_interview("en").unwrap();
    let view = desk.open_interview(&view.id, "en").unwrap();
    check(view.status.sound.as_ref(), SoundState::Kept, 16_000);
    assert_eq!(desk.start_recording("/sound").unwrap_err().code, "answer-unknown-field");
    desk.finalise("en").unwrap();
    let out = folder.path().join("out");
    let input = ExportInput {
        form: "talk".into(),
        labels: false,
        names: false,
        files: true,
        instances: false,
        entities: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = desk.export_csv(&input, &out, "en").unwrap();
    assert_eq!((report.attached, report.missing), (1, 0));
}

#[test]
fn not_now_stands_for_the_sitting_and_is_noted() {
    let folder = TempDir::new().unwrap();
    let (mut desk, view) = begin(folder.path());
    let step = desk.answer_sound_wish("/sound", false, "Not this time.").unwrap();
    check(step.status.sound.as_ref(), SoundState::Declined, 16_000);
    let step = desk.answer(&AnswerInput { field: "/words".into(), value: "妈妈".into() }).unwrap();
    check(step.status.sound.as_ref(), SoundState::Declined, 16_000);
    // Again in the next sitting, and what was said is not lost.
    desk.pause_interview("en").unwrap();
    let view = desk.open_interview(&view.id, "en").unwrap();
    check(view.status.sound.as_ref(), SoundState::Wished, 16_000);
    desk.answer_sound_wish("/sound", false, "Not this time.").unwrap();
    desk.answer_sound_wish("/sound", true, "All agree.").unwrap();
    assert_eq!(desk.answer_sound_wish("/words", true, "x").map(|_| ()).unwrap_err().code, "answer-unknown-field");
    // Neither sound nor place keeps anybody from finishing, though the form says that both are required.
    desk.finalise("en").unwrap();
    let events = events(&desk, &folder.path().join("out"));
    let sound: Vec<&String> = events.iter().filter(|event| event.contains("audio")).collect();
    assert_eq!(
        sound,
        ["background audio disabled", "background audio disabled", "background audio enabled"],
        "{events:?}"
    );
    let view = desk.open_interview(&view.id, "en").unwrap();
    assert_eq!(view.status.sound, None, "nothing is recorded for what is only read");
    let note = view.page.completion.into_iter().chain(completion(&mut desk)).flat_map(|end| end.notes);
    let notes: Vec<String> = note.map(|line| line.label).collect();
    assert_eq!(notes, ["Not this time.\nAll agree."]);
}

fn completion(desk: &mut Desk) -> Option<tianye_desk::view::Completion> {
    desk.go(&tianye_desk::view::Move::Completion).unwrap().page.completion
}
