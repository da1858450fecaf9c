//! Texts: itext, labels, hints, messages.

use std::borrow::Cow;

use roxmltree::Node;

use super::plain::{NotPlain, Plain, Token};
use super::{Reader, child, children, text_of};
use crate::expression::Position;
use crate::form::{DefId, LanguageText, Part, TextDef, TextId};
use crate::itext::{ItextValue, RawPart, trim_parts};
use crate::problem::{Place, ProblemKind, Severity};
use crate::view::MediaRef;

impl Reader<'_, '_> {
    pub(super) fn read_languages(&mut self, model: Node<'_, '_>) -> Result<(), NotPlain> {
        let Some(itext) = child(model, "itext") else { return Ok(()) };
        match self.cut.inside(itext.range().start) {
            Some(inside) => self.read_plain_languages(inside)?,
            None => children(itext, "translation").for_each(|translation| self.read_language(translation)),
        }
        for at in 0..self.itext.languages() {
            let count = self.itext.lacking(at);
            if count > 0 {
                let kind = ProblemKind::MissingTranslation { language: self.languages[at].clone(), count };
                self.problem(Severity::Warning, kind, self.place(itext, None, "itext"));
            }
        }
        Ok(())
    }

    fn begin_language(&mut self, language: &str, default: Option<&str>) {
        if default.is_some_and(|default| default != "false()") {
            self.default_language = self.languages.len();
        }
        self.languages.push(language.to_owned());
        self.itext.add_language();
    }

    fn read_language(&mut self, translation: Node<'_, '_>) {
        self.begin_language(translation.attribute("lang").unwrap_or_default(), translation.attribute("default"));
        for text in children(translation, "text") {
            let id = text.attribute("id").unwrap_or_default();
            let number = self.itext.add_text(id);
            for value in children(text, "value") {
                let form = self.itext.form(value.attribute("form").unwrap_or_default());
                self.itext.add_value(number, form, raw_parts(value));
            }
        }
    }

