//! What can go wrong, and what to do about it. No message holds a key or a row.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use db::DbError;

/// Why a backup was not made, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// What the operator gave cannot be used.
    #[error("{0}")]
    Configuration(String),
    /// The database said no.
    #[error("{0}")]
    Database(#[from] DbError),
    /// No room.
    #[error("The disk that holds {path} is full: free space and try again. Nothing was left behind.")]
    Full {
        /// What was written.
        path: PathBuf,
    },
    /// The file was encrypted for others.
    #[error(
        "The identity does not open this backup: it was encrypted to other recipients. Give the \
         identity file whose recipient was in backup.recipients when it was made."
    )]
    WrongIdentity,
    /// The file ends too early or was changed.
    #[error(
        "The backup is damaged: it was cut short or changed after it was made, and nothing was \
         restored. Fetch it again, or take another one."
    )]
    Damaged,
    /// It is no backup, or no version that is known.
    #[error("This is no backup that this version can read: {0}")]
    Unknown(String),
    /// The database in it is newer than this program.
    #[error(
        "The backup needs schema {backup}, and this program knows up to {program}: restore it with \
         Loomwire {version} or a later one."
    )]
    Newer {
        /// The newest migration in the backup that a program has to know.
        backup: i64,
        /// The newest that is known here.
        program: i64,
        /// The version that made the backup.
        version: String,
    },
    /// The target has something already.
    #[error(
        "{0} has data already, and it was left as it is: name an empty place with --into, or move it away."
    )]
    NotEmpty(String),
    /// What was restored is not what was backed up.
    #[error("What was restored is not what was backed up: {0}")]
    Different(String),
    /// A program of PostgreSQL is missing or did not do its work.
    #[error("{0}")]
    Program(String),
    /// It was told to stop.
    #[error("The server was stopped while this was under way.")]
    Stopped,
    /// The file system said no.
    #[error("Cannot {action} {path}: {source}")]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Makes an error of the file system ours.
pub(crate) fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => BackupError::Full { path },
        ErrorKind::Interrupted if source.get_ref().is_some() => BackupError::Stopped,
        _ => BackupError::Io { action, path, source },
    }
}
