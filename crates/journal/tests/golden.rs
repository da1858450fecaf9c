//! The bytes of FORMAT.md, fixed: what this version writes, and what every later version must read.
//!
//! Each file in `tests/golden` holds named values in hex. What is made from a seed is made again and compared; what holds
//! an age file (age takes its own randomness) is read, checked and written back. `TIANYE_GOLDEN=write cargo test` writes
//! the files anew: only for a new suite or a new format version, never to make a test pass.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod common;
use common::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tianye_journal::pairing::{HubAddress, SealedAdmission};
use tianye_journal::*;

/// One golden file.
struct Golden {
    path: PathBuf,
    title: &'static str,
    writing: bool,
    values: BTreeMap<String, Vec<u8>>,
    written: RefCell<Vec<(String, Vec<u8>)>>,
}

impl Golden {
    fn load(name: &str, title: &'static str) -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
        let writing = std::env::var_os("TIANYE_GOLDEN").is_some_and(|v| v == "write");
        let text =
            if writing { String::new() } else { std::fs::read_to_string(&path).expect("the golden file is there") };
        let mut values: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut current = None;
        for line in text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            if let Some(name) = line.strip_suffix(':') {
                assert!(values.insert(name.to_owned(), vec![]).is_none(), "{name} stands there twice");
                current = Some(name);
            } else {
                let bytes = from_hex(line.trim()).expect("hexadecimal digits");
                values.get_mut(current.expect("a name first")).unwrap().extend(bytes);
            }
        }
        Self { path, title, writing, values, written: RefCell::default() }
    }

    /// The value is exactly this.
    #[track_caller]
    fn same(&self, name: &str, made: &[u8]) {
        let golden = self.kept(name, || made.to_vec());
        assert_eq!(to_hex(made), to_hex(&golden), "{name} is no longer what FORMAT.md says");
    }

    /// The value as it is kept; `make` is asked only when writing.
    fn kept(&self, name: &str, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        let value = if self.writing { make() } else { self.values.get(name).expect("a golden value").clone() };
        let mut written = self.written.borrow_mut();
        if !written.iter().any(|(known, _)| known == name) {
            written.push((name.to_owned(), value.clone()));
        }
        value
    }

    fn finish(self) {
        let written = self.written.into_inner();
        if self.writing {
            let mut text = format!("# {}\n# Made by tests/golden.rs; see FORMAT.md.\n", self.title);
            for (name, value) in &written {
                text.push_str(&format!("\n{name}:\n"));
                for line in value.chunks(48) {
                    text.push_str(&format!("    {}\n", to_hex(line)));
                }
            }
            std::fs::write(&self.path, text).unwrap();
        } else {
            let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
            let mut unread: Vec<&String> = self.values.keys().filter(|k| !names.contains(&k.as_str())).collect();
            unread.sort();
            assert!(unread.is_empty(), "nobody checks {unread:?}");
        }
    }
}

/// Everything that the golden files are made from.
struct Cast {
    world: World,
    laptop: Laptop,
}

fn cast() -> Cast {
    let mut world = World::new(2017);
    let laptop = world.laptop("王芳");
    Cast { world, laptop }
}

fn sample_body(parents: Vec<EntryHash>) -> PlainBody {
    PlainBody {
        kind: 8,
        record: RecordId::from_bytes([0x11; 16]),
        parents,
        author: PersonId::from_bytes([0x22; 16]),
        at: WallClock { millis: 1_500_000_000_123, offset_minutes: 480 },
        content: r#"{"answers":{"/family/father_where":{"v":"wenling"}}}"#.as_bytes().to_vec(),
    }
}

/// A chain that goes on after a known head with a known key: no age file in it.
fn sealed(cast: &Cast) -> (ContentKey, SealedEntry) {
    let content = ContentKey::from_secret_bytes(&[0x33; 32]);
    let mut writer = ChainWriter::resume(
        cast.world.project,
        ChainId::from_bytes([0x44; 16]),
        cast.laptop.signing.clone(),
        content.clone(),
        Seq::new(6).unwrap(),
        EntryHash::from_bytes([0x55; 32]),
    );
    let parents = vec![EntryHash::from_bytes([0x66; 32]), EntryHash::from_bytes([0x77; 32])];
    (content, writer.seal(&sample_body(parents), &mut rng(1)).unwrap())
}

