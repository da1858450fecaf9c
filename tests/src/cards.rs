//! Cards of people and places as a team keeps them, in the real window by keyboard alone: what two laptops wrote differently is
//! decided, a class gets another name and another school, and an interviewer takes over what a colleague who is ill leaves.

use std::path::Path;
use std::sync::Arc;

use fantoccini::key::Key;
use serde_json::json;
use tianye_desk::view::{PersonInput, PersonQuery};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop as Store};

use crate::Outcome;
use crate::gallery::Gallery;
use crate::hub::Hub;
use crate::laptop::{Laptop, testid};
use crate::team::Person;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
const LANG: &str = "zh-CN";

/// What differs between the rounds, which are lived in both languages of the window.
struct Round {
    language: &'static str,
    /// The class as the tree shows it, its new names, and the school that it moves to.
    class: [&'static str; 4],
    /// Whom the interviewer takes over.
    code: &'static str,
}

const ROUNDS: [Round; 2] = [
    Round {
        language: "zh-CN", class: ["五（1）班", "五年级一班", "Fifth form", "石塘小学（示例）"], code: "102"
    },
    Round {
        language: "en",
        class: ["Class 4-1", "四年级一班", "Fourth form", "Shitang Primary School (example)"],
        code: "103",
    },
];

/// What there is in the end.
#[derive(Debug)]
pub struct Kept {
    /// What is left to decide on cards.
    pub undecided: usize,
    /// Names and numbers on the two cards.
    pub cards: Vec<[String; 2]>,
    /// Where the classes stand now.
    pub classes: String,
    /// Who sees the two children now.
    pub assigned: Vec<String>,
}

/// Lives it.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<Kept> {
    let hub = Hub::start(&root.join("hub"))?;
    let laptop = Laptop::new("cards", &root.join("cards"))?;
    let mut person = Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
    let card = hub.card();
    person.tianye(&["practice", "--hub-card", card.to_str().ok_or("a path without UTF-8")?])?;
    let data = person.laptop.data();
    // The hub's client blocks, and so has a thread of its own.
    tokio::task::spawn_blocking(move || differ(&data)).await??;
    for round in &ROUNDS {
        sit(&mut person, "沈一帆", round.language).await?;
        decide(&person.laptop, gallery).await?;
        change_site(&person.laptop, gallery, round).await?;
        person.laptop.close().await?;
        for who in ["沈一帆", "周宁"] {
            person.tianye(&["sync", "--who", who])?;
        }
        sit(&mut person, "周宁", round.language).await?;
        take_over(&person.laptop, gallery, round.code).await?;
        person.laptop.close().await?;
        for who in ["周宁", "沈一帆"] {
            person.tianye(&["sync", "--who", who])?;
        }
    }
    let data = person.laptop.data();
    tokio::task::spawn_blocking(move || kept(&data)).await?
}

/// Opens the window for one of those who share the laptop: it offers the store that was opened last.
pub(crate) async fn sit(person: &mut Person, who: &str, language: &str) -> Outcome {
    person.tianye(&["list", "--who", who])?;
    person.laptop.open(language).await?;
    person.unlock().await
}

/// The desk of one of them, without a window.
pub(crate) fn desk(data: &Path, who: &str) -> Outcome<Desk> {
    let laptop = Store::new(data, Arc::new(Machine), KdfCost::default());
    let store = laptop.start()?.stores.into_iter().find(|store| store.person == who);
    Ok(laptop.unlock(&store.ok_or("expected the person's store, found none")?.id, PASSPHRASE)?)
}

/// Two laptops write another name and another number on each of two cards.
fn differ(data: &Path) -> Outcome {
    let mut chen = desk(data, "陈禾")?;
    chen.sync()?;
    write_cards(&mut chen, ["小穗穗", "阿禾禾"], "13900000001")?;
    drop(chen);
    let mut lead = desk(data, "沈一帆")?;
    write_cards(&mut lead, ["小岁", "阿和"], "13900000002")?;
    lead.sync()?;
    drop(lead);
    desk(data, "陈禾")?.sync()?;
    desk(data, "沈一帆")?.sync()?;
    Ok(())
}

fn write_cards(desk: &mut Desk, names: [&str; 2], contact: &str) -> Outcome {
    for (code, name) in ["101", "102"].into_iter().zip(names) {
        let page = desk.person_page(&id_of(desk, code)?, LANG)?;
        let card = PersonInput {
            id: page.id,
            kind: "pupil".into(),
            code: code.into(),
            name: name.into(),
            site: page.site,
            contact: contact.into(),
            ..PersonInput::default()
        };
        desk.save_person(&card)?;
    }
    Ok(())
}

/// The id of the card with a code.
pub(crate) fn id_of(desk: &Desk, code: &str) -> Outcome<String> {
    let found = desk.people(&PersonQuery { text: code.into(), ..PersonQuery::default() }, LANG)?;
    let one = found.people.into_iter().find(|one| one.code == code);
    Ok(one.ok_or_else(|| format!("expected {code}, found nobody"))?.id)
}

