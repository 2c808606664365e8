//! The rows of `mails`. They belong to the installation: a mail's address tells no tenant.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

pub(super) struct MailRow {
    pub(super) id: String,
    pub(super) user_id: Option<String>,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
}

/// Queues it, unless its cause has made one already; whether it did.
pub(super) async fn insert(
    conn: &mut Conn,
    row: &MailRow,
    kind: &str,
    cause: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let made = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "INSERT INTO mails (id, cause, kind, user_id, data_key_id, sealed, state, attempts, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $7) ON CONFLICT (cause) DO NOTHING RETURNING id"
    )
    .bind(&row.id)
    .bind(cause)
    .bind(kind)
    .bind(&row.user_id)
    .bind(&row.data_key_id)
    .bind(&row.sealed)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(made.is_some())
}

/// Whether this cause has made a mail.
pub(super) async fn exists(conn: &mut Conn, cause: &str) -> Result<bool, DbError> {
    let found: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM mails WHERE cause = $1"
    )
    .bind(cause)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

#[derive(sqlx::FromRow)]
pub(super) struct StoredRow {
    pub(super) id: String,
    pub(super) user_id: Option<String>,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) created_at: i64,
}

/// The mail, if it was not sent yet. One that was given up can be sent after all.
pub(super) async fn unsent(conn: &mut Conn, id: &str) -> Result<Option<StoredRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StoredRow>(
        "SELECT id, user_id, data_key_id, sealed, created_at FROM mails WHERE id = $1 AND state <> 'sent'"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// What is kept or still queued, newest first.
pub(super) async fn newest(conn: &mut Conn) -> Result<Vec<StoredRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StoredRow>(
        "SELECT id, user_id, data_key_id, sealed, created_at FROM mails
         WHERE state <> 'sent' ORDER BY id DESC LIMIT 50"
    )
    .fetch_all(c)
    .await)
}

/// What it said is erased with this.
pub(super) async fn sent(conn: &mut Conn, id: &str, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE mails SET state = 'sent', sent_at = $2, sealed = $3, last_error = NULL,
                    attempts = attempts + 1
             WHERE id = $1"
        )
        .bind(id)
        .bind(now.as_millis())
        .bind(Vec::<u8>::new())
    )
    .map(|_| ())
}

pub(super) async fn kept(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE mails SET state = 'kept' WHERE id = $1 AND state <> 'sent'").bind(id)
    )
    .map(|_| ())
}

pub(super) async fn tried(
    conn: &mut Conn,
    id: &str,
    state: &str,
    attempts: i64,
    error: &str,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE mails SET state = $2, attempts = $3, last_error = $4 WHERE id = $1 AND state <> 'sent'"
        )
        .bind(id)
        .bind(state)
        .bind(attempts)
        .bind(error)
    )
    .map(|_| ())
}

pub(super) async fn sweep(conn: &mut Conn, older: Timestamp, kept: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM mails WHERE created_at <= $1 OR (state = 'kept' AND created_at <= $2)")
            .bind(older.as_millis())
            .bind(kept.as_millis())
    )
    .map(|_| ())
}
