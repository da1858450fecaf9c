//! Expressions and regular expressions.

use std::sync::LazyLock;

use tianye_xpath::testing::{Document, NodeId, TestHost, document, node_at};
use tianye_xpath::{check, evaluate, evaluate_string, explain, parse};

struct World {
    document: Document,
    host: TestHost,
    node: NodeId,
}

thread_local! {
    static WORLD: LazyLock<World> = const { LazyLock::new(world) };
}

fn world() -> World {
    let document = document(
        r#"<data><a>1</a><b>-2.5</b><d>2017-05-02</d><t>12:00</t><s>张三 李四</s><e/><p>30.2 120.1;30.3 120.2;30.1 120.4</p>
<r><n>1</n><x>a</x></r><r><n>2</n><x/></r><r><n>330723201704123510</n><x>c</x></r><list><item><name>a</name><label>A</label></item></list></data>"#,
    );
    let mut host = TestHost::at("2017-06-01T09:00:00+08:00");
    host.instances.insert("list".to_owned(), node_at(&document, "/*[1]/*[11]"));
    let node = node_at(&document, "/*[1]/*[9]");
    World { document, host, node }
}

/// Is read, checked, evaluated and explained.
pub fn expression(bytes: &[u8]) {
    let Ok(source) = std::str::from_utf8(bytes) else { return };
    let Ok(expr) = parse(source) else { return };
    let problems = check(&expr);
    let _ = (expr.references(), expr.uses(), expr.whole().shape());
    WORLD.with(|world| {
        let context = world.host.context(&world.document, world.node);
        let value = evaluate(&expr, &context);
        let _ = explain(&expr, &context);
        if problems.is_empty()
            && let Err(error) = value
        {
            let code = error.code();
            assert!(
                !matches!(code, "xpath-unknown-function" | "xpath-wrong-arity"),
                "{code} was not told before: {source}"
            );
        }
    });
}

/// A regular expression, and behind the first line break a text that it looks at.
pub fn pattern(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (pattern, text) = text.split_once('\n').unwrap_or((text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    let mark = |text: &str| if text.contains('\'') { '"' } else { '\'' };
    let (p, t) = (mark(pattern), mark(text));
    let Ok(expr) = parse(&format!("regex({t}{text}{t}, {p}{pattern}{p})")) else { return };
    let told = check(&expr);
    WORLD.with(|world| {
        let value = evaluate_string(&expr, &world.host.context(&world.document, world.node));
        let failed = value.as_ref().err().is_some_and(|error| error.code() == "xpath-bad-pattern");
        assert!(!failed || !told.is_empty() || value.unwrap_err().to_string().contains("too long"), "{pattern}");
    });
}
