//! How many share what a person could be recognised by.

use std::collections::{BTreeMap, BTreeSet};

/// A record for counting: who it is of, and what it tells in each of the columns chosen.
#[derive(Clone, PartialEq, Eq)]
pub struct Trait {
    /// The respondent's code in the export; records of one respondent count once.
    pub who: String,
    /// The interview's code in the export.
    pub interview: String,
    /// Cells of the chosen columns; a blank is a value of its own.
    pub cells: Vec<String>,
}

/// What the classes come to: records that tell the same in all chosen columns are one class.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Anonymity {
    /// Respondents in the smallest class; none without records.
    pub smallest: Option<usize>,
    /// Records in classes of fewer than k respondents.
    pub below: usize,
    /// Those records, by their place, smallest classes first.
    pub rows: Vec<usize>,
    /// For each chosen column: how many records would be in small classes without it.
    pub without: Vec<usize>,
}

impl std::fmt::Debug for Trait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Trait({} cells)", self.cells.len())
    }
}

/// k-anonymity (Samarati and Sweeney 1998) of records over the columns chosen.
#[must_use]
pub fn anonymity(records: &[Trait], k: usize) -> Anonymity {
    let sizes = sizes(records, None);
    let mut rows: Vec<usize> = (0..records.len()).filter(|at| sizes[*at] < k).collect();
    rows.sort_by_key(|at| (sizes[*at], *at));
    let columns = records.first().map_or(0, |one| one.cells.len());
    let without = (0..columns).map(|left_out| {
        let sizes = self::sizes(records, Some(left_out));
        sizes.iter().filter(|size| **size < k).count()
    });
    Anonymity { smallest: sizes.iter().min().copied(), below: rows.len(), without: without.collect(), rows }
}

/// For each record how many respondents its class has.
fn sizes(records: &[Trait], left_out: Option<usize>) -> Vec<usize> {
    let key = |one: &Trait| -> Vec<String> {
        let kept = one.cells.iter().enumerate().filter(|(at, _)| Some(*at) != left_out);
        kept.map(|(_, cell)| cell.clone()).collect()
    };
    let mut classes: BTreeMap<Vec<String>, BTreeSet<&str>> = BTreeMap::new();
    for one in records {
        classes.entry(key(one)).or_default().insert(&one.who);
    }
    records.iter().map(|one| classes.get(&key(one)).map_or(0, BTreeSet::len)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(rows: &[(&str, &[&str])]) -> Vec<Trait> {
        let one = |(at, (who, cells)): (usize, &(&str, &[&str]))| Trait {
            who: (*who).to_owned(),
            interview: at.to_string(),
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        rows.iter().enumerate().map(one).collect()
    }

    #[track_caller]
    fn check(rows: &[(&str, &[&str])], k: usize, smallest: Option<usize>, below: &[usize], without: &[usize]) {
        let found = anonymity(&records(rows), k);
        assert_eq!((found.smallest, found.rows.as_slice()), (smallest, below));
        assert_eq!((found.below, found.without.as_slice()), (below.len(), without));
    }

    #[test]
    fn classes_are_counted_by_respondents() {
        check(&[], 2, None, &[], &[]);
        check(&[("a", &["10", "f"]), ("b", &["10", "f"])], 2, Some(2), &[], &[0, 0]);
        check(&[("a", &["10", "f"]), ("b", &["10", "m"])], 2, Some(1), &[0, 1], &[2, 0]);
        // The same child twice is one respondent.
        check(&[("a", &["10"]), ("a", &["10"]), ("b", &["11"]), ("c", &["11"])], 2, Some(1), &[0, 1], &[0]);
        // A blank is a value: who is the only one that did not say stands out too.
        check(&[("a", &[""]), ("b", &["11"]), ("c", &["11"])], 2, Some(1), &[0], &[0]);
        // Without columns all are one class.
        check(&[("a", &[]), ("b", &[])], 2, Some(2), &[], &[]);
    }
}
