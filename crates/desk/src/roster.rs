//! Rosters: a spreadsheet is read, looked at, mended and taken in.

use std::collections::BTreeMap;

use tianye_journal::RecordId;
use tianye_store::Op;
use tianye_survey::roster::{self, Column, Line, Plan, Problem, Reading, Severity};
use tianye_survey::{Content, Subject, SubjectKind, Tie, kind};
use tianye_xlsform::{Format, Workbook};

use crate::desk::Desk;
use crate::filling::record_id;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::team_chain;
use crate::view::{RosterEdit, RosterInput, RosterLine, RosterProblem, RosterView};

/// Most rows that a page shows: those with problems come first.
const MOST_SHOWN: usize = 1_000;

/// A file that was read. It holds names, and is dropped with the desk.
pub(crate) struct Loaded {
    file: String,
    workbook: Workbook,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Loaded({} sheets)", self.workbook.sheets.len())
    }
}

impl Desk {
    /// Reads the file of a roster (xlsx, xls, ods, csv), guesses its columns, and says what it comes to. Nothing is written.
    ///
    /// # Errors
    /// A role that may not; a file of another format, or that cannot be read; `roster-empty`.
    pub fn open_roster(&mut self, file: &str, bytes: &[u8], input: &RosterInput, language: &str) -> Result<RosterView> {
        self.must_write(kind::SUBJECT)?;
        let format = Format::from_file_name(file).filter(|format| *format != Format::Markdown).ok_or_else(|| {
            refuse("roster-format", format!("expected a file ending in xlsx, xls, ods or csv, found {file}"))
        })?;
        let mut workbook = Workbook::read_table(bytes, format)?;
        workbook.sheets.retain(|sheet| !sheet.rows.is_empty());
        if workbook.sheets.is_empty() {
            return Err(refuse("roster-empty", "expected rows of people, found an empty file"));
        }
        self.roster = Some(Loaded { file: file.to_owned(), workbook });
        self.plan_roster(input, language)
    }

    /// What the roster comes to when it is read so. Nothing is written.
    ///
    /// # Errors
    /// `roster-gone` when none was opened; a site that is not here.
    pub fn plan_roster(&self, input: &RosterInput, language: &str) -> Result<RosterView> {
        let read = self.read_roster(input)?;
        let (plan, problems) = self.planned(&read)?;
        Ok(self.roster_view(&read, &plan, &problems, false, language))
    }

    /// Takes the roster in: everything that is not left out, in one step.
    ///
    /// # Errors
    /// As [`Desk::plan_roster`]; a role that may not write sites, where some are made; the store's refusal.
    pub fn import_roster(&mut self, input: &RosterInput, language: &str) -> Result<RosterView> {
        self.must_write(kind::SUBJECT)?;
        let read = self.read_roster(input)?;
        let (plan, problems) = self.planned(&read)?;
        if !plan.sites.is_empty() {
            self.must_write(kind::SITE)?;
        }
        let mut bodies = Vec::with_capacity(plan.writes.len());
        for (record, content) in &plan.writes {
            let heads = match content {
                Content::Subject(_) if self.book.project.subjects.contains_key(record) => {
                    self.heads_of::<Subject>(*record)?
                }
                Content::Tie(_) if self.book.project.ties.contains_key(record) => self.heads_of::<Tie>(*record)?,
                _ => Vec::new(),
            };
            bodies.push(self.body(*record, heads, content)?);
        }
        // All of it, or nothing: half a roster is found again by nobody.
        self.store.transact(Op::Seal, |tx| bodies.iter().try_for_each(|body| team_chain::put(tx, body).map(|_| ())))?;
        self.book.read_on(&self.store)?;
        Ok(self.roster_view(&read, &plan, &problems, true, language))
    }

    /// Forgets the file.
    pub fn close_roster(&mut self) {
        self.roster = None;
    }

    fn read_roster(&self, input: &RosterInput) -> Result<Read> {
        let gone = || refuse("roster-gone", "expected a roster that was opened, found none: choose the file again");
        let loaded = self.roster.as_ref().ok_or_else(gone)?;
        let sheet = loaded.workbook.sheets.get(usize::try_from(input.sheet).unwrap_or(usize::MAX)).ok_or_else(gone)?;
        let mut lines: Vec<Line> =
            sheet.rows.iter().map(|row| Line { number: row.number, cells: row.cells.clone() }).collect();
        let header = roster::header(&lines);
        let mut below = lines.split_off((header + 1).min(lines.len()));
        let headings = lines.pop().map(|line| line.cells).unwrap_or_default();
        let width = below.iter().map(|line| line.cells.len()).max().unwrap_or(0).max(headings.len());
        mend(&mut below, &input.edits, width);
        let mut columns = if input.columns.is_empty() {
            roster::guess(&headings)
        } else {
            input.columns.iter().map(|code| Column::of_code(code)).collect()
        };
        columns.resize(width, None);
        // Of two columns that are said to hold one thing, the first counts.
        for at in 1..columns.len() {
            if columns[..at].contains(&columns[at]) {
                columns[at] = None;
            }
        }
        let site = if input.site.is_empty() { None } else { Some(record_id(&input.site)?) };
        if site.is_some_and(|site| self.book.project.site(&site).is_none()) {
            return Err(refuse("site-gone", "expected a site of the project, found none with this id"));
        }
        let kind = Some(input.kind.as_str()).filter(|kind| !kind.is_empty()).map(SubjectKind::from);
        let reading = Reading {
            columns,
            kind: kind.unwrap_or(SubjectKind::Pupil),
            site,
            makes_sites: input.makes_sites && self.must_write(kind::SITE).is_ok(),
            today: self.today(),
        };
        Ok(Read { sheet: input.sheet, headings, lines: below, reading, width })
    }

