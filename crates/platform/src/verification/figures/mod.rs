//! Figures: how many verifications there were, where they stand, how long decisions took.
//!
//! They are counted when a verification moves and not when somebody looks, so a page costs the
//! same however many verifications there are. A move is a row of its own, written with the
//! move; a job folds such rows into counts by quarter of an hour. A reader adds up both, so
//! what it sees does not depend on when the job ran.
//!
//! **Invariant**: every write that moves a verification between the [`Group`]s notes it, in
//! the same transaction.

mod backfill;
mod bucket;
mod durations;
mod fold;
mod overview;
mod recall;
mod store;
mod tally;

#[cfg(test)]
mod tests;

pub(crate) use backfill::backfill;
pub(crate) use fold::{enqueue, fold};
pub use overview::overview;
pub(crate) use recall::Recall;
pub(crate) use tally::{Group, Move, Tally};

use db::Conn;
use types::{Environment, OrganisationId, Timestamp, VerificationId};

use super::store::VerificationRow;
use crate::{Result, audit::Tx};

/// A verification that is just started: its id, its organisation, its environment, and when.
pub(super) type New = (VerificationId, OrganisationId, Environment, Timestamp);

/// Notes that verifications were started.
pub(super) async fn started(tx: &mut Tx, new: impl Iterator<Item = New>) -> Result<()> {
    let moved = new.map(|(id, organisation, environment, at)| {
        let moved = Move {
            organisation,
            environment,
            started: at,
            from: None,
            to: Group::Open,
            duration: None,
        };
        (format!("{id}.start"), moved)
    });
    Ok(store::insert_changes(tx, &moved.collect::<Vec<_>>()).await?)
}

/// Verifications that were started in these quarters of an hour: open, approved, denied, rejected.
pub(crate) async fn sum(
    conn: &mut Conn,
    tenant: &str,
    quarters: (i64, i64),
    environment: Option<Environment>,
) -> Result<[i64; 4]> {
    let environment = environment.map_or("", Environment::as_str);
    let (open, approved, denied, rejected) = store::sum(conn, tenant, quarters, environment).await?;
    Ok([open, approved, denied, rejected])
}

/// Notes that an open verification came to its end. It ends once, so the id is its own.
pub(super) async fn ended(tx: &mut Tx, row: &VerificationRow, to: Group, now: Timestamp) -> Result<()> {
    let moved = Move {
        organisation: row.organisation,
        environment: row.environment,
        started: row.created_at,
        from: Some(Group::Open),
        to,
        duration: to.is_decided().then(|| now.millis_since(row.created_at)),
    };
    Ok(store::insert_changes(tx, &[(format!("{}.end", row.id), moved)]).await?)
}
