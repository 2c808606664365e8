//! What the database layer counts, for metrics.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Upper bounds of [`Stats::batches`], in transactions.
pub const BATCH_BOUNDS: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/// Upper bounds of the times in [`Stats`], in microseconds.
pub const TIME_BOUNDS: [u64; 12] = [
    50, 100, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000,
];

/// A write that takes longer than this is not just slow.
const STALLED: Duration = Duration::from_secs(5);

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
    flow: Mutex<Flow>,
}

/// Whether writes come to their ends.
#[derive(Debug, Default)]
struct Flow {
    /// COMMITs under way, and when each began; they are few, and the first is the oldest.
    open: Vec<(u64, Instant)>,
    next: u64,
    /// When that write began which was given up first, if none has come to its end since.
    stuck: Option<Instant>,
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
            flow: Mutex::default(),
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

    fn flow(&self) -> std::sync::MutexGuard<'_, Flow> {
        // Nothing that can panic runs while it is held.
        self.flow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A COMMIT begins. It is under way until the guard goes.
    pub(crate) fn committing(&self) -> Committing<'_> {
        let began = Instant::now();
        let mut flow = self.flow();
        let id = flow.next;
        flow.next = id.wrapping_add(1);
        flow.open.push((id, began));
        Committing {
            counters: self,
            id,
            began,
        }
    }

    /// A write that was begun then was given up.
    pub(crate) fn stuck(&self, began: Instant) {
        let mut flow = self.flow();
        flow.stuck = Some(flow.stuck.map_or(began, |first| first.min(began)));
    }

    /// For how long no write has come to its end, if that is longer than it should be.
    pub(crate) fn stalled(&self) -> Option<Duration> {
        let flow = self.flow();
        let oldest = flow.open.first().map(|(_, began)| began.elapsed());
        let slow = oldest.filter(|age| *age > STALLED);
        slow.max(flow.stuck.map(|began| began.elapsed()))
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

/// A COMMIT under way.
pub(crate) struct Committing<'a> {
    counters: &'a Counters,
    id: u64,
    began: Instant,
}

impl Committing<'_> {
    /// It came to an end, good or bad: writes flow.
    pub(crate) fn ended(&self) {
        self.counters.flow().stuck = None;
    }

    /// Nobody waits for it any longer.
    pub(crate) fn given_up(&self) {
        self.counters.stuck(self.began);
    }
}

impl Drop for Committing<'_> {
    fn drop(&mut self) {
        self.counters.flow().open.retain(|(id, _)| *id != self.id);
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
