//! Revoking: a certificate is no longer good, what was written with it since waits, and chains go on where the revoked
//! person cannot read.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tianye_journal::{
    ChainId, EntryHash, HubPublicKey, MAX_ACCEPTED, MAX_READERS, Place, PublicKey, ReadingKey, Recipient, Revocation,
    from_hex, open_for, seal_for, to_hex,
};
use tianye_store::{Op, Store};
use tianye_survey::{Content, Grant, Member, RevocationReason, Revoked, Role, kind, rights};
use tianye_sync::HubClient;

use crate::desk::Desk;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{LaptopCard, RevokeInput, RevokedView, StoppedView, TeamView};
use crate::world;

const ANSWERED: &str = "revocations-answered";
/// Begins the setting that holds the keys which a hub was asked to refuse.
const BLOCKED: &str = "blocked-on-hub";
/// Since when the hub refuses this laptop.
const REFUSED: &str = "refused-by-hub";
/// Which chains this laptop gave the keys of to which laptops, in the place of those who write them.
const HANDED_ON: &str = "keys-handed-on";
/// Longest sealed key that is read, in bytes.
const MAX_KEY: usize = 16 * 1024;

/// The revocations that this laptop has drawn its conclusions from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Answered {
    serials: BTreeSet<u64>,
    readers: BTreeSet<EntryHash>,
}

impl Desk {
    /// Revokes a laptop's certificate. What this laptop has of it holds; what comes later waits. If the person could read
    /// what others write, the key for that is replaced. Tells the hub at once if it can be reached, else at the next sync.
    ///
    /// # Errors
    /// A store without the project's key; the own certificate; one that nobody knows, or that was revoked before; the
    /// store's refusal.
    pub fn revoke(&mut self, input: &RevokeInput) -> Result<TeamView> {
        self.must_keep_project()?;
        let serial = serial_of(&input.certificate)?;
        if serial == self.who.certificate()?.0.serial {
            return Err(refuse("revoke-self", "expected another laptop's certificate, found this one's"));
        }
        if self.book.revocations.certificates.contains_key(&serial) {
            return Err(refuse("revoked-before", "expected a certificate that is good, found a revoked one"));
        }
        let why = RevocationReason::from(input.why.as_str());
        if !RevocationReason::ALL.contains(&why) {
            return Err(refuse("internal", "expected one of the reasons for revoking, found another word"));
        }
        let member = self.book.owners.values().find(|member| member.certificate == Some(serial)).cloned();
        let member = member.ok_or_else(|| refuse("member-gone", "expected a laptop of the team, found none"))?;
        let read_others = rights::reads(&member.role, &Role::Interviewer);
        let fresh = read_others.then(|| ReadingKey::generate(&mut world::key_rng(&*self.world)));
        let word = self.word(serial, fresh.as_ref().map(ReadingKey::recipient))?;
        let mut revoked = Revoked::new(&word, member.person, why, input.note.trim());
        if let Some(fresh) = &fresh {
            revoked.keys = self.seal_key(fresh, serial)?;
            revoked.over = self.book.revocations.readers_from.iter().copied().collect();
        }
        let body = self.body(self.new_record(), Vec::new(), &Content::from(revoked))?;
        self.store.transact(Op::Seal, |tx| {
            if let Some(fresh) = &fresh {
                tx.add_reading_key(fresh)?;
            }
            tx.append_own(&body).map(|_| ())
        })?;
        self.book.read_on(&self.store)?;
        self.answer_revocations()?;
        if self.who.hub.is_some() {
            // A hub that is away is asked again at the next sync.
            let hub = self.lead_client()?;
            let _ = block_on_hub(&self.store, &hub, &self.to_block(hub.hub_key())?);
        }
        self.team()
    }

    /// Accepts what was written with a revoked certificate and is here by now.
    ///
    /// # Errors
    /// As [`Self::revoke`]; `revoked-nothing-waits`.
    pub fn accept_late(&mut self, certificate: &str) -> Result<TeamView> {
        self.must_keep_project()?;
        let serial = serial_of(certificate)?;
        let revoked = self.book.revocations.certificates.get(&serial);
        let last = revoked.and_then(|one| one.words.values().max_by_key(|by| (by.at.ms, by.at.offset))).cloned();
        let last = last.ok_or_else(|| refuse("member-gone", "expected a revoked certificate, found none"))?;
        if self.waiting(serial)? == 0 {
            return Err(refuse("revoked-nothing-waits", "expected entries that wait, found none"));
        }
        let word = self.word(serial, None)?;
        let content = Content::from(Revoked::new(&word, last.person, last.why, last.note));
        self.append(self.new_record(), Vec::new(), &content)?;
        self.team()
    }

