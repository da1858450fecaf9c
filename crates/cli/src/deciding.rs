//! Duplicates, and decisions from a sheet.

use std::path::Path;
use std::process::ExitCode;

use tianye_desk::view::{
    ConflictView, DecisionRow, PairAct, PairInput, PairState, PairView, RowOutcome, RowReport, WriteView,
};
use tianye_desk::{Desk, Result, refuse};

use crate::form::{cannot, read_limited};
use crate::say;
use crate::words::Words;

/// Lists what waits for a decision, on answers and on cards, or what was decided and holds.
pub fn conflicts(desk: &Desk, decided: bool, language: &str, json: bool) -> Result<()> {
    let cards = if decided { desk.cards_decided(language)? } else { desk.card_conflicts(language)? };
    let answers = match decided {
        true => {
            let cards = desk.decided_cards(language)?;
            let shown = cards.iter().map(|card| desk.decided(&card.record, &card.field, language));
            shown.collect::<Result<Vec<ConflictView>>>()?
        }
        false => desk.conflicts(language)?,
    };
    if json {
        say::json(&serde_json::json!({ "answers": answers, "cards": cards }));
        return Ok(());
    }
    let heads = answers.iter().map(|one| {
        let question = format!("{} {}", one.number, one.label);
        (format!("{} {}  {}", one.code, one.name, question.trim()), one)
    });
    for ((head, one), number) in heads.zip(1..) {
        say::line(&format!("{number}. {head}{}", lines(&one.sides, &one.history, decided)));
    }
    for one in &cards {
        let head = format!("{} {}  {}  {}", one.card, one.about, one.field, one.record);
        say::line(&format!("{head}{}", lines(&one.sides, &one.history, decided)));
    }
    Ok(())
}

/// The sides by their numbers, and what was decided.
fn lines(sides: &[WriteView], history: &[WriteView], decided: bool) -> String {
    let mut lines = String::new();
    for (side, number) in sides.iter().zip(1..) {
        let WriteView { display, author, device, at, .. } = side;
        lines.push_str(&format!("\n   {number}) {display}  ({author}, {device}, {at})"));
    }
    if let Some(last) = history.iter().rfind(|write| decided && !write.reason.is_empty() && !write.takes_back) {
        let WriteView { display, author, at, reason, .. } = last;
        lines.push_str(&format!("\n   decided: {display}  {reason}  ({author}, {at})"));
    }
    lines
}

/// Lists what may be there twice, or what was judged.
pub fn duplicates(desk: &Desk, judged: bool, language: &str, json: bool) -> Result<()> {
    let view = desk.duplicates(language)?;
    if json {
        say::json(&view);
        return Ok(());
    }
    let pairs = if judged { &view.judged } else { &view.open };
    for (pair, number) in pairs.iter().zip(1..) {
        say::line(&pair_lines(number, pair));
    }
    if view.crowded > 0 {
        let crowded = view.crowded;
        say::warn(&format!("{crowded} respondents share a name with so many that only the nearest were compared."));
    }
    Ok(())
}

fn pair_lines(number: usize, pair: &PairView) -> String {
    let state = match pair.state {
        PairState::Candidate => "",
        PairState::Disputed => "  people say different things",
        PairState::Contradicted => "  kept apart, and yet linked through others",
        PairState::Linked => "  linked",
        PairState::Apart => "  kept apart",
    };
    let reasons: Vec<String> = pair.reasons.iter().map(|why| format!("{} {:+}", why.code, why.points)).collect();
    let mut lines = format!("{number}. {}{state}  {}", pair.score, reasons.join(", "));
    for side in &pair.sides {
        let leads = if side.record == pair.leading { "  leads" } else { "" };
        lines.push_str(&format!("\n   {}  {} {}  {}{leads}", side.record, side.code, side.name, side.site));
    }
    for word in &pair.words {
        lines.push_str(&format!("\n   {:?}: {} ({}, {})", word.act, word.reason, word.author, word.at));
    }
    lines
}

