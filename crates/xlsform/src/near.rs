//! Words that are almost other words.

/// The candidate nearest to `word`, when it is near enough to be what the author meant: at most two edits, and at most a
/// third of the word and less than all of it, case and `-`/`_`/space aside.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = flatten(word);
    let limit = (plain.len() / 3).clamp(1, 2);
    candidates
        .into_iter()
        .filter(|c| *c != word)
        .map(|c| (distance(&plain, &flatten(c)), c))
        .filter(|(d, _)| *d <= limit && *d < plain.len())
        .min_by_key(|(d, _)| *d)
        .map(|(_, c)| c)
}

fn flatten(word: &str) -> Vec<char> {
    word.trim().chars().map(|c| if matches!(c, '-' | ' ') { '_' } else { c }).flat_map(char::to_lowercase).collect()
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, candidates: &[&str], expect: Option<&str>) {
        assert_eq!(nearest(word, candidates.iter().copied()), expect);
    }

    #[test]
    fn slips_of_the_finger_are_found_and_other_words_are_not() {
        check("mother_plce", &["father_place", "mother_place"], Some("mother_place"));
        check("lable", &["label", "name"], Some("label"));
        check("Relevent", &["relevant", "required"], Some("relevant"));
        check("constraint message", &["constraint_message"], Some("constraint_message"));
        check("a", &["bcd"], None);
        check("4", &["1", "2"], None);
        check("notes", &["name", "label"], None);
        check("label", &["label"], None);
    }
}
