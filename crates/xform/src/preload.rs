//! Metadata: values that the engine itself writes into new nodes.

use crate::form::Def;
use crate::{Context, lexical};

/// What a node of metadata gets where this stands in it now: when the filling or its row is made (`new`), else only where
/// it is empty. `end` is written when the filling is closed.
pub(crate) fn value(def: &Def, stored: &str, new: bool, context: &Context<'_>) -> Option<String> {
    let (kind, parameters) = def.bind.preload.as_ref()?;
    if !stored.is_empty() && (!new || parameters == crate::read::IF_EMPTY) {
        return None;
    }
    match (kind.as_str(), parameters.as_str()) {
        ("uid", _) => Some(format!("uuid:{}", random_uuid(context))),
        ("timestamp", "start") => Some(lexical::write_moment(context.now)),
        ("date", _) => Some(context.now.format("%Y-%m-%d").to_string()),
        ("property", name) => Some(context.properties.get(name).unwrap_or_default().to_owned()),
        _ => None,
    }
}

pub(crate) fn random_uuid(context: &Context<'_>) -> String {
    let (a, b) = ((context.random)(), (context.random)());
    let high = (a & 0xffff_ffff_ffff_0fff) | 0x4000;
    let low = (b & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}
