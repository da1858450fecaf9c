//! A family takes its consent back, in the real window by keyboard alone: on the laptop of who asked the questions it is gone
//! at once, on the lead's and on a colleague's at their next sync, and the certificate names the rows of an export to drop.
//! What was said in a group with the child is out of use, and the lead decides on it.

use std::path::Path;

use fantoccini::key::Key;
use serde_json::{Value, json};
use tianye_desk::Desk;
use tianye_desk::view::{AnswerInput, ChecklistInput, ConsentInput, ConsentWord, ExportInput, GroupInput};

use crate::Outcome;
use crate::cards::{desk, id_of, sit};
use crate::gallery::Gallery;
use crate::hub::Hub;
use crate::laptop::{Laptop, testid};
use crate::team::Person;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
const LANG: &str = "zh-CN";

const FORM: &str = "
| survey | | | | |
| | type | name | label::中文 (zh) | label::English (en) |
| | text | say | A1 孩子说什么？ | A1 What does the child say? |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | 家庭问卷 | home | 1 | 中文 (zh) |
";

/// Whose family takes it back in which language of the window, and what the child said.
pub const ROUNDS: [(&str, &str, &str); 2] = [("zh-CN", "101", "标记庚辛壬"), ("en", "102", "标记癸子丑")];
/// Who sits in the group with them.
const OTHER: &str = "103";

/// What is left in the end.
#[derive(Debug)]
pub struct Left {
    /// What the lead's and the interviewer's laptops list.
    pub listed: [String; 2],
    /// Tables that the lead writes again.
    pub exported: String,
    /// The lead's certificates, as the command line says them.
    pub certificates: Value,
}

/// Lives it in both languages.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<Left> {
    let hub = Hub::start(&root.join("hub"))?;
    let laptop = Laptop::new("withdrawing", &root.join("withdrawing"))?;
    let mut person = Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
    let card = hub.card();
    person.tianye(&["practice", "--hub-card", card.to_str().ok_or("a path without UTF-8")?])?;
    let form = root.join("home.md");
    std::fs::write(&form, FORM)?;
    person.tianye(&["add-form", form.to_str().ok_or("a path without UTF-8")?, "--who", "沈一帆"])?;
    person.tianye(&["add-form", "--instrument", "seminar_children", "--who", "沈一帆"])?;
    let (data, tables) = (person.laptop.data(), root.join("tables"));
    // The hub's client blocks, and so has a thread of its own.
    tokio::task::spawn_blocking(move || collect(&data, &tables)).await??;
    for (language, code, _) in ROUNDS {
        sit(&mut person, "陈禾", language).await?;
        take_back(&person.laptop, gallery, code).await?;
        sync(&person.laptop).await?;
        person.laptop.close().await?;
        sit(&mut person, "沈一帆", language).await?;
        sync(&person.laptop).await?;
        decide(&person.laptop, gallery, code).await?;
        sync(&person.laptop).await?;
        person.laptop.close().await?;
        sit(&mut person, "周宁", language).await?;
        sync(&person.laptop).await?;
        sync(&person.laptop).await?;
        person.laptop.close().await?;
        for who in ["陈禾", "陈禾", "沈一帆"] {
            person.tianye(&["sync", "--who", who])?;
        }
        sit(&mut person, "沈一帆", language).await?;
        certified(&person.laptop, gallery).await?;
        person.laptop.close().await?;
    }
    let (data, tables) = (person.laptop.data(), root.join("again"));
    tokio::task::spawn_blocking(move || write_tables(&mut desk(&data, "沈一帆")?, &tables)).await??;
    let mut exported = String::new();
    for table in std::fs::read_dir(root.join("again"))?.flatten() {
        exported.push_str(&String::from_utf8_lossy(&std::fs::read(table.path()).unwrap_or_default()));
    }
    let list = |who: &str| person.tianye(&["list", "--who", who]);
    let certificates = serde_json::from_str(&person.tianye(&["--json", "erasures", "--who", "沈一帆"])?)?;
    Ok(Left { listed: [list("沈一帆")?, list("陈禾")?], exported, certificates })
}

fn agrees(desk: &mut Desk, code: &str) -> Outcome {
    let person = id_of(desk, code)?;
    for standing in ["legal-guardian", "own"] {
        let word = |purpose: &str| ConsentWord { purpose: purpose.into(), said: "given".into() };
        desk.record_consent(&ConsentInput {
            person: person.clone(),
            standing: standing.into(),
            name: if standing == "own" { "" } else { "王桂英" }.into(),
            relation: String::new(),
            how: "oral".into(),
            on: "2017-04-11".into(),
            witness: String::new(),
            note: String::new(),
            words: vec![word("questionnaire"), word("group")],
        })?;
    }
    Ok(())
}

