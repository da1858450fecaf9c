//! What every question about consent is asked of: what was agreed to as of today, and what was begun before.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::RecordId;
use tianye_store::Draft;
use tianye_survey::{
    self as survey, ConsentStanding, Consents, ExportFor, FormHash, Purpose, Round, Rounds, SubjectKind,
};
use tianye_xform::About;

use super::Withheld;
use crate::book::Brief;
use crate::desk::Desk;
use crate::filling::{FINALISED, stopped};
use crate::refusal::{Result, refuse};
use crate::view::Refusal;

/// What was agreed to, and what was begun with whom on which day.
pub(crate) struct Gate<'a> {
    /// As of today.
    pub consents: Consents<'a>,
    today: &'a str,
    rounds: Rounds,
    /// The day on which each interview was begun that is here, drafts too.
    begun: BTreeMap<RecordId, String>,
}

/// Why what went into an export must leave it, though the record stays: for this purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lapse {
    /// It was taken back.
    TakenBack(Purpose),
    /// Its last day is over.
    PastItsDay(Purpose),
}

/// What stands in the way of a purpose with somebody, while these take part.
type WhyNot<'a> = dyn Fn(&RecordId, &[RecordId], &Purpose) -> Option<ConsentStanding> + 'a;

impl Gate<'_> {
    /// The day on which a record was begun; what is not begun yet is begun today. One that is the same filling as another is as old.
    fn day(&self, desk: &Desk, record: Option<&RecordId>) -> &str {
        let day = |record: &RecordId| self.begun.get(record).filter(|day| !day.is_empty());
        let found = record.and_then(|record| day(&desk.book.project.identities().leading(record)).or(day(record)));
        found.map_or(self.today, String::as_str)
    }
}

impl Desk {
    /// The gate as of a day. Where nobody is asked for consent, each round is as good as the first, and none are counted.
    pub(crate) fn gate<'a>(&'a self, today: &'a str) -> Result<Gate<'a>> {
        let identities = self.book.project.identities();
        let (mut rounds, mut begun) = (Rounds::default(), BTreeMap::new());
        let consents = Consents::of(&self.book.project, today);
        if !self.book.project.asks_consent() {
            return Ok(Gate { consents, today, rounds, begun });
        }
        for (record, brief) in &self.book.interviews {
            let Some(subject) = brief.subject else { continue };
            let day = brief.day();
            if !self.is_past_practice(brief) {
                rounds.note(self.form_id(brief.form), identities.leading(&subject), &day);
            }
            begun.insert(*record, day);
        }
        for draft in self.store.read(|view| view.drafts())? {
            let Some(subject) = draft.subject.filter(|_| !begun.contains_key(&draft.record)) else { continue };
            let day = self.draft_on(&draft);
            if !self.is_past_draft(&draft) {
                rounds.note(self.form_id(Some(FormHash(draft.form))), identities.leading(&subject), &day);
            }
            begun.insert(draft.record, day);
        }
        for (_, one) in self.told_begun() {
            if let Some(subject) = one.subject {
                rounds.note(&one.form_id, identities.leading(&subject), &one.on);
            }
        }
        Ok(Gate { consents, today, rounds, begun })
    }

    /// The purposes that a form is filled for. A form that says nothing is a questionnaire; one about a place that says
    /// nothing asks nobody.
    pub(crate) fn purposes_of(&self, form: &FormHash) -> Vec<Purpose> {
        let form = self.form(form).ok();
        let asks_nobody = form.as_ref().is_some_and(|form| form.about() == About::Site);
        let said: Vec<Purpose> =
            form.iter().flat_map(|form| form.purposes()).map(|word| Purpose::from(word.as_str())).collect();
        if said.is_empty() && !asks_nobody { vec![Purpose::Questionnaire] } else { said }
    }

    /// To what somebody must agree to be there when a form is filled: in a group to sitting in it, too; and to a visit once more where
    /// it is one.
    pub(super) fn asked_of_one(&self, gate: &Gate<'_>, person: &RecordId, form: &FormHash) -> Result<Vec<Purpose>> {
        // Who answers about children is asked for what it is filled for with them.
        let wards = if self.is_about_ward(form) { self.wards_of(person) } else { BTreeSet::new() };
        let mut purposes: Vec<Purpose> = Vec::new();
        for about in wards.iter().chain(wards.is_empty().then_some(person)) {
            let asked = self.purposes_with(gate, self.draft_with(about, form)?.as_ref(), form, about);
            purposes.extend(asked.into_iter().filter(|purpose| !purposes.contains(purpose)).collect::<Vec<_>>());
        }
        let is_group = self.form(form).is_ok_and(|form| form.about() == About::Group);
        if is_group && !purposes.contains(&Purpose::Group) {
            purposes.push(Purpose::Group);
        }
        Ok(purposes)
    }

