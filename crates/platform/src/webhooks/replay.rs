//! Sending again what was sent, or was given up.

use jiff::civil::DateTime;
use types::{DeliveryId, Permission, Timestamp, WebhookId};

use super::{found, shown, store, store::EndpointRecord};
use crate::{
    Ctx, Error, Result, access,
    audit::{Action, Event},
};

const NOT_THERE: Error = Error::NotFound("The delivery");

fn told(row: &EndpointRecord) -> Result<()> {
    if row.enabled {
        return Ok(());
    }
    Err(Error::Conflict(
        "The webhook is disabled. Enable it before you replay anything.",
    ))
}

/// Sends one delivery again, from the first attempt on, with the same `webhook-id`.
///
/// # Errors
/// `Forbidden` without [`Permission::WebhooksManage`]; `NotFound`; `Conflict` if the endpoint is
/// disabled, or the delivery is just being sent.
pub async fn replay(ctx: &Ctx, id: WebhookId, delivery: DeliveryId) -> Result<()> {
    ctx.require(Permission::WebhooksManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let own = delivery.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    let known = store::deliveries::get(&mut tx, &tenant, &row.id, &own).await?;
    known.ok_or(NOT_THERE)?;
    told(&row)?;
    if !store::deliveries::replay(&mut tx, &tenant, &row.id, &own, ctx.now()).await? {
        return Err(Error::Conflict("This delivery is just being sent."));
    }
    let event = Event::new(Action::WebhookReplayed)
        .target(id)
        .target(delivery)
        .detail("deliveries", 1)
        .detail("target", shown(&row.url));
    ctx.commit(tx, event).await
}

/// Sends everything again that was given up and happened at this moment or later: `since` is a
/// day and a time in the organisation's time zone, such as `2026-11-23T12:00`. How many they are.
///
/// # Errors
/// As [`replay`]; `Invalid` for a moment that cannot be read.
pub async fn replay_since(ctx: &Ctx, id: WebhookId, since: &str) -> Result<u64> {
    ctx.require(Permission::WebhooksManage).await?;
    let moment = moment(ctx, since).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    told(&row)?;
    let first = DeliveryId::first_at(moment).to_string();
    let count = store::deliveries::replay_since(&mut tx, &tenant, &row.id, &first, ctx.now()).await?;
    if count == 0 {
        return Ok(0);
    }
    let event = Event::new(Action::WebhookReplayed)
        .target(id)
        .detail("deliveries", count)
        .detail("target", shown(&row.url));
    ctx.commit(tx, event).await?;
    Ok(count)
}

async fn moment(ctx: &Ctx, text: &str) -> Result<Timestamp> {
    let unreadable = || Error::invalid("since", "Give a day and a time, such as 2026-11-23T12:00.");
    let local: DateTime = text.trim().parse().map_err(|_| unreadable())?;
    let zone = access::time_zone(ctx).await?;
    let zoned = zone.to_zoned_datetime(local).map_err(|_| unreadable())?;
    Ok(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}
