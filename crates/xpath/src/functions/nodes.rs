//! Functions about nodes.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::function;
use crate::ast::{Axis, Id, NameTest, NodeTest, Op, Start, Step};
use crate::context::Host;
use crate::error::EvalError;
use crate::evaluate::{Eval, Focus, Stop, fail, finished};
use crate::nodeset::{NodeSet, put_in_order};
use crate::tree::{NodeKind, Tree};
use crate::value::Value;

function! { count(eval, arguments, focus) {
    let nodes = eval.nodes(arguments[0], focus, "count()")?;
    Ok(Value::Number(nodes.len() as f64))
} }

function! { count_non_empty(eval, arguments, focus) {
    let nodes = eval.nodes(arguments[0], focus, "count-non-empty()")?;
    let filled = nodes.iter().filter(|node| !eval.tree.string_value(*node).is_empty());
    Ok(Value::Number(filled.count() as f64))
} }

function! { current(eval, _arguments, _focus) {
    Ok(Value::Nodes(NodeSet::One(eval.current)))
} }

function! { last(_eval, _arguments, focus) {
    Ok(Value::Number(focus.size as f64))
} }

function! { position(eval, arguments, focus) {
    let Some(argument) = arguments.first() else { return Ok(Value::Number(focus.position as f64)) };
    let Some(node) = eval.nodes(*argument, focus, "position()")?.first() else {
        return Ok(Value::Number(f64::NAN));
    };
    Ok(Value::Number(place(eval, node)? as f64))
} }

/// The number of a node among its siblings of the same name, from 1.
fn place<T: Tree + ?Sized, H: Host<T> + ?Sized>(eval: &Eval<'_, T, H>, node: T::Node) -> Result<usize, EvalError> {
    let tree = eval.tree;
    if let Some(place) = tree.place(node) {
        return Ok(place);
    }
    let Some(mut at) = tree.parent(node).and_then(|parent| tree.first_child(parent)) else { return Ok(1) };
    let name = tree.local_name(node);
    let mut place = 1;
    while at != node {
        eval.work()?;
        if tree.kind(at) == tree.kind(node)
            && tree.local_name(at) == name
            && tree.namespace_uri(at) == tree.namespace_uri(node)
        {
            place += 1;
        }
        match tree.next_sibling(at) {
            Some(next) => at = next,
            None => return Ok(1),
        }
    }
    Ok(place)
}

fn named_node<T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'_, T, H>,
    arguments: &[Id],
    focus: Focus<T::Node>,
    what: &'static str,
) -> Result<Option<T::Node>, EvalError> {
    match arguments.first() {
        None => Ok(Some(focus.node)),
        Some(argument) => Ok(eval.nodes(*argument, focus, what)?.first()),
    }
}

function! { local_name(eval, arguments, focus) {
    let node = named_node(eval, arguments, focus, "local-name()")?;
    Ok(Value::from(node.map_or("", |node| eval.tree.local_name(node))))
} }

function! { namespace_uri(eval, arguments, focus) {
    let node = named_node(eval, arguments, focus, "namespace-uri()")?;
    Ok(Value::from(node.map_or("", |node| eval.tree.namespace_uri(node))))
} }

function! { name(eval, arguments, focus) {
    let Some(node) = named_node(eval, arguments, focus, "name()")? else { return Ok(Value::from("")) };
    if eval.tree.kind(node) == NodeKind::Namespace {
        // XPath 1.0 says the prefix; the engines that have such nodes say nothing.
        return Ok(Value::from(""));
    }
    let local = eval.tree.local_name(node);
    Ok(match eval.tree.prefix(node) {
        Some(prefix) => Value::from(format!("{prefix}:{local}")),
        None => Value::from(local),
    })
} }

function! { id(eval, arguments, focus) {
    let mut found = NodeSet::Empty;
    let mut add = |text: &str| {
        for id in text.split_ascii_whitespace() {
            if let Some(node) = eval.tree.element_by_id(focus.node, id) {
                found.push(node);
            }
        }
    };
    match eval.value(arguments[0], focus)? {
        Value::Nodes(nodes) => nodes.iter().for_each(|node| add(&eval.tree.string_value(node))),
        other => add(&eval.text(other)),
    }
    put_in_order(eval.tree, &mut found);
    Ok(Value::Nodes(found))
} }

