//! A family takes its consent back, in the real window by keyboard alone, on three laptops and a hub. What a guardian takes back,
//! everything, is gone at once on the laptop of who asked the questions, and on the lead's and a colleague's at their next sync;
//! what was said in a group with the child is out of use until the lead decides on it, and then the child's card goes when the lead
//! confirms. What a child takes back, one purpose, on a colleague's laptop is gone from where it was asked. The certificates name
//! the rows of an export to drop.

use std::path::Path;
use std::sync::Arc;

use fantoccini::key::Key;
use serde_json::{Value, json};
use tianye_desk::view::{AnswerInput, ChecklistInput, ConsentInput, ConsentWord, ExportInput, GroupInput, PersonQuery};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop as Store};

use crate::Outcome;
use crate::cards::id_of;
use crate::consent::stands;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::team::{People, Person};

const LANG: &str = "zh-CN";

const FORM: &str = "
| survey | | | | |
| | type | name | label::中文 (zh) | label::English (en) |
| | text | say | A1 孩子说什么？ | A1 What does the child say? |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | 家庭问卷 | home | 1 | 中文 (zh) |
";

/// One round: what is lived in a language of the window.
#[derive(Debug)]
pub struct Round {
    language: &'static str,
    /// Whose guardian takes everything back, and what the child said.
    pub everything: (&'static str, &'static str),
    /// Which child takes the questionnaire back, and what it said.
    pub one_purpose: (&'static str, &'static str),
}

/// Both of them.
pub const ROUNDS: [Round; 2] = [
    Round { language: "zh-CN", everything: ("101", "标记庚辛壬"), one_purpose: ("104", "标记甲乙丙") },
    Round { language: "en", everything: ("102", "标记癸子丑"), one_purpose: ("105", "标记丁戊己") },
];
/// Who sits in the groups with those whose guardian takes everything back.
const OTHER: &str = "103";

/// What is left in the end.
#[derive(Debug)]
pub struct Left {
    /// What the lead's, the interviewer's and the colleague's laptops list.
    pub listed: [String; 3],
    /// The codes of everybody of whom those laptops have a card.
    pub cards: [Vec<String>; 3],
    /// Tables that the lead writes again.
    pub exported: String,
    /// The lead's certificates, as the command line says them.
    pub certificates: Value,
}

/// Lives it in both languages.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<Left> {
    let mut people = People::new(root)?;
    people.found()?;
    let form = root.join("home.md");
    std::fs::write(&form, FORM)?;
    people.lead.tianye(&["add-form", form.to_str().ok_or("a path without UTF-8")?])?;
    people.lead.tianye(&["add-form", "--instrument", "seminar_children"])?;
    for one in [&people.wuyi, &people.wenling] {
        people.join_by_commands(one)?;
    }
    let (stores, tables) = (stores(&people), root.join("tables"));
    // The hub's client blocks, and so has a thread of its own.
    tokio::task::spawn_blocking(move || collect(&stores, &tables)).await??;
    let People { lead, wuyi: chen, wenling: zhou, .. } = &mut people;
    for Round { language, everything: (code, _), one_purpose: (own, _) } in &ROUNDS {
        at(zhou, language).await?;
        take_back_one(&zhou.laptop, own).await?;
        synced(zhou).await?;
        at(chen, language).await?;
        take_back(&chen.laptop, gallery, code).await?;
        sync(&chen.laptop).await?;
        not_listed(&chen.laptop, own).await?;
        synced(chen).await?;
        at(lead, language).await?;
        sync(&lead.laptop).await?;
        not_listed(&lead.laptop, own).await?;
        decide(&lead.laptop, gallery, code).await?;
        synced(lead).await?;
        for one in [&mut *zhou, &mut *chen] {
            at(one, language).await?;
            sync(&one.laptop).await?;
            synced(one).await?;
        }
        at(lead, language).await?;
        sync(&lead.laptop).await?;
        certified(&lead.laptop, gallery).await?;
        lead.laptop.close().await?;
    }
    let (store, tables) = (store(lead), root.join("again"));
    tokio::task::spawn_blocking(move || write_tables(&mut desk(&store)?, &tables)).await??;
    let mut exported = String::new();
    for table in std::fs::read_dir(root.join("again"))?.flatten() {
        exported.push_str(&String::from_utf8_lossy(&std::fs::read(table.path()).unwrap_or_default()));
    }
    let list = |person: &Person| person.tianye(&["list"]);
    let certificates = serde_json::from_str(&lead.tianye(&["--json", "erasures"])?)?;
    let cards = [codes(lead)?, codes(chen)?, codes(zhou)?];
    Ok(Left { listed: [list(lead)?, list(chen)?, list(zhou)?], cards, exported, certificates })
}

