//! People and places: the tree of sites, the list, cards and ties as they are written.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{EntryHash, RecordId};
use tianye_survey::{
    self as survey, Card, Content, Custody, Findable, Names, Private, Relation, Site, SiteKind, Subject, SubjectKind,
    Tie, kind, roster,
};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::{record_id, title};
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::{PeopleView, PersonInput, PersonQuery, PersonRow, SiteInput, SiteNode, TieInput};

/// Most people in a list: more nobody reads, and typing narrows it.
pub(crate) const MOST_SHOWN: usize = 300;

impl Desk {
    /// Sites as a tree, and the people who are found.
    ///
    /// # Errors
    /// A site that is no id.
    pub fn people(&self, query: &PersonQuery, language: &str) -> Result<PeopleView> {
        let project = &self.book.project;
        let within = if query.site.is_empty() { None } else { Some(record_id(&query.site)?) };
        let identities = project.identities();
        let mut interviews: BTreeMap<RecordId, u32> = BTreeMap::new();
        let counted = self.book.interviews.values().filter(|brief| !self.is_past_practice(brief));
        for subject in counted.filter_map(|brief| brief.subject) {
            *interviews.entry(identities.leading(&subject)).or_default() += 1;
        }
        let mut total = 0;
        let mut found: Vec<(String, &Subject, RecordId, usize)> = Vec::new();
        for (record, state) in &project.subjects {
            let Some(card) = state.card.as_ref().filter(|_| identities.leading(record) == *record) else { continue };
            total += 1;
            let here = within.is_none_or(|site| card.site.is_some_and(|own| project.is_within(&own, &site)));
            let fits = query.kind.is_empty() || card.kind.as_str() == query.kind;
            if here && fits && self.findable(*record, card).is_found_by(&query.text) {
                found.push((self.book.short_site_name(card.site, language), card, *record, state.conflicts.len()));
            }
        }
        // A code that is typed whole is meant before everything else that holds its digits.
        let wanted = query.text.trim();
        found.sort_by(|a, b| {
            let key = |one: &(String, &Subject, RecordId, usize)| (one.1.code != wanted, one.1.kind.clone());
            (key(a), &a.0, &a.1.code, a.2).cmp(&(key(b), &b.0, &b.1.code, b.2))
        });
        let today = self.today();
        let row = |(site, card, record, conflicts): &(String, &Subject, RecordId, usize)| PersonRow {
            id: record.to_string(),
            kind: card.kind.as_str().to_owned(),
            code: card.code.clone(),
            name: card.display_name.to_string(),
            site: site.clone(),
            ties: self.belonging(record, card, &today),
            interviews: interviews.get(record).copied().unwrap_or(0),
            conflicts: small(*conflicts),
        };
        Ok(PeopleView {
            sites: self.site_tree(language),
            found: small(found.len()),
            people: found.iter().take(MOST_SHOWN).map(row).collect(),
            total,
            conflicts: small(project.conflicts().len()),
            may_add_sites: self.must_begin(kind::SITE).is_ok(),
            may_change_sites: self.must_write(kind::SITE).is_ok(),
        })
    }

    /// What somebody is found by: name, code, numbers, telephone, those of linked cards too.
    pub(crate) fn findable(&self, record: RecordId, card: &Subject) -> Findable {
        let project = &self.book.project;
        let others = project.identities().all_of(&record).into_iter().filter(|one| *one != record);
        let linked: Vec<&Subject> = others.filter_map(|one| project.subject(&one)).collect();
        let numbers = |card: &Subject| -> Vec<String> {
            let further = [&card.student_number, &card.id_number, &card.contact].into_iter().flatten();
            std::iter::once(card.code.clone()).chain(further.map(|number| (**number).to_owned())).collect()
        };
        let mut texts = numbers(card);
        for other in linked {
            texts.push(other.display_name.to_string());
            texts.extend(numbers(other));
        }
        Findable::new(&card.display_name, texts.iter().map(String::as_str))
    }

    /// Today by this laptop's clock, `YYYY-MM-DD`.
    pub(crate) fn today(&self) -> String {
        self.world.now().date_naive().to_string()
    }

    /// Who belongs to somebody today: the members of a group, else the others of the ties.
    fn belonging(&self, record: &RecordId, card: &Subject, today: &str) -> String {
        if card.kind != SubjectKind::Group {
            return self.tied_today(record, &card.kind, today);
        }
        let names = card.of.iter().filter_map(|member| self.book.project.subject(member));
        names.map(|member| member.display_name.to_string()).collect::<Vec<_>>().join("、")
    }

