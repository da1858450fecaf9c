//! `tianye state` and `tianye verify`: what is here, and what a file would bring, without a window and without taking it in.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod common;

use std::fs::{self, File};
use std::path::Path;

use common::{PASSPHRASE, bad, carry, good, json, team, text, write};
use serde_json::Value;
use tempfile::TempDir;
use tianye_journal::{
    BatchWriter, Frontier, PersonId, PlainBody, Recipient, RecordId, SealedEntry, WallClock, seal_stream,
};
use tianye_store::{Limit, Op, Passphrase, Store, Unlock};
use tianye_survey::kind;

fn simulate(data: &Path, seed: &str) {
    good(data, &["simulate", "pupil", "-n", "1", "--seed", seed]);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &to.join(item.file_name()));
        } else {
            fs::copy(item.path(), to.join(item.file_name())).unwrap();
        }
    }
}

fn store(data: &Path) -> Store {
    let found = tianye_store::list(data).unwrap().remove(0);
    Store::unlock(&found.dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 0).unwrap()
}

/// All entries of a store, in the order in which they travel.
fn entries(store: &Store) -> Vec<SealedEntry> {
    let limit = Limit { entries: 100_000, bytes: 1 << 30 };
    store.read(|view| view.entries_missing_from(&Frontier::default(), limit)).unwrap().entries
}

/// A file of these entries that opens on the laptop of a store.
fn file_for(readers: &[Recipient], path: &Path, entries: &[SealedEntry]) {
    let mut batch = BatchWriter::new(seal_stream(readers, File::create(path).unwrap()).unwrap()).unwrap();
    entries.iter().for_each(|entry| batch.entry(entry).unwrap());
    batch.finish().unwrap().finish().unwrap();
}

#[test]
fn a_file_is_verified_and_nothing_of_it_taken_in() {
    let folder = TempDir::new().unwrap();
    let (lead, chen) = team(folder.path());
    simulate(&chen, "1");
    let stick = folder.path().join("U 盘");
    let files = write(&chen, &stick);
    let [file] = files.as_slice() else { panic!("{files:?}") };
    let before = entries(&store(&lead)).len();
    for paths in [text(file), text(&stick)] {
        let said = good(&lead, &["verify", paths]);
        assert!(said.contains(": whole; ") && said.contains("All of it can be taken in"), "{said}");
        assert!(said.contains("a laptop not known here yet") && said.contains("沈一帆 · 组长电脑"), "{said}");
    }
    let told = json(&lead, &["verify", text(file)]);
    let seen = &told["files"][0];
    let (new, known) = (seen["new"].as_u64().unwrap(), seen["known"].as_u64().unwrap());
    assert!(told["good"] == true && new > 0 && known > 0, "{told}");
    assert_eq!(seen["entries"], new + known);
    assert_eq!(entries(&store(&lead)).len(), before, "nothing has entered");
    let taken = json(&lead, &["from-stick", text(file)]);
    assert_eq!((&taken[0]["received"], &taken[0]["repeated"]), (&new.into(), &known.into()), "as it was said");
    let again = json(&lead, &["verify", text(file)]);
    assert_eq!((&again["files"][0]["new"], &again["files"][0]["known"]), (&0.into(), &(new + known).into()));
    let said = good(&lead, &["verify", text(file), "--lang", "zh"]);
    assert!(said.contains("：完整；") && said.contains("陈禾 · 武义"), "{said}");
    let none = folder.path().join("空");
    fs::create_dir(&none).unwrap();
    assert_eq!(good(&lead, &["verify", text(&none)]).trim(), "No batch lies there.");
}

#[test]
fn what_is_damaged_cut_off_or_of_another_project_is_told_and_fails() {
    let folder = TempDir::new().unwrap();
    let (lead, chen) = team(folder.path());
    simulate(&chen, "1");
    let file = write(&chen, &folder.path().join("U 盘")).remove(0);
    let bytes = fs::read(&file).unwrap();
    let other = folder.path().join("别的项目");
    good(&other, &["new", "别的", "--lead", "别人"]);
    let damaged = folder.path().join("坏.tianye");
    let mut wrong = bytes.clone();
    *wrong.last_mut().unwrap() ^= 1;
    for (what, content) in [("changed", wrong), ("cut", bytes[..bytes.len() - 20].to_vec()), ("nothing", Vec::new())] {
        fs::write(&damaged, content).unwrap();
        bad(&lead, &["verify", text(&damaged)], &["(batch-unusable)", "Not all of it is good"]);
        let told = json(&lead, &["verify", text(&damaged), text(&file)]);
        assert_eq!((&told["good"], &told["files"][0]["whole"]), (&false.into(), &false.into()), "{what}");
        assert_eq!(told["files"][1]["whole"], true, "one that is bad stops none of the others");
    }
    bad(&other, &["verify", text(&file)], &["no batch that opens here (batch-unusable)"]);
    bad(&lead, &["verify", text(&folder.path().join("没有.tianye"))], &["(file-failed)"]);
}

