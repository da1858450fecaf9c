//! What we write is read by others: a peer goes on with our submission and has the same answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::DateTime;
use serde_json::json;
use tianye_xform::{Field, FieldPath, Origin, Session};

use crate::peer::Peer;
use crate::state::{State, Tree, name_of, ours, theirs};

/// A submission of ours.
#[derive(Debug)]
pub struct Submission {
    /// The text.
    pub xml: String,
    /// What people answered, and where nothing is answered, by the paths of the drivers: only where it is asked.
    says: BTreeMap<String, String>,
    /// The rows.
    rows: BTreeSet<String>,
}

impl Submission {
    /// The submission of a filling as it stands.
    pub fn of(session: &Session, tree: &Tree) -> Self {
        let (state, places) = ours(session, tree);
        let kept: HashMap<FieldPath, Field> =
            session.fields().into_iter().map(|field| (field.path.clone(), field)).collect();
        let form = session.form();
        let (mut says, mut rows) = (BTreeMap::new(), BTreeSet::new());
        for (shown, node) in state.iter().filter(|(shown, _)| asked(&state, shown)) {
            let Some(path) = places.get(shown) else { continue };
            if shown.ends_with(']') {
                rows.insert(shown.clone());
                continue;
            }
            let Some(question) = form.question(&path.template()) else { continue };
            // What is computed is compared after each act; an id is drawn anew by those who edit.
            let given = matches!(question.origin, Origin::Answered | Origin::Default) && node.label.is_some();
            if given && question.calculate.is_none() {
                let counts = kept.get(path).filter(|field| field.counts);
                says.insert(shown.clone(), counts.map(|field| field.given.text().to_owned()).unwrap_or_default());
            }
        }
        Self { xml: session.instance_xml(), says, rows }
    }

    /// How many answers it has.
    pub fn answers(&self) -> usize {
        self.says.values().filter(|value| !value.is_empty()).count()
    }

    /// What a peer that goes on with it has otherwise, in words. Rows of repeats that it is known to ask for by another rule
    /// are passed over.
    pub fn restored(&self, peer: &mut Peer, xform: &str, file: &str, apart: &BTreeSet<String>) -> Vec<String> {
        let answer = match peer.ask(&json!({"restore": xform, "submission": file})) {
            Ok(answer) => answer,
            Err(why) => return vec![format!("refused: {why}")],
        };
        let there = theirs(&answer);
        let mut wrong = Vec::new();
        for (shown, value) in &self.says {
            // What the peer does not ask, it does not show: which that is, is compared after each act.
            if there.contains_key(shown) && !asked(&there, shown) {
                continue;
            }
            let their_value = there.get(shown).map(|node| node.value.as_str());
            if their_value.is_none_or(|other| !alike(value, other)) {
                wrong.push(format!("{shown} is {value:?} in the submission, {their_value:?} there"));
            }
        }
        let their_rows: BTreeSet<String> =
            there.keys().filter(|shown| shown.ends_with(']') && asked(&there, shown)).cloned().collect();
        // An empty repeat has a first row there once somebody comes by: rows that are empty through and through say nothing.
        let empty = |row: &String| {
            there.iter().all(|(path, node)| !path.starts_with(&format!("{row}/")) || node.value.is_empty())
        };
        let known = |row: &&String| row.split('/').any(|step| apart.contains(name_of(step)));
        let gone = self.rows.difference(&their_rows).filter(|row| !known(row));
        wrong.extend(gone.map(|row| format!("the row {row} is not there")));
        let more = their_rows.difference(&self.rows).filter(|row| !(known(row) || row.ends_with("[1]") && empty(row)));
        wrong.extend(more.map(|row| format!("the row {row} is only there")));
        wrong
    }
}

/// Whether a node and all around it are relevant.
fn asked(state: &State, shown: &str) -> bool {
    let ends = shown.match_indices('/').map(|(at, _)| &shown[..at]).chain([shown]).filter(|path| !path.is_empty());
    ends.filter_map(|path| state.get(path)).all(|node| node.relevant) && !name_of(shown).is_empty()
}

/// The same value: numbers and moments may be spelled otherwise.
fn alike(a: &str, b: &str) -> bool {
    let parts =
        |text: &str| text.split([' ', ';']).filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (parts(a), parts(b));
    one.len() == other.len()
        && one.iter().zip(&other).all(|(a, b)| {
            let number = |text: &str| text.parse::<f64>().ok();
            let moment = |text: &str| DateTime::parse_from_rfc3339(text).ok();
            a == b
                || number(a).is_some_and(|a| number(b).is_some_and(|b| (a - b).abs() < 1e-9))
                || moment(a).is_some_and(|a| moment(b) == Some(a))
        })
}
