//! Disks that were cloned and old copies that were put back: both go on, nothing is lost, and nothing erased stays.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, PASSPHRASE, begin, copy, finish, laptop, say, set_up};
use tianye_desk::view::EraseInput;
use tianye_desk::{Desk, Laptop};

fn sit(laptop: &Laptop) -> Desk {
    let id = laptop.start().unwrap().stores[0].id.clone();
    laptop.unlock(&id, PASSPHRASE).unwrap()
}

/// Locks a desk, copies its disk, and sits down at both.
fn clone(field: &Field, of: &Laptop, desk: Desk) -> (Desk, Desk) {
    drop(desk);
    let name = format!("{} 的克隆", of.data().file_name().unwrap().to_str().unwrap());
    copy(of.data(), &field.folder.path().join(&name));
    (sit(of), sit(&laptop(field.folder.path(), &name)))
}

fn interview(desk: &mut Desk, code: &str) -> String {
    let id = begin(desk, code).id;
    say(desk, "/family/say", &format!("{code} 想妈妈"));
    finish(desk);
    id
}

fn codes(desk: &Desk) -> Vec<String> {
    let mut codes: Vec<String> = desk.records("zh-CN").unwrap().into_iter().map(|card| card.code).collect();
    codes.sort_unstable();
    codes
}

fn erase(desk: &mut Desk, record: &str) {
    let input = EraseInput {
        record: record.into(),
        fields: vec![],
        why: "withdrawn".into(),
        note: String::new(),
        person: String::new(),
    };
    desk.erase(&input).unwrap();
}

#[test]
fn a_clone_and_its_origin_both_go_on_without_being_locked() {
    let (field, mut lead, chen, _zhou) = set_up();
    let (mut chen, mut twin) = clone(&field, &field.wuyi, chen);
    interview(&mut chen, "217");
    interview(&mut twin, "218");
    chen.sync().unwrap();
    let told = twin.sync().unwrap();
    assert!(told.view.chains.iter().any(|chain| chain.forked), "the alarm");
    // Neither has been locked since they learned of each other.
    interview(&mut twin, "219");
    twin.sync().unwrap();
    chen.sync().unwrap();
    interview(&mut chen, "220");
    chen.sync().unwrap();
    lead.sync().unwrap();
    twin.sync().unwrap();
    chen.sync().unwrap();
    for desk in [&lead, &chen, &twin] {
        assert_eq!(codes(desk), ["217", "218", "219", "220"]);
    }
}

#[test]
fn what_was_erased_goes_from_a_clone_and_from_an_old_copy_that_is_put_back() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let id = interview(&mut chen, "217");
    interview(&mut chen, "218");
    chen.sync().unwrap();
    lead.sync().unwrap();
    let (mut chen, twin) = clone(&field, &field.wuyi, chen);
    drop(twin);
    erase(&mut lead, &id);
    lead.sync().unwrap();
    // One of the two says for both that it has carried it out, as their certificate is one.
    chen.sync().unwrap();
    chen.sync().unwrap();
    let name = "武义 的克隆";
    let copied = laptop(field.folder.path(), name);
    let mut twin = sit(&copied);
    twin.sync().unwrap();
    for desk in [&lead, &chen, &twin] {
        assert_eq!(codes(desk), ["218"]);
    }
    drop(twin);
    let listed = tianye_store::list(&field.folder.path().join(name)).unwrap().remove(0);
    let passphrase = tianye_store::Passphrase::new(PASSPHRASE);
    let unlock = tianye_store::Unlock::Passphrase(&passphrase);
    let store = tianye_store::Store::unlock(&listed.dir, unlock, 7).unwrap();
    let words = |text: &str| {
        let (all, _) = store.read(|view| view.opened_since(0, 10_000)).unwrap();
        let json = |body: &tianye_journal::PlainBody| {
            tianye_survey::Content::decode(body.kind, &body.content).to_json().unwrap()
        };
        all.iter().any(|entry| String::from_utf8_lossy(&json(&entry.body)).contains(text))
    };
    assert!(words("218 想妈妈") && !words("217 想妈妈"));
}

#[test]
fn the_team_reads_what_a_lead_writes_after_their_disk_was_cloned() {
    let (field, lead, mut chen, _zhou) = set_up();
    let id = interview(&mut chen, "217");
    chen.sync().unwrap();
    let (mut lead, mut twin) = clone(&field, &field.lead, lead);
    lead.sync().unwrap();
    twin.sync().unwrap();
    // Both write in one place of the lead's chain.
    for desk in [&mut lead, &mut twin] {
        let member = desk.team().unwrap().members.iter().find(|one| one.name == "周宁").unwrap().id.clone();
        desk.hand_over(&id, &member, "zh-CN").unwrap();
    }
    lead.sync().unwrap();
    twin.sync().unwrap();
    lead.sync().unwrap();
    erase(&mut lead, &id);
    for _ in 0..2 {
        lead.sync().unwrap();
        chen.sync().unwrap();
    }
    assert_eq!(codes(&chen), Vec::<String>::new(), "the erasure stands in the lead's new chain");
}
