//! What can be wrong with a certificate, in words for the operator.

use std::{io, path::PathBuf};

/// Why a certificate is not used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Everybody on the machine can read the key.
    #[error(
        "the key {} has mode {mode:04o}, so everybody on this machine can read it; \
         run chmod 640 on it, or 600, and let it belong to the server's user or group",
        .path.display()
    )]
    Mode {
        /// Which.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file is something else.
    #[error("there is no certificate in it: give PEM, our own certificate first, then each its issuer")]
    NoCertificate,
    /// The file is something else, or has a password.
    #[error("there is no private key that can be used: give PEM without a password")]
    NoKey,
    /// PEM around something else.
    #[error("the certificate is damaged: copy the file again")]
    Damaged,
    /// Key and certificate are of two different pairs.
    #[error("the key is not that of the certificate: give both of the same pair")]
    OtherKey,
    /// The own certificate is not the first.
    #[error(
        "the chain is in the wrong order: our own certificate is number {0}; put it first, then each its issuer"
    )]
    NotFirst(usize),
    /// A certificate is not followed by its issuer.
    #[error(
        "the chain is broken: certificate {0} was not issued by the one after it; leave out what does not belong"
    )]
    Chain(usize),
    /// Nobody would accept it.
    #[error("the certificate expired on {0}: give a fresh one")]
    Expired(String),
    /// The cryptography library refuses the settings or a key.
    #[error("TLS cannot be set up: {0}")]
    Library(#[from] rustls::Error),
    /// The system refuses something else.
    #[error("the system said no: {0}")]
    System(#[from] io::Error),
}
