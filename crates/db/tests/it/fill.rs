//! Rows for every table of the real schema, made from the schema itself: a table that is new
//! has rows too.

use std::collections::BTreeMap;

use db::Db;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, SqliteConnection};

/// Tables, each after those it refers to.
pub(crate) async fn tables(connection: &mut SqliteConnection) -> Vec<String> {
    let mut left: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_sqlx_migrations' \
         AND name <> '_copy' AND name NOT GLOB 'sqlite_*' ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut ordered: Vec<String> = Vec::new();
    while !left.is_empty() {
        let before = left.len();
        for name in std::mem::take(&mut left) {
            let references = references(connection, &name).await;
            if references.values().all(|(table, _)| ordered.contains(table)) {
                ordered.push(name);
            } else {
                left.push(name);
            }
        }
        assert!(left.len() < before, "a circle: {left:?}");
    }
    ordered
}

/// From a column to the table and column that it refers to.
async fn references(connection: &mut SqliteConnection, table: &str) -> BTreeMap<String, (String, String)> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list($1)")
            .bind(table)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    rows.into_iter()
        .map(|(from, table, to)| (from, (table, to)))
        .collect()
}

/// A value for a column as SQL computes it from the row's number.
fn expression(table: &str, column: &str, kind: &str, boolean: bool, nullable: bool) -> String {
    let value = match kind {
        // Quotes, a backslash, a tab, a line, another script.
        "TEXT" => format!(
            "'{table}.{column} ' || printf('%06d', n) || \
             CASE n % 4 WHEN 0 THEN ' \\N ''' WHEN 1 THEN char(9, 10, 13, 92) WHEN 2 THEN '漢ß' ELSE '' END"
        ),
        "BLOB" => "unhex('00ff' || printf('%016x', n))".to_owned(),
        "INTEGER" if boolean => "n % 2".to_owned(),
        "INTEGER" => "CASE n WHEN 0 THEN -9223372036854775807 ELSE n END".to_owned(),
        other => panic!("{table}.{column} is {other}"),
    };
    if nullable {
        format!("CASE n % 3 WHEN 0 THEN NULL ELSE {value} END")
    } else {
        value
    }
}

/// Fills each table with `few` rows, and those named with `many`.
pub(crate) async fn fill(db: &Db, few: i64, many: i64, long: &[&str]) {
    let mut tx = db.begin().await.unwrap();
    let db::Backend::Sqlite(connection) = tx.backend() else {
        panic!("it fills SQLite")
    };
    for table in tables(&mut *connection).await {
        let references = references(&mut *connection, &table).await;
        let schema: String = sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE name = $1")
            .bind(&table)
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        let columns: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT name, type, \"notnull\" FROM pragma_table_info($1)")
                .bind(&table)
                .fetch_all(&mut *connection)
                .await
                .unwrap();
        let values: Vec<String> = columns
            .iter()
            .map(|(column, kind, not_null)| {
                let boolean = schema.contains(&format!("CHECK ({column} IN (0, 1))"));
                match references.get(column) {
                    Some((other, to)) => format!(
                        "(SELECT {to} FROM (SELECT {to}, row_number() OVER (ORDER BY {to}) - 1 AS place \
                         FROM {other}) WHERE place = n % {few})"
                    ),
                    None => expression(&table, column, kind, boolean, *not_null == 0),
                }
            })
            .collect();
        let rows = if long.contains(&table.as_str()) { many } else { few };
        let insert = format!(
            "INSERT INTO {table} WITH RECURSIVE r(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r \
             WHERE n + 1 < {rows}) SELECT {} FROM r",
            values.join(", ")
        );
        sqlx::query(AssertSqlSafe(insert))
            .execute(&mut *connection)
            .await
            .unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    seal(connection).await;
    tx.commit().await.unwrap();
}

/// SQLite cannot hash.
async fn seal(connection: &mut SqliteConnection) {
    let events: Vec<(String, String)> = sqlx::query_as("SELECT id, canonical FROM audit_events")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    for (id, canonical) in events {
        let leaf = Sha256::new().chain_update([0]).chain_update(canonical).finalize();
        sqlx::query("UPDATE audit_events SET leaf_hash = $2 WHERE id = $1")
            .bind(id)
            .bind(leaf.as_slice())
            .execute(&mut *connection)
            .await
            .unwrap();
    }
}
