//! Forms: checking a workbook or an XForm and putting it into the project.

use std::sync::Arc;

use tianye_journal::{FileKey, seal_file};
use tianye_survey::{ChunkRef, Content, FormHash, FormVersion, Media as MediaFile, Names, Secret};
use tianye_xform::{Form, Media, ProblemKind};
use tianye_xlsform::{Converted, Format, Options, Severity, Workbook, convert};

use crate::desk::Desk;
use crate::instruments::{self, Instrument};
use crate::interview::appearance::unknown_words;
use crate::interview::asks;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::scales;
use crate::view::{FormCheck, FormExcerpt, FormProblem, FormSeverity};
use crate::world;

/// Longest workbook that is read, in bytes.
pub const LONGEST_WORKBOOK: u64 = 32 << 20;

/// A form that can be used, with the files it refers to.
#[derive(Debug)]
pub struct Checked {
    /// The form as XML, and what is known of it.
    pub converted: Converted,
    /// The form, read from the XML.
    pub form: Arc<Form>,
    /// Files beside it, by name.
    pub media: Vec<(String, Vec<u8>)>,
}

/// Reads a workbook's cells; `file` names the format by its ending.
///
/// # Errors
/// A file of an unknown or unreadable format.
pub fn workbook(file: &str, bytes: &[u8]) -> Result<Workbook> {
    let format = Format::from_file_name(file).ok_or_else(|| {
        refuse("form-format", format!("expected a file ending in xlsx, xls, ods, csv, md or xml, found {file}"))
    })?;
    Ok(Workbook::read(bytes, format)?)
}

/// Whether a file holds a form as XML rather than a workbook, by its name.
#[must_use]
pub fn is_xml(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("xml"))
}

