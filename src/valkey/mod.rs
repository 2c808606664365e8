//! The Valkey or Redis in which several servers count calls together.
//!
//! One connection, on which calls do not wait for each other; each call is one `EVALSHA`. A
//! failure, and an answer that is late, end the connection: the next comes from
//! [`SharedLimits::reach`], which runs every second beside the requests, never from a call.
//!
//! It speaks to one server, or to the writable one behind one address; not to a cluster, where
//! the buckets of one call would lie on different servers.
//!
//! **Invariant**: nothing here prints what the store said, or who we are there.

mod connect;
mod keep;

#[cfg(test)]
pub(crate) mod tests;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use platform::limits::{Asked, SharedError, SharedLimits, Taken};
use redis::{ErrorKind, RedisError, Script, aio::MultiplexedConnection};
use rustls::ClientConfig;
use tokio::{task::JoinHandle, time::timeout};

use crate::config::{Redis, RedisUrl};

pub use keep::Keeper;

/// For how long a call waits for the store.
pub const PATIENCE: Duration = Duration::from_millis(40);

/// The store.
pub struct Valkey {
    url: RedisUrl,
    tls: Option<Arc<ClientConfig>>,
    patience: Duration,
    script: Script,
    open: Mutex<Option<Open>>,
    /// How many connections there were.
    opened: AtomicU64,
    /// Held while a connection is opened.
    opening: tokio::sync::Mutex<()>,
}

/// A connection, and what drives it; ended with this.
struct Open {
    connection: MultiplexedConnection,
    driver: JoinHandle<()>,
    /// Tells it from the one before.
    number: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Valkey {
    /// The one of the configuration. No connection is opened yet. A call waits for its answer as
    /// long as `patience` says.
    ///
    /// # Errors
    /// If the certificates that it is to be trusted by cannot be read.
    pub fn new(redis: &Redis, patience: Duration) -> std::io::Result<Self> {
        let tls = if redis.url.tls {
            Some(connect::trusting(redis.ca_file.as_deref())?)
        } else {
            None
        };
        Ok(Self {
            url: redis.url.clone(),
            tls,
            patience,
            script: Script::new(include_str!("take.lua")),
            open: Mutex::default(),
            opened: AtomicU64::default(),
            opening: tokio::sync::Mutex::default(),
        })
    }

    fn current(&self) -> Option<(MultiplexedConnection, u64)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|open| (open.connection.clone(), open.number))
    }

    /// Ends this connection, and not one that was opened since.
    fn end(&self, number: u64) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_some_and(|open| open.number == number) {
            *open = None;
        }
    }

    async fn connected(&self) -> Result<(MultiplexedConnection, u64), SharedError> {
        let _opening = self.opening.lock().await;
        if let Some(current) = self.current() {
            return Ok(current);
        }
        let (connection, driver) = connect::connect(&self.url, self.tls.as_ref()).await?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        *open = Some(Open {
            connection: connection.clone(),
            driver: tokio::spawn(driver),
            number,
        });
        Ok((connection, number))
    }

    /// Asks; the connection on which there was no good answer in time is ended.
    async fn ask(
        &self,
        (mut connection, number): (MultiplexedConnection, u64),
        asked: &[Asked],
    ) -> Result<Taken, SharedError> {
        let mut script = self.script.prepare_invoke();
        for bucket in asked {
            script.key(&bucket.name).arg(bucket.tolerance).arg(bucket.price);
        }
        let answer = timeout(self.patience, script.invoke_async::<Vec<i64>>(&mut connection)).await;
        let answer = match answer {
            Ok(Ok(answer)) => read(&answer),
            Ok(Err(error)) => Err(in_words(&error)),
            Err(_) => Err(SharedError::TimedOut),
        };
        if answer.is_err() {
            self.end(number);
        }
        answer
    }
}

fn read(answer: &[i64]) -> Result<Taken, SharedError> {
    let [now, admitted, used @ ..] = answer else {
        return Err(SharedError::Refused("its answer is none".to_owned()));
    };
    Ok(Taken {
        now: *now,
        admitted: *admitted == 1,
        used: used.to_vec(),
    })
}

/// Our words for what went wrong; the store's own could hold anything.
pub(crate) fn in_words(error: &RedisError) -> SharedError {
    match error.kind() {
        ErrorKind::Io => SharedError::Unreachable("it was lost, or nobody takes it there".to_owned()),
        ErrorKind::AuthenticationFailed => {
            SharedError::Refused("user or password are not good there; look at redis_url".to_owned())
        }
        _ => {
            let code = error
                .code()
                .filter(|code| code.bytes().all(|b| b.is_ascii_uppercase()));
            SharedError::Refused(format!("{}, {}", error.category(), code.unwrap_or("no code")))
        }
    }
}

#[async_trait::async_trait]
impl SharedLimits for Valkey {
    async fn take(&self, asked: &[Asked]) -> Result<Taken, SharedError> {
        let current = self.current();
        let current = current.ok_or_else(|| SharedError::Unreachable("it is not open yet".to_owned()))?;
        self.ask(current, asked).await
    }

    async fn reach(&self) -> Result<(), SharedError> {
        let connected = self.connected().await?;
        // Also puts the script there, so that the first call finds it.
        self.ask(connected, &[]).await.map(drop)
    }
}
