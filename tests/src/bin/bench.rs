//! `bench [PART] [--json FILE]`: figures with their unit, and a baseline and a ratio where there is one.
//!
//! Parts: `form`, `store`, `hub`, `window`. Without one all are measured. Run it from a release build by
//! `cargo xtask bench`.

#![allow(clippy::cast_precision_loss, reason = "figures are for people")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fantoccini::key::Key;
use serde::Serialize;
use tianye_desk::view::NewProject;
use tianye_desk::world::{Machine, World as _};
use tianye_desk::{KdfCost, Laptop as Folder, forms, simulate};
use tianye_journal::{RecordId, WallClock};
use tianye_store::{NewDraft, NewStore, Op, Passphrase, StartCard, Store};
use tianye_tests::Outcome;
use tianye_tests::filling::{Hand, Plan, asks, step};
use tianye_tests::hub::Hub;
use tianye_tests::laptop::Laptop;
use tianye_tests::page::read;
use tianye_tests::programs::{tianye, workspace};
use tianye_xform::{Context, FieldPath, Form, Media, Properties, Session};

const PASSPHRASE: &str = "tianye bench 2017";

/// One figure.
#[derive(Debug, Serialize)]
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    baseline: Option<f64>,
    ratio: Option<f64>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say(&format!("bench: {why}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "this program talks to a terminal")]
fn say(line: &str) {
    println!("{line}");
}

fn run() -> Outcome {
    let mut part = None;
    let mut json = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--json" => json = Some(args.next().ok_or("expected a file after --json")?),
            "form" | "store" | "hub" | "window" => part = Some(arg),
            other => return Err(format!("expected form, store, hub or window, found {other}").into()),
        }
    }
    let wanted = |name: &str| part.as_deref().is_none_or(|part| part == name);
    let mut figures = Vec::new();
    if wanted("form") {
        form(&mut figures)?;
    }
    if wanted("store") {
        store(&mut figures)?;
    }
    if wanted("hub") {
        hub(&mut figures)?;
    }
    if wanted("window") {
        // The other parts talk to the hub in a blocking way, which a runtime does not allow.
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(window(&mut figures))?;
    }
    if let Some(file) = json {
        std::fs::write(file, serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}

fn note(figures: &mut Vec<Figure>, name: &str, value: f64, unit: &'static str, baseline: Option<f64>) {
    let ratio = baseline.map(|baseline| value / baseline);
    let beside = match (baseline, ratio) {
        (Some(baseline), Some(ratio)) => format!("   baseline {baseline:.3} {unit}, ratio {ratio:.2}"),
        _ => String::new(),
    };
    say(&format!("{name}: {value:.3} {unit}{beside}"));
    figures.push(Figure { name: name.to_owned(), value, unit, baseline, ratio });
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The value below which a share of the times lies, in milliseconds.
fn share(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(at).copied().map(ms).unwrap_or_default()
}

/// The pupil questionnaire: from workbook to form, an answer, a random interview.
fn form(figures: &mut Vec<Figure>) -> Outcome {
    let bytes = std::fs::read(workspace().join("forms/pupil.md"))?;
    let began = Instant::now();
    let (_, checked) = forms::check_workbook("pupil.md", &bytes, &|_| None).map_err(|why| why.to_string())?;
    note(figures, "workbook to checked form (pupil)", ms(began.elapsed()), "ms", None);
    let xml = checked.ok_or("the questionnaire cannot be used")?.converted.xform;
    let began = Instant::now();
    let form = Form::parse(&xml, &Media::none()).0.ok_or("the form cannot be read")?;
    note(figures, "XForm to form (pupil)", ms(began.elapsed()), "ms", None);
    let form = Arc::new(form);
    let properties = Properties::default();
    let random = || 7;
    let context = Context { now: Machine.now(), random: &random, properties: &properties };
    let mut session = Session::start(form.clone(), &context);
    let county = FieldPath::parse("/a_basics/county")?;
    let mut times = Vec::new();
    for round in 0..2000 {
        let value = if round % 2 == 0 { "wuyi" } else { "wenling" };
        let began = Instant::now();
        session.answer(&county, value, &context).map_err(|why| why.code())?;
        times.push(began.elapsed());
    }
    note(figures, "answer with a cascade behind it, p50", share(&mut times, 0.5), "ms", None);
    note(figures, "answer with a cascade behind it, p99", share(&mut times, 0.99), "ms", None);
    let began = Instant::now();
    for seed in 0..20 {
        simulate::walk(&form, seed, Machine.now()).map_err(|why| why.to_string())?;
    }
    note(figures, "a whole random interview", ms(began.elapsed()) / 20.0, "ms", None);
    Ok(())
}

/// One answer on the disk, beside bare SQLCipher with the same pragmas.
fn store(figures: &mut Vec<Figure>) -> Outcome {
    const ROUNDS: usize = 2000;
    let folder = tempfile::tempdir()?;
    let mut bare = bare_commits(folder.path(), ROUNDS)?;
    let passphrase = Passphrase::new(PASSPHRASE);
    let new = NewStore {
        card: StartCard::default(),
        passphrase: &passphrase,
        cost: KdfCost::insecure_for_tests(),
        recovery: None,
    };
    let store = Store::create(folder.path(), &new)?;
    let record = RecordId::from_bytes([7; 16]);
    let at = WallClock { millis: 1_491_964_920_000, offset_minutes: 480 };
    let draft = NewDraft {
        record,
        form: [1; 32],
        subject: None,
        language: String::new(),
        state: "draft".into(),
        parents: Vec::new(),
        extra: "{}".into(),
    };
    store.transact(Op::Draft, |tx| tx.start_draft(&draft, at))?;
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let (path, answer) = (format!("/group/question_{}", round % 70), format!("{{\"v\":\"answer {round}\"}}"));
        let began = Instant::now();
        store.transact(Op::Answer, |tx| tx.put_answer(record, &path, &answer, at))?;
        times.push(began.elapsed());
    }
    for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
        let baseline = share(&mut bare, part);
        note(figures, &format!("one answer durable, {name}"), share(&mut times, part), "ms", Some(baseline));
    }
    Ok(())
}

/// Upserts into an encrypted table, one a transaction.
fn bare_commits(folder: &Path, rounds: usize) -> Outcome<Vec<Duration>> {
    let conn = rusqlite::Connection::open(folder.join("bare.db"))?;
    conn.execute_batch(
        "PRAGMA key = \"x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'\";
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;
         PRAGMA journal_mode = WAL;
         CREATE TABLE answers (path TEXT PRIMARY KEY, answer TEXT) STRICT;",
    )?;
    let mut times = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let (path, answer) = (format!("/group/question_{}", round % 70), format!("answer {round}"));
        let began = Instant::now();
        conn.execute("INSERT OR REPLACE INTO answers (path, answer) VALUES (?1, ?2)", (path, answer))?;
        times.push(began.elapsed());
    }
    Ok(times)
}

