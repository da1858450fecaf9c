//! Random expressions over the questions that stand before a place in the form.

use crate::dice::Dice;

/// What a question's value is to an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sort {
    /// A number.
    Number,
    /// A text.
    Text,
    /// A day.
    Day,
    /// One choice of a list: its values.
    One(Vec<String>),
    /// Several choices of a list: its values.
    Many(Vec<String>),
    /// Nothing that an expression could use.
    Nothing,
}

/// A question that expressions may read.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// What its value is.
    pub sort: Sort,
    /// The repeats around it, outermost first.
    pub repeats: Vec<String>,
}

/// What can be read at a place in the form.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Questions that stand before.
    pub known: &'a [Known],
    /// Repeats that stand before and are closed.
    pub closed: &'a [Known],
    /// The repeats around the place.
    pub repeats: &'a [String],
}

impl Scope<'_> {
    /// Questions that have one value here.
    fn near(&self, wanted: impl Fn(&Sort) -> bool) -> Vec<&Known> {
        let here = |known: &&Known| self.repeats.starts_with(&known.repeats) && wanted(&known.sort);
        self.known.iter().filter(here).collect()
    }

    /// Questions that have one value in each row of a repeat that this place is not in.
    fn far(&self, wanted: impl Fn(&Sort) -> bool) -> Vec<&Known> {
        let there = |known: &&Known| !self.repeats.starts_with(&known.repeats) && wanted(&known.sort);
        self.known.iter().filter(there).collect()
    }

    /// Repeats whose rows can be counted here.
    fn countable(&self) -> Vec<&Known> {
        self.closed.iter().filter(|known| !self.repeats.contains(&known.name)).collect()
    }
}

fn is_number(sort: &Sort) -> bool {
    *sort == Sort::Number
}

fn is_text(sort: &Sort) -> bool {
    *sort == Sort::Text
}

fn some<'a>(dice: &mut Dice, of: &[&'a Known]) -> Option<&'a Known> {
    (!of.is_empty()).then(|| *dice.pick(of))
}

/// A number.
pub fn number(dice: &mut Dice, scope: Scope<'_>, depth: usize) -> String {
    let plain = dice.pick(&["0", "1", "2", "3", "5", "7", "10", "0.5", "2.5", "100"]).to_string();
    if depth == 0 || dice.chance(8) {
        return some(dice, &scope.near(is_number)).map_or(plain, |q| format!("coalesce(${{{}}}, 0)", q.name));
    }
    let less = depth - 1;
    match dice.below(24) {
        0..=2 => some(dice, &scope.near(is_number)).map_or(plain, |q| format!("${{{}}}", q.name)),
        3..=4 => some(dice, &scope.near(is_number))
            .map_or(plain, |q| format!("coalesce(${{{}}}, {})", q.name, dice.below(9))),
        5 => format!("{} + {}", number(dice, scope, less), number(dice, scope, less)),
        6 => format!("{} - {}", number(dice, scope, less), number(dice, scope, 0)),
        7 => format!("({}) * {}", number(dice, scope, less), number(dice, scope, 0)),
        8 => format!("({}) div {}", number(dice, scope, less), dice.pick(&["2", "4", "3", "8"])),
        9 => format!("int({}) mod {}", number(dice, scope, less), dice.pick(&["2", "3", "7"])),
        10 => format!("round({}, {})", number(dice, scope, less), dice.below(3)),
        11 => format!("int({})", number(dice, scope, less)),
        12 => format!("abs({})", number(dice, scope, less)),
        13 => format!("if({}, {}, {})", truth(dice, scope, less), number(dice, scope, less), number(dice, scope, 0)),
        14..=15 => some(dice, &scope.far(is_number)).map_or(plain, |q| {
            let function = *dice.pick(&["sum", "sum", "min", "max", "count", "count-non-empty"]);
            format!("{function}(${{{}}})", q.name)
        }),
        16 => some(dice, &scope.countable()).map_or(plain, |r| format!("count(${{{}}})", r.name)),
        17 => some(dice, &scope.far(is_number)).map_or(plain, |q| indexed(dice, scope, q).unwrap_or("4".to_owned())),
        18 => format!("string-length({})", text(dice, scope, less)),
        19 => some(dice, &scope.near(|sort| matches!(sort, Sort::Many(_))))
            .map_or(plain, |q| format!("count-selected(${{{}}})", q.name)),
        20 if !scope.repeats.is_empty() => "position(..)".to_owned(),
        21 => format!("pow({}, 2)", number(dice, scope, 0)),
        22 => format!("{}({}, {})", dice.pick(&["min", "max"]), number(dice, scope, less), number(dice, scope, 0)),
        23 => some(dice, &scope.near(|sort| *sort == Sort::Day))
            .map_or(plain, |q| format!("int(decimal-date-time(${{{}}}))", q.name)),
        _ => plain,
    }
}

/// The value of a question in a certain row of its repeat, which stands at the top.
fn indexed(dice: &mut Dice, scope: Scope<'_>, of: &Known) -> Option<String> {
    let [repeat] = &of.repeats[..] else { return None };
    if scope.repeats.contains(repeat) {
        return None;
    }
    let index = if dice.chance(50) { "1".to_owned() } else { (1 + dice.below(3)).to_string() };
    Some(format!("indexed-repeat(${{{}}}, ${{{repeat}}}, {index})", of.name))
}

