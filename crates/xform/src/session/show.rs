//! Nodes as a person sees them.

use super::Session;
use crate::evaluate::{Scene, primary};
use crate::form::{ControlDef, Shape};
use crate::instance::{Found, NodeId, ROOT};
use crate::secondary::NONE;
use crate::view::{Doubt, Fault, Invalid, NodeView, OptionView, ValueKind};
use crate::{Control, FieldPath, label, options};

impl Session {
    /// A node as it is now, in the active language. None if there is no such node, or its row is gone.
    #[must_use]
    pub fn view(&self, path: &FieldPath) -> Option<NodeView> {
        match self.instance.find(&self.form, path)? {
            Found::Node(node) => Some(self.node_view(node, path)),
            Found::Repeat(parent, repeat) => {
                let def = self.form.def(repeat);
                let control = self.form.label_control(repeat);
                let mut view = self.frame(path, &def.name, control, parent);
                view.control = Control::Repeat;
                view.relevant = self.instance.node(parent).relevant;
                Some(view)
            }
        }
    }

    /// The value that counts at a node, empty if there is none.
    #[must_use]
    pub fn value(&self, path: &FieldPath) -> Option<&str> {
        match self.instance.find(&self.form, path)? {
            Found::Node(node) => Some(self.instance.counting(node)),
            Found::Repeat(..) => None,
        }
    }

    /// The label of a node in any of the form's languages, for a peek. Empty if it has none.
    #[must_use]
    pub fn label_in(&self, path: &FieldPath, language: &str) -> String {
        let Some(found) = self.instance.find(&self.form, path) else { return String::new() };
        let (node, def) = match found {
            Found::Node(node) => (node, self.instance.node(node).def),
            Found::Repeat(parent, repeat) => (parent, repeat),
        };
        let control = self.form.question_control(def).or_else(|| self.form.label_control(def));
        let scene = self.scene_in(language);
        label::render(&scene, control.and_then(|control| control.label), primary(node)).plain
    }

    /// The options of a question in any of the form's languages.
    #[must_use]
    pub fn options_in(&self, path: &FieldPath, language: &str) -> Vec<OptionView> {
        match self.instance.find(&self.form, path) {
            Some(Found::Node(node)) => options::views(&self.scene_in(language), node),
            _ => Vec::new(),
        }
    }

    /// All that is wrong now, in form order: required questions without an answer, answers that break a constraint.
    #[must_use]
    pub fn validate(&self) -> Vec<Invalid> {
        let mut nodes = Vec::new();
        self.instance.subtree(ROOT, &mut nodes);
        nodes.into_iter().filter_map(|node| self.invalid(node)).collect()
    }

