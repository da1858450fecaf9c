//! What the lead does with two laptops' answers: decides, takes a decision back, hands an interview over.

use tianye_journal::{ChainId, EntryHash, PersonId, Recipient, RecordId};
use tianye_store::Op;
use tianye_survey::{Answer, Assignment, Card, Conflict, Content, Decision, Field, Grant, InterviewState};
use tianye_xform::{Given, Session};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::{record_id, settled, unknown};
use crate::interview::open::{values, with_context};
use crate::refusal::{Result, refuse};
use crate::view::{DecisionInput, InterviewCard, TakeBackInput};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 2000;

impl Desk {
    /// Decides a conflict. The decision is an entry like any other and can itself be revised or taken back.
    ///
    /// # Errors
    /// Not the lead; no reason; consent that was refused or taken back; writes that are not those in conflict now; an answer that
    /// the question does not take; the store's refusal.
    pub fn decide(&mut self, input: &DecisionInput) -> Result<()> {
        self.decide_all(std::slice::from_ref(input))
    }

    /// Decides several conflicts of one interview in one step: all of them, or none.
    ///
    /// # Errors
    /// As [`Desk::decide`], of the first that is refused.
    pub fn decide_all(&mut self, inputs: &[DecisionInput]) -> Result<()> {
        let Some(first) = inputs.first() else { return Ok(()) };
        let record = record_id(&first.record)?;
        if inputs.iter().any(|input| input.record != first.record) {
            return Err(refuse("internal", "expected conflicts of one interview, found several"));
        }
        self.must_be_in_use(&record)?;
        let decisions: Vec<Decision> = inputs.iter().map(|input| self.check_decision(input)).collect::<Result<_>>()?;
        let mut parents = self.state_of(record)?.heads();
        let mut bodies = Vec::new();
        for decision in decisions {
            bodies.push(self.body(record, Vec::new(), &Content::from(decision))?);
        }
        self.store.transact(Op::Seal, |tx| {
            for mut body in bodies {
                body.parents = std::mem::take(&mut parents);
                parents = vec![tx.append_own(&body)?];
            }
            Ok(())
        })?;
        self.book.read_on(&self.store)?;
        Ok(())
    }

    /// What a decision would write; nothing is written.
    ///
    /// # Errors
    /// As [`Desk::decide`].
    pub(crate) fn check_decision(&self, input: &DecisionInput) -> Result<Decision> {
        self.must_lead()?;
        reasoned(&input.reason)?;
        let record = record_id(&input.record)?;
        let state = self.state_of(record)?;
        let Some(conflict) = state.conflicts.iter().find(|conflict| conflict.field.as_str() == input.field) else {
            return Err(refuse("conflict-gone", "expected an open conflict on this field, found none: it was decided"));
        };
        let chosen = match input.non_answer {
            Some(non_answer) => Answer::from(&Given::NonAnswer(non_answer.into())),
            None => Answer::of(&input.value),
        };
        self.check_answer(&state, conflict, &chosen)?;
        let over = conflict.over();
        let seen: Vec<EntryHash> = input.names.iter().filter_map(|text| text.parse().ok()).collect();
        // Somebody may have written since the page was drawn; that write must be seen before it is decided over.
        if over.iter().any(|entry| !seen.contains(entry)) {
            return Err(refuse("conflict-changed", "expected the writes that were shown, found another: look again"));
        }
        Ok(Decision {
            field: Field::new(input.field.as_str()),
            chosen,
            over,
            takes_back: false,
            form: self.book.interviews.get(&record).and_then(|brief| brief.form),
            unseen: state.ground.unseen(),
            reason: input.reason.trim().into(),
        })
    }

    /// A third answer must be one that the question takes; one of the answers in conflict may be chosen as it is.
    fn check_answer(&self, state: &InterviewState, conflict: &Conflict, chosen: &Answer) -> Result<()> {
        let (Some(path), Answer::Value(text)) = (conflict.field.path(), chosen) else { return Ok(()) };
        let given = conflict.writes.iter().map(|write| &write.answer).chain(&conflict.keep);
        if conflict.is_row() || given.into_iter().any(|answer| answer == chosen) {
            return Ok(());
        }
        let form = self.book.interviews.get(&state.ground.record).and_then(|brief| brief.form);
        let Some(form) = form.and_then(|form| self.form_with_lists(&form, Some(&state.ground.record)).ok()) else {
            return Ok(());
        };
        let question = form.question(&path.template());
        if question.is_some_and(|question| matches!(question.control, tianye_xform::Control::Upload { .. })) {
            let named = state.fields.get(&conflict.field).and_then(|field| field.file(chosen));
            return named.map(|_| ()).ok_or_else(|| {
                refuse("answer-needs-file", "expected one of the files of this question, found another text")
            });
        }
        let properties = self.properties();
        with_context(&*self.world, &properties, |context| {
            let mut session = Session::resume(form, values(&settled(state)), context).0;
            session.answer(&path, text, context).map(|_| ())
        })?;
        Ok(())
    }

