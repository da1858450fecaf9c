//! Texts in several languages, with media: the itext block.

use std::collections::HashMap;

use crate::read_choices::Choices;
use crate::read_settings::Settings;
use crate::resolve::Resolver;
use crate::tree::{Id, Kind, ROOT, Text, Tree};
use crate::xml::Element;

/// Text for one form (`long`, `guidance`, `image`, …) of one id in one language.
struct Piece {
    form: String,
    text: String,
    context: Option<Id>,
}

struct Entry {
    id: String,
    pieces: Vec<Piece>,
}

struct Language {
    name: String,
    entries: Vec<Entry>,
    /// The place of each id: looking through 10,000 villages for each of them took most of a conversion.
    places: HashMap<String, usize>,
}

#[derive(Default)]
struct Texts {
    languages: Vec<Language>,
}

impl Texts {
    fn put(&mut self, language: &str, id: &str, form: &str, text: &str, context: Option<Id>) {
        let at = self.languages.iter().position(|l| l.name == language).unwrap_or_else(|| {
            self.languages.push(Language { name: language.to_owned(), entries: Vec::new(), places: HashMap::new() });
            self.languages.len() - 1
        });
        let Language { entries, places, .. } = &mut self.languages[at];
        let at = places.get(id).copied().unwrap_or_else(|| {
            entries.push(Entry { id: id.to_owned(), pieces: Vec::new() });
            places.insert(id.to_owned(), entries.len() - 1);
            entries.len() - 1
        });
        let pieces = &mut entries[at].pieces;
        let piece = Piece { form: form.to_owned(), text: text.to_owned(), context };
        match pieces.iter_mut().find(|p| p.form == form) {
            Some(old) => *old = piece,
            None => pieces.push(piece),
        }
    }

    fn put_text(&mut self, text: &Text, default: &str, id: &str, form: &str, context: Option<Id>) {
        for (language, text) in text.pieces(default) {
            self.put(language, id, form, text, context);
        }
    }

    /// Every language gets every id and form; `-` stands for what nobody wrote.
    fn fill(&mut self) {
        let mut wanted: Vec<(String, Vec<String>)> = Vec::new();
        let mut index = HashMap::new();
        for entry in self.languages.iter().flat_map(|l| &l.entries) {
            let at = *index.entry(entry.id.clone()).or_insert_with(|| {
                wanted.push((entry.id.clone(), Vec::new()));
                wanted.len() - 1
            });
            for piece in &entry.pieces {
                if !wanted[at].1.contains(&piece.form) {
                    wanted[at].1.push(piece.form.clone());
                }
            }
        }
        for language in &mut self.languages {
            let mut entries: HashMap<String, Entry> = language.entries.drain(..).map(|e| (e.id.clone(), e)).collect();
            for (id, forms) in &wanted {
                let mut entry = entries.remove(id).unwrap_or_else(|| Entry { id: id.clone(), pieces: Vec::new() });
                for form in forms {
                    if !entry.pieces.iter().any(|p| p.form == *form) {
                        entry.pieces.push(Piece { form: form.clone(), text: "-".into(), context: None });
                    }
                }
                language.entries.push(entry);
            }
        }
    }
}

/// The id of an element's text.
pub(crate) fn text_id(tree: &Tree, id: Id, part: &str) -> String {
    format!("{}:{part}", tree.path(id))
}

/// The itext block, or `None` for a form whose texts all stand in place; and the languages.
pub(crate) fn write_itext(
    tree: &Tree,
    choices: &Choices,
    settings: &Settings,
    resolver: &Resolver<'_>,
) -> (Option<Element>, Vec<String>) {
    let default = settings.default_language.as_str();
    let mut texts = Texts::default();
    for list in choices.lists.iter().filter(|l| l.requires_itext()) {
        for (index, choice) in list.choices.iter().enumerate() {
            let id = format!("{}-{index}", list.name);
            texts.put_text(&choice.label, default, &id, "long", None);
            for (kind, media) in &choice.media {
                texts.put_text(media, default, &id, kind, None);
            }
        }
    }
    let nodes: Vec<Id> =
        tree.descendants(ROOT).into_iter().filter(|id| tree.nodes[*id].kind != Kind::External).collect();
    for &id in &nodes {
        put_element(&mut texts, tree, id, default);
    }
    for &id in &nodes {
        for (kind, media) in &tree.nodes[id].media {
            texts.put_text(media, default, &text_id(tree, id, "label"), kind, None);
        }
    }
    texts.fill();
    let names = texts.languages.iter().map(|l| l.name.clone()).collect();
    if texts.languages.is_empty() {
        return (None, names);
    }
    let mut itext = Element::new("itext");
    for language in &texts.languages {
        let mut translation = Element::new("translation").with("lang", &language.name);
        if language.name == default {
            translation.set("default", "true()");
        }
        for entry in &language.entries {
            let mut text = Element::new("text").with("id", &entry.id);
            for piece in &entry.pieces {
                if let Some(value) = write_value(entry, piece, resolver) {
                    text.push(value);
                }
            }
            translation.push(text);
        }
        itext.push(translation);
    }
    (Some(itext), names)
}

fn put_element(texts: &mut Texts, tree: &Tree, id: Id, default: &str) {
    let node = &tree.nodes[id];
    for name in ["jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString"] {
        let message = node.bind.iter().flatten().find(|(n, _)| n == name).map(|(_, t)| t);
        if let Some(message) = message.filter(|t| message_needs_itext(name, t)) {
            texts.put_text(message, default, &text_id(tree, id, name), "long", Some(id));
        }
    }
    if node.label_needs_itext() {
        texts.put_text(&node.label, default, &text_id(tree, id, "label"), "long", Some(id));
    }
    if node.hint.is_translated() || !node.guidance.is_none() {
        texts.put_text(&node.hint, default, &text_id(tree, id, "hint"), "long", Some(id));
    }
    texts.put_text(&node.guidance, default, &text_id(tree, id, "hint"), "guidance", Some(id));
}

/// Whether a message of a bind cannot stand in the bind itself.
pub(crate) fn message_needs_itext(name: &str, text: &Text) -> bool {
    match text {
        Text::Translated(_) => matches!(name, "jr:constraintMsg" | "jr:requiredMsg" | "jr:noAppErrorString"),
        Text::Plain(text) => matches!(name, "jr:constraintMsg" | "jr:requiredMsg") && crate::names::has_reference(text),
        Text::None => false,
    }
}

fn write_value(entry: &Entry, piece: &Piece, resolver: &Resolver<'_>) -> Option<Element> {
    let mut value = Element::new("value");
    let mut prefix = String::new();
    let is_hint = entry.id.ends_with(":hint") && entry.id.starts_with('/');
    if piece.form == "guidance" {
        value.set("form", "guidance");
    } else if piece.form != "long" && !is_hint {
        if piece.text == "-" {
            return None;
        }
        let folder = if piece.form.ends_with("image") { "images" } else { &piece.form };
        value.set("form", &piece.form);
        prefix = format!("jr://{folder}/");
    }
    value.children.extend(resolver.text_with_outputs(&(prefix + &piece.text), piece.context));
    Some(value)
}
