//! Which tables there are, asked of the databases themselves.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{PgConnection, SqliteConnection};

use super::side::Side;
use super::{MARK, Row, refusal};
use crate::DbError;
use crate::copy::rows::Value;

/// sqlx's own; each database has applied its own files.
const MIGRATIONS: &str = "_sqlx_migrations";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    /// BOOLEAN on PostgreSQL, 0 and 1 on SQLite.
    Boolean,
    Blob,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// A table as both know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Places of the primary key's columns.
    pub(super) key: Vec<usize>,
    references: BTreeSet<String>,
}

impl Table {
    /// The primary key of a row.
    pub(super) fn key_of(&self, row: &Row) -> Vec<Value> {
        self.key
            .iter()
            .filter_map(|place| row.get(*place))
            .cloned()
            .collect()
    }

    pub(super) fn key_names(&self) -> String {
        let columns = self.key.iter().filter_map(|place| self.columns.get(*place));
        quoted(columns.map(|column| column.name.as_str()))
    }

    pub(super) fn names(&self) -> String {
        quoted(self.columns.iter().map(|column| column.name.as_str()))
    }
}

/// Names as SQL, so that a word of the language may be one.
pub(super) fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    names.join(", ")
}

/// The tables, each after those it refers to. Refuses two schemas that are not alike.
pub(super) async fn shared(source: &mut Side, target: &mut Side) -> Result<Vec<Table>, DbError> {
    let (ours, theirs) = (migrations(source).await?, migrations(target).await?);
    if ours != theirs {
        return Err(refusal(format!(
            "The schemas differ (the source has {ours:?}, the target {theirs:?}): run `loomwire migrate` on both \
             with the same version, then copy again"
        )));
    }
    let (from, to) = (tables(source).await?, tables(target).await?);
    let mut agreed = BTreeMap::new();
    for name in from.keys().chain(to.keys()) {
        let (Some(a), Some(b)) = (from.get(name), to.get(name)) else {
            return Err(refusal(format!("Only one of the databases has the table {name}")));
        };
        agreed.insert(name.clone(), agree(a, b)?);
    }
    in_order(agreed)
}

/// One table from two views of it: the more exact kind counts, the order is the source's.
fn agree(a: &Table, b: &Table) -> Result<Table, DbError> {
    let kinds = |table: &Table| -> BTreeMap<String, Kind> {
        table
            .columns
            .iter()
            .map(|column| (column.name.clone(), column.kind))
            .collect()
    };
    let (ours, theirs) = (kinds(a), kinds(b));
    let differ = || refusal(format!("The table {} is not the same on both sides", a.name));
    if !ours.keys().eq(theirs.keys()) || a.key_names() != b.key_names() {
        return Err(differ());
    }
    if a.key.is_empty() {
        return Err(refusal(format!(
            "The table {} has no primary key to copy it by",
            a.name
        )));
    }
    let mut table = a.clone();
    for column in &mut table.columns {
        column.kind = match (column.kind, theirs.get(&column.name)) {
            (kind, Some(other)) if kind == *other => kind,
            (Kind::Integer, Some(Kind::Boolean)) | (Kind::Boolean, Some(Kind::Integer)) => Kind::Boolean,
            _ => return Err(differ()),
        };
    }
    Ok(table)
}

fn in_order(mut tables: BTreeMap<String, Table>) -> Result<Vec<Table>, DbError> {
    let mut ordered: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let free: Vec<String> = tables
            .values()
            .filter(|table| {
                !table
                    .references
                    .iter()
                    .any(|other| *other != table.name && tables.contains_key(other))
            })
            .map(|table| table.name.clone())
            .collect();
        if free.is_empty() {
            let names: Vec<&str> = tables.keys().map(String::as_str).collect();
            return Err(refusal(format!(
                "These tables refer to each other in a circle: {}",
                names.join(", ")
            )));
        }
        ordered.extend(free.iter().filter_map(|name| tables.remove(name)));
    }
    Ok(ordered)
}

async fn migrations(side: &mut Side) -> Result<Vec<i64>, DbError> {
    let there = match side {
        Side::Sqlite(c) => {
            let query = "SELECT count(*) FROM sqlite_schema WHERE name = $1";
            sqlx::query_scalar::<_, i64>(query)
                .bind(MIGRATIONS)
                .fetch_one(c)
                .await?
        }
        Side::Postgres(c) => {
            let query = "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)";
            sqlx::query_scalar::<_, i64>(query)
                .bind(MIGRATIONS)
                .fetch_one(c)
                .await?
        }
    };
    if there == 0 {
        return Ok(Vec::new());
    }
    let query = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    let versions = super::side::on_side!(side, |c| sqlx::query_scalar(query).fetch_all(c).await)?;
    Ok(versions)
}

