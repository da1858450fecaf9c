//! Histories as text, and states as text.
//!
//! One entry a line: `name@author(parents): what; what; …`. The author is `chen` if none is named; each author has one
//! chain of the same name. The clock goes on by a minute a line. What an entry may do:
//!
//! ```text
//! /q1 = 2            answer               /q1 =            clear, or remove a row
//! /q1 ~ 2            filled in by the program
//! /q1 = 2 over a, b  answer that names the writes it replaces
//! decide /q1 = 2 over b, c
//! undo /q1 = 2 over d   takes the decision d back
//! stage finalised    form 7               subject 217         practice
//! approve            send back        unseen b (was not here)        approve b (b was not here)
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use tianye_journal::{ChainId, EntryHash, PersonId, RecordId, Seq};
use tianye_survey::*;

pub const RECORD: RecordId = RecordId::from_bytes([7; 16]);

pub fn hash(name: &str) -> EntryHash {
    EntryHash::from_bytes(padded(name))
}

pub fn person(name: &str) -> PersonId {
    PersonId::from_bytes(padded(name))
}

pub fn chain(name: &str) -> ChainId {
    ChainId::from_bytes(padded(name))
}

pub fn record(name: &str) -> RecordId {
    RecordId::from_bytes(padded(name))
}

pub fn form(number: u8) -> FormHash {
    FormHash([number; 32])
}

fn padded<const N: usize>(name: &str) -> [u8; N] {
    let mut bytes = [0; N];
    assert!(name.len() <= N, "{name} is too long");
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    bytes
}

pub fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned()
}

/// A lead, three interviewers, an analyst and a safeguarding lead.
pub fn team() -> Team {
    let mut team = Team::default();
    for (who, role) in [
        ("shen", Role::Lead),
        ("chen", Role::Interviewer),
        ("zhou", Role::Interviewer),
        ("lin", Role::Interviewer),
        ("wu", Role::Analyst),
        ("su", Role::SafeguardingLead),
    ] {
        team.add(chain(who), person(who), role);
    }
    team
}

pub fn entry(name: &str, author: &str, parents: &[&str], minute: i64, content: impl Into<Content>) -> Opened {
    let content = content.into();
    Opened {
        hash: hash(name),
        chain: chain(author),
        seq: Seq::FIRST,
        kind: content.kind(),
        record: RECORD,
        parents: parents.iter().map(|p| hash(p)).collect(),
        author: person(author),
        at: At { ms: minute * 60_000, offset: 480 },
        content,
    }
}

/// Reads a history. Contents go through their bytes, as in life.
pub fn history(text: &str) -> Vec<Opened> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.zip(1..).map(|(line, minute)| read_line(line, minute)).collect()
}

fn read_line(line: &str, minute: i64) -> Opened {
    let (head, what) = line.split_once(':').expect("name: what");
    let (head, parents) = head.split_once('(').unwrap_or((head, ")"));
    let (name, author) = head.split_once('@').unwrap_or((head, "chen"));
    let parents = names(parents.trim_end_matches(')'));
    let whats: Vec<&str> = what.split(';').map(str::trim).filter(|what| !what.is_empty()).collect();
    let content = read_content(&whats);
    let bytes = content.encode().expect("a content that can be written");
    entry(name, author, &parents, minute, Content::decode(content.kind(), &bytes))
}

fn read_content(whats: &[&str]) -> Content {
    let mut sitting = Interview::under(form(1));
    for what in whats {
        let (word, rest) = what.split_once(' ').unwrap_or((what, ""));
        match word {
            "decide" | "undo" => {
                let (change, takes_back) = (read_change(rest), word == "undo");
                let Change { field, answer: chosen, over, .. } = change;
                return Decision {
                    field,
                    chosen,
                    over,
                    takes_back,
                    form: None,
                    unseen: vec![],
                    reason: "问过奶奶".into(),
                }
                .into();
            }
            "approve" => {
                let unseen = names(rest).iter().map(|name| hash(name)).collect();
                return Review { unseen, ..Review::new(Verdict::Approved, "") }.into();
            }
            "send" => {
                return Review::new(Verdict::SentBack, "缺一页").into();
            }
            "stage" => sitting.stage = Some(Stage::from(rest)),
            "practice" => sitting.practice = true,
            "unseen" => sitting.unseen = names(rest).iter().map(|name| hash(name)).collect(),
            "to" => sitting.hand_over_to = Some(person(rest)),
            "form" => sitting.form = form(rest.parse().expect("a number")),
            "subject" => sitting.subject = Some(record(rest)),
            _ => sitting.changes.push(read_change(what)),
        }
    }
    sitting.into()
}

