//! The project as a whole: its cards and forms. Interviews are not held here; there may be thousands.

use crate::fold::{CardState, FormState, KeptCard, LinkState, TextState, card, consent_text, form, link};
use crate::identities::{Found, Identities};
use crate::kinds::{
    Assignment, Beginning, Beginnings, Consent, Contacts, Exported, FormHash, Member, Names, Project, Site, Subject,
    Tie,
};
use crate::rights::Team;
use crate::{Conflict, Content, Newest, Opened, VersionState, kind, record_kinds, without_erased};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{ChainId, PersonId, RecordId};

/// All cards and forms of a project, each under its record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectState {
    /// The project's own card; normally one.
    pub projects: BTreeMap<RecordId, CardState<Project>>,
    /// Persons of the team on their devices.
    pub members: BTreeMap<RecordId, CardState<Member>>,
    /// Forms with their versions.
    pub forms: BTreeMap<RecordId, FormState>,
    /// Counties, townships, villages, schools, classes.
    pub sites: BTreeMap<RecordId, CardState<Site>>,
    /// Respondents; there may be thousands.
    pub subjects: BTreeMap<RecordId, KeptCard<Subject>>,
    /// Assignments and hand-overs.
    pub assignments: BTreeMap<RecordId, CardState<Assignment>>,
    /// Consents.
    pub consents: BTreeMap<RecordId, CardState<Consent>>,
    /// What families are read, by activity.
    pub texts: BTreeMap<RecordId, TextState>,
    /// How people are tied; there may be thousands.
    pub ties: BTreeMap<RecordId, KeptCard<Tie>>,
    /// Whom to call, by place.
    pub contacts: BTreeMap<RecordId, CardState<Contacts>>,
    /// Exports that somebody made, with who wrote it down.
    pub exports: BTreeMap<RecordId, (PersonId, Exported)>,
    /// What members told the team that they began.
    pub beginnings: BTreeMap<RecordId, (PersonId, Beginnings)>,
    /// What two records are to each other, each under the record of its pair.
    pub links: BTreeMap<RecordId, LinkState>,
    /// How many people can open a report of harm now; none where nobody has counted: words and revocations are not held here.
    pub holders: Option<usize>,
    /// What the links come to.
    pub(crate) found: Found,
}

