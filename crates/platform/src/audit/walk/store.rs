//! Reading the whole log, whosever it is, in order of place.

use db::{Conn, DbError, on};

/// A row with a place. Of a retired one only its hash is left, and the event that tells of it.
#[derive(sqlx::FromRow)]
pub(super) struct PlacedRow {
    pub(super) leaf_index: i64,
    pub(super) leaf_hash: Vec<u8>,
    pub(super) retired_by: Option<String>,
    pub(super) id: Option<String>,
    pub(super) organisation_id: Option<String>,
    pub(super) occurred_at: Option<i64>,
    pub(super) action: Option<String>,
    pub(super) actor_kind: Option<String>,
    pub(super) actor_id: Option<String>,
    pub(super) target_id: Option<String>,
    pub(super) result: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) canonical: Option<String>,
}

const EVENT: &str =
    "SELECT leaf_index, leaf_hash, NULL AS retired_by, id, organisation_id, occurred_at, action,
        actor_kind, actor_id, target_id, result, request_id, canonical FROM audit_events";

/// Rows from a place on to before another, those that are there and those that were retired, in
/// one statement: a row that is retired meanwhile is seen as one of the two.
pub(super) async fn placed(conn: &mut Conn, from: i64, before: i64) -> Result<Vec<PlacedRow>, DbError> {
    let query = format!(
        "{EVENT} WHERE leaf_index >= $1 AND leaf_index < $2
         UNION ALL
         SELECT leaf_index, leaf_hash, retirement_event_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
         FROM audit_retired WHERE leaf_index >= $1 AND leaf_index < $2
         ORDER BY leaf_index"
    );
    on!(conn, |c| {
        sqlx::query_as::<_, PlacedRow>(sqlx::AssertSqlSafe(query.as_str()))
            .bind(from)
            .bind(before)
            .fetch_all(c)
            .await
    })
}

/// Events that wait for their place, by id.
pub(super) async fn waiting(
    conn: &mut Conn,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, String, Vec<u8>)>, DbError> {
    on!(conn, |c| {
        sqlx::query_as::<_, (String, String, Vec<u8>)>(
        "SELECT id, canonical, leaf_hash FROM audit_events WHERE leaf_index IS NULL AND id > $1 ORDER BY id LIMIT $2"
    )
    .bind(after)
    .bind(limit)
    .fetch_all(c)
    .await
    })
}

/// One event's text.
pub(super) async fn canonical(conn: &mut Conn, id: &str) -> Result<Option<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, String>(
        "SELECT canonical FROM audit_events WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// What one event retired, in order.
pub(super) async fn retired_by(conn: &mut Conn, event: &str) -> Result<Vec<(i64, Vec<u8>)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, Vec<u8>)>(
        "SELECT leaf_index, leaf_hash FROM audit_retired WHERE retirement_event_id = $1 ORDER BY leaf_index"
    )
    .bind(event)
    .fetch_all(c)
    .await)
}

/// How far rows, retired rows, and checkpoints reach.
pub(super) async fn reach(conn: &mut Conn) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Option<i64>>(
        "SELECT MAX(reach) FROM (
             SELECT MAX(leaf_index) + 1 AS reach FROM audit_events
             UNION ALL SELECT MAX(leaf_index) + 1 FROM audit_retired
             UNION ALL SELECT MAX(tree_size) FROM ledger_checkpoints
             UNION ALL SELECT MAX(tile_index) * 256 + 1 FROM ledger_tiles WHERE level = 0
         ) AS reaches"
    )
    .fetch_one(c)
    .await)
    .map(Option::unwrap_or_default)
}

/// A tile's hashes.
pub(super) async fn tile(conn: &mut Conn, level: i64, index: i64) -> Result<Option<Vec<u8>>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, Vec<u8>>(
        "SELECT hashes FROM ledger_tiles WHERE level = $1 AND tile_index = $2"
    )
    .bind(level)
    .bind(index)
    .fetch_optional(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(super) struct HeadRow {
    pub(super) tree_size: i64,
    pub(super) root_hash: Vec<u8>,
    pub(super) note: String,
}

/// Checkpoints above a size, up to another, the smallest first.
pub(super) async fn heads(conn: &mut Conn, above: i64, up_to: i64) -> Result<Vec<HeadRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, HeadRow>(
        "SELECT tree_size, root_hash, note FROM ledger_checkpoints
         WHERE tree_size > $1 AND tree_size <= $2 ORDER BY tree_size"
    )
    .bind(above)
    .bind(up_to)
    .fetch_all(c)
    .await)
}

/// Their cosignatures.
pub(super) async fn cosignatures(
    conn: &mut Conn,
    above: i64,
    up_to: i64,
) -> Result<Vec<(i64, String)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, String)>(
        "SELECT tree_size, line FROM ledger_cosignatures
         WHERE tree_size > $1 AND tree_size <= $2 ORDER BY tree_size, witness"
    )
    .bind(above)
    .bind(up_to)
    .fetch_all(c)
    .await)
}

#[derive(sqlx::FromRow)]
pub(super) struct SealedRow {
    pub(super) leaf_index: i64,
    pub(super) event_id: String,
    pub(super) organisation_id: String,
    pub(super) field: String,
    pub(super) data_key_id: String,
    pub(super) sealed: Vec<u8>,
}

/// The sealed personal values of events from a place on to before another.
pub(super) async fn sealed(conn: &mut Conn, from: i64, before: i64) -> Result<Vec<SealedRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SealedRow>(
        "SELECT e.leaf_index, p.event_id, p.organisation_id, p.field, p.data_key_id, p.sealed
         FROM audit_events e JOIN audit_personal p ON p.event_id = e.id
         WHERE e.leaf_index >= $1 AND e.leaf_index < $2
         ORDER BY e.leaf_index, p.field"
    )
    .bind(from)
    .bind(before)
    .fetch_all(c)
    .await)
}
