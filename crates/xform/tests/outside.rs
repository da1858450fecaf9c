//! What a form asks of the world around the engine: the last saved submission, places and recordings, where to send,
//! what to log, which entities it makes.
#![allow(clippy::unwrap_used, reason = "this is test code throughout")]

mod common;

use common::{Scenario, form, inputs, path, xml};
use tianye_xform::{AuditLocation, Context, EntityDef, Form, Media, Session, Submission, TableRows, WishKind};

fn remembering() -> String {
    xml(
        "<village/><other/>",
        r#"<instance id="__last-saved" src="jr://instance/last-saved"/>
<setvalue event="odk-instance-first-load" ref="/data/village" value="instance('__last-saved')/data/village"/>
<bind nodeset="/data/other" calculate="concat('now ', count(instance('__last-saved')/data/gone), instance('__last-saved')/data/@id)"/>"#,
        &inputs(&["/data/village"]),
    )
}

/// Begins after a submission, in a context of its own.
fn after(last: &str) -> Result<Session, String> {
    let properties = tianye_xform::Properties::default();
    let now = chrono::DateTime::parse_from_rfc3339("2017-04-12T10:42:00+08:00").unwrap();
    let context = Context { now, random: &|| 7, properties: &properties };
    Session::start_after(form(&remembering()), last, &context).map_err(|error| error.code().to_owned())
}

#[test]
fn the_last_saved_submission_is_looked_into() {
    assert_eq!(Scenario::new(&form(&remembering())).value("/village"), "");
    let last = r#"<data id="test"><village>下湾</village><gone>1</gone></data>"#;
    let session = after(last).unwrap();
    assert_eq!(session.value(&path("/village")), Some("下湾"));
    // What this version of the form no longer has can still be asked for.
    assert_eq!(session.value(&path("/other")), Some("now 1test"));
    assert_eq!(after("<data").unwrap_err(), "submission-not-xml");
    // A draft that was taken up again is handed it once more.
    let (mut again, _) = Scenario::new(&form(&remembering())).resumed();
    again.with(|session, context| session.hand_in_last_saved(last, context)).unwrap();
    assert_eq!((again.value("/village"), again.value("/other")), ("", "now 1test"));
}

#[test]
fn places_and_recordings_are_wished_and_granted() {
    let mut s = Scenario::new(&form(&xml(
        r#"<here/><a/><sound/><r jr:template=""><at/><n/></r><known/>"#,
        r#"<bind nodeset="/data/here" type="geopoint"/><bind nodeset="/data/r/at" type="geopoint"/><bind nodeset="/data/sound" type="binary"/>
<bind nodeset="/data/known" calculate="substring-before(/data/here, ' ')"/>
<odk:setgeopoint event="odk-instance-first-load" ref="/data/here"/>
<odk:recordaudio event="odk-instance-first-load odk-instance-load" ref="/data/sound" odk:quality="voice-only"/>"#,
        &format!(
            r#"<input ref="/data/a"><label>a</label><odk:setgeopoint event="xforms-value-changed" ref="/data/here"/></input>
<repeat nodeset="/data/r"><odk:setgeopoint event="odk-new-repeat" ref="/data/r/at"/>{}</repeat>"#,
            inputs(&["/data/r/n"])
        ),
    )));
    let wished = |s: &Scenario| -> Vec<String> {
        let wishes = s.session.wishes().into_iter();
        wishes.map(|wish| format!("{} {:?}", common::short(wish.path.as_str()), wish.what)).collect()
    };
    let sound = format!("/sound {:?}", WishKind::Recording { quality: "voice-only".into() });
    assert_eq!(wished(&s), ["/here Place", &sound]);
    let refused = s.with(|session, context| session.grant(&path("/here"), "nowhere", context)).unwrap_err();
    assert_eq!(refused.code(), "answer-not-geopoint");
    s.with(|session, context| session.grant(&path("/here"), "28.9 119.8 0 5", context)).unwrap();
    assert_eq!((s.value("/here"), s.value("/known")), ("28.9 119.8 0 5", "28.9"));
    assert_eq!(wished(&s), [sound.as_str()]);
    // Nothing is wished there now.
    let refused = s.with(|session, context| session.grant(&path("/here"), "1 1", context)).unwrap_err();
    assert_eq!(refused.code(), "answer-unknown-field");
    s.answer("/a", "x");
    s.add("/r", 1);
    assert_eq!(wished(&s), [sound.as_str(), "/here Place", "/r[1]/at Place"]);
    // It could not be had.
    s.with(|session, context| session.grant(&path("/here"), "", context)).unwrap();
    assert_eq!(s.value("/here"), "");
    // A draft goes on recording; the place of the first load is not asked for again.
    assert_eq!(wished(&s.resumed().0), [sound]);
}

