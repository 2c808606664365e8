//! The writer: one task that owns the write connection and makes the commits.
//!
//! Whoever writes gets the connection in the order of asking, inside a savepoint, and hands it
//! back with or without the wish to keep what he did. When nobody waits, or the batch is large
//! or old enough, one COMMIT makes it all durable and then everybody gets his answer. So the
//! cost of a sync to disk is shared by those who come together, and one alone waits for nobody.
//!
//! **Invariant**: if the COMMIT fails, or SQLite undoes the transaction earlier, everybody in
//! the batch gets the error and nothing of it is in the file.

use std::collections::VecDeque;
use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use super::hold::Hold;
use super::line::{Answer, Lease, Line};
use crate::counters::Counters;
use crate::{DbError, Options};

const TOO_LONG: DbError = DbError::Timeout("a transaction was held over its limit");

/// What a caller waits for.
pub(super) type Turn = oneshot::Sender<Result<Lease, DbError>>;

/// How often a start that meets another is tried again, and after how long: five seconds in all.
const STARTS: u32 = 100;
const BETWEEN_STARTS: std::time::Duration = std::time::Duration::from_millis(50);

pub(super) enum Request {
    Begin(Turn),
    Close(oneshot::Sender<()>),
}

pub(super) struct Writer {
    connect: SqliteConnectOptions,
    hold: Hold,
    options: Options,
    counters: Arc<Counters>,
    requests: mpsc::Receiver<Request>,
    /// Taken from the queue, but not served yet.
    put_back: VecDeque<Request>,
    /// None after a failure: the next batch opens a new one.
    line: Option<Line>,
    /// Kept while the file in it is open.
    _folder: Option<Arc<TempDir>>,
}

/// How one turn with the connection ended.
enum Outcome {
    /// Commit was asked for.
    Keep(Answer),
    /// It was dropped, and its part is rolled back.
    Drop,
}

impl Writer {
    pub(super) fn new(
        connect: SqliteConnectOptions,
        hold: Hold,
        options: Options,
        counters: Arc<Counters>,
        requests: mpsc::Receiver<Request>,
        folder: Option<Arc<TempDir>>,
    ) -> Self {
        Self {
            connect,
            hold,
            options,
            counters,
            requests,
            put_back: VecDeque::new(),
            line: None,
            _folder: folder,
        }
    }

    /// Opens the connection, so that a wrong path is known at once. Whoever gives a new file its WAL
    /// wants it alone for a moment, and for that SQLite does not wait as it does elsewhere: of two
    /// programs that start at once one is told that the other is busy, and asks again.
    pub(super) async fn prepare(&mut self) -> Result<(), DbError> {
        let mut opened = Line::open(&self.connect, &self.hold).await;
        for _ in 0..STARTS {
            if !matches!(opened, Err(DbError::Busy(_))) {
                break;
            }
            tokio::time::sleep(BETWEEN_STARTS).await;
            opened = Line::open(&self.connect, &self.hold).await;
        }
        self.line = Some(opened?);
        Ok(())
    }

    /// Serves until every handle is gone or one asks to close.
    pub(super) async fn run(mut self) {
        let mut done = None;
        while let Some(request) = self.next().await {
            match request {
                Request::Begin(turn) => {
                    self.counters.set_writing(true);
                    self.batch(turn).await;
                    self.counters.set_writing(false);
                }
                Request::Close(answer) => {
                    done = Some(answer);
                    break;
                }
            }
        }
        if let Some(line) = self.line.take() {
            line.close().await;
        }
        if let Some(done) = done {
            // Whoever asked may have given up.
            let _gone = done.send(());
        }
    }

    async fn next(&mut self) -> Option<Request> {
        match self.put_back.pop_front() {
            Some(request) => Some(request),
            None => self.requests.recv().await,
        }
    }

    /// Somebody who waits now, and still does.
    fn waiting(&mut self) -> Option<Turn> {
        loop {
            match self.requests.try_recv().ok()? {
                Request::Begin(turn) if turn.is_closed() => {}
                Request::Begin(turn) => return Some(turn),
                close @ Request::Close(_) => {
                    self.put_back.push_back(close);
                    return None;
                }
            }
        }
    }

