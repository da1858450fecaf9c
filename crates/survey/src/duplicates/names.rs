//! Names, and the ways in which one name is written down twice.
//!
//! Children say their names, and interviewers write down characters: so what is compared first are the characters, then
//! how they sound, then how they sound to an ear that does not tell `zh` from `z` or `-in` from `-ing`.

use hanconv::RawDictionary;
use pinyin::ToPinyinMulti;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// How two names are alike, from the nearest to the farthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Similar {
    /// The same characters.
    Same,
    /// The same but for a traditional or variant character (張、喆).
    Variant,
    /// Other characters of the same sound and tone (小桔、小菊).
    Homophone,
    /// The same pinyin, another tone; or one is written in pinyin.
    Pinyin,
    /// Sounds that are easily taken for each other: `zh` and `z`, `-in` and `-ing`, `-en` and `-eng`, `n` and `l`.
    Accent,
    /// One is the other without its surname.
    WithoutSurname,
    /// One syllable is another, or is missing.
    OneSyllable,
}

impl Similar {
    /// Key of the words in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Same => "name-same",
            Self::Variant => "name-variant",
            Self::Homophone => "name-homophone",
            Self::Pinyin => "name-pinyin",
            Self::Accent => "name-accent",
            Self::WithoutSurname => "name-without-surname",
            Self::OneSyllable => "name-one-syllable",
        }
    }

    /// `syllables`: of the shorter name.
    pub(super) fn points(self, syllables: usize) -> i32 {
        match self {
            Self::Same => 40,
            Self::Variant => 38,
            Self::Homophone => 32,
            Self::Pinyin => 30,
            Self::Accent => 24,
            Self::WithoutSurname => 25,
            // Half of all nicknames begin with 小 or 阿.
            Self::OneSyllable => {
                if syllables > 2 {
                    18
                } else {
                    6
                }
            }
        }
    }
}

/// How two names are alike, if they are.
pub fn similar(one: &str, other: &str) -> Option<Similar> {
    let (one, other) = (Name::of(one), Name::of(other));
    if one.is_empty() || other.is_empty() { None } else { one.similar(&other) }
}

