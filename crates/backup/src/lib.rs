//! Encrypted backups: a consistent copy of the database into one file, and back.
//!
//! It is: the file's format, the copy, the check. It is not: the schedule and the book that is
//! kept of backups (`platform::backups`).

mod error;
mod key;

pub use error::BackupError;
pub use key::{Identities, Recipient, keygen};
