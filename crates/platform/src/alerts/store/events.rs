//! The rows of `alert_events`, and what of `alert_deliveries` people read.

use db::{Conn, DbError, execute, on};
use types::{
    Timestamp,
    alerts::{AlertCause, AlertState},
};

/// An event that is written.
pub(in crate::alerts) struct NewEvent<'a> {
    pub(in crate::alerts) id: &'a str,
    pub(in crate::alerts) rule_id: Option<&'a str>,
    pub(in crate::alerts) cause: AlertCause,
    pub(in crate::alerts) name: &'a str,
    pub(in crate::alerts) kind: &'a str,
    pub(in crate::alerts) from: AlertState,
    pub(in crate::alerts) to: AlertState,
    pub(in crate::alerts) value: Option<i64>,
    pub(in crate::alerts) threshold: Option<i64>,
    pub(in crate::alerts) facts: &'a str,
    pub(in crate::alerts) silenced: bool,
    pub(in crate::alerts) at: Timestamp,
}

pub(in crate::alerts) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    new: &NewEvent<'_>,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO alert_events (id, organisation_id, rule_id, cause, name, kind, from_state, to_state,
                 value, threshold, facts, silenced, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        )
        .bind(new.id)
        .bind(tenant)
        .bind(new.rule_id)
        .bind(new.cause.as_str())
        .bind(new.name)
        .bind(new.kind)
        .bind(new.from.as_str())
        .bind(new.to.as_str())
        .bind(new.value)
        .bind(new.threshold)
        .bind(new.facts)
        .bind(new.silenced)
        .bind(new.at.as_millis())
    )
    .map(|_| ())
}

/// An event as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::alerts) struct EventRecord {
    pub(in crate::alerts) id: String,
    pub(in crate::alerts) rule_id: Option<String>,
    pub(in crate::alerts) cause: String,
    pub(in crate::alerts) name: String,
    pub(in crate::alerts) kind: String,
    pub(in crate::alerts) from_state: String,
    pub(in crate::alerts) to_state: String,
    pub(in crate::alerts) value: Option<i64>,
    pub(in crate::alerts) threshold: Option<i64>,
    pub(in crate::alerts) facts: String,
    pub(in crate::alerts) silenced: bool,
    /// What whoever acknowledged it is called.
    pub(in crate::alerts) acknowledger: Option<String>,
    pub(in crate::alerts) acknowledged_at: Option<i64>,
    pub(in crate::alerts) at: i64,
}

macro_rules! events {
    ($($rest:literal),+) => {
        concat!(
            "SELECT e.id, e.rule_id, e.cause, e.name, e.kind, e.from_state, e.to_state, e.value, e.threshold,
                    e.facts, e.silenced, u.name AS acknowledger, e.acknowledged_at, e.at
             FROM alert_events e LEFT JOIN users u ON u.id = e.acknowledged_by ",
            $($rest),+
        )
    };
}

/// What a rule told, newest first, from before an event on.
pub(in crate::alerts) async fn of_rule(
    conn: &mut Conn,
    tenant: &str,
    rule: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<EventRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, EventRecord>(events!(
        "WHERE e.organisation_id = $1 AND e.rule_id = $2 AND e.id < $3 ORDER BY e.id DESC LIMIT $4"
    ))
    .bind(tenant)
    .bind(rule)
    .bind(before)
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(in crate::alerts) async fn get(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
) -> Result<Option<EventRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, EventRecord>(events!(
        "WHERE e.organisation_id = $1 AND e.id = $2"
    ))
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// When a rule fired since a moment, and how badly; the newest 100.
pub(in crate::alerts) async fn fired(
    conn: &mut Conn,
    tenant: &str,
    rule: &str,
    since: Timestamp,
) -> Result<Vec<(i64, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, String)>(
        "SELECT at, to_state FROM alert_events
         WHERE organisation_id = $1 AND rule_id = $2 AND cause = 'fired' AND at >= $3
         ORDER BY id DESC LIMIT 100"
    )
    .bind(tenant)
    .bind(rule)
    .bind(since.as_millis())
    .fetch_all(c)
    .await)
}

