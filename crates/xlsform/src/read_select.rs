//! Rows of the survey sheet that offer choices.

use crate::codes::Code;
use crate::names::has_reference;
use crate::parameters;
use crate::problem::{Place, Problem};
use crate::read_choices::{Choice, ChoiceList};
use crate::read_survey::{Reader, apply_rule};
use crate::table::{Key, Map};
use crate::tree::{Kind, Node, Text};
use crate::types::Select;

/// Base name and extension: `schools.csv` is `schools` and `.csv`.
pub(crate) fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.').filter(|at| *at > 0) {
        Some(at) => name.split_at(at),
        None => (name, ""),
    }
}

/// Whether the extension is one of attached lists.
pub(crate) fn is_list_file(extension: &str) -> bool {
    matches!(extension, ".csv" | ".xml" | ".geojson")
}

impl Reader<'_> {
    pub(crate) fn read_select(&mut self, select: Select<'_>, name: &str, row: &Map, place: &Place, at: &Place) {
        let mut node = Node::of_row(Kind::Question, name, select.question_type, place, row);
        if let Some(found) = node.bind_text("type").filter(|t| !matches!(*t, "string" | "odk:rank")) {
            let problem = Problem::error(Code::ParameterValue)
                .at(&node.place_of("bind::type"))
                .arg("parameter", "bind::type")
                .arg("expected", "string")
                .arg("found", found);
            self.report.add(problem);
        }
        self.read_trigger(&mut node, row);
        self.read_default(&mut node);
        if !self.check_list(select, &node, at) {
            return;
        }
        let parameters_at = node.place_of("parameters");
        let raw = row.text("parameters");
        let read = parameters::read(raw, select.question_type, select.is_from_file(), &parameters_at, self.report);
        parameters::apply_select(&mut node, &read, &parameters_at, self.report);
        apply_rule(&mut node, select.question_type);
        if select.question_type == "select one external" {
            if node.choice_filter.is_some() {
                node.query = Some(select.list.to_owned());
            } else {
                let filter_at = self.place_of_missing(place, &[&["choice_filter"], &["type"]]);
                self.report.add(Problem::warning(Code::ExternalWithoutFilter).at(&filter_at).arg("found", name));
            }
        } else {
            node.itemset = Some(select.list.to_owned());
        }
        let other = if select.or_other { self.other_question(select, &node) } else { None };
        self.join_table_list(&mut node, select.list, place);
        self.add(node);
        if let Some(other) = other {
            self.add(other);
        }
    }

    /// Whether the list is there and suits the select.
    fn check_list(&mut self, select: Select<'_>, node: &Node, at: &Place) -> bool {
        let (_, extension) = split_extension(select.list);
        if select.is_from_file() {
            let one_suffix = select.list.trim_start_matches('.').matches('.').count() == 1;
            if !is_list_file(extension) || !one_suffix {
                self.report.add(Problem::error(Code::ListFileExtension).at(at).arg("found", select.list));
                return false;
            }
        }
        if select.question_type == "select one external" {
            if self.external.get(select.list).is_none() {
                self.report.add(Problem::error(Code::UnknownExternalList).at(at).arg("found", select.list));
                return false;
            }
            return true;
        }
        if has_reference(select.list) || is_list_file(extension) {
            if select.or_other {
                self.report.add(Problem::error(Code::OrOtherNeedsList).at(at).arg("found", &node.name));
                return false;
            }
            return true;
        }
        let Some(list) = self.choices.get(select.list) else {
            self.report_missing_list(select.list, at);
            return false;
        };
        if select.question_type == "select all that apply" {
            let spaced: Vec<Choice> = list.choices.iter().filter(|c| c.name.contains(' ')).cloned().collect();
            for choice in spaced {
                let problem = Problem::error(Code::ChoiceNameWithSpace).at(&choice.place);
                self.report.add(problem.arg("found", &choice.name).arg("list", select.list));
            }
        }
        true
    }

    /// The text question that `or_other` adds, and the choice that leads to it.
    fn other_question(&mut self, select: Select<'_>, node: &Node) -> Option<Node> {
        self.or_other = true;
        if node.choice_filter.is_some() {
            let at = node.place_of("choice_filter");
            self.report.add(Problem::error(Code::OrOtherWithFilter).at(&at).arg("found", &node.name));
            return None;
        }
        if let Some(list) = self.choices.get_mut(select.list) {
            add_other_choice(list, &node.place);
        }
        let mut other = Node::new(Kind::Question, &format!("{}_other", node.name), "text", node.place_of("type"));
        other.label = parameters::plain("Specify other.");
        other.set_bind("type", "string");
        other.set_bind("relevant", format!("selected(../{}, 'other')", node.name));
        Some(other)
    }
}

fn add_other_choice(list: &mut ChoiceList, place: &Place) {
    if list.choices.iter().any(|c| c.name == "other") {
        return;
    }
    let mut languages: Vec<Key> = Vec::new();
    for choice in &list.choices {
        if let Text::Translated(pieces) = &choice.label {
            for (language, _) in pieces {
                if !languages.contains(language) {
                    languages.push(language.clone());
                }
            }
        }
    }
    let label = if languages.is_empty() {
        parameters::plain("Other")
    } else {
        Text::Translated(languages.into_iter().map(|l| (l, "Other".to_owned())).collect())
    };
    list.choices.push(Choice {
        name: "other".to_owned(),
        label,
        media: Vec::new(),
        extra: Vec::new(),
        place: place.clone(),
    });
}
