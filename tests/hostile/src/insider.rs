//! What an insider sealed: the bytes below the seals, which whoever holds a key may have chosen.
//!
//! A fuzzer cannot guess a key, so it gives what is inside, and the seal is made here as FORMAT.md says. The first byte says
//! what it is: the body of an entry (0), a parcel of keys (1), or a box with its padding (2).

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use tianye_journal::{
    BodyHash, ChainId, ContentKey, EntryHash, FileKey, Form, Granted, Header, PlainBody, SUITE, SealedChunk,
    SealedEntry, Seq, Signature, open_body, open_chunk, open_parcel, open_rest, seal_for,
};

use crate::sealed::{PROJECT, reading_key};

const KEY: [u8; 32] = [11; 32];
const HASH: EntryHash = EntryHash::from_bytes([12; 32]);

/// What was sealed is opened; what opens is written in exactly one way.
pub fn opened(bytes: &[u8]) {
    match bytes.split_first() {
        Some((0, plain)) => body(plain),
        Some((1, plain)) => parcel(plain),
        Some((2, padded)) => boxes(padded),
        _ => {}
    }
}

fn body(plain: &[u8]) {
    let mut header = header(Form::Sealed);
    let context = [b"tianye/1/body\0".as_slice(), &header.to_bytes()[..74]].concat();
    let sealed = seal(&context, &padded(plain));
    fix(&mut header, &sealed);
    let entry = SealedEntry { header, signature: Signature::from_bytes([0; 64]), body: Some(sealed) };
    match open_body(&entry, &ContentKey::from_secret_bytes(&KEY)) {
        Ok(body) => assert_eq!(written(&body), plain, "a body has one form"),
        Err(why) => assert!(!why.code().is_empty()),
    }
    assert!(open_body(&entry, &ContentKey::from_secret_bytes(&[13; 32])).is_err());
}

/// The plaintext of a body, as FORMAT.md has it.
///
/// # Panics
/// Beyond what a body may hold.
#[must_use]
pub fn written(body: &PlainBody) -> Vec<u8> {
    let parents = body.parents.iter().flat_map(|parent| parent.as_bytes().to_vec());
    let count = u16::try_from(body.parents.len()).unwrap();
    let length = u32::try_from(body.content.len()).unwrap();
    let mut out = vec![1];
    out.extend(body.kind.to_be_bytes());
    out.extend(body.record.as_bytes());
    out.extend(body.author.as_bytes());
    out.extend(body.at.millis.to_be_bytes());
    out.extend(body.at.offset_minutes.to_be_bytes());
    out.extend(count.to_be_bytes());
    out.extend(parents);
    out.extend(length.to_be_bytes());
    out.extend(&body.content);
    out
}

fn parcel(plain: &[u8]) {
    let Ok(sealed) = seal_for(&[reading_key().recipient()], plain) else { return };
    let mut header = header(Form::Grant);
    let length = u32::try_from(sealed.len()).unwrap();
    let body = [length.to_be_bytes().as_slice(), &sealed, b"no box"].concat();
    fix(&mut header, &body);
    let entry = SealedEntry { header, signature: Signature::from_bytes([0; 64]), body: Some(body) };
    match open_parcel(&entry, &reading_key()) {
        Ok(granted) => assert_eq!(written_parcel(&granted.unwrap()), plain, "a parcel has one form"),
        Err(why) => assert!(!why.code().is_empty()),
    }
}

/// The plaintext of a parcel, in the same way.
///
/// # Panics
/// Beyond what a parcel may hold.
#[must_use]
pub fn written_parcel(granted: &[Granted]) -> Vec<u8> {
    let mut out = vec![SUITE];
    out.extend(PROJECT.as_bytes());
    out.extend(u16::try_from(granted.len()).unwrap().to_be_bytes());
    for one in granted {
        out.extend(one.chain.as_bytes());
        out.extend(*one.key.to_secret_bytes());
    }
    out
}

/// A chunk of a file, and what an erasure left of an entry: the same box in two places, and in no other.
fn boxes(padded: &[u8]) {
    let is_prefix = |opened: &[u8]| padded.get(4..).is_some_and(|rest| rest.starts_with(opened));
    let context = [b"tianye/1/chunk\0".as_slice(), &[SUITE], &1_u32.to_be_bytes(), &2_u32.to_be_bytes()].concat();
    let chunk = SealedChunk::from_bytes([&[SUITE], seal(&context, padded).as_slice()].concat()).unwrap();
    let key = FileKey::from_secret_bytes(&KEY);
    match open_chunk(&key, 1, 2, &chunk) {
        Ok(part) => assert!(is_prefix(&part)),
        Err(why) => assert!(!why.code().is_empty()),
    }
    assert!(open_chunk(&key, 0, 2, &chunk).is_err() && open_chunk(&key, 1, 3, &chunk).is_err());
    let key = ContentKey::from_secret_bytes(&KEY);
    let sealed = seal(&[b"tianye/1/rest\0".as_slice(), HASH.as_bytes()].concat(), padded);
    match open_rest(&key, HASH, &sealed) {
        Ok(rest) => assert!(is_prefix(&rest)),
        Err(why) => assert!(!why.code().is_empty()),
    }
    assert!(open_rest(&key, EntryHash::from_bytes([0; 32]), &sealed).is_err());
}

fn header(form: Form) -> Header {
    let (chain, seq, previous) = (ChainId::from_bytes([5; 16]), Seq::new(2).unwrap(), HASH);
    Header { form, project: PROJECT, chain, seq, previous, body_hash: BodyHash::from_bytes([0; 32]), body_len: 0 }
}

/// Lets a header name a body.
fn fix(header: &mut Header, body: &[u8]) {
    header.body_hash = BodyHash::from_bytes(*blake3::hash(body).as_bytes());
    header.body_len = u32::try_from(body.len()).unwrap();
}

/// Length, plaintext, and zeros up to a length that a box may have.
fn padded(plain: &[u8]) -> Vec<u8> {
    let mut padded = u32::try_from(plain.len()).unwrap().to_be_bytes().to_vec();
    padded.extend(plain);
    padded.resize(padded.len().next_power_of_two().max(512), 0);
    padded
}

fn seal(context: &[u8], padded: &[u8]) -> Vec<u8> {
    let nonce = [14; 24];
    let cipher = XChaCha20Poly1305::new((&KEY).into());
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: padded, aad: context }).unwrap();
    [nonce.as_slice(), &sealed].concat()
}
