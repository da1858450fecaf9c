//! Decisions from a sheet: a lead who has a hundred of them fills in a table, and each row is decided or says why not.

use std::collections::BTreeSet;
use std::path::Path;

use tianye_survey::ExportFor;

use crate::desk::Desk;
use crate::filling::record_id;
use crate::interview::page::small;
use crate::kept_exports::{Chosen, KeptExport, KeptTable};
use crate::refusal::{Result, refuse};
use crate::view::{
    CardConflict, CardDecision, ConflictView, DecisionInput, DecisionRow, PairAct, PairInput, PairSide, PairView,
    RowOutcome, RowReport, SheetRow, WriteView,
};

/// Most rows of a sheet.
const MOST_ROWS: usize = 20_000;
/// What a row says that is about a pair.
const PAIR: &str = "pair";
/// What a row says that is about a conflict on a card.
const CARD: &str = "card";
/// What a row says that is about a conflict.
const CONFLICT: &str = "conflict";

impl Desk {
    /// Everything that waits for the lead, one row each, to be filled in: `take`, or `value` or `non_answer`, and `reason`. The
    /// rows hold names and answers: with the reason for them and the file they are for they stand in the list of exports. What is in
    /// no export is in no sheet either.
    ///
    /// # Errors
    /// Not the lead; `export-reason` without a reason; the store's refusal; a form that has not come.
    pub fn decision_sheet(&self, reason: &str, file: &Path, language: &str) -> Result<Vec<SheetRow>> {
        self.must_lead()?;
        self.may_export(true, ExportFor::Analysis)?;
        if reason.trim().is_empty() {
            return Err(refuse("export-reason", "expected the reason for a sheet with names and answers, found none"));
        }
        let withheld = self.withheld_records(ExportFor::Analysis)?;
        let goes_out =
            |view: &&ConflictView| record_id(&view.record).is_ok_and(|record| !withheld.contains_key(&record));
        let mut rows: Vec<SheetRow> = self.conflicts(language)?.iter().filter(goes_out).map(conflict_row).collect();
        rows.extend(self.card_conflicts(language)?.iter().map(card_row));
        rows.extend(self.duplicates(language)?.open.iter().map(pair_row));
        if !rows.is_empty() {
            self.keep_sheet(&rows, reason, file)?;
        }
        Ok(rows)
    }

    fn keep_sheet(&self, rows: &[SheetRow], reason: &str, file: &Path) -> Result<()> {
        let chosen = Chosen { labels: true, names: true, identified: true, ..Chosen::default() };
        let folder = file.parent().unwrap_or(file);
        let mut kept = KeptExport::new(self, KeptExport::DECISIONS, String::new(), chosen, folder)?;
        reason.trim().clone_into(&mut kept.reason);
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // The sides of a pair stand in two columns: the file counts as a table for each.
        let keys = ["record", "other"];
        let table =
            |key: &str| KeptTable { file: name.clone(), key: key.into(), rows: small(rows.len()), inner: false };
        kept.tables = keys.map(table).into();
        for row in rows {
            for (at, record) in
                [&row.record, &row.other].into_iter().enumerate().filter(|(_, record)| !record.is_empty())
            {
                let tables = &mut kept.rows_of(record).tables;
                if !tables.contains(&at) {
                    tables.push(at);
                }
            }
        }
        kept.keep(self)
    }

    /// Decides what the rows of a sheet say, each for itself; without `write` it is only said what would become of them.
    /// A row in which nothing was filled in is left for later.
    ///
    /// # Errors
    /// Not the lead; too many rows. What is wrong with a row stands in its report.
    pub fn decide_rows(&mut self, rows: &[DecisionRow], write: bool, language: &str) -> Result<Vec<RowReport>> {
        self.must_lead()?;
        if rows.len() > MOST_ROWS {
            let detail = format!("expected at most {MOST_ROWS} rows, found {}", rows.len());
            return Err(refuse("sheet-too-long", detail).with("limit", MOST_ROWS.to_string()));
        }
        let mut done = BTreeSet::new();
        let mut reports = Vec::with_capacity(rows.len());
        for (row, number) in rows.iter().zip(1..) {
            let outcome = self.decide_row(row, write, language, &mut done);
            let (outcome, refusal) = match outcome {
                Ok(outcome) => (outcome, None),
                Err(refusal) => (RowOutcome::Refused, Some(refusal)),
            };
            reports.push(RowReport { row: number, outcome, refusal });
        }
        Ok(reports)
    }

