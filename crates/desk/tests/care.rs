//! What a child tells of harm reaches the safeguarding holders, and nobody else sees that there is anything.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]
#![allow(clippy::redundant_closure_for_method_calls, reason = "`View` has a lifetime that a path cannot name")]

mod common;
#[path = "common/holders.rs"]
mod holders;

use std::path::Path;

use common::{PASSPHRASE, begin, finish, laptop, say, set_up};
use holders::{entries, evening, join_as, open, plain, readable, with_holders};
use tianye_desk::view::{
    AddInput, CallInput, ContactCardView, ContactView, ContactsInput, HandOverInput, LineAct, ReportInput, ReportView,
    RevokeInput, Role,
};
use tianye_desk::{Cancel, Desk};
use tianye_journal::ReadingKey;
use tianye_store::{Passphrase, Unlock};

const ZH: &str = "zh-CN";
/// Words that stand in a report and nowhere else.
const MARKERS: [&str; 6] =
    ["奶奶不在的时候", "门后面", "只有我和孩子", "手臂上有淤青", "方老师叫我别走", "第二天又说了一遍"];

fn report(words: &str) -> ReportInput {
    ReportInput {
        words: words.into(),
        when: "4 月 12 日 10:47".into(),
        place: MARKERS[1].into(),
        present: MARKERS[2].into(),
        seen: MARKERS[3].into(),
        safety: "unsure".into(),
        interview: String::new(),
        subject: String::new(),
        site: String::new(),
    }
}

fn call(of: &ReportView, said: &str, outcome: &str) -> CallInput {
    CallInput {
        report: of.id.clone(),
        whom: "方敏".into(),
        number: "000 0000 0001".into(),
        said: said.into(),
        outcome: outcome.into(),
    }
}

