//! Where each entity stands in the form: a `meta/entity` element in the group, repeat or form whose answers it is about.
//!
//! A *mention* is what ties a list to a place: a question that saves to it, or a question that its row refers to. The
//! *scope* of a group or question is the nearest repeat around it, else the form. An entity stands in the deepest scope
//! that it mentions, in the group that holds all questions saved to it, and no two entities stand in the same group.

use crate::codes::Code;
use crate::names::references;
use crate::near::nearest;
use crate::problem::{Place, Problem, Report};
use crate::read_entities::{EntityList, is_entity_name};
use crate::resolve::Resolver;
use crate::table::Cell;
use crate::tree::{Action, FIRST_LOAD, Id, Kind, NEW_REPEAT, Node, ROOT, Text, Tree};
use std::collections::HashMap;

/// The version of the entities specification that a form needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntitiesVersion {
    /// One list, outside of repeats.
    V2024_1,
    /// Several lists, or one in a repeat.
    V2025_1,
}

impl EntitiesVersion {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2024_1 => "2024.1.0",
            Self::V2025_1 => "2025.1.0",
        }
    }
}

/// The column's path among a node's properties.
pub(crate) const SAVE_TO: &str = "bind::entities:saveto";

/// What a list says of a question.
struct Mention {
    question: Id,
    /// The group, repeat or form that holds the question.
    container: Id,
    place: Place,
    /// The property that the answer is saved to; `None` for a question that the list's row refers to.
    property: Option<String>,
}

/// Reads every `save_to` of the tree and puts the entities into it. `None` when the form has no lists.
pub(crate) fn place_entities(tree: &mut Tree, lists: &[EntityList], report: &mut Report) -> Option<EntitiesVersion> {
    // What cannot be read would only be in the way of the others.
    let mut mentions = saved_answers(tree, lists, report)?;
    for (list, of_list) in lists.iter().zip(&mut mentions) {
        of_list.extend(referred_questions(tree, list));
    }
    let requests: Vec<Option<Request>> =
        lists.iter().zip(&mentions).map(|(list, mentions)| request(tree, list, mentions, report)).collect();
    let homes = homes(tree, lists, &requests, report)?;
    let repeated = homes.iter().any(|home| scope(tree, *home) != ROOT);
    for (list, home) in lists.iter().zip(homes) {
        add_entity(tree, list, home);
    }
    match lists {
        [] => None,
        [_] if !repeated => Some(EntitiesVersion::V2024_1),
        _ => Some(EntitiesVersion::V2025_1),
    }
}

/// The nearest repeat at or around a group, else the form.
fn scope(tree: &Tree, container: Id) -> Id {
    chain(tree, container).find(|id| tree.nodes[*id].kind == Kind::Repeat).unwrap_or(ROOT)
}

/// A group and all around it, up to the form.
fn chain(tree: &Tree, container: Id) -> impl Iterator<Item = Id> {
    std::iter::once(container).chain(tree.ancestors(container))
}

/// How many repeats, and how many groups in the innermost of them, lead to a group.
fn depth(tree: &Tree, container: Id) -> (usize, usize) {
    let repeats = chain(tree, container).filter(|id| tree.nodes[*id].kind == Kind::Repeat).count();
    let here = scope(tree, container);
    (repeats, chain(tree, container).take_while(|id| *id != here).count())
}

/// The questions saved to each list. The list's name before `#` leaves the bind. `None` when one cannot be saved.
fn saved_answers(tree: &mut Tree, lists: &[EntityList], report: &mut Report) -> Option<Vec<Vec<Mention>>> {
    let mut whole = true;
    let mut refuse = |problem| {
        whole = false;
        report.add(problem);
    };
    let mut mentions: Vec<Vec<Mention>> = lists.iter().map(|_| Vec::new()).collect();
    for id in tree.descendants(ROOT) {
        let node = &tree.nodes[id];
        let Some(text) = node.bind_text("entities:saveto").map(str::to_owned) else { continue };
        let place = node.place_of(SAVE_TO);
        let found = |code| Problem::error(code).at(&place).arg("found", &text);
        if node.kind != Kind::Question || node.question_type == "audit" {
            refuse(found(Code::SaveToOfGroup));
            continue;
        }
        let parts: Vec<&str> = text.split('#').collect();
        let (list, property) = match (parts.as_slice(), lists) {
            (_, []) => {
                refuse(found(Code::SaveToWithoutEntities));
                continue;
            }
            ([property], [_]) => (0, *property),
            ([_], _) => {
                refuse(found(Code::SaveToNeedsList));
                continue;
            }
            ([list, property], _) => match lists.iter().position(|l| l.name == *list) {
                Some(index) => (index, *property),
                None => {
                    let near = nearest(list, lists.iter().map(|l| l.name.as_str()));
                    refuse(Problem::error(Code::UnknownEntityList).at(&place).arg("found", *list).maybe_near(near));
                    continue;
                }
            },
            _ => {
                refuse(found(Code::SaveToMalformed));
                continue;
            }
        };
        if !is_entity_name(property) || ["name", "label"].contains(&property.to_lowercase().as_str()) {
            refuse(Problem::error(Code::PropertyName).at(&place).arg("found", property));
            continue;
        }
        if let Some(first) = mentions[list].iter().find(|m| m.property.as_deref() == Some(property)) {
            let row = first.place.row.unwrap_or_default().to_string();
            refuse(Problem::error(Code::SaveToTwice).at(&place).arg("found", property).arg("row", row));
            continue;
        }
        let container = node.parent.unwrap_or(ROOT);
        let property = property.to_owned();
        tree.nodes[id].set_bind("entities:saveto", &property);
        mentions[list].push(Mention { question: id, container, place, property: Some(property) });
    }
    whole.then_some(mentions)
}

