//! The gate: what may be done with a respondent.
//!
//! Each purpose is asked for on its own. Two voices count. The *guardian's*: of a respondent under 18 a legal guardian must
//! agree. The *own*: a child under 14 agrees, somebody from 14 on consents, and an adult (teacher, cadre, guardian as
//! respondent, or who has turned 18) is the only one who is asked. So research with a child needs both voices.
//!
//! An entrusted carer (a grandmother who raises the child) is heard and recorded, and her no counts; but her yes alone does not
//! open the gate: the law gives consent for a child to parents or other guardians, and entrusting daily care does not hand
//! that on. A project may hold otherwise by a decision of its ethics committee, noted on its card ([`weighs`]). A school lets
//! a team in; it cannot consent for anybody.
//!
//! Consent is for one activity and one version of its text: what was said to an older version, or for another activity, is
//! asked for again. Several cards of one respondent do not replace each other, and the most cautious word holds: a refusal or
//! a withdrawal anywhere stops what it is about, until the same person says something else on the same card. What is said of
//! one card holds for all cards that are linked with it.

use crate::days::{Age, age};
use crate::fold::{CardState, TextState};
use crate::kinds::{Consent, ConsentAct, FormHash, LegalStanding, Project, Purpose, Subject, SubjectKind, Word};
use crate::project::ProjectState;
use serde::Serialize;
use std::collections::BTreeMap;
use tianye_journal::RecordId;

/// What the consents of a respondent come to, for one purpose; the most cautious first. All but the last say no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentStanding {
    /// Taken back.
    Withdrawn,
    /// The guardian refused, or an adult respondent.
    Refused,
    /// The child said no.
    ChildRefused,
    /// Two laptops say different things: a person must decide.
    Unclear,
    /// Nothing is recorded.
    Missing,
    /// A group whose members are not listed: nobody knows who would have to be asked.
    NoMembers,
    /// There is a word, but not to this purpose.
    OtherPurpose,
    /// The guardian, or an adult respondent, was asked and has not said yet.
    NotYet,
    /// Only the school agreed, or somebody of whom it is not known by what right.
    NoGuardian,
    /// The entrusted carer agreed; a legal guardian has not been asked.
    CarerOnly,
    /// Agreed, but to an older text or for another activity.
    AskAgain,
    /// The guardian consents; the child was not asked yet, or has not said.
    ChildNotAsked,
    /// Complete.
    Complete,
}

impl ConsentStanding {
    /// All of them, in order.
    pub const ALL: [Self; 13] = [
        Self::Withdrawn,
        Self::Refused,
        Self::ChildRefused,
        Self::Unclear,
        Self::Missing,
        Self::NoMembers,
        Self::OtherPurpose,
        Self::NotYet,
        Self::NoGuardian,
        Self::CarerOnly,
        Self::AskAgain,
        Self::ChildNotAsked,
        Self::Complete,
    ];

    /// Key of the message in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            Self::Withdrawn => "consent-withdrawn",
            Self::Refused => "consent-refused",
            Self::ChildRefused => "consent-child-refused",
            Self::Unclear => "consent-unclear",
            Self::Missing => "consent-missing",
            Self::NoMembers => "consent-no-members",
            Self::OtherPurpose => "consent-other-purpose",
            Self::NotYet => "consent-not-yet",
            Self::NoGuardian => "consent-no-guardian",
            Self::CarerOnly => "consent-carer-only",
            Self::AskAgain => "consent-ask-again",
            Self::ChildNotAsked => "consent-child-not-asked",
            Self::Complete => "consent-complete",
        }
    }

    /// Whether somebody said no.
    pub fn is_no(self) -> bool {
        self <= Self::ChildRefused
    }

    /// Whether what was collected under it may be used on. What was agreed to an older text was agreed to when it was
    /// collected; a laptop's doubt stops the asking, and using too.
    pub fn covers(self) -> bool {
        matches!(self, Self::Complete | Self::AskAgain)
    }
}

/// Whose consent a respondent needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaks {
    /// Under 14: a guardian consents, and the child agrees.
    GuardianAndChild,
    /// 14 to 17: both consent.
    GuardianAndOwn,
    /// An adult.
    Own,
    /// A group: each of its members.
    Members,
}

