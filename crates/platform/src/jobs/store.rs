//! The rows of `jobs`. Jobs belong to the installation, not to a tenant.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// A job that is yet to be queued.
pub(super) struct NewJob {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) payload: String,
    pub(super) run_at: Timestamp,
}

pub(super) async fn insert(conn: &mut Conn, jobs: &[NewJob], now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO jobs (id, kind, payload, state, run_at, attempts, created_at, updated_at) "
        )
        .push_values(jobs, |mut values, job| {
            values
                .push_bind(&job.id)
                .push_bind(job.kind)
                .push_bind(&job.payload)
                .push_bind("queued")
                .push_bind(job.run_at.as_millis())
                .push_bind(0_i64)
                .push_bind(now.as_millis())
                .push_bind(now.as_millis());
        })
        .push(" ON CONFLICT (id) DO NOTHING")
        .build()
        .persistent(jobs.len() == 1)
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(super) struct JobRow {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) payload: String,
    pub(super) attempts: i64,
}

/// Takes what is due, and what a dead claimant left. On PostgreSQL, rows that another worker
/// is just taking are passed over; on SQLite there is one writer.
pub(super) async fn claim(
    conn: &mut Conn,
    claim: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<JobRow>, DbError> {
    const SQLITE: &str =
        "UPDATE jobs SET state = 'running', claim_id = $1, claimed_until = $3, updated_at = $2
         WHERE id IN (SELECT id FROM jobs
             WHERE (state = 'queued' AND run_at <= $2) OR (state = 'running' AND claimed_until <= $2)
             ORDER BY run_at, id LIMIT $4)
         RETURNING id, kind, payload, attempts";
    const POSTGRES: &str =
        "UPDATE jobs SET state = 'running', claim_id = $1, claimed_until = $3, updated_at = $2
         WHERE id IN (SELECT id FROM jobs
             WHERE (state = 'queued' AND run_at <= $2) OR (state = 'running' AND claimed_until <= $2)
             ORDER BY run_at, id LIMIT $4 FOR UPDATE SKIP LOCKED)
         RETURNING id, kind, payload, attempts";
    let text = match conn.kind() {
        db::Kind::Sqlite => SQLITE,
        db::Kind::Postgres => POSTGRES,
    };
    on!(conn, |c| sqlx::query_as::<_, JobRow>(text)
        .bind(claim)
        .bind(now.as_millis())
        .bind(until.as_millis())
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Makes the claim last longer; whether it still holds.
pub(super) async fn hold(conn: &mut Conn, id: &str, claim: &str, until: Timestamp) -> Result<bool, DbError> {
    let held: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE jobs SET claimed_until = $3 WHERE id = $1 AND claim_id = $2 RETURNING id"
    )
    .bind(id)
    .bind(claim)
    .bind(until.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(held.is_some())
}

/// Removes the job, if the claim still holds.
pub(super) async fn finish(conn: &mut Conn, id: &str, claim: &str) -> Result<bool, DbError> {
    let gone: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "DELETE FROM jobs WHERE id = $1 AND claim_id = $2 RETURNING id"
    )
    .bind(id)
    .bind(claim)
    .fetch_optional(c)
    .await)?;
    Ok(gone.is_some())
}

pub(super) async fn give_back(
    conn: &mut Conn,
    (id, claim): (&str, &str),
    state: &str,
    attempts: i64,
    message: &str,
    run_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE jobs SET state = $3, attempts = $4, last_error = $5, run_at = $6, updated_at = $7,
             claim_id = NULL, claimed_until = NULL
         WHERE id = $1 AND claim_id = $2"
        )
        .bind(id)
        .bind(claim)
        .bind(state)
        .bind(attempts)
        .bind(message)
        .bind(run_at.as_millis())
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn next_due(conn: &mut Conn) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT run_at FROM jobs WHERE state = 'queued' ORDER BY run_at LIMIT 1"
    )
    .fetch_optional(c)
    .await)
}

pub(super) async fn run_at(conn: &mut Conn, id: &str) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT run_at FROM jobs WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

pub(super) async fn counts(conn: &mut Conn) -> Result<Vec<(String, i64)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, i64)>(
        "SELECT state, COUNT(*) FROM jobs GROUP BY state"
    )
    .fetch_all(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(super) struct FailedRow {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) attempts: i64,
    pub(super) last_error: Option<String>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

pub(super) async fn failed(conn: &mut Conn) -> Result<Vec<FailedRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, FailedRow>(
        "SELECT id, kind, attempts, last_error, created_at, updated_at FROM jobs
         WHERE state = 'failed' ORDER BY updated_at DESC, id LIMIT 100"
    )
    .fetch_all(c)
    .await)
}

/// Queues a failed job to run now; its kind, if it was a failed job.
pub(super) async fn requeue(conn: &mut Conn, id: &str, now: Timestamp) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE jobs SET state = 'queued', attempts = 0, run_at = $2, updated_at = $2
         WHERE id = $1 AND state = 'failed' RETURNING kind"
    )
    .bind(id)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}
