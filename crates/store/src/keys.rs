//! Passphrases, the keys they lead to, and what deriving them costs.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, Result};

/// Least weight of a new passphrase; see [`Passphrase::check_strength`].
pub const MIN_PASSPHRASE: usize = 12;

/// What a person types to unlock. Shown nowhere, wiped when dropped.
///
/// The text is brought to Unicode NFKC, so that full-width letters typed through an input method open what half-width
/// letters closed.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(String);

impl Passphrase {
    /// A passphrase as typed.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self(typed.nfkc().collect())
    }

    /// Refuses a new passphrase that weighs less than [`MIN_PASSPHRASE`]: ASCII counts one, any other character two.
    ///
    /// # Errors
    /// [`Error::PassphraseTooShort`].
    pub fn check_strength(&self) -> Result<()> {
        let weight: usize = self.0.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        if weight < MIN_PASSPHRASE {
            return Err(Error::PassphraseTooShort { expected: MIN_PASSPHRASE });
        }
        Ok(())
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// What Argon2id costs: memory in KiB, passes, lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Default for KdfCost {
    /// 128 MiB, three passes, one lane: about 0.3 s on a 2020 laptop.
    fn default() -> Self {
        Self { memory_kib: 128 * 1024, passes: 3, lanes: 1 }
    }
}

impl KdfCost {
    /// Least memory for a real store, KiB.
    pub const FLOOR_KIB: u32 = 64 * 1024;
    const CEILING_KIB: u32 = 1024 * 1024;

    /// A cost for real stores: 64 MiB to 1 GiB, 1 to 16 passes, 1 to 4 lanes, and at least three passes below 128 MiB.
    ///
    /// # Errors
    /// [`Error::BadKdfCost`] when out of these bounds.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self> {
        if memory_kib < Self::FLOOR_KIB {
            let what = format!("memory {memory_kib} KiB, at least {}", Self::FLOOR_KIB);
            return Err(Error::BadKdfCost { what });
        }
        if memory_kib < 128 * 1024 && passes < 3 {
            return Err(Error::BadKdfCost { what: format!("{passes} passes, at least 3 below 128 MiB") });
        }
        Self::stored(memory_kib, passes, lanes)
    }

    /// A cost that protects nothing, for tests and practice machines only.
    #[must_use]
    pub const fn insecure_for_tests() -> Self {
        Self { memory_kib: 64, passes: 1, lanes: 1 }
    }

    /// A cost read from a slot. Any floor is too late there, but a ceiling keeps a tampered file from eating the machine.
    pub(crate) fn stored(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self> {
        let bad = |what: String| Err(Error::BadKdfCost { what });
        match () {
            () if memory_kib < 8 * lanes => bad(format!("memory {memory_kib} KiB for {lanes} lanes")),
            () if memory_kib > Self::CEILING_KIB => {
                bad(format!("memory {memory_kib} KiB, at most {}", Self::CEILING_KIB))
            }
            () if !(1..=16).contains(&passes) => bad(format!("{passes} passes, 1 to 16")),
            () if !(1..=4).contains(&lanes) => bad(format!("{lanes} lanes, 1 to 4")),
            () => Ok(Self { memory_kib, passes, lanes }),
        }
    }

    /// Memory in KiB.
    #[must_use]
    pub const fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub const fn passes(&self) -> u32 {
        self.passes
    }

    /// Lanes.
    #[must_use]
    pub const fn lanes(&self) -> u32 {
        self.lanes
    }
}

/// 32 secret bytes, wiped when dropped, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Key(pub(crate) [u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A fresh random key.
    pub(crate) fn random() -> Result<Self> {
        let mut key = Self([0; 32]);
        fill_random(&mut key.0)?;
        Ok(key)
    }

    /// An independent key for one `purpose`.
    pub(crate) fn derived(&self, purpose: &str) -> Self {
        Self(blake3::derive_key(purpose, &self.0))
    }

    /// The key of a passphrase under `salt`.
    pub(crate) fn from_passphrase(passphrase: &Passphrase, salt: &[u8; 16], cost: KdfCost) -> Result<Self> {
        let bad = |error: argon2::Error| Error::BadKdfCost { what: error.to_string() };
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(bad)?;
        let mut key = Self([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.0.as_bytes(), salt, &mut key.0)
            .map_err(bad)?;
        Ok(key)
    }

    /// Seals `plain` bound to `context`: 24-byte random nonce, then XChaCha20-Poly1305 ciphertext.
    pub(crate) fn seal(&self, context: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; 24];
        fill_random(&mut nonce)?;
        let sealed = XChaCha20Poly1305::new(&self.0.into())
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
            .map_err(|_| Error::TooLarge { what: "secret", found: plain.len() as u64, limit: u64::from(u32::MAX) })?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Key::seal`] made, or `None` when key, context or bytes differ.
    pub(crate) fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        XChaCha20Poly1305::new(&self.0.into())
            .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context })
            .ok()
            .map(Zeroizing::new)
    }

    /// Opens a sealed key.
    pub(crate) fn open_key(&self, context: &[u8], sealed: &[u8]) -> Option<Self> {
        let plain = self.open(context, sealed)?;
        Some(Self(plain.as_slice().try_into().ok()?))
    }
}

/// Fills `bytes` from the system's random source.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| Error::NoRandomness(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_half_width_are_one_passphrase() {
        let (cost, salt) = (KdfCost::insecure_for_tests(), [7; 16]);
        let key = |typed| Key::from_passphrase(&Passphrase::new(typed), &salt, cost).unwrap().0;
        assert_eq!(key("ｓｅｖｅｎ７７７"), key("seven777"));
        assert_ne!(key("seven777"), key("seven778"));
    }

    #[test]
    fn strength_counts_chinese_characters_twice() {
        #[track_caller]
        fn check(typed: &str, enough: bool) {
            assert_eq!(Passphrase::new(typed).check_strength().is_ok(), enough, "{typed}");
        }
        check("", false);
        check("12345678901", false);
        check("123456789012", true);
        check("溪水长流去", false);
        check("溪水长流去了", true);
    }

    #[test]
    fn costs_have_a_floor_and_a_ceiling() {
        #[track_caller]
        fn check(memory: u32, passes: u32, lanes: u32, fine: bool) {
            assert_eq!(KdfCost::new(memory, passes, lanes).is_ok(), fine);
        }
        check(128 * 1024, 3, 1, true);
        check(64 * 1024, 3, 1, true);
        check(64 * 1024, 2, 1, false);
        check(64 * 1024 - 1, 3, 1, false);
        check(1024 * 1024 + 1, 3, 1, false);
        check(128 * 1024, 0, 1, false);
        check(128 * 1024, 17, 1, false);
        check(128 * 1024, 3, 5, false);
    }

    #[test]
    fn a_seal_is_bound_to_key_context_and_every_bit() {
        let key = Key([1; 32]);
        let sealed = key.seal(b"here", b"secret").unwrap();
        assert_eq!(key.open(b"here", &sealed).unwrap().as_slice(), b"secret");
        assert!(key.open(b"there", &sealed).is_none());
        assert!(Key([2; 32]).open(b"here", &sealed).is_none());
        for bit in 0..sealed.len() * 8 {
            let mut other = sealed.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(key.open(b"here", &other).is_none(), "bit {bit}");
        }
    }
}
