//! What does not fit, told for each laptop: whoever leads sees all of it, others what concerns their own laptop.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tianye_journal::{ChainId, HubPublicKey, to_hex};
use tianye_store::{Op, Store};
use tianye_survey::rights::{Reach, reach};
use tianye_survey::{NoRightReason, kind};
use tianye_sync::AuditState;

use super::number;
use crate::desk::Desk;
use crate::papers;
use crate::refusal::Result;
use crate::view::{Misfit, MisfitView, Role, SyncView};

/// The setting that names what a person has noted.
const NOTED: &str = "misfits-noted";
/// The setting that holds hubs that were found put back, by their keys.
const HUBS: &str = "hubs-put-back";
/// The reason of entries that wait for others.
const GAP: &str = "journal-gap";

/// A hub that was put back, as it was found last.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct PutBack {
    address: String,
    /// Its log says something else than before.
    rewritten: bool,
    at: String,
}

/// Notes a hub that was put back to an old copy, as its log shows it: it stays until a person takes it from the list.
pub(super) fn note_hub(store: &Store, hub: &HubPublicKey, address: &str, audit: AuditState, at: String) -> Result<()> {
    let mut hubs: BTreeMap<String, PutBack> = papers::setting(store, HUBS)?.unwrap_or_default();
    let key = to_hex(hub.as_bytes());
    let before = hubs.get(&key).is_some_and(|before| before.rewritten);
    // A way that broke and is gone again sees the log go on, and what it forgot.
    let rewritten = audit == AuditState::Rewritten || (before && audit == AuditState::GoesOn);
    hubs.insert(key, PutBack { address: address.to_owned(), rewritten, at });
    store.transact(Op::Setting, |tx| papers::put(tx, HUBS, &hubs))?;
    Ok(())
}

