//! How many calls a key may make in a minute (the contract's rate limit).
//!
//! Each server counts for itself, and a key that calls two servers has twice the allowance.
//!
//! It is not a quota (what was bought), and not a guard against guessing: it is asked once a
//! key is known.

use std::{num::NonZeroU32, sync::Arc};

use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock as Measure, Reference},
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::keyed::DashMapStateStore,
};
use types::{ApiKeyId, Clock, Timestamp};

use crate::{Actor, Ctx};

/// The installation's clock as the library reads it.
#[derive(Clone)]
struct Ours(Arc<dyn Clock>);

impl Measure for Ours {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let millis = u64::try_from(self.0.now().as_millis()).unwrap_or_default();
        Nanos::new(millis.saturating_mul(1_000_000))
    }
}

type Limiter = RateLimiter<ApiKeyId, DashMapStateStore<ApiKeyId>, Ours, StateInformationMiddleware>;

/// The calls of each key in the last minute.
pub(crate) struct Limits {
    limiter: Limiter,
    per_minute: NonZeroU32,
    clock: Ours,
}

/// How a key stands after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Calls a minute.
    pub limit: u32,
    /// Calls that are left now.
    pub remaining: u32,
    /// When all of them are there again.
    pub reset: Timestamp,
    /// If the call is one too many: whole seconds until the next is taken, 1 or more.
    pub wait: Option<u64>,
}

impl Limits {
    pub(crate) fn new(per_minute: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        let clock = Ours(clock);
        let store = DashMapStateStore::default();
        let limiter = Limiter::new(Quota::per_minute(per_minute), store, clock.clone());
        Self {
            limiter,
            per_minute,
            clock,
        }
    }

    fn take(&self, key: ApiKeyId, now: Timestamp) -> Allowance {
        let limit = self.per_minute.get();
        let (remaining, wait) = match self.limiter.check_key(&key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(refusal) => (0, Some(self.wait(&refusal))),
        };
        let used = i64::from(limit.saturating_sub(remaining));
        // The allowance grows by one each 60 s / limit.
        let until_whole = used.saturating_mul(60_000) / i64::from(limit);
        Allowance {
            limit,
            remaining,
            reset: Timestamp::from_millis(now.as_millis().saturating_add(until_whole)),
            wait,
        }
    }

    fn wait(&self, refusal: &NotUntil<Nanos>) -> u64 {
        let wait = refusal.earliest_possible().duration_since(self.clock.now());
        wait.as_u64().div_ceil(1_000_000_000).max(1)
    }

    /// Forgets keys that have their whole allowance.
    pub(crate) fn tidy(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// Counts a call of the context's key; `None` if it is not a key that calls.
pub fn take(ctx: &Ctx) -> Option<Allowance> {
    let Actor::ApiKey { id, .. } = ctx.actor() else {
        return None;
    };
    Some(ctx.limits().take(*id, ctx.now()))
}
