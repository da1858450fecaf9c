use crate::dsl::{fold, history, show_answer};
use expect_test::{Expect, expect};
use std::fmt::Write as _;
use std::sync::Arc;
use tianye_survey::*;
use tianye_xform::{Context, Form, Media as FormMedia, Properties, Session};

/// Whether the mother is away; where, only if she is; the child's age; people at home.
const FORM: &str = r#"<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
        xmlns:jr="http://openrosa.org/javarosa">
  <h:head>
    <h:title>学生问卷</h:title>
    <model>
      <instance>
        <pupil id="pupil" version="1">
          <start/><away/><where/><age>9</age><young/>
          <home jr:template=""><who/><years/></home>
        </pupil>
      </instance>
      <bind nodeset="/pupil/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
      <bind nodeset="/pupil/away" type="string" required="true()"/>
      <bind nodeset="/pupil/where" type="string" relevant="/pupil/away = 'yes'"/>
      <bind nodeset="/pupil/age" type="int" constraint=". &lt; 20" jr:constraintMsg="不到二十"/>
      <bind nodeset="/pupil/young" type="string" calculate="if(/pupil/age &lt; 14, 'yes', 'no')"/>
      <bind nodeset="/pupil/home/who" type="string"/>
      <bind nodeset="/pupil/home/years" type="int" constraint=". &lt; 120"/>
    </model>
  </h:head>
  <h:body>
    <input ref="/pupil/away"><label>妈妈外出吗</label></input>
    <input ref="/pupil/where"><label>在哪里</label></input>
    <input ref="/pupil/age"><label>几岁</label></input>
    <group ref="/pupil/home"><label>家里人</label>
      <repeat nodeset="/pupil/home">
        <input ref="/pupil/home/who"><label>谁</label></input>
        <input ref="/pupil/home/years"><label>岁数</label></input>
      </repeat>
    </group>
  </h:body>
</h:html>"#;

fn form() -> Arc<Form> {
    let (form, problems) = Form::parse(FORM, &FormMedia::none());
    Arc::new(form.unwrap_or_else(|| panic!("{problems:?}")))
}

fn with_context<T>(work: impl FnOnce(&Context<'_>) -> T) -> T {
    let now = chrono::DateTime::parse_from_rfc3339("2017-04-11T10:42:00+08:00").expect("a time");
    work(&Context { now, random: &|| 7, properties: &Properties::default() })
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let checked = with_context(|context| recheck(form(), &fold(&history(text)), context));
    let mut out = String::new();
    for found in &checked.findings {
        let message = found.message.as_deref().unwrap_or_default();
        let answer = show_answer(&found.answer);
        _ = writeln!(out, "{} = {answer}: {} {} {message}", found.field, found.what.code(), found.label);
    }
    expected.assert_eq(&out);
}

const ROW: &str = "00000000000000000000000000000001";

#[test]
fn what_fits_is_not_mentioned() {
    check(&format!("a: /away = yes; /where = 杭州; /age = 10; /home[{ROW}] = 1; /home[{ROW}]/who = 奶奶"), expect![""]);
}

#[test]
fn two_corrections_that_do_not_go_together() {
    // One laptop says that the mother is back, the other where she is now.
    check(
        "a: /away = yes; /where = 杭州
         b@chen(a): /away = no
         c@zhou(a): /where = 宁波",
        expect![[r#"
            /where = 宁波: recheck-not-relevant 在哪里 
        "#]],
    );
}

#[test]
fn what_is_wrong_gone_or_missing() {
    check(
        "a: /where = 杭州; /age = 20; /shoes = 36; /age/x = 1; /not a path = 3",
        expect![[r#"
            /age = 20: recheck-constraint 几岁 不到二十
            /age/x = 1: recheck-question-gone  
            /away = ∅: recheck-missing 妈妈外出吗 
            /not a path = 3: recheck-question-gone  
            /shoes = 36: recheck-question-gone  
            /where = 杭州: recheck-not-relevant 在哪里 
        "#]],
    );
    check(
        "a: /away = no; /age = 很小",
        expect![[r#"
        /age = 很小: recheck-other-type  
    "#]],
    );
    check(
        &format!("a: /away = no; /home[{ROW}]/who = 奶奶"),
        expect![[r#"
        /home[00000000000000000000000000000001]/who = 奶奶: recheck-no-row  
    "#]],
    );
}

#[test]
fn what_waits_for_a_decision_is_not_called_missing() {
    check("a@chen: /away = no\n b@zhou: /away = yes", expect![""]);
}

#[test]
fn what_was_cleared_stays_clear() {
    let checked = with_context(|context| recheck(form(), &fold(&history("a: /away = no; /age =")), context));
    let age = checked.session.value(&tianye_xform::FieldPath::parse("/age").expect("a path"));
    assert_eq!(age, Some(""), "the form's default does not come back");
}

#[test]
fn a_session_becomes_changes_and_a_session_again() {
    with_context(|context| {
        let mut session = Session::start(form(), context);
        let path = |text: &str| tianye_xform::FieldPath::parse(text).expect("a path");
        session.answer(&path("/away"), "yes", context).expect("an answer");
        session.add_row(&path("/home"), tianye_xform::RowId::random(1), context).expect("a row");
        session.answer(&path(&format!("/home[{ROW}]/who")), "奶奶", context).expect("an answer");
        let changes: Vec<Change> = session.fields().iter().filter_map(Change::of_session).collect();
        let shown: Vec<String> = changes
            .iter()
            .map(|c| format!("{}{}{}", c.field, if c.auto { " ~ " } else { " = " }, show_answer(&c.answer)))
            .collect();
        expect![[r#"
            /start ~ 2017-04-11T10:42:00.000+08:00
            /away = yes
            /age ~ 9
            /home[00000000000000000000000000000001] = 1
            /home[00000000000000000000000000000001]/who = 奶奶
            /meta/instanceID ~ uuid:00000000-0000-4007-8000-000000000007"#]]
        .assert_eq(&shown.join("\n"));
        let entry =
            crate::dsl::entry("a", "chen", &[], 1, Interview { changes, ..Interview::under(FormHash([1; 32])) });
        let again = recheck(form(), &fold(&[entry]), context);
        assert_eq!(again.findings, []);
        assert_eq!(again.session.fields(), session.fields());
        assert_eq!(Filled::from(again.session.outline().progress), Filled::from(session.outline().progress));
    });
}

/// What one writes after another is a line, whoever it is; what two wrote beside each other stays merged, decided or not.
#[test]
fn what_was_written_beside_something_else_is_merged() {
    for (text, merged) in [
        ("a: /away = no", false),
        ("a: /away = no\nb@zhou(a): /age = 9\nc(b): /away = yes", false),
        ("a: /away = no\nb(a): /age = 9\nc@zhou(a): /away = yes", true),
        ("a: /away = no\nb(a): /age = 9\nc@zhou(a): /age = 8\nd(b, c): decide /age = 8 over b, c", true),
    ] {
        assert_eq!(fold(&history(text)).is_merged(), merged, "{text}");
    }
}
