//! Old submissions, opened again for editing.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use std::sync::Arc;

use common::{Scenario, form, inputs, path, xml};
use expect_test::{Expect, expect};
use tianye_xform::{Context, Form, MAX_ROWS, Properties, Session, SubmissionHead, SubmissionNames};

const NOW: &str = "2017-05-01T08:00:00+08:00";

/// A roster, a place that depends, a preload, an entity, actions at first load and at each load.
fn visit() -> Arc<Form> {
    form(&xml(
        r#"<name/><began/><opened/><away>none</away><where/><r jr:template=""><who/><n>7</n></r><meta><entity dataset="pupils" id="" create="1"><label/></entity></meta>"#,
        r#"<bind nodeset="/data/began" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/where" relevant="/data/name = '小满'"/>
<bind nodeset="/data/meta/entity/label" calculate="/data/name"/>
<bind nodeset="/data/meta/entity/@id" type="string"/>
<setvalue event="odk-instance-first-load" ref="/data/meta/entity/@id" value="uuid()"/>
<setvalue event="odk-instance-first-load" ref="/data/away" value="'first'"/>
<setvalue event="odk-instance-load" ref="/data/opened" value="today()"/>"#,
        &format!(
            r#"{}<repeat nodeset="/data/r"><setvalue event="odk-new-repeat" ref="/data/r/n" value="9"/>{}</repeat>"#,
            inputs(&["/data/name", "/data/away", "/data/where"]),
            inputs(&["/data/r/who", "/data/r/n"])
        ),
    )
    .replace("<meta><instanceID/></meta></data>", "</data>"))
}

fn edit(submission: &str) -> (Scenario, Vec<String>) {
    let (s, leftovers) = Scenario::editing(&visit(), submission, NOW, Properties::default()).unwrap();
    let leftovers = leftovers.iter().map(|left| format!("{} {} {}", left.path, left.given.text(), left.reason.code()));
    (s, leftovers.collect())
}

#[track_caller]
fn check(submission: &str, leftovers: &[&str], state: &Expect) {
    let (s, left) = edit(submission);
    assert_eq!(left, leftovers);
    state.assert_eq(&s.state());
    // Kept as a draft and taken up again it is the same, but for the day it was opened.
    let (again, left) = s.resumed();
    assert_eq!((again.state(), left.len()), (s.state(), 0));
}

