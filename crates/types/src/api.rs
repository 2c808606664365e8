//! The JSON of the public API, version 1. Unknown body fields are refused.

use serde::{Deserialize, Serialize};

use crate::{VerificationId, VerificationStatus};

/// The body of `POST /verify/start`; all of it optional.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct StartBody {
    /// The person's user agent: kept as a keyed hash, for 30 days.
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 1024, examples("Mozilla/5.0 (X11; Linux x86_64)"))
    )]
    pub user_agent: Option<String>,
    /// The person's address: kept as a keyed hash, for 30 days.
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::optional_address))]
    pub ip: Option<String>,
    /// `document`, `age`.
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::checks))]
    pub checks: Option<Vec<String>>,
    /// Whole years, 1 to 120.
    #[serde(deserialize_with = "crate::whole::optional")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 120, examples(18)))]
    pub minimum_age: Option<i64>,
    /// The business's own, at most 200 characters; not for personal data.
    #[cfg_attr(
        feature = "openapi",
        schema(max_length = 200, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", examples("order-7"))
    )]
    pub reference: Option<String>,
    /// Where the person goes afterwards: https, or http on a loopback host.
    #[cfg_attr(
        feature = "openapi",
        schema(
            format = "uri",
            max_length = 2048,
            pattern = "^https?://",
            examples("https://shop.example/back")
        )
    )]
    pub return_url: Option<String>,
    /// The region that the verification must stay in.
    #[cfg_attr(feature = "openapi", schema(examples("eu-west")))]
    pub region: Option<String>,
}

/// The answer to `POST /verify/start`.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct StartAnswer {
    /// Its id.
    pub verification_id: VerificationId,
    /// Always `started`.
    pub status: VerificationStatus,
    /// Who looks at the evidence: `loomwire`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, examples("loomwire")))]
    pub provider: &'static str,
    /// **Secret**: the page for the person.
    #[cfg_attr(feature = "openapi", schema(format = "uri"))]
    pub session_url: String,
    /// How to wait for the outcome.
    pub config: StartConfig,
}

/// How to wait for the outcome.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct StartConfig {
    /// Milliseconds between two calls of `GET /verify/status`.
    #[cfg_attr(feature = "openapi", schema(examples(2000)))]
    pub polling_interval_ms: u32,
    /// Always `jwt`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, examples("jwt")))]
    pub token_type: &'static str,
}

/// The body of `POST /verify/complete`.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CompleteBody {
    /// Which verification.
    #[cfg_attr(feature = "openapi", schema(value_type = VerificationId))]
    pub verification_id: String,
    /// With it the call decides.
    pub evidence: Option<EvidenceBody>,
}

/// Evidence; never kept.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EvidenceBody {
    /// The two or three machine-readable lines, each 30, 36 or 44 characters.
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::mrz))]
    pub mrz: Vec<String>,
}

/// The answer to `POST /verify/complete`.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct StatusAnswer {
    /// Which verification.
    pub verification_id: VerificationId,
    /// Where it stands.
    pub status: VerificationStatus,
    /// A constant for the assurance reached: self-asserted 0.3, image 0.6, cryptographic 1.0;
    /// null before a decision.
    #[cfg_attr(
        feature = "openapi",
        schema(required = true, minimum = 0, maximum = 1, examples(0.3))
    )]
    pub confidence: Option<f64>,
    /// RFC 3339.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// RFC 3339; null before the end.
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
    pub completed_at: Option<String>,
}

/// The body of `POST /tokens/validate`.
#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ValidateBody {
    /// The token.
    pub token: String,
}

/// The answer to `POST /tokens/validate`.
#[derive(Clone, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValidateAnswer {
    /// Whether the token is ours, for this tenant, and not expired.
    pub valid: bool,
    /// Whether the person has reached 18; null if the token is not valid.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub over18: Option<bool>,
    /// RFC 3339; null if the token is not valid.
    #[cfg_attr(feature = "openapi", schema(required = true, format = DateTime))]
    pub expires_at: Option<String>,
    /// Which verification; null if the token is not valid.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub verification_id: Option<VerificationId>,
}
