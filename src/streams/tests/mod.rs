//! What goes over the wire: webhooks and syslog against servers of our own, S3 against moto.

mod double;
mod moto;

use std::sync::Arc;

use platform::streams::{Carrier, Destination, Line, Parcel, Secrets, StreamError, Target};
use types::{Timestamp, console::AuditResult};
use url::Url;

use super::{Streamer, s3, syslog, webhook};
use crate::{
    guarded::{Guarded, Policy, SystemResolver},
    tls::tests::Pki,
};
use double::{Tls, syslog_server, web_server};

/// The key of the Standard Webhooks' own examples.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn streamer() -> Streamer {
    let policy = Policy {
        allowed: Vec::new(),
        development: true,
    };
    Streamer::new(Guarded::with(policy, Arc::new(SystemResolver)).unwrap())
}

fn line(leaf: i64, text: &str) -> Line {
    Line {
        json: text.to_owned(),
        leaf: Some(leaf),
        id: format!("evt_{leaf}"),
        action: "api_key.created".into(),
        occurred_at: Timestamp::from_millis(1_795_435_200_123),
        result: AuditResult::Success,
    }
}

fn parcel(lines: Vec<Line>) -> Parcel {
    Parcel {
        id: "stm_1_7_8".into(),
        sent_at: Timestamp::from_millis(1_795_435_201_000),
        first: 7,
        first_at: Timestamp::from_millis(1_795_435_200_123),
        host: "verify.example".into(),
        lines,
    }
}

fn target(destination: Destination, authorities: Option<String>) -> Target {
    Target {
        destination,
        authorities,
        secrets: Secrets {
            signing: SECRET.into(),
            access_key: "secret".into(),
        },
    }
}

#[test]
fn the_signature_is_the_one_of_standard_webhooks() {
    // From the test suite of the standard's own libraries.
    let secrets = target(
        Destination::Syslog {
            host: String::new(),
            port: 1,
        },
        None,
    )
    .secrets;
    let signed = platform::streams::signature(
        &secrets,
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        r#"{"test": 2432232314}"#,
    );
    assert_eq!(
        signed.as_deref(),
        Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    );
}

