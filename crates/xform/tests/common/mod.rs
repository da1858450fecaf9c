//! A test client: a filling that is spoken to in a few words.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::cell::Cell;
use std::sync::Arc;

use chrono::DateTime;
use tianye_xform::{
    Context, Delta, FieldPath, Form, Leftover, Media, Origin, Properties, RowId, Session, SubmissionError, What,
};

/// Reads a form that must be without problems.
#[track_caller]
pub fn form(xml: &str) -> Arc<Form> {
    let (form, problems) = Form::parse(xml, &Media::none());
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    Arc::new(form.unwrap())
}

/// A form from its instance, binds and body; root `data`, id `test`.
pub fn xml(instance: &str, model: &str, body: &str) -> String {
    format!(
        r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:tianye="https://tianye.cn/xforms/1">
<h:head><h:title>Test</h:title><model>
<instance><data id="test" version="1">{instance}<meta><instanceID/></meta></data></instance>{model}
</model></h:head><h:body>{body}</h:body></h:html>"#
    )
}

/// An input for each of some paths.
pub fn inputs(paths: &[&str]) -> String {
    paths.iter().map(|path| format!(r#"<input ref="{path}"><label>{path}</label></input>"#)).collect()
}

/// A filling with a fixed clock and counted randomness.
pub struct Scenario {
    pub session: Session,
    pub now: String,
    pub properties: Properties,
    pub next: Cell<u64>,
}

impl Scenario {
    pub fn new(form: &Arc<Form>) -> Self {
        Self::at(form, "2017-04-12T10:42:00+08:00")
    }

    pub fn at(form: &Arc<Form>, now: &str) -> Self {
        let properties =
            Properties { device_id: "device-1".into(), username: "xiaoman".into(), ..Properties::default() };
        Self::with_properties(form, now, properties)
    }

    pub fn with_properties(form: &Arc<Form>, now: &str, properties: Properties) -> Self {
        let next = Cell::new(1);
        let random = || draw(&next);
        let context =
            Context { now: DateTime::parse_from_rfc3339(now).unwrap(), random: &random, properties: &properties };
        let session = Session::start(Arc::clone(form), &context);
        Self { session, now: now.into(), properties, next }
    }

    /// An old submission, opened for editing.
    pub fn editing(
        form: &Arc<Form>,
        submission: &str,
        now: &str,
        properties: Properties,
    ) -> Result<(Self, Vec<Leftover>), SubmissionError> {
        let next = Cell::new(1);
        let random = || draw(&next);
        let context =
            Context { now: DateTime::parse_from_rfc3339(now).unwrap(), random: &random, properties: &properties };
        let (session, leftovers) = Session::edit(Arc::clone(form), submission, &context)?;
        Ok((Self { session, now: now.into(), properties, next }, leftovers))
    }

    pub fn resumed(&self) -> (Self, Vec<String>) {
        let fields = self.session.fields().into_iter().map(|field| (field.path, field.given));
        let next = Cell::new(self.next.get());
        let random = || draw(&next);
        let now = DateTime::parse_from_rfc3339(&self.now).unwrap();
        let context = Context { now, random: &random, properties: &self.properties };
        let (session, leftovers) = Session::resume(Arc::clone(self.session.form()), fields, &context);
        let leftovers = leftovers.iter().map(|leftover| format!("{leftover:?}")).collect();
        (Self { session, now: self.now.clone(), properties: self.properties.clone(), next }, leftovers)
    }

    pub fn with<T>(&mut self, act: impl FnOnce(&mut Session, &Context<'_>) -> T) -> T {
        let next = &self.next;
        let random = || draw(next);
        let now = DateTime::parse_from_rfc3339(&self.now).unwrap();
        act(&mut self.session, &Context { now, random: &random, properties: &self.properties })
    }

    #[track_caller]
    pub fn answer(&mut self, at: &str, text: &str) -> Delta {
        self.with(|session, context| session.answer(&path(at), text, context)).unwrap()
    }

    #[track_caller]
    pub fn refuse(&mut self, at: &str, text: &str, code: &str) {
        let error = self.with(|session, context| session.answer(&path(at), text, context)).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }

    /// Adds a row; its identity is `n` as a random one.
    #[track_caller]
    pub fn add(&mut self, repeat: &str, n: u128) -> Delta {
        self.with(|session, context| session.add_row(&path(repeat), RowId::random(n), context)).unwrap()
    }

    #[track_caller]
    pub fn remove(&mut self, row: &str) -> Delta {
        self.with(|session, context| session.remove_row(&path(row), context)).unwrap()
    }

    #[track_caller]
    pub fn value(&self, at: &str) -> &str {
        self.session.value(&path(at)).unwrap_or_else(|| panic!("no node {at}"))
    }

    /// Values of all live fields, with their state, one per line.
    pub fn state(&self) -> String {
        state(&self.session)
    }
}

#[track_caller]
pub fn path(text: &str) -> FieldPath {
    FieldPath::parse(text).unwrap()
}

pub fn draw(next: &Cell<u64>) -> u64 {
    let value = next.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    next.set(value);
    value
}

/// A delta in lines, short identities for rows.
pub fn show(delta: &Delta) -> String {
    let mut lines = Vec::new();
    for change in &delta.changed {
        let what = match &change.what {
            What::Value { given, origin } => {
                let by = if *origin == Origin::Calculated { " (calculated)" } else { "" };
                match given.non_answer() {
                    Some(non_answer) => format!("= {}", non_answer.code()),
                    None => format!("= “{}”{by}", given.text()),
                }
            }
            other => format!("{other:?}"),
        };
        lines.push(format!("{} {what}", short(change.path.as_str())));
    }
    lines.join("\n")
}

/// Row identities without their leading zeros.
pub fn short(path: &str) -> String {
    let mut text = String::new();
    for (index, part) in path.split('[').enumerate() {
        if index > 0 {
            text.push('[');
        }
        text.push_str(if index > 0 { part.trim_start_matches('0') } else { part });
    }
    text
}

pub fn state(session: &Session) -> String {
    let mut lines = Vec::new();
    for field in session.fields() {
        let mark = if field.counts { "" } else { " (set aside)" };
        let given = field.given.non_answer().map_or_else(|| field.given.text(), |given| given.code());
        lines.push(format!("{} = {given}{mark}", short(field.path.as_str())));
    }
    lines.join("\n")
}
