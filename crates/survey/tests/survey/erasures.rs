//! What is dropped is gone, and everything else stays as it was: its order, its authors, its history.

use crate::dsl::{RECORD, all_writes, chain, entry, fold, form, hash, history, name, person, record, show, team};
use crate::properties::{FIELDS, World, act};
use expect_test::expect;
use proptest::prelude::*;
use std::collections::BTreeSet;
use tianye_journal::{EntryHash, RecordId, Seq};
use tianye_survey::*;

/// The entry of an erasure by the lead.
pub fn erased(name: &str, who: &str, erasure: Erasure) -> Opened {
    let content = Content::from(erasure);
    let bytes = content.encode().expect("a content that can be written");
    entry(name, who, &[], 99, Content::decode(kind::ERASURE, &bytes))
}

fn answers(entries: &[Opened], fields: &[&str]) -> Erasure {
    let fields: Vec<Field> = fields.iter().map(|field| Field::from(*field)).collect();
    erase_answers(entries, fields.clone(), ErasureReason::Withdrawn, "奶奶不同意", &|_, field| {
        fields.contains(field)
    })
}

/// The entries that are still open once everything that was erased was dropped.
fn dropped(entries: &[Opened]) -> Vec<Opened> {
    let gone = erasures(RECORD, entries, &team()).bodies;
    entries.iter().filter(|entry| !gone.contains(&entry.hash)).cloned().collect()
}

/// The state, which must be the same whether the bodies are still here or not.
#[track_caller]
fn state(entries: &[Opened]) -> InterviewState {
    let after = fold(&dropped(entries));
    assert_eq!(fold(entries), after, "with the bodies and without");
    after
}

const STORY: &str = "a@chen: /q = 1; /p = 5; subject 217
    b@chen(a): /q = 2; /r[f0]/n = 7
    c@zhou(b): /q = 3 over b; stage finalised
    d@shen(c): approve";

