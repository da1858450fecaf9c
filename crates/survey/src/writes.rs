//! Writes of one field, and what they come to.

use crate::graph::{Graph, Node};
use crate::kinds::{Attachment, Confirmation, Haste};
use crate::{Answer, At, Field, Opened, Private};
use serde::Serialize;
use std::collections::BTreeSet;
use tianye_journal::{ChainId, EntryHash, PersonId};

/// One write of a field: who gave it what, in which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The entry.
    pub entry: EntryHash,
    /// The chain it stands in: tells the laptop.
    pub chain: ChainId,
    /// Who.
    pub author: PersonId,
    /// When, by that laptop's clock.
    pub at: At,
    /// What.
    pub answer: Answer,
    /// The file that the answer names.
    pub file: Option<Attachment>,
    /// The interviewer's remark, or the reason of a decision.
    pub note: Option<Private>,
    /// The soft check was confirmed for this answer.
    pub confirmed: Option<Confirmation>,
    /// It was given faster than the form asks for.
    pub haste: Option<Haste>,
    /// Who or what made it.
    pub by: WrittenBy,
    /// It was a decision that was taken back: it holds no more.
    pub taken_back: bool,
}

/// Who or what made a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WrittenBy {
    /// The program: a default or a metadata question.
    Program,
    /// A person who answered, or filled in a card.
    Answer,
    /// A person who decided between writes.
    Decision,
    /// A person who took decisions back. It says nothing of its own.
    TakingBack,
}

impl Write {
    pub(crate) fn new(entry: &Opened, answer: Answer, note: Option<Private>, by: WrittenBy) -> Self {
        let (file, confirmed, haste) = (None, None, None);
        let Opened { hash, chain, author, at, .. } = *entry;
        Self { entry: hash, chain, author, at, answer, file, note, confirmed, haste, by, taken_back: false }
    }
}

impl Write {
    /// Whether it can hold: it says something, and was not taken back.
    pub fn says(&self) -> bool {
        self.by != WrittenBy::TakingBack && !self.taken_back
    }

    /// The confirmation, if it was given for the answer that stands beside it.
    pub fn confirmation(&self) -> Option<&Confirmation> {
        self.confirmed.as_ref().filter(|confirmed| confirmed.of == self.answer)
    }
}

/// A write in a field's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The write.
    pub write: Write,
    /// Writes further up in the history that its author had not seen.
    pub unseen: Vec<EntryHash>,
}

/// All writes of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldState {
    /// All writes, each after those it saw; where neither saw the other, by the clocks, which may be wrong.
    writes: Vec<Write>,
    /// Places in `writes` of those that no other write saw.
    current: Vec<usize>,
    base: Option<Answer>,
}

impl FieldState {
    /// What the writes come to. At most one write of each node.
    pub(crate) fn of(graph: &Graph, mut writes: Vec<(Node, Write)>) -> Self {
        if writes.len() == 1 && writes.iter().all(|(_, write)| write.says()) {
            // The most frequent by far: nothing to put in order, nothing to decide.
            return Self { writes: writes.into_iter().map(|(_, write)| write).collect(), current: vec![0], base: None };
        }
        // Where nothing is left of what somebody decided between, the decision stays.
        let holds: [fn(&Write) -> bool; 3] = [Write::says, |write| write.by != WrittenBy::TakingBack, |_| true];
        let holds = holds.into_iter().find(|holds| writes.iter().any(|(_, write)| holds(write)));
        let mut nodes: Vec<Node> =
            writes.iter().filter(|(_, write)| holds.is_some_and(|holds| holds(write))).map(|(node, _)| *node).collect();
        nodes.sort_unstable();
        let maximal = graph.maximal(&nodes);
        if writes.len() > 1 {
            let mut place = vec![0; graph.len()];
            for (at, node) in graph.order().iter().enumerate() {
                place[*node] = at;
            }
            writes.sort_by_key(|(node, _)| place[*node]);
        }
        let current: Vec<usize> =
            writes.iter().enumerate().filter(|(_, (n, _))| maximal.binary_search(n).is_ok()).map(|(i, _)| i).collect();
        let mut state = Self { base: None, current, writes: Vec::new() };
        let nodes_in_order: Vec<Node> = writes.iter().map(|(node, _)| *node).collect();
        state.writes = writes.into_iter().map(|(_, write)| write).collect();
        if state.settled().is_none() {
            state.base = state.find_base(graph, &nodes, &nodes_in_order, &maximal);
        }
        state
    }

    fn find_base(&self, graph: &Graph, nodes: &[Node], in_order: &[Node], maximal: &[Node]) -> Option<Answer> {
        let pasts: Vec<Vec<bool>> = maximal.iter().map(|node| graph.sight(*node)).collect();
        let common: Vec<Node> = nodes.iter().copied().filter(|n| pasts.iter().all(|past| past[*n])).collect();
        let last = graph.maximal(&common);
        let answers: BTreeSet<&Answer> = in_order
            .iter()
            .zip(&self.writes)
            .filter(|(node, _)| last.binary_search(node).is_ok())
            .map(|(_, write)| &write.answer)
            .collect();
        let mut answers = answers.into_iter();
        answers.next().filter(|_| answers.next().is_none()).cloned()
    }

