//! A forgotten passphrase: the recovery key brings out what only that laptop has, and signs nothing.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;
#[allow(dead_code, reason = "a part of it is used")]
#[path = "common/holders.rs"]
mod holders;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::{Field, PASSPHRASE, laptop, say, set_up};
use holders::{open, plain};
use tianye_desk::view::{Control, FileCard, InterviewView, Move, NewInterview, NewProject};
use tianye_desk::world::Machine;
use tianye_desk::{Cancel, Desk, Forgotten, batches_in, drafts_in};
use tianye_journal::ReadingKey;
use tianye_store::{Op, Unlock};

const ZH: &str = "zh-CN";
const TALK: &str = "
| survey | | | | |
| | type | name | label |
| | text | words | Words |
| | text | more | More |
| | audio | voice | Voice |
| settings | | |
| | form_title | form_id |
| | Talk | talk |
";
/// Words that may stand in no file in plain.
const MARKERS: [&str; 3] = ["门口的柿子树", "外婆夜里咳嗽", "只填到这里"];

fn begin(desk: &mut Desk, code: &str) -> InterviewView {
    let new = NewInterview { form: "talk".into(), code: code.into(), name: "小满".into(), ..NewInterview::default() };
    desk.start_interview(&new, ZH).unwrap()
}

fn sound(length: usize) -> Vec<u8> {
    b"OggS\0\x02".iter().copied().chain((0..length).map(|at| (at % 251) as u8)).collect()
}

fn voice(desk: &mut Desk) -> FileCard {
    let view = desk.go(&Move::Field { field: "/voice".into() }).unwrap();
    match view.page.items.into_iter().find(|item| item.field == "/voice").unwrap().control {
        Control::Capture(capture) => capture.file.unwrap(),
        other => panic!("{other:?}"),
    }
}

fn heard(desk: &Desk, id: &str, card: &FileCard) -> Vec<u8> {
    let part = |part| BASE64.decode(desk.file_part(id, &card.name, part).unwrap().base64).unwrap();
    (0..card.parts).flat_map(part).collect()
}

fn said(desk: &mut Desk, id: &str, field: &str) -> String {
    desk.open_interview(id, ZH).unwrap();
    let view = desk.go(&Move::Field { field: field.into() }).unwrap();
    let item = view.page.items.into_iter().find(|item| item.field == field).unwrap();
    format!("{:?} {}", item.value, item.note)
}

fn store_of(field: &Field, name: &str) -> PathBuf {
    tianye_store::list(&field.folder.path().join(name)).unwrap().remove(0).dir
}

fn take_in(lead: &mut Desk, out: &Path) -> Vec<String> {
    for file in batches_in(out).unwrap() {
        assert!(lead.read_stick(&file, &Cancel::default()).unwrap().set_aside.is_empty());
    }
    let remark = |person: &str, device: &str| format!("{person} {device}");
    let files = drafts_in(out).unwrap();
    files.iter().flat_map(|file| lead.take_drafts(file, &remark).unwrap().taken).collect()
}