impl Desk {
    /// Takes something that does not fit from the list: a person knows of it. It comes again when there is more of it.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn note_misfit(&mut self, key: &str) -> Result<SyncView> {
        let still: BTreeSet<String> = self.all_misfits()?.into_iter().map(|one| one.key).collect();
        let mut noted: BTreeSet<String> = papers::setting(&self.store, NOTED)?.unwrap_or_default();
        noted.insert(key.to_owned());
        noted.retain(|one| still.contains(one));
        self.store.transact(Op::Setting, |tx| papers::put(tx, NOTED, &noted))?;
        self.sync_state()
    }

    /// What does not fit and was not noted, the worst first.
    pub(super) fn misfits(&self) -> Result<Vec<MisfitView>> {
        let noted: BTreeSet<String> = papers::setting(&self.store, NOTED)?.unwrap_or_default();
        let mut all = self.all_misfits()?;
        all.retain(|one| !noted.contains(&one.key));
        Ok(all)
    }

    fn all_misfits(&self) -> Result<Vec<MisfitView>> {
        let mut found = self.hubs_put_back()?;
        found.extend(self.forks()?);
        found.extend(self.without_right()?);
        found.extend(self.late()?);
        let gaps = self.missing_entries()?;
        found.extend(self.aside(&gaps.iter().map(|(chain, _)| *chain).collect())?);
        found.extend(self.by_laptop(Misfit::Gap, "", gaps)?);
        if !matches!(self.role(), Role::Lead | Role::Administrator) {
            // What lies on this laptop or was noticed here concerns whoever sits at it.
            let here = |what| matches!(what, Misfit::HubRewound | Misfit::HubRewritten | Misfit::Aside | Misfit::Gap);
            found.retain(|one| one.own || here(one.what));
        }
        found.sort_by(|a, b| (a.what, &a.owner, &a.key).cmp(&(b.what, &b.owner, &b.key)));
        Ok(found)
    }

    fn hubs_put_back(&self) -> Result<Vec<MisfitView>> {
        let hubs: BTreeMap<String, PutBack> = papers::setting(&self.store, HUBS)?.unwrap_or_default();
        let told = |(hub, PutBack { address, rewritten, at }): (String, PutBack)| MisfitView {
            key: format!("hub/{hub}/{at}"),
            owner: address,
            own: false,
            what: if rewritten { Misfit::HubRewritten } else { Misfit::HubRewound },
            code: String::new(),
            entries: 0,
            at,
        };
        Ok(hubs.into_iter().map(told).collect())
    }

    /// Laptops whose chains split. One that was revoked is dealt with.
    fn forks(&self) -> Result<Vec<MisfitView>> {
        let mut of: BTreeMap<String, (ChainId, u64, Vec<String>)> = BTreeMap::new();
        for split in self.splits()? {
            let serial = self.certificate_number(split.chain)?;
            if serial.is_some_and(|serial| self.book.revocations.certificates.contains_key(&serial)) {
                continue;
            }
            let ends = split.ends.iter().map(|end| format!("{}-{end}", split.chain));
            let one = of.entry(laptop(serial, split.chain)).or_insert((split.chain, split.at.get(), Vec::new()));
            one.2.extend(ends);
            // The place in the ordinary chain says most.
            if self.book.owners.get(&split.chain).is_some_and(|owner| !owner.for_team) {
                (one.0, one.1) = (split.chain, split.at.get());
            }
        }
        let told = |(_, (chain, at, ends)): (_, (ChainId, u64, Vec<String>))| {
            let one = self.misfit(Misfit::Fork, "", chain, at)?;
            Ok(MisfitView { key: format!("fork/{}", ends.join("/")), ..one })
        };
        of.into_iter().map(told).collect()
    }

    /// What stands in chains whose writers may not write it: by their role, which the store counts, or as it was found when
    /// records were folded. No entry is counted by both. Kinds of a later version are left to it.
    fn without_right(&self) -> Result<Vec<MisfitView>> {
        let mut found = Vec::new();
        for written in self.store.read(|view| view.written())? {
            let Some(standing) = self.book.team.0.get(&written.chain) else { continue };
            if written.kind <= kind::LAST && reach(&standing.role, written.kind) == Reach::Nothing {
                found.push((written.chain, written.entries));
            }
        }
        let mut all = self.by_laptop(Misfit::NoRight, "", found)?;
        let sorts = [(Misfit::OtherAuthor, NoRightReason::OtherAuthor), (Misfit::NotOwn, NoRightReason::NotOwn)];
        for (what, reason) in sorts {
            let found = self.book.no_right.values().filter_map(|found| found.get(&reason)).flatten().copied().collect();
            all.extend(self.by_laptop(what, "", found)?);
        }
        Ok(all)
    }

    /// What came of revoked laptops since; of this one, its own page says so.
    fn late(&self) -> Result<Vec<MisfitView>> {
        let mut found = Vec::new();
        for serial in self.book.revocations.certificates.keys() {
            let waiting = self.waiting(*serial)?;
            let chain = self.book.serials.iter().find(|(_, of)| *of == serial).map(|(chain, _)| *chain);
            found.extend(chain.filter(|_| waiting > 0).map(|chain| (chain, u64::from(waiting))));
        }
        let mut late = self.by_laptop(Misfit::Late, "", found)?;
        late.retain(|one| !one.own);
        Ok(late)
    }

    /// Entries that wait for others are told with what is missing, where that can be said.
    fn aside(&self, gaps: &BTreeSet<ChainId>) -> Result<Vec<MisfitView>> {
        let mut reasons: BTreeMap<String, Vec<(ChainId, u64)>> = BTreeMap::new();
        let mut nowhere: BTreeMap<String, u64> = BTreeMap::new();
        for kept in self.store.read(|view| view.kept_aside())? {
            match kept.chain {
                Some(chain) if kept.reason == GAP && gaps.contains(&chain) => {}
                Some(chain) => reasons.entry(kept.reason).or_default().push((chain, 1)),
                None => *nowhere.entry(kept.reason).or_default() += 1,
            }
        }
        let mut found = Vec::new();
        for (code, entries) in reasons {
            found.extend(self.by_laptop(Misfit::Aside, &code, entries)?);
        }
        found.extend(nowhere.into_iter().map(|(code, entries)| MisfitView {
            key: format!("aside/{code}//{entries}"),
            owner: String::new(),
            own: false,
            what: Misfit::Aside,
            code,
            entries: number(entries),
            at: String::new(),
        }));
        Ok(found)
    }

    /// How many entries are missing, by chain.
    fn missing_entries(&self) -> Result<Vec<(ChainId, u64)>> {
        Ok(self.gaps()?.into_iter().map(|gap| (gap.chain, gap.to - gap.from + 1)).collect())
    }

    /// One for each laptop: it writes several chains.
    fn by_laptop(&self, what: Misfit, code: &str, found: Vec<(ChainId, u64)>) -> Result<Vec<MisfitView>> {
        let mut of: BTreeMap<String, (ChainId, u64)> = BTreeMap::new();
        for (chain, entries) in found {
            let one = of.entry(laptop(self.certificate_number(chain)?, chain)).or_insert((chain, 0));
            one.1 += entries;
        }
        let told = |(of, (chain, entries)): (String, (ChainId, u64))| {
            let one = self.misfit(what, code, chain, entries)?;
            Ok(MisfitView { key: format!("{what:?}/{code}/{of}/{entries}").to_lowercase(), ..one })
        };
        of.into_iter().map(told).collect()
    }

    fn misfit(&self, what: Misfit, code: &str, chain: ChainId, entries: u64) -> Result<MisfitView> {
        Ok(MisfitView {
            key: String::new(),
            owner: self.writer_of(chain)?,
            own: self.is_own(chain)?,
            what,
            code: code.to_owned(),
            entries: number(entries),
            at: String::new(),
        })
    }
}

/// What stands for the laptop that writes a chain.
fn laptop(serial: Option<u64>, chain: ChainId) -> String {
    serial.map_or_else(|| chain.to_string(), |serial| serial.to_string())
}
