//! `tianye checklist`, `tianye begin-real` and `tianye due`.

use std::path::Path;

use tianye_desk::view::{Checklist, DueView, NotedView, RetentionView};
use tianye_desk::{Desk, Result, refuse};

use crate::arguments::WhatIsNoted;
use crate::form::cannot;
use crate::say;
use crate::words::Words;

/// Notes what was given, and shows the checklist.
pub fn checklist(desk: &mut Desk, given: &WhatIsNoted, json: bool, words: &Words) -> Result<()> {
    if let Some(path) = &given.text_to {
        let text = serde_json::to_string_pretty(&desk.consent_text()).unwrap_or_default();
        std::fs::write(path, text).map_err(|why| cannot("write", path, &why))?;
    }
    if let Some(path) = &given.text {
        desk.publish_text(&read_text(path)?, given.new_activity)?;
    }
    let mut noted = desk.checklist().noted;
    let WhatIsNoted { purpose, keep, ethics, passphrases, recovery, carers, gate, .. } = given;
    if !purpose.is_empty() {
        noted.purposes.clone_from(purpose);
    }
    for one in keep {
        let (purpose, until) = one
            .split_once('=')
            .ok_or_else(|| refuse("not-a-day", format!("expected PURPOSE=YYYY-MM-DD, found {one}")))?;
        noted.retention.retain(|before| before.purpose != purpose);
        noted.retention.push(RetentionView { purpose: purpose.to_owned(), until: until.to_owned() });
    }
    for (slot, said) in [
        (&mut noted.ethics, ethics),
        (&mut noted.passphrases, passphrases),
        (&mut noted.recovery, recovery),
        (&mut noted.carers, carers),
    ] {
        if let Some(said) = said {
            *slot = read_noted(said);
        }
    }
    noted.gate = gate.unwrap_or(noted.gate);
    let anything = !purpose.is_empty() || !keep.is_empty() || gate.is_some();
    let anything = anything || [ethics, passphrases, recovery, carers].into_iter().any(Option::is_some);
    let checklist = if anything { desk.note_checklist(&noted)? } else { desk.checklist() };
    tell(&checklist, json, words);
    Ok(())
}

/// Begins the real project.
pub fn begin(desk: &mut Desk, json: bool, words: &Words) -> Result<()> {
    let checklist = desk.begin_real()?;
    tell(&checklist, json, words);
    Ok(())
}

/// Shows what is due; erases it with `yes`.
pub fn due(desk: &mut Desk, only: &[String], yes: bool, language: &str, json: bool, words: &Words) -> Result<()> {
    let mut due = desk.due(language)?;
    due.retain(|one| only.is_empty() || only.contains(&one.record) || only.contains(&one.code));
    if json {
        say::json(&due);
    } else if due.is_empty() {
        say::line(&words.say("due-none", &[]));
    } else {
        say::line(&words.say("due-sentence", &[("count", &due.len().to_string())]));
        due.iter().for_each(|one| show(one, words));
    }
    if yes && !due.is_empty() {
        let records: Vec<String> = due.into_iter().map(|one| one.record).collect();
        desk.erase_due(&records)?;
        if !json {
            say::line(&words.say("toast-due-erased", &[]));
        }
    }
    Ok(())
}

fn show(one: &DueView, words: &Words) {
    let why = words.say(&format!("due-why-{}", one.why), &[("until", &one.until)]);
    let what = match one.fields.len() {
        0 if one.person => words.say("due-person", &[]),
        0 => words.say("due-whole", &[]),
        count => words.say("due-files", &[("count", &count.to_string())]),
    };
    let why = match one.purpose.as_str() {
        "" => words.say("consent-all-withdrawn", &[]),
        purpose => format!("{}: {why}", words.say(&format!("purpose-{purpose}"), &[])),
    };
    say::line(&format!("  {}  {}  {}  {why}, {what}", one.record, one.code, one.form));
}

fn tell(checklist: &Checklist, json: bool, words: &Words) {
    if json {
        say::json(checklist);
        return;
    }
    let open = checklist.items.iter().filter(|item| !item.done).count().to_string();
    let sentence = match (checklist.begun, open.as_str()) {
        (true, _) if !checklist.practice => "real-sentence-begun",
        (true, _) => "real-sentence-lacking",
        (false, "0") => "real-sentence-ready",
        (false, _) => "real-sentence-open",
    };
    say::line(&words.say(sentence, &[("count", &open)]));
    for item in &checklist.items {
        let mark = if item.done { "✓" } else { "·" };
        let name = words.say(&format!("real-item-{}", item.what), &[]);
        let lacking: Vec<String> =
            item.lacking.iter().map(|purpose| words.say(&format!("purpose-{purpose}"), &[])).collect();
        let rest = match (lacking.is_empty(), item.what.as_str()) {
            (false, _) => format!("  {}", words.say("real-item-lacking", &[("purposes", &lacking.join("、"))])),
            (true, "texts") if item.count > 0 => {
                format!("  {}", words.say("real-item-blanks", &[("count", &item.count.to_string())]))
            }
            (true, "holders") => format!("  {}", words.say("real-item-count", &[("count", &item.count.to_string())])),
            (true, _) => String::new(),
        };
        say::line(&format!("  {mark} {name}{rest}"));
    }
    if !checklist.begun || checklist.practised > 0 {
        let practised = if checklist.begun { "real-practised-begun" } else { "real-practised" };
        say::line(&words.say(practised, &[("count", &checklist.practised.to_string())]));
    }
}

/// `2017-03-01: what was decided`; an empty text is nothing.
fn read_noted(said: &str) -> NotedView {
    let (on, note) = said.split_once([':', '：']).unwrap_or((said, ""));
    NotedView { on: on.trim().to_owned(), note: note.trim().to_owned() }
}

pub fn read_text(path: &Path) -> Result<tianye_desk::view::ConsentText> {
    let text = std::fs::read(path).map_err(|why| cannot("read", path, &why))?;
    serde_json::from_slice(&text).map_err(|why| {
        refuse("file", format!("expected the JSON that --text-to writes, found {why}"))
            .with("file", path.display().to_string())
    })
}
