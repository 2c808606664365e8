//! PostgreSQL: connections that write, connections that read, and what needs one of its own.
//!
//! With an address around the pooler ([`Options::direct_url`]) the main one leads through
//! pgbouncer in transaction mode, where nothing may be kept in a session: there every read is a
//! transaction too, the limits are set in each, and no statement is prepared ahead.

mod facts;
mod secure;
mod session;

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use tokio::time::{Instant, sleep, timeout};

use crate::conn::{Read, Tx};
use crate::counters::{Counters, Stats};
use crate::pool::{self, Losses, Pool};
use crate::{DbError, Listener, Migrations, Options};

use secure::secured;
pub(crate) use session::{Sessions, Transaction};

/// The advisory lock of whoever migrates: "loomwire" in ASCII.
const MIGRATION_LOCK: i64 = 0x6c6f_6f6d_7769_7265;
const BETWEEN_TURNS: Duration = Duration::from_millis(50);

/// An open PostgreSQL database.
#[derive(Clone)]
pub struct PostgresDb {
    inner: Arc<Inner>,
}

struct Inner {
    writers: Pool<Sessions>,
    readers: Pool<Sessions>,
    commit_limit: Duration,
    begin: String,
    /// What begins a read, if it takes a transaction.
    begin_read: Option<String>,
    /// Never through a pooler.
    direct: PgConnectOptions,
    counters: Arc<Counters>,
}

impl PostgresDb {
    pub(crate) async fn open(url: &str, options: &Options) -> Result<Self, DbError> {
        let connect = parse(url)?;
        let hold = options.hold_limit.as_millis().to_string();
        // The server itself ends what is held too long, also when this process hangs.
        let limits = [
            ("statement_timeout", hold.as_str()),
            ("idle_in_transaction_session_timeout", hold.as_str()),
        ];
        let losses = Losses::default();
        let inner = if let Some(direct) = &options.direct_url {
            let (connect, clean) = pooled(connect, url);
            let [begin, begin_read] = ["BEGIN", "BEGIN READ ONLY"].map(|begin| {
                let set = limits.map(|(name, value)| format!("; SET LOCAL {name} = {value}"));
                format!("{begin}{clean}{}", set.concat())
            });
            Inner {
                writers: Pool::new(Sessions::writing(connect.clone()), options, Arc::clone(&losses)),
                readers: Pool::new(Sessions::writing(connect), options, losses),
                commit_limit: options.commit_limit,
                begin,
                begin_read: Some(begin_read),
                direct: parse(direct)?,
                counters: Arc::default(),
            }
        } else {
            let write = connect.clone().options(limits);
            let read = write.clone().options([("default_transaction_read_only", "on")]);
            Inner {
                writers: Pool::new(Sessions::writing(write), options, Arc::clone(&losses)),
                readers: Pool::new(Sessions::reading(read), options, losses),
                commit_limit: options.commit_limit,
                begin: "BEGIN".to_owned(),
                begin_read: None,
                direct: connect,
                counters: Arc::default(),
            }
        };
        inner.greet(options).await?;
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    pub(crate) async fn begin(&self) -> Result<Tx, DbError> {
        let counters = &self.inner.counters;
        let (asked, waiting) = (Instant::now(), counters.wait());
        let loan = Transaction::begin(&self.inner.writers, &self.inner.begin).await;
        drop(waiting);
        counters.write_wait.add_time(asked.elapsed());
        if matches!(loan, Err(DbError::Busy(_))) {
            counters.stuck(asked);
        }
        Ok(Tx::postgres(loan?, Arc::clone(counters), self.inner.commit_limit))
    }

    pub(crate) async fn read(&self) -> Result<Read, DbError> {
        let asked = Instant::now();
        let read = match &self.inner.begin_read {
            None => self.inner.readers.acquire().await.map(Read::postgres),
            Some(begin) => Transaction::begin(&self.inner.readers, begin)
                .await
                .map(Read::pooled),
        };
        self.inner.counters.read_wait.add_time(asked.elapsed());
        read
    }

    pub(crate) async fn listen(&self, channel: &'static str) -> Result<Listener, DbError> {
        let connect = self.inner.direct.clone();
        Listener::open(connect.application_name("loomwire listener"), channel).await
    }

    /// On a connection of its own, whose end frees the lock whatever happens. A migration may
    /// take its time.
    pub(crate) async fn migrate(&self, migrations: &Migrations) -> Result<(), DbError> {
        let mut connection = self.inner.direct.connect().await?;
        connection.execute("SET statement_timeout = 0").await?;
        take_turn(&mut connection).await?;
        let result = migrations.migrator().run(&mut connection).await;
        let closed = connection.close().await;
        result.map_err(|error| migrations.explain(error))?;
        Ok(closed?)
    }

    pub(crate) fn direct_options(&self) -> &PgConnectOptions {
        &self.inner.direct
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    pub(crate) fn stats(&self) -> Stats {
        let inner = &self.inner;
        inner
            .counters
            .snapshot(inner.readers.connections(), inner.writers.connections())
    }

    pub(crate) async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writers.close().await;
    }
}

impl Inner {
    /// Once by hand: the pool would go on trying, and in the end tell of its own limit only.
    async fn greet(&self, options: &Options) -> Result<(), DbError> {
        let pooled = self.begin_read.is_some();
        let mut ways = vec![&self.direct];
        ways.extend(pooled.then(|| self.readers.source().connect()));
        for connect in ways {
            let Ok(first) = timeout(options.wait_limit, connect.connect()).await else {
                return Err(pool::unreachable());
            };
            first?.close().await?;
        }
        Ok(())
    }
}

/// One server migrates, the others wait. By asking again and not inside a statement: that would
/// be a transaction which CREATE INDEX CONCURRENTLY waits for, and so neither would go on.
async fn take_turn(connection: &mut PgConnection) -> Result<(), DbError> {
    let mut told = false;
    loop {
        let ask = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(MIGRATION_LOCK);
        if ask.fetch_one(&mut *connection).await? {
            return Ok(());
        }
        if !std::mem::replace(&mut told, true) {
            tracing::info!("another server migrates the database; waiting for it");
        }
        sleep(BETWEEN_TURNS).await;
    }
}

fn parse(url: &str) -> Result<PgConnectOptions, DbError> {
    Ok(secured(PgConnectOptions::from_str(url)?)?.application_name("loomwire"))
}

/// pgbouncer refuses parameters that it does not know, and another session may serve the next
/// transaction: what others prepared there has the names that we use, and is cleared at the
/// beginning of each. Who has `max_prepared_statements` there (1.21 and later) says so by a
/// capacity, and nothing needs clearing.
fn pooled(connect: PgConnectOptions, url: &str) -> (PgConnectOptions, &'static str) {
    let connect = connect.extra_float_digits(None);
    if url.contains("statement-cache-capacity=") {
        (connect, "")
    } else {
        (connect.statement_cache_capacity(0), "; DEALLOCATE ALL")
    }
}
