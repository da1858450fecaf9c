//! Evaluation of the form's expressions over a filling: the tree and the host that `tianye-xpath` asks for.

use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::ops::ControlFlow;

use chrono::{DateTime, FixedOffset};
use tianye_xpath::{EvalError, Host, NameTest, NodeKind, Tree, Value, ValueType};

use crate::aggregate::Sums;
use crate::expression::ExprId;
use crate::form::{DefId, Form, Shape};
use crate::graph::Aspect;
use crate::instance::{Instance, NodeId, ROOT, Slot};
use crate::secondary::NONE;
use crate::view::ValueKind;
use crate::{Context, options};

/// A node of any of the form's documents: 0 is the primary instance, n the n-th secondary one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct TreeNode {
    pub document: u32,
    pub node: u32,
}

/// Stands above the root of the primary instance.
const ABOVE: TreeNode = TreeNode { document: 0, node: NONE };

pub(crate) fn primary(node: NodeId) -> TreeNode {
    TreeNode { document: 0, node }
}

/// Everything an evaluation looks at.
pub(crate) struct Scene<'a> {
    pub form: &'a Form,
    pub instance: &'a Instance,
    pub now: DateTime<FixedOffset>,
    pub random: &'a dyn Fn() -> u64,
    pub properties: &'a crate::Properties,
    pub language: usize,
    /// Set while options are asked for: shuffles then come out the same each time.
    pub fixed_chance: Option<Cell<u64>>,
    /// Sums known in this act.
    pub sums: Option<&'a Sums>,
    /// Nodes that were looked at.
    pub worked: Cell<u64>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(form: &'a Form, instance: &'a Instance, language: usize, context: &Context<'a>) -> Self {
        Self {
            form,
            instance,
            now: context.now,
            random: context.random,
            properties: context.properties,
            language,
            fixed_chance: None,
            sums: None,
            worked: Cell::new(0),
        }
    }

    pub(crate) fn context(&self, node: TreeNode) -> tianye_xpath::Context<'_, Self, Self> {
        tianye_xpath::Context { tree: self, host: self, node, root: ABOVE }
    }

    fn expr(&self, id: ExprId) -> &tianye_xpath::Expr {
        &self.form.exprs[id.0 as usize].expr
    }

    pub(crate) fn boolean(&self, expr: ExprId, node: TreeNode) -> Result<bool, EvalError> {
        tianye_xpath::evaluate_boolean(self.expr(expr), &self.context(node))
    }

    pub(crate) fn number(&self, expr: ExprId, node: TreeNode) -> Result<f64, EvalError> {
        tianye_xpath::evaluate_number(self.expr(expr), &self.context(node))
    }

    pub(crate) fn string(&self, expr: ExprId, node: TreeNode) -> Result<String, EvalError> {
        tianye_xpath::evaluate_string(self.expr(expr), &self.context(node)).map(Cow::into_owned)
    }

    pub(crate) fn nodes(&self, expr: ExprId, node: TreeNode) -> Result<Vec<TreeNode>, EvalError> {
        tianye_xpath::evaluate_nodes(self.expr(expr), &self.context(node)).map(|nodes| nodes.as_slice().to_vec())
    }

    /// The value as a node of that kind stores it.
    pub(crate) fn value(&self, expr: ExprId, node: TreeNode, kind: ValueKind) -> Result<String, EvalError> {
        let value = tianye_xpath::evaluate(self.expr(expr), &self.context(node))?;
        Ok(match value {
            Value::Number(number) | Value::Days(number) if number.is_nan() => String::new(),
            // As text by itself, midnight reads as a day.
            Value::DateTime(moment) if kind == ValueKind::DateTime => crate::lexical::write_moment(moment),
            Value::Nodes(nodes) => nodes
                .first()
                .map_or_else(String::new, |node| crate::lexical::fit_computed(kind, &self.string_value(node))),
            other => {
                let text = other.text().unwrap_or_default().into_owned();
                crate::lexical::fit_computed(kind, &text)
            }
        })
    }

    fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children_from(node, 0)
    }

    fn children_from(&self, node: NodeId, slot: usize) -> impl Iterator<Item = NodeId> + '_ {
        let node = self.instance.node(node);
        node.slots[slot..self.form.def(node.def).children.len()]
            .iter()
            .flat_map(|slot| match slot {
                Slot::One(below) => std::slice::from_ref(below),
                Slot::Rows { live, .. } => live.as_slice(),
            })
            .copied()
            .filter(|child| self.instance.node(*child).relevant)
    }

    /// The attribute of a node at that place.
    fn attribute_from(&self, node: NodeId, place: usize) -> Option<TreeNode> {
        let node = self.instance.node(node);
        match node.slots.get(self.form.def(node.def).children.len() + place)? {
            Slot::One(attribute) => Some(primary(*attribute)),
            Slot::Rows { .. } => None,
        }
    }

    /// The number of a name; names that an expression makes up as it runs come without one.
    fn symbol(&self, test: &NameTest) -> u32 {
        if test.symbol != 0 {
            return test.symbol;
        }
        match &test.prefix {
            Some(prefix) => self.form.names.find(&format!("{prefix}:{}", test.local)),
            None => self.form.names.find(&test.local),
        }
        .unwrap_or(u32::MAX)
    }

    pub(crate) fn secondary(&self, node: TreeNode) -> &crate::secondary::Secondary {
        if self.form.last_saved == Some(node.document - 1)
            && let Some(own) = &self.instance.last_saved
        {
            return own;
        }
        &self.form.instances[node.document as usize - 1]
    }
}