/// Something that is true or false.
pub fn truth(dice: &mut Dice, scope: Scope<'_>, depth: usize) -> String {
    let compare = *dice.pick(&["=", "!=", "<", "<=", ">", ">="]);
    let less = depth.saturating_sub(1);
    let last = format!("{} {compare} {}", number(dice, scope, less.min(1)), dice.below(8));
    if depth == 0 {
        return last;
    }
    match dice.below(20) {
        0..=3 => some(dice, &scope.near(|sort| matches!(sort, Sort::One(_)))).map_or(last, |q| {
            let Sort::One(values) = &q.sort else { return "true()".to_owned() };
            format!("${{{}}} {} '{}'", q.name, dice.pick(&["=", "!="]), dice.pick(values))
        }),
        4..=5 => some(dice, &scope.near(|sort| matches!(sort, Sort::Many(_)))).map_or(last, |q| {
            let Sort::Many(values) = &q.sort else { return "true()".to_owned() };
            format!("selected(${{{}}}, '{}')", q.name, dice.pick(values))
        }),
        6..=7 => some(dice, &scope.near(|sort| *sort != Sort::Nothing))
            .map_or(last, |q| format!("${{{}}} {} ''", q.name, dice.pick(&["=", "!="]))),
        8 => format!("({}) and ({})", truth(dice, scope, less), truth(dice, scope, less)),
        9 => format!("({}) or ({})", truth(dice, scope, less), truth(dice, scope, less)),
        10 => format!("not({})", truth(dice, scope, less)),
        11 => some(dice, &scope.near(is_text)).map_or(last, |q| {
            format!(
                "regex(${{{}}}, '{}')",
                q.name,
                dice.pick(&["[a-z]+", "[0-9]{1,3}", "[A-Za-z][0-9a-z -]*", "\\\\d+"]).replace("\\\\", "\\")
            )
        }),
        12 => format!("contains({}, '{}')", text(dice, scope, less), dice.pick(&["a", "1", "李", "b"])),
        13 => format!("starts-with({}, '{}')", text(dice, scope, less), dice.pick(&["a", "x", "张"])),
        14 => some(dice, &scope.near(|sort| *sort == Sort::Day)).map_or(last, |q| {
            format!("${{{}}} {compare} {}", q.name, dice.pick(&["date('2017-04-12')", "today()", "date('2016-02-29')"]))
        }),
        15 => format!("{} {compare} {}", number(dice, scope, less), number(dice, scope, less)),
        16 => format!("{} = {}", text(dice, scope, less), text(dice, scope, 0)),
        17 => dice.pick(&["true()", "false()", "boolean(1)", "1 = 1"]).to_string(),
        18 => some(dice, &scope.far(is_number))
            .map_or(last, |q| format!("sum(${{{}}}) {compare} {}", q.name, dice.below(20))),
        _ => last,
    }
}

/// A text.
pub fn text(dice: &mut Dice, scope: Scope<'_>, depth: usize) -> String {
    let plain = dice.pick(&["'a'", "'b1'", "'李'", "'田野'", "''", "'x y'"]).to_string();
    if depth == 0 || dice.chance(10) {
        return some(dice, &scope.near(|sort| matches!(sort, Sort::Text | Sort::One(_))))
            .map_or(plain, |q| format!("${{{}}}", q.name));
    }
    let less = depth - 1;
    match dice.below(18) {
        0..=2 => some(dice, &scope.near(is_text)).map_or(plain, |q| format!("${{{}}}", q.name)),
        3..=4 => format!("concat({}, '-', {})", text(dice, scope, less), text(dice, scope, less)),
        5 => format!("concat({}, {})", number(dice, scope, less), text(dice, scope, less)),
        6 => format!("substr({}, {})", text(dice, scope, less), dice.below(3)),
        7 => format!("substr({}, {}, {})", text(dice, scope, less), dice.below(2), 2 + dice.below(3)),
        8 => format!("if({}, {}, {})", truth(dice, scope, less), text(dice, scope, less), text(dice, scope, less)),
        9 => format!("coalesce({}, {})", text(dice, scope, 0), text(dice, scope, less)),
        10 => some(dice, &scope.far(|sort| matches!(sort, Sort::Text | Sort::Number | Sort::One(_))))
            .map_or(plain, |q| format!("join(' ', ${{{}}})", q.name)),
        11 => some(dice, &scope.near(|sort| matches!(sort, Sort::One(_))))
            .map_or(plain, |q| format!("jr:choice-name(${{{0}}}, '${{{0}}}')", q.name)),
        12 => some(dice, &scope.near(|sort| matches!(sort, Sort::Many(_))))
            .map_or(plain, |q| format!("selected-at(${{{}}}, {})", q.name, dice.below(2))),
        13 => some(dice, &scope.near(|sort| *sort == Sort::Day)).map_or(plain, |q| {
            format!("format-date(${{{}}}, '{}')", q.name, dice.pick(&["%Y/%m/%d", "%y%m", "%n.%e", "%Y年"]))
        }),
        14 => format!("translate({}, 'abc', 'xy')", text(dice, scope, less)),
        15 => format!("normalize-space({})", text(dice, scope, less)),
        16 => format!(
            "{}({}, '{}')",
            dice.pick(&["substring-before", "substring-after"]),
            text(dice, scope, less),
            dice.pick(&["-", " ", "1"])
        ),
        17 => some(dice, &scope.far(is_text)).map_or(plain, |q| indexed(dice, scope, q).unwrap_or("'n'".to_owned())),
        _ => plain,
    }
}

/// A day.
pub fn day(dice: &mut Dice, scope: Scope<'_>) -> String {
    let near = scope.near(|sort| *sort == Sort::Day);
    match dice.below(4) {
        0 => "today()".to_owned(),
        1 => format!("date('20{:02}-0{}-1{}')", dice.below(20), 1 + dice.below(9), dice.below(9)),
        _ => some(dice, &near).map_or("date('2017-04-12')".to_owned(), |q| format!("${{{}}}", q.name)),
    }
}
