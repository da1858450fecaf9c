//! De-identified exports: who may, what they call people, and what is shown before one is written.

use std::collections::{BTreeMap, BTreeSet};

use tianye_export::{
    Anonymity, Done, Filled, FrameColumn, Layout, PlaceLevel, Shield, Trait, Treated, Versions, Words, anonymity, area,
    day_of, deidentify, place_level, told,
};
use tianye_journal::{PersonId, RecordId};
use tianye_survey::ExportFor;
use tianye_survey::exports::{Column, goes_out};
use tianye_survey::rights::{self, Export};
use tianye_xform::Form;

use crate::columns::{done_that_goes_out, frame_that_goes_out};
use crate::desk::Desk;
use crate::exporting::Collected;
use crate::interview::page::small;
use crate::kept_exports::told as told_left_out;
use crate::refusal::{Result, refuse};
use crate::study::Study;
use crate::view::{ExportCoarser, ExportColumn, ExportInput, ExportLevel, ExportPreview, ExportRow};
use crate::world;

/// Classes should have so many respondents where nobody says otherwise.
const USUAL_K: u32 = 5;
/// So many rows that stand out are shown.
const MOST_ROWS: usize = 50;

/// What an export calls interviews, respondents and interviewers.
pub(crate) enum Keys {
    /// By their internal ids, the codes on cards and their names.
    Internal,
    /// By study codes.
    Study(Study),
}

impl Keys {
    /// The key of an interview in the tables.
    pub fn interview(&self, interview: &RecordId) -> String {
        match self {
            Self::Internal => interview.to_string(),
            Self::Study(study) => study.interview(interview),
        }
    }

    /// The cell that says who was asked; `code` is the one on the card.
    pub fn respondent(&self, desk: &Desk, subject: Option<RecordId>, code: String) -> String {
        match (self, subject) {
            (Self::Internal, _) => code,
            (Self::Study(study), Some(subject)) => study.respondent(desk, &subject),
            (Self::Study(_), None) => String::new(),
        }
    }

    /// The cell of what is about a place; `code` is the one on its card.
    pub fn site(&self, site: &RecordId, code: &Option<String>) -> String {
        match self {
            Self::Internal => code.clone().unwrap_or_default(),
            Self::Study(study) => study.site(site),
        }
    }

    /// What an interviewer is called.
    pub fn person(&self, desk: &Desk, person: &PersonId) -> String {
        match self {
            Self::Internal => desk.book.name(person),
            Self::Study(study) => study.person(&person.to_string()),
        }
    }

    fn study(&self) -> Option<&Study> {
        match self {
            Self::Internal => None,
            Self::Study(study) => Some(study),
        }
    }
}

/// What a de-identified export came to before it is written.
pub(crate) struct Shielded {
    pub treated: Vec<Treated>,
    pub found: Anonymity,
    /// The columns chosen for k-anonymity: path or `@place`.
    chosen: Vec<String>,
    traits: Vec<Trait>,
}

impl Shielded {
    /// What was done to each question, for the layout.
    pub fn done(&self) -> BTreeMap<String, Done> {
        self.treated.iter().map(|one| (one.path.clone(), one.done)).collect()
    }

    /// The questions without a column, for the layout.
    pub fn left_out(&self) -> BTreeSet<String> {
        self.treated.iter().filter(|one| !one.told).map(|one| one.path.clone()).collect()
    }
}

/// Frame columns that are places, and how the input names them.
const PLACES: [(FrameColumn, &str); 4] = [
    (FrameColumn::County, "@county"),
    (FrameColumn::Township, "@township"),
    (FrameColumn::Village, "@village"),
    (FrameColumn::School, "@school"),
];

/// Their levels, in that order.
const PLACE_LEVELS: [PlaceLevel; 4] =
    [PlaceLevel::County, PlaceLevel::Township, PlaceLevel::Village, PlaceLevel::School];

/// The columns of the frame.
pub(crate) fn frame_columns(input: &ExportInput) -> Vec<FrameColumn> {
    let columns =
        if input.identified { FrameColumn::list(input.names) } else { FrameColumn::coarse(level(input.level)) };
    frame_that_goes_out(columns, input.identified)
}

fn level(level: ExportLevel) -> PlaceLevel {
    match level {
        ExportLevel::County => PlaceLevel::County,
        ExportLevel::Township => PlaceLevel::Township,
        ExportLevel::Village => PlaceLevel::Village,
        ExportLevel::School => PlaceLevel::School,
    }
}

/// Headings of a layout in which people have study codes.
pub(crate) fn name_codes(layout: &mut Layout, columns: &[FrameColumn], words: &Words) {
    for (heading, column) in layout.frame.iter_mut().zip(columns) {
        match column {
            FrameColumn::Code => words.study_codes[0].clone_into(heading),
            FrameColumn::Interviewer => words.study_codes[1].clone_into(heading),
            _ => {}
        }
    }
}

