//! The rows of `leak_reports`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(sqlx::FromRow)]
pub(super) struct LeakRow {
    pub(super) id: String,
    pub(super) digests: Vec<u8>,
    pub(super) source: String,
    pub(super) place: String,
}

pub(super) async fn insert(conn: &mut Conn, row: &LeakRow, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO leak_reports (id, digests, source, place, created_at)
             VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(&row.id)
        .bind(row.digests.as_slice())
        .bind(&row.source)
        .bind(&row.place)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Takes a report away, and gives it.
pub(super) async fn take(conn: &mut Conn, id: &str) -> Result<Option<LeakRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, LeakRow>(
        "DELETE FROM leak_reports WHERE id = $1 RETURNING id, digests, source, place"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}
