//! The words of protocol version 1: paths, JSON bodies, headers, limits. Entries and chunks travel as the journal's own
//! bytes; everything around them is small JSON with ids in hexadecimal.

use std::fmt;

use serde::{Deserialize, Serialize};

use tianye_journal::{ChainId, ChunkId, EntryHash, InvitationId, from_hex, to_hex};

use crate::Pin;

/// The version of the protocol this program speaks; it is the first part of every path (`/v1`).
pub const VERSION: u16 = 1;

/// Most entries in one push or pull.
pub const MAX_ENTRIES: usize = 500;
/// Largest push or pull body that is built, in bytes, unless a single entry is larger.
pub const BATCH_BYTES: usize = 1024 * 1024;
/// Largest push body a hub reads, in bytes: one entry of the largest size still fits.
pub const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Largest frontier on the wire, in bytes.
pub const MAX_FRONTIER_BYTES: usize = 8 * 1024 * 1024;
/// Largest JSON body, in bytes.
pub const MAX_JSON_BYTES: usize = 2 * 1024 * 1024;
/// Largest join request or admission, in bytes.
pub const MAX_LETTER_BYTES: usize = tianye_journal::pairing::MAX_PAIRING;
/// Most ids in one question about chunks or receipts.
pub const MAX_IDS: usize = 5_000;

/// Longest that a hub keeps an offer, in seconds: 31 days.
pub const MAX_OFFER_SECONDS: u64 = 31 * 24 * 3600;
/// Largest body that lays an offer ready, in bytes.
pub const MAX_OFFER_JSON: usize = 2 * tianye_journal::MAX_OFFER + 256;

/// Header with the message authentication code of an invitation, in hexadecimal.
pub const INVITATION_MAC: &str = "x-tianye-invitation-mac";
/// Header of answers with the head of the hub's audit log: `number:hash:signature`.
pub const AUDIT_HEAD: &str = "x-tianye-audit-head";
/// Media type of entries and chunks.
pub const SEALED: &str = "application/vnd.tianye.sealed";

/// Bytes that are hexadecimal text in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl<const N: usize> std::str::FromStr for Hex<N> {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        array_from_hex(text).map(Self).ok_or("hexadecimal digits of another length were expected")
    }
}

impl<const N: usize> TryFrom<String> for Hex<N> {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl<const N: usize> From<Hex<N>> for String {
    fn from(bytes: Hex<N>) -> Self {
        bytes.to_string()
    }
}

/// Bytes of any length that are hexadecimal text in JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HexBytes(pub Vec<u8>);

impl fmt::Debug for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl TryFrom<String> for HexBytes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        from_hex(&text).map(Self).ok_or("hexadecimal digits were expected")
    }
}

impl From<HexBytes> for String {
    fn from(bytes: HexBytes) -> Self {
        to_hex(&bytes.0)
    }
}

/// Which older head of the audit log is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuestion {
    /// How many lines the log had then.
    #[serde(default)]
    pub line: u64,
}

/// An older head of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditAnswer {
    /// `number:hash:signature`; none if the log is shorter.
    pub line: Option<String>,
}

/// A word that opens a door: redacted wherever it might be printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The body of every refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// One of [`crate::Refusal`]'s codes.
    pub code: String,
}

/// `GET /v1/hub`: who this hub is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubInfo {
    /// Oldest protocol version spoken.
    pub min_version: u16,
    /// Newest protocol version spoken.
    pub max_version: u16,
    /// The Ed25519 key that signs receipts.
    pub key: Hex<32>,
    /// SHA-256 of the TLS key, as on the hub card.
    pub pin: Pin,
}

/// `PUT /v1/projects/{project}`: registers a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterProject {
    /// The project's Ed25519 key; certificates must be signed with it.
    pub key: Hex<32>,
}

/// Answer of `POST /v1/projects/{project}/challenge`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Random bytes to sign; good once and for a minute.
    pub nonce: Hex<32>,
}

/// `POST /v1/projects/{project}/token`: the signed challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// The challenge.
    pub nonce: Hex<32>,
    /// [`tianye_journal::SigningKey::answer_challenge`] of the device, or of the project key.
    pub signature: Hex<64>,
    /// The device's certificate in the journal's bytes; absent when the project key itself signed: that is the lead.
    pub certificate: Option<HexBytes>,
}

