//! Secondary instances: choice lists and look-up tables, with an index for cascades.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::{Arc, RwLock};

use crate::names::Names;
use crate::read::plain::{NotPlain, Plain, Token};

/// Fewer children than this are walked without an index.
const INDEX_FROM: u32 = 16;
/// At most this many nodes are read from one instance.
pub const MAX_NODES: usize = 2_000_000;

/// At most this many bytes are read for one instance.
pub const MAX_BYTES: usize = 1 << 30;

pub(crate) const NONE: u32 = u32::MAX;

#[derive(Debug)]
struct Node {
    symbol: u32,
    parent: u32,
    first_child: u32,
    next: u32,
    first_attribute: u32,
    /// Where its text stands in the text of the whole instance: one text for 50,000 cells, not as many small ones.
    text: (u32, u32),
    attribute: bool,
}

type Index = Arc<HashMap<Box<str>, Vec<u32>>>;

/// One secondary instance. Node 0 stands above the document element.
#[derive(Debug)]
pub(crate) struct Secondary {
    pub id: String,
    nodes: Vec<Node>,
    text: String,
    /// (parent, name of children, name of the key below them) → value of the key → children.
    indexes: RwLock<HashMap<(u32, u32, u32), Index>>,
}

impl Secondary {
    fn new(id: &str) -> Self {
        let mut new = Self { id: id.to_owned(), nodes: Vec::new(), text: String::new(), indexes: RwLock::default() };
        new.push(0, NONE, "", false);
        new
    }

    /// An instance without anything in it, for one whose file is missing.
    pub(crate) fn empty(id: &str, names: &mut Names) -> Self {
        let mut new = Self::new(id);
        let root = new.push(names.intern("root"), 0, "", false);
        new.nodes[0].first_child = root;
        new
    }

    /// From an XML element.
    pub(crate) fn from_xml(id: &str, element: roxmltree::Node<'_, '_>, names: &mut Names) -> Self {
        Self::from_element(id, element, &mut |name| names.intern(name))
    }

    /// From an XML element that came after the form was read: names that no part of the form has stay without number.
    pub(crate) fn from_xml_known(id: &str, element: roxmltree::Node<'_, '_>, names: &Names) -> Self {
        Self::from_element(id, element, &mut |name| names.find(name).unwrap_or(NONE))
    }

    fn from_element(id: &str, element: roxmltree::Node<'_, '_>, symbol: &mut dyn FnMut(&str) -> u32) -> Self {
        let mut new = Self::new(id);
        let root = new.add_element(element, 0, symbol);
        new.nodes[0].first_child = root;
        new
    }

    /// From the text inside an `<instance>`, without a tree; None if no element stands there.
    pub(crate) fn from_plain(id: &str, inside: &str, names: &mut Names) -> Result<Option<Self>, NotPlain> {
        /// More names than this are not looked through one by one.
        const MOST_SEEN: usize = 12;
        let mut plain = Plain::new(inside);
        let mut new = Self::new(id);
        // (node, its last child), from the outermost element in.
        let mut open: Vec<(u32, u32)> = vec![(0, NONE)];
        let mut own_text = String::new();
        // Names seen already: an item has few, and there are very many items.
        let mut seen: Vec<(&str, u32)> = Vec::new();
        let mut symbol_of = |name| match seen.iter().find(|(known, _)| *known == name) {
            Some((_, symbol)) => *symbol,
            None => {
                let symbol = names.intern(name);
                if seen.len() < MOST_SEEN {
                    seen.push((name, symbol));
                }
                symbol
            }
        };
        loop {
            match plain.next()? {
                Token::Open(..) if open.len() == 1 && new.nodes.len() > 1 => {
                    // Only the first element counts.
                    plain.skip()?;
                }
                Token::Open(name, attributes) => {
                    let symbol = symbol_of(name);
                    let (parent, mut last) = open.pop().unwrap_or((0, NONE));
                    let node = new.push(symbol, parent, "", false);
                    new.link(parent, &mut last, node);
                    open.extend([(parent, last), (node, NONE)]);
                    new.add_attributes(node, attributes.iter().map(|(name, value)| (symbol_of(name), &**value)));
                    own_text.clear();
                }
                Token::Text(text) => own_text.push_str(&text),
                Token::Close => {
                    let (node, last_child) = open.pop().unwrap_or((0, NONE));
                    if last_child == NONE {
                        new.set_text(node, own_text.trim());
                    }
                }
                Token::End => return Ok((new.nodes.len() > 1).then_some(new)),
            }
        }
    }

