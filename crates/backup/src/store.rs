//! What is counted and asked in a database.

use db::{Conn, DbError, Kind, execute, on};
use sha2::{Digest as _, Sha256};
use types::backup::RestoreNote;

use crate::Census;

/// Events read in one go.
const PAGE: i64 = 1000;

/// Reads the whole audit log and hashes every event anew (RFC 6962, section 2.1).
pub(crate) async fn census(conn: &mut Conn) -> Result<Census, DbError> {
    let applied = "SELECT version, description FROM _sqlx_migrations";
    let applied: Vec<(i64, String)> = on!(conn, |c| sqlx::query_as(applied).fetch_all(c).await)?;
    let schema = applied.iter().map(|(version, _)| *version).max();
    let needs = applied.iter().filter(|(_, name)| !db::expands(name));
    let needs = needs.map(|(version, _)| *version).max();
    let (mut events, mut wrong_events) = (0, 0);
    let mut hash = Sha256::new();
    let mut after = String::new();
    loop {
        let rows: Vec<(String, String, Vec<u8>)> = on!(conn, |c| sqlx::query_as(
            "SELECT id, canonical, leaf_hash FROM audit_events WHERE id > $1 ORDER BY id LIMIT $2"
        )
        .bind(&after)
        .bind(PAGE)
        .fetch_all(c)
        .await)?;
        for (_, canonical, leaf) in &rows {
            let right = Sha256::new_with_prefix([0]).chain_update(canonical).finalize();
            wrong_events += u64::from(right.as_slice() != leaf.as_slice());
            events += 1;
            hash.update(leaf);
        }
        match rows.into_iter().next_back() {
            Some((id, ..)) => after = id,
            None => break,
        }
    }
    Ok(Census {
        schema: schema.unwrap_or_default(),
        needs,
        events,
        events_hash: hex::encode(hash.finalize()),
        wrong_events,
    })
}

/// Leaves the note of a restore for whoever opens the database first.
pub(crate) async fn leave_note(conn: &mut Conn, note: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "INSERT INTO installation (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
        .bind(RestoreNote::NAME)
        .bind(note)
    )
    .map(|_| ())
}

/// Whether every page and every index of a SQLite file is sound.
pub(crate) async fn is_sound(conn: &mut Conn) -> Result<bool, DbError> {
    if conn.kind() == Kind::Postgres {
        return Ok(true);
    }
    let answer: String = on!(conn, |c| sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(c)
        .await)?;
    Ok(answer == "ok")
}

/// Makes a PostgreSQL transaction see one moment, lets it stay open, and gives the name by
/// which `pg_dump` sees the same.
pub(crate) async fn export_snapshot(conn: &mut Conn) -> Result<String, DbError> {
    execute!(
        conn,
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    )?;
    // A dump may take hours, and this transaction waits for it.
    execute!(conn, sqlx::query("SET LOCAL statement_timeout = 0"))?;
    execute!(
        conn,
        sqlx::query("SET LOCAL idle_in_transaction_session_timeout = 0")
    )?;
    on!(conn, |c| sqlx::query_scalar("SELECT pg_export_snapshot()")
        .fetch_one(c)
        .await)
}

/// The major version of a PostgreSQL server.
pub(crate) async fn server_major(conn: &mut Conn) -> Result<u32, DbError> {
    let number: String = on!(conn, |c| sqlx::query_scalar(
        "SELECT current_setting('server_version_num')"
    )
    .fetch_one(c)
    .await)?;
    Ok(number.parse::<u32>().unwrap_or_default() / 10_000)
}

/// Tables, views and sequences in the schema that a connection to PostgreSQL works in.
pub(crate) async fn relations(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar(
        "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
         ORDER BY 1"
    )
    .fetch_all(c)
    .await)
}

/// Tables of the same place, to be dropped after a drill.
pub(crate) async fn tables(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar(
        "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') ORDER BY 1"
    )
    .fetch_all(c)
    .await)
}

pub(crate) async fn drop_table(conn: &mut Conn, name: &str) -> Result<(), DbError> {
    let text = format!("DROP TABLE IF EXISTS \"{}\" CASCADE", name.replace('"', "\"\""));
    execute!(conn, sqlx::query(sqlx::AssertSqlSafe(text.as_str()))).map(|_| ())
}

/// Databases on the same server whose name begins so.
pub(crate) async fn databases(conn: &mut Conn, prefix: &str) -> Result<Vec<String>, DbError> {
    on!(conn, |c| sqlx::query_scalar(
        "SELECT CAST(datname AS TEXT) FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1"
    )
    .bind(prefix)
    .fetch_all(c)
    .await)
}
