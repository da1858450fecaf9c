//! Markup in labels and hints: what form authors write for weight, colour, headings and lists.
//!
//! The form language takes a small part of Markdown and of HTML: `**heavy**`, `*stressed*` (also with `_`), `# heading`,
//! `- line` and `1. line`, `[words](address)`, `<span style="color:…">`, `<b>`, `<i>`, `<u>`, `<br>`; `\` takes a sign as
//! it is. What is none of these stays as it was written, so that a label is never refused and never loses a word.

use std::collections::HashMap;

use crate::view::{Block, BlockKind, Run, Tone};

/// Texts longer than this, in bytes, are shown as they were written.
const LONGEST: usize = 16 * 1024;

/// Longest words, and longest address, of a link, in bytes.
const LONGEST_LINK: usize = 2048;

/// Longest name of a tag that is known, in bytes.
const LONGEST_TAG: usize = 6;

/// Deepest nesting that is followed.
const DEEPEST: usize = 8;

/// The blocks of a text; none if it has no markup, and its plain words say it all.
#[must_use]
pub fn words(text: &str) -> Vec<Block> {
    if plain_only(text) {
        return Vec::new();
    }
    let blocks = parse(text);
    let bare = |block: &Block| {
        block.kind == BlockKind::Paragraph
            && block.runs.iter().all(|run| *run == Run { text: run.text.clone(), ..Style::default().run("") })
    };
    if blocks.iter().all(bare) { Vec::new() } else { blocks }
}

/// The blocks of a text, one paragraph if it has no markup, none if it is empty.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    if text.trim().is_empty() { Vec::new() } else { parse(text) }
}

/// The words of a text without its markup.
#[must_use]
pub fn plain(text: &str) -> String {
    if plain_only(text) {
        return text.to_owned();
    }
    let line = |block: &Block| {
        let head = match block.kind {
            BlockKind::Number(number) => format!("{number}. "),
            BlockKind::Dot => "- ".into(),
            BlockKind::Paragraph | BlockKind::Heading(_) => String::new(),
        };
        block.runs.iter().fold(head, |line, run| line + &run.text)
    };
    parse(text).iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether no sign of markup stands in a text.
fn plain_only(text: &str) -> bool {
    text.len() > LONGEST || !(text.contains(['*', '_', '<', '[', '\\', '#']) || has_list(text))
}

/// Whether lines make a list: one alone is a label such as `1. How old are you?`.
fn has_list(text: &str) -> bool {
    let text = &breaks(text);
    let of_list =
        |line: &&str| matches!(line_kind(line.trim_start()), Some((BlockKind::Dot | BlockKind::Number(_), _)));
    text.lines().filter(of_list).nth(1).is_some()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    strong: bool,
    stress: bool,
    tone: Tone,
}

impl Default for Style {
    fn default() -> Self {
        Self { strong: false, stress: false, tone: Tone::Ink }
    }
}

impl Style {
    fn run(self, text: &str) -> Run {
        let Self { strong, stress, tone } = self;
        Run { text: text.to_owned(), strong, stress, tone, link: String::new() }
    }
}

fn parse(text: &str) -> Vec<Block> {
    if text.len() > LONGEST {
        return vec![Block { kind: BlockKind::Paragraph, runs: vec![Style::default().run(text)] }];
    }
    let text = &breaks(text);
    let mut blocks: Vec<Block> = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let listed = has_list(text);
    for line in text.lines() {
        let kind = line_kind(line.trim_start());
        match kind.filter(|(kind, _)| listed || matches!(kind, BlockKind::Heading(_))) {
            Some((kind, rest)) => {
                close(&mut paragraph, &mut blocks);
                blocks.push(Block { kind, runs: inline(rest.trim()) });
            }
            None if line.trim().is_empty() => close(&mut paragraph, &mut blocks),
            None => paragraph.push(line.trim()),
        }
    }
    close(&mut paragraph, &mut blocks);
    blocks
}

/// A text with `<br>` as the ends of lines that it means; tables cannot hold others.
fn breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = tag.find('>').filter(|end| tag[1..*end].trim_end_matches(['/', ' ']).eq_ignore_ascii_case("br"));
        match end {
            Some(end) => {
                out.push('\n');
                rest = &tag[end + 1..];
            }
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out + rest
}

fn close(paragraph: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !paragraph.is_empty() {
        blocks.push(Block { kind: BlockKind::Paragraph, runs: inline(&paragraph.join("\n")) });
        paragraph.clear();
    }
}

/// A heading or a line of a list, and its words.
fn line_kind(line: &str) -> Option<(BlockKind, &str)> {
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
        return Some((BlockKind::Heading(u32::try_from(hashes).unwrap_or(6)), line[hashes..].trim_end_matches('#')));
    }
    if let Some(rest) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).or_else(|| line.strip_prefix("+ "))
    {
        return Some((BlockKind::Dot, rest));
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..)?.strip_prefix(". ")?;
    (1..=3).contains(&digits).then(|| line[..digits].parse().ok()).flatten().map(|n| (BlockKind::Number(n), rest))
}

