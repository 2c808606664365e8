//! What staff see of jobs, and what they can do.

use types::{
    JobId, Permission, Timestamp,
    console::{FailedJobRow, JobsPage},
};

use super::{depth::of, store};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
};

/// Counts of what waits and runs, and the jobs that were given up, newest first.
///
/// # Errors
/// `Forbidden` without [`Permission::JobsRead`].
pub async fn page(ctx: &Ctx) -> Result<JobsPage> {
    ctx.require(Permission::JobsRead).await?;
    let mut read = ctx.read().await?;
    let counts = store::counts(&mut read).await?;
    let failed = store::failed(&mut read)
        .await?
        .into_iter()
        .map(|row| {
            Ok(FailedJobRow {
                id: row.id.parse()?,
                kind: row.kind,
                attempts: u32::try_from(row.attempts).unwrap_or_default(),
                last_error: row.last_error.unwrap_or_default(),
                created_at: Timestamp::from_millis(row.created_at),
                failed_at: Timestamp::from_millis(row.updated_at),
            })
        })
        .collect::<Result<_>>()?;
    Ok(JobsPage {
        queued: of(&counts, "queued"),
        running: of(&counts, "running"),
        failed,
    })
}

/// Queues a failed job again, to run now.
///
/// # Errors
/// `Forbidden` without [`Permission::JobsManage`]; `NotFound` if it is not a failed job.
pub async fn retry(ctx: &Ctx, id: JobId) -> Result<()> {
    ctx.require(Permission::JobsManage).await?;
    let mut tx = ctx.begin().await?;
    let kind = store::requeue(&mut tx, &id.to_string(), ctx.now()).await?;
    let kind = kind.ok_or(Error::NotFound("The failed job"))?;
    ctx.commit(tx, Event::new(Action::JobRetried).target(id).detail("kind", kind))
        .await
}
