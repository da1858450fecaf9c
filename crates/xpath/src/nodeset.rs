//! Sets of nodes in document order, without a heap for none or one.

use std::cmp::Ordering;

use crate::tree::Tree;

/// Nodes, in document order (or, from `randomize()`, in the order it gave), each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum NodeSet<N> {
    /// No node.
    #[default]
    Empty,
    /// One node.
    One(N),
    /// Several.
    Many(Vec<N>),
}

impl<N: Copy> NodeSet<N> {
    /// The nodes.
    pub fn as_slice(&self) -> &[N] {
        match self {
            Self::Empty => &[],
            Self::One(node) => std::slice::from_ref(node),
            Self::Many(nodes) => nodes,
        }
    }

    /// The first node.
    pub fn first(&self) -> Option<N> {
        self.as_slice().first().copied()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty) || self.as_slice().is_empty()
    }

    /// The nodes one by one.
    pub fn iter(&self) -> impl Iterator<Item = N> + '_ {
        self.as_slice().iter().copied()
    }

    pub(crate) fn push(&mut self, node: N) {
        match self {
            Self::Empty => *self = Self::One(node),
            Self::One(first) => *self = Self::Many(vec![*first, node]),
            Self::Many(nodes) => nodes.push(node),
        }
    }
}

impl<N> From<Vec<N>> for NodeSet<N> {
    fn from(nodes: Vec<N>) -> Self {
        Self::Many(nodes)
    }
}

/// Sorts into document order and drops doubles.
pub(crate) fn put_in_order<T: Tree + ?Sized>(tree: &T, nodes: &mut NodeSet<T::Node>) {
    if let NodeSet::Many(nodes) = nodes {
        if nodes.windows(2).all(|pair| tree.document_order(pair[0], pair[1]) == Ordering::Less) {
            return;
        }
        nodes.sort_by(|a, b| tree.document_order(*a, *b));
        nodes.dedup();
    }
}

/// Document order found by walking: the default of [`Tree::document_order`].
pub(crate) fn order_by_walking<T: Tree + ?Sized>(tree: &T, a: T::Node, b: T::Node) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let chain = |node| {
        let mut chain = vec![node];
        let mut at = node;
        while let Some(parent) = tree.parent(at) {
            chain.push(parent);
            at = parent;
        }
        chain.reverse();
        chain
    };
    let (above_a, above_b) = (chain(a), chain(b));
    if above_a[0] != above_b[0] {
        return above_a[0].cmp(&above_b[0]);
    }
    let shared = above_a.iter().zip(&above_b).take_while(|(x, y)| x == y).count();
    match (above_a.get(shared), above_b.get(shared)) {
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(&x), Some(&y)) => siblings_in_order(tree, x, y),
    }
}

/// Two different nodes of the same parent: namespaces, then attributes, then children.
fn siblings_in_order<T: Tree + ?Sized>(tree: &T, x: T::Node, y: T::Node) -> Ordering {
    use crate::tree::NodeKind::{Attribute, Namespace};
    let class = |node| match tree.kind(node) {
        Namespace => 0,
        Attribute => 1,
        _ => 2,
    };
    let by_class = class(x).cmp(&class(y));
    if by_class != Ordering::Equal {
        return by_class;
    }
    let next = |node| match class(x) {
        0 => tree.next_namespace(node),
        1 => tree.next_attribute(node),
        _ => tree.next_sibling(node),
    };
    // Both ways at once, so that near neighbours are found soon.
    let (mut after_x, mut after_y) = (next(x), next(y));
    loop {
        match (after_x, after_y) {
            (Some(node), _) if node == y => return Ordering::Less,
            (_, Some(node)) if node == x => return Ordering::Greater,
            (None, None) => return Ordering::Equal,
            _ => {}
        }
        after_x = after_x.and_then(next);
        after_y = after_y.and_then(next);
    }
}
