//! What the desk remembers of a store while it is open: team, project, and a card for each interview.
//!
//! Everything here is folded from entries and can be folded again. Of interviews only the card stays in memory; their
//! answers are read when one is opened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tianye_journal::{ChainId, Form, PersonId, RecordId, Trust, open_rest};
use tianye_store::{OpenedEntry, Store};
use tianye_survey::{
    self as survey, At, Entities, InterviewState, Member, Opened, ProjectState, Revocations, Status, Team, kind,
};
use tianye_xform::TableError;

use crate::entities::hands_on;
use crate::refusal::Result;
use crate::versions::Library;
use crate::world;

/// Entries read at a time.
const PAGE: u32 = 500;

/// What a list shows of an interview.
#[derive(Clone)]
pub struct Brief {
    /// Hash of the form version; none while versions are contested.
    pub form: Option<survey::FormHash>,
    /// Respondent.
    pub subject: Option<RecordId>,
    /// Site.
    pub site: Option<RecordId>,
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
    /// Last sitting or verdict, by that laptop's clock.
    pub changed: Option<At>,
    /// Why it was sent back; empty otherwise.
    pub sent_back_reason: String,
    /// Its answers were taken from a submission of another program.
    pub imported: bool,
    /// What its answers say of the respondent, for finding duplicates.
    pub said: survey::Said,
    /// Newest entries, for the receipt's mark.
    pub heads: Vec<tianye_journal::EntryHash>,
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
    told: Entities,
    /// Interviews whose answers came to something else than their last sitting said of entities.
    told_before: BTreeSet<RecordId>,
    /// Interviews with sittings under several versions: they read differently when a version comes.
    mixed: BTreeSet<RecordId>,
    /// Records with erasures that were read and may have to be carried out here.
    pub(crate) erased_in: BTreeSet<RecordId>,
    /// Entries of the store that were read so far.
    read_to: i64,
}

impl Book {
    /// Begins anew: keys that came late may have opened entries that were passed over.
    pub fn read_again(&mut self) {
        self.read_to = 0;
    }

