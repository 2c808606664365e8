//! Envelope encryption: every secret that is stored goes through here.
//!
//! A secret is sealed under a [`DataKey`] of its own or of its owner; the data key is stored
//! wrapped under a master key; the master key is in no database, and only a [`KeyProvider`]
//! has it. Rotating the master key therefore re-wraps data keys and touches no secret.
//!
//! **Invariant**: what is sealed opens only under the same [`Aad`]: tenant, table, row, column
//! and key version. A ciphertext copied to another row, column or tenant is refused.
//!
//! This room knows no database and no clock, and takes its randomness as an argument.

mod aad;
mod credential;
mod error;
mod file;
mod key;
mod master;

pub use aad::Aad;
pub use credential::{CREDENTIAL_NAME, CredentialKeys};
pub use error::VaultError;
pub use file::FileKeys;
pub use key::DataKey;
pub use master::{KeyProvider, MasterKeys};
