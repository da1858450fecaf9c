//! Exporting tables that a person asked for.

use std::path::Path;

use tianye_export::{Filled, Layout, file_name, tables, write};
use tianye_survey::{SiteKind, interview as fold};
use tianye_xform::Session;

use crate::book::entries_of;
use crate::desk::Desk;
use crate::filling::{settled, shown_state};
use crate::interview::open::{values, with_context};
use crate::interview::page::{language_code, small};
use crate::refusal::{Result, refuse};
use crate::view::{ExportFile, ExportInput, ExportReport, InterviewState};

/// Words of the frame columns, in one language.
struct Words {
    frame: [&'static str; 10],
    interview: &'static str,
    row: &'static str,
    practice: (&'static str, &'static str),
    ticked: (&'static str, &'static str),
    states: [&'static str; 6],
}

const CHINESE: Words = Words {
    frame: ["对象编号", "对象称呼", "县市", "乡镇", "学校", "班级", "访员", "状态", "表单版本", "未决冲突数"],
    interview: "记录编号",
    row: "行号",
    practice: ("练习", "练习项目，不是真实资料"),
    ticked: ("是", "否"),
    states: ["未开始", "草稿", "已完成", "更正中", "退回", "已通过"],
};

const ENGLISH: Words = Words {
    frame: [
        "respondent_code",
        "respondent_name",
        "county",
        "township",
        "school",
        "class",
        "interviewer",
        "state",
        "form_version",
        "open_conflicts",
    ],
    interview: "interview_id",
    row: "row",
    practice: ("practice", "practice project, not real data"),
    ticked: ("1", "0"),
    states: ["open", "draft", "finalised", "correcting", "sent back", "approved"],
};

/// Place of the respondent's name among the frame columns.
const NAME: usize = 1;

impl Desk {
    /// Writes the tables of a form into a folder: one for the form, one for each repeat.
    ///
    /// Fields in conflict are left blank and counted in a column of their own. Only interviews with an entry are
    /// written; a draft that was never paused is not.
    ///
    /// # Errors
    /// No such form; a folder that cannot be written; the store's refusal.
    pub fn export_csv(&self, input: &ExportInput, folder: &Path, language: &str) -> Result<ExportReport> {
        let words = if language.starts_with("en") { &ENGLISH } else { &CHINESE };
        let newest = self.newest_form(&input.form)?;
        let form = self.form(&newest)?;
        let mut filled = Vec::new();
        for (record, brief) in &self.book.interviews {
            let of_form = brief.form.is_some_and(|hash| self.form_words(Some(hash), language).1 == input.form);
            if !of_form {
                continue;
            }
            let entries = entries_of(&self.store, *record)?;
            let state = fold(*record, &entries, &self.book.team);
            let properties = self.properties();
            let session = with_context(&*self.world, &properties, |context| {
                Session::resume(form.clone(), values(&settled(&state)), context).0
            });
            filled.push(Filled {
                interview: record.to_string(),
                frame: self.frame(brief, words, input.names, language),
                fields: session.fields(),
            });
        }
        let wanted = |name: &&String| language.starts_with(&language_code(name)) && !language_code(name).is_empty();
        let practice = self.book.project.is_practice();
        let mut headings: Vec<String> = words.frame.iter().map(ToString::to_string).collect();
        if !input.names {
            headings.remove(NAME);
        }
        let layout = Layout {
            language: form
                .languages()
                .iter()
                .find(wanted)
                .cloned()
                .unwrap_or_else(|| form.default_language().to_owned()),
            labels: input.labels,
            frame: headings,
            interview: words.interview.to_owned(),
            row: words.row.to_owned(),
            practice: practice.then(|| (words.practice.0.to_owned(), words.practice.1.to_owned())),
            ticked: (words.ticked.0.to_owned(), words.ticked.1.to_owned()),
        };
        let failed = |why: std::io::Error| refuse("export-failed", format!("{}: {why}", folder.display()));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mark = match (practice, language.starts_with("en")) {
            (true, true) => "practice_",
            (true, false) => "练习_",
            (false, _) => "",
        };
        let mut files = Vec::new();
        for (at, table) in tables(&form, &filled, &layout).iter().enumerate() {
            let own = file_name(&input.form);
            let part = if at == 0 { String::new() } else { format!("_{}", file_name(&table.name)) };
            let name = format!("{mark}{own}{part}.csv");
            let file = std::fs::File::create(folder.join(&name)).map_err(failed)?;
            let mut output = std::io::BufWriter::new(file);
            write(table, &mut output)?;
            std::io::Write::flush(&mut output).map_err(failed)?;
            output.get_ref().sync_all().map_err(failed)?;
            files.push(ExportFile { name, rows: small(table.rows.len()) });
        }
        Ok(ExportReport { folder: folder.display().to_string(), files })
    }

    fn frame(&self, brief: &crate::book::Brief, words: &Words, names: bool, language: &str) -> Vec<String> {
        let heading = self.heading(brief.subject, brief.site, shown_state(brief.status), language);
        let subject = brief.subject.and_then(|subject| self.book.project.subject(&subject));
        let site = brief.site.or_else(|| subject.and_then(|subject| subject.site));
        let path = site.map(|site| self.book.project.site_path(&site)).unwrap_or_default();
        let level = |kind: SiteKind| {
            let found = path.iter().find(|(_, site)| site.kind == kind);
            found.map(|(_, site)| site.name.get(language).to_owned()).unwrap_or_default()
        };
        let mut people: Vec<String> = brief.interviewers.iter().map(|person| self.book.name(person)).collect();
        people.dedup();
        let state = match heading.state {
            InterviewState::Open => 0,
            InterviewState::Draft => 1,
            InterviewState::Finalised => 2,
            InterviewState::Correcting => 3,
            InterviewState::SentBack => 4,
            InterviewState::Approved => 5,
        };
        let version = brief.form.and_then(|hash| self.book.project.form_version(&hash));
        let mut frame = vec![
            heading.code,
            heading.name,
            level(SiteKind::County),
            level(SiteKind::Township),
            level(SiteKind::School),
            level(SiteKind::Class),
            people.join("、"),
            words.states[state].to_owned(),
            version.map(|(_, version)| version.form.version.clone()).unwrap_or_default(),
            brief.conflicts.to_string(),
        ];
        if !names {
            frame.remove(NAME);
        }
        frame
    }
}