/// The questions and groups that a list's row refers to.
fn referred_questions(tree: &Tree, list: &EntityList) -> Vec<Mention> {
    let resolver = Resolver::new(tree);
    let mut found = Vec::new();
    for (_, cell) in list.expressions() {
        for reference in references(&cell.text) {
            // The record's own id is everywhere.
            let Some(id) = resolver.id(reference.name).filter(|id| !in_meta(tree, *id)) else { continue };
            let container = tree.nodes[id].parent.unwrap_or(ROOT);
            found.push(Mention { question: id, container, place: list.place.cell(Some(cell.column)), property: None });
        }
    }
    found
}

fn in_meta(tree: &Tree, id: Id) -> bool {
    tree.ancestors(id).any(|a| tree.nodes[a].bodyless)
}

/// Where an entity would best stand.
struct Request {
    /// The deepest scope it mentions; it stands there or in a group there.
    scope: Id,
    container: Id,
    /// The groups that hold questions saved to it.
    savers: Vec<Id>,
}

/// `None` when the mentions do not go together, which is said.
fn request(tree: &Tree, list: &EntityList, mentions: &[Mention], report: &mut Report) -> Option<Request> {
    let scopes: Vec<Id> = mentions.iter().map(|m| scope(tree, m.container)).collect();
    let savers: Vec<Id> = mentions.iter().filter(|m| m.property.is_some()).map(|m| m.container).collect();
    // Of equals the first counts, in the order of the form.
    let deepest = |ids: &[Id]| ids.iter().copied().min_by_key(|id| (std::cmp::Reverse(depth(tree, *id)), *id));
    let scope_of_all = deepest(&scopes).unwrap_or(ROOT);
    let in_scope = |m: &&Mention| scope(tree, m.container) == scope_of_all;
    let mentioned: Vec<Id> = mentions.iter().filter(in_scope).map(|m| m.container).collect();
    let container = if savers.is_empty() {
        deepest(&mentioned).unwrap_or(ROOT)
    } else {
        common(tree, &savers).filter(|c| scope(tree, *c) == scope_of_all).unwrap_or(scope_of_all)
    };
    let mut fits = true;
    for (mention, own) in mentions.iter().zip(scopes) {
        let is_around = chain(tree, scope_of_all).any(|id| id == own);
        let code = match &mention.property {
            // Answers are saved from the rows that the entity stands for, and from nowhere else.
            Some(_) if own != scope_of_all => Code::SaveToOutside,
            None if !is_around => Code::EntityOutside,
            _ => continue,
        };
        fits = false;
        let problem = Problem::error(code)
            .at(&mention.place)
            .arg("found", &tree.nodes[mention.question].name)
            .arg("list", &list.name)
            .arg("other", tree.path(scope_of_all));
        report.add(problem);
    }
    fits.then_some(Request { scope: scope_of_all, container, savers })
}

/// The innermost group around all of these.
fn common(tree: &Tree, containers: &[Id]) -> Option<Id> {
    let (first, rest) = containers.split_first()?;
    chain(tree, *first).find(|id| rest.iter().all(|other| chain(tree, *other).any(|c| c == *id)))
}

