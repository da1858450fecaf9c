//! Erasing an interview, some of its answers or a respondent, here and wherever the erasure comes.

mod certificate;
mod letter;
mod preview;
mod set_aside;

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, ChunkId, EntryHash, RecordId, seal_rest};
use tianye_store::{Dropped, Op};
use tianye_survey::rights::{Reach, is_read_by_all, reach};
use tianye_survey::{
    self as survey, Answer, CarriedOut, Content, Erasure, ErasureReason, ErasureState, Field, FormHash, Opened, kind,
};

use tianye_xform::FieldPath;

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::{record_id, unknown};
use crate::interview::page::small;
use crate::kept_exports::Gone;
use crate::refusal::{Result, refuse};
use crate::study::Study;
use crate::versions::carried_over;
use crate::view::{EraseInput, ErasureView};
use crate::world;

/// Longest word of an erasure's author, in characters.
const LONGEST_NOTE: usize = 2000;

impl Desk {
    /// Erases an interview, some of its answers, or a respondent with everything of theirs, with the files: here at once, on
    /// every other laptop and on the hub at its next contact. What else stood in the same entries is kept, in the erasure.
    /// Gives the certificate.
    ///
    /// # Errors
    /// A role that may not; an interview or a respondent that is not here; `erase-nothing` for fields that nothing was ever
    /// written in; the store's refusal.
    pub fn erase(&mut self, input: &EraseInput) -> Result<ErasureView> {
        self.must_erase()?;
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
        let erasures = match (input.person.is_empty(), input.fields.is_empty()) {
            (false, _) => self.erasures_of_person(record_id(&input.person)?, &why, note)?,
            (true, true) => self.erasures_of_interview(record_id(&input.record)?, &why, note)?,
            (true, false) => self.erasure_of_answers(input, why, note)?,
        };
        if erasures.iter().all(|(_, erasure)| erasure.bodies.is_empty()) {
            return Err(refuse("erase-nothing", "expected answers that were written, found none"));
        }
        let act = self.erase_as_one(erasures)?;
        let own = self.erasures("")?.into_iter().find(|certificate| certificate.id == act.to_string());
        own.ok_or_else(|| refuse("internal", "expected the erasure that was just written, found none"))
    }

    /// Seals erasures as one act of a person, and carries them out here. Gives the act.
    pub(crate) fn erase_as_one(&mut self, erasures: Vec<(RecordId, Erasure)>) -> Result<RecordId> {
        let act = self.new_record();
        let of_act = |(record, erasure): (RecordId, Erasure)| (record, Erasure { act: Some(act), ..erasure });
        self.append_erasures(erasures.into_iter().map(of_act).collect())?;
        self.erase_told()?;
        self.book.erased_in.clear();
        Ok(act)
    }

    /// Erases answers that stand in a report by now. Who may not erase just any record erases what they wrote themselves.
    pub(crate) fn erase_answers_of_own(&mut self, input: &EraseInput) -> Result<()> {
        let erasures = self.erasure_of_answers(input, ErasureReason::from(input.why.as_str()), "")?;
        if erasures.iter().all(|(_, erasure)| erasure.bodies.is_empty()) {
            return Err(refuse("erase-nothing", "expected answers that were written, found none"));
        }
        let act = self.new_record();
        self.append_erasures(
            erasures.into_iter().map(|(of, erasure)| (of, Erasure { act: Some(act), ..erasure })).collect(),
        )?;
        self.erase_told()?;
        self.book.erased_in.clear();
        Ok(())
    }

    /// Whether the person at the desk may move these answers: anybody who may erase, and whoever wrote all of them.
    pub(crate) fn may_move(&self, of: &crate::care::ToErase) -> Result<()> {
        if self.may_erase() {
            return Ok(());
        }
        let input = EraseInput {
            record: of.record.to_string(),
            person: String::new(),
            fields: of.fields.clone(),
            why: String::new(),
            note: String::new(),
        };
        let erasures = self.erasure_of_answers(&input, ErasureReason::Misplaced, "")?;
        let bodies = erasures.iter().flat_map(|(_, erasure)| &erasure.bodies);
        if reach(&self.who.survey_role(), kind::ERASURE) == Reach::Own
            && bodies.clone().all(|body| body.author == self.who.person)
        {
            return Ok(());
        }
        Err(refuse("erase-others", "expected answers that this person wrote, found some of somebody else"))
    }

