//! De-identified tables: what of each question is written, and what was done to it.
//!
//! A table without names is not anonymous: [`crate::anonymity`] says how small its classes are.

use std::collections::{BTreeMap, BTreeSet};

use tianye_xform::{Control, Field, FieldPath, Form, Given, Origin, Question, ValueKind};

use crate::past::Versions;
use crate::table::{Filled, Layout, Table, exported, label};

/// How exactly places are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceLevel {
    /// Counties and cities of the county's rank only.
    County,
    /// Townships too.
    Township,
    /// Villages too.
    Village,
    /// Schools too; classes never.
    School,
}

impl PlaceLevel {
    /// Whether an export of this level tells a place of that one. A village says nothing of schools, and a school tells its
    /// township.
    #[must_use]
    pub fn tells(self, place: Self) -> bool {
        place == self || place < self.min(Self::Village)
    }
}

/// The level of the place that a question asks for, as its author marked it.
#[must_use]
pub fn place_level(question: &Question) -> Option<PlaceLevel> {
    match mark_of(question)? {
        "county" => Some(PlaceLevel::County),
        "township" => Some(PlaceLevel::Township),
        "village" => Some(PlaceLevel::Village),
        "school" => Some(PlaceLevel::School),
        _ => None,
    }
}

fn mark_of(question: &Question) -> Option<&str> {
    question.attributes.iter().find(|(name, _)| name == ATTRIBUTE).map(|(_, word)| word.as_str())
}

/// What a de-identified table is made by.
#[derive(Debug, Clone)]
pub struct Shield {
    /// How exactly places are told.
    pub level: PlaceLevel,
    /// Template paths of questions that a person has judged to say of nobody who it is.
    pub judged: BTreeSet<String>,
    /// The day from which weeks are counted, in days since 1970-01-01.
    pub base: i64,
    /// What may have been done to a column that stands in the table.
    pub told: BTreeSet<Done>,
    /// The day of each interview, by its id, in days since 1970-01-01: ages are told as of it.
    pub days: BTreeMap<String, i64>,
}

/// What was done to a question's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Done {
    /// Nothing: it is told as it was given.
    Kept,
    /// A date of birth became the age in full years at the interview.
    Age,
    /// A date became the number of whole weeks since the project's own base day.
    Weeks,
    /// A point on the map became the [`area`] in which it lies.
    Area,
    /// Left out: its author says that it tells who somebody is.
    Marked,
    /// Left out until a person judges it: free text, or a computed value that may repeat some.
    Judge,
    /// Left out: a name, a number or a contact of a person.
    Contact,
    /// Left out: a place finer than the level chosen.
    Place,
    /// Left out: a point on the map.
    Point,
    /// Left out: a file.
    File,
    /// Left out: it tells of the laptop or of who worked at it.
    Device,
}

impl Done {
    /// All, in the order of [`crate::Words::done`].
    pub const ALL: [Self; 11] = [
        Self::Kept,
        Self::Age,
        Self::Weeks,
        Self::Area,
        Self::Marked,
        Self::Judge,
        Self::Contact,
        Self::Place,
        Self::Point,
        Self::File,
        Self::Device,
    ];

    /// A stable code for catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Age => "age",
            Self::Weeks => "weeks",
            Self::Area => "area",
            Self::Marked => "marked",
            Self::Judge => "judge",
            Self::Contact => "contact",
            Self::Place => "place",
            Self::Point => "point",
            Self::File => "file",
            Self::Device => "device",
        }
    }
}

/// A question, and what was done to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Treated {
    /// Template path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// What was done.
    pub done: Done,
    /// Whether its column stands in the table.
    pub told: bool,
    /// Whether its author counts it among what a person could be recognised by (`quasi`, or a place), or its name says so.
    pub quasi: bool,
    /// Outside all repeats: it can be chosen for k-anonymity.
    pub once: bool,
}

