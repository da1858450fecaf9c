//! Certificates: what each act of erasing took, and where it has been carried out.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, EntryHash, Frontier, RecordId};
use tianye_survey::rights::reads;
use tianye_survey::{self as survey, Erased, Field, Member, OutOfReach, kind};
use tianye_sync::HubCard;

use super::letter::{file_name, letter};
use super::{act_of, gone_of};
use crate::book::entries_of;
use crate::desk::Desk;
use crate::exchange::hub_name;
use crate::interview::{markup, page};
use crate::kept_exports::Gone;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{AnsweredView, ErasedWhat, ErasureView, HeldView};
use crate::world;

/// A part of an act: an erasure in one record, and who has carried it out.
#[derive(Clone)]
pub(crate) struct Part {
    record: RecordId,
    kind: Option<u16>,
    answered: BTreeSet<AnsweredView>,
    /// Exports on the laptops that carried it out, by what stands for the laptop.
    exports: BTreeMap<String, u32>,
    /// Laptops that carried it out, and what they have that may still hold it.
    held: BTreeMap<AnsweredView, BTreeSet<OutOfReach>>,
    /// Of the hubs that are known here, those that a laptop says it has told to drop it.
    told: BTreeSet<String>,
    erased: Erased,
}

impl Part {
    /// The entries whose bodies it names.
    fn bodies(&self) -> BTreeSet<EntryHash> {
        self.erased.erasure.bodies.iter().map(|body| body.entry).collect()
    }

    fn is_beside(&self) -> bool {
        self.erased.erasure.fields.iter().any(|field| field.told().is_some())
    }
}

