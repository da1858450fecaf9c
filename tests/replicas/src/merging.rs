//! Doing a program: who does what, and on which ways entries travel.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rand_core::Rng as _;
use tempfile::TempDir;
use tianye_hub::{Limits, Options, Running};
use tianye_journal::{ChunkId, EntryHash, FileKey, Frontier, PlainBody, RecordId, SealedEntry, seal_file};
use tianye_store::Op;
use tianye_survey::{
    self as survey, Answer, Attachment, Change, ChunkRef, Content, Field, FormHash, Interview, Opened, Secret, Stage,
    Verdict, kind,
};
use tianye_sync::{Cancel, Credentials, HubClient, PART_BYTES, StickPlan, read_stick, sync, write_stick};

use crate::act::{Act, Program, Way};
use crate::laptop::{Laptop, Look};
use crate::people::People;
use crate::truth::{Truth, Written, is_history};

/// Most laptops, clones included.
const MOST: usize = 6;
/// Rounds in which everybody must have heard of everything, however the program went.
const ROUNDS: usize = 16;
pub(crate) const FORM: FormHash = FormHash([5; 32]);

/// Lives a program and asks everybody at the end.
///
/// # Errors
/// What somebody says that is not so, in words.
pub fn live(program: &Program) -> Result<(), String> {
    let mut team = Team::new(program);
    for act in &program.acts {
        team.act(act);
        team.agree().map_err(|why| format!("after {act:?}: {why}"))?;
    }
    // What was erased on all laptops that had it is gone, even where the disk with the erasure was put back since.
    let bodies = team.bodies();
    let chunks: BTreeSet<ChunkId> = team.all_chunks().into_iter().flatten().collect();
    team.come_together(program.by_hub)?;
    team.ask_everybody(&bodies, &chunks)?;
    team.ask_the_hub()
}

/// The hub of all programs: each is a project of its own there.
pub(crate) fn hub() -> &'static Running {
    static HUB: OnceLock<(Running, TempDir)> = OnceLock::new();
    let (hub, _) = HUB.get_or_init(|| {
        let folder = scratch();
        let options = Options {
            data: folder.path().to_owned(),
            listen: "127.0.0.1:0".parse().unwrap(),
            address: None,
            now: || 1_700_000_000_000,
            limits: Limits::default(),
        };
        (tianye_hub::start(&options).unwrap(), folder)
    });
    hub
}

/// A folder in memory, where the system has one: how durable a store is, other tests ask.
fn scratch() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

pub(crate) struct Team {
    folder: TempDir,
    pub(crate) people: People,
    pub(crate) laptops: Vec<Laptop>,
    pub(crate) truth: Truth,
    sticks: Vec<(PathBuf, usize)>,
    copies: BTreeMap<usize, PathBuf>,
    pub(crate) records: Vec<RecordId>,
    /// Cards on which it stands what families said.
    pub(crate) cards: Vec<RecordId>,
    made: usize,
}

impl Team {
    fn new(program: &Program) -> Self {
        // Many programs are lived at one hub: each is a project of its own.
        static PROJECTS: AtomicU64 = AtomicU64::new(2017);
        let seed = PROJECTS.fetch_add(1, Ordering::Relaxed);
        let people = People::new(seed, program.leads, program.interviewers);
        let client = HubClient::new(hub().card(), people.project, Credentials::None).unwrap();
        client.register_project(&people.key.public()).unwrap();
        let mut team = Self {
            folder: scratch(),
            people,
            laptops: Vec::new(),
            truth: Truth::default(),
            sticks: Vec::new(),
            copies: BTreeMap::new(),
            records: Vec::new(),
            cards: Vec::new(),
            made: 0,
        };
        let key = *client.hub_key();
        for person in 0..team.people.all.len() {
            let folder = team.new_folder();
            let laptop = Laptop::new(folder, person, &team.people.all[person], team.people.trust(), key);
            if team.people.all[person].leads() {
                let leads = team.people.leads.clone();
                laptop.store().transact(Op::Setting, |tx| tx.add_reading_key(&leads)).unwrap();
            }
            team.laptops.push(laptop);
            team.ready(person);
        }
        team.share(program.shared);
        team
    }

