//! Cutting the power, failing disks and kill -9, in numbers that are too large for every test run.

use crate::setup;
use crate::step::{Outcome, cargo, step};

/// Runs the program of `tests/crash` with its arguments.
pub fn crash(args: &[&str]) -> Outcome {
    setup::debian(setup::COMPILE)?;
    let mut command = cargo();
    command.args(["run", "--quiet", "-p", "tianye-crash", "--"]).args(args);
    step("Cut the power, let the disk fail and kill the program, at every place", &mut command)
}
