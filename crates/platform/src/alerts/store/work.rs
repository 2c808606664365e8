//! Claiming rules that are due, and noting what was found. Claims are the installation's: whoever
//! evaluates, evaluates for everybody.

use db::{Conn, DbError, execute, on};
use types::{Timestamp, alerts::AlertState};

use super::RuleRecord;

/// Rules whose time has come, the longest waiting first. On PostgreSQL, rows that another server is
/// just taking are passed over; on SQLite there is one writer.
pub(in crate::alerts) async fn claim(
    conn: &mut Conn,
    claim: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<RuleRecord>, DbError> {
    macro_rules! text {
        ($lock:literal) => {
            concat!(
                "UPDATE alert_rules SET claim_id = $1, claimed_until = $3
                 WHERE id IN (SELECT id FROM alert_rules
                     WHERE enabled AND due_at <= $2 AND (claimed_until IS NULL OR claimed_until <= $2)
                     ORDER BY due_at, id LIMIT $4",
                $lock,
                ")
                 RETURNING id, organisation_id, kind, name, environment, api_key_id, endpoint, webhook_id,
                    window_minutes, warning, critical, hysteresis, clear_after, enabled, silenced_until,
                    state, state_since, calm, acknowledged_by, acknowledged_at, told, told_at, episode,
                    value, facts, problem, evaluated_at"
            )
        };
    }
    let text = match conn.kind() {
        db::Kind::Sqlite => text!(""),
        db::Kind::Postgres => text!(" FOR UPDATE SKIP LOCKED"),
    };
    on!(conn, |c| sqlx::query_as::<_, RuleRecord>(text)
        .bind(claim)
        .bind(now.as_millis())
        .bind(until.as_millis())
        .bind(limit)
        .fetch_all(c)
        .await)
}

/// Whether something is due that nobody is at.
pub(in crate::alerts) async fn any_due(conn: &mut Conn, now: Timestamp) -> Result<bool, DbError> {
    let found: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM alert_rules
         WHERE enabled AND due_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1) LIMIT 1"
    )
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// The rule as it is now, if the claim still holds: taken until the transaction ends, so that nobody
/// silences or changes it meanwhile.
pub(in crate::alerts) async fn hold(
    conn: &mut Conn,
    id: &str,
    claim: &str,
) -> Result<Option<RuleRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RuleRecord>(
        "UPDATE alert_rules SET claim_id = claim_id WHERE id = $1 AND claim_id = $2 AND enabled
         RETURNING id, organisation_id, kind, name, environment, api_key_id, endpoint, webhook_id,
             window_minutes, warning, critical, hysteresis, clear_after, enabled, silenced_until,
             state, state_since, calm, acknowledged_by, acknowledged_at, told, told_at, episode,
             value, facts, problem, evaluated_at"
    )
    .bind(id)
    .bind(claim)
    .fetch_optional(c)
    .await)
}

/// How a rule stands after it was evaluated.
pub(in crate::alerts) struct Found<'a> {
    pub(in crate::alerts) state: AlertState,
    pub(in crate::alerts) since: Timestamp,
    pub(in crate::alerts) calm: i64,
    pub(in crate::alerts) told: AlertState,
    pub(in crate::alerts) told_at: Option<Timestamp>,
    pub(in crate::alerts) episode: Option<&'a str>,
    pub(in crate::alerts) silenced_until: Option<Timestamp>,
    /// Whoever acknowledged it goes with what they acknowledged.
    pub(in crate::alerts) acknowledged: bool,
    pub(in crate::alerts) value: Option<i64>,
    pub(in crate::alerts) facts: &'a str,
    pub(in crate::alerts) problem: Option<&'a str>,
    pub(in crate::alerts) evaluated_at: Timestamp,
    pub(in crate::alerts) due_at: Timestamp,
}

/// Notes it and gives the claim back.
pub(in crate::alerts) async fn note(conn: &mut Conn, id: &str, found: &Found<'_>) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE alert_rules SET state = $2, state_since = $3, calm = $4, told = $5, told_at = $6,
                 episode = $7, silenced_until = $8,
                 acknowledged_by = CASE WHEN $9 THEN acknowledged_by ELSE NULL END,
                 acknowledged_at = CASE WHEN $9 THEN acknowledged_at ELSE NULL END,
                 value = $10, facts = $11, problem = $12, evaluated_at = $13, due_at = $14,
                 claim_id = NULL, claimed_until = NULL
             WHERE id = $1"
        )
        .bind(id)
        .bind(found.state.as_str())
        .bind(found.since.as_millis())
        .bind(found.calm)
        .bind(found.told.as_str())
        .bind(found.told_at.map(Timestamp::as_millis))
        .bind(found.episode)
        .bind(found.silenced_until.map(Timestamp::as_millis))
        .bind(found.acknowledged)
        .bind(found.value)
        .bind(found.facts)
        .bind(found.problem)
        .bind(found.evaluated_at.as_millis())
        .bind(found.due_at.as_millis())
    )
    .map(|_| ())
}

/// Gives a claim back with nothing found.
pub(in crate::alerts) async fn release(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE alert_rules SET claim_id = NULL, claimed_until = NULL WHERE id = $1").bind(id)
    )
    .map(|_| ())
}
