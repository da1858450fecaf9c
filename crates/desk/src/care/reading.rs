//! Reading reports: a holder those of everybody, everybody else their own.

use std::collections::{BTreeMap, BTreeSet};

use tianye_journal::{ChainId, ChunkId, Details, Form, PersonId, RecordId};
use tianye_survey::{Attachment, Content, Packet, ReportAct, ReportState, Role, Sent, kind, reports, safeguarding};

use super::contacts::contact_views;
use crate::book::opened;
use crate::desk::Desk;
use crate::interview::attachment;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::{FileCard, FilePart, LineAct, ReportLineView, ReportView};
use crate::world;

/// Everything that this laptop can open of reports.
pub(crate) struct Read {
    pub reports: BTreeMap<RecordId, ReportState>,
    /// Who wrote, by name.
    pub names: BTreeMap<PersonId, String>,
}

/// A restricted chain: who writes it, and what it says.
struct Chain {
    details: Details,
    revoked: bool,
    packets: Vec<Packet>,
}

impl Desk {
    /// The reports that this person reads: for a holder all, for everybody else their own. Newest first; those that nobody
    /// has been told of before all others.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn reports(&self) -> Result<Vec<ReportView>> {
        let read = self.read_reports()?;
        let kept = self.kept_reports()?;
        let (received, has_hub) = (self.store.read(|view| view.received_to())?, self.who.hub.is_some());
        let mut views: Vec<ReportView> = read
            .reports
            .iter()
            .map(|(report, state)| {
                let waiting = kept.waits(report, has_hub.then_some(&received));
                self.report_view(*report, state, &read.names, waiting)
            })
            .collect();
        views.sort_by(|a, b| (a.told, std::cmp::Reverse(&a.at), &a.id).cmp(&(b.told, std::cmp::Reverse(&b.at), &b.id)));
        Ok(views)
    }

    /// How many reports of this person's nobody has been told of yet, as far as they read. What was written for practice is none once
    /// the project has begun. It is asked for each page: what others wrote is read only where something is left to ask of it.
    ///
    /// # Errors
    /// The store's refusal.
    pub(crate) fn count_untold(&self) -> Result<u32> {
        if !self.store.can_sign() {
            return Ok(0);
        }
        let packet = Packet { parts: self.kept_reports()?.parts, pieces: Vec::new() };
        let role = self.who.survey_role();
        let own = Sent { author: self.who.person, role: &role, revoked: false, packet: &packet };
        let practises = self.book.project.is_called_practice();
        let is_untold = |report: &ReportState| {
            let begun = report.begun.as_ref().filter(|(author, ..)| *author == self.who.person);
            !report.is_told() && begun.is_some_and(|(.., disclosure)| practises || !disclosure.practice)
        };
        let mut untold: BTreeSet<RecordId> =
            reports([own]).into_iter().filter(|(_, report)| is_untold(report)).map(|(id, _)| id).collect();
        if !untold.is_empty() && self.is_holder() {
            let read = self.read_reports()?.reports;
            untold.retain(|id| read.get(id).is_some_and(&is_untold));
        }
        Ok(small(untold.len()))
    }

    /// Opens what can be opened.
    pub(crate) fn read_reports(&self) -> Result<Read> {
        let mut chains = Vec::new();
        let keys = self.store.read(|view| view.restricted_keys())?;
        for chain in keys.chains().collect::<Vec<_>>() {
            chains.extend(self.read_chain(chain, &keys)?);
        }
        let kept = self.kept_reports()?;
        let own = Packet { parts: kept.parts, pieces: Vec::new() };
        let own_role = self.who.survey_role();
        let roles: Vec<Role> = chains.iter().map(|chain| Role::from(chain.details.role.as_str())).collect();
        let mut sent = vec![Sent { author: self.who.person, role: &own_role, revoked: false, packet: &own }];
        for (chain, role) in chains.iter().zip(&roles) {
            let of = |packet| Sent { author: chain.details.person, role, revoked: chain.revoked, packet };
            sent.extend(chain.packets.iter().map(of));
        }
        let mut names: BTreeMap<PersonId, String> =
            chains.iter().map(|chain| (chain.details.person, chain.details.name.clone())).collect();
        names.insert(self.who.person, self.who.name.clone());
        Ok(Read { reports: reports(sent), names })
    }

    /// Who a restricted chain belongs to stands in its first entry, and is checked against its certificate.
    fn read_chain(&self, chain: ChainId, keys: &tianye_store::RestrictedKeys) -> Result<Option<Chain>> {
        let (opening, entries) =
            self.store.read(|view| Ok((view.opening(chain)?, view.restricted_entries(chain, keys)?)))?;
        let Some(Form::Opening(opening)) = opening.map(|opening| opening.header.form) else { return Ok(None) };
        let mut details = None;
        let mut packets = Vec::new();
        for entry in entries.into_iter().map(opened) {
            match (entry.kind, entry.content) {
                (kind::MEMBER, Content::Member(card)) if details.is_none() => {
                    details = card.get().and_then(|member| member.read_details());
                }
                (kind::REPORT, Content::Report(packet)) => packets.push((entry.author, *packet)),
                _ => {}
            }
        }
        let certificate = opening.certificate;
        let details = details.filter(|details| certificate.verify_details(details).is_ok());
        let revoked = self.book.revocations.certificates.contains_key(&certificate.serial);
        Ok(details.map(|details| {
            let own = packets.into_iter().filter(|(author, _)| *author == details.person);
            Chain { packets: own.map(|(_, packet)| packet).collect(), details, revoked }
        }))
    }

    fn report_view(
        &self,
        report: RecordId,
        state: &ReportState,
        names: &BTreeMap<PersonId, String>,
        waiting: bool,
    ) -> ReportView {
        let name = |person: &PersonId| names.get(person).cloned().unwrap_or_else(|| self.book.name(person));
        let at = |at: tianye_survey::At| world::iso_of(at.ms, at.offset).unwrap_or_default();
        let here = |file: &Attachment| file.chunks.iter().all(|chunk| self.store.has_chunk(&chunk.id));
        let file = |file: &Attachment| attachment::card(file, here(file));
        let begun = state.begun.as_ref();
        let told = begun.map(|(.., disclosure)| disclosure.clone()).unwrap_or_default();
        let line = |line: &tianye_survey::ReportLine| ReportLineView {
            id: line.id.to_string(),
            by: name(&line.author),
            own: line.author == self.who.person,
            at: at(line.at),
            revoked: line.revoked,
            act: act_view(&line.act, &file),
        };
        ReportView {
            id: report.to_string(),
            by: begun.map(|(author, ..)| name(author)).unwrap_or_default(),
            own: begun.is_some_and(|(author, ..)| *author == self.who.person),
            at: begun.map(|(_, when, _)| at(*when)).unwrap_or_default(),
            about: told.about.to_string(),
            words: told.words.to_string(),
            when: told.when.to_string(),
            place: told.place.to_string(),
            present: told.present.to_string(),
            seen: told.seen.to_string(),
            safety: told.safety.map(|safety| safety.as_str().to_owned()).unwrap_or_default(),
            told: state.is_told(),
            practice: told.practice,
            handed_over: state.is_handed_over(),
            waiting,
            timeline: state.timeline.iter().map(line).collect(),
            contacts: contact_views(&safeguarding::contacts(&self.book.project, told.site.as_ref())),
        }
    }

    /// A part of a file that a report holds.
    ///
    /// # Errors
    /// `attachment-missing` while it has not come; `attachment-damaged`.
    pub fn report_file(&self, report: &str, name: &str, part: u32) -> Result<FilePart> {
        let report = crate::filling::record_id(report)?;
        let read = self.read_reports()?;
        let files = read.reports.get(&report).into_iter().flat_map(files_of).find(|file| file.name == name);
        let file = files.ok_or_else(|| refuse("attachment-missing", "expected a file of the report, found none"))?;
        let bytes = crate::capturing::open_part(&self.store, file, part)?;
        use base64::Engine as _;
        Ok(FilePart { base64: base64::engine::general_purpose::STANDARD.encode(&*bytes) })
    }

    /// The chunks of files that reports hold: a holder's laptop asks for them.
    pub(crate) fn chunks_of_reports(&self) -> Result<Vec<ChunkId>> {
        if !self.is_holder() {
            return Ok(Vec::new());
        }
        let read = self.read_reports()?;
        let files = read.reports.values().flat_map(files_of);
        Ok(files.flat_map(|file| &file.chunks).map(|part| part.id).collect())
    }
}