    /// An interview, and what was said of it beside: whether it is another one too.
    pub(crate) fn erasures_of_interview(
        &mut self,
        record: RecordId,
        why: &ErasureReason,
        note: &str,
    ) -> Result<Vec<(RecordId, Erasure)>> {
        self.seal_draft(record)?;
        if self.left_of(record)?.is_empty() {
            return Err(unknown(&record.to_string()));
        }
        let mut records = vec![record];
        // Who may erase only what is theirs leaves a lead's word about it to a lead's laptop.
        records.extend(self.pairs_with(&[record]).into_iter().filter(|_| self.may_erase()));
        self.whole(&records, why, note)
    }

    /// A respondent: the card, and cards that were linked with it; their consents, assignments and ties; their interviews; and
    /// what was said of whether they are others too.
    pub(crate) fn erasures_of_person(
        &mut self,
        person: RecordId,
        why: &ErasureReason,
        note: &str,
    ) -> Result<Vec<(RecordId, Erasure)>> {
        let cards = self.cards_of(&person);
        for draft in self.drafts_of(&cards)? {
            self.seal_draft(draft.record)?;
        }
        let mut records = cards.clone();
        records.extend(self.papers_of(&cards).into_iter().flatten());
        records.extend(self.ties_with(&cards));
        records.extend(self.interviews_of(&cards));
        records.extend(self.pairs_with(&records));
        let erasures = self.whole(&records, why, note)?;
        if erasures.is_empty() {
            return Err(preview::unknown_respondent());
        }
        Ok(erasures.into_iter().map(|(of, erasure)| (of, Erasure { person: Some(person), ..erasure })).collect())
    }

    pub(crate) fn erasure_of_answers(
        &self,
        input: &EraseInput,
        why: ErasureReason,
        note: &str,
    ) -> Result<Vec<(RecordId, Erasure)>> {
        let record = record_id(&input.record)?;
        let mut entries = self.left_of(record)?;
        if entries.is_empty() {
            return Err(unknown(&input.record));
        }
        if !self.may_erase() {
            // What others' erasures hold is left to a lead's laptop: one that named these would have no effect.
            let own =
                |entry: &Opened| self.book.team.0.get(&entry.chain).is_some_and(|one| one.person == self.who.person);
            entries.retain(|entry| match &entry.content {
                Content::Erasure(erasure) => own(entry) && !erasure.void,
                _ => true,
            });
        }
        let target = self.book.interviews.get(&record).and_then(|brief| brief.form);
        let mut fields: BTreeSet<Field> = input.fields.iter().map(|field| Field::new(field.as_str())).collect();
        fields.extend(self.filled_in_from(target, &entries, &fields));
        let fields: Vec<Field> = fields.into_iter().collect();
        let meant = |entry: &Opened, field: &Field| fields.contains(&self.as_shown(target, entry, field));
        Ok(vec![(record, survey::erase_answers(&entries, fields.clone(), why, note, &meant))])
    }

    /// Erasures of whole records; the note stands in the first. Records of which nothing is left are passed over.
    fn whole(&self, records: &[RecordId], why: &ErasureReason, note: &str) -> Result<Vec<(RecordId, Erasure)>> {
        let mut erasures: Vec<(RecordId, Erasure)> = Vec::new();
        for record in records {
            let note = if erasures.is_empty() { note } else { "" };
            let erasure = survey::erase_record(&self.left_of(*record)?, why.clone(), note);
            if !erasure.bodies.is_empty() {
                erasures.push((*record, erasure));
            }
        }
        Ok(erasures)
    }

    /// What was begun on this laptop and is in no entry yet becomes one.
    pub(crate) fn seal_draft(&mut self, record: RecordId) -> Result<()> {
        let draft = self.store.read(|view| view.draft(record))?;
        if draft.is_some_and(|draft| draft.unsealed || draft.parents.is_empty()) {
            self.seal(record, &survey::Stage::Paused)?;
        }
        Ok(())
    }

    /// The cards of a respondent: this one, and those that were linked with it.
    pub(crate) fn cards_of(&self, person: &RecordId) -> Vec<RecordId> {
        self.book.project.identities().all_of(person)
    }

