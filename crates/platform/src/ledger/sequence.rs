//! Giving events their places.

use db::Conn;
use ledger::checkpoint::{self, Checkpoint, NoteSigner};

use super::{
    key,
    problem::{Problem, Stopped},
    store::{self, CheckpointRow, StateRow},
    tree::{self, Head},
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Housekeeping, Tx},
    codec,
};

/// Events that one batch takes: some tens of milliseconds, in which SQLite's other writers wait.
const BATCH: i64 = 2048;
/// Seconds that a claim lasts; who is silent for so long is overtaken.
const CLAIM: i64 = 3;

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// No event waits.
    Idle,
    /// Another server does it.
    Elsewhere,
    /// Events have their places, and the checkpoint over them is published.
    Grown {
        /// How many events.
        events: u64,
        /// How many the tree has now.
        size: u64,
        /// Whether there are probably more.
        more: bool,
    },
    /// Something in the database is not as we wrote it. Nothing is sequenced until it is put right.
    Stopped(String),
}

/// Gives events their places, for as long as it has the claim.
pub struct Sequencer {
    claimant: String,
    /// That of the claim, as far as we know.
    epoch: Option<i64>,
    signer: Option<NoteSigner>,
    batch: i64,
}

/// A batch that was begun: what is written in this transaction is written under this epoch.
struct Turn {
    epoch: i64,
    last: Head,
    problem: Option<String>,
}

impl Sequencer {
    /// Of this server.
    pub fn new(ctx: &Ctx) -> Self {
        Self {
            claimant: codec::secret(ctx.rng()),
            epoch: None,
            signer: None,
            batch: BATCH,
        }
    }

    /// The same with smaller batches, for tests.
    #[must_use]
    pub const fn in_batches_of(mut self, events: i64) -> Self {
        self.batch = events;
        self
    }

    /// Gives places to the events that wait, at most a batch of them, if this server has the
    /// claim or can have it. Dropped half-way, nothing of it is written.
    ///
    /// # Errors
    /// If the database fails; then nothing was written and the next step tries again.
    pub async fn step(&mut self, ctx: &Ctx) -> Result<Step> {
        let (waiting, _) = store::waiting(&mut *ctx.read().await?, 1).await?;
        if waiting == 0 {
            return Ok(Step::Idle);
        }
        match self.batch(ctx).await {
            Ok(step) => Ok(step),
            Err(Stopped::Failed(error)) => Err(error),
            Err(Stopped::By(problem)) => {
                tell(ctx, &problem).await?;
                Ok(Step::Stopped(problem.to_string()))
            }
        }
    }

    async fn batch(&mut self, ctx: &Ctx) -> Result<Step, Stopped> {
        let mut tx = ctx.begin().await?;
        let Some(turn) = self.turn(ctx, &mut tx).await? else {
            return Ok(Step::Elsewhere);
        };
        let first = i64::try_from(turn.last.size).map_err(Error::internal)?;
        let placed = match store::place(&mut tx, first, self.batch).await {
            Err(error) if error.violates("audit_events", &["leaf_index"]) => {
                return Err(Problem::Taken(first).into());
            }
            other => other?,
        };
        if placed.is_empty() {
            return Ok(Step::Idle);
        }
        let leaves = tree::leaves(&placed, turn.last.size)?;
        let more = i64::try_from(placed.len()).is_ok_and(|count| count == self.batch);
        // The texts are of no more use, and may be some megabytes.
        drop(placed);
        let growth = tree::grow(&mut tx, turn.last, &leaves).await?;
        store::put_tiles(&mut tx, &growth.tiles).await?;
        self.publish(ctx, &mut tx, growth.head).await?;
        let size = i64::try_from(growth.head.size).map_err(Error::internal)?;
        if !store::grow(&mut tx, turn.epoch, size, ctx.now()).await? {
            self.epoch = None;
            return Ok(Step::Elsewhere);
        }
        if turn.problem.is_some() {
            ctx.commit(tx, Event::new(Action::LedgerResumed)).await?;
        } else {
            ctx.commit_housekeeping(tx, Housekeeping::Sequenced).await?;
        }
        self.epoch = Some(turn.epoch);
        Ok(Step::Grown {
            events: leaves.len() as u64,
            size: growth.head.size,
            more,
        })
    }

