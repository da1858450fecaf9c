//! How far an interview is.
//!
//! The stages that interviewers set and the verdicts of leads are writes like answers; the current ones are those that
//! stand in no other's past. Where several stand beside each other, no clock decides: the most cautious holds until somebody who saw
//! them all sets another, and the state is marked *contested*. From the most cautious on: stopped by the respondent and not
//! to be kept, stopped, sent back, reopened, draft, handed over, paused, finalised, approved. So a record that one laptop finalised and another still works on is a
//! draft; and one that was sent back while a correction was on its way stays sent back.
//!
//! An approval is about what its author saw. If there is an answer or a decision that no current approval saw, or if the
//! record was finalised again after a review, it is *corrected*: complete, and waiting for a review.

use crate::graph::{Graph, Node};
use crate::kinds::{Review, Stage, Verdict};
use crate::{At, Content, Opened};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tianye_journal::{EntryHash, PersonId};

/// How far an interview is, the most cautious first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The respondent stopped; nothing is to be kept.
    StoppedNotKept,
    /// The respondent stopped; what was said so far may be kept. Nobody goes on asking.
    Stopped,
    /// To be mended by the interviewer.
    SentBack,
    /// Opened again after it was complete.
    Reopened,
    /// Being filled.
    Draft,
    /// Given to another person of the team, who has not begun yet.
    HandedOver,
    /// Stopped on purpose.
    Paused,
    /// Complete in the interviewer's eyes; waits for a review.
    Finalised,
    /// Complete again, after a review; waits for another.
    Corrected,
    /// Good as it is.
    Approved,
}

impl Status {
    /// All of them, in order.
    pub const ALL: [Self; 10] = [
        Self::StoppedNotKept,
        Self::Stopped,
        Self::SentBack,
        Self::Reopened,
        Self::Draft,
        Self::HandedOver,
        Self::Paused,
        Self::Finalised,
        Self::Corrected,
        Self::Approved,
    ];

    /// The word, as in JSON and as the key of the message catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StoppedNotKept => "stopped-not-kept",
            Self::Stopped => "stopped",
            Self::SentBack => "sent-back",
            Self::Reopened => "reopened",
            Self::Draft => "draft",
            Self::HandedOver => "handed-over",
            Self::Paused => "paused",
            Self::Finalised => "finalised",
            Self::Corrected => "corrected",
            Self::Approved => "approved",
        }
    }

    /// What a stage says.
    pub(crate) fn of_stage(stage: &Stage) -> Self {
        match stage {
            Stage::Draft | Stage::Other(_) => Self::Draft,
            Stage::Paused => Self::Paused,
            Stage::HandedOver => Self::HandedOver,
            Stage::Finalised => Self::Finalised,
            Stage::Reopened => Self::Reopened,
            Stage::Stopped => Self::Stopped,
            Stage::StoppedNotKept => Self::StoppedNotKept,
        }
    }

    /// Whether the interviewer still has to do something.
    pub fn is_open(self) -> bool {
        self < Self::Finalised && !self.is_stopped()
    }

    /// Whether the respondent stopped it.
    pub fn is_stopped(self) -> bool {
        matches!(self, Self::Stopped | Self::StoppedNotKept)
    }

    /// Whether the lead has to look at it.
    pub fn waits_for_review(self) -> bool {
        matches!(self, Self::Finalised | Self::Corrected)
    }
}

/// A stage that was set, or a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageWrite {
    /// The entry.
    pub entry: EntryHash,
    /// Who.
    pub author: PersonId,
    /// When, by that laptop's clock.
    pub at: At,
    /// What was set.
    pub status: Status,
    /// To whom it was handed over.
    pub to: Option<PersonId>,
    /// The review, if it is one.
    pub review: Option<Box<Review>>,
}

/// How far the interview is, and how it came there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusState {
    /// What holds.
    pub status: Status,
    /// Several current writes set different things; the most cautious holds.
    pub contested: bool,
    /// The writes that no other stage or verdict saw.
    pub current: Vec<StageWrite>,
    /// All stages and verdicts, each after those it saw.
    pub steps: Vec<StageWrite>,
}

impl StatusState {
    /// The current verdicts that send it back: what is to be mended.
    pub fn sent_back(&self) -> impl Iterator<Item = &StageWrite> {
        self.current.iter().filter(|s| s.status == Status::SentBack)
    }

    /// To whom it was handed over last, where that is one person.
    pub fn handed_to(&self) -> Option<PersonId> {
        let mut to = self.current.iter().filter_map(|s| s.to);
        to.next().filter(|first| to.all(|other| other == *first))
    }
}

pub(crate) fn status(graph: &Graph, entries: &BTreeMap<Node, &Opened>) -> StatusState {
    let writes: BTreeMap<Node, StageWrite> =
        entries.iter().filter_map(|(node, entry)| Some((*node, stage_write(entry)?))).collect();
    let nodes: Vec<Node> = writes.keys().copied().collect();
    let maximal = graph.last(&nodes);
    let current: Vec<StageWrite> = maximal.iter().filter_map(|node| writes.get(node).cloned()).collect();
    let steps = graph.order().iter().filter_map(|node| writes.get(node).cloned()).collect();
    let least = current.iter().map(|s| s.status).min();
    let contested = current.iter().any(|s| Some(s.status) != least);
    let status = match least.unwrap_or(Status::Draft) {
        Status::Approved if changed_since(graph, entries, &maximal) => Status::Corrected,
        Status::Finalised if reviewed_before(graph, &writes, &maximal) => Status::Corrected,
        other => other,
    };
    StatusState { status, contested, current, steps }
}

fn stage_write(entry: &Opened) -> Option<StageWrite> {
    let (status, to, review) = match &entry.content {
        Content::Interview(interview) => (Status::of_stage(interview.stage.as_ref()?), interview.hand_over_to, None),
        Content::Review(review) => {
            let status = match review.verdict {
                Verdict::Approved => Status::Approved,
                Verdict::SentBack | Verdict::Other(_) => Status::SentBack,
            };
            (status, None, Some(review.clone()))
        }
        _ => return None,
    };
    Some(StageWrite { entry: entry.hash, author: entry.author, at: entry.at, status, to, review })
}

fn changed_since(graph: &Graph, entries: &BTreeMap<Node, &Opened>, approvals: &[Node]) -> bool {
    let pasts: Vec<Vec<bool>> = approvals.iter().map(|node| graph.sight(*node)).collect();
    entries
        .iter()
        .filter(|(_, entry)| match &entry.content {
            Content::Interview(interview) => !interview.changes.is_empty(),
            content => matches!(content, Content::Decision(_)),
        })
        .any(|(node, _)| pasts.iter().all(|past| !past[*node]))
}

fn reviewed_before(graph: &Graph, writes: &BTreeMap<Node, StageWrite>, maximal: &[Node]) -> bool {
    maximal.iter().any(|node| {
        let past = graph.past(*node);
        writes.iter().any(|(earlier, write)| past[*earlier] && write.review.is_some())
    })
}
