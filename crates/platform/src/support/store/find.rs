//! What the desk looks for, whosever it is.

use db::{Conn, DbError, on};

#[derive(sqlx::FromRow)]
pub(in crate::support) struct KeyRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) name: String,
    pub(in crate::support) environment: String,
    pub(in crate::support) prefix: String,
    pub(in crate::support) last_four: String,
    pub(in crate::support) organisation_id: String,
    pub(in crate::support) organisation: String,
    pub(in crate::support) created_by: String,
    pub(in crate::support) maker: String,
    pub(in crate::support) created_at: i64,
    pub(in crate::support) last_used_at: Option<i64>,
    pub(in crate::support) revoked_at: Option<i64>,
}

pub(in crate::support) async fn key(conn: &mut Conn, id: &str) -> Result<Option<KeyRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRecord>(
        "SELECT k.id, k.name, k.environment, k.prefix, k.last_four, k.organisation_id,
                o.name AS organisation, k.created_by, u.name AS maker, k.created_at, k.last_used_at,
                k.revoked_at
         FROM api_keys k
         JOIN organisations o ON o.id = k.organisation_id
         JOIN users u ON u.id = k.created_by
         WHERE k.id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Keys that begin like this, newest first.
pub(in crate::support) async fn keys(
    conn: &mut Conn,
    prefix: &str,
    limit: i64,
) -> Result<Vec<KeyRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRecord>(
        "SELECT k.id, k.name, k.environment, k.prefix, k.last_four, k.organisation_id,
                o.name AS organisation, k.created_by, u.name AS maker, k.created_at, k.last_used_at,
                k.revoked_at
         FROM api_keys k
         JOIN organisations o ON o.id = k.organisation_id
         JOIN users u ON u.id = k.created_by
         WHERE k.prefix = $1 ORDER BY k.id DESC LIMIT $2"
    )
    .bind(prefix)
    .bind(limit)
    .fetch_all(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::support) struct VerificationRecord {
    pub(in crate::support) environment: String,
    pub(in crate::support) status: String,
    pub(in crate::support) attempts: i64,
    pub(in crate::support) organisation_id: String,
    pub(in crate::support) organisation: String,
    pub(in crate::support) api_key_id: String,
    pub(in crate::support) key_name: String,
    pub(in crate::support) created_at: i64,
    pub(in crate::support) completed_at: Option<i64>,
}

pub(in crate::support) async fn verification(
    conn: &mut Conn,
    id: &str,
) -> Result<Option<VerificationRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, VerificationRecord>(
        "SELECT v.environment, v.status, v.attempts, v.organisation_id, o.name AS organisation,
                v.api_key_id, k.name AS key_name, v.created_at, v.completed_at
         FROM verifications v
         JOIN organisations o ON o.id = v.organisation_id
         JOIN api_keys k ON k.id = v.api_key_id
         WHERE v.id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::support) struct RequestRecord {
    pub(in crate::support) organisation_id: String,
    pub(in crate::support) organisation: String,
    pub(in crate::support) api_key_id: String,
    pub(in crate::support) method: String,
    pub(in crate::support) endpoint: String,
    pub(in crate::support) status: i64,
    pub(in crate::support) code: Option<String>,
    pub(in crate::support) occurred_at: i64,
}

/// A call of the last days, as the log of requests has it.
pub(in crate::support) async fn request(conn: &mut Conn, id: &str) -> Result<Option<RequestRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RequestRecord>(
        "SELECT r.organisation_id, o.name AS organisation, r.api_key_id, r.method, r.endpoint, r.status,
                r.code, r.occurred_at
         FROM request_log r JOIN organisations o ON o.id = r.organisation_id
         WHERE r.id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::support) struct NameRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) name: String,
}

/// Organisations with an id before this one, newest first: a name is compared by the caller,
/// since the two databases do not agree on upper and lower case.
pub(in crate::support) async fn organisations(
    conn: &mut Conn,
    before: &str,
    limit: i64,
) -> Result<Vec<NameRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, NameRecord>(
        "SELECT id, name FROM organisations WHERE id < $1 ORDER BY id DESC LIMIT $2"
    )
    .bind(before)
    .bind(limit)
    .fetch_all(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(in crate::support) struct MemberRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) name: String,
    pub(in crate::support) role: String,
    pub(in crate::support) custom: Option<String>,
}

/// The members of an organisation, by name.
pub(in crate::support) async fn members(
    conn: &mut Conn,
    tenant: &str,
    limit: i64,
) -> Result<Vec<MemberRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, MemberRecord>(
        "SELECT u.id, u.name, m.role, r.name AS custom
         FROM memberships m
         JOIN users u ON u.id = m.user_id
         LEFT JOIN custom_roles r ON r.id = m.custom_role_id
         WHERE m.organisation_id = $1 ORDER BY u.name, u.id LIMIT $2"
    )
    .bind(tenant)
    .bind(limit)
    .fetch_all(c)
    .await)
}
