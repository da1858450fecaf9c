//! Consent at the desk: the gate before an interview, what is read with a family, what they say, and taking it back.

mod checklist;
mod due;
mod gate;
mod last_day;
mod texts;

pub(crate) use gate::{Gate, Lapse};
pub use texts::usual_text;

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tianye_journal::{CHUNK_CONTENT, ChunkId, RecordId};
use tianye_store::Op;
use tianye_survey::{
    self as survey, Card, CardState, Consent, ConsentAct, ConsentStanding, Content, Evidence, EvidenceKind, Guardian,
    How, LegalStanding, Purpose, Speaks, Word, rights,
};
use tianye_xform::{Control, Form};
use zeroize::Zeroizing;

use crate::book::entries_of;
use crate::capturing::open_part;
use crate::desk::Desk;
use crate::filling::record_id;
use crate::interview::attachment;
use crate::refusal::{Result, refuse};
use crate::view::{
    CaptureKind, ConsentCard, ConsentInput, ConsentPurpose, ConsentSheet, ConsentWord, EvidenceCard, FilePart,
    InterviewState, WithdrawInput, Withdrawn,
};

/// Longest name, relation, witness or remark, in characters.
const LONGEST_WORD: usize = 1000;
/// Largest file that shows what was said, in bytes.
const LARGEST_EVIDENCE: usize = 12 << 20;
/// Most files on one card.
const MOST_EVIDENCE: usize = 12;

/// Which captures of an interview are not agreed to, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Withheld {
    /// Recordings of sound, and films.
    pub audio: Option<ConsentStanding>,
    /// Photographs, and films.
    pub photo: Option<ConsentStanding>,
}

impl Withheld {
    /// Whether a file of this media type, asked for in this way, is not agreed to.
    #[must_use]
    pub fn of(&self, control: &Control, appearance: &[String]) -> Option<ConsentStanding> {
        let Control::Upload { mediatype } = control else { return None };
        let has = |word: &str| appearance.iter().any(|one| one == word);
        match mediatype.split('/').next().unwrap_or_default() {
            // What a child draws or signs is an answer; only the picture of a person or a place is a photograph.
            "image" if has("signature") || has("draw") => None,
            "image" => self.photo,
            "audio" => self.audio,
            "video" => self.audio.or(self.photo),
            _ => None,
        }
    }

    /// The questions of a form that are not agreed to, by their template paths.
    #[must_use]
    pub fn questions(&self, form: &Form) -> BTreeSet<String> {
        if *self == Self::default() {
            return BTreeSet::new();
        }
        let questions = form.questions().into_iter();
        let wished = questions.filter(|question| {
            self.of(&question.control, &question.appearance).is_some() || (self.audio.is_some() && is_sound(question))
        });
        wished.map(|question| question.path).collect()
    }
}

/// Whether a node holds a recording that the form wishes in the background.
fn is_sound(question: &tianye_xform::Question) -> bool {
    question.kind == tianye_xform::ValueKind::Binary && matches!(question.control, Control::None)
}

impl Desk {
    /// Everybody with a card, each once, by code.
    #[must_use]
    pub fn respondents(&self) -> Vec<String> {
        let identities = self.book.project.identities();
        let cards =
            self.book.project.subjects.iter().filter_map(|(record, state)| Some((record, state.card.as_ref()?)));
        let mut leading: Vec<(&str, RecordId)> = cards
            .filter(|(record, _)| identities.leading(record) == **record)
            .map(|(record, card)| (card.code.as_str(), *record))
            .collect();
        leading.sort_unstable();
        leading.into_iter().map(|(_, record)| record.to_string()).collect()
    }

