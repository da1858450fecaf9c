//! What an expression compares, adds and chooses, against the types of the questions and the codes of their lists.
//!
//! Only what can never do what its author meant is told: what is not known for certain has the type [`Type::Any`].

use crate::check_expressions::Written;
use crate::codes::Code;
use crate::near::nearest;
use crate::problem::{Problem, Report};
use crate::read_choices::{ChoiceList, Choices};
use crate::read_settings::yes;
use crate::resolve::Resolver;
use crate::tree::{Id, Kind, Node, Tree};
use tianye_xpath::{Comparison, Part, Shape, parse_date, parse_number};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Type {
    Any,
    Number,
    /// What a person types.
    Text,
    Boolean,
    Date,
    /// One code of a list.
    One,
    /// Several codes of a list.
    Many,
    /// A column of the list that is filtered.
    Column,
}

/// What a question's answers are.
pub(crate) fn type_of(node: &Node) -> Type {
    if node.kind != Kind::Question || node.bind_text("calculate").is_some() || node.bodyless {
        return Type::Any;
    }
    match node.question_type.as_str() {
        kind if kind.starts_with("select one") => Type::One,
        kind if kind.starts_with("select all that apply") => Type::Many,
        _ => match node.bind_text("type") {
            Some("int" | "decimal") => Type::Number,
            Some("date" | "dateTime") => Type::Date,
            // Digits typed as text, such as phone numbers, may be counted with.
            Some("string") if node.question_type == "text" => {
                let digits = node.control_text("appearance").is_some_and(|a| a.contains("numbers"));
                if digits { Type::Any } else { Type::Text }
            }
            _ => Type::Any,
        },
    }
}

/// The list of a question with choices, if it stands in the choices sheet.
pub(crate) fn list_of<'a>(node: &Node, choices: &'a Choices) -> Option<&'a ChoiceList> {
    node.itemset.as_deref().and_then(|list| choices.get(list))
}

struct Check<'a> {
    tree: &'a Tree,
    choices: &'a Choices,
    resolver: &'a Resolver<'a>,
    written: &'a Written<'a>,
    types: Vec<Type>,
}

