//! SQLite: one file, one writer, a pool of readers.

mod hold;
mod line;
mod open;
mod read;
mod snapshot;
mod write;

use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use crate::conn::{Read, Tx};
use crate::counters::{Counters, Stats};
use crate::pool::Pool;
use crate::{DbError, Migrations, Options};

pub(crate) use line::Lease;
pub(crate) use read::Readers;
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
    readers: Pool<Readers>,
    /// How the writer opens the file, and how one who looks.
    connect: SqliteConnectOptions,
    look: SqliteConnectOptions,
    #[cfg(feature = "fixture")]
    hold: hold::Hold,
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
        let hold = hold::Hold::default();
        let mut writer = Writer::new(
            connect.clone(),
            hold.clone(),
            options.clone(),
            Arc::clone(&counters),
            requests,
            place.folder.clone(),
        );
        // The first connection makes the file a database in WAL mode, before any reader looks.
        writer.prepare().await?;
        tokio::spawn(writer.run());
        let source = Readers {
            connect: open::reader(&place),
            limit: options.hold_limit,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                queue,
                readers: Pool::new(source, options, Arc::default()),
                connect,
                look: open::common(&place),
                #[cfg(feature = "fixture")]
                hold,
                options: options.clone(),
                counters,
                _folder: place.folder,
            }),
        })
    }

    pub(crate) async fn begin(&self) -> Result<Tx, DbError> {
        let counters = &self.inner.counters;
        let (asked, waiting) = (Instant::now(), counters.wait());
        let turn = async {
            let (answer, lease) = oneshot::channel();
            let request = Request::Begin(answer);
            self.inner.queue.send(request).await.map_err(|_| closed())?;
            lease.await.map_err(|_| closed())?
        };
        let Ok(lease) = timeout(self.inner.options.wait_limit, turn).await else {
            counters.stuck(asked);
            return Err(DbError::Busy(
                "another write held it all the time (if this task holds one itself, end that first)",
            ));
        };
        drop(waiting);
        counters.write_wait.add_time(asked.elapsed());
        Ok(Tx::sqlite(
            lease?,
            Arc::clone(counters),
            self.inner.options.commit_limit,
        ))
    }

    pub(crate) async fn read(&self) -> Result<Read, DbError> {
        let asked = Instant::now();
        let reader = self.inner.readers.acquire().await;
        self.inner.counters.read_wait.add_time(asked.elapsed());
        Ok(Read::sqlite(reader?))
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

    pub(crate) fn writer_options(&self) -> &SqliteConnectOptions {
        &self.inner.connect
    }

    pub(crate) fn check_writer(&self) -> Result<(), DbError> {
        if self.inner.queue.is_closed() {
            return Err(closed());
        }
        Ok(())
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    #[cfg(feature = "fixture")]
    pub(crate) fn hold_commits(&self, held: bool) {
        self.inner.hold.set(held);
    }

    pub(crate) fn stats(&self) -> Stats {
        let counters = &self.inner.counters;
        counters.snapshot(self.inner.readers.connections(), counters.one_writer())
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
