//! Measuring: figures with unit, baseline and ratio, from a release build.

use crate::setup;
use crate::step::{Outcome, cargo, program, root, step, target};

/// Builds what is measured and runs the measuring program.
pub fn bench(args: &[&str]) -> Outcome {
    setup::everything()?;
    setup::pages()?;
    step(
        "Build what is measured (the first release build takes some minutes)",
        cargo().args([
            "build",
            "--release",
            "-p",
            "tianye",
            "-p",
            "tianye-hub",
            "-p",
            "tianye-cli",
            "-p",
            "tianye-tests",
        ]),
    )?;
    let release = target().join("release");
    step(
        "Measure",
        program("xvfb-run")
            .args(["-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--"])
            .arg(release.join("bench"))
            .args(args)
            .env("TIANYE_PROGRAMS", &release)
            .env("TIANYE_DRIVER", setup::tauri_driver_path())
            .env("NO_AT_BRIDGE", "1")
            .current_dir(root()),
    )?;
    Ok(())
}
