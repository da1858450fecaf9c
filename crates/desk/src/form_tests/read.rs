//! From the sheet to the tests, with the cell of everything that cannot be understood.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use tianye_xlsform::{Row, Sheet, Workbook, column_letters, nearest};

use super::{Act, At, BEGIN, Expectation, FormTest, Line, MOST_LINES};
use crate::view::{Args, FormExcerpt, FormProblem, FormSeverity};

/// The words of the `act` column.
const ACTS: &[&str] = &[
    "now",
    "answer",
    "clear",
    "add row",
    "remove row",
    "language",
    "value",
    "shown",
    "hidden",
    "valid",
    "invalid",
    "required",
    "optional",
    "risk",
    "no risk",
    "options",
    "label",
    "refused",
    "rows",
    "complete",
    "incomplete",
];

/// The tests of a workbook's `tests` sheet; none if it has no such sheet. What is not understood is a problem, and the
/// rest is read.
#[must_use]
pub fn read(workbook: &Workbook) -> (Vec<FormTest>, Vec<FormProblem>) {
    let sheet = workbook.sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case("tests"));
    let Some(sheet) = sheet else { return (Vec::new(), Vec::new()) };
    let mut problems = Vec::new();
    let Some(columns) = Columns::of(sheet, &mut problems) else { return (Vec::new(), problems) };
    let mut tests: Vec<FormTest> = Vec::new();
    for row in sheet.rows.iter().skip(1).take(MOST_LINES) {
        let cell = |column: Option<usize>| column.and_then(|at| row.cells.get(at)).map_or("", |text| text.trim());
        let name = cell(columns.test);
        if !name.is_empty() {
            tests.push(FormTest { name: name.to_owned(), row: row.number, lines: Vec::new() });
        }
        if cell(Some(columns.act)).is_empty() {
            continue;
        }
        let begun = !tests.is_empty();
        if !begun {
            problems.push(problem(
                sheet,
                row,
                columns.test,
                "tests-without-name",
                &[],
                "expected the name of a test, found none; write one in the first row of each test",
            ));
            tests.push(FormTest { name: String::new(), row: row.number, lines: Vec::new() });
        }
        match line(cell(Some(columns.act)), cell(columns.question), cell(columns.value)) {
            Ok(act) => {
                if let Some(test) = tests.last_mut() {
                    test.lines.push(Line { row: row.number, act });
                }
            }
            Err(wrong) => problems.push(wrong.at(sheet, row, &columns)),
        }
    }
    if sheet.rows.len() > MOST_LINES {
        let row = &sheet.rows[MOST_LINES];
        let found = sheet.rows.len().to_string();
        let detail = format!("expected at most {MOST_LINES} lines of tests, found {found}; the rest was not read");
        problems.push(problem(sheet, row, None, "tests-too-many", &[("limit", &MOST_LINES.to_string())], &detail));
    }
    (tests, problems)
}

/// Which column holds what, from 0.
struct Columns {
    test: Option<usize>,
    act: usize,
    question: Option<usize>,
    value: Option<usize>,
}

impl Columns {
    fn of(sheet: &Sheet, problems: &mut Vec<FormProblem>) -> Option<Self> {
        let header = sheet.rows.first()?;
        let find = |name: &str| header.cells.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        let Some(act) = find("act") else {
            let detail = "expected a column `act` in the sheet of tests, found none";
            problems.push(problem(sheet, header, None, "tests-without-act", &[], detail));
            return None;
        };
        Some(Self { test: find("test"), act, question: find("question"), value: find("value") })
    }
}

