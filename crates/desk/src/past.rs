//! What interviews of earlier versions of a form add to its tables: answers that the newest version has no place for, or
//! reads differently.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use tianye_export::{NoteKind, Past, PastKind, VersionNote, Versions};
use tianye_survey::FormHash;
use tianye_xform::{Carry, Field, FieldPath, Form, Given, Leftover, Origin, Question, Repeat, Session, carried};

use crate::desk::Desk;
use crate::refusal::Result;
use crate::versions::{Way, path_over};

/// The last part of the address of answers as they were given.
const AS_GIVEN: &str = ".as_given";

/// The address of an answer whose column tells it as it was given.
pub(crate) fn given_at(column: &str) -> &str {
    column.strip_suffix(AS_GIVEN).unwrap_or(column)
}

/// An interview under its own version, where that is not the newest one.
pub(crate) struct Own {
    pub version: FormHash,
    pub session: Session,
    /// From there to the newest.
    pub way: Way,
    /// It under the newest version, with the same clock and the same lots.
    pub now: Session,
}

/// What earlier versions add, gathered while interviews are read.
pub(crate) struct Gathered {
    newest: FormHash,
    form: Arc<Form>,
    /// Versions that interviews were filled in under.
    seen: BTreeSet<FormHash>,
    /// Template paths (under the newest version) with answers that read differently: the version, and its question.
    differing: BTreeMap<String, (FormHash, Question)>,
    /// Addresses of answers that no version explains.
    unknown: BTreeSet<String>,
}

impl Gathered {
    pub fn new(newest: FormHash, form: Arc<Form>) -> Self {
        let (differing, unknown) = (BTreeMap::new(), BTreeSet::new());
        Self { newest, form, seen: BTreeSet::new(), differing, unknown }
    }

    /// The fields of an interview for its row in the table of the newest version. `own` is the interview under its own
    /// version, where that is another one; `leftovers` are the answers without a place in `session`.
    ///
    /// What was computed differently is told as it was too: the interviewer saw it, and later questions followed it.
    pub fn fields(&mut self, session: &Session, leftovers: &[Leftover], own: Option<&Own>) -> Vec<Field> {
        let mut fields = session.fields();
        let mut further: Vec<Field> = Vec::new();
        let mut told: HashSet<FieldPath> = HashSet::new();
        if let Some(Own { version, session: own, way, now }) = own {
            self.seen.insert(*version);
            let now = now.fields();
            let now: HashMap<&FieldPath, &Field> = now.iter().map(|field| (&field.path, field)).collect();
            for field in own.fields().into_iter().filter(|field| field.counts && !field.given.is_blank()) {
                let (path, _) = carried(way.iter(), field.path.clone(), Given::Blank);
                let template = path.template();
                if !self.form.has(&template) {
                    told.insert(path.clone());
                    further.push(Field { path, ..field });
                    continue;
                }
                let same = now.get(&path).is_some_and(|now| now.counts && now.given == field.given);
                if same || matches!(field.origin, Origin::RowPresence | Origin::Metadata) {
                    continue;
                }
                told.insert(path.clone());
                let Ok(path) = FieldPath::parse(&format!("{}{AS_GIVEN}", path.as_str())) else { continue };
                if let Some(question) = own.form().question(&field.path.template()) {
                    self.differing.entry(template).or_insert((*version, question));
                }
                further.push(Field { path, ..field });
            }
        }
        let known: HashSet<FieldPath> = own
            .iter()
            .flat_map(|own| {
                let fields = own.session.fields().into_iter();
                fields.map(|field| carried(own.way.iter(), field.path, Given::Blank).0)
            })
            .collect();
        for Leftover { path, given, .. } in leftovers.iter().filter(|leftover| !leftover.given.is_blank()) {
            // A value that its own version did not count is no answer of the table, but stands in the record.
            if told.contains(path) || path.row().is_some() || known.contains(path) {
                continue;
            }
            let mut path = path.clone();
            if self.form.has(&path.template()) {
                let Ok(apart) = FieldPath::parse(&format!("{}{AS_GIVEN}", path.as_str())) else { continue };
                path = apart;
            }
            self.unknown.insert(path.template());
            further.push(Field { path, given: given.clone(), origin: Origin::Answered, counts: true });
        }
        let there: HashSet<FieldPath> = fields
            .iter()
            .chain(&further)
            .filter(|field| field.counts && field.origin == Origin::RowPresence)
            .map(|field| field.path.clone())
            .collect();
        let mut rows: Vec<Field> = Vec::new();
        for field in &further {
            for row in rows_around(&field.path) {
                if !there.contains(&row) && rows.iter().all(|known| known.path != row) {
                    rows.push(Field { path: row, given: "1".into(), origin: Origin::RowPresence, counts: true });
                }
            }
        }
        // Outer rows before inner ones, and rows before what stands in them.
        rows.sort_by_key(|row| row.path.steps().count());
        fields.extend(rows);
        fields.extend(further);
        fields
    }

