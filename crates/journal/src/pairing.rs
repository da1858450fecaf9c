//! How a laptop joins a project: invitation (from the lead, a file) → join request (from the laptop) → both screens show
//! the same code → admission (from the lead, sealed for the laptop).
//!
//! The invitation's secret keeps strangers out; the code keeps out who copied the invitation and stands in between. The
//! code is slow to compute, since a fast one of eight digits could be met by trying keys while two people compare.

use crate::keys::Purpose;
use crate::wire::{Put as _, Reader, check_len, check_text};
use crate::{Certificate, Details, DeviceId, Granted, HubPublicKey, InvitationId, KeyError, MAX_GRANTED, MAX_NAME};
use crate::{CertificateError, SealError, Signature, SigningKey, Trust, WireError, armour, envelope, grant};
use crate::{MAX_READERS, OpenError, ProjectId, ProjectKey, ProjectPublicKey, PublicKey, ReadingKey, Recipient, SUITE};
use rand_core::CryptoRng;
use std::fmt;
use zeroize::Zeroizing;

/// Longest web address of a hub.
pub const MAX_URL: usize = 512;
/// Most groups of readers that an admission lets a person into.
pub const MAX_SHARED: usize = 16;
/// Most bytes of an invitation, a join request or an admission.
pub const MAX_PAIRING: usize = 64 * 1024;

const INVITATION_MAGIC: [u8; 8] = *b"TYINVIT\x01";
const REQUEST_MAGIC: [u8; 8] = *b"TYJOINR\x01";
const ADMISSION_MAGIC: [u8; 8] = *b"TYADMIT\x02";

/// Pairing cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairingError {
    /// The file does not follow FORMAT.md.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The text between the BEGIN and END lines is missing or was changed.
    #[error("expected a Tianye file of type {expected}, whole, found something else: copy the file again")]
    BadText {
        /// The type of file.
        expected: &'static str,
    },
    /// The request answers another invitation.
    #[error("the request is for invitation {found}, not for {expected}: choose the right one")]
    OtherInvitation {
        /// This invitation.
        expected: InvitationId,
        /// The one named.
        found: InvitationId,
    },
    /// Whoever made the request does not hold the invitation's secret or the keys that it names.
    #[error("the request was not made with this invitation, or was changed on the way: make a new one on the laptop")]
    BadRequest,
    /// The admission is not sealed for this laptop.
    #[error("the admission is for another laptop: ask the lead for this laptop's")]
    NotForThisDevice,
    /// The admission is not from this project, or does not answer this laptop's request.
    #[error("the admission was not made by this project for this request: compare the codes and ask the lead again")]
    NotFromProject,
    /// Its certificate is not good.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl PairingError {
    /// Key of this error in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Wire(e) => e.code(),
            Self::BadText { .. } => "journal-bad-text-file",
            Self::OtherInvitation { .. } => "journal-other-invitation",
            Self::BadRequest => "journal-bad-join-request",
            Self::NotForThisDevice => "journal-admission-other-device",
            Self::NotFromProject => "journal-admission-not-from-project",
            Self::Certificate(e) => e.code(),
            Self::Seal(e) => e.code(),
        }
    }
}

/// Where the hub is and how to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubAddress {
    /// Its web address, `https://…`.
    pub url: String,
    /// SHA-256 of the SubjectPublicKeyInfo of its TLS key.
    pub spki_pin: [u8; 32],
    /// Its key for receipts.
    pub key: HubPublicKey,
}

/// The lead's invitation, a file of type `.tianye-invite`. To be kept from strangers: it holds a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The project.
    pub project: ProjectId,
    /// Its key: what the laptop will trust.
    pub project_key: ProjectPublicKey,
    /// The project's title.
    pub title: String,
    /// The hub, if there is one.
    pub hub: Option<HubAddress>,
    /// Names the invitation.
    pub id: InvitationId,
    /// 128 bits that only the lead and the invited know.
    pub secret: [u8; 16],
    /// Who is invited.
    pub name: String,
    /// As what.
    pub role: String,
    /// Until when the lead means to take requests: milliseconds since 1970 UTC. For people; clocks may be wrong.
    pub expires: i64,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invitation").field("project", &self.project).field("id", &self.id).finish_non_exhaustive()
    }
}

