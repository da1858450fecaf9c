//! Memory of a loaded form, measured in a process of its own, so that nothing else is counted.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::figures::say;
use crate::filling::Filling;
use tianye_bench::process::status_mb;

/// Memory in megabytes that a form with its first filling takes once the XML is gone: what the operating system holds
/// for the process, less what it held before, so what the allocator keeps for itself is counted too.
pub fn of_form(xml: &Path) -> Outcome<(f64, f64)> {
    let own = std::env::current_exe().map_err(|why| why.to_string())?;
    let output = Command::new(own).arg("--memory").arg(xml).output().map_err(|why| why.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(held)), Some(Ok(most))) if output.status.success() => Ok((held, most)),
        _ => Err(format!("the process that measures memory said: {text}")),
    }
}

/// Loads a form and prints what it holds and what it held at most, in megabytes.
pub fn print_own(file: &Path) -> Outcome {
    let xml = std::fs::read_to_string(file).map_err(|why| why.to_string())?;
    let text_size = status_mb("VmRSS:")?;
    let filling = Filling::load(&xml)?;
    let most = status_mb("VmHWM:")?;
    drop(xml);
    let held = status_mb("VmRSS:")?;
    // The text was there before and is gone after: start from a process without it.
    let empty = text_size - megabytes(std::fs::metadata(file).map_err(|why| why.to_string())?.len());
    say(&format!("{} {}", held - empty, most - empty));
    drop(filling);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a size for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}