fn inline(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    spans(&Tags::of(text), text, Style::default(), DEEPEST, &mut runs);
    runs
}

/// The tags of a text that are closed, found once: looking for the end of each again takes a time that grows with the square
/// of their number.
struct Tags<'a> {
    text: &'a str,
    /// Where a tag begins: begin and end of the one that closes it.
    closed: HashMap<usize, (usize, usize)>,
}

impl<'a> Tags<'a> {
    fn of(text: &'a str) -> Self {
        let mut open: HashMap<String, Vec<usize>> = HashMap::new();
        let mut closed = HashMap::new();
        for (at, _) in text.match_indices('<') {
            let inside = &text[at + 1..];
            let (closing, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
            let name_end = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
            if name_end == 0 || name_end > LONGEST_TAG {
                continue;
            }
            let name = inside[..name_end].to_ascii_lowercase();
            if !closing {
                open.entry(name).or_default().push(at);
            } else if let (Some(begin), Some(end)) = (open.get_mut(&name).and_then(Vec::pop), text[at..].find('>')) {
                closed.insert(begin, (at, at + end + 1));
            }
        }
        Self { text, closed }
    }

    /// The tag that closes the one at the head of a part of the text, as offsets in the part.
    fn closing(&self, part: &str) -> Option<(usize, usize)> {
        let at = part.as_ptr().addr() - self.text.as_ptr().addr();
        let (begin, end) = *self.closed.get(&at)?;
        (end <= at + part.len()).then(|| (begin - at, end - at))
    }
}

/// Adds the runs of a text in a style.
fn spans(tags: &Tags<'_>, text: &str, style: Style, depth: usize, runs: &mut Vec<Run>) {
    let mut rest = text;
    let mut before = None;
    while let Some(sign) = rest.chars().next() {
        if let Some((marked, after)) = depth.checked_sub(1).and_then(|_| marked(tags, rest, before, style)) {
            match marked {
                Marked::Inside(inside, style) => spans(tags, inside, style, depth - 1, runs),
                Marked::Words(words) => push(runs, style.run(words)),
                Marked::Link(words, address) => {
                    let words = plain(words);
                    push(runs, Run { link: address.to_owned(), ..style.run(&words) });
                }
            }
            before = Some(' ');
            rest = after;
            continue;
        }
        push(runs, style.run(&rest[..sign.len_utf8()]));
        before = Some(sign);
        rest = &rest[sign.len_utf8()..];
    }
}

/// Joins a run to the last one if both look the same.
fn push(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if *last == (Run { text: last.text.clone(), ..run.clone() }) => last.text.push_str(&run.text),
        _ if run.text.is_empty() => {}
        _ => runs.push(run),
    }
}

