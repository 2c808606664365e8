//! What the database layer counts, for metrics.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of [`Stats::batches`], in transactions.
pub const BATCH_BOUNDS: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/// Upper bounds of the times in [`Stats`], in microseconds.
pub const TIME_BOUNDS: [u64; 12] = [
    50, 100, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000,
];

/// How often values came up to each bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Histogram<const N: usize> {
    /// For each bound, how many values were at most that: the counts are cumulative.
    pub up_to: [u64; N],
    /// All values, also those above the last bound.
    pub count: u64,
    /// Their sum.
    pub sum: u64,
}

impl<const N: usize> Default for Histogram<N> {
    fn default() -> Self {
        Self {
            up_to: [0; N],
            count: 0,
            sum: 0,
        }
    }
}

/// Connections of one pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Lent out now.
    pub in_use: u64,
    /// Open, and nobody has it.
    pub idle: u64,
    /// How many there may be.
    pub limit: u64,
}

/// Totals since the database was opened, and how it stands now.
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
    /// How many transactions each COMMIT carried.
    pub batches: Histogram<{ BATCH_BOUNDS.len() }>,
    /// Microseconds that each COMMIT took.
    pub commit_time: Histogram<{ TIME_BOUNDS.len() }>,
    /// Who waits for his transaction to begin now: on SQLite the queue of the one writer.
    pub waiting: u64,
    /// Microseconds that each transaction waited for its beginning.
    pub write_wait: Histogram<{ TIME_BOUNDS.len() }>,
    /// Microseconds that each read waited for its connection.
    pub read_wait: Histogram<{ TIME_BOUNDS.len() }>,
    /// Connections that read.
    pub readers: Connections,
    /// Connections that write; SQLite has one.
    pub writers: Connections,
}

/// Running totals; relaxed, since each is read on its own.
#[derive(Debug)]
pub(crate) struct Counters {
    committed: AtomicU64,
    undone: AtomicU64,
    failed: AtomicU64,
    largest: AtomicU64,
    waiting: AtomicU64,
    writing: AtomicBool,
    batches: Tally<{ BATCH_BOUNDS.len() }>,
    commit_time: Tally<{ TIME_BOUNDS.len() }>,
    pub(crate) write_wait: Tally<{ TIME_BOUNDS.len() }>,
    pub(crate) read_wait: Tally<{ TIME_BOUNDS.len() }>,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            committed: AtomicU64::default(),
            undone: AtomicU64::default(),
            failed: AtomicU64::default(),
            largest: AtomicU64::default(),
            waiting: AtomicU64::default(),
            writing: AtomicBool::default(),
            batches: Tally::new(BATCH_BOUNDS),
            commit_time: Tally::new(TIME_BOUNDS),
            write_wait: Tally::new(TIME_BOUNDS),
            read_wait: Tally::new(TIME_BOUNDS),
        }
    }
}

impl Counters {
    pub(crate) fn commit(&self, transactions: u64, took: Duration) {
        self.committed.fetch_add(transactions, Ordering::Relaxed);
        self.largest.fetch_max(transactions, Ordering::Relaxed);
        self.batches.add(transactions);
        self.commit_time.add_time(took);
    }

    pub(crate) fn undo(&self) {
        self.undone.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn fail(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether the one writer of SQLite is at work.
    pub(crate) fn set_writing(&self, writing: bool) {
        self.writing.store(writing, Ordering::Relaxed);
    }

    pub(crate) fn one_writer(&self) -> Connections {
        let in_use = u64::from(self.writing.load(Ordering::Relaxed));
        Connections {
            in_use,
            idle: 1 - in_use,
            limit: 1,
        }
    }

    /// Counts somebody as waiting until the guard goes.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(self)
    }

    pub(crate) fn snapshot(&self, readers: Connections, writers: Connections) -> Stats {
        let batches = self.batches.snapshot();
        Stats {
            committed: self.committed.load(Ordering::Relaxed),
            undone: self.undone.load(Ordering::Relaxed),
            commits: batches.count,
            failed: self.failed.load(Ordering::Relaxed),
            largest: self.largest.load(Ordering::Relaxed),
            batches,
            commit_time: self.commit_time.snapshot(),
            waiting: self.waiting.load(Ordering::Relaxed),
            write_wait: self.write_wait.snapshot(),
            read_wait: self.read_wait.snapshot(),
            readers,
            writers,
        }
    }
}

/// One who waits.
pub(crate) struct Waiting<'a>(&'a Counters);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A histogram that many add to. Each value is counted in its own bucket only.
#[derive(Debug)]
pub(crate) struct Tally<const N: usize> {
    bounds: [u64; N],
    buckets: [AtomicU64; N],
    beyond: AtomicU64,
    sum: AtomicU64,
}

impl<const N: usize> Tally<N> {
    fn new(bounds: [u64; N]) -> Self {
        Self {
            bounds,
            buckets: std::array::from_fn(|_| AtomicU64::default()),
            beyond: AtomicU64::default(),
            sum: AtomicU64::default(),
        }
    }

    fn add(&self, value: u64) {
        let place = self.bounds.partition_point(|bound| *bound < value);
        let bucket = self.buckets.get(place).unwrap_or(&self.beyond);
        bucket.fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    pub(crate) fn add_time(&self, time: Duration) {
        self.add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    fn snapshot(&self) -> Histogram<N> {
        let mut so_far = 0;
        let up_to = std::array::from_fn(|place| {
            let bucket = self.buckets.get(place);
            so_far += bucket.map_or(0, |bucket| bucket.load(Ordering::Relaxed));
            so_far
        });
        Histogram {
            up_to,
            count: so_far + self.beyond.load(Ordering::Relaxed),
            sum: self.sum.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_in_every_bound_from_its_own() {
        let tally = Tally::new([10, 20]);
        for value in [0, 10, 11, 21] {
            tally.add(value);
        }
        let expected = Histogram {
            up_to: [2, 3],
            count: 4,
            sum: 42,
        };
        assert_eq!(tally.snapshot(), expected);
        let time = Tally::new(TIME_BOUNDS);
        time.add_time(Duration::from_millis(1));
        assert_eq!(time.snapshot().up_to, [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    }
}
