//! The settings sheet.

use crate::Options;
use crate::codes::Code;
use crate::names::{is_ncname, is_xml_name};
use crate::problem::{Place, Problem, Report};
use crate::table::{Cleaning, Columns, Further, Key, Map, Value, read_table};
use crate::workbook::Workbook;

/// What the settings sheet says, with its defaults filled in.
#[derive(Debug)]
pub(crate) struct Settings {
    pub root_name: String,
    pub form_id: String,
    pub title: String,
    pub version: String,
    pub default_language: String,
    pub clean_text_values: bool,
    pub allow_choice_duplicates: bool,
    pub add_none_option: bool,
    pub place: Place,
    pub values: Map,
    /// For which purposes of consent the form asks (`tianye::purpose`): words, parted by one space.
    pub purpose: String,
    /// What the form is about (`tianye::about`): a word; empty where it says nothing.
    pub about: String,
    /// How many minutes it is expected to take (`tianye::minutes`); empty where it says nothing.
    pub minutes: String,
    /// `attribute::x` columns.
    pub attributes: Vec<(String, String)>,
}

impl Settings {
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.text(key)
    }

    /// The attributes of the model that only this program knows, of those that are said.
    pub fn own(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [("tianye:purpose", &self.purpose), ("tianye:about", &self.about), ("tianye:minutes", &self.minutes)];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.as_str()))
    }

    /// Prefixes and names of the namespaces that the form declares besides the usual ones: `a="http://a" b="http://b"`.
    pub fn namespaces(&self) -> Vec<(&str, String)> {
        let pairs = self.text("namespaces").unwrap_or_default().split_whitespace();
        let pairs = pairs.filter_map(|pair| match pair.split('=').collect::<Vec<_>>().as_slice() {
            [prefix, uri] if is_ncname(prefix) => Some((*prefix, uri.replace(['"', '\''], ""))),
            _ => None,
        });
        pairs.collect()
    }

    /// Whether a name can stand in the form: an XML name whose prefix, if any, is declared.
    pub fn allows_name(&self, name: &str) -> bool {
        let usual = ["h", "ev", "xsd", "jr", "orx", "odk", "tianye"];
        is_xml_name(name)
            && name.split_once(':').is_none_or(|(prefix, _)| {
                usual.contains(&prefix) || self.namespaces().iter().any(|(declared, _)| *declared == prefix)
            })
    }

    pub fn place_of(&self, key: &str) -> Place {
        self.place.cell(self.values.cell(key).map(|c| c.column))
    }
}

/// `yes`, `true()` and their kin.
pub(crate) fn yes(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "false()" => Some(false),
        _ => None,
    }
}

pub(crate) const COLUMNS: Columns = Columns {
    known: &[
        "title",
        "id_string",
        "name",
        "version",
        "default_language",
        "style",
        "instance_name",
        "instance_id",
        "submission_url",
        "public_key",
        "auto_send",
        "auto_delete",
        "allow_choice_duplicates",
        "clean_text_values",
        "omit_instanceID",
        "namespaces",
        "instance_xmlns",
        "attribute",
        "client_editable",
        "add_none_option",
        "flat",
        "entity_version",
        "prefix",
        "delimiter",
        "sms_keyword",
        "sms_separator",
        "sms_allow_media",
        "sms_date_format",
        "sms_datetime_format",
        "sms_response",
        "label",
        "type",
        "bind",
        "control",
        "media",
        "instance",
        "tianye",
    ],
    recased: &[],
    aliases: &[
        ("form_title", &["title"]),
        ("set_form_title", &["title"]),
        ("form_id", &["id_string"]),
        ("set_form_id", &["id_string"]),
        ("prefix", &["prefix"]),
    ],
    is_text: |tokens| tokens.len() == 1 && *tokens[0] == *"title",
    strip: false,
    further: Further::Remarks,
};

pub(crate) fn read_settings(workbook: &Workbook, options: &Options, report: &mut Report) -> Settings {
    let cleaning = Cleaning { keep_curly_quotes: options.keep_curly_quotes, default_language: "default" };
    let (mut values, mut place) = (Map::default(), Place::sheet("settings"));
    if let Some(sheet) = workbook.sheet("settings") {
        let sheet = without_doubled_id(sheet);
        let table = read_table(&sheet, &COLUMNS, cleaning, report);
        if let Some(extra) = table.records.get(1) {
            report.add(Problem::warning(Code::SecondSettingsRow).at(&extra.place));
        }
        if let Some(record) = table.records.into_iter().next() {
            (values, place) = (record.values, record.place);
        }
    }
    let text = |key: &str, or: &str| values.text(key).unwrap_or(or).to_owned();
    let flag = |key: &str, or: bool| values.text(key).and_then(yes).unwrap_or(or);
    let form_id = text("id_string", &options.form_name);
    let attributes = values.map("attribute").map(|map| {
        let cell = |(k, v): &(Key, Value)| match v {
            Value::Cell(cell) => Some((k.to_string(), cell.text.clone())),
            Value::Map(_) => None,
        };
        map.0.iter().filter_map(cell).collect()
    });
    let purpose = values.map("tianye").and_then(|map| map.text("purpose")).unwrap_or_default();
    let purpose = purpose.split_whitespace().collect::<Vec<_>>().join(" ");
    let minutes = values.map("tianye").and_then(|map| map.text("minutes")).unwrap_or_default().trim().to_owned();
    let about = values.map("tianye").and_then(|map| map.text("about")).unwrap_or_default().trim().to_owned();
    let settings = Settings {
        purpose,
        about,
        minutes,
        root_name: text("name", &options.root_name),
        title: text("title", &form_id),
        version: text("version", ""),
        default_language: text("default_language", "default"),
        clean_text_values: flag("clean_text_values", true),
        allow_choice_duplicates: flag("allow_choice_duplicates", false),
        add_none_option: flag("add_none_option", false),
        attributes: attributes.unwrap_or_default(),
        form_id,
        place,
        values,
    };
    if !is_xml_name(&settings.root_name) {
        let at = settings.place_of("name");
        report.add(Problem::error(Code::InvalidName).at(&at).arg("found", &settings.root_name));
    }
    if settings.text("omit_instanceID").and_then(yes) == Some(true) && settings.text("public_key").is_some() {
        report.add(Problem::error(Code::EncryptionNeedsInstanceId).at(&settings.place_of("omit_instanceID")));
    }
    settings
}

/// `form_id` and the older `id_string` side by side: the new one counts.
fn without_doubled_id(sheet: &crate::Sheet) -> crate::Sheet {
    let mut sheet = sheet.clone();
    let Some(header) = sheet.rows.first() else { return sheet };
    let position = |name: &str| header.cells.iter().position(|c| c.trim() == name);
    if let (Some(_), Some(old)) = (position("form_id"), position("id_string")) {
        for row in &mut sheet.rows {
            if let Some(cell) = row.cells.get_mut(old) {
                cell.clear();
            }
        }
    }
    sheet
}
