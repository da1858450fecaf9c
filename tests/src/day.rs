//! The working day, lived in the real windows: set up, joined, interviewed, killed, resumed, sent, merged, decided.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::Outcome;
use crate::filling::{Hand, Plan, asks, step};
use crate::gallery::{Gallery, switch};
use crate::laptop::{Laptop, testid};
use crate::page::{Page, name_of, read};
use crate::scan::{Seen, scan};
use crate::team::{People, Person};

/// Words planted in answers, names and notes: they must stand in no file.
pub const PLANTED: &[&str] =
    &["白鹭77飞过水库", "山雀88的纸船", "青鸟31", "杜鹃52记在备注里", "喜鹊64要更正", "Kingfisher-93", "戴胜46"];

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
    ("last_word", "戴胜46也来过"),
];

/// One act of the day.
#[derive(Debug)]
pub struct Act {
    /// What was done and seen.
    pub what: String,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// A day that was lived.
#[derive(Debug)]
pub struct Lived {
    /// What was done, in order.
    pub acts: Vec<Act>,
    /// Pictures and findings.
    pub gallery: Gallery,
    /// What a scan of every file saw while windows were open, and after they were closed.
    pub scans: Vec<Seen>,
}

/// The day under way.
struct Day {
    people: People,
    gallery: Gallery,
    acts: Vec<Act>,
    began: Instant,
    scans: Vec<Seen>,
}

/// Lives the day with everything in one folder; pictures go to `out`.
pub async fn live(root: &Path, out: Option<&Path>) -> Outcome<Lived> {
    let mut day = Day {
        people: People::new(root)?,
        gallery: Gallery::new(out)?,
        acts: Vec::new(),
        began: Instant::now(),
        scans: Vec::new(),
    };
    match day.acts().await {
        Ok(()) => Ok(Lived { acts: day.acts, gallery: day.gallery, scans: day.scans }),
        Err(why) => {
            day.last_pictures(out).await;
            Err(why)
        }
    }
}

impl Day {
    async fn acts(&mut self) -> Outcome {
        self.set_up().await?;
        self.join().await?;
        self.assign().await?;
        self.interview_by_keyboard().await?;
        self.interview_by_touch().await?;
        self.gather().await?;
        self.correct_on_both().await?;
        self.decide().await?;
        self.export().await?;
        self.end().await
    }

    /// How every open window looked when the day stopped.
    async fn last_pictures(&self, out: Option<&Path>) {
        let Some(out) = out else { return };
        for (name, person) in
            [("lead", &self.people.lead), ("wuyi", &self.people.wuyi), ("wenling", &self.people.wenling)]
        {
            if let Ok(picture) = person.laptop.picture().await {
                let _ = std::fs::write(out.join(format!("stopped-{name}.png")), picture);
            }
        }
    }

    /// Notes what was done since the last time.
    fn done(&mut self, what: impl Into<String>) {
        self.acts.push(Act { what: what.into(), seconds: self.began.elapsed().as_secs_f64() });
        self.began = Instant::now();
    }

    async fn set_up(&mut self) -> Outcome {
        let lead = &mut self.people.lead.laptop;
        lead.open("zh-CN").await?;
        lead.until_shows("page-first-run").await?;
        self.gallery.both(lead, "first-run").await?;
        lead.press_button("paste-invitation").await?;
        self.gallery.both(lead, "first-run-paste").await?;
        lead.press_button("new-project").await?;
        lead.until_shows("page-new-project").await?;
        self.gallery.both(lead, "new-project").await?;
        lead.close().await?;
        self.done("looked at a new laptop: first use, new project");

        self.people.found()?;
        self.done("set up the lead's laptop: project, pupils' form, places; sent to the hub");

        let lead = &mut self.people.lead;
        lead.laptop.open("zh-CN").await?;
        lead.laptop.until_shows("page-unlock").await?;
        self.gallery.both(&lead.laptop, "unlock").await?;
        lead.laptop.types("不是 这个 口令").await?;
        lead.laptop.press(Key::Enter).await?;
        lead.laptop.until_shows("refusal").await?;
        self.gallery.both(&lead.laptop, "unlock-refused").await?;
        lead.laptop.chord(Key::Control, 'a').await?;
        lead.unlock().await?;
        self.gallery.both(&lead.laptop, "today-lead").await?;
        lead.laptop.press(Key::F1).await?;
        lead.laptop.until_shows("help-sheet").await?;
        self.gallery.one(&lead.laptop, "help").await?;
        lead.laptop.press(Key::Escape).await?;
        switch(&lead.laptop).await?;
        lead.laptop.press(Key::F1).await?;
        lead.laptop.until_shows("help-sheet").await?;
        self.gallery.one(&lead.laptop, "help").await?;
        lead.laptop.press(Key::Escape).await?;
        switch(&lead.laptop).await?;
        for tab in ["records", "conflicts", "forms"] {
            lead.tab(tab).await?;
            self.gallery.both(&lead.laptop, &format!("{tab}-empty")).await?;
        }
        self.done("unlocked the lead's window (a wrong passphrase first) and looked through its empty pages");
        self.check_workbook().await
    }

