//! The sheet external_choices as the table that travels with the form.

use crate::read_choices::Choices;
use crate::read_settings::Settings;
use crate::tree::Text;

/// Comma-separated (RFC 4180): `list_name`, `name`, `label`, then every further column. None without external lists.
pub(crate) fn write_itemsets(external: &Choices, settings: &Settings) -> Option<String> {
    if external.lists.is_empty() {
        return None;
    }
    let mut further: Vec<&str> = Vec::new();
    for list in &external.lists {
        further
            .extend(list.further.iter().map(|name| &**name).filter(|name| !further.contains(name)).collect::<Vec<_>>());
    }
    let mut text = String::new();
    row(&mut text, ["list_name", "name", "label"].into_iter().chain(further.iter().copied()));
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
            row(&mut text, [list.name.as_str(), &choice.name, label].into_iter().chain(further.iter().map(cell)));
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
