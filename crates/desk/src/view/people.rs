//! People and places: the list, a person's page, rosters, assignments.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Args, InterviewState, MemberRow, Role, WriteView, quiet};

quiet!(
    PeopleView,
    SiteNode,
    PersonRow,
    PersonQuery,
    PersonView,
    TieView,
    ConsentMark,
    PersonEvent,
    PersonInput,
    TieInput,
    SiteInput,
    CardConflict,
    CardDecision,
    RosterView,
    RosterLine,
    RosterProblem,
    RosterInput,
    RosterEdit,
    AssignInput,
    AssignPreview,
    AssignRow,
    AssignmentsView,
    ClassView,
    AssignmentRow,
    TakeOverInput,
    TeamMate,
);

/// Who is looked for.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonQuery {
    /// Part of a name, its pinyin, the first letters of that, or a number; empty: everybody.
    pub text: String,
    /// `pupil`, `guardian`, `teacher`, `cadre`, `group`; empty: all.
    pub kind: String,
    /// Only in this site and what stands in it; empty: everywhere.
    pub site: String,
}

/// Sites as a tree, and people.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PeopleView {
    /// Every site, each after the one it stands in.
    pub sites: Vec<SiteNode>,
    /// The people found, by place and code; no more than a person reads.
    pub people: Vec<PersonRow>,
    /// How many were found.
    pub found: u32,
    /// How many there are.
    pub total: u32,
    /// What people say differently on cards, and nobody has decided.
    pub conflicts: u32,
    /// Whether this person may add sites.
    pub may_add_sites: bool,
    /// Whether this person may change any site, and make those that a roster names.
    pub may_change_sites: bool,
}

/// A site in the tree.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SiteNode {
    /// Id.
    pub id: String,
    /// `county`, `township`, `village`, `school`, `class`.
    pub kind: String,
    /// Name in the asked language.
    pub name: String,
    /// Chinese name, as it stands on the card.
    pub zh: String,
    /// English name, as it stands on the card; may be empty.
    pub en: String,
    /// Id of the site around it; empty: none.
    pub parent: String,
    /// How deep it stands, from 0.
    pub depth: u32,
    /// Pupils in it and below.
    pub pupils: u32,
}

/// A person in the list.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonRow {
    /// Id of the card.
    pub id: String,
    /// `pupil`, `guardian`, …
    pub kind: String,
    /// Code in the project's lists.
    pub code: String,
    /// Name.
    pub name: String,
    /// School and class.
    pub site: String,
    /// Of a pupil the carers of today; of a group its members; of others the children: names.
    pub ties: String,
    /// Interviews that can be read here.
    pub interviews: u32,
    /// What people say differently on the card.
    pub conflicts: u32,
}

/// A person's page.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// Id of the leading card.
    pub id: String,
    /// `pupil`, `guardian`, …
    pub kind: String,
    /// Code in the project's lists.
    pub code: String,
    /// Name.
    pub name: String,
    /// How the name is read, the likeliest way.
    pub reading: String,
    /// Id of the site; empty if none.
    pub site: String,
    /// Its name, from the outermost down.
    pub site_name: String,
    /// `male`, `female`, another word, or empty.
    pub sex: String,
    /// `YYYY-MM-DD` as far as known, or empty.
    pub birth: String,
    /// Number in the school's register.
    pub student_number: String,
    /// Number of the identity card.
    pub id_number: String,
    /// Grade.
    pub grade: String,
    /// Telephone.
    pub contact: String,
    /// Remark.
    pub note: String,
    /// Codes and names of other cards of the same person.
    pub linked: Vec<String>,
    /// What this person is to others, and others to them.
    pub ties: Vec<TieView>,
    /// How the consents stand, by purpose.
    pub consents: Vec<ConsentMark>,
    /// Assignments about them, those that stand.
    pub assignments: Vec<AssignmentRow>,
    /// Everything done with and about them, in time order, the last first.
    pub history: Vec<PersonEvent>,
    /// What people say differently on the card and its ties.
    pub conflicts: Vec<CardConflict>,
    /// Of a group those who are in it, in their order.
    pub members: Vec<MemberRow>,
    /// Whether this person may write on it.
    pub may_write: bool,
}

/// A tie, seen from one of the two.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TieView {
    /// Id of the tie.
    pub id: String,
    /// Id of the other: a person, or a class.
    pub other: String,
    /// Code and name of the other.
    pub name: String,
    /// Whether the other has a page.
    pub is_person: bool,
    /// Whether the page's person is the one who looks after, teaches …; else the other is.
    pub outward: bool,
    /// `father`, `paternal-grandmother`, …
    pub relation: String,
    /// `legal`, `entrusted`, or empty.
    pub custody: String,
    /// First day, or empty.
    pub since: String,
    /// Last day, or empty.
    pub until: String,
    /// Remark.
    pub note: String,
    /// The other's telephone.
    pub contact: String,
    /// Whether it holds today.
    pub holds: bool,
}

