use crate::dsl::{name, record, team};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::fmt::Write as _;
use tianye_survey::*;

#[track_caller]
fn read(name: &str, expect: &[&str]) {
    assert_eq!(readings(name), expect, "{name}");
}

#[test]
fn surnames_are_read_as_surnames() {
    for (name, first) in [
        ("单小满", "Shàn Xiǎomǎn"),
        ("解小满", "Xiè Xiǎomǎn"),
        ("仇小满", "Qiú Xiǎomǎn"),
        ("区小满", "Ōu Xiǎomǎn"),
        ("查小满", "Zhā Xiǎomǎn"),
        ("曾小满", "Zēng Xiǎomǎn"),
        ("朴小满", "Piáo Xiǎomǎn"),
        ("任小满", "Rén Xiǎomǎn"),
        ("华小满", "Huà Xiǎomǎn"),
        ("缪小满", "Miào Xiǎomǎn"),
        ("沈小满", "Shěn Xiǎomǎn"),
        ("應小滿", "Yīng Xiǎomǎn"),
        ("尉迟小满", "Yùchí Xiǎomǎn"),
        ("单于小满", "Chányú Xiǎomǎn"),
        ("欧阳小满", "Ōuyáng Xiǎomǎn"),
        ("张三", "Zhāng Sān"),
    ] {
        read(name, &[first]);
    }
}

#[test]
fn what_is_read_in_several_ways_has_several_readings() {
    read("陈乐", &["Chén Lè", "Chén Yuè"]);
    read("翟小满", &["Zhái Xiǎomǎn", "Dí Xiǎomǎn"]);
    // A doubled nickname has no surname.
    read("乐乐", &["Lèlè", "Yuèlè", "Lèyuè", "Yuèyuè"]);
    read("小桔", &["Xiǎojú"]);
    read("Anna", &[]);
    read("", &[]);
}

#[track_caller]
fn alike(one: &str, other: &str, expect: Option<Similar>) {
    assert_eq!(similar(one, other), expect, "{one} {other}");
    assert_eq!(similar(other, one), expect, "{other} {one}");
}

#[test]
fn names_are_compared() {
    use Similar::*;
    alike("陈小满", "陈小满", Some(Same));
    alike("陈小满", "陈 小满（转学）", Some(Same));
    alike("阿依古丽·买买提", "阿依古丽买买提", Some(Same));
    alike("陳小滿", "陈小满", Some(Variant));
    alike("王喆", "王哲", Some(Variant));
    alike("肖红", "萧红", Some(Variant));
    alike("小桔", "小菊", Some(Homophone));
    alike("张伟", "章玮", Some(Homophone));
    alike("单丹", "善丹", Some(Homophone));
    alike("单丹", "丹丹", Some(OneSyllable));
    alike("陈乐", "陈月", Some(Homophone));
    alike("陈晓满", "陈小曼", Some(Pinyin));
    alike("chen xiaoman", "陈小满", Some(Pinyin));
    alike("ＣＨＥＮ Xiaoman", "陈小满", Some(Pinyin));
    alike("陈金", "程京", Some(Accent));
    alike("章思", "臧诗", Some(Accent));
    alike("陈小满", "小满", Some(WithoutSurname));
    alike("欧阳小满", "晓满", Some(WithoutSurname));
    alike("陈小满", "陈大满", Some(OneSyllable));
    alike("陈小满", "陈满", Some(OneSyllable));
    alike("小满", "小桔", Some(OneSyllable));
    alike("陈小满", "王小桔", None);
    alike("满", "桔", None);
    alike("陈小满", "", None);
    alike("Anna", "Lisa", None);
}

/// One respondent a line: `record school class code number name birth sex guardian`, `-` for what is not known.
fn people(text: &str) -> Vec<Traits> {
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().map(|word| if word == "-" { "" } else { word }).collect();
        let [of, school, class, code, number, name, birth, sex, guardian] = words[..] else { panic!("{line}") };
        let site = |name: &str| Some(name).filter(|name| !name.is_empty()).map(record);
        Traits {
            record: record(of),
            kind: SubjectKind::Pupil,
            site: site(class),
            school: site(school),
            code: code.into(),
            number: number.into(),
            name: name.into(),
            birth: birth.into(),
            sex: sex.into(),
            guardians: Some(guardian).filter(|name| !name.is_empty()).map(Private::from).into_iter().collect(),
        }
    };
    text.lines().map(str::trim).filter(|text| !text.is_empty()).map(line).collect()
}

fn show(found: &Candidates) -> String {
    let mut out = String::new();
    for Candidate { pair, score, reasons } in &found.pairs {
        let [one, other] = pair.both().map(|record| name(record.as_bytes()));
        let reasons: Vec<String> = reasons.iter().map(|(why, points)| format!("{why:?} {points:+}")).collect();
        _ = writeln!(out, "{one} {other} {score}: {}", reasons.join(", "));
    }
    out
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let people = people(text);
    let found = candidates(&people, &Identities::default());
    expected.assert_eq(&show(&found));
    let backwards: Vec<Traits> = people.into_iter().rev().collect();
    assert_eq!(candidates(&backwards, &Identities::default()), found);
}

