//! The whole way from workbook to XForm.

use crate::beyond::settle_beyond;
use crate::check_expressions::check_expressions;
use crate::check_references::{check_references, check_text};
use crate::check_sheets::check_sheets;
use crate::codes::Code;
use crate::kobo;
use crate::names::{has_reference, is_ncname, references};
use crate::near::nearest;
use crate::place_entities::{EntitiesVersion, place_entities};
use crate::problem::{Place, Problem, Report};
use crate::read_choices::{Choices, read_choices};
use crate::read_entities::{EntityList, read_entities};
use crate::read_select::{is_list_file, split_extension};
use crate::read_settings::{Settings, read_settings};
use crate::read_survey::{Lists, Survey, read_survey};
use crate::resolve::Resolver;
use crate::sources::Sources;
use crate::table::Key;
use crate::tree::{Kind, Node, ROOT, Tree};
use crate::whole_form::{add_none_option, flatten};
use crate::workbook::{Sheet, Workbook};
use crate::write_body::write_body;
use crate::write_itemsets::write_itemsets;
use crate::write_itext::write_itext;
use crate::write_model::{write_binds, write_instance, write_secondary, write_submission};
use crate::xml::Element;
use crate::{Converted, Options, TIANYE_NAMESPACE};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Converts a workbook to an XForm. `None` when any problem is an error; warnings and notes come beside a form.
///
/// Problems come sheet by sheet, row by row. The result differs from pyxform on purpose in these points:
///
/// - Curly quotes are kept in texts ([`Options::keep_curly_quotes`]).
/// - Every expression is parsed and every function known, where pyxform passes any text through.
/// - A `label`, `hint` or `guidance_hint` without a language to the right of one with a language is the text of the default
///   language, as it is to the left of it; pyxform drops the translations then.
/// - Two columns for the same thing are refused, also `Label` and `label` in that order, where pyxform drops the first.
/// - Columns that begin with `tianye::` become attributes of the bind in the namespace [`TIANYE_NAMESPACE`].
/// - What would not be XML is refused: names and columns with a prefix that nobody declares, choices of a loop whose names
///   cannot be those of groups.
/// - An entity whose answers would be lost, or saved to another list's entity, is refused. pyxform leaves out the entity
///   when its label comes from a repeat around none of its answers.
/// - A default of a picture that is an expression stays one; pyxform puts `jr://images/` before it.
/// - The last saved record, and files of `pulldata()`, are also declared when only a group or an entity looks into them.
/// - The setting `flat` is refused in a form with repeats, and where names are the same then: pyxform makes a form of it that
///   nobody can fill in. Texts of its groups keep different ids, and a relevance or constraint that holds an `or` is put in
///   brackets before `flat` or `add_none_option` join it with another, which pyxform would make mean something else.
#[must_use]
pub fn convert(workbook: &Workbook, options: &Options) -> (Option<Converted>, Vec<Problem>) {
    let mut report = Report::default();
    let converted = convert_into(workbook, options, &mut report);
    let converted = converted.filter(|_| !report.has_errors());
    let mut problems = report.problems;
    let sheet = |p: &Problem| workbook.sheets.iter().position(|s| Some(&s.name) == p.sheet.as_ref());
    problems.sort_by_key(|p| (sheet(p), p.row, p.column));
    for problem in &mut problems {
        problem.shown_in(workbook);
    }
    (converted, problems)
}

