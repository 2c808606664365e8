//! The rows of `guards` and `guard_failures`. They belong to the installation: nobody who
//! tries is known yet.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(Clone, Copy, Debug, Default, sqlx::FromRow)]
pub(super) struct GuardRow {
    pub(super) tries: i64,
    pub(super) last_try_at: i64,
    pub(super) blocked_until: i64,
    pub(super) expires_at: i64,
}

/// The count, held until the transaction ends; made if it is not there. Writing it is what
/// locks it, on both databases.
pub(super) async fn lock(conn: &mut Conn, digest: &[u8], now: Timestamp) -> Result<GuardRow, DbError> {
    on!(conn, |c| sqlx::query_as::<_, GuardRow>(
        "INSERT INTO guards (digest, tries, last_try_at, blocked_until, expires_at)
         VALUES ($1, 0, $2, 0, $2)
         ON CONFLICT (digest) DO UPDATE SET tries = guards.tries
         RETURNING tries, last_try_at, blocked_until, expires_at"
    )
    .bind(digest)
    .bind(now.as_millis())
    .fetch_one(c)
    .await)
}

pub(super) async fn count(conn: &mut Conn, digest: &[u8], row: &GuardRow) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE guards SET tries = $2, last_try_at = $3, blocked_until = $4, expires_at = $5
             WHERE digest = $1"
        )
        .bind(digest)
        .bind(row.tries)
        .bind(row.last_try_at)
        .bind(row.blocked_until)
        .bind(row.expires_at)
    )
    .map(|_| ())
}

pub(super) async fn forget(conn: &mut Conn, digest: &[u8]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM guards WHERE digest = $1").bind(digest)
    )
    .map(|_| ())
}

pub(super) async fn note_failure(
    conn: &mut Conn,
    network: &[u8],
    account: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO guard_failures (network_digest, account_digest, failed_at) VALUES ($1, $2, $3)
             ON CONFLICT (network_digest, account_digest) DO UPDATE SET failed_at = excluded.failed_at"
        )
        .bind(network)
        .bind(account)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn sweep(
    conn: &mut Conn,
    now: Timestamp,
    failures_before: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM guards WHERE expires_at <= $1").bind(now.as_millis())
    )?;
    execute!(
        conn,
        sqlx::query("DELETE FROM guard_failures WHERE failed_at < $1").bind(failures_before.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn sprayed(
    conn: &mut Conn,
    since: Timestamp,
    at_least: i64,
) -> Result<Vec<Vec<u8>>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Vec<u8>>(
        "SELECT network_digest FROM guard_failures WHERE failed_at >= $1
         GROUP BY network_digest HAVING COUNT(*) >= $2 ORDER BY network_digest"
    )
    .bind(since.as_millis())
    .bind(at_least)
    .fetch_all(c)
    .await)
}

pub(super) async fn failed_from(
    conn: &mut Conn,
    network: &[u8],
    since: Timestamp,
) -> Result<Vec<Vec<u8>>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Vec<u8>>(
        "SELECT account_digest FROM guard_failures WHERE network_digest = $1 AND failed_at >= $2
         ORDER BY account_digest"
    )
    .bind(network)
    .bind(since.as_millis())
    .fetch_all(c)
    .await)
}

pub(super) async fn guessed(
    conn: &mut Conn,
    since: Timestamp,
    at_least: i64,
) -> Result<Vec<(Vec<u8>, i64)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (Vec<u8>, i64)>(
        "SELECT account_digest, COUNT(*) FROM guard_failures WHERE failed_at >= $1
         GROUP BY account_digest HAVING COUNT(*) >= $2 ORDER BY account_digest"
    )
    .bind(since.as_millis())
    .bind(at_least)
    .fetch_all(c)
    .await)
}