    /// The consents and the assignments of a respondent.
    pub(crate) fn papers_of(&self, cards: &[RecordId]) -> [Vec<RecordId>; 2] {
        let project = &self.book.project;
        let consents = project.consents.iter().filter_map(|(record, state)| {
            state.card.as_ref().is_some_and(|consent| cards.contains(&consent.subject)).then_some(*record)
        });
        let interviews = self.interviews_of(cards);
        let assignments = project.assignments.iter().filter_map(|(record, state)| {
            let assignment = state.card.as_ref()?;
            let of = assignment.subject.is_some_and(|subject| cards.contains(&subject))
                || assignment.interview.is_some_and(|interview| interviews.contains(&interview));
            of.then_some(*record)
        });
        [consents.collect(), assignments.collect()]
    }

    /// What the cards are to others, and others to them.
    fn ties_with(&self, cards: &[RecordId]) -> Vec<RecordId> {
        let has = |tie: &survey::Tie| cards.contains(&tie.person) || cards.contains(&tie.to);
        let ties = self.book.project.ties.iter();
        ties.filter(|(_, state)| state.card.as_ref().is_some_and(has)).map(|(record, _)| *record).collect()
    }

    /// The interviews of a respondent: about them, or in which they answered about a child.
    pub(crate) fn interviews_of(&self, cards: &[RecordId]) -> Vec<RecordId> {
        let interviews = self.book.interviews.iter();
        interviews.filter(|(_, brief)| self.is_theirs(cards, brief)).map(|(record, _)| *record).collect()
    }

    /// Where it stands what one of these records is to another.
    pub(crate) fn pairs_with(&self, records: &[RecordId]) -> Vec<RecordId> {
        let has = |pair: &survey::Pair| records.iter().any(|record| pair.has(record));
        let links = self.book.project.links.iter();
        links.filter(|(_, link)| link.pair.as_ref().is_some_and(has)).map(|(record, _)| *record).collect()
    }

    /// Seals erasures, each in its record, and carries them out here, all in one step.
    fn append_erasures(&mut self, erasures: Vec<(RecordId, Erasure)>) -> Result<()> {
        let mut parts = Vec::new();
        for (record, erasure) in erasures {
            let entries = entries_of(&self.store, record)?;
            let parents = survey::interview(record, &entries, &self.book.team).heads();
            for part in self.sealed(&erasure)?.in_parts() {
                parts.push((record, self.body(record, parents.clone(), &Content::from(part.clone()))?, part));
            }
        }
        let reach = self.reach()?;
        let named = self.named_with(&parts.iter().flat_map(|(.., erasure)| reach.of(erasure)).collect())?;
        self.store.transact(Op::Erase, |tx| {
            for (record, body, erasure) in &parts {
                let held = reach.of(erasure);
                let hash = tx.append_own(body)?;
                let Dropped { bodies, chunks } = self.drop_all(tx, *record, erasure, &BTreeSet::new())?;
                // An erasure says by itself that its author's laptop has carried it out; not what is out of its reach.
                if !held.is_empty() {
                    let said = CarriedOut { bodies: small(bodies), chunks: small(chunks), ..CarriedOut::of(hash) };
                    self.append_word(tx, *record, said.holding(&held))?;
                }
            }
            Self::keep_named(tx, named.as_ref())
        })?;
        self.book.read_on(&self.store)?;
        Ok(())
    }

