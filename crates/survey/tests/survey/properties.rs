//! Laptops that edit at random, send to each other by random routes, twice or in part, and lose things on the way.

use crate::dsl::{RECORD, all_writes, chain, fold, form, person, team};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{EntryHash, RecordId, Seq};
use tianye_survey::*;

const WHO: [&str; 4] = ["chen", "zhou", "lin", "shen"];
pub const FIELDS: [&str; 6] = ["/q1", "/q2", "/r[f0]", "/r[f0]/n", "/r[e0]/n", "/r[f0]/s[d0]/n"];

#[derive(Clone, Debug)]
pub enum Act {
    /// A laptop writes fields; `named`: with the writes it replaces.
    Write { who: usize, writes: Vec<(usize, usize)>, named: bool },
    /// A laptop decides the first conflict it sees.
    Decide { who: usize, value: usize },
    /// A laptop takes the first decision back that holds.
    Undo { who: usize },
    /// A laptop sets a stage, or the lead a verdict.
    Stage { who: usize, stage: usize },
    /// A laptop sends some of what it has to another: the entries whose number has a bit of `mask`.
    Send { from: usize, to: usize, mask: u64 },
}

pub fn act() -> impl Strategy<Value = Act> {
    let who = 0..WHO.len();
    prop_oneof![
        4 => (who.clone(), prop::collection::vec((0..FIELDS.len(), 0..4usize), 1..4), any::<bool>())
            .prop_map(|(who, writes, named)| Act::Write { who, writes, named }),
        1 => (who.clone(), 0..4usize).prop_map(|(who, value)| Act::Decide { who, value }),
        1 => who.clone().prop_map(|who| Act::Undo { who }),
        1 => (who.clone(), 0..5usize).prop_map(|(who, stage)| Act::Stage { who, stage }),
        3 => (who.clone(), who, prop_oneof![Just(u64::MAX), any::<u64>()])
            .prop_map(|(from, to, mask)| Act::Send { from, to, mask }),
    ]
}

#[derive(Default)]
pub struct World {
    pub entries: Vec<Opened>,
    has: [BTreeSet<usize>; 4],
    /// What the laptop had when it wrote the entry.
    had: Vec<BTreeSet<usize>>,
}

impl World {
    pub fn play(acts: &[Act]) -> Self {
        let mut world = Self::default();
        for act in acts {
            world.act(act);
        }
        world
    }

    fn view(&self, who: usize) -> Vec<Opened> {
        self.has[who].iter().map(|i| self.entries[*i].clone()).collect()
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Send { from, to, mask } => {
                let sent: Vec<usize> = self.has[*from].iter().copied().filter(|i| mask >> (i % 64) & 1 == 1).collect();
                self.has[*to].extend(sent);
            }
            Act::Write { who, writes, named } => {
                let state = fold(&self.view(*who));
                let mut sitting = state.sitting(form(1));
                let writes: BTreeMap<usize, usize> = writes.iter().copied().collect();
                for (field, value) in writes {
                    let (field, answer) = (Field::from(FIELDS[field]), value_of(value));
                    let change = state.change(field, answer);
                    sitting.changes.push(if *named { change } else { Change { over: Vec::new(), ..change } });
                }
                self.write(*who, &state, sitting.into());
            }
            Act::Decide { who, value } => {
                let state = fold(&self.view(*who));
                if let Some(conflict) = state.conflicts.first() {
                    self.write(*who, &state, state.decide(conflict, value_of(*value), "reason").into());
                }
            }
            Act::Undo { who } => {
                let state = fold(&self.view(*who));
                let decided = state.fields.keys().find_map(|field| state.take_back(field, "reason"));
                if let Some(taking_back) = decided {
                    self.write(*who, &state, taking_back.into());
                }
            }
            Act::Stage { who, stage } => {
                let state = fold(&self.view(*who));
                let content = if WHO[*who] == "shen" {
                    let verdict = if stage % 2 == 0 { Verdict::Approved } else { Verdict::SentBack };
                    state.review(verdict, "reason").into()
                } else {
                    Interview { stage: Some(Stage::ALL[*stage].clone()), ..state.sitting(form(2)) }.into()
                };
                self.write(*who, &state, content);
            }
        }
    }

    fn write(&mut self, who: usize, state: &InterviewState, content: Content) {
        let number = self.entries.len();
        // Names in no order that has to do with the order of writing; clocks that have nothing to do with it either.
        let mut hash = [0; 32];
        hash[0] = (number as u8).wrapping_mul(167);
        hash[1] = number as u8;
        self.entries.push(Opened {
            hash: EntryHash::from_bytes(hash),
            chain: chain(WHO[who]),
            seq: Seq::FIRST,
            kind: content.kind(),
            record: RECORD,
            parents: state.heads(),
            author: person(WHO[who]),
            at: At { ms: (number as i64 * 7919) % 31, offset: 480 },
            content,
        });
        self.had.push(self.has[who].clone());
        self.has[who].insert(number);
    }
}

