//! The JSON of the public API, version 1. Unknown body fields are refused.

use serde::{Deserialize, Serialize};

use crate::{VerificationId, VerificationStatus};

/// The body of `POST /verify/start`; all of it optional.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct StartBody {
    /// The person's user agent: kept as a keyed hash, for 30 days.
    pub user_agent: Option<String>,
    /// The person's address: kept as a keyed hash, for 30 days.
    pub ip: Option<String>,
    /// `document`, `age`.
    pub checks: Option<Vec<String>>,
    /// Whole years, 1 to 120.
    pub minimum_age: Option<i64>,
    /// The business's own, at most 200 characters; not for personal data.
    pub reference: Option<String>,
    /// Where the person goes afterwards: https, or http on a loopback host.
    pub return_url: Option<String>,
    /// The region that the verification must stay in.
    pub region: Option<String>,
}

/// The answer to `POST /verify/start`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StartAnswer {
    /// Its id.
    pub verification_id: VerificationId,
    /// Always `started`.
    pub status: VerificationStatus,
    /// Who looks at the evidence: `loomwire`.
    pub provider: &'static str,
    /// **Secret**: the page for the person.
    pub session_url: String,
    /// How to wait for the outcome.
    pub config: StartConfig,
}

/// How to wait for the outcome.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StartConfig {
    /// Milliseconds between two calls of `GET /verify/status`.
    pub polling_interval_ms: u32,
    /// Always `jwt`.
    pub token_type: &'static str,
}

/// The body of `POST /verify/complete`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CompleteBody {
    /// Which verification.
    pub verification_id: String,
    /// With it the call decides.
    pub evidence: Option<EvidenceBody>,
}

/// Evidence; never kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceBody {
    /// The two or three machine-readable lines, each 30, 36 or 44 characters.
    pub mrz: Vec<String>,
}

/// The answer to `POST /verify/complete`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompleteAnswer {
    /// Which verification.
    pub verification_id: VerificationId,
    /// Where it stands.
    pub status: VerificationStatus,
    /// **Secret**: the token, if it was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What was wrong with the evidence, if the status is `resubmission`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<ProblemAnswer>,
}

/// What is wrong with a line. It goes to the caller who sent the line.
#[derive(Clone, Serialize)]
pub struct ProblemAnswer {
    /// The line, from 1; 0 for all of them.
    pub line: usize,
    /// The character in the line, from 1; 0 for the whole line.
    pub position: usize,
    /// A sentence.
    pub message: String,
}

/// The answer to `GET /verify/status`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusAnswer {
    /// Which verification.
    pub verification_id: VerificationId,
    /// Where it stands.
    pub status: VerificationStatus,
    /// A constant for the assurance reached: self-asserted 0.3, image 0.6, cryptographic 1.0;
    /// null before a decision.
    pub confidence: Option<f64>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; null before the end.
    pub completed_at: Option<String>,
}

/// The body of `POST /tokens/validate`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidateBody {
    /// The token.
    pub token: String,
}

/// The answer to `POST /tokens/validate`.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValidateAnswer {
    /// Whether the token is ours, for this tenant, and not expired.
    pub valid: bool,
    /// Whether the person has reached 18; null if the token is not valid.
    pub over18: Option<bool>,
    /// RFC 3339; null if the token is not valid.
    pub expires_at: Option<String>,
    /// Which verification; null if the token is not valid.
    pub verification_id: Option<VerificationId>,
}
