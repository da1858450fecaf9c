//! The form language line by line: bind types, controls, texts, repeats, functions that need a form.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use common::{Scenario, form, inputs, path, xml};

/// One question of that bind type and control: what is stored for an answer, or the code of the refusal.
#[track_caller]
fn takes(kind: &str, control: &str, given: &str, expect: &str) {
    let body = control.replace("REF", r#"ref="/data/q""#);
    let mut s = Scenario::new(&form(&xml("<q/>", &format!(r#"<bind nodeset="/data/q" type="{kind}"/>"#), &body)));
    let found = s.with(|session, context| session.answer(&path("/q"), given, context));
    let found = found.map_or_else(|error| error.code().to_owned(), |_| s.value("/q").to_owned());
    assert_eq!(found, expect, "{kind} {given}");
}

const INPUT: &str = "<input REF><label>q</label></input>";

#[test]
fn each_type_takes_its_values_and_refuses_others() {
    for (kind, given, expect) in [
        ("string", " 张 三 ", " 张 三 "),
        ("int", "12", "12"),
        ("int", "1.5", "answer-not-integer"),
        ("decimal", "1.50", "1.5"),
        ("decimal", "x", "answer-not-decimal"),
        ("boolean", "1", "1"),
        ("boolean", "x", "answer-not-boolean"),
        ("date", "2017-05-02", "2017-05-02"),
        ("date", "2017-02-30", "answer-not-date"),
        ("time", "07:05", "07:05:00.000+08:00"),
        ("dateTime", "2017-05-02T07:05:00.000+08:00", "2017-05-02T07:05:00.000+08:00"),
        ("geopoint", "28.9 119.8 10 4", "28.9 119.8 10 4"),
        ("geopoint", "91 0", "answer-not-geopoint"),
        ("geotrace", "1 1;2 2", "1 1;2 2"),
        ("geotrace", "1 1", "answer-not-geoline"),
        ("geoshape", "0 0;0 1;1 1;0 0", "0 0;0 1;1 1;0 0"),
        ("geoshape", "0 0;0 1;1 1", "answer-not-geoline"),
        ("barcode", "690 123", "690 123"),
        ("intent", "x", "x"),
    ] {
        takes(kind, INPUT, given, expect);
    }
}

#[test]
fn each_control_takes_its_values_and_refuses_others() {
    let items = "<item><label>A</label><value>a</value></item><item><label>B</label><value>b</value></item>";
    let choose = |name: &str| format!("<{name} REF><label>q</label>{items}</{name}>");
    let range = r#"<range REF start="1" end="9" step="2"><label>q</label></range>"#;
    let decimal = r#"<range REF start="-1" end="1" step="0.5"><label>q</label></range>"#;
    let down = r#"<range REF start="5" end="1" step="1"><label>q</label></range>"#;
    let powers = r#"<range REF start="+0" end="1e3" step="1E1"><label>q</label></range>"#;
    let upload = r#"<upload REF mediatype="image/*"><label>q</label></upload>"#;
    for (kind, control, given, expect) in [
        ("string", choose("select1").as_str(), "b", "b"),
        ("string", &choose("select1"), "a b", "answer-not-offered"),
        ("string", &choose("select"), "b a b", "a b"),
        ("string", &choose("select"), "a c", "answer-not-offered"),
        ("odk:rank", &choose("odk:rank"), "b a", "b a"),
        ("odk:rank", &choose("odk:rank"), "b c", "answer-not-offered"),
        ("int", range, "3", "3"),
        ("int", range, "4", "answer-out-of-range"),
        ("int", range, "11", "answer-out-of-range"),
        ("decimal", decimal, "-0.5", "-0.5"),
        ("decimal", decimal, "0.25", "answer-out-of-range"),
        ("int", down, "2", "2"),
        ("int", powers, "990", "990"),
        ("int", powers, "995", "answer-out-of-range"),
        ("int", powers, "1010", "answer-out-of-range"),
        ("string", "<trigger REF><label>q</label></trigger>", "OK", "OK"),
        ("string", "<trigger REF><label>q</label></trigger>", "maybe", "answer-not-ok"),
        ("binary", upload, "photo.jpg", "photo.jpg"),
        ("string", "<secret REF><label>q</label></secret>", "x", "x"),
    ] {
        takes(kind, control, given, expect);
    }
}

#[test]
fn texts_have_short_forms_guidance_and_media() {
    let texts = r#"<itext><translation lang="zh" default="true()"><text id="q">
<value>你今年几岁？</value><value form="short">年龄</value><value form="guidance">按周岁</value><value form="image">jr://images/a.png</value><value form="big-image">jr://images/b.png</value><value form="audio">jr://audio/a.mp3</value><value form="video">jr://video/a.mp4</value></text>
<text id="long"><value form="long">只有长的</value></text><text id="both"><value form="long">长</value><value form="short">短</value></text></translation></itext>"#;
    let body = r#"<input ref="/data/q" appearance="numbers w1"><label ref="jr:itext('q')"/></input><input ref="/data/r"><label ref="jr:itext('long')"/></input><input ref="/data/s" rows="3" accuracyThreshold="5"><label ref="jr:itext('both')"/></input>"#;
    let binds = r#"<bind nodeset="/data/s" saveIncomplete="true()" xmlns:orx="http://openrosa.org/xforms" orx:max-pixels="1024"/>"#;
    let s = Scenario::new(&form(&xml("<q/><r/><s/>", &(texts.to_owned() + binds), body)));
    let view = |at: &str| s.session.view(&path(at)).unwrap();
    let q = view("/q");
    let media: Vec<String> = q.media.iter().map(|media| format!("{} {}", media.kind, media.file)).collect();
    assert_eq!((q.label.as_str(), q.short.as_str(), q.guidance.as_str()), ("你今年几岁？", "年龄", "按周岁"));
    assert_eq!(media, ["image a.png", "big-image b.png", "audio a.mp3", "video a.mp4"]);
    assert_eq!(q.appearance, ["numbers", "w1"]);
    assert_eq!((view("/r").label.as_str(), view("/r").short.as_str()), ("只有长的", ""));
    assert_eq!((view("/s").label.as_str(), view("/s").short.as_str()), ("长", "短"));
    let attributes = view("/s").attributes;
    for (name, value) in [("rows", "3"), ("accuracyThreshold", "5"), ("orx:max-pixels", "1024")] {
        assert!(attributes.contains(&(name.to_owned(), value.to_owned())), "{name}: {attributes:?}");
    }
}

#[test]
fn a_repeat_that_forbids_it_takes_no_rows_while_it_does() {
    let body = format!(
        r#"{}<repeat nodeset="/data/r" jr:noAddRemove="/data/fixed = 'yes'">{}</repeat>"#,
        inputs(&["/data/fixed"]),
        inputs(&["/data/r/x"])
    );
    let mut s = Scenario::new(&form(&xml("<fixed/><r><x/></r>", "", &body)));
    s.add("/r", 1);
    s.answer("/fixed", "yes");
    let code = |s: &mut Scenario| {
        let id = tianye_xform::RowId::random(2);
        s.with(|session, context| session.add_row(&path("/r"), id, context)).unwrap_err().code()
    };
    assert_eq!(code(&mut s), "row-fixed");
    let moved = s.with(|session, context| session.move_row(&path("/r[~1]"), 1, context)).unwrap_err();
    assert_eq!(moved.code(), "row-fixed");
    assert_eq!(s.session.roster(&path("/r")).len(), 2);
    s.answer("/fixed", "no");
    s.remove("/r[~1]");
}

#[test]
fn rows_stand_in_rows_and_are_counted_and_numbered_there() {
    let binds = r#"<bind nodeset="/data/class/n" calculate="count(../pupil)"/><bind nodeset="/data/class/pupil/no" calculate="concat(position(../..), '.', position(..))"/>
<bind nodeset="/data/class/pupil/first" calculate="indexed-repeat(/data/class/pupil/name, /data/class, 1, /data/class/pupil, position(..))"/>
<bind nodeset="/data/all" calculate="join(' ', /data/class/pupil/no)"/>"#;
    let body = r#"<repeat nodeset="/data/class"><repeat nodeset="/data/class/pupil"><input ref="/data/class/pupil/name"><label>n</label></input></repeat></repeat>"#;
    let instance = r#"<class jr:template=""><pupil jr:template=""><name/><no/><first/></pupil><n/></class><all/>"#;
    let mut s = Scenario::new(&form(&xml(instance, binds, body)));
    let row = |path: &str, n: u128| format!("{path}[{n:032x}]");
    let (one, two) = (row("/class", 1), row("/class", 2));
    s.add("/class", 1);
    s.add("/class", 2);
    for (class, pupils) in [(&one, [3, 4]), (&two, [5, 6])] {
        for pupil in pupils {
            s.add(&format!("{class}/pupil"), pupil);
            s.answer(&format!("{}/name", row(&format!("{class}/pupil"), pupil)), &format!("p{pupil}"));
        }
    }
    assert_eq!((s.value("/all"), s.value(&format!("{two}/n"))), ("1.1 1.2 2.1 2.2", "2"));
    assert_eq!(s.value(&format!("{}/first", row(&format!("{two}/pupil"), 6))), "p4");
    s.with(|session, context| session.move_row(&path(&two), 0, context)).unwrap();
    assert_eq!(s.value("/all"), "1.1 1.2 2.1 2.2");
    assert_eq!(s.value(&format!("{}/first", row(&format!("{one}/pupil"), 4))), "p6");
    s.remove(&two);
    assert_eq!(s.value("/all"), "1.1 1.2");
}

#[test]
fn options_come_from_rows_and_from_a_seeded_shuffle() {
    let list: String = (1..=6).map(|n| format!("<item><name>{n}</name><label>{n}</label></item>")).collect();
    let body = r#"<repeat nodeset="/data/r"><input ref="/data/r/who"><label>w</label></input></repeat><select1 ref="/data/eldest"><label>e</label><itemset nodeset="/data/r[./who != '']"><value ref="who"/><label ref="who"/></itemset></select1>
<input ref="/data/seed"><label>s</label></input><select1 ref="/data/q"><label>q</label><itemset nodeset="randomize(instance('l')/root/item, /data/seed)"><value ref="name"/><label ref="label"/></itemset></select1>"#;
    let model = format!(r#"<instance id="l"><root>{list}</root></instance><bind nodeset="/data/seed" type="int"/>"#);
    let mut s = Scenario::new(&form(&xml(r#"<r jr:template=""><who/></r><eldest/><seed>42</seed><q/>"#, &model, body)));
    s.add("/r", 1);
    s.refuse("/eldest", "奶奶", "answer-not-offered");
    s.answer(&format!("/r[{:032x}]/who", 1), "奶奶");
    s.answer("/eldest", "奶奶");
    s.answer(&format!("/r[{:032x}]/who", 1), "爷爷");
    assert_eq!(s.value("/eldest"), "", "the row says otherwise now");
    let order = |s: &Scenario| {
        let options = s.session.view(&path("/q")).unwrap().options;
        options.into_iter().map(|option| option.value).collect::<String>()
    };
    assert_eq!(order(&s), park_miller(42));
    s.answer("/seed", "7");
    assert_eq!(order(&s), park_miller(7));
}

/// The shuffle of the specification, written down once more: inside-out Fisher-Yates, Park-Miller.
fn park_miller(seed: i64) -> String {
    let mut state = seed % 2_147_483_647;
    let mut shuffled: Vec<char> = Vec::new();
    for (place, c) in "123456".chars().enumerate() {
        state = state * 16_807 % 2_147_483_647;
        let part = (state - 1) as f64 / 2_147_483_646.0;
        let swap = (part * (place + 1) as f64).floor() as usize;
        shuffled.push(c);
        shuffled.swap(swap, place);
    }
    shuffled.into_iter().collect()
}

#[test]
fn a_group_makes_everything_in_it_read_only() {
    let binds =
        r#"<bind nodeset="/data/g" readonly="/data/a = 'closed'"/><bind nodeset="/data/g/h/x" readonly="false()"/>"#;
    let body = format!(
        "{}<group ref=\"/data/g\"><group ref=\"/data/g/h\">{}</group></group>",
        inputs(&["/data/a"]),
        inputs(&["/data/g/h/x"])
    );
    let mut s = Scenario::new(&form(&xml("<a/><g><h><x/></h></g>", binds, &body)));
    s.answer("/g/h/x", "1");
    s.answer("/a", "closed");
    s.refuse("/g/h/x", "2", "answer-readonly");
    s.answer("/a", "");
    s.answer("/g/h/x", "3");
}

#[test]
fn a_calculated_question_with_a_control_is_corrected_until_it_is_calculated_again() {
    let binds = r#"<bind nodeset="/data/b" calculate="/data/a * 3"/><bind nodeset="/data/c" calculate="/data/b + 1"/><bind nodeset="/data/d" calculate="/data/a" readonly="true()"/>"#;
    let mut s = Scenario::new(&form(&xml("<a>2</a><b/><c/><d/>", binds, &inputs(&["/data/a", "/data/b", "/data/d"]))));
    s.answer("/b", "10");
    assert_eq!((s.value("/b"), s.value("/c")), ("10", "11"));
    // Screens are told that it is the form's own.
    assert!(s.session.view(&path("/b")).unwrap().readonly);
    s.answer("/a", "3");
    assert_eq!((s.value("/b"), s.value("/c")), ("9", "10"));
    s.refuse("/c", "1", "answer-readonly");
    s.refuse("/d", "1", "answer-readonly");
    s.answer("/b", "10");
    assert_eq!(s.resumed().0.value("/b"), "9");
}

#[test]
fn each_preload_writes_what_it_names() {
    let mut properties = tianye_xform::Properties {
        device_id: "d".into(),
        username: "u".into(),
        phone_number: "p".into(),
        email: "e".into(),
        ..tianye_xform::Properties::default()
    };
    properties.other.insert("simserial".into(), "s".into());
    let now = "2017-04-12T10:42:00+08:00";
    for (kind, parameters, expect) in [
        ("property", "deviceid", "d"),
        ("property", "username", "u"),
        ("property", "phonenumber", "p"),
        ("property", "phone number", "p"),
        ("property", "email", "e"),
        ("property", "simserial", "s"),
        ("property", "subscriberid", ""),
        ("date", "today", "2017-04-12"),
        ("timestamp", "start", "2017-04-12T10:42:00.000+08:00"),
        ("timestamp", "end", ""),
    ] {
        let bind = format!(r#"<bind nodeset="/data/m" jr:preload="{kind}" jr:preloadParams="{parameters}"/>"#);
        let form = form(&xml("<m/>", &bind, ""));
        let mut s = Scenario::with_properties(&form, now, properties.clone());
        assert_eq!(s.value("/m"), expect, "{kind} {parameters}");
        s.with(tianye_xform::Session::finalise);
        assert_eq!(s.value("/m").is_empty(), parameters == "subscriberid", "{kind} {parameters}");
    }
}

#[test]
fn a_form_knows_what_it_fills_in_from_an_answer() {
    let binds = r#"<bind nodeset="/data/full" calculate="concat(/data/q, '!')"/>
        <bind nodeset="/data/shout" calculate="string(/data/full)"/>
        <bind nodeset="/data/asked" relevant="/data/q = 'x'"/>
        <bind nodeset="/data/other" calculate="/data/asked"/>"#;
    let body = r#"<input ref="/data/q"><label>q</label>
            <setvalue event="xforms-value-changed" ref="/data/copy" value="/data/q"/></input>
        <input ref="/data/asked"><label>a</label></input>"#;
    let form = form(&xml("<q/><full/><shout/><copy/><asked/><other/>", binds, body));
    let from = |template: &str| form.filled_in_from([template]).into_iter().collect::<Vec<_>>();
    assert_eq!(from("/q"), ["/copy", "/full", "/shout"]);
    assert_eq!(from("/full"), ["/shout"]);
    assert_eq!(from("/other"), Vec::<&str>::new());
    assert_eq!(from("/nothing"), Vec::<&str>::new());
}

/// A group that is only drawn has no element, and so no relevance of its own: its questions have theirs.
#[test]
fn a_group_without_an_element_holds_its_questions() {
    let binds =
        r#"<bind nodeset="/data/b" relevant="/data/a = 'x'"/><bind nodeset="/data/c" relevant="/data/a = 'x'"/>"#;
    let body = inputs(&["/data/a"])
        + "<group><label>Home</label>"
        + &inputs(&["/data/b"])
        + "<group appearance=\"field-list\">"
        + &inputs(&["/data/c"])
        + "</group></group>";
    let mut s = Scenario::new(&form(&xml("<a/><b/><c/>", binds, &body)));
    let pages = |s: &Scenario| -> Vec<(String, bool)> {
        s.session.outline().pages().map(|page| (page.trail.join(" > "), page.relevant)).collect()
    };
    let home = |relevant| ("Home".to_owned(), relevant);
    assert_eq!(pages(&s)[1..], [home(false), home(false)]);
    s.answer("/a", "x");
    assert_eq!(pages(&s)[1..], [home(true), home(true)]);
    s.answer("/c", "here");
    assert_eq!(s.value("/c"), "here");
}
