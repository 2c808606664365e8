//! The rows of `sessions`. A session is looked up by its secret's digest and not by tenant:
//! it is what tells the tenant.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) organisation_id: String,
    pub(super) last_seen_at: i64,
    pub(super) expires_at: i64,
    pub(super) role: String,
    pub(super) staff_role: Option<String>,
}

pub(super) async fn insert(
    conn: &mut Conn,
    row: &SessionRow,
    digest: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(conn, sqlx::query(
        "INSERT INTO sessions (id, digest, user_id, organisation_id, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(&row.id)
    .bind(digest)
    .bind(&row.user_id)
    .bind(&row.organisation_id)
    .bind(now.as_millis())
    .bind(row.last_seen_at)
    .bind(row.expires_at))
    .map(|_| ())
}

/// The session with the role that its user has now: a change of role, or its end, holds on
/// the next request.
pub(super) async fn by_digest(conn: &mut Conn, digest: &[u8]) -> Result<Option<SessionRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SessionRow>(
        "SELECT s.id, s.user_id, s.organisation_id, s.last_seen_at, s.expires_at, m.role, u.staff_role
         FROM sessions s
         JOIN memberships m ON m.organisation_id = s.organisation_id AND m.user_id = s.user_id
         JOIN users u ON u.id = s.user_id
         WHERE s.digest = $1"
    )
    .bind(digest)
    .fetch_optional(c)
    .await)
}

pub(super) async fn seen(conn: &mut Conn, id: &str, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE sessions SET last_seen_at = $2 WHERE id = $1")
            .bind(id)
            .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn set_organisation(conn: &mut Conn, id: &str, organisation: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE sessions SET organisation_id = $2 WHERE id = $1")
            .bind(id)
            .bind(organisation)
    )
    .map(|_| ())
}

pub(super) async fn delete(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    execute!(conn, sqlx::query("DELETE FROM sessions WHERE id = $1").bind(id)).map(|_| ())
}

pub(super) async fn sweep(conn: &mut Conn, now: Timestamp, idle_since: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2")
            .bind(now.as_millis())
            .bind(idle_since.as_millis())
    )
    .map(|_| ())
}
