//! A random filling of a form in our engine: acts, and our state after each.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};
use tianye_xform::{
    Context, Control, Delta, FieldPath, Form, NodeView, Origin, Properties, RowId, Session, ValueKind, What,
};

use crate::dice::Dice;
use crate::restore::Submission;
use crate::state::{State, Tree, ours};
use crate::workbook::COUNT_PREFIX;

/// One act as the drivers read it, and our state after it.
#[derive(Debug)]
pub struct Act {
    /// The request line.
    pub request: Value,
    /// Our state.
    pub state: State,
}

struct Filling<'a> {
    session: Session,
    tree: Tree,
    dice: Dice,
    context: Context<'a>,
    acts: Vec<Act>,
    /// Rows that a lowered count has set aside.
    parked: BTreeSet<FieldPath>,
}

/// Fills a form in with so many random acts, the first of which is the load; and what its submission is in the end.
pub fn filling(
    form: &Arc<Form>,
    file: &str,
    seed: u64,
    length: usize,
    now: DateTime<FixedOffset>,
) -> (Vec<Act>, Submission) {
    let lots = RefCell::new(Dice::new(seed ^ 0x5eed));
    let random = || lots.borrow_mut().bits() as u64;
    let properties = Properties { device_id: "device-1".into(), username: "xiaoman".into(), ..Properties::default() };
    let context = Context { now, random: &random, properties: &properties };
    let session = Session::start(Arc::clone(form), &context);
    let tree = Tree::of(form);
    let state = ours(&session, &tree).0;
    let request = json!({"load": file, "language": form.default_language()});
    let acts = vec![Act { request, state }];
    let mut filling = Filling { session, tree, dice: Dice::new(seed), context, acts, parked: BTreeSet::new() };
    let mut tries = 0;
    while filling.acts.len() <= length && tries < length * 20 {
        tries += 1;
        filling.act();
    }
    let submission = Submission::of(&filling.session, &filling.tree);
    (filling.acts, submission)
}

