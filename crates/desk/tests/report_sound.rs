//! Sound recorded for a report is with the holders and with who recorded it, whole after a crash, and leaves Tianye only by the
//! hand of a holder.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;
#[path = "common/holders.rs"]
mod holders;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::{Field, PASSPHRASE, begin, finish, say};
use holders::{evening, open, plain, readable, with_holders};
use tianye_desk::Desk;
use tianye_desk::view::{AddInput, CopyInput, FileCard, LineAct, ReportInput, ReportView};
use tianye_journal::{ChunkId, ReadingKey};
use tianye_store::{Passphrase, Unlock};

const ZH: &str = "zh-CN";
/// Stands in the sound, and nowhere else.
const MARKER: &str = "门后面有人说话的声音";

/// Sound with a word in it: a head that says Ogg, then noise.
fn sound(length: usize) -> Vec<u8> {
    let noise = (0..length).map(|at| (at % 251) as u8);
    b"OggS\0\x02".iter().copied().chain(noise).chain(MARKER.bytes()).collect()
}

fn input(interview: &str) -> ReportInput {
    let none = String::new;
    let (words, when, place, present, seen, safety) = (none(), "10:47".into(), none(), none(), none(), none());
    ReportInput {
        words,
        when,
        place,
        present,
        seen,
        safety,
        interview: interview.into(),
        subject: String::new(),
        site: String::new(),
    }
}

fn begin_recording(desk: &mut Desk, interview: &str, bytes: &[u8]) -> u32 {
    let recording = desk.start_report_recording("", &input(interview), ZH).unwrap();
    for piece in bytes.chunks(64_000) {
        desk.put_report_piece(recording, &BASE64.encode(piece)).unwrap();
    }
    recording
}

fn end(desk: &mut Desk, recording: u32, input: &ReportInput) -> ReportView {
    let sealed = desk.report_sealer(recording).unwrap().seal().unwrap();
    desk.keep_report_sound(sealed, input, ZH).unwrap()
}

fn recorded(report: &ReportView) -> Vec<FileCard> {
    let of = |act: &LineAct| match act {
        LineAct::Recorded { file } => Some(file.clone()),
        _ => None,
    };
    report.timeline.iter().filter_map(|line| of(&line.act)).collect()
}

/// The file of a report as a desk opens it.
fn heard(desk: &Desk, report: &ReportView) -> Vec<u8> {
    let file = recorded(report).remove(0);
    let part = |part| BASE64.decode(desk.report_file(&report.id, &file.name, part).unwrap().base64).unwrap();
    (0..file.parts).flat_map(part).collect()
}

fn copy(of: &ReportView, reason: &str) -> CopyInput {
    CopyInput { report: of.id.clone(), name: recorded(of).remove(0).name, reason: reason.into() }
}

#[test]
fn what_is_recorded_for_a_report_reaches_the_holders_and_can_be_opened_by_nobody_else() {
    let (field, mut lead, mut chen, mut zhou, mut fang, mut he) = with_holders();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "想妈妈");
    let bytes = sound(2_300_000);
    let recording = begin_recording(&mut chen, &id, &bytes);
    let filled = ReportInput { present: "只有我和孩子".into(), ..input(&id) };
    let report = end(&mut chen, recording, &filled);
    assert_eq!((report.words.as_str(), report.present.as_str(), report.told), ("", "只有我和孩子", false));
    assert!(report.about.contains("217"), "{}", report.about);
    assert_eq!(heard(&chen, &report), bytes);
    assert_eq!(chen.report_sealer(recording).unwrap_err().code, "recording-gone");

    // A second one for the same report, and words after it.
    let second = chen.start_report_recording(&report.id, &input(&id), ZH).unwrap();
    chen.put_report_piece(second, &BASE64.encode(sound(9_000))).unwrap();
    assert_eq!(recorded(&end(&mut chen, second, &input(&id))).len(), 2);
    chen.add_to_report(&AddInput { report: report.id.clone(), words: "第二天又说了一遍".into() }).unwrap();
    finish(&mut chen);
    evening(&mut [&mut chen, &mut lead, &mut zhou, &mut fang, &mut he]);
    for holder in [&fang, &he] {
        let read = holder.reports().unwrap().remove(0);
        assert_eq!((read.id.as_str(), heard(holder, &read)), (report.id.as_str(), bytes.clone()));
    }
    assert_eq!(lead.start_report_recording(&report.id, &input(""), ZH).unwrap_err().code, "unknown-report");
    assert_eq!(
        lead.report_file(&report.id, &recorded(&report)[0].name, 0).map(drop).unwrap_err().code,
        "attachment-missing"
    );

    drop((lead, chen, zhou, fang, he));
    assert_eq!(plain(field.folder.path(), &[MARKER]), Vec::<String>::new());
    let passphrase = Passphrase::new(PASSPHRASE);
    let recovery = recovery_of(&field);
    let lead = open(&field, "组长 张三", Unlock::Passphrase(&passphrase));
    let mut keys = lead.read(|view| view.reading_keys()).unwrap();
    keys.push(recovery.clone());
    let colleague = open(&field, "温岭", Unlock::Passphrase(&passphrase));
    let of_colleague = colleague.read(|view| view.reading_keys()).unwrap();
    let holder = open(&field, "方", Unlock::Passphrase(&passphrase));
    let reporter = open(&field, "武义", Unlock::Recovery(&recovery));
    // The chunks of the sound are with the reporter and the holders; who does not read the report knows none of them by name.
    let of_report = |id: &ChunkId| holder.has_chunk(id) && !lead.has_chunk(id) && !colleague.has_chunk(id);
    let chunks: Vec<ChunkId> = reporter.chunks().unwrap().into_iter().filter(of_report).collect();
    assert_eq!(chunks.len(), 4, "three parts and one");
    for text in [readable(&lead, &keys), readable(&reporter, &keys), readable(&colleague, &of_colleague)] {
        assert!(chunks.iter().all(|id| !text.contains(&id.to_string())));
    }
    drop(field.hub);
}

