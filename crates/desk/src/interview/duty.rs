//! What an interviewer must do before finalising, and how far an interview is.
//!
//! A question that this version cannot ask is no duty: it is told in the summary, counted nowhere, and never keeps
//! anybody from going on. Its answer is missing all the same, so the lead sees it when the record is read.

use std::collections::BTreeSet;

use tianye_xform::{self as xform, Fault, Form, Invalid, ItemKind, Outline, Progress, Session};

use super::control;

/// The questions of a form that have no answer here, by their template paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unanswerable(BTreeSet<String>);

impl Unanswerable {
    /// Those of a form.
    #[must_use]
    pub fn of(form: &Form) -> Self {
        let mut found = BTreeSet::new();
        for question in form.questions() {
            if control::asks(&question.control) && !control::answerable(&question.control, &question.appearance) {
                found.insert(question.path);
            }
        }
        Self(found)
    }

    /// These, and others that are not to be answered: what was not agreed to.
    #[must_use]
    pub fn and(mut self, others: BTreeSet<String>) -> Self {
        self.0.extend(others);
        self
    }

    /// Whether a node is among them.
    #[must_use]
    pub fn holds(&self, path: &xform::FieldPath) -> bool {
        !self.0.is_empty() && self.0.contains(&path.template())
    }

    /// What must be put right: all that is wrong, but for answers that nobody can give.
    #[must_use]
    pub fn must_fix(&self, session: &Session) -> Vec<Invalid> {
        let mut wrong = session.validate();
        wrong.retain(|invalid| invalid.fault != Fault::Missing || !self.holds(&invalid.path));
        wrong
    }

    /// The form as sections and pages; what cannot be answered counts nowhere.
    #[must_use]
    pub fn outline(&self, session: &Session) -> Outline {
        let mut outline = session.outline();
        if self.0.is_empty() {
            return outline;
        }
        for section in &mut outline.sections {
            for page in &mut section.pages {
                for row in &mut page.rows {
                    let off = self.counted(session, &row.items);
                    less(&mut row.progress, off);
                    less(&mut page.progress, off);
                    less(&mut section.progress, off);
                    less(&mut outline.progress, off);
                }
                let off = self.counted(session, &page.items);
                less(&mut page.progress, off);
                less(&mut section.progress, off);
                less(&mut outline.progress, off);
            }
        }
        outline
    }

    /// How much of the progress of some items is theirs.
    fn counted(&self, session: &Session, items: &[xform::Item]) -> Progress {
        let mut progress = Progress::default();
        let questions = items.iter().filter(|item| item.kind == ItemKind::Question && item.relevant);
        for item in questions.filter(|item| self.holds(&item.path)) {
            let Some(node) = session.view(&item.path).filter(|node| node.relevant && !node.readonly) else { continue };
            progress.total += 1;
            progress.answered += u32::from(!node.value.is_empty() || node.non_answer.is_some());
            match node.problem.map(|problem| problem.fault) {
                Some(Fault::Missing) => progress.missing += 1,
                Some(Fault::Constraint | Fault::Check(_)) => progress.broken += 1,
                None => {}
            }
        }
        progress
    }
}

/// Takes a part of a progress away; what is broken stays, since it must be put right.
fn less(progress: &mut Progress, off: Progress) {
    progress.total = progress.total.saturating_sub(off.total);
    progress.answered = progress.answered.saturating_sub(off.answered);
    progress.missing = progress.missing.saturating_sub(off.missing);
}
