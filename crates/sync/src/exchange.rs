//! The evening's sync with a hub: negotiate, push entries, push chunks, pull entries, pull chunks, receipts.
//!
//! Each request stands for itself and may be repeated, so there is nothing to resume: the next sync negotiates anew and
//! finds what is still missing.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use tianye_journal::{ChainId, Frontier, Receipt, SealedEntry, Seq, Span};

use crate::{
    Admitted, AuditState, Cancel, HubClient, Limit, Progress, Replica, Step, SyncError, Tell,
    protocol::{BATCH_BYTES, MAX_ENTRIES, MAX_IDS, SetAsideEntry},
    replica::spans_for,
};

/// What a whole sync did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries the hub has confirmed in this sync.
    pub sent: usize,
    /// Entries the hub did not take.
    pub refused: Vec<SetAsideEntry>,
    /// New entries from the hub.
    pub received: usize,
    /// Entries from the hub that did not enter.
    pub set_aside: Vec<SetAsideEntry>,
    /// Places found at which a chain splits: an alarm.
    pub forks: usize,
    /// Chunks sent.
    pub chunks_sent: usize,
    /// Chunks fetched.
    pub chunks_received: usize,
    /// Chunks that are wanted and that the hub does not have yet.
    pub chunks_missing: usize,
    /// Receipts recorded.
    pub receipts: usize,
    /// Entries that the hub had confirmed before and did not have when this began: it was put back to an old copy. An alarm.
    pub forgotten: u64,
    /// Entries and chunks that the hub was told to drop.
    pub erased: usize,
    /// Whether the hub's audit log goes on from where this laptop saw it last.
    pub audit: AuditState,
}

/// Brings a replica and a hub together. What came through before an error stays.
///
/// # Errors
/// The [`SyncError`] that stopped it.
pub fn sync(
    replica: &mut impl Replica,
    hub: &HubClient,
    cancel: &Cancel,
    progress: &mut Tell<'_>,
) -> Result<Report, SyncError> {
    hub.stop_with(cancel);
    let mut exchange = Exchange { hub, cancel, progress, report: Report::default(), bytes: 0 };
    exchange.begin(Step::Negotiate)?;
    hub.hello()?;
    let theirs = hub.frontier()?;
    exchange.push_entries(replica, &theirs)?;
    exchange.push_chunks(replica)?;
    exchange.pull_entries(replica)?;
    exchange.begin(Step::Settle)?;
    exchange.note(replica.settle()?);
    if exchange.report.forks > 0 {
        // A branch that the hub's longer one hid: only now does either side know that the chain is split.
        exchange.push_entries(replica, &hub.frontier()?)?;
    }
    exchange.pull_chunks(replica)?;
    exchange.fetch_receipts(replica)?;
    Ok(exchange.report)
}

struct Exchange<'a> {
    hub: &'a HubClient,
    cancel: &'a Cancel,
    progress: &'a mut Tell<'a>,
    report: Report,
    /// Bytes of the step that is under way.
    bytes: u64,
}

