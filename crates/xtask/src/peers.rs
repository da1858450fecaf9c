//! Our form engine beside the reference tools: pyxform, ODK Validate, JavaRosa (ODK Collect), and the engine of ODK Web
//! Forms. `tests/peers` says what is compared.

use std::path::{Path, PathBuf};

use crate::step::{Outcome, answer_of, program, root, say, step, target};
use crate::{pyxform, setup};

/// What the reference tools are started with.
#[expect(dead_code, reason = "the drivers are for whoever measures or compares")]
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

/// Shows that ODK Validate passes the XForms we make of the forms in `forms/`, and that pyxform makes the same ones.
pub fn peers(args: &[&str]) -> Outcome {
    if !args.is_empty() {
        return Err(format!("peers takes no arguments, found {args:?}"));
    }
    let peers = install()?;
    let forms = pyxform::forms()?;
    pyxform::same_trees("Compare our XForms with the reference converter's", &peers.python, forms.clone())?;
    let work = target().join("peers/work");
    std::fs::create_dir_all(&work).map_err(|why| format!("cannot make {}: {why}", work.display()))?;
    let mut xforms = Vec::new();
    for form in forms {
        let xform = work.join(form.file_name().unwrap_or_default()).with_extension("xml");
        let text = answer_of(program(target().join("debug/examples/xlsform2xform")).arg(&form))
            .ok_or_else(|| format!("we refuse {}", form.display()))?;
        std::fs::write(&xform, text).map_err(|why| format!("cannot write {}: {why}", xform.display()))?;
        xforms.push(xform);
    }
    step("Validate our XForms", program("java").arg("-jar").arg(&peers.jar).args(xforms))
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
