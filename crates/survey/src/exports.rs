//! What of an entry's fields goes into exported tables, and who may take it there: one table, from which the page of rights is
//! written (`forms/guide/RIGHTS.md`).

mod kept;

use crate::kind;
use crate::kinds::Role;
use crate::rights::{
    Export, Reach, exports, is_for_team, is_read_by_all, reach, reads, reads_restricted, writes_team_chain,
};
use std::fmt::Write as _;

pub use kept::KEPT;

/// How a field is told in tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// As it is, in every export.
    Plain,
    /// Without identifiers as something coarser, said in these words (Chinese, English); as it is only with identifiers.
    Coarse(&'static str, &'static str),
    /// Only with identifiers.
    Identified,
}

/// What a column of an exported table holds, or a file beside the tables. Each has one row in [`FIELDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// That the project is one for practice.
    Practice,
    /// Who filled the form in.
    Interviewer,
    /// Version of the form.
    FormVersion,
    /// What the form itself says: its questions in codebook, remarks and differences between versions.
    Form,
    /// County, township, village or school.
    Place,
    /// A class, or a place finer than the level chosen.
    FinePlace,
    /// The respondent's code.
    Code,
    /// The respondent's name.
    Name,
    /// Which interview it is.
    Interview,
    /// The number of a repeat's row.
    Row,
    /// A choice, a small number, and what somebody judged to tell of nobody.
    Answer,
    /// A date of birth.
    BirthDate,
    /// Another date.
    Date,
    /// Free text, and what may repeat some, that nobody judged.
    FreeText,
    /// What its author marked as telling who somebody is.
    Marked,
    /// A name, a number or a contact that nobody judged.
    Contact,
    /// A point on the map.
    Point,
    /// A way or a border on the map.
    Way,
    /// The laptop, or who worked at it.
    Device,
    /// A photograph, a recording or another file.
    File,
    /// The log of filling in.
    Log,
    /// A submission for other tools: everything that was said.
    Submission,
    /// What kind of remark there is on an answer, and seconds.
    Remark,
    /// The words of a remark, who made it and when.
    RemarkWords,
    /// A list of entities.
    Entities,
    /// How far the interview is, and how many fields wait for a decision.
    State,
}

/// A field that exported tables may tell. A field that stands in no row is never exported.
#[derive(Clone, Copy, Debug)]
pub struct ExportedField {
    /// The column.
    pub column: Column,
    /// Number of the kind.
    pub kind: u16,
    /// The key on the card, or what it is of an interview.
    pub field: &'static str,
    /// How it is told.
    pub told: Telling,
}

const fn row(column: Column, kind: u16, field: &'static str, told: Telling) -> ExportedField {
    ExportedField { column, kind, field, told }
}

/// All fields that exports may tell. The exports themselves ask it for each column ([`goes_out`]).
pub const FIELDS: &[ExportedField] = &[
    row(Column::Practice, kind::PROJECT, "practice", Telling::Plain),
    row(Column::Interviewer, kind::MEMBER, "name", Telling::Coarse("访员代号", "a code for the interviewer")),
    row(Column::FormVersion, kind::FORM, "version", Telling::Plain),
    row(Column::Form, kind::FORM, "questions, labels", Telling::Plain),
    row(Column::Place, kind::SITE, "name", Telling::Coarse("写到所选的级别", "down to the level chosen")),
    row(Column::FinePlace, kind::SITE, "class, finer than the level chosen", Telling::Identified),
    row(Column::Code, kind::SUBJECT, "code", Telling::Coarse("研究编号", "a study code")),
    row(Column::Name, kind::SUBJECT, "display_name", Telling::Identified),
    row(Column::Interview, kind::INTERVIEW, "record", Telling::Coarse("研究编号", "a study code")),
    row(Column::Row, kind::INTERVIEW, "number of a repeat's row", Telling::Plain),
    row(Column::Answer, kind::INTERVIEW, "choices, numbers, text that was judged to tell of nobody", Telling::Plain),
    row(
        Column::BirthDate,
        kind::INTERVIEW,
        "date of birth",
        Telling::Coarse("访谈时周岁", "full years of age at the interview"),
    ),
    row(
        Column::Date,
        kind::INTERVIEW,
        "dates, start, end",
        Telling::Coarse("离起算日的周数", "weeks since the project's base day"),
    ),
    row(Column::FreeText, kind::INTERVIEW, "free text that nobody judged", Telling::Identified),
    row(Column::Marked, kind::INTERVIEW, "tianye::identifying = yes", Telling::Identified),
    row(Column::Contact, kind::INTERVIEW, "names, numbers, contacts", Telling::Identified),
    row(
        Column::Point,
        kind::INTERVIEW,
        "points on the map",
        Telling::Coarse(
            "所在的格子，约十公里，县市一级约五十公里",
            "the cell of some ten kilometres, fifty at the level of counties",
        ),
    ),
    row(Column::Way, kind::INTERVIEW, "ways and borders on the map", Telling::Identified),
    row(Column::Device, kind::INTERVIEW, "the laptop", Telling::Identified),
    row(Column::File, kind::INTERVIEW, "photographs, recordings, files", Telling::Identified),
    row(Column::Log, kind::INTERVIEW, "log of filling in", Telling::Identified),
    row(Column::Submission, kind::INTERVIEW, "submissions", Telling::Identified),
    row(Column::Remark, kind::INTERVIEW, "remarks: kind, seconds", Telling::Plain),
    row(Column::RemarkWords, kind::INTERVIEW, "remarks: message, reason, who, when", Telling::Identified),
    row(Column::Entities, kind::INTERVIEW, "entities", Telling::Identified),
    row(Column::State, kind::REVIEW, "state, open conflicts", Telling::Plain),
];

