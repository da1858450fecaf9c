//! What members of the team must know of each other though no lead has written in between: whom they added, what families said,
//! who took an assignment over, and what they have begun with whom.
//!
//! An interviewer's ordinary chain is for leads. Beside it each interviewer writes a *team chain*, sealed for the leads and for
//! the team's key. That key is made on the laptop that keeps the project and stands on its keeper's card, which the whole team
//! reads; whoever has it opens what colleagues sealed for the team, by whatever way it comes. When somebody is revoked, a new
//! key is made, and team chains are opened anew.
//!
//! Two who keep the project may each make a key without knowing of the other's. Neither is older: whoever knows a fresh key
//! makes none. So the one whose address is the least counts, and who keeps another one writes it on the own card too. From
//! then on everybody who reads that card has the key that counts, and nothing is sealed for the other any more; until then
//! team chains are sealed for both. What was sealed for either stays readable: keys are only ever added.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{EntryHash, PlainBody, ReadingKey, Recipient, RecordId, from_hex, to_hex};
use tianye_store::{Op, Tx};
use tianye_survey::{Beginning, Beginnings, Card, CardState, Content, Field, FormHash, Member, TeamKey, rights};

use crate::desk::Desk;
use crate::filling::Extra;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::world;

/// For which addresses the newest team chain was sealed.
const SEALED_FOR: &str = "team-readers";
/// Most that one entry tells.
const MOST_TOLD: usize = 1000;

/// Seals an entry where it belongs: what members must know of each other in the chain that the whole team reads, all else in the
/// ordinary one.
pub(crate) fn put(tx: &mut Tx<'_>, body: &PlainBody) -> tianye_store::Result<EntryHash> {
    if rights::is_for_team(body.kind) { tx.append_for_team(body) } else { tx.append_own(body) }
}

impl Desk {
    /// Makes the team's key where it is kept, takes the keys that have come, and opens a team chain where there is none for the
    /// newest of them.
    pub(crate) fn keep_team_chain(&mut self) -> Result<()> {
        if !self.store.can_sign() || self.is_revoked() {
            return Ok(());
        }
        self.say_team_key()?;
        self.say_which_counts()?;
        self.learn_team_keys()?;
        self.open_team_chain()
    }

    /// Tells the team what was begun here since it was told last: who, with whom or where, which form and on which day.
    pub(crate) fn tell_beginnings(&mut self) -> Result<()> {
        // Who has no team chain either writes for everybody anyway, or is told later, once there is one.
        if !self.store.can_sign() || self.is_revoked() || self.store.read(|view| view.team_chain())?.is_none() {
            return Ok(());
        }
        let me = self.who.person;
        let told: BTreeSet<RecordId> =
            self.book.project.begun().filter(|(by, _)| **by == me).map(|(_, one)| one.interview).collect();
        let mut news: Vec<Beginning> = Vec::new();
        for (record, brief) in &self.book.interviews {
            if told.contains(record) || brief.interviewers.first() != Some(&me) || brief.imported {
                continue;
            }
            let form_id = self.form_id(brief.form).to_owned();
            let site = brief.site.filter(|_| brief.subject.is_none());
            let on = self.begun_on(*record)?;
            let (subject, practice) = (brief.subject, brief.practice);
            news.push(Beginning { interview: *record, form_id, subject, site, on, practice });
        }
        for draft in self.store.read(|view| view.drafts())? {
            if told.contains(&draft.record) || self.book.interviews.contains_key(&draft.record) {
                continue;
            }
            let extra: Extra = serde_json::from_str(&draft.extra).unwrap_or_default();
            let form_id = self.form_id(Some(FormHash(draft.form))).to_owned();
            let (subject, site) = (draft.subject, extra.site.filter(|_| draft.subject.is_none()));
            let (on, practice) = (self.draft_on(&draft), extra.practice);
            news.push(Beginning { interview: draft.record, form_id, subject, site, on, practice });
        }
        news.retain(|one| !one.form_id.is_empty());
        let mut bodies = Vec::new();
        for some in news.chunks(MOST_TOLD) {
            let told = Beginnings { called: self.who.name.as_str().into(), begun: some.to_vec() };
            bodies.push(self.body(self.new_record(), Vec::new(), &Content::from(told))?);
        }
        if bodies.is_empty() { Ok(()) } else { self.append_all(&bodies) }
    }

    /// The keys of the team, by what leads and administrators say on their own cards, each card's apart. All that were ever
    /// written on one count: two clones of a disk may each have written another.
    fn team_keys(&self) -> Vec<Vec<TeamKey>> {
        let of_all = |card: &Member| {
            let serials = self.book.serials.iter().filter(|(_, serial)| card.certificate == Some(**serial));
            let standings = serials.filter_map(|(chain, _)| self.book.team.0.get(chain));
            standings
                .into_iter()
                .any(|standing| standing.person == card.person && rights::is_read_by_all(&standing.role))
        };
        let cards = self.book.project.members.values();
        let cards = cards.filter(|state| state.card.as_ref().is_some_and(of_all));
        cards.map(keys_on).filter(|keys| !keys.is_empty()).collect()
    }

