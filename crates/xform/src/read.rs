//! XForm XML → [`Form`]: the document, its limits, its model.

mod actions;
mod binds;
mod body;
mod cut;
mod external;
mod geojson;
mod instance;
pub(crate) mod plain;
mod search;
mod settings;
mod text;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cut::Cut;
use plain::NotPlain;
use roxmltree::{Document, Node, ParsingOptions};

use crate::aggregate::Aggregates;
use crate::expression::{Compiled, ExprId, Position};
use crate::form::{ControlDef, Def, DefId, Form, Seed, TextDef};
use crate::itext::Itext;
use crate::names::Names;
use crate::problem::{Place, Problem, ProblemKind, Severity};
use crate::secondary::Secondary;
use crate::settings::About;
use crate::{Media, expression, graph};

/// The largest form that is read, in bytes.
pub const MAX_FORM_BYTES: usize = 64 * 1024 * 1024;
/// The most XML nodes (elements, texts, comments) a form may have.
pub const MAX_FORM_NODES: u32 = 4_000_000;
/// The deepest nesting of elements.
pub const MAX_FORM_DEPTH: usize = 64;

pub(crate) use instance::IF_EMPTY;
pub(crate) use text::media_ref;

pub(crate) const XFORMS: &str = "http://www.w3.org/2002/xforms";
pub(crate) const JAVAROSA: &str = "http://openrosa.org/javarosa";

impl Form {
    /// Reads a form. What is wrong with it comes beside it; the form is None only if there is nothing to run: the text
    /// is no XML, has no primary instance, breaks a limit, or its calculations wait for each other in a circle.
    ///
    /// `media` holds the files that external instances name; nothing is fetched.
    #[must_use]
    pub fn parse(xml: &str, media: &Media) -> (Option<Self>, Vec<Problem>) {
        if xml.len() > MAX_FORM_BYTES {
            return fatal(ProblemKind::TooLarge { found: xml.len(), limit: MAX_FORM_BYTES });
        }
        let Some(parts) = cut::parts(xml) else {
            return fatal(ProblemKind::TooDeep { limit: MAX_FORM_DEPTH });
        };
        if !parts.is_empty() {
            let cut = Cut::of(xml, &parts);
            if let Ok(document) = document_of(&cut.text)
                && let Ok(read) = read(&document, &cut, xml, media)
            {
                return read;
            }
        }
        // There is nothing to cut out, or something that only the XML reader understands, or can complain of.
        let whole = Cut::none(xml);
        match document_of(xml) {
            Ok(document) => read(&document, &whole, xml, media)
                .unwrap_or_else(|NotPlain| fatal(ProblemKind::NotXml { reason: "unreadable parts".to_owned() })),
            Err(reason) => fatal(ProblemKind::NotXml { reason }),
        }
    }
}

/// Reads a document, of which parts may have been cut out.
fn read(
    document: &Document<'_>,
    cut: &Cut<'_>,
    xml: &str,
    media: &Media,
) -> Result<(Option<Form>, Vec<Problem>), NotPlain> {
    let root = document.root_element();
    let Some(head) = child(root, "head") else {
        return Ok(fatal(ProblemKind::MissingPart { expected: "h:head" }));
    };
    let Some(model) = child(head, "model") else {
        return Ok(fatal(ProblemKind::MissingPart { expected: "model" }));
    };
    let mut instances = children(model, "instance");
    let Some(primary) = instances.next().and_then(|instance| instance.first_element_child()) else {
        return Ok(fatal(ProblemKind::MissingPart { expected: "instance" }));
    };
    let secondary: Vec<Node<'_, '_>> = instances.collect();

    let mut reader = Reader::new(document, cut, xml);
    reader.title = child(head, "title").map(|title| text_of(title).trim().to_owned()).unwrap_or_default();
    reader.read_languages(model)?;
    let body = child(root, "body");
    if body.is_none() {
        reader.problem(Severity::Error, ProblemKind::MissingPart { expected: "h:body" }, Place::default());
    }
    let mut repeats = HashSet::new();
    if let Some(body) = body {
        reader.find_repeats(body, &mut repeats);
    }
    reader.read_primary(primary, &repeats);
    for instance in secondary {
        reader.read_secondary(instance, media)?;
    }
    reader.read_named_tables(root, media);
    reader.read_external_lists(root, media);
    reader.read_binds(model);
    if let Some(body) = body {
        reader.read_body(body);
    }
    reader.read_model_actions(model);
    reader.compile_itext_outputs();
    reader.settle_kinds();
    if !reader.knows_entities_version(model) {
        return Ok((None, reader.problems));
    }
    reader.submission = settings::submission(model);
    reader.purposes = settings::purposes(model);
    reader.about = settings::about(model);
    reader.minutes = settings::minutes(model);
    Ok(reader.finish(primary))
}

fn fatal(kind: ProblemKind) -> (Option<Form>, Vec<Problem>) {
    (None, vec![Problem { severity: Severity::Error, kind, place: Place::default() }])
}

