//! What is dropped is gone, and everything else stays as it was: its order, its authors, its history.

use crate::dsl::{RECORD, all_writes, chain, entry, fold, form, hash, history, name, show, team};
use crate::properties::{FIELDS, World, act};
use expect_test::expect;
use proptest::prelude::*;
use std::collections::BTreeSet;
use tianye_survey::*;

/// The entry of an erasure by the lead.
fn erased(name: &str, who: &str, erasure: Erasure) -> Opened {
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
        no right: e no-right-role
    "#]]
    .assert_eq(&show(&state(&story)));
    assert!(erasures(RECORD, &story, &team()).erasures.is_empty());
}

#[test]
fn laptops_say_when_they_have_carried_it_out() {
    let mut story = history(STORY);
    story.push(erased("e", "shen", erase_record(&story, ErasureReason::Withdrawn, "")));
    let carried = CarriedOut { erasure: hash("e"), bodies: 4, chunks: 0 };
    story.push(entry("f", "zhou", &[], 9, Content::from(carried)));
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
        erased_fields in prop::collection::vec((0..FIELDS.len(), any::<bool>()), 1..4),
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
}
