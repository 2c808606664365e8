//! What programs of the business are told, as the document's `webhooks`.

use serde_json::{Map, Value, json};
use types::webhooks::WebhookEvent;

/// Each event.
pub(super) fn all() -> Value {
    let events = WebhookEvent::ALL.iter();
    Value::Object(
        events
            .map(|event| (event.to_string(), json!({ "post": post(*event) })))
            .collect::<Map<_, _>>(),
    )
}

fn post(event: WebhookEvent) -> Value {
    let (id, summary, data) = match event {
        WebhookEvent::VerificationCompleted => {
            ("verificationCompleted", "A verification ended", "CompletedData")
        }
        WebhookEvent::ApiKeyRotationDue => (
            "apiKeyRotationDue",
            "A key is due for rotation",
            "RotationDueData",
        ),
        WebhookEvent::Test => ("webhookTest", "A test event", "TestData"),
    };
    json!({
        "operationId": id,
        "tags": ["Webhooks"],
        "summary": summary,
        "description": event.meaning(),
        "parameters": headers(event),
        "requestBody": { "required": true, "content": { "application/json": { "schema": {
            "type": "object",
            "required": ["type", "timestamp", "data"],
            "properties": {
                "type": { "const": event.as_str(), "description": "The event." },
                "timestamp": {
                    "type": "string", "format": "date-time", "description": "When it happened, RFC 3339.",
                },
                "data": { "$ref": format!("#/components/schemas/{data}") },
            },
        } } } },
        "responses": {
            "2XX": { "description": "You have it. Anything else is tried again, for three days." },
            "410": { "description": "The address is gone for good: the webhook is disabled." },
        },
    })
}

fn headers(event: WebhookEvent) -> Value {
    let header = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "header", "required": true, "description": description, "schema": schema });
    json!([
        header(
            "webhook-id",
            "The message's id, the same for every attempt.",
            json!({ "$ref": "#/components/schemas/WebhookMessageId" })
        ),
        header(
            "webhook-timestamp",
            "When this attempt was made, in Unix seconds.",
            json!({ "type": "string", "pattern": "^[0-9]+$" })
        ),
        header(
            "webhook-signature",
            "Signatures by Standard Webhooks, parted by spaces.",
            json!({ "type": "string", "pattern": "^v1,[0-9A-Za-z+/=]+( v1,[0-9A-Za-z+/=]+)*$" })
        ),
        header(
            "X-Webhook-Event",
            "The event.",
            json!({ "const": event.as_str() })
        ),
        header(
            "X-Webhook-Signature",
            "The hex HMAC-SHA256 of the raw body.",
            json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
        ),
    ])
}
