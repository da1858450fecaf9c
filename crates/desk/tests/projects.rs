//! Several projects share a laptop: each has a store of its own, and nothing of one comes into another.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{FORM, PASSPHRASE, begin, finish, hub, join, laptop, say};
use tempfile::TempDir;
use tianye_desk::view::NewProject;
use tianye_desk::{Cancel, Desk, Laptop};
use tianye_journal::ChainId;
use tianye_store::{Passphrase, Store, Unlock};

fn found(laptop: &Laptop, title: &str, hub_card: &str) -> Desk {
    let new = NewProject {
        title: title.into(),
        person: "沈一帆".into(),
        device: "组长电脑".into(),
        passphrase: PASSPHRASE.into(),
        hub_card: Some(hub_card.to_owned()),
    };
    let mut desk = laptop.create_project(&new).unwrap();
    assert!(desk.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap().usable);
    desk.add_form().unwrap();
    desk.add_practice_places().unwrap();
    desk.sync().unwrap();
    desk
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

/// The chains of each store in a data folder.
fn chains(data: &Path) -> Vec<BTreeSet<ChainId>> {
    let stores = tianye_store::list(data).unwrap();
    let open = |dir: &Path| Store::unlock(dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 0).unwrap();
    let of = |store: &Store| store.read(|view| view.frontier()).unwrap().iter().map(|(chain, _)| chain).collect();
    stores.iter().map(|found| of(&open(&found.dir))).collect()
}

#[test]
fn two_projects_on_the_same_laptops_and_the_same_hub_never_mix() {
    let folder = TempDir::new().unwrap();
    let running = hub(&folder.path().join("hub"));
    let card = running.card().to_json();
    let (office, field) = (laptop(folder.path(), "组长"), laptop(folder.path(), "武义"));
    let (mut first, mut second) = (found(&office, "浙江 2017", &card), found(&office, "浙江 2018", &card));
    let (mut chen, mut again) = (join(&mut first, &field, "陈禾"), join(&mut second, &field, "陈禾"));
    let titles = |laptop: &Laptop| {
        let mut titles: Vec<String> = laptop.start().unwrap().stores.into_iter().map(|one| one.project).collect();
        titles.sort_unstable();
        titles
    };
    assert_eq!(titles(&office), ["浙江 2017", "浙江 2018"]);
    assert_eq!(titles(&field), ["浙江 2017", "浙江 2018"]);

    // Both are open at once, and have the same code in use.
    fill(&mut chen, "217");
    fill(&mut again, "217");
    fill(&mut again, "218");
    for desk in [&mut chen, &mut again, &mut first, &mut second] {
        let report = desk.sync().unwrap();
        assert!(report.view.set_aside.is_empty() && report.view.misfits.is_empty());
    }
    assert_eq!((codes(&first), codes(&second)), (vec!["217".into()], vec!["217".into(), "218".to_owned()]));
    assert_eq!((first.team().unwrap().members.len(), second.team().unwrap().members.len()), (2, 2));

    // A stick of one project is of no use to the other, and does it no harm.
    let stick = folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    let written = again.write_stick(&stick, &Cancel::default()).unwrap();
    for name in written.files {
        let file = stick.join(name);
        assert_eq!(first.read_stick(&file, &Cancel::default()).unwrap_err().code, "batch-unusable");
        assert!(second.read_stick(&file, &Cancel::default()).unwrap().set_aside.is_empty());
    }
    assert_eq!((codes(&first).len(), first.sync_state().unwrap().misfits.len()), (1, 0));

    drop((first, second, chen, again));
    for data in ["组长", "武义"] {
        let stores = chains(&folder.path().join(data));
        let [one, other] = stores.as_slice() else { panic!("{} stores", stores.len()) };
        assert!(!one.is_empty() && !other.is_empty() && one.is_disjoint(other), "{data}");
    }
    running.stop().unwrap();
}
