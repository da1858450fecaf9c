//! Which column holds what, by its heading in Chinese or English.

use super::Line;
use crate::duplicates::narrow;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $code:literal: $headings:expr,)*) => {
        /// What a column of a roster holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column {
            $($(#[$doc])* $name,)*
        }

        impl Column {
            /// All, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word for it, as on the command line and as key of the catalogue.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The headings that are known for it, folded: the first ones are the plainest.
            fn headings(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => $headings,)*
                }
            }
        }
    };
}

columns! {
    /// Name; the only one that must be there.
    Name = "name": &["姓名", "name", "名字", "学生姓名", "儿童姓名", "孩子姓名", "教师姓名", "fullname", "studentname", "pupilname", "childname", "pupil", "child", "student"],
    /// Class.
    Class = "class": &["班级", "class", "班", "所在班级", "班级名称", "classname"],
    /// Number in the school's register.
    Number = "number": &["学号", "学籍号", "学籍号码", "全国学籍号", "studentnumber", "studentid", "studentno", "schoolnumber", "registernumber", "学生编号"],
    /// Code in the project's lists.
    Code = "code": &["编号", "code", "代码", "调查编号", "项目编号", "respondentcode"],
    /// Sex.
    Sex = "sex": &["性别", "sex", "gender"],
    /// Date of birth.
    Birth = "birth": &["出生日期", "birthdate", "dateofbirth", "生日", "出生年月", "出生年月日", "birthday", "dob", "birth"],
    /// Number of the identity card.
    IdNumber = "id-number": &["身份证号", "idnumber", "身份证号码", "身份证", "身份证件号", "证件号码", "idcard", "idcardnumber", "identitynumber"],
    /// School.
    School = "school": &["学校", "school", "学校名称", "所在学校", "就读学校", "schoolname"],
    /// Grade.
    Grade = "grade": &["年级", "grade", "所在年级", "就读年级"],
    /// Village.
    Village = "village": &["村", "village", "村庄", "行政村", "所在村", "村社区", "村名"],
    /// Township.
    Township = "township": &["乡镇", "township", "乡镇街道", "镇", "乡", "town"],
    /// County.
    County = "county": &["县", "county", "县市区", "区县", "县区"],
    /// Telephone.
    Contact = "contact": &["电话", "phone", "联系电话", "手机", "手机号", "联系方式", "telephone", "mobile", "contact", "phonenumber"],
    /// Pupil, teacher, guardian, cadre.
    Kind = "kind": &["身份", "kind", "类别", "人员类别", "role", "persontype"],
    /// A guardian's name.
    Guardian = "guardian": &["监护人", "guardian", "监护人姓名", "家长", "家长姓名", "guardianname", "carer", "照料人", "照料人姓名", "委托监护人"],
    /// What the guardian is to the child.
    GuardianRelation = "guardian-relation": &["关系", "relation", "与监护人关系", "监护人关系", "与学生关系", "与儿童关系", "与孩子关系", "relationship", "guardianrelation"],
    /// Legal guardian, or entrusted.
    GuardianStanding = "guardian-standing": &["监护类型", "guardianstanding", "监护性质", "法定或委托", "custody"],
    /// The guardian's telephone.
    GuardianContact = "guardian-contact": &["监护人电话", "guardianphone", "家长电话", "监护人联系电话", "家长联系电话", "监护人手机", "guardiancontact", "parentphone", "监护人联系方式"],
    /// The father's name.
    Father = "father": &["父亲", "father", "父亲姓名", "爸爸", "fathername"],
    /// The father's telephone.
    FatherContact = "father-contact": &["父亲电话", "fatherphone", "父亲联系电话", "父亲手机", "fathercontact", "父亲联系方式"],
    /// The mother's name.
    Mother = "mother": &["母亲", "mother", "母亲姓名", "妈妈", "mothername"],
    /// The mother's telephone.
    MotherContact = "mother-contact": &["母亲电话", "motherphone", "母亲联系电话", "母亲手机", "mothercontact", "母亲联系方式"],
    /// A remark.
    Note = "note": &["备注", "note", "说明", "notes", "remark", "remarks"],
}

