//! Texts: itext, labels, hints, messages.

use std::collections::HashMap;

use roxmltree::Node;

use super::{Reader, child, children, text_of};
use crate::expression::Position;
use crate::form::{DefId, ItextValue, LanguageText, Part, RawPart, TextDef, TextId};
use crate::problem::{Place, ProblemKind, Severity};
use crate::view::MediaRef;

impl Reader<'_, '_> {
    pub(super) fn read_languages(&mut self, model: Node<'_, '_>) {
        let Some(itext) = child(model, "itext") else { return };
        for (index, translation) in children(itext, "translation").enumerate() {
            self.languages.push(translation.attribute("lang").unwrap_or_default().to_owned());
            if translation.attribute("default").is_some_and(|default| default != "false()") {
                self.default_language = index;
            }
            let mut texts = HashMap::new();
            for text in children(translation, "text") {
                let values = children(text, "value")
                    .map(|value| ItextValue {
                        form: value.attribute("form").unwrap_or_default().into(),
                        parts: raw_parts(value),
                    })
                    .collect();
                texts.insert(text.attribute("id").unwrap_or_default().into(), values);
            }
            self.itext.by_language.push(texts);
        }
        let all: std::collections::HashSet<&str> =
            self.itext.by_language.iter().flat_map(|texts| texts.keys().map(|id| &**id)).collect();
        let lacking: Vec<(String, usize)> = self
            .languages
            .iter()
            .zip(&self.itext.by_language)
            .map(|(language, texts)| (language.clone(), all.len() - texts.len()))
            .filter(|(_, count)| *count > 0)
            .collect();
        for (language, count) in lacking {
            let kind = ProblemKind::MissingTranslation { language, count };
            self.problem(Severity::Warning, kind, self.place(itext, None, "itext"));
        }
    }

    /// The text of a `<label>`, `<hint>` or the like.
    pub(super) fn text(&mut self, element: Node<'_, '_>, def: DefId, part: &str) -> TextId {
        let place = self.place(element, Some(def), part);
        let inline = raw_parts(element);
        match element.attribute("ref") {
            Some(reference) => self.text_of_reference(reference, &inline, def, &place),
            None => self.inline_text(&inline, def, &place),
        }
    }

    /// The text of a message attribute: `jr:itext('…')` or the words themselves.
    pub(super) fn message(&mut self, element: Node<'_, '_>, def: DefId, part: &str, value: &str) -> TextId {
        let place = self.place(element, Some(def), part);
        if value.trim_start().starts_with("jr:itext(") {
            return self.text_of_reference(value, &[], def, &place);
        }
        self.inline_text(&[RawPart::Literal(value.into())], def, &place)
    }

    fn text_of_reference(&mut self, reference: &str, inline: &[RawPart], def: DefId, place: &Place) -> TextId {
        if let Some(argument) = itext_argument(reference) {
            if let Some(id) = quoted(argument) {
                return self.itext_text(id, inline, def, place);
            }
            return match self.expression(argument, Position::At(def), place) {
                Some(expr) => self.add_text(TextDef::ItextOf(expr)),
                None => self.inline_text(inline, def, place),
            };
        }
        match self.expression(reference, Position::At(def), place) {
            Some(expr) => self.add_text(TextDef::ValueOf(expr)),
            None => self.inline_text(inline, def, place),
        }
    }

    fn itext_text(&mut self, id: &str, inline: &[RawPart], def: DefId, place: &Place) -> TextId {
        let found: Vec<Option<Vec<ItextValue>>> =
            self.itext.by_language.iter().map(|texts| texts.get(id).cloned()).collect();
        if found.iter().all(Option::is_none) {
            self.problem(Severity::Error, ProblemKind::UnknownText { found: id.to_owned() }, place.clone());
            return self.inline_text(inline, def, place);
        }
        let by_language =
            found.into_iter().map(|values| values.map(|values| self.language_text(&values, def, place))).collect();
        self.add_text(TextDef::Fixed(by_language))
    }

    fn language_text(&mut self, values: &[ItextValue], def: DefId, place: &Place) -> LanguageText {
        let mut text = LanguageText::default();
        let mut long = None;
        let mut short = None;
        for value in values {
            match &*value.form {
                "" => text.plain = self.compile_parts(&value.parts, def, place),
                "long" => long = Some(self.compile_parts(&value.parts, def, place)),
                "short" => short = Some(self.compile_parts(&value.parts, def, place)),
                "guidance" => text.guidance = self.compile_parts(&value.parts, def, place),
                kind => text.media.push(media_ref(kind, &value.parts)),
            }
        }
        text.short = short.unwrap_or_default();
        if text.plain.is_empty() {
            text.plain = long.unwrap_or_else(|| std::mem::take(&mut text.short));
        }
        text
    }

