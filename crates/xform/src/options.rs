//! Options: what is offered at a question now.

use std::cell::Cell;

use tianye_xpath::Tree;

use crate::dictionary::{Choice, Labels};
use crate::evaluate::{Scene, TreeNode, primary};
use crate::form::{ControlDef, FixedOption, Form, Itemset, OptionsDef};
use crate::instance::{Found, NodeId, ROOT};
use crate::itext::RawPart;
use crate::label;
use crate::view::OptionView;

/// The column of a choice list that says what a code was in earlier versions.
const RENAMED_FROM: &str = "renamed_from";

/// The control that offers options at a node, if any.
fn control<'a>(scene: &Scene<'a>, node: NodeId) -> Option<&'a ControlDef> {
    let form: &'a Form = scene.form;
    form.question_control(scene.instance.node(node).def)
}

/// The values offered now, in order.
pub(crate) fn values(scene: &Scene<'_>, node: NodeId) -> Vec<String> {
    match control(scene, node).map(|control| &control.options) {
        Some(OptionsDef::Fixed(options)) => options.iter().map(|option| option.value.to_string()).collect(),
        Some(OptionsDef::Itemset(itemset)) => {
            let before = itemset.before.iter().map(|option| option.value.to_string());
            before.chain(items(scene, itemset, node).into_iter().map(|item| value(scene, itemset, item))).collect()
        }
        Some(OptionsDef::None) | None => Vec::new(),
    }
}

/// The options offered now, in order, in the scene's language.
pub(crate) fn views(scene: &Scene<'_>, node: NodeId) -> Vec<OptionView> {
    match control(scene, node).map(|control| &control.options) {
        Some(OptionsDef::Fixed(options)) => options.iter().map(|option| fixed_view(scene, node, option)).collect(),
        Some(OptionsDef::Itemset(itemset)) => {
            let before = itemset.before.iter().map(|option| fixed_view(scene, node, option));
            let items = items(scene, itemset, node).into_iter().map(|item| {
                let value = value(scene, itemset, item);
                let (label, media) = item_label(scene, itemset, item);
                OptionView { label: or_value(label, &value), value, media }
            });
            before.chain(items).collect()
        }
        Some(OptionsDef::None) | None => Vec::new(),
    }
}

/// The label of one value, offered now or not.
pub(crate) fn label_of(scene: &Scene<'_>, node: NodeId, wanted: &str) -> Option<String> {
    match &control(scene, node)?.options {
        OptionsDef::Fixed(options) => {
            let option = options.iter().find(|option| &*option.value == wanted)?;
            Some(fixed_view(scene, node, option).label)
        }
        OptionsDef::Itemset(itemset) => {
            if let Some(option) = itemset.before.iter().find(|option| &*option.value == wanted) {
                return Some(fixed_view(scene, node, option).label);
            }
            let item = items(scene, itemset, node).into_iter().find(|item| value(scene, itemset, *item) == wanted)?;
            Some(or_value(item_label(scene, itemset, item).0, wanted))
        }
        OptionsDef::None => None,
    }
}

fn fixed_view(scene: &Scene<'_>, node: NodeId, option: &FixedOption) -> OptionView {
    let text = label::render(scene, option.label, primary(node));
    OptionView { value: option.value.to_string(), label: or_value(text.plain, &option.value), media: text.media }
}

fn or_value(label: String, value: &str) -> String {
    if label.is_empty() { value.to_owned() } else { label }
}

fn items(scene: &Scene<'_>, itemset: &Itemset, node: NodeId) -> Vec<TreeNode> {
    let seed = if itemset.randomized { stable_seed(scene, node) } else { 0 };
    let scene = Scene { fixed_chance: Some(Cell::new(seed)), worked: Cell::new(0), ..*scene };
    scene.nodes(itemset.nodes, primary(node)).unwrap_or_default()
}

fn value(scene: &Scene<'_>, itemset: &Itemset, item: TreeNode) -> String {
    if item.document != 0
        && let Some(symbol) = itemset.value_child
    {
        let list = scene.secondary(item);
        return list.child(item.node, symbol).map_or_else(String::new, |child| list.text(child).into_owned());
    }
    scene.string(itemset.value, item).unwrap_or_default()
}

fn item_label(scene: &Scene<'_>, itemset: &Itemset, item: TreeNode) -> (String, Vec<crate::MediaRef>) {
    let Some(label) = itemset.label else { return (String::new(), Vec::new()) };
    if let Some(label) = column_label(scene, itemset, item) {
        return (label, Vec::new());
    }
    let text = scene.string(label, item).unwrap_or_default();
    if itemset.label_is_itext {
        (label::itext(scene, &text).unwrap_or_default(), label::itext_media(scene, &text))
    } else {
        (text, Vec::new())
    }
}

