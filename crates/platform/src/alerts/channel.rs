//! Making, testing and removing channels.

use std::fmt;

use types::{
    AlertChannelId, AlertDeliveryId, AlertEventId, Permission, StepUp, UserId,
    alerts::{AlertCause, AlertState, ChannelDraft, ChannelKind},
};

use super::{
    deliver::{CLAIM, Delivery, attempt},
    found_channel,
    secret::{self, Target},
    store::{
        channels::{self, NewChannel},
        events::{self, NewEvent},
        queue::{self, DueRecord},
    },
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event},
    codec, outward,
    search::Problems,
    standard_webhooks,
};

/// Channels of one organisation at most.
const MOST: usize = 30;
/// Characters of a name.
const NAME: usize = 80;

/// A channel that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeChannel {
    /// Which.
    pub id: AlertChannelId,
    /// **Secret**, shown this once: what its messages are signed with. None where nothing is signed.
    pub secret: Option<String>,
}

impl fmt::Debug for MadeChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MadeChannel")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Makes a channel. No rule tells it yet.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `StepUp`; `Invalid`, a field each; `Conflict`
/// if there are too many.
pub async fn create_channel(ctx: &Ctx, draft: &ChannelDraft) -> Result<MadeChannel> {
    ctx.require(Permission::AlertsManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let Actor::User { id: maker, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let tenant = ctx.tenant()?.to_string();
    let Ok(kind) = draft.kind.parse::<ChannelKind>() else {
        return Err(Error::invalid("kind", "Choose how people are to be told."));
    };
    let mut problems = Problems::default();
    let name = draft.name.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
        problems.add("name", "Give it a name of at most 80 characters, in one line.");
    }
    let url = if kind == ChannelKind::Email {
        None
    } else {
        let example = "https://alerts.example.com/in";
        outward::address(ctx, &mut problems, "url", &draft.url, example)
    };
    let mut tx = ctx.begin().await?;
    let members = channels::members(&mut tx, &tenant).await?;
    let member: Option<UserId> = draft.member.parse().ok();
    let member = member
        .map(|id| id.to_string())
        .filter(|id| kind == ChannelKind::Email && members.iter().any(|(member, _)| member == id));
    if kind == ChannelKind::Email && member.is_none() {
        problems.add("member", "Choose a member of the organisation.");
    }
    problems.settle()?;
    if channels::list(&mut tx, &tenant).await?.len() >= MOST {
        return Err(Error::Conflict(
            "There are thirty channels. Remove one before you make another.",
        ));
    }
    let id = AlertChannelId::new(ctx.clock(), ctx.rng());
    let own = id.to_string();
    let secret = (kind == ChannelKind::Webhook).then(|| standard_webhooks::secret(ctx.rng()));
    let host = url
        .as_ref()
        .and_then(|url| url.host_str())
        .unwrap_or_default()
        .to_owned();
    let (mut sealed, mut data_key) = (None, None);
    if let Some(url) = url {
        let key = secret::sealing_key(ctx, &mut tx, &tenant).await?;
        let target = Target {
            url: url.to_string(),
            secret: secret.clone(),
        };
        sealed = Some(secret::seal(ctx, &key, (&tenant, &own), &target)?);
        data_key = Some(key.id);
    }
    let new = NewChannel {
        id: &own,
        kind,
        name,
        user_id: member.as_deref(),
        data_key_id: data_key.as_deref(),
        sealed,
        host: &host,
        created_by: &maker.to_string(),
    };
    channels::insert(&mut tx, &tenant, &new, ctx.now()).await?;
    let event = Event::new(Action::AlertChannelCreated)
        .target(id)
        .detail("name", name)
        .detail("kind", kind)
        .detail("to", member.as_deref().unwrap_or(&host));
    ctx.commit(tx, event).await?;
    Ok(MadeChannel { id, secret })
}

/// Removes a channel with what was sent through it; rules that told it tell it no more.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `StepUp`; `NotFound`.
pub async fn delete_channel(ctx: &Ctx, id: AlertChannelId) -> Result<()> {
    ctx.require(Permission::AlertsManage).await?;
    ctx.require_fresh(StepUp::Webhooks).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut tx = ctx.begin().await?;
    let row = found_channel(&mut tx, &tenant, id).await?;
    channels::delete(&mut tx, &tenant, &row.id).await?;
    let event = Event::new(Action::AlertChannelRemoved)
        .target(id)
        .detail("name", &row.name)
        .detail("kind", &row.kind);
    ctx.commit(tx, event).await
}

/// Sends a test message at once; what was wrong, if it was not taken. A mail is taken once it is
/// queued. A test that is not taken is not sent again.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `NotFound`; `Unavailable` if this server sends
/// nothing outwards.
pub async fn test_channel(ctx: &Ctx, id: AlertChannelId) -> Result<Option<String>> {
    ctx.require(Permission::AlertsManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let now = ctx.now();
    let claim = codec::secret(ctx.rng());
    let mut tx = ctx.begin().await?;
    let row = found_channel(&mut tx, &tenant, id).await?;
    if row.kind != ChannelKind::Email.as_str() && ctx.courier().is_none() {
        return Err(Error::Unavailable(
            "This server sends no webhooks. Ask your operator.".to_owned(),
        ));
    }
    let event = AlertEventId::at(now, ctx.event_sequence(now), ctx.rng()).to_string();
    let new = NewEvent {
        id: &event,
        rule_id: None,
        cause: AlertCause::Test,
        name: &row.name,
        kind: "test",
        from: AlertState::Ok,
        to: AlertState::Ok,
        value: None,
        threshold: None,
        facts: "{\"of\":\"value\"}",
        silenced: false,
        at: now,
    };
    events::insert(&mut tx, &tenant, &new).await?;
    let delivery = AlertDeliveryId::new(ctx.clock(), ctx.rng()).to_string();
    let held = Some((claim.as_str(), now.plus_seconds(CLAIM)));
    queue::insert(&mut tx, &tenant, (&delivery, &event, &row.id), held, now).await?;
    let told = Event::new(Action::AlertChannelTested)
        .target(id)
        .detail("name", &row.name)
        .detail("kind", &row.kind);
    ctx.commit(tx, told).await?;
    let own = Delivery {
        row: DueRecord {
            id: delivery,
            organisation_id: tenant,
            event_id: event,
            channel_id: row.id,
            attempts: 0,
            began_at: now.as_millis(),
        },
        claim,
    };
    attempt(&ctx.acting_as(Actor::System), &own).await
}
