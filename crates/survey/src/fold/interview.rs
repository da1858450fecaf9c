//! An interview: the merge of its sittings, decisions and reviews.

use super::record::{Ground, lay_ground};
use super::status::{StatusState, status};
use super::told::told;
use crate::graph::Node;
use crate::kinds::{Change, Decision, FormHash, Interview, Review, Sitting, Told, Verdict};
use crate::rights::Team;
use crate::writes::{Conflict, FieldState, Step, Write, WrittenBy};
use crate::{Answer, At, Content, Field, Opened, Private, kind};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{EntryHash, PersonId, RecordId};

/// Words about the interview itself that are written and merged like answers.
pub const SUBJECT: &str = "subject";
/// See [`SUBJECT`].
pub const SITE: &str = "site";
/// See [`SUBJECT`].
pub const ASSIGNMENT: &str = "assignment";

/// What an interview's entries come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterviewState {
    /// Graph, heads, and what has no effect.
    pub ground: Ground,
    /// The form versions of the current sittings (those that no other sitting saw), usually one. Which is newest, the
    /// form's own record says: [`crate::FormState::newest_of`].
    pub forms: Vec<FormHash>,
    /// Every field that was ever written.
    pub fields: BTreeMap<Field, FieldState>,
    /// Repeat rows that were removed, and whether they are in conflict or not.
    pub removed_rows: BTreeSet<Field>,
    /// What a person must decide, by field.
    pub conflicts: Vec<Conflict>,
    /// Fields that come from several heads together without anybody having had to decide.
    pub merged_by_rule: usize,
    /// What it says of entities.
    pub told: Told,
    /// What it says of entities is older than what its answers came to: [`crate::retell`].
    pub told_before: bool,
    /// How far it is.
    pub status: StatusState,
    /// Who wrote sittings, in the order of the history.
    pub interviewers: Vec<PersonId>,
    /// Who took part beside the respondent, at any sitting: the members of a group, or who answered about a child.
    pub with: BTreeSet<RecordId>,
    /// It was begun for practice: every sitting that nothing came before says so. One that says it beside another's makes no
    /// practice of what that other wrote.
    pub practice: bool,
    /// The sittings' times, in the order of the history.
    pub sittings: Vec<(EntryHash, Sitting)>,
    /// Who wrote last, and when, by that laptop's clock: the end of the history.
    pub last: Option<(PersonId, At)>,
}

/// A row of a repeat that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The row.
    pub field: Field,
    /// Its identity.
    pub id: String,
    /// Its order key; rows that the form made and nobody wrote have their number.
    pub order: String,
}

