use super::{FormHash, Names, Purpose};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How the places begin that a project fills in, in the program's own text. What each interviewer says there (a name) is none.
const BLANKS: [&str; 5] = ["写明", "单位", "日期", "负责人", "伦理委员会"];

/// Kind 19: a version of the text that a family is shown and read before it is asked. One record is one activity; its
/// entries are the versions, and none is ever changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentText {
    /// What the activity is called: `2017 年春季问卷`.
    #[serde(default)]
    pub activity: Names,
    /// Who asks, what it is about, what is kept and for how long, what may not be kept secret, how to take it back. Blank
    /// lines part paragraphs.
    #[serde(default)]
    pub opening: Names,
    /// What is asked for, each on its own.
    #[serde(default)]
    pub purposes: Vec<PurposeText>,
    /// What is said to the child first, in words for a child.
    #[serde(default)]
    pub child: Names,
    /// What is said first to those of 14 to 17; who has none there is told what children are told.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub youth: Names,
    /// What is said first to an adult about themselves (a teacher, a cadre, a carer); who has none there hears the opening.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub adult: Names,
    /// What is said at the end: whom to call.
    #[serde(default)]
    pub closing: Names,
}

/// One purpose in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurposeText {
    /// Which.
    pub purpose: Purpose,
    /// What the guardian is asked about the child.
    #[serde(default)]
    pub text: Names,
    /// What an adult is asked about themselves; who has none there is asked what guardians are asked.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub own: Names,
    /// What the child is asked.
    #[serde(default)]
    pub child: Names,
}

impl PurposeText {
    /// What an adult is asked about themselves.
    pub fn to_adults(&self) -> &Names {
        if self.own.is_empty() { &self.text } else { &self.own }
    }
}

impl ConsentText {
    /// The version: the hash of all that it says.
    pub fn version(&self) -> FormHash {
        let text = serde_json::Value::Object(crate::content::object_of(self)).to_string();
        FormHash(*blake3::hash(text.as_bytes()).as_bytes())
    }

    /// What it says of a purpose.
    pub fn about(&self, purpose: &Purpose) -> Option<&PurposeText> {
        self.purposes.iter().find(|about| about.purpose == *purpose)
    }

    /// What is said first to an adult about themselves.
    pub fn to_adults(&self) -> &Names {
        if self.adult.is_empty() { &self.opening } else { &self.adult }
    }

    /// What of the program's own text nobody has filled in yet, in the Chinese words: `单位`, `日期`.
    pub fn blanks(&self) -> BTreeSet<&str> {
        let first = [&self.activity, &self.opening, &self.child, &self.youth, &self.adult, &self.closing];
        let asked = self.purposes.iter().flat_map(|about| [&about.text, &about.own, &about.child]);
        let open = first.into_iter().chain(asked).flat_map(|names| names.zh.split('（').skip(1));
        let inside = open.filter_map(|after| after.split_once('）')).map(|(inside, _)| inside);
        inside.filter(|inside| BLANKS.iter().any(|blank| inside.starts_with(blank))).collect()
    }

    /// Whether it asks for a purpose in words that a family and a child can be read.
    pub fn asks(&self, purpose: &Purpose) -> bool {
        let said = |names: &Names| !names.zh.trim().is_empty();
        said(&self.opening) && self.about(purpose).is_some_and(|about| said(&about.text) && said(&about.child))
    }
}
