//! What is too long or takes too long.

use super::*;

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
