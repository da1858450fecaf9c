//! The words that a table has beside those of the form. An export file is a product in a language of its own, whatever
//! language the screen speaks.

use crate::deidentify::{Done, PlaceLevel};

/// The words of the frame in one language.
#[derive(Debug, PartialEq, Eq)]
pub struct Words {
    /// The language's code.
    pub language: &'static str,
    /// Headings of the frame columns, in the order of [`FrameColumn::ALL`].
    pub frame: [&'static str; FrameColumn::ALL.len()],
    /// Heading of the column with the interview's id.
    pub interview: &'static str,
    /// Heading of the column with a row's number in its repeat; the repeat's name is added.
    pub row: &'static str,
    /// Heading and cell of the practice mark.
    pub practice: (&'static str, &'static str),
    /// What a ticked choice of a select-multiple says, and what an unticked one says.
    pub ticked: (&'static str, &'static str),
    /// What the cells of non-answers say in a table with labels, in the order of [`tianye_xform::NonAnswer::ALL`].
    pub non_answers: [&'static str; 2],
    /// The name of the table of remarks.
    pub remarks_name: &'static str,
    /// The headings of the table of remarks after the interview's id: question, label, rows, kind, message, reason, who,
    /// when, seconds, seconds wanted.
    pub remarks: [&'static str; 10],
    /// What kinds of remarks are called: soft check open, confirmed, left too soon.
    pub remark_kinds: [&'static str; 3],
    /// What is put around the heading of a question that the newest version does not have: before the heading, between it
    /// and the version, after that.
    pub past: (&'static str, &'static str, &'static str),
    /// What follows the heading of answers as they were given where they read differently.
    pub as_given: &'static str,
    /// The name of the table of versions.
    pub versions_name: &'static str,
    /// The headings of the table of versions: question, version, what is different, there, in the newest version.
    pub versions: [&'static str; 5],
    /// What is different, in the order of [`crate::NoteKind`]: gone, renamed, code renamed, given differently.
    pub version_notes: [&'static str; 4],
    /// The name of the codebook of a de-identified export, its file's too.
    pub codebook_name: &'static str,
    /// The headings of the codebook: question, name, label, what was done.
    pub codebook: [&'static str; 4],
    /// What was done to a column, in the order of [`crate::Done::ALL`]: in a word, and in a sentence.
    pub done: [(&'static str, &'static str); 11],
    /// Headings of a respondent's study code and of an interviewer's.
    pub study_codes: [&'static str; 2],
    /// What follows the heading of an age, of weeks, and of an area.
    pub turned: [&'static str; 3],
    /// The states of an interview, in the order of [`State::ALL`].
    pub states: [&'static str; State::ALL.len()],
    /// What the file names of a practice project begin with.
    pub file_mark: &'static str,
}

/// A column that the form's table has beside the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameColumn {
    /// The respondent's code.
    Code,
    /// The respondent's name: only where a person asked for names.
    Name,
    /// County or city of the site.
    County,
    /// Township of the site.
    Township,
    /// School of the site.
    School,
    /// Village of the site: only in a de-identified table at that level.
    Village,
    /// Class of the site.
    Class,
    /// Who filled the form in.
    Interviewer,
    /// How far the interview is.
    State,
    /// Version of the form that it was filled in with.
    FormVersion,
    /// Fields with several values that wait for a decision; they are blank in the table.
    Conflicts,
}

/// How far an interview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Assigned, not begun.
    Open,
    /// Begun.
    Draft,
    /// Finalised by the interviewer.
    Finalised,
    /// Finalised and opened again for a correction.
    Correcting,
    /// Sent back by a lead.
    SentBack,
    /// Approved by a lead.
    Approved,
    /// Stopped by the respondent.
    Stopped,
}

impl FrameColumn {
    /// All columns, in the order of the table.
    pub const ALL: [Self; 11] = [
        Self::Code,
        Self::Name,
        Self::County,
        Self::Township,
        Self::School,
        Self::Village,
        Self::Class,
        Self::Interviewer,
        Self::State,
        Self::FormVersion,
        Self::Conflicts,
    ];

    /// The columns of a table with or without the names of respondents, in order.
    #[must_use]
    pub fn list(names: bool) -> Vec<Self> {
        Self::ALL.into_iter().filter(|column| *column != Self::Village && (names || *column != Self::Name)).collect()
    }

    /// The columns of a table that tells no place finer than the level, in order. In a de-identified one the respondent's code and the
    /// interviewer are told by study codes.
    #[must_use]
    pub fn coarse(level: PlaceLevel) -> Vec<Self> {
        let told = |column: &Self| match column {
            Self::Township => level >= PlaceLevel::Township,
            Self::Village => level == PlaceLevel::Village,
            Self::School => level == PlaceLevel::School,
            _ => true,
        };
        Self::ALL.into_iter().filter(told).collect()
    }
}

impl State {
    /// All states, in the order of an interview's life.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Draft, Self::Finalised, Self::Correcting, Self::SentBack, Self::Approved, Self::Stopped];
}

impl Words {
    /// The words for a language code: English for `en` and its regions, else Chinese.
    #[must_use]
    pub fn for_language(language: &str) -> &'static Self {
        let first = language.split(['-', '_']).next().unwrap_or_default();
        if first.eq_ignore_ascii_case("en") { &ENGLISH } else { &CHINESE }
    }

    /// The heading of a frame column.
    #[must_use]
    pub fn heading(&self, column: FrameColumn) -> &'static str {
        self.frame[column as usize]
    }

    /// What follows a heading, with labels or with names.
    pub(crate) fn suffix(&self, done: Done, labels: bool) -> &'static str {
        match (done, labels) {
            (Done::Age, true) => self.turned[0],
            (Done::Weeks, true) => self.turned[1],
            (Done::Area, true) => self.turned[2],
            (Done::Age, false) => ".age",
            (Done::Weeks, false) => ".weeks",
            (Done::Area, false) => ".area",
            _ => "",
        }
    }

    /// The word for a state.
    #[must_use]
    pub fn state(&self, state: State) -> &'static str {
        self.states[state as usize]
    }
}

static CHINESE: Words = Words {
    language: "zh-CN",
    frame: ["对象编号", "对象称呼", "县市", "乡镇", "学校", "村", "班级", "访员", "状态", "表单版本", "未决冲突数"],
    interview: "记录编号",
    row: "行号",
    practice: ("练习", "练习项目，不是真实资料"),
    ticked: ("是", "否"),
    non_answers: ["不知道", "拒绝回答"],
    remarks_name: "备注",
    remarks: ["题目", "题面", "行号", "备注类型", "提示", "确认理由", "填写人", "时间", "用时秒数", "要求秒数"],
    remark_kinds: ["软性检查未确认", "软性检查已确认", "停留过短"],
    past: ("", "（旧版 ", "）"),
    as_given: "（原样）",
    versions_name: "版本",
    versions: ["题", "版本", "有什么不同", "那个版本里", "最新版本里"],
    version_notes: [
        "最新版本没有这道题",
        "改了名或挪了位置",
        "选项代码改了",
        "有的答案在最新版本里读法不同，另有“原样”一列",
    ],
    codebook_name: "编码本",
    codebook: ["题目", "题名", "题面", "做了什么"],
    done: [
        ("照录", ""),
        ("年龄", "换成访谈那天的周岁"),
        ("周数", "换成离项目起算日的周数"),
        ("大致位置", "换成所在格子的西南角：约十公里一格，县市一级约五十公里"),
        ("不导出", "不导出：问卷作者标为可识别身份"),
        ("待判断", "不导出：自由填写或由其算出，没有人判断过"),
        ("不导出", "不导出：姓名、号码或联系方式"),
        ("不导出", "不导出：地点比所选级别细"),
        ("不导出", "不导出：地图上的位置"),
        ("不导出", "不导出：照片、录音或文件"),
        ("不导出", "不导出：电脑或填写人的信息"),
    ],
    study_codes: ["研究编号", "访员代号"],
    turned: ["（访谈时周岁）", "（周数）", "（大致位置）"],
    states: ["未开始", "草稿", "已完成", "更正中", "退回", "已通过", "对象要求停止"],
    file_mark: "练习_",
};

static ENGLISH: Words = Words {
    language: "en",
    frame: [
        "respondent_code",
        "respondent_name",
        "county",
        "township",
        "school",
        "village",
        "class",
        "interviewer",
        "state",
        "form_version",
        "open_conflicts",
    ],
    interview: "interview_id",
    row: "row",
    practice: ("practice", "practice project, not real data"),
    ticked: ("1", "0"),
    non_answers: ["does not know", "refused"],
    remarks_name: "remarks",
    remarks: ["question", "label", "row", "remark", "message", "reason", "who", "when", "seconds", "seconds_wanted"],
    remark_kinds: ["soft check open", "soft check confirmed", "left too soon"],
    past: ("", " (version ", ")"),
    as_given: " (as given)",
    versions_name: "versions",
    versions: ["question", "version", "difference", "there", "in_newest"],
    version_notes: [
        "not in the newest version",
        "renamed or moved",
        "choice code renamed",
        "some answers read differently in the newest version; see the column of answers as given",
    ],
    codebook_name: "codebook",
    codebook: ["question", "name", "label", "what_was_done"],
    done: [
        ("as given", ""),
        ("age", "turned into full years of age on the day of the interview"),
        ("weeks", "turned into weeks since the project's base day"),
        (
            "area",
            "turned into the south-western corner of its cell: some ten kilometres wide, some fifty at the level of counties",
        ),
        ("left out", "left out: its author says that it tells who somebody is"),
        ("to be judged", "left out: free text, or computed from it, and nobody has judged it"),
        ("left out", "left out: a name, a number or a contact"),
        ("left out", "left out: a place finer than the level chosen"),
        ("left out", "left out: a point on the map"),
        ("left out", "left out: a photograph, a recording or a file"),
        ("left out", "left out: it tells of the laptop or of who worked at it"),
    ],
    study_codes: ["study_code", "interviewer_code"],
    turned: [" (age at interview)", " (weeks)", " (area)"],
    states: ["open", "draft", "finalised", "correcting", "sent back", "approved", "stopped by the respondent"],
    file_mark: "practice_",
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[track_caller]
    fn check(language: &str, expect: &str) {
        assert_eq!(Words::for_language(language).language, expect);
    }

    #[test]
    fn a_language_has_its_words() {
        check("zh-CN", "zh-CN");
        check("zh", "zh-CN");
        check("en", "en");
        check("en-GB", "en");
        check("EN_us", "en");
        check("eng", "zh-CN");
        check("", "zh-CN");
    }

    #[test]
    fn each_column_and_state_has_a_word_of_its_own() {
        for words in [&CHINESE, &ENGLISH] {
            let headings: HashSet<_> =
                words.frame.into_iter().chain([words.interview, words.row, words.practice.0]).collect();
            assert_eq!(headings.len(), FrameColumn::ALL.len() + 3);
            assert_eq!(words.states.iter().collect::<HashSet<_>>().len(), State::ALL.len());
            assert_ne!(words.ticked.0, words.ticked.1);
        }
    }

    #[test]
    fn words_stand_in_the_order_of_the_columns() {
        for (at, column) in FrameColumn::ALL.into_iter().enumerate() {
            assert_eq!(ENGLISH.heading(column), ENGLISH.frame[at]);
        }
        for (at, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(ENGLISH.state(state), ENGLISH.states[at]);
        }
        assert_eq!(CHINESE.heading(FrameColumn::Township), "乡镇");
        assert_eq!(ENGLISH.heading(FrameColumn::Conflicts), "open_conflicts");
        assert_eq!(CHINESE.state(State::SentBack), "退回");
        assert_eq!(ENGLISH.state(State::Approved), "approved");
    }

    #[test]
    fn names_are_left_out_unless_asked_for() {
        assert!(!FrameColumn::list(false).contains(&FrameColumn::Name));
        assert_eq!(FrameColumn::list(false).len(), 9);
        assert_eq!(FrameColumn::list(true).len(), 10);
    }

    #[test]
    fn places_are_told_down_to_the_level() {
        use FrameColumn::{County, School, Township, Village};
        let places = |level| {
            let columns = FrameColumn::coarse(level).into_iter();
            columns.filter(|column| [County, Township, School, Village].contains(column)).collect()
        };
        let expect: [(PlaceLevel, Vec<FrameColumn>); 4] = [
            (PlaceLevel::County, vec![County]),
            (PlaceLevel::Township, vec![County, Township]),
            (PlaceLevel::Village, vec![County, Township, Village]),
            (PlaceLevel::School, vec![County, Township, School]),
        ];
        for (level, columns) in expect {
            let found: Vec<FrameColumn> = places(level);
            assert_eq!(found, columns);
        }
    }
}