/// Somebody's laptop without its window: where its stores lie, and what opens theirs.
type StoreOf = (std::path::PathBuf, &'static str);

fn store(person: &Person) -> StoreOf {
    (person.laptop.data(), person.passphrase)
}

fn stores(people: &People) -> [StoreOf; 3] {
    [store(&people.lead), store(&people.wuyi), store(&people.wenling)]
}

fn desk((data, passphrase): &StoreOf) -> Outcome<Desk> {
    let laptop = Store::new(data, Arc::new(Machine), KdfCost::default());
    let store = laptop.start()?.stores.into_iter().next();
    Ok(laptop.unlock(&store.ok_or("expected the person's store, found none")?.id, passphrase)?)
}

fn codes(person: &Person) -> Outcome<Vec<String>> {
    let found = desk(&store(person))?.people(&PersonQuery::default(), LANG)?;
    Ok(found.people.into_iter().map(|one| one.code).collect())
}

/// Opens somebody's window.
async fn at(person: &mut Person, language: &str) -> Outcome {
    person.laptop.open(language).await?;
    person.unlock().await
}

/// Syncs in the window once more, and closes it.
async fn synced(person: &mut Person) -> Outcome {
    sync(&person.laptop).await?;
    person.laptop.close().await
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

/// Consent is asked for and given; an interviewer fills the form with all four, the lead sits with two of them and a fifth, and
/// tables are written.
fn collect(stores: &[StoreOf; 3], tables: &Path) -> Outcome {
    let mut lead = desk(&stores[0])?;
    let noted = lead.checklist().noted;
    lead.note_checklist(&ChecklistInput { gate: true, ..noted })?;
    for code in ROUNDS.iter().flat_map(|round| [round.everything.0, round.one_purpose.0]).chain([OTHER]) {
        agrees(&mut lead, code)?;
    }
    for (round, name) in ROUNDS.iter().zip(["座谈甲", "座谈乙"]) {
        let members = vec![round.everything.0.to_owned(), OTHER.to_owned()];
        let group = GroupInput { name: name.into(), members, ..GroupInput::default() };
        let group = lead.save_group(&group)?;
        lead.start_with(&group, "seminar_children", LANG)?;
        lead.pause_interview(LANG)?;
    }
    lead.sync()?;
    let mut chen = desk(&stores[1])?;
    chen.sync()?;
    for (code, said) in ROUNDS.iter().flat_map(|round| [round.everything, round.one_purpose]) {
        let child = id_of(&chen, code)?;
        chen.start_with(&child, "home", LANG)?;
        chen.answer(&AnswerInput { field: "/say".into(), value: said.into() })?;
        chen.finalise(LANG)?;
    }
    chen.sync()?;
    desk(&stores[2])?.sync()?;
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

/// The sheet of a child, as somebody is to be asked.
async fn consent_sheet(laptop: &Laptop, code: &str) -> Outcome {
    laptop.press_button("tab-people").await?;
    laptop.until_shows("people-search").await?;
    laptop.types(code).await?;
    laptop.until("document.querySelectorAll('.person').length === 1", "the child").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("consent-box").await?;
    laptop.chord(Key::Alt, 'o').await?;
    laptop.until_shows("consent-sheet").await
}

/// The child says on a colleague's laptop, for itself, that the questionnaire is to go; all else may stay.
async fn take_back_one(laptop: &Laptop, code: &str) -> Outcome {
    consent_sheet(laptop, code).await?;
    let own = "document.activeElement.type === 'radio' && document.activeElement.value === 'own'";
    laptop.tab_until("document.activeElement.type === 'radio'", "who speaks").await?;
    for _ in 0..6 {
        if laptop.run(&format!("return {own}")).await? == json!(true) {
            break;
        }
        laptop.press(Key::Right).await?;
    }
    laptop.keys(" ").await?;
    laptop.until(&format!("{own} && document.activeElement.checked"), "the child chosen").await?;
    for button in ["withdraw", "withdraw-questionnaire", "withdraw-some"] {
        laptop.press_button(button).await?;
    }
    laptop.until_shows("consent-said").await?;
    stands(laptop, "questionnaire", "consent-withdrawn").await?;
    stands(laptop, "group", "consent-complete").await?;
    laptop.press(Key::Escape).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("consent-sheet")), "the sheet closed").await
}

/// The guardian says so; everything of the child that was asked here is gone before the sheet is closed.
async fn take_back(laptop: &Laptop, gallery: &mut Gallery, code: &str) -> Outcome {
    consent_sheet(laptop, code).await?;
    laptop.tab_to("consent-name").await?;
    laptop.types("王桂英").await?;
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

/// On the lead's laptop the interview is gone; the group's session waits for a word, and goes; then the child's card does too.
async fn decide(laptop: &Laptop, gallery: &mut Gallery, code: &str) -> Outcome {
    not_listed(laptop, code).await?;
    laptop.press_button("tab-team").await?;
    laptop.until_shows("to-real").await?;
    laptop.press_button("to-real").await?;
    laptop.until_shows("erase-due").await?;
    let due = "[...document.querySelectorAll('[data-testid=due] input')]";
    for (what, picture) in [("the group’s session, and nothing else", "withdraw-due"), ("the child", "withdraw-card")]
    {
        laptop.until(&format!("{due}.length === 1 && !{due}[0].checked"), what).await?;
        laptop.tab_until(&format!("{due}.includes(document.activeElement)"), what).await?;
        laptop.keys(" ").await?;
        gallery.one(laptop, picture).await?;
        laptop.press_button("erase-due").await?;
        laptop.until_quiet().await?;
    }
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
