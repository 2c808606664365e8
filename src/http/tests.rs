//! The frame around routes of every kind.

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

#[tokio::test]
async fn a_plain_answer_is_not_stored_and_not_changed() {
    let (status, headers, body) = get_("/").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "home"));
    assert_eq!(headers["cache-control"], "no-store");
    assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn hsts_is_for_https_only() {
    let router = router(&[("PUBLIC_URL", "https://verify.example")]);
    let (_, headers, _) = send(router, request(Method::GET, "/")).await;
    assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000");
}

#[tokio::test]
async fn whatever_goes_wrong_for_a_program_has_the_contracts_form() {
    for (request, status, code) in [
        (request(Method::GET, "/verify/nothing"), 404, "NOT_FOUND"),
        (request(Method::GET, "/verify/start"), 405, "METHOD_NOT_ALLOWED"),
        (request(Method::GET, "/verify/refused"), 400, "INVALID_REQUEST"),
        (request(Method::GET, "/verify/broken"), 500, "INTERNAL"),
        (request(Method::GET, "/verify/internal"), 500, "INTERNAL"),
        (body("/verify/start", "{"), 400, "INVALID_REQUEST"),
        (body("/verify/start", r#"{"colour":1}"#), 400, "INVALID_REQUEST"),
        (body("/verify/plain", "{"), 400, "INVALID_REQUEST"),
        (body("/verify/plain", "{}"), 422, "INVALID_REQUEST"),
        (body("/verify/start", vec![b' '; 70_000]), 413, "TOO_LARGE"),
    ] {
        let uri = request.uri().clone();
        let (got, headers, body) = send(router(&[]), request).await;
        assert_eq!(got.as_u16(), status, "{uri}");
        assert_eq!(contract(&headers, &body).0, code, "{uri}");
        assert_eq!(headers["content-security-policy"], csp::STRICT, "{uri}");
    }
}

#[tokio::test]
async fn a_wrong_method_says_which_are_right() {
    let (_, headers, _) = get_("/verify/start").await;
    assert_eq!(headers[header::ALLOW], "POST");
}

#[tokio::test]
async fn fields_are_named_and_all_their_messages_kept() {
    let (_, headers, body) = get_("/verify/refused").await;
    let (_, value) = contract(&headers, &body);
    assert_eq!(
        value["error"]["fields"],
        json!({ "lines": "Line 1 is <short>. So is line 2." })
    );
}

#[tokio::test]
async fn a_wrong_type_of_body_is_refused() {
    let mut request = body("/verify/start", "count=1");
    request.headers_mut().insert(
        header::CONTENT_TYPE,
        "application/x-www-form-urlencoded".parse().unwrap(),
    );
    let (status, headers, body) = send(router(&[]), request).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(contract(&headers, &body).0, "UNSUPPORTED_MEDIA_TYPE");
}

#[tokio::test]
async fn what_goes_wrong_for_a_person_is_a_page() {
    for (path, status, title) in [
        ("/nothing", 404, "There is no such page"),
        ("/v/secret", 400, "This request cannot be used"),
        ("/broken", 500, "Loomwire could not do this"),
    ] {
        let (got, headers, body) = get_(path).await;
        assert_eq!(got.as_u16(), status, "{path}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(body.contains(&format!("<h1>{title}</h1>")), "{body}");
        assert!(body.contains(headers["x-request-id"].to_str().unwrap()), "{body}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("style-src 'sha256-"), "{policy}");
    }
    let (_, _, body) = get_("/v/secret").await;
    assert!(body.contains("<li>Line 1 is &lt;short&gt;.</li>"), "{body}");
}

#[tokio::test]
async fn a_page_that_says_no_itself_is_left_as_it_is() {
    let (status, headers, body) = get_("/own").await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_FOUND, "own page"));
    assert_eq!(headers["content-security-policy"], csp::csp("abc"));
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_given_up() {
    let (status, headers, body) = get_("/verify/hanging").await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(contract(&headers, &body).0, "TIMEOUT");
    // A body that never ends, as well.
    let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    let (status, ..) = send(router(&[]), self::body("/verify/start", never)).await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn ten_megabytes_without_a_length_are_refused_as_too_large() {
    let chunk = Bytes::from(vec![b'a'; 65_536]);
    let chunks = stream::iter((0..160).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
    let (status, headers, text) = send(router(&[]), body("/verify/start", Body::from_stream(chunks))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(contract(&headers, &text).0, "TOO_LARGE");
}

#[tokio::test]
async fn an_endless_body_is_not_read_for_ever() {
    let chunk = Bytes::from(vec![b'a'; 1_048_576]);
    let endless = stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
    let (status, ..) = send(router(&[]), body("/verify/start", Body::from_stream(endless))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_at_the_limit_is_whole() {
    let (status, _, text) = send(router(&[]), body("/v/secret", vec![b'a'; 65_536])).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "65536"));
    let (status, _, text) = send(router(&[]), body("/v/secret", vec![b'a'; 65_537])).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text.contains("<h1>This is too long</h1>"), "{text}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_request() {
    let parts = [Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("gone"))];
    let (status, headers, text) = send(
        router(&[]),
        body("/verify/start", Body::from_stream(stream::iter(parts))),
    )
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(contract(&headers, &text).0, "INVALID_REQUEST");
}

#[tokio::test]
async fn another_site_can_post_to_programs_only() {
    for (path, status) in [("/v/secret", 403), ("/fn/act", 403), ("/verify/start", 200)] {
        let mut request = body(path, r#"{"count":1}"#);
        request
            .headers_mut()
            .insert("origin", "https://evil.example".parse().unwrap());
        let (got, headers, text) = send(router(&[]), request).await;
        assert_eq!(got.as_u16(), status, "{path}");
        if path == "/fn/act" {
            assert_eq!(contract(&headers, &text).0, "CROSS_SITE");
        }
    }
    assert_eq!(send(router(&[]), body("/fn/act", "")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_client_is_the_peer_or_whom_a_trusted_proxy_names() {
    let ask = |trusted: &'static str| async move {
        let mut request = request(Method::GET, "/client");
        let peer = SocketAddr::from((Ipv4Addr::new(10, 0, 0, 1), 1));
        request.extensions_mut().insert(ConnectInfo(peer));
        request
            .headers_mut()
            .insert("x-forwarded-for", "198.51.100.1".parse().unwrap());
        send(router(&[("LOOMWIRE_TRUSTED_PROXIES", trusted)]), request)
            .await
            .2
    };
    assert_eq!(ask("").await, "10.0.0.1");
    assert_eq!(ask("10.0.0.0/8").await, "198.51.100.1");
}

#[tokio::test]
async fn a_request_id_from_outside_is_not_taken() {
    let mut request = request(Method::GET, "/");
    request
        .headers_mut()
        .insert("x-request-id", "req_0000000000000000000000000a".parse().unwrap());
    let (_, headers, _) = send(router(&[]), request).await;
    assert_ne!(headers["x-request-id"], "req_0000000000000000000000000a");
}

#[tokio::test]
async fn ready_means_the_database_answers_and_nobody_is_leaving() {
    let ask = |health: Health| async move {
        let environment = Environment::new();
        let config = Config::load(None, &environment).unwrap();
        let router = frame(
            health.routes(),
            &Frame::new(&config, Arc::new(Fixed), Arc::new(Fixed)),
        );
        send(router.clone(), request(Method::GET, "/readyz"))
            .await
            .0
            .as_u16()
    };
    assert_eq!(ask(Health::new(|| async { true })).await, 200);
    assert_eq!(ask(Health::new(|| async { false })).await, 503);
    let leaving = Health::new(|| async { true });
    leaving.drain();
    assert_eq!(ask(leaving).await, 503);
    assert_eq!(get_("/healthz").await.0, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn a_database_that_hangs_is_not_ready() {
    let health = Health::new(std::future::pending);
    let started = tokio::time::Instant::now();
    let answer = health
        .routes()
        .oneshot(request(Method::GET, "/readyz"))
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn an_asset_that_is_not_there_is_404_and_not_kept() {
    for path in [
        "/assets/app.css",
        "/assets/a.br",
        "/assets/..%2fmanifest.json",
        "/favicon.nothing",
        "/manifest.json",
    ] {
        let (status, headers, _) = get_(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_log_line_names_the_route_and_nothing_that_was_sent() {
    let (captured, guard) = capture();
    for (method, path) in [
        (Method::GET, "/v/ERIKSSON?name=ERIKSSON"),
        (Method::GET, "/ERIKSSON"),
        (Method::GET, "/verify/broken?ERIKSSON"),
        (Method::from_bytes(b"ERIKSSON").unwrap(), "/verify/start"),
    ] {
        let mut request = request(method, path);
        for name in [
            "user-agent",
            "cookie",
            "referer",
            "x-forwarded-for",
            "x-request-id",
            "origin",
        ] {
            request.headers_mut().insert(name, "ERIKSSON".parse().unwrap());
        }
        send(router(&[("LOOMWIRE_TRUSTED_PROXIES", "10.0.0.0/8")]), request).await;
    }
    drop(guard);
    let text = captured.text();
    assert!(text.contains(r#""route":"/v/{secret}""#), "{text}");
    assert!(text.contains(r#""route":"unmatched""#), "{text}");
    assert!(text.contains(r#""status":400"#), "{text}");
    assert!(!text.contains("ERIKSSON"), "{text}");
}

#[test]
fn every_code_is_spelled_as_the_contract_has_it() {
    let spelled = |code: Code| serde_json::to_value(code).unwrap();
    assert_eq!(spelled(Code::AuthInvalidKey), "AUTH_INVALID_KEY");
    assert_eq!(spelled(Code::IpNotAllowed), "IP_NOT_ALLOWED");
    assert_eq!(spelled(Code::SubscriptionInactive), "SUBSCRIPTION_INACTIVE");
    assert_eq!(Code::WrongRegion.status().as_u16(), 421);
}
