//! The rows of `links`. A link is looked up by its secret's digest and not by tenant: it is
//! what tells whom it is for.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

pub(super) struct LinkRow<'a> {
    pub(super) digest: Vec<u8>,
    pub(super) kind: &'static str,
    pub(super) subject: &'a str,
}

pub(super) async fn insert(
    conn: &mut Conn,
    link: &LinkRow<'_>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO links (digest, kind, subject, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(&link.digest)
        .bind(link.kind)
        .bind(link.subject)
        .bind(now.as_millis())
        .bind(expires_at.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn subject(
    conn: &mut Conn,
    digest: &[u8],
    kind: &str,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT subject FROM links WHERE digest = $1 AND kind = $2 AND expires_at > $3"
    )
    .bind(digest)
    .bind(kind)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

pub(super) async fn take(
    conn: &mut Conn,
    digest: &[u8],
    kind: &str,
    now: Timestamp,
) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "DELETE FROM links WHERE digest = $1 AND kind = $2 AND expires_at > $3 RETURNING subject"
    )
    .bind(digest)
    .bind(kind)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

pub(super) async fn revoke(conn: &mut Conn, kind: &str, subject: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM links WHERE kind = $1 AND subject = $2")
            .bind(kind)
            .bind(subject)
    )
    .map(|_| ())
}

pub(super) async fn sweep(conn: &mut Conn, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM links WHERE expires_at <= $1").bind(now.as_millis())
    )
    .map(|_| ())
}
