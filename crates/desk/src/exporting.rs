//! Exporting tables that a person asked for.

use std::path::Path;
use std::sync::Arc;

use tianye_export::{
    AuditRow, Filled, FrameColumn, Layout, Remark, RemarkKind, State, Table, Words, audit_table, codebook, file_name,
    file_names, files_folder, is_file_name, tables_of_versions, write,
};
use tianye_journal::RecordId;
use tianye_survey::exports::{Column, goes_out};
use tianye_survey::{self as survey, Answer, Attachment, Field, Haste, SiteKind, interview as fold};
use tianye_xform::{Audit, Context, FieldPath, Form, Session};

use crate::book::{Brief, entries_of};
use crate::capturing::open_part;
use crate::consenting::Withheld;
use crate::deidentified::{Keys, frame_columns, name_codes};
use crate::desk::Desk;
use crate::filling::{settled, shown_state};
use crate::interview::open::values;
use crate::interview::page::{language_code, small};
use crate::kept_exports::{Chosen, KeptExport, LeftOut, told};
use crate::past::{Gathered, Own, given_at};
use crate::refusal::{Result, refuse};
use crate::view::{ExportFile, ExportInput, ExportReport, InterviewState};
use crate::world;

/// The interviews of a form, read for its tables.
pub(crate) struct Collected {
    /// Interviews left out because consent does not cover them, by what was not agreed to.
    pub left_out: LeftOut,
    /// Interviews left out because they were made for practice before the project began.
    pub practice: u32,
    pub form: Arc<Form>,
    pub gathered: Gathered,
    pub filled: Vec<Filled>,
    /// Logs, each with its file.
    pub beside: Vec<(String, Table)>,
    /// Files of answers.
    pub attachments: Vec<Attachment>,
}

impl Desk {
    /// Writes the tables of a form into a folder: one for the form, one for each repeat.
    ///
    /// Interviews of all versions of the form stand in one table, as they read under the newest one: what that version
    /// does not have any more has columns after its own, and so has what reads differently there, as it was given.
    ///
    /// Fields in conflict are left blank and counted in a column of their own. Only interviews with an entry are
    /// written; a draft that was never paused is not.
    ///
    /// As long as nobody asks for identifiers, the tables are de-identified: study codes, ages and weeks, places no finer than
    /// the level chosen, nothing that is marked or free text that nobody judged, no logs; a codebook says what was done. One
    /// with identifiers needs a role and a reason. Both are kept in the list of exports.
    ///
    /// Whoever has not agreed to what it is for is not in it, and is counted; so is what was practised before the project began.
    ///
    /// # Errors
    /// No such form; a role that may not; a folder that cannot be written; the store's refusal.
    pub fn export_csv(&self, input: &ExportInput, folder: &Path, language: &str) -> Result<ExportReport> {
        let keys = self.must_export(input)?;
        let words = Words::for_language(language);
        let columns = frame_columns(input);
        let practice = self.book.project.is_practice();
        let mark = if practice { words.file_mark } else { "" };
        let version = self.form(&self.newest_form(&input.form)?)?.version().to_owned();
        let mut kept = KeptExport::new(self, &input.form, version, Chosen::from(input), folder)?;
        input.reason.trim().clone_into(&mut kept.reason);
        let mut collected = self.collect_export(input, &keys, Some(&mut kept), language)?;
        let versions = collected.gathered.versions(self)?;
        let shielded = self.shield(input, &keys, &mut collected, &versions);
        let Collected { left_out, practice: practised, form, filled, mut beside, attachments, .. } = collected;
        kept.left_out.clone_from(&left_out);
        kept.left_out_practice = practised;
        let files_beside = files_folder(form.id(), mark);
        let wanted = |name: &&String| language.starts_with(&language_code(name)) && !language_code(name).is_empty();
        let labels = form.languages().iter().find(wanted).map_or_else(|| form.default_language(), String::as_str);
        let mut layout = Layout::new(words, &columns, labels, input.labels, practice);
        if let Some(shielded) = &shielded {
            name_codes(&mut layout, &columns, words);
            (layout.done, layout.left_out) = (shielded.done(), shielded.left_out());
        }
        let failed = |why: std::io::Error| refuse("export-failed", format!("{}: {why}", folder.display()));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut files = Vec::new();
        let mut tables = tables_of_versions(&form, &versions, &filled, &layout);
        tables.extend(shielded.map(|shielded| codebook(&form, &shielded.treated, &layout)));
        let names = file_names(&tables, mark);
        if input.entities {
            let withheld = self.withheld_records(kept.options.purpose)?;
            for list in self.entity_tables(&form, &withheld)? {
                let name = format!("entities/{mark}{}.csv", file_name(&list.name));
                self.note_list(&mut kept, &name, &list, &withheld);
                beside.push((name, list));
            }
        }
        for (at, (name, table)) in names.iter().zip(&tables).enumerate() {
            kept.note_table(name, table, &layout.interview, at > 0);
        }
        kept.keep(self)?;
        for (name, table) in names.iter().zip(&tables).chain(beside.iter().map(|(name, table)| (name, table))) {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
            let file = std::fs::File::create(path).map_err(failed)?;
            let mut output = std::io::BufWriter::new(file);
            write(table, &mut output)?;
            std::io::Write::flush(&mut output).map_err(failed)?;
            output.get_ref().sync_all().map_err(failed)?;
            files.push(ExportFile { name: name.clone(), rows: small(table.rows.len()) });
        }
        let (attached, missing) = self.write_attachments(&attachments, &folder.join(&files_beside)).map_err(failed)?;
        let attachments = if attached > 0 { files_beside } else { String::new() };
        let instances = if input.instances {
            Some(self.write_instances(&input.form, folder, language, &mut kept)?.0)
        } else {
            None
        };
        kept.keep(self)?;
        kept.write(folder).map_err(failed)?;
        Ok(ExportReport {
            folder: folder.display().to_string(),
            files,
            attachments,
            attached,
            missing,
            withheld: left_out.values().sum(),
            left_out: told(&left_out),
            practice: practised,
            instances,
        })
    }

