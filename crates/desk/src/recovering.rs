//! Letting a store stand again after its database was damaged: from the newest good snapshot, what the damaged database
//! still gives, the black boxes, and the hub. What came from where is said for each interview.

use std::collections::HashMap;
use std::path::PathBuf;

use tianye_journal::{EntryHash, SealedEntry, Trust};
use tianye_store::{Draft, Ground, Op, Passphrase, Recovered, Store, Unlock, salvage_black_box};

use crate::desk::Desk;
use crate::interview::page::small;
use crate::laptop::Laptop;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{BoxCame, DraftCame, InterviewCame, OriginKind, RecoveryGround, RecoveryView};
use crate::world;

/// Databases up to this size are copied at unlocking, when a snapshot is due (well under a second); larger ones after a
/// sync or a stick.
const COPIED_AT_ONCE: u64 = 32 << 20;
/// Entries that are taken in together.
const PAGE: usize = 256;

/// Which way each entry came; those that are not here stood on the ground.
pub(crate) type Origins = HashMap<EntryHash, OriginKind>;

impl Laptop {
    /// Lets a store stand again, and sits down at it. A whole one is left as it is, but entries that only a black box has
    /// come back to it. `boxes`: black boxes on other media that the store does not know of. With `hub`, a sync follows.
    ///
    /// # Errors
    /// `wrong-passphrase`; `store-gone`; `damaged` where neither a snapshot nor the damaged database says whose store it is;
    /// `in-use`. The damaged files are then still there.
    pub fn recover(&self, id: &str, passphrase: &str, boxes: &[PathBuf], hub: bool) -> Result<(Desk, RecoveryView)> {
        let listed = tianye_store::list(self.data())?;
        let Some(found) = listed.into_iter().find(|listed| listed.id.to_string() == id) else {
            return Err(refuse("store-gone", "expected a store of this laptop, found none with this id"));
        };
        let (now, offset) = world::parts(self.world().now());
        let passphrase = Passphrase::new(passphrase);
        let Recovered { store, ground, set_aside, bad_snapshots, drafts, lost_some } =
            tianye_store::recover(&found.dir, Unlock::Passphrase(&passphrase), now)?;
        let trust = papers::who(&store)?.trust()?;
        let mut origins = Origins::new();
        if let Some(aside) = &set_aside {
            let mut page = Vec::new();
            let mut refused = Ok(0);
            store.entries_left_in(aside, |entry| {
                page.push(entry);
                if page.len() >= PAGE && refused.is_ok() {
                    refused =
                        take_in(&store, &trust, std::mem::take(&mut page), OriginKind::Remains, &mut origins, now);
                }
            });
            refused?;
            take_in(&store, &trust, page, OriginKind::Remains, &mut origins, now)?;
        }
        let second = store.second_box().map(|second| second.path);
        // The one that was named may be the one that the store knows of.
        let named = boxes.iter().filter(|path| Some(*path) != second.as_ref()).cloned();
        let beyond = second.clone().into_iter().chain(named).map(|path| (OriginKind::SecondBox, path));
        let boxes = std::iter::once((OriginKind::BlackBox, store.black_box_path())).chain(beyond);
        let came = take_in_boxes(&store, &trust, boxes, &mut origins, now)?;
        let signing = store.read(|view| view.signing_key())?;
        if let Some(signing) = signing {
            store.transact(Op::Admit, |tx| tx.take_own_chains(&signing.public()))?;
        }
        let mut desk = Desk::open(store, self.world().clone())?;
        if ground != Ground::Whole || !origins.is_empty() {
            // The end of the own chain may lie elsewhere: what is written from now on must not fork it.
            desk.open_another_chain()?;
        }
        let hub = match hub {
            true => desk.fetch_lost(&mut origins)?,
            false => None,
        };
        // What came back stands twice again.
        desk.store.catch_up_black_box();
        let ground_kind = match ground {
            Ground::Whole => RecoveryGround::Whole,
            Ground::Snapshot(_) => RecoveryGround::Snapshot,
            Ground::Remains => RecoveryGround::Remains,
        };
        let made_ms = match &ground {
            Ground::Snapshot(snapshot) => Some(snapshot.made_ms),
            Ground::Whole | Ground::Remains => None,
        };
        let view = RecoveryView {
            ground: ground_kind,
            snapshot_made: made_ms.and_then(|ms| world::iso_of(ms, offset)),
            set_aside: set_aside.map(|path| path.display().to_string()),
            bad_snapshots: bad_snapshots.iter().map(|path| path.display().to_string()).collect(),
            lost_some,
            boxes: came,
            hub,
            interviews: desk.where_interviews_came_from(&origins, ground_kind)?,
            drafts: desk.where_drafts_came_from(&drafts, ground_kind)?,
        };
        Ok((desk, view))
    }
}