    /// Interviews that everybody has and may read.
    fn share(&mut self, count: u8) {
        let everything = |from: usize| Way::Pieces { from: u8::try_from(from).unwrap(), drops: 0, order: 0 };
        for number in 0..count {
            if let Some(at) = self.pick_interviewer(number) {
                self.begin(at, number, 1);
            }
        }
        for from in 1..self.laptops.len() {
            self.receive(0, everything(from));
        }
        for (record, to) in (0..count).flat_map(|record| (0..8).map(move |to| (record, to))) {
            if usize::from(to) < self.people.all.len() {
                self.hand_over(0, record, to);
            }
        }
        for at in 1..self.laptops.len() {
            self.receive(at, everything(0));
        }
    }

    fn new_folder(&mut self) -> PathBuf {
        self.made += 1;
        let folder = self.folder.path().join(self.made.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub(crate) fn leads(&self, at: usize) -> bool {
        self.people.all[self.laptops[at].person].leads()
    }

    /// Opens a chain where one is needed.
    pub(crate) fn ready(&mut self, at: usize) {
        if !self.laptops[at].has_chain() {
            self.open_chain(at);
        }
    }

    fn open_chain(&mut self, at: usize) {
        let person = self.laptops[at].person;
        let readers = self.people.readers(person);
        let one = &self.people.all[person];
        let chain = self.laptops[at].open_chain(one, &readers);
        let opening = self.laptops[at].store().read(|view| view.opening(chain)).unwrap().unwrap().hash();
        self.truth.team.add(chain, one.id, one.role.clone());
        for (who, other) in self.people.all.iter().enumerate() {
            if who == person || one.leads() || other.leads() {
                self.truth.rights.push((opening, who, chain));
            }
        }
    }

    fn pick(&self, at: u8) -> usize {
        usize::from(at) % self.laptops.len()
    }

    fn pick_lead(&self, at: u8) -> usize {
        let leads: Vec<usize> = (0..self.laptops.len()).filter(|one| self.leads(*one)).collect();
        leads[usize::from(at) % leads.len()]
    }

    pub(crate) fn pick_interviewer(&self, at: u8) -> Option<usize> {
        let others: Vec<usize> = (0..self.laptops.len()).filter(|one| !self.leads(*one)).collect();
        others.get(usize::from(at) % others.len().max(1)).copied()
    }

    /// An interview that somebody can open: not one that they know to be erased.
    pub(crate) fn pick_record(&self, at: usize, record: u8) -> Option<RecordId> {
        let open = |record: &&RecordId| {
            let entries = self.laptops[at].entries_of(**record);
            let team = self.team_of(&self.laptops[at]);
            let erased = survey::erasures(**record, &entries, &team).is_whole();
            !erased && entries.iter().any(|entry| is_history(entry.kind))
        };
        let records: Vec<RecordId> = self.records.iter().filter(open).copied().collect();
        records.get(usize::from(record) % records.len().max(1)).copied()
    }

    pub(crate) fn look(&self, at: usize, record: RecordId) -> Look {
        let (entries, team) = (self.laptops[at].entries_of(record), self.team_of(&self.laptops[at]));
        let state = survey::interview(record, &entries, &team);
        let erased = survey::erasures(record, &entries, &team);
        let open = entries.iter().filter(|entry| is_history(entry.kind)).map(|entry| entry.hash);
        // What stood in an erased body is gone, but it was seen before, and the erasure says where it stood.
        let closed = erased.bodies.iter().copied();
        let written = |hash: &EntryHash| self.truth.written.get(hash).is_some_and(|one| is_history(one.entry.kind));
        Look { state, held: open.chain(closed).filter(written).collect() }
    }

    /// Seals an entry, and remembers what was in hand.
    pub(crate) fn write(&mut self, at: usize, record: RecordId, look: Option<&Look>, content: &Content) -> EntryHash {
        let parents = match content {
            Content::Erasure(_) | Content::CarriedOut(_) => Vec::new(),
            _ => look.map(|look| look.state.heads()).unwrap_or_default(),
        };
        let held = look.map(|look| look.held.clone()).unwrap_or_default();
        self.write_with(at, record, parents, held, content)
    }

    /// The same with parents, and with what was in hand.
    pub(crate) fn write_with(
        &mut self,
        at: usize,
        record: RecordId,
        parents: Vec<EntryHash>,
        held: BTreeSet<EntryHash>,
        content: &Content,
    ) -> EntryHash {
        let lead_only = matches!(content.kind(), kind::DECISION | kind::REVIEW | kind::ERASURE);
        let may = self.leads(at) || !lead_only;
        let author = self.people.all[self.laptops[at].person].id;
        let (kind, content) = (content.kind(), content.encode().unwrap());
        let body = PlainBody { kind, record, parents, author, at: self.laptops[at].tick(), content };
        self.seal(at, &body, held, may)
    }

    /// The same of whatever somebody signs and seals.
    pub(crate) fn seal(&mut self, at: usize, body: &PlainBody, held: BTreeSet<EntryHash>, may: bool) -> EntryHash {
        self.ready(at);
        let store = self.laptops[at].store();
        let hash = store.transact(Op::Seal, |tx| tx.append_own(body)).unwrap();
        let opened = store.read(|view| view.opened(hash)).unwrap().unwrap();
        let entry = Opened::read(hash, opened.chain, opened.seq, &opened.body);
        self.truth.written.insert(hash, Written { entry, held, may });
        hash
    }

    fn act(&mut self, act: &Act) {
        match *act {
            Act::Begin { at, question, answer } => self.begin(self.pick(at), question, answer),
            Act::Open { at, record } => {
                let at = self.pick(at);
                let Some(record) = self.pick_record(at, record) else { return };
                let look = self.look(at, record);
                self.laptops[at].looks.insert(record, look);
            }
            Act::Sit { at, record, question, answer, stage } => self.sit(at, record, question, answer, stage),
            Act::Attach { at, record, question } => self.attach(at, record, question),
            Act::FillIn { at, record, question, answer } => {
                let at = self.pick(at);
                let Some(record) = self.pick_record(at, record) else { return };
                let look = self.look(at, record);
                let change = Change { auto: true, ..Change::new(field(question), word(answer)) };
                let sitting = Interview { changes: vec![change], ..look.state.sitting(FORM) };
                self.write(at, record, Some(&look), &sitting.into());
            }
            Act::AddRow { at, record, answer } => self.add_row(self.pick(at), record, answer),
            Act::InRow { at, record, row, answer } => self.in_row(self.pick(at), record, row, answer),
            Act::RemoveRow { at, record, row } => self.remove_row(self.pick(at), record, row),
            Act::Decide { at, record, side } => self.decide(at, record, side),
            Act::TakeBack { at, record, decision } => self.take_back(at, record, decision),
            Act::Consent { at, card, word } => self.consent(self.pick(at), card, word),
            Act::Revoke { at, who } => self.revoke(self.pick_lead(at), who),
            Act::Review { at, record, approve } => {
                let at = self.pick_lead(at);
                let Some(record) = self.pick_record(at, record) else { return };
                let look = self.look(at, record);
                let verdict = if approve { Verdict::Approved } else { Verdict::SentBack };
                let review = look.state.review(verdict, "看过");
                self.write(at, record, Some(&look), &review.into());
            }
            Act::Insider { at, record, question, deed } => self.insider(at, record, question, deed),
            Act::HandOver { at, record, to } => self.hand_over(self.pick_lead(at), record, to),
            Act::EraseAnswers { at, record, question } => {
                let at = self.pick_lead(at);
                let Some(record) = self.pick_record(at, record) else { return };
                self.erase(at, record, Some(field(question)));
            }
            Act::EraseRecord { at, record } => {
                let at = self.pick_lead(at);
                let Some(record) = self.pick_record(at, record) else { return };
                self.erase(at, record, None);
            }
            Act::CarryOut { at } => self.carry_out(self.pick(at)),
            Act::Receive { at, way } => self.receive(self.pick(at), way),
            Act::Clone { at } => {
                if self.laptops.len() >= MOST {
                    return;
                }
                let (at, folder) = (self.pick(at), self.new_folder());
                self.laptops[at].copy_to(&folder);
                let name = format!("clone of {}", self.laptops[at].name);
                let clone = self.laptops[at].on_copy(folder, name);
                self.laptops.push(clone);
            }
            Act::Copy { at } => {
                let (at, folder) = (self.pick(at), self.new_folder());
                self.laptops[at].copy_to(&folder);
                self.copies.insert(at, folder);
            }
            Act::PutBack { at } => {
                let at = self.pick(at);
                if let Some(folder) = self.copies.get(&at) {
                    self.laptops[at].put_back(folder);
                }
            }
            Act::Snapshot { at } => {
                let at = self.pick(at);
                let now = self.laptops[at].tick().millis;
                self.laptops[at].store().keep_snapshot(now).unwrap();
            }
            Act::Recover { at } => {
                let at = self.pick(at);
                let person = self.laptops[at].person;
                if self.laptops[at].recover(&self.people.all[person]) {
                    self.open_chain(at);
                }
            }
            Act::Clock { at, years } => {
                let at = self.pick(at);
                self.laptops[at].clock.millis = 1_499_000_000_000 + i64::from(years) * 31_557_600_000;
            }
        }
    }

    fn begin(&mut self, at: usize, question: u8, answer: u8) {
        let mut bytes = [0; 16];
        self.people.rng.fill_bytes(&mut bytes);
        let record = RecordId::from_bytes(bytes);
        let changes = vec![Change::new(field(question), word(answer))];
        let sitting = Interview { changes, stage: Some(Stage::Draft), ..Interview::under(FORM) };
        self.write(at, record, None, &sitting.into());
        self.records.push(record);
    }

    fn sit(&mut self, at: u8, record: u8, question: u8, answer: u8, stage: u8) {
        let at = self.pick(at);
        let Some(record) = self.pick_record(at, record) else { return };
        let look = self.laptops[at].looks.remove(&record).unwrap_or_else(|| self.look(at, record));
        // Some programs name what they replace, others leave that to the parents.
        let change = |question: u8, answer: u8| {
            if answer.is_multiple_of(2) {
                look.state.change(field(question), word(answer))
            } else {
                Change::new(field(question), word(answer))
            }
        };
        let changes = vec![change(question % 3, answer), change((question + 1) % 3, answer + 1)];
        let stages =
            [Stage::Draft, Stage::Paused, Stage::Finalised, Stage::Reopened, Stage::Stopped, Stage::StoppedNotKept];
        let stage = stages.get(usize::from(stage)).cloned();
        let sitting = Interview { changes, stage, ..look.state.sitting(FORM) };
        self.write(at, record, Some(&look), &sitting.into());
    }

    fn attach(&mut self, at: u8, record: u8, question: u8) {
        let at = self.pick(at);
        let Some(record) = self.pick_record(at, record) else { return };
        let look = self.look(at, record);
        let key = FileKey::generate(&mut self.people.rng);
        let content = b"a photograph of the yard";
        let chunk = seal_file(&key, content, &mut self.people.rng).unwrap().remove(0);
        self.laptops[at].store().put_chunk(&chunk).unwrap();
        let len = u32::try_from(content.len()).unwrap();
        let part = ChunkRef { id: chunk.id(), key: Secret(*key.to_secret_bytes()), len };
        let name = format!("{}.jpg", chunk.id());
        let (answer, media_type, chunks) = (Answer::of(&name), "image/jpeg".to_owned(), vec![part]);
        let file = Attachment { name, media_type, hash: FORM, len: u64::from(len), chunks };
        let id = chunk.id();
        let change = Change { file: Some(file), ..Change::new(field(question), answer) };
        // Another answer stands in the same entry: an erasure of it leaves the file.
        let changes = vec![change, Change::new(field(question + 1), word(1))];
        let sitting = Interview { changes, ..look.state.sitting(FORM) };
        let entry = self.write(at, record, Some(&look), &sitting.into());
        self.truth.files.push((entry, field(question), id));
    }

    fn decide(&mut self, at: u8, record: u8, side: u8) {
        let at = self.pick_lead(at);
        let Some(record) = self.pick_record(at, record) else { return };
        let look = self.look(at, record);
        let Some(conflict) = look.state.conflicts.get(usize::from(side) % look.state.conflicts.len().max(1)) else {
            return;
        };
        let sides = conflict.writes.iter().map(|write| write.answer.clone());
        // A row that was taken away may be kept.
        let sides: Vec<Answer> = sides.chain(conflict.keep.clone()).collect();
        let chosen = sides.get(usize::from(side) % (sides.len() + 1)).cloned().unwrap_or(Answer::of("第三种"));
        let decision = look.state.decide(conflict, chosen, "问过奶奶");
        self.write(at, record, Some(&look), &decision.into());
    }

    fn take_back(&mut self, at: u8, record: u8, decision: u8) {
        let at = self.pick_lead(at);
        let Some(record) = self.pick_record(at, record) else { return };
        let look = self.look(at, record);
        let decided: Vec<&Field> = look.state.fields.keys().filter(|one| look.state.decided(one).is_some()).collect();
        let Some(field) = decided.get(usize::from(decision) % decided.len().max(1)) else { return };
        let taking = look.state.take_back(field, "看错了").unwrap();
        self.write(at, record, Some(&look), &taking.into());
    }

    pub(crate) fn hand_over(&mut self, at: usize, record: u8, to: u8) {
        let (Some(to), Some(record)) = (self.pick_interviewer(to), self.pick_record(at, record)) else { return };
        self.ready(at);
        let to = self.laptops[to].person;
        let chains: BTreeSet<_> = self.laptops[at].entries_of(record).iter().map(|entry| entry.chain).collect();
        let chains: Vec<_> = chains.into_iter().collect();
        let mut bytes = [0; 16];
        self.people.rng.fill_bytes(&mut bytes);
        let body = PlainBody {
            kind: kind::GRANT,
            record: RecordId::from_bytes(bytes),
            parents: Vec::new(),
            author: self.people.all[self.laptops[at].person].id,
            at: self.laptops[at].tick(),
            content: b"{}".to_vec(),
        };
        let reader = self.people.all[to].reading.recipient();
        let grant = self.laptops[at].store().transact(Op::Seal, |tx| tx.append_grant(&chains, &[reader], &body));
        let grant = grant.unwrap();
        self.truth.rights.extend(chains.into_iter().map(|chain| (grant, to, chain)));
    }

    fn receive(&mut self, at: usize, way: Way) {
        match way {
            Way::Hub { breaks_after } => {
                self.laptops[at].fuse = breaks_after.map(u32::from);
                let done = self.with_hub(at);
                self.laptops[at].fuse = None;
                assert!(done || breaks_after.is_some(), "a hub that is there syncs");
            }
            Way::Stick { from, only_news, cut } => {
                let from = self.pick(from);
                let known = if only_news { self.laptops[at].heads() } else { Frontier::default() };
                let path = self.write_stick(from, at, &known);
                if let Some(part) = cut.filter(|_| path.is_file()) {
                    let whole = std::fs::read(&path).unwrap();
                    let cut = path.with_extension("cut");
                    std::fs::write(&cut, &whole[..whole.len() * usize::from(part) / 256]).unwrap();
                    // The header of the envelope may be cut too: then it is no batch at all.
                    self.read_stick(at, &cut);
                }
                self.read_stick(at, &path);
                self.sticks.push((path, self.laptops[at].person));
            }
            Way::OldStick(which) => {
                let person = self.laptops[at].person;
                let own: Vec<&(PathBuf, usize)> = self.sticks.iter().filter(|(_, to)| *to == person).collect();
                if let Some((path, _)) = own.get(usize::from(which) % own.len().max(1)) {
                    let path = path.clone();
                    self.read_stick(at, &path);
                }
            }
            Way::Pieces { from, drops, order } => {
                let from = self.pick(from);
                let mut pieces: Vec<SealedEntry> = self.laptops[from].news(&self.laptops[at].heads());
                let again: Vec<SealedEntry> = pieces.iter().take(2).cloned().collect();
                pieces.extend(again);
                let writer = |entry: &SealedEntry| {
                    let person = self.truth.team.0[&entry.header.chain].person;
                    self.people.all.iter().position(|one| one.id == person).unwrap()
                };
                let number = |place: usize, entry: &SealedEntry| if order % 2 == 1 { writer(entry) } else { place };
                let mut pieces: Vec<(u8, SealedEntry)> = pieces
                    .into_iter()
                    .enumerate()
                    .filter(|(place, entry)| drops >> (number(*place, entry) % 8) & 1 == 0)
                    .map(|(place, entry)| ((place as u8).wrapping_mul(order | 1).reverse_bits(), entry))
                    .collect();
                pieces.sort_by_key(|(place, _)| *place);
                let pieces: Vec<SealedEntry> = pieces.into_iter().map(|(_, entry)| entry).collect();
                let size = usize::from(order % 5) + 1;
                for part in pieces.chunks(size) {
                    self.laptops[at].receive(part.to_vec());
                }
            }
        }
    }

    pub(crate) fn with_hub(&mut self, at: usize) -> bool {
        let person = &self.people.all[self.laptops[at].person];
        let credentials = Credentials::device(person.signing.clone(), person.certificate.clone());
        let client = HubClient::new(hub().card(), self.people.project, credentials).unwrap();
        if sync(&mut self.laptops[at], &client, &Cancel::default(), &mut |_| ()).is_err() {
            return false;
        }
        if self.leads(at) {
            let (erased, _) = self.laptops[at].store().read(|view| view.erased_since(0, 1000)).unwrap();
            let credentials = Credentials::lead(self.people.key.clone());
            let client = HubClient::new(hub().card(), self.people.project, credentials).unwrap();
            let (chunks, _) = self.laptops[at].store().read(|view| view.erased_chunks_since(0, 1000)).unwrap();
            client.erase(&erased, &chunks).unwrap();
        }
        true
    }

    fn write_stick(&mut self, from: usize, to: usize, known: &Frontier) -> PathBuf {
        let reader = self.people.all[self.laptops[to].person].reading.recipient();
        let (folder, cancel) = (self.folder.path().to_owned(), Cancel::default());
        let (readers, none) = ([reader], BTreeSet::new());
        let plan = StickPlan { known, known_chunks: &none, readers: &readers, part_bytes: PART_BYTES, go_on: None };
        let (laptop, rng) = (&mut self.laptops[from], &mut self.people.rng);
        let written = write_stick(laptop, &folder, &plan, &cancel, &mut |_| (), rng, &mut |_, _| Ok(())).unwrap();
        // Nothing to write is no file: then an empty one stands for it.
        written.into_iter().next().unwrap_or_else(|| folder.join("none.tianye"))
    }

    fn read_stick(&mut self, at: usize, path: &std::path::Path) {
        let key = self.people.all[self.laptops[at].person].reading.clone();
        // A damaged stick is said; what was whole before the damage has entered.
        let _ = read_stick(&mut self.laptops[at], path, &key, &Cancel::default(), &mut |_| ());
    }

    /// Everybody exchanges with everybody until nobody learns anything new.
    fn come_together(&mut self, by_hub: bool) -> Result<(), String> {
        for _ in 0..ROUNDS {
            let (before, chunks) = (self.all_heads(), self.all_chunks());
            for at in 0..self.laptops.len() {
                if by_hub {
                    assert!(self.with_hub(at), "a hub that is there syncs");
                } else {
                    let next = (at + 1) % self.laptops.len();
                    let known = self.laptops[next].heads();
                    let path = self.write_stick(at, next, &known);
                    self.read_stick(next, &path);
                }
                self.carry_out(at);
            }
            let after = self.all_heads();
            if before == after && chunks == self.all_chunks() && after.iter().all(|one| *one == after[0]) {
                return Ok(());
            }
        }
        Err(format!("after {ROUNDS} rounds the heads still differ"))
    }

    fn all_heads(&self) -> Vec<Frontier> {
        self.laptops.iter().map(Laptop::heads).collect()
    }

    fn all_chunks(&self) -> Vec<BTreeSet<ChunkId>> {
        self.laptops.iter().map(|laptop| laptop.store().chunks().unwrap().into_iter().collect()).collect()
    }

    /// The entries whose words are still on some laptop.
    fn bodies(&self) -> BTreeSet<EntryHash> {
        let news = self.laptops.iter().flat_map(|laptop| laptop.news(&Frontier::default()));
        news.filter(|entry| entry.body.is_some()).map(|entry| entry.hash()).collect()
    }
}

/// Two questions, and one in a row that the form makes, which is the same on every laptop.
pub(crate) fn field(question: u8) -> Field {
    match question % 3 {
        2 => Field::new("/children[7e57a11e-0000-4000-8000-000000000001]/q2"),
        question => Field::new(format!("/q{question}")),
    }
}

pub(crate) fn word(answer: u8) -> Answer {
    if answer == 0 { Answer::Blank } else { Answer::of(&format!("话{answer}")) }
}