    /// Reads the interviews of a form as tables tell them, and notes in `kept` which files are theirs.
    pub(crate) fn collect_export(
        &self,
        input: &ExportInput,
        keys: &Keys,
        mut kept: Option<&mut KeptExport>,
        language: &str,
    ) -> Result<Collected> {
        let words = Words::for_language(language);
        let columns = frame_columns(input);
        let newest = self.newest_form(&input.form)?;
        let form = self.form_with_lists(&newest, None)?;
        let mut gathered = Gathered::new(newest, form.clone());
        let mark = if self.book.project.is_practice() { words.file_mark } else { "" };
        let files_beside = files_folder(form.id(), mark);
        // Logs and lists, each with its file.
        let mut beside: Vec<(String, Table)> = Vec::new();
        let (mut filled, mut attachments) = (Vec::new(), Vec::new());
        let today = self.today();
        let gate = self.gate(&today)?;
        let (purpose, mut left_out, mut practice) = (input.purpose.into(), LeftOut::new(), 0);
        for (record, brief) in &self.book.interviews {
            let of_form = brief.form.is_some() && self.form_id(brief.form) == input.form;
            if !of_form {
                continue;
            }
            if self.is_past_practice(brief) {
                practice += 1;
                continue;
            }
            if let Some(why) = self.left_out(&gate, record, brief, (purpose, input.identified)) {
                *left_out.entry(why).or_default() += 1;
                continue;
            }
            let unusable = self.unusable(&gate, brief);
            let entries = entries_of(&self.store, *record)?;
            let read =
                self.book.library.read_under(&self.book.project, &self.store, &entries, &newest, &self.book.team);
            let state = fold(*record, &read, &self.book.team);
            let properties = self.properties();
            // What the form computes from the clock is computed as of the interview's last change, not of the export.
            let now = brief.changed.and_then(|at| world::local(at.ms, at.offset)).unwrap_or_else(|| self.world.now());
            let random = || world::random_u64(&*self.world);
            let context = Context { now, random: &random, properties: &properties };
            let (session, leftovers) =
                Session::resume(form.clone(), agreed(&form, &unusable, values(&settled(&state))), &context);
            // A version that has not come explains nothing; its answers then stand under their addresses.
            let version = brief.form.filter(|version| *version != newest);
            let own: Option<Own> = version.and_then(|version| {
                let own = self.form_with_lists(&version, None).ok()?;
                let read =
                    self.book.library.read_under(&self.book.project, &self.store, &entries, &version, &self.book.team);
                let given = fold(*record, &read, &self.book.team);
                // Both draw the same lots: what they compute differs only where the versions do.
                let lot = lot_of(*record);
                let lots = || lot;
                let still = Context { random: &lots, ..context };
                let session = Session::resume(own.clone(), agreed(&own, &unusable, values(&settled(&given))), &still).0;
                let now = Session::resume(form.clone(), agreed(&form, &unusable, values(&settled(&state))), &still).0;
                Some(Own { version, session, way: self.way(&version, &newest), now })
            });
            let own = own.as_ref();
            let under = own.map_or(&form, |own| own.session.form());
            let key = keys.interview(record);
            let mut files = Vec::new();
            // A log holds every answer that ever stood there.
            if let Some(audit) = under.audit().filter(|_| goes_out(Column::Log, input.identified)) {
                let (name, table) = audit_of(*record, audit, &state);
                files.push(name.clone());
                beside.push((name, table));
            }
            let fields = gathered.fields(&session, &leftovers, own);
            if input.files {
                // Those of questions that are gone too: the table names them.
                let of_answers = attached(&fields, &state);
                files.extend(of_answers.iter().map(|file| format!("{files_beside}/{}", file.name)));
                attachments.extend(of_answers);
            }
            if let Some(kept) = kept.as_deref_mut() {
                kept.rows_of(&key).files.extend(files);
            }
            filled.push(Filled {
                interview: key,
                frame: self.frame(brief, keys, words, &columns, language),
                remarks: self.remarks(&session, &state),
                fields,
            });
        }
        Ok(Collected { left_out, practice, form, gathered, filled, beside, attachments })
    }