/// The label in the scene's language, where the list has a column for it.
fn column_label(scene: &Scene<'_>, itemset: &Itemset, item: TreeNode) -> Option<String> {
    let column = *itemset.label_columns.get(scene.language).filter(|_| item.document != 0)?;
    let list = scene.secondary(item);
    let label = list.text(list.child(item.node, column)?).into_owned();
    Some(label).filter(|label| !label.is_empty())
}

/// From the instance id and the question: the same shuffle each time this interview is opened.
fn stable_seed(scene: &Scene<'_>, node: NodeId) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |text: &str| {
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    let meta = scene.form.defs.iter().find(|def| def.is_meta() && def.name.ends_with("instanceID"));
    let path = meta.and_then(|def| crate::FieldPath::parse(&def.path).ok());
    if let Some(Found::Node(id)) = path.and_then(|path| scene.instance.find(scene.form, &path)) {
        add(&scene.instance.node(id).stored);
    }
    add(scene.instance.path(scene.form, node).as_str());
    hash
}

/// The question that a path given as text means, from the context of the expression.
pub(crate) fn question_at(scene: &Scene<'_>, context: TreeNode, path: &str) -> Option<NodeId> {
    let path = path.trim();
    let form = scene.form;
    let from = if context.document == 0 && context.node != crate::secondary::NONE { context.node } else { ROOT };
    let mut at = from;
    let mut steps = path.split('/').map(str::trim).peekable();
    if path.starts_with('/') {
        steps.next();
        if steps.next()? != form.def(crate::form::DefId(0)).name {
            return None;
        }
        at = ROOT;
    }
    for step in steps {
        match step {
            "." | "current()" => {}
            ".." => at = scene.parent(primary(at)).filter(|parent| parent.node != crate::secondary::NONE)?.node,
            name => {
                let def = scene.instance.child_def(form, at, name)?;
                let mut below = Vec::new();
                scene.instance.instances_below(form, at, def, &mut below);
                // The row that the asking node stands in, else the first one.
                at = scene.instance.ancestor(from, def).filter(|own| below.contains(own)).or(below.first().copied())?;
            }
        }
    }
    Some(at)
}

impl Form {
    /// The choices of a list that does not depend on answers: all items, filters aside.
    pub(crate) fn itemset_choices(&self, itemset: &Itemset) -> Vec<Choice> {
        let source = &self.exprs[itemset.nodes.0 as usize].source;
        let Some(list) = self.instances.iter().find(|list| {
            source.contains(&format!("instance('{}')", list.id))
                || source.contains(&format!("instance(\"{}\")", list.id))
        }) else {
            return Vec::new();
        };
        let Some(symbol) = itemset.value_child else { return Vec::new() };
        let label_source = itemset.label.map(|label| self.exprs[label.0 as usize].source.trim());
        let label_symbol = label_source.and_then(|name| self.names.find(name));
        let renamed = self.names.find(RENAMED_FROM);
        let mut choices = Vec::new();
        let mut at = list.first_child(0).and_then(|root| list.first_child(root));
        while let Some(item) = at {
            if let Some(value) = list.child(item, symbol) {
                let value = list.text(value).into_owned();
                let text = label_symbol.and_then(|symbol| list.child(item, symbol)).map(|label| list.text(label));
                let labels: Labels = match text {
                    Some(id) if itemset.label_is_itext => self.itext_labels(&id),
                    Some(label) => {
                        let columns = self.languages.iter().zip(&itemset.label_columns);
                        let in_column = |column: &u32| Some(list.text(list.child(item, *column)?).into_owned());
                        let own: Labels = columns
                            .filter_map(|(language, column)| Some((language.clone(), in_column(column)?)))
                            .filter(|(_, label)| !label.is_empty())
                            .collect();
                        if own.is_empty() {
                            vec![(self.default_language().to_owned(), label.into_owned())]
                        } else {
                            own
                        }
                    }
                    None => Vec::new(),
                };
                let old = renamed.and_then(|symbol| list.child(item, symbol)).map(|old| list.text(old));
                let renamed_from = old.iter().flat_map(|old| old.split_whitespace()).map(str::to_owned).collect();
                choices.push(Choice { value, labels, renamed_from });
            }
            at = list.next_sibling(item);
        }
        choices
    }

    fn itext_labels(&self, id: &str) -> Labels {
        let plain = |at: usize| {
            let values = self.itext.get(at, id)?;
            let value = values.iter().find(|value| value.form.is_empty()).or(values.first())?;
            Some(value.parts().fold(String::new(), |text, part| match part {
                RawPart::Literal(literal) => text + &literal,
                RawPart::Output(source) => format!("{text}{{{}}}", source.trim()),
            }))
        };
        let languages = self.languages.iter().enumerate();
        languages.filter_map(|(at, language)| Some((language.clone(), plain(at)?))).collect()
    }
}
