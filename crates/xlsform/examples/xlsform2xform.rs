//! `cargo run -p tianye-xlsform --example xlsform2xform -- [--straight-quotes] FILE`
//!
//! Writes the XForm of a workbook to standard output and what should be said of it to standard error. Ends with 1 when the
//! workbook has errors.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use tianye_xlsform::{Format, Options, Workbook, convert};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, String> {
    let mut keep_curly_quotes = true;
    let mut file = None;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--straight-quotes" => keep_curly_quotes = false,
            _ => file = Some(argument),
        }
    }
    let file = file.ok_or("expected the name of a workbook: xlsform2xform [--straight-quotes] FILE")?;
    let format = Format::from_file_name(&file)
        .ok_or_else(|| format!("{file}: expected a name that ends with .md, .xlsx, .xls, .ods or .csv"))?;
    let bytes = std::fs::read(&file).map_err(|e| format!("{file}: {e}"))?;
    let workbook = Workbook::read(&bytes, format).map_err(|e| format!("{file}: {e}"))?;
    let form_name = Path::new(&file).file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let (converted, problems) = convert(&workbook, &Options { form_name, keep_curly_quotes, ..Options::default() });
    let mut errors = std::io::stderr().lock();
    for problem in &problems {
        writeln!(errors, "{file}: {problem}").map_err(|e| e.to_string())?;
    }
    let Some(converted) = converted else { return Ok(ExitCode::FAILURE) };
    std::io::stdout().write_all(converted.xform.as_bytes()).map_err(|e| e.to_string())?;
    Ok(ExitCode::SUCCESS)
}
