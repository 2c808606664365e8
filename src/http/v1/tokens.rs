//! `/tokens/*`, and the keys that verify tokens offline.

use axum::{Json, response::IntoResponse};
use http::{HeaderValue, header};
use platform::verification;
use types::api::{ValidateAnswer, ValidateBody};

use super::{
    super::ApiError,
    super::caller::{ApiCaller, Stranger},
    super::json::JsonBody,
    super::openapi::shapes::Jwks,
    rfc3339,
};

/// Ask whether a token is valid
///
/// A token that is none, has expired or is another organisation's is `valid: false`, never an error.
/// Tokens can also be checked offline, with the keys of `/.well-known/jwks.json`.
#[utoipa::path(
    post, path = "/tokens/validate", operation_id = "validateToken", tag = "Tokens",
    security(("x-tenant-api-key" = ["tokens:read"])),
    request_body(content = ValidateBody, example = json!({"token": "eyJhbGciOiJFZERTQSJ9.e30.c2ln"})),
    responses((status = 200, description = "Whether it is valid.", body = ValidateAnswer)),
    extensions(("x-error-codes" = json!(["UNSUPPORTED_MEDIA_TYPE"]))),
)]
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

/// Get the keys that verify tokens
///
/// Public, and the same for everybody: verifiers may keep it for five minutes. A JSON Web Key Set (RFC
/// 7517); tokens name the key in their header, as `kid`.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", operation_id = "getSigningKeys", tag = "Tokens",
    responses((
        status = 200, description = "The keys.", body = Jwks,
        headers(("Cache-Control" = String, description = "For how long it may be kept.")),
    )),
)]
pub(super) async fn jwks(Stranger(ctx): Stranger) -> Result<impl IntoResponse, ApiError> {
    let keys = verification::jwks(&ctx).await?;
    let kept = HeaderValue::from_static("public, max-age=300");
    Ok(([(header::CACHE_CONTROL, kept)], Json(keys)))
}
