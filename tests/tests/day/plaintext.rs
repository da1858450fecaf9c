//! Nothing of a respondent is plain text: not in the stores, the hub, the web view's folders, or temporary files.

use tianye_tests::day::PLANTED;
use tianye_tests::scan::scan;

use crate::day;

#[test]
fn no_file_of_the_day_holds_what_respondents_said() {
    let scans = &day().scans;
    assert!(scans.len() >= 3, "after the power cut, with windows open, with windows closed");
    for seen in scans {
        assert!(seen.files > 50 && seen.bytes > 1_000_000, "the scan reads the day's files: {seen:?}");
        assert!(seen.leaks.is_empty(), "words of respondents in plain text: {:#?}", seen.leaks);
    }
}

#[test]
fn the_scan_finds_every_planted_word_in_a_plain_file() {
    let folder = tempfile::tempdir().unwrap();
    let wide: Vec<u8> = PLANTED.join("。").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("wide"), wide).unwrap();
    std::fs::write(folder.path().join("narrow"), PLANTED.join("\0")).unwrap();
    let seen = scan(folder.path(), PLANTED, &[]).unwrap();
    assert_eq!(seen.leaks.len(), PLANTED.len() * 2, "{:#?}", seen.leaks);
}
