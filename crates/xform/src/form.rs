//! The immutable form: definitions of nodes, controls, texts and actions.

use std::collections::HashMap;
use std::sync::Arc;

use crate::Control;
use crate::aggregate::Aggregates;
use crate::beyond::Beyond;
use crate::expression::{Compiled, ExprId};
use crate::graph::Graph;
use crate::itext::Itext;
use crate::names::Names;
use crate::secondary::Secondary;
use crate::settings::{About, Audit, EntityDef, Submission};
use crate::view::{MediaRef, ValueKind, WishKind};

/// Index of a node definition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct DefId(pub u32);

/// Index of a control.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct ControlId(pub u32);

/// Index of a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct TextId(pub u32);

/// A form: read once, never changed, shared between sessions and threads.
///
/// ```
/// use tianye_xform::{Form, Media};
/// let xml = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
///   <h:head><h:title>小满</h:title><model><instance><data id="pupil" version="1"><age/></data></instance>
///   <bind nodeset="/data/age" type="int"/></model></h:head>
///   <h:body><input ref="/data/age"><label>几岁？</label></input></h:body></h:html>"#;
/// let (form, problems) = Form::parse(xml, &Media::none());
/// assert!(problems.is_empty());
/// assert_eq!(form.unwrap().questions()[0].labels, [(String::new(), "几岁？".to_owned())]);
/// ```
#[derive(Clone)]
pub struct Form {
    pub(crate) title: String,
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) style: String,
    pub(crate) languages: Vec<String>,
    pub(crate) default_language: usize,
    pub(crate) namespaces: Vec<(String, String)>,
    pub(crate) names: Names,
    pub(crate) defs: Vec<Def>,
    pub(crate) seed: Seed,
    pub(crate) controls: Vec<ControlDef>,
    pub(crate) body: Vec<ControlId>,
    pub(crate) texts: Vec<TextDef>,
    pub(crate) itext: Itext,
    pub(crate) exprs: Vec<Compiled>,
    pub(crate) instances: Vec<Arc<Secondary>>,
    pub(crate) instance_ids: HashMap<String, usize>,
    pub(crate) actions: Vec<Action>,
    pub(crate) graph: Graph,
    pub(crate) aggregates: Aggregates,
    /// Children by name, of nodes with many.
    pub(crate) wide: HashMap<(DefId, u32), DefId>,
    /// Outputs in texts whose id is computed.
    pub(crate) itext_outputs: HashMap<Box<str>, ExprId>,
    /// Tables beside the form, by their file's name without its ending: what entities are added to.
    pub(crate) tables: Vec<(String, usize)>,
    /// The instance that stands for the last saved submission.
    pub(crate) last_saved: Option<u32>,
    pub(crate) submission: Option<Submission>,
    pub(crate) purposes: Vec<String>,
    pub(crate) about: About,
    pub(crate) minutes: Option<u32>,
    pub(crate) audit: Option<Audit>,
    pub(crate) entities: Vec<EntityDef>,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form")
            .field("id", &self.id)
            .field("version", &self.version)
            .field("nodes", &self.defs.len())
            .field("controls", &self.controls.len())
            .finish_non_exhaustive()
    }
}

/// The shape of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    Leaf,
    Group,
    Repeat,
}

/// The definition of a node of the primary instance.
#[derive(Debug, Clone)]
pub(crate) struct Def {
    /// Name with prefix, as written.
    pub name: String,
    pub symbol: u32,
    pub namespace: String,
    pub parent: Option<DefId>,
    pub children: Vec<DefId>,
    /// Place among the parent's children; attributes stand behind them.
    pub slot: u32,
    pub shape: Shape,
    /// Address below the root.
    pub path: String,
    /// Attributes of the element, in order. They are nodes too, named `@name`.
    pub attributes: Vec<DefId>,
    /// This is an attribute of its parent.
    pub attribute: bool,
    /// The engine added it; it does not show while it is empty.
    pub quiet: bool,
    pub default: Box<str>,
    /// A repeat in another one: how many rows a new row of that one has from its template.
    pub first_rows: u32,
    pub kind: ValueKind,
    pub bind: Bind,
    /// Controls at this node, in document order.
    pub controls: Vec<ControlId>,
    /// Depth below the root, which is 0.
    pub depth: u32,
    /// Children and attributes by name, where they are many: looking through 1,000 groups for each of 10,000 paths would
    /// take longer than all the rest of reading a form.
    pub by_name: HashMap<Box<str>, DefId>,
    /// The innermost repeat that this node is or stands in.
    pub repeat: Option<DefId>,
}

/// What a bind says.
#[derive(Debug, Default, Clone)]
pub(crate) struct Bind {
    pub calculate: Option<ExprId>,
    pub relevant: Option<ExprId>,
    pub required: Option<ExprId>,
    pub readonly: Option<ExprId>,
    pub constraint: Option<ExprId>,
    pub constraint_message: Option<TextId>,
    pub required_message: Option<TextId>,
    pub preload: Option<(String, String)>,
    /// All other attributes, with prefix as written.
    pub other: Vec<(String, String)>,
    pub readonly_always: bool,
    /// What the form language does not have.
    pub beyond: Beyond,
}

/// Values that the form's own instance brings.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    pub def: DefId,
    pub value: Box<str>,
    pub children: Vec<Self>,
}