impl Exchange<'_> {
    fn begin(&mut self, step: Step) -> Result<(), SyncError> {
        self.bytes = 0;
        self.tell(step, 0, None);
        self.cancel.check()
    }

    fn tell(&mut self, step: Step, done: usize, total: Option<usize>) {
        (self.progress)(&Progress { step, done, total, bytes: self.bytes, of_bytes: None });
    }

    fn push_entries(&mut self, replica: &mut impl Replica, theirs: &Frontier) -> Result<(), SyncError> {
        let ours = replica.frontier()?;
        let mut queue: VecDeque<Span> = spans_for(replica, theirs)?.into();
        let total: usize = queue.iter().map(|span| span_length(&ours, span)).sum();
        let mut pace = Pace::new();
        let mut done = 0;
        self.bytes = 0;
        self.tell(Step::PushEntries, done, Some(total));
        while !queue.is_empty() {
            self.cancel.check()?;
            let mut rest = queue.clone();
            let batch = next_batch(replica, &mut rest, pace.limit)?;
            if batch.is_empty() {
                break;
            }
            let started = Instant::now();
            let pushed = match self.hub.push(&batch) {
                Ok(pushed) => pushed,
                Err(error) => {
                    pace.failed(error, batch.len())?;
                    continue;
                }
            };
            pace.passed(batch.len(), started.elapsed());
            queue = rest;
            // What follows a refused entry would be refused as well.
            let refused: Vec<ChainId> = pushed.set_aside.iter().filter_map(|aside| Some(aside.place?.chain)).collect();
            queue.retain(|span| !refused.contains(&span.chain));
            self.report.sent += pushed.receipts.len();
            self.report.refused.extend(pushed.set_aside);
            self.record(replica, &pushed.receipts)?;
            done += batch.len();
            self.bytes += batch.iter().map(entry_size).sum::<usize>() as u64;
            self.tell(Step::PushEntries, done, Some(total.max(done)));
        }
        Ok(())
    }

    fn push_chunks(&mut self, replica: &mut impl Replica) -> Result<(), SyncError> {
        self.begin(Step::PushChunks)?;
        let held = replica.chunks_held()?;
        let mut missing = Vec::new();
        for ids in held.chunks(MAX_IDS) {
            let lacking = self.hub.missing_chunks(ids)?;
            let there: Vec<_> = ids.iter().filter(|id| !lacking.contains(id)).copied().collect();
            replica.chunks_on_hub(&there)?;
            missing.extend(lacking.into_iter().filter(|id| ids.contains(id)));
        }
        for (done, id) in missing.iter().enumerate() {
            self.tell(Step::PushChunks, done, Some(missing.len()));
            self.cancel.check()?;
            let Some(chunk) = replica.chunk(*id)? else { continue };
            with_second_try(|| self.hub.put_chunk(&chunk))?;
            replica.chunks_on_hub(&[*id])?;
            self.bytes += chunk.as_bytes().len() as u64;
            self.report.chunks_sent += 1;
        }
        self.tell(Step::PushChunks, missing.len(), Some(missing.len()));
        Ok(())
    }

    fn pull_entries(&mut self, replica: &mut impl Replica) -> Result<(), SyncError> {
        // Also what is refused here counts as had, for this sync: so each round is one step on.
        let mut had = replica.frontier()?;
        self.bytes = 0;
        let mut pace = Pace::new();
        let mut done = 0;
        loop {
            self.tell(Step::PullEntries, done, None);
            self.cancel.check()?;
            let started = Instant::now();
            let pulled = match self.hub.pull(&had, pace.limit.entries, pace.limit.bytes) {
                Ok(pulled) => pulled,
                Err(error) => {
                    pace.failed(error, pace.limit.entries)?;
                    continue;
                }
            };
            let count = pulled.entries.len();
            if count == 0 {
                return Ok(());
            }
            pace.passed(count, started.elapsed());
            self.bytes += pulled.entries.iter().map(entry_size).sum::<usize>() as u64;
            for entry in &pulled.entries {
                had.advance(&entry.header);
            }
            let admitted = replica.admit(pulled.entries)?;
            self.note(admitted);
            done += count;
            if !pulled.more {
                self.tell(Step::PullEntries, done, Some(done));
                return Ok(());
            }
        }
    }

    fn note(&mut self, admitted: Admitted) {
        self.report.received += admitted.accepted;
        self.report.set_aside.extend(admitted.set_aside);
        self.report.forks += admitted.forks;
    }

    fn pull_chunks(&mut self, replica: &mut impl Replica) -> Result<(), SyncError> {
        self.begin(Step::PullChunks)?;
        let wanted = replica.chunks_wanted()?;
        for (done, id) in wanted.iter().enumerate() {
            self.tell(Step::PullChunks, done, Some(wanted.len()));
            self.cancel.check()?;
            match with_second_try(|| self.hub.get_chunk(*id))? {
                Some(chunk) => {
                    self.bytes += chunk.as_bytes().len() as u64;
                    replica.put_chunk(chunk)?;
                    self.report.chunks_received += 1;
                }
                None => self.report.chunks_missing += 1,
            }
        }
        self.tell(Step::PullChunks, wanted.len(), Some(wanted.len()));
        Ok(())
    }

    fn fetch_receipts(&mut self, replica: &mut impl Replica) -> Result<(), SyncError> {
        self.begin(Step::Receipts)?;
        let mut after = 0;
        loop {
            self.cancel.check()?;
            let (lacking, end) = replica.without_receipt(after, MAX_IDS)?;
            if lacking.is_empty() {
                return Ok(());
            }
            let receipts = self.hub.receipts(&lacking)?;
            self.record(replica, &receipts)?;
            // Those that remain are not on the hub, or without their bodies; asking again now would change nothing, and
            // must not keep those after them from being asked for.
            after = end;
        }
    }

    fn record(&mut self, replica: &mut impl Replica, receipts: &[Receipt]) -> Result<(), SyncError> {
        if !receipts.is_empty() {
            replica.record_receipts(receipts)?;
            self.report.receipts += receipts.len();
        }
        Ok(())
    }
}

