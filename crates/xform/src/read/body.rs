//! The body: groups, repeats and controls.

use std::collections::HashSet;

use roxmltree::Node;

use super::text::itext_argument;
use super::{JAVAROSA, Reader, child, children, qualified_attribute, text_of};
use crate::Control;
use crate::expression::Position;
use crate::form::{ControlDef, ControlId, DefId, FixedOption, Itemset, OptionsDef};
use crate::problem::{ProblemKind, Severity};

/// Elements inside a control that are not controls themselves.
const PARTS: &[&str] = &[
    "label",
    "hint",
    "item",
    "itemset",
    "setvalue",
    "setgeopoint",
    "setlocation",
    "recordaudio",
    "help",
    "alert",
    "extension",
];
/// Attributes of a control that are read by name.
const KNOWN: &[&str] = &["ref", "nodeset", "bind", "appearance", "class", "query"];

impl Reader<'_, '_> {
    pub(super) fn read_body(&mut self, body: Node<'_, '_>) {
        self.style = body.attribute("class").unwrap_or_default().to_owned();
        self.body = self.read_controls(body, DefId(0));
    }

    fn read_controls(&mut self, parent: Node<'_, '_>, context: DefId) -> Vec<ControlId> {
        let mut controls = Vec::new();
        for element in parent.children().filter(Node::is_element) {
            let name = element.tag_name().name();
            if !PARTS.contains(&name)
                && let Some(control) = self.read_control(element, context)
            {
                controls.push(control);
            }
        }
        controls
    }

    fn read_control(&mut self, element: Node<'_, '_>, context: DefId) -> Option<ControlId> {
        let name = element.tag_name().name();
        let control = match name {
            // `select_one_external`: a field that asks a table which answers there are.
            "input" if element.has_attribute("query") => Control::SelectOne,
            "input" | "secret" => Control::Input,
            "select1" => Control::SelectOne,
            "select" => Control::SelectMultiple,
            "rank" => Control::Rank,
            "range" => Control::Range {
                start: bound(element, "start"),
                end: bound(element, "end"),
                step: bound(element, "step"),
            },
            "trigger" => Control::Trigger,
            "upload" => Control::Upload { mediatype: element.attribute("mediatype").unwrap_or_default().to_owned() },
            "group" => Control::Group,
            "repeat" => Control::Repeat,
            _ => {
                let place = self.place(element, Some(context), "");
                self.problem(Severity::Error, ProblemKind::UnknownControl { found: name.to_owned() }, place);
                return None;
            }
        };
        let structural = matches!(control, Control::Group | Control::Repeat);
        let named = ["ref", "nodeset", "bind"].iter().any(|attribute| element.has_attribute(*attribute));
        let def = if named { self.target_of(element, context) } else { None };
        if def.is_none() && !(structural && control == Control::Group) {
            if !named {
                let place = self.place(element, Some(context), name);
                self.problem(Severity::Error, ProblemKind::ControlWithoutNode { found: name.to_owned() }, place);
            }
            return None;
        }
        let scope = def.unwrap_or(context);
        let control = match control {
            Control::Input if self.defs[scope.0 as usize].bind.readonly_always => Control::Note,
            other => other,
        };
        let id = ControlId(self.controls.len() as u32);
        let attributes = element
            .attributes()
            .filter(|attribute| attribute.namespace().is_some() || !KNOWN.contains(&attribute.name()))
            .filter(|attribute| attribute.namespace() != Some(JAVAROSA))
            .map(|attribute| (qualified_attribute(element, attribute), attribute.value().to_owned()))
            .collect();
        self.controls.push(ControlDef {
            control: control.clone(),
            def,
            children: Vec::new(),
            label: None,
            hint: None,
            appearance: element
                .attribute("appearance")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            attributes,
            options: OptionsDef::None,
            count: None,
            no_add_remove: None,
        });
        if let Some(def) = def {
            self.defs[def.0 as usize].controls.push(id);
        }
        if let Some(label) = child(element, "label") {
            let text = self.text(label, scope, "label");
            self.controls[id.0 as usize].label = Some(text);
        }
        if let Some(hint) = child(element, "hint") {
            let text = self.text(hint, scope, "hint");
            self.controls[id.0 as usize].hint = Some(text);
        }
        match control {
            Control::SelectOne | Control::SelectMultiple | Control::Rank => {
                let options = self.read_options(element, scope, &control);
                self.controls[id.0 as usize].options = options;
            }
            // The words of a range stand below some of its numbers.
            Control::Range { .. } if child(element, "itemset").is_some() => {
                let labels = self.read_options(element, scope, &control);
                self.controls[id.0 as usize].options = labels;
            }
            Control::Repeat => self.read_repeat(element, id, scope),
            _ => {}
        }
        self.read_control_actions(element, def);
        if structural {
            let children = self.read_controls(element, scope);
            self.controls[id.0 as usize].children = children;
        }
        Some(id)
    }

