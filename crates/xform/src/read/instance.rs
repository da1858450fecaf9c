//! The primary instance, and secondary ones.

use std::collections::{HashMap, HashSet};

use chrono::DateTime;
use roxmltree::Node;

use super::plain::NotPlain;
use super::{JAVAROSA, Reader, qualified_attribute, qualified_name, text_of};
use crate::Media;
use crate::form::{Bind, Def, DefId, Seed, Shape};
use crate::problem::{Place, ProblemKind, Severity};
use crate::secondary::Secondary;
use crate::view::ValueKind;

/// Where OpenRosa's meta block lives.
const OPENROSA: &str = "http://openrosa.org/xforms";

/// The parameter of a preload that the engine adds by itself: it fills what is empty.
pub(crate) const IF_EMPTY: &str = "if-empty";

impl Reader<'_, '_> {
    /// Collects the absolute paths of all repeats, before the instance is read: they decide its shape.
    pub(super) fn find_repeats(&mut self, body: Node<'_, '_>, repeats: &mut HashSet<String>) {
        let mut scope = vec![(body, String::new())];
        while let Some((element, context)) = scope.pop() {
            let own = element.attribute("nodeset").or_else(|| element.attribute("ref"));
            let path = match own {
                Some(path) if path.trim().starts_with('/') => path.split_whitespace().collect(),
                Some(path) => format!("{context}/{}", path.trim()),
                None => context,
            };
            if element.tag_name().name() == "repeat" {
                repeats.insert(path.clone());
            }
            for child in element.children().filter(Node::is_element) {
                scope.push((child, path.clone()));
            }
        }
    }

    pub(super) fn read_primary(&mut self, primary: Node<'_, '_>, repeats: &HashSet<String>) {
        let root = self.define(primary, None, "", repeats);
        self.merge(primary, root, &format!("/{}", qualified_name(primary)), repeats);
        if !self.defs.iter().any(is_instance_id) {
            self.add_meta(root);
        }
        self.add_deprecated_id();
        self.settle_attributes();
        let seed = self.seed_of(primary, root);
        self.seed = Some(seed);
    }

    fn define(&mut self, element: Node<'_, '_>, parent: Option<DefId>, full: &str, repeats: &HashSet<String>) -> DefId {
        let name = qualified_name(element);
        let template = element.attribute((JAVAROSA, "template")).is_some();
        let shape = if template || repeats.contains(full) {
            Shape::Repeat
        } else if parent.is_none() || element.children().any(|child| child.is_element()) {
            Shape::Group
        } else {
            Shape::Leaf
        };
        let namespace = element.tag_name().namespace().unwrap_or_default().to_owned();
        let id = self.add_def(&name, namespace, parent, shape);
        self.define_attributes(element, id);
        id
    }

    /// Attributes of the instance are nodes like its elements: binds and actions may reach them.
    fn define_attributes(&mut self, element: Node<'_, '_>, def: DefId) {
        for (name, attribute) in own_attributes(element) {
            if self.child_def(def, &name).is_some() {
                continue;
            }
            let namespace = attribute.namespace().unwrap_or_default().to_owned();
            let id = self.add_attribute(&name, namespace, def);
            self.defs[id.0 as usize].default = attribute.value().into();
        }
    }

    fn add_def(&mut self, name: &str, namespace: String, parent: Option<DefId>, shape: Shape) -> DefId {
        let id = DefId(self.defs.len() as u32);
        let (path, depth, slot, around) = match parent {
            None => ("/".to_owned(), 0, 0, None),
            Some(parent) => {
                let above = &mut self.defs[parent.0 as usize];
                above.children.push(id);
                if above.shape == Shape::Leaf {
                    above.shape = Shape::Group;
                }
                let path = if above.depth == 0 { format!("/{name}") } else { format!("{}/{name}", above.path) };
                (path, above.depth + 1, above.children.len() as u32 - 1, above.repeat)
            }
        };
        let repeat = if shape == Shape::Repeat { Some(id) } else { around };
        self.push_def(name, namespace, parent, (slot, depth, repeat), shape, path);
        id
    }

    fn add_attribute(&mut self, name: &str, namespace: String, element: DefId) -> DefId {
        let id = DefId(self.defs.len() as u32);
        let above = &mut self.defs[element.0 as usize];
        above.attributes.push(id);
        let path = if above.depth == 0 { format!("/{name}") } else { format!("{}/{name}", above.path) };
        // The slot is settled once the number of children is known.
        let place = (0, above.depth + 1, above.repeat);
        self.push_def(name, namespace, Some(element), place, Shape::Leaf, path);
        self.defs[id.0 as usize].attribute = true;
        id
    }

