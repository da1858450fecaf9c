//! What all records have: a graph, heads, and entries without effect.

use crate::erasures;
use crate::graph::{Graph, Node};
use crate::rights::{NoRight, NoRightReason, Team};
use crate::{Content, ContentError, Opened, kind};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{EntryHash, MAX_PARENTS, PersonId, RecordId};

/// The ground on which a record's state stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The record.
    pub record: RecordId,
    /// Who saw what.
    pub graph: Graph,
    /// Entries without effect, since their authors had no right to write them.
    pub no_right: Vec<NoRight>,
    /// Other entries without effect.
    pub ignored: Vec<Ignored>,
    /// Who began the record; empty while its first entry is missing. Several where somebody else wrote an entry into it that
    /// names none before: that makes nothing of the others theirs.
    pub begun_by: BTreeSet<PersonId>,
    /// The erasures in the record.
    pub erasures: BTreeSet<EntryHash>,
    /// All of the record was erased.
    pub is_erased: bool,
    /// Where the next entry cannot name all heads, those that it names.
    named: Option<Vec<EntryHash>>,
}

/// The most entries that are not here and that one entry says it did not see. Honest work lacks a few; 64 bytes each, so many
/// leave an entry room for its answers.
pub const MOST_UNSEEN: usize = 1_024;

impl Ground {
    /// The parents of the next entry: the entries that none of the others saw. Of more than an entry may name, first those with
    /// effect, and of these first the ones whose authors have few: whoever fills a record with heads keeps nobody else from
    /// going on with it. Where more entries are missing than an entry can say it did not see, none of what comes after a missing one:
    /// what goes on then stands beside it, and a person decides.
    pub fn heads(&self) -> Vec<EntryHash> {
        self.named.clone().unwrap_or_else(|| self.graph.heads())
    }

    /// What the next entry says that it did not see, though others name it: the missing entries in the past of [`Self::heads`].
    pub fn unseen(&self) -> Vec<EntryHash> {
        if self.lacks_too_much() { Vec::new() } else { self.missing().iter().copied().collect() }
    }

    fn lacks_too_much(&self) -> bool {
        self.missing().len() > MOST_UNSEEN
    }

    /// Entries that others name and that are not here. While there are any, the state may still change much.
    pub fn missing(&self) -> &BTreeSet<EntryHash> {
        self.graph.missing()
    }

    /// Whether some entry needs a later version of the program: the state may then lack answers.
    pub fn needs_update(&self) -> bool {
        self.ignored.iter().any(|i| match &i.why {
            IgnoredWhy::Unread(ContentError::Newer { .. }) => true,
            IgnoredWhy::Unread(ContentError::UnknownKind(number)) => *number > kind::LAST,
            IgnoredWhy::Unread(_) | IgnoredWhy::OtherKind | IgnoredWhy::Impossible => false,
        })
    }
}

/// An entry that stands in the graph without effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The entry.
    pub entry: EntryHash,
    /// Number of its kind.
    pub kind: u16,
    /// Why.
    pub why: IgnoredWhy,
}

/// Why an entry has no effect, other than a lacking right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IgnoredWhy {
    /// Its content cannot be read.
    Unread(ContentError),
    /// It is of a kind that does not belong into this sort of record.
    OtherKind,
    /// The body's kind and the content's differ, or it claims to have seen an entry that saw it.
    Impossible,
}

impl IgnoredWhy {
    /// Key of the message in the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unread(why) => why.code(),
            Self::OtherKind => "entry-of-other-kind",
            Self::Impossible => "entry-impossible",
        }
    }
}

