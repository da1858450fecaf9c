//! What the desk remembers of a store while it is open: team, project, and a card for each interview.
//!
//! Everything here is folded from entries and can be folded again. Of interviews and respondents only a card stays in memory
//! ([`crate::folding`] makes it and keeps it in the store); answers are read when an interview is opened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tianye_journal::{ChainId, PersonId, RecordId, Trust, open_rest};
use tianye_store::{OpenedEntry, Store};
use tianye_survey::{
    self as survey, At, Entities, Glance, InterviewState, Member, Opened, ProjectState, Revocations, Status, Team,
};
use tianye_xform::TableError;

use crate::folding::{NoRight, Reading};
use crate::interview::page::small;
use crate::refusal::Result;
use crate::versions::Library;
use crate::world;

/// What a list shows of an interview.
#[derive(Clone, Serialize, Deserialize)]
pub struct Brief {
    /// Hash of the form version; none while versions are contested.
    pub form: Option<survey::FormHash>,
    /// Respondent.
    pub subject: Option<RecordId>,
    /// Site.
    pub site: Option<RecordId>,
    /// Who took part beside the respondent, at any sitting: the members of a group, or who answered about a child.
    pub with: Vec<RecordId>,
    /// Who wrote sittings.
    pub interviewers: Vec<PersonId>,
    /// To whom it was handed over.
    pub handed_to: Option<PersonId>,
    /// How far it is.
    pub status: Status,
    /// Answers that are not blank.
    pub answered: u32,
    /// What a person must decide.
    pub conflicts: u32,
    /// Several wrote beside each other.
    pub merged: bool,
    /// First entry, by that laptop's clock.
    pub began: Option<At>,
    /// Last sitting or verdict, by that laptop's clock.
    pub changed: Option<At>,
    /// Why it was sent back; empty otherwise.
    pub sent_back_reason: String,
    /// Its answers were taken from a submission of another program.
    pub imported: bool,
    /// It was begun for practice: [`crate::Desk::is_past_practice`] says what follows.
    #[serde(default)]
    pub practice: bool,
    /// What its answers say of the respondent, for finding duplicates.
    pub said: survey::Said,
    /// Newest entries, for the receipt's mark.
    pub heads: Vec<tianye_journal::EntryHash>,
}

impl Brief {
    /// The day on which it was begun, as that laptop's clock showed it; empty where it is not known.
    pub fn day(&self) -> String {
        let at = self.began.and_then(|at| world::local(at.ms, at.offset));
        at.map(|at| at.date_naive().to_string()).unwrap_or_default()
    }
}

impl std::fmt::Debug for Brief {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Brief({:?}, {} conflicts)", self.status, self.conflicts)
    }
}

/// Team, project, interviews.
#[derive(Debug, Default)]
pub struct Book {
    /// Certificates of chains.
    pub team: Team,
    /// Whose chain: the member's card.
    pub owners: BTreeMap<ChainId, Member>,
    /// Serials of the certificates that chains were opened with.
    pub serials: BTreeMap<ChainId, u64>,
    /// What the project revoked.
    pub revocations: Revocations,
    /// Whose word a revocation must be; until it is said, nothing is revoked.
    pub trust: Option<Trust>,
    /// Cards and forms.
    pub project: ProjectState,
    /// A card for each interview that can be read.
    pub interviews: BTreeMap<RecordId, Brief>,
    /// Forms, and how their versions read under each other.
    pub(crate) library: Library,
    /// The entities of all lists.
    pub(crate) entities: Entities,
    /// What sittings said of entities, word for word.
    pub(crate) told: Entities,
    /// Interviews whose answers came to something else than their last sitting said of entities.
    pub(crate) told_before: BTreeSet<RecordId>,
    /// Interviews with sittings under several versions: they read differently when a version comes.
    pub(crate) mixed: BTreeSet<RecordId>,
    /// Interviews whose form, or a part of it, was not here when they were folded.
    pub(crate) formless: BTreeSet<RecordId>,
    /// Records with erasures that were read and may have to be carried out here.
    pub(crate) erased_in: BTreeSet<RecordId>,
    /// Records with entries that have no effect, which the sorts of the entries do not tell.
    pub(crate) no_right: BTreeMap<RecordId, NoRight>,
    /// How far the store was read.
    pub(crate) reading: Reading,
}

