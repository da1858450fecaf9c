//! A roster taken in, a child found, tied and assigned, taken over from a colleague, and not asked twice by accident: in the real
//! window, by keyboard alone.

use std::path::Path;

use fantoccini::key::Key;
use serde_json::json;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::hub::Hub;
use crate::laptop::Laptop;
use crate::team::Person;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

/// One row lacks its name, one is born on a day that there is not, and one is in a class that there is not.
pub(crate) const ROSTER: &str = "\
学校,姓名,班级,学号,性别,出生日期,监护人,与学生关系,监护人电话
桃溪小学,单小满,五（1）班,G330001,男,2007-03-14,王秀英,奶奶,13911110001
桃溪小学,孙小桔,五1班,G330002,女,39521,,,
桃溪小学,欧阳麦穗,五年级1班,G330003,女,2008-02-30,,,
桃溪小学,,五（1）班,G330004,女,,,,
桃溪小学,李青豆,六（9）班,G330005,男,2007-05-06,,,
";

/// Lives it in both languages; gives the words of the page of assignments in the end.
pub async fn show(root: &Path, gallery: &mut Gallery) -> Outcome<String> {
    let hub = Hub::start(&root.join("hub"))?;
    let mut said = String::new();
    for (language, words) in [
        ("zh-CN", ["导入 2 人", "导入 3 人", "已导入", "奶奶", "已分派", "已转 1 份", "这份表已分派给 陈禾"]),
        (
            "en",
            [
                "Import 2",
                "Import 3",
                "Taken in",
                "Paternal grandmother",
                "assigned",
                "1 given",
                "This form is assigned to 陈禾",
            ],
        ),
    ] {
        let laptop = Laptop::new(language, &root.join(language))?;
        let mut person =
            Person { name: "沈一帆", group: "", passphrase: PASSPHRASE, device: "组长电脑", laptop };
        let card = hub.card();
        person.tianye(&["practice", "--hub-card", card.to_str().ok_or("a path without UTF-8")?])?;
        person.tianye(&["add-form", "--who", "沈一帆", "--instrument", "guardian"])?;
        // The window offers the store that was opened last.
        person.tianye(&["list", "--who", "沈一帆"])?;
        std::fs::write(person.laptop.files().join("roster.csv"), ROSTER)?;
        person.laptop.open(language).await?;
        person.unlock().await?;
        import(&person.laptop, gallery, words).await?;
        find(&person.laptop, gallery, words[3]).await?;
        assign(&person.laptop, gallery, words).await?;
        said = person.laptop.words().await?;
        twice(&person.laptop, gallery, words[6]).await?;
        known(&person.laptop, gallery).await?;
        person.laptop.close().await?;
    }
    Ok(said)
}

async fn import(laptop: &Laptop, gallery: &mut Gallery, words: [&str; 7]) -> Outcome {
    laptop.press_button("tab-people").await?;
    laptop.until_shows("person-101").await?;
    gallery.one(laptop, "people").await?;
    laptop.chord(Key::Alt, 'i').await?;
    laptop.until_shows("page-roster").await?;
    laptop.chord(Key::Alt, 'o').await?;
    laptop.until_says(words[0]).await?;
    gallery.one(laptop, "people-roster").await?;
    // The day is mended in the table; the row goes in.
    laptop.tab_to("cell-4-birth").await?;
    laptop.chord(Key::Control, 'a').await?;
    laptop.types("2008-02-29").await?;
    laptop.press(Key::Tab).await?;
    laptop.until_says(words[1]).await?;
    laptop.chord(Key::Alt, 'f').await?;
    gallery.one(laptop, "people-roster-mended").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("roster-imported").await?;
    laptop.until_says(words[2]).await?;
    gallery.one(laptop, "people-roster-done").await?;
    laptop.press(Key::PageUp).await?;
    laptop.until_shows("people-search").await
}

/// By first letters; then an aunt is added, from when on.
async fn find(laptop: &Laptop, gallery: &mut Gallery, carer: &str) -> Outcome {
    laptop.tab_to("people-search").await?;
    laptop.types("sxm").await?;
    laptop.until("document.querySelectorAll('.person').length === 1", "one person").await?;
    gallery.one(laptop, "people-found").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("person-title").await?;
    laptop.until_says("单小满").await?;
    laptop.until_says(carer).await?;
    laptop.chord(Key::Alt, 't').await?;
    laptop.until_shows("tie-sheet").await?;
    laptop.tab_to("tie-name").await?;
    laptop.types("李阿姨").await?;
    laptop.tab_to("tie-since").await?;
    laptop.types("2017年3月").await?;
    gallery.one(laptop, "people-tie").await?;
    laptop.press(Key::Enter).await?;
    laptop.until("!document.querySelector('[data-testid=\"tie-sheet\"]')", "the sheet closed").await?;
    laptop.until_says("2017-03").await?;
    laptop.until_says("李阿姨").await?;
    gallery.one(laptop, "people-person").await?;
    carer_answers(laptop, gallery).await
}

/// A form about the child is begun from the child's page; the one who looks after it answers, and it stands on both pages.
async fn carer_answers(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    begin(laptop, "照料人").await?;
    laptop.until_shows("who-answers-sheet").await?;
    laptop.until_says("李阿姨").await?;
    gallery.one(laptop, "people-who-answers").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("where").await?;
    laptop.until_says("王秀英").await?;
    gallery.one(laptop, "people-carer-answers").await?;
    laptop.press_button("to-today").await?;
    laptop.press_button("tab-people").await?;
    laptop.until_shows("people-search").await
}

