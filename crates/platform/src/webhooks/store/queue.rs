//! Claiming deliveries, and noting what attempts came to. Claims are the installation's: whoever
//! sends, sends for everybody.

use db::{Conn, DbError, execute, on};
use types::{Timestamp, webhooks::DeliveryState};

/// Deliveries of one endpoint that are under way at once: another's slow system must not take
/// every place there is.
const PER_ENDPOINT: i64 = 8;
/// Due deliveries that are looked at, the oldest first.
const WINDOW: i64 = 1_000;

/// A delivery that is due.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::webhooks) struct DueRecord {
    pub(in crate::webhooks) id: String,
    pub(in crate::webhooks) organisation_id: String,
    pub(in crate::webhooks) endpoint_id: String,
    pub(in crate::webhooks) message_id: String,
    pub(in crate::webhooks) event: String,
    pub(in crate::webhooks) attempts: i64,
    pub(in crate::webhooks) tries: i64,
    pub(in crate::webhooks) began_at: i64,
}

/// Whether something is due that nobody is at.
pub(in crate::webhooks) async fn any_due(conn: &mut Conn, now: Timestamp) -> Result<bool, DbError> {
    let found: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT d.id FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
         WHERE d.state = 'pending' AND d.next_try_at <= $1 AND (e.enabled OR d.event = 'webhook.test')
           AND (d.claimed_until IS NULL OR d.claimed_until <= $1)
         LIMIT 1"
    )
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// The innermost looks at what is due or under way; around it, each endpoint's are counted, those
/// under way first; around that, those that are free and not too many are taken.
macro_rules! claim_text {
    ($lock:literal) => {
        concat!(
            "UPDATE webhook_deliveries SET claim_id = $1, claimed_until = $3
             WHERE id IN (SELECT f.id FROM webhook_deliveries f
                 WHERE f.state = 'pending' AND (f.claimed_until IS NULL OR f.claimed_until <= $2)
                   AND f.id IN (SELECT n.id FROM (
                       SELECT w.id, ROW_NUMBER() OVER (PARTITION BY w.endpoint_id
                           ORDER BY CASE WHEN w.claimed_until > $2 THEN 0 ELSE 1 END, w.next_try_at, w.id) AS place
                       FROM (SELECT d.id, d.endpoint_id, d.claimed_until, d.next_try_at
                           FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id
                           WHERE d.state = 'pending' AND d.next_try_at <= $2
                             AND (e.enabled OR d.event = 'webhook.test')
                           ORDER BY d.next_try_at, d.id LIMIT $5) w) n
                       WHERE n.place <= $6)
                 ORDER BY f.next_try_at, f.id LIMIT $4",
            $lock,
            ")
             RETURNING id, organisation_id, endpoint_id, message_id, event, attempts, tries, began_at"
        )
    };
}

/// Takes what is due, those that waited longest first. On PostgreSQL, rows that another server is
/// just taking are passed over; on SQLite there is one writer.
pub(in crate::webhooks) async fn claim(
    conn: &mut Conn,
    claim: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<DueRecord>, DbError> {
    let text = match conn.kind() {
        db::Kind::Sqlite => claim_text!(""),
        db::Kind::Postgres => claim_text!(" FOR UPDATE SKIP LOCKED"),
    };
    on!(conn, |c| sqlx::query_as::<_, DueRecord>(text)
        .bind(claim)
        .bind(now.as_millis())
        .bind(until.as_millis())
        .bind(limit)
        .bind(WINDOW)
        .bind(PER_ENDPOINT)
        .fetch_all(c)
        .await)
}

/// How a delivery stands after an attempt.
pub(in crate::webhooks) struct Outcome<'a> {
    pub(in crate::webhooks) state: DeliveryState,
    pub(in crate::webhooks) tries: i64,
    pub(in crate::webhooks) status: Option<i64>,
    pub(in crate::webhooks) problem: Option<&'a str>,
    pub(in crate::webhooks) next_try_at: Timestamp,
    pub(in crate::webhooks) now: Timestamp,
}

/// Notes an attempt, if the claim still holds.
pub(in crate::webhooks) async fn note(
    conn: &mut Conn,
    (id, claim): (&str, &str),
    outcome: &Outcome<'_>,
) -> Result<bool, DbError> {
    let over = outcome.state != DeliveryState::Pending;
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE webhook_deliveries SET state = $3, attempts = attempts + 1, tries = $4, status = $5,
                 problem = $6, next_try_at = $7, finished_at = $8, claim_id = NULL, claimed_until = NULL
             WHERE id = $1 AND claim_id = $2 AND state = 'pending'"
        )
        .bind(id)
        .bind(claim)
        .bind(outcome.state.as_str())
        .bind(outcome.tries)
        .bind(outcome.status)
        .bind(outcome.problem)
        .bind(outcome.next_try_at.as_millis())
        .bind(over.then_some(outcome.now.as_millis()))
    )?;
    Ok(done > 0)
}

/// A line of the log.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::webhooks) struct AttemptRecord {
    pub(in crate::webhooks) delivery_id: String,
    pub(in crate::webhooks) number: i64,
    pub(in crate::webhooks) organisation_id: String,
    pub(in crate::webhooks) at: i64,
    pub(in crate::webhooks) millis: i64,
    pub(in crate::webhooks) url: String,
    pub(in crate::webhooks) headers: String,
    pub(in crate::webhooks) status: Option<i64>,
    pub(in crate::webhooks) answer: String,
    pub(in crate::webhooks) answer_cut: bool,
    pub(in crate::webhooks) problem: Option<String>,
}

pub(in crate::webhooks) async fn log(conn: &mut Conn, row: &AttemptRecord) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO webhook_attempts (delivery_id, number, organisation_id, at, millis, url, headers, status,
                 answer, answer_cut, problem)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        )
        .bind(&row.delivery_id)
        .bind(row.number)
        .bind(&row.organisation_id)
        .bind(row.at)
        .bind(row.millis)
        .bind(&row.url)
        .bind(&row.headers)
        .bind(row.status)
        .bind(&row.answer)
        .bind(row.answer_cut)
        .bind(&row.problem)
    )
    .map(|_| ())
}
