//! Headers, addresses, other sites, readiness, and what is logged.

use super::*;

#[tokio::test]
async fn a_plain_answer_is_not_stored_and_not_changed() {
    let (status, headers, body) = get_("/").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "home"));
    assert_eq!(headers["cache-control"], "no-store");
    assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn hsts_is_for_https_only() {
    let plain = router(&[("PUBLIC_URL", "https://verify.example")]);
    let (_, headers, _) = send(plain, request(Method::GET, "/")).await;
    assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], "max-age=63072000");

    let router = router(&[
        ("PUBLIC_URL", "https://verify.example"),
        ("LOOMWIRE_TLS__HSTS_INCLUDE_SUBDOMAINS", "true"),
    ]);
    let (_, headers, _) = send(router, request(Method::GET, "/")).await;
    assert_eq!(
        headers[header::STRICT_TRANSPORT_SECURITY],
        "max-age=63072000; includeSubDomains"
    );
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
