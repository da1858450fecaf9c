//! A day of a project in which entries of every kind come into being, written by whoever may write them.

use std::path::Path;

use tianye_desk::Desk;
use tianye_desk::view::{
    AssignInput, ChecklistInput, ContactView, ContactsInput, DecisionInput, EraseInput, NotedView, PairAct, PairInput,
    PairOf, PersonInput, ReportInput, RevokeInput, Role as DeskRole, SiteInput, TakeOverInput, TieInput,
};
use tianye_journal::PlainBody;
use tianye_store::{Op, Passphrase, Store, Unlock};
use tianye_survey::rights::{Reach, reach};
use tianye_survey::{Content, Review, Role, Verdict, kind};

use super::{FORM, ROLES, consents, exports, fill};
use crate::common::{Field, PASSPHRASE, finish, join_as, laptop, say, set_up};

const ZH: &str = "zh-CN";

const SMALL: &str = "
| survey | | | |
| | type | name | label |
| | text | words | W1 Words |
| settings | | |
| | form_title | form_id |
| | Small | ";

/// Who works in the project: what the folder of the laptop is called, and the role. Of each role there are two, so that each
/// reads what another one of the same role wrote. The last two are revoked at noon.
const MATES: [(&str, DeskRole); 12] = [
    ("组长 张三", DeskRole::Lead),
    ("武义", DeskRole::Interviewer),
    ("温岭", DeskRole::Interviewer),
    ("lead", DeskRole::Lead),
    ("admin", DeskRole::Administrator),
    ("office", DeskRole::Administrator),
    ("he", DeskRole::Analyst),
    ("an", DeskRole::Analyst),
    ("fang", DeskRole::Safeguarding),
    ("miao", DeskRole::Safeguarding),
    ("bao", DeskRole::Interviewer),
    ("gu", DeskRole::Interviewer),
];
const LEAD: usize = 0;
const CHEN: usize = 1;
const ZHOU: usize = 2;
const ADMIN: usize = 4;
/// From here on those who are revoked.
const BAO: usize = 10;
const GU: usize = 11;

/// What acts are about: a word that nobody else uses, a child whom everybody knows, and where tables go.
struct With<'w> {
    word: &'w str,
    child: &'w str,
    folder: &'w Path,
}

