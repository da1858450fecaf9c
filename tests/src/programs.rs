//! Where the built programs are, and the command line run on a laptop's folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::Outcome;

/// The folder of the workspace.
///
/// # Panics
/// Never: the tests lie in the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the workspace").to_owned()
}

/// The folder with the built programs: `TIANYE_PROGRAMS`, or where this program itself was built.
///
/// # Panics
/// When this program does not know where it lies.
pub fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("TIANYE_PROGRAMS") {
        return folder.into();
    }
    let own = std::env::current_exe().expect("a running program has a path");
    let folder = own.parent().expect("a program lies in a folder");
    if folder.ends_with("deps") {
        folder.parent().expect("deps lies in a profile").to_owned()
    } else {
        folder.to_owned()
    }
}

/// A built program; an error says how to build it.
pub fn program(name: &str) -> Outcome<PathBuf> {
    let path = folder().join(name);
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("expected {}, found nothing; `cargo xtask test` builds it", path.display()).into())
    }
}

/// Runs the command line on one laptop's folder and gives its standard output; fails with its own words.
pub fn tianye(data: &Path, passphrase: &str, args: &[&str]) -> Outcome<String> {
    let output = try_tianye(data, passphrase, args)?;
    let out = String::from_utf8(output.stdout)?;
    if output.status.success() {
        Ok(out)
    } else {
        Err(format!("tianye {}: {}\n{out}", args.join(" "), String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// Runs the command line and gives all it said, whether it succeeded or not.
pub fn try_tianye(data: &Path, passphrase: &str, args: &[&str]) -> Outcome<Output> {
    let mut command = Command::new(program("tianye")?);
    command.args(args).env("TIANYE_DATA", data).env("TIANYE_PASSPHRASE", passphrase);
    Ok(command.output()?)
}