function! { lang(eval, arguments, focus) {
    let wanted = eval.string(arguments[0], focus)?;
    let tree = eval.tree;
    let mut at = Some(focus.node);
    while let Some(node) = at {
        let mut attribute = tree.first_attribute(node);
        while let Some(found) = attribute {
            if tree.local_name(found) == "lang" && tree.prefix(found) == Some("xml") {
                let language = tree.string_value(found);
                let head = language.get(..wanted.len()).is_some_and(|head| head.eq_ignore_ascii_case(&wanted));
                let whole = matches!(language.as_bytes().get(wanted.len()), None | Some(b'-'));
                return Ok(Value::Boolean(head && whole));
            }
            attribute = tree.next_attribute(found);
        }
        at = tree.parent(node);
    }
    Ok(Value::Boolean(false))
} }

function! { instance(eval, arguments, focus) {
    let id = eval.string(arguments[0], focus)?;
    let root = eval.host.instance(&id).ok_or_else(|| EvalError::UnknownInstance { id: id.into_owned() })?;
    Ok(Value::Nodes(NodeSet::One(root)))
} }

/// A column of a table: an element of its rows, or with `@` before the name an attribute.
struct Column {
    attribute: bool,
    name: NameTest,
}

impl Column {
    fn of(text: &str) -> Self {
        let text = text.trim();
        let local = text.strip_prefix('@').unwrap_or(text).into();
        Self { attribute: text.starts_with('@'), name: NameTest { prefix: None, local, symbol: 0 } }
    }

    fn cell<T: Tree + ?Sized>(&self, tree: &T, row: T::Node) -> Option<T::Node> {
        let mut at = if self.attribute { tree.first_attribute(row) } else { tree.first_child(row) };
        while let Some(node) = at {
            let element = self.attribute || tree.kind(node) == NodeKind::Element;
            if element && tree.has_name(node, &self.name) {
                return Some(node);
            }
            at = if self.attribute { tree.next_attribute(node) } else { tree.next_sibling(node) };
        }
        None
    }
}

function! {
/// The wanted column of the first row with that key: `instance(i)/root/item[key = value]/wanted`, with the value handed
/// over as a value, so that quotation marks in it do no harm.
pulldata(eval, arguments, focus) {
    let id = eval.string(arguments[0], focus)?;
    let tree = eval.tree;
    let wanted = Column::of(&eval.string(arguments[1], focus)?);
    let key = Column::of(&eval.string(arguments[2], focus)?);
    let value = eval.string(arguments[3], focus)?;
    let root = eval.host.instance(&id).ok_or_else(|| EvalError::UnknownInstance { id: id.into_owned() })?;
    let Some(table) = Column::of("root").cell(tree, root) else { return Ok(Value::from("")) };
    let mut row = None;
    let answered = !key.attribute && tree.indexed_children(table, &Column::of("item").name, &key.name, &value, &mut |node| {
        row = Some(node);
        ControlFlow::Break(())
    });
    if !answered {
        let mut at = tree.first_child(table);
        while let Some(node) = at {
            eval.work()?;
            if tree.kind(node) == NodeKind::Element
                && key.cell(tree, node).is_some_and(|cell| tree.string_value(cell) == value)
            {
                row = Some(node);
                break;
            }
            at = tree.next_sibling(node);
        }
    }
    Ok(match row.and_then(|row| wanted.cell(tree, row)) {
        Some(cell) => Value::from(tree.string_value(cell)),
        None => Value::from(""),
    })
} }

/// The steps of an absolute path of names alone, `/data/rows/age`.
fn plain_steps<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(eval: &Eval<'a, T, H>, path: Id) -> Option<&'a [Step]> {
    let Op::Path { start: Start::Root, steps, ordered: true } = *eval.expr.op(path) else { return None };
    let steps = eval.expr.steps(steps);
    let is_known = |name: u32| eval.expr.name(name).prefix.as_ref().is_none_or(|prefix| eval.tree.knows_prefix(prefix));
    let is_plain = |step: &Step| {
        step.axis == Axis::Child
            && step.predicates.len == 0
            && matches!(step.test, NodeTest::Name(name) if is_known(name))
    };
    steps.iter().all(is_plain).then_some(steps)
}

/// The steps of the first argument of `indexed-repeat()`, and for each repeat its depth on that way and the expression of
/// its number; None where a repeat does not lie on the way, or a path is none of names alone.
type OnTheWay<'a> = (&'a [Step], Vec<(usize, Id)>);

