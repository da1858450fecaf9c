//! Entities: what the interviews of a project, all together, say of the rows of lists.
//!
//! State is a fold over what each record says ([`Told`]), never over a clock. Of each column of an entity the words hold
//! that no other word replaced. An interview replaces what was on its laptop, and only where it says something else. Two
//! laptops that change one column without each other's word are in conflict, until somebody changes it who saw both.
//!
//! The file that a form's author attached is the start of a list; entities come on top of it.

use crate::fold::{ACT, CREATE, Ground, LABEL, lay_ground};
use crate::graph::Node;
use crate::kinds::{EntityWrite, HandedOn, Told};
use crate::rights::Team;
use crate::{At, Content, Opened, Private, kind};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{EntryHash, PersonId, RecordId};
use tianye_xform::TableRows;

/// The column of a list's file that holds an entity's version.
const VERSION: &str = "__version";
/// The column of the version in the list's file, of an entity that was changed since.
const TRUNK: &str = "__trunkVersion";
/// The column of the line of changes since the list's file.
const BRANCH: &str = "__branchId";

/// What all records say of entities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entities {
    /// What was read in the interviews themselves.
    read: BTreeMap<RecordId, Told>,
    /// What leads handed on of others, by the record in which they did.
    handed: BTreeMap<RecordId, BTreeMap<RecordId, Told>>,
    /// Names of persons that leads handed on.
    people: BTreeMap<PersonId, Private>,
    /// See [`Entities::leave_out_practice`].
    without_practice: bool,
}

/// An entity as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its id: the `name` of its row.
    pub id: String,
    /// Its columns, with `label` among them.
    pub columns: BTreeMap<String, Column>,
    /// The version of the list's file, for an entity that stands there.
    pub trunk: Option<u64>,
    /// Its version: that of the file, or 1, and one more for each interview that updated it.
    pub version: u64,
    /// The interview that began the line of changes since the file: the one that created it, or the first to update it.
    pub branch: Option<RecordId>,
    /// The interviews that created it or updated it, with who and when: each as it was first said.
    pub acts: Vec<EntityWrite>,
}

/// A column of an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// What is shown: the one word that holds; in conflict what all set out from, else the least by its characters.
    pub value: Private,
    /// The words that hold, if they differ: a person must look at them.
    pub conflict: Vec<EntityWrite>,
}

impl Entity {
    /// Its name for people.
    pub fn label(&self) -> &str {
        self.columns.get(LABEL).map_or("", |column| &column.value)
    }

    /// The columns in conflict.
    pub fn conflicts(&self) -> impl Iterator<Item = (&str, &Column)> {
        let columns = self.columns.iter().map(|(name, column)| (name.as_str(), column));
        columns.filter(|(_, column)| !column.conflict.is_empty())
    }

    /// Who created it and when; none for one of the list's file.
    pub fn created(&self) -> Option<(PersonId, At)> {
        let create = self.acts.iter().find(|act| *act.value == *CREATE);
        create.map(|act| (act.author, act.at))
    }

    /// The updates, by their clocks: for showing only.
    pub fn updates(&self) -> impl Iterator<Item = &EntityWrite> {
        self.acts.iter().filter(|act| *act.value == *"update")
    }
}

impl Entities {
    /// Replaces what an interview says.
    pub fn put(&mut self, record: RecordId, told: Told) {
        if told == Told::nothing(record) {
            self.read.remove(&record);
        } else {
            self.read.insert(record, told);
        }
    }

