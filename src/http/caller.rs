//! Who a request comes from. An extractor authenticates; what the caller may do is for the
//! domain function to ask.

use axum::extract::{FromRequestParts, MatchedPath};
use http::{header, request::Parts};
use platform::{Actor, Ctx, Origin, sessions, support};
use types::RequestId;

use super::{ApiError, Client, cookie, state::AppState};

/// A user agent longer than this is cut: it is sealed with each event.
const USER_AGENT: usize = 512;

/// What the browser is known again by. In the request's extensions.
#[derive(Clone)]
pub(super) struct Device(pub(super) String);

/// The request behind a context.
pub(super) fn origin(parts: &Parts) -> Origin {
    let agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let device = parts.extensions.get::<Device>();
    Origin {
        device: device.map(|device| device.0.clone()),
        request_id: parts.extensions.get::<RequestId>().copied(),
        address: parts.extensions.get::<Client>().and_then(|client| client.address),
        user_agent: agent.map(|agent| agent.chars().take(USER_AGENT).collect()),
    }
}

pub(super) fn anonymous(parts: &Parts, state: &AppState) -> Ctx {
    state.platform().ctx(Actor::Anonymous, origin(parts))
}

/// A program with a valid API key: the gate of the API has let it in.
pub(super) struct ApiCaller(pub(super) Ctx);

impl FromRequestParts<AppState> for ApiCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        let admitted = parts.extensions.remove::<Ctx>();
        // A route that stands outside the gate lets nobody in.
        admitted.map(Self).ok_or_else(ApiError::internal)
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
        let Some(actor) = sessions::authenticate(&ctx, secret).await? else {
            return Ok(Self(ctx));
        };
        let ctx = ctx.acting_as(actor);
        // Before anything is shown: whoever looks into an organisation is seen to by its log.
        if ctx.actor().look().is_some() {
            let reads = parts.method.is_safe() || parts.uri.path().starts_with("/fn/");
            support::note_request(&ctx, page(parts), reads).await?;
        }
        Ok(Self(ctx))
    }
}

/// The page that is asked for, as the log may tell it: a path with a secret in it is told by its
/// template.
fn page(parts: &Parts) -> &str {
    let template = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let secret = |template: &&str| template.contains("{secret}") || template.contains("{token}");
    template.filter(secret).unwrap_or_else(|| parts.uri.path())
}

/// Nobody in particular: a public call, or a person with a link.
pub(super) struct Stranger(pub(super) Ctx);

impl FromRequestParts<AppState> for Stranger {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Ok(Self(anonymous(parts, state)))
    }
}