    /// A workbook with mistakes on the page of forms.
    async fn check_workbook(&mut self) -> Outcome {
        let lead = &self.people.lead;
        std::fs::write(lead.laptop.files().join("broken.md"), BROKEN)?;
        lead.tab("forms").await?;
        lead.laptop.click("check-form").await?;
        lead.laptop.until_shows("form-problems").await?;
        self.gallery.both(&lead.laptop, "forms-mistakes").await?;
        let said = lead.laptop.text("form-problems").await?;
        std::fs::remove_file(lead.laptop.files().join("broken.md"))?;
        expect(said.contains("survey"), "a problem that names its sheet", &said)?;
        self.done("checked a workbook with mistakes: the page names sheet, row and column");
        Ok(())
    }

    async fn join(&mut self) -> Outcome {
        self.people.lead.tab("team").await?;
        self.gallery.both(&self.people.lead.laptop, "team").await?;
        self.people.wuyi.laptop.open("zh-CN").await?;
        self.people.wenling.laptop.open("zh-CN").await?;
        let code = self.people.join(&self.people.wuyi, &mut self.gallery, true).await?;
        self.done(format!("陈禾 joined; both screens showed {code}"));
        let code = self.people.join(&self.people.wenling, &mut self.gallery, false).await?;
        self.done(format!("周宁 joined; both screens showed {code}"));
        for person in [&self.people.wuyi, &self.people.wenling] {
            person.unlock().await?;
            person.sync().await?;
        }
        let said = self.people.lead.sync().await?;
        self.done(format!("everyone synced once; the lead's page: {}", one_line(&said)));
        Ok(())
    }

    async fn assign(&mut self) -> Outcome {
        let lead = &self.people.lead;
        lead.laptop.press(Key::F10).await?;
        lead.laptop.until_shows("page-unlock").await?;
        self.people.assign(&self.people.wuyi, "武义县")?;
        self.people.assign(&self.people.wenling, "温岭市")?;
        self.people.wuyi.sync().await?;
        self.gallery.both(&self.people.wuyi.laptop, "sync-received").await?;
        self.people.wenling.sync().await?;
        self.people.wuyi.tab("today").await?;
        self.people.wuyi.laptop.until_shows("interview-row-101").await?;
        self.gallery.both(&self.people.wuyi.laptop, "today-interviewer").await?;
        self.done("assigned 武义县 to 陈禾 and 温岭市 to 周宁; the lists arrived");
        Ok(())
    }

