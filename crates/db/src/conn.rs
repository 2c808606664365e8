//! Connections: what a store function takes, and the two guards that give one.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::{PgConnection, SqliteConnection};
use tokio::time::timeout;

use crate::DbError;
use crate::counters::Counters;
use crate::error::is_lost;
use crate::pool::Loan;
use crate::postgres::{Sessions, Transaction};
use crate::sqlite::{Lease, Readers};

/// A connection of either database, inside a transaction ([`Tx`]) or read-only ([`Read`]).
/// Statements go through [`on!`](crate::on).
pub struct Conn {
    inner: Inner,
    state: State,
}

enum Inner {
    Writer(Lease),
    Reader(Loan<Readers>),
    Transaction(Transaction),
    PostgresReader(Loan<Sessions>),
}

/// Whether everything that was asked of the connection came to a good end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Clean,
    /// A statement is under way, or its future was dropped.
    Running,
    Failed,
}

/// Which database it is. For locks and claims only; everything else is one text for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// The driver's own connection, for [`on!`](crate::on).
pub enum Backend<'a> {
    /// SQLite.
    Sqlite(&'a mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'a mut PgConnection),
}

impl Conn {
    fn new(inner: Inner) -> Self {
        Self {
            inner,
            state: State::Clean,
        }
    }

    /// Which database this is.
    pub fn kind(&self) -> Kind {
        match self.inner {
            Inner::Writer(_) | Inner::Reader(_) => Kind::Sqlite,
            Inner::Transaction(_) | Inner::PostgresReader(_) => Kind::Postgres,
        }
    }

    /// The driver's own connection.
    pub fn backend(&mut self) -> Backend<'_> {
        match &mut self.inner {
            Inner::Writer(lease) => Backend::Sqlite(lease.connection()),
            Inner::Reader(reader) => Backend::Sqlite(reader.connection().connection()),
            Inner::Transaction(transaction) => Backend::Postgres(transaction.connection()),
            Inner::PostgresReader(reader) => Backend::Postgres(reader.connection()),
        }
    }

    #[doc(hidden)]
    pub fn start_statement(&mut self) -> &mut Self {
        if self.state == State::Clean {
            self.state = State::Running;
        }
        match &mut self.inner {
            Inner::Reader(reader) => {
                reader.connection().start_statement();
                reader.doubt();
            }
            Inner::PostgresReader(reader) => reader.doubt(),
            Inner::Writer(_) | Inner::Transaction(_) => {}
        }
        self
    }

    #[doc(hidden)]
    pub fn end_statement<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        let lost = result.as_ref().err().is_some_and(is_lost);
        match &mut self.inner {
            Inner::Reader(reader) if lost => reader.lose(),
            Inner::Reader(reader) => reader.trust(),
            Inner::PostgresReader(reader) if lost => reader.lose(),
            Inner::PostgresReader(reader) => reader.trust(),
            Inner::Transaction(transaction) if lost => transaction.lose(),
            Inner::Writer(_) | Inner::Transaction(_) => {}
        }
        if self.state == State::Running {
            self.state = match &result {
                Ok(_) | Err(sqlx::Error::RowNotFound) => State::Clean,
                Err(_) => State::Failed,
            };
        }
        result
    }
}

/// Runs the same block on whichever database the connection belongs to, and gives its
/// `Result<_, DbError>`; the block's own is a `Result<_, sqlx::Error>`.
///
/// `$1` placeholders work on both. A statement that fails, or whose future is dropped, makes
/// the transaction refuse its commit: on PostgreSQL it is lost anyway, and so it is lost on
/// SQLite too. For statements without rows there is [`execute!`](crate::execute).
///
/// ```
/// # async fn name(conn: &mut db::Conn, id: i64) -> Result<Option<String>, db::DbError> {
/// let name = db::on!(conn, |c| {
///     sqlx::query_scalar("SELECT name FROM thing WHERE id = $1").bind(id).fetch_optional(c).await
/// })?;
/// # Ok(name)
/// # }
/// ```
#[macro_export]
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr $(,)?) => {{
        let conn = $crate::Conn::start_statement(&mut *$conn);
        let result = match $crate::Conn::backend(conn) {
            $crate::Backend::Sqlite($c) => $body,
            $crate::Backend::Postgres($c) => $body,
        };
        $crate::Conn::end_statement(conn, result).map_err($crate::DbError::from)
    }};
}

