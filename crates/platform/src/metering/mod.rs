//! Calls of the API, counted in memory and written in batches: by minute, hour and day, with how
//! long they took, when and from where each key was used, and one line each in the log of requests.
//!
//! A call counts once it is answered. What was counted since the last batch is lost with the
//! process: at most [`BATCH_SECONDS`] of counts, and none at an orderly end. Nothing is billed by
//! these counts; what is billed is a row of its own (`usage::started`).

mod call;
mod counts;
mod entry;
mod grain;
mod pack;
mod store;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use types::ApiKeyId;

use crate::{
    Actor, Ctx, Result,
    api_keys::{Place, Sources, Uses},
    audit::{Housekeeping, Tx},
};

pub(crate) use call::{Call, DAY, HOUR};
pub(crate) use counts::{Counts, histogram};
use entry::Entry;
pub(crate) use entry::KEPT_DAYS;
pub(crate) use grain::Grain;
pub(crate) use pack::{pack, unpacked};
pub use types::usage::ENDPOINTS;

/// Seconds between batches.
pub const BATCH_SECONDS: u64 = 5;
/// Lines of the log of requests that one batch has at most; the calls beyond are counted, and have
/// no line. At 5 seconds a batch these are 4,000 calls a second.
const LINES: usize = 20_000;

/// Some of [`ENDPOINTS`].
pub(crate) const START: &str = "/verify/start";
pub(crate) const COMPLETE: &str = "/verify/complete";
pub(crate) const STATUS: &str = "/verify/status";
pub(crate) const VALIDATE: &str = "/tokens/validate";

/// A call that was answered.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// The route's template: one of [`ENDPOINTS`], or `other`.
    pub endpoint: &'static str,
    /// The answer's status.
    pub status: u16,
    /// The contract's error code, if it is an error.
    pub code: Option<&'static str>,
    /// From the request's head to the answer's.
    pub took: Duration,
}

/// Calls that are not written yet.
#[derive(Default)]
struct Batch {
    counts: Counts,
    log: Vec<Entry>,
    sources: Sources,
    uses: Uses,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.log.is_empty() && self.sources.is_empty() && self.uses.is_empty()
    }

    fn log(&mut self, lines: impl IntoIterator<Item = Entry>) {
        let free = LINES.saturating_sub(self.log.len());
        self.log.extend(lines.into_iter().take(free));
    }
}

/// What gathers until the next batch.
#[derive(Default)]
pub(crate) struct Meter(Mutex<Batch>);

impl Meter {
    fn with<T>(&self, change: impl FnOnce(&mut Batch) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts an answered call of the context's key.
pub fn record(ctx: &Ctx, answered: &Answered) {
    let Actor::ApiKey {
        id,
        organisation,
        environment,
        ..
    } = ctx.actor()
    else {
        return;
    };
    let now = ctx.now();
    let call = Call::at(now, *organisation, *id, answered.endpoint, answered.status);
    let entry = Entry::new(ctx, (*organisation, *id, *environment), answered);
    let place = Place::of(ctx, *organisation, *id);
    // All calls meet here, so what can be made before is.
    ctx.meter().with(|batch| {
        batch.counts.add(call, 1);
        batch.counts.took(call, answered.took, 1);
        batch.log(entry);
        batch.sources.note(place, now);
    });
}

/// Notes that a key was used, whatever its call comes to.
pub(crate) fn used(ctx: &Ctx, key: ApiKeyId) {
    let now = ctx.now();
    ctx.meter().with(|batch| batch.uses.note(key, now));
}

/// Writes what was counted; what cannot be written is counted on.
///
/// # Errors
/// If the database fails.
pub async fn flush(ctx: &Ctx) -> Result<()> {
    ctx.limits().tidy(ctx.now());
    let batch = ctx.meter().with(std::mem::take);
    if batch.is_empty() {
        return Ok(());
    }
    let written = write(ctx, &batch).await;
    if written.is_err() {
        ctx.meter().with(|since| {
            since.counts.join(batch.counts);
            since.log(batch.log);
            since.sources.join(batch.sources);
            since.uses.join(batch.uses);
        });
    }
    written
}

async fn write(ctx: &Ctx, batch: &Batch) -> Result<()> {
    let mut tx = ctx.begin().await?;
    batch.counts.write(&mut tx).await?;
    batch.sources.write(ctx, &mut tx).await?;
    batch.uses.write(&mut tx).await?;
    for some in batch.log.chunks(entry::ROWS) {
        store::log(&mut tx, some).await?;
    }
    ctx.commit_housekeeping(tx, Housekeeping::CallsCounted).await
}

/// Removes lines of the log of requests that were kept long enough, some at a time, and has days
/// packed that are over.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    const AT_ONCE: i64 = 50_000;
    let before = ctx.now().plus_seconds(-KEPT_DAYS * 86_400);
    store::forget(tx, before, AT_ONCE).await?;
    pack::enqueue(ctx, tx).await
}