impl ProjectState {
    /// The project from all its entries; interviews are passed over.
    pub fn fold<'a>(entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> Self {
        let mut by_record: BTreeMap<RecordId, Vec<&Opened>> = BTreeMap::new();
        for entry in entries {
            by_record.entry(entry.record).or_default().push(entry);
        }
        let mut state = Self::default();
        for (record, entries) in by_record {
            state.put(record, entries, team);
        }
        state
    }

    /// Replaces the state of one record by the fold of its entries; all of them must be given. Returns whether it was a
    /// card or a form.
    #[allow(clippy::needless_pass_by_value, reason = "what is handed over is a reference, or cheap to clone")]
    pub fn put<'a>(
        &mut self,
        record: RecordId,
        entries: impl IntoIterator<Item = &'a Opened> + Clone,
        team: &Team,
    ) -> bool {
        self.forget(&record);
        let mut put = false;
        for kind in record_kinds(entries.clone(), team) {
            put |= self.put_as(kind, record, entries.clone(), team);
        }
        put
    }

    /// Forgets what is known of a record. What it was before, it need not be any longer: its author's certificate may have been
    /// revoked.
    pub fn forget(&mut self, record: &RecordId) {
        let Self {
            projects,
            members,
            forms,
            sites,
            subjects,
            assignments,
            consents,
            texts,
            ties,
            contacts,
            exports,
            beginnings,
            links,
            holders: _,
            found,
        } = self;
        projects.remove(record);
        members.remove(record);
        forms.remove(record);
        sites.remove(record);
        subjects.remove(record);
        assignments.remove(record);
        consents.remove(record);
        texts.remove(record);
        ties.remove(record);
        contacts.remove(record);
        exports.remove(record);
        beginnings.remove(record);
        if links.remove(record).is_some() {
            *found = Found::default();
        }
    }

    /// Puts the part of a record that is of one kind.
    fn put_as<'a>(
        &mut self,
        kind: u16,
        record: RecordId,
        entries: impl IntoIterator<Item = &'a Opened> + Clone,
        team: &Team,
    ) -> bool {
        match kind {
            kind::PROJECT => _ = self.projects.insert(record, card(record, entries, team)),
            kind::FORM => _ = self.forms.insert(record, form(record, entries, team)),
            kind::MEMBER => {
                let state: CardState<Member> = card(record, entries.clone(), team);
                if state.card.as_ref().is_none_or(|card| is_by_right(card, entries, team)) {
                    self.members.insert(record, state);
                }
            }
            kind::SITE => _ = self.sites.insert(record, card(record, entries, team)),
            kind::SUBJECT => _ = self.subjects.insert(record, card(record, entries, team).into()),
            kind::ASSIGNMENT => _ = self.assignments.insert(record, card(record, entries, team)),
            kind::CONSENT => _ = self.consents.insert(record, card(record, entries, team)),
            kind::CONSENT_TEXT => _ = self.texts.insert(record, consent_text(record, entries, team)),
            kind::TIE => _ = self.ties.insert(record, card(record, entries, team).into()),
            kind::CONTACTS => _ = self.contacts.insert(record, card(record, entries, team)),
            kind::EXPORTED => {
                let by_right = |entry: &&Opened| entry.kind == kind && team.check(entry, true).is_ok();
                let author = entries.clone().into_iter().find(by_right).map(|entry| entry.author);
                let said: CardState<Exported> = card(record, entries, team);
                self.exports.extend(author.zip(said.card).map(|said| (record, said)));
            }
            kind::BEGINNINGS => {
                // A telling is never changed, but what it says can be erased: of entries with a right to it the first is the one.
                let entries: Vec<Opened> = entries.clone().into_iter().cloned().collect();
                let left = without_erased(record, &entries, team);
                let told = left.iter().filter(|entry| team.check(entry, true).is_ok()).find_map(|entry| {
                    let Content::Beginnings(told) = &entry.content else { return None };
                    Some((entry.author, told.as_ref().clone()))
                });
                self.beginnings.extend(told.map(|told| (record, told)));
            }
            kind::LINK => {
                self.links.insert(record, link(record, entries, team));
                self.found = Found::default();
            }
            _ => return false,
        }
        true
    }

    /// The records in which something was told to have been begun, with what.
    pub fn tellings(&self) -> impl Iterator<Item = (&RecordId, &[Beginning])> {
        self.beginnings.iter().map(|(record, (_, told))| (record, told.begun.as_slice()))
    }

    /// What was told to have been begun, each with who told it.
    pub fn begun(&self) -> impl Iterator<Item = (&PersonId, &Beginning)> {
        self.beginnings.values().flat_map(|(by, told)| told.begun.iter().map(move |one| (by, one)))
    }

    /// What somebody is called by their own tellings.
    pub fn called(&self, person: &PersonId) -> Option<&str> {
        let told = self.beginnings.values().filter(|(by, told)| by == person && !told.called.is_empty());
        told.map(|(_, told)| &*told.called).next_back()
    }

    /// Which records were linked, and which leads.
    pub fn identities(&self) -> &Identities {
        self.found.get(&self.links)
    }

    /// The project's card. Of several, that of the least record id: a project has one, made when it was founded.
    pub fn project(&self) -> Option<&Project> {
        self.projects.values().find_map(|state| state.card.as_ref())
    }

    /// Whether nothing real may be collected: the card says so or is not here, or something is not done without which no
    /// real project begins, whatever the card says.
    pub fn is_practice(&self) -> bool {
        self.is_called_practice() || !crate::is_ready(self)
    }

    /// Whether the project's card calls it a practice project, or is not here: what is begun then is marked, and stays practice.
    ///
    /// A project that has begun and only shows itself as practice, since fewer than two holders are left, is none by its card: its
    /// interviews are with real children whose families were asked ([`Self::asks_consent`]), so they carry no mark and count. That
    /// such a project is shown as practice is to keep people from collecting more until it is put right, not a word on what they did.
    pub fn is_called_practice(&self) -> bool {
        self.projects.values().all(|state| state.card.as_ref().is_none_or(|project| project.practice))
    }

    /// The person's card: the first of that person's devices.
    pub fn member(&self, person: &PersonId) -> Option<&Member> {
        self.members.values().filter_map(|s| s.card.as_ref()).find(|m| m.person == *person)
    }

    /// The card of the device whose certificate has this serial.
    pub fn device(&self, certificate: u64) -> Option<&Member> {
        self.members.values().filter_map(|s| s.card.as_ref()).find(|m| m.certificate == Some(certificate))
    }

    /// A respondent.
    pub fn subject(&self, record: &RecordId) -> Option<&Subject> {
        self.subjects.get(record)?.card.as_ref()
    }

    /// A site.
    pub fn site(&self, record: &RecordId) -> Option<&Site> {
        self.sites.get(record)?.card.as_ref()
    }

    /// An assignment.
    pub fn assignment(&self, record: &RecordId) -> Option<&Assignment> {
        self.assignments.get(record)?.card.as_ref()
    }

    /// A site and what it stands in, from the outermost in. Ends where a site is missing, or stands in itself.
    pub fn site_path(&self, record: &RecordId) -> Vec<(RecordId, &Site)> {
        let mut path: Vec<(RecordId, &Site)> = Vec::new();
        let mut next = Some(*record);
        while let Some(record) = next {
            let Some(site) = self.site(&record) else { break };
            if path.iter().any(|(seen, _)| *seen == record) {
                break;
            }
            path.push((record, site));
            next = site.parent;
        }
        path.reverse();
        path
    }

    /// The sites that stand in this one; with `None` those that stand in none that is here. By Chinese name.
    pub fn sites_in(&self, parent: Option<RecordId>) -> Vec<(RecordId, &Site)> {
        let mut sites: Vec<(RecordId, &Site)> = self
            .sites
            .iter()
            .filter_map(|(record, state)| Some((*record, state.card.as_ref()?)))
            .filter(|(_, site)| site.parent.filter(|p| self.site(p).is_some()) == parent)
            .collect();
        sites.sort_by(|(a_id, a), (b_id, b)| a.name.cmp(&b.name).then(a_id.cmp(b_id)));
        sites
    }

    /// The form version of this hash, with its form's record.
    pub fn form_version(&self, hash: &FormHash) -> Option<(RecordId, &VersionState)> {
        self.forms.iter().find_map(|(record, form)| Some((*record, form.version(hash)?)))
    }

    /// The id of the form that this is a version of; empty where that has not come.
    pub fn form_id(&self, version: &FormHash) -> &str {
        self.form_version(version).map_or("", |(_, version)| version.form.form_id.as_str())
    }

    /// The form's record of this `form_id`. Of several, that of the least record id; see [`ProjectState::form_twice`].
    pub fn form_record(&self, form_id: &str) -> Option<RecordId> {
        self.forms.iter().find(|(_, form)| form.form_id() == Some(form_id)).map(|(record, _)| *record)
    }

    /// For each form id its newest version, for new interviews.
    pub fn latest_forms(&self) -> BTreeMap<&str, &Newest> {
        self.forms.values().filter_map(|form| Some((form.form_id()?, &form.newest))).rev().collect()
    }

    /// Form ids that stand in several records: two leads put the form in, each as if it were new.
    pub fn form_twice(&self) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        self.forms.values().filter_map(FormState::form_id).filter(|id| !seen.insert(*id)).collect()
    }

    /// Which of these versions is newest; a person must choose where the forms' graphs do not say.
    pub fn newest_of(&self, hashes: &[FormHash]) -> Newest {
        let wanted: BTreeSet<FormHash> = hashes.iter().copied().collect();
        let known = |form: &FormState| wanted.iter().filter(|hash| form.version(hash).is_some()).count();
        match self.forms.values().rev().max_by_key(|form| known(form)) {
            Some(form) => form.newest_of(hashes),
            None => Newest::of(wanted),
        }
    }

    /// What is to be decided on cards.
    pub fn conflicts(&self) -> Vec<(RecordId, u16, &Conflict)> {
        fn of<T>(
            kind: u16,
            cards: &BTreeMap<RecordId, CardState<T>>,
        ) -> impl Iterator<Item = (RecordId, u16, &Conflict)> {
            cards.iter().flat_map(move |(record, state)| state.conflicts.iter().map(move |c| (*record, kind, c)))
        }
        let subjects = self.subjects.iter();
        let subjects = subjects.flat_map(|(record, kept)| kept.conflicts.iter().map(|c| (*record, kind::SUBJECT, c)));
        let ties = self.ties.iter();
        let ties = ties.flat_map(|(record, kept)| kept.conflicts.iter().map(|c| (*record, kind::TIE, c)));
        of(kind::PROJECT, &self.projects)
            .chain(of(kind::MEMBER, &self.members))
            .chain(of(kind::SITE, &self.sites))
            .chain(subjects)
            .chain(of(kind::ASSIGNMENT, &self.assignments))
            .chain(of(kind::CONSENT, &self.consents))
            .chain(ties)
            .chain(of(kind::CONTACTS, &self.contacts))
            .collect()
    }

    /// Name of the person who wrote in a chain.
    pub fn name_of_chain(&self, chain: &ChainId, team: &Team) -> Option<&str> {
        let standing = team.0.get(chain)?;
        self.member(&standing.person).map(|member| &*member.name)
    }

    /// Title of a form version.
    pub fn form_title(&self, hash: &FormHash) -> Option<&Names> {
        self.form_version(hash).map(|(_, version)| &version.form.title)
    }
}

/// Whether whoever wrote a member's card may say who that is: a lead or an administrator of anybody, everybody of themselves.
fn is_by_right<'a>(card: &Member, entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> bool {
    let mut written = entries.into_iter().filter(|entry| entry.kind == kind::MEMBER && team.check(entry, true).is_ok());
    written.all(|entry| entry.author == card.person || team.check(entry, false).is_ok())
}
