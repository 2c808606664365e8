//! What is done to an endpoint that is there.

use types::{
    Permission, StepUp, WebhookId,
    webhooks::{WebhookDraft, WebhookStop},
};

use super::{draft::checked, found, shown, store};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
};

/// What deliveries say that were to be sent when their endpoint was disabled.
pub(super) const STOPPED: &str = "The webhook was disabled before this was sent.";

/// Changes where an endpoint leads, what it is told and what is said of it.
///
/// # Errors
/// `Forbidden` without [`Permission::WebhooksManage`]; `StepUp`; `NotFound`; `Invalid`, a field each.
pub async fn update(ctx: &Ctx, id: WebhookId, draft: &WebhookDraft) -> Result<()> {
    ctx.require(Permission::WebhooksManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let checked = checked(ctx, draft)?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    let mut changes = Vec::new();
    if row.url != checked.url {
        changes.push(format!("the address, from {}", shown(&row.url)));
    }
    if row.events != checked.events {
        changes.push(format!("the events, from {} to {}", row.events, checked.events));
    }
    if row.description != checked.description {
        changes.push("the description".to_owned());
    }
    if changes.is_empty() {
        return Ok(());
    }
    let new = (
        checked.url.as_str(),
        checked.description.as_str(),
        checked.events.as_str(),
    );
    store::update(&mut tx, &tenant, &row.id, new).await?;
    let event = Event::new(Action::WebhookUpdated)
        .target(id)
        .detail("target", shown(&checked.url))
        .detail("changes", changes.join(", "));
    ctx.commit(tx, event).await
}

/// Tells an endpoint nothing more. What was to be sent is given up, and can be replayed.
///
/// # Errors
/// As [`update`]; `Conflict` if it is disabled already.
pub async fn disable(ctx: &Ctx, id: WebhookId) -> Result<()> {
    ctx.require(Permission::WebhooksManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    if !store::disable(&mut tx, &tenant, &row.id, WebhookStop::Person, ctx.now()).await? {
        return Err(Error::Conflict("The webhook is disabled already."));
    }
    store::deliveries::give_up_all(&mut tx, &tenant, &row.id, STOPPED, ctx.now()).await?;
    let event = Event::new(Action::WebhookDisabled)
        .target(id)
        .detail("target", shown(&row.url))
        .detail("why", "somebody wanted it");
    ctx.commit(tx, event).await
}

/// Tells it again, of what happens from now on.
///
/// # Errors
/// As [`disable`].
pub async fn enable(ctx: &Ctx, id: WebhookId) -> Result<()> {
    ctx.require(Permission::WebhooksManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    if !store::enable(&mut tx, &tenant, &row.id).await? {
        return Err(Error::Conflict("The webhook is enabled already."));
    }
    let event = Event::new(Action::WebhookEnabled)
        .target(id)
        .detail("target", shown(&row.url));
    ctx.commit(tx, event).await
}

/// Deletes an endpoint with its secret and its log.
///
/// # Errors
/// As [`update`].
pub async fn delete(ctx: &Ctx, id: WebhookId) -> Result<()> {
    ctx.require(Permission::WebhooksManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    store::delete(&mut tx, &tenant, &row.id).await?;
    let event = Event::new(Action::WebhookDeleted)
        .target(id)
        .detail("target", shown(&row.url));
    ctx.commit(tx, event).await
}
