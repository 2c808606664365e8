//! What the operator decides about the ledger.

use ledger::checkpoint::NoteKey;

/// What the operator decides about the ledger, as far as the domain needs it.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whether anybody may fetch checkpoints, tiles and the verifier key.
    pub public: bool,
    /// Who cosigns checkpoints.
    pub witnesses: Vec<Witness>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            public: true,
            witnesses: Vec::new(),
        }
    }
}

/// Who cosigns checkpoints.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Where checkpoints are sent: the prefix before `/add-checkpoint`.
    pub url: String,
    /// The key that its cosignatures are checked with; its name is the witness's.
    pub key: NoteKey,
}
