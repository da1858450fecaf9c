//! Sending and fetching: the store as a replica, and the page that shows how far it is.

mod erased;
mod looking;
mod misfits;
mod rights;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) use erased::hub_name;
use misfits::note_hub;
use tianye_journal::{
    ChainId, ChunkId, EntryHash, Frontier, Head, HubPublicKey, ProjectId, PublicKey, Receipt, SealedChunk, SealedEntry,
    Seq, Span, Trust, from_hex, to_hex,
};
use tianye_store::{Intake, Look, Op, OpenedEntry, Store};
use tianye_survey::{Content, Sight, kind};
use tianye_sync::{
    Admitted, AuditState, Cancel, Credentials, HubCard, HubClient, Limit, Progress, Replica, Report, Step, SyncError,
    Tell,
};

use crate::book::read;
use crate::desk::Desk;
use crate::interview::page::small;
use crate::papers;
use crate::recovering::keep_snapshot_if_due;
use crate::refusal::{Result, refuse};
use crate::revoking::{block_on_hub, note_refused};
use crate::view::{ChainView, HubLog, ReceiptView, SetAsideView, SyncReport, SyncView};
use crate::world::{self, World};

/// Carries entries between a store and its hub. It holds no lock on the desk, so the desk stays usable meanwhile.
#[derive(Debug)]
pub struct Courier {
    replica: Laptop,
    client: HubClient,
    /// Where the hub is, for people.
    address: String,
    /// With the project key, on a lead's laptop: only so does a hub erase.
    lead: Option<HubClient>,
    /// Laptops that the hub is to refuse.
    to_block: Vec<PublicKey>,
}

/// How long to wait until a link that broke is tried again: at first not at all, then longer each time that nothing comes through.
const WAITS: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(2), Duration::from_secs(5)];

/// Waits, unless it is called off meanwhile.
fn wait_for(wait: Duration, cancel: &Cancel) -> bool {
    let (began, step) = (Instant::now(), Duration::from_millis(50));
    while !cancel.is_cancelled() && began.elapsed() < wait {
        std::thread::sleep(step.min(wait));
    }
    !cancel.is_cancelled()
}

impl Courier {
    /// Goes to the hub and back. What came through before an error stays; where the link broke and something had come through, it
    /// is tried again.
    ///
    /// # Errors
    /// `hub-unreachable`, `hub-wrong-key`, …
    pub fn run(&mut self, cancel: &Cancel, progress: &mut Tell<'_>) -> Result<Report> {
        let (mut ever_moved, mut waits, mut found) = (false, WAITS.iter(), PutBack::default());
        let done = loop {
            let mut moved = false;
            let done = self.go(cancel, &mut found, &mut |said| {
                moved |= said.bytes > 0;
                progress(said);
            });
            if done.is_err() {
                // What had come by then stays; the first error is the one to report.
                let _ = self.replica.settle();
            }
            ever_moved |= moved;
            if moved {
                waits = WAITS.iter();
            }
            let broke = ever_moved && done.as_ref().is_err_and(|refusal| refusal.code == "hub-unreachable");
            match waits.next().filter(|_| broke) {
                Some(wait) if wait_for(*wait, cancel) => {}
                Some(_) => break Err(SyncError::Cancelled.into()),
                None => break done,
            }
        };
        let refused = done.as_ref().is_err_and(|refusal| refusal.code == "device-blocked");
        if refused || done.is_ok() {
            note_refused(&self.replica.store, refused, &world::iso(self.replica.world.now()))?;
        }
        done
    }

