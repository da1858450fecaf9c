//! Whether who wrote an entry of a file had the right to, as far as its body opens here, without taking it in.

use std::collections::BTreeMap;

use tianye_journal::{ChainId, ContentKey, ReadingKey, SealedEntry, open_body, open_parcel};
use tianye_store::Store;
use tianye_survey::rights::{NoRightReason, Reach, Standing, Team, reach};
use tianye_survey::{Content, Role, kind};

/// Who is in the team and which keys are at hand: those that are here, and those that came by.
pub(super) struct Rights {
    team: Team,
    readers: Vec<ReadingKey>,
    /// Of chains that were met, here or on the way; none: they do not open.
    keys: BTreeMap<ChainId, Option<ContentKey>>,
}

impl Rights {
    /// The team as it is known here, and what opens parcels.
    pub(super) fn new(team: Team, readers: Vec<ReadingKey>) -> Self {
        Self { team, readers, keys: BTreeMap::new() }
    }

    /// Why an entry will have no effect, if its role or its author says so. What a role may write only in records that the
    /// person began is told when the records are folded; what was revoked, of the whole chain; kinds of a later version are left
    /// to it.
    pub(super) fn check(&mut self, store: &Store, entry: &SealedEntry) -> tianye_store::Result<Option<NoRightReason>> {
        self.take_keys(entry);
        let chain = entry.header.chain;
        let key = match self.keys.get(&chain) {
            Some(key) => key.clone(),
            None => {
                let key = store.read(|view| view.content_key(chain))?;
                self.keys.insert(chain, key.clone());
                key
            }
        };
        // What does not open here, or was erased, is told by whoever can read it.
        let Some(body) = key.and_then(|key| open_body(entry, &key).ok()) else { return Ok(None) };
        if let (Some(opening), Content::Member(card)) =
            (entry.header.opening(), Content::decode(body.kind, &body.content))
        {
            let details = card.get().and_then(|member| member.read_details());
            if let Some(details) = details.filter(|one| opening.certificate.verify_details(one).is_ok()) {
                self.team.0.entry(chain).or_insert_with(|| Standing {
                    person: details.person,
                    role: Role::from(details.role.as_str()),
                    accepted: None,
                });
            }
        }
        let Some(standing) = self.team.0.get(&chain).filter(|_| body.kind <= kind::LAST) else { return Ok(None) };
        Ok(match reach(&standing.role, body.kind) {
            _ if standing.person != body.author => Some(NoRightReason::OtherAuthor),
            Reach::Nothing => Some(NoRightReason::Role),
            Reach::Own | Reach::Any => None,
        })
    }

    fn take_keys(&mut self, entry: &SealedEntry) {
        if !entry.header.form.has_parcel() {
            return;
        }
        let granted = self.readers.iter().find_map(|reader| open_parcel(entry, reader).ok().flatten());
        for one in granted.into_iter().flatten() {
            // A false key opens nothing; the chain's own opening may bring the right one later.
            let known = self.keys.entry(one.chain).or_default();
            let fits = entry.header.opening().is_none_or(|opening| one.check(&opening.commitment));
            if fits && (known.is_none() || entry.header.chain == one.chain) {
                *known = Some(one.key);
            }
        }
    }
}
