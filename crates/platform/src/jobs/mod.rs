//! Background work: queued in the transaction of its cause, claimed by one worker, tried again
//! with growing pauses, and shown to staff when given up.
//!
//! A job's effect, its audit event and its end are one transaction, so a job whose worker dies
//! is run again from the start and has its effect once.

mod depth;
mod job;
mod page;
mod run;
mod store;

pub use depth::{Depth, depth};
pub use job::Job;
pub use page::{page, retry};
pub use run::{next_due, run_due};

use db::Conn;
use types::{JobId, Timestamp};

use crate::{Ctx, Result, audit::Tx};

/// Queues a job with the change that causes it. One of which there is only one, and which is
/// there, stays as it is.
pub(crate) async fn enqueue(ctx: &Ctx, tx: &mut Tx, job: &Job, run_at: Timestamp) -> Result<()> {
    enqueue_all(ctx, tx, std::slice::from_ref(&(*job, run_at))).await
}

/// Queues several, each to run at its own time; none is fine too.
pub(crate) async fn enqueue_all(ctx: &Ctx, tx: &mut Tx, jobs: &[(Job, Timestamp)]) -> Result<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    let rows = jobs.iter().map(|(job, run_at)| {
        let id = job.only_id();
        let id = id.unwrap_or_else(|| JobId::new(ctx.clock(), ctx.rng()));
        store::NewJob {
            id: id.to_string(),
            kind: job.kind(),
            payload: job.payload(),
            run_at: *run_at,
        }
    });
    Ok(store::insert(tx, &rows.collect::<Vec<_>>(), ctx.now()).await?)
}

/// When a job of which there is only one runs next; none if it is not queued.
pub(crate) async fn run_at(conn: &mut Conn, job: &Job) -> Result<Option<Timestamp>> {
    let Some(id) = job.only_id() else {
        return Ok(None);
    };
    let at = store::run_at(conn, &id.to_string()).await?;
    Ok(at.map(Timestamp::from_millis))
}