#[test]
fn identities() {
    let golden = Golden::load("identities.txt", "Derived identities");
    let (one, other) = (RecordId::from_bytes([0x11; 16]), RecordId::from_bytes([0x88; 16]));
    golden.same("record of a pair", RecordId::of_pair(&one, &other).as_bytes());
    golden.same("record of a pair", RecordId::of_pair(&other, &one).as_bytes());
    golden.finish();
}

#[test]
fn certificates() {
    let golden = Golden::load("certificate.txt", "Certificate and details");
    let Cast { world, laptop } = cast();
    golden.same("project", world.project.as_bytes());
    golden.same("project secret key", &*world.project_key.to_secret_bytes());
    golden.same("project public key", world.project_key.public().as_bytes());
    golden.same("signing secret key", &*laptop.signing.to_secret_bytes());
    golden.same("reading secret key", &*laptop.reading.to_secret_bytes());
    golden.same("recipient", laptop.reading.recipient().as_bytes());
    golden.same("recipient as text", laptop.reading.recipient().to_string().as_bytes());
    golden.same("details", &laptop.details.to_bytes().unwrap());
    golden.same("certificate", &laptop.certificate.to_bytes());
    let details = Details::from_bytes(&golden.kept("details", || laptop.details.to_bytes().unwrap())).unwrap();
    let certificate = Certificate::from_bytes(&golden.kept("certificate", || laptop.certificate.to_bytes())).unwrap();
    assert_eq!((&details, &certificate), (&laptop.details, &laptop.certificate));
    assert_eq!(certificate.verify(world.project, &world.project_key.public()), Ok(()));
    assert_eq!(certificate.verify_details(&details), Ok(()));
    golden.finish();
}

#[test]
fn sealed_entries() {
    let golden = Golden::load("entry.txt", "A sealed entry, in the middle of a chain");
    let cast = cast();
    let (content, entry) = sealed(&cast);
    golden.same("content key", content.to_secret_bytes().as_ref());
    golden.same("commitment", content.commitment().as_bytes());
    golden.same("content", &sample_body(vec![]).content);
    golden.same("header", &entry.header.to_bytes());
    golden.same("hash", entry.hash().as_bytes());
    golden.same("signature", entry.signature.as_bytes());
    golden.same("body", entry.body.as_deref().unwrap());
    golden.same("entry", &entry.to_bytes());
    golden.same("entry without body", &entry.without_body().to_bytes());
    let read = SealedEntry::from_bytes(&golden.kept("entry", || entry.to_bytes())).unwrap();
    assert!(read.is_signed_by(&cast.laptop.signing.public()));
    assert_eq!(open_body(&read, &content).unwrap().content, sample_body(vec![]).content);
    golden.finish();
}

