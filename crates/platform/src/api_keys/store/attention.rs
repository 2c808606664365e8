//! Keys that somebody should look at.

use db::{Conn, DbError, on};
use types::Timestamp;

use super::KeyRow;

/// A working key whose owner has left.
#[derive(sqlx::FromRow)]
pub(in crate::api_keys) struct FormerRow {
    pub(in crate::api_keys) id: String,
    pub(in crate::api_keys) name: String,
    pub(in crate::api_keys) environment: String,
    pub(in crate::api_keys) maker: String,
    pub(in crate::api_keys) last_used_at: Option<i64>,
}

pub(in crate::api_keys) async fn of_former_members(
    conn: &mut Conn,
    tenant: &str,
    now: Timestamp,
) -> Result<Vec<FormerRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, FormerRow>(
        "SELECT k.id, k.name, k.environment, u.name AS maker, k.last_used_at
         FROM api_keys k JOIN users u ON u.id = COALESCE(k.owner_id, k.created_by)
         WHERE k.organisation_id = $1 AND k.revoked_at IS NULL AND k.disabled_at IS NULL
           AND (k.expires_at IS NULL OR k.expires_at > $2) AND (k.ends_at IS NULL OR k.ends_at > $2)
           AND NOT EXISTS (SELECT 1 FROM memberships m
                           WHERE m.organisation_id = k.organisation_id AND m.user_id = u.id)
         ORDER BY k.id DESC LIMIT 500"
    )
    .bind(tenant)
    .bind(now.as_millis())
    .fetch_all(c)
    .await)
}

/// Keys that work, and all keys.
pub(in crate::api_keys) async fn count(
    conn: &mut Conn,
    tenant: &str,
    now: Timestamp,
) -> Result<(i64, i64), DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, (i64, i64)>(
        "SELECT COUNT(CASE WHEN revoked_at IS NULL AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
                            AND (ends_at IS NULL OR ends_at > $2) THEN 1 END), COUNT(*)
         FROM api_keys WHERE organisation_id = $1"
    )
    .bind(tenant)
    .bind(now.as_millis())
    .fetch_one(c)
    .await
    })
}

/// A key that works and that somebody should look at, and why.
#[derive(sqlx::FromRow)]
pub(in crate::api_keys) struct AttentionRow {
    #[sqlx(flatten)]
    pub(in crate::api_keys) key: KeyRow,
    pub(in crate::api_keys) reason: i64,
}

/// Before when something is so that somebody should look at it.
pub(in crate::api_keys) struct Since {
    pub(in crate::api_keys) now: Timestamp,
    /// Made before this, and never used.
    pub(in crate::api_keys) unused_from_the_start: Timestamp,
    /// Not used since.
    pub(in crate::api_keys) unused: Timestamp,
    /// Made before this.
    pub(in crate::api_keys) old: Timestamp,
    /// Expires before this.
    pub(in crate::api_keys) expiring: Timestamp,
}

/// Keys that expire soon (0), are due for rotation (1), were never used (2), were not used for long
/// (3) or are old (4), in that order, the oldest first. Keys from which another took over are not among them.
pub(in crate::api_keys) async fn attention(
    conn: &mut Conn,
    tenant: &str,
    since: &Since,
    limit: i64,
) -> Result<Vec<AttentionRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, AttentionRow>(keys!(
        ", CAST(CASE WHEN k.expires_at <= $6 THEN 0
                     WHEN k.rotates_at <= $2 THEN 1
                     WHEN k.last_used_at IS NULL AND k.created_at < $3 THEN 2
                     WHEN k.last_used_at < $4 THEN 3 ELSE 4 END AS BIGINT) AS reason
         FROM api_keys k JOIN users u ON u.id = k.created_by
         JOIN users o ON o.id = COALESCE(k.owner_id, k.created_by)
         LEFT JOIN api_keys s ON s.predecessor_id = k.id
         WHERE k.organisation_id = $1 AND k.revoked_at IS NULL AND k.ends_at IS NULL
           AND k.disabled_at IS NULL
           AND (k.expires_at IS NULL OR k.expires_at > $2)
           AND ((k.last_used_at IS NULL AND k.created_at < $3) OR k.last_used_at < $4
                OR k.created_at < $5 OR k.expires_at <= $6 OR k.rotates_at <= $2)
         ORDER BY reason, k.id LIMIT $7"
    ))
    .bind(tenant)
    .bind(since.now.as_millis())
    .bind(since.unused_from_the_start.as_millis())
    .bind(since.unused.as_millis())
    .bind(since.old.as_millis())
    .bind(since.expiring.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await)
}
