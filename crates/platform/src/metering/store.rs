//! The rows of `call_counts`, `call_rollups`, `call_durations`, `call_day_durations` and `request_log`.

use db::{Conn, DbError, Kind, execute, on};
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

/// Whether there are durations of days from before this one (minutes since the epoch).
pub(super) async fn any_to_pack(conn: &mut Conn, before: i64) -> Result<bool, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, bool>(
        "SELECT EXISTS (SELECT 1 FROM call_durations WHERE span = 1440 AND begins < $1)"
    )
    .bind(before)
    .fetch_one(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(super) struct DurationRow {
    pub(super) organisation_id: String,
    pub(super) begins: i64,
    pub(super) api_key_id: String,
    pub(super) endpoint: String,
    pub(super) duration: i64,
    pub(super) calls: i64,
}

/// Removes durations of days from before this one, and gives them, the oldest first and at most so
/// many. On PostgreSQL, those that another server is just taking or adding to are passed over; on
/// SQLite there is one writer.
pub(super) async fn take_durations(
    conn: &mut Conn,
    before: i64,
    limit: i64,
) -> Result<Vec<DurationRow>, DbError> {
    const SQLITE: &str = "DELETE FROM call_durations
         WHERE rowid IN (SELECT rowid FROM call_durations
                         WHERE span = 1440 AND begins < $1 ORDER BY begins LIMIT $2)
         RETURNING organisation_id, begins, api_key_id, endpoint, duration, calls";
    const POSTGRES: &str = "DELETE FROM call_durations
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM call_durations
                                 WHERE span = 1440 AND begins < $1 ORDER BY begins LIMIT $2
                                 FOR UPDATE SKIP LOCKED))
         RETURNING organisation_id, begins, api_key_id, endpoint, duration, calls";
    let text = match conn.kind() {
        Kind::Sqlite => SQLITE,
        Kind::Postgres => POSTGRES,
    };
    on!(conn, |c| sqlx::query_as::<_, DurationRow>(text)
        .bind(before)
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// A day of an organisation's, of a key and a route.
pub(super) type Day = (String, i64, String, String);

/// Adds packed durations behind what is there; at most [`ROWS`] of them, none twice.
pub(super) async fn add_packed(conn: &mut Conn, days: &[(Day, String)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO call_day_durations (organisation_id, begins, api_key_id, endpoint, durations) "
        )
        .push_values(
            days,
            |mut values, ((organisation, begins, key, endpoint), durations)| {
                values
                    .push_bind(organisation)
                    .push_bind(*begins)
                    .push_bind(key)
                    .push_bind(endpoint)
                    .push_bind(durations);
            }
        )
        .push(
            " ON CONFLICT (organisation_id, begins, api_key_id, endpoint)
             DO UPDATE SET durations = call_day_durations.durations || ',' || excluded.durations"
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
