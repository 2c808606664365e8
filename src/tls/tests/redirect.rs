//! Plain http beside https.

use super::*;
use crate::tls::{acme::Challenges, redirect::routes};

async fn server() -> (Server, Challenges) {
    let challenges = Challenges::default();
    let router = routes(ORIGIN.to_owned(), challenges.clone());
    (Server::start(Transport::Plain, router).await, challenges)
}

async fn ask(server: &Server, line: &str, host: &str) -> String {
    let request = format!("{line} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    plain(server.address, &request).await
}

fn place(answer: &str) -> &str {
    assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
    assert!(
        !answer.to_lowercase().contains("strict-transport-security"),
        "{answer}"
    );
    let line = answer.lines().find_map(|line| line.strip_prefix("location: "));
    line.unwrap_or_default()
}

#[tokio::test]
async fn every_path_leads_to_the_public_host_whatever_the_request_names() {
    let (server, _) = server().await;
    for (line, to) in [
        ("GET /", "https://verify.example/"),
        ("GET /v/secret?a=b%20c", "https://verify.example/v/secret?a=b%20c"),
        ("POST /verify/start", "https://verify.example/verify/start"),
        ("GET //evil.example/", "https://verify.example//evil.example/"),
        ("GET http://evil.example/a", "https://verify.example/a"),
        ("OPTIONS *", "https://verify.example/"),
    ] {
        for host in [HOST, "evil.example", "evil.example:443"] {
            let answer = ask(&server, line, host).await;
            assert_eq!(place(&answer), to, "{line} {host}");
        }
    }
}

#[tokio::test]
async fn an_authority_finds_its_proof_and_nobody_finds_others() {
    let (server, challenges) = server().await;
    challenges.over_http("token", "token.thumb");
    let answer = ask(&server, "GET /.well-known/acme-challenge/token", HOST).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("token.thumb"),
        "{answer}"
    );
    let answer = ask(&server, "GET /.well-known/acme-challenge/other", HOST).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    challenges.clear();
    let answer = ask(&server, "GET /.well-known/acme-challenge/token", HOST).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}
