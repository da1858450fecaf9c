//! What a new version of a form does to answers that were given to the old one.

use std::collections::{BTreeMap, BTreeSet};

use crate::carry::{Carry, carry};
use crate::coded::coded;
use crate::dictionary::{Choice, Labels, Question};
use crate::form::{DefId, Form, Shape};
use crate::{Control, ValueKind};

/// What a change may do to an answer that is kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Effect {
    /// Kept answers lose their place or their meaning.
    Loses,
    /// Kept answers may become invalid, irrelevant, incomplete, or mean something else: a person should look.
    Check,
    /// Kept answers stay as they are.
    Keeps,
}

impl Effect {
    /// `loses`, `check` or `keeps`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loses => "loses",
            Self::Check => "check",
            Self::Keeps => "keeps",
        }
    }
}

/// One difference between two versions of a form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The template path: in the old form, or in the new one for what is new. Empty for the form as a whole.
    pub path: String,
    /// What it may do to kept answers.
    pub effect: Effect,
    /// What it is.
    pub kind: DifferenceKind,
}

coded! {
    /// The kinds of difference.
    pub enum DifferenceKind {
        /// A question that the old form does not have.
        "question-added" Added {} "a new question; kept answers do not have it",
        /// A new question that must be answered.
        "question-added-required" AddedRequired {} "a new question that must be answered; kept interviews lack it",
        /// A question that the new form does not have.
        "question-removed" Removed {} "the question is gone; kept answers to it are no longer shown",
        /// A question that took files and that the new form does not have.
        "question-removed-files" RemovedFiles {} "the question is gone; its kept files are no longer shown, and an export \
            with files still writes them",
        /// A question that has another path now, as the author says.
        "question-renamed" Renamed {
            /// Its path in the new form.
            to: String,
        } "the question is {to} now, as the author says",
        /// A question of this name stands elsewhere now.
        "question-moved" Moved {
            /// Its path in the new form.
            to: String,
        } "a question of this name is at {to} now; say so with a hint, or kept answers are not carried over",
        /// The author's hint names a question that the old form does not have.
        "hint-unknown" HintUnknown {
            /// The name in the hint.
            found: String,
        } "it is said to have been called {found}, which the old form does not have; correct the name",
        /// The author's hint names a question that the old form has several times.
        "hint-ambiguous" HintAmbiguous {
            /// The name in the hint.
            found: String,
        } "it is said to have been called {found}, which the old form has several times; write its path, /group/name",
        /// It takes another kind of value, which old values may not be.
        "type-changed" TypeChanged {
            /// The kind in the old form.
            from: &'static str,
            /// The kind in the new form.
            to: &'static str,
        } "it took {from} and takes {to} now, which kept answers may not be",
        /// It takes another kind of value, which every old value is.
        "type-widened" TypeWidened {
            /// The kind in the old form.
            from: &'static str,
            /// The kind in the new form.
            to: &'static str,
        } "it took {from} and takes {to} now, which kept answers are",
        /// Choices that kept answers may hold are gone.
        "codes-removed" CodesRemoved {
            /// Their codes.
            codes: String,
        } "choices are gone that kept answers may hold: {codes}",
        /// A code is called differently, as the author says.
        "code-renamed" CodeRenamed {
            /// The code in the old form.
            from: String,
            /// The code in the new form.
            to: String,
        } "the choice {from} is {to} now, as the author says; kept answers are read so",
        /// Several codes are one now, as the author says.
        "codes-merged" CodesMerged {
            /// The codes in the old form.
            codes: String,
            /// The code in the new form.
            to: String,
        } "the choices {codes} are all {to} now, as the author says; read so, kept answers no longer tell them apart",
        /// New choices.
        "codes-added" CodesAdded {
            /// Their codes.
            codes: String,
        } "new choices, which could not be chosen before: {codes}",
        /// A code has another label.
        "code-relabelled" CodeRelabelled {
            /// The code.
            code: String,
            /// The old label.
            from: String,
            /// The new label.
            to: String,
        } "the choice {code} was “{from}” and is “{to}” now; kept answers meant the old one",
        /// A question has another label.
        "question-relabelled" Relabelled {
            /// The old label.
            from: String,
            /// The new label.
            to: String,
        } "the question was “{from}” and is “{to}” now; kept answers answered the old one",
        /// Another condition decides whether it is asked.
        "relevance-changed" RelevanceChanged {
            /// The old expression; empty for none.
            from: String,
            /// The new expression; empty for none.
            to: String,
        } "it is asked under another condition; kept answers may no longer count, or may be missing",
        /// The condition is gone: it is always asked.
        "relevance-removed" RelevanceRemoved {
            /// The old expression.
            from: String,
        } "it is always asked now; interviews in which it was hidden lack it",
        /// Another constraint.
        "constraint-changed" ConstraintChanged {
            /// The old expression; empty for none.
            from: String,
            /// The new expression.
            to: String,
        } "it has another constraint; kept answers may be invalid",
        /// The constraint is gone.
        "constraint-removed" ConstraintRemoved {
            /// The old expression.
            from: String,
        } "it has no constraint any more; kept answers stay valid",
        /// It must be answered under another condition.
        "required-changed" RequiredChanged {
            /// The old expression; empty for none.
            from: String,
            /// The new expression.
            to: String,
        } "it must be answered where it was not before; kept interviews may lack it",
        /// It may be left empty now.
        "required-removed" RequiredRemoved {} "it may be left empty now",
        /// Another calculation.
        "calculation-changed" CalculationChanged {
            /// The old expression; empty for none.
            from: String,
            /// The new expression; empty for none.
            to: String,
        } "it is computed in another way; kept values change when the interview is opened",
        /// A language is gone.
        "language-removed" LanguageRemoved {
            /// Its name.
            found: String,
        } "the form has no {found} any more",
        /// A new language.
        "language-added" LanguageAdded {
            /// Its name.
            found: String,
        } "the form has {found} now",
        /// The content differs and the version does not.
        "version-same" VersionSame {
            /// The version of both.
            version: String,
        } "both forms say they are version “{version}”; give the new one another version",
    }
}