/// The group of each list: the wanted one, or the next around it that is free. `None` when one finds none, which is said.
fn homes(tree: &Tree, lists: &[EntityList], requests: &[Option<Request>], report: &mut Report) -> Option<Vec<Id>> {
    if let [Some(Request { scope: ROOT, .. })] = requests {
        return Some(vec![ROOT]);
    }
    // By group: the list whose entity stands there or whose questions are saved from there.
    let mut taken: HashMap<Id, usize> = HashMap::new();
    let mut homes = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let Some(request) = request else { continue };
        let up_to_scope =
            || chain(tree, request.container).take_while(|id| Some(*id) != tree.nodes[request.scope].parent);
        let free = up_to_scope().find(|id| !taken.contains_key(id));
        let between = |home: Id| {
            request.savers.iter().flat_map(move |saver| chain(tree, *saver).take_while(move |id| *id != home))
        };
        // An answer is saved to the nearest entity around it, so no other one may stand between.
        let other = match free {
            Some(home) => between(home).find_map(|id| taken.get(&id)),
            None => up_to_scope().find_map(|id| taken.get(&id)),
        };
        let Some(home) = free.filter(|_| other.is_none()) else {
            let row = other.and_then(|o| lists[*o].place.row).unwrap_or_default();
            let problem = Problem::error(Code::EntityWithoutPlace)
                .at(&lists[index].place)
                .arg("found", &lists[index].name)
                .arg("row", row.to_string());
            report.add(problem);
            continue;
        };
        taken.extend(between(home).map(|id| (id, index)));
        taken.insert(home, index);
        homes.push(home);
    }
    (homes.len() == lists.len()).then_some(homes)
}

fn add_entity(tree: &mut Tree, list: &EntityList, home: Id) {
    let meta = meta_of(tree, home);
    let entity = tree.add(meta, Node::new(Kind::Group, "entity", "entity", list.place.clone()));
    // The entity comes before what else the record's meta block holds.
    tree.nodes[meta].children.rotate_right(1);
    let creates = list.id.is_none() || list.create_if.is_some();
    let mut nodes = vec![attribute("@dataset", Some(&list.name))];
    if creates {
        nodes.push(condition(list, "@create", "create_if", list.create_if.as_ref()));
    }
    if let Some(id) = &list.id {
        nodes.push(condition(list, "@update", "update_if", list.update_if.as_ref()));
        let item = format!("instance('{}')/root/item[name={}]", list.name, id.text);
        for (name, property) in
            [("@baseVersion", "__version"), ("@trunkVersion", "__trunkVersion"), ("@branchId", "__branchId")]
        {
            let mut version = attribute(name, None);
            calculate(&mut version, &format!("{item}/{property}"));
            nodes.push(version);
        }
    }
    let mut id = attribute("@id", None);
    match &list.id {
        Some(cell) => calculate_from(&mut id, list, "entity_id", cell),
        None => {
            id.default = Some("uuid()".to_owned());
            id.dynamic_default = true;
            id.actions.push(Action::new("setvalue", FIRST_LOAD));
            if scope(tree, home) != ROOT {
                id.actions.push(Action::new("setvalue", NEW_REPEAT));
            }
        }
    }
    read_only_text(&mut id);
    nodes.push(id);
    if let Some(cell) = &list.label {
        let mut label = Node::new(Kind::Question, "label", "calculate", Place::default());
        calculate_from(&mut label, list, "label", cell);
        nodes.push(label);
    }
    for node in nodes {
        tree.add(entity, node);
    }
}

/// The meta block of a group, made when there is none.
fn meta_of(tree: &mut Tree, home: Id) -> Id {
    let known = tree.nodes[home].children.iter().copied().find(|c| tree.nodes[*c].bodyless);
    known.unwrap_or_else(|| {
        let mut meta = Node::new(Kind::Group, "meta", "group", Place::default());
        meta.bodyless = true;
        tree.add(home, meta)
    })
}

fn attribute(name: &str, value: Option<&str>) -> Node {
    let mut node = Node::new(Kind::Attribute, name, "attribute", Place::default());
    node.default = value.map(str::to_owned);
    node
}

/// `create="1"`, with its condition when there is one.
fn condition(list: &EntityList, name: &str, column: &'static str, cell: Option<&Cell>) -> Node {
    let mut node = attribute(name, Some("1"));
    if let Some(cell) = cell {
        calculate_from(&mut node, list, column, cell);
    }
    node
}

fn calculate_from(node: &mut Node, list: &EntityList, column: &'static str, cell: &Cell) {
    node.place = list.place.clone();
    node.columns.insert("bind::calculate".to_owned(), cell.column);
    node.calculated_in = column;
    calculate(node, &cell.text);
}

fn calculate(node: &mut Node, expression: &str) {
    node.set_bind("calculate", expression);
    read_only_text(node);
}

fn read_only_text(node: &mut Node) {
    let bind = node.bind.get_or_insert_default();
    for (name, value) in [("readonly", "true()"), ("type", "string")] {
        if !bind.iter().any(|(n, _)| n == name) {
            bind.push((name.to_owned(), Text::Plain(value.to_owned())));
        }
    }
}
