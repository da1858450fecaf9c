//! Submissions that were edited elsewhere, taken in as further sittings of the records that they were made of.
//!
//! An edited submission says which one it replaces (`deprecatedID`). Its sitting stands on the entries that the replaced
//! one stood on, and writes only what it changes: so what was corrected here in the meantime meets it as a conflict, and
//! two laptops that take in the same one write the same fields.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tianye_journal::{ChunkId, RecordId};
use tianye_store::Op;
use tianye_survey::{self as survey, Answer, Change, Content, Field, FormHash, Interview, Private, Source, Stage};
use tianye_xform::{self as xform, Context, FieldPath, Session, SubmissionHead};

use super::reading::{Sealed, events, files_of, heads, replaces, told};
use super::sources::{Found, Sources, unread};
use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::settled;
use crate::interview::open::{kept, values};
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::{ImportUnread, ImportView, Refusal, Role};
use crate::world;

/// A submission that would become a sitting.
struct Revision {
    found: Found,
    head: SubmissionHead,
    version: FormHash,
    record: RecordId,
}

impl Desk {
    /// What taking edited submissions in would do: `new` of the answer are the sittings. Nothing is written.
    ///
    /// # Errors
    /// As [`Self::preview_import`].
    pub fn preview_revisions(&self, paths: &[PathBuf], only: Option<&str>, language: &str) -> Result<ImportView> {
        Ok(self.plan_revisions(paths, only, language)?.2)
    }

    /// Takes them in: each that is not here becomes a finalised sitting of the record whose submission it replaces, durable
    /// before the next one.
    ///
    /// # Errors
    /// As [`Self::preview_import`]; what was taken in before stays.
    pub fn import_revisions(&mut self, paths: &[PathBuf], only: Option<&str>, language: &str) -> Result<ImportView> {
        self.leave()?;
        let (mut sources, revisions, mut view) = self.plan_revisions(paths, only, language)?;
        for revision in &revisions {
            match self.revise(&mut sources, revision) {
                Ok(left_out) => view.left_out += left_out,
                Err(refusal) => {
                    view.new -= 1;
                    view.unread.push(unread(&revision.found.place, refusal));
                }
            }
            // The next one may replace it.
            self.book.read_on(&self.store)?;
        }
        view.done = true;
        Ok(view)
    }

    /// What taking both kinds in would do: submissions that become records, and `revisions` of the records that are here.
    /// Nothing is written.
    ///
    /// # Errors
    /// As [`Self::preview_import`].
    pub fn preview_submissions(&self, paths: &[PathBuf], language: &str) -> Result<ImportView> {
        let mut view = self.preview_import(paths, None, language)?;
        if view.unread.iter().any(is_revision) {
            let revisions = self.preview_revisions(paths, None, language)?;
            tell_revisions(&mut view, revisions);
        }
        Ok(view)
    }

    /// Takes in what becomes a record, then, if they are wanted, the revisions of records.
    ///
    /// # Errors
    /// As [`Self::preview_import`]; what was taken in before stays.
    pub fn take_in_submissions(&mut self, paths: &[PathBuf], revisions: bool, language: &str) -> Result<ImportView> {
        let mut view = self.import(paths, None, language)?;
        if revisions && view.unread.iter().any(is_revision) {
            let revisions = self.import_revisions(paths, None, language)?;
            view.left_out += revisions.left_out;
            tell_revisions(&mut view, revisions);
        }
        Ok(view)
    }

