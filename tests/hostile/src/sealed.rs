//! What travels: batches, entries, envelopes, the letters of pairing and of the hub.
//!
//! Each parser must come back, and whatever it takes it must write back byte for byte: a value has exactly one form.

use std::io::Read as _;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use tianye_journal::pairing::SealedAdmission;
use tianye_journal::{
    BatchReader, BatchWriter, Certificate, Details, Frontier, HolderAddress, HubKey, Inbox, Invitation, Item,
    JoinRequest, MAX_ACCEPTED, MAX_CHUNK, MAX_OFFER, ProjectId, ProjectKey, ReadingKey, Receipt, Revocation,
    SealedChunk, SealedEntry, Trust, open_for, open_offer, open_stream, seal_offer,
};
use tianye_sync::protocol::{
    AuditAnswer, AuditQuestion, Challenge, ChunkIds, EntryIds, EraseIds, Erased, ErrorBody, HubInfo, JoinRequests,
    LeaveOffer, OpenInvitation, ProjectStatus, PullLimit, PushAnswer, RegisterProject, TokenGiven, TokenRequest,
};
use tianye_sync::{AuditHead, HubCard, ShortCode, typed_address};

/// The project that the corpus is of.
pub const PROJECT: ProjectId = ProjectId::from_bytes([2; 16]);

/// Its key, of no project in the world.
#[must_use]
pub fn project_key() -> ProjectKey {
    ProjectKey::from_secret_bytes(&[1; 32])
}

/// The key that the envelopes of the corpus are for.
#[must_use]
pub fn reading_key() -> ReadingKey {
    ReadingKey::from_secret_bytes(&[3; 32])
}

/// An empty replica of the corpus' project.
#[must_use]
pub fn inbox() -> Inbox {
    Inbox::new(Trust { project: PROJECT, key: project_key().public() }, 100)
}

/// A batch: read, verified, written back.
pub fn batch(bytes: &[u8]) {
    let Ok(reader) = BatchReader::new(bytes) else { return };
    let mut again = BatchWriter::new(Vec::new()).unwrap();
    let (mut entries, mut whole) = (Vec::new(), true);
    for item in reader {
        match item {
            Ok(Item::Entry(entry)) => {
                again.entry(&entry).unwrap();
                entries.push(entry);
            }
            Ok(Item::Chunk(chunk)) => again.chunk(&chunk).unwrap(),
            // What cannot be read is handed out as it is, but not with the type of its frame.
            Ok(Item::Unreadable { bytes, reason }) => {
                assert!(!reason.code().is_empty() && bytes.len() <= 2 << 20);
                whole = false;
            }
            Err(error) => {
                assert!(!error.code().is_empty());
                whole = false;
            }
        }
    }
    if whole {
        assert_eq!(again.finish().unwrap(), bytes, "a whole batch has one form");
    }
    take(entries);
}

/// Entries enter or are set aside; backwards they come to the same.
fn take(mut entries: Vec<SealedEntry>) {
    let (mut one, mut other) = (inbox(), inbox());
    let outcome = one.deliver(entries.clone());
    for aside in &outcome.set_aside {
        assert!(!aside.reason.code().is_empty());
    }
    entries.reverse();
    for entry in entries {
        other.deliver([entry]);
    }
    assert_eq!(one.index().frontier(), other.index().frontier(), "order does not matter");
}

/// An entry, and the small things that travel beside entries.
pub fn entry(bytes: &[u8]) {
    if let Ok(entry) = SealedEntry::from_bytes(bytes) {
        assert_eq!(entry.to_bytes(), bytes);
        let bare = entry.without_body();
        assert_eq!(bare.hash(), entry.hash(), "a body more or less is the same entry");
        take(vec![bare, entry]);
    }
    if let Ok(frontier) = Frontier::from_bytes(bytes) {
        assert_eq!(frontier.to_bytes().unwrap(), bytes);
        assert!(frontier.missing_from(&frontier, |_, _| true).is_empty());
    }
    if let Ok(certificate) = Certificate::from_bytes(bytes) {
        assert_eq!(certificate.to_bytes(), bytes);
        let _ = certificate.verify(PROJECT, &project_key().public());
    }
    if let Ok(details) = Details::from_bytes(bytes) {
        assert_eq!(details.to_bytes().unwrap(), bytes);
    }
    if let Ok(receipt) = Receipt::from_bytes(bytes) {
        assert_eq!(receipt.to_bytes().as_slice(), bytes);
        let _ = receipt.verify(&HubKey::from_secret_bytes(&[4; 32]).public());
    }
    let trust = Trust { project: PROJECT, key: project_key().public() };
    if let Ok(revocation) = Revocation::from_bytes(bytes) {
        assert_eq!(revocation.to_bytes(), bytes);
        assert!(revocation.accepted.len() <= MAX_ACCEPTED);
        let _ = revocation.verify(&trust);
    }
    if let Ok(holder) = HolderAddress::from_bytes(bytes) {
        assert_eq!(holder.to_bytes().unwrap(), bytes);
        let _ = holder.verify(&trust);
    }
    if let Ok(chunk) = SealedChunk::from_bytes(bytes.to_vec()) {
        assert!(chunk.as_bytes() == bytes && bytes.len() <= MAX_CHUNK);
    }
}

