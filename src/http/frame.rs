//! The frame: what happens to every request before its route, and to every answer after.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use futures::FutureExt;
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use tokio::time::Instant;
use tracing::{Instrument, Span};
use types::{Clock, Entropy, RequestId};

use super::{
    ApiError, Code, Proxies, Surface, csrf, error,
    headers::{self, Hsts},
};
use crate::{
    config::{Config, Limits},
    metrics::Requests,
    telemetry::{self, traces},
};

/// A body that is too long is read and thrown away up to here before it is refused: a peer that
/// is cut off while sending does not see the answer.
const DISCARD: usize = 32 * 1024 * 1024;

/// What the frame needs to know. Cheap to clone.
#[derive(Clone)]
pub struct Frame(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    proxies: Proxies,
    limits: Limits,
    /// Nothing if nobody may read it.
    requests: Option<Requests>,
    traced: bool,
    public_origin: String,
    hsts: Hsts,
}

impl Frame {
    /// As the operator decided.
    pub fn new(config: &Config, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self(Arc::new(Inner {
            clock,
            entropy,
            proxies: Proxies::new(&config.trusted_proxies),
            limits: config.limits,
            requests: config.metrics.is_on().then(Requests::new),
            traced: config.otlp.is_some(),
            public_origin: config.public_url.origin().ascii_serialization(),
            hsts: match (config.is_https(), config.hsts_subdomains) {
                (false, _) => Hsts::Off,
                (true, false) => Hsts::Host,
                (true, true) => Hsts::Subdomains,
            },
        }))
    }
}

/// Puts the frame around routes. They find the [`RequestId`] and the [`super::Client`] in the
/// request's extensions, and a body that is already whole and within the limit.
pub fn frame(inner: Router, frame: &Frame) -> Router {
    inner
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(frame.clone(), around))
}

async fn around(State(Frame(frame)): State<Frame>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new(&*frame.clock, &*frame.entropy);
    let surface = Surface::of(request.uri().path());
    let client = frame.proxies.client(request.extensions(), request.headers());
    request.extensions_mut().insert(id);
    request.extensions_mut().insert(client);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let span = telemetry::request_span(id, request.method(), route);
    let trace = trace(&frame, id, &request, route);
    if let Some(trace) = trace.as_ref().and_then(traces::id) {
        span.record("trace_id", trace);
    }
    let traced = trace.clone().unwrap_or_else(Span::none);
    let quiet = is_routine(route);
    let requests = frame.requests.as_ref();
    let open = requests.map(|requests| requests.begin(route, request.method()));
    async move {
        let start = Instant::now();
        let response = guarded(&frame, surface, request, next).await;
        let mut response = error::shape(response, surface, id);
        headers::apply(response.headers_mut(), id, frame.hsts);
        let after = start.elapsed();
        log(&response, after, quiet);
        if let Some(trace) = trace {
            traces::answered(&trace, response.status());
        }
        if let Some(open) = open {
            open.answered(response.status(), after);
        }
        response
    }
    .instrument(traced)
    .instrument(span)
    .await
}

/// The request's span for traces, if there are any.
fn trace(frame: &Inner, id: RequestId, request: &Request, route: &str) -> Option<Span> {
    frame.traced.then(|| {
        let proxied = frame.proxies.is_behind_one(request.extensions());
        let headers = proxied.then(|| request.headers());
        traces::request(id, telemetry::known(request.method()), route, headers)
    })
}

/// What load balancers and browsers fetch all the time is logged only on request.
fn is_routine(route: &str) -> bool {
    matches!(route, "/healthz" | "/readyz" | "/metrics") || route.starts_with("/assets/")
}

fn log(response: &Response, after: Duration, quiet: bool) {
    let status = response.status().as_u16();
    let micros = u64::try_from(after.as_micros()).unwrap_or(u64::MAX);
    if response.status().is_server_error() {
        tracing::error!(status, micros, "answered");
    } else if quiet {
        tracing::debug!(status, micros, "answered");
    } else {
        tracing::info!(status, micros, "answered");
    }
}

/// The route's answer, or that of a refusal, a time-out or a panic.
async fn guarded(frame: &Inner, surface: Surface, request: Request, next: Next) -> Response {
    if let Err(refusal) = csrf::check(surface, request.method(), request.headers(), &frame.public_origin) {
        return refusal.into_response();
    }
    let answer = async {
        match whole_body(request, frame.limits.body_bytes).await {
            Ok(request) => next.run(request).await,
            Err(refusal) => {
                if let (Code::TooLarge, Some(requests)) = (refusal.code, &frame.requests) {
                    requests.too_long();
                }
                refusal.into_response()
            }
        }
    };
    let caught = AssertUnwindSafe(answer).catch_unwind();
    match tokio::time::timeout(frame.limits.request, caught).await {
        Ok(Ok(response)) => response,
        // The panic hook has logged where; the payload may quote what a person sent.
        Ok(Err(_)) => ApiError::internal().into_response(),
        Err(_) => timed_out().into_response(),
    }
}

fn timed_out() -> ApiError {
    ApiError::new(
        Code::Timeout,
        "The request took too long and was given up. Send it again.",
    )
}

/// Reads the body to its end, so that no route starts, and no transaction is open, while a
/// slow or too long one arrives.
async fn whole_body(request: Request, limit: usize) -> Result<Request, ApiError> {
    let too_long = || {
        let message = format!("The request's body is longer than the {limit} bytes that are taken.");
        ApiError::new(Code::TooLarge, message)
    };
    if announced(request.headers()).is_some_and(|length| length > DISCARD) {
        return Err(too_long());
    }
    let (parts, mut body) = request.into_parts();
    let mut whole = BytesMut::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let broken = |_| {
            ApiError::new(
                Code::InvalidRequest,
                "The request's body broke off. Send it again.",
            )
        };
        let Ok(data) = frame.map_err(broken)?.into_data() else {
            continue;
        };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            whole.extend_from_slice(&data);
        } else if seen > DISCARD {
            break;
        }
    }
    if seen > limit {
        return Err(too_long());
    }
    let whole: Bytes = whole.freeze();
    Ok(Request::from_parts(parts, Body::from(whole)))
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
