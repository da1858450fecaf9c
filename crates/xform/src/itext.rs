//! Translated texts by id, stored once: one text, and places in it, for what may be 20,000 names of villages.

use std::borrow::Cow;
use std::collections::HashMap;

/// A piece of a text before its outputs are compiled for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RawPart<'a> {
    Literal(Cow<'a, str>),
    Output(Cow<'a, str>),
}

/// Neighbours in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    start: u32,
    end: u32,
}

impl Run {
    const NONE: Self = Self { start: u32::MAX, end: u32::MAX };

    fn of<T>(self, list: &[T]) -> &[T] {
        &list[self.start as usize..self.end as usize]
    }
}

#[derive(Debug, Clone)]
struct Piece {
    output: bool,
    text: Run,
}

/// All translated texts.
#[derive(Debug, Default, Clone)]
pub(crate) struct Itext {
    ids: HashMap<Box<str>, u32>,
    /// Language → number of the id → its values.
    by_language: Vec<Vec<Run>>,
    /// The form (index into `forms`) and pieces of each `<value>`.
    values: Vec<(u32, Run)>,
    forms: Vec<Box<str>>,
    pieces: Vec<Piece>,
    text: String,
}

/// One `<value>` of a text.
#[derive(Clone, Copy)]
pub(crate) struct ItextValue<'a> {
    /// `long`, `short`, `guidance`, `image`, …; empty for the plain text.
    pub form: &'a str,
    itext: &'a Itext,
    pieces: Run,
}

impl<'a> ItextValue<'a> {
    pub(crate) fn parts(self) -> impl Iterator<Item = RawPart<'a>> {
        self.pieces.of(&self.itext.pieces).iter().map(move |piece| self.itext.part(piece))
    }
}

impl Itext {
    fn part(&self, piece: &Piece) -> RawPart<'_> {
        let text = Cow::Borrowed(&self.text[piece.text.start as usize..piece.text.end as usize]);
        if piece.output { RawPart::Output(text) } else { RawPart::Literal(text) }
    }

    /// The values of an id in a language, None if it has none there.
    pub(crate) fn get(&self, language: usize, id: &str) -> Option<Vec<ItextValue<'_>>> {
        let run = *self.by_language.get(language)?.get(*self.ids.get(id)? as usize)?;
        if run == Run::NONE {
            return None;
        }
        let value = |(form, pieces): &(u32, Run)| ItextValue {
            form: &self.forms[*form as usize],
            itext: self,
            pieces: *pieces,
        };
        Some(run.of(&self.values).iter().map(value).collect())
    }

    pub(crate) fn languages(&self) -> usize {
        self.by_language.len()
    }

    /// How many ids of other languages this one lacks.
    pub(crate) fn lacking(&self, language: usize) -> usize {
        let has = self.by_language[language].iter().filter(|run| **run != Run::NONE).count();
        self.ids.len() - has
    }

    /// The expressions inside texts, each once.
    pub(crate) fn outputs(&self) -> std::collections::BTreeSet<Box<str>> {
        let outputs = self.pieces.iter().filter(|piece| piece.output);
        outputs.map(|piece| Box::from(&self.text[piece.text.start as usize..piece.text.end as usize])).collect()
    }

    /// Begins a language.
    pub(crate) fn add_language(&mut self) {
        self.by_language.push(vec![Run::NONE; self.ids.len()]);
    }

    /// Begins a text of the last language and gives the number of its id; the last text of an id counts.
    pub(crate) fn add_text(&mut self, id: &str) -> u32 {
        let next = self.ids.len() as u32;
        let number = match self.ids.get(id) {
            Some(known) => *known,
            None => *self.ids.entry(id.into()).or_insert(next),
        };
        let at = number as usize;
        let start = self.values.len() as u32;
        if let Some(texts) = self.by_language.last_mut() {
            if texts.len() <= at {
                texts.resize(at + 1, Run::NONE);
            }
            texts[at] = Run { start, end: start };
        }
        number
    }

    /// The number of a form of texts.
    pub(crate) fn form(&mut self, form: &str) -> u32 {
        let known = self.forms.iter().position(|known| known.len() == form.len() && **known == *form);
        known.unwrap_or_else(|| {
            self.forms.push(form.into());
            self.forms.len() - 1
        }) as u32
    }

    /// Adds a value to the text with that number, which was begun last.
    pub(crate) fn add_value<'a>(&mut self, text: u32, form: u32, parts: impl IntoIterator<Item = RawPart<'a>>) {
        let start = self.pieces.len() as u32;
        for part in parts {
            let (output, text) = match part {
                RawPart::Literal(text) => (false, text),
                RawPart::Output(text) => (true, text),
            };
            let begin = self.text.len() as u32;
            self.text.push_str(&text);
            self.pieces.push(Piece { output, text: Run { start: begin, end: self.text.len() as u32 } });
        }
        self.values.push((form, Run { start, end: self.pieces.len() as u32 }));
        if let Some(run) = self.by_language.last_mut().and_then(|texts| texts.get_mut(text as usize)) {
            run.end = self.values.len() as u32;
        }
    }
}

/// White space around the lines of the XML is folded at both ends; empty pieces go.
pub(crate) fn trim_parts(parts: &mut Vec<RawPart<'_>>) {
    if let Some(RawPart::Literal(first)) = parts.first_mut() {
        trim(first, str::trim_start);
    }
    if let Some(RawPart::Literal(last)) = parts.last_mut() {
        trim(last, str::trim_end);
    }
    parts.retain(|part| !matches!(part, RawPart::Literal(text) if text.is_empty()));
}

fn trim(text: &mut Cow<'_, str>, how: fn(&str) -> &str) {
    match text {
        Cow::Borrowed(text) => *text = how(text),
        Cow::Owned(text) => *text = how(text).to_owned(),
    }
}