/// On the page of conflicts one, and on the person's page the other.
async fn decide(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-conflicts").await?;
    laptop.until_shows("card-conflict-1").await?;
    laptop.until_shows("conflict-side-2").await?;
    gallery.one(laptop, "cards-conflict").await?;
    laptop.keys("2").await?;
    laptop.tab_to("reason").await?;
    laptop.types("按户口本").await?;
    gallery.one(laptop, "cards-conflict-chosen").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("decided").await?;
    gallery.one(laptop, "cards-decided").await?;
    laptop.press_button("card-person").await?;
    laptop.until_shows("card-conflicts").await?;
    gallery.one(laptop, "cards-person").await?;
    // Without a reason nothing is decided, and the field says so.
    laptop.press_button("take-1-1").await?;
    laptop
        .until("document.activeElement?.dataset.testid === 'card-reason'", "the focus where the reason is missing")
        .await?;
    laptop.types("问过奶奶").await?;
    laptop.press_button("take-1-1").await?;
    laptop
        .until(&format!("!document.querySelector('{}')", testid("card-conflicts")), "nothing left to decide here")
        .await?;
    gallery.one(laptop, "cards-person-decided").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("page-conflicts").await
}

/// A class gets other names, in both languages, and stands in another school from now on.
async fn change_site(laptop: &Laptop, gallery: &mut Gallery, round: &Round) -> Outcome {
    let [class, zh, en, school] = round.class;
    laptop.press_button("tab-people").await?;
    laptop.until_shows(&format!("place-{class}")).await?;
    laptop.press_button(&format!("place-{class}")).await?;
    laptop.press_button("change-site").await?;
    laptop.until_shows("site-sheet").await?;
    laptop.until("document.activeElement?.dataset.testid === 'site-zh'", "the focus on the name").await?;
    for (field, name) in [("site-zh", zh), ("site-en", en)] {
        laptop.tab_until(&format!("document.activeElement?.dataset.testid === '{field}'"), field).await?;
        laptop.chord(Key::Control, 'a').await?;
        laptop.types(name).await?;
    }
    laptop.tab_to("site-parent").await?;
    let chosen = "document.activeElement.selectedOptions[0].text.trim()";
    for _ in 0..20 {
        if laptop.run(&format!("return {chosen}")).await? == json!(school) {
            break;
        }
        laptop.press(Key::Down).await?;
    }
    laptop.until(&format!("{chosen} === {}", json!(school)), "the school chosen").await?;
    gallery.one(laptop, "cards-site").await?;
    laptop.tab_to("site-save").await?;
    laptop.press(Key::Enter).await?;
    laptop.until(&format!("!document.querySelector('{}')", testid("site-sheet")), "the sheet closed").await?;
    let name = if round.language == "en" { en } else { zh };
    laptop.until_shows(&format!("place-{name}")).await?;
    gallery.one(laptop, "cards-site-moved").await
}

/// The interviewer takes one child over, with the reason, and finds it in today's work.
async fn take_over(laptop: &Laptop, gallery: &mut Gallery, code: &str) -> Outcome {
    laptop.press_button("tab-people").await?;
    laptop.until_shows("people-search").await?;
    laptop.chord(Key::Alt, 'a').await?;
    laptop.until_shows("page-assignments").await?;
    let classes = "[...document.querySelectorAll('[data-testid^=class-]')].map((one) => one.dataset.testid)";
    laptop.until(&format!("{classes}.length > 0"), "classes").await?;
    let all = laptop.run(&format!("return {classes}")).await?;
    let box_of = format!("choose-{code}");
    for class in all.as_array().into_iter().flatten().filter_map(|one| one.as_str()) {
        laptop.press_button(class).await?;
        if laptop.shows(&box_of).await? {
            break;
        }
    }
    laptop.until_shows(&box_of).await?;
    gallery.one(laptop, "cards-assignments").await?;
    laptop.tab_to(&box_of).await?;
    laptop.keys(" ").await?;
    laptop.chord(Key::Alt, 't').await?;
    laptop.until_shows("over-sheet").await?;
    laptop.tab_to("over-reason").await?;
    laptop.types("陈禾发烧").await?;
    gallery.one(laptop, "cards-over").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("assigned").await?;
    laptop.until_says("陈禾发烧").await?;
    gallery.one(laptop, "cards-taken").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("people-search").await?;
    laptop.press_button("tab-today").await?;
    laptop.until_shows(&format!("interview-row-{code}")).await?;
    gallery.one(laptop, "cards-today").await
}

fn kept(data: &Path) -> Outcome<Kept> {
    let lead = desk(data, "沈一帆")?;
    let mut cards = Vec::new();
    let mut assigned = Vec::new();
    for code in ["101", "102"] {
        let page = lead.person_page(&id_of(&lead, code)?, LANG)?;
        cards.push([page.name, page.contact]);
    }
    for round in &ROUNDS {
        let page = lead.person_page(&id_of(&lead, round.code)?, LANG)?;
        let of = page.assignments.into_iter().map(|one| format!("{} {}", one.interviewer, one.because));
        assigned.extend(of);
    }
    let tree = lead.people(&PersonQuery::default(), LANG)?.sites;
    let school =
        tree.iter().position(|site| site.name == "石塘小学（示例）").ok_or("expected the school, found none")?;
    let within = tree[school + 1..].iter().take_while(|site| site.depth > tree[school].depth);
    let classes = within.map(|site| site.name.as_str()).collect::<Vec<_>>().join("，");
    Ok(Kept { undecided: lead.card_conflicts(LANG)?.len(), cards, classes, assigned })
}
