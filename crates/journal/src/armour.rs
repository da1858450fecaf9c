//! Bytes as lines of text that survive mail, chat and Windows line ends.

use crate::PairingError;
use crate::pairing::MAX_PAIRING;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Bytes of BLAKE3 that follow the content inside the text.
const CHECKSUM: usize = 8;
const LINE: usize = 64;

/// The bytes and their checksum in base64 between a BEGIN and an END line.
pub(crate) fn to_text(label: &str, bytes: &[u8]) -> String {
    let text = STANDARD.encode([bytes, &blake3::hash(bytes).as_bytes()[..CHECKSUM]].concat());
    let mut out = format!("-----BEGIN TIANYE {label}-----\n");
    for (i, character) in text.chars().enumerate() {
        if i > 0 && i % LINE == 0 {
            out.push('\n');
        }
        out.push(character);
    }
    out.push_str(&format!("\n-----END TIANYE {label}-----\n"));
    out
}

/// The bytes of such a text; what stands before BEGIN and after END, and white space between, does not matter.
pub(crate) fn from_text(label: &'static str, text: &str) -> Result<Vec<u8>, PairingError> {
    let bad = PairingError::BadText { expected: label };
    if text.len() > 4 * MAX_PAIRING {
        return Err(bad);
    }
    let begin = format!("-----BEGIN TIANYE {label}-----");
    let end = format!("-----END TIANYE {label}-----");
    let (_, rest) = text.split_once(&begin).ok_or(bad)?;
    let (inside, _) = rest.split_once(&end).ok_or(bad)?;
    let packed: String = inside.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let mut bytes = STANDARD.decode(packed).map_err(|_| bad)?;
    let content = bytes.len().checked_sub(CHECKSUM).ok_or(bad)?;
    let (head, checksum) = bytes.split_at(content);
    if blake3::hash(head).as_bytes()[..CHECKSUM] != *checksum {
        return Err(bad);
    }
    bytes.truncate(content);
    Ok(bytes)
}
