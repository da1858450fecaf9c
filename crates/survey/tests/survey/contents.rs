use crate::dsl::{form, hash, person, record};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use tianye_journal::ChunkId;
use tianye_survey::*;

fn samples() -> Vec<Content> {
    let chunk = ChunkRef { id: ChunkId::from_bytes([3; 32]), key: Secret([4; 32]), len: 9 };
    let sitting = Interview {
        subject: Some(record("217")),
        sitting: Some(Sitting { started: At { ms: 1_491_878_520_000, offset: 480 }, ended: At::default() }),
        changes: vec![
            Change {
                note: Some("当面更正".into()),
                over: vec![hash("a")],
                ..Change::new("/家/妈妈", Answer::of("外省"))
            },
            Change { auto: true, ..Change::new("/start", Answer::of("2017-04-11T10:42:00.000+08:00")) },
            Change {
                file: Some(Attachment {
                    name: "7f.jpg".to_owned(),
                    media_type: "image/jpeg".to_owned(),
                    hash: form(3),
                    len: 9,
                    chunks: vec![chunk.clone()],
                }),
                ..Change::new("/photo", Answer::of("7f.jpg"))
            },
            Change::new("/q", Answer::Blank),
            Change::new("/w", Answer::NonAnswer("refused".to_owned())),
        ],
        unseen: vec![hash("d")],
        stage: Some(Stage::HandedOver),
        hand_over_to: Some(person("zhou")),
        language: Some("zh".to_owned()),
        app: Some("0.1.0".to_owned()),
        ..Interview::under(form(1))
    };
    vec![
        Content::from(&Project { title: Names::both("浙江留守儿童 2017"), practice: true, ..Project::default() }),
        FormVersion {
            form_id: "pupil".to_owned(),
            version: "3".to_owned(),
            title: Names { zh: "学生问卷".to_owned(), en: "Pupil".to_owned() },
            languages: vec!["zh".to_owned()],
            hash: form(1),
            len: 9,
            chunks: vec![chunk.clone()],
            media: vec![Media { name: "sites.csv".to_owned(), hash: form(2), len: 9, chunks: vec![chunk] }],
            retired: false,
        }
        .into(),
        Content::from(&Member::new(person("chen"), "陈禾", Role::Interviewer)),
        Content::from(&Site::new(SiteKind::School, Names::both("石塘小学"))),
        Content::from(&Subject { display_name: "小满".into(), ..Subject::new(SubjectKind::Pupil, "217") }),
        Content::from(&Tie {
            since: Some("2015-09".into()),
            custody: Some(Custody::Entrusted),
            ..Tie::new(record("g1"), record("217"), Relation::PaternalGrandmother)
        }),
        Content::from(&Assignment { form_id: "pupil".to_owned(), ..Assignment::default() }),
        Content::from(&Consent::new(record("217"), ConsentAct::Given)),
        sitting.into(),
        Decision {
            field: "/q".into(),
            chosen: Answer::of("1"),
            over: vec![hash("b")],
            takes_back: false,
            form: None,
            unseen: vec![hash("c")],
            reason: "问过".into(),
        }
        .into(),
        Interview { practice: true, ..Interview::under(FormHash([1; 32])) }.into(),
        Review {
            remarks: vec![Remark { field: "/q".into(), text: "请核对".into() }],
            ..Review::new(Verdict::SentBack, "缺一页")
        }
        .into(),
        Pair::of(record("217"), record("219")).expect("two").say(Ruling::Linked(record("219")), "问过班主任").into(),
        Beginnings {
            called: "陈禾".into(),
            begun: vec![
                Beginning {
                    interview: record("i1"),
                    form_id: "pupil".to_owned(),
                    subject: Some(record("217")),
                    site: None,
                    on: "2017-04-11".to_owned(),
                    practice: false,
                },
                Beginning {
                    interview: record("i2"),
                    form_id: "community".to_owned(),
                    subject: None,
                    site: Some(record("village")),
                    on: "2017-04-12".to_owned(),
                    practice: false,
                },
            ],
        }
        .into(),
    ]
}

#[test]
fn what_is_written_is_read_again() {
    for content in samples() {
        let bytes = content.encode().expect("a good content");
        assert_eq!(Content::decode(content.kind(), &bytes), content);
        let again = Content::decode(content.kind(), &bytes).encode().expect("a good content");
        assert_eq!(again, bytes, "the same bytes each time");
    }
}

