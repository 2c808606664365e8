//! A test event, sent at once.

use types::{
    DeliveryId, Permission, WebhookId,
    webhooks::{TestData, WebhookEvent},
};

use super::{
    deliver::{CLAIM, Delivery, attempt, problem},
    found,
    outbox::{Body, message, queued},
    shown,
    store::{self, queue::DueRecord},
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event},
    calendar, codec,
};

/// What a test says.
/// Sends a test event, whatever the endpoint's state; its delivery, and what was wrong if it was
/// not taken. It is sent once, and says nothing of the endpoint's health.
///
/// # Errors
/// `Forbidden` without [`Permission::WebhooksManage`]; `NotFound`; `Unavailable` if this server
/// sends none.
pub async fn test(ctx: &Ctx, id: WebhookId) -> Result<(DeliveryId, Option<String>)> {
    ctx.require(Permission::WebhooksManage).await?;
    if ctx.courier().is_none() {
        return Err(Error::Unavailable(
            "This server sends no webhooks. Ask your operator.".to_owned(),
        ));
    }
    let tenant = ctx.tenant()?.to_string();
    let now = ctx.now();
    let claim = codec::secret(ctx.rng());
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    let body = Body {
        event: WebhookEvent::Test,
        timestamp: &calendar::rfc3339_millis(now)?,
        data: TestData {
            message: "A test event: nothing happened.".to_owned(),
        },
    };
    let message = message(ctx, &mut tx, &tenant, &body, None).await?;
    let mut new = queued(ctx, &row.id, &message, WebhookEvent::Test);
    new.claim = Some((claim.clone(), now.plus_seconds(CLAIM)));
    store::deliveries::insert(&mut tx, &tenant, &new, now).await?;
    let event = Event::new(Action::WebhookTested)
        .target(id)
        .target(&new.id)
        .detail("target", shown(&row.url));
    ctx.commit(tx, event).await?;
    let delivery: DeliveryId = new.id.parse()?;
    let own = Delivery {
        row: DueRecord {
            id: new.id,
            organisation_id: tenant,
            endpoint_id: row.id,
            message_id: message,
            event: WebhookEvent::Test.to_string(),
            attempts: 0,
            tries: 0,
            began_at: now.as_millis(),
        },
        claim,
    };
    let came = attempt(ctx, &own).await?;
    Ok((delivery, came.as_ref().and_then(problem)))
}
