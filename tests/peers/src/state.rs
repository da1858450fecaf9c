//! The whole state of a filling, ours or a peer's, in one shape.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tianye_xform::{Control, FieldPath, Form, Session};

/// One node as a person meets it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Node {
    /// The value that counts.
    pub value: String,
    /// It is to be asked.
    pub relevant: bool,
    /// An answer is needed.
    pub required: bool,
    /// No answer is taken.
    pub readonly: bool,
    /// `missing`, `constraint` or empty.
    pub fault: String,
    /// The label, if it has a control.
    pub label: Option<String>,
    /// Values and labels of the options, if it has a list.
    pub options: Option<Vec<(String, String)>>,
}

/// All nodes by their path; a row is its place: `/people[2]/name`.
pub type State = BTreeMap<String, Node>;

/// Our state, and where each path stands in our own addresses.
pub fn ours(session: &Session, tree: &Tree) -> (State, BTreeMap<String, FieldPath>) {
    let (mut state, mut places) = (State::new(), BTreeMap::new());
    expand(session, tree, "", "", "", &mut state, &mut places);
    (state, places)
}

/// The nodes of a form without rows: template path to the names below, and which of them are repeats.
#[derive(Debug)]
pub struct Tree {
    below: BTreeMap<String, Vec<String>>,
    repeats: BTreeSet<String>,
}

impl Tree {
    /// The tree of a form.
    pub fn of(form: &Form) -> Self {
        let mut below: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for question in form.questions() {
            let mut above = String::new();
            for name in question.path.split('/').filter(|name| !name.is_empty()) {
                let names = below.entry(above.clone()).or_default();
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
                above = format!("{above}/{name}");
            }
        }
        Self { below, repeats: form.repeats().into_iter().map(|repeat| repeat.path).collect() }
    }
}

fn expand(
    session: &Session,
    tree: &Tree,
    template: &str,
    own: &str,
    shown: &str,
    state: &mut State,
    places: &mut BTreeMap<String, FieldPath>,
) {
    for name in tree.below.get(template).into_iter().flatten() {
        let (template, own, shown) = (format!("{template}/{name}"), format!("{own}/{name}"), format!("{shown}/{name}"));
        let Ok(path) = FieldPath::parse(&own) else { continue };
        if tree.repeats.contains(&template) {
            places.insert(shown.clone(), path.clone());
            for (index, row) in session.roster(&path).into_iter().enumerate() {
                let shown = format!("{shown}[{}]", index + 1);
                note(session, &row.path, &shown, state, places);
                expand(session, tree, &template, row.path.as_str(), &shown, state, places);
            }
        } else {
            note(session, &path, &shown, state, places);
            expand(session, tree, &template, &own, &shown, state, places);
        }
    }
}

fn note(session: &Session, path: &FieldPath, shown: &str, state: &mut State, places: &mut BTreeMap<String, FieldPath>) {
    let Some(view) = session.view(path) else { return };
    let listed = matches!(view.control, Control::SelectOne | Control::SelectMultiple | Control::Rank);
    let node = Node {
        value: view.value,
        relevant: view.relevant,
        required: view.required,
        readonly: view.readonly,
        fault: view
            .problem
            .map_or(String::new(), |problem| problem.fault.code().trim_start_matches("answer-").to_owned()),
        label: (view.control != Control::None).then_some(view.label),
        options: listed.then(|| view.options.into_iter().map(|option| (option.value, option.label)).collect()),
    };
    state.insert(shown.to_owned(), node);
    places.insert(shown.to_owned(), path.clone());
}

/// A peer's state from its answer line.
pub fn theirs(answer: &Value) -> State {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let yes = |value: &Value| value.as_bool().unwrap_or_default();
    let mut state = State::new();
    for node in answer["nodes"].as_array().into_iter().flatten() {
        let options = node["options"]
            .as_array()
            .map(|options| options.iter().map(|option| (text(&option[0]), text(&option[1]))).collect());
        let found = Node {
            value: text(&node["value"]),
            relevant: yes(&node["relevant"]),
            required: yes(&node["required"]),
            readonly: yes(&node["readonly"]),
            fault: text(&node["fault"]),
            label: node["label"].as_str().map(str::to_owned),
            options,
        };
        state.insert(text(&node["path"]), found);
    }
    state
}

/// One thing that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The node.
    pub path: String,
    /// What differs: `value`, `relevant`, `required`, `readonly`, `fault`, `label`, `options`, `there`.
    pub what: &'static str,
    /// Ours.
    pub ours: String,
    /// The peer's.
    pub theirs: String,
}

impl Difference {
    /// The name of the node.
    pub fn name(&self) -> &str {
        name_of(&self.path)
    }
}

/// The name at the end of a path.
pub fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default().split('[').next().unwrap_or_default()
}

/// What differs. Only what is to be asked is compared: of the rest neither engine promises anything.
pub fn differences(ours: &State, theirs: &State) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    let paths: BTreeSet<&String> = ours.keys().chain(theirs.keys()).filter(|path| !path.starts_with("/meta")).collect();
    for path in paths {
        let mut differ = |what, ours: String, theirs: String| {
            if ours != theirs {
                found.push(Difference { path: path.clone(), what, ours, theirs });
            }
        };
        match (ours.get(path), theirs.get(path)) {
            (Some(a), Some(b)) => {
                differ("relevant", a.relevant.to_string(), b.relevant.to_string());
                if !a.relevant || !b.relevant {
                    continue;
                }
                differ("value", a.value.clone(), b.value.clone());
                let (Some(label), Some(their_label)) = (&a.label, &b.label) else { continue };
                differ("required", a.required.to_string(), b.required.to_string());
                differ("readonly", a.readonly.to_string(), b.readonly.to_string());
                differ("fault", a.fault.clone(), b.fault.clone());
                // White space is the screen's to lay out.
                let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                differ("label", words(label), words(their_label));
                differ("options", format!("{:?}", a.options), format!("{:?}", b.options));
            }
            (Some(node), None) | (None, Some(node)) => {
                let above = path.rsplit_once('/').map_or("", |(above, _)| above);
                let asked = |state: &State| above.is_empty() || state.get(above).is_some_and(|node| node.relevant);
                if node.relevant && asked(ours) && asked(theirs) {
                    differ("there", ours.contains_key(path).to_string(), theirs.contains_key(path).to_string());
                }
            }
            (None, None) => {}
        }
    }
    found
}