    /// The laptops of a person, for the team's page.
    pub(crate) fn laptops_of(&self, chains: &[ChainId]) -> Result<Vec<LaptopCard>> {
        let own = self.who.certificate()?.0.serial;
        let mut devices: BTreeMap<u64, (String, Option<Role>)> = BTreeMap::new();
        for chain in chains {
            let serial = self.book.serials.get(chain).copied().unwrap_or_default();
            let role = self.book.team.0.get(chain).map(|standing| standing.role.clone());
            devices.insert(serial, (self.book.device(chain), role));
        }
        let card = |(serial, (device, role)): (u64, (String, Option<Role>))| {
            let revoked = self.book.revocations.certificates.get(&serial);
            let first = revoked.and_then(|one| one.words.values().min_by_key(|by| (by.at.ms, by.at.offset)));
            Ok(LaptopCard {
                certificate: serial.to_string(),
                device,
                own: serial == own,
                reads_others: role.as_ref().is_some_and(|role| rights::reads(role, &Role::Interviewer)),
                keeps_project: role == Some(Role::Administrator),
                waiting: self.waiting(serial)?,
                revoked: first.map(|by| RevokedView {
                    by: self.book.name(&by.author),
                    at: world::iso_of(by.at.ms, by.at.offset).unwrap_or_default(),
                    why: by.why.as_str().to_owned(),
                    note: by.note.to_string(),
                }),
            })
        };
        devices.into_iter().map(card).collect()
    }

