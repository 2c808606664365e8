//! Lists of `verifications`.

use db::{Conn, DbError, on};
use types::{ApiKeyId, Environment, VerificationId, VerificationStatus};

use crate::search::{Query, fetch};

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

/// What a list looks for. Ids are half-open.
pub(in crate::verification) struct Bounds {
    pub(in crate::verification) status: Option<VerificationStatus>,
    pub(in crate::verification) environment: Option<Environment>,
    pub(in crate::verification) key: Option<ApiKeyId>,
    pub(in crate::verification) reference: Option<String>,
    pub(in crate::verification) from: Option<VerificationId>,
    pub(in crate::verification) before: Option<VerificationId>,
}

pub(in crate::verification) const SELECT: &str =
    "SELECT id, environment, status, reference, created_at, completed_at FROM verifications";
pub(in crate::verification) const SELECT_WHOLE: &str =
    "SELECT id, environment, status, reference, api_key_id, created_at, completed_at,
            assurance, reason FROM verifications";

pub(in crate::verification) fn search(
    select: &'static str,
    tenant: &str,
    bounds: &Bounds,
) -> (String, Vec<String>) {
    let mut query = Query::new(select);
    query.hold("organisation_id =", tenant);
    query.hold_some("reference =", bounds.reference.as_deref());
    query.hold_some("api_key_id =", bounds.key.map(|key| key.to_string()));
    query.hold_some("environment =", bounds.environment.map(Environment::as_str));
    query.hold_some("status =", bounds.status.map(VerificationStatus::as_str));
    query.hold_some("id >=", bounds.from.map(|id| id.to_string()));
    query.hold_some("id <", bounds.before.map(|id| id.to_string()));
    query.end("id DESC")
}

/// The tenant's verifications within the bounds, newest first.
pub(in crate::verification) async fn list(
    conn: &mut Conn,
    tenant: &str,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<ListRow>, DbError> {
    fetch!(conn, ListRow, search(SELECT, tenant, bounds), limit)
}

/// A verification in a file.
#[derive(sqlx::FromRow)]
pub(in crate::verification) struct WholeRow {
    pub(in crate::verification) id: String,
    pub(in crate::verification) environment: String,
    pub(in crate::verification) status: String,
    pub(in crate::verification) reference: Option<String>,
    pub(in crate::verification) api_key_id: String,
    pub(in crate::verification) created_at: i64,
    pub(in crate::verification) completed_at: Option<i64>,
    pub(in crate::verification) assurance: Option<String>,
    pub(in crate::verification) reason: Option<String>,
}

/// The same with everything that a file tells.
pub(in crate::verification) async fn list_whole(
    conn: &mut Conn,
    tenant: &str,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<WholeRow>, DbError> {
    fetch!(conn, WholeRow, search(SELECT_WHOLE, tenant, bounds), limit)
}

/// The newest verifications.
pub(in crate::verification) async fn newest(
    conn: &mut Conn,
    tenant: &str,
    limit: i64,
) -> Result<Vec<ListRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ListRow>(
        "SELECT id, environment, status, reference, created_at, completed_at FROM verifications
         WHERE organisation_id = $1 ORDER BY id DESC LIMIT $2"
    )
    .bind(tenant)
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

/// Whether any verification has an outcome.
pub(in crate::verification) async fn any_decided(conn: &mut Conn, tenant: &str) -> Result<bool, DbError> {
    let decided: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT created_at FROM verifications
         WHERE organisation_id = $1 AND status IN ('approved', 'denied') LIMIT 1"
    )
    .bind(tenant)
    .fetch_optional(c)
    .await)?;
    Ok(decided.is_some())
}
