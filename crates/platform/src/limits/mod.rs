//! How many calls a program may make (the contract's rate limits): by address before anybody
//! knows who calls, then by key and by organisation.
//!
//! Each server counts for itself, unless there is a store in which several count together
//! ([`SharedLimits`]). If that store does not answer, each server counts for itself until it does,
//! from whole buckets on: for that time a key that calls two servers has twice the allowance, and
//! no call waits for the store.
//!
//! It is not a quota (what was bought), and not a guard against guessing (`guard`).
//!
//! **Invariant**: a call takes from all of its limits or from none.

mod gcra;
mod limit;
mod local;
pub mod named;
mod shared;

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use types::{Timestamp, limits::LimitedCall};

use self::{local::Local, shared::Sharing};
use crate::{Actor, Ctx, Platform, Result};

pub use gcra::{Decision, Rate, take as gcra};
pub use limit::{Bucket, Limit, Policy};
pub use shared::{Asked, SharedError, SharedLimits, Taken};

/// Keys and organisations that call within a minute of each other: more than there are.
const CALLERS: usize = 500_000;
/// Addresses the same; whoever has many networks can make so many.
const ADDRESSES: usize = 200_000;

/// What was called in the last while.
pub(crate) struct Limits {
    policy: Policy,
    callers: Local,
    addresses: Local,
    sharing: OnceLock<Sharing>,
}

/// What one call took, or did not, from one limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spent {
    limit: Limit,
    /// Of the bucket, in microseconds.
    used: i64,
    /// Microseconds until a call like it is taken; 0: it was.
    wait: i64,
}

impl Spent {
    const fn is_refused(&self) -> bool {
        self.wait > 0
    }
}

/// How a caller stands after a call, by the tightest of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Whose limit it is.
    pub bucket: Bucket,
    /// Calls like this one that it has when it is whole.
    pub limit: u32,
    /// Calls like this one that are left now.
    pub remaining: u32,
    /// When all of them are there again.
    pub reset: Timestamp,
    /// If the call is one too many: whole seconds until the next is taken, 1 or more.
    pub wait: Option<u64>,
}

impl Allowance {
    fn of(spent: &Spent, now: Timestamp) -> Self {
        let Spent { limit, used, wait } = *spent;
        let cost = limit.cost.max(1);
        let whole = used.max(0).saturating_add(999) / 1000;
        let seconds = u64::try_from(wait).unwrap_or_default().div_ceil(1_000_000);
        Self {
            bucket: limit.bucket,
            limit: (limit.rate.burst() / cost).max(1),
            remaining: limit.rate.remaining(used) / cost,
            reset: Timestamp::from_millis(now.as_millis().saturating_add(whole)),
            wait: spent.is_refused().then_some(seconds),
        }
    }

    /// The one that is felt first: what refuses, for as long as the longest wait, before what
    /// admits; then the one with the fewest calls left.
    #[must_use]
    pub fn tighter(self, other: Option<Self>) -> Self {
        let rank = |one: &Self| {
            (
                std::cmp::Reverse(one.wait),
                one.remaining,
                std::cmp::Reverse(one.reset),
            )
        };
        match other {
            Some(other) if rank(&other) < rank(&self) => other,
            _ => self,
        }
    }
}

fn tightest(spent: &[Spent], now: Timestamp) -> Option<Allowance> {
    spent.iter().fold(None, |tightest, one| {
        Some(Allowance::of(one, now).tighter(tightest))
    })
}

impl Limits {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy,
            callers: Local::new(CALLERS),
            addresses: Local::new(ADDRESSES),
            sharing: OnceLock::new(),
        }
    }

    /// Forgets whoever has a whole allowance.
    pub(crate) fn tidy(&self, now: Timestamp) {
        let now = micros(now);
        self.callers.tidy(now);
        self.addresses.tidy(now);
    }
}

fn micros(now: Timestamp) -> i64 {
    now.as_millis().saturating_mul(1000)
}

/// Counts a call of the context's address, before anybody looks who it is; `None` if nobody knows
/// the address. It asks this server's memory only: what it protects is this server.
pub fn admit(ctx: &Ctx) -> Option<Allowance> {
    let (limits, now) = (ctx.limits(), ctx.now());
    let limit = Limit::of_address(ctx.origin().address?, &limits.policy);
    let spent = limits.addresses.take(&[limit], micros(now));
    told(tightest(&spent, now))
}

/// Counts a call that was admitted, by whoever is now known to make it: its tightest limit, or
/// `None` if it has none. With a shared store it is one question there, the address's limit
/// included: then that is one for all servers together.
///
/// A call without a good key is counted too, in the shared store by its address.
pub async fn take(ctx: &Ctx, call: Option<LimitedCall>) -> Option<Allowance> {
    let (limits, now) = (ctx.limits(), ctx.now());
    let callers = limit::of_actor(ctx.actor(), call, &limits.policy);
    if let Some(sharing) = limits.sharing.get() {
        let address = ctx.origin().address;
        let address = address.map(|address| Limit::of_address(address, &limits.policy));
        let all: Vec<Limit> = address.into_iter().chain(callers.iter().copied()).collect();
        if let Some(spent) = sharing.take(&all).await {
            return told(tightest(&spent, now));
        }
    }
    let spent = limits.callers.take(&callers, micros(now));
    told(tightest(&spent, now))
}

/// Counts a refusal.
fn told(allowance: Option<Allowance>) -> Option<Allowance> {
    if let Some(Allowance {
        wait: Some(_),
        bucket,
        ..
    }) = allowance
    {
        metrics::counter!("loomwire_limits_refused_total", "limit" => bucket.kind()).increment(1);
    }
    allowance
}

/// Where calls are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Each server for itself: there is no shared store.
    Alone,
    /// All servers together.
    Shared,
    /// Each server for itself, since the shared store does not answer.
    Fallback,
}

impl Platform {
    /// Counts together with other servers from now on. Called once, before anything is served: a
    /// second store is passed over. Until [`look_after`] has found that it answers, this server
    /// counts for itself.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn share_limits_with(&self, store: Arc<dyn SharedLimits>) -> Result<()> {
        let ctx = self.system();
        let sharing = Sharing::new(&ctx, store).await?;
        drop(ctx.limits().sharing.set(sharing));
        Ok(())
    }

    /// Where calls are counted at the moment.
    pub fn limits_counting(&self) -> Counting {
        counting(&self.system())
    }
}

fn counting(ctx: &Ctx) -> Counting {
    match ctx.limits().sharing.get().map(Sharing::is_up) {
        None => Counting::Alone,
        Some(true) => Counting::Shared,
        Some(false) => Counting::Fallback,
    }
}

/// Looks whether the shared store answers, if there is one, and opens a connection if there is
/// none. Called every second or so; how it went is in the result of [`Platform::limits_counting`].
pub async fn look_after(ctx: &Ctx) {
    debug_assert!(
        matches!(ctx.actor(), Actor::System),
        "it is the server's own work"
    );
    if let Some(sharing) = ctx.limits().sharing.get() {
        sharing.look_after().await;
    }
}