#[test]
fn openings_and_grants() {
    let golden = Golden::load("chain.txt", "The opening of a chain, and a grant that follows it");
    let Cast { world, laptop } = cast();
    let lead = world.lead_reading.recipient();
    let granted_to = ReadingKey::from_secret_bytes(&[0x88; 32]);
    let details = PlainBody { kind: kind::PERSON, content: b"{}".to_vec(), ..sample_body(vec![]) };
    let grant_body = PlainBody { kind: kind::GRANT, content: b"{}".to_vec(), ..sample_body(vec![]) };
    let make = || {
        let mut rng = rng(2);
        let (mut writer, opening) =
            ChainWriter::open(&laptop.signing, &laptop.certificate, &[lead], &details, &mut rng).unwrap();
        let own = Granted { chain: writer.chain(), key: writer.content_key().clone() };
        let grant = writer.grant(&[own], &[granted_to.recipient()], &grant_body, &mut rng).unwrap();
        (writer, opening, grant)
    };
    let (writer, made, made_grant) = make();
    golden.same("lead's reading secret key", &*world.lead_reading.to_secret_bytes());
    golden.same("chain", writer.chain().as_bytes());
    golden.same("content key", writer.content_key().to_secret_bytes().as_ref());
    let opening_bytes = golden.kept("opening", || made.to_bytes());
    let grant_bytes = golden.kept("grant", || made_grant.to_bytes());

    let opening = SealedEntry::from_bytes(&opening_bytes).unwrap();
    let grant = SealedEntry::from_bytes(&grant_bytes).unwrap();
    assert_eq!((opening.to_bytes(), grant.to_bytes()), (opening_bytes, grant_bytes));
    let outcome = verify_run(&world.trust(), &Index::default(), [grant.clone(), opening.clone()]);
    assert_eq!((outcome.accepted.len(), outcome.set_aside), (2, vec![]));
    for (entry, reader) in [(&opening, &world.lead_reading), (&grant, &granted_to)] {
        let granted = open_parcel(entry, reader).unwrap().unwrap();
        assert_eq!((granted.len(), granted[0].chain), (1, writer.chain()));
        assert_eq!(&granted[0].key, writer.content_key());
    }
    assert_eq!(open_body(&opening, writer.content_key()), Ok(details.clone()));
    assert_eq!(open_body(&grant, writer.content_key()), Ok(grant_body.clone()));
    // What does not depend on age's randomness is made again: the clear part and the sealed box of the opening.
    assert_eq!(opening.header.form, made.header.form);
    let boxed = |entry: &SealedEntry| entry.body.as_ref().unwrap()[entry.body.as_ref().unwrap().len() - 552..].to_vec();
    assert_eq!(to_hex(&boxed(&opening)), to_hex(&boxed(&made)));
    golden.finish();
}

#[test]
fn frontiers_receipts_logins_chunks_and_batches() {
    let golden = Golden::load("carriers.txt", "Frontier, receipt, answer to a challenge, chunk, batch");
    let cast = cast();
    let (_, entry) = sealed(&cast);
    let mut frontier = Frontier::default();
    frontier.advance(&entry.header);
    frontier.insert(entry.header.chain, Head { seq: Seq::FIRST, hash: EntryHash::from_bytes([1; 32]) });
    golden.same("frontier", &frontier.to_bytes().unwrap());
    assert_eq!(Frontier::from_bytes(&golden.kept("frontier", || frontier.to_bytes().unwrap())), Ok(frontier));

    let hub = HubKey::generate(&mut rng(3));
    let receipt = Receipt::sign(&hub, cast.world.project, entry.place());
    golden.same("hub secret key", hub.to_secret_bytes().as_ref());
    golden.same("receipt", &receipt.to_bytes());
    assert_eq!(
        Receipt::from_bytes(&golden.kept("receipt", || receipt.to_bytes())).unwrap().verify(&hub.public()),
        Ok(())
    );

    let answer = cast.laptop.signing.answer_challenge(cast.world.project, &hub.public(), &[0x99; 32]);
    golden.same("answer to a challenge of 32 bytes 99", answer.as_bytes());

    let key = FileKey::from_secret_bytes(&[0xaa; 32]);
    let chunks = seal_file(&key, "媒体".as_bytes(), &mut rng(4)).unwrap();
    golden.same("file key", key.to_secret_bytes().as_ref());
    golden.same("file", "媒体".as_bytes());
    golden.same("chunk", chunks[0].as_bytes());
    golden.same("chunk id", chunks[0].id().as_bytes());
    let chunk = SealedChunk::from_bytes(golden.kept("chunk", || chunks[0].as_bytes().to_vec())).unwrap();
    assert_eq!(*open_file(&key, std::slice::from_ref(&chunk)).unwrap(), "媒体".as_bytes());

    let mut writer = BatchWriter::new(Vec::new()).unwrap();
    writer.entry(&entry).unwrap();
    writer.chunk(&chunk).unwrap();
    let batch = writer.finish().unwrap();
    golden.same("batch", &batch);
    let golden_batch = golden.kept("batch", || batch.clone());
    let items: Vec<Item> = BatchReader::new(golden_batch.as_slice()).unwrap().map(Result::unwrap).collect();
    assert_eq!(items, [Item::Entry(entry), Item::Chunk(chunk)]);
    golden.finish();
}

