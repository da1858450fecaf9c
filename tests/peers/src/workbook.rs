//! Random workbooks: markdown tables as in `forms/`, the same ones for the same seed.
//!
//! Names are ASCII, because JavaRosa cannot read paths with Chinese in them; labels are Chinese and English.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::dice::Dice;
use crate::expression::{Known, Scope, Sort, day, number, text, truth};

/// Question names that begin so are asked for a number of rows: answers stay small.
pub const COUNT_PREFIX: &str = "rows_";

const ZH: &str = "label::中文 (zh)";
const EN: &str = "label::English (en)";
const COLUMNS: [&str; 17] = [
    "type",
    "name",
    ZH,
    EN,
    "hint::中文 (zh)",
    "hint::English (en)",
    "required",
    "relevant",
    "constraint",
    "constraint_message::中文 (zh)",
    "constraint_message::English (en)",
    "calculation",
    "choice_filter",
    "parameters",
    "default",
    "repeat_count",
    "trigger",
];
const READ_ONLY: &str = "read_only";

type Row = BTreeMap<&'static str, String>;

struct Maker {
    dice: Dice,
    rows: Vec<Row>,
    known: Vec<Known>,
    closed: Vec<Known>,
    repeats: Vec<String>,
    next: usize,
    /// Choice lists: name, values.
    lists: Vec<(String, Vec<String>)>,
    /// Lists that depend on another: name, the list above, (value, value above).
    cascades: Vec<Cascade>,
}

struct Cascade {
    name: String,
    above: usize,
    choices: Vec<(String, String)>,
}

/// The workbook of a seed, as markdown tables.
pub fn workbook(seed: u64) -> String {
    let mut maker = Maker {
        dice: Dice::new(seed),
        rows: Vec::new(),
        known: Vec::new(),
        closed: Vec::new(),
        repeats: Vec::new(),
        next: 0,
        lists: Vec::new(),
        cascades: Vec::new(),
    };
    maker.lists();
    let length = 8 + maker.dice.below(22);
    maker.block(length, 0);
    maker.write(seed)
}

impl Maker {
    fn lists(&mut self) {
        for list in 0..2 {
            let values = (0..3 + self.dice.below(3)).map(|i| format!("{}{i}", ["a", "b"][list])).collect();
            self.lists.push((format!("list{list}"), values));
        }
        let above = self.lists[0].1.clone();
        let mut choices = Vec::new();
        for i in 0..4 + self.dice.below(6) {
            choices.push((format!("c{i}"), self.dice.pick(&above).clone()));
        }
        self.cascades.push(Cascade { name: "below0".into(), above: 0, choices });
    }

