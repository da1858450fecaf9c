//! Three interviewers' laptops and the lead's, each a program of its own, and a network between them and the hub that
//! breaks in the middle of requests and of answers.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed step fails the test; cargo xtask network reads figures"
)]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
/// Tries after which a laptop must have come through, however the network was.
const TRIES: usize = 600;

/// A relay before the hub. While it is bad each connection is cut after some bytes, now on the way there (the hub gets half
/// a request), now on the way back (what was asked is done, and the laptop does not hear of it and asks again); what passes
/// passes in small pieces. Or the whole link drops by the clock, whatever is on its way.
struct Network {
    address: SocketAddr,
    hub: Arc<Mutex<Option<SocketAddr>>>,
    bad: Arc<AtomicBool>,
    cuts: Arc<AtomicU64>,
    /// How many bytes a connection lives for at most.
    reach: Arc<AtomicU64>,
    /// Bytes that went to the hub.
    up: Arc<AtomicU64>,
    /// Bytes that pass in a second, each way; 0: as many as there are.
    pace: Arc<AtomicU64>,
    /// Connections that are open now, both ends of each.
    open: Arc<Mutex<Vec<[TcpStream; 2]>>>,
}

impl Network {
    /// Starts a hub that is reached by this network only.
    fn start(&self, data: &Path) -> tianye_hub::Running {
        let hub = tianye_hub::start(&tianye_hub::Options {
            data: data.to_owned(),
            listen: "127.0.0.1:0".parse().unwrap(),
            address: Some(format!("https://{}", self.address)),
            now: || 1_700_000_000_000,
            limits: tianye_hub::Limits { failures: 10_000, ..tianye_hub::Limits::default() },
        })
        .unwrap();
        *self.hub.lock().unwrap() = Some(hub.address());
        hub
    }

    fn new(seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (hub, bad, cuts) = (Arc::default(), Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (reach, up) = (Arc::new(AtomicU64::new(60_000)), Arc::new(AtomicU64::new(0)));
        let network = Self { address, hub, bad, cuts, reach, up, pace: Arc::default(), open: Arc::default() };
        let (hub, bad, cuts) = (network.hub.clone(), network.bad.clone(), network.cuts.clone());
        let (reach, sent) = (network.reach.clone(), network.up.clone());
        let (pace, open) = (network.pace.clone(), network.open.clone());
        std::thread::spawn(move || {
            let mut dice = seed;
            for laptop in listener.incoming() {
                let Ok(laptop) = laptop else { return };
                let Some(hub) = *hub.lock().unwrap() else { continue };
                let Ok(far) = TcpStream::connect(hub) else { continue };
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let bytes = 1_000 + (dice >> 40) % reach.load(Ordering::SeqCst);
                let bytes = usize::try_from(bytes).unwrap();
                // A long link lets nothing pass for ever; on a short one some connections live, or nobody would come through.
                let is_long = reach.load(Ordering::SeqCst) > 1_000_000;
                let (up, down) = match (bad.load(Ordering::SeqCst), dice >> 33 & 3) {
                    (false, _) => (usize::MAX, usize::MAX),
                    (true, 0) if !is_long => (usize::MAX, usize::MAX),
                    (true, 0 | 1) => (bytes, usize::MAX),
                    (true, _) => (if is_long { bytes } else { usize::MAX }, bytes),
                };
                let ends = || [laptop.try_clone().unwrap(), far.try_clone().unwrap()];
                let ([from, to], [back, source]) = (ends(), ends());
                open.lock().unwrap().push(ends());
                relay(from, to, up, cuts.clone(), sent.clone(), pace.clone());
                relay(source, back, down, cuts.clone(), Arc::default(), pace.clone());
            }
        });
        network
    }

    /// From now on the link drops by the clock: everything that is open then is cut. So many bytes pass in a second.
    fn drop_every(&self, spell: Duration, pace: u64) {
        self.pace.store(pace, Ordering::SeqCst);
        let (open, cuts) = (self.open.clone(), self.cuts.clone());
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(spell);
                let ends: Vec<[TcpStream; 2]> = open.lock().unwrap().drain(..).collect();
                // Of one that has ended by itself nothing is left to cut.
                let live = ends.iter().filter(|[laptop, _]| laptop.peer_addr().is_ok()).count();
                ends.iter().flatten().for_each(|end| drop(end.shutdown(Shutdown::Both)));
                cuts.fetch_add(u64::from(live > 0), Ordering::SeqCst);
            }
        });
    }
}

