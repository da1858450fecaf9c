//! The key slots: a small plain file beside the database that holds its key, wrapped.
//!
//! # Format, version 1
//!
//! `slots.txt`, UTF-8, three lines, each ended by `\n`:
//!
//! 1. `tianye-slots 1`
//! 2. one JSON object: `store` (32 hex digits), `passphrase` (`kdf` = `argon2id-19`, `memory_kib`, `passes`, `lanes`,
//!    `salt`, `data_key`, `person_key`), while the passphrase is being changed `next` (the same of the new one), and, if
//!    there is one, `recovery` (`recipient`, `data_key`)
//! 3. BLAKE3 of the two lines before, as hex. It tells an accident from a wrong passphrase; it is no protection.
//!
//! Two random 256-bit keys are wrapped. The **data key** is SQLCipher's raw key. The **person key** seals secrets inside
//! the database (the signing key) a second time. Argon2id of the passphrase gives a key from which two wrapping keys are
//! derived (BLAKE3 `derive_key`, purposes below); each wraps one key by XChaCha20-Poly1305, nonce first, with the first
//! line, the store's id, the costs, the salt and the purpose as associated data. The recovery slot is an age file to one
//! X25519 recipient that holds the store's id and the data key, and never the person key.

use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use tianye_journal::{ReadingKey, Recipient, open_stream, seal_stream};
use zeroize::Zeroizing;

use crate::keys::{KdfCost, Key, Passphrase, fill_random};
use crate::{Error, Op, Result, StoreId, files, hex};

/// Name of the file in a store's folder.
pub(crate) const FILE: &str = "slots.txt";
const MAGIC: &str = "tianye-slots";
const VERSION: i64 = 1;
const KDF: &str = "argon2id-19";
const LIMIT: u64 = 16 * 1024;
const DATA: &str = "tianye 2026 store slots: wrap data key";
const PERSON: &str = "tianye 2026 store slots: wrap person key";

/// The wrapped keys of one store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Slots {
    store: String,
    passphrase: PassphraseSlot,
    /// While the passphrase is being changed: the new one. Either opens the store then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<PassphraseSlot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recovery: Option<RecoverySlot>,
}

/// Which passphrase opened a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The one that stands.
    Standing,
    /// The one that it is being changed to.
    Next,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PassphraseSlot {
    kdf: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    data_key: String,
    person_key: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RecoverySlot {
    recipient: String,
    data_key: String,
}

/// The unwrapped keys. `person` is absent when opened by recovery.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) data: Key,
    pub(crate) person: Option<Key>,
}

