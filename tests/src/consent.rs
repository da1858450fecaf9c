//! Nothing is begun before it is agreed to, and a child stops: in the real window, by keyboard alone.

use std::path::Path;

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::microphone::Microphone;
use crate::recording::{ask_to_begin, played};
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
    for (language, stopped, refusal) in [
        ("zh-CN", "对象要求停止", "还不能开始：问卷不同意"),
        ("en", "Stopped by the respondent", "cannot begin yet. Questionnaire: Refused."),
    ] {
        let laptop = Laptop::new(language, &root.join(language))?;
        let mut person =
            Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
        person.tianye(&["practice", "--lead-only"])?;
        person.laptop.open(language).await?;
        person.unlock().await?;
        ask_first(&person.laptop, gallery).await?;
        refused(&person.laptop, gallery, refusal).await?;
        consent(&person.laptop, gallery, "301").await?;
        remark(&person.laptop, SAID[0]).await?;
        stop(&person.laptop, gallery, "1", "301", stopped).await?;
        consent(&person.laptop, gallery, "302").await?;
        remark(&person.laptop, SAID[1]).await?;
        stop(&person.laptop, gallery, "2", "302", stopped).await?;
        person.laptop.close().await?;
        evidence(&mut person, &root.join(language), language, gallery).await?;
        all.push(left(&person, &root.join(language).join("tables"))?);
    }
    Ok(all)
}

/// Remarks on what is on the screen, and answers the first question with choices.
async fn remark(laptop: &Laptop, words: &str) -> Outcome {
    laptop.press(Key::F2).await?;
    laptop.until_shows("note-text").await?;
    laptop.types(words).await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("note-text")), "the remark kept").await?;
    // On to the first question with choices, which the child answers.
    for _ in 0..12 {
        let page = crate::page::read(laptop).await?;
        if page.items.first().is_some_and(|item| item.asks() && item.control == "one") {
            break;
        }
        laptop.press(Key::PageDown).await?;
        let other = format!("document.querySelector('{}').dataset.page !== {}", testid("page"), json!(page.key));
        laptop.until(&other, "another page").await?;
    }
    laptop.keys("1").await?;
    laptop.until_quiet().await?;
    laptop
        .until(&format!("/^[1-9]/.test(document.querySelector('{}').innerText)", testid("progress")), "an answer")
        .await
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
    // The child tells of something just now: the card opens over the sheet, and leaves it as it was.
    laptop.press(Key::F12).await?;
    laptop.until_shows("care-words").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("care")), "the card closed").await?;
    laptop.until_shows("consent-sheet").await?;
    for (who, name) in [(0, "王秀英"), (2, "")] {
        speaks(laptop, who, name).await?;
        laptop.tab_to("consent-word-questionnaire").await?;
        laptop.keys("y").await?;
        if !name.is_empty() {
            // Not to sound, and of photographs the guardian wants to think.
            for (purpose, key) in [("audio", "n"), ("photo", "w")] {
                laptop.tab_to(&format!("consent-word-{purpose}")).await?;
                laptop.keys(key).await?;
            }
        }
        gallery.one(laptop, if name.is_empty() { "consent-child" } else { "consent-guardian" }).await?;
        laptop.chord(Key::Control, 's').await?;
        laptop.until_shows("consent-said").await?;
    }
    for (purpose, standing) in
        [("questionnaire", "consent-complete"), ("audio", "consent-refused"), ("photo", "consent-not-yet")]
    {
        stands(laptop, purpose, standing).await?;
    }
    laptop.until_shows("consent-begin").await?;
    gallery.one(laptop, "consent-ready").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("page").await
}

/// Waits until the sheet says that a purpose stands so.
pub(crate) async fn stands(laptop: &Laptop, purpose: &str, standing: &str) -> Outcome {
    let line = testid(&format!("standing-{purpose}"));
    let there = format!("document.querySelector('{line}')?.dataset.standing === '{standing}'");
    laptop.until(&there, &format!("{purpose}: {standing}")).await
}

/// A guardian wants to think, and then says no: the sheet says why the form is not begun, and no key begins it.
async fn refused(laptop: &Laptop, gallery: &mut Gallery, why: &str) -> Outcome {
    ask_to_begin(laptop, "pupil", "303").await?;
    laptop.until_shows("consent-sheet").await?;
    for (key, standing) in [("w", "consent-not-yet"), ("n", "consent-refused")] {
        speaks(laptop, 0, "王秀英").await?;
        laptop.tab_to("consent-word-questionnaire").await?;
        laptop.keys(key).await?;
        laptop.chord(Key::Control, 's').await?;
        stands(laptop, "questionnaire", standing).await?;
        gallery.one(laptop, if key == "w" { "consent-not-yet" } else { "consent-refused" }).await?;
    }
    laptop.until_says(why).await?;
    if laptop.shows("consent-begin").await? {
        return Err("expected no way to begin what was refused, found one".into());
    }
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("consent-sheet")), "the sheet closed").await?;
    laptop.until_shows("page-new-interview").await?;
    gallery.one(laptop, "consent-not-begun").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-today").await
}

