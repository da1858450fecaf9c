//! Rows of repeats: added, inserted, moved, removed, counted.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use common::{Scenario, form, inputs, path, show, xml};
use expect_test::{Expect, expect};

#[track_caller]
fn check(found: &str, expect: &Expect) {
    expect.assert_eq(found);
}

fn roster() -> String {
    xml(
        r#"<n/><sum/><names/><roster jr:template=""><name/><age>7</age><share/><place/><before/></roster><roster><name/><age>7</age><share/><place/><before/></roster>"#,
        r#"<bind nodeset="/data/n" type="int" calculate="count(/data/roster)"/>
<bind nodeset="/data/sum" type="int" calculate="sum(/data/roster/age)"/>
<bind nodeset="/data/names" calculate="join('、', /data/roster/name)"/>
<bind nodeset="/data/roster/age" type="int"/>
<bind nodeset="/data/roster/share" type="decimal" calculate="round(/data/roster/age div /data/sum, 2)"/>
<bind nodeset="/data/roster/place" type="int" calculate="position(..)"/>
<bind nodeset="/data/roster/before" calculate="/data/roster[position() = position(current()/..) - 1]/name"/>"#,
        r#"<group ref="/data/roster"><label>家里人</label><repeat nodeset="/data/roster">
<input ref="/data/roster/name"><label>名字</label></input><input ref="/data/roster/age"><label>年龄</label></input></repeat></group>"#,
    )
}

