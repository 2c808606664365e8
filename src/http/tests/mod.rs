//! The frame around routes of every kind.

mod edges;
mod errors;
mod limits;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Extension, Json, Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Path},
    response::Html,
    routing::{get, post},
};
use futures::stream;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;
use types::{Clock, Entropy, RequestId, Timestamp};

use super::{ApiError, Client, Code, Frame, Health, assets, csp, frame, json::JsonBody};
use crate::{
    config::{Config, Environment},
    telemetry::tests::capture,
};

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_767_225_600_000)
    }
}

impl Entropy for Fixed {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    count: u8,
}

async fn client(Extension(client): Extension<Client>, Extension(_): Extension<RequestId>) -> String {
    client
        .address
        .map_or_else(String::new, |address| address.to_string())
}

async fn refused() -> Result<String, ApiError> {
    let fields = vec![
        ("lines".to_owned(), "Line 1 is <short>.".to_owned()),
        ("lines".to_owned(), "So is line 2.".to_owned()),
    ];
    Err(ApiError::invalid(fields))
}

async fn broken() -> String {
    panic!("ERIKSSON")
}

async fn hanging() {
    std::future::pending::<()>().await;
}

fn router(pairs: &[(&str, &str)]) -> Router {
    let environment: Environment = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let config = Config::load(None, &environment).unwrap();
    let inner = Router::new()
        .route("/", get(|| async { Html("home") }))
        .route("/client", get(client))
        .route(
            "/verify/start",
            post(|JsonBody(order): JsonBody<Order>| async move { Json(json!({ "count": order.count })) }),
        )
        .route("/verify/plain", post(|Json(_): Json<Order>| async {}))
        .route("/verify/refused", get(refused))
        .route("/verify/broken", get(broken))
        .route("/verify/hanging", get(hanging))
        .route(
            "/verify/internal",
            get(|| async { Err::<(), _>(ApiError::from(platform::Error::internal("ERIKSSON"))) }),
        )
        .route(
            "/v/{secret}",
            get(refused).post(|_: Path<String>, body: Bytes| async move { body.len().to_string() }),
        )
        .route("/broken", get(broken))
        .route(
            "/own",
            get(|| async {
                (
                    StatusCode::NOT_FOUND,
                    [(header::CONTENT_SECURITY_POLICY, csp::csp("abc"))],
                    Html("own page"),
                )
            }),
        )
        .route("/fn/act", post(|| async { "done" }))
        .merge(Health::new(|| async { true }).routes())
        .merge(assets::routes());
    frame(inner, &Frame::new(&config, Arc::new(Fixed), Arc::new(Fixed)))
}

async fn send(router: Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response: Response<_> = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    every_answer_has_its_headers(&parts.headers);
    (
        parts.status,
        parts.headers,
        String::from_utf8(body.to_vec()).unwrap(),
    )
}

fn every_answer_has_its_headers(headers: &HeaderMap) {
    let id = headers["x-request-id"].to_str().unwrap();
    assert!(id.parse::<RequestId>().is_ok(), "{id}");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["referrer-policy"], "same-origin");
    assert_eq!(headers["x-frame-options"], "DENY");
    for name in [
        "cache-control",
        "content-security-policy",
        "permissions-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
    ] {
        assert_eq!(headers.get_all(name).iter().count(), 1, "{name}");
    }
}

fn request(method: Method, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty())
        .unwrap()
}

fn body(path: &str, body: impl Into<Body>) -> Request<Body> {
    let builder = Request::builder().method(Method::POST).uri(path);
    let builder = builder.header("origin", "http://localhost:3000");
    builder
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap()
}

async fn get_(path: &str) -> (StatusCode, HeaderMap, String) {
    send(router(&[]), request(Method::GET, path)).await
}

fn contract(headers: &HeaderMap, body: &str) -> (String, Value) {
    let value: Value = serde_json::from_str(body).unwrap();
    assert_eq!(headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(
        value["request_id"].as_str().unwrap(),
        headers["x-request-id"].to_str().unwrap()
    );
    assert!(!value["error"]["message"].as_str().unwrap().is_empty());
    (value["error"]["code"].as_str().unwrap().to_owned(), value)
}
