//! A copy of a report's file outside Tianye, in plain: for the police, who take no sealed ones.
//!
//! Only holders make one, with a reason, and it is a line of the report before it is a file. The list of exports does not tell
//! of it: leads read that, and would learn that there is a report.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use tianye_survey::{Attachment, ReportAct, SavedCopy};

use super::acts::{short_enough, unknown_report};
use super::reading::files_of;
use crate::capturing::open_part;
use crate::desk::Desk;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::view::{CopyInput, ReportView};

impl Desk {
    /// Whether a copy may be made, and under which name: asked before a person says where to. Nothing is written.
    ///
    /// # Errors
    /// `no-right` for who is no holder; `copy-reason` without a reason; `too-long`; `attachment-missing` while not all of the file
    /// has come, `attachment-damaged`; the store's refusal.
    pub fn may_copy_report_file(&self, input: &CopyInput) -> Result<String> {
        if !self.is_holder() {
            return Err(refuse("copy-no-right", "expected a safeguarding holder, found another role"));
        }
        short_enough(&input.reason)?;
        if input.reason.trim().is_empty() {
            return Err(refuse("copy-reason", "expected what the copy is for, found nothing"));
        }
        let file = self.file_of_report(&input.report, &input.name)?;
        (0..small(file.chunks.len())).try_for_each(|part| open_part(&self.store, &file, part).map(drop))?;
        Ok(file.name)
    }

    /// Writes a copy of a report's file, in plain. That it was made, by whom and what for, is in the report before the file is.
    ///
    /// # Errors
    /// As [`Self::may_copy_report_file`]; `file` if it cannot be written: what was begun of it is taken away.
    pub fn copy_report_file(&mut self, input: &CopyInput, to: &Path) -> Result<ReportView> {
        self.may_copy_report_file(input)?;
        let file = self.file_of_report(&input.report, &input.name)?;
        let report = self.readable(&input.report)?;
        let saved = SavedCopy { file: file.name.clone(), reason: input.reason.trim().into() };
        self.say(report, ReportAct::CopySaved(Box::new(saved)))?;
        self.write_plain(&file, to)?;
        self.report(report)
    }

    fn write_plain(&self, file: &Attachment, to: &Path) -> Result<()> {
        let cannot = |why: std::io::Error| {
            refuse("file", format!("{}: {why}", to.display())).with("file", to.display().to_string())
        };
        let mut out = File::create(to).map_err(cannot)?;
        let written = (0..small(file.chunks.len()))
            .try_for_each(|part| out.write_all(&open_part(&self.store, file, part)?).map_err(cannot))
            .and_then(|()| out.sync_all().map_err(cannot));
        if written.is_err() {
            drop(out);
            // Half of it helps nobody.
            let _ = std::fs::remove_file(to);
        }
        written
    }

    fn file_of_report(&self, report: &str, name: &str) -> Result<Attachment> {
        let report = self.readable(report)?;
        let read = self.read_reports()?;
        let state = read.reports.get(&report).ok_or_else(unknown_report)?;
        let file = files_of(state).find(|file| file.name == name).cloned();
        file.ok_or_else(|| refuse("attachment-missing", "expected a file of the report, found none").with("file", name))
    }
}
