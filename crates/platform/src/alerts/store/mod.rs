//! The rows of `alert_rules` and `alert_routes`.

pub(super) mod channels;
pub(super) mod events;
pub(super) mod measure;
pub(super) mod queue;
mod standing;
pub(super) mod work;

use db::{Conn, DbError, execute, on};
use types::{
    Timestamp,
    alerts::{AlertKind, Amount},
};

/// A rule as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RuleRecord {
    pub(super) id: String,
    pub(super) organisation_id: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) environment: String,
    pub(super) api_key_id: String,
    pub(super) endpoint: String,
    pub(super) webhook_id: String,
    pub(super) window_minutes: i64,
    pub(super) warning: Option<i64>,
    pub(super) critical: Option<i64>,
    pub(super) hysteresis: i64,
    pub(super) clear_after: i64,
    pub(super) enabled: bool,
    pub(super) silenced_until: Option<i64>,
    pub(super) state: String,
    pub(super) state_since: i64,
    pub(super) calm: i64,
    pub(super) acknowledged_by: Option<String>,
    pub(super) acknowledged_at: Option<i64>,
    pub(super) told: String,
    pub(super) told_at: Option<i64>,
    pub(super) episode: Option<String>,
    pub(super) value: Option<i64>,
    pub(super) facts: String,
    pub(super) problem: Option<String>,
    pub(super) evaluated_at: Option<i64>,
}

macro_rules! rules {
    ($($rest:literal),+) => {
        concat!(
            "SELECT id, organisation_id, kind, name, environment, api_key_id, endpoint, webhook_id,
                    window_minutes, warning, critical, hysteresis, clear_after, enabled, silenced_until,
                    state, state_since, calm, acknowledged_by, acknowledged_at, told, told_at, episode,
                    value, facts, problem, evaluated_at
             FROM alert_rules ",
            $($rest),+
        )
    };
}

/// The tenant's rules, by name.
pub(super) async fn list(conn: &mut Conn, tenant: &str) -> Result<Vec<RuleRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RuleRecord>(rules!(
        "WHERE organisation_id = $1 ORDER BY name, id"
    ))
    .bind(tenant)
    .fetch_all(c)
    .await)
}

pub(super) async fn get(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<RuleRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RuleRecord>(rules!(
        "WHERE organisation_id = $1 AND id = $2"
    ))
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// How many of the tenant's rules fire, are enabled and nobody has acknowledged.
pub(super) async fn firing(conn: &mut Conn, tenant: &str) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM alert_rules
         WHERE organisation_id = $1 AND state <> 'ok' AND enabled AND acknowledged_at IS NULL"
    )
    .bind(tenant)
    .fetch_one(c)
    .await)
}

/// Whether the tenant has a rule.
pub(super) async fn any(conn: &mut Conn, tenant: &str) -> Result<bool, DbError> {
    let found: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM alert_rules WHERE organisation_id = $1 LIMIT 1"
    )
    .bind(tenant)
    .fetch_optional(c)
    .await)?;
    Ok(found.is_some())
}

/// What a rule says, as it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) kind: AlertKind,
    pub(super) name: String,
    pub(super) environment: String,
    pub(super) key: String,
    pub(super) endpoint: String,
    pub(super) webhook: String,
    pub(super) window: i64,
    pub(super) warning: Option<Amount>,
    pub(super) critical: Option<Amount>,
    pub(super) hysteresis: i64,
    pub(super) clear_after: i64,
}

/// A rule that nothing was measured of yet; it is due at once.
pub(super) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    (id, maker): (&str, &str),
    terms: &Terms,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO alert_rules (id, organisation_id, kind, name, environment, api_key_id, endpoint,
                 webhook_id, window_minutes, warning, critical, hysteresis, clear_after, enabled, state,
                 state_since, calm, told, facts, due_at, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'ok', $15, 0, 'ok',
                     '{\"of\":\"value\"}', $15, $16, $15)"
        )
        .bind(id)
        .bind(tenant)
        .bind(terms.kind.as_str())
        .bind(&terms.name)
        .bind(&terms.environment)
        .bind(&terms.key)
        .bind(&terms.endpoint)
        .bind(&terms.webhook)
        .bind(terms.window)
        .bind(terms.warning.map(Amount::as_thousandths))
        .bind(terms.critical.map(Amount::as_thousandths))
        .bind(terms.hysteresis)
        .bind(terms.clear_after)
        .bind(true)
        .bind(now.as_millis())
        .bind(maker)
    )
    .map(|_| ())
}

