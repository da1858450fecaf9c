//! What does not fit is told once, for each laptop, and only to whom it concerns; where all is well nothing is said.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{Field, PASSPHRASE, begin, copy, finish, say, set_up};
use tianye_desk::view::{Misfit, MisfitView, RevokeInput};
use tianye_desk::{Cancel, Desk, Laptop, SyncStep};
use tianye_hub::{Limits, Options};
use tianye_journal::{EntryHash, PersonId, PlainBody, RecordId, Seq};
use tianye_store::{Op, Passphrase, Store, Unlock};
use tianye_survey::{At, Content, ErasedBody, Erasure, ErasureReason, kind};

fn sit(laptop: &Laptop) -> Desk {
    let id = laptop.start().unwrap().stores[0].id.clone();
    laptop.unlock(&id, PASSPHRASE).unwrap()
}

fn fill(desk: &mut Desk, code: &str) {
    begin(desk, code);
    say(desk, "/family/say", "想妈妈");
    finish(desk);
}

fn evening(desks: &mut [&mut Desk]) {
    for _ in 0..3 {
        for desk in desks.iter_mut() {
            desk.sync().unwrap();
        }
    }
}

fn misfits(desk: &Desk) -> Vec<MisfitView> {
    desk.sync_state().unwrap().misfits
}

#[track_caller]
fn check(desk: &Desk, expect: &[(Misfit, &str, bool, u32)]) {
    let found = misfits(desk);
    let found: Vec<_> = found.iter().map(|one| (one.what, one.owner.as_str(), one.own, one.entries)).collect();
    assert_eq!(found, expect);
}

fn unlock(field: &Field, person: &str) -> Store {
    let found = tianye_store::list(&field.folder.path().join(person)).unwrap().remove(0);
    Store::unlock(&found.dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 0).unwrap()
}

/// Writes what the desk would not write: the person's own program does not ask.
fn forge(field: &Field, person: &str, kind: u16) {
    forge_body(field, person, |body| PlainBody {
        kind,
        record: RecordId::from_bytes([7; 16]),
        content: b"{}".to_vec(),
        ..body
    });
}

/// The same of an interview that the person wrote, changed.
fn forge_body(field: &Field, person: &str, change: impl FnOnce(PlainBody) -> PlainBody) {
    let store = unlock(field, person);
    let body = change(store.read(|view| view.entries_of_kind(kind::INTERVIEW)).unwrap().remove(0).body);
    store.transact(Op::Seal, |tx| tx.append_own(&body).map(|_| ())).unwrap();
}

#[test]
fn nothing_is_said_where_all_is_well() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    fill(&mut lead, "101");
    lead.assign_county("pupil", "周宁", "温岭市").unwrap();
    evening(&mut [&mut chen, &mut zhou, &mut lead]);
    for desk in [&lead, &chen, &zhou] {
        check(desk, &[]);
    }
    drop(field.hub);
}

#[test]
fn what_a_role_may_not_write_is_told_to_the_lead_with_whose_it_is_until_it_is_noted() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    chen.sync().unwrap();
    drop(chen);
    forge(&field, "武义", kind::CONTACTS);
    // A later version of the program may give it a right to it.
    forge(&field, "武义", kind::LAST + 1);
    let mut chen = sit(&field.wuyi);
    evening(&mut [&mut chen, &mut lead, &mut zhou]);
    check(&lead, &[(Misfit::NoRight, "陈禾 · 示例电脑", false, 1)]);
    check(&chen, &[(Misfit::NoRight, "陈禾 · 示例电脑", true, 1)]);
    check(&zhou, &[]);

    let key = misfits(&lead)[0].key.clone();
    assert!(lead.note_misfit(&key).unwrap().misfits.is_empty());
    check(&lead, &[]);
    drop(chen);
    forge(&field, "武义", kind::REVIEW);
    let mut chen = sit(&field.wuyi);
    evening(&mut [&mut chen, &mut lead]);
    check(&lead, &[(Misfit::NoRight, "陈禾 · 示例电脑", false, 2)]);
    drop(field.hub);
}

