//! The lists: today's page, all records, counts for the badges.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use tianye_journal::{EntryHash, PersonId, RecordId};
use tianye_survey::{FormHash, Purpose, SiteKind};
use tianye_xform::About;

use crate::book::Brief;
use crate::desk::Desk;
use crate::filling::{CORRECTING, Extra, shown_state, title};
use crate::interview::asks;
use crate::interview::open::Stop;
use crate::interview::page::small;
use crate::refusal::Result;
use crate::view::{FormCard, HomeView, InterviewCard, InterviewState, Outbox, PlaceView, Role, SiteCard};
use crate::world;

impl Desk {
    /// The page after unlocking.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn home(&mut self, language: &str) -> Result<HomeView> {
        let mut cards = self.cards(language, false)?;
        self.note_consents(&mut cards)?;
        let project = self.book.project.project();
        Ok(HomeView {
            project: project.map_or_else(|| self.who.title.clone(), |project| title(&project.title, language)),
            practice: self.book.project.is_practice(),
            person: self.who.name.clone(),
            group: self.who.group.clone(),
            role: self.role(),
            device: self.who.device_name.clone(),
            today: self.world.now().date_naive().to_string(),
            forms: self.form_cards(language),
            sites: self.site_cards(language),
            places: places(cards),
            outbox: self.outbox()?,
            conflicts: self.count_conflicts()?,
            join_requests: 0,
            due: self.count_due()?,
            untold: self.count_untold()?,
            stopped: self.stopped()?,
        })
    }

    /// Every interview that this person may read.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn records(&self, language: &str) -> Result<Vec<InterviewCard>> {
        let mut cards = self.cards(language, true)?;
        cards.retain(|(_, card)| !card.assigned);
        Ok(cards.into_iter().map(|(_, card)| card).collect())
    }

    /// Says of what is still to be done whether the family was asked.
    fn note_consents(&self, cards: &mut [(Option<RecordId>, InterviewCard)]) -> Result<()> {
        if !self.book.project.asks_consent() {
            return Ok(());
        }
        let today = self.today();
        let gate = self.gate(&today)?;
        let mut purposes: BTreeMap<String, Vec<Purpose>> = BTreeMap::new();
        for (_, card) in cards {
            use InterviewState::{Correcting, Draft, Open, SentBack};
            let open = matches!(card.state, Open | Draft | Correcting | SentBack);
            let Some(subject) = card.subject.parse::<RecordId>().ok().filter(|_| open) else { continue };
            let needed = purposes.entry(card.form_id.clone()).or_insert_with(|| {
                self.newest_form(&card.form_id).map(|form| self.purposes_of(&form)).unwrap_or_default()
            });
            let record = card.id.parse::<RecordId>().ok().filter(|_| !card.assigned);
            let needed = self.round(&gate, record.as_ref(), &card.form_id, &subject).asks(needed.clone());
            let worst = needed.iter().map(|purpose| gate.consents.standing(&subject, purpose)).min();
            card.consent = worst.map(|standing| standing.code().to_owned()).unwrap_or_default();
        }
        Ok(())
    }

    /// Open conflicts, of answers and of cards.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn count_conflicts(&self) -> Result<u32> {
        let on_cards = small(self.book.project.conflicts().len());
        let briefs = self.in_conflict()?.into_iter().filter_map(|record| self.book.interviews.get(&record));
        Ok(briefs.map(|brief| brief.conflicts).sum::<u32>() + on_cards)
    }

    /// What waits to be sent.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn outbox(&self) -> Result<Outbox> {
        let entries = self.store.read(|view| view.count_unsent())?;
        let (records, bytes) = self.store.read(|view| Ok((view.unsent_records()?, view.unsent_bytes()?)))?;
        let interviews = records.iter().filter(|record| self.book.interviews.contains_key(record));
        Ok(Outbox {
            entries: u32::try_from(entries).unwrap_or(u32::MAX),
            interviews: small(interviews.count()),
            kib: u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX),
        })
    }

    pub(crate) fn form_cards(&self, language: &str) -> Vec<FormCard> {
        let mut cards = Vec::new();
        for (id, newest) in self.book.project.latest_forms() {
            let Some(hash) = newest.one() else { continue };
            let Some((_, version)) = self.book.project.form_version(&hash) else { continue };
            // A form whose parts have not come is not offered yet.
            let Ok(form) = self.form(&hash) else { continue };
            let asked = form.questions().iter().filter(|question| asks(&question.control)).count();
            cards.push(FormCard {
                id: id.to_owned(),
                version: version.form.version.clone(),
                title: title(&version.form.title, language),
                languages: version.form.languages.clone(),
                questions: small(asked),
                about: about(form.about()).to_owned(),
            });
        }
        cards
    }

    fn site_cards(&self, language: &str) -> Vec<SiteCard> {
        let sites = self.book.project.sites.keys();
        let leaf = |site: &&RecordId| {
            self.book.project.site(site).is_some_and(|site| matches!(site.kind, SiteKind::Class | SiteKind::School))
        };
        let mut cards: Vec<SiteCard> = sites
            .filter(leaf)
            .map(|site| SiteCard { id: site.to_string(), name: self.book.site_name(Some(*site), language) })
            .collect();
        cards.sort_by(|a, b| a.name.cmp(&b.name));
        cards
    }

    /// Rows with their sites: interviews of entries, drafts in no entry yet, open assignments.
    fn cards(&self, language: &str, all: bool) -> Result<Vec<(Option<RecordId>, InterviewCard)>> {
        let me = self.who.person;
        let mut drafts: BTreeMap<RecordId, tianye_store::Draft> = BTreeMap::new();
        for draft in self.store.read(|view| view.drafts())? {
            drafts.insert(draft.record, draft);
        }
        let handed: BTreeSet<RecordId> = self
            .book
            .project
            .assignments
            .values()
            .filter_map(|state| state.card.as_ref())
            .filter(|assignment| assignment.interviewer == Some(me) && !assignment.withdrawn)
            .filter_map(|assignment| assignment.interview)
            .collect();
        let received = self.store.read(|view| view.received())?;
        let today = self.today();
        let gate = self.gate(&today)?;
        let mut cards = Vec::new();
        for (record, brief) in &self.book.interviews {
            if self.is_refused(&gate, record, brief) {
                continue;
            }
            let mine = brief.interviewers.contains(&me) || brief.handed_to == Some(me) || handed.contains(record);
            if all && self.role() != Role::Interviewer || mine || drafts.contains_key(record) {
                let mut card = self.interview_card(*record, brief, drafts.get(record), &received, language);
                if all {
                    card.unfit = self.unfit_answers(*record, brief)?;
                }
                cards.push((self.site_of(brief), card));
            }
        }
        for (record, draft) in &drafts {
            if !self.book.interviews.contains_key(record) {
                cards.push(self.draft_card(draft, language));
            }
        }
        // Leads interview too, where they were assigned somebody.
        cards.extend(self.assignment_cards(me, &drafts, language));
        Ok(cards)
    }

    fn site_of(&self, brief: &Brief) -> Option<RecordId> {
        let subject = brief.subject.and_then(|subject| self.book.project.subject(&subject));
        brief.site.or_else(|| subject.and_then(|subject| subject.site))
    }

    fn interview_card(
        &self,
        record: RecordId,
        brief: &Brief,
        draft: Option<&tianye_store::Draft>,
        received: &HashSet<EntryHash>,
        language: &str,
    ) -> InterviewCard {
        let heading = self.heading(brief.subject, brief.site, shown_state(brief.status), language);
        let correcting = draft.is_some_and(|draft| draft.state == CORRECTING);
        // Where an interview that has ended was left does not say how much of it is there.
        let stop = draft.filter(|_| correcting || brief.status.is_open()).and_then(stop_of);
        let (form, form_id) = self.form_words(draft.map(|draft| FormHash(draft.form)).or(brief.form), language);
        let interviewers: Vec<String> =
            distinct(&brief.interviewers).iter().map(|person| self.book.name(person)).collect();
        InterviewCard {
            id: record.to_string(),
            assigned: false,
            code: heading.code,
            name: heading.name,
            form,
            form_id,
            site: heading.site,
            interviewer: interviewers.join("、"),
            state: if correcting { InterviewState::Correcting } else { heading.state },
            stopped_at: stop.as_ref().map(|stop| stop.number.clone()).unwrap_or_default(),
            answered: stop.as_ref().map_or(brief.answered, |stop| stop.answered),
            total: stop.as_ref().map_or(0, |stop| stop.total),
            conflicts: brief.conflicts,
            unfit: 0,
            newer: draft.filter(|_| brief.status.is_open() || correcting).and_then(|draft| self.newer_words(draft)),
            changed: brief.changed.and_then(|at| world::iso_of(at.ms, at.offset)),
            on_hub: is_on_hub(brief, draft, received),
            sent_back_reason: brief.sent_back_reason.clone(),
            imported: brief.imported,
            practice: self.is_past_practice(brief),
            subject: brief.subject.map(|subject| subject.to_string()).unwrap_or_default(),
            consent: String::new(),
            due: String::new(),
        }
    }

    fn draft_card(&self, draft: &tianye_store::Draft, language: &str) -> (Option<RecordId>, InterviewCard) {
        let extra = Extra::of(draft);
        let heading = self.heading(draft.subject, extra.site, InterviewState::Draft, language);
        let stop = stop_of(draft).unwrap_or_default();
        let (form, form_id) = self.form_words(Some(FormHash(draft.form)), language);
        let subject = draft.subject.and_then(|subject| self.book.project.subject(&subject));
        let card = InterviewCard {
            id: draft.record.to_string(),
            assigned: false,
            code: heading.code,
            name: heading.name,
            form,
            form_id,
            site: heading.site,
            interviewer: self.who.name.clone(),
            state: InterviewState::Draft,
            stopped_at: stop.number,
            answered: stop.answered,
            total: stop.total,
            conflicts: 0,
            unfit: 0,
            newer: self.newer_words(draft),
            changed: world::iso_of(draft.changed_ms, self.at().offset),
            on_hub: false,
            sent_back_reason: String::new(),
            imported: false,
            practice: self.is_past_draft(draft),
            subject: draft.subject.map(|subject| subject.to_string()).unwrap_or_default(),
            consent: String::new(),
            due: String::new(),
        };
        (extra.site.or_else(|| subject.and_then(|subject| subject.site)), card)
    }

    fn assignment_cards(
        &self,
        me: PersonId,
        drafts: &BTreeMap<RecordId, tianye_store::Draft>,
        language: &str,
    ) -> Vec<(Option<RecordId>, InterviewCard)> {
        let begun: BTreeSet<RecordId> = drafts
            .values()
            .filter(|draft| !self.is_past_draft(draft))
            .filter_map(|draft| Extra::of(draft).assignment)
            .collect();
        let fillings = self.fillings();
        let mut cards = Vec::new();
        for (record, assignment) in self.book.project.standing_assignments() {
            let open = assignment.interviewer == Some(me)
                && assignment.interview.is_none()
                && !begun.contains(&record)
                && self.is_open_assignment(assignment, &fillings);
            if !open {
                continue;
            }
            let heading = self.heading(assignment.subject, assignment.site, InterviewState::Open, language);
            let hash = self.newest_form(&assignment.form_id).ok();
            let subject = assignment.subject.and_then(|subject| self.book.project.subject(&subject));
            let card = InterviewCard {
                id: record.to_string(),
                assigned: true,
                code: heading.code,
                name: heading.name,
                form: self.form_words(hash, language).0,
                form_id: assignment.form_id.clone(),
                site: heading.site,
                interviewer: self.who.name.clone(),
                state: InterviewState::Open,
                stopped_at: String::new(),
                answered: 0,
                total: 0,
                conflicts: 0,
                unfit: 0,
                newer: None,
                changed: None,
                on_hub: false,
                sent_back_reason: String::new(),
                imported: false,
                practice: false,
                subject: assignment.subject.map(|subject| subject.to_string()).unwrap_or_default(),
                consent: String::new(),
                due: assignment.due.clone().unwrap_or_default(),
            };
            cards.push((assignment.site.or_else(|| subject.and_then(|subject| subject.site)), card));
        }
        cards
    }

    /// The name of the newer version that a draft may move to.
    fn newer_words(&self, draft: &tianye_store::Draft) -> Option<String> {
        self.newer_than(&FormHash(draft.form)).map(|newer| self.version_words(&newer))
    }

    /// Id of the form of a version; empty where that is not here.
    pub(crate) fn form_id(&self, version: Option<FormHash>) -> &str {
        version.map_or("", |version| self.book.project.form_id(&version))
    }

    /// Title and id of a form version.
    pub(crate) fn form_words(&self, hash: Option<FormHash>, language: &str) -> (String, String) {
        let version = hash.and_then(|hash| self.book.project.form_version(&hash));
        version
            .map(|(_, version)| (title(&version.form.title, language), version.form.form_id.clone()))
            .unwrap_or_default()
    }
}

