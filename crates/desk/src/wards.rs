//! Forms about a child that somebody else answers ([`About::Ward`]): who answers, and whose word counts.
//!
//! Such an interview stands with the child, and names who answered beside it. So it is found on both pages, needs what was
//! agreed for the child and what the one who answers agreed to, and goes when either takes that back.

use std::collections::BTreeSet;

use tianye_journal::RecordId;
use tianye_store::Draft;
use tianye_survey::{FormHash, SubjectKind};
use tianye_xform::About;

use crate::book::Brief;
use crate::desk::Desk;
use crate::filling::{Extra, record_id};
use crate::refusal::{Result, refuse};

impl Desk {
    pub(crate) fn is_about_ward(&self, form: &FormHash) -> bool {
        self.form(form).is_ok_and(|form| form.about() == About::Ward)
    }

    /// Who takes part beside the one with whom a form is begun: of one about a child who answers, said by id. Only somebody
    /// with a tie to the child does: what they are to it is known then.
    ///
    /// # Errors
    /// `about-which-child` where the form is begun with one who answers; `who-answers` where nobody is said, or somebody
    /// without a tie. Both name the person.
    pub(crate) fn answering(&self, form: &FormHash, subject: &RecordId, said: &str) -> Result<Vec<RecordId>> {
        if !self.is_about_ward(form) {
            return Ok(Vec::new());
        }
        if !self.is_child(subject) {
            return Err(refuse("about-which-child", "expected the child that the form is about, found who answers")
                .with("person", subject.to_string()));
        }
        let who = if said.is_empty() { None } else { Some(self.book.project.identities().leading(&record_id(said)?)) };
        match who.filter(|who| self.tied_to(subject).contains(who)) {
            Some(who) => Ok(vec![who]),
            None => Err(refuse("who-answers", "expected somebody with a tie to the child, found none")
                .with("person", subject.to_string())),
        }
    }

    /// Those who are something to a child, by their leading cards.
    fn tied_to(&self, child: &RecordId) -> BTreeSet<RecordId> {
        let (project, cards) = (&self.book.project, self.cards_of(child));
        let to = project.ties_of(child).into_iter().filter(|(_, tie)| cards.contains(&tie.to));
        let people = to.map(|(_, tie)| project.identities().leading(&tie.person));
        people.filter(|person| project.subject(person).is_some_and(|card| card.kind != SubjectKind::Group)).collect()
    }

    /// The children to whom somebody is something, by their leading cards.
    pub(crate) fn wards_of(&self, person: &RecordId) -> BTreeSet<RecordId> {
        let (project, cards) = (&self.book.project, self.cards_of(person));
        let of = project.ties_of(person).into_iter().filter(|(_, tie)| cards.contains(&tie.person));
        let children = of.map(|(_, tie)| project.identities().leading(&tie.to));
        children.filter(|child| self.is_child(child)).collect()
    }

    pub(crate) fn is_child(&self, person: &RecordId) -> bool {
        self.book.project.subject(person).is_some_and(|card| card.kind == SubjectKind::Pupil)
    }

    /// Who took part beside the respondent in what was begun here or elsewhere, sealed or not.
    pub(crate) fn taking_part(&self, record: &RecordId, draft: Option<&Draft>) -> Vec<RecordId> {
        let mut with: BTreeSet<RecordId> = draft.map(|draft| Extra::of(draft).with).into_iter().flatten().collect();
        with.extend(self.book.interviews.get(record).iter().flat_map(|brief| &brief.with));
        with.into_iter().collect()
    }

    /// Whether one of these cards is whom an interview is about, or who answered in it. What a group said is another thing.
    pub(crate) fn is_theirs(&self, cards: &[RecordId], brief: &Brief) -> bool {
        let Some(subject) = brief.subject else { return false };
        cards.contains(&subject) || (!self.is_group(&subject) && brief.with.iter().any(|one| cards.contains(one)))
    }

    /// The drafts about one of these cards, or in which one of them answers.
    pub(crate) fn drafts_of(&self, cards: &[RecordId]) -> Result<Vec<Draft>> {
        let theirs = |draft: &Draft| {
            let answers = || Extra::of(draft).with.iter().any(|one| cards.contains(one));
            draft.subject.is_some_and(|subject| cards.contains(&subject) || answers())
        };
        Ok(self.store.read(|view| view.drafts())?.into_iter().filter(theirs).collect())
    }

    /// Who answers about a child, as the window says it above the interview; empty where the respondent does.
    pub(crate) fn answers_said(&self, with: &[RecordId], subject: Option<RecordId>) -> String {
        if subject.is_none_or(|subject| self.is_group(&subject)) {
            return String::new();
        }
        let called = |one: &RecordId| {
            let card = self.book.project.subject(one)?;
            Some(format!("{} {}", card.code, &*card.display_name).trim().to_owned())
        };
        with.iter().filter_map(called).collect::<Vec<_>>().join(", ")
    }
}
