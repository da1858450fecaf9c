//! What two laptops wrote differently, and what may be there twice.

use tauri::State;
use tianye_desk::view::{ConflictCard, ConflictView, DecisionInput, DuplicatesView, PairInput, TakeBackInput};

use super::Answer;
use crate::shell::Shell;

desk! {
    /// What two laptops answered differently, one line each.
    conflict_cards(lang: String) -> Vec<ConflictCard>, |desk, lang| desk.conflict_cards(&lang)
}
desk! {
    /// What was decided and holds, the last decision first.
    decided_cards(lang: String) -> Vec<ConflictCard>, |desk, lang| desk.decided_cards(&lang)
}
desk! {
    /// The open conflicts of an interview.
    conflicts_of(record: String, lang: String) -> Vec<ConflictView>,
    |desk, record, lang| desk.conflicts_of(&record, &lang)
}
desk! {
    /// A field that was decided, as its conflict was shown.
    decided(record: String, field: String, lang: String) -> ConflictView,
    |desk, record, field, lang| desk.decided(&record, &field, &lang)
}
desk! {
    /// Decides conflicts of one interview: all of them, or none.
    decide(inputs: Vec<DecisionInput>, lang: String) -> Vec<ConflictCard>, |desk, inputs, lang| {
        desk.decide_all(&inputs)?;
        desk.conflict_cards(&lang)
    }
}
desk! {
    /// Takes a decision back.
    take_back_decision(input: TakeBackInput, lang: String) -> Vec<ConflictCard>, |desk, input, lang| {
        desk.take_back_decision(&input)?;
        desk.conflict_cards(&lang)
    }
}
desk! {
    /// What may be there twice, and what was said of it.
    duplicates(lang: String) -> DuplicatesView, |desk, lang| desk.duplicates(&lang)
}
desk! {
    /// Says what two records are to each other.
    rule_pair(input: PairInput, lang: String) -> DuplicatesView, |desk, input, lang| {
        desk.rule_pair(&input)?;
        desk.duplicates(&lang)
    }
}
