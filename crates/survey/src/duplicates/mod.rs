//! Who may be one person twice: candidates for a link, scored, with every reason named.
//!
//! Nothing is decided here, and nobody is linked by a score. Comparing everybody with everybody would take hours, so only
//! those are compared who share something that one child's two cards would share ([`blocks`]); the work grows with the
//! number of respondents, not with its square.
//!
//! The score is a sum of points for and against. Points are judgements, not probabilities: the same name in one class is
//! just enough to be looked at, and a birth date that differs takes it away again.

mod birth;
mod blocks;
mod names;
mod said;
mod spread;

pub use birth::Birth;
pub use names::{Similar, readings, similar};
pub(crate) use names::{folded, narrow, spellings};
pub(crate) use said::said_in;
pub use said::{Said, said};

use crate::Private;
use crate::identities::Identities;
use crate::kinds::{Pair, SiteKind, Subject, SubjectKind};
use crate::project::ProjectState;
use birth::Day;
use names::Name;
use serde::Serialize;
use spread::spread;
use std::collections::{BTreeMap, HashMap};
use tianye_journal::RecordId;

/// Fewest points of a candidate.
pub const THRESHOLD: i32 = 50;
/// From so many respondents of one name on, the name says less.
const COMMON: usize = 10;

/// What is known of a respondent, for comparing. What is not known is empty, and counts neither way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traits {
    /// The card.
    pub record: RecordId,
    /// Only respondents of one kind are compared.
    pub kind: SubjectKind,
    /// The class, or whatever site the card names.
    pub site: Option<RecordId>,
    /// The school in which the site stands.
    pub school: Option<RecordId>,
    /// Code in the project's lists.
    pub code: String,
    /// Number in the school or the class (学号).
    pub number: Private,
    /// Name.
    pub name: Private,
    /// `YYYY-MM-DD`, or as much of it as is known.
    pub birth: Private,
    /// A word for the sex; any words, as long as they are the same for the same.
    pub sex: Private,
    /// Names of guardians.
    pub guardians: Vec<Private>,
}

/// Why two respondents may be one person, or may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what", content = "how")]
pub enum Reason {
    /// How their names are alike.
    Name(Similar),
    /// Their names are not alike.
    OtherName,
    /// Many respondents have this name.
    CommonName,
    /// The same number in the same class, or the same long number in the same school.
    SameNumber,
    /// Two numbers in one class.
    OtherNumber,
    /// The same code in the project's lists.
    SameCode,
    /// How their birth dates are alike, or that they are not.
    Birth(Birth),
    /// The same class, or the same site of another sort.
    SameClass,
    /// Two classes of one school.
    OtherClass,
    /// Two schools.
    OtherSchool,
    /// Boy and boy, girl and girl.
    SameSex,
    /// Boy and girl.
    OtherSex,
    /// A guardian of the same name.
    SameGuardian,
}

impl Reason {
    /// Key of the words in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name(how) => how.code(),
            Self::OtherName => "name-other",
            Self::CommonName => "name-common",
            Self::SameNumber => "number-same",
            Self::OtherNumber => "number-other",
            Self::SameCode => "code-same",
            Self::Birth(how) => how.code(),
            Self::SameClass => "class-same",
            Self::OtherClass => "class-other",
            Self::OtherSchool => "school-other",
            Self::SameSex => "sex-same",
            Self::OtherSex => "sex-other",
            Self::SameGuardian => "guardian-same",
        }
    }
}

/// Two respondents who may be one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The two; of linked ones the leading cards.
    pub pair: Pair,
    /// The points for and against, together.
    pub score: i32,
    /// Why, with the points of each; the weightiest first.
    pub reasons: Vec<(Reason, i32)>,
}

/// What comparing gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The pairs of at least [`THRESHOLD`] points, the highest first.
    pub pairs: Vec<Candidate>,
    /// Respondents who share a name or a date with so many others that each was compared with its nearest only.
    pub crowded: usize,
}