/// Folds the entries of one interview. Entries of other records are passed over; order and repetition do not matter.
pub fn interview<'a>(record: RecordId, entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> InterviewState {
    let (ground, entries) = lay_ground(record, entries, team, &[kind::INTERVIEW, kind::DECISION, kind::REVIEW]);
    let entries: BTreeMap<Node, &Opened> = entries.iter().map(|(node, entry)| (*node, entry.as_ref())).collect();
    let taken_back = taken_back(&entries);
    let mut writes: BTreeMap<&Field, Vec<(Node, Write)>> = BTreeMap::new();
    let about = [SUBJECT, SITE, ASSIGNMENT].map(Field::from);
    // Most fields are written once.
    let one = || Vec::with_capacity(1);
    for (node, entry) in &entries {
        match &entry.content {
            Content::Interview(sitting) => {
                for change in &sitting.changes {
                    let Change { field, answer, note, confirmed, haste, auto, .. } = change;
                    let by = if *auto { WrittenBy::Program } else { WrittenBy::Answer };
                    let write = Write::new(entry, answer.clone(), note.clone(), by);
                    let file = change.attachment().cloned();
                    let write = Write { file, confirmed: confirmed.clone(), haste: *haste, ..write };
                    writes.entry(field).or_insert_with(one).push((*node, write));
                }
                for (field, id) in about.iter().zip([sitting.subject, sitting.site, sitting.assignment]) {
                    if let Some(id) = id {
                        let write = Write::new(entry, Answer::Value(id.to_string()), None, WrittenBy::Answer);
                        writes.entry(field).or_insert_with(one).push((*node, write));
                    }
                }
            }
            Content::Decision(decision) => {
                let by = if decision.takes_back { WrittenBy::TakingBack } else { WrittenBy::Decision };
                let write = Write::new(entry, decision.chosen.clone(), Some(decision.reason.clone()), by);
                let taken_back = taken_back.contains(&entry.hash);
                writes.entry(&decision.field).or_insert_with(one).push((*node, Write { taken_back, ..write }));
            }
            _ => {}
        }
    }
    for writes in writes.values_mut() {
        writes.dedup_by_key(|(node, _)| *node);
    }
    let fields: BTreeMap<Field, FieldState> =
        writes.into_iter().map(|(field, writes)| (field.clone(), FieldState::of(&ground.graph, writes))).collect();
    let removed_rows: BTreeSet<Field> = fields
        .iter()
        .filter(|(f, s)| f.is_row() && s.settled() == Some(&Answer::Blank))
        .map(|(f, _)| f.clone())
        .collect();
    let conflicts = find_conflicts(&ground, &fields, &removed_rows);
    let sittings_in_order = ground.graph.order().iter().filter_map(|node| entries.get(node));
    let last = sittings_in_order.clone().next_back().map(|entry| (entry.author, entry.at));
    let mut interviewers = Vec::new();
    let mut sittings = Vec::new();
    let mut with = BTreeSet::new();
    for entry in sittings_in_order {
        if let Content::Interview(sitting) = &entry.content {
            with.extend(sitting.with.iter().copied());
            if !interviewers.contains(&entry.author) {
                interviewers.push(entry.author);
            }
            sittings.extend(sitting.sitting.map(|times| (entry.hash, times)));
        }
    }
    let (mut told, told_before) = told(&ground, &entries);
    let firsts = || {
        let sitting = |entry: &&Opened| match &entry.content {
            Content::Interview(sitting) if entry.parents.is_empty() => Some(sitting.practice),
            _ => None,
        };
        entries.values().filter_map(sitting)
    };
    let practice = firsts().next().is_some() && firsts().all(|practice| practice);
    told.practice = practice && !told.entries.is_empty();
    InterviewState {
        practice,
        forms: current_forms(&ground, &entries),
        merged_by_rule: count_merged(&ground, &fields, &removed_rows, &conflicts),
        told,
        told_before,
        status: status(&ground.graph, &entries),
        ground,
        fields,
        removed_rows,
        conflicts,
        interviewers,
        with,
        sittings,
        last,
    }
}

impl InterviewState {
    /// The parents of the next entry.
    pub fn heads(&self) -> Vec<EntryHash> {
        self.ground.heads()
    }

    /// Whether a field stands in no removed row.
    pub fn is_live(&self, field: &Field) -> bool {
        stands(field, &self.removed_rows)
    }

    /// The settled fields of the form that stand in no removed row: what a session is resumed with. Cleared answers and
    /// removed rows come as blank, so that no default takes their place. Fields in conflict are left out.
    pub fn answers(&self) -> impl Iterator<Item = (&Field, &Answer)> {
        self.fields
            .iter()
            .filter(|(field, _)| field.is_node() && self.is_live(field))
            .filter_map(|(field, state)| Some((field, state.settled()?)))
    }

    /// The rows of a repeat (`/family/roster`) that are there, in their order. Rows are known by their own writes and by
    /// what is written in them.
    pub fn rows(&self, repeat: &str) -> Vec<Row> {
        let own = self.fields.keys().filter(|field| field.is_row()).cloned();
        let implied =
            self.fields.iter().filter(|(_, s)| s.settled() != Some(&Answer::Blank)).flat_map(|(f, _)| f.rows());
        let rows: BTreeSet<Field> =
            own.chain(implied).filter(|r| r.row().is_some_and(|(of, _)| of == repeat)).collect();
        let mut rows: Vec<Row> = rows
            .into_iter()
            .filter(|row| self.is_live(row) && !self.removed_rows.contains(row))
            .map(|field| Row {
                id: field.row().map(|(_, id)| id.to_owned()).unwrap_or_default(),
                order: self.order_key(&field),
                field,
            })
            .collect();
        rows.sort_by(|a, b| number(&a.order).total_cmp(&number(&b.order)).then_with(|| a.id.cmp(&b.id)));
        rows
    }

