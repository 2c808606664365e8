//! The worker that runs background jobs when they are due.

use std::time::Duration;

use platform::{Ctx, jobs};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// A job queued by another server is seen after this long at the latest.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);

/// A running worker.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts to work.
    pub fn start(ctx: Ctx) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self {
            stop,
            task: tokio::spawn(work(ctx, stopped)),
        }
    }

    /// Lets the job under way end and takes no other.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("the job worker ended by a panic");
        }
    }
}

async fn work(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let pause = match jobs::run_due(&ctx).await {
            Ok(0) => until_next(&ctx).await,
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(error = %error, "jobs cannot be run at the moment");
                LONGEST_PAUSE
            }
        };
        // Whichever is first: the time is over, or the word to stop.
        drop(timeout(pause, stopped.changed()).await);
    }
}

async fn until_next(ctx: &Ctx) -> Duration {
    let due = jobs::next_due(ctx).await.ok().flatten();
    let millis = due
        .map(|due| due.millis_since(ctx.now()))
        .and_then(|millis| u64::try_from(millis).ok());
    millis
        .map_or(LONGEST_PAUSE, Duration::from_millis)
        .clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
}