impl Desk {
    /// Refuses an export to a role that may not make it, one with identifiers without a reason, and identifiers in one that
    /// is to have none. With it what people are called.
    pub(crate) fn must_export(&self, input: &ExportInput) -> Result<Keys> {
        let ExportInput { names, files, instances, entities, identified, purpose, .. } = *input;
        self.may_export(identified, purpose.into())?;
        let wished = [
            (names, Column::Name),
            (files, Column::File),
            (instances, Column::Submission),
            (entities, Column::Entities),
        ];
        match identified {
            true if input.reason.trim().is_empty() => {
                Err(refuse("export-reason", "expected the reason for an export with identifiers, found none"))
            }
            false if wished.iter().any(|(wish, column)| *wish && !goes_out(*column, false)) => Err(refuse(
                "export-identifiers",
                "expected an export with identifiers for names, files, submissions or entities, found one without",
            )),
            true => Ok(Keys::Internal),
            false => Ok(Keys::Study(self.study()?)),
        }
    }

    /// Refuses a role that may not write plain tables, or none that tell who somebody is; and those for what families were told has
    /// none.
    pub(crate) fn may_export(&self, identified: bool, purpose: ExportFor) -> Result<()> {
        if identified && !purpose.may_identify() {
            return Err(refuse(
                "export-for-identified",
                "expected a de-identified export for an archive, found another",
            ));
        }
        match rights::exports(&self.who.survey_role()) {
            Export::Nothing => Err(refuse("export-no-right", "expected a role that may export, found another")),
            Export::Deidentified if identified => {
                Err(refuse("export-identified-no-right", "expected a role that may export identifiers, found another"))
            }
            Export::Deidentified | Export::Identified => Ok(()),
        }
    }

    /// De-identifies what was collected, counts classes, and leaves out what stands out if that was asked for.
    pub(crate) fn shield(
        &self,
        input: &ExportInput,
        keys: &Keys,
        collected: &mut Collected,
        versions: &Versions,
    ) -> Option<Shielded> {
        let study = keys.study()?;
        let days = self.book.interviews.iter().filter_map(|(record, brief)| {
            let at = brief.changed.and_then(|at| world::local(at.ms, at.offset))?;
            Some((keys.interview(record), day_of(&at.format("%Y-%m-%d").to_string())?))
        });
        let shield = Shield {
            level: level(input.level),
            judged: input.judged.iter().cloned().collect(),
            base: study.base,
            told: done_that_goes_out(),
            days: days.collect(),
        };
        let filled = std::mem::take(&mut collected.filled);
        let (mut filled, treated) = deidentify(&collected.form, versions, filled, &shield);
        // The order of internal ids would tell which came first.
        filled.sort_by(|a, b| a.interview.cmp(&b.interview));
        let columns = frame_columns(input);
        let chosen = chosen_columns(input, &columns, &treated);
        let mut traits: Vec<Trait> = filled.iter().map(|one| trait_of(one, &chosen, &columns)).collect();
        let k = usize::try_from(k_of(input)).unwrap_or(usize::MAX);
        let mut found = anonymity(&traits, k);
        while input.suppress && found.below > 0 {
            let gone: BTreeSet<usize> = found.rows.iter().copied().collect();
            let mut at = 0..;
            filled.retain(|_| at.next().is_some_and(|at| !gone.contains(&at)));
            let mut at = 0..;
            traits.retain(|_| at.next().is_some_and(|at| !gone.contains(&at)));
            found = anonymity(&traits, k);
        }
        collected.filled = filled;
        Some(Shielded { treated, found, chosen, traits })
    }

    /// What a de-identified export would hold: each question with what is done to it, and how small the classes are of
    /// those who tell the same in the columns chosen. Nothing is written.
    ///
    /// # Errors
    /// As [`Self::export_csv`].
    pub fn preview_export(&self, input: &ExportInput, language: &str) -> Result<ExportPreview> {
        let input = &ExportInput {
            identified: false,
            names: false,
            files: false,
            instances: false,
            entities: false,
            ..input.clone()
        };
        let keys = self.must_export(input)?;
        let mut collected = self.collect_export(input, &keys, None, language)?;
        let versions = collected.gathered.versions(self)?;
        let shielded = self.shield(input, &keys, &mut collected, &versions);
        let shielded = shielded.ok_or_else(|| refuse("internal", "expected study codes, found none"))?;
        let words = Words::for_language(language);
        let columns = frame_columns(input);
        let places = PLACES
            .iter()
            .filter(|(column, _)| columns.contains(column))
            .map(|(column, path)| column_of(path, words.heading(*column), (Done::Kept, true), true, &shielded));
        let questions = shielded.treated.iter().map(|one| {
            let label = label_of(&collected.form, &one.path, language).unwrap_or_else(|| one.name.clone());
            column_of(&one.path, &label, (one.done, one.told), one.once, &shielded)
        });
        let columns: Vec<ExportColumn> = places.chain(questions).collect();
        let rows = shielded.found.rows.iter().take(MOST_ROWS).filter_map(|at| shielded.traits.get(*at));
        let called = |path: &String| columns.iter().find(|one| one.path == *path).map(|one| one.label.clone());
        Ok(ExportPreview {
            interviews: small(collected.filled.len()),
            withheld: collected.left_out.values().sum(),
            left_out: told_left_out(&collected.left_out),
            practice: collected.practice,
            smallest: shielded.found.smallest.map(small),
            k: k_of(input),
            below: small(shielded.found.below),
            rows: rows.map(|one| ExportRow { code: one.interview.clone(), cells: one.cells.clone() }).collect(),
            heads: shielded.chosen.iter().map(|path| called(path).unwrap_or_default()).collect(),
            coarser: coarser(input, &collected.form, &shielded),
            columns,
        })
    }
}

