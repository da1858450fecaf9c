//! What a certificate says of hubs, and of laptops that have said nothing.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]
#![allow(clippy::indexing_slicing, reason = "a failed act fails the test")]

mod common;

use common::{PASSPHRASE, begin, finish, join_as, laptop, say, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{EraseInput, ErasureView, Role};

fn whole(record: &str) -> EraseInput {
    EraseInput { record: record.into(), why: "withdrawn".into(), ..nothing() }
}

fn nothing() -> EraseInput {
    EraseInput {
        record: String::new(),
        person: String::new(),
        fields: Vec::new(),
        why: String::new(),
        note: String::new(),
    }
}

fn told(desk: &Desk, id: &str) -> ErasureView {
    desk.erasures("en").unwrap().into_iter().find(|one| one.id == id).unwrap()
}

/// Only the laptop with the project's key is heard by the hub. It says so, so whoever else erases knows as well.
#[test]
fn a_second_lead_learns_that_the_hub_was_told_by_the_laptop_with_the_key() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let mut second = join_as(&mut lead, &laptop(field.folder.path(), "金华"), "林", Role::Lead);
    let mut holder = join_as(&mut lead, &laptop(field.folder.path(), "衢州"), "吴", Role::Safeguarding);
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    finish(&mut chen);
    for desk in [&mut chen, &mut lead, &mut second] {
        desk.sync().unwrap();
    }
    let act = second.erase(&whole(&id)).unwrap().id;
    for desk in [&mut second, &mut zhou, &mut chen] {
        desk.sync().unwrap();
    }
    second.sync().unwrap();
    let waits = told(&second, &act);
    assert!(waits.on_hub && !waits.tells_hubs, "nobody with the key has been there");
    let text = |desk: &Desk, language: &str| desk.certificate_text(&act, language).unwrap();
    for (language, unknown) in [("en", "not known on this laptop yet whether"), ("zh-CN", "还不知道是否已经通知")]
    {
        assert!(text(&second, language).contains(unknown), "{}", text(&second, language));
    }

    for _ in 0..2 {
        lead.sync().unwrap();
    }
    assert!(!told(&lead, &act).on_hub && told(&lead, &act).tells_hubs);
    assert_eq!(lead.outbox().unwrap().entries, 0, "its word has gone out");
    for desk in [&mut second, &mut holder, &mut zhou] {
        desk.sync().unwrap();
        let done = told(desk, &act);
        assert!(!done.on_hub, "the hub was told");
    }
    for (language, done) in [("en", "laptops has been told"), ("zh-CN", "中转服务器：已经收到通知")] {
        assert!(text(&second, language).contains(done), "{}", text(&second, language));
    }
    // Said once: what follows brings no further words.
    let sent = (lead.sync().unwrap().sent, lead.sync().unwrap().sent);
    assert_eq!(sent, (1, 1), "a packet for the safeguarding holders each time");

    // What the laptop with the key erases itself, it says in the same sync.
    let id = begin(&mut chen, "218").id;
    say(&mut chen, "/family/say", "想妈妈");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    let act = lead.erase(&whole(&id)).unwrap().id;
    lead.sync().unwrap();
    second.sync().unwrap();
    assert!(!told(&second, &act).on_hub);
    drop(field.hub);
}