fn repeats_on_the_way<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    arguments: &[Id],
) -> Option<OnTheWay<'a>> {
    let way = plain_steps(eval, arguments[0])?;
    let name = |step: &Step| match step.test {
        NodeTest::Name(name) => Some(eval.expr.name(name)),
        _ => None,
    };
    let mut repeats = Vec::new();
    for pair in arguments[1..].chunks_exact(2) {
        let steps = plain_steps(eval, pair[0])?;
        if steps.is_empty() || steps.len() > way.len() || !steps.iter().zip(way).all(|(a, b)| name(a) == name(b)) {
            return None;
        }
        repeats.push((steps.len(), pair[1]));
    }
    Some((way, repeats))
}

/// Follows the steps, of a repeat at one of the depths only to the row with that number: other rows are not looked into.
fn nodes_in_rows<'a, T: Tree + ?Sized, H: Host<T> + ?Sized>(
    eval: &Eval<'a, T, H>,
    steps: &'a [Step],
    depth: usize,
    wanted: &[(usize, f64)],
    node: T::Node,
    focus: Focus<T::Node>,
    kept: &mut NodeSet<T::Node>,
) -> Result<(), EvalError> {
    let Some((step, rest)) = steps.split_first() else {
        kept.push(node);
        return Ok(());
    };
    let numbers = || wanted.iter().filter(|(at, _)| *at == depth).map(|(_, number)| *number);
    if let (Some(number), NodeTest::Name(name)) = (numbers().next(), step.test) {
        if number < 1.0 || numbers().any(|other| other != number) {
            return Ok(());
        }
        let mut row = None;
        let known = eval.tree.named_children_from(node, eval.expr.name(name), number as usize - 1, &mut |found| {
            row = Some(found);
            ControlFlow::Break(())
        });
        if known {
            eval.work()?;
            return row.map_or(Ok(()), |row| nodes_in_rows(eval, rest, depth + 1, wanted, row, focus, kept));
        }
    }
    let last = numbers().fold(f64::INFINITY, f64::min);
    let mut place = 0.0;
    finished(eval.step(step, node, focus, &mut |child| {
        place += 1.0;
        if numbers().all(|number| number == place)
            && let Err(error) = nodes_in_rows(eval, rest, depth + 1, wanted, child, focus, kept)
        {
            return fail(error);
        }
        if place >= last { ControlFlow::Break(Stop::Enough) } else { ControlFlow::Continue(()) }
    }))
}

function! {
/// Of the nodes that the first path gives, those that lie in the numbered row of each repeat.
indexed_repeat(eval, arguments, focus) {
    if arguments.len().is_multiple_of(2) {
        return Err(EvalError::BadArgument {
            what: "indexed-repeat()",
            expected: "a path, then a repeat and a number for each repeat",
        });
    }
    let tree = eval.tree;
    if let Some((steps, repeats)) = repeats_on_the_way(eval, arguments) {
        let mut wanted = Vec::new();
        for (depth, number) in repeats {
            let number = eval.number(number, focus)?;
            if !number.is_finite() {
                return Ok(Value::Nodes(NodeSet::Empty));
            }
            wanted.push((depth, number.trunc()));
        }
        let mut kept = NodeSet::Empty;
        nodes_in_rows(eval, steps, 1, &wanted, eval.root, focus, &mut kept)?;
        return Ok(Value::Nodes(kept));
    }
    let mut rows = Vec::new();
    for pair in arguments[1..].chunks_exact(2) {
        let repeat = eval.nodes(pair[0], focus, "indexed-repeat()")?;
        let wanted = eval.number(pair[1], focus)?;
        if !wanted.is_finite() {
            return Ok(Value::Nodes(NodeSet::Empty));
        }
        let mut chosen = HashSet::new();
        let mut before: Option<(T::Node, usize)> = None;
        for row in repeat.iter() {
            // Rows come in document order, so the place of the next row of the same parent is one more.
            let parent = tree.parent(row).unwrap_or(row);
            let place = match before {
                Some((same, place)) if same == parent => place + 1,
                _ => place(eval, row)?,
            };
            before = Some((parent, place));
            if place as f64 == wanted.trunc() {
                chosen.insert(row);
            }
        }
        rows.push(chosen);
    }
    let mut kept = NodeSet::Empty;
    for node in eval.nodes(arguments[0], focus, "indexed-repeat()")?.iter() {
        let inside = |chosen: &HashSet<T::Node>| {
            let mut at = Some(node);
            while let Some(node) = at {
                if chosen.contains(&node) {
                    return true;
                }
                at = tree.parent(node);
            }
            false
        };
        if rows.iter().all(inside) {
            kept.push(node);
        }
    }
    Ok(Value::Nodes(kept))
} }