#[test]
fn pairing_files() {
    let golden = Golden::load("pairing.txt", "Invitation, join request, compare code, admission");
    let Cast { world, laptop } = cast();
    let hub = HubAddress {
        url: "https://hub.example:8443".to_owned(),
        spki_pin: [0xbb; 32],
        key: HubKey::generate(&mut rng(3)).public(),
    };
    let invitation = Invitation {
        project: world.project,
        project_key: world.project_key.public(),
        title: "浙江留守儿童 2017".to_owned(),
        hub: Some(hub),
        id: InvitationId::from_bytes([0xcc; 16]),
        secret: [0xdd; 16],
        name: "王芳".to_owned(),
        role: "interviewer".to_owned(),
        expires: 1_500_000_000_000,
    };
    golden.same("invitation", &invitation.to_bytes().unwrap());
    golden.same("invitation as text", invitation.to_text().unwrap().as_bytes());
    let text = golden.kept("invitation as text", || invitation.to_text().unwrap().into_bytes());
    assert_eq!(Invitation::from_text(std::str::from_utf8(&text).unwrap()).unwrap(), invitation);

    let request = JoinRequest::new(&invitation, laptop.details.device, &laptop.signing, &laptop.reading);
    golden.same("join request", &request.to_bytes());
    let read = JoinRequest::from_bytes(&golden.kept("join request", || request.to_bytes())).unwrap();
    assert_eq!(read.verify(&invitation), Ok(()));
    golden.same("compare code as text", CompareCode::new(&invitation.project_key, &read).to_string().as_bytes());

    let admission = Admission {
        title: invitation.title.clone(),
        hub: None,
        certificate: laptop.certificate.clone(),
        details: laptop.details.clone(),
        readers: vec![world.lead_reading.recipient()],
        granted: vec![Granted {
            chain: ChainId::from_bytes([0x44; 16]),
            key: ContentKey::from_secret_bytes(&[0x33; 32]),
        }],
        shared: vec![ReadingKey::from_secret_bytes(&[0x55; 32])],
        project_key: Some(world.project_key.clone()),
    };
    let sealed = golden.kept("admission", || admission.seal(&world.project_key, &request).unwrap().as_bytes().to_vec());
    let sealed = SealedAdmission::from_bytes(sealed).unwrap();
    assert_eq!(Admission::open(&sealed, &invitation, &request, &laptop.reading).unwrap(), admission);

    let place = |chain, seq, hash| Place {
        chain: ChainId::from_bytes([chain; 16]),
        seq: Seq::new(seq).unwrap(),
        hash: EntryHash::from_bytes([hash; 32]),
    };
    let revocation = Revocation::sign(
        &world.project_key,
        world.project,
        laptop.certificate.serial,
        vec![place(0x45, 7, 0x11), place(0x44, 3, 0x22)],
        Some(world.lead_reading.recipient()),
    )
    .unwrap();
    golden.same("revocation", &revocation.to_bytes());
    let read = Revocation::from_bytes(&golden.kept("revocation", || revocation.to_bytes())).unwrap();
    assert_eq!((read.verify(&invitation.trust()), &read), (Ok(()), &revocation));
    golden.finish();
}