    /// The addresses that team chains are sealed for now; the first counts. More than one only until those who made another key
    /// have said that they know of it.
    #[must_use]
    pub fn team_addresses(&self) -> Vec<String> {
        self.keys_in_use().into_iter().map(|(address, _)| address).collect()
    }

    /// The addresses that team chains are sealed for now, with their keys; the first is the one that counts.
    fn keys_in_use(&self) -> Vec<(String, TeamKey)> {
        in_use(&self.team_keys(), &|key| self.is_fresh(key))
    }

    /// Whether nobody was revoked since a key was made.
    fn is_fresh(&self, key: &TeamKey) -> bool {
        self.book.revocations.certificates.keys().all(|serial| key.after.contains(serial))
    }

    /// Writes a new key on the own card, as who keeps the project, where there is none that everybody who reads with it may.
    fn say_team_key(&mut self) -> Result<()> {
        if !self.says_keys()? || !self.keys_in_use().is_empty() {
            return Ok(());
        }
        let key = ReadingKey::generate(&mut world::key_rng(&*self.world));
        let after = self.book.revocations.certificates.keys().copied().collect();
        self.put_on_card(TeamKey { key: to_hex(&*key.to_secret_bytes()).into(), after })
    }

    /// Writes the key that counts on the own card, as who made another one.
    fn say_which_counts(&mut self) -> Result<()> {
        let Some((counts, key)) =
            self.keys_in_use().into_iter().next().filter(|_| self.says_keys().is_ok_and(|says| says))
        else {
            return Ok(());
        };
        let own: Vec<TeamKey> = self.own_card()?.map(|(_, state)| keys_on(state)).unwrap_or_default();
        let mut fresh = own.iter().filter(|key| self.is_fresh(key)).filter_map(address).peekable();
        if fresh.peek().is_none() || fresh.any(|address| address == counts) {
            return Ok(());
        }
        self.put_on_card(key)
    }

    /// Whether this laptop keeps the project and is read by everybody.
    fn says_keys(&self) -> Result<bool> {
        Ok(papers::keeps_project(&self.store)? && rights::is_read_by_all(&self.who.survey_role()))
    }

    fn own_card(&self) -> Result<Option<(RecordId, &CardState<Member>)>> {
        let serial = self.who.certificate()?.0.serial;
        let is_own =
            |state: &CardState<Member>| state.card.as_ref().is_some_and(|card| card.certificate == Some(serial));
        let found = self.book.project.members.iter().find(|(_, state)| is_own(state));
        Ok(found.map(|(record, state)| (*record, state)))
    }

    fn put_on_card(&mut self, key: TeamKey) -> Result<()> {
        let Some((record, state)) = self.own_card()? else { return Ok(()) };
        let card = state.card.clone().ok_or_else(|| refuse("internal", "expected the own card, found none"))?;
        let mut team_keys = keys_on(state);
        team_keys.push(key);
        let change: Card<Member> = state.edit(&Member { team_keys, ..card });
        let parents = state.heads();
        self.append(record, parents, &Content::Member(change))?;
        Ok(())
    }

    /// Reads with the keys that have come.
    fn learn_team_keys(&mut self) -> Result<()> {
        let known: BTreeSet<String> =
            self.store.read(|view| view.reading_keys())?.iter().map(|key| key.recipient().to_string()).collect();
        let mut news: Vec<ReadingKey> = self.team_keys().iter().flatten().filter_map(read_key).collect();
        news.retain(|key| !known.contains(&key.recipient().to_string()));
        if news.is_empty() {
            return Ok(());
        }
        self.store.transact(Op::Keys, |tx| news.iter().try_for_each(|key| tx.add_reading_key(key).map(|_| ())))?;
        // A key opens what came before it.
        self.book.read_again();
        self.book.read_on(&self.store)?;
        Ok(())
    }