#[test]
fn the_lead_reads_everything_of_a_laptop_whose_passphrase_was_forgotten() {
    let (field, mut lead, mut chen, zhou) = set_up();
    assert!(lead.check_form("talk.md", TALK.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    // Three interviews that were never sent: one whole with sound, one that was left and gone on with, one never sealed.
    let whole = begin(&mut chen, "217").id;
    say(&mut chen, "/words", MARKERS[0]);
    let sealed = chen.sealer("/voice").unwrap().bytes(&sound(1_500_000), "").unwrap();
    chen.attach(sealed).unwrap();
    chen.finalise(ZH).unwrap();
    let left = begin(&mut chen, "218").id;
    say(&mut chen, "/words", MARKERS[1]);
    chen.pause_interview(ZH).unwrap();
    chen.open_interview(&left, ZH).unwrap();
    say(&mut chen, "/more", MARKERS[2]);
    let left_store = store_of(&field, "武义");
    let mut chen = again(&field, chen);
    let new = begin(&mut chen, "219").id;
    say(&mut chen, "/words", MARKERS[2]);
    let cut = chen.start_recording("/voice").unwrap();
    for piece in sound(100_000).chunks(40_000) {
        chen.put_piece(cut, &BASE64.encode(piece)).unwrap();
    }
    drop(chen);

    let key = lead.recovery_key().unwrap();
    assert_eq!(zhou.recovery_key().unwrap_err().code, "no-right");
    assert_eq!(zhou.show_recovery_key(PASSPHRASE).unwrap_err().code, "no-right");
    assert_eq!(lead.show_recovery_key("别的口令 别的口令").unwrap_err().code, "wrong-passphrase");
    assert_eq!(lead.show_recovery_key(PASSPHRASE).unwrap(), key);
    assert!(lead.team().unwrap().keeps_recovery);
    let out = field.folder.path().join("带回");
    {
        let forgotten = Forgotten::open(&left_store, &format!(" {}\n", *key), Arc::new(Machine)).unwrap();
        assert!(!forgotten.can_sign());
        let view = forgotten.bring_out(&out, &Cancel::default()).unwrap();
        assert_eq!((view.person.as_str(), view.drafts, view.files.len()), ("陈禾", 2, 1));
        assert_eq!(view.damaged, 0);
    }
    assert!(plain(&out, &MARKERS).is_empty(), "nothing is written in plain");

    // Only leads take drafts, and only their keys open them.
    let (mut zhou, drafts) = (zhou, drafts_in(&out).unwrap().remove(0));
    assert_eq!(zhou.take_drafts(&drafts, &|_, _| String::new()).unwrap_err().code, "no-right");
    let mut stranger = laptop(field.folder.path(), "别的").create_project(&NewProject {
        title: "别的".into(),
        person: "别人".into(),
        device: String::new(),
        passphrase: PASSPHRASE.into(),
        hub_card: None,
    });
    let stranger = stranger.as_mut().unwrap();
    assert_eq!(stranger.take_drafts(&drafts, &|_, _| String::new()).unwrap_err().code, "drafts-unusable");
    let bytes = std::fs::read(&drafts).unwrap();
    let short = out.join("short.tianye-drafts");
    std::fs::write(&short, &bytes[..bytes.len() - 70_000]).unwrap();
    assert_eq!(lead.take_drafts(&short, &|_, _| String::new()).unwrap_err().code, "drafts-unusable");
    std::fs::remove_file(short).unwrap();

    let seen = lead.look_at_drafts(&drafts).unwrap();
    assert_eq!((seen.person.as_str(), seen.drafts, seen.left_out), ("陈禾", 1, 1), "looking takes nothing over");
    let early = lead.take_drafts(&drafts, &|_, _| String::new()).unwrap();
    assert_eq!((early.taken, early.left_out), (vec![new.clone()], 1), "one stands on what has not come yet");
    let taken = take_in(&mut lead, &out);
    assert_eq!(taken, std::slice::from_ref(&left));
    assert!(said(&mut lead, &whole, "/words").contains(MARKERS[0]));
    let card = voice(&mut lead);
    assert_eq!(heard(&lead, &whole, &card), sound(1_500_000));
    for (id, path, words) in [(&left, "/words", MARKERS[1]), (&left, "/more", MARKERS[2]), (&new, "/words", MARKERS[2])]
    {
        assert!(said(&mut lead, id, path).contains(words), "{path}");
    }
    assert!(said(&mut lead, &left, "/more").contains("陈禾"), "a remark says whose it was");
    // The sound that was cut off is whole, too.
    lead.open_interview(&new, ZH).unwrap();
    let recovered = lead.sealer("/voice").unwrap().recording(1).unwrap();
    lead.attach(recovered).unwrap();
    let card = voice(&mut lead);
    assert_eq!(heard(&lead, &new, &card), sound(100_000));
    lead.finalise(ZH).unwrap();
    assert!(take_in(&mut lead, &out).is_empty(), "the same again brings nothing");
    assert_eq!(lead.look_at_drafts(&drafts).unwrap().drafts, 0);

    // What the lead sealed of them counts everywhere; the owner may have remembered the passphrase.
    lead.sync().unwrap();
    let mut chen = field.wuyi.unlock(&left_store.file_name().unwrap().to_string_lossy(), PASSPHRASE).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(lead.count_conflicts().unwrap(), 0);
    drop(field.hub);
}

#[test]
fn a_sound_that_is_damaged_keeps_nothing_else_back_and_is_told() {
    let (field, mut lead, mut chen, zhou) = set_up();
    assert!(lead.check_form("talk.md", TALK.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    drop(zhou);
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/words", MARKERS[0]);
    let sealed = chen.sealer("/voice").unwrap().bytes(&sound(1_500_000), "").unwrap();
    chen.attach(sealed).unwrap();
    chen.finalise(ZH).unwrap();
    begin(&mut chen, "218");
    let cut = chen.start_recording("/voice").unwrap();
    for piece in sound(100_000).chunks(40_000) {
        chen.put_piece(cut, &BASE64.encode(piece)).unwrap();
    }
    let dir = store_of(&field, "武义");
    drop(chen);
    // One part of the sound that is an answer, and one of the recording that is none yet.
    let mut chunks = files_below(&dir.join("chunks"));
    chunks.sort_by_key(|file| std::fs::metadata(file).unwrap().len());
    let piece = chunks.iter().find(|file| std::fs::metadata(file).unwrap().len() > 40_000).unwrap();
    for file in [piece, chunks.last().unwrap()] {
        let mut bytes = std::fs::read(file).unwrap();
        bytes[1000] ^= 1;
        std::fs::write(file, bytes).unwrap();
    }
    let key = lead.recovery_key().unwrap();
    let out = field.folder.path().join("带回");
    let view = Forgotten::open(&dir, &key, Arc::new(Machine)).unwrap().bring_out(&out, &Cancel::default()).unwrap();
    assert_eq!((view.damaged, view.drafts), (2, 1));
    take_in(&mut lead, &out);
    assert!(said(&mut lead, &id, "/words").contains(MARKERS[0]));
    drop(field.hub);
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

/// The laptop goes off in the middle of an interview.
fn again(field: &Field, desk: Desk) -> Desk {
    let id = store_of(field, "武义").file_name().unwrap().to_string_lossy().into_owned();
    drop(desk);
    field.wuyi.unlock(&id, PASSPHRASE).unwrap()
}

#[test]
fn a_store_that_is_opened_by_recovery_signs_nothing_and_opens_by_no_other_key() {
    let (field, lead, chen, zhou) = set_up();
    drop((chen, zhou));
    let key = lead.recovery_key().unwrap();
    let dir = store_of(&field, "武义");
    let other = ReadingKey::from_secret_bytes(&[7; 32]).to_secret_text();
    let mut misread = key.to_string();
    misread.replace_range(30..31, if &misread[30..31] == "Q" { "P" } else { "Q" });
    for (text, code) in [
        ("", "recovery-key-unreadable"),
        ("组长的钥匙", "recovery-key-unreadable"),
        (misread.as_str(), "recovery-key-unreadable"),
        (other.as_str(), "wrong-recovery-key"),
    ] {
        assert_eq!(Forgotten::open(&dir, text, Arc::new(Machine)).unwrap_err().code, code);
    }
    let key = ReadingKey::from_secret_text(&key.to_lowercase()).unwrap();
    let store = open(&field, "武义", Unlock::Recovery(&key));
    assert!(!store.can_sign());
    let body = tianye_journal::PlainBody {
        kind: 8,
        record: tianye_journal::RecordId::from_bytes([1; 16]),
        parents: Vec::new(),
        author: tianye_journal::PersonId::from_bytes([2; 16]),
        at: tianye_journal::WallClock { millis: 0, offset_minutes: 0 },
        content: Vec::new(),
    };
    let own = store.transact(Op::Seal, |tx| tx.append_own(&body)).unwrap_err();
    let secret = store.read(|view| view.secret("project-key").map(|_| ())).unwrap_err();
    let signing = store.read(|view| view.signing_key()).map(|key| key.is_none());
    assert_eq!((own.code(), secret.code()), ("no-signing-key", "no-signing-key"));
    assert!(signing.unwrap_or(true));
    drop(field.hub);
}