type Act = fn(&mut Desk, &With<'_>);

/// The acts that write a kind, whoever does them.
const ACTS: [(u16, Act); 11] = [
    (kind::PROJECT, |desk, with| {
        let ethics = NotedView { on: "2017-03-01".into(), note: with.word.into() };
        desk.note_checklist(&ChecklistInput { ethics, ..desk.checklist().noted }).unwrap();
    }),
    (kind::FORM, |desk, with| {
        assert!(desk.check_form("small.md", format!("{SMALL}{} |\n", with.word).as_bytes(), &|_| None).unwrap().usable);
        desk.add_form().unwrap();
    }),
    (kind::SITE, |desk, with| {
        desk.save_site(&SiteInput { kind: "county".into(), zh: with.word.into(), ..SiteInput::default() }).unwrap();
    }),
    (kind::CONSENT_TEXT, |desk, with| {
        let mut text = desk.consent_text();
        text.activity.zh = with.word.into();
        desk.publish_text(&text, false).unwrap();
    }),
    (kind::CONTACTS, |desk, with| {
        let [name, hours, note] = <[String; 3]>::default();
        let one = ContactView { role: "holder".into(), name, number: with.word.into(), hours, note };
        desk.set_contacts(&ContactsInput { site: String::new(), people: vec![one] }, ZH).unwrap();
    }),
    (kind::TIE, |desk, with| {
        let (name, to, relation) = (with.word.into(), with.child.into(), "maternal-grandmother".into());
        desk.save_tie(&TieInput { name, to, relation, ..TieInput::default() }).unwrap();
    }),
    (kind::CONSENT, |desk, with| consents(desk, with.child)),
    (kind::ASSIGNMENT, |desk, with| {
        if reach(&survey_role(desk.role()), kind::ASSIGNMENT) == Reach::Any {
            let (form, people, interviewer) =
                ("pupil".into(), vec![with.child.into()], desk.mate_named("陈禾").unwrap());
            let input = AssignInput { form, people, interviewer, anyway: true, ..AssignInput::default() };
            desk.assign(&input, ZH).unwrap();
        }
    }),
    (kind::INTERVIEW, |desk, with| {
        if desk.role() != DeskRole::Administrator {
            fill(desk, with.word);
        }
    }),
    (kind::ERASURE, |desk, with| match desk.role() {
        DeskRole::Interviewer => {
            crate::common::begin(desk, &format!("{} stops", with.word));
            say(desk, "/say", "no more");
            desk.stop_interview(false, ZH).unwrap();
        }
        _ => {
            let kind = "pupil".into();
            let person = PersonInput { kind, name: format!("{} gone", with.word), ..PersonInput::default() };
            let (record, person) = (String::new(), desk.save_person(&person).unwrap());
            let (fields, why, note) = (Vec::new(), "mistake".into(), String::new());
            desk.erase(&EraseInput { record, person, fields, why, note }).unwrap();
        }
    }),
    (kind::EXPORTED, |desk, with| {
        if desk.role() != DeskRole::Administrator {
            exports(desk, &with.folder.join(format!("tables of {}", with.word)), false).unwrap();
        }
    }),
];

pub fn survey_role(role: DeskRole) -> Role {
    ROLES.into_iter().find(|(_, _, desk)| *desk == role).unwrap().1
}

fn evening(desks: &mut [Desk]) {
    for _ in 0..2 {
        sync_all(desks);
    }
}

fn sync_all(desks: &mut [Desk]) {
    desks.iter_mut().for_each(|desk| drop(desk.sync().unwrap()));
}

fn report(words: &str) -> ReportInput {
    let [when, place, present, seen, interview, subject, site] = <[String; 7]>::default();
    ReportInput { words: words.into(), when, place, present, seen, safety: "unsure".into(), interview, subject, site }
}

/// What is decided of: both correct one interview.
fn decides(desks: &mut [Desk], interview: &str) {
    for (at, friends) in [(CHEN, "12"), (LEAD, "13")] {
        desks[at].correct_interview(interview, ZH).unwrap();
        say(&mut desks[at], "/friends", friends);
        finish(&mut desks[at]);
        desks[at].sync().unwrap();
    }
    let conflict = desks[LEAD].conflicts(ZH).unwrap().remove(0);
    let decision = DecisionInput {
        record: conflict.record,
        field: conflict.field,
        value: "12".into(),
        non_answer: None,
        names: conflict.sides.into_iter().map(|side| side.entry).collect(),
        reason: "asked again".into(),
    };
    desks[LEAD].decide(&decision).unwrap();
}

fn links(desk: &mut Desk) {
    let pair = desk.duplicates(ZH).unwrap().open.into_iter().find(|pair| pair.of == PairOf::Respondents).unwrap();
    let input = PairInput {
        records: pair.sides.iter().map(|side| side.record.clone()).collect(),
        act: PairAct::Apart,
        leading: String::new(),
        reason: "asked the teacher".into(),
        names: Vec::new(),
    };
    desk.rule_pair(&input).unwrap();
}

fn takes_over(desk: &mut Desk) {
    let rows = desk.assignments(ZH).unwrap().classes.into_iter().flat_map(|class| class.rows);
    let assignments = rows.map(|row| row.id).take(1).collect();
    let over = TakeOverInput { assignments, reason: "a fever".into(), anyway: true, ..TakeOverInput::default() };
    assert_eq!(desk.take_over(&over).unwrap(), 1);
}

/// No act of a desk writes a review: it is sealed as a lead's laptop would seal one.
fn reviews(desk: Desk, field: &Field) -> Desk {
    drop(desk);
    let store = store(field, MATES[LEAD].0);
    let of = store.read(|view| view.entries_of_kind(kind::INTERVIEW)).unwrap();
    let own = store.read(|view| view.own_chain()).unwrap().unwrap().chain;
    let of = of.into_iter().find(|entry| entry.chain == own).unwrap();
    let content = Content::from(Review::new(Verdict::Approved, "")).encode().unwrap();
    let body = PlainBody { kind: kind::REVIEW, parents: vec![of.hash], content, ..of.body };
    store.transact(Op::Seal, |tx| tx.append_own(&body)).unwrap();
    drop(store);
    let id = field.lead.start().unwrap().stores[0].id.clone();
    field.lead.unlock(&id, PASSPHRASE).unwrap()
}

fn revokes(desk: &mut Desk, name: &str) {
    let team = desk.team().unwrap();
    let certificate = team.members.iter().find(|one| one.name == name).unwrap().laptops[0].certificate.clone();
    desk.revoke(&RevokeInput { certificate, why: "left".into(), note: String::new() }).unwrap();
}

pub fn store(field: &Field, laptop: &str) -> Store {
    let found = tianye_store::list(&field.folder.path().join(laptop)).unwrap().remove(0);
    Store::unlock(&found.dir, Unlock::Passphrase(&Passphrase::new(PASSPHRASE)), 0).unwrap()
}

/// The stores that the day leaves, each with the role of its person and whether it still reads what comes.
pub fn stores() -> (Field, Vec<(Role, bool, Store)>) {
    let (field, mut lead, chen, zhou) = set_up();
    assert!(lead.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap().usable);
    lead.add_form().unwrap();
    let child = PersonInput { kind: "pupil".into(), name: "Hu".into(), ..PersonInput::default() };
    let child = lead.save_person(&child).unwrap();
    let mut desks = vec![lead, chen, zhou];
    for (name, role) in &MATES[desks.len()..] {
        // Some are admitted before the lead has heard from the one before: what they may read of each other comes later.
        let desk = join_as(&mut desks[LEAD], &laptop(field.folder.path(), name), name, *role);
        desks.push(desk);
    }
    sync_all(&mut desks);

    for (at, (word, role)) in MATES.into_iter().enumerate() {
        if MATES[..at].iter().all(|(_, before)| *before != role) {
            let with = With { word: &format!("m{at}"), child: &child, folder: field.folder.path() };
            let mine = ACTS.iter().filter(|(kind, _)| reach(&survey_role(role), *kind) != Reach::Nothing);
            mine.for_each(|(_, act)| act(&mut desks[at], &with));
        }
        desks[at].save_report(&report(word), ZH).unwrap();
    }
    let of_chen = desks[CHEN].records(ZH).unwrap().into_iter().find(|card| card.code == "m1").unwrap().id;
    evening(&mut desks);
    takes_over(&mut desks[ZHOU]);
    decides(&mut desks, &of_chen);
    links(&mut desks[LEAD]);
    let lead = reviews(desks.remove(LEAD), &field);
    desks.insert(LEAD, lead);
    revokes(&mut desks[LEAD], MATES[BAO].0);
    desks[ADMIN].sync().unwrap();
    revokes(&mut desks[ADMIN], MATES[GU].0);
    desks.truncate(BAO);
    evening(&mut desks);
    for holder in desks.iter().filter(|desk| desk.is_holder()) {
        assert_eq!(holder.reports().unwrap().len(), MATES.len());
    }
    drop(desks);
    let left = MATES.iter().enumerate().map(|(at, (name, role))| (survey_role(*role), at < BAO, store(&field, name)));
    let left = left.collect();
    (field, left)
}