    /// The columns, tables and notes that they come to.
    pub fn versions(&self, desk: &Desk) -> Result<Versions> {
        let mut versions = Versions::default();
        let mut columns: BTreeSet<String> = BTreeSet::new();
        // The latest version first: it says what a question was called in the end.
        let mut seen: Vec<FormHash> = self.in_order(desk);
        seen.reverse();
        for version in &seen {
            let (old, way) = (desk.form(version)?, desk.way(version, &self.newest));
            let name = desk.version_words(version);
            for repeat in old.repeats() {
                let path = over(&way, &repeat.path);
                if !self.form.has(&path) && versions.repeats.iter().all(|known| known.path != path) {
                    let parent = repeat.parent.as_deref().map(|parent| over(&way, parent));
                    versions.repeats.push(Repeat { path, parent, ..repeat });
                }
            }
            for question in old.questions() {
                let path = over(&way, &question.path);
                let note = |kind, there: &str, newest: &str| VersionNote {
                    question: if self.form.has(&path) { path.clone() } else { question.path.clone() },
                    version: name.clone(),
                    kind,
                    there: there.to_owned(),
                    newest: newest.to_owned(),
                };
                if self.form.has(&path) {
                    if path != question.path {
                        versions.notes.push(note(NoteKind::Renamed, &question.path, &path));
                    }
                    for (there, newest) in recoded(&way, &question) {
                        versions.notes.push(note(NoteKind::Recoded, &there, &newest));
                    }
                    if self.differing.get(&path).is_some_and(|(of, _)| of == version) {
                        versions.notes.push(note(NoteKind::AsGiven, &question.path, &format!("{path}{AS_GIVEN}")));
                    }
                    continue;
                }
                if question.control != tianye_xform::Control::Note && question.origin != Origin::Metadata {
                    versions.notes.push(note(NoteKind::Gone, &question.path, ""));
                }
                if columns.insert(path.clone()) {
                    let repeat = question.repeat.as_deref().map(|repeat| over(&way, repeat));
                    let question = Question { path, repeat, ..question };
                    versions.questions.push(Past { question, version: name.clone(), kind: PastKind::Gone });
                }
            }
        }
        for (template, (version, question)) in &self.differing {
            let repeat = self.form.question(template).and_then(|question| question.repeat);
            let question = Question { path: format!("{template}{AS_GIVEN}"), repeat, ..question.clone() };
            versions.questions.push(Past { question, version: desk.version_words(version), kind: PastKind::AsGiven });
        }
        for template in self.unknown.iter().filter(|template| !columns.contains(*template)) {
            if self.differing.contains_key(template.trim_end_matches(AS_GIVEN)) {
                continue;
            }
            let known = |repeat: &String| versions.repeats.iter().any(|known| known.path == *repeat);
            let repeat = innermost(template, |path| known(&path.to_owned()) || self.form.is_repeat(path));
            let question = Question::unknown(template, repeat);
            versions.questions.push(Past { question, version: String::new(), kind: PastKind::Gone });
        }
        Ok(versions)
    }

    /// The versions in the order in which they were published.
    fn in_order(&self, desk: &Desk) -> Vec<FormHash> {
        let record = desk.book.project.form_version(&self.newest).map(|(record, _)| record);
        let state = record.and_then(|record| desk.book.project.forms.get(&record));
        let all = state.iter().flat_map(|state| state.versions.iter().map(|version| version.form.hash));
        let mut known: Vec<FormHash> = Vec::new();
        for hash in all.filter(|hash| self.seen.contains(hash)) {
            known.retain(|other| *other != hash);
            known.push(hash);
        }
        known
    }
}

impl Desk {
    /// How answers of one version read under another.
    pub(crate) fn way(&self, from: &FormHash, to: &FormHash) -> Way {
        self.book.library.way(&self.book.project, &self.store, from, to)
    }
}

fn over(way: &[Carry], path: &str) -> String {
    path_over(way, path).unwrap_or_else(|| path.to_owned())
}

/// Codes of a question that read differently: (there, in the newest version).
fn recoded(way: &[Carry], question: &Question) -> Vec<(String, String)> {
    let Ok(path) = FieldPath::parse(&question.path) else { return Vec::new() };
    let now = |code: &str| carried(way, path.clone(), code.into()).1.text().to_owned();
    let codes = question.choices.iter().map(|choice| (choice.value.clone(), now(&choice.value)));
    codes.filter(|(there, now)| there != now).collect()
}

/// The rows that a field stands in, outermost first.
fn rows_around(path: &FieldPath) -> Vec<FieldPath> {
    let text = path.as_str();
    let ends = text.match_indices("]/").map(|(at, _)| &text[..=at]);
    ends.filter_map(|row| FieldPath::parse(row).ok()).collect()
}

/// The innermost of the paths around a template path that is a repeat.
fn innermost(template: &str, is_repeat: impl Fn(&str) -> bool) -> Option<String> {
    let ends = template.match_indices('/').map(|(at, _)| &template[..at]).filter(|path| !path.is_empty());
    ends.rev().find(|path| is_repeat(path)).map(str::to_owned)
}
