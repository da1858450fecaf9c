//! What members of the team must know of each other though no lead has written in between: what families said, and who took
//! an assignment over.
//!
//! An interviewer's ordinary chain is for leads. Beside it each interviewer writes a *team chain*, sealed for the leads and for
//! the team's key. That key is made on the laptop that keeps the project and stands on its keeper's card, which the whole team
//! reads; whoever has it opens what colleagues sealed for the team, by whatever way it comes. When somebody is revoked, a new
//! key is made, and team chains are opened anew.

use std::collections::BTreeSet;

use tianye_journal::{PlainBody, ReadingKey, Recipient, RecordId, from_hex, to_hex};
use tianye_store::Op;
use tianye_survey::{Card, CardState, Content, Member, TeamKey, kind, rights};

use crate::desk::Desk;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::world;

/// For which addresses the newest team chain was sealed.
const SEALED_FOR: &str = "team-readers";

impl Desk {
    /// Makes the team's key where it is kept, takes the keys that have come, and opens a team chain where there is none for the
    /// newest of them.
    pub(crate) fn keep_team_chain(&mut self) -> Result<()> {
        if !self.store.can_sign() || self.is_revoked() {
            return Ok(());
        }
        self.say_team_key()?;
        self.learn_team_keys()?;
        self.open_team_chain()
    }

    /// Seals entries that the whole team reads.
    pub(crate) fn append_for_team(&mut self, bodies: &[PlainBody]) -> Result<()> {
        self.store.transact(Op::Seal, |tx| bodies.iter().try_for_each(|body| tx.append_for_team(body).map(|_| ())))?;
        self.book.read_on(&self.store)?;
        Ok(())
    }

    /// The keys of the team, by what leads and administrators say on their own cards.
    fn team_keys(&self) -> Vec<&TeamKey> {
        let of_all = |card: &Member| {
            let serials = self.book.serials.iter().filter(|(_, serial)| card.certificate == Some(**serial));
            let standings = serials.filter_map(|(chain, _)| self.book.team.0.get(chain));
            standings.into_iter().any(|standing| rights::is_read_by_all(&standing.role))
        };
        let cards = self.book.project.members.values().filter_map(|state| state.card.as_ref());
        cards.filter(|card| of_all(card)).flat_map(|card| &card.team_keys).collect()
    }

    /// Whether nobody was revoked since a key was made.
    fn is_fresh(&self, key: &TeamKey) -> bool {
        self.book.revocations.certificates.keys().all(|serial| key.after.contains(serial))
    }

    /// Writes a new key on the own card, as who keeps the project, where there is none that everybody who reads with it may.
    fn say_team_key(&mut self) -> Result<()> {
        let keeps = papers::keeps_project(&self.store)? && rights::is_read_by_all(&self.who.survey_role());
        if !keeps || self.team_keys().into_iter().any(|key| self.is_fresh(key)) {
            return Ok(());
        }
        let serial = self.who.certificate()?.0.serial;
        let is_own =
            |state: &CardState<Member>| state.card.as_ref().is_some_and(|card| card.certificate == Some(serial));
        let found = self.book.project.members.iter().find(|(_, state)| is_own(state));
        let Some((record, state)) = found else { return Ok(()) };
        let card = state.card.clone().ok_or_else(|| refuse("internal", "expected the own card, found none"))?;
        let key = ReadingKey::generate(&mut world::key_rng(&*self.world));
        let after = self.book.revocations.certificates.keys().copied().collect();
        let mut team_keys = card.team_keys.clone();
        team_keys.push(TeamKey { key: to_hex(&*key.to_secret_bytes()).into(), after });
        let (record, parents): (RecordId, _) = (*record, state.heads());
        let change: Card<Member> = state.edit(&Member { team_keys, ..card });
        self.append(record, parents, &Content::Member(change))?;
        Ok(())
    }

    /// Reads with the keys that have come.
    fn learn_team_keys(&mut self) -> Result<()> {
        let known: BTreeSet<String> =
            self.store.read(|view| view.reading_keys())?.iter().map(|key| key.recipient().to_string()).collect();
        let mut news: Vec<ReadingKey> = self.team_keys().into_iter().filter_map(read_key).collect();
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
        let role = self.who.survey_role();
        let writes = rights::reach(&role, kind::CONSENT) == rights::Reach::Any && !rights::is_read_by_all(&role);
        let fresh = self.team_keys().into_iter().filter(|key| self.is_fresh(key));
        let fresh: BTreeSet<String> = fresh.filter_map(read_key).map(|key| key.recipient().to_string()).collect();
        if !writes || fresh.is_empty() {
            return Ok(());
        }
        let before: BTreeSet<String> = papers::setting(&self.store, SEALED_FOR)?.unwrap_or_default();
        let chain = self.store.read(|view| view.team_chain())?;
        let (certificate, mut readers, body) = self.opening_for(true)?;
        let sealed_for: BTreeSet<String> =
            readers.iter().map(ToString::to_string).chain(fresh.iter().cloned()).collect();
        if chain.is_some_and(|chain| !chain.is_forked()) && before == sealed_for {
            return Ok(());
        }
        readers.extend(fresh.iter().filter_map(|address| address.parse::<Recipient>().ok()));
        self.store.transact(Op::Seal, |tx| {
            tx.open_team_chain(&certificate, &readers, &body)?;
            papers::put(tx, SEALED_FOR, &sealed_for)
        })?;
        self.book.read_on(&self.store)?;
        Ok(())
    }
}

fn read_key(key: &TeamKey) -> Option<ReadingKey> {
    let bytes = from_hex(&key.key)?;
    Some(ReadingKey::from_secret_bytes(bytes.as_slice().try_into().ok()?))
}
