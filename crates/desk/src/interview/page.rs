//! From a session's outline to what the screen draws: page, case tree, summary.

use std::collections::BTreeMap;

use tianye_xform::{self as xform, FieldPath, Session};

use super::attachment::{self, Files};
use super::duty::Unanswerable;
use super::remarks::Remarks;
use super::{appearance, control, markup};
use crate::consenting::Withheld;
use crate::entities::Torn;
use crate::view::{
    Args, Completion, CompletionLine, Doubt, EntityCount, Item, PageKind, PageView, PartState, Problem, RowView,
    StatusView, TreePart, Unfinished,
};

/// Key of the summary page.
pub const COMPLETION: &str = "completion";

/// Notes of the interviewer, by field.
pub type Notes = BTreeMap<String, String>;

/// Where the interviewer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On a page, with the field that has the focus.
    Page {
        /// Key of the page: the path it stands for.
        key: String,
        /// Field, or empty for the first.
        focus: String,
    },
    /// On the summary.
    Completion,
}

/// What drawing needs besides the session.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The open session.
    pub session: &'a Session,
    /// Notes by field.
    pub notes: &'a Notes,
    /// What is remarked on answers, by field.
    pub remarks: &'a Remarks,
    /// The files that answers name.
    pub files: &'a Files,
    /// Recordings that were cut off, by their questions.
    pub unfinished: &'a [(String, Unfinished)],
    /// The language for the peek, if the form has a second one.
    pub peek: Option<&'a str>,
    /// Whether nothing may be changed.
    pub readonly: bool,
    /// Questions that have no answer here.
    pub unanswerable: &'a Unanswerable,
    /// What was not agreed to.
    pub withheld: &'a Withheld,
    /// What was recorded and may not be used any more.
    pub unusable: &'a Withheld,
    /// Entities that two laptops changed differently.
    pub torn: &'a Torn,
    /// Why it is corrected, where that is asked: blank until it is said.
    pub reason: Option<&'a str>,
}

/// What stands for an answer that is not to be read by others.
const HIDDEN: &str = "••••••";

/// Columns of a page whose group does not say how many.
const USUAL_COLUMNS: u32 = 4;

/// The label without its number, and the number: `B4 妈妈…` is `B4` and `妈妈…`.
#[must_use]
pub fn split_number(label: &str) -> (&str, &str) {
    let label = label.trim();
    let Some((head, rest)) = label.split_once(char::is_whitespace) else { return ("", label) };
    let head = head.trim_end_matches(['.', '、', '．']);
    let letters = head.chars().take_while(char::is_ascii_uppercase).count();
    let digits = &head[letters..];
    let numbered = (1..=2).contains(&letters)
        && !digits.is_empty()
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.' || c.is_ascii_lowercase());
    if numbered { (head, rest.trim_start()) } else { ("", label) }
}

/// Pages that can be visited now, in order.
pub fn visitable(outline: &xform::Outline) -> impl Iterator<Item = (&xform::Section, &xform::Page)> {
    outline.sections.iter().flat_map(|section| {
        section.pages.iter().filter(move |page| section.relevant && page.relevant).map(move |page| (section, page))
    })
}

/// The page that holds a field.
#[must_use]
pub fn page_of<'o>(outline: &'o xform::Outline, field: &FieldPath) -> Option<&'o xform::Page> {
    let holds = |page: &&xform::Page| {
        page.path == *field
            || page.items.iter().any(|item| item.path == *field)
            || page.rows.iter().any(|row| row.path == *field || row.items.iter().any(|item| item.path == *field))
    };
    outline.pages().find(holds).or_else(|| outline.pages().find(|page| page.path.contains(field)))
}

/// The number of the row that holds a field; 0 outside rosters.
fn row_of(outline: &xform::Outline, field: &FieldPath) -> u32 {
    let mut rows = outline.pages().flat_map(|page| &page.rows);
    rows.find(|row| row.path.contains(field)).map_or(0, |row| row.position)
}

