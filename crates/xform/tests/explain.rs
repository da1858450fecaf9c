//! Why a question is hidden, required, invalid, or has its value.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use std::sync::Arc;

use common::{Scenario, form, inputs, path, short, xml};
use expect_test::{Expect, expect};
use tianye_xform::{Explained, Explanation, Form, Outcome, Read, Session, Why};

/// An explanation in lines; `!` marks what decided.
fn told(explanation: &Explanation) -> String {
    let mut lines = vec![format!("{} because {:?}", outcome(&explanation.outcome), explanation.because)];
    for rule in &explanation.rules {
        lines.push(format!("{} “{}” {}: {}", short(rule.at.path.as_str()), rule.at.label, rule.part, rule.source));
        tell(&rule.step, 1, &mut lines);
    }
    lines.join("\n")
}

fn tell(step: &Explained, depth: usize, lines: &mut Vec<String>) {
    let mark = if step.decided { "!" } else { "" };
    let reads: Vec<String> = step.reads.iter().map(read).collect();
    let reads = if reads.is_empty() { String::new() } else { format!(" [{}]", reads.join("; ")) };
    lines.push(format!("{}{} → {}{mark}{reads}", "  ".repeat(depth), step.source, outcome(&step.outcome)));
    step.parts.iter().for_each(|part| tell(part, depth + 1, lines));
}

fn read(read: &Read) -> String {
    match read {
        Read::Field { subject, value, display, relevant } => {
            let hidden = if *relevant { "" } else { " (hidden)" };
            let display = if display == value { String::new() } else { format!(" {display}") };
            format!("{} “{}” = {value}{display}{hidden}", short(subject.path.as_str()), subject.label)
        }
        Read::Item { list, value } => format!("{list}: {value}"),
    }
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Truth(truth) => truth.to_string(),
        Outcome::Number(number) => number.clone(),
        Outcome::Text(text) => format!("“{text}”"),
        Outcome::Nodes(count) => format!("{count} nodes"),
        Outcome::Failed { code, .. } => format!("failed {code}"),
    }
}

fn family() -> Arc<Form> {
    form(&xml(
        r#"<age/><where/><g><away/><back/></g><sum/><village/><r jr:template=""><v/><w/></r><n/><c><x/></c><bad/>"#,
        r#"<instance id="villages"><root><item><county>1</county><name>a</name><label>A</label></item><item><county>2</county><name>b</name><label>B</label></item></root></instance>
<bind nodeset="/data/age" type="int" required="true()" constraint=". &gt; 5 and . &lt; 19"/>
<bind nodeset="/data/g" relevant="/data/age &gt; 9 and (/data/where = 'away' or /data/n = 2)" readonly="/data/n = 7"/>
<bind nodeset="/data/g/away" type="int" required="/data/age &lt; 12"/>
<bind nodeset="/data/g/back" relevant="../away &gt; 6"/>
<bind nodeset="/data/sum" calculate="if(/data/g/away &gt; 6, 'long', coalesce(/data/g/away, 'none'))"/>
<bind nodeset="/data/r/w" type="int" relevant="/data/r/v = 1" constraint=". &lt; ../v"/>
<bind nodeset="/data/bad" relevant="date('x') = 1" type="int"/>"#,
        &format!(
            r#"{}<select1 ref="/data/where"><label>Where?</label><item><label>At home</label><value>home</value></item><item><label>Away</label><value>away</value></item></select1>
<group ref="/data/g"><label>Group</label>{}</group><select1 ref="/data/village"><label>Village</label><itemset nodeset="instance('villages')/root/item[county = /data/n]"><value ref="name"/><label ref="label"/></itemset></select1>
<repeat nodeset="/data/r">{}</repeat><repeat nodeset="/data/c" jr:count="/data/n">{}</repeat>{}"#,
            inputs(&["/data/age"]),
            inputs(&["/data/g/away", "/data/g/back"]),
            inputs(&["/data/r/v", "/data/r/w"]),
            inputs(&["/data/c/x"]),
            inputs(&["/data/n", "/data/bad"]),
        ),
    ))
}