    /// What is read with a respondent's family before a form is filled, and what was said so far.
    ///
    /// # Errors
    /// `unknown-respondent`.
    pub fn consent_sheet(&self, person: &str, form: &str, language: &str) -> Result<ConsentSheet> {
        let id = record_id(person)?;
        let project = &self.book.project;
        let subject = project
            .subject(&id)
            .ok_or_else(|| refuse("unknown-respondent", "expected a respondent with a card, found none"))?;
        let today = self.today();
        let whose = Speaks::of(subject, &today);
        let gate = self.gate(&today)?;
        let consents = &gate.consents;
        let needed = match self.newest_form(form) {
            Ok(form) => self.asked_of_one(&gate, &id, &form)?,
            Err(_) => Vec::new(),
        };
        let own = project.text().and_then(|(_, text)| text.shown());
        let usual = texts::usual();
        let text = own.map_or(&usual, |(_, text)| text);
        let mut asked: Vec<Purpose> = text.purposes.iter().map(|about| about.purpose.clone()).collect();
        let planned = project.project().map(|card| card.purposes.as_slice()).unwrap_or_default();
        if !planned.is_empty() {
            asked.retain(|purpose| planned.contains(purpose) || needed.contains(purpose));
        }
        asked.extend(needed.iter().filter(|purpose| !asked.contains(purpose)).cloned().collect::<Vec<_>>());
        let purposes = asked.into_iter().map(|purpose| {
            let about = text.about(&purpose);
            let standing = consents.standing(&id, &purpose);
            ConsentPurpose {
                text: about
                    .map(|about| if whose == Speaks::Own { about.to_adults() } else { &about.text })
                    .map(|names| names.get(language).to_owned())
                    .unwrap_or_default(),
                child: about.map(|about| about.child.get(language).to_owned()).unwrap_or_default(),
                standing: standing.code().to_owned(),
                may: consents.may(&id, &purpose).is_ok(),
                needed: needed.contains(&purpose),
                purpose: purpose.as_str().to_owned(),
            }
        });
        let heading = self.heading(Some(id), None, InterviewState::Open, language);
        Ok(ConsentSheet {
            person: person.to_owned(),
            code: heading.code,
            name: heading.name,
            speaks: speaks(whose).to_owned(),
            asked: project.asks_consent(),
            carers: survey::weighs(Some(&LegalStanding::EntrustedCarer), project.project()) == survey::Voice::Guardian,
            activity: own.map(|(_, text)| text.activity.get(language).to_owned()).unwrap_or_default(),
            version: own.map(|(version, _)| short(&version.to_string())).unwrap_or_default(),
            minutes: self
                .newest_form(form)
                .and_then(|form| self.form(&form))
                .ok()
                .and_then(|form| form.minutes())
                .unwrap_or(0),
            opening: if whose == Speaks::Own { text.to_adults() } else { &text.opening }.get(language).to_owned(),
            child: first_words(text, whose).get(language).to_owned(),
            closing: text.closing.get(language).to_owned(),
            purposes: purposes.collect(),
            cards: self
                .consent_cards(&id)
                .into_iter()
                .map(|(record, state)| self.consent_card(record, state))
                .collect(),
        })
    }

    /// Writes down what somebody said; the files that were added since go with it. What the same person said before is
    /// written on, so that the newer word holds; what another person said stays.
    ///
    /// # Errors
    /// `unknown-respondent`; `consent-nothing-said`; `field-empty` for a guardian without a name; a day or a text that is
    /// none; the store's refusal.
    pub fn record_consent(&mut self, input: &ConsentInput) -> Result<()> {
        let mut words = BTreeMap::new();
        for word in &input.words {
            let (purpose, said) = (purpose(&word.purpose)?, Word::from(word.said.as_str()));
            if !matches!(said, Word::Given | Word::Refused | Word::NotYet) {
                return Err(refuse("internal", "expected a word that consents, refuses or waits, found another"));
            }
            words.insert(purpose, said);
        }
        if words.is_empty() {
            return Err(refuse("consent-nothing-said", "expected a word to some purpose, found none"));
        }
        let how = How::from(input.how.as_str());
        if !How::ALL.contains(&how) {
            return Err(refuse("field-empty", "expected how it was said, found none").with("field", "how"));
        }
        let on = if input.on.trim().is_empty() { self.today() } else { input.on.trim().to_owned() };
        if !survey::is_day(&on) {
            return Err(refuse("not-a-day", "expected a day as YYYY-MM-DD, found another text"));
        }
        let by = speaker(&input.standing, &input.name, &input.relation)?;
        let (witness, note) = (said_text(&input.witness)?, said_text(&input.note)?);
        let document = self.book.project.text_version().map(|version| version.to_string());
        let evidence = std::mem::take(&mut self.evidence);
        let chunks: Vec<ChunkId> = evidence.iter().flat_map(|one| &one.file.chunks).map(|chunk| chunk.id).collect();
        let kept = evidence.clone();
        let written = self.write_consent(&input.person, by, &chunks, &|card| {
            // What was said to another text does not become a word to this one; a no stays one.
            let same = card.document == document;
            let mut all = said_before(&card);
            all.retain(|_, word| same || matches!(word, Word::Refused | Word::Withdrawn));
            all.extend(words.clone());
            let mut files = card.evidence.clone();
            files.extend(evidence.iter().cloned());
            Consent {
                how: Some(how.clone()),
                on: Some(on.clone()),
                document: document.clone(),
                evidence: files,
                witness: witness.clone().or(card.witness.clone()),
                note: note.clone().or(card.note.clone()),
                ..card.saying(all)
            }
        });
        if written.is_err() {
            self.evidence = kept;
        }
        written
    }

