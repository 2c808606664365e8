//! What keeps events from their places: something in the database that nobody of us wrote there.

use db::DbError;

use crate::Error;

/// Why nothing is sequenced. The text states the fact and the next step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    /// An event that waits does not fit its hash.
    #[error(
        "The event {0} was changed after it was written: it does not fit its hash any more. Put its text back from a backup"
    )]
    Changed(String),
    /// Another row has the place.
    #[error(
        "The place {0} was given to an event by somebody else than the sequencer. Look at the row that has this leaf_index"
    )]
    Taken(i64),
    /// The tiles give another root.
    #[error(
        "The tree of {0} events does not have the root that was signed for it: its tiles were changed. Restore them from a backup"
    )]
    Rewritten(u64),
    /// A tile is missing or too short.
    #[error(
        "The tree of {0} events cannot be read: a tile is missing or too short. Restore it from a backup"
    )]
    Unreadable(u64),
    /// The last checkpoint is not ours.
    #[error(
        "The last checkpoint, of {0} events, is not signed by this installation's key: it was changed or forged"
    )]
    Forged(u64),
    /// The state and the last checkpoint do not agree.
    #[error(
        "The ledger says that it has {state} events and its last checkpoint {checkpoint}: one of them was changed, or checkpoints were deleted"
    )]
    Sizes {
        /// By `ledger_state`.
        state: u64,
        /// By the last checkpoint.
        checkpoint: u64,
    },
}

/// A batch that was not written.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The database holds what it should not.
    By(Problem),
    /// It could not be tried to its end.
    Failed(Error),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::By(problem)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<DbError> for Stopped {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}
