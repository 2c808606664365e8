//! The ledger for everybody: checkpoints, tiles and the verifier key (C2SP tlog-tiles). What events
//! say is not here.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, header};
use platform::ledger;

use super::{ApiError, caller::Stranger, state::AppState};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");
/// A newer one may be there the next moment.
const FRESH: HeaderValue = HeaderValue::from_static("no-cache");
/// It never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/ledger/checkpoint", get(checkpoint))
        .route("/ledger/checkpoint/witnessed", get(witnessed))
        .route("/ledger/key", get(keys))
        .route("/ledger/tile/{*place}", get(tile))
}

fn text(text: String) -> Response {
    (
        [(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, FRESH)],
        text,
    )
        .into_response()
}

async fn checkpoint(Stranger(ctx): Stranger) -> Result<Response, ApiError> {
    Ok(text(ledger::checkpoint(&ctx).await?))
}

async fn witnessed(Stranger(ctx): Stranger) -> Result<Response, ApiError> {
    Ok(text(ledger::checkpoint_witnessed(&ctx).await?))
}

async fn keys(Stranger(ctx): Stranger) -> Result<Response, ApiError> {
    Ok(text(ledger::verifier_keys(&ctx).await?))
}

async fn tile(Stranger(ctx): Stranger, Path(place): Path<String>) -> Result<Response, ApiError> {
    let hashes = ledger::tile(&ctx, &format!("tile/{place}")).await?;
    // One that is not full is named by its width, and so never changes either.
    let headers = [(header::CONTENT_TYPE, BYTES), (header::CACHE_CONTROL, FOR_EVER)];
    Ok((headers, hashes).into_response())
}