#[test]
fn submission_and_audit_settings_are_kept() {
    let with = |model: &str| {
        form(&xml("<a/>", model, &inputs(&["/data/a"])).replace("<instanceID/>", "<audit/><instanceID/>"))
    };
    let plain = with("");
    assert_eq!((plain.submission(), plain.audit().unwrap().location.as_ref()), (None, None));
    let full = with(
        r#"<submission action="https://hub.example/s" method="post" base64RsaPublicKey="MIIB" xmlns:orx="http://openrosa.org/xforms" orx:auto-send="true" orx:auto-delete="false"/>
<bind nodeset="/data/meta/audit" type="binary" odk:location-priority="balanced" odk:location-min-interval="60" odk:location-max-age="120" odk:track-changes="true" odk:track-changes-reasons="on-form-edit" odk:identify-user="true"/>"#,
    );
    let submission = Submission {
        action: "https://hub.example/s".into(),
        method: "post".into(),
        public_key: Some("MIIB".into()),
        auto_send: Some(true),
        auto_delete: Some(false),
    };
    assert_eq!(full.submission(), Some(&submission));
    let audit = full.audit().unwrap();
    let location = AuditLocation { priority: "balanced".into(), min_interval: 60, max_age: 120 };
    assert_eq!((audit.path.as_str(), &audit.location), ("/meta/audit", &Some(location)));
    assert!(audit.track_changes && audit.reason_on_edit && audit.identify_user);
}

