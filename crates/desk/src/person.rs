//! A person's page: who it is, ties, consents, and everything done with and about them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use tianye_journal::{PersonId, RecordId};
use tianye_survey::{
    self as survey, Answer, Beginning, Card, Consent, ConsentAct, Content, LinkAct, Opened, Purpose, Stage, Verdict,
    Word, kind,
};

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::record_id;
use crate::refusal::{Result, refuse};
use crate::view::{Args, ConsentMark, PersonEvent, PersonView, TieView};
use crate::world;

/// An event with what it is put in order by: milliseconds and the place in its chain.
pub(crate) type Dated = ((i64, u64), PersonEvent);

impl Desk {
    /// A person's page, by the id of a card; of linked cards the leading one is shown.
    ///
    /// # Errors
    /// `person-gone` where the card is not here; the store's refusal.
    pub fn person_page(&self, id: &str, language: &str) -> Result<PersonView> {
        let project = &self.book.project;
        let leading = project.identities().leading(&record_id(id)?);
        let gone = || refuse("person-gone", "expected a person who is here, found none");
        let card = project.subject(&leading).ok_or_else(gone)?;
        let cards = self.cards_of(&leading);
        let others = cards.iter().filter(|one| **one != leading).filter_map(|one| project.subject(one));
        let text = |text: &Option<survey::Private>| text.as_deref().unwrap_or_default().to_owned();
        let consents = Purpose::ALL.iter().map(|purpose| ConsentMark {
            purpose: purpose.as_str().to_owned(),
            standing: project.consent(&leading, purpose, &self.today()).code().to_owned(),
        });
        Ok(PersonView {
            id: leading.to_string(),
            kind: card.kind.as_str().to_owned(),
            code: card.code.clone(),
            name: card.display_name.to_string(),
            reading: survey::readings(&card.display_name).into_iter().next().unwrap_or_default(),
            site: card.site.map(|site| site.to_string()).unwrap_or_default(),
            site_name: self.book.site_name(card.site, language),
            sex: text(&card.sex),
            birth: text(&card.birth_date),
            student_number: text(&card.student_number),
            id_number: text(&card.id_number),
            grade: card.grade.clone().unwrap_or_default(),
            contact: text(&card.contact),
            note: text(&card.note),
            linked: others.map(|card| format!("{} {}", card.code, &*card.display_name)).collect(),
            ties: self.tie_views(&leading, &cards, language),
            consents: consents.collect(),
            assignments: self.assignments_of(&cards, language)?,
            history: self.history_of(&cards, language)?,
            conflicts: self.conflicts_of_person(&cards, language)?,
            members: self.member_rows(card, language),
            may_write: self.must_write(kind::SUBJECT).is_ok(),
        })
    }

    fn tie_views(&self, leading: &RecordId, cards: &[RecordId], language: &str) -> Vec<TieView> {
        let project = &self.book.project;
        let today = self.today();
        let view = |(record, tie): (RecordId, &survey::Tie)| {
            let outward = cards.contains(&tie.person);
            let other = if outward { tie.to } else { tie.person };
            let other = project.identities().leading(&other);
            let card = project.subject(&other);
            let name = match card {
                Some(card) => format!("{} {}", card.code, &*card.display_name).trim().to_owned(),
                None => self.book.short_site_name(Some(other), language),
            };
            let text = |text: &Option<survey::Private>| text.as_deref().unwrap_or_default().to_owned();
            TieView {
                id: record.to_string(),
                other: other.to_string(),
                name,
                is_person: card.is_some(),
                outward,
                relation: tie.relation.as_str().to_owned(),
                custody: tie.custody.as_ref().map(|word| word.as_str().to_owned()).unwrap_or_default(),
                since: text(&tie.since),
                until: text(&tie.until),
                note: text(&tie.note),
                contact: card.map(|card| text(&card.contact)).unwrap_or_default(),
                holds: tie.holds_on(&today),
            }
        };
        let mut ties: Vec<TieView> = project.ties_of(leading).into_iter().map(view).collect();
        // Who looks after the child now comes first.
        ties.sort_by_key(|tie| (!tie.holds, tie.custody.is_empty()));
        ties
    }

    /// Everything done with and about a person, the last first.
    fn history_of(&self, cards: &[RecordId], language: &str) -> Result<Vec<PersonEvent>> {
        let project = &self.book.project;
        let mut records: Vec<RecordId> = cards.to_vec();
        let ties = project.ties.iter().filter(|(_, state)| {
            state.card.as_ref().is_some_and(|tie| cards.contains(&tie.person) || cards.contains(&tie.to))
        });
        records.extend(ties.map(|(record, _)| *record));
        records.extend(self.papers_of(cards).into_iter().flatten());
        records.extend(self.interviews_of(cards));
        // What a group did, each who is in it did.
        records.extend(self.interviews_of(&self.groups_of(cards)));
        records.extend(self.pairs_with(cards));
        let begun = self.begun_elsewhere(&|one| one.subject.is_some_and(|subject| cards.contains(&subject)), language);
        self.events_of(&records, cards, begun, language)
    }