#[test]
fn entries_that_were_changed_or_signed_by_another_project_are_told_with_place_and_reason() {
    let folder = TempDir::new().unwrap();
    let (lead, chen) = team(folder.path());
    simulate(&chen, "1");
    let other = folder.path().join("别的项目");
    good(&other, &["new", "别的", "--lead", "别人"]);
    let readers: Vec<Recipient> = {
        let keys = store(&lead).read(|view| view.reading_keys()).unwrap();
        keys.iter().map(tianye_journal::ReadingKey::recipient).collect()
    };
    let here = entries(&store(&lead)).len();
    let file = folder.path().join("改.tianye");

    let mut changed = entries(&store(&chen));
    let last = changed.last_mut().unwrap();
    let place = last.header.seq.get();
    last.body.as_mut().unwrap()[0] ^= 1;
    file_for(&readers, &file, &changed);
    bad(&lead, &["verify", text(&file)], &["journal-body-damaged", "The content was damaged on the way"]);
    let told = json(&lead, &["verify", text(&file)]);
    let one = &told["files"][0]["bad"][0];
    assert_eq!((&one["entries"], &one["from"], &one["to"]), (&1.into(), &place.into(), &place.into()), "{told}");
    assert_eq!(told["files"][0]["whole"], true);

    let strange = entries(&store(&other));
    file_for(&readers, &file, &strange);
    bad(&lead, &["verify", text(&file)], &["journal-other-project", "It belongs to another project"]);
    let told = json(&lead, &["verify", text(&file)]);
    assert_eq!((&told["files"][0]["new"], &told["files"][0]["entries"]), (&0.into(), &strange.len().into()));
    assert_eq!(entries(&store(&lead)).len(), here, "nothing has entered");
}

/// Writes into the own chain what the program would not write.
fn forge(data: &Path, kind: u16, author: Option<PersonId>) {
    let store = store(data);
    let of = store.read(|view| view.entries_of_kind(kind::INTERVIEW)).unwrap().remove(0).body.author;
    let body = PlainBody {
        kind,
        record: RecordId::from_bytes([7; 16]),
        parents: Vec::new(),
        author: author.unwrap_or(of),
        at: WallClock { millis: 1_700_000_000_000, offset_minutes: 480 },
        content: b"{}".to_vec(),
    };
    store.transact(Op::Seal, |tx| tx.append_own(&body).map(|_| ())).unwrap();
}

#[test]
fn what_somebody_had_no_right_to_write_is_told_before_and_after_it_is_taken_in() {
    let folder = TempDir::new().unwrap();
    let (lead, chen) = team(folder.path());
    simulate(&chen, "1");
    forge(&chen, kind::CONTACTS, None);
    forge(&chen, kind::INTERVIEW, Some(PersonId::from_bytes([9; 16])));
    // A later version of the program may know what this is.
    forge(&chen, kind::LAST + 1, None);
    let file = write(&chen, &folder.path().join("U 盘")).remove(0);
    let expect = ["without effect: 1 entries of", "which this role may not write", "in the name of somebody else"];
    // The chain itself is new, and then it is known.
    for taken in [false, true] {
        bad(&lead, &["verify", text(&file)], &expect);
        let told = json(&lead, &["verify", text(&file)]);
        let seen = &told["files"][0];
        assert_eq!(
            (&told["good"], &seen["whole"], &seen["bad"]),
            (&false.into(), &true.into(), &Value::Array(Vec::new()))
        );
        let codes: Vec<&str> =
            seen["noRight"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["no-right-other-author", "no-right-role"], "{told}");
        if !taken {
            let said = good(&lead, &["from-stick", text(&file)]);
            assert!(said.contains("2 things do not fit. tianye state says what to do."), "{said}");
        }
    }
    let said = good(&lead, &["state"]);
    assert!(said.contains("陈禾 · 武义: one entry is of a sort that this role may not write"), "{said}");
    assert!(said.contains("陈禾 · 武义: one entry is in the name of somebody else"), "{said}");
    assert!(said.contains("Tianye writes none like that: ask who had that laptop"), "{said}");
    assert_eq!(good(&lead, &["state", "--noted"]), said, "it is said once more");
    assert!(!good(&lead, &["state"]).contains("no effect"), "whoever sits there knows of it");
    assert!(!good(&lead, &["from-stick", text(&file)]).contains("do not fit"), "nor is it hinted at");
    // What a lead writes of the same kinds is good.
    let from_lead = write(&lead, &folder.path().join("组长的")).remove(0);
    assert_eq!(json(&chen, &["verify", text(&from_lead)])["files"][0]["noRight"].as_array().unwrap().len(), 2);
}

