use std::time::Duration;

use http::{Method, StatusCode};

use super::{
    names::{COUNTED, Kind, LOOKED_UP, Name},
    recorder,
    requests::Requests,
};

fn all() -> impl Iterator<Item = &'static &'static Name> {
    COUNTED.iter().chain(LOOKED_UP)
}

#[test]
fn every_name_is_as_it_was() {
    let lines: Vec<String> = all()
        .map(|name| {
            let unit = name.unit.map_or("-", |unit| unit.as_str());
            format!("{} {} {unit}: {}", name.kind.as_str(), name.name, name.help)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// <https://prometheus.io/docs/practices/naming/>
#[test]
fn names_tell_their_unit_and_their_kind() {
    for name in all() {
        let Name {
            name,
            kind,
            unit,
            help,
        } = name;
        assert!(help.ends_with('.'), "{name}");
        assert_eq!(name.ends_with("_total"), *kind == Kind::Counter, "{name}");
        if let Some(unit) = unit {
            assert!(name.contains(unit.as_str()), "{name} is in {}", unit.as_str());
        }
    }
}

#[test]
fn the_operators_manual_has_every_name() {
    let manual = include_str!("../../docs/OPERATIONS.md");
    for name in all() {
        assert!(manual.contains(&format!("`{}`", name.name)), "{}", name.name);
    }
}

#[test]
fn alert_rules_ask_for_what_there_is() {
    let rules = include_str!("../../deploy/monitoring/loomwire-rules.yml");
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = rules.split(|letter| !is_part(letter));
    let asked: Vec<&str> = words
        .filter(|word| word.starts_with("loomwire_") || word.starts_with("process_"))
        .map(|word| word.strip_suffix("_bucket").unwrap_or(word))
        .collect();
    assert!(asked.len() > 10, "{asked:?}");
    for word in asked {
        assert!(all().any(|name| name.name == word), "{word}");
    }
}

#[test]
fn a_request_is_counted_by_route_method_and_class() {
    let recorder = recorder();
    let text = metrics::with_local_recorder(&recorder, || {
        let requests = Requests::new();
        let get = requests.begin("/v/{secret}", &Method::GET);
        get.answered(StatusCode::NOT_FOUND, Duration::from_millis(3));
        let odd = Method::from_bytes(b"ERIKSSON").unwrap();
        requests
            .begin("/v/{secret}", &odd)
            .answered(StatusCode::OK, Duration::ZERO);
        drop(requests.begin("unmatched", &Method::POST));
        requests.too_long();
        let _open = requests.begin("/", &Method::GET);
        recorder.handle().render()
    });
    for line in [
        r#"loomwire_http_requests_total{method="GET",route="/v/{secret}",status="4xx"} 1"#,
        r#"loomwire_http_requests_total{method="other",route="/v/{secret}",status="2xx"} 1"#,
        r#"loomwire_http_requests_total{method="POST",route="unmatched",status="cancelled"} 1"#,
        r#"loomwire_http_request_duration_seconds_bucket{method="GET",route="/v/{secret}",le="0.0025"} 0"#,
        r#"loomwire_http_request_duration_seconds_bucket{method="GET",route="/v/{secret}",le="0.005"} 1"#,
        "loomwire_http_requests_in_flight 1",
        "loomwire_http_bodies_refused_total 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("ERIKSSON"));
}

/// What it costs is printed (`--nocapture`); the bound only catches something absurd.
#[test]
fn counting_a_request_is_cheap() {
    const REQUESTS: u32 = 100_000;
    let recorder = recorder();
    metrics::with_local_recorder(&recorder, || {
        let requests = Requests::new();
        let start = tokio::time::Instant::now();
        for _ in 0..REQUESTS {
            requests
                .begin("/verify/status", &Method::GET)
                .answered(StatusCode::OK, Duration::from_micros(700));
        }
        let each = start.elapsed() / REQUESTS;
        println!("counting a request takes {each:?}");
        assert!(each < Duration::from_micros(100), "{each:?}");
    });
}
