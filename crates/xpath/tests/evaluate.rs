//! Expressions over small documents.

use tianye_xpath::testing::{Document, TestHost, document, node_at};
use tianye_xpath::{
    Context, ValueType, evaluate, evaluate_boolean, evaluate_nodes, evaluate_number, evaluate_string, parse,
};

const FAMILY: &str = "<家庭><姓名>张三</姓名><成员><名>甲</名><岁>40</岁></成员><成员><名>乙</名><岁>12</岁></成员>\
    <成员><名>丙</名><岁/></成员><村>v2</村><空/></家庭>";

#[track_caller]
fn check(document: &Document, source: &str, expect: &str) {
    check_at(document, "/*[1]", source, expect);
}

#[track_caller]
fn check_at(document: &Document, path: &str, source: &str, expect: &str) {
    let host = TestHost::at("2017-06-01T08:00:00+08:00");
    let expr = parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    let context = host.context(document, node_at(document, path));
    let found = match evaluate_string(&expr, &context) {
        Ok(text) => text.into_owned(),
        Err(error) => format!("error {}", error.code()),
    };
    assert_eq!(found, expect, "{source}");
}

#[test]
fn chinese_names_and_paths() {
    let family = document(FAMILY);
    check(&family, "/家庭/姓名", "张三");
    check(&family, "count(成员)", "3");
    check(&family, "成员[2]/名", "乙");
    check(&family, "成员[last()]/名", "丙");
    check(&family, "成员[岁 < 18]/名", "乙");
    check(&family, "成员[名 = '丙']/名", "丙");
    check(&family, "成员[position() > 1][1]/名", "乙");
    check(&family, "成员[岁][2]/名", "乙");
    check(&family, "成员[not(岁 > 0)]/名", "丙");
    check(&family, "join(' ', 成员/名)", "甲 乙 丙");
    check(&family, "sum(成员[岁 != '']/岁)", "52");
    check(&family, "sum(成员/岁)", "NaN");
    check(&family, "count-non-empty(成员/岁)", "2");
    check(&family, "max(成员/岁[. != ''])", "40");
    check(&family, "min(-3, -1)", "-3");
    check(&family, "max(-3, -1)", "-1");
    check(&family, "(成员/名 | 姓名)[1]", "张三");
    check(&family, "//名[. = '乙']/../岁", "12");
    check(&family, "//成员[1]/名", "甲");
    check(&family, "(//名)[3]", "丙");
    check(&family, "没有", "");
    check(&family, "boolean(没有)", "false");
    check(&family, "string(成员[9]/名)", "");
}

#[test]
fn places_of_rows() {
    let family = document(FAMILY);
    check_at(&family, "/*[1]/*[3]/*[1]", "position(..)", "2");
    check_at(&family, "/*[1]/*[3]/*[1]", "count(../preceding-sibling::成员) + 1", "2");
    check_at(&family, "/*[1]/*[3]/*[1]", "indexed-repeat(/家庭/成员/名, /家庭/成员, position(..) - 1)", "甲");
    check_at(&family, "/*[1]/*[3]/*[1]", "/家庭/成员[position() = position(current()/..) - 1]/名", "甲");
    check_at(&family, "/*[1]/*[3]/*[1]", "../following-sibling::成员[1]/名", "丙");
    check_at(&family, "/*[1]/*[4]/*[1]", "../preceding-sibling::成员[1]/名", "乙");
    check(&family, "indexed-repeat(成员/名, 成员, 0)", "");
    check(&family, "indexed-repeat(成员/名, 成员)", "error xpath-wrong-arity");
}

/// Numbered rows are walked to straight where the paths are plain, and sifted where they are not.
#[test]
fn numbered_rows_both_ways() {
    let street = document(
        "<d><x/><h><n>a</n><p><n>1</n></p><p><n>2</n><n>3</n></p></h><h><n>b</n></h><h><p><n>4</n></p><p/><p><n>5</n></p></h></d>",
    );
    for (path, repeats, expect) in [
        ("/d/h/p/n", "/d/h, 1, /d/h/p, 2", "2 3"),
        ("/d/h/p/n", "/d/h/p, 2, /d/h, 1", "2 3"),
        ("/d/h/p/n", "/d/h/p, 1", "1 4"),
        ("/d/h/p/n", "/d/h, 3", "4 5"),
        ("/d/h/n", "/d/h, 2.9", "b"),
        ("/d/h/n", "/d/h, 1, /d/h, 2", ""),
        ("/d/h/n", "/d/h, 0", ""),
        ("/d/h/n", "/d/h, -1", ""),
        ("/d/h/n", "/d/h, 9", ""),
        ("/d/h/n", "/d/h, 1 div 0", ""),
        ("/d/h", "/d/h, 2", "b"),
        ("/d/h/n", "/d/h/p, 1", ""),
        ("/d/h/n", "/d/h/n, 1", "a b"),
        ("/d/h/n", "/d, 1", "a b"),
    ] {
        check(&street, &format!("join(' ', indexed-repeat({path}, {repeats}))"), expect);
        check(&street, &format!("join(' ', indexed-repeat(({path})[true()], {repeats}))"), expect);
    }
}

