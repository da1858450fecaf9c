//! What is wrong with a form, and what of it runs all the same.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use common::{Scenario, form, inputs, path, xml};
use expect_test::{Expect, expect};
use tianye_xform::{Form, Media};

/// Problems of a form, one per line, without their places in the XML.
fn problems(xml: &str) -> (bool, String) {
    let (form, problems) = Form::parse(xml, &Media::none());
    let lines: Vec<String> = problems
        .iter()
        .map(|p| {
            let at = [p.place.path.as_deref(), p.place.part.as_deref()].map(Option::unwrap_or_default).join(" ");
            format!("{} {}: {}", at, p.code(), p.kind)
        })
        .collect();
    (form.is_some(), lines.join("\n"))
}

#[track_caller]
fn complains(xml: &str, loads: bool, expect: &Expect) {
    let (found, text) = problems(xml);
    expect.assert_eq(&text);
    assert_eq!(found, loads);
}

#[test]
fn problems_name_their_place_and_the_rest_loads() {
    complains(
        &xml(
            "<a/><b/><c/>",
            r#"<bind nodeset="/data/a" type="colour" relevant="/data/nope = 1" constraint="foo(.)"/>
<bind nodeset="/data/b" calculate="1 +" jr:preload="moon"/><bind nodeset="/data/zzz" type="int"/>"#,
            r#"<input ref="/data/a"><label ref="jr:itext('none')"/></input><hologram ref="/data/b"/><select1 ref="/data/c"><label>c</label><itemset nodeset="instance('lost')/root/item"><value ref="name"/><label ref="label"/></itemset></select1><input><label>x</label></input>"#,
        ),
        true,
        &expect![[r#"
            /a type unknown-type: unknown type “colour”, the question is treated as text
            /a relevant unknown-path: the form has no node “/data/nope”
            /a constraint expression-check: at character 1: there is no function foo()
            /b calculate expression-syntax: at character 4: found the end, expected a value, a path or a function; write a value, a path or a function or remove the end
            /b jr:preload unknown-word: unknown preload “moon”
             bind unknown-path: the form has no node “/data/zzz”
            /a label unknown-text: no text “none” in any language
            /  unknown-control: unknown control <hologram>, it is not shown
            /c itemset unknown-instance: the form has no instance “lost”
            / input control-without-node: <input> has neither “ref” nor “nodeset” nor “bind”"#]],
    );
}

#[test]
fn circles_are_refused_with_their_path() {
    let binds = r#"<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" relevant="/data/c = 1"/><bind nodeset="/data/c" calculate="/data/a"/>"#;
    complains(
        &xml("<a/><b/><c/>", binds, &inputs(&["/data/b"])),
        false,
        &expect![
            "/b  cycle: these depend on each other in a circle: /b relevant → /a calculate → /c calculate → /b relevant"
        ],
    );
    let own = r#"<bind nodeset="/data/a" calculate=". + 1"/>"#;
    complains(
        &xml("<a/>", own, ""),
        false,
        &expect!["/a  cycle: these depend on each other in a circle: /a calculate → /a calculate"],
    );
    let child = r#"<bind nodeset="/data/g" relevant="/data/g/x = 1"/>"#;
    complains(
        &xml("<g><x/></g>", child, ""),
        false,
        &expect!["/g  cycle: these depend on each other in a circle: /g relevant → /g/x relevant → /g relevant"],
    );
    // A constraint may look at the question itself; a row may look at another row.
    let fine = r#"<bind nodeset="/data/a" constraint=". &lt; 5 and /data/a &gt; 0"/><bind nodeset="/data/r/total" calculate="coalesce(/data/r[position() = position(current()/..) - 1]/total, 0) + ../x"/>"#;
    let body = r#"<input ref="/data/a"><label>a</label></input><repeat nodeset="/data/r"><input ref="/data/r/x"><label>x</label></input></repeat>"#;
    let mut s = Scenario::new(&form(&xml("<a/><r><x>1</x><total/></r>", fine, body)));
    for n in 1..=3 {
        s.add("/r", n);
    }
    let totals = |s: &Scenario| -> Vec<String> {
        let rows = s.session.roster(&path("/r"));
        rows.iter().map(|row| s.session.value(&row.path.child("total")).unwrap().to_owned()).collect()
    };
    assert_eq!(totals(&s), ["1", "2", "3", "4"]);
    s.answer("/r[~1]/x", "10");
    assert_eq!(totals(&s), ["10", "11", "12", "13"]);
    s.remove("/r[00000000000000000000000000000001]");
    assert_eq!(totals(&s), ["10", "11", "12"]);
}

#[test]
fn what_is_no_form_is_refused() {
    let first = |text: &str| Form::parse(text, &Media::none()).1[0].code();
    assert_eq!(first("not xml"), "form-not-xml");
    assert_eq!(first("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), "form-not-xml");
    assert_eq!(first("<a/>"), "form-missing-part");
    assert_eq!(first(&"<a>".repeat(100_000)), "form-too-deep");
}

#[test]
fn calculations_that_chase_each_other_are_stopped_and_told() {
    let endless = xml(
        "<a>1</a><b/>",
        "",
        r#"<input ref="/data/a"><label>a</label><setvalue event="xforms-value-changed" ref="/data/b" value="/data/a + 1"/></input>
<input ref="/data/b"><label>b</label><setvalue event="xforms-value-changed" ref="/data/a" value="/data/b + 1"/></input>"#,
    );
    let mut s = Scenario::new(&form(&endless));
    s.answer("/a", "5");
    assert_eq!(s.session.troubles()[0].code, "values-restless");
}
