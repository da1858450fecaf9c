//! `tianye verify`: what files of a stick would bring, without taking them in.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use tianye_desk::{Desk, Result, batches_in, missing_parts};
use tianye_sync::{ChainLook, StickLook};

use crate::progress;
use crate::say;
use crate::standing::{because, range, table};
use crate::stopping;
use crate::words::Words;

/// The reason of an entry that is good as far as it can be told, and comes before its predecessor.
const WAITS: &str = "journal-gap";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verified {
    /// Nothing in the files is bad or written without a right to it, and no part is missing in a folder.
    good: bool,
    files: Vec<FileSeen>,
    missing: Vec<String>,
}

/// What one file holds.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileSeen {
    file: String,
    /// It was read to its end, and that fits.
    whole: bool,
    /// Why it could not be read to its end, or at all.
    damage: Option<String>,
    /// Its envelope opens here.
    usable: bool,
    entries: usize,
    new: usize,
    known: usize,
    chunks: usize,
    new_chunks: usize,
    chains: Vec<ChainSeen>,
    waiting: Vec<Apart>,
    bad: Vec<Apart>,
    /// Entries that enter and will have no effect: who wrote them had no right to.
    no_right: Vec<Apart>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChainSeen {
    /// Who and which laptop; empty where no card of the team says so.
    owner: String,
    chain: String,
    from: u64,
    to: u64,
    new: usize,
    known: usize,
    /// Places that become taken twice.
    forks: Vec<u64>,
    revoked: bool,
}

/// Entries of a chain that would not enter for one reason.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Apart {
    owner: String,
    /// Empty where not even that can be read.
    chain: String,
    code: String,
    entries: usize,
    from: Option<u64>,
    to: Option<u64>,
}