#[test]
fn rows_come_and_go_and_everything_follows() {
    let mut s = Scenario::new(&form(&roster()));
    s.answer("/roster[~1]/name", "奶奶");
    s.answer("/roster[~1]/age", "66");
    check(
        &show(&s.add("/roster", 0xa)),
        &expect![[r#"
        /roster[a] RowAdded(2)
        /n = “2” (calculated)
        /sum = “73” (calculated)
        /names = “奶奶、” (calculated)
        /roster[~1]/share = “0.9” (calculated)
        /roster[a]/age = “7”
        /roster[a]/share = “0.1” (calculated)
        /roster[a]/place = “2” (calculated)
        /roster[a]/before = “奶奶” (calculated)"#]],
    );
    s.answer("/roster[0000000000000000000000000000000a]/name", "小满");
    s.add("/roster", 0xb);
    s.answer("/roster[0000000000000000000000000000000b]/name", "爸爸");
    check(
        &s.state(),
        &expect![[r#"
            /n = 3
            /sum = 80
            /names = 奶奶、小满、爸爸
            /roster[~1] = 1
            /roster[~1]/name = 奶奶
            /roster[~1]/age = 66
            /roster[~1]/share = 0.83
            /roster[~1]/place = 1
            /roster[a] = 2
            /roster[a]/name = 小满
            /roster[a]/age = 7
            /roster[a]/share = 0.09
            /roster[a]/place = 2
            /roster[a]/before = 奶奶
            /roster[b] = 3
            /roster[b]/name = 爸爸
            /roster[b]/age = 7
            /roster[b]/share = 0.09
            /roster[b]/place = 3
            /roster[b]/before = 小满
            /meta/instanceID = uuid:6c576fac-43fd-407c-8268-86b3864a1b1b"#]],
    );
    check(
        &show(&s.remove("/roster[~1]")),
        &expect![[r#"
        /roster[~1] RowRemoved(kept false)
        /n = “2” (calculated)
        /sum = “14” (calculated)
        /names = “小满、爸爸” (calculated)
        /roster[a]/share = “0.5” (calculated)
        /roster[a]/place = “1” (calculated)
        /roster[a]/before = “” (calculated)
        /roster[b]/share = “0.5” (calculated)
        /roster[b]/place = “2” (calculated)"#]],
    );
    let (again, leftovers) = s.resumed();
    assert!(leftovers.is_empty(), "{leftovers:?}");
    assert_eq!(again.state(), s.state());
}

#[test]
fn rows_are_refused_with_a_reason() {
    let counted = xml(
        "<n/><r><x/></r>",
        r#"<bind nodeset="/data/n" type="int"/>"#,
        r#"<input ref="/data/n"><label>n</label></input><repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"><label>x</label></input></repeat>"#,
    );
    let mut s = Scenario::new(&form(&counted));
    let code = s.with(|session, context| {
        session.add_row(&path("/r"), tianye_xform::RowId::random(1), context).unwrap_err().code()
    });
    assert_eq!(code, "row-fixed");
    let code = s.with(|session, context| session.remove_row(&path("/r[~9]"), context).unwrap_err().code());
    assert_eq!(code, "row-unknown");
}

#[test]
fn counted_rows_keep_their_values_while_they_are_away() {
    let counted = xml(
        "<n/><sum/><r><x/></r>",
        r#"<bind nodeset="/data/n" type="int"/><bind nodeset="/data/sum" calculate="sum(/data/r/x)"/><bind nodeset="/data/r/x" type="int"/>"#,
        r#"<input ref="/data/n"><label>n</label></input><repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"><label>x</label></input></repeat>"#,
    );
    let mut s = Scenario::new(&form(&counted));
    s.answer("/n", "3");
    for (row, value) in [("~1", "1"), ("~2", "20"), ("~3", "300")] {
        s.answer(&format!("/r[{row}]/x"), value);
    }
    assert_eq!(s.value("/sum"), "321");
    check(
        &show(&s.answer("/n", "1")),
        &expect![[r#"
        /r[~3] RowRemoved(kept true)
        /r[~2] RowRemoved(kept true)
        /n = “1”
        /sum = “1” (calculated)"#]],
    );
    check(
        &s.state(),
        &expect![[r#"
            /n = 1
            /sum = 1
            /r[~1] = 1
            /r[~1]/x = 1
            /r[~2] = 2 (set aside)
            /r[~2]/x = 20 (set aside)
            /r[~3] = 3 (set aside)
            /r[~3]/x = 300 (set aside)
            /meta/instanceID = uuid:6c576fac-43fd-407c-8268-86b3864a1b1b"#]],
    );
    let (mut again, leftovers) = s.resumed();
    assert!(leftovers.is_empty(), "{leftovers:?}");
    again.answer("/n", "3");
    assert_eq!(again.value("/sum"), "321");
    s.answer("/n", "3");
    assert_eq!(again.state(), s.state());
}

/// A row reads the one before it, whether rows may be hidden or not.
#[test]
fn rows_read_their_neighbours_by_number() {
    let model = |more: &str| {
        format!(
            r#"<bind nodeset="/data/n" type="int"/><bind nodeset="/data/hidden" type="int"/>
            <bind nodeset="/data/r/x" type="int"/><bind nodeset="/data/r/before" calculate="indexed-repeat(/data/r/x, /data/r, position(..) - 1)"/>
            <bind nodeset="/data/second" calculate="indexed-repeat(/data/r/x, /data/r, 2)"/>{more}"#
        )
    };
    let body = r#"<input ref="/data/n"><label>n</label></input><input ref="/data/hidden"><label>h</label></input>
        <repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"><label>x</label></input></repeat>"#;
    let instance = "<n/><hidden/><second/><r><x/><before/></r>";
    for (more, hidden, expect) in [
        ("", "", "second 20: 10 ←, 20 ←10, 30 ←20, 40 ←30"),
        (r#"<bind nodeset="/data/r" relevant="/data/hidden != '2'"/>"#, "", "second 20: 10 ←, 20 ←10, 30 ←20, 40 ←30"),
        (r#"<bind nodeset="/data/r" relevant="/data/hidden != '2'"/>"#, "2", "second :  ←,  ←,  ←,  ←"),
    ] {
        let mut s = Scenario::new(&form(&xml(instance, &model(more), body)));
        s.answer("/n", "4");
        for row in 1..=4 {
            s.answer(&format!("/r[~{row}]/x"), &format!("{row}0"));
        }
        s.answer("/hidden", hidden);
        let counts = |path: &str| {
            let field = s.session.fields().into_iter().find(|field| field.path.as_str() == path && field.counts);
            field.map(|field| field.given.text().to_owned()).unwrap_or_default()
        };
        let rows: Vec<String> = (1..=4)
            .map(|row| format!("{} ←{}", counts(&format!("/r[~{row}]/x")), counts(&format!("/r[~{row}]/before"))))
            .collect();
        assert_eq!(format!("second {}: {}", counts("/second"), rows.join(", ")), expect, "{more}");
    }
}

/// The rows as they stand, with the order keys they are kept under.
fn standing(s: &Scenario) -> String {
    let keys = s.session.fields().into_iter().filter(|field| field.path.row().is_some() && !field.given.is_blank());
    let keys: Vec<String> = keys.map(|field| field.given.text().to_owned()).collect();
    let rows = s.session.roster(&path("/r"));
    let rows: Vec<String> = rows
        .iter()
        .map(|row| {
            let value = |name: &str| s.session.value(&row.path.child(name)).unwrap().to_owned();
            format!("{}{}", value("v"), value("pos"))
        })
        .collect();
    format!("{} ({}) first {}", rows.join(" "), keys.join(" "), s.value("/first"))
}

#[test]
fn rows_are_inserted_and_moved_and_keep_their_identities() {
    let binds =
        r#"<bind nodeset="/data/r/pos" calculate="position(..)"/><bind nodeset="/data/first" calculate="/data/r/v"/>"#;
    let body = r#"<repeat nodeset="/data/r"><input ref="/data/r/v"><label>v</label></input></repeat>"#;
    let mut s = Scenario::new(&form(&xml(r#"<first/><r jr:template=""><v/><pos/></r>"#, binds, body)));
    let row = |n: u128| path("/r").with_row(&tianye_xform::RowId::random(n));
    for (n, name) in [(1, "a"), (2, "b"), (3, "c")] {
        s.add("/r", n);
        s.answer(row(n).child("v").as_str(), name);
    }
    assert_eq!(standing(&s), "a1 b2 c3 (1 2 3) first a");
    let delta = s.with(|session, context| session.insert_row(&path("/r"), tianye_xform::RowId::random(4), 1, context));
    check(
        &show(&delta.unwrap()),
        &expect![[r#"
        /r[4] RowAdded(2)
        /r[2]/pos = “3” (calculated)
        /r[3]/pos = “4” (calculated)
        /r[4]/pos = “2” (calculated)"#]],
    );
    s.answer(row(4).child("v").as_str(), "d");
    assert_eq!(standing(&s), "a1 d2 b3 c4 (1 1.5 2 3) first a");
    let delta = s.with(|session, context| session.move_row(&row(3), 0, context)).unwrap();
    assert_eq!(standing(&s), "c1 a2 d3 b4 (0.5 1 1.5 2) first c");
    assert_eq!(delta.writes().len(), 1, "only the row that was moved is written: {delta:?}");
    s.with(|session, context| session.move_row(&row(3), 99, context)).unwrap();
    assert_eq!(standing(&s), "a1 d2 b3 c4 (1 1.5 2 3) first a");
    assert!(s.with(|session, context| session.move_row(&row(3), 3, context)).unwrap().is_empty());
    // Kept and taken up again, they stand the same.
    let (again, leftovers) = s.resumed();
    assert_eq!((standing(&again), leftovers.len()), (standing(&s), 0));
    let error = s.with(|session, context| session.move_row(&row(9), 0, context)).unwrap_err();
    assert_eq!(error.code(), "row-unknown");
}

#[test]
fn rows_of_the_form_itself_are_moved_and_stay_moved() {
    let body = r#"<repeat nodeset="/data/r"><input ref="/data/r/v"><label>v</label></input></repeat>"#;
    let binds =
        r#"<bind nodeset="/data/r/pos" calculate="position(..)"/><bind nodeset="/data/first" calculate="/data/r/v"/>"#;
    let instance = "<first/><r><v>a</v><pos/></r><r><v>b</v><pos/></r>";
    let mut s = Scenario::new(&form(&xml(instance, binds, body)));
    s.with(|session, context| session.move_row(&path("/r[~2]"), 0, context)).unwrap();
    assert_eq!(standing(&s), "b1 a2 (0.5 1) first b");
    let (again, _) = s.resumed();
    assert_eq!(standing(&again), standing(&s));
    // Many insertions at one place: keys that stand too close make room.
    for n in 0..40 {
        s.with(|session, context| session.insert_row(&path("/r"), tianye_xform::RowId::random(n), 1, context)).unwrap();
    }
    let (again, _) = s.resumed();
    assert_eq!(standing(&again), standing(&s));
    assert_eq!(s.session.roster(&path("/r"))[40].id, tianye_xform::RowId::random(0));
}

/// Counted rows in counted rows are known again when a filling is opened, whatever stands in them.
#[test]
fn counted_rows_in_counted_rows_come_back() {
    let form = form(&xml(
        "<n/><k><who/><m/><l><x/></l></k>",
        r#"<bind nodeset="/data/n" type="int"/><bind nodeset="/data/k/m" type="int"/>"#,
        &format!(
            r#"{}<repeat nodeset="/data/k" jr:count="/data/n">{}<repeat nodeset="/data/k/l" jr:count="../m">{}</repeat></repeat>"#,
            inputs(&["/data/n"]),
            inputs(&["/data/k/who", "/data/k/m"]),
            inputs(&["/data/k/l/x"]),
        ),
    ));
    let mut s = Scenario::new(&form);
    s.answer("/n", "3");
    s.answer("/k[~3]/m", "2");
    s.answer("/k[~3]/l[~2]/x", "奶奶");
    let (again, leftovers) = s.resumed();
    assert_eq!(leftovers, Vec::<String>::new());
    assert_eq!(again.state(), s.state());
    assert_eq!(again.value("/k[~3]/l[~2]/x"), "奶奶");
}

/// Every row that comes later has its metadata of that moment, and keeps it.
#[test]
fn rows_that_come_have_their_metadata() {
    let model = r#"<bind nodeset="/data/n" type="int"/><bind nodeset="/data/last" calculate="/data/r[position() = count(/data/r)]/at"/>
<bind nodeset="/data/r/at" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/r/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
<bind nodeset="/data/r/day" type="date" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/r/who" jr:preload="property" jr:preloadParams="username"/>
<bind nodeset="/data/r/tool" jr:preload="property" jr:preloadParams="deviceid"/>
<bind nodeset="/data/r/seen" calculate="../who"/><bind nodeset="/data/r/l/day" type="date" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/r/set"/>"#;
    let rows = "<at/><end/><day/><who/><tool/><seen/><set/><x/><l><day/><y/></l>";
    // First values are restored as answers are, so there are none where a row must count as not answered.
    let first = r#"<setvalue event="odk-new-repeat" ref="/data/r/set" value="concat(/data/r/who, '!')"/>"#;
    let body = |count: &str| {
        let first = if count.is_empty() { first } else { "" };
        format!(
            r#"{}<repeat nodeset="/data/r"{count}>{first}{}<repeat nodeset="/data/r/l">{}</repeat></repeat>"#,
            inputs(&["/data/n"]),
            inputs(&["/data/r/x"]),
            inputs(&["/data/r/l/y"]),
        )
    };
    let later = "2017-04-13T08:00:00+08:00";
    let come = |s: &mut Scenario, counted: bool, to: &str| {
        if counted {
            s.answer("/n", to);
        } else {
            s.add("/r", 2);
        }
    };
    for (count, second) in [(r#" jr:count="/data/n""#, "/r[~2]"), ("", "/r[00000000000000000000000000000002]")] {
        let instance = format!(r#"<n/><last/><r jr:template="">{rows}</r><r>{rows}</r>"#);
        let mut s = Scenario::new(&form(&xml(&instance, model, &body(count))));
        let counted = !count.is_empty();
        if counted {
            s.answer("/n", "1");
        }
        s.now = later.into();
        come(&mut s, counted, "2");
        let found = |s: &Scenario, row: &str| {
            let names = ["at", "end", "day", "who", "tool", "seen", "set", "l[~1]/day"];
            names.map(|name| s.value(&format!("{row}/{name}")).to_owned()).join(" ")
        };
        let first = "2017-04-12T10:42:00.000+08:00  2017-04-12 xiaoman device-1 xiaoman";
        let set = if counted { "" } else { "xiaoman!" };
        let expect = &format!("2017-04-13T08:00:00.000+08:00  2017-04-13 xiaoman device-1 xiaoman {set} 2017-04-13");
        assert!(found(&s, "/r[~1]").starts_with(first), "{}", found(&s, "/r[~1]"));
        assert_eq!(&found(&s, second), expect, "{count}");
        assert_eq!(s.value("/last"), "2017-04-13T08:00:00.000+08:00");
        s.now = "2017-04-14T08:00:00+08:00".into();
        let (mut again, _) = s.resumed();
        assert_eq!(again.state(), s.state());
        assert_eq!(&found(&again, second), expect, "{count}");
        if counted {
            // Nobody has answered in it: it comes back as a new one, here and in a filling that was opened again.
            for s in [&mut s, &mut again] {
                s.answer("/n", "1");
                s.answer("/n", "2");
                assert_eq!(found(s, second), expect.replace("04-13", "04-14"));
                s.answer("/r[~2]/x", "x");
                s.now = "2017-04-15T08:00:00+08:00".into();
                s.answer("/n", "1");
                s.answer("/n", "2");
                assert_eq!(found(s, second), expect.replace("04-13", "04-14"));
            }
        }
    }
}
