//! What is answered over plain http: the way to https, and an authority's question.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::acme::Challenges;

#[derive(Clone)]
struct Way {
    origin: String,
    challenges: Challenges,
}

/// All paths lead to the same path of `origin`, whatever host the request names.
pub(super) fn routes(origin: String, challenges: Challenges) -> Router {
    Router::new()
        .route("/.well-known/acme-challenge/{token}", get(proof))
        .fallback(lead)
        .with_state(Way { origin, challenges })
}

/// RFC 8555, section 8.3.
async fn proof(State(way): State<Way>, Path(token): Path<String>) -> Response {
    match way.challenges.answer(&token) {
        Some(text) => ([(header::CONTENT_TYPE, "application/octet-stream")], text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn lead(State(way): State<Way>, uri: Uri) -> Response {
    // `path_and_query` begins with `/` for all requests but `OPTIONS *` and `CONNECT`.
    let rest = uri.path_and_query().map_or("/", |rest| rest.as_str());
    let rest = if rest.starts_with('/') { rest } else { "/" };
    match HeaderValue::try_from(format!("{}{rest}", way.origin)) {
        Ok(place) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
