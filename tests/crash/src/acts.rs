//! What an interviewer does, one row for each act. A new act is one more row.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tianye_journal::{ReadingKey, SealedEntry, SigningKey};
use tianye_store::{Intake, KdfCost, Look, NewStore, Op, Passphrase, Store, Tx, read_black_box};

use self::files::{attach, ids, keep_loose, record_sound, report, sealed};
use crate::laptop::Laptop;
use crate::stage::{Outcome, Stage};
use crate::world::{PASSPHRASE, World, append, at, body, card, draft, everything, record};

mod files;

/// The passphrase after it was changed.
const OTHER: &str = "另一句 很长的口令";

/// One act.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    /// Its name.
    pub name: &'static str,
    /// What is on the disk before it; not recorded.
    before: fn(&mut World, &Path) -> Laptop,
    /// The act, step by step.
    run: fn(&mut Stage<'_>) -> Outcome,
}

impl Act {
    /// Makes what is on the disk before, in an empty folder.
    #[must_use]
    pub fn laptop(&self, world: &mut World, data: &Path) -> Laptop {
        (self.before)(world, data)
    }

    /// Does it.
    ///
    /// # Errors
    /// What went wrong that must not.
    pub fn run(&self, stage: &mut Stage<'_>) -> Outcome {
        (self.run)(stage)
    }
}

/// All acts.
pub const ACTS: &[Act] = &[
    Act { name: "make a store", before: nothing, run: make_store },
    Act { name: "answer", before: a_draft, run: answer },
    Act { name: "answer at length", before: a_draft, run: answer_at_length },
    Act { name: "come back", before: a_draft, run: come_back },
    Act { name: "finalise", before: a_draft, run: finalise },
    Act { name: "take in a batch", before: a_lead, run: take_in },
    Act { name: "take in much at once", before: a_lead, run: take_in_at_once },
    Act { name: "bring forward from layout 1", before: layout_1, run: bring_forward },
    Act { name: "record", before: a_draft, run: record_sound },
    Act { name: "attach", before: a_draft, run: attach },
    Act { name: "report", before: a_draft, run: report },
    Act { name: "change keys and card", before: a_draft, run: change_keys },
    Act { name: "copy for safety", before: a_draft, run: copy },
    Act { name: "keep snapshots", before: a_draft, run: keep_snapshots },
    Act { name: "recover", before: damaged, run: recover },
    Act { name: "erase", before: a_draft, run: erase },
    Act { name: "go on with a copy", before: a_copy, run: go_on },
];

fn laptop(world: &World, data: &Path, store: Option<Store>) -> Laptop {
    Laptop {
        data: data.to_owned(),
        dir: store.as_ref().map(|store| store.dir().to_owned()),
        store,
        passphrase: PASSPHRASE,
        chunks: BTreeSet::new(),
        copies: Vec::new(),
        erased: (Vec::new(), Vec::new()),
        damaged: None,
        trust: Some(world.trust()),
    }
}

fn nothing(world: &mut World, data: &Path) -> Laptop {
    laptop(world, data, None)
}

/// A store with a chain, an entry and a draft; locked, as every act unlocks it first.
fn a_draft(world: &mut World, data: &Path) -> Laptop {
    let store = world.store(data);
    append(&store, &body(record(9), &[], r#"{"before":1}"#));
    store.transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0))).expect("a new store takes a draft");
    let mut laptop = laptop(world, data, Some(store));
    laptop.lock().expect("a whole disk");
    laptop
}

/// A safety copy that somebody put in place of the database: it keeps no log yet.
fn a_copy(world: &mut World, data: &Path) -> Laptop {
    let mut laptop = a_draft(world, data);
    laptop.unlock().expect("a whole disk");
    let dir = laptop.store().dir().to_owned();
    laptop.store().snapshot(&dir.join("copy.db")).expect("a whole disk");
    laptop.lock().expect("a whole disk");
    fs::rename(dir.join("copy.db"), dir.join("store.db")).expect("a whole disk");
    laptop
}

