//! The hub: where laptops leave sealed entries and chunks for each other when they have a network in the evening.
//!
//! It checks who may send, that signatures and chains are whole, and that bytes have the names they are sent under. It
//! must not know what an entry says: there is no key here that opens a body, and nothing that people wrote reaches the
//! log. What it can see all the same are sizes, times, chains and the addresses that devices come from.
//!
//! Words: a *project* is registered once, with the *admin word* of the *hub card*. A *device* shows its certificate and
//! signs a *challenge* to get a *token*; whoever signs with the project key itself is the *lead*. *Letter boxes* carry a
//! join request one way and an admission the other. A *receipt* is the hub's signature under one entry, always the same.
//!
//! [`start`] runs a hub inside any program (the lead's laptop on a guesthouse network); `tianye-hub serve` runs it alone.

mod admit;
mod db;
mod doors;
mod error;
mod identity;
mod refuse;
mod routes;
mod server;
mod state;

pub use error::HubError;
pub use routes::table::{Access, ROUTES, Route};
pub use server::{Limits, Options, Running, Summary, start, summary};