    /// What was begun of a form with somebody here and is to be gone on with.
    fn draft_with(&self, person: &RecordId, form: &FormHash) -> Result<Option<RecordId>> {
        let (cards, form) = (self.cards_of(person), self.form_id(Some(*form)));
        let stopped = |record: &RecordId| self.book.interviews.get(record).is_some_and(|one| one.status.is_stopped());
        let is_it = |draft: &Draft| {
            draft.subject.is_some_and(|subject| cards.contains(&subject))
                && draft.state != FINALISED
                && !self.is_past_draft(draft)
                && !stopped(&draft.record)
                && self.form_id(Some(FormHash(draft.form))) == form
        };
        Ok(self.store.read(|view| view.drafts())?.into_iter().find(is_it).map(|draft| draft.record))
    }

    /// Refuses to begin a form with a respondent that was not agreed to. Where it is filled with them once more on a later day, that the
    /// team comes again must have been agreed to as well.
    pub(crate) fn must_consent(&self, subject: Option<RecordId>, with: &[RecordId], form: &FormHash) -> Result<()> {
        // A form about a site asks nobody.
        let Some(subject) = subject else { return Ok(()) };
        let today = self.today();
        let gate = self.gate(&today)?;
        let purposes = self.purposes_with(&gate, None, form, &subject);
        self.stopped_by(subject, &self.members_or(subject, with), purposes, &|subject, with, purpose| {
            gate.consents.may_with(subject, with, purpose).err()
        })
    }

    /// Refuses to go on with what was collected where consent to it was refused or taken back. A newer version of the text
    /// does not keep anybody from ending what was begun under the older one. Of a group everybody counts who was there, and
    /// who is a member now; and who answers about a child.
    pub(crate) fn must_still_consent(&self, draft: &Draft) -> Result<()> {
        let Some(subject) = draft.subject else { return Ok(()) };
        let today = self.today();
        let gate = self.gate(&today)?;
        let mut with = self.members_now(subject);
        with.extend(self.taking_part(&draft.record, Some(draft)));
        let purposes = self.purposes_with(&gate, Some(&draft.record), &FormHash(draft.form), &subject);
        self.stopped_by(subject, &with, purposes, &|subject, with, purpose| {
            let standing = || gate.consents.standing_with(subject, with, purpose);
            (!gate.consents.may_use(subject, with, purpose)).then(standing)
        })
    }

    /// Refuses to read what somebody said no to: it is out of use.
    pub(crate) fn must_not_be_refused(&self, record: &RecordId, brief: &Brief, form: &FormHash) -> Result<()> {
        let Some(subject) = brief.subject else { return Ok(()) };
        let today = self.today();
        let gate = self.gate(&today)?;
        let purposes = self.purposes_with(&gate, Some(record), form, &subject);
        self.stopped_by(subject, &brief.with, purposes, &|subject, with, purpose| {
            Some(gate.consents.standing_with(subject, with, purpose)).filter(|standing| standing.is_no())
        })
    }

    fn members_now(&self, subject: RecordId) -> Vec<RecordId> {
        self.book.project.members_of(&subject).to_vec()
    }

    /// Who takes part from now on: of a group its members, else these.
    fn members_or(&self, subject: RecordId, with: &[RecordId]) -> Vec<RecordId> {
        if self.is_group(&subject) { self.members_now(subject) } else { with.to_vec() }
    }

    fn stopped_by(&self, subject: RecordId, with: &[RecordId], purposes: Vec<Purpose>, why: &WhyNot<'_>) -> Result<()> {
        let is_group = self.is_group(&subject);
        for purpose in purposes {
            if let Some(standing) = why(&subject, with, &purpose) {
                let in_group = is_group.then_some(&Purpose::Group);
                let stands =
                    |one: &RecordId| in_group.into_iter().chain([&purpose]).any(|of| why(one, &[], of).is_some());
                // Of a group the first member who stands in the way; of a child itself, then who answers about it.
                let own = if is_group { None } else { Some(&subject) };
                let asked = own.into_iter().chain(with).find(|one| stands(one)).copied().unwrap_or(subject);
                let refusal = not_agreed(standing, &purpose).with("person", asked.to_string());
                return Err(if asked == subject { refusal } else { refusal.with("subject", subject.to_string()) });
            }
        }
        Ok(())
    }

