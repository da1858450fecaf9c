//! Nothing is begun before it is agreed to, and a child stops: in the real window, by keyboard alone.

use std::path::Path;

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::recording::ask_to_begin;
use crate::team::Person;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

/// What is left of the interview that was stopped, as the command line says it.
#[derive(Debug)]
pub struct Left {
    /// Answers of the one that was kept, and of the one that was not.
    pub answered: [u64; 2],
    /// What was said in the one that was not, where it still stands: in the tables of an export.
    pub exported: String,
    /// Certificates of what was erased.
    pub erased: usize,
}

/// What is said in the interview that is kept, and in the one that is not.
pub const SAID: [&str; 2] = ["标记甲乙丙", "标记丁戊己"];

/// Lives it in both languages; gives what is left in each.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<Vec<Left>> {
    let mut all = Vec::new();
    for (language, stopped) in [("zh-CN", "对象要求停止"), ("en", "Stopped by the respondent")] {
        let laptop = Laptop::new(language, &root.join(language))?;
        let mut person =
            Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
        person.tianye(&["practice", "--lead-only"])?;
        person.laptop.open(language).await?;
        person.unlock().await?;
        ask_first(&person.laptop, gallery).await?;
        consent(&person.laptop, gallery, "301").await?;
        remark(&person.laptop, SAID[0]).await?;
        stop(&person.laptop, gallery, "1", "301", stopped).await?;
        consent(&person.laptop, gallery, "302").await?;
        remark(&person.laptop, SAID[1]).await?;
        stop(&person.laptop, gallery, "2", "302", stopped).await?;
        person.laptop.close().await?;
        all.push(left(&person, &root.join(language).join("tables"))?);
    }
    Ok(all)
}

/// Answers the question on the screen, and remarks on it.
async fn remark(laptop: &Laptop, words: &str) -> Outcome {
    laptop.press(Key::F2).await?;
    laptop.until_shows("note-text").await?;
    laptop.types(words).await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("note-text")), "the remark kept").await?;
    laptop.keys("1").await?;
    laptop.until_quiet().await
}

/// What the command line finds of it afterwards.
fn left(person: &Person, tables: &Path) -> Outcome<Left> {
    let list: Value = serde_json::from_str(&person.tianye(&["--json", "list"])?)?;
    let rows = list.as_array().or_else(|| list["interviews"].as_array()).cloned().unwrap_or_default();
    let answered = |code: &str| {
        let found = rows.iter().find(|row| row["code"] == json!(code));
        found.and_then(|row| row["answered"].as_u64()).ok_or_else(|| format!("no interview {code}: {list}"))
    };
    let erased: Value = serde_json::from_str(&person.tianye(&["--json", "erasures"])?)?;
    let output = tables.to_str().ok_or("a path without UTF-8")?;
    person.tianye(&["export", "pupil", "--output", output, "--names", "--identified", "--reason", "试用"])?;
    let mut exported = String::new();
    for table in std::fs::read_dir(tables)?.flatten() {
        exported.push_str(&String::from_utf8_lossy(&std::fs::read(table.path()).unwrap_or_default()));
    }
    let erased = erased.as_array().map_or(0, Vec::len);
    Ok(Left { answered: [answered("301")?, answered("302")?], exported, erased })
}

/// The practice project asks for consent, as a real one does.
async fn ask_first(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-team").await?;
    laptop.until_shows("to-real").await?;
    laptop.press_button("to-real").await?;
    laptop.until_shows("gate").await?;
    gallery.one(laptop, "consent-checklist").await?;
    laptop.tab_to("gate").await?;
    laptop.keys(" ").await?;
    laptop.chord(Key::Control, 's').await?;
    laptop.until_shows("real-said").await?;
    laptop.press(Key::PageUp).await?;
    laptop.press_button("tab-today").await?;
    laptop.until_shows("page-today").await
}

/// An interview is not begun; the sheet opens, the guardian and the child agree, and it begins.
async fn consent(laptop: &Laptop, gallery: &mut Gallery, code: &str) -> Outcome {
    ask_to_begin(laptop, "pupil", code).await?;
    laptop.until_shows("consent-sheet").await?;
    gallery.one(laptop, "consent-sheet").await?;
    for (who, name) in [(0, "王秀英"), (2, "")] {
        // Tab goes to the choices, arrows among them, Space takes one.
        let all = format!("[...document.querySelectorAll('{} input[type=radio]')]", testid("consent-sheet"));
        // The first group of choices: who speaks.
        let choices = format!("{all}.filter((one, _, all) => one.name === all[0].name)");
        laptop.tab_until(&format!("{choices}.includes(document.activeElement)"), "who speaks").await?;
        for _ in 0..4 {
            if laptop.run(&format!("return {choices}.indexOf(document.activeElement)")).await? == json!(who) {
                break;
            }
            laptop.press(Key::Right).await?;
        }
        laptop.until(&format!("{choices}[{who}] === document.activeElement"), "the choice of who speaks").await?;
        laptop.keys(" ").await?;
        if !name.is_empty() {
            laptop.fill("consent-name", name).await?;
        }
        laptop.tab_to("consent-word-questionnaire").await?;
        laptop.keys("y").await?;
        gallery.one(laptop, if name.is_empty() { "consent-child" } else { "consent-guardian" }).await?;
        laptop.chord(Key::Control, 's').await?;
        laptop.until_shows("consent-said").await?;
    }
    laptop.until_shows("consent-begin").await?;
    gallery.one(laptop, "consent-ready").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("page").await
}

/// The child stops; what was said is kept or not, as the child says.
async fn stop(laptop: &Laptop, gallery: &mut Gallery, choice: &str, code: &str, word: &str) -> Outcome {
    laptop.chord(Key::Alt, 'x').await?;
    laptop.until_shows("stop-ask").await?;
    gallery.one(laptop, "consent-stop").await?;
    laptop.keys(choice).await?;
    laptop.until_shows("page-today").await?;
    laptop.press_button("tab-records").await?;
    let row = format!("document.querySelector('{}')", testid(&format!("record-row-{code}")));
    laptop.until(&format!("{row}?.innerText.includes('{word}')"), "the interview that was stopped").await?;
    gallery.one(laptop, "consent-stopped").await?;
    laptop.press_button("tab-today").await?;
    laptop.until_shows("page-today").await
}
