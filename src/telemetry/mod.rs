//! Structured logs on stderr.
//!
//! **Invariant**: no log line holds personal data or a secret. So a request is logged by its
//! route's template and never by its path or query (links to a verification are secrets), a
//! method only if it is a registered one, a panic by its place and never by its message (which
//! may quote what was being parsed), and HTTP libraries, which print headers when asked for
//! detail, are not asked.

mod post;
pub(crate) mod traces;

use std::panic;

use http::Method;
use tracing::{Level, Span, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::Targets,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};
use types::RequestId;

pub use traces::Traces;

use crate::config::{Config, Log, LogFormat};

/// Libraries whose detailed logs show headers, bodies or frames.
const QUIET: [&str; 6] = ["axum", "h2", "hyper", "hyper_util", "rustls", "tower_http"];

/// Starts logging, and logs panics. Once for a process; later calls change nothing.
pub fn start(log: &Log) {
    if subscriber(log, std::io::stderr).try_init().is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

/// The same for a server, which may be traced too. Stop what it gives at the end.
pub fn start_traced(config: &Config) -> Option<Traces> {
    let (traces, problem) = match start_sending(config).transpose() {
        Ok(traces) => (traces, None),
        Err(problem) => (None, Some(problem)),
    };
    if traced(&config.log, std::io::stderr, traces.as_ref())
        .try_init()
        .is_ok()
    {
        panic::set_hook(Box::new(log_panic));
    }
    if let Some(problem) = problem {
        tracing::error!(error = problem, "nothing is traced");
    }
    traces
}

/// Begins to send what [`traced`] is given; nothing without an endpoint. Call it inside the
/// runtime.
pub fn start_sending(config: &Config) -> Option<Result<Traces, String>> {
    let otlp = config.otlp.as_ref()?;
    Some(Traces::start(otlp, config.region.as_deref()))
}

/// A subscriber that writes to `writer`.
pub fn subscriber<W>(log: &Log, writer: W) -> impl SubscriberInitExt
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    traced(log, writer, None)
}

/// A subscriber that writes to `writer` and gives spans to `traces`.
pub fn traced<W>(log: &Log, writer: W, traces: Option<&Traces>) -> impl SubscriberInitExt + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // The filter was checked with the configuration; should it be bad, `info` it is.
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let quiet = Targets::new()
        .with_default(LevelFilter::TRACE)
        .with_target(traces::SPANS, LevelFilter::OFF)
        .with_targets(QUIET.map(|target| (target, Level::INFO)));
    let lines = fmt::layer().with_writer(writer);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        LogFormat::Pretty => lines.with_ansi(false).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(quiet).with_filter(filter))
        .with(traces.map(Traces::layer))
}

fn log_panic(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, ToString::to_string);
    tracing::error!(place, "a task panicked");
}

/// The span that everything logged for a request is in.
pub(crate) fn request_span(id: RequestId, method: &Method, route: &str) -> Span {
    tracing::info_span!(
        "request",
        request_id = %id,
        method = known(method),
        route,
        trace_id = tracing::field::Empty,
    )
}

/// The methods that are named; whatever else a client makes up is the last.
pub(crate) const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other",
];

/// The method's place in [`METHODS`]; a client can make up others, and put anything into them.
pub(crate) fn method_index(method: &Method) -> usize {
    let named = METHODS.iter().position(|name| *name == method.as_str());
    named.unwrap_or(METHODS.len() - 1)
}

/// The method's name.
pub(crate) fn known(method: &Method) -> &'static str {
    METHODS.get(method_index(method)).copied().unwrap_or("other")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    /// Log lines in memory.
    #[derive(Clone, Default)]
    pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Captured {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl io::Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Captures this thread's logs, as JSON and with every detail, until the guard is dropped.
    pub(crate) fn capture() -> (Captured, tracing::subscriber::DefaultGuard) {
        let captured = Captured::default();
        let writer = captured.clone();
        let log = Log {
            format: LogFormat::Json,
            filter: "trace".to_owned(),
        };
        let guard = subscriber(&log, move || writer.clone()).set_default();
        (captured, guard)
    }

    #[test]
    fn a_line_has_what_happened_and_the_request_it_belongs_to() {
        let (captured, guard) = capture();
        let id = RequestId::from_u128(5);
        request_span(id, &Method::POST, "/v/{secret}").in_scope(|| tracing::info!(status = 200, "answered"));
        drop(guard);
        let line: serde_json::Value = serde_json::from_str(captured.text().trim()).unwrap();
        assert_eq!(line["status"], 200);
        assert_eq!(line["span"]["request_id"], id.to_string());
        assert_eq!(line["span"]["route"], "/v/{secret}");
    }

    /// `docs/LOGGING.md` promises these fields to whoever reads logs with a machine.
    #[test]
    fn each_line_is_one_object_with_a_time_in_utc() {
        let (captured, guard) = capture();
        request_span(RequestId::from_u128(5), &Method::GET, "/").in_scope(|| {
            tracing::info!(status = 200, micros = 412, "answered");
            tracing::warn!(
                error = "a\nb \"c\" \u{2028}",
                "cannot take a connection at the moment"
            );
        });
        drop(guard);
        let text = captured.text();
        assert_eq!(text.lines().count(), 2, "{text}");
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let time = line["timestamp"].as_str().unwrap();
            assert!(
                time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(),
                "{time}"
            );
            for field in ["level", "message", "target"] {
                assert!(line[field].is_string(), "{field} in {line}");
            }
            for field in ["request_id", "method", "route"] {
                assert!(line["span"][field].is_string(), "{field} in {line}");
            }
            assert!(line["span"].get("trace_id").is_none(), "nothing is traced");
        }
    }

    #[test]
    fn an_invented_method_is_not_repeated() {
        let (captured, guard) = capture();
        let method = Method::from_bytes(b"ERIKSSON").unwrap();
        request_span(RequestId::from_u128(5), &method, "/").in_scope(|| tracing::info!("answered"));
        drop(guard);
        assert!(captured.text().contains("other") && !captured.text().contains("ERIKSSON"));
    }

    #[test]
    fn libraries_that_print_headers_are_not_asked_for_detail() {
        let (captured, guard) = capture();
        tracing::debug!(target: "hyper::proto", "header: secret");
        tracing::trace!(target: "h2", "header: secret");
        tracing::debug!(target: "loomwire", "ours");
        drop(guard);
        assert!(!captured.text().contains("secret") && captured.text().contains("ours"));
    }

    #[test]
    fn a_panic_is_logged_by_its_place_only() {
        let (captured, guard) = capture();
        let before = panic::take_hook();
        panic::set_hook(Box::new(log_panic));
        let caught = panic::catch_unwind(|| panic!("ERIKSSON"));
        panic::set_hook(before);
        drop(guard);
        assert!(caught.is_err());
        assert!(captured.text().contains("telemetry/mod.rs") && !captured.text().contains("ERIKSSON"));
    }
}
