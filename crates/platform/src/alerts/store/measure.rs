//! What is read of what others count. Time is in minutes since the epoch, unless it is named
//! otherwise; an empty text of a scope is any.

use db::{Conn, DbError, on};

pub(in crate::alerts) use super::standing::{
    AttemptRow, EndpointRecord, KeyRecord, any_place, attempts, endpoints, key_names, keys, last_uses,
    places, uses,
};

/// Whose calls and keys, and which.
#[derive(Clone, Copy)]
pub(in crate::alerts) struct Scope<'a> {
    pub(in crate::alerts) tenant: &'a str,
    pub(in crate::alerts) environment: &'a str,
    pub(in crate::alerts) key: &'a str,
    pub(in crate::alerts) endpoint: &'a str,
}

#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct CallRow {
    pub(in crate::alerts) bucket: i64,
    pub(in crate::alerts) calls: i64,
    pub(in crate::alerts) errors: i64,
}

/// Calls by so many minutes, and the errors (4xx and 5xx) among them.
pub(in crate::alerts) async fn calls(
    conn: &mut Conn,
    scope: &Scope<'_>,
    step: i64,
    (from, before): (i64, i64),
) -> Result<Vec<CallRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, CallRow>(
        "SELECT minute / $2 AS bucket, CAST(SUM(calls) AS BIGINT) AS calls,
                CAST(SUM(CASE WHEN status >= 400 THEN calls ELSE 0 END) AS BIGINT) AS errors
         FROM call_counts
         WHERE organisation_id = $1 AND minute >= $3 AND minute < $4
           AND ($5 = '' OR api_key_id = $5) AND ($6 = '' OR endpoint = $6)
           AND ($7 = '' OR api_key_id IN
                (SELECT id FROM api_keys WHERE organisation_id = $1 AND environment = $7))
         GROUP BY 1"
    )
    .bind(scope.tenant)
    .bind(step)
    .bind(from)
    .bind(before)
    .bind(scope.key)
    .bind(scope.endpoint)
    .bind(scope.environment)
    .fetch_all(c)
    .await)
}

/// The minute of the last call before another.
pub(in crate::alerts) async fn last_call(
    conn: &mut Conn,
    scope: &Scope<'_>,
    before: i64,
) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT minute FROM call_counts
         WHERE organisation_id = $1 AND minute < $2
           AND ($3 = '' OR api_key_id = $3) AND ($4 = '' OR endpoint = $4)
           AND ($5 = '' OR api_key_id IN
                (SELECT id FROM api_keys WHERE organisation_id = $1 AND environment = $5))
         ORDER BY minute DESC LIMIT 1"
    )
    .bind(scope.tenant)
    .bind(before)
    .bind(scope.key)
    .bind(scope.endpoint)
    .bind(scope.environment)
    .fetch_optional(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct HourRow {
    pub(in crate::alerts) begins: i64,
    pub(in crate::alerts) calls: i64,
}

/// Calls by the hour.
pub(in crate::alerts) async fn hours(
    conn: &mut Conn,
    scope: &Scope<'_>,
    (from, before): (i64, i64),
) -> Result<Vec<HourRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, HourRow>(
        "SELECT begins, CAST(SUM(calls) AS BIGINT) AS calls FROM call_rollups
         WHERE organisation_id = $1 AND span = 60 AND begins >= $2 AND begins < $3
           AND ($4 = '' OR api_key_id = $4) AND ($5 = '' OR endpoint = $5)
           AND ($6 = '' OR api_key_id IN
                (SELECT id FROM api_keys WHERE organisation_id = $1 AND environment = $6))
         GROUP BY begins"
    )
    .bind(scope.tenant)
    .bind(from)
    .bind(before)
    .bind(scope.key)
    .bind(scope.endpoint)
    .bind(scope.environment)
    .fetch_all(c)
    .await)
}

/// The first hour that has a call.
pub(in crate::alerts) async fn first_hour(
    conn: &mut Conn,
    scope: &Scope<'_>,
) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT begins FROM call_rollups
         WHERE organisation_id = $1 AND span = 60
           AND ($2 = '' OR api_key_id = $2) AND ($3 = '' OR endpoint = $3)
           AND ($4 = '' OR api_key_id IN
                (SELECT id FROM api_keys WHERE organisation_id = $1 AND environment = $4))
         ORDER BY begins LIMIT 1"
    )
    .bind(scope.tenant)
    .bind(scope.key)
    .bind(scope.endpoint)
    .bind(scope.environment)
    .fetch_optional(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct DurationRow {
    pub(in crate::alerts) begins: i64,
    /// Microseconds.
    pub(in crate::alerts) duration: i64,
    pub(in crate::alerts) calls: i64,
}

/// How long calls took, by the hour.
pub(in crate::alerts) async fn durations(
    conn: &mut Conn,
    scope: &Scope<'_>,
    (from, before): (i64, i64),
) -> Result<Vec<DurationRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, DurationRow>(
        "SELECT begins, duration, CAST(SUM(calls) AS BIGINT) AS calls FROM call_durations
         WHERE organisation_id = $1 AND span = 60 AND begins >= $2 AND begins < $3
           AND ($4 = '' OR api_key_id = $4) AND ($5 = '' OR endpoint = $5)
           AND ($6 = '' OR api_key_id IN
                (SELECT id FROM api_keys WHERE organisation_id = $1 AND environment = $6))
         GROUP BY begins, duration"
    )
    .bind(scope.tenant)
    .bind(from)
    .bind(before)
    .bind(scope.key)
    .bind(scope.endpoint)
    .bind(scope.environment)
    .fetch_all(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::alerts) struct UnitsRow {
    pub(in crate::alerts) bucket: i64,
    pub(in crate::alerts) units: i64,
}

/// Billable units by the day (days since the epoch), those that are not added up yet with them.
pub(in crate::alerts) async fn unit_days(
    conn: &mut Conn,
    tenant: &str,
    (from, before): (i64, i64),
) -> Result<Vec<UnitsRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, UnitsRow>(
        "SELECT bucket, CAST(SUM(units) AS BIGINT) AS units FROM (
             SELECT day AS bucket, units FROM billable_days
             WHERE organisation_id = $1 AND day >= $2 AND day < $3
             UNION ALL
             SELECT occurred_at / 86400000 AS bucket, 1 AS units FROM billable_starts
             WHERE organisation_id = $1 AND folded_at IS NULL
               AND occurred_at >= $2 * 86400000 AND occurred_at < $3 * 86400000
         ) AS billed GROUP BY bucket"
    )
    .bind(tenant)
    .bind(from)
    .bind(before)
    .fetch_all(c)
    .await)
}

/// Billable units by so many minutes.
pub(in crate::alerts) async fn unit_steps(
    conn: &mut Conn,
    tenant: &str,
    step: i64,
    (from, before): (i64, i64),
) -> Result<Vec<UnitsRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, UnitsRow>(
        "SELECT occurred_at / ($2 * 60000) AS bucket, COUNT(*) AS units FROM billable_starts
         WHERE organisation_id = $1 AND occurred_at >= $3 * 60000 AND occurred_at < $4 * 60000
         GROUP BY 1"
    )
    .bind(tenant)
    .bind(step)
    .bind(from)
    .bind(before)
    .fetch_all(c)
    .await)
}
