//! A reference engine in a process of its own, spoken to by JSON lines.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A running driver.
#[derive(Debug)]
pub struct Peer {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts a driver; what it says of itself goes to a file.
    ///
    /// # Errors
    /// In words, when it cannot be started.
    pub fn start(command: &mut Command, log: &std::path::Path) -> Result<Self, String> {
        let log = std::fs::File::create(log).map_err(|why| format!("cannot write {}: {why}", log.display()))?;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|why| format!("cannot start {}: {why}", command.get_program().display()))?;
        let to = child.stdin.take().ok_or("no standard input")?;
        let from = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        Ok(Self { child, to, from })
    }

    /// Sends a request and reads the answer.
    ///
    /// # Errors
    /// In words, when the process is gone or the act was not done.
    pub fn ask(&mut self, request: &Value) -> Result<Value, String> {
        writeln!(self.to, "{request}").map_err(|why| format!("the driver is gone: {why}"))?;
        self.to.flush().map_err(|why| format!("the driver is gone: {why}"))?;
        let mut line = String::new();
        self.from.read_line(&mut line).map_err(|why| format!("the driver is gone: {why}"))?;
        let answer: Value = serde_json::from_str(&line).map_err(|why| format!("the driver said {line:?}: {why}"))?;
        if answer["done"] == true { Ok(answer) } else { Err(answer["why"].as_str().unwrap_or("no reason").to_owned()) }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
