//! What a test says was expected or found: a key of the catalogue with its arguments, and the same in English.

use std::fmt;

use crate::view::Args;

/// Something expected or found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(Box<Words>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Words {
    key: String,
    args: Vec<(&'static str, String)>,
    english: String,
}

impl Said {
    /// Something of the form or the test itself, the same in every language.
    pub(super) fn verbatim(text: impl Into<String>) -> Self {
        Self(Box::new(Words { key: String::new(), args: Vec::new(), english: text.into() }))
    }

    /// A value between quotation marks.
    pub(super) fn quoted(text: &str) -> Self {
        Self::verbatim(format!("“{text}”"))
    }

    /// Words with an English sentence, in which `{name}` stands for an argument.
    pub(super) fn words(key: &str, english: &str, args: &[(&'static str, &str)]) -> Self {
        let english = args.iter().fold(english.to_owned(), |text, (name, value)| {
            // Names of arguments are our own; their values are put in once.
            text.replace(&format!("{{{name}}}"), value)
        });
        let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self(Box::new(Words { key: format!("tests-said-{key}"), args, english }))
    }

    /// Why something was refused, in the words of the refusal.
    pub(super) fn refusal(code: &str, english: impl fmt::Display) -> Self {
        Self(Box::new(Words { key: format!("error-{code}"), args: Vec::new(), english: english.to_string() }))
    }

    /// The key of the catalogue; empty for what is the same in every language.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The arguments of the words.
    #[must_use]
    pub fn args(&self) -> Args {
        self.0.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.english)
    }
}