impl Desk {
    /// Every act of erasing that can be read, the newest last by the clocks of who wrote them.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn erasures(&self, language: &str) -> Result<Vec<ErasureView>> {
        let unfinished = self.store.is_erasing()?;
        let nearby = self.nearby_beside()?;
        let tells_hubs = papers::keeps_project(&self.store)?;
        let keep = |card: Option<&HubCard>| -> Result<bool> {
            card.filter(|_| tells_hubs).map_or(Ok(false), |card| self.keeps_erased(card))
        };
        let (project_keeps, nearby_keeps) = (keep(self.who.hub.as_ref())?, keep(nearby.as_ref())?);
        // Where this laptop tells hubs, it knows by itself; else it goes by the words of those that do.
        let is_on = |card: Option<&HubCard>, keeps: bool, parts: &[Part]| match card.map(hub_name) {
            Some(hub) if !tells_hubs => !parts.iter().all(|part| part.told.contains(&hub)),
            _ => keeps,
        };
        let all = self.all_laptops()?;
        let exports = self.kept_exports()?;
        let mut views = Vec::new();
        for (id, parts) in self.acts_of_erasing()? {
            let study = self.study().ok();
            let gone = parts.iter().map(|part| gone_of(&id, part.record, &part.erased.erasure, study.as_ref()));
            let gone: Vec<Gone> = gone.collect();
            // What the page shows of a time ends with the second.
            let began = parts.iter().map(|part| part.erased.at.ms).min();
            let on_hub = is_on(self.who.hub.as_ref(), project_keeps, &parts);
            let on_nearby_hub = is_on(nearby.as_ref(), nearby_keeps, &parts);
            let nearby_hub = nearby.as_ref().map(|card| card.address.clone()).unwrap_or_default();
            let Some(view) = self.certificate(id, parts, &all, language) else { continue };
            let exports = exports.iter().filter_map(|kept| kept.in_certificate(&gone)).collect();
            views.push((
                began,
                ErasureView { tells_hubs, on_hub, nearby_hub, on_nearby_hub, unfinished, exports, ..view },
            ));
        }
        views.sort_by(|(a, first), (b, second)| (a, &first.id).cmp(&(b, &second.id)));
        Ok(views.into_iter().map(|(_, view)| view).collect())
    }

    /// A certificate as a text that can be given to a family: what, why, when, and which laptops have answered. It names
    /// nobody.
    ///
    /// # Errors
    /// `erasure-unknown`; the store's refusal.
    pub fn certificate_text(&self, id: &str, language: &str) -> Result<String> {
        let found = self.erasures(language)?.into_iter().find(|view| view.id == id);
        let view =
            found.ok_or_else(|| refuse("erasure-unknown", "expected the id of an act of erasing, found none"))?;
        let project = self.book.project.project();
        let project = project.map_or_else(|| self.who.title.clone(), |one| one.title.get(language).to_owned());
        let today = self.world.now().date_naive().to_string();
        Ok(letter(&view, &project, &today, language))
    }

    /// What the file of such a text is called.
    #[must_use]
    pub fn certificate_name(id: &str, language: &str) -> String {
        file_name(id, language)
    }

    /// What was erased, as far as exports go.
    pub(crate) fn gone(&self) -> Result<Vec<Gone>> {
        let study = self.study().ok();
        let mut gone = Vec::new();
        for (id, parts) in self.acts_of_erasing()? {
            gone.extend(parts.iter().map(|part| gone_of(&id, part.record, &part.erased.erasure, study.as_ref())));
        }
        Ok(gone)
    }

    /// The acts, each with its parts.
    pub(crate) fn acts_of_erasing(&self) -> Result<BTreeMap<String, Vec<Part>>> {
        let mut acts: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        let nearby = self.nearby_beside()?;
        let hubs: Vec<String> = self.who.hub.iter().chain(&nearby).map(hub_name).collect();
        for record in self.store.read(|view| view.records_of_kind(kind::ERASURE))? {
            let entries = entries_of(&self.store, record)?;
            let state = survey::erasures(record, &entries, &self.book.team);
            let kind = survey::record_kind(&entries, &self.book.team);
            let told_to: Vec<(&String, BTreeSet<EntryHash>)> =
                hubs.iter().map(|hub| (hub, state.told_to_hub(hub))).collect();
            for (hash, erased) in &state.erasures {
                let mut exports: BTreeMap<String, u32> = BTreeMap::new();
                for (_, chain, said) in state.carried_out.iter().filter(|(of, ..)| of == hash) {
                    let most = exports.entry(self.laptop(chain).code).or_default();
                    *most = said.exports.max(*most);
                }
                let answered = self.laptops(&state.answered(hash));
                let mut held = BTreeMap::new();
                for laptop in &answered {
                    let holds = state.out_of_reach(hash, |chain| self.laptop(chain) == *laptop);
                    if !holds.is_empty() {
                        held.insert(laptop.clone(), holds);
                    }
                }
                let told =
                    told_to.iter().filter(|(_, told)| told.contains(hash)).map(|(hub, _)| (*hub).clone()).collect();
                let part = Part { record, kind, answered, exports, held, told, erased: erased.clone() };
                acts.entry(act_of(hash, &erased.erasure)).or_default().push(part);
            }
        }
        Ok(acts)
    }

    /// The certificate of one act. A laptop has answered when it has carried out all of it.
    fn certificate(
        &self,
        id: String,
        mut parts: Vec<Part>,
        all: &BTreeSet<AnsweredView>,
        language: &str,
    ) -> Option<ErasureView> {
        // What was handed on of an interview, and what came late, is beside it.
        parts.sort_by_key(|part| (part.is_beside(), part.erased.at.ms));
        let first = parts.first()?;
        let of = &first.erased;
        // Who cannot read one part may have carried out others that name all of it.
        let has_answered = |one: &AnsweredView, part: &Part| {
            let carried_out = |other: &&Part| other.record == part.record && other.answered.contains(one);
            let dropped: BTreeSet<EntryHash> = parts.iter().filter(carried_out).flat_map(Part::bodies).collect();
            let bodies = part.bodies();
            part.answered.contains(one) || (!bodies.is_empty() && bodies.is_subset(&dropped))
        };
        let carried_out: BTreeSet<AnsweredView> =
            all.iter().filter(|one| parts.iter().all(|part| has_answered(one, part))).cloned().collect();
        let told = of.erasure.fields.iter().find_map(Field::told);
        let person = parts.iter().find_map(|part| part.erased.erasure.person);
        // An entry or a file that several parts name counts once.
        let bodies: BTreeSet<EntryHash> = parts.iter().flat_map(Part::bodies).collect();
        let chunks: BTreeSet<_> = parts.iter().flat_map(|part| part.erased.erasure.chunks.iter().copied()).collect();
        let whole = parts.iter().filter(|part| part.erased.erasure.fields.is_empty());
        let interviews: BTreeSet<RecordId> =
            whole.filter(|part| part.kind == Some(kind::INTERVIEW)).map(|part| part.record).collect();
        let what = match (person, of.erasure.fields.is_empty()) {
            (Some(_), _) => ErasedWhat::Person,
            (None, true) => ErasedWhat::Interview,
            (None, false) => ErasedWhat::Answers,
        };
        let note = parts.iter().map(|part| part.erased.erasure.note.to_string()).find(|note| !note.is_empty());
        let exports = |one: &AnsweredView| {
            parts.iter().filter_map(|part| part.exports.get(&one.code)).max().copied().unwrap_or(0)
        };
        let held = |one: &AnsweredView| -> BTreeSet<OutOfReach> {
            parts.iter().filter_map(|part| part.held.get(one)).flatten().copied().collect()
        };
        let named = |one: &AnsweredView| AnsweredView { exports: exports(one), ..one.clone() };
        let holds = |one: &AnsweredView| {
            let held = held(one);
            let set_aside = held.iter().filter_map(|one| match one {
                OutOfReach::Database(at) => Some(self.time_set_aside(*at)),
                OutOfReach::SecondBox => None,
            });
            (!held.is_empty()).then(|| HeldView {
                laptop: named(one),
                set_aside: set_aside.collect(),
                second_box: held.contains(&OutOfReach::SecondBox),
            })
        };
        let later = person.map(|person| self.interviews_of(&self.cards_of(&person)).len()).unwrap_or_default();
        Some(ErasureView {
            id,
            what,
            record: person.or(told).unwrap_or(first.record).to_string(),
            interviews: page::small(interviews.len()),
            questions: self.questions_of(first, language),
            why: of.erasure.why.as_str().to_owned(),
            note: note.unwrap_or_default(),
            by: self.book.name(&of.author),
            at: world::iso_of(of.at.ms, of.at.offset).unwrap_or_default(),
            bodies: page::small(bodies.len()),
            chunks: page::small(chunks.len()),
            waiting: all.difference(&carried_out).cloned().collect(),
            held: carried_out.iter().filter_map(holds).collect(),
            answered: carried_out.iter().filter(|one| held(one).is_empty()).map(named).collect(),
            has_hub: self.who.hub.is_some(),
            tells_hubs: false,
            on_hub: false,
            nearby_hub: String::new(),
            on_nearby_hub: false,
            unfinished: false,
            exports: Vec::new(),
            later: page::small(later),
        })
    }

    /// The questions whose answers were erased, as the interview's form asks them.
    fn questions_of(&self, part: &Part, language: &str) -> Vec<String> {
        let form = self.book.interviews.get(&part.record).and_then(|brief| brief.form);
        let form = form.and_then(|form| self.form(&form).ok());
        let mut questions: Vec<String> = Vec::new();
        for path in part.erased.erasure.fields.iter().filter_map(Field::path) {
            let template = path.template();
            let question = form.as_ref().and_then(|form| form.question(&template));
            let Some(question) =
                question.filter(|question| !template.starts_with("/meta/") && !question.labels.is_empty())
            else {
                continue;
            };
            let wanted = |name: &str| !name.is_empty() && language.starts_with(&page::language_code(name));
            let label = question.labels.iter().find(|(name, _)| wanted(name)).or_else(|| question.labels.first());
            let label = label.map(|(_, label)| markup::plain(label)).unwrap_or_default();
            if !questions.contains(&label) {
                questions.push(label);
            }
        }
        questions
    }

    /// The laptops of the team that may hold something: each certificate is one, by whichever of its chains is here. Who reads
    /// what interviewers write sees of each laptop what it carried out, so those count of which only another chain has come
    /// yet; to others only the laptops are known whose ordinary chain they read. The laptop that admitted one knows of it
    /// before anything has come.
    ///
    /// # Errors
    /// The store's refusal.
    pub(crate) fn all_laptops(&self) -> Result<BTreeSet<AnsweredView>> {
        let reads = reads(&self.who.survey_role(), &survey::Role::Interviewer);
        let frontier = if reads { self.store.read(|view| view.frontier())? } else { Frontier::default() };
        let mut chains: BTreeSet<ChainId> = frontier.iter().map(|(chain, _)| chain).collect();
        chains.extend(self.book.ordinary_chains());
        let mut all = self.laptops(&chains);
        all.extend(self.admitted_silent()?.into_iter().map(|(serial, person)| AnsweredView {
            person,
            device: String::new(),
            code: code_of(serial),
            exports: 0,
        }));
        Ok(all)
    }

    /// The laptops that write these chains.
    pub(crate) fn laptops(&self, chains: &BTreeSet<ChainId>) -> BTreeSet<AnsweredView> {
        chains.iter().map(|chain| self.laptop(chain)).collect()
    }

    /// The laptop that writes a chain: the same for all of its chains.
    fn laptop(&self, chain: &ChainId) -> AnsweredView {
        let Some(serial) = self.serial_of(chain) else {
            let code = chain.to_string().chars().take(4).collect();
            return AnsweredView { person: String::new(), device: String::new(), code, exports: 0 };
        };
        let of_it = self.book.serials.iter().filter(|(_, of)| **of == serial);
        let mut owned: Vec<(&ChainId, &Member)> =
            of_it.filter_map(|(chain, _)| Some((chain, self.book.owners.get(chain)?))).collect();
        owned.sort_by_key(|(_, member)| member.for_team);
        let (person, device) = match owned.first() {
            Some((chain, member)) => (self.book.name(&member.person), self.book.device(chain)),
            None => Default::default(),
        };
        AnsweredView { person, device, code: code_of(serial), exports: 0 }
    }

    /// The certificate that a chain was opened with. It stands in the clear, whether the chain can be read or not.
    pub(crate) fn serial_of(&self, chain: &ChainId) -> Option<u64> {
        self.book.serials.get(chain).copied().or_else(|| {
            let opening = self.store.read(|view| view.opening(*chain)).ok().flatten()?;
            Some(opening.header.opening()?.certificate.serial)
        })
    }
}

/// What stands for a laptop where no names are to stand.
fn code_of(serial: u64) -> String {
    format!("{:04x}", serial & 0xffff)
}
