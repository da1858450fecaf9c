//! What goes wrong in the field, in the real window: each refusal says what, where and what to do, in the language of the
//! window, and nothing that was saved is lost.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use fantoccini::key::Key;
use serde_json::{Value, json};
use tianye_tests::Outcome;
use tianye_tests::filling::{Hand, Plan, asks, step};
use tianye_tests::gallery::switch;
use tianye_tests::hub::Hub;
use tianye_tests::laptop::page_process;
use tianye_tests::page::read;
use tianye_tests::programs::{try_tianye, workspace};
use tianye_tests::team::{People, Person};

/// The team that every test here shares, one after the other.
struct Shared {
    people: People,
    _folder: tempfile::TempDir,
}

/// A hub, a lead, an interviewer in Wuyi with a list of pupils; set up once, by the command line.
fn shared() -> MutexGuard<'static, Shared> {
    static SHARED: OnceLock<Mutex<Shared>> = OnceLock::new();
    let make = || -> Outcome<Shared> {
        let folder = tempfile::Builder::new().prefix("tianye-bad").tempdir()?;
        let people = People::new(folder.path())?;
        people.found()?;
        people.join_by_commands(&people.wuyi)?;
        people.assign(&people.wuyi, "武义县")?;
        people.wuyi.tianye(&["sync"])?;
        Ok(Shared { people, _folder: folder })
    };
    let shared = SHARED.get_or_init(|| Mutex::new(make().unwrap_or_else(|why| panic!("cannot set up: {why}"))));
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs one test with the shared team; the windows are closed afterwards, whatever happened.
fn with_people(test: impl AsyncFnOnce(&mut People) -> Outcome) {
    let mut shared = shared();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(async {
        let people = &mut shared.people;
        let outcome = test(people).await;
        for person in [&mut people.lead, &mut people.wuyi, &mut people.wenling] {
            let _ = person.laptop.close().await;
        }
        outcome
    });
    if let Err(why) = outcome {
        panic!("{why}");
    }
}

/// The sentence that the window's catalogue has for a key.
fn sentence(language: &str, key: &str) -> String {
    let folder = workspace().join("ui/strings").join(language);
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        if let Some(line) = text.lines().find_map(|line| line.strip_prefix(&format!("{key} = "))) {
            return line.to_owned();
        }
    }
    panic!("the catalogue {language} has no {key}")
}

#[track_caller]
fn says(found: &str, language: &str, key: &str) -> Outcome {
    let expected = sentence(language, key);
    if found.contains(&expected) {
        Ok(())
    } else {
        Err(format!("expected “{expected}”, found “{found}”").into())
    }
}

fn right(right: bool, expected: &str, found: &str) -> Outcome {
    if right { Ok(()) } else { Err(format!("expected {expected}, found {found}").into()) }
}

/// Asks for a sync and gives the refusal on the page.
async fn refused_sync(person: &Person) -> Outcome<String> {
    match person.sync().await {
        Ok(report) => Err(format!("expected a refusal, found: {report}").into()),
        Err(_) => person.laptop.text("refusal").await,
    }
}

