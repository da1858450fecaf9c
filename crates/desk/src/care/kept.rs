//! What this person wrote of reports on this laptop: all of it, and what of it has not gone out.
//!
//! It lies in the store as one secret, sealed under the person key, which no recovery opens. It is there from the beginning,
//! and grows in large steps, so that its length says nothing either.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tianye_journal::{ChainId, ReadingKey, RecordId};
use tianye_store::{Op, Tx, View};
use tianye_survey::{Disclosure, ReportAct, ReportPart, Waiting};

use super::sound::Running;
use crate::desk::Desk;
use crate::refusal::{Result, refuse};
use crate::world;

const KEPT: &str = "reports";
/// Its length on the disk is a multiple of this.
const STEP: usize = 64 << 10;
/// Longest, in bytes of JSON; a secret takes 1 MiB.
const LONGEST: usize = 15 * STEP;

/// Reports of this person, as the store keeps them.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Everything that was written here, oldest first.
    #[serde(default)]
    pub parts: Vec<ReportPart>,
    /// What has not gone out.
    #[serde(default)]
    pub waiting: Waiting,
    /// Where each part went: the restricted chain, and the place in it.
    #[serde(default)]
    pub gone: BTreeMap<RecordId, (ChainId, u64)>,
    /// Answers that stand in a report by now and are to be erased from their interviews.
    #[serde(default)]
    pub to_erase: Vec<ToErase>,
    /// A recording that runs, or that was cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Running>,
}

/// Fields of an interview.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ToErase {
    pub record: RecordId,
    pub fields: Vec<String>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept(…)")
    }
}

impl Kept {
    /// Reads it.
    ///
    /// # Errors
    /// A damaged secret; a store that was opened by recovery.
    pub fn read(view: &View<'_>) -> tianye_store::Result<Self> {
        let Some(bytes) = view.secret(KEPT)? else { return Ok(Self::default()) };
        serde_json::from_slice(&bytes)
            .map_err(|_| tianye_store::Error::Invalid { what: "kept reports", why: "they cannot be read".into() })
    }

    /// Keeps it; durable with the step.
    ///
    /// # Errors
    /// `TooLarge`; the store's refusal.
    pub fn put(&self, tx: &mut Tx<'_>) -> tianye_store::Result<()> {
        let mut bytes = zeroize::Zeroizing::new(serde_json::to_vec(self).unwrap_or_default());
        if bytes.len() > LONGEST {
            let (found, limit) = (bytes.len() as u64, LONGEST as u64);
            return Err(tianye_store::Error::TooLarge { what: "kept reports", found, limit });
        }
        let length = bytes.len().div_ceil(STEP).max(1) * STEP;
        bytes.resize(length, b' ');
        tx.put_secret(KEPT, &bytes)
    }

    /// Adds a part, which waits for the next packet.
    pub fn add(&mut self, part: ReportPart) {
        self.waiting.parts.push(part.clone());
        self.parts.push(part);
    }

    /// Whether something of a report has not gone out. Where there is a hub, `received` says how far its receipts go: what
    /// is in a packet without one waits still.
    pub fn waits(&self, report: &RecordId, received: Option<&BTreeMap<ChainId, u64>>) -> bool {
        let of = |id: &RecordId| self.parts.iter().find(|part| part.id == *id).map(|part| part.report);
        let is_there = |(chain, seq): &(ChainId, u64)| {
            received.is_none_or(|received| received.get(chain).is_some_and(|upto| upto >= seq))
        };
        let parts = self.parts.iter().filter(|part| part.report == *report);
        self.waiting.holds(report, of) || parts.into_iter().any(|part| !self.gone.get(&part.id).is_some_and(is_there))
    }

    /// How a report of this person began.
    pub fn begun(&self, report: &RecordId) -> Option<&Disclosure> {
        self.parts.iter().filter(|part| part.report == *report).find_map(|part| match &part.act {
            ReportAct::Begun(disclosure) => Some(&**disclosure),
            _ => None,
        })
    }
}

impl Desk {
    /// Makes what every laptop has for reports, if it is not there yet: the key to read them, and the box for what waits.
    pub(crate) fn prepare_care(&self) -> Result<()> {
        if !self.store.can_sign() || self.store.read(|view| view.restricted_reading_key())?.is_some() {
            return Ok(());
        }
        let key = ReadingKey::generate(&mut world::key_rng(&*self.world));
        self.store.transact(Op::Keys, |tx| {
            tx.put_restricted_reading_key(&key)?;
            Kept::default().put(tx)
        })?;
        Ok(())
    }

    /// Changes what is kept of reports, in one step.
    pub(crate) fn keep_reports(
        &self,
        change: impl FnOnce(&mut Kept, &mut Tx<'_>) -> tianye_store::Result<()>,
    ) -> Result<()> {
        self.store
            .transact(Op::Seal, |tx| {
                let mut kept = Kept::read(tx)?;
                change(&mut kept, tx)?;
                kept.put(tx)
            })
            .map_err(|why| match why {
                tianye_store::Error::TooLarge { .. } => {
                    refuse("reports-full", "expected room for this report, found too many long ones on this laptop")
                }
                why => why.into(),
            })
    }

    /// What is kept of reports.
    pub(crate) fn kept_reports(&self) -> Result<Kept> {
        Ok(self.store.read(Kept::read)?)
    }
}
