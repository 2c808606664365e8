//! What staff see, and what is measured.

use db::Conn;
use types::{
    Permission, Timestamp,
    ledger::{LedgerCheckpoint, LedgerPage, LedgerWitness},
};

use super::{key, store};
use crate::{Ctx, Result};

/// Checkpoints on the page.
const ROWS: i64 = 20;
/// Up to which number waiting events are counted.
const MOST: i64 = 100_000;

/// How the ledger stands.
///
/// # Errors
/// `Forbidden` without [`Permission::LedgerRead`].
pub async fn page(ctx: &Ctx) -> Result<LedgerPage> {
    ctx.require(Permission::LedgerRead).await?;
    let policy = &ctx.settings().ledger;
    let mut read = ctx.read().await?;
    let (waiting, first) = store::waiting(&mut read, MOST).await?;
    let state = store::state(&mut read).await?;
    let keys = key::verifiers(&mut read).await?;
    let rows = store::checkpoints(&mut read, ROWS).await?;
    let smallest = rows.last().map_or(0, |row| row.tree_size);
    let signed = store::cosignatures(&mut read, smallest, i64::MAX).await?;
    let standing = store::witnesses(&mut read).await?;
    let witnesses = policy.witnesses.iter().map(|witness| {
        let row = standing.iter().find(|row| row.witness == witness.key.name());
        LedgerWitness {
            name: witness.key.name().to_owned(),
            url: witness.url.clone(),
            signed: row.map_or(0, |row| count(row.tree_size)),
            answered_at: row.and_then(|row| row.answered_at).map(Timestamp::from_millis),
            failing_since: row.and_then(|row| row.failing_since).map(Timestamp::from_millis),
            problem: row.and_then(|row| row.problem.clone()),
        }
    });
    Ok(LedgerPage {
        tree_size: state.as_ref().map_or(0, |state| count(state.tree_size)),
        waiting: count(waiting),
        waiting_is_more: waiting == MOST,
        waiting_since: first.map(Timestamp::from_millis),
        problem: state.as_ref().and_then(|state| state.problem.clone()),
        problem_at: state
            .and_then(|state| state.problem_at)
            .map(Timestamp::from_millis),
        write_stalled_seconds: ctx.write_stalled().map(|stalled| stalled.as_secs()),
        verifier_keys: keys.iter().map(ToString::to_string).collect(),
        public: policy.public,
        witnesses: witnesses.collect(),
        checkpoints: rows
            .iter()
            .map(|row| LedgerCheckpoint {
                size: count(row.tree_size),
                root: ledger::Hash::from_slice(&row.root_hash)
                    .map(|root| root.to_base64())
                    .unwrap_or_default(),
                published_at: Timestamp::from_millis(row.published_at),
                witnesses: signed
                    .iter()
                    .filter(|line| line.tree_size == row.tree_size)
                    .map(|line| line.witness.clone())
                    .collect(),
            })
            .collect(),
    })
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// How many events the published tree has.
pub(super) async fn tree_size(conn: &mut Conn) -> Result<u64> {
    let last = store::last_checkpoint(conn).await?;
    Ok(last.map_or(0, |row| count(row.tree_size)))
}

/// How the ledger stands, in numbers, for whoever watches the installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Events with a place.
    pub size: u64,
    /// Events without, counted up to 100,000.
    pub waiting: u64,
    /// How long the first of them has waited.
    pub waiting_millis: u64,
    /// How old the last checkpoint is, if there is one.
    pub checkpoint_millis: Option<u64>,
    /// Whether something in the database keeps events from their places.
    pub stopped: bool,
    /// Configured witnesses that do not sign.
    pub failing: u64,
}

/// The numbers.
///
/// # Errors
/// `Forbidden` without [`Permission::LedgerRead`].
pub async fn standing(ctx: &Ctx) -> Result<Standing> {
    ctx.require(Permission::LedgerRead).await?;
    let policy = &ctx.settings().ledger;
    let mut read = ctx.read().await?;
    let (waiting, first) = store::waiting(&mut read, MOST).await?;
    let state = store::state(&mut read).await?;
    let last = store::last_checkpoint(&mut read).await?;
    let rows = store::witnesses(&mut read).await?;
    let age = |at: i64| count(ctx.now().millis_since(Timestamp::from_millis(at)));
    let failing = rows.iter().filter(|row| {
        row.failing_since.is_some() && policy.witnesses.iter().any(|w| w.key.name() == row.witness)
    });
    Ok(Standing {
        size: state.as_ref().map_or(0, |state| count(state.tree_size)),
        waiting: count(waiting),
        waiting_millis: first.map_or(0, age),
        checkpoint_millis: last.map(|row| age(row.published_at)),
        stopped: state.is_some_and(|state| state.problem.is_some()),
        failing: failing.count() as u64,
    })
}
