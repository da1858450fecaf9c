//! Who may come in: challenges, tokens, and the count of failed attempts. All of it is in memory; a restart of the hub
//! only makes devices sign in again.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tianye_sync::protocol::Secret;

const CHALLENGE_SECONDS: u64 = 60;
const FAILURE_WINDOW: Duration = Duration::from_secs(60);
const MAX_ADDRESSES: usize = 20_000;
const MAX_SESSIONS: usize = 20_000;

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A device with a certificate; its signing key.
    Device([u8; 32]),
    /// Whoever holds the project key.
    Lead,
}

/// One signed-in caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) project: [u8; 16],
    pub(crate) role: Role,
}

/// The doorkeeper.
pub(crate) struct Doors {
    key: [u8; 32],
    started: Instant,
    token_life: Duration,
    max_failures: u32,
    sessions: Mutex<HashMap<[u8; 32], (Caller, Instant)>>,
    spent: Mutex<HashMap<[u8; 32], Instant>>,
    failures: Mutex<HashMap<IpAddr, (u32, Instant)>>,
}

impl std::fmt::Debug for Doors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doors(…)")
    }
}

impl Doors {
    /// `key`: 32 random bytes, new at every start.
    pub(crate) fn new(key: [u8; 32], token_life: Duration, max_failures: u32) -> Self {
        Self {
            key,
            started: Instant::now(),
            token_life,
            max_failures,
            sessions: Mutex::default(),
            spent: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    /// A challenge: random bytes, the second it was made, and a code over both. The hub keeps nothing of it, so that a
    /// flood of questions fills no memory.
    pub(crate) fn challenge(&self, project: &[u8; 16], random: [u8; 8]) -> [u8; 32] {
        let mut nonce = [0; 32];
        nonce[..8].copy_from_slice(&random);
        nonce[8..16].copy_from_slice(&self.started.elapsed().as_secs().to_be_bytes());
        let code = self.challenge_code(project, &nonce);
        nonce[16..].copy_from_slice(&code);
        nonce
    }

    /// Whether this challenge was made here, for this project, not long ago, and not answered before. Call it only after
    /// the signature was checked: from then on the challenge is spent.
    pub(crate) fn spend(&self, project: &[u8; 16], nonce: &[u8; 32]) -> bool {
        if !same(&nonce[16..], &self.challenge_code(project, nonce)) {
            return false;
        }
        let mut second = [0; 8];
        second.copy_from_slice(&nonce[8..16]);
        let age = self.started.elapsed().as_secs().saturating_sub(u64::from_be_bytes(second));
        if age > CHALLENGE_SECONDS {
            return false;
        }
        let mut spent = lock(&self.spent);
        let now = Instant::now();
        spent.retain(|_, until| *until > now);
        spent.insert(*nonce, now + Duration::from_secs(CHALLENGE_SECONDS + 2)).is_none()
    }

    /// Lets a caller in for a while. `random`: 32 random bytes that become the token.
    pub(crate) fn admit(&self, caller: Caller, random: [u8; 32]) -> (Secret, Duration) {
        let token = Secret(hex(&random));
        let now = Instant::now();
        let mut sessions = lock(&self.sessions);
        if sessions.len() >= MAX_SESSIONS {
            sessions.retain(|_, (_, until)| *until > now);
        }
        if sessions.len() >= MAX_SESSIONS
            && let Some(oldest) = sessions.iter().min_by_key(|(_, (_, until))| *until).map(|(key, _)| *key)
        {
            sessions.remove(&oldest);
        }
        sessions.insert(token_hash(&token.0), (caller, now + self.token_life));
        (token, self.token_life)
    }

    /// Whose token this is.
    pub(crate) fn caller(&self, token: &str) -> Option<Caller> {
        let sessions = lock(&self.sessions);
        let (caller, until) = sessions.get(&token_hash(token))?;
        (*until > Instant::now()).then_some(*caller)
    }

    /// Ends every session of a device.
    pub(crate) fn expel(&self, project: &[u8; 16], device: &[u8; 32]) {
        lock(&self.sessions)
            .retain(|_, (caller, _)| caller.project != *project || caller.role != Role::Device(*device));
    }

    /// Whether this address has failed too often of late.
    pub(crate) fn too_many_failures(&self, address: IpAddr) -> bool {
        lock(&self.failures)
            .get(&address)
            .is_some_and(|(count, since)| *count >= self.max_failures && since.elapsed() < FAILURE_WINDOW)
    }

    /// Counts a failed attempt.
    pub(crate) fn count_failure(&self, address: IpAddr) {
        let mut failures = lock(&self.failures);
        if failures.len() >= MAX_ADDRESSES {
            failures.retain(|_, (_, since)| since.elapsed() < FAILURE_WINDOW);
        }
        let now = Instant::now();
        let (count, since) = failures.entry(address).or_insert((0, now));
        if since.elapsed() >= FAILURE_WINDOW {
            (*count, *since) = (0, now);
        }
        *count = count.saturating_add(1);
    }

    fn challenge_code(&self, project: &[u8; 16], nonce: &[u8; 32]) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(project);
        hasher.update(&nonce[..16]);
        let mut code = [0; 16];
        code.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        code
    }
}

/// Compares secrets without telling by the time taken where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    blake3::hash(a) == blake3::hash(b)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn token_hash(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: [u8; 16] = [7; 16];

    fn doors() -> Doors {
        Doors::new([3; 32], Duration::from_secs(60), 2)
    }

    #[test]
    fn a_challenge_is_good_once_here_and_for_its_project() {
        let doors = doors();
        let nonce = doors.challenge(&P, [1; 8]);
        assert!(!doors.spend(&[8; 16], &nonce), "other project");
        let mut altered = nonce;
        altered[0] ^= 1;
        assert!(!doors.spend(&P, &altered), "altered");
        assert!(!Doors::new([4; 32], Duration::from_secs(60), 2).spend(&P, &nonce), "other hub");
        assert!(doors.spend(&P, &nonce));
        assert!(!doors.spend(&P, &nonce), "twice");
    }

    #[test]
    fn a_token_ends_with_its_life_or_with_its_device() {
        let doors = doors();
        let caller = Caller { project: P, role: Role::Device([1; 32]) };
        let (token, _) = doors.admit(caller, [5; 32]);
        assert_eq!(doors.caller(&token.0).unwrap().role, caller.role);
        assert!(doors.caller("5555").is_none());
        doors.expel(&P, &[1; 32]);
        assert!(doors.caller(&token.0).is_none());
        let short = Doors::new([3; 32], Duration::ZERO, 2);
        let (token, _) = short.admit(caller, [5; 32]);
        assert!(short.caller(&token.0).is_none());
    }

    #[test]
    fn failures_are_counted_by_address() {
        let doors = doors();
        let [a, b] = ["10.0.0.1", "10.0.0.2"].map(|text| text.parse().unwrap());
        doors.count_failure(a);
        assert!(!doors.too_many_failures(a));
        doors.count_failure(a);
        assert!(doors.too_many_failures(a));
        assert!(!doors.too_many_failures(b));
    }
}
