//! A hub, a lead's laptop and three interviewers', each a process of its own, and a network between them that cuts
//! connections, loses answers after the work is done, delays, and keeps lines open on which nobody ever answers.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::Outcome;
use crate::hub::Hub;
use crate::programs::program;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
/// How long a laptop waits for an answer, in milliseconds. A line on which nobody answers costs so much.
const PATIENCE: &str = "2500";
/// Tries after which a laptop must have come through, however the network was.
const TRIES: usize = 200;
/// The form that holds a recording.
pub(crate) const FORM: &str = "
| survey | | | |
| | type | name | label |
| | text | say | A1 |
| | file | record | A2 |
| settings | | | |
| | form_title | form_id | version |
| | rec | rec | 1 |
";

/// What becomes of a connection while the network is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Nothing happens to it.
    Lives,
    /// It is cut after so many bytes to the hub, which gets half a request.
    CutUp(usize),
    /// It is cut after so many bytes from the hub: what was asked is done, and asked again.
    CutDown(usize),
    /// It is accepted, and nobody ever answers.
    Silent,
    /// After so many bytes from the hub nothing comes any more, and the line stays open.
    FallsSilent(usize),
    /// Each piece is late.
    Slow,
}

impl Fate {
    /// The fate of a connection: of the first ones each once, then by dice.
    fn throw(number: usize, dice: &mut u64) -> Self {
        *dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bytes = usize::try_from(1_500 + (*dice >> 46)).unwrap_or(1_500);
        let first = [Self::Silent, Self::CutDown(bytes), Self::FallsSilent(bytes), Self::CutUp(bytes), Self::Slow];
        if let Some(fate) = first.get(number) {
            return *fate;
        }
        match *dice >> 33 & 15 {
            0..=3 => Self::Lives,
            4..=6 => Self::CutUp(bytes),
            7..=10 => Self::CutDown(bytes),
            11..=12 => Self::Silent,
            13..=14 => Self::FallsSilent(bytes),
            _ => Self::Slow,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Lives => "lives",
            Self::CutUp(_) => "cut on the way there",
            Self::CutDown(_) => "cut on the way back",
            Self::Silent => "never answered",
            Self::FallsSilent(_) => "fell silent",
            Self::Slow => "slow",
        }
    }
}

/// The network.
struct Network {
    address: SocketAddr,
    bad: Arc<AtomicBool>,
    /// The fates that were met, by name.
    met: Arc<Mutex<BTreeMap<&'static str, usize>>>,
    /// Bytes that went to the hub.
    up: Arc<AtomicU64>,
}

impl Network {
    fn before(port: u16, seed: u64) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let network =
            Self { address: listener.local_addr()?, bad: Arc::default(), met: Arc::default(), up: Arc::default() };
        let (bad, met, up) = (network.bad.clone(), network.met.clone(), network.up.clone());
        std::thread::spawn(move || {
            let (mut dice, mut number) = (seed, 0);
            // Lines on which nobody answers stay open as long as this program lives.
            let mut open = Vec::new();
            for laptop in listener.incoming() {
                let Ok(laptop) = laptop else { return };
                let fate = if bad.load(Ordering::SeqCst) { Fate::throw(number, &mut dice) } else { Fate::Lives };
                if bad.load(Ordering::SeqCst) {
                    number += 1;
                    *met.lock().unwrap_or_else(PoisonError::into_inner).entry(fate.name()).or_insert(0) += 1;
                }
                if fate == Fate::Silent {
                    open.push(laptop);
                    continue;
                }
                let Ok(hub) = TcpStream::connect(("127.0.0.1", port)) else { continue };
                let ends = (laptop.try_clone(), hub.try_clone());
                let (Ok(laptop_end), Ok(hub_end)) = ends else { continue };
                relay(laptop_end, hub_end, if let Fate::CutUp(_) = fate { fate } else { Fate::Lives }, up.clone());
                relay(hub, laptop, if let Fate::CutUp(_) = fate { Fate::Lives } else { fate }, Arc::default());
            }
        });
        Ok(network)
    }
}

