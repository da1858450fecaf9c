//! What a child tells of harm: beside the acts in the parent module, the files of reports.

use tauri::State;
use tianye_desk::view::FilePart;

use super::Answer;
use crate::shell::Shell;

desk! {
    /// A part of a file that a report holds.
    report_file(report: String, name: String, part: u32) -> FilePart,
    |desk, report, name, part| desk.report_file(&report, &name, part)
}
