//! The rows of `audit_exports`, and of the events in one.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

use crate::audit::find::placeholders;

/// Events that are read in one statement.
pub(super) const STEP: usize = 200;

pub(super) struct NewRow {
    pub(super) id: String,
    pub(super) scope: String,
    pub(super) user_id: String,
    pub(super) format: &'static str,
    pub(super) query: String,
    pub(super) tree_size: i64,
    pub(super) checkpoint: String,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn insert(conn: &mut Conn, row: &NewRow, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO audit_exports (id, scope, user_id, format, query, tree_size, checkpoint, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(&row.id)
        .bind(&row.scope)
        .bind(&row.user_id)
        .bind(row.format)
        .bind(&row.query)
        .bind(row.tree_size)
        .bind(&row.checkpoint)
        .bind(now.as_millis())
        .bind(row.expires_at.as_millis())
    )
    .map(|_| ())
}

#[derive(Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) scope: String,
    pub(super) format: String,
    pub(super) query: String,
    pub(super) tree_size: i64,
    pub(super) checkpoint: Option<String>,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) event_count: Option<i64>,
    pub(super) bytes: Option<i64>,
    pub(super) digest: Option<Vec<u8>>,
    pub(super) problem: Option<String>,
}

pub(super) async fn list(
    conn: &mut Conn,
    (scope, user): (&str, &str),
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Row>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, Row>(
        "SELECT id, scope, format, query, tree_size, checkpoint, created_at, expires_at, event_count, bytes, digest, problem
         FROM audit_exports WHERE scope = $1 AND user_id = $2 AND expires_at > $3 ORDER BY id DESC LIMIT $4"
    )
    .bind(scope)
    .bind(user)
    .bind(now.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await
    })
}

pub(super) async fn one(
    conn: &mut Conn,
    (scope, user): (&str, &str),
    id: &str,
    now: Timestamp,
) -> Result<Option<Row>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, Row>(
        "SELECT id, scope, format, query, tree_size, checkpoint, created_at, expires_at, event_count, bytes, digest, problem
         FROM audit_exports WHERE id = $1 AND scope = $2 AND user_id = $3 AND expires_at > $4"
    )
    .bind(id)
    .bind(scope)
    .bind(user)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await
    })
}

/// The oldest that nobody is making.
pub(super) async fn unmade(conn: &mut Conn, now: Timestamp) -> Result<Option<Row>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, Row>(
        "SELECT id, scope, format, query, tree_size, checkpoint, created_at, expires_at, event_count, bytes, digest, problem
         FROM audit_exports
         WHERE bytes IS NULL AND problem IS NULL AND (claimed_until IS NULL OR claimed_until < $1)
         ORDER BY id LIMIT 1"
    )
    .bind(now.as_millis())
    .fetch_optional(c)
    .await
    })
}

/// Takes it, if nobody else has it at `now`; or keeps it. Whether it did.
pub(super) async fn claim(
    conn: &mut Conn,
    id: &str,
    (held_until, now): (Option<Timestamp>, Timestamp),
    until: Timestamp,
) -> Result<bool, DbError> {
    let claimed = execute!(
        conn,
        sqlx::query(
            "UPDATE audit_exports SET claimed_until = $2
             WHERE id = $1 AND bytes IS NULL AND problem IS NULL
               AND (claimed_until IS NULL OR claimed_until < $3 OR claimed_until = $4)"
        )
        .bind(id)
        .bind(until.as_millis())
        .bind(now.as_millis())
        .bind(held_until.map(Timestamp::as_millis))
    )?;
    Ok(claimed == 1)
}

/// Notes how long it is; whether it still was to be made.
pub(super) async fn made(
    conn: &mut Conn,
    id: &str,
    (events, bytes): (i64, i64),
    digest: &[u8],
) -> Result<bool, DbError> {
    let noted = execute!(
        conn,
        sqlx::query(
            "UPDATE audit_exports SET event_count = $2, bytes = $3, digest = $4, claimed_until = NULL
             WHERE id = $1 AND bytes IS NULL AND problem IS NULL"
        )
        .bind(id)
        .bind(events)
        .bind(bytes)
        .bind(digest)
    )?;
    Ok(noted == 1)
}

/// Notes why there is no file, or none any more.
pub(super) async fn failed(conn: &mut Conn, id: &str, problem: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE audit_exports SET problem = $2, claimed_until = NULL WHERE id = $1")
            .bind(id)
            .bind(problem)
    )
    .map(|_| ())
}

/// Removes the records whose time is over.
pub(super) async fn sweep(conn: &mut Conn, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM audit_exports WHERE expires_at <= $1").bind(now.as_millis())
    )
    .map(|_| ())
}

/// An event that is in a file.
#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) id: String,
    pub(super) actor_kind: String,
    pub(super) canonical: String,
    pub(super) leaf_index: i64,
}

/// Those of the events that have their place below the size, newest first; at most [`STEP`].
pub(super) async fn events(
    conn: &mut Conn,
    tenant: Option<&str>,
    ids: &[String],
    size: i64,
) -> Result<Vec<EventRow>, DbError> {
    let Some(last) = ids.last() else {
        return Ok(Vec::new());
    };
    // Always as many placeholders, so that it is one prepared statement: the last id again.
    let places = placeholders(2, STEP);
    let own = tenant.map_or_else(String::new, |_| format!(" AND organisation_id = ${}", STEP + 2));
    let text = format!(
        "SELECT id, actor_kind, canonical, leaf_index FROM audit_events
         WHERE leaf_index < $1 AND id IN ({places}){own} ORDER BY id DESC"
    );
    on!(conn, |c| {
        let mut query = sqlx::query_as::<_, EventRow>(sqlx::AssertSqlSafe(text)).bind(size);
        for id in ids.iter().chain(std::iter::repeat(last)).take(STEP) {
            query = query.bind(id);
        }
        if let Some(tenant) = tenant {
            query = query.bind(tenant);
        }
        query.fetch_all(c).await
    })
}
