//! The rows of `verification_changes`, `verification_counts` and `verification_durations`.

use db::{Conn, DbError, Kind, execute, on};
use sqlx::QueryBuilder;
use types::Timestamp;

use super::tally::{Counts, Group, Length, Move, QUARTER, Quarter};
use crate::{Error, Result};

/// Rows of one INSERT.
pub(super) const ROWS: usize = 200;

/// Notes moves, each under an id of its own.
pub(super) async fn insert_changes(conn: &mut Conn, moves: &[(String, Move)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO verification_changes (id, organisation_id, environment, quarter, moved_from,
             moved_to, duration) "
        )
        .push_values(moves, |mut values, (id, moved)| {
            values
                .push_bind(id)
                .push_bind(moved.organisation.to_string())
                .push_bind(moved.environment.as_str())
                .push_bind(moved.quarter())
                .push_bind(moved.from.map(Group::as_str))
                .push_bind(moved.to.as_str())
                .push_bind(moved.duration);
        })
        .build()
        .persistent(moves.len() == 1)
    )
    .map(|_| ())
}

/// Whether there is anything to fold.
pub(super) async fn any_change(conn: &mut Conn) -> Result<bool, DbError> {
    let found: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT quarter FROM verification_changes LIMIT 1"
    )
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

#[derive(sqlx::FromRow)]
pub(super) struct ChangeRow {
    organisation_id: String,
    environment: String,
    quarter: i64,
    moved_from: Option<String>,
    moved_to: String,
    duration: Option<i64>,
}

impl ChangeRow {
    pub(super) fn read(&self) -> Result<Move> {
        let group = |word: &str| Group::read(word).ok_or_else(|| Error::internal("an unknown group"));
        Ok(Move {
            organisation: self.organisation_id.parse()?,
            environment: self.environment.parse()?,
            started: Timestamp::from_millis(self.quarter.saturating_mul(QUARTER)),
            from: self.moved_from.as_deref().map(group).transpose()?,
            to: group(&self.moved_to)?,
            duration: self.duration,
        })
    }
}

/// Takes changes out. On PostgreSQL, those that another server is just taking are passed over;
/// on SQLite there is one writer.
pub(super) async fn take_changes(conn: &mut Conn, limit: i64) -> Result<Vec<ChangeRow>, DbError> {
    const SQLITE: &str = "DELETE FROM verification_changes
         WHERE id IN (SELECT id FROM verification_changes ORDER BY id LIMIT $1)
         RETURNING organisation_id, environment, quarter, moved_from, moved_to, duration";
    const POSTGRES: &str = "DELETE FROM verification_changes
         WHERE id IN (SELECT id FROM verification_changes ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING organisation_id, environment, quarter, moved_from, moved_to, duration";
    let text = match conn.kind() {
        Kind::Sqlite => SQLITE,
        Kind::Postgres => POSTGRES,
    };
    on!(conn, |c| sqlx::query_as::<_, ChangeRow>(text)
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Adds to counts; at most [`ROWS`] of them, none twice.
pub(super) async fn add_counts(conn: &mut Conn, counts: &[(Quarter, Counts)]) -> Result<(), DbError> {
    execute!(
        conn,
        QueryBuilder::new(
            "INSERT INTO verification_counts (organisation_id, quarter, environment, open, approved,
             denied, rejected) "
        )
        .push_values(
            counts,
            |mut row, ((organisation, quarter, environment), counts)| {
                row.push_bind(organisation.to_string())
                    .push_bind(*quarter)
                    .push_bind(environment.as_str())
                    .push_bind(counts.open)
                    .push_bind(counts.approved)
                    .push_bind(counts.denied)
                    .push_bind(counts.rejected);
            }
        )
        .push(
            " ON CONFLICT (organisation_id, quarter, environment) DO UPDATE SET
                 open = verification_counts.open + excluded.open,
                 approved = verification_counts.approved + excluded.approved,
                 denied = verification_counts.denied + excluded.denied,
                 rejected = verification_counts.rejected + excluded.rejected"
        )
        .build()
    )
    .map(|_| ())
}

/// Adds to durations; at most [`ROWS`] of them, none twice.
pub(super) async fn add_durations(conn: &mut Conn, durations: &[(Length, i64)]) -> Result<(), DbError> {
    execute!(
        conn,
        QueryBuilder::new(
            "INSERT INTO verification_durations (organisation_id, day, environment, bucket,
             verifications) "
        )
        .push_values(
            durations,
            |mut row, ((organisation, day, environment, bucket), verifications)| {
                row.push_bind(organisation.to_string())
                    .push_bind(*day)
                    .push_bind(environment.as_str())
                    .push_bind(*bucket)
                    .push_bind(*verifications);
            }
        )
        .push(
            " ON CONFLICT (organisation_id, day, environment, bucket) DO UPDATE SET
                 verifications = verification_durations.verifications + excluded.verifications"
        )
        .build()
    )
    .map(|_| ())
}

/// Verifications of one local day.
#[derive(sqlx::FromRow)]
pub(super) struct DayRow {
    /// Days since the epoch.
    pub(super) day: i64,
    pub(super) open: i64,
    pub(super) approved: i64,
    pub(super) denied: i64,
    pub(super) rejected: i64,
}

/// Counts by day within `[from, before)`, given in quarters, where local time is `offset`
/// seconds ahead of UTC all the while. What is not folded yet is in them.
pub(super) async fn days(
    conn: &mut Conn,
    tenant: &str,
    (from, before): (i64, i64),
    offset: i64,
) -> Result<Vec<DayRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, DayRow>(
        "SELECT (quarter * 900 + $4) / 86400 AS day, CAST(SUM(open) AS BIGINT) AS open,
                CAST(SUM(approved) AS BIGINT) AS approved, CAST(SUM(denied) AS BIGINT) AS denied,
                CAST(SUM(rejected) AS BIGINT) AS rejected
         FROM (
             SELECT quarter, open, approved, denied, rejected
             FROM verification_counts
             WHERE organisation_id = $1 AND quarter >= $2 AND quarter < $3
             UNION ALL
             SELECT quarter,
                    CASE WHEN moved_to = 'open' THEN 1 ELSE 0 END
                        - CASE WHEN moved_from = 'open' THEN 1 ELSE 0 END,
                    CASE WHEN moved_to = 'approved' THEN 1 ELSE 0 END,
                    CASE WHEN moved_to = 'denied' THEN 1 ELSE 0 END,
                    CASE WHEN moved_to = 'rejected' THEN 1 ELSE 0 END
             FROM verification_changes
             WHERE organisation_id = $1 AND quarter >= $2 AND quarter < $3
         ) AS moved
         GROUP BY (quarter * 900 + $4) / 86400"
    )
    .bind(tenant)
    .bind(from)
    .bind(before)
    .bind(offset)
    .fetch_all(c)
    .await)
}

