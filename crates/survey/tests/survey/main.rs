//! What entries come to, in histories that people can read, and in histories that nobody would write by hand.

#![expect(clippy::needless_pass_by_value, reason = "snapshots are written in place and handed over")]

mod attachments;
mod audit;
mod cards;
mod consents;
mod contents;
mod dsl;
mod duplicates;
mod entities;
mod erasures;
mod exports;
mod forged_erasures;
mod interviews;
mod links;
mod people;
mod project;
mod properties;
mod readiness;
mod recheck;
mod reports;
mod revocations;
mod rights;
mod roster;
mod rounds;
mod safeguarding;
mod versions;
