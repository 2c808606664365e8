//! Rows that only an invented past writes.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// Whether anybody uses this database.
pub(super) async fn in_use(conn: &mut Conn) -> Result<bool, DbError> {
    let found: Option<i64> = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT created_at FROM users UNION ALL SELECT created_at FROM organisations LIMIT 1"
    )
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// When a key was used last, and when it was revoked.
pub(super) async fn used_and_revoked(
    conn: &mut Conn,
    key: &str,
    used: Option<Timestamp>,
    revoked: Option<Timestamp>,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE api_keys SET last_used_at = $2, revoked_at = $3 WHERE id = $1")
            .bind(key)
            .bind(used.map(Timestamp::as_millis))
            .bind(revoked.map(Timestamp::as_millis))
    )
    .map(|_| ())
}