    /// Whether what it comes to was put together from what several wrote beside each other: then answers that each were right can be
    /// wrong together, and a person is to look ([`crate::recheck`]).
    pub fn is_merged(&self) -> bool {
        !self.ground.graph.is_line()
    }

    /// The field's history, with what each author had not seen.
    pub fn history(&self, field: &Field) -> Vec<Step> {
        self.fields.get(field).map(|state| state.history(&self.ground.graph)).unwrap_or_default()
    }

    /// A sitting under a form with nothing in it yet, which says what is missing here.
    pub fn sitting(&self, form: FormHash) -> Interview {
        Interview { unseen: self.unseen(), ..Interview::under(form) }
    }

    /// The decision of a conflict: its entry's parents are the heads.
    pub fn decide(&self, conflict: &Conflict, chosen: Answer, reason: impl Into<Private>) -> Decision {
        Decision { unseen: self.unseen(), ..Decision::between(conflict, chosen, reason) }
    }

    /// The decision of a field, if one holds now.
    pub fn decided(&self, field: &Field) -> Option<&Write> {
        self.fields.get(field)?.decided()
    }

    /// Takes the decision of a field back, so that it can be decided again: its entry's parents are the heads. `None` when
    /// no decision holds.
    pub fn take_back(&self, field: &Field, reason: impl Into<Private>) -> Option<Decision> {
        let decided = self.decided(field)?;
        Some(Decision { unseen: self.unseen(), ..Decision::taking_back(field, decided, reason) })
    }

    /// A review of what is here: its entry's parents are the heads.
    pub fn review(&self, verdict: Verdict, reason: impl Into<Private>) -> Review {
        Review { unseen: self.unseen(), ..Review::new(verdict, reason) }
    }

    fn unseen(&self) -> Vec<EntryHash> {
        self.ground.unseen()
    }

    /// A change of a field that names the writes it replaces.
    pub fn change(&self, field: Field, answer: Answer) -> Change {
        let over = self.fields.get(&field).map(|s| s.current().map(|w| w.entry).collect()).unwrap_or_default();
        Change { over, ..Change::new(field, answer) }
    }

    /// Whose interview it is: of the person to whom it was handed over last, else of the one who began it.
    pub fn interviewer(&self) -> Option<PersonId> {
        self.status.steps.iter().rev().find_map(|step| step.to).or_else(|| self.interviewers.first().copied())
    }

    /// The respondent, where the writes come to one.
    pub fn subject(&self) -> Option<RecordId> {
        self.about(SUBJECT)
    }

    /// The site, where the writes come to one.
    pub fn site(&self) -> Option<RecordId> {
        self.about(SITE)
    }

    /// The assignment, where the writes come to one.
    pub fn assignment(&self) -> Option<RecordId> {
        self.about(ASSIGNMENT)
    }

    fn about(&self, word: &str) -> Option<RecordId> {
        self.fields.get(&Field::from(word))?.settled()?.value()?.parse().ok()
    }

    fn order_key(&self, row: &Field) -> String {
        order_key(row, self.fields.get(row))
    }
}

/// The decisions that somebody took back.
pub(super) fn taken_back(entries: &BTreeMap<Node, &Opened>) -> BTreeSet<EntryHash> {
    let decisions = || {
        entries.values().filter_map(|entry| match &entry.content {
            Content::Decision(decision) => Some((entry.hash, decision)),
            _ => None,
        })
    };
    let deciding: BTreeSet<EntryHash> =
        decisions().filter(|(_, decision)| !decision.takes_back).map(|(entry, _)| entry).collect();
    let taken = decisions().filter(|(_, decision)| decision.takes_back).flat_map(|(_, decision)| &decision.over);
    taken.copied().filter(|entry| deciding.contains(entry)).collect()
}

/// Whether a field stands in none of these rows.
fn stands(field: &Field, removed: &BTreeSet<Field>) -> bool {
    !field.rows().any(|row| removed.contains(&row))
}

