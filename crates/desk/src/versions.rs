//! Forms that were read, and how the answers of one version read under another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tianye_journal::{FileKey, RecordId, open_file};
use tianye_store::Store;
use tianye_survey::{self as survey, Answer, ChunkRef, Field, FormHash, FormState, FormVersion, Opened, ProjectState};
use tianye_xform::{Carry, FieldPath, Form, Media, carried, carry, carry_back};

use crate::refusal::{Result, refuse};

/// Bytes of a version's hash that tell it from the others of its form.
const TAG: usize = 4;

/// What was read of forms; it can be read again.
#[derive(Debug, Default)]
pub(crate) struct Library {
    /// By the hash of the XForm.
    forms: Mutex<BTreeMap<FormHash, Arc<Form>>>,
    /// From one version to another, over those between them.
    ways: Mutex<BTreeMap<(FormHash, FormHash), Way>>,
}

/// The steps that lead from one version of a form to another.
pub(crate) type Way = Arc<Vec<Carry>>;

impl Library {
    /// The form of a version hash, read from its chunks.
    ///
    /// # Errors
    /// `form-missing` while the form or a part of it has not come; `form-unusable` for one that this version cannot read.
    pub fn form(&self, project: &ProjectState, store: &Store, hash: &FormHash) -> Result<Arc<Form>> {
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(form) = forms.get(hash) {
            return Ok(form.clone());
        }
        let (_, version) = project
            .form_version(hash)
            .ok_or_else(|| refuse("form-missing", "expected the form of this interview, found none; sync first"))?;
        let form = Arc::new(read_form(store, &version.form)?);
        forms.insert(*hash, form.clone());
        Ok(form)
    }

    /// New versions may stand between those that were looked at.
    pub fn forget_ways(&self) {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How answers of one version read under another: over the versions between them, so that their hints count too. A
    /// version that has not come is passed over.
    pub fn way(&self, project: &ProjectState, store: &Store, from: &FormHash, to: &FormHash) -> Way {
        if from == to {
            return Way::default();
        }
        if let Some(way) = self.ways.lock().unwrap_or_else(PoisonError::into_inner).get(&(*from, *to)) {
            return way.clone();
        }
        let record = project.form_version(to).map(|(record, _)| record);
        let Some(state) = record.and_then(|record| project.forms.get(&record)) else { return Way::default() };
        let form = |hash: &FormHash| self.form(project, store, hash).ok();
        let (Some(_), Some(_)) = (form(from), form(to)) else { return Way::default() };
        let versions = |from, to| -> Vec<(FormHash, Arc<Form>)> {
            between(state, from, to).into_iter().filter_map(|hash| Some((hash, form(&hash)?))).collect()
        };
        let way: Vec<Carry> = if state.newest_of(&[*from, *to]).one() == Some(*from) {
            // Backwards: what is called differently in the newer one has its old name again.
            let versions = versions(to, from);
            versions.windows(2).rev().map(|two| carry_back(&two[0].1, &two[1].1, &tag(&two[1].0))).collect()
        } else {
            versions(from, to).windows(2).map(|two| carry(&two[0].1, &two[1].1, &[], &tag(&two[0].0))).collect()
        };
        let way: Way = Arc::new(way);
        self.ways.lock().unwrap_or_else(PoisonError::into_inner).insert((*from, *to), way.clone());
        way
    }

    /// An interview as it reads under a version.
    pub fn read_under(
        &self,
        project: &ProjectState,
        store: &Store,
        entries: &[Opened],
        target: &FormHash,
        team: &survey::Team,
    ) -> Vec<Opened> {
        let Some(record) = entries.first().map(|entry| entry.record) else { return Vec::new() };
        survey::read_under(&survey::without_erased(record, entries, team), target, &|from, field, answer| {
            let way = self.way(project, store, from, target);
            carried_over(&way, field, answer)
        })
    }

    /// The state of an interview under the newest version among its heads, and that version.
    pub fn interview(
        &self,
        project: &ProjectState,
        store: &Store,
        team: &survey::Team,
        record: RecordId,
        entries: &[Opened],
    ) -> survey::InterviewState {
        // Most were never erased, and need not be copied.
        let erased = entries.iter().any(|entry| entry.kind == survey::kind::ERASURE);
        let left = erased.then(|| survey::without_erased(record, entries, team));
        let entries = left.as_deref().unwrap_or(entries);
        let state = survey::interview(record, entries, team);
        let target = project.newest_of(&state.forms).one().or_else(|| state.forms.first().copied());
        match target.filter(|target| survey::versions_of(entries).iter().any(|form| form != target)) {
            None => state,
            Some(target) => survey::interview(record, &self.read_under(project, store, entries, &target, team), team),
        }
    }
}

/// A field and its answer, over the steps from one version to another. What is no address of a form stays as it is.
pub(crate) fn carried_over(way: &[Carry], field: &Field, answer: &Answer) -> (Field, Answer) {
    let Some(path) = field.path().filter(|_| !way.is_empty()) else { return (field.clone(), answer.clone()) };
    let (path, given) = carried(way, path, answer.given());
    let answer = match answer {
        Answer::Value(_) if given != answer.given() => Answer::from(&given),
        // A non-answer that is not known here stays what it is.
        _ => answer.clone(),
    };
    (Field::from(&path), answer)
}

/// An address over the steps from one version to another.
pub(crate) fn path_over(way: &[Carry], path: &str) -> Option<String> {
    let path = FieldPath::parse(path).ok()?;
    Some(carried(way, path, tianye_xform::Given::Blank).0.as_str().to_owned())
}

/// The versions from one to another, both included, in the order in which they were published.
fn between(state: &FormState, from: &FormHash, to: &FormHash) -> Vec<FormHash> {
    let mut found: Vec<FormHash> = Vec::new();
    for version in &state.versions {
        let hash = version.form.hash;
        let after = || state.newest_of(&[*from, hash]).one() == Some(hash);
        let before = || state.newest_of(&[hash, *to]).one() == Some(*to);
        if hash != *from && hash != *to && !found.contains(&hash) && after() && before() {
            found.push(hash);
        }
    }
    found.insert(0, *from);
    found.push(*to);
    found
}

/// What tells a version from the others of its form.
pub(crate) fn tag(hash: &FormHash) -> String {
    hash.0[..TAG].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_form(store: &Store, version: &FormVersion) -> Result<Form> {
    let xml = file(store, &version.chunks)?;
    let xml = String::from_utf8(xml).map_err(|_| refuse("form-unusable", "expected UTF-8, found other bytes"))?;
    let mut media = Media::none();
    for part in &version.media {
        media.insert(part.name.clone(), file(store, &part.chunks)?);
    }
    let (form, problems) = Form::parse(&xml, &media);
    form.ok_or_else(|| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        refuse("form-unusable", first)
    })
}

/// A file of a form, opened from its chunks.
pub(crate) fn file(store: &Store, chunks: &[ChunkRef]) -> Result<Vec<u8>> {
    let Some(first) = chunks.first() else { return Ok(Vec::new()) };
    let key = FileKey::from_secret_bytes(&first.key.0);
    let mut sealed = Vec::with_capacity(chunks.len());
    for part in chunks {
        let chunk = store.chunk(&part.id)?;
        sealed.push(
            chunk.ok_or_else(|| {
                refuse("form-missing", "expected every part of the form, found one missing; sync first")
            })?,
        );
    }
    Ok(open_file(&key, &sealed)?.to_vec())
}
