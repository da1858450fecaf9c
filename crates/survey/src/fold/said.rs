//! Of what entries say of a thing, which words are writes.

use crate::graph::{Graph, Node};
use std::collections::{BTreeMap, BTreeSet};

/// The entries that *write* a thing: their word differs from what they stand on. `said` gives an entry's word, and whether
/// it counts even where it repeats (a decision); none for an entry that says nothing. `blank` is what a thing says that
/// nobody wrote. An entry that stands on several words writes whatever it says.
pub(crate) fn writers<V: Ord>(graph: &Graph, blank: &V, said: impl Fn(Node) -> Option<(V, bool)>) -> BTreeSet<Node> {
    let mut stands_on: Vec<BTreeSet<Node>> = vec![BTreeSet::new(); graph.len()];
    let mut writes: BTreeMap<Node, V> = BTreeMap::new();
    for node in graph.order() {
        let below: BTreeSet<Node> =
            graph.seen(*node).iter().flat_map(|seen| stands_on[*seen].iter().copied()).collect();
        let sight = graph.sight(*node);
        let below: Vec<Node> = below.into_iter().filter(|write| sight[*write]).collect();
        let below = graph.maximal(&below);
        let before: BTreeSet<&V> = below.iter().filter_map(|node| writes.get(node)).collect();
        let new = said(*node).filter(|(word, always)| {
            let same = match before.len() {
                0 => word == blank,
                1 => before.contains(word),
                _ => false,
            };
            *always || !same
        });
        stands_on[*node] = match new {
            Some((word, _)) => {
                writes.insert(*node, word);
                BTreeSet::from([*node])
            }
            None => below.into_iter().collect(),
        };
    }
    writes.into_keys().collect()
}
