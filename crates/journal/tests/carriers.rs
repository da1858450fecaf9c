//! Batches, chunks, envelopes, receipts and logins: whole, cut, changed.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod common;
use common::*;
use std::io::{Read as _, Write as _};
use tianye_journal::*;

fn batch() -> (Vec<SealedEntry>, Vec<SealedChunk>, Vec<u8>) {
    let mut world = World::new(200);
    let (_, _, entries) = world.chain(3);
    let chunks = seal_file(&FileKey::generate(&mut world.rng), b"media", &mut world.rng).unwrap();
    let mut writer = BatchWriter::new(Vec::new()).unwrap();
    for entry in &entries {
        writer.entry(entry).unwrap();
    }
    for chunk in &chunks {
        writer.chunk(chunk).unwrap();
    }
    (entries, chunks, writer.finish().unwrap())
}

/// Reads everything: the items before an error, and its code.
fn read(bytes: &[u8]) -> (Vec<Item>, Option<&'static str>) {
    let reader = match BatchReader::new(bytes) {
        Ok(reader) => reader,
        Err(e) => return (vec![], Some(e.code())),
    };
    let mut items = vec![];
    for item in reader {
        match item {
            Ok(item) => items.push(item),
            Err(e) => return (items, Some(e.code())),
        }
    }
    (items, None)
}

#[test]
fn a_batch_comes_back_as_it_was() {
    let (entries, chunks, bytes) = batch();
    let expected: Vec<Item> = entries.into_iter().map(Item::Entry).chain(chunks.into_iter().map(Item::Chunk)).collect();
    assert_eq!(read(&bytes), (expected, None));
    let empty = BatchWriter::new(Vec::new()).unwrap().finish().unwrap();
    assert_eq!(read(&empty), (vec![], None));
}

#[test]
fn every_cut_of_a_batch_is_noticed_and_what_came_before_is_given() {
    let (_, _, bytes) = batch();
    let whole = read(&bytes).0;
    for len in 0..bytes.len() {
        let (items, error) = read(&bytes[..len]);
        assert_eq!(error, Some("journal-cut-off"), "{len}");
        assert_eq!(items, whole[..items.len()], "{len}");
    }
}

#[test]
fn every_flipped_byte_of_a_batch_is_noticed() {
    let (_, _, bytes) = batch();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(read(&changed).1.is_some(), "{at}");
    }
}

#[test]
fn what_a_batch_may_not_be() {
    let (_, _, bytes) = batch();
    #[track_caller]
    fn check(bytes: &[u8], code: &str) {
        assert_eq!(read(bytes).1, Some(code));
    }
    let with = |at: usize, value: &[u8]| {
        let mut changed = bytes.clone();
        changed[at..at + value.len()].copy_from_slice(value);
        changed
    };
    check(b"PK\x03\x04 not a batch", "journal-unknown-format");
    check(&with(7, &[2]), "journal-unknown-format");
    check(&with(8, &[9]), "journal-not-canonical");
    // A declared length is refused before memory is taken for it.
    check(&with(9, &[0xff; 4]), "journal-too-long");
    check(&with(bytes.len() - 1, &[bytes[bytes.len() - 1] ^ 1]), "journal-batch-damaged");
    check(&with(bytes.len() - 33, &[7]), "journal-batch-damaged");
    check(&[bytes.as_slice(), b"x"].concat(), "journal-extra-bytes");
}

#[test]
fn an_entry_of_the_future_travels_on() {
    let (_, _, bytes) = batch();
    let mut writer = BatchWriter::new(Vec::new()).unwrap();
    writer.entry_bytes(b"\x02from a later version").unwrap();
    let (items, error) = read(&writer.finish().unwrap());
    let reason = WireError::UnknownSuite { what: "entry", found: 2 };
    assert_eq!((items, error), (vec![Item::Unreadable { bytes: b"\x02from a later version".to_vec(), reason }], None));
    assert!(BatchWriter::new(Vec::new()).unwrap().entry_bytes(&vec![1; SealedEntry::MAX_LEN + 1]).is_err());
    assert!(read(&bytes).1.is_none());
}

