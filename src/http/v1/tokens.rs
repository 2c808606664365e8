//! `/tokens/*`, and the keys that verify tokens offline.

use axum::{Json, response::IntoResponse};
use http::{HeaderValue, header};
use platform::verification;
use types::api::{ValidateAnswer, ValidateBody};

use super::{
    super::ApiError,
    super::caller::{ApiCaller, Stranger},
    super::json::JsonBody,
    rfc3339,
};

pub(super) async fn validate(
    ApiCaller(ctx): ApiCaller,
    JsonBody(body): JsonBody<ValidateBody>,
) -> Result<Json<ValidateAnswer>, ApiError> {
    let valid = verification::validate(&ctx, &body.token).await?;
    Ok(Json(valid.map_or_else(ValidateAnswer::default, |valid| {
        ValidateAnswer {
            valid: true,
            over18: Some(valid.over18),
            expires_at: Some(rfc3339(valid.expires_at)),
            verification_id: Some(valid.verification),
        }
    })))
}

/// Public, and the same for everybody: verifiers may keep it for five minutes.
pub(super) async fn jwks(Stranger(ctx): Stranger) -> Result<impl IntoResponse, ApiError> {
    let keys = verification::jwks(&ctx).await?;
    let kept = HeaderValue::from_static("public, max-age=300");
    Ok(([(header::CACHE_CONTROL, kept)], Json(keys)))
}