/// How a name is read, in pinyin with tones, the likeliest way first: `Shàn Xiǎomǎn`. Empty if it has no character that
/// is known. A surname is read as surnames are (单 Shàn, 解 Xiè, 仇 Qiú, 查 Zhā …).
pub fn readings(name: &str) -> Vec<String> {
    let name = Name::of(name);
    if !name.syllables.iter().any(|syllable| matches!(syllable, Syllable::Han(_))) {
        return Vec::new();
    }
    let mut texts: Vec<String> = Vec::new();
    for ways in ways(&name.syllables, |sound| sound.toned) {
        let mut text = String::new();
        for (at, syllable) in ways.iter().enumerate() {
            let begins = at == 0 || at == name.surname;
            if begins && at > 0 {
                text.push(' ');
            }
            let mut chars = syllable.chars();
            let first = chars.next().filter(|_| begins);
            text.extend(first.into_iter().flat_map(char::to_uppercase));
            text.push_str(if begins { chars.as_str() } else { syllable });
        }
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// Every way to read a name, by syllables, without tones; of a name without a known character the name itself.
pub(crate) fn spellings(name: &str) -> Vec<Vec<String>> {
    let mut found = ways(&Name::of(name).syllables, |sound| sound.plain);
    found.dedup();
    found
}

/// A name as names are compared: small narrow letters in their common forms, without what stands in brackets.
pub(crate) fn folded(name: &str) -> String {
    Name::of(name).unified.into_iter().collect()
}

/// Most ways to read a name that are looked at.
const MOST_WAYS: usize = 8;
/// Most ways to read a character inside a name; the data has them by how common they are.
const MOST_READINGS: usize = 2;
/// Longest name that is compared, in characters.
const LONGEST: usize = 40;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Sound {
    plain: &'static str,
    toned: &'static str,
}

#[derive(Clone, PartialEq, Eq)]
enum Syllable {
    /// A character with its readings, at least one.
    Han(Vec<Sound>),
    /// What has no reading, as it stands.
    Other(String),
}

/// A name, prepared. Has no `Debug`: it is a name.
pub(super) struct Name {
    /// Without spaces, dots and what stands in brackets.
    folded: Vec<char>,
    /// The same in simplified characters and common forms.
    unified: Vec<char>,
    syllables: Vec<Syllable>,
    /// How many of the syllables are the surname, if there is one with a name after it.
    surname: usize,
    /// All ways to read it, without tones.
    sounds: BTreeSet<String>,
    toned: BTreeSet<String>,
    /// As an ear hears it that does not tell some sounds apart.
    heard: BTreeSet<String>,
}

impl Name {
    pub fn of(name: &str) -> Self {
        let folded = fold(name);
        let unified: Vec<char> = folded.iter().map(|c| unify(*c)).collect();
        let surname = surname(&unified);
        let syllables = syllables(&unified, surname);
        let joined = |of: fn(Sound) -> &'static str| ways(&syllables, of).into_iter().map(|way| way.concat()).collect();
        let sounds: BTreeSet<String> = joined(|sound| sound.plain);
        let toned = joined(|sound| sound.toned);
        let heard = ways(&syllables, |sound| sound.plain);
        let heard = heard.into_iter().map(|way| way.iter().map(|syllable| heard_as(syllable)).collect()).collect();
        Self { folded, unified, syllables, surname, sounds, toned, heard }
    }

    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// The characters in their common forms.
    pub fn characters(&self) -> &[char] {
        &self.unified
    }

    /// Syllables.
    pub fn len(&self) -> usize {
        self.syllables.len()
    }

    /// Every way it may sound, to an undiscerning ear.
    pub fn heard(&self) -> &BTreeSet<String> {
        &self.heard
    }

    /// The name without each of its syllables in turn: what it shares with one that differs in a syllable.
    pub fn parts(&self) -> Vec<Vec<String>> {
        if self.len() < 3 {
            return Vec::new();
        }
        let first: Vec<String> = self.first_way();
        let without = |at: usize| {
            let mut rest = first.clone();
            rest.remove(at);
            rest
        };
        std::iter::once(first.clone()).chain((0..first.len()).map(without)).collect()
    }

    /// The name without a surname, as it sounds: what two share of whom one has none.
    pub fn given(&self) -> Option<Vec<String>> {
        let given = self.first_way().split_off(self.surname);
        (given.len() >= 2).then_some(given)
    }

    fn first_way(&self) -> Vec<String> {
        let first = |syllable: &Syllable| match syllable {
            Syllable::Han(sounds) => heard_as(sounds.first().map_or("", |sound| sound.plain)),
            Syllable::Other(text) => text.clone(),
        };
        self.syllables.iter().map(first).collect()
    }

    pub fn similar(&self, other: &Self) -> Option<Similar> {
        if self.folded == other.folded {
            return Some(Similar::Same);
        }
        if self.unified == other.unified {
            return Some(Similar::Variant);
        }
        let meet = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.iter().any(|way| other.contains(way));
        if meet(&self.toned, &other.toned) {
            return Some(Similar::Homophone);
        }
        if meet(&self.sounds, &other.sounds) {
            return Some(Similar::Pinyin);
        }
        if meet(&self.heard, &other.heard) {
            return Some(Similar::Accent);
        }
        let (short, long) = if self.len() <= other.len() { (self, other) } else { (other, self) };
        let more = long.len() - short.len();
        if short.len() >= 2 && more > 0 && more == long.surname && long.ends_like(short) {
            return Some(Similar::WithoutSurname);
        }
        let near = match more {
            0 if short.len() >= 2 => {
                short.syllables.iter().zip(&long.syllables).filter(|(one, other)| !one.sounds_like(other)).count() == 1
            }
            1 if short.len() >= 2 => (0..long.len()).any(|gone| {
                let rest = long.syllables.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, one)| one);
                rest.zip(&short.syllables).all(|(one, other)| one.sounds_like(other))
            }),
            _ => false,
        };
        near.then_some(Similar::OneSyllable)
    }

    fn ends_like(&self, short: &Self) -> bool {
        let rest = self.syllables.iter().skip(self.len() - short.len());
        rest.zip(&short.syllables).all(|(one, other)| one.sounds_like(other))
    }
}

