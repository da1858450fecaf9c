//! When a project is no longer for practice, and what its promises come to later.
//!
//! A real project begins when everything here is done and its lead says so; from then on nothing is done without consent.
//! Should something be missing again later (a holder leaves), the project is shown as one for practice until it is mended,
//! and consent is asked for all the same.

use crate::days::is_day;
use crate::fold::CardState;
use crate::kinds::{ContactRole, Noted, Purpose, Site, SiteKind};
use crate::project::ProjectState;
use crate::safeguarding::{self, FEWEST_HOLDERS};
use serde::Serialize;
use tianye_journal::RecordId;

/// What must be done before real children are interviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ready {
    /// It is said what the project asks for.
    Purposes,
    /// There is a text for families that asks for each of them, of the guardian and of the child, and has no blanks left.
    Texts,
    /// At least two people can open a report of harm.
    Holders,
    /// For each place it is known which holder to call.
    Contacts,
    /// For each purpose it is said until when is kept what was collected.
    Retention,
    /// The ethics committee's approval is noted.
    Ethics,
    /// The team was told the rules for passphrases.
    Passphrases,
    /// Recovery was tried once.
    Recovery,
}

impl Ready {
    /// The word, as in JSON and as the key of the message catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Purposes => "purposes",
            Self::Texts => "texts",
            Self::Holders => "holders",
            Self::Contacts => "contacts",
            Self::Retention => "retention",
            Self::Ethics => "ethics",
            Self::Passphrases => "passphrases",
            Self::Recovery => "recovery",
        }
    }
}

/// One line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What.
    pub what: Ready,
    /// Whether it is done.
    pub done: bool,
    /// The purposes for which it is not done.
    pub lacking: Vec<Purpose>,
    /// How many there are, where some number is needed.
    pub count: usize,
}

/// The checklist before a real project begins, in the order in which it is worked through. `holders`: how many people can open
/// a report of harm.
pub fn readiness(project: &ProjectState, holders: usize) -> Vec<Item> {
    let empty = crate::kinds::Project::default();
    let card = project.project().unwrap_or(&empty);
    let whole = |noted: &Option<Noted>| noted.as_ref().is_some_and(Noted::is_whole);
    let plain = |what, done| Item { what, done, lacking: Vec::new(), count: 0 };
    let lacking = |what, has: &dyn Fn(&Purpose) -> bool| {
        let lacking: Vec<Purpose> = card.purposes.iter().filter(|purpose| !has(purpose)).cloned().collect();
        Item { what, done: lacking.is_empty() && !card.purposes.is_empty(), lacking, count: 0 }
    };
    let text = project.text().and_then(|(_, text)| text.shown()).map(|(_, text)| text);
    // A family is not read that somebody of (institution) keeps it until (date).
    let blanks = text.map_or(0, |text| text.blanks().len());
    let texts = lacking(Ready::Texts, &|purpose| text.is_some_and(|text| text.asks(purpose)));
    let knows_a_holder = |site: Option<&RecordId>| {
        let contacts = safeguarding::contacts(project, site);
        contacts.iter().any(|contact| contact.role == ContactRole::Holder && !contact.number.trim().is_empty())
    };
    let is_visited = |state: &CardState<Site>| {
        state.card.as_ref().is_some_and(|site| matches!(site.kind, SiteKind::Village | SiteKind::School))
    };
    let mut visited = project.sites.iter().filter(|(_, state)| is_visited(state)).map(|(site, _)| site).peekable();
    let contacts = match visited.peek() {
        Some(_) => visited.all(|site| knows_a_holder(Some(site))),
        None => knows_a_holder(None),
    };
    vec![
        plain(Ready::Purposes, !card.purposes.is_empty()),
        Item { done: texts.done && blanks == 0, count: blanks, ..texts },
        Item { count: holders, ..plain(Ready::Holders, holders >= FEWEST_HOLDERS) },
        plain(Ready::Contacts, contacts),
        lacking(Ready::Retention, &|purpose| card.retention.get(purpose).is_some_and(|day| is_day(day))),
        plain(Ready::Ethics, whole(&card.ethics)),
        plain(Ready::Passphrases, whole(&card.passphrases)),
        plain(Ready::Recovery, whole(&card.recovery_tried)),
    ]
}

/// Whether everything is done, with the holders who were counted last. Where nobody has counted them, that stays open.
pub fn is_ready(project: &ProjectState) -> bool {
    readiness(project, project.holders.unwrap_or(FEWEST_HOLDERS)).iter().all(|item| item.done)
}

/// Why something is to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DueWhy {
    /// The respondent stopped and wants nothing kept.
    Stopped,
    /// Consent to it was taken back.
    Withdrawn,
    /// It was refused after it was collected.
    Refused,
    /// The day until which it may be kept is over.
    Retention,
}