fn order_key(row: &Field, state: Option<&FieldState>) -> String {
    let written = state.and_then(|s| s.writes().iter().rev().find_map(|w| w.answer.value()));
    let derived = || row.row().and_then(|(_, id)| id.strip_prefix('~'));
    written.or_else(derived).unwrap_or("1").to_owned()
}

/// Order keys are decimal numbers; anything else stands at the end.
fn number(order: &str) -> f64 {
    order.parse().ok().filter(|n: &f64| n.is_finite()).unwrap_or(f64::INFINITY)
}

fn current_forms(ground: &Ground, entries: &BTreeMap<Node, &Opened>) -> Vec<FormHash> {
    let form = |node: &Node| match &entries.get(node)?.content {
        Content::Interview(sitting) => Some(sitting.form),
        _ => None,
    };
    let nodes: Vec<Node> = entries.keys().copied().filter(|node| form(node).is_some()).collect();
    let forms: BTreeSet<FormHash> = ground.graph.last(&nodes).iter().filter_map(form).collect();
    forms.into_iter().collect()
}

fn find_conflicts(ground: &Ground, fields: &BTreeMap<Field, FieldState>, removed: &BTreeSet<Field>) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    for (field, state) in fields.iter().filter(|(field, _)| stands(field, removed)) {
        let keep = field.is_row().then(|| Answer::of(&order_key(field, Some(state))));
        let writes = || state.current().filter(|w| w.by != WrittenBy::Program).cloned().collect::<Vec<Write>>();
        if state.settled().is_none() {
            conflicts.push(Conflict {
                field: field.clone(),
                writes: writes(),
                base: state.base().cloned(),
                edits: Vec::new(),
                keep,
            });
        } else if removed.contains(field) {
            let writes = writes();
            let edits = edits_unseen(ground, field, &writes, fields);
            if !edits.is_empty() {
                conflicts.push(Conflict { field: field.clone(), writes, base: keep.clone(), edits, keep });
            }
        }
    }
    conflicts
}

/// What was written in a row and none of its removals saw.
fn edits_unseen(
    ground: &Ground,
    row: &Field,
    removals: &[Write],
    fields: &BTreeMap<Field, FieldState>,
) -> Vec<(Field, Write)> {
    let nodes: Vec<Node> = removals.iter().filter_map(|w| ground.graph.node(&w.entry)).collect();
    let pasts: Vec<Vec<bool>> = nodes.iter().map(|node| ground.graph.sight(*node)).collect();
    let seen = |entry: &EntryHash| {
        ground.graph.node(entry).is_some_and(|node| nodes.contains(&node) || pasts.iter().any(|past| past[node]))
    };
    fields
        .iter()
        .filter(|(field, _)| field.rows().any(|outer| outer == *row))
        .flat_map(|(field, state)| state.current().map(move |write| (field, write)))
        .filter(|(_, write)| write.by != WrittenBy::Program && !write.answer.is_blank() && !seen(&write.entry))
        .map(|(field, write)| (field.clone(), write.clone()))
        .collect()
}

/// Settled fields that some head does not have: they were brought together by rule.
fn count_merged(
    ground: &Ground,
    fields: &BTreeMap<Field, FieldState>,
    removed: &BTreeSet<Field>,
    conflicts: &[Conflict],
) -> usize {
    let heads: Vec<Node> = ground.graph.heads().iter().filter_map(|head| ground.graph.node(head)).collect();
    if heads.len() < 2 {
        return 0;
    }
    let in_conflict: BTreeSet<&Field> = conflicts.iter().map(|c| &c.field).collect();
    let mut common = vec![true; ground.graph.len()];
    for head in &heads {
        let past = ground.graph.past(*head);
        for (node, common) in common.iter_mut().enumerate() {
            *common &= past[node] || node == *head;
        }
    }
    let from_one = |w: &Write| ground.graph.node(&w.entry).is_some_and(|node| !common[node]);
    fields
        .iter()
        .filter(|(field, _)| field.is_node() && stands(field, removed) && !in_conflict.contains(field))
        .filter(|(_, state)| state.current().any(from_one))
        .count()
}
