//! What erasures left of entries, as it travels: sealed for those who could read the entries.
//!
//! An erasure stands in the chain of who erased, and the whole team reads a lead's chain. Without this, erasing one answer
//! would show the others to everybody. The keys are not here: whoever calls hands in what seals and what opens.

use crate::kinds::{ErasedBody, Erasure};
use crate::{Content, Opened, kind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value};
use tianye_journal::{ChainId, EntryHash};

/// Longest piece, so that each is a text within the limits of a content.
const PIECE: usize = 128 << 10;

/// What seals the rest of an entry: given its chain and name.
pub type Seal<'s, E> = &'s mut dyn FnMut(ChainId, EntryHash, &[u8]) -> Result<Vec<u8>, E>;
/// What opens it again, if it can be read here.
pub type Open<'o> = &'o dyn Fn(ChainId, EntryHash, &[u8]) -> Option<Vec<u8>>;

/// An erasure as it may be written: what is left of each entry is sealed by `seal`, which is given the entry's chain and
/// name. Of an erasure that was erased only places are left, and those stay open.
///
/// # Errors
/// What `seal` said.
pub fn seal_rests<E>(erasure: &Erasure, seal: Seal<'_, E>) -> Result<Erasure, E> {
    let mut sealed = erasure.clone();
    for body in &mut sealed.bodies {
        let Some(rest) = body.rest.take() else { continue };
        if body.kind == kind::ERASURE {
            let inner = inner_of(rest).map(|inner| seal_rests(&inner, seal)).transpose()?;
            body.rest = inner.map(|inner| crate::content::object_of(&inner));
        } else {
            let bytes = Value::Object(rest).to_string().into_bytes();
            let text = BASE64.encode(seal(body.chain, body.entry, &bytes)?);
            body.sealed =
                text.as_bytes().chunks(PIECE).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
        }
    }
    Ok(sealed)
}

/// Opens what erasures left, where `open` can: those whose chain cannot be read here stay sealed and count as nothing.
pub fn open_rests(entries: &mut [Opened], open: Open<'_>) {
    for entry in entries {
        if let Content::Erasure(erasure) = &mut entry.content {
            open_all(erasure, open);
        }
    }
}

fn open_all(erasure: &mut Erasure, open: Open<'_>) {
    for body in &mut erasure.bodies {
        if body.kind == kind::ERASURE {
            let inner = body.rest.take().and_then(inner_of);
            body.rest = inner.map(|mut inner| {
                open_all(&mut inner, open);
                crate::content::object_of(&inner)
            });
        } else if let Some(rest) = opened(body, open) {
            body.rest = Some(rest);
            body.sealed.clear();
        }
    }
}

fn opened(body: &ErasedBody, open: Open<'_>) -> Option<Map<String, Value>> {
    if body.sealed.is_empty() {
        return None;
    }
    let sealed = BASE64.decode(body.sealed.concat()).ok()?;
    serde_json::from_slice(&open(body.chain, body.entry, &sealed)?).ok()
}

fn inner_of(rest: Map<String, Value>) -> Option<Erasure> {
    serde_json::from_value(Value::Object(rest)).ok()
}
