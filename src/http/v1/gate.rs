//! What every call with a key goes through: who calls, how often, and that it is counted.
//!
//! It stands before the routes, so that none of them can forget a part of it.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use platform::{
    api_keys,
    limits::{self, Allowance},
    metering,
};

use super::super::{ApiError, Code, caller, state::AppState};

/// The header of an API key.
const API_KEY: &str = "x-tenant-api-key";
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Authenticates, limits and counts.
pub(super) async fn gate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let ctx = caller::anonymous(&parts, &state);
    let mut sent = parts.headers.get_all(API_KEY).iter();
    let (Some(key), None) = (sent.next(), sent.next()) else {
        let message = "Send one API key in the header x-tenant-api-key.";
        return ApiError::new(Code::AuthInvalidKey, message).into_response();
    };
    let ctx = match api_keys::authenticate(&ctx, key.to_str().unwrap_or_default()).await {
        Ok(actor) => ctx.acting_as(actor),
        Err(error) => return ApiError::from(error).into_response(),
    };
    let endpoint = endpoint(parts.extensions.get::<MatchedPath>());
    let allowance = limits::take(&ctx);
    let mut response = if let Some(seconds) = allowance.and_then(|allowance| allowance.wait) {
        too_many(seconds)
    } else {
        parts.extensions.insert(ctx.clone());
        next.run(Request::from_parts(parts, body)).await
    };
    if let Some(allowance) = allowance {
        tell(response.headers_mut(), allowance);
    }
    metering::record(&ctx, endpoint, response.status().as_u16());
    response
}

fn endpoint(route: Option<&MatchedPath>) -> &'static str {
    let route = route.map_or("", MatchedPath::as_str);
    metering::ENDPOINTS
        .into_iter()
        .find(|known| *known == route)
        .unwrap_or("other")
}

fn too_many(seconds: u64) -> Response {
    let message = format!("This key has used its calls for the minute. Wait {seconds} s before the next.");
    let mut response = ApiError::new(Code::RateLimited, message).into_response();
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn tell(headers: &mut HeaderMap, allowance: Allowance) {
    headers.insert(LIMIT, HeaderValue::from(allowance.limit));
    headers.insert(REMAINING, HeaderValue::from(allowance.remaining));
    // Rounded up: at that second it is true.
    let reset = allowance.reset.as_millis().saturating_add(999).div_euclid(1000);
    headers.insert(RESET, HeaderValue::from(reset));
}
