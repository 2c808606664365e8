//! Sending what is due through its channel.

use types::{
    Timestamp, UserId,
    alerts::{AlertCause, ChannelKind},
    webhooks::DeliveryState,
};

use super::{
    message::Told,
    secret,
    store::{
        self,
        channels::ChannelRecord,
        queue::{self, DueRecord, Outcome},
    },
};
use crate::{
    Ctx, Error, Result, access,
    audit::{Housekeeping, Tx},
    codec, mail, standard_webhooks,
    webhooks::{self, Posting},
};

/// A claimant that has not ended after so many seconds is taken for dead. A courier gives up well
/// before.
pub(super) const CLAIM: i64 = 60;
/// What is said to a member who is none any more.
const LEFT: &str = "The member has left the organisation, so nothing is sent to them.";

/// The right, and the duty, to make one attempt.
#[derive(Debug)]
pub struct Delivery {
    pub(super) row: DueRecord,
    pub(super) claim: String,
}

/// Takes at most so many deliveries that are due and nobody else's at the moment.
///
/// # Errors
/// If the database fails.
pub async fn claim(ctx: &Ctx, most: usize) -> Result<Vec<Delivery>> {
    let now = ctx.now();
    if !queue::any_due(&mut *ctx.read().await?, now).await? {
        return Ok(Vec::new());
    }
    let claim = codec::secret(ctx.rng());
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut tx = ctx.begin().await?;
    let rows = queue::claim(&mut tx, &claim, now, now.plus_seconds(CLAIM), most).await?;
    ctx.commit_housekeeping(tx, Housekeeping::AlertMoved).await?;
    let delivery = |row| Delivery {
        row,
        claim: claim.clone(),
    };
    Ok(rows.into_iter().map(delivery).collect())
}

/// Makes the attempt and notes what it came to. If the server dies in between it is made again,
/// under the same id.
///
/// # Errors
/// If the database fails: then it is made again.
pub async fn deliver(ctx: &Ctx, delivery: Delivery) -> Result<()> {
    attempt(ctx, &delivery).await.map(drop)
}

/// The same; what was wrong, if it was not taken.
pub(super) async fn attempt(ctx: &Ctx, delivery: &Delivery) -> Result<Option<String>> {
    let row = &delivery.row;
    let tenant = &row.organisation_id;
    let mut read = ctx.read().await?;
    let channel = store::channels::get(&mut read, tenant, &row.channel_id).await?;
    let event = store::events::get(&mut read, tenant, &row.event_id).await?;
    let (Some(channel), Some(event)) = (channel, event) else {
        // Removed just when this was queued: nobody is to be told any more.
        drop(read);
        let mut tx = ctx.begin().await?;
        queue::forget(&mut tx, (&row.id, &delivery.claim)).await?;
        ctx.commit_housekeeping(tx, Housekeeping::AlertMoved).await?;
        return Ok(None);
    };
    let organisation = access::organisation(&mut read, tenant).await?;
    let name = organisation.map(|row| row.name).unwrap_or_default();
    let told = Told::read(&event, name)?;
    match channel.kind.parse()? {
        ChannelKind::Email => {
            drop(read);
            by_mail(ctx, delivery, &channel, &told).await
        }
        kind => {
            let target = secret::open(ctx, &mut read, &channel).await?;
            drop(read);
            let posting = posting(ctx, kind, &target, (&row.id, &told))?;
            by_post(ctx, delivery, &told, posting).await
        }
    }
}

/// Queues the mail, and notes that, in one transaction: from there on the outbox carries it.
async fn by_mail(
    ctx: &Ctx,
    delivery: &Delivery,
    channel: &ChannelRecord,
    told: &Told,
) -> Result<Option<String>> {
    let now = ctx.now();
    let mut tx = ctx.begin().await?;
    let mut problem = None;
    match (&channel.user_id, &channel.member) {
        (Some(user), Some(_)) => {
            let user: UserId = user.parse()?;
            let cause = format!("alert/{}/{}", told.event, channel.id);
            mail::to_user(ctx, &mut tx, user, told.mail(cause)?).await?;
        }
        _ => problem = Some(LEFT.to_owned()),
    }
    let outcome = Outcome {
        state: if problem.is_some() {
            DeliveryState::Failed
        } else {
            DeliveryState::Delivered
        },
        status: None,
        problem: problem.as_deref(),
        next_try_at: now,
        now,
    };
    note(ctx, tx, delivery, told, &outcome).await?;
    Ok(problem)
}

/// What is posted: signed as webhooks are, the delivery's id as the id by which repeats are told.
fn posting(
    ctx: &Ctx,
    kind: ChannelKind,
    target: &secret::Target,
    (id, told): (&str, &Told),
) -> Result<Posting> {
    let public_url = &ctx.settings().public_url;
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("user-agent", webhooks::AGENT.to_owned()),
    ];
    let body = match kind {
        ChannelKind::Slack => told.slack(public_url)?,
        _ => told.webhook(public_url)?,
    };
    if let Some(secret) = &target.secret {
        let moment = ctx.now().as_seconds().to_string();
        let signature = standard_webhooks::signature(secret, id, &moment, &body);
        let signature = signature.ok_or_else(|| Error::internal("a channel's secret cannot sign"))?;
        headers.extend([
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", moment),
            ("webhook-signature", signature),
        ]);
    }
    Ok(Posting {
        url: target.url.clone(),
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        body,
    })
}

async fn by_post(ctx: &Ctx, delivery: &Delivery, told: &Told, posting: Posting) -> Result<Option<String>> {
    let row = &delivery.row;
    let problem;
    let mut status = None;
    if let Some(courier) = ctx.courier() {
        let came = courier.post(&posting).await;
        status = came.as_ref().ok().map(|answer| i64::from(answer.status));
        problem = webhooks::problem(&came);
    } else {
        problem = Some("This server sends nothing outwards.".to_owned());
    }
    let now = ctx.now();
    let began = Timestamp::from_millis(row.began_at);
    let again = webhooks::next_try(now, began, row.attempts.saturating_add(1), ctx.rng());
    // A test is not sent again.
    let again = again.filter(|_| problem.is_some() && told.cause != AlertCause::Test);
    let state = match (&problem, again) {
        (None, _) => DeliveryState::Delivered,
        (Some(_), Some(_)) => DeliveryState::Pending,
        (Some(_), None) => DeliveryState::Failed,
    };
    let outcome = Outcome {
        state,
        status,
        problem: problem.as_deref(),
        next_try_at: again.unwrap_or(now),
        now,
    };
    let tx = ctx.begin().await?;
    note(ctx, tx, delivery, told, &outcome).await?;
    Ok(problem)
}

/// Notes it under the claim; nothing, a queued mail included, if the claim is another's by now.
async fn note(ctx: &Ctx, mut tx: Tx, delivery: &Delivery, told: &Told, outcome: &Outcome<'_>) -> Result<()> {
    let row = &delivery.row;
    if !queue::note(&mut tx, (&row.id, &delivery.claim), outcome).await? {
        return Ok(());
    }
    if told.cause == AlertCause::Test && outcome.state == DeliveryState::Delivered {
        store::channels::tested(&mut tx, &row.organisation_id, &row.channel_id, outcome.now).await?;
    }
    let word = match outcome.state {
        DeliveryState::Delivered => "delivered",
        DeliveryState::Pending => "again",
        DeliveryState::Failed => "given_up",
    };
    tx.count(metrics::counter!("loomwire_alert_deliveries_total", "outcome" => word));
    ctx.commit_housekeeping(tx, Housekeeping::AlertMoved).await
}