/// The kinds that a record is of: those among its entries that somebody had the right to write, leaving out decisions, reviews
/// and erasures, which stand in records of any kind. A program writes one kind into a record. Where a changed program wrote
/// another one beside it, each is folded by itself, so that neither hides what the other says.
pub fn record_kinds<'a>(entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> BTreeSet<u16> {
    let once: BTreeMap<EntryHash, &Opened> = entries.into_iter().map(|e| (e.hash, e)).collect();
    let Some(record) = once.values().next().map(|entry| entry.record) else { return BTreeSet::new() };
    let (_, entries, _) = erasures::apply(record, once.into_values().collect(), team);
    entries
        .iter()
        .filter(|e| !matches!(e.kind, kind::DECISION | kind::REVIEW) && is_known(e))
        .filter(|e| team.check(e, true).is_ok())
        .map(|e| e.kind)
        .collect()
}

/// The kind that a record is of; of several an interview, which holds what somebody answered, else the least. `None` while no
/// entry that tells is here.
pub fn record_kind<'a>(entries: impl IntoIterator<Item = &'a Opened>, team: &Team) -> Option<u16> {
    let kinds = record_kinds(entries, team);
    kinds.get(&kind::INTERVIEW).or_else(|| kinds.first()).copied()
}

/// The entries of one record whose authors had no right to write them, whatever sort of record it is. What an entry that is
/// not here yet may still show to be its author's own is left out.
pub fn without_right<'a>(entries: impl IntoIterator<Item = &'a Opened> + Clone, team: &Team) -> Vec<NoRight> {
    // Of most records nobody needs to know who began them.
    let doubtful = |entry: &'a Opened| team.check(entry, false).err().map(|_| entry.record);
    let Some(record) = entries.clone().into_iter().find_map(doubtful) else { return Vec::new() };
    let kinds = [record_kind(entries.clone(), team).unwrap_or_default()];
    let (ground, _) = lay_ground(record, entries.clone(), team, &kinds);
    let unsettled: BTreeSet<EntryHash> = entries
        .into_iter()
        .filter(|entry| match &entry.content {
            Content::Erasure(erasure) => {
                erasure.unconfirmed
                    || !ground.missing().is_empty()
                    || erasure.bodies.iter().any(|body| !team.0.contains_key(&body.chain))
            }
            _ => !ground.missing().is_empty(),
        })
        .map(|entry| entry.hash)
        .collect();
    let settled = |one: &NoRight| one.reason != NoRightReason::NotOwn || !unsettled.contains(&one.entry);
    ground.no_right.into_iter().filter(settled).collect()
}

/// Whether a kind can be told: the content is read, or was erased.
fn is_known(entry: &Opened) -> bool {
    entry.unread().is_none_or(|unread| unread.why == ContentError::Erased)
}

/// Whose a record is, for those who may write in their own alone.
struct Owned {
    /// Entries that begin it, each with who wrote it.
    roots: Vec<(Node, PersonId)>,
    /// One of them was written by somebody who may write in any: the record is theirs.
    by_right: BTreeSet<PersonId>,
}

