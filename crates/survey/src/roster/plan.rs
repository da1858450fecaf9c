//! From rows to entries.

use super::cells::{self, NoId};
use super::persons::{Found, Persons, number};
use super::places::{Places, Said};
use super::{Column, LONGEST, LONGEST_NOTE, Line, MOST_ROWS, Plan, PlannedRow, Problem, Reading, RowAct, Severity};
use crate::card::Card;
use crate::duplicates::{candidates, folded, traits};
use crate::kinds::{Custody, Relation, Subject, SubjectKind, Tie};
use crate::project::ProjectState;
use crate::{Content, Private};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tianye_journal::RecordId;

/// What a roster comes to in a project, and what is wrong with it. `lines` are the rows below the headings; `new` makes ids
/// for what is added.
pub fn plan(
    lines: &[Line],
    reading: &Reading,
    project: &ProjectState,
    new: &mut dyn FnMut() -> RecordId,
) -> (Plan, Vec<Problem>) {
    if !reading.columns.contains(&Some(Column::Name)) {
        return (Plan::default(), vec![Problem::of_sheet(Some(Column::Name), "no-name-column")]);
    }
    let filled: Vec<&Line> =
        lines.iter().filter(|line| line.cells.iter().any(|cell| !cell.trim().is_empty())).collect();
    if filled.len() > MOST_ROWS {
        let problem = Problem::of_sheet(None, "too-many-rows").with("limit", MOST_ROWS.to_string());
        return (Plan::default(), vec![problem.with("found", filled.len().to_string())]);
    }
    let places = Places::new(project, reading.site, reading.makes_sites);
    let persons = Persons::new(project, &|site| places.school_of(site));
    let mut planner = Planner {
        project,
        reading,
        places,
        persons,
        before: BTreeMap::new(),
        order: Vec::new(),
        ties: Vec::new(),
        seen: HashMap::new(),
        codes: BTreeSet::new(),
        guardians: 0,
        problems: Vec::new(),
        rows: Vec::new(),
    };
    for line in filled {
        planner.row(line, new);
    }
    planner.finish()
}

struct Planner<'p> {
    project: &'p ProjectState,
    reading: &'p Reading,
    places: Places<'p>,
    persons: Persons<'p>,
    /// The cards as they were, of everybody whom the roster touches; none of who is new.
    before: BTreeMap<RecordId, Option<Subject>>,
    /// The touched cards in the order of the sheet.
    order: Vec<RecordId>,
    ties: Vec<(RecordId, Content)>,
    /// The row in which each person stands.
    seen: HashMap<RecordId, u32>,
    codes: BTreeSet<String>,
    guardians: usize,
    problems: Vec<Problem>,
    rows: Vec<PlannedRow>,
}

