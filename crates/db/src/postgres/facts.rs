//! Facts about the server, for who looks after it.

use super::PostgresDb;
use crate::{DbError, Facts, on};

impl PostgresDb {
    pub(crate) async fn facts(&self) -> Result<Facts, DbError> {
        let mut read = self.read().await?;
        let mut facts = Facts::new();
        for (name, query) in [
            ("version", "SELECT current_setting('server_version')"),
            (
                "ssl",
                "SELECT CASE WHEN ssl THEN 'on' ELSE 'off' END FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
            ),
            ("fsync", "SELECT current_setting('fsync')"),
            (
                "synchronous_commit",
                "SELECT current_setting('synchronous_commit')",
            ),
            ("full_page_writes", "SELECT current_setting('full_page_writes')"),
            ("data_checksums", "SELECT current_setting('data_checksums')"),
            ("server_encoding", "SELECT current_setting('server_encoding')"),
            ("max_connections", "SELECT current_setting('max_connections')"),
            (
                "connections",
                "SELECT CAST(count(*) AS TEXT) FROM pg_stat_activity WHERE backend_type = 'client backend'",
            ),
            (
                "in_recovery",
                "SELECT CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END",
            ),
            // To be compared with ours.
            (
                "unix_millis",
                "SELECT CAST(CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS TEXT)",
            ),
            (
                "bytes",
                "SELECT CAST(pg_database_size(current_database()) AS TEXT)",
            ),
        ] {
            // Through a pooler the row about this session may be missing.
            let value: Option<String> = on!(read, |c| sqlx::query_scalar(query).fetch_optional(c).await)?;
            facts.push((name, value.unwrap_or_else(|| "unknown".to_owned())));
        }
        Ok(facts)
    }
}
