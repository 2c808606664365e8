//! What every call with a key goes through: who calls, how often, and that it is counted.
//!
//! It stands before the routes, so that none of them can forget a part of it.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use platform::{
    Ctx, api_keys,
    limits::{self, Allowance, Bucket},
    metering::{self, Answered},
};
use tokio::time::Instant;
use types::limits::LimitedCall;

use super::super::{ApiError, Code, caller, state::AppState};

/// The header of an API key.
const API_KEY: &str = "x-tenant-api-key";
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Limits by address, authenticates, limits by key and organisation, and counts.
///
/// Whoever calls too often is told that and nothing else: a call that is one too many by its
/// address is not looked at, whatever key it has.
pub(super) async fn gate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let ctx = caller::anonymous(&parts, &state);
    let by_address = limits::admit(&ctx);
    if let Some(refusal) = by_address.filter(is_refusal) {
        return told(too_many(&ctx, &refusal), Some(refusal));
    }
    let ctx = match caller(&ctx, &parts.headers).await {
        Ok(ctx) => ctx,
        Err(error) => return stranger(&ctx, error, by_address).await,
    };
    let begun = Instant::now();
    let endpoint = endpoint(parts.extensions.get::<MatchedPath>());
    let method = match parts.method {
        Method::GET => "GET",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "POST",
    };
    let call = LimitedCall::of(endpoint);
    let allowance = tightest(limits::take(&ctx, call).await, by_address);
    let response = if let Some(refusal) = allowance.filter(is_refusal) {
        too_many(&ctx, &refusal)
    } else {
        parts.extensions.insert(ctx.clone());
        next.run(Request::from_parts(parts, body)).await
    };
    let response = told(response, allowance);
    let answered = Answered {
        method,
        endpoint,
        status: response.status().as_u16(),
        code: response
            .extensions()
            .get::<ApiError>()
            .map(|error| error.code.as_str()),
        took: begun.elapsed(),
    };
    metering::record(&ctx, &answered);
    response
}

/// The program behind the key that was sent.
async fn caller(ctx: &Ctx, headers: &HeaderMap) -> Result<Ctx, ApiError> {
    let mut sent = headers.get_all(API_KEY).iter();
    let (Some(key), None) = (sent.next(), sent.next()) else {
        let message = "Send one API key in the header x-tenant-api-key.";
        return Err(ApiError::new(Code::AuthInvalidKey, message));
    };
    let actor = api_keys::authenticate(ctx, key.to_str().unwrap_or_default()).await?;
    Ok(ctx.acting_as(actor))
}

/// What a call without a good key is answered: that, unless its address calls too often on all
/// servers together.
async fn stranger(ctx: &Ctx, error: ApiError, by_address: Option<Allowance>) -> Response {
    let allowance = tightest(limits::take(ctx, None).await, by_address);
    let response = match allowance.filter(is_refusal) {
        Some(refusal) => too_many(ctx, &refusal),
        None => error.into_response(),
    };
    told(response, allowance)
}

const fn is_refusal(allowance: &Allowance) -> bool {
    allowance.wait.is_some()
}

fn tightest(one: Option<Allowance>, other: Option<Allowance>) -> Option<Allowance> {
    match one {
        Some(one) => Some(one.tighter(other)),
        None => other,
    }
}

fn endpoint(route: Option<&MatchedPath>) -> &'static str {
    let route = route.map_or("", MatchedPath::as_str);
    metering::ENDPOINTS
        .into_iter()
        .find(|known| *known == route)
        .unwrap_or("other")
}

fn too_many(ctx: &Ctx, allowance: &Allowance) -> Response {
    let seconds = allowance.wait.unwrap_or(1);
    let who = match allowance.bucket {
        Bucket::Address(_) => "Too many calls come from this address.".to_owned(),
        Bucket::Key(_) => "This key has used its calls for the minute.".to_owned(),
        Bucket::Tenant(_) => "The keys of this organisation have used their calls for the minute.".to_owned(),
        Bucket::Named(..) => {
            let name = limits::named::name_of(ctx, allowance.bucket).unwrap_or_default();
            format!("The limit “{name}” leaves too little for this call.")
        }
    };
    let message = format!("{who} Wait {seconds} s before the next.");
    ApiError {
        retry_after: Some(i64::try_from(seconds).unwrap_or(i64::MAX)),
        ..ApiError::new(Code::RateLimited, message)
    }
    .into_response()
}

/// Says how the caller stands, on every answer.
fn told(mut response: Response, allowance: Option<Allowance>) -> Response {
    if let Some(allowance) = allowance {
        let headers = response.headers_mut();
        headers.insert(LIMIT, HeaderValue::from(allowance.limit));
        headers.insert(REMAINING, HeaderValue::from(allowance.remaining));
        // Rounded up: at that second it is true.
        let reset = allowance.reset.as_millis().saturating_add(999).div_euclid(1000);
        headers.insert(RESET, HeaderValue::from(reset));
    }
    response
}
