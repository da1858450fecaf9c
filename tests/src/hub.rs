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
}

impl Hub {
    /// Starts the hub on a folder and waits until it listens.
    pub fn start(data: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(data)?;
        let port_file = data.join("port");
        let _ = std::fs::remove_file(&port_file);
        let mut child = Command::new(program("tianye-hub")?)
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", "127.0.0.1:0", "--port-file"])
            .arg(&port_file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        while !port_file.exists() {
            if let Some(status) = child.try_wait()? {
                return Err(format!("the hub ended at once: {status}").into());
            }
            std::thread::yield_now();
        }
        Ok(Self { child, data: data.to_owned() })
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
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