impl Book {
    /// The entities of all lists: as sittings said, and where a record came to something else since, as its form says.
    pub(crate) fn settle_entities(&mut self, store: &Store) -> Result<()> {
        self.told.leave_out_practice(!self.project.is_called_practice());
        let mut entities = self.told.clone();
        for record in &self.told_before {
            let entries = entries_of(store, *record)?;
            let state = self.interview(store, *record, &entries);
            let form = self.project.newest_of(&state.forms).one();
            let form = form.and_then(|hash| self.library.form(&self.project, store, &hash).ok());
            let (Some(form), Some((_, at))) = (form.filter(|form| !form.entities().is_empty()), state.last) else {
                continue;
            };
            let Some(now) = world::local(at.ms, at.offset) else { continue };
            let form = with_lists(&self.told, &form, Some(record))?;
            let properties = tianye_xform::Properties::default();
            let context = tianye_xform::Context { now, random: &|| 0, properties: &properties };
            let filled = survey::recheck(form, &state, &context);
            entities.put(*record, survey::retell(&state, &filled.session));
        }
        self.entities = entities;
        Ok(())
    }

    /// A form with the entities of its lists on top of their files.
    pub(crate) fn with_lists(
        &self,
        form: &Arc<tianye_xform::Form>,
        own: Option<&RecordId>,
    ) -> std::result::Result<Arc<tianye_xform::Form>, TableError> {
        with_lists(&self.entities, form, own)
    }

    /// An interview as its entries come to, read under the newest version among its heads.
    #[must_use]
    pub fn interview(&self, store: &Store, record: RecordId, entries: &[Opened]) -> InterviewState {
        self.library.interview(&self.project, store, &self.team, record, entries)
    }

    /// The erasures in an interview.
    pub(crate) fn erasures_in(&self, record: &RecordId) -> Vec<tianye_journal::EntryHash> {
        self.told.read().get(record).map(|told| told.erased.clone()).unwrap_or_default()
    }

    /// The project's name of a site, from the outermost down.
    #[must_use]
    pub fn site_name(&self, site: Option<RecordId>, language: &str) -> String {
        let path = site.map(|site| self.project.site_path(&site)).unwrap_or_default();
        let names: Vec<&str> = path.iter().map(|(_, site)| site.name.get(language)).collect();
        names.join(" ")
    }

    /// School and class only: what a heading has room for.
    #[must_use]
    pub fn short_site_name(&self, site: Option<RecordId>, language: &str) -> String {
        let path = site.map(|site| self.project.site_path(&site)).unwrap_or_default();
        let names: Vec<&str> =
            path.iter().skip(path.len().saturating_sub(2)).map(|(_, site)| site.name.get(language)).collect();
        names.join(" ")
    }

    /// Display name of a person.
    #[must_use]
    pub fn name(&self, person: &PersonId) -> String {
        let member = self.project.member(person);
        let owner = || self.owners.values().find(|member| member.person == *person);
        let handed = || self.entities.name(person).map(str::to_owned);
        let assigned = || self.name_in_assignments(person);
        let known = member.or_else(owner).map(|member| member.name.to_string());
        let told = || self.project.called(person).map(str::to_owned);
        known.or_else(handed).or_else(assigned).or_else(told).unwrap_or_default()
    }

