//! The two schemas say the same: every table, column, key, index and reference of one has its
//! like in the other.

use std::collections::BTreeSet;

use db::{Backend, Db, Options};
use sqlx::{PgConnection, SqliteConnection};

use crate::fill;

/// A schema as sentences, in words that are the same for both databases.
type Facts = BTreeSet<String>;

/// On an empty database.
pub(crate) async fn on_postgres(url: &str) {
    let sqlite = facts("sqlite::memory:").await;
    let postgres = facts(url).await;
    assert!(sqlite.len() > 100, "{sqlite:#?}");
    let only = |a: &Facts, b: &Facts| a.difference(b).cloned().collect::<Vec<_>>().join("\n  ");
    assert!(
        sqlite == postgres,
        "the schemas differ\nonly on SQLite:\n  {}\nonly on PostgreSQL:\n  {}",
        only(&sqlite, &postgres),
        only(&postgres, &sqlite)
    );
}

/// Each of these is seen, so that "no difference" means something.
pub(crate) async fn differences_are_seen(url: &str) {
    let db = Db::connect(url, &Options::default()).await.unwrap();
    let before = facts(url).await;
    for (statement, seen) in [
        ("CREATE TABLE another (id TEXT)", "table another"),
        (
            "ALTER TABLE users ADD COLUMN x BIGINT",
            "column users.x INTEGER null",
        ),
        ("ALTER TABLE users ADD COLUMN y TEXT", "TEXT without COLLATE C"),
        (
            "ALTER TABLE users ALTER COLUMN x SET DEFAULT 7",
            "default Some(\"7\")",
        ),
        (
            "ALTER TABLE users ALTER COLUMN name DROP NOT NULL",
            "column users.name TEXT null",
        ),
        (
            "CREATE INDEX z ON users (name DESC, id) WHERE name <> ''",
            "index z on users (name desc, id) unique false where name <> ''",
        ),
        (
            "CREATE UNIQUE INDEX w ON users (name)",
            "index w on users (name) unique true",
        ),
        (
            "ALTER TABLE users ADD UNIQUE (name, id)",
            "unique users (name, id)",
        ),
        (
            "ALTER TABLE another ADD PRIMARY KEY (id)",
            "primary key another (id)",
        ),
        (
            "ALTER TABLE another ADD FOREIGN KEY (id) REFERENCES users (id) ON DELETE CASCADE",
            "reference another (id) to users (id) on delete CASCADE",
        ),
    ] {
        let mut tx = db.begin().await.unwrap();
        db::execute!(tx, sqlx::query(statement)).unwrap();
        tx.commit().await.unwrap();
        let after = facts(url).await;
        let new: Vec<&String> = after.difference(&before).collect();
        assert!(
            new.iter().any(|fact| fact.contains(seen)),
            "{statement}: {new:#?}"
        );
    }
}

async fn facts(url: &str) -> Facts {
    let db = Db::connect(url, &Options::default()).await.unwrap();
    db.migrate().await.unwrap();
    let mut read = db.read().await.unwrap();
    match read.backend() {
        Backend::Sqlite(connection) => of_sqlite(connection).await,
        Backend::Postgres(connection) => of_postgres(connection).await,
    }
}

fn column(table: &str, name: &str, kind: &str, not_null: bool, default: Option<&str>) -> String {
    let null = if not_null { "not null" } else { "null" };
    format!("column {table}.{name} {kind} {null} default {default:?}")
}

/// An index that a constraint made has no name of ours.
fn index(table: &str, origin: &str, name: &str, unique: bool, columns: &str, predicate: &str) -> String {
    let predicate = predicate
        .to_lowercase()
        .replace("::text", "")
        .replace(['(', ')'], "");
    match origin {
        "p" => format!("primary key {table} ({columns})"),
        "u" => format!("unique {table} ({columns})"),
        _ => format!(
            "index {name} on {table} ({columns}) unique {unique} where {}",
            predicate.trim()
        ),
    }
}

