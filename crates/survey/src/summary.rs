//! What lists show of an interview, and how far the survey has come.

use crate::consents::Consents;
use crate::fold::{InterviewState, Newest, Status};
use crate::kinds::{Assignment, FormHash, Names, Purpose, SiteKind};
use crate::project::ProjectState;
use crate::{At, Private};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{EntryHash, PersonId, RecordId};

/// How much of a form is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// Relevant questions that have an answer.
    pub answered: u32,
    /// Relevant questions.
    pub total: u32,
}

/// An interview in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InterviewSummary {
    /// The record.
    pub record: RecordId,
    /// The form version it stands under; none while a person must say which of several is newest.
    pub form: Option<FormHash>,
    /// `form_id` of its form; empty while the form is not here.
    pub form_id: String,
    /// Title of the form.
    pub form_title: Names,
    /// The respondent.
    pub subject: Option<RecordId>,
    /// The respondent's code.
    pub code: String,
    /// What the screens call the respondent.
    pub name: Private,
    /// The site: the interview's, else the respondent's.
    pub site: Option<RecordId>,
    /// The assignment it fulfils.
    pub assignment: Option<RecordId>,
    /// Whose interview it is.
    pub interviewer: Option<PersonId>,
    /// How far it is.
    pub status: Status,
    /// Laptops disagree on how far it is; the most cautious word is shown.
    pub contested: bool,
    /// How many conflicts wait for a person.
    pub conflicts: usize,
    /// How many fields were brought together by rule.
    pub merged_by_rule: usize,
    /// How much is filled, if the caller had the form at hand.
    pub filled: Option<Filled>,
    /// Last change, by the clock of the laptop that made it.
    pub last: Option<At>,
    /// Entries of the record here.
    pub entries: usize,
    /// Entries of the record for which the hub's receipt is here.
    pub on_hub: usize,
    /// Entries that others name and that are not here yet.
    pub missing: usize,
    /// Entries whose authors had no right to write them.
    pub no_right: usize,
    /// What is to be mended, if it was sent back.
    pub sent_back: Option<Private>,
}

/// What a list shows of an interview. `on_hub`: whether the hub's receipt for an entry was checked.
pub fn summarise(
    state: &InterviewState,
    project: &ProjectState,
    filled: Option<Filled>,
    on_hub: impl Fn(&EntryHash) -> bool,
) -> InterviewSummary {
    let ground = &state.ground;
    let newest = project.newest_of(&state.forms);
    let known = newest.one().or_else(|| state.forms.first().copied()).and_then(|hash| project.form_version(&hash));
    let subject = state.subject();
    let card = subject.and_then(|record| project.subject(&record));
    let sent_back = state.status.sent_back().find_map(|step| step.review.as_ref()).map(|review| review.reason.clone());
    InterviewSummary {
        record: ground.record,
        form: newest.one(),
        form_id: known.map(|(_, version)| version.form.form_id.clone()).unwrap_or_default(),
        form_title: known.map(|(_, version)| version.form.title.clone()).unwrap_or_default(),
        subject,
        code: card.map(|card| card.code.clone()).unwrap_or_default(),
        name: card.map(|card| card.display_name.clone()).unwrap_or_default(),
        site: state.site().or_else(|| card?.site),
        assignment: state.assignment(),
        interviewer: state.interviewer(),
        status: state.status.status,
        contested: state.status.contested || matches!(newest, Newest::Several(_)),
        conflicts: state.conflicts.len(),
        merged_by_rule: state.merged_by_rule,
        filled,
        last: state.last.map(|(_, at)| at),
        entries: ground.graph.len(),
        on_hub: ground.graph.entries().iter().filter(|entry| on_hub(entry)).count(),
        missing: ground.missing().len(),
        no_right: ground.no_right.len(),
        sent_back,
    }
}

/// One planned or unplanned filling: a square on the coverage page. The furthest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Square {
    /// Approved.
    Collected,
    /// Waits for a review.
    Waiting,
    /// Begun, or sent back.
    InProgress,
    /// Somebody said no.
    NoConsent,
    /// Not begun.
    NotDone,
}

/// How many squares there are of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All.
    pub planned: usize,
    /// Approved.
    pub collected: usize,
    /// Waiting for a review.
    pub waiting: usize,
    /// Begun or sent back.
    pub in_progress: usize,
    /// Somebody said no.
    pub no_consent: usize,
    /// Not begun.
    pub not_done: usize,
    /// Interviews beyond the first with the same respondent and form: candidates for duplicates.
    pub repeated: usize,
}

impl Counts {
    fn add(&mut self, square: Square, repeated: usize) {
        self.planned += 1;
        self.repeated += repeated;
        *match square {
            Square::Collected => &mut self.collected,
            Square::Waiting => &mut self.waiting,
            Square::InProgress => &mut self.in_progress,
            Square::NoConsent => &mut self.no_consent,
            Square::NotDone => &mut self.not_done,
        } += 1;
    }
}

