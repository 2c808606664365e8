//! Traces as a collector gets them: what is in them, and what is not.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::Router;
use http::HeaderMap;
use loomwire::{config::Config, telemetry};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value::Value},
    trace::v1::{Span, status::StatusCode},
};
use prost::Message;
use testkit::Installation;
use tokio::net::TcpListener;
use tracing_subscriber::util::SubscriberInitExt;

use crate::{
    app::App,
    canary::{found_in, story},
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// A collector on this machine: every post that it got.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Post>>>);

/// Headers and body of one post.
type Post = (HeaderMap, Vec<u8>);

impl Collector {
    /// Listens, and gives its address.
    async fn start() -> (Self, String) {
        let (collector, listener) = (Self::default(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let address = format!("http://{}", listener.local_addr().unwrap());
        let got = collector.clone();
        let take = axum::routing::post(move |headers: HeaderMap, body: bytes::Bytes| async move {
            got.0.lock().unwrap().push((headers, body.to_vec()));
        });
        let router = Router::new().route("/v1/traces", take);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (collector, address)
    }

    fn posts(&self) -> Vec<(HeaderMap, Vec<u8>)> {
        self.0.lock().unwrap().clone()
    }

    /// Every span, and the resource that it is of.
    fn spans(&self) -> Vec<(BTreeMap<String, String>, Span)> {
        let mut spans = Vec::new();
        for (_, body) in self.posts() {
            for of in ExportTraceServiceRequest::decode(body.as_slice())
                .unwrap()
                .resource_spans
            {
                let resource = attributes(&of.resource.unwrap().attributes);
                let each = of.scope_spans.into_iter().flat_map(|scope| scope.spans);
                spans.extend(each.map(|span| (resource.clone(), span)));
            }
        }
        spans
    }
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Option<AnyValue>| match value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        other => format!("{other:?}"),
    };
    pairs
        .iter()
        .map(|pair| (pair.key.clone(), text(&pair.value)))
        .collect()
}

fn config(endpoint: &str, more: &[(&str, &str)]) -> Config {
    let pairs = [
        ("LOOMWIRE_OTLP__ENDPOINT", endpoint),
        ("LOOMWIRE_REGION", "eu-west"),
    ];
    let pairs = pairs.iter().chain(more);
    let environment = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut config = Config::load(None, &environment.collect()).unwrap();
    config.log.filter = "off".to_owned();
    config
}

async fn app(endpoint: &str, more: &[(&str, &str)]) -> App {
    let mut variables = vec![("LOOMWIRE_OTLP__ENDPOINT", endpoint)];
    variables.extend_from_slice(more);
    App::with(Installation::in_memory().await, &variables, Router::new())
}

#[tokio::test]
async fn a_collector_gets_what_happened_and_nothing_of_a_person() {
    let (collector, endpoint) = Collector::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("headers");
    std::fs::write(&file, "Authorization: Bearer for-the-collector\n").unwrap();
    let config = config(
        &endpoint,
        &[("LOOMWIRE_OTLP__HEADERS_FILE", file.to_str().unwrap())],
    );
    let traces = telemetry::start_sending(&config).unwrap().unwrap();
    let _guard = telemetry::traced(&config.log, std::io::sink, Some(&traces)).set_default();
    let app = app(&endpoint, &[]).await;
    let replies = story(&app).await;
    traces.stop().await;

    let posts = collector.posts();
    assert!(!posts.is_empty());
    for (headers, body) in &posts {
        assert_eq!(headers["authorization"], "Bearer for-the-collector");
        assert_eq!(headers["content-type"], "application/x-protobuf");
        let found = found_in("a trace", body);
        assert!(found.is_empty(), "{found:#?}");
    }
    let allowed = [
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "request_id",
        "kind",
        "busy_ns",
        "idle_ns",
    ];
    let spans = collector.spans();
    for (resource, span) in &spans {
        assert_eq!(resource["service.name"], "loomwire");
        assert_eq!(resource["service.version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(resource["cloud.region"], "eu-west");
        assert!(span.events.is_empty(), "{span:?}");
        for key in attributes(&span.attributes).keys() {
            assert!(allowed.contains(&key.as_str()), "{key} in {span:?}");
        }
    }
    let named = |name: &str| {
        spans
            .iter()
            .find(|(_, span)| span.name == name)
            .map(|(_, span)| span)
    };
    let request = named("POST /verify/start").unwrap();
    let fields = attributes(&request.attributes);
    assert_eq!(fields["http.route"], "/verify/start");
    assert!(fields["http.response.status_code"].contains("201"), "{fields:?}");
    // The id that the answer named, so that a trace is found from a complaint.
    let ids: Vec<&str> = replies.iter().map(|reply| reply.header("x-request-id")).collect();
    assert!(ids.contains(&fields["request_id"].as_str()));
    let commit = spans
        .iter()
        .find(|(_, span)| span.name == "database.commit" && span.parent_span_id == request.span_id);
    assert_eq!(commit.unwrap().1.trace_id, request.trace_id);
}

/// A request with the head of somebody else's trace, from the address of the tests.
async fn called_with_a_trace(proxies: &str) -> Span {
    let (collector, endpoint) = Collector::start().await;
    let config = config(&endpoint, &[]);
    let traces = telemetry::start_sending(&config).unwrap().unwrap();
    let _guard = telemetry::traced(&config.log, std::io::sink, Some(&traces)).set_default();
    let app = app(&endpoint, &[("LOOMWIRE_TRUSTED_PROXIES", proxies)]).await;
    app.get("/sign-in")
        .header("traceparent", &format!("00-{TRACE}-{CALLER}-01"))
        .header("tracestate", "canary=QUETZALCOATLUS")
        .send()
        .await;
    traces.stop().await;
    let spans = collector.spans();
    spans
        .into_iter()
        .find_map(|(_, span)| span.name.starts_with("GET ").then_some(span))
        .unwrap()
}

#[tokio::test]
async fn only_a_trusted_proxy_says_which_trace_it_is() {
    let trusted = called_with_a_trace("198.51.100.0/24").await;
    assert_eq!(hex::encode(&trusted.trace_id), TRACE);
    assert_eq!(hex::encode(&trusted.parent_span_id), CALLER);
    assert_eq!(trusted.trace_state, "");
    assert_ne!(
        trusted.status.map(|status| status.code()),
        Some(StatusCode::Error)
    );

    let stranger = called_with_a_trace("10.0.0.0/8").await;
    assert_ne!(hex::encode(&stranger.trace_id), TRACE);
    assert!(stranger.parent_span_id.is_empty());
}

#[tokio::test]
async fn a_collector_that_is_away_or_silent_stops_nobody() {
    // Nobody listens here any more.
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}", away.local_addr().unwrap());
    drop(away);
    // Here somebody takes the connection and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs = format!("http://{}", silent.local_addr().unwrap());
    for endpoint in [gone, hangs] {
        let config = config(&endpoint, &[]);
        let traces = telemetry::start_sending(&config).unwrap().unwrap();
        let _guard = telemetry::traced(&config.log, std::io::sink, Some(&traces)).set_default();
        let app = app(&endpoint, &[]).await;
        assert_eq!(app.get("/healthz").send().await.status, 200);
        let limit = Duration::from_secs(8);
        tokio::time::timeout(limit, traces.stop()).await.unwrap();
    }
}
