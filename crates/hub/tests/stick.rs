//! The same entries by a stick instead of a hub.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod common;

use std::collections::BTreeSet;

use common::{MARKER, Team, laptop::Laptop};
use proptest::prelude::*;
use tianye_journal::{ChunkId, Frontier, ReadingKey};
use tianye_sync::{
    Cancel, PART_BYTES, Part, StickFile, StickPlan, batches_in, held_with, missing_parts, read_stick, write_stick,
};

fn carry(team: &mut Team, from: &mut Laptop, known: &Frontier, folder: &std::path::Path) -> std::path::PathBuf {
    let readers = [team.reading.recipient()];
    let plan =
        StickPlan { known, known_chunks: &BTreeSet::new(), readers: &readers, part_bytes: PART_BYTES, go_on: None };
    let cancel = Cancel::default();
    let written = write_stick(from, folder, &plan, &cancel, &mut |_| (), &mut team.rng, &mut |_, _| Ok(()));
    let written = written.unwrap();
    assert_eq!(written.len(), 1);
    written[0].clone()
}

#[test]
fn what_one_laptop_lacks_comes_by_stick() {
    let stick = tempfile::tempdir().unwrap();
    let mut team = Team::new(1);
    let (mut wuyi, mut lead) = (team.laptop(), team.laptop());
    wuyi.write(620);
    wuyi.write_file(1_200_000);
    let path = carry(&mut team, &mut wuyi, &Frontier::default(), stick.path());
    let bytes = std::fs::read(&path).unwrap();
    let needle = MARKER.as_bytes();
    assert!(!bytes.windows(needle.len()).any(|window| window == needle));

    let cancel = Cancel::default();
    let report = read_stick(&mut lead, &path, &team.reading, &cancel, &mut |_| ()).unwrap();
    assert_eq!((report.received, report.chunks, report.set_aside.len()), (620, 2, 0));
    assert!(report.damage.is_none());
    assert_eq!((lead.heads(), &lead.chunks), (wuyi.heads(), &wuyi.chunks));
    let again = read_stick(&mut lead, &path, &team.reading, &cancel, &mut |_| ()).unwrap();
    assert_eq!((again.received, again.repeated), (0, 620));

    // The next evening only what is new.
    wuyi.write(5);
    wuyi.chunks.clear();
    let next = carry(&mut team, &mut wuyi, &lead.heads().clone(), stick.path());
    assert!(std::fs::metadata(&next).unwrap().len() < bytes.len() as u64 / 10);
    assert_eq!(read_stick(&mut lead, &next, &team.reading, &cancel, &mut |_| ()).unwrap().received, 5);

    let stranger = ReadingKey::generate(&mut team.rng);
    assert_eq!(read_stick(&mut lead, &path, &stranger, &cancel, &mut |_| ()).unwrap_err().code(), "batch-unusable");
    let names: Vec<_> = std::fs::read_dir(stick.path()).unwrap().map(|item| item.unwrap().path()).collect();
    assert!(names.iter().all(|name| name.extension().unwrap() == "tianye"), "{names:?}");
}

#[test]
fn of_a_damaged_stick_the_honest_part_enters() {
    let stick = tempfile::tempdir().unwrap();
    let mut team = Team::new(2);
    let mut wuyi = team.laptop();
    wuyi.write(600);
    let path = carry(&mut team, &mut wuyi, &Frontier::default(), stick.path());
    let whole = std::fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle] ^= 1;
    for damaged in [&flipped[..], &whole[..whole.len() - 1], &whole[..middle]] {
        std::fs::write(&path, damaged).unwrap();
        let mut lead = team.laptop();
        let report = read_stick(&mut lead, &path, &team.reading, &Cancel::default(), &mut |_| ()).unwrap();
        assert_eq!(report.damage.unwrap().code(), "batch-unusable");
        assert!(report.received > 100 && report.received <= 600, "{}", report.received);
        assert_eq!(lead.entries.len(), report.received);
    }
    std::fs::write(&path, b"something else").unwrap();
    let mut lead = team.laptop();
    let refused = read_stick(&mut lead, &path, &team.reading, &Cancel::default(), &mut |_| ());
    assert_eq!(refused.unwrap_err().code(), "batch-unusable");
}