#[test]
fn values_rows_and_attributes_come_back_under_a_new_instance_id() {
    check(
        r#"<?xml version="1.0"?><data xmlns:o="http://openrosa.org/xforms" id="test" version="0"><name>小满</name><began>2017-04-12T10:42:00.000+08:00</began><where>县城</where>
<r><who>爸爸</who><n>1</n></r><r><who>妈妈</who><n/></r>
<o:meta><o:instanceID>uuid:old</o:instanceID><entity dataset="pupils" id="e-1" create="1"><label>小满</label></entity></o:meta></data>"#,
        &[],
        &expect![[r#"
            /name = 小满
            /began = 2017-04-12T10:42:00.000+08:00
            /opened = 2017-05-01
            /away = none
            /where = 县城
            /r[~1] = 1
            /r[~1]/who = 爸爸
            /r[~1]/n = 1
            /r[~2] = 2
            /r[~2]/who = 妈妈
            /r[~2]/n = 
            /meta/entity/label = 小满
            /meta/entity/@id = e-1
            /meta/instanceID = uuid:6c576fac-43fd-407c-8268-86b3864a1b1b
            /meta/deprecatedID = uuid:old"#]],
    );
}

#[test]
fn what_has_no_place_is_handed_back() {
    check(
        r#"<data id="test"><name>A</name><gone>x</gone><old><a>1</a><b/></old><meta><instanceID/></meta></data>"#,
        &["/gone x leftover-unknown-node", "/old/a 1 leftover-unknown-node"],
        &expect![[r#"
            /name = A
            /began = 2017-05-01T08:00:00.000+08:00
            /opened = 2017-05-01
            /away = none
            /meta/entity/label = A
            /meta/instanceID = uuid:6c576fac-43fd-407c-8268-86b3864a1b1b"#]],
    );
}

#[test]
fn a_revision_says_in_its_xml_what_it_replaces() {
    let (s, _) = edit(
        r#"<data id="test"><name>A</name><r><who>B</who></r><meta><instanceID>uuid:old</instanceID></meta></data>"#,
    );
    let written = s.session.instance_xml();
    assert!(written.contains("<deprecatedID>uuid:old</deprecatedID>"), "{written}");
    let (again, _) = edit(&written);
    assert_eq!(again.value("/meta/deprecatedID"), s.value("/meta/instanceID"));
    assert_eq!(again.value("/r[~1]/who"), "B");
    assert!(!Scenario::new(&visit()).session.instance_xml().contains("deprecatedID"));
}

#[test]
fn a_submission_with_too_many_rows_is_read_up_to_the_limit() {
    let rows = "<r><who>x</who></r>".repeat(MAX_ROWS + 2);
    let (s, leftovers) = edit(&format!(r#"<data id="test">{rows}</data>"#));
    let kept =
        s.session.fields().iter().filter(|field| field.path.row().is_some() && !field.given.text().is_empty()).count();
    assert_eq!(kept, MAX_ROWS);
    // The rows that found no place, and what stands in them.
    let last = MAX_ROWS + 2;
    assert_eq!(leftovers.len(), 4);
    assert!(
        leftovers.iter().any(|left| *left == format!("/r[~{last}] {last} leftover-too-many-rows")),
        "{leftovers:?}"
    );
    assert!(leftovers.iter().any(|left| *left == format!("/r[~{last}]/who x leftover-unknown-row")), "{leftovers:?}");
}

#[track_caller]
fn refused(submission: &str, code: &str) {
    let error = Scenario::editing(&visit(), submission, NOW, Properties::default()).err().unwrap();
    assert_eq!(error.code(), code, "{error}");
}

#[test]
fn what_is_no_submission_of_this_form_is_refused() {
    refused("nothing", "submission-not-xml");
    refused("<data id=\"test\"", "submission-not-xml");
    refused("<!DOCTYPE a [<!ENTITY b \"c\">]><data id=\"test\">&b;</data>", "submission-not-xml");
    refused(r#"<data id="other"/>"#, "submission-other-form");
    refused(r#"<survey id="test"/>"#, "submission-other-form");
    refused(&"<data>".repeat(100), "submission-too-deep");
}

#[test]
fn attributes_are_bound_set_and_written() {
    let mut s = Scenario::new(&form(&xml(
        r#"<a/><b unit="km" class="x">5</b>"#,
        r#"<bind nodeset="/data/b/@unit" calculate="if(/data/a = 'm', 'mile', 'km')"/><bind nodeset="/data/b" calculate="concat(/data/a, @unit, ../b/@class)"/>"#,
        r#"<input ref="/data/a"><label>a</label><setvalue event="xforms-value-changed" ref="/data/b/@class" value="concat('c', /data/a)"/></input>"#,
    )));
    assert_eq!(s.value("/b"), "kmx");
    s.answer("/a", "m");
    assert_eq!(s.value("/b"), "mmilecm");
    assert!(s.session.instance_xml().contains(r#"<b unit="mile" class="cm">mmilecm</b>"#));
    s.refuse("/b/@class", "z", "answer-readonly");
    assert_eq!(s.session.view(&path("/@id")).unwrap().value, "test");
    let (again, _) = s.resumed();
    assert_eq!(again.session.instance_xml(), s.session.instance_xml());
}

/// A question with non-answers, a roster, a default, a preload, a calculation.
fn household() -> Arc<Form> {
    form(&xml(
        "<income/><began/><kind>poor</kind><twice/><r jr:template=\"\"><who/></r>",
        r#"<bind nodeset="/data/income" type="int" required="true()" tianye:non_answers="refused dont_know"/>
<bind nodeset="/data/began" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/twice" calculate="/data/income * 2"/>
<setvalue event="odk-instance-load" ref="/data/kind" value="'opened'"/>"#,
        &format!(
            r#"{}<repeat nodeset="/data/r">{}</repeat>"#,
            inputs(&["/data/income", "/data/kind"]),
            inputs(&["/data/r/who"])
        ),
    ))
}

/// What of a submission is taken in, and its XML written again.
#[track_caller]
fn check_taken(body: &str, fields: &Expect, written: &str) {
    let random = || 7;
    let properties = Properties { username: "who takes it in".into(), ..Properties::default() };
    let now = chrono::DateTime::parse_from_rfc3339(NOW).unwrap();
    let context = Context { now, random: &random, properties: &properties };
    let submission = format!(
        r#"<data xmlns:n="https://tianye.cn/xforms/1" xmlns:orx="http://openrosa.org/xforms" id="test" version="0">{body}</data>"#
    );
    let mut taken = Session::take_in(&household(), &submission, &context).unwrap();
    let mut lines: Vec<String> = Vec::new();
    for field in &taken.fields {
        let given =
            field.given.non_answer().map_or_else(|| field.given.text().to_owned(), |it| format!("({})", it.code()));
        lines.push(format!("{} = {given}", field.path));
    }
    lines.extend(taken.leftovers.iter().map(|left| format!("{} {}", left.path, left.reason.code())));
    fields.assert_eq(&lines.join("\n"));
    // What is kept of it makes the same submission again.
    let kept: Vec<_> = taken.fields.iter().map(|field| (field.path.clone(), field.given.clone())).collect();
    let names = [taken.session.meta("instanceID"), taken.session.meta("deprecatedID")]
        .map(|it| it.unwrap_or_default().to_owned());
    let names = SubmissionNames { instance_id: &names[0], deprecated_id: Some(&*names[1]).filter(|it| !it.is_empty()) };
    taken.session.name_submission(&names);
    let inside = |xml: &str| xml.split_once('>').unwrap().1.split_once('>').unwrap().1.replace("</data>", "");
    assert_eq!(inside(&taken.session.instance_xml()), written);
    let (mut again, left) = Session::resume(household(), kept, &context);
    again.name_submission(&names);
    assert!(left.is_empty());
    let opened = inside(&again.instance_xml()).replace("<kind>opened</kind>", "<kind>rich</kind>");
    assert_eq!(opened, written.replace("<kind>poor</kind>", "<kind>rich</kind>"));
}

#[test]
fn a_submission_of_another_program_is_taken_in_as_it_stands() {
    check_taken(
        r#"<income>5</income><began>2017-04-12T10:42:00.000+08:00</began><kind>rich</kind><twice>10</twice><r><who>A</who></r><r><who/></r><gone>x</gone><orx:meta><orx:instanceID>uuid:one</orx:instanceID><orx:deprecatedID>uuid:zero</orx:deprecatedID></orx:meta>"#,
        &expect![[r#"
            /income = 5
            /began = 2017-04-12T10:42:00.000+08:00
            /kind = rich
            /r[~1] = 1
            /r[~1]/who = A
            /r[~2] = 2
            /meta/instanceID = uuid:one
            /meta/deprecatedID = uuid:zero
            /gone leftover-unknown-node"#]],
        "<income>5</income><began>2017-04-12T10:42:00.000+08:00</began><kind>rich</kind><twice>10</twice><r><who>A</who></r><r><who/></r><meta><instanceID>uuid:one</instanceID><deprecatedID>uuid:zero</deprecatedID></meta>",
    );
}

#[test]
fn non_answers_go_out_and_come_in() {
    check_taken(
        r#"<income n:non_answer="refused"/><began>2017-04-12T10:42:00.000+08:00</began><meta><instanceID>uuid:one</instanceID></meta>"#,
        &expect![[r#"
            /income = (refused)
            /began = 2017-04-12T10:42:00.000+08:00
            /meta/instanceID = uuid:one"#]],
        r#"<income tianye:non_answer="refused"/><began>2017-04-12T10:42:00.000+08:00</began><kind>poor</kind><twice/><meta><instanceID>uuid:one</instanceID></meta>"#,
    );
    // A value beside it counts; a word that is no non-answer is passed over.
    let (s, _) = Scenario::editing(
        &household(),
        r#"<data xmlns:n="https://tianye.cn/xforms/1" id="test"><income n:non_answer="refused">7</income><kind n:non_answer="tired"/></data>"#,
        NOW,
        Properties::default(),
    )
    .unwrap();
    assert_eq!((s.value("/income"), s.value("/kind")), ("7", "opened"));
}

#[track_caller]
fn check_head(submission: &str, expect: Option<[&str; 4]>) {
    let head = SubmissionHead::read(submission).unwrap();
    let found = head.as_ref().map(|head| [&*head.form_id, &*head.version, &*head.instance_id, &*head.deprecated_id]);
    assert_eq!(found, expect);
}

#[test]
fn a_submission_says_its_form_and_its_names() {
    check_head(
        r#"<?xml version="1.0"?><data id="f" version="3"><a/><meta><instanceID> uuid:1 </instanceID><deprecatedID>uuid:0</deprecatedID></meta></data>"#,
        Some(["f", "3", "uuid:1", "uuid:0"]),
    );
    check_head(
        r#"<data xmlns="http://of.the/form" xmlns:o="http://openrosa.org/xforms"><o:meta><o:instanceID>uuid:1</o:instanceID></o:meta></data>"#,
        Some(["http://of.the/form", "", "uuid:1", ""]),
    );
    check_head(r#"<data id="f"/>"#, Some(["f", "", "", ""]));
    check_head(r#"<h:html xmlns:h="http://www.w3.org/1999/xhtml" id="f"><h:head/></h:html>"#, None);
    check_head("<manifest xmlns=\"http://openrosa.org/xforms/xformsManifest\"/>", None);
    check_head("<svg/>", None);
    let sealed = r#"<data id="f" encrypted="yes" xmlns="http://opendatakit.org/submissions"><base64EncryptedKey>x</base64EncryptedKey></data>"#;
    assert!(SubmissionHead::read(sealed).unwrap().unwrap().encrypted);
    assert_eq!(SubmissionHead::read("<data").unwrap_err().code(), "submission-not-xml");
}