#[test]
fn an_offer() {
    let golden = Golden::load("offer.txt", "An invitation laid ready at a hub, for who types its code");
    let Cast { world, .. } = cast();
    let invitation = Invitation {
        project: world.project,
        project_key: world.project_key.public(),
        title: "浙江留守儿童 2017".to_owned(),
        hub: None,
        id: InvitationId::from_bytes([0xcc; 16]),
        secret: [0xdd; 16],
        name: "王芳".to_owned(),
        role: "interviewer".to_owned(),
        expires: 1_500_000_000_000,
    };
    let code = invitation.code();
    golden.same("invitation", &invitation.to_bytes().unwrap());
    golden.same("code", &code);
    golden.same("id", &offer_id(&code));
    let sealed = seal_offer(&invitation, &mut rng(5)).unwrap();
    golden.same("offer", &sealed);
    assert_eq!(open_offer(&code, &golden.kept("offer", || sealed.clone())), Ok(invitation));
    golden.finish();
}

#[test]
fn a_holders_address() {
    let golden = Golden::load("holder.txt", "Where restricted chains are sealed for");
    let mut world = World::new(7);
    let laptop = world.laptop("林晓");
    let address = ReadingKey::from_secret_bytes(&[0x66; 32]).recipient();
    let holder = HolderAddress::sign(&laptop.signing, &laptop.certificate, &laptop.details, address).unwrap();
    golden.same("holder's address", &holder.to_bytes().unwrap());
    let read = HolderAddress::from_bytes(&golden.kept("holder's address", || holder.to_bytes().unwrap())).unwrap();
    assert_eq!((read.verify(&world.trust()), &read), (Ok(()), &holder));

    // Neither another address, nor another's details, nor another project.
    let other = ReadingKey::from_secret_bytes(&[0x67; 32]).recipient();
    let code = |changed: HolderAddress| changed.verify(&world.trust()).map_err(|why| why.code());
    let not_signed = Err("journal-certificate-not-signed");
    assert_eq!(code(HolderAddress { address: other, ..holder.clone() }), not_signed);
    let details = Details { role: "safeguarding-lead".into(), ..holder.details.clone() };
    assert_eq!(code(HolderAddress { details, ..holder.clone() }), Err("journal-certificate-other-details"));
    assert!(holder.verify(&World::new(8).trust()).is_err());
    golden.finish();
}

#[test]
fn an_export_that_was_told() {
    let golden = Golden::load("exported.txt", "An export (kind 21): what is said of it is sealed for the leads");
    let cast = cast();
    let leads = ReadingKey::from_secret_bytes(&[0x68; 32]);
    let note =
        r#"{"at":"2017-07-14T10:40:00+08:00","form":"pupil","identified":true,"reason":"回访名单","interviews":41}"#;
    golden.same("leads' reading secret key", leads.to_secret_bytes().as_ref());
    golden.same("note", note.as_bytes());
    let content = golden.kept("content", || {
        let sealed = seal_for(&[leads.recipient()], note.as_bytes()).unwrap();
        format!(r#"{{"sealed":"{}","v":1}}"#, to_hex(&sealed)).into_bytes()
    });
    let text = std::str::from_utf8(&content).unwrap();
    let sealed = text.strip_prefix(r#"{"sealed":""#).and_then(|rest| rest.strip_suffix(r#"","v":1}"#)).unwrap();
    let sealed = from_hex(sealed).unwrap();
    assert_eq!(*open_for(&leads, &sealed, 16 << 10).unwrap(), note.as_bytes());
    // Who reads the chain and not the leads' letters learns nothing of it.
    assert!(open_for(&cast.laptop.reading, &sealed, 16 << 10).is_err());

    let key = ContentKey::from_secret_bytes(&[0x33; 32]);
    let mut writer = ChainWriter::resume(
        cast.world.project,
        ChainId::from_bytes([0x44; 16]),
        cast.laptop.signing.clone(),
        key.clone(),
        Seq::new(6).unwrap(),
        EntryHash::from_bytes([0x55; 32]),
    );
    let body = PlainBody { kind: 21, content, ..sample_body(vec![]) };
    let entry = writer.seal(&body, &mut rng(5)).unwrap();
    golden.same("entry", &entry.to_bytes());
    let read = SealedEntry::from_bytes(&golden.kept("entry", || entry.to_bytes())).unwrap();
    assert_eq!(open_body(&read, &key), Ok(body));
    golden.finish();
}
