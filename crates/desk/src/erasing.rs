//! Erasing an interview or some of its answers, here and wherever the erasure comes.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, EntryHash, RecordId, seal_rest};
use tianye_store::{Dropped, Op};
use tianye_survey::rights::{Reach, reach};
use tianye_survey::{
    self as survey, Answer, CarriedOut, Content, Erased, Erasure, ErasureReason, ErasureState, Field, FormHash, Opened,
    kind,
};

use tianye_xform::FieldPath;

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

/// A part of an act: an erasure in one record, and who has carried it out.
struct Part {
    record: RecordId,
    answered: BTreeSet<AnsweredView>,
    erased: Erased,
}

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
            let target = self.book.interviews.get(&record).and_then(|brief| brief.form);
            let mut fields: BTreeSet<Field> = input.fields.iter().map(|field| Field::new(field.as_str())).collect();
            fields.extend(self.filled_in_from(target, &entries, &fields));
            let fields: Vec<Field> = fields.into_iter().collect();
            let meant = |entry: &Opened, field: &Field| fields.contains(&self.as_shown(target, entry, field));
            survey::erase_answers(&entries, fields.clone(), why, note, &meant)
        };
        if erasure.bodies.is_empty() {
            return Err(refuse("erase-nothing", "expected answers that were written, found none"));
        }
        let act = self.new_record();
        self.append_erasures(vec![(record, Erasure { act: Some(act), ..erasure })])?;
        self.erase_told()?;
        self.book.read_on(&self.store)?;
        self.book.erased_in.clear();
        let own = self.erasures()?.into_iter().find(|certificate| certificate.id == act.to_string());
        own.ok_or_else(|| refuse("internal", "expected the erasure that was just written, found none"))
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
        self.store.transact(Op::Erase, |tx| {
            for (record, body, erasure) in &parts {
                tx.append_own(body)?;
                self.drop_all(tx, *record, erasure)?;
            }
            Ok(())
        })?;
        self.book.read_on(&self.store)?;
        Ok(())
    }

    /// Every act of erasing that can be read, the newest last by the clocks of who wrote them.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn erasures(&self) -> Result<Vec<ErasureView>> {
        let mut acts: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        for record in self.store.read(|view| view.records_of_kind(kind::ERASURE))? {
            let state = survey::erasures(record, &entries_of(&self.store, record)?, &self.book.team);
            for (hash, erased) in &state.erasures {
                let act = erased.erasure.act.map_or_else(|| hash.to_string(), |act| act.to_string());
                let answered = self.laptops(&state.answered(hash));
                acts.entry(act).or_default().push(Part { record, answered, erased: erased.clone() });
            }
        }
        let (unfinished, on_hub) = (self.store.is_erasing()?, self.hub_keeps_erased()?);
        let all = self.laptops(&self.book.owners.keys().copied().collect());
        let mut views: Vec<ErasureView> = acts
            .into_iter()
            .filter_map(|(id, parts)| Some(ErasureView { on_hub, unfinished, ..self.certificate(id, parts, &all)? }))
            .collect();
        views.sort_by(|a, b| (&a.at, &a.id).cmp(&(&b.at, &b.id)));
        Ok(views)
    }

    /// The certificate of one act. A laptop has answered when it has carried out all of it.
    fn certificate(&self, id: String, mut parts: Vec<Part>, all: &BTreeSet<AnsweredView>) -> Option<ErasureView> {
        // What was handed on of an interview, and what came late, is beside it.
        parts.sort_by_key(|part| {
            (part.erased.erasure.fields.iter().any(|field| field.told().is_some()), part.erased.at.ms)
        });
        let first = parts.first()?;
        let of = &first.erased;
        let answered: BTreeSet<AnsweredView> =
            all.iter().filter(|one| parts.iter().all(|part| part.answered.contains(one))).cloned().collect();
        let told = of.erasure.fields.iter().find_map(Field::told);
        let sum = |count: &dyn Fn(&Erasure) -> usize| small(parts.iter().map(|part| count(&part.erased.erasure)).sum());
        Some(ErasureView {
            id,
            record: told.unwrap_or(first.record).to_string(),
            fields: small(of.erasure.fields.len()),
            why: of.erasure.why.as_str().to_owned(),
            note: of.erasure.note.to_string(),
            by: self.book.name(&of.author),
            at: world::iso_of(of.at.ms, of.at.offset).unwrap_or_default(),
            bodies: sum(&|erasure| erasure.bodies.len()),
            chunks: sum(&|erasure| erasure.chunks.len()),
            waiting: all.difference(&answered).cloned().collect(),
            answered: answered.into_iter().collect(),
            on_hub: false,
            unfinished: false,
        })
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
        self.erase_told()?;
        // What was just written of them needs no second look.
        self.book.erased_in.clear();
        Ok(())
    }

    /// What was written by a laptop that did not know of an erasure yet is erased too, as part of the same act: of an
    /// interview that was erased, everything; of one that lost answers, what was made of entities.
    fn erase_late(&mut self, record: RecordId, entries: &[Opened], state: &ErasureState) -> Result<()> {
        if !self.may_erase() {
            return Ok(());
        }
        let whole = state.erasures.values().find(|erased| erased.erasure.fields.is_empty());
        let erasure = if let Some(whole) = whole {
            let late: Vec<Opened> = state.late(entries).into_iter().cloned().collect();
            if late.is_empty() {
                return Ok(());
            }
            let Erasure { why, act, person, .. } = whole.erasure.clone();
            Erasure { act, person, ..survey::erase_record(&late, why, "") }
        } else {
            let left = survey::without_erased(record, entries, &self.book.team);
            let Some(erasure) = survey::erase_acts(&left, state) else { return Ok(()) };
            erasure
        };
        self.append_erasures(vec![(record, erasure)])
    }

    /// Erases what was handed on of interviews before somebody erased them or answers of them, as part of the same act.
    /// What is left of an interview is handed on anew.
    fn erase_told(&mut self) -> Result<()> {
        if !self.may_erase() {
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
                let state = survey::erasures(interview, &entries_of(&self.store, interview)?, &self.book.team);
                let of = state.erasures.into_values().max_by_key(|erased| (erased.at.ms, erased.chain));
                let Some(of) = of.map(|erased| erased.erasure) else { continue };
                let erasure = Erasure { why: of.why, act: of.act, person: of.person, ..erasure };
                self.append_erasures(vec![(handing, erasure)])?;
            }
        }
        Ok(())
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

    /// Whether the person at the desk may erase any record.
    pub(crate) fn may_erase(&self) -> bool {
        reach(&self.who.survey_role(), kind::ERASURE) == Reach::Any
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
    pub(crate) fn left_of(&self, record: RecordId) -> Result<Vec<Opened>> {
        Ok(survey::without_erased(record, &entries_of(&self.store, record)?, &self.book.team))
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
