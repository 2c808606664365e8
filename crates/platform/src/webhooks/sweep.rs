//! What goes with its time.

use super::store;
use crate::{Ctx, Result, audit::Tx};

const DAY: i64 = 86_400;
/// Days for which what was sent is kept.
const KEPT: i64 = 30;
/// Days after which goes what was never sent, since its endpoint is disabled; a replay that is under
/// way has ended by then.
const NEVER_SENT: i64 = 40;

/// Removes old secrets that sign no more, and the log of what was sent.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let now = ctx.now();
    store::forget_old(tx, now).await?;
    let ago = |days: i64| now.plus_seconds(-days * DAY);
    Ok(store::deliveries::sweep(tx, ago(KEPT), ago(NEVER_SENT)).await?)
}
