//! PostgreSQL: a pool, and TLS wherever the wire leaves the machine.

use std::net::IpAddr;
use std::str::FromStr as _;
use std::sync::Arc;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

use tokio::time::timeout;

use crate::conn::{Read, Tx};
use crate::counters::{Counters, Stats};
use crate::{DbError, Listener, Migrations, Options};

/// An open PostgreSQL database.
#[derive(Clone)]
pub struct PostgresDb {
    pool: PgPool,
    connections: u32,
    counters: Arc<Counters>,
}

impl PostgresDb {
    pub(crate) async fn open(url: &str, options: &Options) -> Result<Self, DbError> {
        let connect = secured(PgConnectOptions::from_str(url)?)?;
        let hold = options.hold_limit.as_millis().to_string();
        // The server itself ends what is held too long, also when this process hangs.
        let connect = connect.application_name("loomwire").options([
            ("statement_timeout", hold.as_str()),
            ("idle_in_transaction_session_timeout", hold.as_str()),
        ]);
        // Once by hand: the pool would go on trying, and in the end tell of its own limit only.
        let Ok(first) = timeout(options.wait_limit, connect.connect()).await else {
            return Err(unreachable());
        };
        first?.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.wait_limit)
            .connect_lazy_with(connect);
        Ok(Self {
            pool,
            connections: options.connections,
            counters: Arc::default(),
        })
    }

    pub(crate) async fn begin(&self) -> Result<Tx, DbError> {
        let transaction = self.pool.begin().await;
        let transaction = transaction.map_err(|error| self.explain(error))?;
        Ok(Tx::postgres(transaction, Arc::clone(&self.counters)))
    }

    pub(crate) async fn read(&self) -> Result<Read, DbError> {
        let transaction = self.pool.begin_with("BEGIN READ ONLY").await;
        let transaction = transaction.map_err(|error| self.explain(error))?;
        Ok(Read::postgres(transaction, Arc::clone(&self.counters)))
    }

    pub(crate) async fn listen(&self, channel: &'static str) -> Result<Listener, DbError> {
        let connect = self.pool.connect_options().as_ref().clone();
        Listener::open(connect.application_name("loomwire listener"), channel).await
    }

    /// On a connection of its own: sqlx keeps its advisory lock when a migration fails, and
    /// closing the session is what frees it. A migration may take its time.
    pub(crate) async fn migrate(&self, migrations: &Migrations) -> Result<(), DbError> {
        let mut connection = self.pool.connect_options().connect().await?;
        connection.execute("SET statement_timeout = 0").await?;
        let result = migrations.migrator().run(&mut connection).await;
        let closed = connection.close().await;
        result?;
        Ok(closed?)
    }

    /// A pool that ran out of time without being full could not reach the server.
    fn explain(&self, error: sqlx::Error) -> DbError {
        match error {
            sqlx::Error::PoolTimedOut if self.pool.size() < self.connections => unreachable(),
            error => error.into(),
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        self.counters.snapshot()
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

fn unreachable() -> DbError {
    DbError::Unavailable("no connection could be made in time: check that it runs".to_owned())
}

/// TLS is required unless the server is on this machine. Without a wish in the address the
/// certificate and the name in it are checked; `sslmode=require` encrypts only, and is the
/// operator's own word.
fn secured(options: PgConnectOptions) -> Result<PgConnectOptions, DbError> {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let local = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    if local {
        return Ok(options);
    }
    match options.get_ssl_mode() {
        PgSslMode::Disable | PgSslMode::Allow => Err(DbError::Configuration(
            "a server on another machine needs TLS: remove sslmode or set sslmode=verify-full".to_owned(),
        )),
        // Also what sqlx gives when the address says nothing.
        PgSslMode::Prefer => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => Ok(options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> Option<String> {
        let options = secured(PgConnectOptions::from_str(url).unwrap()).ok()?;
        Some(format!("{:?}", options.get_ssl_mode()))
    }

    #[test]
    fn another_machine_needs_tls() {
        assert_eq!(mode("postgres://u@db.example/x").as_deref(), Some("VerifyFull"));
        assert_eq!(
            mode("postgres://u@10.0.0.1/x?sslmode=require").as_deref(),
            Some("Require")
        );
        assert_eq!(mode("postgres://u@db.example/x?sslmode=disable"), None);
        assert_eq!(mode("postgres://u@db.example/x?sslmode=allow"), None);
        for local in [
            "postgres://u@localhost/x?sslmode=disable",
            "postgres://u@127.0.0.1/x?sslmode=disable",
            "postgres://u@[::1]/x?sslmode=disable",
            "postgres:///x?host=/run/postgresql&sslmode=disable",
        ] {
            assert_eq!(mode(local).as_deref(), Some("Disable"), "{local}");
        }
    }
}
