//! What is read of keys, of where they are used from, and of webhooks. Time is in milliseconds,
//! hours begin in minutes since the epoch; an empty text of a scope is any.

use db::{Conn, DbError, on};

use super::measure::Scope;
use crate::{api_keys::SealedSource, metering::DAY};

/// A key, as far as it says when it works. Times are in milliseconds.
#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct KeyRecord {
    pub(in crate::alerts) id: String,
    pub(in crate::alerts) name: String,
    pub(in crate::alerts) created_at: i64,
    pub(in crate::alerts) revoked_at: Option<i64>,
    pub(in crate::alerts) expires_at: Option<i64>,
    pub(in crate::alerts) ends_at: Option<i64>,
    pub(in crate::alerts) disabled_at: Option<i64>,
    pub(in crate::alerts) last_used_at: Option<i64>,
}

pub(in crate::alerts) async fn keys(conn: &mut Conn, scope: &Scope<'_>) -> Result<Vec<KeyRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRecord>(
        "SELECT id, name, created_at, revoked_at, expires_at, ends_at, disabled_at, last_used_at
         FROM api_keys
         WHERE organisation_id = $1 AND ($2 = '' OR id = $2) AND ($3 = '' OR environment = $3)
         ORDER BY id"
    )
    .bind(scope.tenant)
    .bind(scope.key)
    .bind(scope.environment)
    .fetch_all(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct UseRow {
    pub(in crate::alerts) api_key_id: String,
    pub(in crate::alerts) begins: i64,
}

/// The hours in which keys were used.
pub(in crate::alerts) async fn uses(
    conn: &mut Conn,
    scope: &Scope<'_>,
    (from, before): (i64, i64),
) -> Result<Vec<UseRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, UseRow>(
        "SELECT DISTINCT api_key_id, begins FROM call_rollups
         WHERE organisation_id = $1 AND span = 60 AND begins >= $2 AND begins < $3
           AND ($4 = '' OR api_key_id = $4)"
    )
    .bind(scope.tenant)
    .bind(from)
    .bind(before)
    .bind(scope.key)
    .fetch_all(c)
    .await)
}

/// When each key that was also used since was last used before a minute: the hour, or the last hour of
/// a day before that of the minute. Each is the first that is found looking back.
pub(in crate::alerts) async fn last_uses(
    conn: &mut Conn,
    scope: &Scope<'_>,
    before: i64,
) -> Result<Vec<UseRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, UseRow>(
        "SELECT api_key_id, begins FROM (
             SELECT k.id AS api_key_id, (SELECT MAX(begins) FROM (
                 SELECT * FROM (
                     SELECT h.begins FROM call_rollups h
                     WHERE h.organisation_id = $1 AND h.span = 60 AND h.begins >= $2 AND h.begins < $3
                       AND h.api_key_id = k.id
                     ORDER BY h.begins DESC LIMIT 1) AS hours
                 UNION ALL SELECT * FROM (
                     SELECT r.begins + 1380 AS begins FROM call_rollups r
                     WHERE r.organisation_id = $1 AND r.span = 1440 AND r.begins < $2
                       AND r.api_key_id = k.id
                     ORDER BY r.begins DESC LIMIT 1) AS days
                 UNION ALL SELECT * FROM (
                     SELECT d.begins + 1380 AS begins FROM call_days d
                     WHERE d.organisation_id = $1 AND d.grain = 'key' AND d.begins < $2
                       AND d.api_key_id = k.id
                     ORDER BY d.begins DESC LIMIT 1) AS packed
             ) AS used) AS begins
             FROM api_keys k
             WHERE k.organisation_id = $1 AND ($4 = '' OR k.id = $4) AND k.last_used_at >= $3 * 60000
         ) AS found WHERE begins IS NOT NULL"
    )
    .bind(scope.tenant)
    .bind(before - before.rem_euclid(DAY))
    .bind(before)
    .bind(scope.key)
    .fetch_all(c)
    .await)
}

/// From where a key was used. Times are in milliseconds.
#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct PlaceRow {
    pub(in crate::alerts) api_key_id: String,
    pub(in crate::alerts) name: String,
    pub(in crate::alerts) family: String,
    pub(in crate::alerts) created_at: i64,
    pub(in crate::alerts) first_at: i64,
    digest: Vec<u8>,
    data_key_id: String,
    sealed: Vec<u8>,
}

