//! A small concrete tree and host, for tests: of this crate, and of those who want to try an expression without a form.

mod xml;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::ControlFlow;

use chrono::{DateTime, FixedOffset};

use crate::ast::NameTest;
use crate::context::{Context, Host};
use crate::tree::{NodeKind, Tree, ValueType};

pub use xml::{document, node_at};

/// A node of a [`Document`]. Its order is document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

#[derive(Debug, Clone)]
struct Node {
    kind: NodeKind,
    parent: Option<NodeId>,
    first_child: Option<NodeId>,
    last_child: Option<NodeId>,
    next: Option<NodeId>,
    previous: Option<NodeId>,
    attributes: Vec<NodeId>,
    namespaces: Vec<NodeId>,
    prefix: Option<Box<str>>,
    local: Box<str>,
    uri: Box<str>,
    text: Box<str>,
    value_type: ValueType,
}

type Index = HashMap<(NodeId, Box<str>, Box<str>), HashMap<String, Vec<NodeId>>>;

/// A document, written from its beginning to its end with [`Document::open`], [`Document::text`] and the rest.
#[derive(Debug, Clone)]
pub struct Document {
    nodes: Vec<Node>,
    open: Vec<NodeId>,
    /// What prefixes in expressions mean. `None`: any prefix is known, and is compared as written.
    pub prefixes: Option<HashMap<String, String>>,
    /// Namespaces whose elements a name without prefix finds, besides those in none.
    pub default_namespaces: Vec<String>,
    /// Answer `name[key = 'value']` by an index.
    pub indexed: bool,
    index: RefCell<Index>,
    index_uses: Cell<usize>,
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

impl Document {
    /// A document with only a root.
    pub fn new() -> Self {
        let mut document = Self {
            nodes: Vec::new(),
            open: Vec::new(),
            prefixes: None,
            default_namespaces: Vec::new(),
            indexed: false,
            index: RefCell::default(),
            index_uses: Cell::new(0),
        };
        let root = document.add(NodeKind::Root, None, "", "", "");
        document.open.push(root);
        document
    }

    /// The root.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How often the index has answered.
    pub fn index_uses(&self) -> usize {
        self.index_uses.get()
    }

    fn add(&mut self, kind: NodeKind, prefix: Option<&str>, local: &str, uri: &str, text: &str) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).expect("a test document is small"));
        let parent = self.open.last().copied();
        let mut node = Node {
            kind,
            parent,
            first_child: None,
            last_child: None,
            next: None,
            previous: None,
            attributes: Vec::new(),
            namespaces: Vec::new(),
            prefix: prefix.map(Into::into),
            local: local.into(),
            uri: uri.into(),
            text: text.into(),
            value_type: ValueType::Text,
        };
        if let Some(parent) = parent {
            match kind {
                NodeKind::Attribute => self.node_mut(parent).attributes.push(id),
                NodeKind::Namespace => self.node_mut(parent).namespaces.push(id),
                _ => {
                    node.previous = self.node(parent).last_child;
                    if let Some(previous) = node.previous {
                        self.node_mut(previous).next = Some(id);
                    } else {
                        self.node_mut(parent).first_child = Some(id);
                    }
                    self.node_mut(parent).last_child = Some(id);
                }
            }
        }
        self.nodes.push(node);
        id
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// Begins an element in no namespace.
    pub fn open(&mut self, name: &str) -> NodeId {
        self.open_in(None, name, "")
    }

    /// Begins an element.
    pub fn open_in(&mut self, prefix: Option<&str>, local: &str, uri: &str) -> NodeId {
        let id = self.add(NodeKind::Element, prefix, local, uri, "");
        self.open.push(id);
        id
    }

    /// Ends the element begun last.
    pub fn close(&mut self) -> &mut Self {
        assert!(self.open.len() > 1, "an element is open");
        self.open.pop();
        self
    }

    /// An element with text.
    pub fn leaf(&mut self, name: &str, text: &str) -> NodeId {
        let id = self.open(name);
        if !text.is_empty() {
            self.text(text);
        }
        self.close();
        id
    }

    /// An attribute of the element begun last.
    pub fn attribute(&mut self, prefix: Option<&str>, local: &str, uri: &str, text: &str) -> NodeId {
        self.add(NodeKind::Attribute, prefix, local, uri, text)
    }

    /// A namespace declared on the element begun last.
    pub fn namespace(&mut self, prefix: &str, uri: &str) -> NodeId {
        self.add(NodeKind::Namespace, None, prefix, "", uri)
    }

    /// Text.
    pub fn text(&mut self, text: &str) -> NodeId {
        self.add(NodeKind::Text, None, "", "", text)
    }

    /// A comment.
    pub fn comment(&mut self, text: &str) -> NodeId {
        self.add(NodeKind::Comment, None, "", "", text)
    }

    /// A processing instruction.
    pub fn instruction(&mut self, target: &str, text: &str) -> NodeId {
        self.add(NodeKind::ProcessingInstruction, None, target, "", text)
    }

    /// A node outside XPath's model.
    pub fn other(&mut self) -> NodeId {
        self.add(NodeKind::Other, None, "", "", "")
    }

    /// Declares the type of a node's value.
    pub fn set_type(&mut self, node: NodeId, value_type: ValueType) {
        self.node_mut(node).value_type = value_type;
    }

    fn matches(&self, node: NodeId, test: &NameTest) -> bool {
        let node = self.node(node);
        let uri = match (&test.prefix, &self.prefixes) {
            (None, _) => {
                let known =
                    node.kind == NodeKind::Element && self.default_namespaces.iter().any(|uri| **uri == *node.uri);
                return *node.local == *test.local && (node.uri.is_empty() || known);
            }
            (Some(prefix), None) => {
                return node.prefix.as_deref() == Some(prefix) && (&*test.local == "*" || *node.local == *test.local);
            }
            (Some(prefix), Some(prefixes)) => prefixes.get(&**prefix),
        };
        uri.is_some_and(|uri| **uri == *node.uri) && (&*test.local == "*" || *node.local == *test.local)
    }

    fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.node(node).first_child, |child| self.node(*child).next)
    }
}