/// How the consents for one purpose stand.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentMark {
    /// The purpose.
    pub purpose: String,
    /// Key of the catalogue: `consent-…`.
    pub standing: String,
}

/// Something that was done with or about a person.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonEvent {
    /// When, by that laptop's clock; a day alone where no more is told.
    pub at: String,
    /// Who.
    pub by: String,
    /// On which laptop; empty where that is not told.
    pub device: String,
    /// Key of the catalogue: `person-did-<what>`.
    pub what: String,
    /// What the words mention.
    pub args: Args,
    /// The interview that it stands in, to be opened; else empty.
    pub interview: String,
    /// Whether that was made for practice, in a project that has begun since.
    pub practice: bool,
}

/// What two laptops wrote differently on a card.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CardConflict {
    /// Id of the card's record.
    pub record: String,
    /// What card: `project`, `member`, `site`, `subject`, `assignment`, `consent`, `tie`.
    pub card: String,
    /// Whom or what it is about.
    pub about: String,
    /// Id of the person whose page shows it; empty if none does.
    pub person: String,
    /// Key on the card.
    pub field: String,
    /// What they wrote.
    pub sides: Vec<WriteView>,
    /// Everything that was written there, in the order of the history.
    pub history: Vec<WriteView>,
    /// Another word than theirs can be written here; what is not plain text is changed on the card itself.
    pub free: bool,
    /// When it was decided; empty while it is open.
    pub decided: String,
}

/// Decides between what two wrote on a card.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CardDecision {
    /// Id of the card's record.
    pub record: String,
    /// Key on the card.
    pub field: String,
    /// Entry whose word shall stand, hex; empty where `value` says another.
    pub entry: String,
    /// Another word that shall stand.
    pub value: String,
    /// Why; required.
    pub reason: String,
}

/// A card as it is to be.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PersonInput {
    /// Id of the card; empty: a new person.
    pub id: String,
    /// `pupil`, `guardian`, …
    pub kind: String,
    /// Code; empty: the next one.
    pub code: String,
    /// Name; required.
    pub name: String,
    /// Id of the site, may be empty.
    pub site: String,
    /// Sex.
    pub sex: String,
    /// Birth date, as people write dates.
    pub birth: String,
    /// Number in the school's register.
    pub student_number: String,
    /// Number of the identity card.
    pub id_number: String,
    /// Grade.
    pub grade: String,
    /// Telephone.
    pub contact: String,
    /// Remark.
    pub note: String,
}

/// A tie as it is to be.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TieInput {
    /// Id of the tie; empty: a new one.
    pub id: String,
    /// The guardian, teacher or cadre. Empty: the new person of `name`.
    pub person: String,
    /// Name of a new person, where `person` is empty.
    pub name: String,
    /// Telephone of the new person.
    pub contact: String,
    /// The child, or a class.
    pub to: String,
    /// What the person is to it.
    pub relation: String,
    /// `legal`, `entrusted`, or empty.
    pub custody: String,
    /// First day, as people write dates; may be empty.
    pub since: String,
    /// Last day; empty: it goes on.
    pub until: String,
    /// Remark.
    pub note: String,
    /// It never was so.
    pub taken_back: bool,
}

/// A site that is added, or given another name.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SiteInput {
    /// Id; empty: a new one.
    pub id: String,
    /// `county`, `township`, `village`, `school`, `class`.
    pub kind: String,
    /// Chinese name.
    pub zh: String,
    /// English name, may be empty.
    pub en: String,
    /// The site it stands in; empty: none.
    pub parent: String,
}

/// A roster that was read, and what it comes to.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RosterView {
    /// Name of the file.
    pub file: String,
    /// Names of the sheets.
    pub sheets: Vec<String>,
    /// The sheet shown, from 0.
    pub sheet: u32,
    /// Headings.
    pub headings: Vec<String>,
    /// What each column holds: a code of `known`, or empty.
    pub columns: Vec<String>,
    /// The codes that a column can have.
    pub known: Vec<String>,
    /// Rows: those with problems, and others up to a number that a person looks through.
    pub lines: Vec<RosterLine>,
    /// What is wrong with the whole sheet.
    pub problems: Vec<RosterProblem>,
    /// Rows that are new.
    pub new: u32,
    /// Rows whose person is here and changes.
    pub changed: u32,
    /// Rows whose person is here, and nothing changes.
    pub same: u32,
    /// Rows that are left out.
    pub left_out: u32,
    /// Sites that are made.
    pub sites: u32,
    /// Guardians that are made.
    pub guardians: u32,
    /// New people who may be here already.
    pub maybe: u32,
    /// Whether it is in the project now.
    pub imported: bool,
}

