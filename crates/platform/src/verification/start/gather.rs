//! Starts that wait for their turn.
//!
//! Whoever comes while nobody writes begins at once; who comes meanwhile is written with all others
//! who wait, in one transaction, as soon as that one is over. So one start alone waits for nobody,
//! and a hundred at once cost some statements and not a thousand.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tracing::{Instrument, Span};

use super::{
    Asked,
    batch::{self, Verdict},
};
use crate::{Ctx, Error, Result, audit::Tx};

/// Starts of one transaction at most. They hold the only writer of `SQLite` for some ten
/// milliseconds, and their values fit into one statement.
const TOGETHER: usize = 256;

/// Where starts wait.
pub(crate) struct Gathering {
    waiting: Mutex<VecDeque<Waiting>>,
    turns: Arc<Semaphore>,
}

struct Waiting {
    asked: Arc<Asked>,
    /// Whether it is to be written by itself, since it was of a batch that failed.
    alone: bool,
    answer: oneshot::Sender<Result<Verdict>>,
}

impl Gathering {
    /// As many transactions write starts at once as the database has use for.
    pub(crate) fn new(database: db::Kind) -> Self {
        let at_once = match database {
            // There is one writer: who waits for it gathers.
            db::Kind::Sqlite => 1,
            db::Kind::Postgres => 2,
        };
        Self {
            waiting: Mutex::default(),
            turns: Arc::new(Semaphore::new(at_once)),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who come next. Who gave up is passed over.
    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting();
        let mut taken: Vec<Waiting> = Vec::new();
        while taken.len() < TOGETHER
            && let Some(next) = waiting.pop_front_if(|next| taken.is_empty() || !next.alone)
        {
            let ends_here = next.alone;
            if !next.answer.is_closed() {
                taken.push(next);
            }
            if ends_here && !taken.is_empty() {
                break;
            }
        }
        taken
    }
}

/// Has it written, and tells what became of it.
pub(super) async fn ask(asked: &Arc<Asked>, alone: bool) -> Result<Verdict> {
    let gathering = asked.ctx.gathering();
    let (answer, mut verdict) = oneshot::channel();
    gathering.waiting().push_back(Waiting {
        asked: Arc::clone(asked),
        alone,
        answer,
    });
    tokio::select! {
        biased;
        verdict = &mut verdict => return verdict.map_err(|_| lost())?,
        turn = Arc::clone(&gathering.turns).acquire_owned() => {
            let turn = turn.map_err(Error::internal)?;
            // A task of its own: whoever has the turn may be gone before the others have their answer.
            tokio::spawn(serve(asked.ctx.clone(), turn).instrument(Span::current()));
        }
    }
    verdict.await.map_err(|_| lost())?
}

fn lost() -> Error {
    Error::internal("the writing of starts ended without an answer")
}

/// One turn: the transaction is begun first, since others gather while that waits.
async fn serve(ctx: Ctx, _turn: OwnedSemaphorePermit) {
    if ctx.gathering().waiting().is_empty() {
        // Whoever had the turn before has taken all.
        return;
    }
    let tx = ctx.begin().await;
    let waiting = ctx.gathering().take();
    let verdicts = match tx {
        Ok(tx) if !waiting.is_empty() => write(&ctx, tx, &waiting).await,
        Ok(_) => return,
        Err(error) => Err(error),
    };
    match verdicts {
        Ok(verdicts) => {
            for (waiting, verdict) in std::iter::zip(waiting, verdicts) {
                // Whoever asked may have gone.
                let _gone = waiting.answer.send(Ok(verdict));
            }
        }
        Err(error) => {
            let mut waiting = waiting.into_iter();
            let first = waiting.next();
            for other in waiting {
                let _gone = other.answer.send(Err(error.for_another()));
            }
            if let Some(first) = first {
                let _gone = first.answer.send(Err(error));
            }
        }
    }
}

async fn write(ctx: &Ctx, mut tx: Tx, waiting: &[Waiting]) -> Result<Vec<Verdict>> {
    let asked: Vec<&Asked> = waiting.iter().map(|waiting| &*waiting.asked).collect();
    match batch::write(&mut tx, &asked).await {
        Ok((verdicts, Some(appended))) => {
            ctx.commit_appended(tx, appended).await?;
            Ok(verdicts)
        }
        Ok((verdicts, None)) => Ok(verdicts),
        // It may be the fault of one of them. Nothing was written: each is tried by itself.
        Err(error) if waiting.len() > 1 => {
            tracing::warn!(%error, starts = waiting.len(), "starts that came together were not written");
            Ok(vec![Verdict::Alone; waiting.len()])
        }
        Err(error) => Err(error),
    }
}
