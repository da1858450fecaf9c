//! A hub on the local network: found by an address and a short code that a person reads off another screen.
//!
//! A hub card is too long to type. The code is a digest of its two keys, so whoever stands in between on a guesthouse Wi-Fi
//! would have to find other keys with the same 80 bits. Nothing but the question for the keys is sent before they are
//! known to be the right ones.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::protocol::HubInfo;
use crate::{HubCard, Patience, Pin, SyncError, client};

/// The port of a hub on the local network, where nobody says another.
pub const LOCAL_PORT: u16 = 8788;

/// What a hub's keys come to, short enough to type: 80 bits, as 16 letters and digits without I, L, O and U.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HubCode([u8; 10]);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl HubCode {
    /// The code of a hub: the first 80 bits of SHA-256 over a label, the pin of its TLS key, and its key for receipts.
    #[must_use]
    pub fn new(pin: &Pin, key: &[u8; 32]) -> Self {
        let digest = Sha256::new().chain_update(b"tianye hub code 1").chain_update(pin.as_bytes()).chain_update(key);
        let mut code = [0; 10];
        code.copy_from_slice(&digest.finalize()[..10]);
        Self(code)
    }

    /// The code of the hub with this card.
    #[must_use]
    pub fn of(card: &HubCard) -> Self {
        Self::new(&card.pin, &card.key.0)
    }
}

impl fmt::Display for HubCode {
    /// Four groups of four.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        for at in 0..16_u32 {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            let letter = (bits >> (75 - 5 * at)) & 31;
            f.write_str(&char::from(ALPHABET[letter as usize]).to_string())?;
        }
        Ok(())
    }
}

impl FromStr for HubCode {
    type Err = SyncError;

    /// Takes small letters, spaces and dashes anywhere, full-width letters, and I, L and O for the digits they look like.
    fn from_str(text: &str) -> Result<Self, SyncError> {
        let wrong = || SyncError::Card { what: "a code is 16 letters and digits, as the other screen shows it" };
        let mut bits = 0_u128;
        let mut count = 0;
        for letter in text.chars().map(narrow).filter(|letter| !letter.is_whitespace() && !"-–—_".contains(*letter))
        {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                letter => letter,
            };
            let value = ALPHABET.iter().position(|one| char::from(*one) == letter).ok_or_else(wrong)?;
            count += 1;
            if count > 16 {
                return Err(wrong());
            }
            bits = bits << 5 | value as u128;
        }
        if count != 16 {
            return Err(wrong());
        }
        let bytes = bits.to_be_bytes();
        let mut code = [0; 10];
        code.copy_from_slice(&bytes[6..]);
        Ok(Self(code))
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

/// The letter that a full-width sign stands for.
fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3002}' => '.',
        letter => letter,
    }
}

/// Asks whoever answers at an address for its keys, and gives its card if they are those of the code.
///
/// # Errors
/// [`SyncError::Unreachable`]; [`SyncError::OtherCode`] if somebody else answers.
pub fn find_hub(address: &str, code: &HubCode, patience: Patience) -> Result<HubCard, SyncError> {
    let address = typed_address(address)?;
    let (info, pin): (HubInfo, Pin) = client::ask_for_keys(&address, patience)?;
    if HubCode::new(&pin, &info.key.0) != *code {
        return Err(SyncError::OtherCode { address });
    }
    HubCard::new(&address, pin, info.key.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(text.parse::<HubCode>().ok().map(|code| code.to_string()).as_deref(), expect);
    }

    #[test]
    fn codes() {
        let code = HubCode::new(&Pin::from_bytes([1; 32]), &[2; 32]);
        check(&code.to_string(), Some(&code.to_string()));
        check("0000-0000-0000-0001", Some("0000-0000-0000-0001"));
        check("zzzz zzzz zzzz zzzz", Some("ZZZZ-ZZZZ-ZZZZ-ZZZZ"));
        check("ＡＢＣＤ－oil0—EFGH 1234", Some("ABCD-0110-EFGH-1234"));
        check("ABCD-EFGH-1234", None);
        check("ABCD-EFGH-1234-56789", None);
        check("ABCU-EFGH-1234-5678", None);
        check("ABC!-EFGH-1234-5678", None);
        check("", None);
    }

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