fn convert_into(workbook: &Workbook, options: &Options, report: &mut Report) -> Option<Converted> {
    let written_out = kobo::written_out(workbook, report);
    let workbook = written_out.as_ref().unwrap_or(workbook);
    check_sheet_names(workbook, report);
    let Some(sheet) = survey_sheet(workbook) else {
        report.add(Problem::error(Code::NoSurveySheet));
        return None;
    };
    let mut settings = read_settings(workbook, options, report);
    let keep = options.keep_curly_quotes;
    let mut choices = read_choices(workbook, "choices", &settings, keep, report);
    let external = read_choices(workbook, "external_choices", &settings, keep, report);
    let osm = read_choices(workbook, "osm", &settings, keep, report);
    let entities = read_entities(workbook, report);
    let lists = Lists { choices: &mut choices, external: &external, osm: &osm };
    let mut survey = read_survey(sheet, &settings, lists, keep, report);
    for (setting, value) in std::mem::take(&mut survey.settings) {
        match setting {
            "title" => settings.title = value,
            _ => settings.form_id = value,
        }
    }
    settle_beyond(&mut survey.tree, report);
    count_copies(&mut survey);
    check_names(&survey, &choices, &settings, report);
    check_languages(&survey, &choices, &settings, report);
    check_sheets(workbook, &survey, &choices, &settings, report);
    check_triggers(&survey, report);
    check_places(&survey.tree, &choices, entities.as_deref().unwrap_or_default(), report);
    for list in entities.iter().flatten() {
        for (_, cell) in list.expressions() {
            check_text(&cell.text, &list.place.cell(Some(cell.column)), &survey.names, report);
        }
    }
    let mut tree = survey.tree;
    if settings.add_none_option {
        add_none_option(&mut tree, &choices);
    }
    flatten(&mut tree, &settings, report);
    let entities = entities.and_then(|lists| place_entities(&mut tree, &lists, report));
    redirect_search(&mut tree, &mut choices, report);
    if report.has_errors() {
        check_expressions(&tree, &choices, &Resolver::new(&tree), report);
        return None;
    }
    let resolver = Resolver::new(&tree).escaping_lookups(!keep);
    check_expressions(&tree, &choices, &resolver, report);
    let itemsets = write_itemsets(&external, &settings);
    Some(Converted { itemsets, ..write(&tree, &choices, &settings, entities, &resolver, report) })
}

fn write(
    tree: &Tree,
    choices: &Choices,
    settings: &Settings,
    entities: Option<EntitiesVersion>,
    resolver: &Resolver<'_>,
    report: &mut Report,
) -> Converted {
    let mut media = BTreeSet::new();
    let (itext, mut languages) = write_itext(tree, choices, settings, resolver);
    languages.sort_by_key(|l| *l != settings.default_language);
    let mut model = Element::new("model").with("odk:xforms-version", "1.0.0");
    if let Some(version) = entities {
        model.set("entities:entities-version", version.as_str());
    }
    for (name, value) in settings.own() {
        model.set(name, value);
    }
    if let Some(submission) = write_submission(settings) {
        model.push(submission);
    }
    if let Some(itext) = itext {
        model.push(itext);
    }
    model.push(write_instance(tree, settings, resolver));
    for secondary in write_secondary(tree, choices, &mut media, report) {
        model.push(secondary);
    }
    let binds = write_binds(tree, resolver);
    let own = settings.own().next().is_some() || tree.nodes.iter().any(Node::has_own_attributes);
    for bind in binds {
        model.push(bind);
    }
    let mut body = Element::new("h:body");
    if let Some(style) = settings.text("style") {
        body.set("class", style);
    }
    for control in write_body(tree, choices, resolver, report) {
        body.push(control);
    }
    collect_media(tree, choices, settings, &mut media);
    let head = Element::new("h:head").containing(Element::new("h:title").saying(&settings.title)).containing(model);
    let mut html = Element::new("h:html");
    for (name, value) in namespaces(settings, own, entities.is_some()) {
        html.set(&name, value);
    }
    Converted {
        xform: html.containing(head).containing(body).to_text(),
        form_id: settings.form_id.clone(),
        version: settings.version.clone(),
        title: settings.title.clone(),
        languages,
        media: media.into_iter().collect(),
        itemsets: None,
        sources: Sources::of(tree),
    }
}

