//! Answers that are files: sealed, durable, carried to another laptop, written into an export, and refused where they do
//! not fit.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tempfile::TempDir;
use tianye_desk::view::{
    AnswerInput, Capture, Control, EraseInput, ExportInput, FileCard, InterviewView, Item, Move, NewInterview,
    NewProject, Role,
};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop, Result};
use tianye_hub::{Limits, Options};

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

/// What a telephone writes into a photograph, and what a child says: in no file may it be read.
const MARKER: &[u8] = b"MARKER GPSLatitude 28.8891 one-seven-four-two";

const FORM: &str = "
| survey | | | | | |
| | type | name | label | required | parameters |
| | image | photo | Photograph | yes | |
| | image | small | Small photograph | | max-pixels=16 |
| | audio | voice | Voice | | |
| | video | film | Film | | |
| | file | paper | Paper | | |
| | text | words | Words | | |
| settings | | |
| | form_title | form_id |
| | Media | media |
";

fn laptop(folder: &Path, name: &str) -> Laptop {
    Laptop::new(&folder.join(name), Arc::new(Machine), KdfCost::insecure_for_tests())
}

/// A desk with the form, of a project with or without a hub.
fn lead(folder: &Path, hub: Option<&tianye_hub::Running>) -> Desk {
    let new = NewProject {
        title: "浙江留守儿童 2017".into(),
        person: "沈一帆".into(),
        device: "组长电脑".into(),
        passphrase: PASSPHRASE.into(),
        hub_card: hub.map(|hub| hub.card().to_json()),
    };
    let mut desk = laptop(folder, "lead").create_project(&new).unwrap();
    let report = desk.check_form("form.md", FORM.as_bytes(), &|_| None).unwrap();
    assert!(report.usable);
    desk.add_form().unwrap();
    desk
}

fn begin(desk: &mut Desk) -> InterviewView {
    let (assignment, name, site) = (None, String::new(), String::new());
    let new =
        NewInterview { form: "media".into(), assignment, code: "1".into(), name, site, ..NewInterview::default() };
    desk.start_interview(&new, "en").unwrap()
}

fn alone() -> (TempDir, Desk, String) {
    let folder = TempDir::new().unwrap();
    let mut desk = lead(folder.path(), None);
    let id = begin(&mut desk).id;
    (folder, desk, id)
}

/// Again after the program ended.
fn again(folder: &Path, desk: Desk) -> Desk {
    drop(desk);
    let laptop = laptop(folder, "lead");
    let store = laptop.start().unwrap().stores.remove(0).id;
    laptop.unlock(&store, PASSPHRASE).unwrap()
}

fn picture(side: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let noise = image::RgbImage::from_fn(side, side, |x, y| image::Rgb([(x * 7 + y * 13) as u8, (x ^ y) as u8, 99]));
    noise.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

/// A photograph with a note of its place, as a telephone takes it.
fn photograph(side: u32) -> Vec<u8> {
    let plain = picture(side);
    let length = u16::try_from(MARKER.len() + 8).unwrap().to_be_bytes();
    [&plain[..2], &[0xFF, 0xE1], &length, b"Exif\0\0", MARKER, &plain[2..]].concat()
}

/// Sound that says the marker, of this many bytes.
fn sound(length: usize) -> Vec<u8> {
    let mut wav = [b"RIFF\0\0\0\0WAVEfmt ", MARKER].concat();
    wav.extend((wav.len()..length).map(|at| (at % 251) as u8));
    wav
}

fn attach(desk: &mut Desk, name: &str, bytes: &[u8]) -> Result<()> {
    let sealed = desk.sealer(&format!("/{name}"))?.bytes(bytes, "")?;
    desk.attach(sealed).map(|_| ())
}

fn item(desk: &mut Desk, name: &str) -> Item {
    let view = desk.go(&Move::Field { field: format!("/{name}") }).unwrap();
    view.page.items.into_iter().find(|item| item.field == format!("/{name}")).unwrap()
}

fn capture(desk: &mut Desk, name: &str) -> Capture {
    match item(desk, name).control {
        Control::Capture(capture) => capture,
        other => panic!("{other:?}"),
    }
}

fn card(desk: &mut Desk, name: &str) -> FileCard {
    capture(desk, name).file.unwrap()
}

/// The whole file, part after part.
fn read(desk: &Desk, id: &str, card: &FileCard) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    for part in 0..card.parts {
        whole.extend(BASE64.decode(desk.file_part(id, &card.name, part)?.base64).unwrap());
    }
    Ok(whole)
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() { found.extend(files_under(&path)) } else { found.push(path) }
    }
    found
}

