//! What stands in a file that becomes an answer: its format, by its bytes and never by its name, and what must leave it
//! before it is sealed. A telephone writes into a photograph or a film where it was taken: that would tell where a child
//! lives.

pub(crate) mod film;
pub(crate) mod flac;
pub(crate) mod format;
pub(crate) mod picture;
