//! A draft moved to a newer version of its form: what would become of each answer, moving, and taking it back.
//!
//! Moving writes no answer. What is in no entry yet is sealed under the old version; then the draft is taken up under the
//! new one, where the record reads as its versions' hints say. So the record keeps everything that was ever given, and the
//! move can be taken back as long as nothing was answered since.

use std::collections::{HashMap, HashSet};

use tianye_journal::RecordId;
use tianye_store::{Draft, Op};
use tianye_survey::{AUDIT, FormHash, Stage};
use tianye_xform::{Fate, FieldPath, Form, Moved, Origin, Session, ValueKind, carried, moved};

use crate::conflicts::Question;
use crate::desk::Desk;
use crate::filling::{CORRECTING, Extra, record_id, unknown};
use crate::interview::open::{Stop, values, with_context};
use crate::interview::page::{self, small};
use crate::interview::remarks::Kept as KeptAnswer;
use crate::refusal::{Result, refuse};
use crate::versions::{Way, path_over};
use crate::view::{AddedLine, InterviewState, InterviewView, MoveView, MovedFate, MovedLine};

impl Desk {
    /// The version that is newer than this one of the same form, if the project has one that can be read.
    pub(crate) fn newer_than(&self, form: &FormHash) -> Option<FormHash> {
        let (record, _) = self.book.project.form_version(form)?;
        let state = self.book.project.forms.get(&record)?;
        let newest = state.newest.one().filter(|newest| newest != form)?;
        (state.newest_of(&[*form, newest]).one() == Some(newest) && self.form(&newest).is_ok()).then_some(newest)
    }

    /// The author's name of a version.
    pub(crate) fn version_words(&self, form: &FormHash) -> String {
        let version = self.book.project.form_version(form);
        version.map(|(_, version)| version.form.version.clone()).unwrap_or_default()
    }

    /// What would become of a draft's answers in the newest version of its form. Nothing is changed.
    ///
    /// # Errors
    /// No draft, or no newer version; consent that was refused or taken back; a form that has not come; the store's refusal.
    pub fn preview_move(&self, id: &str, language: &str) -> Result<MoveView> {
        let (draft, newest) = self.movable(record_id(id)?)?;
        let from = FormHash(draft.form);
        let own = Some(&draft.record);
        let (old, new) = (self.form_with_lists(&from, own)?, self.form_with_lists(&newest, own)?);
        let way = self.book.library.way(&self.book.project, &self.store, &from, &newest);
        let answers = self.store.read(|view| view.answers(draft.record))?;
        let fields: Vec<(String, KeptAnswer)> =
            answers.iter().map(|one| (one.path.clone(), KeptAnswer::of_json(one.answer.as_deref()))).collect();
        let properties = self.properties();
        let mut before =
            with_context(&*self.world, &properties, |context| Session::resume(old.clone(), values(&fields), context).0);
        let steps: Vec<_> = way.iter().collect();
        let (mut after, fates) =
            with_context(&*self.world, &properties, |context| moved(&steps, &new, values(&fields), context));
        speak(&mut before, &old, language);
        speak(&mut after, &new, language);
        let extra: Extra = serde_json::from_str(&draft.extra).unwrap_or_default();
        let heading = self.heading(draft.subject, extra.site, InterviewState::Draft, language);
        Ok(MoveView {
            id: draft.record.to_string(),
            form: self.form_words(Some(newest), language).0,
            code: heading.code,
            name: heading.name,
            from: self.version_words(&from),
            to: self.version_words(&newest),
            ..told(&before, &after, &fates, &way)
        })
    }

    /// Moves a draft to the newest version of its form. It is durable when this returns, and opens there.
    ///
    /// # Errors
    /// As [`Self::preview_move`].
    pub fn move_interview(&mut self, id: &str, language: &str) -> Result<InterviewView> {
        let record = record_id(id)?;
        self.movable(record)?;
        // The sitting ends under its own version: what was given stays in the record as it was given.
        self.leave_quietly()?;
        let (draft, newest) = self.movable(record)?;
        if !self.store.read(|view| view.unsealed(record))?.is_empty() {
            let stage = if draft.state == CORRECTING { Stage::Reopened } else { Stage::Paused };
            self.seal(record, &stage)?;
        }
        let from = FormHash(draft.form);
        self.put_under(&draft, newest, Some(from))?;
        self.open_interview(id, language)
    }