fn namespaces(settings: &Settings, own: bool, entities: bool) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = [
        ("xmlns", "http://www.w3.org/2002/xforms"),
        ("xmlns:h", "http://www.w3.org/1999/xhtml"),
        ("xmlns:ev", "http://www.w3.org/2001/xml-events"),
        ("xmlns:xsd", "http://www.w3.org/2001/XMLSchema"),
        ("xmlns:jr", "http://openrosa.org/javarosa"),
        ("xmlns:orx", "http://openrosa.org/xforms"),
        ("xmlns:odk", "http://www.opendatakit.org/xforms"),
    ]
    .map(|(n, v)| (n.to_owned(), v.to_owned()))
    .to_vec();
    if entities {
        found.push(("xmlns:entities".to_owned(), "http://www.opendatakit.org/xforms/entities".to_owned()));
    }
    if own {
        found.push(("xmlns:tianye".to_owned(), TIANYE_NAMESPACE.to_owned()));
    }
    for (prefix, uri) in settings.namespaces() {
        let name = format!("xmlns:{prefix}");
        if !found.iter().any(|(n, _)| *n == name) {
            found.push((name, uri));
        }
    }
    found
}

/// The survey sheet; a workbook of one sheet with any name has it too.
fn survey_sheet(workbook: &Workbook) -> Option<&Sheet> {
    workbook.sheet("survey").or(match workbook.sheets.as_slice() {
        [only] if !only.rows.is_empty() => Some(only),
        _ => None,
    })
}

fn check_sheet_names(workbook: &Workbook, report: &mut Report) {
    const NAMES: [&str; 6] = ["survey", "choices", "settings", "external_choices", "entities", "osm"];
    let mut seen = HashSet::new();
    for sheet in &workbook.sheets {
        let name = sheet.name.trim().to_lowercase();
        let at = Place::sheet(&sheet.name);
        if name.starts_with('_') {
            continue;
        }
        if !seen.insert(name.clone()) {
            report.add(Problem::error(Code::DuplicateSheet).at(&at).arg("found", &sheet.name));
        }
        if !NAMES.contains(&name.as_str())
            && let Some(near) = nearest(&name, NAMES).filter(|n| *n != "osm")
        {
            let problem = Problem::warning(Code::SheetNameAlmost).at(&at).arg("found", &sheet.name);
            report.add(problem.arg("near", near));
        }
    }
}

/// Rows inside a loop stand in the form several times.
fn count_copies(survey: &mut Survey) {
    let mut copies: HashMap<&str, usize> = HashMap::new();
    for id in survey.tree.descendants(ROOT) {
        *copies.entry(survey.tree.nodes[id].name.as_str()).or_default() += 1;
    }
    for (name, count) in &mut survey.names {
        *count = (*count).max(copies.get(name.as_str()).copied().unwrap_or_default());
    }
}

fn check_names(survey: &Survey, choices: &Choices, settings: &Settings, report: &mut Report) {
    let skipped = ["type", "name", "trigger"];
    check_references(&survey.records, &survey.names, |column| !skipped.contains(&column), report);
    for (_, value) in &settings.values.0 {
        if let crate::table::Value::Cell(cell) = value {
            check_text(&cell.text, &settings.place.cell(Some(cell.column)), &survey.names, report);
        }
    }
    for (place, text) in &choices.referring {
        check_text(text, place, &survey.names, report);
    }
    for id in survey.tree.descendants(ROOT) {
        let node = &survey.tree.nodes[id];
        let (Some(filter), Some(list)) = (&node.choice_filter, node.itemset.as_deref().and_then(|l| choices.get(l)))
        else {
            continue;
        };
        let columns = list.column_names();
        for name in bare_names(filter) {
            if !columns.clone().any(|c| c == name) {
                let at = node.place_of("choice_filter");
                let near = nearest(name, columns.clone());
                let problem = Problem::warning(Code::UnknownChoiceColumn).at(&at).arg("list", &list.name);
                report.add(problem.arg("found", name).maybe_near(near));
            }
        }
    }
}

/// Names in a filter that can only be columns of the list.
fn bare_names(filter: &str) -> Vec<&str> {
    use crate::lex::{Kind, tokens};
    if filter.contains("instance(") || filter.contains("current(") || filter.contains('[') {
        return Vec::new();
    }
    let tokens = tokens(filter);
    let mut names = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let before = tokens[..index].iter().rev().find(|t| t.kind != Kind::WhiteSpace).map(|t| t.kind);
        let is_word = matches!(token.text, "and" | "or" | "div" | "mod");
        if token.kind == Kind::Name && !is_word && !matches!(before, Some(Kind::PathSeparator)) && is_ncname(token.text)
        {
            let followed = tokens.get(index + 1).map(|t| t.kind);
            if followed != Some(Kind::PathSeparator) {
                names.push(token.text);
            }
        }
    }
    names
}