#[track_caller]
fn check(s: &Scenario, at: &str, why: Why, expect: &Expect) {
    expect.assert_eq(&s.session.explain(&path(at), why).map_or("nothing to tell".to_owned(), |found| told(&found)));
}

#[test]
fn a_hidden_question_names_the_group_that_hides_it_and_the_operand_that_decided() {
    let mut s = Scenario::new(&family());
    s.answer("/age", "10");
    s.answer("/where", "home");
    check(
        &s,
        "/g/away",
        Why::Relevant,
        &expect![[r#"
            false because OuterRule
            /g “Group” relevant: ${age} > 9 and (${where} = 'away' or ${n} = 2)
              ${age} > 9 and (${where} = 'away' or ${n} = 2) → false!
                ${age} > 9 → true
                  ${age} → 1 nodes! [/age “/data/age” = 10]
                  9 → 9!
                ${where} = 'away' or ${n} = 2 → false!
                  ${where} = 'away' → false!
                    ${where} → 1 nodes! [/where “Where?” = home At home]
                    'away' → “away”!
                  ${n} = 2 → false!
                    ${n} → 1 nodes! [/n “/data/n” = ]
                    2 → 2!"#]],
    );
    check(
        &s,
        "/g/away",
        Why::Value,
        &expect![[r#"
            “” because NotRelevant
            /g “Group” relevant: ${age} > 9 and (${where} = 'away' or ${n} = 2)
              ${age} > 9 and (${where} = 'away' or ${n} = 2) → false!
                ${age} > 9 → true
                  ${age} → 1 nodes! [/age “/data/age” = 10]
                  9 → 9!
                ${where} = 'away' or ${n} = 2 → false!
                  ${where} = 'away' → false!
                    ${where} → 1 nodes! [/where “Where?” = home At home]
                    'away' → “away”!
                  ${n} = 2 → false!
                    ${n} → 1 nodes! [/n “/data/n” = ]
                    2 → 2!"#]],
    );
    check(
        &s,
        "/g/away",
        Why::Required,
        &expect![[r#"
            false because NotRelevant
            /g “Group” relevant: ${age} > 9 and (${where} = 'away' or ${n} = 2)
              ${age} > 9 and (${where} = 'away' or ${n} = 2) → false!
                ${age} > 9 → true
                  ${age} → 1 nodes! [/age “/data/age” = 10]
                  9 → 9!
                ${where} = 'away' or ${n} = 2 → false!
                  ${where} = 'away' → false!
                    ${where} → 1 nodes! [/where “Where?” = home At home]
                    'away' → “away”!
                  ${n} = 2 → false!
                    ${n} → 1 nodes! [/n “/data/n” = ]
                    2 → 2!"#]],
    );
    s.answer("/where", "away");
    check(
        &s,
        "/g/away",
        Why::Relevant,
        &expect![[r#"
            true because OuterRule
            /g “Group” relevant: ${age} > 9 and (${where} = 'away' or ${n} = 2)
              ${age} > 9 and (${where} = 'away' or ${n} = 2) → true!
                ${age} > 9 → true!
                  ${age} → 1 nodes! [/age “/data/age” = 10]
                  9 → 9!
                ${where} = 'away' or ${n} = 2 → true!
                  ${where} = 'away' → true!
                    ${where} → 1 nodes! [/where “Where?” = away Away]
                    'away' → “away”!"#]],
    );
    check(
        &s,
        "/g/back",
        Why::Relevant,
        &expect![[r#"
            false because OwnRule
            /g/back “/data/g/back” relevant: ${away} > 6
              ${away} > 6 → false!
                ${away} → 1 nodes! [/g/away “/data/g/away” = ]
                6 → 6!"#]],
    );
    check(
        &s,
        "/g/away",
        Why::Required,
        &expect![[r#"
            true because OwnRule
            /g/away “/data/g/away” required: ${age} < 12
              ${age} < 12 → true!
                ${age} → 1 nodes! [/age “/data/age” = 10]
                12 → 12!"#]],
    );
    check(&s, "/age", Why::Relevant, &expect!["true because NoRule"]);
    check(
        &s,
        "/bad",
        Why::Relevant,
        &expect![[r#"
            true because Failed
            /bad “/data/bad” relevant: date('x') = 1
              date('x') = 1 → failed xpath-not-a-date!
                date('x') → failed xpath-not-a-date!
                  'x' → “x”!
                1 → 1!"#]],
    );
}

#[test]
fn a_value_is_told_with_the_branch_that_was_taken_and_what_was_read_though_hidden() {
    let mut s = Scenario::new(&family());
    check(
        &s,
        "/sum",
        Why::Value,
        &expect![[r#"
            “none” because OwnRule
            /sum “” calculate: if(${away} > 6, 'long', coalesce(${away}, 'none'))
              if(${away} > 6, 'long', coalesce(${away}, 'none')) → “none”!
                ${away} > 6 → false!
                  ${away} → 0 nodes! [/g/away “/data/g/away” =  (hidden)]
                  6 → 6!
                coalesce(${away}, 'none') → “none”!
                  ${away} → 0 nodes [/g/away “/data/g/away” =  (hidden)]
                  'none' → “none”!"#]],
    );
    s.answer("/age", "10");
    s.answer("/where", "away");
    s.answer("/g/away", "7");
    check(
        &s,
        "/sum",
        Why::Value,
        &expect![[r#"
            “long” because OwnRule
            /sum “” calculate: if(${away} > 6, 'long', coalesce(${away}, 'none'))
              if(${away} > 6, 'long', coalesce(${away}, 'none')) → “long”!
                ${away} > 6 → true!
                  ${away} → 1 nodes! [/g/away “/data/g/away” = 7]
                  6 → 6!
                'long' → “long”!"#]],
    );
    check(&s, "/age", Why::Value, &expect!["“10” because Given(Answered)"]);
    check(
        &s,
        "/meta/instanceID",
        Why::Value,
        &expect!["“uuid:6c576fac-43fd-407c-8268-86b3864a1b1b” because Given(Metadata)"],
    );
    check(
        &s,
        "/sum",
        Why::ReadOnly,
        &expect![[r#"
            true because OwnRule
            /sum “” calculate: if(${away} > 6, 'long', coalesce(${away}, 'none'))
              if(${away} > 6, 'long', coalesce(${away}, 'none')) → “long”!
                ${away} > 6 → true!
                  ${away} → 1 nodes! [/g/away “/data/g/away” = 7]
                  6 → 6!
                'long' → “long”!"#]],
    );
    check(&s, "/g", Why::Value, &expect!["nothing to tell"]);
}

#[test]
fn an_answer_that_is_not_all_right_tells_its_constraint() {
    let mut s = Scenario::new(&family());
    check(
        &s,
        "/age",
        Why::Valid,
        &expect![[r#"
        false because Empty
        /age “/data/age” required: true()
          true() → true!"#]],
    );
    s.answer("/age", "30");
    check(
        &s,
        "/age",
        Why::Valid,
        &expect![[r#"
        false because OwnRule
        /age “/data/age” constraint: . > 5 and . < 19
          . > 5 and . < 19 → false!
            . > 5 → true
              . → 1 nodes! [/age “/data/age” = 30]
              5 → 5!
            . < 19 → false!
              . → 1 nodes! [/age “/data/age” = 30]
              19 → 19!"#]],
    );
    check(&s, "/n", Why::Valid, &expect!["true because Empty"]);
}

#[test]
fn rows_choices_and_readonly_groups_are_told() {
    let mut s = Scenario::new(&family());
    s.add("/r", 1);
    s.add("/r", 2);
    let row = "/r[00000000000000000000000000000002]";
    s.answer(&format!("{row}/v"), "2");
    check(
        &s,
        &format!("{row}/w"),
        Why::Relevant,
        &expect![[r#"
            false because OwnRule
            /r[2]/w “/data/r/w” relevant: ${v} = 1
              ${v} = 1 → false!
                ${v} → 1 nodes! [/r[2]/v “/data/r/v” = 2]
                1 → 1!"#]],
    );
    s.answer("/n", "2");
    s.answer("/village", "b");
    check(
        &s,
        "/c",
        Why::Rows,
        &expect![[r#"
            2 nodes because OwnRule
            /c “” jr:count: ${n}
              ${n} → 1 nodes! [/n “/data/n” = 2]"#]],
    );
    check(&s, "/r", Why::Rows, &expect!["2 nodes because NoRule"]);
    s.answer("/n", "1");
    check(
        &s,
        "/village",
        Why::Value,
        &expect![[r#"
            “” because NotOffered
            /village “Village” itemset: instance('villages')/root/item[county = ${n}]
              instance('villages')/root/item[county = ${n}] → 1 nodes! [villages: 1aA]
                ${n} → 1 nodes! [/n “/data/n” = 1]"#]],
    );
    s.answer("/age", "10");
    s.answer("/where", "away");
    s.answer("/n", "7");
    check(
        &s,
        "/g/away",
        Why::ReadOnly,
        &expect![[r#"
            true because OuterRule
            /g “Group” readonly: ${n} = 7
              ${n} = 7 → true!
                ${n} → 1 nodes! [/n “/data/n” = 7]
                7 → 7!"#]],
    );
}

#[test]
fn asking_changes_nothing_and_shows_no_answer_in_debug() {
    let mut s = Scenario::new(&family());
    s.answer("/age", "17");
    let before = s.state();
    let explanation = s.session.explain(&path("/g/away"), Why::Relevant).unwrap();
    assert!(!format!("{explanation:?}").contains("17"));
    assert_eq!(s.state(), before);
    assert!(Session::explain(&s.session, &path("/nowhere"), Why::Value).is_none());
}

/// What the converter makes of an author's expression is told as the author wrote it.
#[test]
fn names_stand_where_the_author_wrote_them() {
    #[track_caller]
    fn check(calculate: &str, expect: &str) {
        let calculate = calculate.replace('<', "&lt;").replace('"', "&quot;");
        let form = form(&xml(
            r#"<n/><g><a/></g><r jr:template=""><v/><t/><s jr:template=""><w/></s></r><twin/><h><twin/></h>"#,
            &format!(r#"<bind nodeset="/data/r/t" calculate="{calculate}"/>"#),
            &format!(
                r#"{}<repeat nodeset="/data/r">{}<repeat nodeset="/data/r/s">{}</repeat></repeat>"#,
                inputs(&["/data/n"]),
                inputs(&["/data/r/v"]),
                inputs(&["/data/r/s/w"])
            ),
        ));
        let mut s = Scenario::new(&form);
        s.add("/r", 1);
        let told = s.session.explain(&path("/r[00000000000000000000000000000001]/t"), Why::Value).unwrap();
        assert_eq!(told.rules[0].source, expect);
        assert_eq!(told.rules[0].at.rows, [1]);
    }
    check(" /data/n  + 1", "${n} + 1");
    check("1 +  ../v  * 2", "1 + ${v} * 2");
    check("if( /data/n  = 1,  ../v , '')", "if(${n} = 1, ${v}, '')");
    check("/data/n+1", "${n}+1");
    check("(/data/n) and /data/g/a", "(${n}) and ${a}");
    check("sum( /data/r/s/w )", "sum(${w})");
    check("count( /data/r )", "count(${r})");
    check("/data/r[position() = position(current()/..) - 1]/v", "${r}[position() = position(current()/..) - 1]/v");
    check("indexed-repeat( /data/r/v ,  /data/r , 2)", "indexed-repeat(${v}, ${r}, 2)");
    check("concat(' /data/n ', \"../v\")", "concat(' /data/n ', \"../v\")");
    // What two questions are called stays a path.
    check("/data/twin + ../../h/twin", "/data/twin + ../../h/twin");
    check("position(..) + count(../s)", "position(..) + count(${s})");
}