impl Speaks {
    /// Whose consent a respondent needs on a day.
    pub fn of(subject: &Subject, today: &str) -> Self {
        match &subject.kind {
            SubjectKind::Teacher | SubjectKind::Guardian | SubjectKind::Cadre => Self::Own,
            SubjectKind::Group => Self::Members,
            // Also what a later version calls otherwise: as careful as with a child.
            SubjectKind::Pupil | SubjectKind::Other(_) => match age(subject.birth_date.as_deref(), today) {
                Age::Child => Self::GuardianAndChild,
                Age::Youth => Self::GuardianAndOwn,
                Age::Adult => Self::Own,
            },
        }
    }
}

/// What a yes weighs, by the right of who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// It is a guardian's consent.
    Guardian,
    /// It is the respondent's own.
    Own,
    /// It is heard, and a legal guardian is to be asked too.
    Carer,
    /// It consents to nothing.
    Nobody,
}

/// What a yes weighs: the one place where it is written whose word is enough. Of a no nobody asks by what right.
pub fn weighs(standing: Option<&LegalStanding>, project: Option<&Project>) -> Voice {
    let carers = project.and_then(|project| project.carer_consents.as_ref()).is_some_and(|noted| noted.is_whole());
    match standing {
        Some(LegalStanding::LegalGuardian) => Voice::Guardian,
        Some(LegalStanding::EntrustedCarer) if carers => Voice::Guardian,
        Some(LegalStanding::EntrustedCarer) => Voice::Carer,
        Some(LegalStanding::Own) => Voice::Own,
        Some(LegalStanding::School | LegalStanding::Unknown | LegalStanding::Other(_)) | None => Voice::Nobody,
    }
}

/// The consents of a project on a day, by respondent: for asking of many.
#[derive(Debug)]
pub struct Consents<'a> {
    project: &'a ProjectState,
    today: &'a str,
    /// By the leading card of each respondent.
    cards: BTreeMap<RecordId, Vec<&'a CardState<Consent>>>,
}

impl<'a> Consents<'a> {
    /// Of a project, on a day (`YYYY-MM-DD`); without a day everybody is as young as possible.
    pub fn of(project: &'a ProjectState, today: &'a str) -> Self {
        let identities = project.identities();
        let mut cards: BTreeMap<RecordId, Vec<&CardState<Consent>>> = BTreeMap::new();
        for state in project.consents.values() {
            if let Some(card) = &state.card {
                cards.entry(identities.leading(&card.subject)).or_default().push(state);
            }
        }
        Self { project, today, cards }
    }

    /// What the consents of a respondent come to, for one purpose. Of a group those of its members now.
    pub fn standing(&self, subject: &RecordId, purpose: &Purpose) -> ConsentStanding {
        self.standing_with(subject, self.project.members_of(subject), purpose)
    }

    /// The same for what was collected while these took part ([`crate::Interview::with`]). Of a group its members (none: those
    /// it has now): who left it since may still take back what they said in it; who came later was not there. Of a child whoever
    /// answered about it, whose own word counts beside those for the child: both tell of themselves.
    pub fn standing_with(&self, subject: &RecordId, with: &[RecordId], purpose: &Purpose) -> ConsentStanding {
        let own = self.of_one(subject, purpose);
        if self.project.subject(subject).is_none_or(|card| card.kind != SubjectKind::Group) {
            return with.iter().map(|one| self.standing(one, purpose)).fold(own, ConsentStanding::min);
        }
        // In a group each member's word counts, for the group and for the purpose; a no said of the group itself too.
        let of_member = |member: &RecordId| {
            if self.project.subject(member).is_none_or(|card| card.kind == SubjectKind::Group) {
                return ConsentStanding::Missing;
            }
            self.of_one(member, &Purpose::Group).min(self.of_one(member, purpose))
        };
        let members = if with.is_empty() { self.project.members_of(subject) } else { with };
        let members = members.iter().map(of_member).min().unwrap_or(ConsentStanding::NoMembers);
        if own <= ConsentStanding::Unclear { own.min(members) } else { members }
    }

