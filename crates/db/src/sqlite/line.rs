//! The write connection, and the right to use it for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::hold::Hold;
use crate::DbError;

/// After how many steps of SQLite's machine a statement looks whether it has to stop.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// What a commit waits for.
pub(super) type Answer = oneshot::Sender<Result<(), DbError>>;

/// An open write connection with its hooks.
pub(super) struct Line {
    connection: Arc<Mutex<SqliteConnection>>,
    flags: Arc<Flags>,
}

#[derive(Default)]
struct Flags {
    /// Whether a COMMIT may pass: true only while the writer makes one.
    may_commit: AtomicBool,
    /// Set when SQLite undid the transaction, by itself or when told to.
    rolled_back: AtomicBool,
    /// Tells a running statement to stop.
    stop: AtomicBool,
}

/// The connection for the length of one transaction. Dropping it hands it back and undoes.
pub(crate) struct Lease {
    // Dropped first, so that the connection is free when the writer hears of it.
    connection: OwnedMutexGuard<SqliteConnection>,
    done: oneshot::Sender<Answer>,
}

impl Lease {
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Hands it back for a commit and waits for the writer's COMMIT.
    pub(crate) async fn commit(self) -> Result<(), DbError> {
        let Self { connection, done } = self;
        drop(connection);
        let (answer, result) = oneshot::channel();
        let lost = || DbError::Unavailable("it closed before the commit: try again".to_owned());
        done.send(answer).map_err(|_| lost())?;
        result.await.map_err(|_| lost())?
    }
}

impl Line {
    pub(super) async fn open(options: &SqliteConnectOptions, hold: &Hold) -> Result<Self, DbError> {
        let mut connection = options.connect().await?;
        let flags = Arc::<Flags>::default();
        {
            let mut handle = connection.lock_handle().await?;
            let (hook, hold) = (Arc::clone(&flags), hold.clone());
            // After an error SQLite may end the whole transaction, and a statement that comes
            // later would commit by itself. Nothing commits but the writer.
            handle.set_commit_hook(move || {
                hold.pass();
                hook.may_commit.load(Ordering::SeqCst)
            });
            let hook = Arc::clone(&flags);
            handle.set_rollback_hook(move || hook.rolled_back.store(true, Ordering::SeqCst));
            let hook = Arc::clone(&flags);
            handle.set_progress_handler(STEPS_BETWEEN_LOOKS, move || !hook.stop.load(Ordering::SeqCst));
        }
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            flags,
        })
    }

    /// Lends it out; the receiver tells of a commit, or by its closing of a drop.
    pub(super) async fn lend(&self) -> (Lease, oneshot::Receiver<Answer>) {
        let (done, back) = oneshot::channel();
        let connection = Arc::clone(&self.connection).lock_owned().await;
        (Lease { connection, done }, back)
    }

    pub(super) async fn run(&self, sql: &'static str) -> Result<(), DbError> {
        let mut connection = self.connection.lock().await;
        sqlx::query(sql).execute(&mut *connection).await?;
        Ok(())
    }

    /// Runs statements of which the last is COMMIT.
    pub(super) async fn run_commit(&self, sql: &'static str) -> Result<(), DbError> {
        self.flags.may_commit.store(true, Ordering::SeqCst);
        let result = self.run(sql).await;
        self.flags.may_commit.store(false, Ordering::SeqCst);
        result
    }

    pub(super) fn forget_rollbacks(&self) {
        self.flags.rolled_back.store(false, Ordering::SeqCst);
    }

    /// Whether SQLite undid the open transaction as a whole, and for which reason.
    pub(super) async fn undone(&self) -> Option<DbError> {
        if !self.flags.rolled_back.load(Ordering::SeqCst) {
            return None;
        }
        let mut connection = self.connection.lock().await;
        let cause = match connection.lock_handle().await {
            Ok(mut handle) => handle
                .last_error()
                .map(|error| DbError::from(sqlx::Error::from(error))),
            Err(error) => Some(error.into()),
        };
        Some(match cause {
            Some(cause @ (DbError::Full | DbError::Unavailable(_))) => cause,
            _ => DbError::Busy("the database undid this write together with others"),
        })
    }

    /// Stops the statement that runs, if one does; the connection is not used again.
    pub(super) fn stop(&self) {
        self.flags.stop.store(true, Ordering::SeqCst);
    }

    /// Closes it if nobody holds it; otherwise it closes when it comes back.
    pub(super) async fn close(self) {
        if let Some(connection) = Arc::into_inner(self.connection)
            && let Err(error) = connection.into_inner().close().await
        {
            tracing::warn!(%error, "the write connection did not close cleanly");
        }
    }
}