impl PlaceRow {
    pub(in crate::alerts) fn sealed(&self) -> SealedSource<'_> {
        SealedSource {
            digest: &self.digest,
            data_key_id: &self.data_key_id,
            sealed: &self.sealed,
        }
    }
}

/// Whether a place came to be known after a moment (milliseconds).
pub(in crate::alerts) async fn any_place(
    conn: &mut Conn,
    scope: &Scope<'_>,
    since: i64,
) -> Result<bool, DbError> {
    let found: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT s.first_at FROM api_key_sources s JOIN api_keys k ON k.id = s.api_key_id
         WHERE k.organisation_id = $1 AND s.first_at > $2
           AND ($3 = '' OR k.id = $3) AND ($4 = '' OR k.environment = $4)
         LIMIT 1"
    )
    .bind(scope.tenant)
    .bind(since)
    .bind(scope.key)
    .bind(scope.environment)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

pub(in crate::alerts) async fn places(
    conn: &mut Conn,
    scope: &Scope<'_>,
    limit: i64,
) -> Result<Vec<PlaceRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PlaceRow>(
        "SELECT s.api_key_id, k.name, COALESCE(k.family_id, k.id) AS family, k.created_at, s.first_at,
                s.digest, s.data_key_id, s.sealed
         FROM api_key_sources s JOIN api_keys k ON k.id = s.api_key_id
         WHERE k.organisation_id = $1 AND ($2 = '' OR k.id = $2) AND ($3 = '' OR k.environment = $3)
         LIMIT $4"
    )
    .bind(scope.tenant)
    .bind(scope.key)
    .bind(scope.environment)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// A webhook, as far as it says how it is. Times are in milliseconds.
#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct EndpointRecord {
    pub(in crate::alerts) id: String,
    pub(in crate::alerts) url: String,
    pub(in crate::alerts) enabled: bool,
    pub(in crate::alerts) disabled_at: Option<i64>,
    pub(in crate::alerts) failing_since: Option<i64>,
}

pub(in crate::alerts) async fn endpoints(
    conn: &mut Conn,
    tenant: &str,
    webhook: &str,
) -> Result<Vec<EndpointRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, EndpointRecord>(
        "SELECT id, url, enabled, disabled_at, failing_since FROM webhook_endpoints
         WHERE organisation_id = $1 AND ($2 = '' OR id = $2) ORDER BY id"
    )
    .bind(tenant)
    .bind(webhook)
    .fetch_all(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct AttemptRow {
    pub(in crate::alerts) endpoint_id: String,
    /// Milliseconds.
    pub(in crate::alerts) at: i64,
    pub(in crate::alerts) failed: bool,
}

/// The last attempts up to a moment, oldest first. Tests say nothing of an endpoint.
pub(in crate::alerts) async fn attempts(
    conn: &mut Conn,
    tenant: &str,
    webhook: &str,
    to: i64,
    limit: i64,
) -> Result<Vec<AttemptRow>, DbError> {
    let mut rows = on!(conn, |c| sqlx::query_as::<_, AttemptRow>(
        "SELECT d.endpoint_id, a.at, a.problem IS NOT NULL AS failed
         FROM webhook_deliveries d JOIN webhook_attempts a ON a.delivery_id = d.id
         WHERE d.endpoint_id IN
               (SELECT id FROM webhook_endpoints WHERE organisation_id = $1 AND ($2 = '' OR id = $2))
           AND d.event <> 'webhook.test' AND a.at <= $3
         ORDER BY a.at DESC, a.delivery_id LIMIT $4"
    )
    .bind(tenant)
    .bind(webhook)
    .bind(to)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    rows.reverse();
    Ok(rows)
}

/// The tenant's keys that were not revoked, by name: id, name and environment.
pub(in crate::alerts) async fn key_names(
    conn: &mut Conn,
    tenant: &str,
) -> Result<Vec<(String, String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String, String)>(
        "SELECT id, name, environment FROM api_keys
         WHERE organisation_id = $1 AND revoked_at IS NULL ORDER BY name, id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}
