//! What a page shows of the ledger.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How the ledger stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPage {
    /// Events with a place in the tree.
    pub tree_size: u64,
    /// Events without.
    pub waiting: u64,
    /// Whether there are more than were counted.
    pub waiting_is_more: bool,
    /// When the first of them happened.
    pub waiting_since: Option<Timestamp>,
    /// What keeps events from their places: something in the database was changed.
    pub problem: Option<String>,
    /// When that was found.
    pub problem_at: Option<Timestamp>,
    /// For how long the database has not finished a write, if that is longer than it should be.
    pub write_stalled_seconds: Option<u64>,
    /// The keys that checkpoints are checked with, the present one first.
    pub verifier_keys: Vec<String>,
    /// Whether anybody may fetch checkpoints and tiles.
    pub public: bool,
    /// Who cosigns checkpoints.
    pub witnesses: Vec<LedgerWitness>,
    /// The newest checkpoints.
    pub checkpoints: Vec<LedgerCheckpoint>,
}

/// How a witness stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerWitness {
    /// Its key's name.
    pub name: String,
    /// Where checkpoints are sent.
    pub url: String,
    /// How many events the last tree had that it signed.
    pub signed: u64,
    /// When that was.
    pub answered_at: Option<Timestamp>,
    /// Since when it does not sign.
    pub failing_since: Option<Timestamp>,
    /// Why.
    pub problem: Option<String>,
}

/// A published tree head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerCheckpoint {
    /// How many events it covers.
    pub size: u64,
    /// The tree's root, in base64.
    pub root: String,
    /// When it was signed.
    pub published_at: Timestamp,
    /// Who cosigned it.
    pub witnesses: Vec<String>,
}
