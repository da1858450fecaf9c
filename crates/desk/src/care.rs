//! Care: what a child tells of harm, for the safeguarding holders alone.
//!
//! What somebody writes down is on the disk at once, in a box that only the passphrase opens ([`kept`]). It goes out with the
//! next packet of the restricted chain ([`cover`]), of which every laptop writes one at each sync, whether there is something
//! in it or not. So neither the hub nor a lead nor a colleague sees that there is a report.

mod acts;
mod contacts;
mod copy;
mod cover;
mod kept;
mod moved;
mod reading;
mod sound;

pub(crate) use kept::{Kept, ToErase};
pub use sound::{ReportSealer, ReportSound};
