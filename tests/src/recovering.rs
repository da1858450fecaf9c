//! A laptop keeps copies of its work, its database is damaged, and it stands again in the real window, by keyboard.

use std::path::{Path, PathBuf};

use fantoccini::key::Key;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::Laptop;
use crate::team::Person;

const FORM: &str = "
| survey | | | | |
| | type | name | label::中文 (zh) | label::English (en) |
| | text | say | A1 孩子说什么？ | A1 What does the child say? |
| | integer | age | A2 几岁？ | A2 How old? |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | 家庭问卷 | home | 1 | 中文 (zh) |
";

/// What there is to be looked at in the end.
#[derive(Debug)]
pub struct Recovered {
    /// The first answer of each interview, as the table exported in the end has it.
    pub table: String,
    /// What the window said that came back.
    pub said: Vec<String>,
    /// The damaged database, as it was made.
    pub damaged: Vec<u8>,
    /// The database that was set aside.
    pub set_aside: Vec<u8>,
    /// Whether it is still there after a person discarded it.
    pub kept: bool,
}

/// Lives it.
pub async fn recover(root: &Path, gallery: &mut Gallery) -> Outcome<Recovered> {
    let laptop = Laptop::new("recovering", &root.join("recovering"))?;
    let mut person =
        Person {
            name: "沈一帆", group: "", passphrase: "竹篮 半夜 蓝色 拖拉机", device: "组长电脑", laptop
        };
    person.tianye(&["new", "浙江留守儿童 2017", "--lead", person.name, "--device", person.device])?;
    let file = root.join("home.md");
    std::fs::write(&file, FORM)?;
    person.tianye(&["add-form", file.to_str().ok_or("a path without UTF-8")?])?;
    person.laptop.open("zh-CN").await?;
    person.unlock().await?;
    fill(&person.laptop, "R1", true).await?;
    copies(&person.laptop, gallery).await?;
    checklist(&person.laptop, gallery).await?;
    // After the copy was made: one that was left, and one in the middle of which the power goes.
    fill(&person.laptop, "R2", true).await?;
    fill(&person.laptop, "R3", false).await?;
    person.laptop.kill()?;

    let store = only_folder(&person.laptop.data())?;
    let damaged = spoil(&person, &store.join("store.db"))?;
    // The laptop's own backup was lost with the same part of the disk; the stick has it still.
    std::fs::remove_dir_all(store.join("safety"))?;

    person.laptop.open("zh-CN").await?;
    person.laptop.until_shows("unlock-passphrase").await?;
    person.laptop.fill("unlock-passphrase", person.passphrase).await?;
    person.laptop.press(Key::Enter).await?;
    let laptop = &person.laptop;
    laptop.until_shows("recover").await?;
    gallery.both(laptop, "recovering-unlock").await?;
    laptop.press_button("recover").await?;
    laptop.until_shows("page-recover").await?;
    laptop.press_button("choose-boxes").await?;
    laptop.until_shows("boxes-found").await?;
    gallery.both(laptop, "recovering-before").await?;
    laptop.press_button("recover-now").await?;
    laptop.until_shows("recover-go-on").await?;
    gallery.both(laptop, "recovering-after").await?;
    let rows = "return [...document.querySelectorAll('[data-testid^=came-back]')].map((one) => one.innerText)";
    let said: Vec<String> = serde_json::from_value(laptop.run(rows).await?)?;
    let aside = PathBuf::from(laptop.text("recover-aside").await?);
    laptop.press_button("recover-go-on").await?;
    laptop.until_shows("page-today").await?;
    // The interview in the middle of which the power went goes on where it stopped, and is left.
    laptop.press_button("open-R3").await?;
    laptop.until_shows("page").await?;
    laptop.until_quiet().await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    laptop.click("tab-sync").await?;
    laptop.press_button("copies").await?;
    laptop.until_shows("set-aside-files").await?;
    gallery.both(laptop, "recovering-set-aside").await?;
    person.laptop.close().await?;

    let folder = root.join("table");
    let output = folder.to_str().ok_or("a path without UTF-8")?;
    person.tianye(&["export", "home", "--identified", "--reason", "试用", "--output", output])?;
    let mut table = String::new();
    for path in with_ending(&folder, "csv")? {
        table.push_str(&std::fs::read_to_string(path)?);
    }
    let set_aside = std::fs::read(aside.join("store.db"))?;
    person.tianye(&["erase", "R1", "--why", "withdrawn", "--yes"])?;
    discard(&mut person, gallery).await?;
    let kept = aside.exists();
    Ok(Recovered { table, said, damaged, set_aside, kept })
}