#[test]
fn predicates_with_a_key() {
    let family = document(FAMILY);
    // A candidate without the key is unequal to any text, and equal to false.
    check(&family, "count(*[名 = false()])", "3");
    check(&family, "count(*[名 = true()])", "3");
    check(&family, "count(成员[岁 = 40])", "1");
    check(&family, "成员[岁 = 成员/岁]/名", "");
    check(&family, "成员[岁 = /家庭/成员/岁]/名", "甲");
    check(&family, "count(成员[岁 = /家庭/没有])", "0");
    check(&family, "count(成员[岁 = /家庭/空])", "1");
    check(&family, "成员['乙' = ./名]/岁", "12");
    check(&family, "成员[名 = '乙'][1]/岁", "12");
    check(&family, "成员[名 = '乙'][2]/岁", "");
    check(&family, "成员[名 = string(名)][3]/名", "丙");
}

#[test]
fn only_what_is_needed_is_evaluated() {
    let family = document(FAMILY);
    check(&family, "true() or instance('x')", "true");
    check(&family, "false() and instance('x')", "false");
    check(&family, "if(true(), 1, instance('x'))", "1");
    check(&family, "coalesce('a', instance('x'))", "a");
    check(&family, "if(false(), instance('x'), 2)", "2");
    check(&family, "instance('x')", "error xpath-unknown-instance");
}

#[test]
fn typed_nodes_are_dates() {
    let mut document = document("<d><day>2017-06-10</day><at>2017-06-10T23:00:00.000Z</at><t>10:30</t><e/></d>");
    for (path, value_type) in [
        ("/*[1]/*[1]", ValueType::Date),
        ("/*[1]/*[2]", ValueType::DateTime),
        ("/*[1]/*[3]", ValueType::Time),
        ("/*[1]/*[4]", ValueType::Date),
    ] {
        let node = node_at(&document, path);
        document.set_type(node, value_type);
    }
    check(&document, "day - today()", "9");
    check(&document, "day + 1", "17328");
    check(&document, "date(day + 1)", "2017-06-11");
    check(&document, "day > today()", "true");
    check(&document, "day = '2017-06-10'", "true");
    check(&document, "date(at)", "2017-06-11");
    check(&document, "at > day", "true");
    check(&document, "t < '11:00:00.000+08:00'", "true");
    check(&document, "decimal-time(t) * 24", "10.5");
    check(&document, "e > today()", "false");
    check(&document, "e = ''", "true");
    check(&document, "string(day)", "2017-06-10");
}

fn cascade(rows: usize) -> (Document, TestHost) {
    let mut document = Document::new();
    document.open("data");
    document.leaf("county", "c7");
    document.leaf("village", "v7003");
    document.close();
    let instance = document.open("instance");
    document.open("root");
    for row in 0..rows {
        document.open("item");
        document.leaf("name", &format!("v{row}"));
        document.leaf("label", &format!("村{row}"));
        document.leaf("county", &format!("c{}", row / 100));
        document.close();
    }
    document.close();
    document.close();
    document.indexed = true;
    let mut host = TestHost::at("2017-06-01T08:00:00+08:00");
    host.instances.insert("villages".to_owned(), instance);
    (document, host)
}

#[test]
fn a_cascade_asks_the_index_and_gets_what_walking_gets() {
    let (mut document, host) = cascade(10_000);
    for (source, expect, asked) in [
        ("count(instance('villages')/root/item[county = /data/county])", "100", 1),
        ("count(instance('villages')/root/item[county = current()/county])", "100", 1),
        ("count(instance('villages')/root/item['c7' = county][name != 'v701'])", "99", 1),
        ("instance('villages')/root/item[name = /data/village]/label", "村7003", 1),
        ("instance('villages')/root/item[county = 'c7'][3]/label", "村702", 1),
        ("instance('villages')/root/item[county = 'c7'][last()]/label", "村799", 1),
        ("pulldata('villages', 'label', 'name', /data/village)", "村7003", 1),
        ("pulldata('villages', 'label', 'name', \"it's\")", "", 1),
        ("count(instance('villages')/root/item[county = 7])", "0", 0),
        ("count(instance('villages')/root/item[county = concat('c', string-length(name))])", "100", 0),
    ] {
        let expr = parse(source).expect("an expression");
        for indexed in [true, false] {
            document.indexed = indexed;
            let before = document.index_uses();
            let node = node_at(&document, "/*[1]");
            let found = evaluate_string(&expr, &host.context(&document, node)).expect("a value").into_owned();
            assert_eq!(found, expect, "{source}, indexed: {indexed}");
            assert_eq!(document.index_uses() - before, if indexed { asked } else { 0 }, "{source}");
        }
    }
}

