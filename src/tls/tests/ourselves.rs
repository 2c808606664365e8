//! Asking ourselves, without an authority that we know.

use super::*;
use crate::tls::ourselves::shake_hands;

#[tokio::test]
async fn a_server_answers_itself_whoever_signed_its_certificate() {
    for minimum in [TlsVersion::V12, TlsVersion::V13] {
        let server = Server::https(minimum, &showing(&Pki::new())).await;
        let stream = TcpStream::connect(server.address).await.unwrap();
        let mut stream = shake_hands(stream, HOST).await.unwrap();
        hello(&mut stream).await.unwrap();
        drop(stream);
        server.end().await;
    }
}

#[tokio::test]
async fn without_a_certificate_it_has_no_answer() {
    let server = Server::https(TlsVersion::V13, &Shown::default()).await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    assert!(shake_hands(stream, HOST).await.is_err());
    server.end().await;
}