fn tree_form(version: &str) -> String {
    xml(
        r#"<tree/><girth/><dead/><r jr:template=""><kind/><meta><entity dataset="nests" id="" create=""><label/></entity></meta></r><meta><instanceID/><entity dataset="trees" id="" update="1" baseVersion="" trunkVersion="" branchId=""><label/></entity></meta>"#,
        r#"<instance id="trees"><root><item><name>t-1</name><__version>3</__version><__trunkVersion>2</__trunkVersion><__branchId>b-9</__branchId></item></root></instance>
<bind nodeset="/data/girth" type="int" entities:saveto="girth_cm"/><bind nodeset="/data/dead" relevant="/data/girth &gt; 5" entities:saveto="trees#dead"/>
<bind nodeset="/data/meta/entity/@id" calculate="/data/tree"/>
<bind nodeset="/data/meta/entity/@update" calculate="/data/tree != ''"/>
<bind nodeset="/data/meta/entity/@baseVersion" calculate="instance('trees')/root/item[name = /data/tree]/__version"/>
<bind nodeset="/data/meta/entity/@trunkVersion" calculate="instance('trees')/root/item[name = /data/tree]/__trunkVersion"/>
<bind nodeset="/data/meta/entity/@branchId" calculate="instance('trees')/root/item[name = /data/tree]/__branchId"/>
<bind nodeset="/data/r/kind" entities:saveto="kind"/><bind nodeset="/data/r/meta/entity/@create" calculate="../../../kind != 'none'"/>
<bind nodeset="/data/r/meta/entity/label" calculate="concat('nest of ', ../../../kind)"/>"#,
        &format!(
            r#"{}<repeat nodeset="/data/r"><setvalue event="odk-instance-first-load odk-new-repeat" ref="/data/r/meta/entity/@id" value="uuid()"/>{}</repeat>"#,
            inputs(&["/data/tree", "/data/girth", "/data/dead"]),
            inputs(&["/data/r/kind"])
        ),
    )
    .replace("<meta><instanceID/></meta></data>", "</data>")
    .replace("<model>", &format!(r#"<model xmlns:entities="http://www.opendatakit.org/xforms/entities" entities:entities-version="{version}">"#))
}

#[test]
fn entities_are_updated_and_created_also_in_rows() {
    let form = form(&tree_form("2025.1.0"));
    let entity = |path: &str, list: &str, repeat: Option<&str>, properties: &[(&str, &str)]| EntityDef {
        path: path.into(),
        list: list.into(),
        repeat: repeat.map(str::to_owned),
        properties: properties.iter().map(|(name, from)| ((*name).to_owned(), (*from).to_owned())).collect(),
    };
    let trees = entity("/meta/entity", "trees", None, &[("girth_cm", "/girth"), ("dead", "/dead")]);
    let nests = entity("/r/meta/entity", "nests", Some("/r"), &[("kind", "/r/kind")]);
    assert_eq!(form.entities(), [nests, trees]);
    let mut s = Scenario::new(&form);
    assert!(s.session.entities().is_empty());
    s.answer("/tree", "t-1");
    s.answer("/girth", "4");
    s.add("/r", 1);
    s.answer("/r[00000000000000000000000000000001]/kind", "owl");
    s.add("/r", 2);
    s.answer("/r[00000000000000000000000000000002]/kind", "none");
    let made: Vec<String> = s
        .session
        .entities()
        .into_iter()
        .map(|e| {
            let versions = [e.base_version, e.trunk_version, e.branch_id].map(Option::unwrap_or_default).join(",");
            format!("{} {} {} {} {:?} [{versions}] {:?}", e.list, e.id, e.create, e.update, e.label, e.properties)
        })
        .collect();
    let nest = s.value("/r[00000000000000000000000000000001]/meta/entity/@id");
    assert_eq!(nest.len(), 36);
    assert_eq!(
        made,
        [
            format!(r#"nests {nest} true false Some("nest of owl") [,,] [("kind", "owl")]"#),
            r#"trees t-1 false true None [3,2,b-9] [("girth_cm", "4")]"#.to_owned(),
        ]
    );
    let written = s.session.instance_xml();
    assert!(
        written.contains(
            r#"<entity dataset="trees" id="t-1" update="true" baseVersion="3" trunkVersion="2" branchId="b-9">"#
        ),
        "{written}"
    );
    assert!(
        written.contains(&format!(r#"<entity dataset="nests" id="{nest}" create="true"><label>nest of owl</label>"#)),
        "{written}"
    );
    // The id of a new entity is kept with the draft.
    let nest = nest.to_owned();
    let (again, _) = s.resumed();
    assert_eq!(again.value("/r[00000000000000000000000000000001]/meta/entity/@id"), nest);
    // It is found in a table of its own, not among the questions.
    assert!(form.questions().iter().all(|question| !question.path.contains('@')));
}

#[test]
fn entities_of_a_later_specification_are_refused_and_stray_properties_are_told() {
    let codes = |text: &str| {
        let (form, problems) = Form::parse(text, &Media::none());
        (form.is_some(), problems.iter().map(|problem| problem.code()).collect::<Vec<_>>())
    };
    assert_eq!(codes(&tree_form("2022.1.0")), (true, vec![]));
    assert_eq!(codes(&tree_form("2026.1.0")), (false, vec!["newer-entities"]));
    let stray = xml("<a/>", r#"<bind nodeset="/data/a" tianye:saveto="x"/>"#, &inputs(&["/data/a"]));
    assert_eq!(codes(&stray), (true, vec!["no-entity"]));
}

#[test]
fn rows_from_elsewhere_stand_in_a_table_in_place_of_the_file() {
    let text = xml(
        "<tree/><kind/>",
        r#"<instance id="trees" src="jr://file-csv/trees.csv"/><bind nodeset="/data/kind" calculate="instance('trees')/root/item[name = /data/tree]/kind"/>"#,
        r#"<select1 ref="/data/tree"><label>tree</label><itemset nodeset="instance('trees')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>"#,
    );
    let media: Media = [("trees.csv".to_owned(), b"name,label,kind\nt-1,old oak,oak\n".to_vec())].into_iter().collect();
    let (form, problems) = Form::parse(&text, &media);
    assert!(problems.is_empty());
    let form = form.unwrap();
    assert_eq!(form.tables().collect::<Vec<_>>(), ["trees"]);
    let cells = |row: &[(&str, &str)]| row.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    let mut rows = form.table_rows("trees");
    assert_eq!(rows, [cells(&[("name", "t-1"), ("label", "old oak"), ("kind", "oak")])]);
    assert_eq!(form.table_rows("villages"), TableRows::new());
    rows.push(cells(&[("name", "t-2"), ("label", "young ash"), ("kind", "ash"), ("__version", "1")]));
    let with = std::sync::Arc::new(form.with_table("trees", &rows).unwrap());
    let offered = |form: &std::sync::Arc<Form>, tree: &str| {
        let mut s = Scenario::new(form);
        s.answer("/tree", tree);
        let labels: Vec<String> =
            s.session.view(&path("/tree")).unwrap().options.into_iter().map(|option| option.label).collect();
        (labels.join(", "), s.value("/kind").to_owned())
    };
    assert_eq!(offered(&with, "t-2"), ("old oak, young ash".to_owned(), "ash".to_owned()));
    assert_eq!(with.table_rows("trees"), rows);
    // The form itself is as before, and a table that it does not have changes nothing.
    assert_eq!(offered(&std::sync::Arc::new(form.with_table("nests", &rows).unwrap()), "t-1").0, "old oak");
    assert_eq!(form.table_rows("trees").len(), 1);
}
