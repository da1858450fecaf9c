//! Labels as plain text on one line: what a heading or a cell can hold.
//!
//! A label may carry the Markdown that forms use (emphasis, headings, links, `<span>`), and inserted values, which the
//! form's dictionary shows as `{expression}`. A table has no formatting, and no one value to insert.

/// What stands for an inserted value.
const INSERTED: &str = "…";

/// Elements that labels are styled with.
const TAGS: [&str; 20] = [
    "span", "p", "br", "b", "i", "u", "em", "strong", "div", "font", "h1", "h2", "h3", "h4", "h5", "h6", "small",
    "sub", "sup", "center",
];

/// One character; escaped ones are never marks.
#[derive(Clone, Copy)]
struct Letter {
    char: char,
    escaped: bool,
}

impl Letter {
    fn is(self, mark: char) -> bool {
        self.char == mark && !self.escaped
    }
}

/// The label without inserted values, tags and Markdown, on one line.
pub(crate) fn plain(label: &str) -> String {
    let text = without_tags(&without_insertions(label));
    let mut letters = Vec::new();
    for line in text.lines() {
        letters.extend(read(without_heading_mark(line.trim())));
        letters.push(Letter { char: '\n', escaped: true });
    }
    for (mark, width) in [('*', 3), ('_', 3), ('*', 2), ('_', 2), ('*', 1), ('_', 1)] {
        without_pairs(&mut letters, mark, width);
    }
    let text: String = letters.into_iter().map(|letter| letter.char).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `{…}` around an expression becomes an ellipsis; any other braces are the label's own.
fn without_insertions(text: &str) -> String {
    replace_between(text, '{', '}', |inner| is_expression(inner).then_some(INSERTED))
}

/// A path, or the call of a function: what a form inserts.
fn is_expression(text: &str) -> bool {
    let text = text.trim();
    let call = text.split_once('(').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:. ".contains(c))
    });
    text.starts_with(['/', '.']) || call
}

fn without_tags(text: &str) -> String {
    replace_between(text, '<', '>', |inner| {
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        let inner = inner.strip_suffix('/').unwrap_or(inner).trim_end();
        let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(end);
        let is_tag = TAGS.contains(&name.to_ascii_lowercase().as_str());
        // A break parts words.
        let instead = if ["br", "p", "div"].contains(&name) { " " } else { "" };
        (is_tag && (attributes.is_empty() || attributes.contains('='))).then_some(instead)
    })
}

/// Replaces `open … close`, if the function says by what.
fn replace_between(text: &str, open: char, close: char, instead: impl Fn(&str) -> Option<&'static str>) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let inner = &rest[start + open.len_utf8()..];
        let end = inner.find([open, close]).filter(|end| inner[*end..].starts_with(close));
        let found = end.and_then(|end| instead(&inner[..end]).map(|with| (end, with)));
        kept.push_str(&rest[..start]);
        if let Some((end, with)) = found {
            kept.push_str(with);
            rest = &inner[end + close.len_utf8()..];
        } else {
            kept.push(open);
            rest = inner;
        }
    }
    kept.push_str(rest);
    kept
}

/// `# Title` is a title in Markdown; `#1` is not.
fn without_heading_mark(line: &str) -> &str {
    let rest = line.trim_start_matches('#');
    let depth = line.len() - rest.len();
    if (1..=6).contains(&depth) && rest.starts_with(char::is_whitespace) { rest.trim_start() } else { line }
}

/// Letters of a line, with links reduced to their text and escapes read.
fn read(line: &str) -> Vec<Letter> {
    let mut letters = Vec::new();
    let mut rest = line;
    while let Some(char) = rest.chars().next() {
        if let Some((text, after)) = link(rest) {
            letters.extend(read(text));
            rest = after;
            continue;
        }
        let after = &rest[char.len_utf8()..];
        let escaped = after.chars().next().filter(|next| char == '\\' && r"\*_#[]<>{}".contains(*next));
        letters.push(Letter { char: escaped.unwrap_or(char), escaped: escaped.is_some() });
        rest = escaped.map_or(after, |next| &after[next.len_utf8()..]);
    }
    letters
}

