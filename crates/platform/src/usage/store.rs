//! What is read of calls and keys, and the rows of `billable_starts`, `billable_days`, `quotas` and
//! `request_log`.

mod calls;
mod days;
mod price;

use db::{Conn, DbError, Kind, execute, on};
use types::Timestamp;

pub(super) use calls::{Scope, hours};
pub(super) use days::{DayRow, Of, days};
pub(super) use price::{lift_price, price, set_price};

use super::{requests::Narrow, start::Unit};

/// Rows of one INSERT.
pub(super) const ROWS: usize = 900;

#[derive(sqlx::FromRow)]
pub(super) struct KeyRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) environment: String,
}

/// What the tenant's keys are called.
pub(super) async fn keys(conn: &mut Conn, tenant: &str) -> Result<Vec<KeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRow>(
        "SELECT id, name, environment FROM api_keys WHERE organisation_id = $1"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// Notes units, at most [`ROWS`]. Those of an invented past are added up with it; others will be.
pub(super) async fn bill(conn: &mut Conn, units: &[Unit], are_added_up: bool) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO billable_starts (verification_id, organisation_id, api_key_id, occurred_at, folded_at) "
        )
        .push_values(units, |mut row, (organisation, key, verification, at)| {
            row.push_bind(verification.to_string())
                .push_bind(organisation.to_string())
                .push_bind(key.to_string())
                .push_bind(at.as_millis())
                .push_bind(are_added_up.then(|| at.as_millis()));
        })
        .build()
        .persistent(units.len() == 1)
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct UnitRow {
    pub(super) organisation_id: String,
    pub(super) api_key_id: String,
    pub(super) occurred_at: i64,
}

