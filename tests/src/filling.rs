//! Filling an interview in the window, page by page, by keyboard alone or by touch.
//!
//! It reads what the page asks and answers it: from a [`Plan`] where that names the question, otherwise with something
//! that fits the control. So the day can be lived with any form.

use fantoccini::key::Key;
use serde_json::json;

use crate::Outcome;
use crate::laptop::{Laptop, testid};
use crate::page::{Item, Line, Page, name_of, read};

/// How a person fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// By keyboard alone.
    Keys,
    /// By touching options and buttons; only words are typed.
    Touch,
}

/// Answers by the name of the question: option names separated by spaces, or what is typed. `-` leaves it blank.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Answers by the name of the question.
    pub answers: Vec<(String, String)>,
    /// Rows of rosters, cell by cell: option names or what is typed; an empty text takes what fits.
    pub rows: Vec<Vec<String>>,
}

impl Plan {
    /// A plan with these answers and rows.
    #[must_use]
    pub fn new(answers: &[(&str, &str)], rows: &[&[&str]]) -> Self {
        let own = |(name, answer): &(&str, &str)| ((*name).to_owned(), (*answer).to_owned());
        let row = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        Self { answers: answers.iter().map(own).collect(), rows: rows.iter().map(row).collect() }
    }

    fn wanted(&self, name: &str) -> Option<&str> {
        self.answers.iter().find(|(one, _)| one == name).map(|(_, answer)| answer.as_str())
    }
}

/// What is typed where the plan says nothing; the next one is tried when the form refuses.
fn guesses(control: &str) -> &'static [&'static str] {
    match control {
        "numeric" | "decimal" => &["8", "2", "0", "1", "3", "5", "12", "20", "45", "130", "2008"],
        "date" => &["20080502", "20170502", "20170701"],
        _ => &["没有特别要说的", "1"],
    }
}

/// Answers the page that is shown and goes on; gives the page after it.
pub async fn step(laptop: &Laptop, hand: Hand, plan: &Plan) -> Outcome<Page> {
    let page = read(laptop).await?;
    if page.kind == "completion" {
        return Ok(page);
    }
    if page.kind == "repeat" {
        roster(laptop, hand, plan, &page).await?;
        return leave(laptop, hand, &page.key, true).await;
    }
    answer_all(laptop, hand, plan, &page).await?;
    let area = read(laptop).await?.items.iter().any(|item| item.focused && item.control == "area");
    leave(laptop, hand, &page.key, area).await
}

/// Answers every question of a page that is not a roster, without leaving it.
pub async fn answer_all(laptop: &Laptop, hand: Hand, plan: &Plan, page: &Page) -> Outcome {
    let mut done: Vec<String> = Vec::new();
    // A page may grow while it is answered, so it is read again after each answer.
    loop {
        let now = read(laptop).await?;
        if now.key != page.key {
            return Err(format!("{}: left {} unasked, at {}", laptop.name(), page.key, now.key).into());
        }
        let Some(item) = now.items.iter().find(|item| item.asks() && !done.contains(&item.field)) else { break };
        if hand == Hand::Keys && !item.focused {
            focus(laptop, &now, item).await?;
        }
        answer(laptop, hand, plan, item).await?;
        done.push(item.field.clone());
    }
    Ok(())
}

/// Brings the focus to a question of the page by keyboard.
async fn focus(laptop: &Laptop, page: &Page, item: &Item) -> Outcome {
    let here = page.items.iter().find(|one| one.focused);
    let focused = format!("document.querySelector({})?.contains(document.activeElement)", json!(item_of(&item.field)));
    match here {
        // On a page with several questions Enter goes to the next one.
        Some(one) if one.control == "area" => laptop.chord(Key::Control, Key::Enter).await?,
        Some(_) => laptop.press(Key::Enter).await?,
        None => laptop.press(Key::Tab).await?,
    }
    laptop.until(&focused, &format!("the focus on {}", item.field)).await
}

