//! What is known of an expression without evaluating it: its parse, its mistakes, what it reads.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tianye_xpath::testing::{Document, TestHost};
use tianye_xpath::{Axis, Base, Expr, MAX_DEPTH, MAX_LENGTH, StepTest, check, evaluate, functions, parse};

#[track_caller]
fn refused(source: &str, expect: &str) {
    let error = parse(source).expect_err(source);
    assert_eq!(error.to_string(), expect, "{source}");
}

#[test]
fn refusals_say_what_and_where() {
    refused(
        "",
        "at character 1: found the end, expected a value, a path or a function; write a value, a path or a function or remove the end",
    );
    refused(
        "1 +",
        "at character 4: found the end, expected a value, a path or a function; write a value, a path or a function or remove the end",
    );
    refused("'abc", "at character 1: the text beginning here has no closing '; add it");
    refused(
        "/data/a = 1)",
        "at character 12: found ), expected an operator or the end; write an operator or the end or remove )",
    );
    refused("count(/data/a", "at character 14: found the end, expected , or ); write , or ) or remove the end");
    refused(
        "/数据/村 = #",
        "at character 9: the character # has no meaning here; remove it, or put text in quotation marks",
    );
    refused("a # b", "at character 3: the character # has no meaning here; remove it, or put text in quotation marks");
    refused(
        "up::a",
        "at character 1: there is no axis up; the axes are child, parent, self, attribute, ancestor, descendant, following, preceding and their kin",
    );
    for source in [
        "1 And 1", "a[", "a]", "/data//", "()", "a b", "f(,)", "1 2", "@", "a/", "$", "..a", "a:b:c", "1=", "not(",
        "a,b",
    ] {
        assert!(parse(source).is_err(), "{source}");
    }
}

#[test]
fn the_whole_grammar_is_taken() {
    for source in [
        "/",
        "//*",
        ".",
        "..",
        "@*",
        "@a",
        "a/@b",
        "*",
        "p:*",
        "p:a",
        "div div div",
        "mod mod mod",
        "and and or",
        "or or and",
        "* * *",
        "-(-1)",
        "--1",
        "1mod2",
        "'1'mod'2'",
        "a[1][2]",
        "(a|b)[1]/c",
        "f:g(1)",
        "text()",
        "comment()",
        "processing-instruction('x')",
        "child::node()",
        "ancestor-or-self::p:a[@b='c']",
        "a[.//b]",
        "if (a) ",
        "$v",
        "id('a')/b//c[last() - 1]",
        "current()/../a",
        "self::node()[1]",
        "a-b",
        "a.b",
        "_a",
        "村庄",
        "/数据/村-1.号",
        "𠮷",
        "a\n\t=\r1",
        ".5",
        "5.",
        "preceding::a[1]",
        "namespace::*",
        "following::node()",
        "a=b=c",
        "1<2<3",
    ] {
        if !matches!(source, "f:g(1)") {
            assert!(parse(source).is_ok(), "{source}: {:?}", parse(source));
        }
    }
}

#[test]
fn size_and_depth_are_limited() {
    let nested = |depth: usize| "(".repeat(depth) + "1" + &")".repeat(depth);
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(parse(&nested(MAX_DEPTH + 1)).expect_err("deep").code(), "xpath-too-deep");
    assert_eq!(parse(&"-".repeat(5000)).expect_err("deep").code(), "xpath-too-deep");
    assert_eq!(parse(&"a=".repeat(5000)).expect_err("deep").code(), "xpath-too-deep");
    assert_eq!(parse(&"a[".repeat(5000)).expect_err("deep").code(), "xpath-too-deep");
    assert_eq!(parse(&" ".repeat(MAX_LENGTH + 1)).expect_err("long").code(), "xpath-too-long");
}

#[test]
fn the_deepest_and_longest_expressions_have_values() {
    let deep_calls = "not(".repeat(MAX_DEPTH - 1) + "1" + &")".repeat(MAX_DEPTH - 1);
    let deep_predicates = "*[".repeat(MAX_DEPTH) + "1" + &"]".repeat(MAX_DEPTH);
    let sum = vec!["1"; 50_000].join("+");
    let or = vec!["0"; 50_000].join(" or ");
    let steps = vec!["self::*"; 5_000].join("/");
    let long_path = format!("*/{}", vec!["self::*"; 390].join("/"));
    let dots = vec!["."; 300].join("/");
    for source in [&deep_calls, &deep_predicates, &sum, &or, &long_path, &dots] {
        let expr = parse(source).expect("an expression");
        assert_eq!(check(&expr), []);
        expr.references();
        assert!(value(&expr).is_some());
    }
    // As deep as it is long would be a chain of steps, each followed inside the one before.
    assert_eq!(parse(&steps).expect_err("long").code(), "xpath-too-deep");
}

