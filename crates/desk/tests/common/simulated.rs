//! A simulated hundred of a form.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::DateTime;
use tianye_desk::interview::asks;
use tianye_desk::simulate;
use tianye_xform::{Form, Session};

/// A hundred walks through a form: each ends with nothing left to fix, and every question is answered by one of them.
pub fn hundred(id: &str, form: &Arc<Form>) -> Vec<Session> {
    let now = DateTime::parse_from_rfc3339("2017-04-12T10:42:00+08:00").unwrap();
    let asked = form.questions().into_iter().filter(|question| asks(&question.control));
    let mut never: BTreeSet<String> = asked.map(|question| question.path).collect();
    assert!(never.len() > 1, "{id}: {never:?}");
    let walks: Vec<Session> = (0..100)
        .map(|seed| simulate::walk(form, seed, now).unwrap_or_else(|stuck| panic!("{id} {seed}: {stuck}")))
        .collect();
    for (seed, session) in walks.iter().enumerate() {
        assert!(session.validate().is_empty(), "{id} {seed}");
        for field in session.fields().iter().filter(|field| field.counts) {
            never.remove(&field.path.template());
        }
    }
    assert!(never.is_empty(), "{id}: no walk came to {never:?}");
    walks
}
