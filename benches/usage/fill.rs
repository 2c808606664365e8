//! An organisation's events, written as metering would have.

use std::collections::BTreeMap;

use db::{Conn, Db, execute};
use types::{RequestId, Timestamp, usage::ENDPOINTS};

/// Rows of one INSERT, and events of one transaction.
const ROWS: usize = 900;
const BATCH: u64 = 50_000;
/// Keys that make the calls.
pub(super) const KEYS: u64 = 20;
const DAYS: u64 = 90;
/// Lines of the log of requests are of the last days.
const LOGGED: u64 = 7;
/// Calls by the minute are what alerts look through: a month, and a day more.
const BY_THE_MINUTE: u64 = 31;
/// Steps of a histogram that calls fall into.
const STEPS: u64 = 40;

/// Span, beginning, key, route, and status or duration; how many calls.
type Slots = BTreeMap<(i64, i64, usize, &'static str, i64), i64>;

/// Writes events as metering would have.
pub(super) struct Filler {
    pub(super) db: Db,
    pub(super) tenant: String,
    pub(super) keys: Vec<String>,
    pub(super) now: Timestamp,
    /// How many events.
    pub(super) size: u64,
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
    /// Writes all events, the oldest first.
    pub(super) async fn write(&self) {
        let mut there = 0;
        while there < self.size {
            let until = self.size.min(there + BATCH);
            self.fill(there, until).await;
            there = until;
        }
    }

    fn event(&self, number: u64) -> Event {
        let minutes = whole((self.size - 1 - number) * DAYS * 1440 / self.size);
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
            // In no order, by a multiplication with an odd number.
            duration: 1_000 + whole((number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) % STEPS) * 250,
            at: self.now.plus_seconds(-60 * minutes),
        }
    }

    fn key(&self, event: &Event) -> &str {
        self.keys.get(event.key).map_or("", String::as_str)
    }

    async fn fill(&self, from: u64, until: u64) {
        let (mut calls, mut durations) = (Slots::new(), Slots::new());
        let mut minutes = Slots::new();
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
            let ago = self.now.millis_since(event.at);
            if ago < whole(BY_THE_MINUTE) * 86_400_000 {
                let slot = (1, minute, event.key, event.endpoint, event.status);
                *minutes.entry(slot).or_default() += 1;
            }
            if ago < whole(LOGGED) * 86_400_000 {
                lines.push((number, event));
            }
        }
        let mut tx = self.db.begin().await.expect("a transaction");
        self.rolled(&mut tx, ("call_rollups", "status"), &calls).await;
        self.rolled(&mut tx, ("call_durations", "duration"), &durations)
            .await;
        self.counted(&mut tx, &minutes).await;
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

    async fn counted(&self, conn: &mut Conn, rows: &Slots) {
        let rows: Vec<_> = rows.iter().collect();
        for some in rows.chunks(ROWS) {
            execute!(
                conn,
                sqlx::QueryBuilder::new(
                    "INSERT INTO call_counts (organisation_id, minute, api_key_id, endpoint, status, calls) "
                )
                .push_values(some, |mut values, ((_, minute, key, endpoint, status), calls)| {
                    values
                        .push_bind(self.tenant.as_str())
                        .push_bind(*minute)
                        .push_bind(self.keys.get(*key).map(String::as_str))
                        .push_bind(*endpoint)
                        .push_bind(*status)
                        .push_bind(**calls);
                })
                .push(
                    " ON CONFLICT (organisation_id, minute, api_key_id, endpoint, status)
                     DO UPDATE SET calls = call_counts.calls + excluded.calls"
                )
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
