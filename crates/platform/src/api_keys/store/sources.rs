//! The rows of `api_key_sources`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// Where a key was used from: address and program, sealed.
pub(in crate::api_keys) struct Source {
    pub(in crate::api_keys) key: String,
    pub(in crate::api_keys) organisation: String,
    pub(in crate::api_keys) digest: [u8; 32],
    pub(in crate::api_keys) data_key: String,
    pub(in crate::api_keys) sealed: Vec<u8>,
    pub(in crate::api_keys) first: Timestamp,
    pub(in crate::api_keys) last: Timestamp,
    pub(in crate::api_keys) calls: i64,
}

/// Adds to what is known of sources; none twice, and at most 900 at once.
pub(in crate::api_keys) async fn note_sources(conn: &mut Conn, sources: &[Source]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO api_key_sources (api_key_id, digest, organisation_id, data_key_id, sealed,
             first_at, last_at, calls) "
        )
        .push_values(sources, |mut row, source| {
            row.push_bind(&source.key)
                .push_bind(source.digest.as_slice())
                .push_bind(&source.organisation)
                .push_bind(&source.data_key)
                .push_bind(source.sealed.as_slice())
                .push_bind(source.first.as_millis())
                .push_bind(source.last.as_millis())
                .push_bind(source.calls);
        })
        .push(
            " ON CONFLICT (api_key_id, digest) DO UPDATE SET
                 last_at = CASE WHEN excluded.last_at > api_key_sources.last_at
                                THEN excluded.last_at ELSE api_key_sources.last_at END,
                 calls = api_key_sources.calls + excluded.calls"
        )
        .build()
    )
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
pub(in crate::api_keys) struct SourceRow {
    pub(in crate::api_keys) digest: Vec<u8>,
    pub(in crate::api_keys) data_key_id: String,
    pub(in crate::api_keys) sealed: Vec<u8>,
    pub(in crate::api_keys) first_at: i64,
    pub(in crate::api_keys) last_at: i64,
    pub(in crate::api_keys) calls: i64,
}

/// From where a key was used from a moment on, the latest first.
pub(in crate::api_keys) async fn sources(
    conn: &mut Conn,
    key: &str,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<SourceRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, SourceRow>(
        "SELECT digest, data_key_id, sealed, first_at, last_at, calls FROM api_key_sources
         WHERE api_key_id = $1 AND last_at >= $2 ORDER BY last_at DESC LIMIT $3"
    )
    .bind(key)
    .bind(since.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Removes the sources that were not seen since, at most so many.
pub(in crate::api_keys) async fn forget_sources(
    conn: &mut Conn,
    before: Timestamp,
    limit: i64,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM api_key_sources WHERE (api_key_id, digest) IN
                 (SELECT api_key_id, digest FROM api_key_sources WHERE last_at < $1
                  ORDER BY last_at LIMIT $2)"
        )
        .bind(before.as_millis())
        .bind(limit)
    )
    .map(|_| ())
}