async fn waiting(person: &Person) -> Outcome<Value> {
    person.laptop.run("return document.querySelector('[data-testid=page-sync] h1').innerText").await
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_says_so() {
    with_people(async |people| {
        let wuyi = &mut people.wuyi;
        wuyi.laptop.open("zh-CN").await?;
        wuyi.laptop.until_shows("unlock-passphrase").await?;
        wuyi.laptop.types("石桥 清早 红薯 喇嘛").await?;
        wuyi.laptop.press(Key::Enter).await?;
        says(&wuyi.laptop.text("refusal").await?, "zh-CN", "error-wrong-passphrase")?;
        switch(&wuyi.laptop).await?;
        says(&wuyi.laptop.text("refusal").await?, "en", "error-wrong-passphrase")?;
        right(!wuyi.laptop.shows("page-today").await?, "a locked desk", "an open one")?;
        // What was typed is marked, so typing again replaces it.
        wuyi.laptop.types(wuyi.passphrase).await?;
        wuyi.laptop.press(Key::Enter).await?;
        wuyi.laptop.until_shows("interview-row-101").await
    });
}

#[test]
fn a_workbook_with_mistakes_is_refused_with_sheet_row_and_column() {
    with_people(async |people| {
        let lead = &mut people.lead;
        let file = lead.laptop.files().join("broken.md");
        std::fs::write(&file, BROKEN)?;
        lead.laptop.open("zh-CN").await?;
        lead.unlock().await?;
        for (language, words) in
            [("zh-CN", ["survey A3", "integr", "survey A5"]), ("en", ["survey A3", "integr", "survey A5"])]
        {
            lead.tab("forms").await?;
            lead.laptop.until_shows("form-row-pupil").await?;
            lead.laptop.click("check-form").await?;
            let said = lead.laptop.text("form-problems").await?;
            for word in words {
                right(said.contains(word), word, &said)?;
            }
            right(said.contains("不认识") == (language == "zh-CN"), &format!("words in {language}"), &said)?;
            let barred =
                lead.laptop.run("return document.querySelector('[data-testid=add-form]').ariaDisabled").await?;
            right(barred == json!("true"), "no way to add it", &barred.to_string())?;
            lead.tab("today").await?;
            switch(&lead.laptop).await?;
        }
        lead.tab("forms").await?;
        lead.laptop.until_shows("form-row-pupil").await?;
        std::fs::remove_file(&file)?;

        std::fs::write(lead.laptop.files().join("torn.xlsx"), b"PK\x03\x04 and no more")?;
        lead.laptop.click("check-form").await?;
        says(&lead.laptop.text("refusal").await?, "zh-CN", "error-workbook-unreadable")?;
        std::fs::remove_file(lead.laptop.files().join("torn.xlsx"))?;

        // The command line says the same as a compiler would, and fails.
        std::fs::write(&file, BROKEN)?;
        let output = try_tianye(&lead.laptop.data(), "", &["form", "check", file.to_str().unwrap_or_default()])?;
        std::fs::remove_file(&file)?;
        let said = String::from_utf8(output.stdout)?;
        right(!output.status.success(), "a failing exit", "success")?;
        for place in ["survey A3", "survey A5", "survey B4"] {
            right(said.contains(place), place, &said)?;
        }
        Ok(())
    });
}

/// A workbook with mistakes in rows 3 to 6.
const BROKEN: &str = "\
| survey |
| | type | name | label |
| | text | a | 第一题 |
| | select_one nowhere | b | 第二题 |
| | text | a | 第三题 |
| | integr | c | 第四题 |
| | calculate | d | |
";

#[test]
fn a_hub_that_is_away_or_not_ours_gets_nothing() {
    with_people(async |people| {
        let port = people.hub.port();
        let wuyi = &mut people.wuyi;
        wuyi.laptop.open("zh-CN").await?;
        wuyi.unlock().await?;
        wuyi.laptop.press_button("open-102").await?;
        wuyi.laptop.until_shows("page").await?;
        step(&wuyi.laptop, Hand::Keys, &Plan::default()).await?;
        step(&wuyi.laptop, Hand::Keys, &Plan::default()).await?;
        wuyi.laptop.press(Key::F10).await?;
        wuyi.tab("sync").await?;

        people.hub.stop();
        says(&refused_sync(wuyi).await?, "zh-CN", "error-hub-unreachable")?;
        // What was begun is written for the team before anything is carried: it waits with the rest.
        let outbox = waiting(wuyi).await?;
        switch(&wuyi.laptop).await?;
        says(&refused_sync(wuyi).await?, "en", "error-hub-unreachable")?;
        switch(&wuyi.laptop).await?;

        let other = Hub::start_at(&people.root.join("other-hub"), port)?;
        says(&refused_sync(wuyi).await?, "zh-CN", "error-hub-wrong-key")?;
        drop(other);

        // The right key, but it was set up anew and does not know this project.
        let database = people.hub.data().join("hub.db");
        let aside = people.root.join("hub-db-aside");
        move_database(&database, &aside)?;
        let empty = Hub::start_at(people.hub.data(), port)?;
        let said = refused_sync(wuyi).await?;
        says(&said, "zh-CN", "error-project-unknown")?;
        drop(empty);
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", database.display()));
        }
        move_database(&aside, &database)?;

        right(waiting(wuyi).await? == outbox, "the same outbox", "another")?;
        people.hub = Hub::start_at(people.hub.data(), port)?;
        wuyi.sync().await?;
        // The page reads what waits once more after the report stands.
        let emptied = format!("document.querySelector('[data-testid=page-sync] h1').innerText !== {outbox}");
        wuyi.laptop.until(&emptied, "an empty outbox").await
    });
}