impl Drop for Invitation {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.secret);
    }
}

impl Invitation {
    /// What the laptop trusts from now on.
    #[must_use]
    pub const fn trust(&self) -> Trust {
        Trust { project: self.project, key: self.project_key }
    }

    /// A new secret, from the generator handed in.
    #[must_use]
    pub fn new_secret(rng: &mut impl CryptoRng) -> [u8; 16] {
        crate::new_salt(rng)
    }

    /// The canonical bytes (FORMAT.md, *Invitation*).
    ///
    /// # Errors
    /// [`WireError`] if a text is too long or holds control characters.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WireError> {
        check_text("title", &self.title, MAX_NAME)?;
        check_text("name", &self.name, MAX_NAME)?;
        check_text("role", &self.role, MAX_NAME)?;
        let mut out = INVITATION_MAGIC.to_vec();
        out.push(SUITE);
        out.put(self.project.as_bytes());
        out.put(self.project_key.as_bytes());
        out.put_text(&self.title);
        put_hub(&mut out, self.hub.as_ref())?;
        out.put(self.id.as_bytes());
        out.put(&self.secret);
        out.put_text(&self.name);
        out.put_text(&self.role);
        out.put(&self.expires.to_be_bytes());
        Ok(out)
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = open_magic("invitation", bytes, &INVITATION_MAGIC)?;
        let project = ProjectId::from_bytes(reader.array()?);
        let Ok(project_key) = ProjectPublicKey::from_bytes(&reader.array()?) else { return reader.bad() };
        let title = reader.text(MAX_NAME)?;
        let hub = read_hub(&mut reader)?;
        let id = InvitationId::from_bytes(reader.array()?);
        let secret = reader.array()?;
        let name = reader.text(MAX_NAME)?;
        let role = reader.text(MAX_NAME)?;
        let expires = i64::from_be_bytes(reader.array()?);
        reader.end()?;
        Ok(Self { project, project_key, title, hub, id, secret, name, role, expires })
    }

    /// The text of the invitation file.
    ///
    /// # Errors
    /// As [`Self::to_bytes`].
    pub fn to_text(&self) -> Result<String, WireError> {
        Ok(armour::to_text("INVITATION", &self.to_bytes()?))
    }

    /// Reads an invitation file.
    ///
    /// # Errors
    /// [`PairingError`] if it is none, or was changed.
    pub fn from_text(text: &str) -> Result<Self, PairingError> {
        Ok(Self::from_bytes(&armour::from_text("INVITATION", text)?)?)
    }
}

/// The laptop's answer to an invitation: its public keys. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequest {
    /// The project.
    pub project: ProjectId,
    /// The invitation that it answers.
    pub invitation: InvitationId,
    /// The laptop.
    pub device: DeviceId,
    /// The signing key made on it for the invited person.
    pub key: PublicKey,
    /// Where to seal for the person on this laptop.
    pub reader: Recipient,
    /// Keyed BLAKE3 with a key derived from the invitation's secret.
    pub mac: [u8; 32],
    /// By `key`: shows that its secret is on the laptop.
    pub signature: Signature,
}

impl JoinRequest {
    /// Bytes on the wire.
    pub const LEN: usize = 8 + 1 + 16 + 16 + 16 + 32 + 32 + 32 + 64;

    /// Answers an invitation with keys made on this laptop.
    #[must_use]
    pub fn new(invitation: &Invitation, device: DeviceId, signing: &SigningKey, reading: &ReadingKey) -> Self {
        let mut request = Self {
            project: invitation.project,
            invitation: invitation.id,
            device,
            key: signing.public(),
            reader: reading.recipient(),
            mac: [0; 32],
            signature: Signature::from_bytes([0; 64]),
        };
        request.mac = *request.expected_mac(invitation).as_bytes();
        request.signature = signing.sign(Purpose::JoinRequest, &request.signed_bytes());
        request
    }

    fn plain_bytes(&self) -> Vec<u8> {
        let mut out = REQUEST_MAGIC.to_vec();
        out.push(SUITE);
        out.put(self.project.as_bytes());
        out.put(self.invitation.as_bytes());
        out.put(self.device.as_bytes());
        out.put(self.key.as_bytes());
        out.put(self.reader.as_bytes());
        out
    }