/// A control of the body.
#[derive(Debug, Clone)]
pub(crate) struct ControlDef {
    pub control: Control,
    pub def: Option<DefId>,
    pub children: Vec<ControlId>,
    pub label: Option<TextId>,
    pub hint: Option<TextId>,
    pub appearance: Vec<String>,
    pub attributes: Vec<(String, String)>,
    pub options: OptionsDef,
    pub count: Option<ExprId>,
    pub no_add_remove: Option<ExprId>,
}

/// Where the options of a control come from.
#[derive(Debug, Clone)]
pub(crate) enum OptionsDef {
    None,
    Fixed(Vec<FixedOption>),
    Itemset(Itemset),
}

#[derive(Debug, Clone)]
pub(crate) struct FixedOption {
    pub value: Box<str>,
    pub label: Option<TextId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Itemset {
    /// Options that stand before the items.
    pub before: Vec<FixedOption>,
    pub nodes: ExprId,
    pub value: ExprId,
    pub label: Option<ExprId>,
    /// The label is `jr:itext(…)`: what stands in the parentheses gives the text's id.
    pub label_is_itext: bool,
    /// For each language the column that holds its labels, where the table has one: `label::English (en)`. Empty for lists
    /// that have no such columns.
    pub label_columns: Vec<u32>,
    /// The value ref is a plain child name: its symbol, for speed.
    pub value_child: Option<u32>,
    pub randomized: bool,
}

/// A piece of a text.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Literal(Box<str>),
    Output(ExprId),
}

/// A text, compiled for the place where it is used.
#[derive(Debug, Clone)]
pub(crate) enum TextDef {
    /// One entry per language; a form without languages has one entry.
    Fixed(Vec<Option<LanguageText>>),
    /// The text's id is computed.
    ItextOf(ExprId),
    /// The text is computed.
    ValueOf(ExprId),
}

/// A text in one language.
#[derive(Debug, Default, Clone)]
pub(crate) struct LanguageText {
    pub plain: Vec<Part>,
    /// The short form, where the text has one beside the plain one.
    pub short: Vec<Part>,
    pub guidance: Vec<Part>,
    pub media: Vec<MediaRef>,
}

/// What an event sets.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub first_load: bool,
    pub every_load: bool,
    pub new_repeat: bool,
    /// The node whose change sets it off.
    pub changed: Option<DefId>,
    /// The repeat whose new row sets it off.
    pub repeat: Option<DefId>,
    /// The node the action stands at; the target is looked for from here.
    pub context: DefId,
    pub target: ExprId,
    pub value: ActionValue,
}

#[derive(Debug, Clone)]
pub(crate) enum ActionValue {
    Literal(Box<str>),
    Expr(ExprId),
    /// Not for the engine to give.
    Wish(WishKind),
}

impl Def {
    /// The name without the `@` of an attribute.
    pub(crate) fn bare_name(&self) -> &str {
        self.name.strip_prefix('@').unwrap_or(&self.name)
    }

    /// The name without prefix.
    pub(crate) fn local_name(&self) -> &str {
        let name = self.bare_name();
        name.split_once(':').map_or(name, |(_, local)| local)
    }

    /// Children, then attributes: the order of slots.
    pub(crate) fn below(&self) -> impl Iterator<Item = DefId> + '_ {
        self.children.iter().chain(&self.attributes).copied()
    }

    /// The child or attribute of that name.
    pub(crate) fn find(&self, defs: &[Self], name: &str) -> Option<DefId> {
        if self.by_name.is_empty() {
            self.below().find(|child| defs[child.0 as usize].name == name)
        } else {
            self.by_name.get(name).copied()
        }
    }
}

impl Form {
    pub(crate) fn def(&self, id: DefId) -> &Def {
        &self.defs[id.0 as usize]
    }

    pub(crate) fn control(&self, id: ControlId) -> &ControlDef {
        &self.controls[id.0 as usize]
    }

    /// A node of the meta block, by its local name.
    pub(crate) fn meta_def(&self, local: &str) -> Option<DefId> {
        let at = self.defs.iter().position(|def| def.is_meta() && def.local_name() == local);
        at.map(|index| DefId(index as u32))
    }

    /// The definition at a template path.
    pub(crate) fn find_def(&self, template: &str) -> Option<DefId> {
        let mut at = DefId(0);
        for name in template.split('/').filter(|name| !name.is_empty()) {
            at = self.def(at).find(&self.defs, name)?;
        }
        Some(at)
    }

    /// The control that asks the question at this node: the first one that is neither group nor repeat.
    pub(crate) fn question_control(&self, def: DefId) -> Option<&ControlDef> {
        self.def(def)
            .controls
            .iter()
            .map(|id| self.control(*id))
            .find(|control| !matches!(control.control, Control::Group | Control::Repeat))
    }

    /// The control that carries the label of a group or repeat.
    pub(crate) fn label_control(&self, def: DefId) -> Option<&ControlDef> {
        let controls = &self.def(def).controls;
        controls
            .iter()
            .map(|id| self.control(*id))
            .find(|control| control.label.is_some())
            .or_else(|| controls.first().map(|id| self.control(*id)))
    }

    /// The control of a repeat.
    pub(crate) fn repeat_control(&self, def: DefId) -> Option<&ControlDef> {
        self.def(def).controls.iter().map(|id| self.control(*id)).find(|control| control.control == Control::Repeat)
    }

    /// True if the node counts as a question of the interview: something a person answers.
    pub(crate) fn is_asked(&self, def: DefId) -> bool {
        let node = self.def(def);
        node.shape == Shape::Leaf
            && node.bind.calculate.is_none()
            && self.question_control(def).is_some_and(|control| control.control != Control::Note)
    }
}
