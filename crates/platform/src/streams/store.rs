//! The rows of `streams`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct StreamRecord {
    pub(super) id: String,
    /// Empty: the installation's own log.
    pub(super) organisation_id: String,
    pub(super) name: String,
    pub(super) format: String,
    pub(super) with_personal: bool,
    pub(super) target: String,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) next_leaf: i64,
    pub(super) state: String,
    pub(super) attempts: i64,
    pub(super) next_try_at: i64,
    pub(super) failing_since: Option<i64>,
    pub(super) problem: Option<String>,
    pub(super) told_at: Option<i64>,
    pub(super) delivered_at: Option<i64>,
    pub(super) delivered: i64,
    pub(super) created_at: i64,
}

/// What a new row has that its record does not.
pub(super) struct Origin<'a> {
    pub(super) kind: &'static str,
    pub(super) created_by: &'a str,
}

pub(super) async fn insert(conn: &mut Conn, row: &StreamRecord, origin: &Origin<'_>) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO streams (id, organisation_id, name, kind, format, with_personal, target, data_key_id,
                 sealed, next_leaf, state, attempts, next_try_at, delivered, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', 0, $11, 0, $12, $11)"
        )
        .bind(&row.id)
        .bind(&row.organisation_id)
        .bind(&row.name)
        .bind(origin.kind)
        .bind(&row.format)
        .bind(row.with_personal)
        .bind(&row.target)
        .bind(&row.data_key_id)
        .bind(&row.sealed)
        .bind(row.next_leaf)
        .bind(row.created_at)
        .bind(origin.created_by)
    )
    .map(|_| ())
}

/// The streams of a log, oldest first.
pub(super) async fn list(conn: &mut Conn, tenant: &str) -> Result<Vec<StreamRecord>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, StreamRecord>(
        "SELECT id, organisation_id, name, format, with_personal, target, data_key_id, sealed, next_leaf, state,
                attempts, next_try_at, failing_since, problem, told_at, delivered_at, delivered, created_at
         FROM streams WHERE organisation_id = $1 ORDER BY id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await
    })
}

pub(super) async fn get(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<StreamRecord>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, StreamRecord>(
        "SELECT id, organisation_id, name, format, with_personal, target, data_key_id, sealed, next_leaf, state,
                attempts, next_try_at, failing_since, problem, told_at, delivered_at, delivered, created_at
         FROM streams WHERE organisation_id = $1 AND id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await
    })
}

/// Stops a stream, or lets it go on: what is under way counts no more.
pub(super) async fn set_state(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    state: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE streams SET state = $3, claim_id = NULL, claimed_until = NULL, next_try_at = $4,
                 attempts = 0, failing_since = NULL, problem = NULL, told_at = NULL
             WHERE organisation_id = $1 AND id = $2 AND state <> $3"
        )
        .bind(tenant)
        .bind(id)
        .bind(state)
        .bind(now.as_millis())
    )?;
    Ok(done > 0)
}

/// Sets the cursor: what is under way counts no more.
pub(super) async fn set_next(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    next: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE streams SET next_leaf = $3, claim_id = NULL, claimed_until = NULL, next_try_at = $4
             WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(next)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(super) async fn set_secret(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    (key, sealed): (&str, &[u8]),
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE streams SET data_key_id = $3, sealed = $4 WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(key)
        .bind(sealed)
    )
    .map(|_| ())
}

pub(super) async fn delete(conn: &mut Conn, tenant: &str, id: &str) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query("DELETE FROM streams WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
    )?;
    Ok(done > 0)
}

