//! What goes on beside the requests: jobs, counts that are written in batches, alerts that are
//! evaluated, and the notices of other servers.

use std::time::Duration;

use platform::{Ctx, audit, metering, recall};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{alerts, config, jobs, ledger, stall, start::Failure};

const BATCH: Duration = Duration::from_secs(metering::BATCH_SECONDS);
/// How long to wait before listening again.
const AGAIN: Duration = Duration::from_secs(1);

/// Running work.
pub struct Background {
    jobs: jobs::Worker,
    follower: JoinHandle<()>,
    counter: JoinHandle<()>,
    ledger: ledger::Worker,
    indexer: JoinHandle<()>,
    exporter: JoinHandle<()>,
    alerts: JoinHandle<()>,
    stall: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Background {
    /// Starts all of it.
    pub fn start(ctx: &Ctx, ledger: &config::Ledger) -> Result<Self, Failure> {
        let (stop, stopped) = watch::channel(false);
        Ok(Self {
            ledger: ledger::Worker::start(ctx, ledger)?,
            stall: tokio::spawn(stall::Watch::default().run(ctx.clone())),
            jobs: jobs::Worker::start(ctx.clone()),
            indexer: tokio::spawn(index(ctx.clone(), stopped.clone())),
            exporter: tokio::spawn(export(ctx.clone(), stopped.clone())),
            alerts: tokio::spawn(alerts::evaluate(ctx.clone(), stopped.clone())),
            follower: tokio::spawn(follow(ctx.clone())),
            counter: tokio::spawn(count(ctx.clone(), stopped)),
            stop,
        })
    }

    /// Lets what is under way end and writes what was counted.
    pub async fn stop(self) {
        self.follower.abort();
        self.stall.abort();
        self.stop.send_replace(true);
        self.jobs.stop().await;
        // Another server, or the next start, goes on with the export.
        self.exporter.abort();
        if self.alerts.await.is_err() {
            tracing::error!("the evaluation of alerts ended by a panic");
        }
        if self.indexer.await.is_err() {
            tracing::error!("the indexing of audit events ended by a panic");
        }
        if self.counter.await.is_err() {
            tracing::error!("the counting of calls ended by a panic");
        }
        // Last, so that the events of the others have their places.
        self.ledger.stop().await;
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

/// Puts events into the index that finds them, as soon as they have their places.
async fn index(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match audit::index(&ctx).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(error = %error, "audit events cannot be put into the index at the moment");
            }
        }
        drop(timeout(AGAIN, stopped.changed()).await);
    }
}

/// Makes exports that somebody asked for.
async fn export(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match audit::make_due(&ctx).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(error = %error, "an export cannot be made at the moment"),
        }
        drop(timeout(AGAIN, stopped.changed()).await);
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
