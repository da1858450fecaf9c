//! A project without any hub: laptops join by files, and everything travels by stick.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use std::path::{Path, PathBuf};

use common::{FORM, PASSPHRASE, begin, finish, laptop, say};
use tempfile::TempDir;
use tianye_desk::view::{NewProject, RevokeInput, Role};
use tianye_desk::{Cancel, Desk, Laptop, batches_in};

fn founded(folder: &Path) -> Desk {
    let new = NewProject {
        title: "浙江留守儿童 2017".into(),
        person: "沈一帆".into(),
        device: "组长电脑".into(),
        passphrase: PASSPHRASE.into(),
        hub_card: None,
    };
    let mut desk = laptop(folder, "组长").create_project(&new).unwrap();
    assert!(desk.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap().usable);
    desk.add_form().unwrap();
    desk.add_practice_places().unwrap();
    desk
}

fn join(lead: &mut Desk, laptop: &Laptop, name: &str) -> Desk {
    let invitation = lead.invite(name, "", Role::Interviewer).unwrap();
    let view = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&view.id, PASSPHRASE, "示例电脑").unwrap();
    let request = laptop.request_text(&waiting.id).unwrap();
    let asked = lead.read_request(&request).unwrap();
    assert_eq!((asked.name.as_str(), asked.compare_code.as_str()), (name, waiting.compare_code.as_str()));
    assert_eq!(lead.approve_request(&request, "0000 0000").unwrap_err().code, "code-other");
    let admission = lead.approve_request(&request, &waiting.compare_code).unwrap();
    assert_eq!(lead.read_request(&request).unwrap_err().code, "invitation-used");
    laptop.admit_by_text(&waiting.id, &admission).unwrap();
    laptop.unlock(&waiting.id, PASSPHRASE).unwrap()
}

/// Carries all that one laptop has to another.
fn carry(stick: &Path, from: &mut Desk, to: &mut Desk) -> usize {
    let written = from.write_stick(stick, &Cancel::default()).unwrap();
    let files: Vec<PathBuf> = written.files.iter().map(|name| stick.join(name)).collect();
    assert!(files.iter().all(|file| batches_in(stick).unwrap().contains(file)));
    files.iter().map(|file| to.read_stick(file, &Cancel::default()).unwrap().received).sum()
}

fn fill(desk: &mut Desk, code: &str) {
    begin(desk, code);
    say(desk, "/family/say", "想妈妈");
    finish(desk);
}

