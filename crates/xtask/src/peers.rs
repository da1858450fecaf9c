//! Our form engine beside the reference tools: pyxform, ODK Validate, JavaRosa (ODK Collect), and the engine of ODK Web
//! Forms. `tests/peers` says what is compared.

use std::path::{Path, PathBuf};

use crate::step::{Outcome, answer_of, built, cargo, program, root, say, step, target};
use crate::{pyxform, setup};

/// What the reference tools are started with.
pub struct Peers {
    /// A Python that has pyxform.
    pub python: PathBuf,
    /// ODK Validate, which holds JavaRosa.
    pub jar: PathBuf,
    /// The folder of the compiled `Driver.class`: `java -cp DRIVER:JAR Driver`.
    pub java_driver: PathBuf,
    /// The folder of Node packages: `node driver.mjs MODULES`.
    pub modules: PathBuf,
    /// `tests/peers/drivers/driver.mjs`.
    pub web_driver: PathBuf,
}

/// Compares on every form in `forms/` and on seeded random workbooks.
pub fn peers(args: &[&str]) -> Outcome {
    let peers = install()?;
    step(
        "Build the comparison",
        cargo().args(["build", "-p", "tianye-peers", "-p", "tianye-xlsform", "--bins", "--examples"]),
    )?;
    step(
        "Compare our form engine with the reference tools",
        program(built("tianye-peers"))
            .arg("--python")
            .arg(&peers.python)
            .arg("--converter")
            .arg(target().join("debug/examples/xlsform2xform"))
            .args(["--check", "crates/xlsform/tests/pyxform_check.py", "--forms", "forms"])
            .arg("--jar")
            .arg(&peers.jar)
            .arg("--java-driver")
            .arg(&peers.java_driver)
            .arg("--modules")
            .arg(&peers.modules)
            .arg("--web-driver")
            .arg(&peers.web_driver)
            .arg("--work")
            .arg(target().join("peers/work"))
            .args(args),
    )
}

/// Installs the reference tools by their ordinary clients and compiles the Java driver.
pub fn install() -> Outcome<Peers> {
    setup::debian(setup::JAVA)?;
    let python = pyxform::python()?;
    let jar = validator(&python)?;
    let java_driver = target().join("peers/java");
    let source = root().join("tests/peers/drivers/Driver.java");
    if !setup::newer(&java_driver.join("Driver.class"), &source) {
        step(
            "Compile the program that drives JavaRosa",
            program("javac").args(["-proc:none", "-cp"]).arg(&jar).arg("-d").arg(&java_driver).arg(&source),
        )?;
    }
    let modules = modules()?;
    Ok(Peers { python, jar, java_driver, modules, web_driver: root().join("tests/peers/drivers/driver.mjs") })
}

/// The validator's jar lies in the pyxform wheel.
fn validator(python: &Path) -> Outcome<PathBuf> {
    let folder = answer_of(program(python).args(["-c", "import pyxform; print(pyxform.__path__[0])"]))
        .ok_or("pyxform was installed, but Python cannot import it")?;
    let jar = Path::new(folder.trim()).join("validators/odk_validate/bin/ODK_Validate.jar");
    if jar.exists() {
        Ok(jar)
    } else {
        Err(format!("expected {} in the pyxform package, found nothing", jar.display()))
    }
}

/// Installs the engine of ODK Web Forms, from the lock file, under the build folder.
fn modules() -> Outcome<PathBuf> {
    let folder = target().join("peers/node");
    let modules = folder.join("node_modules");
    let lock = root().join("tests/peers/package-lock.json");
    if setup::newer(&modules.join(".package-lock.json"), &lock) {
        return Ok(modules);
    }
    if answer_of(program("npm").arg("--version")).is_none() {
        return Err("npm is missing. Expected: node 20.19 or later with npm.".into());
    }
    say("The engine of ODK Web Forms comes from npm, with jsdom, which stands in for a browser.");
    std::fs::create_dir_all(&folder).map_err(|why| format!("cannot make {}: {why}", folder.display()))?;
    for name in ["package.json", "package-lock.json"] {
        let from = root().join("tests/peers").join(name);
        std::fs::copy(&from, folder.join(name)).map_err(|why| format!("cannot copy {}: {why}", from.display()))?;
    }
    step(
        "Install the engine of ODK Web Forms",
        program("npm").current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]),
    )?;
    Ok(modules)
}