/// A document without DTD and within the limits. The error is None if it is nested too deep, else what the reader says.
pub(crate) fn plain_document(xml: &str) -> Result<Document<'_>, Option<String>> {
    cut::parts(xml).ok_or(None)?;
    document_of(xml).map_err(Some)
}

fn document_of(xml: &str) -> Result<Document<'_>, String> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_FORM_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(xml, options).map_err(|error| error.to_string())
}

/// A form in the making.
pub(crate) struct Reader<'d, 'i> {
    pub document: &'d Document<'i>,
    cut: &'d Cut<'d>,
    /// The whole text.
    xml: &'d str,
    /// The first byte of each line, once one was asked for.
    lines: OnceCell<Vec<usize>>,
    pub title: String,
    pub languages: Vec<String>,
    pub default_language: usize,
    pub itext: Itext,
    pub names: Names,
    pub defs: Vec<Def>,
    pub seed: Option<Seed>,
    pub controls: Vec<ControlDef>,
    pub body: Vec<crate::form::ControlId>,
    pub style: String,
    pub texts: Vec<TextDef>,
    pub exprs: Vec<Compiled>,
    pub instances: Vec<Secondary>,
    pub instance_ids: HashMap<String, usize>,
    pub actions: Vec<crate::form::Action>,
    pub bind_ids: HashMap<String, DefId>,
    pub types: HashMap<DefId, String>,
    pub problems: Vec<Problem>,
    pub itext_outputs: HashMap<Box<str>, ExprId>,
    pub aggregates: Aggregates,
    pub submission: Option<crate::Submission>,
    pub purposes: Vec<String>,
    pub about: About,
    pub minutes: Option<u32>,
    pub tables: Vec<(String, usize)>,
    pub last_saved: Option<u32>,
    memo: HashMap<(String, Position), Option<ExprId>>,
}

impl<'d, 'i> Reader<'d, 'i> {
    fn new(document: &'d Document<'i>, cut: &'d Cut<'d>, xml: &'d str) -> Self {
        Self {
            document,
            cut,
            xml,
            lines: OnceCell::new(),
            title: String::new(),
            languages: Vec::new(),
            default_language: 0,
            itext: Itext::default(),
            names: Names::default(),
            defs: Vec::new(),
            seed: None,
            controls: Vec::new(),
            body: Vec::new(),
            style: String::new(),
            texts: Vec::new(),
            exprs: Vec::new(),
            instances: Vec::new(),
            instance_ids: HashMap::new(),
            actions: Vec::new(),
            bind_ids: HashMap::new(),
            types: HashMap::new(),
            problems: Vec::new(),
            itext_outputs: HashMap::new(),
            aggregates: Aggregates::default(),
            submission: None,
            purposes: Vec::new(),
            about: About::default(),
            minutes: None,
            tables: Vec::new(),
            last_saved: None,
            memo: HashMap::new(),
        }
    }

    pub(crate) fn problem(&mut self, severity: Severity, kind: ProblemKind, place: Place) {
        // One hostile form must not fill the memory with complaints.
        if self.problems.len() < 10_000 {
            self.problems.push(Problem { severity, kind, place });
        }
    }

    /// The place of an element, and what of which node.
    pub(crate) fn place(&self, node: Node<'_, '_>, def: Option<DefId>, part: &str) -> Place {
        let (line, column) = self.position(node.range().start);
        Place {
            path: def.map(|def| self.defs[def.0 as usize].path.clone()),
            part: (!part.is_empty()).then(|| part.to_owned()),
            line,
            column,
            ..Place::default()
        }
    }

    /// Line and column of a byte, from 1. Far into a line of a machine-written form the column is not counted: 0.
    fn position(&self, offset: usize) -> (u32, u32) {
        let offset = self.cut.place(offset);
        let lines = self
            .lines
            .get_or_init(|| std::iter::once(0).chain(self.xml.match_indices('\n').map(|(at, _)| at + 1)).collect());
        let line = lines.partition_point(|start| *start <= offset);
        let start = lines.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let before = self.xml.get(start..offset).filter(|before| before.len() <= 4096);
        (line as u32, before.map_or(0, |before| before.chars().count() as u32 + 1))
    }

    /// Parses, checks and places an expression once per text and position.
    pub(crate) fn expression(&mut self, source: &str, position: Position, place: &Place) -> Option<ExprId> {
        let key = (source.to_owned(), position);
        if let Some(known) = self.memo.get(&key) {
            return *known;
        }
        let compiled = expression::compile(
            source,
            position,
            &self.defs,
            &mut self.names,
            &self.instance_ids,
            &mut self.aggregates,
        );
        for (severity, kind, span) in compiled.problems {
            let place = Place { expression: Some(source.to_owned()), span, ..place.clone() };
            self.problem(severity, kind, place);
        }
        let id = compiled.compiled.map(|compiled| {
            self.exprs.push(compiled);
            ExprId(self.exprs.len() as u32 - 1)
        });
        self.memo.insert(key, id);
        id
    }

