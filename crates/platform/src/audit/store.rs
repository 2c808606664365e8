//! The rows of `audit_events` and `audit_personal`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

use super::{
    event::{Event, Sealed},
    filter::{Actor, Bounds},
};
use crate::search::{Query, fetch};

pub(super) async fn insert_event(
    conn: &mut Conn,
    event: &Event,
    sealed: &Sealed,
    now: Timestamp,
) -> Result<(), DbError> {
    let organisation = sealed.organisation.map(|id| id.to_string()).unwrap_or_default();
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, actor_id,
             target_id, result, request_id, canonical, leaf_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        )
        .bind(sealed.id.to_string())
        .bind(&organisation)
        .bind(now.as_millis())
        .bind(event.action.code())
        .bind(sealed.actor.kind)
        .bind(&sealed.actor.id)
        .bind(&event.target)
        .bind(event.result.as_str())
        .bind(&sealed.request)
        .bind(&sealed.canonical)
        .bind(sealed.leaf_hash.as_slice())
    )
    .map(|_| ())
}

/// Rows of one INSERT: 11 values each, and SQLite takes 32,766 of them.
pub(super) const ROWS: usize = 900;

/// At most [`ROWS`] events at once.
pub(super) async fn insert_events(
    conn: &mut Conn,
    events: &[(Event, Sealed, Timestamp)],
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, actor_id,
             target_id, result, request_id, canonical, leaf_hash) "
        )
        .push_values(events, |mut values, (event, sealed, now)| {
            let organisation = sealed.organisation.map(|id| id.to_string()).unwrap_or_default();
            values
                .push_bind(sealed.id.to_string())
                .push_bind(organisation)
                .push_bind(now.as_millis())
                .push_bind(event.action.code())
                .push_bind(sealed.actor.kind)
                .push_bind(sealed.actor.id.as_deref())
                .push_bind(event.target.as_deref())
                .push_bind(event.result.as_str())
                .push_bind(sealed.request.as_deref())
                .push_bind(sealed.canonical.as_str())
                .push_bind(sealed.leaf_hash.as_slice());
        })
        .build()
    )
    .map(|_| ())
}

pub(super) struct PersonalRow {
    pub(super) event_id: String,
    pub(super) field: String,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
}

pub(super) async fn insert_personal(
    conn: &mut Conn,
    tenant: &str,
    row: &PersonalRow,
    blind_index: &[u8],
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO audit_personal (event_id, field, organisation_id, data_key_id, sealed, blind_index)
         VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(&row.event_id)
        .bind(&row.field)
        .bind(tenant)
        .bind(&row.data_key_id)
        .bind(&row.sealed)
        .bind(blind_index)
    )
    .map(|_| ())
}

/// An event with the names that its ids stand for today.
#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) id: String,
    /// Empty: the installation's.
    pub(super) organisation_id: String,
    pub(super) occurred_at: i64,
    pub(super) action: String,
    pub(super) actor_kind: String,
    pub(super) actor_id: Option<String>,
    pub(super) target_id: Option<String>,
    pub(super) result: String,
    pub(super) request_id: Option<String>,
    pub(super) canonical: String,
    pub(super) user_name: Option<String>,
    pub(super) key_name: Option<String>,
    pub(super) address_key: Option<String>,
    pub(super) address_sealed: Option<Vec<u8>>,
    pub(super) agent_key: Option<String>,
    pub(super) agent_sealed: Option<Vec<u8>>,
}

const SELECT: &str = "SELECT e.id, e.organisation_id, e.occurred_at, e.action, e.actor_kind, e.actor_id, e.target_id, e.result,
                e.request_id, e.canonical, u.name AS user_name, k.name AS key_name,
                a.data_key_id AS address_key, a.sealed AS address_sealed,
                g.data_key_id AS agent_key, g.sealed AS agent_sealed
         FROM audit_events e
         LEFT JOIN users u ON u.id = e.actor_id
         LEFT JOIN api_keys k ON k.id = e.actor_id AND k.organisation_id = e.organisation_id
         LEFT JOIN audit_personal a ON a.event_id = e.id AND a.field = 'address'
         LEFT JOIN audit_personal g ON g.event_id = e.id AND g.field = 'userAgent'";

/// The query of the log: what is asked for, and the tenant. At most one code: several are
/// several queries, for only an equality leaves the index in the order of the ids.
pub(super) fn search(tenant: &str, bounds: &Bounds, action: Option<&str>) -> (String, Vec<String>) {
    let mut query = Query::new(SELECT);
    query.hold("e.organisation_id =", tenant);
    query.hold("e.id <", &bounds.before);
    query.hold_some("e.id >=", bounds.from.as_deref());
    match &bounds.actor {
        Some(Actor::Id(id)) => query.hold("e.actor_id =", id),
        Some(Actor::Kind(kind)) => {
            query.hold("e.actor_kind =", *kind);
            query.hold_also("e.actor_id IS NULL");
        }
        None => {}
    }
    query.hold_some("e.target_id =", bounds.target.as_deref());
    query.hold_some("e.action =", action);
    query.end("e.id DESC")
}

/// The tenant's events within the bounds, newest first.
pub(super) async fn list(
    conn: &mut Conn,
    tenant: &str,
    bounds: &Bounds,
    limit: i64,
) -> Result<Vec<EventRow>, DbError> {
    let Some(actions) = &bounds.actions else {
        return fetch!(conn, EventRow, search(tenant, bounds, None), limit);
    };
    let mut events = Vec::new();
    for action in actions {
        let query = search(tenant, bounds, Some(action));
        events.extend(fetch!(conn, EventRow, query, limit)?);
    }
    events.sort_by(|a: &EventRow, b| b.id.cmp(&a.id));
    events.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(events)
}

/// The events with this target, oldest first.
pub(super) async fn of_target(
    conn: &mut Conn,
    tenant: &str,
    target: &str,
    limit: i64,
) -> Result<Vec<EventRow>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, EventRow>(
        "SELECT e.id, e.organisation_id, e.occurred_at, e.action, e.actor_kind, e.actor_id, e.target_id, e.result,
                e.request_id, e.canonical, u.name AS user_name, k.name AS key_name,
                a.data_key_id AS address_key, a.sealed AS address_sealed,
                g.data_key_id AS agent_key, g.sealed AS agent_sealed
         FROM audit_events e
         LEFT JOIN users u ON u.id = e.actor_id
         LEFT JOIN api_keys k ON k.id = e.actor_id AND k.organisation_id = e.organisation_id
         LEFT JOIN audit_personal a ON a.event_id = e.id AND a.field = 'address'
         LEFT JOIN audit_personal g ON g.event_id = e.id AND g.field = 'userAgent'
         WHERE e.organisation_id = $1 AND e.target_id = $2
         ORDER BY e.id LIMIT $3"
    )
    .bind(tenant)
    .bind(target)
    .bind(limit)
    .fetch_all(c)
    .await
    })
}

/// The events with this account as their target, of every tenant: they are its owner's to see.
pub(super) async fn of_account(
    conn: &mut Conn,
    user: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<EventRow>, DbError> {
    let mut query = Query::new(SELECT);
    query.hold("e.target_id =", user);
    query.hold("e.id <", before);
    fetch!(conn, EventRow, query.end("e.id DESC"), limit)
}