    /// One batch, from BEGIN to the answers. A connection that failed is not used again.
    async fn batch(&mut self, first: Turn) {
        if first.is_closed() {
            return;
        }
        let line = match self.start().await {
            Ok(line) => line,
            Err(error) => {
                self.counters.fail();
                let _gone = first.send(Err(error));
                return;
            }
        };
        let mut kept = Vec::new();
        match self.turns(&line, first, &mut kept).await {
            Ok(()) => {
                self.line = Some(line);
                answer(kept, &Ok(()));
            }
            Err(error) => {
                self.counters.fail();
                tracing::warn!(%error, transactions = kept.len(), "a batch of writes failed");
                // Closing it rolls back whatever is still open.
                line.close().await;
                answer(kept, &Err(error));
            }
        }
    }

    async fn start(&mut self) -> Result<Line, DbError> {
        let line = match self.line.take() {
            Some(line) => line,
            None => Line::open(&self.connect, &self.hold).await?,
        };
        line.forget_rollbacks();
        // IMMEDIATE: the lock is taken here, where waiting for it is safe, and not at the
        // first write of somebody who has read before.
        line.run("BEGIN IMMEDIATE; SAVEPOINT turn").await?;
        Ok(line)
    }

    /// Gives the connection to one after the other, then commits.
    async fn turns(&mut self, line: &Line, first: Turn, kept: &mut Vec<Answer>) -> Result<(), DbError> {
        let began = Instant::now();
        let mut turn = first;
        let mut count = 0;
        loop {
            count += 1;
            let keep = match self.turn(line, turn, kept).await? {
                Outcome::Keep(answer) => {
                    kept.push(answer);
                    true
                }
                Outcome::Drop => {
                    self.counters.undo();
                    false
                }
            };
            let room = count < self.options.batch_size && began.elapsed() < self.options.batch_age;
            let next = if room { self.waiting() } else { None };
            let Some(next) = next else {
                return self.finish(line, kept.len() as u64).await;
            };
            // After ROLLBACK TO the savepoint stands, and serves the next one.
            if keep && let Err(error) = line.run("RELEASE turn; SAVEPOINT turn").await {
                // It has nothing to do with this batch: it begins the next.
                self.put_back.push_back(Request::Begin(next));
                return Err(error);
            }
            turn = next;
        }
    }

    async fn finish(&self, line: &Line, kept: u64) -> Result<(), DbError> {
        if kept == 0 {
            return line.run("ROLLBACK").await;
        }
        let began = Instant::now();
        line.run_commit("RELEASE turn; COMMIT").await?;
        self.counters.commit(kept, began.elapsed());
        Ok(())
    }

    /// One turn with the connection. An error means that the batch is lost.
    async fn turn(&mut self, line: &Line, turn: Turn, kept: &mut Vec<Answer>) -> Result<Outcome, DbError> {
        let (lease, mut back) = line.lend().await;
        // Whoever gave up meanwhile drops the lease, and that ends the turn like any drop.
        let _gone = turn.send(Ok(lease));
        let Ok(returned) = timeout(self.options.hold_limit, &mut back).await else {
            line.stop();
            // They need not wait for him who overstays: their part is lost either way.
            answer(std::mem::take(kept), &Err(TOO_LONG));
            if let Ok(late) = back.await {
                let _gone = late.send(Err(TOO_LONG));
            }
            return Err(TOO_LONG);
        };
        let outcome = if let Ok(answer) = returned {
            Outcome::Keep(answer)
        } else {
            self.undo(line).await?;
            Outcome::Drop
        };
        match (line.undone().await, outcome) {
            (None, outcome) => Ok(outcome),
            (Some(error), Outcome::Drop) => Err(error),
            (Some(error), Outcome::Keep(answer)) => {
                let _gone = answer.send(Err(error.clone()));
                Err(error)
            }
        }
    }

    /// Undoes what a dropped transaction did, and leaves its savepoint standing.
    async fn undo(&self, line: &Line) -> Result<(), DbError> {
        // A dropped future may have left a statement running; this waits behind it.
        match timeout(self.options.hold_limit, line.run("ROLLBACK TO turn")).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(line.undone().await.unwrap_or(error)),
            Err(_) => {
                line.stop();
                Err(TOO_LONG)
            }
        }
    }
}

fn answer(kept: Vec<Answer>, result: &Result<(), DbError>) {
    for answer in kept {
        // Whoever gave up waiting does not hear of it.
        let _gone = answer.send(result.clone());
    }
}