    /// Where a `ref`, `nodeset` or `bind` attribute leads, and a problem if nowhere.
    pub(crate) fn target_of(&mut self, element: Node<'_, '_>, context: DefId) -> Option<DefId> {
        if let Some(id) = element.attribute("bind") {
            if let Some(def) = self.bind_ids.get(id) {
                return Some(*def);
            }
            let place = self.place(element, None, element.tag_name().name());
            self.problem(Severity::Error, ProblemKind::UnknownPath { found: id.to_owned() }, place);
            return None;
        }
        let path = element.attribute("ref").or_else(|| element.attribute("nodeset"))?;
        let found = self.resolve(path, context);
        if found.is_none() {
            let place = self.place(element, None, element.tag_name().name());
            self.problem(Severity::Error, ProblemKind::UnknownPath { found: path.to_owned() }, place);
        }
        found
    }

    /// Follows a plain path (names, `..`, `.`) through the definitions.
    pub(crate) fn resolve(&self, path: &str, context: DefId) -> Option<DefId> {
        let path = path.trim();
        let mut steps = path.split('/').map(str::trim);
        let mut at = context;
        if path.starts_with('/') {
            steps.next();
            let root = steps.next()?;
            if root != self.defs[0].name {
                return None;
            }
            at = DefId(0);
        }
        for step in steps {
            let step = step.split_once('[').map_or(step, |(name, _)| name.trim());
            at = match step {
                "" => return None,
                "." => at,
                ".." => self.defs[at.0 as usize].parent?,
                name => self.defs[at.0 as usize].find(&self.defs, name)?,
            };
        }
        Some(at)
    }

    fn finish(mut self, primary: Node<'_, '_>) -> (Option<Form>, Vec<Problem>) {
        let graph = graph::build(&self.defs, &self.controls, &self.texts, &self.exprs);
        let graph = match graph {
            Ok(graph) => graph,
            Err(cycles) => {
                for (path, chain) in cycles {
                    let place = Place { path: Some(path), ..Place::default() };
                    self.problem(Severity::Error, ProblemKind::Cycle { chain }, place);
                }
                return (None, self.problems);
            }
        };
        let (audit, entities) = (settings::audit(&self.defs), self.entities());
        let Some(seed) = self.seed else { return (None, self.problems) };
        let version = primary
            .attributes()
            .find(|attribute| attribute.name() == "version")
            .map_or("", |attribute| attribute.value())
            .to_owned();
        let id = primary
            .attribute("id")
            .or_else(|| primary.tag_name().namespace().filter(|uri| *uri != XFORMS))
            .unwrap_or_default()
            .to_owned();
        let namespaces = self
            .document
            .root_element()
            .namespaces()
            .filter_map(|space| Some((space.name()?.to_owned(), space.uri().to_owned())))
            .collect();
        let mut wide = HashMap::new();
        for (index, def) in self.defs.iter().enumerate().filter(|(_, def)| def.children.len() > 8) {
            for child in &def.children {
                wide.insert((DefId(index as u32), self.defs[child.0 as usize].symbol), *child);
            }
        }
        let form = Form {
            title: if self.title.is_empty() { id.clone() } else { self.title },
            id,
            version,
            style: self.style,
            languages: self.languages,
            default_language: self.default_language,
            namespaces,
            names: self.names,
            defs: self.defs,
            seed,
            controls: self.controls,
            body: self.body,
            texts: self.texts,
            itext: self.itext,
            exprs: self.exprs,
            instances: self.instances.into_iter().map(Arc::new).collect(),
            instance_ids: self.instance_ids,
            actions: self.actions,
            graph,
            aggregates: self.aggregates,
            wide,
            itext_outputs: self.itext_outputs,
            tables: self.tables,
            last_saved: self.last_saved,
            submission: self.submission,
            purposes: self.purposes,
            about: self.about,
            minutes: self.minutes,
            audit,
            entities,
        };
        (Some(form), self.problems)
    }
}

/// The name of an element as paths write it: with its prefix, unless its namespace is the default one there.
pub(crate) fn qualified_name(node: Node<'_, '_>) -> String {
    let name = node.tag_name();
    let prefix = name
        .namespace()
        .filter(|uri| node.default_namespace() != Some(uri))
        .and_then(|uri| node.lookup_prefix(uri).filter(|prefix| !prefix.is_empty()));
    match prefix {
        Some(prefix) => format!("{prefix}:{}", name.name()),
        None => name.name().to_owned(),
    }
}

/// The name of an attribute as written.
pub(crate) fn qualified_attribute(node: Node<'_, '_>, attribute: roxmltree::Attribute<'_, '_>) -> String {
    match attribute.namespace().and_then(|uri| node.lookup_prefix(uri)) {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}:{}", attribute.name()),
        _ => attribute.name().to_owned(),
    }
}

/// All text directly in an element.
pub(crate) fn text_of<'a>(node: Node<'a, '_>) -> Cow<'a, str> {
    let mut texts = node.children().filter_map(|child| if child.is_text() { child.text() } else { None });
    let Some(first) = texts.next() else { return Cow::Borrowed("") };
    let Some(second) = texts.next() else { return Cow::Borrowed(first) };
    let mut text = first.to_owned() + second;
    text.extend(texts);
    Cow::Owned(text)
}

pub(crate) fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}