/// Whether the hub has given a receipt for all that an interview stands on.
fn is_on_hub(brief: &Brief, draft: Option<&tianye_store::Draft>, received: &HashSet<EntryHash>) -> bool {
    let unsealed = draft.is_some_and(|draft| draft.unsealed);
    !unsealed && !brief.heads.is_empty() && brief.heads.iter().all(|head| received.contains(head))
}

/// What a form is about, as screens call it.
fn about(about: About) -> &'static str {
    match about {
        About::Person => "person",
        About::Group => "group",
        About::Site => "site",
        About::Ward => "ward",
    }
}

fn stop_of(draft: &tianye_store::Draft) -> Option<Stop> {
    serde_json::from_str(draft.position.as_deref()?).ok()
}

fn distinct(people: &[PersonId]) -> Vec<PersonId> {
    let mut seen = Vec::new();
    for person in people {
        if !seen.contains(person) {
            seen.push(*person);
        }
    }
    seen
}

/// Rows grouped by site, those to be worked on first.
fn places(cards: Vec<(Option<RecordId>, InterviewCard)>) -> Vec<PlaceView> {
    let mut places: BTreeMap<(String, Option<RecordId>), Vec<InterviewCard>> = BTreeMap::new();
    for (site, card) in cards {
        places.entry((card.site.clone(), site)).or_default().push(card);
    }
    let order = |card: &InterviewCard| match card.state {
        InterviewState::SentBack => 0,
        InterviewState::Draft | InterviewState::Correcting => 1,
        InterviewState::Open => 2,
        InterviewState::Finalised => 3,
        InterviewState::Approved | InterviewState::Stopped => 4,
    };
    let place = |((name, site), mut rows): ((String, Option<RecordId>), Vec<InterviewCard>)| {
        rows.sort_by(|a, b| (order(a), &a.code, &a.id).cmp(&(order(b), &b.code, &b.id)));
        let done = rows
            .iter()
            .filter(|row| matches!(row.state, InterviewState::Finalised | InterviewState::Approved) && !row.practice);
        PlaceView { site: site.map(|site| site.to_string()).unwrap_or_default(), name, done: small(done.count()), rows }
    };
    let mut places: Vec<PlaceView> = places.into_iter().map(place).collect();
    // Classes in the order of their respondents' codes, which a lead chose; names of classes do not sort.
    places.sort_by(|a, b| first_code(a).cmp(&first_code(b)));
    places
}

fn first_code(place: &PlaceView) -> Option<&str> {
    place.rows.iter().map(|row| row.code.as_str()).min()
}