impl Slots {
    /// Wraps `keys` under a passphrase.
    pub(crate) fn seal(
        store: StoreId,
        data: &Key,
        person: &Key,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<Self> {
        let passphrase = PassphraseSlot::seal(&store.to_string(), data, person, passphrase, cost)?;
        Ok(Self { store: store.to_string(), passphrase, next: None, recovery: None })
    }

    /// The same with another passphrase beside the one that stands; recovery stays.
    pub(crate) fn with_next(&self, data: &Key, person: &Key, passphrase: &Passphrase, cost: KdfCost) -> Result<Self> {
        let next = PassphraseSlot::seal(&self.store, data, person, passphrase, cost)?;
        Ok(Self { next: Some(next), ..self.clone() })
    }

    /// The same with one passphrase alone.
    pub(crate) fn only(&self, which: Which) -> Self {
        let next = self.next.as_ref().filter(|_| which == Which::Next);
        Self { passphrase: next.unwrap_or(&self.passphrase).clone(), next: None, ..self.clone() }
    }

    /// The same with the data key also wrapped to `recipient` (`age1…`).
    pub(crate) fn with_recovery(&self, data: &Key, recipient: &Recipient) -> Result<Self> {
        let mut wrapped = Vec::new();
        let sealed = (|| {
            let mut writer = seal_stream(&[*recipient], &mut wrapped)?;
            writer.write_all(self.store.as_bytes())?;
            writer.write_all(&data.0)?;
            writer.finish().map(|_| ())
        })();
        sealed.map_err(|error| Error::Invalid { what: "recovery slot", why: error.to_string() })?;
        let recovery = RecoverySlot { recipient: recipient.to_string(), data_key: hex::encode(&wrapped) };
        Ok(Self { recovery: Some(recovery), ..self.clone() })
    }

    /// Whether the passphrase is being changed, and these are the slots with one of the two alone.
    pub(crate) fn may_become(&self, one: &Self) -> bool {
        self.next.is_some() && [Which::Standing, Which::Next].iter().any(|which| self.only(*which) == *one)
    }

    /// The project's recovery recipient, if the store has one.
    pub(crate) fn recovery_recipient(&self) -> Option<&str> {
        self.recovery.as_ref().map(|slot| slot.recipient.as_str())
    }

    /// The store these slots belong to.
    pub(crate) fn store_id(&self) -> Result<StoreId> {
        let malformed = || Error::Invalid { what: "key slots", why: "the store's id is not 32 hex digits".into() };
        hex::array(&self.store).map(StoreId).ok_or_else(malformed)
    }

    /// Unwraps by passphrase. A wrong one costs exactly what a right one costs: one derivation and two openings, or twice that
    /// while the passphrase is being changed.
    pub(crate) fn open(&self, passphrase: &Passphrase) -> Result<(Keys, Which)> {
        match (self.open_by(&self.passphrase, passphrase), &self.next) {
            (Err(Error::WrongPassphrase), Some(next)) => Ok((self.open_by(next, passphrase)?, Which::Next)),
            (opened, _) => Ok((opened?, Which::Standing)),
        }
    }

    fn open_by(&self, slot: &PassphraseSlot, passphrase: &Passphrase) -> Result<Keys> {
        let malformed =
            || Error::Invalid { what: "key slot", why: "a field is not lower-case hex of its length".into() };
        let salt = hex::array(&slot.salt).ok_or_else(malformed)?;
        let data_key = hex::decode(&slot.data_key).ok_or_else(malformed)?;
        let person_key = hex::decode(&slot.person_key).ok_or_else(malformed)?;
        let derived = Key::from_passphrase(passphrase, &salt, slot.cost()?)?;
        let data = derived.derived(DATA).open_key(&slot.context(&self.store, DATA), &data_key);
        let person = derived.derived(PERSON).open_key(&slot.context(&self.store, PERSON), &person_key);
        match (data, person) {
            (Some(data), Some(person)) => Ok(Keys { data, person: Some(person) }),
            _ => Err(Error::WrongPassphrase),
        }
    }

    /// Unwraps the data key by the project's recovery identity.
    pub(crate) fn recover(&self, identity: &ReadingKey) -> Result<Keys> {
        let slot = self.recovery.as_ref().ok_or(Error::WrongRecoveryKey)?;
        let wrapped = hex::decode(&slot.data_key).ok_or(Error::WrongRecoveryKey)?;
        let mut plain = Zeroizing::new(Vec::with_capacity(128));
        let opened = open_stream(wrapped.as_slice(), identity).map_err(|_| Error::WrongRecoveryKey)?;
        opened.take(128).read_to_end(&mut plain).map_err(|_| Error::WrongRecoveryKey)?;
        let key = plain.strip_prefix(self.store.as_bytes()).and_then(|key| key.try_into().ok());
        Ok(Keys { data: Key(key.ok_or(Error::WrongRecoveryKey)?), person: None })
    }

    /// Reads the slots in the folder `dir`.
    pub(crate) fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(FILE);
        let bytes = files::read_limited(&path, LIMIT).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Error::NotAStore { path: dir.to_owned() },
            std::io::ErrorKind::InvalidData => Error::Damaged { path: path.clone(), what: error.to_string() },
            _ => Error::io(Op::Open, &error),
        })?;
        Self::parse(&path, &bytes)
    }

    /// Writes the slots into the folder `dir`, whole or not at all.
    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        files::write_whole(&dir.join(FILE), self.to_text()?.as_bytes()).map_err(|error| Error::io(Op::Keys, &error))
    }

    fn to_text(&self) -> Result<String> {
        let json = serde_json::to_string(self)
            .map_err(|error| Error::Invalid { what: "key slots", why: error.to_string() })?;
        let lines = format!("{MAGIC} {VERSION}\n{json}\n");
        let check = blake3::hash(lines.as_bytes()).to_hex();
        Ok(format!("{lines}{check}\n"))
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self> {
        let damaged = |what: &str| Error::Damaged { path: path.to_owned(), what: what.to_owned() };
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("expected UTF-8 text"))?;
        let (first, rest) = text.split_once('\n').ok_or_else(|| damaged("expected three lines"))?;
        let version = first.strip_prefix(MAGIC).and_then(|version| version.strip_prefix(' '));
        let version: i64 = version.and_then(|v| v.parse().ok()).ok_or_else(|| damaged("expected tianye-slots"))?;
        if version > VERSION {
            return Err(Error::NewerVersion { path: path.to_owned(), found: version, known: VERSION });
        }
        let (json, check) = rest.split_once('\n').ok_or_else(|| damaged("expected three lines"))?;
        let checked = text.len() - check.len();
        if check.strip_suffix('\n') != Some(blake3::hash(&bytes[..checked]).to_hex().as_str()) {
            return Err(damaged("the checksum in its last line differs"));
        }
        let slots: Self = serde_json::from_str(json).map_err(|error| damaged(&error.to_string()))?;
        for slot in std::iter::once(&slots.passphrase).chain(&slots.next) {
            if slot.kdf != KDF {
                return Err(damaged("expected the key derivation argon2id-19"));
            }
            slot.cost()?;
        }
        Ok(slots)
    }
}

