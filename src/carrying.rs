//! The frame of workers that carry what is due to systems of others: on every server, beside the
//! queue of jobs, since another's slow system must not hold up ours. What is due is claimed in the
//! domain, so that it is one server's at a time.

use std::{future::Future, sync::Arc, time::Duration};

use platform::Ctx;
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

/// Between two looks while there is room.
const PAUSE: Duration = Duration::from_millis(500);
/// What is under way at once.
const AT_ONCE: usize = 32;
/// How long what is under way may still take when the server stops: after that it is given up,
/// and sent again by whichever server comes next.
const LAST: Duration = Duration::from_secs(5);

/// What is carried.
pub trait Carried: Send + Sync + 'static {
    /// The right, and the duty, to make one attempt.
    type Claim: Send + 'static;
    /// What it is, in words for the operator's log.
    const WHAT: &'static str;

    /// Takes at most so many that are due.
    fn claim(
        &self,
        ctx: &Ctx,
        most: usize,
    ) -> impl Future<Output = platform::Result<Vec<Self::Claim>>> + Send;

    /// Makes the attempt and notes what it came to.
    fn deliver(&self, ctx: &Ctx, claim: Self::Claim) -> impl Future<Output = platform::Result<()>> + Send;
}

/// A running worker.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    what: &'static str,
}

impl Worker {
    /// Starts to look.
    pub fn start<C: Carried>(ctx: Ctx, carried: C) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self {
            stop,
            task: tokio::spawn(work(ctx, Arc::new(carried), stopped)),
            what: C::WHAT,
        }
    }

    /// Takes nothing more, and lets what is under way end if it is quick.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!(what = self.what, "a worker that carries ended by a panic");
        }
    }
}

async fn work<C: Carried>(ctx: Ctx, carried: Arc<C>, mut stopped: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    while !*stopped.borrow() {
        let room = AT_ONCE.saturating_sub(under_way.len());
        let began = begin(&ctx, &carried, &mut under_way, room).await;
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
async fn begin<C: Carried>(ctx: &Ctx, carried: &Arc<C>, under_way: &mut JoinSet<()>, room: usize) -> bool {
    if room == 0 {
        return false;
    }
    let claimed = match carried.claim(ctx, room).await {
        Ok(claimed) => claimed,
        Err(error) => {
            tracing::error!(what = C::WHAT, %error, "what is due cannot be looked after at the moment");
            return false;
        }
    };
    let any = !claimed.is_empty();
    for claim in claimed {
        let (ctx, carried) = (ctx.clone(), Arc::clone(carried));
        under_way.spawn(async move {
            if let Err(error) = carried.deliver(&ctx, claim).await {
                tracing::error!(what = C::WHAT, %error, "an attempt could not be noted; it is made again");
            }
        });
    }
    any
}