/// Entries from a laptop to a real hub process, each verified there and receipted.
fn hub(figures: &mut Vec<Figure>) -> Outcome {
    let folder = tempfile::tempdir()?;
    let hub = Hub::start(&folder.path().join("hub"))?;
    let laptop = Folder::new(&folder.path().join("lead"), Arc::new(Machine), KdfCost::insecure_for_tests());
    let refused = |why: tianye_desk::view::Refusal| why.to_string();
    let mut desk = laptop
        .create_project(&NewProject {
            title: "bench".into(),
            person: "bench".into(),
            device: "bench".into(),
            passphrase: PASSPHRASE.into(),
            hub_card: Some(std::fs::read_to_string(hub.card())?),
        })
        .map_err(refused)?;
    let bytes = std::fs::read(workspace().join("forms/pupil.md"))?;
    desk.check_form("pupil.md", &bytes, &|_| None).map_err(refused)?;
    desk.add_form().map_err(refused)?;
    desk.simulate("pupil", 200, 1).map_err(refused)?;
    let entries = desk.outbox().map_err(refused)?.entries;
    let began = Instant::now();
    desk.sync().map_err(refused)?;
    note(figures, "entries to the hub", f64::from(entries) / began.elapsed().as_secs_f64(), "1/s", None);
    let began = Instant::now();
    desk.sync().map_err(refused)?;
    note(figures, "a sync with nothing to send", ms(began.elapsed()), "ms", None);
    Ok(())
}

/// The real window: unlock to the first question, an answer to the screen, memory.
async fn window(figures: &mut Vec<Figure>) -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut laptop = Laptop::new("bench", &folder.path().join("laptop"))?;
    let data = laptop.data();
    // The store is made by the command line, the rest is the window's.
    tianye(&data, PASSPHRASE, &["new", "bench", "--lead", "bench"])?;
    let form = workspace().join("forms/pupil.md");
    tianye(&data, PASSPHRASE, &["add-form", form.to_str().ok_or("a path without UTF-8")?])?;
    let began = Instant::now();
    laptop.open("zh-CN").await?;
    laptop.until_shows("unlock-passphrase").await?;
    note(figures, "start to unlock page", ms(began.elapsed()), "ms", None);
    let mut first = begin_interview(&laptop).await?;
    note(figures, "unlock to today's page (Argon2id with it)", first.0, "ms", None);
    note(figures, "new interview to its first question", first.1, "ms", None);
    let mut page = read(&laptop).await?;
    while !asks(&page, "sex") {
        page = step(&laptop, Hand::Keys, &Plan::default()).await?;
    }
    // Locked and taken up again, the way a day goes on after a break.
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("unlock-passphrase").await?;
    first = resume_interview(&laptop).await?;
    note(figures, "unlock to first question", first.0 + first.1, "ms", None);

    let mut answers = Vec::new();
    for round in 0..60 {
        answers.push(answer_to_screen(&laptop, if round % 2 == 0 { '1' } else { '2' }).await?);
    }
    for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
        note(figures, &format!("answer to screen, {name}"), share(&mut answers, part), "ms", None);
    }
    let mut moves = Vec::new();
    for _ in 0..20 {
        for key in [char::from(Key::PageUp), char::from(Key::PageDown)] {
            moves.push(key_to_page(&laptop, key).await?);
        }
    }
    note(figures, "key to next question, p50", share(&mut moves, 0.5), "ms", None);
    note(figures, "key to next question, p99", share(&mut moves, 0.99), "ms", None);
    note(figures, "memory of window and web view, interview open", pss(laptop.pid()?)?, "MiB", None);
    laptop.close().await?;
    Ok(())
}