#[test]
fn an_answer_goes_and_the_rest_keeps_its_place() {
    let mut story = history(STORY);
    story.push(erased("e", "shen", answers(&story, &["/p"])));
    expect![[r#"
        /q = 3
        /r[f0]/n = 7
        subject = 32313700-0000-0000-0000-000000000000
        status: approved
        heads: d
    "#]]
    .assert_eq(&show(&state(&story)));
    let gone: Vec<String> = erasures(RECORD, &story, &team()).bodies.iter().map(|h| name(h.as_bytes())).collect();
    assert_eq!(gone, ["a"], "only what held it is dropped");
    let history: Vec<String> =
        state(&story).history(&"/q".into()).iter().map(|s| format!("{:?}", name(s.write.entry.as_bytes()))).collect();
    assert_eq!(history, ["\"a\"", "\"b\"", "\"c\""]);
}

#[test]
fn an_old_answer_does_not_come_back_when_the_newer_one_goes() {
    let mut story = history(STORY);
    story.push(erased("e", "shen", answers(&story, &["/q"])));
    let state = state(&story);
    assert!(!state.fields.contains_key(&"/q".into()));
    // Nobody who writes it anew is in conflict with what was.
    story.extend(history("f@chen(d): /q = 4"));
    expect![[r#"
        /p = 5
        /q = 4
        /r[f0]/n = 7
        subject = 32313700-0000-0000-0000-000000000000
        status: corrected
        heads: f
    "#]]
    .assert_eq(&show(&self::state(&story)));
}

#[test]
fn who_could_not_read_an_entry_does_not_read_its_rest_in_the_erasure() {
    let story = history(STORY);
    let plain = answers(&story, &["/p"]);
    let flip = |bytes: &[u8]| bytes.iter().map(|byte| byte ^ 0x55).collect::<Vec<u8>>();
    let sealed = seal_rests(&plain, &mut |of, _, rest| {
        assert_eq!(of, chain("chen"), "the chain of the entry, not of who erases");
        Ok::<_, ()>(flip(rest))
    });
    let erasure = erased("e", "shen", sealed.unwrap());
    let shown = String::from_utf8(erasure.content.to_json().unwrap()).unwrap();
    assert!(!shown.contains("/r[f0]/n") && !shown.contains("changes"), "{shown}");
    let read = |may: bool| {
        let mut entries = dropped(&story.iter().cloned().chain([erasure.clone()]).collect::<Vec<_>>());
        entries.retain(|entry| entry.hash != hash("a"));
        open_rests(&mut entries, &|_, _, bytes| may.then(|| flip(bytes)));
        fold(&entries)
    };
    assert!(read(true).fields.contains_key(&"subject".into()));
    assert!(!read(false).fields.contains_key(&"subject".into()));
    assert_eq!(read(true).heads(), read(false).heads(), "its place is known to both");
}

#[test]
fn a_row_takes_along_what_stands_in_it() {
    let mut story = history("a@chen: /r[f0] = 1; /r[f0]/n = 7; /r[f0]/s[d0]/n = 8; /r[e0]/n = 9");
    story.push(erased("e", "shen", answers(&story, &["/r[f0]"])));
    let left: Vec<String> = state(&story).fields.keys().map(ToString::to_string).collect();
    assert_eq!(left, ["/r[e0]/n"]);
}

#[test]
fn of_a_whole_record_only_the_places_are_left() {
    let mut story = history(STORY);
    story.push(erased("e", "su", erase_record(&story, ErasureReason::Withdrawn, "")));
    let was = erasures(RECORD, &story, &team());
    assert!(was.is_whole());
    assert_eq!(was.bodies.len(), 4);
    assert_eq!(record_kind(&dropped(&story), &team()), Some(kind::INTERVIEW));
    expect![[r#"
        status: draft
        heads: d
    "#]]
    .assert_eq(&show(&state(&story)));
    let shown = format!("{:?}", dropped(&story));
    assert!(!shown.contains('7') || !shown.contains("217"), "{shown}");
}

#[test]
fn two_who_erase_different_answers_erase_both() {
    let mut story = history(STORY);
    let (one, other) = (answers(&story, &["/q"]), answers(&story, &["/p", "/r[f0]/n"]));
    story.push(erased("e", "shen", one));
    story.push(erased("f", "su", other));
    expect![[r#"
        subject = 32313700-0000-0000-0000-000000000000
        status: approved
        heads: d
    "#]]
    .assert_eq(&show(&state(&story)));

    // Each still holds what the other one took, until somebody says anew what both left.
    let before = state(&story);
    let story = dropped(&story);
    let left = without_erased(RECORD, &story, &team());
    let tidy = erase_kept(&left).expect("two that keep each other's words");
    let both = ["e", "f"].map(hash);
    assert!(both.iter().all(|one| tidy.bodies.iter().any(|body| body.entry == *one)), "{tidy:?}");
    let story = dropped(&[story, vec![erased("g", "shen", tidy)]].concat());
    assert!(story.iter().all(|entry| !both.contains(&entry.hash)));
    assert_eq!(show(&state(&story)), show(&before));
    assert_eq!(erase_kept(&without_erased(RECORD, &story, &team())), None);
}

#[test]
fn what_an_erasure_left_can_be_erased() {
    let mut story = history(STORY);
    story.push(erased("e", "shen", answers(&story, &["/p"])));
    // A laptop that carried it out has the rest from the erasure alone.
    let mut story = dropped(&story);
    story.push(erased("f", "shen", answers(&story, &["/q"])));
    assert!(erasures(RECORD, &story, &team()).bodies.contains(&hash("e")), "the erasure itself held the answer");
    let fields = |entries: &[Opened]| state(entries).fields.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(fields(&story), ["/r[f0]/n", "subject"]);
    let mut story = dropped(&story);
    story.push(erased("g", "shen", erase_record(&story, ErasureReason::Retention, "")));
    assert_eq!(fields(&story), Vec::<String>::new());
    assert_eq!(state(&story).heads(), [hash("d")]);
    assert_eq!(erasures(RECORD, &dropped(&story), &team()).bodies.len(), 6, "the four entries and two erasures");
}

#[test]
fn an_erasure_stays_short_however_many_stood_before_it() {
    let fields: Vec<String> = (0..40).map(|number| format!("/q{number}")).collect();
    let all: Vec<String> = fields.iter().map(|field| format!("{field} = 1")).collect();
    let mut story = history(&format!("a@chen: {0}\n b@zhou(a): {0}", all.join("; ")));
    let mut longest = 0;
    for (number, field) in fields.iter().enumerate() {
        // Half of the laptops that erase have carried out what came before.
        let known = if number % 2 == 0 { dropped(&story) } else { story.clone() };
        let erasure = answers(&known, &[field.as_str()]);
        let length = Content::from(erasure.clone()).encode().expect("a content").len();
        longest = longest.max(length);
        story.push(erased(&format!("x{number}"), "shen", erasure));
    }
    assert!(longest < 20_000, "{longest} bytes");
    assert!(state(&story).fields.is_empty());
}

#[test]
fn many_bodies_are_named_by_several_erasures() {
    let text = "很".repeat(50_000);
    let lines: Vec<String> = (0..9).map(|number| format!("a{number}@chen: /q = 1; /p = {text}")).collect();
    let mut story = history(&lines.join("\n"));
    let before: Vec<EntryHash> = story.iter().map(|entry| entry.hash).collect();
    let parts = answers(&story, &["/q"]).in_parts();
    assert_eq!(parts.len(), 3);
    for (number, part) in parts.into_iter().enumerate() {
        story.push(erased(&format!("x{number}"), "shen", part));
    }
    let state = state(&story);
    assert_eq!(state.fields.keys().map(Field::as_str).collect::<Vec<_>>(), ["/p"]);
    assert!(before.iter().all(|hash| erasures(RECORD, &story, &team()).bodies.contains(hash)));
}

/// A sitting that makes a tree of an answer.
fn tree(name: &str, parents: &[&str], answers: &[(&str, &str)], label: &str) -> Opened {
    let changes = answers.iter().map(|(field, value)| Change::new(*field, Answer::of(value))).collect();
    let act = EntityAct {
        list: "trees".into(),
        id: "6f1b0c4e-3c5e-4a8e-9d56-0a1b2c3d4e5f".into(),
        create: true,
        update: false,
        label: Some(label.into()),
        properties: std::collections::BTreeMap::new(),
        base_version: None,
        trunk_version: None,
        branch_id: None,
        saw: Vec::new(),
    };
    entry(name, "chen", parents, 1, Interview { changes, entities: Some(vec![act]), ..Interview::under(form(1)) })
}

#[test]
fn what_later_sittings_made_of_the_answer_goes_with_it() {
    let mut story = vec![tree("a", &[], &[("/name", "小满")], "小满"), tree("b", &["a"], &[("/age", "9")], "小满")];
    let untouched = answers(&story, &["/mother"]);
    assert!(untouched.bodies.is_empty(), "nothing was written there");
    story.push(erased("x", "shen", answers(&story, &["/name"])));
    let told = state(&story).told;
    assert_eq!((told.writes, told.erased), (vec![], vec![hash("x")]));
    let bytes = story[2].content.encode().expect("a content");
    assert!(!String::from_utf8_lossy(&bytes).contains("小满"));
    let left: Vec<String> = state(&story).fields.keys().map(ToString::to_string).collect();
    assert_eq!(left, ["/age"]);
}

#[test]
fn what_a_laptop_makes_of_an_answer_without_knowing_that_it_was_erased_goes_too() {
    let mut story = vec![tree("a", &[], &[("/name", "小满")], "小满")];
    story.push(erased("x", "shen", answers(&story, &["/name"])));
    let left = without_erased(RECORD, &story, &team());
    assert_eq!(erase_acts(&left, &erasures(RECORD, &story, &team())), None);
    story.push(tree("b", &["a"], &[("/age", "9")], "小满"));
    assert!(state(&story).told.writes.is_empty(), "it does not count");
    let left = without_erased(RECORD, &story, &team());
    let erasure = erase_acts(&left, &erasures(RECORD, &story, &team())).expect("an act that came late");
    assert_eq!(erasure.fields, ["/name".into()]);
    story.push(erased("y", "shen", erasure));
    let holds = |entry: &Opened| String::from_utf8_lossy(&entry.content.to_json().expect("a content")).contains("小满");
    assert!(!dropped(&story).iter().any(holds));
    assert_eq!(state(&story).fields.keys().map(Field::as_str).collect::<Vec<_>>(), ["/age"]);
    // Who knew of both says what counts.
    let Content::Interview(sitting) = tree("c", &["b"], &[], "小寒").content else { panic!("a sitting") };
    let knowing = Interview { erased: vec![hash("x"), hash("y")], ..*sitting };
    story.push(entry("c", "chen", &["b"], 5, knowing));
    assert!(state(&story).told.writes.iter().any(|write| *write.value == *"小寒"));
    let left = without_erased(RECORD, &story, &team());
    assert_eq!(erase_acts(&left, &erasures(RECORD, &story, &team())), None);
}

/// What a lead hands on: of each interview the label of its tree, known to the erasures named.
fn handed(name: &str, who: &str, parents: &[&str], told: &[(&str, &str, &[&str])]) -> Opened {
    let told = told.iter().map(|(interview, label, erased)| {
        let sitting = tree(interview, &[], &[], label);
        let state = fold(std::slice::from_ref(&sitting));
        let erased = erased.iter().map(|name| hash(name)).collect();
        Told { record: record(interview), erased, ..state.told }
    });
    let content = HandedOn { told: told.collect(), people: std::collections::BTreeMap::default() };
    entry(name, who, parents, 1, content)
}

fn stale(entries: &[Opened], interview: &str, erasures: &[&str]) -> Option<Erasure> {
    let erasures = erasures.iter().map(|name| hash(name)).collect();
    erase_told(entries, &[(record(interview), erasures)].into(), ErasureReason::Withdrawn)
}

#[test]
fn what_was_told_as_begun_goes_and_what_was_told_of_others_stays() {
    let begun = |interview: &str| Beginning {
        interview: record(interview),
        form_id: "pupil".into(),
        subject: Some(record("s")),
        site: None,
        on: "2017-07-14".into(),
        practice: false,
    };
    let told = Beginnings { called: "陈禾".into(), begun: vec![begun("r1"), begun("r2")] };
    let mut story = vec![entry("a", "chen", &[], 1, told)];
    assert_eq!(erase_begun(&story, &record("r3"), ErasureReason::Withdrawn), None);
    let erasure = erase_begun(&story, &record("r1"), ErasureReason::Withdrawn).expect("something told");
    story.push(erased("e", "shen", erasure));
    for entries in [story.clone(), dropped(&story)] {
        let mut project = ProjectState::default();
        project.put(RECORD, &entries, &team());
        let left: Vec<RecordId> = project.begun().map(|(_, one)| one.interview).collect();
        assert_eq!((left, project.called(&person("chen"))), (vec![record("r2")], Some("陈禾")));
        let left = without_erased(RECORD, &entries, &team());
        assert_eq!(erase_begun(&left, &record("r1"), ErasureReason::Withdrawn), None);
    }
}

#[test]
fn what_was_handed_on_of_an_interview_goes_and_of_others_stays() {
    let mut story = vec![
        handed("h", "shen", &[], &[("r1", "小满", &[]), ("r2", "小雪", &[])]),
        handed("i", "su", &[], &[("r1", "小满", &[])]),
        handed("j", "shen", &["h", "i"], &[("r2", "大雪", &[])]),
    ];
    assert_eq!(stale(&story, "r3", &["x"]), None);
    let erasure = stale(&story, "r1", &["x"]).expect("something stale");
    assert_eq!(erasure.fields, [Field::told_of(&record("r1"))]);
    assert_eq!(erasure.fields[0].told(), Some(record("r1")));
    assert_eq!(erasure.bodies.len(), 2, "the third says nothing of it");
    story.push(erased("e", "shen", erasure));
    // A laptop that did not know hands it on again; one that knew says what is left.
    story.push(handed("k", "shen", &["j"], &[("r1", "小满", &[])]));
    story.push(handed("l", "shen", &["j"], &[("r1", "小寒", &["x"])]));
    let (_, told) = handed_on(RECORD, &story, &team());
    let label = |interview: &str| {
        told[&record(interview)].writes.iter().find(|w| w.column == "label").map(|w| w.value.to_string())
    };
    assert_eq!(label("r1").as_deref(), Some("小寒"), "who knows of the erasure holds");
    let again = stale(&without_erased(RECORD, &story, &team()), "r1", &["x"]).expect("what came late");
    assert_eq!(again.bodies.iter().map(|body| body.entry).collect::<Vec<_>>(), [hash("k")]);
    story.push(erased("f", "su", again));
    assert_eq!(stale(&without_erased(RECORD, &story, &team()), "r1", &["x"]), None);
    // The other goes too: it stood in what the first erasure left.
    let other = stale(&without_erased(RECORD, &story, &team()), "r2", &["y"]).expect("something stale");
    story.push(erased("g", "shen", other));
    for entries in [story.clone(), dropped(&story)] {
        let (ground, told) = handed_on(RECORD, &entries, &team());
        assert_eq!(told.keys().collect::<Vec<_>>(), [&record("r1")]);
        assert_eq!(ground.heads().len(), 2, "the history keeps its order");
    }
    for word in ["小满", "小雪", "大雪"] {
        let holds =
            |entry: &Opened| String::from_utf8_lossy(&entry.content.to_json().expect("a content")).contains(word);
        assert!(!dropped(&story).iter().any(holds), "{word}");
    }
}

#[test]
fn decisions_remarks_files_and_the_audit_log_go_with_the_answer() {
    let event = AuditEvent {
        event: "question".into(),
        node: "/data/r[2]/n".into(),
        new: Some("9".into()),
        ..AuditEvent::default()
    };
    let chunk =
        |byte: u8| ChunkRef { id: tianye_journal::ChunkId::from_bytes([byte; 32]), key: Secret([0; 32]), len: 3 };
    let photograph = |name: &str, byte| Attachment {
        name: name.into(),
        media_type: "image/png".into(),
        hash: form(0),
        len: 3,
        chunks: vec![chunk(byte)],
    };
    let file = |field: &str, name: &str, byte| Change {
        file: Some(photograph(name, byte)),
        ..Change::new(field, Answer::of(name))
    };
    let mut first = Interview::under(form(1));
    first.changes = vec![
        Change::new(event.field(1, 1), event.answer()),
        Change::new("/r[f0]/n", Answer::of("9")),
        file("/face", "a.png", 1),
        file("/house", "b.png", 2),
    ];
    let remark = |field: &str| Remark { field: field.into(), text: "看不清".into() };
    let review =
        Review { remarks: vec![remark("/face"), remark("/house")], ..Review::new(Verdict::SentBack, "缺一页") };
    let mut story = vec![entry("a", "chen", &[], 1, first), entry("c", "shen", &["a"], 3, review)];
    story.extend(history("b@shen(a): decide /r[f0]/n = 8 over a"));
    let erasure = answers(&story, &["/face", "/r[f0]/n"]);
    assert_eq!(erasure.chunks, [chunk(1).id]);
    assert_eq!(erasure.bodies.len(), 3);
    story.push(erased("e", "shen", erasure));
    let state = state(&story);
    assert_eq!(state.audit(), []);
    assert_eq!(state.fields.keys().map(Field::as_str).collect::<Vec<_>>(), ["/house"]);
    let remarks: Vec<&Remark> =
        state.status.sent_back().flat_map(|w| w.review.iter().flat_map(|r| &r.remarks)).collect();
    assert_eq!(remarks, [&remark("/house")]);
}

#[test]
fn who_may_not_erase_erases_nothing_and_is_reported() {
    let mut story = history(STORY);
    story.push(erased("e", "chen", erase_record(&story, ErasureReason::Mistake, "")));
    expect![[r#"
        /p = 5
        /q = 3
        /r[f0]/n = 7
        subject = 32313700-0000-0000-0000-000000000000
        status: approved
        heads: d
        no right: e no-right-not-own
    "#]]
    .assert_eq(&show(&state(&story)));
    assert!(erasures(RECORD, &story, &team()).erasures.is_empty());
}

/// What an erasure by an interviewer comes to: its fields and bodies, whether it is of the whole record, or that it is none.
#[track_caller]
fn check_own(story: &[Opened], erasure: Erasure, here: &[&str], expect: &str) {
    let mut all = story.to_vec();
    all.push(erased("e", "zhou", erasure));
    // The entries whose headers are here, each in its author's chain.
    let place = |name: &&&str| {
        let of = story.iter().find(|entry| entry.hash == hash(name));
        of.map_or((chain("chen"), Seq::FIRST), |entry| (entry.chain, entry.seq))
    };
    confirm_erasures(&mut all, &|entry| here.iter().find(|name| hash(name) == *entry).as_ref().map(place));
    let state = erasures(RECORD, &all, &team());
    let names = |all: &BTreeSet<EntryHash>| all.iter().map(|one| name(one.as_bytes())).collect::<Vec<_>>().join(" ");
    let found = match state.erasures.get(&hash("e")) {
        None => "nothing".to_owned(),
        Some(one) => {
            let of = if one.of_record { "the record" } else { "some" };
            let chunks = state.chunks.iter().map(|chunk| chunk.as_bytes()[0].to_string()).collect::<Vec<_>>().join(" ");
            format!("{of}: {}, chunks: {chunks}, whole: {}", names(&state.bodies), state.is_whole())
        }
    };
    assert_eq!(found, expect);
}

#[test]
fn who_may_erase_only_what_is_theirs_reaches_nothing_else() {
    let own = |text: &str| {
        let mut story = history(text);
        story.retain(|entry| entry.author == person("zhou"));
        story
    };
    let whole = |entries: &[Opened]| erase_record(entries, ErasureReason::Mistake, "");
    let chunks = |bytes: &[u8]| bytes.iter().map(|byte| tianye_journal::ChunkId::from_bytes([*byte; 32])).collect();

    // All of a record that is theirs, and an answer of theirs in one of somebody else.
    let alone = history("a@zhou: /p = 5\n b@zhou(a): /q = 2");
    check_own(&alone, whole(&alone), &["a", "b"], "the record: a b, chunks: , whole: true");
    let handed = history(STORY);
    let theirs = own(STORY);
    check_own(&handed, answers(&theirs, &["/q"]), &["c"], "some: c, chunks: , whole: false");
    check_own(&handed, whole(&theirs), &["c"], "nothing");
    // Beginning something in a record does not make it theirs.
    let sneaked = "a@chen: /p = 5\n z@zhou: /p = 1";
    check_own(&history(sneaked), whole(&own(sneaked)), &["a", "z"], "nothing");
    check_own(&history(sneaked), answers(&own(sneaked), &["/p"]), &["z"], "some: z, chunks: , whole: false");

    // The entry of somebody else, called their own: in its record, in another one, and while it is not here.
    let claimed = |name: &str| {
        let mut erasure = whole(&history("a@zhou: /p = 5"));
        erasure.bodies[0].entry = hash(name);
        erasure
    };
    check_own(&handed, claimed("a"), &["a"], "nothing");
    check_own(&alone, claimed("x"), &["x"], "nothing");
    check_own(&alone, claimed("x"), &[], "nothing");
    // It waits and is told of nobody.
    let mut waits = alone.clone();
    waits.push(erased("e", "zhou", claimed("x")));
    confirm_erasures(&mut waits, &|_| None);
    assert_eq!(without_right(&waits, &team()), []);

    // Files of theirs, and no other ones.
    let file = |byte: u8| Attachment {
        name: "a.png".into(),
        media_type: "image/png".into(),
        hash: form(0),
        len: 3,
        chunks: vec![ChunkRef { id: tianye_journal::ChunkId::from_bytes([byte; 32]), key: Secret([0; 32]), len: 3 }],
    };
    let mut sitting = Interview::under(form(1));
    sitting.changes = vec![Change { file: Some(file(1)), ..Change::new("/face", Answer::of("a.png")) }];
    let drawn = [entry("a", "zhou", &[], 1, sitting)];
    let erasure = Erasure { chunks: chunks(&[1, 2]), ..whole(&drawn) };
    check_own(&drawn, erasure, &["a"], "the record: a, chunks: 1, whole: true");
    let nothing = Erasure { chunks: chunks(&[2]), ..Erasure::of(vec!["/p".into()], ErasureReason::Mistake, "") };
    check_own(&alone, nothing, &[], "the record: , chunks: , whole: false");

    // Who may erase anything is believed about what is not here, and not about what is.
    let mut leads = handed.clone();
    leads.push(erased("e", "shen", claimed("x")));
    confirm_erasures(&mut leads, &|_| None);
    assert_eq!(erasures(RECORD, &leads, &team()).bodies, BTreeSet::from([hash("x")]));
    confirm_erasures(&mut leads, &|_| Some((chain("chen"), Seq::FIRST)));
    assert!(erasures(RECORD, &leads, &team()).erasures.is_empty());
}

/// What a laptop did not reach, or what is gone from it: databases by when they were set aside, and 0 for the second black box.
fn carried(held: &[i64], gone: &[i64]) -> CarriedOut {
    let one = |at: &i64| if *at == 0 { OutOfReach::SecondBox } else { OutOfReach::Database(*at) };
    let all = |of: &[i64]| of.iter().map(one).collect();
    CarriedOut { bodies: 4, ..CarriedOut::of(hash("e")) }.holding(&all(held)).freed(&all(gone))
}

#[test]
fn what_was_out_of_reach_may_hold_it_until_it_is_gone_whatever_came_first() {
    let mut story = history(STORY);
    story.push(erased("e", "shen", erase_record(&story, ErasureReason::Withdrawn, "")));
    let words = [
        entry("f", "zhou", &[], 9, Content::from(carried(&[0, 1, 2], &[]))),
        entry("g", "zhou", &[], 10, Content::from(carried(&[], &[0, 1]))),
        entry("h", "shen", &[], 11, Content::from(carried(&[0], &[2]))),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let told: Vec<Opened> = story.iter().chain(order.map(|at| &words[at])).cloned().collect();
        let was = erasures(RECORD, &told, &team());
        let of = |whose: &str| was.out_of_reach(&hash("e"), |one| *one == chain(whose));
        let zhou = BTreeSet::from([OutOfReach::Database(2)]);
        assert_eq!((of("zhou"), of("shen")), (zhou, BTreeSet::from([OutOfReach::SecondBox])), "{order:?}");
    }
}

#[test]
fn a_hub_was_told_where_a_lead_says_so_of_an_erasure_or_of_one_that_names_the_same() {
    let mut story = history(STORY);
    let erasure = erase_record(&story, ErasureReason::Withdrawn, "");
    story.push(erased("e", "shen", erasure.clone()));
    story.push(erased("g", "shen", erasure));
    let word = |by: &str, of: &str, hub: &str| {
        let said = CarriedOut { hubs: vec![hub.to_owned()], ..CarriedOut::of(hash(of)) };
        entry(&format!("w{by}{of}"), by, &[], 9, Content::from(said))
    };
    let told = |story: &[Opened]| erasures(RECORD, story, &team()).told_to_hub("6a");
    story.push(word("zhou", "e", "6a"));
    assert_eq!(told(&story), BTreeSet::new(), "no hub hears an interviewer");
    story.push(word("shen", "e", "6b"));
    assert_eq!(told(&story), BTreeSet::new(), "of another hub");
    story.push(word("shen", "g", "6a"));
    assert_eq!(told(&story), BTreeSet::from([hash("e"), hash("g")]));
    let bare = Content::from(CarriedOut::of(hash("e"))).encode().unwrap();
    assert!(!String::from_utf8_lossy(&bare).contains("hubs"), "words without it stay as they were");
}

#[test]
fn laptops_say_when_they_have_carried_it_out() {
    let mut story = history(STORY);
    story.push(erased("e", "shen", erase_record(&story, ErasureReason::Withdrawn, "")));
    story.push(entry("f", "zhou", &[], 9, Content::from(carried(&[], &[]))));
    let was = erasures(RECORD, &story, &team());
    assert_eq!(was.answered(&hash("e")), BTreeSet::from([chain("shen"), chain("zhou")]));
    assert_eq!(state(&story).heads(), [hash("d")], "it stands beside the history");
    assert_eq!(was.late(&story), Vec::<&Opened>::new());
    story.extend(history("g@zhou(d): /q = 8"));
    let late: Vec<String> = was.late(&story).iter().map(|entry| name(entry.hash.as_bytes())).collect();
    assert_eq!(late, ["g"], "written without knowing");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever is erased, in whatever order the erasures came, before or after others carried them out: it is gone, and
    /// every other word stands with the author and the place that it had.
    #[test]
    fn only_what_was_erased_is_gone(
        acts in prop::collection::vec(act(), 1..20),
        erased_fields in prop::collection::vec((0..FIELDS.len(), any::<bool>()), 1..16),
        turn in any::<prop::sample::Index>(),
    ) {
        let mut entries = World::play(&acts).entries;
        if entries.is_empty() {
            return Ok(());
        }
        let before = fold(&entries);
        let mut gone: BTreeSet<Field> = BTreeSet::new();
        for (number, (field, carried_out)) in erased_fields.into_iter().enumerate() {
            let field = FIELDS[field];
            let is_gone = |other: &Field| other.as_str() == field || other.rows().any(|row| row.as_str() == field);
            gone.extend(before.fields.keys().filter(|other| is_gone(other)).cloned());
            let erasure = answers(&entries, &[field]);
            if !erasure.bodies.is_empty() {
                entries.push(erased(&format!("x{number}"), "shen", erasure));
            }
            if carried_out {
                entries = dropped(&entries);
            }
        }
        let after = state(&entries);
        let mut expected = all_writes(&before);
        expected.retain(|(_, field), _| !gone.contains(field));
        prop_assert_eq!(all_writes(&after), expected);
        prop_assert_eq!(after.heads(), before.heads());
        for (field, state) in &after.fields {
            let was = &before.fields[field];
            prop_assert_eq!(state.current().collect::<Vec<_>>(), was.current().collect::<Vec<_>>(), "{}", field);
        }
        let mut turned = entries.clone();
        turned.rotate_left(turn.index(entries.len()));
        prop_assert_eq!(fold(&turned), after);
        let left = without_erased(RECORD, &entries, &team());
        prop_assert_eq!(without_erased(RECORD, &left, &team()), left);
    }
    /// Leads hand on of three interviews, of which the first is erased, each with a part of what the others wrote; in
    /// whatever order it comes together, nothing is left of the first but what was said knowing of the erasure, and
    /// everything of the others.
    #[test]
    fn what_was_handed_on_of_an_erased_interview_is_nowhere(
        acts in prop::collection::vec((0..3_u8, 0..3_usize, any::<bool>(), any::<prop::sample::Index>()), 1..14),
        turn in any::<prop::sample::Index>(),
    ) {
        let interviews = ["r1", "r2", "r3"];
        let mut entries: Vec<Opened> = Vec::new();
        let mut labels: Vec<String> = Vec::new();
        for (number, (act, of, knows, known)) in acts.into_iter().enumerate() {
            let known: Vec<Opened> = entries.iter().take(known.index(entries.len() + 1)).cloned().collect();
            let name = format!("{}{number}", ["h", "i", "x"][usize::from(act)]);
            if act == 2 {
                let known = if knows { dropped(&known) } else { known };
                let left = without_erased(RECORD, &known, &team());
                entries.extend(stale(&left, "r1", &["e"]).map(|erasure| erased(&name, "su", erasure)));
                continue;
            }
            let (label, other) = (format!("小{number}满"), format!("雪{number}"));
            let of_erasure: &[&str] = if knows { &["e"] } else { &[] };
            if of == 0 && !knows {
                labels.push(label.clone());
            }
            let heads = handed_on(RECORD, &known, &team()).0.heads();
            let told = [(interviews[of], label.as_str(), of_erasure), (interviews[(of + 1) % 3], other.as_str(), &["e"])];
            let one = handed(&name, "shen", &[], &told);
            entries.push(Opened { parents: heads, ..one });
        }
        let history: Vec<Opened> = entries.iter().filter(|entry| entry.kind == kind::ENTITIES).cloned().collect();
        let before = handed_on(RECORD, &history, &team());
        // The last laptop that may erase has everything.
        let left = without_erased(RECORD, &dropped(&entries), &team());
        entries.extend(stale(&left, "r1", &["e"]).map(|erasure| erased("z", "su", erasure)));
        prop_assert_eq!(stale(&without_erased(RECORD, &entries, &team()), "r1", &["e"]), None);
        let bodies: Vec<Vec<u8>> =
            dropped(&entries).iter().map(|entry| entry.content.encode().expect("a content")).collect();
        for label in labels {
            let holds = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains(&label);
            prop_assert!(!bodies.iter().any(holds), "{} is left", label);
        }
        let turn = turn.index(entries.len() + 1).min(entries.len());
        entries.rotate_left(turn);
        for entries in [entries.clone(), dropped(&entries)] {
            let (ground, told) = handed_on(RECORD, &entries, &team());
            prop_assert_eq!(ground.heads(), before.0.heads());
            for interview in ["r2", "r3"].map(record) {
                prop_assert_eq!(told.get(&interview), before.1.get(&interview));
            }
        }
    }
}
