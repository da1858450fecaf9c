//! Points that JavaRosa and ODK Web Forms agree on, each found by comparing with them.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use common::{Scenario, form, inputs, xml};

#[test]
fn what_is_not_relevant_compares_as_unanswered() {
    let mut s = Scenario::new(&form(&xml(
        "<q>no</q><away/><same/><other/><is/><counted/>",
        r#"<bind nodeset="/data/away" relevant="/data/q = 'yes'"/>
<bind nodeset="/data/same" calculate="/data/away = ''"/>
<bind nodeset="/data/other" calculate="'home' != /data/away"/>
<bind nodeset="/data/is" calculate="/data/away = 'home'"/>
<bind nodeset="/data/counted" calculate="count(/data/away)"/>"#,
        &inputs(&["/data/q", "/data/away"]),
    )));
    let found = |s: &Scenario| ["/same", "/other", "/is", "/counted"].map(|at| s.value(at).to_owned());
    assert_eq!(found(&s), ["true", "true", "false", "0"]);
    s.answer("/q", "yes");
    s.answer("/away", "home");
    assert_eq!(found(&s), ["false", "false", "true", "1"]);
    s.answer("/q", "no");
    assert_eq!(found(&s), ["true", "true", "false", "0"]);
}

/// XPath 1.0: a list that lacks a column is not a list whose column is empty.
#[test]
fn a_column_that_a_list_lacks_compares_with_nothing() {
    let s = Scenario::new(&form(&xml(
        "<q/><n/>",
        r#"<instance id="list"><root><item><name>a</name><up/></item><item><name>b</name></item></root></instance>
<bind nodeset="/data/n" calculate="count(instance('list')/root/item[up = /data/q])"/>"#,
        &inputs(&["/data/q"]),
    )));
    assert_eq!(s.value("/n"), "1");
}

#[test]
fn a_new_row_has_the_rows_that_its_template_has() {
    let inner = |open: &str| format!("{open}<age>7</age></child>");
    let rows = format!(
        "<family jr:template=\"\"><name/><facts>{}{}</facts></family><family><name/><facts>{}</facts></family>",
        inner("<child jr:template=\"\">"),
        inner("<child>"),
        inner("<child>")
    );
    let mut s = Scenario::new(&form(&xml(
        &rows,
        "",
        r#"<repeat nodeset="/data/family"><input ref="/data/family/name"><label>n</label></input>
<repeat nodeset="/data/family/facts/child"><input ref="/data/family/facts/child/age"><label>a</label></input></repeat></repeat>"#,
    )));
    let delta = s.add("/family", 5);
    assert_eq!(s.value(&format!("/family[{:032x}]/facts/child[~1]/age", 5)), "7");
    // Both rows and the first value are to be kept, and come back.
    assert_eq!(delta.writes().len(), 3);
    let before = s.state();
    let (resumed, leftovers) = s.resumed();
    assert_eq!((resumed.state(), leftovers), (before, Vec::<String>::new()));
}

#[test]
fn once_is_taken_after_the_first_values() {
    let mut s = Scenario::new(&form(&xml(
        "<q/><k/>",
        r#"<bind nodeset="/data/k" calculate="once(coalesce(/data/q, 7))"/>
<setvalue event="odk-instance-first-load" ref="/data/q" value="1 + 1"/>"#,
        &inputs(&["/data/q"]),
    )));
    assert_eq!(s.value("/k"), "2");
    s.answer("/q", "5");
    assert_eq!(s.value("/k"), "2");
}

#[test]
fn a_counted_row_that_nobody_answered_in_comes_with_the_first_values_of_now() {
    let mut s = Scenario::new(&form(&xml(
        "<n/><q/><r><a/><b/></r>",
        r#"<bind nodeset="/data/n" type="int"/>"#,
        r#"<input ref="/data/n"><label>n</label></input><input ref="/data/q"><label>q</label></input>
<repeat nodeset="/data/r" jr:count="/data/n"><setvalue event="odk-instance-first-load odk-new-repeat" ref="/data/r/a" value="/data/q"/>
<input ref="/data/r/a"><label>a</label></input><input ref="/data/r/b"><label>b</label></input></repeat>"#,
    )));
    s.answer("/q", "first");
    s.answer("/n", "1");
    assert_eq!(s.value("/r[~1]/a"), "first");
    s.answer("/n", "0");
    s.answer("/q", "second");
    s.answer("/n", "1");
    assert_eq!(s.value("/r[~1]/a"), "second");
    s.answer("/r[~1]/b", "mine");
    s.answer("/n", "0");
    s.answer("/q", "third");
    s.answer("/n", "1");
    assert_eq!((s.value("/r[~1]/a"), s.value("/r[~1]/b")), ("second", "mine"));
}

#[test]
fn rows_within_a_counted_row_come_with_their_first_values_too() {
    for inner in ["", r#" jr:count="2""#] {
        let s = |text: &str| text.replace("INNER", inner);
        let mut s = Scenario::new(&form(&xml(
            "<n/><q/><r><a/><w><b/></w></r>",
            r#"<bind nodeset="/data/n" type="int"/>"#,
            &s(r#"<input ref="/data/n"><label>n</label></input><input ref="/data/q"><label>q</label></input>
<repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/a"><label>a</label></input>
<repeat nodeset="/data/r/w"INNER><setvalue event="odk-instance-first-load odk-new-repeat" ref="/data/r/w/b" value="/data/q"/>
<input ref="/data/r/w/b"><label>b</label></input></repeat></repeat>"#),
        )));
        s.answer("/q", "first");
        s.answer("/n", "2");
        assert_eq!(s.value("/r[~1]/w[~1]/b"), "first", "{inner}");
        s.answer("/n", "0");
        s.answer("/q", "second");
        s.answer("/n", "1");
        assert_eq!(s.value("/r[~1]/w[~1]/b"), "second", "{inner}");
        s.answer("/r[~1]/a", "mine");
        s.answer("/n", "0");
        s.answer("/q", "third");
        s.answer("/n", "1");
        assert_eq!(s.value("/r[~1]/w[~1]/b"), "second", "{inner}");
    }
}

#[test]
fn a_resumed_row_takes_no_first_values_again() {
    let mut s = Scenario::new(&form(&xml(
        "<n/><q/><r><a/></r>",
        r#"<bind nodeset="/data/n" type="int"/>"#,
        r#"<input ref="/data/n"><label>n</label></input><input ref="/data/q"><label>q</label></input>
<repeat nodeset="/data/r" jr:count="/data/n"><setvalue event="odk-instance-first-load odk-new-repeat" ref="/data/r/a" value="/data/q"/>
<input ref="/data/r/a"><label>a</label></input></repeat>"#,
    )));
    s.answer("/n", "1");
    s.answer("/q", "later");
    assert_eq!(s.value("/r[~1]/a"), "");
    assert_eq!(s.resumed().0.value("/r[~1]/a"), "");
}

#[test]
fn first_values_of_rows_counted_at_load_are_changes() {
    let s = Scenario::new(&form(&xml(
        "<n>2</n><r><a/><b/></r>",
        "",
        r#"<repeat nodeset="/data/r" jr:count="/data/n"><setvalue event="odk-instance-first-load odk-new-repeat" ref="/data/r/a" value="1 + 1"/>
<input ref="/data/r/a"><label>a</label><setvalue event="xforms-value-changed" ref="/data/r/b" value="concat(/data/r/a, '!')"/></input>
</repeat>"#,
    )));
    assert_eq!((s.value("/r[~1]/b"), s.value("/r[~2]/b")), ("2!", "2!"));
}
