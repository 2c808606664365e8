//! The rows of `address_requests`. They belong to the installation: an address that nobody has
//! confirmed tells no tenant.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct RequestRow {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) user_id: Option<String>,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) expires_at: i64,
}

impl RequestRow {
    pub(super) fn seconds_left(&self, now: Timestamp) -> i64 {
        Timestamp::from_millis(self.expires_at).millis_since(now) / 1000
    }
}

pub(super) async fn insert(conn: &mut Conn, row: &RequestRow, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO address_requests (id, kind, user_id, data_key_id, sealed, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(&row.id)
        .bind(&row.kind)
        .bind(&row.user_id)
        .bind(&row.data_key_id)
        .bind(&row.sealed)
        .bind(now.as_millis())
        .bind(row.expires_at)
    )
    .map(|_| ())
}

pub(super) async fn request(
    conn: &mut Conn,
    id: &str,
    now: Timestamp,
) -> Result<Option<RequestRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RequestRow>(
        "SELECT id, kind, user_id, data_key_id, sealed, expires_at FROM address_requests
         WHERE id = $1 AND expires_at > $2"
    )
    .bind(id)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// What a user asked for, newest first.
pub(super) async fn of_user(conn: &mut Conn, user: &str) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM address_requests WHERE user_id = $1 ORDER BY id DESC"
    )
    .bind(user)
    .fetch_all(c)
    .await)
}

pub(super) async fn delete(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM address_requests WHERE id = $1").bind(id)
    )
    .map(|_| ())
}

pub(super) async fn sweep(conn: &mut Conn, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM address_requests WHERE expires_at <= $1").bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn set_name(conn: &mut Conn, user: &str, name: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE users SET name = $2 WHERE id = $1")
            .bind(user)
            .bind(name)
    )
    .map(|_| ())
}

/// Gives the user this address, unless another account has it; whether it did.
pub(super) async fn set_email(conn: &mut Conn, user: &str, email: &str) -> Result<bool, DbError> {
    let key = email.to_lowercase();
    let set: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE users SET email = $2, email_key = $3 WHERE id = $1
           AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = $3 AND o.id <> $1)
         RETURNING id"
    )
    .bind(user)
    .bind(email)
    .bind(&key)
    .fetch_optional(c)
    .await)?;
    Ok(set.is_some())
}