    fn decide_row(
        &mut self,
        row: &DecisionRow,
        write: bool,
        language: &str,
        done: &mut BTreeSet<(String, String)>,
    ) -> Result<RowOutcome> {
        let filled = [&row.take, &row.value, &row.non_answer];
        if filled.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(RowOutcome::Later);
        }
        if filled.iter().filter(|cell| !cell.trim().is_empty()).count() > 1 {
            return Err(refuse("row-two-answers", "expected one of take, value and non_answer, found several"));
        }
        let place = (row.record.clone(), if row.what == PAIR { row.other.clone() } else { row.field.clone() });
        if !done.insert(place) {
            return Err(refuse("row-twice", "expected each conflict and each pair in one row, found a second one"));
        }
        match row.what.trim() {
            CONFLICT => {
                let input = self.decision_of(row, language)?;
                self.check_decision(&input)?;
                if write {
                    self.decide(&input)?;
                }
            }
            CARD => {
                let input = self.card_decision_of(row, language)?;
                self.card_decision(&input)?;
                if write {
                    self.decide_card(&input)?;
                }
            }
            PAIR => {
                let input = pair_of(row)?;
                self.check_pair(&input)?;
                if write {
                    self.rule_pair(&input)?;
                }
            }
            _ => {
                let detail = format!("expected {CONFLICT}, {CARD} or {PAIR} in the column what, found something else");
                return Err(refuse("row-unknown", detail));
            }
        }
        Ok(if write { RowOutcome::Written } else { RowOutcome::Fine })
    }

    fn decision_of(&self, row: &DecisionRow, language: &str) -> Result<DecisionInput> {
        let names: Vec<String> = row.names.split_whitespace().map(str::to_owned).collect();
        let mut input = DecisionInput {
            record: row.record.trim().to_owned(),
            field: row.field.trim().to_owned(),
            value: row.value.trim().to_owned(),
            non_answer: None,
            names,
            reason: row.reason.clone(),
        };
        if !row.non_answer.trim().is_empty() {
            let known = tianye_xform::NonAnswer::of_code(row.non_answer.trim());
            let known =
                known.ok_or_else(|| refuse("row-non-answer", "expected a declared non-answer, found another word"))?;
            input.non_answer = Some(known.into());
        }
        if row.take.trim().is_empty() {
            return Ok(input);
        }
        let entry = taken(row, &input.names)?;
        let views = self.conflicts_of(&input.record, language)?;
        let conflict = views.iter().find(|view| view.field == input.field);
        let conflict = conflict.ok_or_else(|| {
            refuse("conflict-gone", "expected an open conflict on this field, found none: it was decided")
        })?;
        let side = conflict.sides.iter().find(|side| side.entry == *entry).ok_or_else(|| {
            refuse("conflict-changed", "expected the writes that were shown, found another: look again")
        })?;
        (input.value, input.non_answer) = (side.value.clone(), side.non_answer);
        Ok(input)
    }

    fn card_decision_of(&self, row: &DecisionRow, language: &str) -> Result<CardDecision> {
        let names: Vec<String> = row.names.split_whitespace().map(str::to_owned).collect();
        let (record, field) = (row.record.trim().to_owned(), row.field.trim().to_owned());
        let open = self.card_conflicts(language)?;
        let shown = open.iter().find(|one| (&one.record, &one.field) == (&record, &field));
        let shown = shown.ok_or_else(|| {
            refuse("conflict-gone", "expected an open conflict on this field, found none: it was decided")
        })?;
        // Another word came meanwhile: it was not on the sheet.
        if shown.sides.iter().any(|side| !names.contains(&side.entry)) {
            return Err(refuse("conflict-changed", "expected the writes that were shown, found another: look again"));
        }
        let entry = match row.take.trim() {
            "" => String::new(),
            _ => taken(row, &names)?.clone(),
        };
        Ok(CardDecision { record, field, entry, value: row.value.trim().to_owned(), reason: row.reason.clone() })
    }

    /// The id of a respondent or an interview, given as its id, or as the code of a respondent that no other has.
    ///
    /// # Errors
    /// `respondent-unknown`, `respondent-several`.
    pub fn respondent(&self, text: &str) -> Result<String> {
        if text.parse::<tianye_journal::RecordId>().is_ok() {
            return Ok(text.to_owned());
        }
        let cards = self.book.project.subjects.iter().filter_map(|(id, state)| Some((id, state.card.as_ref()?)));
        let mut found = cards.filter(|(_, card)| card.code == text).map(|(id, _)| id.to_string());
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => Err(refuse("respondent-unknown", "expected a respondent of this code, found none")),
            _ => Err(refuse("respondent-several", "expected one respondent of this code, found several: give the id")),
        }
    }
}