    /// Takes a move back: the draft is again as it was under the version before.
    ///
    /// # Errors
    /// `move-kept` if it was not moved, or something was answered or sealed since; the store's refusal.
    pub fn take_move_back(&mut self, id: &str, language: &str) -> Result<InterviewView> {
        let record = record_id(id)?;
        let draft = self.store.read(|view| view.draft(record))?.ok_or_else(|| unknown(id))?;
        let before = self.moved_from(&draft)?.ok_or_else(|| {
            refuse("move-kept", "expected a move since which nothing was answered, found none; undo the answers first")
        })?;
        if self.open.as_ref().is_some_and(|open| open.record() == record) {
            // Nothing is in it that is not sealed.
            self.open = None;
        }
        self.leave_quietly()?;
        self.put_under(&draft, before, None)?;
        self.open_interview(id, language)
    }

    /// The version that a draft was moved from, as long as the move can be taken back.
    pub(crate) fn moved_from(&self, draft: &Draft) -> Result<Option<FormHash>> {
        let extra: Extra = serde_json::from_str(&draft.extra).unwrap_or_default();
        // Events of the audit log are no answers.
        let unsealed = || self.store.read(|view| view.unsealed(draft.record));
        let untouched = || unsealed().map(|fields| fields.iter().all(|field| field.path.starts_with(AUDIT)));
        Ok(match extra.moved_from {
            Some(from) if untouched()? => Some(from),
            _ => None,
        })
    }

    /// A draft, and the newer version that it could go on in.
    fn movable(&self, record: RecordId) -> Result<(Draft, FormHash)> {
        let draft = self.store.read(|view| view.draft(record))?.ok_or_else(|| unknown(&record.to_string()))?;
        let newest = self.newer_than(&FormHash(draft.form)).ok_or_else(|| {
            refuse("no-newer-version", "expected a newer version of the form of this draft, found none")
        })?;
        self.must_still_consent(&draft)?;
        Ok((draft, newest))
    }