fn value_of(value: usize) -> Answer {
    Answer::of(["", "1", "2", "3"][value])
}

/// The state of the answers worked out from the definition: all pairs of entries, no cleverness.
fn by_definition(entries: &[Opened]) -> BTreeMap<Field, BTreeSet<Answer>> {
    let by_hash: BTreeMap<EntryHash, &Opened> = entries.iter().map(|e| (e.hash, e)).collect();
    let mut named: BTreeMap<EntryHash, Vec<EntryHash>> = BTreeMap::new();
    let mut writes: Vec<(EntryHash, Field, Answer)> = Vec::new();
    let mut taken: BTreeSet<EntryHash> = BTreeSet::new();
    for entry in by_hash.values() {
        let named = named.entry(entry.hash).or_default();
        named.extend(&entry.parents);
        match &entry.content {
            Content::Interview(sitting) => {
                for change in &sitting.changes {
                    named.extend(&change.over);
                    writes.push((entry.hash, change.field.clone(), change.answer.clone()));
                }
            }
            Content::Decision(decision) => {
                named.extend(&decision.over);
                if entry.author == person("shen") && decision.takes_back {
                    taken.extend(&decision.over);
                } else if entry.author == person("shen") {
                    writes.push((entry.hash, decision.field.clone(), decision.chosen.clone()));
                }
            }
            _ => {}
        }
        // What is not here cannot be seen through.
        named.retain(|earlier| by_hash.contains_key(earlier));
    }
    let mut saw: BTreeSet<(EntryHash, EntryHash)> = BTreeSet::new();
    for entry in by_hash.values() {
        let unseen = match &entry.content {
            Content::Interview(sitting) => &sitting.unseen,
            Content::Decision(decision) => &decision.unseen,
            Content::Review(review) => &review.unseen,
            _ => panic!("no such entries here"),
        };
        let mut next = named[&entry.hash].clone();
        while let Some(earlier) = next.pop() {
            if !unseen.contains(&earlier) && saw.insert((entry.hash, earlier)) {
                next.extend(&named[&earlier]);
            }
        }
    }
    let is_decision = |entry: &EntryHash| by_hash.get(entry).is_some_and(|entry| entry.kind == kind::DECISION);
    let is_taken = |entry: &EntryHash| taken.contains(entry) && is_decision(entry);
    let rest = writes.iter().filter(|(entry, ..)| !is_taken(entry)).map(|(_, field, _)| field.clone());
    let left: BTreeSet<Field> = rest.collect();
    writes.retain(|(entry, field, _)| !is_taken(entry) || !left.contains(field));
    let mut current: BTreeMap<Field, BTreeSet<Answer>> = BTreeMap::new();
    for (entry, field, answer) in &writes {
        if !writes.iter().any(|(later, of, _)| of == field && saw.contains(&(*later, *entry))) {
            current.entry(field.clone()).or_default().insert(answer.clone());
        }
    }
    current
}

fn answers_of(state: &InterviewState) -> BTreeMap<Field, BTreeSet<Answer>> {
    state.fields.iter().map(|(f, s)| (f.clone(), s.current().map(|w| w.answer.clone()).collect())).collect()
}

