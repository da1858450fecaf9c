//! A project with safeguarding holders, and what can be read where.

use std::path::Path;

use tianye_desk::view::Role;
use tianye_desk::{Desk, Laptop};
use tianye_journal::{ReadingKey, SealedEntry, open_body, open_parcel, open_rest};
use tianye_store::{Limit, Store, Unlock};

use crate::common::{Field, PASSPHRASE, laptop, set_up};

pub fn join_as(lead: &mut Desk, laptop: &Laptop, name: &str, role: Role) -> Desk {
    let invitation = lead.invite(name, "", role).unwrap();
    let view = laptop.read_invitation(&invitation).unwrap();
    let waiting = laptop.request_join(&view.id, PASSPHRASE, &format!("{name}的电脑")).unwrap();
    let request = lead.team().unwrap().requests.into_iter().find(|request| request.name == name).unwrap();
    lead.approve(&request.id).unwrap();
    let mut desk = laptop.unlock(&waiting.id, PASSPHRASE).unwrap();
    desk.sync().unwrap();
    desk
}

/// A project with two interviewers and two holders who have heard of each other.
pub fn with_holders() -> (Field, Desk, Desk, Desk, Desk, Desk) {
    let (field, mut lead, mut chen, mut zhou) = set_up();
    let fang = join_as(&mut lead, &laptop(field.folder.path(), "方"), "方敏", Role::Safeguarding);
    let mut he = join_as(&mut lead, &laptop(field.folder.path(), "何"), "何苗", Role::Safeguarding);
    let mut fang = fang;
    evening(&mut [&mut fang, &mut he, &mut lead, &mut chen, &mut zhou]);
    (field, lead, chen, zhou, fang, he)
}

pub fn evening(desks: &mut [&mut Desk]) {
    for _ in 0..3 {
        for desk in desks.iter_mut() {
            desk.sync().unwrap();
        }
    }
}

/// The store of a laptop, once its desk is locked.
pub fn open(field: &Field, name: &str, key: Unlock<'_>) -> Store {
    let found = tianye_store::list(&field.folder.path().join(name)).unwrap().remove(0);
    Store::unlock(&found.dir, key, 0).unwrap()
}

/// Everything that lies in a store, as it travels.
pub fn entries(store: &Store) -> Vec<SealedEntry> {
    let all = Limit { entries: 1_000_000, bytes: 1 << 40 };
    let spans: Vec<_> = store
        .read(|view| view.frontier())
        .unwrap()
        .iter()
        .map(|(chain, _)| tianye_journal::Span { chain, after: None })
        .collect();
    store.read(|view| view.entries_in(&spans, all)).unwrap().entries
}

/// Everything that can be read in a store without its owner's passphrase, as one text.
pub fn readable(store: &Store, keys: &[ReadingKey]) -> String {
    let mut text = String::new();
    let mut add = |bytes: &[u8]| {
        text.push_str(&String::from_utf8_lossy(bytes));
        text.push('\n');
    };
    let sealed = entries(store);
    let mut contents = Vec::new();
    for chain in store.read(|view| view.readable_chains()).unwrap() {
        contents.extend(store.read(|view| view.content_key(chain)).unwrap());
    }
    for (entry, key) in sealed.iter().flat_map(|entry| keys.iter().map(move |key| (entry, key))) {
        contents.extend(open_parcel(entry, key).ok().flatten().into_iter().flatten().map(|granted| granted.key));
    }
    for (entry, key) in sealed.iter().flat_map(|entry| contents.iter().map(move |key| (entry, key))) {
        if let Ok(body) = open_body(entry, key) {
            let (chain, seq) = (entry.header.chain, entry.header.seq);
            let mut opened = [tianye_survey::Opened::read(entry.hash(), chain, seq, &body)];
            tianye_survey::open_rests(&mut opened, &|_, of, sealed| {
                contents.iter().find_map(|key| open_rest(key, of, sealed).ok().map(|rest| rest.to_vec()))
            });
            add(&opened[0].content.to_json().unwrap());
        }
    }
    for draft in store.read(|view| view.drafts()).unwrap() {
        for answer in store.read(|view| view.draft_history(draft.record)).unwrap() {
            add(format!("{:?} {:?}", answer.answer, answer.note).as_bytes());
        }
    }
    for name in ["who", "reports", "restricted-readers", "restricted-chain"] {
        add(&store.read(|view| view.setting(name)).unwrap().unwrap_or_default());
    }
    text
}

/// The markers that stand in a file, as they are.
pub fn plain(folder: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(plain(&path, words));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for word in words {
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                found.push(format!("{word} in {}", path.display()));
            }
        }
    }
    found
}
