//! Why a command did not do what it should.

use std::{io, net::SocketAddr};

use vault::VaultError;

use crate::tls;

/// Why a command did not do what it should, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database could not be opened or brought up to date.
    #[error("{}", database(.0))]
    Database(#[from] db::DbError),
    /// The master key is missing or not fit.
    #[error("The master key cannot be used: {0}")]
    Key(#[from] VaultError),
    /// The master key is not ours to change.
    #[error(
        "The master key is a credential: add a version where the credential is made \
         (`loomwire vault add`), then run this again to wrap the data keys under it."
    )]
    KeyReadOnly,
    /// The domain said no.
    #[error("{}", whole(.0))]
    Domain(#[from] platform::Error),
    /// The address is taken or not ours.
    #[error("Cannot listen on {address}: {source}. Choose another with {key}.")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What names it.
        key: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A backup was not made or not restored.
    #[error("{0}")]
    Backup(#[from] backup::BackupError),
    /// The server on this machine is not ready.
    #[error("Not ready: {0}")]
    NotReady(String),
    /// The certificate cannot be used.
    #[error("https cannot be spoken: {0}.")]
    Tls(#[from] tls::Error),
    /// The certificates for witnesses cannot be used.
    #[error("The certificates in ledger.ca_file cannot be used: {0}.")]
    Certificates(String),
    /// The certificates for the shared store of limits cannot be used.
    #[error("The certificates in redis_ca_file cannot be used: {0}.")]
    Redis(String),
    /// The witness cannot work.
    #[error("{0}")]
    Witness(String),
    /// Everything else that the system refuses.
    #[error("The system said no: {0}")]
    System(#[from] io::Error),
}

/// The operator is told the cause, which a caller over HTTP is not.
fn whole(error: &platform::Error) -> String {
    match error {
        platform::Error::Internal(source) => format!("{error} The cause: {source}"),
        other => other.to_string(),
    }
}

/// A copy speaks of two databases, and says itself which one it means.
fn database(error: &db::DbError) -> String {
    match error {
        db::DbError::Copy(text) => text.clone(),
        other => format!("The database cannot be used: {other}"),
    }
}
