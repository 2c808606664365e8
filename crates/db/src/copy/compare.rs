//! Reading everything back from both sides, and finding it the same.

use super::audit::{Audit, Leaves};
use super::catalogue::Table;
use super::rows::{count, read_batch};
use super::side::Side;
use super::{BATCH, Phase, Progress, refusal};
use crate::DbError;

pub(super) async fn all(
    source: &mut Side,
    target: &mut Side,
    tables: &[Table],
    totals: &[(String, u64)],
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Option<Audit>, DbError> {
    let mut audit = None;
    for (table, (_, total)) in tables.iter().zip(totals) {
        let there = count(target, table).await?;
        if there != *total {
            return Err(refusal(format!(
                "The source has {total} rows in {}, the target {there}: empty the target (drop the \
                 database and make it anew), then run the copy again",
                table.name
            )));
        }
        let mut leaves = Leaves::of(table);
        let mut last = None;
        let mut done = 0;
        loop {
            progress(Progress {
                phase: Phase::Comparing,
                table: table.name.clone(),
                done,
                total: *total,
            });
            let (ours, theirs) = tokio::join!(
                read_batch(source, table, last.as_deref(), BATCH),
                read_batch(target, table, last.as_deref(), BATCH)
            );
            let (ours, theirs) = (ours?, theirs?);
            if ours != theirs {
                return Err(refusal(format!(
                    "A row of {} is not the same on both sides: the source changed since the copy \
                     began. Empty the target (drop the database and make it anew), then run it again",
                    table.name
                )));
            }
            let Some(row) = theirs.last() else { break };
            last = Some(table.key_of(row));
            done += theirs.len() as u64;
            if let Some(leaves) = &mut leaves {
                leaves.add(&theirs)?;
            }
        }
        audit = leaves.map(Leaves::finish).or(audit);
    }
    Ok(audit)
}
