//! Questions that nobody will ever see, and constraints that no answer fulfils.
//!
//! Relevance is read as a formula over comparisons of one question with a constant; everything else may be true or false.
//! A formula can be true when each question in it has an answer (a code of its list, a number, a day, nothing) that fulfils
//! all that is asked of it. A question that must have an answer must have been asked, so its own relevance counts too.

use crate::check_expressions::Written;
use crate::check_types::{Type, list_of, type_of};
use crate::codes::Code;
use crate::problem::{Problem, Report};
use crate::read_choices::{ChoiceList, Choices};
use crate::resolve::Resolver;
use crate::tree::{Id, Kind, ROOT, Tree};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use tianye_xpath::{Comparison, Part, Shape, parse_date, parse_number};

#[derive(Debug)]
enum Formula {
    /// May be true.
    Open,
    False,
    Atom(Atom),
    All(Vec<Self>),
    Any(Vec<Self>),
}

#[derive(Debug, Clone)]
struct Atom {
    question: Id,
    test: Test,
    negated: bool,
}

#[derive(Debug, Clone)]
enum Test {
    Text(Comparison, String),
    Number(Comparison, f64),
    Day(Comparison, f64),
    Selected(String),
}

/// An answer that a question may have.
#[derive(Debug, Clone, PartialEq)]
enum Answer {
    Text(String),
    Number(f64),
    Day(f64),
}

/// Steps of the search for one formula; a formula that needs more is taken to be possible.
const MOST_STEPS: usize = 20_000;

/// Longer expressions, in bytes, are not looked at.
const LONGEST: usize = 10_000;

pub(crate) fn check_reach(
    tree: &Tree,
    choices: &Choices,
    written: &[Written<'_>],
    resolver: &Resolver<'_>,
    report: &mut Report,
) {
    let reader = Reader { tree, resolver };
    let formulas = |column: &str| -> HashMap<Id, (Formula, &Written<'_>)> {
        let own = written.iter().filter(|w| w.column == column);
        own.map(|w| (w.node, (reader.formula(w, w.expr.whole(), false), w))).collect()
    };
    let relevant = formulas("relevant");
    let constraints = formulas("constraint");
    let search = Search { tree, choices, relevant: &relevant, codes: RefCell::default() };
    let mut hidden: HashSet<Id> = HashSet::new();
    for id in tree.descendants(ROOT) {
        if tree.nodes[id].parent.is_some_and(|parent| hidden.contains(&parent)) {
            hidden.insert(id); // Said of the group.
            continue;
        }
        if let Some((formula, own)) = relevant.get(&id) {
            if own.text.split_whitespace().collect::<String>() == "false()" {
                hidden.insert(id); // Switched off on purpose.
                continue;
            }
            let around: Vec<Id> = tree.ancestors(id).filter(|a| relevant.contains_key(a)).collect();
            if !search.possible(&[formula], &[id]) {
                hidden.insert(id);
                report.add(whole(own, Code::NeverRelevant, tree));
                continue;
            }
            let with_groups: Vec<&Formula> = around.iter().map(|a| &relevant[a].0).chain([formula]).collect();
            let asked: Vec<Id> = around.iter().copied().chain([id]).collect();
            if !search.possible(&with_groups, &asked) {
                hidden.insert(id);
                let group = around.first().map_or("", |a| tree.nodes[*a].name.as_str());
                report.add(whole(own, Code::NeverRelevantInside, tree).arg("group", group));
                continue;
            }
        }
        if let Some((formula, own)) = constraints.get(&id).filter(|_| tree.nodes[id].kind == Kind::Question) {
            let answered = Formula::Atom(Atom {
                question: id,
                test: Test::Text(Comparison::NotEqual, String::new()),
                negated: false,
            });
            if !search.possible(&[&answered, formula], &[]) {
                report.add(whole(own, Code::NeverValid, tree));
            }
        }
    }
}

fn whole(written: &Written<'_>, code: Code, tree: &Tree) -> Problem {
    written.warning(code, written.expr.whole()).arg("found", &tree.nodes[written.node].name)
}

struct Reader<'a> {
    tree: &'a Tree,
    resolver: &'a Resolver<'a>,
}

