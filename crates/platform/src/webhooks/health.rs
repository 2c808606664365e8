//! What an attempt says of its endpoint, and what follows.
//!
//! An endpoint that takes nothing for three days is told of, and after five days disabled; but
//! never sooner than two days after it was told of, however seldom anything is sent. It is looked
//! at with each attempt that fails, so a silent endpoint is never disabled for its silence.

use types::{OrganisationId, Permission, Timestamp, webhooks::WebhookStop};

use super::{
    change::STOPPED,
    shown,
    store::{self, FailingRecord},
};
use crate::{
    Ctx, Result, access,
    audit::{Action, Event, Tx},
    calendar,
    mail::{self, Message},
};

const DAY: i64 = 86_400;
/// Seconds of failure until people are told.
const WARN_AFTER: i64 = 3 * DAY;
/// Seconds of failure until it is disabled.
const STOP_AFTER: i64 = 5 * DAY;
/// Seconds that people have at least, from being told.
const NOTICE: i64 = 2 * DAY;

/// What an attempt says.
pub(super) struct Health<'a> {
    pub(super) tenant: &'a str,
    pub(super) endpoint: &'a str,
    /// Why it was not taken.
    pub(super) problem: Option<&'a str>,
    /// It answered that it is gone.
    pub(super) gone: bool,
}

/// What follows.
#[derive(Default)]
pub(super) struct Verdict {
    /// What the log tells of it.
    pub(super) event: Option<Event>,
    /// Whether anything more is sent there.
    pub(super) goes_on: bool,
}

/// Notes it, the endpoint's row held.
pub(super) async fn note(ctx: &Ctx, tx: &mut Tx, health: &Health<'_>) -> Result<Verdict> {
    let now = ctx.now();
    let Some(problem) = health.problem else {
        let event = recovered(tx, health, now).await?;
        return Ok(Verdict { event, goes_on: true });
    };
    let row = store::failed(tx, health.tenant, health.endpoint, now).await?;
    let Some(row) = row.filter(|row| row.enabled) else {
        return Ok(Verdict::default());
    };
    let since = Timestamp::from_millis(row.failing_since.unwrap_or_else(|| now.as_millis()));
    let stop = match row.warned_at.map(Timestamp::from_millis) {
        _ if health.gone => Some(WebhookStop::Gone),
        Some(told) if since.plus_seconds(STOP_AFTER) <= now && told.plus_seconds(NOTICE) <= now => {
            Some(WebhookStop::Failing)
        }
        _ => None,
    };
    if let Some(stop) = stop {
        let event = Some(stopped(ctx, tx, health, (&row, since), stop).await?);
        return Ok(Verdict {
            event,
            goes_on: false,
        });
    }
    let event = if row.warned_at.is_none() && since.plus_seconds(WARN_AFTER) <= now {
        Some(warned(ctx, tx, health, (&row, since), problem).await?)
    } else {
        None
    };
    Ok(Verdict { event, goes_on: true })
}

async fn recovered(tx: &mut Tx, health: &Health<'_>, now: Timestamp) -> Result<Option<Event>> {
    let row = store::succeeded(tx, health.tenant, health.endpoint, now).await?;
    let Some(row) = row.filter(|row| row.warned_at.is_some()) else {
        return Ok(None);
    };
    store::set_warned(tx, health.tenant, health.endpoint, None).await?;
    let event = Event::new(Action::WebhookRecovered)
        .target(health.endpoint)
        .detail("target", shown(&row.url));
    Ok(Some(event.in_organisation(health.tenant.parse()?)))
}

async fn warned(
    ctx: &Ctx,
    tx: &mut Tx,
    health: &Health<'_>,
    (row, since): (&FailingRecord, Timestamp),
    problem: &str,
) -> Result<Event> {
    store::set_warned(tx, health.tenant, health.endpoint, Some(ctx.now())).await?;
    let (target, begun) = (shown(&row.url), calendar::to_the_minute(since)?);
    let message = Message::new(
        "webhook.failing",
        String::new(),
        "A webhook does not get through, and will be disabled",
    )
    .text(format!(
        "The webhook to {target} has taken nothing since {begun}. {problem}"
    ))
    .text(
        "If it goes on like this it is disabled, five days after it began and two days from now at the earliest. \
         What was given up by then can be replayed for 30 days.",
    );
    tell(ctx, tx, health, since, &message).await?;
    let event = Event::new(Action::WebhookFailing)
        .failed()
        .target(health.endpoint)
        .detail("target", target)
        .detail("since", begun)
        .detail("problem", problem.trim_end_matches('.'));
    Ok(event.in_organisation(health.tenant.parse()?))
}

async fn stopped(
    ctx: &Ctx,
    tx: &mut Tx,
    health: &Health<'_>,
    (row, since): (&FailingRecord, Timestamp),
    stop: WebhookStop,
) -> Result<Event> {
    let now = ctx.now();
    store::disable(tx, health.tenant, health.endpoint, stop, now).await?;
    store::deliveries::give_up_all(tx, health.tenant, health.endpoint, STOPPED, now).await?;
    let (target, begun) = (shown(&row.url), calendar::to_the_minute(since)?);
    let (why, told) = match stop {
        WebhookStop::Gone => (
            "it answered 410 Gone".to_owned(),
            format!(
                "The webhook to {target} answered 410 Gone, which says that the address is gone for good."
            ),
        ),
        _ => (
            format!("it has taken nothing since {begun}"),
            format!("The webhook to {target} has taken nothing since {begun}, which is more than five days."),
        ),
    };
    let message = Message::new("webhook.disabled", String::new(), "A webhook was disabled")
        .text(told)
        .text(
            "Nothing is sent there any more. Once the address takes events again, enable the webhook and replay what \
             it missed: what was given up is kept for 30 days. What happens while it is disabled is not sent later.",
        );
    tell(ctx, tx, health, since, &message).await?;
    let event = Event::new(Action::WebhookDisabled)
        .target(health.endpoint)
        .detail("target", target)
        .detail("why", why);
    Ok(event.in_organisation(health.tenant.parse()?))
}

/// Everybody who may do something about it, once for each stretch of failure.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    health: &Health<'_>,
    since: Timestamp,
    message: &Message,
) -> Result<()> {
    let organisation: OrganisationId = health.tenant.parse()?;
    for user in access::who_may(tx, &organisation.to_string(), Permission::WebhooksManage).await? {
        let mut own = message
            .clone()
            .link("Look at the webhook", format!("/webhooks/{}", health.endpoint));
        own.kind = message.kind;
        own.cause = format!(
            "{}:{}:{}:{user}",
            message.kind,
            health.endpoint,
            since.as_millis()
        );
        mail::to_user(ctx, tx, user, own).await?;
    }
    Ok(())
}