impl Desk {
    /// Opens a new own chain, whatever the state of the last one; a restricted one is opened when it is needed.
    fn open_another_chain(&mut self) -> Result<()> {
        let (certificate, readers, body) = self.opening()?;
        self.store.transact(Op::Seal, |tx| {
            tx.leave_restricted_chain()?;
            tx.leave_team_chain()?;
            tx.end_recovery()?;
            tx.open_chain(&certificate, &readers, &body)
        })?;
        self.book.read_on(&self.store)?;
        Ok(())
    }

    /// Syncs, and notes what the hub still had. The code of a refusal, if it did not go through.
    fn fetch_lost(&mut self, origins: &mut Origins) -> Result<Option<String>> {
        let mut before = 0;
        self.store.read(|view| {
            loop {
                let (entries, to) = view.opened_since(before, 500)?;
                if entries.is_empty() {
                    return Ok(());
                }
                before = to;
            }
        })?;
        let refused = self.sync().err().map(|refusal| refusal.code);
        let (entries, _) = self.store.read(|view| view.opened_since(before, u32::MAX))?;
        origins.extend(entries.into_iter().map(|entry| (entry.hash, OriginKind::Hub)));
        Ok(Some(refused.unwrap_or_default()))
    }

    fn where_interviews_came_from(&self, origins: &Origins, ground: RecoveryGround) -> Result<Vec<InterviewCame>> {
        let mut all = Vec::with_capacity(self.book.interviews.len());
        for (record, brief) in &self.book.interviews {
            let mut from = std::collections::BTreeMap::new();
            for entry in self.store.entries_of(*record)? {
                let origin = origins.get(&entry.hash).copied().unwrap_or_else(|| ground.into());
                *from.entry(origin).or_insert(0) += 1;
            }
            let card = brief.subject.and_then(|subject| self.book.project.subject(&subject));
            let code = card.map(|card| card.code.clone()).unwrap_or_default();
            all.push(InterviewCame { record: record.to_string(), code, from });
        }
        Ok(all)
    }

    fn where_drafts_came_from(
        &self,
        remains: &std::collections::BTreeSet<tianye_journal::RecordId>,
        ground: RecoveryGround,
    ) -> Result<Vec<DraftCame>> {
        let drafts = self.store.read(|view| view.drafts())?;
        let came = |record: &tianye_journal::RecordId| {
            if remains.contains(record) { OriginKind::Remains } else { ground.into() }
        };
        let code = |subject: Option<tianye_journal::RecordId>| {
            let card = subject.and_then(|subject| self.book.project.subject(&subject));
            card.map(|card| card.code.clone()).unwrap_or_default()
        };
        let draft = |one: &Draft| DraftCame {
            record: one.record.to_string(),
            code: code(one.subject),
            from: came(&one.record),
        };
        Ok(drafts.iter().map(draft).collect())
    }
}

/// Makes a snapshot where one is due. What hinders it is told by [`Desk::copies`], which then shows an old date.
pub(crate) fn keep_snapshot_if_due(store: &Store, now_ms: i64) {
    if store.is_snapshot_due(now_ms).unwrap_or(false) {
        let _ = store.keep_snapshot(now_ms);
    }
}

/// The same at unlocking, where it takes no time that anybody notices.
pub(crate) fn keep_small_snapshot_if_due(store: &Store, now_ms: i64) {
    if store.bytes().is_ok_and(|bytes| bytes <= COPIED_AT_ONCE) {
        keep_snapshot_if_due(store, now_ms);
    }
}

/// Takes in what black boxes hold, one after the other, and says what came of each.
pub(crate) fn take_in_boxes(
    store: &Store,
    trust: &Trust,
    boxes: impl IntoIterator<Item = (OriginKind, PathBuf)>,
    origins: &mut Origins,
    now_ms: i64,
) -> Result<Vec<BoxCame>> {
    let mut came = Vec::new();
    for (kind, path) in boxes {
        let mut one = BoxCame { path: path.display().to_string(), kind, missing: false, damaged: 0, entries: 0 };
        match salvage_black_box(&path) {
            Ok((entries, damaged)) => {
                one.damaged = small(damaged);
                one.entries = small(take_in(store, trust, entries, kind, origins, now_ms)?);
            }
            Err(_) if !path.is_file() => one.missing = true,
            Err(_) => one.damaged = 1,
        }
        came.push(one);
    }
    Ok(came)
}

/// Takes in entries of one source; how many were new. Only verified ones enter.
fn take_in(
    store: &Store,
    trust: &Trust,
    entries: Vec<SealedEntry>,
    kind: OriginKind,
    origins: &mut Origins,
    now_ms: i64,
) -> Result<usize> {
    let mut new = 0;
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        let page: Vec<SealedEntry> = entries.by_ref().take(PAGE).collect();
        let admitted = store.transact(Op::Admit, |tx| tx.receive(trust, page, now_ms))?;
        new += admitted.new.len();
        origins.extend(admitted.new.into_iter().map(|hash| (hash, kind)));
    }
    Ok(new)
}
