//! The worker that sends what streams have to send. On every server; a stream is claimed by one
//! of them at a time. It is beside the queue of jobs, since another's slow system must not hold
//! up ours.

use std::time::Duration;

use futures::future::join_all;
use platform::{Ctx, streams};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

/// Between two looks: events that come within go together.
const PAUSE: Duration = Duration::from_secs(1);

/// A running worker.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts to look.
    pub fn start(ctx: Ctx) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self {
            stop,
            task: tokio::spawn(work(ctx, stopped)),
        }
    }

    /// Ends it. What is under way is given up: it is sent again, by whichever server comes next.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("the worker of streams ended by a panic");
        }
    }
}

async fn work(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    let mut ending = stopped.clone();
    while !*stopped.borrow() {
        let sent = tokio::select! {
            sent = round(&ctx) => sent,
            _ = ending.changed() => return,
        };
        if !sent {
            // Whichever is first: the time is over, or the word to stop.
            drop(timeout(PAUSE, stopped.changed()).await);
        }
    }
}

/// Sends one batch of each stream that has one; whether there was any.
async fn round(ctx: &Ctx) -> bool {
    let claimed = match streams::claim(ctx).await {
        Ok(claimed) => claimed,
        Err(error) => {
            tracing::error!(%error, "streams cannot be looked after at the moment");
            return false;
        }
    };
    let any = !claimed.is_empty();
    let sent = claimed
        .into_iter()
        .map(|delivery| streams::deliver(ctx, delivery));
    for error in join_all(sent).await.into_iter().filter_map(Result::err) {
        tracing::error!(%error, "a stream's batch could not be noted; it is sent again");
    }
    any
}