    fn planned(&self, read: &Read) -> Result<(Plan, Vec<Problem>)> {
        let mut new = || self.new_record();
        Ok(roster::plan(&read.lines, &read.reading, &self.book.project, &mut new))
    }

    fn roster_view(
        &self,
        read: &Read,
        plan: &Plan,
        problems: &[Problem],
        imported: bool,
        _language: &str,
    ) -> RosterView {
        let mut of_row: BTreeMap<u32, Vec<RosterProblem>> = BTreeMap::new();
        let mut of_sheet = Vec::new();
        for problem in problems {
            let view = RosterProblem {
                code: problem.code.to_owned(),
                args: problem.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
                column: problem.column.map(Column::code).unwrap_or_default().to_owned(),
                leaves_out: problem.severity == Severity::LeftOut,
            };
            match problem.row {
                Some(row) => of_row.entry(row).or_default().push(view),
                None => of_sheet.push(view),
            }
        }
        let planned: BTreeMap<u32, _> = plan.rows.iter().map(|row| (row.number, row)).collect();
        let called = |record: &RecordId| {
            let card = self.book.project.subject(record);
            card.map(|card| format!("{} {}", card.code, &*card.display_name)).unwrap_or_default()
        };
        let line = |line: &Line| {
            let row = planned.get(&line.number);
            let mut cells = line.cells.clone();
            cells.resize(read.width, String::new());
            RosterLine {
                number: line.number,
                cells,
                act: row.map(|row| row.act.code()).unwrap_or_default().to_owned(),
                changes: row.iter().flat_map(|row| &row.changes).map(|column| column.code().to_owned()).collect(),
                problems: of_row.get(&line.number).cloned().unwrap_or_default(),
                maybe: row.iter().flat_map(|row| &row.maybe).map(called).filter(|name| !name.is_empty()).collect(),
            }
        };
        // Where not all are shown, those with problems are.
        let mut shown: Vec<&Line> = read.lines.iter().filter(|line| of_row.contains_key(&line.number)).collect();
        shown.extend(read.lines.iter().filter(|line| !of_row.contains_key(&line.number)));
        shown.truncate(MOST_SHOWN);
        shown.sort_by_key(|line| line.number);
        let loaded = self.roster.as_ref();
        let count = |act| small(plan.count(act));
        RosterView {
            file: loaded.map(|loaded| loaded.file.clone()).unwrap_or_default(),
            sheets: loaded.iter().flat_map(|one| &one.workbook.sheets).map(|sheet| sheet.name.clone()).collect(),
            sheet: read.sheet,
            headings: {
                let mut headings = read.headings.clone();
                headings.resize(read.width, String::new());
                headings
            },
            columns: read
                .reading
                .columns
                .iter()
                .map(|one| one.map(Column::code).unwrap_or_default().to_owned())
                .collect(),
            known: Column::ALL.iter().map(|column| column.code().to_owned()).collect(),
            lines: shown.into_iter().map(line).collect(),
            problems: of_sheet,
            new: count(roster::RowAct::New),
            changed: count(roster::RowAct::Changed),
            same: count(roster::RowAct::Same),
            left_out: count(roster::RowAct::LeftOut),
            sites: small(plan.sites.len()),
            guardians: small(plan.guardians),
            maybe: small(plan.rows.iter().filter(|row| !row.maybe.is_empty()).count()),
            imported,
        }
    }
}

/// A sheet as it is to be read.
struct Read {
    sheet: u32,
    headings: Vec<String>,
    lines: Vec<Line>,
    reading: Reading,
    /// Cells of the longest row.
    width: usize,
}

/// Puts mended cells in their places.
fn mend(lines: &mut [Line], edits: &[RosterEdit], width: usize) {
    for edit in edits {
        let column = usize::try_from(edit.column).unwrap_or(usize::MAX);
        let Some(line) = lines.iter_mut().find(|line| line.number == edit.row).filter(|_| column < width) else {
            continue;
        };
        if line.cells.len() <= column {
            line.cells.resize(column + 1, String::new());
        }
        line.cells[column].clone_from(&edit.text);
    }
}
