//! The means of an invented past: a clock that is set, and ids that can be repeated.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use types::{Clock, Timestamp};

use super::dice::Stream;
use crate::{Ctx, Error, Result, audit::Tx};

/// A clock that shows what it was set to.
#[derive(Default)]
pub(super) struct Past(AtomicI64);

impl Past {
    /// So many milliseconds go by.
    pub(super) fn pass(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for Past {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// Two contexts of the system: one that lives now, and one that lives when it is told to.
pub(super) struct Means {
    /// Now, with the installation's own random source: for secrets.
    pub(super) here: Ctx,
    /// Then, with randomness from the seed: for ids and times.
    pub(super) then: Ctx,
    past: Arc<Past>,
}

impl Means {
    /// # Errors
    /// `Forbidden` unless the system itself asks.
    pub(super) fn of(ctx: &Ctx, seed: u64) -> Result<Self> {
        if *ctx.actor() != crate::Actor::System {
            return Err(Error::NotFound("The demo"));
        }
        let past = Arc::<Past>::default();
        let entropy = Arc::new(Stream::new(seed, 1));
        Ok(Self {
            here: ctx.clone(),
            then: ctx.with_means(past.clone(), entropy),
            past,
        })
    }

    /// The clock of `then`, for whoever is given time to take.
    pub(super) fn clock(&self) -> Arc<Past> {
        Arc::clone(&self.past)
    }

    /// Sets the clock of `then`.
    pub(super) fn set(&self, moment: Timestamp) {
        self.past.0.store(moment.as_millis(), Ordering::Relaxed);
    }

    pub(super) async fn begin(&self) -> Result<Tx> {
        self.here.begin().await
    }
}
