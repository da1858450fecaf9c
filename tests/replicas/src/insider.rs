//! What a member writes whose program was changed: signed, sealed and sent like everything, and nothing that a program writes.
//!
//! What they have no right to has no effect on anything; the rest counts like anybody's, for whatever it claims to have seen.

use std::collections::BTreeSet;

use rand_core::Rng as _;
use tianye_journal::{EntryHash, PlainBody, ProjectKey, RecordId, Revocation, Seq};
use tianye_survey::{
    self as survey, Answer, Card, CarriedOut, Change, Consent, ConsentAct, Content, Decision, ErasedBody, Erasure,
    ErasureReason, Field, FormHash, Interview, Opened, RevocationReason, Revoked, Stage, VERSION, Verdict, kind,
};

use crate::laptop::Look;
use crate::merging::{FORM, Team, field};
use crate::truth::{Erased, is_history};

/// What they write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A decision, which is a lead's right.
    Decide,
    /// An approval, which is a lead's right.
    Approve,
    /// A contact card, into the record of an interview.
    Contacts,
    /// A kind that they may write, into a record that is of another.
    Consent,
    /// A kind that there is not.
    UnknownKind,
    /// A sitting of a later version.
    Later,
    /// A sitting that nobody can read.
    Broken,
    /// A sitting that answers one question twice.
    Twice,
    /// A sitting in somebody else's name.
    OtherAuthor,
    /// A decision in the name of a lead.
    AsLead,
    /// A sitting that goes on with an entry which nobody has.
    LostParent,
    /// A sitting that goes on with an entry of another record.
    ForeignParent,
    /// A sitting that goes on with everything and says that it saw nothing of it.
    Blind,
    /// A sitting under another form that goes on with nothing, as if the record were theirs.
    Rootless,
    /// An erasure of answers that others gave, of which nothing is left.
    EraseOthers,
    /// An erasure of everything that others wrote.
    EraseAll,
    /// An erasure that leaves other words of what others wrote.
    EraseLeaving,
    /// An erasure that calls what others wrote their own.
    EraseAsOwn,
    /// An erasure of what nobody has.
    EraseUnknown,
    /// An erasure that leaves of an own one that it names what others wrote.
    EraseBelow,
    /// Erasures that undo each other.
    EraseEachOther,
    /// An erasure of own answers, which is everybody's right.
    EraseOwn,
    /// An erasure of own erasures that names nothing of what these named.
    EraseBack,
    /// The word that an erasure was carried out which nobody wrote.
    SayCarriedOut,
    /// A revocation that the project did not sign.
    Revoke,
    /// The keys of all chains that they can read, for somebody else.
    HandOver,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::Decide,
        Self::Approve,
        Self::Contacts,
        Self::Consent,
        Self::UnknownKind,
        Self::Later,
        Self::Broken,
        Self::Twice,
        Self::OtherAuthor,
        Self::AsLead,
        Self::LostParent,
        Self::ForeignParent,
        Self::Blind,
        Self::Rootless,
        Self::EraseOthers,
        Self::EraseAll,
        Self::EraseLeaving,
        Self::EraseAsOwn,
        Self::EraseUnknown,
        Self::EraseBelow,
        Self::EraseEachOther,
        Self::EraseOwn,
        Self::EraseBack,
        Self::SayCarriedOut,
        Self::Revoke,
        Self::HandOver,
    ];
}

