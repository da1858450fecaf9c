//! Keys, each of its own type so that none can stand in another's place; secrets wipe themselves and never print.

use crate::{ProjectId, to_hex};
use ed25519_dalek::Signer as _;
use rand_core::CryptoRng;
use std::{fmt, str::FromStr};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The bytes or text are not a usable key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a point that a signature could be checked against, or one of the weak points.
    #[error("expected a public key for signatures, found bytes that are none: get it again from its owner")]
    BadPublicKey,
    /// Not an address to seal for, or one that would give the seal away.
    #[error("expected a reading address (age1…), found something else: get it again from its owner")]
    BadRecipient,
    /// Not the text of a secret reading key.
    #[error(
        "expected a secret key (AGE-SECRET-KEY-1…), found something else: look for a letter that was copied wrongly"
    )]
    BadReadingKey,
    /// The signature was made by another key, or for other bytes.
    #[error("the signature does not fit the key and the signed bytes")]
    BadSignature,
}

impl KeyError {
    /// Key of this error in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadPublicKey => "journal-bad-public-key",
            Self::BadRecipient => "journal-bad-recipient",
            Self::BadReadingKey => "journal-bad-reading-key",
            Self::BadSignature => "journal-bad-signature",
        }
    }
}

/// What a signature is made for. Its text stands before the signed bytes, so that no signature fits elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Entry,
    Certificate,
    Receipt,
    JoinRequest,
    Admission,
    Login,
    Revocation,
    Holder,
    StickCard,
}

impl Purpose {
    pub(crate) const fn domain(self) -> &'static [u8] {
        match self {
            Self::Entry => b"tianye/1/entry\0",
            Self::Certificate => b"tianye/1/certificate\0",
            Self::Receipt => b"tianye/1/receipt\0",
            Self::JoinRequest => b"tianye/1/join-request\0",
            Self::Admission => b"tianye/1/admission\0",
            Self::Login => b"tianye/1/login\0",
            Self::Revocation => b"tianye/1/revocation\0",
            Self::Holder => b"tianye/1/holder\0",
            Self::StickCard => b"tianye/1/stick-card\0",
        }
    }

    fn message(self, bytes: &[u8]) -> Vec<u8> {
        [self.domain(), bytes].concat()
    }
}

/// An Ed25519 signature (RFC 8032), 64 bytes. Made deterministically, checked strictly.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature([u8; 64]);

impl Signature {
    /// Bytes on the wire.
    pub const LEN: usize = 64;

    /// Takes the bytes as they stand on the wire.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The bytes as they stand on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({}…)", to_hex(&self.0[..4]))
    }
}

macro_rules! signing_pair {
    ($(#[$sdoc:meta])* $secret:ident, $(#[$pdoc:meta])* $public:ident) => {
        $(#[$sdoc])*
        #[derive(Clone)]
        pub struct $secret(ed25519_dalek::SigningKey);

        impl $secret {
            /// A new key from the generator handed in.
            #[must_use]
            pub fn generate(rng: &mut impl CryptoRng) -> Self {
                let mut seed = Zeroizing::new([0; 32]);
                rng.fill_bytes(seed.as_mut());
                Self::from_secret_bytes(&seed)
            }

            /// Takes back what [`Self::to_secret_bytes`] gave.
            #[must_use]
            pub fn from_secret_bytes(seed: &[u8; 32]) -> Self {
                Self(ed25519_dalek::SigningKey::from_bytes(seed))
            }

            /// The 32 secret bytes, to be kept only inside an encrypted store.
            #[must_use]
            pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
                Zeroizing::new(self.0.to_bytes())
            }

            /// The half that may be shown.
            #[must_use]
            pub fn public(&self) -> $public {
                $public(self.0.verifying_key())
            }

            #[allow(dead_code, reason = "not every sort of key signs in this crate")]
            pub(crate) fn sign(&self, purpose: Purpose, bytes: &[u8]) -> Signature {
                Signature(self.0.sign(&purpose.message(bytes)).to_bytes())
            }
        }

        impl PartialEq for $secret {
            fn eq(&self, other: &Self) -> bool {
                self.public() == other.public()
            }
        }

        impl Eq for $secret {}

        impl fmt::Debug for $secret {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($secret), "(secret of {})"), self.public())
            }
        }

        $(#[$pdoc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $public(ed25519_dalek::VerifyingKey);

        impl $public {
            /// Takes the 32 bytes as they stand on the wire.
            ///
            /// # Errors
            /// [`KeyError::BadPublicKey`] if they are no point, or one of small order.
            pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
                match ed25519_dalek::VerifyingKey::from_bytes(bytes) {
                    Ok(key) if !key.is_weak() => Ok(Self(key)),
                    _ => Err(KeyError::BadPublicKey),
                }
            }

            /// The 32 bytes as they stand on the wire.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 32] {
                self.0.as_bytes()
            }

            #[allow(dead_code, reason = "not every sort of key signs in this crate")]
            pub(crate) fn verify(&self, purpose: Purpose, bytes: &[u8], signature: &Signature) -> Result<(), KeyError> {
                let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
                self.0.verify_strict(&purpose.message(bytes), &signature).map_err(|_| KeyError::BadSignature)
            }
        }

        impl PartialOrd for $public {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $public {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.as_bytes().cmp(other.as_bytes())
            }
        }

        impl fmt::Display for $public {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_hex(self.as_bytes()))
            }
        }

        impl fmt::Debug for $public {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($public), "({})"), self)
            }
        }

        impl FromStr for $public {
            type Err = KeyError;

            fn from_str(text: &str) -> Result<Self, KeyError> {
                let bytes = crate::from_hex(text).and_then(|b| b.try_into().ok()).ok_or(KeyError::BadPublicKey)?;
                Self::from_bytes(&bytes)
            }
        }
    };
}