/// Whether a column goes out, with or without identifiers. One that has no row does not.
pub fn goes_out(column: Column, identified: bool) -> bool {
    let row = FIELDS.iter().find(|row| row.column == column);
    row.is_some_and(|row| identified || row.told != Telling::Identified)
}

/// What a role may export of a field.
pub fn exported(role: &Role, field: &ExportedField) -> Export {
    match (exports(role), field.told) {
        (Export::Nothing, _) | (Export::Deidentified, Telling::Identified) => Export::Nothing,
        (Export::Deidentified, _) => Export::Deidentified,
        (Export::Identified, _) => Export::Identified,
    }
}

/// Whether a role reads what somebody else wrote of a kind. A member's card opens each of its chains, that for the team too.
pub fn reads_of(reader: &Role, writer: &Role, kind: u16) -> bool {
    match kind {
        kind::REPORT => reads_restricted(reader),
        kind::MEMBER => reads(reader, writer) || writes_team_chain(writer),
        kind => reads(reader, writer) || is_for_team(kind),
    }
}

/// What a role reads of a kind: `all`; `team` (all that members write in a chain that the whole team reads, and what leads write);
/// `leads` (what administrators and leads wrote, and its own); `own`.
pub fn reading(role: &Role, kind: u16) -> &'static str {
    if kind == kind::REPORT {
        return if reads_restricted(role) { "all" } else { "own" };
    }
    let writers = || Role::ALL.iter().filter(|writer| reach(writer, kind) != Reach::Nothing);
    if writers().all(|writer| reads(role, writer)) {
        "all"
    } else if writers().any(|writer| reads_of(role, writer, kind) && !reads(role, writer)) {
        "team"
    } else if writers().any(is_read_by_all) {
        "leads"
    } else {
        "own"
    }
}

/// The kinds of entries that have a row on the page: number, and name in Chinese and English.
pub const KINDS: &[(u16, &str, &str)] = &[
    (kind::PROJECT, "项目", "project"),
    (kind::MEMBER, "队员", "member"),
    (kind::FORM, "表单", "form"),
    (kind::SITE, "地点", "site"),
    (kind::SUBJECT, "对象", "respondent"),
    (kind::ASSIGNMENT, "任务", "assignment"),
    (kind::CONSENT, "同意", "consent"),
    (kind::INTERVIEW, "访谈", "interview"),
    (kind::DECISION, "决定", "decision"),
    (kind::REVIEW, "审核", "review"),
    (kind::ERASURE, "删除", "erasure"),
    (kind::CARRIED_OUT, "已执行删除", "carried out"),
    (kind::LINK, "归并", "link"),
    (kind::TIE, "关系", "tie"),
    (kind::ENTITIES, "名单条目", "entities"),
    (kind::CONSENT_TEXT, "同意说明", "consent text"),
    (kind::CONTACTS, "联系卡", "contacts"),
    (kind::EXPORTED, "导出记录", "exported"),
    (kind::BEGINNINGS, "已经开始的", "beginnings"),
    (kind::REPORT, "求助记录", "report"),
    (kind::GRANT, "授权", "grant"),
    (kind::REVOCATION, "停用", "revocation"),
];

