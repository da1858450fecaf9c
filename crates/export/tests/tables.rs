//! Tables as an analyst gets them.

mod common;

use common::{CHINESE, ENGLISH, Filling, form, layout, pupils, show, two_pupils};
use expect_test::{Expect, expect};
use tianye_export::{Filled, Table, Words, file_names, tables, write};

#[track_caller]
fn check(language: &str, labels: bool, practice: bool, at: usize, expect: &Expect) {
    let words = Words::for_language(if language == ENGLISH { "en" } else { "zh-CN" });
    let tables = tables(&pupils(), &two_pupils(words), &layout(words, language, labels, practice));
    assert_eq!(tables.len(), 3);
    expect.assert_eq(&show(&tables[at]));
}

#[test]
fn the_form_with_labels_in_chinese() {
    check(
        CHINESE,
        true,
        true,
        0,
        &expect![[r#"
        pupils (2 rows)
        练习 | 练习项目，不是真实资料 | 练习项目，不是真实资料
        记录编号 | i-1 | i-2
        对象编号 | 217 | 217
        县市 |  | 
        乡镇 |  | 
        学校 |  | 
        班级 |  | 
        访员 |  | 
        状态 | 已完成 | 已完成
        表单版本 |  | 
        未决冲突数 | 0 | 0
        start | 2017-04-12T10:42:00.000+08:00 | 2017-04-12T10:42:00.000+08:00
        deviceid | laptop-1 | laptop-1
        你的名字是？ | 小满 | 小雨
        乡镇 [township] | 柳城镇 | 白洋街道
        学校 [school] | 1 | 1
        年龄 | 11 | 12
        平时怎样和父母联系？ | 电话；微信 | 其他
        平时怎样和父母联系？/电话 | 是 | 否
        平时怎样和父母联系？/微信 | 是 | 否
        平时怎样和父母联系？/其他 | 否 | 是
        家里还有别人吗？ | 有 | 没有
        放学后最想做什么？ | 玩；休息；学习 | 
        在过去的十二个月里，如果你有什么心里话想对在外务工的父亲或者母亲说， 而又没有机会当面说出来的，请把它写在这里（可以写得很长，也可以只写一句话，不想写也没有关系）： | 他说："走",⏎明年再见 | 
        联系电话 | -1+1 | 
        twice | 22 | 24
        members_count | 2 | 0
        instanceID | uuid:6c576fac-43fd-407c-8268-86b3864a1b1b | uuid:6c576fac-43fd-407c-8268-86b3864a1b1b
    "#]],
    );
}

#[test]
fn the_form_with_labels_in_english() {
    check(
        ENGLISH,
        true,
        false,
        0,
        &expect![[r#"
        pupils (2 rows)
        interview_id | i-1 | i-2
        respondent_code | 217 | 217
        county |  | 
        township |  | 
        school |  | 
        class |  | 
        interviewer |  | 
        state | finalised | finalised
        form_version |  | 
        open_conflicts | 0 | 0
        start | 2017-04-12T10:42:00.000+08:00 | 2017-04-12T10:42:00.000+08:00
        deviceid | laptop-1 | laptop-1
        What is your name? | 小满 | 小雨
        Township [township] | Liucheng | Baiyang
        School [school] | 1 | 1
        Age | 11 | 12
        How do you keep in touch with your parents? | By phone; By WeChat | Other
        How do you keep in touch with your parents?/By phone | 1 | 0
        How do you keep in touch with your parents?/By WeChat | 1 | 0
        How do you keep in touch with your parents?/Other | 0 | 1
        Does anyone else live at home? | Yes | No
        What would you like most after school? | Play; Rest; Study | 
        What would you like to say to …s parents? | 他说："走",⏎明年再见 | 
        Phone number | -1+1 | 
        twice | 22 | 24
        members_count | 2 | 0
        instanceID | uuid:6c576fac-43fd-407c-8268-86b3864a1b1b | uuid:6c576fac-43fd-407c-8268-86b3864a1b1b
    "#]],
    );
}

#[test]
fn the_form_with_codes() {
    check(
        ENGLISH,
        false,
        false,
        0,
        &expect![[r#"
        pupils (2 rows)
        interview_id | i-1 | i-2
        respondent_code | 217 | 217
        county |  | 
        township |  | 
        school |  | 
        class |  | 
        interviewer |  | 
        state | finalised | finalised
        form_version |  | 
        open_conflicts | 0 | 0
        start | 2017-04-12T10:42:00.000+08:00 | 2017-04-12T10:42:00.000+08:00
        deviceid | laptop-1 | laptop-1
        name | 小满 | 小雨
        place/township | liu | bai
        place/school | 1 | 1
        age | 11 | 12
        contact | phone wechat | other
        contact/phone | 1 | 0
        contact/wechat | 1 | 0
        contact/other | 0 | 1
        home | yes | no
        ranks | play rest study | 
        words | 他说："走",⏎明年再见 | 
        phone | -1+1 | 
        twice | 22 | 24
        members_count | 2 | 0
        instanceID | uuid:6c576fac-43fd-407c-8268-86b3864a1b1b | uuid:6c576fac-43fd-407c-8268-86b3864a1b1b
    "#]],
    );
}

#[test]
fn a_repeat_with_labels() {
    check(
        CHINESE,
        true,
        true,
        1,
        &expect![[r#"
        家庭成员 (2 rows)
        练习 | 练习项目，不是真实资料 | 练习项目，不是真实资料
        记录编号 | i-1 | i-1
        行号/家庭成员 | 1 | 2
        称呼 | 妈妈 | 奶奶
        年龄 | 38 | 66
        older | 27 | 55
    "#]],
    );
}

#[test]
fn a_repeat_in_a_repeat_carries_the_row_around_it() {
    check(
        CHINESE,
        true,
        true,
        2,
        &expect![[r#"
        外出经历 (2 rows)
        练习 | 练习项目，不是真实资料 | 练习项目，不是真实资料
        记录编号 | i-1 | i-1
        行号/家庭成员 | 1 | 1
        行号/外出经历 | 1 | 2
        …去了哪里？ | 宁波 | 温岭
        当时你几岁？ | 5 | 
    "#]],
    );
    check(
        ENGLISH,
        false,
        false,
        2,
        &expect![[r#"
        stays (2 rows)
        interview_id | i-1 | i-1
        row/members | 1 | 1
        row/stays | 1 | 2
        where | 宁波 | 温岭
        ages | 5 | 
    "#]],
    );
}

#[test]
fn the_file_as_bytes() {
    let words = Words::for_language("zh");
    let tables = tables(&pupils(), &two_pupils(words), &layout(words, CHINESE, true, true));
    let mut bytes = Vec::new();
    write(&tables[1], &mut bytes).unwrap();
    assert_eq!(bytes[..3], [0xef, 0xbb, 0xbf]);
    let text = String::from_utf8(bytes[3..].to_vec()).unwrap();
    expect![[r#"
        练习,记录编号,行号/家庭成员,称呼,年龄,older␍␊
        练习项目，不是真实资料,i-1,1,妈妈,38,27␍␊
        练习项目，不是真实资料,i-1,2,奶奶,66,55␍␊
    "#]]
    .assert_eq(&text.replace("\r\n", "␍␊\n"));
}

#[track_caller]
fn both_languages(check: impl Fn(&'static Words, &str, bool)) {
    for (code, language) in [("zh-CN", CHINESE), ("en", ENGLISH)] {
        for labels in [true, false] {
            check(Words::for_language(code), language, labels);
        }
    }
}

#[test]
fn a_practice_project_says_so_in_every_row_of_every_table() {
    both_languages(|words, language, labels| {
        let tables = tables(&pupils(), &two_pupils(words), &layout(words, language, labels, true));
        assert_eq!(tables.len(), 3);
        for table in &tables {
            assert_eq!(table.rows.len(), 2);
            assert_eq!(table.head[0], words.practice.0);
            assert!(table.rows.iter().all(|row| row[0] == words.practice.1), "{table:?}");
            let mut bytes = Vec::new();
            write(table, &mut bytes).unwrap();
            let mut read = csv::Reader::from_reader(bytes.as_slice());
            let marks: Vec<String> = read.records().map(|row| row.unwrap()[0].to_owned()).collect();
            assert_eq!(marks, [words.practice.1; 2]);
        }
        assert!(file_names(&tables, words.file_mark).iter().all(|name| name.starts_with(words.practice.0)));
    });
}

#[test]
fn a_real_project_has_no_practice_mark() {
    both_languages(|words, language, labels| {
        for table in tables(&pupils(), &two_pupils(words), &layout(words, language, labels, false)) {
            assert_eq!(table.head[0], words.interview);
            let mut cells = table.head.iter().chain(table.rows.iter().flatten());
            assert!(!cells.any(|cell| cell == words.practice.0 || cell == words.practice.1));
        }
    });
}

#[test]
fn what_is_not_to_be_asked_is_not_exported() {
    let words = Words::for_language("zh");
    let filled = two_pupils(words);
    let kept = |one: &Filled| one.fields.iter().any(|field| field.given.text() == "爷爷" && !field.counts);
    assert!(kept(&filled[1]), "the answer is still kept in the interview");
    let tables = tables(&pupils(), &filled, &layout(words, CHINESE, true, false));
    assert!(!tables.iter().flat_map(|table| table.rows.iter().flatten()).any(|cell| cell == "爷爷"));
}

#[test]
fn a_question_without_answer_says_nothing_about_its_choices() {
    let words = Words::for_language("zh");
    let filled = [Filling::start(&pupils()).filled("i-3", words)];
    let table = &tables(&pupils(), &filled, &layout(words, CHINESE, true, false))[0];
    let ticks = table.head.iter().zip(&table.rows[0]).filter(|(heading, _)| heading.contains("父母联系？"));
    assert_eq!(ticks.map(|(_, cell)| cell.as_str()).collect::<Vec<_>>(), ["", "", "", ""]);
}

#[test]
fn without_interviews_there_is_a_heading() {
    let words = Words::for_language("en");
    for table in tables(&pupils(), &[], &layout(words, ENGLISH, true, false)) {
        assert!(table.rows.is_empty() && table.head.len() > 2);
    }
}

#[test]
fn no_answer_shows_in_debug() {
    let words = Words::for_language("zh");
    let filled = two_pupils(words);
    let tables = tables(&pupils(), &filled, &layout(words, CHINESE, true, true));
    assert!(!format!("{filled:?}{tables:?}").contains("小满"));
}

/// A form of inputs in two groups: `name=label` in each; and a repeat for each name of a second list.
fn small(questions: [&str; 2], repeats: &str) -> String {
    let (mut instance, mut body) = (String::new(), String::new());
    for (group, questions) in ["a", "b"].into_iter().zip(questions) {
        let mut inside = String::new();
        for (name, label) in questions.split(' ').filter_map(|question| question.split_once('=')) {
            inside += &format!("<{name}/>");
            body += &format!("<input ref=\"/data/{group}/{name}\"><label>{label}</label></input>");
        }
        instance += &format!("<{group}>{inside}</{group}>");
    }
    for (name, label) in repeats.split(' ').filter_map(|repeat| repeat.split_once('=')) {
        instance += &format!("<{name}><x/></{name}>");
        body += &format!(
            "<group ref=\"/data/{name}\"><label>{label}</label><repeat nodeset=\"/data/{name}\">\
             <input ref=\"/data/{name}/x\"><label>x</label></input></repeat></group>"
        );
    }
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head>\
         <h:title>t</h:title><model><instance><data id=\"t\">{instance}</data></instance></model></h:head>\
         <h:body>{body}</h:body></h:html>"
    )
}

fn heads(xml: &str, labels: bool) -> Vec<Table> {
    let words = Words::for_language("zh");
    let form = form(xml);
    let filled = [Filling::start(&form).filled("i-1", words)];
    let mut layout = layout(words, "", labels, false);
    layout.frame = vec!["学校".into()];
    let filled = filled.map(|one| Filled { frame: vec!["小学".into()], ..one });
    tables(&form, &filled, &layout)
}

#[track_caller]
fn check_heads(a: &str, b: &str, labels: bool, expect: &str) {
    // The engine gives every form an instance id.
    assert_eq!(heads(&small([a, b], ""), labels)[0].head.join("|"), format!("{expect}|instanceID"));
}

#[test]
fn headings_are_told_apart() {
    check_heads("x=年龄", "y=姓名", true, "记录编号|学校|年龄|姓名");
    check_heads("x=年龄", "y=年龄", true, "记录编号|学校|年龄 [x]|年龄 [y]");
    check_heads("x=年龄", "x=年龄", true, "记录编号|学校|年龄 [a/x]|年龄 [b/x]");
    check_heads("x=学校", "y=记录编号", true, "记录编号|学校|学校 [x]|记录编号 [y]");
    check_heads("x= z=", "x= y=", true, "记录编号|学校|a/x|z|b/x|y");
    check_heads("x=年龄 z=年龄", "x=年龄", false, "记录编号|学校|a/x|z|b/x");
}

#[test]
fn repeats_are_told_apart() {
    let tables = heads(&small(["", ""], "r=成员 s=成员 u=孩子"), true);
    let names: Vec<_> = tables.iter().map(|table| (table.name.as_str(), table.head[1].as_str())).collect();
    assert_eq!(
        names,
        [("t", "学校"), ("成员 [r]", "行号/成员 [r]"), ("成员 [s]", "行号/成员 [s]"), ("孩子", "行号/孩子")]
    );
    assert_eq!(file_names(&tables, ""), ["t.csv", "t_成员__r_.csv", "t_成员__s_.csv", "t_孩子.csv"]);
}

#[test]
fn a_long_heading_is_kept() {
    let label = "很长的问题".repeat(200);
    check_heads(&format!("x={label}"), "y=姓名", true, &format!("记录编号|学校|{label}|姓名"));
}