#[test]
fn two_laptops_with_the_same_entries_show_the_same_frontier() {
    let folder = TempDir::new().unwrap();
    let (lead, chen) = team(folder.path());
    simulate(&chen, "1");
    let heads = |data: &Path| {
        let state = json(data, &["state"]);
        let head = |one: &Value| {
            format!("{}  {}  {}", one["chain"].as_str().unwrap(), one["seq"], one["hash"].as_str().unwrap())
        };
        state["frontier"].as_array().unwrap().iter().map(head).collect::<Vec<_>>()
    };
    assert_ne!(heads(&lead), heads(&chen));
    for (at, (from, to)) in [(&chen, &lead), (&lead, &chen), (&chen, &lead), (&lead, &chen)].into_iter().enumerate() {
        carry(from, to, &folder.path().join(format!("U 盘 {at}")));
    }
    let (here, there) = (heads(&lead), heads(&chen));
    assert_eq!(here, there);
    let said = good(&lead, &["state", "--frontier"]);
    assert!(here.len() > 2 && here.iter().all(|head| said.contains(head)), "{said}");
    assert!(!good(&lead, &["state"]).contains(&here[0]));
}

#[test]
fn an_entry_that_waits_is_told_with_what_it_waits_for() {
    let folder = TempDir::new().unwrap();
    let (lead, chen) = team(folder.path());
    let stick = folder.path().join("U 盘");
    carry(&chen, &lead, &stick);
    simulate(&chen, "1");
    let first = write(&chen, &stick).remove(0);
    simulate(&chen, "2");
    // The card that lies there says what the first one brought.
    let second = write(&chen, &stick).remove(0);
    let told = json(&lead, &["verify", text(&second)]);
    let waits = &told["files"][0]["waiting"][0];
    assert_eq!((&told["good"], waits["owner"].as_str()), (&true.into(), Some("陈禾 · 武义")), "{told}");
    let both = json(&lead, &["verify", text(&first), text(&second)]);
    assert_eq!(both["files"][1]["waiting"], Value::Array(Vec::new()), "it follows on the one named before: {both}");

    let said = good(&lead, &["from-stick", text(&second)]);
    assert!(said.contains("set aside. Look at tianye state."), "{said}");
    let state = json(&lead, &["state"]);
    let gap = state["gaps"].as_array().unwrap().iter().find(|gap| gap["chain"] == waits["chain"]).unwrap();
    assert_eq!((&gap["waits"], gap["owner"].as_str()), (&waits["from"], waits["owner"].as_str()), "{state}");
    let said = good(&lead, &["state"]);
    assert!(said.contains(&format!("not here; entry {} waits for that", gap["waits"])), "{said}");
    assert!(said.contains("(journal-gap)\n  Entries in between are missing"), "{said}");
    assert!(said.contains("  Let that laptop sync or write a stick once more"), "{said}");

    let said = good(&lead, &["from-stick", text(&first)]);
    assert!(!said.contains("tianye state"), "{said}");
    let state = json(&lead, &["state"]);
    assert_eq!((&state["gaps"], &state["setAside"]), (&Value::Array(Vec::new()), &Value::Array(Vec::new())));
}

#[test]
fn a_disk_that_was_copied_is_told_with_whose_it_is_and_where_it_splits() {
    let folder = TempDir::new().unwrap();
    let (lead, chen) = team(folder.path());
    let twin = folder.path().join("陈禾 的克隆");
    copy(&chen, &twin);
    simulate(&chen, "1");
    simulate(&twin, "2");
    carry(&chen, &lead, &folder.path().join("一"));
    let before = json(&lead, &["state"]);
    assert_eq!(before["forks"], Value::Array(Vec::new()));
    let file = write(&twin, &folder.path().join("二")).remove(0);
    assert!(good(&lead, &["verify", text(&file)]).contains("two branches from entry "));
    assert_eq!(json(&lead, &["state"])["forks"], Value::Array(Vec::new()), "it was only looked at");

    let said = good(&lead, &["from-stick", text(&file)]);
    assert!(said.contains("Two branches: 陈禾 · 武义. Look at tianye state."), "{said}");
    let state = json(&lead, &["state"]);
    let forks = state["forks"].as_array().unwrap();
    assert!(!forks.is_empty(), "{state}");
    for fork in forks {
        assert_eq!((fork["owner"].as_str(), &fork["own"]), (Some("陈禾 · 武义"), &false.into()), "{state}");
        let ends: Vec<u64> = fork["ends"].as_array().unwrap().iter().map(|end| end.as_u64().unwrap()).collect();
        assert!(ends.len() == 2 && ends.iter().all(|end| *end >= fork["at"].as_u64().unwrap()), "{state}");
    }
    assert!(state["chains"].as_array().unwrap().iter().any(|chain| chain["forked"] == true));
    let said = good(&lead, &["state"]);
    assert!(said.contains("陈禾 · 武义: two branches from entry ") && said.contains("tianye revoke"), "{said}");
    let said = good(&lead, &["state", "--lang", "zh"]);
    assert!(said.contains("有两个分支，请告诉组长") && said.contains("两个分支都留着。"), "{said}");

    // Whose disk it is learns of it too, and is told another thing to do.
    good(&chen, &["from-stick", text(&file)]);
    let state = json(&chen, &["state"]);
    assert!(state["forks"].as_array().unwrap().iter().all(|fork| fork["own"] == true), "{state}");
    assert!(good(&chen, &["state"]).contains("this laptop goes on in a new chain"));
}