    fn plan_revisions(
        &self,
        paths: &[PathBuf],
        only: Option<&str>,
        language: &str,
    ) -> Result<(Sources, Vec<Revision>, ImportView)> {
        if !matches!(self.role(), Role::Lead | Role::Interviewer) {
            return Err(refuse("no-right", "expected a lead or an interviewer, found another role"));
        }
        let mut sources = Sources::of(paths)?;
        let mut view = ImportView { unread: std::mem::take(&mut sources.unread), ..ImportView::default() };
        let mut known: BTreeMap<String, RecordId> = BTreeMap::new();
        for record in self.book.interviews.keys() {
            known.extend(self.every_name(*record)?.into_iter().map(|name| (name, *record)));
        }
        let mut waiting = heads(&mut sources, only, &mut view);
        waiting.retain(|(found, head)| {
            if known.contains_key(&head.instance_id) {
                view.here += 1;
            } else if replaces(head) {
                return true;
            } else {
                let expected = "expected a submission that says which one it replaces, found none named";
                view.unread.push(unread(&found.place, refuse("revision-none", expected)));
            }
            false
        });
        let mut revisions = Vec::new();
        // One may replace another one of them: it comes after that.
        loop {
            let (next, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|(_, head)| known.contains_key(&head.deprecated_id));
            waiting = later;
            if next.is_empty() {
                break;
            }
            for (found, head) in next {
                let Some(record) = known.get(&head.deprecated_id).copied() else { continue };
                let fits = self.may_be_revised(record, &head);
                match fits.and_then(|()| self.look_at(&mut sources, &found, &head, language, &mut view.forms)) {
                    Ok(version) => {
                        known.insert(head.instance_id.clone(), record);
                        revisions.push(Revision { found, head, version, record });
                    }
                    Err(refusal) => view.unread.push(unread(&found.place, refusal)),
                }
            }
        }
        for (found, head) in waiting {
            let refusal = refuse("revision-unknown", "expected a revision of a record that is here, found another");
            let refusal = refusal.with("replaces", head.deprecated_id.as_str());
            view.unread.push(unread(&found.place, refusal));
        }
        view.new = small(revisions.len());
        Ok((sources, revisions, view))
    }

    /// A revision is of the same form, and brings nothing back that was erased.
    fn may_be_revised(&self, record: RecordId, head: &SubmissionHead) -> Result<()> {
        let form = self.book.interviews.get(&record).and_then(|brief| brief.form);
        let known = form.and_then(|form| self.book.project.form_version(&form));
        if known.is_none_or(|(_, version)| version.form.form_id != head.form_id) {
            let refusal =
                refuse("import-other-form", "expected a revision under the form of its record, found another");
            let expected = known.map(|(_, version)| version.form.form_id.clone()).unwrap_or_default();
            return Err(refusal.with("form", head.form_id.as_str()).with("expected", expected));
        }
        if !self.book.erasures_in(&record).is_empty() {
            let expected = "expected a record of which nothing was erased, found one that a revision could bring back";
            return Err(refuse("revision-erased", expected));
        }
        Ok(())
    }

