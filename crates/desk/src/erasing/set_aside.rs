//! What an erasure does not reach on a laptop: damaged databases that recoveries set aside, and a second black box whose medium
//! is away. They may still hold what was erased, so this laptop's word on an erasure names them, until a person has discarded
//! the database (the program never does that on its own) or the medium was here again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tianye_journal::{ChainId, EntryHash};
use tianye_store::{DamagedDatabase, Op, SecondBox};
use tianye_survey::{self as survey, CarriedOut, Content, ErasedBody, Erasure, OutOfReach, kind};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::interview::page::small;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{DamagedLeftView, DamagedView};
use crate::world;

/// The setting that holds what this laptop's words on erasures name.
const NAMED: &str = "out-of-reach-named";
/// The setting that holds which second black boxes were given up: a list of [`LeftBox`], the oldest first.
const LEFT: &str = "second-boxes-left";
/// The setting by which an earlier version said that one was given up while an erasure waited for it.
const LEFT_BEFORE: &str = "second-box-left";

/// A second black box that was given up or replaced: how far it is known what it holds. Nothing is known of one that an earlier
/// version left.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct LeftBox {
    /// How far each chain of this laptop went then; none: all of them.
    heads: Option<BTreeMap<ChainId, u64>>,
    /// How far it had followed what was erased by then.
    followed: i64,
    /// Where it was.
    path: PathBuf,
}

/// What erasures that are carried out now do not reach on this laptop.
pub(super) struct Reach {
    /// What may hold anything.
    all: BTreeSet<OutOfReach>,
    /// Second black boxes that were given up, with what each had followed by then.
    left: Vec<(LeftBox, BTreeSet<EntryHash>)>,
    own: BTreeSet<ChainId>,
}

impl Reach {
    /// What may still hold some of what an erasure names.
    pub(super) fn of(&self, erasure: &Erasure) -> BTreeSet<OutOfReach> {
        let may_hold = |left: &LeftBox, body: &ErasedBody| match &left.heads {
            Some(heads) => heads.get(&body.chain).is_some_and(|head| body.seq.get() <= *head),
            None => self.own.contains(&body.chain),
        };
        let holds = |(left, followed): &(LeftBox, BTreeSet<EntryHash>)| {
            // Of one that was itself erased, a later one names what it named.
            erasure.bodies.is_empty()
                || erasure.bodies.iter().any(|body| may_hold(left, body) && !followed.contains(&body.entry))
        };
        let left = self.left.iter().any(holds).then_some(OutOfReach::SecondBox);
        self.all.iter().copied().chain(left).collect()
    }
}

