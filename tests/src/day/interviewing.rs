//! The interviews of the day: one by keyboard with a kill in the middle, one by touch.

use std::collections::BTreeMap;

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::moving::{go_to, to_summary};
use super::{Day, expect, laptop_of, one_line};
use crate::Outcome;
use crate::filling::{Hand, Plan, asks, step};
use crate::gallery::switch;
use crate::laptop::Laptop;
use crate::page::{Page, name_of, read};

/// The interview in Wuyi, by its question names.
const WUYI: &[(&str, &str)] = &[
    ("county", "wuyi"),
    ("township", "taoxi"),
    ("school", "wy_taoxi"),
    ("grade", "g4"),
    ("birth_date", "20160512"),
    ("hukou", "rural"),
    ("boarding", "no"),
    ("school_minutes", "25"),
    ("father_place", "other_province"),
    ("father_reason", "work"),
    ("father_months", "8"),
    ("mother_place", "home"),
    ("home_parent_able", "yes"),
    ("earlier_away", "mother"),
    ("earlier_months", "14"),
    ("father_times", "4"),
    ("father_minutes", "10"),
    ("homework_minutes", "45"),
    ("absent_days", "0"),
    ("school_liking", "quite"),
    ("breakfast_days", "6"),
    ("sleep_hours", "9.5"),
    ("screen_minutes", "30"),
    ("outdoor_days", "5"),
    ("happy_thing", "跟爷爷去放风筝，白鹭77飞过水库"),
    ("activity_wish", "学游泳 Kingfisher-93"),
    ("alone_days", "1"),
    // A yes opens the card.
    ("hurt", "no"),
    ("last_word", "-"),
];

/// Rows of its roster: a relation, sex, age, place, whether they care.
const FAMILY: &[&[&str]] = &[
    &["grandfather", "male", "63", "home", "mainly"],
    &["grandmother", "female", "61", "home", "mainly"],
    &["younger_sister", "female", "6", "home", "no"],
];

/// The interview in Wenling.
const WENLING: &[(&str, &str)] = &[
    ("county", "wenling"),
    ("township", "shitang"),
    ("school", "wl_shitang"),
    ("grade", "g4"),
    ("birth_date", "20160203"),
    ("boarding", "no"),
    ("father_place", "home"),
    ("mother_place", "home"),
    ("earlier_away", "none"),
    ("happy_thing", "在海边折了山雀88的纸船"),
    ("screen_minutes", "60"),
    ("hurt", "no"),
    ("last_word", "戴胜46也来过"),
];

/// Questions whose screen shows a label and not the stored name.
const SEARCHED: &[&str] = &["township", "school"];

impl Day {
    pub(super) async fn interview_by_keyboard(&mut self) -> Outcome {
        let plan = Plan::new(WUYI, FAMILY);
        self.people.wuyi.laptop.press_button("open-101").await?;
        self.people.wuyi.laptop.until_shows("page").await?;
        let mut page = read(&self.people.wuyi.laptop).await?;
        while !asks(&page, "school_liking") {
            page = step(&self.people.wuyi.laptop, Hand::Keys, &plan).await?;
            if asks(&page, "hukou") {
                self.other_language(&page).await?;
            }
        }
        self.done(format!(
            "陈禾 began 101 by keyboard alone and came to “{}”; {}",
            page.title.trim(),
            one_line(&page.progress)
        ));

        // The answer, “saved”, and at once the power is cut.
        let laptop = &mut self.people.wuyi.laptop;
        laptop.keys("2").await?;
        let saved = "document.querySelector('[data-testid=saved]')?.dataset.state === 'saved'";
        let quite = "document.querySelector('[data-testid=option-quite] input').checked";
        laptop.until(&format!("{saved} && {quite}"), "the answer saved").await?;
        laptop.kill()?;
        self.scan_all()?;
        self.done("answered “比较喜欢”; the bar said saved; kill -9");

        let wuyi = &mut self.people.wuyi;
        wuyi.laptop.open("zh-CN").await?;
        wuyi.unlock().await?;
        wuyi.laptop.until_shows("open-101").await?;
        self.gallery.both(&wuyi.laptop, "today-resume").await?;
        wuyi.laptop.press_button("open-101").await?;
        wuyi.laptop.until_shows("page").await?;
        let resumed = read(&wuyi.laptop).await?;
        expect(resumed.key == page.key, "the same question", &resumed.key)?;
        let value = resumed.items.first().map(|item| item.value.clone()).unwrap_or_default();
        expect(value == "quite", "the confirmed answer “quite”", &value)?;
        let found = answers_back(&wuyi.laptop).await?;
        let mut kept = 0;
        for (question, answer) in WUYI {
            if let Some(there) = found.get(*question) {
                let same =
                    there == answer || plain(there) == *answer || (SEARCHED.contains(question) && !there.is_empty());
                expect(same, &format!("{question} = {answer}"), there)?;
                kept += 1;
            }
        }
        expect(kept > 15, "more than 15 answers to compare", &kept.to_string())?;
        self.done(format!(
            "reopened and unlocked: the same question with its answer; {} answers read back, {kept} compared with what was typed",
            found.len()
        ));
        self.summary_and_back().await?;
        self.finish_by_keyboard(&plan).await
    }

