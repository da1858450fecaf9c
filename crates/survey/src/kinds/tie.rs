use super::words::words;
use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;

words! {
    /// What somebody is to a child, or to a class.
    Relation {
        /// 父亲.
        Father = "father",
        /// 母亲.
        Mother = "mother",
        /// 继父.
        Stepfather = "stepfather",
        /// 继母.
        Stepmother = "stepmother",
        /// 爷爷.
        PaternalGrandfather = "paternal-grandfather",
        /// 奶奶.
        PaternalGrandmother = "paternal-grandmother",
        /// 外公.
        MaternalGrandfather = "maternal-grandfather",
        /// 外婆.
        MaternalGrandmother = "maternal-grandmother",
        /// 伯、叔、姑, and who is married to them.
        PaternalUncleOrAunt = "paternal-uncle-or-aunt",
        /// 舅、姨, and who is married to them.
        MaternalUncleOrAunt = "maternal-uncle-or-aunt",
        /// 哥哥、姐姐、弟弟、妹妹.
        Sibling = "sibling",
        /// 其他亲属.
        OtherRelative = "other-relative",
        /// 寄养家庭.
        FosterCarer = "foster-carer",
        /// 邻居.
        Neighbour = "neighbour",
        /// 班主任.
        ClassTeacher = "class-teacher",
        /// 任课老师.
        Teacher = "teacher",
        /// 儿童主任, 村干部.
        Cadre = "cadre",
        /// Looks after the child; what else they are to each other nobody has said.
        Unsaid = "unsaid",
    }
}

impl Relation {
    /// Whether it is one of school or village, and not of the family or the house.
    pub fn is_of_school(&self) -> bool {
        matches!(self, Self::ClassTeacher | Self::Teacher | Self::Cadre)
    }
}

words! {
    /// By what right somebody looks after a child.
    Custody {
        /// 法定监护人.
        Legal = "legal",
        /// 受委托照料: asked by the guardian, who stays the guardian.
        Entrusted = "entrusted",
    }
}

/// Kind 20: what somebody is to a child, from … to …. Its record holds this one tie: when it ends, its end is written, and
/// what follows is another tie; so who looked after a child at what time stays known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// The guardian, teacher or cadre.
    pub person: RecordId,
    /// The child; or a class, whose teacher the person is.
    pub to: RecordId,
    /// What the person is to it.
    pub relation: Relation,
    /// By what right the person looks after the child; none: not at all, or nobody has asked.
    #[serde(default)]
    pub custody: Option<Custody>,
    /// First day, `YYYY-MM-DD` or as much of it as is known.
    #[serde(default)]
    pub since: Option<Private>,
    /// Last day; none: it goes on.
    #[serde(default)]
    pub until: Option<Private>,
    /// It never was so: written down by mistake.
    #[serde(default)]
    pub taken_back: bool,
    /// A remark for the team.
    #[serde(default)]
    pub note: Option<Private>,
}

impl Tie {
    /// A tie of which no more is known yet.
    pub fn new(person: RecordId, to: RecordId, relation: Relation) -> Self {
        Self { person, to, relation, custody: None, since: None, until: None, taken_back: false, note: None }
    }

    /// Whether it holds on a day, `YYYY-MM-DD`; as far as dates are known.
    pub fn holds_on(&self, day: &str) -> bool {
        // A date that is known in part holds from the first to the last day of that part.
        let began = self.since.as_deref().is_none_or(|since| since <= day || day.starts_with(since));
        let ended = self.until.as_deref().is_some_and(|until| until < day && !day.starts_with(until));
        !self.taken_back && began && !ended
    }
}
