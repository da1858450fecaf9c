//! The tree of one filling: an arena of nodes with their values and states.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use crate::beyond::{Given, NonAnswer};
use crate::form::{DefId, Form, Seed, Shape};
use crate::order::Order;
use crate::secondary::{NONE, Secondary};
use crate::view::{Fault, WishKind};
use crate::{FieldPath, Origin, RowId};

/// Index of a node of the filling.
pub(crate) type NodeId = u32;

/// The root.
pub(crate) const ROOT: NodeId = 0;

/// The most rows one repeat may have.
pub const MAX_ROWS: usize = 10_000;

/// The most nodes one filling may have, rows and all.
pub const MAX_NODES: usize = 250_000;

/// Below a group: one node, or the rows of a repeat.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    One(NodeId),
    Rows {
        live: Vec<NodeId>,
        /// Rows that the count does not ask for now; they keep their values and come back with it.
        parked: Vec<NodeId>,
        /// All of them by their identity: an answer in one of 10,000 rows is not looked for.
        by_id: HashMap<Box<str>, NodeId>,
    },
}

/// A node.
#[derive(Clone)]
pub(crate) struct Node {
    pub def: DefId,
    pub parent: NodeId,
    pub row: Option<RowId>,
    /// Order key of a row.
    pub order: Order,
    /// Place among the live rows, from 0.
    pub index: u32,
    pub slots: Box<[Slot]>,
    pub stored: Box<str>,
    /// What counts, where that is not the stored value: offered options only.
    pub masked: Option<Box<str>>,
    /// A person answered or blanked it.
    pub touched: bool,
    pub live: bool,
    /// What it was before this act is known.
    pub noted: bool,
    pub relevant_own: bool,
    pub relevant: bool,
    pub readonly_own: bool,
    pub readonly: bool,
    pub required: bool,
    pub valid: bool,
    /// The soft check does not hold.
    pub doubtful: bool,
    /// Stands only where `stored` is empty.
    pub non_answer: Option<NonAnswer>,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("def", &self.def).field("relevant", &self.relevant).finish_non_exhaustive()
    }
}

/// The filling.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub nodes: Vec<Node>,
    /// Rows of the form's own that a person removed.
    pub removed: Vec<FieldPath>,
    /// What the form wishes from the device, and for which node.
    pub wishes: Vec<(WishKind, NodeId)>,
    /// The submission saved last, if one was handed in.
    pub last_saved: Option<Arc<Secondary>>,
}

impl Instance {
    /// The tree as the form brings it.
    pub(crate) fn from_seed(form: &Form) -> Self {
        let mut new = Self { nodes: Vec::new(), removed: Vec::new(), wishes: Vec::new(), last_saved: None };
        new.create(form, DefId(0), NONE, None, Order::FIRST);
        new.fill_seed(form, ROOT, &form.seed);
        new
    }

    /// Makes a node and everything below it, repeats without rows.
    pub(crate) fn create(
        &mut self,
        form: &Form,
        def_id: DefId,
        parent: NodeId,
        row: Option<RowId>,
        order: Order,
    ) -> NodeId {
        let def = form.def(def_id);
        let id = self.nodes.len() as NodeId;
        let above = self.nodes.get(parent as usize);
        let (relevant, readonly) = above.map_or((true, false), |above| (above.relevant, above.readonly));
        self.nodes.push(Node {
            def: def_id,
            parent,
            row,
            order,
            index: 0,
            slots: Box::default(),
            stored: def.default.clone(),
            masked: None,
            touched: false,
            live: true,
            noted: false,
            relevant_own: true,
            relevant,
            readonly_own: false,
            readonly,
            required: false,
            valid: true,
            doubtful: false,
            non_answer: None,
        });
        let slots = def
            .below()
            .map(|child| match form.def(child).shape {
                Shape::Repeat => Slot::Rows { live: Vec::new(), parked: Vec::new(), by_id: HashMap::new() },
                Shape::Leaf | Shape::Group => Slot::One(self.create(form, child, id, None, Order::FIRST)),
            })
            .collect();
        self.nodes[id as usize].slots = slots;
        id
    }

