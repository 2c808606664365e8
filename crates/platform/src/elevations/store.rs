//! The rows of `elevations`. They belong to the installation.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

use super::Elevation;
use crate::Result;

#[derive(sqlx::FromRow)]
pub(super) struct ElevationRecord {
    id: String,
    user_id: String,
    pub(super) name: String,
    staff_role: String,
    pub(super) reason: String,
    minutes: i64,
    state: String,
    requested_at: i64,
    pub(super) decider: Option<String>,
    starts_at: Option<i64>,
    ends_at: Option<i64>,
}

impl ElevationRecord {
    pub(super) fn elevation(&self) -> Result<Elevation> {
        Ok(Elevation {
            id: self.id.parse()?,
            user: self.user_id.parse()?,
            role: self.staff_role.parse()?,
            minutes: self.minutes,
            state: self.state.parse()?,
            requested_at: Timestamp::from_millis(self.requested_at),
            starts_at: self.starts_at.map(Timestamp::from_millis),
            ends_at: self.ends_at.map(Timestamp::from_millis),
        })
    }
}

/// Those that are open in the table, and the newest of the others.
pub(super) async fn list(conn: &mut Conn, limit: i64) -> Result<Vec<ElevationRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ElevationRecord>(
        "SELECT e.id, e.user_id, u.name, e.staff_role, e.reason, e.minutes, e.state, e.requested_at,
                d.name AS decider, e.starts_at, e.ends_at
         FROM elevations e
         JOIN users u ON u.id = e.user_id
         LEFT JOIN users d ON d.id = e.decided_by
         WHERE e.state IN ('requested', 'approved')
            OR e.id IN (SELECT id FROM elevations ORDER BY id DESC LIMIT $1)
         ORDER BY e.id DESC"
    )
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(super) async fn get(conn: &mut Conn, id: &str) -> Result<Option<ElevationRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ElevationRecord>(
        "SELECT e.id, e.user_id, u.name, e.staff_role, e.reason, e.minutes, e.state, e.requested_at,
                NULL AS decider, e.starts_at, e.ends_at
         FROM elevations e JOIN users u ON u.id = e.user_id WHERE e.id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Those of a user that are open in the table.
pub(super) async fn open_of(conn: &mut Conn, user: &str) -> Result<Vec<ElevationRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ElevationRecord>(
        "SELECT e.id, e.user_id, u.name, e.staff_role, e.reason, e.minutes, e.state, e.requested_at,
                NULL AS decider, e.starts_at, e.ends_at
         FROM elevations e JOIN users u ON u.id = e.user_id
         WHERE e.user_id = $1 AND e.state IN ('requested', 'approved') ORDER BY e.id"
    )
    .bind(user)
    .fetch_all(c)
    .await)
}

/// What is to be written of a request just made.
pub(super) struct NewElevation<'a> {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) role: &'static str,
    pub(super) reason: &'a str,
    pub(super) minutes: i64,
}

pub(super) async fn insert(conn: &mut Conn, new: &NewElevation<'_>, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO elevations (id, user_id, staff_role, reason, minutes, state, requested_at)
             VALUES ($1, $2, $3, $4, $5, 'requested', $6)"
        )
        .bind(&new.id)
        .bind(&new.user)
        .bind(new.role)
        .bind(new.reason)
        .bind(new.minutes)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Approves a request; `decided_by` is empty where the delay does.
pub(super) async fn approve(
    conn: &mut Conn,
    id: &str,
    decided_by: Option<&str>,
    (starts_at, ends_at): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE elevations SET state = 'approved', decided_by = $2, decided_at = $3, starts_at = $4,
             ends_at = $5 WHERE id = $1 AND state = 'requested'"
        )
        .bind(id)
        .bind(decided_by)
        .bind(now.as_millis())
        .bind(starts_at.as_millis())
        .bind(ends_at.as_millis())
    )
    .map(|_| ())
}

/// Ends it in this state; one that holds ends now.
pub(super) async fn end(
    conn: &mut Conn,
    id: &str,
    state: &str,
    decided_by: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE elevations SET state = $2, decided_by = COALESCE($3, decided_by), decided_at = $4,
             ends_at = CASE WHEN ends_at > $4 THEN $4 ELSE ends_at END
             WHERE id = $1 AND state IN ('requested', 'approved')"
        )
        .bind(id)
        .bind(state)
        .bind(decided_by)
        .bind(now.as_millis())
    )
    .map(|_| ())
}
