//! The lead's laptop as the hub of a local network.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed act fails the test")]

mod common;

use common::{PASSPHRASE, begin, finish, hub, join, laptop, say, set_up};
use tempfile::TempDir;
use tianye_desk::view::NewProject;
use tianye_desk::{Cancel, Desk, Progress, SyncStep, read_nearby};

/// A project without a hub.
fn alone(folder: &TempDir) -> Desk {
    let mut desk = laptop(folder.path(), "组长")
        .create_project(&NewProject {
            title: "浙江留守儿童 2017".into(),
            person: "沈一帆".into(),
            device: "组长电脑".into(),
            passphrase: PASSPHRASE.into(),
            hub_card: None,
        })
        .unwrap();
    assert!(desk.check_form("pupil.md", common::FORM.as_bytes(), &|_| None).unwrap().usable);
    desk.add_form().unwrap();
    desk.add_practice_places().unwrap();
    desk
}

fn filled(desk: &mut Desk, code: &str) {
    begin(desk, code);
    say(desk, "/family/say", "妈妈过年回来");
    finish(desk);
}

#[test]
fn a_laptop_joins_and_syncs_over_the_lead_s_laptop_and_finds_it_again_at_another_address() {
    let folder = TempDir::new().unwrap();
    let mut lead = alone(&folder);
    assert_eq!(lead.courier().map(drop).unwrap_err().code, "hub-none");
    let running = hub(&folder.path().join("hub"));
    let shown = lead.open_nearby(running.card()).unwrap();
    assert!(shown.open && shown.qr.is_some());
    lead.sync().unwrap();
    let mut chen = join(&mut lead, &laptop(folder.path(), "武义"), "陈禾");
    filled(&mut chen, "101");
    assert_eq!(chen.sync().unwrap().sent, 3, "a respondent, a sitting, what was begun");

    // Another network: the same laptop has another address there.
    running.stop().unwrap();
    let running = hub(&folder.path().join("hub"));
    let moved = lead.open_nearby(running.card()).unwrap();
    assert_eq!(moved.code, shown.code, "the code stays");
    filled(&mut chen, "102");
    if moved.address != shown.address {
        assert_eq!(chen.sync().unwrap_err().code, "hub-unreachable");
    }
    let found = chen.find_nearby(&moved.address, &moved.code.to_lowercase()).unwrap();
    assert_eq!((found.address, found.open), (moved.address, false));
    assert_eq!(chen.sync().unwrap().sent, 3, "the project's hub has moved with it");
    lead.sync().unwrap();
    let mut codes: Vec<String> = lead.records("zh-CN").unwrap().into_iter().map(|card| card.code).collect();
    codes.sort();
    assert_eq!(codes, ["101", "102"]);
}

#[test]
fn whoever_waits_for_a_sync_hears_how_far_it_is_and_can_stop_it() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let running = hub(&field.folder.path().join("nearby"));
    let shown = lead.open_nearby(running.card()).unwrap();
    let place = (shown.address.as_str(), shown.code.as_str());
    filled(&mut chen, "101");
    let pressed = Cancel::default();
    pressed.cancel();
    assert_eq!(chen.sync_told(&pressed, &mut |_| ()).unwrap_err().code, "cancelled");
    assert_eq!(chen.sync_nearby_told(place, &pressed, &mut |_| ()).unwrap_err().code, "cancelled");
    for nearby in [false, true] {
        let (mut most, go_on) = (0, Cancel::default());
        let mut tell = |progress: &Progress| {
            if progress.step == SyncStep::PushEntries {
                most = most.max(progress.done);
            }
        };
        let report = match nearby {
            false => chen.sync_told(&go_on, &mut tell),
            true => chen.sync_nearby_told(place, &go_on, &mut tell),
        };
        let sent = report.unwrap().sent;
        assert!(sent > 0 && most > 0, "{sent} were sent, {most} were told");
    }
    running.stop().unwrap();
}

#[test]
fn beside_the_project_s_hub_it_keeps_receipts_of_its_own() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let running = hub(&field.folder.path().join("nearby"));
    let shown = lead.open_nearby(running.card()).unwrap();
    filled(&mut chen, "101");
    chen.find_nearby(&shown.address, &shown.code).unwrap();
    let carried = chen.courier_nearby().unwrap().run(&Cancel::default(), &mut |_| ()).unwrap();
    assert!(carried.sent > 1, "what the other hub has is not here yet: {}", carried.sent);
    let brought = lead.courier_nearby().unwrap().run(&Cancel::default(), &mut |_| ()).unwrap();
    lead.after_sync(&brought).unwrap();
    assert_eq!(lead.records("zh-CN").unwrap().len(), 1);
    // The project's hub has it from whoever comes there first.
    assert!(lead.sync().unwrap().sent >= 1);
    zhou.sync().unwrap();
    assert_eq!(chen.sync().unwrap().view.hub, field.hub.card().address, "the project's hub is still the same");
}

#[track_caller]
fn check(desk: &mut Desk, address: &str, code: &str, expect: &str) {
    assert_eq!(desk.find_nearby(address, code).map(drop).unwrap_err().code, expect);
}

#[test]
fn who_answers_with_other_keys_is_not_the_hub() {
    let folder = TempDir::new().unwrap();
    let mut lead = alone(&folder);
    let (running, stranger) = (hub(&folder.path().join("hub")), hub(&folder.path().join("stranger")));
    let shown = lead.open_nearby(running.card()).unwrap();
    let mut chen = join(&mut lead, &laptop(folder.path(), "武义"), "陈禾");
    let elsewhere = stranger.card().address.clone();
    check(&mut chen, &elsewhere, &shown.code, "hub-other-code");
    check(&mut chen, &shown.address, "0000-0000-0000-0000", "hub-other-code");
    check(&mut chen, &shown.address, "0000", "hub-card-invalid");
    check(&mut chen, "", &shown.code, "hub-card-invalid");
    stranger.stop().unwrap();
    check(&mut chen, &elsewhere, &shown.code, "hub-unreachable");
    assert_eq!(chen.nearby().unwrap().map(|hub| hub.address), None, "nothing was remembered");
    chen.sync().unwrap();

    let no_lead = chen.open_nearby(running.card()).map(drop).unwrap_err();
    assert_eq!(no_lead.code, "no-right");
}

#[test]
fn what_a_camera_reads_is_address_and_code() {
    let read = read_nearby("tianye-hub:192.168.1.5:8788/ABCD-EFGH-1234-5678").unwrap();
    assert_eq!((read.address.as_str(), read.code.as_str()), ("192.168.1.5:8788", "ABCD-EFGH-1234-5678"));
    assert!(read_nearby("https://example.cn/ABCD").is_none());
}