    fn read_repeat(&mut self, element: Node<'_, '_>, id: ControlId, def: DefId) {
        // The count is asked where the repeat stands, not in one of its rows.
        let around = self.defs[def.0 as usize].parent.unwrap_or(DefId(0));
        if let Some(count) = element.attribute((JAVAROSA, "count")) {
            let place = self.place(element, Some(def), "jr:count");
            let expr = self.expression(count, Position::Around(def, around), &place);
            self.controls[id.0 as usize].count = expr;
        }
        if let Some(fixed) = element.attribute((JAVAROSA, "noAddRemove")) {
            let place = self.place(element, Some(def), "jr:noAddRemove");
            let expr = self.expression(fixed, Position::Around(def, around), &place);
            self.controls[id.0 as usize].no_add_remove = expr;
        }
    }

    fn read_options(&mut self, element: Node<'_, '_>, def: DefId, control: &Control) -> OptionsDef {
        if let Some(itemset) = child(element, "itemset") {
            return self.read_itemset(itemset, def);
        }
        if let Some(searched) = self.read_search(element, def).or_else(|| self.read_query(element, def)) {
            return searched;
        }
        let mut options = Vec::new();
        let mut seen = HashSet::new();
        for item in children(element, "item") {
            let value = child(item, "value").map(|value| text_of(value).trim().to_owned()).unwrap_or_default();
            let place = self.place(item, Some(def), "item");
            if !seen.insert(value.clone()) {
                self.problem(Severity::Warning, ProblemKind::ChoiceTwice { found: value.clone() }, place.clone());
            }
            if *control != Control::SelectOne && value.contains(' ') {
                self.problem(Severity::Error, ProblemKind::ChoiceSpace { found: value.clone() }, place);
            }
            let label = child(item, "label").map(|label| self.text(label, def, "item label"));
            options.push(FixedOption { value: value.into(), label });
        }
        OptionsDef::Fixed(options)
    }

    fn read_itemset(&mut self, itemset: Node<'_, '_>, def: DefId) -> OptionsDef {
        let place = self.place(itemset, Some(def), "itemset");
        let Some(nodeset) = itemset.attribute("nodeset") else {
            let found = "itemset".to_owned();
            self.problem(Severity::Error, ProblemKind::ControlWithoutNode { found }, place);
            return OptionsDef::Fixed(Vec::new());
        };
        let Some(nodes) = self.expression(nodeset, Position::At(def), &place) else {
            return OptionsDef::Fixed(Vec::new());
        };
        // Value and label are looked for from each item: a node of a choice list, or of the form itself.
        let position = match self.exprs[nodes.0 as usize].nodes_of_form() {
            Some(item) => Position::At(item),
            None => Position::Elsewhere,
        };
        let value_source =
            child(itemset, "value").and_then(|value| value.attribute("ref")).unwrap_or("name").to_owned();
        let value = self.expression(&value_source, position, &place);
        let label_source = child(itemset, "label").and_then(|label| label.attribute("ref")).map(str::to_owned);
        let itext = label_source.as_deref().and_then(itext_argument).map(str::to_owned);
        let label =
            itext.as_deref().or(label_source.as_deref()).and_then(|source| self.expression(source, position, &place));
        let plain = value_source.trim();
        let is_name = !plain.is_empty() && plain.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        let value_child = if is_name { Some(self.names.intern(plain)) } else { None };
        let Some(value) = value else { return OptionsDef::Fixed(Vec::new()) };
        OptionsDef::Itemset(Itemset {
            before: Vec::new(),
            nodes,
            value,
            label,
            label_is_itext: itext.is_some(),
            label_columns: Vec::new(),
            value_child,
            randomized: nodeset.trim_start().starts_with("randomize("),
        })
    }
}

/// A bound of a range, written as expressions write numbers; workbooks also have `1e3` and `+1`.
fn bound(element: Node<'_, '_>, name: &str) -> String {
    let text = element.attribute(name).unwrap_or_default().trim();
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && tianye_xpath::parse_number(text).is_nan() => {
            tianye_xpath::format_number(number)
        }
        _ => text.to_owned(),
    }
}
