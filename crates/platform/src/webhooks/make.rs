//! Making an endpoint.

use std::fmt;

use types::{Environment, Permission, StepUp, Timestamp, UserId, WebhookId, webhooks::WebhookDraft};

use super::{
    draft::{Checked, checked_new},
    secret::{self, CURRENT},
    shown,
    store::{self, NewEndpoint},
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event, Tx},
    standard_webhooks,
};

/// Endpoints of one organisation at most.
const MOST: usize = 20;

/// An endpoint that was made, or got another secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Made {
    /// Which.
    pub id: WebhookId,
    /// **Secret**, shown this once: what its messages are signed with.
    pub secret: String,
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Made")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Makes an endpoint, which is told of what happens from now on.
///
/// # Errors
/// `Forbidden` without [`Permission::WebhooksManage`]; `StepUp`; `Invalid`, a field each; `Conflict`
/// if there are too many.
pub async fn create(ctx: &Ctx, draft: &WebhookDraft) -> Result<Made> {
    ctx.require(Permission::WebhooksManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let Actor::User { id: maker, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let (checked, environment) = checked_new(ctx, draft)?;
    let tenant = ctx.tenant()?.to_string();
    let id = WebhookId::new(ctx.clock(), ctx.rng());
    let mut tx = ctx.begin().await?;
    if store::list(&mut tx, &tenant).await?.len() >= MOST {
        return Err(Error::Conflict(
            "There are twenty webhooks. Delete one before you make another.",
        ));
    }
    let terms = (&checked, environment);
    let secret = write(ctx, &mut tx, (&tenant, id), terms, (*maker, ctx.now())).await?;
    ctx.commit(tx, created(id, terms)).await?;
    Ok(Made { id, secret })
}

/// Writes an endpoint, made by them at that moment; its secret.
pub(super) async fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    (tenant, id): (&str, WebhookId),
    (checked, environment): (&Checked, Environment),
    (maker, at): (UserId, Timestamp),
) -> Result<String> {
    let secret = standard_webhooks::secret(ctx.rng());
    let key = secret::sealing_key(ctx, tx, tenant).await?;
    let own = id.to_string();
    let new = NewEndpoint {
        id: &own,
        url: &checked.url,
        description: &checked.description,
        events: &checked.events,
        environment,
        sealed: secret::seal(ctx, &key, (tenant, &own, CURRENT), &secret)?,
        data_key_id: &key.id,
        created_by: &maker.to_string(),
    };
    store::insert(tx, tenant, &new, at).await?;
    Ok(secret)
}

/// What the log tells of it.
pub(super) fn created(id: WebhookId, (checked, environment): (&Checked, Environment)) -> Event {
    Event::new(Action::WebhookCreated)
        .target(id)
        .detail("environment", environment)
        .detail("target", shown(&checked.url))
        .detail("events", &checked.events)
}