    /// Replaces what a record of kind 14 hands on; all its entries must be given.
    pub fn put_handed<'a>(&mut self, record: RecordId, entries: impl IntoIterator<Item = &'a Opened>, team: &Team) {
        let (ground, handing) = lay_ground(record, entries, team, &[kind::ENTITIES]);
        for entry in handing.values() {
            if let Content::Entities(handed) = &entry.content {
                self.people.extend(handed.people.clone());
            }
        }
        self.handed.insert(record, last_told(&ground, &handing));
    }

    /// The name of somebody whose word a lead handed on.
    pub fn name(&self, person: &PersonId) -> Option<&str> {
        self.people.get(person).map(|name| &**name)
    }

    /// What was read in an interview itself.
    pub fn read(&self) -> &BTreeMap<RecordId, Told> {
        &self.read
    }

    /// The records in which leads hand on.
    pub fn handing_records(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.handed.keys().copied()
    }

    /// The erasures in interviews that say something of entities, or did.
    pub fn erasures(&self) -> BTreeMap<RecordId, Vec<EntryHash>> {
        let erased = self.read.iter().filter(|(_, told)| !told.erased.is_empty());
        erased.map(|(record, told)| (*record, told.erased.clone())).collect()
    }

    /// The record in which to hand on, of several the least.
    pub fn handing_record(&self) -> Option<RecordId> {
        self.handed.keys().next().copied()
    }

    /// What is handed on of an interview.
    pub fn handed(&self, record: &RecordId) -> Option<Told> {
        let told: Vec<&Told> = self.handed.values().filter_map(|told| told.get(record)).collect();
        let first = (*told.first()?).clone();
        Some(told.into_iter().skip(1).fold(first, |all, one| together(&all, one)))
    }

    /// What an interview says: as read in it, and as handed on.
    pub fn told(&self, record: &RecordId) -> Told {
        match (self.read.get(record), self.handed(record)) {
            (Some(read), Some(handed)) => together(read, &handed),
            (Some(read), None) => read.clone(),
            (None, Some(handed)) => handed,
            (None, None) => Told::nothing(*record),
        }
    }

    /// The interviews that say something of entities, or did.
    pub fn records(&self) -> BTreeSet<RecordId> {
        self.read.keys().chain(self.handed.values().flat_map(BTreeMap::keys)).copied().collect()
    }

    /// Leaves out of all lists what was said for practice, or does not: once a project has begun, nothing real goes on with it.
    pub fn leave_out_practice(&mut self, is_left_out: bool) {
        self.without_practice = is_left_out;
    }

    /// Whether what was said for practice is left out.
    pub fn leaves_out_practice(&self) -> bool {
        self.without_practice
    }

    /// What the interviews say that count.
    fn counted(&self) -> impl Iterator<Item = Told> + '_ {
        let told = self.records().into_iter().map(|record| self.told(&record));
        told.filter(|told| !(self.without_practice && told.practice))
    }

    /// The lists that interviews say something of.
    pub fn lists(&self) -> BTreeSet<String> {
        self.counted().flat_map(|told| told.writes).filter(|write| !write.past).map(|write| write.list).collect()
    }

    /// Of each entity of a list the interviews that created or changed it.
    pub fn makers(&self, list: &str) -> BTreeMap<String, BTreeSet<RecordId>> {
        let mut makers: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
        for record in self.records() {
            for write in self.told(&record).writes.into_iter().filter(|write| write.list == list) {
                makers.entry(write.id).or_default().insert(record);
            }
        }
        makers
    }

    /// The entries of other interviews than `own` that say something of an entity: what the next word about it replaces.
    pub fn seen(&self, list: &str, id: &str, own: &RecordId) -> Vec<EntryHash> {
        let id = crate::fold::plain_id(id);
        let others = self.counted().filter(|told| told.record != *own);
        let about = others.filter(|told| told.writes.iter().any(|write| write.list == list && write.id == id));
        let entries: BTreeSet<EntryHash> = about.flat_map(|told| told.entries).collect();
        entries.into_iter().collect()
    }

    /// The entities of a list, on top of its file's rows: those of the file in its order, then the others by who saw whom
    /// and by their ids. `without` leaves out what an interview says: what its own form is to see.
    pub fn list(&self, list: &str, file: &TableRows, without: Option<&RecordId>) -> Vec<Entity> {
        self.list_of(list, file, &|record| Some(record) != without)
    }

    /// [`Self::list`] of what some interviews say.
    pub fn list_of(&self, list: &str, file: &TableRows, counts: &dyn Fn(&RecordId) -> bool) -> Vec<Entity> {
        let mut writes: BTreeMap<String, Vec<EntityWrite>> = BTreeMap::new();
        let mut records: BTreeMap<EntryHash, RecordId> = BTreeMap::new();
        for told in self.counted().filter(|told| counts(&told.record)) {
            for write in told.writes.into_iter().filter(|write| write.list == list) {
                records.insert(write.entry, told.record);
                writes.entry(write.id.clone()).or_default().push(write);
            }
        }
        let mut entities = Vec::new();
        for row in file {
            let Some((_, id)) = row.iter().find(|(column, _)| column == ACT) else { continue };
            let own = writes.remove(&crate::fold::plain_id(id)).unwrap_or_default();
            entities.push(entity(id, Some(row), own, &records));
        }
        let mut further: Vec<Entity> = writes
            .into_iter()
            // An update of what nobody created waits until that comes.
            .filter(|(_, writes)| writes.iter().any(|write| is_act(write) && *write.value == *CREATE))
            .map(|(id, writes)| entity(&id, None, writes, &records))
            .collect();
        further.sort_by_cached_key(|entity| (entity.label().to_owned(), entity.id.clone()));
        entities.extend(further);
        entities
    }

    /// The rows of a list as forms read them: `name`, `label`, the columns, `__version`, and of what was changed since the
    /// file `__trunkVersion` and `__branchId` (ODK entities specification 2024.1).
    pub fn rows(&self, list: &str, file: &TableRows, without: Option<&RecordId>) -> TableRows {
        self.list(list, file, without).iter().map(row).collect()
    }
}

