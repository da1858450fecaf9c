//! From a workbook to an XForm, with problems that name sheet, row and column.
//!
//! A *workbook* is the XLSForm that a survey team writes: sheets `survey`, `choices`, `settings`, as xlsx, xls, ods, csv
//! or markdown tables. [`Workbook::read`] takes the bytes of such a file, [`convert`] makes the XForm (XML text) of it,
//! the same tree as the reference converter pyxform 4.5.0 makes, but for the points in
//! `tests/conformance/lists/workbooks.txt` and the decisions in [`convert`].
//!
//! What this room must not know: sessions, answers, storage, screens, the network, the clock. It reads bytes and returns
//! text and problems.
//!
//! Words: *workbook*, *sheet*, *row* (numbered as the spreadsheet program numbers it, from 1), *column* (numbered from 1,
//! shown as a letter), *cell*, *question* (a row of the survey sheet), *choice list*, *problem* (something a form author
//! should see), *code* (the public kebab-case name of a kind of problem, for catalogues of translations).

mod beyond;
mod check_compound;
mod check_expressions;
mod check_order;
mod check_packed;
mod check_reach;
mod check_references;
mod check_sheets;
mod check_types;
pub mod codes;
mod convert;
mod expand_loops;
mod kobo;
mod lex;
mod made_names;
mod names;
mod near;
mod offered;
mod parameters;
mod place_entities;
mod problem;
mod read_choices;
mod read_entities;
mod read_groups;
mod read_markdown;
mod read_rows;
mod read_select;
mod read_settings;
mod read_spreadsheet;
mod read_survey;
mod read_text;
mod read_xlsx;
mod resolve;
mod sources;
mod table;
mod tree;
mod types;
mod whole_form;
mod workbook;
mod write_body;
mod write_itemsets;
mod write_itext;
mod write_markdown;
mod write_model;
mod write_spreadsheet;
#[cfg(test)]
mod xlsx_both_ways;
mod xlsx_cells;
mod xlsx_formats;
mod xlsx_scan;
mod xlsx_text;
mod xml;

pub use codes::Code;
pub use convert::convert;
pub use near::nearest;
pub use offered::{columns, parameters_of};
pub use problem::{Excerpt, Problem, Severity, column_letters};
pub use sources::{Source, Sources};
pub use types::OFFERED as QUESTION_TYPES;
pub use workbook::{Format, ReadError, Row, Sheet, Workbook, limits};
pub use write_spreadsheet::WriteError;

/// How to convert. `Options::default()` suits a form for Tianye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The form id and title when the settings sheet gives none; usually the file name without its extension.
    pub form_name: String,
    /// The name of the instance's root element when the settings sheet gives none.
    pub root_name: String,
    /// Keep “ ” ‘ ’ as the author wrote them. Without it texts are written as pyxform writes them, for comparison: these
    /// quotes become straight, and `<`, `>` and `&` in an `instance(…)` look-up inside a text are escaped twice, which no
    /// engine can evaluate.
    pub keep_curly_quotes: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { form_name: "data".into(), root_name: "data".into(), keep_curly_quotes: true }
    }
}

/// An XForm made from a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The XForm document, UTF-8 XML without declaration.
    pub xform: String,
    /// `form_id` of the settings sheet, or [`Options::form_name`].
    pub form_id: String,
    /// `version` of the settings sheet; empty when there is none.
    pub version: String,
    /// `form_title` of the settings sheet, or the form id.
    pub title: String,
    /// The names of the form's languages as written (`中文 (zh)`), the default one first; empty for a form without
    /// translations.
    pub languages: Vec<String>,
    /// File names of the media and attached lists the form refers to, sorted, without doubles.
    pub media: Vec<String>,
    /// The table `itemsets.csv` that `select_one_external` asks: the sheet external_choices, with the labels of the default
    /// language in the column `label`. None for a form without that sheet.
    pub itemsets: Option<String>,
    /// Which cell each node of the form comes from.
    pub sources: Sources,
}

/// The namespace of Tianye's own attributes, prefix `tianye`: columns `tianye::name` of the survey sheet become
/// attributes `tianye:name` of the bind (the setting `tianye::purpose` one of the model), and so do the columns of `forms/guide/EXTRA-COLUMNS.md` (`soft_constraint`, …). pyxform
/// ignores such columns.
pub const TIANYE_NAMESPACE: &str = "https://tianye.cn/xforms/1";
