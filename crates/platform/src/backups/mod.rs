//! Backups and restore drills: when one is due, how it ended, and what staff see of them.
//!
//! It is the book that is kept. It is not the making: that is the crate `backup`, which the
//! server runs outside any transaction, between [`due`] or [`begin`] and one of [`made`],
//! [`restored`] and [`failed`].
//!
//! **Invariant**: the id of a row is made from the id of the row before it, so of servers that
//! find the same one due, one begins it.

mod begin;
mod end;
mod page;
mod restored;
mod retention;
mod store;

#[cfg(test)]
mod tests;

pub use begin::{Claim, begin, begin_drill, due};
pub use end::{Made, failed, give_up, made, restored};
pub use page::{last_success, page};
pub(crate) use restored::tell_of_restore;
pub use retention::{Expired, expired, removed};

/// What the operator decides about backups, as far as the domain needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Hours between scheduled backups; `None`: none are scheduled.
    pub every_hours: Option<u32>,
    /// Days that a backup is kept.
    pub keep_days: u32,
    /// How many recipients can open one.
    pub recipients: u32,
    /// Whether the server holds restore drills by itself.
    pub drills: bool,
}