    fn go(&mut self, cancel: &Cancel, found: &mut PutBack, progress: &mut Tell<'_>) -> Result<Report> {
        let mut erased = 0;
        if let Some(lead) = &self.lead {
            lead.stop_with(cancel);
            erased += self.replica.erase_on_hub(lead, cancel)?;
            block_on_hub(&self.replica.store, lead, &self.to_block)?;
        }
        self.client.stop_with(cancel);
        progress(&Progress { step: Step::Negotiate, done: 0, total: None, bytes: 0, of_bytes: None });
        self.client.hello()?;
        let now =
            PutBack { forgotten: self.replica.forgotten_by(&self.client.frontier()?)?, audit: self.watch_audit()? };
        *found = found.and(now);
        if now != PutBack::default() {
            // It is noted before what showed it is kept as seen, or pushed again: this way may break at any moment.
            let at = world::iso(self.replica.world.now());
            note_hub(&self.replica.store, self.client.hub_key(), &self.address, now.audit, at)?;
            if let Some(lead) = &self.lead {
                // An old copy of the hub holds again what it was told to drop.
                self.replica.forget_told(lead.hub_key())?;
            }
        }
        self.keep_audit_head()?;
        if let Some(lead) = self.lead.as_ref().filter(|_| now != PutBack::default()) {
            erased += self.replica.erase_on_hub(lead, cancel)?;
        }
        let report = tianye_sync::sync(&mut self.replica, &self.client, cancel, progress)?;
        let report = Report { forgotten: found.forgotten, audit: found.audit, erased, ..report };
        self.keep_audit_head()?;
        self.replica.keep_snapshot_if_due();
        Ok(report)
    }
}

/// What shows that a hub was put back to an old copy: what it forgot, and its log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PutBack {
    forgotten: u64,
    audit: AuditState,
}

impl PutBack {
    /// The worse of both: a way that was gone again after a break finds less.
    fn and(self, other: Self) -> Self {
        let audit = match (self.audit, other.audit) {
            (AuditState::Rewritten, _) | (_, AuditState::GoesOn) => self.audit,
            (_, audit) => audit,
        };
        Self { forgotten: self.forgotten.max(other.forgotten), audit }
    }
}

impl Courier {
    /// Whether the hub's audit log goes on from where it was at the last contact.
    fn watch_audit(&self) -> Result<AuditState> {
        let seen: Option<Seen> = papers::setting(&self.replica.store, &self.audit_key())?;
        let seen = seen.and_then(|seen| Some((seen.lines, from_hex(&seen.hash)?.try_into().ok()?)));
        Ok(self.client.audit_since(seen)?.0)
    }

    fn keep_audit_head(&self) -> Result<()> {
        let Some(head) = self.client.audit_head() else { return Ok(()) };
        let seen = Seen { lines: head.number, hash: to_hex(&head.hash) };
        self.replica.store.transact(Op::Setting, |tx| papers::put(tx, &self.audit_key(), &seen))?;
        Ok(())
    }

    /// The setting that holds what was [`Seen`] of a hub's audit log.
    fn audit_key(&self) -> String {
        format!("audit-of-{}", to_hex(self.client.hub_key().as_bytes()))
    }
}

/// The head of a hub's audit log at the last contact.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Seen {
    lines: u64,
    hash: String,
}

impl Desk {
    /// A courier to the project's hub. With each goes one packet for the safeguarding holders, written here.
    ///
    /// # Errors
    /// `hub-none` for a project without a hub.
    pub fn courier(&self) -> Result<Courier> {
        self.courier_to(self.hub_card()?)
    }

    /// A courier to one hub.
    pub(crate) fn courier_to(&self, card: &HubCard) -> Result<Courier> {
        let (certificate, _) = self.who.certificate()?;
        let key = self.store.read(|view| view.signing_key())?;
        let key = key.ok_or_else(|| refuse("no-right", "expected a signing key, found a store opened by recovery"))?;
        let (project, patience) = (self.who.project, self.world.patience());
        let client = HubClient::with_patience(card, project, Credentials::device(key, certificate), patience)?;
        let replica = Laptop {
            store: self.store.clone(),
            world: self.world.clone(),
            trust: self.who.trust()?,
            hub: Some(*client.hub_key()),
            intake: None,
            many: false,
            wanted: self.chunks_of_reports()?,
            evidence: self.sees_all_evidence(),
        };
        self.write_packet()?;
        let lead = match papers::keeps_project(&self.store)? {
            true => {
                let key = papers::project_key(&self.store)?;
                Some(HubClient::with_patience(card, project, Credentials::lead(key), patience)?)
            }
            false => None,
        };
        let to_block = self.to_block(client.hub_key())?;
        Ok(Courier { replica, client, address: card.address.clone(), lead, to_block })
    }