    /// Adds a definition; of its place: slot, depth, repeat around it.
    fn push_def(
        &mut self,
        name: &str,
        namespace: String,
        parent: Option<DefId>,
        (slot, depth, repeat): (u32, u32, Option<DefId>),
        shape: Shape,
        path: String,
    ) {
        let symbol = self.names.intern(name.strip_prefix('@').unwrap_or(name));
        self.defs.push(Def {
            name: name.to_owned(),
            symbol,
            namespace,
            parent,
            children: Vec::new(),
            slot,
            shape,
            path,
            attributes: Vec::new(),
            attribute: false,
            quiet: false,
            default: "".into(),
            first_rows: 0,
            kind: ValueKind::Text,
            bind: Bind::default(),
            controls: Vec::new(),
            depth,
            by_name: HashMap::new(),
            repeat,
        });
        if let Some(parent) = parent {
            self.index_child(parent, DefId(self.defs.len() as u32 - 1));
        }
    }

    /// Attributes stand behind the children of their element.
    pub(super) fn settle_attributes(&mut self) {
        for index in 0..self.defs.len() {
            let def = &self.defs[index];
            let (first, attributes) = (def.children.len() as u32, def.attributes.clone());
            for (place, attribute) in attributes.into_iter().enumerate() {
                self.defs[attribute.0 as usize].slot = first + place as u32;
            }
        }
    }

    /// Adds what an element has below it to its definition. Elements of one name become one definition.
    fn merge(&mut self, element: Node<'_, '_>, def: DefId, full: &str, repeats: &HashSet<String>) {
        let mut seen: HashSet<DefId> = HashSet::new();
        let is_template = |node: &Node<'_, '_>| node.attribute((JAVAROSA, "template")).is_some();
        let in_template = element.ancestors().any(|node| is_template(&node));
        for child in element.children().filter(Node::is_element) {
            let name = qualified_name(child);
            let path = format!("{full}/{name}");
            let known = self.child_def(def, &name);
            let id = match known {
                Some(id) => id,
                None => self.define(child, Some(def), &path, repeats),
            };
            if in_template && self.defs[id.0 as usize].shape == Shape::Repeat && !is_template(&child) {
                let same = |other: &Node<'_, '_>| other.is_element() && other.tag_name() == child.tag_name();
                let rows = element.children().filter(|other| same(other) && !is_template(other)).count() as u32;
                self.defs[id.0 as usize].first_rows = rows;
            }
            let repeated = !seen.insert(id);
            if repeated && self.defs[id.0 as usize].shape != Shape::Repeat {
                let place = self.place(child, Some(id), "instance");
                let found = format!("a second <{name}> that belongs to no repeat");
                self.problem(Severity::Error, ProblemKind::Unsupported { found }, place);
                continue;
            }
            if known.is_some() {
                self.define_attributes(child, id);
            }
            if known.is_none() && self.defs[id.0 as usize].shape == Shape::Leaf {
                self.defs[id.0 as usize].default = text_of(child).as_ref().into();
            }
            self.merge(child, id, &path, repeats);
        }
    }

    fn index_child(&mut self, parent: DefId, child: DefId) {
        let above = &self.defs[parent.0 as usize];
        let new: Vec<DefId> = match above.by_name.len() {
            0 if above.below().count() <= 8 => return,
            0 => above.below().collect(),
            _ => vec![child],
        };
        for child in new {
            let name = self.defs[child.0 as usize].name.as_str().into();
            self.defs[parent.0 as usize].by_name.entry(name).or_insert(child);
        }
    }

    fn child_def(&self, parent: DefId, name: &str) -> Option<DefId> {
        self.defs[parent.0 as usize].find(&self.defs, name)
    }

    /// A form without an instance id gets one, as OpenRosa asks of every submission.
    fn add_meta(&mut self, root: DefId) {
        let known =
            self.defs[root.0 as usize].children.iter().copied().find(|child| self.defs[child.0 as usize].is_meta());
        if let Some(meta) = known {
            let (name, namespace) =
                (self.defs[meta.0 as usize].name.clone(), self.defs[meta.0 as usize].namespace.clone());
            let id = name.split_once(':').map_or("instanceID".to_owned(), |(prefix, _)| format!("{prefix}:instanceID"));
            let id = self.add_def(&id, namespace, Some(meta), Shape::Leaf);
            self.defs[id.0 as usize].bind.preload = Some(("uid".to_owned(), IF_EMPTY.to_owned()));
            return;
        }
        let prefix = self
            .document
            .root_element()
            .namespaces()
            .find(|space| space.uri() == OPENROSA)
            .and_then(|space| space.name())
            .unwrap_or_default()
            .to_owned();
        let name = |local: &str| if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
        let meta = self.add_def(&name("meta"), OPENROSA.to_owned(), Some(root), Shape::Group);
        let id = self.add_def(&name("instanceID"), OPENROSA.to_owned(), Some(meta), Shape::Leaf);
        self.defs[id.0 as usize].bind.preload = Some(("uid".to_owned(), IF_EMPTY.to_owned()));
    }

