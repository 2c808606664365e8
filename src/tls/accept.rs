//! The handshake.

use std::{io, sync::Arc};

use rustls::{ServerConfig, crypto::ring::Ticketer, server::Acceptor as Hello, version};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{LazyConfigAcceptor, server::TlsStream};

use super::{Error, acme::Challenges, certificate::provider, shown::Shown};
use crate::config::TlsVersion;

/// RFC 8737, section 6.1.
const ACME: &[u8] = b"acme-tls/1";
/// The first byte of a TLS record that holds a client's hello (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// Makes a TLS connection of a TCP one. Cheap to clone.
#[derive(Clone)]
pub struct Acceptor(Arc<Inner>);

struct Inner {
    config: Arc<ServerConfig>,
    /// For an authority that looks whether this server is the domain's.
    proving: Option<Arc<ServerConfig>>,
    origin: String,
}

impl Acceptor {
    /// `origin` is where plain http is told to go.
    pub(super) fn new(
        minimum: TlsVersion,
        shown: Shown,
        challenges: Option<Challenges>,
        origin: String,
    ) -> Result<Self, Error> {
        let proving = challenges.map(proving).transpose()?;
        Ok(Self(Arc::new(Inner {
            config: Arc::new(serving(minimum, shown)?),
            proving: proving.map(Arc::new),
            origin,
        })))
    }

    /// Done with the handshake, or `None` if there is nothing more to do with the peer. The caller
    /// limits the time.
    pub(crate) async fn accept(&self, mut stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        let outcome = match is_plain_http(&stream).await {
            Ok(false) => self.shake(stream).await,
            Ok(true) => self.send_away(&mut stream).await.map(|()| None),
            Err(error) => Err(error),
        };
        // A peer that does not get through is no event for the log: half the internet knocks. How
        // many there are is a figure.
        outcome.unwrap_or_else(|_| {
            metrics::counter!("loomwire_tls_handshake_failures_total").increment(1);
            None
        })
    }

    async fn shake(&self, stream: TcpStream) -> io::Result<Option<TlsStream<TcpStream>>> {
        let start = LazyConfigAcceptor::new(Hello::default(), stream).await?;
        let asks = start
            .client_hello()
            .alpn()
            .is_some_and(|mut names| names.any(|name| name == ACME));
        if let (true, Some(proving)) = (asks, &self.0.proving) {
            let mut done = start.into_stream(Arc::clone(proving)).await?;
            done.shutdown().await?;
            return Ok(None);
        }
        start.into_stream(Arc::clone(&self.0.config)).await.map(Some)
    }

    /// Whoever speaks http to this port is told so in a language he understands.
    async fn send_away(&self, stream: &mut TcpStream) -> io::Result<()> {
        let text = format!("This port speaks https only. Go to {}\n", self.0.origin);
        let answer = format!(
            "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{text}",
            text.len()
        );
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // Closed with bytes unread, the connection would be reset, and the answer lost with it.
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await? > 0 {}
        Ok(())
    }
}

/// Whether the first byte is that of a method and not of a TLS record.
async fn is_plain_http(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let [first] = first;
    Ok(first != HANDSHAKE && first.is_ascii_uppercase())
}

/// ring's suites are all that there are: AES-GCM and ChaCha20-Poly1305, with ephemeral keys. A
/// ticket's key lives twelve hours, and there is no early data: it can be replayed (RFC 8446,
/// section 8).
fn serving(minimum: TlsVersion, shown: Shown) -> Result<ServerConfig, Error> {
    let versions: &[_] = match minimum {
        TlsVersion::V13 => &[&version::TLS13],
        TlsVersion::V12 => &[&version::TLS13, &version::TLS12],
    };
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(shown));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.ticketer = Ticketer::new()?;
    config.max_early_data_size = 0;
    Ok(config)
}

/// RFC 8737, section 3: the authority may come with TLS 1.2 too.
fn proving(challenges: Challenges) -> Result<ServerConfig, Error> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(challenges));
    config.alpn_protocols = vec![ACME.to_vec()];
    Ok(config)
}