/// What was erased may stand in the damaged database still, which a person discards.
async fn discard(person: &mut Person, gallery: &mut Gallery) -> Outcome {
    person.laptop.open("zh-CN").await?;
    person.unlock().await?;
    let laptop = &person.laptop;
    person.tab("records").await?;
    laptop.press_button("erasures").await?;
    laptop.until_shows("erasure-held").await?;
    gallery.both(laptop, "erasure-held").await?;
    laptop.click("tab-sync").await?;
    laptop.press_button("copies").await?;
    laptop.press_button("look-at-set-aside").await?;
    laptop.until_shows("left-in-set-aside").await?;
    gallery.both(laptop, "set-aside-left").await?;
    laptop.press_button("discard-set-aside").await?;
    laptop.until_says("丢弃了。").await?;
    gallery.both(laptop, "set-aside-discarded").await?;
    person.tab("records").await?;
    laptop.press_button("erasures").await?;
    laptop.until_shows("erasure-answered").await?;
    person.laptop.close().await
}

/// An interview with its two answers; left, or open still.
async fn fill(laptop: &Laptop, code: &str, leave: bool) -> Outcome {
    laptop.click("tab-today").await?;
    laptop.click("new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    laptop.fill("new-code", code).await?;
    laptop.fill("new-name", "小满").await?;
    laptop.click("start-interview").await?;
    laptop.until_shows("page").await?;
    for keys in [format!("{code} 爸爸在外省"), "9".to_owned()] {
        laptop.types(&keys).await?;
        laptop.chord(Key::Control, 's').await?;
        laptop.until_quiet().await?;
        laptop.press(Key::PageDown).await?;
        laptop.until_quiet().await?;
    }
    if !leave {
        return Ok(());
    }
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await
}

/// The page of copies: one more of the database, one on a stick, all looked at, a recovery tried.
async fn copies(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.click("tab-sync").await?;
    laptop.until_shows("page-sync").await?;
    laptop.press_button("copies").await?;
    laptop.until_shows("page-copies").await?;
    laptop.until_shows("copies-none-second").await?;
    gallery.both(laptop, "copies").await?;
    laptop.press_button("second-box").await?;
    laptop.until_shows("copy-second-box").await?;
    laptop.press_button("keep-copy").await?;
    laptop.until_says("做好了，也打开核对过。").await?;
    laptop.press_button("look-at-copies").await?;
    laptop.until_says("每一份都看过了。").await?;
    laptop.press_button("try-recovery").await?;
    laptop.until_shows("recovery-tried").await?;
    gallery.both(laptop, "copies-tried").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-sync").await
}

/// “Recovery was tried once”, from the checklist itself.
async fn checklist(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.click("tab-team").await?;
    laptop.press_button("to-real").await?;
    laptop.until_shows("page-real").await?;
    laptop.press_button("try-recovery").await?;
    laptop.until_shows("recovery-tried").await?;
    gallery.both(laptop, "checklist-recovery").await?;
    laptop.press_button("real-save").await?;
    let done = "document.querySelector('[data-testid=\"ready-recovery\"] .ok')";
    laptop.until(done, "recovery noted as tried").await
}

/// Damages one page of a database that was written before its log, so that it is noticed.
fn spoil(person: &Person, database: &Path) -> Outcome<Vec<u8>> {
    const PAGE: usize = 4096;
    let whole = std::fs::read(database)?;
    let pages = whole.len() / PAGE;
    for page in (1..pages).cycle().skip(pages / 2).take(pages) {
        let mut damaged = whole.clone();
        damaged[page * PAGE + PAGE / 2] ^= 0x10;
        std::fs::write(database, &damaged)?;
        if person.tianye(&["list"]).is_err_and(|why| why.to_string().contains("damaged")) {
            return Ok(damaged);
        }
        std::fs::write(database, &whole)?;
    }
    Err("expected a page whose damage is noticed, found none".into())
}

fn only_folder(data: &Path) -> Outcome<PathBuf> {
    let folders = std::fs::read_dir(data)?.flatten().map(|one| one.path());
    folders.into_iter().find(|path| path.join("slots.txt").is_file()).ok_or_else(|| "a folder without a store".into())
}

fn with_ending(folder: &Path, ending: &str) -> Outcome<Vec<PathBuf>> {
    let files = std::fs::read_dir(folder)?.flatten().map(|one| one.path());
    Ok(files.filter(|path| path.extension().is_some_and(|end| end == ending)).collect())
}