/// An envelope, as a stick or a parcel has it.
pub fn envelope(bytes: &[u8]) {
    let key = reading_key();
    if let Ok(mut stream) = open_stream(bytes, &key) {
        let mut plain = Vec::new();
        let _ = stream.read_to_end(&mut plain);
        assert!(plain.len() <= bytes.len());
        batch(&plain);
    }
    let small = open_for(&key, bytes, 64);
    assert!(small.is_err() || small.unwrap().len() <= 64);
    let _ = open_for(&key, bytes, 1 << 20);
}

/// What two people hand over when a laptop joins, as bytes and as text.
pub fn pairing(bytes: &[u8]) {
    let read = [Invitation::from_bytes(bytes).ok().map(|invitation| invitation.to_bytes().unwrap())];
    let requests = [JoinRequest::from_bytes(bytes).ok().map(|request| request.to_bytes())];
    let admissions = [SealedAdmission::from_bytes(bytes.to_vec()).ok().map(|sealed| sealed.as_bytes().to_vec())];
    for again in read.into_iter().chain(requests).chain(admissions).flatten() {
        assert_eq!(again, bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(invitation) = Invitation::from_text(text) {
        let again = Invitation::from_text(&invitation.to_text().unwrap());
        assert_eq!(again.unwrap().to_bytes().unwrap(), invitation.to_bytes().unwrap());
    }
    if let Ok(request) = JoinRequest::from_text(text) {
        assert_eq!(JoinRequest::from_text(&request.to_text()).unwrap().to_bytes(), request.to_bytes());
    }
    if let Ok(sealed) = SealedAdmission::from_text(text) {
        assert_eq!(SealedAdmission::from_text(&sealed.to_text()).unwrap().as_bytes(), sealed.as_bytes());
    }
}

/// What a person types to fetch an invitation, and what lies there: a code's ten bytes and what was sealed with them.
pub fn offer(bytes: &[u8]) {
    let sealed_again = |invitation: &Invitation| {
        let sealed = seal_offer(invitation, &mut ChaCha20Rng::from_seed([6; 32])).unwrap();
        assert!(sealed.len() <= MAX_OFFER);
        assert_eq!(open_offer(&invitation.code(), &sealed).unwrap(), *invitation);
    };
    if let Some((code, sealed)) = bytes.split_first_chunk::<10>()
        && let Ok(invitation) = open_offer(code, sealed)
    {
        assert_eq!(invitation.code(), *code);
        sealed_again(&invitation);
    }
    if let Ok(invitation) = Invitation::from_bytes(bytes) {
        sealed_again(&invitation);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(code) = text.parse::<ShortCode>() {
        // As the other screen shows it.
        let shown = code.to_string();
        assert!(shown.len() == 19 && shown.parse::<ShortCode>().unwrap() == code);
    }
    if let Ok(address) = typed_address(text) {
        assert_eq!(typed_address(&address).unwrap(), address);
    }
}

/// What a hub and a laptop write to each other.
pub fn letters(bytes: &[u8]) {
    fn one<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
        let Ok(letter) = serde_json::from_slice::<T>(bytes) else { return };
        let again = serde_json::to_vec(&letter).unwrap();
        assert_eq!(serde_json::from_slice::<T>(&again).unwrap(), letter);
    }
    one::<HubInfo>(bytes);
    one::<RegisterProject>(bytes);
    one::<TokenRequest>(bytes);
    one::<PushAnswer>(bytes);
    one::<EntryIds>(bytes);
    one::<ChunkIds>(bytes);
    one::<EraseIds>(bytes);
    one::<OpenInvitation>(bytes);
    one::<JoinRequests>(bytes);
    one::<ProjectStatus>(bytes);
    one::<Challenge>(bytes);
    one::<TokenGiven>(bytes);
    one::<ErrorBody>(bytes);
    one::<Erased>(bytes);
    one::<LeaveOffer>(bytes);
    one::<PullLimit>(bytes);
    one::<AuditQuestion>(bytes);
    one::<AuditAnswer>(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = AuditHead::check(text, &[0; 32]);
    if let Ok(card) = HubCard::from_json(text) {
        assert_eq!(HubCard::from_json(&card.to_json()).unwrap().to_json(), card.to_json());
    }
}
