//! Actions: values that events set.

use roxmltree::Node;

use super::{Reader, text_of};
use crate::expression::Position;
use crate::form::{Action, ActionValue, DefId, Shape};
use crate::problem::{ProblemKind, Severity};
use crate::view::WishKind;

impl Reader<'_, '_> {
    /// Actions beside the binds.
    pub(super) fn read_model_actions(&mut self, model: Node<'_, '_>) {
        for element in model.children().filter(Node::is_element) {
            self.read_action(element, None);
        }
    }

    /// Actions inside a control or a repeat.
    pub(super) fn read_control_actions(&mut self, control: Node<'_, '_>, def: Option<DefId>) {
        for element in control.children().filter(Node::is_element) {
            self.read_action(element, def);
        }
    }

    fn read_action(&mut self, element: Node<'_, '_>, at: Option<DefId>) {
        let name = element.tag_name().name();
        let quality = || element.attributes().find(|attribute| attribute.name() == "quality");
        let wish = match name {
            "setvalue" => None,
            "setgeopoint" | "setlocation" => Some(WishKind::Place),
            "recordaudio" => {
                let quality = quality().map_or("", |attribute| attribute.value()).trim().to_owned();
                Some(WishKind::Recording { quality })
            }
            _ => return,
        };
        let context = at.unwrap_or(DefId(0));
        let Some(target) = self.target_of(element, context) else { return };
        let place = self.place(element, Some(target), name);
        let mut action = Action {
            first_load: false,
            every_load: false,
            new_repeat: false,
            changed: None,
            repeat: None,
            context,
            target: crate::expression::ExprId(0),
            value: ActionValue::Literal("".into()),
        };
        let events = element
            .attributes()
            .find(|attribute| attribute.name() == "event")
            .map_or("", |attribute| attribute.value());
        for event in events.split_whitespace() {
            match event {
                "odk-instance-first-load" | "xforms-ready" => action.first_load = true,
                "odk-instance-load" => action.every_load = true,
                "odk-new-repeat" => action.new_repeat = true,
                "xforms-value-changed" => action.changed = at,
                found => {
                    let kind = ProblemKind::UnknownWord { what: "event", found: found.to_owned() };
                    self.problem(Severity::Error, kind, place.clone());
                }
            }
        }
        if action.new_repeat {
            action.repeat = at.filter(|at| self.defs[at.0 as usize].shape == Shape::Repeat).or_else(|| {
                let around = at.and_then(|at| self.defs[at.0 as usize].repeat);
                around.or(self.defs[target.0 as usize].repeat)
            });
        }
        let path = match element.attribute("ref").or_else(|| element.attribute("nodeset")) {
            Some(path) => path.to_owned(),
            None => self.full_path(target),
        };
        let Some(reference) = self.expression(&path, Position::At(context), &place) else { return };
        action.target = reference;
        if let Some(wish) = wish {
            action.value = ActionValue::Wish(wish);
            self.actions.push(action);
            return;
        }
        action.value = match element.attribute("value").filter(|value| !value.trim().is_empty()) {
            Some(source) => match self.expression(source, Position::At(target), &place) {
                Some(expr) => ActionValue::Expr(expr),
                None => return,
            },
            None => ActionValue::Literal(text_of(element).trim().into()),
        };
        self.actions.push(action);
    }

    fn full_path(&self, def: DefId) -> String {
        let root = &self.defs[0].name;
        match self.defs[def.0 as usize].path.as_str() {
            "/" => format!("/{root}"),
            path => format!("/{root}{path}"),
        }
    }
}
