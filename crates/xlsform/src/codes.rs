//! The kinds of problem. The kebab-case text of each is public: the user interface keeps one message for each.

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal;)*) => {
        /// What is wrong. [`Code::as_str`] is the public name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])* $variant,)* }

        /// Every code there is.
        pub const ALL: &[Code] = &[$(Code::$variant,)*];

        impl Code {
            /// The public kebab-case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text,)* } }
        }
    };
}

codes! {
    /// The workbook has no `survey` sheet.
    NoSurveySheet = "no-survey-sheet";
}
