//! Webhooks: an organisation's own programs are told of what happened. As pages show them, and as
//! forms describe them.

use serde::{Deserialize, Serialize};

use crate::{
    ApiKeyId, DeliveryId, Environment, Timestamp, VerificationId, VerificationStatus, WebhookId,
    WebhookMessageId, console::Page, verification::words,
};

words! {
    /// What is told. A name never changes its meaning.
    WebhookEvent {
        /// A verification reached an end state.
        VerificationCompleted = "verification.completed",
        /// A key's rotation, as it was planned, is due.
        ApiKeyRotationDue = "api_key.rotation_due",
        /// Somebody wanted to see whether anything arrives.
        Test = "webhook.test",
    }
}

impl WebhookEvent {
    /// Those that an endpoint can be told of; the test is sent to whichever it is sent to.
    pub const CHOICE: &'static [Self] = &[Self::VerificationCompleted, Self::ApiKeyRotationDue];

    /// What it means, as a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::VerificationCompleted => "A verification was approved, denied or rejected.",
            Self::ApiKeyRotationDue => "The day has come on which a key was planned to be rotated.",
            Self::Test => "Somebody pressed the button that sends a test event.",
        }
    }
}

/// What `verification.completed` tells: no more than `GET /verify/status`, with the environment and
/// the business's own reference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CompletedData {
    /// Which verification.
    pub verification_id: VerificationId,
    /// `approved`, `denied` or `rejected`.
    pub status: VerificationStatus,
    /// Of which keys' verifications it is.
    pub environment: Environment,
    /// The business's own, if it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub reference: Option<String>,
    /// As in `GET /verify/status`.
    #[cfg_attr(feature = "openapi", schema(required = true, minimum = 0, maximum = 1))]
    pub confidence: Option<f64>,
    /// RFC 3339.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// RFC 3339.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub completed_at: String,
}

/// What `api_key.rotation_due` tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RotationDueData {
    /// Which key: for `POST /api-keys/{id}/rotate`.
    pub key_id: ApiKeyId,
    /// Live or test.
    pub environment: Environment,
    /// The end of the key.
    pub last_four: String,
    /// RFC 3339.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub due_at: String,
}

/// What `webhook.test` tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestData {
    /// That nothing happened, in words.
    pub message: String,
}

words! {
    /// How an endpoint stands.
    WebhookState {
        /// It is told.
        Enabled = "enabled",
        /// It is told, and has not taken anything since its last failure.
        Failing = "failing",
        /// It is not told.
        Disabled = "disabled",
    }
}

words! {
    /// Why an endpoint is not told any more.
    WebhookStop {
        /// Somebody disabled it.
        Person = "person",
        /// It answered 410 Gone.
        Gone = "gone",
        /// It failed for days.
        Failing = "failing",
    }
}

words! {
    /// How a delivery stands.
    DeliveryState {
        /// It is to be sent, for the first time or again.
        Pending = "pending",
        /// It was taken.
        Delivered = "delivered",
        /// It was given up; it can be replayed.
        Failed = "failed",
    }
}

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRow {
    /// Its id.
    pub id: WebhookId,
    /// What its owner says of it; may be empty.
    pub description: String,
    /// Where to, without what may be a secret in its query.
    pub target: String,
    /// Of which keys' verifications it is told.
    pub environment: Environment,
    /// Of what it is told.
    pub events: Vec<WebhookEvent>,
    /// How it stands.
    pub state: WebhookState,
    /// Why it is disabled.
    pub stopped: Option<WebhookStop>,
    /// Since when it is disabled.
    pub stopped_at: Option<Timestamp>,
    /// When it last took something.
    pub succeeded_at: Option<Timestamp>,
    /// Since when it takes nothing.
    pub failing_since: Option<Timestamp>,
    /// How many deliveries are to be sent, for the first time or again.
    pub pending: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The endpoints of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhooksPage {
    /// The endpoints, oldest first.
    pub rows: Vec<WebhookRow>,
}

/// One endpoint and what was sent to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookPage {
    /// The endpoint.
    pub row: WebhookRow,
    /// The whole address, for whoever may change it.
    pub url: Option<String>,
    /// Until when the secret before the present one signs too.
    pub old_secret_until: Option<Timestamp>,
    /// What was sent to it, newest first.
    pub deliveries: Page<DeliveryRow>,
}

/// A message on its way to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRow {
    /// Its id.
    pub id: DeliveryId,
    /// What is told.
    pub event: WebhookEvent,
    /// What it is about, such as a verification's id.
    pub subject: Option<String>,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// Why the last attempt came to nothing.
    pub problem: Option<String>,
    /// When it is sent next.
    pub next_try_at: Option<Timestamp>,
    /// When it happened.
    pub created_at: Timestamp,
}

/// One delivery: what was asked, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryPage {
    /// The endpoint.
    pub endpoint: WebhookId,
    /// Where it leads.
    pub target: String,
    /// Whether it is told at all.
    pub enabled: bool,
    /// The delivery.
    pub row: DeliveryRow,
    /// The message's id: the header `webhook-id` of every attempt, to any endpoint.
    pub message: WebhookMessageId,
    /// The body of every attempt.
    pub body: String,
    /// The attempts, newest first.
    pub attempts: Vec<AttemptRow>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRow {
    /// Counted from 1.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// Where it was sent, without what may be a secret in its query.
    pub target: String,
    /// The request's headers.
    pub headers: Vec<(String, String)>,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// The beginning of the answer.
    pub answer: String,
    /// Whether the answer was longer.
    pub answer_cut: bool,
    /// Why it came to nothing.
    pub problem: Option<String>,
}

/// An endpoint as a form describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookDraft {
    /// The address.
    pub url: String,
    /// What to say of it.
    pub description: String,
    /// Of which keys' verifications it is told: a word of [`Environment`]. Only when it is made.
    pub environment: String,
    /// Words of [`WebhookEvent`].
    pub events: Vec<String>,
}
