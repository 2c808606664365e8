//! The rows of `backups`. They belong to the installation, not to a tenant.

use db::{Conn, DbError, execute, on};
use types::{
    Timestamp,
    backup::{BackupKind, RestoreNote},
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) file: Option<String>,
    pub(super) bytes: Option<i64>,
    pub(super) events: Option<i64>,
    pub(super) problem: Option<String>,
    pub(super) started_at: i64,
    pub(super) finished_at: Option<i64>,
    pub(super) removed_at: Option<i64>,
}

/// The newest of a kind, however it stands.
pub(super) async fn latest(conn: &mut Conn, kind: BackupKind) -> Result<Option<Row>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Row>(
        "SELECT id, kind, state, file, bytes, events, problem, started_at, finished_at, removed_at
         FROM backups WHERE kind = $1 ORDER BY started_at DESC, id DESC LIMIT 1"
    )
    .bind(kind.as_str())
    .fetch_optional(c)
    .await)
}

/// The newest of a kind that succeeded.
pub(super) async fn latest_done(conn: &mut Conn, kind: BackupKind) -> Result<Option<Row>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Row>(
        "SELECT id, kind, state, file, bytes, events, problem, started_at, finished_at, removed_at
         FROM backups WHERE kind = $1 AND state = 'done' ORDER BY started_at DESC, id DESC LIMIT 1"
    )
    .bind(kind.as_str())
    .fetch_optional(c)
    .await)
}

/// The newest of both kinds.
pub(super) async fn list(conn: &mut Conn, limit: i64) -> Result<Vec<Row>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Row>(
        "SELECT id, kind, state, file, bytes, events, problem, started_at, finished_at, removed_at
         FROM backups ORDER BY started_at DESC, id DESC LIMIT $1"
    )
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// What is under way, as far as anybody said.
pub(super) async fn running(conn: &mut Conn) -> Result<Vec<Row>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, Row>(
        "SELECT id, kind, state, file, bytes, events, problem, started_at, finished_at, removed_at
         FROM backups WHERE state = 'running' ORDER BY started_at, id"
    )
    .fetch_all(c)
    .await)
}

/// Whether it is this caller who begins it: another one with the same id may have been first.
pub(super) async fn insert(
    conn: &mut Conn,
    id: &str,
    kind: BackupKind,
    file: &str,
    started: Timestamp,
) -> Result<bool, DbError> {
    let rows = execute!(
        conn,
        sqlx::query(
            "INSERT INTO backups (id, kind, state, file, started_at)
         VALUES ($1, $2, 'running', $3, $4) ON CONFLICT (id) DO NOTHING"
        )
        .bind(id)
        .bind(kind.as_str())
        .bind(file)
        .bind(started.as_millis())
    )?;
    Ok(rows == 1)
}

/// How a run that succeeded ended.
pub(super) struct Done<'a> {
    pub(super) bytes: i64,
    pub(super) sha256: &'a str,
    pub(super) events: i64,
    pub(super) events_hash: &'a str,
}

pub(super) async fn finish(
    conn: &mut Conn,
    id: &str,
    done: &Done<'_>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = execute!(
        conn,
        sqlx::query(
            "UPDATE backups SET state = 'done', bytes = $2, sha256 = $3, events = $4, events_hash = $5,
             problem = NULL, finished_at = $6
         WHERE id = $1 AND state <> 'done'"
        )
        .bind(id)
        .bind(done.bytes)
        .bind(done.sha256)
        .bind(done.events)
        .bind(done.events_hash)
        .bind(now.as_millis())
    )?;
    Ok(rows == 1)
}

pub(super) async fn fail(conn: &mut Conn, id: &str, problem: &str, now: Timestamp) -> Result<bool, DbError> {
    let rows = execute!(
        conn,
        sqlx::query(
            "UPDATE backups SET state = 'failed', problem = $2, finished_at = $3
         WHERE id = $1 AND state = 'running'"
        )
        .bind(id)
        .bind(problem)
        .bind(now.as_millis())
    )?;
    Ok(rows == 1)
}

/// Backups begun before this moment whose file is still there, but for the newest good one.
pub(super) async fn expired(conn: &mut Conn, before: Timestamp) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT id, file FROM backups
         WHERE kind = 'backup' AND state = 'done' AND removed_at IS NULL AND file IS NOT NULL
           AND started_at < $1
           AND id <> (SELECT id FROM backups WHERE kind = 'backup' AND state = 'done'
                      ORDER BY started_at DESC, id DESC LIMIT 1)
         ORDER BY started_at, id"
    )
    .bind(before.as_millis())
    .fetch_all(c)
    .await)
}

pub(super) async fn remove(conn: &mut Conn, id: &str, now: Timestamp) -> Result<bool, DbError> {
    let rows = execute!(
        conn,
        sqlx::query("UPDATE backups SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL")
            .bind(id)
            .bind(now.as_millis())
    )?;
    Ok(rows == 1)
}

/// What a restore has left, if nobody took it.
pub(super) async fn restore_note(conn: &mut Conn) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT value FROM installation WHERE name = $1"
    )
    .bind(RestoreNote::NAME)
    .fetch_optional(c)
    .await)
}

/// Whether it is this caller who takes it.
pub(super) async fn take_restore_note(conn: &mut Conn, note: &str) -> Result<bool, DbError> {
    let rows = execute!(
        conn,
        sqlx::query("DELETE FROM installation WHERE name = $1 AND value = $2")
            .bind(RestoreNote::NAME)
            .bind(note)
    )?;
    Ok(rows == 1)
}