    /// A revision names the submission it replaces beside its own id.
    fn add_deprecated_id(&mut self) {
        let Some(own) = self.defs.iter().position(is_instance_id) else { return };
        let (own, meta) = (&self.defs[own], self.defs[own].parent);
        let (name, namespace) = (own.name.replace("instanceID", "deprecatedID"), own.namespace.clone());
        if let Some(meta) = meta
            && self.child_def(meta, &name).is_none()
        {
            let id = self.add_def(&name, namespace, Some(meta), Shape::Leaf);
            self.defs[id.0 as usize].quiet = true;
        }
    }

    fn seed_of(&self, element: Node<'_, '_>, def: DefId) -> Seed {
        let leaf = self.defs[def.0 as usize].shape == Shape::Leaf;
        let mut children: Vec<Seed> = own_attributes(element)
            .into_iter()
            .filter_map(|(name, attribute)| {
                let def = self.child_def(def, &name)?;
                Some(Seed { def, value: attribute.value().into(), children: Vec::new() })
            })
            .collect();
        for child in element.children().filter(Node::is_element) {
            if child.attribute((JAVAROSA, "template")).is_none()
                && let Some(id) = self.child_def(def, &qualified_name(child))
            {
                children.push(self.seed_of(child, id));
            }
        }
        Seed { def, value: if leaf { text_of(element).as_ref().into() } else { "".into() }, children }
    }

    pub(super) fn read_secondary(&mut self, instance: Node<'_, '_>, media: &Media) -> Result<(), NotPlain> {
        let Some(id) = instance.attribute("id") else { return Ok(()) };
        let source = instance.attribute("src").filter(|source| !source.is_empty());
        let inside = self.cut.inside(instance.range().start);
        let plain = inside.map(|inside| Secondary::from_plain(id, inside, &mut self.names)).transpose()?.flatten();
        let secondary = match (source, instance.first_element_child()) {
            (Some(source), _) => self.read_external(instance, id, source, media),
            (None, Some(element)) => Secondary::from_xml(id, element, &mut self.names),
            (None, None) => plain.unwrap_or_else(|| Secondary::empty(id, &mut self.names)),
        };
        self.instance_ids.entry(id.to_owned()).or_insert(self.instances.len());
        self.instances.push(secondary);
        Ok(())
    }

    fn read_external(&mut self, instance: Node<'_, '_>, id: &str, source: &str, media: &Media) -> Secondary {
        let place: Place = self.place(instance, None, "instance");
        let name = source.rsplit('/').next().unwrap_or(source).to_owned();
        if source == "jr://instance/last-saved" {
            // Empty until a session is handed the submission that was saved last.
            self.last_saved = Some(self.instances.len() as u32);
            return Secondary::empty(id, &mut self.names);
        }
        if let Some(table) = name.strip_suffix(".csv") {
            self.tables.push((table.to_owned(), self.instances.len()));
        }
        let Some(bytes) = media.get(&name).or_else(|| media.get(source)) else {
            self.problem(Severity::Warning, ProblemKind::MissingMedia { found: name }, place);
            return Secondary::empty(id, &mut self.names);
        };
        let lower = name.to_ascii_lowercase();
        let read = if lower.ends_with(".csv") || source.contains("file-csv") {
            Secondary::from_csv(id, bytes, &mut self.names)
        } else if lower.ends_with(".xml") {
            self.read_external_xml(id, bytes)
        } else if lower.ends_with(".geojson") {
            super::geojson::rows(bytes).and_then(|rows| Secondary::from_rows(id, &rows, &mut self.names))
        } else {
            Err("expected a .csv, .xml or .geojson file".to_owned())
        };
        read.unwrap_or_else(|reason| {
            self.problem(Severity::Error, ProblemKind::BadMedia { name, reason }, place);
            Secondary::empty(id, &mut self.names)
        })
    }

