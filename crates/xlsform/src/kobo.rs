//! KoboToolbox's own rows: scores, rankings and matrices, which its server writes out as groups of ordinary questions
//! before pyxform sees them. The same groups, questions and names come of them here, so that answers have the same places.
//!
//! A matrix is laid out as a grid there; here each of its rows is one page, whose questions name the row.

use crate::codes::Code;
use crate::problem::{Place, Problem, Report};
use crate::table::{self, Key, tokens_of};
use crate::workbook::{Row, Workbook, limits};
use crate::{read_choices, read_survey};
use std::collections::HashMap;

/// The workbook with Kobo's own rows written out; `None` when it has none. Rows keep the numbers of those they come from.
/// What does not go together (a list that is not named, a row of a score outside one) is left to the reader, which knows no
/// such type; what is larger than any questionnaire is told and left out.
pub(crate) fn written_out(workbook: &Workbook, report: &mut Report) -> Option<Workbook> {
    let at = workbook.sheets.iter().position(|sheet| sheet.name.trim().eq_ignore_ascii_case("survey"))?;
    let (head, rows) = workbook.sheets[at].rows.split_first()?;
    let mut columns = Columns::of(head, &read_survey::COLUMNS);
    let type_column = columns.find("type")?;
    let is_begin = |row: &Row| row.cells.get(type_column).is_some_and(|kind| Shape::of(kind, "begin").is_some());
    if !rows.iter().any(is_begin) {
        return None;
    }
    // What the rows written out say, whether the author has a column for it or not.
    let needed = ["name", "label", "appearance", "required", "relevant", "constraint"];
    let [name, _, appearance, required, relevant, constraint] = needed.map(|name| columns.need(name));
    let labels = columns.all("label");
    if columns.find("constraint_message").is_none() {
        // In the languages that labels are in: Kobo has one text for all of them.
        for at in &labels {
            let heading = columns.heads[*at].split_once(':').map_or("", |(_, language)| language).to_owned();
            columns.push(if heading.is_empty() {
                "constraint_message".to_owned()
            } else {
                format!("constraint_message:{heading}")
            });
        }
    }
    let messages = columns.all("constraint_message");
    let automatic = columns.find("$autoname");
    let mut out = Written {
        items: HashMap::new(),
        left: limits::KOBO_BYTES,
        labels,
        kind: type_column,
        name,
        automatic,
        appearance,
        required,
        relevant,
        constraint,
        messages,
        columns,
        rows: Vec::new(),
    };
    let sheet = &workbook.sheets[at].name;
    out.read_items(workbook);
    let rows = out.all(head, rows, sheet, report);
    let mut workbook = workbook.clone();
    workbook.sheets[at].rows = rows;
    Some(workbook)
}

/// The kinds of groups of its own that Kobo has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Score,
    Rank,
    Matrix,
}

impl Shape {
    /// Of `begin_score`, `end rank` and their kin.
    fn of(kind: &str, edge: &str) -> Option<Self> {
        let rest = kind.trim().strip_prefix(edge)?.strip_prefix(['_', ' '])?;
        [("score", Self::Score), ("rank", Self::Rank), ("kobomatrix", Self::Matrix)]
            .into_iter()
            .find_map(|(name, shape)| (rest == name).then_some(shape))
    }

    /// The column that names the list, and the type of the rows inside; a matrix has rows of any type.
    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Score => ("kobo--score-choices", "score__row"),
            Self::Rank => ("kobo--rank-items", "rank__level"),
            Self::Matrix => ("kobo--matrix_list", ""),
        }
    }
}

/// The headings of a sheet, and the columns they stand for: what a row says is found under any name that its column has.
struct Columns {
    known: &'static table::Columns,
    double: bool,
    heads: Vec<String>,
    tokens: Vec<Vec<Key>>,
}

impl Columns {
    fn of(head: &Row, known: &'static table::Columns) -> Self {
        let double = head.cells.iter().any(|cell| cell.contains("::"));
        let mut columns = Self { known, double, heads: Vec::new(), tokens: Vec::new() };
        head.cells.iter().for_each(|cell| columns.push(cell.clone()));
        columns
    }