    /// The answer, if the writes come to one; `None` while a person must decide. What people said comes before what the
    /// program filled in; where only the program wrote, the least by its characters holds.
    pub fn settled(&self) -> Option<&Answer> {
        let mut said = self.current().filter(|w| w.by != WrittenBy::Program).map(|w| &w.answer);
        match said.next() {
            Some(first) => said.all(|answer| answer == first).then_some(first),
            None => self.current().map(|w| &w.answer).min(),
        }
    }

    /// The writes that no other write saw: one, or several with the same or with different answers.
    pub fn current(&self) -> impl Iterator<Item = &Write> {
        self.current.iter().filter_map(|at| self.writes.get(*at))
    }

    /// The writes that say something of the settled answer beside it: its soft check was confirmed, or it was given in
    /// haste. A decision that chose an answer leaves what was said of it.
    pub fn remarked(&self) -> impl Iterator<Item = &Write> {
        let settled = self.settled();
        let decided = self.current().any(|write| write.by == WrittenBy::Decision);
        let stands = move |at: usize| decided || self.current.contains(&at);
        self.writes
            .iter()
            .enumerate()
            .filter(move |(at, write)| stands(*at) && write.says() && Some(&write.answer) == settled)
            .map(|(_, write)| write)
            .filter(|write| write.haste.is_some() || write.confirmation().is_some())
    }

    /// The confirmation of the settled answer's soft check. Of several that nobody put in an order, the least by its
    /// characters.
    pub fn confirmation(&self) -> Option<&Confirmation> {
        self.remarked().filter_map(Write::confirmation).min()
    }

    /// Whether the settled answer was given in haste.
    pub fn haste(&self) -> Option<Haste> {
        self.remarked().filter_map(|write| write.haste).min()
    }

    /// The file that an answer of this field names: the first that the history has, since a file never changes. A decision
    /// or a correction that brings an earlier answer back brings its file too.
    pub fn file(&self, answer: &Answer) -> Option<&Attachment> {
        self.writes.iter().filter(|write| write.answer == *answer).find_map(|write| write.file.as_ref())
    }

    /// The one answer that all current writes set out from, while they are in conflict ("原来的答案").
    pub fn base(&self) -> Option<&Answer> {
        self.base.as_ref()
    }

    /// All writes, each after those it saw.
    pub fn writes(&self) -> &[Write] {
        &self.writes
    }

    /// The answer for showing a name where one is needed: settled, else the base, else the least by its characters;
    /// never by clock or arrival. Not for analysis.
    pub fn standing(&self) -> &Answer {
        static BLANK: Answer = Answer::Blank;
        self.settled().or(self.base()).or_else(|| self.current().map(|w| &w.answer).min()).unwrap_or(&BLANK)
    }

    /// The decision that holds, if one does.
    pub fn decided(&self) -> Option<&Write> {
        let mut current = self.current();
        current.next().filter(|write| write.by == WrittenBy::Decision && current.next().is_none())
    }

    /// All writes with what each had not seen.
    pub fn history(&self, graph: &Graph) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::with_capacity(self.writes.len());
        for write in &self.writes {
            let past = graph.node(&write.entry).map(|node| graph.sight(node)).unwrap_or_default();
            let sees = |e: &EntryHash| graph.node(e).is_some_and(|node| past.get(node) == Some(&true));
            let unseen = steps.iter().map(|s| s.write.entry).filter(|e| !sees(e)).collect();
            steps.push(Step { write: write.clone(), unseen });
        }
        steps
    }
}

/// Something a person must decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field; a row where it was edited here and removed there.
    pub field: Field,
    /// The writes to decide between, in the order of the history. For a row edited here and removed there: its removals.
    pub writes: Vec<Write>,
    /// What they set out from, if that is one answer.
    pub base: Option<Answer>,
    /// For a row edited here and removed there: the field of each edit, and the edit. Else empty.
    pub edits: Vec<(Field, Write)>,
    /// For a row: what a decision must choose for it to stay (its order key).
    pub keep: Option<Answer>,
}

impl Conflict {
    /// Whether it is a repeat row edited here and removed there.
    pub fn is_row(&self) -> bool {
        !self.edits.is_empty()
    }

    /// The entries that a decision names in `over`, and a change too.
    pub fn over(&self) -> Vec<EntryHash> {
        let entries: BTreeSet<EntryHash> =
            self.writes.iter().chain(self.edits.iter().map(|(_, write)| write)).map(|write| write.entry).collect();
        entries.into_iter().collect()
    }
}
