//! The state after any acts is the state computed from nothing.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use std::sync::Arc;

use common::{Scenario, form, inputs, state, xml};
use proptest::prelude::*;
use tianye_xform::{FieldPath, Form, ItemKind, Media, NodeView, NonAnswer, Outcome, RowId, Session, Why};

/// What a person may do next; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Act {
    Answer(usize, usize),
    NonAnswer(usize, usize),
    Clear(usize),
    AddRow(usize),
    InsertRow(usize, usize),
    MoveRow(usize, usize),
    RemoveRow(usize),
    Language(usize),
    Resume,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        8 => (0..60usize, 0..6usize).prop_map(|(at, value)| Act::Answer(at, value)),
        2 => (0..60usize, 0..2usize).prop_map(|(at, which)| Act::NonAnswer(at, which)),
        1 => (0..60usize).prop_map(Act::Clear),
        3 => (0..8usize).prop_map(Act::AddRow),
        2 => (0..8usize, 0..4usize).prop_map(|(at, place)| Act::InsertRow(at, place)),
        2 => (0..8usize, 0..4usize).prop_map(|(at, place)| Act::MoveRow(at, place)),
        2 => (0..8usize).prop_map(Act::RemoveRow),
        1 => (0..2usize).prop_map(Act::Language),
        1 => Just(Act::Resume),
    ];
    prop::collection::vec(act, 1..25)
}

/// Nested repeats, sums both ways, rows that read other rows, positions, relevance from within and without, counted
/// rows, options from rows and lists, inherited read-only, labels with values, soft and
/// named checks, non-answers, rows by choice that count and read others, metadata outside and in all kinds of rows.
fn everything() -> Arc<Form> {
    form(&xml(
        r#"<a/><b/><pick/><many/><choice/><total/><n/><when/><g><x/><y/><z/></g>
<r jr:template=""><v/><on/><share/><prev/><pos/><id/><s jr:template=""><w/><up/><all/><id/></s><ssum/></r>
<c><k/><kk/><when/><who/></c><from/><said/><o jr:template=""><at/><place/><seen/><id/></o><osum/>"#,
        r#"<itext><translation lang="zh"><text id="l"><value>数 <output value="/data/total"/></value></text><text id="c1"><value>一</value></text></translation>
<translation lang="en"><text id="l"><value>Sum <output value="/data/total"/></value></text><text id="c1"><value>one</value></text></translation></itext>
<instance id="list"><root><item><f>1</f><name>p1</name><label>P1</label></item><item><f>1</f><name>p2</name><label>P2</label></item><item><f>2</f><name>p3</name><label>P3</label></item><item><f>2</f><name>p4</name><label>P4</label></item></root></instance>
<bind nodeset="/data/a" type="int" constraint=". &lt; /data/total or . &lt; 3" tianye:soft_constraint=". != /data/n" tianye:non_answers="dont_know refused"/>
<bind nodeset="/data/b" type="int" relevant="/data/a != 2" required="/data/a = 3" tianye:non_answers="refused"/>
<bind nodeset="/data/g/x" tianye:check="cn_phone"/>
<bind nodeset="/data/total" type="decimal" calculate="sum(/data/r/v) + sum(/data/r/s/w) + coalesce(/data/b, 0)"/>
<bind nodeset="/data/n" type="int" calculate="count(/data/r[v &gt; 1])"/>
<bind nodeset="/data/g" relevant="/data/n &gt; 0" readonly="/data/b = 4"/>
<bind nodeset="/data/g/y" calculate="concat(/data/g/x, '-', /data/n)" />
<bind nodeset="/data/g/z" relevant="/data/g/x = 1" type="int"/>
<bind nodeset="/data/r" relevant="/data/a != 5"/>
<bind nodeset="/data/r/v" type="int" required="true()" tianye:soft_constraint="/data/total &lt; 5" tianye:non_answers="dont_know refused"/>
<bind nodeset="/data/many" tianye:non_answers="refused"/>
<bind nodeset="/data/o" tianye:repeat_over="/data/many"/>
<bind nodeset="/data/o/at" type="int" tianye:soft_constraint=". &lt; position(..)"/>
<bind nodeset="/data/o/place" calculate="concat(position(..), selected-at(/data/many, position(..) - 1))"/>
<bind nodeset="/data/o/seen" calculate="sum(/data/o/at) + count(/data/o)"/>
<bind nodeset="/data/osum" calculate="sum(/data/o/at)"/>
<bind nodeset="/data/r/s/w" type="int" relevant="../../on != 1"/>
<bind nodeset="/data/r/share" type="decimal" calculate="round(../v div /data/total, 3)"/>
<bind nodeset="/data/r/prev" calculate="coalesce(/data/r[position() = position(current()/..) - 1]/prev, 0) + coalesce(../v, 0)"/>
<bind nodeset="/data/r/pos" type="int" calculate="position(..)"/>
<bind nodeset="/data/r/ssum" calculate="sum(../s/w)"/>
<bind nodeset="/data/r/s/up" calculate="../../v"/>
<bind nodeset="/data/r/s/all" calculate="count(/data/r/s) + position(..) + position(../..)"/>
<bind nodeset="/data/c/k" type="int"/>
<bind nodeset="/data/c/kk" calculate="indexed-repeat(/data/r/v, /data/r, position(..))"/>
<bind nodeset="/data/when" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/r/id" jr:preload="uid"/><bind nodeset="/data/r/s/id" jr:preload="uid"/>
<bind nodeset="/data/c/when" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/c/who" jr:preload="property" jr:preloadParams="username"/>
<bind nodeset="/data/o/id" jr:preload="uid"/>
<bind nodeset="/data/said" calculate="jr:choice-name(/data/choice, '/data/choice')"/>"#,
        &format!(
            r#"{}<select1 ref="/data/pick"><label ref="jr:itext('l')"/><item><label>1</label><value>1</value></item><item><label>2</label><value>2</value></item></select1>
<select ref="/data/many"><label>m</label><itemset nodeset="instance('list')/root/item[f = /data/pick or f = /data/a]"><value ref="name"/><label ref="label"/></itemset></select>
<select1 ref="/data/choice"><label>c</label><item><label ref="jr:itext('c1')"/><value>one</value></item></select1>
<group ref="/data/g"><label>g</label>{}</group>
<repeat nodeset="/data/r">{}<repeat nodeset="/data/r/s">{}</repeat></repeat>
<repeat nodeset="/data/c" jr:count="/data/n + count(/data/r)">{}</repeat>
<repeat nodeset="/data/o" jr:count="count-selected(/data/many)">{}</repeat>
<select1 ref="/data/from"><label>from</label><itemset nodeset="/data/r[v != '']"><value ref="v"/><label ref="v"/></itemset></select1>"#,
            inputs(&["/data/a", "/data/b"]),
            inputs(&["/data/g/x", "/data/g/z"]),
            inputs(&["/data/r/v", "/data/r/on"]),
            inputs(&["/data/r/s/w"]),
            inputs(&["/data/c/k"]),
            inputs(&["/data/o/at"]),
        ),
    ))
}

