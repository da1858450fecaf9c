//! Three interviewers' laptops and the lead's, each a program of its own, and a network between them and the hub that
//! breaks in the middle of requests and of answers.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::Value;
use tempfile::TempDir;

const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";
/// Tries after which a laptop must have come through, however the network was.
const TRIES: usize = 600;

/// A relay before the hub. While it is bad each connection is cut after some bytes, now on the way there (the hub gets half
/// a request), now on the way back (what was asked is done, and the laptop does not hear of it and asks again); what passes
/// passes in small pieces.
struct Network {
    address: SocketAddr,
    hub: Arc<std::sync::Mutex<Option<SocketAddr>>>,
    bad: Arc<AtomicBool>,
    cuts: Arc<AtomicU64>,
    /// How many bytes a connection lives for at most.
    reach: Arc<AtomicU64>,
    /// Bytes that went to the hub.
    up: Arc<AtomicU64>,
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
        let network = Self { address, hub, bad, cuts, reach, up };
        let (hub, bad, cuts) = (network.hub.clone(), network.bad.clone(), network.cuts.clone());
        let (reach, sent) = (network.reach.clone(), network.up.clone());
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
                relay(laptop.try_clone().unwrap(), far.try_clone().unwrap(), up, cuts.clone(), sent.clone());
                relay(far, laptop, down, cuts.clone(), Arc::default());
            }
        });
        network
    }
}

fn relay(mut from: TcpStream, mut to: TcpStream, mut left: usize, cuts: Arc<AtomicU64>, count: Arc<AtomicU64>) {
    std::thread::spawn(move || {
        let mut piece = [0; 1_460];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            let passed = length.min(left);
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

/// A lead and three interviewers, joined while the network is good.
fn team(folder: &Path, hub: &tianye_hub::Running) -> (PathBuf, Vec<PathBuf>) {
    let card = folder.join("hub-card.json");
    std::fs::write(&card, hub.card().to_json()).unwrap();
    let lead = folder.join("组长");
    good(&lead, &["practice", "--lead-only", "--hub-card", card.to_str().unwrap()]);
    good(&lead, &["sync"]);
    let interviewers = ["陈禾", "周宁", "王小明"].map(|name| join(folder, &lead, name)).to_vec();
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
    let (lead, interviewers) = team(folder.path(), &hub);
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

#[test]
fn a_long_recording_arrives_once_and_whole_over_a_link_that_is_cut_again_and_again() {
    let length: usize = std::env::var("TIANYE_RECORDING").ok().and_then(|text| text.parse().ok()).unwrap_or(12_000_000);
    let folder = TempDir::new().unwrap();
    let network = Network::new(5);
    let hub = network.start(&folder.path().join("hub"));
    let (lead, interviewers) = team(folder.path(), &hub);
    let chen = &interviewers[0];
    let form = folder.path().join("rec.md");
    let text = "| survey | | | |\n| | type | name | label |\n| | text | say | A1 |\n| | file | record | A2 |\n\
                | settings | | | |\n| | form_title | form_id | version |\n| | rec | rec | 1 |\n";
    std::fs::write(&form, text).unwrap();
    good(&lead, &["add-form", form.to_str().unwrap()]);
    good(&lead, &["sync"]);
    good(chen, &["sync"]);
    let submission = folder.path().join("in").join("uuid1");
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
    good(chen, &["import", "rec", folder.path().join("in").to_str().unwrap(), "--yes"]);

    network.reach.store(3_000_000, Ordering::SeqCst);
    network.bad.store(true, Ordering::SeqCst);
    let before = (network.up.load(Ordering::SeqCst), network.cuts.load(Ordering::SeqCst));
    // A link that breaks and lets something through is tried again, without anybody.
    let presses = (1..=TRIES).find(|_| tianye(chen, &["sync"]).status.success());
    assert!(presses.is_some_and(|presses| presses <= 3), "{presses:?}");
    let (up, cuts) = (network.up.load(Ordering::SeqCst) - before.0, network.cuts.load(Ordering::SeqCst) - before.1);
    assert!(cuts > 0, "the link was cut");
    // Each cut costs at most the chunk that was under way and a handshake.
    let most = length as u64 + length as u64 / 10 + (cuts + 2) * 1_200_000;
    assert!(up <= most, "{up} bytes went up for {length} over {cuts} cuts");
    sync(&lead);
    let out = folder.path().join("out");
    good(&lead, &["export", "rec", "--instances", out.to_str().unwrap(), "--reason", "to listen"]);
    let mut found = Vec::new();
    find(&out, &mut found);
    let files: Vec<&PathBuf> =
        found.iter().filter(|path| !path.extension().is_some_and(|end| end == "xml" || end == "json")).collect();
    assert_eq!(files.len(), 1, "{found:?}");
    assert!(std::fs::read(files[0]).unwrap() == bytes, "the recording is whole");
    hub.stop().unwrap();
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() { find(&path, found) } else { found.push(path) }
    }
}