    async fn interview_by_keyboard(&mut self) -> Outcome {
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

    async fn interview_by_touch(&mut self) -> Outcome {
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

    async fn gather(&mut self) -> Outcome {
        let lead = &self.people.lead;
        lead.unlock().await?;
        let said = lead.sync().await?;
        lead.tab("records").await?;
        lead.laptop.until_shows("record-row-201").await?;
        self.gallery.both(&lead.laptop, "records").await?;
        for (code, words) in [("101", ["陈禾", "桃溪"]), ("201", ["周宁", "石塘"]), ("M901", ["周宁", "青鸟31"])]
        {
            let row = format!(
                "document.querySelector('{}').closest('section').innerText",
                testid(&format!("record-row-{code}"))
            );
            let row = lead.laptop.run(&format!("return {row}")).await?;
            let row = row.as_str().unwrap_or_default();
            expect(words.iter().all(|word| row.contains(word)), &format!("{code} under {}", words.join(" and ")), row)?;
        }
        self.done(format!("the lead synced ({}) and saw 101 and 201 by school and interviewer", one_line(&said)));

        let lead = &self.people.lead;
        lead.laptop.click("view-101").await?;
        lead.laptop.until_shows("readonly").await?;
        self.gallery.one(&lead.laptop, "interview-readonly").await?;
        lead.laptop.press(Key::F10).await?;
        lead.laptop.until_shows("page-today").await?;
        switch(&lead.laptop).await?;
        lead.tab("records").await?;
        lead.laptop.click("view-101").await?;
        lead.laptop.until_shows("readonly").await?;
        self.gallery.one(&lead.laptop, "interview-readonly").await?;
        lead.laptop.press(Key::F10).await?;
        lead.laptop.until_shows("page-today").await?;
        lead.tab("records").await?;
        lead.laptop.click("hand-over-101").await?;
        lead.laptop.until_shows("hand-over-sheet").await?;
        self.gallery.one(&lead.laptop, "hand-over").await?;
        lead.laptop.press(Key::Escape).await?;
        switch(&lead.laptop).await?;
        lead.laptop.click("hand-over-101").await?;
        lead.laptop.until_shows("hand-over-sheet").await?;
        self.gallery.one(&lead.laptop, "hand-over").await?;
        let to = "return [...document.querySelectorAll('[data-testid=hand-over-sheet] li')]
            .find((line) => line.innerText.includes('周宁')).querySelector('button').dataset.testid";
        let to = lead.laptop.run(to).await?;
        lead.laptop.click(to.as_str().unwrap_or_default()).await?;
        lead.laptop.until("!document.querySelector('dialog')", "handed over").await?;
        lead.sync().await?;
        self.done("handed 101 over to 周宁 and synced");
        Ok(())
    }

    async fn correct_on_both(&mut self) -> Outcome {
        let people = &self.people;
        people.wenling.sync().await?;
        self.gallery.both(&people.wenling.laptop, "sync-handed-over").await?;
        correct(&people.wenling, &[("D1", "4"), ("D3", "50")]).await?;
        correct(&people.wuyi, &[("D1", "3"), ("E6", "40")]).await?;
        self.done("both corrected 101 without a network: D1 on both, D3 on one, E6 on the other");
        let people = &self.people;
        people.wenling.sync().await?;
        people.wuyi.sync().await?;
        let said = people.lead.sync().await?;
        self.gallery.both(&people.lead.laptop, "sync-conflict").await?;
        self.done(format!("both sent; the lead's page: {}", one_line(&said)));
        Ok(())
    }

    async fn decide(&mut self) -> Outcome {
        let lead = &self.people.lead;
        lead.tab("conflicts").await?;
        lead.laptop.until_shows("conflict-1").await?;
        self.gallery.both(&lead.laptop, "conflict").await?;
        expect(!lead.laptop.shows("conflict-2").await?, "one conflict", "more")?;
        let (first, second) = (lead.laptop.text("conflict-side-1").await?, lead.laptop.text("conflict-side-2").await?);
        let both = format!("{first}\n{second}");
        for word in ["陈禾", "周宁", "一般", "不太喜欢", "示例电脑 03", "示例电脑 05"] {
            expect(both.contains(word), &format!("both sides, with “{word}”"), &both)?;
        }
        expect(first.contains(':') && second.contains(':'), "a time on each side", &both)?;
        let wanted = if first.contains("周宁") { "1" } else { "2" };
        lead.laptop.keys(wanted).await?;
        lead.laptop.tab_to("reason").await?;
        lead.laptop.types("电话里问过孩子，喜鹊64要更正").await?;
        self.gallery.both(&lead.laptop, "conflict-chosen").await?;
        lead.laptop.press(Key::Enter).await?;
        lead.laptop.until("!document.querySelector('[data-testid=conflict-1]')", "no conflict left").await?;
        self.gallery.both(&lead.laptop, "conflicts-none").await?;
        lead.sync().await?;
        self.done(
            "the lead saw both answers of D1 with authors, laptops and times, chose 周宁's with a reason, and synced",
        );
        // 陈禾 handed the interview on: what 周宁 wrote after that is not for her, the lead's decision is.
        for (person, homework) in [(&self.people.wuyi, "45"), (&self.people.wenling, "50"), (&self.people.lead, "50")] {
            person.sync().await?;
            let found = values(person, &["D1", "D3", "E6"]).await?;
            let wanted = ["little", homework, "40"];
            expect(
                found == wanted,
                &format!("{} in D1, D3, E6 at {}", wanted.join(", "), person.name),
                &found.join(" "),
            )?;
        }
        self.done("synced everywhere: D1 stands as decided on all three laptops; D3 and E6 merged by themselves");
        Ok(())
    }

    async fn export(&mut self) -> Outcome {
        let lead = &self.people.lead;
        lead.tab("records").await?;
        lead.laptop.click("export").await?;
        lead.laptop.until_shows("page-export").await?;
        self.gallery.both(&lead.laptop, "export").await?;
        lead.laptop.click("export-look").await?;
        lead.laptop.until_shows("export-classes").await?;
        self.gallery.both(&lead.laptop, "export-classes").await?;
        identified(&lead.laptop).await?;
        self.gallery.one(&lead.laptop, "export-done").await?;
        let folder = lead.laptop.files();
        let tables = Tables::read(&folder)?;
        tables.check()?;
        lead.laptop.press(Key::PageUp).await?;
        lead.laptop.until_shows("page-records").await?;
        switch(&lead.laptop).await?;
        lead.laptop.click("export").await?;
        identified(&lead.laptop).await?;
        self.gallery.one(&lead.laptop, "export-done").await?;
        switch(&lead.laptop).await?;

        lead.laptop.press(Key::F10).await?;
        lead.laptop.until_shows("page-unlock").await?;
        let by_command = lead.laptop.files().join("by-command");
        let by_command_text = by_command.to_str().unwrap_or_default();
        lead.tianye(&["export", "pupil", "--output", by_command_text, "--identified", "--reason", "试用"])?;
        Tables::read(&by_command)?.check()?;
        self.done(format!(
            "exported from the window and by the command line: {} interviews, {} people of their families; marked as practice",
            tables.form.len(),
            tables.roster.len()
        ));
        Ok(())
    }

    async fn end(&mut self) -> Outcome {
        self.scan_all()?;
        for person in [&mut self.people.lead, &mut self.people.wuyi, &mut self.people.wenling] {
            person.laptop.close().await?;
        }
        self.scan_all()?;
        self.done("closed everything; looked through every file for the words planted in answers, names and notes");
        Ok(())
    }

    /// Looks through every file but the exports that the lead asked for.
    fn scan_all(&mut self) -> Outcome {
        let exports = self.people.lead.laptop.files();
        self.scans.push(scan(&self.people.root, PLANTED, &[&exports])?);
        Ok(())
    }
}

/// Questions whose screen shows a label and not the stored name.
const SEARCHED: &[&str] = &["township", "school"];

/// A workbook with mistakes.
const BROKEN: &str = "\
| survey |
| | type | name | label |
| | text | a | 第一题 |
| | select_one nowhere | b | 第二题 |
| | text | a | 第三题 |
| | integr | c | 第四题 |
| | calculate | d | |
";

/// Writes the tables with what tells who somebody is, for a reason that is said.
async fn identified(laptop: &Laptop) -> Outcome {
    laptop.click("export-identified").await?;
    laptop.fill("export-reason", "试用").await?;
    laptop.click("export-understood").await?;
    laptop.click("export-write").await?;
    laptop.until_shows("export-report").await
}

/// The tables of an export.
struct Tables {
    head: Vec<String>,
    form: Vec<Vec<String>>,
    roster: Vec<Vec<String>>,
    names: Vec<String>,
}

impl Tables {
    fn read(folder: &Path) -> Outcome<Self> {
        let mut tables = Self { head: Vec::new(), form: Vec::new(), roster: Vec::new(), names: Vec::new() };
        for file in std::fs::read_dir(folder)?.flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if !name.ends_with(".csv") || name.starts_with("practice") || name.ends_with("编码本.csv") {
                continue;
            }
            let bytes = std::fs::read(file.path())?;
            expect(bytes.starts_with(b"\xEF\xBB\xBF"), &format!("a byte order mark in {name}"), "none")?;
            expect(bytes.ends_with(b"\r\n"), &format!("lines that end with CRLF in {name}"), "others")?;
            let mut reader = csv::ReaderBuilder::new().from_reader(&bytes[3..]);
            let head: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
            let rows: Result<Vec<Vec<String>>, _> =
                reader.records().map(|row| row.map(|row| row.iter().map(str::to_owned).collect())).collect();
            expect(name.contains("练习"), "the practice mark in the file's name", &name)?;
            expect(head.iter().any(|one| one == "练习"), "a practice column", &head.join(" "))?;
            if head.iter().any(|one| one.starts_with("行号")) {
                tables.roster = rows?;
            } else {
                tables.form = rows?;
                tables.head = head;
            }
            tables.names.push(name);
        }
        Ok(tables)
    }

    fn check(&self) -> Outcome {
        expect(self.names.len() == 2, "one table for the form and one for the roster", &self.names.join(", "))?;
        let rows: Vec<String> = self.form.iter().map(|row| row.join(" | ")).collect();
        let row = rows.iter().find(|row| row.contains("101") && row.contains("不太喜欢"));
        expect(row.is_some(), "interview 101 with the decided answer in Chinese", &rows.join("\n"))?;
        expect(
            self.head.iter().any(|head| head.contains("你喜欢上学吗")),
            "headings in Chinese",
            &self.head.join(" | "),
        )?;
        expect(rows.iter().any(|row| row.contains("201")), "interview 201", &rows.join("\n"))?;
        // What the scans must not find elsewhere was really written.
        for word in ["白鹭77飞过水库", "山雀88的纸船", "Kingfisher-93", "戴胜46"] {
            expect(rows.iter().any(|row| row.contains(word)), &format!("the planted “{word}”"), &rows.join("\n"))?;
        }
        let family: Vec<String> = self.roster.iter().map(|row| row.join(" | ")).collect();
        for words in [["1", "爷爷", "63"], ["2", "奶奶", "61"], ["3", "妹妹", "6"]] {
            let there = self.roster.iter().any(|row| words.iter().all(|word| row.iter().any(|cell| cell == word)));
            expect(there, &format!("a row of the roster with {}", words.join(", ")), &family.join("\n"))?;
        }
        expect(rows.iter().all(|row| !row.contains("小穗")), "no names of respondents", "小穗")
    }
}

fn laptop_of(person: &Person) -> &Laptop {
    &person.laptop
}

/// Goes to the summary by keyboard, through the case tree.
async fn to_summary(laptop: &Laptop) -> Outcome {
    let in_tree = "document.activeElement.closest('[data-testid=tree]') !== null";
    for _ in 0..4 {
        if laptop.run(&format!("return {in_tree}")).await? == json!(true) {
            break;
        }
        laptop.press(Key::F6).await?;
    }
    laptop.until(in_tree, "the focus in the case tree").await?;
    for _ in 0..60 {
        if laptop.run("return document.activeElement.dataset.testid ?? ''").await? == json!("tree-completion") {
            laptop.press(Key::Enter).await?;
            return laptop
                .until("document.querySelector('[data-testid=page]').dataset.kind === 'completion'", "the summary")
                .await;
        }
        laptop.press(Key::Down).await?;
    }
    Err(format!("{}: expected the arrows to reach the summary in the tree, they did not", laptop.name()).into())
}

/// Goes to a question by its number.
async fn go_to(laptop: &Laptop, number: &str) -> Outcome {
    laptop.press(Key::F3).await?;
    laptop.until_shows("find-text").await?;
    laptop.types(number).await?;
    let first = format!("document.querySelector('[data-testid=hit]')?.innerText.startsWith({})", json!(number));
    laptop.until(&first, number).await?;
    laptop.press(Key::Enter).await?;
    let there = format!(
        "!document.querySelector('dialog') && [...document.querySelectorAll('[data-testid=item] .label')].some((one) => one.innerText.startsWith({}))",
        json!(format!("{number} "))
    );
    laptop.until(&there, number).await
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

/// Corrects a finalised interview: questions by number, each with what is typed or the number of its option.
async fn correct(person: &Person, changes: &[(&str, &str)]) -> Outcome {
    let laptop = &person.laptop;
    person.tab("records").await?;
    laptop.until_shows("record-row-101").await?;
    if laptop.shows("correct-101").await? {
        laptop.click("correct-101").await?;
    } else {
        laptop.click("view-101").await?;
        laptop.until_shows("page").await?;
    }
    laptop.until_shows("page").await?;
    for (number, keys) in changes {
        go_to(laptop, number).await?;
        let page = read(laptop).await?;
        let item = page.items.first().ok_or("no question")?;
        if item.control == "one" {
            laptop.keys(keys).await?;
        } else {
            laptop.chord(Key::Control, 'a').await?;
            laptop.types(keys).await?;
            laptop.chord(Key::Control, 's').await?;
        }
        laptop.until_quiet().await?;
        let held = read(laptop).await?;
        let value = held.items.first().map(|item| item.value.clone()).unwrap_or_default();
        expect(value != item.value && !value.is_empty(), &format!("a new answer to {number}"), &value)?;
    }
    to_summary(laptop).await?;
    laptop.chord(Key::Control, Key::Enter).await?;
    laptop.until_shows("page-today").await
}

/// What stands in some questions of interview 101, read from the screen.
async fn values(person: &Person, numbers: &[&str]) -> Outcome<Vec<String>> {
    let laptop = &person.laptop;
    person.tab("records").await?;
    laptop.click("view-101").await?;
    laptop.until_shows("page").await?;
    let mut found = Vec::new();
    for number in numbers {
        go_to(laptop, number).await?;
        let page = read(laptop).await?;
        let asked = page.items.iter().find(|item| item.label.starts_with(&format!("{number} ")));
        found.push(asked.map(|item| item.value.clone()).unwrap_or_default());
    }
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    Ok(found)
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

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn expect(right: bool, expected: &str, found: &str) -> Outcome {
    if right { Ok(()) } else { Err(format!("expected {expected}, found {found}").into()) }
}