impl Desk {
    /// The damaged databases that were set aside on this laptop.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn set_aside(&self) -> Result<Vec<DamagedView>> {
        Ok(self.store.set_aside()?.iter().map(|one| self.damaged_view(one)).collect())
    }

    /// What a damaged database still gives, and what of it is not here: to be known before it is discarded. Reads all of it.
    ///
    /// # Errors
    /// `set-aside-unknown`; the store's refusal.
    pub fn left_in_set_aside(&self, id: &str) -> Result<DamagedLeftView> {
        let damaged = self.set_aside_called(id)?;
        let left = self.store.left_in(&damaged.folder)?;
        let open: BTreeSet<_> = self.store.read(|view| view.drafts())?.into_iter().map(|draft| draft.record).collect();
        let mut drafts_missing = 0;
        for record in left.drafts.iter().filter(|record| !open.contains(record)) {
            drafts_missing += u32::from(self.store.entries_of(*record)?.is_empty());
        }
        let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let erasures = self.erasures("")?;
        let holds = |at: &String| self.damaged_view(&damaged).at == *at;
        let own = self.laptops(&self.own_chains()?);
        let named = |one: &&crate::view::ErasureView| {
            one.held.iter().filter(|one| own.contains(&one.laptop)).any(|one| one.set_aside.iter().any(holds))
        };
        Ok(DamagedLeftView {
            database: self.damaged_view(&damaged),
            entries: number(left.entries),
            missing: number(left.missing),
            drafts: small(left.drafts.len()),
            drafts_missing,
            lost_some: left.lost_some,
            erasures: small(erasures.iter().filter(named).count()),
        })
    }

    /// Discards a damaged database for good, because a person decided so, and says so wherever an erasure waits for it.
    ///
    /// # Errors
    /// `set-aside-unknown`; what the disk says.
    pub fn discard_set_aside(&mut self, id: &str) -> Result<()> {
        let damaged = self.set_aside_called(id)?;
        self.store.discard_set_aside(&damaged.folder)?;
        self.say_gone(true)
    }

    /// Says of each erasure for which this laptop named something out of reach that it is gone, where it is: a database that
    /// was discarded by the program, or by a person in the folder; a second black box that was here again and followed. What
    /// was named is kept in the store; with `search` it is looked for in all erasures.
    pub(super) fn say_gone(&mut self, search: bool) -> Result<()> {
        let named = self.named_out_of_reach()?;
        let (here, reach) = (self.out_of_reach()?, self.reach()?);
        // Who opened a store by recovery writes nothing: the owner's next unlocking says it. A revoked laptop's word has no effect.
        if !self.store.can_sign() || self.is_revoked() || (!search && named.is_subset(&here)) {
            return Ok(());
        }
        let own = self.own_chains()?;
        for record in self.store.read(|view| view.records_of_kind(kind::CARRIED_OUT))? {
            let state = survey::erasures(record, &entries_of(&self.store, record)?, &self.book.team);
            for (erasure, erased) in &state.erasures {
                let holds = state.out_of_reach(erasure, |chain| own.contains(chain));
                let gone: BTreeSet<OutOfReach> = holds.difference(&reach.of(&erased.erasure)).copied().collect();
                if gone.is_empty() {
                    continue;
                }
                let said = CarriedOut::of(*erasure).freed(&gone);
                self.append(record, Vec::new(), &Content::from(said))?;
            }
        }
        // Last: what a crash keeps from being said is said at the next unlocking.
        let left: BTreeSet<OutOfReach> = named.intersection(&here).copied().collect();
        self.store.transact(Op::Setting, |tx| papers::put(tx, NAMED, &left))?;
        Ok(())
    }

    /// What words of this laptop name once they name these too; none where nothing is added.
    pub(super) fn named_with(&self, held: &BTreeSet<OutOfReach>) -> Result<Option<BTreeSet<OutOfReach>>> {
        let before = self.named_out_of_reach()?;
        Ok((!held.is_subset(&before)).then(|| before.union(held).copied().collect()))
    }

    /// Keeps what words of this laptop name, in the step that writes them.
    pub(super) fn keep_named(
        tx: &mut tianye_store::Tx<'_>,
        named: Option<&BTreeSet<OutOfReach>>,
    ) -> tianye_store::Result<()> {
        named.map_or(Ok(()), |named| papers::put(tx, NAMED, named))
    }

    fn named_out_of_reach(&self) -> Result<BTreeSet<OutOfReach>> {
        Ok(papers::setting(&self.store, NAMED)?.unwrap_or_default())
    }

    /// What on this laptop some erasure may not have reached.
    fn out_of_reach(&self) -> Result<BTreeSet<OutOfReach>> {
        let Reach { mut all, left, .. } = self.reach()?;
        all.extend((!left.is_empty()).then_some(OutOfReach::SecondBox));
        Ok(all)
    }

    /// What an erasure that is carried out now does not reach on this laptop.
    pub(super) fn reach(&self) -> Result<Reach> {
        let databases = self.store.set_aside()?.into_iter().map(|one| OutOfReach::Database(one.at_ms));
        let all = databases.chain(self.second_box_lags()?.then_some(OutOfReach::SecondBox)).collect();
        let mut left = Vec::new();
        for one in self.left_boxes()? {
            let later: BTreeSet<EntryHash> = self.erased_since(one.followed)?.0.into_iter().collect();
            let mut followed: BTreeSet<EntryHash> = self.erased_since(0)?.0.into_iter().collect();
            followed.retain(|erased| !later.contains(erased));
            left.push((one, followed));
        }
        let own = if left.is_empty() { BTreeSet::new() } else { self.own_heads()?.into_keys().collect() };
        Ok(Reach { all, left, own })
    }

    /// The entries that were erased here since, and how far that is.
    fn erased_since(&self, followed: i64) -> Result<(Vec<EntryHash>, i64)> {
        Ok(self.store.read(|view| view.erased_since(followed, u32::MAX))?)
    }

    /// The second black boxes that were given up, the oldest first.
    fn left_boxes(&self) -> Result<Vec<LeftBox>> {
        if let Some(left) = papers::setting(&self.store, LEFT)? {
            return Ok(left);
        }
        let before: bool = papers::setting(&self.store, LEFT_BEFORE)?.unwrap_or_default();
        Ok(before.then(LeftBox::default).into_iter().collect())
    }

    /// How far the chains of this laptop go.
    fn own_heads(&self) -> Result<BTreeMap<ChainId, u64>> {
        let own = self.who.certificate()?.0.serial;
        let mut heads: BTreeMap<ChainId, u64> = BTreeMap::new();
        for (chain, head) in self.store.read(|view| view.frontier())?.iter() {
            if heads.contains_key(&chain) || self.serial_of(&chain) == Some(own) {
                let newest = heads.entry(chain).or_default();
                *newest = (*newest).max(head.seq.get());
            }
        }
        Ok(heads)
    }

    /// Whether the second black box may hold what is erased: its medium is away; or it was when it was to follow, and it has
    /// not followed yet.
    fn second_box_lags(&self) -> Result<bool> {
        let Some(second) = self.store.second_box() else { return Ok(false) };
        let waited = self.named_out_of_reach()?.contains(&OutOfReach::SecondBox);
        Ok(!second.is_here || (waited && self.store.is_erasing()?))
    }

    /// Keeps a second black box in a folder of another medium from now on; none: no longer. The one before is remembered, until it
    /// is found again: it stays as it is, and no later erasure reaches it.
    ///
    /// # Errors
    /// A folder that is not there, a medium that is full or refuses.
    pub fn keep_second_box(&mut self, folder: Option<&Path>) -> Result<()> {
        let (before, current) = (self.left_boxes()?, self.store.second_box());
        let mut all = before.clone();
        if let Some(current) = &current {
            let follows = current.is_here && !self.store.is_erasing()?;
            let followed = if follows { self.erased_since(0)?.1 } else { 0 };
            all.push(LeftBox { heads: Some(self.own_heads()?), followed, path: current.path.clone() });
        }
        // Noted first: a crash in between must not let it count as found.
        self.note_left(&all)?;
        let kept = match folder {
            Some(folder) => self.store.keep_second_box(folder).map(Some),
            None => self.store.keep_no_second_box().map(|()| None),
        };
        match kept {
            Ok(Some(kept)) if kept.was_there => self.note_left(&without_found(before, all, current, &kept.path))?,
            Ok(_) => {}
            Err(error) => {
                self.note_left(&before)?;
                return Err(error.into());
            }
        }
        // With one of several found again, some erasures are reached and others are not.
        self.say_gone(true)?;
        self.look_at_copies()
    }

    fn note_left(&self, left: &Vec<LeftBox>) -> Result<()> {
        self.store.transact(Op::Setting, |tx| papers::put(tx, LEFT, left))?;
        Ok(())
    }

    /// A time of [`CarriedOut::set_aside`] as it is shown.
    pub(super) fn time_set_aside(&self, at_ms: i64) -> String {
        let offset = world::parts(self.world.now()).1;
        world::iso_of(at_ms, offset).unwrap_or_default()
    }

    fn damaged_view(&self, damaged: &DamagedDatabase) -> DamagedView {
        DamagedView {
            id: damaged.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            at: self.time_set_aside(damaged.at_ms),
            path: damaged.folder.display().to_string(),
            kib: u32::try_from(damaged.bytes.div_ceil(1024)).unwrap_or(u32::MAX),
        }
    }

    fn set_aside_called(&self, id: &str) -> Result<DamagedDatabase> {
        let found = self.store.set_aside()?.into_iter().find(|one| self.damaged_view(one).id == id);
        found.ok_or_else(|| refuse("set-aside-unknown", format!("expected a database that was set aside, found {id}")))
    }
}

/// The second black boxes that stay left once one was found again at `path`: of those `before`, or of `all` with the one kept until
/// now. Nothing tells one medium from another but where it is.
fn without_found(before: Vec<LeftBox>, all: Vec<LeftBox>, current: Option<SecondBox>, path: &Path) -> Vec<LeftBox> {
    if current.as_ref().is_some_and(|current| current.path == path) {
        return before;
    }
    let is_it = |one: &LeftBox| one.path == path;
    if before.iter().filter(|one| is_it(one)).count() == 1 {
        return all.into_iter().filter(|one| !is_it(one)).collect();
    }
    if before.is_empty() && current.is_some_and(|current| current.is_here) {
        // Both are in the laptop: the one kept until now is left.
        return all;
    }
    // Any of them, in another place. The oldest goes from the list: each later one holds all that it does, and may not have
    // followed what that one has not.
    let mut left = all.into_iter();
    let found = left.next().unwrap_or_default();
    left.map(|one| LeftBox { followed: one.followed.min(found.followed), ..one }).collect()
}
