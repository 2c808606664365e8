//! Hearing of what other servers on the same database did (PostgreSQL's LISTEN and NOTIFY).
//!
//! A message goes out with the commit of the transaction that sent it, or not at all. It can be
//! lost with a connection, so it is a hint to look and never the only way to learn something.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::{Conn, DbError, Kind, execute};

/// Fewer bytes than this is what PostgreSQL takes.
const PAYLOAD_LIMIT: usize = 8000;
/// After so much silence the connection is tried: a dead one says nothing either.
const SILENCE: Duration = Duration::from_secs(20);
/// How long opening or trying a connection may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between attempts to come back: this, doubled each time up to the limit.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// What may lie here unread; then PostgreSQL keeps the rest.
const UNREAD: usize = 1024;

/// What a [`Listener`] hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Somebody's payload; also one's own.
    Message(String),
    /// The connection was lost, or is back: messages may be missing, so look at everything.
    Gap,
}

/// Hears one channel, on a connection of its own that comes back by itself. On SQLite, where
/// there is no other server, it hears nothing.
pub struct Listener(Option<Ear>);

struct Ear {
    notices: mpsc::Receiver<Notice>,
    task: JoinHandle<()>,
}

impl Listener {
    /// What comes next. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Notice {
        match &mut self.0 {
            Some(ear) => match ear.notices.recv().await {
                Some(notice) => notice,
                // The runtime is going down, and the task with it.
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }

    pub(crate) fn deaf() -> Self {
        Self(None)
    }

    /// Hears everything that is sent after this returns.
    pub(crate) async fn open(connect: PgConnectOptions, channel: &'static str) -> Result<Self, DbError> {
        let first = subscribe(&connect, channel).await?;
        let (sender, notices) = mpsc::channel(UNREAD);
        let task = tokio::spawn(async move {
            // An error means that nobody listens any more.
            let _gone = hear(first, &connect, channel, &sender).await;
        });
        Ok(Self(Some(Ear { notices, task })))
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Gone = mpsc::error::SendError<Notice>;

async fn hear(
    first: PgListener,
    connect: &PgConnectOptions,
    channel: &'static str,
    sender: &mpsc::Sender<Notice>,
) -> Result<(), Gone> {
    let mut listener = first;
    loop {
        let cause = until_lost(&mut listener, sender).await?;
        tracing::warn!(channel, %cause, "lost the connection that listens; opening another");
        sender.send(Notice::Gap).await?;
        drop(listener);
        listener = come_back(connect, channel).await;
        tracing::info!(channel, "listening again");
        sender.send(Notice::Gap).await?;
    }
}

/// Passes messages on; ends with why the connection is of no more use.
async fn until_lost(listener: &mut PgListener, sender: &mpsc::Sender<Notice>) -> Result<DbError, Gone> {
    loop {
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(message))) => {
                let payload = message.payload().to_owned();
                sender.send(Notice::Message(payload)).await?;
            }
            Ok(Ok(None)) => return Ok(DbError::Unavailable("the server hung up".to_owned())),
            Ok(Err(error)) => return Ok(error.into()),
            Err(_) => {
                let alive = sqlx::query("SELECT 1").execute(&mut *listener);
                match timeout(PATIENCE, alive).await {
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => return Ok(error.into()),
                    Err(_) => return Ok(silent()),
                }
            }
        }
    }
}

async fn come_back(connect: &PgConnectOptions, channel: &'static str) -> PgListener {
    let mut wait = FIRST_WAIT;
    loop {
        match subscribe(connect, channel).await {
            Ok(listener) => return listener,
            Err(error) => {
                tracing::warn!(channel, %error, "cannot listen yet");
                sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

async fn subscribe(connect: &PgConnectOptions, channel: &'static str) -> Result<PgListener, DbError> {
    // sqlx listens through a pool only; this one is the listener's own.
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(connect.clone());
    let opened = async {
        let mut listener = PgListener::connect_with(&pool).await?;
        // A silent reconnect inside sqlx would hide the gap.
        listener.eager_reconnect(false);
        listener.listen(channel).await?;
        Ok::<_, sqlx::Error>(listener)
    };
    match timeout(PATIENCE, opened).await {
        Ok(listener) => Ok(listener?),
        Err(_) => Err(silent()),
    }
}

fn silent() -> DbError {
    DbError::Unavailable("the server does not answer: check the network".to_owned())
}

impl Conn {
    /// Tells whoever listens to the channel, at the commit of this transaction. On SQLite it
    /// does nothing. The payload is under 8000 bytes.
    pub async fn notify(&mut self, channel: &'static str, payload: &str) -> Result<(), DbError> {
        if payload.len() >= PAYLOAD_LIMIT {
            return Err(DbError::Other(format!(
                "a notice of {} bytes is too long (under {PAYLOAD_LIMIT}): send an id",
                payload.len()
            )));
        }
        if self.kind() == Kind::Sqlite {
            return Ok(());
        }
        let notify = "SELECT pg_notify($1, $2)";
        execute!(self, sqlx::query(notify).bind(channel).bind(payload))?;
        Ok(())
    }
}