async fn of_sqlite(connection: &mut SqliteConnection) -> Facts {
    let mut facts = Facts::new();
    for table in fill::tables(&mut *connection).await {
        facts.insert(format!("table {table}"));
        let (schema, strict): (String, bool) = sqlx::query_as(
            "SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.name = s.name WHERE s.name = $1",
        )
        .bind(&table)
        .fetch_one(&mut *connection)
        .await
        .unwrap();
        assert!(strict, "{table} is not STRICT");
        let columns: Vec<(String, String, bool, Option<String>)> =
            sqlx::query_as("SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info($1)")
                .bind(&table)
                .fetch_all(&mut *connection)
                .await
                .unwrap();
        for (name, declared, not_null, default) in columns {
            let boolean = schema.contains(&format!("CHECK ({name} IN (0, 1))"));
            let kind = if boolean { "BOOLEAN" } else { declared.as_str() };
            facts.insert(column(&table, &name, kind, not_null, default.as_deref()));
        }
        sqlite_indexes(connection, &table, &mut facts).await;
        // A whole number as the key is the row's own number, and has no index to be listed.
        let keys: Vec<(String, String)> =
            sqlx::query_as("SELECT name, type FROM pragma_table_info($1) WHERE pk > 0")
                .bind(&table)
                .fetch_all(&mut *connection)
                .await
                .unwrap();
        if let [(name, kind)] = &keys[..]
            && kind == "INTEGER"
        {
            facts.insert(format!("primary key {table} ({name})"));
        }
        let references: Vec<(String, String, String, String, String)> = sqlx::query_as(
            "SELECT group_concat(\"from\", ', '), \"table\", group_concat(\"to\", ', '), on_delete, on_update \
             FROM (SELECT * FROM pragma_foreign_key_list($1) ORDER BY id, seq) GROUP BY id",
        )
        .bind(&table)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
        for (from, other, to, delete, update) in references {
            facts.insert(format!(
                "reference {table} ({from}) to {other} ({to}) on delete {delete} on update {update}"
            ));
        }
    }
    facts
}

async fn sqlite_indexes(connection: &mut SqliteConnection, table: &str, facts: &mut Facts) {
    let indexes: Vec<(String, bool, String, Option<String>)> = sqlx::query_as(
        "SELECT l.name, l.\"unique\", l.origin, s.sql FROM pragma_index_list($1) l \
         LEFT JOIN sqlite_schema s ON s.name = l.name",
    )
    .bind(table)
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    // One whole number is the row's own id, and needs no index.
    if !indexes.iter().any(|(_, _, origin, _)| origin == "pk") {
        let key: Option<String> =
            sqlx::query_scalar("SELECT group_concat(name, ', ') FROM pragma_table_info($1) WHERE pk > 0")
                .bind(table)
                .fetch_one(&mut *connection)
                .await
                .unwrap();
        facts.extend(key.map(|columns| index(table, "p", "", true, &columns, "")));
    }
    for (name, unique, origin, sql) in indexes {
        let columns: String = sqlx::query_scalar(
            "SELECT group_concat(coalesce(name, 'expression') || CASE WHEN \"desc\" THEN ' desc' ELSE '' END, ', ') \
             FROM (SELECT * FROM pragma_index_xinfo($1) WHERE key ORDER BY seqno)",
        )
        .bind(&name)
        .fetch_one(&mut *connection)
        .await
        .unwrap();
        let sql = sql.unwrap_or_default();
        let predicate = sql.split_once(" WHERE ").map_or("", |(_, predicate)| predicate);
        let origin = &origin[..1];
        facts.insert(index(table, origin, &name, unique, &columns, predicate));
    }
}

