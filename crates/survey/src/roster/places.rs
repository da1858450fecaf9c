//! The place of each row: sites of the project by their names, and sites that are made.

use super::cells::clean;
use super::{Column, Problem, Severity};
use crate::Content;
use crate::kinds::{Names, Site, SiteKind};
use crate::project::ProjectState;
use std::collections::BTreeMap;
use tianye_journal::RecordId;

/// The sites of the project, and those that the roster makes.
pub(super) struct Places<'p> {
    project: &'p ProjectState,
    made: BTreeMap<RecordId, Site>,
    pub writes: Vec<(RecordId, Content)>,
    given: Option<RecordId>,
    /// Whether sites that are not there are made.
    pub makes: bool,
}

/// What a row says of its place, cleaned; empty where it says nothing.
#[derive(Default)]
pub(super) struct Said {
    pub county: String,
    pub township: String,
    pub village: String,
    pub school: String,
    pub grade: String,
    pub class: String,
}

impl<'p> Places<'p> {
    pub fn new(project: &'p ProjectState, given: Option<RecordId>, makes: bool) -> Self {
        Self { project, made: BTreeMap::new(), writes: Vec::new(), given, makes }
    }

    /// The sites that were made.
    pub fn made(&self) -> Vec<RecordId> {
        self.writes.iter().map(|(record, _)| *record).collect()
    }

    fn site(&self, record: &RecordId) -> Option<&Site> {
        self.made.get(record).or_else(|| self.project.site(record))
    }

    /// The school in which a site stands, or which it is.
    pub fn school_of(&self, site: Option<RecordId>) -> Option<RecordId> {
        let mut next = site;
        for _ in 0..16 {
            let record = next?;
            let site = self.site(&record)?;
            if site.kind == SiteKind::School {
                return Some(record);
            }
            next = site.parent;
        }
        None
    }

    fn stands_in(&self, record: &RecordId, outer: &RecordId) -> bool {
        let mut next = Some(*record);
        for _ in 0..16 {
            let Some(record) = next else { return false };
            if record == *outer {
                return true;
            }
            next = self.site(&record).and_then(|site| site.parent);
        }
        false
    }

    /// The site of a row, or the problem that leaves it out. `new`: makes ids.
    pub fn of_row(
        &mut self,
        row: u32,
        said: &Said,
        new: &mut dyn FnMut() -> RecordId,
    ) -> Result<Option<RecordId>, Problem> {
        let mut within = self.given;
        let steps = [
            (SiteKind::County, Column::County, &said.county),
            (SiteKind::Township, Column::Township, &said.township),
            (SiteKind::Village, Column::Village, &said.village),
            (SiteKind::School, Column::School, &said.school),
        ];
        for (kind, column, name) in steps {
            if name.is_empty() {
                continue;
            }
            // A school need not stand in the village that its pupils come from.
            let outer = within.filter(|outer| {
                kind != SiteKind::School || self.site(outer).is_none_or(|site| site.kind != SiteKind::Village)
            });
            within = Some(self.step(row, &kind, column, name, outer, new)?);
        }
        if said.class.is_empty() {
            return Ok(within);
        }
        let wanted = class_key(&said.class);
        let with_grade = class_key(&format!("{}{}", said.grade, said.class));
        let inside =
            |outer: &Option<RecordId>, record: &RecordId| outer.is_none_or(|outer| self.stands_in(record, &outer));
        let classes: Vec<RecordId> = self
            .all(&SiteKind::Class)
            .filter(|(record, _)| inside(&within, record))
            .filter(|(_, site)| {
                let keys = [class_key(&site.name.zh), class_key(&site.name.en)];
                keys.iter().any(|key| !key.is_empty() && (*key == wanted || *key == with_grade))
            })
            .map(|(record, _)| record)
            .collect();
        // "2班" of grade four is the class 4-2, even where a class 2 is.
        let exact: Vec<RecordId> = classes
            .iter()
            .copied()
            .filter(|record| self.site(record).is_some_and(|site| class_key(&site.name.zh) == with_grade))
            .collect();
        match (exact.as_slice(), classes.as_slice()) {
            ([one], _) | (_, [one]) => Ok(Some(*one)),
            (_, []) if self.makes && within.is_some_and(|outer| self.site(&outer).is_some_and(is_school)) => {
                let name =
                    if said.grade.is_empty() || with_grade == wanted || wanted.starts_with(&class_key(&said.grade)) {
                        said.class.clone()
                    } else {
                        format!("{}{}", said.grade, said.class)
                    };
                Ok(Some(self.make(SiteKind::Class, &name, within, new)))
            }
            (_, []) => Err(Problem::new(row, Column::Class, "class-unknown", Severity::LeftOut)),
            _ => Err(Problem::new(row, Column::Class, "class-unclear", Severity::LeftOut)),
        }
    }