    /// Writes the files of answers, each under the name that its answer gives; how many, and how many are not whole here.
    pub(crate) fn write_attachments(&self, files: &[Attachment], folder: &Path) -> std::io::Result<(u32, u32)> {
        let (mut written, mut missing) = (0, 0);
        for file in files {
            let whole = is_file_name(&file.name) && {
                std::fs::create_dir_all(folder)?;
                self.write_attachment(file, &folder.join(&file.name))?
            };
            *if whole { &mut written } else { &mut missing } += 1;
        }
        Ok((written, missing))
    }

    /// Writes a file part by part; whether all of it was here. Nothing half is left.
    fn write_attachment(&self, file: &Attachment, to: &Path) -> std::io::Result<bool> {
        use std::io::Write as _;
        let mut output = std::fs::File::create(to)?;
        for part in 0..small(file.chunks.len()) {
            let Ok(bytes) = open_part(&self.store, file, part) else {
                drop(output);
                std::fs::remove_file(to)?;
                return Ok(false);
            };
            output.write_all(&bytes)?;
        }
        output.sync_all()?;
        Ok(true)
    }

    /// What is remarked on the answers of an interview, in the order of its form.
    fn remarks(&self, session: &Session, state: &survey::InterviewState) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let written = |write: &survey::Write| {
            (self.book.name(&write.author), world::iso_of(write.at.ms, write.at.offset).unwrap_or_default())
        };
        let field_of = |path: &FieldPath| state.fields.get(&Field::from(path));
        for doubt in session.doubts() {
            let fields = field_of(&doubt.path);
            let confirmation = fields.and_then(survey::FieldState::confirmation);
            let by = fields.and_then(|fields| fields.remarked().find(|write| write.confirmation() == confirmation));
            let (who, when) = by.filter(|_| confirmation.is_some()).map(written).unwrap_or_default();
            remarks.push(Remark {
                path: doubt.path,
                kind: if confirmation.is_some() { RemarkKind::Confirmed } else { RemarkKind::Open },
                message: doubt.message.unwrap_or_default(),
                reason: confirmation.map(|confirmation| confirmation.reason.to_string()).unwrap_or_default(),
                who,
                when,
            });
        }
        for field in session.fields().into_iter().filter(|field| field.counts) {
            for write in field_of(&field.path).iter().flat_map(|fields| fields.remarked()) {
                let Some(Haste { seconds, wanted }) = write.haste else { continue };
                let (who, when) = written(write);
                let kind = RemarkKind::Haste { seconds, wanted };
                let (message, reason) = (String::new(), String::new());
                remarks.push(Remark { path: field.path.clone(), kind, message, reason, who, when });
            }
        }
        remarks
    }

    /// The cells of the frame columns.
    fn frame(&self, brief: &Brief, keys: &Keys, words: &Words, columns: &[FrameColumn], language: &str) -> Vec<String> {
        let heading = self.heading(brief.subject, brief.site, shown_state(brief.status), language);
        let subject = brief.subject.and_then(|subject| self.book.project.subject(&subject));
        let site = brief.site.or_else(|| subject.and_then(|subject| subject.site));
        let path = site.map(|site| self.book.project.site_path(&site)).unwrap_or_default();
        let level = |kind: SiteKind| {
            let found = path.iter().find(|(_, site)| site.kind == kind);
            found.map(|(_, site)| site.name.get(language).to_owned()).unwrap_or_default()
        };
        let state = match heading.state {
            InterviewState::Open => State::Open,
            InterviewState::Draft => State::Draft,
            InterviewState::Finalised => State::Finalised,
            InterviewState::Correcting => State::Correcting,
            InterviewState::SentBack => State::SentBack,
            InterviewState::Approved => State::Approved,
            InterviewState::Stopped => State::Stopped,
        };
        let cell = |column: &FrameColumn| match column {
            FrameColumn::Code if brief.subject.is_none() => {
                // What is about a place goes by the place, as far as the table tells it.
                let told = path.iter().rev().find(|(_, site)| columns.contains(&column_of(&site.kind)));
                told.map(|(id, site)| keys.site(id, &site.code)).unwrap_or_default()
            }
            FrameColumn::Code => keys.respondent(self, brief.subject, heading.code.clone()),
            FrameColumn::Name => heading.name.clone(),
            FrameColumn::County => level(SiteKind::County),
            FrameColumn::Township => level(SiteKind::Township),
            FrameColumn::School => level(SiteKind::School),
            FrameColumn::Village => level(SiteKind::Village),
            FrameColumn::Class => level(SiteKind::Class),
            FrameColumn::Interviewer => {
                let mut people: Vec<String> =
                    brief.interviewers.iter().map(|person| keys.person(self, person)).collect();
                let mut seen = std::collections::BTreeSet::new();
                people.retain(|name| seen.insert(name.clone()));
                people.join("、")
            }
            FrameColumn::State => words.state(state).to_owned(),
            FrameColumn::FormVersion => {
                let version = brief.form.and_then(|hash| self.book.project.form_version(&hash));
                version.map(|(_, version)| version.form.version.clone()).unwrap_or_default()
            }
            FrameColumn::Conflicts => brief.conflicts.to_string(),
        };
        columns.iter().map(cell).collect()
    }
}