const COLUMNS: &str = "\
    SELECT CAST(r.relname AS TEXT), CAST(a.attname AS TEXT), \
           CASE format_type(a.atttypid, a.atttypmod) \
               WHEN 'text' THEN CASE WHEN l.collname = 'C' THEN 'TEXT' ELSE 'TEXT without COLLATE C' END \
               WHEN 'bigint' THEN 'INTEGER' WHEN 'bytea' THEN 'BLOB' WHEN 'boolean' THEN 'BOOLEAN' \
               ELSE format_type(a.atttypid, a.atttypmod) END, \
           a.attnotnull, pg_get_expr(d.adbin, d.adrelid) \
    FROM pg_class r \
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped \
    LEFT JOIN pg_collation l ON l.oid = a.attcollation \
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum \
    WHERE r.relnamespace = CAST(current_schema() AS regnamespace) AND r.relkind IN ('r', 'p') \
      AND r.relname <> '_sqlx_migrations'";

const INDEXES: &str = "\
    SELECT CAST(r.relname AS TEXT), CAST(coalesce(c.contype, 'c') AS TEXT), CAST(x.relname AS TEXT), i.indisunique, \
           (SELECT string_agg(CASE WHEN k.attnum = 0 THEN 'expression' ELSE CAST(a.attname AS TEXT) END || \
                       CASE WHEN i.indoption[k.place - 1] & 1 = 1 THEN ' desc' ELSE '' END, ', ' ORDER BY k.place) \
            FROM unnest(CAST(i.indkey AS int2[])) WITH ORDINALITY k (attnum, place) \
            LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.attnum), \
           coalesce(pg_get_expr(i.indpred, i.indrelid, true), '') \
    FROM pg_index i \
    JOIN pg_class r ON r.oid = i.indrelid \
    JOIN pg_class x ON x.oid = i.indexrelid \
    LEFT JOIN pg_constraint c ON c.conindid = x.oid AND c.contype IN ('p', 'u') \
    WHERE r.relnamespace = CAST(current_schema() AS regnamespace) AND r.relname <> '_sqlx_migrations'";

const REFERENCES: &str = "\
    SELECT CAST(r.relname AS TEXT), \
           (SELECT string_agg(CAST(a.attname AS TEXT), ', ' ORDER BY k.place) \
            FROM unnest(c.conkey) WITH ORDINALITY k (attnum, place) \
            JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.attnum), \
           CAST(f.relname AS TEXT), \
           (SELECT string_agg(CAST(a.attname AS TEXT), ', ' ORDER BY k.place) \
            FROM unnest(c.confkey) WITH ORDINALITY k (attnum, place) \
            JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = k.attnum), \
           CAST(c.confdeltype AS TEXT), CAST(c.confupdtype AS TEXT) \
    FROM pg_constraint c \
    JOIN pg_class r ON r.oid = c.conrelid \
    JOIN pg_class f ON f.oid = c.confrelid \
    WHERE c.contype = 'f' AND r.relnamespace = CAST(current_schema() AS regnamespace)";

async fn of_postgres(connection: &mut PgConnection) -> Facts {
    let mut facts = Facts::new();
    let columns: Vec<(String, String, String, bool, Option<String>)> =
        sqlx::query_as(COLUMNS).fetch_all(&mut *connection).await.unwrap();
    for (table, name, kind, not_null, default) in columns {
        facts.insert(format!("table {table}"));
        // PostgreSQL writes a text's default with its type.
        let default = default.map(|text| text.trim_end_matches("::text").to_owned());
        facts.insert(column(&table, &name, &kind, not_null, default.as_deref()));
    }
    let indexes: Vec<(String, String, String, bool, String, String)> =
        sqlx::query_as(INDEXES).fetch_all(&mut *connection).await.unwrap();
    for (table, origin, name, unique, columns, predicate) in indexes {
        facts.insert(index(&table, &origin, &name, unique, &columns, &predicate));
    }
    let action = |letter: &str| match letter {
        "a" => "NO ACTION",
        "r" => "RESTRICT",
        "c" => "CASCADE",
        "n" => "SET NULL",
        _ => "SET DEFAULT",
    };
    let references: Vec<(String, String, String, String, String, String)> = sqlx::query_as(REFERENCES)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    for (table, from, other, to, delete, update) in references {
        facts.insert(format!(
            "reference {table} ({from}) to {other} ({to}) on delete {} on update {}",
            action(&delete),
            action(&update)
        ));
    }
    facts
}
