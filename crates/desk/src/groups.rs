//! Groups: who sits together in a discussion or a group session. A group has a card of its own whose members are its people, so
//! that each one's consent is asked for before it begins.

use tianye_journal::RecordId;
use tianye_survey::{Card, Consents, Content, Purpose, Subject, SubjectKind, kind, roster};

use crate::desk::Desk;
use crate::filling::record_id;
use crate::people::{MOST_SHOWN, short, site_gone};
use crate::refusal::{Result, refuse};
use crate::view::{GroupInput, GroupQuery, GroupView, MemberRow};

/// Most members of one group.
const MOST_MEMBERS: usize = 60;

impl Desk {
    /// Who is in a group that is being put together, and who else is found for it: those who may come first, then those who
    /// may not, so that the screen can say why.
    ///
    /// # Errors
    /// A site or a member that is no id.
    pub fn group_sheet(&self, query: &GroupQuery, language: &str) -> Result<GroupView> {
        let project = &self.book.project;
        let within = if query.site.is_empty() { None } else { Some(record_id(&query.site)?) };
        let members: Vec<RecordId> = query.members.iter().map(|one| record_id(one)).collect::<Result<_>>()?;
        let today = self.today();
        let consents = Consents::of(project, &today);
        let identities = project.identities();
        let mut found = Vec::new();
        for (record, state) in &project.subjects {
            let Some(card) = state.card.as_ref().filter(|_| identities.leading(record) == *record) else { continue };
            let here = within.is_none_or(|site| card.site.is_some_and(|own| project.is_within(&own, &site)));
            let person = card.kind != SubjectKind::Group && !members.contains(record);
            if here && person && self.findable(*record, card).is_found_by(&query.text) {
                found.extend(self.member_row(record, &consents, language));
            }
        }
        let wanted = query.text.trim();
        found.sort_by(|a, b| {
            let key = |one: &MemberRow| (one.code != wanted, !one.may, one.site.clone(), one.code.clone());
            (key(a), &a.id).cmp(&(key(b), &b.id))
        });
        found.truncate(MOST_SHOWN);
        let rows = members.iter().filter_map(|member| self.member_row(member, &consents, language));
        Ok(GroupView { members: rows.collect(), found })
    }

    /// The members of a group; none of anybody else.
    pub(crate) fn member_rows(&self, group: &Subject, language: &str) -> Vec<MemberRow> {
        let today = self.today();
        let consents = Consents::of(&self.book.project, &today);
        let members = group.of.iter().filter(|_| group.kind == SubjectKind::Group);
        members.filter_map(|member| self.member_row(member, &consents, language)).collect()
    }

    /// The groups that somebody is in, by any of their cards.
    pub(crate) fn groups_of(&self, cards: &[RecordId]) -> Vec<RecordId> {
        let is_in = |card: &Subject| card.kind == SubjectKind::Group && card.of.iter().any(|one| cards.contains(one));
        let subjects = self.book.project.subjects.iter();
        subjects.filter(|(_, state)| state.card.as_ref().is_some_and(is_in)).map(|(record, _)| *record).collect()
    }

    fn member_row(&self, record: &RecordId, consents: &Consents<'_>, language: &str) -> Option<MemberRow> {
        let leading = self.book.project.identities().leading(record);
        let card = self.book.project.subject(&leading)?;
        Some(MemberRow {
            id: leading.to_string(),
            kind: card.kind.as_str().to_owned(),
            code: card.code.clone(),
            name: card.display_name.to_string(),
            site: self.book.short_site_name(card.site, language),
            standing: consents.standing(&leading, &Purpose::Group).code().to_owned(),
            may: consents.may(&leading, &Purpose::Group).is_ok(),
        })
    }

    /// Writes the card of a group: a new one, or with the id of one that is here its name, place and members. With it the id.
    ///
    /// # Errors
    /// A role that may not; `field-empty` without a name; `group-members` with none or too many, or with a member that is a group;
    /// `unknown-respondent`; a site that is not here; the store's refusal.
    pub fn save_group(&mut self, input: &GroupInput) -> Result<String> {
        self.must_write(kind::SUBJECT)?;
        let name = short(&input.name, roster::LONGEST)?;
        let name = name.ok_or_else(|| refuse("field-empty", "expected a name, found none").with("field", "person"))?;
        let members = self.members_of(&input.members)?;
        let site = Some(input.site.as_str()).filter(|site| !site.is_empty()).map(record_id).transpose()?;
        if site.is_some_and(|site| self.book.project.site(&site).is_none()) {
            return Err(site_gone());
        }
        let before = match input.id.as_str() {
            "" => None,
            id => {
                let record = record_id(id)?;
                let card = self.book.project.subject(&record).filter(|card| card.kind == SubjectKind::Group);
                Some((
                    record,
                    card.cloned().ok_or_else(|| refuse("unknown-respondent", "expected a group, found none"))?,
                ))
            }
        };
        let card = |base: Subject| Subject { display_name: name.clone().into(), site, of: members.clone(), ..base };
        let Some((record, before)) = before else {
            let record = self.new_record();
            let new = card(Subject::new(SubjectKind::Group, self.free_code(&SubjectKind::Group)));
            self.append(record, Vec::new(), &Content::from(&new))?;
            return Ok(record.to_string());
        };
        let changes = Card::changes(&before, &card(before.clone()));
        if !changes.is_empty() {
            let heads = self.heads_of::<Subject>(record)?;
            self.append(record, heads, &Content::from(changes))?;
        }
        Ok(record.to_string())
    }

    /// The members by id, or by the code on their card; each once.
    fn members_of(&self, said: &[String]) -> Result<Vec<RecordId>> {
        let mut members: Vec<RecordId> = Vec::new();
        for one in said {
            let found = record_id(one)
                .ok()
                .filter(|id| self.book.project.subject(id).is_some())
                .map_or_else(|| self.coded(one), |id| Ok(self.book.project.identities().leading(&id)))?;
            if self.book.project.subject(&found).is_some_and(|card| card.kind == SubjectKind::Group) {
                return Err(refuse("group-members", "expected people as members, found a group"));
            }
            if !members.contains(&found) {
                members.push(found);
            }
        }
        if members.is_empty() || members.len() > MOST_MEMBERS {
            let detail = format!("expected 1 to {MOST_MEMBERS} members, found {}", members.len());
            return Err(refuse("group-members", detail).with("limit", MOST_MEMBERS.to_string()));
        }
        Ok(members)
    }

    fn coded(&self, code: &str) -> Result<RecordId> {
        let project = &self.book.project;
        let with =
            project.subjects.keys().filter(|id| project.subject(id).is_some_and(|card| card.code == code.trim()));
        let mut leading: Vec<RecordId> = with.map(|id| project.identities().leading(id)).collect();
        leading.sort_unstable();
        leading.dedup();
        match leading.as_slice() {
            [one] => Ok(*one),
            found => {
                Err(refuse("unknown-respondent", format!("expected one person with this code, found {}", found.len()))
                    .with("code", code))
            }
        }
    }
}
