//! Rows of a repeat: those that a person adds have random identities, so two people never add the same one.

use rand_core::Rng as _;
use tianye_journal::RecordId;
use tianye_survey::{Answer, Change, Field, Interview};

use crate::laptop::Look;
use crate::merging::{FORM, Team, word};

const REPEAT: &str = "/children";

impl Team {
    pub(crate) fn add_row(&mut self, at: usize, record: u8, answer: u8) {
        let mut bytes = [0; 16];
        self.people.rng.fill_bytes(&mut bytes);
        let row = Field::new(format!("{REPEAT}[{}]", RecordId::from_bytes(bytes)));
        let changes = |look: &Look| {
            let order = look.state.rows(REPEAT).len() + 1;
            vec![Change::new(row.clone(), Answer::of(&order.to_string())), Change::new(inner(&row), word(answer))]
        };
        self.change(at, record, &changes);
    }

    pub(crate) fn in_row(&mut self, at: usize, record: u8, row: u8, answer: u8) {
        let changes = |look: &Look| {
            let row = nth(look, row);
            row.map(|row| look.state.change(inner(&row), word(answer))).into_iter().collect()
        };
        self.change(at, record, &changes);
    }

    pub(crate) fn remove_row(&mut self, at: usize, record: u8, row: u8) {
        let changes = |look: &Look| {
            let row = nth(look, row);
            row.map(|row| look.state.change(row, Answer::Blank)).into_iter().collect()
        };
        self.change(at, record, &changes);
    }

    /// A sitting with these changes, if there are any.
    fn change(&mut self, at: usize, record: u8, changes: &dyn Fn(&Look) -> Vec<Change>) {
        let Some(record) = self.pick_record(at, record) else { return };
        let look = self.look(at, record);
        let changes = changes(&look);
        if changes.is_empty() {
            return;
        }
        let sitting = Interview { changes, ..look.state.sitting(FORM) };
        self.write(at, record, Some(&look), &sitting.into());
    }
}

fn inner(row: &Field) -> Field {
    Field::new(format!("{row}/q2"))
}

fn nth(look: &Look, which: u8) -> Option<Field> {
    let rows = look.state.rows(REPEAT);
    rows.get(usize::from(which) % rows.len().max(1)).map(|row| row.field.clone())
}
