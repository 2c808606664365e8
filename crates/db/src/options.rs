//! How a database is opened.

use std::time::Duration;

/// Limits of a [`Db`](crate::Db). The defaults suit a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long `begin` and `read` wait for a connection before they answer
    /// [`DbError::Busy`](crate::DbError::Busy).
    pub wait_limit: Duration,
    /// How long one transaction may be held before it is refused, and one statement run.
    pub hold_limit: Duration,
    /// How long a caller waits for a COMMIT before he is told that its end is open
    /// ([`DbError::Stuck`](crate::DbError::Stuck)). Longer than `hold_limit`, by which
    /// PostgreSQL itself ends a statement.
    pub commit_limit: Duration,
    /// How many transactions may share one COMMIT (SQLite).
    pub batch_size: usize,
    /// How old a batch may grow before it takes no more (SQLite).
    pub batch_age: Duration,
    /// How many connections there are at most to read, and on PostgreSQL as many to write.
    pub connections: u32,
    /// Quota of the database file in pages of 4096 bytes (SQLite); none by default.
    pub max_pages: Option<u32>,
    /// The address around the pooler, if the main one leads through pgbouncer in transaction
    /// mode (PostgreSQL): migrations and notices need a session of their own.
    pub direct_url: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wait_limit: Duration::from_secs(10),
            hold_limit: Duration::from_secs(10),
            commit_limit: Duration::from_secs(12),
            batch_size: 256,
            batch_age: Duration::from_millis(10),
            connections: 8,
            max_pages: None,
            direct_url: None,
        }
    }
}
