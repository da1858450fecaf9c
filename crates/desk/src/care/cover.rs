//! The restricted chain: one packet at each sync, and a new chain when the holders change.

use tianye_journal::{HolderAddress, MAX_GRANTED, MAX_READERS, PlainBody, Recipient, RecordId, to_hex};
use tianye_store::Op;
use tianye_survey::safeguarding::{self, Holder};
use tianye_survey::{Card, Content, Field, Grant, Member, PACKET_BYTES, Packet, kind, rights};

use super::Kept;
use crate::book::entries_of;
use crate::desk::{Desk, stored};
use crate::papers;
use crate::refusal::{Result, refuse};

/// For which addresses the newest restricted chain was sealed.
const SEALED_FOR: &str = "restricted-readers";

impl Desk {
    /// The project's safeguarding holders, as far as this laptop has heard of them.
    pub(crate) fn holders(&self) -> Result<Vec<Holder>> {
        Ok(safeguarding::holders(&self.book.project, &self.book.revocations, &self.who.trust()?))
    }

    /// Writes the one packet that goes out with a sync. It is as long with something in it as with nothing, and without
    /// holders there is none.
    pub(crate) fn write_packet(&self) -> Result<()> {
        let holders = self.holders()?;
        let Some(own) = self.store.read(|view| view.restricted_reading_key())? else { return Ok(()) };
        if holders.is_empty() {
            return Ok(());
        }
        let addresses: Vec<Recipient> = holders.iter().map(|holder| holder.address).take(MAX_READERS - 1).collect();
        let readers: Vec<Recipient> = addresses.iter().copied().chain([own.recipient()]).collect();
        let sealed_for: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        let before: Vec<String> = papers::setting(&self.store, SEALED_FOR)?.unwrap_or_default();
        let chain = self.store.read(|view| view.restricted_chain())?;
        let stands = chain.is_some_and(|chain| !chain.is_forked()) && before == sealed_for;
        let opening = (!stands).then(|| self.opening()).transpose()?;
        // Of older chains, and on a holder's laptop of those of others: whoever is a holder now reads them too.
        let older = match &opening {
            Some(_) => self.store.read(|view| view.restricted_keys())?.without(None),
            None => Vec::new(),
        };
        let to: Vec<u64> = holders.iter().map(|holder| holder.certificate).collect();
        let grants = older.chunks(MAX_GRANTED).map(|some| {
            let mut content = Content::from(Grant { to: to.clone() }).encode()?;
            content.resize(content.len().max(PACKET_BYTES), b' ');
            Ok((some, self.restricted_body(kind::GRANT, content)))
        });
        let grants = grants.collect::<Result<Vec<_>>>()?;
        let seal = |packet: Packet| Ok::<_, crate::view::Refusal>(self.restricted_body(kind::REPORT, packet.encode()?));
        self.store.try_transact(Op::Seal, |tx| {
            if let Some((certificate, _, card)) = &opening {
                tx.open_restricted_chain(certificate, &readers, card)?;
                papers::put(tx, SEALED_FOR, &sealed_for)?;
            }
            for (some, body) in &grants {
                tx.grant_restricted(some, &readers, body)?;
            }
            let mut kept = Kept::read(tx)?;
            let packet = Packet::fill(&mut kept.waiting);
            let parts: Vec<RecordId> =
                packet.parts.iter().map(|part| part.id).chain(packet.pieces.iter().map(|piece| piece.id)).collect();
            let body = seal(packet)?;
            tx.append_restricted(&body)?;
            if let Some(chain) = tx.restricted_chain()?
                && let [head] = chain.heads[..]
            {
                kept.gone.extend(parts.into_iter().map(|part| (part, (chain.chain, head.seq.get()))));
            }
            Ok(kept.put(tx)?)
        })
    }

    /// A body of the restricted chain. Every one has a record of its own: what it is about stands inside.
    fn restricted_body(&self, kind: u16, content: Vec<u8>) -> PlainBody {
        let (record, author): (RecordId, _) = (self.new_record(), self.who.person);
        PlainBody { kind, record, parents: Vec::new(), author, at: stored(self.at()), content }
    }

    /// A holder's own word for the address that restricted chains are sealed for, on the card that leads read.
    pub(crate) fn say_address(&mut self) -> Result<()> {
        if !rights::reads_restricted(&self.who.survey_role()) || !self.store.can_sign() {
            return Ok(());
        }
        let (certificate, details) = self.who.certificate()?;
        let (signing, own) = self.store.read(|view| Ok((view.signing_key()?, view.restricted_reading_key()?)))?;
        let (Some(signing), Some(own)) = (signing, own) else { return Ok(()) };
        if self.holders()?.iter().any(|holder| holder.certificate == certificate.serial) {
            return Ok(());
        }
        let Some((record, state)) =
            self.book.project.members.iter().find(|(_, state)| {
                state.card.as_ref().is_some_and(|card| card.certificate == Some(certificate.serial))
            })
        else {
            return Ok(());
        };
        let word = HolderAddress::sign(&signing, &certificate, &details, own.recipient())?;
        let card = state.card.clone().ok_or_else(|| refuse("internal", "expected the own card, found none"))?;
        let after = Member { holder: Some(to_hex(&word.to_bytes()?)), ..card };
        let (record, parents, change) = (*record, state.heads(), state.edit(&after));
        self.append(record, parents, &Content::Member(change))?;
        Ok(())
    }

    /// A lead's laptop hands the holders' words on to the whole team, which does not read the holders' chains.
    pub(crate) fn hand_on_holders(&mut self) -> Result<()> {
        if !rights::is_read_by_all(&self.who.survey_role()) || self.is_revoked() {
            return Ok(());
        }
        let mut cards = Vec::new();
        for holder in self.holders()? {
            let found = self.book.project.members.iter().find(|(_, state)| {
                state.card.as_ref().is_some_and(|card| card.certificate == Some(holder.certificate))
            });
            let Some((record, state)) = found else { continue };
            let Some(card) = state.card.clone().filter(|card| card.holder.is_some()) else { continue };
            let field = Field::new("holder");
            let handed = entries_of(&self.store, *record)?.iter().any(|entry| {
                let of_all = self.book.team.0.get(&entry.chain).is_some_and(|one| rights::is_read_by_all(&one.role));
                let Content::Member(written) = &entry.content else { return false };
                of_all && written.keys().any(|key| key == field.as_str())
            });
            if !handed {
                cards.push(self.body(*record, state.heads(), &Content::Member(Card::whole(&card)))?);
            }
        }
        if cards.is_empty() { Ok(()) } else { self.append_all(&cards) }
    }

    /// Whether the person at the desk reads the reports of others.
    #[must_use]
    pub fn is_holder(&self) -> bool {
        rights::reads_restricted(&self.who.survey_role())
    }

    /// Whether what is collected may be of real children, as far as holders go.
    ///
    /// # Errors
    /// `holders-too-few`; the store's refusal.
    pub fn must_have_holders(&self) -> Result<()> {
        Ok(safeguarding::enough_holders(&self.holders()?)?)
    }
}