impl Owned {
    fn of(entries: &[Cow<'_, Opened>], graph: &Graph, kinds: &[u16], team: &Team) -> Self {
        let begins = |entry: &Opened| {
            entry.parents.is_empty() && kinds.first() == Some(&entry.kind) && team.check(entry, true).is_ok()
        };
        let begun = || entries.iter().filter(|entry| begins(entry));
        Self {
            roots: begun().filter_map(|entry| Some((graph.node(&entry.hash)?, entry.author))).collect(),
            by_right: begun().filter(|entry| team.check(entry, false).is_ok()).map(|entry| entry.author).collect(),
        }
    }

    /// Whether everything that began what an entry goes on with is its author's. An entry that names none before is the
    /// author's own beginning, unless the record is somebody's who may write in any.
    fn is_own(&self, node: Node, author: &PersonId, graph: &Graph) -> bool {
        let is_begun = self.roots.iter().any(|(_, by)| by == author);
        if !is_begun || self.roots.iter().all(|(_, by)| by == author) {
            return is_begun;
        }
        let past = graph.past(node);
        let mut before = self.roots.iter().filter(|(root, _)| *root == node || past[*root]).peekable();
        let of_nobody_else = self.by_right.iter().all(|by| by == author);
        of_nobody_else && before.peek().is_some() && before.all(|(_, by)| by == author)
    }
}

/// Orders a record's entries, leaves out repetitions and other records, and sorts out what has no effect. Returned are
/// the entries with effect by their numbers in the graph.
pub(crate) fn lay_ground<'a>(
    record: RecordId,
    entries: impl IntoIterator<Item = &'a Opened>,
    team: &Team,
    kinds: &[u16],
) -> (Ground, BTreeMap<Node, Cow<'a, Opened>>) {
    let once: BTreeMap<EntryHash, &Opened> =
        entries.into_iter().filter(|e| e.record == record).map(|e| (e.hash, e)).collect();
    let (erased, entries, no_right) = erasures::apply(record, once.into_values().collect(), team);
    let graph = Graph::of(&entries.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    let begun_by: BTreeSet<PersonId> = entries
        .iter()
        .filter(|e| e.parents.is_empty() && kinds.first() == Some(&e.kind) && team.check(e, true).is_ok())
        .map(|e| e.author)
        .collect();
    let is_erased = erased.is_whole();
    let erasures = erased.erasures.into_keys().collect();
    let owned = Owned::of(&entries, &graph, kinds, team);
    let mut ground =
        Ground { record, graph, no_right, ignored: Vec::new(), begun_by, erasures, is_erased, named: None };
    let mut with_effect = BTreeMap::new();
    for (node, entry) in entries.into_iter().enumerate() {
        let Opened { hash, chain, kind, author, .. } = entry.as_ref();
        let why = match &entry.content {
            Content::Unread(unread) => Some(IgnoredWhy::Unread(unread.why.clone())),
            content if content.kind() != *kind => Some(IgnoredWhy::Impossible),
            _ if ground.graph.loops().contains(hash) => Some(IgnoredWhy::Impossible),
            _ if !kinds.contains(kind) => Some(IgnoredWhy::OtherKind),
            _ => None,
        };
        // Of most entries nobody needs to know whose record it is.
        let right = team.check(&entry, false);
        if let Err(reason) = right.or_else(|_| team.check(&entry, owned.is_own(node, author, &ground.graph))) {
            ground.no_right.push(NoRight { entry: *hash, chain: *chain, author: *author, kind: *kind, record, reason });
        } else if why == Some(IgnoredWhy::Unread(ContentError::Erased)) {
            // It keeps its place, and there is nothing to report.
        } else if let Some(why) = why {
            ground.ignored.push(Ignored { entry: *hash, kind: *kind, why });
        } else {
            with_effect.insert(node, entry);
        }
    }
    let lacks_too_much = ground.lacks_too_much();
    let heads = if lacks_too_much { ground.graph.whole_heads() } else { ground.graph.heads() };
    if lacks_too_much || heads.len() > MAX_PARENTS {
        ground.named = Some(named(&heads, &ground.graph, &with_effect));
    }
    (ground, with_effect)
}

/// The heads that the next entry names where there are too many: see [`Ground::heads`].
fn named(heads: &[EntryHash], graph: &Graph, with_effect: &BTreeMap<Node, Cow<'_, Opened>>) -> Vec<EntryHash> {
    let entry = |head: &EntryHash| with_effect.get(&graph.node(head)?);
    let mut of_author: BTreeMap<PersonId, usize> = BTreeMap::new();
    heads.iter().filter_map(entry).for_each(|entry| *of_author.entry(entry.author).or_default() += 1);
    let rank = |head: &EntryHash| entry(head).map_or(usize::MAX, |entry| of_author[&entry.author]);
    let mut ranked: Vec<(usize, EntryHash)> = heads.iter().map(|head| (rank(head), *head)).collect();
    ranked.sort_unstable();
    ranked.truncate(MAX_PARENTS);
    let mut named: Vec<EntryHash> = ranked.into_iter().map(|(_, head)| head).collect();
    named.sort_unstable();
    named
}
