//! Reading `audit_events` by place.

use db::{Conn, DbError, on};

#[derive(sqlx::FromRow)]
pub(super) struct SequencedRow {
    pub(super) id: String,
    pub(super) leaf_index: i64,
    pub(super) occurred_at: i64,
    pub(super) action: String,
    pub(super) actor_kind: String,
    pub(super) result: String,
    pub(super) canonical: String,
    pub(super) address_key: Option<String>,
    pub(super) address_sealed: Option<Vec<u8>>,
    pub(super) agent_key: Option<String>,
    pub(super) agent_sealed: Option<Vec<u8>>,
}

/// The log's events from this place on, in order.
pub(super) async fn sequenced(
    conn: &mut Conn,
    tenant: &str,
    from: i64,
    limit: i64,
) -> Result<Vec<SequencedRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SequencedRow>(
        "SELECT e.id, e.leaf_index, e.occurred_at, e.action, e.actor_kind, e.result, e.canonical,
                a.data_key_id AS address_key, a.sealed AS address_sealed,
                g.data_key_id AS agent_key, g.sealed AS agent_sealed
         FROM audit_events e
         LEFT JOIN audit_personal a ON a.event_id = e.id AND a.field = 'address'
         LEFT JOIN audit_personal g ON g.event_id = e.id AND g.field = 'userAgent'
         WHERE e.organisation_id = $1 AND e.leaf_index >= $2
         ORDER BY e.leaf_index LIMIT $3"
    )
    .bind(tenant)
    .bind(from)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// How many there are, up to the limit.
pub(super) async fn count_sequenced(
    conn: &mut Conn,
    tenant: &str,
    from: i64,
    limit: i64,
) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM (SELECT 1 FROM audit_events
         WHERE organisation_id = $1 AND leaf_index >= $2 LIMIT $3) AS found"
    )
    .bind(tenant)
    .bind(from)
    .bind(limit)
    .fetch_one(c)
    .await)
}

/// One more than the last place that was given, of events that are there.
pub(super) async fn places(conn: &mut Conn) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Option<i64>>(
        "SELECT MAX(leaf_index) + 1 FROM audit_events"
    )
    .fetch_one(c)
    .await)
    .map(Option::unwrap_or_default)
}
