//! The rows of `call_counts`, `call_rollups`, `call_durations` and `request_log`.

use db::{Conn, DbError, execute};
use types::Timestamp;

use super::{
    call::{Call, Slot},
    entry::Entry,
};

/// Rows of one INSERT: at most 7 values each, and SQLite takes 32,766 of them.
pub(super) const ROWS: usize = 900;

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// At most [`ROWS`] at once, each of another call.
pub(super) async fn add(conn: &mut Conn, calls: &[(Call, u64)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO call_counts (organisation_id, minute, api_key_id, endpoint, status, calls) "
        )
        .push_values(calls, |mut values, (call, count)| {
            values
                .push_bind(call.organisation.to_string())
                .push_bind(call.minute)
                .push_bind(call.key.to_string())
                .push_bind(call.endpoint)
                .push_bind(i64::from(call.status))
                .push_bind(whole(*count));
        })
        .push(
            " ON CONFLICT (organisation_id, minute, api_key_id, endpoint, status)
             DO UPDATE SET calls = call_counts.calls + excluded.calls"
        )
        .build()
    )
    .map(|_| ())
}

/// The same by hour and day.
pub(super) async fn roll_up(conn: &mut Conn, rolled: &[((Slot, u16), u64)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO call_rollups (organisation_id, span, begins, api_key_id, endpoint, status, calls) "
        )
        .push_values(rolled, |mut values, ((slot, status), count)| {
            values
                .push_bind(slot.organisation.to_string())
                .push_bind(slot.span)
                .push_bind(slot.begins)
                .push_bind(slot.key.to_string())
                .push_bind(slot.endpoint)
                .push_bind(i64::from(*status))
                .push_bind(whole(*count));
        })
        .push(
            " ON CONFLICT (organisation_id, span, begins, api_key_id, endpoint, status)
             DO UPDATE SET calls = call_rollups.calls + excluded.calls"
        )
        .build()
    )
    .map(|_| ())
}

/// How long they took.
pub(super) async fn add_durations(conn: &mut Conn, durations: &[((Slot, u64), u64)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO call_durations (organisation_id, span, begins, api_key_id, endpoint, duration, calls) "
        )
        .push_values(durations, |mut values, ((slot, micros), count)| {
            values
                .push_bind(slot.organisation.to_string())
                .push_bind(slot.span)
                .push_bind(slot.begins)
                .push_bind(slot.key.to_string())
                .push_bind(slot.endpoint)
                .push_bind(whole(*micros))
                .push_bind(whole(*count));
        })
        .push(
            " ON CONFLICT (organisation_id, span, begins, api_key_id, endpoint, duration)
             DO UPDATE SET calls = call_durations.calls + excluded.calls"
        )
        .build()
    )
    .map(|_| ())
}

/// Lines of the log; one that is there already stays as it is.
pub(super) async fn log(conn: &mut Conn, lines: &[Entry]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO request_log (id, organisation_id, api_key_id, environment, method, endpoint, status,
             code, duration, occurred_at) "
        )
        .push_values(lines, |mut values, line| {
            values
                .push_bind(line.id.to_string())
                .push_bind(line.organisation.to_string())
                .push_bind(line.key.to_string())
                .push_bind(line.environment.as_str())
                .push_bind(line.answered.method)
                .push_bind(line.answered.endpoint)
                .push_bind(i64::from(line.answered.status))
                .push_bind(line.answered.code)
                .push_bind(i64::try_from(line.answered.took.as_micros()).unwrap_or(i64::MAX))
                .push_bind(line.at.as_millis());
        })
        .push(" ON CONFLICT (id) DO NOTHING")
        .build()
    )
    .map(|_| ())
}

/// Removes the oldest lines from before a moment, at most so many.
pub(super) async fn forget(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM request_log WHERE id IN
                 (SELECT id FROM request_log WHERE occurred_at < $1 ORDER BY occurred_at LIMIT $2)"
        )
        .bind(before.as_millis())
        .bind(limit)
    )
    .map(|_| ())
}