    /// Carries out the erasures that have come, and says so in an entry each, so that whoever erased can see it.
    pub(crate) fn carry_out_erasures(&mut self) -> Result<()> {
        let reach = self.reach()?;
        let mut waiting = Vec::new();
        for record in std::mem::take(&mut self.book.erased_in) {
            let entries = entries_of(&self.store, record)?;
            if entries.iter().any(
                |entry| matches!(&entry.content, Content::Erasure(said) if said.unconfirmed || said.unconfirmed_below),
            ) {
                waiting.push(record);
            }
            let state = survey::erasures(record, &entries, &self.book.team);
            let own = self.own_chains()?;
            let mut news: Vec<(EntryHash, &survey::Erased, bool)> = Vec::new();
            for (hash, erased) in &state.erasures {
                // A revoked laptop's word has no effect: it drops what was erased, and does not say so again and again.
                let is_said = self.is_revoked() || !state.answered(hash).is_disjoint(&own);
                // A clone of this disk may have said it for both, or this one said it before an old copy was put back.
                if !is_said || !self.has_dropped(&erased.erasure)? {
                    let named = state.out_of_reach(hash, |chain| own.contains(chain));
                    let all_said = is_said && (self.is_revoked() || reach.of(&erased.erasure).is_subset(&named));
                    news.push((*hash, erased, all_said));
                }
            }
            let exports = if news.is_empty() { Vec::new() } else { self.kept_exports()? };
            for (hash, erased, is_said) in news {
                let erasure = &erased.erasure;
                let gone = [gone_of(&act_of(&hash, erasure), record, erasure, self.study().ok().as_ref())];
                let exports = small(exports.iter().filter(|kept| !kept.to_drop(&gone).is_empty()).count());
                // One that says again what was carried out here takes nothing that was typed since, and disturbs nobody.
                let said_again =
                    if self.has_dropped(erasure)? { carried_out_here(&state, &own) } else { BTreeSet::new() };
                let draft_too = self.reaches_draft(record, erased)?;
                let takes = draft_too
                    && (erasure.fields.is_empty() || !erasure.fields.iter().all(|one| said_again.contains(one)));
                if takes && self.open.as_ref().is_some_and(|open| open.record() == record) {
                    (self.open, self.erased_open) = (None, true);
                }
                let held = reach.of(erasure);
                let named = self.named_with(&held)?;
                self.store.transact(Op::Erase, |tx| {
                    let Dropped { bodies, chunks } = if draft_too {
                        self.drop_all(tx, record, erasure, &said_again)?
                    } else {
                        drop_named(tx, erasure)?
                    };
                    if is_said {
                        return Ok(());
                    }
                    let (bodies, chunks) = (small(bodies), small(chunks));
                    let said = CarriedOut { bodies, chunks, exports, ..CarriedOut::of(hash) };
                    self.append_word(tx, record, said.holding(&held))?;
                    Self::keep_named(tx, named.as_ref())
                })?;
            }
            self.erase_late(record, &state)?;
            self.repeat_for_all(record, &state)?;
        }
        self.book.read_on(&self.store)?;
        self.erase_told()?;
        self.say_gone(false)?;
        // What was just written of them needs no second look; what names entries that are not here yet does.
        self.book.erased_in.clear();
        self.book.erased_in.extend(waiting);
        Ok(())
    }

    /// Whether an erasure takes what is being written on this laptop too. Who may erase only what is theirs has no word about
    /// what somebody else has begun and told nothing of yet.
    fn reaches_draft(&self, record: RecordId, erased: &survey::Erased) -> Result<bool> {
        let standing = self.book.team.0.get(&erased.chain);
        let may_any = standing.is_some_and(|standing| reach(&standing.role, kind::ERASURE) == Reach::Any);
        if may_any || erased.author == self.who.person {
            return Ok(true);
        }
        let goes_on = |draft: tianye_store::Draft| !draft.parents.is_empty();
        Ok(erased.of_record && self.store.read(|view| view.draft(record))?.is_none_or(goes_on))
    }

    /// Writes this laptop's word on an erasure.
    fn append_word(
        &self,
        tx: &mut tianye_store::Tx<'_>,
        record: RecordId,
        said: CarriedOut,
    ) -> tianye_store::Result<()> {
        let body = self
            .body(record, Vec::new(), &Content::from(said))
            .map_err(|why| tianye_store::Error::Invalid { what: "own entry", why: why.detail })?;
        tx.append_own(&body).map(|_| ())
    }