impl Reader<'_> {
    fn formula(&self, written: &Written<'_>, part: Part<'_>, negated: bool) -> Formula {
        if written.text.len() > LONGEST {
            return Formula::Open;
        }
        let all = |parts: Vec<Part<'_>>| parts.into_iter().map(|p| self.formula(written, p, negated)).collect();
        match part.shape() {
            Shape::And(parts) if negated => Formula::Any(all(parts)),
            Shape::And(parts) => Formula::All(all(parts)),
            Shape::Or(parts) if negated => Formula::All(all(parts)),
            Shape::Or(parts) => Formula::Any(all(parts)),
            Shape::Call("not", arguments) if arguments.len() == 1 => self.formula(written, arguments[0], !negated),
            Shape::Call("true", _) if negated => Formula::False,
            Shape::Call("false", _) if !negated => Formula::False,
            Shape::Call("selected" | "is-selected", arguments) if arguments.len() == 2 => {
                let code = match arguments[1].shape() {
                    Shape::Text(code) => code,
                    _ => arguments[1].text().trim(),
                };
                let is_code = matches!(arguments[1].shape(), Shape::Text(_) | Shape::Number(_));
                match self
                    .variable(written, arguments[0])
                    .filter(|_| is_code && !code.contains(' ') && !code.is_empty())
                {
                    Some(question) => Formula::Atom(Atom { question, test: Test::Selected(code.to_owned()), negated }),
                    None => Formula::Open,
                }
            }
            Shape::Compare(how, left, right) => self
                .comparison(written, how, left, right)
                .or_else(|| self.comparison(written, how.turned(), right, left))
                .map_or(Formula::Open, |(question, test)| Formula::Atom(Atom { question, test, negated })),
            _ => Formula::Open,
        }
    }

    fn comparison(
        &self,
        written: &Written<'_>,
        how: Comparison,
        left: Part<'_>,
        right: Part<'_>,
    ) -> Option<(Id, Test)> {
        let question = self.variable(written, left)?;
        let is_date = type_of(&self.tree.nodes[question]) == Type::Date;
        let test = match right.shape() {
            Shape::Text(text) if is_date && !text.is_empty() => Test::Day(how, day(text)?),
            Shape::Text(text) => Test::Text(how, text.to_owned()),
            Shape::Number(number) => Test::Number(how, number),
            Shape::Negate(inner) => match inner.shape() {
                Shape::Number(number) => Test::Number(how, -number),
                _ => return None,
            },
            Shape::Call("date", arguments) if is_date => match arguments.first()?.shape() {
                Shape::Text(text) => Test::Day(how, day(text)?),
                _ => return None,
            },
            _ => return None,
        };
        // A moment within a day is more than the day says.
        let moment = self.tree.nodes[question].bind_text("type") == Some("dateTime");
        (!moment).then_some((question, test))
    }

    /// The question that the part is, when there is exactly one answer to it as seen from here.
    fn variable(&self, written: &Written<'_>, part: Part<'_>) -> Option<Id> {
        let id = written.question(part, self.resolver)?;
        let tree = self.tree;
        let around: Vec<Id> = tree.ancestors(written.node).chain([written.node]).collect();
        let mut repeats = tree.ancestors(id).filter(|a| tree.nodes[*a].kind == Kind::Repeat);
        (tree.nodes[id].kind == Kind::Question && repeats.all(|r| around.contains(&r))).then_some(id)
    }
}

fn day(text: &str) -> Option<f64> {
    parse_date(text).map(|date| f64::from(date.to_epoch_days()))
}

struct Search<'c, 'g> {
    tree: &'g Tree,
    choices: &'c Choices,
    relevant: &'g HashMap<Id, (Formula, &'g Written<'g>)>,
    /// The codes of lists that were asked for, by name: a list may be long, and asked for in very many conditions.
    codes: RefCell<HashMap<&'c str, Rc<HashSet<&'c str>>>>,
}

