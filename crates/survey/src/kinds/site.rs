use super::words::words;
use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;

words! {
    /// What a site is.
    SiteKind {
        /// 县, 区, 县级市.
        County = "county",
        /// 乡, 镇, 街道.
        Township = "township",
        /// 村, 社区.
        Village = "village",
        /// 学校.
        School = "school",
        /// 班级.
        Class = "class",
    }
}

/// A name in the languages of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Names {
    /// Chinese.
    pub zh: String,
    /// English; may be empty.
    pub en: String,
}

impl Names {
    /// A name that is the same in both languages.
    pub fn both(name: &str) -> Self {
        Self { zh: name.to_owned(), en: name.to_owned() }
    }

    /// Whether it says nothing in either language.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }

    /// The name in a language (`zh…`, `en…`), or in the other one if it has none there.
    pub fn get(&self, language: &str) -> &str {
        let (first, second) = if language.starts_with("en") { (&self.en, &self.zh) } else { (&self.zh, &self.en) };
        if first.is_empty() { second } else { first }
    }
}

/// Kind 4: a place of the survey. Its id is its record's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// What it is.
    pub kind: SiteKind,
    /// Its names.
    #[serde(default)]
    pub name: Names,
    /// The site it belongs to.
    #[serde(default)]
    pub parent: Option<RecordId>,
    /// Its code in the choice lists of the forms.
    #[serde(default)]
    pub code: Option<String>,
}

impl Site {
    /// A site with a name that belongs to none yet.
    pub fn new(kind: SiteKind, name: Names) -> Self {
        Self { kind, name, parent: None, code: None }
    }
}