    /// Covers the project's key too: whoever swapped it in the invitation makes another MAC.
    fn expected_mac(&self, invitation: &Invitation) -> blake3::Hash {
        let key = Zeroizing::new(blake3::derive_key("tianye 1 invitation secret", &invitation.secret));
        let mut hasher = blake3::Hasher::new_keyed(&key);
        hasher.update(invitation.project_key.as_bytes()).update(&self.plain_bytes());
        hasher.finalize()
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut out = self.plain_bytes();
        out.put(&self.mac);
        out
    }

    /// Checks, on the lead's side, that the request was made with this invitation and holds its keys.
    ///
    /// # Errors
    /// [`PairingError::OtherInvitation`], [`PairingError::BadRequest`].
    pub fn verify(&self, invitation: &Invitation) -> Result<(), PairingError> {
        if self.invitation != invitation.id || self.project != invitation.project {
            return Err(PairingError::OtherInvitation { expected: invitation.id, found: self.invitation });
        }
        // Comparing two `blake3::Hash` takes the same time wherever they differ.
        if self.expected_mac(invitation) != blake3::Hash::from_bytes(self.mac) {
            return Err(PairingError::BadRequest);
        }
        self.key
            .verify(Purpose::JoinRequest, &self.signed_bytes(), &self.signature)
            .map_err(|_: KeyError| PairingError::BadRequest)
    }

    /// BLAKE3 of the bytes: names this very request.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.to_bytes()).as_bytes()
    }

    /// The canonical bytes (FORMAT.md, *Join request*).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.signed_bytes();
        out.put(self.signature.as_bytes());
        out
    }

    /// Reads canonical bytes. Does not check: see [`Self::verify`].
    ///
    /// # Errors
    /// [`WireError`] for anything that [`Self::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = open_magic("join request", bytes, &REQUEST_MAGIC)?;
        let project = ProjectId::from_bytes(reader.array()?);
        let invitation = InvitationId::from_bytes(reader.array()?);
        let device = DeviceId::from_bytes(reader.array()?);
        let Ok(key) = PublicKey::from_bytes(&reader.array()?) else { return reader.bad() };
        let Ok(recipient) = Recipient::from_bytes(reader.array()?) else { return reader.bad() };
        let mac = reader.array()?;
        let signature = Signature::from_bytes(reader.array()?);
        reader.end()?;
        Ok(Self { project, invitation, device, key, reader: recipient, mac, signature })
    }

    /// The text of the request file (`.tianye-join`), for laptops without a way to the hub.
    #[must_use]
    pub fn to_text(&self) -> String {
        armour::to_text("JOIN REQUEST", &self.to_bytes())
    }

    /// Reads a request file.
    ///
    /// # Errors
    /// [`PairingError`] if it is none, or was changed.
    pub fn from_text(text: &str) -> Result<Self, PairingError> {
        Ok(Self::from_bytes(&armour::from_text("JOIN REQUEST", text)?)?)
    }
}

/// Eight digits that both screens show; two people compare them by eye or telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CompareCode(u32);

impl CompareCode {
    /// The code of a request to a project. Takes about 0.2 s and 64 MiB on purpose (Argon2id).
    #[must_use]
    pub fn new(project_key: &ProjectPublicKey, request: &JoinRequest) -> Self {
        let mut seed = blake3::Hasher::new_derive_key("tianye 1 compare code");
        seed.update(project_key.as_bytes()).update(&request.to_bytes());
        let params =
            argon2::Params::new(64 * 1024, 3, 1, Some(8)).expect("these parameters are within Argon2's bounds");
        let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let mut out = [0; 8];
        argon
            .hash_password_into(seed.finalize().as_bytes(), b"tianye compare code 1", &mut out)
            .expect("lengths of seed, salt and output are within Argon2's bounds");
        Self(u32::try_from(u64::from_be_bytes(out) % 100_000_000).expect("below 10^8"))
    }
}

