//! The rows of `webhook_endpoints`; what is sent to them is beside.

pub(super) mod deliveries;
pub(super) mod queue;

use db::{Conn, DbError, execute, on};
use types::{Environment, Timestamp, webhooks::WebhookStop};

#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct EndpointRecord {
    pub(super) id: String,
    pub(super) organisation_id: String,
    pub(super) url: String,
    pub(super) description: String,
    pub(super) events: String,
    pub(super) environment: String,
    pub(super) enabled: bool,
    pub(super) disabled_why: Option<String>,
    pub(super) disabled_at: Option<i64>,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) old_key_id: Option<String>,
    pub(super) old_sealed: Option<Vec<u8>>,
    pub(super) old_until: Option<i64>,
    pub(super) succeeded_at: Option<i64>,
    pub(super) failing_since: Option<i64>,
    pub(super) created_at: i64,
}

/// The endpoints of an organisation, oldest first.
pub(super) async fn list(conn: &mut Conn, tenant: &str) -> Result<Vec<EndpointRecord>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, EndpointRecord>(
        "SELECT id, organisation_id, url, description, events, environment, enabled, disabled_why, disabled_at,
                data_key_id, sealed, old_key_id, old_sealed, old_until, succeeded_at, failing_since, created_at
         FROM webhook_endpoints WHERE organisation_id = $1 ORDER BY id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await
    })
}

pub(super) async fn get(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<EndpointRecord>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, EndpointRecord>(
        "SELECT id, organisation_id, url, description, events, environment, enabled, disabled_why, disabled_at,
                data_key_id, sealed, old_key_id, old_sealed, old_until, succeeded_at, failing_since, created_at
         FROM webhook_endpoints WHERE organisation_id = $1 AND id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await
    })
}

/// Those that are told of this environment: id, and the chosen events.
pub(super) async fn enabled(
    conn: &mut Conn,
    tenant: &str,
    environment: Environment,
) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT id, events FROM webhook_endpoints
         WHERE organisation_id = $1 AND environment = $2 AND enabled ORDER BY id"
    )
    .bind(tenant)
    .bind(environment.as_str())
    .fetch_all(c)
    .await)
}

pub(super) struct NewEndpoint<'a> {
    pub(super) id: &'a str,
    pub(super) url: &'a str,
    pub(super) description: &'a str,
    pub(super) events: &'a str,
    pub(super) environment: Environment,
    pub(super) data_key_id: &'a str,
    pub(super) sealed: Vec<u8>,
    pub(super) created_by: &'a str,
}

pub(super) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    new: &NewEndpoint<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO webhook_endpoints (id, organisation_id, url, description, events, environment, enabled,
                 data_key_id, sealed, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        )
        .bind(new.id)
        .bind(tenant)
        .bind(new.url)
        .bind(new.description)
        .bind(new.events)
        .bind(new.environment.as_str())
        .bind(true)
        .bind(new.data_key_id)
        .bind(&new.sealed)
        .bind(new.created_by)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Address, description and events.
pub(super) async fn update(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    (url, description, events): (&str, &str, &str),
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_endpoints SET url = $3, description = $4, events = $5
             WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(url)
        .bind(description)
        .bind(events)
    )
    .map(|_| ())
}

/// Whether it was enabled until now.
pub(super) async fn disable(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    why: WebhookStop,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_endpoints SET enabled = $5, disabled_why = $3, disabled_at = $4
             WHERE organisation_id = $1 AND id = $2 AND enabled"
        )
        .bind(tenant)
        .bind(id)
        .bind(why.as_str())
        .bind(now.as_millis())
        .bind(false)
    )?;
    Ok(done > 0)
}

/// Whether it was disabled until now. Its health begins anew.
pub(super) async fn enable(conn: &mut Conn, tenant: &str, id: &str) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_endpoints SET enabled = $3, disabled_why = NULL, disabled_at = NULL,
                 failing_since = NULL, failed_at = NULL, warned_at = NULL
             WHERE organisation_id = $1 AND id = $2 AND NOT enabled"
        )
        .bind(tenant)
        .bind(id)
        .bind(true)
    )?;
    Ok(done > 0)
}

/// With everything that was sent to it. Messages that no endpoint needs go with their time.
pub(super) async fn delete(conn: &mut Conn, tenant: &str, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM webhook_endpoints WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
    )?;
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM webhook_attempts WHERE delivery_id IN
                 (SELECT id FROM webhook_deliveries WHERE organisation_id = $1 AND endpoint_id = $2)"
        )
        .bind(tenant)
        .bind(id)
    )?;
    execute!(
        conn,
        sqlx::query("DELETE FROM webhook_deliveries WHERE organisation_id = $1 AND endpoint_id = $2")
            .bind(tenant)
            .bind(id)
    )
    .map(|_| ())
}

/// A new secret, and the one before as the old one, sealed under the same key.
pub(super) struct Sealed<'a> {
    pub(super) data_key_id: &'a str,
    pub(super) current: Vec<u8>,
    pub(super) old: Vec<u8>,
}

/// Puts the new secret in, if the one that was read is still there.
pub(super) async fn rotate(
    conn: &mut Conn,
    tenant: &str,
    read: &EndpointRecord,
    new: &Sealed<'_>,
    until: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_endpoints SET data_key_id = $3, sealed = $4, old_key_id = $3, old_sealed = $5,
                 old_until = $6
             WHERE organisation_id = $1 AND id = $2 AND sealed = $7"
        )
        .bind(tenant)
        .bind(&read.id)
        .bind(new.data_key_id)
        .bind(&new.current)
        .bind(&new.old)
        .bind(until.as_millis())
        .bind(&read.sealed)
    )?;
    Ok(done > 0)
}

pub(super) async fn end_old(conn: &mut Conn, tenant: &str, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_endpoints SET old_key_id = NULL, old_sealed = NULL, old_until = NULL
             WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
    )
    .map(|_| ())
}

/// Removes old secrets whose time is over, whosever they are.
pub(super) async fn forget_old(conn: &mut Conn, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_endpoints SET old_key_id = NULL, old_sealed = NULL, old_until = NULL
             WHERE old_until <= $1"
        )
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// What an attempt needs to know of its endpoint's health.
#[derive(sqlx::FromRow)]
pub(super) struct FailingRecord {
    pub(super) url: String,
    pub(super) enabled: bool,
    pub(super) failing_since: Option<i64>,
    pub(super) warned_at: Option<i64>,
}

/// Notes that something was not taken.
pub(super) async fn failed(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    now: Timestamp,
) -> Result<Option<FailingRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, FailingRecord>(
        "UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, $3), failed_at = $3
         WHERE organisation_id = $1 AND id = $2
         RETURNING url, enabled, failing_since, warned_at"
    )
    .bind(tenant)
    .bind(id)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// Notes that something was taken. When its people were told stays, for whoever asks now.
pub(super) async fn succeeded(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    now: Timestamp,
) -> Result<Option<FailingRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, FailingRecord>(
        "UPDATE webhook_endpoints SET succeeded_at = $3, failing_since = NULL, failed_at = NULL
         WHERE organisation_id = $1 AND id = $2
         RETURNING url, enabled, failing_since, warned_at"
    )
    .bind(tenant)
    .bind(id)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

pub(super) async fn set_warned(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    at: Option<Timestamp>,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE webhook_endpoints SET warned_at = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
            .bind(at.map(Timestamp::as_millis))
    )
    .map(|_| ())
}