/// The attribute of the column `tianye::identifying`.
const ATTRIBUTE: &str = "tianye:identifying";
/// Names under which a date of birth is asked.
const BIRTH: [&str; 3] = ["birth_date", "birthday", "date_of_birth"];
/// Names of what a person could be recognised by together with other things, where the author says nothing.
const QUASI: [&str; 8] = ["sex", "gender", "age", "age_years", "grade", "birth_date", "birthday", "date_of_birth"];
/// Names and parts of names of what tells who somebody is, where the author says nothing.
const CONTACT: [&str; 12] = [
    "name",
    "phone",
    "telephone",
    "mobile",
    "wechat",
    "qq",
    "email",
    "address",
    "student_number",
    "school_number",
    "student_id",
    "id_number",
];
/// So many digits are a quantity; more may be a telephone number.
const MOST_DIGITS: usize = 6;

/// De-identifies interviews: what is not told becomes blank, dates become ages and weeks, what people wrote beside answers
/// goes. With it what was done to each question, those of earlier versions last.
#[must_use]
pub fn deidentify(
    form: &Form,
    versions: &Versions,
    mut filled: Vec<Filled>,
    shield: &Shield,
) -> (Vec<Filled>, Vec<Treated>) {
    let loose = loose_values(form, &filled);
    let own = form.questions().into_iter().filter(exported);
    let past = versions.questions.iter().map(|past| past.question.clone());
    let treated: Vec<Treated> = own
        .chain(past)
        .map(|question| (done_to(&question, &loose, shield), question))
        .map(|(done, question)| Treated {
            done,
            told: shield.told.contains(&done),
            quasi: is_quasi(&question) || done == Done::Area,
            once: question.repeat.is_none(),
            path: question.path,
            name: question.name,
        })
        .collect();
    let by_path: BTreeMap<&str, Done> = treated.iter().map(|one| (one.path.as_str(), one.done)).collect();
    for one in &mut filled {
        let day = shield.days.get(&one.interview).copied();
        for field in one.fields.iter_mut().filter(|field| field.origin != Origin::RowPresence) {
            // What no question of the table stands for has no column, and is not told either.
            let done = by_path.get(field.path.template().as_str()).copied().unwrap_or(Done::Judge);
            treat(field, done, day, shield);
        }
        for remark in &mut one.remarks {
            (remark.message, remark.reason, remark.who, remark.when) = Default::default();
        }
    }
    (filled, treated)
}

/// The codebook: a line for each question with what was done to its column.
#[must_use]
pub fn codebook(form: &Form, treated: &[Treated], layout: &Layout) -> Table {
    let words = layout.words;
    let rows = treated.iter().map(|one| {
        let question = form.question(&one.path);
        let called = question.as_ref().and_then(|question| label(&question.labels, layout)).unwrap_or_default();
        let (code, told) = words.done[one.done as usize];
        let told = if told.is_empty() { code } else { told };
        vec![one.path.trim_start_matches('/').to_owned(), one.name.clone(), called, told.to_owned()]
    });
    let mark = |part: fn(&(String, String)) -> &String| layout.practice.iter().map(part).cloned();
    let head = mark(|(head, _)| head).chain(words.codebook.iter().map(|text| (*text).to_owned())).collect();
    let rows = rows.map(|row| mark(|(_, cell)| cell).chain(row).collect()).collect();
    Table { name: words.codebook_name.to_owned(), head, rows }
}

fn treat(field: &mut Field, done: Done, day: Option<i64>, shield: &Shield) {
    if !shield.told.contains(&done) {
        field.given = Given::Blank;
        return;
    }
    let Given::Value(text) = &field.given else { return };
    field.given = match done {
        Done::Age => age(text, day).map_or(Given::Blank, |years| Given::from(years.to_string())),
        Done::Weeks => {
            day_of(text).map_or(Given::Blank, |at| Given::from((at - shield.base).div_euclid(7).to_string()))
        }
        Done::Area => area(text, shield.level).map_or(Given::Blank, Given::from),
        _ => return,
    };
}

