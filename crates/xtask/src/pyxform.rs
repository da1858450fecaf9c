//! The reference converter takes our workbooks too: every form in `forms/`, and one with settings of old, goes through
//! pyxform and through ours, and the two XForms are compared as trees.

use std::path::{Path, PathBuf};

use crate::setup;
use crate::step::{Outcome, answer_of, cargo, program, root, step, target};

/// Version of pyxform that is asked.
const PYXFORM: &str = "pyxform==4.5.0";

/// Runs the comparison in a virtual environment of its own.
pub fn check() -> Outcome {
    let python = python()?;
    let mut workbooks = forms()?;
    workbooks.push(root().join("crates/xlsform/tests/fixtures/flat.md"));
    same_trees("Compare our XForms with the reference converter's", &python, workbooks)?;
    let extra = vec!["--extra".into(), root().join("crates/xlsform/tests/fixtures/extra-columns.md")];
    same_trees("Show that the columns beyond the form language change nothing for it", &python, extra)
}

/// Compares the trees of some workbooks.
pub fn same_trees(what: &str, python: &Path, workbooks: Vec<PathBuf>) -> Outcome {
    step("Build the example that converts a workbook", cargo().args(["build", "-p", "tianye-xlsform", "--examples"]))?;
    step(
        what,
        program(python)
            .arg("crates/xlsform/tests/pyxform_check.py")
            .arg(target().join("debug/examples/xlsform2xform"))
            .args(workbooks),
    )
}

/// The instruments in `forms/`.
pub fn forms() -> Outcome<Vec<PathBuf>> {
    let folder = std::fs::read_dir(root().join("forms")).map_err(|why| format!("cannot read forms: {why}"))?;
    let mut forms: Vec<_> = folder
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "md") && !path.ends_with("README.md"))
        .collect();
    forms.sort();
    Ok(forms)
}

/// A Python that has pyxform, in a virtual environment under the build folder.
pub fn python() -> Outcome<PathBuf> {
    setup::debian(setup::PYTHON)?;
    let venv = target().join("pyxform");
    let python = venv.join("bin/python");
    let found = answer_of(program(&python).args(["-m", "pip", "show", "pyxform"]));
    if !found.is_some_and(|text| text.contains(&PYXFORM.replace("pyxform==", "Version: "))) {
        step("Make a Python environment for pyxform", program("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        step("Install pyxform", program(&python).args(["-m", "pip", "install", "--quiet", PYXFORM]))?;
    }
    Ok(python)
}
