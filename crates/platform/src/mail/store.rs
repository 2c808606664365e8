//! The rows of `mails`. They belong to the installation: a mail's address tells no tenant.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

pub(super) struct MailRow {
    pub(super) id: String,
    pub(super) user_id: Option<String>,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
}

/// Queues it, unless its cause has made one already.
pub(super) async fn insert(
    conn: &mut Conn,
    row: &MailRow,
    kind: &str,
    cause: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO mails (id, cause, kind, user_id, data_key_id, sealed, state, attempts, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $7) ON CONFLICT (cause) DO NOTHING"
        )
        .bind(&row.id)
        .bind(cause)
        .bind(kind)
        .bind(&row.user_id)
        .bind(&row.data_key_id)
        .bind(&row.sealed)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Whether this cause has made a mail.
pub(crate) async fn is_known(conn: &mut Conn, cause: &str) -> Result<bool, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, bool>(
        "SELECT EXISTS (SELECT 1 FROM mails WHERE cause = $1) AS known"
    )
    .bind(cause)
    .fetch_one(c)
    .await)
}
