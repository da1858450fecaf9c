//! What peers took for the same steps, from a file.

use std::path::Path;

use serde::Deserialize;

use crate::Outcome;
use crate::figures::say;

/// One figure of a peer.
#[derive(Debug, Deserialize)]
pub struct Figure {
    /// `pyxform`, `javarosa`, `xforms-engine`.
    pub peer: String,
    /// The same name as ours: `convert_ms`, `load_ms`, `chain_head_p95_ms`, ….
    pub name: String,
    pub value: f64,
    /// What is to be said of it, such as a wrong value found.
    #[serde(default)]
    pub note: String,
}

/// All figures of peers.
#[derive(Debug)]
pub struct Peers(Vec<Figure>);

impl Peers {
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Reads a JSON list of `{peer, name, value, note}`.
    pub fn read(file: &Path) -> Outcome<Self> {
        let text = std::fs::read(file).map_err(|why| format!("cannot read {}: {why}", file.display()))?;
        serde_json::from_slice(&text).map(Self).map_err(|why| format!("{}: {why}", file.display()))
    }

    /// What that peer took.
    pub fn value(&self, peer: &str, name: &str) -> Option<f64> {
        self.0.iter().find(|figure| figure.peer == peer && figure.name == name).map(|figure| figure.value)
    }

    /// Prints what each peer took beside ours.
    pub fn print_beside(&self, ours: &[crate::figures::Figure]) {
        for peer in &self.0 {
            if let Some(own) = ours.iter().find(|own| own.name == peer.name) {
                let (name, value, ratio) = (&peer.name, peer.value, own.value / peer.value);
                let note = if peer.note.is_empty() { String::new() } else { format!("   {}", peer.note) };
                say(&format!(
                    "{:<14} {name:<28} {value:>10.3}   ours {:.3}, ratio {ratio:.4}{note}",
                    peer.peer, own.value
                ));
            }
        }
    }
}
