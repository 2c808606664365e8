//! The end of checkpoints that nobody needs: a proof between any two sizes can be made from the
//! tiles, so of those older than a day the last of each hour is enough to look back.

use super::store;
use crate::{Ctx, Result, audit::Housekeeping};

const HOUR_MILLIS: i64 = 3_600_000;
const DAY_SECONDS: i64 = 24 * 3600;
/// How many are looked at in one go.
const ROWS: i64 = 200;

/// How far it is; from the beginning after a start.
#[derive(Debug, Default)]
pub struct Thinning {
    /// The largest size that stays and was looked at.
    above: i64,
}

impl Thinning {
    /// Looks at some more, and gives how many were removed.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn step(&mut self, ctx: &Ctx) -> Result<usize> {
        let before = ctx.now().plus_seconds(-DAY_SECONDS);
        let rows = store::older_checkpoints(&mut *ctx.read().await?, self.above, before, ROWS).await?;
        let hour = |at: i64| at.div_euclid(HOUR_MILLIS);
        let mut removed = Vec::new();
        for (row, next) in rows.iter().zip(rows.iter().skip(1)) {
            if hour(row.1) == hour(next.1) {
                removed.push(row.0);
            } else {
                // What is at the end is looked at again, beside its next.
                self.above = row.0;
            }
        }
        if removed.is_empty() {
            return Ok(0);
        }
        let mut tx = ctx.begin().await?;
        for size in &removed {
            store::remove_checkpoint(&mut tx, *size).await?;
        }
        ctx.commit_housekeeping(tx, Housekeeping::CheckpointsThinned)
            .await?;
        Ok(removed.len())
    }
}
