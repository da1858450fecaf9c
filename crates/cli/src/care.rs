//! `tianye contacts`, `tianye reports` and `tianye report`.
//!
//! Words of a report come by standard input, as JSON: what is typed as an argument stays in the history of the shell.

use std::io::Read as _;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tianye_desk::view::{ContactCardView, ContactView, ContactsInput, LineAct, ReportView};
use tianye_desk::{Desk, Result, refuse};

use crate::arguments::ReportAct;
use crate::form::cannot;
use crate::say;
use crate::words::Words;

/// Longest JSON that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// Shows the contact cards; with a file writes the one of a place, or of the whole project.
pub fn contacts(
    desk: &mut Desk,
    site: &str,
    set: Option<&Path>,
    language: &str,
    json: bool,
    words: &Words,
) -> Result<()> {
    let cards = match set {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|why| cannot("read", path, &why))?;
            let people: Vec<Map<String, Value>> = serde_json::from_str(&text).map_err(|why| unreadable(&why))?;
            let people = people.into_iter().map(filled::<ContactView>).collect::<Result<Vec<_>>>()?;
            desk.set_contacts(&ContactsInput { site: site.to_owned(), people }, language)?
        }
        None => desk.contact_cards(language)?,
    };
    if json {
        say::json(&cards);
        return Ok(());
    }
    for card in cards.iter().filter(|card| card.site.is_empty() || !card.people.is_empty()) {
        show_card(card, words);
    }
    Ok(())
}

fn show_card(card: &ContactCardView, words: &Words) {
    let everywhere = words.say("contacts-everywhere", &[]);
    say::line(if card.site.is_empty() { &everywhere } else { &card.place });
    for one in &card.people {
        let role = words.say(&format!("contact-role-{}", one.role), &[]);
        let rest = [&one.name, &one.hours, &one.note].into_iter().filter(|word| !word.is_empty());
        let rest: Vec<&str> = rest.map(String::as_str).collect();
        say::line(&format!("  {}  {role}  {}", one.number, rest.join(", ")));
    }
}

/// Shows the reports that this person reads.
pub fn reports(desk: &Desk, json: bool, words: &Words) -> Result<()> {
    let reports = desk.reports()?;
    if json {
        say::json(&reports);
    } else if reports.is_empty() {
        say::line(&words.say("reports-none", &[]));
    } else {
        reports.iter().for_each(|report| show(report, words));
    }
    Ok(())
}

/// Writes a report, or adds to one, from standard input.
pub fn report(desk: &mut Desk, act: ReportAct, language: &str, json: bool, words: &Words) -> Result<()> {
    let mut text = String::new();
    let read = std::io::stdin().take(LONGEST).read_to_string(&mut text);
    read.map_err(|why| cannot("read", Path::new("-"), &why))?;
    let said: Map<String, Value> = serde_json::from_str(&text).map_err(|why| unreadable(&why))?;
    let report = match act {
        ReportAct::New => desk.save_report(&filled(said)?, language)?,
        ReportAct::Call => desk.record_call(&filled(said)?)?,
        ReportAct::Add => desk.add_to_report(&filled(said)?)?,
        ReportAct::HandOver => desk.hand_report_over(&filled(said)?)?,
        ReportAct::Move => desk.move_to_report(&filled(said)?, language)?,
    };
    if json {
        say::json(&report);
    } else {
        show(&report, words);
    }
    Ok(())
}

/// Reads an object; texts that are not there are empty.
fn filled<T: DeserializeOwned>(mut said: Map<String, Value>) -> Result<T> {
    const TEXTS: [&str; 17] = [
        "words",
        "when",
        "place",
        "present",
        "seen",
        "safety",
        "interview",
        "site",
        "report",
        "whom",
        "number",
        "said",
        "note",
        "to",
        "role",
        "name",
        "hours",
    ];
    for text in TEXTS {
        said.entry(text).or_insert_with(|| Value::String(String::new()));
    }
    serde_json::from_value(Value::Object(said)).map_err(|why| unreadable(&why))
}

fn unreadable(why: &serde_json::Error) -> tianye_desk::view::Refusal {
    // The error's own words may repeat what stands there.
    let detail =
        format!("expected the JSON of this act, found something else at line {}, column {}", why.line(), why.column());
    refuse("report-json", detail)
}

fn show(report: &ReportView, words: &Words) {
    let state = match (report.handed_over, report.told) {
        (true, _) => "report-handed-over",
        (false, true) => "report-told",
        (false, false) => "report-untold",
    };
    say::line(&format!("{}  {}  {}  {}", report.id, report.at, report.by, words.say(state, &[])));
    let safety = words.maybe(&format!("care-safety-{}", report.safety), []).unwrap_or_default();
    for text in [&report.about, &report.words, &report.when, &report.place, &report.present, &report.seen, &safety] {
        if !text.is_empty() {
            say::line(&format!("  {text}"));
        }
    }
    if report.waiting {
        say::line(&format!("  {}", words.say("report-waiting", &[])));
    }
    for line in &report.timeline {
        let said = match &line.act {
            LineAct::Added { words } => words.clone(),
            LineAct::Called { whom, number, said, outcome } => {
                let outcome = words.say(&format!("care-outcome-{outcome}"), &[]);
                format!("{whom} {number} {outcome} {said}")
            }
            LineAct::HandedOver { to, note } => format!("{} {note}", words.say(&format!("care-to-{to}"), &[])),
            LineAct::Moved { question, answer, note, file } => {
                let file = file.as_ref().map(|file| file.name.as_str()).unwrap_or_default();
                format!("{question} {answer} {note} {file}")
            }
            LineAct::Recorded { file } => format!("{} {}", words.say("report-recording", &[]), file.name),
            LineAct::CopySaved { reason } => format!("{} {reason}", words.say("report-copy-saved", &[])),
            LineAct::Unknown => words.say("report-unknown-line", &[]),
        };
        say::line(&format!("  {}  {}  {}", line.at, line.by, said.trim()));
    }
    if !report.told {
        for one in &report.contacts {
            let role = words.say(&format!("contact-role-{}", one.role), &[]);
            say::line(&format!("  {}  {role} {}", one.number, one.name));
        }
    }
}