    /// Makes one a sitting; gives the number of its files that do not fit their questions.
    fn revise(&mut self, sources: &mut Sources, revision: &Revision) -> Result<u32> {
        let Revision { found, head, version, record } = revision;
        let gone = || -> Refusal {
            refuse("revision-unknown", "expected a revision of a record that is here, found another")
                .with("replaces", head.deprecated_id.as_str())
        };
        let parents = self.stands_on(*record, &head.deprecated_id)?.ok_or_else(gone)?;
        let entries = entries_of(&self.store, *record)?;
        let read = self.book.library.read_under(&self.book.project, &self.store, &entries, version, &self.book.team);
        // What the replaced one said: its entries and all before them.
        let mut past: BTreeSet<_> = parents.iter().copied().collect();
        let mut next = parents.clone();
        while let Some(hash) = next.pop() {
            let before = read.iter().filter(|entry| entry.hash == hash).flat_map(|entry| entry.parents.iter().copied());
            next.extend(before.filter(|hash| past.insert(*hash)).collect::<Vec<_>>());
        }
        let past: Vec<_> = read.into_iter().filter(|entry| past.contains(&entry.hash)).collect();
        let state = survey::interview(*record, &past, &self.book.team);

        let form = self.form(version)?;
        let xml = sources.xml(found)?;
        let dice = std::cell::RefCell::new(ChaCha20Rng::from_seed(*blake3::hash(xml.as_bytes()).as_bytes()));
        let random = || dice.borrow_mut().next_u64();
        let properties = xform::Properties::default();
        // As of the last entry, not of today: every laptop computes the same.
        let at = past.iter().map(|entry| entry.at).max().and_then(|at| world::local(at.ms, at.offset));
        let context = Context { now: at.unwrap_or_else(|| self.world.now()), random: &random, properties: &properties };
        let session = Session::resume(form.clone(), values(&settled(&state)), &context).0;
        let bits = |row: &FieldPath| {
            let hash = blake3::hash(format!("row {} {row}", head.instance_id).as_bytes());
            hash.as_bytes()[..16].iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte))
        };
        let revised = session.revise(&xml, &bits, &context).map_err(|why| told(&why))?;

        let log = form.audit().map(|audit| audit.path.clone());
        let is_log = |path: &FieldPath| log.as_deref() == Some(path.template().as_str());
        let named = files_of(&revised.session, &revised.changes);
        let Sealed { mut files, left_out } = self.seal_beside(sources, (found, head), *record, named)?;
        let mut changes: Vec<Change> = Vec::new();
        for field in revised.changes.iter().filter(|field| kept(field) && !is_log(&field.path)) {
            let auto = !matches!(field.origin, xform::Origin::Answered | xform::Origin::RowPresence);
            changes.push(match files.remove(&field.path) {
                Some((name, file)) => Change { file: Some(file), auto, ..Change::new(&field.path, Answer::of(&name)) },
                None => Change { auto, ..Change::new(&field.path, Answer::from(&field.given)) },
            });
        }
        for left in revised.leftovers.iter().filter(|left| !left.given.is_blank() && !is_log(&left.path)) {
            let answer = Answer::from(&left.given);
            let known = state.fields.get(&Field::from(&left.path)).and_then(|fields| fields.settled());
            if known != Some(&answer) {
                changes.push(Change::new(&left.path, answer));
            }
        }
        if log.is_some() {
            // The log goes on: what it said before is here.
            let known: BTreeSet<_> =
                state.audit().iter().map(|event| event.answer().value().map(str::to_owned)).collect();
            let new = |change: &Change| !known.contains(&change.answer.value().map(str::to_owned));
            changes.extend(events(sources, found)?.into_iter().filter(new));
        }
        let chunks: Vec<ChunkId> = changes
            .iter()
            .filter_map(|change| change.file.as_ref())
            .flat_map(|file| file.chunks.iter().map(|part| part.id))
            .collect();
        let interview = Interview {
            changes,
            stage: Some(Stage::Finalised),
            source: Some(Source { file: Private::from(found.place.as_str()), instance: head.instance_id.clone() }),
            app: Some(concat!("tianye ", env!("CARGO_PKG_VERSION")).into()),
            ..state.sitting(*version)
        };
        let body = self.body(*record, parents, &Content::Interview(Box::new(interview)))?;
        self.store.transact(Op::Seal, |tx| {
            tx.name_chunks(&chunks)?;
            tx.append_own(&body).map(|_| ())
        })?;
        Ok(left_out)
    }
}

fn is_revision(unread: &ImportUnread) -> bool {
    unread.refusal.code == "import-revision"
}

/// What was no new record is a revision, or is not read for the reason that the other plan found.
fn tell_revisions(view: &mut ImportView, revisions: ImportView) {
    let (asked, mut unread): (Vec<_>, Vec<_>) = std::mem::take(&mut view.unread).into_iter().partition(is_revision);
    let asked: BTreeSet<String> = asked.into_iter().map(|one| one.place).collect();
    let before = unread.len();
    unread.extend(revisions.unread.into_iter().filter(|one| asked.contains(&one.place)));
    let last = asked.len() - (unread.len() - before);
    // Of several revisions of one record, each becomes a sitting.
    view.earlier = view.earlier.saturating_sub(revisions.new.saturating_sub(small(last)));
    (view.unread, view.revisions) = (unread, revisions.new);
}