impl Planner<'_> {
    fn row(&mut self, line: &Line, new: &mut dyn FnMut() -> RecordId) {
        let from = self.problems.len();
        let found = self.person(line, new);
        let left_out = self.problems[from..].iter().any(|problem| problem.severity == Severity::LeftOut);
        let row = match found.filter(|_| !left_out) {
            Some((record, is_new, mut changes)) => {
                changes.extend(self.guardians(line, record, new));
                changes.sort_unstable();
                changes.dedup();
                let act = match (is_new, changes.is_empty()) {
                    (true, _) => RowAct::New,
                    (false, true) => RowAct::Same,
                    (false, false) => RowAct::Changed,
                };
                PlannedRow { number: line.number, act, record: Some(record), changes, maybe: Vec::new() }
            }
            None => PlannedRow {
                number: line.number,
                act: RowAct::LeftOut,
                record: None,
                changes: Vec::new(),
                maybe: Vec::new(),
            },
        };
        self.rows.push(row);
    }

    /// The person of a row, whether new, and the columns that change. None: the row is left out.
    fn person(&mut self, line: &Line, new: &mut dyn FnMut() -> RecordId) -> Option<(RecordId, bool, Vec<Column>)> {
        let said = self.read(line);
        let row = line.number;
        let place = Said {
            county: self.cell(line, Column::County),
            township: self.cell(line, Column::Township),
            village: self.cell(line, Column::Village),
            school: self.cell(line, Column::School),
            grade: self.cell(line, Column::Grade),
            class: self.cell(line, Column::Class),
        };
        let broken = self.problems.iter().any(|one| one.row == Some(row) && one.severity == Severity::LeftOut);
        // Nothing is made for a row that is left out.
        self.places.makes = self.reading.makes_sites && !broken;
        let site = match self.places.of_row(row, &place, new) {
            Ok(site) => site,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        if broken {
            return None;
        }
        let said = Subject { site, ..said };
        let school = self.places.school_of(site);
        let problem = |column, code| Problem::new(row, column, code, Severity::LeftOut);
        let known = match self.persons.find(&said, school) {
            Found::Nobody => None,
            Found::One(record) => Some(record),
            Found::Several => {
                self.problems.push(problem(Column::Name, "person-unclear"));
                return None;
            }
            Found::Another(column, whose) => {
                let found = match (column, self.seen.get(&whose)) {
                    (Column::Code, Some(row)) => problem(column, "code-twice").with("row", row.to_string()),
                    (_, Some(row)) => problem(column, "number-twice").with("row", row.to_string()),
                    (Column::Code, None) => problem(column, "code-of-another"),
                    (_, None) => problem(column, "number-of-another"),
                };
                self.problems.push(found);
                return None;
            }
        };
        if let Some(earlier) = known.and_then(|record| self.seen.get(&record)) {
            let column = if said.student_number.is_some() { Column::Number } else { Column::Name };
            let code = if column == Column::Number { "number-twice" } else { "row-twice" };
            self.problems.push(problem(column, code).with("row", earlier.to_string()));
            return None;
        }
        let record = known.unwrap_or_else(&mut *new);
        let old = known.and_then(|record| self.persons.cards.get(&record).cloned());
        let mut card = match &old {
            Some(old) => written_over(old, &said),
            None => said,
        };
        if card.code.is_empty() {
            card.code = self.project.next_code(&card.kind, &self.codes);
        }
        self.codes.insert(card.code.clone());
        let changes = old.as_ref().map(|old| differences(old, &card)).unwrap_or_default();
        self.seen.insert(record, row);
        self.touch(record, old.clone(), card, school);
        Some((record, old.is_none(), changes))
    }

    fn touch(&mut self, record: RecordId, old: Option<Subject>, card: Subject, school: Option<RecordId>) {
        if let std::collections::btree_map::Entry::Vacant(entry) = self.before.entry(record) {
            entry.insert(old);
            self.order.push(record);
        }
        self.persons.put(record, card, school);
    }

    fn raw<'l>(&self, line: &'l Line, column: Column) -> Option<&'l str> {
        let at = self.reading.columns.iter().position(|one| *one == Some(column))?;
        line.cells.get(at).map(String::as_str)
    }

    fn cell(&self, line: &Line, column: Column) -> String {
        self.raw(line, column).map(cells::clean).unwrap_or_default()
    }

    /// A cell that goes on a card, if it is not too long.
    fn text(&mut self, line: &Line, column: Column, most: usize) -> Option<String> {
        let text = self.cell(line, column);
        if text.chars().count() > most {
            let problem = Problem::new(line.number, column, "too-long", Severity::LeftOut);
            self.problems.push(problem.with("limit", most.to_string()));
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// What the cells of a row say of the person; what is wrong with them is noted.
    fn read(&mut self, line: &Line) -> Subject {
        let row = line.number;
        let look = |column, code| Problem::new(row, column, code, Severity::Look);
        let bad = |column, code| Problem::new(row, column, code, Severity::LeftOut);
        let kind_cell = self.cell(line, Column::Kind);
        let kind = match cells::kind(&kind_cell) {
            Some(kind) => kind,
            None => {
                if !kind_cell.is_empty() {
                    self.problems.push(bad(Column::Kind, "kind-unknown"));
                }
                self.reading.kind.clone()
            }
        };
        let is_pupil = kind == SubjectKind::Pupil;
        let mut card = Subject::new(kind, self.text(line, Column::Code, LONGEST).unwrap_or_default());
        match self.text(line, Column::Name, LONGEST) {
            Some(name) => card.display_name = name.into(),
            None if self.cell(line, Column::Name).is_empty() => self.problems.push(bad(Column::Name, "name-missing")),
            None => {}
        }
        card.student_number = self.text(line, Column::Number, LONGEST).map(Private::from);
        if card.student_number.as_deref().is_some_and(|number| number.contains("E+")) {
            self.problems.push(bad(Column::Number, "number-rounded"));
            card.student_number = None;
        }
        card.grade = self.text(line, Column::Grade, LONGEST);
        card.contact = self.text(line, Column::Contact, LONGEST).map(Private::from);
        card.note = self.text(line, Column::Note, LONGEST_NOTE).map(Private::from);
        let sex = self.cell(line, Column::Sex);
        if !sex.is_empty() {
            card.sex = cells::sex(&sex).map(Private::from);
            if card.sex.is_none() {
                self.problems.push(look(Column::Sex, "sex-unknown"));
            }
        }
        let birth = self.cell(line, Column::Birth);
        if !birth.is_empty() {
            match cells::date(&birth) {
                Ok(date) => {
                    if date.as_str() > self.reading.today.get(..date.len()).unwrap_or_default() {
                        self.problems.push(bad(Column::Birth, "date-future"));
                    } else if is_pupil && !is_school_age(&date, &self.reading.today) {
                        self.problems.push(look(Column::Birth, "age-unlikely"));
                    }
                    card.birth_date = Some(date.into());
                }
                Err(why) => self.problems.push(bad(Column::Birth, why.code())),
            }
        }
        let id = self.cell(line, Column::IdNumber);
        if !id.is_empty() {
            match cells::id_number(&id) {
                Ok((number, birth, sex)) => {
                    let differs = card.birth_date.as_ref().is_some_and(|said| !birth.starts_with(&**said));
                    if differs {
                        self.problems.push(look(Column::IdNumber, "id-number-birth"));
                    } else {
                        card.birth_date = Some(birth.into());
                    }
                    if card.sex.as_deref().is_some_and(|said| said != sex) {
                        self.problems.push(look(Column::IdNumber, "id-number-sex"));
                    } else {
                        card.sex = Some(sex.into());
                    }
                    card.id_number = Some(number.into());
                }
                Err(NoId::Rounded) => self.problems.push(bad(Column::IdNumber, "id-number-rounded")),
                Err(NoId::Wrong) => self.problems.push(bad(Column::IdNumber, "id-number-wrong")),
            }
        }
        card
    }

    /// The guardians of a row; the columns in which something changes.
    fn guardians(&mut self, line: &Line, child: RecordId, new: &mut dyn FnMut() -> RecordId) -> Vec<Column> {
        let mut changed = Vec::new();
        let columns = [
            (Column::Guardian, Column::GuardianContact, None),
            (Column::Father, Column::FatherContact, Some(Relation::Father)),
            (Column::Mother, Column::MotherContact, Some(Relation::Mother)),
        ];
        for (column, contact_column, fixed) in columns {
            let Some(name) = self.text(line, column, LONGEST) else { continue };
            let site = self.persons.cards.get(&child).and_then(|card| card.site);
            let contact = self.text(line, contact_column, LONGEST).map(Private::from);
            let mut said = Subject::new(SubjectKind::Guardian, "");
            (said.display_name, said.site, said.contact) = (name.into(), site, contact);
            let (relation, custody) = match fixed {
                Some(relation) => (Some(relation), None),
                None => self.standing(line),
            };
            changed.extend(self.guardian(child, said, relation, custody, (column, contact_column), new));
        }
        changed
    }

    /// What a row says of the guardian's tie.
    fn standing(&mut self, line: &Line) -> (Option<Relation>, Option<Custody>) {
        let (relation, custody) =
            (self.cell(line, Column::GuardianRelation), self.cell(line, Column::GuardianStanding));
        let (known, right) = (cells::relation(&relation), cells::custody(&custody));
        for (cell, is_known, column, code) in [
            (&relation, known.is_some(), Column::GuardianRelation, "relation-unknown"),
            (&custody, right.is_some(), Column::GuardianStanding, "standing-unknown"),
        ] {
            if !cell.is_empty() && !is_known {
                self.problems.push(Problem::new(line.number, column, code, Severity::Look));
            }
        }
        (known, right)
    }

    fn guardian(
        &mut self,
        child: RecordId,
        said: Subject,
        relation: Option<Relation>,
        custody: Option<Custody>,
        (column, contact_column): (Column, Column),
        new: &mut dyn FnMut() -> RecordId,
    ) -> Vec<Column> {
        let mut changed = Vec::new();
        let found =
            self.persons.guardian(&child, &said).map(|(person, tie)| (person, tie.map(|(at, tie)| (at, tie.clone()))));
        let (person, tie) = match found {
            Some((person, tie)) => {
                if let Some(old) = self.persons.cards.get(&person).cloned() {
                    let mut card = old.clone();
                    card.contact = said.contact.or(card.contact);
                    if card != old {
                        changed.push(contact_column);
                        self.touch(person, Some(old), card, None);
                    }
                }
                (person, tie)
            }
            None => {
                let mut said = said;
                said.code = self.project.next_code(&SubjectKind::Guardian, &self.codes);
                self.codes.insert(said.code.clone());
                let person = new();
                self.guardians += 1;
                changed.push(column);
                self.touch(person, None, said, None);
                (person, None)
            }
        };
        match tie {
            None => {
                let relation = relation.unwrap_or(Relation::Unsaid);
                let tie = Tie { custody, ..Tie::new(person, child, relation) };
                let record = new();
                self.ties.push((record, Content::from(&tie)));
                self.persons.tie(record, tie);
                changed.push(column);
            }
            Some((record, old)) => {
                let mut tie = old.clone();
                // What the guardian is to the child is said once; a roster may say it where nobody had.
                if let Some(relation) = relation.filter(|_| old.relation == Relation::Unsaid) {
                    tie.relation = relation;
                    changed.push(Column::GuardianRelation);
                }
                if let Some(custody) = custody.filter(|_| old.custody.is_none()) {
                    tie.custody = Some(custody);
                    changed.push(Column::GuardianStanding);
                }
                if tie != old {
                    self.ties.push((record, Card::changes(&old, &tie).into()));
                }
            }
        }
        changed
    }

    fn finish(mut self) -> (Plan, Vec<Problem>) {
        // Somebody who was new in an earlier row may be touched again by a later one: each card is written once.
        let mut cards = Vec::new();
        for record in &self.order {
            let Some(card) = self.persons.cards.get(record) else { continue };
            match self.before.get(record) {
                Some(Some(old)) if old == card => {}
                Some(Some(old)) => cards.push((*record, Content::from(Card::changes(old, card)))),
                _ => cards.push((*record, Content::from(card))),
            }
        }
        self.propose();
        let sites = self.places.made();
        let writes = self.places.writes.into_iter().chain(cards).chain(self.ties).collect();
        let plan = Plan { writes, rows: self.rows, sites, guardians: self.guardians };
        self.problems.sort_by_key(|problem| (problem.row, problem.column));
        (plan, self.problems)
    }

    /// Says of new people who of the project may be the same.
    fn propose(&mut self) {
        let places = &self.places;
        let is_new = |record: &RecordId| matches!(self.before.get(record), Some(None));
        let mut all = traits(self.project);
        for record in self.order.iter().filter(|record| is_new(record)) {
            let Some(card) = self.persons.cards.get(record) else { continue };
            all.push(crate::Traits {
                record: *record,
                kind: card.kind.clone(),
                site: card.site,
                school: places.school_of(card.site),
                code: card.code.clone(),
                number: card.student_number.clone().unwrap_or_default(),
                name: card.display_name.clone(),
                birth: card.birth_date.clone().unwrap_or_default(),
                sex: card.sex.clone().unwrap_or_default(),
                guardians: Vec::new(),
            });
        }
        let mut maybe: HashMap<RecordId, Vec<RecordId>> = HashMap::new();
        for found in candidates(&all, self.project.identities()).pairs {
            let [one, other] = found.pair.both();
            for (one, other) in [(one, other), (other, one)] {
                if is_new(&one) {
                    maybe.entry(one).or_default().push(other);
                }
            }
        }
        for row in &mut self.rows {
            let Some(found) = row.record.and_then(|record| maybe.remove(&record)) else { continue };
            self.problems.push(Problem::new(row.number, Column::Name, "maybe-same", Severity::Look));
            row.maybe = found;
        }
    }
}

/// A card with what a row says on top: what the row does not say stays.
fn written_over(old: &Subject, said: &Subject) -> Subject {
    let mut card = old.clone();
    if !said.code.is_empty() {
        card.code.clone_from(&said.code);
    }
    // Another way to write the same name is no change.
    if folded(&card.display_name) != folded(&said.display_name) {
        card.display_name.clone_from(&said.display_name);
    }
    card.site = said.site.or(card.site);
    let same_number = |one: &Private, other: &Private| number(one) == number(other);
    let take = |mine: &mut Option<Private>, theirs: &Option<Private>, same: &dyn Fn(&Private, &Private) -> bool| {
        if let Some(theirs) = theirs
            && !mine.as_ref().is_some_and(|mine| same(mine, theirs))
        {
            *mine = Some(theirs.clone());
        }
    };
    take(&mut card.student_number, &said.student_number, &same_number);
    take(&mut card.id_number, &said.id_number, &same_number);
    // A date that says less than what is known changes nothing.
    take(&mut card.birth_date, &said.birth_date, &|mine, theirs| mine.starts_with(&**theirs));
    take(&mut card.sex, &said.sex, &|mine, theirs| mine == theirs);
    take(&mut card.contact, &said.contact, &|mine, theirs| mine == theirs);
    take(&mut card.note, &said.note, &|mine, theirs| mine == theirs);
    card.grade = said.grade.clone().or(card.grade);
    card
}

/// The columns in which two cards of a person differ.
fn differences(old: &Subject, card: &Subject) -> Vec<Column> {
    let pairs = [
        (Column::Code, old.code != card.code),
        (Column::Name, old.display_name != card.display_name),
        (Column::Class, old.site != card.site),
        (Column::Number, old.student_number != card.student_number),
        (Column::IdNumber, old.id_number != card.id_number),
        (Column::Birth, old.birth_date != card.birth_date),
        (Column::Sex, old.sex != card.sex),
        (Column::Grade, old.grade != card.grade),
        (Column::Contact, old.contact != card.contact),
        (Column::Note, old.note != card.note),
    ];
    pairs.into_iter().filter(|(_, differs)| *differs).map(|(column, _)| column).collect()
}

/// Whether somebody born then may be a pupil: from three to twenty-five years old.
fn is_school_age(birth: &str, today: &str) -> bool {
    let year = |date: &str| date.get(..4).and_then(|year| year.parse::<i32>().ok());
    year(today).zip(year(birth)).is_none_or(|(now, born)| (3..=25).contains(&(now - born)))
}
