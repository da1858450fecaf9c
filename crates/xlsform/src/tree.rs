//! The form as a tree of groups, repeats and questions, before any XML.

use crate::names::is_ncname;
use crate::problem::Place;
use crate::table::{Key, Map, Value};
use std::collections::BTreeMap;

/// Index of a node in the [`Tree`]; 0 is the form itself.
pub(crate) type Id = usize;
pub(crate) const ROOT: Id = 0;

/// Text for people, in no language or in several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Text {
    #[default]
    None,
    Plain(String),
    /// By language, in the order of the columns.
    Translated(Vec<(Key, String)>),
}

impl Text {
    pub fn of(value: Option<&Value>) -> Self {
        match value {
            None => Self::None,
            Some(Value::Cell(cell)) => Self::Plain(cell.text.clone()),
            Some(Value::Map(map)) => Self::Translated(
                map.0
                    .iter()
                    .filter_map(|(language, v)| match v {
                        Value::Cell(cell) => Some((language.clone(), cell.text.clone())),
                        Value::Map(_) => None,
                    })
                    .collect(),
            ),
        }
    }

    /// As [`Text::of`], without a copy.
    pub fn from_value(value: Option<Value>) -> Self {
        match value {
            Some(Value::Cell(cell)) => Self::Plain(cell.text),
            Some(Value::Map(map)) => {
                let pieces = map.0.into_iter().filter_map(|(language, v)| match v {
                    Value::Cell(cell) => Some((language, cell.text)),
                    Value::Map(_) => None,
                });
                Self::Translated(pieces.collect())
            }
            None => Self::None,
        }
    }

    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    pub const fn is_translated(&self) -> bool {
        matches!(self, Self::Translated(_))
    }

    /// Every piece of text with its language (`default` for text in none).
    pub fn pieces<'a>(&'a self, default: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
        let (plain, translated) = match self {
            Self::None => (None, [].as_slice()),
            Self::Plain(text) => (Some((default, text.as_str())), [].as_slice()),
            Self::Translated(pieces) => (None, pieces.as_slice()),
        };
        plain.into_iter().chain(translated.iter().map(|(language, text)| (&**language, text.as_str())))
    }

    /// The text changed piece by piece, each with its language.
    pub fn map(&self, change: impl Fn(Option<&str>, &str) -> String) -> Self {
        match self {
            Self::None => Self::None,
            Self::Plain(text) => Self::Plain(change(None, text)),
            Self::Translated(pieces) => {
                Self::Translated(pieces.iter().map(|(l, t)| (l.clone(), change(Some(l), t))).collect())
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Form,
    Group,
    Repeat,
    Question,
    /// An attached file that is only there to be looked up.
    External,
    /// An attribute of the group it stands in; its name begins with `@`.
    Attribute,
}

/// Something done to a question's value when an event happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    pub name: &'static str,
    pub event: &'static str,
    /// `odk:quality` of a recording.
    pub quality: Option<String>,
}

pub(crate) const FIRST_LOAD: &str = "odk-instance-first-load";
pub(crate) const NEW_REPEAT: &str = "odk-new-repeat";
pub(crate) const VALUE_CHANGED: &str = "xforms-value-changed";

impl Action {
    pub const fn new(name: &'static str, event: &'static str) -> Self {
        Self { name, event, quality: None }
    }
}

/// A group, repeat or question.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub kind: Kind,
    pub name: String,
    /// Canonical type: `text`, `select one`, …
    pub question_type: String,
    pub parent: Option<Id>,
    pub children: Vec<Id>,
    pub place: Place,
    /// The column that holds the calculation.
    pub calculated_in: &'static str,
    /// Column (from 1) of each property, by path: `bind::relevant`.
    pub columns: BTreeMap<String, u32>,
    pub label: Text,
    pub hint: Text,
    pub guidance: Text,
    pub media: Vec<(String, Text)>,
    /// `None`: no bind is written.
    pub bind: Option<Vec<(String, Text)>>,
    pub control: Vec<(String, String)>,
    pub instance: Vec<(String, String)>,
    pub default: Option<String>,
    pub dynamic_default: bool,
    pub choice_filter: Option<String>,
    /// A list name, a file name or a `${reference}`.
    pub itemset: Option<String>,
    pub parameters: Vec<(String, String)>,
    /// The list of an external select.
    pub query: Option<String>,
    pub triggers: Vec<String>,
    pub actions: Vec<Action>,
    /// A group that has no element of its own: `flat`.
    pub flat: bool,
    /// In the instance, not in the body.
    pub bodyless: bool,
    /// Choices written into the body, for `search()`.
    pub inline_choices: Option<String>,
    /// Children of an osm question: tag name and label.
    pub tags: Vec<(String, Text)>,
}

