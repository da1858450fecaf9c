//! Records that go to and come from other tools of the ODK family, as submissions: instance XML in folders.

mod naming;
mod reading;
mod revising;
mod sources;
mod writing;

pub use sources::{MOST_ANSWER_BYTES, MOST_DEPTH, MOST_FILES, MOST_SUBMISSIONS, MOST_XML_BYTES, MOST_ZIPPED_BYTES};