    /// Takes consent back, for some purposes or for everything: the word is written down, and what was collected under it is
    /// erased here at once. What others wrote is out of use here at once, and a lead's laptop erases it.
    ///
    /// # Errors
    /// As [`Self::record_consent`]; the store's refusal.
    pub fn withdraw_consent(&mut self, input: &WithdrawInput) -> Result<Withdrawn> {
        let purposes: Vec<Purpose> = input.purposes.iter().map(|word| purpose(word)).collect::<Result<_>>()?;
        let by = speaker(&input.standing, &input.name, &input.relation)?;
        let (note, today) = (said_text(&input.note)?, self.today());
        self.leave()?;
        self.write_consent(&input.person, by, &[], &|card| {
            let card = Consent { on: Some(today.clone()), note: note.clone().or(card.note.clone()), ..card };
            if purposes.is_empty() {
                return Consent { act: ConsentAct::Withdrawn, ..card };
            }
            let mut all = said_before(&card);
            all.extend(purposes.iter().map(|purpose| (purpose.clone(), Word::Withdrawn)));
            card.saying(all)
        })?;
        self.erase_withdrawn(record_id(&input.person)?)
    }

    /// Adds a file that shows what is being said: it is sealed at once, and stands on the card with the next word that is
    /// written down. `parts` are its bytes in base64, at most 1 MiB each.
    ///
    /// # Errors
    /// `attachment-no-picture`, `attachment-no-sound`, `evidence-too-large`, `attachment-empty`; the store's refusal.
    pub fn add_evidence(&mut self, kind: &str, parts: &[String]) -> Result<Vec<EvidenceCard>> {
        let kind = EvidenceKind::from(kind);
        let asked = match kind {
            EvidenceKind::Signature => CaptureKind::Signature,
            EvidenceKind::Paper => CaptureKind::Photograph,
            EvidenceKind::Recording => CaptureKind::Recording,
            EvidenceKind::Other(_) => {
                return Err(refuse("internal", "expected a kind of evidence, found another word"));
            }
        };
        if self.evidence.len() >= MOST_EVIDENCE {
            return Err(refuse("attachments-too-many", format!("expected at most {MOST_EVIDENCE} files on one card")));
        }
        let mut bytes = Zeroizing::new(Vec::new());
        for part in parts {
            let more = BASE64.decode(part).map(Zeroizing::new);
            let more = more.map_err(|_| refuse("internal", "expected a part in base64, found other characters"))?;
            if more.len() > CHUNK_CONTENT || bytes.len() + more.len() > LARGEST_EVIDENCE {
                let detail = format!("expected at most {LARGEST_EVIDENCE} bytes");
                return Err(refuse("evidence-too-large", detail).with("limit", (LARGEST_EVIDENCE >> 20).to_string()));
            }
            bytes.extend_from_slice(&more);
        }
        if bytes.is_empty() {
            return Err(refuse("attachment-empty", "expected a file, found no bytes"));
        }
        let file = self.seal_shown(asked, &bytes)?;
        self.evidence.push(Evidence { kind, file });
        Ok(self.evidence.iter().map(|one| self.evidence_card(one)).collect())
    }

    /// Puts the files aside that were added and stand on no card yet.
    ///
    /// # Errors
    /// None now; the store sweeps what nothing names when it is unlocked.
    pub fn drop_evidence(&mut self) -> Result<()> {
        self.evidence.clear();
        Ok(())
    }

    /// Whether this laptop fetches what shows consents, and the person may look at it.
    pub(crate) fn sees_all_evidence(&self) -> bool {
        let role = self.who.survey_role();
        rights::reads(&role, &survey::Role::Interviewer) || rights::is_read_by_all(&role)
    }