/// The same within `[from, before)` as one sum, of one environment unless its text is empty.
pub(super) async fn sum(
    conn: &mut Conn,
    tenant: &str,
    (from, before): (i64, i64),
    environment: &str,
) -> Result<(i64, i64, i64, i64), DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, i64, i64, i64)>(
        "SELECT CAST(COALESCE(SUM(open), 0) AS BIGINT), CAST(COALESCE(SUM(approved), 0) AS BIGINT),
                CAST(COALESCE(SUM(denied), 0) AS BIGINT), CAST(COALESCE(SUM(rejected), 0) AS BIGINT)
         FROM (
             SELECT open, approved, denied, rejected
             FROM verification_counts
             WHERE organisation_id = $1 AND quarter >= $2 AND quarter < $3
               AND ($4 = '' OR environment = $4)
             UNION ALL
             SELECT CASE WHEN moved_to = 'open' THEN 1 ELSE 0 END
                        - CASE WHEN moved_from = 'open' THEN 1 ELSE 0 END,
                    CASE WHEN moved_to = 'approved' THEN 1 ELSE 0 END,
                    CASE WHEN moved_to = 'denied' THEN 1 ELSE 0 END,
                    CASE WHEN moved_to = 'rejected' THEN 1 ELSE 0 END
             FROM verification_changes
             WHERE organisation_id = $1 AND quarter >= $2 AND quarter < $3
               AND ($4 = '' OR environment = $4)
         ) AS moved"
    )
    .bind(tenant)
    .bind(from)
    .bind(before)
    .bind(environment)
    .fetch_one(c)
    .await)
}

/// Decisions of one length within one of the two periods.
#[derive(sqlx::FromRow)]
pub(super) struct DurationRow {
    /// 1 in the later period, 0 in the one before.
    pub(super) later: i64,
    pub(super) bucket: i64,
    pub(super) verifications: i64,
}

/// Folded durations from the day `since` on, told apart at the day `split`.
pub(super) async fn durations(
    conn: &mut Conn,
    tenant: &str,
    since: i64,
    split: i64,
) -> Result<Vec<DurationRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, DurationRow>(
        "SELECT later, bucket, CAST(SUM(verifications) AS BIGINT) AS verifications
         FROM (
             SELECT CAST(CASE WHEN day >= $3 THEN 1 ELSE 0 END AS BIGINT) AS later, bucket, verifications
             FROM verification_durations WHERE organisation_id = $1 AND day >= $2
         ) AS periods
         GROUP BY later, bucket"
    )
    .bind(tenant)
    .bind(since)
    .bind(split)
    .fetch_all(c)
    .await)
}

/// Durations that are not folded yet: the UTC day of the start, and the milliseconds. Few: the
/// job folds every few seconds.
pub(super) async fn fresh_durations(
    conn: &mut Conn,
    tenant: &str,
    since: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, i64)>(
        "SELECT quarter / 96, duration FROM verification_changes
         WHERE organisation_id = $1 AND quarter >= $2 * 96 AND duration IS NOT NULL"
    )
    .bind(tenant)
    .bind(since)
    .fetch_all(c)
    .await)
}

/// A verification that is to be counted for the first time.
#[derive(sqlx::FromRow)]
pub(super) struct Uncounted {
    pub(super) id: String,
    pub(super) organisation_id: String,
    pub(super) environment: String,
    pub(super) status: String,
    pub(super) created_at: i64,
    pub(super) completed_at: Option<i64>,
}

/// Every organisation's, after this id.
pub(super) async fn uncounted(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Uncounted>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Uncounted>(
        "SELECT id, organisation_id, environment, status, created_at, completed_at
         FROM verifications WHERE id > $1 ORDER BY id LIMIT $2"
    )
    .bind(after)
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(super) async fn mark(conn: &mut Conn, name: &str) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT value FROM installation WHERE name = $1"
    )
    .bind(name)
    .fetch_optional(c)
    .await)
}

/// Sets the mark, unless it is there.
pub(super) async fn set_mark(conn: &mut Conn, name: &str, to: &str) -> Result<bool, DbError> {
    let set = execute!(
        conn,
        sqlx::query("INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(to)
    )?;
    Ok(set == 1)
}

/// Moves the mark, unless somebody else did.
pub(super) async fn move_mark(conn: &mut Conn, name: &str, from: &str, to: &str) -> Result<bool, DbError> {
    let moved = execute!(
        conn,
        sqlx::query("UPDATE installation SET value = $3 WHERE name = $1 AND value = $2")
            .bind(name)
            .bind(from)
            .bind(to)
    )?;
    Ok(moved == 1)
}