    /// Whether this laptop's own certificate was revoked.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        let own = self.who.certificate().map(|(certificate, _)| certificate.serial);
        own.is_ok_and(|serial| self.book.revocations.certificates.contains_key(&serial))
    }

    /// Why what this laptop writes counts no more: a word of the project that has come, or a hub that refuses it.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn stopped(&self) -> Result<Option<StoppedView>> {
        let Ok((own, _)) = self.who.certificate() else { return Ok(None) };
        let revoked = self.book.revocations.certificates.get(&own.serial);
        if let Some(by) = revoked.and_then(|one| one.words.values().min_by_key(|by| (by.at.ms, by.at.offset))) {
            return Ok(Some(StoppedView {
                by: self.book.name(&by.author),
                at: world::iso_of(by.at.ms, by.at.offset).unwrap_or_default(),
                why: by.why.as_str().to_owned(),
                note: by.note.to_string(),
                waiting: self.waiting(own.serial)?,
            }));
        }
        let refused: Option<String> = papers::setting(&self.store, REFUSED)?;
        let (by, why, note) = (String::new(), String::new(), String::new());
        Ok(refused.map(|at| StoppedView { by, at, why, note, waiting: 0 }))
    }

    /// Draws the conclusions from revocations that have come: takes the new key for readers, seals for the new address,
    /// and goes on in a new chain, whose key the revoked person does not have.
    pub(crate) fn answer_revocations(&mut self) -> Result<()> {
        let revocations = &self.book.revocations;
        let mut answered: Answered = papers::setting(&self.store, ANSWERED)?.unwrap_or_default();
        let come = Answered {
            serials: revocations.certificates.keys().copied().collect(),
            readers: revocations.readers_from.clone(),
        };
        if come.serials.is_subset(&answered.serials) && come.readers.is_subset(&answered.readers) {
            return Ok(());
        }
        let keys = self.open_keys()?;
        let addresses = revocations.readers.clone();
        answered.serials.extend(&come.serials);
        answered.readers.extend(&come.readers);
        if let Some(first) = addresses.first() {
            let own = self.who.certificate()?.1.reader.to_string();
            let recovery = self.who.readers.get(1).cloned();
            let more = addresses.iter().skip(1).map(ToString::to_string);
            self.who.readers = std::iter::once(first.to_string()).chain(recovery).chain(more).chain([own]).collect();
        }
        let revoked = self.is_revoked();
        let opening = (!revoked).then(|| self.opening()).transpose()?;
        self.store.transact(Op::Seal, |tx| {
            for key in &keys {
                tx.add_reading_key(key)?;
            }
            if let Some((certificate, readers, body)) = &opening {
                tx.open_chain(certificate, readers, body)?;
            }
            self.who.keep(tx)?;
            papers::put(tx, ANSWERED, &answered)
        })?;
        // A key for readers opens what came before it.
        self.book.read_again();
        self.book.read_on(&self.store)?;
        self.hand_out_keys()
    }

    /// Gives the key of the own chain to every laptop of the team that has it not yet, where the whole team reads what
    /// this person writes.
    pub(crate) fn hand_out_keys(&mut self) -> Result<()> {
        if !rights::is_read_by_all(&self.who.survey_role()) || self.is_revoked() {
            return Ok(());
        }
        let Some(own) = self.store.read(|view| view.own_chain())? else { return Ok(()) };
        let mut held = self.admitted_with(own.chain)?;
        held.insert(self.who.certificate()?.0.serial);
        for entry in self.store.read(|view| view.entries_of_kind(kind::GRANT))? {
            if entry.chain == own.chain
                && let Content::Grant(grant) = Content::decode(kind::GRANT, &entry.body.content)
            {
                held.extend(grant.to);
            }
        }
        let mut wanting: BTreeMap<u64, Recipient> = BTreeMap::new();
        for (chain, member) in &self.book.owners {
            let Some(serial) = self.book.serials.get(chain) else { continue };
            if held.contains(serial) || self.book.revocations.certificates.contains_key(serial) {
                continue;
            }
            wanting.extend(member.read_details().map(|details| (*serial, details.reader)));
        }
        let wanting: Vec<(u64, Recipient)> = wanting.into_iter().collect();
        for some in wanting.chunks(MAX_READERS) {
            let to = some.iter().map(|(serial, _)| *serial).collect();
            let readers: Vec<Recipient> = some.iter().map(|(_, reader)| *reader).collect();
            let body = self.body(self.new_record(), Vec::new(), &Content::from(Grant { to }))?;
            self.store.transact(Op::Seal, |tx| tx.append_grant(&[own.chain], &readers, &body))?;
        }
        if !wanting.is_empty() {
            self.book.read_on(&self.store)?;
        }
        self.hand_on_keys()
    }

    /// Hands on, as a lead, the keys of administrators' chains to whom these cannot see themselves: another administrator and an
    /// analyst write nothing for the team, and an administrator does not read what leads alone do.
    fn hand_on_keys(&mut self) -> Result<()> {
        if self.who.survey_role() != Role::Lead {
            return Ok(());
        }
        let mut handed: BTreeSet<(ChainId, u64)> = papers::setting(&self.store, HANDED_ON)?.unwrap_or_default();
        let serials: Vec<(ChainId, u64, &Member)> = self
            .book
            .owners
            .iter()
            .filter_map(|(chain, member)| Some((*chain, *self.book.serials.get(chain)?, member)))
            .filter(|(_, serial, _)| !self.book.revocations.certificates.contains_key(serial))
            .collect();
        let mut grants = Vec::new();
        for (chain, of, _) in serials.iter().filter(|(.., writer)| writer.role == Role::Administrator) {
            let admitted = self.admitted_with(*chain)?;
            let unseen = |(_, serial, member): &&(ChainId, u64, &Member)| {
                matches!(member.role, Role::Administrator | Role::Analyst)
                    && serial != of
                    && !admitted.contains(serial)
                    && !handed.contains(&(*chain, *serial))
            };
            let to: BTreeMap<u64, Recipient> = serials
                .iter()
                .filter(unseen)
                .filter_map(|(_, serial, member)| Some((*serial, member.read_details()?.reader)))
                .collect();
            if !to.is_empty() && self.store.read(|view| view.content_key(*chain))?.is_some() {
                grants.push((*chain, to));
            }
        }
        if grants.is_empty() {
            return Ok(());
        }
        for (chain, to) in grants {
            let to: Vec<(u64, Recipient)> = to.into_iter().collect();
            for some in to.chunks(MAX_READERS) {
                let (to, readers): (Vec<u64>, Vec<Recipient>) = some.iter().copied().unzip();
                handed.extend(to.iter().map(|serial| (chain, *serial)));
                let body = self.body(self.new_record(), Vec::new(), &Content::from(Grant { to }))?;
                self.store.transact(Op::Seal, |tx| {
                    tx.append_grant(&[chain], &readers, &body)?;
                    papers::put(tx, HANDED_ON, &handed)
                })?;
            }
        }
        self.book.read_on(&self.store)?;
        Ok(())
    }

    /// The signing keys that a hub has not been asked to refuse yet.
    pub(crate) fn to_block(&self, hub: &HubPublicKey) -> Result<Vec<PublicKey>> {
        let blocked: BTreeSet<String> = papers::setting(&self.store, &blocked_on(hub))?.unwrap_or_default();
        let mut keys = Vec::new();
        for (chain, serial) in &self.book.serials {
            if !self.book.revocations.certificates.contains_key(serial) {
                continue;
            }
            let opening = self.store.read(|view| view.opening(*chain))?;
            let key = opening.and_then(|entry| entry.header.opening().map(|opening| opening.certificate.key));
            keys.extend(key.filter(|key| !blocked.contains(&to_hex(key.as_bytes()))));
        }
        Ok(keys)
    }

    /// The project's word about a certificate: all that is here of its chains holds.
    fn word(&self, serial: u64, readers: Option<Recipient>) -> Result<Revocation> {
        let frontier = self.store.read(|view| view.frontier())?;
        let places = frontier.iter().filter(|(chain, _)| self.book.serials.get(chain) == Some(&serial));
        let mut places: Vec<Place> =
            places.map(|(chain, head)| Place { chain, seq: head.seq, hash: head.hash }).collect();
        // Who splits a chain into more branches than a word can name is revoked all the same.
        places.sort_unstable_by_key(|place| std::cmp::Reverse((place.seq, place.chain, place.hash)));
        places.truncate(MAX_ACCEPTED);
        Ok(Revocation::sign(&papers::project_key(&self.store)?, self.who.project, serial, places, readers)?)
    }

    /// A key for readers, sealed for everybody who may still read what others write.
    fn seal_key(&self, key: &ReadingKey, revoked: u64) -> Result<Vec<String>> {
        let mut readers: BTreeSet<Recipient> = BTreeSet::from([self.who.certificate()?.1.reader]);
        for (chain, member) in &self.book.owners {
            let serial = self.book.serials.get(chain).copied().unwrap_or_default();
            let gone = serial == revoked || self.book.revocations.certificates.contains_key(&serial);
            if !gone && rights::reads(&member.role, &Role::Interviewer) {
                readers.extend(member.read_details().map(|details| details.reader));
            }
        }
        let readers: Vec<Recipient> = readers.into_iter().collect();
        readers.chunks(MAX_READERS).map(|some| Ok(to_hex(&seal_for(some, &*key.to_secret_bytes())?))).collect()
    }

    /// The keys for readers that were sealed for this person.
    fn open_keys(&self) -> Result<Vec<ReadingKey>> {
        let own = papers::reading_key(&self.store)?;
        let sealed = self.book.revocations.keys.values().flatten().filter_map(|text| from_hex(text));
        let opened = sealed.filter_map(|bytes| open_for(&own, &bytes, MAX_KEY).ok());
        let keys = opened.filter_map(|plain| {
            plain.as_slice().try_into().ok().map(|key: [u8; 32]| ReadingKey::from_secret_bytes(&key))
        });
        // Only a key that stands for an address that the project named.
        Ok(keys.filter(|key| self.book.revocations.named.contains(&key.recipient())).collect())
    }

    /// How many entries of a revoked certificate are here and wait.
    pub(crate) fn waiting(&self, serial: u64) -> Result<u32> {
        let mut waiting = 0;
        for (chain, _) in self.book.serials.iter().filter(|(_, of)| **of == serial) {
            let Some(accepted) = self.book.team.0.get(chain).and_then(|standing| standing.accepted.as_ref()) else {
                continue;
            };
            let here = self.store.read(|view| view.count_entries_in(*chain))?;
            waiting += here.saturating_sub(accepted.len() as u64);
        }
        Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
    }
}