/// The chunks of a laptop.
fn chunks(folder: &Path) -> Vec<PathBuf> {
    let mut found = files_under(folder);
    found.retain(|path| path.components().any(|part| part.as_os_str() == "chunks"));
    found
}

#[track_caller]
fn assert_hidden(folder: &Path) {
    let encoded = BASE64.encode(MARKER);
    for path in files_under(folder) {
        let bytes = fs::read(&path).unwrap();
        for marker in [MARKER, &encoded.as_bytes()[..40]] {
            assert!(!bytes.windows(marker.len()).any(|window| window == marker), "{}", path.display());
        }
    }
}

#[test]
fn a_photograph_is_an_answer_and_comes_back_as_it_was_without_its_place() {
    let (folder, mut desk, id) = alone();
    assert_eq!((item(&mut desk, "photo").required, desk.finalise("en").unwrap_err().code), (true, "must-fix".into()));
    attach(&mut desk, "photo", &photograph(64)).unwrap();
    let card_now = card(&mut desk, "photo");
    let shown = item(&mut desk, "photo");
    assert_eq!(
        (shown.value.as_str(), card_now.media_type.as_str(), card_now.here),
        (&*card_now.name, "image/jpeg", true)
    );
    assert!(shown.display.starts_with("JPG "), "{}", shown.display);
    assert!(card_now.name.len() == 36 && card_now.name.ends_with(".jpg"), "nothing of the person: {}", card_now.name);
    assert_eq!(read(&desk, &id, &card_now).unwrap(), picture(64));

    let mut desk = again(folder.path(), desk);
    desk.open_interview(&id, "en").unwrap();
    assert_eq!(card(&mut desk, "photo"), card_now, "from the draft log");
    desk.finalise("en").unwrap();
    desk.open_interview(&id, "en").unwrap();
    assert_eq!(card(&mut desk, "photo"), card_now, "from the entry");
    assert_eq!(read(&desk, &id, &card_now).unwrap(), picture(64));
    assert_eq!(desk.records("en").unwrap().len(), 1);
    assert_hidden(folder.path());
}

#[test]
fn earlier_files_stay_and_undo_brings_them_back() {
    let (_folder, mut desk, id) = alone();
    attach(&mut desk, "photo", &picture(20)).unwrap();
    let first = card(&mut desk, "photo");
    attach(&mut desk, "photo", &picture(30)).unwrap();
    assert_ne!(card(&mut desk, "photo").name, first.name);
    desk.answer(&AnswerInput { field: "/photo".into(), value: String::new() }).unwrap();
    assert_eq!(capture(&mut desk, "photo").file, None);
    desk.undo().unwrap();
    desk.undo().unwrap();
    assert_eq!(card(&mut desk, "photo"), first);
    desk.pause_interview("en").unwrap();
    desk.open_interview(&id, "en").unwrap();
    desk.answer(&AnswerInput { field: "/photo".into(), value: String::new() }).unwrap();
    desk.pause_interview("en").unwrap();
    desk.open_interview(&id, "en").unwrap();
    assert_eq!(capture(&mut desk, "photo").file, None);
    assert_eq!(read(&desk, &id, &first).unwrap(), picture(20), "the history still has it");
}

