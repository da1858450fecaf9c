//! What does not fit: where chains of the team do not come together as they should.

use serde::Serialize;
use specta::Type;

use super::quiet;

quiet!(MisfitView);

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Misfit {
    /// The hub was put back to an old copy.
    HubRewound,
    /// What the hub's log said before is not in it.
    HubRewritten,
    /// Two laptops write as one: a disk was cloned, or an old copy of it put back.
    Fork,
    /// Entries that their writer's role may not write: they have no effect.
    NoRight,
    /// Entries in the name of somebody else than their laptop's: they have no effect.
    OtherAuthor,
    /// Entries that change what their writer did not begin, where the role demands that: they have no effect.
    NotOwn,
    /// Entries that came after their laptop was revoked: they wait.
    Late,
    /// Entries that could not be taken in.
    Aside,
    /// Entries are missing, and what came after them waits.
    Gap,
}

/// Something that does not fit, of one laptop or one hub.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MisfitView {
    /// Names it for [`crate::Desk::note_misfit`]; another one as soon as there is more of it.
    pub key: String,
    /// Who and which laptop, or the hub's address; empty where no card of the team says so.
    pub owner: String,
    /// Whether it is this laptop.
    pub own: bool,
    /// What was found.
    pub what: Misfit,
    /// Of what could not be taken in, the reason's code: `set-aside-<code>`.
    pub code: String,
    /// How many entries: missing, without effect, waiting or set aside; of a fork, the first place that is taken twice.
    pub entries: u32,
    /// Of a hub, when it was noticed; else empty.
    pub at: String,
}