#[test]
fn what_is_in_the_name_of_somebody_else_is_told_to_the_lead_with_whose_laptop_wrote_it_until_it_is_noted() {
    const OTHER: PersonId = PersonId::from_bytes([9; 16]);
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    chen.sync().unwrap();
    drop(chen);
    // It looks like any interview, and stands in a record of its own.
    let record = RecordId::from_bytes([8; 16]);
    forge_body(&field, "武义", |body| PlainBody { record, author: OTHER, ..body });
    // It stands in the record of a good one.
    forge_body(&field, "武义", |body| PlainBody { author: OTHER, content: b"{}".to_vec(), ..body });
    // The role may not write it anyway: that is said, and it is not counted twice.
    forge_body(&field, "武义", |body| PlainBody {
        kind: kind::CONTACTS,
        author: OTHER,
        record: RecordId::from_bytes([7; 16]),
        ..body
    });
    let mut chen = sit(&field.wuyi);
    evening(&mut [&mut chen, &mut lead, &mut zhou]);
    let told = |own, others| {
        let owner = "陈禾 · 示例电脑";
        [(Misfit::NoRight, owner, own, 1), (Misfit::OtherAuthor, owner, own, others)]
    };
    check(&lead, &told(false, 2));
    check(&chen, &told(true, 2));
    check(&zhou, &[]);
    // It is kept with what the records came to.
    drop(lead);
    let mut lead = sit(&field.lead);
    check(&lead, &told(false, 2));

    for one in misfits(&lead) {
        lead.note_misfit(&one.key).unwrap();
    }
    check(&lead, &[]);
    drop(chen);
    forge_body(&field, "武义", |body| PlainBody { record: RecordId::from_bytes([6; 16]), author: OTHER, ..body });
    let mut chen = sit(&field.wuyi);
    evening(&mut [&mut chen, &mut lead]);
    check(&lead, &told(false, 3)[1..]);
    drop(field.hub);
}

#[test]
fn what_changes_what_only_its_author_may_change_is_told_once_nothing_is_missing() {
    let (field, mut lead, mut chen, zhou) = set_up();
    fill(&mut chen, "217");
    lead.assign_county("pupil", "周宁", "温岭市").unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    drop((chen, zhou));
    let store = unlock(&field, "武义");
    let assigned = store.read(|view| view.entries_of_kind(kind::ASSIGNMENT)).unwrap().remove(0);
    drop(store);
    let over = |body: PlainBody, parent| PlainBody {
        kind: kind::ASSIGNMENT,
        record: assigned.body.record,
        parents: vec![parent],
        content: assigned.body.content.clone(),
        ..body
    };
    forge_body(&field, "武义", |body| over(body, assigned.hash));
    let mut chen = sit(&field.wuyi);
    evening(&mut [&mut chen, &mut lead]);
    check(&lead, &[(Misfit::NotOwn, "陈禾 · 示例电脑", false, 1)]);

    // What is missing could show that it is its author's own.
    drop(chen);
    forge_body(&field, "武义", |body| over(body, EntryHash::from_bytes([5; 32])));
    let mut chen = sit(&field.wuyi);
    evening(&mut [&mut chen, &mut lead]);
    check(&lead, &[]);
    drop(field.hub);
}

#[test]
fn what_somebody_writes_into_the_records_of_others_hides_nothing_of_them() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    fill(&mut zhou, "218");
    evening(&mut [&mut chen, &mut zhou, &mut lead]);
    let seen = |desk: &Desk| {
        let records = desk.records("zh").unwrap().into_iter();
        records.map(|row| (row.id, row.code, row.name, row.subject, row.answered)).collect::<Vec<_>>()
    };
    let (before, people) = (seen(&lead), lead.respondents());
    let [interview, subject] = before
        .iter()
        .find_map(|(id, code, _, subject, _)| (code == "217").then_some([id, subject]))
        .unwrap()
        .map(|id| id.parse::<uuid::Uuid>().map(|id| RecordId::from_bytes(id.into_bytes())).unwrap());
    drop(zhou);

    // A card that may be written, what a lead alone hands on, a site: each beside the interview of somebody else.
    let card = br#"{"v":1,"kind":"pupil","code":"999"}"#;
    for (kind, content) in [(kind::SUBJECT, &card[..]), (kind::ENTITIES, b"{}"), (kind::SITE, b"{}")] {
        let content = content.to_vec();
        forge_body(&field, "温岭", |body| PlainBody { kind, record: interview, content, ..body });
    }
    let mut zhou = sit(&field.wenling);
    evening(&mut [&mut chen, &mut zhou, &mut lead]);
    assert_eq!(seen(&lead), before);

    // An interview beside the card of a child: one row more, and the child is still there.
    drop(zhou);
    forge_body(&field, "温岭", |body| PlainBody { record: subject, ..body });
    let mut zhou = sit(&field.wenling);
    evening(&mut [&mut chen, &mut zhou, &mut lead]);
    let check = |lead: &Desk| {
        let now = seen(lead);
        assert!(before.iter().all(|row| now.contains(row)));
        assert_eq!(now.len(), before.len() + 1);
        assert!(people.iter().all(|one| lead.respondents().contains(one)));
    };
    check(&lead);
    drop(lead);
    check(&sit(&field.lead));
    drop(field.hub);
}

