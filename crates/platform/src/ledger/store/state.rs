//! Who may give places to events, and up to where it is done.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

/// The one row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::ledger) struct StateRow {
    pub(in crate::ledger) epoch: i64,
    pub(in crate::ledger) tree_size: i64,
    pub(in crate::ledger) problem: Option<String>,
    pub(in crate::ledger) problem_at: Option<i64>,
}

/// Makes the row, of a tree without leaves.
pub(in crate::ledger) async fn make_state(conn: &mut Conn, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO ledger_state (id, epoch, tree_size, updated_at) VALUES ('ledger', 0, 0, $1)
             ON CONFLICT (id) DO NOTHING"
        )
        .bind(now.as_millis())
    )
    .map(|_| ())
}

pub(in crate::ledger) async fn state(conn: &mut Conn) -> Result<Option<StateRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StateRow>(
        "SELECT epoch, tree_size, problem, problem_at FROM ledger_state WHERE id = 'ledger'"
    )
    .fetch_optional(c)
    .await)
}

/// Takes the claim under a higher epoch, if it is nobody's, was this claimant's before or has
/// ended; one whose batch is under way is passed over and not waited for. On SQLite there is one
/// server, so that whoever had it before is dead.
pub(in crate::ledger) async fn claim(
    conn: &mut Conn,
    claimant: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<StateRow>, DbError> {
    const SQLITE: &str = "UPDATE ledger_state
         SET epoch = epoch + 1, claimant = $1, claimed_until = $3, updated_at = $2
         WHERE id = 'ledger'
         RETURNING epoch, tree_size, problem, problem_at";
    const POSTGRES: &str = "UPDATE ledger_state
         SET epoch = epoch + 1, claimant = $1, claimed_until = $3, updated_at = $2
         WHERE id IN (SELECT id FROM ledger_state
             WHERE claimed_until IS NULL OR claimed_until <= $2 OR claimant = $1
             FOR UPDATE SKIP LOCKED)
         RETURNING epoch, tree_size, problem, problem_at";
    let text = match conn.kind() {
        db::Kind::Sqlite => SQLITE,
        db::Kind::Postgres => POSTGRES,
    };
    on!(conn, |c| sqlx::query_as::<_, StateRow>(text)
        .bind(claimant)
        .bind(now.as_millis())
        .bind(until.as_millis())
        .fetch_optional(c)
        .await)
}

/// Makes the claim of this epoch last longer, and keeps others out until the end of the
/// transaction; nothing if a higher epoch has begun.
pub(in crate::ledger) async fn hold(
    conn: &mut Conn,
    epoch: i64,
    until: Timestamp,
    now: Timestamp,
) -> Result<Option<StateRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StateRow>(
        "UPDATE ledger_state SET claimed_until = $2, updated_at = $3
         WHERE id = 'ledger' AND epoch = $1
         RETURNING epoch, tree_size, problem, problem_at"
    )
    .bind(epoch)
    .bind(until.as_millis())
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// Says how large the tree is now, and that nothing is wrong; whether the epoch still held.
pub(in crate::ledger) async fn grow(
    conn: &mut Conn,
    epoch: i64,
    size: i64,
    now: Timestamp,
) -> Result<bool, DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE ledger_state SET tree_size = $2, problem = NULL, problem_at = NULL, updated_at = $3
             WHERE id = 'ledger' AND epoch = $1"
        )
        .bind(epoch)
        .bind(size)
        .bind(now.as_millis())
    )
    .map(|changed| changed == 1)
}

/// Notes what keeps events from their places, if it is another thing than before.
pub(in crate::ledger) async fn set_problem(
    conn: &mut Conn,
    problem: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE ledger_state SET problem = $1, problem_at = $2, updated_at = $2
             WHERE id = 'ledger' AND (problem IS NULL OR problem <> $1)"
        )
        .bind(problem)
        .bind(now.as_millis())
    )
    .map(|changed| changed == 1)
}

/// Ends the claim of this epoch, so that another server need not wait for its time.
pub(in crate::ledger) async fn release(conn: &mut Conn, epoch: i64, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE ledger_state SET claimant = NULL, claimed_until = NULL, updated_at = $2
             WHERE id = 'ledger' AND epoch = $1"
        )
        .bind(epoch)
        .bind(now.as_millis())
    )
    .map(|_| ())
}
