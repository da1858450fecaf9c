//! Batches that want to break a laptop, or were broken on the way: only what is bad stays outside, and it is said.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tempfile::TempDir;
use tianye_journal::{
    BatchReader, BatchWriter, ContentKey, EntryHash, Frontier, HubKey, Inbox, Item, PlainBody, RecordId, SealedEntry,
    seal_stream,
};
use tianye_replicas::laptop::Laptop;
use tianye_replicas::people::People;
use tianye_store::Op;
use tianye_survey::{self as survey, Answer, Change, Content, Decision, FormHash, Interview, Stage};
use tianye_sync::{Cancel, read_stick};

const RECORD: RecordId = RecordId::from_bytes([7; 16]);
/// The lead, who reads, and two interviewers, who write.
const LEAD: usize = 0;

struct Team {
    people: People,
    folder: TempDir,
    made: usize,
}

impl Team {
    fn new(seed: u64) -> Self {
        Self { people: People::new(seed, 1, 2), folder: TempDir::new().unwrap(), made: 0 }
    }

    /// A new laptop of somebody; a lead's reads everything.
    fn laptop(&mut self, person: usize) -> Laptop {
        self.made += 1;
        let folder = self.folder.path().join(self.made.to_string());
        let hub = HubKey::generate(&mut self.people.rng).public();
        let laptop = Laptop::new(folder, person, &self.people.all[person], self.people.trust(), hub);
        if person == LEAD {
            let leads = self.people.leads.clone();
            laptop.store().transact(Op::Setting, |tx| tx.add_reading_key(&leads)).unwrap();
        }
        laptop
    }

    /// A laptop with a chain of its own and so many answers in it.
    fn writer(&mut self, person: usize, answers: usize, length: usize) -> Laptop {
        let mut laptop = self.laptop(person);
        let readers = self.people.readers(person);
        laptop.open_chain(&self.people.all[person], &readers);
        for number in 0..answers {
            let answer = Answer::of(&words(length));
            let changes = vec![Change::new(format!("/q{number}").as_str(), answer)];
            let sitting = Interview { changes, stage: Some(Stage::Paused), ..Interview::under(FormHash([5; 32])) };
            self.write(&mut laptop, &sitting.into());
        }
        laptop
    }

    fn write(&self, laptop: &mut Laptop, content: &Content) -> EntryHash {
        let body = PlainBody {
            kind: content.kind(),
            record: RECORD,
            parents: Vec::new(),
            author: self.people.all[laptop.person].id,
            at: laptop.tick(),
            content: content.encode().unwrap(),
        };
        laptop.store().transact(Op::Seal, |tx| tx.append_own(&body)).unwrap()
    }
}

/// Words in which nothing repeats, so that a packed sitting is long too.
fn words(length: usize) -> String {
    let word = |at: usize| char::from_u32(0x4e00 + (at as u32).wrapping_mul(2_654_435_761) % 20_000).unwrap_or('话');
    (0..length).map(word).collect()
}

fn batch(entries: &[SealedEntry]) -> Vec<u8> {
    let mut writer = BatchWriter::new(Vec::new()).unwrap();
    entries.iter().for_each(|entry| writer.entry(entry).unwrap());
    writer.finish().unwrap()
}

/// What of a batch enters an empty replica, and the codes of what did not.
fn take(people: &People, bytes: &[u8]) -> (Inbox, Vec<SealedEntry>, BTreeSet<String>) {
    let mut inbox = Inbox::new(people.trust(), 100);
    let mut codes = BTreeSet::new();
    let mut entries = Vec::new();
    match BatchReader::new(bytes) {
        Err(error) => _ = codes.insert(format!("batch {}", error.code())),
        Ok(reader) => {
            for item in reader {
                match item {
                    Ok(Item::Entry(entry)) => entries.push(entry),
                    Ok(Item::Unreadable { reason, .. }) => _ = codes.insert(reason.code().to_owned()),
                    Ok(Item::Chunk(_)) => {}
                    Err(error) => _ = codes.insert(format!("batch {}", error.code())),
                }
            }
        }
    }
    let outcome = inbox.deliver(entries);
    codes.extend(outcome.set_aside.iter().map(|aside| aside.reason.code().to_owned()));
    let accepted = outcome.accepted.into_iter().map(tianye_journal::Accepted::into_entry).collect();
    (inbox, accepted, codes)
}

