//! The rows of `webhook_messages` and `webhook_deliveries`, and the log of attempts, as far as
//! people read and decide.

use db::{Conn, DbError, execute, on};
use types::{
    Timestamp,
    webhooks::{DeliveryState, WebhookEvent},
};

use super::queue::AttemptRecord;

pub(in crate::webhooks) struct NewMessage<'a> {
    pub(in crate::webhooks) id: &'a str,
    pub(in crate::webhooks) event: WebhookEvent,
    pub(in crate::webhooks) subject: Option<&'a str>,
    pub(in crate::webhooks) body: &'a str,
}

pub(in crate::webhooks) async fn insert_message(
    conn: &mut Conn,
    tenant: &str,
    new: &NewMessage<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO webhook_messages (id, organisation_id, event, subject, body, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(new.id)
        .bind(tenant)
        .bind(new.event.as_str())
        .bind(new.subject)
        .bind(new.body)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(in crate::webhooks) struct NewDelivery {
    pub(in crate::webhooks) id: String,
    pub(in crate::webhooks) endpoint_id: String,
    pub(in crate::webhooks) message_id: String,
    pub(in crate::webhooks) event: WebhookEvent,
    /// Who is at it already, and until when.
    pub(in crate::webhooks) claim: Option<(String, Timestamp)>,
}

pub(in crate::webhooks) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    new: &NewDelivery,
    now: Timestamp,
) -> Result<(), DbError> {
    let (claim, until) = new
        .claim
        .as_ref()
        .map(|(claim, until)| (claim.as_str(), until.as_millis()))
        .unzip();
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO webhook_deliveries (id, organisation_id, endpoint_id, message_id, event, state, attempts,
                 tries, began_at, next_try_at, claim_id, claimed_until, created_at)
             VALUES ($1, $2, $3, $4, $5, 'pending', 0, 0, $6, $6, $7, $8, $6)"
        )
        .bind(&new.id)
        .bind(tenant)
        .bind(&new.endpoint_id)
        .bind(&new.message_id)
        .bind(new.event.as_str())
        .bind(now.as_millis())
        .bind(claim)
        .bind(until)
    )
    .map(|_| ())
}

pub(in crate::webhooks) async fn body(
    conn: &mut Conn,
    tenant: &str,
    message: &str,
) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT body FROM webhook_messages WHERE organisation_id = $1 AND id = $2"
    )
    .bind(tenant)
    .bind(message)
    .fetch_optional(c)
    .await)
}

/// A delivery, with what its message is about.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::webhooks) struct DeliveryRecord {
    pub(in crate::webhooks) id: String,
    pub(in crate::webhooks) message_id: String,
    pub(in crate::webhooks) event: String,
    pub(in crate::webhooks) subject: Option<String>,
    pub(in crate::webhooks) state: String,
    pub(in crate::webhooks) attempts: i64,
    pub(in crate::webhooks) next_try_at: i64,
    pub(in crate::webhooks) status: Option<i64>,
    pub(in crate::webhooks) problem: Option<String>,
    pub(in crate::webhooks) created_at: i64,
}

/// Sorts behind every id.
const AFTER_ALL: &str = "\u{7f}";

/// Which deliveries of an endpoint.
#[derive(Clone, Copy)]
pub(in crate::webhooks) struct Wanted<'a> {
    pub(in crate::webhooks) state: Option<DeliveryState>,
    /// From behind this id on.
    pub(in crate::webhooks) after: Option<&'a str>,
    pub(in crate::webhooks) limit: i64,
}

/// All of them, or those of one state: two texts, so that each has its index.
macro_rules! sent {
    ($more:literal) => {
        concat!(
            "SELECT d.id, d.message_id, d.event, m.subject, d.state, d.attempts, d.next_try_at, d.status,
                    d.problem, d.created_at
             FROM webhook_deliveries d LEFT JOIN webhook_messages m ON m.id = d.message_id
             WHERE d.organisation_id = $1 AND d.endpoint_id = $2 AND d.id < $3",
            $more,
            " ORDER BY d.id DESC LIMIT $4"
        )
    };
}

/// What was sent to an endpoint, newest first.
pub(in crate::webhooks) async fn list(
    conn: &mut Conn,
    tenant: &str,
    endpoint: &str,
    wanted: Wanted<'_>,
) -> Result<Vec<DeliveryRecord>, DbError> {
    let text = match wanted.state {
        Some(_) => sent!(" AND d.state = $5"),
        None => sent!(""),
    };
    on!(conn, |c| {
        let query = sqlx::query_as::<_, DeliveryRecord>(text)
            .bind(tenant)
            .bind(endpoint)
            .bind(wanted.after.unwrap_or(AFTER_ALL))
            .bind(wanted.limit);
        match wanted.state {
            Some(state) => query.bind(state.as_str()).fetch_all(c).await,
            None => query.fetch_all(c).await,
        }
    })
}

