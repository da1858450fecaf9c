//! Choices and look-ups from files that travel with a form.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use std::sync::Arc;

use common::{Scenario, inputs, path, xml};
use tianye_xform::{Form, Media};

const VILLAGES: &str = "name_key,label,label_en,county\nv1,上湾,Upper,a\nv2,下湾,Lower,a\nv3,上河,River,b\n";

#[track_caller]
fn with_files(text: &str, files: &[(&str, &str)], problems: &[&str]) -> Scenario {
    let media: Media = files.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect();
    let (form, found) = Form::parse(text, &media);
    let found: Vec<&str> = found.iter().map(|problem| problem.code()).collect();
    assert_eq!(found, problems);
    Scenario::new(&Arc::new(form.unwrap()))
}

fn offered(s: &Scenario, at: &str) -> Vec<String> {
    let options = s.session.view(&path(at)).unwrap().options;
    options.into_iter().map(|option| format!("{}={}", option.value, option.label)).collect()
}

fn searching(appearance: &str, items: &str) -> String {
    let select = format!(r#"<select1 ref="/data/v" appearance="{appearance}"><label>v</label>{items}</select1>"#);
    xml("<v/><c/><q/>", "", &(inputs(&["/data/c", "/data/q"]) + &select))
}

const COLUMNS: &str = "<item><label>label</label><value>name_key</value></item>";

#[track_caller]
fn finds(appearance: &str, county: &str, text: &str, expect: &[&str]) {
    let mut s = with_files(&searching(appearance, COLUMNS), &[("villages.csv", VILLAGES)], &[]);
    s.answer("/c", county);
    s.answer("/q", text);
    assert_eq!(offered(&s, "/v"), expect, "{appearance}");
}

#[test]
fn search_offers_the_rows_of_a_table() {
    finds("minimal search('villages')", "", "", &["v1=上湾", "v2=下湾", "v3=上河"]);
    finds("search('villages', 'matches', 'county', /data/c )", "a", "", &["v1=上湾", "v2=下湾"]);
    finds("search('villages', 'contains', 'label', ../q)", "", "湾", &["v1=上湾", "v2=下湾"]);
    finds("search('villages', 'startswith', 'label', ../q)", "", "上", &["v1=上湾", "v3=上河"]);
    finds("search('villages', 'endswith', 'label,label_en', ../q)", "", "er", &["v1=上湾", "v2=下湾", "v3=上河"]);
    finds("search('villages', 'startswith', 'label', concat('', ../q), 'county', ../c) quick", "b", "上", &["v3=上河"]);
    finds("search('villages', 'matches', 'county', ../c)", "z", "", &[]);
}

#[test]
fn search_keeps_numbered_choices_and_follows_the_language() {
    let items = r#"<item><label>None</label><value>0</value></item><item><label ref="jr:itext('v')"/><value>name_key</value></item>"#;
    let texts = r#"<itext><translation lang="zh"><text id="v"><value>label</value></text></translation><translation lang="en"><text id="v"><value> label_en </value></text></translation></itext>"#;
    let text = searching("search('villages', 'matches', 'county', ../c)", items)
        .replace("</data></instance>", &format!("</data></instance>{texts}"));
    let mut s = with_files(&text, &[("villages.csv", VILLAGES)], &[]);
    s.answer("/c", "b");
    assert_eq!(offered(&s, "/v"), ["0=None", "v3=上河"]);
    s.session.set_language("en");
    assert_eq!(offered(&s, "/v"), ["0=None", "v3=River"]);
    s.answer("/v", "v3");
    assert_eq!(s.session.view(&path("/v")).unwrap().display, "River");
    s.answer("/c", "a");
    assert_eq!(s.value("/v"), "");
    s.answer("/v", "0");
    assert_eq!(s.session.view(&path("/v")).unwrap().display, "None");
    s.refuse("/v", "v3", "answer-not-offered");
}

#[test]
fn a_table_that_is_missing_is_told() {
    let s = with_files(&searching("search('villages')", COLUMNS), &[], &["missing-media"]);
    assert!(offered(&s, "/v").is_empty());
    with_files(&searching("search()", COLUMNS), &[], &["unsupported-control"]);
    with_files(&searching("search('villages')", ""), &[("villages.csv", VILLAGES)], &["unsupported-control"]);
}

#[test]
fn pulldata_finds_a_file_that_no_instance_names() {
    let text = xml(
        "<v/><l/>",
        r#"<bind nodeset="/data/l" calculate="pulldata('villages', 'label', 'name_key', /data/v)"/>"#,
        &inputs(&["/data/v"]),
    );
    let mut s = with_files(&text, &[("villages.csv", VILLAGES)], &[]);
    s.answer("/v", "v2");
    assert_eq!(s.value("/l"), "下湾");
    with_files(&text, &[], &["unknown-instance"]);
}

#[test]
fn geojson_features_are_rows_with_their_geometry() {
    let places = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","id":"own","geometry":{"type":"Point","coordinates":[119.8,28.9]},"properties":{"name":"Well","深":3,"dry":false,"none":null}},
{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4.5]]},"properties":{"id":67,"name":"Path"}},
{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]},"properties":{"id":"f","name":"Field"}}]}"#;
    let text = xml(
        "<q/><g/><d/>",
        r#"<instance id="places" src="jr://file/places.geojson"/><bind nodeset="/data/g" calculate="instance('places')/root/item[id = /data/q]/geometry"/><bind nodeset="/data/d" calculate="join('|', instance('places')/root/item[1]/*)"/>"#,
        r#"<select1 ref="/data/q"><label>q</label><itemset nodeset="instance('places')/root/item"><value ref="id"/><label ref="name"/></itemset></select1>"#,
    );
    let mut s = with_files(&text, &[("places.geojson", places)], &[]);
    assert_eq!(offered(&s, "/q"), ["own=Well", "67=Path", "f=Field"]);
    assert_eq!(s.value("/d"), "28.9 119.8 0 0|own|Well|3|false|");
    for (choice, geometry) in
        [("own", "28.9 119.8 0 0"), ("67", "2 1 0 0; 4.5 3 0 0"), ("f", "0 0 0 0; 1 0 0 0; 1 1 0 0; 0 0 0 0")]
    {
        s.answer("/q", choice);
        assert_eq!(s.value("/g"), geometry);
    }
    for bad in [
        "[]",
        "{}",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiPoint"}}]}"#,
        "no",
    ] {
        with_files(&text, &[("places.geojson", bad)], &["bad-media"]);
    }
}

