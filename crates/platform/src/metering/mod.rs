//! Calls of the API, counted in memory and written in batches.
//!
//! A call counts once it is answered. What was counted since the last batch is lost with the
//! process: at most [`BATCH_SECONDS`] of counts, and none at an orderly end. Nothing is billed by
//! these counts; what is billed is a row of its own (a started verification).

mod store;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use types::{ApiKeyId, OrganisationId};

use crate::{Actor, Ctx, Result, audit::Housekeeping};

/// Seconds between batches.
pub const BATCH_SECONDS: u64 = 5;

/// What calls are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    organisation: OrganisationId,
    key: ApiKeyId,
    /// Minutes since the Unix epoch.
    minute: i64,
    /// The route's template.
    endpoint: &'static str,
    status: u16,
}

/// Calls that are not written yet.
#[derive(Default)]
pub(crate) struct Meter(Mutex<HashMap<Call, u64>>);

impl Meter {
    fn add(&self, call: Call, count: u64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(call).or_default() += count;
    }

    fn take(&self) -> HashMap<Call, u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts an answered call of the context's key.
pub fn record(ctx: &Ctx, endpoint: &'static str, status: u16) {
    if let Actor::ApiKey { id, organisation, .. } = ctx.actor() {
        let call = Call {
            organisation: *organisation,
            key: *id,
            minute: ctx.now().as_seconds().div_euclid(60),
            endpoint,
            status,
        };
        ctx.meter().add(call, 1);
    }
}

/// Writes what was counted; what cannot be written is counted on.
///
/// # Errors
/// If the database fails.
pub async fn flush(ctx: &Ctx) -> Result<()> {
    ctx.limits().tidy();
    let counts = ctx.meter().take();
    if counts.is_empty() {
        return Ok(());
    }
    let written = write(ctx, &counts).await;
    if written.is_err() {
        for (call, count) in counts {
            ctx.meter().add(call, count);
        }
    }
    written
}

async fn write(ctx: &Ctx, counts: &HashMap<Call, u64>) -> Result<()> {
    let mut tx = ctx.begin().await?;
    // In one order everywhere: two servers that write the same rows do not block each other.
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by_key(|(call, _)| {
        (
            call.organisation,
            call.minute,
            call.key,
            call.endpoint,
            call.status,
        )
    });
    for (call, count) in sorted {
        store::add(&mut tx, call, i64::try_from(*count).unwrap_or(i64::MAX)).await?;
    }
    ctx.commit_housekeeping(tx, Housekeeping::CallsCounted).await
}
