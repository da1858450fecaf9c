//! Figures: names, values, units, and what they are measured against.

use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

/// One figure, as the file of `--json` lists it.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// How much it is.
    pub value: f64,
    /// In what.
    pub unit: &'static str,
    /// What it is measured against, in the same unit.
    pub baseline: Option<f64>,
    /// The value over the baseline.
    pub ratio: Option<f64>,
}

/// All figures so far; each is printed as it comes.
#[derive(Debug, Default)]
pub struct Figures {
    all: Vec<Figure>,
}

impl Figures {
    /// Prints and keeps a figure.
    pub fn note(&mut self, name: &str, value: f64, unit: &'static str, baseline: Option<f64>) {
        let ratio = baseline.map(|baseline| value / baseline);
        let beside = match (baseline, ratio) {
            (Some(baseline), Some(ratio)) => format!("   baseline {baseline:.3} {unit}, ratio {ratio:.4}"),
            _ => String::new(),
        };
        say(&format!("{name:<34} {value:>10.4} {unit}{beside}"));
        self.all.push(Figure { name: name.to_owned(), value, unit, baseline, ratio });
    }

    /// Median and 95th percentile of a step: `<step>_p50_ms`, `<step>_p95_ms`.
    pub fn note_times(&mut self, step: &str, mut times: Vec<Duration>, baseline: impl Fn(&str) -> Option<f64>) {
        times.sort_unstable();
        for (end, part) in [("p50", 0.5), ("p95", 0.95)] {
            self.note(&format!("{step}_{end}_ms"), share(&times, part), "ms", baseline(end));
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Figure] {
        &self.all
    }

    /// Writes them as a list for `--json`.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), String> {
        let text = serde_json::to_vec_pretty(&self.all).map_err(|why| why.to_string())?;
        std::fs::write(file, text).map_err(|why| format!("cannot write {}: {why}", file.display()))
    }
}

/// A line for the person at the terminal.
#[expect(clippy::print_stdout, reason = "this program talks to a terminal")]
pub fn say(line: &str) {
    println!("{line}");
}

/// In milliseconds.
#[must_use]
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Time that this thread had on a processor, in milliseconds, where the system tells it: what a busy machine does not
/// lengthen.
#[must_use]
pub fn own_time() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e6)
}

/// Runs something so many times; gives the median time it took, and the mean time it had on a processor.
pub fn repeated<T>(times: u32, mut work: impl FnMut() -> T) -> (f64, Option<f64>) {
    let before = own_time();
    let mut all: Vec<Duration> = (0..times).map(|_| timed(&mut work).1).collect();
    let own = before.zip(own_time()).map(|(before, after)| (after - before) / f64::from(times));
    all.sort_unstable();
    (share(&all, 0.5), own)
}

/// Runs something and gives what it gave and how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

/// The value below which a share of the sorted times lies, in milliseconds.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list"
)]
#[must_use]
pub fn share(sorted: &[Duration], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().map(ms).unwrap_or_default()
}
