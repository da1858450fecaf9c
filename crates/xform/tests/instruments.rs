//! The project's own instruments: each loads without a problem, starts, and shows pages.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is test code throughout")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use common::Scenario;
use tianye_xform::{Form, Media, Severity};
use tianye_xlsform::{Format, Options, Workbook, convert};

#[test]
fn each_instrument_loads_and_starts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|ending| ending != "md") || file.ends_with("README.md") {
            continue;
        }
        seen += 1;
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let workbook = Workbook::read(&std::fs::read(&file).unwrap(), Format::Markdown).unwrap();
        let (converted, problems) = convert(&workbook, &Options::default());
        let Some(converted) = converted else { panic!("{name}: {problems:#?}") };
        let start = Instant::now();
        let (form, problems) = Form::parse(&converted.xform, &Media::none());
        let load = start.elapsed();
        let errors: Vec<String> =
            problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
        let form = Arc::new(form.unwrap_or_else(|| panic!("{name}: {errors:#?}")));
        let s = Scenario::new(&form);
        let outline = s.session.outline();
        let starts = start.elapsed() - load;
        println!(
            "{name}: {} questions, {} pages, load {load:?}, start {starts:?}",
            form.questions().len(),
            outline.pages().count()
        );
        for problem in &problems {
            println!("  {problem}");
        }
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        assert!(s.session.troubles().is_empty(), "{name}: {:#?}", s.session.troubles());
        assert!(outline.pages().next().is_some(), "{name} has no pages");
        let (again, leftovers) = s.resumed();
        assert!(leftovers.is_empty(), "{name}: {leftovers:?}");
        assert_eq!(again.state(), s.state(), "{name}");
    }
    assert!(seen > 0, "no instruments found");
}
