//! A filling under any acts: what is recomputed after each act is what is computed from nothing.
//!
//! The bytes are read from the front: they choose one of the instruments or make a form, and then choose acts. Bytes that
//! are used up go on as zeros, so that every input is a whole story.

use std::sync::{Arc, LazyLock};

use tianye_xform::{FieldPath, Form, Media, NonAnswer, RowId, Session};
use tianye_xlsform::{Format, Options, Workbook, convert};

use crate::stage::{self, Places, seen, with};

static INSTRUMENTS: LazyLock<Vec<Arc<Form>>> = LazyLock::new(|| {
    let texts = [
        include_str!("../../../forms/every-type.md"),
        include_str!("../../../forms/every-widget.md"),
        include_str!("../../../forms/pupil.md"),
    ];
    let read = |text: &&str| {
        let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
        let xform = convert(&workbook, &Options::default()).0.unwrap().xform;
        Arc::new(Form::parse(&xform, &Media::none()).0.unwrap())
    };
    texts.iter().map(read).collect()
});

/// Most acts of one story.
const ACTS: usize = 24;

/// Makes or chooses a form, fills it in, and compares.
pub fn session(bytes: &[u8]) {
    let mut choices = Choices { bytes };
    let form = match choices.of(16) {
        number @ 0..3 => Arc::clone(&INSTRUMENTS[number]),
        _ => {
            let xml = made(&mut choices);
            // A form whose calculations wait for each other is refused.
            let (Some(form), _) = Form::parse(&xml, &Media::none()) else { return };
            Arc::new(form)
        }
    };
    let mut session = with(|context| Session::start(Arc::clone(&form), context));
    // An instrument is compared now and then only: it is a hundred times larger than a made form.
    let every = if form.id() == "hostile" { 1 } else { 6 };
    for number in 1..=ACTS {
        if choices.bytes.is_empty() {
            break;
        }
        let places = Places::of(&session);
        let told = act(&mut session, &places, &mut choices);
        // Rows may read each other in a way that never comes to rest; that is told, and nothing is promised then.
        if !session.troubles().is_empty() {
            return;
        }
        if number % every != 0 {
            continue;
        }
        let found = seen(&session, &Places::of(&session));
        let mut fresh = session.clone();
        with(|context| fresh.recompute(context));
        let computed = seen(&fresh, &Places::of(&fresh));
        assert!(found == computed, "after {told}:\nstep by step\n{found}\nfrom nothing\n{computed}\n");
    }
    let before = seen(&session, &Places::of(&session));
    let fields: Vec<_> = session.fields().into_iter().map(|field| (field.path, field.given)).collect();
    let (mut again, leftovers) = with(|context| Session::resume(Arc::clone(&form), fields, context));
    again.set_language(session.language());
    assert!(leftovers.is_empty(), "{leftovers:?}");
    let after = seen(&again, &Places::of(&again));
    assert!(before == after, "saved\n{before}\nresumed\n{after}\n");
    stage::look_at(&again);
}

/// Bytes as choices.
struct Choices<'b> {
    bytes: &'b [u8],
}

impl Choices<'_> {
    /// A number below `most`.
    fn of(&mut self, most: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % most.max(1)
    }

    fn among<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        let at = self.of(list.len());
        list.get(at)
    }
}

const TYPED: &[&str] =
    &["", "0", "1", "2", "3", "-1", "1.5", "7", "a", "张三", "2017-04-12", "1 2", "2 3", "12:00", "30.2 120.1 0 0"];

fn act(session: &mut Session, places: &Places, choices: &mut Choices<'_>) -> String {
    let kind = choices.of(16);
    let list = match kind {
        0..9 => &places.questions,
        9..12 => &places.repeats,
        _ => &places.rows,
    };
    let Some(path) = choices.among(list).cloned() else {
        let language = session.form().languages().get(choices.of(3)).cloned().unwrap_or_default();
        session.set_language(&language);
        return format!("language {language}");
    };
    let place = choices.of(5);
    // Acts that are refused change nothing, which is a part of what is tested.
    match kind {
        0..7 => {
            let text = typed(session, &path, place, choices);
            let taken = with(|context| session.answer(&path, &text, context)).is_ok();
            format!("{path} = {text} (taken: {taken})")
        }
        7 => {
            let _ = with(|context| session.give_non_answer(&path, NonAnswer::ALL[place % 2], context));
            format!("no answer to {path}")
        }
        8 => {
            let _ = with(|context| session.answer(&path, "", context));
            format!("clear {path}")
        }
        9..12 => {
            let rows = session.roster(&path).len();
            let id = RowId::random((choices.bytes.len() as u128) << 8 | rows as u128);
            let _ = with(|context| session.insert_row(&path, id, place, context));
            format!("add a row to {path} at {place}")
        }
        12..14 => {
            let _ = with(|context| session.move_row(&path, place, context));
            format!("move {path} to {place}")
        }
        _ => {
            let _ = with(|context| session.remove_row(&path, context));
            format!("remove {path}")
        }
    }
}

