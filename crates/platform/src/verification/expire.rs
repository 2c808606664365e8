//! What time does to a verification: the link ends, the keyed hashes go.

use types::VerificationId;

use super::store;
use crate::{
    Ctx, Result,
    audit::{Action, Event, Tx},
};

/// Ends a verification whose time ran out; `None` if it was over before.
pub(crate) async fn expire(ctx: &Ctx, tx: &mut Tx, id: VerificationId) -> Result<Option<Event>> {
    let tenant = store::expire(tx, &id.to_string(), ctx.now()).await?;
    let Some(tenant) = tenant else { return Ok(None) };
    let event = Event::new(Action::VerificationExpired).target(id);
    Ok(Some(event.in_organisation(tenant.parse()?)))
}

/// Removes the keyed hashes of the person's device.
pub(crate) async fn forget_device(tx: &mut Tx, id: VerificationId) -> Result<()> {
    Ok(store::forget_device(tx, &id.to_string()).await?)
}
