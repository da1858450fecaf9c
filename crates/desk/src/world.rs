//! What the desk asks of the world: the time and randomness. Folders are handed in where they are needed.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, Local, SecondsFormat, TimeZone};
use tianye_sync::Patience;

/// Clock and randomness, handed in so that tests can choose them.
pub trait World: Send + Sync + std::fmt::Debug {
    /// The laptop's clock with its offset. It may be years wrong, and never decides anything.
    fn now(&self) -> DateTime<FixedOffset>;
    /// Fills bytes with randomness fit for keys.
    fn fill(&self, bytes: &mut [u8]);
    /// How long to wait for a hub that does not answer.
    fn patience(&self) -> Patience {
        Patience::default()
    }
}

/// The laptop's own clock and the operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine;

impl World for Machine {
    fn now(&self) -> DateTime<FixedOffset> {
        Local::now().fixed_offset()
    }

    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives randomness; without it no key may be made");
    }

    /// `TIANYE_PATIENCE`, in milliseconds, for lines that are known; else the usual one.
    fn patience(&self) -> Patience {
        let chosen = std::env::var("TIANYE_PATIENCE").ok().and_then(|text| text.parse().ok());
        chosen.map(Duration::from_millis).map_or_else(Patience::default, |one| Patience { connect: one, answer: one })
    }
}

/// A generator for keys, seeded from the world.
#[must_use]
pub fn key_rng(world: &dyn World) -> rand_chacha::ChaCha20Rng {
    let mut seed = [0; 32];
    world.fill(&mut seed);
    rand_core::SeedableRng::from_seed(seed)
}

/// A random number for row identities and the form's own functions.
#[must_use]
pub fn random_u64(world: &dyn World) -> u64 {
    let mut bytes = [0; 8];
    world.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A random identity of 128 bits.
#[must_use]
pub fn random_u128(world: &dyn World) -> u128 {
    let mut bytes = [0; 16];
    world.fill(&mut bytes);
    u128::from_le_bytes(bytes)
}

/// A time as the wire carries it.
#[must_use]
pub fn iso(at: DateTime<FixedOffset>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// Milliseconds since 1970 UTC and minutes of offset, as entries carry them.
#[must_use]
pub fn parts(at: DateTime<FixedOffset>) -> (i64, i16) {
    (at.timestamp_millis(), i16::try_from(at.offset().local_minus_utc() / 60).unwrap_or(0))
}

/// The time of an entry; none if its clock was beyond reason.
#[must_use]
pub fn local(ms: i64, offset_minutes: i16) -> Option<DateTime<FixedOffset>> {
    let offset = FixedOffset::east_opt(i32::from(offset_minutes) * 60)?;
    offset.timestamp_millis_opt(ms).single()
}

/// The time of an entry as the wire carries it; none if the entry's clock was beyond reason.
#[must_use]
pub fn iso_of(ms: i64, offset_minutes: i16) -> Option<String> {
    local(ms, offset_minutes).map(iso)
}