impl DueWhy {
    /// The word, as in JSON and as the key of the message catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
            Self::Retention => "retention",
        }
    }
}

/// Something that is to be erased.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Due {
    /// Why.
    pub why: DueWhy,
    /// For which purpose.
    pub purpose: Purpose,
}

/// What of an interview for these purposes is to be erased on a day, the first reason that there is. `standing` says what the
/// respondent's consents come to.
pub fn due(
    project: &ProjectState,
    purposes: &[Purpose],
    status: crate::Status,
    today: &str,
    standing: &dyn Fn(&Purpose) -> crate::ConsentStanding,
) -> Option<Due> {
    let found = |why: DueWhy, purpose: &Purpose| Some(Due { why, purpose: purpose.clone() });
    if status == crate::Status::StoppedNotKept {
        return found(DueWhy::Stopped, purposes.first()?);
    }
    let noes: Vec<_> =
        purposes.iter().map(|one| (standing(one), one)).filter(|(standing, _)| standing.is_no()).collect();
    let taken_back = noes.iter().find(|(standing, _)| *standing == crate::ConsentStanding::Withdrawn);
    if let Some((_, purpose)) = taken_back {
        return found(DueWhy::Withdrawn, purpose);
    }
    if let Some((_, purpose)) = noes.first() {
        return found(DueWhy::Refused, purpose);
    }
    purposes
        .iter()
        .find(|purpose| is_past_its_day(project, purpose, today))
        .and_then(|purpose| found(DueWhy::Retention, purpose))
}

/// Whether the card of a respondent, with the consents, ties and assignments, may be kept no longer on a day: the last day of
/// every purpose that the project asks for is over, but of those that were refused, for which nothing was collected. Where all
/// were refused, the word is kept as long as there is somebody who might ask again. Gives the purpose that ended last.
pub fn due_of_person(
    project: &ProjectState,
    today: &str,
    standing: &dyn Fn(&Purpose) -> crate::ConsentStanding,
) -> Option<Due> {
    let card = project.project()?;
    // In a project for practice days may have been set before anybody said what is asked for.
    let mut all: Vec<&Purpose> = card.purposes.iter().collect();
    if all.is_empty() {
        all.extend(card.retention.keys());
    }
    // Not over yet for anybody: nobody's consents need to be looked at.
    let over = |purpose: &Purpose| last_day(project, purpose).filter(|day| is_over(day, today));
    if !all.iter().any(|purpose| over(purpose).is_some()) {
        return None;
    }
    let asked: Vec<&Purpose> = all.iter().copied().filter(|purpose| !standing(purpose).is_no()).collect();
    let kept_for = if asked.is_empty() { all } else { asked };
    let ended = kept_for.iter().map(|purpose| Some((over(purpose)?, *purpose))).collect::<Option<Vec<_>>>()?;
    let (_, last) = ended.into_iter().max()?;
    Some(Due { why: DueWhy::Retention, purpose: last.clone() })
}

/// Whether everything that was ever agreed to for a respondent was taken back, so that the card may go too when a person says so.
/// What was refused is a word that is kept, lest somebody asks again. A project that does not say what it asks for asks for
/// everything.
pub fn everything_taken_back(
    project: &ProjectState,
    standing: &dyn Fn(&Purpose) -> crate::ConsentStanding,
) -> Option<Due> {
    use crate::ConsentStanding::{Missing, NotYet, OtherPurpose, Withdrawn};
    let card = project.project()?;
    let said = |purpose: &Purpose| {
        let said = standing(purpose);
        matches!(said, Withdrawn | Missing | OtherPurpose | NotYet).then(|| (said, purpose.clone()))
    };
    let asked: &[Purpose] = if card.purposes.is_empty() { Purpose::ALL } else { &card.purposes };
    let all: Option<Vec<_>> = asked.iter().map(said).collect();
    let taken_back = |(said, purpose)| (said == Withdrawn).then_some(Due { why: DueWhy::Withdrawn, purpose });
    all?.into_iter().find_map(taken_back)
}

/// The last day on which something may be kept for a purpose; none where the project says none.
pub fn last_day<'a>(project: &'a ProjectState, purpose: &Purpose) -> Option<&'a str> {
    project.project()?.retention.get(purpose).map(String::as_str)
}

/// Whether the last day for a purpose is over.
pub fn is_past_its_day(project: &ProjectState, purpose: &Purpose, today: &str) -> bool {
    last_day(project, purpose).is_some_and(|day| is_over(day, today))
}

fn is_over(day: &str, today: &str) -> bool {
    is_day(day) && is_day(today) && day < today
}
