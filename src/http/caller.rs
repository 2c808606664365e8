//! Who a request comes from. An extractor authenticates; what the caller may do is for the
//! domain function to ask.

use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use platform::{Actor, Ctx, Origin, api_keys, sessions};
use types::RequestId;

use super::{ApiError, Client, Code, cookie, state::AppState};

/// The header of an API key.
const API_KEY: &str = "x-tenant-api-key";
/// A user agent longer than this is cut: it is sealed with each event.
const USER_AGENT: usize = 512;

/// The request behind a context.
pub(super) fn origin(parts: &Parts) -> Origin {
    let agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    Origin {
        request_id: parts.extensions.get::<RequestId>().copied(),
        address: parts.extensions.get::<Client>().and_then(|client| client.address),
        user_agent: agent.map(|agent| agent.chars().take(USER_AGENT).collect()),
    }
}

fn anonymous(parts: &Parts, state: &AppState) -> Ctx {
    state.platform().ctx(Actor::Anonymous, origin(parts))
}

/// A program with a valid API key.
pub(super) struct ApiCaller(pub(super) Ctx);

impl FromRequestParts<AppState> for ApiCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let mut sent = parts.headers.get_all(API_KEY).iter();
        let (Some(key), None) = (sent.next(), sent.next()) else {
            let message = "Send one API key in the header x-tenant-api-key.";
            return Err(ApiError::new(Code::AuthInvalidKey, message));
        };
        let ctx = anonymous(parts, state);
        let actor = api_keys::authenticate(&ctx, key.to_str().unwrap_or_default()).await?;
        Ok(Self(ctx.acting_as(actor)))
    }
}

/// Somebody with a browser: signed in, or not.
pub(super) struct Visitor(pub(super) Ctx);

impl Visitor {
    /// Whether somebody is signed in.
    pub(super) fn is_signed_in(&self) -> bool {
        matches!(self.0.actor(), Actor::User { .. })
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let ctx = anonymous(parts, state);
        let Some(secret) = state.cookies().read(&parts.headers, cookie::SESSION) else {
            return Ok(Self(ctx));
        };
        let actor = sessions::authenticate(&ctx, secret).await?;
        Ok(Self(
            actor.map_or_else(|| ctx.clone(), |actor| ctx.acting_as(actor)),
        ))
    }
}

/// Nobody in particular: a public call, or a person with a link.
pub(super) struct Stranger(pub(super) Ctx);

impl FromRequestParts<AppState> for Stranger {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Ok(Self(anonymous(parts, state)))
    }
}
