//! The keys that sign checkpoints.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::ledger) struct KeyRow {
    /// The log's origin.
    pub(in crate::ledger) id: String,
    pub(in crate::ledger) verifier_key: String,
    pub(in crate::ledger) data_key_id: String,
    pub(in crate::ledger) sealed_seed: Vec<u8>,
}

pub(in crate::ledger) async fn insert_key(
    conn: &mut Conn,
    row: &KeyRow,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO ledger_keys (id, verifier_key, data_key_id, sealed_seed, created_at)
             VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(&row.id)
        .bind(&row.verifier_key)
        .bind(&row.data_key_id)
        .bind(&row.sealed_seed)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// All of them, the one that signs first.
pub(in crate::ledger) async fn keys(conn: &mut Conn) -> Result<Vec<KeyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, KeyRow>(
        "SELECT id, verifier_key, data_key_id, sealed_seed FROM ledger_keys
         ORDER BY created_at DESC, id DESC"
    )
    .fetch_all(c)
    .await)
}
