//! The text that families are read: the program's own, and what a lead makes of it.

use tianye_survey::{ConsentText, Content, Names, Project, Purpose, PurposeText, kind};

use super::{purpose, short};
use crate::desk::Desk;
use crate::refusal::{Result, refuse};
use crate::view::{BothWords, ConsentText as TextView, TextPurpose};

/// Longest paragraph of the text, in characters.
const LONGEST_TEXT: usize = 8000;

/// The program's own text, from which a lead begins: the one in `forms/paper`. It names nobody, so nobody can be read it as it
/// is in a real project.
pub(crate) fn usual() -> ConsentText {
    serde_json::from_str(include_str!("../../../../forms/paper/consent.json")).unwrap_or_default()
}

/// The program's own text, in both languages.
#[must_use]
pub fn usual_text() -> TextView {
    shown(&usual(), String::new())
}

impl Desk {
    /// The text that families are read now, in both languages; the program's own while the project has none.
    #[must_use]
    pub fn consent_text(&self) -> TextView {
        let own = self.book.project.text().and_then(|(_, text)| text.shown());
        let version = own.map(|(version, _)| short(&version.to_string())).unwrap_or_default();
        let usual = usual();
        shown(own.map_or(&usual, |(_, text)| text), version)
    }

    /// Publishes a version of the text; with `new_activity` it begins one, and everybody is asked again for it. A version is
    /// never changed: families were read it.
    ///
    /// # Errors
    /// `no-right`; `consent-text-empty` without an activity, an opening or a purpose in Chinese; `too-long`; the store's refusal.
    pub fn publish_text(&mut self, text: &TextView, new_activity: bool) -> Result<TextView> {
        self.must_write(kind::CONSENT_TEXT)?;
        let text = read(text)?;
        let known = self.book.project.text().map(|(record, state)| (record, state.heads()));
        if !new_activity
            && let Some((_, state)) = self.book.project.text()
            && state.newest.len() == 1
            && state.newest.contains(&text.version())
        {
            return Ok(self.consent_text());
        }
        let (record, parents) = match known.filter(|_| !new_activity) {
            Some(known) => known,
            None => (self.new_record(), Vec::new()),
        };
        let mut bodies = vec![self.body(record, parents, &Content::from(text))?];
        let named = self.book.project.project().and_then(|card| card.activity) == Some(record);
        if !named && let Some(body) = self.project_body(&|card| Project { activity: Some(record), ..card })? {
            bodies.push(body);
        }
        self.append_all(&bodies)?;
        Ok(self.consent_text())
    }

    /// The entry that makes the project's card another one; none where it changes nothing.
    pub(super) fn project_body(
        &self,
        change: &dyn Fn(Project) -> Project,
    ) -> Result<Option<tianye_journal::PlainBody>> {
        let found =
            self.book.project.projects.iter().find_map(|(record, state)| Some((record, state, state.card.clone()?)));
        let (record, state, card) =
            found.ok_or_else(|| refuse("project-missing", "expected the project's card, found none; sync first"))?;
        let edit = state.edit(&change(card));
        if edit.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.body(*record, state.heads(), &Content::Project(edit))?))
    }
}

fn shown(text: &ConsentText, version: String) -> TextView {
    let both = |names: &Names| BothWords { zh: names.zh.clone(), en: names.en.clone() };
    TextView {
        version,
        activity: both(&text.activity),
        opening: both(&text.opening),
        purposes: text
            .purposes
            .iter()
            .map(|about| TextPurpose {
                purpose: about.purpose.as_str().to_owned(),
                text: both(&about.text),
                own: both(&about.own),
                child: both(&about.child),
            })
            .collect(),
        child: both(&text.child),
        youth: both(&text.youth),
        adult: both(&text.adult),
        closing: both(&text.closing),
    }
}

fn read(text: &TextView) -> Result<ConsentText> {
    let names = |both: &BothWords| -> Result<Names> {
        for text in [&both.zh, &both.en] {
            let found = text.chars().count();
            if found > LONGEST_TEXT {
                return Err(refuse("too-long", format!("expected at most {LONGEST_TEXT} characters, found {found}"))
                    .with("limit", LONGEST_TEXT.to_string()));
            }
        }
        Ok(Names { zh: both.zh.trim().to_owned(), en: both.en.trim().to_owned() })
    };
    let mut purposes: Vec<PurposeText> = Vec::new();
    for about in &text.purposes {
        let purpose: Purpose = purpose(&about.purpose)?;
        if purposes.iter().any(|before| before.purpose == purpose) {
            continue;
        }
        let (text, own, child) = (names(&about.text)?, names(&about.own)?, names(&about.child)?);
        purposes.push(PurposeText { purpose, text, own, child });
    }
    let text = ConsentText {
        activity: names(&text.activity)?,
        opening: names(&text.opening)?,
        purposes,
        child: names(&text.child)?,
        youth: names(&text.youth)?,
        adult: names(&text.adult)?,
        closing: names(&text.closing)?,
    };
    let lacks =
        |field: &str| refuse("consent-text-empty", format!("expected {field}, found none")).with("field", field);
    if text.activity.zh.is_empty() {
        return Err(lacks("activity"));
    }
    if text.opening.zh.is_empty() {
        return Err(lacks("opening"));
    }
    match text.purposes.iter().find(|about| !text.asks(&about.purpose)) {
        Some(about) => Err(lacks("purpose").with("purpose", about.purpose.as_str())),
        None if text.purposes.is_empty() => Err(lacks("purpose")),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_text_asks_for_every_purpose_in_both_languages() {
        let text = usual();
        for purpose in Purpose::ALL {
            assert!(text.asks(purpose), "{purpose:?}");
            let about = text.about(purpose).expect("a purpose");
            assert!(!about.text.en.is_empty() && !about.child.en.is_empty(), "{purpose:?} in English");
            assert!(!about.own.zh.is_empty() && !about.own.en.is_empty(), "{purpose:?} of an adult");
            // Nobody is told another duration than the form's own, nor spoken to about a child who is not theirs.
            for said in [&about.text, &about.own, &about.child] {
                assert!(!said.zh.contains("分钟") && !said.en.contains("minutes"), "{purpose:?}");
            }
            assert!(!about.own.zh.contains("您家孩子") && !about.own.en.contains("your child"), "{purpose:?}");
        }
        for names in [&text.activity, &text.opening, &text.child, &text.youth, &text.adult, &text.closing] {
            assert!(!names.zh.is_empty() && !names.en.is_empty());
        }
        assert!(!text.adult.zh.contains("您家孩子") && !text.adult.en.contains("your child"));
        assert!(read(&shown(&text, String::new())).is_ok());
        assert_eq!(Content::from(text.clone()).encode().map(|_| ()), Ok(()));
    }
}
