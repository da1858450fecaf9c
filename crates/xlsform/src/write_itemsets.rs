//! The sheet external_choices as the table that travels with the form.

use crate::read_choices::Choices;
use crate::read_settings::Settings;
use crate::tree::Text;

/// Comma-separated (RFC 4180): `list_name`, `name`, `label` (of the default language), a column `label::LANGUAGE` for each
/// language where the labels are translated, then every further column. None without external lists.
pub(crate) fn write_itemsets(external: &Choices, settings: &Settings) -> Option<String> {
    if external.lists.is_empty() {
        return None;
    }
    let mut further: Vec<&str> = Vec::new();
    for list in &external.lists {
        further
            .extend(list.further.iter().map(|name| &**name).filter(|name| !further.contains(name)).collect::<Vec<_>>());
    }
    let mut languages: Vec<&str> = Vec::new();
    for choice in external.lists.iter().flat_map(|list| &list.choices) {
        if let Text::Translated(labels) = &choice.label {
            let new = labels.iter().map(|(language, _)| &**language).filter(|language| !languages.contains(language));
            languages.extend(new.collect::<Vec<_>>());
        }
    }
    let columns: Vec<String> = languages.iter().map(|language| format!("label::{language}")).collect();
    let mut text = String::new();
    let head = ["list_name", "name", "label"].into_iter().chain(columns.iter().map(String::as_str));
    row(&mut text, head.chain(further.iter().copied()));
    for list in &external.lists {
        for choice in &list.choices {
            let label = match &choice.label {
                Text::None => "",
                Text::Plain(label) => label,
                Text::Translated(labels) => {
                    let own = labels.iter().find(|(language, _)| **language == *settings.default_language);
                    own.or(labels.first()).map_or("", |(_, label)| label)
                }
            };
            let cell = |name: &&str| {
                let own = choice.extra.iter().find(|(key, _)| &**key == *name);
                own.map_or("", |(_, value)| value.as_str())
            };
            let translated = |language: &&str| match &choice.label {
                Text::Translated(labels) => {
                    labels.iter().find(|(own, _)| **own == **language).map_or("", |(_, label)| label)
                }
                Text::None | Text::Plain(_) => "",
            };
            let cells = [list.name.as_str(), &choice.name, label].into_iter().chain(languages.iter().map(translated));
            row(&mut text, cells.chain(further.iter().map(cell)));
        }
    }
    Some(text)
}

fn row<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}