impl Syllable {
    fn sounds_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Han(one), Self::Han(other)) => one.iter().any(|sound| other.iter().any(|o| o.plain == sound.plain)),
            (Self::Other(one), Self::Other(other)) => one == other,
            (Self::Han(sounds), Self::Other(text)) | (Self::Other(text), Self::Han(sounds)) => {
                sounds.iter().any(|sound| sound.plain == text)
            }
        }
    }
}

/// Every way to read the syllables, the likeliest first, at most [`MOST_WAYS`].
fn ways(syllables: &[Syllable], of: impl Fn(Sound) -> &'static str) -> Vec<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for syllable in syllables {
        let next: Vec<String> = match syllable {
            Syllable::Han(sounds) => sounds.iter().map(|sound| of(*sound).to_owned()).collect(),
            Syllable::Other(text) => vec![text.clone()],
        };
        let longer = |last: &String| ways.iter().map(|way| way.iter().chain([last]).cloned().collect()).collect();
        let all: Vec<Vec<Vec<String>>> = next.iter().map(longer).collect();
        ways = all.into_iter().flatten().take(MOST_WAYS).collect();
    }
    ways
}

/// Full-width letters and digits as narrow ones.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The letters of a name, small; without what stands in brackets, if anything is left.
fn fold(name: &str) -> Vec<char> {
    let letters = |text: &mut dyn Iterator<Item = char>| -> Vec<char> {
        text.map(narrow).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(LONGEST).collect()
    };
    let mut depth = 0_usize;
    let outside = letters(&mut name.chars().filter(|c| {
        match narrow(*c) {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    }));
    if outside.is_empty() { letters(&mut name.chars()) } else { outside }
}

/// Only this table of the crate's is linked into the program.
const TRADITIONAL: &str = RawDictionary::TSCharacters.text();

/// Characters of names that are written in two ways, beyond traditional ones: an old form and a common one; and the
/// surnames that the second simplification of 1977 changed and many families kept.
const WRITTEN_AS: &[(char, char)] = &[
    ('喆', '哲'),
    ('悊', '哲'),
    ('堃', '坤'),
    ('峯', '峰'),
    ('昇', '升'),
    ('陞', '升'),
    ('甦', '苏'),
    ('燄', '焰'),
    ('菓', '果'),
    ('珎', '珍'),
    ('崐', '昆'),
    ('崑', '昆'),
    ('羣', '群'),
    ('邨', '村'),
    ('豔', '艳'),
    ('艷', '艳'),
    ('畧', '略'),
    ('乗', '乘'),
    ('凃', '涂'),
    ('於', '于'),
    ('肖', '萧'),
    ('闫', '阎'),
    ('付', '傅'),
    ('丘', '邱'),
    ('代', '戴'),
    ('占', '詹'),
    ('仝', '同'),
    ('兰', '蓝'),
    ('勛', '勋'),
    ('勳', '勋'),
    ('雋', '隽'),
    ('濬', '浚'),
    ('叡', '睿'),
    ('迺', '乃'),
    ('廼', '乃'),
    ('恆', '恒'),
    ('郞', '郎'),
    ('晳', '晰'),
    ('喦', '岩'),
    ('嵒', '岩'),
    ('巖', '岩'),
    ('祐', '佑'),
    ('暎', '映'),
    ('秊', '年'),
    ('栢', '柏'),
    ('昻', '昂'),
    ('淸', '清'),
    ('靑', '青'),
    ('桔', '橘'),
];

/// A character in its simplified and common form.
fn unify(c: char) -> char {
    static FORMS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let one = |text: &str| {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        let traditional = TRADITIONAL.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((one(words.next()?)?, one(words.next()?)?))
        });
        let mut forms: HashMap<char, char> = traditional.filter(|(from, to)| from != to).collect();
        forms.extend(WRITTEN_AS.iter().filter(|(from, to)| from != to).copied());
        forms
    });
    let simple = FORMS.get(&c).copied().unwrap_or(c);
    FORMS.get(&simple).copied().unwrap_or(simple)
}

