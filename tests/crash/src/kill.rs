//! kill -9: a program that answers, finalises, takes in a batch, keeps snapshots and erases, or brings an older store forward,
//! is killed at any moment, again and again.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use tianye_journal::{BatchReader, BatchWriter, FileKey, Frontier, Index, Item, SealedEntry, seal_file, verify_run};
use tianye_store::{Limit, Op, read_black_box};

use crate::acts::copy_layout_1;
use crate::dice::Dice;
use crate::laptop::unlock;
use crate::stage::{Outcome, scratch};
use crate::world::{PASSPHRASE, World, append, at, body, draft, everything, record};

/// Entries of the colleague that are taken in at once.
const AT_ONCE: usize = 3;
/// Every so many answers one's own entry is written, and every so many the oldest of them is erased.
const WRITTEN: usize = 5;
const ERASED: usize = 15;
/// Every so many answers a snapshot is kept.
const COPIED: usize = 8;
/// Steps after which a new laptop is taken, so that rounds stay short.
const STEPS: usize = 600;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Rounds: a program started and killed.
    pub rounds: usize,
    /// Steps that were confirmed in all.
    pub steps: usize,
    /// What went wrong that must not.
    pub lost: Vec<String>,
}

/// Starts and kills a program that calls [`live`] so many times. `child` makes its command from the store's folder, the
/// colleague's batch and the seed of the project.
///
/// # Errors
/// If the test's own folder or program fails.
pub fn kill(seed: u64, rounds: usize, child: &dyn Fn(&Path, &Path, u64) -> Command) -> Result<Found, String> {
    let mut found = Found::default();
    let mut dice = Dice::new(seed, "kill", &[]);
    while found.rounds < rounds && found.lost.is_empty() {
        let mut laptop = Prepared::new(seed + found.rounds as u64)?;
        while found.rounds < rounds && laptop.there < STEPS && found.lost.is_empty() {
            found.rounds += 1;
            let before = laptop.there;
            let wanted = dice.below(12);
            let spins = dice.below(200_000);
            let confirmed = round(&mut child(&laptop.dir, &laptop.batch, laptop.seed), wanted, spins)?;
            if let Err(why) = laptop.check(confirmed.max(before)) {
                found.lost.push(format!("kill: round {} of seed {seed}, after {confirmed} steps: {why}", found.rounds));
            }
            found.steps += laptop.there - before;
        }
    }
    Ok(found)
}

/// Kills the same program while it brings the store of the first layout forward, or soon after, so many times and each time
/// another copy. Whatever that store held must be there.
///
/// # Errors
/// If the test's own folder or program fails.
pub fn kill_bringing_forward(
    seed: u64,
    rounds: usize,
    child: &dyn Fn(&Path, &Path, u64) -> Command,
) -> Result<Found, String> {
    let failed = |error: std::io::Error| format!("the test's own folder: {error}");
    let root = scratch().map_err(failed)?;
    let begun = Instant::now();
    let before = held(&copy_layout_1(root.path()))?;
    let longest = begun.elapsed() * 2;
    let batch = root.path().join("batch");
    let file = std::fs::File::create(&batch).map_err(failed)?;
    BatchWriter::new(file).and_then(BatchWriter::finish).map_err(|error| error.to_string())?;
    let mut found = Found::default();
    let mut dice = Dice::new(seed, "kill bringing forward", &[]);
    while found.rounds < rounds && found.lost.is_empty() {
        found.rounds += 1;
        let root = scratch().map_err(failed)?;
        let dir = copy_layout_1(root.path());
        let after = longest * u32::try_from(dice.below(1_000)).unwrap_or(0) / 1_000;
        let mut child = child(&dir, &batch, seed);
        let child = child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = child.map_err(|error| format!("the child: {error}"))?;
        let begun = Instant::now();
        while begun.elapsed() < after {
            std::hint::spin_loop();
        }
        child.kill().and_then(|()| child.wait()).map_err(|error| format!("the child: {error}"))?;
        let gone = match held(&dir) {
            Ok(now) => before.difference(&now).count(),
            Err(why) => {
                found.lost.push(format!("kill bringing forward: round {} of seed {seed}: {why}", found.rounds));
                continue;
            }
        };
        found.steps += before.len() - gone;
        if gone > 0 {
            found.lost.push(format!("kill bringing forward: round {} of seed {seed}: {gone} gone", found.rounds));
        }
    }
    Ok(found)
}

