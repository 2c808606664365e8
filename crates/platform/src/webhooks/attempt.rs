//! One attempt: what is sent, signed for this moment.

use types::{Timestamp, webhooks::WebhookEvent};

use super::{Posting, secret::Secrets, store::EndpointRecord};
use crate::{Error, Result, codec, standard_webhooks};

/// Who we say we are.
pub(crate) const AGENT: &str = concat!("Loomwire/", env!("CARGO_PKG_VERSION"));

/// What is told.
pub(super) struct Told<'a> {
    pub(super) message: &'a str,
    pub(super) event: WebhookEvent,
    pub(super) body: &'a str,
}

/// The request: the contract's two headers, and beside them those of Standard Webhooks with a
/// signature of every secret that signs.
pub(super) fn posting(
    endpoint: &EndpointRecord,
    secrets: &Secrets,
    told: &Told<'_>,
    now: Timestamp,
) -> Result<Posting> {
    let moment = now.as_seconds().to_string();
    let signatures: Option<Vec<String>> = secrets
        .all()
        .map(|secret| standard_webhooks::signature(secret, told.message, &moment, told.body))
        .collect();
    let signatures = signatures.ok_or_else(|| Error::internal("a webhook's secret cannot sign"))?;
    let single = codec::hmac_sha256(secrets.single().as_bytes(), told.body.as_bytes());
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("user-agent", AGENT.to_owned()),
        ("x-webhook-event", told.event.to_string()),
        ("x-webhook-signature", hex::encode(single)),
        ("webhook-id", told.message.to_owned()),
        ("webhook-timestamp", moment),
        ("webhook-signature", signatures.join(" ")),
    ];
    Ok(Posting {
        url: endpoint.url.clone(),
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        body: told.body.to_owned(),
    })
}
