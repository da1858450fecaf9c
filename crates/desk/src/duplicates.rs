//! What may be there twice: finds it, compares it, and writes down what the lead says of it.

use std::collections::BTreeMap;

use tianye_journal::RecordId;
use tianye_survey::{
    self as survey, Candidate, Content, LinkState, Pair, Private, Reason, Ruling, Subject, Traits, Write,
};

use crate::desk::Desk;
use crate::filling::{record_id, shown_state, unknown};
use crate::interview::page::small;
use crate::merging::reasoned;
use crate::refusal::{Result, refuse};
use crate::view::{
    DuplicatesView, PairAct, PairInput, PairOf, PairReason, PairRecord, PairRow, PairSide, PairState, PairView,
    PairWord,
};
use crate::world;

impl Desk {
    /// What may be there twice, with what speaks for it and against it, and what was said of it.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn duplicates(&self, language: &str) -> Result<DuplicatesView> {
        let project = &self.book.project;
        let identities = project.identities();
        let known = self.known();
        let found = survey::candidates(known.traits.values(), identities);
        let counted = self.book.interviews.iter().filter(|(_, brief)| !self.is_past_practice(brief));
        let held = counted.filter_map(|(record, brief)| Some((*record, brief.form?, brief.subject?)));
        let form_ids = held.map(|(record, form, subject)| (record, self.form_id(Some(form)), subject));
        let repeated = survey::repeated(form_ids, identities);
        let view =
            |pair: &Pair, state, candidate: Option<&Candidate>| self.pair(pair, state, candidate, &known, language);
        let mut open = Vec::new();
        open.extend(identities.undecided.iter().map(|pair| view(pair, PairState::Disputed, None)));
        open.extend(identities.contradicted.iter().map(|pair| view(pair, PairState::Contradicted, None)));
        open.extend(found.pairs.iter().map(|one| view(&one.pair, PairState::Candidate, Some(one))));
        open.extend(repeated.iter().map(|pair| view(pair, PairState::Candidate, None)));
        let judged = project.links.values().filter_map(|link| {
            let state = match link.ruling()? {
                Ruling::Linked(_) => PairState::Linked,
                Ruling::Apart => PairState::Apart,
                Ruling::Open => return None,
            };
            let pair = link.pair.filter(|pair| !identities.contradicted.contains(pair))?;
            Some((link.words.current().map(|word| word.at.ms).max(), view(&pair, state, None)))
        });
        let mut judged: Vec<(Option<i64>, PairView)> = judged.collect();
        judged.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.key.cmp(&b.key)));
        let judged = judged.into_iter().map(|(_, view)| view).collect();
        Ok(DuplicatesView { open, judged, crowded: small(found.crowded) })
    }

    /// Writes down what the lead says of two records: that they are one, that they are two for good, or that what was said
    /// is taken back. Nothing in either of the two changes.
    ///
    /// # Errors
    /// Not the lead; no reason; records that are not here or not of one sort; words on the pair that were not shown; the
    /// store's refusal.
    pub fn rule_pair(&mut self, input: &PairInput) -> Result<()> {
        let (pair, ruling) = self.check_pair(input)?;
        let reason: Private = input.reason.trim().into();
        let heads = self.book.project.links.get(&pair.record()).map(LinkState::heads).unwrap_or_default();
        self.append(pair.record(), heads, &Content::from(pair.say(ruling, reason)))?;
        Ok(())
    }

    /// The entries of the words that hold on two records, as [`PairInput::names`] has them.
    ///
    /// # Errors
    /// Texts that are no ids.
    pub fn words_on(&self, one: &str, other: &str) -> Result<Vec<String>> {
        let pair = Pair::of(record_id(one)?, record_id(other)?);
        let link = pair.and_then(|pair| self.book.project.links.get(&pair.record()));
        Ok(link.into_iter().flat_map(|link| link.words.current()).map(|word| word.entry.to_string()).collect())
    }

    /// Whether a word on two records could be written.
    ///
    /// # Errors
    /// As [`Desk::rule_pair`].
    pub(crate) fn check_pair(&self, input: &PairInput) -> Result<(Pair, Ruling)> {
        self.must_lead()?;
        reasoned(&input.reason)?;
        let records: Vec<RecordId> = input.records.iter().map(|one| record_id(one)).collect::<Result<_>>()?;
        let two = || refuse("pair-not-two", "expected two different records, found something else");
        let [one, other] = records[..] else { return Err(two()) };
        let pair = Pair::of(one, other).ok_or_else(two)?;
        let sort = |record: &RecordId| {
            let subject = self.book.project.subject(record).map(|_| PairOf::Respondents);
            subject.or_else(|| self.book.interviews.get(record).map(|_| PairOf::Interviews))
        };
        for record in &records {
            sort(record).ok_or_else(|| unknown(&record.to_string()))?;
        }
        if sort(&one) != sort(&other) {
            return Err(refuse("pair-mixed", "expected two respondents or two interviews, found one of each"));
        }
        let words = self.book.project.links.get(&pair.record());
        let current = words.into_iter().flat_map(|link| link.words.current());
        // Somebody may have said something since the page was drawn; it must be seen before it is overruled.
        if current.into_iter().any(|word| !input.names.contains(&word.entry.to_string())) {
            return Err(refuse("pair-changed", "expected the words that were shown, found another: look again"));
        }
        let ruling = match input.act {
            PairAct::Apart => Ruling::Apart,
            PairAct::Open if words.is_none_or(|link| link.words.writes().is_empty()) => {
                return Err(refuse("pair-open", "expected a pair of which something was said, found none"));
            }
            PairAct::Open => Ruling::Open,
            PairAct::Linked => {
                let leading = record_id(&input.leading)?;
                if !pair.has(&leading) {
                    return Err(refuse("pair-leading", "expected one of the two as the leading record, found another"));
                }
                Ruling::Linked(leading)
            }
        };
        Ok((pair, ruling))
    }

    fn known(&self) -> Known {
        let mut traits: BTreeMap<RecordId, Traits> =
            survey::traits(&self.book.project).into_iter().map(|one| (one.record, one)).collect();
        let mut interviews: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
        for (record, brief) in &self.book.interviews {
            let Some(subject) = brief.subject else { continue };
            interviews.entry(subject).or_default().push(*record);
            if let Some(traits) = traits.get_mut(&subject) {
                traits.fill(&brief.said);
            }
        }
        Known { traits, interviews }
    }

    fn pair(
        &self,
        pair: &Pair,
        state: PairState,
        candidate: Option<&Candidate>,
        known: &Known,
        language: &str,
    ) -> PairView {
        let [one, other] = pair.both();
        let of = if self.book.interviews.contains_key(&one) { PairOf::Interviews } else { PairOf::Respondents };
        let traits = known.traits.get(&one).zip(known.traits.get(&other));
        let reasons = match (candidate, traits) {
            (Some(candidate), _) => candidate.reasons.clone(),
            (None, Some((one, other))) => survey::compared(one, other),
            _ => Vec::new(),
        };
        let link = self.book.project.links.get(&pair.record());
        let ruling = link.and_then(LinkState::ruling);
        let rows = match traits {
            Some((one, other)) => self.rows(one, other, &reasons, language),
            None => self.interview_rows(one, other, language),
        };
        PairView {
            key: pair.record().to_string(),
            of,
            state,
            score: candidate.map_or_else(|| reasons.iter().map(|(_, points)| points).sum(), |found| found.score),
            reasons: reasons
                .iter()
                .map(|(why, points)| PairReason { code: why.code().to_owned(), points: *points })
                .collect(),
            sides: pair.both().iter().map(|record| self.side(record, known, language)).collect(),
            rows,
            words: link.map(|link| self.words(link)).unwrap_or_default(),
            leading: match ruling {
                Some(Ruling::Linked(leading)) => leading.to_string(),
                _ => String::new(),
            },
        }
    }

    fn side(&self, record: &RecordId, known: &Known, language: &str) -> PairSide {
        let brief = self.book.interviews.get(record);
        let subject = brief.map_or(Some(*record), |brief| brief.subject);
        let card = subject.and_then(|subject| self.book.project.subjects.get(&subject));
        let first = card.filter(|_| brief.is_none()).and_then(|state| state.begun);
        let author = match brief {
            Some(brief) => brief.interviewers.first().copied(),
            None => first.map(|(author, _)| author),
        };
        let at = brief.map_or_else(|| first.map(|(_, at)| at), |brief| brief.changed);
        let card = card.and_then(|state| state.card.as_ref());
        let interviews = match brief {
            Some(_) => vec![*record],
            None => known.interviews.get(record).cloned().unwrap_or_default(),
        };
        let linked = self.book.project.identities().all_of(record).into_iter().filter(|one| one != record);
        let heading = |subject: &Subject| format!("{} {}", subject.code, &*subject.display_name).trim().to_owned();
        PairSide {
            record: record.to_string(),
            code: card.map(|card| card.code.clone()).unwrap_or_default(),
            name: card.map(|card| card.display_name.to_string()).unwrap_or_default(),
            site: self.book.short_site_name(
                brief.and_then(|brief| brief.site).or_else(|| card.and_then(|card| card.site)),
                language,
            ),
            author: author.map(|author| self.book.name(&author)).unwrap_or_default(),
            at: at.and_then(|at| world::iso_of(at.ms, at.offset)).unwrap_or_default(),
            records: interviews.iter().filter_map(|record| self.pair_record(record, language)).collect(),
            linked: linked.filter_map(|one| self.book.project.subject(&one).map(heading)).collect(),
        }
    }

    fn pair_record(&self, record: &RecordId, language: &str) -> Option<PairRecord> {
        let brief = self.book.interviews.get(record)?;
        Some(PairRecord {
            id: record.to_string(),
            form: self.form_words(brief.form, language).0,
            state: shown_state(brief.status),
            answered: brief.answered,
        })
    }

    /// What is known of two respondents, side by side.
    fn rows(&self, one: &Traits, other: &Traits, reasons: &[(Reason, i32)], language: &str) -> Vec<PairRow> {
        let site = |record: Option<RecordId>| {
            let site = record.and_then(|record| self.book.project.site(&record));
            site.map(|site| site.name.get(language).to_owned()).unwrap_or_default()
        };
        // The school's own name is in its row; a site outside a school is its own.
        let class = |traits: &Traits| site(traits.site.filter(|site| Some(*site) != traits.school));
        let name = |traits: &Traits| match survey::readings(&traits.name).first() {
            Some(reading) => format!("{} {reading}", &*traits.name),
            None => traits.name.to_string(),
        };
        let guardians = |traits: &Traits| traits.guardians.iter().map(|name| &**name).collect::<Vec<_>>().join("、");
        let code = |wanted: fn(Reason) -> bool| reasons.iter().map(|(why, _)| *why).find(|why| wanted(*why));
        let row =
            |code: &str, of: &dyn Fn(&Traits) -> String, why: Option<Reason>| row(code, [of(one), of(other)], why);
        vec![
            row("school", &|one| site(one.school), None),
            row("class", &class, None),
            row("number", &|one| one.number.to_string(), code(|why| matches!(why, Reason::SameNumber))),
            row("code", &|one| one.code.clone(), None),
            row("name", &name, code(|why| matches!(why, Reason::Name(_) | Reason::OtherName))),
            row("birth", &|one| one.birth.to_string(), code(|why| matches!(why, Reason::Birth(_)))),
            row("sex", &|one| one.sex.to_string(), None),
            row("guardian", &guardians, code(|why| matches!(why, Reason::SameGuardian))),
        ]
    }

    /// What is known of two interviews, side by side.
    fn interview_rows(&self, one: RecordId, other: RecordId, language: &str) -> Vec<PairRow> {
        let briefs = [one, other].map(|record| self.book.interviews.get(&record));
        let row = |code: &str, of: &dyn Fn(&crate::book::Brief) -> String| {
            row(code, briefs.map(|brief| brief.map(of).unwrap_or_default()), None)
        };
        vec![
            row("form", &|brief| self.form_words(brief.form, language).0),
            row("site", &|brief| self.book.short_site_name(brief.site, language)),
            row("interviewer", &|brief| {
                let names: Vec<String> = brief.interviewers.iter().map(|one| self.book.name(one)).collect();
                names.join("、")
            }),
            row("answered", &|brief| brief.answered.to_string()),
        ]
    }

    fn words(&self, link: &LinkState) -> Vec<PairWord> {
        let current: Vec<_> = link.words.current().map(|word| word.entry).collect();
        let word = |word: &Write| {
            let (act, leading) = match link.meaning(word) {
                Some(Ruling::Linked(leading)) => (Some(PairAct::Linked), leading.to_string()),
                Some(Ruling::Apart) => (Some(PairAct::Apart), String::new()),
                Some(Ruling::Open) => (Some(PairAct::Open), String::new()),
                None => (None, String::new()),
            };
            PairWord {
                entry: word.entry.to_string(),
                act,
                leading,
                reason: word.note.as_deref().unwrap_or_default().to_owned(),
                author: self.book.name(&word.author),
                device: self.book.device(&word.chain),
                at: world::iso_of(word.at.ms, word.at.offset).unwrap_or_default(),
                current: current.contains(&word.entry),
            }
        };
        link.words.writes().iter().map(word).collect()
    }
}

/// What is known of all respondents.
struct Known {
    traits: BTreeMap<RecordId, Traits>,
    interviews: BTreeMap<RecordId, Vec<RecordId>>,
}

fn row(code: &str, values: [String; 2], why: Option<Reason>) -> PairRow {
    let mark = match (values[0].is_empty(), values[1].is_empty()) {
        (true, true) => "both-empty",
        (true, _) | (_, true) => "one-empty",
        _ => why.map_or(if values[0] == values[1] { "same" } else { "differs" }, Reason::code),
    };
    PairRow { code: code.to_owned(), mark: mark.to_owned(), values: values.into() }
}