/// Passes bytes on in small pieces, as the fate of the connection is.
fn relay(mut from: TcpStream, mut to: TcpStream, fate: Fate, count: Arc<AtomicU64>) {
    std::thread::spawn(move || {
        let mut left = match fate {
            Fate::CutUp(bytes) | Fate::CutDown(bytes) | Fate::FallsSilent(bytes) => bytes,
            _ => usize::MAX,
        };
        let mut piece = [0; 1_460];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            if fate == Fate::Slow {
                // The fault itself, and nothing that is waited for.
                std::thread::sleep(Duration::from_millis(2));
            }
            let passed = length.min(left);
            if to.write_all(&piece[..passed]).is_err() {
                break;
            }
            count.fetch_add(passed as u64, Ordering::SeqCst);
            left -= passed;
            if left == 0 && matches!(fate, Fate::FallsSilent(_)) {
                // What else comes is swallowed, and the line stays as it is.
                while let Ok(1..) = from.read(&mut piece) {}
                return;
            }
            if left == 0 {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}

/// What there is to be looked at in the end.
#[derive(Debug)]
pub struct Met {
    /// What the interviewers lack of what the lead has: chains, and how far they go.
    pub lacking: Vec<String>,
    /// Entries that wait for a receipt, of each laptop.
    pub waiting: Vec<u64>,
    /// Interviews on the lead's laptop.
    pub interviews: usize,
    /// Whether the recording is there once, and the same.
    pub recording: bool,
    /// Bytes that went up in all, and those of the recording.
    pub bytes: (u64, u64),
    /// What happened to connections.
    pub fates: Vec<String>,
}

/// Lives it, with a recording of so many bytes.
///
/// # Errors
/// A program that says no for another reason than the network.
pub fn meet(root: &Path, recording: usize) -> Outcome<Met> {
    let hub = Hub::start(&root.join("hub"))?;
    let network = Network::before(hub.port(), 2017)?;
    let mut card: Value = serde_json::from_slice(&std::fs::read(hub.card())?)?;
    card["address"] = format!("https://{}", network.address).into();
    let card_file = root.join("card.json");
    std::fs::write(&card_file, card.to_string())?;
    let lead = root.join("组长");
    good(&lead, &["practice", "--lead-only", "--hub-card", text(&card_file)?])?;
    let form = root.join("rec.md");
    std::fs::write(&form, FORM)?;
    good(&lead, &["add-form", text(&form)?])?;
    good(&lead, &["sync"])?;
    let mut interviewers = Vec::new();
    for name in ["陈禾", "周宁", "王小明"] {
        let (data, file) = (root.join(name), root.join(format!("{name}.txt")));
        good(&lead, &["invite", name, "-o", text(&file)?])?;
        let waiting: Value = serde_json::from_str(&good(&data, &["join", text(&file)?, "--device", name, "--json"])?)?;
        good(&lead, &["admit", waiting["compareCode"].as_str().ok_or("a join without a code")?])?;
        good(&data, &["sync"])?;
        interviewers.push(data);
    }
    for (seed, data) in interviewers.iter().enumerate() {
        good(data, &["simulate", "pupil", "-n", "3", "--seed", &seed.to_string()])?;
    }
    let bytes = recorded(&root.join("in"), recording)?;
    good(&interviewers[0], &["import", "rec", text(&root.join("in"))?, "--yes"])?;

    network.bad.store(true, Ordering::SeqCst);
    let before = network.up.load(Ordering::SeqCst);
    // All at once, as in the evening; then the lead, then everybody once more.
    together(&interviewers)?;
    let up = network.up.load(Ordering::SeqCst) - before;
    let met = sync(&lead)?;
    let mut reports = vec![met];
    reports.extend(together(&interviewers)?);
    let mut lacking = Vec::new();
    let whole = heads(&lead)?;
    for data in &interviewers {
        let here = heads(data)?;
        let lacks = whole.iter().filter(|(chain, seq)| here.get(*chain).is_none_or(|has| has < *seq));
        lacking.extend(lacks.map(|(chain, seq)| format!("{}: {chain} to {seq}", data.display())));
    }

    let out = root.join("out");
    good(&lead, &["export", "rec", "--instances", text(&out)?, "--reason", "to listen"])?;
    let mut found = Vec::new();
    files_in(&out, &mut found)?;
    found.retain(|path| path.extension().is_none_or(|end| end != "xml" && end != "json"));
    let recording = found.len() == 1 && std::fs::read(&found[0])? == bytes;
    let listed: Value = serde_json::from_str(&good(&lead, &["list", "--json"])?)?;
    let fates = network.met.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Met {
        lacking,
        waiting: reports.iter().map(|one| one["view"]["outbox"]["entries"].as_u64().unwrap_or(u64::MAX)).collect(),
        interviews: listed.as_array().map_or(0, Vec::len),
        recording,
        bytes: (up, bytes.len() as u64),
        fates: fates.iter().map(|(name, count)| format!("{name}: {count}")).collect(),
    })
}

/// Everybody syncs at the same time.
fn together(laptops: &[PathBuf]) -> Outcome<Vec<Value>> {
    std::thread::scope(|scope| {
        let all: Vec<_> =
            laptops.iter().map(|data| scope.spawn(|| sync(data).map_err(|why| why.to_string()))).collect();
        let done = all.into_iter().map(|one| one.join().unwrap_or_else(|_| Err("a laptop gave up".into())));
        done.collect::<Result<Vec<Value>, String>>().map_err(Into::into)
    })
}

/// Syncs until the laptop comes through, as somebody does who presses the button again.
fn sync(data: &Path) -> Outcome<Value> {
    let mut last = String::new();
    for _ in 0..TRIES {
        let output = tianye(data, &["sync", "--json"])?;
        if output.status.success() {
            return Ok(serde_json::from_slice(&output.stdout)?);
        }
        last = String::from_utf8_lossy(&output.stderr).into_owned();
    }
    Err(format!("{} did not come through in {TRIES} tries: {last}", data.display()).into())
}

fn tianye(data: &Path, args: &[&str]) -> Outcome<Output> {
    let mut command = Command::new(program("tianye")?);
    command.args(args).env("TIANYE_DATA", data).env("TIANYE_PASSPHRASE", PASSPHRASE).env("TIANYE_PATIENCE", PATIENCE);
    Ok(command.output()?)
}

fn good(data: &Path, args: &[&str]) -> Outcome<String> {
    let output = tianye(data, args)?;
    if !output.status.success() {
        return Err(format!("tianye {args:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A submission with a recording of so many bytes that nothing can make smaller.
pub(crate) fn recorded(folder: &Path, length: usize) -> Outcome<Vec<u8>> {
    let submission = folder.join("uuid1");
    std::fs::create_dir_all(&submission)?;
    let xml = "<data id=\"rec\" version=\"1\"><say>x</say><record>r.bin</record>\
               <meta><instanceID>uuid:0c5ea1a2-7b5f-4c8e-9a40-111111111111</instanceID></meta></data>";
    std::fs::write(submission.join("submission.xml"), xml)?;
    let mut dice = 7_u64;
    let byte = |_| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 56) as u8
    };
    let bytes: Vec<u8> = (0..length).map(byte).collect();
    std::fs::write(submission.join("r.bin"), &bytes)?;
    Ok(bytes)
}

/// How far each chain goes on a laptop, restricted ones among them.
fn heads(data: &Path) -> Outcome<BTreeMap<String, u64>> {
    let found = tianye_store::list(data)?.into_iter().next().ok_or("a laptop without a store")?;
    let passphrase = tianye_store::Passphrase::new(PASSPHRASE);
    let store = tianye_store::Store::unlock(&found.dir, tianye_store::Unlock::Passphrase(&passphrase), 0)?;
    let frontier = store.read(|view| view.frontier())?;
    Ok(frontier.iter().map(|(chain, head)| (chain.to_string(), head.seq.get())).collect())
}

fn files_in(folder: &Path, found: &mut Vec<PathBuf>) -> Outcome {
    for item in std::fs::read_dir(folder)? {
        let path = item?.path();
        if path.is_dir() { files_in(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

fn text(path: &Path) -> Outcome<&str> {
    path.to_str().ok_or_else(|| "a path without UTF-8".into())
}