/// Consent is asked for and given; an interviewer fills the form with both children, the lead sits with both of them and a third,
/// and tables are written.
fn collect(data: &Path, tables: &Path) -> Outcome {
    let mut lead = desk(data, "沈一帆")?;
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted })?;
    for code in [ROUNDS[0].1, ROUNDS[1].1, OTHER] {
        agrees(&mut lead, code)?;
    }
    for ((_, code, _), name) in ROUNDS.into_iter().zip(["座谈甲", "座谈乙"]) {
        let members = vec![code.to_owned(), OTHER.to_owned()];
        let group = GroupInput { name: name.into(), members, ..GroupInput::default() };
        let group = lead.save_group(&group)?;
        lead.start_with(&group, "seminar_children", LANG)?;
        lead.pause_interview(LANG)?;
    }
    lead.sync()?;
    drop(lead);
    let mut chen = desk(data, "陈禾")?;
    chen.sync()?;
    for (_, code, said) in ROUNDS {
        let child = id_of(&chen, code)?;
        chen.start_with(&child, "home", LANG)?;
        chen.answer(&AnswerInput { field: "/say".into(), value: said.into() })?;
        chen.finalise(LANG)?;
    }
    chen.sync()?;
    drop(chen);
    let mut zhou = desk(data, "周宁")?;
    zhou.sync()?;
    drop(zhou);
    let mut lead = desk(data, "沈一帆")?;
    lead.sync()?;
    write_tables(&mut lead, tables)
}

fn write_tables(lead: &mut Desk, folder: &Path) -> Outcome {
    let input = ExportInput {
        form: "home".into(),
        names: true,
        identified: true,
        reason: "试用".into(),
        ..ExportInput::default()
    };
    lead.export_csv(&input, folder, LANG)?;
    Ok(())
}

/// The guardian says so; everything of the child that was asked here is gone before the sheet is closed.
async fn take_back(laptop: &Laptop, gallery: &mut Gallery, code: &str) -> Outcome {
    laptop.press_button("tab-people").await?;
    laptop.until_shows("people-search").await?;
    laptop.types(code).await?;
    laptop.until("document.querySelectorAll('.person').length === 1", "the child").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("consent-box").await?;
    laptop.chord(Key::Alt, 'o').await?;
    laptop.until_shows("consent-sheet").await?;
    laptop.fill("consent-name", "王桂英").await?;
    laptop.press_button("withdraw").await?;
    laptop.until_shows("withdraw-box").await?;
    gallery.one(laptop, "withdraw-ask").await?;
    laptop.press_button("withdraw-all").await?;
    laptop.until_shows("consent-said").await?;
    gallery.one(laptop, "withdraw-done").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("consent-sheet")), "the sheet closed").await?;
    gallery.one(laptop, "withdraw-person").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("people-search").await?;
    not_listed(laptop, code).await
}

async fn not_listed(laptop: &Laptop, code: &str) -> Outcome {
    laptop.press_button("tab-records").await?;
    laptop.until_shows("page-records").await?;
    laptop.until_quiet().await?;
    if laptop.shows(&format!("record-row-{code}")).await? {
        return Err(format!("expected no interview of {code}, found it in the list").into());
    }
    Ok(())
}

async fn sync(laptop: &Laptop) -> Outcome {
    laptop.press_button("tab-sync").await?;
    laptop.until_shows("page-sync").await?;
    laptop.press_button("sync-now").await?;
    laptop.until_shows("sync-report").await?;
    laptop.until_quiet().await
}

/// On the lead's laptop the interview is gone; the group's session waits for a word, and goes.
async fn decide(laptop: &Laptop, gallery: &mut Gallery, code: &str) -> Outcome {
    not_listed(laptop, code).await?;
    laptop.press_button("tab-team").await?;
    laptop.until_shows("to-real").await?;
    laptop.press_button("to-real").await?;
    laptop.until_shows("erase-due").await?;
    let due = "[...document.querySelectorAll('[data-testid=due] input')]";
    laptop.until(&format!("{due}.length === 1"), "the group’s session, and nothing else").await?;
    laptop.tab_until(&format!("{due}.includes(document.activeElement)"), "what is due").await?;
    laptop.keys(" ").await?;
    gallery.one(laptop, "withdraw-due").await?;
    laptop.press_button("erase-due").await?;
    laptop.until(&format!("{due}.length === 0"), "nothing due any more").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-team").await
}

/// The certificate: every laptop has answered, and the tables that were written before hold a row to drop.
async fn certified(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-records").await?;
    laptop.until_shows("erasures").await?;
    laptop.press_button("erasures").await?;
    laptop.until_shows("erasure").await?;
    laptop.until_quiet().await?;
    gallery.one(laptop, "withdraw-certificate").await?;
    let waiting = format!("document.querySelectorAll('{}').length", testid("erasure-waiting"));
    if laptop.run(&format!("return {waiting}")).await? != json!(0) {
        return Err(format!("expected that all have answered, found\n{}", laptop.words().await?).into());
    }
    Ok(())
}