fn done_to(question: &Question, loose: &BTreeSet<String>, shield: &Shield) -> Done {
    let judged = shield.judged.contains(&question.path);
    let (mark, place) = (mark_of(question), place_level(question));
    let told = place.is_some_and(|place| shield.level.tells(place));
    match (mark, question.kind) {
        (_, ValueKind::Binary) => return Done::File,
        // A way or a border says by its shape where it is.
        (_, ValueKind::GeoTrace | ValueKind::GeoShape) => return Done::Point,
        (mark, ValueKind::GeoPoint) => return if mark == Some("yes") { Done::Point } else { Done::Area },
        (Some("yes"), _) => return Done::Marked,
        (Some("class"), _) => return Done::Place,
        _ if place.is_some() => return if told { Done::Kept } else { Done::Place },
        (_, ValueKind::Date | ValueKind::DateTime) => {
            return if mark == Some("quasi") || is_birth(&question.name) { Done::Age } else { Done::Weeks };
        }
        (Some("no"), _) => return Done::Kept,
        _ => {}
    }
    if question.origin == Origin::Metadata {
        return Done::Device;
    }
    if question.check.is_some() || is_contact(&question.name) || question.kind == ValueKind::Barcode {
        return if judged { Done::Kept } else { Done::Contact };
    }
    let open = match (&question.control, question.kind) {
        (Control::SelectOne | Control::SelectMultiple | Control::Rank, _) => question.choices.is_empty(),
        (Control::Range { .. } | Control::Trigger | Control::Note, _)
        | (_, ValueKind::Boolean | ValueKind::Acknowledge | ValueKind::Time) => false,
        (_, ValueKind::Integer | ValueKind::Decimal) => loose.contains(&question.path),
        (Control::None, _) if question.calculate.is_some() => loose.contains(&question.path),
        _ => true,
    };
    if open && !judged { Done::Judge } else { Done::Kept }
}

/// Template paths of numbers and computed values of which some interview has one that is no small number, no date, and no
/// word that the calculation itself writes: it may repeat what somebody said.
fn loose_values(form: &Form, filled: &[Filled]) -> BTreeSet<String> {
    let questions = form.questions();
    let calculations: BTreeMap<&str, &str> =
        questions.iter().map(|one| (one.path.as_str(), one.calculate.as_deref().unwrap_or_default())).collect();
    let mut loose = BTreeSet::new();
    for field in filled.iter().flat_map(|one| &one.fields).filter(|field| field.counts) {
        let template = field.path.template();
        let text = field.given.text();
        let calculation = calculations.get(template.as_str()).copied().unwrap_or_default();
        let own = ["'", "\""].iter().any(|mark| calculation.contains(&format!("{mark}{text}{mark}")));
        if !text.is_empty() && !own && !is_small(text) {
            loose.insert(template);
        }
    }
    loose
}

/// A number with few digits.
fn is_small(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
        && text.split('.').next().unwrap_or_default().trim_start_matches('-').len() <= MOST_DIGITS
}

fn is_birth(name: &str) -> bool {
    BIRTH.iter().any(|known| name == *known || name.ends_with(&format!("_{known}")))
}

fn is_quasi(question: &Question) -> bool {
    match mark_of(question) {
        Some("quasi" | "county" | "township" | "village" | "school" | "class") => true,
        Some(_) => false,
        None => QUASI.contains(&question.name.as_str()),
    }
}

fn is_contact(name: &str) -> bool {
    CONTACT.iter().any(|known| name == *known || name.ends_with(&format!("_{known}")))
}

/// The area in which a point lies, by the south-western corner of its cell: latitude and longitude, in degrees. Cells are a tenth of a
/// degree wide (some ten kilometres, a township), half a degree (some fifty, a county) at the level of counties. Height and accuracy
/// are not told. The area of an area at a coarser level is that of its points.
#[must_use]
pub fn area(point: &str, level: PlaceLevel) -> Option<String> {
    let mut degrees = point.split_whitespace().map(|word| word.parse::<f64>().ok().filter(|degree| degree.is_finite()));
    let (latitude, longitude) = (degrees.next()??, degrees.next()??);
    if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
        return None;
    }
    let tenths = if level == PlaceLevel::County { 5 } else { 1 };
    // What was written with one decimal is a corner, whatever its binary fraction.
    let corner = |degree: f64| ((degree * 10.0 + 1e-6).floor() as i64).div_euclid(tenths) * tenths;
    Some(format!("{:.1} {:.1}", corner(latitude) as f64 / 10.0, corner(longitude) as f64 / 10.0))
}

