//! What the reader knows by name, for who documents it or offers it: columns of each sheet, parameters of each type.

use crate::table::Columns;
use crate::{parameters, read_choices, read_entities, read_settings, read_survey, types};

/// The columns of a sheet (`survey`, `choices`, `settings`, `entities`) that are read, sorted, every accepted spelling of
/// them; none for other sheets. Columns that stand for a group of others (`bind::…`) come without their second part.
#[must_use]
pub fn columns(sheet: &str) -> Vec<&'static str> {
    let columns: &Columns = match sheet {
        "survey" => &read_survey::COLUMNS,
        "choices" => &read_choices::COLUMNS,
        "settings" => &read_settings::COLUMNS,
        "entities" => &read_entities::COLUMNS,
        _ => return Vec::new(),
    };
    let aliases = columns.aliases.iter().map(|(name, _)| *name);
    let mut names: Vec<&str> = columns.known.iter().copied().chain(aliases).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The keys that the `parameters` column takes for a question type, written as in a cell (`range`, `select_one list`); none
/// where it takes none.
#[must_use]
pub fn parameters_of(question_type: &str) -> &'static [&'static str] {
    let (name, from_file) = match types::parse_select(question_type) {
        Some(select) => (select.question_type, select.is_from_file()),
        None => (types::canonical(question_type), false),
    };
    parameters::accepted(name, from_file).unwrap_or_default()
}