impl Filling<'_> {
    fn act(&mut self) {
        let (state, places) = ours(&self.session, &self.tree);
        match self.dice.below(100) {
            0..=3 => self.language(),
            4..=12 => self.add(&places),
            13..=22 => self.remove(&state, &places),
            _ => self.answer(&state, &places),
        }
        self.settle_choices();
    }

    fn language(&mut self) {
        let languages = self.session.form().languages().to_vec();
        if languages.is_empty() {
            return;
        }
        let language = self.dice.pick(&languages).clone();
        if self.session.set_language(&language) {
            self.note(json!({"language": language}));
        }
    }

    fn add(&mut self, places: &BTreeMap<String, FieldPath>) {
        let repeats: Vec<(&String, &FieldPath)> = places
            .iter()
            .filter(|(shown, path)| {
                !shown.ends_with(']')
                    && self.session.view(path).is_some_and(|view| view.control == Control::Repeat && view.relevant)
            })
            .collect();
        if repeats.is_empty() {
            return;
        }
        let (shown, path) = *self.dice.pick(&repeats);
        if self.session.roster(path).len() >= 4 {
            return;
        }
        let id = RowId::random(self.dice.bits());
        let request = json!({"add": shown});
        let path = path.clone();
        self.attempt(request, |session, context| session.add_row(&path, id, context).ok());
    }

    fn remove(&mut self, state: &State, places: &BTreeMap<String, FieldPath>) {
        let rows: Vec<&String> =
            state.iter().filter(|(path, node)| path.ends_with(']') && node.relevant).map(|(path, _)| path).collect();
        if rows.is_empty() {
            return;
        }
        let shown = (*self.dice.pick(&rows)).clone();
        let Some(path) = places.get(&shown).cloned() else { return };
        self.attempt(json!({"remove": shown}), |session, context| session.remove_row(&path, context).ok());
    }

    fn answer(&mut self, state: &State, places: &BTreeMap<String, FieldPath>) {
        let asked: Vec<(&String, NodeView)> = state
            .iter()
            .filter(|(_, node)| node.relevant && !node.readonly && node.label.is_some())
            .filter_map(|(shown, _)| Some((shown, self.session.view(places.get(shown)?)?)))
            .filter(|(_, view)| {
                !matches!(
                    view.control,
                    Control::Note | Control::Group | Control::Row | Control::Repeat | Control::Upload { .. }
                )
            })
            .collect();
        if asked.is_empty() {
            return;
        }
        let (shown, view) = self.dice.pick(&asked).clone();
        let value = if self.dice.chance(14) { Some(String::new()) } else { self.value(&view) };
        let Some(value) = value else { return };
        let path = view.path;
        self.attempt(json!({"answer": shown, "value": value}), |session, context| {
            session.answer(&path, &value, context).ok()
        });
    }

    /// An answer of the kind that the question takes.
    fn value(&mut self, view: &NodeView) -> Option<String> {
        let dice = &mut self.dice;
        let values: Vec<&String> = view.options.iter().map(|option| &option.value).collect();
        let value = match view.kind {
            ValueKind::Integer | ValueKind::Decimal if matches!(view.control, Control::Range { .. }) => {
                dice.pick(&["0", "2", "4", "6", "8", "10"]).to_string()
            }
            ValueKind::Integer if view.name.starts_with(COUNT_PREFIX) => dice.below(4).to_string(),
            ValueKind::Integer => match dice.below(12) {
                0 => "-3".to_owned(),
                1 => "100".to_owned(),
                _ => dice.below(12).to_string(),
            },
            ValueKind::Decimal => dice.pick(&["0.5", "2.25", "3", "7.1", "-1.5", "10.75", "0.1", "8"]).to_string(),
            ValueKind::Text | ValueKind::Barcode => {
                dice.pick(&["abc", "Li", "张三", "李 小满", "x y", "a-1", "3", "12", "田野", "cab"]).to_string()
            }
            ValueKind::Date => {
                dice.pick(&["2017-04-12", "2016-02-29", "2030-12-31", "2009-09-01", "1999-01-01"]).to_string()
            }
            ValueKind::Time => dice.pick(&["08:30:00.000+08:00", "23:59:00.000+08:00"]).to_string(),
            ValueKind::DateTime => {
                dice.pick(&["2017-04-12T08:30:00.000+08:00", "2016-02-29T23:05:00.000+08:00"]).to_string()
            }
            ValueKind::GeoPoint => dice.pick(&["28.5 119.25 12.0 5.0", "-33.125 151.5 0.0 0.0"]).to_string(),
            ValueKind::SelectOne if !values.is_empty() => (*dice.pick(&values)).clone(),
            ValueKind::SelectMultiple if !values.is_empty() => {
                let chosen: Vec<&str> = values.iter().filter(|_| dice.chance(45)).map(|value| value.as_str()).collect();
                chosen.join(" ")
            }
            ValueKind::Rank if !values.is_empty() => {
                let mut order: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
                let (a, b) = (dice.below(order.len()), dice.below(order.len()));
                order.swap(a, b);
                order.join(" ")
            }
            ValueKind::Acknowledge => "OK".to_owned(),
            _ => return None,
        };
        Some(value)
    }

    /// Does an act, unless it brings back rows that a count had set aside: of their answers only we know.
    fn attempt(&mut self, request: Value, act: impl FnOnce(&mut Session, &Context<'_>) -> Option<Delta>) {
        let mut next = self.session.clone();
        let Some(delta) = act(&mut next, &self.context) else { return };
        let back = |path: &FieldPath| self.parked.contains(path);
        if delta.changed.iter().any(|change| matches!(change.what, What::RowAdded { .. }) && back(&change.path)) {
            return;
        }
        for change in &delta.changed {
            if matches!(change.what, What::RowRemoved { kept: true }) {
                self.parked.insert(change.path.clone());
            }
        }
        self.session = next;
        self.note(request);
    }

    /// We keep choices that are not offered any more aside, where the peers drop them: drop them here too, or they would
    /// come back only with us.
    fn settle_choices(&mut self) {
        for _ in 0..20 {
            let aside = self.session.fields().into_iter().find(|field| {
                !field.counts
                    && field.origin != Origin::RowPresence
                    && !field.given.text().is_empty()
                    && self
                        .session
                        .view(&field.path)
                        .is_some_and(|view| view.relevant && !view.readonly && view.value != field.given.text())
            });
            let Some(field) = aside else { return };
            let Some(view) = self.session.view(&field.path) else { return };
            let places = ours(&self.session, &self.tree).1;
            let Some((shown, path)) = places.into_iter().find(|(_, path)| *path == field.path) else { return };
            let count = self.acts.len();
            self.attempt(json!({"answer": shown, "value": view.value}), |session, context| {
                session.answer(&path, &view.value, context).ok()
            });
            if self.acts.len() == count {
                return;
            }
        }
    }

    fn note(&mut self, request: Value) {
        let state = ours(&self.session, &self.tree).0;
        self.acts.push(Act { request, state });
    }
}
