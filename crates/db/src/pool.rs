//! A few connections, lent out one at a time.
//!
//! Unlike sqlx's own pool it knows from [`Conn`](crate::Conn) how a loan ended: what came back
//! in order is used again without a round trip to look, and only what was given up half-way is
//! made fit first. **Invariant**: nobody gets a connection on which another's statement runs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::counters::Connections;
use crate::{DbError, Options};

/// After so long in idle hands a connection to a server is tried before it is lent.
const TRUSTED: Duration = Duration::from_secs(1);
/// A connection to a server is not kept for ever: its memory there only grows.
const LIFETIME: Duration = Duration::from_mins(30);
/// Between attempts to reach a server that just starts: this, doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(20);

/// What makes connections, and knows how to look after them.
pub(crate) trait Source: Send + Sync + 'static {
    /// What is lent.
    type Connection: Send + 'static;
    /// Whether a connection can go stale while nobody uses it.
    const STALE: bool;

    fn open(&self) -> impl Future<Output = Result<Self::Connection, DbError>> + Send;
    /// Whether it still answers.
    fn check(&self, connection: &mut Self::Connection) -> impl Future<Output = Result<(), DbError>> + Send;
    /// Ends what its last borrower left open.
    fn recover(&self, connection: &mut Self::Connection) -> impl Future<Output = Result<(), DbError>> + Send;
    fn close(&self, connection: Self::Connection) -> impl Future<Output = ()> + Send;
}

/// How many times a connection was lost: those opened before are looked at first.
pub(crate) type Losses = Arc<AtomicU64>;

pub(crate) struct Pool<S: Source>(Arc<Inner<S>>);

struct Inner<S: Source> {
    source: S,
    slots: Arc<Semaphore>,
    idle: Idle<S>,
    closed: AtomicBool,
    losses: Losses,
    limit: u32,
    wait_limit: Duration,
    hold_limit: Duration,
}

type Idle<S> = Mutex<Vec<Kept<<S as Source>::Connection>>>;

struct Kept<C> {
    /// Locked by nobody but the one who has borrowed it.
    connection: Arc<tokio::sync::Mutex<C>>,
    opened: Instant,
    seen: Instant,
    /// The losses when it was last known to answer.
    losses: u64,
}

/// How a connection comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Health {
    /// Nothing is open on it.
    Fit,
    /// A statement or a transaction may be.
    Doubtful,
    /// It does not answer any more.
    Lost,
}

/// A connection for a while. Dropping it hands it back.
pub(crate) struct Loan<S: Source> {
    // Dropped first, so that the connection is free when the pool gets it.
    connection: OwnedMutexGuard<S::Connection>,
    back: Back<S>,
}

struct Back<S: Source> {
    /// None only while it is dropped.
    kept: Option<Kept<S::Connection>>,
    health: Health,
    permit: Option<OwnedSemaphorePermit>,
    pool: Arc<Inner<S>>,
}

impl<S: Source> Clone for Pool<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Source> Pool<S> {
    pub(crate) fn new(source: S, options: &Options, losses: Losses) -> Self {
        Self(Arc::new(Inner {
            source,
            slots: Arc::new(Semaphore::new(options.connections as usize)),
            idle: Mutex::default(),
            closed: AtomicBool::new(false),
            losses,
            limit: options.connections,
            wait_limit: options.wait_limit,
            hold_limit: options.hold_limit,
        }))
    }

    pub(crate) fn wait_limit(&self) -> Duration {
        self.0.wait_limit
    }

    /// In the order of asking.
    pub(crate) async fn acquire(&self) -> Result<Loan<S>, DbError> {
        let deadline = Instant::now() + self.0.wait_limit;
        let slots = Arc::clone(&self.0.slots);
        let Ok(permit) = timeout_at(deadline, slots.acquire_owned()).await else {
            return Err(DbError::Busy(
                "no connection came free in time: raise the limit or look for slow pages",
            ));
        };
        let permit = permit.map_err(|_| closed())?;
        if self.0.closed.load(Ordering::SeqCst) {
            return Err(closed());
        }
        let kept = match self.0.usable().await {
            Some(kept) => kept,
            None => self.0.open(deadline).await?,
        };
        Ok(Loan {
            connection: Arc::clone(&kept.connection).lock_owned().await,
            back: Back {
                kept: Some(kept),
                health: Health::Fit,
                permit: Some(permit),
                pool: Arc::clone(&self.0),
            },
        })
    }

    pub(crate) fn source(&self) -> &S {
        &self.0.source
    }

    pub(crate) fn connections(&self) -> Connections {
        let limit = u64::from(self.0.limit);
        Connections {
            in_use: limit.saturating_sub(self.0.slots.available_permits() as u64),
            idle: self.0.lock().len() as u64,
            limit,
        }
    }

