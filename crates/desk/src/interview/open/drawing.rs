//! What an open interview shows: pages, the outline, and what changed since they were shown last.

use tianye_xform::{self as xform, FieldPath};

use super::{Drawn, OpenInterview, Stop};
use crate::conflicts::Question;
use crate::interview::markup;
use crate::interview::page::{self, Place, Shown};
use crate::refusal::{Result, refuse};
use crate::view::{EraseAnswer, Hit, InterviewView, Item, Language, StatusView, Step, TreePart, WhyView};

/// Most hits of "find question".
const MOST_HITS: usize = 50;

impl OpenInterview {
    /// Where it stands, for going on and for the lists.
    #[must_use]
    pub fn stop(&self) -> Stop {
        let progress = self.outline().progress;
        let focus = match &self.place {
            Place::Page { focus, .. } => focus.clone(),
            Place::Completion => String::new(),
        };
        let focused = self.shown.page.items.iter().find(|item| item.field == focus);
        Stop {
            key: self.shown.page.key.clone(),
            number: focused
                .or_else(|| self.shown.page.items.first())
                .map(|item| item.number.clone())
                .unwrap_or_default(),
            focus,
            answered: progress.answered,
            total: progress.total,
        }
    }

    /// The whole view.
    #[must_use]
    pub fn view(&self) -> InterviewView {
        let languages = self.form.languages();
        let shown = self.session.language();
        InterviewView {
            id: self.record.to_string(),
            form: self.form.title().to_owned(),
            code: self.heading.code.clone(),
            name: self.heading.name.clone(),
            site: self.heading.site.clone(),
            answered_by: self.heading.answered_by.clone(),
            practice: self.heading.practice,
            state: self.heading.state,
            trial: self.heading.trial,
            languages: languages
                .iter()
                .map(|name| Language { name: name.clone(), code: page::language_code(name) })
                .collect(),
            language: page::small(languages.iter().position(|name| name == shown).unwrap_or(0)),
            tree: self.shown.tree.clone(),
            page: self.shown.page.clone(),
            status: self.status(),
            versions: self.versions.clone(),
            apart: self.apart.clone(),
        }
    }

    /// Questions whose number or label contains a text.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let outline = self.outline();
        let items =
            outline.pages().flat_map(|page| page.items.iter().chain(page.rows.iter().flat_map(|row| &row.items)));
        let mut hits = Vec::new();
        for item in items.filter(|item| item.kind == xform::ItemKind::Question) {
            let Some(node) = self.session.view(&item.path) else { continue };
            let whole = markup::plain(&node.label);
            if whole.to_lowercase().contains(&wanted) {
                let (number, label) = page::split_number(&whole);
                hits.push(Hit {
                    field: item.path.as_str().to_owned(),
                    number: number.to_owned(),
                    label: label.to_owned(),
                    relevant: node.relevant,
                });
            }
            if hits.len() == MOST_HITS {
                break;
            }
        }
        hits
    }

    /// Why a question is hidden, required, wrong, or has its value.
    ///
    /// # Errors
    /// There is no such question.
    pub fn why(&self, field: &str) -> Result<WhyView> {
        let path = FieldPath::parse(field)?;
        crate::interview::why::why(&self.session, &path)
            .ok_or_else(|| refuse("answer-unknown-field", "expected a field of the open interview, found another"))
    }

    /// What somebody answered or remarked, in the order of the form.
    #[must_use]
    pub fn all_given(&self) -> Vec<EraseAnswer> {
        let fields = self.session.fields().into_iter();
        let noted = |field: &xform::Field| self.notes.get(field.path.as_str()).is_some_and(|note| !note.is_empty());
        let given = fields.filter(|field| field.origin == xform::Origin::Answered);
        let given = given.filter(|field| !field.given.is_blank() || noted(field));
        let line = |field: xform::Field| {
            let node = self.session.view(&field.path)?;
            let (number, label) = page::split_number(&node.label);
            let file = node.kind == xform::ValueKind::Binary && !field.given.text().is_empty();
            let asked = Question::of(&self.session, &(&field.path).into());
            Some(EraseAnswer {
                field: field.path.as_str().to_owned(),
                number: number.to_owned(),
                label: if label.is_empty() { node.name.clone() } else { markup::plain(label) },
                value: if file { String::new() } else { asked.display(field.given.text()) },
                file,
            })
        };
        given.filter_map(line).collect()
    }

    pub(super) fn first_page(&self) -> Place {
        let outline = self.outline();
        let first = page::visitable(&outline).next().map(|(_, page)| page.path.as_str().to_owned());
        first.map_or(Place::Completion, |key| Place::Page { key, focus: String::new() })
    }

    pub(super) fn draw(&mut self) {
        let outline = self.outline();
        let peek = self.peek();
        let shown = Shown {
            session: &self.session,
            notes: &self.notes,
            remarks: &self.remarks,
            files: &self.files,
            unfinished: &self.unfinished,
            peek: peek.as_deref(),
            readonly: self.readonly,
            unanswerable: &self.unanswerable,
            withheld: &self.withheld,
            unusable: &self.unusable,
            torn: &self.torn,
            reason: self.reason(),
        };
        let page = shown.page(&outline, &self.place);
        let tree = shown.tree(&outline, &page.key);
        self.shown = Drawn { page, tree };
    }

    /// Draws again and tells what changed since the last time.
    pub(super) fn step(&mut self) -> Step {
        let before = self.shown.clone();
        self.draw();
        let status = self.status();
        let Drawn { page, tree } = &self.shown;
        let items: Vec<Item> = page.items.iter().filter(|item| !before.page.items.contains(item)).cloned().collect();
        let order = |items: &[Item]| items.iter().map(|item| item.field.clone()).collect::<Vec<_>>();
        let keys = |tree: &[TreePart]| tree.iter().map(|part| part.key.clone()).collect::<Vec<_>>();
        Step {
            items,
            order: (order(&before.page.items) != order(&page.items)).then(|| order(&page.items)),
            rows: (before.page.rows != page.rows).then(|| page.rows.clone()),
            tree: tree.iter().filter(|part| !before.tree.contains(part)).cloned().collect(),
            tree_order: (keys(&before.tree) != keys(tree)).then(|| keys(tree)),
            status,
            completion: page.completion.clone(),
        }
    }

    /// Counts and marks. Of a trial nothing is saved, so nothing is said to be.
    pub(super) fn status(&self) -> StatusView {
        let status = page::status(&self.outline(), self.saved.clone().filter(|_| !self.heading.trial));
        let risks = self.session.risks().iter().map(|field| field.as_str().to_owned()).collect();
        StatusView { sound: self.sound_wish(), risks, ..status }
    }

    /// The form as sections and pages; what cannot be answered counts nowhere.
    pub(super) fn outline(&self) -> xform::Outline {
        self.unanswerable.outline(&self.session)
    }

    pub(super) fn peek(&self) -> Option<String> {
        let shown = self.session.language();
        self.form.languages().iter().find(|name| name.as_str() != shown).cloned()
    }
}
