//! What a part of the product is given to invent its own past.

use types::{Timestamp, UserId};

use crate::Ctx;

/// Whose past is invented, and with what.
pub(crate) struct Past<'a> {
    /// Now, for what is secret.
    pub(crate) here: &'a Ctx,
    /// Then, for ids and events; its time is set by `set`.
    pub(crate) then: &'a Ctx,
    pub(crate) set: &'a (dyn Fn(Timestamp) + Send + Sync),
    pub(crate) tenant: &'a str,
    /// Whose hand it is, and a context of theirs.
    pub(crate) maker: (UserId, &'a Ctx),
    /// When it was made.
    pub(crate) made: Timestamp,
}
