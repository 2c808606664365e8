//! The rows of `audit_searches`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// Id, name and query.
pub(super) async fn list(
    conn: &mut Conn,
    scope: &str,
    user: &str,
) -> Result<Vec<(String, String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String, String)>(
        "SELECT id, name, query FROM audit_searches WHERE scope = $1 AND user_id = $2 ORDER BY id"
    )
    .bind(scope)
    .bind(user)
    .fetch_all(c)
    .await)
}

pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    (scope, user): (&str, &str),
    (name, query): (&str, &str),
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO audit_searches (id, scope, user_id, name, query, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id)
        .bind(scope)
        .bind(user)
        .bind(name)
        .bind(query)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Whether there was one.
pub(super) async fn delete(conn: &mut Conn, scope: &str, user: &str, id: &str) -> Result<bool, DbError> {
    let removed = execute!(
        conn,
        sqlx::query("DELETE FROM audit_searches WHERE scope = $1 AND user_id = $2 AND id = $3")
            .bind(scope)
            .bind(user)
            .bind(id)
    )?;
    Ok(removed == 1)
}