#[test]
fn files_come_back_whole_or_not_at_all() {
    let rng = &mut rng(201);
    let key = FileKey::generate(rng);
    for len in [0, 1, 5000, CHUNK_CONTENT, CHUNK_CONTENT + 1, 2 * CHUNK_CONTENT + 17] {
        let content: Vec<u8> = (0..len).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let chunks = seal_file(&key, &content, rng).unwrap();
        assert!(chunks.iter().all(|c| c.as_bytes().len() <= MAX_CHUNK));
        assert_eq!(*open_file(&key, &chunks).unwrap(), content);
    }
    let chunks = seal_file(&key, &vec![5; 2 * CHUNK_CONTENT], rng).unwrap();
    #[track_caller]
    fn refuse(key: &FileKey, chunks: &[SealedChunk]) {
        assert_eq!(open_file(key, chunks).unwrap_err().code(), "journal-wrong-content-key");
    }
    refuse(&FileKey::generate(rng), &chunks);
    refuse(&key, &chunks[..1]);
    refuse(&key, &[chunks[1].clone(), chunks[0].clone()]);
    let mut bytes = chunks[0].as_bytes().to_vec();
    bytes[100] ^= 1;
    let changed = SealedChunk::from_bytes(bytes).unwrap();
    assert_ne!(changed.id(), chunks[0].id());
    refuse(&key, &[changed, chunks[1].clone()]);
    assert_eq!(SealedChunk::from_bytes(vec![]).unwrap_err().code(), "journal-cut-off");
    assert_eq!(SealedChunk::from_bytes(vec![2, 0]).unwrap_err().code(), "journal-unknown-suite");
    assert_eq!(SealedChunk::from_bytes(vec![1; MAX_CHUNK + 1]).unwrap_err().code(), "journal-too-long");
    let tiny = SealedChunk::from_bytes(vec![1, 0]).unwrap();
    assert_eq!(open_file(&key, &[tiny]).unwrap_err().code(), "journal-cut-off");
    assert_eq!(seal_chunk(&key, 0, 1, &vec![0; CHUNK_CONTENT + 1], rng).unwrap_err().code(), "journal-too-long");
}

#[test]
fn an_envelope_opens_for_each_reader_and_nobody_else() {
    let rng = &mut rng(202);
    let keys: Vec<ReadingKey> = (0..MAX_READERS).map(|_| ReadingKey::generate(rng)).collect();
    let readers: Vec<Recipient> = keys.iter().map(ReadingKey::recipient).collect();
    let mut sealed = Vec::new();
    let mut writer = seal_stream(&readers, &mut sealed).unwrap();
    let content = vec![42; 200_000];
    writer.write_all(&content).unwrap();
    writer.finish().unwrap();
    for key in &keys {
        let mut opened = Vec::new();
        open_stream(sealed.as_slice(), key).unwrap().read_to_end(&mut opened).unwrap();
        assert_eq!(opened, content);
    }
    let stranger = ReadingKey::generate(rng);
    assert_eq!(open_stream(sealed.as_slice(), &stranger).err().map(|e| e.code()), Some("journal-not-for-reader"));
    for len in [sealed.len() - 1, sealed.len() - 20, 70_000] {
        let mut opened = Vec::new();
        assert!(open_stream(&sealed[..len], &keys[0]).unwrap().read_to_end(&mut opened).is_err(), "{len}");
    }
    assert!(seal_stream(&[], Vec::new()).is_err());
    assert_eq!(seal_for(&[], b"x").unwrap_err().code(), "journal-no-readers");
    assert_eq!(open_for(&keys[0], &sealed, 1000).unwrap_err().code(), "journal-too-long");
}

#[test]
fn headers_of_envelopes_are_measured_before_they_are_parsed() {
    let key = ReadingKey::generate(&mut rng(203));
    #[track_caller]
    fn check(key: &ReadingKey, bytes: &[u8], code: &str) {
        assert_eq!(open_for(key, bytes, 1000).unwrap_err().code(), code);
    }
    check(&key, b"", "journal-unknown-format");
    check(&key, b"age-encryption.org/v2\n", "journal-unknown-format");
    check(&key, b"age-encryption.org/v1\n-> X25519 abc", "journal-unknown-format");
    let mut many = b"age-encryption.org/v1\n".to_vec();
    for _ in 0..=MAX_STANZAS {
        many.extend_from_slice(b"-> X25519 AAAA\nAAAA\n");
    }
    check(&key, &many, "journal-too-long");
    let mut long = b"age-encryption.org/v1\n-> X25519 ".to_vec();
    long.resize(1_000_000, b'A');
    check(&key, &long, "journal-too-long");
    let mut lines = b"age-encryption.org/v1\n".to_vec();
    lines.extend(b"AAAA\n".iter().cycle().take(100_000));
    check(&key, &lines, "journal-too-long");
}