/// Notes whether the hub refuses this laptop, and since when.
pub(crate) fn note_refused(store: &Store, refused: bool, now: &str) -> Result<()> {
    let before: Option<String> = papers::setting(store, REFUSED)?;
    match (refused, before) {
        (true, None) => store.transact(Op::Setting, |tx| papers::put(tx, REFUSED, &now))?,
        (false, Some(_)) => store.transact(Op::Setting, |tx| tx.remove_setting(REFUSED))?,
        _ => {}
    }
    Ok(())
}

/// Asks the hub to let these laptops in no more. What it confirmed before an error stays so.
pub(crate) fn block_on_hub(store: &Store, hub: &HubClient, keys: &[PublicKey]) -> Result<()> {
    let setting = blocked_on(hub.hub_key());
    for key in keys {
        hub.set_blocked(key, true)?;
        let mut blocked: BTreeSet<String> = papers::setting(store, &setting)?.unwrap_or_default();
        blocked.insert(to_hex(key.as_bytes()));
        store.transact(Op::Setting, |tx| papers::put(tx, &setting, &blocked))?;
    }
    Ok(())
}

/// Each hub is asked: one of a lead's laptop says nothing for the one of the project.
fn blocked_on(hub: &HubPublicKey) -> String {
    format!("{BLOCKED}-{}", to_hex(hub.as_bytes()))
}

fn serial_of(text: &str) -> Result<u64> {
    text.parse().map_err(|_| refuse("member-gone", "expected the number of a certificate, found another text"))
}
