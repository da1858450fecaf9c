//! What stands on a stick beside batches: names of files, cards of laptops, second black boxes.
//!
//! The bytes are a file: its name in the first line, then what stands in it. Of a card that is what a member of the team said;
//! signature and seal are made here, since a fuzzer cannot guess them. Of any other name all lines are names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use tianye_journal::{BatchWriter, Certificate, SigningKey, Trust, seal_for, to_hex};
use tianye_store::{read_black_box, salvage_black_box};
use tianye_sync::{CardWriter, Part, StickCard, held_with, missing_parts, stick_cards};

use crate::sealed::{PROJECT, project_key, reading_key};

/// Files that lie on each stick, for cards to name: of so many bytes.
const FILES: [(&str, usize); 2] = [("0102030405060708-001.tianye", 5), ("0102030405060708-002-end.tianye", 7)];

/// The key of the laptop that left the card.
#[must_use]
pub fn signing_key() -> SigningKey {
    SigningKey::from_secret_bytes(&[5; 32])
}

/// A file of a stick.
pub fn stick(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (name, content) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    match std::str::from_utf8(name).ok().and_then(|name| Path::new(name).extension()?.to_str()) {
        Some("box") => black_box(content),
        Some("tianye-card") => card(content),
        _ => names(bytes),
    }
}

/// No name makes more work than it is long.
fn names(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let files: Vec<&Path> = text.lines().map(Path::new).collect();
    let missing = missing_parts(files.iter().copied());
    assert!(missing.len() <= 1_000, "{} names are told", missing.len());
    let here: BTreeSet<Part> = files.iter().filter_map(|file| Part::of(file)).collect();
    for name in &missing {
        let part = Part::of(Path::new(&format!("{name}.tianye")));
        assert!(part.is_none_or(|part| !here.contains(&part)), "{name} is here");
    }
}

/// A black box gives whole entries; written anew they are a black box without damage.
fn black_box(content: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.box");
    std::fs::write(&path, content).unwrap();
    let whole = read_black_box(&path);
    let Ok((entries, damaged)) = salvage_black_box(&path) else {
        assert!(whole.is_err());
        return;
    };
    assert_eq!(whole.is_ok(), damaged == 0);
    let mut batch = BatchWriter::new(Vec::new()).unwrap();
    entries.iter().for_each(|entry| batch.entry(entry).unwrap());
    std::fs::write(&path, batch.finish().unwrap()).unwrap();
    assert_eq!(read_black_box(&path).unwrap(), entries);
}

/// What a card says stays in its folder, and is left again as the same.
fn card(said: &[u8]) {
    let Ok(said) = std::str::from_utf8(said) else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, length) in FILES {
        std::fs::write(folder.path().join(name), vec![0; length]).unwrap();
    }
    let (key, trust) = (signing_key(), Trust { project: PROJECT, key: project_key().public() });
    let signature = to_hex(key.sign_stick_card(PROJECT, said.as_bytes()).as_bytes());
    let signed = serde_json::json!({ "said": said, "signature": signature });
    let readers = [reading_key().recipient()];
    let sealed = seal_for(&readers, signed.to_string().as_bytes()).unwrap();
    let path = folder.path().join("00.tianye-card");
    std::fs::write(&path, sealed).unwrap();
    let read = || stick_cards(folder.path(), &[reading_key()], &trust).unwrap();
    let cards = read();
    let Some(card) = cards.first() else { return };
    assert_eq!(card.key, key.public());
    for file in &card.files {
        assert_eq!(file.path.parent(), Some(folder.path()), "a card names what lies beside it");
        assert!(file.path.is_file());
    }
    let held = held_with(&card.frontier, &card.files);
    for (chain, head) in card.frontier.iter() {
        assert!(held.heads(chain).any(|other| other.seq >= head.seq), "files take nothing away");
    }
    let certificate = certificate_of(said);
    let writer = CardWriter { key: &key, certificate: &certificate, readers: &readers };
    let mut old: Vec<PathBuf> = vec![card.path.clone()];
    let has = (&card.frontier, card.chunks.iter().copied().collect());
    writer.leave(folder.path(), &trust, has, &card.files, &mut old, &mut ChaCha20Rng::from_seed([6; 32])).unwrap();
    let again = read();
    let said = |card: &StickCard| (card.frontier.clone(), card.chunks.clone(), card.files.clone());
    assert_eq!(again.iter().map(said).collect::<Vec<_>>(), [said(card)]);
}

/// The certificate that a card which was read stands on.
fn certificate_of(said: &str) -> Certificate {
    let said: serde_json::Value = serde_json::from_str(said).unwrap();
    let hex = said["certificate"].as_str().unwrap();
    Certificate::from_bytes(&tianye_journal::from_hex(hex).unwrap()).unwrap()
}