    /// Whether the person at the desk may look at what shows a consent: who reads what everybody collects, and who wrote the
    /// card. A colleague needs the word, not the signature.
    fn may_see_evidence(&self, card: RecordId) -> bool {
        self.sees_all_evidence()
            || entries_of(&self.store, card).is_ok_and(|all| all.iter().any(|entry| entry.author == self.who.person))
    }

    /// A part of a file on a consent's card.
    ///
    /// # Errors
    /// `no-right` for a colleague of who wrote it; `attachment-missing` while it has not come; `attachment-damaged`.
    pub fn evidence_part(&self, card: &str, name: &str, part: u32) -> Result<FilePart> {
        let record = record_id(card)?;
        if !self.may_see_evidence(record) {
            return Err(refuse("no-right", "expected the lead, or who wrote the consent down, found another"));
        }
        let state = self.book.project.consents.get(&record);
        let card = state.and_then(|state| state.card.as_ref());
        let file = card.and_then(|card| card.evidence.iter().find(|one| one.file.name == name));
        let file = file.ok_or_else(|| refuse("attachment-missing", "expected a file of this consent, found none"))?;
        let bytes = open_part(&self.store, &file.file, part)?;
        Ok(FilePart { base64: BASE64.encode(&*bytes) })
    }

    /// The cards of a respondent, of those that can be read.
    fn consent_cards(&self, person: &RecordId) -> Vec<(RecordId, &CardState<Consent>)> {
        let meant = self.cards_of(person);
        let of = |state: &CardState<Consent>| state.card.as_ref().is_some_and(|card| meant.contains(&card.subject));
        let cards = self.book.project.consents.iter().filter(|(_, state)| of(state));
        cards.map(|(record, state)| (*record, state)).collect()
    }

    /// Writes on the card of whoever speaks, or on a new one.
    fn write_consent(
        &mut self,
        person: &str,
        by: Guardian,
        chunks: &[ChunkId],
        change: &dyn Fn(Consent) -> Consent,
    ) -> Result<()> {
        self.must_write(survey::kind::CONSENT)?;
        let id = record_id(person)?;
        if self.book.project.subject(&id).is_none() {
            return Err(refuse("unknown-respondent", "expected a respondent with a card, found none"));
        }
        let same = |state: &CardState<Consent>| {
            let before = state.card.as_ref().and_then(|card| card.by.as_ref());
            before.is_some_and(|before| {
                before.standing == by.standing && (before.standing == LegalStanding::Own || before.name == by.name)
            })
        };
        let found = self.consent_cards(&id).into_iter().find(|(_, state)| same(state));
        let (record, parents, content) = match found {
            Some((record, state)) => {
                let card = state.card.clone().unwrap_or_else(|| Consent::new(id, ConsentAct::NotYet));
                let relation = if by.relation.is_empty() { card.by.clone() } else { Some(by) };
                let after = change(Consent { by: relation, ..card });
                (record, state.heads(), Content::Consent(state.edit(&after)))
            }
            None => {
                let card = Consent { by: Some(by), ..Consent::new(id, ConsentAct::NotYet) };
                (self.new_record(), Vec::new(), Content::Consent(Card::whole(&change(card))))
            }
        };
        let body = self.body(record, parents, &content)?;
        self.store.transact(Op::Seal, |tx| {
            tx.name_chunks(chunks)?;
            tx.append_for_team(&body).map(|_| ())
        })?;
        self.book.read_on(&self.store)?;
        Ok(())
    }

    fn consent_card(&self, record: RecordId, state: &CardState<Consent>) -> ConsentCard {
        let card = state.card.clone().unwrap_or_else(|| Consent::new(record, ConsentAct::NotYet));
        let text = |text: &Option<survey::Private>| text.as_deref().unwrap_or_default().to_owned();
        let by = card.by.as_ref();
        let words = said_before(&card).into_iter();
        ConsentCard {
            id: record.to_string(),
            standing: by.map_or(LegalStanding::Unknown.as_str(), |by| by.standing.as_str()).to_owned(),
            name: by.map(|by| by.name.to_string()).unwrap_or_default(),
            relation: by.map(|by| by.relation.to_string()).unwrap_or_default(),
            asked_by: self.asked_by(record),
            words: words
                .map(|(purpose, said)| ConsentWord {
                    purpose: purpose.as_str().to_owned(),
                    said: said.as_str().to_owned(),
                })
                .collect(),
            withdrawn: card.act == ConsentAct::Withdrawn,
            how: card.how.as_ref().map(|how| how.as_str().to_owned()).unwrap_or_default(),
            on: card.on.clone().unwrap_or_default(),
            witness: text(&card.witness),
            note: text(&card.note),
            version: card.document.as_deref().map(short).unwrap_or_default(),
            current: self.book.project.holds(card.document.as_deref()),
            disputed: !state.conflicts.is_empty(),
            may_see: self.may_see_evidence(record),
            evidence: card.evidence.iter().map(|one| self.evidence_card(one)).collect(),
        }
    }