fn value(expr: &Expr) -> Option<String> {
    let mut document = Document::new();
    document.open("a");
    document.leaf("b", "1");
    document.leaf("b", "2017-06-01");
    document.close();
    let host = TestHost::at("2017-06-01T08:00:00+08:00");
    let context = host.context(&document, document.root());
    evaluate(expr, &context).ok().map(|value| value.to_text(&document).into_owned())
}

#[track_caller]
#[allow(clippy::needless_pass_by_value, reason = "reads better at the calls")]
fn problems(source: &str, expect: Expect) {
    let expr = parse(source).expect("an expression");
    let found: Vec<String> = check(&expr).iter().map(|problem| format!("{}: {problem}", problem.code())).collect();
    expect.assert_eq(&found.join("\n"));
}

#[test]
fn mistakes_are_found_without_evaluating() {
    problems("concat(1, substr('a', 0), /data/a)", expect![""]);
    problems(
        "selektd(/data/a, 'b') and foo() and count() > string-length(1, 2)",
        expect![[r#"
            xpath-unknown-function: at character 1: there is no function selektd(); did you mean selected()?
            xpath-unknown-function: at character 27: there is no function foo()
            xpath-wrong-arity: at character 37: count() takes 1 arguments, found 0
            xpath-wrong-arity: at character 47: string-length() takes 0 to 1 arguments, found 2"#]],
    );
    problems(
        "sum(1 + 2) + $age + count('a')",
        expect![[r#"
            xpath-needs-nodes: at character 1: sum needs nodes (a path), found a number
            xpath-variable: at character 14: found the variable $age; forms have no variables: write ${age} in a workbook, or the path
            xpath-needs-nodes: at character 21: count needs nodes (a path), found a text"#]],
    );
    problems(
        "a[Regex(., 'x')]",
        expect!["xpath-unknown-function: at character 3: there is no function Regex(); did you mean regex()?"],
    );
    assert_eq!(check(&parse("regex(a, '[')").expect("an expression"))[0].code(), "xpath-bad-pattern");
}

#[test]
fn the_table_of_functions_is_sound() {
    let mut names: Vec<_> = functions().iter().map(|function| function.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "a name stands twice");
    for function in functions() {
        assert!(function.max.is_none_or(|max| max >= function.min), "{}", function.name);
        assert!(
            function.doc.ends_with('.') || function.doc.ends_with('…') || function.doc.ends_with('?'),
            "{}",
            function.name
        );
    }
}

#[track_caller]
#[allow(clippy::needless_pass_by_value, reason = "reads better at the calls")]
fn reads(source: &str, expect: Expect) {
    let expr = parse(source).expect("an expression");
    let lines: Vec<String> = expr
        .references()
        .into_iter()
        .map(|reference| {
            let mut line = match reference.base {
                Base::Root => "/".to_owned(),
                Base::Context => ".".to_owned(),
                Base::Instance(id) => format!("instance({id})"),
                Base::Unknown => "?".to_owned(),
            };
            for step in reference.steps {
                let axis = match step.axis {
                    Axis::Child => String::new(),
                    axis => format!("{axis:?}::"),
                };
                let test = match step.test {
                    StepTest::Name { prefix: None, local } => local.to_string(),
                    StepTest::Name { prefix: Some(prefix), local } => format!("{prefix}:{local}"),
                    StepTest::AnyName => "*".to_owned(),
                    StepTest::AnyNode => "node()".to_owned(),
                    StepTest::Other => "…".to_owned(),
                };
                line += &format!(" {axis}{test}{}", if step.filtered { "[]" } else { "" });
            }
            format!("{line}{}", if reference.in_predicate { "   (in predicate)" } else { "" })
        })
        .collect();
    expect.assert_eq(&lines.join("\n"));
}

#[test]
fn references() {
    reads(
        "/data/a + ../b + . + current()/c",
        expect![[r#"
            / data a
            . Parent::node() b
            .
            . c"#]],
    );
    reads(
        "instance('v')/root/item[county = /data/county and name != current()/../x]/label",
        expect![[r#"
            instance(v) root item[] label
            instance(v) root item[] county   (in predicate)
            / data county   (in predicate)
            instance(v) root item[] name   (in predicate)
            . Parent::node() x   (in predicate)"#]],
    );
    reads(
        "sum(/data/roster[../kind = 'a'][./age > 1]/share)",
        expect![[r#"
            / data roster[] share
            / data kind   (in predicate)
            / data roster[] age   (in predicate)"#]],
    );
    reads(
        "if(selected(../q, 'x'), jr:choice-name(../q, '/data/q'), pulldata('f', 'a', 'b', ../k))",
        expect![[r#"
            . Parent::node() q
            / data q
            . Parent::node() q
            instance(f)
            . Parent::node() k"#]],
    );
    reads(
        "(/data/a | //b)[1]/c + indexed-repeat(/data/r/x, /data/r, position(..))",
        expect![[r#"
            ? c
            / data a
            / Descendant::b
            / data r x
            / data r
            . Parent::node()"#]],
    );
    reads("string-length() > 0 and true()", expect!["."]);
    reads(
        "count(randomize(instance('l')/root/item, /data/seed))",
        expect![[r#"
        instance(l) root item
        / data seed"#]],
    );
}

#[test]
fn uses() {
    let uses = |source| parse(source).expect("an expression").uses();
    assert!(uses("today()").clock && uses("a[b < now()]").clock && !uses("date('2017-06-01')").clock);
    assert!(uses("once(random())").chance && uses("once(1)").own_value && !uses("randomize(a, 1)").chance);
    assert!(uses("randomize(a)").chance && uses("uuid()").chance);
    assert!(uses("position(..)").position && !uses("a[position() = 1]").position && uses("position()").position);
    assert!(uses("jr:choice-name(a, 'b')").choices && uses("jr:itext('a')").language);
    assert!(uses("instance('a')/root").instances && uses("pulldata('a','b','c','d')").instances);
    assert!(uses("property('deviceid')").properties);
    assert_eq!(uses("/data/a + 1"), tianye_xpath::Uses::default());
}

#[test]
fn names_can_be_bound_to_numbers() {
    let mut expr = parse("/data/村/村 + jr:x").expect("an expression");
    let mut asked = Vec::new();
    expr.bind_names(|prefix, name| {
        asked.push(format!("{}{name}", prefix.map(|prefix| format!("{prefix}:")).unwrap_or_default()));
        asked.len() as u32
    });
    assert_eq!(asked, ["data", "村", "jr:x"]);
    assert_eq!(expr.names().iter().map(|name| name.symbol).collect::<Vec<_>>(), [1, 2, 3]);
}

/// Pieces of expressions, so that random ones are often well formed.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "a",
        "b",
        "/",
        "//",
        "[",
        "]",
        "(",
        ")",
        "1",
        "2.5",
        "'x'",
        "''",
        "=",
        "<",
        "!=",
        "+",
        "-",
        "*",
        " div ",
        " mod ",
        " and ",
        " or ",
        "|",
        ".",
        "..",
        "@",
        "::",
        ",",
        "count(",
        "string(",
        "position()",
        "last()",
        "today()",
        "date(",
        "if(",
        "current()",
        "*",
        "not(",
        "regex(",
        "round(",
        "substr(",
        "ancestor::",
        "preceding::",
        "following-sibling::",
        "村",
        "110101199003074514",
        "'2017-06-01'",
        "concat(",
        "selected(",
        "format-date(",
        "translate(",
        "indexed-repeat(",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(source in "\\PC{0,60}") {
        if let Ok(expr) = parse(&source) {
            check(&expr);
            expr.references();
            value(&expr);
        }
    }

    #[test]
    fn no_expression_makes_it_panic(pieces in prop::collection::vec(piece(), 1..14)) {
        let source = pieces.concat();
        match parse(&source) {
            Ok(expr) => {
                check(&expr);
                expr.references();
                value(&expr);
            }
            Err(error) => {
                prop_assert!(source.is_char_boundary(error.span.start));
                prop_assert!(source.is_char_boundary(error.span.end));
            }
        }
    }

    #[test]
    fn numbers_read_back_as_they_were(number in prop::num::f64::NORMAL | prop::num::f64::ZERO) {
        let text = tianye_xpath::format_number(number);
        prop_assert_eq!(tianye_xpath::parse_number(&text), number);
        prop_assert!(!text.contains(['e', 'E']));
    }

    #[test]
    fn days_read_back_as_they_were(day in -700_000i32..2_900_000) {
        let expr = parse(&format!("date({day}) - 0 = {day} and date(string(date({day}))) = date({day})")).expect("an expression");
        prop_assert_eq!(value(&expr), Some("true".to_owned()));
    }
}
