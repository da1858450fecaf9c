//! What hubs are told of erasures. A hub reads no entry, so a laptop with the project's key tells it what to drop, and says so in
//! a word of its own on each erasure (kind 15): the others cannot know, and their certificates go by these words.

use tianye_journal::{HubPublicKey, to_hex};
use tianye_store::Op;
use tianye_survey::{self as survey, CarriedOut, Content, kind};
use tianye_sync::protocol::MAX_IDS;
use tianye_sync::{Cancel, HubCard, HubClient};

use super::Laptop;
use crate::book::entries_of;
use crate::desk::Desk;
use crate::interview::page::small;
use crate::papers;
use crate::refusal::Result;

/// How far a hub has been told what was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Told {
    entries: i64,
    chunks: i64,
}

/// The setting that holds [`Told`] of a hub.
fn told_key(hub: &HubPublicKey) -> String {
    format!("erased-on-{}", to_hex(hub.as_bytes()))
}

/// How far this laptop has said what a hub was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Said {
    told: Told,
    /// How many erasures there were: one that names only what others named moves nothing else.
    erasures: u32,
}

/// The setting that holds [`Said`] of a hub.
fn said_key(hub: &HubPublicKey) -> String {
    format!("said-erased-on-{}", to_hex(hub.as_bytes()))
}

/// A hub, as words on erasures name it.
pub(crate) fn hub_name(card: &HubCard) -> String {
    to_hex(&card.key.0)
}

impl Desk {
    /// Whether a hub still keeps something that was erased. Only of use on a laptop that tells hubs.
    pub(crate) fn keeps_erased(&self, card: &HubCard) -> Result<bool> {
        let hub = papers::address_of(card)?.key;
        let told: Told = papers::setting(&self.store, &told_key(&hub))?.unwrap_or_default();
        let (entries, _) = self.store.read(|view| view.erased_since(told.entries, 1))?;
        let (chunks, _) = self.store.read(|view| view.erased_chunks_since(told.chunks, 1))?;
        Ok(!entries.is_empty() || !chunks.is_empty())
    }

    /// Says of each erasure that was carried out here which hub was told to drop it, once it was told of all that was erased.
    pub(crate) fn say_hubs_told(&mut self) -> Result<()> {
        // A revoked laptop's word has no effect.
        if !papers::keeps_project(&self.store)? || !self.store.can_sign() || self.is_revoked() {
            return Ok(());
        }
        let cards: Vec<HubCard> = self.who.hub.iter().cloned().chain(self.nearby_beside()?).collect();
        for card in cards {
            let hub = papers::address_of(&card)?.key;
            let told: Told = papers::setting(&self.store, &told_key(&hub))?.unwrap_or_default();
            if told == Told::default() || self.keeps_erased(&card)? {
                continue;
            }
            let erasures = small(self.store.read(|view| view.entries_of_kind(kind::ERASURE))?.len());
            let said = Said { told, erasures };
            if papers::setting(&self.store, &said_key(&hub))? != Some(said) {
                self.say_told(&hub_name(&card))?;
                // Last: what a crash keeps from being said is said at the next sync.
                self.store.transact(Op::Setting, |tx| papers::put(tx, &said_key(&hub), &said))?;
            }
        }
        Ok(())
    }

    /// A word on each erasure that is in effect here and on which nobody has said yet that a hub was told. One that others
    /// cover has a word of its own all the same: not everybody reads those others.
    fn say_told(&mut self, hub: &str) -> Result<()> {
        let own = self.own_chains()?;
        for record in self.store.read(|view| view.records_of_kind(kind::ERASURE))? {
            let state = survey::erasures(record, &entries_of(&self.store, record)?, &self.book.team);
            let said = state.said_to_hub(hub);
            for (hash, erased) in state.erasures.iter().filter(|(hash, _)| !said.contains(hash)) {
                // Such a word also says that this laptop has carried it out.
                let is_carried_out = !state.answered(hash).is_disjoint(&own) && self.has_dropped(&erased.erasure)?;
                if is_carried_out {
                    let said = CarriedOut { hubs: vec![hub.to_owned()], ..CarriedOut::of(*hash) };
                    self.append(record, Vec::new(), &Content::from(said))?;
                }
            }
        }
        Ok(())
    }
}

impl Laptop {
    /// The hub may hold anything that was erased: it is told all of it again.
    pub(super) fn forget_told(&self, hub: &HubPublicKey) -> Result<()> {
        Ok(self.store.transact(Op::Setting, |tx| papers::put(tx, &told_key(hub), &Told::default()))?)
    }

    /// Tells the hub what was erased since it was told last, and gives how much. What it confirmed before an error stays told.
    pub(super) fn erase_on_hub(&self, hub: &HubClient, cancel: &Cancel) -> Result<usize> {
        let key = told_key(hub.hub_key());
        let mut told: Told = papers::setting(&self.store, &key)?.unwrap_or_default();
        let mut count = 0;
        loop {
            let limit = small(MAX_IDS);
            let (entries, to) = self.store.read(|view| view.erased_since(told.entries, limit))?;
            let (chunks, chunks_to) = self.store.read(|view| view.erased_chunks_since(told.chunks, limit))?;
            if (entries.is_empty() && chunks.is_empty()) || cancel.is_cancelled() {
                return Ok(count);
            }
            hub.erase(&entries, &chunks)?;
            count += entries.len() + chunks.len();
            told = Told { entries: to, chunks: chunks_to };
            self.store.transact(Op::Setting, |tx| papers::put(tx, &key, &told))?;
        }
    }
}