    /// What colleagues told that they began, of those meant, and that cannot be read here: no answers, and a day alone.
    pub(crate) fn begun_elsewhere(&self, meant: &dyn Fn(&Beginning) -> bool, language: &str) -> Vec<Dated> {
        let event = |(by, one): (&PersonId, &Beginning)| {
            let form = self.newest_form(&one.form_id).map(|form| self.form_words(Some(form), language).0);
            let noon = one.on.parse::<NaiveDate>().ok().and_then(|day| day.and_hms_opt(12, 0, 0));
            let event = PersonEvent {
                at: one.on.clone(),
                by: self.book.name(by),
                device: String::new(),
                what: "begun-elsewhere".to_owned(),
                args: Args::from([("form".to_owned(), form.unwrap_or_else(|_| one.form_id.clone()))]),
                interview: String::new(),
                practice: false,
            };
            ((noon.map(|noon| noon.and_utc().timestamp_millis()).unwrap_or_default(), 0), event)
        };
        self.told_begun().filter(|(_, one)| meant(one)).map(event).collect()
    }

    /// What was done in some records, and `beside` them, the last first, as it is told of whom or what it is about.
    pub(crate) fn events_of(
        &self,
        records: &[RecordId],
        cards: &[RecordId],
        beside: Vec<Dated>,
        language: &str,
    ) -> Result<Vec<PersonEvent>> {
        let mut events = beside;
        for record in records.iter().copied() {
            let mut entries = entries_of(&self.store, record)?;
            entries.sort_by_key(|entry| (entry.at.ms, entry.seq));
            let brief = self.book.interviews.get(&record);
            let form = brief.map(|brief| self.form_words(brief.form, language).0);
            let mut first = true;
            let mut said = BTreeMap::new();
            for entry in &entries {
                if self.book.team.check(entry, true).is_err() {
                    continue;
                }
                let told = match &entry.content {
                    Content::Consent(card) => told_of_consent(card, &mut said),
                    _ => self.told(entry, first, form.as_deref(), cards, language).into_iter().collect(),
                };
                for (what, args) in told {
                    first = false;
                    events.push((
                        (entry.at.ms, entry.seq.get()),
                        PersonEvent {
                            at: world::iso_of(entry.at.ms, entry.at.offset).unwrap_or_default(),
                            by: self.book.name(&entry.author),
                            device: self.book.device(&entry.chain),
                            what: what.to_owned(),
                            args,
                            interview: brief.map(|_| record.to_string()).unwrap_or_default(),
                            practice: brief.is_some_and(|brief| self.is_past_practice(brief)),
                        },
                    ));
                }
            }
        }
        events.sort_by(|(a, _), (b, _)| b.cmp(a));
        Ok(events.into_iter().map(|(_, event)| event).collect())
    }

