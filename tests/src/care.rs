//! A child tells of harm in the middle of an interview, in the real window, by keyboard alone: the note is saved, a call is
//! recorded, the interview goes on, and safeguarding holders read it all, by stick and by hub. In both languages.

use std::path::Path;

use fantoccini::key::Key;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::hub::Hub;
use crate::laptop::{Laptop, testid};
use crate::microphone::Microphone;
use crate::recording::{Heard, measured, played};
use crate::scan::{Seen, scan};
use crate::team::Person;

const FORM: &str = "
| survey | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | tianye::risk |
| | text | say | A1 孩子说什么？ | A1 What does the child say? | |
| | integer | age | A2 几岁？ | A2 How old? | |
| | select_one often | hurt | A3 有人打你吗？ | A3 Does anybody hit you? | often |
| | text | told | A4 还想说什么？ | A4 Anything else? | |
| choices | | | | |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | often | never | 没有 | Never |
| | often | often | 经常 | Often |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | 家庭问卷 | home | 1 | 中文 (zh) |
";

/// Words that stand in the report and nowhere else.
pub const MARKERS: [&str; 4] = ["奶奶不在的时候", "只有我和孩子", "方老师叫我别走", "叔叔夜里进来"];

/// What there is to be looked at in the end.
#[derive(Debug)]
pub struct Cared {
    /// What the command line says of reports: of the interviewer, the lead, a colleague, both holders.
    pub reports: [String; 5],
    /// What the interviewer answered, as the lead exports it.
    pub exported: String,
    /// The words of the report, looked for in every file.
    pub seen: Seen,
    /// Titles that the window had.
    pub titles: Vec<String>,
    /// What was recorded for reports, as the holder's copies of it sound: one that was cut off by a crash, one that was ended.
    pub copies: Vec<Heard>,
}

/// Lives it.
pub async fn care(root: &Path, gallery: &mut Gallery) -> Outcome<Cared> {
    let person = |name, passphrase, device, folder| -> Outcome<Person> {
        Ok(Person { name, group: "", passphrase, device, laptop: Laptop::new(name, &root.join(folder))? })
    };
    let mut lead = person("沈一帆", "竹篮 半夜 蓝色 拖拉机", "组长电脑", "lead")?;
    let mut chen = person("陈禾", "石桥 清早 红薯 喇叭", "示例电脑 03", "chen")?;
    let mut fang = person("方敏", "梅雨 门廊 铜锁 鸽子", "示例电脑 08", "fang")?;
    let he = person("何苗", "山路 雨伞 柚子 钟声", "示例电脑 09", "he")?;
    let zhou = person("周宁", "稻草 黄昏 竹笛 码头", "示例电脑 11", "zhou")?;
    let hub = Hub::start(&root.join("hub"))?;
    let card = hub.card();
    let made = ["new", "浙江留守儿童 2017", "--lead", lead.name, "--device", lead.device, "--hub-card", text(&card)?];
    lead.tianye(&made)?;
    let file = root.join("home.md");
    std::fs::write(&file, FORM)?;
    lead.tianye(&["add-form", text(&file)?])?;
    let team = [(&chen, "interviewer"), (&zhou, "interviewer"), (&fang, "safeguarding"), (&he, "safeguarding")];
    for (one, role) in team {
        join(root, &lead, one, role)?;
    }
    for one in [&fang, &he] {
        carry(root, one, &[&lead])?;
    }
    let (mut titles, mut copies) = (Vec::new(), Vec::new());
    let microphone = Microphone::start(&root.join("sound"))?;
    chen.laptop.set("PULSE_SERVER", &microphone.address());
    chen.laptop.set("TIANYE_DEVICES", Path::new("real"));
    contacts(&mut lead, gallery).await?;
    carry(root, &lead, &[&chen, &zhou, &fang, &he])?;
    for language in ["zh-CN", "en"] {
        chen.laptop.open(language).await?;
        before_unlocking(&chen.laptop, gallery).await?;
        chen.unlock().await?;
        tell(&chen.laptop, gallery, language, &mut titles).await?;
        record(&mut chen, language, gallery).await?;
        chen.laptop.close().await?;
        // It goes by stick, and then by the hub.
        if language == "en" {
            for one in [&chen, &lead, &zhou, &fang, &he] {
                one.tianye(&["sync"])?;
            }
        } else {
            carry(root, &chen, &[&lead, &zhou, &fang, &he])?;
        }
        fang.laptop.open(language).await?;
        fang.unlock().await?;
        timeline(&fang.laptop, gallery).await?;
        copies.push(copy(&fang.laptop, gallery).await?);
        fang.laptop.close().await?;
    }
    let folder = root.join("tables");
    lead.tianye(&["export", "home", "--output", text(&folder)?, "--names", "--identified", "--reason", "试用"])?;
    let mut exported = String::new();
    for table in std::fs::read_dir(&folder)?.flatten() {
        exported.push_str(&String::from_utf8_lossy(&std::fs::read(table.path()).unwrap_or_default()));
    }
    // What a holder added comes to the other one.
    for one in [&fang, &he] {
        one.tianye(&["sync"])?;
    }
    let mut reports = [const { String::new() }; 5];
    for (said, one) in reports.iter_mut().zip([&chen, &lead, &zhou, &fang, &he]) {
        *said = one.tianye(&["reports"])?;
    }
    Ok(Cared { reports, exported, seen: scan(root, &MARKERS, &[])?, titles, copies })
}

