//! The same entries by a stick instead of a hub.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod common;

use common::{MARKER, Team, laptop::Laptop};
use tianye_journal::{Frontier, ReadingKey};
use tianye_sync::{Cancel, read_stick, write_stick};

fn carry(team: &mut Team, from: &mut Laptop, known: &Frontier, folder: &std::path::Path) -> std::path::PathBuf {
    let readers = [team.reading.recipient()];
    write_stick(from, folder, known, &readers, &Cancel::default(), &mut team.rng).unwrap()
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
    let report = read_stick(&mut lead, &path, &team.reading, &cancel).unwrap();
    assert_eq!((report.received, report.chunks, report.set_aside.len()), (620, 2, 0));
    assert!(report.damage.is_none());
    assert_eq!((lead.heads(), &lead.chunks), (wuyi.heads(), &wuyi.chunks));
    let again = read_stick(&mut lead, &path, &team.reading, &cancel).unwrap();
    assert_eq!((again.received, again.repeated), (0, 620));

    // The next evening only what is new.
    wuyi.write(5);
    wuyi.chunks.clear();
    let next = carry(&mut team, &mut wuyi, &lead.heads().clone(), stick.path());
    assert!(std::fs::metadata(&next).unwrap().len() < bytes.len() as u64 / 10);
    assert_eq!(read_stick(&mut lead, &next, &team.reading, &cancel).unwrap().received, 5);

    let stranger = ReadingKey::generate(&mut team.rng);
    assert_eq!(read_stick(&mut lead, &path, &stranger, &cancel).unwrap_err().code(), "batch-unusable");
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
        let report = read_stick(&mut lead, &path, &team.reading, &Cancel::default()).unwrap();
        assert_eq!(report.damage.unwrap().code(), "batch-unusable");
        assert!(report.received > 100 && report.received <= 600, "{}", report.received);
        assert_eq!(lead.entries.len(), report.received);
    }
    std::fs::write(&path, b"something else").unwrap();
    let mut lead = team.laptop();
    let refused = read_stick(&mut lead, &path, &team.reading, &Cancel::default());
    assert_eq!(refused.unwrap_err().code(), "batch-unusable");
}