signing_pair!(
    /// The key of a person on a device: signs that device's chains. Never leaves the device, is in no recovery slot.
    SigningKey,
    /// The public half of a person's key on a device.
    PublicKey
);
signing_pair!(
    /// The key of a project: certifies the keys of its people. The lead's.
    ProjectKey,
    /// The public half of a project's key: what every device of the project trusts.
    ProjectPublicKey
);
signing_pair!(
    /// The key with which a hub signs receipts.
    HubKey,
    /// The public half of a hub's key.
    HubPublicKey
);

impl SigningKey {
    /// Answers a hub's challenge: proves to this hub, for this project, that the key is here.
    #[must_use]
    pub fn answer_challenge(&self, project: ProjectId, hub: &HubPublicKey, challenge: &[u8; 32]) -> Signature {
        self.sign(Purpose::Login, &login_bytes(project, hub, challenge))
    }

    /// Signs what this laptop says of itself on a stick.
    #[must_use]
    pub fn sign_stick_card(&self, project: ProjectId, said: &[u8]) -> Signature {
        self.sign(Purpose::StickCard, &card_bytes(project, said))
    }
}

impl PublicKey {
    /// Checks the answer to a challenge that this hub gave out, and has not seen answered before.
    ///
    /// # Errors
    /// [`KeyError::BadSignature`] if another key answered, or the answer is for another hub, project or challenge.
    pub fn check_answer(
        &self,
        project: ProjectId,
        hub: &HubPublicKey,
        challenge: &[u8; 32],
        answer: &Signature,
    ) -> Result<(), KeyError> {
        self.verify(Purpose::Login, &login_bytes(project, hub, challenge), answer)
    }

    /// Checks what a laptop says of itself on a stick.
    ///
    /// # Errors
    /// [`KeyError::BadSignature`] if another key signed it, or for another project.
    pub fn check_stick_card(&self, project: ProjectId, said: &[u8], signature: &Signature) -> Result<(), KeyError> {
        self.verify(Purpose::StickCard, &card_bytes(project, said), signature)
    }
}

fn card_bytes(project: ProjectId, said: &[u8]) -> Vec<u8> {
    [&[crate::SUITE], project.as_bytes().as_slice(), said].concat()
}

fn login_bytes(project: ProjectId, hub: &HubPublicKey, challenge: &[u8; 32]) -> Vec<u8> {
    [&[crate::SUITE], project.as_bytes().as_slice(), hub.as_bytes(), challenge].concat()
}

const SECRET_HRP: bech32::Hrp = bech32::Hrp::parse_unchecked("age-secret-key-");
const PUBLIC_HRP: bech32::Hrp = bech32::Hrp::parse_unchecked("age");

/// Opens what was sealed for its [`Recipient`]: an age X25519 identity of a device, of a project's leads, or of the
/// recovery slot.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ReadingKey([u8; 32]);

