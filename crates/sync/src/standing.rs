//! Where chains split, and where something waits for entries that are not here.

use std::collections::BTreeSet;

use tianye_journal::{ChainId, Seq};

/// A chain that goes on in more than one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The chain.
    pub chain: ChainId,
    /// The first place that is taken twice.
    pub at: Seq,
    /// Where the branches end, ascending.
    pub ends: Vec<Seq>,
}

/// Places of a chain of which nothing good is here, and the entry behind them that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The chain.
    pub chain: ChainId,
    /// First place that is missing.
    pub from: u64,
    /// Last one.
    pub to: u64,
    /// The place of the entry that waits.
    pub waits: u64,
}

/// The gaps of a chain of which everything up to `here` is held (0: nothing) and the entries in these places wait.
#[must_use]
pub fn gaps(chain: ChainId, here: u64, waiting: &BTreeSet<Seq>) -> Vec<Gap> {
    let mut found = Vec::new();
    let mut next = here.saturating_add(1);
    for seq in waiting.iter().map(|seq| seq.get()) {
        if seq > next {
            found.push(Gap { chain, from: next, to: seq - 1, waits: seq });
        }
        next = next.max(seq.saturating_add(1));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(here: u64, waiting: &[u64], expect: &[(u64, u64, u64)]) {
        let waiting = waiting.iter().filter_map(|seq| Seq::new(*seq)).collect();
        let found = gaps(ChainId::from_bytes([7; 16]), here, &waiting);
        assert_eq!(found.iter().map(|gap| (gap.from, gap.to, gap.waits)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn a_gap_ends_at_the_first_entry_that_waits_behind_it() {
        check(5, &[], &[]);
        check(5, &[6, 7], &[]);
        check(5, &[8], &[(6, 7, 8)]);
        check(5, &[8, 9, 12], &[(6, 7, 8), (10, 11, 12)]);
        check(0, &[3], &[(1, 2, 3)]);
        // What does not follow on its predecessor waits too, in a place that is taken.
        check(5, &[4, 7], &[(6, 6, 7)]);
    }
}