fn read_change(text: &str) -> Change {
    let (what, over) = text.split_once(" over ").unwrap_or((text, ""));
    let auto = what.contains('~') && !what.contains('=');
    let (field, answer) = if auto { what.split_once(" ~") } else { what.split_once(" =") }.expect("field = answer");
    let over = names(over).iter().map(|name| hash(name)).collect();
    Change { auto, over, ..Change::new(field.trim(), Answer::of(answer.trim())) }
}

fn names(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
}

pub fn fold(entries: &[Opened]) -> InterviewState {
    interview(RECORD, entries, &team())
}

pub fn show_answer(answer: &Answer) -> String {
    match answer {
        Answer::Blank => "∅".to_owned(),
        Answer::Value(text) => text.clone(),
        Answer::NonAnswer(code) => format!("!{code}"),
    }
}

fn show_writes<'a>(writes: impl IntoIterator<Item = &'a Write>) -> String {
    let mut shown: Vec<String> = Vec::new();
    for write in writes {
        shown.push(format!("{} ({})", show_answer(&write.answer), name(write.entry.as_bytes())));
    }
    shown.join(" | ")
}

/// The state in words: each field, each conflict, and what else is worth saying.
pub fn show(state: &InterviewState) -> String {
    let mut out = String::new();
    for (field, of) in &state.fields {
        let gone = if state.is_live(field) { "" } else { "   in a removed row" };
        match of.settled() {
            Some(answer) => _ = writeln!(out, "{field} = {}{gone}", show_answer(answer)),
            None => _ = writeln!(out, "{field} ?{gone}"),
        }
    }
    for conflict in &state.conflicts {
        _ = write!(out, "decide {}: {}", conflict.field, show_writes(&conflict.writes));
        if conflict.is_row() {
            for (field, write) in &conflict.edits {
                _ = write!(out, ", but {field} = {}", show_writes([write]));
            }
            _ = write!(out, "; to keep: {}", show_answer(conflict.keep.as_ref().expect("a row's order key")));
        } else if let Some(base) = &conflict.base {
            _ = write!(out, ", from {}", show_answer(base));
        }
        out.push('\n');
    }
    let contested = if state.status.contested { ", contested" } else { "" };
    _ = writeln!(out, "status: {}{contested}", state.status.status.as_str());
    let list = |hashes: &mut dyn Iterator<Item = EntryHash>| {
        hashes.map(|hash| name(hash.as_bytes())).collect::<Vec<_>>().join(" ")
    };
    _ = writeln!(out, "heads: {}", list(&mut state.heads().into_iter()));
    if !state.ground.missing().is_empty() {
        _ = writeln!(out, "missing: {}", list(&mut state.ground.missing().iter().copied()));
    }
    for no_right in &state.ground.no_right {
        _ = writeln!(out, "no right: {} {}", name(no_right.entry.as_bytes()), no_right.reason.code());
    }
    for ignored in &state.ground.ignored {
        _ = writeln!(out, "ignored: {} {}", name(ignored.entry.as_bytes()), ignored.why.code());
    }
    if state.merged_by_rule > 0 {
        _ = writeln!(out, "merged by rule: {}", state.merged_by_rule);
    }
    out
}

/// Everything that was ever written, by field, for counting what must not get lost.
pub fn all_writes(state: &InterviewState) -> BTreeMap<(EntryHash, Field), Answer> {
    let steps = state.fields.keys().flat_map(|field| state.history(field).into_iter().map(move |s| (field, s.write)));
    steps.map(|(field, write)| ((write.entry, field.clone()), write.answer)).collect()
}