fn typed(session: &Session, path: &FieldPath, place: usize, choices: &mut Choices<'_>) -> String {
    let options = session.view(path).map(|view| view.options).unwrap_or_default();
    match (options.len(), place) {
        (0, _) => (*choices.among(TYPED).unwrap()).to_owned(),
        (_, 4) => {
            let both = [choices.among(&options).unwrap(), choices.among(&options).unwrap()];
            format!("{} {}", both[0].value, both[1].value)
        }
        _ => choices.among(&options).unwrap().value.clone(),
    }
}

/// Where a made question can stand: its path, and the rows around it.
const PLACES: &[(&str, usize)] =
    &[("/data", 0), ("/data/g", 0), ("/data/r", 1), ("/data/r/g", 1), ("/data/r/s", 2), ("/data/k", 1), ("/data/o", 1)];

struct Made {
    name: String,
    place: usize,
}

impl Made {
    fn path(&self) -> String {
        format!("{}/{}", PLACES[self.place].0, self.name)
    }
}

/// A form that the bytes make.
fn made(choices: &mut Choices<'_>) -> String {
    let count = 2 + choices.of(9);
    let mut nodes: Vec<Made> = Vec::new();
    let mut inside = vec![(String::new(), String::new()); PLACES.len()];
    let mut binds = String::new();
    for number in 0..count {
        let node = Made { name: format!("q{number}"), place: choices.of(PLACES.len()) };
        let path = node.path();
        let expression = |choices: &mut Choices<'_>| escaped(&expression(choices, &nodes, &node, 2));
        let kind = choices.of(8);
        let mut attributes = String::new();
        let list = ["int", "string", "decimal", "date"];
        let value_type = if kind < 3 { list[choices.of(list.len())] } else { "string" };
        let mut rules = choices.of(64);
        if kind == 3 || kind == 4 {
            attributes += &format!(r#" calculate="{}""#, expression(choices));
        }
        if kind == 4 {
            // Otherwise an answer would stand until it is calculated again.
            attributes += r#" readonly="true()""#;
            rules &= !4;
        }
        let names = ["relevant", "required", "readonly", "constraint", "tianye:soft_constraint"];
        for (bit, name) in names.into_iter().enumerate().filter(|(bit, _)| rules & (1 << bit) != 0) {
            let _ = bit;
            attributes += &format!(r#" {name}="{}""#, expression(choices));
        }
        if rules & 32 != 0 {
            attributes += r#" tianye:non_answers="dont_know refused""#;
        }
        let label = if rules.is_multiple_of(7) {
            format!(r#"<output value="{}"/>"#, expression(choices))
        } else {
            path.clone()
        };
        let items = r#"<item><label>1</label><value>1</value></item><item><label>2</label><value>2</value></item><item><label>3</label><value>3</value></item>"#;
        let control = match kind {
            3 => String::new(),
            5 => format!(r#"<select1 ref="{path}"><label>{label}</label>{items}</select1>"#),
            6 => format!(r#"<select ref="{path}"><label>{label}</label>{items}</select>"#),
            7 => {
                let filter = expression(choices);
                let by = ["f", "g", "name"][choices.of(3)];
                format!(
                    r#"<select ref="{path}"><label>{label}</label><itemset nodeset="instance('list')/root/item[{by} = {filter}]"><value ref="name"/><label ref="label"/></itemset></select>"#
                )
            }
            _ => format!(r#"<input ref="{path}"><label>{label}</label></input>"#),
        };
        binds += &format!(r#"<bind nodeset="{path}" type="{value_type}"{attributes}/>"#);
        let into = &mut inside[node.place];
        into.0 += &format!("<{}/>", node.name);
        into.1 += &control;
        nodes.push(node);
    }
    let outside: Vec<&Made> = nodes.iter().filter(|node| PLACES[node.place].1 == 0).collect();
    let some =
        |choices: &mut Choices<'_>| choices.among(&outside).map_or_else(|| "/data/none".to_owned(), |node| node.path());
    let (counted, chosen) = (some(choices), some(choices));
    if choices.of(2) == 1 {
        let around = ["/data/g", "/data/r", "/data/r/g", "/data/r/s", "/data/k"][choices.of(5)];
        binds += &format!(r#"<bind nodeset="{around}" relevant="{}"/>"#, escaped(&reference(choices, &nodes, None)));
    }
    binds += r#"<bind nodeset="/data/o" tianye:repeat_over="/data/pick"/>"#;
    let [top, g, r, rg, s, k, o] = inside.as_slice() else { unreachable!("as many as places") };
    let instance = format!(
        r#"{}<pick/><none/><g>{}</g><r jr:template="">{}<g>{}</g><s jr:template="">{}<p/></s></r><k jr:template="">{}<p/></k><o jr:template="">{}<p/></o>"#,
        top.0, g.0, r.0, rg.0, s.0, k.0, o.0
    );
    let items: String = (0..12)
        .map(|n| format!("<item><f>{}</f><g>{}</g><name>{n}</name><label>L{n}</label></item>", n % 4, n % 3))
        .collect();
    let model = format!(r#"<instance id="list"><root>{items}</root></instance>{binds}"#);
    let body = format!(
        r#"<select ref="/data/pick"><label>pick</label><itemset nodeset="instance('list')/root/item[f = {chosen}]"><value ref="name"/><label ref="label"/></itemset></select>
{}<group ref="/data/g"><label>g</label>{}</group><group ref="/data/r"><label>r</label><repeat nodeset="/data/r">{}<group ref="/data/r/g">{}</group><group ref="/data/r/s"><repeat nodeset="/data/r/s"><input ref="/data/r/s/p"><label>p</label></input>{}</repeat></group></repeat></group>
<group ref="/data/k"><repeat nodeset="/data/k" jr:count="{counted}"><input ref="/data/k/p"><label>p</label></input>{}</repeat></group>
<group ref="/data/o"><repeat nodeset="/data/o" jr:count="count-selected(/data/pick)"><input ref="/data/o/p"><label>p</label></input>{}</repeat></group>"#,
        top.1, g.1, r.1, rg.1, s.1, k.1, o.1
    );
    stage::xform(&instance, &model, &body)
}

/// An expression of questions that stand before the one it is for.
fn expression(choices: &mut Choices<'_>, nodes: &[Made], at: &Made, depth: usize) -> String {
    let kind = if depth == 0 { choices.of(8) } else { choices.of(20) };
    if kind < 6 {
        return reference(choices, nodes, Some(at));
    }
    if kind < 8 {
        return ["0", "1", "2", "''", "'1'", "'a'", "-3", "true()"][choices.of(8)].to_owned();
    }
    let mut next = || expression(choices, nodes, at, depth - 1);
    let (left, right) = (next(), next());
    match kind {
        8 => format!("{left} + {right}"),
        9 => format!("{left} = {right}"),
        10 => format!("{left} < {right}"),
        11 => format!("{left} != {right}"),
        12 => format!("concat({left}, ':', {right})"),
        13 => format!("coalesce({left}, {right})"),
        14 => format!("if({left}, {right}, {})", expression(choices, nodes, at, depth - 1)),
        15 => format!("({left}) and ({right})"),
        16 => format!("selected({left}, {right})"),
        17 => format!("({left}) div ({right})"),
        18 => format!("not({left}) or ({right})"),
        _ => format!("round({left}, 2) mod ({right})"),
    }
}

/// What reads another question, or rows.
fn reference(choices: &mut Choices<'_>, nodes: &[Made], at: Option<&Made>) -> String {
    let Some(node) = choices.among(nodes) else { return "0".to_owned() };
    let path = node.path();
    let (around, rows) = PLACES[node.place];
    let same = at.is_some_and(|at| at.place == node.place);
    match choices.of(12) {
        0 => format!("sum({path})"),
        1 => format!("count({around})"),
        2 => format!("count({path}[. != ''])"),
        3 if rows == 1 && around != "/data/r/g" => format!("sum({around}[{} > 1]/{})", node.name, node.name),
        4 if same && rows == 1 && around != "/data/r/g" => {
            format!("{around}[position() = position(current()/..) - 1]/{}", node.name)
        }
        5 if rows == 1 && around != "/data/r/g" => format!("indexed-repeat({path}, {around}, 2)"),
        6 if same => format!("../{}", node.name),
        7 if same && rows > 0 => format!("sum(../../{}/{})", around.rsplit('/').next().unwrap(), node.name),
        8 if same && rows > 0 => "position(..)".to_owned(),
        9 => format!("join(',', {path})"),
        10 => format!("max({path})"),
        _ => path,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
