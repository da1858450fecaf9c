//! What the evaluator asks of a tree.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Debug;
use std::hash::Hash;
use std::ops::ControlFlow;

use crate::ast::NameTest;

/// The kinds of node that XPath's node tests tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// The node above the document element: what `/` means.
    Root,
    /// An element.
    Element,
    /// An attribute. Its parent is its element, though it is no child of it.
    Attribute,
    /// Text.
    Text,
    /// A comment.
    Comment,
    /// A processing instruction; its local name is its target.
    ProcessingInstruction,
    /// A namespace node.
    Namespace,
    /// A node outside XPath's model, such as a document type; only `node()` finds it.
    Other,
}

/// The declared type of a node's value, as far as it changes how a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ValueType {
    /// Anything without a meaning of its own here: text, choices, numbers (which XPath reads by itself).
    #[default]
    Text,
    /// `YYYY-MM-DD`.
    Date,
    /// ISO 8601 date and time with offset.
    DateTime,
    /// `hh:mm:ss.sss` with offset.
    Time,
}

/// A tree that expressions are evaluated over: an XForms instance with its secondary instances.
///
/// Walking is by first child and next sibling, so that it never allocates. Only the methods without a default must be
/// given; the others exist to be faster.
pub trait Tree {
    /// A handle to a node. Its `Ord` needs no meaning; [`Tree::document_order`] gives the order.
    type Node: Copy + Eq + Ord + Hash + Debug;

    /// What the node is.
    fn kind(&self, node: Self::Node) -> NodeKind;

    /// The parent; of an attribute, its element.
    fn parent(&self, node: Self::Node) -> Option<Self::Node>;

    /// The first child in document order (never an attribute).
    fn first_child(&self, node: Self::Node) -> Option<Self::Node>;

    /// The next sibling in document order (of an attribute: none).
    fn next_sibling(&self, node: Self::Node) -> Option<Self::Node>;

    /// The local part of the name; the target of a processing instruction; empty where a node has none.
    fn local_name(&self, node: Self::Node) -> &str;

    /// The text of the node: of a root or element all text below it, joined.
    fn string_value(&self, node: Self::Node) -> Cow<'_, str>;

    /// Does this element or attribute have that name? `test.prefix` is as written in the expression; what it means is
    /// the tree's to know. `test.symbol` is whatever [`crate::Expr::bind_names`] was given for the name, so that a tree
    /// with interned names compares numbers.
    fn has_name(&self, node: Self::Node, test: &NameTest) -> bool {
        test.prefix.is_none() && self.local_name(node) == &*test.local
    }

    /// Does that prefix, in an expression, stand for a namespace? A path with one that does not is an error.
    fn knows_prefix(&self, _prefix: &str) -> bool {
        true
    }

    /// Does that prefix, in an expression, stand for the namespace of the functions written with it (`jr:` for
    /// `http://openrosa.org/javarosa`)?
    fn knows_function_prefix(&self, prefix: &str) -> bool {
        self.knows_prefix(prefix)
    }

    /// The prefix of the name as it stands in the document.
    fn prefix(&self, _node: Self::Node) -> Option<&str> {
        None
    }

    /// The namespace of the name, empty for none.
    fn namespace_uri(&self, _node: Self::Node) -> &str {
        ""
    }

    /// The declared type of the value.
    fn value_type(&self, _node: Self::Node) -> ValueType {
        ValueType::Text
    }

    /// Does a path from here that finds nothing compare as an empty text? XPath 1.0 says that nothing compares with what
    /// is not there; but in a form a question that is not relevant counts as unanswered, so that `${q} = ''` and
    /// `${q} != 'yes'` hold, in every engine.
    fn absence_is_blank(&self, _start: Self::Node) -> bool {
        false
    }

    /// The sibling before this one.
    fn previous_sibling(&self, node: Self::Node) -> Option<Self::Node> {
        let mut at = self.first_child(self.parent(node)?)?;
        if at == node {
            return None;
        }
        loop {
            let next = self.next_sibling(at)?;
            if next == node {
                return Some(at);
            }
            at = next;
        }
    }

    /// The first attribute of an element.
    fn first_attribute(&self, _element: Self::Node) -> Option<Self::Node> {
        None
    }

    /// The attribute after this one, of the same element.
    fn next_attribute(&self, _attribute: Self::Node) -> Option<Self::Node> {
        None
    }

    /// The first namespace node of an element.
    fn first_namespace(&self, _element: Self::Node) -> Option<Self::Node> {
        None
    }

    /// The namespace node after this one, of the same element.
    fn next_namespace(&self, _namespace: Self::Node) -> Option<Self::Node> {
        None
    }

    /// The element with that id, for `id()`, looked for in the document that `near` belongs to.
    fn element_by_id(&self, _near: Self::Node, _id: &str) -> Option<Self::Node> {
        None
    }

    /// Which of two nodes comes first in document order. Nodes of different documents may come in any order that is
    /// always the same.
    fn document_order(&self, a: Self::Node, b: Self::Node) -> Ordering {
        crate::nodeset::order_by_walking(self, a, b)
    }

    /// The number of a node among its siblings of that kind and name, from 1; None where the evaluator has to count. What
    /// makes `position(..)` in a roster of 1,000 rows as quick as in one of ten.
    fn place(&self, _node: Self::Node) -> Option<usize> {
        None
    }

    /// Fast path for a step `name[key = 'value']`: hands each child of `parent` that passes `child` and has a child
    /// passing `key` whose string value is exactly `value` to `found`, in document order, until told to break, and
    /// returns true. Returns false, without calling `found`, where the tree has no index for this; the evaluator then
    /// walks.
    ///
    /// This is what makes a cascade over 10,000 villages as quick as one over ten.
    fn indexed_children(
        &self,
        _parent: Self::Node,
        _child: &NameTest,
        _key: &NameTest,
        _value: &str,
        _found: &mut dyn FnMut(Self::Node) -> ControlFlow<()>,
    ) -> bool {
        false
    }

    /// How many nodes [`Tree::indexed_children`] would hand out, None where there is no index for this. Of several
    /// equalities joined by `and` the evaluator asks the one with the fewest.
    fn indexed_count(&self, _parent: Self::Node, _child: &NameTest, _key: &NameTest, _value: &str) -> Option<usize> {
        None
    }

    /// Fast path for a step `name`: hands each child of `parent` that passes `child` to `found`, in document order,
    /// until told to break, and returns true; or returns false and the evaluator walks.
    fn named_children(
        &self,
        _parent: Self::Node,
        _child: &NameTest,
        _found: &mut dyn FnMut(Self::Node) -> ControlFlow<()>,
    ) -> bool {
        false
    }

    /// As [`Tree::named_children`], but from the child with that number on, counted from 0: what makes
    /// `indexed-repeat()` in a roster of 1,000 rows as quick as in one of ten.
    fn named_children_from(
        &self,
        _parent: Self::Node,
        _child: &NameTest,
        _from: usize,
        _found: &mut dyn FnMut(Self::Node) -> ControlFlow<()>,
    ) -> bool {
        false
    }
}
