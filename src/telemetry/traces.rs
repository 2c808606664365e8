//! Traces over OTLP: what a request did and how long each part took.
//!
//! **Invariant**: sending never holds up a request. Spans go into a bounded queue, which drops
//! them when it is full; a thread of its own empties it.
//!
//! **Invariant**: only spans of the target [`SPANS`] are sent, without the log lines in them,
//! and their attributes are an allow-list: route template, method, status, request id, kind of
//! job, database. So no line that is logged can leave with a trace.

use std::{collections::HashMap, time::Duration};

use http::{HeaderMap, StatusCode};
use opentelemetry::{
    Context, KeyValue,
    propagation::{Extractor, TextMapPropagator},
    trace::{Status, TraceContextExt, TracerProvider},
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracerProvider},
};
use tracing::{Level, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};
use types::RequestId;

use super::post::Post;
use crate::config::Otlp;

/// The target of spans that are for traces only; the log does not have them.
pub(super) const SPANS: &str = platform::SPANS;
/// W3C Trace Context, section 3.2. Its companion `tracestate` is not read.
const TRACEPARENT: &str = "traceparent";
/// What is still in the queue gets this long when the process stops.
const FLUSH: Duration = Duration::from_secs(3);

/// Sends spans until it is stopped.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Call it inside the runtime.
    pub(super) fn start(otlp: &Otlp, region: Option<&str>) -> Result<Self, String> {
        let headers: HashMap<String, String> = otlp
            .headers
            .expose()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let post = Post::new(otlp.ca_file.as_deref()).map_err(|error| error.to_string())?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(post)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(otlp.endpoint.as_str())
            .with_headers(headers)
            .build()
            .map_err(|error| error.to_string())?;
        let mut resource = vec![KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))];
        if let Some(region) = region {
            resource.push(KeyValue::new("cloud.region", region.to_owned()));
        }
        let resource = Resource::builder_empty()
            .with_service_name("loomwire")
            .with_attributes(resource)
            .build();
        let ratio = Sampler::TraceIdRatioBased(otlp.sample_ratio);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(ratio)))
            .with_resource(resource)
            .build();
        Ok(Self(provider))
    }

    /// What takes the spans of the process.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("loomwire"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_filter(filter_fn(|of| {
                of.is_span() && of.target() == SPANS && *of.level() <= Level::INFO
            }))
    }

    /// Sends what is left, within a limit.
    pub async fn stop(self) {
        let flushed = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(FLUSH));
        if !matches!(flushed.await, Ok(Ok(()))) {
            tracing::warn!("the last traces could not be sent");
        }
    }
}

/// The span of a request, for traces. `headers` are those of a trusted proxy, or none.
pub(crate) fn request(id: RequestId, method: &'static str, route: &str, headers: Option<&HeaderMap>) -> Span {
    let span = tracing::info_span!(
        target: SPANS,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        request_id = %id,
    );
    if let Some(headers) = headers {
        let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Parent(headers));
        // An error means that nobody traces.
        drop(span.set_parent(parent));
    }
    span
}

/// The request's trace, for the log; `None` if it is not sampled.
pub(crate) fn id(span: &Span) -> Option<String> {
    let context = span.context();
    let context = context.span().span_context().clone();
    (context.is_valid() && context.is_sampled()).then(|| context.trace_id().to_string())
}

/// The request was answered.
pub(crate) fn answered(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
}

/// `traceparent` and nothing else.
struct Parent<'h>(&'h HeaderMap);

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let value = self.0.get(key).filter(|_| key == TRACEPARENT);
        value.and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}
