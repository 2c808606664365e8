//! Sending what is due.

use types::{
    Timestamp,
    webhooks::{DeliveryState, WebhookEvent},
};

use super::{
    Answer, Posting, Undelivered,
    attempt::{Told, posting},
    backoff,
    health::{self, Health, Verdict},
    secret::Secrets,
    store::{
        self,
        queue::{self, AttemptRecord, DueRecord, Outcome},
    },
};
use crate::{
    Ctx, Error, Result,
    audit::{Housekeeping, Tx},
    codec,
};

/// A claimant that has not ended after so many seconds is taken for dead. A courier gives up well
/// before.
pub(super) const CLAIM: i64 = 60;
/// Bytes of an answer that are kept in the log.
const KEPT: usize = 2_048;

/// The right, and the duty, to make one attempt.
#[derive(Debug)]
pub struct Delivery {
    pub(super) row: DueRecord,
    pub(super) claim: String,
}

/// What an attempt came to.
pub(crate) type Came = Result<Answer, Undelivered>;

/// Takes at most so many deliveries that are due and nobody else's at the moment.
///
/// # Errors
/// If the database fails.
pub async fn claim(ctx: &Ctx, most: usize) -> Result<Vec<Delivery>> {
    let now = ctx.now();
    if ctx.courier().is_none() || !queue::any_due(&mut *ctx.read().await?, now).await? {
        return Ok(Vec::new());
    }
    let claim = codec::secret(ctx.rng());
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut tx = ctx.begin().await?;
    let rows = queue::claim(&mut tx, &claim, now, now.plus_seconds(CLAIM), most).await?;
    ctx.commit_housekeeping(tx, Housekeeping::WebhookMoved).await?;
    let delivery = |row| Delivery {
        row,
        claim: claim.clone(),
    };
    Ok(rows.into_iter().map(delivery).collect())
}

/// Makes the attempt and notes what it came to. If the server dies in between, it is made again,
/// with the same `webhook-id`.
///
/// # Errors
/// If the database fails: then it is made again.
pub async fn deliver(ctx: &Ctx, delivery: Delivery) -> Result<()> {
    attempt(ctx, &delivery).await.map(drop)
}

/// The same; what it came to, unless the endpoint or the delivery is gone.
pub(super) async fn attempt(ctx: &Ctx, delivery: &Delivery) -> Result<Option<Came>> {
    let row = &delivery.row;
    let mut read = ctx.read().await?;
    let endpoint = store::get(&mut read, &row.organisation_id, &row.endpoint_id).await?;
    let body = store::deliveries::body(&mut read, &row.organisation_id, &row.message_id).await?;
    let (Some(endpoint), Some(body)) = (endpoint, body) else {
        return Ok(None);
    };
    let secrets = Secrets::open(ctx, &mut read, &endpoint).await?;
    drop(read);
    let event: WebhookEvent = row.event.parse()?;
    let courier = ctx
        .courier()
        .ok_or_else(|| Error::internal("no courier of webhooks"))?;
    let told = Told {
        message: &row.message_id,
        event,
        body: &body,
    };
    let began = ctx.now();
    let posting = posting(&endpoint, &secrets, &told, began)?;
    let came = courier.post(&posting).await;
    note(ctx, delivery, event, (began, &posting), &came).await?;
    Ok(Some(came))
}

/// What an answer means; nothing wrong if it was taken.
pub(crate) fn problem(came: &Came) -> Option<String> {
    let answer = match came {
        Ok(answer) => answer,
        Err(undelivered) => return Some(undelivered.to_string()),
    };
    match answer.status {
        200..=299 => None,
        410 => Some("It answered 410: the address is gone for good.".to_owned()),
        300..=399 => Some(format!(
            "It answered {}, which leads elsewhere. Redirects are not followed: give the address that it leads to.",
            answer.status
        )),
        status => Some(format!("It answered {status}.")),
    }
}

async fn note(
    ctx: &Ctx,
    delivery: &Delivery,
    event: WebhookEvent,
    (began, posting): (Timestamp, &Posting),
    came: &Came,
) -> Result<()> {
    let (row, now) = (&delivery.row, ctx.now());
    let problem = problem(came);
    let status = came.as_ref().ok().map(|answer| i64::from(answer.status));
    let tries = row.tries.saturating_add(1);
    let again = backoff::next(now, Timestamp::from_millis(row.began_at), tries, ctx.rng());
    let mut tx = ctx.begin().await?;
    // The endpoint's row first, so that two servers that note at once wait for each other in order.
    let verdict = if event == WebhookEvent::Test {
        Verdict::default()
    } else {
        let health = Health {
            tenant: &row.organisation_id,
            endpoint: &row.endpoint_id,
            problem: problem.as_deref(),
            gone: status == Some(410),
        };
        health::note(ctx, &mut tx, &health).await?
    };
    // A test is not sent again.
    let again = again.filter(|_| problem.is_some() && verdict.goes_on);
    let state = match (&problem, again) {
        (None, _) => DeliveryState::Delivered,
        (Some(_), Some(_)) => DeliveryState::Pending,
        (Some(_), None) => DeliveryState::Failed,
    };
    let outcome = Outcome {
        state,
        tries,
        status,
        problem: problem.as_deref(),
        next_try_at: again.unwrap_or(now),
        now,
    };
    if !queue::note(&mut tx, (&row.id, &delivery.claim), &outcome).await? {
        // Disabled, replayed or deleted meanwhile, or another server's since: nothing is noted.
        return Ok(());
    }
    let attempt = attempt_record(row, (began, now), posting, came, problem)?;
    queue::log(&mut tx, &attempt).await?;
    count(&mut tx, state);
    tracing::debug!(delivery = %row.id, state = %state, status, "a webhook was sent");
    match verdict.event {
        None => ctx.commit_housekeeping(tx, Housekeeping::WebhookMoved).await,
        Some(event) => ctx.commit(tx, event).await,
    }
}

/// Counts an attempt for whoever watches the installation.
fn count(tx: &mut Tx, state: DeliveryState) {
    let outcome = match state {
        DeliveryState::Delivered => "delivered",
        DeliveryState::Pending => "again",
        DeliveryState::Failed => "given_up",
    };
    tx.count(metrics::counter!("loomwire_webhook_attempts_total", "outcome" => outcome));
}

fn attempt_record(
    row: &DueRecord,
    (began, ended): (Timestamp, Timestamp),
    posting: &Posting,
    came: &Came,
    problem: Option<String>,
) -> Result<AttemptRecord> {
    let (status, answer, answer_cut) = match came {
        Ok(answer) => {
            let kept = answer.body.get(..KEPT).unwrap_or(&answer.body);
            // PostgreSQL takes no zero byte in a text.
            let text = String::from_utf8_lossy(kept).replace('\0', "\u{fffd}");
            (
                Some(i64::from(answer.status)),
                text,
                answer.cut || kept.len() < answer.body.len(),
            )
        }
        Err(_) => (None, String::new(), false),
    };
    Ok(AttemptRecord {
        delivery_id: row.id.clone(),
        number: row.attempts.saturating_add(1),
        organisation_id: row.organisation_id.clone(),
        at: began.as_millis(),
        millis: ended.millis_since(began).max(0),
        url: posting.url.clone(),
        headers: serde_json::to_string(&posting.headers)?,
        status,
        answer,
        answer_cut,
        problem,
    })
}
