//! What goes on beside the requests: jobs, counts that are written in batches, and the notices
//! of other servers.

use std::time::Duration;

use platform::{Ctx, metering, recall};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::jobs;

const BATCH: Duration = Duration::from_secs(metering::BATCH_SECONDS);
/// How long to wait before listening again.
const AGAIN: Duration = Duration::from_secs(1);

/// Running work.
pub struct Background {
    jobs: jobs::Worker,
    follower: JoinHandle<()>,
    counter: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Background {
    /// Starts all of it.
    pub fn start(ctx: &Ctx) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self {
            jobs: jobs::Worker::start(ctx.clone()),
            follower: tokio::spawn(follow(ctx.clone())),
            counter: tokio::spawn(count(ctx.clone(), stopped)),
            stop,
        }
    }

    /// Lets what is under way end and writes what was counted.
    pub async fn stop(self) {
        self.follower.abort();
        self.stop.send_replace(true);
        self.jobs.stop().await;
        if self.counter.await.is_err() {
            tracing::error!("the counting of calls ended by a panic");
        }
    }
}

/// Until it is aborted. Without notices, what is remembered still ends by its age.
async fn follow(ctx: Ctx) {
    loop {
        match recall::Follower::open(&ctx).await {
            Ok(follower) => follower.run().await,
            Err(error) => {
                tracing::warn!(error = %error, "notices of other servers cannot be heard at the moment");
            }
        }
        sleep(AGAIN).await;
    }
}

async fn count(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    loop {
        // Whichever is first: the time is over, or the word to stop.
        drop(timeout(BATCH, stopped.changed()).await);
        if let Err(error) = metering::flush(&ctx).await {
            tracing::error!(error = %error, "calls cannot be counted at the moment: they are kept");
        }
        if *stopped.borrow() {
            return;
        }
    }
}
