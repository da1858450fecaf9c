//! An old submission, opened again from its XML.

use std::collections::HashMap;
use std::sync::Arc;

use roxmltree::Node;

use super::Session;
use super::resume::Leftover;
use super::submission::NON_ANSWER;
use crate::beyond::{Given, NonAnswer, TIANYE_NAMESPACE};
use crate::coded::coded;
use crate::form::{DefId, Form, Shape};
use crate::instance::{Found, Instance};
use crate::preload::random_uuid;
use crate::read::{MAX_FORM_BYTES, MAX_FORM_DEPTH, plain_document, qualified_attribute, qualified_name, text_of};
use crate::{Context, FieldPath, RowId};

coded! {
    /// Why a submission was not opened.
    pub enum SubmissionError {
        /// More bytes than are read.
        "submission-too-large" TooLarge {
            /// Its bytes.
            found: usize,
            /// The limit.
            limit: usize,
        } "the submission has {found} bytes, at most {limit} are read",
        /// Elements inside elements beyond the limit.
        "submission-too-deep" TooDeep {
            /// The limit.
            limit: usize,
        } "elements of the submission are nested more than {limit} deep",
        /// Not well-formed XML.
        "submission-not-xml" NotXml {
            /// What the XML reader says.
            reason: String,
        } "the submission is not XML that can be read: {reason}",
        /// A submission of another form.
        "submission-other-form" OtherForm {
            /// The id of this form.
            expected: String,
            /// The id in the submission.
            found: String,
        } "expected a submission of the form “{expected}”, found one of “{found}”",
    }
}

/// What of a submission becomes what of a filling.
struct Reading<'f> {
    form: &'f Form,
    /// The filling that the form itself brings: its rows give way to those of the submission.
    fresh: Instance,
    fields: Vec<(FieldPath, Given)>,
}

impl Session {
    /// Opens an old submission for editing, from its XML (OpenRosa metadata specification, “deprecatedID”): the new
    /// filling gets an instance id of its own and names the one it replaces. Rows are `~1`, `~2`, … in their order. What
    /// the submission lacks, because it was not relevant then, begins as the form brings it. First-load actions and
    /// `odk-new-repeat` do not run, `odk-instance-load` does. What has no place in this form comes back as leftovers.
    ///
    /// # Errors
    /// [`SubmissionError`].
    pub fn edit(
        form: Arc<Form>,
        submission: &str,
        context: &Context<'_>,
    ) -> Result<(Self, Vec<Leftover>), SubmissionError> {
        let fields = fields_of(&form, submission)?;
        let fresh = Instance::from_seed(&form);
        let mut session = Self::around(form, fresh, context);
        let leftovers = session.restore(fields, context);
        session.name_replaced(context);
        session.take_up(context);
        Ok((session, leftovers))
    }

    /// The instance id becomes the one that is replaced, and a new one is drawn.
    fn name_replaced(&mut self, context: &Context<'_>) {
        let old = self.meta("instanceID").unwrap_or_default().to_owned();
        if !old.is_empty() {
            self.put_meta("deprecatedID", &old);
        }
        self.put_meta("instanceID", &format!("uuid:{}", random_uuid(context)));
    }
}

/// The values and rows of a submission, by their addresses in the form; those without a place keep their names.
pub(super) fn fields_of(form: &Form, submission: &str) -> Result<Vec<(FieldPath, Given)>, SubmissionError> {
    let document = document_of(submission)?;
    let root = document.root_element();
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let id = root.attribute("id").unwrap_or_else(|| root.tag_name().namespace().unwrap_or_default());
    if local(&form.defs[0].name) != root.tag_name().name() || (!id.is_empty() && id != form.id) {
        let found = if id.is_empty() { root.tag_name().name() } else { id }.to_owned();
        return Err(SubmissionError::OtherForm { expected: form.id.clone(), found });
    }
    let mut reading = Reading { form, fresh: Instance::from_seed(form), fields: Vec::new() };
    reading.children(root, Some(DefId(0)), &FieldPath::root());
    name_rows_by_choice(form, &mut reading.fields);
    Ok(reading.fields)
}

/// The document of a submission, within the limits.
pub(super) fn document_of(submission: &str) -> Result<roxmltree::Document<'_>, SubmissionError> {
    if submission.len() > MAX_FORM_BYTES {
        return Err(SubmissionError::TooLarge { found: submission.len(), limit: MAX_FORM_BYTES });
    }
    plain_document(submission).map_err(|reason| match reason {
        None => SubmissionError::TooDeep { limit: MAX_FORM_DEPTH },
        Some(reason) => SubmissionError::NotXml { reason },
    })
}

