//! One session with the server, and one transaction on it.

use std::sync::Arc;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _};
use tokio::time::{Instant, timeout};

use crate::DbError;
use crate::counters::Counters;
use crate::error::is_lost;
use crate::pool::{Loan, Pool, Source};

/// Sessions that are set up alike.
pub(crate) struct Sessions {
    connect: PgConnectOptions,
    /// Whether what is left open is a transaction.
    transactions: bool,
}

impl Sessions {
    pub(super) fn writing(connect: PgConnectOptions) -> Self {
        Self {
            connect,
            transactions: true,
        }
    }

    pub(super) fn reading(connect: PgConnectOptions) -> Self {
        Self {
            connect,
            transactions: false,
        }
    }

    pub(super) fn connect(&self) -> &PgConnectOptions {
        &self.connect
    }
}

impl Source for Sessions {
    type Connection = PgConnection;

    const STALE: bool = true;

    async fn open(&self) -> Result<PgConnection, DbError> {
        Ok(self.connect.connect().await?)
    }

    async fn check(&self, connection: &mut PgConnection) -> Result<(), DbError> {
        Ok(connection.ping().await?)
    }

    async fn recover(&self, connection: &mut PgConnection) -> Result<(), DbError> {
        if self.transactions {
            connection.execute("ROLLBACK").await?;
            return Ok(());
        }
        self.check(connection).await
    }

    async fn close(&self, connection: PgConnection) {
        if let Err(error) = connection.close().await {
            tracing::debug!(%error, "a connection did not close cleanly");
        }
    }
}

/// An open transaction; dropping it undoes it.
pub(crate) struct Transaction {
    loan: Loan<Sessions>,
}

impl Transaction {
    /// A connection may have died unseen: nothing is lost by beginning on another.
    pub(super) async fn begin(pool: &Pool<Sessions>, begin: &str) -> Result<Self, DbError> {
        let mut again = true;
        loop {
            let mut loan = pool.acquire().await?;
            loan.doubt();
            let asked = loan.connection().execute(AssertSqlSafe(begin.to_owned()));
            // A server that hangs does not say so.
            let Ok(answer) = timeout(pool.wait_limit(), asked).await else {
                loan.lose();
                return Err(crate::pool::unreachable());
            };
            match answer {
                Ok(_) => return Ok(Self { loan }),
                Err(error) if is_lost(&error) => {
                    loan.lose();
                    if !std::mem::take(&mut again) {
                        return Err(error.into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        self.loan.connection()
    }

    pub(crate) fn lose(&mut self) {
        self.loan.lose();
    }

    pub(crate) async fn commit(mut self, counters: &Arc<Counters>) -> Result<(), DbError> {
        let began = Instant::now();
        match self.loan.connection().execute("COMMIT").await {
            Ok(_) => {
                self.loan.trust();
                counters.commit(1, began.elapsed());
                Ok(())
            }
            Err(error) => {
                if is_lost(&error) {
                    self.loan.lose();
                }
                counters.fail();
                Err(error.into())
            }
        }
    }
}