    /// Opens a team chain where this person writes what the team must know and the ordinary chain is not for everybody.
    fn open_team_chain(&mut self) -> Result<()> {
        let used: BTreeSet<String> = self.keys_in_use().into_iter().map(|(address, _)| address).collect();
        if !rights::writes_team_chain(&self.who.survey_role()) || used.is_empty() {
            return Ok(());
        }
        let before: BTreeSet<String> = papers::setting(&self.store, SEALED_FOR)?.unwrap_or_default();
        let chain = self.store.read(|view| view.team_chain())?;
        let (certificate, mut readers, body) = self.opening_for(true)?;
        let sealed_for: BTreeSet<String> =
            readers.iter().map(ToString::to_string).chain(used.iter().cloned()).collect();
        // One that a fresh key reads too which counts no more is as good.
        let keys = self.team_keys();
        let fresh: BTreeSet<String> =
            keys.iter().flatten().filter(|key| self.is_fresh(key)).filter_map(address).collect();
        let is_good = sealed_for.is_subset(&before) && before.difference(&sealed_for).all(|one| fresh.contains(one));
        if chain.is_some_and(|chain| !chain.is_forked()) && is_good {
            return Ok(());
        }
        readers.extend(used.iter().filter_map(|address| address.parse::<Recipient>().ok()));
        self.store.transact(Op::Seal, |tx| {
            tx.open_team_chain(&certificate, &readers, &body)?;
            papers::put(tx, SEALED_FOR, &sealed_for)
        })?;
        self.book.read_on(&self.store)?;
        Ok(())
    }
}

/// Every key that was ever written on a card.
fn keys_on(state: &CardState<Member>) -> Vec<TeamKey> {
    let mut keys: Vec<TeamKey> = state.card.as_ref().map(|card| card.team_keys.clone()).unwrap_or_default();
    let written = state.fields.get(&Field::from("team_keys")).into_iter().flat_map(|field| field.writes());
    for write in written.filter_map(|write| write.answer.value()) {
        let before: Vec<TeamKey> = serde_json::from_str(write).unwrap_or_default();
        keys.extend(before.into_iter().filter(|key| !keys.contains(key)).collect::<Vec<_>>());
    }
    keys
}

/// Of the keys on cards the addresses that team chains are sealed for: the one that counts first, then those on cards that do
/// not name it yet. Nobody who has only read such a card could open the others.
fn in_use(cards: &[Vec<TeamKey>], is_fresh: &dyn Fn(&TeamKey) -> bool) -> Vec<(String, TeamKey)> {
    let fresh: Vec<BTreeMap<String, &TeamKey>> = cards
        .iter()
        .map(|keys| keys.iter().filter(|key| is_fresh(key)).filter_map(|key| Some((address(key)?, key))).collect())
        .collect();
    let Some(counts) = fresh.iter().flat_map(BTreeMap::keys).min().cloned() else { return Vec::new() };
    let of_all = fresh.iter().find_map(|card| card.get(&counts)).map(|key| (counts.clone(), (*key).clone()));
    let behind = fresh.iter().filter(|card| !card.contains_key(&counts)).flatten();
    let behind: BTreeMap<String, TeamKey> = behind.map(|(address, key)| (address.clone(), (*key).clone())).collect();
    of_all.into_iter().chain(behind).collect()
}

fn address(key: &TeamKey) -> Option<String> {
    read_key(key).map(|key| key.recipient().to_string())
}

fn read_key(key: &TeamKey) -> Option<ReadingKey> {
    let bytes = from_hex(&key.key)?;
    Some(ReadingKey::from_secret_bytes(bytes.as_slice().try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(of: u8) -> TeamKey {
        TeamKey { key: to_hex(&[of; 32]).into(), after: Vec::new() }
    }

    /// Which keys team chains are sealed for, by the numbers of the keys on each card; the one that counts first.
    #[track_caller]
    fn check(cards: &[&[u8]], stale: &[u8], expect: &[u8]) {
        let least = |of: &u8| address(&key(*of)).unwrap();
        let mut numbers: Vec<u8> = vec![1, 2, 3];
        numbers.sort_by_key(least);
        // Numbers in a case are places in the order of addresses.
        let at = |place: &u8| key(numbers[usize::from(*place) - 1]);
        let cards: Vec<Vec<TeamKey>> = cards.iter().map(|keys| keys.iter().map(at).collect()).collect();
        let stale: Vec<TeamKey> = stale.iter().map(at).collect();
        let expect: Vec<TeamKey> = expect.iter().map(at).collect();
        let mut reversed = cards.clone();
        reversed.reverse();
        for cards in [cards, reversed] {
            let found: Vec<TeamKey> =
                in_use(&cards, &|key| !stale.contains(key)).into_iter().map(|(_, key)| key).collect();
            assert_eq!(found, expect);
        }
    }

    #[test]
    fn of_two_keys_the_one_with_the_least_address_counts_and_the_other_until_its_card_names_it() {
        check(&[], &[], &[]);
        check(&[&[2]], &[], &[2]);
        check(&[&[2], &[1]], &[], &[1, 2]);
        check(&[&[2, 1], &[1]], &[], &[1]);
        check(&[&[3], &[2, 1], &[1]], &[], &[1, 3]);
        check(&[&[2, 1], &[1]], &[1], &[2]);
        check(&[&[2, 1], &[1]], &[1, 2], &[]);
    }
}