    /// Whether everything that an erasure names was dropped on this disk.
    pub(crate) fn has_dropped(&self, erasure: &Erasure) -> Result<bool> {
        Ok(self.store.read(|view| {
            for body in &erasure.bodies {
                if !view.is_erased(body.entry)? {
                    return Ok(false);
                }
            }
            for chunk in &erasure.chunks {
                if !view.is_chunk_erased(chunk)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })?)
    }

    /// What was written by a laptop that did not know of an erasure yet is erased too, as part of the same act: of an
    /// interview that was erased, everything; of one that lost answers, what was made of entities. So is what erasures that did not
    /// know of each other keep of what the others took.
    fn erase_late(&mut self, record: RecordId, state: &ErasureState) -> Result<()> {
        if !self.tidies() {
            return Ok(());
        }
        let whole = state.erasures.values().find(|erased| erased.of_record && erased.erasure.fields.is_empty());
        let erasure = if let Some(whole) = whole {
            let Erasure { why, act, person, .. } = whole.erasure.clone();
            let erasure = survey::erase_record(&self.left_of(record)?, why, "");
            if erasure.bodies.is_empty() {
                return Ok(());
            }
            Erasure { act, person, ..erasure }
        } else {
            if let Some(erasure) = survey::erase_kept(&self.left_of(record)?) {
                let why = erasure.why.clone().for_everybody();
                self.append_erasures(vec![(record, Erasure { why, ..erasure })])?;
            }
            let Some(erasure) = survey::erase_acts(&self.left_of(record)?, state) else { return Ok(()) };
            erasure
        };
        let erasure = Erasure { why: erasure.why.clone().for_everybody(), ..erasure };
        self.append_erasures(vec![(record, erasure)])
    }

    /// Says again, as part of the same act, what somebody erased in a chain that only leads read: colleagues, who hold what
    /// was erased under seals that they cannot open, would never hear of it.
    fn repeat_for_all(&mut self, record: RecordId, state: &ErasureState) -> Result<()> {
        if !self.tidies() || !is_read_by_all(&self.who.survey_role()) {
            return Ok(());
        }
        let is_for_all = |erased: &&survey::Erased| {
            let standing = self.book.team.0.get(&erased.chain);
            standing.is_some_and(|standing| is_read_by_all(&standing.role))
        };
        let for_all = || state.erasures.values().filter(is_for_all).map(|erased| &erased.erasure);
        let mut bodies: BTreeSet<EntryHash> = for_all().flat_map(|one| &one.bodies).map(|body| body.entry).collect();
        let mut chunks: BTreeSet<ChunkId> = for_all().flat_map(|one| one.chunks.iter().copied()).collect();
        let mut again = Vec::new();
        for erased in state.erasures.values().filter(|erased| !is_for_all(erased)) {
            let mut erasure = erased.erasure.clone();
            erasure.bodies.retain(|body| bodies.insert(body.entry));
            erasure.chunks.retain(|chunk| chunks.insert(*chunk));
            if erasure.bodies.is_empty() && erasure.chunks.is_empty() {
                continue;
            }
            erasure.why = erasure.why.for_everybody();
            again.push((record, erasure));
        }
        if again.is_empty() { Ok(()) } else { self.append_erasures(again) }
    }

    /// Erases what was handed on of interviews before somebody erased them or answers of them, as part of the same act.
    /// What is left of an interview is handed on anew.
    fn erase_told(&mut self) -> Result<()> {
        if !self.tidies() {
            return Ok(());
        }
        let erasures = self.book.entities.erasures();
        for handing in self.book.entities.handing_records().collect::<Vec<_>>() {
            let stale = |desk: &Self, of: &BTreeMap<RecordId, Vec<EntryHash>>| {
                Ok::<_, crate::view::Refusal>(survey::erase_told(&desk.left_of(handing)?, of, ErasureReason::Withdrawn))
            };
            let all = stale(self, &erasures)?.map(|erasure| erasure.fields).unwrap_or_default();
            for interview in all.iter().filter_map(Field::told) {
                let erased = erasures.get(&interview).cloned().unwrap_or_default();
                let Some(erasure) = stale(self, &BTreeMap::from([(interview, erased)]))? else { continue };
                let Some(of) = self.last_erasure_of(interview, |_| true)? else { continue };
                let erasure = Erasure { why: of.why, act: of.act, person: of.person, ..erasure };
                self.append_erasures(vec![(handing, erasure)])?;
            }
        }
        self.erase_begun()
    }

    /// Erases what colleagues told of having begun an interview that somebody erased whole, or one with a respondent who was
    /// erased, as part of the same act.
    fn erase_begun(&mut self) -> Result<()> {
        let erased = self.book.entities.erasures();
        let project = &self.book.project;
        let gone = |card: &RecordId| project.subject(card).is_none();
        let mut stale: Vec<(RecordId, RecordId, RecordId)> = Vec::new();
        for (telling, begun) in project.tellings() {
            for one in begun {
                let of = Some(one.interview).filter(|interview| erased.contains_key(interview));
                let of = of.into_iter().chain(one.subject.filter(gone));
                stale.extend(of.map(|of| (*telling, one.interview, of)));
            }
        }
        for (telling, interview, of) in stale {
            let Some(of) = self.last_erasure_of(of, |erasure| erasure.fields.is_empty())? else { continue };
            let Some(erasure) = survey::erase_begun(&self.left_of(telling)?, &interview, of.why) else { continue };
            self.append_erasures(vec![(telling, Erasure { act: of.act, person: of.person, ..erasure })])?;
        }
        self.erase_pairs()
    }

    /// Erases what was said of whether an interview is another one too, where somebody has erased that interview who could not
    /// erase this, as part of the same act.
    fn erase_pairs(&mut self) -> Result<()> {
        let erased = self.book.entities.erasures();
        let mut stale: Vec<(RecordId, RecordId)> = Vec::new();
        for (link, state) in &self.book.project.links {
            let of = erased.keys().find(|one| state.pair.as_ref().is_some_and(|pair| pair.has(one)));
            stale.extend(of.map(|of| (*link, *of)));
        }
        for (link, of) in stale {
            let Some(of) = self.last_erasure_of(of, |erasure| erasure.fields.is_empty())? else { continue };
            let erasure = survey::erase_record(&self.left_of(link)?, of.why, "");
            if !erasure.bodies.is_empty() {
                self.append_erasures(vec![(link, Erasure { act: of.act, person: of.person, ..erasure })])?;
            }
        }
        Ok(())
    }

    /// Whether somebody's card was erased whole since everything was taken back.
    pub(crate) fn is_gone_as_withdrawn(&self, subject: RecordId) -> Result<bool> {
        let is_gone = self.book.project.subjects.get(&subject).is_some_and(|state| state.card.is_none());
        if !is_gone {
            return Ok(false);
        }
        let last = self.last_erasure_of(subject, |erasure| !erasure.bodies.is_empty())?;
        Ok(last.is_some_and(|last| last.why == ErasureReason::Withdrawn))
    }

    /// The last erasure in a record, of those that are meant, with the reason as everybody may read it.
    fn last_erasure_of(&self, record: RecordId, is_meant: impl Fn(&Erasure) -> bool) -> Result<Option<Erasure>> {
        let state = survey::erasures(record, &entries_of(&self.store, record)?, &self.book.team);
        let meant = state.erasures.into_values().filter(|erased| is_meant(&erased.erasure));
        let last = meant.max_by_key(|erased| (erased.at.ms, erased.chain)).map(|erased| erased.erasure);
        Ok(last.map(|last| Erasure { why: last.why.clone().for_everybody(), ..last }))
    }

    /// An erasure as it may be written: what it leaves of an entry is for those who could read the entry.
    fn sealed(&self, erasure: &Erasure) -> Result<Erasure> {
        let mut rng = world::key_rng(&*self.world);
        survey::seal_rests(erasure, &mut |chain, entry, rest| {
            let key = self.store.read(|view| view.content_key(chain))?;
            let key =
                key.ok_or(tianye_store::Error::NotFound { what: "content key of a chain that is erased from" })?;
            Ok(seal_rest(&key, entry, rest, &mut rng))
        })
    }

    /// Whether this laptop erases by itself what others' erasures leave to do: a revoked one's word would have no effect.
    fn tidies(&self) -> bool {
        self.may_erase() && !self.is_revoked()
    }

    /// Whether the person at the desk may erase any record.
    pub(crate) fn may_erase(&self) -> bool {
        reach(&self.who.survey_role(), kind::ERASURE) == Reach::Any
    }

    /// Drops what an erasure names, and what was typed of it in this laptop's draft, but for the fields that are spared.
    fn drop_all(
        &self,
        tx: &mut tianye_store::Tx<'_>,
        record: RecordId,
        erasure: &Erasure,
        spared: &BTreeSet<Field>,
    ) -> tianye_store::Result<Dropped> {
        let dropped = drop_named(tx, erasure)?;
        let Some(draft) = tx.draft(record)? else { return Ok(dropped) };
        if erasure.fields.is_empty() {
            tx.drop_draft(record, true)?;
            return Ok(dropped);
        }
        let target = self.book.interviews.get(&record).and_then(|brief| brief.form);
        for one in tx.answers(record)? {
            let field = Field::new(one.path.as_str());
            let shown = self.under(target, &FormHash(draft.form), &field);
            let goes = |field: &Field| erasure.fields.contains(field) && !spared.contains(field);
            if goes(&shown) || shown.rows().any(|row| goes(&row)) || (field.is_audit() && spared.is_empty()) {
                tx.erase_from_draft(record, &one.path)?;
            }
        }
        Ok(dropped)
    }

    /// The entries of a record as earlier erasures left them.
    pub(crate) fn left_of(&self, record: RecordId) -> Result<Vec<Opened>> {
        let entries = entries_of(&self.store, record)?;
        let left = if self.may_erase() { survey::without_erased_by_all } else { survey::without_erased };
        Ok(left(record, &entries, &self.book.team))
    }

    /// What the program wrote in a record that the form fills in from these fields, as it is shown: it may repeat them.
    fn filled_in_from(
        &self,
        target: Option<FormHash>,
        entries: &[Opened],
        fields: &BTreeSet<Field>,
    ) -> BTreeSet<Field> {
        let Some(form) = target.and_then(|target| self.form(&target).ok()) else { return BTreeSet::new() };
        let paths: Vec<FieldPath> = fields.iter().filter_map(Field::path).collect();
        let beside = |field: &Field, of: &FieldPath| {
            // In another row of a repeat around both it says something of that row.
            let other = |row: &Field| {
                row.row().is_some_and(|(repeat, _)| {
                    Field::from(of)
                        .rows()
                        .any(|own| own != *row && own.row().is_some_and(|(around, _)| around == repeat))
                })
            };
            !field.rows().any(|row| other(&row))
        };
        let mut found = BTreeSet::new();
        for path in &paths {
            let templates = form.filled_in_from([path.template().as_str()]);
            for entry in entries {
                let Content::Interview(sitting) = &entry.content else { continue };
                let by_program = sitting.changes.iter().filter(|change| change.auto && !change.field.is_audit());
                for shown in by_program.map(|change| self.as_shown(target, entry, &change.field)) {
                    let template = shown.path().map(|path| path.template());
                    if template.is_some_and(|template| templates.contains(template.as_str())) && beside(&shown, path) {
                        found.insert(shown);
                    }
                }
            }
        }
        found
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

    pub(crate) fn own_chains(&self) -> Result<BTreeSet<ChainId>> {
        let serial = self.who.certificate()?.0.serial;
        let own = self.book.owners.iter().filter(|(_, member)| member.certificate == Some(serial));
        Ok(own.map(|(chain, _)| *chain).collect())
    }
}

/// Drops what an erasure names.
fn drop_named(tx: &mut tianye_store::Tx<'_>, erasure: &Erasure) -> tianye_store::Result<Dropped> {
    let bodies: Vec<EntryHash> = erasure.bodies.iter().map(|body| body.entry).collect();
    tx.erase(&bodies, &erasure.chunks)
}

/// The fields of the erasures in a record that the laptop of these chains has carried out.
fn carried_out_here(state: &ErasureState, own: &BTreeSet<ChainId>) -> BTreeSet<Field> {
    let here = state.erasures.iter().filter(|(hash, _)| !state.answered(hash).is_disjoint(own));
    here.flat_map(|(_, erased)| erased.erasure.fields.iter().cloned()).collect()
}

/// The act that an erasure is part of.
pub(crate) fn act_of(hash: &EntryHash, erasure: &Erasure) -> String {
    erasure.act.map_or_else(|| hash.to_string(), |act| act.to_string())
}

/// What an erasure took, as far as exports go.
pub(crate) fn gone_of(act: &str, record: RecordId, erasure: &Erasure, study: Option<&Study>) -> Gone {
    let answers = erasure.fields.iter().filter(|field| field.told().is_none());
    let answers = answers.map(|field| (record, field.as_str().to_owned())).collect();
    let whole = if erasure.fields.is_empty() { BTreeSet::from([record]) } else { BTreeSet::new() };
    Gone {
        act: act.to_owned(),
        whole,
        answers,
        codes: study.map(|study| (record, study.interview(&record))).into_iter().collect(),
    }
}