/// The parts of an entry, by where they begin (FORMAT.md, *Header*, *Entry*).
fn part(entry: &SealedEntry, at: usize) -> &'static str {
    let header = if entry.header.opening().is_some() { 311 } else { 110 };
    let bounds: [(usize, &str); 13] = [
        (1, "suite"),
        (2, "form"),
        (18, "project"),
        (34, "chain"),
        (42, "seq"),
        (74, "previous"),
        (106, "body hash"),
        (110, "body length"),
        (158.min(header), "salt and commitment"),
        (header, "certificate"),
        (header + 64, "signature"),
        (header + 65, "body flag"),
        (usize::MAX, "body"),
    ];
    bounds.iter().find(|(end, _)| at < *end).map(|(_, name)| *name).unwrap()
}

#[test]
fn every_byte_flipped_keeps_out_its_entry_and_what_follows_it_and_nothing_else() {
    let mut team = Team::new(1);
    let (one, two) = (team.writer(1, 3, 4), team.writer(2, 2, 4));
    let entries: Vec<SealedEntry> =
        one.news(&Frontier::default()).into_iter().chain(two.news(&Frontier::default())).collect();
    let good = batch(&entries);
    let mut at = 8;
    // Of each byte of the batch: the frame it stands in, and where there.
    let mut frames: Vec<(usize, usize)> = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let length = 5 + entry.to_bytes().len();
        frames.extend((0..length).map(|within| (number, within)));
        at += length;
    }
    assert_eq!(good.len(), at + 9 + 32);
    let mut told: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let within = |place: usize| place.checked_sub(8).and_then(|place| frames.get(place)).map_or(place, |at| at.1);
    let once = (0..good.len()).map(|place| (place, 1 << (within(place) % 8)));
    let heads = (0..good.len()).filter(|place| within(*place) < 400).map(|place| (place, 1));
    for (place, bit) in once.chain(heads) {
        let mut flipped = good.clone();
        flipped[place] ^= bit;
        let (mut inbox, accepted, codes) = take(&team.people, &flipped);
        assert!(!codes.is_empty(), "byte {place} was changed and nobody says so");
        assert!(accepted.iter().all(|entry| entries.contains(entry)), "byte {place}: something else entered");
        let frame = place.checked_sub(8).and_then(|place| frames.get(place));
        let expected: Vec<&SealedEntry> = match frame {
            // The magic: it is no batch. The end: everything before it is whole.
            None if place < 8 => Vec::new(),
            None => entries.iter().collect(),
            // The frame's own head: nobody knows where the next one begins. But for its type, where an entry may still
            // be read as a chunk.
            Some((number, 0..5)) => entries[..*number].iter().collect(),
            Some((number, _)) => {
                let touched = &entries[*number].header;
                let stays =
                    |entry: &&SealedEntry| entry.header.chain != touched.chain || entry.header.seq < touched.seq;
                entries.iter().filter(stays).collect()
            }
        };
        let (accepted, expected): (BTreeSet<_>, BTreeSet<_>) =
            (accepted.iter().map(SealedEntry::hash).collect(), expected.into_iter().map(SealedEntry::hash).collect());
        if matches!(frame, Some((_, 0))) {
            assert!(accepted.is_superset(&expected), "byte {place}");
        } else {
            assert_eq!(accepted, expected, "byte {place}");
        }
        let name = match frame {
            None if place < 8 => "magic",
            None => "end",
            Some((_, 0)) => "frame type",
            Some((_, 1..5)) => "frame length",
            Some((number, within)) => part(&entries[*number], within - 5),
        };
        told.entry(name).or_default().extend(codes);
        // The good copy heals everything, and nothing waits for what never was.
        inbox.deliver(entries.clone());
        assert_eq!(inbox.index().len(), entries.len(), "byte {place}");
    }
    // Where a changed frame or end is read to depends on what stands there by chance.
    for chance in ["frame type", "frame length", "end"] {
        assert!(told.remove(chance).is_some());
    }
    let table: Vec<String> = told
        .into_iter()
        .map(|(part, codes)| format!("{part}: {}", codes.into_iter().collect::<Vec<_>>().join(" ")))
        .collect();
    let expected = include_str!("flipped.txt");
    assert_eq!(table.join("\n"), expected.trim_end(), "which codes tell of which part");
    for code in table.iter().flat_map(|line| line.split_whitespace()).filter(|word| word.starts_with("journal-")) {
        assert_said(code);
    }
}

