//! What a person does with a form, and what they see.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use common::{Scenario, form, path, show, xml};
use expect_test::{Expect, expect};
use tianye_xform::{PageKind, Session};

#[track_caller]
fn check(found: &str, expect: &Expect) {
    expect.assert_eq(found);
}

fn family() -> String {
    xml(
        "<age/><where/><away/><note/>",
        r#"<itext>
<translation lang="中文 (zh)" default="true()">
 <text id="/data/age:label"><value>几岁？</value></text>
 <text id="/data/where:label"><value>爸爸在哪里？</value></text>
 <text id="here"><value>在家</value></text><text id="away"><value>外出</value></text>
 <text id="/data/away:label"><value><output value="/data/age"/> 岁时爸爸外出几个月了？</value></text>
 <text id="/data/away:hint"><value>大约也行</value><value form="guidance">不要追问</value></text>
 <text id="msg"><value>0 到 240 个月</value></text>
</translation>
<translation lang="English (en)">
 <text id="/data/age:label"><value>How old?</value></text>
 <text id="/data/where:label"><value>Where is your father?</value></text>
 <text id="here"><value>At home</value></text><text id="away"><value>Away</value></text>
 <text id="/data/away:label"><value>Months away, at <output value="/data/age"/>?</value></text>
 <text id="/data/away:hint"><value>About is fine</value></text>
 <text id="msg"><value>0 to 240 months</value></text>
</translation></itext>
<bind nodeset="/data/age" type="int" required="true()" constraint=". &gt; 5 and . &lt; 19" jr:constraintMsg="6 到 18 岁"/>
<bind nodeset="/data/away" type="int" relevant="/data/where = 'away'" constraint=". &lt;= 240" jr:constraintMsg="jr:itext('msg')" tianye:section_code="away"/>
<bind nodeset="/data/note" type="string" readonly="true()" calculate="if(/data/away &gt;= 6, 'long', '')"/>"#,
        r#"<input ref="/data/age"><label ref="jr:itext('/data/age:label')"/></input>
<select1 ref="/data/where"><label ref="jr:itext('/data/where:label')"/>
 <item><label ref="jr:itext('here')"/><value>home</value></item>
 <item><label ref="jr:itext('away')"/><value>away</value></item></select1>
<input ref="/data/away"><label ref="jr:itext('/data/away:label')"/><hint ref="jr:itext('/data/away:hint')"/></input>"#,
    )
}

