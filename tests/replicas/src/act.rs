//! What may happen, as values that shrink to a list a person can read.

use proptest::prelude::*;

use crate::insider::Deed;

/// A way of doing things wrong on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// With the hub; it breaks after so many questions to the laptop's store.
    Hub {
        /// Never, if none.
        breaks_after: Option<u8>,
    },
    /// A stick from another laptop; perhaps only its first part is read first.
    Stick {
        /// From whom.
        from: u8,
        /// Whether what the reader has is left out.
        only_news: bool,
        /// How much of the file is there at first, in 256ths.
        cut: Option<u8>,
    },
    /// A stick that was written before, again.
    OldStick(u8),
    /// Entries of another laptop one by one: some are dropped, the others come in another order and some twice.
    Pieces {
        /// From whom.
        from: u8,
        /// Which are dropped.
        drops: u8,
        /// In which order; if it is odd, whole chains are dropped.
        order: u8,
    },
}

/// One thing that happens. Numbers choose among those that there are then, so that any part of a program is a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Somebody begins an interview with an answer.
    Begin {
        /// Who.
        at: u8,
        /// Which question.
        question: u8,
        /// What is answered.
        answer: u8,
    },
    /// Somebody opens an interview and will write later.
    Open {
        /// Who.
        at: u8,
        /// Which.
        record: u8,
    },
    /// Somebody writes two answers and leaves it.
    Sit {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which question; the next one is answered too.
        question: u8,
        /// What is answered.
        answer: u8,
        /// How it is left.
        stage: u8,
    },
    /// Somebody answers a question with a file.
    Attach {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which question.
        question: u8,
    },
    /// The program fills in a question.
    FillIn {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which question.
        question: u8,
        /// With what.
        answer: u8,
    },
    /// Somebody adds a row to a repeat, and answers the question in it: the row's identity is random.
    AddRow {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// What is answered.
        answer: u8,
    },
    /// Somebody answers the question in a row that is there.
    InRow {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which row.
        row: u8,
        /// What is answered.
        answer: u8,
    },
    /// Somebody takes a row away.
    RemoveRow {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which row.
        row: u8,
    },
    /// A lead decides a conflict.
    Decide {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which conflict, and for which side.
        side: u8,
    },
    /// A lead takes a decision back that holds.
    TakeBack {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which decision.
        decision: u8,
    },
    /// Somebody writes down what a family said: on a new card, or on one that is there.
    Consent {
        /// Who.
        at: u8,
        /// Which card; one more than there are: a new one.
        card: u8,
        /// What was said; see `consents::WORDS`.
        word: u8,
    },
    /// A lead revokes an interviewer's certificate. Once more: what has come of it by then is accepted.
    Revoke {
        /// Which lead.
        at: u8,
        /// Whose.
        who: u8,
    },
    /// A lead approves or sends back.
    Review {
        /// Who.
        at: u8,
        /// Which interview.
        record: u8,
        /// Whether it is good.
        approve: bool,
    },
    /// An interviewer whose program was changed writes what no program writes.
    Insider {
        /// Which interviewer.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which question.
        question: u8,
        /// What.
        deed: Deed,
    },
    /// A lead lets an interviewer read the chains of an interview.
    HandOver {
        /// Which lead.
        at: u8,
        /// Which interview.
        record: u8,
        /// To whom.
        to: u8,
    },
    /// A lead erases the answers to a question.
    EraseAnswers {
        /// Which lead.
        at: u8,
        /// Which interview.
        record: u8,
        /// Which question.
        question: u8,
    },
    /// A lead erases an interview.
    EraseRecord {
        /// Which lead.
        at: u8,
        /// Which interview.
        record: u8,
    },
    /// A laptop carries out the erasures that it has heard of.
    CarryOut {
        /// Who.
        at: u8,
    },
    /// Entries come.
    Receive {
        /// Who.
        at: u8,
        /// How.
        way: Way,
    },
    /// A disk is cloned; both go on.
    Clone {
        /// Whose.
        at: u8,
    },
    /// A copy of a laptop's folder is put aside.
    Copy {
        /// Whose.
        at: u8,
    },
    /// The last copy is put back: what was written since is gone from this disk.
    PutBack {
        /// Whose.
        at: u8,
    },
    /// A snapshot of the database is made.
    Snapshot {
        /// Where.
        at: u8,
    },
    /// A database is gone: the laptop stands again on its newest snapshot and its black box.
    Recover {
        /// Whose.
        at: u8,
    },
    /// A clock jumps.
    Clock {
        /// Whose.
        at: u8,
        /// To how many years from now.
        years: i8,
    },
}