    /// Takes a draft of which everything is sealed up again under another version, in one step.
    fn put_under(&mut self, draft: &Draft, version: FormHash, moved_from: Option<FormHash>) -> Result<()> {
        let form = self.form(&version)?;
        let way = self.book.library.way(&self.book.project, &self.store, &FormHash(draft.form), &version);
        let language = if form.languages().contains(&draft.language) { draft.language.clone() } else { String::new() };
        let position = draft.position.as_deref().and_then(|json| serde_json::from_str::<Stop>(json).ok());
        let position = position.and_then(|stop| stop_under(&way, &form, stop));
        let extra: Extra = serde_json::from_str(&draft.extra).unwrap_or_default();
        let extra = Extra { moved_from, ..extra };
        let state = draft.state.clone();
        let (record, mut taken) = (draft.record, self.taken_up(draft.record, Some(version))?);
        (taken.draft.language, taken.draft.state) = (language, state);
        taken.draft.extra = serde_json::to_string(&extra).unwrap_or_default();
        let events: Vec<_> = self.store.read(|view| view.unsealed(record))?;
        self.store.transact(Op::Draft, |tx| {
            // Changes that were undone are in no entry, and nothing stands of them.
            tx.drop_draft(record, true)?;
            taken.put(tx)?;
            for event in events.iter().filter(|field| field.path.starts_with(AUDIT)) {
                tx.put_answer(record, &event.path, event.answer.as_deref().unwrap_or("null"), event.at)?;
            }
            if let Some(stop) = &position {
                tx.put_position(record, &serde_json::to_string(stop).unwrap_or_default())?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// Where to go on in another version; none where its page is gone.
fn stop_under(way: &Way, form: &Form, stop: Stop) -> Option<Stop> {
    if stop.key == page::COMPLETION {
        return Some(stop);
    }
    let here = |path: &str| {
        let path = path_over(way, path)?;
        let there = FieldPath::parse(&path).ok().map(|path| path.template())?;
        form.has(&there).then_some(path)
    };
    Some(Stop { key: here(&stop.key)?, focus: here(&stop.focus).unwrap_or_default(), ..stop })
}

fn speak(session: &mut Session, form: &Form, language: &str) {
    let name = form.languages().iter().find(|name| {
        let code = page::language_code(name);
        !code.is_empty() && language.starts_with(&code)
    });
    if let Some(name) = name {
        session.set_language(name);
    }
}

/// What is said of a move: only what a person answered is counted.
fn told(before: &Session, after: &Session, fates: &[Moved], way: &Way) -> MoveView {
    let answered = before.fields().into_iter().filter(|field| field.origin == Origin::Answered);
    let order: HashMap<FieldPath, usize> = answered.zip(0..).map(|(field, at)| (field.path, at)).collect();
    let mut fates: Vec<&Moved> = fates.iter().filter(|one| order.contains_key(&one.from)).collect();
    // In the order of the form; what needs a person comes first in the end.
    fates.sort_by_key(|one| order.get(&one.from));
    let mut view = MoveView::default();
    for one in fates {
        let together = together(before, way, one);
        let fate = match one.fate {
            // Told all the same, as other codes are now written like this one.
            Fate::Kept if !together.is_empty() => MovedFate::Recoded,
            Fate::Kept => {
                view.kept += 1;
                continue;
            }
            Fate::Renamed => MovedFate::Renamed,
            Fate::Recoded => MovedFate::Recoded,
            Fate::NotAsked => MovedFate::NotAsked,
            Fate::Invalid => MovedFate::Invalid,
            Fate::Dropped(_) => MovedFate::Dropped,
        };
        let reason = if let Fate::Dropped(why) = one.fate { why.code() } else { "" };
        let was = Question::of(before, &(&one.from).into());
        let is = Question::of(after, &(&one.to).into());
        let (number, label) = page::split_number(&was.label);
        let (new_number, new_label) = match one.fate {
            Fate::Dropped(_) => ("", ""),
            _ => page::split_number(&is.label),
        };
        view.lines.push(MovedLine {
            fate,
            reason: reason.to_owned(),
            number: number.to_owned(),
            label: label.to_owned(),
            value: was.display(one.was.text()),
            non_answer: one.was.non_answer().map(Into::into),
            new_number: new_number.to_owned(),
            new_label: new_label.to_owned(),
            together: together.iter().map(|code| was.display(code)).collect(),
            file: before.form().question(&one.from.template()).is_some_and(|asked| asked.kind == ValueKind::Binary),
            new_value: if fate == MovedFate::Dropped { String::new() } else { is.display(one.becomes.text()) },
        });
    }
    view.lines.sort_by_key(|line| line.fate);
    view.added = added(after, way);
    view.count = small(view.lines.len()) + view.kept;
    view
}

/// The choices that were not chosen and are the same there as one that was.
fn together(before: &Session, way: &Way, one: &Moved) -> Vec<String> {
    let Some(question) = before.form().question(&one.from.template()) else { return Vec::new() };
    let now = |code: &str| carried(way.iter(), one.from.clone(), code.into()).1.text().to_owned();
    let chosen: Vec<&str> = one.was.text().split_whitespace().collect();
    let there: HashSet<String> = chosen.iter().map(|code| now(code)).collect();
    let codes = question.choices.iter().map(|choice| choice.value.as_str());
    let others = codes.filter(|code| !chosen.contains(code) && there.contains(&now(code)));
    others.map(str::to_owned).collect()
}

/// Questions that the version before did not have and that are asked now, without answers.
fn added(after: &Session, way: &Way) -> Vec<AddedLine> {
    let known: HashSet<String> = way.last().map(|last| last.pairs().map(|(_, new)| new).collect()).unwrap_or_default();
    let mut seen = HashSet::new();
    let outline = after.outline();
    let items = outline.pages().flat_map(|page| page.items.iter().chain(page.rows.iter().flat_map(|row| &row.items)));
    let mut added = Vec::new();
    for item in items.filter(|item| item.kind == tianye_xform::ItemKind::Question && item.relevant) {
        let template = item.path.template();
        if known.contains(&template) || !seen.insert(template) {
            continue;
        }
        let Some(node) = after.view(&item.path) else { continue };
        if node.readonly || !node.value.is_empty() {
            continue;
        }
        let label = crate::interview::markup::plain(&node.label);
        let (number, label) = page::split_number(&label);
        added.push(AddedLine { number: number.to_owned(), label: label.to_owned(), required: node.required });
    }
    added
}