impl Tree for Scene<'_> {
    type Node = TreeNode;

    fn kind(&self, node: TreeNode) -> NodeKind {
        match node {
            ABOVE => NodeKind::Root,
            TreeNode { document: 0, node } if self.form.def(self.instance.node(node).def).attribute => {
                NodeKind::Attribute
            }
            TreeNode { document: 0, .. } => NodeKind::Element,
            TreeNode { node: 0, .. } => NodeKind::Root,
            other if self.secondary(other).is_attribute(other.node) => NodeKind::Attribute,
            _ => NodeKind::Element,
        }
    }

    fn parent(&self, node: TreeNode) -> Option<TreeNode> {
        match node {
            ABOVE => None,
            TreeNode { document: 0, node } => {
                let parent = self.instance.node(node).parent;
                Some(if parent == NONE { ABOVE } else { primary(parent) })
            }
            other => self.secondary(other).parent(other.node).map(|node| TreeNode { node, ..other }),
        }
    }

    fn first_child(&self, node: TreeNode) -> Option<TreeNode> {
        match node {
            ABOVE => Some(primary(ROOT)),
            TreeNode { document: 0, node } => self.children(node).next().map(primary),
            other => self.secondary(other).first_child(other.node).map(|node| TreeNode { node, ..other }),
        }
    }

    fn next_sibling(&self, node: TreeNode) -> Option<TreeNode> {
        match node {
            ABOVE => None,
            TreeNode { document: 0, node: id } => {
                let node = self.instance.node(id);
                let def = self.form.def(node.def);
                if node.parent == NONE || def.attribute {
                    return None;
                }
                let slot = def.slot as usize;
                if let Slot::Rows { live, .. } = &self.instance.node(node.parent).slots[slot] {
                    let rest = live.get(node.index as usize + 1..).unwrap_or_default();
                    if let Some(next) = rest.iter().find(|row| self.instance.node(**row).relevant) {
                        return Some(primary(*next));
                    }
                }
                self.children_from(node.parent, slot + 1).next().map(primary)
            }
            other => self.secondary(other).next_sibling(other.node).map(|node| TreeNode { node, ..other }),
        }
    }

    fn local_name(&self, node: TreeNode) -> &str {
        match node {
            ABOVE => "",
            TreeNode { document: 0, node } => self.form.names.local(self.form.def(self.instance.node(node).def).symbol),
            other => self.form.names.local(self.secondary(other).symbol(other.node)),
        }
    }

    fn prefix(&self, node: TreeNode) -> Option<&str> {
        match node {
            TreeNode { document: 0, node } if node != NONE => {
                let name = &self.form.def(self.instance.node(node).def).name;
                name.split_once(':').map(|(prefix, _)| prefix.trim_start_matches('@'))
            }
            _ => None,
        }
    }

    fn namespace_uri(&self, node: TreeNode) -> &str {
        match node {
            TreeNode { document: 0, node } if node != NONE => &self.form.def(self.instance.node(node).def).namespace,
            _ => "",
        }
    }

    /// Of the primary instance: what is not relevant there counts as unanswered. A list may well lack a column.
    fn absence_is_blank(&self, start: TreeNode) -> bool {
        start.document == 0
    }

    fn string_value(&self, node: TreeNode) -> Cow<'_, str> {
        match node {
            ABOVE => self.string_value(primary(ROOT)),
            TreeNode { document: 0, node } => {
                if self.form.def(self.instance.node(node).def).shape == Shape::Leaf {
                    return Cow::Borrowed(self.instance.counting(node));
                }
                let mut text = String::new();
                for child in self.children(node) {
                    text.push_str(&self.string_value(primary(child)));
                }
                Cow::Owned(text)
            }
            other => self.secondary(other).text(other.node),
        }
    }

    fn has_name(&self, node: TreeNode, test: &NameTest) -> bool {
        match node {
            ABOVE => false,
            TreeNode { document: 0, node } => self.form.def(self.instance.node(node).def).symbol == self.symbol(test),
            other => self.secondary(other).symbol(other.node) == self.symbol(test),
        }
    }

    fn value_type(&self, node: TreeNode) -> ValueType {
        match node {
            TreeNode { document: 0, node } if node != NONE => match self.form.def(self.instance.node(node).def).kind {
                ValueKind::Date => ValueType::Date,
                ValueKind::DateTime => ValueType::DateTime,
                ValueKind::Time => ValueType::Time,
                _ => ValueType::Text,
            },
            _ => ValueType::Text,
        }
    }

    fn first_attribute(&self, element: TreeNode) -> Option<TreeNode> {
        if element.document == 0 {
            return if element == ABOVE { None } else { self.attribute_from(element.node, 0) };
        }
        self.secondary(element).first_attribute(element.node).map(|node| TreeNode { node, ..element })
    }

    fn next_attribute(&self, attribute: TreeNode) -> Option<TreeNode> {
        if attribute.document == 0 {
            if attribute == ABOVE {
                return None;
            }
            let node = self.instance.node(attribute.node);
            let def = self.form.def(node.def);
            let place =
                (def.slot as usize).checked_sub(self.form.def(self.instance.node(node.parent).def).children.len())?;
            return if def.attribute { self.attribute_from(node.parent, place + 1) } else { None };
        }
        self.secondary(attribute).next_attribute(attribute.node).map(|node| TreeNode { node, ..attribute })
    }

    fn document_order(&self, a: TreeNode, b: TreeNode) -> Ordering {
        if a.document != b.document || a.document != 0 || a == b {
            // Nodes of secondary instances are numbered in document order, attributes right behind their element.
            return a.cmp(&b);
        }
        match (a == ABOVE, b == ABOVE) {
            (true, _) => Ordering::Less,
            (_, true) => Ordering::Greater,
            _ => self.instance.document_order(self.form, a.node, b.node),
        }
    }

    fn place(&self, node: TreeNode) -> Option<usize> {
        if node.document != 0 || node == ABOVE || node.node == ROOT {
            return None;
        }
        let at = self.instance.node(node.node);
        let rows = match &self.instance.node(at.parent).slots[self.form.def(at.def).slot as usize] {
            Slot::Rows { live, .. } if at.relevant => live,
            _ => return Some(1),
        };
        let before = rows.get(..at.index as usize)?;
        if self.form.graph.cell_of(at.def, Aspect::Relevant).is_none() {
            return Some(before.len() + 1);
        }
        Some(before.iter().filter(|row| self.instance.node(**row).relevant).count() + 1)
    }

    fn indexed_children(
        &self,
        parent: TreeNode,
        child: &NameTest,
        key: &NameTest,
        value: &str,
        found: &mut dyn FnMut(TreeNode) -> ControlFlow<()>,
    ) -> bool {
        if parent.document == 0 {
            return false;
        }
        self.secondary(parent).indexed_children(parent.node, self.symbol(child), self.symbol(key), value, &mut |node| {
            found(TreeNode { node, ..parent })
        })
    }

    fn indexed_count(&self, parent: TreeNode, child: &NameTest, key: &NameTest, value: &str) -> Option<usize> {
        if parent.document == 0 {
            return None;
        }
        self.secondary(parent).indexed_count(parent.node, self.symbol(child), self.symbol(key), value)
    }

    fn named_children(
        &self,
        parent: TreeNode,
        child: &NameTest,
        found: &mut dyn FnMut(TreeNode) -> ControlFlow<()>,
    ) -> bool {
        self.named_children_from(parent, child, 0, found)
    }

    fn named_children_from(
        &self,
        parent: TreeNode,
        child: &NameTest,
        mut from: usize,
        found: &mut dyn FnMut(TreeNode) -> ControlFlow<()>,
    ) -> bool {
        if parent.document != 0 || parent == ABOVE {
            return false;
        }
        let def = self.instance.node(parent.node).def;
        let Some(child) = self.form.child_named(def, self.symbol(child)) else { return true };
        let mut below = match &self.instance.node(parent.node).slots[self.form.def(child).slot as usize] {
            Slot::One(below) => std::slice::from_ref(below),
            Slot::Rows { live, .. } => live.as_slice(),
        };
        if self.form.graph.cell_of(child, Aspect::Relevant).is_none() {
            // All of them are relevant, or none.
            below = below.get(std::mem::take(&mut from)..).unwrap_or_default();
        }
        for node in below.iter().filter(|node| self.instance.node(**node).relevant).skip(from) {
            if found(primary(*node)).is_break() {
                break;
            }
        }
        true
    }
}

