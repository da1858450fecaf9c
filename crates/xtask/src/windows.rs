//! The programs for Windows, built here, and the tests of storing and sending run under Wine.

use crate::setup;
use crate::step::{Outcome, answer_of, cargo, program, root, say, step, target};

const TARGET: &str = "x86_64-pc-windows-gnu";

/// Rooms whose tests run under Wine.
const TESTED: &[&str] = &["tianye-journal", "tianye-store", "tianye-sync", "tianye-cli"];

/// Cross-builds the workspace and runs the tests of some rooms under Wine.
pub fn windows() -> Outcome {
    setup::debian(&[setup::COMPILE, setup::WINDOWS].concat())?;
    setup::node()?;
    setup::pages()?;
    let have = answer_of(program("rustup").args(["target", "list", "--installed"]));
    if !have.as_deref().is_some_and(|list| list.lines().any(|line| line == TARGET)) {
        if have.is_none() {
            say("rustup is not here: expecting that your Rust already knows the target.");
        } else {
            step("Fetch Rust's standard library for Windows", program("rustup").args(["target", "add", TARGET]))?;
        }
    }
    step(
        "Build everything for Windows (SQLCipher and OpenSSL with it; about ten minutes the first time)",
        cargo().args([
            "build",
            "--target",
            TARGET,
            "--workspace",
            "--exclude",
            "tianye-tests",
            "--exclude",
            "tianye-xtask",
        ]),
    )?;

    let folder = target().join("wine");
    std::fs::create_dir_all(&folder).map_err(|why| format!("cannot make {}: {why}", folder.display()))?;
    step(
        "Build the random-number library that Wine 8 lacks",
        program("x86_64-w64-mingw32-gcc")
            .args(["-shared", "-O2", "-o"])
            .arg(folder.join("bcryptprimitives.dll"))
            .arg(root().join("tests/wine/bcryptprimitives.c"))
            .arg("-ladvapi32"),
    )?;
    let mut tests = cargo();
    tests.args(["test", "--target", TARGET, "--no-fail-fast"]);
    for room in TESTED {
        tests.args(["-p", room]);
    }
    // Wine 8 now and then refuses a pipe (error 1359) when several tests start programs at once.
    tests.args(["--", "--test-threads=1"]);
    tests
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", root().join("tests/wine/run"))
        .env("TIANYE_WINE_FOLDER", &folder)
        .env("WINEPREFIX", folder.join("prefix"))
        .env("WINEDEBUG", "-all")
        .env("WINEARCH", "win64");
    step("Run the tests under Wine, in a folder named 张三 with spaces", &mut tests)
}