    /// What an entry tells of a person: the key of the words, and what they mention.
    fn told(
        &self,
        entry: &Opened,
        first: bool,
        form: Option<&str>,
        cards: &[RecordId],
        language: &str,
    ) -> Option<(&'static str, Args)> {
        let mut args = Args::new();
        let mut put = |name: &str, value: String| _ = args.insert(name.to_owned(), value);
        let keys = |keys: &mut dyn Iterator<Item = &str>| keys.collect::<Vec<_>>().join(" ");
        let called = |record: &RecordId| {
            let card = self.book.project.subject(record);
            card.map_or_else(
                || self.book.short_site_name(Some(*record), language),
                |card| card.display_name.to_string(),
            )
        };
        let what = match &entry.content {
            Content::Subject(_) | Content::Site(_) if first => "added",
            Content::Subject(card) => {
                put("fields", keys(&mut card.keys()));
                "changed"
            }
            Content::Site(card) => {
                put("fields", keys(&mut card.keys()));
                "changed"
            }
            Content::Tie(card) => {
                let tie = self.book.project.ties.get(&entry.record).and_then(|state| state.card.as_ref())?;
                let other = if cards.contains(&tie.person) { tie.to } else { tie.person };
                put("other", called(&other));
                put("relation", tie.relation.as_str().to_owned());
                let says = |key: &str| card.keys().any(|one| one == key);
                if first {
                    put("since", tie.since.as_deref().unwrap_or_default().to_owned());
                    "tied"
                } else if says("taken_back") && tie.taken_back {
                    "tie-taken-back"
                } else if says("until") && tie.until.is_some() {
                    put("until", tie.until.as_deref().unwrap_or_default().to_owned());
                    "tie-ended"
                } else {
                    "tie-changed"
                }
            }
            Content::Assignment(card) => {
                let standing = self.book.project.assignment(&entry.record)?;
                let whole = card.get().unwrap_or_default();
                let says = |key: &str| card.keys().any(|one| one == key);
                let who = whole.interviewer.map(|person| self.book.name(&person)).unwrap_or_default();
                put("who", who);
                let hash = self.newest_form(&standing.form_id).ok();
                put("form", self.form_words(hash, language).0);
                put("due", standing.due.clone().unwrap_or_default());
                if standing.interview.is_some() {
                    "handed-over"
                } else if says("withdrawn") && whole.withdrawn {
                    "assignment-withdrawn"
                } else if whole.because.is_some() {
                    put("because", whole.because.as_deref().unwrap_or_default().to_owned());
                    "taken-over"
                } else if says("begun") && !first {
                    return None;
                } else if first {
                    "assigned"
                } else {
                    "assignment-changed"
                }
            }
            Content::Interview(sitting) => {
                put("form", form.unwrap_or_default().to_owned());
                let answers = sitting.changes.iter().filter(|change| !change.auto && change.answer != Answer::Blank);
                put("answers", answers.count().to_string());
                match sitting.stage {
                    Some(Stage::Finalised) => "finalised",
                    Some(Stage::Reopened) => "corrected",
                    Some(Stage::Stopped) => "stopped",
                    Some(Stage::StoppedNotKept) => "stopped-not-kept",
                    _ if first => "begun",
                    _ => "went-on",
                }
            }
            Content::Decision(_) => {
                put("form", form.unwrap_or_default().to_owned());
                if form.is_some() { "decided" } else { "card-decided" }
            }
            Content::Review(review) => {
                put("form", form.unwrap_or_default().to_owned());
                put("reason", review.reason.to_string());
                if review.verdict == Verdict::SentBack { "sent-back" } else { "approved" }
            }
            Content::Link(link) => {
                let other = link.records.iter().find(|one| !cards.contains(one)).or(link.records.first())?;
                put("other", called(other));
                put("reason", link.reason.to_string());
                match link.act {
                    LinkAct::Linked => "linked",
                    LinkAct::Apart => "kept-apart",
                    LinkAct::Open => "unlinked",
                    LinkAct::Other(_) => return None,
                }
            }
            Content::Erasure(erasure) => {
                put("why", erasure.why.as_str().to_owned());
                "erased"
            }
            _ => return None,
        };
        Some((what, args))
    }
}

/// What an entry on a consent's card tells: each word that is another than before, with its purposes. `said` is what the card
/// said before, and says after.
fn told_of_consent(card: &Card<Consent>, said: &mut BTreeMap<Purpose, Word>) -> Vec<(&'static str, Args)> {
    let tell = |what, purposes: &[&Purpose]| {
        let purposes = purposes.iter().map(|purpose| purpose.as_str()).collect::<Vec<_>>().join(" ");
        (what, Args::from([("purposes".to_owned(), purposes)]))
    };
    let act: Option<ConsentAct> = card.value("act");
    if act == Some(ConsentAct::Withdrawn) {
        said.clear();
        return vec![tell("consent-withdrawn", &[])];
    }
    let words: BTreeMap<Purpose, Word> = card.value("words").unwrap_or_default();
    if words.is_empty() {
        // One word for all of it, as papers have it.
        let purposes: Vec<Purpose> = card.value("purposes").unwrap_or_default();
        let what = match act {
            Some(ConsentAct::Given) => "consent-given",
            Some(ConsentAct::Refused) => "consent-refused",
            Some(ConsentAct::NotYet) => "consent-not-yet",
            Some(ConsentAct::Other(_)) => "consent-other",
            Some(ConsentAct::Withdrawn) | None => return Vec::new(),
        };
        return vec![tell(what, &purposes.iter().collect::<Vec<_>>())];
    }
    let before = std::mem::replace(said, words);
    let mut told = Vec::new();
    for (word, what) in [
        (Word::Withdrawn, "consent-withdrawn"),
        (Word::Refused, "consent-refused"),
        (Word::NotYet, "consent-not-yet"),
        (Word::Given, "consent-given"),
    ] {
        let news = said.iter().filter(|(purpose, now)| **now == word && before.get(*purpose) != Some(*now));
        let news: Vec<&Purpose> = news.map(|(purpose, _)| purpose).collect();
        if !news.is_empty() {
            told.push(tell(what, &news));
        }
    }
    told
}