/// Texts that exist in some languages only, and languages without a code.
fn check_languages(survey: &Survey, choices: &Choices, settings: &Settings, report: &mut Report) {
    let mut all: Vec<&str> = Vec::new();
    let of_survey: Vec<&[Key]> = survey.headers.iter().map(|h| h.tokens.as_slice()).collect();
    let of_choices: Vec<&[Key]> = choices.headers.iter().map(Vec::as_slice).collect();
    for (sheet, headers) in [("survey", &of_survey), ("choices", &of_choices)] {
        let mut seen: Vec<(&str, Vec<String>)> = Vec::new();
        let mut columns: Vec<String> = Vec::new();
        for tokens in headers {
            let Some((column, language)) = text_column(tokens) else { continue };
            let language = language.unwrap_or(settings.default_language.as_str());
            if !columns.contains(&column) {
                columns.push(column.clone());
            }
            match seen.iter_mut().find(|(l, _)| *l == language) {
                Some((_, known)) => known.push(column),
                None => seen.push((language, vec![column])),
            }
        }
        if seen.len() > 1 || seen.iter().any(|(l, _)| *l != "default") {
            for (language, has) in &seen {
                for column in columns.iter().filter(|c| !has.contains(c)) {
                    let expected = format!("{column}::{language}");
                    let at = Place::sheet(sheet);
                    report.add(Problem::warning(Code::MissingTranslation).at(&at).arg("expected", expected));
                }
            }
        }
        all.extend(seen.iter().map(|(l, _)| *l).filter(|l| *l != "default"));
    }
    all.sort_unstable();
    all.dedup();
    for language in &all {
        let code = language.rsplit_once('(').and_then(|(_, c)| c.strip_suffix(')')).unwrap_or_default();
        let is_code = code.len() >= 2 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !is_code {
            report.add(Problem::warning(Code::LanguageWithoutCode).at(&Place::sheet("survey")).arg("found", *language));
        }
    }
    let default = settings.default_language.as_str();
    if default != "default" && !all.is_empty() && !all.contains(&default) {
        let at = settings.place_of("default_language");
        report.add(
            Problem::warning(Code::DefaultLanguageUnused)
                .at(&at)
                .arg("found", default)
                .maybe_near(nearest(default, all.iter().copied())),
        );
    }
    if survey.or_other && !all.is_empty() {
        report.add(Problem::warning(Code::OrOtherTranslated).at(&Place::sheet("survey")));
    }
}

/// A translatable column and its language.
pub(crate) fn text_column(tokens: &[Key]) -> Option<(String, Option<&str>)> {
    let (column, rest) = match &**tokens.first()? {
        "media" => (tokens.get(1)?.to_string(), &tokens[2..]),
        "bind" => match &**tokens.get(1)? {
            "jr:constraintMsg" => ("constraint_message".to_owned(), &tokens[2..]),
            "jr:requiredMsg" => ("required_message".to_owned(), &tokens[2..]),
            "tianye:soft_constraint_message" => ("soft_constraint_message".to_owned(), &tokens[2..]),
            _ => return None,
        },
        name @ ("label" | "hint" | "guidance_hint") => (name.to_owned(), &tokens[1..]),
        _ => return None,
    };
    Some((column, rest.first().map(|language| &**language)))
}

fn check_triggers(survey: &Survey, report: &mut Report) {
    let tree = &survey.tree;
    let questions: HashSet<&str> = tree
        .descendants(ROOT)
        .into_iter()
        .map(|id| &tree.nodes[id])
        .filter(|n| n.kind == Kind::Question && survey.names.contains_key(&n.name))
        .map(|n| n.name.as_str())
        .collect();
    for id in tree.descendants(ROOT) {
        let node = &tree.nodes[id];
        for trigger in node.triggers.iter().filter(|t| !questions.contains(t.as_str())) {
            let near = nearest(trigger, questions.iter().copied());
            let at = node.place_of("trigger");
            report.add(Problem::error(Code::TriggerNotQuestion).at(&at).arg("found", trigger).maybe_near(near));
        }
    }
}

