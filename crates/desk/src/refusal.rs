//! Errors of the rooms, as the window sees them.

use crate::view::{Args, Refusal};

/// What an act of a person gives.
pub type Result<T, E = Refusal> = std::result::Result<T, E>;

/// A refusal with a code and a technical line.
#[must_use]
pub fn refuse(code: &str, detail: impl Into<String>) -> Refusal {
    Refusal { code: code.to_owned(), args: Args::new(), detail: detail.into() }
}

impl Refusal {
    /// The same refusal with an argument for the message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

/// Turns an error with a code into a refusal.
macro_rules! refusals {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for $crate::view::Refusal {
            fn from(error: $error) -> Self {
                $crate::refusal::refuse(error.code(), error.to_string())
            }
        }
    )+};
}

pub(crate) use refusals;
