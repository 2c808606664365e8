//! What a part of the product is given to invent its own past.

use std::sync::atomic::{AtomicI64, Ordering};

use types::{Clock, Timestamp, UserId};

use super::{means::Means, people::Founded};
use crate::Ctx;

/// A clock that shows what it was set to.
#[derive(Default)]
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn set(&self, moment: Timestamp) {
        self.0.store(moment.as_millis(), Ordering::Relaxed);
    }

    /// So many milliseconds go by.
    pub(super) fn pass(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// Whose past is invented, and with what.
pub(crate) struct Past<'a> {
    /// Now, for what is secret.
    pub(crate) here: &'a Ctx,
    /// Then, for ids and events.
    pub(crate) then: &'a Ctx,
    /// The clock of `then`.
    pub(crate) clock: &'a SetClock,
    pub(crate) tenant: String,
    /// Whose hand it is, and a context of theirs.
    pub(crate) maker: (UserId, Ctx),
    /// When it was made.
    pub(crate) made: Timestamp,
}

impl<'a> Past<'a> {
    /// By the hand of whoever founded the organisation; nothing, if nobody is in it.
    pub(super) fn of(means: &'a Means, founded: &Founded, made: Timestamp) -> Option<Self> {
        let maker = founded.members.first()?;
        Some(Self {
            here: &means.here,
            then: &means.then,
            clock: &means.clock,
            tenant: founded.id.to_string(),
            maker: (maker.id, maker.ctx(means, founded.id)),
            made,
        })
    }
}
