//! The submission: instance XML as OpenRosa servers take it.

use std::collections::BTreeSet;

use super::Session;
use crate::TIANYE_NAMESPACE;
use crate::form::Shape;
use crate::instance::{NodeId, ROOT, Slot};

/// The attribute, in [`TIANYE_NAMESPACE`], of a question that has a declared non-answer. Other programs see an empty
/// question.
pub(super) const NON_ANSWER: &str = "non_answer";

/// What a submission is called (OpenRosa metadata specification), for [`Session::name_submission`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubmissionNames<'n> {
    /// Its own id, `uuid:…`.
    pub instance_id: &'n str,
    /// The id of the submission that it replaces.
    pub deprecated_id: Option<&'n str>,
}

impl Session {
    /// The submission XML: what is not relevant is dropped, rows stand in order, meta and instance id are in it. A
    /// declared non-answer is an empty element with `tianye:non_answer`.
    #[must_use]
    pub fn instance_xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\"?>\n");
        self.write(ROOT, &mut xml);
        xml
    }

    /// Gives the submission its names; nothing is computed anew. A form whose instance id is calculated would otherwise
    /// get another one each time.
    pub fn name_submission(&mut self, names: &SubmissionNames<'_>) {
        self.put_meta("instanceID", names.instance_id);
        self.put_meta("deprecatedID", names.deprecated_id.unwrap_or_default());
    }

    /// Puts a text into a node of the meta block, by its local name; false if the form has none.
    pub(super) fn put_meta(&mut self, local: &str, text: &str) -> bool {
        let form = std::sync::Arc::clone(&self.form);
        let Some(def) = form.meta_def(local) else { return false };
        let mut nodes = Vec::new();
        self.instance.instances_below(&form, ROOT, def, &mut nodes);
        let Some(node) = nodes.first() else { return false };
        self.instance.node_mut(*node).stored = text.into();
        true
    }

    /// The text of a node of the meta block, by its local name (`instanceID`, `instanceName`, …).
    #[must_use]
    pub fn meta(&self, local: &str) -> Option<&str> {
        let def = self.form.meta_def(local)?;
        let mut nodes = Vec::new();
        self.instance.instances_below(&self.form, ROOT, def, &mut nodes);
        nodes.first().map(|node| &*self.instance.node(*node).stored)
    }

    fn write(&self, node: NodeId, xml: &mut String) {
        let at = self.instance.node(node);
        let def = self.form.def(at.def);
        if !at.relevant || (def.quiet && at.stored.is_empty()) {
            return;
        }
        xml.push('<');
        xml.push_str(&def.name);
        if node == ROOT {
            self.write_namespaces(xml);
        }
        for slot in &at.slots[def.children.len()..] {
            let Slot::One(attribute) = slot else { continue };
            xml.push(' ');
            xml.push_str(self.form.def(self.instance.node(*attribute).def).bare_name());
            xml.push_str("=\"");
            escape(self.instance.counting(*attribute), xml);
            xml.push('"');
        }
        if let Some(non_answer) = self.instance.non_answer(node) {
            xml.push_str(&format!(" {}:{NON_ANSWER}=\"{}\"", self.own_prefix(), non_answer.code()));
        }
        if def.shape == Shape::Leaf && self.instance.counting(node).is_empty() {
            xml.push_str("/>");
            return;
        }
        xml.push('>');
        if def.shape == Shape::Leaf {
            escape(self.instance.counting(node), xml);
        }
        for slot in &at.slots[..def.children.len()] {
            match slot {
                Slot::One(below) => self.write(*below, xml),
                Slot::Rows { live, .. } => live.iter().for_each(|row| self.write(*row, xml)),
            }
        }
        xml.push_str("</");
        xml.push_str(&def.name);
        xml.push('>');
    }

    /// The prefixes that names of the instance use, and the root's own namespace.
    fn write_namespaces(&self, xml: &mut String) {
        let root = &self.form.defs[0];
        let mut declare = |name: &str, uri: &str| {
            xml.push_str(name);
            xml.push_str("=\"");
            escape(uri, xml);
            xml.push('"');
        };
        if !root.name.contains(':') && !root.namespace.is_empty() && root.namespace != crate::read::XFORMS {
            declare(" xmlns", &root.namespace);
        }
        let names = self.form.defs.iter().map(crate::form::Def::bare_name);
        let used: BTreeSet<&str> = names.filter_map(|name| name.split_once(':')).map(|(prefix, _)| prefix).collect();
        let own = self
            .instance
            .nodes
            .iter()
            .any(|node| node.live && node.relevant && node.non_answer.is_some())
            .then(|| self.own_prefix());
        let wanted = |prefix: &str| used.contains(prefix) && own.as_deref() != Some(prefix);
        for (prefix, uri) in self.form.namespaces.iter().filter(|(prefix, _)| wanted(prefix)) {
            declare(&format!(" xmlns:{prefix}"), uri);
        }
        if let Some(own) = own {
            declare(&format!(" xmlns:{own}"), TIANYE_NAMESPACE);
        }
    }

    /// The prefix of Tianye's own attributes: that of the form, or one that the form has not given away.
    fn own_prefix(&self) -> String {
        let known = self.form.namespaces.iter().find(|(prefix, uri)| uri == TIANYE_NAMESPACE && !prefix.is_empty());
        if let Some((prefix, _)) = known {
            return prefix.clone();
        }
        let taken = |prefix: &str| self.form.namespaces.iter().any(|(known, _)| known == prefix);
        let further = (2..).map(|number| format!("tianye{number}"));
        std::iter::once("tianye".to_owned()).chain(further).find(|prefix| !taken(prefix)).unwrap_or_default()
    }
}

fn escape(text: &str, xml: &mut String) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            other => xml.push(other),
        }
    }
}