/// Writes in files of at most so many bytes; pulled out after so many of them, if at all. What is whole.
fn write_parts(
    team: &mut Team,
    from: &mut Laptop,
    folder: &std::path::Path,
    part_bytes: u64,
    whole: &[StickFile],
    pulled_after: Option<usize>,
) -> Vec<StickFile> {
    let (readers, cancel) = ([team.reading.recipient()], Cancel::default());
    let known = held_with(&Frontier::default(), whole);
    let known_chunks: BTreeSet<ChunkId> = whole.iter().flat_map(|file| &file.chunks).copied().collect();
    let last = whole.last().and_then(|file| Part::of(&file.path)).filter(|part| !part.is_last());
    let plan =
        StickPlan { known: &known, known_chunks: &known_chunks, readers: &readers, part_bytes, go_on: last.as_ref() };
    let mut files = whole.to_vec();
    let mut done = |file: &StickFile, _: &mut tianye_sync::Tell<'_>| {
        files.push(file.clone());
        if pulled_after == Some(files.len()) {
            cancel.cancel();
        }
        Ok(())
    };
    let written = write_stick(from, folder, &plan, &cancel, &mut |_| (), &mut team.rng, &mut done);
    assert!(written.is_ok() || pulled_after.is_some(), "{written:?}");
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_file_is_too_large_and_a_missing_one_is_known_by_name(
        entries in 1_usize..60,
        files in prop::collection::vec(1_usize..6_000, 0..12),
        part_bytes in 9_000_u64..60_000,
        pulled_after in prop::option::of(1_usize..4),
        lost in any::<prop::sample::Index>(),
    ) {
        let stick = tempfile::tempdir().unwrap();
        let mut team = Team::new(3);
        let mut wuyi = team.laptop();
        wuyi.write(entries);
        files.iter().for_each(|length| drop(wuyi.write_file(*length)));
        let mut whole = write_parts(&mut team, &mut wuyi, stick.path(), part_bytes, &[], pulled_after);
        if pulled_after.is_some() {
            // Some more was written at the desk before the stick was put in again.
            wuyi.write(2);
            whole = write_parts(&mut team, &mut wuyi, stick.path(), part_bytes, &whole, None);
        }
        let paths = batches_in(stick.path()).unwrap();
        prop_assert_eq!(paths.len(), whole.len());
        for path in &paths {
            prop_assert!(std::fs::metadata(path).unwrap().len() <= part_bytes, "{}", path.display());
        }
        let named = |paths: &[std::path::PathBuf]| missing_parts(paths.iter().map(std::path::PathBuf::as_path));
        prop_assert_eq!(named(&paths), Vec::<String>::new());
        let read = |lead: &mut Laptop, paths: &[std::path::PathBuf]| {
            for path in paths {
                assert!(read_stick(lead, path, &team.reading, &Cancel::default(), &mut |_| ()).unwrap().damage.is_none());
            }
        };
        if paths.len() > 1 {
            let mut rest = paths.clone();
            let gone = rest.remove(lost.index(paths.len()));
            let missing = named(&rest);
            let stem = gone.file_stem().unwrap().to_string_lossy().into_owned();
            // Of two series the second is whole by itself.
            let alone = !stem.contains('-');
            prop_assert!(alone || missing.iter().any(|name| stem.starts_with(name)), "{missing:?} without {stem}");
        }
        let mut lead = team_laptop(3);
        read(&mut lead, &paths);
        prop_assert_eq!(lead.heads(), wuyi.heads());
        prop_assert_eq!(&lead.chunks, &wuyi.chunks);
        let left: Vec<_> = std::fs::read_dir(stick.path()).unwrap().map(|item| item.unwrap().path()).collect();
        prop_assert!(left.iter().all(|path| path.extension().is_some_and(|end| end == "tianye")), "{left:?}");
    }
}

/// The second laptop of a team that is made from a seed.
fn team_laptop(seed: u64) -> Laptop {
    let mut team = Team::new(seed);
    team.laptop();
    team.laptop()
}