impl Column {
    /// The column of this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.code() == code)
    }

    fn of_heading(heading: &str) -> Option<Self> {
        let folded = fold(heading);
        let by =
            |fits: &dyn Fn(&str) -> bool| Self::ALL.iter().copied().find(|one| one.headings().iter().any(|h| fits(h)));
        by(&|known| known == folded)
    }
}

/// A heading without spaces, punctuation and what stands in brackets.
fn fold(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut folded = String::new();
    for c in heading.chars().map(narrow) {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            _ => {}
        }
    }
    folded
}

/// What the columns under these headings hold. Each thing stands in one column; of two headings for it, the first counts.
pub fn guess(headings: &[String]) -> Vec<Option<Column>> {
    let mut taken = Vec::new();
    let mut one = |heading: &String| {
        let column = Column::of_heading(heading).filter(|column| !taken.contains(column))?;
        taken.push(column);
        Some(column)
    };
    headings.iter().map(&mut one).collect()
}

/// How many rows are looked at for the headings: a title and a few lines of explanation often stand above them.
const LOOKED_AT: usize = 10;

/// The place of the headings among the rows: the first row with a name and one more known heading; else the one with the
/// most; else the first.
pub fn header(lines: &[Line]) -> usize {
    let known = |line: &Line| guess(&line.cells).into_iter().flatten().count();
    let named = |line: &Line| guess(&line.cells).contains(&Some(Column::Name));
    let above = || lines.iter().take(LOOKED_AT).enumerate();
    let whole = above().find(|(_, line)| named(line) && known(line) > 1);
    let best = || above().max_by_key(|(at, line)| (known(line), usize::MAX - at)).filter(|(_, line)| known(line) > 0);
    whole.or_else(best).map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headings: &str, expect: &str) {
        let headings: Vec<String> = headings.split('|').map(str::to_owned).collect();
        let found: Vec<&str> = guess(&headings).into_iter().map(|one| one.map_or("-", Column::code)).collect();
        assert_eq!(found.join(" "), expect);
    }

    #[test]
    fn headings_are_known_in_both_languages() {
        check("序号|姓 名|性别|学号|班级|出生年月（如2008-03）|备注", "- name sex number class birth note");
        check("No.|Name|Gender|Student ID|Class|Date of birth|Phone", "- name sex number class birth contact");
        check(
            "学生姓名*|监护人姓名|与学生关系|监护人电话|父亲电话",
            "name guardian guardian-relation guardian-contact father-contact",
        );
        check("姓名|名字|县（市、区）|乡镇/街道|村（社区）", "name - county township village");
        check("ＮＡＭＥ|身份证号码|民族", "name id-number -");
        check("", "-");
    }

    #[test]
    fn headings_of_one_thing_are_written_once() {
        let mut seen = std::collections::BTreeMap::new();
        for column in Column::ALL {
            assert_eq!(Column::of_code(column.code()), Some(*column));
            for heading in column.headings() {
                assert_eq!(fold(heading), *heading, "as it is compared");
                assert_eq!(seen.insert(*heading, column), None, "{heading}");
            }
        }
    }

    #[test]
    fn the_headings_are_below_a_title() {
        let line = |number: u32, text: &str| Line { number, cells: text.split('|').map(str::to_owned).collect() };
        let rows = |texts: &[&str]| texts.iter().zip(1..).map(|(text, number)| line(number, text)).collect::<Vec<_>>();
        assert_eq!(header(&rows(&["石塘小学花名册", "2017 年春", "姓名|班级", "小满|四1班"])), 2);
        assert_eq!(header(&rows(&["姓名", "小满"])), 0);
        assert_eq!(header(&rows(&["甲|乙", "小满|四1班"])), 0);
        assert_eq!(header(&[]), 0);
    }
}
