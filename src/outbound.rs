//! Requests that this process makes itself: one connection each, with a limit on time and on the
//! length of the answer. A few lines over hyper and rustls, where a client library would bring
//! pools, redirects and proxies that nobody here wants.

use std::{fmt, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// More than any answer needs that is asked for here.
const ANSWER: usize = 65_536;

/// Why there is no answer.
pub(crate) type OutboundError = Box<dyn std::error::Error + Send + Sync>;

/// Makes requests. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Outbound {
    tls: Arc<ClientConfig>,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbound")
    }
}

impl Outbound {
    /// Trusts the certificates of `ca_file`, or the public ones.
    pub(crate) fn new(ca_file: Option<&Path>) -> Result<Self, OutboundError> {
        let mut roots = RootCertStore::empty();
        match ca_file {
            Some(file) => {
                for certificate in CertificateDer::pem_file_iter(file)? {
                    roots.add(certificate?)?;
                }
            }
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: Arc::new(tls) })
    }

    /// Sends it and reads the whole answer, whatever its status.
    pub(crate) async fn send(
        &self,
        request: Request<Bytes>,
        patience: Duration,
    ) -> Result<Response<Bytes>, OutboundError> {
        match timeout(patience, self.exchange(request)).await {
            Ok(answer) => answer,
            Err(_) => Err("no answer in time".into()),
        }
    }

    async fn exchange(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, OutboundError> {
        let uri = request.uri().clone();
        let host = uri.host().ok_or("no host in the address")?;
        let bare = host.trim_matches(['[', ']']).to_owned();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        if let Some(authority) = uri.authority() {
            let authority = HeaderValue::try_from(authority.as_str())?;
            request.headers_mut().insert(header::HOST, authority);
        }
        *request.uri_mut() = uri.path().parse()?;
        let stream = TcpStream::connect((bare.as_str(), port)).await?;
        if secure {
            let name = ServerName::try_from(bare)?;
            let stream = TlsConnector::from(Arc::clone(&self.tls))
                .connect(name, stream)
                .await?;
            over(request, stream).await
        } else {
            over(request, stream).await
        }
    }
}

async fn over<S>(request: Request<Bytes>, stream: S) -> Result<Response<Bytes>, OutboundError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let open = AbortOnDrop(tokio::spawn(connection));
    let (parts, body) = sender.send_request(request.map(Full::new)).await?.into_parts();
    let body = Limited::new(body, ANSWER).collect().await?.to_bytes();
    drop(open);
    Ok(Response::from_parts(parts, body))
}

/// Ends the connection with whoever waited for the answer, also when they gave up.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
