//! Certificates: what each act of erasing took, and where it has been carried out.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, RecordId};
use tianye_survey::{self as survey, Erased, Erasure, Field, kind};

use super::letter::{file_name, letter};
use super::{act_of, gone_of};
use crate::book::entries_of;
use crate::desk::Desk;
use crate::interview::{markup, page};
use crate::kept_exports::Gone;
use crate::refusal::{Result, refuse};
use crate::view::{AnsweredView, ErasedWhat, ErasureView};
use crate::world;

/// A part of an act: an erasure in one record, and who has carried it out.
#[derive(Clone)]
pub(crate) struct Part {
    record: RecordId,
    kind: Option<u16>,
    answered: BTreeSet<AnsweredView>,
    /// Exports on the laptops that carried it out, by what stands for the laptop.
    exports: BTreeMap<String, u32>,
    erased: Erased,
}

impl Part {
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
        let (unfinished, on_hub) = (self.store.is_erasing()?, self.hub_keeps_erased()?);
        let all = self.laptops(&self.book.ordinary_chains());
        let exports = self.kept_exports()?;
        let mut views = Vec::new();
        for (id, parts) in self.acts_of_erasing()? {
            let study = self.study().ok();
            let gone = parts.iter().map(|part| gone_of(&id, part.record, &part.erased.erasure, study.as_ref()));
            let gone: Vec<Gone> = gone.collect();
            // What the page shows of a time ends with the second.
            let began = parts.iter().map(|part| part.erased.at.ms).min();
            let Some(view) = self.certificate(id, parts, &all, language) else { continue };
            let exports = exports.iter().filter_map(|kept| kept.in_certificate(&gone)).collect();
            views.push((began, ErasureView { on_hub, unfinished, exports, ..view }));
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
        for record in self.store.read(|view| view.records_of_kind(kind::ERASURE))? {
            let entries = entries_of(&self.store, record)?;
            let state = survey::erasures(record, &entries, &self.book.team);
            let kind = survey::record_kind(&entries, &self.book.team);
            for (hash, erased) in &state.erasures {
                let mut exports: BTreeMap<String, u32> = BTreeMap::new();
                for (_, chain, said) in state.carried_out.iter().filter(|(of, ..)| of == hash) {
                    let most = exports.entry(self.laptop_code(chain)).or_default();
                    *most = said.exports.max(*most);
                }
                let answered = self.laptops(&state.answered(hash));
                let part = Part { record, kind, answered, exports, erased: erased.clone() };
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
        let answered: BTreeSet<AnsweredView> =
            all.iter().filter(|one| parts.iter().all(|part| part.answered.contains(one))).cloned().collect();
        let told = of.erasure.fields.iter().find_map(Field::told);
        let person = parts.iter().find_map(|part| part.erased.erasure.person);
        let sum =
            |count: &dyn Fn(&Erasure) -> usize| page::small(parts.iter().map(|part| count(&part.erased.erasure)).sum());
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
            bodies: sum(&|erasure| erasure.bodies.len()),
            chunks: sum(&|erasure| erasure.chunks.len()),
            waiting: all.difference(&answered).cloned().collect(),
            answered: answered.into_iter().map(|one| AnsweredView { exports: exports(&one), ..one }).collect(),
            has_hub: self.who.hub.is_some(),
            on_hub: false,
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

    /// The laptops that write these chains.
    pub(crate) fn laptops(&self, chains: &BTreeSet<ChainId>) -> BTreeSet<AnsweredView> {
        let laptop = |chain: &ChainId| {
            let person = self.book.owners.get(chain).map(|member| self.book.name(&member.person)).unwrap_or_default();
            AnsweredView { person, device: self.book.device(chain), code: self.laptop_code(chain), exports: 0 }
        };
        chains.iter().map(laptop).collect()
    }

    /// What stands for a laptop where no names are to stand.
    fn laptop_code(&self, chain: &ChainId) -> String {
        let certificate = self.book.owners.get(chain).and_then(|member| member.certificate);
        match certificate {
            Some(serial) => format!("{:04x}", serial & 0xffff),
            None => chain.to_string().chars().take(4).collect(),
        }
    }
}
