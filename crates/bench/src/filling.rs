//! One filling of the form, spoken to in a few words.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use tianye_xform::{Context, Delta, FieldPath, Form, Media, Properties, Session};

use crate::Outcome;

pub struct Filling {
    pub session: Session,
    properties: Properties,
    now: DateTime<FixedOffset>,
}

impl Filling {
    /// XForm → session that takes answers.
    pub fn load(xml: &str) -> Outcome<Self> {
        let (form, problems) = Form::parse(xml, &Media::none());
        if let Some(problem) = problems.first() {
            return Err(format!("{} problems with the form, the first: {problem}", problems.len()));
        }
        let form = Arc::new(form.ok_or("the form cannot be used")?);
        let now = DateTime::parse_from_rfc3339("2017-04-12T10:42:00+08:00").map_err(|why| why.to_string())?;
        let properties = Properties::default();
        let context = Context { now, random: &|| 7, properties: &properties };
        let session = Session::start(form, &context);
        Ok(Self { session, properties, now })
    }

    pub fn answer(&mut self, path: &FieldPath, text: &str) -> Outcome<Delta> {
        let context = Context { now: self.now, random: &|| 7, properties: &self.properties };
        self.session.answer(path, text, &context).map_err(|why| format!("{path}: {why}"))
    }

    /// The value at a path must be this.
    pub fn expect(&self, path: &str, wanted: &str) -> Outcome {
        let found = self.session.value(&at(path)?);
        if found == Some(wanted) { Ok(()) } else { Err(format!("{path}: expected {wanted}, found {found:?}")) }
    }
}

pub fn at(path: &str) -> Outcome<FieldPath> {
    FieldPath::parse(path).map_err(|why| why.to_string())
}
