//! The lists of vectors that are not met, each with its reason: `lists/*.txt`, an id, a tab, the reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::Verdict;

/// Id to reason.
pub(crate) type Lists = BTreeMap<String, String>;

/// The lists of this project.
pub(crate) fn own() -> Lists {
    let texts = [
        include_str!("../lists/expressions.txt"),
        include_str!("../lists/workbooks.txt"),
        include_str!("../lists/forms.txt"),
    ];
    texts.iter().flat_map(|text| read(text)).collect()
}

/// The lines of a list; those that begin with `#` are for its readers.
fn read(text: &str) -> impl Iterator<Item = (String, String)> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let (id, reason) = line.split_once('\t').unwrap_or((line, ""));
        (id.to_owned(), reason.trim().to_owned())
    })
}

/// What does not stand as the lists say: unmet and unlisted, listed and met, listed without a reason, and where the
/// folder is the lists' own, listed and unknown.
pub(crate) fn check(verdicts: &[Verdict], lists: &Lists, whole: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for verdict in verdicts {
        match (&verdict.outcome, lists.get(&verdict.id)) {
            (Err(why), None) => wrong.push(format!("not met and not listed: {} [{}] {why}", verdict.id, verdict.class)),
            (Ok(()), Some(_)) => wrong.push(format!("listed, but met: {}", verdict.id)),
            (Err(_), Some(reason)) if reason.is_empty() => {
                wrong.push(format!("listed without a reason: {}", verdict.id));
            }
            _ => {}
        }
    }
    if whole {
        let known: BTreeSet<&str> = verdicts.iter().map(|verdict| verdict.id.as_str()).collect();
        let unknown = lists.keys().filter(|id| !known.contains(id.as_str()));
        wrong.extend(unknown.map(|id| format!("listed, but no vector has this id: {id}")));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn finds(list: &str, id: &str, met: bool, whole: bool, expect: &[&str]) {
        let outcome = if met { Ok(()) } else { Err("found 2".to_owned()) };
        let verdict = Verdict { id: id.into(), kind: "expressions", class: "consensus", outcome };
        let found = check(&[verdict], &read(list).collect(), whole);
        assert_eq!(found, expect);
    }

    #[test]
    fn a_list_is_checked_both_ways() {
        finds("", "a:1", true, true, &[]);
        finds("", "a:1", false, true, &["not met and not listed: a:1 [consensus] found 2"]);
        finds("a:1\tdecided: two", "a:1", false, true, &[]);
        finds("a:1\tdecided: two", "a:1", true, true, &["listed, but met: a:1"]);
        finds("a:1\t ", "a:1", false, true, &["listed without a reason: a:1"]);
        finds("# a:2\n\na:2\tgone", "a:1", true, true, &["listed, but no vector has this id: a:2"]);
        finds("a:2\tgone", "a:1", true, false, &[]);
    }

    #[test]
    fn every_line_of_ours_has_a_reason() {
        let without: Vec<_> = own().into_iter().filter(|(_, reason)| reason.is_empty()).map(|(id, _)| id).collect();
        assert!(without.is_empty(), "{without:?}");
    }
}
