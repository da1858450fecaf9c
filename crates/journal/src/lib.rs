//! Journal: signed, hash-chained, sealed entries — the format and its checks.
//!
//! Purpose: what one laptop says must reach others unchanged, provably its own, in order, and unreadable on the way.
//! FORMAT.md at the root of the project fixes every byte made here.
//!
//! It must not know what an entry means (that is `tianye-survey`), nor files, network, clock or screens. Randomness is
//! handed in as `rand_core::CryptoRng`; only the age crate takes its own (see [`seal_stream`]).
//!
//! Words:
//! - *entry*: a signed [`Header`] and a detachable sealed body ([`SealedEntry`]); open, it is a [`PlainBody`]
//! - *chain*: entries of one signing key, numbered from 1 ([`Seq`]), each naming the hash of the one before
//! - *opening*: the first entry of a chain, with certificate and content key
//! - *grant*: an entry that hands content keys to more readers
//! - *fork*: two entries in one place of a chain; both are kept, and an alarm is raised
//! - *frontier*: the heads of all chains; what a replica has
//! - *receipt*: a hub's signed word that it keeps an entry
//! - *batch*: a container of entries and chunks
//! - *chunk*: a sealed part of a file, at most 1 MiB
//! - *revocation*: the project's word that a certificate is no longer good
//! - *holder's address*: where restricted chains are sealed for, in a safeguarding holder's own word
//! - *pairing*: invitation → join request → compare code → admission
//! - *offer*: an invitation laid ready at a hub, for who types its code

mod armour;
mod batch;
mod body;
mod certificate;
mod chain;
mod chunk;
mod entry;
mod envelope;
mod frontier;
mod grant;
mod header;
mod holder;
mod ids;
mod inbox;
mod keys;
mod offer;
pub mod pairing;
mod receipt;
mod rest;
mod revocation;
mod verify;
mod wire;

pub use batch::{BATCH_MAGIC, BatchError, BatchReader, BatchWriter, Item, MAX_FRAMES};
pub use body::{OpenError, PlainBody, WallClock, kind, open_body};
pub use certificate::{Certificate, CertificateError, Details, MAX_NAME, MAX_SITES, new_salt};
pub use chain::ChainWriter;
pub use chunk::{
    CHUNK_CONTENT, FileKey, MAX_CHUNK, MAX_CHUNKS, SealedChunk, open_chunk, open_file, seal_chunk, seal_file,
};
pub use entry::SealedEntry;
pub use envelope::{
    MAX_AGE_HEADER, MAX_STANZAS, SealError, SealedStream, open_for, open_stream, seal_for, seal_stream,
};
pub use frontier::{Frontier, Head, MAX_CHAINS, MAX_HEADS, Span};
pub use grant::{Granted, open_parcel};
pub use header::{Form, Header, Opening, Place, chain_id};
pub use holder::HolderAddress;
pub use ids::{
    BodyHash, ChainId, ChunkId, DeviceId, EntryHash, IdError, InvitationId, PersonId, ProjectId, RecordId, Seq,
    from_hex, to_hex,
};
pub use inbox::{Inbox, Index};
pub use keys::{
    ContentKey, HubKey, HubPublicKey, KeyCommitment, KeyError, ProjectKey, ProjectPublicKey, PublicKey, ReadingKey,
    Recipient, Signature, SigningKey,
};
pub use offer::{MAX_OFFER, offer_id, open_offer, seal_offer};
pub use pairing::{Admission, CompareCode, Invitation, JoinRequest, PairingError};
pub use receipt::Receipt;
pub use rest::{open_rest, seal_rest};
pub use revocation::{MAX_ACCEPTED, Revocation};
pub use verify::{
    Accepted, Fork, Incoming, Known, Outcome, SetAside, SetAsideReason, Trust, by_chain, verify_chain, verify_run,
};
pub use wire::WireError;

/// The set of algorithms of this version: Ed25519, XChaCha20-Poly1305, BLAKE3, age with X25519.
pub const SUITE: u8 = 1;
/// Most bytes of a body as it travels.
pub const MAX_BODY: usize = 1536 * 1024;
/// Most bytes of the content of an open body.
pub const MAX_CONTENT: usize = 1024 * 1024;
/// Most parents of an entry.
pub const MAX_PARENTS: usize = 256;
/// Most readers that one parcel or envelope is sealed for.
pub const MAX_READERS: usize = 16;
/// Most content keys in one parcel.
pub const MAX_GRANTED: usize = 256;
/// Most bytes of a sealed parcel.
pub const MAX_PARCEL: usize = 32 * 1024;
