//! Writing a batch, as one transaction.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection, SqliteConnection};

use super::catalogue::Table;
use super::refusal;
use super::rows::{Row, Value, sqlite_arguments};
use super::side::Side;
use crate::DbError;

/// Rows of one INSERT on SQLite; its limit of 32,766 parameters is far away.
const ROWS_AT_ONCE: usize = 100;
/// What is gathered before it goes to PostgreSQL.
const CHUNK: usize = 1 << 20;
/// COPY's binary format: its signature, no flags, no extension
/// (<https://www.postgresql.org/docs/current/sql-copy.html>).
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: [u8; 2] = (-1_i16).to_be_bytes();

pub(super) async fn write_batch(side: &mut Side, table: &Table, batch: &[Row]) -> Result<(), DbError> {
    match side {
        Side::Sqlite(connection) => sqlite(connection, table, batch).await,
        Side::Postgres(connection) => postgres(connection, table, batch).await,
    }
}

async fn sqlite(connection: &mut SqliteConnection, table: &Table, batch: &[Row]) -> Result<(), DbError> {
    connection.execute("BEGIN IMMEDIATE").await?;
    for rows in batch.chunks(ROWS_AT_ONCE) {
        let one = vec!["?"; table.columns.len()].join(", ");
        let all = vec![format!("({one})"); rows.len()].join(", ");
        let insert = format!("INSERT INTO \"{}\" ({}) VALUES {all}", table.name, table.names());
        let arguments = sqlite_arguments(rows.iter().flatten())?;
        sqlx::query_with(AssertSqlSafe(insert), arguments)
            .execute(&mut *connection)
            .await?;
    }
    connection.execute("COMMIT").await?;
    Ok(())
}

/// COPY is a transaction by itself.
async fn postgres(connection: &mut PgConnection, table: &Table, batch: &[Row]) -> Result<(), DbError> {
    let statement = format!(
        "COPY \"{}\" ({}) FROM STDIN (FORMAT binary)",
        table.name,
        table.names()
    );
    let mut copy = connection.copy_in_raw(&statement).await?;
    let mut bytes = HEADER.to_vec();
    for row in batch {
        encode(&mut bytes, table, row)?;
        if bytes.len() >= CHUNK {
            copy.send(std::mem::take(&mut bytes)).await?;
        }
    }
    bytes.extend(END);
    copy.send(bytes).await?;
    copy.finish().await?;
    Ok(())
}

fn encode(bytes: &mut Vec<u8>, table: &Table, row: &Row) -> Result<(), DbError> {
    let large = || refusal(format!("A row of {} is too large for PostgreSQL", table.name));
    bytes.extend(i16::try_from(row.len()).map_err(|_| large())?.to_be_bytes());
    for (value, column) in row.iter().zip(&table.columns) {
        let number;
        let field: Option<&[u8]> = match value {
            Value::Null => None,
            Value::Text(text) if text.contains('\0') => {
                return Err(refusal(format!(
                    "A row has the character 0 in {}.{}, which PostgreSQL cannot store: remove it \
                     from the source, then begin again with an empty target",
                    table.name, column.name
                )));
            }
            Value::Text(text) => Some(text.as_bytes()),
            Value::Integer(integer) => {
                number = integer.to_be_bytes();
                Some(&number)
            }
            Value::Boolean(true) => Some(&[1]),
            Value::Boolean(false) => Some(&[0]),
            Value::Blob(blob) => Some(blob),
        };
        match field {
            None => bytes.extend((-1_i32).to_be_bytes()),
            Some(field) => {
                bytes.extend(i32::try_from(field.len()).map_err(|_| large())?.to_be_bytes());
                bytes.extend(field);
            }
        }
    }
    Ok(())
}
