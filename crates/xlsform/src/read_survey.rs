//! The survey sheet: rows to a tree of groups, repeats and questions.

use crate::codes::Code;
use crate::lex::is_dynamic_default;
use crate::names::{is_reference, scan};
use crate::near::nearest;
use crate::parameters;
use crate::problem::{Place, Problem, Report};
use crate::read_choices::{ChoiceList, Choices};
use crate::read_settings::{Settings, yes};
use crate::table::{Cleaning, Columns, Further, Header, Map, Record, Table, column_of, read_table};
use crate::tree::{Action, FIRST_LOAD, Id, Kind, NEW_REPEAT, Node, ROOT, Text, Tree};
use crate::types::{self, Control, canonical, parse_begin, parse_end, parse_select, rule};
use crate::workbook::Sheet;
use std::collections::{HashMap, HashSet};

const COLUMNS: Columns = Columns {
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
    ],
    is_text: |tokens| {
        let second = tokens.get(1).map_or("", String::as_str);
        match tokens.first().map_or("", String::as_str) {
            "label" | "hint" | "guidance_hint" => true,
            "bind" => matches!(second, "jr:constraintMsg" | "jr:requiredMsg" | "jr:noAppErrorString"),
            _ => false,
        }
    },
    strip: true,
    further: Further::Remarks,
};

/// What can be shown or played beside a label.
const MEDIA: [&str; 4] = ["image", "big-image", "audio", "video"];

/// Binds that hold expressions.
pub(crate) const EXPRESSIONS: [&str; 5] = ["readonly", "required", "relevant", "constraint", "calculate"];

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

struct Open {
    id: Id,
    control: Option<Control>,
    /// List of a loop.
    list: Option<String>,
    names: HashSet<String>,
    lower_names: HashSet<String>,
}

enum TableList {
    No,
    Waiting,
    List(String),
}

pub(crate) struct Reader<'a> {
    headers: &'a [Header],
    settings: &'a Settings,
    pub(crate) choices: &'a mut Choices,
    pub(crate) external: &'a Choices,
    osm: &'a Choices,
    pub(crate) report: &'a mut Report,
    pub(crate) tree: Tree,
    stack: Vec<Open>,
    table_list: TableList,
    meta: Vec<Node>,
    names: HashMap<String, usize>,
    repeat_names: HashSet<String>,
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
    Survey { tree, headers, names, or_other, settings: found_settings, records }
}