impl Host<Self> for Scene<'_> {
    fn now(&self) -> DateTime<FixedOffset> {
        self.now
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = match &self.fixed_chance {
                Some(state) => split_mix(state),
                None => (self.random)(),
            };
            chunk.copy_from_slice(&next.to_le_bytes()[..chunk.len()]);
        }
    }

    fn instance(&self, id: &str) -> Option<TreeNode> {
        if let Some(index) = self.form.instance_ids.get(id) {
            return Some(TreeNode { document: *index as u32 + 1, node: 0 });
        }
        None
    }

    fn choice_label(&self, context: TreeNode, value: &str, path: &str) -> Option<Cow<'_, str>> {
        let node = options::question_at(self, context, path)?;
        options::label_of(self, node, value).map(Cow::Owned)
    }

    fn itext(&self, id: &str) -> Option<Cow<'_, str>> {
        crate::label::itext(self, id).map(Cow::Owned)
    }

    fn property(&self, name: &str) -> Option<Cow<'_, str>> {
        self.properties.get(name).map(Cow::Borrowed)
    }

    fn version(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.form.version))
    }

    fn recall(&self, number: u32, begin: TreeNode) -> Option<f64> {
        self.sums.filter(|_| begin.document == 0)?.recall(number, begin.node)
    }

    fn keep(&self, number: u32, begin: TreeNode, value: f64) {
        if let Some(sums) = self.sums.filter(|_| begin.document == 0) {
            sums.keep(number, begin.node, value);
        }
    }

    fn worked(&self, nodes: u64) {
        self.worked.set(self.worked.get() + nodes);
    }

    fn language(&self) -> &str {
        self.form.languages.get(self.language).map_or("", String::as_str)
    }
}

/// SplitMix64: only to shuffle options the same way each time.
fn split_mix(state: &Cell<u64>) -> u64 {
    let next = state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
    state.set(next);
    let mut z = next;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Form {
    /// The child definition with that name.
    pub(crate) fn child_named(&self, def: DefId, symbol: u32) -> Option<DefId> {
        let children = &self.def(def).children;
        if children.len() <= 8 {
            return children.iter().copied().find(|child| self.def(*child).symbol == symbol);
        }
        self.wide.get(&(def, symbol)).copied()
    }
}
