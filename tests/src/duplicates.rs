//! Children with two cards each: found, compared, linked, kept apart and taken back in the real window, by keyboard alone.

use std::path::Path;
use std::sync::Arc;

use fantoccini::key::Key;
use tianye_desk::view::{AnswerInput, NewInterview};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop as Store};

use crate::Outcome;
use crate::gallery::Gallery;
use crate::hub::Hub;
use crate::laptop::Laptop;
use crate::team::Person;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
const LANG: &str = "zh-CN";

const FORM: &str = "
| survey | | | |
| | type | name | label::中文 (zh) | label::English (en) |
| | text | say | A1 孩子说什么？ | A1 What does the child say? |
| | select_one sex | sex | A2 男生还是女生？ | A2 Boy or girl? |
| | date | birth_date | A3 生日是哪一天？ | A3 Date of birth? |
| | select_one home | home | A4 家住哪里？ | A4 Where is home? |
| choices | | | |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | sex | male | 男 | Boy |
| | sex | female | 女 | Girl |
| | home | village | 村里 | In the village |
| | home | town | 镇上 | In the town |
| settings | | | |
| | form_title | form_id | version | default_language |
| | 家庭问卷 | home | 1 | 中文 (zh) |
";

/// What the two correct it to.
const FIRST: [&str; 3] = ["female", "2007-03-15", "town"];
/// See [`FIRST`].
const SECOND: [&str; 3] = ["male", "2008-03-14", "village"];

/// Lives it; gives what the command line says was judged in the end.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<String> {
    let hub = Hub::start(&root.join("hub"))?;
    let laptop = Laptop::new("duplicates", &root.join("duplicates"))?;
    let mut person = Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
    let card = hub.card();
    person.tianye(&["practice", "--hub-card", card.to_str().ok_or("a path without UTF-8")?])?;
    let file = root.join("home.md");
    std::fs::write(&file, FORM)?;
    person.tianye(&["add-form", file.to_str().ok_or("a path without UTF-8")?, "--who", "沈一帆"])?;
    person.tianye(&["sync", "--who", "沈一帆"])?;
    let data = person.laptop.data();
    // The hub's client blocks, and so has a thread of its own.
    tokio::task::spawn_blocking(move || meet_again(&data)).await??;
    person.laptop.open(LANG).await?;
    person.unlock().await?;
    judge(&person.laptop, gallery).await?;
    decide(&person.laptop, gallery, ["全用", "已记下", "已收回"]).await?;
    person.laptop.close().await?;
    person.laptop.open("en").await?;
    person.unlock().await?;
    look(&person.laptop, gallery).await?;
    decide(&person.laptop, gallery, ["Take all of", "Decided: ", "Taken back"]).await?;
    person.laptop.close().await?;
    person.tianye(&["duplicates", "--judged", "--who", "沈一帆"])
}

fn desk(data: &Path, who: &str) -> Outcome<Desk> {
    let laptop = Store::new(data, Arc::new(Machine), KdfCost::default());
    let store = laptop.start()?.stores.into_iter().find(|store| store.person == who);
    Ok(laptop.unlock(&store.ok_or("expected the person's store, found none")?.id, PASSPHRASE)?)
}

/// Two interviewers answer three questions of one interview differently; and one of them did not find three children in
/// the list and gave each a card of their own.
fn meet_again(data: &Path) -> Outcome {
    let say = |desk: &mut Desk, answers: [&str; 3]| -> Outcome {
        for (field, value) in ["/sex", "/birth_date", "/home"].iter().zip(answers) {
            desk.answer(&AnswerInput { field: (*field).to_owned(), value: value.to_owned() })?;
        }
        desk.finalise(LANG)?;
        desk.sync()?;
        Ok(())
    };
    let mut chen = desk(data, "陈禾")?;
    chen.sync()?;
    let sites = chen.home(LANG)?.sites;
    let class = sites.iter().find(|site| site.name.contains("桃溪") && site.name.ends_with("四（1）班"));
    let class = class.ok_or("expected the class, found none")?.id.clone();
    let new = |code: &str, name: &str| NewInterview {
        form: "home".into(),
        assignment: None,
        code: code.into(),
        name: name.into(),
        site: class.clone(),
        ..NewInterview::default()
    };
    for (code, name) in [("W01", "小岁"), ("W02", "阿和"), ("W03", "豆豆")] {
        chen.start_interview(&new(code, name), LANG)?;
        chen.pause_interview(LANG)?;
    }
    chen.start_interview(&new("W04", "喜鹊"), LANG)?;
    say(&mut chen, ["", "2007-03-14", ""])?;
    let mut lead = desk(data, "沈一帆")?;
    lead.sync()?;
    let id = lead.records(LANG)?.into_iter().find(|card| card.code == "W04").ok_or("expected W04, found none")?.id;
    let zhou = lead.team()?.members.into_iter().find(|one| one.name == "周宁").ok_or("expected 周宁, found none")?.id;
    lead.hand_over(&id, &zhou, LANG)?;
    lead.sync()?;
    let mut zhou = desk(data, "周宁")?;
    zhou.sync()?;
    for (desk, answers) in [(&mut chen, FIRST), (&mut zhou, SECOND)] {
        desk.correct_interview(&id, LANG)?;
        say(desk, answers)?;
    }
    lead.sync()?;
    // The window offers the store that was opened last.
    drop(lead);
    desk(data, "沈一帆").map(|_| ())
}