    fn fill_seed(&mut self, form: &Form, node: NodeId, seed: &Seed) {
        for child in &seed.children {
            let def = form.def(child.def);
            let below = match &self.nodes[node as usize].slots[def.slot as usize] {
                Slot::One(below) => *below,
                // Their rows come from choices only.
                Slot::Rows { .. } if def.bind.beyond.over.is_some() => continue,
                Slot::Rows { live, .. } => {
                    let number = live.len() as u32 + 1;
                    self.add_row(form, node, child.def, RowId::derived(number), Order::whole(number))
                }
            };
            if def.shape == Shape::Leaf {
                self.nodes[below as usize].stored = child.value.clone();
            }
            self.fill_seed(form, below, child);
        }
    }

    /// Makes a row among the live ones of a repeat.
    pub(crate) fn add_row(&mut self, form: &Form, parent: NodeId, repeat: DefId, id: RowId, order: Order) -> NodeId {
        let row = self.create(form, repeat, parent, Some(id), order);
        self.insert_live(form, parent, repeat, row);
        row
    }

    /// Makes a row that the count does not ask for yet.
    pub(crate) fn add_parked(&mut self, form: &Form, parent: NodeId, repeat: DefId, id: RowId, order: Order) -> NodeId {
        let row = self.create(form, repeat, parent, Some(id), order);
        self.park(form, parent, repeat, row);
        let mut nodes = Vec::new();
        self.subtree(row, &mut nodes);
        for node in nodes {
            self.nodes[node as usize].live = false;
        }
        row
    }

    /// Puts a row among the live ones at its place: by order key, then by identity.
    pub(crate) fn insert_live(&mut self, form: &Form, parent: NodeId, repeat: DefId, row: NodeId) {
        let key = |row: NodeId| (self.node(row).order, &self.node(row).row);
        let rows = self.rows(form, parent, repeat);
        // From the end: rows mostly come in order.
        let at = rows.iter().rposition(|other| key(*other) <= key(row)).map_or(0, |before| before + 1);
        let id = self.id_of(row);
        if let Slot::Rows { live, parked, by_id } = self.slot_mut(form, parent, repeat) {
            if let Some(at) = parked.iter().position(|other| *other == row) {
                parked.remove(at);
            }
            live.insert(at, row);
            by_id.insert(id, row);
        }
        self.number_rows(form, parent, repeat, at);
    }

    fn id_of(&self, row: NodeId) -> Box<str> {
        self.node(row).row.as_ref().map_or("", RowId::as_str).into()
    }

    /// Takes a row out of the live ones.
    pub(crate) fn take_live(&mut self, form: &Form, parent: NodeId, repeat: DefId, row: NodeId, park: bool) {
        let (at, id) = (self.node(row).index as usize, self.id_of(row));
        if let Slot::Rows { live, by_id, .. } = self.slot_mut(form, parent, repeat)
            && live.get(at) == Some(&row)
        {
            live.remove(at);
            by_id.remove(&id);
        }
        if park {
            self.park(form, parent, repeat, row);
        }
        self.number_rows(form, parent, repeat, at);
    }

    fn park(&mut self, form: &Form, parent: NodeId, repeat: DefId, row: NodeId) {
        let key = |row: NodeId| (self.node(row).order, &self.node(row).row);
        let at = self.parked(form, parent, repeat).partition_point(|other| key(*other) <= key(row));
        let id = self.id_of(row);
        if let Slot::Rows { parked, by_id, .. } = self.slot_mut(form, parent, repeat) {
            parked.insert(at, row);
            by_id.insert(id, row);
        }
    }

    /// Numbers the live rows from a place on.
    fn number_rows(&mut self, form: &Form, parent: NodeId, repeat: DefId, from: usize) {
        let rows = self.rows(form, parent, repeat).get(from..).unwrap_or_default().to_vec();
        for (index, row) in rows.into_iter().enumerate() {
            self.nodes[row as usize].index = (from + index) as u32;
        }
    }

