//! Erasing an interview or some of its answers, here and wherever the erasure comes.

use std::collections::BTreeSet;

use tianye_journal::{ChainId, EntryHash, RecordId};
use tianye_store::{Dropped, Op};
use tianye_survey::rights::{Reach, reach};
use tianye_survey::{
    self as survey, Answer, CarriedOut, Content, Erasure, ErasureReason, ErasureState, Field, FormHash, Opened, kind,
};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::{record_id, unknown};
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::versions::carried_over;
use crate::view::{AnsweredView, EraseInput, ErasureView};
use crate::world;

/// Longest word of an erasure's author, in characters.
const LONGEST_NOTE: usize = 2000;

impl Desk {
    /// Erases an interview, or some of its answers, with their files: here at once, on every other laptop and on the hub at
    /// its next contact. What else stood in the same entries is kept, in the erasure. Gives the certificate.
    ///
    /// # Errors
    /// A role that may not; an interview that is not here; `erase-nothing` for fields that nothing was ever written in;
    /// the store's refusal.
    pub fn erase(&mut self, input: &EraseInput) -> Result<ErasureView> {
        if !self.may_erase() {
            return Err(refuse("no-right", "expected the lead or the safeguarding lead, found another role"));
        }
        let why = ErasureReason::from(input.why.as_str());
        if !ErasureReason::ALL.contains(&why) {
            return Err(refuse("internal", "expected one of the reasons for erasing, found another word"));
        }
        let note = input.note.trim();
        let found = note.chars().count();
        if found > LONGEST_NOTE {
            return Err(refuse("too-long", format!("expected at most {LONGEST_NOTE} characters, found {found}"))
                .with("limit", LONGEST_NOTE.to_string()));
        }
        // What is in no entry yet is sealed first: it goes with the rest.
        self.leave_quietly()?;
        let record = record_id(&input.record)?;
        let draft = self.store.read(|view| view.draft(record))?;
        if input.fields.is_empty() && draft.as_ref().is_some_and(|draft| draft.unsealed) {
            self.seal(record, &survey::Stage::Paused)?;
        }
        let entries = self.left_of(record)?;
        if entries.is_empty() && draft.is_none() {
            return Err(unknown(&input.record));
        }
        let erasure = if input.fields.is_empty() {
            survey::erase_record(&entries, why, note)
        } else {
            let fields: Vec<Field> = input.fields.iter().map(|field| Field::new(field.as_str())).collect();
            let target = self.book.interviews.get(&record).and_then(|brief| brief.form);
            let meant = |entry: &Opened, field: &Field| fields.contains(&self.as_shown(target, entry, field));
            survey::erase_answers(&entries, fields.clone(), why, note, &meant)
        };
        if erasure.bodies.is_empty() {
            return Err(refuse("erase-nothing", "expected answers that were written, found none"));
        }
        let parents = survey::interview(record, &entries, &self.book.team).heads();
        let body = self.body(record, parents, &Content::from(erasure.clone()))?;
        let hash = self.store.transact(Op::Erase, |tx| {
            let hash = tx.append_own(&body)?;
            self.drop_all(tx, record, &erasure)?;
            Ok(hash)
        })?;
        self.book.read_on(&self.store)?;
        let certificates = self.erasures()?;
        let own = certificates.into_iter().find(|certificate| certificate.id == hash.to_string());
        own.ok_or_else(|| refuse("internal", "expected the erasure that was just written, found none"))
    }

