//! Measuring: figures with unit, baseline and ratio, from a release build.
//!
//! The engine has a program of its own, which builds in a minute and needs neither a window nor a store; the other parts
//! have another. Both write the same kind of list.

use std::path::{Path, PathBuf};

use crate::step::{Outcome, answer_of, cargo, program, root, say, step, target};
use crate::{pyxform, setup};

/// Builds what is measured and runs the measuring programs: the engine's for `engine`, both without a part.
pub fn bench(args: &[&str]) -> Outcome {
    let mut part = None;
    let mut json = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match *arg {
            "--json" => json = Some(PathBuf::from(*args.next().ok_or("expected a file after --json")?)),
            name if part.is_none() && !name.starts_with('-') => part = Some(name),
            other => return Err(format!("expected one part and --json FILE, found {other}")),
        }
    }
    let folder = target().join("bench");
    std::fs::create_dir_all(&folder).map_err(|why| format!("cannot make {}: {why}", folder.display()))?;
    let mut lists = Vec::new();
    if part.is_none_or(|part| part == "engine") {
        lists.push(engine(&folder)?);
    }
    if part != Some("engine") {
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
    let peers = folder.join("peers.json");
    std::fs::write(&peers, format!("[{}]", pyxform_time(folder).unwrap_or_default()))
        .map_err(|why| format!("cannot write {}: {why}", peers.display()))?;
    let figures = folder.join("engine.json");
    step("Measure the engine", program(&bench).arg("--peers").arg(&peers).arg("--json").arg(&figures))?;
    Ok(figures)
}

/// What pyxform takes for the same workbook, the median of three, without its own start.
fn pyxform_time(folder: &Path) -> Option<String> {
    let code = "\
import sys, time, statistics
from pyxform.xls2xform import convert
times = []
for _ in range(3):
    began = time.perf_counter()
    convert(xlsform=sys.argv[1], validate=False)
    times.append((time.perf_counter() - began) * 1000)
print(statistics.median(times))";
    let python = pyxform::python().inspect_err(|why| say(&format!("without pyxform: {why}"))).ok()?;
    let told = answer_of(program(python).args(["-c", code]).arg(folder.join("form.xlsx")));
    let Some(time) = told.as_deref().and_then(|text| text.trim().parse::<f64>().ok()) else {
        say("without pyxform: it did not convert the workbook");
        return None;
    };
    Some(format!("{{\"peer\": \"pyxform\", \"name\": \"convert_ms\", \"value\": {time}}}"))
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