    /// A client for the project's hub.
    pub(crate) fn hub_client(&self, credentials: Credentials) -> Result<HubClient> {
        self.client_of(self.hub_card()?, credentials)
    }

    /// A client for one hub.
    pub(crate) fn client_of(&self, card: &HubCard, credentials: Credentials) -> Result<HubClient> {
        Ok(HubClient::with_patience(card, self.who.project, credentials, self.world.patience())?)
    }

    fn hub_card(&self) -> Result<&HubCard> {
        self.who.hub.as_ref().ok_or_else(|| refuse("hub-none", "expected a hub, found a project without one"))
    }

    /// Reads what a courier brought, and says what it did.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn after_sync(&mut self, report: &Report) -> Result<SyncReport> {
        self.after_arrival()?;
        Ok(SyncReport {
            sent: small(report.sent),
            received: small(report.received),
            receipts: small(report.receipts),
            forgotten: number(report.forgotten),
            hub_log: match report.audit {
                AuditState::GoesOn => HubLog::GoesOn,
                AuditState::Rewound { .. } => HubLog::Rewound,
                AuditState::Rewritten => HubLog::Rewritten,
            },
            conflicts: self.count_conflicts()?,
            view: self.sync_state()?,
        })
    }

    /// Reads what arrived, by whatever way, and does what follows from it.
    pub(crate) fn after_arrival(&mut self) -> Result<()> {
        // A key that came now may have opened entries that arrived long ago.
        self.book.read_again();
        // What arrived may have split the own chain: a clone of this disk went on too, or an old copy of it was put back.
        self.open_chain()?;
        self.book.read_on(&self.store)?;
        self.carry_out_erasures()?;
        self.say_hubs_told()?;
        self.finish_stops()?;
        self.finish_withdrawals()?;
        self.note_practice()?;
        self.answer_revocations()?;
        self.keep_team_chain()?;
        self.tell_beginnings()?;
        self.hand_out_keys()?;
        self.hand_on_holders()?;
        self.hand_on_entities()?;
        self.tell_exports()?;
        self.hand_on_assignments()?;
        Ok(())
    }

    /// The store as what a stick is written from and read into.
    pub(crate) fn replica(&self) -> Result<Laptop> {
        Ok(Laptop {
            store: self.store.clone(),
            world: self.world.clone(),
            trust: self.who.trust()?,
            hub: None,
            intake: None,
            many: false,
            wanted: self.chunks_of_reports()?,
            evidence: self.sees_all_evidence(),
        })
    }

    /// Syncs at once, for callers that wait.
    ///
    /// # Errors
    /// See [`Courier::run`].
    pub fn sync(&mut self) -> Result<SyncReport> {
        self.sync_told(&Cancel::default(), &mut |_| ())
    }

    /// The same with a stop button, and with somebody who hears how far it is.
    ///
    /// # Errors
    /// See [`Courier::run`].
    pub fn sync_told(&mut self, cancel: &Cancel, tell: &mut Tell<'_>) -> Result<SyncReport> {
        self.sync_by(Self::courier, cancel, tell)
    }

    /// Ends the sitting, and writes what this laptop has to hand on, before anything is carried.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn before_carrying(&mut self) -> Result<()> {
        self.leave_quietly()?;
        self.hand_on_entities()?;
        self.tell_exports()?;
        self.tell_beginnings()?;
        self.hand_on_assignments()
    }

    /// Syncs at once with the hub that a courier is for.
    pub(crate) fn sync_by(
        &mut self,
        courier: impl Fn(&Self) -> Result<Courier>,
        cancel: &Cancel,
        tell: &mut Tell<'_>,
    ) -> Result<SyncReport> {
        self.before_carrying()?;
        let mut run = |desk: &mut Self| {
            let done = courier(desk)?.run(cancel, tell);
            if done.is_err() {
                // What came before it broke, or was stopped, is here; why it did is what to say.
                let _ = desk.after_arrival();
            }
            done
        };
        let report = run(self)?;
        let told = self.after_sync(&report)?;
        // What came may be of use to the others at once.
        if !self.has_news(&report)? {
            return Ok(told);
        }
        let again = run(self)?;
        Ok(told.and(self.after_sync(&again)?))
    }

    /// Whether a sync gave this laptop something to say: entities or keys to hand on, an erasure carried out or told to the hub,
    /// a new chain. It waits for the next sync.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn has_news(&self, report: &Report) -> Result<bool> {
        Ok((report.received > 0 || report.erased > 0) && self.outbox()?.entries > 0)
    }

    /// How far sending is.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn sync_state(&self) -> Result<SyncView> {
        let (frontier, own, forked, aside) = self
            .store
            .read(|view| Ok((view.frontier()?, view.own_chain()?, view.forked_chains()?, view.kept_aside()?)))?;
        let mut heads: BTreeMap<ChainId, u64> = BTreeMap::new();
        for (chain, head) in frontier.iter() {
            if self.is_restricted(&chain)? || self.book.owners.get(&chain).is_some_and(|owner| owner.for_team) {
                continue;
            }
            let newest = heads.entry(chain).or_default();
            *newest = (*newest).max(head.seq.get());
        }
        let received = self.store.read(|view| view.received_to())?;
        let mut chains: Vec<ChainView> = heads
            .iter()
            .map(|(chain, here)| ChainView {
                owner: self.owner(chain),
                own: own.as_ref().is_some_and(|own| own.chain == *chain),
                here: number(*here),
                received: number(received.get(chain).copied().unwrap_or(0)),
                forked: forked.contains(chain),
            })
            .collect();
        chains.sort_by(|a, b| (!a.own, &a.owner).cmp(&(!b.own, &b.owner)));
        let mut set_aside: BTreeMap<(String, String), u32> = BTreeMap::new();
        for kept in aside {
            let owner = kept.chain.map(|chain| self.owner(&chain)).unwrap_or_default();
            *set_aside.entry((owner, kept.reason)).or_default() += 1;
        }
        let receipts = papers::setting::<Vec<Run>>(&self.store, RUNS)?.unwrap_or_default();
        Ok(SyncView {
            hub: self.who.hub.as_ref().map(|card| card.address.clone()).unwrap_or_default(),
            keeps: papers::keeps_project(&self.store)?,
            outbox: self.outbox()?,
            chains,
            receipts: receipts
                .iter()
                .rev()
                .map(|run| ReceiptView { from: run.from, to: run.to, at: run.at.clone() })
                .collect(),
            set_aside: set_aside
                .into_iter()
                .map(|((owner, code), entries)| SetAsideView { owner, code, entries })
                .collect(),
            misfits: self.misfits()?,
        })
    }

    /// Whether a chain is the restricted one of a laptop whose ordinary chain can be read. Every laptop has one, which grows
    /// by a packet with each sync; it is not listed.
    fn is_restricted(&self, chain: &ChainId) -> Result<bool> {
        if self.book.serials.contains_key(chain) {
            return Ok(false);
        }
        let opening = self.store.read(|view| view.opening(*chain))?;
        let serial = opening.and_then(|entry| Some(entry.header.opening()?.certificate.serial));
        // Of a colleague only the team chain can be read: the other chains are a stranger's.
        let ordinary = self.book.ordinary_chains();
        let mut known = ordinary.iter().filter_map(|chain| self.book.serials.get(chain));
        Ok(serial.is_some_and(|serial| known.any(|one| *one == serial)))
    }

    fn owner(&self, chain: &ChainId) -> String {
        let person = self.book.owners.get(chain).map(|member| self.book.name(&member.person)).unwrap_or_default();
        called(&person, Some(&self.book.device(chain)))
    }
}

