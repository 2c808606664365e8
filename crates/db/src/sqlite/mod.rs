//! SQLite: one file, one writer, a pool of readers.

mod line;
mod open;
mod write;

use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::conn::{Read, Tx};
use crate::counters::{Counters, Stats};
use crate::{DbError, Migrations, Options};

pub(crate) use line::Lease;
use write::{Request, Writer};

/// How many callers may stand in the queue before the next waits outside.
const QUEUE: usize = 4096;

/// An open SQLite database.
#[derive(Clone)]
pub struct SqliteDb {
    inner: Arc<Inner>,
}

struct Inner {
    queue: mpsc::Sender<Request>,
    readers: SqlitePool,
    connect: SqliteConnectOptions,
    options: Options,
    counters: Arc<Counters>,
    /// Where `sqlite::memory:` lives; gone with the last handle.
    _folder: Option<Arc<TempDir>>,
}

impl SqliteDb {
    pub(crate) async fn open(path: &str, options: &Options) -> Result<Self, DbError> {
        let place = open::place(path)?;
        let connect = open::writer(&place, options);
        let counters = Arc::<Counters>::default();
        let (queue, requests) = mpsc::channel(QUEUE);
        let mut writer = Writer::new(
            connect.clone(),
            options.clone(),
            Arc::clone(&counters),
            requests,
            place.folder.clone(),
        );
        // The first connection makes the file a database in WAL mode, before any reader looks.
        writer.prepare().await?;
        tokio::spawn(writer.run());
        let readers = SqlitePoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.wait_limit)
            .idle_timeout(None)
            .max_lifetime(None)
            // A connection to a file cannot go stale as one to a server does.
            .test_before_acquire(false)
            .connect_lazy_with(open::reader(&place));
        Ok(Self {
            inner: Arc::new(Inner {
                queue,
                readers,
                connect,
                options: options.clone(),
                counters,
                _folder: place.folder,
            }),
        })
    }

    pub(crate) async fn begin(&self) -> Result<Tx, DbError> {
        let turn = async {
            let (answer, lease) = oneshot::channel();
            let request = Request::Begin(answer);
            self.inner.queue.send(request).await.map_err(|_| closed())?;
            lease.await.map_err(|_| closed())?
        };
        let Ok(lease) = timeout(self.inner.options.wait_limit, turn).await else {
            return Err(DbError::Busy(
                "another write held it all the time (if this task holds one itself, end that first)",
            ));
        };
        Ok(Tx::sqlite(lease?))
    }

    pub(crate) async fn read(&self) -> Result<Read, DbError> {
        Ok(Read::sqlite(self.inner.readers.acquire().await?))
    }

    /// All of them in one transaction that takes the write lock first, so that two programs
    /// that start at once do not meet half-way.
    pub(crate) async fn migrate(&self, migrations: &Migrations) -> Result<(), DbError> {
        let mut connection = self.inner.connect.connect().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        migrations.migrator().run(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(connection.close().await?)
    }

    /// On a connection of its own: a reader's `query_only` forbids it, and the writer would
    /// stand still for as long as it takes.
    pub(crate) async fn snapshot_to(&self, path: &Path) -> Result<(), DbError> {
        let path = path
            .to_str()
            .ok_or_else(|| DbError::Configuration("the copy's path has to be UTF-8 text".to_owned()))?;
        let mut connection = self.inner.connect.connect().await?;
        let copied = sqlx::query("VACUUM INTO $1")
            .bind(path)
            .execute(&mut connection)
            .await;
        let closed = connection.close().await;
        copied?;
        Ok(closed?)
    }

    pub(crate) fn check_writer(&self) -> Result<(), DbError> {
        if self.inner.queue.is_closed() {
            return Err(closed());
        }
        Ok(())
    }

    pub(crate) fn stats(&self) -> Stats {
        self.inner.counters.snapshot()
    }

    /// Readers first: whoever leaves last folds the WAL into the file, and that is the writer.
    pub(crate) async fn close(&self) {
        let limit = self.inner.options.hold_limit;
        if timeout(limit, self.inner.readers.close()).await.is_err() {
            tracing::warn!("a reader did not end in time; the database closes without it");
        }
        let (done, closed) = oneshot::channel();
        let end = async {
            if self.inner.queue.send(Request::Close(done)).await.is_ok() {
                // An error means that the writer has ended already.
                let _ended = closed.await;
            }
        };
        if timeout(limit, end).await.is_err() {
            tracing::warn!("a write did not end in time; the database closes without it");
        }
    }
}

fn closed() -> DbError {
    DbError::Unavailable("it is closed: start the server again".to_owned())
}