/// A person is told in both languages what became of an entry that was set aside.
#[track_caller]
fn assert_said(code: &str) {
    for language in ["zh-CN", "en"] {
        let strings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/strings").join(language);
        let said = ["lead.ftl", "errors.ftl"].map(|file| std::fs::read_to_string(strings.join(file)).unwrap()).concat();
        let batch_only = ["journal-unknown-format", "journal-batch-damaged"].contains(&code);
        assert!(batch_only || said.contains(&format!("set-aside-{code} = ")), "{language} has no words for {code}");
    }
}

#[test]
fn of_every_prefix_of_a_stick_the_whole_part_enters() {
    let mut team = Team::new(2);
    let writer = team.writer(1, 5, 20_000);
    let entries = writer.news(&Frontier::default());
    let key = &team.people.all[LEAD].reading;
    let mut sealed = seal_stream(&[key.recipient()], Vec::new()).unwrap();
    std::io::Write::write_all(&mut sealed, &batch(&entries)).unwrap();
    let whole = sealed.finish().unwrap();
    assert!(whole.len() > 2 * 65_536, "several pieces of the envelope: {}", whole.len());
    let (key, path) = (key.clone(), team.folder.path().join("stick.tianye"));
    let mut lead = team.laptop(LEAD);
    let mut here = 0;
    for end in (0..whole.len()).step_by(997).chain([whole.len() - 1, whole.len()]) {
        std::fs::write(&path, &whole[..end]).unwrap();
        match read_stick(&mut lead, &path, &key, &Cancel::default(), &mut |_| ()) {
            Err(error) => assert_eq!((error.code(), here), ("batch-unusable", 0), "{end}"),
            Ok(report) => {
                assert!(report.set_aside.is_empty(), "{end}: {:?}", report.set_aside);
                assert_eq!(report.damage.is_none(), end == whole.len(), "{end}");
                here += report.received;
                assert_eq!(report.received + report.repeated, here, "{end}: what is here stays here");
            }
        }
    }
    assert_eq!(here, entries.len());
    assert_eq!(lead.heads(), writer.heads());
}

/// Each case: the entries as they come, and the codes; what is left out of `good` never enters.
#[track_caller]
fn check(team: &mut Team, came: &[SealedEntry], good: &[SealedEntry], codes: &[&str]) -> Laptop {
    let (mut lead, mut other) = (team.laptop(LEAD), team.laptop(LEAD));
    for part in came.chunks(3) {
        lead.receive(part.to_vec());
    }
    other.receive(good.to_vec());
    assert_eq!(lead.heads(), other.heads());
    assert_eq!(told(&lead), told(&other), "the state is that of the good rest");
    let aside = lead.store().read(|view| view.kept_aside()).unwrap();
    let mut found: Vec<&str> = aside.iter().map(|kept| kept.reason.as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, codes);
    codes.iter().for_each(|code| assert_said(code));
    lead
}

fn told(laptop: &Laptop) -> survey::InterviewState {
    survey::interview(RECORD, &laptop.entries_of(RECORD), &survey::Team::default())
}

#[test]
fn order_and_repetition_do_not_matter() {
    let mut team = Team::new(3);
    let (one, two) = (team.writer(1, 3, 4), team.writer(2, 2, 4));
    let entries: Vec<SealedEntry> =
        one.news(&Frontier::default()).into_iter().chain(two.news(&Frontier::default())).collect();
    let mut backwards = entries.clone();
    backwards.reverse();
    check(&mut team, &backwards, &entries, &[]);
    let mut by_hash = entries.clone();
    by_hash.sort_by_key(SealedEntry::hash);
    check(&mut team, &by_hash, &entries, &[]);
    for turn in 1..entries.len() {
        let mut turned = [&entries[turn..], &entries[..turn], &entries[turn..]].concat();
        turned.rotate_left(turn / 2);
        check(&mut team, &turned, &entries, &[]);
    }
}

