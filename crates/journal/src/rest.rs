//! What an erasure leaves of an entry, for those who could read the entry and for nobody else.
//!
//! The erasure stands in the chain of who erased, which more people may read than the chain of the entry. So the words that
//! are left are sealed with the content key of the entry's own chain.

use crate::body::{open_box, seal_box};
use crate::{ContentKey, EntryHash, OpenError};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Seals what is left of `entry` with the content key of its chain (FORMAT.md, *Rest*).
pub fn seal_rest(key: &ContentKey, entry: EntryHash, rest: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    seal_box(key.expose(), &aad(entry), rest, usize::MAX, rng)
}

/// Opens what [`seal_rest`] sealed.
///
/// # Errors
/// [`OpenError`]: another key, another entry, or damaged.
pub fn open_rest(key: &ContentKey, entry: EntryHash, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    open_box(key.expose(), &aad(entry), sealed)
}

fn aad(entry: EntryHash) -> Vec<u8> {
    [b"tianye/1/rest\0".as_slice(), entry.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_opens_with_the_key_of_its_chain_and_in_its_place_only() {
        let mut rng = rand_chacha::ChaCha20Rng::from_seed([7; 32]);
        let (key, other) = (ContentKey::generate(&mut rng), ContentKey::generate(&mut rng));
        let (entry, another) = (EntryHash::from_bytes([1; 32]), EntryHash::from_bytes([2; 32]));
        let sealed = seal_rest(&key, entry, "爸爸在外省".as_bytes(), &mut rng);
        assert_eq!(open_rest(&key, entry, &sealed).map(|rest| rest.to_vec()), Ok("爸爸在外省".as_bytes().to_vec()));
        assert_eq!(open_rest(&other, entry, &sealed).map(|rest| rest.to_vec()), Err(OpenError::WrongKey));
        assert_eq!(open_rest(&key, another, &sealed).map(|rest| rest.to_vec()), Err(OpenError::WrongKey));
    }

    use rand_chacha::rand_core::SeedableRng as _;
}
