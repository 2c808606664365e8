//! Deliveries: queued once for each event and channel, claimed, noted. Claims are the installation's.

use db::{Conn, DbError, execute, on};
use types::{Timestamp, webhooks::DeliveryState};

/// Deliveries of one channel that are under way at once: a receiver that hangs must not take every
/// place there is.
const PER_CHANNEL: i64 = 4;
/// Due deliveries that are looked at, the oldest first.
const WINDOW: i64 = 1_000;

/// Queues an event for a channel, unless it was queued for it before; whether it was not.
pub(in crate::alerts) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    (id, event, channel): (&str, &str, &str),
    claim: Option<(&str, Timestamp)>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "INSERT INTO alert_deliveries (id, organisation_id, event_id, channel_id, state, attempts, began_at,
                 next_try_at, claim_id, claimed_until, created_at)
             VALUES ($1, $2, $3, $4, 'pending', 0, $5, $5, $6, $7, $5)
             ON CONFLICT (event_id, channel_id) DO NOTHING"
        )
        .bind(id)
        .bind(tenant)
        .bind(event)
        .bind(channel)
        .bind(now.as_millis())
        .bind(claim.map(|(claim, _)| claim))
        .bind(claim.map(|(_, until)| until.as_millis()))
    )?;
    Ok(done > 0)
}

/// A delivery that is due.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::alerts) struct DueRecord {
    pub(in crate::alerts) id: String,
    pub(in crate::alerts) organisation_id: String,
    pub(in crate::alerts) event_id: String,
    pub(in crate::alerts) channel_id: String,
    pub(in crate::alerts) attempts: i64,
    pub(in crate::alerts) began_at: i64,
}

/// Whether something is due that nobody is at.
pub(in crate::alerts) async fn any_due(conn: &mut Conn, now: Timestamp) -> Result<bool, DbError> {
    let found: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM alert_deliveries
         WHERE state = 'pending' AND next_try_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
         LIMIT 1"
    )
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// Takes what is due, those that waited longest first: of each channel no more than a few, those
/// under way counted. On PostgreSQL, rows that another server is just taking are passed over; on
/// SQLite there is one writer.
pub(in crate::alerts) async fn claim(
    conn: &mut Conn,
    claim: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<DueRecord>, DbError> {
    macro_rules! text {
        ($lock:literal) => {
            concat!(
                "UPDATE alert_deliveries SET claim_id = $1, claimed_until = $3
                 WHERE id IN (SELECT f.id FROM alert_deliveries f
                     WHERE f.state = 'pending' AND (f.claimed_until IS NULL OR f.claimed_until <= $2)
                       AND f.id IN (SELECT n.id FROM (
                           SELECT w.id, ROW_NUMBER() OVER (PARTITION BY w.channel_id
                               ORDER BY CASE WHEN w.claimed_until > $2 THEN 0 ELSE 1 END, w.next_try_at, w.id)
                               AS place
                           FROM (SELECT d.id, d.channel_id, d.claimed_until, d.next_try_at
                               FROM alert_deliveries d
                               WHERE d.state = 'pending' AND d.next_try_at <= $2
                               ORDER BY d.next_try_at, d.id LIMIT $5) w) n
                           WHERE n.place <= $6)
                     ORDER BY f.next_try_at, f.id LIMIT $4",
                $lock,
                ")
                 RETURNING id, organisation_id, event_id, channel_id, attempts, began_at"
            )
        };
    }
    let text = match conn.kind() {
        db::Kind::Sqlite => text!(""),
        db::Kind::Postgres => text!(" FOR UPDATE SKIP LOCKED"),
    };
    on!(conn, |c| sqlx::query_as::<_, DueRecord>(text)
        .bind(claim)
        .bind(now.as_millis())
        .bind(until.as_millis())
        .bind(limit)
        .bind(WINDOW)
        .bind(PER_CHANNEL)
        .fetch_all(c)
        .await)
}

/// How a delivery stands after an attempt.
pub(in crate::alerts) struct Outcome<'a> {
    pub(in crate::alerts) state: DeliveryState,
    pub(in crate::alerts) status: Option<i64>,
    pub(in crate::alerts) problem: Option<&'a str>,
    pub(in crate::alerts) next_try_at: Timestamp,
    pub(in crate::alerts) now: Timestamp,
}

/// Notes an attempt, if the claim still holds.
pub(in crate::alerts) async fn note(
    conn: &mut Conn,
    (id, claim): (&str, &str),
    outcome: &Outcome<'_>,
) -> Result<bool, DbError> {
    let over = outcome.state != DeliveryState::Pending;
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE alert_deliveries SET state = $3, attempts = attempts + 1, status = $4, problem = $5,
                 next_try_at = $6, finished_at = $7, claim_id = NULL, claimed_until = NULL
             WHERE id = $1 AND claim_id = $2 AND state = 'pending'"
        )
        .bind(id)
        .bind(claim)
        .bind(outcome.state.as_str())
        .bind(outcome.status)
        .bind(outcome.problem)
        .bind(outcome.next_try_at.as_millis())
        .bind(over.then_some(outcome.now.as_millis()))
    )?;
    Ok(done > 0)
}

/// Removes a delivery that leads nowhere any more, if the claim still holds.
pub(in crate::alerts) async fn forget(conn: &mut Conn, (id, claim): (&str, &str)) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM alert_deliveries WHERE id = $1 AND claim_id = $2")
            .bind(id)
            .bind(claim)
    )
    .map(|_| ())
}