#[test]
fn a_laptop_that_dies_while_it_records_has_the_report_when_it_is_unlocked() {
    let (field, lead, mut chen, _zhou, mut fang, mut he) = with_holders();
    let id = begin(&mut chen, "217").id;
    let bytes = sound(400_000);
    begin_recording(&mut chen, &id, &bytes);
    // A sync meanwhile carries nothing of it.
    let before = chen.reports().unwrap().len();
    evening(&mut [&mut chen, &mut fang]);
    assert_eq!((before, fang.reports().unwrap().len()), (0, 0));
    drop(chen);
    let passphrase = Passphrase::new(PASSPHRASE);
    drop(lead);
    let recovery = recovery_of(&field);
    // Whoever recovers the laptop's data finds no key of it, and takes nothing away.
    let reporter = open(&field, "武义", Unlock::Recovery(&recovery));
    let pieces = reporter.chunks().unwrap().len();
    assert!(pieces >= 7, "{pieces} pieces");
    assert!(reporter.read(|view| view.setting("reports")).unwrap().is_none());
    drop(reporter);

    let store = field.wuyi.start().unwrap().stores.remove(0).id;
    let mut chen = field.wuyi.unlock(&store, PASSPHRASE).unwrap();
    let report = chen.reports().unwrap().remove(0);
    assert!(report.about.contains("217") && report.waiting && !report.told, "{}", report.about);
    assert_eq!(heard(&chen, &report), bytes);
    evening(&mut [&mut chen, &mut fang, &mut he]);
    assert_eq!(heard(&he, &he.reports().unwrap().remove(0)), bytes);

    // Again, and what was written last is damaged on the disk: the rest is kept.
    let bytes = sound(200_000);
    begin_recording(&mut chen, "", &bytes);
    drop(chen);
    let reporter = open(&field, "武义", Unlock::Passphrase(&passphrase));
    let sized = |id: &ChunkId| {
        let file = reporter.dir().join("chunks").join(&id.to_string()[..2]).join(id.to_string());
        (std::fs::metadata(&file).unwrap().len(), file)
    };
    // The last piece is the shortest.
    let pieces = reporter.read(|view| view.unfinished_chunks()).unwrap();
    let (_, file) = pieces.iter().map(sized).min().unwrap();
    drop(reporter);
    std::fs::write(&file, b"damaged").unwrap();
    let chen = field.wuyi.unlock(&store, PASSPHRASE).unwrap();
    let reports = chen.reports().unwrap();
    let cut = reports.iter().find(|one| one.id != report.id).unwrap();
    assert_eq!(heard(&chen, cut), bytes[..192_000]);
    drop(chen);
    // Nothing is left of the pieces: what is on the disk are the two files.
    let reporter = open(&field, "武义", Unlock::Passphrase(&passphrase));
    assert_eq!(reporter.read(|view| view.unfinished_chunks()).unwrap().len(), 0);
    drop(field.hub);
}

