//! The names of files on a stick. What is written in one go is a series; each file of it is a part that stands for itself.
//!
//! `SERIES.tianye` is a series of one part; of several, `SERIES-001.tianye`, `SERIES-002.tianye` … `SERIES-007-end.tianye`. So
//! the names alone say which part is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tianye_journal::{from_hex, to_hex};

use crate::stick::ENDING;

/// Most names of missing parts that are told. Names cost who writes them nothing: one that says that it is the last of a hundred
/// thousand, a thousand times over, would otherwise fill the memory.
const MOST_MISSING: usize = 1_000;
/// Digits of a part's number: FAT32 holds fewer files in its first folder.
const DIGITS: usize = 3;
const END: &str = "end";

/// A part of a series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    series: [u8; 8],
    /// From 1.
    number: u32,
    last: bool,
}

impl Part {
    pub(crate) fn first(series: [u8; 8]) -> Self {
        Self { series, number: 1, last: false }
    }

    pub(crate) fn next(&self) -> Self {
        Self { number: self.number + 1, last: false, ..self.clone() }
    }

    /// Whether nothing comes after it.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.last
    }

    /// Its name without the ending.
    pub(crate) fn stem(&self, last: bool) -> String {
        let (series, number) = (to_hex(&self.series), self.number);
        match (number, last) {
            (1, true) => series,
            (_, true) => format!("{series}-{number:0DIGITS$}-{END}"),
            (_, false) => format!("{series}-{number:0DIGITS$}"),
        }
    }

    /// Reads a name; `None` for one that this program would not have given.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        if !path.extension()?.eq_ignore_ascii_case(ENDING) {
            return None;
        }
        // A stick may have been through a system that writes names in capitals.
        let stem = path.file_stem()?.to_str()?.to_ascii_lowercase();
        let mut words = stem.split('-');
        let series = from_hex(words.next()?)?.try_into().ok()?;
        let Some(number) = words.next() else { return Some(Self { series, number: 1, last: true }) };
        let number: u32 = number.parse().ok().filter(|number| (1..100_000).contains(number))?;
        let last = match words.next() {
            None => false,
            Some(END) => true,
            Some(_) => return None,
        };
        words.next().is_none().then_some(Self { series, number, last })
    }
}

/// The names of parts that are missing beside these files, without their ending. Where no end of a series is here, the part
/// after the last one is missing: there may be more. Of very many the first ones are told.
#[must_use]
pub fn missing_parts<'a>(files: impl IntoIterator<Item = &'a Path>) -> Vec<String> {
    let mut all: BTreeMap<[u8; 8], BTreeSet<(u32, bool)>> = BTreeMap::new();
    for part in files.into_iter().filter_map(Part::of) {
        all.entry(part.series).or_default().insert((part.number, part.last));
    }
    let mut missing = Vec::new();
    for (series, parts) in all {
        let ended = parts.iter().any(|(_, last)| *last);
        let most = parts.iter().map(|(number, _)| *number).max().unwrap_or(0);
        let here: BTreeSet<u32> = parts.into_iter().map(|(number, _)| number).collect();
        let numbers = (1..=most).filter(|number| !here.contains(number)).chain((!ended).then_some(most + 1));
        let left = MOST_MISSING - missing.len();
        missing.extend(numbers.take(left).map(|number| Part { series, number, last: false }.stem(false)));
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[&str], expect: &[&str]) {
        let paths: Vec<&Path> = files.iter().map(Path::new).collect();
        assert_eq!(missing_parts(paths), expect, "{files:?}");
    }

    #[test]
    fn a_missing_part_is_known_by_name() {
        check(&[], &[]);
        check(&["0102030405060708.tianye"], &[]);
        check(&["0102030405060708-001.tianye", "0102030405060708-002-end.tianye"], &[]);
        check(&["0102030405060708-002-end.tianye"], &["0102030405060708-001"]);
        check(
            &["0102030405060708-001.tianye", "0102030405060708-004-end.tianye"],
            &["0102030405060708-002", "0102030405060708-003"],
        );
        check(&["0102030405060708-001.tianye"], &["0102030405060708-002"]);
        check(&["0102030405060708-001.TIANYE", "0102030405060708-002-END.TIANYE"], &[]);
        check(
            &["holiday.tianye", "0102-1.tianye", "0102030405060708-001-end-x.tianye", "0102030405060708-000.tianye"],
            &[],
        );
    }

    #[test]
    fn names_that_promise_very_many_parts_fill_no_list() {
        let names: Vec<String> = (0..100).map(|series| format!("{series:016x}-99999.{ENDING}")).collect();
        let missing = missing_parts(names.iter().map(Path::new));
        assert_eq!(missing.len(), MOST_MISSING);
        assert_eq!(missing[0], "0000000000000000-001");
    }

    #[test]
    fn names_are_read_as_they_are_given() {
        let mut part = Part::first([7; 8]);
        for _ in 0..1_100 {
            for last in [false, true] {
                let name = format!("{}.{ENDING}", part.stem(last));
                let read = Part::of(Path::new(&name)).unwrap();
                assert_eq!((read.series, read.number, read.last), (part.series, part.number, last), "{name}");
            }
            part = part.next();
        }
    }
}
