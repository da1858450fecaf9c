//! What a lead does on the day: the project, the team, the batches, the conflicts, the tables.

use fantoccini::key::Key;

use super::moving::{go_to, to_summary};
use super::tables::Tables;
use super::{Day, expect, one_line};
use crate::Outcome;
use crate::gallery::switch;
use crate::laptop::{Laptop, testid};
use crate::page::read;
use crate::team::{Invited, Person};

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

impl Day {
    pub(super) async fn set_up(&mut self) -> Outcome {
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

    pub(super) async fn join(&mut self) -> Outcome {
        self.people.lead.tab("team").await?;
        self.gallery.both(&self.people.lead.laptop, "team").await?;
        self.people.wuyi.laptop.open("zh-CN").await?;
        self.people.wenling.laptop.open("zh-CN").await?;
        let code = self.people.join(&self.people.wuyi, Invited::ByFile, &mut self.gallery, true).await?;
        self.done(format!("陈禾 joined; both screens showed {code}"));
        let code = self.people.join(&self.people.wenling, Invited::ByCode, &mut self.gallery, false).await?;
        self.done(format!("周宁 joined; both screens showed {code}"));
        for person in [&self.people.wuyi, &self.people.wenling] {
            person.unlock().await?;
            person.sync().await?;
        }
        let said = self.people.lead.sync().await?;
        self.done(format!("everyone synced once; the lead's page: {}", one_line(&said)));
        Ok(())
    }

    pub(super) async fn assign(&mut self) -> Outcome {
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

    pub(super) async fn gather(&mut self) -> Outcome {
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

    pub(super) async fn correct_on_both(&mut self) -> Outcome {
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

    pub(super) async fn decide(&mut self) -> Outcome {
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

    pub(super) async fn export(&mut self) -> Outcome {
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
}

/// Writes the tables with what tells who somebody is, for a reason that is said.
async fn identified(laptop: &Laptop) -> Outcome {
    laptop.click("export-identified").await?;
    laptop.fill("export-reason", "试用").await?;
    laptop.click("export-understood").await?;
    laptop.click("export-write").await?;
    laptop.until_shows("export-report").await
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
