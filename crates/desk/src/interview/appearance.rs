//! Appearances: the words by which a form says how a question is drawn.

use tianye_xlsform::Workbook;

use crate::view::{Args, FormProblem, FormSeverity};

/// Words that are known, whether they change anything on a laptop or not. Some are followed by `-` or `:` and more.
const KNOWN: &[&str] = &[
    "annotate",
    "autocomplete",
    "bearing",
    "bikram-sambat",
    "columns",
    "columns-pack",
    "comment",
    "compact",
    "coptic",
    "counter",
    "distress",
    "draw",
    "ethiopian",
    "field-list",
    "front",
    "hidden-answer",
    "hide-input",
    "horizontal",
    "horizontal-compact",
    "image-map",
    "islamic",
    "label",
    "likert",
    "list",
    "list-nolabel",
    "map",
    "maps",
    "masked",
    "minimal",
    "month-year",
    "multiline",
    "myanmar",
    "new",
    "new-front",
    "new-rear",
    "no-buttons",
    "no-calendar",
    "no-collapse",
    "no-ticks",
    "numbers",
    "persian",
    "picker",
    "placement-map",
    "printer",
    "quick",
    "quickcompact",
    "rating",
    "search",
    "selfie",
    "signature",
    "summary",
    "table-list",
    "thousands-sep",
    "url",
    "vertical",
    "year",
];

/// The words that are known as they stand, in order.
#[must_use]
pub const fn words() -> &'static [&'static str] {
    KNOWN
}

/// Whether a word of an appearance is known.
#[must_use]
pub fn known(word: &str) -> bool {
    let counted = |before: &str| {
        word.strip_prefix(before).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    KNOWN.contains(&word)
        || ["columns-", "compact-", "quickcompact-", "w"].iter().any(|before| counted(before))
        || ["ex:", "printer:", "search("].iter().any(|before| word.starts_with(before))
}

/// Columns that a word asks for: `columns-3` is 3.
#[must_use]
pub fn columns(word: &str) -> Option<u32> {
    let count = word.strip_prefix("columns-").or_else(|| word.strip_prefix("compact-"))?;
    count.parse().ok().filter(|count| (1..=10).contains(count))
}

/// Width that a word gives, in columns of the page: `w3` is 3.
#[must_use]
pub fn width(word: &str) -> Option<u32> {
    word.strip_prefix('w')?.parse().ok().filter(|width| (1..=10).contains(width))
}

/// A note on each word of the appearance column that is not known: it changes nothing here.
#[must_use]
pub fn unknown_words(workbook: &Workbook) -> Vec<FormProblem> {
    let Some(sheet) = workbook.sheet("survey") else { return Vec::new() };
    let Some((head, rows)) = sheet.rows.split_first() else { return Vec::new() };
    let is_appearance = |cell: &String| {
        let name = cell.trim().to_ascii_lowercase();
        name == "appearance" || name == "control::appearance" || name == "body::appearance"
    };
    let Some(column) = head.cells.iter().position(is_appearance) else { return Vec::new() };
    let mut found = Vec::new();
    for row in rows {
        let cell = row.cells.get(column).map(String::as_str).unwrap_or_default();
        // A function or a reference is more than words.
        if cell.contains(['(', '$']) || cell.starts_with("ex:") || cell.starts_with("printer:") {
            continue;
        }
        for word in cell.split_whitespace().filter(|word| !known(word)) {
            found.push(FormProblem {
                severity: FormSeverity::Note,
                code: "unknown-appearance".into(),
                sheet: sheet.name.clone(),
                row: row.number,
                column: u32::try_from(column + 1).map(tianye_xlsform::column_letters).unwrap_or_default(),
                heading: head.cells[column].clone(),
                line: row.line.unwrap_or(0),
                character: 0,
                field: String::new(),
                excerpt: None,
                args: Args::from([("found".to_owned(), word.to_owned())]),
                detail: format!("expected a known appearance, found “{word}”, which changes nothing here"),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use tianye_xlsform::Format;

    use super::*;

    #[track_caller]
    fn check(word: &str, expect: bool) {
        assert_eq!(known(word), expect, "{word}");
    }

    #[test]
    fn words_are_known() {
        for word in ["likert", "columns-3", "w10", "ex:org.example(a)", "printer:x", "no-buttons", "compact-2"] {
            check(word, true);
        }
        for word in ["likret", "columns-x", "w", "wide", "columns-"] {
            check(word, false);
        }
    }

    #[test]
    fn counts_are_read() {
        assert_eq!(columns("columns-3"), Some(3));
        assert_eq!(columns("columns-99"), None);
        assert_eq!(columns("columns-pack"), None);
        assert_eq!(width("w1"), Some(1));
        assert_eq!(width("w11"), None);
        assert_eq!(width("wide"), None);
    }

    #[test]
    fn unknown_words_are_told_with_their_place() {
        let table = "| survey |\n| | type | name | label | appearance |\n| | text | a | A | multiline |\n| | text | b | B | fancy w2 |\n";
        let workbook = Workbook::read(table.as_bytes(), Format::Markdown).expect("a workbook");
        let found = unknown_words(&workbook);
        let shown: Vec<_> =
            found.iter().map(|one| (one.row, one.column.as_str(), one.args["found"].as_str())).collect();
        assert_eq!(shown, [(3, "D", "fancy")]);
    }
}
