//! A long recording over a link that drops every few seconds, at the length that is too long for every test run.

use crate::setup;
use crate::step::{Outcome, cargo, say, step, step_seen};

/// The test that carries it.
const TEST: &str = "a_long_recording_arrives_once_and_whole_over_a_link_that_drops_every_few_seconds";
/// What its figures begin with.
const FIGURE: &str = "network: ";

/// What is carried, and over what.
struct Link {
    megabytes: u64,
    /// Seconds after which everything that is open is cut, again and again.
    seconds: u64,
    /// Megabytes that pass in a second, each way.
    pace: u64,
}

/// Sends a recording from one laptop to the hub and from there to the lead's, and says what arrived, how long it took and how
/// often the link was cut.
pub fn network(args: &[&str]) -> Outcome {
    let Link { megabytes, seconds, pace } = link(args)?;
    setup::debian(setup::COMPILE)?;
    let test = ["test", "-p", "tianye-cli", "--test", "network"];
    step("Build laptops, hub and link", cargo().args(test).arg("--no-run"))?;
    let mut figures = Vec::new();
    step_seen(
        &format!("Carry {megabytes} MB over a link of {pace} MB/s that drops every {seconds} s (some minutes)"),
        cargo()
            .args(test)
            .args(["--", "--exact", TEST, "--nocapture"])
            .env("TIANYE_RECORDING", (megabytes * 1_000_000).to_string())
            .env("TIANYE_LINK_SPELL_MS", (seconds * 1_000).to_string())
            .env("TIANYE_LINK_BYTES_PER_SECOND", (pace * 1_000_000).to_string()),
        |line| figures.extend(line.strip_prefix(FIGURE).map(str::to_owned)),
    )?;
    if figures.is_empty() {
        return Err(format!("expected figures of the test {TEST}, found none: was it renamed?"));
    }
    say("");
    figures.iter().for_each(|figure| say(figure));
    Ok(())
}

fn link(args: &[&str]) -> Outcome<Link> {
    let mut link = Link { megabytes: 200, seconds: 3, pace: 2 };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let into = match *arg {
            "--megabytes" => &mut link.megabytes,
            "--seconds" => &mut link.seconds,
            "--pace" => &mut link.pace,
            other => return Err(format!("expected --megabytes N, --seconds S and --pace MB, found {other}")),
        };
        let number = args.next().and_then(|text| text.parse().ok()).filter(|number| (1..=10_000).contains(number));
        *into = number.ok_or_else(|| format!("expected a number from 1 to 10000 after {arg}"))?;
    }
    Ok(link)
}