impl Shown<'_> {
    /// One question, note or heading.
    #[must_use]
    pub fn item(&self, path: &FieldPath) -> Option<Item> {
        let node = self.session.view(path)?;
        let (number, label) = split_number(&node.label);
        let peek = self.peek.map(|language| self.session.label_in(path, language)).unwrap_or_default();
        let peek = markup::plain(split_number(&peek).1);
        let plain = markup::plain(label);
        Some(Item {
            field: path.as_str().to_owned(),
            number: number.to_owned(),
            label_words: markup::words(label),
            hint: markup::plain(&node.hint),
            hint_words: markup::words(&node.hint),
            guidance: markup::blocks(&node.guidance),
            media: control::media(&node.media),
            notices: control::notices(&node),
            width: if self.in_columns() { width_of(&node.appearance) } else { 0 },
            peek: if peek == plain { String::new() } else { peek },
            label: plain,
            peek_lang: self.peek.map(language_code).unwrap_or_default(),
            control: attachment::with_files(
                control::control(self.session, &node, self.peek),
                &node,
                self.files,
                self.unfinished,
                [self.withheld, self.unusable],
            ),
            value: node.value.clone(),
            display: self.display(&node),
            relevant: node.relevant,
            required: node.required,
            readonly: self.readonly || node.readonly,
            problem: node.problem.as_ref().filter(|invalid| self.is_duty(invalid)).map(problem),
            doubt: node.doubt.as_ref().map(|doubt| self.doubt(doubt)),
            risk: node.risk,
            non_answers: node.non_answers.iter().copied().map(Into::into).collect(),
            non_answer: node.non_answer.map(Into::into),
            note: self.notes.get(path.as_str()).cloned().unwrap_or_default(),
        })
    }

    /// A value as a person reads it on the screen.
    fn display(&self, node: &xform::NodeView) -> String {
        match node.kind {
            _ if control::masked(node) && !node.value.is_empty() => HIDDEN.to_owned(),
            // Labels of options may hold markup; what was typed stays as it is.
            xform::ValueKind::SelectOne | xform::ValueKind::SelectMultiple | xform::ValueKind::Rank => {
                markup::plain(&node.display)
            }
            xform::ValueKind::Binary => attachment::display(&node.value, self.files),
            _ => node.display.clone(),
        }
    }

    /// Whether the form places its questions in columns.
    fn in_columns(&self) -> bool {
        self.session.form().style().split_whitespace().any(|word| word == "theme-grid")
    }

    fn is_duty(&self, invalid: &xform::Invalid) -> bool {
        invalid.fault != xform::Fault::Missing || !self.unanswerable.holds(&invalid.path)
    }

    /// What a soft check says, and how it was confirmed.
    fn doubt(&self, doubt: &xform::Doubt) -> Doubt {
        let confirmed = self.remarks.get(doubt.path.as_str()).and_then(|remarked| remarked.confirmed.as_ref());
        Doubt {
            message: doubt.message.clone().unwrap_or_default(),
            confirmed: confirmed.map(|confirmed| confirmed.reason.to_string()).unwrap_or_default(),
        }
    }

    /// What to look at again before finalising: soft checks that nobody confirmed, questions that were left too soon.
    fn remarked(&self, outline: &xform::Outline) -> Vec<CompletionLine> {
        let line = |path: &FieldPath, problem: Problem| {
            let node = self.session.view(path)?;
            let (number, label) = split_number(&node.label);
            Some(CompletionLine {
                row: row_of(outline, path),
                field: path.as_str().to_owned(),
                number: number.to_owned(),
                label: label.to_owned(),
                problem: Some(problem),
                display: node.display.clone(),
            })
        };
        let said = |doubt: &xform::Doubt| Problem {
            code: "soft-check".into(),
            message: doubt.message.clone().unwrap_or_default(),
            args: Args::new(),
        };
        let doubts = self.session.doubts();
        let open = doubts.iter().filter(|doubt| self.doubt(doubt).confirmed.is_empty());
        let mut lines: Vec<CompletionLine> = open.filter_map(|doubt| line(&doubt.path, said(doubt))).collect();
        for (field, remarked) in self.remarks {
            let (Some(haste), Ok(path)) = (remarked.haste, FieldPath::parse(field)) else { continue };
            if self.session.view(&path).is_some_and(|node| node.relevant) {
                let args = [("seconds", haste.seconds), ("wanted", haste.wanted)];
                let args = args.map(|(name, count)| (name.to_owned(), count.to_string())).into();
                lines.extend(line(&path, Problem { code: "left-soon".into(), message: String::new(), args }));
            }
        }
        lines
    }

    /// The page at a place; a page that is no longer there becomes the first.
    #[must_use]
    pub fn page(&self, outline: &xform::Outline, place: &Place) -> PageView {
        let pages: Vec<_> = visitable(outline).collect();
        let (key, focus) = match place {
            Place::Completion => return self.completion_page(!pages.is_empty()),
            Place::Page { key, focus } => (key, focus),
        };
        // A page that stopped being relevant while it is shown stays on the screen until the interviewer moves.
        let shown = outline
            .sections
            .iter()
            .flat_map(|section| section.pages.iter().map(move |page| (section, page)))
            .find(|(_, page)| page.path.as_str() == key)
            .or_else(|| pages.first().copied());
        let Some((section, page)) = shown else { return self.completion_page(false) };
        let of_section: Vec<_> =
            pages.iter().filter(|(other, _)| std::ptr::eq(*other, section)).map(|(_, page)| *page).collect();
        let number = of_section.iter().position(|other| other.path == page.path).map_or(0, |at| at + 1);
        let mut items: Vec<Item> = Vec::new();
        let mut rows: Vec<RowView> = Vec::new();
        for item in &page.items {
            let wanted = item.relevant && item.kind != xform::ItemKind::Roster;
            items.extend(wanted.then(|| self.item(&item.path)).flatten());
        }
        for row in &page.rows {
            let fields: Vec<_> = row.items.iter().filter(|item| item.kind == xform::ItemKind::Question).collect();
            items.extend(fields.iter().filter_map(|item| self.item(&item.path)));
            rows.push(RowView {
                path: row.path.as_str().to_owned(),
                number: row.position,
                title: markup::plain(&row.title),
                state: state_of(row.progress, row.relevant),
                fields: fields.iter().map(|item| item.path.as_str().to_owned()).collect(),
                removable: row.can_remove && !self.readonly,
            });
        }
        let kind = match page.kind {
            xform::PageKind::Question => PageKind::Question,
            xform::PageKind::FieldList => PageKind::Group,
            xform::PageKind::Roster => PageKind::Repeat,
        };
        PageView {
            key: page.path.as_str().to_owned(),
            kind,
            section: markup::plain(&section.title),
            number: small(number),
            of: small(of_section.len()),
            title: if kind == PageKind::Question { String::new() } else { markup::plain(&page.title) },
            items,
            columns: self.columns(page, kind),
            rows,
            repeat: if kind == PageKind::Repeat { page.path.as_str().to_owned() } else { String::new() },
            rows_open: page.can_add && !self.readonly,
            focus: focus.clone(),
            has_back: pages.first().is_some_and(|(_, first)| first.path != page.path),
            completion: None,
        }
    }

    fn completion_page(&self, has_back: bool) -> PageView {
        PageView { key: COMPLETION.into(), has_back, completion: Some(self.completion()), ..blank() }
    }

    /// Columns of a page, where the form asks for them.
    fn columns(&self, page: &xform::Page, kind: PageKind) -> u32 {
        if kind != PageKind::Group || !self.in_columns() {
            return 0;
        }
        let group = self.session.view(&page.path).map(|node| width_of(&node.appearance)).unwrap_or_default();
        if group == 0 { USUAL_COLUMNS } else { group }
    }

    /// The error summary.
    #[must_use]
    pub fn completion(&self) -> Completion {
        let outline = self.session.outline();
        let line = |path: &FieldPath, label: &str, problem: Option<Problem>, display: String| {
            let (number, label) = split_number(label);
            CompletionLine {
                row: row_of(&outline, path),
                field: path.as_str().to_owned(),
                number: number.to_owned(),
                label: markup::plain(label),
                problem,
                display,
            }
        };
        let wrong: Vec<CompletionLine> = self
            .unanswerable
            .must_fix(self.session)
            .iter()
            .map(|invalid| {
                let display = self.session.view(&invalid.path).map(|node| self.display(&node)).unwrap_or_default();
                line(&invalid.path, &invalid.label, Some(problem(invalid)), display)
            })
            .collect();
        let (mut unanswered, mut not_asked) = (Vec::new(), Vec::new());
        let fields = visitable(&outline).flat_map(|(_, page)| {
            page.items.iter().chain(page.rows.iter().flat_map(|row| &row.items)).filter(|item| item.relevant)
        });
        for item in fields.filter(|item| item.kind == xform::ItemKind::Question) {
            let Some(node) = self.session.view(&item.path) else { continue };
            if !control::asks(&node.control) || node.readonly || !node.value.is_empty() || node.non_answer.is_some() {
                continue;
            }
            if control::unasked(&node.control, &node.appearance).is_some() {
                not_asked.push(line(&item.path, &node.label, None, String::new()));
            } else if !self.unanswerable.holds(&item.path) && wrong.iter().all(|line| line.field != item.path.as_str())
            {
                unanswered.push(line(&item.path, &node.label, None, String::new()));
            }
        }
        let noted = |(field, note): (&String, &String)| {
            let path = FieldPath::parse(field).ok();
            let label = path.as_ref().and_then(|path| self.session.view(path)).map(|node| node.label);
            CompletionLine {
                row: path.map_or(0, |path| row_of(&outline, &path)),
                field: field.clone(),
                number: split_number(&label.unwrap_or_default()).0.to_owned(),
                label: note.clone(),
                problem: None,
                display: String::new(),
            }
        };
        let notes = self.notes.iter().filter(|(_, note)| !note.is_empty()).map(noted).collect();
        let doubts = self.remarked(&outline);
        let entities = if self.readonly { Vec::new() } else { self.entities() };
        let reason = self.reason.map(str::to_owned);
        Completion { ready: wrong.is_empty(), wrong, doubts, unanswered, not_asked, notes, reason, entities }
    }

    /// What finalising adds to lists or changes there, list by list.
    fn entities(&self) -> Vec<EntityCount> {
        let mut counts: Vec<EntityCount> = Vec::new();
        for entity in self.session.entities() {
            let at = counts.iter().position(|count| count.list == entity.list).unwrap_or_else(|| {
                counts.push(EntityCount { list: entity.list.clone(), created: 0, updated: 0, torn: 0 });
                counts.len() - 1
            });
            let torn = self.torn.contains(&(entity.list, entity.id));
            let count = &mut counts[at];
            *if entity.create { &mut count.created } else { &mut count.updated } += 1;
            count.torn += u32::from(torn);
        }
        counts
    }

    /// The case tree: sections, and the pages of the current one.
    #[must_use]
    pub fn tree(&self, outline: &xform::Outline, current: &str) -> Vec<TreePart> {
        let mut parts = Vec::new();
        for (index, section) in outline.sections.iter().enumerate() {
            let inside = section.pages.iter().any(|page| page.path.as_str() == current);
            parts.push(TreePart {
                key: section.path.as_ref().map_or_else(|| format!("section-{index}"), |path| format!("section{path}")),
                depth: 0,
                loose: false,
                title: markup::plain(&section.title),
                summary: String::new(),
                non_answer: None,
                answered: section.progress.answered,
                total: section.progress.total,
                problems: section.progress.broken,
                state: if section.relevant
                    && section.progress.total == 0
                    && section.pages.iter().any(|page| self.unasked(page))
                {
                    PartState::Empty
                } else {
                    state_of(section.progress, section.relevant)
                },
                noted: false,
                current: inside,
            });
            // A form without groups has one section without a title: its pages always show.
            let loose = section.title.is_empty();
            if inside || loose {
                let part = |page| self.part(page, (section.relevant, loose), current);
                parts.extend(section.pages.iter().filter_map(part));
            }
        }
        parts.retain(|part| part.depth > 0 || !part.title.is_empty());
        parts.push(TreePart {
            key: COMPLETION.into(),
            depth: 0,
            loose: false,
            title: String::new(),
            summary: String::new(),
            non_answer: None,
            answered: 0,
            total: 0,
            problems: 0,
            state: if outline.progress.missing + outline.progress.broken == 0 {
                PartState::Complete
            } else {
                PartState::Empty
            },
            noted: false,
            current: current == COMPLETION,
        });
        parts
    }

    /// Whether a page asks something, but nothing that can be asked here: it is never done.
    fn unasked(&self, page: &xform::Page) -> bool {
        let asked = |item: &xform::Item| item.relevant && self.unanswerable.holds(&item.path);
        page.relevant && page.progress.total == 0 && page.items.iter().any(asked)
    }

    fn part(&self, page: &xform::Page, (section_relevant, loose): (bool, bool), current: &str) -> Option<TreePart> {
        let title = if page.title.is_empty() {
            page.items.first().and_then(|item| self.session.view(&item.path)).map(|node| node.label)
        } else {
            Some(page.title.clone())
        }?;
        let summary = match page.kind {
            xform::PageKind::Question => {
                self.session.view(&page.path).map(|node| self.display(&node)).filter(|_| page.progress.total > 0)
            }
            xform::PageKind::Roster => Some(page.rows.len().to_string()),
            xform::PageKind::FieldList => None,
        };
        let inside = |field: &String| {
            FieldPath::parse(field)
                .is_ok_and(|field| page.path.contains(&field) || page.items.iter().any(|item| item.path == field))
        };
        Some(TreePart {
            key: page.path.as_str().to_owned(),
            depth: 1,
            loose,
            title: markup::plain(&title),
            summary: summary.unwrap_or_default(),
            non_answer: match page.kind {
                xform::PageKind::Question => {
                    self.session.view(&page.path).and_then(|node| node.non_answer).map(Into::into)
                }
                xform::PageKind::FieldList | xform::PageKind::Roster => None,
            },
            answered: page.progress.answered,
            total: page.progress.total,
            problems: page.progress.broken,
            state: if section_relevant && self.unasked(page) {
                PartState::Empty
            } else {
                state_of(page.progress, section_relevant && page.relevant)
            },
            noted: self.notes.iter().any(|(field, note)| !note.is_empty() && inside(field)),
            current: page.path.as_str() == current,
        })
    }
}

