//! Rows as both databases have them, read by ascending primary key.

use sqlx::postgres::PgRow;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, Row as _};

use super::catalogue::{Column, Kind, Table};
use super::side::{Side, on_side};
use crate::DbError;

/// One value, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Text(String),
    Integer(i64),
    Boolean(bool),
    Blob(Vec<u8>),
}

/// The values of a row in the order of the table's columns.
pub(super) type Row = Vec<Value>;

pub(super) async fn count(side: &mut Side, table: &Table) -> Result<u64, DbError> {
    let query = format!("SELECT count(*) FROM \"{}\"", table.name);
    let count: i64 = on_side!(side, |c| sqlx::query_scalar(AssertSqlSafe(query))
        .fetch_one(c)
        .await)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// How many rows up to a key.
pub(super) async fn count_to(side: &mut Side, table: &Table, key: &[Value]) -> Result<u64, DbError> {
    let query = format!(
        "SELECT count(*) FROM \"{}\" WHERE ({}) <= ({})",
        table.name,
        table.key_names(),
        places(key.len())
    );
    let rows = fetch(side, query, key, &[COUNT]).await?;
    Ok(match rows.first().and_then(|row| row.first()) {
        Some(Value::Integer(count)) => u64::try_from(*count).unwrap_or_default(),
        _ => 0,
    })
}

const COUNT: Column = Column {
    name: String::new(),
    kind: Kind::Integer,
};

pub(super) async fn greatest_key(side: &mut Side, table: &Table) -> Result<Option<Vec<Value>>, DbError> {
    let order: Vec<String> = table
        .key_names()
        .split(", ")
        .map(|name| format!("{name} DESC"))
        .collect();
    let query = format!(
        "SELECT {} FROM \"{}\" ORDER BY {} LIMIT 1",
        table.names(),
        table.name,
        order.join(", ")
    );
    let rows = fetch(side, query, &[], &table.columns).await?;
    Ok(rows.first().map(|row| table.key_of(row)))
}

/// The next rows after a key, or the first.
pub(super) async fn read_batch(
    side: &mut Side,
    table: &Table,
    after: Option<&[Value]>,
    limit: usize,
) -> Result<Vec<Row>, DbError> {
    let key = table.key_names();
    let condition = after.map_or_else(String::new, |after| {
        format!(" WHERE ({key}) > ({})", places(after.len()))
    });
    let query = format!(
        "SELECT {} FROM \"{}\"{condition} ORDER BY {key} LIMIT {limit}",
        table.names(),
        table.name
    );
    fetch(side, query, after.unwrap_or_default(), &table.columns).await
}

fn places(count: usize) -> String {
    let places: Vec<String> = (1..=count).map(|place| format!("${place}")).collect();
    places.join(", ")
}

async fn fetch(
    side: &mut Side,
    query: String,
    bound: &[Value],
    columns: &[Column],
) -> Result<Vec<Row>, DbError> {
    let query = AssertSqlSafe(query);
    match side {
        Side::Sqlite(connection) => {
            let arguments = sqlite_arguments(bound.iter())?;
            let rows = sqlx::query_with(query, arguments).fetch_all(connection).await?;
            rows.iter().map(|row| from_sqlite(row, columns)).collect()
        }
        Side::Postgres(connection) => {
            let mut query = sqlx::query(query);
            for value in bound {
                query = match value.clone() {
                    Value::Null => query.bind(None::<String>),
                    Value::Text(text) => query.bind(text),
                    Value::Integer(number) => query.bind(number),
                    Value::Boolean(truth) => query.bind(truth),
                    Value::Blob(bytes) => query.bind(bytes),
                };
            }
            let rows = query.fetch_all(connection).await?;
            rows.iter().map(|row| from_postgres(row, columns)).collect()
        }
    }
}

/// Parameters for SQLite, which takes any number of them by hand.
pub(super) fn sqlite_arguments<'a>(
    values: impl Iterator<Item = &'a Value>,
) -> Result<SqliteArguments, DbError> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        let added = match value.clone() {
            Value::Null => arguments.add(None::<String>),
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
            Value::Boolean(truth) => arguments.add(truth),
            Value::Blob(bytes) => arguments.add(bytes),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn from_sqlite(row: &SqliteRow, columns: &[Column]) -> Result<Row, DbError> {
    let value = |(place, column): (usize, &Column)| -> Result<Value, sqlx::Error> {
        Ok(match column.kind {
            Kind::Text => row
                .try_get_unchecked::<Option<String>, _>(place)?
                .map(Value::Text),
            Kind::Integer => row
                .try_get_unchecked::<Option<i64>, _>(place)?
                .map(Value::Integer),
            // The schema lets nothing through but 0 and 1; anything else shows in the comparison.
            Kind::Boolean => row
                .try_get_unchecked::<Option<i64>, _>(place)?
                .map(|number| match number {
                    0 => Value::Boolean(false),
                    1 => Value::Boolean(true),
                    other => Value::Integer(other),
                }),
            Kind::Blob => row
                .try_get_unchecked::<Option<Vec<u8>>, _>(place)?
                .map(Value::Blob),
        }
        .unwrap_or(Value::Null))
    };
    Ok(columns.iter().enumerate().map(value).collect::<Result<_, _>>()?)
}

fn from_postgres(row: &PgRow, columns: &[Column]) -> Result<Row, DbError> {
    let value = |(place, column): (usize, &Column)| -> Result<Value, sqlx::Error> {
        Ok(match column.kind {
            Kind::Text => row
                .try_get_unchecked::<Option<String>, _>(place)?
                .map(Value::Text),
            Kind::Integer => row
                .try_get_unchecked::<Option<i64>, _>(place)?
                .map(Value::Integer),
            Kind::Boolean => row
                .try_get_unchecked::<Option<bool>, _>(place)?
                .map(Value::Boolean),
            Kind::Blob => row
                .try_get_unchecked::<Option<Vec<u8>>, _>(place)?
                .map(Value::Blob),
        }
        .unwrap_or(Value::Null))
    };
    Ok(columns.iter().enumerate().map(value).collect::<Result<_, _>>()?)
}
