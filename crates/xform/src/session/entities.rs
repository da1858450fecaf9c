//! The entities that a filling creates and updates.

use super::Session;
use crate::form::DefId;
use crate::instance::{NodeId, ROOT};
use crate::settings::{Entity, EntityDef};

impl Session {
    /// The entities that this filling creates or updates now, in form order: those that are relevant and whose `create`
    /// or `update` says “1” or “true” (ODK entities specification 2022.1 to 2025.1). The submission says the same.
    #[must_use]
    pub fn entities(&self) -> Vec<Entity> {
        self.form.entities.iter().flat_map(|entity| self.entities_of(entity)).collect()
    }

    fn entities_of(&self, entity: &EntityDef) -> Vec<Entity> {
        let Some(def) = self.form.find_def(&entity.path) else { return Vec::new() };
        let mut nodes = Vec::new();
        self.instance.instances_below(&self.form, ROOT, def, &mut nodes);
        nodes.retain(|node| self.instance.node(*node).relevant);
        nodes.into_iter().filter_map(|node| self.entity_at(node, entity)).collect()
    }

    fn entity_at(&self, node: NodeId, entity: &EntityDef) -> Option<Entity> {
        let value = |name: &str| {
            let def = self.instance.child_def(&self.form, node, name)?;
            self.value_below(node, def).filter(|value| !value.is_empty())
        };
        let says = |name: &str| value(name).is_some_and(|value| matches!(value.as_str(), "1" | "true"));
        let (create, update) = (says("@create"), says("@update"));
        let properties = entity.properties.iter().filter_map(|(name, path)| {
            let def = self.form.find_def(path)?;
            // From the row that the entity stands in.
            let shared = self.shared_above(node, def);
            Some((name.clone(), self.value_below(shared, def)?))
        });
        (create || update).then(|| Entity {
            path: self.instance.path(&self.form, node),
            list: value("@dataset").unwrap_or_default(),
            id: value("@id").unwrap_or_default(),
            create,
            update,
            label: value("label"),
            base_version: value("@baseVersion"),
            trunk_version: value("@trunkVersion"),
            branch_id: value("@branchId"),
            properties: properties.collect(),
        })
    }

    /// The deepest node that stands above both.
    fn shared_above(&self, node: NodeId, def: DefId) -> NodeId {
        let mut at = node;
        while !self.form.is_at_or_below(def, self.instance.node(at).def) {
            at = self.instance.node(at).parent;
        }
        at
    }

    /// The value that counts of the first instance of `def` below a node; None if it is not relevant.
    fn value_below(&self, node: NodeId, def: DefId) -> Option<String> {
        let mut nodes = Vec::new();
        self.instance.instances_below(&self.form, node, def, &mut nodes);
        let first = nodes.first().copied().filter(|first| self.instance.node(*first).relevant)?;
        Some(self.instance.counting(first).to_owned())
    }
}
