//! The app open on the main job: hub, practice project, window; or, without a display, the same day in a virtual one.

use std::path::Path;
use std::process::{Child, Stdio};

use crate::setup;
use crate::step::{Outcome, built, cargo, program, root, say, step, target};

/// Sets everything up and opens the app, or plays the day when there is no display.
pub fn run(args: &[&str]) -> Outcome {
    for arg in args {
        if *arg != "--headless" {
            return Err(format!("`run` knows only --headless, found `{arg}`"));
        }
    }
    setup::everything()?;
    setup::pages()?;
    setup::programs()?;
    let display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()));
    if args.contains(&"--headless") || !display {
        if !display {
            say(
                "\nThere is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the day is played in a virtual one.",
            );
        }
        return play();
    }
    open()
}

/// Plays the working day in a virtual display and leaves screenshots and a report.
fn play() -> Outcome {
    let out = root().join("out/day");
    step("Build the program that plays the day", cargo().args(["build", "-p", "tianye-tests", "--bins"]))?;
    step(
        "Play the working day",
        program("xvfb-run")
            .args(["-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--"])
            .arg(built("day"))
            .arg("--out")
            .arg(&out)
            .env("TIANYE_DRIVER", setup::tauri_driver_path())
            .env("NO_AT_BRIDGE", "1"),
    )?;
    say(&format!("\nScreenshots in both languages and report.md are in {}", out.display()));
    Ok(())
}

/// A hub that ends with this program.
struct Hub(Child);

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the hub, sets the practice project up on first use, and opens the window.
fn open() -> Outcome {
    let home = target().join("practice");
    let data = home.join("laptop");
    let hub_data = home.join("hub");
    std::fs::create_dir_all(&hub_data).map_err(|why| format!("cannot make {}: {why}", hub_data.display()))?;
    let _hub = start_hub(&hub_data)?;
    let card = hub_data.join("hub-card.json");
    if !data.join("practice-ready").exists() {
        step(
            "Set up the practice project",
            program(built("tianye")).arg("practice").arg("--data").arg(&data).arg("--hub-card").arg(&card),
        )?;
        std::fs::write(data.join("practice-ready"), "")
            .map_err(|why| format!("cannot write in {}: {why}", data.display()))?;
    }
    say("\nOpening the window. Everyone's passphrase in the practice project: tianye practice 2017");
    say("Close the window to end; the hub ends with it.");
    step("The window", program(built("tianye-desk")).env("TIANYE_DATA", &data))
}

fn start_hub(data: &Path) -> Outcome<Hub> {
    let port_file = data.join("port");
    let _ = std::fs::remove_file(&port_file);
    say("\n== Start a hub on loopback, with embedded SQLite");
    let mut child = program(built("tianye-hub"))
        .arg("serve")
        .arg("--data")
        .arg(data)
        .arg("--port-file")
        .arg(&port_file)
        .stdin(Stdio::null())
        .spawn()
        .map_err(|why| format!("cannot start the hub: {why}"))?;
    // The hub writes its address once it listens; until then only its end is worth noticing.
    while !port_file.exists() {
        if let Some(status) = child.try_wait().map_err(|why| format!("the hub is lost: {why}"))? {
            return Err(format!("the hub ended at once ({status}); its own words stand above"));
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Ok(Hub(child))
}
