//! The API's own description: OpenAPI 3.1, at `/openapi.json`.
//!
//! It is made by the routes themselves, from what stands beside each handler and from the types that it
//! takes and gives; `complete` adds what holds for every call. The page `/reference` is made of the
//! document, and so are its examples, which a test runs.
//!
//! **Invariant**: a route that has a line in the document is served, and only such a route of the API:
//! both come out of one `OpenApiRouter`. What is served without one is named, with a reason, in
//! `tests/it/openapi`.

mod complete;
mod errors;
mod json;
mod samples;
pub(super) mod shapes;
mod webhooks;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::openapi::{OpenApi, OpenApiBuilder};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{health, leaks, state::AppState, v1};

/// For how long the document may be used without asking again, and what is asked then.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// The document of an installation that is reached at this address, without a slash at its end.
pub fn document(public_url: &str) -> Value {
    let mut api: OpenApi = OpenApiBuilder::new().build();
    for part in [
        v1::behind().into_openapi(),
        v1::open().into_openapi(),
        leaks::described().into_openapi(),
        described().into_openapi(),
        health::described().into_openapi(),
    ] {
        api.merge(part);
    }
    // It holds nothing that cannot be written as JSON.
    let mut document = serde_json::to_value(api).unwrap_or_default();
    complete::complete(&mut document);
    json::set(&mut document, "servers", json!([{ "url": public_url }]));
    document
}

/// The document as it is sent.
pub(super) struct Served {
    text: Bytes,
    etag: HeaderValue,
    /// The same, to be read.
    pub(super) reference: app::Reference,
}

impl Served {
    /// Of an installation that is reached at this address.
    pub(super) fn new(public_url: &str) -> Self {
        let document = document(public_url);
        let text = format!("{document:#}\n");
        let digest = hex::encode(Sha256::digest(&text));
        let etag = format!("\"{}\"", digest.get(..32).unwrap_or_default());
        Self {
            etag: HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"\"")),
            reference: app::Reference::read(&document),
            text: Bytes::from(text),
        }
    }
}

pub(super) fn routes() -> Router<AppState> {
    described().split_for_parts().0
}

fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(openapi))
}

/// Get this document
///
/// OpenAPI 3.1. It needs no key; with `If-None-Match` it is only sent again when it has changed.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "getDescription", tag = "Server",
    params((
        "If-None-Match" = Option<String>, Header, nullable = false,
        description = "The `ETag` of the document that you have.",
    )),
    responses(
        (
            status = 200, description = "The document.", body = utoipa::openapi::Object,
            headers(
                ("Cache-Control" = String, description = "For how long it may be kept."),
                ("ETag" = String, description = "Changes with the document."),
            ),
        ),
        (status = 304, description = "You have it already. The answer has no body."),
    ),
)]
async fn openapi(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let served = state.document();
    let kept = [(header::CACHE_CONTROL, KEPT), (header::ETAG, served.etag.clone())];
    if has(&headers, &served.etag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (kept, kind, served.text.clone()).into_response()
}

/// Whether the client has this version (RFC 9110, section 13.1.2: compared weakly).
fn has(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"));
    tags.any(|tag| tag == "*" || tag.as_bytes() == etag.as_bytes())
}