#[test]
fn what_the_host_says() {
    let family = document(FAMILY);
    let mut host = TestHost::at("2017-06-01T08:00:00+08:00");
    host.labels.insert(("v2".to_owned(), "/家庭/村".to_owned()), "上田村".to_owned());
    host.texts.insert("welcome".to_owned(), "你好".to_owned());
    host.properties.insert("deviceid".to_owned(), "laptop 3".to_owned());
    host.version = Some("2017060101".to_owned());
    for (source, expect) in [
        ("jr:choice-name(村, '/家庭/村')", "上田村"),
        ("jr:choice-name('v9', '/家庭/村')", ""),
        ("jr:itext('welcome')", "你好"),
        ("property('deviceid')", "laptop 3"),
        ("property('nothing')", ""),
        ("version()", "2017060101"),
        ("string-length(uuid())", "36"),
        ("string-length(uuid(8))", "8"),
        ("random() < 1 and random() >= 0", "true"),
        ("once('new')", "张三40"),
        ("format-date(today(), '%a')", "Thu"),
    ] {
        let expr = parse(source).expect("an expression");
        let mut document = document("<a><b>张三</b><c>40</c></a>");
        document.indexed = false;
        let tree = if source.starts_with("once") { &document } else { &family };
        let context = Context { tree, host: &host, node: node_at(tree, "/*[1]"), root: tree.root() };
        assert_eq!(evaluate_string(&expr, &context).expect("a value"), expect, "{source}");
    }
}

#[test]
fn a_seed_gives_the_same_order_everywhere() {
    let document = document("<r><a>A</a><a>B</a><a>C</a><a>D</a><a>E</a><a>F</a></r>");
    check(&document, "join('', randomize(a, 42))", "AFCBDE");
    check(&document, "join('', randomize(a, '')) = join('', randomize(a, 0))", "true");
    check(&document, "join('', randomize(a, '张三')) = join('', randomize(a, '张三'))", "true");
    check(&document, "string-length(join('', randomize(a)))", "6");
}

#[test]
fn places_on_earth() {
    let document = document("<r><p>30.25 120.17 0 5</p><p>30.26 120.17</p><p>30.26 120.18</p></r>");
    check(&document, "distance(p[1])", "0");
    check(&document, "round(distance(p))", "2075");
    check(&document, "distance('30.25 120.17;30.26 120.17') = distance('30.25 120.17', '30.26 120.17')", "true");
    check(&document, "distance('somewhere')", "NaN");
    check(&document, "geofence('0.5 0.5', '0 0;0 1;1 1;1 0;0 0')", "true");
    check(&document, "geofence('1.5 0.5', '0 0;0 1;1 1;1 0;0 0')", "false");
    check(&document, "intersects('0 0;1 1;0 1;1 0')", "true");
    check(&document, "intersects('0 0;0 1;1 1;1 0;0 0')", "false");
}

#[test]
fn each_way_of_asking_gives_the_same() {
    let family = document(FAMILY);
    let host = TestHost::at("2017-06-01T08:00:00+08:00");
    let context = host.context(&family, node_at(&family, "/*[1]"));
    for source in ["成员/名", "//岁", "1 + 1", "'a'", "today()", "成员[2]/ancestor::*", "没有", "true()", "0"] {
        let expr = parse(source).expect("an expression");
        let value = evaluate(&expr, &context).expect("a value");
        assert_eq!(value.to_text(&family), evaluate_string(&expr, &context).expect("text"), "{source}");
        assert_eq!(value.to_boolean(), evaluate_boolean(&expr, &context).expect("truth"), "{source}");
    }
    let number = |source| evaluate_number(&parse(source).expect("an expression"), &context).expect("a number");
    assert_eq!(number("成员[1]/岁"), 40.0);
    assert!(number("姓名").is_nan());
    let error = evaluate_nodes(&parse("1").expect("an expression"), &context).expect_err("no nodes");
    assert_eq!(error.to_string(), "the expression needs nodes (a path), found a number");
}

#[test]
fn a_value_shows_no_answer_when_debugged() {
    let family = document(FAMILY);
    let host = TestHost::at("2017-06-01T08:00:00+08:00");
    let expr = parse("string(/家庭/姓名)").expect("an expression");
    let value = evaluate(&expr, &host.context(&family, family.root())).expect("a value");
    assert_eq!(format!("{value:?}"), "Value(text)");
}
