//! Texts in several languages, with media: the itext block.

use std::collections::HashMap;

use crate::read_choices::Choices;
use crate::read_settings::Settings;
use crate::read_survey::MESSAGES;
use crate::resolve::Resolver;
use crate::tree::{Id, Kind, ROOT, Text, Tree};
use crate::xml::{Element, new_line, write_end, write_leaf, write_start};

/// A text with the element whose references it may hold.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    context: Option<Id>,
}

/// One form (`long`, `guidance`, `image`, …) of a text, by language.
struct Form<'a> {
    name: &'a str,
    pieces: Vec<Option<Piece<'a>>>,
}

struct Entry<'a> {
    id: String,
    forms: Vec<Form<'a>>,
}

#[derive(Default)]
struct Texts<'a> {
    languages: Vec<&'a str>,
    entries: Vec<Entry<'a>>,
    /// The place of each id among the entries.
    places: HashMap<String, usize>,
}

impl<'a> Texts<'a> {
    fn put(&mut self, text: &'a Text, default: &'a str, id: &str, form: &'a str, context: Option<Id>) {
        let pieces = text.pieces(default);
        if pieces.is_empty() {
            return;
        }
        let at = self.places.get(id).copied().unwrap_or_else(|| {
            self.entries.push(Entry { id: id.to_owned(), forms: Vec::new() });
            self.places.insert(id.to_owned(), self.entries.len() - 1);
            self.entries.len() - 1
        });
        let forms = &mut self.entries[at].forms;
        let at = forms.iter().position(|f| f.name == form).unwrap_or_else(|| {
            forms.push(Form { name: form, pieces: Vec::with_capacity(pieces.len()) });
            forms.len() - 1
        });
        for (language, text) in pieces {
            let language = self.languages.iter().position(|l| *l == language).unwrap_or_else(|| {
                self.languages.push(language);
                self.languages.len() - 1
            });
            let of_form = &mut forms[at].pieces;
            if of_form.len() <= language {
                of_form.resize(language + 1, None);
            }
            of_form[language] = Some(Piece { text, context });
        }
    }
}

/// The id of an element's text.
pub(crate) fn text_id(tree: &Tree, id: Id, part: &str) -> String {
    format!("{}:{part}", tree.path(id))
}

/// The itext block, or `None` for a form whose texts all stand in place; and the languages. Every language gets every id
/// and form; `-` stands for what nobody wrote.
pub(crate) fn write_itext(
    tree: &Tree,
    choices: &Choices,
    settings: &Settings,
    resolver: &Resolver<'_>,
) -> (Option<Element>, Vec<String>) {
    // html, head, model, itext, translation, text.
    const TEXT: usize = 5;
    let default = settings.default_language.as_str();
    let mut texts = Texts::default();
    for list in choices.lists.iter().filter(|l| l.requires_itext()) {
        for (index, choice) in list.choices.iter().enumerate() {
            let id = format!("{}-{index}", list.name);
            texts.put(&choice.label, default, &id, "long", None);
            for (kind, media) in &choice.media {
                texts.put(media, default, &id, kind, None);
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
            texts.put(media, default, &text_id(tree, id, "label"), kind, None);
        }
    }
    let names = texts.languages.iter().map(|l| (*l).to_owned()).collect();
    if texts.languages.is_empty() {
        return (None, names);
    }
    let mut itext = Element::new("itext");
    for (index, language) in texts.languages.iter().enumerate() {
        let mut translation = Element::new("translation").with("lang", *language);
        if *language == default {
            translation.set("default", "true()");
        }
        let mut out = String::new();
        for entry in &texts.entries {
            write_start(&mut out, TEXT, "text", ("id", &entry.id));
            for form in &entry.forms {
                let piece = form.pieces.get(index).copied().flatten();
                write_value(&mut out, TEXT + 1, entry, form.name, piece, resolver);
            }
            write_end(&mut out, TEXT, "text");
        }
        translation.push_written(out);
        itext.push(translation);
    }
    (Some(itext), names)
}

fn put_element<'a>(texts: &mut Texts<'a>, tree: &'a Tree, id: Id, default: &'a str) {
    let node = &tree.nodes[id];
    for (name, message) in node.bind.iter().flatten() {
        if message_needs_itext(name, message) {
            texts.put(message, default, &text_id(tree, id, name), "long", Some(id));
        }
    }
    if node.label_needs_itext() {
        texts.put(&node.label, default, &text_id(tree, id, "label"), "long", Some(id));
    }
    if node.hint.is_translated() || !node.guidance.is_none() {
        texts.put(&node.hint, default, &text_id(tree, id, "hint"), "long", Some(id));
    }
    texts.put(&node.guidance, default, &text_id(tree, id, "hint"), "guidance", Some(id));
}

/// Whether a message of a bind cannot stand in the bind itself.
pub(crate) fn message_needs_itext(name: &str, text: &Text) -> bool {
    match text {
        Text::Translated(_) => MESSAGES.contains(&name) || name.starts_with("tianye:"),
        Text::Plain(text) => {
            MESSAGES.contains(&name) && name != "jr:noAppErrorString" && crate::names::has_reference(text)
        }
        Text::None => false,
    }
}

fn write_value(
    out: &mut String,
    depth: usize,
    entry: &Entry<'_>,
    form: &str,
    piece: Option<Piece<'_>>,
    resolver: &Resolver<'_>,
) {
    let Piece { text, context } = piece.unwrap_or(Piece { text: "-", context: None });
    let is_hint = entry.id.ends_with(":hint") && entry.id.starts_with('/');
    let is_file = form != "long" && form != "guidance" && !is_hint;
    if is_file && text == "-" {
        return;
    }
    if form == "long" && !text.contains("${") && !text.contains("instance(") {
        write_leaf(out, depth, "value", text);
        return;
    }
    let mut value = Element::new("value");
    if is_file || form == "guidance" {
        value.set("form", form);
    }
    value.children = if is_file {
        let folder = if form.ends_with("image") { "images" } else { form };
        resolver.text_with_outputs(&format!("jr://{folder}/{text}"), context)
    } else {
        resolver.text_with_outputs(text, context)
    };
    new_line(out, depth);
    value.write(out, depth);
}
