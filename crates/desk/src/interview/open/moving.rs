//! Where a move leads.

use tianye_xform::{self as xform, FieldPath};

use super::{OpenInterview, parse};
use crate::interview::page::{self, COMPLETION, Place};
use crate::refusal::{Result, refuse};
use crate::view::Move;

impl OpenInterview {
    pub(super) fn place_after(&self, to: &Move) -> Result<Place> {
        let outline = self.outline();
        let keys: Vec<&str> = page::visitable(&outline).map(|(_, page)| page.path.as_str()).collect();
        let at = |key: &str| Place::Page { key: key.to_owned(), focus: String::new() };
        let here = match &self.place {
            Place::Page { key, .. } => keys.iter().position(|other| other == key),
            Place::Completion => Some(keys.len()),
        };
        Ok(match to {
            Move::Next => {
                let wrong = self.shown.page.items.iter().filter(|item| item.problem.is_some()).count();
                if wrong > 0 && !self.readonly {
                    return Err(refuse("must-fix", format!("expected a page without problems, found {wrong}"))
                        .with("count", wrong.to_string()));
                }
                let next = here.map_or_else(|| self.next_after_gone(&outline), |here| here + 1);
                keys.get(next).map_or(Place::Completion, |key| at(key))
            }
            Move::Back => {
                let before = here.unwrap_or_else(|| self.next_after_gone(&outline)).saturating_sub(1);
                keys.get(before).map_or(Place::Completion, |key| at(key))
            }
            Move::NextOpen => self.next_open(&outline, here.unwrap_or(0)),
            Move::Page { key } if key == COMPLETION => Place::Completion,
            Move::Page { key } => {
                // A section of the tree leads to its first page that applies.
                let of_section = outline.sections.iter().enumerate().find(|(index, section)| {
                    section.path.as_ref().map_or_else(|| format!("section-{index}"), |path| format!("section{path}"))
                        == *key
                });
                let first = of_section.and_then(|(_, section)| section.pages.iter().find(|page| page.relevant));
                match first {
                    Some(page) => at(page.path.as_str()),
                    None if keys.contains(&key.as_str()) => at(key),
                    None => self.place.clone(),
                }
            }
            Move::Field { field } => {
                let field = first_of(&outline, parse(field)?);
                match page::page_of(&outline, &field) {
                    Some(page) => Place::Page { key: page.path.as_str().to_owned(), focus: field.as_str().to_owned() },
                    None => self.place.clone(),
                }
            }
            Move::Completion => Place::Completion,
        })
    }

    /// Where to go on from a page that no longer applies: the first page after it that does.
    fn next_after_gone(&self, outline: &xform::Outline) -> usize {
        let Place::Page { key, .. } = &self.place else { return 0 };
        let all: Vec<_> =
            outline.sections.iter().flat_map(|section| section.pages.iter().map(move |page| (section, page))).collect();
        let gone = all.iter().position(|(_, page)| page.path.as_str() == key).unwrap_or(0);
        all[..gone].iter().filter(|(section, page)| section.relevant && page.relevant).count()
    }

    fn next_open(&self, outline: &xform::Outline, here: usize) -> Place {
        let pages: Vec<_> = page::visitable(outline).map(|(_, page)| page).collect();
        let open = |page: &&&xform::Page| page.progress.answered < page.progress.total || page.progress.broken > 0;
        let after = pages.iter().skip(here + 1).chain(pages.iter().take(here + 1)).find(open);
        after.map_or(Place::Completion, |page| Place::Page { key: page.path.as_str().to_owned(), focus: String::new() })
    }
}

/// A question's path in the form, without rows, as its first place in this interview; any other path as it is.
fn first_of(outline: &xform::Outline, field: FieldPath) -> FieldPath {
    let items =
        || outline.pages().flat_map(|page| page.items.iter().chain(page.rows.iter().flat_map(|row| &row.items)));
    if items().any(|item| item.path == field) {
        return field;
    }
    items().find(|item| item.path.template() == field.as_str()).map_or(field, |item| item.path.clone())
}
