//! The worker that sends deliveries of webhooks. On every server; a delivery is claimed by one of
//! them at a time. It is beside the queue of jobs, since another's slow system must not hold up
//! ours.

use std::time::Duration;

use platform::{Ctx, webhooks};
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

/// Between two looks while there is room.
const PAUSE: Duration = Duration::from_millis(500);
/// Deliveries that are under way at once.
const AT_ONCE: usize = 32;
/// How long what is under way may still take when the server stops: after that it is given up,
/// and sent again by whichever server comes next.
const LAST: Duration = Duration::from_secs(5);

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

    /// Takes nothing more, and lets what is under way end if it is quick.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("the worker of webhooks ended by a panic");
        }
    }
}

async fn work(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    while !*stopped.borrow() {
        let room = AT_ONCE.saturating_sub(under_way.len());
        let began = begin(&ctx, &mut under_way, room).await;
        if began && under_way.len() < AT_ONCE {
            continue;
        }
        // Whichever is first: the time is over, something has ended, or the word to stop.
        tokio::select! {
            () = sleep(PAUSE) => {}
            Some(_) = under_way.join_next() => {}
            _ = stopped.changed() => {}
        }
        while under_way.try_join_next().is_some() {}
    }
    let rest = async { while under_way.join_next().await.is_some() {} };
    drop(timeout(LAST, rest).await);
}

/// Takes what is due, as far as there is room; whether there was anything.
async fn begin(ctx: &Ctx, under_way: &mut JoinSet<()>, room: usize) -> bool {
    if room == 0 {
        return false;
    }
    let claimed = match webhooks::claim(ctx, room).await {
        Ok(claimed) => claimed,
        Err(error) => {
            tracing::error!(%error, "webhooks cannot be looked after at the moment");
            return false;
        }
    };
    let any = !claimed.is_empty();
    for delivery in claimed {
        let ctx = ctx.clone();
        under_way.spawn(async move {
            if let Err(error) = webhooks::deliver(&ctx, delivery).await {
                tracing::error!(%error, "a delivery of a webhook could not be noted; it is sent again");
            }
        });
    }
    any
}