/// Its labels follow the language on the screen; where one has none, the table's own label stands.
#[test]
fn labels_of_external_lists_follow_the_language() {
    let table = "list_name,name,label,label::zh,label::en\ncities,hz,杭州,杭州,Hangzhou\ncities,jh,金华,金华,\n";
    let text = xml(
        "<city/>",
        r#"<itext><translation lang="zh" default="true()"><text id="c"><value>市</value></text></translation>
<translation lang="en"><text id="c"><value>City</value></text></translation></itext>"#,
        r#"<input ref="/data/city" query="instance('cities')/root/item"><label ref="jr:itext('c')"/></input>"#,
    );
    let media = Media::from_iter([("itemsets.csv", table.as_bytes().to_vec())]);
    let (form, problems) = Form::parse(&text, &media);
    assert!(problems.is_empty(), "{problems:?}");
    let form = Arc::new(form.unwrap());
    let mut s = Scenario::new(&form);
    let offered = |s: &Scenario| {
        let options = s.session.view(&path("/city")).unwrap().options;
        options.into_iter().map(|option| option.label).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(offered(&s), "杭州 金华");
    assert!(s.session.set_language("en"));
    assert_eq!(offered(&s), "Hangzhou 金华");
    let choices = form.question("/city").unwrap().choices;
    let labels: Vec<String> = choices[0].labels.iter().map(|(language, label)| format!("{language}={label}")).collect();
    assert_eq!(labels, ["zh=杭州", "en=Hangzhou"]);
}

/// A `select_one_external` asks one table for several lists, by the answers above it.
#[test]
fn external_lists_are_offered_by_their_filter() {
    let table = "list_name,name,label,province\nstates,zj,浙江,\ncities,hz,杭州,zj\ncities,jh,\"金华, 市\",zj\ncities,nj,南京,js\n";
    let text = xml(
        "<state/><city/>",
        r#"<bind nodeset="/data/state" type="string"/><bind nodeset="/data/city" type="string"/>"#,
        r#"<input ref="/data/state" query="instance('states')/root/item"><label>s</label></input>
<input ref="/data/city" query="instance('cities')/root/item[province= /data/state ]"><label>c</label></input>"#,
    );
    let media = Media::from_iter([("itemsets.csv", table.as_bytes().to_vec())]);
    let (form, problems) = Form::parse(&text, &media);
    assert!(problems.is_empty(), "{problems:?}");
    let mut s = Scenario::new(&Arc::new(form.unwrap()));
    let offered = |s: &Scenario| {
        let options = s.session.view(&path("/city")).unwrap().options;
        options.into_iter().map(|option| format!("{}={}", option.value, option.label)).collect::<Vec<_>>()
    };
    assert_eq!(offered(&s), Vec::<String>::new());
    s.answer("/state", "zj");
    assert_eq!(offered(&s), ["hz=杭州", "jh=金华, 市"]);
    s.answer("/city", "jh");
    s.refuse("/city", "nj", "answer-not-offered");
    let told: Vec<String> =
        Form::parse(&text, &Media::none()).1.iter().map(|problem| problem.code().to_owned()).collect();
    assert_eq!(told, ["missing-media"], "one table is missed once");
}

/// A filter that indexes can answer offers what the same question offers that none can answer.
#[test]
fn a_filter_of_several_equalities_offers_what_all_of_them_keep() {
    let items: String = (0..60)
        .map(|n| {
            // One has two counties, one has none.
            let county = match n {
                7 => "<c>0</c><c>1</c>".to_owned(),
                8 => String::new(),
                n => format!("<c>{}</c>", n % 5),
            };
            format!("<item><p>{}</p>{county}<name>v{n}</name><label>L{n}</label></item>", n % 3)
        })
        .collect();
    let filters = [
        ("[p = /data/p and c = /data/c]", "[not(not(p = /data/p)) and not(not(c = /data/c))]"),
        ("[/data/c = c and /data/p = p]", "[not(not(p = /data/p)) and not(not(c = /data/c))]"),
        (
            "[p = /data/p and c = /data/c and name != 'v6']",
            "[not(not(p = /data/p)) and not(not(c = /data/c)) and name != 'v6']",
        ),
        ("[c = /data/c and p = /data/p][2]", "[not(not(p = /data/p)) and not(not(c = /data/c))][2]"),
        ("[c = /data/c and p = /data/p][last()]", "[not(not(p = /data/p)) and not(not(c = /data/c))][last()]"),
        (
            "[c = /data/c and p = /data/p and (p = 2 or c = 1)]",
            "[not(not(p = /data/p)) and not(not(c = /data/c)) and (p = 2 or c = 1)]",
        ),
        ("[p = p and c = /data/c]", "[not(not(c = /data/c))]"),
    ];
    for (indexed, plain) in filters {
        let select = |name: &str, filter: &str| {
            format!(
                r#"<select ref="/data/{name}"><label>v</label><itemset nodeset="instance('list')/root/item{filter}"><value ref="name"/><label ref="label"/></itemset></select>"#
            )
        };
        let text = xml(
            "<p/><c/><v/><w/>",
            &format!(r#"<instance id="list"><root>{items}</root></instance>"#),
            &(inputs(&["/data/p", "/data/c"]) + &select("v", indexed) + &select("w", plain)),
        );
        let mut s = with_files(&text, &[], &[]);
        let mut most = 0;
        for (p, c) in (0..4).flat_map(|p| (0..6).map(move |c| (p, c))) {
            s.answer("/p", &p.to_string());
            s.answer("/c", &c.to_string());
            assert_eq!(offered(&s, "/v"), offered(&s, "/w"), "{indexed} with {p} and {c}");
            most = most.max(offered(&s, "/v").len());
        }
        assert!(most > 0, "{indexed}");
    }
}
