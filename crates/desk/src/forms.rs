//! Forms: checking a workbook and putting it into the project.

use tianye_journal::{FileKey, seal_file};
use tianye_survey::{ChunkRef, Content, FormHash, FormVersion, Media as MediaFile, Names, Secret};
use tianye_xform::{Form, Media};
use tianye_xlsform::{Converted, Format, Options, Severity, Workbook, convert};

use crate::desk::Desk;
use crate::interview::asks;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::{Args, FormCheck, FormProblem};
use crate::world;

/// Longest workbook that is read, in bytes.
pub const LONGEST_WORKBOOK: u64 = 32 << 20;

/// A workbook that can be used, with the files it refers to.
#[derive(Debug)]
pub struct Checked {
    /// What it was converted to.
    pub converted: Converted,
    /// Files beside it, by name.
    pub media: Vec<(String, Vec<u8>)>,
}

/// Reads a workbook's cells; `file` names the format by its ending.
///
/// # Errors
/// A file of an unknown or unreadable format.
pub fn workbook(file: &str, bytes: &[u8]) -> Result<Workbook> {
    let format = Format::from_file_name(file).ok_or_else(|| {
        refuse("form-format", format!("expected a file ending in xlsx, xls, ods, csv or md, found {file}"))
    })?;
    Ok(Workbook::read(bytes, format)?)
}

/// Checks a workbook: the report, and the form if it can be used.
///
/// `file` names the format by its ending; `beside` gives the bytes of a file that lies beside the workbook.
///
/// # Errors
/// A file of an unknown or unreadable format.
pub fn check_workbook(
    file: &str,
    bytes: &[u8],
    beside: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<(FormCheck, Option<Checked>)> {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let workbook = workbook(file, bytes)?;
    let (converted, problems) = convert(&workbook, &Options { form_name: stem.to_owned(), ..Options::default() });
    let mut report = FormCheck {
        file: file.to_owned(),
        usable: converted.is_some(),
        title: converted.as_ref().map(|converted| converted.title.clone()).unwrap_or_default(),
        questions: 0,
        problems: problems.iter().map(sheet_problem).collect(),
    };
    let mut checked = None;
    if let Some(converted) = converted {
        let media: Vec<_> = converted.media.iter().filter_map(|name| Some((name.clone(), beside(name)?))).collect();
        let (form, problems) = Form::parse(&converted.xform, &media.iter().cloned().collect::<Media>());
        report.problems.extend(problems.iter().map(form_problem));
        report.usable = form.is_some();
        if let Some(form) = form {
            let asked = form.questions().iter().filter(|question| asks(&question.control)).count();
            report.questions = small(asked);
            checked = Some(Checked { converted, media });
        }
    }
    report.problems.sort_by_key(|problem| !problem.error);
    Ok((report, checked))
}

fn sheet_problem(problem: &tianye_xlsform::Problem) -> FormProblem {
    FormProblem {
        error: problem.severity == Severity::Error,
        code: problem.code.as_str().to_owned(),
        sheet: problem.sheet.clone().unwrap_or_default(),
        row: problem.row.unwrap_or(0),
        column: problem.column.map(tianye_xlsform::column_letters).unwrap_or_default(),
        args: problem.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        detail: problem.to_string(),
    }
}

fn form_problem(problem: &tianye_xform::Problem) -> FormProblem {
    FormProblem {
        error: problem.severity == tianye_xform::Severity::Error,
        code: problem.code().to_owned(),
        sheet: String::new(),
        row: 0,
        column: String::new(),
        args: Args::new(),
        detail: problem.to_string(),
    }
}

impl Desk {
    /// Checks a workbook and remembers it for [`Self::add_form`].
    ///
    /// # Errors
    /// See [`check_workbook`].
    pub fn check_form(
        &mut self,
        file: &str,
        bytes: &[u8],
        beside: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<FormCheck> {
        let (report, checked) = check_workbook(file, bytes, beside)?;
        self.checked = checked;
        Ok(report)
    }

    /// Puts the form checked last into the project: its parts as sealed chunks, its version as an entry.
    ///
    /// # Errors
    /// Not the lead; nothing was checked; the store's refusal.
    pub fn add_form(&mut self) -> Result<()> {
        self.must_lead()?;
        let checked = self
            .checked
            .take()
            .ok_or_else(|| refuse("form-unusable", "expected a form that was checked and can be used, found none"))?;
        let Checked { converted, media } = checked;
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
