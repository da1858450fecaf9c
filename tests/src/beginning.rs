//! A lead goes through the checklist, publishes the text for families, and begins the real project; and once what may be kept has
//! had its time, erases it. In the real window, by keyboard alone.

use std::path::Path;

use fantoccini::key::Key;
use serde_json::{Value, json};
use tianye_desk::view::{AnswerInput, ContactView, ContactsInput, NewInterview};

use crate::Outcome;
use crate::cards::desk;
use crate::care::{carry, join};
use crate::gallery::{Gallery, switch};
use crate::laptop::{Laptop, testid};
use crate::recording::ask_to_begin;
use crate::team::Person;

const LANG: &str = "zh-CN";

const FORM: &str = "
| survey | | | | |
| | type | name | label::中文 (zh) | label::English (en) |
| | text | say | A1 孩子说什么？ | A1 What does the child say? |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | 家庭问卷 | home | 1 | 中文 (zh) |
";

/// Who was asked while it was practice, and what they said.
pub const ASKED: [(&str, &str); 2] = [("217", "标记甲乙丙"), ("218", "标记丁戊己")];

/// What the program's own text leaves open, and what this project puts there.
const BLANKS: [(&str, &str); 5] = [
    ("（写明活动名称，例如：2017 年春季问卷）", "2017 年春季问卷"),
    ("（单位）", "示例大学"),
    ("（日期）", "2090 年底"),
    ("（负责人、电话）", "沈一帆 000 0000 0001"),
    ("（伦理委员会、电话）", "学院办公室"),
];

/// What is added to the text for families.
const ADDED: &str = "今天由浙江的老师来读这份说明。";

/// What there is in the end.
#[derive(Debug)]
pub struct Begun {
    /// The checklist, as the command line says it.
    pub checklist: Value,
    /// What was erased once it had had its time.
    pub erased: Value,
    /// What is left to be listed.
    pub listed: String,
}

/// Lives it on the laptop of a lead whose project has its holders and their numbers, and interviews with nobody's consent. A
/// project begins once, so each screen is looked at in both languages.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<Begun> {
    let person = |name, passphrase, device, folder| -> Outcome<Person> {
        Ok(Person { name, group: "", passphrase, device, laptop: Laptop::new(name, &root.join(folder))? })
    };
    let mut lead = person("沈一帆", "竹篮 半夜 蓝色 拖拉机", "组长电脑", "lead")?;
    lead.tianye(&["new", "浙江留守儿童 2017", "--lead", lead.name, "--device", lead.device])?;
    let form = root.join("home.md");
    std::fs::write(&form, FORM)?;
    lead.tianye(&["add-form", form.to_str().ok_or("a path without UTF-8")?])?;
    for one in [
        person("方敏", "梅雨 门廊 铜锁 鸽子", "示例电脑 08", "fang")?,
        person("何苗", "山路 雨伞 柚子 钟声", "示例电脑 09", "he")?,
    ] {
        join(root, &lead, &one, "safeguarding")?;
        carry(root, &one, &[&lead])?;
    }
    prepare(&lead.laptop.data())?;
    lead.laptop.open(LANG).await?;
    lead.unlock().await?;
    begin(&lead.laptop, gallery).await?;
    asked(&lead.laptop).await?;
    practised(&lead.laptop, gallery).await?;
    retention(&lead.laptop, gallery).await?;
    lead.laptop.close().await?;
    Ok(Begun {
        checklist: serde_json::from_str(&lead.tianye(&["--json", "checklist"])?)?,
        erased: serde_json::from_str(&lead.tianye(&["--json", "erasures"])?)?,
        listed: lead.tianye(&["list"])?,
    })
}

/// Whom to call, and what was filled in for practice.
fn prepare(data: &Path) -> Outcome {
    let mut lead = desk(data, "沈一帆")?;
    let holder = ContactView {
        role: "holder".into(),
        name: "方敏".into(),
        number: "000 0000 0001".into(),
        hours: String::new(),
        note: String::new(),
    };
    lead.set_contacts(&ContactsInput { site: String::new(), people: vec![holder] }, LANG)?;
    for (code, said) in ASKED {
        let new = NewInterview { form: "home".into(), code: code.into(), ..NewInterview::default() };
        lead.start_interview(&new, LANG)?;
        lead.answer(&AnswerInput { field: "/say".into(), value: said.into() })?;
        lead.finalise(LANG)?;
    }
    Ok(())
}

/// The checklist is gone through; before it is done nothing begins.
async fn begin(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    to_checklist(laptop).await?;
    for item in ["holders", "contacts"] {
        laptop.until(&done(item), &format!("{item} done")).await?;
    }
    cannot_begin(laptop).await?;
    gallery.both(laptop, "real-open").await?;
    publish(laptop, gallery).await?;
    note(laptop, "2030-12-31").await?;
    gallery.both(laptop, "real-ready").await?;
    laptop.press_button("begin-real").await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("begin-real")), "a project that has begun").await?;
    laptop.until("!document.querySelector('.practice')", "no mark of practice").await?;
    // The button is gone; the focus is on what was done, which is in sight.
    laptop.until(&format!("document.activeElement?.querySelector('{}')", testid("real-said")), "what was done").await?;
    gallery.both(laptop, "real-begun").await?;
    leave(laptop).await
}

async fn to_checklist(laptop: &Laptop) -> Outcome {
    laptop.press_button("tab-team").await?;
    laptop.until_shows("to-real").await?;
    laptop.press_button("to-real").await?;
    laptop.until_shows("real-save").await
}

async fn leave(laptop: &Laptop) -> Outcome {
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-team").await
}

fn done(item: &str) -> String {
    format!("document.querySelector('{} .ok')", testid(&format!("ready-{item}")))
}

