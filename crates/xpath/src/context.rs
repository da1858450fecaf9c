//! What an expression asks of the world around the tree, and where it stands in the tree.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDateTime};

use crate::tree::Tree;

/// The world, as far as expressions may ask for it. Every answer is handed in by the caller; an expression that asks
/// for nothing needs none of these but [`Host::now`].
pub trait Host<T: Tree + ?Sized> {
    /// The time at which this evaluation takes place, with the local offset. The same for the whole evaluation.
    fn now(&self) -> DateTime<FixedOffset>;

    /// The offset of local time at that local date and time, where the zone's offset changes over the year.
    fn offset_at(&self, _local: NaiveDateTime) -> FixedOffset {
        *self.now().offset()
    }

    /// Fills the buffer with random bytes, for `random()`, `uuid()` and `randomize()` without seed.
    fn fill_random(&self, bytes: &mut [u8]);

    /// The root of the secondary instance of that id (a node whose child is the instance's document element).
    fn instance(&self, _id: &str) -> Option<T::Node> {
        None
    }

    /// The label, in the active language, of the choice with that value of the question at `path` (as written in the
    /// expression, absolute or relative to `context`). None where there is no such question or choice.
    fn choice_label(&self, _context: T::Node, _value: &str, _path: &str) -> Option<Cow<'_, str>> {
        None
    }

    /// The text with that id in the active language.
    fn itext(&self, _id: &str) -> Option<Cow<'_, str>> {
        None
    }

    /// A device or user property (`deviceid`, `username`, …).
    fn property(&self, _name: &str) -> Option<Cow<'_, str>> {
        None
    }

    /// The version of the form.
    fn version(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// The value that [`Host::keep`] was given for that number and node, if nothing it reads has changed since. Only
    /// expressions prepared by [`crate::Expr::share_aggregates`] ask.
    fn recall(&self, _number: u32, _begin: T::Node) -> Option<f64> {
        None
    }

    /// Takes the value of a shared call for others to recall.
    fn keep(&self, _number: u32, _begin: T::Node, _value: f64) {}

    /// Hears, at the end of an evaluation, how many nodes it looked at: many small ones may be too much together.
    fn worked(&self, _nodes: u64) {}

    /// The active language, as a BCP 47 tag or the name used in the form; `format-date` names months and days in it.
    fn language(&self) -> &str {
        ""
    }
}

/// Where and against what an expression is evaluated.
pub struct Context<'a, T: Tree + ?Sized, H: ?Sized> {
    /// The tree.
    pub tree: &'a T,
    /// The world.
    pub host: &'a H,
    /// The context node.
    pub node: T::Node,
    /// What `/` means: the root of the primary instance.
    pub root: T::Node,
}

impl<T: Tree + ?Sized, H: ?Sized> Clone for Context<'_, T, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Tree + ?Sized, H: ?Sized> Copy for Context<'_, T, H> {}

impl<T: Tree + ?Sized, H: ?Sized> fmt::Debug for Context<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("node", &self.node).field("root", &self.root).finish_non_exhaustive()
    }
}