    /// Who of the team wrote on a card last, by their clocks.
    fn asked_by(&self, card: RecordId) -> String {
        let entries = entries_of(&self.store, card).unwrap_or_default();
        let last = entries.iter().max_by_key(|entry| (entry.at.ms, entry.seq));
        last.map(|entry| self.book.name(&entry.author)).unwrap_or_default()
    }

    fn evidence_card(&self, one: &Evidence) -> EvidenceCard {
        let here = one.file.chunks.iter().all(|chunk| self.store.has_chunk(&chunk.id));
        EvidenceCard { kind: one.kind.as_str().to_owned(), file: attachment::card(&one.file, here) }
    }
}

/// What a card says to each purpose that it names; of one that takes everything back, that.
fn said_before(card: &Consent) -> BTreeMap<Purpose, Word> {
    let all = |word: Word| Purpose::ALL.iter().map(move |purpose| (purpose.clone(), word.clone())).collect();
    let listed = |word: Word| card.purposes.iter().map(move |purpose| (purpose.clone(), word.clone())).collect();
    match &card.act {
        ConsentAct::Withdrawn => all(Word::Withdrawn),
        _ if !card.words.is_empty() => card.words.clone(),
        ConsentAct::Given => listed(Word::Given),
        ConsentAct::Refused if card.purposes.is_empty() => all(Word::Refused),
        ConsentAct::Refused => listed(Word::Refused),
        ConsentAct::NotYet => listed(Word::NotYet),
        ConsentAct::Other(_) => BTreeMap::new(),
    }
}

/// What is said first to the respondent, in words for that age.
fn first_words(text: &survey::ConsentText, whose: Speaks) -> &survey::Names {
    if whose == Speaks::GuardianAndOwn && !text.youth.is_empty() { &text.youth } else { &text.child }
}

fn speaks(speaks: Speaks) -> &'static str {
    match speaks {
        Speaks::GuardianAndChild => "guardian-and-child",
        Speaks::GuardianAndOwn => "guardian-and-own",
        Speaks::Own => "own",
        Speaks::Members => "members",
    }
}

fn purpose(word: &str) -> Result<Purpose> {
    let purpose = Purpose::from(word);
    if Purpose::ALL.contains(&purpose) {
        return Ok(purpose);
    }
    Err(refuse("consent-unknown-purpose", "expected a purpose of the list, found another word").with("purpose", word))
}

fn speaker(standing: &str, name: &str, relation: &str) -> Result<Guardian> {
    let standing = LegalStanding::from(standing);
    if !LegalStanding::ALL.contains(&standing) {
        return Err(
            refuse("field-empty", "expected in what capacity somebody speaks, found none").with("field", "standing")
        );
    }
    if standing == LegalStanding::Own {
        return Ok(Guardian { name: survey::Private::default(), relation: survey::Private::default(), standing });
    }
    let (name, relation) = (said_text(name)?, said_text(relation)?);
    let name =
        name.ok_or_else(|| refuse("field-empty", "expected who speaks, found no name").with("field", "speaker"))?;
    Ok(Guardian { name, relation: relation.unwrap_or_default(), standing })
}

/// A text that a person typed; none where it is blank.
fn said_text(text: &str) -> Result<Option<survey::Private>> {
    let text = text.trim();
    let found = text.chars().count();
    if found > LONGEST_WORD {
        return Err(refuse("too-long", format!("expected at most {LONGEST_WORD} characters, found {found}"))
            .with("limit", LONGEST_WORD.to_string()));
    }
    Ok(Some(text).filter(|text| !text.is_empty()).map(survey::Private::from))
}

/// A version as people compare it.
fn short(version: &str) -> String {
    version.chars().take(8).collect()
}