    /// Who looks after a child today; whom somebody looks after or teaches.
    fn tied_today(&self, record: &RecordId, kind: &SubjectKind, today: &str) -> String {
        let project = &self.book.project;
        let ties = project.ties_of(record);
        let mut names: Vec<String> = Vec::new();
        for (_, tie) in ties.iter().filter(|(_, tie)| tie.holds_on(today)) {
            let other = if *kind == SubjectKind::Pupil { tie.person } else { tie.to };
            let name = project.subject(&other).map(|card| card.display_name.to_string());
            names.extend(name.filter(|name| !name.is_empty() && !names.contains(name)));
        }
        names.join("、")
    }

    fn site_tree(&self, language: &str) -> Vec<SiteNode> {
        let project = &self.book.project;
        let mut pupils: BTreeMap<RecordId, u32> = BTreeMap::new();
        let identities = project.identities();
        for (record, state) in &project.subjects {
            let card = state.card.as_ref().filter(|card| card.kind == SubjectKind::Pupil);
            let Some(site) = card.filter(|_| identities.leading(record) == *record).and_then(|card| card.site) else {
                continue;
            };
            for (outer, _) in project.site_path(&site) {
                *pupils.entry(outer).or_default() += 1;
            }
        }
        let mut nodes = Vec::new();
        let mut seen = BTreeSet::new();
        let mut stack: Vec<(RecordId, &Site, u32)> = Vec::new();
        let push = |stack: &mut Vec<_>, of: Option<RecordId>, depth| {
            stack.extend(project.sites_in(of).into_iter().rev().map(|(record, site)| (record, site, depth)));
        };
        push(&mut stack, None, 0);
        while let Some((record, site, depth)) = stack.pop() {
            if !seen.insert(record) {
                continue;
            }
            nodes.push(SiteNode {
                id: record.to_string(),
                kind: site.kind.as_str().to_owned(),
                name: title(&site.name, language),
                zh: site.name.zh.clone(),
                en: site.name.en.clone(),
                parent: site.parent.map(|parent| parent.to_string()).unwrap_or_default(),
                depth,
                pupils: pupils.get(&record).copied().unwrap_or(0),
            });
            push(&mut stack, Some(record), depth + 1);
        }
        nodes
    }

    /// Writes a card: a new person, or what changed on one. Gives the id.
    ///
    /// # Errors
    /// A role that may not; no name; a text that is too long; a date that there is not; a person or a site that is not here;
    /// the store's refusal.
    pub fn save_person(&mut self, input: &PersonInput) -> Result<String> {
        self.must_write(kind::SUBJECT)?;
        let old = match input.id.as_str() {
            "" => None,
            id => {
                let record = record_id(id)?;
                let card = self.book.project.subject(&record).cloned();
                Some((record, card.ok_or_else(|| refuse("person-gone", "expected a person who is here, found none"))?))
            }
        };
        let card = self.card_of(input, old.as_ref().map(|(_, card)| card))?;
        let record = old.as_ref().map_or_else(|| self.new_record(), |(record, _)| *record);
        match old {
            None => _ = self.append(record, Vec::new(), &Content::from(&card))?,
            Some((_, before)) => {
                let changes = Card::changes(&before, &card);
                if !changes.is_empty() {
                    let heads = self.heads_of::<Subject>(record)?;
                    self.append(record, heads, &Content::from(changes))?;
                }
            }
        }
        Ok(record.to_string())
    }

    /// The newest entries of a card: the parents of the next one.
    pub(crate) fn heads_of<T: survey::OnCard>(&self, record: RecordId) -> Result<Vec<EntryHash>> {
        let entries = entries_of(&self.store, record)?;
        Ok(survey::card::<T>(record, &entries, &self.book.team).heads())
    }

    fn card_of(&self, input: &PersonInput, before: Option<&Subject>) -> Result<Subject> {
        let kind = SubjectKind::from(input.kind.as_str());
        if !SubjectKind::ALL.contains(&kind) {
            return Err(refuse("internal", "expected a kind of person, found another word"));
        }
        let name = short(&input.name, roster::LONGEST)?;
        let name = name.ok_or_else(|| refuse("field-empty", "expected a name, found none").with("field", "person"))?;
        let site = match input.site.as_str() {
            "" => None,
            site => {
                let site = record_id(site)?;
                self.book.project.site(&site).ok_or_else(site_gone)?;
                Some(site)
            }
        };
        let private = |text: &str| short(text, roster::LONGEST).map(|text| text.map(Private::from));
        let code = short(&input.code, roster::LONGEST)?;
        let mut card = before.cloned().unwrap_or_else(|| Subject::new(kind.clone(), ""));
        card.code = code.unwrap_or_else(|| match before {
            Some(before) if !before.code.is_empty() => before.code.clone(),
            _ => self.free_code(&kind),
        });
        card.kind = kind;
        card.display_name = name.into();
        card.site = site;
        card.birth_date = date(&input.birth)?.map(Private::from);
        card.sex = private(&input.sex)?;
        card.student_number = private(&input.student_number)?;
        card.id_number = private(&input.id_number)?;
        card.grade = short(&input.grade, roster::LONGEST)?;
        card.contact = private(&input.contact)?;
        card.note = short(&input.note, roster::LONGEST_NOTE)?.map(Private::from);
        Ok(card)
    }

