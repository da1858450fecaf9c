//! Large forms: right values at sizes where a slow engine would not come back. Run with `--nocapture` to see the times.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code throughout")]

mod common;

use std::fmt::Write as _;
use std::time::Instant;

use common::{Scenario, form, path, xml};

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!("{what}: {:.2} ms", start.elapsed().as_secs_f64() * 1000.0);
    done
}

#[test]
fn a_cascade_over_ten_thousand_villages() {
    let mut list = String::new();
    for n in 0..10_000 {
        write!(list, "<item><county>c{}</county><name>v{n}</name><label>村 {n}</label></item>", n % 100).unwrap();
    }
    let text = xml(
        "<county/><village/>",
        &format!(r#"<instance id="villages"><root>{list}</root></instance>"#),
        r#"<input ref="/data/county"><label>c</label></input>
<select1 ref="/data/village"><label>v</label><itemset nodeset="instance('villages')/root/item[county = /data/county]"><value ref="name"/><label ref="label"/></itemset></select1>"#,
    );
    let form = timed("load", || form(&text));
    let mut s = Scenario::new(&form);
    timed("first county", || s.answer("/county", "c7"));
    timed("village", || s.answer("/village", "v107"));
    timed("second county", || s.answer("/county", "c8"));
    assert_eq!(s.value("/village"), "");
    let view = timed("options shown", || s.session.view(&path("/village")).unwrap());
    assert_eq!(view.options.len(), 100);
    assert_eq!(view.options[99].label, "村 9908");
    timed("back", || s.answer("/county", "c7"));
    assert_eq!(s.value("/village"), "v107");
}

#[test]
fn a_long_roster_whose_rows_all_read_the_sum() {
    let text = xml(
        r#"<sum/><r jr:template=""><x>1</x><share/></r>"#,
        r#"<bind nodeset="/data/sum" calculate="sum(/data/r/x)"/><bind nodeset="/data/r/x" type="int"/><bind nodeset="/data/r/share" calculate="../x div /data/sum"/>"#,
        r#"<repeat nodeset="/data/r"><input ref="/data/r/x"><label>x</label></input></repeat>"#,
    );
    let mut s = Scenario::new(&form(&text));
    timed("250 rows", || {
        for n in 1..=250 {
            s.add("/r", n);
        }
    });
    let row = "/r[00000000000000000000000000000001]";
    let delta = timed("one answer", || s.answer(&format!("{row}/x"), "251"));
    assert_eq!(delta.changed.len(), 1 + 1 + 250);
    assert_eq!(s.value("/sum"), "500");
    assert_eq!(s.value("/r[000000000000000000000000000000fa]/share"), "0.002");
    timed("row removed", || s.remove(row));
    assert_eq!(s.value("/sum"), "249");
}

#[test]
fn a_thousand_questions_and_a_long_chain() {
    let (mut instance, mut binds, mut body) = (String::new(), String::new(), String::new());
    for group in 0..100 {
        write!(instance, "<g{group}>").unwrap();
        write!(body, r#"<group ref="/data/g{group}"><label>G{group}</label>"#).unwrap();
        for q in 0..10 {
            let at = format!("/data/g{group}/q{q}");
            write!(instance, "<q{q}/>").unwrap();
            write!(body, r#"<input ref="{at}"><label>{at}</label></input>"#).unwrap();
            let relevant = if q == 5 { format!(r#" relevant="/data/g{group}/q4 != 9""#) } else { String::new() };
            write!(binds, r#"<bind nodeset="{at}" type="int" constraint=". &lt; 1000"{relevant}/>"#).unwrap();
        }
        let before = if group == 0 { "/data/g0/q0".to_owned() } else { format!("/data/g{}/chain", group - 1) };
        write!(binds, r#"<bind nodeset="/data/g{group}/chain" type="int" calculate="{before} + 1"/>"#).unwrap();
        write!(instance, "<chain/></g{group}>").unwrap();
        body += "</group>";
    }
    let text = xml(&instance, &binds, &body);
    let form = timed("load", || form(&text));
    let mut s = timed("start", || Scenario::new(&form));
    let delta = timed("head of the chain", || s.answer("/g0/q0", "5"));
    assert_eq!(delta.changed.len(), 101);
    assert_eq!(s.value("/g99/chain"), "105");
    let delta = timed("an answer on which one depends", || s.answer("/g50/q4", "9"));
    assert_eq!(delta.changed.len(), 2);
    assert_eq!(timed("outline", || s.session.outline()).progress.total, 999);
    assert!(timed("validation", || s.session.validate()).is_empty());
}