    /// Whether a thing may be done with a respondent now, for a purpose; else why not. In a project that does not ask for
    /// consent (one for practice) only a no stops anything.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn may(&self, subject: &RecordId, purpose: &Purpose) -> Result<(), ConsentStanding> {
        self.may_with(subject, &[], purpose)
    }

    /// The same while these take part, see [`Self::standing_with`].
    ///
    /// # Errors
    /// What stands in the way.
    pub fn may_with(&self, subject: &RecordId, with: &[RecordId], purpose: &Purpose) -> Result<(), ConsentStanding> {
        let standing = self.standing_with(subject, with, purpose);
        let is_open = !self.project.asks_consent() && !standing.is_no();
        if standing == ConsentStanding::Complete || is_open { Ok(()) } else { Err(standing) }
    }

    /// Whether what was collected of a respondent for a purpose while these took part may be used: listed, exported; see
    /// [`Self::standing_with`]. In a project that does not ask for consent only a no stops it.
    pub fn may_use(&self, subject: &RecordId, with: &[RecordId], purpose: &Purpose) -> bool {
        let standing = self.standing_with(subject, with, purpose);
        standing.covers() || (!self.project.asks_consent() && !standing.is_no())
    }

    fn of_one(&self, subject: &RecordId, purpose: &Purpose) -> ConsentStanding {
        // Of whom nothing was heard, it need not be known who would have to speak.
        let Some(cards) = self.cards.get(&self.project.identities().leading(subject)) else {
            return ConsentStanding::Missing;
        };
        let mut heard = Heard::default();
        for state in cards {
            heard.hear(self.project, state, purpose);
        }
        let card = self.project.subject(subject);
        heard.comes_to(card.map_or(Speaks::GuardianAndChild, |card| Speaks::of(card, self.today)))
    }
}

impl ProjectState {
    /// The members of a group by its card; none of anybody else.
    pub fn members_of(&self, subject: &RecordId) -> &[RecordId] {
        let card = self.subject(subject).filter(|card| card.kind == SubjectKind::Group);
        card.map(|card| card.of.as_slice()).unwrap_or_default()
    }

    /// What the consents of a respondent come to, for one purpose, on a day.
    pub fn consent(&self, subject: &RecordId, purpose: &Purpose, today: &str) -> ConsentStanding {
        Consents::of(self, today).standing(subject, purpose)
    }

    /// Whether nothing is done in this project without consent: always in one that is no practice project by its card, even
    /// while something is missing without which it is shown as one.
    pub fn asks_consent(&self) -> bool {
        !self.is_called_practice() || self.project().is_some_and(|project| project.consent_gate)
    }

    /// The text of the activity that the team is on. None where several are and the project's card names none of them.
    pub fn text(&self) -> Option<(RecordId, &TextState)> {
        let known: Vec<(&RecordId, &TextState)> =
            self.texts.iter().filter(|(_, text)| !text.newest.is_empty()).collect();
        match self.project().and_then(|project| project.activity) {
            Some(activity) => {
                known.iter().find(|(record, _)| **record == activity).map(|(record, text)| (**record, *text))
            }
            None => match known.as_slice() {
                [(record, text)] => Some((**record, text)),
                _ => None,
            },
        }
    }

    /// Whether what was said to a document still holds: it names a version that no other was written over, of the activity
    /// that the team is on. Where the project has no text, any document does.
    pub fn holds(&self, document: Option<&str>) -> bool {
        match self.text() {
            Some((_, text)) => document.is_some_and(|document| text.is_newest(document)),
            None => self.texts.is_empty(),
        }
    }

    /// The version of the text that the team reads out now.
    pub fn text_version(&self) -> Option<FormHash> {
        self.text().and_then(|(_, text)| text.shown()).map(|(version, _)| *version)
    }
}

/// What was heard of a respondent, for one purpose, from all cards.
#[derive(Default)]
struct Heard {
    stop: Option<ConsentStanding>,
    guardian: Option<Yes>,
    own: Option<Yes>,
    carer: Option<Yes>,
    nobody: bool,
    anything: bool,
    child_no: bool,
}

/// The best word of a voice; the least first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Yes {
    NotYet,
    Old,
    Now,
}

