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
pub(crate) struct Ended<'a> {
    pub(crate) id: VerificationId,
    pub(crate) organisation: OrganisationId,
    pub(crate) environment: Environment,
    pub(crate) reference: Option<&'a str>,
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

/// Queues `verification.completed` for every endpoint of the organisation that listens.
pub(crate) async fn completed(ctx: &Ctx, tx: &mut Tx, ended: &Ended<'_>) -> Result<()> {
    let tenant = ended.organisation.to_string();
    let listening = store::enabled(tx, &tenant, ended.environment).await?;
    let listening: Vec<_> = listening
        .into_iter()
        .filter(|(_, words)| events(words).contains(&WebhookEvent::VerificationCompleted))
        .collect();
    if listening.is_empty() {
        return Ok(());
    }
    let completed_at = calendar::rfc3339_millis(ended.completed_at)?;
    let body = Body {
        event: WebhookEvent::VerificationCompleted,
        timestamp: &completed_at,
        data: CompletedData {
            verification_id: ended.id,
            status: ended.status,
            environment: ended.environment,
            reference: ended.reference.map(ToOwned::to_owned),
            confidence: ended.confidence,
            created_at: calendar::rfc3339_millis(ended.created_at)?,
            completed_at: completed_at.clone(),
        },
    };
    let subject = ended.id.to_string();
    let message = message(ctx, tx, &tenant, &body, Some(&subject)).await?;
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
