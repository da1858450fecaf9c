//! Which records are one: what all links of a project come to.

use crate::fold::{LinkState, Ruling};
use crate::kinds::Pair;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use tianye_journal::RecordId;

/// Which records were linked, which of them leads, and what people still have to settle about it.
///
/// Links go on: who links A with B, and B with C, says that all three are one. Of a group the card leads that no link puts
/// behind another; of several the one of the least id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identities {
    /// The leading record of each that is linked.
    leading: BTreeMap<RecordId, RecordId>,
    /// Each group under its leading record, which stands first.
    groups: BTreeMap<RecordId, Vec<RecordId>>,
    /// Pairs that are different, for good, and not linked in another way.
    apart: BTreeSet<Pair>,
    /// Pairs of which people say different things.
    pub undecided: BTreeSet<Pair>,
    /// Pairs that are different, for good, and yet linked through others.
    pub contradicted: BTreeSet<Pair>,
}

impl Identities {
    /// What links come to.
    pub fn of<'a>(links: impl IntoIterator<Item = &'a LinkState>) -> Self {
        let (mut linked, mut behind) = (Vec::new(), BTreeSet::new());
        let (mut kept, mut undecided) = (BTreeSet::new(), BTreeSet::new());
        for link in links {
            let Some(pair) = link.pair else { continue };
            match link.ruling() {
                Some(Ruling::Linked(leading)) => {
                    linked.push(pair);
                    behind.extend(pair.both().into_iter().filter(|one| *one != leading));
                }
                Some(Ruling::Apart) => _ = kept.insert(pair),
                Some(Ruling::Open) => {}
                None => _ = undecided.insert(pair),
            }
        }
        let mut roots: BTreeMap<RecordId, RecordId> = BTreeMap::new();
        for pair in &linked {
            let [one, other] = pair.both().map(|record| root(&mut roots, record));
            roots.insert(one.max(other), one.min(other));
        }
        let members: Vec<RecordId> = linked.iter().flat_map(Pair::both).collect();
        let mut sets: BTreeMap<RecordId, BTreeSet<RecordId>> = BTreeMap::new();
        for record in members {
            sets.entry(root(&mut roots, record)).or_default().insert(record);
        }
        let mut identities = Self { undecided, ..Self::default() };
        for set in sets.into_values() {
            let first = set.iter().find(|record| !behind.contains(record)).or(set.first());
            let Some(first) = first.copied() else { continue };
            identities.leading.extend(set.iter().map(|record| (*record, first)));
            let others = set.into_iter().filter(|record| *record != first);
            identities.groups.insert(first, std::iter::once(first).chain(others).collect());
        }
        (identities.contradicted, identities.apart) = kept.into_iter().partition(|pair| {
            let [one, other] = pair.both();
            identities.leading(&one) == identities.leading(&other)
        });
        identities
    }

    /// The record that leads this one's group; itself if it is not linked.
    pub fn leading(&self, record: &RecordId) -> RecordId {
        self.leading.get(record).copied().unwrap_or(*record)
    }

    /// All records of this one's group, the leading one first.
    pub fn all_of(&self, record: &RecordId) -> Vec<RecordId> {
        self.groups.get(&self.leading(record)).cloned().unwrap_or_else(|| vec![*record])
    }

    /// The groups of linked records, each with its leading one first.
    pub fn groups(&self) -> impl Iterator<Item = &[RecordId]> {
        self.groups.values().map(Vec::as_slice)
    }

    /// Whether the two are one.
    pub fn are_one(&self, pair: &Pair) -> bool {
        let [one, other] = pair.both();
        self.leading(&one) == self.leading(&other)
    }

    /// Pairs that are different, for good.
    pub fn apart(&self) -> impl Iterator<Item = &Pair> {
        self.apart.iter()
    }

    /// Pairs of leading records whose groups are different, for good, or wait for a person to settle what was said.
    pub(crate) fn judged(&self) -> BTreeSet<Pair> {
        let said = self.apart.iter().chain(&self.undecided);
        let led = said.filter_map(|pair| {
            let [one, other] = pair.both();
            Pair::of(self.leading(&one), self.leading(&other))
        });
        led.collect()
    }
}

fn root(roots: &mut BTreeMap<RecordId, RecordId>, record: RecordId) -> RecordId {
    let mut top = record;
    while let Some(next) = roots.get(&top).filter(|next| **next != top) {
        top = *next;
    }
    let mut at = record;
    while at != top {
        at = roots.insert(at, top).unwrap_or(top);
    }
    top
}

/// Identities once they were asked for. They follow from the links, so two projects do not differ by having asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found(OnceLock<Identities>);

impl Found {
    pub(crate) fn get(&self, links: &BTreeMap<RecordId, LinkState>) -> &Identities {
        self.0.get_or_init(|| Identities::of(links.values()))
    }
}

impl PartialEq for Found {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Found {}