impl Heard {
    fn stop(&mut self, standing: ConsentStanding) {
        self.stop = Some(self.stop.map_or(standing, |before| before.min(standing)));
    }

    fn hear(&mut self, project: &ProjectState, state: &CardState<Consent>, purpose: &Purpose) {
        let Some(card) = &state.card else { return };
        let disputed = |key: &str| state.conflicts.iter().any(|conflict| conflict.field.as_str() == key);
        if ["subject", "act", "purposes", "words", "assent", "by", "document"].into_iter().any(disputed) {
            return self.stop(ConsentStanding::Unclear);
        }
        self.anything = true;
        let standing = card.by.as_ref().map(|by| &by.standing);
        let voice = weighs(standing, project.project());
        let yes = if project.holds(card.document.as_deref()) { Yes::Now } else { Yes::Old };
        match said(card, purpose) {
            Some(Word::Withdrawn) => self.stop(ConsentStanding::Withdrawn),
            Some(Word::Refused) if voice == Voice::Own => self.child_no = true,
            Some(Word::Refused) => self.stop(ConsentStanding::Refused),
            Some(Word::Given) => self.note(voice, yes),
            Some(Word::NotYet) => self.note(voice, Yes::NotYet),
            Some(Word::Other(_)) => self.stop(ConsentStanding::Unclear),
            None => {}
        }
        // The child's word on a guardian's card: a no is to everything, a yes to what the guardian agreed to.
        match &card.assent {
            Some(assent) if !assent.given => self.child_no = true,
            Some(_) if said(card, purpose) == Some(Word::Given) => self.note(Voice::Own, yes),
            _ => {}
        }
    }

    fn note(&mut self, voice: Voice, yes: Yes) {
        let slot = match voice {
            Voice::Guardian => &mut self.guardian,
            Voice::Own => &mut self.own,
            Voice::Carer => &mut self.carer,
            Voice::Nobody => {
                self.nobody |= yes > Yes::NotYet;
                return;
            }
        };
        *slot = (*slot).max(Some(yes));
    }

    fn comes_to(mut self, speaks: Speaks) -> ConsentStanding {
        if self.child_no {
            let adult = matches!(speaks, Speaks::Own | Speaks::Members);
            self.stop(if adult { ConsentStanding::Refused } else { ConsentStanding::ChildRefused });
        }
        if let Some(stop) = self.stop {
            return stop;
        }
        let nothing = if self.anything { ConsentStanding::OtherPurpose } else { ConsentStanding::Missing };
        let first = if speaks == Speaks::Own { self.own } else { self.guardian };
        match first {
            Some(Yes::Now) => {}
            Some(Yes::Old) => return ConsentStanding::AskAgain,
            Some(Yes::NotYet) => return ConsentStanding::NotYet,
            None if speaks == Speaks::Own => return nothing,
            None if self.carer > Some(Yes::NotYet) => return ConsentStanding::CarerOnly,
            None if self.nobody => return ConsentStanding::NoGuardian,
            None if self.carer.is_some() => return ConsentStanding::NotYet,
            None => return nothing,
        }
        match self.own {
            Some(Yes::Now) => ConsentStanding::Complete,
            Some(Yes::Old) => ConsentStanding::AskAgain,
            Some(Yes::NotYet) | None => ConsentStanding::ChildNotAsked,
        }
    }
}

/// What a card says to a purpose.
fn said(card: &Consent, purpose: &Purpose) -> Option<Word> {
    let listed = card.purposes.contains(purpose);
    match &card.act {
        // A withdrawal of everything is that, whatever was said before to a single purpose.
        ConsentAct::Withdrawn => Some(Word::Withdrawn),
        _ if !card.words.is_empty() => card.words.get(purpose).cloned(),
        ConsentAct::Refused if listed || card.purposes.is_empty() => Some(Word::Refused),
        ConsentAct::NotYet if listed || card.purposes.is_empty() => Some(Word::NotYet),
        ConsentAct::Given if listed => Some(Word::Given),
        ConsentAct::Given | ConsentAct::Refused | ConsentAct::NotYet => None,
        ConsentAct::Other(word) => Some(Word::Other(word.clone())),
    }
}
