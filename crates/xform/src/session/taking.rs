//! A submission of another program, taken in as it stands.

use std::collections::HashSet;
use std::sync::Arc;

use super::Session;
use super::edit::{SubmissionError, document_of, fields_of};
use super::resume::Leftover;
use crate::form::Form;
use crate::instance::Instance;
use crate::read::text_of;
use crate::{Context, Field, FieldPath, Origin};

/// What a submission says of itself, before anybody knows its form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SubmissionHead {
    /// The form's id: the attribute `id` of the root, else the root's namespace.
    pub form_id: String,
    /// The form's version, empty if it says none.
    pub version: String,
    /// Its own id, empty if it has none.
    pub instance_id: String,
    /// The submission that it replaces, empty if none.
    pub deprecated_id: String,
    /// It is the envelope of an encrypted submission, not the submission itself.
    pub encrypted: bool,
}

/// A submission that was taken in.
#[derive(Debug)]
pub struct TakenIn {
    /// The filling that it makes, computed.
    pub session: Session,
    /// What it says, in the order of the form: rows, answers, metadata, but nothing that the form computes or would bring
    /// by itself.
    pub fields: Vec<Field>,
    /// What has no place in the form.
    pub leftovers: Vec<Leftover>,
}

impl SubmissionHead {
    /// Reads what a submission says of itself; none for XML that is no submission (a form, a manifest).
    ///
    /// # Errors
    /// [`SubmissionError`].
    pub fn read(submission: &str) -> Result<Option<Self>, SubmissionError> {
        let document = document_of(submission)?;
        let root = document.root_element();
        let namespace = root.tag_name().namespace().unwrap_or_default();
        let meta = root.children().find(|child| child.is_element() && child.tag_name().name() == "meta");
        let is_form = root.tag_name().name() == "html" || namespace.starts_with("http://openrosa.org/xforms/xforms");
        let id = root.attribute("id").or(Some(namespace).filter(|uri| !uri.is_empty() && meta.is_some()));
        let Some(id) = id.filter(|_| !is_form) else { return Ok(None) };
        let said = |local: &str| {
            let all = meta.iter().flat_map(|meta| meta.children());
            let mut found = all.filter(|child| child.is_element() && child.tag_name().name() == local);
            found.next().map(|found| text_of(found).trim().to_owned()).unwrap_or_default()
        };
        let sealed = |child: roxmltree::Node<'_, '_>| child.tag_name().name() == "base64EncryptedKey";
        Ok(Some(Self {
            form_id: id.to_owned(),
            version: root.attribute("version").unwrap_or_default().to_owned(),
            instance_id: said("instanceID"),
            deprecated_id: said("deprecatedID"),
            encrypted: root.attribute("encrypted") == Some("yes") || root.children().any(sealed),
        }))
    }
}

impl Session {
    /// Takes a submission in as it stands: it keeps its instance id, and neither first-load nor load actions run. Rows are
    /// `~1`, `~2`, … in their order. So whoever takes the same submission in, gets the same fields.
    ///
    /// # Errors
    /// [`SubmissionError`].
    pub fn take_in(form: &Arc<Form>, submission: &str, context: &Context<'_>) -> Result<TakenIn, SubmissionError> {
        let mut said = fields_of(form, submission)?;
        // Form and version are those that it is read under.
        said.retain(|(path, _)| !(path.name().starts_with('@') && path.parent() == FieldPath::root()));
        let mut paths: HashSet<FieldPath> = said.iter().map(|(path, _)| path.clone()).collect();
        // An own id is needed even where the submission had none.
        paths.extend(form.meta_path("instanceID").and_then(|path| FieldPath::parse(path).ok()));
        let instance = Instance::from_seed(form);
        let mut session = Self::around(Arc::clone(form), instance, context);
        let leftovers = session.restore(said, context);
        session.preload(context, false);
        session.act(context, |engine| {
            engine.compute_all();
        });
        let mut fields = session.fields();
        // An empty element says something only where the form would bring a value.
        let brought =
            |path: &FieldPath| form.find_def(&path.template()).is_some_and(|def| !form.def(def).default.is_empty());
        let said = |field: &Field| !field.given.is_blank() || brought(&field.path);
        let known = |field: &Field| paths.contains(&field.path) && field.origin != Origin::Calculated && said(field);
        fields.retain(|field| known(field) || field.origin == Origin::RowPresence);
        Ok(TakenIn { session, fields, leftovers })
    }
}
