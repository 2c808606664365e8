//! Encrypted backups: a consistent copy of the database in one file, and back.
//!
//! It is: the file's format, the copy, the restore, the comparison. It is not: the schedule,
//! and the book that is kept of backups; that is `platform::backups`.
//!
//! **Invariants**
//! - A backup is encrypted before it touches the disk; only SQLite's copy lies unencrypted in
//!   a scratch folder of mode 0700 for as long as the run takes.
//! - A backup's name holds a whole backup or nothing.
//! - Nothing of a backup is used before all of it was authenticated.
//! - The master key is in none: a backup alone opens no secret.

mod drill;
mod error;
mod format;
mod key;
mod make;
mod open;
mod part;
mod postgres;
mod restore;
mod scratch;
mod seal;
mod stop;
mod store;
mod tidy;

pub use drill::{Place, drill};
pub use error::BackupError;
pub use format::{Census, Manifest, file_name};
pub use key::{Identities, Recipient, keygen};
pub use make::{Made, Order, make};
pub use restore::{Restored, restore};
pub use stop::Stop;
pub use tidy::{ready, remove, sweep};