    /// Every erasure that can be read, the newest last by the clocks of who wrote them.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn erasures(&self) -> Result<Vec<ErasureView>> {
        let (unfinished, on_hub) = (self.store.is_erasing()?, self.hub_keeps_erased()?);
        let mut views = Vec::new();
        for record in self.store.read(|view| view.records_of_kind(kind::ERASURE))? {
            let state = survey::erasures(record, &entries_of(&self.store, record)?, &self.book.team);
            for (hash, erased) in &state.erasures {
                let answered = self.laptops(&state.answered(hash));
                let all = self.laptops(&self.book.owners.keys().copied().collect());
                views.push(ErasureView {
                    id: hash.to_string(),
                    record: record.to_string(),
                    fields: small(erased.erasure.fields.len()),
                    why: erased.erasure.why.as_str().to_owned(),
                    note: erased.erasure.note.to_string(),
                    by: self.book.name(&erased.author),
                    at: world::iso_of(erased.at.ms, erased.at.offset).unwrap_or_default(),
                    bodies: small(erased.erasure.bodies.len()),
                    chunks: small(erased.erasure.chunks.len()),
                    waiting: all.difference(&answered).cloned().collect(),
                    answered: answered.into_iter().collect(),
                    on_hub,
                    unfinished,
                });
            }
        }
        views.sort_by(|a, b| (&a.at, &a.id).cmp(&(&b.at, &b.id)));
        Ok(views)
    }

    /// Carries out the erasures that have come, and says so in an entry each, so that whoever erased can see it.
    pub(crate) fn carry_out_erasures(&mut self) -> Result<()> {
        for record in std::mem::take(&mut self.book.erased_in) {
            let entries = entries_of(&self.store, record)?;
            let state = survey::erasures(record, &entries, &self.book.team);
            let own = self.own_chains()?;
            let news: Vec<(EntryHash, Erasure)> = state
                .erasures
                .iter()
                .filter(|(hash, _)| state.answered(hash).is_disjoint(&own))
                .map(|(hash, erased)| (*hash, erased.erasure.clone()))
                .collect();
            for (hash, erasure) in news {
                if self.open.as_ref().is_some_and(|open| open.record() == record) {
                    self.open = None;
                }
                self.store.transact(Op::Erase, |tx| {
                    let Dropped { bodies, chunks } = self.drop_all(tx, record, &erasure)?;
                    let said = CarriedOut { erasure: hash, bodies: small(bodies), chunks: small(chunks) };
                    let body = self
                        .body(record, Vec::new(), &Content::from(said))
                        .map_err(|why| tianye_store::Error::Invalid { what: "own entry", why: why.detail })?;
                    tx.append_own(&body).map(|_| ())
                })?;
            }
            self.erase_late(record, &entries, &state)?;
        }
        self.book.read_on(&self.store)?;
        // What was just written of them needs no second look.
        self.book.erased_in.clear();
        Ok(())
    }

    /// What was written of an erased interview by a laptop that did not know of it yet is erased too.
    fn erase_late(&mut self, record: RecordId, entries: &[Opened], state: &ErasureState) -> Result<()> {
        let whole = state.erasures.values().find(|erased| erased.erasure.fields.is_empty());
        let Some(whole) = whole.filter(|_| self.may_erase()) else { return Ok(()) };
        let late: Vec<Opened> = state.late(entries).into_iter().cloned().collect();
        if late.is_empty() {
            return Ok(());
        }
        let erasure = survey::erase_record(&late, whole.erasure.why.clone(), "");
        let body = self.body(record, Vec::new(), &Content::from(erasure.clone()))?;
        self.store.transact(Op::Erase, |tx| {
            tx.append_own(&body)?;
            self.drop_all(tx, record, &erasure).map(|_| ())
        })?;
        Ok(())
    }

    /// Whether the person at the desk may erase any record.
    fn may_erase(&self) -> bool {
        reach(&survey::Role::from(self.who.role.as_str()), kind::ERASURE) == Reach::Any
    }

    /// Drops what an erasure names, and what was typed of it in this laptop's draft.
    fn drop_all(
        &self,
        tx: &mut tianye_store::Tx<'_>,
        record: RecordId,
        erasure: &Erasure,
    ) -> tianye_store::Result<Dropped> {
        let bodies: Vec<EntryHash> = erasure.bodies.iter().map(|body| body.entry).collect();
        let dropped = tx.erase(&bodies, &erasure.chunks)?;
        let Some(draft) = tx.draft(record)? else { return Ok(dropped) };
        if erasure.fields.is_empty() {
            tx.drop_draft(record, true)?;
            return Ok(dropped);
        }
        let target = self.book.interviews.get(&record).and_then(|brief| brief.form);
        for one in tx.answers(record)? {
            let field = Field::new(one.path.as_str());
            let shown = self.under(target, &FormHash(draft.form), &field);
            let goes = |field: &Field| erasure.fields.contains(field);
            if goes(&shown) || shown.rows().any(|row| goes(&row)) || field.is_audit() {
                tx.erase_from_draft(record, &one.path)?;
            }
        }
        Ok(dropped)
    }

    /// The entries of a record as earlier erasures left them.
    fn left_of(&self, record: RecordId) -> Result<Vec<Opened>> {
        Ok(survey::without_erased(record, &entries_of(&self.store, record)?, &self.book.team))
    }

    /// A field of an entry as it is shown.
    fn as_shown(&self, target: Option<FormHash>, entry: &Opened, field: &Field) -> Field {
        match &entry.content {
            Content::Interview(sitting) => self.under(target, &sitting.form, field),
            Content::Decision(decision) => match &decision.form {
                Some(form) => self.under(target, form, field),
                None => field.clone(),
            },
            _ => field.clone(),
        }
    }

    /// A field of one version of a form as another names it.
    fn under(&self, target: Option<FormHash>, form: &FormHash, field: &Field) -> Field {
        let Some(target) = target else { return field.clone() };
        let way = self.book.library.way(&self.book.project, &self.store, form, &target);
        carried_over(&way, field, &Answer::Blank).0
    }

    fn own_chains(&self) -> Result<BTreeSet<ChainId>> {
        let serial = self.who.certificate()?.0.serial;
        let own = self.book.owners.iter().filter(|(_, member)| member.certificate == Some(serial));
        Ok(own.map(|(chain, _)| *chain).collect())
    }

    fn laptops(&self, chains: &BTreeSet<ChainId>) -> BTreeSet<AnsweredView> {
        let laptop = |chain: &ChainId| {
            let person = self.book.owners.get(chain).map(|member| self.book.name(&member.person)).unwrap_or_default();
            AnsweredView { person, device: self.book.device(chain) }
        };
        chains.iter().map(laptop).collect()
    }
}