/// Two groups of four digits, such as `0412 7733`.
impl fmt::Display for CompareCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04} {:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

/// What the lead gives an admitted laptop.
#[derive(Clone, PartialEq, Eq)]
pub struct Admission {
    /// The project's title.
    pub title: String,
    /// The hub, if there is one.
    pub hub: Option<HubAddress>,
    /// For the laptop's signing key.
    pub certificate: Certificate,
    /// Whom and what the certificate is for.
    pub details: Details,
    /// For whom the laptop seals the keys of the chains that it opens: leads, recovery.
    pub readers: Vec<Recipient>,
    /// Keys of the chains that the laptop may read now; more come by grants.
    pub granted: Vec<Granted>,
    /// Reading keys of groups of readers that the person now belongs to, such as that of all leads.
    pub shared: Vec<ReadingKey>,
    /// The project's key, for a person who is to admit and revoke others too.
    pub project_key: Option<ProjectKey>,
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission")
            .field("details", &self.details)
            .field("granted", &self.granted.len())
            .finish_non_exhaustive()
    }
}

/// An admission as it travels: sealed for one laptop.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedAdmission(Vec<u8>);

impl fmt::Debug for SealedAdmission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedAdmission({} bytes)", self.0.len())
    }
}

impl SealedAdmission {
    /// Takes bytes from outside.
    ///
    /// # Errors
    /// [`WireError`] if they are no sealed admission, or too long.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, WireError> {
        check_len("admission", bytes.len(), MAX_PAIRING)?;
        open_magic("admission", &bytes, &ADMISSION_MAGIC)?;
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text of the admission file (`.tianye-admit`).
    #[must_use]
    pub fn to_text(&self) -> String {
        armour::to_text("ADMISSION", &self.0)
    }

    /// Reads an admission file.
    ///
    /// # Errors
    /// [`PairingError`] if it is none, or was changed.
    pub fn from_text(text: &str) -> Result<Self, PairingError> {
        Ok(Self::from_bytes(armour::from_text("ADMISSION", text)?)?)
    }
}

impl Admission {
    /// Signs the admission for this request and seals it for the laptop that made it.
    ///
    /// # Errors
    /// [`PairingError`] beyond the format's limits, or if the certificate is not for the request's key and reader.
    pub fn seal(&self, project_key: &ProjectKey, request: &JoinRequest) -> Result<SealedAdmission, PairingError> {
        self.check(request)?;
        let mut plain = Zeroizing::new(self.plain_bytes(request)?);
        let signature = project_key.sign(Purpose::Admission, &plain);
        plain.put(signature.as_bytes());
        let mut out = ADMISSION_MAGIC.to_vec();
        out.push(SUITE);
        out.put(&envelope::seal_for(&[request.reader], &plain)?);
        Ok(SealedAdmission::from_bytes(out)?)
    }

    /// Opens the admission on the laptop that asked for it, and checks that the project signed it for this request.
    ///
    /// # Errors
    /// [`PairingError`] if it is for another laptop or request, from another project, or its certificate is not good.
    pub fn open(
        sealed: &SealedAdmission,
        invitation: &Invitation,
        request: &JoinRequest,
        reading: &ReadingKey,
    ) -> Result<Self, PairingError> {
        let age = &sealed.0[ADMISSION_MAGIC.len() + 1..];
        let plain = envelope::open_for(reading, age, MAX_PAIRING).map_err(|error| match error {
            OpenError::Wire(e) => PairingError::Wire(e),
            _ => PairingError::NotForThisDevice,
        })?;
        let Some((signed, signature)) = plain.split_last_chunk::<64>() else {
            return Err(WireError::Cut { what: "admission", at: plain.len() }.into());
        };
        invitation
            .project_key
            .verify(Purpose::Admission, signed, &Signature::from_bytes(*signature))
            .map_err(|_| PairingError::NotFromProject)?;
        let admission = Self::read(signed, request)?;
        admission.certificate.verify(invitation.project, &invitation.project_key)?;
        if admission.project_key.as_ref().is_some_and(|key| key.public() != invitation.project_key) {
            return Err(PairingError::NotFromProject);
        }
        admission.check(request)?;
        Ok(admission)
    }