/// The entry of the side that a row takes by its number.
fn taken<'n>(row: &DecisionRow, names: &'n [String]) -> Result<&'n String> {
    let number: Option<usize> = row.take.trim().parse().ok();
    number.and_then(|number| names.get(number.checked_sub(1)?)).ok_or_else(|| {
        refuse("row-take", "expected the number of one of the sides in the column take, found something else")
    })
}

fn pair_of(row: &DecisionRow) -> Result<PairInput> {
    let records = vec![row.record.trim().to_owned(), row.other.trim().to_owned()];
    let (act, leading) = match row.take.trim() {
        "apart" => (PairAct::Apart, String::new()),
        "open" => (PairAct::Open, String::new()),
        "1" => (PairAct::Linked, records[0].clone()),
        "2" => (PairAct::Linked, records[1].clone()),
        _ => {
            return Err(refuse("row-take", "expected 1, 2, apart or open in the column take, found something else"));
        }
    };
    let names = row.names.split_whitespace().map(str::to_owned).collect();
    Ok(PairInput { records, act, leading, reason: row.reason.clone(), names })
}

fn conflict_row(view: &ConflictView) -> SheetRow {
    SheetRow {
        what: CONFLICT.to_owned(),
        record: view.record.clone(),
        field: view.field.clone(),
        about: joined(&[&view.code, &view.name, &view.form, &view.site]),
        question: joined(&[&view.number, &view.label]),
        ..of_writes(&view.sides)
    }
}

fn card_row(view: &CardConflict) -> SheetRow {
    SheetRow {
        what: CARD.to_owned(),
        record: view.record.clone(),
        field: view.field.clone(),
        about: joined(&[&view.card, &view.about]),
        question: view.field.clone(),
        ..of_writes(&view.sides)
    }
}

/// A row with what was written as its sides.
fn of_writes(writes: &[WriteView]) -> SheetRow {
    let side = |write: &WriteView| {
        let said = if write.display.is_empty() { "—" } else { &write.display };
        format!("{said} ({}, {})", write.author, write.at)
    };
    let names: Vec<&str> = writes.iter().map(|write| write.entry.as_str()).collect();
    let sides: Vec<String> = writes.iter().map(side).collect();
    SheetRow { names: names.join(" "), ..in_sides(&sides) }
}

fn pair_row(view: &PairView) -> SheetRow {
    let side = |side: &PairSide| joined(&[&side.code, &side.name, &side.site, &side.author, &side.at]);
    let sides: Vec<String> = view.sides.iter().map(side).collect();
    let reasons: Vec<String> = view.reasons.iter().map(|why| format!("{} {:+}", why.code, why.points)).collect();
    let current = view.words.iter().filter(|word| word.current).map(|word| word.entry.as_str());
    let record = |at: usize| view.sides.get(at).map(|side| side.record.clone()).unwrap_or_default();
    SheetRow {
        what: PAIR.to_owned(),
        record: record(0),
        other: record(1),
        names: current.collect::<Vec<_>>().join(" "),
        question: format!("{}: {}", view.score, reasons.join(", ")),
        ..in_sides(&sides)
    }
}

fn in_sides(sides: &[String]) -> SheetRow {
    let side = |at: usize| sides.get(at).cloned().unwrap_or_default();
    let further = sides.iter().skip(2).cloned().collect::<Vec<_>>().join("\n");
    SheetRow { side_1: side(0), side_2: side(1), side_3: further, ..SheetRow::default() }
}

fn joined(words: &[&str]) -> String {
    words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ")
}