#[test]
fn an_answer_changes_only_what_depends_on_it() {
    let mut s = Scenario::new(&form(&family()));
    check(
        &show(&s.answer("/age", "１０")),
        &expect![[r#"
        /age = “10”
        /age Validity(None)
        /away Label"#]],
    );
    check(
        &show(&s.answer("/where", "away")),
        &expect![[r#"
        /where = “away”
        /away Relevant(true)"#]],
    );
    check(
        &show(&s.answer("/away", "300")),
        &expect![[r#"
        /away = “300”
        /away Validity(Some(Constraint))
        /note = “long” (calculated)"#]],
    );
    check(
        &show(&s.answer("/where", "home")),
        &expect![[r#"
        /where = “home”
        /away Relevant(false)
        /away Validity(None)
        /note = “” (calculated)"#]],
    );
    // Hidden, not lost.
    assert_eq!(s.value("/away"), "");
    check(
        &show(&s.answer("/where", "away")),
        &expect![[r#"
        /where = “away”
        /away Relevant(true)
        /away Validity(Some(Constraint))
        /note = “long” (calculated)"#]],
    );
    assert_eq!(s.value("/away"), "300");
}

#[test]
fn texts_follow_the_language_and_the_values() {
    let mut s = Scenario::new(&form(&family()));
    s.answer("/age", "10");
    s.answer("/where", "away");
    s.answer("/away", "241");
    let show = |s: &Scenario| {
        let view = s.session.view(&path("/away")).unwrap();
        let place = s.session.view(&path("/where")).unwrap();
        let options: Vec<String> = place.options.iter().map(|o| format!("{}={}", o.value, o.label)).collect();
        format!(
            "{} / {} / {} / {}\n{} [{}]",
            view.label,
            view.hint,
            view.guidance,
            view.problem.unwrap().message.unwrap(),
            place.display,
            options.join(", ")
        )
    };
    check(
        &show(&s),
        &expect![[r#"
        10 岁时爸爸外出几个月了？ / 大约也行 / 不要追问 / 0 到 240 个月
        外出 [home=在家, away=外出]"#]],
    );
    assert!(s.session.set_language("English (en)"));
    check(
        &show(&s),
        &expect![[r#"
        Months away, at 10? / About is fine /  / 0 to 240 months
        Away [home=At home, away=Away]"#]],
    );
    assert_eq!(s.session.label_in(&path("/age"), "中文 (zh)"), "几岁？");
    assert_eq!(s.session.options_in(&path("/where"), "中文 (zh)")[1].label, "外出");
    assert!(!s.session.set_language("Deutsch"));
    assert_eq!(s.session.language(), "English (en)");
}

#[test]
fn refusals_say_what_was_expected_and_change_nothing() {
    let mut s = Scenario::new(&form(&family()));
    s.refuse("/age", "ten", "answer-not-integer");
    s.refuse("/where", "moon", "answer-not-offered");
    s.refuse("/away", "3", "answer-not-relevant");
    s.refuse("/note", "x", "answer-readonly");
    s.refuse("/nowhere", "x", "answer-unknown-field");
    s.refuse("/", "x", "answer-not-a-question");
    assert_eq!(s.value("/age"), "");
}

#[test]
fn validation_lists_faults_in_form_order() {
    let mut s = Scenario::new(&form(&family()));
    let faults = |s: &Scenario| -> Vec<String> {
        s.session.validate().iter().map(|i| format!("{} {} {:?}", i.path, i.fault.code(), i.message)).collect()
    };
    assert_eq!(faults(&s), ["/age answer-missing None"]);
    s.answer("/age", "30");
    assert_eq!(faults(&s), ["/age answer-constraint Some(\"6 到 18 岁\")"]);
    s.answer("/age", "12");
    assert!(faults(&s).is_empty());
}

#[test]
fn a_choice_that_is_no_longer_offered_is_set_aside_and_comes_back() {
    let cascade = xml(
        "<county/><school/><seen/>",
        r#"<instance id="schools"><root><item><county>wuyi</county><name>s1</name><label>石塘小学（示例）</label></item>
<item><county>wuyi</county><name>s2</name><label>柳城小学（示例）</label></item>
<item><county>wenling</county><name>s3</name><label>海边小学（示例）</label></item></root></instance>
<bind nodeset="/data/seen" calculate="jr:choice-name(/data/school, '/data/school')"/>"#,
        r#"<select1 ref="/data/county"><label>县</label><item><label>武义</label><value>wuyi</value></item><item><label>温岭</label><value>wenling</value></item></select1>
<select1 ref="/data/school"><label>学校</label><itemset nodeset="instance('schools')/root/item[county = /data/county]"><value ref="name"/><label ref="label"/></itemset></select1>"#,
    );
    let mut s = Scenario::new(&form(&cascade));
    check(
        &show(&s.answer("/county", "wuyi")),
        &expect![[r#"
        /county = “wuyi”
        /school Options"#]],
    );
    s.refuse("/school", "s3", "answer-not-offered");
    s.answer("/school", "s2");
    assert_eq!(s.value("/seen"), "柳城小学（示例）");
    check(
        &show(&s.answer("/county", "wenling")),
        &expect![[r#"
        /county = “wenling”
        /school Counts(false)
        /seen = “” (calculated)
        /school Options"#]],
    );
    assert_eq!(s.value("/school"), "");
    s.answer("/county", "wuyi");
    assert_eq!(s.value("/school"), "s2");
}

#[test]
fn pages_follow_the_groups() {
    let pages = xml(
        "<start/><a><x/><deep><y/></deep></a><b><p/><q/></b><r><name/></r>",
        r#"<bind nodeset="/data/a/x" required="true()"/><bind nodeset="/data/b" relevant="/data/start = 'yes'"/>"#,
        r#"<input ref="/data/start"><label>开始</label></input>
<group ref="/data/a"><label>A 基本</label><input ref="/data/a/x"><label>x</label></input><group ref="/data/a/deep"><label>里面</label><input ref="/data/a/deep/y"><label>y</label></input></group></group>
<group ref="/data/b" appearance="field-list"><label>B 一页</label><input ref="/data/b/p"><label>p</label></input><input ref="/data/b/q"><label>q</label></input></group>
<group ref="/data/r"><label>名册</label><repeat nodeset="/data/r"><input ref="/data/r/name"><label>名字</label></input></repeat></group>"#,
    );
    let mut s = Scenario::new(&form(&pages));
    let tree = |session: &Session| {
        let mut lines = Vec::new();
        for section in session.outline().sections {
            let p = section.progress;
            let mark = if section.relevant { "" } else { " (not asked)" };
            let path = section.path.map_or_else(|| "-".to_owned(), |path| path.to_string());
            lines.push(format!("{path} {} {}/{} missing {}{mark}", section.title, p.answered, p.total, p.missing));
            for page in section.pages {
                let inside: Vec<String> = page.items.iter().map(|item| item.path.to_string()).collect();
                let rows: Vec<String> = page.rows.iter().map(|row| format!("{}:{}", row.position, row.title)).collect();
                let parts = [inside.join(" "), rows.join(" "), page.columns.join(" "), page.trail.join(" › ")];
                let mark = if page.relevant { "" } else { " (not asked)" };
                lines.push(format!("  {} {:?} {} [{}]{mark}", page.path, page.kind, page.title, parts.join("|")));
            }
        }
        lines.join("\n")
    };
    check(
        &tree(&s.session),
        &expect![[r#"
        -  0/1 missing 0
          /start Question 开始 [/start|||]
        /a A 基本 0/2 missing 1
          /a/x Question x [/a/x|||]
          /a/deep/y Question y [/a/deep/y|||里面]
        /b B 一页 0/0 missing 0 (not asked)
          /b FieldList B 一页 [/b/p /b/q|||] (not asked)
        /r 名册 0/1 missing 0
          /r Roster 名册 [|1:名册|/r/name|]"#]],
    );
    s.answer("/start", "yes");
    s.answer("/r[~1]/name", "奶奶");
    s.add("/r", 5);
    let outline = s.session.outline();
    assert_eq!((outline.progress.answered, outline.progress.total), (2, 7));
    let roster = outline.pages().find(|page| page.kind == PageKind::Roster).unwrap();
    assert!(roster.can_add && roster.rows[1].can_remove && roster.rows.len() == 2);
}

#[test]
fn kept_values_that_have_no_place_come_back() {
    let form = form(&family());
    let s = Scenario::new(&form);
    let next = std::cell::Cell::new(1);
    let random = || common::draw(&next);
    let context = tianye_xform::Context {
        now: chrono::DateTime::parse_from_rfc3339(&s.now).unwrap(),
        random: &random,
        properties: &s.properties,
    };
    let fields = [("/age", "10"), ("/gone", "x"), ("/where", "away"), ("/roster[~1]/x", "1"), ("/away", "many")];
    let fields = fields.map(|(at, value)| (path(at), value.to_owned()));
    let (session, leftovers) = Session::resume(form, fields, &context);
    assert_eq!(session.value(&path("/age")), Some("10"));
    let leftovers: Vec<String> =
        leftovers.iter().map(|l| format!("{} {} {}", l.path, l.given.text(), l.reason.code())).collect();
    assert_eq!(
        leftovers,
        ["/gone x leftover-unknown-node", "/roster[~1]/x 1 leftover-unknown-node", "/away many leftover-other-type"]
    );
}

#[test]
fn the_submission_drops_what_is_not_relevant() {
    let mut s = Scenario::new(&form(&family()));
    s.answer("/age", "10");
    s.answer("/where", "away");
    s.answer("/away", "12");
    s.answer("/where", "home");
    check(
        &s.session.instance_xml(),
        &expect![[r#"
            <?xml version="1.0"?>
            <data id="test" version="1"><age>10</age><where>home</where><note/><meta><instanceID>uuid:6c576fac-43fd-407c-8268-86b3864a1b1b</instanceID></meta></data>"#]],
    );
}

#[test]
fn metadata_comes_from_the_context() {
    let meta = xml(
        "<start/><end/><today/><device/><user/>",
        r#"<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
<bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
<bind nodeset="/data/today" type="date" jr:preload="date" jr:preloadParams="today"/>
<bind nodeset="/data/device" jr:preload="property" jr:preloadParams="deviceid"/>
<bind nodeset="/data/user" jr:preload="property" jr:preloadParams="username"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>"#,
        "",
    );
    let mut s = Scenario::new(&form(&meta));
    s.now = "2017-04-12T11:30:00+08:00".into();
    check(&show(&s.with(Session::finalise)), &expect!["/end = “2017-04-12T11:30:00.000+08:00”"]);
    check(
        &s.state(),
        &expect![[r#"
            /start = 2017-04-12T10:42:00.000+08:00
            /end = 2017-04-12T11:30:00.000+08:00
            /today = 2017-04-12
            /device = device-1
            /user = xiaoman
            /meta/instanceID = uuid:6c576fac-43fd-407c-8268-86b3864a1b1b"#]],
    );
    s.now = "2017-04-13T09:00:00+08:00".into();
    let (again, _) = s.resumed();
    assert_eq!(again.state(), s.state());
}

#[test]
fn actions_set_values() {
    let actions = xml(
        r#"<first/><a/><copied/><r jr:template=""><n/></r>"#,
        r#"<setvalue event="odk-instance-first-load" ref="/data/first" value="today()"/>"#,
        r#"<input ref="/data/first"><label>f</label></input><input ref="/data/a"><label>a</label><setvalue event="xforms-value-changed" ref="/data/copied" value="concat(/data/a, '!')"/></input>
<input ref="/data/copied"><label>c</label></input>
<repeat nodeset="/data/r"><setvalue event="odk-new-repeat" ref="/data/r/n" value="concat(../../a, position(..))"/><input ref="/data/r/n"><label>n</label></input></repeat>"#,
    );
    let mut s = Scenario::new(&form(&actions));
    assert_eq!(s.value("/first"), "2017-04-12");
    s.answer("/first", "x");
    check(
        &show(&s.answer("/a", "满")),
        &expect![[r#"
        /a = “满”
        /copied = “满!”"#]],
    );
    s.answer("/copied", "mine");
    assert!(s.answer("/a", "满").is_empty());
    assert_eq!(s.value("/copied"), "mine");
    check(
        &show(&s.add("/r", 7)),
        &expect![[r#"
        /r[7] RowAdded(1)
        /r[7]/n = “满1”"#]],
    );
    let (again, _) = s.resumed();
    assert_eq!(again.state(), s.state());
}

#[test]
fn the_dictionary_tells_of_questions_and_choices() {
    let form = form(&family());
    let lines: Vec<String> = form
        .questions()
        .iter()
        .map(|q| {
            let labels: Vec<&str> = q.labels.iter().map(|(_, text)| text.as_str()).collect();
            let choices: Vec<&str> = q.choices.iter().map(|c| c.value.as_str()).collect();
            format!("{} {:?} {:?} {labels:?} {choices:?} {:?}", q.path, q.kind, q.origin, q.attributes)
        })
        .collect();
    check(
        &lines.join("\n"),
        &expect![[r#"
        /age Integer Answered ["几岁？", "How old?"] [] []
        /where SelectOne Answered ["爸爸在哪里？", "Where is your father?"] ["home", "away"] []
        /away Integer Answered ["{/data/age} 岁时爸爸外出几个月了？", "Months away, at {/data/age}?"] [] [("tianye:section_code", "away")]
        /note Text Calculated [] [] []
        /meta/instanceID Text Metadata [] [] []"#]],
    );
}

#[test]
fn answers_do_not_show_in_debug() {
    let mut s = Scenario::new(&form(&family()));
    s.answer("/age", "13");
    let delta = s.answer("/age", "17");
    let view = s.session.view(&path("/age")).unwrap();
    let shown = format!("{delta:?} {view:?} {:?} {:?}", s.session, s.session.fields());
    assert!(!shown.contains("17"), "{shown}");
}

#[test]
fn a_rank_holds_what_a_person_placed() {
    let item = |value: &str| format!("<item><name>{value}</name><label>{value}</label></item>");
    let list = format!(r#"<instance id="l"><root>{}{}{}</root></instance>"#, item("a"), item("b"), item("c"));
    let mut s = Scenario::new(&form(&xml(
        "<few/><r/>",
        &format!(r#"{list}<bind nodeset="/data/r" type="odk:rank"/>"#),
        r#"<input ref="/data/few"><label>few</label></input><odk:rank ref="/data/r"><label>r</label>
<itemset nodeset="instance('l')/root/item[/data/few = '' or name != 'a']"><value ref="name"/><label ref="label"/></itemset></odk:rank>"#,
    )));
    let counts = |s: &Scenario| s.session.view(&path("/r")).unwrap().value;
    s.answer("/r", "c a");
    assert_eq!(counts(&s), "c a");
    assert_eq!(counts(&s.resumed().0), "c a", "half made stays half made");
    s.answer("/few", "yes");
    assert_eq!(counts(&s), "c", "what is no longer offered has no place");
    s.answer("/few", "");
    assert_eq!(counts(&s), "c a", "and comes back with its place");
}