    /// What may not be recorded of a respondent while these take part.
    pub(crate) fn withheld(&self, subject: Option<RecordId>, with: &[RecordId]) -> Withheld {
        let Some(subject) = subject else { return Withheld::default() };
        let today = self.today();
        let consents = Consents::of(&self.book.project, &today);
        let with = self.members_or(subject, with);
        let why = |purpose: Purpose| consents.may_with(&subject, &with, &purpose).err();
        Withheld { audio: why(Purpose::Audio), photo: why(Purpose::Photo) }
    }

    /// What of a respondent's recordings may no longer be used.
    pub(crate) fn unusable(&self, gate: &Gate<'_>, brief: &Brief) -> Withheld {
        let subject = brief.subject.as_ref();
        subject.map(|subject| self.no_longer(&gate.consents, gate.today, subject, &brief.with)).unwrap_or_default()
    }

    /// The same of an interview or a draft, with its form.
    pub(crate) fn unusable_in(&self, record: &RecordId) -> Result<(Option<FormHash>, Withheld)> {
        let draft = self.store.read(|view| view.draft(*record))?;
        let brief = self.book.interviews.get(record);
        let form = brief.and_then(|brief| brief.form).or(draft.as_ref().map(|draft| FormHash(draft.form)));
        let subject = brief.and_then(|brief| brief.subject).or(draft.as_ref().and_then(|draft| draft.subject));
        let Some(subject) = subject else { return Ok((form, Withheld::default())) };
        let (today, with) = (self.today(), self.taking_part(record, draft.as_ref()));
        let consents = Consents::of(&self.book.project, &today);
        Ok((form, self.no_longer(&consents, &today, &subject, &with)))
    }

    fn no_longer(&self, consents: &Consents<'_>, today: &str, subject: &RecordId, with: &[RecordId]) -> Withheld {
        let why = |purpose: Purpose| {
            // What may be kept no longer is used as little as what was taken back, whatever was said of it.
            let over = survey::is_past_its_day(&self.book.project, &purpose, today);
            let standing = consents.standing_with(subject, with, &purpose);
            (over || !consents.may_use(subject, with, &purpose)).then_some(standing)
        };
        Withheld { audio: why(Purpose::Audio), photo: why(Purpose::Photo) }
    }

    /// Refuses a file of an interview that is out of use, or one of those that may not be used any more, by the questions that it
    /// answers or answered.
    pub(crate) fn must_be_usable(&self, record: &RecordId, name: &str) -> Result<()> {
        self.must_be_in_use(record)?;
        let (Some(form), unusable) = self.unusable_in(record)? else { return Ok(()) };
        if unusable == Withheld::default() {
            return Ok(());
        }
        let form = self.form(&form)?;
        let answered = self.answered_with(record, name)?;
        let sound = (Purpose::Audio, unusable.audio, Withheld { photo: None, ..unusable });
        let pictures = (Purpose::Photo, unusable.photo, Withheld { audio: None, ..unusable });
        for (purpose, standing, alone) in [sound, pictures] {
            if let Some(standing) = standing.filter(|_| !alone.questions(&form).is_disjoint(&answered)) {
                return Err(not_agreed(standing, &purpose));
            }
        }
        Ok(())
    }

    /// Whether somebody said no to what an interview was filled for: it is listed nowhere but among what is to be erased.
    pub(crate) fn is_refused(&self, gate: &Gate<'_>, record: &RecordId, brief: &Brief) -> bool {
        let Some(subject) = brief.subject else { return false };
        let says_no = |purpose: &Purpose| gate.consents.standing_with(&subject, &brief.with, purpose).is_no();
        brief.status != survey::Status::StoppedNotKept && self.purposes_for(gate, record, brief).iter().any(says_no)
    }

    /// Whether nothing of an interview is shown or decided any more: somebody said no to what it was filled for, or whom it is of
    /// chose that it is not kept.
    pub(crate) fn is_out_of_use(&self, gate: &Gate<'_>, record: &RecordId, brief: &Brief) -> bool {
        brief.status == survey::Status::StoppedNotKept || self.is_refused(gate, record, brief)
    }

    /// Refuses an interview that is out of use.
    pub(crate) fn must_be_in_use(&self, record: &RecordId) -> Result<()> {
        let Some(brief) = self.book.interviews.get(record) else { return Ok(()) };
        if brief.status == survey::Status::StoppedNotKept {
            return Err(stopped());
        }
        brief.form.map_or(Ok(()), |form| self.must_not_be_refused(record, brief, &form))
    }