impl<'c, 'g> Search<'c, 'g> {
    /// Whether all goals may be true at once. `asked`: nodes whose relevance is among the goals.
    fn possible(&self, goals: &[&'g Formula], asked: &[Id]) -> bool {
        let mut steps = MOST_STEPS;
        self.solve(goals, &mut Vec::new(), asked, &mut steps)
    }

    fn solve(&self, goals: &[&'g Formula], atoms: &mut Vec<&'g Atom>, asked: &[Id], steps: &mut usize) -> bool {
        if *steps == 0 {
            return true;
        }
        *steps -= 1;
        let Some((goal, rest)) = goals.split_last() else { return self.asked_too(atoms, asked, steps) };
        match goal {
            Formula::Open => self.solve(rest, atoms, asked, steps),
            Formula::False => false,
            Formula::Atom(atom) => {
                atoms.push(atom);
                let (some, none) = self.answerable(atom.question, atoms);
                let possible = (some || none) && self.solve(rest, atoms, asked, steps);
                atoms.pop();
                possible
            }
            Formula::All(parts) => {
                let goals: Vec<&Formula> = rest.iter().copied().chain(parts).collect();
                self.solve(&goals, atoms, asked, steps)
            }
            Formula::Any(parts) => parts.iter().any(|part| {
                let goals: Vec<&Formula> = rest.iter().copied().chain([part]).collect();
                self.solve(&goals, atoms, asked, steps)
            }),
        }
    }

    /// Questions that must have an answer must have been asked.
    fn asked_too(&self, atoms: &mut Vec<&'g Atom>, asked: &[Id], steps: &mut usize) -> bool {
        let questions: HashSet<Id> = atoms.iter().map(|a| a.question).collect();
        let mut more: Vec<Id> = questions
            .into_iter()
            .filter(|id| !self.answerable(*id, atoms).1)
            .flat_map(|id| std::iter::once(id).chain(self.tree.ancestors(id)))
            .filter(|id| self.relevant.contains_key(id) && !asked.contains(id))
            .collect();
        more.sort_unstable();
        more.dedup();
        if more.is_empty() {
            return true;
        }
        let goals: Vec<&Formula> = more.iter().map(|id| &self.relevant[id].0).collect();
        let asked: Vec<Id> = asked.iter().copied().chain(more).collect();
        self.solve(&goals, atoms, &asked, steps)
    }

    /// Whether some answer to the question, and whether none, fulfils all that is asked of it.
    fn answerable(&self, question: Id, atoms: &[&Atom]) -> (bool, bool) {
        let own: Vec<&Atom> = atoms.iter().filter(|a| a.question == question).copied().collect();
        let fits = |answer: Option<&Answer>| own.iter().all(|atom| holds(&atom.test, answer) != atom.negated);
        (self.answers(question, &own).iter().any(|answer| fits(Some(answer))), fits(None))
    }

    fn codes(&self, list: &'c ChoiceList) -> Rc<HashSet<&'c str>> {
        let mut known = self.codes.borrow_mut();
        let codes = || Rc::new(list.choices.iter().map(|choice| choice.name.as_str()).collect());
        Rc::clone(known.entry(list.name.as_str()).or_insert_with(codes))
    }

    /// Codes of a list that are enough to decide: those that are named and one that is not, or all when they count as
    /// numbers.
    fn enough_codes(&self, list: &'c ChoiceList, atoms: &[&Atom]) -> Vec<&'c str> {
        let by_name = |atom: &&Atom| match &atom.test {
            Test::Text(how, _) => !how.is_order(),
            Test::Selected(_) => true,
            Test::Number(..) | Test::Day(..) => false,
        };
        let mut codes = list.choices.iter().map(|choice| choice.name.as_str());
        if !atoms.iter().all(by_name) {
            return codes.collect();
        }
        let known = self.codes(list);
        let named: Vec<&str> = atoms.iter().filter_map(|a| word(&a.test)).collect();
        let mut enough: Vec<&str> = named.iter().filter_map(|code| known.get::<str>(code).copied()).collect();
        enough.extend(codes.find(|code| !named.iter().any(|name| name == code)));
        enough
    }

    /// Answers that are enough to decide: one from each stretch between the constants of the atoms.
    fn answers(&self, question: Id, atoms: &[&Atom]) -> Vec<Answer> {
        let node = &self.tree.nodes[question];
        let list = list_of(node, self.choices);
        let numbers = || numbers(atoms, node.bind_text("type") == Some("int"));
        match (type_of(node), list) {
            (Type::One, Some(list)) => {
                self.enough_codes(list, atoms).into_iter().map(|code| Answer::Text(code.to_owned())).collect()
            }
            (Type::Many, list) => {
                let must: Vec<&str> = atoms
                    .iter()
                    .filter(|a| !a.negated)
                    .filter_map(|a| match &a.test {
                        Test::Selected(code) => Some(code.as_str()),
                        _ => None,
                    })
                    .collect();
                let codes = list.map(|list| self.codes(list));
                let offered = |code: &str| codes.as_ref().is_none_or(|codes| codes.contains(code));
                let mut sets: Vec<String> = atoms.iter().filter_map(|a| word(&a.test)).map(str::to_owned).collect();
                sets.retain(|set| set.split(' ').all(offered));
                if must.iter().all(|code| offered(code)) {
                    let further = list.map_or_else(|| vec!["\u{1}"], |list| self.enough_codes(list, atoms));
                    sets.extend(further.into_iter().map(|code| [&must[..], &[code]].concat().join(" ")));
                    sets.push(must.join(" "));
                }
                sets.into_iter().filter(|set| !set.is_empty()).map(Answer::Text).collect()
            }
            (Type::Number, _) => numbers(),
            (Type::Date, _) => {
                let days: Vec<f64> = atoms
                    .iter()
                    .filter_map(|a| match a.test {
                        Test::Day(_, day) | Test::Number(_, day) => Some(day.floor()),
                        _ => None,
                    })
                    .collect();
                let around = days.iter().flat_map(|d| [d - 1.0, *d, d + 1.0]).chain([0.0]);
                around.map(Answer::Day).collect()
            }
            _ => {
                let words = atoms.iter().filter_map(|a| word(&a.test)).chain(["\u{1}"]);
                let texts = words.filter(|w| !w.is_empty()).map(|w| Answer::Text(w.to_owned()));
                texts.chain(numbers()).collect()
            }
        }
    }
}

/// The text that a test names.
fn word(test: &Test) -> Option<&str> {
    match test {
        Test::Text(_, text) | Test::Selected(text) => Some(text),
        Test::Number(..) | Test::Day(..) => None,
    }
}

/// The constants of the atoms, what lies beside and what lies between them.
fn numbers(atoms: &[&Atom], whole: bool) -> Vec<Answer> {
    let mut constants: Vec<f64> = atoms
        .iter()
        .filter_map(|a| match &a.test {
            Test::Number(_, number) => Some(*number),
            Test::Text(_, text) => Some(parse_number(text)),
            Test::Day(..) | Test::Selected(_) => None,
        })
        .filter(|n| n.is_finite())
        .chain([0.0])
        .collect();
    constants.sort_by(f64::total_cmp);
    let between: Vec<f64> = constants.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect();
    let beside = constants.iter().flat_map(|n| [n - 1.0, *n, n + 1.0, n.floor(), n.ceil()]);
    beside.chain(between).filter(|n| !whole || n.fract() == 0.0).map(Answer::Number).collect()
}

fn holds(test: &Test, answer: Option<&Answer>) -> bool {
    let number = match answer {
        None => f64::NAN,
        Some(Answer::Text(text)) => parse_number(text),
        Some(Answer::Number(number) | Answer::Day(number)) => *number,
    };
    match test {
        Test::Text(how, text) if how.is_order() => how.holds(number, parse_number(text)),
        Test::Text(how, text) => {
            let same = match answer {
                None => text.is_empty(),
                Some(Answer::Text(own)) => own == text,
                Some(Answer::Number(_) | Answer::Day(_)) => number == parse_number(text),
            };
            same == (*how == Comparison::Equal)
        }
        Test::Number(how, constant) => how.holds(number, *constant),
        Test::Day(how, constant) => match answer {
            Some(Answer::Text(text)) => how.holds(day(text).unwrap_or(f64::NAN), *constant),
            _ => how.holds(number, *constant),
        },
        Test::Selected(code) => match answer {
            None => false,
            Some(Answer::Text(text)) => text.split(' ').any(|word| word == code),
            Some(Answer::Number(_) | Answer::Day(_)) => number == parse_number(code),
        },
    }
}