#[test]
fn a_correction_keeps_the_photograph_and_a_remark_does_not_lose_it() {
    let (_folder, mut desk, id) = alone();
    attach(&mut desk, "photo", &picture(20)).unwrap();
    let first = card(&mut desk, "photo");
    desk.set_note("/photo", "blurred").unwrap();
    desk.finalise("en").unwrap();
    desk.correct_interview(&id, "en").unwrap();
    assert_eq!(card(&mut desk, "photo"), first);
    desk.answer(&AnswerInput { field: "/words".into(), value: "x".into() }).unwrap();
    desk.finalise("en").unwrap();
    desk.open_interview(&id, "en").unwrap();
    assert_eq!(card(&mut desk, "photo"), first);
}

#[test]
fn a_picture_is_made_as_small_as_the_form_asks() {
    let (_folder, mut desk, id) = alone();
    attach(&mut desk, "small", &picture(64)).unwrap();
    let card = card(&mut desk, "small");
    let bytes = read(&desk, &id, &card).unwrap();
    let shown = image::load_from_memory(&bytes).unwrap();
    assert_eq!((shown.width(), shown.height()), (16, 16));
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let (folder, mut desk, _) = alone();
    attach(&mut desk, "photo", &picture(20)).unwrap();
    let before = (card(&mut desk, "photo"), chunks(folder.path()));
    let mut check = |name: &str, bytes: &[u8], expect: &str| {
        assert_eq!(attach(&mut desk, name, bytes).unwrap_err().code, expect, "{name}");
    };
    check("photo", b"", "attachment-empty");
    check("photo", &sound(100), "attachment-no-picture");
    check("photo", &picture(20)[..400], "attachment-broken");
    check("photo", &vec![0; (32 << 20) + 1], "attachment-too-large");
    check("voice", &picture(20), "attachment-no-sound");
    check("film", &sound(100), "attachment-no-film");
    check("words", b"text", "answer-unknown-field");
    check("nowhere", b"text", "answer-unknown-field");
    let typed = desk.answer(&AnswerInput { field: "/photo".into(), value: "typed.jpg".into() });
    assert_eq!(typed.map(|_| ()).unwrap_err().code, "answer-needs-file");
    assert_eq!((card(&mut desk, "photo"), chunks(folder.path())), before);
    desk.finalise("en").unwrap();
    assert_eq!(attach(&mut desk, "photo", &picture(20)).unwrap_err().code, "unknown-interview");
}

#[test]
fn any_file_is_taken_where_any_is_asked_for() {
    let (folder, mut desk, id) = alone();
    let path = folder.path().join("孩子的 作文.docx");
    fs::write(&path, b"PK\x03\x04 a page").unwrap();
    let sealed = desk.sealer("/paper").unwrap().file(&path).unwrap();
    desk.attach(sealed).unwrap();
    fs::remove_file(&path).unwrap();
    let paper = card(&mut desk, "paper");
    assert!(paper.name.ends_with(".docx") && paper.name.is_ascii(), "{}", paper.name);
    assert_eq!(read(&desk, &id, &paper).unwrap(), b"PK\x03\x04 a page");
    attach(&mut desk, "paper", &photograph(20)).unwrap();
    let paper = card(&mut desk, "paper");
    assert_eq!(read(&desk, &id, &paper).unwrap(), picture(20), "a photograph loses its place here, too");
    let gone = desk.sealer("/paper").unwrap().file(&path).map(|_| ()).unwrap_err();
    assert_eq!(gone.code, "file");
}

/// Sends bytes as the screen does.
fn record(desk: &mut Desk, name: &str, bytes: &[u8], piece: usize) -> u32 {
    let id = desk.start_recording(&format!("/{name}")).unwrap();
    for piece in bytes.chunks(piece) {
        desk.put_piece(id, &BASE64.encode(piece)).unwrap();
    }
    id
}

fn finish(desk: &mut Desk, name: &str, recording: u32) -> Result<()> {
    let sealed = desk.sealer(&format!("/{name}"))?.recording(recording)?;
    desk.attach(sealed).map(|_| ())
}