    /// What an assignment calls somebody whose card is not read here.
    fn name_in_assignments(&self, person: &PersonId) -> Option<String> {
        let cards = self.project.assignments.values().filter_map(|state| state.card.as_ref());
        let called = |card: &survey::Assignment| {
            let mine = card.called.as_ref().filter(|_| card.interviewer == Some(*person));
            let begun = card.begun.as_ref().filter(|begun| begun.by == *person).map(|begun| &begun.called);
            mine.or(begun).map(|name| name.to_string()).filter(|name| !name.is_empty())
        };
        cards.filter_map(called).next()
    }

    /// The ordinary chains that can be read.
    pub(crate) fn ordinary_chains(&self) -> BTreeSet<ChainId> {
        self.owners.iter().filter(|(_, member)| !member.for_team).map(|(chain, _)| *chain).collect()
    }

    /// Display name of the laptop that writes a chain.
    #[must_use]
    pub fn device(&self, chain: &ChainId) -> String {
        let owner = self.owners.get(chain);
        let card = owner.and_then(|member| self.project.device(member.certificate?));
        card.or(owner).and_then(|member| member.device_name.clone()).unwrap_or_default()
    }
}

fn with_lists(
    entities: &Entities,
    form: &Arc<tianye_xform::Form>,
    own: Option<&RecordId>,
) -> std::result::Result<Arc<tianye_xform::Form>, TableError> {
    let known = entities.lists();
    let lists: BTreeSet<&str> = form.tables().filter(|table| known.contains(*table)).collect();
    let mut with = Arc::clone(form);
    for list in lists {
        with = Arc::new(with.with_table(list, &entities.rows(list, &form.table_rows(list), own))?);
    }
    Ok(with)
}

/// A card of an interview, written between these times.
pub(crate) fn brief(
    glance: Glance,
    project: &ProjectState,
    [began, changed]: [Option<At>; 2],
    imported: bool,
) -> Brief {
    let Glance {
        forms,
        subject,
        site,
        with,
        interviewers,
        handed_to,
        status,
        sent_back,
        answered,
        conflicts,
        merged,
        practice,
        said,
        heads,
    } = glance;
    Brief {
        form: project.newest_of(&forms).one().or_else(|| forms.first().copied()),
        subject,
        site,
        with,
        interviewers,
        handed_to,
        status,
        answered: small(answered),
        conflicts: small(conflicts),
        merged,
        began,
        changed,
        imported,
        practice,
        said,
        sent_back_reason: sent_back.to_string(),
        heads,
    }
}

/// Whether answers of a record were taken from a submission of another program.
pub(crate) fn is_imported(entries: &[Opened]) -> bool {
    let taken = |entry: &Opened| matches!(&entry.content, survey::Content::Interview(one) if one.source.is_some());
    entries.iter().any(taken)
}

/// The entries of a record, opened and read.
///
/// # Errors
/// The store's refusal.
pub fn entries_of(store: &Store, record: RecordId) -> Result<Vec<Opened>> {
    Ok(read(store, store.entries_of(record)?))
}

/// The entries of a record, read.
pub(crate) fn read(store: &Store, entries: Vec<OpenedEntry>) -> Vec<Opened> {
    let mut entries: Vec<Opened> = entries.into_iter().map(opened).collect();
    survey::confirm_erasures(&mut entries, &|entry| store.read(|view| view.place_of(*entry)).ok().flatten());
    survey::open_rests(&mut entries, &|chain, entry, sealed| {
        let key = store.read(|view| view.content_key(chain)).ok().flatten()?;
        open_rest(&key, entry, sealed).ok().map(|rest| rest.to_vec())
    });
    entries
}

/// An opened body with its content read.
pub(crate) fn opened(entry: OpenedEntry) -> Opened {
    let OpenedEntry { hash, chain, seq, body } = entry;
    Opened {
        hash,
        chain,
        seq,
        kind: body.kind,
        record: body.record,
        parents: body.parents,
        author: body.author,
        at: At { ms: body.at.millis, offset: body.at.offset_minutes },
        content: survey::Content::decode(body.kind, &body.content),
    }
}
