//! What the page of usage costs as an organisation's events grow, and how many billable starts a
//! second are durable: `cargo xtask bench usage` runs it.
//!
//! A line a figure: `report database size page p50 p99` in microseconds, and `starts database size
//! rate raw`, where `raw` is how many of the same rows a second are written by statements of many
//! rows. One organisation has all the events, over ninety days. `USAGE_LARGEST` is the largest size,
//! `USAGE_DATABASE` the one database, if it is not both.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::expect_used, reason = "what cannot be set up ends the measurement")]

mod starts;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use db::{Conn, Db, execute};
use platform::{Ctx, api_keys, jobs, usage};
use tempfile::TempDir;
use testkit::{Cluster, Installation};
use types::{
    Environment, RequestId, Timestamp,
    keys::KeyTerms,
    usage::{ENDPOINTS, RequestFilter, UsageGrouping, UsageQuery},
};

const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const ROUNDS: usize = 200;
/// Rows of one INSERT, and events of one transaction.
const ROWS: usize = 900;
const BATCH: u64 = 50_000;
const KEYS: u64 = 20;
const DAYS: u64 = 90;
/// Lines of the log of requests are of the last days.
const LOGGED: u64 = 7;
/// Steps of a histogram that calls fall into.
const STEPS: u64 = 40;

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
    };
    let begun = Instant::now();
    let mut there = 0;
    while there < size {
        let until = size.min(there + BATCH);
        filler.fill(there, until).await;
        there = until;
    }
    let written = begun.elapsed().as_secs_f64();
    let system = home.platform.system();
    while jobs::run_due(&system).await.expect("jobs") > 0 {}
    let all = begun.elapsed().as_secs_f64();
    eprintln!("{name}: {size} events after {written:.0} s, packed after {all:.0} s");
    pages(name, size, &reader).await;
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
        let asked = timed(|| async {
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
        let asked = timed(|| async {
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
async fn timed<F: Future<Output = ()>>(mut ask: impl FnMut() -> F) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        ask().await;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    (at(ROUNDS / 2), at(ROUNDS * 99 / 100))
}

/// Span, beginning, key, route, and status or duration; how many calls.
type Slots = BTreeMap<(i64, i64, usize, &'static str, i64), i64>;

/// Writes events as metering would have.
struct Filler {
    db: Db,
    tenant: String,
    keys: Vec<String>,
    now: Timestamp,
}

/// An event: every number is another, and the same each time.
struct Event {
    key: usize,
    endpoint: &'static str,
    status: i64,
    duration: i64,
    at: Timestamp,
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or_default()
}

impl Filler {
    fn event(&self, number: u64) -> Event {
        // Spread over the time by a multiplication with an odd number.
        let place = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let minutes = whole(place % (DAYS * 1440));
        let status = match number % 100 {
            0 => 500,
            1..=3 => 429,
            4..=8 => 404,
            _ => 200,
        };
        let endpoint = usize::try_from(number / 7 % 5).unwrap_or_default();
        Event {
            key: usize::try_from(number % KEYS).unwrap_or_default(),
            endpoint: ENDPOINTS.get(endpoint).copied().unwrap_or("other"),
            status,
            duration: 1_000 + whole(place % STEPS) * 250,
            at: self.now.plus_seconds(-60 * minutes),
        }
    }

    fn key(&self, event: &Event) -> &str {
        self.keys.get(event.key).map_or("", String::as_str)
    }

    async fn fill(&self, from: u64, until: u64) {
        let (mut calls, mut durations) = (Slots::new(), Slots::new());
        let mut units: BTreeMap<(i64, usize), i64> = BTreeMap::new();
        let mut lines = Vec::new();
        for number in from..until {
            let event = self.event(number);
            let minute = event.at.as_seconds().div_euclid(60);
            for span in [60, 1440] {
                let begins = minute - minute.rem_euclid(span);
                let slot = (span, begins, event.key, event.endpoint);
                *calls
                    .entry((slot.0, slot.1, slot.2, slot.3, event.status))
                    .or_default() += 1;
                *durations
                    .entry((slot.0, slot.1, slot.2, slot.3, event.duration))
                    .or_default() += 1;
            }
            if event.endpoint == "/verify/start" && event.status == 200 {
                *units.entry((minute.div_euclid(1440), event.key)).or_default() += 1;
            }
            if self.now.millis_since(event.at) < whole(LOGGED) * 86_400_000 {
                lines.push((number, event));
            }
        }
        let mut tx = self.db.begin().await.expect("a transaction");
        self.rolled(&mut tx, ("call_rollups", "status"), &calls).await;
        self.rolled(&mut tx, ("call_durations", "duration"), &durations)
            .await;
        self.billed(&mut tx, &units).await;
        self.logged(&mut tx, &lines).await;
        tx.commit().await.expect("it is committed");
    }

    async fn rolled(&self, conn: &mut Conn, (table, by): (&'static str, &'static str), rows: &Slots) {
        let rows: Vec<_> = rows.iter().collect();
        for some in rows.chunks(ROWS) {
            execute!(
                conn,
                sqlx::QueryBuilder::new(format!(
                    "INSERT INTO {table} (organisation_id, span, begins, api_key_id, endpoint, {by}, calls) "
                ))
                .push_values(
                    some,
                    |mut values, ((span, begins, key, endpoint, last), calls)| {
                        values
                            .push_bind(self.tenant.as_str())
                            .push_bind(*span)
                            .push_bind(*begins)
                            .push_bind(self.keys.get(*key).map(String::as_str))
                            .push_bind(*endpoint)
                            .push_bind(*last)
                            .push_bind(**calls);
                    }
                )
                .push(format!(
                    " ON CONFLICT (organisation_id, span, begins, api_key_id, endpoint, {by})
                     DO UPDATE SET calls = {table}.calls + excluded.calls"
                ))
                .build()
            )
            .expect("calls are written");
        }
    }

    async fn billed(&self, conn: &mut Conn, units: &BTreeMap<(i64, usize), i64>) {
        let rows: Vec<_> = units.iter().collect();
        for some in rows.chunks(ROWS) {
            execute!(
                conn,
                sqlx::QueryBuilder::new(
                    "INSERT INTO billable_days (organisation_id, day, api_key_id, units) "
                )
                .push_values(some, |mut values, ((day, key), units)| {
                    values
                        .push_bind(self.tenant.as_str())
                        .push_bind(*day)
                        .push_bind(self.keys.get(*key).map(String::as_str))
                        .push_bind(**units);
                })
                .push(
                    " ON CONFLICT (organisation_id, day, api_key_id)
                         DO UPDATE SET units = billable_days.units + excluded.units"
                )
                .build()
            )
            .expect("units are written");
        }
    }

    async fn logged(&self, conn: &mut Conn, lines: &[(u64, Event)]) {
        for some in lines.chunks(ROWS) {
            execute!(
                conn,
                sqlx::QueryBuilder::new(
                    "INSERT INTO request_log (id, organisation_id, api_key_id, environment, method, endpoint,
                     status, code, duration, occurred_at) "
                )
                .push_values(some, |mut values, (number, event)| {
                    values
                        .push_bind(line_id(event.at, *number))
                        .push_bind(self.tenant.as_str())
                        .push_bind(self.key(event))
                        .push_bind("live")
                        .push_bind("POST")
                        .push_bind(event.endpoint)
                        .push_bind(event.status)
                        .push_bind((event.status == 500).then_some("INTERNAL"))
                        .push_bind(event.duration)
                        .push_bind(event.at.as_millis());
                })
                .build()
            )
            .expect("lines are written");
        }
    }
}

/// An id that sorts by time: version 7 of RFC 9562, with the event's number for randomness.
fn line_id(at: Timestamp, number: u64) -> String {
    let millis = u128::from(at.as_millis().unsigned_abs());
    let id = (millis << 80) | (7 << 76) | (2 << 62) | u128::from(number);
    RequestId::from_u128(id).to_string()
}
