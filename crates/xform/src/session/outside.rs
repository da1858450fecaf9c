//! What comes from outside a filling: the last saved one, and what the form wishes from the device.

use std::sync::Arc;

use super::Session;
use super::edit::SubmissionError;
use crate::instance::{Found, Instance};
use crate::read::{MAX_FORM_BYTES, MAX_FORM_DEPTH, plain_document};
use crate::secondary::Secondary;
use crate::view::{Delta, Wish};
use crate::{AnswerError, Context, FieldPath, lexical};

impl Session {
    /// Begins a filling like [`Session::start`], with the submission XML that was saved last from this form: what
    /// `jr://instance/last-saved` means, and in a workbook `${last-saved#question}`.
    ///
    /// # Errors
    /// [`SubmissionError`] if it cannot be read; nothing was begun.
    pub fn start_after(
        form: Arc<crate::Form>,
        last_saved: &str,
        context: &Context<'_>,
    ) -> Result<Self, SubmissionError> {
        let mut instance = Instance::from_seed(&form);
        instance.last_saved = last_saved_instance(&form, last_saved)?;
        Ok(Self::begin(form, instance, context))
    }

    /// Hands the last saved submission to a filling that was taken up again; what reads it is computed anew.
    ///
    /// # Errors
    /// [`SubmissionError`] if it cannot be read; nothing was changed.
    pub fn hand_in_last_saved(&mut self, last_saved: &str, context: &Context<'_>) -> Result<Delta, SubmissionError> {
        self.instance.last_saved = last_saved_instance(&self.form, last_saved)?;
        Ok(self.recompute(context))
    }

    /// What the form wishes from the device and has not got yet, in the order it was wished. The engine does nothing
    /// about it: the caller may, and hands the value in with [`Session::grant`].
    #[must_use]
    pub fn wishes(&self) -> Vec<Wish> {
        let live = self.instance.wishes.iter().filter(|(_, node)| self.instance.node(*node).live);
        live.map(|(what, node)| Wish { path: self.instance.path(&self.form, *node), what: what.clone() }).collect()
    }

    /// Hands in what was wished: the place as `latitude longitude altitude accuracy`, the file name of a recording, or
    /// blank text if it could not be had. It is taken where people give no answer too.
    ///
    /// # Errors
    /// [`AnswerError`] if the form wished nothing there, or the value is none of its type; nothing was changed.
    pub fn grant(&mut self, path: &FieldPath, text: &str, context: &Context<'_>) -> Result<Delta, AnswerError> {
        let found = self.instance.find(&self.form, path);
        let Some(Found::Node(node)) =
            found.filter(|found| self.instance.wishes.iter().any(|(_, wished)| *found == Found::Node(*wished)))
        else {
            return Err(AnswerError::UnknownField { path: path.to_string() });
        };
        let value = lexical::canonical(self.form.def(self.instance.node(node).def).kind, text, context.now)?;
        self.instance.wishes.retain(|(_, wished)| *wished != node);
        Ok(self.act(context, |engine| {
            engine.put(node, &value);
            engine.settle();
        }))
    }
}

fn last_saved_instance(form: &crate::Form, xml: &str) -> Result<Option<Arc<Secondary>>, SubmissionError> {
    if xml.len() > MAX_FORM_BYTES {
        return Err(SubmissionError::TooLarge { found: xml.len(), limit: MAX_FORM_BYTES });
    }
    let Some(index) = form.last_saved else { return Ok(None) };
    let document = plain_document(xml).map_err(|reason| match reason {
        None => SubmissionError::TooDeep { limit: MAX_FORM_DEPTH },
        Some(reason) => SubmissionError::NotXml { reason },
    })?;
    let id = &form.instances[index as usize].id;
    Ok(Some(Arc::new(Secondary::from_xml_known(id, document.root_element(), &form.names))))
}
