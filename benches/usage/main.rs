//! What the page of usage costs as an organisation's events grow, and how many billable starts a
//! second are durable: `cargo xtask bench usage` runs it.
//!
//! A line a figure: `report database size page p50 p99` in microseconds, `alert database size what
//! p50 p99` likewise, and `starts database size rate raw`, where `raw` is how many of the same rows a second are written by statements of many
//! rows. One organisation has all the events, over ninety days. `USAGE_LARGEST` is the largest size,
//! `USAGE_DATABASE` the one database, if it is not both.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::expect_used, reason = "what cannot be set up ends the measurement")]

mod alerts;
mod fill;
mod starts;

use std::time::{Duration, Instant};

use fill::{Filler, KEYS};
use platform::{Ctx, api_keys, jobs, usage};
use tempfile::TempDir;
use testkit::{Cluster, Installation};
use types::{
    Environment,
    keys::KeyTerms,
    usage::{RequestFilter, UsageGrouping, UsageQuery},
};

const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const ROUNDS: usize = 200;

#[tokio::main]
async fn main() {
    let largest = std::env::var("USAGE_LARGEST").ok();
    let largest = largest.and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let sizes: Vec<u64> = SIZES.into_iter().filter(|size| *size <= largest).collect();
    let folder = TempDir::new().expect("a folder");
    let at = |name: &str| format!("sqlite://{}/{name}.db", folder.path().display());
    let only = std::env::var("USAGE_DATABASE").ok();
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("sqlite") {
        for size in &sizes {
            reports("sqlite", &Installation::at(&at(&size.to_string())).await, *size).await;
        }
        starts::measure("sqlite", &Installation::at(&at("starts")).await).await;
    }
    if wanted("postgres")
        && let Ok(cluster) = Cluster::start_durable()
    {
        let url = async || cluster.database().await.expect("a database");
        for size in &sizes {
            reports("postgres", &Installation::at(&url().await).await, *size).await;
        }
        starts::measure("postgres", &Installation::at(&url().await).await).await;
    }
}

/// Each size has a database of its own, in which days that are over are packed once, as a server
/// does it.
async fn reports(name: &str, home: &Installation, size: u64) {
    let (reader, _) = home.first_person().await;
    let tenant = reader.tenant().expect("somebody of an organisation").to_string();
    let mut keys = Vec::new();
    for number in 0..KEYS {
        let key = api_keys::create(
            &reader,
            Environment::Live,
            &KeyTerms::usual(format!("Key {number}")),
        )
        .await;
        keys.push(key.expect("a key").row.id.to_string());
    }
    let filler = Filler {
        db: home.db.clone(),
        tenant,
        keys,
        now: reader.now(),
        size,
    };
    let begun = Instant::now();
    filler.write().await;
    let written = begun.elapsed().as_secs_f64();
    let system = home.platform.system();
    while jobs::run_due(&system).await.expect("jobs") > 0 {}
    let all = begun.elapsed().as_secs_f64();
    eprintln!("{name}: {size} events after {written:.0} s, packed after {all:.0} s");
    pages(name, size, &reader).await;
    alerts::measure(name, size, home, &reader).await;
}

/// Asks for each page, and prints what it took.
async fn pages(name: &str, size: u64, reader: &Ctx) {
    let longest = UsageQuery {
        from: Some("2026-08-26".to_owned()),
        group_by: Some(UsageGrouping::Endpoint),
        ..UsageQuery::default()
    };
    let day = UsageQuery {
        from: Some("2026-11-23".to_owned()),
        ..UsageQuery::default()
    };
    for (page, query) in [
        ("30,days", UsageQuery::default()),
        ("90,days", longest),
        ("hours", day),
    ] {
        let asked = timed(ROUNDS, || async {
            usage::report(reader, &query).await.expect("a report");
        });
        told(name, size, page, asked.await);
    }
    let failed = RequestFilter {
        status: Some("server".to_owned()),
        ..RequestFilter::default()
    };
    for (page, filter) in [
        ("requests", RequestFilter::default()),
        ("requests,failed", failed),
    ] {
        let asked = timed(ROUNDS, || async {
            usage::requests(reader, &filter).await.expect("lines");
        });
        told(name, size, page, asked.await);
    }
}

fn told(name: &str, size: u64, page: &str, (median, slow): (Duration, Duration)) {
    println!(
        "report {name} {size} {page} {} {}",
        median.as_micros(),
        slow.as_micros()
    );
}

/// The median, and what 99 of 100 are not slower than.
async fn timed<F: Future<Output = ()>>(rounds: usize, mut ask: impl FnMut() -> F) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let begun = Instant::now();
        ask().await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    (at(rounds / 2), at(rounds * 99 / 100))
}