/// A line of the coverage page: one site, all forms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CoverageRow {
    /// The school in which the site stands, or which it is.
    pub school: Option<RecordId>,
    /// The site itself: usually a class.
    pub site: Option<RecordId>,
    /// Whose interviews and assignments these are.
    pub interviewers: BTreeSet<PersonId>,
    /// For each form its squares, the furthest first.
    pub forms: BTreeMap<String, Vec<Square>>,
    /// All forms together.
    pub counts: Counts,
}

/// How far the survey has come. One square is one respondent and form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// By site, schools together.
    pub rows: Vec<CoverageRow>,
    /// By interviewer; with `None` what nobody has taken yet.
    pub interviewers: Vec<(Option<PersonId>, Counts)>,
    /// All.
    pub total: Counts,
}

#[derive(Default)]
struct Filling {
    site: Option<RecordId>,
    interviewer: Option<PersonId>,
    done: Vec<Square>,
}

/// How far the survey has come, from assignments, consents and interviews. Linked respondents are one.
pub fn coverage<'a>(project: &ProjectState, interviews: impl IntoIterator<Item = &'a InterviewSummary>) -> Coverage {
    // What is filled, by form and respondent; without a respondent, by assignment or by the interview itself.
    let identities = project.identities();
    let mut fillings: BTreeMap<(String, RecordId), Filling> = BTreeMap::new();
    let cards = project.assignments.iter().filter_map(|(record, state)| Some((*record, state.card.as_ref()?)));
    for (record, assignment) in cards.filter(|(_, card)| !card.withdrawn && card.interview.is_none()) {
        let Assignment { form_id, subject, site, interviewer, .. } = assignment;
        let filling =
            fillings.entry((form_id.clone(), subject.map_or(record, |one| identities.leading(&one)))).or_default();
        filling.site = site.or_else(|| project.subject(subject.as_ref()?)?.site).or(filling.site);
        filling.interviewer = interviewer.or(filling.interviewer);
    }
    for interview in interviews {
        // Of one interview filled twice, the one that counts stands for both.
        if identities.leading(&interview.record) != interview.record {
            continue;
        }
        let subject = interview.subject.map(|subject| identities.leading(&subject));
        let key = subject.or(interview.assignment).unwrap_or(interview.record);
        let filling = fillings.entry((interview.form_id.clone(), key)).or_default();
        filling.site = filling.site.or(interview.site);
        filling.interviewer = interview.interviewer.or(filling.interviewer);
        filling.done.push(match interview.status {
            Status::Approved => Square::Collected,
            status if status.waits_for_review() => Square::Waiting,
            // Kept answers wait for a look like any others; where nothing is kept, somebody said no.
            Status::Stopped => Square::Waiting,
            Status::StoppedNotKept => Square::NoConsent,
            _ => Square::InProgress,
        });
    }
    let consents = Consents::of(project, "");
    let mut rows: BTreeMap<(Option<RecordId>, Option<RecordId>), CoverageRow> = BTreeMap::new();
    let mut interviewers: BTreeMap<Option<PersonId>, Counts> = BTreeMap::new();
    let mut total = Counts::default();
    for ((form_id, key), filling) in fillings {
        let said_no = || consents.standing(&key, &Purpose::Questionnaire).is_no();
        let square = match filling.done.iter().min() {
            Some(square) => *square,
            None if said_no() => Square::NoConsent,
            None => Square::NotDone,
        };
        let repeated = filling.done.len().saturating_sub(1);
        let school = filling.site.and_then(|site| school_of(project, &site));
        let row = rows.entry((school, filling.site)).or_default();
        (row.school, row.site) = (school, filling.site);
        row.interviewers.extend(filling.interviewer);
        row.forms.entry(form_id).or_default().push(square);
        row.counts.add(square, repeated);
        interviewers.entry(filling.interviewer).or_default().add(square, repeated);
        total.add(square, repeated);
    }
    let mut rows: Vec<CoverageRow> = rows.into_values().collect();
    for squares in rows.iter_mut().flat_map(|row| row.forms.values_mut()) {
        squares.sort_unstable();
    }
    let name = |site: Option<RecordId>| site.and_then(|site| project.site(&site)).map(|site| site.name.clone());
    rows.sort_by_cached_key(|row| (name(row.school), row.school, name(row.site), row.site));
    Coverage { rows, interviewers: interviewers.into_iter().collect(), total }
}

fn school_of(project: &ProjectState, site: &RecordId) -> Option<RecordId> {
    project.site_path(site).iter().find(|(_, site)| site.kind == SiteKind::School).map(|(record, _)| *record)
}