/// Notes on the events of what is firing who took note of them.
pub(in crate::alerts) async fn acknowledge(
    conn: &mut Conn,
    tenant: &str,
    (rule, episode): (&str, &str),
    who: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE alert_events SET acknowledged_by = $4, acknowledged_at = $5
             WHERE organisation_id = $1 AND rule_id = $2 AND id >= $3 AND to_state <> 'ok'
               AND acknowledged_at IS NULL"
        )
        .bind(tenant)
        .bind(rule)
        .bind(episode)
        .bind(who)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// The channels that were told since an episode began.
pub(in crate::alerts) async fn told(
    conn: &mut Conn,
    tenant: &str,
    rule: &str,
    episode: &str,
) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT DISTINCT d.channel_id FROM alert_deliveries d JOIN alert_events e ON e.id = d.event_id
         WHERE d.organisation_id = $1 AND e.rule_id = $2 AND e.id >= $3 AND e.to_state <> 'ok'
         ORDER BY d.channel_id"
    )
    .bind(tenant)
    .bind(rule)
    .bind(episode)
    .fetch_all(c)
    .await)
}

/// A message as people read of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::alerts) struct SentRecord {
    pub(in crate::alerts) event_id: String,
    pub(in crate::alerts) channel_id: String,
    pub(in crate::alerts) channel_name: String,
    pub(in crate::alerts) name: String,
    pub(in crate::alerts) cause: String,
    pub(in crate::alerts) state: String,
    pub(in crate::alerts) attempts: i64,
    pub(in crate::alerts) status: Option<i64>,
    pub(in crate::alerts) problem: Option<String>,
    pub(in crate::alerts) next_try_at: i64,
    pub(in crate::alerts) created_at: i64,
}

macro_rules! sent {
    ($($rest:literal),+) => {
        concat!(
            "SELECT d.event_id, d.channel_id, a.name AS channel_name, e.name, e.cause, d.state, d.attempts,
                    d.status, d.problem, d.next_try_at, d.created_at
             FROM alert_deliveries d JOIN alert_events e ON e.id = d.event_id
             JOIN alert_channels a ON a.id = d.channel_id ",
            $($rest),+
        )
    };
}

/// What became of a rule's events, from one to another, both included.
pub(in crate::alerts) async fn sent_of_rule(
    conn: &mut Conn,
    tenant: &str,
    rule: &str,
    (first, last): (&str, &str),
) -> Result<Vec<SentRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SentRecord>(sent!(
        "WHERE d.organisation_id = $1 AND e.rule_id = $2 AND e.id >= $3 AND e.id <= $4 ORDER BY d.id"
    ))
    .bind(tenant)
    .bind(rule)
    .bind(first)
    .bind(last)
    .fetch_all(c)
    .await)
}

/// What was sent through a channel, newest first.
pub(in crate::alerts) async fn sent_through(
    conn: &mut Conn,
    tenant: &str,
    channel: &str,
    limit: i64,
) -> Result<Vec<SentRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SentRecord>(sent!(
        "WHERE d.organisation_id = $1 AND d.channel_id = $2 ORDER BY d.id DESC LIMIT $3"
    ))
    .bind(tenant)
    .bind(channel)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Removes the oldest events from before a moment, at most so many, with what was sent of them;
/// those of what still fires stay.
pub(in crate::alerts) async fn sweep(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<(), DbError> {
    let gone = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "DELETE FROM alert_events WHERE id IN (SELECT e.id FROM alert_events e
             WHERE e.at < $1 AND NOT EXISTS (SELECT 1 FROM alert_rules r
                 WHERE r.id = e.rule_id AND r.episode IS NOT NULL AND r.episode <= e.id)
             ORDER BY e.at LIMIT $2)
         RETURNING id"
    )
    .bind(before.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await)?;
    for event in gone {
        execute!(
            conn,
            sqlx::query("DELETE FROM alert_deliveries WHERE event_id = $1").bind(&event)
        )?;
    }
    Ok(())
}
