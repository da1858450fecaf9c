//! Everything to keep of a filling.

use super::Session;
use crate::beyond::Given;
use crate::form::Shape;
use crate::instance::{NodeId, ROOT, Slot};
use crate::view::{Field, Origin};

impl Session {
    /// All values to keep, in form order: those that people or the form gave, and the rows. `counts` tells which of
    /// them the form sees now: export those. Calculated values come too; a resumed session computes them again.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        self.collect(ROOT, true, &mut fields);
        for path in &self.instance.removed {
            fields.push(Field { path: path.clone(), given: Given::Blank, origin: Origin::RowPresence, counts: false });
        }
        fields
    }

    fn collect(&self, node: NodeId, live: bool, fields: &mut Vec<Field>) {
        let at = self.instance.node(node);
        if at.row.is_some() {
            let counts = live && at.relevant;
            let path = self.instance.path(&self.form, node);
            fields.push(Field { path, given: Given::Value(at.order.to_string()), origin: Origin::RowPresence, counts });
        }
        let def = self.form.def(at.def);
        // An attribute that says what the form says is no news.
        let kept = if def.attribute { at.stored != def.default } else { !at.stored.is_empty() || at.touched };
        if def.shape == Shape::Leaf && kept {
            let path = self.instance.path(&self.form, node);
            let origin = self.instance.origin(&self.form, node);
            let counts = live && at.relevant && at.masked.is_none();
            fields.push(Field { path, given: self.instance.given(node), origin, counts });
        }
        for slot in &at.slots {
            match slot {
                Slot::One(below) => self.collect(*below, live, fields),
                Slot::Rows { live: rows, parked, .. } => {
                    rows.iter().for_each(|row| self.collect(*row, live, fields));
                    parked.iter().for_each(|row| self.collect(*row, false, fields));
                }
            }
        }
    }
}