impl PassphraseSlot {
    fn seal(store: &str, data: &Key, person: &Key, passphrase: &Passphrase, cost: KdfCost) -> Result<Self> {
        let mut salt = [0; 16];
        fill_random(&mut salt)?;
        let derived = Key::from_passphrase(passphrase, &salt, cost)?;
        let mut slot = Self {
            kdf: KDF.into(),
            memory_kib: cost.memory_kib(),
            passes: cost.passes(),
            lanes: cost.lanes(),
            salt: hex::encode(&salt),
            data_key: String::new(),
            person_key: String::new(),
        };
        slot.data_key = hex::encode(&derived.derived(DATA).seal(&slot.context(store, DATA), &data.0)?);
        slot.person_key = hex::encode(&derived.derived(PERSON).seal(&slot.context(store, PERSON), &person.0)?);
        Ok(slot)
    }

    /// What deriving its key costs.
    fn cost(&self) -> Result<KdfCost> {
        KdfCost::stored(self.memory_kib, self.passes, self.lanes)
    }

    /// What a wrapped key is bound to.
    fn context(&self, store: &str, purpose: &str) -> Vec<u8> {
        let Self { kdf, memory_kib, passes, lanes, salt, .. } = self;
        format!("{MAGIC} {VERSION}|{store}|{kdf}|{memory_kib}|{passes}|{lanes}|{salt}|{purpose}").into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;

    const COST: KdfCost = KdfCost::insecure_for_tests();

    fn path() -> PathBuf {
        PathBuf::from("slots.txt")
    }

    fn sample() -> (Slots, Key, Key, ReadingKey) {
        let (data, person) = (Key([1; 32]), Key([2; 32]));
        let identity = ReadingKey::from_secret_bytes(&[3; 32]);
        let slots = Slots::seal(StoreId([9; 16]), &data, &person, &Passphrase::new("溪水长流"), COST).unwrap();
        let slots = slots.with_recovery(&data, &identity.recipient()).unwrap();
        (slots, data, person, identity)
    }

    #[test]
    fn opens_by_passphrase_and_by_recovery() {
        let (slots, data, person, identity) = sample();
        let slots = Slots::parse(&path(), slots.to_text().unwrap().as_bytes()).unwrap();
        let (keys, _) = slots.open(&Passphrase::new("溪水长流")).unwrap();
        assert_eq!((keys.data.0, keys.person.unwrap().0), (data.0, person.0));
        let keys = slots.recover(&identity).unwrap();
        assert_eq!(keys.data.0, data.0);
        assert!(keys.person.is_none(), "recovery never opens the signing key");
        assert_eq!(slots.open(&Passphrase::new("溪水断流")).unwrap_err().code(), "wrong-passphrase");
        let stranger = ReadingKey::from_secret_bytes(&[4; 32]);
        assert_eq!(slots.recover(&stranger).unwrap_err().code(), "wrong-recovery-key");
    }

    #[test]
    fn a_new_passphrase_replaces_the_old_and_keeps_recovery() {
        let (slots, data, person, identity) = sample();
        let both = slots.with_next(&data, &person, &Passphrase::new("new passphrase"), COST).unwrap();
        let both = Slots::parse(&path(), both.to_text().unwrap().as_bytes()).unwrap();
        let opens = |slots: &Slots, passphrase: &str| {
            let opened = slots.open(&Passphrase::new(passphrase));
            opened.map(|(keys, which)| (keys.data.0, which)).map_err(|error| error.code())
        };
        let (old, new) = ("溪水长流", "new passphrase");
        assert_eq!(opens(&both, old), Ok((data.0, Which::Standing)));
        assert_eq!(opens(&both, new), Ok((data.0, Which::Next)));
        assert_eq!(opens(&both, "neither of them"), Err("wrong-passphrase"));
        for (which, opening, closed) in [(Which::Next, new, old), (Which::Standing, old, new)] {
            let one = both.only(which);
            assert_eq!(opens(&one, opening), Ok((data.0, Which::Standing)));
            assert_eq!(opens(&one, closed), Err("wrong-passphrase"));
            assert_eq!(one.recover(&identity).unwrap().data.0, data.0);
            assert!(both.may_become(&one) && !one.may_become(&one) && !one.may_become(&both));
        }
        let other = both.only(Which::Next).with_next(&data, &person, &Passphrase::new("a third one"), COST).unwrap();
        assert!(!other.may_become(&both.only(Which::Standing)), "somebody changed it meanwhile");
    }

    #[test]
    fn a_newer_format_is_refused_by_name() {
        let text = sample().0.to_text().unwrap().replace("tianye-slots 1", "tianye-slots 2");
        assert_eq!(Slots::parse(&path(), text.as_bytes()).unwrap_err().code(), "newer-version");
    }

    #[test]
    fn every_flipped_bit_of_the_file_is_noticed() {
        let text = sample().0.to_text().unwrap().into_bytes();
        for bit in 0..text.len() * 8 {
            let mut other = text.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(Slots::parse(&path(), &other).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_tampered_field_under_a_right_checksum_does_not_open() {
        #[track_caller]
        fn check(change: impl Fn(&mut Slots), code: &str) {
            let mut slots = sample().0;
            change(&mut slots);
            let parsed = Slots::parse(&path(), slots.to_text().unwrap().as_bytes());
            assert_eq!(parsed.and_then(|slots| slots.open(&Passphrase::new("溪水长流"))).unwrap_err().code(), code);
        }
        check(|slots| slots.store = StoreId([8; 16]).to_string(), "wrong-passphrase");
        check(|slots| slots.passphrase.passes = 2, "wrong-passphrase");
        check(|slots| slots.passphrase.memory_kib = 128, "wrong-passphrase");
        check(|slots| slots.passphrase.memory_kib = u32::MAX, "bad-kdf-cost");
        check(|slots| slots.passphrase.salt = "00".repeat(16), "wrong-passphrase");
        check(|slots| slots.passphrase.salt = "00".into(), "invalid");
        check(|slots| slots.passphrase.kdf = "none".into(), "damaged");
        check(|slots| slots.passphrase.data_key = slots.passphrase.person_key.clone(), "wrong-passphrase");
        check(|slots| slots.passphrase.person_key = slots.passphrase.data_key.clone(), "wrong-passphrase");
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(Slots::parse(&path(), &bytes).is_err());
        }
    }
}
