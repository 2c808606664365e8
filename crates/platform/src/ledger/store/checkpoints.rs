//! Published tree heads, and what witnesses signed of them.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::ledger) struct CheckpointRow {
    pub(in crate::ledger) tree_size: i64,
    pub(in crate::ledger) root_hash: Vec<u8>,
    /// As the log signed it, without cosignatures.
    pub(in crate::ledger) note: String,
    pub(in crate::ledger) published_at: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::ledger) struct CosignatureRow {
    pub(in crate::ledger) tree_size: i64,
    pub(in crate::ledger) witness: String,
    pub(in crate::ledger) line: String,
}

pub(in crate::ledger) async fn insert_checkpoint(
    conn: &mut Conn,
    row: &CheckpointRow,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO ledger_checkpoints (tree_size, root_hash, note, published_at)
             VALUES ($1, $2, $3, $4)"
        )
        .bind(row.tree_size)
        .bind(&row.root_hash)
        .bind(&row.note)
        .bind(row.published_at)
    )
    .map(|_| ())
}

/// The newest ones.
pub(in crate::ledger) async fn checkpoints(
    conn: &mut Conn,
    limit: i64,
) -> Result<Vec<CheckpointRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, CheckpointRow>(
        "SELECT tree_size, root_hash, note, published_at FROM ledger_checkpoints
         ORDER BY tree_size DESC LIMIT $1"
    )
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// The newest.
pub(in crate::ledger) async fn last_checkpoint(conn: &mut Conn) -> Result<Option<CheckpointRow>, DbError> {
    Ok(checkpoints(conn, 1).await?.pop())
}

/// The newest that a witness has signed.
pub(in crate::ledger) async fn newest_cosigned(conn: &mut Conn) -> Result<Option<CheckpointRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, CheckpointRow>(
        "SELECT tree_size, root_hash, note, published_at FROM ledger_checkpoints
         WHERE tree_size = (SELECT MAX(tree_size) FROM ledger_cosignatures)"
    )
    .fetch_optional(c)
    .await)
}

/// What witnesses signed of the checkpoints from one size to another.
pub(in crate::ledger) async fn cosignatures(
    conn: &mut Conn,
    from: i64,
    to: i64,
) -> Result<Vec<CosignatureRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, CosignatureRow>(
        "SELECT tree_size, witness, line FROM ledger_cosignatures
         WHERE tree_size >= $1 AND tree_size <= $2 ORDER BY tree_size, witness"
    )
    .bind(from)
    .bind(to)
    .fetch_all(c)
    .await)
}

/// Keeps a cosignature; a later one of the same witness over the same tree takes its place.
pub(in crate::ledger) async fn insert_cosignature(
    conn: &mut Conn,
    row: &CosignatureRow,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO ledger_cosignatures (tree_size, witness, line, cosigned_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (tree_size, witness) DO UPDATE SET line = excluded.line, cosigned_at = excluded.cosigned_at"
        )
        .bind(row.tree_size)
        .bind(&row.witness)
        .bind(&row.line)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Checkpoints above a size that were published before a moment, smallest first: size and moment.
pub(in crate::ledger) async fn older_checkpoints(
    conn: &mut Conn,
    above: i64,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, (i64, i64)>(
        "SELECT tree_size, published_at FROM ledger_checkpoints
         WHERE tree_size > $1 AND published_at < $2 ORDER BY tree_size LIMIT $3"
    )
    .bind(above)
    .bind(before.as_millis())
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// Removes a checkpoint with its cosignatures.
pub(in crate::ledger) async fn remove_checkpoint(conn: &mut Conn, size: i64) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM ledger_cosignatures WHERE tree_size = $1").bind(size)
    )?;
    execute!(
        conn,
        sqlx::query("DELETE FROM ledger_checkpoints WHERE tree_size = $1").bind(size)
    )
    .map(|_| ())
}