impl Reader<'_> {
    fn parent(&self) -> Id {
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

    fn open(&mut self, control: Control, list: Option<&str>, name: &str, row: &Map, place: &Place, type_place: &Place) {
        let kind = if control == Control::Repeat { Kind::Repeat } else { Kind::Group };
        let mut node = Node::of_row(kind, name, control.as_str(), place, row);
        node.guidance = Text::None;
        self.read_trigger(&mut node, row);
        parameters::read(row.text("parameters"), control.as_str(), false, &node.place_of("parameters"), self.report);
        if kind == Kind::Repeat {
            let at = node.place_of("name");
            if name == self.settings.root_name {
                self.report.add(Problem::error(Code::RepeatNamedLikeForm).at(&at).arg("found", name));
            } else if !self.repeat_names.insert(name.to_owned()) {
                self.report.add(Problem::error(Code::DuplicateRepeatName).at(&at).arg("found", name));
            }
            if node.label.is_none() && node.media.is_empty() {
                let at = self.place_of_missing(place, &[&["label"], &["name"]]);
                self.report.add(Problem::warning(Code::RepeatWithoutLabel).at(&at).arg("found", name));
            }
        }
        if control == Control::Loop && list.is_none_or(|l| self.choices.get(l).is_none()) {
            self.report_missing_list(list.unwrap_or_default(), type_place);
        }
        self.move_count(&mut node);
        if let Some(intent) = row.text("intent") {
            node.set_control("intent", intent);
        }
        let table_label = self.start_table_list(&mut node, place);
        let id = self.add(node);
        if let Some(label) = table_label {
            self.tree.add(id, label);
        }
        self.stack.push(Open {
            id,
            control: Some(control),
            list: list.map(str::to_owned),
            names: HashSet::new(),
            lower_names: HashSet::new(),
        });
    }

    /// A count that is more than a reference moves to a calculate of its own beside the repeat.
    fn move_count(&mut self, node: &mut Node) {
        let Some(count) = node.control_text("jr:count").filter(|c| !is_reference(c)).map(str::to_owned) else { return };
        let name = format!("{}_count", node.name);
        let mut calculate = Node::new(Kind::Question, &name, "calculate", node.place_of("control::jr:count"));
        calculate.columns =
            node.columns.get("control::jr:count").map(|c| ("bind::calculate".into(), *c)).into_iter().collect();
        calculate.set_bind("type", "string");
        calculate.set_bind("readonly", "true()");
        calculate.set_bind("calculate", count);
        self.add(calculate);
        node.set_control("jr:count", format!("${{{name}}}"));
    }

    /// A `table-list` group becomes a field-list whose label is a note of its own.
    fn start_table_list(&mut self, node: &mut Node, place: &Place) -> Option<Node> {
        let appearance = node.control_text("appearance")?.to_owned();
        if !appearance.split_whitespace().any(|w| w == "table-list") {
            return None;
        }
        self.table_list = TableList::Waiting;
        let others = appearance.split_whitespace().filter(|w| *w != "table-list");
        node.set_control("appearance", std::iter::once("field-list").chain(others).collect::<Vec<_>>().join(" "));
        if node.label.is_none() && node.hint.is_none() {
            return None;
        }
        let name = format!("generated_table_list_label_{}", place.row.unwrap_or_default());
        let mut label = Node::new(Kind::Question, &name, "note", place.clone());
        label.bind =
            Some(vec![("readonly".into(), parameters::plain("true()")), ("type".into(), parameters::plain("string"))]);
        label.label = std::mem::take(&mut node.label);
        label.hint = std::mem::take(&mut node.hint);
        Some(label)
    }

    fn close(&mut self, control: Control, at: &Place) {
        let open = self.stack.last().and_then(|o| o.control);
        if open != Some(control) {
            let mut problem =
                Problem::error(Code::UnmatchedEnd).at(at).arg("found", format!("end_{}", control.as_str()));
            if let Some(open) = open {
                let row = self.tree.nodes[self.parent()].place.row.unwrap_or_default();
                problem = problem.arg("near", format!("end_{} for row {row}", open.as_str()));
            }
            self.report.add(problem);
            return;
        }
        if let Some(Open { id, list: Some(list), .. }) = self.stack.pop()
            && let Some(list) = self.choices.get(&list).filter(|_| control == Control::Loop).cloned()
        {
            self.check_loop_names(&list);
            crate::expand_loops::expand(&mut self.tree, id, &list);
        }
        self.table_list = TableList::No;
    }

    /// Each choice of a loop's list becomes a group with its name.
    fn check_loop_names(&mut self, list: &ChoiceList) {
        let mut names = HashSet::new();
        for choice in &list.choices {
            let code = if !self.settings.allows_name(&choice.name) {
                Code::InvalidName
            } else if !names.insert(&choice.name) {
                Code::DuplicateName
            } else {
                continue;
            };
            self.report.add(Problem::error(code).at(&choice.place).arg("found", &choice.name));
        }
    }

    fn close_all(&mut self) {
        for open in self.stack.drain(1..).rev() {
            let node = &self.tree.nodes[open.id];
            let control = open.control.map_or("group", Control::as_str);
            let problem = Problem::error(Code::UnmatchedBegin)
                .at(&node.place_of("type"))
                .arg("found", format!("begin_{control}"))
                .arg("expected", format!("end_{control}"))
                .arg("name", &node.name);
            self.report.add(problem);
        }
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
            let problem = Problem::error(Code::UnknownType)
                .at(type_place)
                .arg("found", text)
                .maybe_near(nearest(text, types::OFFERED.iter().copied()));
            self.report.add(problem);
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

    /// The first select of a table-list is preceded by one that shows the labels of the choices.
    pub(crate) fn join_table_list(&mut self, node: &mut Node, list: &str, place: &Place) {
        match &self.table_list {
            TableList::No => return,
            TableList::Waiting => {
                if node.choice_filter.is_some() {
                    let at = node.place_of("choice_filter");
                    self.report.add(Problem::error(Code::TableListFilter).at(&at));
                }
                let name = format!("reserved_name_for_field_list_labels_{}", place.row.unwrap_or_default());
                let mut header = Node::new(Kind::Question, &name, &node.question_type, place.clone());
                apply_rule(&mut header, &node.question_type);
                header.set_control("appearance", "label");
                header.label = parameters::plain(" ");
                header.itemset = Some(list.to_owned());
                self.add(header);
                self.table_list = TableList::List(list.to_owned());
            }
            TableList::List(first) if first != list => {
                let problem = Problem::error(Code::TableListMixed).at(&node.place_of("type"));
                self.report.add(problem.arg("found", list).arg("expected", first));
            }
            TableList::List(_) => {}
        }
        node.set_control("appearance", "list-nolabel");
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
