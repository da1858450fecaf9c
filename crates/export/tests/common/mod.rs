//! A small form with everything that a table has to do with, and people who fill it in.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::cell::Cell;
use std::sync::Arc;

use chrono::DateTime;
use tianye_export::{Filled, FrameColumn, Layout, State, Table, Words};
use tianye_xform::{Context, FieldPath, Form, Media, Properties, RowId, Session};

pub const CHINESE: &str = "中文 (zh)";
pub const ENGLISH: &str = "English (en)";

/// Metadata, a note, a cascade of township and school, numbers, a select-multiple, a calculation, an inserted value,
/// and a repeat (people at home) with a repeat in it (times away).
pub fn pupils() -> Arc<Form> {
    form(include_str!("pupils.xml"))
}

/// Reads a form that must be without problems.
#[track_caller]
pub fn form(xml: &str) -> Arc<Form> {
    let (form, problems) = Form::parse(xml, &Media::none());
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    Arc::new(form.unwrap())
}

/// One filling of a form with a fixed clock and counted randomness.
pub struct Filling {
    session: Session,
    next: Cell<u64>,
    properties: Properties,
}

impl Filling {
    pub fn start(form: &Arc<Form>) -> Self {
        let next = Cell::new(1);
        let properties = Properties { device_id: "laptop-1".into(), ..Properties::default() };
        let session = with(&next, &properties, |context| Session::start(Arc::clone(form), context));
        Self { session, next, properties }
    }

    #[track_caller]
    pub fn answer(&mut self, path: &str, text: &str) -> &mut Self {
        let path = FieldPath::parse(path).unwrap();
        let Self { session, next, properties } = self;
        with(next, properties, |context| session.answer(&path, text, context)).unwrap();
        self
    }

    /// Adds a row with the identity `n`.
    #[track_caller]
    pub fn add(&mut self, repeat: &str, n: u128) -> &mut Self {
        let path = FieldPath::parse(repeat).unwrap();
        let Self { session, next, properties } = self;
        with(next, properties, |context| session.add_row(&path, RowId::random(n), context)).unwrap();
        self
    }

    #[track_caller]
    pub fn remove(&mut self, row: &str) -> &mut Self {
        let path = FieldPath::parse(row).unwrap();
        let Self { session, next, properties } = self;
        with(next, properties, |context| session.remove_row(&path, context)).unwrap();
        self
    }

    pub fn filled(&self, interview: &str, words: &Words) -> Filled {
        let frame = FrameColumn::list(false).into_iter().map(|column| match column {
            FrameColumn::Code => "217".to_owned(),
            FrameColumn::State => words.state(State::Finalised).to_owned(),
            FrameColumn::Conflicts => "0".to_owned(),
            _ => String::new(),
        });
        Filled {
            interview: interview.into(),
            frame: frame.collect(),
            fields: self.session.fields(),
            remarks: Vec::new(),
        }
    }
}

fn with<T>(next: &Cell<u64>, properties: &Properties, act: impl FnOnce(&Context<'_>) -> T) -> T {
    let random = || {
        next.set(next.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        next.get()
    };
    let now = DateTime::parse_from_rfc3339("2017-04-12T10:42:00+08:00").unwrap();
    act(&Context { now, random: &random, properties })
}

/// The text of a row that a person added.
pub fn row(repeat: &str, n: u128) -> String {
    format!("{repeat}[{}]", RowId::random(n))
}

/// Two pupils: one with two people at home of whom one was away twice, one who answered little.
pub fn two_pupils(words: &Words) -> Vec<Filled> {
    let form = pupils();
    let mut one = Filling::start(&form);
    one.answer("/name", "小满").answer("/place/township", "liu").answer("/place/school", "1").answer("/age", "11");
    one.answer("/contact", "phone wechat").answer("/home", "yes").answer("/ranks", "play rest study");
    one.answer("/words", "他说：\"走\",\n明年再见").answer("/phone", "-1+1");
    let first = "/members[~1]";
    one.answer(&format!("{first}/who"), "妈妈").answer(&format!("{first}/age"), "38");
    one.answer(&format!("{first}/stays[~1]/where"), "宁波").answer(&format!("{first}/stays[~1]/ages"), "5");
    one.add(&format!("{first}/stays"), 7).answer(&format!("{}/where", row(&format!("{first}/stays"), 7)), "温岭");
    let second = row("/members", 5);
    one.add("/members", 5).add("/members", 6).remove(&second);
    let third = row("/members", 6);
    one.answer(&format!("{third}/who"), "奶奶").answer(&format!("{third}/age"), "66");

    let mut other = Filling::start(&form);
    other.answer("/name", "小雨").answer("/place/township", "bai").answer("/place/school", "1").answer("/age", "12");
    other.answer("/contact", "other").answer("/home", "yes");
    other.answer("/members[~1]/who", "爷爷").answer("/home", "no");
    vec![one.filled("i-1", words), other.filled("i-2", words)]
}

/// The layout of the pupils' tables.
pub fn layout(words: &'static Words, language: &str, labels: bool, practice: bool) -> Layout {
    Layout::new(words, &FrameColumn::list(false), language, labels, practice)
}

/// A table on its side: one line for each column, its heading and its cells.
pub fn show(table: &Table) -> String {
    let mut text = format!("{} ({} rows)\n", table.name, table.rows.len());
    for (at, heading) in table.head.iter().enumerate() {
        text.push_str(heading);
        for row in &table.rows {
            text.push_str(" | ");
            text.push_str(&row[at].replace('\n', "⏎"));
        }
        text.push('\n');
    }
    text
}