fn codes(desk: &Desk) -> Vec<String> {
    let mut codes: Vec<String> = desk.records("zh-CN").unwrap().into_iter().map(|card| card.code).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn without_a_hub_everything_travels_by_stick() {
    let folder = TempDir::new().unwrap();
    let stick = folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    let mut lead = founded(folder.path());
    let mut chen = join(&mut lead, &laptop(folder.path(), "武义"), "陈禾");
    assert!(chen.home("zh-CN").unwrap().forms.is_empty());
    assert!(carry(&stick, &mut lead, &mut chen) > 0);
    assert_eq!(chen.home("zh-CN").unwrap().forms.len(), 1);

    fill(&mut chen, "217");
    assert!(carry(&stick, &mut chen, &mut lead) > 0);
    assert_eq!(codes(&lead), ["217"]);
    assert_eq!(carry(&stick, &mut chen, &mut lead), 0, "the same again brings nothing");

    // Whatever lies on the stick is read by whoever is for it, and says nothing to others.
    let stranger = laptop(folder.path(), "别的项目");
    let new = NewProject {
        title: "别的".into(),
        person: "别人".into(),
        device: "电脑".into(),
        passphrase: PASSPHRASE.into(),
        hub_card: None,
    };
    let mut stranger = stranger.create_project(&new).unwrap();
    for file in batches_in(&stick).unwrap() {
        assert_eq!(stranger.read_stick(&file, &Cancel::default()).unwrap_err().code, "batch-unusable");
        let bytes = std::fs::read(&file).unwrap();
        let child = "小满".as_bytes();
        assert!(!bytes.windows(child.len()).any(|window| window == child));
    }
}

#[test]
fn what_a_revoked_laptop_brings_later_waits_until_it_is_accepted() {
    let folder = TempDir::new().unwrap();
    let stick = folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    let mut lead = founded(folder.path());
    let mut chen = join(&mut lead, &laptop(folder.path(), "武义"), "陈禾");
    carry(&stick, &mut lead, &mut chen);
    fill(&mut chen, "217");
    carry(&stick, &mut chen, &mut lead);

    let certificate = |lead: &Desk| lead.team().unwrap().members[1].laptops[0].certificate.clone();
    let number = certificate(&lead);
    lead.revoke(&RevokeInput { certificate: number.clone(), why: "lost".into(), note: String::new() }).unwrap();
    assert_eq!(lead.accept_late(&number).unwrap_err().code, "revoked-nothing-waits");
    fill(&mut chen, "218");
    carry(&stick, &mut chen, &mut lead);
    assert_eq!(codes(&lead), ["217"], "it is here, and waits");
    let laptop = |lead: &Desk| lead.team().unwrap().members[1].laptops[0].clone();
    assert!(laptop(&lead).waiting > 0 && laptop(&lead).revoked.is_some());
    // Whoever sits at the revoked laptop is told when the word comes there.
    assert_eq!(chen.stopped().unwrap(), None);
    carry(&stick, &mut lead, &mut chen);
    let stopped = chen.home("zh-CN").unwrap().stopped.unwrap();
    assert_eq!((stopped.by.as_str(), stopped.why.as_str()), ("沈一帆", "lost"));
    assert!(stopped.waiting > 0, "{stopped:?}");
    assert_eq!(lead.stopped().unwrap(), None);

    lead.accept_late(&number).unwrap();
    assert_eq!((codes(&lead), laptop(&lead).waiting), (vec!["217".into(), "218".into()], 0));
    fill(&mut chen, "219");
    carry(&stick, &mut chen, &mut lead);
    assert_eq!(codes(&lead), ["217", "218"], "the laptop stays revoked");
}

/// Takes in everything on the stick, and leaves a card, as the window does.
fn take_in(stick: &Path, desk: &mut Desk) -> usize {
    let files = batches_in(stick).unwrap();
    let received = files.iter().map(|file| desk.read_stick(file, &Cancel::default()).unwrap().received).sum();
    desk.leave_card(stick).unwrap();
    received
}

#[test]
fn a_stick_that_returns_carries_only_news_and_an_interrupted_one_goes_on() {
    let folder = TempDir::new().unwrap();
    let stick = folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    let mut lead = founded(folder.path());
    let mut chen = join(&mut lead, &laptop(folder.path(), "武义"), "陈禾");
    let mut zhou = join(&mut lead, &laptop(folder.path(), "温岭"), "周宁");
    let first = lead.write_stick(&stick, &Cancel::default()).unwrap();
    assert_eq!(first.known_to, 0, "nobody's card lies there");
    assert!(take_in(&stick, &mut chen) > 0 && take_in(&stick, &mut zhou) > 0);
    fill(&mut chen, "217");
    let from_chen = chen.write_stick(&stick, &Cancel::default()).unwrap();
    assert_eq!(from_chen.known_to, 2);
    assert!(from_chen.entries < first.entries, "{from_chen:?}");
    assert!(take_in(&stick, &mut lead) > 0);
    assert_eq!(codes(&lead), ["217"]);
    // The one that has not seen it yet finds it on the stick, although the lead writes it no more.
    assert!(take_in(&stick, &mut zhou) > 0);
    fill(&mut zhou, "301");
    zhou.write_stick(&stick, &Cancel::default()).unwrap();
    take_in(&stick, &mut lead);
    assert_eq!(codes(&lead), ["217", "301"]);

    // Pulled out in the middle: the files that were whole count, and the next writing goes on with the rest.
    let other = folder.path().join("另一个 U 盘");
    std::fs::create_dir(&other).unwrap();
    let cancel = Cancel::default();
    let mut carrier = lead.carrier_to_write().unwrap().with_parts_of(8_000);
    let pulled = carrier.write(&other, &cancel, &mut |progress| {
        if progress.step == tianye_desk::SyncStep::Verify || !batches_in(&other).unwrap().is_empty() {
            cancel.cancel();
        }
    });
    assert_eq!(pulled.unwrap_err().code, "cancelled");
    let whole = batches_in(&other).unwrap().len();
    assert!(whole > 0, "a part was whole");
    let mut carrier = lead.carrier_to_write().unwrap().with_parts_of(8_000);
    let written = carrier.write(&other, &Cancel::default(), &mut |_| ()).unwrap();
    assert!(written.continued && !written.files.is_empty(), "{written:?}");
    let files = batches_in(&other).unwrap();
    assert_eq!(files.len(), whole + written.files.len());
    assert_eq!(tianye_desk::missing_parts(files.iter().map(PathBuf::as_path)), Vec::<String>::new());
    let mut fresh = join(&mut lead, &laptop(folder.path(), "新来"), "王小明");
    assert!(take_in(&other, &mut fresh) > 0);
    assert_eq!(fresh.home("zh-CN").unwrap().forms.len(), 1);
}

/// What the lists and the page of duplicates show, as the window gets it.
fn shown(desk: &mut Desk) -> String {
    let (records, duplicates) = (desk.records("zh-CN").unwrap(), desk.duplicates("zh-CN").unwrap());
    serde_json::to_string(&(records, duplicates, desk.home("zh-CN").unwrap().conflicts)).unwrap()
}

#[test]
fn what_is_seen_as_it_comes_in_is_what_folding_comes_to() {
    let folder = TempDir::new().unwrap();
    // One stick for each laptop: one that returns would carry only news.
    let sticks = ["一号", "二号"].map(|name| folder.path().join(name));
    sticks.iter().for_each(|stick| std::fs::create_dir(stick).unwrap());
    let mut lead = founded(folder.path());
    let mut chen = join(&mut lead, &laptop(folder.path(), "武义"), "陈禾");
    let mut zhou = join(&mut lead, &laptop(folder.path(), "温岭"), "周岚");
    for (stick, desk) in sticks.iter().zip([&mut chen, &mut zhou]) {
        carry(stick, &mut lead, desk);
    }
    for code in ["217", "218"] {
        fill(&mut chen, code);
    }
    fill(&mut zhou, "217");
    assert!(carry(&sticks[0], &mut chen, &mut lead) > 0 && carry(&sticks[1], &mut zhou, &mut lead) > 0);
    let first = shown(&mut lead);
    assert!(first.contains("217") && first.contains("218"));

    let laptop = laptop(folder.path(), "组长");
    let listed = tianye_store::list(&folder.path().join("组长")).unwrap().remove(0);
    drop(lead);
    let mut again = laptop.unlock(&listed.id.to_string(), PASSPHRASE).unwrap();
    assert_eq!(shown(&mut again), first, "unlocking reads what was seen");
    drop(again);
    let passphrase = tianye_store::Passphrase::new(PASSPHRASE);
    let store = tianye_store::Store::unlock(&listed.dir, tianye_store::Unlock::Passphrase(&passphrase), 7).unwrap();
    let mut glances = 0;
    store.read(|view| view.glances(i64::MAX, |_, _| glances += 1)).unwrap();
    assert!(glances >= 3, "{glances} are seen");
    store.transact(tianye_store::Op::Rebuild, |tx| tx.rebuild()).unwrap();
    drop(store);
    let mut folded = laptop.unlock(&listed.id.to_string(), PASSPHRASE).unwrap();
    assert_eq!(shown(&mut folded), first, "folding comes to the same");
}

#[test]
fn whoever_waits_for_a_stick_hears_how_far_it_is_and_can_stop_looking_at_it() {
    use tianye_desk::SyncStep::{Read, Verify, WriteEntries};

    let folder = TempDir::new().unwrap();
    let stick = folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    let mut lead = founded(folder.path());
    let mut chen = join(&mut lead, &laptop(folder.path(), "武义"), "陈禾");
    let cancel = Cancel::default();
    let mut heard = Vec::new();
    lead.write_stick_told(&stick, &cancel, &mut |progress| heard.push(progress.step)).unwrap();
    assert!(heard.contains(&WriteEntries), "{heard:?}");
    let file = batches_in(&stick).unwrap().remove(0);

    // Twice the same: of each file it is told how far it is.
    let both = [file.clone(), file.clone()];
    let mut heard = Vec::new();
    let looks = chen.look_at_sticks(&both, &cancel, &mut |at, progress| heard.push((at, progress.step))).unwrap();
    assert!(looks.iter().all(Result::is_ok) && heard.contains(&(1, Read)) && heard.contains(&(2, Read)), "{heard:?}");
    assert!(heard.iter().all(|(_, step)| *step != Verify), "nothing was written");
    let stopped = chen.look_at_sticks(&both, &cancel, &mut |_, _| cancel.cancel());
    assert_eq!(stopped.unwrap_err().code, "cancelled", "it is no fault of a file");
    assert_eq!(chen.read_stick(&file, &cancel).unwrap_err().code, "cancelled");

    let mut last = None;
    let report = chen.read_stick_told(&file, &Cancel::default(), &mut |progress| last = Some(*progress)).unwrap();
    let last = last.unwrap();
    assert_eq!((last.step, last.done, last.of_bytes), (Read, report.received, Some(last.bytes)), "to its end");
}
