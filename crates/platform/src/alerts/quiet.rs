//! Telling nobody for a while, and saying that one has taken note.

use types::{AlertRuleId, Permission, Timestamp};

use super::{found, store};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event},
    calendar,
};

/// Seconds of a silence: from five minutes to thirty days.
const SILENCE: std::ops::RangeInclusive<i64> = 300..=30 * 86_400;

/// Tells nobody of a rule for so many seconds (300 to 2,592,000). It is evaluated all the same, and
/// its history goes on; what still fires at the end is told then, once.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `NotFound`; `Invalid` for another time;
/// `Conflict` if it is off.
pub async fn silence(ctx: &Ctx, id: AlertRuleId, seconds: i64) -> Result<Timestamp> {
    ctx.require(Permission::AlertsManage).await?;
    if !SILENCE.contains(&seconds) {
        return Err(Error::invalid("silence", "Choose from 5 minutes to 30 days."));
    }
    let tenant = ctx.tenant()?.to_string();
    let until = ctx.now().plus_seconds(seconds);
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    if !row.enabled {
        return Err(Error::Conflict(
            "The alert is off, so nobody is told of it anyway.",
        ));
    }
    store::silence(&mut tx, &tenant, &row.id, until, until).await?;
    let event = Event::new(Action::AlertRuleSilenced)
        .target(id)
        .detail("name", &row.name)
        .detail("until", calendar::to_the_minute(until)?);
    ctx.commit(tx, event).await?;
    Ok(until)
}

/// Ends a silence now: what still fires is told.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `NotFound`; `Conflict` if it is not silenced.
pub async fn unsilence(ctx: &Ctx, id: AlertRuleId) -> Result<()> {
    ctx.require(Permission::AlertsManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    if row.silenced_until.is_none_or(|until| until <= now.as_millis()) {
        return Err(Error::Conflict("The alert is not silenced."));
    }
    store::silence(&mut tx, &tenant, &row.id, now, now).await?;
    let event = Event::new(Action::AlertRuleUnsilenced)
        .target(id)
        .detail("name", &row.name);
    ctx.commit(tx, event).await
}

/// Takes note of what fires: nobody is reminded of it any more.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `NotFound`; `Conflict` if nothing fires, or
/// somebody has taken note of it.
pub async fn acknowledge(ctx: &Ctx, id: AlertRuleId) -> Result<()> {
    ctx.require(Permission::AlertsManage).await?;
    let Actor::User { id: who, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let (tenant, who) = (ctx.tenant()?.to_string(), who.to_string());
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let row = found(&mut tx, &tenant, id).await?;
    if !store::acknowledge(&mut tx, &tenant, &row.id, &who, now).await? {
        return Err(Error::Conflict(
            "There is nothing to acknowledge: it does not fire, or somebody has acknowledged it.",
        ));
    }
    if let Some(episode) = &row.episode {
        store::events::acknowledge(&mut tx, &tenant, (&row.id, episode), &who, now).await?;
    }
    let event = Event::new(Action::AlertRuleAcknowledged)
        .target(id)
        .detail("name", &row.name)
        .detail("state", &row.state);
    ctx.commit(tx, event).await
}
