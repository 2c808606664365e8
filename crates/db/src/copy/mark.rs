//! The mark in a target that a copy into it is not finished, and of which source.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;

use super::catalogue::Table;
use super::refusal;
use super::rows::{Value, count, count_to, greatest_key};
use super::side::{Side, on_side};
use crate::DbError;

/// Its table. It has no migration: it comes with a copy and goes with it.
pub(crate) const TABLE: &str = "_copy";

/// Marks the target, or finds the mark of an interrupted copy of the same source; gives the
/// rows that one brought over.
pub(super) async fn set(
    source: &mut Side,
    target: &mut Side,
    tables: &[Table],
    totals: &[(String, u64)],
) -> Result<u64, DbError> {
    let identity = identity(source, tables, totals).await?;
    match read(target).await? {
        None => {
            for table in tables {
                if count(target, table).await? > 0 {
                    return Err(refusal(format!(
                        "The target has data of its own (in {}): give an empty database",
                        table.name
                    )));
                }
            }
            let create = format!(
                "BEGIN; CREATE TABLE {TABLE} (source TEXT NOT NULL); \
                 INSERT INTO {TABLE} VALUES ('{identity}'); COMMIT"
            );
            target.execute(&create).await?;
            Ok(0)
        }
        Some(found) if found == identity => prefix(source, target, tables).await,
        Some(_) => Err(refusal(
            "The target has half a copy of another source, or the source changed since: empty the \
             target (drop the database and make it anew), then run the copy again"
                .to_owned(),
        )),
    }
}

pub(super) async fn clear(target: &mut Side) -> Result<(), DbError> {
    target.execute(&format!("DROP TABLE {TABLE}")).await?;
    if let Side::Postgres(_) = target {
        // A table that was filled at once has no statistics, and plans would go astray.
        target.execute("ANALYZE").await?;
    }
    Ok(())
}

pub(super) async fn refuse_marked(source: &mut Side) -> Result<(), DbError> {
    if is_marked(source).await? {
        return Err(refusal(
            "The source is itself half a copy: finish that one first".to_owned(),
        ));
    }
    Ok(())
}

pub(super) async fn is_marked(side: &mut Side) -> Result<bool, DbError> {
    Ok(read(side).await?.is_some())
}

async fn read(side: &mut Side) -> Result<Option<String>, DbError> {
    let query = match side {
        Side::Sqlite(_) => "SELECT count(*) FROM sqlite_schema WHERE name = $1",
        Side::Postgres(_) => "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)",
    };
    let there: i64 = on_side!(&mut *side, |c| sqlx::query_scalar(query)
        .bind(TABLE)
        .fetch_one(c)
        .await)?;
    if there == 0 {
        return Ok(None);
    }
    let query = format!("SELECT source FROM {TABLE}");
    let source: String = on_side!(side, |c| sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(c)
        .await)?;
    Ok(Some(source))
}

/// Changes with nearly everything a server does; what it misses, the comparison finds.
async fn identity(source: &mut Side, tables: &[Table], totals: &[(String, u64)]) -> Result<String, DbError> {
    let mut hash = Sha256::new();
    for (table, (name, total)) in tables.iter().zip(totals) {
        let greatest = greatest_key(source, table).await?;
        hash.update(format!("{name} {total} {greatest:?}\n"));
    }
    Ok(hex(&hash.finalize()))
}

/// Whether what is in the target is the beginning of each table in the source.
async fn prefix(source: &mut Side, target: &mut Side, tables: &[Table]) -> Result<u64, DbError> {
    let mut all = 0;
    for table in tables {
        let key: Option<Vec<Value>> = greatest_key(target, table).await?;
        let Some(key) = key else { continue };
        let there = count(target, table).await?;
        if there != count_to(source, table, &key).await? {
            return Err(refusal(format!(
                "The target's {} is not the beginning of the source's: empty the target (drop the \
                 database and make it anew), then run the copy again",
                table.name
            )));
        }
        all += there;
    }
    Ok(all)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ok = write!(text, "{byte:02x}");
        text
    })
}
