//! What the engine does beyond the form language: soft and named checks, non-answers, rows by choice.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use common::{Scenario, form, inputs, path, show, xml};
use tianye_xform::{About, Form, Given, Media, NonAnswer, Severity};

fn soft() -> Scenario {
    Scenario::new(&form(&xml(
        "<age/><grade/><note/>",
        r#"<bind nodeset="/data/age" type="int" constraint=". &lt; 100" tianye:soft_constraint=". &gt; 5 and . &lt; 16" tianye:soft_constraint_message="一般是 6 到 15 岁，请再看一眼"/>
<bind nodeset="/data/grade" type="int" relevant="/data/age != 7" tianye:soft_constraint="/data/age - . &lt; 8"/>"#,
        &inputs(&["/data/age", "/data/grade", "/data/note"]),
    )))
}

fn doubts(s: &Scenario) -> Vec<String> {
    s.session.doubts().iter().map(|doubt| format!("{} {:?}", doubt.path, doubt.message)).collect()
}

#[test]
fn a_soft_check_keeps_the_answer_and_says_so() {
    let mut s = soft();
    assert!(doubts(&s).is_empty(), "an empty answer is not doubted");
    let delta = s.answer("/age", "17");
    assert_eq!(show(&delta), "/age = “17”\n/age Doubtful(true)");
    assert_eq!(s.value("/age"), "17");
    assert_eq!(doubts(&s), [r#"/age Some("一般是 6 到 15 岁，请再看一眼")"#]);
    assert!(s.session.validate().is_empty(), "nothing waits for it");
    assert_eq!(show(&s.answer("/age", "9")), "/age = “9”\n/age Doubtful(false)");
    assert!(doubts(&s).is_empty());
    s.answer("/age", "3");
    assert_eq!(show(&s.answer("/age", "")), "/age = “”\n/age Doubtful(false)");
}

#[test]
fn a_soft_check_follows_what_it_reads_and_what_is_relevant() {
    let mut s = soft();
    s.answer("/age", "9");
    s.answer("/grade", "1");
    assert_eq!(doubts(&s), ["/grade None"]);
    s.answer("/age", "8");
    assert!(doubts(&s).is_empty());
    s.answer("/age", "15");
    assert_eq!(doubts(&s), ["/grade None"]);
    s.answer("/age", "7");
    assert!(doubts(&s).is_empty(), "what is not asked is not doubted");
    assert_eq!(s.session.view(&path("/age")).unwrap().doubt, None);
}

#[test]
fn an_answer_that_carries_risk_is_told_and_nothing_waits_for_it() {
    let mut s = Scenario::new(&form(&xml(
        "<hurt/><who/><sum/><plain/>",
        r#"<bind nodeset="/data/hurt" tianye:risk=". = 'often' or (. = 'once' and /data/who = 'home')"/>
<bind nodeset="/data/who" relevant="/data/hurt != 'never'"/>
<bind nodeset="/data/sum" type="int" calculate="string-length(/data/who)" tianye:risk=". &gt; 5"/>"#,
        &inputs(&["/data/hurt", "/data/who", "/data/plain"]),
    )));
    let risks = |s: &Scenario| s.session.risks().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(risks(&s).is_empty(), "nothing was answered");
    s.answer("/hurt", "once");
    assert!(risks(&s).is_empty() && !s.session.view(&path("/hurt")).unwrap().risk);
    s.answer("/who", "home");
    assert_eq!(risks(&s), ["/hurt"]);
    assert!(s.session.view(&path("/hurt")).unwrap().risk);
    assert!(s.session.validate().is_empty() && s.session.doubts().is_empty());
    s.answer("/who", "uncle's");
    assert_eq!(risks(&s), ["/sum"], "what is calculated may carry it");
    s.answer("/hurt", "often");
    assert_eq!(risks(&s), ["/hurt", "/sum"]);
    s.answer("/hurt", "never");
    assert!(risks(&s).is_empty(), "what is not asked counts as empty");
    assert_eq!(
        s.session.form().questions()[0].risk.as_deref(),
        Some(". = 'often' or (. = 'once' and /data/who = 'home')")
    );
}

fn non_answers() -> Scenario {
    Scenario::new(&form(&xml(
        "<income/><more/><code>7</code>",
        r#"<bind nodeset="/data/income" type="int" required="true()" tianye:non_answers="refused dont_know"/>
<bind nodeset="/data/more" relevant="/data/income = ''" calculate="concat('[', /data/income, ']')"/>
<bind nodeset="/data/code" required="true()" tianye:non_answers="refused"/>"#,
        &inputs(&["/data/income", "/data/code"]),
    )))
}

fn give(s: &mut Scenario, at: &str, which: NonAnswer) -> String {
    show(&s.with(|session, context| session.give_non_answer(&path(at), which, context)).unwrap())
}

#[test]
fn a_non_answer_is_no_value_and_meets_required() {
    let mut s = non_answers();
    assert_eq!(s.session.outline().progress.missing, 1);
    assert_eq!(give(&mut s, "/income", NonAnswer::Refused), "/income = refused\n/income Validity(None)");
    assert_eq!((s.value("/income"), s.value("/more")), ("", "[]"));
    let progress = s.session.outline().progress;
    assert_eq!((progress.answered, progress.total, progress.missing), (2, 2, 0));
    let view = s.session.view(&path("/income")).unwrap();
    assert_eq!((view.non_answer, view.value.as_str()), (Some(NonAnswer::Refused), ""));
    assert_eq!(view.non_answers, NonAnswer::ALL);
    assert_eq!(give(&mut s, "/income", NonAnswer::DontKnow), "/income = dont_know");
    assert_eq!(give(&mut s, "/income", NonAnswer::DontKnow), "");
}

#[test]
fn an_answer_and_a_non_answer_take_each_others_place() {
    let mut s = non_answers();
    s.answer("/income", "300");
    assert_eq!(give(&mut s, "/income", NonAnswer::DontKnow), "/income = dont_know\n/more Relevant(true)");
    let delta = s.answer("/income", "0");
    assert_eq!(show(&delta), "/income = “0”\n/more Relevant(false)");
    assert_eq!(delta.writes()[0].given, Given::from("0"));
    give(&mut s, "/income", NonAnswer::Refused);
    assert_eq!(show(&s.answer("/income", "")), "/income = “”\n/income Validity(Some(Missing))");
    // It stands in the place of a starting value too, and such a value does not come back by itself.
    assert_eq!(give(&mut s, "/code", NonAnswer::Refused), "/code = refused");
    let (s, leftovers) = s.resumed();
    assert!(leftovers.is_empty());
    assert_eq!(s.session.view(&path("/code")).unwrap().non_answer, Some(NonAnswer::Refused));
    assert_eq!(s.value("/code"), "");
}

#[test]
fn only_declared_non_answers_are_taken() {
    let mut s = non_answers();
    let error = s.with(|session, context| session.give_non_answer(&path("/code"), NonAnswer::DontKnow, context));
    assert_eq!(error.unwrap_err().code(), "answer-not-declared");
    let error = s.with(|session, context| session.give_non_answer(&path("/more"), NonAnswer::DontKnow, context));
    assert_eq!(error.unwrap_err().code(), "answer-readonly");
    // A text that reads like a code is a text.
    s.answer("/code", "refused");
    assert_eq!(s.session.view(&path("/code")).unwrap().non_answer, None);
}

#[test]
fn a_named_check_says_exactly_what_is_wrong() {
    let mut s = Scenario::new(&form(&xml(
        "<id/><phone/>",
        r#"<bind nodeset="/data/id" constraint="regex(., '^[1-8][0-9]{5}(19|20)[0-9]{9}[0-9Xx]$')" jr:constraintMsg="不对" tianye:check="cn_identity_number"/>
<bind nodeset="/data/phone" constraint="string-length(.) &lt; 11" jr:constraintMsg="太长" tianye:check="cn_phone"/>"#,
        &inputs(&["/data/id", "/data/phone"]),
    )));
    let problem = |s: &Scenario, at: &str| {
        let problem = s.session.view(&path(at)).unwrap().problem;
        problem.map(|problem| (problem.fault.code(), problem.message))
    };
    s.answer("/id", "11010519491231002X");
    assert_eq!(problem(&s, "/id"), None);
    s.answer("/id", "110105194912310021");
    assert_eq!(problem(&s, "/id"), Some(("check-identity-checksum", None)));
    s.answer("/phone", "88880000");
    assert_eq!(problem(&s, "/phone"), None);
    s.answer("/phone", "13800000000");
    assert_eq!(problem(&s, "/phone"), Some(("answer-constraint", Some("太长".to_owned()))));
    s.answer("/id", "");
    assert_eq!(problem(&s, "/id"), None);
}

fn friends() -> Scenario {
    Scenario::new(&form(&xml(
        "<who/><n/><friend jr:template=\"\"><code/><age/></friend><friend><code/><age/></friend><sum/>",
        r#"<instance id="f"><root><item><name>a</name><label>小安</label></item><item><name>b</name><label>小波</label></item><item><name>c/1</name><label>小春</label></item></root></instance>
<bind nodeset="/data/who" tianye:non_answers="refused"/>
<bind nodeset="/data/n" calculate="count-selected(/data/who)"/>
<bind nodeset="/data/friend" tianye:repeat_over=" /data/who "/>
<bind nodeset="/data/friend/code" calculate="selected-at(/data/who, position(..) - 1)"/>
<bind nodeset="/data/friend/age" type="int"/>
<bind nodeset="/data/sum" calculate="sum(/data/friend/age[. != ''])"/>"#,
        r#"<select ref="/data/who"><label>谁</label><itemset nodeset="instance('f')/root/item"><value ref="name"/><label ref="label"/></itemset></select>
<group ref="/data/friend"><label>朋友</label><repeat nodeset="/data/friend" jr:count="/data/n"><input ref="/data/friend/age"><label>几岁</label></input></repeat></group>"#,
    )))
}

fn rows(s: &Scenario) -> Vec<String> {
    let rows = s.session.roster(&path("/friend"));
    let value = |row: &str, name| s.value(&format!("{row}/{name}")).to_owned();
    rows.iter()
        .map(|row| {
            let at = row.path.as_str();
            format!("{} {} {} {}", row.id, row.title, value(at, "code"), value(at, "age"))
        })
        .collect()
}

#[test]
fn rows_by_choice_keep_their_answers() {
    let mut s = friends();
    assert!(rows(&s).is_empty());
    s.answer("/who", "b c/1");
    assert_eq!(rows(&s), [":b 小波 b ", ":c%2f1 小春 c/1 "]);
    s.answer("/friend[:b]/age", "8");
    s.answer("/friend[:c%2f1]/age", "9");
    s.answer("/who", "a b c/1");
    assert_eq!(rows(&s), [":a 小安 a ", ":b 小波 b 8", ":c%2f1 小春 c/1 9"]);
    s.answer("/who", "a c/1");
    assert_eq!(rows(&s), [":a 小安 a ", ":c%2f1 小春 c/1 9"]);
    assert_eq!(s.value("/sum"), "9");
    let mut s = s.resumed().0;
    s.answer("/who", "b");
    assert_eq!(rows(&s), [":b 小波 b 8"], "a row that comes back has its own answer");
    assert_eq!(s.value("/sum"), "8");
    give(&mut s, "/who", NonAnswer::Refused);
    assert!(rows(&s).is_empty());
    s.answer("/who", "c/1 b");
    assert_eq!(rows(&s), [":b 小波 b 8", ":c%2f1 小春 c/1 9"]);
}

#[test]
fn rows_by_choice_are_the_forms_own() {
    let mut s = friends();
    s.answer("/who", "a");
    let refused = s.with(|session, context| session.remove_row(&path("/friend[:a]"), context)).unwrap_err();
    assert_eq!(refused.code(), "row-fixed");
    assert!(s.session.outline().pages().all(|page| !page.can_add));
    assert_eq!(s.session.form().repeats()[0].over.as_deref(), Some("/data/who"));
}

#[test]
fn words_that_are_not_known_are_told() {
    let text = xml(
        "<a/>",
        r#"<bind nodeset="/data/a" tianye:non_answers="refused tired" tianye:check="passport" tianye:min_seconds="soon"/>"#,
        &inputs(&["/data/a"]),
    );
    let (form, problems) = Form::parse(&text, &Media::none());
    assert!(form.is_some());
    assert!(problems.iter().all(|problem| problem.severity == Severity::Warning));
    assert_eq!(problems.len(), 3, "{problems:?}");
}

/// A form is about a person, unless it says that it is about a group or a place.
#[test]
fn what_a_form_is_about_is_read_from_the_model() {
    #[track_caller]
    fn check(attribute: &str, expect: About) {
        let text = xml("<q/>", "", &inputs(&["/data/q"])).replace("<model>", &format!("<model {attribute}>"));
        assert_eq!(form(&text).about(), expect);
    }
    check("", About::Person);
    check(r#"tianye:about="site""#, About::Site);
    check(r#"tianye:about=" group ""#, About::Group);
    check(r#"tianye:about="person""#, About::Person);
    check(r#"tianye:about="weather""#, About::Person);
    check(r#"about="site""#, About::Person);
}

/// How long a form takes is what its author says of it, in minutes.
#[test]
fn minutes_are_read_from_the_model() {
    #[track_caller]
    fn check(attribute: &str, expect: Option<u32>) {
        let text = xml("<q/>", "", &inputs(&["/data/q"])).replace("<model>", &format!("<model {attribute}>"));
        assert_eq!(form(&text).minutes(), expect);
    }
    check("", None);
    check(r#"tianye:minutes="20""#, Some(20));
    check(r#"tianye:minutes=" 1440 ""#, Some(1440));
    for none in ["0", "1441", "20 minutes", "-3", ""] {
        check(&format!(r#"tianye:minutes="{none}""#), None);
    }
    check(r#"minutes="20""#, None);
}

/// What a form is filled for: its own words, in its own order; most of them are enough.
#[test]
fn purposes_are_read_from_the_model() {
    #[track_caller]
    fn check(attribute: &str, expect: &[&str]) {
        let text = xml("<q/>", "", &inputs(&["/data/q"])).replace("<model>", &format!("<model {attribute}>"));
        assert_eq!(form(&text).purposes(), expect);
    }
    check("", &[]);
    check(r#"tianye:purpose="""#, &[]);
    check(r#"tianye:purpose="group""#, &["group"]);
    check("tianye:purpose=\" interview\n follow-up \"", &["interview", "follow-up"]);
    // The attribute of another namespace, or of none, is somebody else's.
    check(r#"purpose="group""#, &[]);
    check(r#"odk:purpose="group""#, &[]);
    let many: Vec<String> = (0..40).map(|at| format!("p{at}")).collect();
    let expect: Vec<&str> = many.iter().take(16).map(String::as_str).collect();
    check(&format!(r#"tianye:purpose="{}""#, many.join(" ")), &expect);
}
