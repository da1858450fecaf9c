//! Binds: what the model says of each node.

use roxmltree::Node;

use super::instance::TYPES;
use super::{JAVAROSA, Reader, children, qualified_attribute};
use crate::beyond::{MAX_SECONDS, NonAnswer, TIANYE_NAMESPACE};
use crate::checks::Check;
use crate::expression::{ExprId, Position};
use crate::form::{DefId, Shape};
use crate::problem::{ProblemKind, Severity};

const PRELOADS: &[&str] = &["uid", "timestamp", "date", "property"];

impl Reader<'_, '_> {
    pub(super) fn read_binds(&mut self, model: Node<'_, '_>) {
        for bind in children(model, "bind") {
            self.read_bind(bind);
        }
    }

    fn read_bind(&mut self, bind: Node<'_, '_>) {
        let Some(nodeset) = bind.attribute("nodeset").or_else(|| bind.attribute("ref")) else {
            let place = self.place(bind, None, "bind");
            self.problem(Severity::Error, ProblemKind::ControlWithoutNode { found: "bind".to_owned() }, place);
            return;
        };
        let Some(def) = self.resolve(nodeset, DefId(0)) else {
            let place = self.place(bind, None, "bind");
            let found = nodeset.trim().to_owned();
            self.problem(Severity::Error, ProblemKind::UnknownPath { found }, place);
            return;
        };
        if let Some(id) = bind.attribute("id") {
            self.bind_ids.insert(id.to_owned(), def);
        }
        for attribute in bind.attributes() {
            self.read_bind_attribute(bind, def, attribute);
        }
        if let Some(preload) = bind.attribute((JAVAROSA, "preload")) {
            if PRELOADS.contains(&preload) {
                let parameters = bind.attribute((JAVAROSA, "preloadParams")).unwrap_or_default();
                self.defs[def.0 as usize].bind.preload = Some((preload.to_owned(), parameters.to_owned()));
            } else {
                let place = self.place(bind, Some(def), "jr:preload");
                let kind = ProblemKind::UnknownWord { what: "preload", found: preload.to_owned() };
                self.problem(Severity::Warning, kind, place);
            }
        }
    }

    fn read_bind_attribute(&mut self, bind: Node<'_, '_>, def: DefId, attribute: roxmltree::Attribute<'_, '_>) {
        let value = attribute.value();
        match (attribute.namespace(), attribute.name()) {
            (None, "nodeset" | "ref" | "id" | "saveIncomplete") => {}
            (None, "type") => self.read_type(bind, def, value),
            (None, "calculate") => self.bind_expression(bind, def, "calculate", value, |bind| &mut bind.calculate),
            (None, "relevant") => self.bind_expression(bind, def, "relevant", value, |bind| &mut bind.relevant),
            (None, "required") => self.bind_expression(bind, def, "required", value, |bind| &mut bind.required),
            (None, "constraint") => self.bind_expression(bind, def, "constraint", value, |bind| &mut bind.constraint),
            (None, "readonly") => {
                self.defs[def.0 as usize].bind.readonly_always =
                    value.split_whitespace().collect::<String>() == "true()";
                self.bind_expression(bind, def, "readonly", value, |bind| &mut bind.readonly);
            }
            (Some(TIANYE_NAMESPACE), _) => self.read_beyond(bind, def, attribute),
            (Some(JAVAROSA), "preload" | "preloadParams") => {}
            (Some(JAVAROSA), "constraintMsg") => {
                let text = self.message(bind, def, "jr:constraintMsg", value);
                self.defs[def.0 as usize].bind.constraint_message = Some(text);
            }
            (Some(JAVAROSA), "requiredMsg") => {
                let text = self.message(bind, def, "jr:requiredMsg", value);
                self.defs[def.0 as usize].bind.required_message = Some(text);
            }
            _ => self.keep_attribute(bind, def, attribute),
        }
    }