/// Who and which laptop.
fn called(person: &str, device: Option<&str>) -> String {
    match device {
        Some(device) if !device.is_empty() => format!("{person} · {device}"),
        _ => person.to_owned(),
    }
}

/// Kinds that name chunks; consents last.
const ALL_WITH_FILES: [u16; 3] = [kind::FORM, kind::INTERVIEW, kind::CONSENT];

const RUNS: &str = "receipt-runs";
const MOST_RUNS: usize = 50;

/// Receipts of the own chain that came together.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Run {
    from: u32,
    to: u32,
    at: String,
}

/// The store as a replica.
#[derive(Debug)]
pub(crate) struct Laptop {
    store: Arc<Store>,
    world: Arc<dyn World>,
    trust: Trust,
    /// The hub that it talks to; none beside a stick.
    hub: Option<HubPublicKey>,
    /// What is being taken in.
    intake: Option<Intake>,
    /// Several batches are taken in as one: of each it is said at the end what became of it.
    pub(crate) many: bool,
    /// Chunks that no content of the book names, and that are wanted all the same.
    wanted: Vec<ChunkId>,
    /// Whether it fetches what shows consents.
    evidence: bool,
}

impl Laptop {
    /// Whose word counts.
    pub(crate) fn trust(&self) -> &Trust {
        &self.trust
    }