pub(crate) fn check_types(
    tree: &Tree,
    choices: &Choices,
    written: &[Written<'_>],
    resolver: &Resolver<'_>,
    report: &mut Report,
) {
    for written in written {
        let mut check = Check { tree, choices, resolver, written, types: Vec::new() };
        for part in written.expr.parts() {
            for problem in check.problems(part) {
                report.add(problem);
            }
            let kind = check.type_of(part);
            check.types.push(kind);
        }
    }
}

impl<'a> Check<'a> {
    fn known(&self, part: Part<'_>) -> Type {
        self.types.get(part.index()).copied().unwrap_or(Type::Any)
    }

    fn node(&self, part: Part<'_>) -> Option<&'a Node> {
        self.written.question(part, self.resolver).map(|id: Id| &self.tree.nodes[id])
    }

    fn list(&self, part: Part<'_>) -> Option<&'a ChoiceList> {
        self.node(part).and_then(|node| list_of(node, self.choices))
    }

    /// The list that a choice filter filters.
    fn filtered(&self) -> Option<&'a ChoiceList> {
        let node = &self.tree.nodes[self.written.node];
        (self.written.column == "choice_filter").then(|| list_of(node, self.choices)).flatten()
    }

    fn type_of(&self, part: Part<'_>) -> Type {
        match part.shape() {
            Shape::Number(_) | Shape::Negate(_) => Type::Number,
            Shape::Or(_) | Shape::And(_) | Shape::Compare(..) => Type::Boolean,
            Shape::Arithmetic(_, left, right) => {
                let dates = [left, right].iter().any(|side| !matches!(self.known(*side), Type::Number));
                if dates { Type::Any } else { Type::Number }
            }
            Shape::Path => match self.node(part) {
                Some(node) => type_of(node),
                None if self.filtered().is_some_and(|list| list.column_names().any(|c| c == part.text())) => {
                    Type::Column
                }
                None => Type::Any,
            },
            Shape::Call(name, arguments) => match name {
                "count" | "count-non-empty" | "count-selected" | "int" | "number" | "round" | "string-length"
                | "abs" | "floor" | "ceiling" | "decimal-date-time" | "decimal-time" | "area" | "distance" | "pow" => {
                    Type::Number
                }
                "selected"
                | "is-selected"
                | "not"
                | "true"
                | "false"
                | "boolean"
                | "boolean-from-string"
                | "contains"
                | "starts-with"
                | "ends-with"
                | "regex"
                | "checklist"
                | "weighted-checklist"
                | "geofence" => Type::Boolean,
                "today" | "now" | "date" | "date-time" => Type::Date,
                "if" if arguments.len() == 3 && self.known(arguments[1]) == self.known(arguments[2]) => {
                    self.known(arguments[1])
                }
                _ => Type::Any,
            },
            _ => Type::Any,
        }
    }

    fn problems(&self, part: Part<'_>) -> Vec<Problem> {
        match part.shape() {
            Shape::Compare(comparison, left, right) => {
                let one = self.compared(part, comparison, left, right);
                if one.is_empty() { self.compared(part, comparison.turned(), right, left) } else { one }
            }
            Shape::Arithmetic(operator, left, right) => {
                [left, right].into_iter().filter_map(|side| self.added(operator, side)).collect()
            }
            Shape::Call("selected" | "is-selected", arguments) => match arguments.as_slice() {
                [question, code] => self.selected(part, *question, Some(*code)),
                _ => Vec::new(),
            },
            Shape::Call("count-selected" | "selected-at", arguments) => {
                arguments.first().map_or_else(Vec::new, |question| self.selected(part, *question, None))
            }
            Shape::Call(name @ ("sum" | "min" | "max"), arguments) => match arguments.as_slice() {
                [question] => self.blanks(part, name, *question).into_iter().collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// What is odd about `left ⋚ right`, seen from the left.
    fn compared(&self, whole: Part<'_>, how: Comparison, left: Part<'_>, right: Part<'_>) -> Vec<Problem> {
        let warn = |code| self.written.warning(code, whole);
        let literal = literal(right);
        if literal.as_ref().is_some_and(|l| l.text.is_empty()) {
            return Vec::new(); // '' asks whether there is an answer.
        }
        let problem = match (self.known(left), literal, self.known(right)) {
            (Type::One, Some(literal), _) => return self.code(whole, how, left, &literal).into_iter().collect(),
            (Type::Many, Some(literal), _) => {
                let question = left.text();
                return vec![warn(Code::MultipleCompared).arg("question", question).arg("found", literal.text)];
            }
            (Type::Column, Some(literal), _) if how == Comparison::Equal => {
                return self.column_value(whole, left, &literal).into_iter().collect();
            }
            (Type::Number, Some(literal), _) if literal.number.is_nan() => {
                warn(Code::NumberCompared).arg("found", literal.text)
            }
            (Type::Date, Some(literal), _) if literal.is_number || !is_date(&literal.text) => {
                warn(Code::DateCompared).arg("found", right.text())
            }
            (Type::Date, None, Type::Text | Type::Number | Type::One | Type::Many) => {
                warn(Code::DateCompared).arg("found", right.text())
            }
            (Type::Text, literal, other) if how.is_order() => match literal {
                Some(literal) if !literal.number.is_nan() => return Vec::new(),
                None if !matches!(other, Type::Text) => return Vec::new(),
                _ => warn(Code::TextOrdered).arg("found", left.text()),
            },
            (Type::Boolean, Some(literal), _) if !literal.is_number => {
                warn(Code::YesNoCompared).arg("found", literal.text)
            }
            _ => return Vec::new(),
        };
        vec![problem]
    }

    /// A question with choices compared with a literal.
    fn code(&self, whole: Part<'_>, how: Comparison, left: Part<'_>, literal: &Literal) -> Option<Problem> {
        let list = self.list(left)?;
        let mut codes = list.choices.iter().map(|c| c.name.as_str());
        if how.is_order() {
            let ordered = codes.any(|code| !parse_number(code).is_nan()) && !literal.number.is_nan();
            return (!ordered).then(|| self.written.warning(Code::TextOrdered, whole).arg("found", left.text()));
        }
        let is = |code: &str| code == literal.text || (literal.is_number && parse_number(code) == literal.number);
        (!codes.any(is)).then(|| self.not_in_list(whole, left, list, &literal.text))
    }

    fn not_in_list(&self, whole: Part<'_>, question: Part<'_>, list: &ChoiceList, found: &str) -> Problem {
        self.written
            .warning(Code::CodeNotInList, whole)
            .arg("question", question.text())
            .arg("list", &list.name)
            .arg("found", found)
            .maybe_near(nearest(found, list.choices.iter().map(|c| c.name.as_str())))
    }

    /// A column of the filtered list compared with a literal.
    fn column_value(&self, whole: Part<'_>, column: Part<'_>, literal: &Literal) -> Option<Problem> {
        let list = self.filtered()?;
        let name = column.text();
        if name == "label" {
            return None;
        }
        let values: Vec<&str> = list
            .choices
            .iter()
            .filter_map(|c| match name {
                "name" => Some(c.name.as_str()),
                _ => c.extra.iter().find(|(k, _)| **k == *name).map(|(_, v)| v.as_str()),
            })
            .collect();
        let is = |v: &&str| **v == literal.text || (literal.is_number && parse_number(v) == literal.number);
        (!values.iter().any(is)).then(|| {
            self.written
                .warning(Code::ValueNotInColumn, whole)
                .arg("other", name)
                .arg("list", &list.name)
                .arg("found", &literal.text)
                .maybe_near(nearest(&literal.text, values.iter().copied()))
        })
    }

    /// A side of a sum that is no number.
    /// A sum over rows of which one may be blank: a blank is no number, and what is added to it is none either (XPath 1.0).
    fn blanks(&self, whole: Part<'_>, function: &str, question: Part<'_>) -> Option<Problem> {
        let id = self.written.question(question, self.resolver)?;
        let node = &self.tree.nodes[id];
        let repeat = self.tree.nearest_repeat(id)?;
        // From within the repeat a plain name is the one of this row.
        let many = self.tree.nearest_repeat(self.written.node) != Some(repeat);
        let answered = node.bind_text("required").is_some_and(|text| yes(text) == Some(true));
        let asked = type_of(node) != Type::Any && node.default.is_none();
        (many && asked && !answered).then(|| {
            let problem = self.written.note(Code::SumOfBlanks, whole);
            problem.arg("function", function).arg("found", self.written.said(question))
        })
    }

    fn added(&self, operator: &'static str, side: Part<'_>) -> Option<Problem> {
        let is_text = match self.known(side) {
            Type::Text | Type::Many => true,
            Type::One => self.list(side).is_some_and(|l| l.choices.iter().all(|c| parse_number(&c.name).is_nan())),
            _ => matches!(side.shape(), Shape::Text(text) if parse_number(text).is_nan() && !is_date(text)),
        };
        let warning = || self.written.warning(Code::TextAdded, side);
        is_text.then(|| warning().arg("operator", operator).arg("found", self.written.said(side)))
    }

    /// `selected(question, code)` and its kin.
    fn selected(&self, whole: Part<'_>, question: Part<'_>, code: Option<Part<'_>>) -> Vec<Problem> {
        match self.known(question) {
            Type::One | Type::Many => {}
            Type::Text | Type::Number | Type::Date => {
                let kind = self.node(question).map_or("", |node| node.question_type.as_str());
                let Shape::Call(function, _) = whole.shape() else { return Vec::new() };
                if kind.is_empty() {
                    return Vec::new();
                }
                let problem = self.written.warning(Code::SelectedOnOther, whole).arg("function", function);
                return vec![problem.arg("found", self.written.said(question)).arg("kind", kind)];
            }
            _ => return Vec::new(),
        }
        let (Some(list), Some(code)) = (self.list(question), code.and_then(literal)) else { return Vec::new() };
        let known = code.text.is_empty() || list.choices.iter().any(|c| c.name == code.text);
        if known { Vec::new() } else { vec![self.not_in_list(whole, question, list, &code.text)] }
    }
}

/// A value written in the expression itself.
struct Literal {
    text: String,
    number: f64,
    is_number: bool,
}

fn literal(part: Part<'_>) -> Option<Literal> {
    match part.shape() {
        Shape::Text(text) => Some(Literal { text: text.to_owned(), number: parse_number(text), is_number: false }),
        Shape::Number(number) => Some(Literal { text: part.text().trim().to_owned(), number, is_number: true }),
        Shape::Long(text) => Some(Literal { text: text.to_owned(), number: parse_number(text), is_number: true }),
        Shape::Negate(inner) => match inner.shape() {
            Shape::Number(number) => {
                Some(Literal { text: part.text().trim().to_owned(), number: -number, is_number: true })
            }
            _ => None,
        },
        _ => None,
    }
}

fn is_date(text: &str) -> bool {
    parse_date(text.split(['T', ' ']).next().unwrap_or_default()).is_some()
}