    fn read_external_xml(&mut self, id: &str, bytes: &[u8]) -> Result<Secondary, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "expected UTF-8".to_owned())?;
        let too_much = || "it is too large or too deep".to_owned();
        if text.len() > super::MAX_FORM_BYTES {
            return Err(too_much());
        }
        let document = super::plain_document(text).map_err(|reason| reason.unwrap_or_else(too_much))?;
        Ok(Secondary::from_xml(id, document.root_element(), &mut self.names))
    }

    /// After body and binds: what each node takes.
    pub(super) fn settle_kinds(&mut self) {
        for index in 0..self.defs.len() {
            let id = DefId(index as u32);
            let declared = self.types.get(&id).cloned();
            let control = self.defs[index]
                .controls
                .iter()
                .map(|control| self.controls[control.0 as usize].control.clone())
                .find(|control| !matches!(control, crate::Control::Group | crate::Control::Repeat));
            let def = &mut self.defs[index];
            if is_instance_id(def) && def.bind.calculate.is_none() && def.bind.preload.is_none() {
                def.bind.preload = Some(("uid".to_owned(), IF_EMPTY.to_owned()));
            }
            let kind = kind_of(declared.as_deref(), control.as_ref());
            self.defs[index].kind = kind;
            let default = crate::lexical::fit_computed(kind, &self.defs[index].default);
            if crate::lexical::canonical(kind, &default, DateTime::UNIX_EPOCH.fixed_offset()).is_err() {
                let place = Place { path: Some(self.defs[index].path.clone()), ..Place::default() };
                let problem = ProblemKind::BadDefault { found: default.clone(), expected: word(kind) };
                self.problem(Severity::Warning, problem, place);
            }
            self.defs[index].default = default.into();
        }
        if let Some(mut seed) = self.seed.take() {
            self.fit_seed(&mut seed);
            self.seed = Some(seed);
        }
    }

    fn fit_seed(&self, seed: &mut Seed) {
        let kind = self.defs[seed.def.0 as usize].kind;
        seed.value = crate::lexical::fit_computed(kind, &seed.value).into();
        seed.children.iter_mut().for_each(|child| self.fit_seed(child));
    }
}

/// The attributes of an element that are nodes, with their names: `@id`. JavaRosa's own speak to the reader.
fn own_attributes<'a, 'i>(element: Node<'a, 'i>) -> Vec<(String, roxmltree::Attribute<'a, 'i>)> {
    let is_root = element.parent_element().is_none_or(|parent| parent.tag_name().name() == "instance");
    element
        .attributes()
        .filter(|attribute| is_root || attribute.namespace() != Some(JAVAROSA))
        .map(|attribute| (format!("@{}", qualified_attribute(element, attribute)), attribute))
        .collect()
}

fn is_instance_id(def: &Def) -> bool {
    def.is_meta() && def.name.rsplit(':').next() == Some("instanceID")
}

fn word(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Integer => "a whole number",
        ValueKind::Decimal => "a number",
        ValueKind::Boolean => "true or false",
        ValueKind::Date => "a date",
        ValueKind::Time => "a time",
        ValueKind::DateTime => "a date and time",
        ValueKind::GeoPoint | ValueKind::GeoTrace | ValueKind::GeoShape => "a place",
        ValueKind::Acknowledge => "OK",
        _ => "text",
    }
}

fn kind_of(declared: Option<&str>, control: Option<&crate::Control>) -> ValueKind {
    use crate::Control;
    match control {
        Some(Control::SelectOne) => return ValueKind::SelectOne,
        Some(Control::SelectMultiple) => return ValueKind::SelectMultiple,
        Some(Control::Rank) => return ValueKind::Rank,
        Some(Control::Trigger) => return ValueKind::Acknowledge,
        _ => {}
    }
    match declared.unwrap_or_default() {
        "int" | "integer" | "long" => ValueKind::Integer,
        "decimal" => ValueKind::Decimal,
        "boolean" => ValueKind::Boolean,
        "date" => ValueKind::Date,
        "time" => ValueKind::Time,
        "dateTime" => ValueKind::DateTime,
        "geopoint" => ValueKind::GeoPoint,
        "geotrace" => ValueKind::GeoTrace,
        "geoshape" => ValueKind::GeoShape,
        "binary" => ValueKind::Binary,
        "barcode" => ValueKind::Barcode,
        "intent" => ValueKind::Intent,
        _ if matches!(control, Some(Control::Upload { .. })) => ValueKind::Binary,
        _ => ValueKind::Text,
    }
}

/// The bind types of the form language.
pub(super) const TYPES: &[&str] = &[
    "string", "int", "integer", "long", "boolean", "decimal", "date", "time", "dateTime", "geopoint", "geotrace",
    "geoshape", "binary", "barcode", "intent", "select", "select1", "rank", "odk:rank", "phone", "url", "anyURI",
];