/// Answers one question that has the focus.
pub async fn answer(laptop: &Laptop, hand: Hand, plan: &Plan, item: &Item) -> Outcome {
    let wanted = plan.wanted(item.name());
    if wanted == Some("-") || (wanted.is_none() && !item.value.is_empty()) {
        return Ok(());
    }
    let root = item_of(&item.field);
    match item.control.as_str() {
        "one" | "many" => {
            let first = item.options.first().cloned().unwrap_or_default();
            for name in wanted.unwrap_or(&first).split(' ') {
                if !item.value.split(' ').any(|chosen| chosen == name) {
                    choose(laptop, hand, &root, &item.options, name).await?;
                }
            }
            Ok(())
        }
        "search" => search(laptop, hand, &root, wanted).await,
        control => {
            let tries = wanted.map_or_else(|| guesses(control).to_vec(), |text| vec![text]);
            let mut before = item.value.as_str();
            for text in tries {
                write(laptop, hand, &root, before, text).await?;
                before = text;
                let now = read(laptop).await?;
                let after = now.items.iter().find(|one| one.field == item.field);
                if after.is_none_or(|after| after.wrong.is_empty()) {
                    return Ok(());
                }
            }
            Err(format!("{}: no guess fits {}: {}", laptop.name(), item.field, item.label).into())
        }
    }
}

/// Chooses an option by its number or by touch, and waits until it is drawn as chosen.
async fn choose(laptop: &Laptop, hand: Hand, root: &str, options: &[String], name: &str) -> Outcome {
    let at = options.iter().position(|option| option == name).ok_or_else(|| {
        format!("{}: expected the option {name} in {root}, found {}", laptop.name(), options.join(" "))
    })?;
    let option = format!("{root} {}", testid(&format!("option-{name}")));
    match hand {
        Hand::Keys => laptop.keys(&digits(at, options.len())).await?,
        Hand::Touch => laptop.click_css(&option).await?,
    }
    let chosen =
        format!("document.querySelector({})?.matches(':has(input:checked), [aria-pressed=true]')", json!(option));
    laptop.until(&chosen, &format!("{name} chosen in {root}")).await?;
    laptop.until_quiet().await
}

/// The number drawn on an option.
fn digits(at: usize, of: usize) -> String {
    if of == 10 && at == 9 { "0".into() } else { (at + 1).to_string() }
}

/// Finds an option of a long list by typing.
async fn search(laptop: &Laptop, hand: Hand, root: &str, wanted: Option<&str>) -> Outcome {
    let field = format!("{root} {}", testid("combobox"));
    match hand {
        Hand::Keys => laptop.press(Key::Down).await?,
        Hand::Touch => laptop.click_css(&field).await?,
    }
    let list = format!("{root} [role=option]");
    laptop.until(&format!("document.querySelector({})", json!(list)), "an open list").await?;
    let script = format!(
        "return [...document.querySelectorAll({})].map((one) => [one.dataset.testid.slice(7), one.children[0].innerText])",
        json!(list)
    );
    let options: Vec<(String, String)> = serde_json::from_value(laptop.run(&script).await?)?;
    let found = options.iter().find(|(name, _)| wanted.is_none_or(|wanted| wanted == name));
    let (name, label) = found.ok_or_else(|| format!("{}: no {wanted:?} in {root}", laptop.name()))?;
    let option = format!("{root} {}", testid(&format!("option-{name}")));
    match hand {
        Hand::Keys => {
            laptop.types(label).await?;
            let marked = format!("document.querySelector({})?.matches('.marked')", json!(option));
            laptop.until(&marked, &format!("{label} marked")).await?;
            laptop.press(Key::Enter).await?;
        }
        Hand::Touch => laptop.click_css(&option).await?,
    }
    laptop.until(&format!("document.querySelector({})?.value !== ''", json!(field)), label).await?;
    laptop.until_quiet().await
}

/// Writes text into a field and waits until it is saved.
async fn write(laptop: &Laptop, hand: Hand, root: &str, before: &str, text: &str) -> Outcome {
    let field = format!("{root} [data-field]");
    if hand == Hand::Touch {
        laptop.click_css(&field).await?;
    }
    if !before.is_empty() {
        laptop.chord(Key::Control, 'a').await?;
    }
    laptop.types(text).await?;
    // Ctrl+S stores at once, which a person need not do: going on does it too.
    laptop.chord(Key::Control, 's').await?;
    laptop.until_quiet().await
}

