//! Writing what happened, in the transaction in which it happens.

use serde::Serialize;
use types::{
    DeliveryId, Environment, OrganisationId, Timestamp, VerificationId, VerificationStatus, WebhookMessageId,
    webhooks::{CompletedData, WebhookEvent},
};

use super::{
    draft::events,
    store::{
        self,
        deliveries::{NewDelivery, NewMessage},
    },
};
use crate::{Ctx, Result, audit::Tx, calendar};

/// A verification that reached its end state.
pub(crate) struct Ended {
    pub(crate) id: VerificationId,
    pub(crate) organisation: OrganisationId,
    pub(crate) environment: Environment,
    pub(crate) reference: Option<String>,
    pub(crate) status: VerificationStatus,
    pub(crate) confidence: Option<f64>,
    pub(crate) created_at: Timestamp,
    pub(crate) completed_at: Timestamp,
}

/// What is sent, as Standard Webhooks suggests it.
#[derive(Serialize)]
pub(super) struct Body<'a, D> {
    #[serde(rename = "type")]
    pub(super) event: WebhookEvent,
    pub(super) timestamp: &'a str,
    pub(super) data: D,
}

/// Queues `verification.completed`.
pub(crate) async fn completed(ctx: &Ctx, tx: &mut Tx, ended: &Ended) -> Result<()> {
    let completed_at = calendar::rfc3339_millis(ended.completed_at)?;
    let happening = Happening {
        event: WebhookEvent::VerificationCompleted,
        organisation: ended.organisation,
        environment: ended.environment,
        subject: &ended.id.to_string(),
        at: &completed_at,
    };
    let data = CompletedData {
        verification_id: ended.id,
        status: ended.status,
        environment: ended.environment,
        reference: ended.reference.clone(),
        confidence: ended.confidence,
        created_at: calendar::rfc3339_millis(ended.created_at)?,
        completed_at: completed_at.clone(),
    };
    tell(ctx, tx, &happening, data).await
}

/// Something of which endpoints are told.
pub(crate) struct Happening<'a> {
    pub(crate) event: WebhookEvent,
    pub(crate) organisation: OrganisationId,
    pub(crate) environment: Environment,
    /// The id of what it is about.
    pub(crate) subject: &'a str,
    /// When it happened, in RFC 3339.
    pub(crate) at: &'a str,
}

/// Queues it for every endpoint of the organisation that listens.
pub(crate) async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    happening: &Happening<'_>,
    data: impl Serialize,
) -> Result<()> {
    let tenant = happening.organisation.to_string();
    let mut listening = store::enabled(tx, &tenant, happening.environment).await?;
    listening.retain(|(_, words)| events(words).contains(&happening.event));
    if listening.is_empty() {
        return Ok(());
    }
    let body = Body {
        event: happening.event,
        timestamp: happening.at,
        data,
    };
    let message = message(ctx, tx, &tenant, &body, Some(happening.subject)).await?;
    for (endpoint, _) in listening {
        let delivery = queued(ctx, &endpoint, &message, body.event);
        store::deliveries::insert(tx, &tenant, &delivery, ctx.now()).await?;
    }
    Ok(())
}

/// Writes a message; its id.
pub(super) async fn message<D: Serialize>(
    ctx: &Ctx,
    tx: &mut Tx,
    tenant: &str,
    body: &Body<'_, D>,
    subject: Option<&str>,
) -> Result<String> {
    let id = WebhookMessageId::new(ctx.clock(), ctx.rng()).to_string();
    let text = serde_json::to_string(body)?;
    let new = NewMessage {
        id: &id,
        event: body.event,
        subject,
        body: &text,
    };
    store::deliveries::insert_message(tx, tenant, &new, ctx.now()).await?;
    Ok(id)
}

/// A delivery that nobody has claimed yet.
pub(super) fn queued(ctx: &Ctx, endpoint: &str, message: &str, event: WebhookEvent) -> NewDelivery {
    NewDelivery {
        id: DeliveryId::new(ctx.clock(), ctx.rng()).to_string(),
        endpoint_id: endpoint.to_owned(),
        message_id: message.to_owned(),
        event,
        claim: None,
    }
}