/// Chooses who speaks, with the name where it is not the child.
async fn speaks(laptop: &Laptop, who: u64, name: &str) -> Outcome {
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
    if name.is_empty() {
        return Ok(());
    }
    laptop.tab_to("consent-name").await?;
    laptop.chord(Key::Control, 'a').await?;
    laptop.types(name).await
}

const TALK: &str = "
| survey | | | | |
| | type | name | label::中文 (zh) | label::English (en) |
| | background-audio | talk | | |
| | text | first | A1 家里有谁？ | A1 Who is at home? |
| settings | | | |
| | form_title | form_id | default_language |
| | 谈话问卷 | talk | 中文 (zh) |
";

/// The consent of three children as it is asked for from Today: shown by a photograph, by a recording, and changed to a no.
async fn evidence(person: &mut Person, folder: &Path, language: &str, gallery: &mut Gallery) -> Outcome {
    let text = |path: &Path| path.to_str().map(str::to_owned).ok_or("a path without UTF-8");
    let (form, large, refusal) = (folder.join("talk.md"), folder.join("large.jpg"), folder.join("refusal.json"));
    std::fs::write(&form, TALK)?;
    std::fs::write(&large, [&[0xff, 0xd8, 0xff, 0xe0][..], &vec![7; 13 << 20][..]].concat())?;
    person.tianye(&["add-form", &text(&form)?])?;
    person.tianye(&["assign", person.name, "武义县", "--form", "talk"])?;
    person.laptop.open(language).await?;
    person.unlock().await?;
    photographed(&person.laptop, gallery, &text(&large)?).await?;
    unheard(&person.laptop, gallery).await?;
    person.laptop.close().await?;

    let microphone = Microphone::start(&folder.join("sound"))?;
    person.laptop.set("PULSE_SERVER", &microphone.address());
    person.laptop.set("TIANYE_DEVICES", Path::new("real"));
    person.laptop.open(language).await?;
    person.unlock().await?;
    spoken(&person.laptop, gallery).await?;
    person.laptop.close().await?;

    // What was collected is kept, and used for nothing, once the guardian says no.
    let said = json!({ "standing": "legal-guardian", "name": "王秀英", "how": "oral", "words": { "questionnaire": "refused" } });
    std::fs::write(&refusal, said.to_string())?;
    person.tianye(&["consent", "record", "101", "--from", &text(&refusal)?])?;
    person.laptop.open(language).await?;
    person.unlock().await?;
    withheld(&person.laptop, gallery).await?;
    person.laptop.close().await
}

/// From the mark on Today: a guardian agrees, but not to sound; a photograph of the paper shows it.
async fn photographed(laptop: &Laptop, gallery: &mut Gallery, large: &str) -> Outcome {
    laptop.until_shows("consent-101").await?;
    gallery.one(laptop, "consent-today").await?;
    laptop.press_button("consent-101").await?;
    laptop.until_shows("consent-sheet").await?;
    speaks(laptop, 0, "王秀英").await?;
    for (purpose, key) in [("questionnaire", "y"), ("audio", "n")] {
        laptop.tab_to(&format!("consent-word-{purpose}")).await?;
        laptop.keys(key).await?;
    }
    // A file that is too large is refused, with what to do; nothing that was said is lost.
    laptop.find("consent-paper").await?.send_keys(large).await?;
    laptop.until_shows("consent-unshown").await?;
    laptop
        .until("document.querySelector('[data-testid=consent-unshown]').innerText.includes('12 MB')", "the limit")
        .await?;
    gallery.one(laptop, "consent-too-large").await?;
    laptop.press_button("consent-camera").await?;
    let seen = format!("document.querySelector('{} video')?.videoWidth > 0", testid("camera-view"));
    laptop.until(&seen, "a picture of the camera").await?;
    gallery.one(laptop, "consent-camera").await?;
    laptop.press_button("take-picture").await?;
    laptop.until_shows("consent-evidence").await?;
    laptop.chord(Key::Control, 's').await?;
    laptop.until_shows("evidence-look").await?;
    laptop.press_button("evidence-look").await?;
    laptop.until_shows("file-picture").await?;
    gallery.one(laptop, "consent-evidence").await?;
    speaks(laptop, 2, "").await?;
    for (purpose, key) in [("questionnaire", "y"), ("audio", "n")] {
        laptop.tab_to(&format!("consent-word-{purpose}")).await?;
        laptop.keys(key).await?;
    }
    laptop.chord(Key::Control, 's').await?;
    laptop.until_shows("consent-begin").await?;
    laptop.press(Key::Escape).await?;
    // The mark says so at once, and the others have theirs.
    let mark = |code: &str, standing: &str| {
        format!("document.querySelector('{}')?.dataset.standing === '{standing}'", testid(&format!("consent-{code}")))
    };
    let marks = [mark("101", "consent-complete"), mark("102", "consent-missing")].join(" && ");
    laptop.until(&marks, "the mark of one who agreed, and of one who was not asked").await?;
    gallery.one(laptop, "consent-today-agreed").await
}

