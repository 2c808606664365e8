//! Adding units to their days: part of the job that folds figures.

use std::collections::BTreeMap;

use super::store::{self, UnitRow};
use crate::{Ctx, Result, audit::Tx};

/// Units added up in one transaction; as many as the job folds moves, of which each unit has one.
const BATCH: i64 = 2000;

/// Adds up some units. Marked and counted in one transaction, each is counted once, however many
/// servers fold at a time.
pub(crate) async fn fold(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let units = store::take(tx, ctx.now(), BATCH).await?;
    add(tx, units).await
}

/// Adds units to their days.
pub(super) async fn add(tx: &mut Tx, units: Vec<UnitRow>) -> Result<()> {
    // Ordered, so that two servers that add to the same days do not block each other.
    let mut days: BTreeMap<(String, i64, String), i64> = BTreeMap::new();
    for unit in units {
        let day = unit.occurred_at.div_euclid(86_400_000);
        *days
            .entry((unit.organisation_id, day, unit.api_key_id))
            .or_default() += 1;
    }
    let days: Vec<_> = days.into_iter().collect();
    for some in days.chunks(store::ROWS) {
        store::add(tx, some).await?;
    }
    Ok(())
}
