//! What the write path counts, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// Running totals; relaxed, since each is read on its own.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) committed: AtomicU64,
    pub(crate) undone: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) largest: AtomicU64,
}

/// The totals at one moment, since the database was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Transactions whose commit was answered with success.
    pub committed: u64,
    /// Transactions dropped without a commit.
    pub undone: u64,
    /// COMMIT statements that succeeded: `committed / commits` is the mean batch.
    pub commits: u64,
    /// Batches (on PostgreSQL: transactions) that failed as a whole.
    pub failed: u64,
    /// The most transactions that one COMMIT carried.
    pub largest: u64,
}

impl Counters {
    pub(crate) fn commit(&self, transactions: u64) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.committed.fetch_add(transactions, Ordering::Relaxed);
        self.largest.fetch_max(transactions, Ordering::Relaxed);
    }

    pub(crate) fn undo(&self) {
        self.undone.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn fail(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn snapshot(&self) -> Stats {
        Stats {
            committed: self.committed.load(Ordering::Relaxed),
            undone: self.undone.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            largest: self.largest.load(Ordering::Relaxed),
        }
    }
}
