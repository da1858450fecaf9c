//! The library of scales: what is known of each, and whether a form may use it.
//!
//! A scale is a workbook in `forms/scales/` with one sheet more, `scale`, of facts. A form says by `tianye::scale` on a group
//! or a question that it uses one, and by `tianye::permission` on what evidence.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tianye_xform::Form;
use tianye_xlsform::Converted;

use crate::forms::workbook;
use crate::refusal::{Result, refuse};
use crate::view::{FormProblem, FormSeverity};

const SCALE: &str = "tianye:scale";
const PERMISSION: &str = "tianye:permission";

macro_rules! scales {
    ($($id:literal),* $(,)?) => {
        /// The scales by their ids, with their workbooks as markdown.
        pub const ALL: &[(&str, &str)] =
            &[$(($id, include_str!(concat!("../../../forms/scales/", $id, ".md")))),*];
    };
}

scales!(
    "who5",
    "rses",
    "cls",
    "ucla",
    "cyrm",
    "cdrisc",
    "psss",
    "ssrs",
    "sdq",
    "kidscreen10",
    "cesdc",
    "pedsql",
    "cdi",
    "piersharris",
);

/// The facts that every scale states.
pub const FACTS: [&str; 12] = [
    "name_zh",
    "name_en",
    "ages",
    "mode",
    "ship",
    "permission",
    "evidence",
    "licence",
    "source",
    "scoring",
    "problems",
    "checked",
];

/// What is known of a scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scale {
    /// Its id.
    pub id: String,
    /// The facts, by their names ([`FACTS`]).
    pub facts: BTreeMap<String, String>,
}

impl Scale {
    /// Whether a form may use it only with evidence of permission.
    #[must_use]
    pub fn needs_permission(&self) -> bool {
        self.fact("permission") != "not needed"
    }

    /// Whether its wording comes with the program.
    #[must_use]
    pub fn ships(&self) -> bool {
        self.fact("ship") == "yes"
    }

    /// A fact; empty if it is not stated.
    #[must_use]
    pub fn fact(&self, name: &str) -> &str {
        self.facts.get(name).map_or("", String::as_str)
    }
}

/// All scales.
///
/// # Errors
/// A workbook that cannot be read; the tests read them all.
pub fn library() -> Result<Vec<Scale>> {
    ALL.iter().map(|(id, text)| read(id, text)).collect()
}

fn read(id: &str, text: &str) -> Result<Scale> {
    let book = workbook(&format!("{id}.md"), text.as_bytes())?;
    let sheet = book.sheets.iter().find(|sheet| sheet.name == "scale");
    let sheet = sheet.ok_or_else(|| refuse("form-unusable", format!("expected a sheet scale in {id}, found none")))?;
    let fact = |cells: &[String]| Some((cells.first()?.trim().to_owned(), cells.get(1)?.trim().to_owned()));
    let rows = sheet.rows.iter().skip(1).map(|row| row.cells.iter().map(ToString::to_string).collect::<Vec<String>>());
    Ok(Scale { id: id.to_owned(), facts: rows.filter_map(|cells| fact(&cells)).collect() })
}

/// A scale that a form may not use as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpermitted {
    /// What the form calls it.
    pub scale: String,
    /// The first question of it.
    pub path: String,
    /// Whether the library knows it.
    pub known: bool,
}

/// The scales that a form uses without evidence of permission, and those that the library does not know.
#[must_use]
pub fn unpermitted(form: &Form) -> Vec<Unpermitted> {
    let library = library().unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for question in form.questions() {
        let said = |wanted: &str| {
            let attribute = question.attributes.iter().find(|(name, _)| name == wanted);
            attribute.map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let Some(scale) = said(SCALE) else { continue };
        let known = library.iter().find(|one| one.id == scale);
        let may = known.is_some_and(|one| !one.needs_permission()) || (known.is_some() && said(PERMISSION).is_some());
        if !may && seen.insert(scale.clone()) {
            found.push(Unpermitted { scale, path: question.path, known: known.is_some() });
        }
    }
    found
}

/// A real project uses only scales that are free or for which there is evidence of permission.
///
/// # Errors
/// `scale-permission`.
pub(crate) fn must_be_permitted(form: &Form) -> Result<()> {
    let Some(scale) = unpermitted(form).into_iter().next() else { return Ok(()) };
    let detail = format!("{}: expected evidence of permission for {}, found none", scale.path, scale.scale);
    Err(refuse("scale-permission", detail).with("found", scale.scale))
}

/// The same as problems of a workbook or an XForm.
pub(crate) fn problems(form: &Form, converted: Option<&Converted>) -> Vec<FormProblem> {
    let told = |one: Unpermitted| {
        let source = converted.and_then(|converted| converted.sources.get(&one.path, None));
        let detail = if one.known {
            format!("{} needs evidence of permission in tianye::permission, found none", one.scale)
        } else {
            format!("expected a scale of the library in tianye::scale, found {}", one.scale)
        };
        FormProblem {
            severity: FormSeverity::Warning,
            code: if one.known { "scale-permission" } else { "scale-unknown" }.to_owned(),
            sheet: source.as_ref().map(|source| source.sheet.to_owned()).unwrap_or_default(),
            row: source.as_ref().map_or(0, |source| source.row),
            column: String::new(),
            heading: "tianye::scale".to_owned(),
            line: source.as_ref().and_then(|source| source.line).unwrap_or(0),
            character: 0,
            field: one.path,
            excerpt: None,
            args: [("found".to_owned(), one.scale)].into(),
            detail,
        }
    };
    unpermitted(form).into_iter().map(told).collect()
}
