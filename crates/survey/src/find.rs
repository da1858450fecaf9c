//! Finding people by what is typed of them: part of the name, its pinyin, the first letters of that, or a number.

use crate::duplicates::{narrow, spellings};

/// A respondent as it can be found. Made once for a list; has no `Debug`: it is a name.
pub struct Findable {
    /// Name and numbers, folded.
    texts: Vec<String>,
    /// Each way to read the name, by syllables.
    spelt: Vec<Vec<String>>,
}

impl std::fmt::Debug for Findable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Findable(…)")
    }
}

impl Findable {
    /// A respondent with this name and these numbers: codes, student number, telephone.
    pub fn new<'a>(name: &'a str, numbers: impl IntoIterator<Item = &'a str>) -> Self {
        let texts = std::iter::once(name).chain(numbers).map(plain).filter(|text| !text.is_empty());
        Self { texts: texts.collect(), spelt: spellings(name) }
    }

    /// Whether what was typed finds it: as a part of the name or a number, as pinyin from the beginning of a syllable on
    /// (`xiaoman`, `man`), or as first letters, each perhaps with some of what follows (`xm`, `sxm`, `xiaom`). Nothing
    /// typed finds everybody.
    pub fn is_found_by(&self, typed: &str) -> bool {
        let wanted = plain(typed);
        if wanted.is_empty() || self.texts.iter().any(|text| text.contains(&wanted)) {
            return true;
        }
        let letters = wanted.bytes().all(|byte| byte.is_ascii_lowercase());
        letters && self.spelt.iter().any(|way| (0..way.len()).any(|at| begins(&way[at..], wanted.as_bytes())))
    }
}

/// Whether the letters are the beginnings of these syllables, one after the other: at least one letter of each until the
/// letters are used up.
fn begins(syllables: &[String], letters: &[u8]) -> bool {
    if letters.is_empty() {
        return true;
    }
    let Some((first, rest)) = syllables.split_first() else { return false };
    let same = first.bytes().zip(letters).take_while(|(a, b)| a == *b).count();
    (1..=same).any(|taken| begins(rest, &letters[taken..]))
}

/// Small letters and digits, without spaces, in narrow form.
fn plain(text: &str) -> String {
    text.chars().map(narrow).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, typed: &str, expect: bool) {
        assert_eq!(Findable::new(name, ["217", "13900001111"]).is_found_by(typed), expect, "{name} by {typed}");
    }

    #[test]
    fn people_are_found_by_name_pinyin_initials_and_number() {
        for typed in
            ["", " ", "小满", "满", "单 小满", "shanxiaoman", "xiaoman", "man", "sxm", "xm", "xiaom", "sxman", "SXM"]
        {
            check("单小满", typed, true);
        }
        for typed in ["217", "２１７", "1111", "17"] {
            check("单小满", typed, true);
        }
        for typed in ["dan", "ms", "xmx", "小慢", "218", "aoman", "x m a n g"] {
            check("单小满", typed, false);
        }
        // A name with two readings is found by both.
        check("葛乐", "gele", true);
        check("葛乐", "geyue", true);
        check("欧阳娜", "oyn", true);
        check("Anna", "ann", true);
        check("", "a", false);
    }
}