impl Team {
    pub(crate) fn insider(&mut self, at: u8, number: u8, question: u8, deed: Deed) {
        let Some(at) = self.pick_interviewer(at) else { return };
        let Some(record) = self.pick_record(at, number) else { return };
        let look = self.look(at, record);
        let field = field(question);
        let sitting = Interview {
            changes: vec![Change::new(field.clone(), Answer::of("改过"))],
            stage: Some(Stage::Finalised),
            ..look.state.sitting(FORM)
        };
        let mut body = self.draft(at, record, &look, &sitting.clone().into());
        let (mut held, mut may) = (look.held.clone(), true);
        match deed {
            Deed::Decide | Deed::AsLead => {
                let decision = Decision {
                    field,
                    chosen: Answer::of("越权"),
                    over: look.state.heads(),
                    form: None,
                    takes_back: false,
                    unseen: sitting.unseen,
                    reason: "自己定".into(),
                };
                body = self.draft(at, record, &look, &decision.into());
                if deed == Deed::AsLead {
                    body.author = self.people.all[0].id;
                }
                may = false;
            }
            Deed::Approve => {
                body = self.draft(at, record, &look, &look.state.review(Verdict::Approved, "好").into());
                may = false;
            }
            Deed::Contacts => {
                (body.kind, body.content, may) = (kind::CONTACTS, br#"{"v":1,"people":[]}"#.to_vec(), false);
            }
            Deed::Consent => {
                let said = Card::whole(&Consent::new(record, ConsentAct::Withdrawn));
                body = self.draft(at, record, &look, &said.into());
            }
            Deed::UnknownKind => (body.kind, may) = (kind::LAST + 1, false),
            Deed::Later => body.content = format!(r#"{{"v":{}}}"#, VERSION + 1).into_bytes(),
            Deed::Broken => body.content = br#"{"v":1,"changes":"#.to_vec(),
            Deed::Twice => {
                let text = String::from_utf8(Content::from(sitting).to_json().unwrap()).unwrap();
                let (before, after) = text.split_once("\"changes\":[").unwrap();
                let (change, rest) = after.split_once("}]").unwrap();
                body.content = format!("{before}\"changes\":[{change}}},{change}}}]{rest}").into_bytes();
            }
            Deed::OtherAuthor => {
                let own = body.author;
                let Some(other) = self.people.all.iter().rev().find(|one| one.id != own) else { return };
                (body.author, may) = (other.id, false);
            }
            Deed::LostParent => body.parents.push(self.nobody_has()),
            Deed::ForeignParent => {
                let here = self.records.iter().filter(|one| **one != record);
                let foreign = here.flat_map(|one| self.look(at, *one).state.heads()).next();
                body.parents.extend(foreign);
            }
            Deed::Blind => {
                let unseen = held.iter().copied().chain(sitting.unseen.clone()).collect();
                body = self.draft(at, record, &look, &Interview { unseen, ..sitting }.into());
                held.clear();
            }
            Deed::Rootless => {
                let sitting =
                    Interview { changes: sitting.changes, stage: sitting.stage, ..Interview::under(FormHash([9; 32])) };
                body = self.draft(at, record, &look, &sitting.into());
                body.parents.clear();
                held.clear();
            }
            Deed::EraseOthers
            | Deed::EraseAll
            | Deed::EraseLeaving
            | Deed::EraseAsOwn
            | Deed::EraseUnknown
            | Deed::EraseBelow
            | Deed::EraseEachOther => return self.erase_without_right(at, record, &field, deed),
            Deed::EraseOwn => return self.erase_own(at, record, &field),
            Deed::EraseBack => return self.erase_back(at, record, &field),
            Deed::SayCarriedOut => {
                let said = CarriedOut::of(self.nobody_has());
                body = self.draft(at, record, &look, &said.into());
                body.parents.clear();
            }
            Deed::Revoke => {
                let (stranger, one) = (ProjectKey::generate(&mut self.people.rng), &self.people.all[0]);
                let word = Revocation::sign(&stranger, self.people.project, one.certificate.serial, Vec::new(), None);
                let revoked = Revoked::new(&word.unwrap(), one.id, RevocationReason::Misused, "");
                body = self.draft(at, record, &look, &revoked.into());
            }
            Deed::HandOver => return self.hand_over(at, number, question),
        }
        body.parents.sort_unstable();
        self.seal(at, &body, held, may);
    }

    /// What a program would write.
    fn draft(&mut self, at: usize, record: RecordId, look: &Look, content: &Content) -> PlainBody {
        PlainBody {
            kind: content.kind(),
            record,
            parents: look.state.heads(),
            author: self.people.all[self.laptops[at].person].id,
            at: self.laptops[at].tick(),
            content: content.encode().unwrap(),
        }
    }

    fn nobody_has(&mut self) -> EntryHash {
        let mut bytes = [0; 32];
        self.people.rng.fill_bytes(&mut bytes);
        EntryHash::from_bytes(bytes)
    }

    /// Erasures of which each names something that is not theirs, itself or in what it leaves of others.
    fn erase_without_right(&mut self, at: usize, record: RecordId, field: &Field, deed: Deed) {
        self.ready(at);
        let (chain, own) = (self.laptops[at].own_chain(), self.people.all[self.laptops[at].person].id);
        let mut others: Vec<Opened> = self.laptops[at].entries_of(record);
        others.retain(|entry| is_history(entry.kind) && self.truth.team.0[&entry.chain].person != own);
        if others.is_empty() {
            return;
        }
        let erased = survey::erase_record(&others, ErasureReason::Mistake, "");
        let erased = Erasure { fields: vec![field.clone()], ..erased };
        let nothing = || Erasure { bodies: Vec::new(), chunks: Vec::new(), ..erased.clone() };
        let naming = |bodies: Vec<ErasedBody>| Erasure { bodies, ..nothing() };
        match deed {
            Deed::EraseAll => _ = self.say_erased(at, record, Erasure { fields: Vec::new(), ..erased }),
            Deed::EraseLeaving => {
                let other = Change::new(field.clone(), Answer::of("原来就是这样"));
                let left = Interview { changes: vec![other], ..Interview::under(FORM) };
                let bodies = erased.bodies.iter().map(|body| leaving(body, &left.clone().into())).collect();
                self.say_erased(at, record, naming(bodies));
            }
            Deed::EraseAsOwn => {
                let bodies = erased.bodies.iter().map(|body| ErasedBody { chain, author: own, ..body.clone() });
                self.say_erased(at, record, naming(bodies.collect()));
            }
            Deed::EraseUnknown | Deed::EraseBelow => {
                let entry = self.nobody_has();
                let unknown = ErasedBody { entry, chain, seq: Seq::FIRST, author: own, ..erased.bodies[0].clone() };
                let first = self.say_erased(at, record, naming(vec![unknown]));
                if deed == Deed::EraseBelow {
                    self.say_erased(at, record, naming(vec![leaving(&first, &erased.clone().into())]));
                }
            }
            Deed::EraseEachOther => {
                let first = self.say_erased(at, record, erased.clone());
                let second = leaving(&first, &erased.clone().into());
                let second = self.say_erased(at, record, naming(vec![second]));
                let both = [erased.bodies.clone(), vec![first.clone()]].concat();
                let third = self.say_erased(at, record, naming(vec![leaving(&second, &naming(both).into())]));
                let again = [erased.bodies.clone(), vec![third.clone()]].concat();
                self.say_erased(at, record, naming(vec![leaving(&first, &naming(again).into())]));
            }
            _ => _ = self.say_erased(at, record, erased),
        }
    }

    fn own_entries(&mut self, at: usize, record: RecordId, of: impl Fn(u16) -> bool) -> Vec<Opened> {
        self.ready(at);
        let own = self.people.all[self.laptops[at].person].id;
        let mut entries: Vec<Opened> = self.laptops[at].entries_of(record);
        entries.retain(|entry| of(entry.kind) && self.truth.team.0[&entry.chain].person == own);
        entries
    }

    fn erase_own(&mut self, at: usize, record: RecordId, field: &Field) {
        let (entries, why) = (self.own_entries(at, record, is_history), ErasureReason::Mistake);
        let erasure = survey::erase_answers(&entries, vec![field.clone()], why, "", &|_, one| one == field);
        if erasure.bodies.is_empty() {
            return;
        }
        let answers = erasure.bodies.iter().map(|body| (body.entry, field.clone())).collect();
        let erasure = self.sealed(at, &erasure);
        let said = self.say_erased(at, record, erasure);
        self.truth.erased.insert(said.entry, Erased { answers, ..Erased::default() });
        self.truth.written.get_mut(&said.entry).unwrap().may = true;
    }

    fn erase_back(&mut self, at: usize, record: RecordId, field: &Field) {
        let mut own = self.own_entries(at, record, |kind| kind == kind::ERASURE);
        own.retain(|one| self.truth.written[&one.hash].may);
        if own.is_empty() {
            return;
        }
        let bodies = own.iter().map(named).collect();
        let back = Erasure { bodies, ..Erasure::of(vec![field.clone()], ErasureReason::Mistake, "") };
        let said = self.say_erased(at, record, back);
        self.truth.written.get_mut(&said.entry).unwrap().may = true;
    }

    /// Writes it; how another one names it.
    fn say_erased(&mut self, at: usize, record: RecordId, erasure: Erasure) -> ErasedBody {
        let content = Content::from(erasure);
        let hash = self.write_with(at, record, Vec::new(), BTreeSet::new(), &content);
        named(&self.truth.written[&hash].entry)
    }
}

/// How an erasure names an entry of which nothing is left.
fn named(entry: &Opened) -> ErasedBody {
    let Opened { hash, chain, seq, kind, author, at, .. } = *entry;
    ErasedBody { entry: hash, chain, seq, kind, seen: Vec::new(), author, at, rest: None, sealed: Vec::new() }
}

/// The same, with something left of it, in plain.
fn leaving(body: &ErasedBody, left: &Content) -> ErasedBody {
    let left = serde_json::from_slice(&left.to_json().unwrap()).unwrap();
    ErasedBody { rest: Some(left), ..body.clone() }
}
