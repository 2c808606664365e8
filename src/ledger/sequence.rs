//! When the sequencer steps: as soon as this server has written an event, and now and then, since
//! others write too.

use std::time::Duration;

use platform::{
    Ctx,
    ledger::{Sequencer, Step, Thinning},
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

/// Between batches that are not full: so many checkpoints a second there are at most.
const PACE: Duration = Duration::from_millis(500);
/// What another server wrote is seen after this long at the latest.
const LOOK: Duration = Duration::from_millis(500);
/// After a failure of the database.
const AGAIN: Duration = Duration::from_secs(1);
/// While something in the database is wrong.
const STOPPED: Duration = Duration::from_secs(10);
/// Between looks for checkpoints that nobody needs any more.
const THIN: Duration = Duration::from_mins(1);
/// How long the end may take: the database may hang.
const GRACE: Duration = Duration::from_secs(10);

/// Until the word to stop. Tells each size that it publishes.
pub(super) async fn run(ctx: Ctx, published: watch::Sender<u64>, mut stopped: watch::Receiver<bool>) {
    let mut sequencer = Sequencer::new(&ctx);
    let mut thinning = (Thinning::default(), Instant::now());
    while !*stopped.borrow() {
        let step = sequencer.step(&ctx).await;
        if let Ok(Step::Grown { size, .. }) = &step {
            published.send_replace(*size);
            thin(&ctx, &mut thinning).await;
        }
        let pause = async {
            match step {
                Ok(Step::Grown { more: true, .. }) => {}
                Ok(Step::Grown { .. }) => sleep(PACE).await,
                Ok(Step::Idle) => drop(timeout(LOOK, ctx.written().notified()).await),
                Ok(Step::Elsewhere) => sleep(LOOK).await,
                Ok(Step::Stopped(_)) => sleep(STOPPED).await,
                Err(error) => {
                    tracing::error!(%error, "events get no places in the ledger at the moment");
                    sleep(AGAIN).await;
                }
            }
        };
        tokio::select! {
            () = pause => {},
            _ = stopped.changed() => {},
        }
    }
    if timeout(GRACE, finish(&ctx, sequencer)).await.is_err() {
        tracing::warn!("the ledger could not be brought up to date in time; the next start does it");
    }
}

/// What was written last gets its places too, and another server need not wait.
async fn finish(ctx: &Ctx, mut sequencer: Sequencer) {
    while matches!(sequencer.step(ctx).await, Ok(Step::Grown { more: true, .. })) {}
    if let Err(error) = sequencer.end(ctx).await {
        tracing::debug!(%error, "the claim on the ledger was not given back; it ends by itself");
    }
}

async fn thin(ctx: &Ctx, (thinning, next): &mut (Thinning, Instant)) {
    if Instant::now() < *next {
        return;
    }
    *next = Instant::now() + THIN;
    if let Err(error) = thinning.step(ctx).await {
        tracing::debug!(%error, "old checkpoints stay for the moment");
    }
}
