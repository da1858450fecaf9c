//! What of a record has no effect for the want of a right that the sort of an entry does not tell: it names another author
//! than its chain's, or changes what its author did not begin. It is found when the record is folded and kept with what that
//! came to, so telling of it opens nothing.

use std::collections::BTreeMap;

use tianye_journal::ChainId;
use tianye_survey::{self as survey, NoRightReason, Opened, Reach, Team, kind, rights};

/// How many entries of which chains, and why.
pub(crate) type NoRight = BTreeMap<NoRightReason, Vec<(ChainId, u64)>>;

/// What of a record has no effect, other than entries of sorts that the role of their author may not write at all (the store
/// counts them by chain) and entries that wait since their laptop was revoked.
pub(crate) fn no_right(entries: &[Opened], team: &Team) -> NoRight {
    let mut found: BTreeMap<NoRightReason, BTreeMap<ChainId, u64>> = BTreeMap::new();
    for one in survey::without_right(entries, team) {
        let Some(standing) = team.0.get(&one.chain) else { continue };
        let waits = standing.accepted.as_ref().is_some_and(|accepted| !accepted.contains(&one.entry));
        let told_by_role = one.kind > kind::LAST || rights::reach(&standing.role, one.kind) == Reach::Nothing;
        if !waits && !told_by_role {
            *found.entry(one.reason).or_default().entry(one.chain).or_default() += 1;
        }
    }
    found.into_iter().map(|(reason, chains)| (reason, chains.into_iter().collect())).collect()
}
