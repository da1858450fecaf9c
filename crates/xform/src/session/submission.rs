//! The submission: instance XML as OpenRosa servers take it.

use std::collections::BTreeSet;

use super::Session;
use crate::form::Shape;
use crate::instance::{NodeId, ROOT, Slot};

impl Session {
    /// The submission XML: what is not relevant is dropped, rows stand in order, meta and instance id are in it.
    #[must_use]
    pub fn instance_xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\"?>\n");
        self.write(ROOT, &mut xml);
        xml
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
        for (prefix, uri) in self.form.namespaces.iter().filter(|(prefix, _)| used.contains(prefix.as_str())) {
            declare(&format!(" xmlns:{prefix}"), uri);
        }
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