#[tokio::test]
async fn a_batch_is_posted_in_json_lines_and_signed() {
    let pki = Pki::new();
    let tls = Tls::new(&pki);
    let (port, mut seen) = web_server(&tls, "204 No Content").await;
    let url = Url::parse(&format!("https://localhost:{port}/in?token=x")).unwrap();
    let target = target(Destination::Webhook { url }, Some(tls.authority.clone()));
    let sent = parcel(vec![line(7, r#"{"a":1}"#), line(8, r#"{"b":2}"#)]);
    streamer().carry(&target, &sent).await.unwrap();
    let request = seen.recv().await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /in?token=x HTTP/1.1\r\n"), "{head}");
    assert_eq!(body, "{\"a\":1}\n{\"b\":2}\n");
    let signed = platform::streams::signature(&target.secrets, "stm_1_7_8", "1795435201", body).unwrap();
    for expected in [
        "content-type: application/x-ndjson",
        "webhook-id: stm_1_7_8",
        "webhook-timestamp: 1795435201",
        &format!("webhook-signature: {signed}"),
    ] {
        assert!(head.lines().any(|line| line == expected), "{expected}: {head}");
    }
}

#[tokio::test]
async fn anything_but_2xx_is_no_acknowledgement() {
    let pki = Pki::new();
    let tls = Tls::new(&pki);
    for answer in ["302 Found", "400 Bad Request", "503 Service Unavailable"] {
        let (port, _seen) = web_server(&tls, answer).await;
        let url = Url::parse(&format!("https://localhost:{port}/")).unwrap();
        let target = target(Destination::Webhook { url }, Some(tls.authority.clone()));
        let refused = streamer().carry(&target, &parcel(vec![line(7, "{}")])).await;
        let Err(StreamError::Refused(words)) = refused else {
            panic!("{answer}: {refused:?}");
        };
        assert!(words.contains(&answer[..3]), "{words}");
    }
    // Without the authority's certificate nothing is said.
    let (port, mut seen) = web_server(&tls, "200 OK").await;
    let url = Url::parse(&format!("https://localhost:{port}/")).unwrap();
    let refused = streamer()
        .carry(
            &target(Destination::Webhook { url }, None),
            &parcel(vec![line(7, "{}")]),
        )
        .await;
    assert!(matches!(refused, Err(StreamError::Insecure(_))), "{refused:?}");
    assert!(seen.try_recv().is_err());
}

#[test]
fn a_message_is_as_rfc_5424_has_it() {
    let mut one = line(7, r#"{"event":{}}"#);
    one.id = r#"evt_"]\"#.into();
    one.result = AuditResult::Denied;
    let text = syslog::message(&one, "verify.example").unwrap();
    assert_eq!(
        text,
        r#"<108>1 2026-11-23T12:00:00.123Z verify.example loomwire - api_key.created [loomwire@32473 eventId="evt_\"\]\\" result="denied" leafIndex="7"] {"event":{}}"#
    );
    one.action = "an action\nof\u{e9} more than thirty-two letters, with spaces".into();
    let text = syslog::message(&one, "").unwrap();
    assert!(
        text.contains("Z - loomwire - anactionofmorethanthirty-twolett ["),
        "{text}"
    );
}

#[tokio::test]
async fn frames_are_counted_in_octets_and_taken_once_the_server_has_ended() {
    let pki = Pki::new();
    let tls = Tls::new(&pki);
    let (port, mut seen) = syslog_server(&tls, double::End::Clean).await;
    let destination = Destination::Syslog {
        host: "localhost".into(),
        port,
    };
    let target = target(destination, Some(tls.authority.clone()));
    let lines = vec![line(7, r#"{"a":1}"#), line(8, r#"{"b":2}"#)];
    streamer().carry(&target, &parcel(lines.clone())).await.unwrap();
    let mut rest = seen.recv().await.unwrap();
    for one in &lines {
        let (length, after) = rest.split_once(' ').unwrap();
        let (message, after) = after.split_at(length.parse().unwrap());
        assert_eq!(message, syslog::message(one, "verify.example").unwrap());
        rest = after.to_owned();
    }
    assert_eq!(rest, "");
}

#[tokio::test]
async fn a_server_that_breaks_off_has_taken_nothing() {
    let pki = Pki::new();
    let tls = Tls::new(&pki);
    let (port, _seen) = syslog_server(&tls, double::End::Broken).await;
    let destination = Destination::Syslog {
        host: "localhost".into(),
        port,
    };
    let target = target(destination, Some(tls.authority.clone()));
    let lines = (0..500).map(|leaf| line(leaf, &"x".repeat(2000))).collect();
    let refused = streamer().carry(&target, &parcel(lines)).await;
    assert!(matches!(refused, Err(StreamError::Unreachable(_))), "{refused:?}");
}

#[test]
fn an_object_is_named_by_its_first_place_and_its_day() {
    let name = |prefix: &str, first: i64| {
        let mut parcel = parcel(vec![line(7, "{}")]);
        parcel.first = first;
        s3::name(prefix, &parcel).unwrap().to_string()
    };
    assert_eq!(name("", 7), "2026/11/23/00000000000000000007.jsonl");
    assert_eq!(name("a/b", 12), "a/b/2026/11/23/00000000000000000012.jsonl");
    assert_eq!(name("a", -1), "a/test/stm_1_7_8.jsonl");
    let asked = webhook::request(
        &Url::parse("https://a.example/").unwrap(),
        &target(
            Destination::Syslog {
                host: String::new(),
                port: 1,
            },
            None,
        ),
        &parcel(Vec::new()),
    );
    assert_eq!(asked.unwrap().uri(), "https://a.example/");
}