    /// The answers that soft checks ask to look at again, in form order.
    #[must_use]
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut nodes = Vec::new();
        self.instance.subtree(ROOT, &mut nodes);
        nodes.into_iter().filter_map(|node| self.doubt(node)).collect()
    }

    /// The answers that carry risk, as the form says it, in form order. They block nothing.
    #[must_use]
    pub fn risks(&self) -> Vec<FieldPath> {
        if self.form.defs.iter().all(|def| def.bind.beyond.risk.is_none()) {
            return Vec::new();
        }
        let mut nodes = Vec::new();
        self.instance.subtree(ROOT, &mut nodes);
        let risky = nodes.into_iter().filter(|node| self.carries_risk(*node));
        risky.map(|node| self.instance.path(&self.form, node)).collect()
    }

    /// Nothing that nobody answered carries risk; where it cannot be computed, an answer does not.
    fn carries_risk(&self, node: NodeId) -> bool {
        let risk = self.form.def(self.instance.node(node).def).bind.beyond.risk;
        risk.filter(|_| !self.instance.counting(node).is_empty())
            .is_some_and(|risk| self.scene().boolean(risk, primary(node)).unwrap_or(false))
    }

    /// The choice that a row of a repeat over choices stands for: its value and its label in the active language.
    #[must_use]
    pub fn choice_of_row(&self, row: &FieldPath) -> Option<(String, String)> {
        let Some(Found::Node(node)) = self.instance.find(&self.form, row) else { return None };
        self.choice_of(node)
    }

    pub(super) fn choice_of(&self, row: NodeId) -> Option<(String, String)> {
        let at = self.instance.node(row);
        let over = self.form.def(at.def).bind.beyond.over?;
        let value = at.row.as_ref()?.choice()?;
        let scene = self.scene();
        let asked = scene.nodes(over, primary(at.parent)).unwrap_or_default();
        let asked = asked.into_iter().find(|found| found.document == 0 && found.node != NONE);
        let options = asked.map(|asked| options::views(&scene, asked.node)).unwrap_or_default();
        let label = options.into_iter().find(|option| option.value == value).map(|option| option.label);
        Some((value.clone(), label.unwrap_or(value)))
    }

    pub(super) fn doubt(&self, node: NodeId) -> Option<Doubt> {
        if !self.instance.doubtful(node) {
            return None;
        }
        let def = self.instance.node(node).def;
        let scene = self.scene();
        let message = label::render(&scene, self.form.def(def).bind.beyond.soft_message, primary(node)).plain;
        let control = self.form.question_control(def);
        let label = label::render(&scene, control.and_then(|control| control.label), primary(node)).plain;
        let path = self.instance.path(&self.form, node);
        Some(Doubt { path, message: (!message.is_empty()).then_some(message), label })
    }

    fn scene_in(&self, language: &str) -> Scene<'_> {
        let index = self.form.languages.iter().position(|known| known == language).unwrap_or(self.language);
        Scene { language: index, ..self.scene() }
    }

    pub(super) fn invalid(&self, node: NodeId) -> Option<Invalid> {
        let at = self.instance.node(node);
        let def = self.form.def(at.def);
        if def.shape != Shape::Leaf {
            return None;
        }
        let fault = self.instance.fault(&self.form, node)?;
        // What no one can answer is not asked for.
        let control = self.form.question_control(at.def);
        if fault == Fault::Missing && (control.is_none() || at.readonly) {
            return None;
        }
        let text = match fault {
            Fault::Missing => def.bind.required_message,
            Fault::Constraint => def.bind.constraint_message,
            // The screen knows better what is wrong than the form's general words.
            Fault::Check(_) => None,
        };
        let scene = self.scene();
        let message = label::render(&scene, text, primary(node)).plain;
        let label = label::render(&scene, control.and_then(|control| control.label), primary(node)).plain;
        let path = self.instance.path(&self.form, node);
        Some(Invalid { path, fault, message: (!message.is_empty()).then_some(message), label })
    }

    fn frame(&self, path: &FieldPath, name: &str, control: Option<&ControlDef>, node: NodeId) -> NodeView {
        let scene = self.scene();
        let label = label::render(&scene, control.and_then(|control| control.label), primary(node));
        let hint = label::render(&scene, control.and_then(|control| control.hint), primary(node));
        NodeView {
            path: path.clone(),
            name: name.to_owned(),
            control: control.map_or(Control::None, |control| control.control.clone()),
            kind: ValueKind::Text,
            label: label.plain,
            short: label.short,
            guidance: if hint.guidance.is_empty() { label.guidance } else { hint.guidance },
            hint: hint.plain,
            media: label.media,
            appearance: control.map_or_else(Vec::new, |control| control.appearance.clone()),
            attributes: control.map_or_else(Vec::new, |control| control.attributes.clone()),
            relevant: true,
            required: false,
            readonly: false,
            value: String::new(),
            display: String::new(),
            options: Vec::new(),
            problem: None,
            doubt: None,
            risk: false,
            non_answer: None,
            non_answers: Vec::new(),
            min_seconds: None,
        }
    }

    fn node_view(&self, node: NodeId, path: &FieldPath) -> NodeView {
        let at = self.instance.node(node);
        let def = self.form.def(at.def);
        let control = match def.shape {
            Shape::Leaf => self.form.question_control(at.def),
            Shape::Group | Shape::Repeat => self.form.label_control(at.def),
        };
        let mut view = self.frame(path, &def.name, control, node);
        if def.shape == Shape::Repeat {
            view.control = Control::Row;
        } else if def.shape == Shape::Group {
            view.control = Control::Group;
        }
        view.kind = def.kind;
        view.attributes.extend(def.bind.other.iter().cloned());
        view.relevant = at.relevant;
        view.required = at.required;
        view.readonly = at.readonly || def.bind.calculate.is_some();
        if def.shape == Shape::Leaf {
            self.instance.counting(node).clone_into(&mut view.value);
            view.options = options::views(&self.scene(), node);
            view.display = display(&view.value, def.kind, &view.options);
            view.problem = self.invalid(node);
            view.doubt = self.doubt(node);
            view.risk = self.carries_risk(node);
            view.non_answer = self.instance.non_answer(node);
            view.non_answers.clone_from(&def.bind.beyond.non_answers);
            view.min_seconds = def.bind.beyond.min_seconds;
        }
        view
    }
}

/// A value for reading: the labels of what was chosen, else the value.
fn display(value: &str, kind: ValueKind, options: &[OptionView]) -> String {
    let label = |value: &str| {
        options.iter().find(|option| option.value == value).map_or(value, |option| &option.label).to_owned()
    };
    match kind {
        ValueKind::SelectOne => label(value),
        ValueKind::SelectMultiple | ValueKind::Rank if !value.is_empty() => {
            value.split(' ').map(label).collect::<Vec<_>>().join("、")
        }
        _ => value.to_owned(),
    }
}