    /// A code for somebody who is added. A lead counts on; others add letters of their own, since nobody else on the way
    /// knows what they count.
    pub(crate) fn free_code(&self, kind: &SubjectKind) -> String {
        let code = self.book.project.next_code(kind, &BTreeSet::new());
        if self.role() == crate::view::Role::Lead {
            return code;
        }
        let letter = |byte: u8| char::from(b'a' + byte % 26);
        let own = self.who.person;
        let bytes = own.as_bytes();
        let tail: String = bytes.iter().take(2).map(|byte| letter(*byte)).collect();
        let taken: BTreeSet<&str> =
            self.book.project.subjects.values().filter_map(|state| Some(state.card.as_ref()?.code.as_str())).collect();
        let stem: String = code.chars().take_while(|c| !c.is_ascii_digit()).collect();
        let first: u32 = code.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(1);
        let width = code.len() - stem.len();
        let with_tail = |number: u32| format!("{stem}{number:0width$}{tail}");
        (first..).map(with_tail).find(|code| !taken.contains(code.as_str())).unwrap_or(code)
    }

    /// Writes a tie: a new one, its end, or that it never was. A person who is not here yet is added with it. Gives the id of
    /// the tie.
    ///
    /// # Errors
    /// As [`Desk::save_person`]; `tie-self` for somebody tied to themselves; `tie-dates` for an end before the beginning.
    pub fn save_tie(&mut self, input: &TieInput) -> Result<String> {
        self.must_write(kind::TIE)?;
        let project = &self.book.project;
        let gone = || refuse("person-gone", "expected a person who is here, found none");
        let (since, until) = (date(&input.since)?, date(&input.until)?);
        if let (Some(since), Some(until)) = (&since, &until)
            && until < since
            && !since.starts_with(until.as_str())
        {
            return Err(refuse("tie-dates", "expected an end after the beginning, found one before it"));
        }
        let to = record_id(&input.to)?;
        if project.subject(&to).is_none() && project.site(&to).is_none() {
            return Err(gone());
        }
        let mut bodies = Vec::new();
        let person = if input.person.is_empty() {
            let name = short(&input.name, roster::LONGEST)?;
            let name =
                name.ok_or_else(|| refuse("field-empty", "expected a name, found none").with("field", "person"))?;
            let relation = Relation::from(input.relation.as_str());
            let kind = match relation {
                Relation::Teacher | Relation::ClassTeacher => SubjectKind::Teacher,
                Relation::Cadre => SubjectKind::Cadre,
                _ => SubjectKind::Guardian,
            };
            let mut card = Subject::new(kind.clone(), self.free_code(&kind));
            card.display_name = name.into();
            card.site = project.subject(&to).and_then(|card| card.site).or(project.site(&to).map(|_| to));
            card.contact = short(&input.contact, roster::LONGEST)?.map(Private::from);
            let record = self.new_record();
            bodies.push(self.body(record, Vec::new(), &Content::from(&card))?);
            record
        } else {
            let person = record_id(&input.person)?;
            project.subject(&person).ok_or_else(gone)?;
            person
        };
        if person == to {
            return Err(refuse("tie-self", "expected two people, found one"));
        }
        let tie = Tie {
            custody: Some(input.custody.as_str()).filter(|word| !word.is_empty()).map(Custody::from),
            since: since.map(Private::from),
            until: until.map(Private::from),
            taken_back: input.taken_back,
            note: short(&input.note, roster::LONGEST_NOTE)?.map(Private::from),
            ..Tie::new(person, to, Relation::from(input.relation.as_str()))
        };
        let record = if input.id.is_empty() {
            let record = self.new_record();
            bodies.push(self.body(record, Vec::new(), &Content::from(&tie))?);
            record
        } else {
            let record = record_id(&input.id)?;
            let before = project.ties.get(&record).and_then(|state| state.card.clone()).ok_or_else(gone)?;
            let changes = Card::changes(&before, &tie);
            if !changes.is_empty() {
                bodies.push(self.body(record, self.heads_of::<Tie>(record)?, &Content::from(changes))?);
            }
            record
        };
        self.append_all(&bodies)?;
        Ok(record.to_string())
    }