/// A sealed file whose ephemeral share is `share`: age itself tells a useless point from one of another reader.
fn with_share(share: [u8; 32]) -> Vec<u8> {
    use base64::Engine as _;
    let b64 = base64::engine::general_purpose::STANDARD_NO_PAD;
    let (share, body, mac) = (b64.encode(share), b64.encode([9; 32]), b64.encode([9; 32]));
    let mut file = format!("age-encryption.org/v1\n-> X25519 {share}\n{body}\n--- {mac}\n").into_bytes();
    file.extend([0; 64]);
    file
}

#[test]
fn points_of_small_order_are_no_recipients() {
    let key = ReadingKey::generate(&mut rng(204));
    let points = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for point in points {
        let mut point: [u8; 32] = from_hex(point).unwrap().try_into().unwrap();
        for top in [0, 0x80] {
            point[31] = point[31] & 0x7f | top;
            assert_eq!(Recipient::from_bytes(point).unwrap_err().code(), "journal-bad-recipient");
            let found = open_for(&key, &with_share(point), 1000).unwrap_err();
            assert_eq!(found, OpenError::WrongKey, "age finds the point useless too");
        }
    }
    let good = *key.recipient().as_bytes();
    assert_eq!(Recipient::from_bytes(good).unwrap(), key.recipient());
    assert_eq!(open_for(&key, &with_share(good), 1000).unwrap_err(), OpenError::NotForReader);
}

#[test]
fn a_secret_key_comes_back_from_paper() {
    let key = ReadingKey::generate(&mut rng(206));
    let text = key.to_secret_text();
    assert!(text.starts_with("AGE-SECRET-KEY-1"));
    for good in [text.to_string(), text.to_lowercase()] {
        assert_eq!(ReadingKey::from_secret_text(&good).unwrap(), key);
    }
    let public = key.recipient().to_string();
    for wrong in ["", "AGE-SECRET-KEY-1", &text[..70], &text.replacen("KEY", "KEX", 1), &public, "王芳"] {
        assert_eq!(ReadingKey::from_secret_text(wrong).unwrap_err().code(), "journal-bad-reading-key", "{wrong}");
    }
}

#[test]
fn keys_have_one_text() {
    let rng = &mut rng(205);
    let recipient = ReadingKey::generate(rng).recipient();
    let text = recipient.to_string();
    assert_eq!(text.parse(), Ok(recipient));
    for wrong in ["", "age1", &text[..60], &text.replacen("age", "agf", 1), &format!("{text}q"), "王芳"] {
        assert_eq!(wrong.parse::<Recipient>(), Err(KeyError::BadRecipient), "{wrong}");
    }
    let key = SigningKey::generate(rng).public();
    assert_eq!(key.to_string().parse(), Ok(key));
    assert_eq!(PublicKey::from_bytes(&[0; 32]), Err(KeyError::BadPublicKey));
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(PublicKey::from_bytes(&neutral), Err(KeyError::BadPublicKey));
    assert_eq!("00".parse::<PublicKey>().unwrap_err().code(), "journal-bad-public-key");
}

#[test]
fn identities_have_one_text() {
    let rng = &mut rng(206);
    let record = RecordId::random(rng);
    let text = record.to_string();
    assert_eq!((text.len(), text.parse(), record.to_uuid().get_version_num()), (36, Ok(record), 4));
    let json = serde_json::to_string(&record).unwrap();
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<RecordId>(&json).unwrap(), record);
    let code = |text: &str| text.parse::<RecordId>().unwrap_err().code();
    assert_eq!(code(&text.replace('-', "")), "journal-bad-identity");
    assert_eq!(code("王芳"), "journal-bad-identity");
    assert!(serde_json::from_str::<EntryHash>("\"ABCD\"").is_err());
    let hash = EntryHash::from_bytes([0xa5; 32]);
    assert_eq!(hash.to_string().parse(), Ok(hash));
    assert!(hash.to_string().to_uppercase().parse::<EntryHash>().is_err());
    assert_eq!((Seq::new(0), Seq::new(1 << 53), Seq::LAST.next(), Seq::FIRST.previous()), (None, None, None, None));
}