/// How large the next request should be.
struct Pace {
    limit: Limit,
    failures: u32,
}

impl Pace {
    const FIRST: Limit = Limit { entries: 64, bytes: BATCH_BYTES / 8 };
    const FAST: Duration = Duration::from_secs(10);
    const MAX_FAILURES: u32 = 3;

    fn new() -> Self {
        Self { limit: Self::FIRST, failures: 0 }
    }

    fn passed(&mut self, entries: usize, time: Duration) {
        self.failures = 0;
        if entries * 2 >= self.limit.entries && time < Self::FAST {
            self.limit.entries = (self.limit.entries * 2).min(MAX_ENTRIES);
            self.limit.bytes = (self.limit.bytes * 2).min(BATCH_BYTES);
        }
    }

    /// Halves, or gives the error back where that is no help.
    fn failed(&mut self, error: SyncError, entries: usize) -> Result<(), SyncError> {
        self.failures += 1;
        if !error.may_pass_smaller() || self.failures > Self::MAX_FAILURES {
            return Err(error);
        }
        self.limit.entries = (self.limit.entries.min(entries) / 2).max(1);
        self.limit.bytes = (self.limit.bytes / 2).max(1);
        Ok(())
    }
}

/// One chunk is as small as requests get, so all that helps is the same again.
fn with_second_try<T>(mut attempt: impl FnMut() -> Result<T, SyncError>) -> Result<T, SyncError> {
    match attempt() {
        Err(error) if error.may_pass_smaller() => attempt(),
        result => result,
    }
}

/// Fills a request from the front of the queue; what was taken is gone from the queue.
fn next_batch(
    replica: &mut impl Replica,
    queue: &mut VecDeque<Span>,
    limit: Limit,
) -> Result<Vec<SealedEntry>, SyncError> {
    let mut batch: Vec<SealedEntry> = Vec::new();
    let mut bytes = 0;
    while let Some(span) = queue.front_mut() {
        let left =
            Limit { entries: limit.entries.saturating_sub(batch.len()), bytes: limit.bytes.saturating_sub(bytes) };
        if !batch.is_empty() && (left.entries == 0 || left.bytes == 0) {
            break;
        }
        let entries = replica.entries_after(span.chain, span.after, left)?;
        let Some(last) = entries.last() else {
            queue.pop_front();
            continue;
        };
        let size: usize = entries.iter().map(entry_size).sum();
        if !batch.is_empty() && bytes + size > limit.bytes.max(BATCH_BYTES) {
            break;
        }
        span.after = Some(last.header.seq);
        bytes += size;
        batch.extend(entries);
    }
    Ok(batch)
}

fn entry_size(entry: &SealedEntry) -> usize {
    256 + entry.body.as_ref().map_or(0, Vec::len)
}

pub(crate) fn span_length(ours: &Frontier, span: &Span) -> usize {
    let last = ours.heads(span.chain).map(|head| head.seq.get()).max().unwrap_or(0);
    usize::try_from(last.saturating_sub(span.after.map_or(0, Seq::get))).unwrap_or(usize::MAX)
}
