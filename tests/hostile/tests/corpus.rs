//! Every file of the corpus is lived through, on the ordinary compiler.

#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tianye_hostile::TARGETS;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("fuzz")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    entries.map(name).collect()
}

fn replay(targets: impl Fn(&str) -> bool) {
    for target in TARGETS.iter().filter(|target| targets(target.name)) {
        let folder = fuzz().join("corpus").join(target.name);
        let files = names(&folder);
        assert!(files.len() >= 3, "the corpus of {} has {} files", target.name, files.len());
        for file in files {
            let bytes = std::fs::read(folder.join(&file)).unwrap();
            assert!(bytes.len() <= 64 * 1024, "{}/{file} has {} bytes; minimise it", target.name, bytes.len());
            let run = target.run;
            if std::panic::catch_unwind(|| run(&bytes)).is_err() {
                panic!("{}/{file} broke it; its words stand above", target.name);
            }
        }
    }
}

#[test]
fn workbooks() {
    replay(|name| name.starts_with("workbook"));
}

#[test]
fn sessions() {
    replay(|name| name == "session");
}

#[test]
fn everything_else() {
    replay(|name| name != "session" && !name.starts_with("workbook"));
}

/// A target without a program for the fuzzer, or the other way round, would be forgotten.
#[cfg(all(feature = "desk", feature = "sealed"))]
#[test]
fn every_target_is_fuzzed_and_has_a_corpus() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let programs = names(&fuzz().join("fuzz_targets"));
    assert_eq!(programs.iter().map(|name| name.replace(".rs", "")).collect::<BTreeSet<_>>(), targets);
    assert_eq!(names(&fuzz().join("corpus")), targets);
}
