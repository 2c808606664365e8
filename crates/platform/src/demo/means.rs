//! The means of an invented past: a clock that is set, and ids that can be repeated.

use std::sync::Arc;

use types::Timestamp;

use super::{dice::Stream, past::SetClock};
use crate::{Ctx, Error, Result, audit::Tx};

/// Two contexts of the system: one that lives now, and one that lives when it is told to.
pub(super) struct Means {
    /// Now, with the installation's own random source: for secrets.
    pub(super) here: Ctx,
    /// Then, with randomness from the seed: for ids and times.
    pub(super) then: Ctx,
    /// The clock of `then`.
    pub(super) clock: Arc<SetClock>,
}

impl Means {
    /// # Errors
    /// `Forbidden` unless the system itself asks.
    pub(super) fn of(ctx: &Ctx, seed: u64) -> Result<Self> {
        if *ctx.actor() != crate::Actor::System {
            return Err(Error::NotFound("The demo"));
        }
        let clock = Arc::<SetClock>::default();
        let entropy = Arc::new(Stream::new(seed, 1));
        Ok(Self {
            here: ctx.clone(),
            then: ctx.with_means(clock.clone(), entropy),
            clock,
        })
    }

    /// Sets the clock of `then`.
    pub(super) fn set(&self, moment: Timestamp) {
        self.clock.set(moment);
    }

    pub(super) async fn begin(&self) -> Result<Tx> {
        self.here.begin().await
    }
}