enum Marked<'a> {
    Inside(&'a str, Style),
    Words(&'a str),
    Link(&'a str, &'a str),
}

/// What begins at the head of a text, if it is markup that is closed, and the text after it.
fn marked<'a>(tags: &Tags<'_>, text: &'a str, before: Option<char>, style: Style) -> Option<(Marked<'a>, &'a str)> {
    match text.as_bytes()[0] {
        b'\\' => {
            let sign = text[1..].chars().next().filter(char::is_ascii_punctuation)?;
            Some((Marked::Words(&text[1..1 + sign.len_utf8()]), &text[1 + sign.len_utf8()..]))
        }
        b'*' | b'_' => emphasis(text, before, style),
        b'[' => {
            let end = first_of(&text[1..], |c| matches!(c, '\n' | ']'))?;
            let (words, rest) = (&text[1..=end], text[1 + end..].strip_prefix("](")?);
            let end = first_of(rest, |c| c == ')' || c.is_whitespace())?;
            let (address, rest) = (&rest[..end], rest[end..].strip_prefix(')')?);
            (!words.is_empty()).then_some((Marked::Link(words, address), rest))
        }
        b'<' => tag(tags, text, style),
        _ => None,
    }
}

/// The place of the first such sign, not looked for behind the longest link: many that never end would take a time that
/// grows with the square of their number.
fn first_of(text: &str, is: impl Fn(char) -> bool) -> Option<usize> {
    text.char_indices().take_while(|(at, _)| *at < LONGEST_LINK).find(|(_, c)| is(*c)).map(|(at, _)| at)
}

fn emphasis<'a>(text: &'a str, before: Option<char>, style: Style) -> Option<(Marked<'a>, &'a str)> {
    let sign = &text[..1];
    let three = text.get(..3).unwrap_or_default();
    if three.len() == 3 && three.bytes().all(|byte| byte == sign.as_bytes()[0]) {
        let (inside, after) = text[3..].split_once(three)?;
        let style = Style { strong: true, stress: true, ..style };
        return (!inside.trim().is_empty()).then_some((Marked::Inside(inside, style), after));
    }
    // Two signs are heavy, one is stressed; `_` inside a word is part of it, as in a name.
    if sign == "_" && before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let count = if text[1..].starts_with(sign) { 2 } else { 1 };
    let open = &text[..count];
    let inside = &text[count..];
    if inside.starts_with(|c: char| c.is_whitespace()) || inside.starts_with(sign) && count == 2 {
        return None;
    }
    let mut from = 0;
    while let Some(found) = inside[from..].find(open) {
        let at = from + found;
        let after = &inside[at + count..];
        let last = inside[..at].chars().next_back();
        let word_goes_on = sign == "_" && after.starts_with(char::is_alphanumeric);
        let longer = count == 1 && after.starts_with(sign);
        if last.is_some_and(|c| !c.is_whitespace() && c != '\\') && !word_goes_on && !longer {
            let style = if count == 2 { Style { strong: true, ..style } } else { Style { stress: true, ..style } };
            return Some((Marked::Inside(&inside[..at], style), after));
        }
        // A pair of signs inside a single one belongs to something heavy.
        from = at + if longer { 2 } else { count };
    }
    None
}

/// A tag that is known, with what it holds.
fn tag<'a>(tags: &Tags<'_>, text: &'a str, style: Style) -> Option<(Marked<'a>, &'a str)> {
    let (begin, end) = tags.closing(text)?;
    let (head, inside) = text[1..begin].split_once('>')?;
    let name_end = head.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(head.len());
    let inner = match head[..name_end].to_ascii_lowercase().as_str() {
        "b" | "strong" => Style { strong: true, ..style },
        "i" | "em" | "u" => Style { stress: true, ..style },
        "span" | "font" | "p" | "div" | "small" | "big" => Style { tone: tone_of(head).unwrap_or(style.tone), ..style },
        _ => return None,
    };
    Some((Marked::Inside(inside, inner), &text[end..]))
}

/// The colour that a tag names, as one of the look's.
fn tone_of(head: &str) -> Option<Tone> {
    let lower = head.to_ascii_lowercase();
    let after = lower.match_indices("color").find_map(|(at, word)| {
        // Not the colour of the ground.
        let own = !lower[..at].ends_with('-');
        let value = lower[at + word.len()..].trim_start().strip_prefix([':', '='])?;
        own.then(|| value.trim_start().trim_start_matches(['"', '\'']).to_owned())
    })?;
    let value = after.split([';', '"', '\'', '>']).next().unwrap_or_default().trim();
    let [r, g, b] = hex(value).or_else(|| named(value))?;
    Some(nearest(r, g, b))
}