    fn keep_attribute(&mut self, bind: Node<'_, '_>, def: DefId, attribute: roxmltree::Attribute<'_, '_>) {
        let name = qualified_attribute(bind, attribute);
        self.defs[def.0 as usize].bind.other.push((name, attribute.value().to_owned()));
    }

    /// Attributes of our own namespace. Those that are not known here are kept as any other.
    fn read_beyond(&mut self, bind: Node<'_, '_>, def: DefId, attribute: roxmltree::Attribute<'_, '_>) {
        let value = attribute.value();
        let place = self.place(bind, Some(def), "bind");
        let unknown = |what, found: &str| ProblemKind::UnknownWord { what, found: found.to_owned() };
        match attribute.name() {
            "soft_constraint" => {
                self.bind_expression(bind, def, "soft_constraint", value, |bind| &mut bind.beyond.soft);
            }
            "soft_constraint_message" => {
                let text = self.message(bind, def, "soft_constraint_message", value);
                self.defs[def.0 as usize].bind.beyond.soft_message = Some(text);
            }
            "risk" => self.bind_expression(bind, def, "risk", value, |bind| &mut bind.beyond.risk),
            "non_answers" => {
                let mut found: Vec<NonAnswer> = Vec::new();
                for word in value.split_whitespace() {
                    match NonAnswer::of_code(word) {
                        Some(known) => found.push(known),
                        None => self.problem(Severity::Warning, unknown("non-answer", word), place.clone()),
                    }
                }
                found.sort_unstable();
                found.dedup();
                self.defs[def.0 as usize].bind.beyond.non_answers = found;
            }
            "check" => match Check::of_word(value.trim()) {
                Some(check) => self.defs[def.0 as usize].bind.beyond.check = Some(check),
                None => self.problem(Severity::Warning, unknown("check", value.trim()), place),
            },
            "min_seconds" => match value.trim().parse::<u32>() {
                Ok(seconds) if (1..=MAX_SECONDS).contains(&seconds) => {
                    self.defs[def.0 as usize].bind.beyond.min_seconds = Some(seconds);
                }
                _ => self.problem(Severity::Warning, unknown("number of seconds", value.trim()), place),
            },
            "renamed_from" => {
                let names = value.split_whitespace().map(str::to_owned);
                self.defs[def.0 as usize].bind.beyond.renamed_from = names.collect();
            }
            "repeat_over" if self.defs[def.0 as usize].shape == Shape::Repeat => {
                let around = self.defs[def.0 as usize].parent.unwrap_or(DefId(0));
                let expr = self.expression(value, Position::Around(def, around), &place);
                self.defs[def.0 as usize].bind.beyond.over = expr;
            }
            _ => self.keep_attribute(bind, def, attribute),
        }
    }

    fn read_type(&mut self, bind: Node<'_, '_>, def: DefId, value: &str) {
        let name = value.trim();
        let bare = name.strip_prefix("xsd:").or_else(|| name.strip_prefix("xs:")).unwrap_or(name);
        if !bare.is_empty() && !TYPES.contains(&bare) {
            let place = self.place(bind, Some(def), "type");
            self.problem(Severity::Error, ProblemKind::UnknownType { found: name.to_owned() }, place);
        }
        self.types.insert(def, bare.to_owned());
    }

    fn bind_expression(
        &mut self,
        bind: Node<'_, '_>,
        def: DefId,
        part: &'static str,
        source: &str,
        slot: impl Fn(&mut crate::form::Bind) -> &mut Option<ExprId>,
    ) {
        if source.trim().is_empty() {
            return;
        }
        let place = self.place(bind, Some(def), part);
        if slot(&mut self.defs[def.0 as usize].bind).is_some() {
            let found = self.defs[def.0 as usize].path.clone();
            self.problem(Severity::Warning, ProblemKind::BindTwice { found }, place);
            return;
        }
        let expr = self.expression(source, Position::At(def), &place);
        *slot(&mut self.defs[def.0 as usize].bind) = expr;
    }
}