    fn inline_text(&mut self, inline: &[RawPart], def: DefId, place: &Place) -> TextId {
        let plain = self.compile_parts(inline, def, place);
        let text = LanguageText { plain, ..LanguageText::default() };
        let count = self.languages.len().max(1);
        self.add_text(TextDef::Fixed(vec![Some(text); count]))
    }

    fn compile_parts(&mut self, parts: &[RawPart], def: DefId, place: &Place) -> Vec<Part> {
        parts
            .iter()
            .filter_map(|part| match part {
                RawPart::Literal(text) => Some(Part::Literal(text.clone())),
                RawPart::Output(source) => self.expression(source, Position::At(def), place).map(Part::Output),
            })
            .collect()
    }

    /// Outputs of all texts, for those whose id is only known when the form runs.
    pub(super) fn compile_itext_outputs(&mut self) {
        let computed = self.texts.iter().any(|text| matches!(text, TextDef::ItextOf(_)))
            || self.exprs.iter().any(|expr| expr.source.contains("jr:itext("))
            || self.controls.iter().any(|control| {
                matches!(&control.options, crate::form::OptionsDef::Itemset(itemset) if itemset.label_is_itext)
            });
        if !computed {
            return;
        }
        let sources: std::collections::BTreeSet<Box<str>> = self
            .itext
            .by_language
            .iter()
            .flat_map(HashMap::values)
            .flatten()
            .flat_map(|value| &value.parts)
            .filter_map(|part| match part {
                RawPart::Output(source) => Some(source.clone()),
                RawPart::Literal(_) => None,
            })
            .collect();
        for source in sources {
            // Texts used at a known place were compiled, and complained about, there.
            let before = self.problems.len();
            if let Some(expr) = self.expression(&source, crate::label::OUTPUTS_AT, &Place::default()) {
                self.itext_outputs.insert(source, expr);
            }
            self.problems.truncate(before);
        }
    }

    fn add_text(&mut self, text: TextDef) -> TextId {
        self.texts.push(text);
        TextId(self.texts.len() as u32 - 1)
    }
}

/// What stands in the parentheses if the whole text is `jr:itext(…)`.
pub(super) fn itext_argument(reference: &str) -> Option<&str> {
    reference.trim().strip_prefix("jr:itext(")?.strip_suffix(')').map(str::trim)
}

fn quoted(text: &str) -> Option<&str> {
    let inner = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''))
        .or_else(|| text.strip_prefix('"').and_then(|text| text.strip_suffix('"')))?;
    (!inner.contains(['\'', '"'])).then_some(inner)
}

pub(crate) fn media_ref(kind: &str, parts: &[RawPart]) -> MediaRef {
    let uri: String = parts
        .iter()
        .filter_map(|part| match part {
            RawPart::Literal(text) => Some(&**text),
            RawPart::Output(_) => None,
        })
        .collect();
    let uri = uri.trim();
    MediaRef { kind: kind.to_owned(), file: uri.rsplit('/').next().unwrap_or(uri).to_owned() }
}

/// Text and outputs of an element; white space around lines of the XML is folded at both ends.
fn raw_parts(element: Node<'_, '_>) -> Vec<RawPart> {
    let mut parts = Vec::new();
    collect_parts(element, &mut parts);
    if let Some(RawPart::Literal(first)) = parts.first_mut() {
        *first = first.trim_start().into();
    }
    if let Some(RawPart::Literal(last)) = parts.last_mut() {
        *last = last.trim_end().into();
    }
    parts.retain(|part| !matches!(part, RawPart::Literal(text) if text.is_empty()));
    parts
}

fn collect_parts(element: Node<'_, '_>, parts: &mut Vec<RawPart>) {
    for child in element.children() {
        if child.is_text() {
            if let Some(text) = child.text() {
                parts.push(RawPart::Literal(text.into()));
            }
        } else if child.is_element() && child.tag_name().name() == "output" {
            if let Some(source) = child.attribute("value").or_else(|| child.attribute("ref")) {
                parts.push(RawPart::Output(source.into()));
            }
        } else if child.is_element() {
            parts.push(RawPart::Literal(text_of(child).as_ref().into()));
        }
    }
}
