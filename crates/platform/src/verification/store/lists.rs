//! Lists and counts of `verifications`.

use db::{Conn, DbError, on};

/// A verification in a list.
#[derive(sqlx::FromRow)]
pub(in crate::verification) struct ListRow {
    pub(in crate::verification) id: String,
    pub(in crate::verification) environment: String,
    pub(in crate::verification) status: String,
    pub(in crate::verification) reference: Option<String>,
    pub(in crate::verification) created_at: i64,
    pub(in crate::verification) completed_at: Option<i64>,
}

pub(in crate::verification) async fn list(
    conn: &mut Conn,
    tenant: &str,
    status: Option<&str>,
    environment: Option<&str>,
    before: &str,
    limit: i64,
) -> Result<Vec<ListRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ListRow>(
        "SELECT id, environment, status, reference, created_at, completed_at FROM verifications
         WHERE organisation_id = $1 AND id < $2
           AND ($3 IS NULL OR status = $3) AND ($4 IS NULL OR environment = $4)
         ORDER BY id DESC LIMIT $5"
    )
    .bind(tenant)
    .bind(before)
    .bind(status)
    .bind(environment)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// What the list shows, and the key that started it: its id, name and last four.
#[derive(sqlx::FromRow)]
pub(in crate::verification) struct KeyOf {
    pub(in crate::verification) id: String,
    pub(in crate::verification) name: String,
    pub(in crate::verification) last_four: String,
    pub(in crate::verification) reference: Option<String>,
}

pub(in crate::verification) async fn key_of(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
) -> Result<Option<KeyOf>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyOf>(
        "SELECT k.id, k.name, k.last_four, v.reference
         FROM verifications v JOIN api_keys k ON k.id = v.api_key_id
         WHERE v.organisation_id = $1 AND v.id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Verifications of one quarter of an hour with one status.
#[derive(sqlx::FromRow)]
pub(in crate::verification) struct QuarterRow {
    pub(in crate::verification) quarter: i64,
    pub(in crate::verification) status: String,
    pub(in crate::verification) verifications: i64,
}

/// A quarter of an hour in milliseconds: every time zone's day begins at the start of one.
pub(in crate::verification) const QUARTER: i64 = 15 * 60 * 1000;

/// Counts since a moment (given as the smallest id of that moment).
pub(in crate::verification) async fn by_quarter(
    conn: &mut Conn,
    tenant: &str,
    since: &str,
) -> Result<Vec<QuarterRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, QuarterRow>(
        "SELECT created_at / 900000 AS quarter, status, COUNT(*) AS verifications
         FROM verifications WHERE organisation_id = $1 AND id >= $2
         GROUP BY created_at / 900000, status"
    )
    .bind(tenant)
    .bind(since)
    .fetch_all(c)
    .await)
}

/// Whether there is any verification, and any with an outcome.
pub(in crate::verification) async fn any(conn: &mut Conn, tenant: &str) -> Result<(bool, bool), DbError> {
    let started: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT created_at FROM verifications WHERE organisation_id = $1 LIMIT 1"
    )
    .bind(tenant)
    .fetch_optional(c)
    .await)?;
    let decided: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT created_at FROM verifications
         WHERE organisation_id = $1 AND status IN ('approved', 'denied') LIMIT 1"
    )
    .bind(tenant)
    .fetch_optional(c)
    .await)?;
    Ok((started.is_some(), decided.is_some()))
}