/// Unlocks and begins an interview; gives the two times in milliseconds.
async fn begin_interview(laptop: &Laptop) -> Outcome<(f64, f64)> {
    let unlocked = unlock(laptop).await?;
    laptop.click("new-interview").await?;
    laptop.fill("new-code", "1").await?;
    let shown = timed(laptop, "start-interview", "page").await?;
    Ok((unlocked, shown))
}

/// Unlocks and goes on with the interview; gives the two times in milliseconds.
async fn resume_interview(laptop: &Laptop) -> Outcome<(f64, f64)> {
    let unlocked = unlock(laptop).await?;
    let shown = timed(laptop, "open-1", "page").await?;
    Ok((unlocked, shown))
}

async fn unlock(laptop: &Laptop) -> Outcome<f64> {
    laptop.fill("unlock-passphrase", PASSPHRASE).await?;
    timed(laptop, "unlock-submit", "page-today").await
}

/// Presses a button and waits for an element, timed inside the page: without the driver's own way there and back.
async fn timed(laptop: &Laptop, press: &str, wait: &str) -> Outcome<f64> {
    let script = format!(
        "const done = arguments[0];
         const there = () => document.querySelector('[data-testid=\"{wait}\"]') !== null;
         const began = performance.now();
         const watch = new MutationObserver(() => {{
           if (there()) {{ watch.disconnect(); done(performance.now() - began); }}
         }});
         watch.observe(document, {{ subtree: true, childList: true }});
         document.querySelector('[data-testid=\"{press}\"]').click();"
    );
    laptop.until_shows(press).await?;
    milliseconds(&laptop.run_async(&script).await?)
}

/// Presses a digit in the page; gives the time from the key to “saved” and the option drawn as chosen.
async fn answer_to_screen(laptop: &Laptop, digit: char) -> Outcome<Duration> {
    let script = "
        window.benched = new Promise((done) => {
          const chosen = () => [...document.querySelectorAll('.opts input')].findIndex((one) => one.checked);
          const before = chosen();
          let began = 0;
          addEventListener('keydown', () => (began = performance.now()), { capture: true, once: true });
          const look = () => {
            const saved = document.querySelector('[data-testid=saved]').dataset.state === 'saved';
            if (began > 0 && saved && chosen() !== before && document.querySelector('[data-testid=page]')) {
              watch.disconnect();
              done(performance.now() - began);
            }
          };
          const watch = new MutationObserver(look);
          watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        });";
    laptop.run(script).await?;
    laptop.keys(&digit.to_string()).await?;
    benched(laptop).await
}

/// Presses a key that goes to another page; gives the time until that page is drawn.
async fn key_to_page(laptop: &Laptop, key: char) -> Outcome<Duration> {
    let script = "
        window.benched = new Promise((done) => {
          const page = () => document.querySelector('[data-testid=page]')?.dataset.page;
          const before = page();
          let began = 0;
          addEventListener('keydown', () => (began = performance.now()), { capture: true, once: true });
          const watch = new MutationObserver(() => {
            if (began > 0 && page() !== before) { watch.disconnect(); done(performance.now() - began); }
          });
          watch.observe(document.body, { subtree: true, childList: true, attributes: true });
        });";
    laptop.run(script).await?;
    laptop.keys(&key.to_string()).await?;
    benched(laptop).await
}

async fn benched(laptop: &Laptop) -> Outcome<Duration> {
    let time = laptop.run_async("const done = arguments[0]; window.benched.then(done)").await?;
    Ok(Duration::from_secs_f64(milliseconds(&time)? / 1000.0))
}

fn milliseconds(time: &serde_json::Value) -> Outcome<f64> {
    time.as_f64().ok_or_else(|| format!("expected a time, found {time}").into())
}

/// Proportional set size of a process and all it started, in MiB.
fn pss(root: u32) -> Outcome<f64> {
    let mut all = vec![root];
    let mut at = 0;
    while let Some(pid) = all.get(at).copied() {
        for task in std::fs::read_dir(format!("/proc/{pid}/task"))?.flatten() {
            let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            all.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        at += 1;
    }
    let of = |pid: &u32| {
        let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").trim().parse::<f64>().unwrap_or_default()
    };
    Ok(all.iter().map(of).sum::<f64>() / 1024.0)
}