/// A page without anything on it.
pub(super) fn blank() -> PageView {
    PageView {
        key: String::new(),
        kind: PageKind::Completion,
        section: String::new(),
        number: 0,
        of: 0,
        title: String::new(),
        items: Vec::new(),
        columns: 0,
        rows: Vec::new(),
        repeat: String::new(),
        rows_open: false,
        focus: String::new(),
        has_back: false,
        completion: None,
    }
}

/// The width that an appearance gives, 0 if none.
fn width_of(words: &[String]) -> u32 {
    words.iter().find_map(|word| appearance::width(word)).unwrap_or(0)
}

/// The bottom bar's counts.
#[must_use]
pub fn status(outline: &xform::Outline, saved: Option<String>) -> StatusView {
    let progress = outline.progress;
    StatusView {
        saved,
        answered: progress.answered,
        total: progress.total,
        problems: progress.broken,
        risks: Vec::new(),
        sound: None,
    }
}

/// What is wrong, with the form's own words if it gives any.
#[must_use]
pub fn problem(invalid: &xform::Invalid) -> Problem {
    Problem {
        code: invalid.fault.code().to_owned(),
        message: invalid.message.clone().unwrap_or_default(),
        args: Args::new(),
    }
}

fn state_of(progress: xform::Progress, relevant: bool) -> PartState {
    if !relevant {
        PartState::NotApplicable
    } else if progress.broken > 0 {
        PartState::Problem
    } else if progress.answered >= progress.total {
        PartState::Complete
    } else if progress.answered > 0 {
        PartState::Started
    } else {
        PartState::Empty
    }
}

/// The BCP 47 code in a language's name: `中文 (zh)` is `zh`.
#[must_use]
pub fn language_code(name: &str) -> String {
    name.rsplit_once('(').and_then(|(_, code)| code.strip_suffix(')')).unwrap_or_default().trim().to_owned()
}

/// A count as the wire carries it.
#[must_use]
pub fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, number: &str, rest: &str) {
        assert_eq!(split_number(label), (number, rest));
    }

    #[test]
    fn numbers_are_taken_off_labels() {
        check("B4 妈妈现在在哪里?", "B4", "妈妈现在在哪里?");
        check("C2.1 上个月", "C2.1", "上个月");
        check("F1a. How", "F1a", "How");
        check("I have a bike", "", "I have a bike");
        check("WHO-5 总分", "", "WHO-5 总分");
        check("B4", "", "B4");
    }

    #[test]
    fn languages_have_codes() {
        assert_eq!(language_code("中文 (zh)"), "zh");
        assert_eq!(language_code("English (en)"), "en");
        assert_eq!(language_code("default"), "");
    }
}
