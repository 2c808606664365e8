//! What can be wrong with a log, in words.

use crate::checkpoint::NoteError;

/// The first thing that is wrong, and the first row that it is wrong at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Rows are not there.
    #[error("{} missing: deleted, and not retired by policy", Rows(*.first, *.last))]
    Missing {
        /// The first.
        first: u64,
        /// The last.
        last: u64,
    },
    /// There are fewer rows than was signed, or than the tree has.
    #[error(
        "row {first} is missing, and all that follow: the log ends there, and {witness} that it has {size} rows"
    )]
    Cut {
        /// The first that is missing.
        first: u64,
        /// How many there are said to be.
        size: u64,
        /// Who says so.
        witness: &'static str,
    },
    /// A row comes twice, or behind a later one.
    #[error("row {row} comes out of its order: it was given once before, or its number was changed")]
    Disordered {
        /// Which.
        row: u64,
    },
    /// A row says something else than it did.
    #[error("row {row} was changed: what it says does not have the hash that {proof}")]
    Changed {
        /// Which.
        row: u64,
        /// Where the right hash is.
        proof: &'static str,
    },
    /// The hash beside a row is wrong; the tree knows the row as it is.
    #[error("the hash that stands beside row {row} was changed; the row itself is as the tree has it")]
    HashChanged {
        /// Which.
        row: u64,
    },
    /// The event of another place.
    #[error("row {row} was swapped: it holds the event that belongs in row {belongs}")]
    Swapped {
        /// Where it is.
        row: u64,
        /// Where it was.
        belongs: u64,
    },
    /// The tree ends before the rows do.
    #[error("row {row} was added past the log: the tree has no place for it")]
    NotInTree {
        /// Which.
        row: u64,
    },
    /// A row is searched and shown by columns that say something else than its canonical text.
    #[error("the column `{column}` of row {row} was changed: the event itself says something else")]
    Column {
        /// Which row.
        row: u64,
        /// Which column.
        column: &'static str,
    },
    /// The canonical text is not an event at all.
    #[error("row {row} is not an audit event: {what}")]
    NotAnEvent {
        /// Which.
        row: u64,
        /// Why.
        what: &'static str,
    },
    /// A personal value is not the one that was committed to.
    #[error("the sealed `{field}` of row {row} does not open its commitment: another value, or another salt")]
    Sealed {
        /// Which row.
        row: u64,
        /// Which field.
        field: String,
    },
    /// An event that has no place yet does not have the hash that stands beside it.
    #[error("the event {id}, which waits for its place in the log, was changed")]
    Waiting {
        /// Its id.
        id: String,
    },
    /// The stored tree is not what the rows make.
    #[error("the tree was rewritten: {tile} does not hold the hash of {}", Rows(*.first, *.last))]
    Tree {
        /// The tile's path.
        tile: String,
        /// The first row under the wrong hash.
        first: u64,
        /// The last.
        last: u64,
    },
    /// The rows do not make the root that was signed.
    #[error(
        "the log was rewritten within {}: {checkpoint} of {size} rows has another root. The tree was rewritten with it, so that the row cannot be told more closely",
        Rows(*.first, *.last)
    )]
    Rewritten {
        /// The first row that no earlier checkpoint vouches for.
        first: u64,
        /// The last under the checkpoint.
        last: u64,
        /// The checkpoint's size.
        size: u64,
        /// Which checkpoint.
        checkpoint: &'static str,
    },
    /// Two checkpoints that cannot both be true.
    #[error("the log was forked: two signed checkpoints of {size} rows have different roots")]
    Forked {
        /// Their size.
        size: u64,
    },
    /// A checkpoint that is not signed as it should be.
    #[error("the checkpoint of {size} rows: {why}")]
    Checkpoint {
        /// Its size, as it claims or as it is filed under.
        size: u64,
        /// What is wrong.
        why: NoteError,
    },
    /// A checkpoint that is filed under other figures than it says.
    #[error("the checkpoint that is filed under {filed} rows says something else in its signed text")]
    Misfiled {
        /// The size that it is filed under.
        filed: u64,
    },
    /// A checkpoint that came too late to be checked.
    #[error("the checkpoint of {size} rows was given after row {walked}")]
    Late {
        /// Its size.
        size: u64,
        /// The rows that were walked already.
        walked: u64,
    },
    /// Retired rows whose event is not there, or tells of other rows.
    #[error("row {row} is said to be retired by {event}: {what}")]
    Retirement {
        /// The first of the rows that it covers.
        row: u64,
        /// The event's id.
        event: String,
        /// What is wrong.
        what: &'static str,
    },
    /// No checkpoint has as many witnesses as were asked for.
    #[error("no checkpoint is cosigned by {quorum} of the given witnesses; at most {most} have signed one")]
    Unwitnessed {
        /// How many were asked for.
        quorum: usize,
        /// The most that have signed one.
        most: usize,
    },
}

impl Fault {
    /// The first bad row, where it is a row.
    pub const fn row(&self) -> Option<u64> {
        match self {
            Self::Missing { first, .. }
            | Self::Cut { first, .. }
            | Self::Tree { first, .. }
            | Self::Rewritten { first, .. } => Some(*first),
            Self::Disordered { row }
            | Self::Changed { row, .. }
            | Self::HashChanged { row }
            | Self::Swapped { row, .. }
            | Self::NotInTree { row }
            | Self::Column { row, .. }
            | Self::NotAnEvent { row, .. }
            | Self::Sealed { row, .. }
            | Self::Retirement { row, .. } => Some(*row),
            Self::Forked { .. }
            | Self::Waiting { .. }
            | Self::Checkpoint { .. }
            | Self::Misfiled { .. }
            | Self::Late { .. }
            | Self::Unwitnessed { .. } => None,
        }
    }
}

/// `row 7`, `rows 7 to 9`.
struct Rows(u64, u64);

impl std::fmt::Display for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(first, last) = self;
        if first == last {
            write!(f, "row {first}")
        } else {
            write!(f, "rows {first} to {last}")
        }
    }
}