fn row(entity: &Entity) -> Vec<(String, String)> {
    let mut cells = vec![(ACT.to_owned(), entity.id.clone()), (LABEL.to_owned(), entity.label().to_owned())];
    let columns = entity.columns.iter().filter(|(name, _)| *name != LABEL);
    cells.extend(columns.map(|(name, column)| (name.clone(), column.value.to_string())));
    if entity.trunk.is_some() || !entity.acts.is_empty() {
        cells.push((VERSION.to_owned(), entity.version.to_string()));
    }
    if let Some(branch) = entity.branch {
        cells.push((TRUNK.to_owned(), entity.trunk.map(|trunk| trunk.to_string()).unwrap_or_default()));
        cells.push((BRANCH.to_owned(), uuid(&branch)));
    }
    cells
}

/// A record's id as RFC 4122 writes it.
fn uuid(record: &RecordId) -> String {
    let hex: String = record.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default().to_owned());
    parts.join("-")
}

fn entity(
    id: &str,
    file: Option<&Vec<(String, String)>>,
    writes: Vec<EntityWrite>,
    records: &BTreeMap<EntryHash, RecordId>,
) -> Entity {
    let mut columns: BTreeMap<String, Column> = BTreeMap::new();
    let mut of_file: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, value) in file.into_iter().flatten() {
        of_file.entry(name).or_insert(value);
        if ![ACT, VERSION, TRUNK, BRANCH].contains(&name.as_str()) {
            let value = Private::from(value.as_str());
            columns.entry(name.clone()).or_insert(Column { value, conflict: Vec::new() });
        }
    }
    let mut by_column: BTreeMap<String, Vec<EntityWrite>> = BTreeMap::new();
    for write in writes {
        by_column.entry(write.column.clone()).or_default().push(write);
    }
    let mut acts = by_column.remove(ACT).unwrap_or_default();
    acts.retain(is_act);
    acts.sort_by_key(|act| (act.saw.len(), act.at.ms, act.entry));
    // One act for each interview: where two heads of it stand beside each other, it is still one interview.
    let mut told: BTreeSet<RecordId> = BTreeSet::new();
    acts.retain(|act| records.get(&act.entry).is_none_or(|record| told.insert(*record)));
    for (name, writes) in by_column.into_iter().filter(|(_, writes)| writes.iter().any(|write| !write.past)) {
        let before = of_file.get(name.as_str()).copied();
        columns.insert(name, column(writes, before));
    }
    let trunk: Option<u64> = of_file.get(VERSION).and_then(|version| version.trim().parse().ok());
    let trunk = trunk.or_else(|| file.map(|_| 1).filter(|_| !acts.is_empty()));
    let updates = acts.iter().filter(|act| *act.value == *"update").count() as u64;
    let branch = acts.iter().find(|act| *act.value == *CREATE).or_else(|| acts.first());
    let branch = branch.and_then(|act| records.get(&act.entry).copied());
    Entity { id: id.to_owned(), columns, trunk, version: trunk.unwrap_or(1).saturating_add(updates), branch, acts }
}

/// Whether it says that the entity is created or updated, and holds.
fn is_act(write: &EntityWrite) -> bool {
    write.column == ACT && !write.past
}

