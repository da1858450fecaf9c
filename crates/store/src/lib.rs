//! Store: what one interviewer has on one laptop for one project, encrypted, durable, append-only.
//!
//! Purpose: an answer that the screen shows as saved survives kill -9 and power loss, and nothing of a respondent stands
//! on the disk in plain text. One folder for each project and interviewer; see *On the disk*.
//!
//! It must not know screens, networks, or what an entry means (that is `tianye-survey`): contents are bytes here. The
//! clock is handed in. Randomness is the system's own, since keys must never come from a caller's seed.
//!
//! # Words
//! - *store*: one encrypted database and what lies beside it; *unlocked* while a [`Store`] lives, *locked* when dropped
//! - *start card*: the plain line of the unlock screen ([`StartCard`])
//! - *key slot*: the database's key wrapped by a passphrase, or to the project's recovery address
//! - *step*: one use of the write path, [`Store::transact`]; wholly durable on return, or it did not happen
//! - *draft*: what is being filled in, answer by answer; *unsealed* while changes are in no entry
//! - *recording*: a file that comes in piece by piece until it is an answer; *loose*: a chunk that nothing names yet
//! - *own chain*: the chain that this laptop writes
//! - *restricted chain*: what this laptop writes for the safeguarding holders; nothing of it is kept open, and recovery
//!   opens none of it
//! - *opened*: an entry whose body can be read; these rows can be built again ([`Tx::rebuild`])
//! - *glance*: what whoever takes entries in saw of one, kept while it is alone in its record
//! - *summary*: what a record came to when the desk folded it last; *stale* when its entries changed since
//! - *erased*: a body or chunk that was dropped and never comes back; its entry stays
//! - *set aside*: what came in and may not enter (yet), kept with its reason
//! - *map*: raster tiles in an MBTiles file, for pointing at a place; it lies in `data_dir/maps` as it came
//! - *black box*: a second, sealed copy of every own entry; a *second* one lies on another medium, if the person named one
//! - *snapshot*: a whole copy of the database that was looked at
//!
//! # On the disk
//!
//! ```text
//! data_dir/<32 hex digits>/
//!     in-use, in-use.json  held by the system's lock while unlocked; which program, and since when
//!     card.json            start card, plain: interviewer, project, role, practice; nothing of respondents
//!     slots.txt            key slots (format: src/slots.rs)
//!     store.db, -wal, -shm SQLCipher: AES-256-CBC pages with HMAC-SHA512 (-shm holds page numbers only)
//!     chunks/ab/ab12…      sealed chunks, named by their BLAKE3
//!     safety/box           black box: a batch that is never ended (box.damaged-1: one that was set aside as it was found)
//!     snapshots/149….db    encrypted copies, named by when they were made; each was looked at (.part while it is made)
//!     set-aside/149…/      a damaged database as it was found, from before a recovery
//!     backup/1.db          encrypted copy from before a migration, named by its version (.part while it is made)
//! ```

#[cfg(test)]
extern crate self as tianye_store;

mod admit;
mod black_box;
mod card;
mod chunks;
mod connect;
mod content_keys;
mod copies;
mod damaged;
mod drafts;
mod entries;
mod erase;
mod error;
mod files;
mod hex;
mod hold;
mod intake;
mod keys;
mod map_layer;
mod migrate;
mod opened;
mod own_chain;
mod receipts;
mod recordings;
mod recover;
mod restricted;
mod set_aside;
mod settings;
mod slots;
mod snapshots;
mod sql;
mod store;
mod summaries;
#[cfg(test)]
mod tests;
mod transact;
mod watch;

pub use admit::Admitted;
pub use black_box::{KeptBox, SecondBox, read_black_box, salvage_black_box};
pub use card::StartCard;
pub use copies::{Held, Looked};
pub use damaged::{DamagedDatabase, Left};
pub use drafts::{Draft, DraftAnswer, NewDraft};
pub use entries::{Limit, Page};
pub use erase::Dropped;
pub use error::{Error, Result};
pub use hold::Holder;
pub use intake::{Intake, Look};
pub use keys::{KdfCost, MIN_PASSPHRASE, Passphrase};
pub use map_layer::{Bounds, MAP_ENDING, MAX_TILE, MAX_ZOOM, MapError, MapLayer, add_map, maps};
pub use opened::{OpenedEntry, Written};
pub use own_chain::OwnChain;
pub use recordings::{Piece, Recording};
pub use recover::{Ground, Recovered, recover};
pub use restricted::RestrictedKeys;
pub use set_aside::KeptAside;
pub use snapshots::Snapshot;
pub use store::{Listed, NewStore, Store, StoreId, Unlock, list};
pub use transact::{Op, Tx, View};
#[cfg(feature = "watch-files")]
pub use watch::{FileAct, Watcher, watch_files};
