//! Keys that end soon, and what their owners were told of it.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// A working key that ends soon.
#[derive(sqlx::FromRow)]
pub(in crate::api_keys) struct Ending {
    pub(in crate::api_keys) id: String,
    pub(in crate::api_keys) organisation: String,
    pub(in crate::api_keys) name: String,
    pub(in crate::api_keys) environment: String,
    pub(in crate::api_keys) last_four: String,
    pub(in crate::api_keys) owner_id: String,
    pub(in crate::api_keys) last_used_at: Option<i64>,
    pub(in crate::api_keys) until: i64,
}

/// Keys that expire before a moment and whose owners were not told so of this many days, the
/// first to end first. Keys from which another took over are not among them.
pub(in crate::api_keys) async fn ending(
    conn: &mut Conn,
    (now, before): (Timestamp, Timestamp),
    days: i64,
    limit: i64,
) -> Result<Vec<Ending>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Ending>(
        "SELECT k.id, g.name AS organisation, k.name, k.environment, k.last_four,
                COALESCE(k.owner_id, k.created_by) AS owner_id, k.last_used_at, k.expires_at AS until
         FROM api_keys k JOIN organisations g ON g.id = k.organisation_id
         WHERE k.revoked_at IS NULL AND k.ends_at IS NULL AND k.expires_at > $1 AND k.expires_at <= $2
           AND (k.told_days IS NULL OR k.told_days > $3)
         ORDER BY k.expires_at LIMIT $4"
    )
    .bind(now.as_millis())
    .bind(before.as_millis())
    .bind(days)
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(in crate::api_keys) async fn told_days(conn: &mut Conn, id: &str, days: i64) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET told_days = $2 WHERE id = $1")
            .bind(id)
            .bind(days)
    )
    .map(|_| ())
}

/// Keys from which another took over, which end before a moment, were used since another, and of
/// which nobody was told.
pub(in crate::api_keys) async fn used_near_end(
    conn: &mut Conn,
    (now, before): (Timestamp, Timestamp),
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Ending>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Ending>(
        "SELECT k.id, g.name AS organisation, k.name, k.environment, k.last_four,
                COALESCE(k.owner_id, k.created_by) AS owner_id, k.last_used_at, k.ends_at AS until
         FROM api_keys k JOIN organisations g ON g.id = k.organisation_id
         WHERE k.revoked_at IS NULL AND k.ends_at > $1 AND k.ends_at <= $2
           AND k.last_used_at >= $3 AND k.told_used_at IS NULL
         ORDER BY k.ends_at LIMIT $4"
    )
    .bind(now.as_millis())
    .bind(before.as_millis())
    .bind(since.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(in crate::api_keys) async fn told_used(conn: &mut Conn, id: &str, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET told_used_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now.as_millis())
    )
    .map(|_| ())
}

/// A working key whose rotation is due.
#[derive(sqlx::FromRow)]
pub(in crate::api_keys) struct Due {
    pub(in crate::api_keys) id: String,
    pub(in crate::api_keys) organisation_id: String,
    pub(in crate::api_keys) organisation: String,
    pub(in crate::api_keys) name: String,
    pub(in crate::api_keys) environment: String,
    pub(in crate::api_keys) last_four: String,
    pub(in crate::api_keys) owner_id: String,
    pub(in crate::api_keys) rotates_at: i64,
    /// When somebody was told of it last.
    pub(in crate::api_keys) told_rotation_at: Option<i64>,
}

/// Keys whose rotation is due and of which nobody was told since a moment, the longest due first.
pub(in crate::api_keys) async fn due(
    conn: &mut Conn,
    now: Timestamp,
    told_before: Timestamp,
    limit: i64,
) -> Result<Vec<Due>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Due>(
        "SELECT k.id, k.organisation_id, g.name AS organisation, k.name, k.environment, k.last_four,
                COALESCE(k.owner_id, k.created_by) AS owner_id, k.rotates_at, k.told_rotation_at
         FROM api_keys k JOIN organisations g ON g.id = k.organisation_id
         WHERE k.revoked_at IS NULL AND k.rotates_at <= $1 AND k.ends_at IS NULL AND k.disabled_at IS NULL
           AND (k.expires_at IS NULL OR k.expires_at > $1)
           AND (k.told_rotation_at IS NULL OR k.told_rotation_at <= $2)
         ORDER BY k.rotates_at, k.id LIMIT $3"
    )
    .bind(now.as_millis())
    .bind(told_before.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(in crate::api_keys) async fn told_rotation(
    conn: &mut Conn,
    id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET told_rotation_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now.as_millis())
    )
    .map(|_| ())
}
