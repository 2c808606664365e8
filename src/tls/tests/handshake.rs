//! Who gets in, and who keeps nobody waiting.

use http::{Request, Version};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{
    CipherSuite, HandshakeKind, ProtocolVersion,
    version::{TLS12, TLS13},
};
use tokio::sync::Notify;

use super::*;

#[tokio::test]
async fn the_newest_version_only_unless_told_otherwise() {
    let pki = Pki::new();
    let (old, new) = (Arc::new(pki.client(&[&TLS12])), Arc::new(pki.client(&[&TLS13])));
    let server = Server::https(TlsVersion::V13, &showing(&pki)).await;
    let error = server.connect(&old).await.unwrap_err().to_string();
    assert!(error.contains("ProtocolVersion"), "{error}");
    let mut stream = server.connect(&new).await.unwrap();
    hello(&mut stream).await.unwrap();
    assert_eq!(
        stream.get_ref().1.protocol_version(),
        Some(ProtocolVersion::TLSv1_3)
    );
    drop(stream);
    server.end().await;

    let server = Server::https(TlsVersion::V12, &showing(&pki)).await;
    let mut stream = server.connect(&old).await.unwrap();
    hello(&mut stream).await.unwrap();
    let suite = stream.get_ref().1.negotiated_cipher_suite().unwrap().suite();
    assert_eq!(suite, CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
    hello(&mut server.connect(&new).await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn http_2_is_spoken_with_whom_offers_it() {
    let pki = Pki::new();
    let server = Server::https(TlsVersion::V13, &showing(&pki)).await;
    let mut client = pki.client(&[&TLS13]);
    client.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let stream = server.connect(&Arc::new(client)).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let request = Request::get("https://verify.example/")
        .body(Empty::<bytes::Bytes>::new())
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.version(), Version::HTTP_2);
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "hello");
}

#[tokio::test]
async fn a_session_is_resumed_and_never_early() {
    let pki = Pki::new();
    let server = Server::https(TlsVersion::V13, &showing(&pki)).await;
    let mut client = pki.client(&[&TLS13]);
    client.enable_early_data = true;
    let client = Arc::new(client);
    let mut kinds = Vec::new();
    for _ in 0..2 {
        let mut stream = server.connect(&client).await.unwrap();
        hello(&mut stream).await.unwrap();
        kinds.push(stream.get_ref().1.handshake_kind().unwrap());
        assert!(!stream.get_ref().1.is_early_data_accepted());
    }
    assert_eq!(kinds, [HandshakeKind::Full, HandshakeKind::Resumed]);
}

#[tokio::test]
async fn a_slow_handshake_keeps_nobody_waiting_and_ends_at_the_limit() {
    let pki = Pki::new();
    let server = Server::https(TlsVersion::V13, &showing(&pki)).await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut halting = TcpStream::connect(server.address).await.unwrap();
    halting.write_all(&[22, 3, 1]).await.unwrap();
    let client = Arc::new(pki.client(&[&TLS13]));
    hello(&mut server.connect(&client).await.unwrap()).await.unwrap();
    for slow in [&mut silent, &mut halting] {
        let mut rest = Vec::new();
        // Reset, or closed: either way it is over.
        drop(
            tokio::time::timeout(LIMITS.drain, slow.read_to_end(&mut rest))
                .await
                .unwrap(),
        );
        assert!(rest.is_empty());
    }
    assert_eq!(server.end().await, Ended::Drained);
}

#[tokio::test]
async fn whoever_speaks_http_is_told_where_https_is() {
    let pki = Pki::new();
    let server = Server::https(TlsVersion::V13, &showing(&pki)).await;
    let answer = plain(server.address, "GET / HTTP/1.1\r\nhost: evil.example\r\n\r\n");
    // It waits for the peer to close, and not for longer than the limit.
    let answer = tokio::time::timeout(LIMITS.drain, answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.ends_with("Go to https://verify.example\n"), "{answer}");
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"\x00nonsense").await.unwrap();
    let mut rest = Vec::new();
    drop(
        tokio::time::timeout(LIMITS.drain, stream.read_to_end(&mut rest))
            .await
            .unwrap(),
    );
    let client = Arc::new(pki.client(&[&TLS13]));
    hello(&mut server.connect(&client).await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn without_a_certificate_no_handshake_succeeds_until_there_is_one() {
    let pki = Pki::new();
    let shown = Shown::default();
    let server = Server::https(TlsVersion::V13, &shown).await;
    let client = Arc::new(pki.client(&[&TLS13]));
    let error = server.connect(&client).await.unwrap_err().to_string();
    assert!(error.contains("AccessDenied"), "{error}");
    shown.put(showing(&pki).current().unwrap());
    hello(&mut server.connect(&client).await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn at_the_end_a_request_is_answered_and_a_handshake_is_not_awaited() {
    let pki = Pki::new();
    let (reached, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (at, on) = (Arc::clone(&reached), Arc::clone(&go));
    let slow = move || async move {
        at.notify_one();
        on.notified().await;
        "hello"
    };
    let acceptor = Acceptor::new(TlsVersion::V13, showing(&pki), None, ORIGIN.to_owned()).unwrap();
    let server = Server::start(Transport::Tls(acceptor), Router::new().route("/", get(slow))).await;
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut stream = server.connect(&Arc::new(pki.client(&[&TLS13]))).await.unwrap();
    let asking = tokio::spawn(async move { hello(&mut stream).await });
    reached.notified().await;
    server.stop.send(()).unwrap();
    assert_eq!(silent.read_buf(&mut Vec::new()).await.unwrap_or(0), 0);
    go.notify_one();
    asking.await.unwrap().unwrap();
    assert_eq!(server.ended.await.unwrap(), Ended::Drained);
}
