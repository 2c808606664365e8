//! Counting what was there before there were counts.

use types::Timestamp;

use super::{Group, Move, Tally, store};
use crate::{Ctx, Result, audit::Housekeeping};

/// Verifications counted in one transaction.
const BATCH: i64 = 20_000;
/// The mark: how far the count has come. An id, or [`DONE`].
const MARK: &str = "figures_counted_to";
const DONE: &str = "done";

/// Counts every verification that was started by a version without counts. Each batch moves
/// the mark in its own transaction, so it goes on where it was interrupted, and two servers
/// that start at once count nothing twice.
///
/// It ends before this server takes a request: from then on each move is noted.
pub(crate) async fn backfill(ctx: &Ctx) -> Result<()> {
    loop {
        let mark = store::mark(&mut *ctx.read().await?, MARK).await?;
        if mark.as_deref() == Some(DONE) {
            return Ok(());
        }
        let mut tx = ctx.begin().await?;
        let from = mark.as_deref().unwrap_or_default();
        let rows = store::uncounted(&mut tx, from, BATCH).await?;
        let to = rows.last().map_or(DONE, |row| row.id.as_str());
        let ours = match &mark {
            None => store::set_mark(&mut tx, MARK, to).await?,
            Some(mark) => store::move_mark(&mut tx, MARK, mark, to).await?,
        };
        if !ours {
            continue;
        }
        let mut tally = Tally::default();
        for row in &rows {
            tally.add(&as_move(row)?);
        }
        tally.write(&mut tx).await?;
        ctx.commit_housekeeping(tx, Housekeeping::FiguresFolded).await?;
    }
}

/// A verification as one move, from nowhere to where it stands.
fn as_move(row: &store::Uncounted) -> Result<Move> {
    let to = Group::of(row.status.parse()?);
    let duration = row.completed_at.map(|at| at.saturating_sub(row.created_at));
    Ok(Move {
        organisation: row.organisation_id.parse()?,
        environment: row.environment.parse()?,
        started: Timestamp::from_millis(row.created_at),
        from: None,
        to,
        duration: duration.filter(|_| to.is_decided()),
    })
}