/// The page of rights, in Chinese and English.
pub fn page() -> String {
    let mut page = String::from(
        "# 谁读什么、导出什么 Who reads and exports what\n\n由程序里的一张表写成，测试会核对。登记卡和求助记录的每一项都在这里；访谈里没有写到的从不导出。\n\
         Written from one table of the program; a test compares it. Every key of a card and of a report is here; what is not said here of an interview is never exported.\n\n## 写与读 Writing and reading\n\n\
         写：— 不能，○ 只写自己开的，● 都能。读：全 = 全部；队 = 全部，队员写在全队读的链里；组 = 组长和管理员写的，加自己的；己 = 自己的。\
         分析员没有全队读的链，他们的队员卡只有组长和分析员读。\n\
         Writing: — not, ○ in records that the person began, ● any. Reading: 全 all; 队 all, members write it in a chain that the whole team reads; 组 what leads and administrators wrote, and one's \
         own; 己 one's own. Analysts write no chain for the team: their member cards are read by leads and analysts.\n\n",
    );
    _ = writeln!(page, "| | {} |", roles().join(" | "));
    _ = writeln!(page, "|---{}|", "|---".repeat(Role::ALL.len()));
    for (kind, zh, en) in KINDS {
        let cells = Role::ALL.iter().map(|role| {
            let write = match reach(role, *kind) {
                Reach::Nothing => "—",
                Reach::Own => "○",
                Reach::Any => "●",
            };
            format!("{write} {}", read_mark(role, *kind))
        });
        _ = writeln!(page, "| {zh} {en} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    page.push_str(
        "\n## 读与导出每一项 Reading and exporting each field\n\n先写读，标记同上：一条记录整个封起来，读得了它就读得了它的每一项，照片、录音和凭证的钥匙也在里面（凭证只取给组长、分析员、管理员和记下的人看）。\
         再写导出：— 不能，去 = 去标识，身 = 也可以带身份信息（要写理由，记在导出名单里）。\n\
         First reading, marked as above: an entry is sealed whole, so who reads it reads each of its fields, and the keys of photographs, recordings and \
         evidence stand in it (evidence is fetched for leads, analysts, administrators and who wrote it down only). \
         Then exporting: — not, 去 de-identified, 身 with identifiers too (with a reason, kept in the list of exports).\n\n",
    );
    _ = writeln!(page, "| | 去标识时 de-identified | {} |", roles().join(" | "));
    _ = writeln!(page, "|---|---{}|", "|---".repeat(Role::ALL.len()));
    for field in FIELDS {
        let (_, zh, en) = KINDS.iter().find(|(kind, ..)| *kind == field.kind).copied().unwrap_or_default();
        let how = match field.told {
            Telling::Plain => "照录 as it is".to_owned(),
            Telling::Coarse(zh, en) => format!("{zh} {en}"),
            Telling::Identified => "不导出 left out".to_owned(),
        };
        let cells = Role::ALL.iter().map(|role| {
            let export = match exported(role, field) {
                Export::Nothing => "—",
                Export::Deidentified => "去",
                Export::Identified => "身",
            };
            format!("{} {export}", read_mark(role, field.kind))
        });
        let cells: Vec<String> = cells.collect();
        _ = writeln!(page, "| {zh} {en}: {} | {how} | {} |", field.field, cells.join(" | "));
    }
    for (kind, keys) in KEPT {
        let (_, zh, en) = KINDS.iter().find(|(known, ..)| known == kind).copied().unwrap_or_default();
        let cells: Vec<String> = Role::ALL.iter().map(|role| format!("{} —", read_mark(role, *kind))).collect();
        for key in *keys {
            _ = writeln!(page, "| {zh} {en}: {key} | 从不导出 never | {} |", cells.join(" | "));
        }
    }
    page
}

fn read_mark(role: &Role, kind: u16) -> &'static str {
    match reading(role, kind) {
        "all" => "全",
        "team" => "队",
        "leads" => "组",
        _ => "己",
    }
}

/// Whether the page has a row for a kind.
pub fn is_on_the_page(kind: u16) -> bool {
    KINDS.iter().any(|(known, ..)| *known == kind)
}

fn roles() -> Vec<String> {
    let name = |role: &Role| {
        let zh = match role {
            Role::Administrator => "管理员",
            Role::Lead => "组长",
            Role::Interviewer => "访员",
            Role::Analyst => "分析员",
            Role::SafeguardingLead => "安全负责人",
            Role::Other(_) => "",
        };
        format!("{zh} {}", role.as_str())
    };
    Role::ALL.iter().map(name).collect()
}