/// Goes on from a page; an error if the form does not let it.
async fn leave(laptop: &Laptop, hand: Hand, key: &str, from_area: bool) -> Outcome<Page> {
    match hand {
        Hand::Keys if from_area => laptop.chord(Key::Control, Key::Enter).await?,
        Hand::Keys => laptop.press(Key::Enter).await?,
        Hand::Touch => laptop.click("next").await?,
    }
    let other = format!("document.querySelector('[data-testid=page]')?.dataset.page !== {}", json!(key));
    let stuck = "document.querySelector('[data-testid=page] [id$=\"-wrong\"], [data-testid=refusal]')";
    laptop.until(&format!("{other} || {stuck}"), "the next page").await?;
    let page = read(laptop).await?;
    if page.key == key {
        let wrong: Vec<&str> = page.items.iter().map(|item| item.wrong.as_str()).collect();
        return Err(format!("{}: cannot leave {key}: {} {}", laptop.name(), wrong.join(" "), page.refusal).into());
    }
    Ok(page)
}

/// Fills a roster: adds the planned rows and answers every cell that is asked.
async fn roster(laptop: &Laptop, hand: Hand, plan: &Plan, page: &Page) -> Outcome {
    let can_add = laptop.shows("add-row").await?;
    let wanted = if can_add { plan.rows.len().max(page.rows) } else { page.rows };
    for row in 0..wanted {
        if row >= read(laptop).await?.rows {
            match hand {
                Hand::Keys => laptop.chord(Key::Alt, 'n').await?,
                Hand::Touch => laptop.click("add-row").await?,
            }
            let there = format!("document.querySelectorAll('table.grid tbody tr').length > {row}");
            laptop.until(&there, "a new row").await?;
        }
        laptop.until("document.querySelector('[data-testid=answer-line]')", "the answer line").await?;
        fill_row(laptop, hand, plan.rows.get(row).map_or(&[][..], Vec::as_slice), row).await?;
    }
    Ok(())
}

async fn fill_row(laptop: &Laptop, hand: Hand, wanted: &[String], row: usize) -> Outcome {
    loop {
        let page = read(laptop).await?;
        let Some(line) = page.line.filter(|line| !page.at_next && place(line).0 == row) else { return Ok(()) };
        if !line.focused {
            laptop.until("document.querySelector('td.cell, [data-testid=answer-line] [data-field]')?.matches(':focus') || document.activeElement.closest('[data-testid=answer-line], td.cell')", "the focus in the roster").await?;
        }
        let planned = wanted.get(place(&line).1).map(String::as_str).filter(|text| !text.is_empty());
        if matches!(line.shown.as_str(), "" | "—") {
            answer_cell(laptop, hand, &line, planned).await?;
        }
        laptop.press(Key::Enter).await?;
        let moved = format!(
            "document.querySelector('td.cell')?.dataset.cell !== {} || document.activeElement?.dataset.testid === 'next'",
            json!(line.cell)
        );
        laptop
            .until(&format!("{moved} || document.querySelector('.line ~ [id$=\"-wrong\"]')"), "the next cell")
            .await?;
        let after = read(laptop).await?;
        if !after.at_next && after.line.is_some_and(|after| after.cell == line.cell) {
            return Err(format!(
                "{}: the roster does not take {} for {}",
                laptop.name(),
                planned.unwrap_or("a guess"),
                line.asks
            )
            .into());
        }
    }
}

async fn answer_cell(laptop: &Laptop, hand: Hand, line: &Line, planned: Option<&str>) -> Outcome {
    let root = testid("answer-line");
    match line.control.as_str() {
        "none" => Ok(()),
        "one" | "many" => {
            let name = planned.map_or_else(|| line.options.first().cloned().unwrap_or_default(), str::to_owned);
            choose(laptop, hand, &root, &line.options, &name).await
        }
        "search" => search(laptop, hand, &root, planned).await,
        control => {
            let text = planned.unwrap_or(guesses(control)[0]);
            write(laptop, hand, &root, "", text).await
        }
    }
}

fn place(line: &Line) -> (usize, usize) {
    let mut parts = line.cell.split(' ').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// The selector of a question on the page.
#[must_use]
pub fn item_of(field: &str) -> String {
    format!("[data-item=\"{field}\"]")
}

/// Whether a page asks a question of this name.
#[must_use]
pub fn asks(page: &Page, name: &str) -> bool {
    page.items.iter().any(|item| item.name() == name) || name_of(&page.key) == name
}
