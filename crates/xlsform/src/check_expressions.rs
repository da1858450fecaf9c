//! Every expression of the form is parsed, its functions are known, and what it says is looked at, before anyone takes it
//! to a village.

use crate::check_order::check_order;
use crate::check_reach::check_reach;
use crate::check_types::check_types;
use crate::codes::Code;
use crate::names::{Reference, references, scan};
use crate::problem::{Place, Problem, Report};
use crate::read_choices::Choices;
use crate::read_survey::EXPRESSIONS;
use crate::resolve::{Mode, Resolver};
use crate::tree::{Id, Kind, Node, ROOT, Text, Tree};
use crate::write_model::as_boolean;
use tianye_xpath::{Expr, ParseError, ParseErrorKind, Part, Shape, StaticProblem, StaticProblemKind};

/// An expression of the workbook, parsed. Places in `expr` are places in `text`.
pub(crate) struct Written<'a> {
    /// Whose it is.
    pub node: Id,
    /// The column that the author knows: `relevant`, `constraint`, `calculation`, `choice_filter`, …
    pub column: &'static str,
    pub text: &'a str,
    pub place: Place,
    pub expr: Expr,
    names: Vec<Reference<'a>>,
}

impl Written<'_> {
    /// The question that a part of the expression is: `${name}` or `.`, and nothing more.
    pub fn question(&self, part: Part<'_>, resolver: &Resolver<'_>) -> Option<Id> {
        if !matches!(part.shape(), Shape::Path) {
            return None;
        }
        let span = part.span();
        if self.text.get(span.start..span.end) == Some(".") {
            return (self.column != "choice_filter").then_some(self.node);
        }
        let name = self.names.iter().find(|r| (r.start, r.end) == (span.start, span.end) && !r.last_saved)?;
        resolver.id(name.name)
    }

    /// Every question, group or repeat that it names.
    pub fn named(&self, resolver: &Resolver<'_>) -> Vec<(Id, Reference<'_>)> {
        let names = self.names.iter().filter(|r| !r.last_saved);
        names.filter_map(|r| Some((resolver.id(r.name)?, *r))).collect()
    }

    /// A part of it as the author wrote it.
    pub fn said(&self, part: Part<'_>) -> &str {
        let span = part.span();
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// A warning about a part of it.
    pub fn warning(&self, code: Code, part: Part<'_>) -> Problem {
        self.about(Problem::warning(code), part)
    }

    /// A note about a part of it.
    pub fn note(&self, code: Code, part: Part<'_>) -> Problem {
        self.about(Problem::note(code), part)
    }

    fn about(&self, problem: Problem, part: Part<'_>) -> Problem {
        let span = part.span();
        problem.at(&self.place).arg("column", self.column).marking(self.text, span.start, span.end)
    }
}

pub(crate) fn check_expressions(tree: &Tree, choices: &Choices, resolver: &Resolver<'_>, report: &mut Report) {
    let mut written = Vec::new();
    for id in tree.descendants(ROOT) {
        let node = &tree.nodes[id];
        for (column, text, place) in expressions_of(node) {
            if let Some(expr) = read(column, text, &place, id, resolver, report) {
                written.push(Written { node: id, column, text, place, expr, names: references(text) });
            }
        }
    }
    check_types(tree, choices, &written, resolver, report);
    check_order(tree, &written, resolver, report);
    check_reach(tree, choices, &written, resolver, report);
}

/// The expressions of a node with the column that the author knows and their place.
fn expressions_of(node: &Node) -> Vec<(&'static str, &str, Place)> {
    let mut found = Vec::new();
    for name in EXPRESSIONS {
        let Some((_, Text::Plain(text))) = node.bind.iter().flatten().find(|(n, _)| n == name) else { continue };
        // A column of our own is written with its prefix (`tianye::risk`) or without (`soft_constraint`).
        let paths = [format!("bind::{name}"), name.replacen(':', "::", 1)];
        let Some(path) = paths.into_iter().find(|path| node.columns.contains_key(path)) else { continue };
        let column = if name == "calculate" { node.calculated_in } else { name.trim_start_matches("tianye:") };
        let place = node.place_of(&path);
        found.push((column, as_boolean(text), place));
    }
    if let Some(filter) = &node.choice_filter {
        found.push(("choice_filter", filter, node.place_of("choice_filter")));
    }
    if let Some(default) = node.default.as_ref().filter(|_| node.dynamic_default) {
        found.push(("default", default, node.place_of("default")));
    }
    if let Some(count) = node.control_text("jr:count").filter(|_| node.kind == Kind::Repeat) {
        found.push(("repeat_count", count, node.place_of("control::jr:count")));
    }
    found
}