#[test]
fn a_recording_is_kept_while_it_runs() {
    let (folder, mut desk, id) = alone();
    let said = sound(3_000_000);
    let recording = record(&mut desk, "voice", &said[..2_000_000], 300_000);
    assert_hidden(folder.path());
    // The program is gone in the middle of it.
    let mut desk = again(folder.path(), desk);
    desk.open_interview(&id, "en").unwrap();
    let offered = capture(&mut desk, "voice").unfinished.unwrap();
    assert_eq!((offered.id, offered.length), (recording, 2_000_000));
    // It goes on, or what there is becomes the answer.
    for piece in said[2_000_000..].chunks(700_000) {
        desk.put_piece(recording, &BASE64.encode(piece)).unwrap();
    }
    finish(&mut desk, "voice", recording).unwrap();
    let voice = capture(&mut desk, "voice");
    assert_eq!(voice.unfinished, None);
    let voice = voice.file.unwrap();
    assert_eq!((voice.media_type.as_str(), voice.length, voice.parts), ("audio/wav", 3_000_000, 3));
    assert_eq!(read(&desk, &id, &voice).unwrap(), said);
    assert_eq!(chunks(folder.path()).len(), 3 + 1, "the pieces are gone; the form has a chunk");
    assert_eq!(finish(&mut desk, "voice", recording).unwrap_err().code, "recording-gone");
    let mut desk = again(folder.path(), desk);
    desk.open_interview(&id, "en").unwrap();
    let voice = card(&mut desk, "voice");
    assert_eq!(read(&desk, &id, &voice).unwrap(), said, "sweeping takes no part of an answer");
}

#[test]
fn samples_of_a_microphone_become_flac_and_lose_nothing() {
    let (folder, mut desk, id) = alone();
    let samples: Vec<i16> = (0..100_000_i32).map(|at| (at % 500 * (at % 7) - 900) as i16).collect();
    let mut bytes =
        [b"RIFF\xFF\xFF\xFF\xFFWAVEfmt \x10\0\0\0\x01\0\x01\0".as_slice(), &16_000_u32.to_le_bytes()].concat();
    bytes.extend([&32_000_u32.to_le_bytes(), b"\x02\0\x10\0data\xFF\xFF\xFF\xFF".as_slice()].concat());
    assert_eq!(bytes.len(), 44);
    let empty = record(&mut desk, "voice", &bytes, 1000);
    assert_eq!(finish(&mut desk, "voice", empty).unwrap_err().code, "attachment-empty");
    desk.drop_recording(empty).unwrap();
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    // The last piece was cut off within a sample.
    bytes.push(9);
    let recording = record(&mut desk, "voice", &bytes, 64_000);
    let mut desk = again(folder.path(), desk);
    desk.open_interview(&id, "en").unwrap();
    finish(&mut desk, "voice", recording).unwrap();
    let voice = card(&mut desk, "voice");
    assert_eq!(voice.media_type, "audio/flac");
    let file = read(&desk, &id, &voice).unwrap();
    assert!(file.len() < bytes.len(), "{} bytes of {}", file.len(), bytes.len());
    let mut reader = claxon::FlacReader::new(&file[..]).unwrap();
    let heard: Vec<i16> = reader.samples().map(|sample| sample.unwrap() as i16).collect();
    assert!(heard == samples, "the samples came back as others");
}

#[test]
fn a_recording_that_is_put_aside_leaves_nothing() {
    let (folder, mut desk, id) = alone();
    let before = chunks(folder.path());
    let recording = record(&mut desk, "voice", &sound(100_000), 30_000);
    assert_eq!(chunks(folder.path()).len(), before.len() + 4);
    let mut desk = again(folder.path(), desk);
    desk.open_interview(&id, "en").unwrap();
    desk.drop_recording(recording).unwrap();
    assert_eq!((capture(&mut desk, "voice").unfinished, chunks(folder.path())), (None, before));
    assert_eq!(desk.put_piece(recording, "AAAA").unwrap_err().code, "recording-gone");
    assert_eq!(desk.start_recording("/words").unwrap_err().code, "answer-unknown-field");
    let recording = desk.start_recording("/voice").unwrap();
    assert_eq!(desk.put_piece(recording, "?").unwrap_err().code, "internal");
    assert_eq!(desk.put_piece(recording, &"A".repeat(2 << 20)).unwrap_err().code, "attachment-too-large");
}