fn hex(value: &str) -> Option<[u8; 3]> {
    let digits = value.strip_prefix('#')?;
    let part = |text: &str| u8::from_str_radix(text, 16).ok();
    match digits.len() {
        3 => {
            let one = |at: usize| part(digits.get(at..=at)?).map(|value| value * 17);
            Some([one(0)?, one(1)?, one(2)?])
        }
        6 | 8 => Some([part(digits.get(..2)?)?, part(digits.get(2..4)?)?, part(digits.get(4..6)?)?]),
        _ => None,
    }
}

fn named(value: &str) -> Option<[u8; 3]> {
    Some(match value {
        "black" => [0, 0, 0],
        "gray" | "grey" | "darkgray" | "darkgrey" | "dimgray" | "silver" | "lightgray" | "lightgrey" => [128, 128, 128],
        "red" | "darkred" | "crimson" | "firebrick" | "tomato" | "maroon" | "pink" | "hotpink" | "deeppink" => {
            [200, 0, 0]
        }
        "orange" | "darkorange" | "gold" | "yellow" | "goldenrod" | "brown" | "chocolate" | "coral" | "orangered" => {
            [200, 120, 0]
        }
        "green" | "darkgreen" | "lime" | "limegreen" | "forestgreen" | "seagreen" | "olive" | "teal" => [0, 128, 0],
        "blue" | "darkblue" | "navy" | "royalblue" | "dodgerblue" | "steelblue" | "cyan" | "aqua" | "purple"
        | "violet" | "indigo" | "magenta" | "fuchsia" => [0, 0, 200],
        _ => return None,
    })
}