/// Surnames of two characters.
const DOUBLE: &[&str] = &[
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "司空",
    "夏侯", "端木", "百里", "呼延", "南宫", "西门", "东郭", "万俟", "闻人", "申屠", "太史", "公羊", "澹台", "轩辕",
    "钟离", "赫连", "拓跋", "独孤", "单于", "仲孙", "鲜于", "濮阳", "淳于", "公冶", "宗政", "左丘", "谷梁", "第五",
    "达奚", "完颜",
];

/// Surnames that are not read as the word is, or not in only one way: with every way that families use.
const SURNAMES: &[(char, &[&str])] = &[
    ('单', &["shàn"]),
    ('解', &["xiè"]),
    ('仇', &["qiú"]),
    ('区', &["ōu"]),
    ('查', &["zhā"]),
    ('曾', &["zēng"]),
    ('朴', &["piáo"]),
    ('盖', &["gě", "gài"]),
    ('任', &["rén"]),
    ('华', &["huà"]),
    ('缪', &["miào"]),
    ('繁', &["pó"]),
    ('黑', &["hè", "hēi"]),
    ('折', &["shé"]),
    ('秘', &["bì"]),
    ('冼', &["xiǎn"]),
    ('洗', &["xiǎn"]),
    ('翟', &["zhái", "dí"]),
    ('员', &["yùn"]),
    ('贠', &["yùn"]),
    ('葛', &["gě"]),
    ('覃', &["qín", "tán"]),
    ('宁', &["níng", "nìng"]),
    ('谌', &["chén", "shèn"]),
    ('纪', &["jǐ", "jì"]),
    ('应', &["yīng"]),
    ('过', &["guō"]),
    ('哈', &["hǎ"]),
    ('那', &["nā"]),
    ('种', &["chóng"]),
    ('郗', &["xī", "chī"]),
    ('逄', &["páng"]),
    ('牟', &["móu", "mù"]),
    ('祭', &["zhài"]),
    ('藏', &["zāng"]),
    ('佴', &["nài"]),
    ('乜', &["niè"]),
    ('隗', &["wěi", "kuí"]),
    ('重', &["chóng"]),
    ('相', &["xiàng"]),
    ('撒', &["sǎ"]),
    ('阚', &["kàn"]),
    ('谷', &["gǔ"]),
    ('柏', &["bǎi", "bó"]),
    ('薄', &["bó"]),
    ('瞿', &["qú"]),
    ('褚', &["chǔ"]),
    ('訾', &["zī"]),
    ('费', &["fèi", "bì"]),
    ('都', &["dū"]),
    ('尉', &["wèi"]),
    ('乐', &["yuè", "lè"]),
    ('召', &["shào"]),
    ('沈', &["shěn"]),
    ('石', &["shí"]),
    ('车', &["chē"]),
    ('晁', &["cháo"]),
    ('卜', &["bǔ"]),
    ('万', &["wàn"]),
    ('盛', &["shèng"]),
    ('强', &["qiáng"]),
    ('行', &["xíng"]),
    ('呙', &["guō"]),
    ('令', &["lìng"]),
    ('长', &["zhǎng"]),
    ('仉', &["zhǎng"]),
    ('教', &["jiào"]),
    ('干', &["gān"]),
    ('娄', &["lóu"]),
    ('殷', &["yīn"]),
    ('会', &["guì"]),
    ('句', &["gōu"]),
    ('冠', &["guàn"]),
    ('妫', &["guī"]),
    ('俞', &["yú"]),
];