impl Tree for Document {
    type Node = NodeId;

    fn kind(&self, node: NodeId) -> NodeKind {
        self.node(node).kind
    }

    fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).parent
    }

    fn first_child(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).first_child
    }

    fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).next
    }

    fn previous_sibling(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).previous
    }

    fn local_name(&self, node: NodeId) -> &str {
        &self.node(node).local
    }

    fn prefix(&self, node: NodeId) -> Option<&str> {
        self.node(node).prefix.as_deref()
    }

    fn namespace_uri(&self, node: NodeId) -> &str {
        &self.node(node).uri
    }

    fn has_name(&self, node: NodeId, test: &NameTest) -> bool {
        self.matches(node, test)
    }

    fn knows_prefix(&self, prefix: &str) -> bool {
        self.prefixes.as_ref().is_none_or(|prefixes| prefixes.contains_key(prefix))
    }

    fn knows_function_prefix(&self, prefix: &str) -> bool {
        let Some(prefixes) = &self.prefixes else { return true };
        prefix == "jr" && prefixes.get(prefix).is_some_and(|uri| uri == "http://openrosa.org/javarosa")
    }

    fn string_value(&self, node: NodeId) -> Cow<'_, str> {
        let own = self.node(node);
        if !matches!(own.kind, NodeKind::Element | NodeKind::Root) {
            return Cow::Borrowed(&own.text);
        }
        match own.first_child {
            None => return Cow::Borrowed(""),
            Some(only) if self.node(only).kind == NodeKind::Text && self.node(only).next.is_none() => {
                return Cow::Borrowed(&self.node(only).text);
            }
            Some(_) => {}
        }
        let mut all = String::new();
        let mut open: Vec<NodeId> = self.children(node).collect();
        open.reverse();
        while let Some(node) = open.pop() {
            match self.node(node).kind {
                NodeKind::Text => all.push_str(&self.node(node).text),
                NodeKind::Element => {
                    let below: Vec<_> = self.children(node).collect();
                    open.extend(below.into_iter().rev());
                }
                _ => {}
            }
        }
        Cow::Owned(all)
    }

    fn value_type(&self, node: NodeId) -> ValueType {
        self.node(node).value_type
    }

    fn first_attribute(&self, element: NodeId) -> Option<NodeId> {
        self.node(element).attributes.first().copied()
    }

    fn next_attribute(&self, attribute: NodeId) -> Option<NodeId> {
        let all = &self.node(self.parent(attribute)?).attributes;
        all.get(all.iter().position(|other| *other == attribute)? + 1).copied()
    }

    fn first_namespace(&self, element: NodeId) -> Option<NodeId> {
        self.node(element).namespaces.first().copied()
    }

    fn next_namespace(&self, namespace: NodeId) -> Option<NodeId> {
        let all = &self.node(self.parent(namespace)?).namespaces;
        all.get(all.iter().position(|other| *other == namespace)? + 1).copied()
    }

    fn element_by_id(&self, _near: NodeId, id: &str) -> Option<NodeId> {
        let is_id = |node: &&Node| node.kind == NodeKind::Attribute && &*node.local == "id" && &*node.text == id;
        self.nodes.iter().find(is_id).and_then(|attribute| attribute.parent)
    }

    fn document_order(&self, a: NodeId, b: NodeId) -> Ordering {
        a.cmp(&b)
    }

    fn indexed_children(
        &self,
        parent: NodeId,
        child: &NameTest,
        key: &NameTest,
        value: &str,
        found: &mut dyn FnMut(NodeId) -> ControlFlow<()>,
    ) -> bool {
        if !self.indexed {
            return false;
        }
        self.index_uses.set(self.index_uses.get() + 1);
        let mut index = self.index.borrow_mut();
        let by_value = index.entry((parent, child.local.clone(), key.local.clone())).or_insert_with(|| {
            let mut by_value: HashMap<String, Vec<NodeId>> = HashMap::new();
            for row in self.children(parent).filter(|row| self.matches(*row, child)) {
                for cell in self.children(row).filter(|cell| self.matches(*cell, key)) {
                    let rows = by_value.entry(self.string_value(cell).into_owned()).or_default();
                    if rows.last() != Some(&row) {
                        rows.push(row);
                    }
                }
            }
            by_value
        });
        let rows = by_value.get(value).cloned().unwrap_or_default();
        drop(index);
        let _ = rows.into_iter().try_for_each(found);
        true
    }
}