fn text(path: &Path) -> Outcome<&str> {
    Ok(path.to_str().ok_or("a path without UTF-8")?)
}

/// Pairs by files, from the command line.
pub(crate) fn join(root: &Path, lead: &Person, one: &Person, role: &str) -> Outcome {
    let (invitation, request, admission) = (root.join("invitation"), root.join("request"), root.join("admission"));
    lead.tianye(&["invite", one.name, "--role", role, "--output", text(&invitation)?])?;
    let args = ["--json", "join", text(&invitation)?, "--device", one.device, "--request", text(&request)?];
    let view: serde_json::Value = serde_json::from_str(&one.tianye(&args)?)?;
    let code = view["compareCode"].as_str().ok_or("no code")?.to_owned();
    lead.tianye(&["admit", &code, "--request", text(&request)?, "--output", text(&admission)?])?;
    one.tianye(&["enter", text(&admission)?])?;
    for file in [invitation, request, admission] {
        std::fs::remove_file(file)?;
    }
    Ok(())
}

/// Carries all that one laptop has to others, on a stick.
pub(crate) fn carry(root: &Path, from: &Person, to: &[&Person]) -> Outcome {
    let stick = root.join("stick");
    let _ = std::fs::remove_dir_all(&stick);
    std::fs::create_dir(&stick)?;
    from.tianye(&["to-stick", text(&stick)?])?;
    for one in to {
        one.tianye(&["from-stick", text(&stick)?])?;
    }
    Ok(())
}

/// What to say, and the numbers of the country, before anybody has unlocked.
async fn before_unlocking(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.until_shows("unlock-passphrase").await?;
    laptop.press(Key::F12).await?;
    laptop.until_shows("care-locked").await?;
    gallery.one(laptop, "care-locked").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("care-locked")), "the sheet gone").await
}

/// The lead says whom to call, in both languages.
async fn contacts(lead: &mut Person, gallery: &mut Gallery) -> Outcome {
    for language in ["zh-CN", "en"] {
        lead.laptop.open(language).await?;
        lead.unlock().await?;
        let laptop = &lead.laptop;
        laptop.press(Key::F12).await?;
        laptop.until_shows("care-contacts").await?;
        laptop.press_button("care-contacts").await?;
        laptop.until_shows("contact-row").await?;
        if language == "zh-CN" {
            laptop.press_button("contacts-add").await?;
            let last = |id: &str| format!("[data-testid=contact-row]:last-child [data-testid={id}]");
            for (id, word) in [("contact-name", "方敏"), ("contact-number", "000 0000 0001")] {
                let there = format!("document.activeElement === document.querySelector('{}')", last(id));
                laptop.tab_until(&there, id).await?;
                laptop.types(word).await?;
            }
            laptop.chord(Key::Control, Key::Enter).await?;
            laptop.until_shows("contacts-saved").await?;
        }
        gallery.one(laptop, "care-contacts").await?;
        lead.laptop.close().await?;
    }
    Ok(())
}