    fn push(&mut self, heading: String) {
        self.tokens.push(tokens_of(&heading, self.double, self.known));
        self.heads.push(heading);
    }

    fn all(&self, name: &str) -> Vec<usize> {
        let meant = tokens_of(name, self.double, self.known);
        (0..self.heads.len()).filter(|at| self.tokens[*at].starts_with(&meant)).collect()
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.all(name).first().copied()
    }

    fn need(&mut self, name: &str) -> usize {
        self.find(name).unwrap_or_else(|| {
            self.push(name.to_owned());
            self.heads.len() - 1
        })
    }
}

struct Written<'a> {
    /// What the rows of a matrix are, by the name of the list.
    items: HashMap<&'a str, Vec<Item>>,
    /// Bytes that may still be written out.
    left: u64,
    columns: Columns,
    labels: Vec<usize>,
    kind: usize,
    name: usize,
    /// The name that Kobo gives where the author gave none.
    automatic: Option<usize>,
    appearance: usize,
    required: usize,
    relevant: usize,
    constraint: usize,
    messages: Vec<usize>,
    rows: Vec<Row>,
}

/// An item of a matrix: its name, and its labels in the order of the survey's label columns.
struct Item {
    name: String,
    labels: Vec<String>,
}

impl<'a> Written<'a> {
    fn all(mut self, head: &Row, rows: &[Row], sheet: &str, report: &mut Report) -> Vec<Row> {
        self.rows.push(Row { cells: self.columns.heads.clone(), ..head.clone() });
        let mut rest = rows;
        while let Some((row, after)) = rest.split_first() {
            rest = after;
            let Some(shape) = Shape::of(self.cell(row, self.kind), "begin") else {
                self.rows.push(row.clone());
                continue;
            };
            let (list, kind) = shape.parts();
            let list = self.columns.find(list).map_or("", |at| self.cell(row, at)).trim();
            let inside = &after[..after.iter().take_while(|row| self.fits(row, kind)).count()];
            let end = after.get(inside.len()).filter(|row| Shape::of(self.cell(row, self.kind), "end") == Some(shape));
            let (Some(end), false) = (end, list.is_empty()) else {
                self.rows.push(row.clone());
                continue;
            };
            rest = &after[inside.len() + 1..];
            let taken = if shape == Shape::Matrix { self.items.remove_entry(list) } else { None };
            let (list_of_items, items) = taken.unwrap_or_default();
            let cost = self.cost(shape, inside, &items);
            if cost > self.left {
                let at = Place { row: Some(row.number), line: row.line, ..Place::sheet(sheet) };
                let found = self.cell(row, self.kind);
                report.add(
                    Problem::error(Code::GroupTooLarge)
                        .at(&at.cell(u32::try_from(self.kind + 1).ok()))
                        .arg("found", found),
                );
                self.items.insert(list_of_items, items);
                continue;
            }
            self.left -= cost;
            match shape {
                Shape::Score => self.score(row, inside, list),
                Shape::Rank => self.rank(row, inside, list),
                Shape::Matrix => {
                    self.matrix(row, inside, &items, end);
                    self.items.insert(list_of_items, items);
                    continue;
                }
            }
            self.add(end, "end_group", &[]);
        }
        self.rows
    }

    /// Whether a row may stand inside a group whose rows have a type; a matrix has rows of any type but groups.
    fn fits(&self, row: &Row, kind: &str) -> bool {
        let found = self.cell(row, self.kind).trim();
        match kind {
            "" => !found.is_empty() && !found.starts_with("begin") && !found.starts_with("end"),
            kind => found == kind,
        }
    }

    /// A score: a page whose first row shows the choices, and a row of them for each question.
    fn score(&mut self, begin: &Row, inside: &[Row], list: &str) {
        let name = self.name_of(begin);
        let kind = format!("select_one {list}");
        let required = self.cell(begin, self.required).to_owned();
        let (_, relevant, head) = self.opened(begin, &name, "_header");
        self.add(
            begin,
            "begin_group",
            &[(self.name, &name), (self.appearance, "field-list"), (self.relevant, &relevant)],
        );
        self.push(head, &kind, &[(self.appearance, "label"), (self.required, "")]);
        for row in inside {
            let own = self.cell(row, self.required);
            let required = if required.is_empty() { own } else { &required }.to_owned();
            self.question(row, &kind, "list-nolabel", &[(self.required, &required)]);
        }
    }

