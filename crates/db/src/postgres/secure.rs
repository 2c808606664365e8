//! TLS wherever the wire leaves the machine.

use std::net::IpAddr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::DbError;

/// TLS is required unless the server is on this machine. Without a wish in the address the
/// certificate and the name in it are checked; `sslmode=require` encrypts only, and is the
/// operator's own word.
pub(super) fn secured(options: PgConnectOptions) -> Result<PgConnectOptions, DbError> {
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
    use std::str::FromStr as _;

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