/// The interview, the sheet from its middle, the note, the call, and on.
async fn tell(laptop: &Laptop, gallery: &mut Gallery, language: &str, titles: &mut Vec<String>) -> Outcome {
    laptop.press_button("new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    for (id, text) in [("new-code", if language == "en" { "218" } else { "217" }), ("new-name", "小满")] {
        laptop.tab_to(id).await?;
        laptop.types(text).await?;
    }
    laptop.press_button("start-interview").await?;
    laptop.until_shows("page").await?;
    // Half an answer stands in the field when the child begins to tell.
    laptop.types("爸爸在外省").await?;
    laptop.press(Key::F12).await?;
    laptop.until_shows("care-words").await?;
    focused(laptop, "care-words").await?;
    titles.push(laptop.run("return document.title").await?.as_str().unwrap_or_default().to_owned());
    gallery.one(laptop, "care-sheet").await?;
    laptop.types(MARKERS[0]).await?;
    laptop.tab_to("care-present").await?;
    laptop.types(MARKERS[1]).await?;
    laptop.tab_to("safety-unsure").await?;
    laptop.keys(" ").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("care-untold").await?;
    laptop.until_shows("report-untold").await?;
    gallery.one(laptop, "care-untold").await?;

    // The focus is on the first number to call.
    focused(laptop, "care-call").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("call-whom").await?;
    focused(laptop, "call-whom").await?;
    laptop.tab_to("call-said").await?;
    laptop.types(MARKERS[2]).await?;
    gallery.one(laptop, "care-call").await?;
    laptop.press_button("outcome-told").await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("care-untold")), "somebody who was told").await?;
    gallery.one(laptop, "care-told").await?;
    titles.push(laptop.run("return document.title").await?.as_str().unwrap_or_default().to_owned());
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("care")), "the sheet gone").await?;

    // The interview is where it was, with what was typed.
    laptop
        .until(
            "document.querySelector('[data-testid=page] input, [data-testid=page] textarea')?.value === '爸爸在外省'",
            "the answer",
        )
        .await?;
    laptop.press(Key::PageDown).await?;
    laptop.until_quiet().await?;
    laptop.types("9").await?;
    laptop.press(Key::PageDown).await?;
    laptop.until_quiet().await?;

    // An answer that carries risk opens the sheet: the keys of the answers write nothing there.
    laptop.keys("2").await?;
    laptop.until_shows("care-answered").await?;
    focused_on(laptop, "care-title").await?;
    gallery.one(laptop, "care-risk").await?;
    laptop.keys("12").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("care")), "the sheet gone").await?;
    laptop.until_shows("risk").await?;
    gallery.one(laptop, "care-risk-after").await?;
    laptop.press(Key::PageDown).await?;
    laptop.until_quiet().await?;

    // What the child says then was typed as an answer; it is moved into the report, and the interview goes on without it.
    laptop.types(MARKERS[3]).await?;
    laptop.press(Key::F12).await?;
    laptop.until_shows("care-words").await?;
    laptop.press_button("care-open-report").await?;
    laptop.press_button("care-move").await?;
    laptop.until_shows("move-answers").await?;
    laptop.tab_to("move-/told").await?;
    laptop.keys(" ").await?;
    gallery.one(laptop, "care-move").await?;
    laptop.press_button("move-now").await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("move-answers")), "the answer moved").await?;
    laptop.until_says(MARKERS[3]).await?;
    gallery.one(laptop, "care-moved").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("care")), "the sheet gone").await?;
    laptop
        .until("document.querySelector('[data-testid=page] textarea, [data-testid=page] input')", "the question")
        .await?;
    if laptop.words().await?.contains(MARKERS[3]) {
        return Err("what was moved is still on the page".into());
    }
    titles.push(laptop.run("return document.title").await?.as_str().unwrap_or_default().to_owned());
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await
}

async fn focused_on(laptop: &Laptop, id: &str) -> Outcome {
    laptop.until(&format!("document.activeElement?.id === '{id}'"), &format!("the focus on {id}")).await
}

