//! What entries come to, in histories that people can read, and in histories that nobody would write by hand.

mod cards;
mod contents;
mod dsl;
mod interviews;
mod project;
mod properties;
mod rights;
