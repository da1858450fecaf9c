//! A real hub process on loopback.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Outcome;
use crate::programs::program;

/// A running hub; it is killed when dropped, as a power cut would.
#[derive(Debug)]
pub struct Hub {
    child: Child,
    data: PathBuf,
    port: u16,
    pid: u32,
}

impl Hub {
    /// Starts the hub on a folder, at any free port, and waits until it listens.
    pub fn start(data: &Path) -> Outcome<Self> {
        Self::start_at(data, 0)
    }

    /// Starts the hub on a folder at a port.
    pub fn start_at(data: &Path, port: u16) -> Outcome<Self> {
        std::fs::create_dir_all(data)?;
        let port_file = data.join("port");
        let _ = std::fs::remove_file(&port_file);
        // A test that ends in a panic runs no destructors of statics, so a shell watches its standard input: when this
        // program is gone for whatever reason, so is the hub.
        let watch = "\"$@\" >/dev/null & hub=$!; echo $hub; read -r line; kill -9 $hub; wait $hub 2>/dev/null";
        let mut child = Command::new("sh")
            .args(["-c", watch, "sh"])
            .arg(program("tianye-hub")?)
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", &format!("127.0.0.1:{port}"), "--port-file"])
            .arg(&port_file)
            .env("TIANYE_HUB_LOG", "error")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut pid = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut pid)?;
        }
        let pid: u32 = pid.trim().parse()?;
        let mut hub = Self { child, data: data.to_owned(), port, pid };
        // The hub writes its port once it listens; until then only its end is worth noticing.
        loop {
            if let Some(port) = std::fs::read_to_string(&port_file).ok().and_then(|text| text.trim().parse().ok()) {
                hub.port = port;
                return Ok(hub);
            }
            let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            if state.is_empty() || state.contains(") Z ") {
                return Err("the hub ended at once; its own words stand above".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends the hub as a power cut would.
    pub fn stop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }

    /// The port it listens at.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The hub card that a lead needs.
    pub fn card(&self) -> PathBuf {
        self.data.join("hub-card.json")
    }

    /// Its folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.stop();
    }
}
