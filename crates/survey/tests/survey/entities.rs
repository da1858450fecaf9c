//! Entities: what several interviews, each with its own history, say of one row of a list.

use crate::dsl::{entry, hash, record, team};
use std::fmt::Write as _;
use tianye_survey::*;

const OAK: &str = "6f1b0c4e-3c5e-4a8e-9d56-0a1b2c3d4e5f";
const ASH: &str = "7a2c1d5f-4d6f-4b9f-8e67-1b2c3d4e5f60";

/// `create ID label=A girth=4 saw a b`, or `update …`, of the list `trees`.
fn act(text: &str) -> EntityAct {
    let (what, saw) = text.split_once(" saw ").unwrap_or((text, ""));
    let mut words = what.split(' ');
    let (verb, id) = (words.next().expect("a verb"), words.next().expect("an id"));
    let mut act = EntityAct {
        list: "trees".into(),
        id: id.into(),
        create: verb == "create",
        update: verb == "update",
        label: None,
        properties: std::collections::BTreeMap::new(),
        base_version: None,
        trunk_version: None,
        branch_id: None,
        saw: saw.split_whitespace().map(hash).collect(),
    };
    for (name, value) in words.filter_map(|word| word.split_once('=')) {
        if name == "label" {
            act.label = Some(value.into());
        } else {
            act.properties.insert(name.into(), value.into());
        }
    }
    act
}

/// The entries of one interview: `entry@author(parents): act; act`, or `entry@author(parents): nothing` for a sitting that
/// makes no entity any more, or `pause`.
fn interview_of(name: &str, history: &[&str]) -> (tianye_journal::RecordId, Vec<Opened>) {
    let of = record(name);
    let read = |(line, minute): (&&str, i64)| {
        let (head, what) = line.split_once(": ").expect("entry: what");
        let (head, parents) = head.split_once('(').unwrap_or((head, ")"));
        let (name, author) = head.split_once('@').expect("entry@author");
        let parents: Vec<&str> = parents.trim_end_matches(')').split_whitespace().collect();
        let acts = match what {
            "pause" => None,
            "nothing" => Some(Vec::new()),
            acts => Some(acts.split("; ").map(act).collect()),
        };
        let sitting = Interview { entities: acts, ..Interview::under(crate::dsl::form(1)) };
        let content = Content::from(sitting);
        let content = Content::decode(content.kind(), &content.encode().expect("a content"));
        Opened { record: of, ..entry(name, author, &parents, minute, content) }
    };
    (of, history.iter().zip(1..).map(read).collect())
}

fn told(name: &str, history: &[&str]) -> Told {
    let (of, entries) = interview_of(name, history);
    interview(of, &entries, &team()).told
}

fn entities(interviews: &[(&str, &[&str])]) -> Entities {
    let mut entities = Entities::default();
    for (name, history) in interviews {
        entities.put(record(name), told(name, history));
    }
    entities
}

