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

use types::{ApiKeyId, OrganisationId, Timestamp};

use crate::{
    Actor, Ctx, Result,
    audit::{Housekeeping, Tx},
};

/// Seconds between batches.
pub const BATCH_SECONDS: u64 = 5;

/// The calls that take a key, by their routes' templates.
pub const ENDPOINTS: [&str; 4] = [START, COMPLETE, STATUS, VALIDATE];
pub(crate) const START: &str = "/verify/start";
pub(crate) const COMPLETE: &str = "/verify/complete";
pub(crate) const STATUS: &str = "/verify/status";
pub(crate) const VALIDATE: &str = "/tokens/validate";

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

impl Call {
    pub(crate) fn at(
        moment: Timestamp,
        organisation: OrganisationId,
        key: ApiKeyId,
        endpoint: &'static str,
        status: u16,
    ) -> Self {
        Self {
            organisation,
            key,
            minute: moment.as_seconds().div_euclid(60),
            endpoint,
            status,
        }
    }
}

/// Calls, and how many of each.
#[derive(Default)]
pub(crate) struct Counts(HashMap<Call, u64>);

impl Counts {
    pub(crate) fn add(&mut self, call: Call, count: u64) {
        *self.0.entry(call).or_default() += count;
    }

    /// Adds them to what was counted before, in one order everywhere: two servers that write the
    /// same rows do not block each other.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<()> {
        let mut sorted: Vec<(&Call, u64)> = self.0.iter().map(|(call, count)| (call, *count)).collect();
        sorted.sort_by_key(|(call, _)| {
            (
                call.organisation,
                call.minute,
                call.key,
                call.endpoint,
                call.status,
            )
        });
        for some in sorted.chunks(store::ROWS) {
            store::add(tx, some).await?;
        }
        Ok(())
    }
}

/// Calls that are not written yet.
#[derive(Default)]
pub(crate) struct Meter(Mutex<Counts>);

impl Meter {
    fn add(&self, call: Call, count: u64) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.add(call, count);
    }

    fn take(&self) -> Counts {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts an answered call of the context's key.
pub fn record(ctx: &Ctx, endpoint: &'static str, status: u16) {
    if let Actor::ApiKey { id, organisation, .. } = ctx.actor() {
        let call = Call::at(ctx.now(), *organisation, *id, endpoint, status);
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
    if counts.0.is_empty() {
        return Ok(());
    }
    let written = write(ctx, &counts).await;
    if written.is_err() {
        for (call, count) in counts.0 {
            ctx.meter().add(call, count);
        }
    }
    written
}

async fn write(ctx: &Ctx, counts: &Counts) -> Result<()> {
    let mut tx = ctx.begin().await?;
    counts.write(&mut tx).await?;
    ctx.commit_housekeeping(tx, Housekeeping::CallsCounted).await
}
