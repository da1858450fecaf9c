//! The workbook that is measured, made by rule for any number of questions.

/// A sheet: its name and its rows, the header first.
pub struct Sheet {
    pub name: &'static str,
    pub rows: Vec<Vec<String>>,
}

/// How large the form is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Groups of ten questions each, five with a relevance and five with a constraint.
    pub groups: usize,
    /// Links of the chain of calculations.
    pub chain: usize,
    /// Provinces, counties of each, villages of each county.
    pub places: (usize, usize, usize),
}

impl Size {
    /// The form that every engine is compared on: 1,000 questions, 10,000 villages.
    pub const WHOLE: Self = Self { groups: 100, chain: 100, places: (10, 10, 100) };

    /// The same with another number of questions and few villages.
    pub fn with_questions(questions: usize) -> Self {
        Self { groups: questions / 10, chain: 100, places: (2, 2, 10) }
    }
}

const SURVEY: [&str; 10] = [
    "type",
    "name",
    "label::中文 (zh)",
    "label::English (en)",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "repeat_count",
    "default",
];

/// The three sheets of the form.
pub fn sheets(size: Size) -> Vec<Sheet> {
    vec![
        Sheet { name: "survey", rows: survey(size) },
        Sheet { name: "choices", rows: choices(size) },
        Sheet {
            name: "settings",
            rows: vec![
                row(["form_id", "form_title", "version", "default_language"]),
                row(["engine_bench", "Engine bench", "1", "中文 (zh)"]),
            ],
        },
    ]
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// A row of the survey sheet: type and name, then cells by the name of their column.
fn line(kind: &str, name: &str, cells: &[(&str, &str)]) -> Vec<String> {
    let mut row = vec![String::new(); SURVEY.len()];
    row[0] = kind.to_owned();
    row[1] = name.to_owned();
    if !matches!(kind, "calculate" | "end_group" | "end_repeat") {
        row[2] = format!("问题 {name}：请选择或填写");
        row[3] = format!("Question {name}: choose or write");
    }
    for (column, text) in cells {
        if let Some(at) = SURVEY.iter().position(|known| known == column) {
            row[at] = (*text).to_owned();
        }
    }
    row
}

fn survey(size: Size) -> Vec<Vec<String>> {
    let mut rows = vec![row(SURVEY)];
    let mut add = |kind: &str, name: &str, cells: &[(&str, &str)]| rows.push(line(kind, name, cells));
    add("begin_group", "place", &[]);
    add("select_one province", "province", &[]);
    add("select_one county", "county", &[("choice_filter", "province = ${province}")]);
    add("select_one village", "village", &[("choice_filter", "county = ${county}")]);
    add("select_one village", "village_of_two", &[("choice_filter", "province = ${province} and county = ${county}")]);
    add("end_group", "", &[]);
    add("begin_group", "chain", &[]);
    add("integer", "head", &[]);
    for link in 1..=size.chain {
        let before = if link == 1 { "head".to_owned() } else { format!("c{}", link - 1) };
        add("calculate", &format!("c{link}"), &[("calculation", &format!("${{{before}}} + 1"))]);
    }
    add("end_group", "", &[]);
    for group in 0..size.groups {
        let q = |number: usize| format!("g{group}_q{number}");
        let r = |number: usize| format!("${{g{group}_q{number}}}");
        add("begin_group", &format!("g{group}"), &[]);
        add("integer", &q(0), &[("constraint", ". >= 0 and . <= 120")]);
        add("select_one yes_no", &q(1), &[]);
        add("text", &q(2), &[("relevant", &format!("{} = 'yes'", r(1)))]);
        let (asked, bound) = (format!("{} = 'yes'", r(1)), format!(". <= {}", r(0)));
        add("integer", &q(3), &[("relevant", &asked), ("constraint", &bound)]);
        add("decimal", &q(4), &[("constraint", ". > 0")]);
        add("select_multiple things", &q(5), &[("relevant", &format!("{} > 6", r(0)))]);
        let asked = format!("selected({}, 'a')", r(5));
        add("text", &q(6), &[("relevant", &asked), ("constraint", "string-length(.) <= 20")]);
        add("date", &q(7), &[("constraint", ". <= today()")]);
        add("text", &q(8), &[("relevant", &format!("{} != ''", r(4)))]);
        add("text", &q(9), &[]);
        add("end_group", "", &[]);
    }
    // Every share depends on all amounts: by way of a total, and by a sum of its own.
    for (name, rows) in [("roster", "rows"), ("own", "own_rows")] {
        add("integer", rows, &[]);
        add("begin_repeat", name, &[("repeat_count", &format!("${{{rows}}}"))]);
        add("integer", &format!("{name}_amount"), &[("default", "1")]);
        let all = if name == "roster" {
            "${total}".to_owned()
        } else {
            "sum(${own}[own_amount != '']/own_amount)".to_owned()
        };
        let share = format!("${{{name}_amount}} div {all}");
        add("calculate", &format!("{name}_share"), &[("calculation", &share)]);
        add("end_repeat", "", &[]);
    }
    add("calculate", "total", &[("calculation", "sum(${roster_amount})")]);
    rows
}

fn choices(size: Size) -> Vec<Vec<String>> {
    let mut rows = vec![row(["list_name", "name", "label::中文 (zh)", "label::English (en)", "province", "county"])];
    for (list, name, zh, en) in [
        ("yes_no", "yes", "是", "Yes"),
        ("yes_no", "no", "否", "No"),
        ("things", "a", "甲", "First"),
        ("things", "b", "乙", "Second"),
        ("things", "c", "丙", "Third"),
    ] {
        rows.push(row([list, name, zh, en, "", ""]));
    }
    let (provinces, counties, villages) = size.places;
    for p in 0..provinces {
        rows.push(row(["province", &format!("p{p}"), &format!("省{p}"), &format!("Province {p}"), "", ""]));
    }
    for (p, c) in (0..provinces).flat_map(|p| (0..counties).map(move |c| (p, c))) {
        let (name, zh, en) = (county(p, c), format!("县{p}-{c}"), format!("County {p}-{c}"));
        rows.push(row(["county", &name, &zh, &en, &format!("p{p}"), ""]));
    }
    for (p, c) in (0..provinces).flat_map(|p| (0..counties).map(move |c| (p, c))) {
        for v in 0..villages {
            let (zh, en) = (format!("村{p}-{c}-{v}"), format!("Village {p}-{c}-{v}"));
            rows.push(row(["village", &village(p, c, v), &zh, &en, &format!("p{p}"), &county(p, c)]));
        }
    }
    rows
}

/// The value of a county.
pub fn county(province: usize, county: usize) -> String {
    format!("p{province}c{county}")
}

/// The value of a village.
pub fn village(province: usize, county: usize, village: usize) -> String {
    format!("p{province}c{county}v{village}")
}
