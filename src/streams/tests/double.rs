//! Others' servers, over TLS on this machine.

use std::sync::Arc;

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::tls::tests::Pki;

/// A certificate for `localhost`, and whose it is.
pub(super) struct Tls {
    acceptor: TlsAcceptor,
    /// PEM.
    pub(super) authority: String,
}

impl Tls {
    pub(super) fn new(pki: &Pki) -> Self {
        let issued = pki.issue(&["localhost"], (2020, 1, 1), (2100, 1, 1));
        let own = CertificateDer::from_pem_slice(issued.own.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own], key)
            .unwrap();
        Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            authority: issued.between,
        }
    }

    async fn accept(&self, listener: &TcpListener) -> Option<TlsStream<TcpStream>> {
        let (stream, _) = listener.accept().await.ok()?;
        self.acceptor.accept(stream).await.ok()
    }

    fn clone(&self) -> Self {
        Self {
            acceptor: self.acceptor.clone(),
            authority: String::new(),
        }
    }
}

async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("localhost:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// A web server that gives this answer to every request; the requests, head and body.
pub(super) async fn web_server(tls: &Tls, answer: &'static str) -> (u16, UnboundedReceiver<String>) {
    let (listener, port) = listener().await;
    let (tell, seen) = unbounded_channel();
    let tls = tls.clone();
    tokio::spawn(async move {
        loop {
            let Some(mut stream) = tls.accept(&listener).await else {
                continue;
            };
            let request = request(&mut stream).await;
            let answer = format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = tell.send(request);
        }
    });
    (port, seen)
}

async fn request(stream: &mut TlsStream<TcpStream>) -> String {
    let (mut text, mut some) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut some).await.unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&some[..read]));
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            });
            length
                .and_then(|length| length.parse::<usize>().ok())
                .unwrap_or(0)
                <= body.len()
        });
        if whole || read == 0 {
            return text;
        }
    }
}

/// How a syslog server ends.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// It reads everything, then ends.
    Clean,
    /// It reads a little and is gone.
    Broken,
}

/// A syslog server; what came over each connection.
pub(super) async fn syslog_server(tls: &Tls, end: End) -> (u16, UnboundedReceiver<String>) {
    let (listener, port) = listener().await;
    let (tell, seen) = unbounded_channel();
    let tls = tls.clone();
    tokio::spawn(async move {
        loop {
            let Some(mut stream) = tls.accept(&listener).await else {
                continue;
            };
            let mut all = Vec::new();
            match end {
                End::Clean => {
                    let _ = stream.read_to_end(&mut all).await;
                    let _ = stream.shutdown().await;
                }
                End::Broken => {
                    let mut some = [0; 100];
                    let _ = stream.read(&mut some).await;
                    drop(stream);
                }
            }
            let _ = tell.send(String::from_utf8_lossy(&all).into_owned());
        }
    });
    (port, seen)
}
