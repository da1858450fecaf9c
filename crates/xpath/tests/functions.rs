//! Every function of the library, at least once: what it gives, and its corner cases.

use std::collections::BTreeSet;

use tianye_xpath::testing::{TestHost, document, node_at};
use tianye_xpath::{check, evaluate_string, functions, parse};

/// Local time is UTC+8; the context node is the second row.
const DOCUMENT: &str = "<data><r><n>2</n><d>2017-05-02</d></r><r><n>3</n><d/></r><empty/><places><p>30.25 120.17</p><p>30.26 120.17</p></places><list xml:lang=\"zh-CN\" id=\"l1\">a b c</list></data>";

/// Expression, value; the function that is meant comes first in it, or is the only one.
const TABLE: &[(&str, &str)] = &[
    // nodes
    ("count(/data/r)", "2"),
    ("count(/data/none)", "0"),
    ("count-non-empty(/data/r/d)", "1"),
    ("current()/n", "3"),
    ("count(id('l1'))", "1"),
    ("indexed-repeat(/data/r/n, /data/r, 1)", "2"),
    ("indexed-repeat(/data/r/n, /data/r, 3)", ""),
    ("instance('list')/item[2]/name", "b"),
    ("lang('zh')", "false"),
    ("last()", "1"),
    ("local-name()", "r"),
    ("name(n)", "n"),
    ("namespace-uri(n)", ""),
    ("position()", "1"),
    ("position(current())", "2"),
    ("pulldata('table', 'label', 'name', 'b')", "B"),
    ("pulldata('table', 'label', '@code', '1')", "A"),
    ("pulldata('table', '@code', 'name', 'b')", "2"),
    ("pulldata('table', 'label', 'name', 'z')", ""),
    ("join(' ', randomize(/data/r/n, 1))", "3 2"),
    // text
    ("concat('a', /data/r/n, 1)", "a231"),
    ("concat()", ""),
    ("contains('张三', '三')", "true"),
    ("ends-with('张三', '三')", "true"),
    ("join('、', /data/r/n, 'x')", "2、3、x"),
    ("normalize-space(' a  b ')", "a b"),
    ("regex('13800000000', '1[0-9]{10}')", "true"),
    ("starts-with('张三', '张')", "true"),
    ("string(1.50)", "1.5"),
    ("string-length('𠮷')", "1"),
    ("substr('hello', 1, 3)", "el"),
    ("substr('hello', -2)", "lo"),
    ("substring('hello', 2, 3)", "ell"),
    ("substring-after('a-b', '-')", "b"),
    ("substring-before('a-b', '-')", "a"),
    ("translate('bar', 'abc', 'AB')", "BAr"),
    // truth
    ("boolean('false')", "true"),
    ("boolean-from-string('true')", "true"),
    ("boolean-from-string('yes')", "false"),
    ("checklist(1, 2, 1 = 1, 1 = 2)", "true"),
    ("checklist(2, -1, 1 = 1, 1 = 2)", "false"),
    ("coalesce(/data/empty, 'x')", "x"),
    ("depend('a', 'b')", "a"),
    ("false()", "false"),
    ("if(1 = 1, 'a', date('no date'))", "a"),
    ("not(1 = 1)", "false"),
    ("once('x')", "3"),
    ("true()", "true"),
    ("weighted-checklist(3, 5, 1 = 1, 2, 1 = 1, 3)", "true"),
    ("weighted-checklist(-1, 4, 1 = 1, 2, 1 = 1, 3)", "false"),
    // choices
    ("count-selected('a b c')", "3"),
    ("is-selected('a b', 'b')", "true"),
    ("jr:choice-name('b', '/data/q')", ""),
    ("selected('ab b', 'a')", "false"),
    ("selected-at('a b', 1)", "b"),
    ("selected-at('a b', 2)", ""),
    // numbers
    ("abs(-2)", "2"),
    ("round(acos(0), 4)", "1.5708"),
    ("round(asin(1), 4)", "1.5708"),
    ("round(atan(1), 4)", "0.7854"),
    ("round(atan2(1, -1), 4)", "2.3562"),
    ("ceiling(1.2)", "2"),
    ("ceiling(-1.2)", "-1"),
    ("cos(0)", "1"),
    ("round(exp(1), 4)", "2.7183"),
    ("exp10(3)", "1000"),
    ("floor(-1.2)", "-2"),
    ("int(-1.9)", "-1"),
    ("log(1)", "0"),
    ("log10(1000)", "3"),
    ("max(/data/r/n)", "3"),
    ("max(-2, -3)", "-2"),
    ("min(/data/r/n, 1)", "1"),
    ("min(/data/r/d)", "NaN"),
    ("number('12')", "12"),
    ("number('2017-05-02') = decimal-date-time('2017-05-02')", "true"),
    ("round(pi(), 4)", "3.1416"),
    ("pow(2, 10)", "1024"),
    ("random() < 1", "true"),
    ("round(2.5)", "3"),
    ("round(-2.5)", "-2"),
    ("round(-50.55, -2)", "-100"),
    ("sin(0)", "0"),
    ("sqrt(9)", "3"),
    ("sum(/data/r/n)", "5"),
    ("sum(/data/none)", "0"),
    ("tan(0)", "0"),
    // dates
    ("date('2017-05-02T23:30:00.000+08:00')", "2017-05-02"),
    ("date-time('2017-05-02T01:00:00.000Z')", "2017-05-02T01:00:00.000+00:00"),
    ("date-time('2017-05-02')", "2017-05-02"),
    ("decimal-date-time('1970-01-02T08:00:00.000+08:00')", "1"),
    ("decimal-time('12:00:00.000+08:00')", "0.5"),
    ("format-date('2017-05-02', '%Y/%m/%d %n %e %y')", "2017/05/02 5 2 17"),
    ("format-date-time('2017-05-02T06:07:08.009+08:00', '%H:%M:%S.%3 %h')", "06:07:08.009 6"),
    ("now()", "2017-06-01T08:00:00.000+08:00"),
    ("today()", "2017-06-01"),
    // places
    ("round(area('0 0;0 0.01;0.01 0.01;0.01 0;0 0') div 10000)", "124"),
    ("area('0 0')", "0"),
    ("round(distance(/data/places/p))", "1113"),
    ("enclosed-area('0 0;0 0.01;0.01 0.01;0 0') = area('0 0;0 0.01;0.01 0.01;0 0')", "true"),
    ("geofence('0.5 0.5', '0 0;0 1;1 1;1 0;0 0')", "true"),
    ("intersects('0 0;1 1;0 1;1 0')", "true"),
    ("intersects('0 0;1 1')", "false"),
    // digests and chance
    ("base64-decode('5byg5LiJ')", "张三"),
    ("base64-decode('5byg5LiJ!')", ""),
    ("digest('张三', 'MD5', 'hex')", "615db57aa314529aaa0fbe95b3e95bd3"),
    ("digest('张三', 'SHA-1', 'hex')", "ced07fb42b05a2ed9efa330250e2bb9175f962ce"),
    ("digest('abc', 'SHA-256')", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    ("substr(digest('abc', 'sha-384', 'hex'), 0, 16)", "cb00753f45a35e8b"),
    ("substr(digest('abc', 'SHA-512', 'hex'), 0, 16)", "ddaf35a193617aba"),
    (
        "extract-signed('kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAHI=', 'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=')",
        "r",
    ),
    (
        "extract-signed('kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAHM=', 'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=')",
        "",
    ),
    ("extract-signed('no', 'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=')", ""),
    (
        "extract-signed('kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAHI=', 'AAAA')",
        "",
    ),
    ("string-length(uuid())", "36"),
    ("string-length(uuid(9))", "9"),
    // form
    ("jr:itext('hello')", "你好"),
    ("jr:itext('none')", "error xpath-not-found"),
    ("property('deviceid')", ""),
    ("version()", ""),
];

/// A secondary document of the same tree: the host says where it begins.
const TABLES: &str = "<h><data/><l><item><name>a</name></item><item><name>b</name></item></l><t><root><item code=\"1\"><name>a</name><label>A</label></item><item code=\"2\"><name>b</name><label>B</label></item></root></t></h>";

#[test]
fn each_gives_what_it_says() {
    let inside = DOCUMENT.trim_start_matches("<data>").trim_end_matches("</data>");
    let tree = document(&TABLES.replace("<data/>", &format!("<data>{inside}</data>")));
    let mut host = TestHost::at("2017-06-01T08:00:00+08:00");
    let node = |path| node_at(&tree, path);
    host.instances.insert("list".into(), node("/*[1]/*[2]"));
    host.instances.insert("table".into(), node("/*[1]/*[3]"));
    host.texts.insert("hello".into(), "你好".into());
    let context =
        tianye_xpath::Context { tree: &tree, host: &host, node: node("/*[1]/*[1]/*[2]"), root: node("/*[1]") };
    let mut wrong = Vec::new();
    for (source, expect) in TABLE {
        let expr = parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(check(&expr), [], "{source}");
        let found = evaluate_string(&expr, &context);
        let found = found.map_or_else(|error| format!("error {}", error.code()), std::borrow::Cow::into_owned);
        if found != *expect {
            wrong.push(format!("{source}: expected {expect:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn none_is_left_out() {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | ':' | '_');
    let calls = |source: &str, name: &str| {
        source.match_indices(&format!("{name}(")).any(|(at, _)| !source[..at].ends_with(is_name))
    };
    let called = |name: &str| TABLE.iter().any(|(source, _)| calls(source, name));
    let missing: BTreeSet<&str> =
        functions().iter().map(|function| function.name).filter(|name| !called(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