/// Marks units as added up, and gives them. On PostgreSQL, those that another server is just
/// taking are passed over; on SQLite there is one writer.
pub(super) async fn take(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<UnitRow>, DbError> {
    const SQLITE: &str = "UPDATE billable_starts SET folded_at = $1
         WHERE verification_id IN (SELECT verification_id FROM billable_starts
                                   WHERE folded_at IS NULL LIMIT $2)
         RETURNING organisation_id, api_key_id, occurred_at";
    const POSTGRES: &str = "UPDATE billable_starts SET folded_at = $1
         WHERE verification_id IN (SELECT verification_id FROM billable_starts
                                   WHERE folded_at IS NULL LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING organisation_id, api_key_id, occurred_at";
    let text = match conn.kind() {
        Kind::Sqlite => SQLITE,
        Kind::Postgres => POSTGRES,
    };
    on!(conn, |c| sqlx::query_as::<_, UnitRow>(text)
        .bind(now.as_millis())
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Adds to the units of days; at most [`ROWS`] of them, none twice.
pub(super) async fn add(conn: &mut Conn, days: &[((String, i64, String), i64)]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new("INSERT INTO billable_days (organisation_id, day, api_key_id, units) ")
            .push_values(days, |mut row, ((organisation, day, key), units)| {
                row.push_bind(organisation)
                    .push_bind(*day)
                    .push_bind(key)
                    .push_bind(*units);
            })
            .push(
                " ON CONFLICT (organisation_id, day, api_key_id)
                 DO UPDATE SET units = billable_days.units + excluded.units"
            )
            .build()
    )
    .map(|_| ())
}

/// Units from one day on and before another; what is not added up yet is in them. They are of live
/// keys, whatever route is asked for.
pub(super) async fn billable(
    conn: &mut Conn,
    scope: &Scope<'_>,
    (from, before): (i64, i64),
) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT CAST(COALESCE(SUM(units), 0) AS BIGINT) FROM (
             SELECT units FROM billable_days
             WHERE organisation_id = $1 AND day >= $2 AND day < $3
               AND ($4 = '' OR api_key_id = $4) AND $5 <> 'test'
             UNION ALL
             SELECT 1 FROM billable_starts
             WHERE organisation_id = $1 AND folded_at IS NULL
               AND occurred_at >= $2 * 86400000 AND occurred_at < $3 * 86400000
               AND ($4 = '' OR api_key_id = $4) AND $5 <> 'test'
         ) AS billed"
    )
    .bind(scope.tenant)
    .bind(from)
    .bind(before)
    .bind(&scope.key)
    .bind(scope.environment)
    .fetch_one(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(super) struct QuotaRow {
    pub(super) units: i64,
    pub(super) set_at: i64,
}

/// The tenant's quota, if it has one.
pub(super) async fn quota(conn: &mut Conn, tenant: &str) -> Result<Option<QuotaRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, QuotaRow>(
        "SELECT units, set_at FROM quotas WHERE organisation_id = $1"
    )
    .bind(tenant)
    .fetch_optional(c)
    .await)
}

/// Those of these tenants that have one and what it is, for whoever then writes: on PostgreSQL
/// nobody else is given them until this transaction ends, and all who ask take them in the same
/// order; on SQLite there is one writer.
pub(super) async fn quotas_held(
    conn: &mut Conn,
    tenants: impl Iterator<Item = String> + Clone,
) -> Result<Vec<(String, i64)>, DbError> {
    let end = match conn.kind() {
        Kind::Sqlite => "",
        Kind::Postgres => " FOR UPDATE",
    };
    on!(conn, |c| {
        let mut query =
            sqlx::QueryBuilder::new("SELECT organisation_id, units FROM quotas WHERE organisation_id IN (");
        let mut list = query.separated(", ");
        for tenant in tenants.clone() {
            list.push_bind(tenant);
        }
        query.push(") ORDER BY organisation_id").push(end);
        query.build_query_as::<(String, i64)>().fetch_all(c).await
    })
}

pub(super) async fn set_quota(
    conn: &mut Conn,
    tenant: &str,
    units: i64,
    at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO quotas (organisation_id, units, set_at) VALUES ($1, $2, $3)
             ON CONFLICT (organisation_id) DO UPDATE SET units = excluded.units, set_at = excluded.set_at"
        )
        .bind(tenant)
        .bind(units)
        .bind(at.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn lift_quota(conn: &mut Conn, tenant: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM quotas WHERE organisation_id = $1").bind(tenant)
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct LogRow {
    pub(super) id: String,
    pub(super) api_key_id: String,
    pub(super) key_name: Option<String>,
    pub(super) environment: String,
    pub(super) method: String,
    pub(super) endpoint: String,
    pub(super) status: i64,
    pub(super) code: Option<String>,
    pub(super) duration: i64,
    pub(super) occurred_at: i64,
}

/// Lines of the log of requests, newest first. The log is of some days, and is read backwards
/// until enough lines fit.
pub(super) async fn requests(
    conn: &mut Conn,
    tenant: &str,
    narrow: &Narrow,
    limit: i64,
) -> Result<Vec<LogRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, LogRow>(
        "SELECT r.id, r.api_key_id, k.name AS key_name, r.environment, r.method, r.endpoint, r.status,
                r.code, r.duration, r.occurred_at
         FROM request_log r LEFT JOIN api_keys k ON k.id = r.api_key_id
         WHERE r.organisation_id = $1 AND r.id < $2 AND ($3 = '' OR r.id = $3)
           AND ($4 = '' OR r.api_key_id = $4) AND ($5 = '' OR r.endpoint = $5)
           AND r.status >= $6 AND r.status < $7
         ORDER BY r.id DESC LIMIT $8"
    )
    .bind(tenant)
    .bind(&narrow.before)
    .bind(&narrow.id)
    .bind(&narrow.key)
    .bind(&narrow.endpoint)
    .bind(narrow.statuses.0)
    .bind(narrow.statuses.1)
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(super) async fn request(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<LogRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, LogRow>(
        "SELECT r.id, r.api_key_id, k.name AS key_name, r.environment, r.method, r.endpoint, r.status,
                r.code, r.duration, r.occurred_at
         FROM request_log r LEFT JOIN api_keys k ON k.id = r.api_key_id
         WHERE r.organisation_id = $1 AND r.id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}