    fn check(&self, request: &JoinRequest) -> Result<(), PairingError> {
        self.certificate.verify_details(&self.details)?;
        let fits = self.certificate.key == request.key
            && self.certificate.project == request.project
            && self.details.reader == request.reader
            && self.details.device == request.device;
        if fits { Ok(()) } else { Err(PairingError::NotFromProject) }
    }

    fn plain_bytes(&self, request: &JoinRequest) -> Result<Vec<u8>, WireError> {
        check_text("title", &self.title, MAX_NAME)?;
        check_len("list of readers", self.readers.len(), MAX_READERS)?;
        check_len("list of granted keys", self.granted.len(), MAX_GRANTED)?;
        check_len("list of shared keys", self.shared.len(), MAX_SHARED)?;
        // Never grown: a list that moves would leave keys behind in memory.
        let mut out = Vec::with_capacity(MAX_PAIRING);
        out.push(SUITE);
        out.put(&request.hash());
        out.put_text(&self.title);
        put_hub(&mut out, self.hub.as_ref())?;
        out.put(&self.certificate.to_bytes());
        out.put_blob(&self.details.to_bytes()?);
        out.put_count(self.readers.len());
        for reader in &self.readers {
            out.put(reader.as_bytes());
        }
        grant::put_granted(&mut out, &self.granted);
        out.put_count(self.shared.len());
        for key in &self.shared {
            out.put(&*key.to_secret_bytes());
        }
        match &self.project_key {
            None => out.push(0),
            Some(key) => {
                out.push(1);
                out.put(&*key.to_secret_bytes());
            }
        }
        Ok(out)
    }

    fn read(bytes: &[u8], request: &JoinRequest) -> Result<Self, PairingError> {
        let mut reader = Reader::new("admission", bytes);
        reader.suite()?;
        if reader.array()? != request.hash() {
            return Err(PairingError::NotFromProject);
        }
        let title = reader.text(MAX_NAME)?;
        let hub = read_hub(&mut reader)?;
        let certificate = Certificate::read(&mut reader)?;
        let details = Details::from_bytes(reader.blob(MAX_PAIRING)?)?;
        let mut readers = Vec::new();
        for _ in 0..reader.count(MAX_READERS)? {
            let Ok(one) = Recipient::from_bytes(reader.array()?) else { return Ok(reader.bad()?) };
            readers.push(one);
        }
        let granted = grant::read_granted(&mut reader)?;
        let mut shared = Vec::new();
        for _ in 0..reader.count(MAX_SHARED)? {
            shared.push(ReadingKey::from_secret_bytes(&Zeroizing::new(reader.array()?)));
        }
        let project_key = match reader.u8()? {
            0 => None,
            1 => Some(ProjectKey::from_secret_bytes(&Zeroizing::new(reader.array()?))),
            _ => return Ok(reader.bad()?),
        };
        reader.end()?;
        Ok(Self { title, hub, certificate, details, readers, granted, shared, project_key })
    }
}

fn open_magic<'a>(what: &'static str, bytes: &'a [u8], magic: &[u8; 8]) -> Result<Reader<'a>, WireError> {
    check_len(what, bytes.len(), MAX_PAIRING)?;
    let mut reader = Reader::new(what, bytes);
    match reader.array::<8>() {
        Ok(found) if found == *magic => {}
        _ => return Err(WireError::UnknownFormat { what }),
    }
    reader.suite()?;
    Ok(reader)
}

fn put_hub(out: &mut Vec<u8>, hub: Option<&HubAddress>) -> Result<(), WireError> {
    out.push(u8::from(hub.is_some()));
    if let Some(hub) = hub {
        check_text("hub's address", &hub.url, MAX_URL)?;
        out.put_text(&hub.url);
        out.put(&hub.spki_pin);
        out.put(hub.key.as_bytes());
    }
    Ok(())
}

fn read_hub(reader: &mut Reader<'_>) -> Result<Option<HubAddress>, WireError> {
    match reader.u8()? {
        0 => Ok(None),
        1 => {
            let url = reader.text(MAX_URL)?;
            let spki_pin = reader.array()?;
            let Ok(key) = HubPublicKey::from_bytes(&reader.array()?) else { return reader.bad() };
            Ok(Some(HubAddress { url, spki_pin, key }))
        }
        _ => reader.bad(),
    }
}