impl Node {
    pub fn new(kind: Kind, name: &str, question_type: &str, place: Place) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            question_type: question_type.to_owned(),
            parent: None,
            children: Vec::new(),
            place,
            calculated_in: "calculation",
            columns: BTreeMap::new(),
            label: Text::None,
            hint: Text::None,
            guidance: Text::None,
            media: Vec::new(),
            bind: None,
            control: Vec::new(),
            instance: Vec::new(),
            default: None,
            dynamic_default: false,
            choice_filter: None,
            itemset: None,
            parameters: Vec::new(),
            query: None,
            triggers: Vec::new(),
            actions: Vec::new(),
            flat: false,
            bodyless: false,
            inline_choices: None,
            tags: Vec::new(),
        }
    }

    /// A node with everything its row says.
    pub fn of_row(kind: Kind, name: &str, question_type: &str, place: &Place, row: &Map) -> Self {
        let mut node = Self::new(kind, name, question_type, place.clone());
        collect_columns("", row, &mut node.columns);
        node.label = Text::of(row.get("label"));
        node.hint = Text::of(row.get("hint"));
        node.guidance = Text::of(row.get("guidance_hint"));
        node.media = texts(row.map("media"));
        node.bind = row.map("bind").map(|m| texts(Some(m)));
        for (name, value) in texts(row.map("tianye")) {
            if is_ncname(&name) {
                node.bind.get_or_insert_default().push((format!("tianye:{name}"), value));
            }
        }
        node.control = strings(row.map("control"));
        node.instance = strings(row.map("instance"));
        node.default = row.text("default").map(str::to_owned);
        node.choice_filter = row.text("choice_filter").map(str::to_owned);
        node
    }

    /// The place of a property given as its path, `bind::relevant`.
    pub fn place_of(&self, path: &str) -> Place {
        let below = || self.columns.iter().find(|(k, _)| k.strip_prefix(path).is_some_and(|r| r.starts_with("::")));
        self.place.cell(self.columns.get(path).copied().or_else(|| below().map(|(_, c)| *c)))
    }

    pub fn bind_text(&self, name: &str) -> Option<&str> {
        self.bind.iter().flatten().find(|(n, _)| n == name).and_then(|(_, t)| match t {
            Text::Plain(text) => Some(text.as_str()),
            _ => None,
        })
    }

    pub fn set_bind(&mut self, name: &str, value: impl Into<String>) {
        let value = Text::Plain(value.into());
        let bind = self.bind.get_or_insert_default();
        match bind.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = value,
            None => bind.push((name.to_owned(), value)),
        }
    }

    /// Whether anything of the node is in Tianye's own namespace.
    pub fn has_own_attributes(&self) -> bool {
        let names = self.bind.iter().flatten().map(|(name, _)| name);
        let names = names.chain(self.control.iter().chain(&self.instance).map(|(name, _)| name));
        names.into_iter().any(|name| name.starts_with("tianye:"))
    }

    pub fn unset_bind(&mut self, name: &str) {
        self.bind.iter_mut().for_each(|bind| bind.retain(|(known, _)| known != name));
    }

    pub fn control_text(&self, name: &str) -> Option<&str> {
        self.control.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn set_control(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.control.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = value,
            None => self.control.push((name.to_owned(), value)),
        }
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Labels in several languages or with media live in the itext block.
    pub fn label_needs_itext(&self) -> bool {
        self.label.is_translated() || !self.media.is_empty()
    }
}