/// While something is left the button says so and does nothing.
async fn cannot_begin(laptop: &Laptop) -> Outcome {
    laptop.press_button("begin-real").await?;
    let waits = format!("document.querySelector('{}').ariaDisabled === 'true'", testid("begin-real"));
    laptop.until(&waits, "a button that waits for the checklist").await?;
    if laptop.shows("real-said").await? {
        return Err("expected that nothing begins before the checklist is done".into());
    }
    Ok(())
}

/// The text for families in the words of this project.
async fn publish(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.until_shows("text-blanks").await?;
    laptop.press_button("text-open").await?;
    for part in ["activity", "opening", "youth", "adult", "closing"] {
        let id = format!("text-{part}-zh");
        laptop.tab_to(&id).await?;
        let usual = laptop.run(&format!("return document.querySelector('{}').value", testid(&id))).await?;
        let mut text = usual.as_str().unwrap_or_default().to_owned();
        for (blank, word) in BLANKS {
            text = text.replace(blank, word);
        }
        if part == "opening" {
            text.push_str(ADDED);
        }
        laptop.chord(Key::Control, 'a').await?;
        laptop.types(&text).await?;
    }
    gallery.both(laptop, "real-text").await?;
    laptop.press_button("text-publish").await?;
    laptop.until_says("已发布，版本").await?;
    laptop.press_button("text-open").await
}

/// What is asked for and how long it is kept, and what was done outside of the program; recovery is tried here.
async fn note(laptop: &Laptop, until: &str) -> Outcome {
    laptop.tab_to("asks-questionnaire").await?;
    laptop.keys(" ").await?;
    laptop.tab_to("until-questionnaire").await?;
    laptop.types(until).await?;
    for (what, word) in [("ethics", "学院伦理委员会 2017-12 号"), ("passphrases", "各人自己记，密封一份在学院")]
    {
        laptop.tab_to(&format!("{what}-on")).await?;
        laptop.types("2017-03-01").await?;
        laptop.tab_to(&format!("{what}-note")).await?;
        laptop.types(word).await?;
    }
    laptop.press_button("try-recovery").await?;
    laptop
        .until(&format!("document.querySelector('{}').value", testid("recovery-note")), "a recovery that went well")
        .await?;
    laptop.chord(Key::Control, 's').await?;
    for item in ["purposes", "texts", "holders", "contacts", "retention", "ethics", "passphrases", "recovery"] {
        laptop.until(&done(item), &format!("{item} done")).await?;
    }
    Ok(())
}

/// From now on whoever is not asked is not begun with, and the text is the one that was published.
async fn asked(laptop: &Laptop) -> Outcome {
    laptop.press_button("tab-today").await?;
    laptop.until_shows("page-today").await?;
    ask_to_begin(laptop, "home", "401").await?;
    laptop.until_shows("consent-text").await?;
    let read = format!("document.querySelector('{}').innerText.includes({})", testid("consent-text"), json!(ADDED));
    laptop.until(&read, "the words of this project").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("consent-sheet")), "the sheet closed").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-today").await
}

/// What was practised says so in the list, in the history of whom it is about, and when it is opened.
async fn practised(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    let (code, _) = ASKED[0];
    laptop.until_shows(&format!("practice-{code}")).await?;
    gallery.both(laptop, "practised-listed").await?;
    laptop.press_button(&format!("who-{code}")).await?;
    laptop.until_shows("history").await?;
    let marked = format!("document.querySelector('{} .state')", testid("history"));
    laptop.until(&marked, "a mark of practice in the history").await?;
    gallery.both(laptop, "practised-history").await?;
    // In an interview F4 is the language of its form, so it is opened in each language of the window.
    for _ in 0..2 {
        laptop.press_button("history-open-1").await?;
        laptop.until_shows("practised").await?;
        gallery.one(laptop, "practised-open").await?;
        laptop.press(Key::F10).await?;
        laptop.until_shows("page-today").await?;
        switch(laptop).await?;
        laptop.press_button(&format!("who-{code}")).await?;
        laptop.until_shows("history").await?;
    }
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-today").await
}

/// The day until which it may be kept is over: the list says so at once, and a person erases it.
async fn retention(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    to_checklist(laptop).await?;
    let due = "[...document.querySelectorAll('[data-testid=due] input')]";
    laptop.until(&format!("{due}.length === 0"), "nothing due").await?;
    laptop.tab_to("until-questionnaire").await?;
    laptop.chord(Key::Control, 'a').await?;
    laptop.types("2017-12-31").await?;
    laptop.chord(Key::Control, 's').await?;
    // Each interview, each person of whom nothing else is kept, and the one who was asked since.
    laptop.until(&format!("{due}.length === {}", 2 * ASKED.len() + 1), "what may no longer be kept").await?;
    for code in ASKED.iter().map(|(code, _)| *code).chain(["401"]) {
        let named = format!("document.querySelector('{}').innerText.includes('{code}')", testid("due"));
        laptop.until(&named, &format!("{code} in the list")).await?;
    }
    laptop.tab_until(&format!("{due}[1] === document.activeElement"), "what is due").await?;
    laptop.keys(" ").await?;
    laptop.until(&format!("{due}[1].checked && !{due}[0].checked"), "one of them chosen").await?;
    laptop.press_button("due-all").await?;
    laptop.until(&format!("{due}.every((one) => one.checked)"), "all of it chosen").await?;
    gallery.both(laptop, "real-due").await?;
    laptop.press_button("erase-due").await?;
    laptop.until(&format!("{due}.length === 0"), "nothing due any more").await?;
    gallery.both(laptop, "real-due-erased").await?;
    leave(laptop).await
}