fn move_database(from: &Path, to: &Path) -> Outcome {
    for end in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{end}", from.display()));
        if file.exists() {
            std::fs::rename(file, format!("{}{end}", to.display()))?;
        }
    }
    Ok(())
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    with_people(async |people| {
        let wuyi = &mut people.wuyi;
        let store =
            std::fs::read_dir(wuyi.laptop.data())?.flatten().map(|entry| entry.path()).find(|path| path.is_dir());
        let slots = store.ok_or("no store")?.join("slots.txt");
        let before = std::fs::read_to_string(&slots)?;
        let newer: Vec<&str> = before.lines().take(2).collect();
        let newer = format!("{}\n", newer.join("\n")).replacen("tianye-slots 1", "tianye-slots 99", 1);
        let newer = format!("{newer}{}\n", blake3::hash(newer.as_bytes()));
        std::fs::write(&slots, &newer)?;
        wuyi.laptop.open("en").await?;
        wuyi.laptop.until_shows("unlock-passphrase").await?;
        wuyi.laptop.types(wuyi.passphrase).await?;
        wuyi.laptop.press(Key::Enter).await?;
        says(&wuyi.laptop.text("refusal").await?, "en", "error-newer-version")?;
        switch(&wuyi.laptop).await?;
        says(&wuyi.laptop.text("refusal").await?, "zh-CN", "error-newer-version")?;
        right(std::fs::read_to_string(&slots)? == newer, "an untouched file", "a changed one")?;
        // With the program that wrote it, it opens.
        std::fs::write(&slots, before)?;
        wuyi.laptop.chord(Key::Control, 'a').await?;
        wuyi.unlock().await
    });
}

#[test]
fn a_disk_that_fills_during_an_interview_loses_no_confirmed_answer() {
    with_people(async |people| {
        let library = people.root.join("full_disk.so");
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .arg(workspace().join("tests/full_disk/full_disk.c"))
            .arg("-ldl")
            .status()?;
        right(built.success(), "a C compiler that builds full_disk.c", &built.to_string())?;
        let flag = people.root.join("the-disk-is-full");
        let wuyi = &mut people.wuyi;
        let data = wuyi.laptop.data();
        wuyi.laptop.set("LD_PRELOAD", &library);
        wuyi.laptop.set("TIANYE_FULL_DISK", &flag);
        wuyi.laptop.set("TIANYE_FULL_BELOW", &data);
        wuyi.laptop.open("zh-CN").await?;
        wuyi.unlock().await?;
        wuyi.laptop.press_button("open-103").await?;
        wuyi.laptop.until_shows("page").await?;
        let plan = Plan::default();
        let mut page = read(&wuyi.laptop).await?;
        while !asks(&page, "sex") {
            page = step(&wuyi.laptop, Hand::Keys, &plan).await?;
        }

        std::fs::write(&flag, "")?;
        wuyi.laptop.keys("2").await?;
        let state = "document.querySelector('[data-testid=saved]').dataset.state";
        wuyi.laptop.until(&format!("{state} === 'failed'"), "an answer that was not saved").await?;
        let words = wuyi.laptop.words().await?;
        says(&words, "zh-CN", "error-disk-full")?;
        // It does not go on as if it had been saved.
        wuyi.laptop.press(Key::Enter).await?;
        wuyi.laptop.until(&format!("{state} === 'failed'"), "still not saved").await?;
        right(read(&wuyi.laptop).await?.key == page.key, "the same question", "another")?;

        std::fs::remove_file(&flag)?;
        wuyi.laptop.keys("2").await?;
        wuyi.laptop.until(&format!("{state} === 'saved'"), "the answer saved, now that there is room").await?;
        wuyi.laptop.kill()?;
        wuyi.laptop.open("zh-CN").await?;
        wuyi.unlock().await?;
        wuyi.laptop.press_button("open-103").await?;
        wuyi.laptop.until_shows("page").await?;
        let resumed = read(&wuyi.laptop).await?;
        let value = resumed.items.first().map(|item| item.value.clone()).unwrap_or_default();
        right(resumed.key == page.key && value == "female", "the question with its second answer", &value)
    });
}

