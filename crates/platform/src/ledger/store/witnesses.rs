//! How each witness stands.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(in crate::ledger) struct WitnessRow {
    pub(in crate::ledger) witness: String,
    /// What it signed last.
    pub(in crate::ledger) tree_size: i64,
    pub(in crate::ledger) answered_at: Option<i64>,
    pub(in crate::ledger) failing_since: Option<i64>,
    pub(in crate::ledger) problem: Option<String>,
    /// When staff were told that it fails.
    pub(in crate::ledger) told_at: Option<i64>,
}

const SELECT: &str =
    "SELECT witness, tree_size, answered_at, failing_since, problem, told_at FROM ledger_witnesses";

pub(in crate::ledger) async fn witnesses(conn: &mut Conn) -> Result<Vec<WitnessRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, WitnessRow>(SELECT)
        .fetch_all(c)
        .await)
}

pub(in crate::ledger) async fn witness(conn: &mut Conn, name: &str) -> Result<Option<WitnessRow>, DbError> {
    let all = witnesses(conn).await?;
    Ok(all.into_iter().find(|row| row.witness == name))
}

/// It signed the tree of this size.
pub(in crate::ledger) async fn answered(
    conn: &mut Conn,
    name: &str,
    size: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO ledger_witnesses (witness, tree_size, answered_at) VALUES ($1, $2, $3)
             ON CONFLICT (witness) DO UPDATE SET answered_at = excluded.answered_at, failing_since = NULL,
             problem = NULL, told_at = NULL,
             tree_size = CASE WHEN excluded.tree_size > ledger_witnesses.tree_size
                 THEN excluded.tree_size ELSE ledger_witnesses.tree_size END"
        )
        .bind(name)
        .bind(size)
        .bind(now.as_millis())
    )
    .map(|_| ())
}

/// It did not answer as it should; gives how it stands now.
pub(in crate::ledger) async fn failed(
    conn: &mut Conn,
    name: &str,
    problem: &str,
    now: Timestamp,
) -> Result<WitnessRow, DbError> {
    on!(conn, |c| sqlx::query_as::<_, WitnessRow>(
        "INSERT INTO ledger_witnesses (witness, tree_size, failing_since, problem) VALUES ($1, 0, $3, $2)
         ON CONFLICT (witness) DO UPDATE SET problem = excluded.problem,
         failing_since = COALESCE(ledger_witnesses.failing_since, excluded.failing_since)
         RETURNING witness, tree_size, answered_at, failing_since, problem, told_at"
    )
    .bind(name)
    .bind(problem)
    .bind(now.as_millis())
    .fetch_one(c)
    .await)
}

/// Staff are told now, if nobody else has told them; whether it is this server's to do.
pub(in crate::ledger) async fn set_told(
    conn: &mut Conn,
    name: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE ledger_witnesses SET told_at = $2 WHERE witness = $1 AND told_at IS NULL")
            .bind(name)
            .bind(now.as_millis())
    )
    .map(|changed| changed == 1)
}

/// Under another key of the log the witnesses begin anew.
pub(in crate::ledger) async fn forget_witnesses(conn: &mut Conn) -> Result<(), DbError> {
    execute!(conn, sqlx::query("DELETE FROM ledger_witnesses")).map(|_| ())
}
