//! The rows of `data_keys`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct DataKeyRow {
    pub(super) id: String,
    pub(super) subject: String,
    pub(super) version: i64,
    pub(super) master_version: i64,
    pub(super) wrapped: Vec<u8>,
}

pub(super) async fn insert(
    conn: &mut Conn,
    purpose: &str,
    row: &DataKeyRow,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO data_keys (id, purpose, subject, version, master_version, wrapped, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(&row.id)
        .bind(purpose)
        .bind(&row.subject)
        .bind(row.version)
        .bind(row.master_version)
        .bind(&row.wrapped)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn current(
    conn: &mut Conn,
    purpose: &str,
    subject: &str,
) -> Result<Option<DataKeyRow>, DbError> {
    Ok(all(conn, purpose, subject).await?.into_iter().next())
}

pub(super) async fn all(conn: &mut Conn, purpose: &str, subject: &str) -> Result<Vec<DataKeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, DataKeyRow>(
        "SELECT id, subject, version, master_version, wrapped FROM data_keys
         WHERE purpose = $1 AND subject = $2 ORDER BY version DESC"
    )
    .bind(purpose)
    .bind(subject)
    .fetch_all(c)
    .await)
}

pub(super) async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<DataKeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, DataKeyRow>(
        "SELECT id, subject, version, master_version, wrapped FROM data_keys WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Keys that are wrapped by an older master key than this.
pub(super) async fn wrapped_before(
    conn: &mut Conn,
    master_version: i64,
    limit: i64,
) -> Result<Vec<DataKeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, DataKeyRow>(
        "SELECT id, subject, version, master_version, wrapped FROM data_keys
         WHERE master_version < $1 ORDER BY id LIMIT $2"
    )
    .bind(master_version)
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(super) async fn rewrap(
    conn: &mut Conn,
    id: &str,
    master_version: i64,
    wrapped: &[u8],
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE data_keys SET master_version = $2, wrapped = $3 WHERE id = $1")
            .bind(id)
            .bind(master_version)
            .bind(wrapped)
    )
    .map(|_| ())
}

/// Any one key, to see at start whether the master key fits this database.
pub(super) async fn any(conn: &mut Conn) -> Result<Option<DataKeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, DataKeyRow>(
        "SELECT id, subject, version, master_version, wrapped FROM data_keys
         ORDER BY master_version DESC, id LIMIT 1"
    )
    .fetch_optional(c)
    .await)
}

/// Destroys all versions of a key.
pub(super) async fn destroy(conn: &mut Conn, purpose: &str, subject: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM data_keys WHERE purpose = $1 AND subject = $2")
            .bind(purpose)
            .bind(subject)
    )
    .map(|_| ())
}
