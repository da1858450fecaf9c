//! Rows of the survey sheet that begin and end groups, repeats and loops, and the `table-list` groups among them.

use crate::codes::Code;
use crate::names::is_reference;
use crate::parameters;
use crate::problem::{Place, Problem};
use crate::read_choices::ChoiceList;
use crate::read_survey::{Reader, apply_rule};
use crate::table::Map;
use crate::tree::{Id, Kind, Node, Text};
use crate::types::Control;
use std::collections::HashSet;

/// A group, repeat or loop that has begun.
pub(crate) struct Open {
    pub id: Id,
    pub control: Option<Control>,
    /// List of a loop.
    pub list: Option<String>,
    pub names: HashSet<String>,
    pub lower_names: HashSet<String>,
}

/// Whether the rows are inside of a `table-list` group, and the list that its selects share.
pub(crate) enum TableList {
    No,
    Waiting,
    List(String),
}

impl Reader<'_> {
    pub(crate) fn open(
        &mut self,
        control: Control,
        list: Option<&str>,
        name: &str,
        row: &Map,
        place: &Place,
        type_place: &Place,
    ) {
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
        crate::beyond::count_chosen(&mut node);
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

    pub(crate) fn close(&mut self, control: Control, at: &Place) {
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

    pub(crate) fn close_all(&mut self) {
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
}
