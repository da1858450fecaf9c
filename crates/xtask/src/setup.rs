//! What must be on the machine: Debian packages, Node packages, a WebDriver bridge, the Rust target for Windows.

use std::path::Path;
use std::process::Command;

use crate::step::{Outcome, answer_of, built, cargo, program, root, say, step, target};

/// A Debian package and why it is wanted.
type Package = (&'static str, &'static str);

/// To compile anything: SQLCipher links to the system's libcrypto.
pub const COMPILE: &[Package] = &[
    ("build-essential", "C compiler and linker"),
    ("pkg-config", "finds C libraries"),
    ("libssl-dev", "SQLCipher's libcrypto"),
];

/// To compile and open the window.
pub const WINDOW: &[Package] = &[
    ("libwebkit2gtk-4.1-dev", "the web view that the window draws in"),
    ("fonts-noto-cjk", "Chinese letters"),
    ("fonts-noto-core", "Latin letters"),
];

/// To drive the window without a display.
pub const VIRTUAL: &[Package] = &[
    ("xvfb", "a virtual display"),
    ("xauth", "its key"),
    ("webkit2gtk-driver", "drives the window in tests"),
    ("dbus", "a session bus for the window"),
    ("pulseaudio", "a microphone for a machine that has none"),
    ("pulseaudio-utils", "chooses it"),
    ("gstreamer1.0-plugins-good", "brings sound of a microphone into the window, and plays it"),
    ("gstreamer1.0-pulseaudio", "brings sound of the sound server into the window"),
];

/// To make the pictures of the guides small.
pub const PICTURES: &[Package] = &[("pngquant", "makes pictures of the guides small")];

/// To prove that the reference converter takes our workbooks.
pub const PYTHON: &[Package] = &[("python3", "runs pyxform"), ("python3-venv", "keeps pyxform apart")];

/// To compare our form engine with JavaRosa.
pub const JAVA: &[Package] =
    &[("default-jdk-headless", "runs ODK Validate and JavaRosa, and compiles the program that drives JavaRosa")];

/// To build and run for Windows.
pub const WINDOWS: &[Package] = &[
    ("gcc-mingw-w64-x86-64", "links Windows programs"),
    ("g++-mingw-w64-x86-64", "compiles C++ for Windows"),
    ("wine", "runs Windows programs"),
    ("wine64", "runs 64-bit Windows programs"),
    ("perl", "configures OpenSSL"),
    ("make", "builds OpenSSL"),
];

/// Version of tauri-driver that is used.
const TAURI_DRIVER: &str = "2.1.0";

/// Everything that `run` and `test` need.
pub fn everything() -> Outcome {
    debian(&[COMPILE, WINDOW, VIRTUAL, PYTHON].concat())?;
    node()?;
    tauri_driver()
}

/// Installs the missing ones of some Debian packages.
pub fn debian(wanted: &[Package]) -> Outcome {
    let missing: Vec<&Package> = wanted.iter().filter(|(name, _)| !installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say("These Debian packages are missing:");
    for (name, why) in &missing {
        say(&format!("   {name}: {why}"));
    }
    let names: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    let by_hand = format!("apt-get install --no-install-recommends {}", names.join(" "));
    if answer_of(Command::new("apt-get").arg("--version")).is_none() {
        return Err(format!(
            "this machine has no apt-get, so they cannot be installed from here. Install what corresponds to them in \
             your system and try again. On Debian it would be:\n   {by_hand}"
        ));
    }
    let root_user = answer_of(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let sudo = answer_of(Command::new("sudo").arg("--version")).is_some();
    let apt = |args: &[&str]| {
        let mut command = if root_user {
            Command::new("apt-get")
        } else {
            let mut command = Command::new("sudo");
            command.arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get");
            command
        };
        command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
        command
    };
    if !root_user && !sudo {
        return Err(format!("they need an administrator: there is no sudo here. Ask one to run:\n   {by_hand}"));
    }
    step("Read Debian's list of packages", &mut apt(&["update", "-q"]))?;
    let mut install = vec!["install", "-y", "-q", "--no-install-recommends"];
    install.extend(&names);
    step("Install Debian packages", &mut apt(&install)).map_err(|why| format!("{why}\nBy hand it is: {by_hand}"))
}

fn installed(name: &str) -> bool {
    // A compiler or Python that came another way counts too.
    let there = |tool: &str| answer_of(Command::new(tool).arg("--version")).is_some();
    match name {
        "build-essential" if there("cc") && there("c++") => true,
        "python3" if there("python3") => true,
        "default-jdk-headless" if there("java") && there("javac") => true,
        "python3-venv" if answer_of(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_some() => true,
        _ => answer_of(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", name]))
            .is_some_and(|status| status.trim() == "installed"),
    }
}

/// Installs the window's Node packages when the lock file is newer than what is there.
pub fn node() -> Outcome {
    let Some(version) = answer_of(Command::new("node").arg("--version")) else {
        return Err("Node.js is missing. Expected: node 20.19 or later (22.12 or later of 22) with npm.".into());
    };
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(|n| n.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if !matches!((major, minor), (20, 19..) | (22, 12..) | (23.., _)) {
        return Err(format!("Node.js is too old. Expected: 20.19 or later, found: {}", version.trim()));
    }
    let ui = root().join("ui");
    if newer(&ui.join("node_modules/.package-lock.json"), &ui.join("package-lock.json")) {
        return Ok(());
    }
    step("Install the window's Node packages", program("npm").current_dir(&ui).args(["ci", "--no-audit", "--no-fund"]))
}

/// Builds the window's pages into `ui/dist`.
pub fn pages() -> Outcome {
    step("Build the window's pages", program("npm").current_dir(root().join("ui")).args(["run", "build"]))
}

/// Where tauri-driver is, after [`tauri_driver`].
pub fn tauri_driver_path() -> std::path::PathBuf {
    target().join("tools/bin/tauri-driver")
}

/// Builds tauri-driver, the bridge between a WebDriver client and the window, unless it is there.
pub fn tauri_driver() -> Outcome {
    let found = answer_of(Command::new(tauri_driver_path()).arg("--help")).is_some();
    if found {
        return Ok(());
    }
    step(
        "Build tauri-driver, which drives the window in tests",
        cargo()
            .args(["install", "tauri-driver", "--locked", "--debug", "--version", TAURI_DRIVER, "--root"])
            .arg(target().join("tools")),
    )
}

/// Whether `made` is there and not older than `source`.
pub fn newer(made: &Path, source: &Path) -> bool {
    let time = |path: &Path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
    match (time(made), time(source)) {
        (Some(made), Some(source)) => made >= source,
        _ => false,
    }
}

/// Builds the programs of the working day: window, hub, command line.
pub fn programs() -> Outcome {
    step(
        "Build the window, the hub and the command line (the first time takes about ten minutes)",
        cargo().args(["build", "-p", "tianye", "-p", "tianye-hub", "-p", "tianye-cli"]),
    )?;
    for name in ["tianye-desk", "tianye-hub", "tianye"] {
        if !built(name).exists() {
            return Err(format!("expected {} after the build, found nothing", built(name).display()));
        }
    }
    Ok(())
}