/// Checks a form, a workbook or an XForm: the report, and the form if it can be used.
///
/// `file` names the format by its ending; `beside` gives the bytes of a file that lies beside it.
///
/// # Errors
/// A file of an unknown or unreadable format.
pub fn check_workbook(
    file: &str,
    bytes: &[u8],
    beside: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<(FormCheck, Option<Checked>)> {
    if is_xml(file) {
        return check_xml(file, bytes, beside);
    }
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let workbook = workbook(file, bytes)?;
    let (converted, problems) = convert(&workbook, &Options { form_name: stem.to_owned(), ..Options::default() });
    let unknown = unknown_words(&workbook);
    let mut report = FormCheck {
        file: file.to_owned(),
        usable: converted.is_some(),
        title: converted.as_ref().map(|converted| converted.title.clone()).unwrap_or_default(),
        questions: 0,
        problems: problems.iter().map(sheet_problem).chain(unknown).collect(),
    };
    let mut checked = None;
    if let Some(converted) = converted {
        for problem in &mut report.problems {
            let made = converted.sources.path_of_row(&problem.sheet, problem.row);
            problem.field = made.unwrap_or_default().to_owned();
        }
        let mut media: Vec<_> = converted.media.iter().filter_map(|name| Some((name.clone(), beside(name)?))).collect();
        if let Some(itemsets) = &converted.itemsets {
            media.push(("itemsets.csv".to_owned(), itemsets.clone().into_bytes()));
        }
        let (form, problems) = Form::parse(&converted.xform, &media.iter().cloned().collect::<Media>());
        // The workbook's own check says which texts are missing, cell by cell.
        let told = problems.iter().filter(|problem| problem.code() != "missing-translation");
        let broken = form.is_none();
        report.problems.extend(told.map(|problem| in_workbook(problem, broken, &converted)));
        let form = form.filter(|_| !problems.iter().any(breaks));
        report.usable = form.is_some();
        if let Some(form) = form {
            report.questions = asked(&form);
            report.problems.extend(scales::problems(&form, Some(&converted)));
            checked = Some(Checked { converted, form: Arc::new(form), media });
        }
    }
    report.problems.sort_by_key(|problem| problem.severity);
    Ok((report, checked))
}

fn check_xml(
    file: &str,
    bytes: &[u8],
    beside: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<(FormCheck, Option<Checked>)> {
    let text = std::str::from_utf8(bytes).map_err(|why| {
        refuse("workbook-unreadable", format!("expected XML in UTF-8, found other bytes at byte {}", why.valid_up_to()))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (_, problems) = Form::parse(text, &Media::none());
    let wanted = problems.iter().filter_map(|problem| match &problem.kind {
        ProblemKind::MissingMedia { found } => Some(found.clone()),
        _ => None,
    });
    let media: Vec<(String, Vec<u8>)> = wanted.filter_map(|name| Some((name.clone(), beside(&name)?))).collect();
    let (form, problems) = Form::parse(text, &media.iter().cloned().collect::<Media>());
    let broken = form.is_none();
    let form = form.filter(|_| !problems.iter().any(breaks));
    let mut report = FormCheck {
        file: file.to_owned(),
        usable: form.is_some(),
        title: form.as_ref().map(|form| form.title().to_owned()).unwrap_or_default(),
        questions: form.as_ref().map_or(0, asked),
        problems: problems.iter().map(|problem| in_xml(problem, broken)).collect(),
    };
    report.problems.extend(form.iter().flat_map(|form| scales::problems(form, None)));
    report.problems.sort_by_key(|problem| problem.severity);
    let checked = form.map(|form| Checked {
        converted: Converted {
            xform: text.to_owned(),
            form_id: form.id().to_owned(),
            version: form.version().to_owned(),
            title: form.title().to_owned(),
            languages: form.languages().to_vec(),
            media: media.iter().map(|(name, _)| name.clone()).collect(),
            itemsets: None,
            sources: tianye_xlsform::Sources::default(),
        },
        form: Arc::new(form),
        media,
    });
    Ok((report, checked))
}

fn asked(form: &Form) -> u32 {
    small(form.questions().iter().filter(|question| asks(&question.control)).count())
}

fn sheet_problem(problem: &tianye_xlsform::Problem) -> FormProblem {
    FormProblem {
        severity: match problem.severity {
            Severity::Error => FormSeverity::Error,
            Severity::Warning => FormSeverity::Warning,
            Severity::Note => FormSeverity::Note,
        },
        code: problem.code.as_str().to_owned(),
        sheet: problem.sheet.clone().unwrap_or_default(),
        row: problem.row.unwrap_or(0),
        column: problem.column.map(tianye_xlsform::column_letters).unwrap_or_default(),
        heading: problem.heading.clone().unwrap_or_default(),
        line: problem.line.unwrap_or(0),
        character: 0,
        field: String::new(),
        excerpt: problem.excerpt.as_ref().map(|excerpt| cut(excerpt.parts())),
        args: problem.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        detail: problem.message(),
    }
}

/// Whether a form with this problem would collect something else than its author meant, although it loads.
fn breaks(problem: &tianye_xform::Problem) -> bool {
    matches!(problem.kind, ProblemKind::Syntax { .. } | ProblemKind::Check { .. } | ProblemKind::Cycle { .. })
}

/// A problem of a form as XML. In a form that is not `broken`, what will not work is an error only where it
/// [breaks](breaks) the rest.
fn in_xml(problem: &tianye_xform::Problem, broken: bool) -> FormProblem {
    let place = &problem.place;
    let expression = place.expression.as_deref().map(|text| {
        let (start, end) = place.span.unwrap_or((0, text.len()));
        let before = text.get(..start).unwrap_or_default();
        let marked = text.get(start..end).unwrap_or(text);
        cut((before, marked, text.get(before.len() + marked.len()..).unwrap_or_default()))
    });
    let owned = |value: &Option<String>| value.clone().unwrap_or_default();
    FormProblem {
        severity: match problem.severity {
            tianye_xform::Severity::Error if broken || breaks(problem) => FormSeverity::Error,
            tianye_xform::Severity::Error | tianye_xform::Severity::Warning => FormSeverity::Warning,
        },
        code: format!("xml-{}", problem.code()),
        sheet: owned(&place.path),
        row: 0,
        column: String::new(),
        heading: owned(&place.part),
        line: place.line,
        character: place.column,
        field: owned(&place.path),
        excerpt: expression,
        args: problem.args().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        detail: problem.kind.to_string(),
    }
}

/// A problem that the form engine found in a converted workbook, told in the workbook's cells.
fn in_workbook(problem: &tianye_xform::Problem, broken: bool, converted: &Converted) -> FormProblem {
    let mut told = in_xml(problem, broken);
    (told.line, told.character) = (0, 0);
    let place = &problem.place;
    let (mut path, mut part) = (place.path.as_deref(), place.part.as_deref());
    if let ProblemKind::Cycle { chain } = &problem.kind {
        told.args.insert("chain".to_owned(), in_names(chain, converted));
        if let Some(first) = chain.split('→').next().and_then(|step| step.trim().split_once(' ')) {
            (path, part) = (Some(first.0), Some(first.1));
        }
    }
    if let Some(source) = path.and_then(|path| converted.sources.get(path, part)) {
        path.unwrap_or_default().clone_into(&mut told.field);
        source.sheet.clone_into(&mut told.sheet);
        told.row = source.row;
        told.line = source.line.unwrap_or(0);
        told.column = source.column.map(tianye_xlsform::column_letters).unwrap_or_default();
        told.heading = part.unwrap_or_default().to_owned();
    }
    told
}

/// `/a calculate → /g/b relevant → /a calculate` as `a (calculate) → b (relevant) → a (calculate)`.
fn in_names(chain: &str, converted: &Converted) -> String {
    let step = |step: &str| {
        let (path, part) = step.trim().split_once(' ').unwrap_or((step.trim(), ""));
        let name = converted.sources.get(path, None).map_or(path, |source| source.name).to_owned();
        if part.is_empty() { name } else { format!("{name} ({part})") }
    };
    chain.split('→').map(step).collect::<Vec<_>>().join(" → ")
}

/// So many characters around the marked place are shown.
const AROUND: usize = 160;

/// An excerpt, cut where it is long.
fn cut((before, marked, after): (&str, &str, &str)) -> FormExcerpt {
    let end = |text: &str| match text.char_indices().nth(AROUND) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    };
    let from = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
    let before = if from == 0 { before.to_owned() } else { format!("…{}", &before[from..]) };
    FormExcerpt { before, marked: end(marked), after: end(after) }
}

impl Desk {
    /// Checks a form and remembers it for [`Self::add_form`].
    ///
    /// # Errors
    /// See [`check_workbook`].
    pub fn check_form(
        &mut self,
        file: &str,
        bytes: &[u8],
        beside: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<FormCheck> {
        let (mut report, checked) = check_workbook(file, bytes, beside)?;
        if let Some(checked) = &checked {
            report.problems.extend(self.unknown_old_names(checked));
            report.problems.sort_by_key(|problem| problem.severity);
        }
        self.checked = checked;
        Ok(report)
    }

    /// Checks an instrument that comes with the program and remembers it for [`Self::add_form`].
    ///
    /// # Errors
    /// `instrument-unknown`; see [`check_workbook`].
    pub fn check_instrument(&mut self, id: &str) -> Result<FormCheck> {
        let Some(instrument) = Instrument::of(id) else {
            let known = instruments::ALL.iter().map(|one| one.id).collect::<Vec<_>>().join(", ");
            return Err(refuse("instrument-unknown", format!("expected one of {known}, found {id}")).with("found", id));
        };
        self.check_form(&instrument.file(), instrument.workbook.as_bytes(), &|_| None)
    }

    /// Hints to names that no version in the project ever had.
    fn unknown_old_names(&self, checked: &Checked) -> Vec<FormProblem> {
        let converted = &checked.converted;
        let record = self.book.project.form_record(&converted.form_id);
        let Some(known) = record.and_then(|record| self.book.project.forms.get(&record)) else { return Vec::new() };
        if !converted.xform.contains("renamed_from") {
            return Vec::new();
        }
        let versions = known.versions.iter().filter_map(|version| self.form(&version.form.hash).ok());
        let strange = |old: Arc<Form>| tianye_xform::carry(&old, &checked.form, &[], "").strange().to_vec();
        let all = versions.map(strange).reduce(|mut all, one| {
            all.retain(|hint| one.contains(hint));
            all
        });
        let told = |hint: tianye_xform::StrangeHint| {
            let source = converted.sources.get(&hint.path, Some("tianye:renamed_from"));
            FormProblem {
                severity: FormSeverity::Warning,
                code: if hint.ambiguous { "renamed-from-ambiguous" } else { "renamed-from-unknown" }.to_owned(),
                sheet: source.as_ref().map(|source| source.sheet.to_owned()).unwrap_or_default(),
                row: source.as_ref().map_or(0, |source| source.row),
                column: source
                    .as_ref()
                    .and_then(|source| source.column)
                    .map(tianye_xlsform::column_letters)
                    .unwrap_or_default(),
                heading: "renamed_from".to_owned(),
                line: source.as_ref().and_then(|source| source.line).unwrap_or(0),
                character: 0,
                field: hint.path.clone(),
                excerpt: None,
                detail: format!("{} is said to have been called {}", hint.path, hint.found),
                args: [("found".to_owned(), hint.found)].into(),
            }
        };
        all.unwrap_or_default().into_iter().map(told).collect()
    }

    /// Puts the form checked last into the project: its parts as sealed chunks, its version as an entry.
    ///
    /// # Errors
    /// Not the lead; nothing was checked; in a real project a scale without evidence of permission; the store's refusal.
    pub fn add_form(&mut self) -> Result<()> {
        self.must_write(tianye_survey::kind::FORM)?;
        if let Some(checked) = self.checked.as_ref().filter(|_| !self.book.project.is_practice()) {
            scales::must_be_permitted(&checked.form)?;
        }
        let checked = self
            .checked
            .take()
            .ok_or_else(|| refuse("form-unusable", "expected a form that was checked and can be used, found none"))?;
        let Checked { converted, media, .. } = checked;
        let (chunks, hash, len) = self.keep_file(converted.xform.as_bytes())?;
        let mut files = Vec::new();
        for (name, bytes) in &media {
            let (chunks, hash, len) = self.keep_file(bytes)?;
            files.push(MediaFile { name: name.clone(), hash, len, chunks });
        }
        let version = FormVersion {
            form_id: converted.form_id.clone(),
            version: converted.version,
            title: Names::both(&converted.title),
            languages: converted.languages,
            hash,
            len,
            chunks,
            media: files,
            retired: false,
        };
        let (record, parents) = match self.book.project.form_record(&converted.form_id) {
            Some(record) => (record, self.book.project.forms[&record].ground.heads()),
            None => (self.new_record(), Vec::new()),
        };
        self.append(record, parents, &Content::Form(Box::new(version)))?;
        Ok(())
    }

    /// Seals a file into chunks that are kept as they will travel.
    fn keep_file(&self, bytes: &[u8]) -> Result<(Vec<ChunkRef>, FormHash, u64)> {
        let mut rng = world::key_rng(&*self.world);
        let key = FileKey::generate(&mut rng);
        let secret = *key.to_secret_bytes();
        let mut parts = Vec::new();
        for chunk in seal_file(&key, bytes, &mut rng)? {
            self.store.put_chunk(&chunk)?;
            parts.push(ChunkRef { id: chunk.id(), key: Secret(secret), len: small(chunk.as_bytes().len()) });
        }
        Ok((parts, FormHash(*blake3::hash(bytes).as_bytes()), bytes.len() as u64))
    }
}