fn collect_columns(prefix: &str, map: &Map, out: &mut BTreeMap<String, u32>) {
    for (key, value) in &map.0 {
        let path = if prefix.is_empty() { key.to_string() } else { format!("{prefix}::{key}") };
        match value {
            Value::Cell(cell) => {
                out.insert(path, cell.column);
            }
            Value::Map(inner) => collect_columns(&path, inner, out),
        }
    }
}

pub(crate) fn texts(map: Option<&Map>) -> Vec<(String, Text)> {
    map.map(|m| m.0.iter().map(|(k, v)| (k.to_string(), Text::of(Some(v)))).collect()).unwrap_or_default()
}

fn strings(map: Option<&Map>) -> Vec<(String, String)> {
    let cells = |(key, value): &(Key, Value)| match value {
        Value::Cell(cell) => Some((key.to_string(), cell.text.clone())),
        Value::Map(_) => None,
    };
    map.map(|m| m.0.iter().filter_map(cells).collect()).unwrap_or_default()
}

/// All nodes; parents come before their children.
#[derive(Debug)]
pub(crate) struct Tree {
    pub nodes: Vec<Node>,
}

impl Tree {
    pub fn new(root_name: &str) -> Self {
        Self { nodes: vec![Node::new(Kind::Form, root_name, "survey", Place::default())] }
    }

    /// What the settings say of the form's own element and its bind.
    pub fn with_settings(mut self, settings: &Map) -> Self {
        self.nodes[ROOT].instance = strings(settings.map("instance"));
        self.nodes[ROOT].bind = settings.map("bind").map(|m| texts(Some(m)));
        self
    }

    pub fn add(&mut self, parent: Id, mut node: Node) -> Id {
        let id = self.nodes.len();
        node.parent = Some(parent);
        self.nodes.push(node);
        self.nodes[parent].children.push(id);
        id
    }

    /// Ancestors from the parent up to the form.
    pub fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(self.nodes[id].parent, |&id| self.nodes[id].parent)
    }

    /// The node and all below it, in the order of the form.
    pub fn descendants(&self, id: Id) -> Vec<Id> {
        let mut out = Vec::new();
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            out.push(id);
            stack.extend(self.nodes[id].children.iter().rev());
        }
        out
    }

    /// Where the answer stands in the form's instance: `/data/group/q`.
    pub fn path(&self, id: Id) -> String {
        self.path_below(id, None)
    }

    /// The path from below an ancestor, or from the root element on: `/group/q`.
    pub fn path_below(&self, id: Id, ancestor: Option<Id>) -> String {
        self.joined(id, |tree, a| !tree.nodes[a].flat, ancestor)
    }

    /// The names of all groups above a node and its own, whether they have an element or not.
    pub fn full_name(&self, id: Id) -> String {
        self.joined(id, |_, _| true, None)
    }

    fn joined(&self, id: Id, counts: impl Fn(&Self, Id) -> bool, ancestor: Option<Id>) -> String {
        let above = self.ancestors(id).take_while(|a| Some(*a) != ancestor);
        let steps: Vec<Id> = std::iter::once(id).chain(above).filter(|step| counts(self, *step)).collect();
        steps.iter().rev().fold(String::new(), |path, step| path + "/" + &self.nodes[*step].name)
    }

    /// The nearest common ancestor of the wanted kinds and the steps up to it from `from`.
    pub fn common_ancestor(&self, from: Id, other: Id, kinds: &[Kind]) -> Option<(usize, Id)> {
        let others: Vec<Id> = self.ancestors(other).collect();
        self.ancestors(from)
            .enumerate()
            .find(|(_, id)| kinds.contains(&self.nodes[*id].kind) && others.contains(id))
            .map(|(index, id)| (index + 1, id))
    }

    pub fn nearest_repeat(&self, id: Id) -> Option<Id> {
        self.ancestors(id).find(|a| self.nodes[*a].kind == Kind::Repeat)
    }
}
