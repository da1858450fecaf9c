//! Reading and writing fixed binary layouts: big-endian, no alignment, nothing optional that is not said so.
//!
//! Every reader here knows how much is left, never reserves more than that, and refuses bytes that are left over, so
//! that each value has one form and each form one value.

/// The bytes do not follow FORMAT.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// It ends too early.
    #[error("the {what} is cut off at byte {at}: fetch it again")]
    Cut {
        /// What was being read.
        what: &'static str,
        /// Where it ended.
        at: usize,
    },
    /// Bytes follow where it should end.
    #[error("the {what} should end at byte {at}, but {extra} bytes follow: fetch it again")]
    Extra {
        /// What was being read.
        what: &'static str,
        /// Where it should have ended.
        at: usize,
        /// How many bytes follow.
        extra: usize,
    },
    /// The suite byte names algorithms that this version does not know.
    #[error("the {what} is of suite {found}, this version knows suite 1: update Tianye")]
    UnknownSuite {
        /// What was being read.
        what: &'static str,
        /// The byte found.
        found: u8,
    },
    /// Another file type, or a version of the format that this program does not know.
    #[error("this is not a {what} of a known version: choose another file, or update Tianye")]
    UnknownFormat {
        /// What was expected.
        what: &'static str,
    },
    /// Longer than the format allows.
    #[error("the {what} has {found} bytes or items, at most {limit} are allowed")]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// Its length.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// A value that the format does not allow in this place.
    #[error("the {what} at byte {at} is not in its only allowed form: fetch it again")]
    NotCanonical {
        /// Which field.
        what: &'static str,
        /// Where.
        at: usize,
    },
}

impl WireError {
    /// Key of this error in the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cut { .. } => "journal-cut-off",
            Self::Extra { .. } => "journal-extra-bytes",
            Self::UnknownSuite { .. } => "journal-unknown-suite",
            Self::UnknownFormat { .. } => "journal-unknown-format",
            Self::TooLong { .. } => "journal-too-long",
            Self::NotCanonical { .. } => "journal-not-canonical",
        }
    }
}

/// A cursor over bytes from outside.
pub(crate) struct Reader<'a> {
    what: &'static str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self { what, bytes, at: 0 }
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], WireError> {
        let rest = &self.bytes[self.at..];
        if rest.len() < len {
            return Err(WireError::Cut { what: self.what, at: self.bytes.len() });
        }
        self.at += len;
        Ok(&rest[..len])
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, WireError> {
        Ok(self.array::<1>()?[0])
    }

    pub(crate) fn u16(&mut self) -> Result<u16, WireError> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, WireError> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, WireError> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    pub(crate) fn suite(&mut self) -> Result<(), WireError> {
        match self.u8()? {
            crate::SUITE => Ok(()),
            found => Err(WireError::UnknownSuite { what: self.what, found }),
        }
    }

    /// A count or length of 16 bits, at most `limit`.
    pub(crate) fn count(&mut self, limit: usize) -> Result<usize, WireError> {
        let found = self.u16()?;
        self.within(u64::from(found), limit)
    }

    /// Bytes after a length of 32 bits, at most `limit`.
    pub(crate) fn blob(&mut self, limit: usize) -> Result<&'a [u8], WireError> {
        let found = self.u32()?;
        let len = self.within(u64::from(found), limit)?;
        self.take(len)
    }

    /// UTF-8 after a length of 16 bits, at most `limit` bytes, without control characters.
    pub(crate) fn text(&mut self, limit: usize) -> Result<String, WireError> {
        let len = self.count(limit)?;
        let at = self.at;
        let wrong = WireError::NotCanonical { what: self.what, at };
        let text = std::str::from_utf8(self.take(len)?).map_err(|_| wrong)?;
        if text.chars().any(char::is_control) { Err(wrong) } else { Ok(text.to_owned()) }
    }

    pub(crate) const fn bad<T>(&self) -> Result<T, WireError> {
        Err(WireError::NotCanonical { what: self.what, at: self.at })
    }

    fn within(&self, found: u64, limit: usize) -> Result<usize, WireError> {
        match usize::try_from(found) {
            Ok(len) if len <= limit => Ok(len),
            _ => Err(WireError::TooLong { what: self.what, found, limit: limit as u64 }),
        }
    }

    /// Everything that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        self.at = self.bytes.len();
        rest
    }

    pub(crate) const fn end(self) -> Result<(), WireError> {
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            Err(WireError::Extra { what: self.what, at: self.at, extra: self.bytes.len() - self.at })
        }
    }
}

/// Appends the parts of a layout.
pub(crate) trait Put {
    fn put(&mut self, bytes: &[u8]);
    fn put_u16(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }
    fn put_u32(&mut self, value: u32) {
        self.put(&value.to_be_bytes());
    }
    fn put_u64(&mut self, value: u64) {
        self.put(&value.to_be_bytes());
    }
    /// A count or length of 16 bits. Callers have checked the limit.
    fn put_count(&mut self, count: usize) {
        self.put_u16(u16::try_from(count).expect("counts are checked against limits below 65,536 before writing"));
    }
    /// A length of 32 bits and the bytes. Callers have checked the limit.
    fn put_blob(&mut self, bytes: &[u8]) {
        self.put_u32(
            u32::try_from(bytes.len()).expect("lengths are checked against limits below 4 GiB before writing"),
        );
        self.put(bytes);
    }
    fn put_text(&mut self, text: &str) {
        self.put_count(text.len());
        self.put(text.as_bytes());
    }
}

impl Put for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Refuses what the reader would refuse, before it is written.
pub(crate) fn check_len(what: &'static str, found: usize, limit: usize) -> Result<(), WireError> {
    if found <= limit { Ok(()) } else { Err(WireError::TooLong { what, found: found as u64, limit: limit as u64 }) }
}

/// Refuses a text that [`Reader::text`] would refuse.
pub(crate) fn check_text(what: &'static str, text: &str, limit: usize) -> Result<(), WireError> {
    check_len(what, text.len(), limit)?;
    if text.chars().any(char::is_control) { Err(WireError::NotCanonical { what, at: 0 }) } else { Ok(()) }
}