/// Who takes part, and what happens.
#[derive(Clone, PartialEq, Eq)]
pub struct Program {
    /// Leads.
    pub leads: u8,
    /// Interviewers.
    pub interviewers: u8,
    /// Interviews that everybody has and may read at the start.
    pub shared: u8,
    /// Whether they come together by the hub; else by sticks.
    pub by_hub: bool,
    /// What happens.
    pub acts: Vec<Act>,
}

/// One act a line, as a test can hold it.
impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { leads, interviewers, shared, by_hub, acts } = self;
        writeln!(f, "leads: {leads}, interviewers: {interviewers}, shared: {shared}, by_hub: {by_hub}")?;
        acts.iter().try_for_each(|act| writeln!(f, "{act:?},"))
    }
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![
        3 => prop::option::weighted(0.4, 0_u8..24).prop_map(|breaks_after| Way::Hub { breaks_after }),
        2 => (any::<u8>(), any::<bool>(), prop::option::weighted(0.4, any::<u8>()))
            .prop_map(|(from, only_news, cut)| Way::Stick { from, only_news, cut }),
        1 => any::<u8>().prop_map(Way::OldStick),
        8 => (any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(from, drops, order)| Way::Pieces { from, drops, order }),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let (at, record, question, answer) = (0_u8..8, 0_u8..3, 0_u8..3, 0_u8..4);
    let place = (at.clone(), record.clone());
    prop_oneof![
        1 => (at.clone(), question.clone(), answer.clone())
            .prop_map(|(at, question, answer)| Act::Begin { at, question, answer }),
        2 => place.clone().prop_map(|(at, record)| Act::Open { at, record }),
        14 => (place.clone(), question.clone(), answer.clone(), 0_u8..7)
            .prop_map(|((at, record), question, answer, stage)| Act::Sit { at, record, question, answer, stage }),
        2 => (place.clone(), question.clone())
            .prop_map(|((at, record), question)| Act::Attach { at, record, question }),
        1 => (place.clone(), question.clone(), answer.clone())
            .prop_map(|((at, record), question, answer)| Act::FillIn { at, record, question, answer }),
        2 => (place.clone(), answer.clone())
            .prop_map(|((at, record), answer)| Act::AddRow { at, record, answer }),
        2 => (place.clone(), 0_u8..4, answer.clone())
            .prop_map(|((at, record), row, answer)| Act::InRow { at, record, row, answer }),
        2 => (place.clone(), 0_u8..4).prop_map(|((at, record), row)| Act::RemoveRow { at, record, row }),
        4 => (place.clone(), any::<u8>()).prop_map(|((at, record), side)| Act::Decide { at, record, side }),
        1 => (place.clone(), any::<u8>()).prop_map(|((at, record), decision)| Act::TakeBack { at, record, decision }),
        2 => (at.clone(), 0_u8..3, 0_u8..3).prop_map(|(at, card, word)| Act::Consent { at, card, word }),
        1 => (at.clone(), 0_u8..8).prop_map(|(at, who)| Act::Revoke { at, who }),
        2 => (place.clone(), any::<bool>()).prop_map(|((at, record), approve)| Act::Review { at, record, approve }),
        5 => (place.clone(), question.clone(), prop::sample::select(Deed::ALL.as_slice()))
            .prop_map(|((at, record), question, deed)| Act::Insider { at, record, question, deed }),
        3 => (place.clone(), 0_u8..8).prop_map(|((at, record), to)| Act::HandOver { at, record, to }),
        2 => (place.clone(), question)
            .prop_map(|((at, record), question)| Act::EraseAnswers { at, record, question }),
        1 => place.prop_map(|(at, record)| Act::EraseRecord { at, record }),
        2 => at.clone().prop_map(|at| Act::CarryOut { at }),
        14 => (at.clone(), way()).prop_map(|(at, way)| Act::Receive { at, way }),
        1 => at.clone().prop_map(|at| Act::Clone { at }),
        1 => at.clone().prop_map(|at| Act::Copy { at }),
        1 => at.clone().prop_map(|at| Act::PutBack { at }),
        2 => at.clone().prop_map(|at| Act::Snapshot { at }),
        1 => at.clone().prop_map(|at| Act::Recover { at }),
        1 => (at, any::<i8>()).prop_map(|(at, years)| Act::Clock { at, years }),
    ]
}

/// Programs of up to so many acts.
pub fn programs(acts: usize) -> impl Strategy<Value = Program> {
    let cast =
        (1_u8..3, prop_oneof![1 => 1_u8..2, 5 => 2_u8..4], prop_oneof![1 => 0_u8..1, 8 => 1_u8..3], any::<bool>());
    (cast, prop::collection::vec(act(), acts / 4..acts))
        .prop_map(|((leads, interviewers, shared, by_hub), acts)| Program { leads, interviewers, shared, by_hub, acts })
}