impl ReadingKey {
    /// A new key from the generator handed in.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut key = Self([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// Takes back what [`Self::to_secret_bytes`] gave.
    #[must_use]
    pub fn from_secret_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    /// The 32 secret bytes, to be kept only inside an encrypted store.
    #[must_use]
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0)
    }

    /// The address that others seal for.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        let text = self.to_age().to_public().to_string();
        text.parse().expect("age gives its own recipients in the form that it reads")
    }

    /// The secret as age writes it (`AGE-SECRET-KEY-1…`), for a sheet of paper that is locked away.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let text = bech32::encode_upper::<bech32::Bech32>(SECRET_HRP, &self.0);
        Zeroizing::new(text.expect("32 bytes fit into a bech32 text"))
    }

    /// Takes back what [`Self::to_secret_text`] gave, in capitals or small letters.
    ///
    /// # Errors
    /// [`KeyError::BadReadingKey`] for another text, also for one with a wrong letter.
    pub fn from_secret_text(text: &str) -> Result<Self, KeyError> {
        let checked = bech32::primitives::decode::CheckedHrpstring::new::<bech32::Bech32>(text)
            .map_err(|_| KeyError::BadReadingKey)?;
        let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(checked.byte_iter().collect());
        match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(bytes) if checked.hrp() == SECRET_HRP => Ok(Self(bytes)),
            _ => Err(KeyError::BadReadingKey),
        }
    }

    /// The same key as the age crate has it. Text is the only way in that it offers.
    pub(crate) fn to_age(&self) -> age::x25519::Identity {
        self.to_secret_text().parse().expect("any 32 bytes are an X25519 key")
    }
}

impl fmt::Debug for ReadingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadingKey(secret of {})", self.recipient())
    }
}

/// The address of a reader: an age X25519 recipient.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recipient([u8; 32]);

impl Recipient {
    /// Takes the 32 bytes as they stand on the wire.
    ///
    /// # Errors
    /// [`KeyError::BadRecipient`] for the points of small order, for which a seal would be open to everyone.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        let mut masked = bytes;
        masked[31] &= 0x7f;
        if SMALL_ORDER.contains(&masked) { Err(KeyError::BadRecipient) } else { Ok(Self(bytes)) }
    }

    /// The 32 bytes as they stand on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn to_age(self) -> age::x25519::Recipient {
        self.to_string().parse().expect("this is the form that age reads")
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = bech32::encode_lower::<bech32::Bech32>(PUBLIC_HRP, &self.0);
        f.write_str(&text.expect("32 bytes fit into a bech32 text"))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

impl FromStr for Recipient {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let checked = bech32::primitives::decode::CheckedHrpstring::new::<bech32::Bech32>(text)
            .map_err(|_| KeyError::BadRecipient)?;
        let bytes: Vec<u8> = checked.byte_iter().collect();
        match <[u8; 32]>::try_from(bytes) {
            Ok(bytes) if checked.hrp() == PUBLIC_HRP => Self::from_bytes(bytes),
            _ => Err(KeyError::BadRecipient),
        }
    }
}

/// The encodings of points of small order on Curve25519 (without the top bit, which X25519 ignores).
const SMALL_ORDER: [[u8; 32]; 7] = {
    const fn ends(first: u8, middle: u8, last: u8) -> [u8; 32] {
        let mut point = [middle; 32];
        point[0] = first;
        point[31] = last;
        point
    }
    [
        ends(0, 0, 0),
        ends(1, 0, 0),
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
            0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ],
        [
            0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
            0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
        ],
        ends(0xec, 0xff, 0x7f),
        ends(0xed, 0xff, 0x7f),
        ends(0xee, 0xff, 0x7f),
    ]
};

/// Seals the bodies of one chain (XChaCha20-Poly1305). Handed to readers in grants.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ContentKey([u8; 32]);

impl ContentKey {
    /// A new key from the generator handed in.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut key = Self([0; 32]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// Takes back what [`Self::to_secret_bytes`] gave.
    #[must_use]
    pub fn from_secret_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    /// The 32 secret bytes, to be kept only inside an encrypted store.
    #[must_use]
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0)
    }

    /// The key that opens envelopes (sticks) for all readers of the chain: the whole team, for a chain that the whole team
    /// reads, also those of whom whoever seals knows nothing yet. Inside, every body stays sealed for its own readers.
    #[must_use]
    pub fn envelope_key(&self) -> ReadingKey {
        ReadingKey(blake3::derive_key("tianye 1 envelope key", &self.0))
    }

    /// What the chain's opening says in clear of its key: fixes it without giving it away.
    #[must_use]
    pub fn commitment(&self) -> KeyCommitment {
        KeyCommitment(blake3::derive_key("tianye 1 content key commitment", &self.0))
    }

    pub(crate) const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(secret)")
    }
}

/// Fixes a content key: 32 bytes derived from it with BLAKE3. Only one key fits, so that no two readers can be handed
/// different keys under which one body would say different things.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyCommitment([u8; 32]);

impl KeyCommitment {
    /// Takes the bytes as they stand on the wire.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes as they stand on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for KeyCommitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyCommitment({}…)", to_hex(&self.0[..4]))
    }
}