/// Other terms; how it stands stays, and is looked at at once.
pub(super) async fn update(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    terms: &Terms,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE alert_rules SET name = $3, environment = $4, api_key_id = $5, endpoint = $6,
                 webhook_id = $7, window_minutes = $8, warning = $9, critical = $10, hysteresis = $11,
                 clear_after = $12, calm = 0, evaluated_at = NULL, due_at = $13
             WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(&terms.name)
        .bind(&terms.environment)
        .bind(&terms.key)
        .bind(&terms.endpoint)
        .bind(&terms.webhook)
        .bind(terms.window)
        .bind(terms.warning.map(Amount::as_thousandths))
        .bind(terms.critical.map(Amount::as_thousandths))
        .bind(terms.hysteresis)
        .bind(terms.clear_after)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Whether it was otherwise until now. One that is switched off fires no longer, and one that is
/// switched on again begins anew.
pub(super) async fn switch(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    enabled: bool,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE alert_rules SET enabled = $3, state = 'ok', state_since = $4, calm = 0, told = 'ok',
                 told_at = NULL, episode = NULL, acknowledged_by = NULL, acknowledged_at = NULL,
                 silenced_until = NULL, evaluated_at = NULL, value = NULL, problem = NULL, due_at = $4
             WHERE organisation_id = $1 AND id = $2 AND enabled <> $3"
        )
        .bind(tenant)
        .bind(id)
        .bind(enabled)
        .bind(now.as_millis())
    )?;
    Ok(done > 0)
}

/// Until when nobody is told; what fires then is told of anew.
pub(super) async fn silence(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    until: Timestamp,
    due: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE alert_rules SET silenced_until = $3, told = 'ok',
                 due_at = CASE WHEN due_at > $4 THEN $4 ELSE due_at END
             WHERE organisation_id = $1 AND id = $2"
        )
        .bind(tenant)
        .bind(id)
        .bind(until.as_millis())
        .bind(due.as_millis())
    )
    .map(|_| ())
}

/// Whether something fires that nobody had acknowledged.
pub(super) async fn acknowledge(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    who: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let done = execute!(
        conn,
        sqlx::query(
            "UPDATE alert_rules SET acknowledged_by = $3, acknowledged_at = $4
             WHERE organisation_id = $1 AND id = $2 AND state <> 'ok' AND acknowledged_at IS NULL"
        )
        .bind(tenant)
        .bind(id)
        .bind(who)
        .bind(now.as_millis())
    )?;
    Ok(done > 0)
}

/// With what it told and whom.
pub(super) async fn delete(conn: &mut Conn, tenant: &str, id: &str) -> Result<(), DbError> {
    const TEXTS: [&str; 4] = [
        "DELETE FROM alert_deliveries WHERE organisation_id = $1 AND event_id IN
             (SELECT id FROM alert_events WHERE organisation_id = $1 AND rule_id = $2)",
        "DELETE FROM alert_events WHERE organisation_id = $1 AND rule_id = $2",
        "DELETE FROM alert_routes WHERE organisation_id = $1 AND rule_id = $2",
        "DELETE FROM alert_rules WHERE organisation_id = $1 AND id = $2",
    ];
    for text in TEXTS {
        execute!(conn, sqlx::query(text).bind(tenant).bind(id))?;
    }
    Ok(())
}

/// Whom a rule tells of what.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct RouteRow {
    pub(super) channel_id: String,
    pub(super) warning: bool,
    pub(super) critical: bool,
}

pub(super) async fn routes(conn: &mut Conn, tenant: &str, rule: &str) -> Result<Vec<RouteRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, RouteRow>(
        "SELECT channel_id, warning, critical FROM alert_routes
         WHERE organisation_id = $1 AND rule_id = $2 ORDER BY channel_id"
    )
    .bind(tenant)
    .bind(rule)
    .fetch_all(c)
    .await)
}

/// How many channels each rule of the tenant tells.
pub(super) async fn route_counts(conn: &mut Conn, tenant: &str) -> Result<Vec<(String, i64)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, i64)>(
        "SELECT rule_id, COUNT(*) FROM alert_routes WHERE organisation_id = $1 GROUP BY rule_id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// These routes and no others.
pub(super) async fn set_routes(
    conn: &mut Conn,
    tenant: &str,
    rule: &str,
    routes: &[RouteRow],
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM alert_routes WHERE organisation_id = $1 AND rule_id = $2")
            .bind(tenant)
            .bind(rule)
    )?;
    for route in routes {
        execute!(
            conn,
            sqlx::query(
                "INSERT INTO alert_routes (rule_id, channel_id, organisation_id, warning, critical)
                 VALUES ($1, $2, $3, $4, $5)"
            )
            .bind(rule)
            .bind(&route.channel_id)
            .bind(tenant)
            .bind(route.warning)
            .bind(route.critical)
        )?;
    }
    Ok(())
}
