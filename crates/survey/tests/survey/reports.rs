//! Reports: every packet has one length, and whatever order packets come in, the same is read.

use crate::dsl::{person, record};
use proptest::prelude::*;
use tianye_survey::*;

fn part(id: &str, report: &str, minute: i64, act: ReportAct) -> ReportPart {
    ReportPart { id: record(id), report: record(report), at: At { ms: minute * 60_000, offset: 480 }, act }
}

fn begun(words: &str) -> ReportAct {
    let disclosure = Disclosure { words: words.into(), safety: Some(Safety::Unsure), ..Disclosure::default() };
    ReportAct::Begun(Box::new(disclosure))
}

fn added(words: &str) -> ReportAct {
    ReportAct::Added { words: words.into() }
}

fn called(outcome: CallOutcome) -> ReportAct {
    let call = Call { whom: "方老师".into(), number: "000".into(), said: Private::default(), outcome };
    ReportAct::Called(Box::new(call))
}

/// What goes out in packets, one after the other, until nothing waits.
fn packets(parts: Vec<ReportPart>) -> Vec<Packet> {
    let mut waiting = Waiting { parts, pieces: Vec::new() };
    let mut sent = Vec::new();
    while !(waiting.parts.is_empty() && waiting.pieces.is_empty()) {
        let packet = Packet::fill(&mut waiting);
        assert_ne!(packet, Packet::default(), "something goes out each time");
        assert_eq!(packet.clone().encode().expect("it fits").len(), PACKET_BYTES);
        sent.push(packet);
    }
    sent
}

fn read<'a>(by: &str, role: &'a Role, packets: &'a [Packet]) -> Vec<Sent<'a>> {
    packets.iter().map(|packet| Sent { author: person(by), role, revoked: false, packet }).collect()
}

#[test]
fn a_packet_with_nothing_in_it_looks_like_any_other() {
    let empty = Packet::fill(&mut Waiting::default()).encode().expect("it fits");
    assert_eq!(empty.len(), PACKET_BYTES);
    assert_eq!(Content::decode(kind::REPORT, &empty), Packet::default().into());
}

#[test]
fn nobody_has_been_told_until_a_call_came_through() {
    #[track_caller]
    fn check(acts: Vec<ReportAct>, told: bool, handed_over: bool) {
        let parts = acts.into_iter().enumerate().map(|(at, act)| part(&at.to_string(), "r", at as i64, act)).collect();
        let sent = packets(parts);
        let state = reports(read("chen", &Role::Interviewer, &sent)).remove(&record("r")).expect("a report");
        assert_eq!((state.is_told(), state.is_handed_over()), (told, handed_over));
    }
    check(vec![begun("疼")], false, false);
    check(vec![begun("疼"), called(CallOutcome::NoAnswer), called(CallOutcome::CallBack)], false, false);
    check(vec![begun("疼"), called(CallOutcome::NoAnswer), called(CallOutcome::Told)], true, false);
    check(vec![begun("疼"), ReportAct::HandedOver { to: HandedTo::Police, note: "派出所".into() }], true, true);
}

#[test]
fn holders_add_to_any_report_and_others_to_their_own() {
    let own = packets(vec![part("1", "r", 1, begun("疼")), part("2", "r", 3, added("第二天又说"))]);
    let holder = packets(vec![part("3", "r", 2, called(CallOutcome::Told))]);
    let stranger = packets(vec![part("4", "r", 4, added("假的"))]);
    let unknown = packets(vec![part("5", "r", 4, added("假的"))]);
    let other = Role::from("king");
    let mut sent = read("chen", &Role::Interviewer, &own);
    sent.extend(read("fang", &Role::SafeguardingLead, &holder));
    sent.extend(read("zhou", &Role::Interviewer, &stranger));
    sent.extend(read("king", &other, &unknown));
    let state = reports(sent.clone()).remove(&record("r")).expect("a report");
    assert_eq!(state.begun.as_ref().map(|(author, ..)| *author), Some(person("chen")));
    let lines: Vec<_> = state.timeline.iter().map(|line| (line.author, line.at.ms / 60_000)).collect();
    assert_eq!(lines, [(person("fang"), 2), (person("chen"), 3)]);
    sent.reverse();
    sent.extend(sent.clone());
    assert_eq!(reports(sent).remove(&record("r")), Some(state), "order and repetition change nothing");
}

#[test]
fn a_long_report_goes_out_in_pieces_and_counts_when_all_have_come() {
    let words = "他说：“别告诉别人。”\n".repeat(2_000);
    let sent =
        packets(vec![part("1", "r", 1, begun("短")), part("2", "r", 2, added(&words)), part("3", "r", 3, added("完"))]);
    assert!(sent.len() > 4);
    let without_last = reports(read("chen", &Role::Interviewer, &sent[..sent.len() - 2]));
    assert_eq!(without_last[&record("r")].timeline.len(), 0, "half a text is not shown as a whole one");
    let all = reports(read("chen", &Role::Interviewer, &sent));
    let acts: Vec<&ReportAct> = all[&record("r")].timeline.iter().map(|line| &line.act).collect();
    assert_eq!(acts, [&added(&words), &added("完")]);
}

#[test]
fn what_a_later_version_says_is_kept_as_a_line() {
    let text = r#"{"id":"00000000-0000-4000-8000-000000000001","report":"00000000-0000-4000-8000-000000000002",
        "at":{"ms":1,"offset":0},"act":{"is":"court","words":"x"}}"#;
    let part: ReportPart = serde_json::from_str(text).expect("a part");
    assert_eq!(part.act, ReportAct::Unknown);
}

#[test]
fn the_words_of_a_report_do_not_get_into_logs() {
    let shown = format!("{:?}", packets(vec![part("1", "r", 1, begun("疼")), part("2", "r", 2, added("疼"))]));
    assert!(!shown.contains('疼'), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_packet_is_equally_long_and_nothing_is_lost(lengths in prop::collection::vec(0usize..6_000, 0..8)) {
        let mut parts = vec![part("first", "r", 0, begun("疼"))];
        for (at, length) in lengths.iter().enumerate() {
            parts.push(part(&at.to_string(), "r", at as i64 + 1, added(&"\"字\\".repeat(*length))));
        }
        let sent = packets(parts.clone());
        let state = reports(read("chen", &Role::Interviewer, &sent)).remove(&record("r")).expect("a report");
        let said: Vec<ReportAct> = state.timeline.into_iter().map(|line| line.act).collect();
        prop_assert_eq!(said, parts.into_iter().skip(1).map(|part| part.act).collect::<Vec<_>>());
    }
}