#[test]
fn receipts_are_the_same_always_and_of_one_hub() {
    let mut world = World::new(207);
    let (_, _, entries) = world.chain(2);
    let (hub, other) = (HubKey::generate(&mut world.rng), HubKey::generate(&mut world.rng));
    let receipt = Receipt::sign(&hub, world.project, entries[1].place());
    assert_eq!(receipt, Receipt::sign(&hub, world.project, entries[1].place()));
    assert_eq!(Receipt::from_bytes(&receipt.to_bytes()), Ok(receipt));
    assert_eq!(receipt.verify(&hub.public()), Ok(()));
    assert_eq!(receipt.verify(&other.public()).unwrap_err().code(), "journal-bad-signature");
    let bytes = receipt.to_bytes();
    assert_eq!(bytes.len(), Receipt::LEN);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let noticed = Receipt::from_bytes(&changed).is_ok_and(|r| r.verify(&hub.public()).is_ok());
        assert!(!noticed, "{at}");
    }
}

#[test]
fn an_answer_to_a_challenge_fits_one_hub_project_and_challenge() {
    let rng = &mut rng(208);
    let (key, hub, other) = (SigningKey::generate(rng), HubKey::generate(rng).public(), HubKey::generate(rng).public());
    let (here, there) = (ProjectId::random(rng), ProjectId::random(rng));
    let answer = key.answer_challenge(here, &hub, &[1; 32]);
    let check = |project, hub: &HubPublicKey, challenge| key.public().check_answer(project, hub, challenge, &answer);
    assert_eq!(check(here, &hub, &[1; 32]), Ok(()));
    assert_eq!(check(there, &hub, &[1; 32]), Err(KeyError::BadSignature));
    assert_eq!(check(here, &other, &[1; 32]), Err(KeyError::BadSignature));
    assert_eq!(check(here, &hub, &[2; 32]), Err(KeyError::BadSignature));
    assert!(SigningKey::generate(rng).public().check_answer(here, &hub, &[1; 32], &answer).is_err());
}

#[test]
fn frontiers_have_one_form() {
    let chain = |byte: u8| [byte; 16];
    let head = |seq: u64, byte: u8| [seq.to_be_bytes().as_slice(), &[byte; 32]].concat();
    let one = |id: u8, heads: &[Vec<u8>]| {
        let count = u16::try_from(heads.len()).unwrap().to_be_bytes();
        [chain(id).as_slice(), &count, &heads.concat()].concat()
    };
    #[track_caller]
    fn check(count: u32, chains: &[Vec<u8>], code: Option<&str>) {
        let bytes = [&[1], count.to_be_bytes().as_slice(), &chains.concat()].concat();
        assert_eq!(Frontier::from_bytes(&bytes).err().map(|e| e.code()), code);
    }
    check(0, &[], None);
    check(1, &[one(1, &[head(1, 1), head(1, 2), head(2, 0)])], None);
    check(1, &[one(1, &[])], Some("journal-not-canonical"));
    check(1, &[one(1, &[head(0, 1)])], Some("journal-not-canonical"));
    check(1, &[one(1, &[head(2, 1), head(1, 1)])], Some("journal-not-canonical"));
    check(1, &[one(1, &[head(1, 1), head(1, 1)])], Some("journal-not-canonical"));
    check(2, &[one(2, &[head(1, 1)]), one(1, &[head(1, 1)])], Some("journal-not-canonical"));
    check(2, &[one(1, &[head(1, 1)])], Some("journal-cut-off"));
    check(u32::MAX, &[], Some("journal-too-long"));
    assert_eq!(Frontier::from_bytes(&[2, 0, 0, 0, 0]).unwrap_err().code(), "journal-unknown-suite");
}

#[test]
fn a_chain_that_was_split_too_often_is_named_by_its_last_heads() {
    let mut frontier = Frontier::default();
    let chain = ChainId::from_bytes([1; 16]);
    for number in 1..=u16::try_from(MAX_HEADS).unwrap() + 40 {
        let mut hash = [0; 32];
        hash[..2].copy_from_slice(&number.to_be_bytes());
        let seq = Seq::new(u64::from(number / 100) + 1).unwrap();
        frontier.insert(chain, Head { seq, hash: EntryHash::from_bytes(hash) });
    }
    let told = Frontier::from_bytes(&frontier.to_bytes().unwrap()).unwrap();
    let (all, told): (Vec<Head>, Vec<Head>) = (frontier.heads(chain).collect(), told.heads(chain).collect());
    assert_eq!(told, all[40..]);
}
