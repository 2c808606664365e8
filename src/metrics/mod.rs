//! What the process counts, for Prometheus.
//!
//! Two sorts: what is counted as it happens, through the `metrics` facade that every crate may
//! use, and what is looked up when somebody asks (the database, the jobs, the process).
//!
//! **Invariant**: no label holds anything that a caller or a person sent. A route is its
//! template, a method one of eight, an outcome one of a list; so the number of series is
//! bounded too.

mod answer;
mod database;
mod jobs;
mod ledger;
mod listen;
pub(crate) mod names;
mod page;
mod process;
mod requests;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use platform::{Platform, limits::Counting};
use tokio::task::JoinHandle;
use types::{Clock, Timestamp};

pub use answer::{own, public};
pub use listen::Watched;
pub(crate) use process::file_limit;
pub(crate) use requests::Requests;

use crate::source::SystemClock;

/// From half a millisecond, which a call from memory takes, to the limit on a request.
const SECONDS: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];
/// Histograms keep what they are given until somebody folds it in: a reader, or this.
const UPKEEP: Duration = Duration::from_secs(5);

/// Counts from now on, for the whole process. Call it before whatever keeps a counter.
pub fn start() -> Option<PrometheusHandle> {
    let recorder = recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok()?;
    Some(handle)
}

/// What counts. A test makes its own.
pub fn recorder() -> PrometheusRecorder {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(seconds, &SECONDS)
        // Only an empty list of buckets is refused.
        .unwrap_or_default()
        .build_recorder();
    metrics::with_local_recorder(&recorder, names::describe);
    recorder
}

/// Folds what was counted into its histograms for as long as the task is not aborted.
pub fn upkeep(handle: PrometheusHandle) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            handle.run_upkeep();
        }
    })
}

/// Everything that there is to read. Cheap to clone.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    counted: PrometheusHandle,
    platform: Platform,
    jobs: jobs::Jobs,
    ledger: ledger::Ledger,
    started: Timestamp,
}

impl Source {
    /// Of this process, which starts now.
    pub fn new(counted: PrometheusHandle, platform: &Platform) -> Self {
        Self(Arc::new(Inner {
            counted,
            platform: platform.clone(),
            jobs: jobs::Jobs::new(platform.system()),
            ledger: ledger::Ledger::new(platform.system()),
            started: SystemClock.now(),
        }))
    }

    /// The whole text, in Prometheus' format 0.0.4.
    pub async fn text(&self) -> String {
        let mut page = page::Page::new(self.0.counted.render());
        page.labelled(
            &names::BUILD_INFO,
            &[
                ("version", env!("CARGO_PKG_VERSION")),
                ("database", self.0.platform.database()),
            ],
            1.0,
        );
        database::write(&mut page, &self.0.platform.database_stats());
        let stalled = self.0.platform.write_stalled().unwrap_or_default();
        page.gauge(&names::STALLED, stalled.as_secs_f64());
        match self.0.platform.limits_counting() {
            Counting::Alone => {}
            Counting::Shared => page.count(&names::STORE_UP, 1),
            Counting::Fallback => page.count(&names::STORE_UP, 0),
        }
        self.0.jobs.write(&mut page).await;
        self.0.ledger.write(&mut page).await;
        process::write(&mut page, self.0.started);
        page.into_text()
    }
}
