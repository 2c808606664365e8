//! What goes with its time.

use super::store;
use crate::{Ctx, Result, audit::Tx};

const DAY: i64 = 86_400;
/// Days for which what was told is kept.
const KEPT: i64 = 90;
/// Events of one sweep.
const AT_ONCE: i64 = 5_000;

/// Removes what was told long ago.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let before = ctx.now().plus_seconds(-KEPT * DAY);
    Ok(store::events::sweep(tx, before, AT_ONCE).await?)
}
