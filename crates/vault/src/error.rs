//! What can go wrong, and what to do about it. No message holds a key or a secret.

use std::{io, path::PathBuf};

/// Why a key or a secret is not to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// There is no key file.
    #[error(
        "there is no master key at {path}: put the file back from its backup, or name the right \
         place; the secrets of an existing database cannot be read without it"
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A key file is there already, and is not overwritten.
    #[error("there is already a master key at {path}: it was left as it is")]
    Exists {
        /// Where it is.
        path: PathBuf,
    },
    /// Others than the owner could read or write the keys.
    #[error(
        "the master key {path} has mode {mode:04o}, so others can reach it: \
         run `chmod 600 {path}`, and rotate the key if somebody may have read it"
    )]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file does not hold what it should.
    #[error("the master key {path} cannot be read: line {line} {problem}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it, without its content.
        problem: &'static str,
    },
    /// A secret was wrapped under a master key that is not at hand.
    #[error(
        "master key version {version} is not at hand: put back the key file that has it; \
         versions here: {known:?}"
    )]
    UnknownVersion {
        /// The version that is asked for.
        version: u32,
        /// The versions at hand.
        known: Vec<u32>,
    },
    /// The value does not authenticate.
    #[error(
        "a sealed value does not open: it was changed, or it was sealed for another place or \
         under another key"
    )]
    Refused,
    /// The value is longer than the cipher allows (256 GiB).
    #[error("the value is too long to be sealed")]
    TooLong,
    /// The file system said no.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was attempted, such as "read".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
