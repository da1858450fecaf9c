//! `tianye consent`: how the consents stand, writing one down, taking one back.
//!
//! Names and words come from a file or by standard input, as JSON: what is typed as an argument stays in the history of the
//! shell.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use tianye_desk::view::{ConsentInput, ConsentSheet, ConsentWord, WithdrawInput};
use tianye_desk::{Desk, Result, refuse};

use crate::arguments::ConsentAct;
use crate::form::cannot;
use crate::say;
use crate::words::Words;

/// Longest JSON that is read, in bytes.
const LONGEST: u64 = 1 << 20;
/// Most bytes of a file that are handed over at once.
const PIECE: usize = 512 << 10;

/// What was asked for.
#[derive(Debug)]
pub struct Asked {
    pub act: ConsentAct,
    pub person: Option<String>,
    pub form: String,
    pub from: Option<PathBuf>,
    pub evidence: Vec<String>,
}

/// What somebody says, as it is read. What is not there is empty.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Said {
    standing: String,
    name: String,
    relation: String,
    how: String,
    on: String,
    witness: String,
    note: String,
    /// By purpose.
    words: BTreeMap<String, String>,
    purposes: Vec<String>,
}

/// Does it, and shows how the consents stand then.
pub fn run(desk: &mut Desk, asked: &Asked, language: &str, json: bool, words: &Words) -> Result<()> {
    let people = people(desk, asked)?;
    match (asked.act, &people[..]) {
        (ConsentAct::List, _) => {}
        (ConsentAct::Record, [person]) => record(desk, person, asked)?,
        (ConsentAct::Withdraw, [person]) => withdraw(desk, person, asked, json, words)?,
        (_, found) => {
            let detail = format!("expected one respondent with this code, found {}", found.len());
            return Err(refuse("erase-which", detail)
                .with("found", found.len().to_string())
                .with("ids", found.join("  ")));
        }
    }
    let sheets =
        people.iter().map(|person| desk.consent_sheet(person, &asked.form, language)).collect::<Result<Vec<_>>>()?;
    if json {
        say::json(&sheets);
    } else {
        sheets.iter().for_each(|sheet| show(sheet, words));
    }
    Ok(())
}

/// The respondents that are meant: those with the code, or all.
fn people(desk: &Desk, asked: &Asked) -> Result<Vec<String>> {
    if let Some(code) = &asked.person {
        let found = desk.respondents_called(code);
        if found.is_empty() {
            return Err(refuse("unknown-respondent", "expected a respondent with this code or id, found none"));
        }
        return Ok(found);
    }
    if asked.act != ConsentAct::List {
        let detail = "expected the code of the respondent, found none: tianye consent record CODE";
        return Err(refuse("field-empty", detail).with("field", "code"));
    }
    Ok(desk.respondents())
}

fn record(desk: &mut Desk, person: &str, asked: &Asked) -> Result<()> {
    let said = read(asked.from.as_deref())?;
    desk.drop_evidence()?;
    for one in &asked.evidence {
        let (kind, path) = one
            .split_once('=')
            .filter(|(kind, _)| ["signature", "paper", "recording"].contains(kind))
            .ok_or_else(|| {
            let detail = format!("expected signature=FILE, paper=FILE or recording=FILE, found {one}");
            refuse("file", detail).with("file", one.as_str())
        })?;
        let path = Path::new(path);
        let bytes = std::fs::read(path).map_err(|why| cannot("read", path, &why))?;
        let parts: Vec<String> = bytes.chunks(PIECE).map(|part| BASE64.encode(part)).collect();
        desk.add_evidence(kind, &parts)?;
    }
    let words = said.words.into_iter().map(|(purpose, said)| ConsentWord { purpose, said }).collect();
    desk.record_consent(&ConsentInput {
        person: person.to_owned(),
        standing: said.standing,
        name: said.name,
        relation: said.relation,
        how: said.how,
        on: said.on,
        witness: said.witness,
        note: said.note,
        words,
    })
}

fn withdraw(desk: &mut Desk, person: &str, asked: &Asked, json: bool, words: &Words) -> Result<()> {
    let said = read(asked.from.as_deref())?;
    let done = desk.withdraw_consent(&WithdrawInput {
        person: person.to_owned(),
        standing: said.standing,
        name: said.name,
        relation: said.relation,
        purposes: said.purposes,
        note: said.note,
    })?;
    if !json {
        say::line(&words.say("consent-withdrawn-done", &[("erased", &done.erased.to_string())]));
        if done.waiting > 0 {
            say::line(words.say("consent-withdrawn-waiting", &[("waiting", &done.waiting.to_string())]).trim());
        }
    }
    Ok(())
}

fn read(from: Option<&Path>) -> Result<Said> {
    let mut text = String::new();
    let (path, read) = match from {
        Some(path) => {
            let file = std::fs::File::open(path).map_err(|why| cannot("read", path, &why))?;
            (path, file.take(LONGEST).read_to_string(&mut text))
        }
        None => (Path::new("-"), std::io::stdin().take(LONGEST).read_to_string(&mut text)),
    };
    read.map_err(|why| cannot("read", path, &why))?;
    serde_json::from_str(&text).map_err(|why| {
        // The error's own words may repeat what stands there.
        let (line, column) = (why.line(), why.column());
        refuse(
            "report-json",
            format!("expected the JSON of this act, found something else at line {line}, column {column}"),
        )
    })
}

fn show(sheet: &ConsentSheet, words: &Words) {
    say::line(&format!(
        "{}  {}  {}",
        sheet.code,
        sheet.name,
        words.say(&format!("consent-speaks-{}", sheet.speaks), &[])
    ));
    for one in &sheet.purposes {
        let mark = if one.may { "✓" } else { "·" };
        let needed = if one.needed { format!("  ({})", words.say("consent-needed", &[])) } else { String::new() };
        let purpose = words.say(&format!("purpose-{}", one.purpose), &[]);
        say::line(&format!("  {mark} {purpose}: {}{needed}", words.say(&one.standing, &[])));
    }
    for card in &sheet.cards {
        let capacity = words.say(&format!("consent-standing-{}", card.standing), &[]);
        let said: Vec<String> = card
            .words
            .iter()
            .map(|word| {
                let purpose = words.say(&format!("purpose-{}", word.purpose), &[]);
                format!("{purpose} {}", words.say(&format!("consent-say-{}", word.said), &[]))
            })
            .collect();
        let said = if card.withdrawn {
            words.say("consent-all-withdrawn", &[])
        } else {
            said.join(&words.say("list-comma", &[]))
        };
        say::line(&format!("    {capacity} {} {}  {}  {said}", card.name, card.relation, card.on));
    }
}