/// A host whose answers are fields.
#[derive(Debug, Clone)]
pub struct TestHost {
    /// The time.
    pub now: DateTime<FixedOffset>,
    /// Roots of secondary instances by id.
    pub instances: HashMap<String, NodeId>,
    /// Texts by id.
    pub texts: HashMap<String, String>,
    /// Labels by value and path.
    pub labels: HashMap<(String, String), String>,
    /// Properties by name.
    pub properties: HashMap<String, String>,
    /// The version of the form.
    pub version: Option<String>,
    /// The active language.
    pub language: String,
    /// The state of the generator.
    pub chance: Cell<u64>,
}

impl TestHost {
    /// A host that knows only the time, as RFC 3339 text.
    pub fn at(now: &str) -> Self {
        Self {
            now: DateTime::parse_from_rfc3339(now).expect("a date and time with offset"),
            instances: HashMap::new(),
            texts: HashMap::new(),
            labels: HashMap::new(),
            properties: HashMap::new(),
            version: None,
            language: String::new(),
            chance: Cell::new(1),
        }
    }

    /// The context of a node of a document.
    pub fn context<'a>(&'a self, document: &'a Document, node: NodeId) -> Context<'a, Document, Self> {
        Context { tree: document, host: self, node, root: document.root() }
    }
}

impl Host<Document> for TestHost {
    fn now(&self) -> DateTime<FixedOffset> {
        self.now
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            // splitmix64
            let state = self.chance.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
            self.chance.set(state);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (mixed >> 56) as u8;
        }
    }

    fn instance(&self, id: &str) -> Option<NodeId> {
        self.instances.get(id).copied()
    }

    fn choice_label(&self, _context: NodeId, value: &str, path: &str) -> Option<Cow<'_, str>> {
        self.labels.get(&(value.to_owned(), path.to_owned())).map(|label| Cow::Borrowed(label.as_str()))
    }

    fn itext(&self, id: &str) -> Option<Cow<'_, str>> {
        self.texts.get(id).map(|text| Cow::Borrowed(text.as_str()))
    }

    fn property(&self, name: &str) -> Option<Cow<'_, str>> {
        self.properties.get(name).map(|text| Cow::Borrowed(text.as_str()))
    }

    fn version(&self) -> Option<Cow<'_, str>> {
        self.version.as_deref().map(Cow::Borrowed)
    }

    fn language(&self) -> &str {
        &self.language
    }
}