/// The column that tells a place of a kind.
fn column_of(kind: &SiteKind) -> FrameColumn {
    match kind {
        SiteKind::County => FrameColumn::County,
        SiteKind::Township => FrameColumn::Township,
        SiteKind::Village => FrameColumn::Village,
        SiteKind::School => FrameColumn::School,
        SiteKind::Class | SiteKind::Other(_) => FrameColumn::Class,
    }
}

/// The audit log of one interview, and its file: each has a folder of its own, as ODK keeps them.
pub(crate) fn audit_of(record: RecordId, audit: &Audit, state: &survey::InterviewState) -> (String, Table) {
    let row = |event: survey::AuditEvent| AuditRow {
        event: event.event,
        node: event.node,
        start: event.start,
        end: event.end,
        old: event.old.unwrap_or_default(),
        new: event.new.unwrap_or_default(),
        user: event.user.unwrap_or_default(),
        reason: event.reason.unwrap_or_default(),
    };
    let rows: Vec<AuditRow> = state.audit().into_iter().map(row).collect();
    (format!("audit/{record}/audit.csv"), audit_table(audit, &rows))
}

/// Of values, those that were agreed to.
pub(crate) fn agreed(
    form: &Form,
    unusable: &Withheld,
    mut values: Vec<(FieldPath, tianye_xform::Given)>,
) -> Vec<(FieldPath, tianye_xform::Given)> {
    let questions = unusable.questions(form);
    if !questions.is_empty() {
        values.retain(|(path, _)| !questions.contains(path.template().as_str()));
    }
    values
}

/// The files of the answers that count, each once.
pub(crate) fn attached(fields: &[tianye_xform::Field], state: &survey::InterviewState) -> Vec<Attachment> {
    let file = |field: &tianye_xform::Field| {
        let path = Field::new(given_at(field.path.as_str()));
        state.fields.get(&path)?.file(&Answer::from(&field.given)).cloned()
    };
    let mut files: Vec<Attachment> = Vec::new();
    for file in fields.iter().filter(|field| field.counts).filter_map(file) {
        if files.iter().all(|known| known.name != file.name) {
            files.push(file);
        }
    }
    files
}

/// What a form draws for a record where two of its versions are compared: the same each time.
fn lot_of(record: RecordId) -> u64 {
    record
        .to_string()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |lot, byte| (lot ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
