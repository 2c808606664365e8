//! The rows of `call_counts`, `call_rollups`, `call_durations`, `call_days` and
//! `request_log`.

use db::{Conn, DbError, Kind, execute, on};
use sqlx::AssertSqlSafe;
use types::Timestamp;

use super::{
    call::{Call, Slot},
    entry::Entry,
    grain::Grain,
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

/// Whether there are calls of days from before this one (minutes since the epoch), or such as the
/// program before packed.
pub(super) async fn any_to_pack(conn: &mut Conn, before: i64) -> Result<bool, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, bool>(
        "SELECT EXISTS (SELECT 1 FROM call_durations WHERE span = 1440 AND begins < $1)
             OR EXISTS (SELECT 1 FROM call_rollups WHERE span = 1440 AND begins < $1)
             OR EXISTS (SELECT 1 FROM call_day_durations)"
    )
    .bind(before)
    .fetch_one(c)
    .await)
}

/// Calls of a day, as they were taken away.
#[derive(sqlx::FromRow)]
pub(super) struct Taken {
    pub(super) organisation_id: String,
    pub(super) begins: i64,
    pub(super) api_key_id: String,
    pub(super) endpoint: String,
    /// A status or a duration.
    pub(super) value: i64,
    pub(super) calls: i64,
    /// Many durations and their calls, in the place of one.
    pub(super) packed: String,
}

/// Removes calls of days from before this one, and gives them by status, the oldest first and at
/// most so many.
pub(super) async fn take_statuses(conn: &mut Conn, before: i64, limit: i64) -> Result<Vec<Taken>, DbError> {
    take(conn, ("call_rollups", "status"), before, limit).await
}

/// The same by duration.
pub(super) async fn take_durations(conn: &mut Conn, before: i64, limit: i64) -> Result<Vec<Taken>, DbError> {
    take(conn, ("call_durations", "duration"), before, limit).await
}

/// On PostgreSQL, rows that another server is just taking or adding to are passed over; on SQLite
/// there is one writer.
async fn take(
    conn: &mut Conn,
    (table, value): (&str, &str),
    before: i64,
    limit: i64,
) -> Result<Vec<Taken>, DbError> {
    let found = |row: &str, lock: &str| {
        format!("SELECT {row} FROM {table} WHERE span = 1440 AND begins < $1 ORDER BY begins LIMIT $2{lock}")
    };
    let rows = match conn.kind() {
        Kind::Sqlite => format!("rowid IN ({})", found("rowid", "")),
        Kind::Postgres => format!("ctid = ANY (ARRAY({}))", found("ctid", " FOR UPDATE SKIP LOCKED")),
    };
    // The text is made of constants.
    let text = format!(
        "DELETE FROM {table} WHERE {rows}
         RETURNING organisation_id, begins, api_key_id, endpoint, {value} AS value, calls, '' AS packed"
    );
    on!(conn, |c| sqlx::query_as::<_, Taken>(AssertSqlSafe(text))
        .bind(before)
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Removes durations as the program before packed them, and gives them, at most so many rows.
pub(super) async fn take_day_durations(conn: &mut Conn, limit: i64) -> Result<Vec<Taken>, DbError> {
    macro_rules! text {
        ($lock:literal) => {
            concat!(
                "DELETE FROM call_day_durations
                 WHERE (organisation_id, begins, api_key_id, endpoint) IN
                     (SELECT organisation_id, begins, api_key_id, endpoint FROM call_day_durations LIMIT $1",
                $lock,
                ")
                 RETURNING organisation_id, begins, api_key_id, endpoint,
                     CAST(0 AS BIGINT) AS value, CAST(0 AS BIGINT) AS calls, durations AS packed"
            )
        };
    }
    let text = match conn.kind() {
        Kind::Sqlite => text!(""),
        Kind::Postgres => text!(" FOR UPDATE SKIP LOCKED"),
    };
    on!(conn, |c| sqlx::query_as::<_, Taken>(text)
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Whose calls of which day are packed in a row.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) organisation_id: String,
    pub(super) grain: Grain,
    pub(super) begins: i64,
    pub(super) api_key_id: String,
    pub(super) endpoint: String,
}

/// Adds packed statuses and durations behind what is there; at most [`ROWS`] parts, none twice.
pub(super) async fn add_packed(conn: &mut Conn, parts: &[(Part, String, String)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO call_days
                 (organisation_id, grain, begins, api_key_id, endpoint, statuses, durations) "
        )
        .push_values(parts, |mut values, (part, statuses, durations)| {
            values
                .push_bind(&part.organisation_id)
                .push_bind(part.grain.as_str())
                .push_bind(part.begins)
                .push_bind(&part.api_key_id)
                .push_bind(&part.endpoint)
                .push_bind(statuses)
                .push_bind(durations);
        })
        .push(
            " ON CONFLICT (organisation_id, grain, begins, api_key_id, endpoint)
             DO UPDATE SET statuses = call_days.statuses || excluded.statuses,
                           durations = call_days.durations || excluded.durations"
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