/// The differences between two versions of a form, worst first, then in the order of the forms.
///
/// `renamed` says which questions only have another place or name now, as pairs of template paths (old, new), beside the
/// hints in the new form.
#[must_use]
pub fn differences(old: &Form, new: &Form, renamed: &[(String, String)]) -> Vec<Difference> {
    let mut found = Vec::new();
    let (before, after) = (old.questions(), new.questions());
    let carry = carry(old, new, renamed, "");
    let mut matched = BTreeSet::new();
    for was in &before {
        let to = carry.partner(&was.path);
        let Some(is) = to.and_then(|to| after.iter().find(|q| q.path == to)) else {
            let moved = elsewhere(was, &before, &after);
            let files = was.kind == ValueKind::Binary;
            let gone = if files { DifferenceKind::RemovedFiles {} } else { DifferenceKind::Removed {} };
            let kind = moved.map_or(gone, |to| DifferenceKind::Moved { to });
            add(&mut found, &was.path, Effect::Loses, kind);
            continue;
        };
        matched.insert(is.path.as_str());
        if is.path != was.path {
            add(&mut found, &was.path, Effect::Keeps, DifferenceKind::Renamed { to: is.path.clone() });
        }
        compare(was, is, &carry, &mut found);
    }
    for hint in carry.strange() {
        let name = hint.found.clone();
        let kind = if hint.ambiguous {
            DifferenceKind::HintAmbiguous { found: name }
        } else {
            DifferenceKind::HintUnknown { found: name }
        };
        add(&mut found, &hint.path, Effect::Check, kind);
    }
    for is in after.iter().filter(|q| !matched.contains(q.path.as_str())) {
        if elsewhere(is, &after, &before).is_some() {
            continue; // Told as moved.
        }
        let required = is.required.as_deref().is_some_and(|r| flat(r) != "false()");
        let (effect, kind) = if required && is.control != Control::None {
            (Effect::Check, DifferenceKind::AddedRequired {})
        } else {
            (Effect::Keeps, DifferenceKind::Added {})
        };
        add(&mut found, &is.path, effect, kind);
    }
    compare_groups(old, new, &carry, &mut found);
    compare_forms(old, new, &mut found);
    found.sort_by_key(|difference| difference.effect);
    found
}

