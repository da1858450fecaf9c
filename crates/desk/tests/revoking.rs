//! A laptop is revoked: what came before holds, what comes later waits, and the others go on where it cannot read.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{PASSPHRASE, begin, finish, laptop, say, set_up};
use tianye_desk::view::{LaptopCard, RevokeInput, Role, TeamView};
use tianye_desk::{Cancel, Desk, Laptop};

fn join_as(lead: &mut Desk, laptop: &Laptop, name: &str, role: Role) -> Desk {
    let invitation = lead.invite(name, "", role).unwrap();
    let view = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&view.id, PASSPHRASE, &format!("{name}的电脑")).unwrap();
    let request = lead.team().unwrap().requests.into_iter().find(|request| request.name == name).unwrap();
    lead.approve(&request.id).unwrap();
    let mut desk = laptop.unlock(&waiting.id, PASSPHRASE).unwrap();
    desk.sync().unwrap();
    desk
}

fn laptop_of(team: &TeamView, name: &str) -> LaptopCard {
    team.members.iter().find(|member| member.name == name).unwrap().laptops[0].clone()
}

fn revoke(desk: &mut Desk, name: &str) -> TeamView {
    let certificate = laptop_of(&desk.team().unwrap(), name).certificate;
    desk.revoke(&RevokeInput { certificate, why: "lost".into(), note: "在汽车上丢了".into() }).unwrap()
}

fn codes(desk: &Desk) -> Vec<String> {
    let mut codes: Vec<String> = desk.records("zh-CN").unwrap().into_iter().map(|card| card.code).collect();
    codes.sort_unstable();
    codes
}

/// How many interviews wait for the person without being begun.
fn assigned(desk: &mut Desk) -> usize {
    let places = desk.home("zh-CN").unwrap().places;
    places.iter().flat_map(|place| &place.rows).filter(|card| card.assigned).count()
}

fn fill(desk: &mut Desk, code: &str) {
    begin(desk, code);
    say(desk, "/family/say", "想妈妈");
    finish(desk);
}

/// Everybody syncs until nothing is under way.
fn evening(desks: &mut [&mut Desk]) {
    for _ in 0..3 {
        for desk in desks.iter_mut() {
            desk.sync().unwrap();
        }
    }
}

#[test]
fn the_hub_lets_a_revoked_laptop_in_no_more_and_the_others_go_on() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    evening(&mut [&mut chen, &mut zhou, &mut lead]);

    let own = laptop_of(&lead.team().unwrap(), "沈一帆").certificate;
    let input =
        |certificate: &str| RevokeInput { certificate: certificate.into(), why: "lost".into(), note: String::new() };
    assert_eq!(lead.revoke(&input(&own)).unwrap_err().code, "revoke-self");
    assert_eq!(lead.revoke(&input("1")).unwrap_err().code, "member-gone");
    assert_eq!(zhou.revoke(&input(&own)).unwrap_err().code, "no-right");

    let team = revoke(&mut lead, "陈禾");
    let card = laptop_of(&team, "陈禾");
    let revoked = card.revoked.unwrap();
    assert_eq!((revoked.by.as_str(), revoked.why.as_str(), revoked.note.as_str()), ("沈一帆", "lost", "在汽车上丢了"));
    assert_eq!((card.waiting, card.own), (0, false));
    assert!(laptop_of(&team, "周宁").revoked.is_none());
    assert_eq!(lead.revoke(&input(&card.certificate)).unwrap_err().code, "revoked-before");

    fill(&mut chen, "218");
    assert_eq!(chen.sync().unwrap_err().code, "device-blocked");
    assert_eq!(codes(&chen), ["217", "218"], "nothing is taken from the laptop itself");

    // The others go on, and read each other as before.
    fill(&mut zhou, "301");
    evening(&mut [&mut lead, &mut zhou]);
    assert_eq!(codes(&lead), ["217", "301"], "what came before holds");
    lead.assign_county("pupil", "周宁", "温岭市").unwrap();
    evening(&mut [&mut lead, &mut zhou]);
    assert!(assigned(&mut zhou) > 0, "the lead's new chain is read");

    // Whoever is admitted now reads what stood before and what comes.
    let mut lin = join_as(&mut lead, &laptop(field.folder.path(), "林"), "林晓", Role::Interviewer);
    evening(&mut [&mut lead, &mut lin]);
    assert_eq!(lin.home("zh-CN").unwrap().forms.len(), 1);
    drop(field.hub);
}

#[test]
fn each_of_two_hubs_is_asked_to_refuse_a_revoked_laptop() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let nearby = common::hub(&field.folder.path().join("nearby"));
    let shown = lead.open_nearby(nearby.card()).unwrap();
    for desk in [&mut chen, &mut zhou] {
        desk.find_nearby(&shown.address, &shown.code).unwrap();
    }
    let run = |desk: &Desk| desk.courier_nearby().unwrap().run(&Cancel::default(), &mut |_| ()).map(drop);
    fill(&mut chen, "217");
    evening(&mut [&mut chen, &mut zhou, &mut lead]);
    run(&chen).unwrap();
    run(&lead).unwrap();

    // The project's hub is told at once; the other one when the lead comes there.
    revoke(&mut lead, "陈禾");
    assert_eq!(chen.sync().unwrap_err().code, "device-blocked");
    fill(&mut chen, "218");
    run(&chen).unwrap();
    run(&lead).unwrap();
    assert_eq!(run(&chen).unwrap_err().code, "device-blocked");
    assert_eq!(chen.sync().unwrap_err().code, "device-blocked");
    run(&zhou).unwrap();
    zhou.sync().unwrap();

    // What came by the other hub meanwhile has no effect.
    lead.after_stick().unwrap();
    assert_eq!(codes(&lead), ["217"]);
    assert!(laptop_of(&lead.team().unwrap(), "陈禾").waiting > 0);
    nearby.stop().unwrap();
    drop(field.hub);
}

