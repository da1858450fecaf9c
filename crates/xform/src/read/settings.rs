//! Submission, audit and entities: read and kept.

use roxmltree::Node;

use super::{Reader, child};
use crate::beyond::TIANYE_NAMESPACE;
use crate::form::{Def, DefId};
use crate::problem::{Place, ProblemKind, Severity};
use crate::settings::{About, Audit, AuditLocation, EntityDef, Submission};

const ENTITIES: &str = "http://www.opendatakit.org/xforms/entities";
/// The newest version of the entities specification that is understood: year and number.
const NEWEST_ENTITIES: (u32, u32) = (2025, 1);

pub(super) fn submission(model: Node<'_, '_>) -> Option<Submission> {
    let element = child(model, "submission")?;
    let text = |name: &str| element.attribute(name).unwrap_or_default().trim().to_owned();
    let switch = |name: &str| {
        let attribute = element.attributes().find(|attribute| attribute.name() == name)?;
        match attribute.value().trim() {
            "true" | "true()" | "1" => Some(true),
            "false" | "false()" | "0" => Some(false),
            _ => None,
        }
    };
    Some(Submission {
        action: text("action"),
        method: text("method"),
        public_key: Some(text("base64RsaPublicKey")).filter(|key| !key.is_empty()),
        auto_send: switch("auto-send"),
        auto_delete: switch("auto-delete"),
    })
}

/// The purposes of consent that the form asks for, if it says any.
pub(super) fn purposes(model: Node<'_, '_>) -> Vec<String> {
    let words = model.attribute((TIANYE_NAMESPACE, "purpose")).unwrap_or_default();
    words.split_whitespace().take(MOST_PURPOSES).map(str::to_owned).collect()
}

/// What the form is about; a word that is not known is as none.
pub(super) fn about(model: Node<'_, '_>) -> About {
    match model.attribute((TIANYE_NAMESPACE, "about")).map(str::trim) {
        Some("group") => About::Group,
        Some("site") => About::Site,
        Some("ward") => About::Ward,
        _ => About::Person,
    }
}

/// The minutes that the form says it takes; nothing else than a number of minutes of one day is one.
pub(super) fn minutes(model: Node<'_, '_>) -> Option<u32> {
    let said = model.attribute((TIANYE_NAMESPACE, "minutes"))?;
    said.trim().parse().ok().filter(|minutes| (1..=24 * 60).contains(minutes))
}

/// Most purposes of one form.
const MOST_PURPOSES: usize = 16;

/// The settings of `meta/audit`, if the form has it.
pub(super) fn audit(defs: &[Def]) -> Option<Audit> {
    let def = defs.iter().find(|def| def.is_meta() && def.local_name() == "audit")?;
    let value = |name: &str| {
        let own = |known: &str| known.rsplit(':').next() == Some(name);
        def.bind.other.iter().find(|(known, _)| own(known)).map(|(_, value)| value.trim())
    };
    let seconds = |name: &str| value(name).and_then(|text| text.parse().ok());
    let location = match (value("location-priority"), seconds("location-min-interval"), seconds("location-max-age")) {
        (Some(priority), Some(min_interval), Some(max_age)) => {
            Some(AuditLocation { priority: priority.to_owned(), min_interval, max_age })
        }
        _ => None,
    };
    let is = |name: &str| value(name).is_some_and(|value| matches!(value, "true" | "true()" | "1"));
    Some(Audit {
        path: def.path.clone(),
        location,
        track_changes: is("track-changes"),
        reason_on_edit: value("track-changes-reasons") == Some("on-form-edit"),
        identify_user: is("identify-user"),
    })
}

impl Reader<'_, '_> {
    /// False: the form is written for a newer entities specification, and must be refused (entities specification,
    /// “Versioning”).
    pub(super) fn knows_entities_version(&mut self, model: Node<'_, '_>) -> bool {
        let Some(version) = model.attribute((ENTITIES, "entities-version")) else { return true };
        let mut parts = version.trim().split('.').map(|part| part.parse::<u32>().unwrap_or(u32::MAX));
        let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if found <= NEWEST_ENTITIES {
            return true;
        }
        let place = self.place(model, None, "entities-version");
        let kind = ProblemKind::NewerEntities { found: version.to_owned(), known: "2025.1" };
        self.problem(Severity::Error, kind, place);
        false
    }

    /// The entities of the form: each `entity` in the meta block of the form, or of a group or repeat.
    pub(super) fn entities(&mut self) -> Vec<EntityDef> {
        let mut entities: Vec<(DefId, EntityDef)> = Vec::new();
        for def in &self.defs {
            let meta = def.parent.map(|meta| &self.defs[meta.0 as usize]).filter(|meta| meta.local_name() == "meta");
            let Some(scope) = meta.and_then(|meta| meta.parent).filter(|_| def.local_name() == "entity") else {
                continue;
            };
            let list = def.attributes.iter().map(|id| &self.defs[id.0 as usize]).find(|own| own.name == "@dataset");
            entities.push((
                scope,
                EntityDef {
                    path: def.path.clone(),
                    list: list.map_or_else(String::new, |list| list.default.to_string()),
                    repeat: def.repeat.map(|repeat| self.defs[repeat.0 as usize].path.clone()),
                    properties: Vec::new(),
                },
            ));
        }
        let mut homeless = Vec::new();
        for def in &self.defs {
            for (_, value) in def.bind.other.iter().filter(|(name, _)| name.rsplit(':').next() == Some("saveto")) {
                let (list, property) =
                    value.split_once('#').map_or((None, value.as_str()), |(list, property)| (Some(list), property));
                // The entity of the nearest group around the question.
                let near = entities
                    .iter_mut()
                    .filter(|(scope, entity)| self.is_above(*scope, def) && list.is_none_or(|list| entity.list == list))
                    .max_by_key(|(scope, _)| self.defs[scope.0 as usize].depth);
                match near {
                    Some((_, entity)) => entity.properties.push((property.to_owned(), def.path.clone())),
                    None => homeless.push((def.path.clone(), value.clone())),
                }
            }
        }
        for (path, found) in homeless {
            let place = Place { path: Some(path), part: Some("entities:saveto".to_owned()), ..Place::default() };
            self.problem(Severity::Error, ProblemKind::NoEntity { found }, place);
        }
        entities.into_iter().map(|(_, entity)| entity).collect()
    }

    fn is_above(&self, above: DefId, def: &Def) -> bool {
        let mut at = def.parent;
        while let Some(id) = at {
            if id == above {
                return true;
            }
            at = self.defs[id.0 as usize].parent;
        }
        false
    }
}