/// `reference-geometry` names places to show beside the one asked for: those of a list, a file, entities or rows.
fn check_places(tree: &Tree, choices: &Choices, entities: &[EntityList], report: &mut Report) {
    let nodes: Vec<_> = tree.descendants(ROOT).into_iter().map(|id| &tree.nodes[id]).collect();
    let is_place = |t: &str| matches!(t, "geopoint" | "geotrace" | "geoshape");
    let files: HashSet<&str> = nodes
        .iter()
        .filter(|n| !is_place(&n.question_type))
        .filter_map(|n| match n.kind {
            Kind::External => Some(split_extension(&n.name).0),
            _ => n.itemset.as_deref().map(|i| split_extension(i).0),
        })
        .collect();
    let is_entities = |target: &str| entities.iter().any(|list| list.name == target);
    for node in nodes.iter().filter(|n| is_place(&n.question_type)) {
        let Some(target) = &node.itemset else { continue };
        let is_repeat = crate::names::is_reference(target)
            && references(target).iter().any(|r| nodes.iter().any(|n| n.kind == Kind::Repeat && n.name == r.name));
        let known =
            files.contains(target.as_str()) || choices.get(target).is_some() || is_repeat || is_entities(target);
        if !known || (has_reference(target) && !is_repeat) {
            let at = node.place_of("parameters");
            report.add(Problem::error(Code::ReferenceGeometry).at(&at).arg("found", target));
        }
    }
}

/// Choices of a select that uses `search()` are written into the body.
fn redirect_search(tree: &mut Tree, choices: &mut Choices, report: &mut Report) {
    let mut with: Vec<(String, usize)> = Vec::new();
    for id in tree.descendants(ROOT) {
        let node = &mut tree.nodes[id];
        let searches = node
            .control_text("appearance")
            .and_then(|a| a.split_once("search("))
            .is_some_and(|(_, rest)| rest.contains(')'));
        if !searches {
            continue;
        }
        let Some(list) = node.itemset.clone() else { continue };
        if is_list_file(split_extension(&list).1) {
            let at = node.place_of("control::appearance");
            report.add(Problem::error(Code::SearchWithFile).at(&at).arg("found", &node.name));
        } else if let Some(known) = choices.get_mut(&list) {
            known.used_by_search = true;
            node.itemset = None;
            node.inline_choices = Some(list.clone());
            with.push((list, id));
        }
    }
    for (list, id) in with {
        let others = tree.nodes.iter().filter(|n| n.itemset.as_deref() == Some(list.as_str()));
        let others: Vec<&str> = others.map(|n| n.name.as_str()).collect();
        if !others.is_empty() {
            let at = tree.nodes[id].place_of("control::appearance");
            let problem = Problem::error(Code::SearchListShared).at(&at).arg("list", &list);
            report.add(problem.arg("found", others.join(", ")));
        }
    }
}

/// Files that texts and defaults show.
fn collect_media(tree: &Tree, choices: &Choices, settings: &Settings, media: &mut BTreeSet<String>) {
    let nodes = tree.descendants(ROOT);
    let of_nodes = nodes.iter().flat_map(|id| &tree.nodes[*id].media);
    let of_choices = choices.lists.iter().flat_map(|l| &l.choices).flat_map(|c| &c.media);
    for (_, text) in of_nodes.chain(of_choices) {
        for (_, file) in text.pieces(&settings.default_language) {
            if !has_reference(file) {
                media.insert(file.to_owned());
            }
        }
    }
    for id in nodes {
        let default = tree.nodes[id].default.as_deref().filter(|_| !tree.nodes[id].dynamic_default);
        if let Some(file) = default.and_then(|d| d.strip_prefix("jr://images/")) {
            media.insert(file.to_owned());
        }
    }
}