/// The key of recovery, from the lead's laptop.
fn recovery_of(field: &Field) -> ReadingKey {
    let lead = open(field, "组长 张三", Unlock::Passphrase(&Passphrase::new(PASSPHRASE)));
    let recovery = lead.read(|view| view.secret("recovery-key")).unwrap().unwrap();
    ReadingKey::from_secret_bytes(recovery.as_slice().try_into().unwrap())
}

#[test]
fn what_is_not_wanted_after_all_is_gone() {
    let (field, _lead, mut chen, _zhou, _fang, _he) = with_holders();
    let before = chen.reports().unwrap().len();
    let recording = begin_recording(&mut chen, "", &sound(200_000));
    chen.drop_report_recording(recording).unwrap();
    chen.drop_report_recording(recording).unwrap();
    assert_eq!(chen.put_report_piece(recording, &BASE64.encode(b"x")).unwrap_err().code, "recording-gone");
    assert_eq!(chen.reports().unwrap().len(), before);
    // One that ended before anything came says so, and leaves no report behind either.
    let empty = chen.start_report_recording("", &input(""), ZH).unwrap();
    assert_eq!(chen.report_sealer(empty).unwrap().seal().unwrap_err().code, "attachment-empty");
    drop(chen);
    let passphrase = Passphrase::new(PASSPHRASE);
    let reporter = open(&field, "武义", Unlock::Passphrase(&passphrase));
    assert_eq!(reporter.read(|view| view.unfinished_chunks()).unwrap().len(), 0);
    drop(reporter);
    let store = field.wuyi.start().unwrap().stores.remove(0).id;
    let chen = field.wuyi.unlock(&store, PASSPHRASE).unwrap();
    assert_eq!(chen.reports().unwrap().len(), before);
    drop(field.hub);
}

#[test]
fn a_holder_takes_a_copy_out_with_a_reason_that_the_report_keeps() {
    let (field, mut lead, mut chen, mut zhou, mut fang, mut he) = with_holders();
    let bytes = sound(1_200_000);
    let recording = begin_recording(&mut chen, "", &bytes);
    let own = end(&mut chen, recording, &input(""));
    let to = field.folder.path().join("给派出所");
    std::fs::create_dir(&to).unwrap();
    let target = to.join("sound.ogg");
    assert_eq!(chen.copy_report_file(&copy(&own, "试试"), &target).map(drop).unwrap_err().code, "copy-no-right");
    evening(&mut [&mut chen, &mut fang, &mut he, &mut lead, &mut zhou]);
    let read = fang.reports().unwrap().remove(0);
    let refused =
        |fang: &mut Desk, input: &CopyInput| fang.copy_report_file(input, &target).map(drop).unwrap_err().code;
    assert_eq!(refused(&mut fang, &copy(&read, "  ")), "copy-reason");
    assert_eq!(refused(&mut fang, &CopyInput { name: "other.ogg".into(), ..copy(&read, "x") }), "attachment-missing");
    assert_eq!(lead.copy_report_file(&copy(&read, "x"), &target).map(drop).unwrap_err().code, "copy-no-right");
    assert!(!target.exists());

    let after = fang.copy_report_file(&copy(&read, "桃溪派出所要"), &target).unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), bytes);
    let reasons = |report: &ReportView| -> Vec<(String, String)> {
        let of = |line: &tianye_desk::view::ReportLineView| match &line.act {
            LineAct::CopySaved { reason } => Some((line.by.clone(), reason.clone())),
            _ => None,
        };
        report.timeline.iter().filter_map(of).collect()
    };
    let expected = [("方敏".to_owned(), "桃溪派出所要".to_owned())];
    assert_eq!(reasons(&after), expected);
    // What cannot be written was said all the same: it was about to be.
    let nowhere = to.join("没有").join("sound.ogg");
    assert_eq!(fang.copy_report_file(&copy(&read, "再试"), &nowhere).map(drop).unwrap_err().code, "file");

    evening(&mut [&mut fang, &mut he, &mut lead, &mut chen]);
    assert_eq!(reasons(&he.reports().unwrap().remove(0))[..1], expected);
    assert!(lead.export_log().unwrap().is_empty() && fang.export_log().unwrap().is_empty());
    assert!(lead.reports().unwrap().is_empty());
    drop(field.hub);
}
