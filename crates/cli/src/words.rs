//! The words of the command line: the window's own catalogues, and a few of its own, in Chinese and English.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

use crate::arguments::Language;

/// One language's catalogues.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
}

fn catalogues(language: Language) -> [&'static str; 13] {
    match language {
        Language::Zh => [
            include_str!("../../../ui/strings/zh-CN/forms.ftl"),
            include_str!("../../../ui/strings/zh-CN/errors.ftl"),
            include_str!("../../../ui/strings/zh-CN/consent.ftl"),
            include_str!("../../../ui/strings/zh-CN/why.ftl"),
            include_str!("../../../ui/strings/zh-CN/beyond.ftl"),
            include_str!("../../../ui/strings/zh-CN/instances.ftl"),
            include_str!("../../../ui/strings/zh-CN/exports.ftl"),
            include_str!("../../../ui/strings/zh-CN/care.ftl"),
            include_str!("../../../ui/strings/zh-CN/roster.ftl"),
            include_str!("../../../ui/strings/zh-CN/lead.ftl"),
            include_str!("../../../ui/strings/zh-CN/carrying.ftl"),
            include_str!("../../../ui/strings/zh-CN/misfits.ftl"),
            include_str!("../strings/zh-CN.ftl"),
        ],
        Language::En => [
            include_str!("../../../ui/strings/en/forms.ftl"),
            include_str!("../../../ui/strings/en/errors.ftl"),
            include_str!("../../../ui/strings/en/consent.ftl"),
            include_str!("../../../ui/strings/en/why.ftl"),
            include_str!("../../../ui/strings/en/beyond.ftl"),
            include_str!("../../../ui/strings/en/instances.ftl"),
            include_str!("../../../ui/strings/en/exports.ftl"),
            include_str!("../../../ui/strings/en/care.ftl"),
            include_str!("../../../ui/strings/en/roster.ftl"),
            include_str!("../../../ui/strings/en/lead.ftl"),
            include_str!("../../../ui/strings/en/carrying.ftl"),
            include_str!("../../../ui/strings/en/misfits.ftl"),
            include_str!("../strings/en.ftl"),
        ],
    }
}

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> Self {
        let mut bundle = FluentBundle::new(language.tag().parse().into_iter().collect());
        // Isolation marks are for mixed directions; a terminal shows them as boxes.
        bundle.set_use_isolating(false);
        for text in catalogues(language) {
            let resource = match FluentResource::try_new(text.to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { bundle }
    }

    /// The words of a key; none if the catalogues do not know it.
    pub fn maybe<'a>(&self, key: &str, args: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::new();
        for (name, value) in args {
            // Counts are numbers, so that the catalogue can choose by number.
            let count = value.len() <= 6 && (value == "0" || !value.starts_with('0'));
            match value.parse::<u32>() {
                Ok(number) if count => values.set(name, FluentValue::from(number)),
                _ => values.set(name, FluentValue::from(value)),
            }
        }
        let mut problems = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(&values), &mut problems).into_owned())
    }

    /// The words of a key of our own.
    pub fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.maybe(key, args.iter().copied()).unwrap_or_else(|| key.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the message of each code says, with every argument that the code may have.
    #[track_caller]
    fn check(language: Language, key: &str) {
        let words = Words::of(language);
        assert!(words.maybe(key, []).is_some(), "{} has no words for {key}", language.tag());
    }

    #[test]
    fn catalogues_can_be_read() {
        for language in [Language::Zh, Language::En] {
            for text in catalogues(language) {
                let problems = FluentResource::try_new(text.to_owned()).err().map(|(_, problems)| problems);
                assert_eq!(problems, None, "{}", language.tag());
            }
        }
    }

    #[test]
    fn every_problem_of_a_workbook_has_words() {
        for code in tianye_xlsform::codes::ALL {
            check(Language::Zh, &format!("form-{}", code.as_str()));
            check(Language::En, &format!("form-{}", code.as_str()));
        }
    }

    #[test]
    fn what_tests_of_a_workbook_say_has_words() {
        let source = include_str!("../../desk/src/form_tests/run.rs");
        let keys: Vec<&str> = source
            .split("Said::words(")
            .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
            .collect();
        assert!(keys.len() > 15, "{keys:?}");
        let acts = ["shown", "hidden", "valid", "invalid", "required", "optional", "refused", "taken"];
        for key in keys.into_iter().chain(acts) {
            check(Language::Zh, &format!("tests-said-{key}"));
            check(Language::En, &format!("tests-said-{key}"));
        }
    }

    #[test]
    fn both_languages_have_our_own_words() {
        let keys = |language| {
            let [.., own] = catalogues(language);
            own.lines().filter_map(|l| l.split_once(" =")).map(|(key, _)| key.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(keys(Language::Zh), keys(Language::En));
    }

    #[test]
    fn arguments_stand_in_the_words() {
        let words = Words::of(Language::Zh);
        let said = words.maybe("form-unknown-name", [("found", "mother_plce")]);
        assert_eq!(said.as_deref(), Some("题名不存在：mother_plce。请改正，或补上这道题"));
        let arity = [("column", "relevant"), ("function", "round"), ("least", "1"), ("most", "2"), ("count", "0")];
        let said = words.maybe("form-wrong-arity", arity);
        assert_eq!(said.as_deref(), Some("relevant 列：round() 要 1 到 2 个参数，这里有 0 个"));
    }
}