    /// Reads what came into the store since the last time; gives the interviews that changed.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn read_on(&mut self, store: &Store) -> Result<BTreeSet<RecordId>> {
        let mut touched: BTreeSet<RecordId> = BTreeSet::new();
        let mut forms: BTreeSet<RecordId> = BTreeSet::new();
        let (mut team_grew, mut revoked) = (false, false);
        loop {
            let (page, cursor) = store.read(|view| view.opened_since(self.read_to, PAGE))?;
            self.read_to = cursor;
            if page.is_empty() {
                break;
            }
            for entry in page {
                let entry = opened(entry);
                team_grew |= self.certify(store, &entry)?;
                revoked |= entry.kind == kind::REVOCATION || self.holds_only(&entry.chain);
                touched.insert(entry.record);
                if entry.kind == kind::FORM {
                    forms.insert(entry.record);
                }
                if entry.kind == kind::ERASURE {
                    self.erased_in.insert(entry.record);
                }
            }
        }
        if revoked || team_grew {
            team_grew |= self.revoke(store)?;
        }
        // A new member may give effect to entries that came before, and a revoked one take it away.
        if team_grew {
            const KINDS: [u16; 9] = [
                kind::INTERVIEW,
                kind::SUBJECT,
                kind::ASSIGNMENT,
                kind::CONSENT,
                kind::FORM,
                kind::SITE,
                kind::PROJECT,
                kind::ENTITIES,
                kind::LINK,
            ];
            for kind in KINDS {
                touched.extend(store.read(|view| view.records_of_kind(kind))?);
            }
            forms.extend(store.read(|view| view.records_of_kind(kind::FORM))?);
        }
        // Forms first: interviews are read under them, and those of several versions read differently now.
        for record in &forms {
            self.project.put(*record, &entries_of(store, *record)?, &self.team);
        }
        if !forms.is_empty() {
            self.library.forget_ways();
            touched.extend(&self.mixed);
        }
        let mut interviews = BTreeSet::new();
        for record in touched.difference(&forms) {
            let entries = entries_of(store, *record)?;
            if hands_on(&entries) {
                self.told.put_handed(*record, &entries, &self.team);
                continue;
            }
            if !self.project.put(*record, &entries, &self.team) && self.brief(store, *record, &entries) {
                interviews.insert(*record);
            }
        }
        if !touched.is_empty() {
            self.settle_entities(store)?;
        }
        Ok(interviews)
    }

    /// The entities of all lists: as sittings said, and where a record came to something else since, as its form says.
    fn settle_entities(&mut self, store: &Store) -> Result<()> {
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

    /// Whether only some entries of a chain hold.
    fn holds_only(&self, chain: &ChainId) -> bool {
        self.team.0.get(chain).is_some_and(|standing| standing.accepted.is_some())
    }

    /// Reads which certificates are revoked, and what of their chains holds. Whether that is news.
    fn revoke(&mut self, store: &Store) -> Result<bool> {
        let Some(trust) = &self.trust else { return Ok(false) };
        let entries: Vec<Opened> =
            store.read(|view| view.entries_of_kind(kind::REVOCATION))?.into_iter().map(opened).collect();
        self.revocations = survey::revocations(&entries, trust);
        let mut news = false;
        for (serial, certificate) in &self.revocations.certificates {
            for (chain, _) in self.serials.iter().filter(|(_, of)| *of == serial) {
                let mut accepted = BTreeSet::new();
                for place in certificate.accepted.iter().filter(|place| place.chain == *chain) {
                    accepted.extend(store.read(|view| view.entries_up_to(place))?);
                }
                news |= self.team.revoke(*chain, accepted);
            }
        }
        Ok(news)
    }

    /// Takes the certificate of a chain from its opening entry.
    fn certify(&mut self, store: &Store, entry: &Opened) -> Result<bool> {
        if entry.kind != kind::MEMBER || entry.seq != tianye_journal::Seq::FIRST {
            return Ok(false);
        }
        let survey::Content::Member(card) = &entry.content else { return Ok(false) };
        let opening = store.read(|view| view.opening(entry.chain))?;
        let Some(Form::Opening(opening)) = opening.map(|opening| opening.header.form) else { return Ok(false) };
        let (Some(member), certificate) = (card.get(), opening.certificate) else { return Ok(false) };
        let Some(details) = member.read_details().filter(|details| certificate.verify_details(details).is_ok()) else {
            return Ok(false);
        };
        self.serials.insert(entry.chain, certificate.serial);
        self.team.add(entry.chain, details.person, survey::Role::from(details.role.as_str()));
        Ok(self.owners.insert(entry.chain, member).is_none())
    }

    fn brief(&mut self, store: &Store, record: RecordId, entries: &[Opened]) -> bool {
        if survey::record_kind(entries, &self.team) != Some(kind::INTERVIEW) {
            return false;
        }
        let erased = survey::erasures(record, entries, &self.team);
        if erased.is_whole() {
            self.interviews.remove(&record);
            self.told_before.remove(&record);
            let erased = erased.erasures.into_keys().collect();
            self.told.put(record, survey::Told { erased, ..survey::Told::nothing(record) });
            return true;
        }
        if survey::versions_of(entries).len() > 1 {
            self.mixed.insert(record);
        }
        let state = self.interview(store, record, entries);
        // What is in conflict, nobody has said yet.
        let silent =
            state.told.entries.is_empty() && !state.status.status.is_open() && self.makes_entities(store, &state);
        if (state.told_before || silent) && state.conflicts.is_empty() {
            self.told_before.insert(record);
        } else {
            self.told_before.remove(&record);
        }
        self.told.put(record, state.told.clone());
        let changed = entries.iter().map(|entry| entry.at).max();
        let imported = is_imported(entries);
        self.interviews.insert(record, Brief { imported, ..brief(&state, &self.project, changed) });
        true
    }

    fn makes_entities(&self, store: &Store, state: &InterviewState) -> bool {
        let form = self.project.newest_of(&state.forms).one();
        let form = form.and_then(|hash| self.library.form(&self.project, store, &hash).ok());
        form.is_some_and(|form| !form.entities().is_empty())
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
        member.or_else(owner).map(|member| member.name.to_string()).or_else(handed).unwrap_or_default()
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

fn brief(state: &InterviewState, project: &ProjectState, changed: Option<At>) -> Brief {
    let reasons = state.status.sent_back().filter_map(|write| write.review.as_ref());
    Brief {
        form: project.newest_of(&state.forms).one().or_else(|| state.forms.first().copied()),
        subject: state.subject(),
        site: state.site(),
        interviewers: state.interviewers.clone(),
        handed_to: state.status.handed_to(),
        status: state.status.status,
        answered: crate::interview::page::small(
            state.answers().filter(|(field, _)| field.is_node() && !field.is_row()).count(),
        ),
        conflicts: crate::interview::page::small(state.conflicts.len()),
        changed,
        imported: false,
        said: survey::said(state),
        sent_back_reason: reasons.map(|review| review.reason.to_string()).next().unwrap_or_default(),
        heads: state.heads(),
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
    let mut entries: Vec<Opened> = store.read(|view| view.entries_of(record))?.into_iter().map(opened).collect();
    survey::open_rests(&mut entries, &|chain, entry, sealed| {
        let key = store.read(|view| view.content_key(chain)).ok().flatten()?;
        open_rest(&key, entry, sealed).ok().map(|rest| rest.to_vec())
    });
    Ok(entries)
}

/// An opened body with its content read.
fn opened(entry: OpenedEntry) -> Opened {
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