    /// The other language in mid-interview and back: other words, the same page.
    async fn other_language(&mut self, page: &Page) -> Outcome {
        let laptop = &self.people.wuyi.laptop;
        laptop.press(Key::F4).await?;
        laptop
            .until(
                "document.querySelector('[data-testid=page] h1').innerText.startsWith('A8 Is')",
                "the question in English",
            )
            .await?;
        let english = read(laptop).await?;
        expect(
            english.key == page.key && english.language != page.language,
            "the same page in English",
            &english.title,
        )?;
        laptop.press(Key::F4).await?;
        let back = format!("document.querySelector('[data-testid=page] h1').innerText === {}", json!(page.title));
        laptop.until(&back, "the question in Chinese").await?;
        self.done("F4 in mid-interview: the same question in English, and back in Chinese");
        Ok(())
    }

    /// The summary, a jump to a problem, and back to the summary.
    async fn summary_and_back(&mut self) -> Outcome {
        to_summary(&self.people.wuyi.laptop).await?;
        self.interview_both("open-101", "summary-problems").await?;
        let laptop = &self.people.wuyi.laptop;
        let lines = laptop.run("return document.querySelectorAll('[data-testid^=jump-]').length").await?;
        expect(lines.as_u64().is_some_and(|lines| lines > 20), "more than 20 open questions", &lines.to_string())?;
        let (list, jump) = if laptop.shows("jump-wrong-1").await? {
            ("wrong", "jump-wrong-1")
        } else {
            ("unanswered", "jump-unanswered-1")
        };
        laptop.press_button(jump).await?;
        laptop
            .until("document.querySelector('[data-testid=page]').dataset.kind !== 'completion'", "the question")
            .await?;
        let there = read(laptop).await?;
        to_summary(laptop).await?;
        // Back at the question that was being asked, by its number.
        go_to(laptop, "D1").await?;
        self.done(format!(
            "the summary listed {lines} questions; jumped to the first of “{list}” ({}), back to the summary, found D1 by its number",
            name_of(&there.items.first().map(|item| item.field.clone()).unwrap_or(there.key))
        ));
        Ok(())
    }

    async fn finish_by_keyboard(&mut self, plan: &Plan) -> Outcome {
        let laptop = &self.people.wuyi.laptop;
        let mut page = read(laptop).await?;
        while page.kind != "completion" {
            if asks(&page, "friends") {
                laptop.press(Key::F2).await?;
                laptop.until_shows("note-text").await?;
                laptop.types("杜鹃52记在备注里").await?;
                laptop.chord(Key::Control, Key::Enter).await?;
                laptop.until("!document.querySelector('[data-testid=note-sheet]')", "the note kept").await?;
            }
            page = step(laptop, Hand::Keys, plan).await?;
        }
        self.done(format!("answered the rest by keyboard, with a note on one question; {}", one_line(&page.progress)));
        self.tour().await?;
        let laptop = &self.people.wuyi.laptop;
        to_summary(laptop).await?;
        self.interview_both("open-101", "summary-ready").await?;
        let laptop = &self.people.wuyi.laptop;
        laptop.chord(Key::Control, Key::Enter).await?;
        laptop.until_shows("page-today").await?;
        let said = self.people.wuyi.sync().await?;
        self.gallery.both(&self.people.wuyi.laptop, "sync-sent").await?;
        self.done(format!("finalised and synced; the page: {}", one_line(&said)));
        Ok(())
    }