    /// A ranking: a page with a list for each place, none of which may be the one of a place before.
    fn rank(&mut self, begin: &Row, inside: &[Row], list: &str) {
        let name = self.name_of(begin);
        let kind = format!("select_one {list}");
        let message =
            self.columns.find("kobo--rank-constraint-message").map_or("", |at| self.cell(begin, at)).to_owned();
        let (_, relevant, head) = self.opened(begin, &name, "_label");
        self.add(
            begin,
            "begin_group",
            &[(self.name, &name), (self.appearance, "field-list"), (self.relevant, &relevant)],
        );
        self.push(head, "note", &[(self.required, "")]);
        let mut before: Vec<String> = Vec::new();
        for row in inside {
            let name = self.name_of(row);
            let differ: Vec<_> = before.iter().map(|before| format!("${{{name}}} != ${{{before}}}")).collect();
            let constraint = differ.join(" and ");
            let mut set = vec![(self.required, "true"), (self.constraint, constraint.as_str())];
            set.extend(self.messages.iter().map(|at| (*at, message.as_str())));
            self.question(row, &kind, "minimal", &set);
            before.push(name);
        }
    }

    /// A matrix: a page for each item, with every question of the matrix.
    fn matrix(&mut self, begin: &Row, inside: &[Row], items: &[Item], end: &Row) {
        let name = self.name_of(begin);
        let (header, relevant, head) = self.opened(begin, &name, "_header_note");
        self.add(begin, "begin_group", &[(self.name, &format!("{name}_header")), (self.relevant, &relevant)]);
        if !header.iter().all(String::is_empty) {
            self.push(head, "note", &[(self.required, ""), (self.appearance, "")]);
        }
        for column in inside {
            // A heading of the grid: it has a place in the answers, and nothing to show on a page.
            self.add(column, "hidden", &[(self.name, &format!("{name}_header_{}", self.name_of(column)))]);
        }
        self.add(end, "end_group", &[]);
        for item in items {
            let base = format!("{name}_{}", item.name);
            let group = [(self.name, base.as_str()), (self.appearance, "field-list"), (self.relevant, &relevant)];
            self.add(begin, "begin_group", &group);
            let note = format!("{base}_note");
            let mut set: Vec<(usize, &str)> = vec![(self.name, &note)];
            set.extend(self.labels.iter().copied().zip(item.labels.iter().map(String::as_str)));
            self.add(begin, "note", &set);
            for column in inside {
                self.cell_of_matrix(column, inside, &base, item);
            }
            self.add(end, "end_group", &[]);
        }
    }

