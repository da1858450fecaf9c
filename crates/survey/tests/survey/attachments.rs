use crate::dsl::{RECORD, entry, form, hash, team};
use tianye_journal::ChunkId;
use tianye_survey::*;

/// The file of this name; `number` tells its bytes from others.
fn file(name: &str, number: u8) -> Attachment {
    let chunk = ChunkRef { id: ChunkId::from_bytes([number; 32]), key: Secret([4; 32]), len: 9 };
    let (name, media_type) = (name.to_owned(), "image/jpeg".to_owned());
    Attachment { name, media_type, hash: form(number), len: 9, chunks: vec![chunk] }
}

fn photo(answer: &str, file: Option<Attachment>) -> Interview {
    let change = Change { file, ..Change::new("/photo", Answer::of(answer)) };
    Interview { changes: vec![change], ..Interview::under(form(1)) }
}

/// The settled answer and the number of its file's bytes.
#[track_caller]
fn check(entries: &[Opened], answer: Option<&str>, number: Option<u8>) {
    let mut reversed = entries.to_vec();
    reversed.reverse();
    for entries in [entries, &reversed] {
        let state = interview(RECORD, entries, &team());
        let field = &state.fields[&Field::from("/photo")];
        let settled = field.settled();
        assert_eq!(settled.and_then(Answer::value), answer);
        let found = settled.and_then(|answer| field.file(answer)).map(|file| file.hash);
        assert_eq!(found, number.map(form));
    }
}

#[test]
fn a_file_follows_its_answer() {
    let first = || entry("a", "chen", &[], 1, photo("1.jpg", Some(file("1.jpg", 1))));
    check(&[first()], Some("1.jpg"), Some(1));
    let cleared = || entry("b", "chen", &["a"], 2, photo("", None));
    check(&[first(), cleared()], None, None);
    let replaced = || entry("b", "chen", &["a"], 2, photo("2.jpg", Some(file("2.jpg", 2))));
    check(&[first(), replaced()], Some("2.jpg"), Some(2));
    let back = entry("c", "chen", &["b"], 3, photo("1.jpg", None));
    check(&[first(), replaced(), back], Some("1.jpg"), Some(1));
    let state = interview(RECORD, &[first(), cleared()], &team());
    let kept = state.fields[&Field::from("/photo")].file(&Answer::of("1.jpg"));
    assert_eq!(kept, Some(&file("1.jpg", 1)), "the history still has the file of an answer that was cleared");
}

#[test]
fn two_photographs_wait_for_a_person_and_the_chosen_one_has_its_file() {
    let mut entries = vec![
        entry("a", "chen", &[], 1, photo("1.jpg", Some(file("1.jpg", 1)))),
        entry("b", "chen", &["a"], 2, photo("2.jpg", Some(file("2.jpg", 2)))),
        entry("c", "zhou", &["a"], 3, photo("3.jpg", Some(file("3.jpg", 3)))),
    ];
    check(&entries, None, None);
    for (chosen, number) in [("3.jpg", 3), ("1.jpg", 1)] {
        let over = vec![hash("b"), hash("c")];
        let (field, chosen, reason) = ("/photo".into(), Answer::of(chosen), "看过".into());
        let decision = Decision { field, chosen, over, takes_back: false, form: None, unseen: vec![], reason };
        entries.push(entry("d", "shen", &["b", "c"], 4, decision));
        check(&entries, entries[3].content.chosen(), Some(number));
        entries.pop();
    }
}

/// What a decision chose.
trait Chosen {
    fn chosen(&self) -> Option<&str>;
}

impl Chosen for Content {
    fn chosen(&self) -> Option<&str> {
        let Self::Decision(decision) = self else { return None };
        decision.chosen.value()
    }
}

#[test]
fn a_file_that_its_answer_does_not_name_is_passed_over() {
    check(&[entry("a", "chen", &[], 1, photo("1.jpg", Some(file("2.jpg", 2))))], Some("1.jpg"), None);
    check(&[entry("a", "chen", &[], 1, photo("", Some(file("2.jpg", 2))))], None, None);
}

#[test]
fn nobody_puts_another_file_under_a_name_that_is_taken() {
    let entries = [
        entry("a", "chen", &[], 1, photo("1.jpg", Some(file("1.jpg", 1)))),
        entry("b", "zhou", &["a"], 2, photo("1.jpg", Some(file("1.jpg", 9)))),
    ];
    check(&entries, Some("1.jpg"), Some(1));
}

#[test]
fn sittings_from_before_there_were_files_are_read_as_they_were() {
    let json = format!(r#"{{"v":1,"form":"{}","changes":[{{"field":"/q","answer":{{"v":"1"}}}}]}}"#, "1".repeat(64));
    let content = Content::decode(kind::INTERVIEW, json.as_bytes());
    let Content::Interview(sitting) = &content else { panic!("{content:?}") };
    assert_eq!(sitting.changes, [Change::new("/q", Answer::of("1"))]);
    let written = String::from_utf8(content.to_json().expect("good")).expect("text");
    assert!(!written.contains("file"), "an answer without a file has no such key: {written}");
}