/// What the cards of a project say of its respondents. What interviews say of them (sex, birth date, number), the caller
/// fills in where the card is silent.
pub fn traits(project: &ProjectState) -> Vec<Traits> {
    let cards = || project.subjects.iter().filter_map(|(record, state)| Some((*record, state.card.as_ref()?)));
    let mut guardians: BTreeMap<RecordId, Vec<Private>> = BTreeMap::new();
    for (_, card) in cards().filter(|(_, card)| card.kind == SubjectKind::Guardian) {
        for child in card.of.iter().filter(|_| !card.display_name.is_empty()) {
            guardians.entry(*child).or_default().push(card.display_name.clone());
        }
    }
    let ties = project.ties.values().filter_map(|state| state.card.as_ref()).filter(|tie| !tie.taken_back);
    for tie in ties.filter(|tie| tie.custody.is_some() || !tie.relation.is_of_school()) {
        let Some(carer) = project.subject(&tie.person).filter(|carer| !carer.display_name.is_empty()) else { continue };
        let names = guardians.entry(tie.to).or_default();
        if !names.contains(&carer.display_name) {
            names.push(carer.display_name.clone());
        }
    }
    let mut schools: BTreeMap<RecordId, Option<RecordId>> = BTreeMap::new();
    let school = |site: &RecordId| {
        let path = project.site_path(site);
        path.iter().find(|(_, site)| site.kind == SiteKind::School).map(|(record, _)| *record)
    };
    let of = |(record, card): (RecordId, &Subject)| Traits {
        record,
        kind: card.kind.clone(),
        site: card.site,
        school: card.site.and_then(|site| *schools.entry(site).or_insert_with(|| school(&site))),
        code: card.code.clone(),
        number: card.student_number.clone().unwrap_or_default(),
        name: card.display_name.clone(),
        birth: card.birth_date.clone().unwrap_or_default(),
        sex: card.sex.clone().unwrap_or_default(),
        guardians: guardians.remove(&record).unwrap_or_default(),
    };
    cards().map(of).collect()
}

/// Who may be one person twice. Left out are those whom somebody linked or told apart, and those of whom people say
/// different things: these wait in another list. The order of the respondents does not matter.
pub fn candidates<'t>(traits: impl IntoIterator<Item = &'t Traits>, identities: &Identities) -> Candidates {
    let mut ordered: Vec<&Traits> = traits.into_iter().collect();
    ordered.sort_by_key(|one| one.record);
    ordered.dedup_by_key(|one| one.record);
    let people = spread(&ordered, |_, part| part.iter().map(|traits| Person::of(traits)).collect());
    let mut names: HashMap<&[char], usize> = HashMap::new();
    for person in people.iter().filter(|person| !person.name.is_empty()) {
        *names.entry(person.name.characters()).or_default() += 1;
    }
    let judged = identities.judged();
    let (pairs, crowded) = blocks::pairs(&people);
    let score = |(one, other): &(usize, usize)| {
        let (one, other) = (people.get(*one)?, people.get(*other)?);
        let leading = [one, other].map(|person| identities.leading(&person.traits.record));
        let pair = Pair::of(leading[0], leading[1]).filter(|pair| !judged.contains(pair))?;
        let common = names.get(one.name.characters()).is_some_and(|count| *count >= COMMON);
        let reasons = compare(one, other, common);
        let score = reasons.iter().map(|(_, points)| points).sum();
        (score >= THRESHOLD).then_some(Candidate { pair, score, reasons })
    };
    let mut best: BTreeMap<Pair, Candidate> = BTreeMap::new();
    for found in spread(&pairs, |_, part| part.iter().filter_map(score).collect()) {
        if best.get(&found.pair).is_none_or(|before| before.score < found.score) {
            best.insert(found.pair, found);
        }
    }
    let mut pairs: Vec<Candidate> = best.into_values().collect();
    pairs.sort_by_key(|candidate| (-candidate.score, candidate.pair));
    Candidates { pairs, crowded }
}

/// What speaks for and against two respondents being one person, whoever proposed it, with the points of each; the
/// weightiest first.
pub fn compared(one: &Traits, other: &Traits) -> Vec<(Reason, i32)> {
    compare(&Person::of(one), &Person::of(other), false)
}