    /// Why an interview does not go into an export that is for this, and that tells who somebody is or does not: the first purpose
    /// that was not agreed to, or not so, or for which nothing may be kept any more.
    pub(crate) fn left_out(
        &self,
        gate: &Gate<'_>,
        record: &RecordId,
        brief: &Brief,
        (of, identified): (ExportFor, bool),
    ) -> Option<Purpose> {
        let (Some(subject), Some(_)) = (brief.subject, brief.form) else { return None };
        let purposes = self.purposes_of_export(gate, record, brief, of);
        if brief.status == survey::Status::StoppedNotKept {
            return purposes.into_iter().next().or(Some(Purpose::Questionnaire));
        }
        let unnamed = |person: &RecordId| {
            let card = self.book.project.subject(person);
            card.is_some_and(|card| card.kind != SubjectKind::Group && !of.may_name(&card.kind))
        };
        if identified && (unnamed(&subject) || brief.with.iter().any(unnamed)) {
            return of.asks();
        }
        // What may be kept no longer is not handed out either, until somebody erases it.
        purposes.into_iter().find(|one| self.is_over(gate, one) || !gate.consents.may_use(&subject, &brief.with, one))
    }

    /// Why what went into such an export of an interview must leave it, since a no came or a last day passed: it would be left out
    /// now, and somebody said no, or two laptops disagree whether somebody did; or it may be kept no longer for what the export is
    /// for. Who is only to be asked anew, having come of age, has taken nothing back.
    pub(crate) fn lapsed(
        &self,
        gate: &Gate<'_>,
        record: &RecordId,
        brief: &Brief,
        (of, identified): (ExportFor, bool),
    ) -> Option<Lapse> {
        let left_out = self.left_out(gate, record, brief, (of, identified))?;
        if brief.status == survey::Status::StoppedNotKept {
            return Some(Lapse::TakenBack(left_out));
        }
        let subject = brief.subject?;
        let no =
            |purpose: &Purpose| gate.consents.standing_with(&subject, &brief.with, purpose) <= ConsentStanding::Unclear;
        let purposes = self.purposes_of_export(gate, record, brief, of);
        let past = || purposes.iter().find(|one| self.is_over(gate, one)).cloned().map(Lapse::PastItsDay);
        purposes.iter().find(|one| no(one)).cloned().map(Lapse::TakenBack).or_else(past)
    }

    /// Whether the last day of a purpose is over, as of the gate's day.
    fn is_over(&self, gate: &Gate<'_>, purpose: &Purpose) -> bool {
        survey::is_past_its_day(&self.book.project, purpose, gate.today)
    }

    /// To what must have been agreed for an interview to go into an export that is for this.
    fn purposes_of_export(&self, gate: &Gate<'_>, record: &RecordId, brief: &Brief, of: ExportFor) -> Vec<Purpose> {
        let mut purposes = self.purposes_for(gate, record, brief);
        purposes.extend(of.asks());
        purposes
    }

    /// Which round of a form with somebody a record is, or, of one that is not there yet, would be.
    pub(crate) fn round(&self, gate: &Gate<'_>, record: Option<&RecordId>, form_id: &str, subject: &RecordId) -> Round {
        if self.is_group(subject) {
            return Round::First;
        }
        let leading = self.book.project.identities().leading(subject);
        gate.rounds.on(form_id, leading, gate.day(self, record))
    }

    /// To what must be agreed for a form with somebody, in the round that a record is, or would be.
    pub(crate) fn purposes_with(
        &self,
        gate: &Gate<'_>,
        record: Option<&RecordId>,
        form: &FormHash,
        subject: &RecordId,
    ) -> Vec<Purpose> {
        let round = self.round(gate, record, self.form_id(Some(*form)), subject);
        round.asks(self.purposes_of(form))
    }

    /// To what had to be agreed for an interview; nothing where nobody was asked.
    pub(crate) fn purposes_for(&self, gate: &Gate<'_>, record: &RecordId, brief: &Brief) -> Vec<Purpose> {
        let (Some(subject), Some(form)) = (brief.subject, brief.form) else { return Vec::new() };
        self.purposes_with(gate, Some(record), &form, &subject)
    }

    pub(crate) fn is_group(&self, subject: &RecordId) -> bool {
        self.book.project.subject(subject).is_some_and(|card| card.kind == SubjectKind::Group)
    }
}

/// The refusal of what was not agreed to.
fn not_agreed(standing: ConsentStanding, purpose: &Purpose) -> Refusal {
    refuse(standing.code(), "expected consent to this purpose, found what the code says")
        .with("purpose", purpose.as_str())
}
