//! What time does to a verification: the link ends, the keyed hashes go.

use types::{VerificationId, VerificationStatus};

use super::{
    count,
    figures::{self, Group},
    store::{self, VerificationRow},
    told,
};
use crate::{
    Ctx, Result,
    audit::{Action, Event, Tx},
};

/// Ends a verification whose time ran out; `None` if it was over before.
pub(crate) async fn expire(ctx: &Ctx, tx: &mut Tx, id: VerificationId) -> Result<Option<Event>> {
    let row = store::expire(tx, &id.to_string(), ctx.now()).await?;
    let Some(row) = row else { return Ok(None) };
    let row: VerificationRow = row.try_into()?;
    count::ended(tx, row.environment, "expired");
    figures::ended(tx, &row, Group::Rejected, ctx.now()).await?;
    told::ended(ctx, tx, &row, (VerificationStatus::Rejected, None)).await?;
    let event = Event::new(Action::VerificationExpired).target(id);
    Ok(Some(event.in_organisation(row.organisation)))
}

/// Removes the keyed hashes of the person's device.
pub(crate) async fn forget_device(tx: &mut Tx, id: VerificationId) -> Result<()> {
    Ok(store::forget_device(tx, &id.to_string()).await?)
}