async fn tab(laptop: &Laptop) -> Outcome {
    laptop.press_button("tab-duplicates").await?;
    laptop.until_shows("compare").await
}

async fn judge(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    tab(laptop).await?;
    gallery.one(laptop, "duplicates").await?;
    // The second card leads; an empty reason is asked for.
    laptop.keys("3").await?;
    laptop.keys("1").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_says("请写为什么这样定").await?;
    laptop.types("问过班主任，是同一个孩子").await?;
    gallery.one(laptop, "duplicates-chosen").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("judged").await?;
    gallery.one(laptop, "duplicates-linked").await?;
    // Taken back at once, and judged otherwise.
    laptop.chord(Key::Control, 'z').await?;
    laptop.until_says("已收回").await?;
    laptop.keys("2").await?;
    laptop.types("两个孩子，问过了").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_says("已分开").await?;
    laptop.keys("1").await?;
    laptop.types("同一个").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_says("已连起来").await?;
    laptop.chord(Key::Alt, 'd').await?;
    laptop.until_shows("words").await?;
    gallery.one(laptop, "duplicates-judged").await?;
    Ok(())
}

/// The same pages in the other language.
async fn look(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-duplicates").await?;
    laptop.until_shows("show-judged").await?;
    gallery.one(laptop, "duplicates").await?;
    laptop.keys("1").await?;
    laptop.types("asked the teacher").await?;
    gallery.one(laptop, "duplicates-chosen").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("judged").await?;
    gallery.one(laptop, "duplicates-linked").await?;
    laptop.chord(Key::Alt, 'd').await?;
    laptop.until_shows("words").await?;
    gallery.one(laptop, "duplicates-judged").await?;
    Ok(())
}

/// A whole interview is decided at once, taken back, one conflict of it decided and taken back after another look.
async fn decide(laptop: &Laptop, gallery: &mut Gallery, words: [&str; 3]) -> Outcome {
    let [whole, decided, back] = words;
    laptop.press_button("tab-conflicts").await?;
    laptop.until_shows("whole").await?;
    laptop.until_says(whole).await?;
    gallery.one(laptop, "conflicts").await?;
    laptop.chord(Key::Alt, 'f').await?;
    laptop.until_shows("filter-question").await?;
    gallery.one(laptop, "conflicts-filter").await?;
    laptop.chord(Key::Alt, 'f').await?;
    laptop.chord(Key::Alt, '1').await?;
    laptop.types("问过两边 asked both").await?;
    gallery.one(laptop, "conflicts-whole").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_says(decided).await?;
    gallery.one(laptop, "conflicts-decided").await?;
    laptop.chord(Key::Control, 'z').await?;
    laptop.until_says(back).await?;
    laptop.until_shows("conflict-side-2").await?;
    laptop.keys("2").await?;
    laptop.tab_to("reason").await?;
    laptop.types("奶奶当面更正").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_says(decided).await?;
    laptop.chord(Key::Alt, 'd').await?;
    laptop.until_shows("take-back").await?;
    laptop.tab_to("reason").await?;
    laptop.types("又问了一次").await?;
    gallery.one(laptop, "conflicts-judged").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_says(back).await?;
    gallery.one(laptop, "conflicts-again").await
}
