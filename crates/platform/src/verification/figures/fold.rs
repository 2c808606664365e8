//! Folding moves into counts: the job.

use super::{Tally, store};
use crate::{
    Ctx, Result,
    audit::Tx,
    jobs::{self, Job},
};

/// Moves folded in one transaction: on SQLite other writers wait meanwhile.
const BATCH: i64 = 2000;
/// Moves are gathered for so many seconds before they are folded.
const PAUSE: i64 = 5;

/// Queues the job, if there is anything to fold.
pub(crate) async fn enqueue(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    if store::any_change(tx).await? {
        jobs::enqueue(ctx, tx, &Job::FoldFigures, ctx.now().plus_seconds(PAUSE)).await?;
    }
    Ok(())
}

/// Folds some moves. Taken and counted in one transaction, each is counted once, however many
/// servers fold at a time.
pub(crate) async fn fold(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let moves = store::take_changes(tx, BATCH).await?;
    let more = i64::try_from(moves.len()).unwrap_or(BATCH) >= BATCH;
    let mut tally = Tally::default();
    for moved in moves {
        tally.add(&moved.read()?);
    }
    tally.write(tx).await?;
    if more {
        jobs::enqueue(ctx, tx, &Job::FoldFigures, ctx.now()).await?;
    }
    Ok(())
}