async fn tables(side: &mut Side) -> Result<BTreeMap<String, Table>, DbError> {
    match side {
        Side::Sqlite(connection) => sqlite(connection).await,
        Side::Postgres(connection) => postgres(connection).await,
    }
}

/// What no migration of ours made.
fn is_ours(name: &str) -> bool {
    name != MIGRATIONS && name != MARK
}

async fn sqlite(connection: &mut SqliteConnection) -> Result<BTreeMap<String, Table>, DbError> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut tables = BTreeMap::new();
    for name in names.into_iter().filter(|name| is_ours(name)) {
        let columns: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid")
                .bind(&name)
                .fetch_all(&mut *connection)
                .await?;
        let mut key: Vec<(i64, usize)> = Vec::new();
        let mut kinds = Vec::new();
        for (place, (column, declared, in_key)) in columns.into_iter().enumerate() {
            if in_key > 0 {
                key.push((in_key, place));
            }
            let kind = match declared.as_str() {
                "TEXT" => Kind::Text,
                "INTEGER" | "BIGINT" => Kind::Integer,
                "BLOB" => Kind::Blob,
                _ => return Err(unknown(&name, &column, &declared)),
            };
            kinds.push(Column { name: column, kind });
        }
        key.sort_unstable();
        let references: Vec<String> = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list($1)")
            .bind(&name)
            .fetch_all(&mut *connection)
            .await?;
        let table = Table {
            name: name.clone(),
            columns: kinds,
            key: key.into_iter().map(|(_, place)| place).collect(),
            references: references.into_iter().collect(),
        };
        tables.insert(name, table);
    }
    Ok(tables)
}

const POSTGRES_COLUMNS: &str = "\
    SELECT CAST(r.relname AS TEXT), CAST(a.attname AS TEXT), format_type(a.atttypid, a.atttypmod), \
           CAST(array_position(CAST(i.indkey AS int2[]), a.attnum) AS BIGINT) \
    FROM pg_class r \
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped \
    LEFT JOIN pg_index i ON i.indrelid = r.oid AND i.indisprimary \
    WHERE r.relnamespace = CAST(current_schema() AS regnamespace) AND r.relkind IN ('r', 'p') \
    ORDER BY r.relname, a.attnum";

const POSTGRES_REFERENCES: &str = "\
    SELECT CAST(r.relname AS TEXT), CAST(f.relname AS TEXT) \
    FROM pg_constraint c \
    JOIN pg_class r ON r.oid = c.conrelid \
    JOIN pg_class f ON f.oid = c.confrelid \
    WHERE c.contype = 'f' AND r.relnamespace = CAST(current_schema() AS regnamespace)";

async fn postgres(connection: &mut PgConnection) -> Result<BTreeMap<String, Table>, DbError> {
    let columns: Vec<(String, String, String, Option<i64>)> = sqlx::query_as(POSTGRES_COLUMNS)
        .fetch_all(&mut *connection)
        .await?;
    let references: Vec<(String, String)> = sqlx::query_as(POSTGRES_REFERENCES)
        .fetch_all(&mut *connection)
        .await?;
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let mut keys: BTreeMap<String, Vec<(i64, usize)>> = BTreeMap::new();
    for (name, column, declared, in_key) in columns {
        if !is_ours(&name) {
            continue;
        }
        let kind = match declared.as_str() {
            "text" => Kind::Text,
            "bigint" => Kind::Integer,
            "boolean" => Kind::Boolean,
            "bytea" => Kind::Blob,
            _ => return Err(unknown(&name, &column, &declared)),
        };
        let table = tables.entry(name.clone()).or_insert_with(|| Table {
            name: name.clone(),
            columns: Vec::new(),
            key: Vec::new(),
            references: BTreeSet::new(),
        });
        if let Some(in_key) = in_key {
            keys.entry(name).or_default().push((in_key, table.columns.len()));
        }
        table.columns.push(Column { name: column, kind });
    }
    for (name, mut key) in keys {
        key.sort_unstable();
        if let Some(table) = tables.get_mut(&name) {
            table.key = key.into_iter().map(|(_, place)| place).collect();
        }
    }
    for (name, other) in references {
        if let Some(table) = tables.get_mut(&name) {
            table.references.insert(other);
        }
    }
    Ok(tables)
}

fn unknown(table: &str, column: &str, declared: &str) -> DbError {
    refusal(format!(
        "The column {table}.{column} is {declared}, which is not copied: TEXT, INTEGER, BOOLEAN and BLOB are"
    ))
}