#[test]
fn the_words_of_people_do_not_get_into_logs() {
    for content in samples() {
        let shown = format!("{content:?} {:#?}", Content::decode(99, &content.to_json().expect("good")));
        for word in ["外省", "当面", "小满", "陈禾", "问过", "缺一页", "核对", "班主任", "refused", "0404"]
        {
            assert!(!shown.contains(word), "{word} is in {shown}");
        }
    }
}

#[test]
fn the_json_of_what_was_begun() {
    let json = samples().last().expect("samples").to_json().expect("good");
    expect![[r#"{"begun":[{"form_id":"pupil","interview":"69310000-0000-0000-0000-000000000000","on":"2017-04-11","subject":"32313700-0000-0000-0000-000000000000"},{"form_id":"community","interview":"69320000-0000-0000-0000-000000000000","on":"2017-04-12","site":"76696c6c-6167-6500-0000-000000000000"}],"called":"陈禾","v":1}"#]].assert_eq(std::str::from_utf8(&json).expect("text"));
}

#[test]
fn the_json_of_a_sitting() {
    let sitting = &samples()[8];
    let bytes = sitting.to_json().expect("good");
    let json: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let shown = serde_json::to_string_pretty(&json).expect("JSON");
    expect![[r#"
        {
          "app": "0.1.0",
          "changes": [
            {
              "answer": {
                "v": "外省"
              },
              "field": "/家/妈妈",
              "note": "当面更正",
              "over": [
                "6100000000000000000000000000000000000000000000000000000000000000"
              ]
            },
            {
              "answer": {
                "v": "2017-04-11T10:42:00.000+08:00"
              },
              "auto": true,
              "field": "/start"
            },
            {
              "answer": {
                "v": "7f.jpg"
              },
              "field": "/photo",
              "file": {
                "chunks": [
                  {
                    "id": "0303030303030303030303030303030303030303030303030303030303030303",
                    "key": "0404040404040404040404040404040404040404040404040404040404040404",
                    "len": 9
                  }
                ],
                "hash": "0303030303030303030303030303030303030303030303030303030303030303",
                "len": 9,
                "name": "7f.jpg",
                "type": "image/jpeg"
              }
            },
            {
              "answer": null,
              "field": "/q"
            },
            {
              "answer": {
                "na": "refused"
              },
              "field": "/w"
            }
          ],
          "form": "0101010101010101010101010101010101010101010101010101010101010101",
          "hand_over_to": "7a686f75-0000-0000-0000-000000000000",
          "language": "zh",
          "sitting": {
            "ended": {
              "ms": 0,
              "offset": 0
            },
            "started": {
              "ms": 1491878520000,
              "offset": 480
            }
          },
          "stage": "handed-over",
          "subject": "32313700-0000-0000-0000-000000000000",
          "unseen": [
            "6400000000000000000000000000000000000000000000000000000000000000"
          ],
          "v": 1
        }"#]]
    .assert_eq(&shown);
}

#[track_caller]
fn refuse(kind: u16, json: &str, expected: Expect) {
    let error = Content::try_decode(kind, json.as_bytes()).expect_err("a bad content");
    expected.assert_eq(&format!("{}: {error}", error.code()));
    let kept = Content::decode(kind, json.as_bytes());
    assert_eq!(kept.encode().as_deref(), Ok(json.as_bytes()), "it is kept and can be relayed");
}

#[test]
fn what_cannot_be_read_is_kept_and_says_why() {
    refuse(
        99,
        "{}",
        expect![
            "content-unknown-kind: expected a kind that this version knows, found kind 99: it is kept; update the program to read it"
        ],
    );
    refuse(
        8,
        r#"{"v":2}"#,
        expect![
            "content-newer: expected content version 1, found version 2: it is kept; update the program to read it"
        ],
    );
    refuse(
        8,
        r#"{"form":"x"}"#,
        expect![
            "content-shape: expected the JSON of kind 8, found something else at line 0, column 0: it is kept aside"
        ],
    );
    refuse(
        8,
        "{\"v\":1,\n \"秘密\"",
        expect![
            "content-shape: expected the JSON of kind 8, found something else at line 2, column 9: it is kept aside"
        ],
    );
    refuse(
        8,
        r#"{"v":1,"form":"秘密"}"#,
        expect![
            "content-shape: expected the JSON of kind 8, found something else at line 0, column 0: it is kept aside"
        ],
    );
    refuse(
        5,
        r#"{"v":1,"kind":7}"#,
        expect![
            "content-shape: expected the JSON of kind 5, found something else at line 0, column 0: it is kept aside"
        ],
    );
    refuse(
        5,
        r#"{"v":1,"kind":null}"#,
        expect![
            "content-shape: expected the JSON of kind 5, found something else at line 0, column 0: it is kept aside"
        ],
    );
    let form = "1".repeat(64);
    let one = r#"{"field":"/q","answer":{"v":"秘密"}}"#;
    refuse(
        8,
        &format!(r#"{{"v":1,"form":"{form}","changes":[{one},{one}]}}"#),
        expect!["content-field-twice: expected each field once, found /q twice: write only its last answer"],
    );
    refuse(
        8,
        &format!(r#"{{"v":1,"form":"{form}","changes":[{{"field":""}}]}}"#),
        expect!["content-missing: expected the name of the field, found nothing: fill it in"],
    );
    refuse(
        8,
        &format!(r#"{{"v":1,"form":"{form}","changes":[{{"field":"/q","answer":"秘密"}}]}}"#),
        expect![
            "content-shape: expected the JSON of kind 8, found something else at line 0, column 0: it is kept aside"
        ],
    );
    let over = "2".repeat(64);
    refuse(
        9,
        &format!(r#"{{"v":1,"field":"/q","over":["{over}"],"reason":"  "}}"#),
        expect!["content-missing: expected the reason of the decision, found nothing: fill it in"],
    );
    refuse(
        9,
        r#"{"v":1,"field":"/q","over":[],"reason":"x"}"#,
        expect!["content-missing: expected the writes it was decided between, found nothing: fill it in"],
    );
    refuse(
        13,
        r#"{"v":1,"verdict":"sent-back"}"#,
        expect!["content-missing: expected what is to be mended, found nothing: fill it in"],
    );
    refuse(
        1,
        &format!(r#"{{"v":1,"x":"{}"}}"#, "长".repeat(MAX_TEXT)),
        expect![
            "content-too-much: expected at most 262144 bytes of one text, found 786432: write it in several entries"
        ],
    );
    refuse(
        1,
        &format!(r#"{{"v":1,"x":"{}"}}"#, "y".repeat(MAX_TEXT + 1)),
        expect![
            "content-too-much: expected at most 262144 bytes of one text, found 262145: write it in several entries"
        ],
    );
    refuse(
        1,
        &format!(r#"{{"v":1,"x":{}{}}}"#, "[".repeat(40), "]".repeat(40)),
        expect!["content-too-much: expected at most 32 levels of nesting, found 33: write it in several entries"],
    );
    refuse(
        1,
        &format!(r#"{{"v":1,"x":[0{}]}}"#, ",0".repeat(MAX_ITEMS)),
        expect!["content-too-much: expected at most 20000 members of a list, found 20001: write it in several entries"],
    );
}

#[test]
fn what_could_not_be_read_is_not_written() {
    let decision = Decision {
        field: "/q".into(),
        chosen: Answer::Blank,
        over: vec![],
        takes_back: false,
        form: None,
        unseen: vec![],
        reason: "x".into(),
    };
    assert_eq!(Content::from(decision).encode().map_err(|e| e.code()), Err("content-missing"));
    let twice = vec![Change::new("/q", Answer::of("1")), Change::new("/q", Answer::of("2"))];
    let sitting = Interview { changes: twice, ..Interview::under(form(1)) };
    assert_eq!(Content::from(sitting).encode().map_err(|e| e.code()), Err("content-field-twice"));
}

#[test]
fn later_words_and_keys_are_passed_over() {
    let json = format!(r#"{{"v":1,"form":"{}","stage":"archived","mood":"good"}}"#, "1".repeat(64));
    match Content::decode(kind::INTERVIEW, json.as_bytes()) {
        Content::Interview(sitting) => assert_eq!(sitting.stage, Some(Stage::Other("archived".to_owned()))),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_upset_the_reader(kind in 0..18u16, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let content = Content::decode(kind, &bytes);
        prop_assert_eq!(content.kind(), kind);
    }

    #[test]
    fn no_damage_upsets_the_reader(which in 0..10usize, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let sample = &samples()[which];
        let mut bytes = sample.to_json().expect("good");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let read = Content::decode(sample.kind(), &bytes);
        // What is read can be written and read again.
        let again = read.encode().expect("what was read can be written");
        prop_assert_eq!(Content::decode(sample.kind(), &again), read);
    }
}