/// Links the others with the one that leads.
pub fn link(desk: &mut Desk, leading: &str, others: &[String], reason: &str) -> Result<()> {
    for other in others {
        rule(desk, (leading, other), PairAct::Linked, reason)?;
    }
    Ok(())
}

/// Says what two records are to each other; of linked ones the first leads. What was said of them so far is overruled.
pub fn rule(desk: &mut Desk, of: (&str, &str), act: PairAct, reason: &str) -> Result<()> {
    let records = vec![desk.respondent(of.0)?, desk.respondent(of.1)?];
    let names = desk.words_on(&records[0], &records[1])?;
    let leading = if act == PairAct::Linked { records[0].clone() } else { String::new() };
    desk.rule_pair(&PairInput { records, act, leading, reason: reason.to_owned(), names })
}

/// Writes what waits for a decision, to be filled in.
pub fn write_sheet(desk: &Desk, output: &Path, reason: &str, language: &str) -> Result<()> {
    let rows = desk.decision_sheet(reason, output, language)?;
    let bytes = if is_json(output) {
        serde_json::to_vec_pretty(&rows).map_err(|why| cannot("write", output, &why.into()))?
    } else {
        // With the mark of UTF-8, without which Excel reads Chinese wrongly.
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        let failed = |why: csv::Error| cannot("write", output, &why.into());
        rows.iter().try_for_each(|row| writer.serialize(row)).map_err(failed)?;
        writer.into_inner().map_err(|why| cannot("write", output, &why.into_error()))?
    };
    std::fs::write(output, bytes).map_err(|why| cannot("write", output, &why))?;
    say::line(&format!("{}: {} rows", output.display(), rows.len()));
    say::warn("This file is not encrypted and holds names. Keep it safe, and delete it when it is used.");
    Ok(())
}

/// Decides what a sheet says, or says what would become of it. Fails when a row was refused, so that a script sees.
pub fn decide_from(
    desk: &mut Desk,
    sheet: &Path,
    yes: bool,
    language: &str,
    json: bool,
    words: &Words,
) -> Result<ExitCode> {
    let rows = read_sheet(sheet)?;
    let reports = desk.decide_rows(&rows, yes, language)?;
    if json {
        say::json(&reports);
    } else {
        tell(&reports, yes, words);
    }
    let refused = reports.iter().any(|report| report.outcome == RowOutcome::Refused);
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn tell(reports: &[RowReport], yes: bool, words: &Words) {
    for report in reports {
        let Some(refusal) = &report.refusal else { continue };
        let args = refusal.args.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let said = words.maybe(&format!("error-{}", refusal.code), args).unwrap_or_else(|| refusal.detail.clone());
        say::warn(&format!("row {} [{}]: {said}", report.row, refusal.code));
    }
    let count = |outcome: RowOutcome| reports.iter().filter(|report| report.outcome == outcome).count();
    let (fine, written) = (count(RowOutcome::Fine), count(RowOutcome::Written));
    let (later, refused) = (count(RowOutcome::Later), count(RowOutcome::Refused));
    let head = if yes { format!("decided {written}") } else { format!("would decide {fine}") };
    say::line(&format!("{head}, left for later {later}, refused {refused}"));
    if !yes && fine > 0 {
        say::line("Nothing was changed. Say --yes to decide.");
    }
}

/// Reads a sheet: JSON, or CSV with a head; a mark of UTF-8 in front does not matter.
fn read_sheet(path: &Path) -> Result<Vec<DecisionRow>> {
    let bytes = read_limited(path)?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    if is_json(path) {
        return serde_json::from_slice(bytes).map_err(|why| {
            refuse("sheet-unreadable", "expected a list of rows, found something else")
                .with("row", why.line().to_string())
        });
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let rows = reader.deserialize().zip(1_u32..).map(|(row, number)| {
        row.map_err(|_| {
            refuse("sheet-unreadable", format!("expected a table with a head, found something else in row {number}"))
                .with("row", number.to_string())
        })
    });
    rows.collect()
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}
