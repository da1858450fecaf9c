//! Revoked certificates: what of them holds, whoever carries the word, in whatever order.

use crate::dsl::{chain, entry, fold, hash, history, person, show, team};
use expect_test::expect;
use std::collections::BTreeSet;
use tianye_journal::{Place, ProjectId, ProjectKey, ReadingKey, Recipient, Revocation, Seq, Trust};
use tianye_survey::*;

const PROJECT: ProjectId = ProjectId::from_bytes([9; 16]);

fn key() -> ProjectKey {
    ProjectKey::from_secret_bytes(&[1; 32])
}

fn trust() -> Trust {
    Trust { project: PROJECT, key: key().public() }
}

fn address(byte: u8) -> Recipient {
    ReadingKey::from_secret_bytes(&[byte; 32]).recipient()
}

fn place(of: &str, seq: u64) -> Place {
    Place { chain: chain(of), seq: Seq::new(seq).expect("from 1"), hash: hash(&format!("{of}{seq}")) }
}

/// A revocation of certificate `serial`, carried by `author`.
fn word(name: &str, author: &str, serial: u64, accepted: &[Place], readers: Option<u8>, over: &[&str]) -> Opened {
    let signed = Revocation::sign(&key(), PROJECT, serial, accepted.to_vec(), readers.map(address)).expect("few");
    let mut revoked = Revoked::new(&signed, person("chen"), RevocationReason::Lost, "在汽车上丢了");
    revoked.over = over.iter().map(|name| hash(name)).collect();
    revoked.keys = readers.map(|byte| format!("{byte:02x}")).into_iter().collect();
    entry(name, author, &[], 1, revoked)
}

#[test]
fn what_any_of_them_accepts_holds_in_whatever_order_they_come() {
    let words = [
        word("a", "shen", 7, &[place("chen", 3)], None, &[]),
        word("b", "zhou", 7, &[place("chen", 5), place("chen2", 1)], None, &[]),
        word("c", "shen", 8, &[], None, &[]),
    ];
    let state = revocations(&words, &trust());
    let accepted = |serial: u64| state.certificates[&serial].accepted.iter().copied().collect::<Vec<_>>();
    assert_eq!(accepted(7), [place("chen", 3), place("chen", 5), place("chen2", 1)]);
    assert_eq!(accepted(8), []);
    assert_eq!(state.certificates[&7].words.len(), 2);
    for order in [[2, 1, 0], [1, 0, 2], [0, 2, 1]] {
        let again: Vec<Opened> = order.iter().chain(&order).map(|at| words[*at].clone()).collect();
        assert_eq!(revocations(&again, &trust()), state);
    }
}

#[test]
fn what_the_project_did_not_sign_revokes_nobody() {
    let other = ProjectKey::from_secret_bytes(&[2; 32]);
    let forged = Revocation::sign(&other, PROJECT, 7, vec![], None).expect("few");
    let elsewhere = Revocation::sign(&key(), ProjectId::from_bytes([8; 16]), 7, vec![], None).expect("few");
    for signed in [forged, elsewhere] {
        let revoked = Revoked::new(&signed, person("chen"), RevocationReason::Misused, "");
        assert_eq!(revocations(&[entry("a", "shen", &[], 1, revoked)], &trust()), Revocations::default());
    }
    let mut broken = Revoked::new(
        &Revocation::sign(&key(), PROJECT, 7, vec![], None).expect("few"),
        person("chen"),
        RevocationReason::Left,
        "",
    );
    broken.word.truncate(40);
    assert_eq!(revocations(&[entry("a", "shen", &[], 1, broken)], &trust()), Revocations::default());
}

#[test]
fn a_later_address_replaces_the_one_it_had_seen_and_two_at_once_both_hold() {
    #[track_caller]
    fn check(words: &[Opened], expect: &[u8]) {
        let state = revocations(words, &trust());
        assert_eq!(state.readers, expect.iter().map(|byte| address(*byte)).collect());
    }
    let first = word("a", "shen", 7, &[], Some(21), &[]);
    let second = word("b", "shen", 8, &[], Some(22), &["a"]);
    let beside = word("c", "zhou", 9, &[], Some(23), &["a"]);
    check(&[word("d", "shen", 5, &[], None, &[])], &[]);
    check(std::slice::from_ref(&first), &[21]);
    check(&[second.clone(), first.clone()], &[22]);
    check(&[beside.clone(), first.clone(), second.clone()], &[22, 23]);
    check(&[word("e", "shen", 4, &[], Some(24), &["b", "c"]), beside, first, second], &[24]);
}

#[test]
fn what_was_written_after_the_accepted_head_waits_and_is_reported() {
    let entries = history(
        "a@chen: /q = 1; /r = 1
         b@chen(a): /q = 2
         c@shen(a): /r = 3",
    );
    let mut team = team();
    assert!(team.revoke(chain("chen"), BTreeSet::from([hash("a")])));
    assert!(!team.revoke(chain("chen"), BTreeSet::from([hash("a")])), "that is no news");
    expect![[r#"
        /q = 1
        /r = 3
        status: draft
        heads: b c
        no right: b no-right-revoked
        merged by rule: 1
    "#]]
    .assert_eq(&show(&interview(crate::dsl::RECORD, &entries, &team)));
    team.revoke(chain("chen"), BTreeSet::from([hash("a"), hash("b")]));
    assert_eq!(show(&interview(crate::dsl::RECORD, &entries, &team)), show(&fold(&entries)));
}
