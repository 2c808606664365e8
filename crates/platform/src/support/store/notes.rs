//! The rows of `support_notes`: notes, and hand-overs.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

pub(in crate::support) struct NewNote<'a> {
    pub(in crate::support) id: &'a str,
    pub(in crate::support) subject: &'a str,
    pub(in crate::support) author: String,
    pub(in crate::support) owner: &'a str,
    pub(in crate::support) data_key_id: String,
    pub(in crate::support) sealed: Vec<u8>,
    pub(in crate::support) handed_to: Option<String>,
}

pub(in crate::support) async fn insert(
    conn: &mut Conn,
    new: &NewNote<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO support_notes (id, subject_id, author_id, owner, data_key_id, sealed, created_at,
                                        handed_to)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(new.id)
        .bind(new.subject)
        .bind(&new.author)
        .bind(new.owner)
        .bind(&new.data_key_id)
        .bind(&new.sealed)
        .bind(now.as_millis())
        .bind(&new.handed_to)
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(in crate::support) struct NoteRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) subject_id: String,
    pub(in crate::support) author: String,
    pub(in crate::support) author_id: String,
    pub(in crate::support) owner: String,
    pub(in crate::support) data_key_id: String,
    pub(in crate::support) sealed: Vec<u8>,
    pub(in crate::support) created_at: i64,
    pub(in crate::support) handed_to: Option<String>,
    pub(in crate::support) receiver: Option<String>,
    pub(in crate::support) closed_at: Option<i64>,
}

/// Those about a subject, newest first.
pub(in crate::support) async fn of_subject(
    conn: &mut Conn,
    subject: &str,
    limit: i64,
) -> Result<Vec<NoteRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, NoteRecord>(
        "SELECT n.id, n.subject_id, a.name AS author, n.author_id, n.owner, n.data_key_id, n.sealed,
                n.created_at, n.handed_to, r.name AS receiver, n.closed_at
         FROM support_notes n
         JOIN users a ON a.id = n.author_id
         LEFT JOIN users r ON r.id = n.handed_to
         WHERE n.subject_id = $1 ORDER BY n.id DESC LIMIT $2"
    )
    .bind(subject)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// What was handed over to somebody and is not closed, newest first.
pub(in crate::support) async fn inbox(
    conn: &mut Conn,
    receiver: &str,
    limit: i64,
) -> Result<Vec<NoteRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, NoteRecord>(
        "SELECT n.id, n.subject_id, a.name AS author, n.author_id, n.owner, n.data_key_id, n.sealed,
                n.created_at, n.handed_to, r.name AS receiver, n.closed_at
         FROM support_notes n
         JOIN users a ON a.id = n.author_id
         LEFT JOIN users r ON r.id = n.handed_to
         WHERE n.handed_to = $1 AND n.closed_at IS NULL ORDER BY n.id DESC LIMIT $2"
    )
    .bind(receiver)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Closes an open hand-over of which this person is author or receiver; its subject, if it was
/// one.
pub(in crate::support) async fn close(
    conn: &mut Conn,
    id: &str,
    by: &str,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE support_notes SET closed_at = $3
         WHERE id = $1 AND handed_to IS NOT NULL AND closed_at IS NULL AND (handed_to = $2 OR author_id = $2)
         RETURNING subject_id"
    )
    .bind(id)
    .bind(by)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}