/// Whether some stream has something to send now.
pub(super) async fn any_due(conn: &mut Conn, now: Timestamp) -> Result<bool, DbError> {
    let found: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT s.id FROM streams s
         WHERE s.state = 'active' AND s.next_try_at <= $1
           AND (s.claimed_until IS NULL OR s.claimed_until <= $1)
           AND EXISTS (SELECT 1 FROM audit_events e
               WHERE e.organisation_id = s.organisation_id AND e.leaf_index >= s.next_leaf)
         LIMIT 1"
    )
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Takes streams that have something to send, those that waited longest first. On PostgreSQL,
/// rows that another server is just taking are passed over; on SQLite there is one writer.
pub(super) async fn claim(
    conn: &mut Conn,
    claim: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<StreamRecord>, DbError> {
    const SQLITE: &str = "UPDATE streams SET claim_id = $1, claimed_until = $3
         WHERE id IN (SELECT s.id FROM streams s
             WHERE s.state = 'active' AND s.next_try_at <= $2
               AND (s.claimed_until IS NULL OR s.claimed_until <= $2)
               AND EXISTS (SELECT 1 FROM audit_events e
                   WHERE e.organisation_id = s.organisation_id AND e.leaf_index >= s.next_leaf)
             ORDER BY s.next_try_at, s.id LIMIT $4)
         RETURNING id, organisation_id, name, format, with_personal, target, data_key_id, sealed, next_leaf,
             state, attempts, next_try_at, failing_since, problem, told_at, delivered_at, delivered, created_at";
    const POSTGRES: &str = "UPDATE streams SET claim_id = $1, claimed_until = $3
         WHERE id IN (SELECT s.id FROM streams s
             WHERE s.state = 'active' AND s.next_try_at <= $2
               AND (s.claimed_until IS NULL OR s.claimed_until <= $2)
               AND EXISTS (SELECT 1 FROM audit_events e
                   WHERE e.organisation_id = s.organisation_id AND e.leaf_index >= s.next_leaf)
             ORDER BY s.next_try_at, s.id LIMIT $4 FOR UPDATE SKIP LOCKED)
         RETURNING id, organisation_id, name, format, with_personal, target, data_key_id, sealed, next_leaf,
             state, attempts, next_try_at, failing_since, problem, told_at, delivered_at, delivered, created_at";
    let text = match conn.kind() {
        db::Kind::Sqlite => SQLITE,
        db::Kind::Postgres => POSTGRES,
    };
    on!(conn, |c| sqlx::query_as::<_, StreamRecord>(text)
        .bind(claim)
        .bind(now.as_millis())
        .bind(until.as_millis())
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Moves the cursor after a batch was taken, if the claim still holds and nobody has set the
/// cursor elsewhere.
pub(super) async fn taken(
    conn: &mut Conn,
    (id, claim): (&str, &str),
    (from, to): (i64, i64),
    events: i64,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE streams SET next_leaf = $4, delivered = delivered + $5, delivered_at = $6, next_try_at = $6,
                 attempts = 0, failing_since = NULL, problem = NULL, told_at = NULL,
                 claim_id = NULL, claimed_until = NULL
             WHERE id = $1 AND claim_id = $2 AND next_leaf = $3 AND state = 'active'"
        )
        .bind(id)
        .bind(claim)
        .bind(from)
        .bind(to)
        .bind(events)
        .bind(now.as_millis())
    )?;
    Ok(done > 0)
}

/// How a try failed.
pub(super) struct Failure<'a> {
    pub(super) attempts: i64,
    pub(super) since: Timestamp,
    pub(super) next_try_at: Timestamp,
    pub(super) told_at: Option<Timestamp>,
    pub(super) problem: &'a str,
}

/// Notes a try that failed, if the claim still holds.
pub(super) async fn failed(
    conn: &mut Conn,
    (id, claim): (&str, &str),
    failure: &Failure<'_>,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE streams SET attempts = $3, failing_since = $4, next_try_at = $5, told_at = $6, problem = $7,
                 claim_id = NULL, claimed_until = NULL
             WHERE id = $1 AND claim_id = $2"
        )
        .bind(id)
        .bind(claim)
        .bind(failure.attempts)
        .bind(failure.since.as_millis())
        .bind(failure.next_try_at.as_millis())
        .bind(failure.told_at.map(Timestamp::as_millis))
        .bind(failure.problem)
    )?;
    Ok(done > 0)
}

/// Gives a claim back with nothing done.
pub(super) async fn give_back(conn: &mut Conn, (id, claim): (&str, &str)) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE streams SET claim_id = NULL, claimed_until = NULL WHERE id = $1 AND claim_id = $2"
        )
        .bind(id)
        .bind(claim)
    )
    .map(|_| ())
}

/// The place up to which every stream of the log that is not paused has taken everything; none
/// if there is no such stream.
pub(crate) async fn floor(conn: &mut Conn, tenant: &str) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Option<i64>>(
        "SELECT MIN(next_leaf) FROM streams WHERE organisation_id = $1 AND state = 'active'"
    )
    .bind(tenant)
    .fetch_one(c)
    .await)
}

/// The names of streams, not paused, that have yet to take this place.
pub(crate) async fn behind(conn: &mut Conn, tenant: &str, leaf: i64) -> crate::Result<Vec<String>> {
    Ok(on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT name FROM streams WHERE organisation_id = $1 AND state = 'active' AND next_leaf <= $2
         ORDER BY id"
    )
    .bind(tenant)
    .bind(leaf)
    .fetch_all(c)
    .await)?)
}