    /// Whoever comes now is refused; ends when everybody has handed back.
    pub(crate) async fn close(&self) {
        self.0.closed.store(true, Ordering::SeqCst);
        // In line behind those who wait already, and are refused at their turn.
        if let Ok(all) = self.0.slots.acquire_many(self.0.limit).await {
            self.0.slots.close();
            drop(all);
        }
        let idle = std::mem::take(&mut *self.0.lock());
        for kept in idle {
            self.0.end(kept).await;
        }
    }
}

impl<S: Source> Inner<S> {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Kept<S::Connection>>> {
        // Nothing that can panic runs while it is held.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one that was used last, if it is still good.
    async fn usable(&self) -> Option<Kept<S::Connection>> {
        loop {
            let mut kept = self.lock().pop()?;
            if !S::STALE {
                return Some(kept);
            }
            if kept.opened.elapsed() > LIFETIME {
                self.end(kept).await;
                continue;
            }
            let losses = self.losses.load(Ordering::Relaxed);
            if kept.seen.elapsed() < TRUSTED && kept.losses == losses {
                return Some(kept);
            }
            let check = async {
                let mut connection = kept.connection.lock().await;
                self.source.check(&mut connection).await
            };
            if matches!(timeout(self.wait_limit, check).await, Ok(Ok(()))) {
                kept.losses = losses;
                return Some(kept);
            }
        }
    }

    /// A server that starts, or changes places with its standby, gets its time.
    async fn open(&self, deadline: Instant) -> Result<Kept<S::Connection>, DbError> {
        let losses = self.losses.load(Ordering::Relaxed);
        let mut wait = FIRST_WAIT;
        loop {
            let error = match timeout_at(deadline, self.source.open()).await {
                Ok(Ok(connection)) => {
                    let now = Instant::now();
                    return Ok(Kept {
                        connection: Arc::new(tokio::sync::Mutex::new(connection)),
                        opened: now,
                        seen: now,
                        losses,
                    });
                }
                Ok(Err(error @ DbError::Unavailable(_))) if S::STALE => error,
                Ok(Err(error)) => return Err(error),
                Err(_) => return Err(unreachable()),
            };
            if Instant::now() + wait >= deadline {
                return Err(error);
            }
            sleep(wait).await;
            wait *= 2;
        }
    }

    async fn recover(&self, kept: Kept<S::Connection>) {
        let recover = async {
            let mut connection = kept.connection.lock().await;
            self.source.recover(&mut connection).await
        };
        if matches!(timeout(self.hold_limit, recover).await, Ok(Ok(()))) {
            self.keep(kept);
        }
    }

    async fn end(&self, kept: Kept<S::Connection>) {
        // Nobody else has a handle on what is idle.
        if let Some(connection) = Arc::into_inner(kept.connection) {
            self.source.close(connection.into_inner()).await;
        }
    }

    fn keep(&self, mut kept: Kept<S::Connection>) {
        kept.seen = Instant::now();
        self.lock().push(kept);
    }
}

impl<S: Source> Loan<S> {
    pub(crate) fn connection(&mut self) -> &mut S::Connection {
        &mut self.connection
    }

    /// A statement or a transaction is open from here on.
    pub(crate) fn doubt(&mut self) {
        if self.back.health == Health::Fit {
            self.back.health = Health::Doubtful;
        }
    }

    /// Everything came to its end.
    pub(crate) fn trust(&mut self) {
        if self.back.health == Health::Doubtful {
            self.back.health = Health::Fit;
        }
    }

    pub(crate) fn lose(&mut self) {
        self.back.health = Health::Lost;
    }
}

impl<S: Source> Drop for Back<S> {
    fn drop(&mut self) {
        let Some(kept) = self.kept.take() else { return };
        match self.health {
            Health::Fit => self.pool.keep(kept),
            // The others of its age are probably as dead.
            Health::Lost => drop(self.pool.losses.fetch_add(1, Ordering::Relaxed)),
            Health::Doubtful => {
                // Without a runtime nobody can make it fit, and nobody will want it.
                let Ok(runtime) = Handle::try_current() else {
                    return;
                };
                let (pool, permit) = (Arc::clone(&self.pool), self.permit.take());
                runtime.spawn(async move {
                    pool.recover(kept).await;
                    drop(permit);
                });
            }
        }
    }
}

pub(crate) fn unreachable() -> DbError {
    DbError::Unavailable("no connection could be made in time: check that it runs".to_owned())
}

fn closed() -> DbError {
    DbError::Unavailable("it is closed: start the server again".to_owned())
}
