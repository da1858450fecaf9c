//! Entities: where they are put, what is refused and where.

#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use expect_test::{Expect, expect};
use tianye_xlsform::{Format, Options, Workbook, convert};

/// Refusals of a survey sheet and an entities sheet, each given as its rows.
#[track_caller]
fn check(survey: &str, entities: &str, expect: &Expect) {
    let sheet =
        |name: &str, rows: &str| format!("| {name} |\n{}", rows.replace("\n|", "\n| |").replacen('|', "| |", 1));
    let text = format!("{}\n{}\n", sheet("survey", survey), sheet("entities", entities));
    let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
    let (converted, problems) = convert(&workbook, &Options::default());
    let lines: Vec<String> =
        problems.iter().map(|p| format!("{}!{} {}", p.sheet.as_deref().unwrap(), p.cell(), p.code.as_str())).collect();
    let model = converted.map(|c| entities_of(&c.xform)).unwrap_or_default();
    expect.assert_eq(&[lines.join("\n"), model].concat());
}

/// The paths of the entities with their attributes, the actions, and the version, a line each.
fn entities_of(xform: &str) -> String {
    let document = roxmltree::Document::parse(xform).unwrap();
    let mut lines = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let attribute = |name: &str| node.attributes().find(|a| a.name() == name).map(|a| a.value());
        match node.tag_name().name() {
            "model" => lines.push(attribute("entities-version").unwrap_or("no version").to_owned()),
            "entity" => {
                let path: Vec<&str> =
                    node.ancestors().map(|a| a.tag_name().name()).take_while(|n| *n != "instance").collect();
                let attributes: Vec<String> =
                    node.attributes().map(|a| format!("{}={}", a.name(), a.value())).collect();
                lines.push(format!(
                    "{} {}",
                    path.into_iter().rev().collect::<Vec<_>>().join("/"),
                    attributes.join(" ")
                ));
            }
            "bind" if attribute("nodeset").unwrap().contains("/entity/") || attribute("saveto").is_some() => {
                let what = attribute("calculate").or(attribute("saveto")).unwrap_or("no calculation");
                lines.push(format!("bind {} {what}", attribute("nodeset").unwrap()));
            }
            "setvalue" => lines.push(format!(
                "{} {} {}",
                attribute("event").unwrap(),
                attribute("ref").unwrap(),
                attribute("value").unwrap()
            )),
            _ => {}
        }
    }
    lines.join("\n")
}

