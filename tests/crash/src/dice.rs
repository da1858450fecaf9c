//! Chance with a seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// The same throws for the same seed and words.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice for one purpose of a seed.
    #[must_use]
    pub fn new(seed: u64, purpose: &str, numbers: &[usize]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_be_bytes());
        hasher.update(purpose.as_bytes());
        numbers.iter().for_each(|number| {
            hasher.update(&(*number as u64).to_be_bytes());
        });
        Self(ChaCha8Rng::from_seed(hasher.finalize().into()))
    }

    /// From 0 to one below `end`; 0 if there is nothing below it.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % (end as u64).max(1)).unwrap_or(0)
    }

    /// Yes in so many of a hundred throws.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.0.next_u32() % 100 < percent
    }
}