/// A row of a roster.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RosterLine {
    /// Number of the row in the file.
    pub number: u32,
    /// Cells.
    pub cells: Vec<String>,
    /// `new`, `changed`, `same`, `left-out`.
    pub act: String,
    /// Codes of the columns that change.
    pub changes: Vec<String>,
    /// What is wrong.
    pub problems: Vec<RosterProblem>,
    /// Code and name of people who may be the same.
    pub maybe: Vec<String>,
}

/// What is wrong with a roster.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RosterProblem {
    /// Key of the catalogue: `roster-<code>`.
    pub code: String,
    /// What the words mention.
    pub args: Args,
    /// Code of the column; empty if none.
    pub column: String,
    /// Whether the row is left out for it.
    pub leaves_out: bool,
}

/// How a roster is to be read.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RosterInput {
    /// The sheet, from 0.
    pub sheet: u32,
    /// What each column holds; none at all: as guessed from the headings.
    pub columns: Vec<String>,
    /// Who the people are, where no column says so.
    pub kind: String,
    /// Site of everybody, where no column says more; may be empty.
    pub site: String,
    /// Whether schools and classes that are not there are made.
    pub makes_sites: bool,
    /// Cells that were mended in the table.
    pub edits: Vec<RosterEdit>,
}

/// A mended cell.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RosterEdit {
    /// Number of the row in the file.
    pub row: u32,
    /// The column, from 0.
    pub column: u32,
    /// Its text now.
    pub text: String,
}

/// What is to be assigned.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignInput {
    /// `form_id`.
    pub form: String,
    /// A class, school or village: everybody of `kind` in it.
    pub site: String,
    /// Who of the site: `pupil`, `teacher`, …
    pub kind: String,
    /// Only these people; empty: all of the site.
    pub people: Vec<String>,
    /// Id of the member who shall do it; empty: whoever comes first.
    pub interviewer: String,
    /// Last day; may be empty.
    pub due: String,
    /// Agreed time, `YYYY-MM-DDThh:mm`; may be empty.
    pub agreed: String,
    /// Remark.
    pub note: String,
    /// Also those whom somebody else has begun or is to see: it is done twice on purpose.
    pub anyway: bool,
}

/// Whom an assignment is about, before it is made.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignPreview {
    /// By code.
    pub rows: Vec<AssignRow>,
    /// How many would be assigned, were it done now.
    pub assigned: u32,
}

/// One of them.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignRow {
    /// Id of the person.
    pub person: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `free`; `same`: this member is to do it already; `assigned`: somebody else is; `begun`; `done`; `refused`.
    pub standing: String,
    /// Who is to do it, or began it.
    pub who: String,
    /// By when, or when it was begun.
    pub on: String,
}

/// The lead's page of assignments.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentsView {
    /// By class.
    pub classes: Vec<ClassView>,
    /// Who can be assigned something.
    pub team: Vec<TeamMate>,
    /// All together.
    pub done: u32,
    /// Not done, and not overdue.
    pub open: u32,
    /// Overdue.
    pub overdue: u32,
}

/// A member of the team, for a list to choose from.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TeamMate {
    /// Person id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// The assignments of one class, or another site.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClassView {
    /// Id of the site; empty for those without one.
    pub site: String,
    /// Its name.
    pub name: String,
    /// Done.
    pub done: u32,
    /// Not done, and not overdue.
    pub open: u32,
    /// Overdue.
    pub overdue: u32,
    /// Each.
    pub rows: Vec<AssignmentRow>,
}

/// An assignment that stands.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AssignmentRow {
    /// Id.
    pub id: String,
    /// Id of the person it is about; empty if none.
    pub person: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Title of the form.
    pub form: String,
    /// Who is to do it; empty: whoever comes first.
    pub interviewer: String,
    /// Id of who is to do it.
    pub interviewer_id: String,
    /// Last day, or empty.
    pub due: String,
    /// Agreed time, or empty.
    pub agreed: String,
    /// How far it is.
    pub state: InterviewState,
    /// Whether the last day has passed and it is not done.
    pub overdue: bool,
    /// Who began it, if that is known; else empty.
    pub begun_by: String,
    /// The day it was begun, or empty.
    pub begun_on: String,
    /// From whom it was taken over; else empty.
    pub taken_from: String,
    /// Why.
    pub because: String,
    /// Somebody else has begun it too, or is to do it too.
    pub twice: bool,
}

/// Assignments that somebody else is to do.
#[derive(Clone, Default, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TakeOverInput {
    /// The assignments.
    pub assignments: Vec<String>,
    /// Id of the member who does them now; empty: whoever is at the desk.
    pub to: String,
    /// Why; required, and seen by both.
    pub reason: String,
    /// Also those that somebody has begun.
    pub anyway: bool,
}
