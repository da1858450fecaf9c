//! Words from a list that may grow: a version that does not know a word keeps it.

/// An enum that is one kebab-case word in JSON. A word that this version does not know is kept in `Other`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// A word of a newer version, kept as it came.
            Other(String),
        }

        impl $name {
            /// All words this version knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word, as in JSON and as the key of the message catalogue.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($text => Self::$variant,)*
                    _ => Self::Other(word.to_owned()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = String::deserialize(d)?;
                if word.len() > 64 {
                    return Err(serde::de::Error::custom("a word of a list is at most 64 bytes"));
                }
                Ok(Self::from(word.as_str()))
            }
        }
    };
}
pub(crate) use words;