    /// In the evening, when what came in is there, and nobody waits for the next page.
    pub(crate) fn keep_snapshot_if_due(&self) {
        keep_snapshot_if_due(&self.store, world::parts(self.world.now()).0);
    }

    /// Waits until everything is durable; says what became of each batch.
    pub(crate) fn finish_intake(&mut self) -> Result<Vec<Admitted>, SyncError> {
        let Some(intake) = self.intake.take() else { return Ok(Vec::new()) };
        let told = |part: tianye_store::Admitted| Admitted {
            accepted: part.new.len(),
            repeated: part.repeated,
            set_aside: part.set_aside.iter().map(Into::into).collect(),
            forks: part.forks.len(),
        };
        Ok(intake.finish().map_err(failed)?.into_iter().map(told).collect())
    }

    /// What takes entries in, begun where it is not under way.
    fn begin_intake(&mut self) -> Result<&mut Intake, SyncError> {
        let intake = match self.intake.take() {
            Some(intake) => intake,
            None => {
                let now = world::parts(self.world.now()).0;
                Intake::begin(self.store.clone(), self.trust, now, &look()).map_err(failed)?
            }
        };
        Ok(self.intake.insert(intake))
    }

    /// How many entries the hub has given receipts for and no longer has: it was put back to an old copy.
    fn forgotten_by(&self, theirs: &Frontier) -> Result<u64> {
        let Some(hub) = &self.hub else { return Ok(0) };
        let confirmed = self.store.read(|view| view.confirmed_by(hub))?;
        let has = |chain: &ChainId| theirs.heads(*chain).map(|head| head.seq.get()).max().unwrap_or(0);
        Ok(confirmed.iter().map(|(chain, seq)| seq.saturating_sub(has(chain))).sum())
    }
}

/// What is seen of each body as it comes in: so folding need not open it again.
fn look() -> Arc<Look> {
    Arc::new(|entry, chain, body| Sight::of(entry, chain, body).map(|sight| sight.to_bytes(body)))
}

pub(crate) fn failed(error: tianye_store::Error) -> SyncError {
    SyncError::replica(error.code(), error)
}

/// The entries of a chain in a store, as a replica gives them.
pub(crate) fn entries_after(
    store: &Store,
    chain: ChainId,
    after: Option<Seq>,
    limit: Limit,
) -> Result<Vec<SealedEntry>, SyncError> {
    let limit = tianye_store::Limit { entries: limit.entries, bytes: limit.bytes };
    let page = store.read(|view| view.entries_in(&[Span { chain, after }], limit)).map_err(failed)?;
    Ok(page.entries)
}

impl Replica for Laptop {
    fn project(&self) -> ProjectId {
        self.trust.project
    }

    fn frontier(&mut self) -> Result<Frontier, SyncError> {
        self.store.read(|view| view.frontier()).map_err(failed)
    }

    fn holds(&mut self, _: ChainId, head: Head) -> Result<bool, SyncError> {
        self.store.read(|view| view.has_entry(head.hash)).map_err(failed)
    }

    fn entries_after(
        &mut self,
        chain: ChainId,
        after: Option<Seq>,
        limit: Limit,
    ) -> Result<Vec<SealedEntry>, SyncError> {
        entries_after(&self.store, chain, after, limit)
    }

    fn admit(&mut self, entries: Vec<SealedEntry>) -> Result<Admitted, SyncError> {
        self.begin_intake()?.push(entries).map_err(failed)?;
        Ok(Admitted::default())
    }

