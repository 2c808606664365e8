//! The databases: one SQL text, SQLite or PostgreSQL below.
//!
//! It is: opening, migrating, transactions, read-only connections and the [`on!`] macro, notices
//! between servers, and moving everything to the other database. It is not: any table or query of
//! the product; those live with their noun in `platform`.
//!
//! **Invariants**
//! - A commit is answered after the database has made it durable, and never before.
//! - On SQLite only the writer task commits: a hook refuses every other COMMIT.
//! - A [`Read`] cannot write; the database itself refuses.
//! - No error text shows a value of a row.
//!
//! SQLite runs transactions one after the other, PostgreSQL side by side (READ COMMITTED). So
//! whatever must hold when two come at once stands in the statement (`UPDATE .. WHERE used_at
//! IS NULL`, then look at the count; a UNIQUE constraint; `ON CONFLICT`), never in a SELECT
//! before it.

use std::path::Path;

mod conn;
pub mod copy;
mod counters;
mod error;
#[cfg(feature = "fixture")]
pub mod fixture;
mod listen;
mod migrate;
mod options;
mod pool;
mod postgres;
mod sqlite;

pub use conn::{Backend, Conn, Kind, Read, Tx};
pub use counters::{BATCH_BOUNDS, Connections, Histogram, Stats, TIME_BOUNDS};
pub use error::DbError;
pub use listen::{Listener, Notice};
pub use migrate::{Migrations, expands};
pub use options::Options;
pub use postgres::PostgresDb;
pub use sqlite::SqliteDb;

/// Names and values for people, in a fixed order.
pub type Facts = Vec<(&'static str, String)>;

/// An open database; a clone is another handle to the same one.
#[derive(Clone)]
pub enum Db {
    /// One file and one writer.
    Sqlite(SqliteDb),
    /// A server.
    Postgres(PostgresDb),
}

impl Db {
    /// Opens `sqlite://path` (made if missing), `sqlite::memory:` (private to this handle and
    /// its clones, gone with the last) or `postgres://..`. Call it inside the runtime that
    /// will use it.
    pub async fn connect(url: &str, options: &Options) -> Result<Self, DbError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return Ok(Self::Sqlite(SqliteDb::open(path, options).await?));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(PostgresDb::open(url, options).await?));
        }
        Err(DbError::Configuration(
            "it must begin with sqlite:// or postgres://".to_owned(),
        ))
    }

    /// Which database this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }

    /// Applies the embedded migrations that are missing and names them.
    pub async fn migrate(&self) -> Result<Vec<String>, DbError> {
        self.migrate_with(&Migrations::embedded(self.kind())).await
    }

    /// Names the embedded migrations that are missing, and refuses a database that this
    /// program does not fit. Changes nothing.
    pub async fn pending(&self) -> Result<Vec<String>, DbError> {
        self.pending_with(&Migrations::embedded(self.kind())).await
    }

    /// Names what a newer program applied that this one does not know and can do without,
    /// because each of them only expands the schema. Refuses as [`pending`](Self::pending) does.
    pub async fn ahead(&self) -> Result<Vec<String>, DbError> {
        self.ahead_with(&Migrations::embedded(self.kind())).await
    }

    /// [`migrate`](Self::migrate) with another set.
    pub async fn migrate_with(&self, migrations: &Migrations) -> Result<Vec<String>, DbError> {
        let names = self.pending_with(migrations).await?;
        if names.is_empty() {
            return Ok(names);
        }
        match self {
            Self::Sqlite(db) => db.migrate(migrations).await?,
            Self::Postgres(db) => db.migrate(migrations).await?,
        }
        self.standing(migrations).await?;
        Ok(names)
    }

    /// [`pending`](Self::pending) with another set.
    pub async fn pending_with(&self, migrations: &Migrations) -> Result<Vec<String>, DbError> {
        Ok(self.standing(migrations).await?.missing)
    }

    /// [`ahead`](Self::ahead) with another set.
    pub async fn ahead_with(&self, migrations: &Migrations) -> Result<Vec<String>, DbError> {
        Ok(self.standing(migrations).await?.ahead)
    }

    async fn standing(&self, migrations: &Migrations) -> Result<migrate::Standing, DbError> {
        migrate::standing(&mut *self.read().await?, migrations).await
    }

    /// Begins a transaction. On SQLite it waits for its turn with the one writer.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        match self {
            Self::Sqlite(db) => db.begin().await,
            Self::Postgres(db) => db.begin().await,
        }
    }

    /// A read-only connection.
    pub async fn read(&self) -> Result<Read, DbError> {
        match self {
            Self::Sqlite(db) => db.read().await,
            Self::Postgres(db) => db.read().await,
        }
    }

    /// Hears what [`Conn::notify`] sends on a channel, from now on.
    pub async fn listen(&self, channel: &'static str) -> Result<Listener, DbError> {
        match self {
            Self::Sqlite(_) => Ok(Listener::deaf()),
            Self::Postgres(db) => db.listen(channel).await,
        }
    }

    /// Whether it answers, and finishes what is written.
    pub async fn ping(&self) -> Result<(), DbError> {
        let mut read = self.read().await?;
        execute!(read, sqlx::query("SELECT 1"))?;
        if self.stalled().is_some() {
            return Err(DbError::Stuck);
        }
        match self {
            Self::Sqlite(db) => db.check_writer(),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// For how long no write has come to its end, if that is longer than it should be. Tells of a
    /// disk that hangs, where one that is full gives an error.
    pub fn stalled(&self) -> Option<std::time::Duration> {
        match self {
            Self::Sqlite(db) => db.counters().stalled(),
            Self::Postgres(db) => db.counters().stalled(),
        }
    }

    /// Keeps every COMMIT of a SQLite database from coming to its end until it is called again
    /// with `false`, as a disk that hangs would.
    #[cfg(feature = "fixture")]
    pub fn hold_commits(&self, held: bool) {
        if let Self::Sqlite(db) = self {
            db.hold_commits(held);
        }
    }

    /// Writes a consistent copy of a SQLite database to a path that is free, while the server
    /// goes on writing; readable by this user only, and synced to disk.
    pub async fn snapshot_to(&self, path: &Path) -> Result<(), DbError> {
        match self {
            Self::Sqlite(db) => db.snapshot_to(path).await,
            Self::Postgres(_) => Err(DbError::Configuration(
                "a snapshot is of a SQLite file: use pg_dump or the server's own backups".to_owned(),
            )),
        }
    }

    /// What there is to know of the database and its settings. On SQLite the whole file is
    /// looked through (`quick_check`), which takes its time.
    pub async fn facts(&self) -> Result<Facts, DbError> {
        match self {
            Self::Sqlite(db) => db.facts().await,
            Self::Postgres(db) => db.facts().await,
        }
    }

    /// Totals since it was opened, and how it stands now.
    pub fn stats(&self) -> Stats {
        match self {
            Self::Sqlite(db) => db.stats(),
            Self::Postgres(db) => db.stats(),
        }
    }

    /// Ends what is under way and closes the connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(db) => db.close().await,
            Self::Postgres(db) => db.close().await,
        }
    }
}