/// What is wrong with a line, and in which of its cells.
enum Wrong {
    Act { found: String },
    Question { found: String },
    Value { found: String, expected: &'static str },
}

impl Wrong {
    fn at(self, sheet: &Sheet, row: &Row, columns: &Columns) -> FormProblem {
        match self {
            Self::Act { found } => {
                let near = nearest(&found, ACTS.iter().copied()).unwrap_or_default();
                let hint = if near.is_empty() { String::new() } else { format!("; did you mean {near}?") };
                let detail = format!("expected one of {}, found {found}{hint}", ACTS.join(", "));
                let args = [("found", found.as_str()), ("near", near)];
                problem(sheet, row, Some(columns.act), "tests-unknown-act", &args, &detail)
            }
            Self::Question { found } => {
                let detail = format!("expected a question such as age or members[2]/age, found {found:?}");
                problem(sheet, row, columns.question, "tests-bad-question", &[("found", &found)], &detail)
            }
            Self::Value { found, expected } => {
                let detail = format!("expected {expected}, found {found:?}");
                let args = [("found", found.as_str()), ("expected", expected)];
                problem(sheet, row, columns.value, "tests-bad-value", &args, &detail)
            }
        }
    }
}

fn problem(
    sheet: &Sheet,
    row: &Row,
    column: Option<usize>,
    code: &str,
    args: &[(&str, &str)],
    detail: &str,
) -> FormProblem {
    let letters = column.and_then(|at| u32::try_from(at + 1).ok()).map(column_letters).unwrap_or_default();
    let cell = column.and_then(|at| row.cells.get(at)).filter(|cell| !cell.is_empty());
    let heading = column.and_then(|at| sheet.rows.first()?.cells.get(at)).cloned();
    FormProblem {
        severity: FormSeverity::Error,
        code: code.to_owned(),
        sheet: sheet.name.clone(),
        row: row.number,
        column: letters,
        heading: heading.unwrap_or_default(),
        line: row.line.unwrap_or(0),
        character: 0,
        field: String::new(),
        excerpt: cell.map(|cell| FormExcerpt { before: String::new(), marked: cell.clone(), after: String::new() }),
        args: args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Args>(),
        detail: detail.to_owned(),
    }
}

fn line(act: &str, question: &str, value: &str) -> Result<Act, Wrong> {
    let word = act.to_lowercase().replace(['_', '-'], " ");
    let at = || at(question).ok_or_else(|| Wrong::Question { found: question.to_owned() });
    let expect = |expectation| Ok(Act::Expect(at()?, expectation));
    match word.split_whitespace().collect::<Vec<_>>().join(" ").as_str() {
        "now" => moment(value).map(Act::Now).ok_or_else(|| Wrong::Value {
            found: value.to_owned(),
            expected: "a moment such as 2017-06-01 or 2017-06-01T09:00",
        }),
        "answer" => Ok(Act::Answer(at()?, value.to_owned())),
        "clear" => Ok(Act::Clear(at()?)),
        "add row" => Ok(Act::AddRow(at()?)),
        "remove row" => Ok(Act::RemoveRow(at()?)),
        "language" => Ok(Act::Language(value.to_owned())),
        "value" => expect(Expectation::Value(value.to_owned())),
        "shown" => expect(Expectation::Shown(true)),
        "hidden" => expect(Expectation::Shown(false)),
        "valid" => expect(Expectation::Valid(true)),
        "invalid" => expect(Expectation::Valid(false)),
        "required" => expect(Expectation::Required(true)),
        "optional" => expect(Expectation::Required(false)),
        "risk" => expect(Expectation::Risk(true)),
        "no risk" => expect(Expectation::Risk(false)),
        "options" => expect(Expectation::Options(value.split_whitespace().map(str::to_owned).collect())),
        "label" => expect(Expectation::Label(value.to_owned())),
        "refused" => expect(Expectation::Refused(value.to_owned())),
        "rows" => match value.parse() {
            Ok(rows) => expect(Expectation::Rows(rows)),
            Err(_) => Err(Wrong::Value { found: value.to_owned(), expected: "a number of rows" }),
        },
        "complete" => Ok(Act::Complete(true)),
        "incomplete" => Ok(Act::Complete(false)),
        _ => Err(Wrong::Act { found: act.to_owned() }),
    }
}

/// `members[2]/age`; `${age}` is taken for `age`.
pub(super) fn at(text: &str) -> Option<At> {
    let steps = text.split('/').map(|step| {
        let step = step.trim();
        let step = step.strip_prefix("${").and_then(|inner| inner.strip_suffix('}')).unwrap_or(step);
        let (name, row) = match step.split_once('[') {
            Some((name, row)) => {
                (name.trim(), Some(row.strip_suffix(']')?.trim().parse().ok().filter(|row| *row > 0)?))
            }
            None => (step, None),
        };
        (!name.is_empty()).then(|| (name.to_owned(), row))
    });
    steps.collect::<Option<Vec<_>>>().map(At)
}

/// A moment in China's time, unless it names another offset.
pub(super) fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let zone = DateTime::parse_from_rfc3339(BEGIN).ok()?;
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment);
    }
    let naive = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(zone.time())))?;
    naive.and_local_timezone(*zone.offset()).single()
}