/// Surnames of two characters that are not read as their words are.
const DOUBLE_READ: &[(&str, [&str; 2])] = &[
    ("万俟", ["mò", "qí"]),
    ("尉迟", ["yù", "chí"]),
    ("长孙", ["zhǎng", "sūn"]),
    ("单于", ["chán", "yú"]),
    ("澹台", ["tán", "tái"]),
    ("令狐", ["líng", "hú"]),
    ("鲜于", ["xiān", "yú"]),
    ("谷梁", ["gǔ", "liáng"]),
];

/// How many characters of a name are its surname. A name of one character, a doubled nickname (乐乐) and what begins with
/// 小, 阿 or 大 has none; of three or more characters the first is taken for one, of two as well.
fn surname(name: &[char]) -> usize {
    let double: String = name.iter().take(2).collect();
    match name {
        [_, _, _, ..] if DOUBLE.contains(&double.as_str()) => 2,
        [] | [_] | ['小' | '阿' | '大', ..] => 0,
        [first, second] if first == second => 0,
        [first, ..] if is_han(*first) => 1,
        _ => 0,
    }
}

fn is_han(c: char) -> bool {
    c.to_pinyin_multi().is_some()
}

fn syllables(name: &[char], surname: usize) -> Vec<Syllable> {
    let double: String = name.iter().take(2).collect();
    let special = DOUBLE_READ.iter().find(|(text, _)| surname == 2 && *text == double).map(|(_, read)| read);
    let mut syllables: Vec<Syllable> = Vec::new();
    for (at, c) in name.iter().enumerate() {
        let Some(known) = c.to_pinyin_multi() else {
            match syllables.last_mut() {
                Some(Syllable::Other(text)) => text.push(*c),
                _ => syllables.push(Syllable::Other(c.to_string())),
            }
            continue;
        };
        let sounds = || known.into_iter().map(|one| Sound { plain: one.plain(), toned: one.with_tone() });
        let family = SURNAMES.iter().find(|(one, _)| surname == 1 && at == 0 && one == c).map(|(_, read)| *read);
        let wanted = special.and_then(|read| read.get(at..=at)).or(family);
        let mut read: Vec<Sound> = match wanted {
            Some(wanted) => wanted.iter().map(|toned| Sound { plain: plain_of(toned), toned }).collect(),
            None => sounds().take(if at < surname { 1 } else { MOST_READINGS }).collect(),
        };
        read.dedup();
        syllables.push(Syllable::Han(read));
    }
    syllables
}

/// The syllable of a reading, without its tone.
fn plain_of(toned: &'static str) -> &'static str {
    static PLAIN: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
        let han = ('\u{4e00}'..='\u{9fff}').filter_map(|c| c.to_pinyin_multi());
        han.flat_map(IntoIterator::into_iter).map(|one| (one.with_tone(), one.plain())).collect()
    });
    PLAIN.get(toned).copied().unwrap_or(toned)
}

/// A syllable as it sounds to an ear that does not tell `zh` from `z`, `n` from `l`, `-ing` from `-in`, `-eng` from `-en`.
fn heard_as(plain: &str) -> String {
    let begun = match plain.get(..2) {
        Some("zh" | "ch" | "sh") => plain.replacen('h', "", 1),
        _ => plain.strip_prefix('n').map_or_else(|| plain.to_owned(), |rest| format!("l{rest}")),
    };
    match begun.strip_suffix('g') {
        Some(front) if front.ends_with("en") || front.ends_with("in") => front.to_owned(),
        _ => begun,
    }
}
