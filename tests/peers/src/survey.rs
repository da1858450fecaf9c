//! What a workbook's survey sheet says of each name, and who reads whom.

use std::collections::{BTreeMap, BTreeSet};

/// A row of the survey sheet.
#[derive(Debug, Default, Clone)]
pub struct Line {
    /// The first word of the type.
    pub kind: String,
    /// Filled cells by column.
    pub cells: BTreeMap<String, String>,
    /// Groups and repeats around it, outermost first.
    pub groups: Vec<String>,
}

/// The survey sheet by name.
#[derive(Debug, Default)]
pub struct Survey {
    lines: BTreeMap<String, Line>,
    reads: BTreeMap<String, BTreeSet<String>>,
}

impl Survey {
    /// Reads the survey table of a workbook in markdown.
    pub fn read(markdown: &str) -> Self {
        let mut survey = Self::default();
        let (mut sheet, mut columns, mut groups) = (String::new(), Vec::new(), Vec::<String>::new());
        for line in markdown.lines().filter(|line| line.starts_with('|')) {
            let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
            if !cells[0].is_empty() {
                (sheet, columns) = (cells[0].clone(), Vec::new());
            } else if columns.is_empty() {
                columns = cells;
            } else if sheet == "survey" {
                survey.line(&columns, &cells, &mut groups);
            }
        }
        survey
    }

    fn line(&mut self, columns: &[String], cells: &[String], groups: &mut Vec<String>) {
        let cells: BTreeMap<String, String> =
            columns.iter().cloned().zip(cells.iter().cloned()).filter(|(_, cell)| !cell.is_empty()).collect();
        let kind = cells.get("type").map_or("", |kind| kind.split(' ').next().unwrap_or_default()).to_owned();
        let Some(name) = cells.get("name").cloned() else {
            if kind.starts_with("end_") {
                groups.pop();
            }
            return;
        };
        let mut reads: BTreeSet<String> = groups.iter().cloned().collect();
        for cell in cells.values() {
            reads.extend(cell.split("${").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.trim().to_owned())));
        }
        self.reads.insert(name.clone(), reads);
        self.lines.insert(name.clone(), Line { kind: kind.clone(), cells, groups: groups.clone() });
        if kind.starts_with("begin_") {
            groups.push(name);
        }
    }

    /// The line that made a node: its own, or that of the repeat or question which the converter made it for.
    pub fn origin<'a>(&self, name: &'a str) -> &'a str {
        let made = ["_count", "_other"].iter().find_map(|end| name.strip_suffix(end));
        if self.lines.contains_key(name) {
            name
        } else {
            made.filter(|name| self.lines.contains_key(*name)).unwrap_or(name)
        }
    }

    /// The line of a name.
    pub fn get(&self, name: &str) -> Line {
        self.lines.get(self.origin(name)).cloned().unwrap_or_default()
    }

    /// All expressions of a name in one text.
    pub fn expressions(&self, name: &str) -> String {
        let line = self.get(name);
        let wanted = [
            "calculation",
            "relevant",
            "constraint",
            "required",
            "read_only",
            "default",
            "choice_filter",
            "repeat_count",
        ];
        wanted.iter().filter_map(|column| line.cells.get(*column)).cloned().collect::<Vec<_>>().join(" ; ")
    }

    /// Everything a name reads, directly or not, with itself and the groups around it.
    pub fn all_read(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut ahead = vec![self.origin(name).to_owned()];
        while let Some(name) = ahead.pop() {
            if found.insert(name.clone()) {
                ahead.extend(self.reads.get(&name).into_iter().flatten().cloned());
            }
        }
        found
    }

    /// The node, or a group around it, is only asked under a condition.
    pub fn is_conditional(&self, name: &str) -> bool {
        let line = self.get(name);
        let condition = |name: &String| self.get(name).cells.contains_key("relevant");
        line.cells.contains_key("relevant") || line.groups.iter().any(condition)
    }

    /// The first value of the node is computed.
    pub fn has_dynamic_default(&self, name: &str) -> bool {
        self.get(name).cells.get("default").is_some_and(|value| value.contains('(') || value.contains("${"))
    }

    /// The node reads, directly or not, something that depends on the active language.
    pub fn reads_language(&self, name: &str) -> bool {
        self.all_read(name).iter().any(|name| self.expressions(name).contains("jr:choice-name("))
    }

    /// The node reads, directly or not, a question whose choices depend on another.
    pub fn reads_filtered(&self, name: &str) -> bool {
        self.all_read(name).iter().any(|name| self.get(name).cells.contains_key("choice_filter"))
    }

    /// The node is a repeat, stands in one or reads something that does.
    pub fn touches_repeat(&self, name: &str) -> bool {
        self.all_read(name).iter().any(|name| self.in_repeat(name) || self.get(name).kind == "begin_repeat")
    }

    /// The node stands in a repeat.
    pub fn in_repeat(&self, name: &str) -> bool {
        self.get(name).groups.iter().any(|group| self.get(group).kind == "begin_repeat")
    }
}