fn add(found: &mut Vec<Difference>, path: &str, effect: Effect, kind: DifferenceKind) {
    found.push(Difference { path: path.to_owned(), effect, kind });
}

/// Where a question of this name stands that has no partner at its own path, if there is exactly one on both sides.
fn elsewhere(question: &Question, own: &[Question], others: &[Question]) -> Option<String> {
    let same = |questions: &[Question]| questions.iter().filter(|q| q.name == question.name).count();
    let other = others.iter().find(|q| q.name == question.name)?;
    let alone = !own.iter().any(|q| q.path == other.path);
    (same(own) == 1 && same(others) == 1 && alone).then(|| other.path.clone())
}

/// Space does not matter to an expression.
fn flat(expression: &str) -> String {
    expression.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn compare(was: &Question, is: &Question, carry: &Carry, found: &mut Vec<Difference>) {
    let path = &was.path;
    if was.kind != is.kind {
        let (from, to) = (word(was.kind), word(is.kind));
        let (effect, kind) = if widens(was.kind, is.kind) {
            (Effect::Keeps, DifferenceKind::TypeWidened { from, to })
        } else {
            (Effect::Loses, DifferenceKind::TypeChanged { from, to })
        };
        add(found, path, effect, kind);
    }
    compare_codes(was, is, carry, found);
    if let Some((from, to)) = relabelled(&was.labels, &is.labels) {
        add(found, path, Effect::Check, DifferenceKind::Relabelled { from, to });
    }
    compare_relevance(path, was.relevant.as_deref(), is.relevant.as_deref(), found);
    let texts = |text: &Option<String>| text.as_deref().map(flat).unwrap_or_default();
    let (from, to) = (texts(&was.constraint), texts(&is.constraint));
    if from != to {
        let (effect, kind) = if to.is_empty() {
            (Effect::Keeps, DifferenceKind::ConstraintRemoved { from })
        } else {
            (Effect::Check, DifferenceKind::ConstraintChanged { from, to })
        };
        add(found, path, effect, kind);
    }
    let required = |text: &Option<String>| Some(texts(text)).filter(|t| t != "false()").unwrap_or_default();
    let (from, to) = (required(&was.required), required(&is.required));
    if from != to {
        let (effect, kind) = if to.is_empty() {
            (Effect::Keeps, DifferenceKind::RequiredRemoved {})
        } else {
            (Effect::Check, DifferenceKind::RequiredChanged { from, to })
        };
        add(found, path, effect, kind);
    }
    let (from, to) = (texts(&was.calculate), texts(&is.calculate));
    if from != to {
        add(found, path, Effect::Check, DifferenceKind::CalculationChanged { from, to });
    }
}

fn compare_relevance(path: &str, was: Option<&str>, is: Option<&str>, found: &mut Vec<Difference>) {
    let (from, to) = (was.map(flat).unwrap_or_default(), is.map(flat).unwrap_or_default());
    if from == to {
        return;
    }
    let kind = if to.is_empty() {
        DifferenceKind::RelevanceRemoved { from }
    } else {
        DifferenceKind::RelevanceChanged { from, to }
    };
    add(found, path, Effect::Check, kind);
}

fn compare_codes(was: &Question, is: &Question, carry: &Carry, found: &mut Vec<Difference>) {
    // Without choices in the form itself nothing is known of them.
    if was.choices.is_empty() || is.choices.is_empty() {
        return;
    }
    // Codes of the old form by what they are called now.
    let now = |code: &str| carry.code(&was.path, code).unwrap_or(code).to_owned();
    let mut before: BTreeMap<String, Vec<&Choice>> = BTreeMap::new();
    for choice in &was.choices {
        let sources = before.entry(now(&choice.value)).or_default();
        // A list may have a code several times, where a filter tells them apart.
        if sources.iter().all(|other| other.value != choice.value) {
            sources.push(choice);
        }
    }
    let after: BTreeMap<String, Labels> = is.choices.iter().map(|c| (c.value.clone(), c.labels.clone())).collect();
    for choice in &was.choices {
        let alone = before.get(&now(&choice.value)).is_some_and(|sources| sources.len() == 1);
        if let Some(to) = carry.code(&was.path, &choice.value).filter(|_| alone) {
            let kind = DifferenceKind::CodeRenamed { from: choice.value.clone(), to: to.to_owned() };
            add(found, &was.path, Effect::Keeps, kind);
        }
    }
    let gone = was.choices.iter().map(|choice| choice.value.as_str()).filter(|code| !after.contains_key(&now(code)));
    let codes = gone.collect::<Vec<_>>().join(" ");
    if !codes.is_empty() {
        add(found, &was.path, Effect::Loses, DifferenceKind::CodesRemoved { codes });
    }
    let new = is.choices.iter().map(|choice| choice.value.as_str()).filter(|code| !before.contains_key(*code));
    let codes = new.collect::<Vec<_>>().join(" ");
    if !codes.is_empty() {
        add(found, &was.path, Effect::Keeps, DifferenceKind::CodesAdded { codes });
    }
    for (code, sources) in &before {
        let [only] = sources.as_slice() else {
            let codes = sources.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>().join(" ");
            add(found, &was.path, Effect::Check, DifferenceKind::CodesMerged { codes, to: code.clone() });
            continue;
        };
        if let Some((from, to)) = after.get(code).and_then(|now| relabelled(&only.labels, now)) {
            let kind = DifferenceKind::CodeRelabelled { code: code.clone(), from, to };
            add(found, &was.path, Effect::Check, kind);
        }
    }
}

/// The first label that both have in one language and that differs.
fn relabelled(was: &Labels, is: &Labels) -> Option<(String, String)> {
    was.iter().find_map(|(language, from)| {
        let (_, to) = is.iter().find(|(other, _)| other == language)?;
        (flat(from) != flat(to)).then(|| (from.clone(), to.clone()))
    })
}

/// A condition of a group is one of every question in it.
fn compare_groups(old: &Form, new: &Form, carry: &Carry, found: &mut Vec<Difference>) {
    for def in old.defs.iter().filter(|def| def.shape != Shape::Leaf) {
        let partner = carry.partner(&def.path).and_then(|path| new.find_def(&path));
        let Some(now) = partner.filter(|id| new.def(*id).shape != Shape::Leaf) else { continue };
        let relevant = |form: &Form, id: DefId| {
            let relevant = form.def(id).bind.relevant;
            relevant.map(|expr| form.exprs[expr.0 as usize].source.clone())
        };
        let was = old.find_def(&def.path).and_then(|id| relevant(old, id));
        compare_relevance(&def.path, was.as_deref(), relevant(new, now).as_deref(), found);
    }
}

fn compare_forms(old: &Form, new: &Form, found: &mut Vec<Difference>) {
    for language in old.languages.iter().filter(|l| !new.languages.contains(l)) {
        add(found, "", Effect::Keeps, DifferenceKind::LanguageRemoved { found: language.clone() });
    }
    for language in new.languages.iter().filter(|l| !old.languages.contains(l)) {
        add(found, "", Effect::Keeps, DifferenceKind::LanguageAdded { found: language.clone() });
    }
    if !found.is_empty() && old.version == new.version {
        add(found, "", Effect::Check, DifferenceKind::VersionSame { version: new.version.clone() });
    }
}

/// Every value of the one kind is a value of the other.
fn widens(from: ValueKind, to: ValueKind) -> bool {
    use ValueKind as K;
    matches!(
        (from, to),
        (_, K::Text) | (K::Integer, K::Decimal) | (K::SelectOne, K::SelectMultiple) | (K::Barcode, K::Intent)
    )
}

const fn word(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "text",
        ValueKind::Integer => "integer",
        ValueKind::Decimal => "decimal",
        ValueKind::Boolean => "boolean",
        ValueKind::Date => "date",
        ValueKind::Time => "time",
        ValueKind::DateTime => "dateTime",
        ValueKind::GeoPoint => "geopoint",
        ValueKind::GeoTrace => "geotrace",
        ValueKind::GeoShape => "geoshape",
        ValueKind::Binary => "file",
        ValueKind::Barcode => "barcode",
        ValueKind::SelectOne => "select_one",
        ValueKind::SelectMultiple => "select_multiple",
        ValueKind::Rank => "rank",
        ValueKind::Acknowledge => "acknowledge",
        ValueKind::Intent => "intent",
    }
}