/// A database that was damaged after a snapshot was made of it and more was answered.
fn damaged(world: &mut World, data: &Path) -> Laptop {
    let mut laptop = a_draft(world, data);
    laptop.unlock().expect("a whole disk");
    let store = laptop.store();
    for n in 1..=12_i64 {
        let said = format!(r#"{{"n":{n},"said":"{}"}}"#, "旧".repeat(400));
        append(store, &body(record(5), &[], &said));
    }
    store.keep_snapshot(3).expect("a whole disk");
    store
        .transact(Op::Answer, |tx| tx.put_answer(record(1), "/late", r#"{"v":"后来"}"#, at(4)))
        .expect("a draft takes an answer");
    let database = store.dir().join("store.db");
    laptop.lock().expect("a whole disk");
    let mut bytes = fs::read(&database).expect("a whole disk");
    // The last pages hold what grew last: entries, which the snapshot has.
    let from = bytes.len() - 3 * 4096 + 100;
    bytes[from..from + 64].fill(0);
    fs::write(&database, &bytes).expect("a whole disk");
    laptop.damaged = Some(*blake3::hash(&bytes).as_bytes());
    laptop
}

fn a_lead(world: &mut World, data: &Path) -> Laptop {
    let store = world.lead_store(data);
    let mut laptop = laptop(world, data, Some(store));
    laptop.lock().expect("a whole disk");
    laptop
}

/// The store that the first released layout left.
fn layout_1(world: &mut World, data: &Path) -> Laptop {
    Laptop { dir: Some(copy_layout_1(data)), trust: None, ..laptop(world, data, None) }
}

/// Copies it into a data folder; where it lies then.
pub(crate) fn copy_layout_1(data: &Path) -> PathBuf {
    const NAME: &str = "880157b4bba1ce73510c2e894f953659";
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/store/tests/fixtures/v1").join(NAME);
    let to = data.join(NAME);
    fs::create_dir_all(to.join("safety")).expect("an empty folder");
    for file in ["card.json", "slots.txt", "store.db", "safety/box"] {
        fs::copy(from.join(file), to.join(file)).expect("the store of layout 1 lies with the tests");
    }
    to
}

fn open(stage: &mut Stage<'_>) -> Outcome {
    stage.step("unlock", Laptop::unlock)
}

fn make_store(stage: &mut Stage<'_>) -> Outcome {
    let recovery = stage.world.lead.recipient();
    stage.step("make the store", |laptop| {
        let passphrase = Passphrase::new(PASSPHRASE);
        let cost = KdfCost::insecure_for_tests();
        let new = NewStore { card: card(), passphrase: &passphrase, cost, recovery: Some(&recovery) };
        // In a folder that is not there yet, as on a new laptop.
        let store = Store::create(&laptop.data, &new)?;
        laptop.dir = Some(store.dir().to_owned());
        laptop.store = Some(store);
        Ok(())
    })?;
    let (signing, reading) = (SigningKey::generate(&mut stage.world.rng), ReadingKey::generate(&mut stage.world.rng));
    let (certificate, readers, opening) = stage.world.papers(&signing, &reading);
    stage.step("put the keys", |laptop| {
        laptop.store().transact(Op::Setting, |tx| {
            tx.put_setting("project", b"2017")?;
            tx.put_signing_key(&signing)?;
            tx.add_reading_key(&reading).map(drop)
        })
    })?;
    stage.step("open a chain", |laptop| {
        laptop.store().transact(Op::Seal, |tx| tx.open_chain(&certificate, &readers, &opening).map(drop))
    })?;
    stage.step("start a draft", |laptop| {
        laptop.store().transact(Op::Draft, |tx| tx.start_draft(&draft(record(1)), at(0)))
    })?;
    stage.step("lock", Laptop::lock)
}

fn answer(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    for n in 1..=10 {
        stage.step(&format!("answer {n}"), |laptop| {
            laptop.store().transact(Op::Answer, |tx| {
                let said = format!(r#"{{"v":"{n} {}"}}"#, "答".repeat(n * 97 % 900));
                tx.put_answer(record(1), &format!("/q{n}"), &said, at(n.cast_signed() as i64))?;
                tx.put_position(record(1), &format!("/q{}", n + 1))
            })
        })?;
    }
    stage.step("note", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_note(record(1), "/q3", "说得很快", at(11)))
    })?;
    stage.step("undo", |laptop| laptop.store().transact(Op::Answer, |tx| tx.undo(record(1), at(12)).map(drop)))?;
    stage.step("lock", Laptop::lock)?;
    open(stage)?;
    stage.step("answer again", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/q3", r#"{"v":"改"}"#, at(13)))
    })
}

/// Answers so long that the log is copied into the database while they come.
/// Whoever is refused closes the program, perhaps while the disk still fails, and opens it again.
fn come_back(stage: &mut Stage<'_>) -> Outcome {
    let mut step = |what: &str, op: Op, act: &dyn Fn(&mut Tx<'_>) -> tianye_store::Result<()>| {
        stage.step(what, |laptop| {
            if laptop.store.is_none() {
                laptop.unlock()?;
            }
            laptop.store().transact(op, |tx| act(tx)).inspect_err(|_| {
                // The refusal to tell is the first one.
                let _ = laptop.lock();
            })
        })
    };
    for n in 1..=3 {
        step(&format!("answer {n}"), Op::Answer, &|tx| {
            tx.put_answer(record(1), &format!("/q{n}"), &format!(r#"{{"v":{n}}}"#), at(n))
        })?;
    }
    step("seal", Op::Seal, &|tx| {
        let entry = tx.append_own(&body(record(1), &[], "{}"))?;
        tx.mark_sealed(record(1), entry)
    })?;
    step("answer once more", Op::Answer, &|tx| tx.put_answer(record(1), "/q4", r#"{"v":4}"#, at(4)))?;
    stage.step("lock", Laptop::lock)
}

fn answer_at_length(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    for n in 1..=7_i64 {
        stage.step(&format!("long answer {n}"), |laptop| {
            let said = format!(r#"{{"v":"{n} {}"}}"#, "长".repeat(270_000));
            laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), &format!("/q{}", n % 3), &said, at(n)))
        })?;
    }
    stage.step("lock", Laptop::lock)
}

fn finalise(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    for n in 1..=4_i64 {
        stage.step(&format!("answer {n}"), |laptop| {
            laptop.store().transact(Op::Answer, |tx| {
                tx.put_answer(record(1), &format!("/q{n}"), &format!(r#"{{"v":"{n}"}}"#), at(n))
            })
        })?;
        let last = n == 4;
        stage.step(if last { "finalise" } else { "pause" }, |laptop| {
            laptop.store().transact(Op::Seal, |tx| {
                let content = format!(r#"{{"n":{n},"said":"{}"}}"#, "话".repeat(400 * n.unsigned_abs() as usize));
                let entry = tx.append_own(&body(record(1), &[], &content))?;
                tx.mark_sealed(record(1), entry)?;
                if last { tx.set_draft_state(record(1), "finalised") } else { Ok(()) }
            })
        })?;
    }
    stage.step("drop the draft", |laptop| laptop.store().transact(Op::Draft, |tx| tx.drop_draft(record(1), false)))?;
    stage.step("lock", Laptop::lock)
}

fn take_in(stage: &mut Stage<'_>) -> Outcome {
    let entries = batch(stage, 24)?;
    let trust = stage.world.trust();
    open(stage)?;
    let (first, rest) = entries.split_at(14);
    // The second half comes first, and waits; then the first, which lets it enter; then all again.
    for (what, part) in [("what comes after", rest), ("what comes before", first), ("all again", &entries[..])] {
        stage.step(&format!("take in {what}"), |laptop| {
            laptop.store().transact(Op::Admit, |tx| tx.receive(&trust, part.to_vec(), 5).map(drop))
        })?;
    }
    stage.step("write an own entry", |laptop| {
        laptop.store().transact(Op::Seal, |tx| tx.append_own(&body(record(3), &[], "{}")).map(drop))
    })?;
    stage.step("lock", Laptop::lock)
}

/// The same on threads, as a sync does it.
fn take_in_at_once(stage: &mut Stage<'_>) -> Outcome {
    let entries = batch(stage, 24)?;
    let trust = stage.world.trust();
    open(stage)?;
    for (what, part) in [("a part", &entries[..9]), ("all", &entries[..])] {
        stage.step(&format!("take in {what}"), |laptop| {
            let Some(store) = laptop.store.take().map(Arc::new) else { return Ok(()) };
            let see: Arc<Look> = Arc::new(|_, _, body| Some(body.content.clone()));
            let taken = Intake::begin(store.clone(), trust, 5, &see).and_then(|mut intake| {
                intake.push(part.to_vec())?;
                intake.finish().map(drop)
            });
            laptop.store = Arc::into_inner(store);
            taken
        })?;
    }
    stage.step("lock", Laptop::lock)
}

/// Entries that a colleague wrote on another laptop of the project.
fn batch(stage: &mut Stage<'_>, many: usize) -> Result<Vec<SealedEntry>, String> {
    let aside = tempfile::tempdir().map_err(|error| error.to_string())?;
    let store = stage.world.store(aside.path());
    for n in 1..many {
        let content = format!(r#"{{"n":{n},"said":"{}"}}"#, "言".repeat(n * 53 % 600));
        append(&store, &body(record(2), &[], &content));
    }
    Ok(everything(&store))
}

fn bring_forward(stage: &mut Stage<'_>) -> Outcome {
    stage.step("unlock and bring forward", |laptop| {
        laptop.unlock()?;
        laptop.copies = vec![(PathBuf::from("backup/1.db"), 1)];
        Ok(())
    })?;
    stage.step("answer", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/家/新", r#"{"v":"是"}"#, at(5)))
    })?;
    stage.step("seal", |laptop| {
        laptop.store().transact(Op::Seal, |tx| {
            let entry = tx.append_own(&body(record(1), &[], "{}"))?;
            tx.mark_sealed(record(1), entry)
        })
    })?;
    stage.step("lock", Laptop::lock)
}

fn change_keys(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    stage.step("change the passphrase", |laptop| {
        let (old, new) = (Passphrase::new(PASSPHRASE), Passphrase::new(OTHER));
        laptop.store().change_passphrase(&old, &new, KdfCost::insecure_for_tests())?;
        laptop.passphrase = OTHER;
        Ok(())
    })?;
    let recovery = stage.world.lead.recipient();
    stage.step("set the recovery address", |laptop| laptop.store().set_recovery(&recovery))?;
    stage.step("change the card", |laptop| laptop.store().set_card(|card| card.group = "第二组".into()))?;
    stage.step("change it back", |laptop| {
        let (old, new) = (Passphrase::new(OTHER), Passphrase::new(PASSPHRASE));
        laptop.store().change_passphrase(&old, &new, KdfCost::insecure_for_tests())?;
        laptop.passphrase = PASSPHRASE;
        Ok(())
    })?;
    stage.step("answer", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/q", r#"{"v":1}"#, at(4)))
    })?;
    stage.step("lock", Laptop::lock)
}

fn copy(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    stage.step("answer", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/q", r#"{"v":1}"#, at(4)))
    })?;
    let step = stage.steps();
    let mut tries = 0;
    stage.step("copy the store", |laptop| {
        // Whoever was refused tries under another name: the first may be taken.
        tries += 1;
        let name = format!("copy-{tries}.db");
        laptop.store().snapshot(&laptop.store().dir().join(&name))?;
        laptop.copies.push((PathBuf::from(name), step));
        Ok(())
    })?;
    stage.step("answer more", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/p", r#"{"v":2}"#, at(5)))
    })
}

/// One more than are kept: the oldest is driven out.
fn keep_snapshots(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    for n in 1..=4_i64 {
        stage.step("answer", |laptop| {
            let said = format!(r#"{{"v":"{n} {}"}}"#, "照".repeat(200));
            laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/q", &said, at(n)))
        })?;
        let step = stage.steps();
        stage.step("keep a snapshot", |laptop| {
            let made = laptop.store().keep_snapshot(n * 1000)?;
            let inside = |path: &Path| path.strip_prefix(laptop.store().dir()).unwrap_or(path).to_owned();
            let there: Vec<PathBuf> = laptop.store().snapshots()?.iter().map(|one| inside(&one.path)).collect();
            laptop.copies.push((inside(&made.path), step));
            // One that was found good, and whose name alone could not be made durable, drives out an older one too.
            let known = |path: &PathBuf| laptop.copies.iter().any(|(copy, _)| copy == path);
            let kept = 3 - there.iter().take(3).filter(|path| !known(path)).count();
            laptop.copies = laptop.copies.split_off(laptop.copies.len().saturating_sub(kept));
            Ok(())
        })?;
    }
    stage.step("lock", Laptop::lock)
}

fn recover(stage: &mut Stage<'_>) -> Outcome {
    let mut late = 0;
    stage.step("recover", |laptop| {
        laptop.unlock()?;
        let answers = laptop.store().read(|view| view.answers(record(1)))?;
        late = answers.iter().filter(|answer| answer.path == "/late").count();
        Ok(())
    })?;
    if late != 1 {
        return Err("what was answered after the snapshot did not come from the damaged database".into());
    }
    let (trust, lead) = (stage.world.trust(), stage.world.lead.recipient());
    stage.step("take in what is left", |laptop| {
        let store = laptop.store();
        let mut left = read_black_box(&store.black_box_path())?;
        for aside in store.set_aside()? {
            store.entries_left_in(&aside.folder, |entry| left.push(entry));
        }
        store.transact(Op::Admit, |tx| tx.receive(&trust, left, 5).map(drop))
    })?;
    stage.step("go on in another chain", |laptop| {
        let store = laptop.store();
        let reading = store.read(|view| view.reading_keys())?.remove(0);
        store.transact(Op::Seal, |tx| {
            let own = tx.own_chain()?.map(|own| tx.opening(own.chain)).transpose()?.flatten();
            let opening = own.as_ref().and_then(|entry| entry.header.opening()).expect("a draft's store has a chain");
            tx.take_own_chains(&opening.certificate.key)?;
            tx.end_recovery()?;
            let readers = [lead, reading.recipient()];
            tx.open_chain(&opening.certificate, &readers, &body(record(3), &[], "{}")).map(drop)
        })
    })?;
    stage.step("answer", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/q", r#"{"v":1}"#, at(6)))
    })?;
    stage.step("write an entry", |laptop| {
        laptop.store().transact(Op::Seal, |tx| tx.append_own(&body(record(4), &[], "{}")).map(drop))
    })?;
    stage.step("lock", Laptop::lock)
}

fn go_on(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    stage.step("answer", |laptop| {
        laptop.store().transact(Op::Answer, |tx| tx.put_answer(record(1), "/q", r#"{"v":1}"#, at(4)))
    })?;
    stage.step("lock", Laptop::lock)
}

fn erase(stage: &mut Stage<'_>) -> Outcome {
    open(stage)?;
    let mut written = Vec::new();
    for n in 1..=3_u8 {
        stage.step(&format!("entry {n}"), |laptop| {
            let content = format!(r#"{{"n":{n},"said":"{}"}}"#, "悔".repeat(usize::from(n) * 200));
            let own = laptop.store().transact(Op::Seal, |tx| tx.append_own(&body(record(n), &[], &content)))?;
            written.push(own);
            Ok(())
        })?;
    }
    let (_, chunks) = sealed(stage, 4_000)?;
    keep_loose(stage, "a picture", &chunks)?;
    for entry in written.iter().take(2) {
        stage.step("erase", |laptop| {
            let body = laptop.store().read(|view| view.entry(*entry))?.and_then(|entry| entry.body);
            laptop.chunks.clear();
            laptop.store().transact(Op::Erase, |tx| tx.erase(&[*entry], &ids(&chunks)).map(drop))?;
            // What files beside the database still hold is noted, and taken away later. Where that cannot be asked, nothing is
            // promised: the erasure itself is done.
            if laptop.store().is_erasing().is_ok_and(|erasing| !erasing) {
                laptop.erased.0.extend(body);
                laptop.erased.1 = ids(&chunks);
            }
            Ok(())
        })?;
    }
    stage.step("write another entry", |laptop| {
        laptop.store().transact(Op::Seal, |tx| tx.append_own(&body(record(4), &[], "{}")).map(drop))
    })?;
    stage.step("lock", Laptop::lock)
}