/// The expression, when it can be read and its places are places in the text.
fn read(
    column: &'static str,
    text: &str,
    place: &Place,
    context: Id,
    resolver: &Resolver<'_>,
    report: &mut Report,
) -> Option<Expr> {
    if scan(text).iter().any(Result::is_err) {
        return None; // Said already, where references are checked.
    }
    let (expr, shown) = match tianye_xpath::parse(&with_stand_ins(text)) {
        Ok(expr) => (expr, None),
        // `${a}div 2` is an expression only once the paths with their spaces are in.
        Err(error) => {
            let expanded = resolver.expand(text, Some(context), Mode::default());
            match tianye_xpath::parse(&expanded) {
                Ok(expr) => (expr, Some(expanded)),
                Err(_) => {
                    report.add(syntax(column, text, &error).at(place));
                    return None;
                }
            }
        }
    };
    let found = tianye_xpath::check(&expr);
    for problem in &found {
        report.add(mistake(column, shown.as_deref().unwrap_or(text), problem).at(place));
    }
    (found.is_empty() && shown.is_none()).then_some(expr)
}

fn syntax(column: &str, text: &str, error: &ParseError) -> Problem {
    let problem = match &error.kind {
        ParseErrorKind::Expected { expected, found } => {
            let ended = error.span.start >= text.len();
            // The stand-in for a reference is as long as the reference.
            let found = text.get(error.span.start..error.span.end).unwrap_or(found);
            Problem::error(Code::ExpressionExpected)
                .arg("expected", *expected)
                .arg("kind", slug(expected))
                .arg("found", found)
                .arg("ended", if ended { "yes" } else { "no" })
        }
        ParseErrorKind::UnclosedText { quote } => {
            Problem::error(Code::ExpressionUnclosed).arg("quote", quote.to_string())
        }
        ParseErrorKind::StrayCharacter { found } => {
            Problem::error(Code::ExpressionStray).arg("found", found.to_string())
        }
        ParseErrorKind::UnknownAxis { found } => Problem::error(Code::ExpressionAxis).arg("found", found),
        ParseErrorKind::TooLong { limit, .. } | ParseErrorKind::TooDeep { limit } => {
            Problem::error(Code::ExpressionTooLarge).arg("limit", limit.to_string())
        }
    };
    problem.arg("column", column).marking(text, error.span.start, error.span.end)
}

fn mistake(column: &str, text: &str, found: &StaticProblem) -> Problem {
    let problem = match &found.kind {
        StaticProblemKind::UnknownFunction { name, nearest } => {
            Problem::error(Code::UnknownFunction).arg("found", name).maybe_near(*nearest)
        }
        StaticProblemKind::WrongArity { name, found, .. } => {
            let function = tianye_xpath::find_function(name);
            let most = function.and_then(|f| f.max).map_or_else(|| "any".to_owned(), |most| most.to_string());
            Problem::error(Code::WrongArity)
                .arg("function", *name)
                .arg("least", function.map_or(0, |f| f.min).to_string())
                .arg("most", most)
                .arg("count", found.to_string())
        }
        StaticProblemKind::Variable { name } => Problem::error(Code::FoundVariable).arg("found", name),
        StaticProblemKind::NeedsNodes { what, found } => {
            Problem::error(Code::NeedsNodes).arg("function", *what).arg("found", *found)
        }
        StaticProblemKind::BadPattern { reason } => Problem::error(Code::BadPattern).arg("reason", reason),
    };
    problem.arg("column", column).marking(text, found.span.start, found.span.end)
}

/// `a name, * or a node type` as a word that a catalogue can choose by.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    if slug.is_empty() || slug == "or" { "sign".to_owned() } else { slug }
}

/// The expression with each reference replaced by a name of the same length, so that places in it stay true.
fn with_stand_ins(text: &str) -> String {
    let mut out = text.to_owned();
    for r in references(text).iter().rev() {
        out.replace_range(r.start..r.end, &"_".repeat(r.end - r.start));
    }
    out
}