/// Every answer of a store, and every entry.
fn held(dir: &Path) -> Result<BTreeSet<String>, String> {
    let told = |error: tianye_store::Error| error.to_string();
    let store = unlock(dir, PASSPHRASE).map_err(told)?;
    store.check().map_err(told)?;
    let limit = Limit { entries: usize::MAX, bytes: usize::MAX };
    let entries = store.read(|view| view.entries_missing_from(&Frontier::default(), limit)).map_err(told)?.entries;
    let mut held: BTreeSet<String> = entries.iter().map(|entry| entry.hash().to_string()).collect();
    for draft in store.read(|view| view.drafts()).map_err(told)? {
        let answers = store.read(|view| view.answers(draft.record)).map_err(told)?;
        held.extend(answers.iter().map(|one| format!("{} {} {:?}", draft.record, one.path, one.answer)));
    }
    Ok(held)
}

/// Lets the program confirm so many steps, waits a little more, and kills it; the last step that it confirmed.
fn round(command: &mut Command, wanted: usize, spins: usize) -> Result<usize, String> {
    let failed = |error: std::io::Error| format!("the child: {error}");
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(failed)?;
    let mut lines = lines(&mut child);
    let mut last = 0;
    for _ in 0..=wanted {
        match lines.next() {
            Some(step) => last = step,
            None => break,
        }
    }
    // Somewhere inside the steps that follow; where, does not matter.
    (0..spins).for_each(|spin| {
        std::hint::black_box(spin);
    });
    child.kill().map_err(failed)?;
    let ended = child.wait().map_err(failed)?;
    if ended.code().is_some_and(|code| code != 0) {
        return Err(format!("the child ended by itself: {ended}"));
    }
    // What it had said before it died counts too.
    Ok(lines.last().unwrap_or(last))
}

/// What the child confirms, line by line.
fn lines(child: &mut Child) -> Box<dyn Iterator<Item = usize>> {
    let Some(out) = child.stdout.take() else { return Box::new(std::iter::empty()) };
    let lines = BufReader::new(out).lines().map_while(Result::ok);
    Box::new(lines.filter_map(|line| line.strip_prefix("confirmed ")?.parse().ok()))
}

/// A laptop with a draft, and a batch of a colleague beside it.
struct Prepared {
    seed: u64,
    world: World,
    dir: PathBuf,
    batch: PathBuf,
    there: usize,
    _root: tempfile::TempDir,
}

impl Prepared {
    fn new(seed: u64) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("the test's own folder: {error}");
        let root = scratch().map_err(failed)?;
        let mut world = World::new(seed);
        let store = world.lead_store(&root.path().join("data"));
        store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).map_err(|error| error.to_string())?;
        let dir = store.dir().to_owned();
        drop(store);
        let colleague = world.store(&root.path().join("colleague"));
        let said = |n: usize| format!(r#"{{"n":{n},"said":"{}"}}"#, "言".repeat(n * 53 % 600));
        (0..STEPS / 2).for_each(|n| {
            append(&colleague, &body(record(2), &[], &said(n)));
        });
        let batch = root.path().join("batch");
        let file = std::fs::File::create(&batch).map_err(failed)?;
        let mut writer = BatchWriter::new(file).map_err(failed)?;
        for entry in everything(&colleague) {
            writer.entry(&entry).map_err(|error| error.to_string())?;
        }
        writer.finish().map_err(|error| error.to_string())?;
        Ok(Self { seed, world, dir, batch, there: 0, _root: root })
    }

    /// Everything confirmed is there, and nothing is half there.
    fn check(&mut self, confirmed: usize) -> Outcome {
        let told = |error: tianye_store::Error| error.to_string();
        let store = unlock(&self.dir, PASSPHRASE).map_err(told)?;
        store.check().map_err(told)?;
        let answers = store.read(|view| view.answers(record(1))).map_err(told)?;
        let there = answers.len();
        if there < confirmed {
            return Err(format!("{there} answers of {confirmed} that were confirmed"));
        }
        for (n, answer) in (1..).zip(&answers) {
            if answer.path != format!("/q{n}") || answer.answer.as_deref() != Some(&said(n)) {
                return Err(format!("answer {n} is not as it was given"));
            }
        }
        let (own, erased) = (there / WRITTEN, there / ERASED);
        let opened = store.read(|view| view.entries_of(record(1))).map_err(told)?.len();
        if opened != own - erased {
            return Err(format!("{opened} own entries beside {there} answers, {own} written and {erased} erased"));
        }
        for snapshot in store.snapshots().map_err(told)? {
            // An erasure takes all with it.
            let then = usize::try_from(snapshot.made_ms).unwrap_or(0);
            if then < there / ERASED * ERASED && !store.is_erasing().map_err(told)? {
                return Err(format!("a snapshot of step {then} has outlived an erasure before step {there}"));
            }
        }
        let theirs = store.read(|view| view.entries_of(record(2))).map_err(told)?.len();
        // The first entry of a chain is about its writer.
        let (least, most) = (taken_in(there), taken_in(there + 1));
        if theirs + 1 < least || theirs > most.saturating_sub(1) {
            return Err(format!("{theirs} entries of the colleague beside {there} answers"));
        }
        let limit = Limit { entries: usize::MAX, bytes: usize::MAX };
        let all = store.read(|view| view.entries_missing_from(&Frontier::default(), limit)).map_err(told)?.entries;
        if let Some(trouble) = store.black_box_trouble() {
            return Err(format!("the black box has trouble: {trouble}"));
        }
        let safe = read_black_box(&store.black_box_path()).map_err(told)?.len();
        if safe != own + 1 {
            return Err(format!("{safe} entries in the black box, {own} and the first of the chain were written"));
        }
        let bare = all.iter().filter(|entry| entry.body.is_none()).count();
        if bare != erased {
            return Err(format!("{bare} entries have no body where {erased} were erased"));
        }
        let outcome = verify_run(&self.world.trust(), &Index::default(), all);
        if !outcome.set_aside.is_empty() || !outcome.forks.is_empty() {
            return Err("the chains do not verify".into());
        }
        for chunk in store.chunks().map_err(told)? {
            store.chunk(&chunk).map_err(told)?;
        }
        self.there = there;
        Ok(())
    }
}