    /// Makes sure of the claim in this transaction, and reads where the ledger stands.
    async fn turn(&mut self, ctx: &Ctx, tx: &mut Tx) -> Result<Option<Turn>, Stopped> {
        let (now, until) = (ctx.now(), ctx.now().plus_seconds(CLAIM));
        let held = match self.epoch {
            Some(epoch) => store::hold(tx, epoch, until, now).await?,
            None => None,
        };
        let state = match held {
            Some(state) => Some(state),
            None => store::claim(tx, &self.claimant, now, until).await?,
        };
        let Some(state) = state else {
            self.epoch = None;
            return Ok(None);
        };
        let last = last(tx, &state).await?;
        Ok(Some(Turn {
            epoch: state.epoch,
            last,
            problem: state.problem,
        }))
    }

    /// Signs the tree's head. Who calls has proven that it grew out of the last one.
    async fn publish(&mut self, ctx: &Ctx, tx: &mut Tx, head: Head) -> Result<(), Stopped> {
        if self.signer.is_none() {
            self.signer = Some(key::signer(ctx, tx).await?);
        }
        let Some(signer) = &self.signer else {
            return Err(Error::internal("no ledger key").into());
        };
        let statement = Checkpoint {
            origin: signer.name().to_owned(),
            size: head.size,
            root: head.root,
        };
        let row = CheckpointRow {
            tree_size: i64::try_from(head.size).map_err(Error::internal)?,
            root_hash: head.root.0.to_vec(),
            note: checkpoint::sign(&statement, signer),
            published_at: ctx.now().as_millis(),
        };
        Ok(store::insert_checkpoint(tx, &row).await?)
    }

    /// Gives the claim back, so that another server need not wait for its end.
    ///
    /// # Errors
    /// If the database fails; then the claim ends by itself.
    pub async fn end(mut self, ctx: &Ctx) -> Result<()> {
        let Some(epoch) = self.epoch.take() else {
            return Ok(());
        };
        let mut tx = ctx.begin().await?;
        store::release(&mut tx, epoch, ctx.now()).await?;
        ctx.commit_housekeeping(tx, Housekeeping::Sequenced).await
    }
}

/// The head that the next tree has to grow out of: what the last checkpoint says, which our own
/// key must have signed, and of which the state must know.
async fn last(conn: &mut Conn, state: &StateRow) -> Result<Head, Stopped> {
    let by_state = u64::try_from(state.tree_size).unwrap_or_default();
    let Some(row) = store::last_checkpoint(conn).await? else {
        return if by_state == 0 {
            Ok(Head::EMPTY)
        } else {
            Err(Problem::Sizes {
                state: by_state,
                checkpoint: 0,
            }
            .into())
        };
    };
    let by_row = u64::try_from(row.tree_size).unwrap_or_default();
    let keys = key::verifiers(conn).await?;
    let signed = keys.iter().find_map(|key| checkpoint::open(&row.note, key).ok());
    let signed = signed.ok_or(Problem::Forged(by_row))?;
    if signed.size != by_row || signed.root.0.as_slice() != row.root_hash {
        return Err(Problem::Forged(by_row).into());
    }
    if signed.size != by_state {
        return Err(Problem::Sizes {
            state: by_state,
            checkpoint: signed.size,
        }
        .into());
    }
    Ok(Head {
        size: signed.size,
        root: signed.root,
    })
}

/// Tells of a problem: once in the audit log, and in the log of the process.
async fn tell(ctx: &Ctx, problem: &Problem) -> Result<()> {
    let text = problem.to_string();
    let mut tx = ctx.begin().await?;
    if !store::set_problem(&mut tx, &text, ctx.now()).await? {
        return Ok(());
    }
    tracing::error!(
        problem = text,
        "the audit log was tampered with: nothing more is sequenced"
    );
    let mut event = Event::new(Action::LedgerStopped)
        .failed()
        .detail("problem", &text);
    if let Problem::Changed(id) = problem {
        event = event.target(id);
    }
    ctx.commit(tx, event).await
}