    fn settle(&mut self) -> Result<Admitted, SyncError> {
        if self.many {
            self.begin_intake()?.next_part().map_err(failed)?;
            return Ok(Admitted::default());
        }
        Ok(self.finish_intake()?.pop().unwrap_or_default())
    }

    fn without_receipt(&mut self, after: i64, limit: usize) -> Result<(Vec<EntryHash>, i64), SyncError> {
        let Some(hub) = &self.hub else { return Ok((Vec::new(), after)) };
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        self.store.read(|view| view.without_receipt(hub, after, limit)).map_err(failed)
    }

    fn record_receipts(&mut self, receipts: &[Receipt]) -> Result<(), SyncError> {
        let Some(hub) = &self.hub else { return Ok(()) };
        let own = self.store.read(|view| view.own_chain()).map_err(failed)?;
        let own = receipts.iter().filter(|receipt| own.as_ref().is_some_and(|own| own.chain == receipt.place.chain));
        let seqs: BTreeSet<u64> = own.map(|receipt| receipt.place.seq.get()).collect();
        let mut runs: Vec<Run> = papers::setting(&self.store, RUNS).ok().flatten().unwrap_or_default();
        if let (Some(from), Some(to)) = (seqs.first(), seqs.last()) {
            runs.push(Run { from: number(*from), to: number(*to), at: world::iso(self.world.now()) });
        }
        let old = runs.len().saturating_sub(MOST_RUNS);
        runs.drain(..old);
        let keep = |tx: &mut tianye_store::Tx<'_>| {
            receipts.iter().try_for_each(|receipt| tx.put_receipt(receipt, hub))?;
            papers::put(tx, RUNS, &runs)
        };
        self.store.transact(Op::Receipt, keep).map_err(failed)
    }

    fn chunks_held(&mut self) -> Result<Vec<ChunkId>, SyncError> {
        // What is no answer yet, and may never be one, does not travel.
        let unfinished = self.store.read(|view| view.unfinished_chunks()).map_err(failed)?;
        let mut held = self.store.chunks().map_err(failed)?;
        held.retain(|chunk| !unfinished.contains(chunk));
        Ok(held)
    }

    fn chunks_wanted(&mut self) -> Result<Vec<ChunkId>, SyncError> {
        // Forms first: without them nothing can be filled in.
        let mut wanted = Vec::new();
        // What shows a consent goes to whoever may look at it.
        let kinds = if self.evidence { &ALL_WITH_FILES[..] } else { &ALL_WITH_FILES[..2] };
        for kind in kinds.iter().copied() {
            let mut named: BTreeSet<ChunkId> = BTreeSet::new();
            let mut note = |entry: OpenedEntry| named.extend(Content::decode(kind, &entry.body.content).chunks());
            // What is kept at a glance names no file.
            self.store.read(|view| view.each_unseen_of_kind(kind, &mut note)).map_err(failed)?;
            wanted.extend(named.into_iter().filter(|id| !self.store.has_chunk(id)));
        }
        // An erasure of one answer leaves the files of others in its entry.
        let erasures = self.store.read(|view| view.entries_of_kind(kind::ERASURE)).map_err(failed)?;
        let left: BTreeSet<ChunkId> =
            read(&self.store, erasures).iter().flat_map(|entry| entry.content.chunks()).collect();
        for id in left {
            if !self.store.has_chunk(&id) && !self.store.read(|view| view.is_chunk_erased(&id)).map_err(failed)? {
                wanted.push(id);
            }
        }
        wanted.extend(self.wanted.iter().filter(|id| !self.store.has_chunk(id)));
        Ok(wanted)
    }

    fn chunk(&mut self, id: ChunkId) -> Result<Option<SealedChunk>, SyncError> {
        self.store.chunk(&id).map_err(failed)
    }

    fn put_chunk(&mut self, chunk: SealedChunk) -> Result<(), SyncError> {
        self.store.put_chunk(&chunk).map_err(failed)
    }
}

fn number(seq: u64) -> u32 {
    u32::try_from(seq).unwrap_or(u32::MAX)
}
