//! What was found, in a table that people read, kept beside the tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use tianye_survey::exports::{FIELDS, KEPT, KINDS};
use tianye_survey::rights::is_read_by_all;

use super::reading::ReadBy;
use super::{Columns, ROLES};

pub type Exported = BTreeMap<(&'static str, bool), Option<Columns>>;

const HEAD: &str = "# Role, kind and field

Written by `tests/matrix.rs` from real exports and real stores; compared with the table of `tianye_survey::exports`.

";

const READING: &str = "## Reading

What each role opens of what somebody else wrote, in its own store after everybody has synced: `R` all of it; `L` what leads and
administrators wrote, and nothing of others; `R (not: …)` all but what these wrote; `–` nothing. What one wrote oneself one always
reads. Handing an interview over, which grants one person the chains that it stands in, was not part of the day. A member's card
counts as read where one of the chains that it opens is. Reviews are written by no act of a desk; the test sealed one itself.

";

const FIELDS_HEAD: &str = "
## Fields

First what a role reads, marked as above: an entry is sealed whole, so a field is read with its kind; photographs, recordings and
evidence are chunks that entries name, and their keys stand in the entry. Then what it exports: `d` in a de-identified table too;
`i` only in one with identifiers; `–` not. Beside it the headings under which it was found.

";

/// What a role reads of a kind, in a word.
fn word(read_by: &ReadBy, kind: u16, reader: usize) -> String {
    let of = |read: bool| {
        let cells = read_by.iter().filter(move |((of, by, _), is)| (*of, *by, **is) == (kind, reader, read));
        cells.map(|((.., writer), _)| &ROLES[*writer]).collect::<Vec<_>>()
    };
    let (open, closed) = (of(true), of(false));
    if closed.is_empty() {
        "R".into()
    } else if open.is_empty() {
        "–".into()
    } else if open.iter().all(|(_, role, _)| is_read_by_all(role)) {
        "L".into()
    } else {
        format!("R (not: {})", closed.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", "))
    }
}

fn head(text: &mut String, before: &str, after: &str) {
    let names: Vec<&str> = ROLES.iter().map(|(name, ..)| *name).collect();
    let line = format!("| {before} | {} |{after}", names.join(" | "));
    let rule = "|---".repeat(line.matches('|').count() - 1);
    _ = writeln!(text, "{line}\n{rule}|");
}

pub fn check(exported_by: &Exported, read_by: &ReadBy) {
    let mut text = format!("{HEAD}{READING}");
    head(&mut text, "kind | written by", "");
    for (kind, _, called) in KINDS {
        let writes = |at: &usize| read_by.keys().any(|(of, _, by)| (of, by) == (kind, at));
        let writers: Vec<&str> = (0..ROLES.len()).filter(writes).map(|at| ROLES[at].0).collect();
        let cells: Vec<String> = (0..ROLES.len()).map(|reader| word(read_by, *kind, reader)).collect();
        _ = writeln!(text, "| {called} | {} | {} |", writers.join(", "), cells.join(" | "));
    }
    text.push_str(FIELDS_HEAD);
    head(&mut text, "kind | field", " de-identified | with identifiers |");
    for row in FIELDS {
        let holds = |name: &str, identified: bool| {
            let found = exported_by.iter().find(|((by, with), _)| *by == name && *with == identified);
            found.and_then(|(_, found)| found.as_ref()?.get(&row.column))
        };
        let cells = ROLES.iter().enumerate().map(|(reader, (name, ..))| {
            let export = match (holds(name, false), holds(name, true)) {
                (Some(_), _) => "d",
                (None, Some(_)) => "i",
                (None, None) => "–",
            };
            format!("{} {export}", word(read_by, row.kind, reader))
        });
        let cells: Vec<String> = cells.collect();
        let heads = |identified| {
            let heads = holds("lead", identified).into_iter().flatten().cloned();
            heads.collect::<Vec<_>>().join(" ")
        };
        let called = KINDS.iter().find(|(kind, ..)| *kind == row.kind).unwrap().2;
        let (cells, field) = (cells.join(" | "), format!("{:?}: {}", row.column, row.field));
        _ = writeln!(text, "| {called} | {field} | {cells} | {} | {} |", heads(false), heads(true));
    }
    for (kind, keys) in KEPT {
        let called = KINDS.iter().find(|(known, ..)| known == kind).unwrap().2;
        let cells: Vec<String> = (0..ROLES.len()).map(|reader| format!("{} –", word(read_by, *kind, reader))).collect();
        for key in *keys {
            _ = writeln!(text, "| {called} | {key} | {} | | |", cells.join(" | "));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text);
}
