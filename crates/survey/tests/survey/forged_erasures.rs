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

/// The entries that go.
fn names(state: &ErasureState) -> String {
    state.bodies.iter().map(|one| name(one.as_bytes())).collect::<Vec<_>>().join(" ")
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
    assert_eq!(names(&around(naming(&[(z, None)]))), "e z", "what is theirs goes");
    assert_eq!(names(&around(naming(&[(a, None)]))), "z", "called what it is");
    let mut claimed = naming(&[(a, None)]);
    claimed.bodies[0].chain = chain("zhou");
    assert_eq!(names(&around(claimed)), "z", "called their own");
    let mut elsewhere = naming(&[(z, None)]);
    elsewhere.bodies[0].entry = hash("x");
    assert_eq!(names(&around(elsewhere)), "z", "of another record, and not here");
    let file = tianye_journal::ChunkId::from_bytes([7; 32]);
    let chunks = Erasure { chunks: vec![file], ..naming(&[(z, None)]) };
    assert!(around(chunks).chunks.is_empty(), "files of what is theirs, and of nothing else");
}

#[test]
fn no_circle_of_erasures_brings_back_what_one_of_them_took() {
    let story = history("a@zhou: /p = 5\n b@zhou(a): /q = 2");
    let a = &story[0];
    let of = |name: &str, named: &[(&Opened, Option<Erasure>)]| erased(name, "zhou", naming(named));
    let nothing = || Some(naming(&[]));
    let (q, p) = (of("q", &[(a, None)]), of("p", &[(a, None)]));
    let y = of("y", &[(&q, nothing())]);
    // p would say that y goes, q that e goes, and y and e that p and q do.
    let e = of("e", &[(&p, Some(naming(&[(&y, None)])))]);
    let z = of("z", &[(&q, Some(naming(&[(&e, None)])))]);
    let all = confirmed([story, vec![q, p, y, e, z]].concat());
    let state = erasures(RECORD, &all, &team());
    let backwards: Vec<Opened> = all.iter().rev().cloned().collect();
    assert_eq!(erasures(RECORD, &backwards, &team()), state);
    assert_eq!(names(&state), "a y", "y repeats no more than others say");
}

#[test]
fn an_own_erasure_goes_only_with_all_that_it_named() {
    // What erasures of an own one name, each after the word for it, beside it; what is gone then. `e` took a and z.
    let check = |later: &[(&str, &str)], gone: &str| {
        let story = history("a@zhou: /p = 5\n z@zhou(a): /q = 2");
        let [a, z] = story.as_slice() else { panic!("two entries") };
        let first = erased("e", "zhou", naming(&[(a, None), (z, None)]));
        let later = later.iter().map(|(name, named)| {
            let named = named.split(' ').map(|word| match word {
                "a" => (a, None),
                "z" => (z, None),
                "e" => (&first, None),
                "e(z)" => (&first, Some(naming(&[(z, None)]))),
                word => panic!("{word}: a, z, e or e(z)"),
            });
            erased(name, "zhou", naming(&named.collect::<Vec<_>>()))
        });
        let all = confirmed(story.iter().chain([&first]).cloned().chain(later).collect());
        let state = erasures(RECORD, &all, &team());
        assert_eq!(names(&state), gone);
        // Who has dropped all that went comes to the same.
        let rest: Vec<Opened> = all.iter().filter(|entry| !state.bodies.contains(&entry.hash)).cloned().collect();
        assert_eq!(erasures(RECORD, &rest, &team()), state);
    };
    check(&[], "a z");
    check(&[("f", "e")], "a z");
    check(&[("f", "e a")], "a z");
    check(&[("f", "e a z")], "a e z");
    check(&[("f", "e(z) a")], "a e z");
    check(&[("f", "e a"), ("g", "z")], "a e z");
    check(&[("f", "e a"), ("g", "a")], "a z");
}

#[test]
fn an_own_erasure_that_leaves_more_again_brings_nothing_back() {
    let story = history("a@zhou: /p = 5; /q = 6\n z@zhou(a): /q = 2");
    let first = erased("e", "zhou", naming(&[(&story[0], None)]));
    let mut again = naming(&[(&first, None), (&story[0], None)]);
    let Content::Interview(whole) = &story[0].content else { panic!("a sitting") };
    again.bodies[1].rest =
        serde_json::to_value(whole).and_then(serde_json::from_value).expect("a sitting is an object");
    let all = confirmed([story, vec![first, erased("f", "zhou", again)]].concat());
    assert_eq!(names(&erasures(RECORD, &all, &team())), "a");
    let fields = interview(RECORD, &all, &team()).fields;
    assert_eq!(fields.keys().map(ToString::to_string).collect::<Vec<_>>(), ["/q"], "of the later sitting");
}

/// What a lead says again takes no file with it that the erasure only claimed.
#[test]
fn a_lead_lends_nobody_the_right_to_a_file() {
    let story = history("a@chen: /p = 5\n z@zhou(a): /q = 2; /r = 3");
    let meant = |_: &Opened, field: &Field| *field == "/r".into();
    let own = erase_answers(&story[1..], vec!["/r".into()], ErasureReason::Mistake, "", &meant);
    let file = tianye_journal::ChunkId::from_bytes([7; 32]);
    let own = erased("e", "zhou", Erasure { chunks: vec![file], ..own });
    let all = confirmed([story, vec![own]].concat());
    let left = without_erased_by_all(RECORD, &all, &team());
    let meant = |_: &Opened, field: &Field| *field == "/q".into();
    let by_lead = erase_answers(&left, vec!["/q".into()], ErasureReason::Withdrawn, "", &meant);
    let all = confirmed([all, vec![erased("l", "shen", by_lead)]].concat());
    let state = erasures(RECORD, &all, &team());
    assert_eq!((names(&state).as_str(), state.chunks.len()), ("e z", 0));
}

#[test]
fn who_may_erase_anything_answers_for_what_is_left_of_an_erasure() {
    let story = history("a@zhou: /p = 5\n z@zhou(a): /q = 2");
    let first = erased("e", "zhou", naming(&[(&story[0], None), (&story[1], None)]));
    let by_lead = erased("l", "shen", naming(&[(&first, None), (&story[0], None)]));
    let all = confirmed([story, vec![first, by_lead]].concat());
    assert_eq!(names(&erasures(RECORD, &all, &team())), "a e");
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
