//! How much there is to do, for whoever watches the installation.

use types::{Permission, Timestamp};

use super::store;
use crate::{Ctx, Result};

/// How much there is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Wait for their time.
    pub queued: u64,
    /// A worker has claimed them.
    pub running: u64,
    /// Were given up.
    pub failed: u64,
    /// How long the oldest queued one has been due; 0 if none is.
    pub overdue_millis: u64,
}

/// Counts the jobs.
///
/// # Errors
/// `Forbidden` without [`Permission::JobsRead`].
pub async fn depth(ctx: &Ctx) -> Result<Depth> {
    ctx.require(Permission::JobsRead).await?;
    let mut read = ctx.read().await?;
    let counts = store::counts(&mut read).await?;
    let due = store::next_due(&mut read).await?;
    let overdue = due.map(|due| ctx.now().millis_since(Timestamp::from_millis(due)));
    Ok(Depth {
        queued: of(&counts, "queued"),
        running: of(&counts, "running"),
        failed: of(&counts, "failed"),
        overdue_millis: overdue
            .and_then(|millis| u64::try_from(millis).ok())
            .unwrap_or_default(),
    })
}

/// The count of a state; a state that nothing is in has none.
pub(super) fn of(counts: &[(String, i64)], state: &str) -> u64 {
    let found = counts.iter().find(|(name, _)| name == state);
    found
        .and_then(|(_, count)| u64::try_from(*count).ok())
        .unwrap_or_default()
}
