//! Sums over rows that many cells read: found when the form is read, computed once for each state of what they read.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::form::{Def, DefId};
use crate::instance::NodeId;

/// The aggregates of a form. They are numbered from 1; the same text that reads the same definitions is one.
#[derive(Debug, Default, Clone)]
pub(crate) struct Aggregates {
    numbers: HashMap<(Box<str>, Vec<DefId>), u32>,
    /// By definition: the aggregates that a change of its value, relevance or rows may change.
    by_def: HashMap<DefId, Vec<u32>>,
}

impl Aggregates {
    /// The number of a call with that text whose paths lead to these definitions; 0 where no repeat is in their way, so
    /// that there is little to sum.
    pub(crate) fn number(&mut self, text: &str, targets: &[DefId], defs: &[Def]) -> u32 {
        if !targets.iter().any(|target| defs[target.0 as usize].repeat.is_some()) {
            return 0;
        }
        // Rows and relevance of whatever stands above are read too.
        let mut reads = targets.to_vec();
        for target in targets {
            let mut at = defs[target.0 as usize].parent;
            while let Some(above) = at {
                reads.push(above);
                at = defs[above.0 as usize].parent;
            }
        }
        reads.sort_unstable();
        reads.dedup();
        let next = self.numbers.len() as u32 + 1;
        let Self { numbers, by_def } = self;
        *numbers.entry((text.into(), reads)).or_insert_with_key(|(_, reads)| {
            for def in reads {
                by_def.entry(*def).or_default().push(next);
            }
            next
        })
    }
}

/// What is known of the aggregates while one act goes on.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// By aggregate: how often something it reads has changed.
    changes: Vec<u32>,
    /// (aggregate, where its path begins) → (changes by then, value)
    known: RefCell<HashMap<(u32, NodeId), (u32, f64)>>,
}

impl Sums {
    pub(crate) fn new(aggregates: &Aggregates) -> Self {
        Self { changes: vec![0; aggregates.numbers.len() + 1], known: RefCell::default() }
    }

    /// Something of a definition changed.
    pub(crate) fn forget(&mut self, aggregates: &Aggregates, def: DefId) {
        if self.changes.len() > 1 {
            for number in aggregates.by_def.get(&def).into_iter().flatten() {
                self.changes[*number as usize] += 1;
            }
        }
    }

    pub(crate) fn recall(&self, number: u32, begin: NodeId) -> Option<f64> {
        let (changes, value) = *self.known.borrow().get(&(number, begin))?;
        (changes == self.changes[number as usize]).then_some(value)
    }

    pub(crate) fn keep(&self, number: u32, begin: NodeId, value: f64) {
        self.known.borrow_mut().insert((number, begin), (self.changes[number as usize], value));
    }
}
