//! Measuring: figures with unit, baseline and ratio, from a release build.
//!
//! The engine has a program of its own, which builds in a minute and needs neither a window nor a store; so has sync,
//! which needs no window; the other parts have another. All write the same kind of list.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Outcome, cargo, program, root, say, step, target};
use crate::{peers, setup};

/// Builds what is measured and runs the measuring programs: those of `engine` and `sync` for these parts, all without a
/// part.
pub fn bench(args: &[&str]) -> Outcome {
    let mut part = None;
    let mut json = None;
    let mut quick = false;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "--json" => json = Some(PathBuf::from(*args.next().ok_or("expected a file after --json")?)),
            "--quick" => quick = true,
            name if part.is_none() && !name.starts_with('-') => part = Some(name),
            other => return Err(format!("expected one part, --quick (for sync) and --json FILE, found {other}")),
        }
    }
    let folder = target().join("bench");
    std::fs::create_dir_all(&folder).map_err(|why| format!("cannot make {}: {why}", folder.display()))?;
    let mut lists = Vec::new();
    if part.is_none_or(|part| part == "engine") {
        lists.push(engine(&folder)?);
    }
    if part.is_none_or(|part| part == "sync") {
        lists.push(sync(&folder, quick)?);
    }
    if !matches!(part, Some("engine" | "sync")) {
        lists.push(desk(&folder, part)?);
    }
    match json {
        Some(file) => join(&lists, &file),
        None => Ok(()),
    }
}

/// Converter and form engine, beside the peers that are there. Gives the file of its figures.
fn engine(folder: &Path) -> Outcome<PathBuf> {
    step("Build what is measured", cargo().args(["build", "--release", "-p", "tianye-bench"]))?;
    let bench = target().join("release/bench-engine");
    step("Write the form that is measured", program(&bench).arg("--write").arg(folder))?;
    let peers = peers_figures(folder)?;
    let figures = folder.join("engine.json");
    step("Measure the engine", program(&bench).arg("--peers").arg(&peers).arg("--json").arg(&figures))?;
    Ok(figures)
}

/// Lets the peers do the same with the same form. Gives the folder with what they took; one that cannot be had is told
/// and left out.
fn peers_figures(folder: &Path) -> Outcome<PathBuf> {
    let results = folder.join("peers");
    let _ = std::fs::remove_dir_all(&results);
    std::fs::create_dir_all(&results).map_err(|why| format!("cannot make {}: {why}", results.display()))?;
    let peers = match peers::install() {
        Ok(peers) => peers,
        Err(why) => {
            say(&format!("without peers: {why}"));
            return Ok(results);
        }
    };
    let java_path = format!("{}:{}", peers.java_driver.display(), peers.jar.display());
    let runs = [
        (
            "pyxform converts the workbook",
            program_with(&peers.python, ["-c".into(), PYXFORM_TIME.into(), folder.join("form.xlsx").into()]),
            None,
            "pyxform.txt",
        ),
        (
            "JavaRosa does the same acts",
            program_with("java", ["-cp".into(), java_path.into(), "Driver".into(), "--time".into()]),
            Some("requests.jsonl"),
            "javarosa.jsonl",
        ),
        (
            "The engine of ODK Web Forms does the same acts (some minutes)",
            program_with(
                "node",
                [
                    "--max-old-space-size=4096".into(),
                    peers.web_driver.clone().into(),
                    peers.modules.clone().into(),
                    "--time".into(),
                ],
            ),
            Some("requests-quick.jsonl"),
            "xforms-engine.jsonl",
        ),
    ];
    for (what, mut command, requests, name) in runs {
        let open =
            |file: PathBuf| std::fs::File::open(&file).map_err(|why| format!("cannot read {}: {why}", file.display()));
        if let Some(requests) = requests {
            command.stdin(open(folder.join(requests))?);
        }
        let result = results.join(name);
        let file = std::fs::File::create(&result).map_err(|why| format!("cannot write {}: {why}", result.display()))?;
        if let Err(why) = step(what, command.stdout(file)) {
            say(&format!("left out: {why}"));
            let _ = std::fs::remove_file(&result);
        }
    }
    Ok(results)
}

fn program_with<const N: usize>(name: impl AsRef<OsStr>, args: [OsString; N]) -> Command {
    let mut command = program(name);
    command.args(args);
    command
}

/// What pyxform takes for a workbook in milliseconds: the median of three, without its own start.
const PYXFORM_TIME: &str = "\
import sys, time, statistics
from pyxform.xls2xform import convert
times = []
for _ in range(3):
    began = time.perf_counter()
    convert(xlsform=sys.argv[1], validate=False)
    times.append((time.perf_counter() - began) * 1000)
print(statistics.median(times))";

/// What a lead waits for in the evening. What is taken in is made once and kept (three gigabytes). Gives the file of its
/// figures.
fn sync(folder: &Path, quick: bool) -> Outcome<PathBuf> {
    step("Build what is measured", cargo().args(["build", "--release", "-p", "tianye-bench-sync"]))?;
    let figures = folder.join("sync.json");
    let mut bench = program(target().join("release/bench-sync"));
    if quick {
        bench.arg("--quick");
    }
    step("Measure sync (some minutes)", bench.arg("--folder").arg(folder.join("sync")).arg("--json").arg(&figures))?;
    Ok(figures)
}

/// Store, hub and window. Gives the file of their figures.
fn desk(folder: &Path, part: Option<&str>) -> Outcome<PathBuf> {
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
    let figures = folder.join("desk.json");
    step(
        "Measure",
        program("xvfb-run")
            .args(["-a", "-s", "-screen 0 1366x768x24", "dbus-run-session", "--"])
            .arg(release.join("bench"))
            .args(part)
            .arg("--json")
            .arg(&figures)
            .env("TIANYE_PROGRAMS", &release)
            .env("TIANYE_DRIVER", setup::tauri_driver_path())
            .env("NO_AT_BRIDGE", "1")
            .current_dir(root()),
    )?;
    Ok(figures)
}

/// Several lists of figures as one.
fn join(lists: &[PathBuf], file: &Path) -> Outcome {
    let mut items = Vec::new();
    for list in lists {
        let text = std::fs::read_to_string(list).map_err(|why| format!("cannot read {}: {why}", list.display()))?;
        let inside = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let inside = inside.ok_or_else(|| format!("expected a list in {}", list.display()))?.trim().to_owned();
        if !inside.is_empty() {
            items.push(inside);
        }
    }
    std::fs::write(file, format!("[\n  {}\n]\n", items.join(",\n  ")))
        .map_err(|why| format!("cannot write {}: {why}", file.display()))
}