/// `[text](address)` at the start: the text and what follows. An address has a scheme or begins with `/` or `#`, so
/// that words in brackets stay.
fn link(text: &str) -> Option<(&str, &str)> {
    let (inner, after) = text.strip_prefix('[')?.split_once("](")?;
    let (address, after) = after.split_once(')')?;
    let goes = address.contains("://") || address.starts_with("mailto:") || address.starts_with(['/', '#']);
    (goes && !inner.contains(['[', ']']) && !address.contains(char::is_whitespace)).then_some((inner, after))
}

/// Takes away pairs of marks that emphasise what is between them. A mark beside a blank, in a longer run, or (`_`)
/// inside a word is no emphasis: `____`, `3 * 4`, `father_age` stay.
fn without_pairs(letters: &mut Vec<Letter>, mark: char, width: usize) {
    let at = |letters: &[Letter], index: usize| letters.get(index).copied();
    let run = |letters: &[Letter], start: usize| {
        let before = start.checked_sub(1).and_then(|index| at(letters, index));
        let own = (start..start + width).all(|index| at(letters, index).is_some_and(|letter| letter.is(mark)));
        let alone = !before.is_some_and(|letter| letter.is(mark))
            && !at(letters, start + width).is_some_and(|letter| letter.is(mark));
        own && alone
    };
    let touches = |letter: Option<Letter>| letter.is_some_and(|letter| !letter.char.is_whitespace());
    let in_word = |letter: Option<Letter>| mark == '_' && letter.is_some_and(|letter| letter.char.is_alphanumeric());
    let mut start = 0;
    while start < letters.len() {
        let before = start.checked_sub(1).and_then(|index| at(letters, index));
        if run(letters, start) && touches(at(letters, start + width)) && !in_word(before) {
            let ends = (start + width + 1..letters.len()).find(|end| {
                run(letters, *end) && touches(at(letters, *end - 1)) && !in_word(at(letters, *end + width))
            });
            if let Some(end) = ends {
                letters.drain(end..end + width);
                letters.drain(start..start + width);
                continue;
            }
        }
        start += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, expect: &str) {
        assert_eq!(plain(label), expect);
    }

    #[test]
    fn plain_text_stays() {
        check("你今年几岁？", "你今年几岁？");
        check("  1. 父亲  外出\n务工了吗？ ", "1. 父亲 外出 务工了吗？");
        check("", "");
        check("我觉得____最重要", "我觉得____最重要");
        check("3 * 4 = 12", "3 * 4 = 12");
        check("姓名*", "姓名*");
        check("father_age_2017", "father_age_2017");
        check("#1 选择", "#1 选择");
        check("年龄<6 且 >3", "年龄<6 且 >3");
        check("a<b 且 c>d", "a<b 且 c>d");
        check("{甲} 和 {1}", "{甲} 和 {1}");
        check("[注意](仅限女生)", "[注意](仅限女生)");
        check("C:\\目录", "C:\\目录");
    }

    #[test]
    fn inserted_values_are_left_out() {
        check("{ /data/name }今年几岁？", "…今年几岁？");
        check("{../name}和{ current()/../other }", "…和…");
        check("{jr:choice-name(/data/a, '/data/a')}的老师", "…的老师");
        check("第{position(..)}个", "第…个");
        check("没有结束 { /data/name", "没有结束 { /data/name");
        check("{ { /data/name }", "{ …");
    }

    #[test]
    fn markdown_is_left_out() {
        check("**请**如实回答", "请如实回答");
        check("__请__ 如实 *回答* _谢谢_。", "请 如实 回答 谢谢。");
        check("***很重要***", "很重要");
        check("**a** 和 **b**", "a 和 b");
        check("**里面有 *斜体* 字**", "里面有 斜体 字");
        check("# 家庭\n## 父亲", "家庭 父亲");
        check("见[说明](https://example.org/a?b=1)页", "见说明页");
        check(r"\*不是强调\* \_也不是\_", "*不是强调* _也不是_");
        check(r"\# 不是标题", "# 不是标题");
    }

    #[test]
    fn tags_are_left_out() {
        check(r#"<span style="color:red">必答</span>：几岁？"#, "必答：几岁？");
        check("一行<br/>二行<br>三行", "一行 二行 三行");
        check("<b>粗</b>体", "粗体");
        check("<女生>回答", "<女生>回答");
    }
}