#[test]
fn a_sealed_file_that_never_became_an_answer_is_swept() {
    let (folder, mut desk, id) = alone();
    let before = chunks(folder.path());
    let sealed = desk.sealer("/photo").unwrap().bytes(&picture(20), "").unwrap();
    assert_eq!(chunks(folder.path()).len(), before.len() + 1);
    // The program ends between the chunk and the answer.
    drop(sealed);
    let mut desk = again(folder.path(), desk);
    assert_eq!(chunks(folder.path()), before);
    desk.open_interview(&id, "en").unwrap();
    assert_eq!(capture(&mut desk, "photo").file, None, "there is neither a file nor an answer");
}

#[test]
fn a_damaged_or_missing_part_is_told_and_blocks_nothing() {
    let (folder, mut desk, id) = alone();
    let before = chunks(folder.path());
    attach(&mut desk, "photo", &picture(20)).unwrap();
    let photo = card(&mut desk, "photo");
    let chunk = chunks(folder.path()).into_iter().find(|path| !before.contains(path)).unwrap();
    let mut bytes = fs::read(&chunk).unwrap();
    bytes[100] ^= 1;
    fs::write(&chunk, bytes).unwrap();
    assert_eq!(read(&desk, &id, &photo).unwrap_err().code, "attachment-damaged");
    fs::remove_file(&chunk).unwrap();
    assert_eq!(read(&desk, &id, &photo).unwrap_err().code, "attachment-missing");
    let mut desk = again(folder.path(), desk);
    desk.open_interview(&id, "en").unwrap();
    assert!(!card(&mut desk, "photo").here);
    desk.answer(&AnswerInput { field: "/words".into(), value: "goes on".into() }).unwrap();
    desk.finalise("en").unwrap();
    assert_eq!(desk.file_part(&id, "nowhere.jpg", 0).map(|_| ()).unwrap_err().code, "attachment-missing");
}

/// A lead and an interviewer with a hub.
fn with_interviewer(folder: &Path) -> (tianye_hub::Running, Desk, Desk) {
    let options = Options {
        data: folder.join("hub"),
        listen: "127.0.0.1:0".parse().unwrap(),
        address: None,
        now: || 1_700_000_000_000,
        limits: Limits::default(),
    };
    let hub = tianye_hub::start(&options).unwrap();
    let mut lead = lead(folder, Some(&hub));
    lead.sync().unwrap();
    let wuyi = laptop(folder, "wuyi");
    let invitation = lead.invite("陈禾", "第一组", Role::Interviewer).unwrap();
    let join = wuyi.read_invitation(&invitation).unwrap().id;
    let waiting = wuyi.request_join(&join, PASSPHRASE, "示例电脑").unwrap().id;
    let request = lead.team().unwrap().requests[0].id.clone();
    lead.approve(&request).unwrap();
    let mut chen = wuyi.unlock(&waiting, PASSPHRASE).unwrap();
    chen.sync().unwrap();
    (hub, lead, chen)
}