/// Verifies files, and those that lie in folders.
pub fn run(desk: &Desk, paths: &[PathBuf], json: bool, words: &Words) -> Result<ExitCode> {
    let (mut files, mut of_folders) = (Vec::new(), Vec::new());
    for path in paths {
        match path.is_dir() {
            true => of_folders.extend(batches_in(path)?),
            false => files.push(path.clone()),
        }
    }
    // A file that is named stands for itself; a folder should hold all parts.
    let missing = missing_parts(of_folders.iter().map(PathBuf::as_path));
    files.append(&mut of_folders);
    let mut line = progress::of(words).file(1, files.len());
    let looks =
        desk.look_at_sticks(&files, &stopping::by_keyboard(), &mut |at, progress| line.tell_of(at, progress))?;
    drop(line);
    let mut seen = Vec::new();
    for (file, look) in files.iter().zip(looks) {
        let file = file.display().to_string();
        seen.push(match look {
            Ok(look) => file_seen(desk, file, &look)?,
            Err(refusal) => FileSeen { file, damage: Some(refusal.code), ..FileSeen::default() },
        });
    }
    let good = missing.is_empty() && seen.iter().all(|one| one.whole && one.bad.is_empty() && one.no_right.is_empty());
    let verified = Verified { good, files: seen, missing };
    if json {
        say::json(&verified);
    } else {
        say::line(&text(&verified, words));
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn file_seen(desk: &Desk, file: String, look: &StickLook) -> Result<FileSeen> {
    let StickLook { report, new_chunks, chains } = look;
    let mut no_right = Vec::new();
    for look in chains {
        let owner = chain_seen(desk, look)?.owner;
        no_right.extend(look.no_right.iter().map(|(code, places)| Apart {
            owner: owner.clone(),
            chain: look.chain.to_string(),
            code: code.clone(),
            entries: places.len(),
            from: places.iter().min().map(|seq| seq.get()),
            to: places.iter().max().map(|seq| seq.get()),
        }));
    }
    let chains: Vec<ChainSeen> = chains.iter().map(|look| chain_seen(desk, look)).collect::<Result<_>>()?;
    let mut apart: BTreeMap<(Option<_>, &str), Vec<u64>> = BTreeMap::new();
    for aside in &report.set_aside {
        let places = apart.entry((aside.place.map(|place| place.chain), &aside.code)).or_default();
        // One that cannot be read stands nowhere.
        places.push(aside.place.map_or(0, |place| place.seq));
    }
    let (mut waiting, mut bad) = (Vec::new(), Vec::new());
    for ((chain, code), places) in apart {
        let chain = chain.map(|chain| chain.to_string()).unwrap_or_default();
        let owner = chains.iter().find(|one| one.chain == chain).map(|one| one.owner.clone()).unwrap_or_default();
        let place = |seq: Option<&u64>| seq.copied().filter(|seq| *seq > 0);
        let one = Apart {
            owner,
            chain,
            code: code.to_owned(),
            entries: places.len(),
            from: place(places.iter().min()),
            to: place(places.iter().max()),
        };
        if code == WAITS { waiting.push(one) } else { bad.push(one) }
    }
    Ok(FileSeen {
        file,
        whole: report.damage.is_none(),
        damage: report.damage.as_ref().map(|why| why.code().to_owned()),
        usable: true,
        entries: report.received + report.repeated + report.set_aside.len(),
        new: report.received,
        known: report.repeated,
        chunks: report.chunks,
        new_chunks: *new_chunks,
        chains,
        waiting,
        bad,
        no_right,
    })
}

fn chain_seen(desk: &Desk, look: &ChainLook) -> Result<ChainSeen> {
    let known = desk.writer_of(look.chain)?;
    let by_card = || look.serial.map(|serial| desk.writer_with(serial)).unwrap_or_default();
    Ok(ChainSeen {
        owner: if known.is_empty() { by_card() } else { known },
        chain: look.chain.to_string(),
        from: look.from.get(),
        to: look.to.get(),
        new: look.new,
        known: look.known,
        forks: look.forks.iter().map(|seq| seq.get()).collect(),
        revoked: look.revoked,
    })
}

fn text(verified: &Verified, words: &Words) -> String {
    let mut lines: Vec<String> = verified.files.iter().flat_map(|one| file_lines(one, words)).collect();
    lines.extend(verified.missing.iter().map(|name| words.say("verify-missing", &[("file", name)])));
    lines.push(match (verified.files.is_empty(), verified.good) {
        (true, _) => words.say("verify-nothing", &[]),
        (false, true) => words.say("verify-good", &[]),
        (false, false) => words.say("verify-not-good", &[]),
    });
    lines.join("\n")
}

fn file_lines(one: &FileSeen, words: &Words) -> Vec<String> {
    let damage = one.damage.clone().unwrap_or_default();
    let key = match (one.usable, one.whole) {
        (false, _) => return vec![words.say("verify-unusable", &[("file", &one.file), ("damage", &damage)])],
        (true, true) => "verify-whole",
        (true, false) => "verify-cut",
    };
    let [entries, new, known, chunks, new_chunks] =
        [one.entries, one.new, one.known, one.chunks, one.new_chunks].map(|count| count.to_string());
    let args = [
        ("file", one.file.as_str()),
        ("damage", &damage),
        ("entries", &entries),
        ("new", &new),
        ("known", &known),
        ("chunks", &chunks),
        ("newchunks", &new_chunks),
    ];
    let mut lines = vec![words.say(key, &args)];
    let rows: Vec<Vec<String>> = one.chains.iter().map(|chain| chain_row(chain, words)).collect();
    lines.extend(table(&rows).iter().map(|row| format!("  {row}")));
    lines.extend(one.waiting.iter().map(|apart| format!("  {}", apart_words("verify-waits", apart, words))));
    for apart in &one.bad {
        let key = if apart.from.is_some() { "verify-bad" } else { "verify-bad-nowhere" };
        lines.push(format!("  {}", apart_words(key, apart, words)));
        lines.push(format!("    {}", because(&apart.code, words)));
    }
    for apart in &one.no_right {
        lines.push(format!("  {}", apart_words(&format!("verify-{}", apart.code), apart, words)));
    }
    lines
}

fn chain_row(chain: &ChainSeen, words: &Words) -> Vec<String> {
    let ChainSeen { from, to, new, known, forks, revoked, .. } = chain;
    let count = |key: &str, count: &usize| words.say(key, &[("count", &count.to_string())]);
    let mut notes: Vec<String> = forks.iter().map(|at| words.say("verify-fork", &[("at", &at.to_string())])).collect();
    if *revoked {
        notes.push(words.say("verify-revoked", &[]));
    }
    vec![
        whose(&chain.owner, words),
        words.say("verify-range", &[("range", &range(*from, *to))]),
        count("verify-new", new),
        count("verify-known", known),
        notes.join("; "),
    ]
}

fn apart_words(key: &str, apart: &Apart, words: &Words) -> String {
    let places = range(apart.from.unwrap_or_default(), apart.to.unwrap_or_default());
    let (owner, count) = (whose(&apart.owner, words), apart.entries.to_string());
    words.say(key, &[("owner", &owner), ("count", &count), ("range", &places), ("code", &apart.code)])
}

/// Who and which laptop. One whose first records these are has no name here yet.
fn whose(owner: &str, words: &Words) -> String {
    if owner.is_empty() { words.say("verify-someone", &[]) } else { owner.to_owned() }
}
