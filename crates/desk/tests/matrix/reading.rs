//! What each role really opens of what others wrote, of every kind, against the one table.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, EntryHash};
use tianye_store::{OpenedEntry, Store};
use tianye_survey::exports::{KINDS, reads_of};
use tianye_survey::rights::{Reach, reach, reads_restricted};
use tianye_survey::{Role, kind};

use super::ROLES;
use super::day::stores;

/// Of a kind, a reader's role and a writer's, by their places among the roles: whether the reader opens it.
pub type ReadBy = BTreeMap<(u16, usize, usize), bool>;

/// Entries by who reads, who wrote, and which; of cards not which.
type Found = BTreeSet<(u64, u64, Option<EntryHash>)>;

/// Kinds that a role may write and that no desk writes for it.
const NEVER: [(u16, &[Role]); 5] = [
    (kind::ASSIGNMENT, &[Role::SafeguardingLead]),
    (kind::EXPORTED, &[Role::Administrator]),
    (kind::BEGINNINGS, &[Role::Administrator, Role::Lead]),
    // In restricted chains alone, where it is read as a report is.
    (kind::GRANT, &[Role::Interviewer, Role::Analyst, Role::SafeguardingLead]),
    (kind::REVOCATION, &[Role::Interviewer, Role::Analyst, Role::SafeguardingLead]),
];

fn opened(store: &Store) -> BTreeMap<EntryHash, OpenedEntry> {
    let mut all = Vec::new();
    for kind in 0..=kind::LAST {
        all.extend(store.read(|view| view.entries_of_kind(kind)).unwrap());
    }
    let keys = store.read(|view| view.restricted_keys()).unwrap();
    for chain in keys.chains() {
        all.extend(store.read(|view| view.restricted_entries(chain, &keys)).unwrap());
    }
    all.into_iter().map(|entry| (entry.hash, entry)).collect()
}

/// The certificate that a chain was opened with.
fn serial(store: &Store, chain: ChainId) -> u64 {
    store.read(|view| view.opening(chain)).unwrap().unwrap().header.opening().unwrap().certificate.serial
}

/// What the stores of a day come to.
pub fn read() -> ReadBy {
    let (_field, stores) = stores();
    let place = |role: &Role| ROLES.iter().position(|(_, known, _)| known == role).unwrap();
    let mut writers: BTreeMap<u64, usize> = BTreeMap::new();
    let mut restricted: BTreeSet<ChainId> = BTreeSet::new();
    let mut all = BTreeMap::new();
    for (role, _, store) in &stores {
        let own = store.read(|view| view.own_chain()).unwrap().unwrap();
        writers.insert(serial(store, own.chain), place(role));
        restricted.extend(store.read(|view| view.restricted_keys()).unwrap().chains());
        all.extend(opened(store).into_iter().map(|(hash, entry)| (hash, (serial(store, entry.chain), entry))));
    }
    // How much of it lies in a reader's store, and how much of that is opened there. A card opens every chain of its person:
    // of cards it is counted whose are read.
    let mut found: BTreeMap<(u16, usize, usize), [Found; 2]> = BTreeMap::new();
    for (reader, _, store) in stores.iter().filter(|(_, reads_on, _)| *reads_on) {
        let own = serial(store, store.read(|view| view.own_chain()).unwrap().unwrap().chain);
        let opened = opened(store);
        for (hash, (by, entry)) in all.iter().filter(|(_, (by, _))| *by != own) {
            let kind = entry.body.kind;
            if !store.read(|view| view.has_entry(*hash)).unwrap() {
                continue;
            }
            if restricted.contains(&entry.chain) && kind != kind::REPORT {
                assert_eq!(opened.contains_key(hash), reads_restricted(reader), "kind {kind} in a restricted chain");
                continue;
            }
            let one = (own, *by, Some(*hash).filter(|_| kind != kind::MEMBER));
            let [here, open] = found.entry((kind, place(reader), writers[by])).or_default();
            open.extend(opened.contains_key(hash).then_some(one));
            here.insert(one);
        }
    }
    let mut read_by = ReadBy::new();
    for ((kind, called), (at, writer)) in cells() {
        let never = NEVER.iter().any(|(of, roles)| *of == kind && roles.contains(writer));
        let writes = reach(writer, kind) != Reach::Nothing && !never;
        for (reader, (name, role, _)) in ROLES.iter().enumerate() {
            let what = format!("{called} by {}, read by {name}", ROLES[at].0);
            let counts = found.remove(&(kind, reader, at)).map(|of| of.map(|one| one.len()));
            assert_eq!(counts.is_some(), writes, "{what}: whether anybody wrote it");
            if let Some([here, open]) = counts {
                let expect = reads_of(role, writer, kind);
                assert_eq!(open, if expect { here } else { 0 }, "{what}: how many of {here} are open");
                read_by.insert((kind, reader, at), open > 0);
            }
        }
    }
    assert!(found.is_empty(), "kinds or writers that the table does not have: {:?}", found.keys());
    read_by
}

/// Each kind with each role that might write it.
fn cells() -> impl Iterator<Item = ((u16, &'static str), (usize, &'static Role))> {
    let roles = || ROLES.iter().map(|(_, role, _)| role).enumerate();
    KINDS.iter().flat_map(move |(kind, _, called)| roles().map(move |role| ((*kind, *called), role)))
}
