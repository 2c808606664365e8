//! One end of a copy: a connection of its own, without limits on time.

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, SqliteConnection,
};

use super::refusal;
use crate::{Db, DbError};

/// How long a copy waits for writers to end.
const LOCK_WAIT: &str = "2s";

const TABLES: &str = "SELECT quote_ident(tablename) FROM pg_tables \
    WHERE schemaname = current_schema() ORDER BY tablename";

/// An open connection to either.
pub(super) enum Side {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs the same block on either connection.
macro_rules! on_side {
    ($side:expr, |$c:ident| $body:expr) => {
        match $side {
            $crate::copy::side::Side::Sqlite($c) => $body,
            $crate::copy::side::Side::Postgres($c) => $body,
        }
    };
}
pub(super) use on_side;

impl Side {
    pub(super) async fn open(db: &Db) -> Result<Self, DbError> {
        Ok(match db {
            Db::Sqlite(db) => Self::Sqlite(db.writer_options().connect().await?),
            Db::Postgres(db) => {
                let mut connection = db.direct_options().connect().await?;
                connection
                    .execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
                    .await?;
                Self::Postgres(connection)
            }
        })
    }

    /// Keeps everybody else from writing until the connection closes.
    pub(super) async fn lock(&mut self) -> Result<(), DbError> {
        let locked = match self {
            Self::Sqlite(_) => self.execute("PRAGMA busy_timeout = 2000; BEGIN IMMEDIATE").await,
            Self::Postgres(connection) => {
                let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(connection).await?;
                let lock = match tables.join(", ") {
                    none if none.is_empty() => String::new(),
                    some => format!("; LOCK TABLE {some} IN SHARE MODE"),
                };
                let begin = format!("BEGIN; SET LOCAL lock_timeout = '{LOCK_WAIT}'{lock}");
                self.execute(&begin).await
            }
        };
        locked.map_err(|error| match error {
            DbError::Busy(_) => {
                refusal("Somebody writes to the source: stop its servers, then run the copy again".to_owned())
            }
            other => other,
        })
    }

    /// Statements without parameters, in the simple protocol.
    pub(super) async fn execute(&mut self, sql: &str) -> Result<(), DbError> {
        on_side!(self, |c| c.execute(AssertSqlSafe(sql.to_owned())).await.map(drop))?;
        Ok(())
    }

    /// Whatever is open is undone.
    pub(super) async fn close(self) {
        let closed = on_side!(self, |c| c.close().await);
        if let Err(error) = closed {
            tracing::debug!(%error, "a connection did not close cleanly");
        }
    }
}