    fn slot_mut(&mut self, form: &Form, parent: NodeId, def: DefId) -> &mut Slot {
        &mut self.nodes[parent as usize].slots[form.def(def).slot as usize]
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    /// The live rows of a repeat.
    pub(crate) fn rows(&self, form: &Form, parent: NodeId, repeat: DefId) -> &[NodeId] {
        match &self.nodes[parent as usize].slots[form.def(repeat).slot as usize] {
            Slot::Rows { live, .. } => live,
            Slot::One(_) => &[],
        }
    }

    pub(crate) fn parked(&self, form: &Form, parent: NodeId, repeat: DefId) -> &[NodeId] {
        match &self.nodes[parent as usize].slots[form.def(repeat).slot as usize] {
            Slot::Rows { parked, .. } => parked,
            Slot::One(_) => &[],
        }
    }

    /// The value that the rest of the form sees.
    pub(crate) fn counting(&self, id: NodeId) -> &str {
        let node = self.node(id);
        if node.relevant { node.masked.as_deref().unwrap_or(&node.stored) } else { "" }
    }

    /// The row with that identity, live or parked.
    pub(crate) fn row(&self, form: &Form, parent: NodeId, repeat: DefId, id: &str) -> Option<NodeId> {
        match &self.nodes[parent as usize].slots[form.def(repeat).slot as usize] {
            Slot::Rows { by_id, .. } => by_id.get(id).copied(),
            Slot::One(_) => None,
        }
    }

    /// The row with that identity, if it is live.
    pub(crate) fn live_row(&self, form: &Form, parent: NodeId, repeat: DefId, id: &str) -> Option<NodeId> {
        let row = self.row(form, parent, repeat, id)?;
        (self.rows(form, parent, repeat).get(self.node(row).index as usize) == Some(&row)).then_some(row)
    }

    /// The row with that identity, if it is parked.
    pub(crate) fn parked_row(&self, form: &Form, parent: NodeId, repeat: DefId, id: &str) -> Option<NodeId> {
        let row = self.row(form, parent, repeat, id)?;
        self.live_row(form, parent, repeat, id).is_none().then_some(row)
    }

    /// What is wrong with the answer now.
    pub(crate) fn fault(&self, form: &Form, id: NodeId) -> Option<Fault> {
        let node = self.node(id);
        if !node.relevant {
            return None;
        }
        let counting = self.counting(id);
        if counting.is_empty() {
            return (node.required && node.non_answer.is_none()).then_some(Fault::Missing);
        }
        // The named check says exactly what is wrong; the constraint beside it is what others have instead.
        let check = form.def(node.def).bind.beyond.check;
        let checked = check.and_then(|check| check.fault(counting)).map(Fault::Check);
        checked.or_else(|| (!node.valid).then_some(Fault::Constraint))
    }

    /// The answer that counts should be looked at again.
    pub(crate) fn doubtful(&self, id: NodeId) -> bool {
        let node = self.node(id);
        node.doubtful && node.relevant && !self.counting(id).is_empty()
    }

    /// The non-answer that counts.
    pub(crate) fn non_answer(&self, id: NodeId) -> Option<NonAnswer> {
        let node = self.node(id);
        node.non_answer.filter(|_| node.relevant)
    }

    /// What is kept of a node, whether it counts or not.
    pub(crate) fn given(&self, id: NodeId) -> Given {
        let node = self.node(id);
        node.non_answer.map_or_else(|| Given::from(&*node.stored), Given::NonAnswer)
    }

    /// Puts the live rows of a repeat into an order of their own. True if it was another.
    pub(crate) fn arrange(&mut self, form: &Form, parent: NodeId, repeat: DefId, order: &[NodeId]) -> bool {
        if self.rows(form, parent, repeat) == order {
            return false;
        }
        if let Slot::Rows { live, .. } = self.slot_mut(form, parent, repeat) {
            live.clear();
            live.extend_from_slice(order);
        }
        self.number_rows(form, parent, repeat, 0);
        true
    }

    pub(crate) fn origin(&self, form: &Form, id: NodeId) -> Origin {
        let node = self.node(id);
        let def = form.def(node.def);
        match form.origin_of(def) {
            Origin::Answered if node.touched => Origin::Answered,
            Origin::Answered => Origin::Default,
            other => other,
        }
    }

    /// The nearest node at or above `id` with that definition.
    pub(crate) fn ancestor(&self, id: NodeId, def: DefId) -> Option<NodeId> {
        let mut at = id;
        loop {
            let node = self.node(at);
            if node.def == def {
                return Some(at);
            }
            if node.parent == NONE {
                return None;
            }
            at = node.parent;
        }
    }

    /// All live instances of `def` at or below `top`.
    pub(crate) fn instances_below(&self, form: &Form, top: NodeId, def: DefId, found: &mut Vec<NodeId>) {
        let top_def = self.node(top).def;
        let mut chain = Vec::new();
        let mut at = def;
        while at != top_def {
            chain.push(at);
            match form.def(at).parent {
                Some(parent) => at = parent,
                None => return,
            }
        }
        let from = found.len();
        found.push(top);
        for step in chain.into_iter().rev() {
            let level: Vec<NodeId> = found.drain(from..).collect();
            for node in level {
                match &self.node(node).slots[form.def(step).slot as usize] {
                    Slot::One(below) => found.push(*below),
                    Slot::Rows { live, .. } => found.extend_from_slice(live),
                }
            }
        }
    }

    /// The node and all live ones below it, in document order.
    pub(crate) fn subtree(&self, top: NodeId, found: &mut Vec<NodeId>) {
        found.push(top);
        for slot in &self.node(top).slots {
            match slot {
                Slot::One(below) => self.subtree(*below, found),
                Slot::Rows { live, .. } => live.iter().for_each(|row| self.subtree(*row, found)),
            }
        }
    }

    /// The address of a node.
    pub(crate) fn path(&self, form: &Form, id: NodeId) -> FieldPath {
        let mut text = String::with_capacity(48);
        self.write_path(form, id, &mut text);
        FieldPath::of_steps(text)
    }

    fn write_path(&self, form: &Form, id: NodeId, text: &mut String) {
        let node = self.node(id);
        if node.parent == NONE {
            return;
        }
        self.write_path(form, node.parent, text);
        text.push('/');
        text.push_str(&form.def(node.def).name);
        if let Some(row) = &node.row {
            text.push('[');
            text.push_str(row.as_str());
            text.push(']');
        }
    }

    /// What an address leads to.
    pub(crate) fn find(&self, form: &Form, path: &FieldPath) -> Option<Found> {
        let mut at = ROOT;
        let mut steps = path.steps().peekable();
        while let Some(step) = steps.next() {
            let def = self.child_def(form, at, step.name)?;
            match (&self.node(at).slots[form.def(def).slot as usize], step.row) {
                (Slot::One(below), None) => at = *below,
                (Slot::Rows { .. }, Some(row)) => at = self.live_row(form, at, def, row)?,
                (Slot::Rows { .. }, None) if steps.peek().is_none() => return Some(Found::Repeat(at, def)),
                _ => return None,
            }
        }
        Some(Found::Node(at))
    }

    pub(crate) fn child_def(&self, form: &Form, node: NodeId, name: &str) -> Option<DefId> {
        let def = form.def(self.node(node).def);
        def.find(&form.defs, name)
    }

    /// Which of two live nodes comes first.
    pub(crate) fn document_order(&self, form: &Form, a: NodeId, b: NodeId) -> Ordering {
        let chain = |id: NodeId| {
            let mut chain = Vec::with_capacity(8);
            let mut at = id;
            while self.node(at).parent != NONE {
                let node = self.node(at);
                // Attributes come before children.
                let def = form.def(node.def);
                chain.push((!def.attribute, def.slot, node.index));
                at = node.parent;
            }
            chain.reverse();
            chain
        };
        chain(a).cmp(&chain(b))
    }
}

/// What an address leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    Node(NodeId),
    /// A repeat as a whole: the node around it, and its definition.
    Repeat(NodeId, DefId),
}
