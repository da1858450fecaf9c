//! Carriers: how sealed entries and chunks get from one replica to another — over HTTPS by a hub, or in a file on a stick.
//!
//! It must not know what an entry says, nor screens, nor where a replica keeps things: it asks a [`Replica`].
//!
//! Words: a *hub* relays and keeps; its *card* holds the address, the *pin* of its TLS key and the key that signs
//! *receipts*. To *negotiate* is to compare frontiers. To *push* is to send what the other lacks, to *pull* to fetch what
//! we lack. A hub *nearby* runs on a laptop of the same network and is found by its address and *code*. A *letter box* at
//! the hub carries a join request one way and an admission back; an *offer* beside it is the invitation itself, sealed for
//! who types its code.
//!
//! Everything here blocks; call it on a thread of its own, not on one that runs async tasks.

mod anybody;
mod card;
mod client;
mod code;
mod error;
mod exchange;
mod letters;
mod nearby;
mod offer;
mod parts;
mod pin;
mod progress;
pub mod protocol;
mod replica;
mod short_code;
mod standing;
mod stick;
mod stick_card;
mod wire;

pub use card::HubCard;
pub use client::{AuditState, Credentials, HubClient, Patience, Pulled, Pushed, pinned_http};
pub use code::Refusal;
pub use error::SyncError;
pub use exchange::{Report, sync};
pub use letters::{AuditHead, Letter, audit_head_message, letter_key, letter_mac};
pub use nearby::{HubCode, LOCAL_PORT, find_hub, typed_address};
pub use offer::{find_invitation, invitation_code};
pub use parts::{Part, missing_parts};
pub use pin::Pin;
pub use progress::{Progress, Step, Tell};
pub use replica::{Admitted, Cancel, Limit, Replica};
pub use short_code::ShortCode;
pub use standing::{Gap, Split, gaps};
pub use stick::{
    ChainLook, PART_BYTES, StickFile, StickLook, StickPlan, StickReport, Taker, batches_in, read_batch, read_stick,
    verify_stick, write_stick,
};
pub use stick_card::{CardWriter, StickCard, held_by_all, held_with, stick_cards};