/// Full years from a birthday to a day.
fn age(birth: &str, day: Option<i64>) -> Option<i64> {
    let (year, month, date) = parts(birth)?;
    let (at_year, at_month, at_date) = civil(day?);
    let years = at_year - year - i64::from((at_month, at_date) < (month, date));
    (0..=130).contains(&years).then_some(years)
}

/// Days since 1970-01-01 of `YYYY-MM-DD…`.
#[must_use]
pub fn day_of(text: &str) -> Option<i64> {
    let (year, month, day) = parts(text)?;
    // Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”: days_from_civil.
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Year, month and day of a number of days since 1970-01-01: civil_from_days of the same source.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

fn parts(text: &str) -> Option<(i64, i64, i64)> {
    let day = text.get(..10)?;
    let mut parts = day.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, date) = (parts.next()??, parts.next()??, parts.next()??);
    ((1..=12).contains(&month) && (1..=31).contains(&date)).then_some((year, month, date))
}

/// The text of an answer outside all repeats, in its de-identified form.
#[must_use]
pub fn told(one: &Filled, path: &str) -> String {
    let found = FieldPath::parse(path).ok();
    let field = one.fields.iter().find(|field| field.counts && Some(&field.path) == found.as_ref());
    field.map(|field| field.given.text().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_calendars_do() {
        for (text, expect) in [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2017-04-12", 17_268)] {
            assert_eq!(day_of(text), Some(expect), "{text}");
            let (year, month, day) = civil(expect);
            assert_eq!(format!("{year:04}-{month:02}-{day:02}"), text);
        }
        assert_eq!(day_of("2017-13-01"), None);
        assert_eq!(day_of("春天"), None);
    }

    #[test]
    fn an_age_is_full_years_on_the_day_of_the_interview() {
        #[track_caller]
        fn check(birth: &str, on: &str, expect: Option<i64>) {
            assert_eq!(age(birth, day_of(on)), expect);
        }
        check("2007-04-12", "2017-04-12", Some(10));
        check("2007-04-13", "2017-04-12", Some(9));
        check("2008-02-29", "2017-02-28", Some(8));
        check("2018-01-01", "2017-04-12", None);
        assert_eq!(age("2007-04-12", None), None);
    }

    #[test]
    fn a_point_becomes_the_area_in_which_it_lies() {
        #[track_caller]
        fn check(point: &str, township: Option<&str>, county: Option<&str>) {
            assert_eq!(area(point, PlaceLevel::Township).as_deref(), township);
            assert_eq!(area(point, PlaceLevel::School).as_deref(), township, "never finer than a township");
            assert_eq!(area(point, PlaceLevel::County).as_deref(), county);
            // Coarser twice is coarser once.
            let again = township.and_then(|corner| area(corner, PlaceLevel::County));
            assert_eq!(again.as_deref(), county);
            assert_eq!(township.and_then(|corner| area(corner, PlaceLevel::Township)).as_deref(), township);
        }
        check("28.8973 119.8142 312.5 4.9", Some("28.8 119.8"), Some("28.5 119.5"));
        check("28.9 119.8 0 0", Some("28.9 119.8"), Some("28.5 119.5"));
        check("-0.01 -179.99", Some("-0.1 -180.0"), Some("-0.5 -180.0"));
        check("90 180", Some("90.0 180.0"), Some("90.0 180.0"));
        for none in ["", "28.9", "98 200", "x y", "nan 1", "28.9 inf"] {
            check(none, None, None);
        }
    }

    #[test]
    fn small_numbers_are_told_from_telephone_numbers() {
        assert!(is_small("12") && is_small("-3.25") && is_small("999999"));
        assert!(!is_small("13957900000") && !is_small("小满") && !is_small("inf"));
    }
}