fn relay(
    mut from: TcpStream,
    mut to: TcpStream,
    mut left: usize,
    cuts: Arc<AtomicU64>,
    count: Arc<AtomicU64>,
    pace: Arc<AtomicU64>,
) {
    std::thread::spawn(move || {
        let mut piece = [0; 1_460];
        let mut free = Instant::now();
        while let Ok(length @ 1..) = from.read(&mut piece) {
            let passed = length.min(left);
            if let Some(nanos) = (passed as u64 * 1_000_000_000).checked_div(pace.load(Ordering::SeqCst)) {
                free = free.max(Instant::now()) + Duration::from_nanos(nanos);
                std::thread::sleep(free.saturating_duration_since(Instant::now()));
            }
            if to.write_all(&piece[..passed]).is_err() {
                break;
            }
            count.fetch_add(passed as u64, Ordering::SeqCst);
            left -= passed;
            if left == 0 {
                cuts.fetch_add(1, Ordering::SeqCst);
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}

fn tianye(data: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tianye"))
        .args(args)
        .env("TIANYE_DATA", data)
        .env("TIANYE_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap()
}

#[track_caller]
fn good(data: &Path, args: &[&str]) -> String {
    let output = tianye(data, args);
    assert!(output.status.success(), "tianye {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(data: &Path, args: &[&str]) -> Value {
    let with: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&good(data, &with)).unwrap()
}

/// Syncs until the laptop comes through, as somebody does who presses the button again.
fn sync(data: &Path) -> Value {
    for _ in 0..TRIES {
        let output = tianye(data, &["sync", "--json"]);
        if output.status.success() {
            return serde_json::from_slice(&output.stdout).unwrap();
        }
    }
    panic!("{} did not come through in {TRIES} tries", data.display());
}

/// A lead and interviewers, joined while the network is good.
fn team(folder: &Path, hub: &tianye_hub::Running, names: &[&str]) -> (PathBuf, Vec<PathBuf>) {
    let card = folder.join("hub-card.json");
    std::fs::write(&card, hub.card().to_json()).unwrap();
    let lead = folder.join("组长");
    good(&lead, &["practice", "--lead-only", "--hub-card", card.to_str().unwrap()]);
    good(&lead, &["sync"]);
    let interviewers = names.iter().map(|name| join(folder, &lead, name)).collect();
    (lead, interviewers)
}

fn join(folder: &Path, lead: &Path, name: &str) -> PathBuf {
    let (data, file) = (folder.join(name), folder.join(format!("{name}.txt")));
    let file = file.to_str().unwrap();
    good(lead, &["invite", name, "-o", file]);
    let waiting = json(&data, &["join", file, "--device", name]);
    good(lead, &["admit", waiting["compareCode"].as_str().unwrap()]);
    good(&data, &["sync"]);
    data
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &to.join(item.file_name()));
        } else {
            std::fs::copy(item.path(), to.join(item.file_name())).unwrap();
        }
    }
}

/// How far each chain goes on a laptop, restricted ones among them.
fn heads(data: &Path) -> BTreeMap<String, u64> {
    let found = tianye_store::list(data).unwrap().remove(0);
    let passphrase = tianye_store::Passphrase::new(PASSPHRASE);
    let store = tianye_store::Store::unlock(&found.dir, tianye_store::Unlock::Passphrase(&passphrase), 0).unwrap();
    let frontier = store.read(|view| view.frontier()).unwrap();
    frontier.iter().map(|(chain, head)| (chain.to_string(), head.seq.get())).collect()
}

/// Whoever came to the hub later has all that the other one had. Each contact writes a packet more, so they are never equal.
#[track_caller]
fn has_all(later: &Path, earlier: &Path) {
    let (later, earlier) = (heads(later), heads(earlier));
    let lacks = earlier.iter().filter(|(chain, seq)| later.get(*chain).is_none_or(|here| here < *seq));
    assert_eq!(lacks.collect::<Vec<_>>(), Vec::new());
}

#[test]
fn three_laptops_and_a_lead_come_together_over_a_network_that_breaks() {
    let folder = TempDir::new().unwrap();
    let network = Network::new(2017);
    let hub = network.start(&folder.path().join("hub"));
    let (lead, interviewers) = team(folder.path(), &hub, &["陈禾", "周宁", "王小明"]);
    // A backup of the hub from before the evening.
    hub.stop().unwrap();
    copy(&folder.path().join("hub"), &folder.path().join("backup"));
    let hub = network.start(&folder.path().join("hub"));
    network.bad.store(true, Ordering::SeqCst);
    for (seed, data) in interviewers.iter().enumerate() {
        good(data, &["simulate", "pupil", "-n", "5", "--seed", &seed.to_string()]);
    }
    // Up from all, down to all; the lead's answers go down too.
    for data in interviewers.iter().chain([&lead]).chain(&interviewers) {
        sync(data);
    }
    assert!(network.cuts.load(Ordering::SeqCst) > 0, "the network was bad indeed");
    let last = sync(&lead);
    for data in &interviewers {
        let report = sync(data);
        assert_eq!(report["view"]["outbox"]["entries"], 0, "everything has its receipt");
        has_all(data, &lead);
    }
    assert_eq!(json(&lead, &["list"]).as_array().unwrap().len(), 15);
    assert!(last["view"]["setAside"].as_array().unwrap().is_empty());

    // The hub is put back to its old backup: the laptops give it again what it has forgotten, and a new one finds all.
    hub.stop().unwrap();
    network.bad.store(false, Ordering::SeqCst);
    let hub = network.start(&folder.path().join("backup"));
    assert_eq!((&last["forgotten"], last["hubLog"].as_str()), (&0.into(), Some("goes-on")));
    // The first to come says it. Once everybody has come it is whole again, and nothing more is said.
    let first = sync(&interviewers[0]);
    assert!(first["forgotten"].as_u64().unwrap() >= 10);
    assert_eq!(first["hubLog"], "rewound", "its log is shorter than at the last contact");
    let said = good(&interviewers[0], &["state", "--lang", "en"]);
    assert!(
        said.contains("was put back to an old copy (20") && said.contains("let every laptop sync once more"),
        "{said}"
    );
    for data in interviewers[1..].iter().chain([&lead]) {
        assert_ne!(sync(data)["hubLog"], "goes-on", "nobody's last contact is in it");
    }
    let last = sync(&interviewers[0]);
    assert_eq!((&last["forgotten"], last["hubLog"].as_str()), (&0.into(), Some("goes-on")));
    let new = join(folder.path(), &lead, "林秋");
    sync(&lead);
    sync(&new);
    has_all(&new, &lead);
    hub.stop().unwrap();
}

/// A number from the environment, or the usual one.
fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Bytes of the recording: a long interview has two hundred megabytes.
fn recording() -> usize {
    number("TIANYE_RECORDING", 12_000_000).try_into().unwrap()
}

#[test]
fn a_long_recording_arrives_once_and_whole_over_a_link_that_is_cut_again_and_again() {
    let presses = arrives(recording(), |network| {
        network.reach.store(3_000_000, Ordering::SeqCst);
        network.bad.store(true, Ordering::SeqCst);
    });
    // A link that breaks and lets something through is tried again, without anybody.
    assert!(presses <= 3, "{presses}");
}

#[test]
fn a_long_recording_arrives_once_and_whole_over_a_link_that_drops_every_few_seconds() {
    let spell = Duration::from_millis(number("TIANYE_LINK_SPELL_MS", 1_500));
    let pace = number("TIANYE_LINK_BYTES_PER_SECOND", 4_000_000);
    let presses = arrives(recording(), |network| network.drop_every(spell, pace));
    println!("network: presses of the button until it was up: {presses}");
}

/// Lets a recording come into an interview on one laptop, and over a link that becomes bad to the hub and to the lead's. Gives
/// how often the interviewer had to sync.
#[track_caller]
fn arrives(length: usize, worsen: impl FnOnce(&Network)) -> usize {
    let folder = TempDir::new().unwrap();
    let network = Network::new(5);
    let hub = network.start(&folder.path().join("hub"));
    let (lead, interviewers) = team(folder.path(), &hub, &["陈禾"]);
    let chen = &interviewers[0];
    let bytes = record(folder.path(), length, &lead, chen);

    worsen(&network);
    let count = || (network.up.load(Ordering::SeqCst), network.cuts.load(Ordering::SeqCst));
    let (before, began) = (count(), Instant::now());
    let presses = (1..=TRIES).find(|_| tianye(chen, &["sync"]).status.success()).expect("it comes through");
    let (up, cuts) = (count().0 - before.0, count().1 - before.1);
    println!(
        "network: a recording of {length} bytes is on the hub after {:.0} s and {cuts} cuts; {up} bytes went up",
        began.elapsed().as_secs_f64()
    );
    assert!(cuts > 0, "the link was cut");
    // Each cut costs at most the chunk that was under way and a handshake.
    let most = length as u64 + length as u64 / 10 + (cuts + 2) * 1_200_000;
    assert!(up <= most, "{up} bytes went up for {length} over {cuts} cuts");
    let (before, began) = (count(), Instant::now());
    sync(&lead);
    println!(
        "network: the lead has it after {:.0} s more and {} cuts",
        began.elapsed().as_secs_f64(),
        count().1 - before.1
    );
    let out = folder.path().join("out");
    good(&lead, &["export", "rec", "--instances", out.to_str().unwrap(), "--reason", "to listen"]);
    let mut found = Vec::new();
    find(&out, &mut found);
    let files: Vec<&PathBuf> =
        found.iter().filter(|path| !path.extension().is_some_and(|end| end == "xml" || end == "json")).collect();
    assert_eq!(files.len(), 1, "{found:?}");
    assert!(std::fs::read(files[0]).unwrap() == bytes, "the recording is whole");
    println!("network: what the lead exports is one file, and each of its {} bytes is as it was recorded", bytes.len());
    hub.stop().unwrap();
    presses
}

/// Takes a recording of random bytes into an interview.
fn record(folder: &Path, length: usize, lead: &Path, chen: &Path) -> Vec<u8> {
    let form = folder.join("rec.md");
    let text = "| survey | | | |\n| | type | name | label |\n| | text | say | A1 |\n| | file | record | A2 |\n\
                | settings | | | |\n| | form_title | form_id | version |\n| | rec | rec | 1 |\n";
    std::fs::write(&form, text).unwrap();
    good(lead, &["add-form", form.to_str().unwrap()]);
    good(lead, &["sync"]);
    good(chen, &["sync"]);
    let submission = folder.join("in").join("uuid1");
    std::fs::create_dir_all(&submission).unwrap();
    let xml = "<data id=\"rec\" version=\"1\"><say>x</say><record>r.bin</record>\
               <meta><instanceID>uuid:0c5ea1a2-7b5f-4c8e-9a40-111111111111</instanceID></meta></data>";
    std::fs::write(submission.join("submission.xml"), xml).unwrap();
    let mut dice = 7_u64;
    let bytes: Vec<u8> = (0..length)
        .map(|_| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 56) as u8
        })
        .collect();
    std::fs::write(submission.join("r.bin"), &bytes).unwrap();
    good(chen, &["import", "rec", folder.join("in").to_str().unwrap(), "--yes"]);
    bytes
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() { find(&path, found) } else { found.push(path) }
    }
}