#[test]
fn creating_updating_and_either() {
    check(
        "| type | name | label | save_to |\n| text | q | Q | p |",
        "| list_name | label |\n| child | ${q} |",
        &expect![[r#"
            2024.1.0
            data/meta/entity dataset=child create=1 id=
            bind /data/q p
            bind /data/meta/entity/@id no calculation
            odk-instance-first-load /data/meta/entity/@id uuid()
            bind /data/meta/entity/label  /data/q "#]],
    );
    check(
        "| type | name | label | save_to |\n| text | q | Q | p |\n| csv-external | child | | |",
        "| list_name | entity_id |\n| child | ${q} |",
        &expect![[r#"
            2024.1.0
            data/meta/entity dataset=child update=1 baseVersion= trunkVersion= branchId= id=
            bind /data/q p
            bind /data/meta/entity/@baseVersion instance('child')/root/item[name= /data/q ]/__version
            bind /data/meta/entity/@trunkVersion instance('child')/root/item[name= /data/q ]/__trunkVersion
            bind /data/meta/entity/@branchId instance('child')/root/item[name= /data/q ]/__branchId
            bind /data/meta/entity/@id  /data/q "#]],
    );
    check(
        "| type | name | label | save_to |\n| text | q | Q | p |\n| csv-external | child | | |",
        "| list_name | label | entity_id | create_if | update_if |\n| child | ${q} | ${q} | ${q} = '' | ${q} != '' |",
        &expect![[r#"
            2024.1.0
            data/meta/entity dataset=child create=1 update=1 baseVersion= trunkVersion= branchId= id=
            bind /data/q p
            bind /data/meta/entity/@create  /data/q  = ''
            bind /data/meta/entity/@update  /data/q  != ''
            bind /data/meta/entity/@baseVersion instance('child')/root/item[name= /data/q ]/__version
            bind /data/meta/entity/@trunkVersion instance('child')/root/item[name= /data/q ]/__trunkVersion
            bind /data/meta/entity/@branchId instance('child')/root/item[name= /data/q ]/__branchId
            bind /data/meta/entity/@id  /data/q 
            bind /data/meta/entity/label  /data/q "#]],
    );
}

#[test]
fn several_lists_and_repeats() {
    check(
        "| type | name | label | save_to |\n| text | school | S | school#name_of |\n| begin_repeat | child | C | |\n\
         | text | first | F | child#first |\n| begin_group | g | G | |\n| text | last | L | child#last |\n| end_group | | | |\n\
         | end_repeat | | | |",
        "| list_name | label |\n| school | ${school} |\n| child | concat(${first}, ${last}) |",
        &expect![[r#"
            2025.1.0
            data/child/meta/entity dataset=child create=1 id=
            data/child/meta/entity dataset=child create=1 id=
            data/meta/entity dataset=school create=1 id=
            bind /data/school name_of
            bind /data/child/first first
            bind /data/child/g/last last
            bind /data/child/meta/entity/@id no calculation
            odk-instance-first-load /data/child/meta/entity/@id uuid()
            bind /data/child/meta/entity/label concat( ../../../first ,  ../../../g/last )
            bind /data/meta/entity/@id no calculation
            odk-instance-first-load /data/meta/entity/@id uuid()
            bind /data/meta/entity/label  /data/school 
            odk-new-repeat /data/child/meta/entity/@id uuid()"#]],
    );
}

#[test]
fn names_of_questions_do_not_meet_those_of_the_entity() {
    check(
        "| type | name | label | save_to |\n| text | entity | E | p |\n| text | label | L | |",
        "| list_name | label |\n| child | concat(${entity}, ${label}) |",
        &expect![[r#"
            2024.1.0
            data/entity 
            data/meta/entity dataset=child create=1 id=
            bind /data/entity p
            bind /data/meta/entity/@id no calculation
            odk-instance-first-load /data/meta/entity/@id uuid()
            bind /data/meta/entity/label concat( /data/entity ,  /data/label )"#]],
    );
}

#[test]
fn rows_of_the_entities_sheet() {
    check(
        "| type | name | label |\n| text | q | Q |",
        "| list_name | label | entity_id | create_if | update_if | colour |\n| a | | | | | |\n| b | B | | | ${q} = 1 | |\n\
         | c | C | ${q} | true() | | |\n| | D | | | | |\n| __e | E | | | | |\n| f.g | F | | | | |\n| 1h | H | | | | |\n\
         | i | I | | | | red |\n| i | I | | | | |",
        &expect![[r#"
            entities!F1 column-refused
            entities!B2 entity-without-label
            entities!C3 entity-without-id
            entities!E4 entity-without-update-if
            entities!A5 entity-without-list
            entities!A6 entity-list-name
            entities!A7 entity-list-name
            entities!A8 entity-list-name
            entities!A10 duplicate-entity-list"#]],
    );
}

#[test]
fn expressions_of_the_entities_sheet() {
    check(
        "| type | name | label |\n| text | q | Q |",
        "| list_name | label | remarks |\n| j | ${nobody} | |",
        &expect![[r#"
            entities!C1 column-not-used
            entities!B2 unknown-name"#]],
    );
    check(
        "| type | name | label |\n| text | q | Q |",
        "| list_name | label | entity_id | update_if |\n| j | ${q} + | rond(1) | |",
        &expect![[r#"
            entities!B2 expression-expected
            entities!C2 unknown-function"#]],
    );
}

#[test]
fn save_to_cells() {
    check(
        "| type | name | label | save_to |\n| text | a | A | p |\n| text | b | B | x#p |\n| text | c | C | l#p#q |\n\
         | text | d | D | l#name |\n| text | e | E | l#Label |\n| text | f | F | l#__p |\n| text | g | G | l#1 |\n\
         | text | h | H | l#p |\n| text | i | I | l#p |\n| begin_group | j | J | l#q |\n| text | k | K | l# |\n\
         | end_group | | | l#r |",
        "| list_name | label |\n| l | 'x' |\n| m | 'y' |",
        &expect![[r#"
            survey!D2 save-to-needs-list
            survey!D3 unknown-entity-list
            survey!D4 save-to-malformed
            survey!D5 property-name
            survey!D6 property-name
            survey!D7 property-name
            survey!D8 property-name
            survey!D10 save-to-twice
            survey!D11 save-to-of-group
            survey!D12 property-name
            survey!D13 save-to-of-group"#]],
    );
    check(
        "| type | name | label | save_to |\n| text | a | A | p |",
        "| list_name | label |",
        &expect!["survey!D2 save-to-without-entities"],
    );
}

#[test]
fn places_that_do_not_go_together() {
    // An answer outside of the repeat that the label comes from.
    check(
        "| type | name | label | save_to |\n| text | a | A | p |\n| begin_repeat | r | R | |\n| text | b | B | |\n\
         | end_repeat | | | |",
        "| list_name | label |\n| l | ${b} |",
        &expect!["survey!D2 save-to-outside"],
    );
    // Two repeats beside each other.
    check(
        "| type | name | label | save_to |\n| begin_repeat | r | R | |\n| text | a | A | p |\n| end_repeat | | | |\n\
         | begin_repeat | s | S | |\n| text | b | B | |\n| end_repeat | | | |",
        "| list_name | label |\n| l | ${b} |",
        &expect!["entities!B2 entity-outside"],
    );
    // Two lists want the same group.
    check(
        "| type | name | label | save_to |\n| text | a | A | l#p |\n| text | b | B | m#p |",
        "| list_name | label |\n| l | 'x' |\n| m | 'y' |",
        &expect!["entities!A3 entity-without-place"],
    );
    // An answer of one list in the group where the other list's entity stands would be saved to the wrong one.
    check(
        "| type | name | label | save_to |\n| text | a | A | m#p |\n| begin_group | g | G | |\n| text | b | B | l#p |\n\
         | text | c | C | m#q |\n| end_group | | | |",
        "| list_name | label |\n| l | 'x' |\n| m | 'y' |",
        &expect!["entities!A3 entity-without-place"],
    );
}

#[test]
fn places_of_entities_beside_the_one_asked_for() {
    let check = |parameters: &str, entities: &str, expect: &Expect| {
        check(&format!("| type | name | label | parameters |\n| geopoint | q | Q | {parameters} |"), entities, expect);
    };
    let trees = "| list_name | label |\n| trees | ${q} |";
    check(
        "reference-geometry=trees",
        trees,
        &expect![[r#"
        2024.1.0
        data/meta/entity dataset=trees create=1 id=
        bind /data/meta/entity/@id no calculation
        odk-instance-first-load /data/meta/entity/@id uuid()
        bind /data/meta/entity/label  /data/q "#]],
    );
    check("reference-geometry=treees", trees, &expect!["survey!D2 reference-geometry"]);
    check("reference-geometry=trees", "| list_name | label |", &expect!["survey!D2 reference-geometry"]);
}
