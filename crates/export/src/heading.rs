//! Headings that no other column has.

use std::collections::{HashMap, HashSet};

/// One heading for each column. A column hands in what it could be called, best first: columns that share a heading
/// (upper and lower case are one) all take their next one, so that none of them passes for the only one. What is still
/// shared in the end gets a number.
pub(crate) fn unique(candidates: &[Vec<String>]) -> Vec<String> {
    let mut levels = vec![0; candidates.len()];
    let at = |column: usize, level: usize| candidates[column].get(level).map_or("", String::as_str);
    loop {
        let mut shared: HashMap<String, u32> = HashMap::new();
        for (column, level) in levels.iter().enumerate() {
            *shared.entry(at(column, *level).to_lowercase()).or_default() += 1;
        }
        let mut moved = false;
        for (column, level) in levels.iter_mut().enumerate() {
            if shared[&at(column, *level).to_lowercase()] > 1 && *level + 1 < candidates[column].len() {
                *level += 1;
                moved = true;
            }
        }
        if !moved {
            let headings = levels.iter().enumerate().map(|(column, level)| at(column, *level)).collect::<Vec<_>>();
            return numbered(&headings, &shared);
        }
    }
}

fn numbered(headings: &[&str], shared: &HashMap<String, u32>) -> Vec<String> {
    let mut taken: HashSet<String> =
        shared.iter().filter(|(_, count)| **count == 1).map(|(key, _)| key.clone()).collect();
    let mut unique = Vec::new();
    for heading in headings {
        let mut free = (*heading).to_owned();
        if shared[&heading.to_lowercase()] > 1 {
            let mut number = 2;
            while !taken.insert(free.to_lowercase()) {
                free = format!("{heading} ({number})");
                number += 1;
            }
        }
        unique.push(free);
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns separated by `;`, what a column could be called by `|`.
    #[track_caller]
    fn check(columns: &str, expect: &str) {
        let candidates: Vec<Vec<String>> =
            columns.split(';').map(|column| column.split('|').map(str::to_owned).collect()).collect();
        assert_eq!(unique(&candidates).join(";"), expect);
    }

    #[test]
    fn what_is_unique_stays() {
        check("学校;年龄|年龄 [age]", "学校;年龄");
    }

    #[test]
    fn all_that_share_a_heading_are_told_apart() {
        check("年龄|年龄 [a];姓名;年龄|年龄 [b]", "年龄 [a];姓名;年龄 [b]");
        check("学校;学校|学校 [school]", "学校;学校 [school]");
        check("Age|Age [a];age|age [b]", "Age [a];age [b]");
    }

    #[test]
    fn what_helps_not_is_helped_by_the_next() {
        check("年龄|年龄 [age]|年龄 [/a/age];年龄|年龄 [age]|年龄 [/b/age]", "年龄 [/a/age];年龄 [/b/age]");
    }

    #[test]
    fn a_number_is_the_last_way_out() {
        check("a;a;a", "a;a (2);a (3)");
        check("a;a;a (2)", "a;a (3);a (2)");
        check("a;A", "a;A (2)");
    }
}