/// A class to one member, of whom one child is then given to another.
async fn assign(laptop: &Laptop, gallery: &mut Gallery, words: [&str; 7]) -> Outcome {
    laptop.chord(Key::Alt, 'a').await?;
    laptop.until_shows("assign-class").await?;
    laptop.chord(Key::Alt, 'n').await?;
    laptop.until_shows("assign-sheet").await?;
    laptop.tab_to("combobox").await?;
    choose(laptop, if words[0].starts_with('导') { "五（1）班" } else { "Class 5-1" }).await?;
    laptop.press(Key::Tab).await?;
    laptop.tab_to("combobox").await?;
    choose(laptop, "陈禾").await?;
    choose_form(laptop, "assign-form", "学生").await?;
    laptop.tab_to("assign-due").await?;
    laptop.types("2017-04-12").await?;
    laptop.until_shows("assign-preview").await?;
    gallery.one(laptop, "people-assign").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("assigned").await?;
    laptop.until_says(words[4]).await?;
    let class = if words[0].starts_with('导') {
        "桃溪小学（示例） 五（1）班"
    } else {
        "Taoxi Primary School (example) Class 5-1"
    };
    laptop.press_button(&format!("class-{class}")).await?;
    laptop.tab_to("choose-104").await?;
    laptop.keys(" ").await?;
    gallery.one(laptop, "people-assignments").await?;
    laptop.chord(Key::Alt, 't').await?;
    laptop.until_shows("over-sheet").await?;
    laptop.tab_to("combobox").await?;
    choose(laptop, "周宁").await?;
    laptop.tab_to("over-reason").await?;
    laptop.types("陈禾发烧").await?;
    gallery.one(laptop, "people-over").await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_says(words[5]).await?;
    laptop.until_says("陈禾发烧").await?;
    gallery.one(laptop, "people-taken").await
}

/// A child whom a colleague is to see is not begun with by accident: the sheet says who is to, leaving begins nothing, and beginning
/// all the same does. Then it says who has begun.
async fn twice(laptop: &Laptop, gallery: &mut Gallery, assigned: &str) -> Outcome {
    laptop.press_button("tab-people").await?;
    laptop.tab_to("people-search").await?;
    laptop.types("sxm").await?;
    laptop.until("document.querySelectorAll('.person').length === 1", "one person").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("person-begin").await?;
    begin(laptop, "学生").await?;
    laptop.until_shows("twice-sheet").await?;
    laptop.until_says(assigned).await?;
    gallery.one(laptop, "people-twice").await?;
    laptop.press_button("twice-leave").await?;
    laptop.until("!document.querySelector('[data-testid=\"twice-sheet\"]')", "the sheet closed").await?;
    laptop.until_shows("page-person").await?;
    laptop.chord(Key::Alt, 'n').await?;
    laptop.press_button("twice-anyway").await?;
    laptop.until_shows("page").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    laptop.press_button("tab-people").await?;
    laptop.until_shows("person-207").await?;
    laptop.press_button("person-207").await?;
    laptop.until_shows("person-begin").await?;
    begin(laptop, "学生").await?;
    laptop.until_shows("twice-sheet").await?;
    laptop.until_says("沈一帆").await?;
    gallery.one(laptop, "people-begun").await?;
    laptop.press(Key::Escape).await?;
    laptop.until("!document.querySelector('[data-testid=\"twice-sheet\"]')", "the sheet closed").await?;
    laptop.until_shows("page-person").await
}

/// Who types the code of somebody who is here is asked whether they are meant, and begins with them by Enter alone: no second card.
async fn known(laptop: &Laptop, gallery: &mut Gallery) -> Outcome {
    laptop.press_button("tab-today").await?;
    laptop.until_shows("new-interview").await?;
    laptop.press_button("new-interview").await?;
    laptop.until_shows("page-new-interview").await?;
    choose_form(laptop, "new-form", "学生").await?;
    laptop.tab_to("new-code").await?;
    laptop.types("207").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("twice-known").await?;
    laptop.until_says("207").await?;
    gallery.one(laptop, "people-known").await?;
    laptop.press(Key::Enter).await?;
    // It is the one with whom this was begun before.
    laptop.until_shows("twice-anyway").await?;
    laptop.until_says("沈一帆").await?;
    laptop.press(Key::Escape).await?;
    laptop.until("!document.querySelector('[data-testid=\"twice-sheet\"]')", "the sheet closed").await
}

/// Begins the form whose title has this, on the page of a person.
async fn begin(laptop: &Laptop, title: &str) -> Outcome {
    choose_form(laptop, "person-form", title).await?;
    laptop.chord(Key::Alt, 'n').await
}

async fn choose_form(laptop: &Laptop, list: &str, title: &str) -> Outcome {
    laptop.tab_to(list).await?;
    let chosen = format!("document.activeElement.selectedOptions[0].text.includes({})", json!(title));
    for _ in 0..5 {
        if laptop.run(&format!("return {chosen}")).await? == json!(true) {
            break;
        }
        laptop.press(Key::Down).await?;
    }
    laptop.until(&chosen, "the form chosen").await
}

/// Types into a field with a list, and takes what is found.
pub(crate) async fn choose(laptop: &Laptop, text: &str) -> Outcome {
    laptop.chord(Key::Control, 'a').await?;
    laptop.types(text).await?;
    laptop.press(Key::Enter).await
}
