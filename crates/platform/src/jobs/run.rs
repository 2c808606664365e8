//! Running what is due.

use tracing::Instrument;
use types::Timestamp;

use super::{
    Job,
    store::{self, JobRow},
};
use crate::{Ctx, Error, Result, SPANS, audit::Housekeeping, codec, verification::figures};

/// Jobs taken in one go.
const BATCH: i64 = 50;
/// A claimant that has not finished after this many seconds is taken for dead.
const CLAIM: i64 = 120;
/// After so many tries a job is given up and shown to staff.
const MAX_ATTEMPTS: i64 = 8;

/// Claims and runs what is due, and says how many jobs that was; zero means that nothing is
/// due now. Finished jobs leave no row.
///
/// # Errors
/// If the database fails. A job that fails is not an error here: it is tried again.
pub async fn run_due(ctx: &Ctx) -> Result<usize> {
    let claim = codec::secret(ctx.rng());
    let mut tx = ctx.begin().await?;
    super::enqueue(ctx, &mut tx, &Job::Sweep, ctx.now()).await?;
    figures::enqueue(ctx, &mut tx).await?;
    let now = ctx.now();
    let jobs = store::claim(&mut tx, &claim, now, now.plus_seconds(CLAIM), BATCH).await?;
    ctx.commit_housekeeping(tx, Housekeeping::JobClaim).await?;
    // Mails come last, so that a slow mail server holds up nothing else of this batch.
    let (slow, quick): (Vec<_>, Vec<_>) = jobs.iter().partition(|job| reaches_out(job));
    for job in quick.into_iter().chain(slow) {
        let span = tracing::info_span!(target: SPANS, "job", kind = job.kind);
        let ran = run(ctx, job, &claim).instrument(span).await;
        count(&job.kind, ran.is_ok());
        if let Err(error) = ran {
            let message = match &error {
                Error::Internal(source) => source.to_string(),
                other => other.to_string(),
            };
            tracing::warn!(job = %job.id, kind = %job.kind, error = %message, "job failed");
            give_back(ctx, job, &claim, &message).await?;
        }
    }
    Ok(jobs.len())
}

/// Counts a run for whoever watches the installation.
fn count(kind: &str, done: bool) {
    let outcome = if done { "done" } else { "failed" };
    metrics::counter!("loomwire_jobs_run_total", "kind" => kind.to_owned(), "outcome" => outcome)
        .increment(1);
}

fn reaches_out(row: &JobRow) -> bool {
    Job::read(&row.kind, &row.payload).is_ok_and(|job| job.reaches_out())
}

async fn run(ctx: &Ctx, row: &JobRow, claim: &str) -> Result<()> {
    let job = Job::read(&row.kind, &row.payload)?;
    if job.reaches_out() {
        if !hold(ctx, row, claim).await? {
            return Ok(());
        }
        job.reach_out(ctx).await?;
    }
    let mut tx = ctx.begin().await?;
    if !store::finish(&mut tx, &row.id, claim).await? {
        // The claim ran out and another worker has it: its effect is theirs to have.
        return Ok(());
    }
    match job.perform(ctx, &mut tx).await? {
        Some(event) => ctx.commit(tx, event.detail("job", &row.id)).await,
        None => ctx.commit_housekeeping(tx, job.housekeeping()).await,
    }
}

/// Makes the claim last from now on, as what comes before in the batch may have taken long;
/// whether it still held.
async fn hold(ctx: &Ctx, row: &JobRow, claim: &str) -> Result<bool> {
    let mut tx = ctx.begin().await?;
    let until = ctx.now().plus_seconds(CLAIM);
    let holds = store::hold(&mut tx, &row.id, claim, until).await?;
    ctx.commit_housekeeping(tx, Housekeeping::JobClaim).await?;
    Ok(holds)
}

async fn give_back(ctx: &Ctx, row: &JobRow, claim: &str, message: &str) -> Result<()> {
    let attempts = row.attempts + 1;
    let state = if attempts >= MAX_ATTEMPTS {
        "failed"
    } else {
        "queued"
    };
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let retry_at = now.plus_seconds(pause(attempts));
    if let Ok(job) = Job::read(&row.kind, &row.payload) {
        job.tried(&mut tx, attempts, message, state == "failed").await?;
    }
    store::give_back(&mut tx, (&row.id, claim), state, attempts, message, retry_at, now).await?;
    ctx.commit_housekeeping(tx, Housekeeping::JobClaim).await
}

/// Seconds before try `attempts + 1`: 10 s, doubled each time, at most an hour.
fn pause(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1))
        .unwrap_or_default()
        .min(9);
    (10_i64 << doublings).min(3600)
}

/// When the next job is due, to sleep until then.
///
/// # Errors
/// If the database fails.
pub async fn next_due(ctx: &Ctx) -> Result<Option<Timestamp>> {
    let due = store::next_due(&mut *ctx.read().await?).await?;
    Ok(due.map(Timestamp::from_millis))
}