#[test]
fn nobody_erases_what_somebody_else_wrote_by_calling_it_their_own() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    fill(&mut zhou, "218");
    evening(&mut [&mut chen, &mut zhou, &mut lead]);
    let answered = |desk: &Desk| {
        let rows = desk.records("zh").unwrap().into_iter();
        rows.map(|row| (row.id, row.code, row.answered)).collect::<Vec<_>>()
    };
    let before = answered(&lead);
    drop((zhou, chen));
    let victim = unlock(&field, "武义").read(|view| view.entries_of_kind(kind::INTERVIEW)).unwrap().remove(0);
    let own = unlock(&field, "温岭").read(|view| view.entries_of_kind(kind::INTERVIEW)).unwrap().remove(0);
    let record = victim.body.record;
    let erase = |entry: EntryHash, seq: Seq, record: RecordId| {
        let body = ErasedBody {
            entry,
            chain: own.chain,
            seq,
            kind: kind::INTERVIEW,
            seen: Vec::new(),
            author: own.body.author,
            at: At { ms: 1, offset: 480 },
            rest: None,
            sealed: Vec::new(),
        };
        let erasure = Erasure { bodies: vec![body], ..Erasure::of(Vec::new(), ErasureReason::Mistake, "") };
        let content = Content::from(erasure).encode().unwrap();
        let parents = Vec::new();
        forge_body(&field, "温岭", |body| PlainBody { kind: kind::ERASURE, record, parents, content, ..body });
    };
    // Their own chain, and the name of an entry of somebody else: in a record of its own, and in the entry's.
    erase(victim.hash, own.seq, RecordId::from_bytes([5; 16]));
    erase(victim.hash, own.seq, record);
    // All of a record that they wrote something into.
    forge_body(&field, "温岭", |body| PlainBody { record, parents: Vec::new(), ..body });
    let all = unlock(&field, "温岭").entries_of(record).unwrap();
    let sneaked = all.iter().find(|one| one.body.kind == kind::INTERVIEW && one.chain == own.chain).unwrap();
    erase(sneaked.hash, sneaked.seq, record);

    let (mut chen, mut zhou) = (sit(&field.wuyi), sit(&field.wenling));
    evening(&mut [&mut zhou, &mut chen, &mut lead]);
    let now = answered(&lead);
    assert_eq!(now.len(), before.len());
    let of = |rows: &[(String, String, u32)]| rows.iter().find(|(_, code, _)| code == "217").cloned();
    assert_eq!(of(&now).map(|(id, _, answered)| (id, answered > 0)), of(&before).map(|(id, ..)| (id, true)));
    for desk in [&lead, &chen] {
        let rows = answered(desk);
        assert!(rows.iter().any(|(id, _, answered)| *id == record.to_string() && *answered > 0));
    }
    drop((lead, chen));
    for person in ["组长 张三", "武义"] {
        let found = tianye_store::list(&field.folder.path().join(person)).unwrap();
        for one in found {
            let store = Store::unlock(&one.dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 0).unwrap();
            assert!(!store.read(|view| view.is_erased(victim.hash)).unwrap(), "{person}");
        }
    }
    drop(field.hub);
}

