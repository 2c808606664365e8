//! The rows of `audit_events` and `audit_personal`.

use db::{Conn, DbError, execute, on};

use super::{event::Sealed, find::placeholders};
use crate::search::{Query, fetch};

/// Rows of one INSERT: 11 values each, and SQLite takes 32,766 of them.
pub(super) const ROWS: usize = 900;

/// At most [`ROWS`] events at once.
pub(super) async fn insert_events(conn: &mut Conn, events: &[Sealed]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO audit_events (id, organisation_id, occurred_at, action, actor_kind, actor_id,
             target_id, result, request_id, canonical, leaf_hash) "
        )
        .push_values(events, |mut values, event| {
            let organisation = event.organisation.map(|id| id.to_string()).unwrap_or_default();
            values
                .push_bind(event.id.to_string())
                .push_bind(organisation)
                .push_bind(event.at.as_millis())
                .push_bind(event.action.code())
                .push_bind(event.actor.kind)
                .push_bind(event.actor.id.as_deref())
                .push_bind(event.targets.first().map(String::as_str))
                .push_bind(event.result.as_str())
                .push_bind(event.request.as_deref())
                .push_bind(event.canonical.as_str())
                .push_bind(event.leaf_hash.as_slice());
        })
        .build()
        .persistent(events.len() == 1)
    )
    .map(|_| ())
}

pub(super) struct PersonalRow {
    pub(super) event_id: String,
    pub(super) field: &'static str,
    pub(super) organisation_id: String,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
    pub(super) blind_index: [u8; 32],
}

/// The personal fields of at most [`ROWS`] events; none is fine too.
pub(super) async fn insert_personal(conn: &mut Conn, rows: &[PersonalRow]) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO audit_personal (event_id, field, organisation_id, data_key_id, sealed, blind_index) "
        )
        .push_values(rows, |mut values, row| {
            values
                .push_bind(&row.event_id)
                .push_bind(row.field)
                .push_bind(&row.organisation_id)
                .push_bind(&row.data_key_id)
                .push_bind(row.sealed.as_slice())
                .push_bind(row.blind_index.as_slice());
        })
        .build()
        .persistent(rows.len() <= 2)
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

/// Rows that are read in one statement.
pub(super) const ROWS_AT_ONCE: usize = 64;

/// These events with their names, newest first, as far as they are the tenant's; of every tenant
/// if none is named. At most [`ROWS_AT_ONCE`].
pub(super) async fn by_ids(
    conn: &mut Conn,
    tenant: Option<&str>,
    ids: &[String],
) -> Result<Vec<EventRow>, DbError> {
    let Some(last) = ids.last() else {
        return Ok(Vec::new());
    };
    // Always as many placeholders, so that it is one prepared statement: the last id again.
    let places = placeholders(1, ROWS_AT_ONCE);
    let own = tenant.map_or_else(String::new, |_| {
        format!(" AND e.organisation_id = ${}", ROWS_AT_ONCE + 1)
    });
    let text = format!("{SELECT} WHERE e.id IN ({places}){own} ORDER BY e.id DESC");
    on!(conn, |c| {
        let mut query = sqlx::query_as::<_, EventRow>(sqlx::AssertSqlSafe(text));
        for id in ids.iter().chain(std::iter::repeat(last)).take(ROWS_AT_ONCE) {
            query = query.bind(id);
        }
        if let Some(tenant) = tenant {
            query = query.bind(tenant);
        }
        query.fetch_all(c).await
    })
}

/// The person with this e-mail address, as it is compared.
pub(super) async fn user_by_email(conn: &mut Conn, email_key: &str) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT id FROM users WHERE email_key = $1"
    )
    .bind(email_key)
    .fetch_optional(c)
    .await)
}

/// What of an event's row is in no list: its leaf, and its place.
pub(super) async fn leaf(conn: &mut Conn, event: &str) -> Result<Option<(Vec<u8>, Option<i64>)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (Vec<u8>, Option<i64>)>(
        "SELECT leaf_hash, leaf_index FROM audit_events WHERE id = $1"
    )
    .bind(event)
    .fetch_optional(c)
    .await)
}

/// Organisations by name: id and name.
pub(super) async fn organisations(conn: &mut Conn, limit: i64) -> Result<Vec<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT id, name FROM organisations ORDER BY name, id LIMIT $1"
    )
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// What this organisation is called, if it is one.
pub(super) async fn organisation_name(conn: &mut Conn, id: &str) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT name FROM organisations WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// The events with this target, oldest first.
pub(super) async fn of_target(
    conn: &mut Conn,
    tenant: &str,
    target: &str,
    limit: i64,
) -> Result<Vec<EventRow>, DbError> {
    let mut query = Query::new(SELECT);
    query.hold("e.organisation_id =", tenant);
    query.hold("e.target_id =", target);
    fetch!(conn, EventRow, query.end("e.id"), limit)
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

/// An event's organisation and text.
pub(super) async fn canonical(conn: &mut Conn, event: &str) -> Result<Option<(String, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT organisation_id, canonical FROM audit_events WHERE id = $1"
    )
    .bind(event)
    .fetch_optional(c)
    .await)
}

/// A sealed personal value, where it stands.
#[derive(sqlx::FromRow)]
pub(super) struct SealedRow {
    pub(super) event_id: String,
    pub(super) organisation_id: String,
    pub(super) field: String,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
}

/// An event's sealed personal values.
pub(super) async fn sealed(conn: &mut Conn, event: &str) -> Result<Vec<SealedRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SealedRow>(
        "SELECT event_id, organisation_id, field, data_key_id, sealed FROM audit_personal
         WHERE event_id = $1 ORDER BY field"
    )
    .bind(event)
    .fetch_all(c)
    .await)
}

/// The ledger's verifier keys, the present one first.
pub(super) async fn verifier_keys(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT verifier_key FROM ledger_keys ORDER BY created_at DESC, id DESC"
    )
    .fetch_all(c)
    .await)
}