fn show(entities: &Entities, file: &[&str]) -> String {
    let cells = |row: &&str| {
        let cells = row.split(' ').filter_map(|cell| cell.split_once('='));
        cells.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let mut shown = String::new();
    for entity in entities.list("trees", &file.iter().map(cells).collect(), None) {
        let _ = write!(shown, "{} v{}", if entity.id == OAK { "oak" } else { &entity.id }, entity.version);
        for (name, column) in &entity.columns {
            let _ = write!(shown, " {name}={}", &*column.value);
            if !column.conflict.is_empty() {
                let mut words: Vec<&str> = column.conflict.iter().map(|word| &*word.value).collect();
                words.sort_unstable();
                let _ = write!(shown, "?{}", words.join("|"));
            }
        }
        shown.push('\n');
    }
    shown
}

/// What the interviews come to, in whatever order they are read.
#[track_caller]
fn check(interviews: &[(&str, &[&str])], file: &[&str], expect: &str) {
    assert_eq!(show(&entities(interviews), file).trim_end(), expect);
    let mut backwards = interviews.to_vec();
    backwards.reverse();
    assert_eq!(show(&entities(&backwards), file).trim_end(), expect);
}

fn oak(text: &str) -> String {
    text.replace("OAK", OAK)
}

#[test]
fn an_interview_creates_and_another_updates_what_it_saw() {
    let create = oak("a@chen: create OAK label=老橡树 girth=4 kind=橡");
    check(&[("r1", &[&create])], &[], "oak v1 girth=4 kind=橡 label=老橡树");
    let update = oak("b@zhou: update OAK girth=5 saw a");
    check(&[("r1", &[&create]), ("r2", &[&update])], &[], "oak v2 girth=5 kind=橡 label=老橡树");
    // An update of what nobody created waits for it.
    check(&[("r2", &[&update])], &[], "");
    // A third saw both.
    let third = oak("c@lin: update OAK girth=6 label=橡 saw a b");
    let all: [(&str, &[&str]); 3] = [("r1", &[&create]), ("r2", &[&update]), ("r3", &[&third])];
    check(&all, &[], "oak v3 girth=6 kind=橡 label=橡");
}

#[test]
fn two_laptops_that_change_one_property_are_in_conflict_until_somebody_saw_both() {
    let create = oak("a@chen: create OAK label=橡 girth=4");
    // The clock of b is the later one or the earlier one: it does not matter.
    let b = oak("b@zhou: update OAK girth=5 saw a");
    let c = oak("c@lin: update OAK girth=7 saw a");
    let both: [(&str, &[&str]); 3] = [("r1", &[&create]), ("r2", &[&b]), ("r3", &["x@lin: pause", &c])];
    check(&both, &[], "oak v3 girth=4?5|7 label=橡");
    // The same value twice is none, and other properties go together.
    let c = oak("c@lin: update OAK girth=5 dead=no saw a");
    check(&[("r1", &[&create]), ("r2", &[&b]), ("r3", &[&c])], &[], "oak v3 dead=no girth=5 label=橡");
    // Who leaves a property as it was on the laptop changes nothing.
    let c = oak("c@lin: update OAK girth=4 dead=no saw a");
    check(&[("r1", &[&create]), ("r2", &[&b]), ("r3", &[&c])], &[], "oak v3 dead=no girth=5 label=橡");
    let c = oak("c@lin: update OAK girth=7 saw a");
    let last = oak("d@chen: update OAK girth=7 saw a b c");
    let all: [(&str, &[&str]); 4] = [("r1", &[&create]), ("r2", &[&b]), ("r3", &[&c]), ("r4", &[&last])];
    check(&all, &[], "oak v4 girth=7 label=橡");
}

#[test]
fn a_corrected_interview_corrects_its_entities_and_leaves_what_others_changed() {
    let create = oak("a@chen: create OAK label=橡 girth=4 kind=橡");
    let same = oak("a2@chen(a): create OAK label=橡 girth=4 kind=栎");
    let update = oak("b@zhou: update OAK girth=5 saw a");
    // The correction is of the kind alone; on its laptop the update had come or had not.
    let seen = oak("a2@chen(a): create OAK label=橡 girth=4 kind=栎 saw b");
    for corrected in [&same, &seen] {
        let all: [(&str, &[&str]); 2] = [("r1", &[&create, corrected]), ("r2", &[&update])];
        check(&all, &[], "oak v2 girth=5 kind=栎 label=橡");
    }
    // A correction of what another laptop changed meanwhile is a conflict; of one that it saw it is not.
    let same = oak("a2@chen(a): create OAK label=橡 girth=9 kind=橡");
    check(&[("r1", &[&create, &same]), ("r2", &[&update])], &[], "oak v2 girth=4?5|9 kind=橡 label=橡");
    let seen = oak("a2@chen(a): create OAK label=橡 girth=9 kind=橡 saw b");
    check(&[("r1", &[&create, &seen]), ("r2", &[&update])], &[], "oak v2 girth=9 kind=橡 label=橡");
    // One who repeated what was corrected has not contradicted it.
    let repeats = oak("b@zhou: update OAK girth=4 dead=no saw a");
    check(&[("r1", &[&create, &same]), ("r2", &[&repeats])], &[], "oak v2 dead=no girth=9 kind=橡 label=橡");
    // An interview that makes no entity any more has made none, and one whose entries are gone neither.
    check(&[("r1", &[&create, "a2@chen(a): nothing"]), ("r2", &[&update])], &[], "");
    check(&[("r1", &[]), ("r2", &[&update])], &[], "");
    // A pause says nothing.
    check(&[("r1", &[&create, "a2@chen(a): pause"])], &[], "oak v1 girth=4 kind=橡 label=橡");
}

#[test]
fn two_heads_of_one_interview_are_a_conflict_of_what_they_say_differently() {
    let create = oak("a@chen: create OAK label=橡 girth=4 kind=橡");
    let b = oak("b@zhou(a): create OAK label=橡 girth=5 kind=橡");
    let c = oak("c@chen(a): create OAK label=橡 girth=6 kind=栎");
    check(&[("r1", &[&create, &b, &c])], &[], "oak v1 girth=4?5|6 kind=栎 label=橡");
}

#[test]
fn entities_come_on_top_of_the_file_and_versions_count_on() {
    let file = ["name=t-1 label=老樟 girth=30 __version=3", "name=t-2 label=杉"];
    let create = oak("a@chen: create OAK label=橡 girth=4");
    check(&[], &file, "t-1 v3 girth=30 label=老樟\nt-2 v1 label=杉");
    let update = "b@zhou: update t-1 girth=31 label=老樟 saw ";
    let all: [(&str, &[&str]); 2] = [("r1", &[&create]), ("r2", &[update])];
    check(&all, &file, "t-1 v4 girth=31 label=老樟\nt-2 v1 label=杉\noak v1 girth=4 label=橡");
    let left = "c@lin: update t-1 girth=30 label=樟 saw ";
    let all: [(&str, &[&str]); 2] = [("r3", &[left]), ("r2", &[update])];
    check(&all, &file, "t-1 v5 girth=31 label=樟\nt-2 v1 label=杉");
    let other = "c@lin: update t-1 girth=33 saw ";
    check(&[("r3", &[other]), ("r2", &[update])], &file, "t-1 v5 girth=30?31|33 label=老樟\nt-2 v1 label=杉");
    // A version that a file cannot mean counts on to nothing else.
    let greatest = format!("name=t-1 label=老樟 girth=30 __version={}", u64::MAX);
    check(&[("r2", &[update])], &[&greatest], &format!("t-1 v{} girth=31 label=老樟", u64::MAX));
    let rows = entities(&[("r1", &[&create]), ("r2", &[update])]).rows(
        "trees",
        &vec![vec![("name".into(), "t-1".into()), ("__version".into(), "3".into()), ("girth".into(), "30".into())]],
        None,
    );
    let shown: Vec<String> = rows
        .iter()
        .map(|row| row.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
        .collect();
    let branch = |name: &str| {
        let hex: String = record(name).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    };
    assert_eq!(
        shown,
        [
            format!("name=t-1 label=老樟 girth=31 __version=4 __trunkVersion=3 __branchId={}", branch("r2")),
            format!("name={OAK} label=橡 girth=4 __version=1 __trunkVersion= __branchId={}", branch("r1")),
        ]
    );
}

#[test]
fn an_interview_does_not_see_itself_and_ids_are_uuids() {
    let create = oak("a@chen: create OAK label=橡");
    let entities = entities(&[("r1", &[&create]), ("r2", &["b@chen: create t-9 label=柏; create uuid:T-8 label=松"])]);
    assert_eq!(show(&entities, &[]).trim_end(), "oak v1 label=橡", "what has no UUID is not created");
    assert!(entities.list("trees", &Vec::new(), Some(&record("r1"))).is_empty());
    assert_eq!(entities.seen("trees", OAK, &record("r9")), [hash("a")]);
    assert!(entities.seen("trees", OAK, &record("r1")).is_empty());
    assert!(entities.seen("trees", ASH, &record("r9")).is_empty());
    assert_eq!(entities.lists().into_iter().collect::<Vec<_>>(), ["trees"]);
    assert!(is_uuid(OAK) && !is_uuid("t-9") && !is_uuid(&OAK.replace('-', "0")));
    // Rows of one sitting about one entity: the later holds.
    let rows = format!("a@chen: create uuid:{} label=橡; update OAK label=栎", OAK.to_uppercase());
    check(&[("r1", &[&oak(&rows)])], &[], "oak v1 label=栎");
}

#[test]
fn a_lead_hands_on_what_others_cannot_read() {
    let create = oak("a@chen: create OAK label=橡 girth=4");
    let corrected = oak("a2@chen(a): create OAK label=橡 girth=6");
    let relay = |name: &str, parents: &[&str], told: Told| Opened {
        record: record("relay"),
        ..entry(
            name,
            "shen",
            parents,
            9,
            HandedOn { told: vec![told], people: [(crate::dsl::person("chen"), "陈禾".into())].into() },
        )
    };
    let first = relay("h1", &[], told("r1", &[&create]));
    let second = relay("h2", &["h1"], told("r1", &[&create, &corrected]));
    let third = relay("h3", &["h2"], told("r1", &[&create, &corrected, "a3@chen(a2): nothing"]));
    let with = |handed: &[&Opened], own: Option<&[&str]>| {
        let mut entities = Entities::default();
        if let Some(own) = own {
            entities.put(record("r1"), told("r1", own));
        }
        let handed: Vec<Opened> = handed.iter().map(|one| (*one).clone()).collect();
        entities.put_handed(record("relay"), &handed, &team());
        let by_lead = handed.iter().any(|one| one.author == crate::dsl::person("shen"));
        assert_eq!(entities.name(&crate::dsl::person("chen")), Some("陈禾").filter(|_| by_lead));
        show(&entities, &[]).trim_end().to_owned()
    };
    assert_eq!(with(&[&first], None), "oak v1 girth=4 label=橡");
    assert_eq!(with(&[&second, &first], None), "oak v1 girth=6 label=橡");
    assert_eq!(with(&[&third, &second, &first], None), "");
    // The laptop that reads the interview itself may know less or more.
    assert_eq!(with(&[&second, &first], Some(&[&create])), "oak v1 girth=6 label=橡");
    assert_eq!(with(&[&first], Some(&[&create, &corrected])), "oak v1 girth=6 label=橡");
    assert_eq!(with(&[&third, &second, &first], Some(&[&create])), "");
    // What both heads of the relay say stands, where neither knows of the other.
    let beside = relay("h4", &[], told("r1", &[&create, &corrected]));
    assert_eq!(with(&[&first, &beside], None), "oak v1 girth=6 label=橡");
    // Only a lead hands on.
    let mut forged = first;
    (forged.author, forged.chain) = (crate::dsl::person("zhou"), crate::dsl::chain("zhou"));
    assert_eq!(with(&[&forged], None), "");
}

/// A tree with its girth and kind; the label says both.
const TREE: &str = r#"<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
        xmlns:entities="http://www.opendatakit.org/xforms/entities">
  <h:head><h:title>Tree</h:title>
    <model entities:entities-version="2024.1.0">
      <instance><tree id="tree"><girth/><kind/>
        <meta><instanceID/><entity dataset="trees" id="" create="1"><label/></entity></meta></tree></instance>
      <bind nodeset="/tree/girth" entities:saveto="girth"/>
      <bind nodeset="/tree/kind" entities:saveto="kind"/>
      <bind nodeset="/tree/meta/entity/label" calculate="concat(/tree/kind, /tree/girth)"/>
    </model></h:head>
  <h:body><input ref="/tree/girth"><label>粗</label></input><input ref="/tree/kind"><label>种</label></input></h:body>
</h:html>"#;

/// A sitting that answers, and makes of the entity what its form says.
fn sitting(name: &str, author: &str, parents: &[&str], answers: &[(&str, &str)], acts: Option<&str>) -> Opened {
    let changes = answers.iter().map(|(field, value)| Change::new(*field, Answer::of(value))).collect();
    let entities = acts.map(|text| vec![act(&oak(text))]);
    entry(name, author, parents, 1, Interview { changes, entities, ..Interview::under(crate::dsl::form(1)) })
}

#[test]
fn what_merging_and_decisions_come_to_is_told_again_by_the_form() {
    let (form, problems) = tianye_xform::Form::parse(TREE, &tianye_xform::Media::none());
    let form = std::sync::Arc::new(form.unwrap_or_else(|| panic!("{problems:?}")));
    let now = chrono::DateTime::parse_from_rfc3339("2017-04-11T10:42:00+08:00").expect("a time");
    let properties = tianye_xform::Properties::default();
    let context = tianye_xform::Context { now, random: &|| 7, properties: &properties };
    let come_to = |entries: &[Opened]| {
        let state = crate::dsl::fold(entries);
        let told = match state.told_before && state.conflicts.is_empty() {
            true => retell(&state, &recheck(form.clone(), &state, &context).session),
            false => state.told.clone(),
        };
        let mut entities = Entities::default();
        entities.put(crate::dsl::RECORD, told);
        (state.told_before, show(&entities, &[]).trim_end().to_owned())
    };
    let first = sitting(
        "a",
        "chen",
        &[],
        &[("/meta/entity/@id", OAK), ("/girth", "4"), ("/kind", "橡")],
        Some("create OAK label=橡4 girth=4 kind=橡"),
    );
    let girth = sitting("b", "chen", &["a"], &[("/girth", "5")], Some("create OAK label=橡5 girth=5 kind=橡"));
    let kind = sitting("c", "zhou", &["a"], &[("/kind", "栎")], Some("create OAK label=栎4 girth=4 kind=栎"));
    assert_eq!(come_to(&[first.clone(), girth.clone()]), (false, "oak v1 girth=5 kind=橡 label=橡5".to_owned()));
    // Each says its own part; the label is computed of both.
    let merged = [first.clone(), girth.clone(), kind];
    assert_eq!(come_to(&merged), (true, "oak v1 girth=5 kind=栎 label=栎5".to_owned()));
    // Until somebody decides, both words stand.
    let other = sitting("c", "zhou", &["a"], &[("/girth", "6")], Some("create OAK label=橡6 girth=6 kind=橡"));
    let torn = [first, girth, other];
    assert_eq!(come_to(&torn), (true, "oak v1 girth=4?5|6 kind=橡 label=橡4?橡5|橡6".to_owned()));
    let decision = Decision {
        field: "/girth".into(),
        chosen: Answer::of("6"),
        over: vec![hash("b"), hash("c")],
        takes_back: false,
        form: None,
        unseen: Vec::new(),
        reason: "又量了一次".into(),
    };
    let decided = entry("d", "shen", &["b", "c"], 3, decision);
    let decided: Vec<Opened> = torn.into_iter().chain([decided]).collect();
    assert_eq!(come_to(&decided), (true, "oak v1 girth=6 kind=橡 label=橡6".to_owned()));
    // Somebody goes on with it: what was finalised last stands until it is finalised again.
    let going_on = sitting("e", "chen", &["d"], &[("/girth", "9")], None);
    let going_on: Vec<Opened> = decided.into_iter().chain([going_on]).collect();
    assert!(!come_to(&going_on).0);
}
