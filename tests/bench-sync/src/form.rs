//! The questionnaire that is filled in, made by rule, and random answers to it.

use std::fmt::Write as _;

use rand_chacha::ChaCha20Rng;
use rand_core::Rng as _;

/// Groups, and questions of each.
const GROUPS: [char; 10] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const OF_A_GROUP: usize = 25;

const OFTEN: [&str; 5] = ["never", "seldom", "sometimes", "often", "always"];
const THINGS: [&str; 8] = ["rice", "tea", "book", "bike", "phone", "lamp", "quilt", "shoes"];
const WORDS: [&str; 16] = [
    "奶奶", "在家", "广东", "打工", "每周", "电话", "回来", "过年", "学校", "老师", "同学", "想念", "做饭", "写字",
    "放牛", "下雨",
];

/// The questionnaire as a workbook in a markdown table.
pub fn workbook() -> String {
    let mut rows = String::from("| survey | | | | |\n| | type | name | label::中文 (zh) | label::English (en) |\n");
    for group in GROUPS {
        let _ = writeln!(rows, "| | begin_group | {group} | {group} 部分 | Part {group} |");
        for at in 0..OF_A_GROUP {
            let (kind, name) = (kind_of(at), name(group, at));
            let _ = writeln!(rows, "| | {kind} | {name} | {name} 问题 | Question {name} |");
        }
        rows.push_str("| | end_group | | | |\n");
    }
    rows.push_str("| choices | | | | |\n| | list_name | name | label::中文 (zh) | label::English (en) |\n");
    for (list, names) in [("often", &OFTEN[..]), ("things", &THINGS), ("yes_no", &["yes", "no"])] {
        for name in names {
            let _ = writeln!(rows, "| | {list} | {name} | {name} | {name} |");
        }
    }
    rows.push_str(
        "| settings | | | | |\n| | form_title | form_id | version | default_language |\n\
         | | 250 questions | bench | 1 | 中文 (zh) |\n",
    );
    rows
}

fn name(group: char, at: usize) -> String {
    format!("{group}{}", at + 1)
}

fn kind_of(at: usize) -> &'static str {
    match at % 10 {
        0..=3 => "select_one often",
        4 => "select_one yes_no",
        5 => "select_multiple things",
        6 => "integer",
        7 => "decimal",
        8 => "date",
        _ => "text",
    }
}

/// Every question's address with a random answer to it.
pub fn answers(dice: &mut ChaCha20Rng) -> impl Iterator<Item = (String, String)> {
    let places = GROUPS.into_iter().flat_map(|group| (0..OF_A_GROUP).map(move |at| (group, at)));
    places.map(move |(group, at)| (format!("/{group}/{}", name(group, at)), answer(kind_of(at), dice)))
}

/// A random number below `bound`.
pub fn below(bound: usize, dice: &mut ChaCha20Rng) -> usize {
    let drawn = dice.next_u64() % u64::try_from(bound.max(1)).unwrap_or(u64::MAX);
    usize::try_from(drawn).unwrap_or_default()
}

fn answer(kind: &str, dice: &mut ChaCha20Rng) -> String {
    match kind {
        "select_one often" => OFTEN[below(OFTEN.len(), dice)].to_owned(),
        "select_one yes_no" => ["yes", "no"][below(2, dice)].to_owned(),
        "select_multiple things" => {
            let first = below(THINGS.len(), dice);
            let chosen = THINGS.iter().enumerate().filter(|(at, _)| *at == first || below(4, dice) == 0);
            chosen.map(|(_, thing)| *thing).collect::<Vec<_>>().join(" ")
        }
        "integer" => below(120, dice).to_string(),
        "decimal" => format!("{}.{}", below(40, dice), 1 + below(9, dice)),
        "date" => format!("20{:02}-{:02}-{:02}", 5 + below(12, dice), 1 + below(12, dice), 1 + below(28, dice)),
        _ => (0..2 + below(6, dice)).map(|_| WORDS[below(WORDS.len(), dice)]).collect(),
    }
}

/// Another answer to the first question of the second group, which two laptops correct differently.
pub fn corrected(side: usize) -> (String, String) {
    (format!("/{}/{}", GROUPS[1], name(GROUPS[1], 6)), (200 + side).to_string())
}