/// Sound that nobody agreed to is not offered, and the bar says why.
async fn unheard(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("open-101").await?;
    laptop.until_shows("sound-bar").await?;
    let bar = format!("document.querySelector('{}')", testid("sound-bar"));
    laptop.until(&format!("{bar}.dataset.state === 'withheld'"), "no sound offered").await?;
    laptop
        .until(&format!("{bar}.innerText.trim().length > 10 && !{bar}.querySelector('button')"), "the reason")
        .await?;
    gallery.one(laptop, "consent-no-sound").await?;
    laptop.chord(Key::Alt, 'r').await?;
    laptop.types("妈妈").await?;
    laptop.until_quiet().await?;
    laptop.until(&format!("{bar}.dataset.state === 'withheld'"), "no sound by its key").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await
}

/// Another guardian agrees by word of mouth, which is recorded, and heard again.
async fn spoken(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.until_shows("consent-102").await?;
    laptop.press_button("consent-102").await?;
    laptop.until_shows("consent-sheet").await?;
    speaks(laptop, 0, "李阿姨").await?;
    laptop.tab_to("consent-word-questionnaire").await?;
    laptop.keys("y").await?;
    laptop.press_button("consent-record").await?;
    laptop.until_shows("evidence-end").await?;
    laptop
        .until(
            "document.querySelector('[data-testid=evidence-recorder] [role=timer]')?.innerText >= '00:00:03'",
            "three seconds",
        )
        .await?;
    gallery.one(laptop, "consent-recording").await?;
    laptop.press_button("evidence-end").await?;
    laptop.until_shows("consent-evidence").await?;
    laptop.chord(Key::Control, 's').await?;
    laptop.until_shows("evidence-look").await?;
    laptop.press_button("evidence-look").await?;
    let seconds = played(laptop).await?;
    if seconds < 2.0 {
        return Err(format!("expected what was said for three seconds, found {seconds}").into());
    }
    gallery.one(laptop, "consent-heard").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("consent-sheet")), "the sheet closed").await
}

/// What was refused since is in no list, and an export says how many are left out.
async fn withheld(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-records").await?;
    laptop.until_shows("record-row-301").await?;
    if laptop.shows("record-row-101").await? {
        return Err("expected no interview of the one who was refused, found it in the list".into());
    }
    gallery.one(laptop, "consent-list").await?;
    laptop.press_button("export").await?;
    laptop.until_shows("export-form").await?;
    laptop.tab_to("export-form").await?;
    for _ in 0..6 {
        if laptop.run("return document.activeElement.value").await? == json!("talk") {
            break;
        }
        laptop.press(Key::Down).await?;
    }
    laptop.until("document.activeElement.value === 'talk'", "the form").await?;
    laptop.tab_to("export-deidentified").await?;
    laptop.press(Key::Down).await?;
    laptop.until_shows("export-reason").await?;
    laptop.tab_to("export-reason").await?;
    laptop.types("试用").await?;
    laptop.tab_to("export-understood").await?;
    laptop.keys(" ").await?;
    laptop.press_button("export-write").await?;
    laptop.until_shows("export-withheld").await?;
    gallery.one(laptop, "consent-withheld").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-records").await
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
    // What was answered is there to be read, or is not.
    laptop.press_button(&format!("view-{code}")).await?;
    laptop.until_shows("page").await?;
    laptop.until_quiet().await?;
    let progress = laptop.text("progress").await?;
    let answered: String =
        progress.chars().skip_while(|one| !one.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if (answered == "0") != (choice == "2") || laptop.words().await?.contains(SAID[1]) {
        return Err(format!("expected what the child said about its answers, found {progress} in {code}").into());
    }
    gallery.one(laptop, if choice == "1" { "consent-kept" } else { "consent-gone" }).await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    laptop.press_button("tab-today").await?;
    laptop.until_shows("page-today").await
}
