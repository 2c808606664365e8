//! Another secret in the place of the one that signs.

use types::{Permission, StepUp, WebhookId};

use super::{
    found,
    make::Made,
    secret::{self, CURRENT, OLD, Secrets, old_signs},
    shown, store,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    calendar, standard_webhooks,
};

/// For so many seconds both sign.
const GRACE: i64 = 86_400;

/// Makes a new secret. For 24 hours the old one signs too, so that a receiver can change over
/// whenever it likes.
///
/// # Errors
/// `Forbidden` without [`Permission::WebhooksManage`]; `StepUp`; `NotFound`; `Conflict` while two
/// sign already.
pub async fn rotate(ctx: &Ctx, id: WebhookId) -> Result<Made> {
    ctx.require(Permission::WebhooksManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let tenant = ctx.tenant()?.to_string();
    let now = ctx.now();
    let until = now.plus_seconds(GRACE);
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    if old_signs(&row, now) {
        return Err(Error::Conflict(
            "Two secrets sign already. Stop the old one before you make another.",
        ));
    }
    let before = Secrets::open(ctx, &mut tx, &row).await?.current;
    let secret = standard_webhooks::secret(ctx.rng());
    let key = secret::sealing_key(ctx, &mut tx, &tenant).await?;
    let sealed = store::Sealed {
        data_key_id: &key.id,
        current: secret::seal(ctx, &key, (&tenant, &row.id, CURRENT), &secret)?,
        old: secret::seal(ctx, &key, (&tenant, &row.id, OLD), &before)?,
    };
    // Two people may rotate at once: whoever is second finds the first one's secret there.
    if !store::rotate(&mut tx, &tenant, &row, &sealed, until).await? {
        return Err(Error::Conflict("Somebody else has just rotated this secret."));
    }
    let event = Event::new(Action::WebhookSecretRotated)
        .target(id)
        .detail("target", shown(&row.url))
        .detail("until", calendar::to_the_minute(until)?);
    ctx.commit(tx, event).await?;
    Ok(Made { id, secret })
}

/// Lets the old secret sign nothing more, before its time: somebody else may know it.
///
/// # Errors
/// As [`rotate`]; `Conflict` if only one signs.
pub async fn end_old_secret(ctx: &Ctx, id: WebhookId) -> Result<()> {
    ctx.require(Permission::WebhooksManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    if !old_signs(&row, ctx.now()) {
        return Err(Error::Conflict("Only one secret signs."));
    }
    store::end_old(&mut tx, &tenant, &row.id).await?;
    let event = Event::new(Action::WebhookOldSecretEnded)
        .target(id)
        .detail("target", shown(&row.url));
    ctx.commit(tx, event).await
}