    /// Pictures of every kind of page, in Chinese on the way back and in English on the way forth.
    async fn tour(&mut self) -> Outcome {
        let laptop = &self.people.wuyi.laptop;
        let mut stops: Vec<(String, &'static str)> = Vec::new();
        while back(laptop).await? {
            let page = read(laptop).await?;
            if let Some(name) = shape(&page).filter(|name| stops.iter().all(|(_, seen)| seen != name)) {
                self.gallery.one(laptop, name).await?;
                stops.push((page.key, name));
            }
        }
        self.sheets().await?;
        let laptop = &self.people.wuyi.laptop;
        english(laptop, "open-101").await?;
        self.sheets().await?;
        let laptop = &self.people.wuyi.laptop;
        to_summary(laptop).await?;
        while back(laptop).await? {
            let page = read(laptop).await?;
            if let Some((_, name)) = stops.iter().find(|(key, _)| *key == page.key) {
                self.gallery.one(laptop, name).await?;
            }
        }
        chinese(&self.people.wuyi.laptop, "open-101").await?;
        self.done(format!("looked at {} kinds of pages in both languages", stops.len()));
        Ok(())
    }

    /// The note and the search over an interview.
    async fn sheets(&mut self) -> Outcome {
        let laptop = &self.people.wuyi.laptop;
        go_to(laptop, "D6").await?;
        laptop.press(Key::F2).await?;
        laptop.until_shows("note-sheet").await?;
        self.gallery.one(laptop, "note").await?;
        laptop.press(Key::Escape).await?;
        laptop.press(Key::F3).await?;
        laptop.until_shows("find-text").await?;
        laptop.types("A1").await?;
        laptop.until_shows("hit").await?;
        self.gallery.one(laptop, "find").await?;
        laptop.press(Key::Escape).await?;
        laptop.until("!document.querySelector('dialog')", "no sheet").await?;
        laptop.press(Key::F1).await?;
        laptop.until_shows("help-sheet").await?;
        self.gallery.one(laptop, "help-interview").await?;
        laptop.press(Key::Escape).await?;
        laptop.until("!document.querySelector('dialog')", "no sheet").await
    }

    /// A screen of the interview in both languages: the frame's language is switched outside, the form's inside.
    async fn interview_both(&mut self, open: &str, name: &str) -> Outcome {
        let laptop = &self.people.wuyi.laptop;
        self.gallery.one(laptop, name).await?;
        english(laptop, open).await?;
        self.gallery.one(laptop, name).await?;
        chinese(laptop, open).await
    }

    pub(super) async fn interview_by_touch(&mut self) -> Outcome {
        let laptop = &self.people.wenling.laptop;
        self.people.wenling.tab("today").await?;
        laptop.click("new-interview").await?;
        laptop.until_shows("page-new-interview").await?;
        self.gallery.both(laptop, "new-interview").await?;
        laptop.fill("new-code", "M901").await?;
        laptop.fill("new-name", "青鸟31").await?;
        laptop.click("start-interview").await?;
        laptop.until_shows("page").await?;
        let page = step(laptop, Hand::Touch, &Plan::new(WENLING, &[])).await?;
        if asks(&page, "county") {
            step(laptop, Hand::Touch, &Plan::new(WENLING, &[])).await?;
        }
        laptop.click("pause").await?;
        laptop.until_shows("page-today").await?;
        self.done("周宁 began an interview with a child who was not on the list, and paused it");

        laptop_of(&self.people.wenling).click("open-201").await?;
        let laptop = &self.people.wenling.laptop;
        laptop
            .until("document.querySelector('[data-testid=where]')?.innerText.includes('201')", "the interview")
            .await?;
        let plan = Plan::new(WENLING, &[&["", "", "9", "", ""]]);
        let mut page = read(laptop).await?;
        while page.kind != "completion" {
            page = step(laptop, Hand::Touch, &plan).await?;
        }
        laptop.click("finalise").await?;
        laptop.until_shows("page-today").await?;
        let said = self.people.wenling.sync().await?;
        self.done(format!(
            "filled 201 by touch and finalised it ({}); the sync page: {}",
            one_line(&page.progress),
            one_line(&said)
        ));
        Ok(())
    }
}

/// One page back by keyboard; false on the first.
async fn back(laptop: &Laptop) -> Outcome<bool> {
    let page = read(laptop).await?;
    if laptop.run("return document.querySelector('[data-testid=back]').ariaDisabled === 'true'").await? == json!(true) {
        return Ok(false);
    }
    laptop.press(Key::PageUp).await?;
    let other = format!("document.querySelector('[data-testid=page]').dataset.page !== {}", json!(page.key));
    laptop.until(&other, "the page before").await?;
    Ok(true)
}

/// Every answer from here back to the first page, by name of the question; then here again.
async fn answers_back(laptop: &Laptop) -> Outcome<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    loop {
        for item in read(laptop).await?.items.iter().filter(|item| !item.value.is_empty()) {
            found.insert(item.name().to_owned(), item.value.clone());
        }
        if !back(laptop).await? {
            return Ok(found);
        }
    }
}

/// Leaves the interview, switches the window to English, and opens it again with the form in English.
async fn english(laptop: &Laptop, open: &str) -> Outcome {
    reopen(laptop, open).await?;
    until_form(laptop, "English").await
}

/// The same back to Chinese.
async fn chinese(laptop: &Laptop, open: &str) -> Outcome {
    reopen(laptop, open).await?;
    until_form(laptop, "中文").await
}

async fn reopen(laptop: &Laptop, open: &str) -> Outcome {
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    switch(laptop).await?;
    laptop.press_button(open).await?;
    laptop.until_shows("page").await
}

async fn until_form(laptop: &Laptop, language: &str) -> Outcome {
    let shown =
        format!("document.querySelector('[data-testid=form-language]').innerText.includes({})", json!(language));
    if laptop.run(&format!("return {shown}")).await? != Value::Bool(true) {
        laptop.press(Key::F4).await?;
    }
    laptop.until(&shown, language).await
}

/// The kind of a page, for its picture.
fn shape(page: &Page) -> Option<&'static str> {
    Some(match page.kind.as_str() {
        "completion" => return None,
        "repeat" => "roster",
        "group" => "group",
        _ => match page.items.first()?.control.as_str() {
            "one" => "select-one",
            "many" => "select-many",
            "search" => "long-list",
            "text" => "text",
            "area" => "text-long",
            "numeric" => "integer",
            "decimal" => "decimal",
            "date" => "date",
            _ => "note-to-read",
        },
    })
}

/// Digits only, for dates that are typed without dashes.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