/// Runs a statement without rows on either database and gives how many rows it changed,
/// a `Result<u64, DbError>`. The query is written here in full: it is built once for each.
///
/// ```
/// # async fn rename(conn: &mut db::Conn, id: i64, name: &str) -> Result<bool, db::DbError> {
/// let update = "UPDATE thing SET name = $2 WHERE id = $1";
/// let changed = db::execute!(conn, sqlx::query(update).bind(id).bind(name))?;
/// # Ok(changed == 1)
/// # }
/// ```
#[macro_export]
macro_rules! execute {
    ($conn:expr, $query:expr $(,)?) => {
        $crate::on!($conn, |c| $query
            .execute(c)
            .await
            .map(|done| done.rows_affected()))
    };
}

/// A transaction that can write. Dropping it undoes it.
///
/// On SQLite everybody else's writes wait while it lives: never wait for anything but the
/// database in between. Constraints are checked at the statement; a deferred one would fail
/// the whole batch, so the schema has none.
#[must_use = "dropping a transaction undoes it"]
pub struct Tx {
    conn: Conn,
    /// Where a transaction that ends without a writer task is counted.
    tally: Option<Tally>,
    counters: Arc<Counters>,
    /// How long a COMMIT is waited for.
    limit: Duration,
}

/// Counts a transaction as undone unless it is told of its end.
struct Tally(Option<Arc<Counters>>);

impl Drop for Tally {
    fn drop(&mut self) {
        if let Some(counters) = &self.0 {
            counters.undo();
        }
    }
}

impl Tx {
    pub(crate) fn sqlite(lease: Lease, counters: Arc<Counters>, limit: Duration) -> Self {
        Self {
            conn: Conn::new(Inner::Writer(lease)),
            tally: None,
            counters,
            limit,
        }
    }

    pub(crate) fn postgres(transaction: Transaction, counters: Arc<Counters>, limit: Duration) -> Self {
        Self {
            conn: Conn::new(Inner::Transaction(transaction)),
            tally: Some(Tally(Some(Arc::clone(&counters)))),
            counters,
            limit,
        }
    }

    /// Makes it durable; answers only then. After an error nothing of it was written, except
    /// that a connection lost during COMMIT (PostgreSQL) leaves that open, as does a future
    /// dropped while it waits, and [`DbError::Stuck`]: a COMMIT that does not end, and is left to
    /// itself after [`Options::commit_limit`](crate::Options::commit_limit).
    pub async fn commit(self) -> Result<(), DbError> {
        let Self {
            conn,
            mut tally,
            counters,
            limit,
        } = self;
        if conn.state != State::Clean {
            return Err(DbError::Other(
                "a statement of this transaction failed or was given up, so all of it was undone".to_owned(),
            ));
        }
        let under_way = counters.committing();
        let commit = async {
            match conn.inner {
                Inner::Writer(lease) => lease.commit().await,
                Inner::Reader(_) | Inner::PostgresReader(_) => Err(DbError::ReadOnly),
                Inner::Transaction(transaction) => match tally.as_mut().and_then(|tally| tally.0.take()) {
                    Some(counters) => transaction.commit(&counters).await,
                    None => Err(DbError::ReadOnly),
                },
            }
        };
        if let Ok(done) = timeout(limit, commit).await {
            under_way.ended();
            return done;
        }
        under_way.given_up();
        Err(DbError::Stuck)
    }
}

/// A read-only connection: each statement sees what was committed before it. The database
/// itself refuses writes (`query_only`, `default_transaction_read_only`).
pub struct Read {
    conn: Conn,
}

impl Read {
    pub(crate) fn sqlite(reader: Loan<Readers>) -> Self {
        Self {
            conn: Conn::new(Inner::Reader(reader)),
        }
    }

    pub(crate) fn postgres(reader: Loan<Sessions>) -> Self {
        Self {
            conn: Conn::new(Inner::PostgresReader(reader)),
        }
    }

    /// In a read-only transaction, for want of a session that is read-only throughout.
    pub(crate) fn pooled(transaction: Transaction) -> Self {
        Self {
            conn: Conn::new(Inner::Transaction(transaction)),
        }
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Deref for Read {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
