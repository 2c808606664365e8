//! The audit history as a log that can be proven: an RFC 6962 Merkle tree, held in C2SP tiles,
//! its heads published as C2SP checkpoints that witnesses cosign, and the walk that checks all
//! of it without trusting who keeps it.
//!
//! It is pure: no database, no network, no clock. It compiles for the browser, where the
//! `verifier` runs the same code.
//!
//! **Invariants.** A tile holds what the tree says at its place and never changes but by
//! growing. A text (path, key, note, proof) has exactly one reading and one spelling: what
//! parses is written again byte for byte, or is refused.

pub mod bundle;
pub mod checkpoint;
pub mod event;
mod hash;
mod key;
mod note;
pub mod proof;
mod text;
pub mod tile;
mod tree;
pub mod verify;
pub mod witness;

pub use hash::{EMPTY_ROOT, Hash, UnreadableHash, leaf_hash, node_hash};
pub use tile::LedgerError;
