use super::words::words;
use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;

words! {
    /// Who a respondent is.
    SubjectKind {
        /// 学生.
        Pupil = "pupil",
        /// 教师.
        Teacher = "teacher",
        /// 监护人.
        Guardian = "guardian",
        /// 村干部, 儿童主任.
        Cadre = "cadre",
        /// A session's group.
        Group = "group",
    }
}

/// Kind 5: a respondent. The identity is the record's id, never the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Who it is.
    pub kind: SubjectKind,
    /// Code in lists and exports (`217`, `T04`).
    #[serde(default)]
    pub code: String,
    /// What the screens call the respondent.
    #[serde(default)]
    pub display_name: Private,
    /// Class, school or village.
    #[serde(default)]
    pub site: Option<RecordId>,
    /// `YYYY-MM-DD`, or as much of it as is known.
    #[serde(default)]
    pub birth_date: Option<Private>,
    /// `male`, `female`, or another word.
    #[serde(default)]
    pub sex: Option<Private>,
    /// 学籍号 or 学号.
    #[serde(default)]
    pub student_number: Option<Private>,
    /// 身份证号.
    #[serde(default)]
    pub id_number: Option<Private>,
    /// Grade, as the school says it.
    #[serde(default)]
    pub grade: Option<String>,
    /// Telephone, WeChat or where to ask.
    #[serde(default)]
    pub contact: Option<Private>,
    /// The respondents this one belongs to: a guardian's children. Now said by ties, with relation and dates.
    #[serde(default)]
    pub of: Vec<RecordId>,
    /// A remark for the team.
    #[serde(default)]
    pub note: Option<Private>,
}

impl Subject {
    /// A respondent with a code; the rest is not known yet.
    pub fn new(kind: SubjectKind, code: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            display_name: Private::default(),
            site: None,
            birth_date: None,
            sex: None,
            student_number: None,
            id_number: None,
            grade: None,
            contact: None,
            of: Vec::new(),
            note: None,
        }
    }
}
