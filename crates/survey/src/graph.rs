//! A record's history: which entry saw which.
//!
//! Built from any collection of entries, in any order, with repetitions and gaps; the same set gives the same graph.
//! Entries are numbered by their hashes' order. An entry that is named but not here is *missing*: what it would have
//! told about the order of the others is not known, so writes on both sides of it count as not having seen each other.
//!
//! An author who names a head has not always got everything behind it. What was missing then, the entry says
//! (`unseen`); such entries *stand in its past*, but it did not *see* them, and its answers do not replace theirs.

use crate::{At, Content, Opened};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use tianye_journal::EntryHash;

/// Number of an entry in its graph.
pub(crate) type Node = usize;

/// The entries of one record and who saw whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    names: Vec<EntryHash>,
    /// Entries that each entry saw directly: its parents, and the writes it says it replaces.
    seen: Vec<Vec<Node>>,
    /// Entries that stand in an entry's past although its author had not got them.
    unseen: BTreeMap<Node, Vec<Node>>,
    /// Each entry after all that it saw; among others by clock and hash, for showing only.
    order: Vec<Node>,
    missing: BTreeSet<EntryHash>,
    /// Entries that name one which is not here.
    cut: BTreeSet<Node>,
    loops: BTreeSet<EntryHash>,
}

impl Graph {
    /// The graph of a record's entries. `entries` must be ordered by hash, each once.
    pub(crate) fn of(entries: &[&Opened]) -> Self {
        let names: Vec<EntryHash> = entries.iter().map(|e| e.hash).collect();
        let numbers: BTreeMap<EntryHash, Node> = names.iter().enumerate().map(|(i, h)| (*h, i)).collect();
        let (mut missing, mut cut) = (BTreeSet::new(), BTreeSet::new());
        let seen: Vec<Vec<Node>> = entries
            .iter()
            .enumerate()
            .map(|(node, entry)| {
                let mut known: Vec<Node> = Vec::new();
                for hash in seen_by(entry) {
                    match numbers.get(&hash) {
                        Some(node) => known.push(*node),
                        None => {
                            missing.insert(hash);
                            cut.insert(node);
                        }
                    }
                }
                known.sort_unstable();
                known.dedup();
                known
            })
            .collect();
        let clocks: Vec<At> = entries.iter().map(|e| e.at).collect();
        let mut unseen = BTreeMap::new();
        for (node, entry) in entries.iter().enumerate() {
            let known: Vec<Node> = unseen_by(entry).iter().filter_map(|hash| numbers.get(hash).copied()).collect();
            if !known.is_empty() {
                unseen.insert(node, known);
            }
        }
        let order = sort(&seen, &clocks);
        let mut graph = Self { names, seen, unseen, order, missing, cut, loops: BTreeSet::new() };
        if graph.order.len() < graph.names.len() {
            graph.cut_loops();
            graph.order = sort(&graph.seen, &clocks);
        }
        graph
    }

    /// Hashes cannot really run in a circle; a forged set must still give one and the same state everywhere.
    fn cut_loops(&mut self) {
        let looped: Vec<Node> = (0..self.names.len()).filter(|node| self.past(*node)[*node]).collect();
        for node in looped {
            self.loops.insert(self.names[node]);
            self.seen[node].clear();
        }
    }

    /// Number of an entry, if it is here.
    pub(crate) fn node(&self, hash: &EntryHash) -> Option<Node> {
        self.names.binary_search(hash).ok()
    }

    /// What the entry saw directly.
    pub(crate) fn seen(&self, node: Node) -> &[Node] {
        &self.seen[node]
    }

    /// All entries, each after what it saw.
    pub(crate) fn order(&self) -> &[Node] {
        &self.order
    }