/// What is shared or looked up: sums that each row reads in several ways, rows within rows, options from a list that is
/// long enough for an index, by one filter and by two, outside and inside rows, and amounts that only count while their
/// choice is offered.
fn sums_and_cascades() -> Arc<Form> {
    let items: String = (0..40)
        .map(|n| format!("<item><f>{}</f><g>{}</g><name>{}</name><label>L{n}</label></item>", n % 4, n % 3, n % 7))
        .collect();
    form(&xml(
        r#"<a/><b/><one/><two/><most/><r jr:template=""><v/><pick/><both/><share/><up/><many/><near/><s jr:template=""><w/><part/><all/></s></r><k jr:template=""><x/><of/></k>"#,
        &format!(
            r#"<instance id="list"><root>{items}</root></instance>
<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" type="int"/>
<bind nodeset="/data/most" calculate="max(/data/r/v) + count(/data/r/s[w = 1])"/>
<bind nodeset="/data/r" relevant="/data/b != 5"/>
<bind nodeset="/data/r/v" type="int" relevant="../pick != 3"/>
<bind nodeset="/data/r/share" calculate="round(../v div sum(/data/r[v != '']/v), 4) + coalesce(/data/b, 0)"/>
<bind nodeset="/data/r/up" calculate="sum(../../r/v) + count(../../r) + sum(../../r/pick)"/>
<bind nodeset="/data/r/many" calculate="count-non-empty(../s/w) + min(../../r[position() &lt; 3]/v)"/>
<bind nodeset="/data/r/near" calculate="count(/data/r[v = current()/../v])"/>
<bind nodeset="/data/r/s/w" type="int" constraint="sum(../../s/w) &lt; 9" required="count(/data/r[v = 2]) = 1"/>
<bind nodeset="/data/r/s/part" calculate="concat(../w, ' of ', sum(../../s/w), ' of ', sum(../../../r/s/w))"/>
<bind nodeset="/data/r/s/all" calculate="sum(/data/r[v &gt; 0]/s/w)"/>
<bind nodeset="/data/k/of" calculate="../x + sum(/data/r/v) + sum(../../k/x)"/>"#
        ),
        &format!(
            r#"{}<select1 ref="/data/one"><label>one</label><itemset nodeset="instance('list')/root/item[f = /data/a]"><value ref="name"/><label ref="label"/></itemset></select1>
<select ref="/data/two"><label>two</label><itemset nodeset="instance('list')/root/item[f = /data/a and g = /data/b]"><value ref="name"/><label ref="label"/></itemset></select>
<repeat nodeset="/data/r">{}<select1 ref="/data/r/pick"><label>pick</label><itemset nodeset="instance('list')/root/item[/data/b = g][name != '6']"><value ref="name"/><label ref="label"/></itemset></select1>
<select ref="/data/r/both"><label>both</label><itemset nodeset="instance('list')/root/item[f = current()/../v and name != '2' and g = /data/b]"><value ref="name"/><label ref="label"/></itemset></select>
<repeat nodeset="/data/r/s">{}</repeat></repeat><repeat nodeset="/data/k">{}</repeat>"#,
            // The rows are set after what follows from the answer was computed: no sum of before may be kept.
            inputs(&["/data/a"])
                + r#"<input ref="/data/b"><label>b</label><setvalue event="xforms-value-changed" ref="/data/r/v" value="/data/a"/></input>"#,
            inputs(&["/data/r/v"]),
            inputs(&["/data/r/s/w"]),
            inputs(&["/data/k/x"]),
        ),
    ))
}