    /// The id of a site, given as its id, or as the end of its whole name from the county down, which no other has.
    ///
    /// # Errors
    /// `site-unknown`, `site-several`.
    pub fn site_named(&self, text: &str) -> Result<String> {
        if text.parse::<RecordId>().is_ok() {
            return Ok(text.to_owned());
        }
        let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '/').collect::<String>();
        let wanted = plain(text);
        let named = |record: &RecordId| {
            let names = ["zh", "en"].map(|language| plain(&self.book.site_name(Some(*record), language)));
            !wanted.is_empty() && names.iter().any(|name| name.ends_with(&wanted))
        };
        let mut found = self.book.project.sites.keys().filter(|record| named(record));
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one.to_string()),
            (None, _) => {
                Err(refuse("site-unknown", format!("expected a site of the project, found none named {text}"))
                    .with("name", text))
            }
            _ => {
                let detail =
                    format!("expected one site, found several named {text}: give the school before it, or the id");
                Err(refuse("site-several", detail).with("name", text))
            }
        }
    }

    /// Adds a site, or gives one another name or place. Gives the id. Whoever is in the field adds one that the tree lacks; what
    /// stands there a lead changes.
    ///
    /// # Errors
    /// A role that may not; no name; `site-there` for a second one of a name in one place; `site-in-itself`; a site that is not
    /// here; the store's refusal.
    pub fn save_site(&mut self, input: &SiteInput) -> Result<String> {
        if input.id.is_empty() { self.must_begin(kind::SITE) } else { self.must_write(kind::SITE) }?;
        let names = (short(&input.zh, roster::LONGEST)?, short(&input.en, roster::LONGEST)?);
        let (zh, en) = match names {
            (None, None) => return Err(refuse("field-empty", "expected a name, found none").with("field", "site")),
            (zh, en) => (zh.unwrap_or_default(), en.unwrap_or_default()),
        };
        let kind = SiteKind::from(input.kind.as_str());
        if !SiteKind::ALL.contains(&kind) {
            return Err(refuse("internal", "expected a kind of site, found another word"));
        }
        let parent = if input.parent.is_empty() { None } else { Some(record_id(&input.parent)?) };
        if let Some(parent) = parent {
            self.book.project.site(&parent).ok_or_else(site_gone)?;
        }
        if input.id.is_empty() {
            let is_it = |card: &Site| {
                let same = |one: &str, other: &str| !one.is_empty() && one == other;
                (card.kind.clone(), card.parent) == (kind.clone(), parent)
                    && (same(&card.name.zh, &zh) || same(&card.name.en, &en))
            };
            if self.book.project.sites.values().filter_map(|state| state.card.as_ref()).any(is_it) {
                let detail = "expected a site that the tree lacks, found one of this name there";
                return Err(refuse("site-there", detail));
            }
            let record = self.new_record();
            let site = Site { parent, ..Site::new(kind, Names { zh, en }) };
            self.append(record, Vec::new(), &Content::from(&site))?;
            return Ok(record.to_string());
        }
        let record = record_id(&input.id)?;
        let before = self.book.project.site(&record).cloned().ok_or_else(site_gone)?;
        if parent.is_some_and(|parent| self.book.project.is_within(&parent, &record)) {
            return Err(refuse("site-in-itself", "expected another site around it, found one that stands in it"));
        }
        let after = Site { kind, name: Names { zh, en }, parent, ..before.clone() };
        let changes = Card::changes(&before, &after);
        if !changes.is_empty() {
            let heads = self.heads_of::<Site>(record)?;
            self.append(record, heads, &Content::from(changes))?;
        }
        Ok(record.to_string())
    }
}

pub(crate) fn site_gone() -> crate::view::Refusal {
    refuse("site-gone", "expected a site of the project, found none with this id")
}

/// A text as it goes on a card; none if there is nothing.
pub(crate) fn short(text: &str, most: usize) -> Result<Option<String>> {
    let text = text.trim();
    let found = text.chars().count();
    if found > most {
        return Err(refuse("too-long", format!("expected at most {most} characters, found {found}"))
            .with("limit", most.to_string()));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

/// A date as people write it; none if there is nothing.
pub(crate) fn date(text: &str) -> Result<Option<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let date = roster::date(text).map_err(|code| {
        refuse(code, "expected a date as 2008-03-14, 2008-03 or 2008, found something else").with("text", text)
    })?;
    Ok(Some(date))
}
