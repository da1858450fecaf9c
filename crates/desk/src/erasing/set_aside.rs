//! What an erasure does not reach on a laptop: damaged databases that recoveries set aside, and a second black box whose medium
//! is away. They may still hold what was erased, so this laptop's word on an erasure names them, until a person has discarded
//! the database (the program never does that on its own) or the medium was here again.

use std::collections::BTreeSet;
use std::path::Path;

use tianye_store::{DamagedDatabase, Op};
use tianye_survey::{self as survey, CarriedOut, Content, OutOfReach, kind};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::interview::page::small;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{DamagedLeftView, DamagedView};
use crate::world;

/// The setting that holds what this laptop's words on erasures name.
const NAMED: &str = "out-of-reach-named";
/// The setting that says that a second black box was given up while an erasure waited for it.
const LEFT: &str = "second-box-left";

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
        let here = self.out_of_reach()?;
        // Who opened a store by recovery writes nothing: the owner's next unlocking says it. A revoked laptop's word has no effect.
        if !self.store.can_sign() || self.is_revoked() || (!search && named.is_subset(&here)) {
            return Ok(());
        }
        let own = self.own_chains()?;
        for record in self.store.read(|view| view.records_of_kind(kind::CARRIED_OUT))? {
            let state = survey::erasures(record, &entries_of(&self.store, record)?, &self.book.team);
            for erasure in state.erasures.keys() {
                let holds = state.out_of_reach(erasure, |chain| own.contains(chain));
                let gone: BTreeSet<OutOfReach> = holds.difference(&here).copied().collect();
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

    /// What an erasure that is carried out now does not reach on this laptop.
    pub(super) fn out_of_reach(&self) -> Result<BTreeSet<OutOfReach>> {
        let databases = self.store.set_aside()?.into_iter().map(|one| OutOfReach::Database(one.at_ms));
        Ok(databases.chain(self.second_box_lags()?.then_some(OutOfReach::SecondBox)).collect())
    }

    /// Whether the second black box may hold what is erased: its medium is away; or it was when it was to follow, and it has
    /// not followed yet; or it was given up then.
    fn second_box_lags(&self) -> Result<bool> {
        if papers::setting(&self.store, LEFT)?.unwrap_or_default() {
            return Ok(true);
        }
        let Some(second) = self.store.second_box() else { return Ok(false) };
        let waited = self.named_out_of_reach()?.contains(&OutOfReach::SecondBox);
        Ok(!second.is_here || (waited && self.store.is_erasing()?))
    }

    /// Keeps a second black box in a folder of another medium from now on; none: no longer. One that was given up while an
    /// erasure waited for it is remembered, until it is found again.
    ///
    /// # Errors
    /// A folder that is not there, a medium that is full or refuses.
    pub fn keep_second_box(&mut self, folder: Option<&Path>) -> Result<()> {
        let waited = self.named_out_of_reach()?.contains(&OutOfReach::SecondBox) && self.second_box_lags()?;
        // Noted first: a crash in between must not let it count as found.
        let left: bool = papers::setting(&self.store, LEFT)?.unwrap_or_default();
        self.note_left(waited)?;
        let kept = match folder {
            Some(folder) => self.store.keep_second_box(folder).map(|kept| kept.was_there),
            None => self.store.keep_no_second_box().map(|()| false),
        };
        match kept {
            Ok(true) => self.note_left(false)?,
            Ok(false) => {}
            Err(error) => {
                self.note_left(left)?;
                return Err(error.into());
            }
        }
        self.say_gone(false)?;
        self.look_at_copies()
    }

    fn note_left(&self, left: bool) -> Result<()> {
        self.store.transact(Op::Setting, |tx| papers::put(tx, LEFT, &left))?;
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
