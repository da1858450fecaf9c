//! One way to declare errors: a variant, its kebab-case code, its English sentence.

/// Declares an enum of failures whose every variant has a stable code (for the translated catalogue of the screens),
/// named arguments (for the same catalogue) and an English sentence with what was expected and found.
macro_rules! coded {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$vmeta:meta])* $code:literal $variant:ident { $( $(#[$fmeta:meta])* $field:ident : $ty:ty ),* $(,)? } $text:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum $name {
            $( $(#[$vmeta])* #[error($text)] $variant { $( $(#[$fmeta])* $field: $ty ),* } ),+
        }

        impl $name {
            /// The stable kebab-case code of this failure: the key in the catalogue of messages.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $( Self::$variant { .. } => $code ),+ }
            }

            /// The named values that the message speaks of, as text.
            #[must_use]
            pub fn args(&self) -> Vec<(&'static str, String)> {
                match self { $( Self::$variant { $($field),* } => vec![ $( (stringify!($field), $field.to_string()) ),* ] ),+ }
            }
        }
    };
}

pub(crate) use coded;