fn said(n: usize) -> String {
    format!(r#"{{"v":"{n} {}"}}"#, "答".repeat(n * 37 % 700))
}

/// How many entries of the colleague are here after a step.
fn taken_in(step: usize) -> usize {
    step / 7 * AT_ONCE
}

/// The life of the child: goes on where the store stands, and says each step once it is confirmed, until it is killed.
///
/// # Errors
/// What the store refused.
pub fn live(dir: &Path, batch: &Path, seed: u64, out: &mut dyn Write) -> Outcome {
    let told = |error: tianye_store::Error| error.to_string();
    let store = unlock(dir, PASSPHRASE).map_err(told)?;
    let file = std::fs::File::open(batch).map_err(|error| error.to_string())?;
    let mut entries: Vec<SealedEntry> = Vec::new();
    for item in BatchReader::new(file).map_err(|error| error.to_string())? {
        if let Ok(Item::Entry(entry)) = item {
            entries.push(entry);
        }
    }
    let trust = World::new(seed).trust();
    // Another program, other pieces: names of chunks must not come again.
    let mut rng = World::new(u64::from(std::process::id()) << 32 | seed).rng;
    let from = store.read(|view| view.answers(record(1))).map_err(told)?.len() + 1;
    for n in from.. {
        let (_, chunks) = (n % 11 == 0)
            .then(|| {
                let key = FileKey::generate(&mut rng);
                seal_file(&key, &vec![7; 20_000], &mut rng)
                    .map(|chunks| (key, chunks))
                    .map_err(|error| error.to_string())
            })
            .transpose()?
            .unzip();
        let chunks = chunks.unwrap_or_default();
        chunks.iter().try_for_each(|chunk| store.put_loose_chunk(chunk)).map_err(told)?;
        // What a killed round left out is taken in first.
        let due = taken_in(n).min(entries.len());
        store
            .transact(Op::Admit, |tx| tx.receive(&trust, entries[due.saturating_sub(AT_ONCE * 2)..due].to_vec(), 5))
            .map_err(told)?;
        store
            .transact(Op::Answer, |tx| {
                tx.name_chunks(&chunks.iter().map(tianye_journal::SealedChunk::id).collect::<Vec<_>>())?;
                tx.put_answer(record(1), &format!("/q{n}"), &said(n), at(0))?;
                if n.is_multiple_of(WRITTEN) {
                    let entry = tx.append_own(&body(record(1), &[], &format!(r#"{{"n":{n}}}"#)))?;
                    tx.mark_sealed(record(1), entry)?;
                }
                if n.is_multiple_of(ERASED)
                    && let Some(oldest) = tx.entries_of(record(1))?.first().map(|entry| entry.hash)
                {
                    tx.erase(&[oldest], &[])?;
                }
                Ok(())
            })
            .map_err(told)?;
        if n.is_multiple_of(COPIED) {
            store.keep_snapshot(i64::try_from(n).unwrap_or(0)).map_err(told)?;
        }
        writeln!(out, "confirmed {n}").and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    }
    Ok(())
}