#[test]
fn a_page_that_dies_is_opened_again_and_the_interview_goes_on() {
    with_people(async |people| {
        let wuyi = &mut people.wuyi;
        wuyi.laptop.open("zh-CN").await?;
        wuyi.unlock().await?;
        wuyi.laptop.press_button("open-104").await?;
        wuyi.laptop.until_shows("page").await?;
        let mut page = read(&wuyi.laptop).await?;
        while !asks(&page, "sex") {
            page = step(&wuyi.laptop, Hand::Keys, &Plan::default()).await?;
        }
        wuyi.laptop.keys("2").await?;
        wuyi.laptop.until_quiet().await?;
        // Drawing with graphics drivers, real or in software, has ended that process: it does without.
        let drawing = page_process(wuyi.laptop.pid()?).ok_or("no process draws the page")?;
        let threads = threads(drawing)?;
        right(!threads.contains("Compositor") && !threads.contains("SkiaGPU"), "no drawing by a driver", &threads)?;
        wuyi.laptop.run("location.reload()").await?;
        says(&wuyi.laptop.text("refusal").await?, "zh-CN", "error-page-again")?;
        wuyi.laptop.press_button("open-104").await?;
        wuyi.laptop.until_shows("page").await?;
        let resumed = read(&wuyi.laptop).await?;
        let value = resumed.items.first().map(|item| item.value.clone()).unwrap_or_default();
        right(resumed.key == page.key && value == "female", "the question with its answer", &value)?;

        // WebDriver's session does not outlive the process of the page, so from here on the window is only looked at.
        let window = wuyi.laptop.pid()?;
        right(
            Command::new("kill").args(["-9", &drawing.to_string()]).status()?.success(),
            "a process that ended",
            "none",
        )?;
        let deadline = Instant::now() + Duration::from_secs(60);
        while page_process(window).is_none_or(|other| other == drawing) {
            right(Instant::now() < deadline, "another process that draws the page", "none")?;
            tokio::time::sleep(Duration::from_millis(8)).await;
        }
        wuyi.laptop.kill()
    });
}

/// The names of a process's threads.
fn threads(process: u32) -> Outcome<String> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task"))?.flatten();
    Ok(tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok()).collect())
}

#[test]
fn an_entry_with_a_flipped_byte_is_set_aside_and_the_rest_goes_through() {
    with_people(async |people| {
        let database = people.hub.data().join("hub.db");
        let before: i64 =
            rusqlite::Connection::open(&database)?.query_row("SELECT max(arrival) FROM entry", [], |row| row.get(0))?;
        people.wuyi.tianye(&["simulate", "pupil", "--count", "2", "--seed", "5"])?;
        people.wuyi.tianye(&["sync"])?;
        let port = people.hub.port();
        people.hub.stop();
        // The later sitting: the last entry of the chain with the longest one, but for the packets for the safeguarding
        // holders. The lead's laptop may write something of its own meanwhile: it is the same entry both times.
        let newest: i64 = rusqlite::Connection::open(&database)?.query_row(
            "SELECT max(arrival) FROM entry WHERE chain = (
                 SELECT chain FROM entry WHERE arrival > ?1 AND length(bytes) < 10000 ORDER BY length(bytes) DESC LIMIT 1)",
            [before],
            |row| row.get(0),
        )?;
        let flip = |database: &Path| -> Outcome {
            let hub = rusqlite::Connection::open(database)?;
            let mut bytes: Vec<u8> =
                hub.query_row("SELECT bytes FROM entry WHERE arrival = ?1", [newest], |row| row.get(0))?;
            if let Some(last) = bytes.last_mut() {
                *last ^= 1;
            }
            hub.execute("UPDATE entry SET bytes = ?1 WHERE arrival = ?2", (bytes, newest))?;
            Ok(())
        };
        flip(&database)?;
        people.hub = Hub::start_at(people.hub.data(), port)?;
        let lead = &mut people.lead;
        lead.laptop.open("zh-CN").await?;
        lead.unlock().await?;
        lead.sync().await?;
        let said = lead.laptop.text("set-aside").await?;
        says(&said, "zh-CN", "set-aside-journal-body-damaged")?;
        right(said.contains("陈禾"), "whose entry it is", &said)?;
        lead.tab("records").await?;
        lead.laptop.until_shows("record-row-S5-0001").await?;
        right(!lead.laptop.shows("record-row-S5-0002").await?, "only what came whole", "the damaged one too")?;

        // Once the hub has it whole again, it is taken like any other.
        people.hub.stop();
        flip(&database)?;
        people.hub = Hub::start_at(people.hub.data(), port)?;
        people.lead.sync().await?;
        people.lead.tab("records").await?;
        people.lead.laptop.until_shows("record-row-S5-0002").await
    });
}
