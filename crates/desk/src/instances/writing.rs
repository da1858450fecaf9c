//! Submissions that a person asked for: a folder for each record, as Collect and Briefcase keep them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use tianye_export::{Words, file_name, write_unmarked};
use tianye_journal::{EntryHash, RecordId};
use tianye_survey::{self as survey, Field, FormHash, Opened, Status};
use tianye_xform::{Context, FieldPath, Form, Session, SubmissionNames};

use super::naming::{self, Names, Stand};
use crate::book::{Brief, entries_of};
use crate::consenting::Gate;
use crate::desk::Desk;
use crate::exporting::{agreed, attached, audit_of};
use crate::filling::settled;
use crate::interview::open::values;
use crate::kept_exports::{Chosen, KeptExport, LeftOut, told};
use crate::refusal::{Result, refuse};
use crate::view::{ExportInput, ExportPurpose, InstancesReport};
use crate::world;

/// The file of a submission in its folder, as Briefcase calls it.
const SUBMISSION: &str = "submission.xml";

/// The file of an audit log, as Collect calls it.
pub(super) const AUDIT: &str = "audit.csv";

impl Desk {
    /// Writes each finalised record of a form as a submission: `FORM/instances/uuid…/submission.xml`, the files of its
    /// answers beside it. What is not finalised, or in conflict, is left out and counted.
    ///
    /// Each is written under its own version of the form. What the form computes is computed anew.
    ///
    /// A submission holds everything that was said, so it needs a role and a reason, and goes into no archive.
    ///
    /// # Errors
    /// No right, no reason; `export-for-identified`; no such form; a folder that cannot be written; the store's refusal.
    pub fn export_instances(
        &self,
        form_id: &str,
        folder: &Path,
        (purpose, reason): (ExportPurpose, &str),
        language: &str,
    ) -> Result<InstancesReport> {
        let wish = ExportInput { identified: true, purpose, reason: reason.to_owned(), ..ExportInput::default() };
        self.must_export(&wish)?;
        let newest = self.newest_form(form_id)?;
        let version = self.form(&newest)?.version().to_owned();
        let chosen =
            Chosen { files: true, instances: true, identified: true, purpose: purpose.into(), ..Chosen::default() };
        let mut kept = KeptExport::new(self, form_id, version, chosen, folder)?;
        reason.trim().clone_into(&mut kept.reason);
        let (report, left_out) = self.write_instances(form_id, folder, language, &mut kept)?;
        (kept.left_out, kept.left_out_practice) = (left_out, report.practice);
        kept.keep(self)?;
        kept.write(folder).map_err(|why| refuse("export-failed", format!("{}: {why}", folder.display())))?;
        Ok(report)
    }

    /// Writes them, and notes in `kept` which are written; with it how many are left out because of what was not agreed to.
    pub(crate) fn write_instances(
        &self,
        form_id: &str,
        folder: &Path,
        language: &str,
        kept: &mut KeptExport,
    ) -> Result<(InstancesReport, LeftOut)> {
        let practice = self.book.project.is_practice();
        let mark = if practice { Words::for_language(language).file_mark } else { "" };
        let inside = format!("{mark}{}", file_name(form_id));
        let to = folder.join(&inside).join("instances");
        let failed = |why: io::Error| refuse("export-failed", format!("{}: {why}", to.display()));
        let mut report = InstancesReport { folder: to.display().to_string(), ..InstancesReport::default() };
        let (mut taken, mut left_out) = (BTreeSet::new(), LeftOut::new());
        let today = self.today();
        let gate = self.gate(&today)?;
        for (record, brief) in &self.book.interviews {
            if brief.form.is_none() || self.form_id(brief.form) != form_id {
                continue;
            }
            if self.is_past_practice(brief) {
                report.practice += 1;
                continue;
            }
            if !is_complete(brief.status) {
                report.open += 1;
                continue;
            }
            if brief.conflicts > 0 {
                report.undecided += 1;
                continue;
            }
            if let Some(why) = self.left_out(&gate, record, brief, (kept.options.purpose, true)) {
                *left_out.entry(why).or_default() += 1;
                continue;
            }
            let Some(outgoing) = self.outgoing(*record, brief, &gate)? else {
                report.unreadable += 1;
                continue;
            };
            let Outgoing { mut session, state, names, audit } = outgoing;
            let deprecated_id = Some(names.deprecated_id.as_str()).filter(|id| !id.is_empty());
            session.name_submission(&SubmissionNames { instance_id: &names.instance_id, deprecated_id });
            let own = folder_of(&names.instance_id, &mut taken);
            kept.rows_of(&record.to_string()).files.push(format!("{inside}/instances/{own}"));
            let own = to.join(own);
            fs::create_dir_all(&own).map_err(failed)?;
            let xml = marked(&session.instance_xml(), practice);
            keep(&own.join(SUBMISSION), xml.as_bytes()).map_err(failed)?;
            if let Some((_, table)) = audit {
                let mut csv = Vec::new();
                write_unmarked(&table, &mut csv)?;
                keep(&own.join(AUDIT), &csv).map_err(failed)?;
            }
            let (attached, missing) =
                self.write_attachments(&attached(&session.fields(), &state), &own).map_err(failed)?;
            report.attached += attached;
            report.missing += missing;
            report.written += 1;
        }
        (report.withheld, report.left_out) = (left_out.values().sum(), told(&left_out));
        Ok((report, left_out))
    }