    /// From a table with a header row: `root/item/<column>`.
    pub(crate) fn from_csv(id: &str, bytes: &[u8], names: &mut Names) -> Result<Self, String> {
        if bytes.len() > MAX_BYTES {
            return Err(format!("more than {MAX_BYTES} bytes"));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let delimiter = if !header.contains(&b',') && header.contains(&b';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
        let headers = reader.headers().map_err(|error| error.to_string())?.clone();
        let columns: Vec<u32> = headers.iter().map(|name| names.intern(name.trim())).collect();
        let mut new = Self::new(id);
        let root = new.push(names.intern("root"), 0, "", false);
        new.nodes[0].first_child = root;
        let item = names.intern("item");
        let mut last_item = NONE;
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| error.to_string())? {
            if new.nodes.len() + columns.len() > MAX_NODES {
                return Err(format!("more than {MAX_NODES} cells"));
            }
            let row = new.push(item, root, "", false);
            new.link(root, &mut last_item, row);
            let mut last_cell = NONE;
            for (column, value) in columns.iter().zip(record.iter()) {
                let cell = new.push(*column, row, value, false);
                new.link(row, &mut last_cell, cell);
            }
        }
        Ok(new)
    }

    /// From rows of named cells: `root/item/<name>`.
    pub(crate) fn from_rows(id: &str, rows: &[Vec<(String, String)>], names: &mut Names) -> Result<Self, String> {
        if rows.iter().map(|row| row.len() + 1).sum::<usize>() > MAX_NODES {
            return Err(format!("more than {MAX_NODES} cells"));
        }
        if rows.iter().flatten().map(|(_, value)| value.len()).sum::<usize>() > MAX_BYTES {
            return Err(format!("more than {MAX_BYTES} bytes"));
        }
        let mut new = Self::empty(id, names);
        let (root, item) = (1, names.intern("item"));
        let mut last_item = NONE;
        for cells in rows {
            let row = new.push(item, root, "", false);
            new.link(root, &mut last_item, row);
            let mut last_cell = NONE;
            for (name, value) in cells {
                let cell = new.push(names.intern(name), row, value, false);
                new.link(row, &mut last_cell, cell);
            }
        }
        Ok(new)
    }

    fn push(&mut self, symbol: u32, parent: u32, text: &str, attribute: bool) -> u32 {
        let id = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let text = (start, self.text.len() as u32);
        self.nodes.push(Node { symbol, parent, first_child: NONE, next: NONE, first_attribute: NONE, attribute, text });
        id
    }

    fn set_text(&mut self, node: u32, text: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.nodes[node as usize].text = (start, self.text.len() as u32);
    }

    fn add_attributes<'v>(&mut self, element: u32, attributes: impl Iterator<Item = (u32, &'v str)>) {
        let mut last = NONE;
        for (symbol, value) in attributes {
            let node = self.push(symbol, element, value, true);
            if last == NONE {
                self.nodes[element as usize].first_attribute = node;
            } else {
                self.nodes[last as usize].next = node;
            }
            last = node;
        }
    }

    fn link(&mut self, parent: u32, last: &mut u32, child: u32) {
        if *last == NONE {
            self.nodes[parent as usize].first_child = child;
        } else {
            self.nodes[*last as usize].next = child;
        }
        *last = child;
    }

    fn add_element(
        &mut self,
        element: roxmltree::Node<'_, '_>,
        parent: u32,
        symbol_of: &mut dyn FnMut(&str) -> u32,
    ) -> u32 {
        let symbol = symbol_of(&crate::read::qualified_name(element));
        let has_elements = element.children().any(|child| child.is_element());
        let text: Cow<'_, str> = if has_elements { Cow::Borrowed("") } else { crate::read::text_of(element) };
        let id = self.push(symbol, parent, text.trim(), false);
        let attributes = element.attributes();
        self.add_attributes(id, attributes.map(|attribute| (symbol_of(attribute.name()), attribute.value())));
        let mut last = NONE;
        for child in element.children().filter(roxmltree::Node::is_element) {
            let child = self.add_element(child, id, symbol_of);
            self.link(id, &mut last, child);
        }
        id
    }

    pub(crate) fn symbol(&self, node: u32) -> u32 {
        self.nodes[node as usize].symbol
    }

    pub(crate) fn parent(&self, node: u32) -> Option<u32> {
        some(self.nodes[node as usize].parent)
    }

    pub(crate) fn first_child(&self, node: u32) -> Option<u32> {
        some(self.nodes[node as usize].first_child)
    }

    pub(crate) fn next_sibling(&self, node: u32) -> Option<u32> {
        let node = &self.nodes[node as usize];
        if node.attribute { None } else { some(node.next) }
    }

    pub(crate) fn first_attribute(&self, node: u32) -> Option<u32> {
        some(self.nodes[node as usize].first_attribute)
    }

    pub(crate) fn next_attribute(&self, node: u32) -> Option<u32> {
        let node = &self.nodes[node as usize];
        if node.attribute { some(node.next) } else { None }
    }

    pub(crate) fn is_attribute(&self, node: u32) -> bool {
        self.nodes[node as usize].attribute
    }

    pub(crate) fn text(&self, node: u32) -> Cow<'_, str> {
        let at = &self.nodes[node as usize];
        if at.first_child == NONE {
            return Cow::Borrowed(&self.text[at.text.0 as usize..at.text.1 as usize]);
        }
        let mut text = String::new();
        let mut child = at.first_child;
        while child != NONE {
            text.push_str(&self.text(child));
            child = self.nodes[child as usize].next;
        }
        Cow::Owned(text)
    }

    /// The first child of that name.
    pub(crate) fn child(&self, node: u32, symbol: u32) -> Option<u32> {
        let mut child = self.nodes[node as usize].first_child;
        while child != NONE {
            let at = &self.nodes[child as usize];
            if at.symbol == symbol {
                return Some(child);
            }
            child = at.next;
        }
        None
    }

    /// Hands out the children named `child` of `parent` that have a child `key` with that text. False: too few to be
    /// worth an index.
    pub(crate) fn indexed_children(
        &self,
        parent: u32,
        child: u32,
        key: u32,
        value: &str,
        found: &mut dyn FnMut(u32) -> ControlFlow<()>,
    ) -> bool {
        let Some(index) = self.index(parent, child, key) else { return false };
        for node in index.get(value).map_or(&[][..], Vec::as_slice) {
            if found(*node).is_break() {
                break;
            }
        }
        true
    }

    /// How many children [`Self::indexed_children`] would hand out.
    pub(crate) fn indexed_count(&self, parent: u32, child: u32, key: u32, value: &str) -> Option<usize> {
        Some(self.index(parent, child, key)?.get(value).map_or(0, Vec::len))
    }

    fn index(&self, parent: u32, child: u32, key: u32) -> Option<Index> {
        if let Ok(indexes) = self.indexes.read()
            && let Some(index) = indexes.get(&(parent, child, key))
        {
            return Some(Arc::clone(index));
        }
        let mut index: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut seen = 0;
        let mut at = self.nodes[parent as usize].first_child;
        while at != NONE {
            seen += 1;
            if self.nodes[at as usize].symbol == child {
                let mut below = self.nodes[at as usize].first_child;
                while below != NONE {
                    if self.nodes[below as usize].symbol == key {
                        let nodes = index.entry(self.text(below).into()).or_default();
                        if nodes.last() != Some(&at) {
                            nodes.push(at);
                        }
                    }
                    below = self.nodes[below as usize].next;
                }
            }
            at = self.nodes[at as usize].next;
        }
        if seen < INDEX_FROM {
            return None;
        }
        let index = Arc::new(index);
        if let Ok(mut indexes) = self.indexes.write() {
            indexes.insert((parent, child, key), Arc::clone(&index));
        }
        Some(index)
    }
}

fn some(id: u32) -> Option<u32> {
    if id == NONE { None } else { Some(id) }
}