#[test]
fn what_speaks_for_one_child_and_what_against() {
    check(
        "a s c41 219 - 小桔 2007-03-14 f 外婆
         b s c41 W044 - 小菊 2007-03-15 f 外婆",
        expect![[r#"
            a b 89: Name(Homophone) +32, Birth(DayApart) +20, SameClass +20, SameGuardian +15, SameSex +2
        "#]],
    );
    check(
        "a s c41 219 - 麦苗 - - -
         b s c41 W01 - 麦苗 - - -",
        expect![[r#"
            a b 60: Name(Same) +40, SameClass +20
        "#]],
    );
    check(
        "a s c41 219 - 麦苗 - - -
         b s c42 W01 - 麦苗 - - -
         c s c42 W02 - 阿禾 2007-03-14 - -
         d s c42 W03 - 阿和 2009-11-02 - -",
        expect![[r#"
            a b 50: Name(Same) +40, OtherClass +10
        "#]],
    );
    check(
        "a s c41 - 19 陈小满 2007-03-12 - -
         b t t41 - 7 陈小满 2007-12-03 - -
         c t t41 - 8 陈小满 2005-01-20 - -",
        expect![[r#"
            a b 58: Name(Same) +40, Birth(Swapped) +28, OtherSchool -10
        "#]],
    );
    check(
        "a s c41 - 019 陈小满 2007-03-12 m -
         b s c41 - １９号 王大石 2007-03-12 m -
         c s c41 - 20 陈晓曼 - f -",
        expect![[r#"
            a b 87: SameNumber +50, Birth(Same) +35, OtherName -20, SameClass +20, SameSex +2
        "#]],
    );
    check(
        "a - - 301 - - - - -
         b - - 301 - - - - -
         c - - - - 小满 2007-03-12 - -
         d - - - - 小满 2007-03-12 - -",
        expect![[r#"
            c d 75: Name(Same) +40, Birth(Same) +35
        "#]],
    );
}

#[test]
fn only_one_kind_is_compared() {
    let mut people = people(
        "a s c41 219 - 麦苗 2007-03-14 - -
         b s c41 219 - 麦苗 2007-03-14 - -",
    );
    assert_eq!(candidates(&people, &Identities::default()).pairs.len(), 1);
    people[1].kind = SubjectKind::Teacher;
    assert_eq!(candidates(&people, &Identities::default()).pairs, []);
}

fn ruled(words: &[(&str, Ruling, &str)]) -> Identities {
    let entries: Vec<Opened> = words
        .iter()
        .zip(1..)
        .map(|((one, ruling, other), minute)| {
            let pair = Pair::of(record(one), record(other)).expect("two");
            let own =
                crate::dsl::entry(&format!("{one}{other}{minute}"), "shen", &[], minute, pair.say(*ruling, "问过"));
            Opened { record: pair.record(), ..own }
        })
        .collect();
    ProjectState::fold(&entries, &team()).identities().clone()
}

#[test]
fn what_was_judged_is_not_proposed_again() {
    let people = people(
        "a s c41 1 - 麦苗 2007-03-14 - -
         b s c41 2 - 麦苗 2007-03-14 - -
         c s c41 3 - 麦苗 2007-03-14 - -",
    );
    let pairs = |identities: &Identities| {
        let found = candidates(&people, identities);
        found.pairs.iter().map(|one| one.pair.both().map(|record| name(record.as_bytes())).concat()).collect::<Vec<_>>()
    };
    assert_eq!(pairs(&Identities::default()), ["ab", "ac", "bc"]);
    assert_eq!(pairs(&ruled(&[("a", Ruling::Apart, "b")])), ["ac", "bc"]);
    // Of linked ones the leading card is compared, once.
    assert_eq!(pairs(&ruled(&[("a", Ruling::Linked(record("b")), "b")])), ["bc"]);
    assert_eq!(pairs(&ruled(&[("a", Ruling::Linked(record("a")), "b"), ("b", Ruling::Apart, "c")])), [""; 0]);
    // What people say different things of waits elsewhere.
    assert_eq!(pairs(&ruled(&[("a", Ruling::Linked(record("a")), "b"), ("a", Ruling::Apart, "b")])), ["ac", "bc"]);
}

#[test]
fn the_same_form_twice_with_one_child_is_proposed() {
    let interviews = [("i", "pupil", "a"), ("j", "pupil", "b"), ("k", "guardian", "a"), ("l", "pupil", "c")];
    let twice = |identities: &Identities| {
        let all = interviews.iter().map(|(record_name, form, of)| (record(record_name), *form, record(of)));
        repeated(all, identities)
            .iter()
            .map(|pair| pair.both().map(|one| name(one.as_bytes())).concat())
            .collect::<Vec<_>>()
    };
    assert_eq!(twice(&Identities::default()), [""; 0]);
    let linked = ("a", Ruling::Linked(record("a")), "b");
    assert_eq!(twice(&ruled(&[linked])), ["ij"]);
    assert_eq!(twice(&ruled(&[linked, ("i", Ruling::Linked(record("i")), "j")])), [""; 0]);
    assert_eq!(twice(&ruled(&[linked, ("i", Ruling::Apart, "j")])), [""; 0]);
}

/// Everybody has one name and one class: each is compared with the nearest, and it is said.
#[test]
fn a_crowd_is_compared_with_its_nearest() {
    let one = |number: usize| Traits {
        record: record(&format!("r{number:05}")),
        kind: SubjectKind::Pupil,
        site: Some(record("c41")),
        school: Some(record("s")),
        code: String::new(),
        number: "".into(),
        name: "学生".into(),
        birth: "".into(),
        sex: "".into(),
        guardians: Vec::new(),
    };
    let people: Vec<Traits> = (0..3000).map(one).collect();
    let found = candidates(&people, &Identities::default());
    assert_eq!(found.crowded, 3000);
    assert!(found.pairs.len() < 3000 * 9, "{}", found.pairs.len());
}

proptest! {
    #[test]
    fn any_text_is_a_name(one in "\\PC{0,60}", other in "[一-龥a-zA-Z（）· ]{0,12}") {
        readings(&one);
        prop_assert_eq!(similar(&one, &other), similar(&other, &one));
        if similar(&other, &other).is_some() {
            prop_assert_eq!(similar(&other, &other), Some(Similar::Same));
        }
    }
}