/// Interviews with the same form and the same respondent, where linked respondents are one and an interview that stands
/// behind another does not count: each pair of two that follow each other by their ids. `interviews` are record, form
/// and respondent.
pub fn repeated<'a>(
    interviews: impl IntoIterator<Item = (RecordId, &'a str, RecordId)>,
    identities: &Identities,
) -> Vec<Pair> {
    let mut by_form: BTreeMap<(&str, RecordId), Vec<RecordId>> = BTreeMap::new();
    for (record, form, subject) in interviews {
        if identities.leading(&record) == record {
            by_form.entry((form, identities.leading(&subject))).or_default().push(record);
        }
    }
    let judged = identities.judged();
    let mut pairs = Vec::new();
    for mut records in by_form.into_values() {
        records.sort_unstable();
        for (at, one) in records.iter().enumerate() {
            let others = records.iter().skip(at + 1).filter_map(|other| Pair::of(*one, *other));
            pairs.extend(others.filter(|pair| !judged.contains(pair)).take(1));
        }
    }
    pairs
}

/// A respondent, prepared for being compared many times.
pub(crate) struct Person<'t> {
    traits: &'t Traits,
    name: Name,
    birth: Option<Day>,
    number: String,
    code: String,
}

impl<'t> Person<'t> {
    fn of(traits: &'t Traits) -> Self {
        Self {
            traits,
            name: Name::of(&traits.name),
            birth: Day::of(&traits.birth),
            number: number(&traits.number),
            code: number(&traits.code),
        }
    }
}

/// A number as it is compared: without the form of its digits, spaces, zeros in front, and `号`.
fn number(text: &str) -> String {
    let folded: String = text.chars().map(narrow).filter(|c| c.is_alphanumeric() && *c != '号').collect();
    let plain = folded.to_lowercase();
    let stripped = plain.trim_start_matches('0');
    if stripped.is_empty() { plain } else { stripped.to_owned() }
}

/// Shortest number that is not one of a class register.
const LONG_NUMBER: usize = 5;

fn compare(one: &Person<'_>, other: &Person<'_>, common: bool) -> Vec<(Reason, i32)> {
    let mut reasons = Vec::new();
    let mut say = |reason, points| reasons.push((reason, points));
    let (a, b) = (one.traits, other.traits);
    let same_site = a.site.is_some() && a.site == b.site;
    let same_school = a.school.is_some() && a.school == b.school;
    match (same_site, same_school) {
        (true, _) => say(Reason::SameClass, 20),
        (_, true) => say(Reason::OtherClass, 10),
        _ if a.school.is_some() && b.school.is_some() => say(Reason::OtherSchool, -10),
        _ => {}
    }
    if !one.name.is_empty() && !other.name.is_empty() {
        match one.name.similar(&other.name) {
            Some(how) => say(Reason::Name(how), how.points(one.name.len().min(other.name.len()))),
            None => say(Reason::OtherName, -20),
        }
        if common && one.name.characters() == other.name.characters() {
            say(Reason::CommonName, -10);
        }
    }
    if !one.number.is_empty() && !other.number.is_empty() {
        let same = one.number == other.number;
        match same {
            true if same_site || (same_school && one.number.chars().count() >= LONG_NUMBER) => {
                say(Reason::SameNumber, 50);
            }
            false if same_site => say(Reason::OtherNumber, -15),
            _ => {}
        }
    }
    if !one.code.is_empty() && one.code == other.code {
        say(Reason::SameCode, if same_site { 50 } else { 20 });
    }
    if let (Some(first), Some(second)) = (&one.birth, &other.birth) {
        let how = first.compare(second);
        say(Reason::Birth(how), how.points(first));
    }
    if !a.sex.is_empty() && !b.sex.is_empty() {
        if a.sex == b.sex { say(Reason::SameSex, 2) } else { say(Reason::OtherSex, -30) }
    }
    let alike = |name: &Private| {
        b.guardians.iter().any(|other| matches!(similar(name, other), Some(how) if how <= Similar::Homophone))
    };
    if a.guardians.iter().any(alike) {
        say(Reason::SameGuardian, 15);
    }
    reasons.sort_by_key(|(reason, points)| (-points.abs(), *reason));
    reasons
}