    /// The question of a column for an item; what it says of other columns, it says of those of the same item.
    fn cell_of_matrix(&mut self, column: &Row, all: &[Row], base: &str, item: &Item) {
        let mut row = self.wide(column);
        let names: Vec<String> = all.iter().map(|other| self.name_of(other)).collect();
        for at in [self.relevant, self.constraint, self.required] {
            let mut parts = row.cells[at].split("${");
            let mut text = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let of_item = part.split_once('}').is_some_and(|(name, _)| names.iter().any(|known| known == name));
                text.push_str("${");
                if of_item {
                    text.push_str(base);
                    text.push('_');
                }
                text.push_str(part);
            }
            row.cells[at] = text;
        }
        for (at, label) in self.labels.iter().zip(&item.labels) {
            if !row.cells[*at].is_empty() && !label.is_empty() {
                row.cells[*at] = format!("{label} – {}", row.cells[*at]);
            }
        }
        row.cells[self.name] = format!("{base}_{}", self.name_of(column));
        self.rows.push(row);
    }

    /// The labels, the relevance and the first row inside of a group that begins.
    fn opened(&self, begin: &Row, name: &str, part: &str) -> (Vec<String>, String, Row) {
        let mut head = self.wide(begin);
        let labels = self.labels.iter().map(|at| head.cells[*at].clone()).collect();
        let relevant = std::mem::take(&mut head.cells[self.relevant]);
        head.cells[self.name] = format!("{name}{part}");
        (labels, relevant, head)
    }

    fn question(&mut self, row: &Row, kind: &str, usual: &str, set: &[(usize, &str)]) {
        let name = self.name_of(row);
        let own = self.cell(row, self.appearance);
        let appearance = if own.is_empty() { usual } else { own }.to_owned();
        let mut row = self.wide(row);
        row.cells[self.name] = name;
        row.cells[self.appearance] = appearance;
        self.push(row, kind, set);
    }

    /// A row that says only what is set.
    fn add(&mut self, from: &Row, kind: &str, set: &[(usize, &str)]) {
        let row = Row { number: from.number, line: from.line, cells: vec![String::new(); self.columns.heads.len()] };
        self.push(row, kind, set);
    }

    fn push(&mut self, mut row: Row, kind: &str, set: &[(usize, &str)]) {
        kind.clone_into(&mut row.cells[self.kind]);
        for (at, value) in set {
            (*value).clone_into(&mut row.cells[*at]);
        }
        self.rows.push(row);
    }

    /// The row with a cell for every column.
    fn wide(&self, row: &Row) -> Row {
        let mut row = row.clone();
        row.cells.resize(self.columns.heads.len().max(row.cells.len()), String::new());
        row
    }

    fn cell<'r>(&self, row: &'r Row, at: usize) -> &'r str {
        row.cells.get(at).map_or("", String::as_str)
    }

    /// The name of a row: its own, the one that Kobo gave it, or one of the signs of a label that a name may have, as Kobo
    /// would. Empty if there is none: the reader says so.
    fn name_of(&self, row: &Row) -> String {
        let named = [Some(self.name), self.automatic].into_iter().flatten().map(|at| self.cell(row, at).trim());
        if let Some(name) = named.into_iter().find(|name| !name.is_empty()) {
            return name.to_owned();
        }
        let of_label = |label: &str| {
            let words = label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            let name = words.collect::<Vec<_>>().join("_");
            if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
        };
        let names = self.labels.iter().map(|at| of_label(self.cell(row, *at)));
        names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
    }

    /// The lists of the choices sheet, for matrices.
    fn read_items(&mut self, workbook: &'a Workbook) {
        let rows = workbook.sheet("choices").and_then(|sheet| sheet.rows.split_first());
        let (Some((head, rows)), Some(_)) = (rows, self.columns.find(Shape::Matrix.parts().0)) else { return };
        let choices = Columns::of(head, &read_choices::COLUMNS);
        let (Some(of), Some(name)) = (choices.find("list_name"), choices.find("name")) else { return };
        let label_in = |at: &usize| {
            let same = choices.tokens.iter().position(|tokens| *tokens == self.columns.tokens[*at]);
            same.or_else(|| choices.find("label"))
        };
        let columns: Vec<Option<usize>> = self.labels.iter().map(label_in).collect();
        let cell = |row: &'a Row, at: usize| row.cells.get(at).map_or("", |cell| cell.trim());
        for row in rows {
            let label = |at: &Option<usize>| at.map_or("", |at| cell(row, at));
            let labels = columns.iter().map(label).map(|label| if label.is_empty() { cell(row, name) } else { label });
            let item = Item { name: cell(row, name).to_owned(), labels: labels.map(str::to_owned).collect() };
            self.items.entry(cell(row, of)).or_default().push(item);
        }
    }

    /// About how many bytes a group takes once it is written out.
    fn cost(&self, shape: Shape, inside: &[Row], items: &[Item]) -> u64 {
        let row = (self.columns.heads.len() * size_of::<String>()) as u64;
        let text = |row: &Row| row.cells.iter().map(String::len).sum::<usize>() as u64;
        let rows = inside.len() as u64;
        let once = inside.iter().map(|one| text(one) + row).sum::<u64>().saturating_add(3 * row);
        match shape {
            Shape::Score => once,
            // Each place is compared with all before it.
            Shape::Rank => once.saturating_mul(rows),
            Shape::Matrix => {
                let labels =
                    |item: &Item| (item.name.len() + item.labels.iter().map(String::len).sum::<usize>()) as u64;
                let said: u64 = items.iter().map(labels).sum();
                once.saturating_mul(items.len() as u64 + 1).saturating_add(said.saturating_mul(rows))
            }
        }
    }
}
