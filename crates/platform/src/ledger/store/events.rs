//! Events and their places.

use db::{Conn, DbError, on};

/// An event that was just given its place.
#[derive(sqlx::FromRow)]
pub(in crate::ledger) struct PlacedRow {
    pub(in crate::ledger) id: String,
    pub(in crate::ledger) canonical: String,
    pub(in crate::ledger) leaf_hash: Vec<u8>,
    pub(in crate::ledger) leaf_index: i64,
}

/// Gives events that have no place the places from `first` on, in the order of their ids, and
/// gives them in that order. One statement, so that on PostgreSQL what another transaction
/// commits meanwhile is either in it with its place or not in it at all.
pub(in crate::ledger) async fn place(
    conn: &mut Conn,
    first: i64,
    limit: i64,
) -> Result<Vec<PlacedRow>, DbError> {
    let mut placed = on!(conn, |c| sqlx::query_as::<_, PlacedRow>(
        "UPDATE audit_events SET leaf_index = numbered.place
         FROM (SELECT next.waiting, $1 - 1 + ROW_NUMBER() OVER (ORDER BY next.waiting) AS place
               FROM (SELECT id AS waiting FROM audit_events WHERE leaf_index IS NULL
                     ORDER BY id LIMIT $2) AS next) AS numbered
         WHERE audit_events.id = numbered.waiting
         RETURNING id, canonical, leaf_hash, leaf_index"
    )
    .bind(first)
    .bind(limit)
    .fetch_all(c)
    .await)?;
    placed.sort_unstable_by_key(|row| row.leaf_index);
    Ok(placed)
}

/// How many events wait for their places, counted up to `most`, and when the first of them
/// happened.
pub(in crate::ledger) async fn waiting(conn: &mut Conn, most: i64) -> Result<(i64, Option<i64>), DbError> {
    let first = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT occurred_at FROM audit_events WHERE leaf_index IS NULL ORDER BY id LIMIT 1"
    )
    .fetch_optional(c)
    .await)?;
    if first.is_none() || most <= 1 {
        return Ok((i64::from(first.is_some()), first));
    }
    let count = on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM (SELECT 1 FROM audit_events WHERE leaf_index IS NULL LIMIT $1) AS counted"
    )
    .bind(most)
    .fetch_one(c)
    .await)?;
    Ok((count, first))
}

/// An event's place and organisation, if there is such an event; no tenant: of any.
pub(in crate::ledger) async fn leaf_of(
    conn: &mut Conn,
    tenant: Option<&str>,
    event: &str,
) -> Result<Option<Option<i64>>, DbError> {
    const ANY: &str = "SELECT leaf_index FROM audit_events WHERE id = $1";
    const OURS: &str = "SELECT leaf_index FROM audit_events WHERE id = $1 AND organisation_id = $2";
    on!(conn, |c| match tenant {
        None =>
            sqlx::query_scalar::<_, Option<i64>>(ANY)
                .bind(event)
                .fetch_optional(c)
                .await,
        Some(tenant) =>
            sqlx::query_scalar::<_, Option<i64>>(OURS)
                .bind(event)
                .bind(tenant)
                .fetch_optional(c)
                .await,
    })
}