#[test]
fn a_copied_disk_is_one_line_for_its_laptop_and_gone_once_it_is_revoked() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    chen.sync().unwrap();
    drop(chen);
    copy(&field.folder.path().join("武义"), &field.folder.path().join("克隆"));
    let (mut chen, mut twin) = (sit(&field.wuyi), sit(&common::laptop(field.folder.path(), "克隆")));
    fill(&mut chen, "218");
    fill(&mut twin, "219");
    evening(&mut [&mut chen, &mut twin, &mut lead, &mut zhou]);
    let found = misfits(&lead);
    let [fork] = found.as_slice() else { panic!("{} lines", found.len()) };
    assert_eq!((fork.what, fork.owner.as_str(), fork.own), (Misfit::Fork, "陈禾 · 示例电脑", false));
    assert!(fork.entries > 1, "the place is said: {}", fork.entries);
    check(&chen, &[(Misfit::Fork, "陈禾 · 示例电脑", true, fork.entries)]);
    check(&zhou, &[]);

    let team = lead.team().unwrap();
    let certificate = &team.members.iter().find(|member| member.name == "陈禾").unwrap().laptops[0].certificate;
    let input = RevokeInput { certificate: certificate.clone(), why: "misused".into(), note: String::new() };
    lead.revoke(&input).unwrap();
    check(&lead, &[]);

    // By stick there still comes what the revoked laptop writes.
    fill(&mut chen, "220");
    let stick = field.folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    for name in chen.write_stick(&stick, &Cancel::default()).unwrap().files {
        lead.read_stick(&stick.join(name), &Cancel::default()).unwrap();
    }
    let late: Vec<Misfit> = misfits(&lead).iter().map(|one| one.what).collect();
    assert_eq!(late, [Misfit::Late]);
    drop(field.hub);
}

#[test]
fn a_batch_that_was_left_out_is_told_as_missing_until_it_comes() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let stick = field.folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    let write = |chen: &mut Desk| stick.join(chen.write_stick(&stick, &Cancel::default()).unwrap().files.remove(0));
    lead.read_stick(&write(&mut chen), &Cancel::default()).unwrap();
    fill(&mut chen, "217");
    let first = write(&mut chen);
    fill(&mut chen, "218");
    let second = write(&mut chen);
    lead.read_stick(&second, &Cancel::default()).unwrap();
    let found = misfits(&lead);
    assert!(!found.is_empty() && found.iter().all(|one| one.what == Misfit::Gap), "one line says it");
    assert!(found.iter().all(|one| one.owner == "陈禾 · 示例电脑" && one.entries > 0));
    assert_eq!(found.len(), 1);
    lead.read_stick(&first, &Cancel::default()).unwrap();
    check(&lead, &[]);
    drop(field.hub);
}

#[test]
fn a_hub_that_was_put_back_stays_on_the_page_until_it_is_noted() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let Field { folder, hub, .. } = field;
    let listen = hub.address();
    hub.stop().unwrap();
    copy(&folder.path().join("hub"), &folder.path().join("备份"));
    let start = |name: &str| {
        let options = Options {
            data: folder.path().join(name),
            listen,
            address: None,
            now: || 1_700_000_000_000,
            limits: Limits::default(),
        };
        tianye_hub::start(&options).unwrap()
    };
    let hub = start("hub");
    fill(&mut chen, "217");
    evening(&mut [&mut chen, &mut lead]);
    check(&lead, &[]);
    hub.stop().unwrap();
    let hub = start("备份");
    // The way breaks once the hub has again what it forgot: it is found all the same.
    let stop = Cancel::default();
    let broken = lead.sync_told(&stop, &mut |progress| {
        if [SyncStep::PullEntries, SyncStep::PullChunks, SyncStep::Receipts].contains(&progress.step) {
            stop.cancel();
        }
    });
    assert_eq!(broken.map(|_| ()).unwrap_err().code, "cancelled");
    lead.sync().unwrap();
    lead.sync().unwrap();
    let address = lead.sync_state().unwrap().hub;
    check(&lead, &[(Misfit::HubRewound, &address, false, 0)]);
    let found = misfits(&lead).remove(0);
    assert!(!found.at.is_empty());
    assert!(lead.note_misfit(&found.key).unwrap().misfits.is_empty());
    hub.stop().unwrap();
}