#[test]
fn the_recording_of_an_interview_still_comes_when_its_photograph_was_erased_before() {
    let folder = TempDir::new().unwrap();
    let (hub, mut lead, mut chen) = with_interviewer(folder.path());
    let id = begin(&mut chen).id;
    attach(&mut chen, "photo", &photograph(64)).unwrap();
    attach(&mut chen, "voice", &sound(1_500_000)).unwrap();
    let voice = card(&mut chen, "voice");
    chen.finalise("en").unwrap();
    // The words come before the recording.
    let own = chunks(&folder.path().join("wuyi"));
    let largest = own.iter().max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let aside = folder.path().join("aside");
    fs::rename(largest, &aside).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    let input = EraseInput {
        record: id.clone(),
        person: String::new(),
        fields: vec!["/photo".into()],
        why: "withdrawn".into(),
        note: String::new(),
    };
    lead.erase(&input).unwrap();
    lead.sync().unwrap();
    fs::rename(&aside, largest).unwrap();
    for desk in [&mut chen, &mut lead] {
        desk.sync().unwrap();
    }
    lead.open_interview(&id, "en").unwrap();
    assert_eq!(read(&lead, &id, &voice).unwrap(), sound(1_500_000), "what was not erased");
    drop(hub);
}

#[test]
fn a_photograph_comes_to_the_lead_and_is_whole_there() {
    let folder = TempDir::new().unwrap();
    let (hub, mut lead, mut chen) = with_interviewer(folder.path());

    let id = begin(&mut chen).id;
    attach(&mut chen, "photo", &photograph(64)).unwrap();
    attach(&mut chen, "voice", &sound(1_500_000)).unwrap();
    let (photo, voice) = (card(&mut chen, "photo"), card(&mut chen, "voice"));
    chen.finalise("en").unwrap();
    // The entry goes first, without one chunk: it was lost on the way, and comes later.
    let own = chunks(&folder.path().join("wuyi"));
    let largest = own.iter().max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let aside = folder.path().join("aside");
    fs::rename(largest, &aside).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    lead.open_interview(&id, "en").unwrap();
    assert_eq!(card(&mut lead, "photo"), photo);
    assert_eq!(read(&lead, &id, &photo).unwrap(), picture(64));
    assert_eq!(card(&mut lead, "voice"), FileCard { here: false, ..voice.clone() });
    assert_eq!(read(&lead, &id, &voice).unwrap_err().code, "attachment-missing");
    let out = folder.path().join("export");
    let mut input = ExportInput {
        form: "media".into(),
        labels: false,
        names: false,
        files: true,
        entities: false,
        instances: false,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    let report = lead.export_csv(&input, &out, "en").unwrap();
    assert_eq!((report.attached, report.missing), (1, 1), "what is not whole is counted, and stops nothing");

    fs::rename(&aside, largest).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    lead.open_interview(&id, "en").unwrap();
    assert!(card(&mut lead, "voice").here);
    assert_eq!(read(&lead, &id, &voice).unwrap(), sound(1_500_000));
    for side in ["hub", "wuyi", "lead"] {
        assert_hidden(&folder.path().join(side));
    }

    // Only an export that asks for them has them in plain, under the names that the table gives.
    let out = folder.path().join("plain export");
    input.files = false;
    let report = lead.export_csv(&input, &out, "en").unwrap();
    let table = fs::read_to_string(out.join(&report.files[0].name)).unwrap();
    assert!(table.contains(&photo.name) && table.contains(&voice.name));
    assert_eq!(
        (report.attachments.as_str(), report.attached, files_under(&out).len()),
        ("", 0, 2),
        "a table and export.json"
    );
    input.files = true;
    let report = lead.export_csv(&input, &out, "en").unwrap();
    assert_eq!((report.attachments.as_str(), report.attached, report.missing), ("practice_media_files", 2, 0));
    assert_eq!(fs::read(out.join(&report.attachments).join(&photo.name)).unwrap(), picture(64));
    assert_eq!(fs::read(out.join(&report.attachments).join(&voice.name)).unwrap(), sound(1_500_000));
    drop(hub);
}

#[test]
fn two_photographs_against_each_other_are_both_shown_and_one_is_chosen() {
    let folder = TempDir::new().unwrap();
    let options = Options {
        data: folder.path().join("hub"),
        listen: "127.0.0.1:0".parse().unwrap(),
        address: None,
        now: || 1_700_000_000_000,
        limits: Limits::default(),
    };
    let hub = tianye_hub::start(&options).unwrap();
    let mut lead = lead(folder.path(), Some(&hub));
    lead.sync().unwrap();
    let wuyi = laptop(folder.path(), "wuyi");
    let invitation = lead.invite("陈禾", "第一组", Role::Interviewer).unwrap();
    let join = wuyi.read_invitation(&invitation).unwrap().id;
    let waiting = wuyi.request_join(&join, PASSPHRASE, "示例电脑").unwrap().id;
    let request = lead.team().unwrap().requests[0].id.clone();
    lead.approve(&request).unwrap();
    let mut chen = wuyi.unlock(&waiting, PASSPHRASE).unwrap();
    chen.sync().unwrap();
    let id = begin(&mut chen).id;
    attach(&mut chen, "photo", &picture(20)).unwrap();
    chen.finalise("en").unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    let mut names = Vec::new();
    for (desk, side) in [(&mut chen, 30), (&mut lead, 40)] {
        desk.correct_interview(&id, "en").unwrap();
        attach(desk, "photo", &picture(side)).unwrap();
        names.push(card(desk, "photo").name);
        desk.finalise("en").unwrap();
    }
    chen.sync().unwrap();
    lead.sync().unwrap();
    let conflict = lead.conflicts("en").unwrap().remove(0);
    assert_eq!(conflict.field, "/photo");
    let shown: Vec<FileCard> = conflict.sides.iter().map(|side| side.file.clone().unwrap()).collect();
    let mut found: Vec<&str> = shown.iter().map(|card| card.name.as_str()).collect();
    found.sort_unstable();
    let mut expected: Vec<&str> = names.iter().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
    for card in &shown {
        assert!(card.here && card.media_type == "image/jpeg");
        let side = if card.name == names[0] { 30 } else { 40 };
        assert_eq!(read(&lead, &id, card).unwrap(), picture(side));
    }
    assert!(conflict.base.unwrap().file.is_some());
    let mut decision = tianye_desk::view::DecisionInput {
        record: id.clone(),
        field: "/photo".into(),
        value: "another.jpg".into(),
        non_answer: None,
        names: conflict.sides.iter().map(|side| side.entry.clone()).collect(),
        reason: "seen".into(),
    };
    assert_eq!(lead.decide(&decision).unwrap_err().code, "answer-needs-file");
    decision.value.clone_from(&names[0]);
    lead.decide(&decision).unwrap();
    lead.open_interview(&id, "en").unwrap();
    assert_eq!(card(&mut lead, "photo").name, names[0]);
    assert_hidden(&folder.path().join("lead"));
    drop(hub);
}

#[test]
fn an_answer_that_names_an_earlier_file_brings_it_back() {
    let (_folder, mut desk, _) = alone();
    attach(&mut desk, "photo", &picture(20)).unwrap();
    let photo = card(&mut desk, "photo");
    desk.answer(&AnswerInput { field: "/photo".into(), value: String::new() }).unwrap();
    desk.answer(&AnswerInput { field: "/photo".into(), value: photo.name.clone() }).unwrap();
    assert_eq!(card(&mut desk, "photo"), photo, "an answer that names a file of this interview brings it back");
}

#[test]
fn simulated_interviews_have_files_that_open() {
    let folder = TempDir::new().unwrap();
    let mut desk = lead(folder.path(), None);
    desk.simulate("media", 6, 3).unwrap();
    let records = desk.records("en").unwrap();
    assert_eq!(records.len(), 6);
    let mut kinds = std::collections::BTreeSet::new();
    for record in records {
        desk.open_interview(&record.id, "en").unwrap();
        for name in ["photo", "voice", "film", "paper"] {
            let Some(card) = capture(&mut desk, name).file else { continue };
            assert!(card.here && !read(&desk, &record.id, &card).unwrap().is_empty());
            kinds.insert(card.media_type);
        }
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["audio/wav", "image/png", "text/plain", "video/mp4"]);
}