/// All question and repeat addresses there are now.
fn places(session: &Session) -> (Vec<FieldPath>, Vec<FieldPath>, Vec<FieldPath>) {
    let (mut questions, mut repeats, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let mut open = Vec::new();
    for page in session.outline().pages() {
        if page.kind == tianye_xform::PageKind::Roster {
            open.push(page.path.clone());
        }
        questions
            .extend(page.items.iter().filter(|item| item.kind == ItemKind::Question).map(|item| item.path.clone()));
    }
    while let Some(repeat) = open.pop() {
        for row in session.roster(&repeat) {
            for item in &row.items {
                match item.kind {
                    ItemKind::Question => questions.push(item.path.clone()),
                    ItemKind::Roster => open.push(item.path.clone()),
                    ItemKind::Heading => {}
                }
            }
            rows.push(row.path);
        }
        repeats.push(repeat);
    }
    (questions, repeats, rows)
}

fn view(session: &Session, path: &FieldPath) -> NodeView {
    session.view(path).unwrap()
}

/// Everything that can be seen, as text.
fn seen(session: &Session) -> String {
    let mut text = state(session);
    let (questions, repeats, rows) = places(session);
    for path in questions.iter().chain(&repeats).chain(&rows) {
        let v = view(session, path);
        let options: Vec<&str> = v.options.iter().map(|option| option.label.as_str()).collect();
        text += &format!(
            "\n{path} {} {} {} {} “{}” {} {options:?} {:?} {} {:?}",
            v.relevant,
            v.required,
            v.readonly,
            v.label,
            v.value,
            v.display,
            v.problem.map(|problem| problem.fault),
            v.doubt.is_some(),
            v.non_answer
        );
    }
    text
}

fn act(s: &mut Scenario, act: &Act, next_row: &mut u128) {
    let (questions, repeats, rows) = places(&s.session);
    let pick = |list: &[FieldPath], at: usize| list.get(at % list.len().max(1)).cloned();
    // Acts that are refused change nothing, which is a part of what is tested.
    match act {
        Act::Answer(at, value) => {
            let Some(path) = pick(&questions, *at) else { return };
            let options = view(&s.session, &path).options;
            let text = match options.get(value % options.len().max(1)) {
                Some(option) => option.value.clone(),
                None => value.to_string(),
            };
            let _ = s.with(|session, context| session.answer(&path, &text, context));
        }
        Act::NonAnswer(at, which) => {
            let Some(path) = pick(&questions, *at) else { return };
            let non_answer = NonAnswer::ALL[*which];
            let _ = s.with(|session, context| session.give_non_answer(&path, non_answer, context));
        }
        Act::Clear(at) => {
            let Some(path) = pick(&questions, *at) else { return };
            let _ = s.with(|session, context| session.answer(&path, "", context));
        }
        Act::AddRow(at) => {
            let Some(path) = pick(&repeats, *at) else { return };
            *next_row += 1;
            let id = RowId::random(*next_row);
            let _ = s.with(|session, context| session.add_row(&path, id, context));
        }
        Act::InsertRow(at, place) => {
            let Some(path) = pick(&repeats, *at) else { return };
            *next_row += 1;
            let id = RowId::random(*next_row);
            let _ = s.with(|session, context| session.insert_row(&path, id, *place, context));
        }
        Act::MoveRow(at, place) => {
            let Some(path) = pick(&rows, *at) else { return };
            let _ = s.with(|session, context| session.move_row(&path, *place, context));
        }
        Act::RemoveRow(at) => {
            let Some(path) = pick(&rows, *at) else { return };
            let _ = s.with(|session, context| session.remove_row(&path, context));
        }
        Act::Language(at) => {
            s.session.set_language(["zh", "en"][*at]);
        }
        Act::Resume => {
            let language = s.session.language().to_owned();
            let (mut again, leftovers) = s.resumed();
            assert!(leftovers.is_empty(), "{leftovers:?}");
            again.session.set_language(&language);
            *s = again;
        }
    }
}

fn run(form: &Arc<Form>, acts: &[Act]) -> Result<(), TestCaseError> {
    let mut s = Scenario::new(form);
    let mut next_row = 0;
    for step in acts {
        let before = seen(&s.session);
        act(&mut s, step, &mut next_row);
        let found = seen(&s.session);
        if matches!(step, Act::Resume) {
            prop_assert_eq!(&before, &found, "resumed otherwise than it was kept");
        }
        let mut fresh = s.session.clone();
        s.with(|_, context| fresh.recompute(context));
        prop_assert_eq!(seen(&fresh), found, "after {:?}", step);
        prop_assert!(s.session.troubles().is_empty(), "{:?}", s.session.troubles());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn incremental_is_full(acts in acts()) {
        run(&everything(), &acts)?;
    }

    #[test]
    fn incremental_is_full_with_sums_and_cascades(acts in acts()) {
        run(&sums_and_cascades(), &acts)?;
    }

    /// Forms made at random: a chain of calculations and relevances over groups and a repeat, each reading what stands
    /// before it.
    #[test]
    fn incremental_is_full_on_any_form(
        rules in prop::collection::vec((0..7usize, 0..12usize, 0..12usize, any::<bool>()), 1..12),
        acts in acts(),
    ) {
        run(&generated(&rules), &acts)?;
    }

    /// A submission that is opened for editing and written again says the same, but for the names of the two.
    #[test]
    fn what_is_written_is_read_back(acts in acts()) {
        let form = everything();
        let mut s = Scenario::new(&form);
        let mut next_row = 0;
        acts.iter().for_each(|step| act(&mut s, step, &mut next_row));
        let written = s.session.instance_xml();
        let (mut again, leftovers) = Scenario::editing(&form, &written, &s.now, s.properties.clone()).unwrap();
        prop_assert!(leftovers.is_empty(), "{leftovers:?}");
        // Labels that were computed speak the language of the filling.
        again.session.set_language(s.session.language());
        let but_for_ids = |text: &str| text.split("<meta>").next().unwrap().to_owned();
        prop_assert_eq!(but_for_ids(&again.session.instance_xml()), but_for_ids(&written));
    }

    /// What is told of a node is what is so, and a rule that hides it is told.
    #[test]
    fn explanations_say_what_is_so(acts in acts()) {
        let mut s = Scenario::new(&everything());
        let mut next_row = 0;
        acts.iter().for_each(|step| act(&mut s, step, &mut next_row));
        let (questions, repeats, rows) = places(&s.session);
        for path in questions.iter().chain(&repeats).chain(&rows) {
            let now = view(&s.session, path);
            let told = |why| s.session.explain(path, why);
            if let Some(relevant) = told(Why::Relevant).filter(|_| !repeats.contains(path)) {
                prop_assert_eq!(&relevant.outcome, &Outcome::Truth(now.relevant), "{:?}", path);
                let hidden = relevant.rules.iter().any(|rule| rule.step.outcome == Outcome::Truth(false));
                prop_assert_eq!(hidden, !now.relevant, "{:?}", path);
            }
            for (why, now) in [(Why::Required, now.required && now.relevant), (Why::ReadOnly, now.readonly)] {
                if let Some(told) = told(why) {
                    prop_assert_eq!(&told.outcome, &Outcome::Truth(now), "{:?} {:?}", path, why);
                }
            }
            if let Some(value) = told(Why::Value) {
                prop_assert_eq!(&value.outcome, &Outcome::Text(now.value.clone()), "{:?}", path);
            }
            if let Some(valid) = told(Why::Valid) {
                prop_assert_eq!(&valid.outcome, &Outcome::Truth(now.problem.is_none()), "{:?}", path);
            }
        }
    }

    #[test]
    fn no_text_brings_the_reader_down(text in "[<>/a-z\"'= &;!\\[\\]-]{0,200}") {
        let _ = Form::parse(&text, &Media::none());
    }

    #[test]
    fn no_expression_brings_the_reader_down(source in "[a-d0-9/.()\\[\\]=+* ,'-]{0,40}") {
        let escaped = source.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let text = xml("<a/><r><b/></r>", &format!(r#"<bind nodeset="/data/r/b" calculate="{escaped}"/>"#), r#"<repeat nodeset="/data/r"><input ref="/data/r/b"/></repeat>"#);
        if let (Some(form), _) = Form::parse(&text, &Media::none()) {
            Scenario::new(&Arc::new(form)).add("/r", 1);
        }
    }
}

/// Node `i` stands outside (even) or in the repeat (odd) and reads nodes before it only: no circles.
fn generated(rules: &[(usize, usize, usize, bool)]) -> Arc<Form> {
    let place = |i: usize| if i.is_multiple_of(2) { format!("/data/q{i}") } else { format!("/data/r/q{i}") };
    let (mut outside, mut inside, mut binds) = (String::new(), String::new(), String::new());
    let (mut asked, mut asked_inside) = (String::new(), String::new());
    for (i, (rule, x, y, seven)) in rules.iter().enumerate() {
        let into = if i.is_multiple_of(2) { &mut outside } else { &mut inside };
        *into += &format!("<q{i}/>");
        let read = |j: usize| {
            let j = j % i.max(1);
            if j % 2 == 1 && *seven { format!("sum({})", place(j)) } else { place(j) }
        };
        let body = if i.is_multiple_of(2) { &mut asked } else { &mut asked_inside };
        let control = format!(r#"<input ref="{}"><label>q{i}</label></input>"#, place(i));
        let bind = if i == 0 {
            String::new()
        } else {
            match rule {
                0 => format!(r#"calculate="coalesce({}, 0) + coalesce({}, 0)""#, read(*x), read(*y)),
                1 => format!(r#"relevant="{} != 2""#, read(*x)),
                2 => format!(r#"relevant="{} &gt; {}""#, read(*x), read(*y)),
                3 => format!(r#"calculate="count(/data/r) + {}""#, read(*x)),
                4 => format!(r#"constraint=". != {}" required="{} = 1""#, read(*x), read(*y)),
                5 => format!(r#"readonly="{} = 3""#, read(*x)),
                _ => format!(r#"calculate="concat({}, ':', {})" relevant="{} != 4""#, read(*x), read(*y), read(*y)),
            }
        };
        if !bind.contains("calculate") {
            *body += &control;
        }
        binds += &format!(r#"<bind nodeset="{}" {bind}/>"#, place(i));
    }
    let instance = format!("{outside}<r>{inside}<plain/></r>");
    let body = format!(
        r#"{asked}<repeat nodeset="/data/r"><input ref="/data/r/plain"><label>p</label></input>{asked_inside}</repeat>"#
    );
    form(&xml(&instance, &binds, &body))
}
