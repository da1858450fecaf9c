//! A hub on the local network: found by an address and a short code that a person reads off another screen.
//!
//! A hub card is too long to type. The code is a digest of its two keys, so whoever stands in between on a guesthouse Wi-Fi
//! would have to find other keys with the same 80 bits. Nothing but the question for the keys is sent before they are
//! known to be the right ones.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::protocol::HubInfo;
use crate::short_code::narrow;
use crate::{HubCard, Patience, Pin, ShortCode, SyncError, anybody};

/// The port of a hub on the local network, where nobody says another.
pub const LOCAL_PORT: u16 = 8788;

/// What a hub's keys come to, short enough to type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HubCode(ShortCode);

impl HubCode {
    /// The code of a hub: the first 80 bits of SHA-256 over a label, the pin of its TLS key, and its key for receipts.
    #[must_use]
    pub fn new(pin: &Pin, key: &[u8; 32]) -> Self {
        let digest = Sha256::new().chain_update(b"tianye hub code 1").chain_update(pin.as_bytes()).chain_update(key);
        let mut code = [0; 10];
        code.copy_from_slice(&digest.finalize()[..10]);
        Self(ShortCode::from_bytes(code))
    }

    /// The code of the hub with this card.
    #[must_use]
    pub fn of(card: &HubCard) -> Self {
        Self::new(&card.pin, &card.key.0)
    }
}

impl fmt::Display for HubCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for HubCode {
    type Err = SyncError;

    /// As for every [`ShortCode`].
    fn from_str(text: &str) -> Result<Self, SyncError> {
        text.parse().map(Self)
    }
}

/// The address of a hub as a person types it: `192.168.1.5`, `192.168.1.5:8788`, `https://…`, in full-width signs too.
///
/// # Errors
/// [`SyncError::Card`] if it is none.
pub fn typed_address(text: &str) -> Result<String, SyncError> {
    let text: String = text.chars().map(narrow).filter(|letter| !letter.is_whitespace()).collect();
    let host = text.trim_start_matches("https://").trim_end_matches('/');
    if host.is_empty() || host.starts_with(':') {
        return Err(SyncError::Card { what: "an address is needed, as the other screen shows it" });
    }
    // An IPv6 address stands in brackets, so that its colons are not taken for that before a port.
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let address = if has_port && !host.ends_with(']') {
        format!("https://{host}")
    } else {
        format!("https://{host}:{LOCAL_PORT}")
    };
    Ok(HubCard::new(&address, Pin::from_bytes([0; 32]), [0; 32])?.address)
}

/// Asks whoever answers at an address for its keys, and gives its card if they are those of the code.
///
/// # Errors
/// [`SyncError::Unreachable`]; [`SyncError::OtherCode`] if somebody else answers.
pub fn find_hub(address: &str, code: &HubCode, patience: Patience) -> Result<HubCard, SyncError> {
    let address = typed_address(address)?;
    let (info, pin): (HubInfo, Pin) = anybody::ask_for_keys(&address, patience)?;
    if HubCode::new(&pin, &info.key.0) != *code {
        return Err(SyncError::OtherCode { address });
    }
    HubCard::new(&address, pin, info.key.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_of_both_keys() {
        let code = HubCode::new(&Pin::from_bytes([1; 32]), &[2; 32]);
        assert_ne!(code, HubCode::new(&Pin::from_bytes([3; 32]), &[2; 32]));
        assert_ne!(code, HubCode::new(&Pin::from_bytes([1; 32]), &[3; 32]));
    }

    #[track_caller]
    fn check_address(text: &str, expect: Option<&str>) {
        assert_eq!(typed_address(text).ok().as_deref(), expect);
    }

    #[test]
    fn addresses() {
        check_address("192.168.1.5", Some("https://192.168.1.5:8788"));
        check_address(" 192.168.1.5:9000 ", Some("https://192.168.1.5:9000"));
        check_address("192。168．1.5：9000", Some("https://192.168.1.5:9000"));
        check_address("https://hub.example.cn/", Some("https://hub.example.cn:8788"));
        check_address("[fe80::1]", Some("https://[fe80::1]:8788"));
        check_address("[fe80::1]:9000", Some("https://[fe80::1]:9000"));
        check_address("", None);
        check_address("a/b", None);
    }
}
