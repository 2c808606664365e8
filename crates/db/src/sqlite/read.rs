//! Connections that read, each with a limit on how long a statement runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::time::Instant;

use crate::DbError;
use crate::pool::Source;

/// After how many steps of SQLite's machine a statement looks at the clock.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

pub(crate) struct Readers {
    pub(super) connect: SqliteConnectOptions,
    pub(super) limit: Duration,
}

pub(crate) struct Reader {
    connection: SqliteConnection,
    clock: Arc<Clock>,
}

/// When the statement that runs has to stop.
struct Clock {
    origin: Instant,
    limit: Duration,
    /// Microseconds after the origin.
    deadline: AtomicU64,
}

impl Clock {
    fn now(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

impl Reader {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    pub(crate) fn start_statement(&self) {
        let limit = u64::try_from(self.clock.limit.as_micros()).unwrap_or(u64::MAX);
        let deadline = self.clock.now().saturating_add(limit);
        self.clock.deadline.store(deadline, Ordering::SeqCst);
    }
}

impl Source for Readers {
    type Connection = Reader;

    const STALE: bool = false;

    async fn open(&self) -> Result<Reader, DbError> {
        let mut connection = self.connect.connect().await?;
        let clock = Arc::new(Clock {
            origin: Instant::now(),
            limit: self.limit,
            deadline: AtomicU64::new(u64::MAX),
        });
        let look = Arc::clone(&clock);
        let mut handle = connection.lock_handle().await?;
        handle.set_progress_handler(STEPS_BETWEEN_LOOKS, move || {
            look.now() <= look.deadline.load(Ordering::SeqCst)
        });
        drop(handle);
        Ok(Reader { connection, clock })
    }

    async fn check(&self, reader: &mut Reader) -> Result<(), DbError> {
        Ok(reader.connection.ping().await?)
    }

    async fn recover(&self, reader: &mut Reader) -> Result<(), DbError> {
        // Nobody waits for what still runs.
        reader.clock.deadline.store(0, Ordering::SeqCst);
        Ok(reader.connection.ping().await?)
    }

    async fn close(&self, reader: Reader) {
        if let Err(error) = reader.connection.close().await {
            tracing::warn!(%error, "a reader did not close cleanly");
        }
    }
}
