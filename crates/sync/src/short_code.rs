//! 80 bits as a person reads them off one screen and types them on another.

use std::fmt;
use std::str::FromStr;

use crate::SyncError;

/// 80 bits, as 16 letters and digits without I, L, O and U (Crockford's base 32). Not shown when printed for a programmer,
/// since it may be a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ShortCode([u8; 10]);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl ShortCode {
    /// The code of these bits.
    #[must_use]
    pub const fn from_bytes(bits: [u8; 10]) -> Self {
        Self(bits)
    }

    /// Its bits.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShortCode(…)")
    }
}

impl fmt::Display for ShortCode {
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

impl FromStr for ShortCode {
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

/// The letter that a full-width sign stands for.
pub(crate) fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3002}' => '.',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(text.parse::<ShortCode>().ok().map(|code| code.to_string()).as_deref(), expect);
    }

    #[test]
    fn codes() {
        let code = ShortCode::from_bytes([0x9c; 10]).to_string();
        check(&code, Some(&code));
        check("0000-0000-0000-0001", Some("0000-0000-0000-0001"));
        check("zzzz zzzz zzzz zzzz", Some("ZZZZ-ZZZZ-ZZZZ-ZZZZ"));
        check("ＡＢＣＤ－oil0—EFGH 1234", Some("ABCD-0110-EFGH-1234"));
        check("ABCD-EFGH-1234", None);
        check("ABCD-EFGH-1234-56789", None);
        check("ABCU-EFGH-1234-5678", None);
        check("ABC!-EFGH-1234-5678", None);
        check("", None);
    }
}