/// Without an interview: the child is asked, and what it tells is recorded; once it does not want it after all. In Chinese the
/// power goes in the middle, in English it is ended.
async fn record(chen: &mut Person, language: &str, gallery: &mut Gallery) -> Outcome {
    let laptop = &chen.laptop;
    laptop.press(Key::F12).await?;
    laptop.until_shows("care-words").await?;
    laptop.chord(Key::Alt, 'r').await?;
    focused(laptop, "care-record-words").await?;
    gallery.one(laptop, "care-record-ask").await?;
    laptop.press_button("care-record-agreed").await?;
    until_recorded(laptop, 1.0).await?;
    focused(laptop, "care-record-end").await?;
    laptop.press_button("care-record-drop").await?;
    focused(laptop, "care-record-drop-not").await?;
    gallery.one(laptop, "care-record-drop").await?;
    laptop.press_button("care-record-drop-now").await?;
    focused(laptop, "care-record").await?;

    laptop.press(Key::Enter).await?;
    focused(laptop, "care-record-words").await?;
    laptop.press_button("care-record-agreed").await?;
    until_recorded(laptop, SECONDS).await?;
    gallery.one(laptop, "care-recording").await?;
    if language == "zh-CN" {
        chen.laptop.kill()?;
        chen.laptop.open(language).await?;
        chen.unlock().await?;
        chen.laptop.press(Key::F12).await?;
        chen.laptop.until_shows("care-open-report").await?;
        chen.laptop.press_button("care-open-report").await?;
    } else {
        laptop.chord(Key::Control, Key::Enter).await?;
    }
    let laptop = &chen.laptop;
    laptop.until_shows("report-play").await?;
    laptop.until_shows("care-untold").await?;
    laptop.press_button("report-play").await?;
    played(laptop).await?;
    gallery.one(laptop, "care-recorded").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("care")), "the sheet gone").await?;
    // Nobody was told of this one: each page counts it until somebody is.
    laptop.until_shows("untold").await?;
    gallery.one(laptop, "care-still-untold").await
}

/// Seconds of a recording that are on disk before it ends.
pub const SECONDS: f64 = 3.0;

async fn until_recorded(laptop: &Laptop, seconds: f64) -> Outcome {
    let saved = format!("Number(document.querySelector('{}')?.dataset.saved) >= {seconds}", testid("care-recorder"));
    let there = format!("{saved} || document.querySelector('{}')", testid("care-record-trouble"));
    laptop.until(&there, &format!("{seconds} seconds on disk")).await?;
    if laptop.shows("care-record-trouble").await? {
        return Err("expected sound for the report, found trouble".into());
    }
    Ok(())
}

/// The holder listens to what was recorded, and takes a copy out, with a reason.
async fn copy(laptop: &Laptop, gallery: &mut Gallery) -> Outcome<Heard> {
    laptop.press(Key::F12).await?;
    laptop.until_shows("care-reports").await?;
    laptop.press_button("care-reports").await?;
    laptop.until_shows("report-play").await?;
    laptop.press_button("report-play").await?;
    let played = played(laptop).await?;
    laptop.press_button("report-copy").await?;
    focused(laptop, "report-copy-reason").await?;
    laptop.until(&disabled("report-copy-now", true), "no copy without a reason").await?;
    laptop.types("派出所立案要用").await?;
    laptop.until(&disabled("report-copy-now", false), "a copy with one").await?;
    gallery.one(laptop, "care-copy").await?;
    laptop.press_button("report-copy-now").await?;
    let line = "document.querySelector('[data-testid=report]')?.querySelector('[data-act=copy-saved]')";
    laptop.until(line, "a line for the copy").await?;
    laptop.until_quiet().await?;
    gallery.one(laptop, "care-copied").await?;
    let mut files = std::fs::read_dir(laptop.files())?.flatten().map(|file| file.path());
    let file = files.find(|path| path.extension().is_some_and(|end| end == "flac")).ok_or("no copy")?;
    let heard = measured("audio/flac", &std::fs::read(&file)?)?;
    std::fs::remove_file(file)?;
    Ok(Heard { played, said: SECONDS, ..heard })
}

fn disabled(id: &str, wanted: bool) -> String {
    format!("(document.querySelector('{}')?.getAttribute('aria-disabled') === 'true') === {wanted}", testid(id))
}

/// The holder's page.
async fn timeline(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press(Key::F12).await?;
    laptop.until_shows("care-reports").await?;
    laptop.press_button("care-reports").await?;
    laptop.until_shows("report-line").await?;
    laptop.until_says(MARKERS[0]).await?;
    laptop.until_says(MARKERS[2]).await?;
    laptop.press_button("report-over").await?;
    laptop.until_shows("report-add-words").await?;
    focused(laptop, "report-add-words").await?;
    laptop.types("桃溪派出所").await?;
    laptop.press_button("over-police").await?;
    laptop.until_says("桃溪派出所").await?;
    gallery.one(laptop, "care-reports").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-records").await
}

async fn focused(laptop: &Laptop, id: &str) -> Outcome {
    let on = format!("document.activeElement === document.querySelector('{}')", testid(id));
    laptop.until(&on, &format!("the focus on {id}")).await
}
