//! A real hub process on loopback.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Outcome;
use crate::programs::program;

/// A running hub; it is killed when dropped, as a power cut would.
#[derive(Debug)]
pub struct Hub {
    child: Child,
    data: PathBuf,
    port: u16,
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
        let mut child = Command::new(program("tianye-hub")?)
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", &format!("127.0.0.1:{port}"), "--port-file"])
            .arg(&port_file)
            .env("TIANYE_HUB_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        // The hub writes its port once it listens; until then only its end is worth noticing.
        let port = loop {
            if let Some(port) = std::fs::read_to_string(&port_file).ok().and_then(|text| text.trim().parse().ok()) {
                break port;
            }
            if let Some(status) = child.try_wait()? {
                return Err(format!("the hub ended at once: {status}").into());
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        };
        Ok(Self { child, data: data.to_owned(), port })
    }

    /// Ends the hub as a power cut would.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
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
        self.child.id()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.stop();
    }
}
