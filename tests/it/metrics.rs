//! What can be read from outside: who may, and that nothing of a person is in it.

use std::{
    collections::BTreeSet,
    io::Write,
    process::{Command, Stdio},
};

use axum::Router;
use loomwire::{
    config::{Config, Environment},
    metrics::{Source, own, public, recorder},
};
use metrics_exporter_prometheus::PrometheusRecorder;
use testkit::Installation;

use crate::{
    app::App,
    canary::{found_in, story},
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const ON: [(&str, &str); 1] = [("LOOMWIRE_METRICS__TOKEN", TOKEN)];

fn source(recorder: &PrometheusRecorder, home: &Installation) -> Source {
    Source::new(recorder.handle(), &home.platform)
}

async fn app(recorder: &PrometheusRecorder) -> App {
    let home = Installation::in_memory().await;
    let variables = ON.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::load(None, &Environment::from(variables)).unwrap();
    let token = config.metrics.token.unwrap();
    let more = public(source(recorder, &home), token);
    App::with(home, &ON, more)
}

async fn read(app: &App) -> String {
    let bearer = format!("Bearer {TOKEN}");
    let reply = app.get("/metrics").header("authorization", &bearer).send().await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(
        reply.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    reply.text()
}

#[tokio::test]
async fn nobody_reads_them_without_the_token() {
    let recorder = recorder();
    let app = app(&recorder).await;
    for given in ["", "Bearer", "Bearer ", "Bearer x", TOKEN, "Basic x"] {
        let reply = app.get("/metrics").header("authorization", given).send().await;
        assert_eq!(reply.status, 401, "{given}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
        assert_eq!(reply.code(), "AUTH_INVALID_KEY");
    }
    read(&app).await;
    // Where the operator said nothing, there is no such address.
    let plain = App::new().await;
    assert_eq!(plain.get("/metrics").send().await.status, 404);
}

#[tokio::test]
async fn the_listener_of_their_own_serves_nothing_else() {
    let recorder = recorder();
    let home = Installation::in_memory().await;
    let only: Router = own(source(&recorder, &home));
    for (path, status) in [("/metrics", 200), ("/", 404), ("/healthz", 404)] {
        let request = http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        let answer = tower::ServiceExt::oneshot(only.clone(), request).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
}

/// The values of every label.
fn labels(text: &str) -> BTreeSet<(String, String)> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let inside = samples.filter_map(|line| Some(line.split_once('{')?.1.rsplit_once('}')?.0));
    inside
        .flat_map(|labels| labels.split("\",").map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|pair| {
            let (name, value) = pair.split_once("=\"")?;
            Some((name.to_owned(), value.trim_end_matches('"').to_owned()))
        })
        .collect()
}

#[tokio::test]
async fn nothing_that_was_sent_is_in_a_label() {
    let recorder = recorder();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let app = app(&recorder).await;
    let replies = story(&app).await;
    let told: String = replies.iter().map(crate::app::Reply::text).collect();
    for path in ["/QUETZALCOATLUS", "/v/QUETZALCOATLUS?XK7J2QV9Z", "/fn/WOLFRAMINA"] {
        app.get(path).send().await;
        app.post(path).raw("WOLFRAMINA").send().await;
        app.call("QUETZALCOATLUS", path).send().await;
    }
    app.post("/verify/start").raw(vec![b'a'; 70_000]).send().await;
    let text = read(&app).await;

    let found = found_in("the metrics", text.as_bytes());
    assert!(found.is_empty(), "{found:#?}");
    for (name, value) in labels(&text) {
        let known = match name.as_str() {
            "route" => value == "unmatched" || value == "/" || value.starts_with('/'),
            "method" => [
                "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other",
            ]
            .contains(&&*value),
            "status" => ["cancelled", "2xx", "3xx", "4xx", "5xx"].contains(&&*value),
            "environment" => ["live", "test"].contains(&&*value),
            "outcome" => [
                "approved",
                "denied",
                "too_many_tries",
                "declined",
                "expired",
                "done",
                "failed",
            ]
            .contains(&&*value),
            "kind" => ["sweep", "figures.fold"].contains(&&*value),
            "limit" => ["address", "key", "tenant"].contains(&&*value),
            "pool" => ["read", "write"].contains(&&*value),
            "le" | "version" | "database" => true,
            _ => false,
        };
        assert!(known, "{name}={value}");
        // An id, a link or a key has a run of letters and digits that no template has.
        let longest = value
            .split(|c: char| !c.is_ascii_alphanumeric())
            .map(str::len)
            .max();
        assert!(longest < Some(20), "{name}={value}");
    }
    assert!(told.contains("ver_") && !text.contains("ver_"));
    for line in [
        r#"loomwire_verifications_total{environment="test",outcome="approved"} 1"#,
        r#"loomwire_verifications_started_total{environment="test"} 3"#,
        "loomwire_http_bodies_refused_total 1",
        "loomwire_database_up 1",
        r#"loomwire_http_requests_total{method="other",route="unmatched",status="4xx"} 1"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    every_family_is_told_of(&text);
    promtool(&text);
}

/// Each sample belongs to a family that has its words and its kind, once.
fn every_family_is_told_of(text: &str) {
    let told = |word: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(word));
        lines
            .filter_map(|line| line.split(' ').next())
            .map(str::to_owned)
            .collect()
    };
    let (mut help, mut kinds) = (told("# HELP "), told("# TYPE "));
    help.sort();
    kinds.sort();
    assert_eq!(help, kinds);
    let count = help.len();
    help.dedup();
    assert_eq!(help.len(), count, "a family is told of once");
    let samples = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    for sample in samples {
        let name = sample.split(['{', ' ']).next().unwrap();
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| {
                name.strip_suffix(end)
                    .filter(|base| help.iter().any(|h| h == base))
            })
            .unwrap_or(name);
        assert!(help.iter().any(|name| name == family), "{sample}");
    }
}

/// Prometheus' own opinion, where its tool is installed.
fn promtool(text: &str) {
    let tool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut tool) = tool else {
        eprintln!("SKIPPED: promtool is not installed (apt-get install prometheus)");
        return;
    };
    tool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let said = tool.wait_with_output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}
