use crate::dsl::{chain, entry, fold, form, hash, history, name, person, show, team};
use expect_test::expect;
use std::fmt::Write as _;
use tianye_survey::rights::{reach, reads};
use tianye_survey::*;

#[test]
fn the_whole_table() {
    let mut table = String::new();
    for kind in 1..=23 {
        let row: Vec<String> = Role::ALL.iter().map(|role| format!("{:?}", reach(role, kind))).collect();
        _ = writeln!(table, "{kind:2}  {}", row.join(" "));
    }
    expect![[r#"
         1  Any Any Nothing Nothing Nothing
         2  Any Any Nothing Nothing Nothing
         3  Any Any Own Own Own
         4  Any Any Own Nothing Own
         5  Any Any Any Nothing Any
         6  Any Any Own Nothing Own
         7  Any Any Any Nothing Any
         8  Nothing Any Any Nothing Own
         9  Nothing Any Nothing Nothing Nothing
        10  Any Any Any Any Any
        11  Any Any Own Nothing Any
        12  Any Any Any Any Any
        13  Nothing Any Nothing Nothing Nothing
        14  Nothing Any Nothing Nothing Nothing
        15  Any Any Any Any Any
        16  Nothing Any Nothing Nothing Nothing
        17  Own Own Own Own Any
        18  Any Any Nothing Nothing Nothing
        19  Any Any Nothing Nothing Nothing
        20  Any Any Any Nothing Any
        21  Own Own Nothing Own Nothing
        22  Own Own Own Nothing Own
        23  Nothing Nothing Nothing Nothing Nothing
    "#]]
    .assert_eq(&table);
    assert_eq!(reach(&Role::from("king"), kind::SUBJECT), Reach::Nothing);
}

#[test]
fn who_reads_whose_chains() {
    let mut table = String::new();
    for reader in Role::ALL {
        let of: Vec<&str> = Role::ALL.iter().filter(|writer| reads(reader, writer)).map(Role::as_str).collect();
        _ = writeln!(table, "{} reads {}", reader.as_str(), of.join(", "));
    }
    expect![[r#"
        administrator reads administrator, lead
        lead reads administrator, lead, interviewer, analyst, safeguarding-lead
        interviewer reads administrator, lead
        analyst reads administrator, lead, interviewer, analyst, safeguarding-lead
        safeguarding-lead reads administrator, lead
    "#]]
    .assert_eq(&table);
    assert!(!reads(&Role::from("king"), &Role::Interviewer));
}

#[test]
fn who_had_no_right_changes_nothing_and_is_reported() {
    let text = "a@chen: /q = 1
         b@zhou: /q = 1
         c@wu(a): /q = 2
         d@zhou(a): decide /q = 3 over a, b
         e@zhou(a): approve
         f@su(a): /q = 4
         g@nobody(a): /q = 5
         h@chen(d): /p = 1";
    expect![[r#"
        /p = 1
        /q = 1
        status: draft
        heads: c e f g h
        no right: c no-right-role
        no right: d no-right-role
        no right: e no-right-role
        no right: f no-right-not-own
        no right: g no-right-unknown-chain
        merged by rule: 2
    "#]]
    .assert_eq(&show(&fold(&history(text))));
}

#[test]
fn an_entry_in_the_name_of_somebody_else_has_no_effect() {
    let mut forged = entry("a", "zhou", &[], 1, Interview::under(form(1)));
    forged.author = person("shen");
    let state = interview(crate::dsl::RECORD, &[forged], &team());
    let reported: Vec<_> = state.ground.no_right.iter().map(|n| (n.chain, n.reason)).collect();
    assert_eq!(reported, [(chain("zhou"), NoRightReason::OtherAuthor)]);
}

#[test]
fn whoever_fills_a_record_with_heads_keeps_nobody_from_going_on_with_it() {
    let sitting = || Interview::under(form(1));
    let mut entries = vec![entry("a", "chen", &[], 1, sitting()), entry("own", "chen", &["a"], 2, sitting())];
    entries.extend((0..400).map(|number| entry(&format!("z{number}"), "zhou", &["a"], 3, sitting())));
    entries.extend((0..400).map(|number| entry(&format!("0{number}"), "wu", &["a"], 3, sitting())));
    let state = fold(&entries);
    let named = state.heads();
    assert_eq!(named.len(), tianye_journal::MAX_PARENTS);
    assert!(named.contains(&hash("own")));
    assert!(named.iter().all(|head| name(head.as_bytes()).starts_with(['o', 'z'])), "what has no effect comes last");
    assert!(named.is_sorted());
}

/// Names without number of entries that nobody has: who goes on leaves aside what comes after them, instead of an entry too large to
/// be sealed, and stands beside it.
#[test]
fn whoever_names_entries_that_are_not_there_keeps_nobody_from_going_on() {
    let naming = |many: usize| {
        let over = (0..many).map(|number| hash(&format!("gone{number}"))).collect();
        let change = Change { over, ..Change::new("/q", Answer::Value("1".to_owned())) };
        Interview { changes: vec![change], ..Interview::under(form(1)) }
    };
    let going_on = |begins: bool, many: usize| {
        let mut entries = vec![entry("z", "chen", if begins { &["a"] } else { &[] }, 2, naming(many))];
        entries.extend(begins.then(|| entry("a", "chen", &[], 1, Interview::under(form(1)))));
        let state = fold(&entries);
        (state.heads(), state.sitting(form(1)).unseen.len())
    };
    let most = MOST_UNSEEN;
    assert_eq!(going_on(true, most), (vec![hash("z")], most));
    assert_eq!(going_on(true, most + 1), (vec![hash("a")], 0));
    assert_eq!(going_on(false, most + 1), (vec![], 0), "as if it began");
}

#[test]
fn a_members_card_is_of_who_wrote_it_unless_a_lead_did() {
    let card_of = |author: &str, of: &str| {
        let entries = [entry("a", author, &[], 1, &Member::new(person(of), "某人", Role::Lead))];
        let mut project = ProjectState::default();
        project.put(crate::dsl::RECORD, &entries, &team());
        project.member(&person(of)).is_some()
    };
    for (author, of, expect) in
        [("chen", "chen", true), ("chen", "shen", false), ("wu", "chen", false), ("shen", "chen", true)]
    {
        assert_eq!(card_of(author, of), expect, "{author} of {of}");
    }
}

#[test]
fn an_interviewer_assigns_only_in_records_of_his_own() {
    let plan = Assignment { form_id: "pupil".to_owned(), ..Assignment::default() };
    let later = Assignment { due: Some("2017-04-12".to_owned()), ..plan.clone() };
    let leads = [entry("a", "shen", &[], 1, &plan), entry("b", "chen", &["a"], 2, &later)];
    let state: CardState<Assignment> = card(crate::dsl::RECORD, &leads, &team());
    assert_eq!(state.card.and_then(|card| card.due), None);
    assert_eq!(state.ground.no_right[0].reason, NoRightReason::NotOwn);
    let own = [entry("a", "chen", &[], 1, &plan), entry("b", "chen", &["a"], 2, &later)];
    let state: CardState<Assignment> = card(crate::dsl::RECORD, &own, &team());
    assert_eq!(state.card.and_then(|card| card.due).as_deref(), Some("2017-04-12"));
    // A beginning of one's own in somebody's record makes nothing there one's own.
    let due = |entries: &[Opened]| {
        let state: CardState<Assignment> = card(crate::dsl::RECORD, entries, &team());
        let without: Vec<_> = state.ground.no_right.iter().map(|one| (one.chain, one.reason)).collect();
        (state.card.and_then(|card| card.due), state.conflicts.len(), without)
    };
    let sneaked = [leads[0].clone(), entry("c", "chen", &[], 1, &later), entry("d", "chen", &["a", "c"], 2, &later)];
    assert_eq!(due(&sneaked), (None, 0, vec![(chain("chen"), NoRightReason::NotOwn); 2]));
    let of_two =
        [own[0].clone(), own[1].clone(), entry("c", "zhou", &[], 1, &plan), entry("d", "zhou", &["b", "c"], 2, &plan)];
    assert_eq!(due(&of_two).2, [(chain("zhou"), NoRightReason::NotOwn)]);
}

#[test]
fn what_is_of_another_kind_or_version_stands_aside() {
    let newer = Content::decode(kind::INTERVIEW, br#"{"v":2,"poem":"x"}"#);
    let entries = [
        entry("a", "chen", &[], 1, Interview::under(form(1))),
        entry("b", "chen", &["a"], 2, newer),
        entry("c", "shen", &["a"], 2, &Subject::new(SubjectKind::Pupil, "217")),
        Opened { kind: kind::SUBJECT, ..entry("d", "shen", &["a"], 2, Interview::under(form(1))) },
    ];
    let state = interview(crate::dsl::RECORD, &entries, &team());
    let why: Vec<_> = state.ground.ignored.iter().map(|i| i.why.code()).collect();
    assert_eq!(why, ["content-newer", "entry-of-other-kind", "entry-impossible"]);
    assert!(state.ground.needs_update());
    assert_eq!(state.heads().len(), 3, "the next entry names them all the same");
}