#[test]
fn a_second_lead_reads_all_and_once_revoked_nothing_that_comes_later() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    let mut second = join_as(&mut lead, &laptop(field.folder.path(), "副组长"), "何苗", Role::Lead);
    evening(&mut [&mut chen, &mut zhou, &mut lead, &mut second]);
    assert_eq!(codes(&second), ["217"]);
    assert!(!second.team().unwrap().keeps);
    assert_eq!(second.invite("某人", "", Role::Interviewer).unwrap_err().code, "no-right");

    // What the second lead writes, everybody reads.
    second.assign_county("pupil", "陈禾", "武义县").unwrap();
    evening(&mut [&mut second, &mut chen]);
    assert!(assigned(&mut chen) > 0);

    revoke(&mut lead, "何苗");
    evening(&mut [&mut lead, &mut chen, &mut zhou]);
    fill(&mut zhou, "301");
    fill(&mut chen, "218");
    evening(&mut [&mut chen, &mut zhou, &mut lead]);
    assert_eq!(codes(&lead), ["217", "218", "301"]);

    // Were every byte on the revoked laptop, it could not open what came later.
    let store = tianye_store::list(&field.folder.path().join("副组长")).unwrap().remove(0);
    drop(second);
    let passphrase = tianye_store::Passphrase::new(PASSPHRASE);
    let open = |data: &str| {
        let one = tianye_store::list(&field.folder.path().join(data)).unwrap().remove(0);
        tianye_store::Store::unlock(&one.dir, tianye_store::Unlock::Passphrase(&passphrase), 0).unwrap()
    };
    drop(lead);
    let lead = open("组长 张三");
    let stolen = tianye_store::Store::unlock(&store.dir, tianye_store::Unlock::Passphrase(&passphrase), 0).unwrap();
    let (later, closed) = copy_all(&lead, &stolen);
    assert!(later > 0 && closed > 0, "{later} entries came, {closed} stay closed");
    let interviews = |store: &tianye_store::Store| store.read(|view| view.records_of_kind(8)).unwrap().len();
    assert_eq!((interviews(&lead), interviews(&stolen)), (3, 1));
    drop(field.hub);
}

/// Gives one store all entries of another; how many were new, and how many bodies stay closed.
fn copy_all(from: &tianye_store::Store, to: &tianye_store::Store) -> (usize, u64) {
    let theirs = to.read(|view| view.frontier()).unwrap();
    let limit = tianye_store::Limit { entries: 10_000, bytes: 1 << 30 };
    let page = from.read(|view| view.entries_missing_from(&theirs, limit)).unwrap();
    assert!(page.rest.is_empty());
    let trust = to.read(|view| view.setting("who")).unwrap().unwrap();
    let who: serde_json::Value = serde_json::from_slice(&trust).unwrap();
    let key = tianye_journal::from_hex(who["project_key"].as_str().unwrap()).unwrap();
    let key = tianye_journal::ProjectPublicKey::from_bytes(&key.try_into().unwrap()).unwrap();
    let trust = tianye_journal::Trust { project: who["project"].as_str().unwrap().parse().unwrap(), key };
    let admitted = to.transact(tianye_store::Op::Admit, |tx| tx.receive(&trust, page.entries, 0)).unwrap();
    (admitted.new.len(), to.read(|view| view.count_closed()).unwrap())
}

#[test]
fn an_administrator_admits_and_revokes_and_reads_no_interview() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    fill(&mut chen, "217");
    let mut office = join_as(&mut lead, &laptop(field.folder.path(), "办公室"), "钱敏", Role::Administrator);
    evening(&mut [&mut chen, &mut zhou, &mut lead, &mut office]);
    assert!(office.team().unwrap().keeps);
    assert_eq!(codes(&office), Vec::<String>::new());

    let mut lin = join_as(&mut office, &laptop(field.folder.path(), "林"), "林晓", Role::Interviewer);
    fill(&mut lin, "401");
    evening(&mut [&mut lin, &mut lead, &mut office]);
    assert_eq!((codes(&lead), codes(&office)), (vec!["217".into(), "401".into()], vec![]));
    assert_eq!(lin.home("zh-CN").unwrap().forms.len(), 1);

    // Each reads what the other keeper wrote; only who can be seen can be revoked.
    evening(&mut [&mut office, &mut lead, &mut lin]);
    revoke(&mut lead, "林晓");
    evening(&mut [&mut lead, &mut office, &mut zhou]);
    fill(&mut lin, "402");
    assert_eq!(lin.sync().unwrap_err().code, "device-blocked");
    drop(field.hub);
}
