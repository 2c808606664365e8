//! API keys: made, shown once, listed, revoked, and recognised on each call.
//!
//! At rest there is an HMAC-SHA256 under a versioned pepper from the vault, never the key.

mod attention;
mod authenticate;
mod change;
mod create;
mod due;
mod former;
mod invent;
mod key;
mod leaked;
mod limits;
mod networks;
mod page;
mod pepper;
mod policy;
mod rotate;
mod sources;
mod store;
mod terms;
mod uses;
mod warn;

#[cfg(test)]
mod tests;

use types::{ApiKeyId, Permission, StepUp, Timestamp, console::ApiKeyRow};

use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    recall::Topic,
};

pub(crate) use attention::attention;
pub use authenticate::authenticate;
pub(crate) use authenticate::{Known, Refusals};
pub use change::change;
pub use create::create;
pub(crate) use due::announce;
pub(crate) use former::of_former_members;
pub(crate) use invent::{Invented, invent};
pub use key::{Malformed, Parsed, parse};
pub(crate) use leaked::{digests, keys_in, leak_answer, revoke_leaked, whose};
pub(crate) use limits::{limits_of_working, take_limit};
pub use page::{get, list, page};
pub use pepper::rotate_pepper;
pub(crate) use policy::enforce;
pub use policy::{enable, policy, preview, save_policy};
pub use rotate::{end_at, rotate};
pub(crate) use sources::{Place, SealedSource, Sources, network, sweep};
pub use terms::{expiry, overlap};
pub(crate) use uses::Uses;
pub(crate) use warn::warn;

const NOT_THERE: Error = Error::NotFound("The API key");

/// Revokes a key; it is refused from the next request on. Revoking again changes nothing.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `NotFound`.
pub async fn revoke(ctx: &Ctx, id: ApiKeyId) -> Result<ApiKeyRow> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let mut row = page::seen(ctx, &mut tx, id).await?;
    if row.revoked_at.is_some() {
        return Ok(row);
    }
    store::revoke(&mut tx, &ctx.tenant()?.to_string(), &id.to_string(), now).await?;
    tx.changes(Topic::ApiKeys);
    ctx.commit(tx, event(Action::ApiKeyRevoked, &row)).await?;
    row.revoked_at = Some(now);
    Ok(row)
}

/// Holds that a key can still be changed.
///
/// # Errors
/// `Conflict` for one that does not work any more.
fn hold_working(row: &ApiKeyRow, now: Timestamp) -> Result<()> {
    if row.works(now) {
        Ok(())
    } else {
        Err(Error::Conflict(
            "This key does not work any more, so that nothing about it can be changed. Create another one.",
        ))
    }
}

pub(crate) fn event(action: Action, row: &ApiKeyRow) -> Event {
    Event::new(action)
        .target(row.id)
        .detail("name", &row.name)
        .detail("environment", row.environment)
        .detail("lastFour", &row.last_four)
}

/// A stored moment.
fn moment(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}
