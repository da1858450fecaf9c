//! The survey sheet: rows to a tree of groups, repeats and questions.

use crate::codes::Code;
use crate::lex::is_dynamic_default;
use crate::made_names::check_made_names;
use crate::names::scan;
use crate::near::nearest;
use crate::parameters;
use crate::problem::{Place, Problem, Report};
use crate::read_choices::Choices;
use crate::read_groups::{Open, TableList};
use crate::read_settings::{Settings, yes};
use crate::table::{Cleaning, Columns, Further, Header, Map, Record, Table, column_of, read_table};
use crate::tree::{Action, FIRST_LOAD, Id, Kind, NEW_REPEAT, Node, ROOT, Text, Tree};
use crate::types::{self, Control, canonical, parse_begin, parse_end, parse_select, rule};
use crate::workbook::Sheet;
use std::collections::{HashMap, HashSet};

pub(crate) const COLUMNS: Columns = Columns {
    known: &[
        "type",
        "name",
        "label",
        "hint",
        "guidance_hint",
        "default",
        "instance",
        "trigger",
        "bind",
        "choice_filter",
        "control",
        "media",
        "parameters",
        "disabled",
        "intent",
        "sms_field",
        "sms_option",
    ],
    recased: &[],
    aliases: &[
        ("compact_tag", &["instance", "odk:tag"]),
        ("read_only", &["bind", "readonly"]),
        ("readonly", &["bind", "readonly"]),
        ("relevant", &["bind", "relevant"]),
        ("relevance", &["bind", "relevant"]),
        ("caption", &["label"]),
        ("appearance", &["control", "appearance"]),
        ("required", &["bind", "required"]),
        ("constraint", &["bind", "constraint"]),
        ("constraining_message", &["bind", "jr:constraintMsg"]),
        ("constraint_message", &["bind", "jr:constraintMsg"]),
        ("calculation", &["bind", "calculate"]),
        ("calculate", &["bind", "calculate"]),
        ("command", &["type"]),
        ("tag", &["name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
        ("count", &["control", "jr:count"]),
        ("repeat_count", &["control", "jr:count"]),
        ("jr:count", &["control", "jr:count"]),
        ("autoplay", &["control", "autoplay"]),
        ("rows", &["control", "rows"]),
        ("noapperrorstring", &["bind", "jr:noAppErrorString"]),
        ("no_app_error_string", &["bind", "jr:noAppErrorString"]),
        ("requiredmsg", &["bind", "jr:requiredMsg"]),
        ("required_message", &["bind", "jr:requiredMsg"]),
        ("body", &["control"]),
        ("save_to", &["bind", "entities:saveto"]),
        // A column of our own is one line here: `("its_name", &["tianye", "its_name"])` is the same as a column
        // `tianye::its_name`, an attribute of the bind that others ignore.
        ("soft_constraint", &["bind", "tianye:soft_constraint"]),
        ("soft_constraint_message", &["bind", "tianye:soft_constraint_message"]),
        ("non_answers", &["bind", "tianye:non_answers"]),
        ("check", &["bind", "tianye:check"]),
        ("min_seconds", &["bind", "tianye:min_seconds"]),
        ("repeat_over", &["bind", "tianye:repeat_over"]),
        ("renamed_from", &["bind", "tianye:renamed_from"]),
    ],
    is_text: |tokens| {
        let second = tokens.get(1).map_or("", |token| &**token);
        match tokens.first().map_or("", |token| &**token) {
            "label" | "hint" | "guidance_hint" => true,
            "bind" => MESSAGES.contains(&second),
            _ => false,
        }
    },
    strip: true,
    further: Further::Remarks,
};

/// What can be shown or played beside a label.
const MEDIA: [&str; 4] = ["image", "big-image", "audio", "video"];

/// Binds that hold expressions.
pub(crate) const EXPRESSIONS: [&str; 7] =
    ["readonly", "required", "relevant", "constraint", "calculate", "tianye:soft_constraint", "tianye:risk"];

/// Binds that hold texts for people.
pub(crate) const MESSAGES: [&str; 4] =
    ["jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString", "tianye:soft_constraint_message"];

/// What the survey sheet says.
pub(crate) struct Survey {
    pub tree: Tree,
    pub headers: Vec<Header>,
    /// How often each name stands in the name column.
    pub names: HashMap<String, usize>,
    pub or_other: bool,
    /// `form_title`, `form_id` given as rows.
    pub settings: Vec<(&'static str, String)>,
    pub records: Vec<Record>,
}

pub(crate) struct Reader<'a> {
    pub(crate) headers: &'a [Header],
    pub(crate) settings: &'a Settings,
    pub(crate) choices: &'a mut Choices,
    pub(crate) external: &'a Choices,
    osm: &'a Choices,
    pub(crate) report: &'a mut Report,
    pub(crate) tree: Tree,
    pub(crate) stack: Vec<Open>,
    pub(crate) table_list: TableList,
    meta: Vec<Node>,
    names: HashMap<String, usize>,
    pub(crate) repeat_names: HashSet<String>,
    pub(crate) or_other: bool,
    found_settings: Vec<(&'static str, String)>,
}

/// The sheets that questions refer to.
pub(crate) struct Lists<'a> {
    pub choices: &'a mut Choices,
    pub external: &'a Choices,
    pub osm: &'a Choices,
}

pub(crate) fn read_survey(
    sheet: &Sheet,
    settings: &Settings,
    Lists { choices, external, osm }: Lists<'_>,
    keep_curly_quotes: bool,
    report: &mut Report,
) -> Survey {
    let cleaning = Cleaning { keep_curly_quotes, default_language: &settings.default_language };
    let columns = Columns { strip: settings.clean_text_values, ..COLUMNS };
    let Table { headers, records } = read_table(sheet, &columns, cleaning, report);
    if column_of(&headers, &[&["type"]]).is_none() {
        let at = Place { row: sheet.rows.first().map(|r| r.number), ..Place::sheet(&sheet.name) };
        report.add(Problem::error(Code::MissingColumn).at(&at).arg("expected", "type"));
        let tree = Tree::new(&settings.root_name);
        return Survey { tree, headers, names: HashMap::new(), or_other: false, settings: Vec::new(), records };
    }
    let mut reader = Reader {
        headers: &headers,
        settings,
        choices,
        external,
        osm,
        report,
        tree: Tree::new(&settings.root_name).with_settings(&settings.values),
        stack: vec![Open { id: ROOT, control: None, list: None, names: HashSet::new(), lower_names: HashSet::new() }],
        table_list: TableList::No,
        meta: Vec::new(),
        names: HashMap::new(),
        repeat_names: HashSet::new(),
        or_other: false,
        found_settings: Vec::new(),
    };
    for record in &records {
        reader.read_row(record);
    }
    reader.close_all();
    reader.add_meta();
    let Reader { tree, names, or_other, found_settings, .. } = reader;
    check_made_names(&tree, report);
    Survey { tree, headers, names, or_other, settings: found_settings, records }
}

impl Reader<'_> {
    pub(crate) fn parent(&self) -> Id {
        self.stack.last().map_or(ROOT, |open| open.id)
    }

    /// Where a row should have something: below the first of these headers that the sheet has.
    pub(crate) fn place_of_missing(&self, row: &Place, columns: &[&[&str]]) -> Place {
        row.cell(column_of(self.headers, columns))
    }

    pub(crate) fn add(&mut self, mut node: Node) -> Id {
        let binds = node.bind.iter().flatten().map(|(name, _)| ("bind", name));
        let controls = node.control.iter().map(|(name, _)| ("control", name));
        let attributes = node.instance.iter().map(|(name, _)| ("instance", name));
        for (group, name) in binds.chain(controls).chain(attributes) {
            if name != "entities:saveto" && !self.settings.allows_name(name) {
                let at = node.place_of(&format!("{group}::{name}"));
                self.report.add(Problem::error(Code::ColumnRefused).at(&at).arg("found", format!("{group}::{name}")));
            }
        }
        for (kind, _) in node.media.iter().filter(|(kind, _)| !MEDIA.contains(&kind.as_str())) {
            let column = format!("media::{kind}");
            self.report.add(Problem::error(Code::ColumnRefused).at(&node.place_of(&column)).arg("found", column));
        }
        if node.label.is_none()
            && let Some(column) = column_of(self.headers, &[&["label"], &["name"]])
        {
            node.columns.insert("label".to_owned(), column);
        }
        let parent = self.parent();
        self.tree.add(parent, node)
    }

    fn read_row(&mut self, record: &Record) {
        let (row, place) = (&record.values, &record.place);
        if row.0.is_empty() || row.text("disabled").is_some_and(|d| yes(d) == Some(true)) {
            return;
        }
        let Some(kind) = row.cell("type") else {
            if row.get("name").is_some() || row.get("label").is_some() {
                self.report
                    .add(Problem::error(Code::QuestionWithoutType).at(&self.place_of_missing(place, &[&["type"]])));
            } else {
                self.report.add(Problem::note(Code::RowSkipped).at(place));
            }
            return;
        };
        let type_place = place.cell(Some(kind.column));
        let text = canonical(&kind.text);
        if let Some(setting) = setting_of(text) {
            self.found_settings.push((setting, row.text("name").unwrap_or_default().to_owned()));
            return;
        }
        if text == "audit" {
            self.read_audit(row, place);
            return;
        }
        if let Some(control) = parse_end(text) {
            if let Some(cell) = row.map("bind").and_then(|b| b.cell("entities:saveto")) {
                let at = place.cell(Some(cell.column));
                self.report.add(Problem::error(Code::SaveToOfGroup).at(&at).arg("found", &cell.text));
            }
            self.close(control, &type_place);
            return;
        }
        let Some(name) = self.name_of(row, text, place) else { return };
        if let Some((control, list)) = parse_begin(text) {
            self.open(control, list, &name, row, place, &type_place);
            return;
        }
        if let Some(select) = parse_select(text) {
            self.read_select(select, &name, row, place, &type_place);
            return;
        }
        self.read_question(text, &name, row, place, &type_place);
    }

    /// The name of a row, checked; notes get one.
    fn name_of(&mut self, row: &Map, text: &str, place: &Place) -> Option<String> {
        let Some(cell) = row.cell("name") else {
            if text == "note" {
                return Some(format!("generated_note_name_{}", place.row.unwrap_or_default()));
            }
            let at = self.place_of_missing(place, &[&["name"], &["type"]]);
            self.report.add(Problem::error(Code::QuestionWithoutName).at(&at));
            return None;
        };
        let (name, at) = (cell.text.clone(), place.cell(Some(cell.column)));
        if !self.settings.allows_name(&name) {
            self.report.add(Problem::error(Code::InvalidName).at(&at).arg("found", &name));
            return None;
        }
        *self.names.entry(name.clone()).or_default() += 1;
        if name == "meta" {
            self.report.add(Problem::error(Code::ReservedName).at(&at).arg("found", &name));
            return None;
        }
        let open = self.stack.last_mut()?;
        if !open.names.insert(name.clone()) {
            self.report.add(Problem::error(Code::DuplicateName).at(&at).arg("found", &name));
        } else if !open.lower_names.insert(name.to_lowercase()) {
            self.report.add(Problem::warning(Code::NameDiffersInCase).at(&at).arg("found", &name));
        }
        if !name.is_ascii() {
            self.report.add(Problem::note(Code::NameNotPortable).at(&at).arg("found", &name));
        }
        Some(name)
    }

    fn read_audit(&mut self, row: &Map, place: &Place) {
        if let Some(cell) = row.cell("name").filter(|c| c.text != "audit") {
            let at = place.cell(Some(cell.column));
            self.report.add(Problem::error(Code::AuditNamed).at(&at).arg("found", &cell.text));
        }
        let mut node = Node::of_row(Kind::Question, "audit", "audit", place, row);
        self.read_default(&mut node);
        apply_rule(&mut node, "audit");
        let at = node.place_of("parameters");
        let parameters = parameters::read(row.text("parameters"), "audit", false, &at, self.report);
        parameters::apply(&mut node, &parameters, &at, self.report);
        self.meta.push(node);
    }

    /// Default and trigger, which every question may have.
    pub(crate) fn read_default(&mut self, node: &mut Node) {
        let Some(default) = &node.default else { return };
        if !is_dynamic_default(default, &node.question_type) {
            return;
        }
        node.dynamic_default = true;
        node.actions.push(Action::new("setvalue", FIRST_LOAD));
        if self.stack.iter().any(|o| o.control == Some(Control::Repeat)) {
            node.actions.push(Action::new("setvalue", NEW_REPEAT));
        }
    }

    pub(crate) fn read_trigger(&mut self, node: &mut Node, row: &Map) {
        let Some(cell) = row.cell("trigger") else { return };
        let at = node.place.cell(Some(cell.column));
        if !cell.text.contains("${") {
            self.report.add(Problem::error(Code::TriggerNotReference).at(&at).arg("found", &cell.text));
            return;
        }
        for part in cell.text.split(',').filter(|p| !p.trim().is_empty()) {
            match scan(part.trim()).as_slice() {
                [Ok(reference)] => node.triggers.push(reference.name.to_owned()),
                // Another part is a question: this one is left out, as by pyxform, and said to be.
                [] => {
                    let problem = Problem::warning(Code::ExtraWord).at(&at).arg("column", "trigger");
                    self.report.add(problem.arg("expected", "${…}").arg("found", part.trim()));
                }
                _ => self.report.add(Problem::error(Code::TriggerNotReference).at(&at).arg("found", part.trim())),
            }
        }
    }

    fn read_question(&mut self, text: &str, name: &str, row: &Map, place: &Place, type_place: &Place) {
        if matches!(text, "csv-external" | "xml-external") {
            self.add(Node::of_row(Kind::External, name, text, place, row));
            return;
        }
        let (text, osm_list) = match text.split_once("osm ") {
            Some(("", list)) => ("osm", Some(list)),
            _ => (text, None),
        };
        if rule(text).is_none() {
            // A search for each row of a large sheet that is no form would take minutes.
            let near = if self.report.is_full() { None } else { nearest(text, types::OFFERED.iter().copied()) };
            self.report.add(Problem::error(Code::UnknownType).at(type_place).arg("found", text).maybe_near(near));
            return;
        }
        if matches!(rule(text).map_or("", |r| r.tag), "select" | "select1" | "odk:rank") {
            self.report_missing_list("", type_place);
            return;
        }
        let mut node = Node::of_row(Kind::Question, name, text, place, row);
        self.read_trigger(&mut node, row);
        self.read_default(&mut node);
        self.check_calculation(&node, row);
        match text {
            "background-audio" => node.actions.push(Action::new("odk:recordaudio", "odk-instance-load")),
            "start-geopoint" => node.actions.push(Action::new("odk:setgeopoint", FIRST_LOAD)),
            "simserial" | "subscriberid" => {
                self.report.add(Problem::warning(Code::DeadMetadata).at(type_place).arg("found", text));
            }
            "photo" => parameters::image_default(&mut node),
            _ => {}
        }
        let at = node.place_of("parameters");
        let parameters = parameters::read(row.text("parameters"), text, false, &at, self.report);
        apply_rule(&mut node, text);
        if text == "range" {
            let ticks = parameters.iter().find(|(k, _)| k == "tick_labelset").and_then(|(_, v)| self.choices.get(v));
            parameters::apply_range(&mut node, parameters, ticks, &at, self.report);
        } else {
            parameters::apply(&mut node, &parameters, &at, self.report);
        }
        if let Some(list) = osm_list.and_then(|l| self.osm.get(l)) {
            node.tags = list.choices.iter().map(|c| (c.name.clone(), c.label.clone())).collect();
        }
        self.add(node);
    }

    fn check_calculation(&mut self, node: &Node, row: &Map) {
        let calculates = row.map("bind").is_some_and(|b| b.get("calculate").is_some());
        let place = &node.place;
        match node.question_type.as_str() {
            "calculate" if !calculates && !node.dynamic_default => {
                let at = self.place_of_missing(place, &[&["bind", "calculate"], &["type"]]);
                self.report.add(Problem::error(Code::MissingCalculation).at(&at).arg("found", &node.name));
            }
            "background-geopoint" => {
                if node.triggers.is_empty() {
                    let at = self.place_of_missing(place, &[&["trigger"], &["type"]]);
                    self.report.add(Problem::error(Code::MissingTrigger).at(&at).arg("found", &node.name));
                }
                if calculates {
                    let at = node.place_of("bind::calculate");
                    self.report.add(Problem::error(Code::CalculationNotAllowed).at(&at).arg("found", &node.name));
                }
            }
            _ => {}
        }
    }

    pub(crate) fn report_missing_list(&mut self, list: &str, at: &Place) {
        let names = self.choices.lists.iter().map(|l| l.name.as_str());
        let problem = Problem::error(Code::UnknownList).at(at).arg("found", list).maybe_near(nearest(list, names));
        self.report.add(problem);
    }

    fn add_meta(&mut self) {
        let mut children = std::mem::take(&mut self.meta);
        let place = &self.settings.place;
        if self.settings.text("omit_instanceID").and_then(yes) != Some(true) {
            let mut id = Node::new(Kind::Question, "instanceID", "calculate", place.clone());
            id.set_bind("type", "string");
            id.set_bind("readonly", "true()");
            id.set_bind("jr:preload", self.settings.text("instance_id").unwrap_or("uid"));
            children.push(id);
            *self.names.entry("instanceID".into()).or_default() += 1;
        }
        if let Some(expression) = self.settings.values.cell("instance_name") {
            let mut name = Node::new(Kind::Question, "instanceName", "calculate", place.clone());
            name.columns.insert("bind::calculate".into(), expression.column);
            name.calculated_in = "instance_name";
            name.set_bind("type", "string");
            name.set_bind("calculate", &expression.text);
            children.push(name);
        }
        if children.is_empty() {
            return;
        }
        let mut meta = Node::new(Kind::Group, "meta", "group", Place::default());
        meta.bodyless = true;
        let meta = self.tree.add(ROOT, meta);
        for child in children {
            self.tree.add(meta, child);
        }
    }
}

fn setting_of(text: &str) -> Option<&'static str> {
    match text {
        "form_title" | "set_form_title" => Some("title"),
        "form_id" | "set_form_id" => Some("id_string"),
        _ => None,
    }
}

/// What the type says, under what the row says.
pub(crate) fn apply_rule(node: &mut Node, question_type: &str) {
    let Some(rule) = rule(question_type) else { return };
    if !rule.bind.is_empty() {
        let own = node.bind.take().unwrap_or_default();
        let from_type = rule.bind.iter().filter(|(k, _)| !own.iter().any(|(o, _)| o == k));
        let mut bind: Vec<(String, Text)> = from_type.map(|(k, v)| ((*k).to_owned(), parameters::plain(v))).collect();
        bind.extend(own);
        node.bind = Some(bind);
    }
    if !rule.media_type.is_empty() && node.control_text("mediatype").is_none() {
        node.set_control("mediatype", rule.media_type);
    }
    if !rule.hint.is_empty() && node.hint.is_none() {
        node.hint = parameters::plain(rule.hint);
    }
    if node.control_text("appearance") == Some("label") && node.label.is_none() {
        node.label = parameters::plain(" ");
    }
}
