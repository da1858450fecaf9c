//! Erasures that nobody's program writes: they reach for what is not theirs, or undo each other.

use crate::dsl::{RECORD, chain, hash, history, name, team};
use crate::erasures::erased;
use tianye_journal::{EntryHash, Seq};
use tianye_survey::*;

/// An erasure of an answer that names these, each in its author's chain with what is left of it.
fn naming(named: &[(&Opened, Option<Erasure>)]) -> Erasure {
    let body = |(of, left): &(&Opened, Option<Erasure>)| {
        let Opened { hash: entry, chain, seq, kind, author, at, .. } = **of;
        let object = |left| serde_json::from_value(serde_json::to_value(left)?);
        let rest = left.as_ref().map(|left: &Erasure| object(left).expect("an erasure is an object"));
        ErasedBody { entry, chain, seq, kind, seen: Vec::new(), author, at, rest, sealed: Vec::new() }
    };
    Erasure { bodies: named.iter().map(body).collect(), ..Erasure::of(vec!["/p".into()], ErasureReason::Mistake, "") }
}

/// Entries as a laptop reads them on which all of them are.
fn confirmed(mut entries: Vec<Opened>) -> Vec<Opened> {
    let places: Vec<(EntryHash, (tianye_journal::ChainId, Seq))> =
        entries.iter().map(|entry| (entry.hash, (entry.chain, entry.seq))).collect();
    confirm_erasures(&mut entries, &|hash| places.iter().find(|(name, _)| name == hash).map(|(_, place)| *place));
    entries
}

#[test]
fn who_may_erase_only_what_is_theirs_reaches_nothing_else_by_a_way_round() {
    let story = history("a@chen: /p = 5\n z@zhou(a): /q = 2");
    let [a, z] = story.as_slice() else { panic!("two entries") };
    let own = erased("e", "zhou", naming(&[(z, None)]));
    // What is left of the own erasure would name what chen wrote.
    let around = |left: Erasure| {
        let all = [story.clone(), vec![own.clone(), erased("f", "zhou", naming(&[(&own, Some(left))]))]].concat();
        erasures(RECORD, &confirmed(all), &team())
    };
    let named =
        |state: &ErasureState| state.bodies.iter().map(|one| name(one.as_bytes())).collect::<Vec<_>>().join(" ");
    assert_eq!(named(&around(naming(&[(z, None)]))), "e z", "what is theirs goes");
    assert_eq!(named(&around(naming(&[(a, None)]))), "z", "called what it is");
    let mut claimed = naming(&[(a, None)]);
    claimed.bodies[0].chain = chain("zhou");
    assert_eq!(named(&around(claimed)), "z", "called their own");
    let mut elsewhere = naming(&[(z, None)]);
    elsewhere.bodies[0].entry = hash("x");
    assert_eq!(named(&around(elsewhere)), "z", "of another record, and not here");
    let file = tianye_journal::ChunkId::from_bytes([7; 32]);
    let chunks = Erasure { chunks: vec![file], ..naming(&[(z, None)]) };
    assert!(around(chunks).chunks.is_empty(), "files of what is theirs, and of nothing else");
}

#[test]
fn erasures_that_undo_each_other_come_to_an_end() {
    let story = history("a@zhou: /p = 5\n b@zhou(a): /q = 2");
    let a = &story[0];
    let of = |name: &str, named: &[(&Opened, Option<Erasure>)]| erased(name, "zhou", naming(named));
    let nothing = || Some(naming(&[]));
    let (q, p) = (of("q", &[(a, None)]), of("p", &[(a, None)]));
    let y = of("y", &[(&q, nothing())]);
    // As long as it stands, p says that y goes; and what y said of q does not hold.
    let e = of("e", &[(&p, Some(naming(&[(&y, None)])))]);
    // But then q says that e goes, and y comes back.
    let z = of("z", &[(&q, Some(naming(&[(&e, None)])))]);
    let all = confirmed([story, vec![q, p, y, e, z]].concat());
    let state = erasures(RECORD, &all, &team());
    let backwards: Vec<Opened> = all.iter().rev().cloned().collect();
    assert_eq!(erasures(RECORD, &backwards, &team()), state);
    assert!(state.erasures.contains_key(&hash("z")), "what no circle runs through stands");
    assert!(state.bodies.contains(&hash("q")));
}

#[test]
fn an_erasure_without_right_says_nothing_of_what_is_left_once_a_lead_erases_an_answer() {
    let story = history("a@chen: /p = 5; /q = 6\n z@zhou(a): /q = 2");
    let [a, _] = story.as_slice() else { panic!("two entries") };
    let mut forged = naming(&[(a, None)]);
    let other = Interview { changes: vec![Change::new("/p", Answer::of("9"))], ..Interview::under(FormHash([5; 32])) };
    let other = serde_json::to_value(other).and_then(serde_json::from_value);
    forged.bodies[0].rest = Some(other.expect("a sitting is an object"));
    let forged = erased("e", "zhou", forged);
    let all = confirmed([story.clone(), vec![forged]].concat());
    let left = without_erased(RECORD, &all, &team());
    let by_lead = erase_answers(&left, vec!["/p".into()], ErasureReason::Withdrawn, "", &|_, one| *one == "/p".into());
    let all = confirmed([all, vec![erased("l", "shen", by_lead)]].concat());
    let state = interview(RECORD, &all, &team());
    let written: Vec<&str> =
        state.fields.values().flat_map(|of| of.writes()).filter_map(|write| write.answer.value()).collect();
    assert_eq!(written, ["6", "2"], "what nobody erased who may");
    assert!(
        erasures(RECORD, &all, &team()).bodies.contains(&hash("e")),
        "and the forged one goes, which repeats the answer"
    );
    assert!(state.ground.no_right.is_empty(), "whether it was dropped here or not");
}

#[test]
fn nobody_makes_a_record_erased_whole_by_erasing_an_own_erasure() {
    let story = history("a@chen: /p = 5\n z@zhou(a): /q = 2");
    let own = erased("e", "zhou", naming(&[(&story[1], None)]));
    let whole = Erasure { fields: Vec::new(), ..naming(&[(&story[1], None)]) };
    let around = erased("f", "zhou", naming(&[(&own, Some(whole)), (&story[1], None)]));
    let all = confirmed([story.clone(), vec![own, around]].concat());
    // A laptop that carried it out has the body of the first no more.
    let without: Vec<Opened> = all.iter().filter(|entry| entry.hash != hash("e")).cloned().collect();
    for entries in [all, without] {
        assert!(!erasures(RECORD, &entries, &team()).is_whole());
        assert_eq!(erasures(RECORD, &entries, &team()).late(&entries), Vec::<&Opened>::new());
    }
}
