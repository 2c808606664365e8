//! Filling the index, behind the ledger.
//!
//! The place is a leaf index, and the ledger gives every event one, without a gap, in one
//! transaction with its own size. So whatever is below the size is there, and nothing is passed
//! over; a number whose event was retired is only passed.

use super::{Facts, store, terms};
use crate::{
    Ctx, Result,
    audit::{Housekeeping, Tx},
};

/// Leaves of one batch.
const BATCH: i64 = 500;

/// Writes the terms of the next events; whether there may be more. Several servers may do this
/// at once: the one that comes second leaves nothing behind.
///
/// # Errors
/// If the database fails.
pub async fn index(ctx: &Ctx) -> Result<bool> {
    let mut read = ctx.read().await?;
    let from = store::next_leaf(&mut read).await?;
    let size = store::tree_size(&mut read).await?;
    if from >= size {
        return Ok(false);
    }
    let before = size.min(from + BATCH);
    let mut all = Vec::new();
    for canonical in store::leaves(&mut read, from, before).await? {
        let facts = Facts::read(&canonical)?;
        let owned = |(list, term): (&str, String)| (list.to_owned(), term, facts.id.clone());
        all.extend(terms::of(&facts).into_iter().map(owned));
    }
    drop(read);
    // In the order of the key, neighbours are written beside each other, and two servers never
    // wait for one another crosswise.
    all.sort();
    let mut tx = ctx.begin().await?;
    if !store::advance(&mut tx, from, before).await? {
        return Ok(true);
    }
    store::insert_terms(&mut tx, &all).await?;
    ctx.commit_housekeeping(tx, Housekeeping::EventsIndexed).await?;
    Ok(before < size)
}

/// Removes the terms of an event that is retired, in the transaction that removes the event.
///
/// # Errors
/// If the text is no event, or the database fails.
pub async fn forget(tx: &mut Tx, canonical: &str) -> Result<()> {
    let facts = Facts::read(canonical)?;
    for (list, term) in terms::of(&facts) {
        store::delete_term(tx, (list, &term, &facts.id)).await?;
    }
    Ok(())
}