#[test]
fn a_hole_is_said_and_heals_when_the_missing_entry_comes() {
    let mut team = Team::new(4);
    let entries = team.writer(1, 4, 4).news(&Frontier::default());
    let holed: Vec<SealedEntry> = entries.iter().filter(|entry| entry.header.seq.get() != 3).cloned().collect();
    let mut lead = check(&mut team, &holed, &entries[..2], &["journal-gap", "journal-gap"]);
    lead.receive(vec![entries[2].clone()]);
    assert_eq!(lead.heads(), team_heads(&entries));
    assert!(lead.store().read(|view| view.kept_aside()).unwrap().is_empty(), "nothing waits any more");
}

fn team_heads(entries: &[SealedEntry]) -> Frontier {
    let mut heads = Frontier::default();
    entries.iter().for_each(|entry| heads.advance(&entry.header));
    heads
}

#[test]
fn entries_of_others_never_enter() {
    let mut team = Team::new(5);
    let good = team.writer(1, 2, 4).news(&Frontier::default());
    // Another project, whole and honest.
    let mut strangers = Team::new(6);
    let foreign = strangers.writer(1, 1, 4).news(&Frontier::default());
    let mixed = [&foreign[..], &good[..]].concat();
    check(&mut team, &mixed, &good, &["journal-other-project", "journal-other-project"]);
    // A stranger who says that they are of this project: the certificate is not the project's.
    strangers.people.project = team.people.project;
    let forged = strangers.people.key.clone();
    assert_ne!(forged.public(), team.people.key.public());
    let person = &strangers.people.all[1];
    let details = person.details.clone();
    let certificate = tianye_journal::Certificate::issue(
        team.people.project,
        &forged,
        person.signing.public(),
        &details,
        &mut team.people.rng,
    );
    let body = |record: u8| PlainBody {
        kind: 3,
        record: RecordId::from_bytes([record; 16]),
        parents: Vec::new(),
        author: details.person,
        at: tianye_journal::WallClock { millis: 0, offset_minutes: 0 },
        content: b"{}".to_vec(),
    };
    let readers = [team.people.leads.recipient()];
    let opened = tianye_journal::ChainWriter::open(
        &person.signing,
        &certificate.unwrap(),
        &readers,
        &body(1),
        &mut strangers.people.rng,
    );
    let (mut writer, opening) = opened.unwrap();
    let second = writer.seal(&body(2), &mut strangers.people.rng).unwrap();
    let mixed = [&good[..], &[opening, second]].concat();
    check(&mut team, &mixed, &good, &["journal-behind", "journal-certificate-not-signed"]);
    // Somebody of the team who goes on in another's chain, with their own key.
    let (last, thief) = (good.last().unwrap(), team.people.all[2].signing.clone());
    let content = ContentKey::generate(&mut team.people.rng);
    let (project, chain) = (team.people.project, last.header.chain);
    let mut writer = tianye_journal::ChainWriter::resume(project, chain, thief, content, last.header.seq, last.hash());
    let stolen = writer.seal(&body(3), &mut team.people.rng).unwrap();
    check(&mut team, &[&good[..], &[stolen]].concat(), &good, &["journal-bad-signature"]);
}

#[test]
fn an_entry_that_its_author_had_no_right_to_enters_without_effect_and_is_told() {
    let mut team = Team::new(8);
    let mut writer = team.writer(1, 1, 4);
    let over = vec![writer.entries_of(RECORD)[0].hash];
    let decision = Decision {
        field: "/q0".into(),
        chosen: Answer::of("改了"),
        over,
        form: None,
        takes_back: false,
        unseen: Vec::new(),
        reason: "自己定".into(),
    };
    let hash = team.write(&mut writer, &decision.into());
    let entries = writer.news(&Frontier::default());
    let lead = check(&mut team, &entries, &entries, &[]);
    let mut roles = survey::Team::default();
    roles.add(writer.own_chain(), team.people.all[1].id, survey::Role::Interviewer);
    let state = survey::interview(RECORD, &lead.entries_of(RECORD), &roles);
    let told: Vec<(EntryHash, &str)> = state.ground.no_right.iter().map(|one| (one.entry, one.reason.code())).collect();
    assert_eq!(told, [(hash, "no-right-role")]);
    assert_eq!(state.fields[&"/q0".into()].settled(), Some(&Answer::of(&words(4))));
}