#[test]
fn a_disclosure_from_the_middle_of_an_interview_reaches_the_holders_and_their_timeline() {
    let (field, mut lead, mut chen, mut zhou, mut fang, mut he) = with_holders();
    begin(&mut chen, "217");
    say(&mut chen, "/family/say", "想妈妈");
    let sheet = chen.care("", "", ZH).unwrap();
    assert!(!sheet.interview.is_empty() && sheet.about.contains("217"), "{}", sheet.about);
    assert_eq!((sheet.holder, sheet.holders.len(), sheet.reports.len()), (false, 2, 0));
    assert_eq!(sheet.contacts.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), ["110", "12355", "12345"]);

    assert_eq!(
        chen.save_report(&ReportInput { seen: String::new(), ..report(" ") }, ZH).unwrap_err().code,
        "report-empty"
    );
    let saved =
        chen.save_report(&ReportInput { interview: sheet.interview.clone(), ..report(MARKERS[0]) }, ZH).unwrap();
    assert_eq!((saved.told, saved.waiting, saved.own), (false, true, true));
    assert!(!chen.record_call(&call(&saved, "", "no-answer")).unwrap().told);
    assert_eq!(chen.home("zh-CN").unwrap().untold, 1, "every page says so until somebody was told");
    let told = chen.record_call(&call(&saved, MARKERS[4], "told")).unwrap();
    assert!(told.told);
    assert_eq!(chen.home("zh-CN").unwrap().untold, 0);

    // The interview goes on where it stopped.
    say(&mut chen, "/family/age", "9");
    finish(&mut chen);
    evening(&mut [&mut chen, &mut fang, &mut he, &mut lead, &mut zhou]);
    assert!(!chen.care("", "", ZH).unwrap().reports[0].waiting);
    for holder in [&mut fang, &mut he] {
        let read = holder.reports().unwrap();
        assert_eq!((read.len(), read[0].by.as_str(), read[0].own, read[0].told), (1, "陈禾", false, true));
        assert_eq!((read[0].words.as_str(), read[0].safety.as_str()), (MARKERS[0], "unsure"));
        assert!(read[0].about.contains("217") && read[0].about.contains("小满"), "{}", read[0].about);
        let outcomes: Vec<&str> = read[0]
            .timeline
            .iter()
            .filter_map(|line| match &line.act {
                LineAct::Called { outcome, .. } => Some(outcome.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(outcomes, ["no-answer", "told"]);
    }
    for other in [&mut lead, &mut zhou] {
        assert!(other.reports().unwrap().is_empty());
        let adding = AddInput { report: saved.id.clone(), words: "x".into() };
        assert_eq!(other.add_to_report(&adding).unwrap_err().code, "unknown-report");
    }

    // Both add: the holder to a report of somebody else, the reporter to the own.
    fang.hand_report_over(&HandOverInput {
        report: saved.id.clone(), to: "police".into(), note: "桃溪派出所".into()
    })
    .unwrap();
    chen.add_to_report(&AddInput { report: saved.id.clone(), words: MARKERS[5].into() }).unwrap();
    evening(&mut [&mut chen, &mut fang, &mut he]);
    let read = he.reports().unwrap().remove(0);
    assert!(read.handed_over);
    let by: Vec<&str> = read.timeline.iter().map(|line| line.by.as_str()).collect();
    assert_eq!(by, ["陈禾", "陈禾", "方敏", "陈禾"]);
    assert_eq!(chen.reports().unwrap()[0].timeline.len(), 3, "what holders write, holders read");
    drop(field.hub);
}

#[test]
fn nobody_else_can_open_a_report_nor_see_that_there_is_one() {
    let (field, mut lead, mut chen, mut zhou, mut fang, mut he) = with_holders();
    let stick = field.folder.path().join("U 盘");
    std::fs::create_dir(&stick).unwrap();
    for (desk, code) in [(&mut chen, "217"), (&mut zhou, "301")] {
        begin(desk, code);
        say(desk, "/family/say", "想妈妈");
        finish(desk);
    }
    let saved = chen.save_report(&report(MARKERS[0]), ZH).unwrap();
    chen.record_call(&call(&saved, MARKERS[4], "told")).unwrap();
    chen.add_to_report(&AddInput { report: saved.id, words: MARKERS[5].into() }).unwrap();
    evening(&mut [&mut chen, &mut zhou, &mut lead, &mut fang, &mut he]);
    for desk in [&mut chen, &mut zhou] {
        let written = desk.write_stick(&stick, &Cancel::default()).unwrap();
        let file = stick.join(&written.files[0]);
        lead.read_stick(&file, &Cancel::default()).unwrap();
    }
    // One more, which waits and has not gone out.
    chen.save_report(&report(MARKERS[0]), ZH).unwrap();
    let pages = [lead.sync_state().unwrap().chains.len(), chen.sync_state().unwrap().chains.len()];
    assert_eq!(pages[0], 5, "one chain for each laptop is listed");
    drop((lead, chen, zhou, fang, he));

    // No file holds a word of it, whoever's laptop it is on.
    let seen = plain(field.folder.path(), &MARKERS);
    assert!(seen.is_empty(), "{seen:?}");

    // The lead's data, and the reporter's own data as the lead recovers them.
    let passphrase = Passphrase::new(PASSPHRASE);
    let lead = open(&field, "组长 张三", Unlock::Passphrase(&passphrase));
    let mut keys = lead.read(|view| view.reading_keys()).unwrap();
    let recovery = lead.read(|view| view.secret("recovery-key")).unwrap().unwrap();
    let recovery = ReadingKey::from_secret_bytes(recovery.as_slice().try_into().unwrap());
    keys.push(recovery.clone());
    let reporter = open(&field, "武义", Unlock::Recovery(&recovery));
    assert!(readable(&reporter, &[]).contains("想妈妈"), "recovery opens the interview");
    for text in [readable(&lead, &keys), readable(&reporter, &keys)] {
        for word in MARKERS {
            assert!(!text.contains(word), "{word}");
        }
    }
    let colleague = open(&field, "温岭", Unlock::Passphrase(&passphrase));
    let keys = colleague.read(|view| view.reading_keys()).unwrap();
    let own = colleague.read(|view| view.restricted_reading_key()).unwrap().unwrap();
    let text = readable(&colleague, &[keys, vec![own]].concat());
    assert!(MARKERS.iter().all(|word| !text.contains(word)));

    // As many entries, each as long, with a report and without one.
    let holder = open(&field, "方", Unlock::Passphrase(&passphrase));
    let keys = holder.read(|view| view.restricted_keys()).unwrap();
    let lengths_of = |name: &str| {
        let mut of = Vec::new();
        for chain in keys.chains() {
            let opened = holder.read(|view| view.restricted_entries(chain, &keys)).unwrap();
            if String::from_utf8_lossy(&opened[0].body.content).contains(name) {
                let sealed = entries(&holder).into_iter().filter(|entry| entry.header.chain == chain);
                of.extend(sealed.map(|entry| (entry.header.seq.get(), entry.header.body_len)));
            }
        }
        of
    };
    // The first entry holds sealed keys, to which age adds a filler of random length.
    let (reporter, other) = (lengths_of("陈禾"), lengths_of("周宁"));
    assert!(reporter.len() > 3);
    assert_eq!(reporter.len(), other.len());
    assert_eq!(reporter[1..], other[1..]);
    assert!(reporter.iter().skip(1).all(|(_, length)| *length == reporter[1].1));
    drop(field.hub);
}

#[test]
fn a_holder_who_comes_later_reads_what_was_and_one_who_goes_nothing_that_comes() {
    let (field, mut lead, mut chen, mut zhou, mut fang, mut he) = with_holders();
    chen.save_report(&report("第一件"), ZH).unwrap();
    evening(&mut [&mut chen, &mut fang, &mut he, &mut lead]);
    let mut lin = join_as(&mut lead, &laptop(field.folder.path(), "林"), "林晓", Role::Safeguarding);
    evening(&mut [&mut lin, &mut lead, &mut chen, &mut zhou, &mut fang, &mut he]);
    let words = |desk: &Desk| desk.reports().unwrap().into_iter().map(|one| one.words).collect::<Vec<_>>();
    assert_eq!(words(&lin), ["第一件"]);

    let team = lead.team().unwrap();
    let certificate = team.members.iter().find(|one| one.name == "何苗").unwrap().laptops[0].certificate.clone();
    lead.revoke(&RevokeInput { certificate, why: "left".into(), note: String::new() }).unwrap();
    evening(&mut [&mut lead, &mut chen, &mut zhou, &mut fang, &mut lin]);
    chen.save_report(&report("第二件"), ZH).unwrap();
    evening(&mut [&mut chen, &mut fang, &mut lin, &mut lead]);
    assert_eq!(words(&lin).len(), 2);
    assert_eq!(words(&fang).len(), 2);
    drop((he, lin));

    // Were every byte on the revoked laptop, it could not open what came later.
    let passphrase = Passphrase::new(PASSPHRASE);
    let all = open(&field, "林", Unlock::Passphrase(&passphrase));
    let stolen = open(&field, "何", Unlock::Passphrase(&passphrase));
    let key = stolen.read(|view| view.restricted_reading_key()).unwrap().unwrap();
    let text = readable(&all, &[key]);
    assert!(text.contains("第一件") && !text.contains("第二件"));
    drop(field.hub);
}

#[test]
fn reports_wait_until_somebody_is_there_to_read_them() {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    assert_eq!(chen.must_have_holders().unwrap_err().code, "holders-too-few");
    chen.save_report(&report("还没有人"), ZH).unwrap();
    evening(&mut [&mut chen, &mut lead, &mut zhou]);
    assert!(chen.care("", "", ZH).unwrap().reports[0].waiting);
    // The laptop is locked and opened again: it waits still.
    drop(chen);
    let id = field.wuyi.start().unwrap().stores[0].id.clone();
    let mut chen = field.wuyi.unlock(&id, PASSPHRASE).unwrap();
    let mut fang = join_as(&mut lead, &laptop(field.folder.path(), "方"), "方敏", Role::Safeguarding);
    evening(&mut [&mut fang, &mut lead, &mut chen]);
    assert_eq!(chen.must_have_holders().unwrap_err().code, "holders-too-few", "one is not enough");
    evening(&mut [&mut chen, &mut fang]);
    assert_eq!(fang.reports().unwrap()[0].words, "还没有人");
    let mut he = join_as(&mut lead, &laptop(field.folder.path(), "何"), "何苗", Role::Safeguarding);
    evening(&mut [&mut he, &mut lead, &mut chen]);
    chen.must_have_holders().unwrap();
    drop(field.hub);
}

#[test]
fn the_lead_prepares_a_card_for_a_place_and_everybody_has_it() {
    let (field, mut lead, mut chen, _zhou) = set_up();
    let site = chen.home(ZH).unwrap().sites[0].id.clone();
    let one = |role: &str, number: &str| ContactView {
        role: role.into(),
        name: String::new(),
        number: number.into(),
        hours: String::new(),
        note: "确认不涉事再打".into(),
    };
    let input = ContactsInput { site: site.clone(), people: vec![one("children-director", "000 0002")] };
    assert_eq!(chen.set_contacts(&input, ZH).unwrap_err().code, "no-right");
    let no_number = ContactsInput { people: vec![one("holder", " ")], ..input.clone() };
    assert_eq!(lead.set_contacts(&no_number, ZH).unwrap_err().code, "contact-number");
    lead.set_contacts(&input, ZH).unwrap();
    let everywhere =
        ContactsInput { site: String::new(), people: vec![one("holder", "000 0001"), one("police", "110")] };
    let written = |cards: Vec<ContactCardView>| cards.into_iter().filter(|card| !card.people.is_empty()).count();
    let all = lead.set_contacts(&everywhere, ZH).unwrap();
    assert!(all.len() > 2, "every place can have one");
    assert_eq!(written(all), 2);
    lead.sync().unwrap();
    chen.sync().unwrap();
    begin(&mut chen, "217");
    let numbers: Vec<String> = chen.care("", "", ZH).unwrap().contacts.into_iter().map(|one| one.number).collect();
    assert_eq!(numbers, ["000 0001", "110", "12355", "000 0002", "12345"]);
    let again = lead.set_contacts(&ContactsInput { people: vec![one("school", "000 0003")], ..input }, ZH).unwrap();
    assert_eq!(written(again), 2, "a place has one card");

    // Where no interview is open, the page below says of whom or of which place it is.
    let subject = chen.care("", "", ZH).unwrap().subject;
    chen.sync().unwrap();
    lead.sync().unwrap();
    let place = lead.care("", &site, ZH).unwrap();
    assert_eq!((place.site.as_str(), place.subject.as_str()), (site.as_str(), ""));
    assert!(place.contacts.iter().any(|one| one.number == "000 0003"));
    let child = lead.care(&subject, "", ZH).unwrap();
    assert!(child.about.starts_with("217") && !child.site.is_empty(), "{} {}", child.about, child.site);
    let saved = lead.save_report(&ReportInput { subject, ..report("说给您听") }, ZH).unwrap();
    assert_eq!(saved.about, child.about);
    drop(field.hub);
}

const WITH_FILES: &str = "
| survey | | | |
| | type | name | label |
| | text | words | W1 Words |
| | text | other | W2 Other words |
| | file | paper | W3 Paper |
| settings | | |
| | form_title | form_id |
| | Media | media |
";

/// Everything that the lead's interviews say, as it is exported.
fn tables(lead: &Desk, folder: &Path) -> String {
    let input = tianye_desk::view::ExportInput {
        form: "media".into(),
        labels: false,
        names: true,
        files: true,
        entities: false,
        instances: false,
        identified: true,
        reason: "试用".into(),
        ..tianye_desk::view::ExportInput::default()
    };
    lead.export_csv(&input, folder, ZH).unwrap();
    let mut text = String::new();
    for table in std::fs::read_dir(folder).unwrap().flatten().filter(|one| one.path().is_file()) {
        text.push_str(&String::from_utf8_lossy(&std::fs::read(table.path()).unwrap()));
    }
    text
}

#[test]
fn an_answer_and_its_file_are_moved_into_a_report_and_are_nowhere_else() {
    let (field, mut lead, mut chen, _zhou, mut fang, mut he) = with_holders();
    assert!(lead.check_form("media.md", WITH_FILES.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    evening(&mut [&mut lead, &mut chen]);
    let site = chen.home(ZH).unwrap().sites[0].id.clone();
    let new = tianye_desk::view::NewInterview {
        form: "media".into(),
        assignment: None,
        code: "217".into(),
        name: "小满".into(),
        site,
        subject: String::new(),
        kind: String::new(),
        answered_by: String::new(),
        anyway: false,
    };
    let id = chen.start_interview(&new, ZH).unwrap().id;
    say(&mut chen, "/words", "先说的话");
    chen.leave().unwrap();
    chen.open_interview(&id, ZH).unwrap();
    say(&mut chen, "/words", MARKERS[0]);
    say(&mut chen, "/other", "别的话");
    let paper: Vec<u8> = (0..2_500_000u32).map(|at| (at % 251) as u8).collect();
    let sealed = chen.sealer("/paper").unwrap().bytes(&paper, "bin").unwrap();
    chen.attach(sealed).unwrap();
    finish(&mut chen);
    evening(&mut [&mut chen, &mut lead]);
    assert!(tables(&lead, &field.folder.path().join("before")).contains(MARKERS[0]));

    let saved = lead.save_report(&report("见访谈"), ZH).unwrap();
    let fields = vec!["/words".to_owned(), "/paper".to_owned()];
    let input = tianye_desk::view::MoveInput { report: saved.id.clone(), record: id.clone(), fields };
    let moved = lead.move_to_report(&input, ZH).unwrap();
    let answers = |report: &ReportView| {
        let of = |line: &tianye_desk::view::ReportLineView| match &line.act {
            LineAct::Moved { question, answer, file, .. } => {
                let (file, parts) = file.as_ref().map(|file| (file.name.clone(), file.parts)).unwrap_or_default();
                Some((question.clone(), answer.clone(), file, parts))
            }
            _ => None,
        };
        report.timeline.iter().filter_map(of).collect::<Vec<_>>()
    };
    let said: Vec<String> = answers(&moved)
        .into_iter()
        .map(|(_, answer, file, _)| if file.is_empty() { answer } else { "file".into() })
        .collect();
    let mut sorted = said.clone();
    sorted.sort();
    let mut all = vec!["file".to_owned(), "先说的话".to_owned(), MARKERS[0].to_owned()];
    all.sort();
    assert_eq!(sorted, all, "earlier words are moved too");
    assert_eq!(lead.move_to_report(&input, ZH).unwrap_err().code, "erase-nothing");
    let after = tables(&lead, &field.folder.path().join("after"));
    assert!(after.contains("别的话") && !after.contains(MARKERS[0]) && !after.contains("先说的话"), "{after}");

    evening(&mut [&mut lead, &mut chen, &mut fang, &mut he]);
    let read = fang.reports().unwrap().remove(0);
    let (_, _, file, parts) = answers(&read).into_iter().find(|(.., parts)| *parts > 0).unwrap();
    let mut whole = Vec::new();
    for part in 0..parts {
        use base64::Engine as _;
        let part = fang.report_file(&read.id, &file, part).unwrap();
        whole.extend(base64::engine::general_purpose::STANDARD.decode(part.base64).unwrap());
    }
    assert_eq!(whole, paper);
    assert_eq!(chen.file_part(&id, &file, 0).map(|_| ()).unwrap_err().code, "attachment-missing");
    assert!(chen.reports().unwrap().is_empty(), "the report is the lead's");
    drop(field.hub);
}

#[test]
fn an_interviewer_moves_an_answer_out_of_the_open_interview_and_goes_on() {
    let (field, mut lead, mut chen, mut zhou, mut fang, mut he) = with_holders();
    let id = begin(&mut chen, "217").id;
    say(&mut chen, "/family/say", MARKERS[0]);
    say(&mut chen, "/family/age", "9");
    chen.set_note("/family/age", MARKERS[4]).unwrap();
    let sheet = chen.care("", "", ZH).unwrap();
    let offered: Vec<(&str, &str)> = sheet.answers.iter().map(|one| (one.field.as_str(), one.value.as_str())).collect();
    assert_eq!(offered, [("/family/say", MARKERS[0]), ("/family/age", "9")]);
    let saved = chen.save_report(&ReportInput { interview: id.clone(), ..report("见访谈") }, ZH).unwrap();
    let fields = vec!["/family/say".to_owned(), "/family/age".to_owned()];
    let input = tianye_desk::view::MoveInput { report: saved.id.clone(), record: id.clone(), fields };
    let moved = chen.move_to_report(&input, ZH).unwrap();
    assert_eq!(moved.timeline.iter().filter(|line| matches!(line.act, LineAct::Moved { .. })).count(), 2);

    // The interview goes on where it was, without them; they can be asked again.
    let view = chen.open_interview(&id, ZH).unwrap();
    assert_eq!((view.state, view.status.answered), (tianye_desk::view::InterviewState::Draft, 0));
    assert!(chen.care("", "", ZH).unwrap().answers.is_empty());
    say(&mut chen, "/family/say", "想妈妈");
    // Meanwhile a lead's laptop says the erasure again, for colleagues: it takes nothing of what was typed since.
    evening(&mut [&mut chen, &mut lead]);
    assert_eq!(chen.open_interview(&id, ZH).unwrap().status.answered, 1);
    say(&mut chen, "/family/age", "10");
    finish(&mut chen);
    evening(&mut [&mut chen, &mut lead, &mut zhou, &mut fang, &mut he]);
    let read = fang.reports().unwrap().remove(0);
    let said = |line: &tianye_desk::view::ReportLineView| match &line.act {
        LineAct::Moved { answer, note, .. } => format!("{answer}|{note}"),
        _ => String::new(),
    };
    let mut all: Vec<String> = read.timeline.iter().map(said).filter(|text| !text.is_empty()).collect();
    all.sort();
    let mut expected = vec![format!("{}|", MARKERS[0]), format!("9|{}", MARKERS[4])];
    expected.sort();
    assert_eq!(all, expected);

    // What a colleague wrote is not hers to move.
    let other = begin(&mut zhou, "301").id;
    say(&mut zhou, "/family/say", "别人写的");
    finish(&mut zhou);
    evening(&mut [&mut zhou, &mut lead]);
    let input = tianye_desk::view::MoveInput { report: saved.id, record: other, fields: vec!["/family/say".into()] };
    assert!(chen.move_to_report(&input, ZH).is_err());
    assert_eq!(lead.move_to_report(&input, ZH).unwrap_err().code, "unknown-report");

    // Nothing of it is left anywhere else: not on the own laptop beside the report, not with colleagues, lead or hub.
    drop((lead, chen, zhou, fang, he));
    let seen = plain(field.folder.path(), &MARKERS);
    assert!(seen.is_empty(), "{seen:?}");
    let passphrase = Passphrase::new(PASSPHRASE);
    let lead = open(&field, "组长 张三", Unlock::Passphrase(&passphrase));
    let recovery = lead.read(|view| view.secret("recovery-key")).unwrap().unwrap();
    let recovery = ReadingKey::from_secret_bytes(recovery.as_slice().try_into().unwrap());
    let mut keys = lead.read(|view| view.reading_keys()).unwrap();
    keys.push(recovery.clone());
    let reporter = open(&field, "武义", Unlock::Recovery(&recovery));
    let colleague = open(&field, "温岭", Unlock::Passphrase(&passphrase));
    let of_colleague = colleague.read(|view| view.reading_keys()).unwrap();
    assert!(readable(&reporter, &[]).contains("想妈妈"), "the rest of the interview is there");
    for text in [readable(&lead, &keys), readable(&reporter, &keys), readable(&colleague, &of_colleague)] {
        for word in MARKERS {
            assert!(!text.contains(word), "{word}");
        }
    }
    drop(field.hub);
}

/// Nothing keeps what was moved: not the lead's word of the first erasure, whether its author had heard of that or not.
#[test]
fn a_second_answer_of_a_sitting_is_moved_and_no_erasure_keeps_it() {
    let (field, mut lead, mut chen, mut zhou, mut fang, _he) = with_holders();
    for (code, hears) in [("217", false), ("218", true)] {
        let id = begin(&mut chen, code).id;
        say(&mut chen, "/family/say", MARKERS[0]);
        say(&mut chen, "/family/age", "9");
        chen.set_note("/family/age", MARKERS[4]).unwrap();
        finish(&mut chen);
        evening(&mut [&mut chen, &mut lead]);
        let saved = chen.save_report(&ReportInput { interview: id.clone(), ..report("见访谈") }, ZH).unwrap();
        let moving = |field: &str| {
            let fields = vec![field.to_owned()];
            tianye_desk::view::MoveInput { report: saved.id.clone(), record: id.clone(), fields }
        };
        chen.move_to_report(&moving("/family/say"), ZH).unwrap();
        chen.sync().unwrap();
        lead.sync().unwrap();
        if hears {
            chen.sync().unwrap();
        }
        chen.move_to_report(&moving("/family/age"), ZH).unwrap();
        evening(&mut [&mut chen, &mut lead, &mut fang, &mut zhou]);
    }
    drop((chen, fang));
    let lead = locked(lead, &field, "组长 张三");
    let keys = lead.read(|view| view.reading_keys()).unwrap();
    let text = readable(&lead, &keys);
    for word in [MARKERS[0], MARKERS[4]] {
        assert!(!text.contains(word), "{word}");
    }
    // The lead and a colleague see that something was erased, and not that it went into a report.
    assert!(text.contains("mistake") && !text.contains("misplaced"));
    let colleague = locked(zhou, &field, "温岭");
    let keys = colleague.read(|view| view.reading_keys()).unwrap();
    let text = readable(&colleague, &keys);
    assert!(text.contains("mistake") && !text.contains("misplaced"));
}

/// The store of a desk that is left.
fn locked(desk: Desk, field: &common::Field, name: &str) -> tianye_store::Store {
    drop(desk);
    open(field, name, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)))
}

/// A holder erases for those alone who read what holders write; a lead's laptop says it to everybody, once.
#[test]
fn what_a_holder_erases_is_said_once_however_often_a_laptop_is_opened() {
    let (field, mut lead, chen, zhou, mut fang, he) = with_holders();
    drop((chen, zhou, he));
    let id = begin(&mut fang, "217").id;
    say(&mut fang, "/family/say", MARKERS[0]);
    finish(&mut fang);
    let saved = fang.save_report(&ReportInput { interview: id.clone(), ..report("见访谈") }, ZH).unwrap();
    let fields = vec!["/family/say".to_owned()];
    fang.move_to_report(&tianye_desk::view::MoveInput { report: saved.id, record: id, fields }, ZH).unwrap();
    let erasures = |store: &tianye_store::Store| {
        store.read(|view| view.entries_of_kind(tianye_survey::kind::ERASURE)).unwrap().len()
    };
    let again = |name: &str| {
        let laptop = laptop(field.folder.path(), name);
        let found = laptop.start().unwrap().stores[0].id.clone();
        laptop.unlock(&found, PASSPHRASE).unwrap()
    };
    drop(fang);
    for _ in 0..3 {
        drop(again("方"));
    }
    assert_eq!(erasures(&open(&field, "方", Unlock::Passphrase(&Passphrase::new(PASSPHRASE)))), 1);
    let mut fang = again("方");
    evening(&mut [&mut fang, &mut lead]);
    drop(lead);
    for _ in 0..2 {
        drop(again("组长 张三"));
    }
    assert_eq!(erasures(&open(&field, "组长 张三", Unlock::Passphrase(&Passphrase::new(PASSPHRASE)))), 2);
}