/// Rows over choices are known by their choices, of which a submission says only the order.
fn name_rows_by_choice(form: &Form, fields: &mut [(FieldPath, Given)]) {
    for def in &form.defs {
        let over = def.bind.beyond.over.and_then(|over| form.exprs[over.0 as usize].plain_path());
        let Some(asked) = over.map(|plain| form.def(plain.target).path.clone()) else { continue };
        let mut chosen: HashMap<&FieldPath, &str> = HashMap::new();
        for (path, value) in fields.iter() {
            chosen.entry(path).or_insert(value.text());
        }
        let mut named: HashMap<String, FieldPath> = HashMap::new();
        for (row, _) in fields.iter().filter(|(path, _)| path.row().is_some() && path.template() == def.path) {
            let number = row.row().and_then(|id| id.number()).unwrap_or(1) as usize;
            let codes = chosen.get(&within(&asked, row)).copied().unwrap_or_default();
            if let Some(code) = codes.split_whitespace().nth(number - 1) {
                named.insert(row.to_string(), row.without_row().with_row(&RowId::of_choice(code)));
            }
        }
        // Each address below such a row begins with that of the row, which has as many steps as the repeat.
        let depth = def.path.split('/').filter(|step| !step.is_empty()).count();
        for (path, value) in fields.iter_mut() {
            let text = path.as_str();
            let (row, rest) = text.split_at(text.match_indices('/').nth(depth).map_or(text.len(), |(at, _)| at));
            let Some(named) = named.get(row) else { continue };
            if rest.is_empty() {
                // Their order is that of the choices: all have the same key.
                *value = "1".into();
            }
            if let Ok(renamed) = FieldPath::parse(&format!("{named}{rest}")) {
                *path = renamed;
            }
        }
    }
}

/// The address of a node in the rows that it shares with another address.
fn within(template: &str, beside: &FieldPath) -> FieldPath {
    let mut path = FieldPath::root();
    let mut beside = beside.steps();
    let mut together = true;
    for name in template.split('/').filter(|name| !name.is_empty()) {
        path = path.child(name);
        let step = beside.next().filter(|step| together && step.name == name);
        together = step.is_some();
        if let Some(id) = step.and_then(|step| RowId::parse(step.row?).ok()) {
            path = path.with_row(&id);
        }
    }
    path
}

impl Reading<'_> {
    fn children(&mut self, element: Node<'_, '_>, def: Option<DefId>, path: &FieldPath) {
        let mut numbers: HashMap<DefId, u32> = HashMap::new();
        for child in element.children().filter(Node::is_element) {
            let known = def.and_then(|def| self.child_def(def, child));
            let mut at = match known {
                Some(known) => path.child(&self.form.def(known).name),
                None => path.child(&qualified_name(child)),
            };
            if let Some(known) = known
                && self.form.def(known).shape == Shape::Repeat
            {
                let number = numbers.entry(known).or_default();
                *number += 1;
                at = at.with_row(&RowId::derived(*number));
                self.fields.push((at.clone(), number.to_string().into()));
            }
            self.attributes(child, known, &at);
            let leaf = known
                .map_or(!child.has_children() || child.children().all(|below| !below.is_element()), |known| {
                    self.form.def(known).shape == Shape::Leaf
                });
            let text = text_of(child);
            if leaf && (known.is_some() || !text.trim().is_empty()) {
                let non_answer = child.attribute((TIANYE_NAMESPACE, NON_ANSWER)).and_then(NonAnswer::of_code);
                let given = non_answer.filter(|_| text.trim().is_empty()).map(Given::NonAnswer);
                self.fields.push((at.clone(), given.unwrap_or_else(|| text.trim().into())));
            }
            self.children(child, known, &at);
        }
        self.drop_fresh_rows(def, path, &numbers);
    }

    fn attributes(&mut self, element: Node<'_, '_>, def: Option<DefId>, path: &FieldPath) {
        for attribute in element.attributes() {
            let name = format!("@{}", qualified_attribute(element, attribute));
            let known = def.is_some_and(|def| {
                self.form.def(def).attributes.iter().any(|attribute| self.form.def(*attribute).name == name)
            });
            if known {
                self.fields.push((path.child(&name), attribute.value().into()));
            }
        }
    }

    /// Rows that the form brings and the submission has not.
    fn drop_fresh_rows(&mut self, def: Option<DefId>, path: &FieldPath, numbers: &HashMap<DefId, u32>) {
        for repeat in def.iter().flat_map(|def| &self.form.def(*def).children) {
            let own = path.child(&self.form.def(*repeat).name);
            let Some(Found::Repeat(parent, repeat)) = self.fresh.find(self.form, &own) else { continue };
            let kept = numbers.get(&repeat).copied().unwrap_or(0) as usize;
            for row in self.fresh.rows(self.form, parent, repeat).iter().skip(kept) {
                self.fields.push((self.fresh.path(self.form, *row), Given::Blank));
            }
        }
    }

    /// The definition of an element: prefixes are the writer's own, so names without them are compared second.
    fn child_def(&self, def: DefId, element: Node<'_, '_>) -> Option<DefId> {
        let children = &self.form.def(def).children;
        let name = qualified_name(element);
        let same = |id: &&DefId| self.form.def(**id).name == name;
        let alike = |id: &&DefId| self.form.def(**id).local_name() == element.tag_name().name();
        children.iter().find(same).or_else(|| children.iter().find(alike)).copied()
    }
}