/// The look's colour that is nearest by hue; without hue, ink or grey.
fn nearest(red: u8, green: u8, blue: u8) -> Tone {
    let [r, g, b] = [red, green, blue].map(f64::from);
    let (high, low) = (r.max(g).max(b), r.min(g).min(b));
    let width = high - low;
    if width < 32.0 {
        return if high < 72.0 { Tone::Ink } else { Tone::Soft };
    }
    let sixth = if high <= r {
        ((g - b) / width).rem_euclid(6.0)
    } else if high <= g {
        (b - r) / width + 2.0
    } else {
        (r - g) / width + 4.0
    };
    match sixth * 60.0 {
        hue if !(18.0..320.0).contains(&hue) => Tone::Cinnabar,
        hue if hue < 70.0 => Tone::Ochre,
        hue if hue < 175.0 => Tone::Field,
        _ => Tone::Indigo,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks as a person reads them: `h1`, `-`, `3.` before the block, `b`, `i`, the colour and the link before a run.
    fn shown(text: &str) -> String {
        let run = |run: &Run| {
            let mut signs = String::new();
            signs.push_str(if run.strong { "b" } else { "" });
            signs.push_str(if run.stress { "i" } else { "" });
            if run.tone != Tone::Ink {
                signs.push_str(&format!("{:?}", run.tone).to_lowercase());
            }
            if !run.link.is_empty() {
                signs.push_str(&format!("→{}", run.link));
            }
            if signs.is_empty() { run.text.clone() } else { format!("{signs}({})", run.text) }
        };
        let block = |block: &Block| {
            let head = match block.kind {
                BlockKind::Paragraph => String::new(),
                BlockKind::Heading(level) => format!("h{level} "),
                BlockKind::Dot => "- ".into(),
                BlockKind::Number(number) => format!("{number}. "),
            };
            head + &block.runs.iter().map(run).collect::<String>()
        };
        blocks(text).iter().map(block).collect::<Vec<_>>().join(" | ")
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(shown(text), expect, "of {text:?}");
    }

    #[test]
    fn weight_and_stress() {
        check("上个月**一共**几次？", "上个月b(一共)几次？");
        check("__two__ words", "b(two) words");
        check("*one* and _two_", "i(one) and i(two)");
        check("**heavy with *stress* inside**", "b(heavy with )bi(stress)b( inside)");
        check("*stress with **heavy** inside*", "i(stress with )bi(heavy)i( inside)");
        check("***both***", "bi(both)");
    }

    #[test]
    fn signs_that_are_no_markup_stay() {
        check("2 * 3 * 4", "2 * 3 * 4");
        check("snake_case_name", "snake_case_name");
        check("5 < 6 and 7 > 3", "5 < 6 and 7 > 3");
        check("**open", "**open");
        check("[no link]", "[no link]");
        check("#1 of all", "#1 of all");
        check("<script>alert(1)</script>", "<script>alert(1)</script>");
        check("<b>open", "<b>open");
        check("****", "****");
        check("", "");
    }

    #[test]
    fn a_backslash_takes_a_sign_as_it_is() {
        check(r"\*not stressed\* \_ \# \\", r"*not stressed* _ # \");
        check(r"C:\folder", r"C:\folder");
    }

    #[test]
    fn headings_lists_and_paragraphs() {
        check("# 第一部分\n先说明。\n\n再问。", "h1 第一部分 | 先说明。 | 再问。");
        check(
            "### Third ###\n- one\n* two\n1. first\n12. twelfth",
            "h3 Third | - one | - two | 1. first | 12. twelfth",
        );
        check("one\ntwo", "one\ntwo");
        check("# One<br>two<BR />three<br/><br>- a<br>- b", "h1 One | two\nthree | - a | - b");
        check("2017. A year", "2017. A year");
        check("1. 你几岁？", "1. 你几岁？");
    }

    #[test]
    fn colours_become_those_of_the_look() {
        check(r#"<span style="color:red">红</span>字"#, "cinnabar(红)字");
        check(r#"<span style="color: #0a7f2e; font-size: 2em">go</span>"#, "field(go)");
        check(r#"<span style='color:#00f'>blue</span>"#, "indigo(blue)");
        check(r#"<font color="orange">look</font>"#, "ochre(look)");
        check(r#"<span style="color:#777">quiet</span>"#, "soft(quiet)");
        check(r#"<span style="background-color:red">ground</span>"#, "ground");
        check(
            r#"<span style="color:red">a <span style="color:blue">b</span> c</span> d"#,
            "cinnabar(a )indigo(b)cinnabar( c) d",
        );
        check(r#"**<span style="color:red">both</span>**"#, "bcinnabar(both)");
        check("<B>HEAVY</B><br/>next <em>x</em>", "b(HEAVY)\nnext i(x)");
        check("<b>a<b>b</b>c", "<b>ab(b)c");
        check("<b>a</b></b>c</b", "b(a)</b>c</b");
        check("*<b>a* b</b>", "i(<b>a) b</b>");
        check("<i><b>a</i></b>", "i(<b>a)</b>");
    }

    #[test]
    fn links_keep_words_and_address() {
        check("see [the page](https://example.org/a_b) now", "see →https://example.org/a_b(the page) now");
        check("[**heavy**](x)", "→x(heavy)");
    }

    #[test]
    fn plain_words_lose_only_the_markup() {
        assert_eq!(plain("上个月**一共**<span style=\"color:red\">几</span>次？"), "上个月一共几次？");
        assert_eq!(plain("# 一\n- 二\n- 三"), "一\n- 二\n- 三");
        assert_eq!(plain("1. **几**岁？"), "1. 几岁？");
        assert_eq!(plain("no markup\n\nat all"), "no markup\n\nat all");
        assert_eq!(words("no markup"), Vec::new());
        assert_eq!(words("2 * 3"), Vec::new());
        assert_eq!(words("**b**").len(), 1);
    }

    #[test]
    fn deep_and_long_texts_end() {
        let deep = format!("{}x{}", "<b>".repeat(500), "</b>".repeat(500));
        assert!(plain(&deep).contains('x'));
        let many = "*a **b _c ".repeat(1500);
        assert_eq!(plain(&many).matches('a').count(), 1500);
        for open in ["[", "[a](", "[a](b"] {
            let never = open.repeat(LONGEST / open.len());
            assert_eq!(plain(&never), never);
        }
        let long = "**a** ".repeat(LONGEST);
        assert_eq!(plain(&long), long);
    }
}