    /// The same without a tree: `<translation>`s with `<text>`s with `<value>`s with text and `<output>`s, nothing else.
    fn read_plain_languages(&mut self, inside: &str) -> Result<(), NotPlain> {
        let mut plain = Plain::new(inside);
        let mut parts = Vec::new();
        loop {
            match plain.next()? {
                Token::Open("translation", attributes) => {
                    self.begin_language(
                        attribute(&attributes, "lang").unwrap_or_default(),
                        attribute(&attributes, "default"),
                    );
                }
                Token::Text(_) => continue,
                Token::End => return Ok(()),
                _ => return Err(NotPlain),
            }
            loop {
                let text = match plain.next()? {
                    Token::Open("text", attributes) => {
                        self.itext.add_text(attribute(&attributes, "id").unwrap_or_default())
                    }
                    Token::Text(_) => continue,
                    Token::Close => break,
                    _ => return Err(NotPlain),
                };
                loop {
                    let form = match plain.next()? {
                        Token::Open("value", attributes) => {
                            self.itext.form(attribute(&attributes, "form").unwrap_or_default())
                        }
                        Token::Text(_) => continue,
                        Token::Close => break,
                        _ => return Err(NotPlain),
                    };
                    read_plain_value(&mut plain, &mut parts)?;
                    self.itext.add_value(text, form, parts.drain(..));
                }
            }
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
        self.inline_text(&[RawPart::Literal(Cow::Borrowed(value))], def, &place)
    }

    fn text_of_reference(&mut self, reference: &str, inline: &[RawPart<'_>], def: DefId, place: &Place) -> TextId {
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

    fn itext_text(&mut self, id: &str, inline: &[RawPart<'_>], def: DefId, place: &Place) -> TextId {
        let itext = std::mem::take(&mut self.itext);
        let found: Vec<_> = (0..itext.languages()).map(|language| itext.get(language, id)).collect();
        let unknown = found.iter().all(Option::is_none);
        let by_language =
            found.into_iter().map(|values| values.map(|values| self.language_text(&values, def, place))).collect();
        self.itext = itext;
        if unknown {
            self.problem(Severity::Error, ProblemKind::UnknownText { found: id.to_owned() }, place.clone());
            return self.inline_text(inline, def, place);
        }
        self.add_text(TextDef::Fixed(by_language))
    }

    fn language_text(&mut self, values: &[ItextValue<'_>], def: DefId, place: &Place) -> LanguageText {
        let mut text = LanguageText::default();
        let mut long = None;
        let mut short = None;
        for value in values {
            let mut compiled = || self.compile_parts(&value.parts().collect::<Vec<_>>(), def, place);
            match value.form {
                "" => text.plain = compiled(),
                "long" => long = Some(compiled()),
                "short" => short = Some(compiled()),
                "guidance" => text.guidance = compiled(),
                kind => text.media.push(media_ref(kind, value.parts())),
            }
        }
        text.short = short.unwrap_or_default();
        if text.plain.is_empty() {
            text.plain = long.unwrap_or_else(|| std::mem::take(&mut text.short));
        }
        text
    }

    fn inline_text(&mut self, inline: &[RawPart<'_>], def: DefId, place: &Place) -> TextId {
        let plain = self.compile_parts(inline, def, place);
        let text = LanguageText { plain, ..LanguageText::default() };
        let count = self.languages.len().max(1);
        self.add_text(TextDef::Fixed(vec![Some(text); count]))
    }

    fn compile_parts(&mut self, parts: &[RawPart<'_>], def: DefId, place: &Place) -> Vec<Part> {
        parts
            .iter()
            .filter_map(|part| match part {
                RawPart::Literal(text) => Some(Part::Literal(text.as_ref().into())),
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
        let sources = self.itext.outputs();
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

pub(super) fn quoted(text: &str) -> Option<&str> {
    let inner = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''))
        .or_else(|| text.strip_prefix('"').and_then(|text| text.strip_suffix('"')))?;
    (!inner.contains(['\'', '"'])).then_some(inner)
}

pub(crate) fn media_ref<'a>(kind: &str, parts: impl Iterator<Item = RawPart<'a>>) -> MediaRef {
    let mut uri = String::new();
    for part in parts {
        if let RawPart::Literal(text) = part {
            uri.push_str(&text);
        }
    }
    let uri = uri.trim();
    MediaRef { kind: kind.to_owned(), file: uri.rsplit('/').next().unwrap_or(uri).to_owned() }
}

/// Text and outputs of an element.
fn raw_parts<'a>(element: Node<'a, '_>) -> Vec<RawPart<'a>> {
    let mut parts = Vec::new();
    for child in element.children() {
        if child.is_text() {
            if let Some(text) = child.text() {
                parts.push(RawPart::Literal(Cow::Borrowed(text)));
            }
        } else if child.is_element() && child.tag_name().name() == "output" {
            if let Some(source) = child.attribute("value").or_else(|| child.attribute("ref")) {
                parts.push(RawPart::Output(Cow::Borrowed(source)));
            }
        } else if child.is_element() {
            parts.push(RawPart::Literal(text_of(child)));
        }
    }
    trim_parts(&mut parts);
    parts
}

/// Text and outputs up to the end of a `<value>`.
fn read_plain_value<'x>(plain: &mut Plain<'x>, parts: &mut Vec<RawPart<'x>>) -> Result<(), NotPlain> {
    loop {
        match plain.next()? {
            Token::Text(text) => parts.push(RawPart::Literal(text)),
            Token::Open("output", attributes) => {
                let source = attributes.iter().find(|(name, _)| *name == "value");
                let source = source.or_else(|| attributes.iter().find(|(name, _)| *name == "ref"));
                parts.extend(source.map(|(_, source)| RawPart::Output(source.clone())));
                plain.skip()?;
            }
            Token::Close => break,
            Token::Open(..) | Token::End => return Err(NotPlain),
        }
    }
    trim_parts(parts);
    Ok(())
}

fn attribute<'a>(attributes: &'a [(&str, Cow<'_, str>)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
}
