//! Texts in several languages, with media: the itext block.

use std::collections::HashMap;

use crate::read_choices::{Choice, ChoiceList, Choices};
use crate::read_settings::Settings;
use crate::read_survey::MESSAGES;
use crate::resolve::Resolver;
use crate::tree::{Id, Kind, ROOT, Text, Tree};
use crate::xml::{Around, Element, Leaf, new_line, write_number};

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
    /// The place of a language among those of the form.
    fn language(&mut self, language: &'a str) -> usize {
        self.languages.iter().position(|known| *known == language).unwrap_or_else(|| {
            self.languages.push(language);
            self.languages.len() - 1
        })
    }

    fn put(&mut self, text: &'a Text, default: &'a str, id: &str, form: &'a str, context: Option<Id>) {
        let pieces = text.pieces(default);
        if pieces.clone().next().is_none() {
            return;
        }
        let at = self.places.get(id).copied().unwrap_or_else(|| {
            self.entries.push(Entry { id: id.to_owned(), forms: Vec::new() });
            self.places.insert(id.to_owned(), self.entries.len() - 1);
            self.entries.len() - 1
        });
        for (language, text) in pieces {
            let language = self.language(language);
            let forms = &mut self.entries[at].forms;
            let of_form = forms.iter().position(|f| f.name == form).unwrap_or_else(|| {
                forms.push(Form { name: form, pieces: Vec::new() });
                forms.len() - 1
            });
            let of_form = &mut forms[of_form].pieces;
            if of_form.len() <= language {
                of_form.resize(language + 1, None);
            }
            of_form[language] = Some(Piece { text, context });
        }
    }
}

/// The id of an element's text.
pub(crate) fn text_id(tree: &Tree, id: Id, part: &str) -> String {
    // Groups without an element would share the path of the one they stand in.
    let path = if tree.nodes[id].flat { tree.full_name(id) } else { tree.path(id) };
    format!("{path}:{part}")
}

/// The depth of a text: html, head, model, itext, translation, text.
const TEXT: usize = 5;

/// About as many bytes are written for a text.
const ABOUT: usize = 160;

/// The itext block, or `None` for a form whose texts all stand in place; and the languages. Every language gets every id
/// and form; `-` stands for what nobody wrote.
pub(crate) fn write_itext(
    tree: &Tree,
    choices: &Choices,
    settings: &Settings,
    resolver: &Resolver<'_>,
) -> (Option<Element>, Vec<String>) {
    let default = settings.default_language.as_str();
    let mut texts = Texts::default();
    let lists: Vec<&ChoiceList> = choices.lists.iter().filter(|l| l.requires_itext()).collect();
    for (_, text) in lists.iter().flat_map(|list| &list.choices).flat_map(forms_of) {
        text.pieces(default).for_each(|(language, _)| _ = texts.language(language));
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
        let choices = lists.iter().map(|list| list.choices.len()).sum::<usize>();
        let mut out = String::with_capacity((choices + texts.entries.len()) * ABOUT);
        let (around, plain) = (Around::new(TEXT, "text", "id"), Leaf::new(TEXT + 1, "value"));
        for list in &lists {
            write_list(&mut out, (&around, &plain), list, (language, default), resolver);
        }
        for entry in &texts.entries {
            around.begin(&mut out, &entry.id);
            let is_hint = entry.id.ends_with(":hint") && entry.id.starts_with('/');
            for form in &entry.forms {
                let piece = form.pieces.get(index).copied().flatten();
                write_value(&mut out, &plain, is_hint, form.name, piece, resolver);
            }
            around.end(&mut out);
        }
        translation.push_written(out);
        itext.push(translation);
    }
    (Some(itext), names)
}

/// The forms of a choice's text that somebody wrote.
fn forms_of(choice: &Choice) -> impl Iterator<Item = (&str, &Text)> {
    let media = choice.media.iter().map(|(kind, text)| (kind.as_str(), text));
    std::iter::once(("long", &choice.label)).chain(media).filter(|(_, text)| text.pieces("").next().is_some())
}

/// The texts of a list in one language. There may be very many, so nothing is kept of them.
fn write_list(
    out: &mut String,
    (around, plain): (&Around, &Leaf),
    list: &ChoiceList,
    (language, default): (&str, &str),
    resolver: &Resolver<'_>,
) {
    let mut id = format!("{}-", list.name);
    let name = id.len();
    for (index, choice) in list.choices.iter().enumerate() {
        let mut forms = forms_of(choice).peekable();
        if forms.peek().is_none() {
            continue;
        }
        id.truncate(name);
        write_number(&mut id, index);
        around.begin(out, &id);
        for (form, text) in forms {
            let piece = text.pieces(default).find(|(known, _)| *known == language);
            write_value(out, plain, false, form, piece.map(|(_, text)| Piece { text, context: None }), resolver);
        }
        around.end(out);
    }
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
    plain: &Leaf,
    is_hint: bool,
    form: &str,
    piece: Option<Piece<'_>>,
    resolver: &Resolver<'_>,
) {
    let Piece { text, context } = piece.unwrap_or(Piece { text: "-", context: None });
    let depth = TEXT + 1;
    let is_file = form != "long" && form != "guidance" && !is_hint;
    if is_file && text == "-" {
        return;
    }
    if form == "long" && !text.contains("${") && !text.contains("instance(") {
        plain.write(out, text);
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
