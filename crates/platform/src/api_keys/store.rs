//! The rows of `api_keys`.

use db::{Conn, DbError, execute, on};
use types::{Environment, Timestamp, console::ApiKeyRow};

use super::moment;
use crate::Result;

#[derive(sqlx::FromRow)]
pub(super) struct KeyRow {
    id: String,
    name: String,
    environment: String,
    prefix: String,
    last_four: String,
    created_at: i64,
    created_by: String,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl KeyRow {
    pub(super) fn into_dto(self) -> Result<ApiKeyRow> {
        Ok(ApiKeyRow {
            id: self.id.parse()?,
            name: self.name,
            environment: self.environment.parse()?,
            prefix: self.prefix,
            last_four: self.last_four,
            created_at: Timestamp::from_millis(self.created_at),
            created_by: self.created_by,
            last_used_at: moment(self.last_used_at),
            revoked_at: moment(self.revoked_at),
        })
    }
}

pub(super) struct NewKey<'a> {
    pub(super) id: String,
    pub(super) name: &'a str,
    pub(super) environment: Environment,
    pub(super) prefix: String,
    pub(super) last_four: String,
    pub(super) digest: [u8; 32],
    pub(super) pepper_version: i64,
}

pub(super) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    key: &NewKey<'_>,
    maker: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO api_keys (id, organisation_id, name, environment, prefix, last_four, digest,
             pepper_version, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        )
        .bind(&key.id)
        .bind(tenant)
        .bind(key.name)
        .bind(key.environment.as_str())
        .bind(&key.prefix)
        .bind(&key.last_four)
        .bind(key.digest.as_slice())
        .bind(key.pepper_version)
        .bind(maker)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn list(conn: &mut Conn, tenant: &str) -> Result<Vec<KeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRow>(
        "SELECT k.id, k.name, k.environment, k.prefix, k.last_four, k.created_at,
                u.name AS created_by, k.last_used_at, k.revoked_at
         FROM api_keys k JOIN users u ON u.id = k.created_by
         WHERE k.organisation_id = $1 ORDER BY k.id DESC LIMIT 500"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(super) async fn get(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<KeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRow>(
        "SELECT k.id, k.name, k.environment, k.prefix, k.last_four, k.created_at,
                u.name AS created_by, k.last_used_at, k.revoked_at
         FROM api_keys k JOIN users u ON u.id = k.created_by
         WHERE k.organisation_id = $1 AND k.id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

pub(super) async fn revoke(conn: &mut Conn, tenant: &str, id: &str, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE api_keys SET revoked_at = $3
         WHERE organisation_id = $1 AND id = $2 AND revoked_at IS NULL"
        )
        .bind(tenant)
        .bind(id)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct AuthRow {
    pub(super) id: String,
    pub(super) organisation_id: String,
    pub(super) environment: String,
    pub(super) last_used_at: Option<i64>,
    pub(super) revoked_at: Option<i64>,
}

/// The key with this digest, whosever it is: the key is what tells the tenant.
pub(super) async fn by_digest(conn: &mut Conn, digest: &[u8]) -> Result<Option<AuthRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, AuthRow>(
        "SELECT id, organisation_id, environment, last_used_at, revoked_at
         FROM api_keys WHERE digest = $1"
    )
    .bind(digest)
    .fetch_optional(c)
    .await)
}

pub(super) async fn used(conn: &mut Conn, id: &str, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now.as_millis())
    )
    .map(|_| ())
}

/// A working key whose maker has left.
#[derive(sqlx::FromRow)]
pub(super) struct FormerRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) environment: String,
    pub(super) maker: String,
    pub(super) last_used_at: Option<i64>,
}

pub(super) async fn of_former_members(conn: &mut Conn, tenant: &str) -> Result<Vec<FormerRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, FormerRow>(
        "SELECT k.id, k.name, k.environment, u.name AS maker, k.last_used_at
         FROM api_keys k JOIN users u ON u.id = k.created_by
         WHERE k.organisation_id = $1 AND k.revoked_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM memberships m
                           WHERE m.organisation_id = k.organisation_id AND m.user_id = k.created_by)
         ORDER BY k.id DESC LIMIT 500"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// Keys that are not revoked, and all keys.
pub(super) async fn count(conn: &mut Conn, tenant: &str) -> Result<(i64, i64), DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, i64)>(
        "SELECT COUNT(*) - COUNT(revoked_at), COUNT(*) FROM api_keys WHERE organisation_id = $1"
    )
    .bind(tenant)
    .fetch_one(c)
    .await)
}

/// A key that works and that somebody should look at, and why.
#[derive(sqlx::FromRow)]
pub(super) struct AttentionRow {
    #[sqlx(flatten)]
    pub(super) key: KeyRow,
    pub(super) reason: i64,
}

/// Keys made before `since.0` and never used, not used since `since.1`, or made before
/// `since.2`: told apart as 0, 1 and 2, and given in that order, oldest first.
pub(super) async fn attention(
    conn: &mut Conn,
    tenant: &str,
    since: (Timestamp, Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<AttentionRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, AttentionRow>(
        "SELECT k.id, k.name, k.environment, k.prefix, k.last_four, k.created_at,
                u.name AS created_by, k.last_used_at, k.revoked_at,
                CAST(CASE WHEN k.last_used_at IS NULL AND k.created_at < $2 THEN 0
                          WHEN k.last_used_at < $3 THEN 1 ELSE 2 END AS BIGINT) AS reason
         FROM api_keys k JOIN users u ON u.id = k.created_by
         WHERE k.organisation_id = $1 AND k.revoked_at IS NULL
           AND ((k.last_used_at IS NULL AND k.created_at < $2) OR k.last_used_at < $3 OR k.created_at < $4)
         ORDER BY reason, k.id LIMIT $5"
    )
    .bind(tenant)
    .bind(since.0.as_millis())
    .bind(since.1.as_millis())
    .bind(since.2.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await)
}