    /// All entries, by hash.
    pub fn entries(&self) -> &[EntryHash] {
        &self.names
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Entries that are named by others but not here.
    pub fn missing(&self) -> &BTreeSet<EntryHash> {
        &self.missing
    }

    /// Entries that claim to have seen each other, which is impossible: they count as having seen nothing.
    pub fn loops(&self) -> &BTreeSet<EntryHash> {
        &self.loops
    }

    /// The entries that none of the others saw: what the next edit names as its parents.
    pub fn heads(&self) -> Vec<EntryHash> {
        let mut head = vec![true; self.names.len()];
        for node in self.seen.iter().flatten() {
            head[*node] = false;
        }
        (0..self.names.len()).filter(|node| head[*node]).map(|node| self.names[node]).collect()
    }

    /// The same of those entries alone whose whole past is here; none where no such entry is.
    pub(crate) fn whole_heads(&self) -> Vec<EntryHash> {
        let mut whole = vec![false; self.names.len()];
        for node in &self.order {
            whole[*node] = !self.cut.contains(node) && self.seen[*node].iter().all(|seen| whole[*seen]);
        }
        let mut head = whole.clone();
        for node in (0..self.names.len()).filter(|node| whole[*node]) {
            self.seen[node].iter().for_each(|seen| head[*seen] = false);
        }
        (0..self.names.len()).filter(|node| head[*node]).map(|node| self.names[node]).collect()
    }

    /// Whether each entry saw all before it: nobody wrote beside somebody else, and nothing came of it that nobody looked at.
    pub fn is_line(&self) -> bool {
        self.unseen.is_empty() && self.order.windows(2).all(|two| self.seen[two[1]].contains(&two[0]))
    }

    /// Whether the author of the first entry had seen the second. No entry saw itself.
    pub fn saw(&self, later: &EntryHash, earlier: &EntryHash) -> bool {
        match (self.node(later), self.node(earlier)) {
            (Some(later), Some(earlier)) => self.sight(later)[earlier],
            _ => false,
        }
    }

    /// For each entry whether it stands in the past of this one, seen or not.
    pub(crate) fn past(&self, node: Node) -> Vec<bool> {
        self.reach(node, &[])
    }

    /// For each entry whether the author of this one had seen it.
    pub(crate) fn sight(&self, node: Node) -> Vec<bool> {
        self.reach(node, self.unseen.get(&node).map_or(&[], Vec::as_slice))
    }

    fn reach(&self, node: Node, without: &[Node]) -> Vec<bool> {
        let mut reached = vec![false; self.names.len()];
        for node in without {
            reached[*node] = true;
        }
        let mut next: Vec<Node> = self.seen[node].clone();
        while let Some(node) = next.pop() {
            if !std::mem::replace(&mut reached[node], true) {
                next.extend(&self.seen[node]);
            }
        }
        for node in without {
            reached[*node] = false;
        }
        reached
    }

    /// Of these entries those that stand in no other's past. `some` must be ordered and without repetition.
    pub(crate) fn last(&self, some: &[Node]) -> Vec<Node> {
        self.not_below(some, |_| false)
    }

    /// Of these entries those that none of the others saw. `some` must be ordered and without repetition.
    pub(crate) fn maximal(&self, some: &[Node]) -> Vec<Node> {
        self.not_below(some, |node| self.unseen.contains_key(&node))
    }

    /// One sweep from the end marks what stands below any of `some`. Those with a sight of their own are followed singly.
    fn not_below(&self, some: &[Node], singly: impl Fn(Node) -> bool) -> Vec<Node> {
        if some.len() < 2 {
            return some.to_vec();
        }
        let mut below = vec![false; self.names.len()];
        for node in self.order.iter().rev() {
            if below[*node] || (some.binary_search(node).is_ok() && !singly(*node)) {
                for seen in &self.seen[*node] {
                    below[*seen] = true;
                }
            }
        }
        for node in some.iter().filter(|node| singly(**node)) {
            for (below, seen) in below.iter_mut().zip(self.sight(*node)) {
                *below |= seen;
            }
        }
        some.iter().copied().filter(|node| !below[*node]).collect()
    }
}

fn unseen_by(entry: &Opened) -> &[EntryHash] {
    match &entry.content {
        Content::Interview(interview) => &interview.unseen,
        Content::Decision(decision) => &decision.unseen,
        Content::Review(review) => &review.unseen,
        _ => &[],
    }
}

pub(crate) fn seen_by(entry: &Opened) -> Vec<EntryHash> {
    let mut seen = entry.parents.clone();
    match &entry.content {
        Content::Interview(interview) => seen.extend(interview.changes.iter().flat_map(|c| &c.over)),
        Content::Decision(decision) => seen.extend(&decision.over),
        _ => {}
    }
    seen
}

/// Topological order; entries that could stand either way by clock, then by number. Leaves out what runs in a circle.
fn sort(seen: &[Vec<Node>], clocks: &[At]) -> Vec<Node> {
    let mut waits: Vec<usize> = seen.iter().map(Vec::len).collect();
    let mut seen_from: Vec<Vec<Node>> = vec![Vec::new(); seen.len()];
    for (node, seen) in seen.iter().enumerate() {
        for earlier in seen {
            seen_from[*earlier].push(node);
        }
    }
    let mut ready: BinaryHeap<Reverse<(i64, Node)>> =
        (0..seen.len()).filter(|n| waits[*n] == 0).map(|n| Reverse((clocks[n].ms, n))).collect();
    let mut order = Vec::with_capacity(seen.len());
    while let Some(Reverse((_, node))) = ready.pop() {
        order.push(node);
        for later in &seen_from[node] {
            waits[*later] -= 1;
            if waits[*later] == 0 {
                ready.push(Reverse((clocks[*later].ms, *later)));
            }
        }
    }
    order
}