pub(super) fn files_of(state: &ReportState) -> impl Iterator<Item = &Attachment> {
    state.timeline.iter().filter_map(|line| match &line.act {
        ReportAct::Moved(moved) => moved.file.as_ref(),
        ReportAct::Recorded(sound) => Some(&sound.file),
        _ => None,
    })
}

fn act_view(act: &ReportAct, file: &dyn Fn(&Attachment) -> FileCard) -> LineAct {
    match act {
        ReportAct::Begun(told) => LineAct::Added { words: told.words.to_string() },
        ReportAct::Added { words } => LineAct::Added { words: words.to_string() },
        ReportAct::Called(call) => LineAct::Called {
            whom: call.whom.to_string(),
            number: call.number.to_string(),
            said: call.said.to_string(),
            outcome: call.outcome.as_str().to_owned(),
        },
        ReportAct::HandedOver { to, note } => {
            LineAct::HandedOver { to: to.as_str().to_owned(), note: note.to_string() }
        }
        ReportAct::Moved(moved) => LineAct::Moved {
            question: moved.question.to_string(),
            answer: moved.answer.to_string(),
            note: moved.note.to_string(),
            file: moved.file.as_ref().map(file),
        },
        ReportAct::Recorded(sound) => LineAct::Recorded { file: file(&sound.file) },
        ReportAct::CopySaved(saved) => LineAct::CopySaved { reason: saved.reason.to_string() },
        ReportAct::Unknown => LineAct::Unknown,
    }
}