    fn name(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}{}", self.next)
    }

    fn truth(&mut self) -> String {
        let scope = Scope { known: &self.known, closed: &self.closed, repeats: &self.repeats };
        truth(&mut self.dice, scope, 2)
    }

    fn number(&mut self, depth: usize) -> String {
        let scope = Scope { known: &self.known, closed: &self.closed, repeats: &self.repeats };
        number(&mut self.dice, scope, depth)
    }

    fn text(&mut self, depth: usize) -> String {
        let scope = Scope { known: &self.known, closed: &self.closed, repeats: &self.repeats };
        text(&mut self.dice, scope, depth)
    }

    fn label(&mut self, row: &mut Row, name: &str) {
        let mut zh = format!("问题 {name}");
        let mut en = format!("Question {name}");
        let near: Vec<&Known> = self
            .known
            .iter()
            .filter(|known| self.repeats.starts_with(&known.repeats) && known.sort != Sort::Nothing)
            .collect();
        if self.dice.chance(20) && !near.is_empty() {
            let about = &self.dice.pick(&near).name;
            zh = format!("关于 ${{{about}}} 的问题 {name}");
            en = format!("Question {name} about ${{{about}}}, please");
        }
        row.insert(ZH, zh);
        row.insert(EN, en);
    }

    fn block(&mut self, length: usize, depth: usize) {
        for _ in 0..length {
            match self.dice.below(100) {
                0..=7 if depth < 3 => self.group(depth),
                8..=16 if depth < 3 && self.repeats.len() < 2 => self.repeat(depth),
                17..=36 => self.calculate(),
                _ => self.question(),
            }
        }
    }

    fn group(&mut self, depth: usize) {
        let name = self.name("g");
        let mut row = Row::from([("type", "begin_group".to_owned()), ("name", name.clone())]);
        self.label(&mut row, &name);
        if self.dice.chance(50) {
            row.insert("relevant", self.truth());
        }
        if self.dice.chance(10) {
            row.insert(READ_ONLY, "yes".to_owned());
        }
        self.rows.push(row);
        // JavaRosa refuses a group in which nothing is asked.
        self.question();
        let length = self.dice.below(4);
        self.block(length, depth + 1);
        self.rows.push(Row::from([("type", "end_group".to_owned())]));
    }

    fn repeat(&mut self, depth: usize) {
        let mut count = None;
        match self.dice.below(6) {
            0 => count = Some((1 + self.dice.below(3)).to_string()),
            1 | 2 => {
                let asked = self.name(COUNT_PREFIX);
                let mut row = Row::from([("type", "integer".to_owned()), ("name", asked.clone())]);
                self.label(&mut row, &asked);
                self.rows.push(row);
                let times = self.dice.chance(30);
                count = Some(if times { format!("coalesce(${{{asked}}}, 0) + 1") } else { format!("${{{asked}}}") });
                self.known.push(Known { name: asked, sort: Sort::Number, repeats: self.repeats.clone() });
            }
            _ => {}
        }
        let name = self.name("r");
        let mut row = Row::from([("type", "begin_repeat".to_owned()), ("name", name.clone())]);
        self.label(&mut row, &name);
        if let Some(count) = count {
            row.insert("repeat_count", count);
        }
        if self.dice.chance(20) {
            row.insert("relevant", self.truth());
        }
        self.rows.push(row);
        let around = self.repeats.clone();
        self.repeats.push(name.clone());
        let length = 2 + self.dice.below(4);
        self.question();
        self.block(length, depth + 1);
        let shares = self.dice.chance(40).then(|| self.share());
        self.repeats.pop();
        // No lots are drawn for it, so that the seeds mean what they meant.
        if self.next.is_multiple_of(4) {
            let name = format!("{name}_user");
            self.rows.push(Row::from([("type", "username".to_owned()), ("name", name)]));
        }
        self.rows.push(Row::from([("type", "end_repeat".to_owned())]));
        if let Some((part, total)) = shares {
            let sum = format!("sum(${{{part}}})");
            self.rows.push(Row::from([
                ("type", "calculate".to_owned()),
                ("name", total.clone()),
                ("calculation", sum),
            ]));
            self.known.push(Known { name: total, sort: Sort::Number, repeats: around.clone() });
        }
        self.closed.push(Known { name, sort: Sort::Nothing, repeats: around });
    }

    /// A number in each row, and its share in the sum over all rows, which follows after the repeat. Gives the names of
    /// the number and of the sum.
    fn share(&mut self) -> (String, String) {
        let (part, share, total) = (self.name("q"), self.name("k"), self.name("k"));
        let mut row = Row::from([("type", "integer".to_owned()), ("name", part.clone()), ("default", "1".to_owned())]);
        self.label(&mut row, &part);
        self.rows.push(row);
        let rule = format!("round(${{{part}}} div ${{{total}}}, 2) + position(..)");
        self.rows.push(Row::from([("type", "calculate".to_owned()), ("name", share.clone()), ("calculation", rule)]));
        for name in [&part, &share] {
            self.known.push(Known { name: name.clone(), sort: Sort::Number, repeats: self.repeats.clone() });
        }
        (part, total)
    }

    fn calculate(&mut self) {
        let name = self.name("k");
        let (expression, sort) = match self.dice.below(10) {
            0..=4 => (self.number(3), Sort::Number),
            5..=7 => (self.text(3), Sort::Text),
            8 => (format!("once({})", self.number(1)), Sort::Number),
            _ => (format!("if({}, 1, 0)", self.truth()), Sort::Number),
        };
        let mut row =
            Row::from([("type", "calculate".to_owned()), ("name", name.clone()), ("calculation", expression)]);
        if self.dice.chance(15) {
            row.insert("relevant", self.truth());
        }
        if self.dice.chance(12) && !row["calculation"].starts_with("once") {
            let asked = |known: &&Known| known.name.starts_with('q') && known.repeats == self.repeats;
            let near: Vec<&Known> = self.known.iter().filter(asked).collect();
            if !near.is_empty() {
                row.insert("trigger", format!("${{{}}}", self.dice.pick(&near).name));
            }
        }
        self.rows.push(row);
        self.known.push(Known { name, sort, repeats: self.repeats.clone() });
    }

    fn question(&mut self) {
        let name = self.name("q");
        let mut row = Row::from([("name", name.clone())]);
        self.label(&mut row, &name);
        let sort = self.kind(&mut row);
        let noted = row["type"] == "note";
        if self.dice.chance(25) {
            row.insert("relevant", self.truth());
        }
        if !noted {
            if self.dice.chance(20) {
                let required = if self.dice.chance(50) { "yes".to_owned() } else { self.truth() };
                row.insert("required", required);
            }
            if self.dice.chance(25) {
                self.constraint(&mut row, &sort);
            }
            if self.dice.chance(8) {
                let read_only = if self.dice.chance(50) { "yes".to_owned() } else { self.truth() };
                row.insert(READ_ONLY, read_only);
            }
            if self.dice.chance(20) {
                self.default(&mut row, &sort);
            }
        }
        if self.dice.chance(10) {
            row.insert("hint::中文 (zh)", "小字".to_owned());
            row.insert("hint::English (en)", "Small print".to_owned());
        }
        self.rows.push(row);
        self.known.push(Known { name, sort, repeats: self.repeats.clone() });
    }

    /// Chooses what is asked; gives what the answer is to an expression.
    fn kind(&mut self, row: &mut Row) -> Sort {
        let mut of = |kind: &str| {
            row.insert("type", kind.to_owned());
        };
        match self.dice.below(40) {
            0..=8 => {
                of("integer");
                Sort::Number
            }
            9..=12 => {
                of("decimal");
                Sort::Number
            }
            13..=18 => {
                of("text");
                Sort::Text
            }
            19..=23 => {
                let (name, mut values) = self.dice.pick(&self.lists).clone();
                let other = self.dice.chance(15) && self.repeats.is_empty();
                of(&format!("select_one {name}{}", if other { " or_other" } else { "" }));
                if other {
                    values.push("other".to_owned());
                } else if self.dice.chance(20) {
                    row.insert("parameters", format!("randomize=true seed={}", 1 + self.dice.below(99)));
                }
                Sort::One(values)
            }
            24..=26 => self.cascade(row),
            27..=30 => {
                let (name, values) = self.dice.pick(&self.lists).clone();
                of(&format!("select_multiple {name}"));
                Sort::Many(values)
            }
            31..=33 => {
                of("date");
                Sort::Day
            }
            34 => {
                of(self.dice.word(&["time", "dateTime"]));
                Sort::Nothing
            }
            35 => {
                of("range");
                row.insert("parameters", "start=0 end=10 step=2".to_owned());
                Sort::Number
            }
            36 => {
                of("acknowledge");
                Sort::Text
            }
            37 => {
                of(self.dice.word(&["barcode", "text"]));
                Sort::Text
            }
            38 => {
                let list = self.dice.pick(&self.lists).0.clone();
                of(&if self.dice.chance(50) { format!("rank {list}") } else { "geopoint".to_owned() });
                Sort::Nothing
            }
            _ => {
                of("note");
                Sort::Nothing
            }
        }
    }

    /// A question whose choices depend on an earlier one, if there is one.
    fn cascade(&mut self, row: &mut Row) -> Sort {
        let cascade = self.dice.pick(&self.cascades);
        let above = &self.lists[cascade.above].1;
        let fits = |known: &&Known| {
            matches!(&known.sort, Sort::One(values) if values == above) && self.repeats.starts_with(&known.repeats)
        };
        let near: Vec<&Known> = self.known.iter().filter(fits).collect();
        let values = cascade.choices.iter().map(|(value, _)| value.clone()).collect();
        let several = self.dice.chance(25);
        row.insert("type", format!("select_{} {}", if several { "multiple" } else { "one" }, cascade.name));
        if !near.is_empty() {
            row.insert("choice_filter", format!("up = ${{{}}}", self.dice.pick(&near).name));
        }
        if several { Sort::Many(values) } else { Sort::One(values) }
    }

    fn constraint(&mut self, row: &mut Row, sort: &Sort) {
        let rule = match sort {
            Sort::Number => match self.dice.below(3) {
                0 => ". >= 0 and . <= 10".to_owned(),
                1 => format!(". != {}", self.number(1)),
                _ => format!(". < 5 or ({})", self.truth()),
            },
            Sort::Text if row["type"] != "acknowledge" => match self.dice.below(3) {
                0 => "regex(., '[a-zA-Z0-9 -]+')".to_owned(),
                1 => "string-length(.) < 4".to_owned(),
                _ => format!(". != {}", self.text(1)),
            },
            Sort::Many(values) => match self.dice.below(2) {
                0 => "count-selected(.) <= 2".to_owned(),
                _ => format!("not(selected(., '{}') and count-selected(.) > 1)", self.dice.pick(values)),
            },
            Sort::Day => ". <= today()".to_owned(),
            Sort::One(values) => format!(". != '{}'", self.dice.pick(values)),
            _ => return,
        };
        row.insert("constraint", rule);
        row.insert("constraint_message::中文 (zh)", "不对".to_owned());
        row.insert("constraint_message::English (en)", "Not so".to_owned());
    }

    fn default(&mut self, row: &mut Row, sort: &Sort) {
        let dynamic = self.dice.chance(50);
        let value = match sort {
            Sort::Number if row["type"] == "range" => return,
            Sort::Number if dynamic && row["type"] == "integer" => format!("int({})", self.number(1)),
            Sort::Number if dynamic => self.number(1),
            Sort::Number => self.dice.below(9).to_string(),
            Sort::Text if row["type"] == "text" && dynamic => format!("concat({}, '')", self.text(1)),
            Sort::Text if row["type"] == "text" => "abc".to_owned(),
            Sort::Day if dynamic => {
                let scope = Scope { known: &self.known, closed: &self.closed, repeats: &self.repeats };
                day(&mut self.dice, scope)
            }
            Sort::Day => "2017-04-12".to_owned(),
            Sort::One(values) if !row.contains_key("choice_filter") => self.dice.pick(values).clone(),
            _ => return,
        };
        row.insert("default", value);
    }

    fn write(&self, seed: u64) -> String {
        let mut out = format!(
            "# Random workbook of seed {seed}\n\n| settings |\n|  | form_title | form_id | version | default_language |\n"
        );
        let _ = writeln!(out, "|  | 随机 {seed} | seed{seed} | 1 | 中文 (zh) |\n\n| survey |");
        let columns: Vec<&str> = COLUMNS.into_iter().chain([READ_ONLY]).collect();
        let _ = writeln!(out, "|  | {} |", columns.join(" | "));
        for row in &self.rows {
            let cells: Vec<&str> = columns.iter().map(|column| row.get(column).map_or("", String::as_str)).collect();
            let _ = writeln!(out, "|  | {} |", cells.join(" | "));
        }
        let _ = writeln!(out, "\n| choices |\n|  | list_name | name | {ZH} | {EN} | up |");
        for (name, values) in &self.lists {
            for value in values {
                let _ = writeln!(out, "|  | {name} | {value} | 选项 {value} | Choice {value} |  |");
            }
        }
        for cascade in &self.cascades {
            for (value, above) in &cascade.choices {
                let _ = writeln!(out, "|  | {} | {value} | 选项 {value} | Choice {value} | {above} |", cascade.name);
            }
        }
        out
    }
}