    /// Takes the decision of a field back: what it was made between waits for a person again.
    ///
    /// # Errors
    /// Not the lead; no reason; `decision-gone` where no decision holds (any more); the store's refusal.
    pub fn take_back_decision(&mut self, input: &TakeBackInput) -> Result<()> {
        let record = self.check_taking_back(input)?;
        if !self.book.interviews.contains_key(&record) && self.take_back_on_card(input)? {
            return Ok(());
        }
        let state = self.state_of(record)?;
        let taking = state.take_back(&Field::new(input.field.as_str()), input.reason.trim());
        let taking = taking.ok_or_else(|| refuse("decision-gone", "expected a decision that holds, found none"))?;
        let form = self.book.interviews.get(&record).and_then(|brief| brief.form);
        self.append(record, state.heads(), &Content::from(Decision { form, ..taking }))?;
        Ok(())
    }

    fn check_taking_back(&self, input: &TakeBackInput) -> Result<RecordId> {
        self.must_lead()?;
        reasoned(&input.reason)?;
        record_id(&input.record)
    }

    /// Lets a team member go on with an interview: reads what it needs, and finds it in the list.
    ///
    /// # Errors
    /// Not the lead; an unknown interview or member; a member whose laptop has not been seen yet; the store's refusal.
    pub fn hand_over(&mut self, interview: &str, member: &str, language: &str) -> Result<Vec<InterviewCard>> {
        self.must_lead()?;
        let record = record_id(interview)?;
        let brief = self.book.interviews.get(&record).ok_or_else(|| unknown(interview))?.clone();
        let person: PersonId = member
            .parse()
            .map_err(|_| refuse("member-gone", "expected a member of the team, found none with this id"))?;
        let readers = self.readers_of(person);
        if readers.is_empty() {
            return Err(refuse("member-not-seen", "expected the member's laptop to have synced once, found none yet"));
        }
        let mut chains: Vec<ChainId> = entries_of(&self.store, record)?.iter().map(|entry| entry.chain).collect();
        if let Some(subject) = brief.subject {
            chains.extend(entries_of(&self.store, subject)?.iter().map(|entry| entry.chain));
        }
        chains.sort();
        chains.dedup();
        let assignment = Assignment {
            form_id: self.form_id(brief.form).to_owned(),
            subject: brief.subject,
            site: brief.site,
            interviewer: Some(person),
            interview: Some(record),
            ..Assignment::default()
        };
        let (grant, assigned) = (self.new_record(), self.new_record());
        let to = self.serials_of(person);
        let grant = self.body(grant, Vec::new(), &Content::from(Grant { to }))?;
        let assigned = self.body(assigned, Vec::new(), &Content::Assignment(Card::whole(&assignment)))?;
        self.store.transact(Op::Seal, |tx| {
            tx.append_grant(&chains, &readers, &grant)?;
            tx.append_own(&assigned)
        })?;
        self.book.read_on(&self.store)?;
        self.records(language)
    }

    /// An interview as its entries come to.
    pub(crate) fn state_of(&self, record: RecordId) -> Result<InterviewState> {
        let entries = entries_of(&self.store, record)?;
        Ok(self.book.interview(&self.store, record, &entries))
    }

    /// The addresses of a member's laptops.
    fn readers_of(&self, person: PersonId) -> Vec<Recipient> {
        let owners = self.book.owners.values().filter(|member| member.person == person);
        owners.filter_map(|member| member.read_details()).map(|details| details.reader).collect()
    }

    /// The certificates of a member's laptops.
    fn serials_of(&self, person: PersonId) -> Vec<u64> {
        let owners = self.book.owners.iter().filter(|(_, member)| member.person == person);
        let mut serials: Vec<u64> = owners.filter_map(|(chain, _)| self.book.serials.get(chain).copied()).collect();
        serials.sort_unstable();
        serials.dedup();
        serials
    }
}

/// A reason is there, and not endless.
pub(crate) fn reasoned(reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(refuse("reason-missing", "expected a reason, found none"));
    }
    let found = reason.chars().count();
    if found > LONGEST_REASON {
        return Err(refuse("too-long", format!("expected at most {LONGEST_REASON} characters, found {found}"))
            .with("limit", LONGEST_REASON.to_string()));
    }
    Ok(())
}