/// Answer of `POST /v1/projects/{project}/token`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenGiven {
    /// Goes into `Authorization: Bearer …`.
    pub token: Secret,
    /// Seconds until it runs out.
    pub seconds: u64,
}

/// Query of `POST …/entries/missing`. The body is the asker's frontier in the journal's bytes, the answer is a batch, and
/// the header [`MORE_ENTRIES`] says whether there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullLimit {
    /// At most so many entries.
    pub entries: usize,
    /// At most so many bytes, unless one entry alone is larger.
    pub bytes: usize,
}

/// Header of pulled batches: `1` if the hub has more.
pub const MORE_ENTRIES: &str = "x-tianye-more";

/// An entry the hub did not take, and why. It and what follows it in its chain stay where they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsideEntry {
    /// Where the entry says it stands; absent if it could not be read.
    pub place: Option<WirePlace>,
    /// The journal's code for the reason ([`tianye_journal::SetAsideReason::code`]).
    pub code: String,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WirePlace {
    /// Its chain.
    pub chain: ChainId,
    /// Its number, from 1.
    pub seq: u64,
    /// Its hash.
    pub hash: EntryHash,
}

/// Answer of `POST …/entries` and `POST …/receipts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// One receipt, in the journal's bytes, for each entry that is on the hub now with its body, new or long since.
    pub receipts: Vec<HexBytes>,
    /// The entries refused.
    pub set_aside: Vec<SetAsideEntry>,
}

/// `POST …/receipts`: asks for receipts that were lost on the way. The answer is a [`PushAnswer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryIds {
    /// At most [`MAX_IDS`].
    pub entries: Vec<EntryHash>,
}

/// `POST …/chunks/missing`: asks which of these chunks the hub lacks. The answer is the same shape, in the order asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkIds {
    /// At most [`MAX_IDS`].
    pub chunks: Vec<ChunkId>,
}

/// `POST …/erase`: bodies of entries and chunks that the hub drops, and never takes in again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseIds {
    /// At most [`MAX_IDS`].
    pub entries: Vec<EntryHash>,
    /// At most [`MAX_IDS`].
    pub chunks: Vec<ChunkId>,
}

/// Answer of `POST …/erase`: how much of it was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Bodies.
    pub bodies: u64,
    /// Chunks.
    pub chunks: u64,
}

/// `PUT …/invitations/{invitation}`: opens a letter box for one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvitation {
    /// The key that request and poll are authenticated with; derived from the invitation's secret.
    pub key: Secret,
}

/// `PUT …/invitations/{invitation}/offer`: lays the invitation ready for who types its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveOffer {
    /// The name under which it is fetched ([`tianye_journal::offer_id`]).
    pub offer: Hex<32>,
    /// At most [`tianye_journal::MAX_OFFER`] bytes.
    pub sealed: HexBytes,
    /// For how long from now, by the hub's clock; at most [`MAX_OFFER_SECONDS`].
    pub seconds: u64,
}

/// `GET …/requests`: the join requests waiting for the lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRequests {
    /// Oldest first.
    pub requests: Vec<WaitingRequest>,
}

/// One join request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRequest {
    /// Which invitation it answers.
    pub invitation: InvitationId,
    /// The journal's bytes of the request.
    pub request: HexBytes,
    /// Whether an admission lies ready.
    pub answered: bool,
}

/// `GET …/status` for the lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectStatus {
    /// Chains with at least one entry.
    pub chains: u64,
    /// Entries.
    pub entries: u64,
    /// Bytes of entries.
    pub entry_bytes: u64,
    /// Chunks.
    pub chunks: u64,
    /// Bytes of chunks.
    pub chunk_bytes: u64,
    /// The devices that signed in, in order of their keys.
    pub devices: Vec<DeviceStatus>,
}

/// One device in [`ProjectStatus`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceStatus {
    /// Its signing key.
    pub key: Hex<32>,
    /// Bytes it has stored.
    pub bytes: u64,
    /// Whether the lead has blocked it.
    pub blocked: bool,
}

/// Reads exactly `N` bytes of hexadecimal.
pub(crate) fn array_from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    from_hex(text)?.try_into().ok()
}