    fn step(
        &mut self,
        row: u32,
        kind: &SiteKind,
        column: Column,
        name: &str,
        outer: Option<RecordId>,
        new: &mut dyn FnMut() -> RecordId,
    ) -> Result<RecordId, Problem> {
        let wanted = name_key(name);
        let all: Vec<(RecordId, [String; 2])> = self
            .all(kind)
            .filter(|(record, _)| {
                outer.is_none_or(|outer| self.stands_in(record, &outer) || self.stands_in(&outer, record))
            })
            .map(|(record, site)| (record, [name_key(&site.name.zh), name_key(&site.name.en)]))
            .collect();
        let by = |fits: &dyn Fn(&str) -> bool| -> Vec<RecordId> {
            let found = all.iter().filter(|(_, keys)| keys.iter().any(|key| !key.is_empty() && fits(key)));
            found.map(|(record, _)| *record).collect()
        };
        let exact = by(&|key| key == wanted);
        // 温岭市石塘小学 and 石塘小学 are one, if no other fits.
        let found = if exact.is_empty() { by(&|key| key.ends_with(&wanted) || wanted.ends_with(key)) } else { exact };
        match found.as_slice() {
            [one] => Ok(*one),
            [] if self.makes => Ok(self.make(kind.clone(), name, outer, new)),
            [] => Err(Problem::new(row, column, "site-unknown", Severity::LeftOut)),
            _ => Err(Problem::new(row, column, "site-unclear", Severity::LeftOut)),
        }
    }

    fn all(&self, kind: &SiteKind) -> impl Iterator<Item = (RecordId, &Site)> {
        let known = self.project.sites.iter().filter_map(|(record, state)| Some((*record, state.card.as_ref()?)));
        let made = self.made.iter().map(|(record, site)| (*record, site));
        known.chain(made).filter(move |(_, site)| site.kind == *kind)
    }

    fn make(
        &mut self,
        kind: SiteKind,
        name: &str,
        parent: Option<RecordId>,
        new: &mut dyn FnMut() -> RecordId,
    ) -> RecordId {
        let record = new();
        let site = Site { parent, ..Site::new(kind, Names { zh: name.to_owned(), en: String::new() }) };
        self.writes.push((record, Content::from(&site)));
        self.made.insert(record, site);
        record
    }
}

fn is_school(site: &Site) -> bool {
    site.kind == SiteKind::School
}

/// A name of a place as it is compared: small letters, without what stands in brackets.
fn name_key(name: &str) -> String {
    let outside = |text: &str| {
        let mut depth = 0_usize;
        let mut key = String::new();
        for c in text.chars() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                c if depth == 0 && c.is_alphanumeric() => key.extend(c.to_lowercase()),
                _ => {}
            }
        }
        key
    };
    outside(&clean(name))
}

/// A class as it is compared: 四（2）班, 四年级2班, 4-2 and Class 4-2 are one; so are 402班 and 4(2).
fn class_key(name: &str) -> String {
    let text = clean(name).to_lowercase();
    let text =
        ["class", "grade", "年级", "年", "级", "班", "第"].iter().fold(text, |text, word| text.replace(word, " "));
    let mut key = String::new();
    for c in text.chars() {
        match "〇一二三四五六七八九".chars().position(|digit| digit == c) {
            Some(digit) => key.push_str(&digit.to_string()),
            // 十 alone is 10; 十一 is 11.
            None if c == '十' => key.push('1'),
            None if c.is_alphanumeric() => key.push(c),
            None => {}
        }
    }
    let ends_in_ten = text.trim().trim_end_matches([')', ' ']).ends_with('十');
    if ends_in_ten {
        key.push('0');
    }
    match key.as_bytes() {
        [grade, b'0', class] if grade.is_ascii_digit() && class.is_ascii_digit() => {
            [char::from(*grade), char::from(*class)].iter().collect()
        }
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_known_however_they_are_written() {
        for name in [
            "四（2）班",
            "四(2)班",
            "四年级2班",
            "四2班",
            "4-2",
            "4（２）",
            "402班",
            "Class 4-2",
            "四年级（二）班",
            "Grade 4 Class 2",
        ] {
            assert_eq!(class_key(name), "42", "{name}");
        }
        assert_eq!(class_key("四（12）班"), "412");
        assert_eq!(class_key("四（十）班"), "410");
        assert_eq!(class_key("四（十二）班"), "412");
        assert_eq!(class_key("向日葵班"), "向日葵");
        assert_eq!(class_key("班"), "");
        assert_ne!(class_key("五（2）班"), "42");
    }

    #[test]
    fn names_of_places_are_compared_without_brackets() {
        assert_eq!(name_key("石塘小学（示例）"), name_key(" 石塘 小学"));
        assert_eq!(name_key("Shitang Primary School (example)"), "shitangprimaryschool");
    }
}
