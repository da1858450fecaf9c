//! Peers: what they are asked to do with the same form, and what they took and found.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use crate::Outcome;
use crate::figures::{Figure, say};
use crate::workbook::county;

/// The acts that a peer is timed at, as the drivers in `tests/peers` take them: one JSON object a line.
///
/// `quick` asks for fewer rounds, for a peer that takes seconds to load a form.
pub fn requests(form: &Path, quick: bool) -> String {
    let (times, warmup) = if quick { (5, 5) } else { (200, 50) };
    let counties: Vec<String> = (0..10).map(|c| county(4, c)).collect();
    // The last one given is ten, whether a driver counts from its first round or from the first that it measures: there
    // are whole turns of each.
    let numbers: Vec<String> = (11 - times.min(10)..=10).map(|n| n.to_string()).collect();
    let load = if quick { (1, 0) } else { (5, 2) };
    let mut lines = vec![
        json!({"load": form, "name": "load", "times": load.0, "warmup": load.1}),
        json!({"answer": "/g50/g50_q9", "values": numbers, "name": "answer_alone"}),
        json!({"answer": "/chain/head", "values": numbers, "read": "/chain/c100", "name": "chain_head"}),
        json!({"answer": "/place/province", "value": "p4", "times": 1, "warmup": 0, "name": "ready"}),
        json!({"answer": "/place/county", "values": counties, "options": "/place/village", "name": "cascade_county"}),
        json!({"answer": "/place/county", "values": counties, "options": "/place/village_of_two", "name": "cascade_and"}),
    ];
    for rows in [10, 100, 1000] {
        // The web engine takes seconds for one answer in a roster of 1,000.
        if quick && rows == 1000 {
            continue;
        }
        let (last, name) = (format!("/roster[{rows}]/roster_share"), format!("roster_{rows}"));
        lines.push(json!({"answer": "/rows", "value": rows.to_string(), "times": 1, "warmup": 0, "name": "ready", "walk": true}));
        lines.push(json!({"answer": "/roster[1]/roster_amount", "values": numbers, "read": last, "name": name}));
    }
    for line in &mut lines {
        if line.get("times").is_none() {
            line["times"] = times.into();
            line["warmup"] = warmup.into();
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What a driver says of one act.
#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    step: String,
    #[serde(default)]
    p50_ms: f64,
    #[serde(default)]
    p95_ms: f64,
    value: Option<String>,
    options: Option<usize>,
    why: Option<String>,
}

/// One figure of a peer.
#[derive(Debug)]
struct Taken {
    peer: &'static str,
    /// The same name as ours: `convert_ms`, `load_ms`, `chain_head_p95_ms`, ….
    name: String,
    value: f64,
    /// What is to be said of it, such as a wrong value found.
    note: String,
}

/// All figures of peers.
#[derive(Debug, Default)]
pub struct Peers(Vec<Taken>);

impl Peers {
    /// Reads what is in the folder: `pyxform.txt`, the milliseconds of a conversion, `javarosa.jsonl` and
    /// `xforms-engine.jsonl`, the answers of their drivers.
    pub fn read(folder: &Path) -> Outcome<Self> {
        let mut all = Self::default();
        if let Ok(text) = std::fs::read_to_string(folder.join("pyxform.txt")) {
            let value = text.trim().parse().map_err(|_| format!("pyxform.txt: expected a number, found {text}"))?;
            all.0.push(Taken { peer: "pyxform", name: "convert_ms".into(), value, note: String::new() });
        }
        for peer in ["javarosa", "xforms-engine"] {
            let Ok(text) = std::fs::read_to_string(folder.join(format!("{peer}.jsonl"))) else { continue };
            for line in text.lines().filter(|line| line.starts_with('{')) {
                let answer = serde_json::from_str(line).map_err(|why| format!("{peer}: {why}: {line}"))?;
                all.add(peer, answer);
            }
        }
        Ok(all)
    }

    fn add(&mut self, peer: &'static str, answer: Answer) {
        if let Some(why) = answer.why {
            say(&format!("{peer}: {why}"));
            return;
        }
        let note = wrong(&answer).unwrap_or_default();
        let name = answer.step;
        match name.as_str() {
            "" | "ready" => {}
            "load" => self.0.push(Taken { peer, name: "load_ms".into(), value: answer.p50_ms, note }),
            _ => {
                for (end, value) in [("p50", answer.p50_ms), ("p95", answer.p95_ms)] {
                    let name = format!("{name}_{end}_ms");
                    self.0.push(Taken { peer, name, value, note: note.clone() });
                }
            }
        }
    }

    /// What that peer took, if its values were right.
    pub fn value(&self, peer: &str, name: &str) -> Option<f64> {
        let same = |taken: &&Taken| taken.peer == peer && taken.name == name && taken.note.is_empty();
        self.0.iter().find(same).map(|taken| taken.value)
    }

    /// Prints what each peer took beside ours.
    pub fn print_beside(&self, ours: &[Figure]) {
        for taken in &self.0 {
            if let Some(own) = ours.iter().find(|own| own.name == taken.name) {
                let ratio = own.value / taken.value;
                let compared = ["chain_", "roster_", "cascade_"].iter().any(|step| taken.name.starts_with(step));
                let note = match taken.note.as_str() {
                    "" if compared => "the same values",
                    note => note,
                };
                say(&format!(
                    "{:<14}{:<26}{:>12.3} ms   ours {:>9.4} ms, ratio {ratio:.4}   {note}",
                    taken.peer, taken.name, taken.value, own.value
                ));
            }
        }
    }
}

/// What a peer found last that is not what we found, which our own steps have checked.
fn wrong(answer: &Answer) -> Option<String> {
    let number = |text: &str| text.parse::<f64>().ok();
    // The last of the values given in turn was ten.
    let wanted = match answer.step.as_str() {
        "chain_head" => 110.0,
        "roster_10" => 1.0 / 19.0,
        "roster_100" => 1.0 / 109.0,
        "roster_1000" => 1.0 / 1009.0,
        "cascade_county" | "cascade_and" => {
            return (answer.options != Some(100)).then(|| format!("WRONG: offers {:?}, not 100", answer.options));
        }
        _ => return None,
    };
    let found = answer.value.as_deref().and_then(number);
    let right = found.is_some_and(|found| (found - wanted).abs() < 1e-9);
    (!right).then(|| format!("WRONG: {wanted} expected, found {:?}", answer.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_value_of_a_peer_is_told_and_gives_no_ratio() {
        let mut peers = Peers::default();
        for (value, step) in [("110", "chain_head"), ("0.1", "roster_10")] {
            let line = format!(r#"{{"step":"{step}","n":10,"p50_ms":1.5,"p95_ms":2.5,"value":"{value}"}}"#);
            peers.add("javarosa", serde_json::from_str(&line).unwrap());
        }
        assert_eq!(peers.value("javarosa", "chain_head_p95_ms"), Some(2.5));
        assert_eq!(peers.value("javarosa", "roster_10_p95_ms"), None);
        assert!(peers.0[2].note.starts_with("WRONG"));
    }

    #[test]
    fn peers_end_with_the_value_that_is_checked() {
        for quick in [false, true] {
            let text = requests(Path::new("form.xml"), quick);
            for line in text.lines() {
                let request: serde_json::Value = serde_json::from_str(line).unwrap();
                let turns = request["times"].as_u64().unwrap();
                let values = request["values"].as_array().map_or(1, Vec::len) as u64;
                assert!(turns == 1 || turns.is_multiple_of(values) || request.get("read").is_none(), "{line}");
            }
            assert!(text.contains(&county(4, 9)), "the last county is asked for");
        }
    }
}