/// What the words about a column come to. A word that says what stood already when it was said is none.
fn column(mut writes: Vec<EntityWrite>, file: Option<&str>) -> Column {
    // Who saw more comes later: what was seen is handed on whole.
    writes.sort_by_key(|write| (write.saw.len(), write.entry));
    let (past, current): (Vec<EntityWrite>, Vec<EntityWrite>) = writes.into_iter().partition(|write| write.past);
    let mut words: Vec<EntityWrite> = Vec::new();
    for write in current {
        let seen = past.iter().chain(&words).filter(|word| write.saw.contains(&word.entry));
        let before: Vec<&EntityWrite> = seen.collect();
        let before = latest(&before);
        let values: BTreeSet<&str> = before.iter().map(|word| &*word.value).collect();
        let same = match values.len() {
            0 => file == Some(&*write.value),
            1 => values.contains(&*write.value),
            _ => false,
        };
        if !same {
            words.push(write);
        }
    }
    let all: Vec<&EntityWrite> = words.iter().collect();
    let current = latest(&all);
    let values: BTreeSet<&str> = current.iter().map(|word| &*word.value).collect();
    let mut least = values.iter();
    let (first, second) = (least.next().copied(), least.next());
    if second.is_none() {
        let value = first.or(file).unwrap_or_default();
        return Column { value: value.into(), conflict: Vec::new() };
    }
    let common: Vec<&EntityWrite> =
        past.iter().chain(&words).filter(|word| current.iter().all(|one| one.saw.contains(&word.entry))).collect();
    let common = latest(&common);
    let from: BTreeSet<&str> = common.iter().map(|word| &*word.value).collect();
    let from = match from.len() {
        0 => file,
        1 => from.first().copied(),
        _ => None,
    };
    Column { value: from.or(first).unwrap_or_default().into(), conflict: current.into_iter().cloned().collect() }
}

/// Of these words those that none of the others replaced; of words that claim to have replaced each other, all.
fn latest<'a>(words: &[&'a EntityWrite]) -> Vec<&'a EntityWrite> {
    let replaced = |word: &EntityWrite| {
        words.iter().any(|other| other.saw.contains(&word.entry) && !word.saw.contains(&other.entry))
    };
    words.iter().copied().filter(|word| !replaced(word)).collect()
}

/// Two reports of one interview. The one that knows of more erasures holds, whatever else the other knows: its words may
/// have been erased. Else the one that knows all that the other knows; else what neither knew to be replaced.
fn together(a: &Told, b: &Told) -> Told {
    match (a.is_after_erasures_of(b), b.is_after_erasures_of(a)) {
        (true, false) => return a.clone(),
        (false, true) => return b.clone(),
        _ => {}
    }
    let knows = |one: &Told, other: &Told| other.entries.iter().all(|entry| one.entries.contains(entry));
    if knows(a, b) {
        return a.clone();
    }
    if knows(b, a) {
        return b.clone();
    }
    let stands = |write: &EntityWrite, of: &Told, other: &Told| {
        of.writes.contains(write)
            && (write.past || other.writes.contains(write) || !other.entries.contains(&write.entry))
    };
    let entries: BTreeSet<EntryHash> = a.entries.iter().chain(&b.entries).copied().collect();
    let own = a.writes.iter().filter(|write| stands(write, a, b));
    let writes: BTreeSet<EntityWrite> = own.chain(b.writes.iter().filter(|w| stands(w, b, a))).cloned().collect();
    let erased = a.erased.iter().filter(|erasure| b.erased.contains(erasure)).copied().collect();
    let (entries, writes) = (entries.into_iter().collect(), writes.into_iter().collect());
    Told { record: a.record, entries, writes, erased, practice: a.practice && b.practice }
}

/// What a record of kind 14 hands on: of each interview what the last entries say, and its ground.
pub fn handed_on<'a>(
    record: RecordId,
    entries: impl IntoIterator<Item = &'a Opened>,
    team: &Team,
) -> (Ground, BTreeMap<RecordId, Told>) {
    let (ground, entries) = lay_ground(record, entries, team, &[kind::ENTITIES]);
    let told = last_told(&ground, &entries);
    (ground, told)
}

fn last_told(ground: &Ground, entries: &BTreeMap<Node, Cow<'_, Opened>>) -> BTreeMap<RecordId, Told> {
    let mut by_interview: BTreeMap<RecordId, BTreeMap<Node, &Told>> = BTreeMap::new();
    for (node, entry) in entries {
        if let Content::Entities(handed) = &entry.content {
            for told in &handed.told {
                by_interview.entry(told.record).or_default().insert(*node, told);
            }
        }
    }
    let one = |told: BTreeMap<Node, &Told>| {
        let nodes: Vec<Node> = told.keys().copied().collect();
        let mut last = ground.graph.maximal(&nodes).into_iter().filter_map(|node| told.get(&node).copied());
        let first = last.next()?.clone();
        Some(last.fold(first, |all, one| together(&all, one)))
    };
    by_interview.into_iter().filter_map(|(record, told)| Some((record, one(told)?))).collect()
}

impl HandedOn {
    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}