pub(in crate::webhooks) async fn get(
    conn: &mut Conn,
    tenant: &str,
    endpoint: &str,
    id: &str,
) -> Result<Option<DeliveryRecord>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, DeliveryRecord>(
        "SELECT d.id, d.message_id, d.event, m.subject, d.state, d.attempts, d.next_try_at, d.status, d.problem,
                d.created_at
         FROM webhook_deliveries d LEFT JOIN webhook_messages m ON m.id = d.message_id
         WHERE d.organisation_id = $1 AND d.endpoint_id = $2 AND d.id = $3"
    )
    .bind(tenant)
    .bind(endpoint)
    .bind(id)
    .fetch_optional(c)
    .await
    })
}

/// The attempts of a delivery, newest first.
pub(in crate::webhooks) async fn attempts(
    conn: &mut Conn,
    tenant: &str,
    delivery: &str,
) -> Result<Vec<AttemptRecord>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, AttemptRecord>(
        "SELECT delivery_id, number, organisation_id, at, millis, url, headers, status, answer, answer_cut, problem
         FROM webhook_attempts WHERE organisation_id = $1 AND delivery_id = $2 ORDER BY number DESC LIMIT 100"
    )
    .bind(tenant)
    .bind(delivery)
    .fetch_all(c)
    .await
    })
}

/// How many are to be sent, counted no further than so many.
pub(in crate::webhooks) async fn pending(
    conn: &mut Conn,
    tenant: &str,
    endpoint: &str,
    most: i64,
) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM webhook_deliveries
             WHERE organisation_id = $1 AND endpoint_id = $2 AND state = 'pending' LIMIT $3) counted"
    )
    .bind(tenant)
    .bind(endpoint)
    .bind(most)
    .fetch_one(c)
    .await)
}

/// Gives up what is to be sent, but not what is just being sent: that notes itself.
pub(in crate::webhooks) async fn give_up_all(
    conn: &mut Conn,
    tenant: &str,
    endpoint: &str,
    problem: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_deliveries SET state = 'failed', problem = $3, finished_at = $4
             WHERE organisation_id = $1 AND endpoint_id = $2 AND state = 'pending'
               AND (claimed_until IS NULL OR claimed_until <= $4)"
        )
        .bind(tenant)
        .bind(endpoint)
        .bind(problem)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Sends one again from now on, unless it is just being sent; whether it was there to be.
pub(in crate::webhooks) async fn replay(
    conn: &mut Conn,
    tenant: &str,
    endpoint: &str,
    id: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_deliveries SET state = 'pending', tries = 0, began_at = $4, next_try_at = $4,
                 finished_at = NULL, claim_id = NULL, claimed_until = NULL
             WHERE organisation_id = $1 AND endpoint_id = $2 AND id = $3
               AND (claimed_until IS NULL OR claimed_until <= $4)"
        )
        .bind(tenant)
        .bind(endpoint)
        .bind(id)
        .bind(now.as_millis())
    )?;
    Ok(done > 0)
}

/// Sends those again that were given up and are not older than this; how many. Tests stay.
pub(in crate::webhooks) async fn replay_since(
    conn: &mut Conn,
    tenant: &str,
    endpoint: &str,
    since: &str,
    now: Timestamp,
) -> Result<u64, DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_deliveries SET state = 'pending', tries = 0, began_at = $4, next_try_at = $4,
                 finished_at = NULL, claim_id = NULL, claimed_until = NULL
             WHERE organisation_id = $1 AND endpoint_id = $2 AND state = 'failed' AND id >= $3
               AND event <> 'webhook.test'"
        )
        .bind(tenant)
        .bind(endpoint)
        .bind(since)
        .bind(now.as_millis())
    )
}

/// Removes what was kept long enough, whosever it is: of what is over, what is older than
/// `ended`; of the rest, what is older than `any`.
pub(in crate::webhooks) async fn sweep(
    conn: &mut Conn,
    ended: Timestamp,
    any: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT id FROM webhook_deliveries
                 WHERE created_at < $1 AND (state <> 'pending' OR created_at < $2))"
        )
        .bind(ended.as_millis())
        .bind(any.as_millis())
    )?;
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM webhook_deliveries
             WHERE created_at < $1 AND (state <> 'pending' OR created_at < $2)"
        )
        .bind(ended.as_millis())
        .bind(any.as_millis())
    )?;
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM webhook_messages WHERE created_at < $1
               AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.message_id = webhook_messages.id)"
        )
        .bind(ended.as_millis())
    )
    .map(|_| ())
}