/// Who was let in may read a stick and send nothing: the laptop that admitted it names it among those that have not answered.
#[test]
fn a_laptop_that_was_admitted_and_has_said_nothing_has_not_answered() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let quiet = laptop(field.folder.path(), "金华");
    let invitation = lead.invite("林", "第一组", Role::Interviewer).unwrap();
    let view = quiet.read_invitation(&invitation).unwrap();
    let waiting = quiet.request_join(&view.id, PASSPHRASE, "安静的电脑").unwrap();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", "爸爸在外省");
    finish(&mut chen);
    chen.sync().unwrap();
    lead.sync().unwrap();
    let act = lead.erase(&whole(&id)).unwrap().id;
    for desk in [&mut lead, &mut chen, &mut zhou] {
        desk.sync().unwrap();
        desk.sync().unwrap();
    }
    lead.sync().unwrap();
    assert_eq!(told(&lead, &act).waiting.len(), 0, "who only asked to be let in has nothing");

    let request = lead.team().unwrap().requests.remove(0);
    lead.approve(&request.id).unwrap();
    let names = |desk: &Desk| -> Vec<(String, String)> {
        told(desk, &act).waiting.iter().map(|one| (one.person.clone(), one.device.clone())).collect()
    };
    assert_eq!(names(&lead), [("林".to_owned(), String::new())]);
    let silent = told(&lead, &act).waiting[0].code.clone();
    assert!(lead.certificate_text(&act, "en").unwrap().contains(&format!("not answered yet (1): {silent}")));
    let other = begin(&mut lead, "300").id;
    assert_eq!(lead.preview_erasure(&other, "en").unwrap().laptops, 4);

    // Its first word answers, under the same code.
    let mut lin = quiet.unlock(&waiting.id, PASSPHRASE).unwrap();
    lin.sync().unwrap();
    lin.sync().unwrap();
    lead.sync().unwrap();
    let done = told(&lead, &act);
    assert_eq!((done.waiting.len(), done.answered.len()), (0, 4));
    assert!(done.answered.iter().any(|one| one.code == silent && one.device == "安静的电脑"));
    drop(field.hub);
}

/// A second backup that was given up or replaced keeps what stood in it then: whatever of it is erased later, the certificate names
/// that laptop, until the medium is found again.
#[test]
fn a_second_backup_that_was_replaced_before_an_erasure_is_named_until_it_is_found_again() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let folder = |name: &str| {
        let folder = field.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    };
    let interview = |desk: &mut Desk, code: &str, answer: &str| {
        let id = begin(desk, code).id;
        say(desk, "/family/say", answer);
        finish(desk);
        id
    };
    let (first, second) = (folder("旧U盘"), folder("新U盘"));
    let followed = interview(&mut chen, "216", "先删除");
    chen.keep_second_box(Some(&first)).unwrap();
    let before = interview(&mut chen, "217", "爸爸在外省");
    let others = interview(&mut zhou, "301", "想妈妈");
    let mut erase = |chen: &mut Desk, zhou: &mut Desk, id: &str| {
        for desk in [&mut *chen, &mut *zhou, &mut lead] {
            desk.sync().unwrap();
        }
        let act = lead.erase(&whole(id)).unwrap().id;
        for desk in [&mut lead, chen, zhou] {
            desk.sync().unwrap();
            desk.sync().unwrap();
        }
        lead.sync().unwrap();
        (act.clone(), told(&lead, &act).held.iter().map(|one| one.second_box).collect::<Vec<_>>())
    };
    let (act, held) = erase(&mut chen, &mut zhou, &followed);
    assert_eq!(held, Vec::<bool>::new(), "the backup was there and followed");

    // Another stick takes its place; it is in the laptop all the time.
    chen.keep_second_box(Some(&second)).unwrap();
    let after = interview(&mut chen, "218", "后来写的");
    let (of_before, held) = erase(&mut chen, &mut zhou, &before);
    assert_eq!(held, [true], "the stick in the drawer has it");
    assert_eq!(erase(&mut chen, &mut zhou, &others).1, Vec::<bool>::new(), "it never had what others wrote");
    assert_eq!(erase(&mut chen, &mut zhou, &after).1, Vec::<bool>::new(), "nor what was written later");

    // Found again, it follows; the one that it replaces holds nothing of that any more.
    chen.keep_second_box(Some(&first)).unwrap();
    chen.sync().unwrap();
    zhou.sync().unwrap();
    let last = interview(&mut chen, "219", "最后一份");
    chen.keep_second_box(None).unwrap();
    let (of_last, held) = erase(&mut chen, &mut zhou, &last);
    assert_eq!(held, [true], "given up, not only replaced");
    for (act, held) in [(&act, 0), (&of_before, 0), (&of_last, 1)] {
        assert_eq!(told(&lead, act).held.len(), held);
    }
    // After locking and unlocking too.
    drop(chen);
    let store = field.wuyi.start().unwrap().stores[0].id.clone();
    let mut chen = field.wuyi.unlock(&store, PASSPHRASE).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(told(&lead, &of_last).held.len(), 1);
    chen.keep_second_box(Some(&first)).unwrap();
    chen.sync().unwrap();
    lead.sync().unwrap();
    assert_eq!(told(&lead, &of_last).held.len(), 0);
    drop(field.hub);
}