/// The coarser levels at which fewer interviews stand out: places that they do not tell are left out of the classes, and points
/// become larger areas.
fn coarser(input: &ExportInput, form: &Form, shielded: &Shielded) -> Vec<ExportCoarser> {
    let mut coarser = Vec::new();
    let mut least = shielded.found.below;
    // A village is no coarser than a school: neither holds the other.
    for (wider, place) in [(ExportLevel::Township, PlaceLevel::Township), (ExportLevel::County, PlaceLevel::County)] {
        if place >= level(input.level) || least == 0 {
            continue;
        }
        let traits: Vec<Trait> = shielded.traits.iter().map(|one| widened(one, form, shielded, place)).collect();
        let below = anonymity(&traits, usize::try_from(k_of(input)).unwrap_or(usize::MAX)).below;
        if below < least {
            least = below;
            coarser.push(ExportCoarser { level: wider, below: small(below) });
        }
    }
    coarser
}

fn widened(one: &Trait, form: &Form, shielded: &Shielded, wider: PlaceLevel) -> Trait {
    let cell = |(path, cell): (&String, &String)| {
        let frame = PLACES.iter().zip(PLACE_LEVELS).find(|((_, known), _)| known == path).map(|(_, level)| level);
        let place = frame.or_else(|| place_level(&form.question(path)?));
        let is_area = shielded.treated.iter().any(|treated| treated.path == *path && treated.done == Done::Area);
        match place {
            Some(place) if !wider.tells(place) => None,
            _ if is_area => Some(area(cell, wider).unwrap_or_default()),
            _ => Some(cell.clone()),
        }
    };
    Trait { cells: shielded.chosen.iter().zip(&one.cells).filter_map(cell).collect(), ..one.clone() }
}

fn k_of(input: &ExportInput) -> u32 {
    if input.k == 0 { USUAL_K } else { input.k }
}

/// What counts for k-anonymity: what a person chose, or what the form's author and its names say.
fn chosen_columns(input: &ExportInput, columns: &[FrameColumn], treated: &[Treated]) -> Vec<String> {
    let places =
        PLACES.iter().filter(|(column, _)| columns.contains(column)).map(|(_, path)| ((*path).to_owned(), true));
    let questions = treated.iter().filter(|one| one.once && one.told);
    let all = places.chain(questions.map(|one| (one.path.clone(), one.quasi)));
    match &input.quasi {
        Some(chosen) => all.map(|(path, _)| path).filter(|path| chosen.contains(path)).collect(),
        None => all.filter(|(_, quasi)| *quasi).map(|(path, _)| path).collect(),
    }
}

fn trait_of(one: &Filled, chosen: &[String], columns: &[FrameColumn]) -> Trait {
    let frame = |column: FrameColumn| {
        let at = columns.iter().position(|known| *known == column);
        at.and_then(|at| one.frame.get(at)).cloned().unwrap_or_default()
    };
    let cell = |path: &String| match PLACES.iter().find(|(_, place)| place == path) {
        Some((column, _)) => frame(*column),
        None => told(one, path),
    };
    // Who has no card is counted by the interview.
    let who = Some(frame(FrameColumn::Code)).filter(|code| !code.is_empty()).unwrap_or_else(|| one.interview.clone());
    Trait { who, interview: one.interview.clone(), cells: chosen.iter().map(cell).collect() }
}

fn column_of(path: &str, label: &str, (done, told): (Done, bool), once: bool, shielded: &Shielded) -> ExportColumn {
    let at = shielded.chosen.iter().position(|chosen| chosen == path);
    ExportColumn {
        path: path.to_owned(),
        label: label.to_owned(),
        done: done.code().to_owned(),
        told,
        judge: done == Done::Judge || done == Done::Contact,
        candidate: once && told,
        chosen: at.is_some(),
        without: at.and_then(|at| shielded.found.without.get(at)).map(|below| small(*below)),
    }
}

fn label_of(form: &Form, path: &str, language: &str) -> Option<String> {
    let question = form.question(path)?;
    let wanted = |name: &str| {
        let code = crate::interview::page::language_code(name);
        !code.is_empty() && language.starts_with(&code)
    };
    let own = question.labels.iter().find(|(name, _)| wanted(name)).or_else(|| question.labels.first());
    own.map(|(_, text)| text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}