fn shuffled(entries: &[Opened]) -> impl Strategy<Value = Vec<Opened>> + use<> {
    let twice: Vec<Opened> = entries.iter().chain(entries).cloned().collect();
    let least = entries.len();
    (Just(twice).prop_shuffle(), Just(entries.to_vec()).prop_shuffle(), least..=2 * least)
        .prop_map(|(twice, once, len)| once.into_iter().chain(twice).take(len).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_and_repetition_do_not_matter(
        (once, otherwise) in prop::collection::vec(act(), 1..24)
            .prop_map(|acts| World::play(&acts).entries)
            .prop_flat_map(|entries| (Just(entries.clone()), shuffled(&entries)))
    ) {
        prop_assert_eq!(fold(&once), fold(&otherwise));
    }

    #[test]
    fn the_state_is_what_the_definition_says(acts in prop::collection::vec(act(), 1..24)) {
        let world = World::play(&acts);
        for who in 0..WHO.len() {
            let view = world.view(who);
            prop_assert_eq!(answers_of(&fold(&view)), by_definition(&view));
        }
        prop_assert_eq!(answers_of(&fold(&world.entries)), by_definition(&world.entries));
    }

    #[test]
    fn an_author_saw_what_was_on_the_laptop_and_nothing_else(acts in prop::collection::vec(act(), 1..24)) {
        let world = World::play(&acts);
        let graph = fold(&world.entries).ground.graph;
        for (later, had) in world.had.iter().enumerate() {
            for earlier in 0..world.entries.len() {
                let saw = graph.saw(&world.entries[later].hash, &world.entries[earlier].hash);
                prop_assert_eq!(saw, had.contains(&earlier), "{} and {}", later, earlier);
            }
        }
    }

    #[test]
    fn laptops_that_have_the_same_have_the_same_state(
        acts in prop::collection::vec(act(), 1..24),
        rounds in prop::collection::vec((0..4usize, 0..4usize, any::<u64>()), 0..12),
    ) {
        let mut world = World::play(&acts);
        for (from, to, mask) in rounds {
            world.act(&Act::Send { from, to, mask });
        }
        // At last everything reaches everybody, each by another route.
        for (from, to) in [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (2, 1), (1, 0), (0, 3), (3, 1), (3, 2), (2, 0)] {
            world.act(&Act::Send { from, to, mask: u64::MAX });
        }
        let all = fold(&world.entries);
        for who in 0..WHO.len() {
            prop_assert_eq!(world.has[who].len(), world.entries.len());
            prop_assert_eq!(&fold(&world.view(who)), &all);
        }
    }

    #[test]
    fn no_word_is_lost(acts in prop::collection::vec(act(), 1..24)) {
        let world = World::play(&acts);
        for who in 0..WHO.len() {
            let view = world.view(who);
            let state = fold(&view);
            let kept = all_writes(&state);
            for entry in &view {
                let refused = state.ground.no_right.iter().any(|n| n.entry == entry.hash);
                match &entry.content {
                    Content::Interview(sitting) => {
                        for change in &sitting.changes {
                            prop_assert_eq!(kept.get(&(entry.hash, change.field.clone())), Some(&change.answer));
                        }
                    }
                    Content::Decision(decision) => {
                        let write = kept.get(&(entry.hash, decision.field.clone()));
                        prop_assert_eq!(write, (!refused).then_some(&decision.chosen));
                    }
                    _ => {}
                }
            }
            // What is current and not blank is an answer, or in a conflict, or in a row that somebody removed.
            for (field, of) in state.fields.iter().filter(|(f, _)| state.is_live(f)) {
                let shown = state.conflicts.iter().any(|c| c.field == *field) || of.settled().is_some();
                prop_assert!(shown, "{field} is neither settled nor shown");
            }
        }
    }

    #[test]
    fn who_sees_all_and_decides_all_ends_all_conflicts(acts in prop::collection::vec(act(), 1..24), value in 0..4usize) {
        let mut world = World::play(&acts);
        world.has[3] = (0..world.entries.len()).collect();
        let mut decisions = 0;
        while !fold(&world.view(3)).conflicts.is_empty() {
            world.act(&Act::Decide { who: 3, value });
            decisions += 1;
            prop_assert!(decisions <= FIELDS.len() + 1, "a decision must end a conflict");
        }
    }

    #[test]
    fn a_conflict_is_between_writes_that_did_not_see_each_other(acts in prop::collection::vec(act(), 1..24)) {
        let state = fold(&World::play(&acts).entries);
        let graph = &state.ground.graph;
        for conflict in &state.conflicts {
            for a in &conflict.writes {
                for b in &conflict.writes {
                    prop_assert!(!graph.saw(&a.entry, &b.entry));
                }
            }
            for (_, edit) in &conflict.edits {
                prop_assert!(conflict.writes.iter().all(|removal| !graph.saw(&removal.entry, &edit.entry)));
            }
        }
    }

    #[test]
    fn whoever_saves_a_whole_card_touches_only_what_differs(
        a in (0..3usize, 0..3usize), b in (0..3usize, 0..3usize),
    ) {
        // One laptop renames a site, the other gives it another code; both save the whole card.
        const NAMES: [&str; 3] = ["石塘小学", "石塘中心小学", "柳溪小学"];
        let whole = |(name, code): (usize, usize)| {
            Site { code: Some(code.to_string()), ..Site::new(SiteKind::School, Names::both(NAMES[name])) }
        };
        let at = |hash: u8, parents: &[u8], site: &Site| Opened {
            hash: EntryHash::from_bytes([hash; 32]),
            parents: parents.iter().map(|p| EntryHash::from_bytes([*p; 32])).collect(),
            record: RecordId::from_bytes([9; 16]),
            ..crate::dsl::entry("x", "shen", &[], 1, Content::from(site))
        };
        let entries = [at(1, &[], &whole((0, 0))), at(2, &[1], &whole(a)), at(3, &[1], &whole(b))];
        let state: CardState<Site> = card(RecordId::from_bytes([9; 16]), &entries, &team());
        let fought = |x: usize, y: usize| x != 0 && y != 0 && x != y;
        let conflicts: Vec<&str> = state.conflicts.iter().map(|c| c.field.as_str()).collect();
        let mut expected = Vec::new();
        if fought(a.1, b.1) { expected.push("code"); }
        if fought(a.0, b.0) { expected.push("name"); }
        prop_assert_eq!(&conflicts, &expected);
        let merged = |x: usize, y: usize| if fought(x, y) { 0 } else { x.max(y) };
        prop_assert_eq!(state.card, Some(whole((merged(a.0, b.0), merged(a.1, b.1)))));
    }
}