    /// A record as it goes out; none while its form has not come.
    fn outgoing(&self, record: RecordId, brief: &Brief, gate: &Gate<'_>) -> Result<Option<Outgoing>> {
        let Some((version, form)) = self.version_of(record) else { return Ok(None) };
        let entries = entries_of(&self.store, record)?;
        let read = self.book.library.read_under(&self.book.project, &self.store, &entries, &version, &self.book.team);
        let state = survey::interview(record, &read, &self.book.team);
        let mut fields = agreed(&form, &self.unusable(gate, brief), values(&settled(&state)));
        let audit =
            form.audit().map(|audit| audit_of(record, audit, &state)).filter(|(_, table)| !table.rows.is_empty());
        if let Some(path) =
            form.audit().filter(|_| audit.is_some()).and_then(|audit| FieldPath::parse(&audit.path).ok())
        {
            fields.push((path, AUDIT.into()));
        }
        let changed = entries.iter().map(|entry| entry.at).max();
        let now = changed.and_then(|at| world::local(at.ms, at.offset)).unwrap_or_else(|| self.world.now());
        let random = || world::random_u64(&*self.world);
        let properties = self.properties();
        let context = Context { now, random: &random, properties: &properties };
        let session = Session::resume(form.clone(), fields, &context).0;
        let all = self.names_under(record, &form, &read, session.meta("instanceID").unwrap_or_default());
        let names = all.into_iter().next().unwrap_or_default();
        Ok(Some(Outgoing { session, state, names, audit }))
    }

    fn version_of(&self, record: RecordId) -> Option<(FormHash, Arc<Form>)> {
        let version = self.book.interviews.get(&record)?.form?;
        Some((version, self.form(&version).ok()?))
    }

    /// What stands in some entries of a record, read under a form.
    fn stand_under<'d>(&'d self, record: RecordId, form: &'d Form, fresh: &'d str) -> impl Fn(&[Opened]) -> Stand + 'd {
        move |some| {
            let state = survey::interview(record, some, &self.book.team);
            let said = |local: &str| {
                let answer = state.fields.get(&Field::from(form.meta_path(local)?))?.settled()?;
                answer.value().map(str::to_owned)
            };
            let names = Names {
                instance_id: said("instanceID").unwrap_or_else(|| fresh.to_owned()),
                deprecated_id: said("deprecatedID").unwrap_or_default(),
            };
            let answers = state.answers().filter(|(field, _)| field.is_node());
            Stand { names, answers: answers.map(|(field, answer)| (field.clone(), answer.clone())).collect() }
        }
    }

    /// The last entries that the submission of this id stands on, if a record's submission ever had it.
    pub(super) fn stands_on(&self, record: RecordId, instance_id: &str) -> Result<Option<Vec<EntryHash>>> {
        let Some((version, form)) = self.version_of(record) else { return Ok(None) };
        let entries = entries_of(&self.store, record)?;
        let read = self.book.library.read_under(&self.book.project, &self.store, &entries, &version, &self.book.team);
        let all = naming::stands(record, &read, &self.stand_under(record, &form, ""));
        Ok(all.into_iter().find(|(name, _)| name == instance_id).map(|(_, last)| last))
    }

    /// The names of a record's revisions, the last one first; `fresh` is the id for one whose entries have none.
    fn names_under(&self, record: RecordId, form: &Form, read: &[Opened], fresh: &str) -> Vec<Names> {
        naming::revisions(record, read, &self.stand_under(record, form, fresh))
    }

    /// Every name that a record goes or went by: what is taken in under one of them is here already.
    pub(super) fn every_name(&self, record: RecordId) -> Result<BTreeSet<String>> {
        let Some((version, form)) = self.version_of(record) else { return Ok(BTreeSet::new()) };
        let entries = entries_of(&self.store, record)?;
        let read = self.book.library.read_under(&self.book.project, &self.store, &entries, &version, &self.book.team);
        let state = survey::interview(record, &read, &self.book.team);
        let mut names = BTreeSet::new();
        for local in ["instanceID", "deprecatedID"] {
            let field = form.meta_path(local).and_then(|path| state.fields.get(&Field::from(path)));
            let writes = field.iter().flat_map(|field| field.writes());
            names.extend(writes.filter_map(|write| write.answer.value().map(str::to_owned)));
        }
        for Names { instance_id, deprecated_id } in self.names_under(record, &form, &read, "") {
            names.extend([instance_id, deprecated_id]);
        }
        let stands = naming::stands(record, &read, &self.stand_under(record, &form, ""));
        names.extend(stands.into_iter().map(|(name, _)| name));
        names.remove("");
        Ok(names)
    }
}

struct Outgoing {
    session: Session,
    state: survey::InterviewState,
    names: Names,
    audit: Option<(String, tianye_export::Table)>,
}

/// Whether an interview is complete in somebody's eyes.
fn is_complete(status: Status) -> bool {
    matches!(status, Status::Finalised | Status::Corrected | Status::Approved)
}

/// The folder of a submission, as Briefcase calls it: the id without its colon.
fn folder_of(instance_id: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = file_name(&instance_id.replace(':', ""));
    let mut free = plain.clone();
    let mut number = 2;
    while !taken.insert(free.to_lowercase()) {
        free = format!("{plain}_{number}");
        number += 1;
    }
    free
}

/// A submission of a practice project says so; other programs pass over a comment.
fn marked(xml: &str, practice: bool) -> String {
    const MARK: &str = "<!-- 练习项目，不是真实资料。Practice project: nothing in it is about anybody. -->\n";
    match xml.split_once('\n').filter(|_| practice) {
        Some((declaration, rest)) => format!("{declaration}\n{MARK}{rest}"),
        None => xml.to_owned(),
    }
}

fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
